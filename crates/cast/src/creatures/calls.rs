//! Calls: when an animal gives voice, with which sound, and how far its mouth is open meanwhile.
//!
//! A motion that has a `call` (`crate::motions::Call`) asks for it; the animal's own file says what its call is.

use super::format::Voice;
use crate::{Character, Script, travel};
use kinora_base::Seed;
use kinora_base::maths::smoothstep;

/// Seconds from the beginning of the act to the first call: a breath.
pub(crate) const BREATH: f32 = 0.25;

/// One call.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Called {
    /// When it begins.
    pub frame: f32,
    /// Entry of `sounds`.
    pub sound: String,
    /// How long the mouth is open, frames.
    pub frames: f32,
    /// 1 = usual.
    pub strength: f32,
}

/// All calls of a script, in order of its acts.
pub(crate) fn calls(character: &Character, voice: &Voice, script: &Script, fps: f32) -> Vec<Called> {
    let mut all = Vec::new();
    for act in &script.acts {
        let Some(call) = character.motions.call(&act.motion) else { continue };
        let own = call.sound.is_empty();
        let sound = if own { &voice.call } else { &call.sound };
        if sound.is_empty() {
            continue;
        }
        let (seconds, every) = if own { (voice.seconds, voice.every) } else { (call.seconds, call.every) };
        let strength = match act.manner.as_str() {
            "quietly" | "softly" => 0.45,
            "loudly" => 1.8,
            _ => 1.0,
        };
        let mut rng = Seed(script.seed).child("calls").index(act.from as u64).rng();
        let begin = if act.from == 0 { travel::LEAD_IN * fps } else { act.from as f32 };
        // Two of a herd do not begin at once.
        let mut at = begin + BREATH * rng.range(0.6, 1.4) * fps;
        // The first is heard however short the act is; none is begun that has no time left.
        loop {
            all.push(Called { frame: at, sound: sound.clone(), frames: seconds * fps, strength });
            at += every.max(0.1) * rng.range(0.85, 1.35) * fps;
            if at + 0.7 * seconds * fps >= act.to as f32 {
                break;
            }
        }
    }
    all
}

/// How far the mouth is open at a frame, 0..1: quickly open, slowly shut.
pub(crate) fn open(calls: &[Called], fps: f32, frame: usize) -> f32 {
    let one = |c: &Called| {
        if c.frames <= 0.0 {
            return 0.0;
        }
        let t = frame as f32 - c.frame;
        let rise = (0.3 * c.frames).min(0.16 * fps);
        smoothstep(-0.5 * rise, 0.5 * rise, t) * (1.0 - smoothstep(0.62 * c.frames, 1.08 * c.frames, t))
    };
    calls.iter().map(one).fold(0.0, f32::max)
}
