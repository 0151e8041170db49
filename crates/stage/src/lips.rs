//! Mouths that speak: the shapes of a line's sounds, each with its neighbours in it, as far open as the voice is loud.

use kinora_cast::Mouth;
use kinora_plan::Heard;
use kinora_plan::voices::{Spoken, TimedViseme, Viseme, Voices};

/// The picture leads the sound by this, s: lips move before they are heard.
const LEAD: f32 = 0.02;
/// How fast a shape fades into its neighbours, s.
const FADE: f32 = 0.035;
/// Rounding begins this much earlier and leaves that much later, s.
const ROUNDING: f32 = 0.1;
/// A mouth opens this long before the first sound and closes after the last, s.
const BEFORE: f32 = 0.15;
const AFTER: f32 = 0.2;

/// The mouth of a role at a time of the film; none while it does not speak.
pub(crate) fn at(voices: &Voices, role: &str, now: f32) -> Option<Mouth> {
    let speaks = |l: &&Spoken| {
        let seen = matches!(l.heard, Heard::Here | Heard::OffScreen);
        seen && l.who.as_deref() == Some(role) && l.from.seconds() as f32 - BEFORE <= now && now <= l.to.seconds() as f32 + AFTER
    };
    let line = voices.lines.iter().find(speaks)?;
    let open = openness(line, now);
    Some(shape_of(&line.visemes, now + LEAD, open))
}

/// How far the mouth opens now, by how loud the voice is.
fn openness(line: &Spoken, now: f32) -> f32 {
    let at = (now - line.from.seconds() as f32) * 50.0;
    let value = |k: f32| line.openness.get((k.max(0.0) as usize).min(line.openness.len().saturating_sub(1))).copied().unwrap_or(1.0);
    let (a, b, t) = (value(at.floor()), value(at.floor() + 1.0), at - at.floor());
    a + (b - a) * t.clamp(0.0, 1.0)
}

fn shape_of(visemes: &[TimedViseme], now: f32, open: f32) -> Mouth {
    let mut sum = Mouth::default();
    let (mut whole, mut whole_round) = (1e-6, 1e-6);
    let (mut pressed, mut bitten, mut teeth) = (0.0f32, 0.0f32, 0.0f32);
    for v in visemes {
        let (from, to) = (v.from.seconds() as f32, v.to.seconds() as f32);
        if now < from - 0.6 || now > to + 0.6 {
            continue;
        }
        let m = shape(v.viseme);
        let outside = (from - now).max(now - to).max(0.0);
        let weight = strength(v.viseme) * kinora_base::maths::exp(-outside / FADE);
        sum.jaw += m.jaw * weight;
        sum.wide += m.wide * weight;
        // Only silence closes a mouth a little; lips that press do so by themselves, below.
        sum.close += if v.viseme == Viseme::Sil { m.close * weight } else { 0.0 };
        whole += weight;
        let early = if m.round > 0.0 { (outside - ROUNDING).max(0.0) } else { outside };
        let weight = strength(v.viseme) * kinora_base::maths::exp(-early / FADE);
        sum.round += m.round * weight;
        whole_round += weight;
        // What must be seen whatever stands around it, and for two frames at least: it ends with the burst, so what is
        // short begins earlier.
        let held = |least: f32| 1.0 - ((from.min(to - least) - now).max(now - to) / 0.028).clamp(0.0, 1.0);
        match v.viseme {
            Viseme::PP => pressed = pressed.max(held(0.07)),
            Viseme::FF => bitten = bitten.max(held(0.06)),
            Viseme::SS | Viseme::CH => teeth = teeth.max(held(0.0)),
            _ => {}
        }
    }
    let jaw = (sum.jaw / whole * open).min(1.3);
    let mut mouth = Mouth { jaw, wide: sum.wide / whole, round: sum.round / whole_round, close: sum.close / whole };
    // Lips that spread cannot be pushed forward.
    if mouth.round > 0.3 {
        mouth.wide = mouth.wide.min(0.0);
    }
    mouth.jaw = mouth.jaw.min(mouth.jaw * (1.0 - teeth) + 0.16 * teeth);
    mouth.jaw = mouth.jaw.min(mouth.jaw * (1.0 - bitten) + 0.16 * bitten);
    mouth.jaw *= 1.0 - pressed;
    mouth.close = mouth.close.max(pressed).max(0.55 * bitten);
    mouth
}

