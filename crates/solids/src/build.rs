//! Sections to models: every level of detail of a thing, with its materials.

use crate::format::{Lump, Paint, Solid, Triple};
use crate::lettering::{self, Letters};
use crate::tufts::{Tufts, tufts};
use crate::{Field, SolidsError, join, limits, materials, mesh_field, primitives, wreck};
use glam::{Affine3A, EulerRot, Quat, Vec2, Vec3};
use kinora_base::maths::{cos, sin};
use kinora_base::{LinearRgb, Rng, Seed};
use kinora_render::scene::{Bounds, Instance, Material, Mesh, Part};
use kinora_vocabulary::{Asset, Kind, Vocabulary};
use std::sync::Arc;

/// How one thing is finished.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Finish {
    /// A colour of the vocabulary for what is tinted.
    pub colour: Option<String>,
    /// A material of the vocabulary for what is tinted.
    pub material: Option<String>,
    /// How far doors, lids and covers are open, of [`WIDE_OPEN`]; none = as written.
    pub open: Option<u8>,
    /// In pieces.
    pub broken: bool,
    /// What shines does not.
    pub dark: bool,
    /// It shines all over in its own colour, or in that which was asked for, unless it has a light of its own.
    pub aglow: bool,
    /// What is written on it; none = its own words.
    pub text: Option<String>,
    /// All chance comes from here.
    pub seed: u64,
}

/// [`Finish::open`] of what is wide open.
pub const WIDE_OPEN: u8 = 16;

/// A thing ready to be drawn.
#[derive(Clone, Debug)]
pub struct Model {
    /// Finest first.
    pub levels: Vec<ModelLevel>,
    /// Materials that the meshes' parts index.
    pub materials: Arc<[Material]>,
    /// A box around the finest level.
    pub bounds: Bounds,
}

/// One level of detail.
#[derive(Clone, Debug)]
pub struct ModelLevel {
    /// The mesh.
    pub mesh: Arc<Mesh>,
    /// Length of a typical triangle edge, metres.
    pub edge: f32,
}

impl Model {
    /// From meshes and materials.
    #[must_use]
    pub fn new(meshes: Vec<Mesh>, materials: Vec<Material>) -> Self {
        let bounds = meshes.first().map(|m| m.bounds).unwrap_or_default();
        let levels = meshes.into_iter().map(|m| ModelLevel { edge: typical_edge(&m), mesh: Arc::new(m) }).collect();
        Self { levels, materials: Arc::from(materials), bounds }
    }

    /// The model somewhere in the world.
    #[must_use]
    pub fn instance(&self, level: usize, world_from_object: Affine3A, id: u16) -> Instance {
        Instance {
            mesh: self.levels[level.min(self.levels.len() - 1)].mesh.clone(),
            materials: self.materials.clone(),
            world_from_object,
            previous_world_from_object: world_from_object,
            pose: None,
            id,
            casts_shadow: true,
            sway: 0.0,
        }
    }

    /// The coarsest level whose typical edge is at most this long.
    #[must_use]
    pub fn level_for(&self, edge: f32) -> usize {
        (0..self.levels.len()).rev().find(|k| self.levels[*k].edge <= edge).unwrap_or(0)
    }
}

/// The edge of an equilateral triangle of mean area.
fn typical_edge(mesh: &Mesh) -> f32 {
    let area: f32 = mesh
        .triangles
        .iter()
        .map(|t| {
            let [a, b, c] = t.map(|i| mesh.positions[i as usize]);
            (b - a).cross(c - a).length() * 0.5
        })
        .sum();
    (area / mesh.triangles.len().max(1) as f32 * 2.31).sqrt()
}

/// Builds the `solids:` section of an asset.
///
/// # Errors
/// If the section is missing or broken, or names a material that is not there.
pub fn build(asset: &Asset, vocabulary: &Vocabulary, finish: &Finish) -> Result<Model, SolidsError> {
    build_lettered(asset, vocabulary, finish, &Letters::default())
}

