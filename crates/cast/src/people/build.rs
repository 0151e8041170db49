//! A person's body: parts are modelled on the reference adult at three levels of detail, fitted to the person's
//! proportions and joined into one mesh a level.

use super::body::{Fitting, HEAD, HEAD_AT, HEAD_SCALE, Proportions, SHOULDERS, THIGHS, reference};
use super::eyes::{EyeLook, EyeMaterials, eyes};
use super::head::{Features, skin, teeth_and_tongue};
use super::parts::{self, On};
use super::piece::Piece;
use super::shapes::v;
use super::wardrobe::{Age, GarmentSection, Look, Sex, Slot};
use super::{clothes, hair, hand, paint};
use crate::{Bone, Level, MorphTarget};
use glam::Vec3;
use kinora_base::LinearRgb;
use kinora_render::scene::{Bounds, Material, Mesh, Part};
use std::sync::Arc;

const FACE: u16 = 0;
const BODY: u16 = 1;
const LID: u16 = 2;
const EYE: u16 = 3;
const LASH: u16 = 4;
const GLINT: u16 = 5;
const HAIR: u16 = 6;
const TEETH: u16 = 7;
const TONGUE: u16 = 8;
/// Garments follow, in the order worn.
const CLOTHES: u16 = 9;

/// A modelled person.
pub(crate) struct Modelled {
    pub(crate) bones: Vec<Bone>,
    pub(crate) levels: Vec<Level>,
    pub(crate) materials: Arc<[Material]>,
    /// Crown, unscaled.
    pub(crate) crown: f32,
    /// Eye line, unscaled.
    pub(crate) eyes: f32,
}

/// Cell sizes of one level, metres.
struct Detail {
    index: usize,
    head: f32,
    hair: f32,
    hand: f32,
    top: f32,
    legs: f32,
    shoe: f32,
    /// Times as large as a part's own cells.
    parts: f32,
    sides: usize,
    edge: f32,
}

const DETAILS: [Detail; 3] = [
    Detail { index: 0, head: 1.50, hair: 0.0100, hand: 0.0088, top: 0.0225, legs: 0.0230, shoe: 0.0150, parts: 1.0, sides: 12, edge: 0.012 },
    Detail { index: 1, head: 2.80, hair: 0.0190, hand: 0.0145, top: 0.0400, legs: 0.0420, shoe: 0.0250, parts: 1.8, sides: 8, edge: 0.022 },
    Detail { index: 2, head: 5.60, hair: 0.0380, hand: 0.0280, top: 0.0720, legs: 0.0700, shoe: 0.0420, parts: 2.8, sides: 5, edge: 0.045 },
];

/// Models a person. Two threads share the work; the result does not depend on them.
pub(crate) fn build(look: &Look, iris: Vec3) -> Modelled {
    let reference = reference();
    let fitting = Fitting::new(&reference, &proportions(look));
    let features = features(look);
    let (fine, coarse) = std::thread::scope(|scope| {
        let half = scope.spawn(|| head_pieces(look, &features, &DETAILS[0]));
        let mut body = body_pieces(look, &DETAILS[0]);
        let coarse: Vec<Level> = DETAILS[1..].iter().map(|d| level([head_pieces(look, &features, d), body_pieces(look, d)].concat(), &fitting, d)).collect();
        let mut pieces = half.join().unwrap_or_default();
        pieces.append(&mut body);
        (level(pieces, &fitting, &DETAILS[0]), coarse)
    });
    let levels = std::iter::once(fine).chain(coarse).collect();
    let on_head = |p: Vec3| fitting.point(HEAD_AT + p * HEAD_SCALE, &[HEAD as u16, 0, 0, 0], &[1.0, 0.0, 0.0, 0.0]).y;
    Modelled { crown: on_head(v(0.0, 0.160, 0.0)), eyes: on_head(super::body::EYE), bones: fitting.bones(&reference), levels, materials: materials(look, iris) }
}

