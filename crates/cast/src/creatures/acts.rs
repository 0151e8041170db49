//! What animals do beside going somewhere: they talk, wave a paw, dance, look and read. Here is how much of each shows
//! at a frame; `perform` and `flight` lay it over the gait.

use super::calls;
use super::format::Voice;
use super::rig::{crest, wave};
use crate::motions::Repertoire;
use crate::{Character, Script, Surroundings, face, travel};
use kinora_base::maths::{smootherstep, smoothstep};

/// What an animal dances to.
const DANCES: &[&str] = &["dance", "cheer", "exercise"];

/// What an animal shows beside going somewhere, giving voice, and taking things into its mouth.
const SHOWN: &[&str] = &[
    "stand",
    "stop",
    "turn",
    "hold-still",
    "sit",
    "lie",
    "sleep",
    "fall",
    "jump",
    "hop",
    "skip",
    "fly",
    "swim",
    "float",
    "look",
    "look-around",
    "eat",
    "drink",
    // Running, taking up and running back.
    "fetch",
];
const TALKS: &[&str] = &["talk", "sing", "laugh", "cry"];
const WAVES: &[&str] = &["wave", "shake-hands", "clap", "point"];
const READS: &[&str] = &["read", "write", "use-computer", "think"];

/// Whether anything of a motion is seen when an animal does it. Hands and what they hold are people's.
#[must_use]
pub fn animals_do(motion: &str, repertoire: &Repertoire) -> bool {
    let facts = repertoire.of(motion);
    [SHOWN, TALKS, WAVES, READS, DANCES].iter().any(|list| list.contains(&motion))
        || facts.travels
        || facts.rises > 0.0
        || facts.takes.is_some()
        || facts.lets_go.is_some()
        || facts.rest.is_some()
        || repertoire.call(motion).is_some()
}

/// How far a jaw is open about what it holds.
const HOLDS: f32 = 0.45;

/// Beats of a dance a second.
const BEATS: f32 = 2.0;

/// Every gesture at every frame, 0..1.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gestures {
    /// The jaw: 1 = wide open.
    pub jaw: Vec<f32>,
    pub talk: Vec<f32>,
    /// How far the head is thrown up by a call, radians.
    pub lift: Vec<f32>,
    pub wave: Vec<f32>,
    pub read: Vec<f32>,
    pub look: Vec<f32>,
    pub dance: Vec<f32>,
    /// Head to the ground, to eat or drink.
    pub graze: Vec<f32>,
    /// Beats since the dance began.
    pub beat: Vec<f32>,
}

impl Gestures {
    pub(crate) fn of(character: &Character, voice: &Voice, script: &Script, frames: usize, fps: f32, world: &dyn Surroundings) -> Self {
        // What people do in many ways an animal does in a few: it gives voice, raises a paw, dances, grazes.
        let all = |motions: &[&str]| -> Vec<f32> { (0..frames).map(|i| motions.iter().map(|m| weight(script, m, i, fps)).fold(0.0, f32::max)).collect() };
        let mut gestures = Self {
            talk: all(TALKS),
            wave: all(WAVES),
            read: all(READS),
            look: all(&["look"]),
            dance: all(DANCES),
            graze: (0..frames)
                .map(|i| {
                    let slow = ["eat", "drink"].iter().map(|m| eased_weight(script, m, i, fps, 1.25)).fold(0.0, f32::max);
                    slow.max(eased_weight(script, "pick-up", i, fps, 0.42))
                })
                .collect(),
            ..Self::default()
        };
        for i in 0..frames {
            let begun = travel::leg_act(character, script, i).filter(|a| DANCES.contains(&a.motion.as_str()));
            let before = gestures.beat.last().copied().unwrap_or(0.0);
            gestures.beat.push(begun.map_or(before, |a| (i - a.from) as f32 / fps * BEATS * if a.pace > 0.0 { a.pace } else { 1.0 }));
        }
        gestures.jaw = jaws(script, frames, fps, world, &gestures.talk);
        let calls = calls::calls(character, voice, script, fps);
        gestures.lift = vec![0.0; frames];
        for i in 0..frames {
            let open = calls::open(&calls, fps, i);
            gestures.jaw[i] = gestures.jaw[i].max(voice.jaw * open);
            gestures.lift[i] = voice.lift * open;
        }
        gestures
    }
}

/// How much of a motion shows, eased in and out.
fn weight(script: &Script, motion: &str, frame: usize, fps: f32) -> f32 {
    eased_weight(script, motion, frame, fps, 0.45)
}

/// The same, eased over some seconds.
fn eased_weight(script: &Script, motion: &str, frame: usize, fps: f32, seconds: f32) -> f32 {
    let one = |from: usize, to: usize| {
        let f = frame as f32;
        let into = if from == 0 { 1.0 } else { smootherstep((f - from as f32) / (seconds * fps)) };
        let out = if to >= script.frames { 1.0 } else { 1.0 - smootherstep((f - to as f32) / (seconds * fps) + 1.0) };
        into * out
    };
    script.acts.iter().filter(|a| a.motion == motion).map(|a| one(a.from, a.to)).fold(0.0, f32::max)
}

/// The jaw follows the voice; whoever talks without one moves it in syllables all the same.
fn jaws(script: &Script, frames: usize, fps: f32, world: &dyn Surroundings, talk: &[f32]) -> Vec<f32> {
    let voiced = (0..frames).any(|i| world.mouth(i).is_some());
    let mute = |i: usize| !voiced && script.acts.iter().any(|a| TALKS.contains(&a.motion.as_str()) && a.from <= i && i < a.to);
    (0..frames)
        .map(|i| {
            let time = i as f32 / fps;
            // What is in the mouth keeps it open.
            if script.held.iter().any(|h| h.from <= i && i < h.to) {
                return HOLDS;
            }
            if mute(i) {
                // Four syllables a second, some wider than others, with a breath between phrases.
                let phrase = smoothstep(-0.75, -0.45, wave(0.31 * time + 0.2));
                return talk[i] * phrase * (0.5 - 0.5 * crest(4.1 * time)) * (0.62 + 0.38 * wave(0.83 * time));
            }
            let bite = weight(script, "eat", i, fps).max(0.6 * weight(script, "drink", i, fps));
            if bite > 0.0 {
                // Chews slowly, laps quickly.
                let rate = if weight(script, "eat", i, fps) > 0.0 { 1.5 } else { 2.8 };
                return bite * (0.30 - 0.30 * crest(rate * time));
            }
            // A muzzle shows less than lips: it opens wider, and shuts between syllables.
            let here = face::mouth(world, i).jaw;
            (1.35 * here - 0.05).clamp(0.0, 1.0)
        })
        .collect()
}
