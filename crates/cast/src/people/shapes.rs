//! Signed distances and swept surfaces that bodies are modelled with.

use super::surface::Surface;
use glam::{Vec2, Vec3};
pub(crate) use kinora_base::maths::{cos, mix, sin, smooth_max as smax, smooth_min as smin, smoothstep as sm};
use std::f32::consts::{PI, TAU};

/// A vector, briefly.
pub(crate) const fn v(x: f32, y: f32, z: f32) -> Vec3 {
    Vec3::new(x, y, z)
}

/// Distance to a ball.
pub(crate) fn ball(p: Vec3, centre: Vec3, radius: f32) -> f32 {
    (p - centre).length() - radius
}

/// About the distance to an ellipsoid.
pub(crate) fn ellipsoid(p: Vec3, centre: Vec3, radii: Vec3) -> f32 {
    let q = p - centre;
    let k0 = (q / radii).length();
    let k1 = (q / (radii * radii)).length().max(1e-6);
    if k0 < 1e-4 { -radii.min_element() } else { k0 * (k0 - 1.0) / k1 }
}

/// Distance to a capsule with a radius at each end.
pub(crate) fn capsule(p: Vec3, a: Vec3, b: Vec3, ra: f32, rb: f32) -> f32 {
    let (pa, ba) = (p - a, b - a);
    let h = (pa.dot(ba) / ba.length_squared().max(1e-12)).clamp(0.0, 1.0);
    (pa - ba * h).length() - mix(ra, rb, h)
}

/// Distance to a rounded box.
pub(crate) fn rounded_box(p: Vec3, centre: Vec3, half: Vec3, radius: f32) -> f32 {
    let q = (p - centre).abs() - half + radius;
    q.max(Vec3::ZERO).length() + q.max_element().min(0.0) - radius
}

/// Distance to a chain of capsules.
pub(crate) fn chain(p: Vec3, points: &[(Vec3, f32)]) -> f32 {
    points.windows(2).map(|w| capsule(p, w[0].0, w[1].0, w[0].1, w[1].1)).fold(1e9, f32::min)
}

/// A chain with a ball around it, so that far points need not be measured.
#[derive(Clone, Debug)]
pub(crate) struct Lock {
    points: Vec<(Vec3, f32)>,
    middle: Vec3,
    reach: f32,
}

impl Lock {
    /// A curved lock from root over a bend to its tip; the radius is a function of 0..1 along it.
    pub(crate) fn new(root: Vec3, bend: Vec3, tip: Vec3, pieces: usize, radius: impl Fn(f32) -> f32) -> Self {
        let at = |t: f32| root.lerp(bend, t).lerp(bend.lerp(tip, t), t);
        let points: Vec<_> = (0..=pieces).map(|i| i as f32 / pieces as f32).map(|t| (at(t), radius(t))).collect();
        let middle = points.iter().fold(Vec3::ZERO, |s, p| s + p.0) / points.len() as f32;
        let reach = points.iter().map(|p| p.0.distance(middle) + p.1).fold(0.0, f32::max);
        Self { points, middle, reach }
    }
    /// Distance, or a lower bound of it when farther than `near`.
    pub(crate) fn distance(&self, p: Vec3, near: f32) -> f32 {
        let bound = p.distance(self.middle) - self.reach;
        if bound > near { bound } else { chain(p, &self.points) }
    }
}

/// A tube through points; ends are pointed if their radius is small.
pub(crate) fn tube(points: &[(Vec3, f32)], sides: usize) -> Surface {
    let mut out = Surface::default();
    let last = points.len() - 1;
    let mut before = Vec3::ZERO;
    for (index, (p, r)) in points.iter().enumerate() {
        let along = (points[(index + 1).min(last)].0 - points[index.saturating_sub(1)].0).normalize_or(Vec3::Y);
        // Each ring is turned as the one before, or the tube would be wrung where its direction changes.
        let kept = before - along * before.dot(along);
        let x = if kept.length_squared() > 0.01 {
            kept.normalize()
        } else {
            along.cross(if along.y.abs() > 0.9 { Vec3::X } else { Vec3::Y }).normalize_or(Vec3::X)
        };
        before = x;
        let y = along.cross(x);
        for side in 0..sides {
            let a = side as f32 / sides as f32 * TAU;
            let d = x * cos(a) + y * sin(a);
            push(&mut out, *p + d * *r, d);
        }
    }
    let n = sides as u32;
    for ring in 0..last as u32 {
        for side in 0..n {
            let (a, b) = (ring * n + side, ring * n + (side + 1) % n);
            out.triangles.push([a, b, a + n]);
            out.triangles.push([b, b + n, a + n]);
        }
    }
    cap(&mut out, points[0].0, points[1].0, 0, n, true);
    cap(&mut out, points[last].0, points[last - 1].0, last as u32 * n, n, false);
    out
}

