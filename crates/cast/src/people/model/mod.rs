//! A figure from a file of somebody's own plays a part. Its joints take the places of the cast's own skeleton, with its own
//! lengths; its skin is brought into the cast's bind pose and hung from the cast's bones. From there on it is a person like
//! all others: whatever moves people moves it, its feet stand and its hands reach by the same inverse kinematics.

mod chains;
mod cut;
mod fit;
mod joints;
mod mouth;
mod paint;
#[cfg(test)]
mod tests;

use super::body::{CROWN, EYES, HEAD, SKULL};
use super::build::Modelled;
use super::swing::Swings;
use crate::{Level, MorphTarget};
use fit::Fit;
use glam::Vec3;
use joints::Joints;
use kinora_gltf::{Figure, FileKind};
use kinora_render::scene::{Bounds, Mesh, Part};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Heights that somebody may have, metres; others are a unit that was meant otherwise.
const HEIGHTS: std::ops::RangeInclusive<f32> = 0.5..=3.0;

/// A figure that is ready to act.
pub(crate) struct Played {
    pub(crate) body: Modelled,
    /// What of it swings.
    pub(crate) swings: Swings,
    /// How far its eyes turn for each radian of gaze.
    pub(crate) gaze: f32,
    /// What was left out, in sentences.
    pub(crate) notes: Vec<String>,
}

/// Whether a human is in a figure, with a skin that hangs from it.
///
/// # Errors
/// What is missing, and what to do.
pub fn check_figure(figure: &Figure) -> Result<(), String> {
    let joints = Joints::find(figure)?;
    Fit::new(figure, &joints, 1.7).map(|_| ())
}

/// Whether a figure can open its mouth.
#[must_use]
pub fn has_mouth(figure: &Figure) -> bool {
    mouth::opens(&mouth::shapes(figure)) || Joints::find(figure).is_ok_and(|j| j.jaw.is_some())
}

/// Makes a body of a figure; `height` is how tall the role is, for figures without a plausible height of their own.
pub(crate) fn build(figure: &Figure, height: f32) -> Result<Played, String> {
    let joints = Joints::find(figure)?;
    let fit = Fit::new(figure, &joints, height)?;
    let mut notes = figure.notes.clone();
    notes.extend(fit.notes.iter().cloned());
    let parts = cut::cut(figure, &fit);
    let looks = paint::materials(figure, &parts);
    let shapes = mouth::shapes(figure);
    let mut mesh = Mesh::default();
    let (mut bones, mut weights): (Vec<[u16; 4]>, Vec<[f32; 4]>) = (Vec::new(), Vec::new());
    let mut morphs: Vec<MorphTarget> = shapes.iter().map(|s| MorphTarget { name: s.control.to_owned(), moves: Vec::new() }).collect();
    let tinted = parts.iter().any(|p| !p.colours.is_empty());
    let mut order: Vec<usize> = (0..parts.len()).filter(|k| looks.of_part[*k].is_some()).collect();
    order.sort_by_key(|k| looks.of_part[*k]);
    for part in order.into_iter().map(|k| &parts[k]) {
        let Some(material) = looks.of_part[part.number] else { continue };
        let (base, first) = (mesh.positions.len() as u32, mesh.triangles.len() as u32);
        for i in 0..part.positions.len() {
            let hung = &part.hung[i];
            mesh.positions.push(fit.point(part.positions[i], hung));
            mesh.normals.push(fit.normal(part.normals[i], hung));
            let [u, v] = part.uvs.get(i).copied().unwrap_or_default();
            mesh.rest.push(Vec3::new(u, v, 0.0));
            if tinted {
                mesh.tint.push(part.colours.get(i).map_or([128; 3], |c| c.map(|x| (x * 127.5 + 0.5).clamp(0.0, 255.0) as u8)));
            }
            bones.push(hung.bones);
            weights.push(hung.weights);
        }
        mesh.triangles.extend(part.triangles.iter().map(|t| t.map(|i| i + base)));
        let count = mesh.triangles.len() as u32 - first;
        match mesh.parts.last_mut().filter(|p| p.material == material) {
            Some(last) => last.count += count,
            None => mesh.parts.push(Part { material, first, count }),
        }
        for (shape, morph) in shapes.iter().zip(&mut morphs) {
            let own: BTreeMap<u32, Vec3> = shape.moves(figure, part.number);
            morph.moves.extend(part.spread(own).into_iter().map(|(i, way)| (i + base, fit.way(way * shape.strength, &part.hung[i as usize]))));
        }
        if let Some(jaw) = fit.jaw.filter(|_| !mouth::opens(&shapes)) {
            let opened = mouth::opened(part, &fit, jaw);
            if !opened.is_empty() {
                let moves = opened.into_iter().map(|(i, way)| (i + base, way)).collect::<Vec<_>>();
                match morphs.iter_mut().find(|m| m.name == "jaw") {
                    Some(morph) => morph.moves.extend(moves),
                    None => morphs.push(MorphTarget { name: "jaw".into(), moves }),
                }
            }
        }
    }
    morphs.retain(|m| !m.moves.is_empty());
    mesh.bounds = Bounds::around(&mesh.positions);
    let edge = paint::edge(&mesh);
    let crown = fit.bones[CROWN].rest.y;
    let eyes = (fit.bones[EYES[0]].rest.y + fit.bones[EYES[1]].rest.y) * 0.5;
    let level = Level { mesh: Arc::new(mesh), bones: bones.into(), weights: weights.into(), morphs: morphs.into(), edge };
    let gaze = figure.gaze.unwrap_or(if figure.kind == FileKind::Gltf { 0.6 } else { 0.35 });
    let gaze = if shapes.iter().any(|s| s.control.starts_with("look-")) && figure.gaze.is_none() { 0.0 } else { gaze };
    debug_assert!(fit.bones[HEAD].rest.y < fit.bones[SKULL].rest.y, "a skull lies over its neck");
    let swings = fit.swings(figure);
    let body = Modelled { bones: fit.bones, levels: vec![level], materials: looks.materials, crown, eyes };
    Ok(Played { body, swings, gaze: gaze.clamp(0.0, 1.0), notes })
}

/// The body's height in the file is kept if it is one; else it is that of the role.
fn scale(own: f32, height: f32) -> f32 {
    if HEIGHTS.contains(&own) { 1.0 } else { height / own.max(1e-6) }
}
