//! Eyes: balls with painted rings, a light in each, and lids that swell over the ball when it blinks.

use super::build::Piece;
use super::format::Eyes;
use super::weights::Weights;
use glam::{Affine3A, Quat, Vec3};
use kinora_base::LinearRgb;
use kinora_render::scene::{Coat, Mask, Material, Mesh, Relief};
use kinora_solids::Field;
use kinora_solids::primitives::ball;

/// How far lids lie under the ball's surface while open, and over it when shut, as shares of its radius.
const LIDS: (f32, f32) = (0.9, 1.07);

/// Eyeball, light, lid.
pub(crate) fn materials(eyes: &Eyes, lid: LinearRgb) -> Vec<Material> {
    let front = eyes.at + forward(eyes, 1.0) * eyes.radius;
    let r = eyes.radius;
    let ring =
        |colour: LinearRgb, radii: Vec3| Coat { colour, mask: Mask::Ball { centre: front, radii }, soft: r * 0.07, wobble: 0.0, amount: 1.0, mirror: true };
    let iris = Vec3::splat(eyes.ring * r);
    let coats = vec![
        ring(eyes.iris * 0.25, iris * 1.12),
        ring(eyes.iris, iris),
        ring(eyes.iris * 1.5, Vec3::new(iris.x * 0.7, iris.y * 0.7, iris.z)),
        ring(LinearRgb(0.006, 0.005, 0.005), Vec3::new(eyes.pupil.0 * r, eyes.pupil.1 * r, r * 0.9)),
    ];
    // The upper lid comes down over a quarter of the ball, with a dark line of lashes: without it they stare.
    // It slopes down outwards, which is friendly; inwards would be evil.
    let brow = Vec3::new(0.15, 1.0, 0.0).normalize();
    let over = |height: f32, colour: LinearRgb| Coat {
        colour,
        mask: Mask::Beyond { towards: brow, offset: eyes.at.dot(brow) + height * r },
        soft: r * 0.05,
        wobble: 0.0,
        amount: 1.0,
        mirror: true,
    };
    let mut coats = coats;
    coats.extend([over(eyes.droop - 0.12, LinearRgb(0.010, 0.007, 0.006)), over(eyes.droop, lid)]);
    let smooth = Material { relief: Relief::None, relief_mm: 0.0, mottle: 0.0, sheen: 0.0, ..Material::default() };
    vec![
        Material { colour: eyes.white, coats: coats.into(), roughness: 0.14, specular: 0.06, mirror: 0.2, ..smooth.clone() },
        Material { colour: LinearRgb(0.8, 0.8, 0.8), emission: LinearRgb(1.4, 1.4, 1.35), ..smooth.clone() },
        Material { colour: lid, roughness: 0.8, sheen: 0.6, ..smooth },
    ]
}

/// The dark rim painted on the skin around them.
pub(crate) fn liner(eyes: &Eyes) -> Coat {
    let centre = eyes.at + forward(eyes, 1.0) * eyes.radius * 0.3;
    Coat {
        colour: LinearRgb(0.03, 0.02, 0.018),
        mask: Mask::Ball { centre, radii: Vec3::splat(eyes.radius * 1.15) },
        soft: eyes.radius * 0.15,
        wobble: 0.0,
        amount: 1.0,
        mirror: true,
    }
}

/// What is cut out of the head for them.
pub(crate) fn sockets(eyes: &Eyes) -> Vec<Field> {
    [1.0, -1.0].map(|side| Field::Ball { at: middle(eyes, side) + forward(eyes, side) * eyes.radius * 0.12, radius: eyes.radius * 1.06 }).to_vec()
}

/// Both eyes; materials begin at `slot`.
pub(crate) fn pieces(eyes: &Eyes, head: usize, slot: u16, coarse: f32) -> Vec<Piece> {
    let segments = if coarse < 1.5 { 20 } else { 10 };
    let mut all = Vec::new();
    for side in [1.0, -1.0] {
        let (at, towards) = (middle(eyes, side), forward(eyes, side));
        all.push(piece(ball(Vec3::splat(eyes.radius), segments), Affine3A::from_translation(at), head, slot));
        for (x, y, size) in [(0.26, 0.20, 0.16), (-0.26, -0.32, 0.075)] {
            let on = (towards + Vec3::new(x, y, 0.0)).normalize_or(Vec3::Z);
            let turn = Quat::from_rotation_arc(Vec3::Z, on);
            let r = eyes.radius * size;
            all.push(piece(ball(Vec3::new(r, r, r * 0.25), 6), Affine3A::from_rotation_translation(turn, at + on * eyes.radius * 1.01), head, slot + 1));
        }
        let mut lid = piece(ball(Vec3::splat(eyes.radius * LIDS.0), segments), Affine3A::from_translation(at), head, slot + 2);
        lid.blink = lid.mesh.positions.iter().enumerate().map(|(i, p)| (i as u32, (*p - at) * (LIDS.1 / LIDS.0 - 1.0))).collect();
        all.push(lid);
    }
    all
}

fn piece(mesh: Mesh, at: Affine3A, head: usize, material: u16) -> Piece {
    let mut mesh = kinora_solids::join(&[(&mesh, at, 0)]);
    mesh.rest = mesh.positions.clone();
    mesh.tint = vec![[128; 3]; mesh.positions.len()];
    mesh.openness = vec![255; mesh.positions.len()];
    let weights = Weights::rigid(head, mesh.positions.len());
    Piece { mesh, weights, material, blink: Vec::new() }
}

fn middle(eyes: &Eyes, side: f32) -> Vec3 {
    eyes.at * Vec3::new(side, 1.0, 1.0)
}

fn forward(eyes: &Eyes, side: f32) -> Vec3 {
    (eyes.towards * Vec3::new(side, 1.0, 1.0)).normalize_or(Vec3::Z)
}