fn cap(out: &mut Surface, end: Vec3, before: Vec3, first: u32, n: u32, reversed: bool) {
    let centre = out.positions.len() as u32;
    push(out, end, (end - before).normalize_or(Vec3::Y));
    for side in 0..n {
        let (a, b) = (first + side, first + (side + 1) % n);
        out.triangles.push(if reversed { [centre, b, a] } else { [centre, a, b] });
    }
}

fn push(out: &mut Surface, p: Vec3, n: Vec3) {
    out.positions.push(p);
    out.normals.push(n);
    out.openness.push(255);
}

/// A ring about the y axis.
pub(crate) fn torus(radius: f32, thick: f32, columns: usize, sides: usize) -> Surface {
    loft(columns, sides, |a, b| {
        let out = v(sin(a), 0.0, cos(a));
        let d = out * cos(b) + Vec3::Y * sin(b);
        (out * radius + d * thick, d)
    })
}

/// A closed band: `of` gives point and normal for the angle around it and the angle around its section.
pub(crate) fn loft(columns: usize, sides: usize, of: impl Fn(f32, f32) -> (Vec3, Vec3)) -> Surface {
    let mut out = Surface::default();
    for column in 0..columns {
        for side in 0..sides {
            let (p, n) = of(column as f32 / columns as f32 * TAU, side as f32 / sides as f32 * TAU);
            push(&mut out, p, n.normalize_or(Vec3::Y));
        }
    }
    let (columns, sides) = (columns as u32, sides as u32);
    for column in 0..columns {
        for side in 0..sides {
            let at = |c: u32, s: u32| (c % columns) * sides + s % sides;
            let (a, b, c, d) = (at(column, side), at(column + 1, side), at(column + 1, side + 1), at(column, side + 1));
            out.triangles.extend([[a, b, c], [a, c, d]]);
        }
    }
    out
}

/// A ball about the origin with its poles on z, in rows from the front.
pub(crate) fn globe(radius: f32, rows: usize, columns: usize) -> Surface {
    let mut out = Surface::default();
    for row in 0..=rows {
        let polar = row as f32 / rows as f32 * PI;
        for column in 0..columns {
            let a = column as f32 / columns as f32 * TAU;
            let d = v(sin(polar) * cos(a), sin(polar) * sin(a), cos(polar));
            push(&mut out, d * radius, d);
        }
    }
    let n = columns as u32;
    for row in 0..rows as u32 {
        for column in 0..n {
            let (a, b) = (row * n + column, row * n + (column + 1) % n);
            out.triangles.push([a, a + n, b]);
            out.triangles.push([b, a + n, b + n]);
        }
    }
    out
}

/// A shell like a segment of orange peel about the x axis: from elevation `from` over `span` radians (negative
/// goes down), between two radii. Eyelids are made of it: turned about x it slides over the eye.
pub(crate) fn peel(from: f32, span: f32, inner: f32, outer: f32, columns: usize, rows: usize) -> Surface {
    let mut out = Surface::default();
    let around = 3 + rows;
    for column in 0..=columns {
        let a = mix(-1.52, 1.52, column as f32 / columns as f32);
        let direction = |t: f32| v(sin(a), cos(a) * sin(from + span * t), cos(a) * cos(from + span * t));
        let edge = (direction(0.0) - direction(0.02)).normalize_or_zero();
        push(&mut out, direction(0.0) * inner, edge);
        push(&mut out, direction(0.0) * mix(inner, outer, 0.55) + edge * 0.0008, edge);
        push(&mut out, direction(0.025) * outer, (direction(0.0) + edge * 0.6).normalize());
        for row in 0..rows {
            let t = 0.07 + 0.93 * (row as f32 / (rows - 1).max(1) as f32);
            push(&mut out, direction(t) * outer, direction(t));
        }
    }
    let n = around as u32;
    for column in 0..columns as u32 {
        for k in 0..n - 1 {
            let (a, b) = (column * n + k, (column + 1) * n + k);
            let (first, second) = ([a, b, a + 1], [b, b + 1, a + 1]);
            out.triangles.push(if span > 0.0 { first } else { [first[0], first[2], first[1]] });
            out.triangles.push(if span > 0.0 { second } else { [second[0], second[2], second[1]] });
        }
    }
    out
}

/// Length of two numbers.
pub(crate) fn length2(x: f32, y: f32) -> f32 {
    Vec2::new(x, y).length()
}
