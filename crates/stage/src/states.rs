//! Things that are opened, broken, lit: when each changes, and the state it is in at a frame.

use crate::blocking::{FIRST_THING, Player, first, intents};
use crate::{Change, Held, SceneStaging};
use kinora_base::{Warning, WarningKind, maths};
use kinora_cast::motions::Repertoire;
use kinora_plan::{Plan, Scene, State, Target};
use kinora_vocabulary::Vocabulary;
use kinora_world::Set;
use kinora_world::states::{Condition, can_be};

/// Seconds in which a door or a lid swings.
pub(crate) const SWING: f32 = 0.8;

/// All changes of a scene, in order of time.
pub(crate) fn changes(plan: &Plan, scene: &Scene, cuts: &[i64], players: &[Player<'_>], (repertoire, vocabulary): (&Repertoire, &Vocabulary)) -> Vec<Change> {
    let fps = plan.fps.0 as f32;
    let mut all = Vec::new();
    for intent in players.iter().filter(|p| p.body.is_some()).flat_map(|p| &p.intents) {
        let Some((moment, state)) = intent.facts.makes else { continue };
        let named = |id: &str| intent.prop.as_deref() == Some(id) || matches!(&intent.target, Some(Target::Id(t)) if t == id);
        let things = scene.things.iter().enumerate().filter(|(_, t)| named(&t.id) && can_be(vocabulary, &t.word, state));
        let frame = intent.after(moment, fps);
        all.extend(things.map(|(k, _)| Change { id: FIRST_THING + k as u16, frame, state }));
    }
    all.extend(by_themselves(plan, scene, cuts, repertoire, vocabulary));
    all.sort_by_key(|c| (c.frame, c.id));
    all
}

/// The door opens, and nobody is seen to do it.
fn by_themselves(plan: &Plan, scene: &Scene, cuts: &[i64], repertoire: &Repertoire, vocabulary: &Vocabulary) -> Vec<Change> {
    let mut all = Vec::new();
    for (k, thing) in scene.things.iter().enumerate() {
        for intent in intents(plan, scene, cuts, &thing.id, repertoire) {
            let Some((_, state)) = intent.facts.makes.filter(|(_, state)| can_be(vocabulary, &thing.word, *state)) else { continue };
            // What burns does so already; what opens is seen closed first.
            let wait = if state == State::Burning { 0.0 } else { 0.4 };
            all.push(Change { id: FIRST_THING + k as u16, frame: intent.from + (wait * plan.fps.0 as f32) as usize, state });
        }
    }
    all
}

/// What is going to be opened is closed at first, unless it is said otherwise; what is lit is dark.
pub(crate) fn begin(changes: &[Change], set: &mut Set, held: &mut [Held]) {
    let opposite = |id: u16| {
        let first = changes.iter().find(|c| c.id == id)?;
        match first.state {
            State::Open => Some(State::Closed),
            State::Closed => Some(State::Open),
            State::Lit => Some(State::Unlit),
            State::Unlit => Some(State::Lit),
            State::Broken | State::Burning | State::Glowing => None,
        }
    };
    let of_set = set.pieces.iter_mut().filter(|p| p.id != 0).map(|p| (p.id, &mut p.state));
    let in_hands = held.iter_mut().map(|h| (h.id, &mut h.state));
    for (id, state) in of_set.chain(in_hands).filter(|(_, state)| state.is_none()) {
        *state = opposite(first(id));
    }
}

/// What a scene that goes on finds: things as they were left.
pub(crate) fn leave(set: &mut Set, before: &SceneStaging) {
    for change in &before.changes {
        for piece in set.pieces.iter_mut().filter(|p| first(p.id) == change.id) {
            piece.state = Some(change.state);
        }
    }
}

/// States that things are said to be in and cannot be.
pub(crate) fn warnings(scene: &Scene, vocabulary: &Vocabulary) -> Vec<Warning> {
    let state = |s: State| format!("{s:?}").to_lowercase();
    let wrong = scene.things.iter().filter_map(|t| t.traits.state.filter(|s| !can_be(vocabulary, &t.word, *s)).map(|s| (t, s)));
    wrong.map(|(t, s)| Warning::new(WarningKind::Unsupported, format!("a {} that is {} cannot be shown: it looks as usual", t.word, state(s)))).collect()
}

impl SceneStaging {
    /// Whether a thing gets into another state while the scene lasts.
    #[must_use]
    pub fn changes_state(&self, id: u16) -> bool {
        self.changes.iter().any(|c| c.id == first(id))
    }

    /// The state of a thing at a frame of the scene's clock, given the one it is in at first.
    #[must_use]
    pub fn condition(&self, id: u16, at_first: Option<State>, frame: usize, fps: f32) -> Condition {
        match self.changes.iter().rev().find(|c| c.id == first(id) && c.frame <= frame) {
            Some(c) => Condition { state: Some(c.state), share: maths::smoothstep(0.0, 1.0, (frame - c.frame) as f32 / (SWING * fps)) },
            None => Condition::of(at_first),
        }
    }
}
