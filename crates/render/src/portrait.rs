//! Light for faces: whether the face that matters can be read, and what is missing if it cannot.
//!
//! The light that reaches the side of the face that the camera sees is summed up as shading would: sun behind its shadows,
//! sky, fill and lamps. If the picture would show it darker than the hour allows, what is missing comes from beside the lens,
//! on the side that the face looks to, and falls on those who act alone. The answer changes smoothly from frame to frame,
//! for it is a function of the scene.

use crate::lanes::plain::Plain;
use crate::lanes::{F, V3};
use crate::scene::{Face, Scene};
use crate::shade::{LAMP_ON_SKIN, LampUse};
use crate::shadow::{DepthMap, REACH, sunlight};
use crate::sky::Air;
use crate::view::View;
use glam::Vec3;

/// Exposed light on a face by day, for an albedo of one, that reads well; by night it may be darker.
const DAY: f32 = 0.62;
const NIGHT: f32 = 0.48;
/// The same over the exposed light of the sky that it may stand before, and the most that this asks for.
const BEFORE_SKY: (f32, f32) = (1.5, 0.82);

/// From where the light for faces comes, and its colour; black if the scene has enough.
pub(crate) fn missing(scene: &Scene, view: &View, air: &Air, maps: [&DepthMap; 2], fill: (Vec3, Vec3)) -> (Vec3, Vec3) {
    let none = (fill.0, Vec3::ZERO);
    let (mut total, mut sum, mut side) = (0.0, Vec3::ZERO, 0.0);
    for face in &scene.faces {
        let weight = weight(face, view, scene.camera.focus);
        if weight > 0.0 {
            total += weight;
            sum += arriving(face, scene, view, air, maps, fill) * weight;
            side += face.towards.dot(view.right).clamp(-1.0, 1.0) * weight;
        }
    }
    if total <= 1e-4 {
        return none;
    }
    let (there, side) = (luminance(sum / total) * scene.light.exposure, side / total);
    let day = scene.light.day();
    let before = if scene.light.indoors { 0.0 } else { luminance(air.horizon) * scene.light.exposure * BEFORE_SKY.0 };
    let wanted = (NIGHT + (DAY - NIGHT) * day).max(before.min(BEFORE_SKY.1));
    // Softly: what is a little too dark is lit a little.
    let lack = ((wanted - there) / wanted).clamp(0.0, 1.0);
    let add = lack * wanted / scene.light.exposure.max(0.05);
    let around = (air.zenith * 0.4 + air.horizon * 0.6) / (luminance(air.zenith * 0.4 + air.horizon * 0.6)).max(1e-3);
    let warm = Vec3::new(1.25, 0.96, 0.68);
    // By night it may be a lamp's; by day it is the sky's.
    let colour = warm.lerp(around.min(Vec3::splat(2.5)), 0.35 + 0.25 * day) * (add * 1.25 * (total * 5.0).min(1.0));
    let towards = view.right * (0.12 + 0.6 * side) + view.up * 0.42 - view.forward * 0.8;
    (towards.normalize_or(fill.0), colour)
}

fn luminance(c: Vec3) -> f32 {
    c.dot(Vec3::new(0.2126, 0.7152, 0.0722))
}

/// How much a face counts: what is in the picture, turned to the lens and near the focus.
fn weight(face: &Face, view: &View, focus: f32) -> f32 {
    let d = face.at - view.eye;
    let far = view.forward.dot(d);
    if far < 0.15 || !d.is_finite() || !view.sees(face.at, 0.1) {
        return 0.0;
    }
    let seen = (0.75 - face.towards.dot(d.normalize_or_zero())).clamp(0.0, 1.0);
    let off = (far - focus).abs() / focus.max(0.3);
    seen / (1.0 + off * off * 4.0)
}

/// Light on the side of a face that the camera sees.
fn arriving(face: &Face, scene: &Scene, view: &View, air: &Air, maps: [&DepthMap; 2], fill: (Vec3, Vec3)) -> Vec3 {
    let to_lens = (view.eye - face.at).normalize_or(-view.forward);
    let n = (face.towards.normalize_or(to_lens) * 0.5 + to_lens * 0.8).normalize_or(to_lens);
    let at = face.at + n * 0.12;
    let wrap = |l: Vec3| ((n.dot(l) + 0.25) / 1.25).max(0.0);
    let mut sum = air.sun * (wrap(air.sun_direction) * shade(at, maps, scene.light.sun_size));
    sum += air.hemisphere(V3::<Plain>::of(n)).lane() * (scene.light.ambient * 0.75);
    let facing = n.dot(fill.0) * 0.5 + 0.5;
    sum += fill.1 * (facing * facing);
    for lamp in &scene.lamps {
        // Only a part: the lamps of a scene may be in shade.
        let towards = (lamp.position - at).normalize_or_zero();
        let light = lamp.colour.vec() * LampUse::of(lamp, None).at(at, 0.03);
        let bound = 1.0 + light.max_element() * scene.light.exposure / LAMP_ON_SKIN;
        sum += light * (wrap(towards) * 0.8 / bound);
    }
    sum
}

/// How much of the sun reaches a point.
fn shade(at: Vec3, [near, wide]: [&DepthMap; 2], size: f32) -> f32 {
    for map in [near, wide] {
        let place = map.locate(V3::<Plain>::of(at));
        if map.holds(place, REACH).all() {
            return sunlight(map, place, size.clamp(0.02, 0.5)).array()[0];
        }
    }
    1.0
}

impl V3<Plain> {
    fn lane(self) -> Vec3 {
        let first = |f: F<Plain>| f.array()[0];
        Vec3::new(first(self.x), first(self.y), first(self.z))
    }
}