fn proportions(look: &Look) -> Proportions {
    let (head, hands, legs_to_trunk) = match (look.age, look.sex) {
        (Age::Baby, _) => (0.80, 0.56, 0.62),
        (Age::Child, _) => (0.90, 0.78, 0.92),
        (_, Sex::Female) => (0.975, 0.90, 1.04),
        (Age::Old, Sex::Male) => (1.01, 1.0, 0.97),
        (Age::Adult, Sex::Male) => (1.0, 1.0, 1.0),
    };
    let trunk = (look.height - 0.085 * hands - 0.381 * head) / (0.775 * legs_to_trunk + 0.535);
    let (chest, waist, limbs) = match (look.age, look.sex) {
        (Age::Baby, _) => (0.54, 0.66, 0.70),
        (Age::Child, _) => (0.74, 0.80, 0.80),
        (Age::Adult, Sex::Female) => (0.88, 0.91, 0.86),
        (Age::Old, Sex::Female) => (0.92, 1.02, 0.90),
        (Age::Old, Sex::Male) => (0.98, 1.06, 0.95),
        (Age::Adult, Sex::Male) => (1.02, 0.97, 0.97),
    };
    let g = look.girth;
    let belly = if g > 1.0 { 1.0 + (g - 1.0) * 1.5 } else { g };
    Proportions {
        legs: trunk * legs_to_trunk,
        trunk,
        arms: trunk * 0.985,
        head,
        hands,
        chest: chest * (1.0 + (g - 1.0) * 0.6),
        waist: waist * belly,
        limbs: limbs * g,
        sunk: if look.age == Age::Baby { 0.034 } else { 0.0 },
    }
}

fn features(look: &Look) -> Features {
    match (look.age, look.sex) {
        (Age::Baby, _) => Features { nose: 0.66, jaw: 0.0, cheeks: 1.22 },
        (Age::Child, _) => Features { nose: 0.80, jaw: 0.0, cheeks: 1.10 },
        (Age::Old, Sex::Male) => Features { nose: 1.22, jaw: 0.8, cheeks: 0.98 },
        (Age::Old, Sex::Female) => Features { nose: 1.08, jaw: 0.3, cheeks: 1.0 },
        (Age::Adult, Sex::Female) => Features { nose: 0.90, jaw: 0.2, cheeks: 1.0 },
        (Age::Adult, Sex::Male) => Features { nose: 1.06, jaw: 1.0, cheeks: 0.97 },
    }
}

fn head_pieces(look: &Look, features: &Features, d: &Detail) -> Vec<Piece> {
    let mut all = vec![skin(features, d.head, FACE)];
    if d.index < 2 {
        all.extend(teeth_and_tongue(d.head, TEETH, TONGUE));
    }
    let soft = matches!(look.age, Age::Baby | Age::Child) || look.sex == Sex::Female;
    let lashes = EyeLook {
        flick: if soft { 0.004 } else { 0.0 },
        lash: if soft { 0.0021 } else { 0.0014 },
        brow: if look.age == Age::Baby {
            0.62
        } else if soft {
            0.92
        } else {
            1.25
        },
    };
    let materials = EyeMaterials { ball: EYE, lid: LID, lash: LASH, glint: GLINT, brow: HAIR };
    all.extend(eyes(features, &lashes, d.index, &materials));
    let hair_below = look.clothes.iter().map(|w| w.garment.hair_below).fold(9.0, f32::min);
    if hair_below > -0.3 {
        all.push(hair::hair(look.style, hair_below, d.hair, HAIR));
    }
    if look.beard {
        all.push(hair::beard(features, d.hair * 0.9, HAIR));
    }
    for (garment, material) in worn(look) {
        if garment.slot == Slot::Hat && garment.parts.is_empty() {
            all.push(hair::hat(garment.cut.brim, d.hair * 1.3, material));
        }
        all.extend(part_pieces(garment, material, d, |on| on == On::Head));
    }
    all
}

/// What is worn, with the first of each garment's materials.
fn worn(look: &Look) -> impl Iterator<Item = (&GarmentSection, u16)> {
    look.clothes.iter().scan(CLOTHES, |next, w| {
        let first = *next;
        *next += paint::garment_count(&w.garment);
        Some((&w.garment, first))
    })
}

/// The solid things on a garment that hang where `which` says.
fn part_pieces(garment: &GarmentSection, material: u16, d: &Detail, which: impl Fn(On) -> bool) -> Vec<Piece> {
    let mut all = Vec::new();
    for (part, material) in garment.parts.iter().zip(material + 1..).filter(|(p, _)| which(p.on)) {
        let made = parts::piece(part, d.parts, 2 * d.sides, material);
        if part.on == On::Arms { all.extend(pair(made)) } else { all.push(made) }
    }
    all
}

