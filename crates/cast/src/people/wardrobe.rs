//! What people are and wear, from the vocabulary: the `person:` and `garment:` sections, and how a role's traits
//! and its seed choose among them.

use super::clothes::Cut;
use super::hair::Style;
use super::parts::Part;
use crate::CastError;
use kinora_base::diagnostics::nearest;
use kinora_base::{LinearRgb, Seed, Warning, WarningKind};
use kinora_plan::Traits;
use kinora_render::scene::Mask;
use kinora_vocabulary::{Kind, Vocabulary};
use serde::Deserialize;

/// Sex, as far as a body shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Sex {
    Female,
    Male,
}

/// Age, as far as a body shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Age {
    Baby,
    Child,
    Adult,
    Old,
}

/// The `person:` section of a file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PersonSection {
    /// Female or Male.
    pub(crate) sex: Sex,
    /// Baby, Child, Adult or Old.
    pub(crate) age: Age,
    /// Crown above the ground, metres.
    pub(crate) height: f32,
    /// Looks to choose from: skin, hair colour and hair style.
    pub(crate) looks: Vec<(String, String, Style)>,
    /// Clothes to choose from: garments with colours, from below to above.
    pub(crate) outfits: Vec<Vec<(String, String)>>,
    /// Whether there is a beard.
    #[serde(default)]
    pub(crate) beard: bool,
}

/// Where a garment is worn, and with that how it is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Slot {
    Top,
    Coat,
    Dress,
    /// Top, trousers and perhaps boots and gloves in one.
    Suit,
    Trousers,
    Skirt,
    Scarf,
    Hat,
    Shoes,
    /// Parts alone, at the neck.
    Neck,
    /// Parts alone, before the eyes.
    Glasses,
    /// Parts alone, over everything else.
    Over,
    /// Parts alone, on the back.
    Back,
    /// Parts alone, in the left hand.
    Hand,
}

/// What cloth is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Cloth {
    Knit,
    Weave,
    Felt,
    Leather,
    /// Polished.
    Metal,
    /// Lacquered.
    Smooth,
    /// Plumes and fur.
    Hair,
}

/// The `garment:` section of a file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GarmentSection {
    /// Where it is worn.
    pub(crate) slot: Slot,
    /// What it is made of.
    pub(crate) cloth: Cloth,
    /// Its shape.
    #[serde(default)]
    pub(crate) cut: Cut,
    /// Share of the leg that trousers cover.
    #[serde(default = "whole")]
    pub(crate) length: f32,
    /// A row of buttons down the front, in this colour.
    #[serde(default)]
    pub(crate) buttons: Option<LinearRgb>,
    /// Whether a suit has boots of its own.
    #[serde(default)]
    pub(crate) boots: bool,
    /// Gloves of this colour.
    #[serde(default)]
    pub(crate) gloves: Option<LinearRgb>,
    /// Under a hat hair ends at this height of the head, metres over mid-skull; below -.3 there is none to be seen.
    #[serde(default = "anywhere")]
    pub(crate) hair_below: f32,
    /// Painted on.
    #[serde(default)]
    pub(crate) trims: Vec<Trim>,
    /// Solid things on it.
    #[serde(default)]
    pub(crate) parts: Vec<Part>,
    /// Colours to choose from when none is asked for.
    pub(crate) colours: Vec<String>,
}

/// A painted part of a garment, in the space of the reference body.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Trim {
    pub(crate) colour: LinearRgb,
    pub(crate) mask: Mask,
    #[serde(default)]
    pub(crate) mirror: bool,
}

fn anywhere() -> f32 {
    9.0
}

fn whole() -> f32 {
    1.0
}

/// A garment with its colour.
#[derive(Clone, Debug)]
pub(crate) struct Worn {
    pub(crate) garment: GarmentSection,
    pub(crate) colour: LinearRgb,
}

/// One person, decided.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    pub(crate) sex: Sex,
    pub(crate) age: Age,
    pub(crate) height: f32,
    /// Factor on girth: thin .88, heavy 1.2.
    pub(crate) girth: f32,
    pub(crate) skin: String,
    pub(crate) hair: LinearRgb,
    pub(crate) style: Style,
    pub(crate) beard: bool,
    pub(crate) clothes: Vec<Worn>,
}

