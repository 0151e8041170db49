//! Signed distance fields: solids described by how far a point is from them.

use glam::{Quat, Vec3};
use kinora_base::maths::{mix, smooth_max, smooth_min};
use kinora_base::noise::octaves;
use kinora_render::scene::Bounds;

/// A solid as a distance: negative inside, positive outside, metres.
#[derive(Clone, Debug)]
pub enum Field {
    /// A ball.
    Ball {
        /// Its middle.
        at: Vec3,
        /// Its radius.
        radius: f32,
    },
    /// An ellipsoid.
    Ellipsoid {
        /// Its middle.
        at: Vec3,
        /// Half axes along x, y, z.
        radii: Vec3,
    },
    /// A capsule whose radius goes from one end to the other.
    Capsule {
        /// One end.
        from: Vec3,
        /// The other.
        to: Vec3,
        /// A radius each.
        radii: [f32; 2],
    },
    /// A box with rounded edges.
    RoundBox {
        /// Its middle.
        at: Vec3,
        /// Half its sides, rounding included.
        half: Vec3,
        /// Radius of the edges.
        round: f32,
    },
    /// A ring lying flat.
    Torus {
        /// Its middle.
        at: Vec3,
        /// Of the ring.
        radius: f32,
        /// Of the tube.
        thickness: f32,
    },
    /// A chain of capsules through points with radii.
    Curve(Vec<(Vec3, f32)>),
    /// Everything on one side of a plane: inside where `dot(p, normal) < offset`.
    Below {
        /// Unit normal.
        normal: Vec3,
        /// Metres along it.
        offset: f32,
    },
    /// All of these, blended over `k` metres.
    Union(Vec<Field>, f32),
    /// The first without the second.
    Subtract(Box<Field>, Box<Field>, f32),
    /// What both share.
    Intersect(Box<Field>, Box<Field>, f32),
    /// The field at |x|: both sides alike.
    Mirror(Box<Field>),
    /// Turned about its own origin and moved.
    Placed {
        /// What.
        field: Box<Field>,
        /// Where its origin goes.
        at: Vec3,
        /// How it is turned.
        turn: Quat,
    },
    /// Displaced by noise: height in metres, features a metre.
    Rough {
        /// What.
        field: Box<Field>,
        /// Metres.
        height: f32,
        /// Features a metre.
        scale: f32,
    },
}

impl Field {
    /// Shorthand for a ball.
    #[must_use]
    pub fn ball(at: Vec3, radius: f32) -> Self {
        Self::Ball { at, radius }
    }
    /// Shorthand for an ellipsoid.
    #[must_use]
    pub fn ellipsoid(at: Vec3, radii: Vec3) -> Self {
        Self::Ellipsoid { at, radii }
    }
    /// Shorthand for a capsule.
    #[must_use]
    pub fn capsule(from: Vec3, to: Vec3, start: f32, end: f32) -> Self {
        Self::Capsule { from, to, radii: [start, end] }
    }
    /// Shorthand for a rounded box.
    #[must_use]
    pub fn round_box(at: Vec3, half: Vec3, round: f32) -> Self {
        Self::RoundBox { at, half, round }
    }
    /// This with another, blended.
    #[must_use]
    pub fn and(self, other: Self, k: f32) -> Self {
        Self::Union(vec![self, other], k)
    }
    /// This without another.
    #[must_use]
    pub fn minus(self, other: Self, k: f32) -> Self {
        Self::Subtract(Box::new(self), Box::new(other), k)
    }
    /// What this shares with another.
    #[must_use]
    pub fn within(self, other: Self, k: f32) -> Self {
        Self::Intersect(Box::new(self), Box::new(other), k)
    }
    /// Both sides alike.
    #[must_use]
    pub fn mirrored(self) -> Self {
        Self::Mirror(Box::new(self))
    }
    /// Turned and moved.
    #[must_use]
    pub fn placed(self, at: Vec3, turn: Quat) -> Self {
        Self::Placed { field: Box::new(self), at, turn }
    }
    /// With a rough surface.
    #[must_use]
    pub fn rough(self, height: f32, scale: f32) -> Self {
        Self::Rough { field: Box::new(self), height, scale }
    }

