//! Feathers, and the rays of fins: vanes laid side by side in rows, each a cambered strip with a round tip.

use super::build::Piece;
use super::format::Row;
use super::weights::Weights;
use glam::Vec3;
use kinora_base::maths::{mix, sin};
use kinora_render::scene::{Bounds, Mesh, Part};

/// Half the width of a vane along its length, as a share of the widest: a narrow quill, a long vane, a round tip.
const OUTLINE: [(f32, f32); 7] = [(0.0, 0.35), (0.12, 0.72), (0.4, 1.0), (0.7, 1.0), (0.88, 0.80), (0.96, 0.50), (1.0, 0.12)];

/// One row on the left, or its twin on the right.
pub(crate) fn row(row: &Row, [bone, tip_bone]: [usize; 2], side: f32, material: u16) -> Piece {
    let mut mesh = Mesh::default();
    for i in 0..row.count {
        let t = if row.count > 1 { i as f32 / (row.count - 1) as f32 } else { 0.0 };
        let mirror = Vec3::new(side, 1.0, 1.0);
        // Each lies a little lower than its neighbour, so that they overlap like tiles.
        let lower = -row.normal * (0.0016 * (i % 2) as f32 + 0.0004 * i as f32);
        let (root, tip) = (row.roots.0.lerp(row.roots.1, t) + lower, row.tips.0.lerp(row.tips.1, t) + lower);
        let normal = (row.normal * mirror, row.hang);
        vane(&mut mesh, root * mirror, tip * mirror, normal, mix(row.width.0, row.width.1, t) * 0.5, row.shade * (1.0 - 0.10 * (i % 2) as f32));
    }
    mesh.rest = mesh.positions.clone();
    mesh.openness = vec![255; mesh.positions.len()];
    mesh.parts = vec![Part { material: 0, first: 0, count: mesh.triangles.len() as u32 }];
    mesh.bounds = Bounds::around(&mesh.positions);
    let mut weights = Weights::rigid(bone, mesh.positions.len());
    for (k, (bones, shares)) in weights.bones.iter_mut().zip(&mut weights.weights).enumerate() {
        let (t, _) = OUTLINE[k / 3 % OUTLINE.len()];
        (*bones, *shares) = ([bone as u16, tip_bone as u16, 0, 0], [1.0 - 0.8 * t, 0.8 * t, 0.0, 0.0]);
    }
    Piece { mesh, weights, material, blink: Vec::new() }
}

fn vane(mesh: &mut Mesh, root: Vec3, tip: Vec3, (normal, hang): (Vec3, f32), half: f32, shade: f32) {
    let along = tip - root;
    let across = along.cross(normal).normalize_or(Vec3::X);
    let up = across.cross(along).normalize_or(normal);
    let first = mesh.positions.len() as u32;
    for (t, width) in OUTLINE {
        // It bends down towards the tip, and its edges lie lower than the shaft.
        let shaft = root + along * t - up * (hang * along.length() * t * t);
        for edge in [-1.0, 0.0, 1.0_f32] {
            mesh.positions.push(shaft + across * (edge * half * width) - up * (0.16 * half * edge.abs()));
            mesh.normals.push((up + across * (edge * 0.35)).normalize_or(Vec3::Y));
            let bright = shade * (1.0 - 0.30 * t) * if edge == 0.0 { 0.80 } else { 1.0 + 0.10 * sin(9.0 * t) };
            mesh.tint.push([(128.0 * bright).clamp(0.0, 255.0) as u8; 3]);
        }
    }
    for k in 0..OUTLINE.len() as u32 - 1 {
        for column in 0..2 {
            let (a, b) = (first + k * 3 + column, first + k * 3 + column + 1);
            mesh.triangles.extend([[a, b, a + 3], [b, b + 3, a + 3]]);
        }
    }
}
