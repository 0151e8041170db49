//! Open, broken, burning, lit: what a state does to the look of a thing, the fires that burn on it and the light it gives.

use crate::{ModelLibrary, Piece, WorldError};
use glam::{Affine3A, Mat3A, Quat, Vec3, Vec3A};
use kinora_base::maths::sin;
use kinora_base::{LinearRgb, Seed};
use kinora_plan::State;
use kinora_render::scene::{Beam, Bounds, Instance, Lamp, Puff, PuffKind};
use kinora_solids::facts::PropFacts;
use kinora_solids::{Finish, Model, WIDE_OPEN};
use kinora_vocabulary::{Kind, Vocabulary};

/// The prop that burns on others: one metre high, its foot at the origin.
pub const FLAMES: &str = "flames";

/// What state a thing is in at some moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Condition {
    /// Which, if any was named.
    pub state: Option<State>,
    /// How far it has got there, 0..1.
    pub share: f32,
}

impl Condition {
    /// A state that lasts.
    #[must_use]
    pub fn of(state: Option<State>) -> Self {
        Self { state, share: 1.0 }
    }
}

/// What one thing looks like in a state.
#[must_use]
pub fn finish(piece: &Piece, condition: Condition) -> Finish {
    let seed = if piece.id == 0 { piece.seed } else { 1 };
    dressed(Finish { colour: piece.colour.clone(), material: piece.material.clone(), text: piece.text.clone(), seed, ..Finish::default() }, condition)
}

/// The same for a thing that is no piece of a set.
#[must_use]
pub fn dressed(finish: Finish, Condition { state, share }: Condition) -> Finish {
    let step = |share: f32| (share * f32::from(WIDE_OPEN)).round() as u8;
    let open = match state {
        Some(State::Open) => Some(step(share)),
        Some(State::Closed) => Some(step(1.0 - share)),
        _ => None,
    };
    let broken = state == Some(State::Broken);
    Finish { open, broken, dark: broken || state == Some(State::Unlit), aglow: state == Some(State::Glowing), ..finish }
}

/// Where flames stand on a thing, in its own space, and how high they are.
#[must_use]
pub fn fires(facts: &PropFacts, state: Option<State>, bounds: Bounds) -> Vec<(Vec3, f32)> {
    let own = facts.flames.iter().map(|((x, y, z), height)| (Vec3::new(*x, *y, *z), *height));
    match state {
        Some(State::Unlit | State::Broken) => Vec::new(),
        Some(State::Burning) if facts.flames.is_empty() => {
            let (size, middle) = (bounds.high - bounds.low, bounds.centre());
            let height = (size.y * 0.62).max(size.max_element() * 0.4).clamp(0.12, 3.2);
            let count = (2.0 + size.x.max(size.z) / (height * 0.22)).clamp(3.0, 9.0) as usize;
            let (wide, across) = if size.x >= size.z { (Vec3::X * size.x, Vec3::Z * size.z) } else { (Vec3::Z * size.z, Vec3::X * size.x) };
            let at = move |k: usize| {
                let out = (k as f32 + 0.5) / count as f32 - 0.5;
                // In turn before it, on it and behind it, so that it is seen to burn on all sides.
                let (lift, deep) = [(0.02, 0.46), (0.74, 0.05), (0.30, -0.3)][k % 3];
                let at = Vec3::new(middle.x, bounds.low.y + size.y * lift, middle.z) + wide * out * 0.9 + across * deep;
                (at, height * (1.0 - out.abs() * 0.6) * [0.75, 1.0, 1.1][k % 3])
            };
            (0..count).map(at).collect()
        }
        _ => own.collect(),
    }
}

/// The flames on a thing at a time, seconds. They lick and lean; where and when follows from `seed` and `time` alone.
///
/// # Errors
/// If the flames cannot be built.
pub fn flames(
    fires: &[(Vec3, f32)],
    world: Affine3A,
    (library, vocabulary): (&ModelLibrary, &Vocabulary),
    (seed, time, id): (Seed, f32, u16),
) -> Result<Vec<Instance>, WorldError> {
    let mut all = Vec::new();
    for (k, (at, height)) in fires.iter().enumerate() {
        let model = library.model(vocabulary, Kind::Prop, FLAMES, &Finish::default())?;
        let foot = world.transform_point3(*at);
        let scale = world.matrix3.y_axis.length() * height;
        for layer in 0..2_u64 {
            let mut rng = seed.index(2 * k as u64 + layer).rng();
            let (phase, rate) = (rng.range(0.0, 10.0), rng.range(0.85, 1.2) * (1.0 + 0.25 / scale.max(0.2)));
            let wave = |a: f32, b: f32| sin(time * rate * a + phase) * 0.6 + sin(time * rate * b + phase * 1.7) * 0.4;
            let (tall, lean_x, lean_z) = (1.0 + 0.20 * wave(9.1, 14.3), 0.16 * wave(5.3, 8.9), 0.12 * wave(4.1, 10.7));
            let size = scale * if layer == 0 { 1.0 } else { 0.72 };
            let turn = Quat::from_rotation_y(rng.range(0.0, std::f32::consts::TAU) + 0.4 * wave(1.7, 2.9));
            let sheared = Mat3A::from_cols(Vec3A::X, Vec3A::new(lean_x, tall, lean_z), Vec3A::Z);
            let place = Affine3A { matrix3: sheared * Mat3A::from_quat(turn) * size, translation: Vec3A::from(foot) };
            let mut instance = model.instance(usize::from(size < 0.15), place, id);
            instance.casts_shadow = false;
            all.push(instance);
        }
    }
    Ok(all)
}