/// As [`build`], with other fonts than those of the binary.
///
/// # Errors
/// As [`build`].
pub fn build_lettered(asset: &Asset, vocabulary: &Vocabulary, finish: &Finish, letters: &Letters) -> Result<Model, SolidsError> {
    let solids: Vec<Solid> = asset.section("solids")?.ok_or_else(|| SolidsError::Missing { file: asset.file() })?;
    let plain = (finish.aglow && has_light(asset)).then(|| Finish { aglow: false, ..finish.clone() });
    let finish = plain.as_ref().unwrap_or(finish);
    build_list(&solids, vocabulary, finish, letters).map_err(|e| SolidsError::Within { file: asset.file(), source: Box::new(e) })
}

/// Whether a thing has a lamp, a flame or a part that shines.
fn has_light(asset: &Asset) -> bool {
    let marks = [("solids", "Glow("), ("prop", "lamp:"), ("prop", "flames:")];
    asset.raw_sections().any(|(name, text)| marks.iter().any(|(section, mark)| *section == name && text.contains(mark)))
}

/// Builds a list of solids.
///
/// # Errors
/// If a material is not there.
pub fn build_solids(solids: &[Solid], vocabulary: &Vocabulary, finish: &Finish) -> Result<Model, SolidsError> {
    build_list(solids, vocabulary, finish, &Letters::default())
}

/// What is less of its box than this is an arch, a ring or a slanting bar: its box says nothing about what it hides.
const FULL: f32 = 0.3;

/// The boxes, lowest and highest corner in metres, of those pieces of a list of solids that fill theirs for the most part.
///
/// # Errors
/// As [`build_solids`].
pub fn masses(solids: &[Solid], vocabulary: &Vocabulary) -> Result<Vec<(Vec3, Vec3)>, SolidsError> {
    let (finish, letters) = (Finish::default(), Letters::default());
    let mut palette = Palette { vocabulary, finish: &finish, letters: &letters, materials: Vec::new() };
    let pieces = made(solids, &mut palette, 2)?;
    let mut boxes = Vec::new();
    for (mesh, world, _) in &pieces {
        let places: Vec<Vec3> = mesh.positions.iter().map(|p| world.transform_point3(*p)).collect();
        let (low, high) = places.iter().fold((Vec3::INFINITY, Vec3::NEG_INFINITY), |(low, high), p| (low.min(*p), high.max(*p)));
        // By Gauss's theorem, about a corner of the box so that small differences of large numbers do not count.
        let six = |t: &[u32; 3]| {
            let [a, b, c] = t.map(|k| places[k as usize] - low);
            a.dot(b.cross(c))
        };
        let volume = mesh.triangles.iter().map(six).sum::<f32>() / 6.0;
        if volume.abs() > FULL * (high - low).element_product() {
            boxes.push((low, high));
        }
    }
    Ok(boxes)
}

/// The triangles of each solid of a thing, as it is made when nobody looks closely: what a hand feels of it.
///
/// # Errors
/// As [`build`].
pub fn surfaces(asset: &Asset, vocabulary: &Vocabulary) -> Result<Vec<Vec<[Vec3; 3]>>, SolidsError> {
    let solids: Vec<Solid> = asset.section("solids")?.ok_or_else(|| SolidsError::Missing { file: asset.file() })?;
    surfaces_of(&solids, vocabulary, 1)
}

