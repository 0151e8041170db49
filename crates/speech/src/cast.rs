//! Who sounds how: voices by language, sex and age, the same for a role in all shots and the next free one for the next role.

use crate::{SpeechError, Tongue};
use kinora_plan::{Plan, RoleKind};
use serde::{Deserialize, Serialize};

/// A voice of the pack, or a mixture, and what is done to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Casting {
    /// Voices and their shares.
    pub blend: Vec<(String, f32)>,
    /// Factor on pitch and size of the throat.
    pub pitch: f32,
    /// Factor on speed.
    pub speed: f32,
}

/// Sex as far as a voice goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sex {
    Female,
    Male,
}

/// The voices of a language, those that a recogniser understands (`tests/speech`), best first; a blend joins names with `+` and gives shares after `:`.
fn voices(tongue: Tongue, sex: Sex) -> &'static [&'static str] {
    match (tongue, sex) {
        (Tongue::English, Sex::Female) => &["af_heart", "af_bella", "bf_emma", "af_sarah", "af_kore", "af_aoede"],
        (Tongue::English, Sex::Male) => &["am_michael", "am_fenrir", "bm_george", "am_puck", "bm_fable", "am_echo"],
        (Tongue::Spanish, Sex::Female) => &["ef_dora", "ef_dora:0.6+af_bella:0.4", "ef_dora:0.6+if_sara:0.4"],
        (Tongue::Spanish, Sex::Male) => &["em_alex", "em_santa", "em_alex:0.6+am_michael:0.4"],
        (Tongue::Mandarin, Sex::Female) => &["zf_xiaoyi", "zf_xiaoxiao", "zf_xiaobei:0.5+zf_xiaoyi:0.5"],
        (Tongue::Mandarin, Sex::Male) => &["zm_yunxi", "zm_yunjian", "zm_yunyang:0.6+zf_xiaoyi:0.4"],
        (Tongue::Japanese, Sex::Female) => &["jf_alpha", "jf_gongitsune", "jf_tebukuro", "jf_nezumi"],
        (Tongue::Japanese, Sex::Male) => &["jm_kumo", "jm_kumo:0.6+am_michael:0.4", "jm_kumo:0.6+zm_yunxi:0.4"],
        (Tongue::Korean, Sex::Female) => &["jf_nezumi", "jf_gongitsune:0.7+jf_nezumi:0.3", "jf_gongitsune:0.7+jf_alpha:0.3"],
        (Tongue::Korean, Sex::Male) => &["jm_kumo:0.5+jf_alpha:0.5", "jm_kumo:0.5+jf_tebukuro:0.5", "jm_kumo:0.65+jf_alpha:0.35"],
    }
}

/// How fast a language is spoken by its voices: Korean is understood far better when it is spoken slowly, by voices that
/// never learned it.
fn pace(tongue: Tongue) -> f32 {
    if tongue == Tongue::Korean { 0.88 } else { 1.0 }
}

/// Factor on pitch: Korean men are half a woman's voice.
fn lowered(tongue: Tongue, sex: Sex) -> f32 {
    if (tongue, sex) == (Tongue::Korean, Sex::Male) { 0.88 } else { 1.0 }
}

/// How a role of a plan sounds in a language; none is the narrator.
///
/// # Errors
/// If the plan asks for a voice by a name that is no blend.
pub fn cast(plan: &Plan, who: Option<&str>, tongue: Tongue) -> Result<Casting, SpeechError> {
    let Some(role) = who.and_then(|w| plan.role(w)) else {
        // The narrator sounds like nobody who is seen, as far as there are voices.
        let sex = if plan.cast.iter().filter(|r| r.kind == RoleKind::Person).all(|r| kind_of(r).0 == Sex::Male) { Sex::Female } else { Sex::Male };
        let choice = voices(tongue, sex);
        return Ok(Casting { blend: parse(choice[choice.len() - 1])?, pitch: lowered(tongue, sex), speed: 0.95 * pace(tongue) });
    };
    let wish = role.voice.as_ref();
    let (sex, age) = kind_of(role);
    let (pitch, speed) = age;
    let speed = speed * pace(tongue) * wish.and_then(|v| v.speed).unwrap_or(1.0);
    if let Some(name) = wish.and_then(|v| v.name.as_deref()) {
        return Ok(Casting { blend: parse(name)?, pitch, speed });
    }
    let (choice, pitch) = (voices(tongue, sex), pitch * lowered(tongue, sex));
    // Each takes its own voice by its id; who comes later in the cast and would sound like somebody before takes the next.
    let mut taken = vec![0; choice.len()];
    for other in plan.cast.iter().filter(|r| r.voice.as_ref().is_none_or(|v| v.name.is_none()) && kind_of(r).0 == sex) {
        let wanted = (plan.root_seed().child("voice").child(&other.id).0 % choice.len() as u64) as usize;
        let least = taken.iter().copied().min().unwrap_or(0);
        let place = (0..choice.len()).map(|k| (wanted + k) % choice.len()).find(|k| taken[*k] == least).unwrap_or(wanted);
        taken[place] += 1;
        if other.id == role.id {
            return Ok(Casting { blend: parse(choice[place])?, pitch, speed });
        }
    }
    Ok(Casting { blend: parse(choice[0])?, pitch, speed })
}

