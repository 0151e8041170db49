//! A person's body: parts are modelled on the reference adult at three levels of detail, fitted to the person's
//! proportions and joined into one mesh a level.

use super::body::{DIGITS, EYES, Fitting, HEAD, LOWER_LIDS, Proportions, SHOULDERS, TAILS, THIGHS, UPPER_LIDS, from_head, reference};
use super::eyes::{EyeLook, EyeMaterials, eyes};
use super::figure::{Shape, displaced};
use super::head::{Features, skin, tears, teeth_and_tongue};
use super::parts::{self, On};
use super::piece::{Piece, Space, kept, kept_all};
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
const NAIL: u16 = 9;
/// What hair is tied with.
const TIE: u16 = 10;
const TEARS: u16 = 11;
/// Garments follow, in the order worn.
const CLOTHES: u16 = 12;

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

const DETAILS: [Detail; 4] = [
    Detail { index: 0, head: 1.45, hair: 0.0100, hand: 0.0088, top: 0.0225, legs: 0.0230, shoe: 0.0150, parts: 1.0, sides: 12, edge: 0.012 },
    Detail { index: 1, head: 2.90, hair: 0.0205, hand: 0.0145, top: 0.0400, legs: 0.0420, shoe: 0.0250, parts: 1.8, sides: 8, edge: 0.022 },
    Detail { index: 2, head: 6.00, hair: 0.0430, hand: 0.0280, top: 0.0720, legs: 0.0700, shoe: 0.0420, parts: 2.8, sides: 5, edge: 0.045 },
    Detail { index: 3, head: 9.50, hair: 0.0640, hand: 0.0450, top: 0.1050, legs: 0.1000, shoe: 0.0600, parts: 4.2, sides: 4, edge: 0.090 },
];

/// Models a person. Two threads share the work; the result does not depend on them.
pub(crate) fn build(look: &Look, iris: Vec3) -> Modelled {
    let mut reference = reference();
    for (side, (eye, upper, lower)) in [(EYES[0], UPPER_LIDS[0], LOWER_LIDS[0]), (EYES[1], UPPER_LIDS[1], LOWER_LIDS[1])].into_iter().enumerate() {
        let at = from_head(look.shape.eye([1.0, -1.0][side]));
        [eye, upper, lower].into_iter().for_each(|b| reference[b].rest = at);
    }
    for (tail, roots) in hair::tail_roots(look.style).into_iter().enumerate() {
        (0..2).for_each(|k| reference[TAILS + 2 * tail + k].rest = from_head(look.shape.head(roots[k])));
    }
    let fitting = Fitting::new(&reference, &proportions(look));
    let features = Features { age: f32::from(u8::from(look.age == Age::Old)) };
    let shape = &look.shape;
    let (fine, coarse) = std::thread::scope(|scope| {
        let half = scope.spawn(|| head_pieces(look, &features, &DETAILS[0]));
        let mut body = body_pieces(look, &DETAILS[0]);
        let coarse: Vec<Level> =
            DETAILS[1..].iter().map(|d| level([head_pieces(look, &features, d), body_pieces(look, d)].concat(), shape, &fitting, d)).collect();
        let mut pieces = half.join().unwrap_or_default();
        pieces.append(&mut body);
        (level(pieces, shape, &fitting, &DETAILS[0]), coarse)
    });
    let levels = std::iter::once(fine).chain(coarse).collect();
    let on_head = |p: Vec3| fitting.point(from_head(p), &[HEAD as u16, 0, 0, 0], &[1.0, 0.0, 0.0, 0.0]).y;
    Modelled {
        crown: on_head(shape.head(v(0.0, 0.160, 0.0))),
        eyes: on_head(shape.eye(1.0)),
        bones: fitting.bones(&reference),
        levels,
        materials: materials(look, iris),
    }
}

fn proportions(look: &Look) -> Proportions {
    let (head, hands, legs_to_trunk) = match (look.age, look.sex) {
        (Age::Baby, _) => (0.84, 0.56, 0.58),
        (Age::Child, _) => (0.915, 0.78, 0.92),
        (Age::Teen, _) => (0.945, 0.90, 1.05),
        (_, Sex::Female) => (0.975, 0.90, 1.04),
        (Age::Old, Sex::Male) => (1.01, 1.0, 0.97),
        (Age::Adult, Sex::Male) => (1.0, 1.0, 1.0),
    };
    let sunk = match look.age {
        Age::Baby => 0.048,
        Age::Child => 0.024,
        Age::Old => 0.020,
        _ => 0.015 + 0.016 * (look.girth - 1.0).max(0.0) / 0.3 + 0.008 * look.strength,
    };
    let trunk = (look.height + sunk - 0.085 * hands - 0.381 * head) / (0.775 * legs_to_trunk + 0.535);
    let (chest, waist, limbs) = match (look.age, look.sex) {
        (Age::Baby, _) => (0.60, 0.66, 0.78),
        (Age::Child, _) => (0.74, 0.80, 0.80),
        (Age::Teen, Sex::Female) => (0.83, 0.85, 0.80),
        (Age::Teen, Sex::Male) => (0.90, 0.85, 0.83),
        (Age::Adult, Sex::Female) => (0.88, 0.90, 0.85),
        (Age::Old, Sex::Female) => (0.90, 1.00, 0.88),
        (Age::Old, Sex::Male) => (0.99, 1.04, 0.94),
        (Age::Adult, Sex::Male) => (1.055, 0.97, 0.97),
    };
    let g = look.girth;
    let strong = look.strength * if look.sex == Sex::Male { 1.0 } else { 0.4 };
    Proportions {
        legs: trunk * legs_to_trunk,
        trunk,
        arms: trunk * 0.985,
        head,
        hands,
        chest: chest * (1.0 + (g - 1.0) * 0.55) * (1.0 + 0.095 * strong),
        waist: waist * (1.0 + (g - 1.0) * if g > 1.0 { 1.1 } else { 0.9 }) * (1.0 - 0.02 * strong),
        limbs: limbs * g * (1.0 + 0.10 * strong),
        sunk,
    }
}