    /// How far a point is from the surface.
    #[must_use]
    pub fn distance(&self, p: Vec3) -> f32 {
        match self {
            Self::Ball { at, radius } => (p - *at).length() - radius,
            Self::Ellipsoid { at, radii } => ellipsoid(p - *at, *radii),
            Self::Capsule { from, to, radii } => capsule(p, *from, *to, *radii),
            Self::RoundBox { at, half, round } => {
                let q = (p - *at).abs() - *half + Vec3::splat(*round);
                q.max(Vec3::ZERO).length() + q.max_element().min(0.0) - round
            }
            Self::Torus { at, radius, thickness } => {
                let q = p - *at;
                let ring = (q.x * q.x + q.z * q.z).sqrt() - radius;
                (ring * ring + q.y * q.y).sqrt() - thickness
            }
            Self::Curve(points) => points.windows(2).map(|w| capsule(p, w[0].0, w[1].0, [w[0].1, w[1].1])).fold(FAR, f32::min),
            Self::Below { normal, offset } => p.dot(*normal) - offset,
            Self::Union(fields, k) => fields.iter().fold(FAR, |d, f| smooth_min(d, f.distance(p), *k)),
            Self::Subtract(a, b, k) => smooth_max(a.distance(p), -b.distance(p), *k),
            Self::Intersect(a, b, k) => smooth_max(a.distance(p), b.distance(p), *k),
            Self::Mirror(f) => f.distance(Vec3::new(p.x.abs(), p.y, p.z)),
            Self::Placed { field, at, turn } => field.distance(turn.inverse() * (p - *at)),
            Self::Rough { field, height, scale } => {
                let d = field.distance(p);
                // Far from the surface the noise cannot matter.
                if d.abs() > height * 2.0 { d } else { d + height * octaves(p * *scale, 2) }
            }
        }
    }

    /// The outward direction at a point of the surface.
    #[must_use]
    pub fn normal(&self, p: Vec3, step: f32) -> Vec3 {
        // Four points of a tetrahedron: the cheapest even-handed gradient.
        let e = step;
        let corners = [Vec3::new(1.0, -1.0, -1.0), Vec3::new(-1.0, -1.0, 1.0), Vec3::new(-1.0, 1.0, -1.0), Vec3::new(1.0, 1.0, 1.0)];
        corners.iter().map(|c| *c * self.distance(p + *c * e)).sum::<Vec3>().normalize_or(Vec3::Y)
    }

    /// A box around the surface. Half spaces have none of their own: they must be cut by something that has.
    #[must_use]
    pub fn bounds(&self) -> Option<Bounds> {
        let around = |low: Vec3, high: Vec3| Some(Bounds { low, high });
        match self {
            Self::Ball { at, radius } => around(*at - Vec3::splat(*radius), *at + Vec3::splat(*radius)),
            Self::Ellipsoid { at, radii } => around(*at - *radii, *at + *radii),
            Self::Capsule { from, to, radii } => {
                around(from.min(*to) - Vec3::splat(radii[0].max(radii[1])), from.max(*to) + Vec3::splat(radii[0].max(radii[1])))
            }
            Self::RoundBox { at, half, .. } => around(*at - *half, *at + *half),
            Self::Torus { at, radius, thickness } => {
                let r = Vec3::new(radius + thickness, *thickness, radius + thickness);
                around(*at - r, *at + r)
            }
            Self::Curve(points) => points.iter().map(|(p, r)| Bounds { low: *p - Vec3::splat(*r), high: *p + Vec3::splat(*r) }).reduce(Bounds::union),
            Self::Below { .. } => None,
            Self::Union(fields, k) => fields.iter().filter_map(Self::bounds).reduce(Bounds::union).map(|b| grown(b, k * 0.25)),
            Self::Subtract(a, _, _) => a.bounds(),
            Self::Intersect(a, b, k) => match (a.bounds(), b.bounds()) {
                (Some(a), Some(b)) => Some(grown(Bounds { low: a.low.max(b.low), high: a.high.min(b.high) }, *k * 0.25)),
                (one, other) => one.or(other),
            },
            Self::Mirror(f) => f.bounds().map(|b| {
                let x = b.high.x.abs().max(b.low.x.abs());
                Bounds { low: Vec3::new(-x, b.low.y, b.low.z), high: Vec3::new(x, b.high.y, b.high.z) }
            }),
            Self::Placed { field, at, turn } => field.bounds().map(|b| {
                let corner = |i: usize| {
                    Vec3::new(
                        if i & 1 == 0 { b.low.x } else { b.high.x },
                        if i & 2 == 0 { b.low.y } else { b.high.y },
                        if i & 4 == 0 { b.low.z } else { b.high.z },
                    )
                };
                Bounds::around(&(0..8).map(|i| *at + *turn * corner(i)).collect::<Vec<_>>())
            }),
            Self::Rough { field, height, .. } => field.bounds().map(|b| grown(b, *height)),
        }
    }

