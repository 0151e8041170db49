//! Shadows of lamps: what stands in the way of a lamp, on the six faces of a cube about it; of a lamp with a beam, on one face
//! across the beam.
//!
//! A texel holds one over the distance of the nearest thing along the face's axis, so that it changes linearly over a
//! triangle. What stands still is drawn once and kept while the lamp stays where it is; what moves is drawn over it.

use crate::lanes::{F, I, Level, Simd, V3, entry, piece};
use crate::scene::{Bounds, Instance, Lamp, Scene};
use crate::shadow::{draw_one, lets, light_under_tent};
use glam::{Mat3, Vec3};
use kinora_base::maths::tan;
use std::sync::Arc;

/// Texels to the side of a face: a power of two.
const SIDE: usize = 256;
const FACE: usize = SIDE * SIDE;
/// A slope of one is this much of half a face: the rest is a margin for taps that reach over the edge.
const SPAN: f32 = 0.94;

/// Lamps of a scene that throw shadows at most: so many that shine to all sides, and so many with beams.
const MOST: [usize; 2] = [2, 2];

/// What decides the shadows of a lamp on what stands still.
#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) struct Key {
    position: Vec3,
    reach: f32,
    clear: f32,
    /// From the world to the lamp's own axes, of which the beam is the last.
    turn: Mat3,
    /// Slope at the edge of the faces.
    slope: f32,
    faces: usize,
}

impl Key {
    fn of(lamp: &Lamp) -> Self {
        let (turn, slope, faces) = match lamp.beam {
            None => (Mat3::IDENTITY, 1.0, 6),
            Some(beam) => {
                let along = beam.towards.normalize_or(Vec3::NEG_Y);
                let across = along.any_orthonormal_vector();
                (Mat3::from_cols(across, along.cross(across), along).transpose(), tan(beam.spread.clamp(0.02, 1.2)), 1)
            }
        };
        Self { position: lamp.position, reach: lamp.reach, clear: lamp.clear, turn, slope, faces }
    }

    /// Which of a point's coordinates lie across a face and along it, and which way along.
    fn face(&self, face: usize) -> ([usize; 3], f32) {
        let k = if self.faces == 1 { 2 } else { face / 2 };
        ([(k + 1) % 3, (k + 2) % 3, k], if face.is_multiple_of(2) { 1.0 } else { -1.0 })
    }
}

/// The surroundings of one lamp.
#[derive(Default)]
pub(crate) struct Cube {
    depth: Vec<f32>,
    still: Vec<f32>,
    seen: Option<Arc<[Instance]>>,
    key: Key,
    touched: [bool; 6],
}

/// Which lamps of a scene throw shadows: of either kind the nearest to the action for how far they reach. Brightness does not count,
/// for it flickers.
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
    let of = |beam: usize| order.iter().filter(move |(_, k)| usize::from(scene.lamps[*k].beam.is_some()) == beam).take(MOST[beam]);
    of(0).chain(of(1)).map(|(_, k)| *k).collect()
}

impl Cube {
    /// Brings the cube to this frame of a scene.
    pub(crate) fn update(&mut self, level: Level, scene: &Scene, lamp: &Lamp) {
        let key = Key::of(lamp);
        if self.seen.as_ref().is_some_and(|still| Arc::ptr_eq(still, &scene.still)) && self.key == key {
            for (face, touched) in self.touched[..key.faces].iter().enumerate() {
                if *touched {
                    let at = face * FACE..(face + 1) * FACE;
                    self.depth[at.clone()].copy_from_slice(&self.still[at]);
                }
            }
        } else {
            self.depth.clear();
            self.depth.resize(key.faces * FACE, 0.0);
            self.key = key;
            for instance in scene.still.iter() {
                self.draw(level, instance);
            }
            self.still.clone_from(&self.depth);
            self.seen = Some(scene.still.clone());
        }
        self.touched = [false; 6];
        for instance in &scene.moving {
            self.draw(level, instance);
        }
    }

