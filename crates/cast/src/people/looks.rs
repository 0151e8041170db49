//! What nobody said of a person, chosen by a seed: skin, hair, face and figure, each within what is usual at their sex and
//! age, so that no two extras are alike.

use super::figure::Shape;
use super::hair::{Beard, Style};
use super::wardrobe::{Age, Look, PersonSection, Sex};
use crate::CastError;
use kinora_base::{LinearRgb, Rng, Seed};
use kinora_plan::Traits;

/// Skins by name with how often they are chosen where none is asked for.
const SKINS: [(&str, f32); 7] = [("fair", 0.9), ("light", 1.5), ("tan", 1.2), ("olive", 0.8), ("brown", 1.1), ("dark", 0.8), ("deep", 0.8)];

/// A person whose file and traits leave the rest open. Hair colours are looked up by `colour`.
pub(crate) fn by_chance(
    section: &PersonSection,
    traits: &Traits,
    seed: Seed,
    colour: impl Fn(&str) -> Result<Option<LinearRgb>, CastError>,
) -> Result<Look, CastError> {
    let mut rng = seed.child("look").rng();
    let sex = section.sex.unwrap_or(if rng.unit() < 0.5 { Sex::Female } else { Sex::Male });
    let age = match traits.age.as_deref() {
        Some("baby") => Age::Baby,
        Some("child") => Age::Child,
        Some("teen") => Age::Teen,
        Some("old") => Age::Old,
        // A young or grown man is a man, but a young boy is still a boy.
        Some("adult") if section.age == Age::Old => Age::Adult,
        _ => section.age,
    };
    let height = if age == section.age && section.height > 0.0 { section.height } else { usual_height(sex, age) };
    let build = traits.build.as_deref().or(section.build.as_deref()).unwrap_or_default();
    let skin = skin(section, traits, seed);
    let hair = hair(section, age, &skin, seed);
    let (girth, strength) = girth(build, &mut seed.child("build").rng(), age);
    let shape = shape(sex, age, &skin, build, girth, strength, &mut seed.child("face").rng());
    let mut brows = seed.child("brows").rng();
    let thick = match (sex, age) {
        (_, Age::Baby) => 0.60,
        (_, Age::Child) | (Sex::Female, _) => 0.88,
        (Sex::Male, Age::Old) => 1.45,
        _ => 1.22,
    };
    Ok(Look {
        sex,
        age,
        height: height
            * seed.child("height").rng().range(0.965, 1.035)
            * match build {
                "tall" => 1.085,
                "short" => 0.895,
                _ => 1.0,
            },
        girth,
        strength,
        hair: colour(&hair)?.unwrap_or(LinearRgb(0.1, 0.05, 0.03)),
        style: style(section, sex, age, &skin, seed),
        beard: beard(section, sex, age, seed),
        shape,
        brow: [thick * brows.range(0.82, 1.22), brows.signed() * 0.9 + if sex == Sex::Female { 0.25 } else { -0.1 }],
        lids: match age {
            Age::Baby | Age::Child => 0.0,
            Age::Old => 0.10,
            _ => 0.04,
        } + brows.unit() * if age == Age::Child || age == Age::Baby { 0.05 } else { 0.12 },
        freckles: freckles(&skin, age, sex, seed),
        skin,
        iris: section.irises.get(seed.child("iris").rng().below(section.irises.len().max(1))).copied(),
        clothes: Vec::new(),
    })
}

fn usual_height(sex: Sex, age: Age) -> f32 {
    match (age, sex) {
        (Age::Baby, _) => 0.76,
        (Age::Child, _) => 1.22,
        (Age::Teen, Sex::Female) => 1.58,
        (Age::Teen, Sex::Male) => 1.66,
        (Age::Adult, Sex::Female) => 1.66,
        (Age::Adult, Sex::Male) => 1.78,
        (Age::Old, Sex::Female) => 1.58,
        (Age::Old, Sex::Male) => 1.70,
    }
}

fn weighted<'a>(all: &[(&'a str, f32)], rng: &mut Rng) -> &'a str {
    let mut at = rng.unit() * all.iter().map(|a| a.1).sum::<f32>();
    for (name, weight) in all {
        if at < *weight {
            return name;
        }
        at -= weight;
    }
    all[all.len() - 1].0
}

fn skin(section: &PersonSection, traits: &Traits, seed: Seed) -> String {
    let mut rng = seed.child("skin").rng();
    if let Some(skin) = &traits.skin {
        return skin.clone();
    }
    match section.skins.len() {
        0 => weighted(&SKINS, &mut rng).to_owned(),
        n => section.skins[rng.below(n)].clone(),
    }
}