/// As [`surfaces`], of a list of solids and with a seed.
///
/// # Errors
/// As [`build_solids`].
pub fn surfaces_of(solids: &[Solid], vocabulary: &Vocabulary, seed: u64) -> Result<Vec<Vec<[Vec3; 3]>>, SolidsError> {
    let (finish, letters) = (Finish { seed, ..Finish::default() }, Letters::default());
    let mut palette = Palette { vocabulary, finish: &finish, letters: &letters, materials: Vec::new() };
    let pieces = made(solids, &mut palette, 2)?;
    let corners = |(mesh, world, _): &(Mesh, Affine3A, u16)| {
        let places: Vec<Vec3> = mesh.positions.iter().map(|p| world.transform_point3(*p)).collect();
        mesh.triangles.iter().map(|t| t.map(|k| places[k as usize])).collect()
    };
    Ok(pieces.iter().map(corners).collect())
}

/// The pieces of a list at one level: meshes, where they are, and their materials.
fn made(solids: &[Solid], palette: &mut Palette<'_>, level: usize) -> Result<Vec<(Mesh, Affine3A, u16)>, SolidsError> {
    let (mut pieces, seed) = (Vec::new(), Seed(palette.finish.seed));
    Maker { palette, level, seed, pieces: &mut pieces, ticket: 0, depth: 0, made: 0, triangles: 0 }.all(solids, Affine3A::IDENTITY)?;
    Ok(pieces)
}

fn build_list(solids: &[Solid], vocabulary: &Vocabulary, finish: &Finish, letters: &Letters) -> Result<Model, SolidsError> {
    let mut palette = Palette { vocabulary, finish, letters, materials: Vec::new() };
    let mut meshes = Vec::new();
    for level in 0..3 {
        let pieces = made(solids, &mut palette, level)?;
        let refs: Vec<(&Mesh, Affine3A, u16)> = pieces.iter().map(|(m, a, s)| (m, *a, *s)).collect();
        let mesh = join(&refs);
        meshes.push(if finish.broken { wreck::broken(&mesh, finish.seed) } else { mesh });
    }
    Ok(Model::new(meshes, palette.materials))
}

/// The materials of one model.
struct Palette<'a> {
    vocabulary: &'a Vocabulary,
    finish: &'a Finish,
    letters: &'a Letters,
    materials: Vec<Material>,
}

impl Palette<'_> {
    fn slot(&mut self, paint: &Paint) -> Result<u16, SolidsError> {
        let v = self.vocabulary;
        let material = match paint {
            Paint::In(name, colour) => materials::named(v, name, Some(*colour))?,
            Paint::Tint(name, colour) => self.tinted(name, *colour)?,
            Paint::Coats(name, colour, coats) => Material { coats: Arc::from(coats.as_slice()), ..materials::named(v, name, Some(*colour))? },
            Paint::TintCoats(name, colour, coats) => Material { coats: Arc::from(coats.as_slice()), ..self.tinted(name, *colour)? },
            Paint::TintGlow(colour, strength) => {
                let asked = self.finish.colour.as_deref().map(|c| materials::colour(v, c)).transpose()?.flatten();
                // A coloured light is as bright as another, whatever its colour is as a paint.
                let bright = |c: LinearRgb| c * (1.0 / c.0.max(c.1).max(c.2).max(0.05));
                return self.slot(&Paint::Glow(asked.map_or(*colour, bright), *strength));
            }
            Paint::Glow(colour, _) if self.finish.dark => Material { colour: *colour * 0.3, relief_mm: 0.0, mottle: 0.0, ..Material::default() },
            Paint::Glow(colour, strength) => Material { colour: *colour, emission: *colour * *strength, relief_mm: 0.0, mottle: 0.0, ..Material::default() },
        };
        let material = if self.finish.aglow { self.aglow(material, matches!(paint, Paint::Tint(..) | Paint::TintCoats(..)))? } else { material };
        if let Some(at) = self.materials.iter().position(|m| *m == material) {
            return Ok(at as u16);
        }
        self.materials.push(material);
        Ok(self.materials.len() as u16 - 1)
    }

    /// A material that shines: in the colour that was asked for, most where the thing takes it, or in its own.
    fn aglow(&self, material: Material, takes: bool) -> Result<Material, SolidsError> {
        let asked = self.finish.colour.as_deref().map(|c| materials::colour(self.vocabulary, c)).transpose()?.flatten();
        let bright = |c: LinearRgb, to: f32| c * (to / c.0.max(c.1).max(c.2).max(0.05));
        let own = material.colour.0.max(material.colour.1).max(material.colour.2);
        // Shape still shows: what is dark on it shines less, and what has another colour than the one that it takes hardly at all.
        let metal = material.specular >= 0.3;
        let most = if asked.is_some() {
            1.2
        } else if metal {
            2.0
        } else if takes {
            0.8
        } else {
            0.3
        };
        let strength = most * own.sqrt().clamp(0.25, 0.9);
        let hue = asked.unwrap_or_else(|| if metal { material.colour.mix(LinearRgb(0.55, 0.75, 1.0) * own, 0.5) } else { material.colour });
        Ok(Material { emission: bright(hue, strength), ..material })
    }

    fn tinted(&self, name: &str, colour: LinearRgb) -> Result<Material, SolidsError> {
        let asked = self.finish.colour.as_deref().map(|c| materials::colour(self.vocabulary, c)).transpose()?.flatten();
        let wanted = self.finish.material.as_deref().map(|m| materials::asked(self.vocabulary, m)).transpose()?;
        let name = wanted.as_deref().unwrap_or(name);
        let own = if self.finish.material.is_some() && asked.is_none() { None } else { Some(asked.unwrap_or(colour)) };
        materials::named(self.vocabulary, name, own)
    }
}

