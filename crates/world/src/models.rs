//! Sets to instances: models are built once per finish and shared; each piece is drawn at the level of detail that the shot needs.

use crate::format::{Ground, PlaceSection, Water};
use crate::states::{self, Condition};
use crate::{Piece, Set, WorldError, dress};
use glam::{Affine3A, Vec3};
use kinora_base::LinearRgb;
use kinora_base::maths::{cos, pow, sin, wrap_angle};
use kinora_render::scene::{Bounds, Coat, Instance, Mask, Material, Mesh, Part, Relief};
use kinora_solids::facts::VehicleFacts;
use kinora_solids::format::Solid;
use kinora_solids::{Finish, Letters, Model, build_lettered, build_solids, materials};
use kinora_vocabulary::{Kind, Vocabulary};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

type Key = (Kind, String, Finish);
type Slot = Arc<OnceLock<Option<Arc<Model>>>>;

/// Models that have been built, shared between threads.
#[derive(Default)]
pub struct ModelLibrary {
    letters: Letters,
    models: Mutex<BTreeMap<Key, Slot>>,
}

impl ModelLibrary {
    /// An empty one that sets words in these fonts.
    #[must_use]
    pub fn lettered(letters: Letters) -> Self {
        Self { letters, ..Self::default() }
    }

    /// The model of a prop or vehicle, built when it is first asked for.
    ///
    /// # Errors
    /// If there is no such entry or it cannot be built.
    pub fn model(&self, vocabulary: &Vocabulary, kind: Kind, name: &str, finish: &Finish) -> Result<Arc<Model>, WorldError> {
        let slot = self.models.lock().unwrap_or_else(PoisonError::into_inner).entry((kind, name.to_owned(), finish.clone())).or_default().clone();
        let built =
            slot.get_or_init(|| vocabulary.get(kind, name).and_then(|asset| build_lettered(asset, vocabulary, finish, &self.letters).ok()).map(Arc::new));
        match built {
            Some(model) => Ok(model.clone()),
            // Built again only for its error.
            None => {
                let asset = vocabulary.get(kind, name).ok_or_else(|| WorldError::Unknown { kind: "prop", name: name.to_owned() })?;
                Ok(Arc::new(build_lettered(asset, vocabulary, finish, &self.letters)?))
            }
        }
    }
}

/// A part of a vehicle that turns by itself.
#[derive(Clone, Debug)]
pub struct Turning {
    /// Its middle, in the vehicle's space.
    pub at: Vec3,
    /// What turns it.
    pub by: Turns,
    /// Its shape about the origin.
    pub model: Arc<Model>,
}

/// What turns a part of a vehicle.
#[derive(Clone, Copy, Debug)]
pub enum Turns {
    /// The ground, under a wheel of this radius in metres, about x.
    Ground(f32),
    /// The engine, about an axis, turns a second.
    Engine(Vec3, f32),
}

impl Turning {
    /// Where it is in the space of a vehicle of a scale that has gone `rolled` metres and run for so many seconds.
    #[must_use]
    pub fn turned(&self, rolled: f32, scale: f32, seconds: f32) -> Affine3A {
        let turn = match self.by {
            Turns::Ground(radius) => Affine3A::from_rotation_x(wrap_angle(rolled / (radius * scale).max(0.01))),
            Turns::Engine(axis, rate) => {
                let turns = seconds * rate;
                Affine3A::from_axis_angle(axis, (turns - turns.floor()) * std::f32::consts::TAU)
            }
        };
        Affine3A::from_translation(self.at) * turn
    }
}

/// The wheels and rotors of a vehicle, wheels first.
#[must_use]
pub fn turning(library: &ModelLibrary, vocabulary: &Vocabulary, vehicle: &str) -> Vec<Turning> {
    let facts: Option<VehicleFacts> = vocabulary.get(Kind::Vehicle, vehicle).and_then(|a| a.section("vehicle").ok().flatten());
    let Some(facts) = facts else { return Vec::new() };
    let mut all = Vec::new();
    let mut add = |name: String, solids: &[Solid], places: &[(f32, f32, f32)], by: Turns| {
        let slot = library.models.lock().unwrap_or_else(PoisonError::into_inner).entry((Kind::Vehicle, name, Finish::default())).or_default().clone();
        if let Some(model) = slot.get_or_init(|| build_solids(solids, vocabulary, &Finish::default()).ok().map(Arc::new)) {
            all.extend(places.iter().map(|at| Turning { at: Vec3::from(*at), by, model: model.clone() }));
        }
    };
    if !facts.wheel.is_empty() {
        add(format!("{vehicle}/wheel"), &facts.wheel, &facts.wheels, Turns::Ground(facts.radius.max(0.05)));
    }
    for (k, rotor) in facts.rotors.iter().enumerate() {
        let by = Turns::Engine(Vec3::from(rotor.axis).normalize_or(Vec3::Y), rotor.rate.clamp(-20.0, 20.0));
        add(format!("{vehicle}/rotor {k}"), &rotor.of, &rotor.at, by);
    }
    all
}