/// Decides everything about a person from their file, the role's traits and a seed.
pub(crate) fn look(word: &str, traits: &Traits, vocabulary: &Vocabulary, seed: Seed, warnings: &mut Vec<Warning>) -> Result<Look, CastError> {
    let people = || vocabulary.of(Kind::Person).map(|a| a.id.as_str());
    let asset = vocabulary.get(Kind::Person, word);
    let section = match asset {
        Some(asset) => asset.section::<PersonSection>("person")?,
        None => None,
    };
    let Some(section) = section else {
        let hint = nearest(word, people()).map_or(String::new(), |w| format!("; did you mean \"{w}\"?"));
        return Err(CastError::Unknown { kind: "person", word: word.to_owned(), hint });
    };
    let mut look = by_default(&section, vocabulary, seed)?;
    apply(&mut look, traits, vocabulary, seed, warnings)?;
    Ok(look)
}

fn by_default(section: &PersonSection, vocabulary: &Vocabulary, seed: Seed) -> Result<Look, CastError> {
    let mut rng = seed.child("look").rng();
    let (skin, hair, style) = section.looks[rng.below(section.looks.len().max(1))].clone();
    let outfit = &section.outfits[rng.below(section.outfits.len().max(1))];
    let mut clothes = Vec::new();
    for (word, colour) in outfit {
        if let Some(garment) = garment(word, vocabulary)? {
            let colour = colour_named(colour, vocabulary)?.unwrap_or(LinearRgb(0.3, 0.3, 0.3));
            put_on(&mut clothes, Worn { garment, colour });
        }
    }
    Ok(Look {
        sex: section.sex,
        age: section.age,
        height: section.height * rng.range(0.985, 1.015),
        girth: 1.0,
        skin,
        hair: hair_colour(&hair, vocabulary)?.unwrap_or(LinearRgb(0.1, 0.05, 0.03)),
        style,
        beard: section.beard,
        clothes,
    })
}

fn apply(look: &mut Look, traits: &Traits, vocabulary: &Vocabulary, seed: Seed, warnings: &mut Vec<Warning>) -> Result<(), CastError> {
    match traits.age.as_deref() {
        Some("baby") if look.age != Age::Baby => {
            (look.age, look.height, look.beard) = (Age::Baby, 0.76, false);
            look.style = Style::Wisp;
        }
        Some("child") if look.age != Age::Child => (look.age, look.height, look.beard) = (Age::Child, 1.22, false),
        Some("teen") => (look.age, look.height, look.beard) = (Age::Adult, 1.60, false),
        Some("old") if look.age != Age::Old => {
            (look.age, look.height) = (Age::Old, look.height * 0.965);
            look.hair = LinearRgb(0.42, 0.41, 0.40);
        }
        _ => {}
    }
    match traits.build.as_deref() {
        Some("thin") => look.girth = 0.86,
        Some("heavy") => look.girth = 1.24,
        Some("athletic") => look.girth = 1.06,
        Some("tall") => look.height *= 1.08,
        Some("short") => look.height *= 0.90,
        _ => {}
    }
    if let Some(skin) = traits.skin.as_deref() {
        look.skin = skin.to_owned();
    }
    if let Some(hair) = traits.hair.as_deref() {
        match hair_colour(hair, vocabulary)? {
            Some(colour) => look.hair = colour,
            None => warnings.push(unknown("hair colour", hair)),
        }
    }
    if let Some(style) = traits.hair_style.as_deref() {
        match Style::named(style) {
            Some(style) => look.style = style,
            None => warnings.push(unknown("hair style", style).hint("there are short, bob, bun, curly, long, bald, wisp")),
        }
    }
    dress(look, traits, vocabulary, seed, warnings)
}

