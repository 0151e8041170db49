//! Shadows of lamps: what stands in the way of a lamp, on the six faces of a cube about it.
//!
//! A texel holds one over the distance of the nearest thing along the face's axis, so that it changes linearly over a
//! triangle. What stands still is drawn once and kept while the lamp stays where it is; what moves is drawn over it.

use crate::lanes::{F, Level, Simd, V3, entry, piece};
use crate::scene::{Bounds, Instance, Lamp, Scene};
use crate::shadow::{draw_one, lets, light_under_tent};
use glam::Vec3;
use std::sync::Arc;

/// Texels to the side of a face: a power of two.
const SIDE: usize = 256;
const FACE: usize = SIDE * SIDE;
/// A slope of one is this much of half a face: the rest is a margin for taps that reach over the edge.
const SPAN: f32 = 0.94;

/// Lamps of a scene that throw shadows at most.
pub(crate) const MOST: usize = 2;

#[derive(Clone, PartialEq)]
struct Key {
    position: Vec3,
    reach: f32,
    clear: f32,
}

/// The surroundings of one lamp.
#[derive(Default)]
pub(crate) struct Cube {
    depth: Vec<f32>,
    still: Vec<f32>,
    key: Option<(Arc<[Instance]>, Key)>,
    touched: [bool; 6],
}

/// Which lamps of a scene throw shadows: the nearest to the action for how far they reach. Brightness does not count, for it
/// flickers.
pub(crate) fn chosen(scene: &Scene) -> Vec<usize> {
    let (centre, _) = scene.interest;
    let mut order: Vec<(f32, usize)> = scene
        .lamps
        .iter()
        .enumerate()
        .filter(|(_, l)| l.clear > 0.0 && l.reach > 0.5 && l.position.is_finite())
        .map(|(k, l)| ((l.position - centre).length() / l.reach, k))
        .filter(|(far, _)| *far < 1.3)
        .collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    order.into_iter().take(MOST).map(|(_, k)| k).collect()
}

impl Cube {
    /// Brings the cube to this frame of a scene.
    pub(crate) fn update(&mut self, level: Level, scene: &Scene, lamp: &Lamp) {
        let key = Key { position: lamp.position, reach: lamp.reach, clear: lamp.clear };
        if self.key.as_ref().is_some_and(|(still, old)| Arc::ptr_eq(still, &scene.still) && *old == key) {
            for (face, touched) in self.touched.iter().enumerate() {
                if *touched {
                    let at = face * FACE..(face + 1) * FACE;
                    self.depth[at.clone()].copy_from_slice(&self.still[at]);
                }
            }
        } else {
            self.depth.clear();
            self.depth.resize(6 * FACE, 0.0);
            for instance in scene.still.iter() {
                self.draw(level, instance, &key);
            }
            self.still.clone_from(&self.depth);
            self.key = Some((scene.still.clone(), key.clone()));
        }
        self.touched = [false; 6];
        for instance in &scene.moving {
            self.draw(level, instance, &key);
        }
    }

    fn draw(&mut self, level: Level, instance: &Instance, key: &Key) {
        if !instance.casts_shadow {
            return;
        }
        let world = &instance.world_from_object;
        let away = (Vec3::from(world.translation) - key.position).length();
        let (mesh, positions) = instance.thrower(away * 2.0 / SIDE as f32);
        let bounds = if instance.pose.is_some() { Bounds::around(positions) } else { mesh.bounds };
        let radius = bounds.radius() * world.matrix3.x_axis.length();
        let centre = world.transform_point3(bounds.centre()) - key.position;
        // What is farther than the light reaches, or smaller than a texel, throws no shadow worth drawing.
        if !centre.is_finite() || centre.length() - radius > key.reach || radius < 0.004 * centre.length() {
            return;
        }
        let points: Vec<Vec3> = positions.iter().map(|p| world.transform_point3(*p) - key.position).collect();
        for face in 0..6_usize {
            let (k, sign) = (face / 2, if face.is_multiple_of(2) { 1.0 } else { -1.0 });
            let along = centre[k] * sign;
            // A cone wider than the face holds all of it.
            if along < -radius || centre[(k + 1) % 3].abs() - along > radius * 1.5 || centre[(k + 2) % 3].abs() - along > radius * 1.5 {
                continue;
            }
            self.touched[face] = true;
            for part in &mesh.parts {
                let glows = instance.materials.get(usize::from(part.material)).is_none_or(|m| m.emission.luminance() > 0.0 || m.opacity < 0.6);
                if !glows {
                    let last = (part.first as usize).saturating_add(part.count as usize).min(mesh.triangles.len());
                    let triangles = mesh.triangles.get(part.first as usize..last).unwrap_or(&[]);
                    draw_face(level, &mut self.depth[face * FACE..(face + 1) * FACE], face, key.clear, &points, triangles);
                }
            }
        }
    }
}