fn hair(section: &PersonSection, age: Age, skin: &str, seed: Seed) -> String {
    let mut rng = seed.child("hair").rng();
    if !section.hairs.is_empty() {
        return section.hairs[rng.below(section.hairs.len())].clone();
    }
    let young: &[(&str, f32)] = match skin {
        "deep" | "dark" => &[("black", 3.0), ("dark", 1.0)],
        "brown" | "tan" | "olive" => &[("black", 2.4), ("dark", 2.0), ("brown", 1.0), ("chestnut", 0.5)],
        "fair" => &[("blond", 1.8), ("red", 1.5), ("brown", 1.2), ("chestnut", 1.2), ("sandy", 1.2)],
        _ => &[("brown", 1.8), ("dark", 1.4), ("chestnut", 1.0), ("sandy", 0.9), ("blond", 1.0), ("red", 0.7), ("black", 0.8)],
    };
    match age {
        Age::Old => weighted(&[("white", 1.4), ("grey", 1.4), ("iron", 0.9)], &mut rng).to_owned(),
        _ => weighted(young, &mut rng).to_owned(),
    }
}

fn style(section: &PersonSection, sex: Sex, age: Age, skin: &str, seed: Seed) -> Style {
    let mut rng = seed.child("style").rng();
    // Somebody of another age than the file's does not have its hair.
    if !section.styles.is_empty() && (section.age == age || age != Age::Baby) {
        return section.styles[rng.below(section.styles.len())];
    }
    let full = matches!(skin, "deep" | "dark");
    let all: &[Style] = match (age, sex) {
        (Age::Baby, _) => &[Style::Wisp, Style::Wisp, Style::Buzz],
        (Age::Child, Sex::Female) if full => &[Style::Pigtails, Style::Braids, Style::Afro, Style::Bun, Style::Curly, Style::Ponytail],
        (Age::Child, Sex::Female) => &[Style::Pigtails, Style::Braids, Style::Ponytail, Style::Bob, Style::Long, Style::Wavy, Style::Curly],
        (Age::Child, Sex::Male) if full => &[Style::Buzz, Style::Curly, Style::Afro, Style::Short],
        (Age::Child, Sex::Male) => &[Style::Short, Style::Bowl, Style::Spiky, Style::Parted, Style::Curly, Style::Quiff],
        (Age::Old, Sex::Female) => &[Style::Bun, Style::Curly, Style::Bob, Style::Short, Style::Topknot],
        (Age::Old, Sex::Male) => &[Style::Balding, Style::Balding, Style::Parted, Style::Short, Style::Bald, Style::Slick],
        (_, Sex::Female) if full => &[Style::Bun, Style::Afro, Style::Curly, Style::Dreads, Style::Braid, Style::Topknot, Style::Ponytail],
        (_, Sex::Female) => &[Style::Bob, Style::Long, Style::Wavy, Style::Ponytail, Style::Bun, Style::Braid, Style::Curly, Style::Topknot],
        (_, Sex::Male) if full => &[Style::Buzz, Style::Curly, Style::Bald, Style::Dreads, Style::Afro, Style::Short],
        (_, Sex::Male) => &[Style::Short, Style::Parted, Style::Quiff, Style::Buzz, Style::Curly, Style::Slick, Style::Spiky, Style::Balding, Style::Bald],
    };
    all[rng.below(all.len())]
}

fn beard(section: &PersonSection, sex: Sex, age: Age, seed: Seed) -> Beard {
    let mut rng = seed.child("beard").rng();
    if sex == Sex::Female || !matches!(age, Age::Adult | Age::Old) {
        return Beard::None;
    }
    if !section.beards.is_empty() {
        return section.beards[rng.below(section.beards.len())];
    }
    let all = if age == Age::Old {
        [Beard::None, Beard::Full, Beard::Full, Beard::Moustache, Beard::Goatee, Beard::None]
    } else {
        [Beard::None, Beard::None, Beard::None, Beard::Stubble, Beard::Full, Beard::Moustache]
    };
    all[rng.below(all.len())]
}

fn freckles(skin: &str, age: Age, sex: Sex, seed: Seed) -> f32 {
    let likely: f32 = match skin {
        "fair" => 0.8,
        "light" => 0.4,
        _ => 0.0,
    };
    let young = matches!(age, Age::Child | Age::Teen) || (sex == Sex::Female && age == Age::Adult);
    let by = seed.child("freckles").rng().unit();
    if young && by < likely { 1.0 } else { 0.0 }
}

fn girth(build: &str, rng: &mut Rng, age: Age) -> (f32, f32) {
    let own = rng.signed() * 0.07 + if age == Age::Old { 0.03 } else { 0.0 };
    let strength = 0.15 + 0.25 * rng.unit();
    match build {
        "thin" => (0.84, 0.0),
        "heavy" => (1.27 + 0.05 * rng.unit(), 0.2),
        "athletic" => (1.06, 1.0),
        _ => (1.0 + own, strength),
    }
}

