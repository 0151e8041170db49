//! What a hand feels of a thing: how far a point is from its surface, measured from the triangles of its own solids where
//! somebody asks, and how its shape at the grip wants to be held.

use super::grips::Shape;
use glam::{IVec3, Quat, Vec3};
use kinora_base::maths::atan2;
use kinora_solids::facts::PropFacts;
use kinora_vocabulary::{Asset, Kind, Vocabulary};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Metres from one measured point to the next.
const CELL: f32 = 0.005;
/// Cells of a block, which is measured at once.
const SIDE: i32 = 8;
/// Nothing is felt farther from a surface than this, metres.
pub(crate) const FAR: f32 = 0.045;
/// A handle is looked at so far from the grip, metres.
const REACH: f32 = 0.1;
/// Half the thickness of what has none: cloth, paper.
const SHEET: f32 = 0.001;

/// All things that hands may feel, each measured when it is first touched.
#[derive(Debug)]
pub(crate) struct Things {
    vocabulary: Vocabulary,
    known: RwLock<HashMap<String, Option<Arc<Feel>>>>,
}

impl Things {
    /// Those of a vocabulary.
    pub(crate) fn of(vocabulary: &Vocabulary) -> Self {
        Self { vocabulary: vocabulary.clone(), known: RwLock::default() }
    }

    /// One thing; none if nothing is known of its shape.
    pub(crate) fn feel(&self, word: &str) -> Option<Arc<Feel>> {
        if let Some(known) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(word) {
            return known.clone();
        }
        let asset = self.vocabulary.get(Kind::Prop, word).or_else(|| self.vocabulary.get(Kind::Vehicle, word));
        // A file that cannot be read is told about by those who draw it.
        let made = asset.and_then(|a| Feel::of(a, &self.vocabulary)).map(Arc::new);
        self.known.write().unwrap_or_else(PoisonError::into_inner).entry(word.to_owned()).or_insert(made).clone()
    }
}

/// One solid of a thing.
#[derive(Debug)]
struct Piece {
    triangles: Vec<[Vec3; 3]>,
    low: Vec3,
    high: Vec3,
    /// 1 its triangles look out of it, -1 into it, 0 it has no inside.
    outside: f32,
}

/// A thing about its grip, metres.
#[derive(Clone, Copy, Debug)]
struct Build {
    /// How thick it is, the least first.
    thick: [f32; 3],
    /// It is thickest upwards.
    stands: bool,
    /// How far it goes on over the grip, and below it.
    over: f32,
    below: f32,
}

/// One thing.
#[derive(Debug)]
pub(crate) struct Feel {
    pieces: Vec<Piece>,
    /// Where its grip is, in its own space.
    pub(crate) grip: Vec3,
    /// Which way, about its y from its z, most of it lies from a grip at its side: a cup's body from its handle.
    pub(crate) aside: Option<f32>,
    /// It hangs by a handle that runs along its x; otherwise along its z.
    pub(crate) along_x: bool,
    /// The shape of a hand that holds it by its grip, if its file says so.
    told: Option<Shape>,
    /// How it is about its grip; none if that is not in a solid of a handle's size.
    build: Option<Build>,
    low: Vec3,
    high: Vec3,
    blocks: RwLock<HashMap<IVec3, Arc<Vec<f32>>>>,
}

impl Feel {
    fn of(asset: &Asset, vocabulary: &Vocabulary) -> Option<Self> {
        let facts: PropFacts = asset.section("prop").ok().flatten().unwrap_or_default();
        let surfaces = kinora_solids::surfaces(asset, vocabulary).ok()?;
        let mut feel = Self::from_triangles(surfaces, facts.grip.map_or(Vec3::ZERO, Vec3::from));
        let thick = |axis: Vec3| feel.through(feel.grip, axis);
        feel.along_x = thick(Vec3::X) >= thick(Vec3::Z);
        feel.told = facts.held.map(Shape::from);
        feel.build = feel.measured_build();
        Some(feel)
    }