/// Makes the pieces of one level.
struct Maker<'m, 'p> {
    palette: &'m mut Palette<'p>,
    level: usize,
    seed: Seed,
    pieces: &'m mut Vec<(Mesh, Affine3A, u16)>,
    /// Counts what is left to chance, so that every level makes the same choices.
    ticket: u64,
    /// How many props deep this is.
    depth: usize,
    /// Solids made so far, and their triangles.
    made: usize,
    triangles: usize,
}

/// A prop may use a prop that uses a prop, but not for ever.
const DEEPEST: usize = 6;
/// More of one solid than this in one thing are a slip of the pen.
const MOST: usize = 20_000;
/// And more of all together.
const MOST_MADE: usize = 300_000;
const MOST_TRIANGLES: usize = 8_000_000;
/// Blades and tufts of one solid.
const MOST_BLADES: usize = 400_000;

/// Factors by level of detail.
const CELLS: [f32; 3] = [1.0, 2.0, 3.6];
const FACETS: [f32; 3] = [1.0, 0.6, 0.35];
const TUFTS: [(f32, f32); 3] = [(1.0, 1.0), (0.4, 1.45), (0.13, 2.4)];

fn v(t: Triple) -> Vec3 {
    Vec3::new(t.0, t.1, t.2)
}

fn turned(t: Triple) -> Quat {
    Quat::from_euler(EulerRot::YXZ, t.1.to_radians(), t.0.to_radians(), t.2.to_radians())
}

fn share(t: Triple, of: f32) -> Triple {
    (t.0 * of, t.1 * of, t.2 * of)
}

fn placed(at: Triple, turn: Triple) -> Affine3A {
    Affine3A::from_rotation_translation(turned(turn), v(at))
}

impl Maker<'_, '_> {
    fn all(&mut self, solids: &[Solid], at: Affine3A) -> Result<(), SolidsError> {
        // An empty list counts too: a repeat of nothing must also end.
        self.made += solids.len().max(1);
        limits::at_most("solids of a thing", self.made, MOST_MADE)?;
        solids.iter().try_for_each(|s| self.one(s, at))
    }

    fn facets(&self, finest: usize) -> usize {
        ((finest as f32 * FACETS[self.level]) as usize).max(6)
    }