entry! {
    fn draw_face(depth: &mut [f32], face: usize, clear: f32, points: &[Vec3], triangles: &[[u32; 3]]) = face_kernel
}

#[inline(always)]
fn face_kernel<S: Simd>(depth: &mut [f32], face: usize, clear: f32, points: &[Vec3], triangles: &[[u32; 3]]) {
    let (k, sign) = (face / 2, if face.is_multiple_of(2) { 1.0 } else { -1.0 });
    let turned = |p: &Vec3| Vec3::new(p[(k + 1) % 3], p[(k + 2) % 3], p[k] * sign);
    let placed = |p: Vec3| {
        let inverse = 1.0 / p.z;
        let half = SIDE as f32 * 0.5;
        [p.x * inverse * (half * SPAN) + half, p.y * inverse * (half * SPAN) + half, inverse]
    };
    for t in triangles {
        let [Some(a), Some(b), Some(c)] = t.map(|k| points.get(k as usize)) else { continue };
        let three = [turned(a), turned(b), turned(c)];
        let behind = three.iter().filter(|p| p.z < clear).count();
        if behind == 3 || !three.iter().all(|p| p.is_finite()) {
            continue;
        }
        if behind == 0 {
            draw_one::<S>(depth, [SIDE; 3], [0.0; 2], placed(three[0]), placed(three[1]), placed(three[2]));
            continue;
        }
        // Cut where the clear space ends: three or four corners are left.
        let mut left = [Vec3::ZERO; 4];
        let mut count = 0;
        for k in 0..3 {
            let (p, q) = (three[k], three[(k + 1) % 3]);
            if p.z >= clear {
                left[count] = p;
                count += 1;
            }
            if (p.z < clear) != (q.z < clear) {
                left[count] = p + (q - p) * ((clear - p.z) / (q.z - p.z));
                left[count].z = clear;
                count += 1;
            }
        }
        for k in 2..count {
            draw_one::<S>(depth, [SIDE; 3], [0.0; 2], placed(left[0]), placed(left[k - 1]), placed(left[k]));
        }
    }
}

/// How much of a lamp's light reaches points at `from` from it, with normals `n`.
#[inline(always)]
fn reaches_body<S: Simd>(cube: &Cube, from: V3<S>, n: V3<S>) -> F<S> {
    let p = from + n * 0.025;
    let (ax, ay, az) = (p.x.abs(), p.y.abs(), p.z.abs());
    let x_most = !ax.lt(ay.max(az));
    let y_most = !ay.lt(az);
    let most = ax.max(ay).max(az).at_least(1e-4);
    let u = x_most.select(p.y, y_most.select(p.z, p.x));
    let v = x_most.select(p.z, y_most.select(p.x, p.y));
    let along = x_most.select(p.x, y_most.select(p.y, p.z));
    let face = x_most.select(F::of(0.0), y_most.select(F::of(2.0), F::of(4.0))) + along.lt(F::of(0.0)).select(F::of(1.0), F::of(0.0));
    let inverse = 1.0 / most;
    let half = SIDE as f32 * 0.5;
    let (x, y) = (u * inverse * (half * SPAN) + (half - 0.5), v * inverse * (half * SPAN) + (half - 0.5));
    let (fx, fy) = (x - x.floor(), y - y.floor());
    let at = (face.truncate() << (2 * SIDE.trailing_zeros() as i32)) + (y.truncate() << SIDE.trailing_zeros() as i32) + x.truncate();
    // What is nearer by more than 2 cm and the size of a texel is in the way.
    let height = inverse * (1.0 + inverse * 0.02 + 0.012);
    let row = SIDE as i32;
    let mut five = F::<S>::of(5.0);
    for off in [-row - 1, -row + 2, 2 * row - 1, 2 * row + 2, 0] {
        five = five - lets(&cube.depth, at, off, height);
    }
    let (none, every) = (five.lt(F::of(0.5)), five.above(4.5));
    if (none | every).all() {
        return none.select(F::of(1.0), F::of(0.0));
    }
    light_under_tent(&cube.depth, SIDE, at, fx, fy, height)
}

piece! {
    /// How much of a lamp's light reaches points at `from` from it, with normals `n`.
    fn reaches(cube: &'a Cube, from: V3<S>, n: V3<S>) -> F<S> = reaches_body
}