fn dress(look: &mut Look, traits: &Traits, vocabulary: &Vocabulary, seed: Seed, warnings: &mut Vec<Warning>) -> Result<(), CastError> {
    take_off_coat(look, traits, vocabulary)?;
    for wanted in &traits.clothes {
        let Some(garment) = garment(&wanted.word, vocabulary)? else {
            warnings.push(unknown("garment", &wanted.word));
            continue;
        };
        let mut rng = seed.child(&wanted.word).rng();
        let by_chance = garment.colours.get(rng.below(garment.colours.len())).cloned().unwrap_or_default();
        let name = wanted.colour.as_ref().unwrap_or(&by_chance);
        let colour = colour_named(name, vocabulary)?.unwrap_or(LinearRgb(0.3, 0.3, 0.3));
        put_on(&mut look.clothes, Worn { garment, colour });
    }
    if let Some(name) = traits.colour.as_deref() {
        match colour_named(name, vocabulary)? {
            Some(colour) => recolour_top(&mut look.clothes, colour),
            None => warnings.push(unknown("colour", name)),
        }
    }
    Ok(())
}

/// A coat that nobody asked for would hide the sweater or dress that somebody did.
fn take_off_coat(look: &mut Look, traits: &Traits, vocabulary: &Vocabulary) -> Result<(), CastError> {
    for wanted in &traits.clothes {
        if garment(&wanted.word, vocabulary)?.is_some_and(|g| matches!(g.slot, Slot::Top | Slot::Dress | Slot::Suit)) {
            look.clothes.retain(|w| w.garment.slot != Slot::Coat);
        }
    }
    Ok(())
}

fn recolour_top(clothes: &mut [Worn], colour: LinearRgb) {
    let order = [Slot::Coat, Slot::Suit, Slot::Dress, Slot::Top];
    if let Some(slot) = order.into_iter().find(|s| clothes.iter().any(|w| w.garment.slot == *s)) {
        clothes.iter_mut().filter(|w| w.garment.slot == slot).for_each(|w| w.colour = colour);
    }
}

/// Takes off what the new garment replaces, and puts it on.
fn put_on(clothes: &mut Vec<Worn>, new: Worn) {
    use Slot::{Coat, Dress, Skirt, Suit, Top, Trousers};
    let slot = new.garment.slot;
    let replaced = |old: Slot| match (slot, old) {
        (a, b) if a == b => true,
        (Dress, Top | Trousers | Skirt | Suit)
        | (Suit, Top | Trousers | Skirt | Dress | Coat)
        | (Top | Trousers | Skirt, Dress | Suit)
        | (Trousers, Skirt)
        | (Skirt, Trousers) => true,
        _ => false,
    };
    clothes.retain(|w| !replaced(w.garment.slot));
    clothes.push(new);
}

fn unknown(what: &str, word: &str) -> Warning {
    Warning::new(WarningKind::UnknownWord, format!("there is no {what} called \"{word}\"; it is left as it was"))
}

fn garment(word: &str, vocabulary: &Vocabulary) -> Result<Option<GarmentSection>, CastError> {
    let Some(asset) = vocabulary.get(Kind::Garment, word) else { return Ok(None) };
    let section: Option<GarmentSection> = asset.section("garment")?;
    for part in section.iter().flat_map(|s| &s.parts) {
        part.check().map_err(|what| CastError::Solids(format!("{}: {what}", asset.file())))?;
    }
    Ok(section)
}

fn colour_named(name: &str, vocabulary: &Vocabulary) -> Result<Option<LinearRgb>, CastError> {
    Ok(match vocabulary.get(Kind::Colour, name) {
        Some(asset) => asset.section("colour")?,
        None => None,
    })
}

/// Hair has its own natural colours; any other colour is a dye.
fn hair_colour(name: &str, vocabulary: &Vocabulary) -> Result<Option<LinearRgb>, CastError> {
    Ok(match name {
        "blond" | "golden" => Some(LinearRgb(0.52, 0.30, 0.095)),
        "brown" => Some(LinearRgb(0.17, 0.065, 0.03)),
        "dark" => Some(LinearRgb(0.060, 0.032, 0.022)),
        "red" => Some(LinearRgb(0.36, 0.095, 0.028)),
        "grey" => Some(LinearRgb(0.34, 0.33, 0.32)),
        "black" => Some(LinearRgb(0.032, 0.026, 0.026)),
        "white" => Some(LinearRgb(0.68, 0.66, 0.62)),
        other => colour_named(other, vocabulary)?,
    })
}