    fn draw(&mut self, level: Level, instance: &Instance) {
        let key = self.key;
        if !instance.casts_shadow {
            return;
        }
        let world = &instance.world_from_object;
        let away = (Vec3::from(world.translation) - key.position).length();
        let (mesh, positions) = instance.thrower(away * 2.0 * key.slope / SIDE as f32);
        let bounds = if instance.pose.is_some() { Bounds::around(positions) } else { mesh.bounds };
        let radius = bounds.radius() * world.matrix3.x_axis.length();
        let centre = key.turn * (world.transform_point3(bounds.centre()) - key.position);
        // What is farther than the light reaches, or smaller than a texel, throws no shadow worth drawing.
        if !centre.is_finite() || centre.length() - radius > key.reach || radius < 0.004 * centre.length() {
            return;
        }
        let mut points = Vec::new();
        for face in 0..key.faces {
            let ([a, b, k], sign) = key.face(face);
            let along = centre[k] * sign;
            // A cone wider than the face holds all of it.
            let wide = along * key.slope + radius * 1.5;
            if along < -radius || centre[a].abs() > wide || centre[b].abs() > wide {
                continue;
            }
            if points.is_empty() {
                points = positions.iter().map(|p| key.turn * (world.transform_point3(*p) - key.position)).collect();
            }
            self.touched[face] = true;
            for part in &mesh.parts {
                let glows = instance.materials.get(usize::from(part.material)).is_none_or(|m| m.emission.luminance() > 0.0 || m.opacity < 0.6);
                if !glows {
                    let last = (part.first as usize).saturating_add(part.count as usize).min(mesh.triangles.len());
                    let triangles = mesh.triangles.get(part.first as usize..last).unwrap_or(&[]);
                    draw_face(level, &mut self.depth[face * FACE..(face + 1) * FACE], face, &key, &points, triangles);
                }
            }
        }
    }
}

entry! {
    fn draw_face(depth: &mut [f32], face: usize, key: &Key, points: &[Vec3], triangles: &[[u32; 3]]) = face_kernel
}

#[inline(always)]
fn face_kernel<S: Simd>(depth: &mut [f32], face: usize, key: &Key, points: &[Vec3], triangles: &[[u32; 3]]) {
    let ([a, b, k], sign) = key.face(face);
    let (clear, scale) = (key.clear, SIDE as f32 * 0.5 * SPAN / key.slope);
    let turned = |p: &Vec3| Vec3::new(p[a], p[b], p[k] * sign);
    let placed = |p: Vec3| {
        let inverse = 1.0 / p.z;
        let half = SIDE as f32 * 0.5;
        [p.x * inverse * scale + half, p.y * inverse * scale + half, inverse]
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
    if cube.key.faces == 1 {
        return reaches_beam(cube, p);
    }
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
    lit(cube, face.truncate() << (2 * SIDE.trailing_zeros() as i32), x, y, inverse, 0.012)
}

/// The same across a beam; what lies outside of it is on its edge.
#[inline(always)]
fn reaches_beam<S: Simd>(cube: &Cube, p: V3<S>) -> F<S> {
    let [across, up, along] = [cube.key.turn.row(0), cube.key.turn.row(1), cube.key.turn.row(2)].map(|axis| p.dot_with(axis));
    let inverse = 1.0 / along.at_least(1e-2);
    let half = SIDE as f32 * 0.5;
    let place = |v: F<S>| (v * inverse * (half * SPAN / cube.key.slope) + (half - 0.5)).at_least(1.0).at_most(SIDE as f32 - 3.0);
    let (x, y) = (place(across), place(up));
    lit(cube, I::of(0), x, y, inverse, 0.012 * cube.key.slope)
}

/// How much light passes at places on a face, to one over the distance along its axis; `slack` is the size of a texel there.
#[inline(always)]
fn lit<S: Simd>(cube: &Cube, first: I<S>, x: F<S>, y: F<S>, inverse: F<S>, slack: f32) -> F<S> {
    let (fx, fy) = (x - x.floor(), y - y.floor());
    let at = first + (y.truncate() << SIDE.trailing_zeros() as i32) + x.truncate();
    // What is nearer by more than 2 cm and the size of a texel is in the way.
    let height = inverse * (1.0 + inverse * 0.02 + slack);
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