/// All that stands still in a set: the ground, the water, and the pieces of which `stands` holds. `edge_for` gives the longest triangle edge (metres) that is good enough at a place of a radius.
///
/// # Errors
/// If a model cannot be built.
pub fn instances(
    set: &Set,
    stands: &dyn Fn(&Piece) -> bool,
    (library, vocabulary): (&ModelLibrary, &Vocabulary),
    edge_for: &dyn Fn(Vec3, f32) -> f32,
) -> Result<Vec<Instance>, WorldError> {
    let place = dress::section(vocabulary, &set.place)?;
    let mut all = Vec::with_capacity(set.pieces.len() + 4);
    if let Some(ground) = &place.ground {
        all.push(ground_instance(set, &place, ground, vocabulary)?);
    }
    if let Some(water) = &place.water {
        all.push(water_instance(set, &place, water));
    }
    if !place.scenery.is_empty() {
        let model = build_solids(&place.scenery, vocabulary, &Finish::default())?;
        all.push(model.instance(0, Affine3A::IDENTITY, 0));
    }
    for piece in set.pieces.iter().filter(|p| stands(p)) {
        all.extend(piece_instances(piece, library, vocabulary, edge_for)?);
    }
    Ok(all)
}

fn piece_instances(piece: &Piece, library: &ModelLibrary, vocabulary: &Vocabulary, edge_for: &dyn Fn(Vec3, f32) -> f32) -> Result<Vec<Instance>, WorldError> {
    let model = library.model(vocabulary, piece.kind, &piece.prop, &states::finish(piece, Condition::of(piece.state)))?;
    let world = piece.world();
    let centre = piece.position + Vec3::Y * model.bounds.centre().y * piece.scale;
    let level = model.level_for(edge_for(centre, model.bounds.radius() * piece.scale) / piece.scale.max(1e-3));
    let mut instance = model.instance(level, world, piece.id);
    instance.sway = match piece.prop.as_str() {
        "grass" | "flower" => 0.10,
        "oak" | "pine" | "bush" => 0.003,
        _ => 0.0,
    };
    // Shadows of blades of grass cost more than they show.
    instance.casts_shadow = piece.prop != "grass";
    let mut all = vec![instance];
    if piece.kind == Kind::Vehicle {
        all.extend(turning(library, vocabulary, &piece.prop).iter().map(|t| t.model.instance(level, world * t.turned(0.0, 1.0, 0.0), piece.id)));
    }
    Ok(all)
}

/// The height field as rings that grow with distance: fine where people walk, coarse at the horizon, without seams.
fn ground_instance(set: &Set, place: &PlaceSection, ground: &Ground, vocabulary: &Vocabulary) -> Result<Instance, WorldError> {
    const SECTORS: usize = 96;
    const RINGS: usize = 72;
    let mut mesh = Mesh::default();
    let height = |x: f32, z: f32| set.terrain.height(x, z);
    for ring in 0..=RINGS {
        let t = ring as f32 / RINGS as f32;
        let r = 0.02 + 9.0 * t + (ground.reach - 9.0) * pow(t, 3.2);
        for sector in 0..SECTORS {
            let a = std::f32::consts::TAU * sector as f32 / SECTORS as f32;
            let (x, z) = (sin(a) * r, cos(a) * r);
            let e = 0.06 + r * 0.01;
            let slope = Vec3::new(height(x - e, z) - height(x + e, z), 2.0 * e, height(x, z - e) - height(x, z + e));
            mesh.positions.push(Vec3::new(x, height(x, z), z));
            mesh.normals.push(slope.normalize_or(Vec3::Y));
        }
    }
    let at = |ring: usize, sector: usize| (ring * SECTORS + sector % SECTORS) as u32;
    for ring in 0..RINGS {
        for s in 0..SECTORS {
            mesh.triangles.push([at(ring, s), at(ring + 1, s), at(ring + 1, s + 1)]);
            mesh.triangles.push([at(ring, s), at(ring + 1, s + 1), at(ring, s + 1)]);
        }
    }
    mesh.parts = vec![Part { material: 0, first: 0, count: mesh.triangles.len() as u32 }];
    mesh.bounds = Bounds::around(&mesh.positions);
    let mut coats = Vec::new();
    let coat = |colour: LinearRgb, mask: Mask, soft: f32, wobble: f32, amount: f32| Coat { colour, mask, soft, wobble, amount, mirror: false };
    if let Some(patches) = ground.patches {
        coats.push(coat(patches, Mask::Spots { size: 2.6, share: 0.5 }, 0.5, 0.0, 0.8));
        coats.push(coat(ground.colour * 0.75, Mask::Spots { size: 0.5, share: 0.35 }, 0.12, 0.0, 0.5));
    }
    if let Some((colour, half)) = ground.path {
        for w in place.path.windows(2) {
            let to = |p: (f32, f32, f32)| Vec3::new(p.0, height(p.0, p.2), p.2);
            coats.push(coat(colour, Mask::Capsule { from: to(w[0]), to: to(w[1]), radius: half }, 0.22, 0.16, 1.0));
        }
    }
    let material = Material { coats: Arc::from(coats), takes_snow: set.snow, ..materials::named(vocabulary, &ground.material, Some(ground.colour))? };
    Ok(Instance::ground(mesh, material))
}