    /// Segments of a box's rounding: more for fat cushions, none far away.
    fn bevel(&self, half: Vec3, round: f32) -> usize {
        let fat = round > half.min_element() * 0.5 && half.max_element() > 0.1;
        match self.level {
            0 if fat => 3,
            0 => 1,
            1 if fat => 2,
            1 if half.max_element() > 0.15 => 1,
            _ => 0,
        }
    }

    fn chance(&mut self) -> Rng {
        self.ticket += 1;
        self.seed.child("chance").index(self.ticket).rng()
    }

    /// Solids whose brightness is changed.
    fn varied(&mut self, of: &[Solid], world: Affine3A, factor: f32) -> Result<(), SolidsError> {
        let first = self.pieces.len();
        self.all(of, world)?;
        for (mesh, _, _) in &mut self.pieces[first..] {
            if mesh.tint.is_empty() {
                mesh.tint = vec![[128; 3]; mesh.positions.len()];
            }
            for tint in &mut mesh.tint {
                *tint = tint.map(|t| (f32::from(t) * factor).clamp(0.0, 255.0) as u8);
            }
        }
        Ok(())
    }

    /// The solids of another prop.
    fn other(&mut self, word: &str, world: Affine3A) -> Result<(), SolidsError> {
        let known = || self.palette.vocabulary.of(Kind::Prop).map(|a| a.id.clone()).collect::<Vec<_>>().join(", ");
        let asset = self.palette.vocabulary.get(Kind::Prop, word).ok_or_else(|| SolidsError::Prop { name: word.to_owned(), known: known() })?;
        if self.depth >= DEEPEST {
            return Err(SolidsError::Circle { name: word.to_owned() });
        }
        let solids: Vec<Solid> = asset.section("solids")?.ok_or_else(|| SolidsError::Missing { file: asset.file() })?;
        self.depth += 1;
        let made = self.all(&solids, world);
        self.depth -= 1;
        made
    }

    fn add(&mut self, mesh: Mesh, at: Affine3A, paint: &Paint) -> Result<(), SolidsError> {
        let slot = self.palette.slot(paint)?;
        limits::somewhere(&mesh, &at)?;
        self.triangles += mesh.triangles.len();
        limits::at_most("triangles of a thing", self.triangles, MOST_TRIANGLES)?;
        self.pieces.push((mesh, at, slot));
        Ok(())
    }