    /// A thing of solids, each as its triangles, to be held by a handle.
    pub(crate) fn from_triangles(solids: Vec<Vec<[Vec3; 3]>>, grip: Vec3) -> Self {
        let piece = |triangles: Vec<[Vec3; 3]>| {
            let (mut low, mut high, mut sum, mut area, mut volume) = (Vec3::INFINITY, Vec3::NEG_INFINITY, Vec3::ZERO, 0.0, 0.0);
            let first = triangles.first().map_or(Vec3::ZERO, |t| t[0]);
            for t in &triangles {
                t.iter().for_each(|p| (low, high) = (low.min(*p), high.max(*p)));
                let normal = (t[1] - t[0]).cross(t[2] - t[0]);
                sum += normal;
                area += normal.length();
                volume += (t[0] - first).dot((t[1] - first).cross(t[2] - first));
            }
            // The sides of a closed surface cancel; some look inwards.
            let outside = if sum.length() < 0.02 * area { volume.signum() } else { 0.0 };
            Piece { triangles, low, high, outside }
        };
        let pieces: Vec<Piece> = solids.into_iter().filter(|s| !s.is_empty()).map(piece).collect();
        let (low, high) = pieces.iter().fold((Vec3::INFINITY, Vec3::NEG_INFINITY), |(low, high), p| (low.min(p.low), high.max(p.high)));
        let way = (low + high) * 0.5 - grip;
        // A pan's handle is longer than the hand is broad; a cup is beside it.
        let beside = (way * Vec3::new(1.0, 0.0, 1.0)).length();
        let aside = (0.025..0.14).contains(&beside).then(|| atan2(way.x, way.z));
        Self { pieces, grip, aside, along_x: true, told: None, build: None, low, high, blocks: RwLock::default() }
    }

    /// The box that it fills about its grip, along its own axes.
    pub(crate) fn about_grip(&self) -> (Vec3, Vec3) {
        (self.low - self.grip, self.high - self.grip)
    }

    /// Metres from a point of the thing's own space to its surface, negative inside; no more than that from [`FAR`] on.
    pub(crate) fn distance(&self, p: Vec3) -> f32 {
        let cells = p / CELL;
        let cell = cells.floor();
        let (corner, t) = (cell.as_ivec3(), cells - cell);
        let key = corner.div_euclid(IVec3::splat(SIDE));
        let block = self.block(key);
        let c = corner - key * SIDE;
        let at = |dx: i32, dy: i32, dz: i32| block[index(c + IVec3::new(dx, dy, dz))];
        let mix = |a: f32, b: f32, t: f32| a + (b - a) * t;
        let row = |dy: i32, dz: i32| mix(at(0, dy, dz), at(1, dy, dz), t.x);
        let near = mix(mix(row(0, 0), row(1, 0), t.y), mix(row(0, 1), row(1, 1), t.y), t.z);
        // Of a tiny thing a hand is many times that away.
        if near < 0.99 * FAR { near } else { near.max((self.low - p).max(p - self.high).max_element()) }
    }

