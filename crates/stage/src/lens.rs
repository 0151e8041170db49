//! The lens of each shot: where its focus lies, how far its aperture is open, how long its shutter.
//!
//! From the framing and who stands where at each frame comes what the picture shows sharp. Without orders the focus lies
//! on the subject's eyes and the aperture follows the size of the shot, gently; it is stopped down until everybody
//! whom the shot is about is sharp. A focus that is pulled goes over evenly in dioptres, as a focus ring does.

use glam::Vec3;
use kinora_base::Ticks;
use kinora_base::maths::{smootherstep, tan};
use kinora_plan::{Framing, ShotSize};
use kinora_render::scene::Camera;

/// Share of the picture's height that a subject's disc of blur may reach (radius).
const SHARP: f32 = 0.0012;

/// The largest discs that are drawn, as a share of the picture's height (radius).
const MOST: f32 = 0.035;

/// The shutter's angle without orders, degrees.
const SHUTTER: f32 = 180.0;

/// f-number by size: wide shots look like miniatures, close faces are sharp from nose to ear.
fn number_for(size: ShotSize) -> f32 {
    match size {
        ShotSize::ExtremeWide | ShotSize::MediumFull => 2.0,
        ShotSize::VeryWide | ShotSize::Wide => 1.4,
        ShotSize::Full => 1.8,
        ShotSize::Cowboy | ShotSize::Medium => 2.8,
        ShotSize::MediumClose | ShotSize::Close => 4.0,
        ShotSize::BigClose => 5.6,
        ShotSize::ExtremeClose => 8.0,
    }
}

/// What the lens of a shot wants to know, a frame each.
pub(crate) struct Wanted {
    /// The subject's eyes.
    pub(crate) eyes: Vec3,
    /// Eyes or middles of all whom the shot is about.
    pub(crate) all: Vec<Vec3>,
    /// What the framing's `focus` names, in its order; none = it is not there.
    pub(crate) named: Vec<Option<Vec3>>,
}

/// Metres along the view axis.
fn depth(camera: &Camera, at: Vec3) -> f32 {
    (camera.world_from_camera * Vec3::NEG_Z).dot(at - camera.eye).max(0.2)
}

/// The least radius of the discs that a ball is drawn with, as a share of the picture's height; 0 if it reaches the focus.
pub(crate) fn blur(camera: &Camera, at: Vec3, radius: f32) -> f32 {
    let along = (camera.world_from_camera * Vec3::NEG_Z).dot(at - camera.eye);
    let strength = 0.5 * camera.aperture / (2.0 * tan(camera.vertical_fov * 0.5)) / camera.focus.max(0.05);
    if along - radius > camera.focus {
        (strength * (1.0 - camera.focus / (along - radius))).min(MOST)
    } else if along + radius < camera.focus {
        (strength * (camera.focus / (along + radius).max(0.05) - 1.0)).min(MOST)
    } else {
        0.0
    }
}

/// Sets the lens of a shot's cameras, whose gate has a height in mm.
pub(crate) fn set(cameras: &mut [Camera], framing: &Framing, gate: f32, fps: f32, wanted: &[Wanted]) {
    let number = framing.aperture.unwrap_or(number_for(framing.size)).max(0.5);
    for (frame, (camera, wanted)) in cameras.iter_mut().zip(wanted).enumerate() {
        let lens = gate / (2.0 * tan(camera.vertical_fov * 0.5));
        camera.aperture = lens * 0.001 / number;
        camera.shutter = (framing.shutter.unwrap_or(SHUTTER) / 360.0).clamp(0.0, 1.0);
        camera.focus = focused(camera, framing, frame as f32 / fps, wanted);
    }
    if framing.aperture.is_none() && framing.focus.is_empty() {
        // One stop for the whole shot: an aperture that breathes is seen.
        let stop = cameras.iter().zip(wanted).map(|(c, w)| stopped(c, w)).fold(1.0, f32::min);
        cameras.iter_mut().for_each(|c| c.aperture *= stop);
    }
}

/// Where the focus lies at a time of the shot, metres.
fn focused(camera: &Camera, framing: &Framing, now: f32, wanted: &Wanted) -> f32 {
    let seconds = |t: Ticks| t.seconds() as f32;
    let mut at = 1.0 / depth(camera, wanted.eyes);
    for (k, (pull, place)) in framing.focus.iter().zip(&wanted.named).enumerate() {
        let Some(place) = place else { continue };
        // The first one is sharp from the start, unless it is the only one and comes later.
        let first = k == 0 && (framing.focus.len() > 1 || pull.from == Ticks::ZERO);
        let share = if first { 1.0 } else { smootherstep((now - seconds(pull.from)) / seconds(pull.over).max(1e-3)) };
        at += (1.0 / depth(camera, *place) - at) * share;
    }
    1.0 / at
}

/// The factor on the aperture that leaves everybody sharp.
fn stopped(camera: &Camera, wanted: &Wanted) -> f32 {
    let strength = 0.5 * camera.aperture / (2.0 * tan(camera.vertical_fov * 0.5)) / camera.focus;
    let most = wanted.all.iter().map(|at| (1.0 - camera.focus / depth(camera, *at)).abs() * strength).fold(0.0, f32::max);
    (SHARP / most.max(1e-9)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kinora_plan::Focus;

    fn wanted(all: &[f32]) -> Wanted {
        let at = |z: f32| Vec3::new(0.0, 0.0, -z);
        Wanted { eyes: at(all[0]), all: all.iter().map(|z| at(*z)).collect(), named: all.iter().map(|z| Some(at(*z))).collect() }
    }

    fn cameras(n: usize) -> Vec<Camera> {
        vec![Camera::looking(Vec3::ZERO, Vec3::NEG_Z, 0.5); n]
    }

    #[test]
    fn the_focus_goes_from_one_to_the_other() {
        let pull = |on: &str, from: i64, over: i64| Focus { on: on.into(), from: Ticks(from), over: Ticks(over) };
        let framing = Framing { focus: vec![pull("cup", 0, 0), pull("door", 48_000, 24_000)], ..Framing::default() };
        let mut all = cameras(48);
        set(&mut all, &framing, 20.25, 24.0, &(0..48).map(|_| wanted(&[1.0, 6.0])).collect::<Vec<_>>());
        assert!((all[0].focus - 1.0).abs() < 1e-3 && (all[23].focus - 1.0).abs() < 0.01, "on the cup for a second");
        assert!((all[36].focus - 6.0).abs() < 0.01, "on the door after half a second more, not {}", all[36].focus);
        assert!(all.windows(2).all(|w| w[0].focus <= w[1].focus + 1e-4), "without turning back");
    }

    #[test]
    fn everybody_whom_a_shot_is_about_is_sharp() {
        let framing = Framing { size: ShotSize::Medium, ..Framing::default() };
        let (mut one, mut many) = (cameras(2), cameras(2));
        set(&mut one, &framing, 20.25, 24.0, &[wanted(&[2.5]), wanted(&[2.5])]);
        set(&mut many, &framing, 20.25, 24.0, &[wanted(&[2.5, 2.6]), wanted(&[2.5, 5.0])]);
        assert!((one[0].aperture - 20.25 / (2.0 * tan(0.25)) * 0.001 / 2.8).abs() < 1e-5, "f/2.8 for one");
        assert!(many[1].aperture < one[1].aperture * 0.5, "stopped down for two in depth");
        assert!((many[0].aperture - many[1].aperture).abs() < 1e-7, "for the whole shot");
    }
}