    fn one(&mut self, solid: &Solid, world: Affine3A) -> Result<(), SolidsError> {
        match solid {
            Solid::Box { at, half, round, turn, paint } => {
                self.add(primitives::rounded_box(v(*half), *round, self.bevel(v(*half), *round)), world * placed(*at, *turn), paint)
            }
            Solid::Ball { at, radii, paint } => self.add(primitives::ball(v(*radii), self.facets(24)), world * placed(*at, (0.0, 0.0, 0.0)), paint),
            Solid::Capsule { from, to, radii, paint } => self.add(primitives::capsule(v(*from), v(*to), [radii.0, radii.1], self.facets(14)), world, paint),
            Solid::Lathe { at, profile, turn, facets, lobes, paint } => {
                limits::at_most("`facets` of a lathe", *facets, 2000)?;
                let profile: Vec<Vec2> = profile.iter().map(|p| Vec2::new(p.0, p.1)).collect();
                limits::outward_profile(&profile)?;
                let mut mesh = primitives::lathe(&profile, self.facets(*facets));
                lobe(&mut mesh, *lobes);
                self.add(mesh, world * placed(*at, *turn), paint)
            }
            Solid::Tube { path, paint } => self.add(primitives::tube(&smooth_path(path, self.level), self.facets(12)), world, paint),
            Solid::Extrude { at, outline, depth, turn, paint } => {
                let outline: Vec<Vec2> = outline.iter().map(|p| Vec2::new(p.0, p.1)).collect();
                limits::outward("`outline` of an extrusion", &outline)?;
                self.add(primitives::extrude(&outline, *depth), world * placed(*at, *turn), paint)
            }
            Solid::Blend { cell, k, of, without, rough, mirror, paint } => {
                self.ticket += 1;
                let seed = self.seed.child("blend").index(self.ticket);
                let (field, cell) = (blend(of, without, *k, *rough, *mirror, seed), cell.max(0.0005) * CELLS[self.level]);
                limits::affordable(&field, cell)?;
                self.add(mesh_field(&field, cell), world, paint)
            }
            Solid::Tufted { of, count, length, width, lift, along, vary, paint } => {
                limits::at_most("`count` of tufts", *count, MOST_BLADES)?;
                let first = self.pieces.len();
                self.all(of, world)?;
                let (share, grow) = TUFTS[self.level];
                let style = Tufts {
                    count: (*count as f32 * share) as usize,
                    length: length * grow.min(1.5),
                    width: width * grow,
                    lift: *lift,
                    along: v(*along),
                    vary: *vary,
                };
                let bases: Vec<(&Mesh, Affine3A, u16)> = self.pieces[first..].iter().map(|(m, a, s)| (m, *a, *s)).collect();
                let (grown, _) = tufts(&join(&bases), &style, self.seed.child("tufts").index(first as u64), &|_, _| 1.0);
                self.add(grown, Affine3A::IDENTITY, paint)
            }
            Solid::Blades { count, radius, length, width, bend, paint } => {
                limits::at_most("`count` of blades", *count, MOST_BLADES)?;
                let (share, grow) = [(1.0, 1.0), (0.6, 1.4), (0.3, 2.2)][self.level];
                let mesh = blades((*count as f32 * share).ceil() as usize, *radius, *length, width * grow, *bend, self.level, self.seed.child("blades"));
                self.add(mesh, world, paint)
            }
            Solid::Group { at, turn, scale, of } => self.all(of, world * placed(*at, *turn) * Affine3A::from_scale(Vec3::splat(*scale))),
            Solid::Repeat { count, step, of } => {
                limits::at_most("`count` of a repeat", *count, MOST)?;
                (0..*count).try_for_each(|i| self.all(of, world * Affine3A::from_translation(v(*step) * i as f32)))
            }
            Solid::Ring { count, of } => {
                limits::at_most("`count` of a ring", *count, MOST)?;
                (0..*count).try_for_each(|i| self.all(of, world * Affine3A::from_rotation_y(std::f32::consts::TAU * i as f32 / *count as f32)))
            }
            Solid::Wonky { shift, turn, vary, size, of } => {
                let mut rng = self.chance();
                let mut three = |t: Triple| (t.0 * rng.signed(), t.1 * rng.signed(), t.2 * rng.signed());
                let (shift, turn) = (three(*shift), three(*turn));
                self.varied(of, world * placed(shift, turn) * Affine3A::from_scale(Vec3::splat(1.0 + size * rng.signed())), 1.0 + vary * rng.signed())
            }
            Solid::Scatter { count, half, size, vary, of } => {
                limits::at_most("`count` of a scatter", *count, MOST)?;
                (0..*count).try_for_each(|_| {
                    let mut rng = self.chance();
                    let at = v(*half) * Vec3::new(rng.signed(), rng.signed(), rng.signed());
                    let place = Affine3A::from_translation(at)
                        * Affine3A::from_rotation_y(rng.range(0.0, std::f32::consts::TAU))
                        * Affine3A::from_scale(Vec3::splat(1.0 + size * rng.signed()));
                    self.varied(of, world * place, 1.0 + vary * rng.signed())
                })
            }
            Solid::Hinge { at, open, closed, slide, of } => {
                let amount = self.palette.finish.open.map(|n| f32::from(n.min(WIDE_OPEN)) / f32::from(WIDE_OPEN));
                let hung = amount.map_or(Affine3A::IDENTITY, |a| placed((0.0, 0.0, 0.0), share(*closed, 1.0 - a)) * placed(share(*slide, a), share(*open, a)));
                self.all(of, world * Affine3A::from_translation(v(*at)) * hung)
            }
            Solid::Levels { from, to, of } => {
                if (*from..=*to).contains(&self.level) {
                    return self.all(of, world);
                }
                Ok(())
            }
            Solid::Lettering { at, room, turn, depth, face, most, capitals, tracking, text, paint } => {
                let text = self.palette.finish.text.as_deref().unwrap_or(text);
                let text = if *capitals { text.to_uppercase() } else { text.to_owned() };
                let style = lettering::Style { face: *face, room: *room, depth: *depth, most: *most, tracking: *tracking };
                match lettering::mesh(&text, &style, self.palette.letters, self.level) {
                    Some(mesh) => self.add(mesh, world * placed(*at, *turn), paint),
                    None => Ok(()),
                }
            }
            Solid::Lettered { with, of } => {
                let has = self.palette.finish.text.as_ref().is_some_and(|t| !t.trim().is_empty());
                if has == *with { self.all(of, world) } else { Ok(()) }
            }
            Solid::Use(word) => self.other(word, world),
            Solid::Mirror { of } => {
                self.all(of, world)?;
                self.all(of, world * Affine3A::from_scale(Vec3::new(-1.0, 1.0, 1.0)))
            }
        }
    }
}

