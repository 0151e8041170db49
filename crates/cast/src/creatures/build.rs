//! A sheet becomes meshes: every part is a blend of lumps, skinned to the bones whose lumps are near, with fur on it.

use super::format::{Lump, Part, Row, Sheet};
use super::fur;
use super::weights::{self, Weights};
use super::{eyes, feathers};
use crate::{Bone, CastError, Level, MorphTarget};
use glam::{Affine3A, EulerRot, Quat, Vec3};
use kinora_base::{LinearRgb, Seed};
use kinora_render::scene::{Coat, Material, Mesh};
use kinora_solids::{Field, affordable, at_most, join, materials, mesh_field};
use kinora_vocabulary::Vocabulary;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Cell, number of blades and size of blades at each level of detail, against the finest.
const LEVELS: [(f32, f32, f32); 3] = [(1.0, 1.0, 1.0), (2.0, 0.34, 1.5), (3.5, 0.10, 2.3)];

/// More blades of fur on one part than this are a slip of the pen.
const MOST_BLADES: usize = 400_000;

/// A mesh with the weights of its vertices and a material slot.
pub(crate) struct Piece {
    pub mesh: Mesh,
    pub weights: Weights,
    pub material: u16,
    /// Displacements when the eyes shut.
    pub blink: Vec<(u32, Vec3)>,
}

/// What a lump looks like to the skin: its field and its bone.
pub(crate) struct Grown {
    pub bone: usize,
    pub field: Field,
}

/// The skeleton, both sides.
pub(crate) fn skeleton(sheet: &Sheet, file: &str) -> Result<Vec<Bone>, CastError> {
    let mut bones: Vec<Bone> = Vec::new();
    let mut add = |name: String, parent: &str, rest: Vec3| {
        let at = bones.iter().position(|b| b.name == parent);
        if at.is_none() && !bones.is_empty() {
            return Err(CastError::Solids(format!("{file}: the joint \"{name}\" hangs on \"{parent}\", which does not come before it")));
        }
        bones.push(Bone { name, parent: at, rest });
        Ok(())
    };
    for (name, parent, rest) in &sheet.joints {
        add(name.clone(), parent, *rest)?;
        if let Some(stem) = name.strip_prefix("l_") {
            let other = parent.strip_prefix("l_").map_or_else(|| parent.clone(), |p| format!("r_{p}"));
            add(format!("r_{stem}"), &other, *rest * Vec3::new(-1.0, 1.0, 1.0))?;
        }
    }
    if bones.is_empty() {
        return Err(CastError::Solids(format!("{file}: `joints` is empty; the first one is the root")));
    }
    Ok(bones)
}

/// All levels of detail and the materials.
pub(crate) fn levels(
    sheet: &Sheet,
    bones: &[Bone],
    vocabulary: &Vocabulary,
    colour: Option<LinearRgb>,
    seed: Seed,
    file: &str,
) -> Result<(Vec<Level>, Vec<Material>), CastError> {
    let coat = colour.unwrap_or(sheet.coat);
    let mut all = Vec::new();
    for part in &sheet.parts {
        all.push(material(part, sheet, coat, vocabulary)?);
    }
    let feathers_from = all.len() as u16;
    for row in &sheet.feathers {
        all.push(vane(row.colour.unwrap_or(coat), vocabulary)?);
    }
    let eyes_from = all.len() as u16;
    all.extend(eyes::materials(&sheet.eyes, if colour.is_some() { coat } else { sheet.eyes.lid }));
    let grown: Result<Vec<Vec<Grown>>, CastError> = sheet.parts.iter().map(|p| grow(p, bones, file)).collect();
    let grown = grown?;
    let rows = rows(sheet, bones, file)?;
    let head = bones.iter().position(|b| b.name == "head").unwrap_or(0);
    let mut shaped = shapes(sheet, &grown, seed).into_iter();
    let mut levels = Vec::new();
    for (cell, ..) in LEVELS {
        let mut pieces: Vec<Piece> = shaped.by_ref().take(sheet.parts.len()).flatten().collect();
        for (index, row, bone, side) in &rows {
            pieces.push(feathers::row(row, *bone, *side, feathers_from + index));
        }
        pieces.extend(eyes::pieces(&sheet.eyes, head, eyes_from, cell));
        levels.push(level(&pieces, cell * sheet.parts.first().map_or(0.01, |p| p.cell)));
    }
    Ok((levels, all))
}

