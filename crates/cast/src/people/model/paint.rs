//! Materials of a figure: its colours and pictures, on the smooth matte skin that the renderer lights like everybody else's.

use super::cut::Piece;
use glam::Vec3;
use kinora_base::LinearRgb;
use kinora_gltf::{Figure, Picture, Wrap};
use kinora_render::scene::{Material, Mesh, Relief};
use kinora_render::texture::{self, Texture};
use std::sync::Arc;

/// The renderer's light is made for things that give back at most four fifths.
const WHITE: f32 = 0.86;

/// Materials, and which of them each piece has; none = nothing of it is drawn.
pub(crate) struct Looks {
    pub(crate) materials: Arc<[Material]>,
    pub(crate) of_part: Vec<Option<u16>>,
}

/// The materials of a figure's pieces: one for each paint and coverage.
pub(crate) fn materials(figure: &Figure, pieces: &[Piece]) -> Looks {
    let pictures: Vec<Option<Arc<Texture>>> = (0..figure.pictures.len()).map(|k| picture(figure, pieces, k)).collect();
    let mut known: Vec<(Option<usize>, u32, Material)> = Vec::new();
    let mut of_part = Vec::with_capacity(pieces.len());
    for piece in pieces {
        if piece.triangles.is_empty() || known.len() > usize::from(u16::MAX) - 1 {
            of_part.push(None);
            continue;
        }
        let paint = figure.parts[piece.number].paint;
        let key = (paint, piece.opacity.to_bits());
        let place = known.iter().position(|(p, o, _)| (*p, *o) == key).unwrap_or_else(|| {
            let said = paint.map(|p| &figure.paints[p]);
            let [r, g, b, _] = said.map_or([1.0; 4], |p| p.colour);
            let metal = said.map_or(0.0, |p| p.metal);
            let material = Material {
                colour: LinearRgb(r, g, b) * WHITE,
                texture: said.and_then(|p| p.picture).and_then(|p| pictures[p].clone()),
                roughness: said.map_or(0.8, |p| p.roughness).clamp(0.25, 1.0),
                specular: 0.035 + 0.55 * (metal - 0.5).max(0.0) * 2.0,
                sheen: 0.08,
                wrap: Vec3::new(0.22, 0.14, 0.11),
                relief: Relief::None,
                relief_mm: 0.0,
                mottle: 0.0,
                two_sided: said.is_some_and(|p| p.two_sided),
                opacity: piece.opacity,
                ..Material::default()
            };
            known.push((paint, key.1, material));
            known.len() - 1
        });
        of_part.push(Some(place as u16));
    }
    Looks { materials: known.into_iter().map(|(_, _, m)| m).collect(), of_part }
}

/// A picture as the renderer takes it.
fn picture(figure: &Figure, pieces: &[Piece], k: usize) -> Option<Arc<Texture>> {
    let from = &figure.pictures[k];
    // Pixels a metre, over all that it lies on.
    let (mut on, mut of) = (0.0_f64, 0.0_f64);
    for piece in pieces {
        if figure.parts[piece.number].paint.and_then(|p| figure.paints[p].picture) != Some(k) || piece.uvs.is_empty() {
            continue;
        }
        for t in &piece.triangles {
            let [a, b, c] = t.map(|i| piece.positions[i as usize]);
            let [p, q, r] = t.map(|i| glam::Vec2::from(piece.uvs[i as usize]));
            on += f64::from((b - a).cross(c - a).length());
            of += f64::from((q - p).perp_dot(r - p).abs()) * (from.width * from.height) as f64;
        }
    }
    let density = (of / on.max(1e-12)).sqrt() as f32;
    let wrap = from.wrap.map(|w| match w {
        Wrap::Repeat => texture::Wrap::Repeat,
        Wrap::Clamp => texture::Wrap::Clamp,
        Wrap::Mirror => texture::Wrap::Mirror,
    });
    Texture::new(from.width, from.height, filled(from), wrap, density).map(Arc::new)
}

/// Colours without holes: what does not cover takes the colour of what does nearby, so that no edge has a rim of another colour.
fn filled(from: &Picture) -> Vec<[u8; 3]> {
    let plain = || from.pixels.iter().map(|p| [p[0], p[1], p[2]]).collect();
    if !from.has_holes() {
        return plain();
    }
    // Down to one pixel, each the mean of those of four that cover; then up again into the holes.
    type Level = (usize, usize, Vec<[f32; 4]>);
    let first = from.pixels.iter().map(|p| p.map(f32::from)).map(|[r, g, b, a]| if a > 127.0 { [r, g, b, 1.0] } else { [0.0; 4] }).collect();
    let mut levels: Vec<Level> = vec![(from.width, from.height, first)];
    while let Some((width, height, pixels)) = levels.last().filter(|l| l.0.max(l.1) > 1) {
        let (w, h) = (width.div_ceil(2), height.div_ceil(2));
        let mut next = vec![[0.0_f32; 4]; w * h];
        for y in 0..*height {
            for x in 0..*width {
                let (to, p) = (&mut next[y / 2 * w + x / 2], pixels[y * width + x]);
                (0..3).for_each(|c| to[c] += p[c] * p[3]);
                to[3] += p[3];
            }
        }
        next.iter_mut().filter(|p| p[3] > 0.0).for_each(|p| *p = [p[0] / p[3], p[1] / p[3], p[2] / p[3], 1.0]);
        levels.push((w, h, next));
    }
    for k in (1..levels.len()).rev() {
        let (low, high) = levels.split_at_mut(k);
        let (Some((width, _, pixels)), Some((w, _, coarse))) = (low.last_mut(), high.first()) else { break };
        for (i, p) in pixels.iter_mut().enumerate().filter(|(_, p)| p[3] == 0.0) {
            let c = coarse[i / *width / 2 * w + i % *width / 2];
            *p = [c[0], c[1], c[2], c[3]];
        }
    }
    levels[0].2.iter().map(|p| [p[0], p[1], p[2]].map(|c| (c + 0.5).clamp(0.0, 255.0) as u8)).collect()
}

/// Length of a typical edge, metres.
pub(crate) fn edge(mesh: &Mesh) -> f32 {
    let step = (mesh.triangles.len() / 2000).max(1);
    let sampled = mesh.triangles.iter().step_by(step);
    let lengths: Vec<f32> = sampled.map(|t| mesh.positions[t[0] as usize].distance(mesh.positions[t[1] as usize])).collect();
    lengths.iter().sum::<f32>() / lengths.len().max(1) as f32
}