    fn block(&self, key: IVec3) -> Arc<Vec<f32>> {
        if let Some(known) = self.blocks.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return known.clone();
        }
        let made = Arc::new(self.measured(key));
        self.blocks.write().unwrap_or_else(PoisonError::into_inner).entry(key).or_insert(made).clone()
    }

    /// A block's corners, one more than it has cells on each side.
    fn measured(&self, key: IVec3) -> Vec<f32> {
        let low = (key * SIDE).as_vec3() * CELL;
        let (middle, half) = (low + Vec3::splat(SIDE as f32 * CELL * 0.5), SIDE as f32 * CELL * 0.5);
        let mut all = vec![FAR; ((SIDE + 1) * (SIDE + 1) * (SIDE + 1)) as usize];
        for piece in &self.pieces {
            if (piece.low - middle).max(middle - piece.high).max_element() > half + FAR {
                continue;
            }
            let near = |t: &&[Vec3; 3]| {
                let (a, b) = (t[0].min(t[1]).min(t[2]), t[0].max(t[1]).max(t[2]));
                (a - middle).max(middle - b).max_element() < half + FAR
            };
            let triangles: Vec<&[Vec3; 3]> = piece.triangles.iter().filter(near).collect();
            for x in 0..=SIDE {
                for y in 0..=SIDE {
                    for z in 0..=SIDE {
                        let c = IVec3::new(x, y, z);
                        let d = signed(low + c.as_vec3() * CELL, &triangles, piece.outside, FAR);
                        let slot = &mut all[index(c)];
                        *slot = slot.min(d);
                    }
                }
            }
        }
        all
    }

    /// The distance of one point, from every triangle, up to one's reach.
    fn exact(&self, p: Vec3) -> f32 {
        let of = |piece: &Piece| {
            let near = (piece.low - p).max(p - piece.high).max_element() < REACH;
            if near { signed(p, &piece.triangles.iter().collect::<Vec<_>>(), piece.outside, REACH) } else { REACH }
        };
        self.pieces.iter().map(of).fold(REACH, f32::min)
    }

    /// How long a line through the grip is inside the thing, along one of its own axes, metres; at most twice one's reach.
    fn through(&self, from: Vec3, axis: Vec3) -> f32 {
        let way = |sign: f32| {
            let mut gone = 0.0;
            while gone < REACH {
                let deep = -self.exact(from + axis * (sign * gone));
                if deep < 0.0003 {
                    break;
                }
                gone += deep;
            }
            gone
        };
        way(1.0) + way(-1.0)
    }

    /// The shape of a hand that holds it by its grip, by its size against the usual one. A giant pencil is held as a pole is.
    pub(crate) fn shape(&self, size: f32) -> Shape {
        match self.told {
            Some(told) if (0.5..2.0).contains(&size) => told,
            _ => self.build.map_or(Shape::Bar, |b| b.shape(size)),
        }
    }

    fn measured_build(&self) -> Option<Build> {
        // The grip may be told beside the surface.
        let steps = [Vec3::ZERO, Vec3::X, Vec3::NEG_X, Vec3::Y, Vec3::NEG_Y, Vec3::Z, Vec3::NEG_Z];
        let mut from = self.grip;
        for _ in 0..6 {
            let Some(best) = steps.iter().map(|s| from + *s * 0.005).min_by(|a, b| self.exact(*a).total_cmp(&self.exact(*b))) else { break };
            if best == from {
                break;
            }
            from = best;
        }
        // Not in a solid, or deep inside a large one: fingers close on whatever is there.
        if self.exact(from) > 0.0 {
            return None;
        }
        let mut thick = [Vec3::X, Vec3::Y, Vec3::Z].map(|axis| (self.through(from, axis), axis));
        thick.sort_by(|a, b| a.0.total_cmp(&b.0));
        let [(least, _), (middle, _), (most, long)] = thick;
        Some(Build { thick: [least, middle, most], stands: long == Vec3::Y, over: self.high.y - from.y, below: from.y - self.low.y })
    }
}

impl Build {
    /// The shape that its thickness asks for: thin sticks and sheets lie between fingertips, handles in the fist, round things in
    /// the fingers; and what hangs below a handle that lies across hangs from the fingers.
    fn shape(&self, size: f32) -> Shape {
        let [least, middle, most] = self.thick.map(|t| t * size);
        let hangs = self.over * size < 0.045 && self.below * size > 0.12 && !self.stands;
        match () {
            () if hangs && least < 0.05 => Shape::Hook,
            () if least < 0.012 && middle > 0.022 => Shape::Key,
            () if middle < 0.013 || most < 0.026 => Shape::Pinch,
            () if least > 0.04 && most < 0.12 && most < 1.7 * least => Shape::Ball,
            () => Shape::Bar,
        }
    }
}