    /// The same field with what cannot matter inside a ball left out: smaller, so quicker to sample there.
    #[must_use]
    pub fn pruned(&self, centre: Vec3, radius: f32) -> Self {
        match self {
            Self::Union(fields, k) => {
                let nearest = fields.iter().map(|f| f.distance(centre)).fold(FAR, f32::min);
                // Distances change by at most the radius (with a margin for ellipsoids, whose field is not exact).
                let reach = nearest + 2.0 * radius * SLACK + k * 2.0;
                let kept: Vec<Self> = fields.iter().filter(|f| f.distance(centre) <= reach).map(|f| f.pruned(centre, radius)).collect();
                if kept.len() == 1 { kept.into_iter().next().unwrap_or_else(|| self.clone()) } else { Self::Union(kept, *k) }
            }
            Self::Subtract(a, b, k) => {
                // Where the tool is too far to reach the ball, there is nothing to cut.
                if b.distance(centre) > 2.0 * radius * SLACK + a.distance(centre).abs() + k {
                    a.pruned(centre, radius)
                } else {
                    Self::Subtract(Box::new(a.pruned(centre, radius)), Box::new(b.pruned(centre, radius)), *k)
                }
            }
            Self::Intersect(a, b, k) => Self::Intersect(Box::new(a.pruned(centre, radius)), Box::new(b.pruned(centre, radius)), *k),
            Self::Mirror(f) if centre.x > radius => f.pruned(centre, radius),
            Self::Placed { field, at, turn } => Self::Placed { field: Box::new(field.pruned(turn.inverse() * (centre - *at), radius)), at: *at, turn: *turn },
            Self::Rough { field, height, scale } => Self::Rough { field: Box::new(field.pruned(centre, radius + height)), height: *height, scale: *scale },
            Self::Curve(points) if points.len() > 3 => {
                let pieces: Vec<&[(Vec3, f32)]> = points.windows(2).collect();
                let d = |w: &[(Vec3, f32)]| capsule(centre, w[0].0, w[1].0, [w[0].1, w[1].1]);
                let reach = pieces.iter().map(|w| d(w)).fold(FAR, f32::min) + 2.0 * radius * SLACK;
                Self::Union(pieces.iter().filter(|w| d(w) <= reach).map(|w| Self::Curve(w.to_vec())).collect(), 0.0)
            }
            other => other.clone(),
        }
    }
}

/// Farther than anything in a model.
const FAR: f32 = 1e6;
/// How much faster than its argument a field may change: ellipsoids and rough surfaces are not exact.
const SLACK: f32 = 1.5;

fn grown(b: Bounds, by: f32) -> Bounds {
    Bounds { low: b.low - Vec3::splat(by), high: b.high + Vec3::splat(by) }
}

fn ellipsoid(q: Vec3, radii: Vec3) -> f32 {
    let k0 = (q / radii).length();
    if k0 < 1e-4 {
        return -radii.min_element();
    }
    let k1 = (q / (radii * radii)).length();
    k0 * (k0 - 1.0) / k1.max(1e-6)
}

fn capsule(p: Vec3, from: Vec3, to: Vec3, radii: [f32; 2]) -> f32 {
    let (pa, ba) = (p - from, to - from);
    let h = (pa.dot(ba) / ba.length_squared().max(1e-12)).clamp(0.0, 1.0);
    (pa - ba * h).length() - mix(radii[0], radii[1], h)
}