/// About a normal deviate within -1..1.
fn bell(rng: &mut Rng) -> f32 {
    (rng.signed() + rng.signed()) * 0.62
}

fn shape(sex: Sex, age: Age, skin: &str, build: &str, girth: f32, strength: f32, rng: &mut Rng) -> Shape {
    let mut about = |middle: f32, spread: f32| middle + bell(rng) * spread;
    let full = f32::from(u8::from(matches!(skin, "deep" | "dark" | "brown")));
    let mut s = match (age, sex) {
        (Age::Baby, _) => Shape {
            long: about(-1.15, 0.15),
            wide: about(0.35, 0.2),
            jaw: about(-0.25, 0.2),
            chin: about(-1.0, 0.15),
            cheeks: about(1.45, 0.25),
            crown: about(0.5, 0.2),
            nose: about(-1.15, 0.15),
            nose_wide: about(0.1, 0.3),
            tip: about(1.0, 0.2),
            eyes: about(0.65, 0.15),
            ears: about(0.1, 0.3),
            mouth: about(-0.8, 0.2),
            belly: about(0.22, 0.1),
            ..Shape::default()
        },
        (Age::Child, _) => Shape {
            long: about(-0.65, 0.35),
            wide: about(0.10, 0.45),
            jaw: about(-0.30, 0.45),
            chin: about(-0.60, 0.35),
            cheeks: about(0.75, 0.45),
            crown: about(0.20, 0.35),
            nose: about(-0.75, 0.30),
            nose_wide: about(0.15, 0.50),
            tip: about(0.70, 0.40),
            eyes: about(0.42, 0.25),
            ears: about(0.25, 0.55),
            mouth: about(-0.35, 0.45),
            ..Shape::default()
        },
        (_, Sex::Female) => Shape {
            long: about(-0.05, 0.60),
            wide: about(-0.15, 0.50),
            jaw: about(-0.35, 0.55),
            chin: about(-0.25, 0.50),
            cheeks: about(0.10, 0.60),
            crown: about(0.0, 0.40),
            nose: about(-0.35, 0.45),
            nose_wide: about(-0.15, 0.50),
            tip: about(0.30, 0.55),
            hook: about(-0.05, 0.45),
            eyes: about(0.18, 0.40),
            ears: about(-0.2, 0.4),
            mouth: about(0.0, 0.45),
            lips: about(0.45, 0.50),
            bust: about(0.75, 0.25),
            hips: about(0.85, 0.25),
            ..Shape::default()
        },
        (_, Sex::Male) => Shape {
            long: about(0.25, 0.75),
            wide: about(0.05, 0.60),
            jaw: about(0.45, 0.75),
            chin: about(0.35, 0.65),
            cheeks: about(-0.15, 0.60),
            crown: about(0.0, 0.50),
            nose: about(0.20, 0.65),
            nose_wide: about(0.20, 0.65),
            tip: about(-0.10, 0.60),
            hook: about(0.15, 0.70),
            eyes: about(-0.28, 0.40),
            ears: about(0.25, 0.60),
            mouth: about(0.25, 0.50),
            lips: about(-0.25, 0.45),
            ..Shape::default()
        },
    };
    if age == Age::Teen {
        (s.jaw, s.chin, s.nose, s.cheeks) = (s.jaw * 0.6 - 0.15, s.chin * 0.6 - 0.2, s.nose * 0.7 - 0.2, s.cheeks + 0.2);
        (s.bust, s.hips, s.eyes) = (s.bust * 0.6, s.hips * 0.6, s.eyes + 0.2);
    }
    if age == Age::Old {
        (s.nose, s.ears, s.tip, s.lips) = (s.nose + 0.45, s.ears + 0.55, s.tip - 0.45, s.lips - 0.5);
        (s.eyes, s.bust, s.hips, s.long) = (s.eyes - 0.30, s.bust + 0.1, s.hips * 0.5, s.long + 0.2);
    }
    s.nose_wide += 0.45 * full;
    s.lips += 0.55 * full;
    match build {
        "heavy" => (s.cheeks, s.jaw, s.wide) = (s.cheeks + 0.9, s.jaw + 0.55, s.wide + 0.35),
        "thin" => (s.cheeks, s.jaw, s.long) = (s.cheeks - 0.7, s.jaw - 0.35, s.long + 0.35),
        "athletic" => (s.jaw, s.chin) = (s.jaw + 0.3, s.chin + 0.2),
        _ => {}
    }
    let grown = !matches!(age, Age::Baby | Age::Child);
    s.belly += ((girth - 1.0) * 4.2).clamp(0.0, 1.25);
    if grown {
        s.muscle = strength * if sex == Sex::Male { 1.0 } else { 0.45 };
    }
    s
}