/// Lumps as one field.
fn blend(of: &[Lump], without: &[Lump], k: f32, rough: (f32, f32), mirror: bool, seed: Seed) -> Field {
    let mut rng = seed.rng();
    let mut field = Field::Union(of.iter().flat_map(|l| lumps(l, &mut rng)).collect(), k);
    if !without.is_empty() {
        field = field.minus(Field::Union(without.iter().flat_map(|l| lumps(l, &mut rng)).collect(), 0.0), k * 0.5);
    }
    if mirror {
        field = field.mirrored();
    }
    if rough.0 > 0.0 { field.rough(rough.0, rough.1) } else { field }
}

fn lumps(lump: &Lump, rng: &mut Rng) -> Vec<Field> {
    let one = match lump {
        Lump::Ball(at, radii) => Field::ellipsoid(v(*at), v(*radii)),
        Lump::Capsule(a, ra, b, rb) => Field::capsule(v(*a), v(*b), *ra, *rb),
        Lump::Box(at, half, round) => Field::round_box(v(*at), v(*half), *round),
        Lump::Torus(at, radius, thickness) => Field::Torus { at: v(*at), radius: *radius, thickness: *thickness },
        Lump::Turned(at, turn, inner) => Field::Union(lumps(inner, rng), 0.0).placed(v(*at), turned(*turn)),
        Lump::Curve(points) => Field::Curve(points.iter().map(|p| (Vec3::new(p.0, p.1, p.2), p.3)).collect()),
        Lump::Cluster(at, radii, count, (least, most)) => {
            return (0..(*count).min(200))
                .map(|i| {
                    // The golden angle spreads them around; chance does the rest.
                    let (angle, up) = (i as f32 * 2.4 + rng.unit(), rng.signed());
                    let out = (1.0 - up * up * 0.8).sqrt() * rng.range(0.6, 1.0);
                    Field::ball(v(*at) + v(*radii) * Vec3::new(cos(angle) * out, up, sin(angle) * out), rng.range(*least, *most))
                })
                .collect();
        }
    };
    vec![one]
}