fn head_pieces(look: &Look, features: &Features, d: &Detail) -> Vec<Piece> {
    let mut all = vec![kept(&format!("face {} {}", features.age, d.index), FACE, || skin(features, d.head, FACE))];
    if d.index < 2 {
        all.extend(teeth_and_tongue(d.head, TEETH, TONGUE));
        all.extend(tears(features, d.sides, TEARS));
    }
    let soft = matches!(look.age, Age::Baby | Age::Child) || look.sex == Sex::Female;
    let lashes = EyeLook { flick: if soft { 0.004 } else { 0.0 }, lash: if soft { 0.0021 } else { 0.0014 }, brow: look.brow[0], arch: look.brow[1] };
    let materials = EyeMaterials { ball: EYE, lid: LID, lash: LASH, glint: GLINT, brow: HAIR };
    all.extend(eyes(features, &lashes, d.index, &materials));
    let hair_below = look.clothes.iter().map(|w| w.garment.hair_below).fold(9.0, f32::min);
    if hair_below > -0.3 {
        if look.style != hair::Style::Bald {
            let key = format!("hair {:?} {hair_below} {}", look.style, d.index);
            all.push(kept(&key, HAIR, || hair::hair(look.style, hair_below, d.hair, HAIR)));
        }
        all.extend(kept_all(&format!("tails {:?} {}", look.style, d.index), || hair::tails(look.style, d.hair * 0.9, HAIR, TIE)));
    }
    all.extend(kept_all(&format!("beard {:?} {}", look.beard, d.index), || hair::beard(look.beard, d.hair * 0.9, HAIR).into_iter().collect()));
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
        let made = kept(&format!("part {} {part:?}", d.index), material, || parts::piece(part, d.parts, 2 * d.sides, material));
        if matches!(part.on, On::Arms | On::Foot | On::Hands) { all.extend(pair(made)) } else { all.push(made) }
    }
    all
}

fn body_pieces(look: &Look, d: &Detail) -> Vec<Piece> {
    let gloves = worn(look).find_map(|(g, first)| g.gloves.map(|_| first + 1 + g.parts.len() as u16));
    let sides = [8, 6, 4, 3][d.index];
    let hands = match gloves {
        Some(material) => hand::left(d.hand * 1.2, sides, material, None).into_iter().map(|p| p.grown(0.004)).collect(),
        None => kept_all(&format!("hand {}", d.index), || hand::left(d.hand, sides, BODY, (d.index == 0).then_some(NAIL))),
    };
    let mut all: Vec<Piece> = hands.into_iter().flat_map(pair).collect();
    let coat = look.clothes.iter().map(|w| &w.garment).find(|g| g.slot == Slot::Coat).map(|g| &g.cut);
    let boots = look.clothes.iter().any(|w| w.garment.boots);
    let mut bare = Bare { trunk: true, arms: true, legs: true, feet: !boots };
    let barefoot = look.clothes.iter().any(|w| w.garment.barefoot);
    let around = d.sides + 6;
    for (garment, material) in worn(look) {
        let trousers = |thick: f32, all: &mut Vec<Piece>| {
            let key = format!("trousers {} {thick} {}", garment.length, d.index);
            all.push(kept(&key, material, || clothes::trousers(garment.length, thick, d.legs, material)));
            if garment.length > 0.2 {
                all.extend(pair(clothes::turn_ups(garment.length, thick, around, material)));
            }
        };
        match garment.slot {
            Slot::Top if coat.is_some() => {}
            // What is longer than the coat hangs out under it.
            Slot::Dress | Slot::Skirt if coat.is_some_and(|c| c.hem < 0.84) => {
                if coat.is_some_and(|c| c.hem > garment.cut.hem) {
                    all.push(clothes::skirt(&garment.cut, coat, d.legs, material));
                }
            }
            // Trunks alone.
            Slot::Suit if garment.cut.hem > 1.3 => {}
            Slot::Top | Slot::Coat | Slot::Dress | Slot::Suit => {
                all.push(kept(&format!("top {:?} {}", garment.cut, d.index), material, || clothes::top(&garment.cut, d.top, material)));
                let edges = clothes::edges(&garment.cut, around, material);
                for edge in edges {
                    // Cuffs are made for the left sleeve alone.
                    let one_sided = edge.surface.positions.iter().all(|p| p.x > 0.0);
                    if one_sided { all.extend(pair(edge)) } else { all.push(edge) }
                }
                bare.arms &= garment.cut.sleeve < 0.9;
                bare.trunk &= garment.cut.neck < 1.38;
                bare.legs &= garment.slot == Slot::Dress || garment.slot == Slot::Top || garment.slot == Slot::Coat;
            }
            Slot::Trousers => {
                trousers(garment.cut.thick, &mut all);
                bare.legs &= garment.length < 0.9;
            }
            Slot::Skirt => all.push(kept(&format!("skirt {:?} {}", garment.cut, d.index), material, || clothes::skirt(&garment.cut, None, d.legs, material))),
            Slot::Scarf => all.push(clothes::scarf(d.shoe * 0.8, material)),
            Slot::Shoes if boots || barefoot => {}
            Slot::Shoes => {
                all.extend(pair(shoe(d, material)));
                bare.feet = false;
            }
            Slot::Hat | Slot::Neck | Slot::Glasses | Slot::Over | Slot::Back | Slot::Hand | Slot::Face | Slot::Hair | Slot::Beard => {}
        }
        if garment.slot == Slot::Suit {
            trousers(garment.cut.thick * 0.7, &mut all);
            bare.legs = garment.length < 0.9;
        }
        if garment.boots {
            all.extend(pair(shoe(d, material)));
        }
        // A bib and its straps are under a coat.
        let under = coat.is_some() && garment.slot == Slot::Trousers;
        all.extend(part_pieces(garment, material, d, |on| on != On::Head && !(under && matches!(on, On::Trunk | On::Cloth))));
    }
    if bare.trunk {
        all.push(clothes::bare_trunk(d.top * 0.8, BODY));
    }
    if bare.arms {
        all.extend(pair(hand::bare_arm(d.sides, BODY)));
    }
    if bare.legs {
        all.extend(pair(hand::bare_leg(d.sides, BODY)));
    }
    if bare.feet {
        all.extend(pair(clothes::foot(d.shoe, BODY)));
    }
    all
}