/// Every part at every level, level by level: shared out among the processors, for the finest parts take long.
fn shapes(sheet: &Sheet, grown: &[Vec<Grown>], seed: Seed) -> Vec<Vec<Piece>> {
    let parts = sheet.parts.len();
    let count = LEVELS.len() * parts;
    let one = |job: usize| {
        let (part, (cell, share, size)) = (job % parts, LEVELS[job / parts]);
        shape(&sheet.parts[part], sheet, &grown[part], part as u16, (cell, share, size), seed.index(part as u64))
    };
    let next = AtomicUsize::new(0);
    let take = || std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)).filter(|job| *job < count)).map(|job| (job, one(job))).collect::<Vec<_>>();
    let hands = std::thread::available_parallelism().map_or(1, |n| n.get()).min(count.max(1));
    let mut all: Vec<(usize, Vec<Piece>)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..hands).map(|_| scope.spawn(take)).collect();
        let mut mine = take();
        for other in others {
            match other.join() {
                Ok(made) => mine.extend(made),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        mine
    });
    all.sort_by_key(|(job, _)| *job);
    all.into_iter().map(|(_, pieces)| pieces).collect()
}

/// A part's material: the named one with the animal's colour and markings.
fn material(part: &Part, sheet: &Sheet, coat: LinearRgb, vocabulary: &Vocabulary) -> Result<Material, CastError> {
    let base = part.colour.unwrap_or(coat);
    let mut material = materials::named(vocabulary, &part.material, Some(base)).map_err(|e| CastError::Solids(e.to_string()))?;
    let mut coats: Vec<Coat> = part
        .markings
        .iter()
        .map(|m| Coat {
            colour: m.colour.unwrap_or(base * m.shade.unwrap_or(1.0)),
            mask: m.mask,
            soft: m.soft,
            wobble: m.wobble,
            amount: m.amount,
            mirror: true,
        })
        .collect();
    if part.sockets {
        coats.push(eyes::liner(&sheet.eyes));
    }
    material.coats = coats.into();
    material.takes_snow = false;
    // Fur blades are seen from both sides.
    material.two_sided = part.fur.is_some();
    Ok(material)
}

/// What feathers are of.
fn vane(colour: LinearRgb, vocabulary: &Vocabulary) -> Result<Material, CastError> {
    let mut material = materials::named(vocabulary, "felt", Some(colour)).map_err(|e| CastError::Solids(e.to_string()))?;
    material.takes_snow = false;
    material.two_sided = true;
    Ok(material)
}

/// A row of feathers on one side: its number, itself, the joints of quills and tips, 1 for the left.
type Fan<'a> = (u16, &'a Row, [usize; 2], f32);

/// Rows of feathers on both sides.
fn rows<'a>(sheet: &'a Sheet, bones: &[Bone], file: &str) -> Result<Vec<Fan<'a>>, CastError> {
    let mut all = Vec::new();
    for (index, row) in sheet.feathers.iter().enumerate() {
        for side in [1.0, -1.0] {
            let find = |left: &str| {
                let name = if side > 0.0 { left.to_owned() } else { left.strip_prefix("l_").map_or_else(|| left.to_owned(), |n| format!("r_{n}")) };
                let bone = bones.iter().position(|b| b.name == name);
                bone.ok_or_else(|| CastError::Solids(format!("{file}: feathers ride on \"{name}\", which is no joint")))
            };
            let bone = [find(&row.bone)?, find(row.tip_bone.as_ref().unwrap_or(&row.bone))?];
            all.push((index as u16, row, bone, side));
        }
    }
    Ok(all)
}

fn grow(part: &Part, bones: &[Bone], file: &str) -> Result<Vec<Grown>, CastError> {
    let mut grown = Vec::new();
    for (name, lump) in &part.lumps {
        let bone = |name: &str| {
            bones.iter().position(|b| b.name == name).ok_or_else(|| CastError::Solids(format!("{file}: a lump rides on \"{name}\", which is no joint")))
        };
        grown.push(Grown { bone: bone(name)?, field: lump.field(1.0) });
        if lump.paired() {
            let other = name.strip_prefix("l_").map_or_else(|| name.clone(), |n| format!("r_{n}"));
            grown.push(Grown { bone: bone(&other)?, field: lump.field(-1.0) });
        }
    }
    let whole = Field::Union(grown.iter().map(|g| g.field.clone()).collect(), part.k);
    let blades = part.fur.as_ref().map_or(0, |f| f.count);
    affordable(&whole, part.cell).and_then(|()| at_most("`count` of fur", blades, MOST_BLADES)).map_err(|e| CastError::Solids(format!("{file}: {e}")))?;
    Ok(grown)
}