/// Waves the rim of a lathe: most at the widest radius, none at the axis.
fn lobe(mesh: &mut Mesh, (count, depth): (usize, f32)) {
    if count == 0 {
        return;
    }
    let out = |p: Vec3| (p.x * p.x + p.z * p.z).sqrt();
    let widest = mesh.positions.iter().map(|p| out(*p)).fold(1e-6, f32::max);
    for (p, n) in mesh.positions.iter_mut().zip(&mut mesh.normals) {
        let (angle, share) = (kinora_base::maths::atan2(p.x, p.z) * count as f32, out(*p) / widest);
        let radius = out(*p).max(1e-6);
        let tangent = Vec3::new(p.z, 0.0, -p.x) / radius;
        // The slope of the wave leans the normal against the direction in which the rim grows.
        *n = (*n - tangent * (depth * share * share * count as f32 * cos(angle) * 0.8)).normalize_or(*n);
        let factor = 1.0 + depth * share * share * sin(angle);
        *p = Vec3::new(p.x * factor, p.y, p.z * factor);
    }
    mesh.bounds = Bounds::around(&mesh.positions);
}

/// A Catmull-Rom curve through the points, fewer pieces at coarser levels.
fn smooth_path(path: &[(f32, f32, f32, f32)], level: usize) -> Vec<(Vec3, f32)> {
    let p: Vec<(Vec3, f32)> = path.iter().map(|q| (Vec3::new(q.0, q.1, q.2), q.3)).collect();
    let pieces = [5, 3, 1][level];
    if p.len() < 3 {
        return p;
    }
    let mut out = Vec::new();
    for i in 0..p.len() - 1 {
        let at = |k: i64| p[(i as i64 + k).clamp(0, p.len() as i64 - 1) as usize];
        let (a, b, c, d) = (at(-1), at(0), at(1), at(2));
        for s in 0..pieces {
            let t = s as f32 / pieces as f32;
            let pos = (b.0 * 2.0 + (c.0 - a.0) * t + (a.0 * 2.0 - b.0 * 5.0 + c.0 * 4.0 - d.0) * t * t + (b.0 * 3.0 - a.0 - c.0 * 3.0 + d.0) * t * t * t) * 0.5;
            out.push((pos, b.1 + (c.1 - b.1) * t));
        }
    }
    out.push(p[p.len() - 1]);
    out
}

/// Curved blades that stand on the ground, dark at the root and light at the tip, lit as the ground is: normals up.
fn blades(count: usize, radius: f32, length: f32, width: f32, bend: f32, level: usize, seed: Seed) -> Mesh {
    let mut rng = seed.rng();
    let mut mesh = Mesh::default();
    let steps = if level == 0 { 3 } else { 2 };
    for _ in 0..count {
        let (turn, out) = (rng.range(0.0, std::f32::consts::TAU), rng.unit().sqrt() * radius);
        let root = Vec3::new(sin(turn * 3.7) * out, 0.0, cos(turn * 3.7) * out);
        let lean = Vec3::new(sin(turn), 0.0, cos(turn));
        let side = Vec3::new(lean.z, 0.0, -lean.x);
        let (tall, shade) = (length * rng.range(0.55, 1.15), rng.range(0.85, 1.15));
        let base = mesh.positions.len() as u32;
        for s in 0..=steps {
            let t = s as f32 / steps as f32;
            let p = root + Vec3::Y * tall * (t - 0.25 * bend * t * t) + lean * tall * bend * t * t * 0.8;
            let half = side * width * 0.5 * (1.0 - t * 0.9);
            let tone = [((0.45 + 0.7 * t) * shade * 128.0).clamp(0.0, 255.0) as u8; 3];
            mesh.positions.extend([p - half, p + half]);
            let n = (Vec3::Y + lean * 0.25).normalize();
            mesh.normals.extend([n, n]);
            mesh.tint.extend([tone, tone]);
            if s > 0 {
                let b = base + 2 * (s as u32 - 1);
                mesh.triangles.push([b, b + 1, b + 3]);
                if s < steps || level == 0 {
                    mesh.triangles.push([b, b + 3, b + 2]);
                }
            }
        }
    }
    let n = mesh.triangles.len() as u32;
    mesh.parts = vec![Part { material: 0, first: 0, count: n }];
    mesh.bounds = Bounds::around(&mesh.positions);
    mesh
}