fn body_pieces(look: &Look, d: &Detail) -> Vec<Piece> {
    let gloves = worn(look).find_map(|(g, first)| g.gloves.map(|_| first + 1 + g.parts.len() as u16));
    let mut all = pair(if let Some(material) = gloves { hand::left(d.hand * 1.2, material).grown(0.005) } else { hand::left(d.hand, BODY) });
    let wears = |slot: Slot| look.clothes.iter().any(|w| w.garment.slot == slot);
    let (coat, boots) = (wears(Slot::Coat), look.clothes.iter().any(|w| w.garment.boots));
    let mut bare_legs = false;
    let mut bare_arms = false;
    for (garment, material) in worn(look) {
        match garment.slot {
            Slot::Top if coat => {}
            Slot::Top | Slot::Coat | Slot::Dress | Slot::Suit => {
                all.push(clothes::top(&garment.cut, d.top, material));
                bare_arms |= garment.cut.sleeve < 0.9;
                bare_legs |= garment.slot == Slot::Dress;
            }
            Slot::Trousers => {
                all.push(clothes::trousers(garment.length, garment.cut.thick, d.legs, material));
                bare_legs |= garment.length < 0.9;
            }
            Slot::Skirt => {
                all.push(clothes::skirt(&garment.cut, d.legs, material));
                bare_legs = true;
            }
            Slot::Scarf => all.push(clothes::scarf(d.shoe * 0.8, material)),
            Slot::Shoes if boots => {}
            Slot::Shoes => all.extend(pair(clothes::shoe(d.shoe, material))),
            Slot::Hat | Slot::Neck | Slot::Glasses | Slot::Over | Slot::Back | Slot::Hand => {}
        }
        if garment.slot == Slot::Suit {
            all.push(clothes::trousers(garment.length, garment.cut.thick * 0.7, d.legs, material));
            bare_legs |= garment.length < 0.9;
        }
        if garment.boots {
            all.extend(pair(clothes::shoe(d.shoe, material)));
        }
        all.extend(part_pieces(garment, material, d, |on| on != On::Head));
    }
    if bare_arms {
        all.extend(pair(hand::bare_arm(d.sides, BODY)));
    }
    if bare_legs {
        all.extend(pair(hand::bare_leg(d.sides, BODY)));
    }
    all
}

/// A left part with its mirror image.
fn pair(left: Piece) -> Vec<Piece> {
    let swap = |bone: u16| {
        let across = |first: [usize; 2], count: u16| {
            let (l, r) = (first[0] as u16, first[1] as u16);
            match bone {
                b if (l..l + count).contains(&b) => Some(b - l + r),
                b if (r..r + count).contains(&b) => Some(b - r + l),
                _ => None,
            }
        };
        across(SHOULDERS, 7).or_else(|| across(THIGHS, 4)).unwrap_or(bone)
    };
    let right = left.mirrored(swap);
    vec![left, right]
}

fn materials(look: &Look, iris: Vec3) -> Arc<[Material]> {
    let mut all = vec![
        paint::face(look),
        paint::body_skin(look),
        paint::lid(look),
        paint::eye(iris),
        paint::plain(v(0.022, 0.020, 0.020), 0.6),
        paint::glint(),
        paint::hair(look.hair),
        paint::plain(v(0.78, 0.75, 0.68), 0.35),
        paint::plain(LinearRgb(0.50, 0.13, 0.12).vec(), 0.4),
    ];
    all.extend(look.clothes.iter().flat_map(paint::garment));
    Arc::from(all)
}

/// Joins pieces into a level, fitted to the person.
fn level(mut pieces: Vec<Piece>, fitting: &Fitting, detail: &Detail) -> Level {
    pieces.sort_by_key(|p| p.material);
    let mut mesh = Mesh::default();
    let (mut bones, mut weights): (Vec<[u16; 4]>, Vec<[f32; 4]>) = (Vec::new(), Vec::new());
    let mut morphs: Vec<MorphTarget> = Vec::new();
    for piece in &pieces {
        let base = mesh.positions.len() as u32;
        let first = mesh.triangles.len() as u32;
        let surface = &piece.surface;
        for ((p, n), (b, w)) in surface.positions.iter().zip(&surface.normals).zip(&piece.weights) {
            mesh.positions.push(fitting.point(*p, b, w));
            mesh.normals.push(fitting.normal(*n, b, w));
            bones.push(*b);
            weights.push(*w);
        }
        mesh.rest.extend_from_slice(&piece.rest);
        mesh.openness.extend_from_slice(&surface.openness);
        mesh.triangles.extend(surface.triangles.iter().map(|t| t.map(|i| i + base)));
        let count = mesh.triangles.len() as u32 - first;
        match mesh.parts.last_mut().filter(|p| p.material == piece.material) {
            Some(part) => part.count += count,
            None => mesh.parts.push(Part { material: piece.material, first, count }),
        }
        for (name, moves) in &piece.morphs {
            let index = morphs.iter().position(|m| m.name == *name).unwrap_or_else(|| {
                morphs.push(MorphTarget { name: (*name).to_owned(), moves: Vec::new() });
                morphs.len() - 1
            });
            morphs[index].moves.extend(moves.iter().map(|(i, d)| (i + base, fitting.vector(*d, HEAD))));
        }
    }
    mesh.bounds = Bounds::around(&mesh.positions);
    Level { mesh: Arc::new(mesh), bones: Arc::from(bones), weights: Arc::from(weights), morphs: Arc::from(morphs), edge: detail.edge }
}
