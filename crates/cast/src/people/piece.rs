//! One part of a body in the reference bind pose, with its weights: head, hands, sweater, shoes.

use super::surface::Surface;
use glam::Vec3;

/// Up to four bones with weights that sum to 1.
pub(crate) type Weights = ([u16; 4], [f32; 4]);

/// All of one bone.
pub(crate) fn rigid(bone: usize) -> Weights {
    ([bone as u16, 0, 0, 0], [1.0, 0.0, 0.0, 0.0])
}

/// The four strongest of some bones, made to sum to 1.
pub(crate) fn weighed(all: &[(usize, f32)]) -> Weights {
    let mut sorted: Vec<(usize, f32)> = all.iter().copied().filter(|w| w.1 > 1e-3).collect();
    sorted.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    sorted.truncate(4);
    let sum: f32 = sorted.iter().map(|w| w.1).sum::<f32>().max(1e-6);
    let mut out = ([0; 4], [0.0; 4]);
    for (k, (bone, weight)) in sorted.into_iter().enumerate() {
        out.0[k] = bone as u16;
        out.1[k] = weight / sum;
    }
    out
}

/// Which displacement of a person's [`super::figure::Shape`] a part goes through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Space {
    /// Trunk and limbs.
    #[default]
    Body,
    /// The head and what is worn on it.
    Head,
    /// An eye with its lids.
    Eye,
}

/// Parts that were modelled before in this process, by key.
type Kept = Vec<(String, std::sync::Arc<[Piece]>)>;

/// Modelling is a pure function of its key, so nothing depends on them but time.
static KEPT: std::sync::Mutex<Kept> = std::sync::Mutex::new(Vec::new());
/// How many are kept; the oldest goes first.
const MOST_KEPT: usize = 480;

/// The parts of that key, modelled unless they were lately: heads, hair and hands are shared by all who have them.
pub(crate) fn kept_all(key: &str, model: impl FnOnce() -> Vec<Piece>) -> Vec<Piece> {
    let lock = || KEPT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let found = lock().iter().find(|(k, _)| k == key).map(|(_, pieces)| pieces.clone());
    if let Some(pieces) = found {
        return pieces.to_vec();
    }
    let made = model();
    let mut all = lock();
    if all.len() >= MOST_KEPT {
        all.remove(0);
    }
    all.push((key.to_owned(), made.clone().into()));
    made
}

/// One part of that key, in a material of one's own.
pub(crate) fn kept(key: &str, material: u16, model: impl FnOnce() -> Piece) -> Piece {
    let made = kept_all(key, || vec![model()]).pop().unwrap_or_default();
    Piece { material, ..made }
}

/// A part of a body.
#[derive(Clone, Debug, Default)]
pub(crate) struct Piece {
    pub(crate) surface: Surface,
    /// Where paint is looked up.
    pub(crate) rest: Vec<Vec3>,
    pub(crate) weights: Vec<Weights>,
    pub(crate) material: u16,
    /// What it is displaced with.
    pub(crate) space: Space,
    /// Face shapes in reference space: name, then vertex and displacement.
    pub(crate) morphs: Vec<(&'static str, Vec<(u32, Vec3)>)>,
}

impl Piece {
    /// A part whose paint is looked up where it is modelled.
    pub(crate) fn new(surface: Surface, material: u16, weights: impl Fn(Vec3) -> Weights) -> Self {
        let weights = surface.positions.iter().map(|p| weights(*p)).collect();
        Self { rest: surface.positions.clone(), weights, material, surface, space: Space::Body, morphs: Vec::new() }
    }

    /// With other paint coordinates.
    pub(crate) fn painted_at(mut self, rest: Vec<Vec3>) -> Self {
        self.rest = rest;
        self
    }

    /// Goes with the head, or with an eye.
    pub(crate) fn of(self, space: Space) -> Self {
        Self { space, ..self }
    }

    /// Thicker by some metres: a glove over a hand.
    pub(crate) fn grown(mut self, by: f32) -> Self {
        for (p, n) in self.surface.positions.iter_mut().zip(&self.surface.normals) {
            *p += *n * by;
        }
        self
    }

    /// The same for the other side of the body; `swap` gives the other side's bone.
    pub(crate) fn mirrored(&self, swap: impl Fn(u16) -> u16) -> Self {
        let mut other = self.clone();
        for p in other.surface.positions.iter_mut().chain(&mut other.surface.normals) {
            p.x = -p.x;
        }
        for t in &mut other.surface.triangles {
            t.swap(1, 2);
        }
        for w in &mut other.weights {
            for (bone, weight) in w.0.iter_mut().zip(w.1) {
                if weight > 0.0 {
                    *bone = swap(*bone);
                }
            }
        }
        for d in other.morphs.iter_mut().flat_map(|m| &mut m.1) {
            d.1.x = -d.1.x;
        }
        other
    }
}