/// Level water from its near edge to the horizon, as rings that grow with distance, with moving ripples and waves. The tint
/// of its corners is its depth in metres: foam lies and the ground shows through where it is shallow.
fn water_instance(set: &Set, place: &PlaceSection, water: &Water) -> Instance {
    const SECTORS: usize = 120;
    const RINGS: usize = 76;
    let mut mesh = Mesh::default();
    // It goes on a little under the shore, so that waves have no edge.
    let edge = water.from + if place.ground.is_some() { 1.6 } else { 0.0 };
    for ring in 0..=RINGS {
        let t = ring as f32 / RINGS as f32;
        let r = 0.02 + 16.0 * t + (560.0 - 16.0) * pow(t, 4.0);
        for sector in 0..SECTORS {
            let a = std::f32::consts::TAU * sector as f32 / SECTORS as f32;
            let (x, z) = (sin(a) * r, (cos(a) * r + edge.min(0.0) * 0.5).min(edge));
            let depth = if place.ground.is_some() { (water.level - set.terrain.height(x, z)).clamp(0.0, 2.0) } else { 1.2 };
            mesh.positions.push(Vec3::new(x, water.level, z));
            mesh.normals.push(Vec3::Y);
            mesh.tint.push([(depth * 127.5) as u8; 3]);
        }
    }
    let at = |ring: usize, sector: usize| (ring * SECTORS + sector % SECTORS) as u32;
    for ring in 0..RINGS {
        for s in 0..SECTORS {
            mesh.triangles.push([at(ring, s), at(ring + 1, s), at(ring + 1, s + 1)]);
            mesh.triangles.push([at(ring, s), at(ring + 1, s + 1), at(ring, s + 1)]);
        }
    }
    mesh.parts = vec![Part { material: 0, first: 0, count: mesh.triangles.len() as u32 }];
    mesh.bounds = Bounds::around(&mesh.positions);
    // A coat that covers nothing tells what the ground under it looks like.
    let under = place.ground.as_ref().map(|g| Coat { colour: g.colour * 0.55, mask: Mask::All, soft: 0.0, wobble: 0.0, amount: 0.0, mirror: false });
    let material = Material {
        colour: water.colour,
        coats: under.into_iter().collect(),
        roughness: 0.12,
        specular: 0.04,
        sheen: 0.0,
        mirror: 1.0,
        relief: Relief::Ripples,
        relief_mm: if water.swell > 0.0 || water.flow.0 != 0.0 { 12.0 } else { 3.6 },
        mottle: 0.03,
        swell: water.swell,
        flow: Vec3::from(water.flow),
        ..Material::default()
    };
    Instance::ground(mesh, material)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wheels_roll_by_the_way_and_rotors_by_the_time() {
        let (library, vocabulary) = (ModelLibrary::default(), Vocabulary::builtin().expect("builtin files"));
        let parts = turning(&library, &vocabulary, "airplane");
        let count = |engine: bool| parts.iter().filter(|p| matches!(p.by, Turns::Engine(..)) == engine).count();
        assert_eq!((count(false), count(true)), (3, 1), "three wheels and a propeller");
        for part in &parts {
            let edge = Vec3::new(0.0, 0.2, 0.1);
            let moved = |rolled: f32, seconds: f32| {
                part.turned(rolled, 1.0, seconds).transform_point3(edge).distance(part.turned(0.0, 1.0, 0.0).transform_point3(edge))
            };
            let (by_way, by_time) = (moved(0.3, 0.0), moved(0.0, 0.05));
            assert!(if matches!(part.by, Turns::Engine(..)) { by_way < 1e-5 && by_time > 0.05 } else { by_way > 0.05 && by_time < 1e-5 });
        }
    }
}