fn shape(part: &Part, sheet: &Sheet, lumps: &[Grown], material: u16, (cell, share, size): (f32, f32, f32), seed: Seed) -> Vec<Piece> {
    let mut field = Field::Union(lumps.iter().map(|l| l.field.clone()).collect(), part.k);
    let mut cut: Vec<Field> = part.carve.iter().flat_map(|c| if c.paired() { vec![c.field(1.0), c.field(-1.0)] } else { vec![c.field(1.0)] }).collect();
    if part.sockets {
        cut.extend(eyes::sockets(&sheet.eyes));
    }
    if !cut.is_empty() {
        field = Field::Subtract(Box::new(field), Box::new(Field::Union(cut, 0.0)), part.cell);
    }
    if part.rough > 0.0 {
        field = Field::Rough { field: Box::new(field), height: part.rough, scale: 0.16 / part.cell };
    }
    let coarse = if part.thin { 1.0 + (cell - 1.0) * 0.3 } else { cell };
    let mut mesh = mesh_field(&field, part.cell * coarse);
    mesh.rest = mesh.positions.clone();
    mesh.tint = vec![[128; 3]; mesh.positions.len()];
    let weights = weights::of(&mesh.positions, lumps, part.soft);
    let mut pieces = Vec::new();
    if let Some(coat) = &part.fur {
        pieces.push(fur::grow(coat, &mesh, &weights, material, (share, size), seed));
    }
    pieces.push(Piece { mesh, weights, material, blink: Vec::new() });
    pieces
}

fn level(pieces: &[Piece], edge: f32) -> Level {
    let placed: Vec<(&Mesh, Affine3A, u16)> = pieces.iter().map(|p| (&p.mesh, Affine3A::IDENTITY, p.material)).collect();
    let mesh = join(&placed);
    // `join` puts pieces of one material together; weights follow in the same order.
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    order.sort_by_key(|i| pieces[*i].material);
    let (mut bones, mut weights, mut blink) = (Vec::new(), Vec::new(), Vec::new());
    for i in order {
        let base = bones.len() as u32;
        blink.extend(pieces[i].blink.iter().map(|(v, by)| (v + base, *by)));
        bones.extend_from_slice(&pieces[i].weights.bones);
        weights.extend_from_slice(&pieces[i].weights.weights);
    }
    let morphs = vec![MorphTarget { name: "blink".into(), moves: blink }];
    Level { mesh: Arc::new(mesh), bones: bones.into(), weights: weights.into(), morphs: morphs.into(), edge }
}

impl Lump {
    /// Whether it has a twin on the right.
    fn paired(&self) -> bool {
        match self {
            Self::Ball(at, _) | Self::Slab(at, ..) => at.x > 1e-4,
            Self::Bone(from, to, ..) => from.x + to.x > 1e-4,
            Self::Curve(points) => points.iter().any(|p| p.0.x > 1e-4),
            Self::Leaf { root, .. } => root.x > 1e-4,
        }
    }

    /// The left one (1) or the right one (-1).
    fn field(&self, side: f32) -> Field {
        let m = |p: Vec3| Vec3::new(p.x * side, p.y, p.z);
        match self {
            Self::Ball(at, radii) => Field::Ellipsoid { at: m(*at), radii: *radii },
            Self::Bone(from, to, a, b) => Field::Capsule { from: m(*from), to: m(*to), radii: [*a, *b] },
            Self::Curve(points) => Field::Curve(points.iter().map(|(p, r)| (m(*p), *r)).collect()),
            Self::Slab(at, half, turn, round) => {
                let t = *turn * (std::f32::consts::PI / 180.0);
                let turn = Quat::from_euler(EulerRot::YXZ, t.y * side, t.x, t.z * side);
                Field::Placed { field: Box::new(Field::RoundBox { at: Vec3::ZERO, half: *half, round: *round }), at: m(*at), turn }
            }
            Self::Leaf { root, tip, across, cup, thick } => {
                let rib = |s: f32| {
                    let foot = *root + *across * s + *cup * (s * s);
                    let waist = foot.lerp(*tip, 0.5) + *across * (s * 0.12);
                    Field::Curve(vec![(m(foot), thick.0), (m(waist), (thick.0 + thick.1) * 0.5), (m(*tip), thick.1)])
                };
                // As many ribs as leave no gaps between them.
                let gaps = ((across.length() / thick.0).ceil() as usize).clamp(3, 7);
                let at = |i: usize| i as f32 * 2.0 / gaps as f32 - 1.0;
                Field::Union((0..=gaps).map(|i| rib(at(i))).collect(), thick.0)
            }
        }
    }
}
