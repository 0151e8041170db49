//! Things that burn, shine or change, drawn frame by frame: the rest of a set stands still.

use crate::{Held, SceneStaging};
use glam::{Affine3A, Vec3};
use kinora_base::Seed;
use kinora_plan::State;
use kinora_render::scene::{Instance, Lamp, Puff};
use kinora_solids::Model;
use kinora_solids::facts::PropFacts;
use kinora_vocabulary::{Kind, Vocabulary};
use kinora_world::beams;
use kinora_world::cloth::{self, Blast};
use kinora_world::effects::{self, Emitter};
use kinora_world::states::{self, Condition};
use kinora_world::{Finish, ModelLibrary, Piece, WorldError};

/// A piece of a set that is looked after at every frame.
pub(crate) struct Live {
    piece: usize,
    facts: PropFacts,
    emitters: Vec<Emitter>,
}

/// A moment of a scene.
pub(crate) struct Moment<'a> {
    pub(crate) scene: &'a SceneStaging,
    /// Frame of the scene's clock.
    pub(crate) now: usize,
    /// Seconds of the film.
    pub(crate) time: f32,
    pub(crate) fps: f32,
    /// Where the lens is.
    pub(crate) eye: Vec3,
}

impl Moment<'_> {
    /// Adds what emitters at a place have in the air.
    fn emit(&self, emitters: &[Emitter], world: Affine3A, seed: Seed, added: &mut Added) {
        let (puffs, lamps) = effects::emit(emitters, world, self.scene.light.wind, self.now as f32 / self.fps, seed);
        added.puffs.extend(puffs);
        added.lamps.extend(lamps);
    }

    /// Lets the wind move what of a thing is cloth.
    pub(crate) fn blow(&self, instance: &mut Instance, word: &str, vocabulary: &Vocabulary) {
        let light = &self.scene.light;
        let Some(cloth) = crate::layout::facts(vocabulary, word).cloth.filter(|_| light.wind != Vec3::ZERO) else { return };
        let blast = |world: Affine3A, time: f32| Blast { air: light.air(world.translation.into(), time), time };
        let now = blast(instance.world_from_object, self.time);
        cloth::blow(instance, &cloth, [now, blast(instance.previous_world_from_object, self.time - 1.0 / self.fps)]);
    }
}

/// What is added to the scene of a frame.
#[derive(Default)]
pub(crate) struct Added {
    pub(crate) moving: Vec<Instance>,
    pub(crate) lamps: Vec<Lamp>,
    pub(crate) puffs: Vec<Puff>,
}

/// The pieces of a scene that burn, shine or change. What the place has of itself shines with the place's own lamps.
pub(crate) fn live(scene: &SceneStaging, vocabulary: &Vocabulary) -> Vec<Live> {
    let mut all = Vec::new();
    for (piece, p) in scene.set.pieces.iter().enumerate().filter(|(_, p)| p.kind == Kind::Prop) {
        let facts = crate::layout::facts(vocabulary, &p.prop);
        let shines = p.id != 0 && (facts.lamp.is_some() || matches!(p.state, Some(State::Burning | State::Glowing)) || scene.changes_state(p.id));
        // A broken section is told by the test that reads all of ours; a user's own prop is drawn without its effect.
        let emitters = effects::emitters(vocabulary, &p.prop).unwrap_or_default();
        if shines || !facts.flames.is_empty() || !emitters.is_empty() || facts.cloth.is_some() {
            all.push(Live { piece, facts, emitters });
        }
    }
    all
}

/// Whether a piece is drawn once a shot, with all that stands still.
pub(crate) fn stands(scene: &SceneStaging, piece: &Piece, vocabulary: &Vocabulary) -> bool {
    let blows = scene.light.wind != Vec3::ZERO && piece.kind == Kind::Prop && crate::layout::facts(vocabulary, &piece.prop).cloth.is_some();
    !blows && (piece.id == 0 || !scene.changes_state(piece.id))
}

/// The flames, lamps and changing things of a set at a moment. `level` chooses the level of detail.
pub(crate) fn add(
    live: &[Live],
    moment: &Moment<'_>,
    (library, vocabulary): (&ModelLibrary, &Vocabulary),
    level: &dyn Fn(&kinora_solids::Model, Affine3A) -> usize,
    added: &mut Added,
) -> Result<(), WorldError> {
    for Live { piece, facts, emitters } in live {
        let p = &moment.scene.set.pieces[*piece];
        let condition = moment.scene.condition(p.id, p.state, moment.now, moment.fps);
        let model = library.model(vocabulary, p.kind, &p.prop, &states::finish(p, condition))?;
        let world = p.world();
        if !stands(moment.scene, p, vocabulary) {
            let mut instance = model.instance(level(&model, world), world, p.id);
            if condition.state != Some(State::Broken) {
                moment.blow(&mut instance, &p.prop, vocabulary);
            }
            added.moving.push(instance);
        }
        let whole = library.model(vocabulary, p.kind, &p.prop, &states::finish(p, Condition::default()))?;
        shine((&p.prop, condition), (&model, world), vocabulary, added);
        let burning = Burning { facts, condition, bounds: whole.bounds, world, seed: Seed(p.seed).index(*piece as u64), id: p.id };
        burning.add(moment, (library, vocabulary), p.id != 0, added)?;
        if !emitters.is_empty() && !matches!(condition.state, Some(State::Unlit | State::Broken)) {
            moment.emit(emitters, world, Seed(p.seed).child("effect").index(*piece as u64), added);
        }
    }
    Ok(())
}