/// The voice of a name such as `af_heart` or `af_heart:0.6+af_bella:0.4`.
///
/// # Errors
/// If it is neither.
pub fn of_name(name: &str) -> Result<Casting, SpeechError> {
    Ok(Casting { blend: parse(name)?, pitch: 1.0, speed: 1.0 })
}

/// Sex, and (pitch, speed) of the age.
fn kind_of(role: &kinora_plan::Role) -> (Sex, (f32, f32)) {
    let kind = role.voice.as_ref().map_or("", |v| v.kind.as_str());
    match kind {
        "girl" => (Sex::Female, (1.22, 0.97)),
        "boy" => (Sex::Female, (1.16, 1.0)),
        "old-woman" => (Sex::Female, (0.9, 0.86)),
        "old-man" => (Sex::Male, (0.92, 0.84)),
        "male" => (Sex::Male, (1.0, 1.0)),
        "female" => (Sex::Female, (1.0, 1.0)),
        // Animals and robots that speak: small and quick.
        _ => match role.kind {
            RoleKind::Creature => (Sex::Male, (1.12, 1.05)),
            _ => (Sex::Male, (1.0, 1.0)),
        },
    }
}

fn parse(name: &str) -> Result<Vec<(String, f32)>, SpeechError> {
    let unknown = || SpeechError::UnknownVoice { name: name.into() };
    let part = |part: &str| -> Option<(String, f32)> {
        let (voice, share) = part.trim().split_once(':').unwrap_or((part.trim(), "1"));
        let share: f32 = share.parse().ok().filter(|s: &f32| s.is_finite() && *s > 0.0)?;
        let plain = !voice.is_empty() && voice.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        plain.then(|| (voice.to_owned(), share))
    };
    name.split('+').map(|p| part(p).ok_or_else(unknown)).collect()
}

impl Casting {
    /// Whether English is spoken as in Britain.
    pub(crate) fn british(&self) -> bool {
        self.blend.first().is_some_and(|(name, _)| name.starts_with('b'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(roles: &[(&str, &str)]) -> Plan {
        let cast: Vec<String> =
            roles.iter().map(|(id, kind)| format!(r#"{{"id": "{id}", "kind": "person", "word": "woman", "voice": {{"kind": "{kind}"}}}}"#)).collect();
        let json = format!(r#"{{"version": 1, "cast": [{}], "scenes": [{{"id": "s", "place": "forest"}}], "shots": []}}"#, cast.join(","));
        Plan::from_json(&json).unwrap_or_else(|e| panic!("{e}"))
    }

    #[test]
    fn each_role_has_its_own_voice_in_every_language() {
        let three = plan(&[("anna", "female"), ("berta", "female"), ("clara", "female")]);
        for tongue in Tongue::ALL {
            let mut all: Vec<_> = ["anna", "berta", "clara"].iter().map(|id| cast(&three, Some(id), tongue).unwrap_or_else(|e| panic!("{e}")).blend).collect();
            all.push(cast(&three, None, tongue).unwrap_or_else(|e| panic!("{e}")).blend);
            for (i, voice) in all.iter().enumerate() {
                assert!(!all[..i].contains(voice), "{tongue:?}: {voice:?} twice");
            }
        }
    }

    #[test]
    fn six_voices_in_every_language() {
        for tongue in Tongue::ALL {
            assert!(voices(tongue, Sex::Female).len() + voices(tongue, Sex::Male).len() >= 6, "{tongue:?}");
            for name in voices(tongue, Sex::Female).iter().chain(voices(tongue, Sex::Male)) {
                assert!(parse(name).is_ok(), "{name}");
            }
        }
    }

    #[test]
    fn children_are_higher_and_the_old_slower() {
        let family = plan(&[("mother", "female"), ("girl", "girl"), ("grandmother", "old-woman")]);
        let of = |id| cast(&family, Some(id), Tongue::English).unwrap_or_else(|e| panic!("{e}"));
        assert!(of("girl").pitch > of("mother").pitch && of("grandmother").speed < of("mother").speed, "ages");
    }

    #[test]
    fn names_that_are_no_voices_are_refused() {
        for bad in ["", "af heart", "af_heart:x", "af_heart:-1", "../../etc/passwd"] {
            assert!(of_name(bad).is_err(), "{bad}");
        }
        assert_eq!(of_name("af_heart:0.6+af_bella:0.4").map(|c| c.blend.len()).unwrap_or(0), 2, "a blend");
    }
}