fn shoe(d: &Detail, material: u16) -> Piece {
    kept(&format!("shoe {}", d.index), material, || clothes::shoe(d.shoe, material))
}

/// What no cloth covers.
struct Bare {
    trunk: bool,
    arms: bool,
    legs: bool,
    feet: bool,
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
        across(SHOULDERS, 7).or_else(|| across(THIGHS, 4)).or_else(|| across(DIGITS, 13)).or_else(|| across([TAILS + 2, TAILS + 4], 2)).unwrap_or(bone)
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
        paint::hair(look.hair, look.style),
        paint::plain(v(0.78, 0.75, 0.68), 0.35),
        paint::plain(LinearRgb(0.50, 0.13, 0.12).vec(), 0.4),
        paint::nail(look),
        paint::plain(look.clothes.iter().find(|w| matches!(w.garment.slot, Slot::Top | Slot::Dress)).map_or(v(0.5, 0.04, 0.05), |w| w.colour.vec()), 0.6),
        paint::tear(),
    ];
    all.extend(look.clothes.iter().flat_map(|w| paint::garment(w, look)));
    Arc::from(all)
}

/// Where a person's shape puts a point of the reference.
fn own(shape: &Shape, space: Space, p: Vec3) -> Vec3 {
    match space {
        Space::Body => shape.body(p),
        Space::Head => shape.carried_on_head(p, false),
        Space::Eye => shape.carried_on_head(p, true),
    }
}

/// Joins pieces into a level, fitted to the person.
fn level(mut pieces: Vec<Piece>, shape: &Shape, fitting: &Fitting, detail: &Detail) -> Level {
    pieces.sort_by_key(|p| p.material);
    let mut mesh = Mesh::default();
    let (mut bones, mut weights): (Vec<[u16; 4]>, Vec<[f32; 4]>) = (Vec::new(), Vec::new());
    let mut morphs: Vec<MorphTarget> = Vec::new();
    for piece in &pieces {
        let base = mesh.positions.len() as u32;
        let first = mesh.triangles.len() as u32;
        let surface = &piece.surface;
        for ((p, n), (b, w)) in surface.positions.iter().zip(&surface.normals).zip(&piece.weights) {
            let (p, n) = displaced(*p, *n, |p| own(shape, piece.space, p));
            mesh.positions.push(fitting.point(p, b, w));
            mesh.normals.push(fitting.normal(n, b, w));
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
            morphs[index].moves.extend(moves.iter().map(|(i, d)| {
                let from = surface.positions[*i as usize];
                let by = own(shape, piece.space, from + *d) - own(shape, piece.space, from);
                (i + base, fitting.vector(by, HEAD))
            }));
        }
    }
    mesh.bounds = Bounds::around(&mesh.positions);
    Level { mesh: Arc::new(mesh), bones: Arc::from(bones), weights: Arc::from(weights), morphs: Arc::from(morphs), edge: detail.edge }
}
