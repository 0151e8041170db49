//! Fur: blades on a part, longer, shorter or laid another way in places.

use super::build::Piece;
use super::format::Fur;
use super::weights::Weights;
use glam::{Affine3A, Vec3};
use kinora_base::Seed;
use kinora_render::scene::Mesh;
use kinora_solids::{Tufts, join, tufts};

/// Blades on a skinned mesh: each rides on the first corner of the triangle that it grows on, so that it never tears.
/// `share` of the blades, `size` times as large.
pub(crate) fn grow(fur: &Fur, on: &Mesh, weights: &Weights, material: u16, (share, size): (f32, f32), seed: Seed) -> Piece {
    let count = (fur.count as f32 * share) as usize;
    let (mut meshes, mut rides) = (Vec::new(), Weights::default());
    for along in directions(fur) {
        // The same chances for every direction: together the runs make one even coat.
        let keep = |p: Vec3, _: Vec3| lie(fur, p).map_or(0.0, |(length, way)| if way == along { length } else { 0.0 });
        let style = Tufts { count, length: fur.length * size.min(1.6), width: fur.width * size, lift: fur.lift, along, vary: fur.vary };
        let (blades, roots) = tufts(on, &style, seed, &keep);
        for root in &roots {
            let corner = on.triangles[*root as usize][0] as usize;
            rides.bones.extend([weights.bones[corner]; 5]);
            rides.weights.extend([weights.weights[corner]; 5]);
        }
        meshes.push(blades);
    }
    let placed: Vec<_> = meshes.iter().map(|m| (m, Affine3A::IDENTITY, 0)).collect();
    let mut mesh = join(&placed);
    mesh.openness = vec![255; mesh.positions.len()];
    Piece { mesh, weights: rides, material, blink: Vec::new() }
}

/// Length and direction of the coat at a point; none where it is bald.
fn lie(fur: &Fur, p: Vec3) -> Option<(f32, Vec3)> {
    let side = if p.x < 0.0 { -1.0 } else { 1.0 };
    let q = Vec3::new(p.x.abs(), p.y, p.z);
    let here = fur.places.iter().rev().find(|(centre, radii, ..)| ((q - *centre) / *radii).length_squared() < 1.0);
    let (length, way) = here.map_or((1.0, fur.along), |(_, _, length, way)| (*length, if *way == Vec3::ZERO { fur.along } else { *way }));
    (length > 0.05).then_some((length, Vec3::new(way.x * side, way.y, way.z)))
}

/// Every direction that occurs, once.
fn directions(fur: &Fur) -> Vec<Vec3> {
    let mut all: Vec<Vec3> = Vec::new();
    for way in fur.places.iter().map(|p| p.3).chain([fur.along]).filter(|w| *w != Vec3::ZERO) {
        for side in [1.0, -1.0] {
            let way = Vec3::new(way.x * side, way.y, way.z);
            if !all.contains(&way) {
                all.push(way);
            }
        }
    }
    all
}