fn index(c: IVec3) -> usize {
    ((c.x * (SIDE + 1) + c.y) * (SIDE + 1) + c.z) as usize
}

/// The distance to a solid: to the nearest triangle, and inside if that one looks away.
fn signed(p: Vec3, triangles: &[&[Vec3; 3]], outside: f32, far: f32) -> f32 {
    let (mut best, mut facing) = (far * far, 0.0f32);
    for t in triangles {
        let to = p - closest(p, t);
        let squared = to.length_squared();
        if squared > best + 1e-9 {
            continue;
        }
        let normal = (t[1] - t[0]).cross(t[2] - t[0]).normalize_or_zero();
        let side = normal.dot(to.normalize_or_zero());
        // At an edge both triangles are as near: the one that is seen more squarely knows.
        if squared < best - 1e-9 || side.abs() > facing.abs() {
            facing = side;
        }
        best = best.min(squared);
    }
    let d = best.sqrt();
    match facing * outside {
        _ if outside == 0.0 => d - SHEET,
        inside if inside < 0.0 => -d,
        _ => d,
    }
}

/// The point of a triangle that is nearest to another (Ericson, Real-Time Collision Detection, 5.1.5).
fn closest(p: Vec3, [a, b, c]: &[Vec3; 3]) -> Vec3 {
    let (ab, ac, ap) = (*b - *a, *c - *a, p - *a);
    let (d1, d2) = (ab.dot(ap), ac.dot(ap));
    if d1 <= 0.0 && d2 <= 0.0 {
        return *a;
    }
    let bp = p - *b;
    let (d3, d4) = (ab.dot(bp), ac.dot(bp));
    if d3 >= 0.0 && d4 <= d3 {
        return *b;
    }
    let vc = d1 * d4 - d3 * d2;
    if vc <= 0.0 && d1 >= 0.0 && d3 <= 0.0 {
        return *a + ab * (d1 / (d1 - d3));
    }
    let cp = p - *c;
    let (d5, d6) = (ab.dot(cp), ac.dot(cp));
    if d6 >= 0.0 && d5 <= d6 {
        return *c;
    }
    let vb = d5 * d2 - d1 * d6;
    if vb <= 0.0 && d2 >= 0.0 && d6 <= 0.0 {
        return *a + ac * (d2 / (d2 - d6));
    }
    let va = d3 * d6 - d5 * d4;
    if va <= 0.0 && d4 - d3 >= 0.0 && d5 - d6 >= 0.0 {
        return *b + (*c - *b) * ((d4 - d3) / ((d4 - d3) + (d5 - d6)));
    }
    let sum = va + vb + vc;
    *a + ab * (vb / sum) + ac * (vc / sum)
}

/// A thing where it is, in the space of whoever asks.
#[derive(Clone, Debug)]
pub(crate) struct Felt {
    pub(crate) feel: Arc<Feel>,
    /// Where its origin (or its grip) is.
    pub(crate) at: Vec3,
    pub(crate) turn: Quat,
    /// What a metre of its own space is, along its own axes.
    pub(crate) size: Vec3,
    /// What of its own space is at `at`.
    pub(crate) origin: Vec3,
}

impl Felt {
    /// The same thing, within half a millimetre and half a degree of where it is.
    pub(crate) fn lies_as(&self, other: &Self) -> bool {
        let same = Arc::ptr_eq(&self.feel, &other.feel) && self.origin == other.origin && self.size.distance(other.size) < 1e-3;
        same && self.at.distance(other.at) < 0.0005 && self.turn.angle_between(other.turn) < 0.009
    }

    /// Metres from its surface.
    pub(crate) fn distance(&self, p: Vec3) -> f32 {
        let own = self.turn.inverse() * (p - self.at) / self.size.max(Vec3::splat(1e-3));
        self.feel.distance(own + self.origin) * self.size.min_element()
    }
}
