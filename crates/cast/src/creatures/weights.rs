//! Skin weights from lumps: a vertex belongs to the bones whose lumps are nearest.

use super::build::Grown;
use glam::Vec3;

/// Up to four bones a vertex, and their weights, summing to 1.
#[derive(Clone, Debug, Default)]
pub(crate) struct Weights {
    pub bones: Vec<[u16; 4]>,
    pub weights: Vec<[f32; 4]>,
}

impl Weights {
    /// Everything rides on one bone.
    pub(crate) fn rigid(bone: usize, count: usize) -> Self {
        Self { bones: vec![[bone as u16, 0, 0, 0]; count], weights: vec![[1.0, 0.0, 0.0, 0.0]; count] }
    }
}

/// Weights fall off over `soft` metres beyond the nearest lump.
pub(crate) fn of(points: &[Vec3], lumps: &[Grown], soft: f32) -> Weights {
    let mut out = Weights::default();
    let mut near: Vec<(usize, f32)> = Vec::new();
    for p in points {
        let distances: Vec<f32> = lumps.iter().map(|l| l.field.distance(*p)).collect();
        let least = distances.iter().copied().fold(f32::MAX, f32::min);
        near.clear();
        for (lump, d) in lumps.iter().zip(&distances) {
            let share = 1.0 - (d - least) / soft;
            if share <= 0.0 {
                continue;
            }
            let share = share * share;
            match near.iter_mut().find(|n| n.0 == lump.bone) {
                Some(n) => n.1 = n.1.max(share),
                None => near.push((lump.bone, share)),
            }
        }
        near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        near.truncate(4);
        let sum: f32 = near.iter().map(|n| n.1).sum();
        let (mut bones, mut weights) = ([0; 4], [0.0; 4]);
        for (k, (bone, share)) in near.iter().enumerate() {
            bones[k] = *bone as u16;
            weights[k] = share / sum;
        }
        out.bones.push(bones);
        out.weights.push(weights);
    }
    out
}