/// A thing in a hand, or one that a motion brings along.
pub(crate) struct Carried<'a> {
    pub(crate) word: &'a str,
    pub(crate) condition: Condition,
    pub(crate) world: Affine3A,
    pub(crate) seed: Seed,
    /// Its number in the id pass.
    pub(crate) id: u16,
}

impl<'a> Carried<'a> {
    /// A thing in a hand.
    pub(crate) fn held(held: &'a Held, world: Affine3A, moment: &Moment<'_>) -> Self {
        let condition = moment.scene.condition(held.id, held.state, moment.now, moment.fps);
        Self { word: &held.word, condition, world, seed: Seed(u64::from(held.id)), id: held.id }
    }

    /// Its flames, its lamp, and what comes out of it: sparks, bubbles, steam.
    pub(crate) fn add(&self, moment: &Moment<'_>, (library, vocabulary): (&ModelLibrary, &Vocabulary), added: &mut Added) -> Result<(), WorldError> {
        // What appears or is gone does neither burn nor smoke.
        if self.world.matrix3.y_axis.length() < 0.05 {
            return Ok(());
        }
        let facts = crate::layout::facts(vocabulary, self.word);
        let emitters = effects::emitters(vocabulary, self.word).unwrap_or_default();
        if !emitters.is_empty() && !matches!(self.condition.state, Some(State::Unlit | State::Broken)) {
            moment.emit(&emitters, self.world, self.seed.child("effect"), added);
        }
        if facts.lamp.is_none() && facts.flames.is_empty() && self.condition.state != Some(State::Burning) {
            return Ok(());
        }
        let model = library.model(vocabulary, Kind::Prop, self.word, &Finish { seed: 1, ..Finish::default() })?;
        let burning = Burning { facts: &facts, condition: self.condition, bounds: model.bounds, world: self.world, seed: self.seed, id: self.id };
        burning.add(moment, (library, vocabulary), true, added)
    }
}

/// The light and the halo of a thing that glows of itself.
pub(crate) fn shine((word, condition): (&str, Condition), (model, world): (&Model, Affine3A), vocabulary: &Vocabulary, added: &mut Added) {
    if condition.state != Some(State::Glowing) {
        return;
    }
    let facts = crate::layout::facts(vocabulary, word);
    if facts.lamp.is_none()
        && facts.flames.is_empty()
        && let Some((lamp, halo)) = states::aura(model, world)
    {
        added.lamps.push(lamp);
        added.puffs.push(halo);
    }
}

/// The flames on something that burns as a whole: a car.
pub(crate) fn add_fire(
    model: &kinora_solids::Model,
    world: Affine3A,
    moment: &Moment<'_>,
    sources: (&ModelLibrary, &Vocabulary),
    id: u16,
    added: &mut Added,
) -> Result<(), WorldError> {
    let facts = PropFacts::default();
    let condition = Condition::of(Some(State::Burning));
    Burning { facts: &facts, condition, bounds: model.bounds, world, seed: Seed(u64::from(id)), id }.add(moment, sources, true, added)
}

/// A thing that may burn and shine.
struct Burning<'a> {
    facts: &'a PropFacts,
    condition: Condition,
    bounds: kinora_render::scene::Bounds,
    world: Affine3A,
    seed: Seed,
    id: u16,
}

impl Burning<'_> {
    fn add(&self, moment: &Moment<'_>, sources: (&ModelLibrary, &Vocabulary), shines: bool, added: &mut Added) -> Result<(), WorldError> {
        let fires = states::fires(self.facts, self.condition.state, self.bounds);
        // Fire grows.
        let growing = if self.condition.state == Some(State::Burning) { self.condition.share.max(0.05) } else { 1.0 };
        let fires: Vec<_> = fires.into_iter().map(|(at, height)| (at, height * growing)).collect();
        added.moving.extend(states::flames(&fires, self.world, sources, (self.seed, moment.time, self.id))?);
        // Fire of some size smokes and throws sparks.
        let scale = self.world.matrix3.y_axis.length();
        for (k, (at, height)) in fires.iter().enumerate().filter(|(_, (_, height))| height * scale > 0.25) {
            let place = self.world * Affine3A::from_translation(*at) * Affine3A::from_scale(Vec3::splat(*height));
            moment.emit(&effects::emitters(sources.1, states::FLAMES).unwrap_or_default(), place, self.seed.child("fire").index(k as u64), added);
        }
        if shines {
            let lamp = states::lamp(self.facts, self.condition.state, &fires, self.world, moment.scene.set.lamp_strength, (self.seed, moment.time));
            added.puffs.extend(beams::in_the_air(lamp.as_slice(), 0.0, moment.eye, &moment.scene.light));
            added.lamps.extend(lamp);
        }
        Ok(())
    }
}