/// How much a sound insists on its shape: the tongue's own leave the lips to the vowels around them.
fn strength(viseme: Viseme) -> f32 {
    match viseme {
        Viseme::DD | Viseme::NN | Viseme::KK => 0.35,
        // These are held by what must be seen.
        Viseme::PP | Viseme::FF | Viseme::SS | Viseme::CH => 0.4,
        Viseme::TH | Viseme::RR => 0.7,
        Viseme::Sil => 0.8,
        _ => 1.0,
    }
}

/// Mouth shapes after the viseme table of the motion notes; jaw 14 degrees = 1.
fn shape(viseme: Viseme) -> Mouth {
    let m = |jaw: f32, wide: f32, round: f32, close: f32| Mouth { jaw: jaw / 14.0, wide, round, close };
    match viseme {
        Viseme::Sil => m(0.0, 0.0, 0.0, 0.6),
        Viseme::PP => m(0.5, 0.0, 0.0, 1.0),
        Viseme::FF => m(3.0, 0.05, 0.0, 0.5),
        Viseme::TH | Viseme::DD => m(4.0, 0.15, 0.0, 0.0),
        Viseme::KK => m(6.0, 0.1, 0.0, 0.0),
        Viseme::CH => m(3.0, -0.1, 0.55, 0.0),
        Viseme::SS => m(1.5, 0.35, 0.0, 0.0),
        Viseme::NN => m(4.5, 0.1, 0.0, 0.0),
        Viseme::RR => m(4.0, -0.1, 0.45, 0.0),
        Viseme::AA => m(13.0, 0.1, 0.0, 0.0),
        Viseme::E => m(8.0, 0.4, 0.0, 0.0),
        Viseme::IH => m(4.0, 0.6, 0.0, 0.0),
        Viseme::OH => m(9.0, -0.3, 0.6, 0.0),
        Viseme::OU => m(4.0, -0.6, 1.0, 0.1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kinora_base::Ticks;

    fn line(shapes: &[(Viseme, f64)]) -> Vec<TimedViseme> {
        let mut at = 1.0;
        let mut out = Vec::new();
        for (viseme, seconds) in shapes {
            out.push(TimedViseme { viseme: *viseme, from: Ticks::from_seconds(at), to: Ticks::from_seconds(at + seconds) });
            at += seconds;
        }
        out
    }

    #[test]
    fn lips_close_on_p_b_m_at_every_rate_however_short_it_is() {
        let mama = line(&[(Viseme::AA, 0.12), (Viseme::PP, 0.03), (Viseme::AA, 0.12)]);
        for fps in [24, 30, 60] {
            let shut = (0..2 * fps).filter(|f| shape_of(&mama, *f as f32 / fps as f32 + LEAD, 1.4).close > 0.95).count();
            assert!(shut >= if fps == 60 { 3 } else { 2 }, "{fps} fps: shut for {shut} frames");
        }
        assert!(shape_of(&mama, 1.05, 1.0).jaw > 0.5, "open on a");
    }

    #[test]
    fn rounding_begins_before_the_vowel() {
        let soo = line(&[(Viseme::SS, 0.12), (Viseme::OU, 0.2)]);
        let see = line(&[(Viseme::SS, 0.12), (Viseme::IH, 0.2)]);
        assert!(shape_of(&soo, 1.06, 1.0).round > shape_of(&see, 1.06, 1.0).round + 0.2, "s before u is round");
    }

    #[test]
    fn a_loud_voice_opens_the_jaw() {
        let a = line(&[(Viseme::AA, 0.3)]);
        assert!(shape_of(&a, 1.15, 1.5).jaw > 1.4 * shape_of(&a, 1.15, 1.0).jaw, "by its loudness");
    }
}