/// The light that a thing gives at a time: its own lamp, as bright as the time of day asks, or that of the fire on it.
#[must_use]
pub fn lamp(facts: &PropFacts, state: Option<State>, fires: &[(Vec3, f32)], world: Affine3A, strength: f32, (seed, time): (Seed, f32)) -> Option<Lamp> {
    if matches!(state, Some(State::Unlit | State::Broken)) {
        return None;
    }
    let scale = world.matrix3.y_axis.length();
    let flicker = if fires.is_empty() { 1.0 } else { 0.92 + 0.08 * sin(time * 11.0 + seed.rng().range(0.0, 6.0)) * sin(time * 6.7) };
    // What is said to give light, and fire, is bright at any time.
    let factor = if matches!(state, Some(State::Lit | State::Burning | State::Glowing)) || !fires.is_empty() { strength.max(0.9) } else { strength };
    let (at, colour, reach) = match (&facts.lamp, fires) {
        (Some((at, colour, reach)), _) => (Vec3::from(*at), LinearRgb(colour.0, colour.1, colour.2), *reach),
        (None, []) => return None,
        (None, fires) => {
            let highest = fires.iter().map(|f| f.1).fold(0.0, f32::max);
            let middle = fires.iter().map(|f| f.0).sum::<Vec3>() / fires.len() as f32;
            (middle + Vec3::Y * highest * 0.6, LinearRgb(3.4, 1.5, 0.4) * highest.min(2.0), 3.0 + 4.0 * highest)
        }
    };
    let beam = facts.beam.map(|d| Beam { towards: world.transform_vector3(Vec3::from(d)).normalize_or(Vec3::Z), spread: 0.36 });
    (factor > 0.2).then(|| Lamp { position: world.transform_point3(at), colour: colour * (factor * flicker), reach: reach * scale, clear: 0.35 * scale, beam })
}

/// What a thing that glows of itself gives to its surroundings, and its halo; nothing if none of it shines.
#[must_use]
pub fn aura(model: &Model, world: Affine3A) -> Option<(Lamp, Puff)> {
    let shining = model.materials.iter().map(|m| m.emission).max_by(|a, b| a.luminance().total_cmp(&b.luminance()))?;
    let hue = shining * (1.0 / shining.0.max(shining.1).max(shining.2).max(1e-3));
    let (position, size) = (world.transform_point3(model.bounds.centre()), model.bounds.radius() * world.matrix3.y_axis.length());
    // What is small is near to what it lights.
    let strength = (1.7 * size * size.max(0.35)).min(2.4);
    let lamp = Lamp { position, colour: hue * strength, reach: 2.2 + 2.0 * size.min(4.0), clear: 0.0, beam: None };
    let halo = Puff { kind: PuffKind::Glow, position, velocity: Vec3::ZERO, size: 2.6 * size + 0.12, colour: hue * 0.16, opacity: 1.0, turn: 0.0 };
    (shining.luminance() > 0.0).then_some((lamp, halo))
}

/// Whether a thing can be in a state: everything breaks and burns, but only what has a lid opens.
#[must_use]
pub fn can_be(vocabulary: &Vocabulary, word: &str, state: State) -> bool {
    let asset = vocabulary.get(Kind::Prop, word);
    let text = |section: &str| asset.and_then(|a| a.raw_sections().find(|(name, _)| *name == section)).map_or("", |(_, text)| text);
    match state {
        State::Broken | State::Burning | State::Glowing => true,
        State::Open | State::Closed => text("solids").contains("Hinge("),
        State::Lit | State::Unlit => text("prop").contains("lamp:") || text("prop").contains("flames:") || text("solids").contains("Glow("),
    }
}
