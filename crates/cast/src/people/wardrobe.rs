//! What people are and wear, from the vocabulary: the `person:` and `garment:` sections, and how a role's traits
//! and its seed choose among them.

use super::clothes::Cut;
use super::figure::Shape;
use super::hair::{Beard, Style};
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum Age {
    Baby,
    Child,
    Teen,
    #[default]
    Adult,
    Old,
}

/// The `person:` section of a file. What it leaves open the seed chooses.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PersonSection {
    /// Stands for any of these other entries, as the seed chooses; one named twice comes twice as often. Then nothing else is said.
    #[serde(default)]
    pub(crate) one_of: Vec<String>,
    /// Female or Male; without it either.
    #[serde(default)]
    pub(crate) sex: Option<Sex>,
    /// Baby, Child, Teen, Adult or Old.
    #[serde(default)]
    pub(crate) age: Age,
    /// Crown above the ground, metres; what is usual at that age if 0.
    #[serde(default)]
    pub(crate) height: f32,
    /// Build, if it belongs to the role: thin, heavy, athletic.
    #[serde(default)]
    pub(crate) build: Option<String>,
    /// Skins to choose from.
    #[serde(default)]
    pub(crate) skins: Vec<String>,
    /// Hair colours to choose from.
    #[serde(default)]
    pub(crate) hairs: Vec<String>,
    /// Cuts of hair to choose from.
    #[serde(default)]
    pub(crate) styles: Vec<Style>,
    /// Beards to choose from, for men.
    #[serde(default)]
    pub(crate) beards: Vec<Beard>,
    /// Colours of the iris to choose from.
    #[serde(default)]
    pub(crate) irises: Vec<LinearRgb>,
    /// Clothes to choose from, from below to above: garments with colours. `a|b` is either, `?a` perhaps; the colour
    /// `any` is one of the garment's own.
    #[serde(default)]
    pub(crate) outfits: Vec<Vec<(String, String)>>,
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
    /// Parts alone, on the ears or the face.
    Face,
    /// A cut of hair.
    Hair,
    /// A beard.
    Beard,
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
    /// Satin and silk.
    Silk,
    /// The wearer's own skin, whatever the colour: ears, noses.
    Skin,
    /// The wearer's own hair.
    Own,
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
    /// The cut of hair, of slot Hair.
    #[serde(default)]
    pub(crate) style: Option<Style>,
    /// The beard, of slot Beard.
    #[serde(default)]
    pub(crate) beard: Option<Beard>,
    /// Feet are bare under it: nothing is worn on them but the garment's own parts.
    #[serde(default)]
    pub(crate) barefoot: bool,
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
    /// The entry of `props` that it is, carried: who has that in hand in the film does not wear it.
    #[serde(default)]
    pub(crate) thing: Option<String>,
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
    /// Strength, 0..1: broad shoulders.
    pub(crate) strength: f32,
    pub(crate) skin: String,
    pub(crate) hair: LinearRgb,
    pub(crate) style: Style,
    pub(crate) beard: Beard,
    /// What the face and the figure are like.
    pub(crate) shape: Shape,
    /// Thickness of the brows, and how arched they are.
    pub(crate) brow: [f32; 2],
    /// How far the lids hang at rest, 0..0.3.
    pub(crate) lids: f32,
    /// Freckles, 0..1.
    pub(crate) freckles: f32,
    /// Colour of the iris, if the role says so.
    pub(crate) iris: Option<LinearRgb>,
    pub(crate) clothes: Vec<Worn>,
}

/// Decides everything about a person from their file, the role's traits and a seed.
pub(crate) fn look(role: &kinora_plan::Role, vocabulary: &Vocabulary, seed: Seed, warnings: &mut Vec<Warning>) -> Result<Look, CastError> {
    let (word, traits) = (role.word.as_str(), &role.traits);
    let bearded = traits.clothes.iter().any(|g| matches!(garment(&g.word, vocabulary), Ok(Some(g)) if g.slot == Slot::Beard));
    let voice = if bearded { "male" } else { role.voice.as_ref().map_or("", |v| v.kind.as_str()) };
    let people = || vocabulary.of(Kind::Person).map(|a| a.id.as_str());
    let section = |word: &str| {
        let section = vocabulary.get(Kind::Person, word).map(|asset| asset.section::<PersonSection>("person")).transpose()?.flatten();
        section.ok_or_else(|| {
            let hint = nearest(word, people()).map_or(String::new(), |w| format!("; did you mean \"{w}\"?"));
            CastError::Unknown { kind: "person", word: word.to_owned(), hint }
        })
    };
    let section = section(word).and_then(|s| match s.one_of.len() {
        0 => Ok(s),
        n => section(&s.one_of[seed.child("one-of").rng().below(n)]),
    })?;
    let mut look = super::looks::by_chance(&section, (traits, voice), seed, |name| hair_colour(name, vocabulary))?;
    look.clothes = outfit(&section, vocabulary, seed)?;
    if let Some(hair) = traits.hair.as_deref() {
        match hair_colour(hair, vocabulary)? {
            Some(colour) => look.hair = colour,
            None => warnings.push(unknown("hair colour", hair)),
        }
    }
    if let Some(style) = traits.hair_style.as_deref() {
        match Style::named(style) {
            Some(style) => look.style = style,
            None => {
                let all: Vec<&str> = super::hair::STYLES.iter().map(|s| s.0).collect();
                warnings.push(unknown("hair style", style).hint(format!("there are {}", all.join(", "))));
            }
        }
    }
    dress(&mut look, traits, vocabulary, seed, warnings)?;
    Ok(look)
}

/// One of the outfits of a file, its alternatives chosen.
fn outfit(section: &PersonSection, vocabulary: &Vocabulary, seed: Seed) -> Result<Vec<Worn>, CastError> {
    let mut rng = seed.child("outfit").rng();
    let Some(outfit) = section.outfits.get(rng.below(section.outfits.len().max(1))) else { return Ok(Vec::new()) };
    let mut clothes = Vec::new();
    for (words, colours) in outfit {
        // Drawn whatever comes of it, so that one garment's choice does not change the next one's.
        let (some, which, hue) = (rng.unit(), rng.unit(), rng.unit());
        let (words, perhaps) = words.strip_prefix('?').map_or((words.as_str(), false), |w| (w, true));
        if perhaps && some > 0.34 {
            continue;
        }
        let one = |of: &str, by: f32| {
            let all: Vec<&str> = of.split('|').collect();
            all[((by * all.len() as f32) as usize).min(all.len() - 1)].to_owned()
        };
        let word = one(words, which);
        if let Some(garment) = garment(&word, vocabulary)? {
            let own = garment.colours.join("|");
            let named = |name: &str| Ok::<_, CastError>(colour_named(name, vocabulary)?.unwrap_or(LinearRgb(0.3, 0.3, 0.3)));
            let mut colour = named(&one(if colours == "any" { &own } else { colours }, hue))?;
            // Nobody who may choose is all of one colour.
            let taken = |c: LinearRgb| clothes.iter().any(|w: &Worn| w.colour == c);
            if colours == "any" && taken(colour) {
                for other in &garment.colours {
                    let other = named(other)?;
                    colour = if taken(colour) { other } else { colour };
                }
            }
            put_on(&mut clothes, Worn { garment, colour });
        }
    }
    Ok(clothes)
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
        if grown(look, &garment, wanted.colour.as_deref(), vocabulary)? {
            continue;
        }
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

/// Hair and beards are asked for as clothes are, but grow: true if it was one. A colour that is given is that of all hair.
fn grown(look: &mut Look, garment: &GarmentSection, colour: Option<&str>, vocabulary: &Vocabulary) -> Result<bool, CastError> {
    match garment.slot {
        Slot::Hair => look.style = garment.style.unwrap_or(look.style),
        Slot::Beard => {
            look.beard = garment.beard.unwrap_or(Beard::Full);
            // A beard on somebody of unknown sex makes a man.
            look.shape.jaw = look.shape.jaw.max(0.0);
        }
        _ => return Ok(false),
    }
    if let Some(colour) = colour.map(|name| hair_colour(name, vocabulary)).transpose()?.flatten() {
        look.hair = colour;
    }
    Ok(true)
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
    use Slot::{Coat, Dress, Face, Neck, Over, Skirt, Suit, Top, Trousers};
    let slot = new.garment.slot;
    let replaced = |old: Slot| match (slot, old) {
        // Badges, belts and bags go together.
        (Over | Neck | Face, b) if slot == b => false,
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
        "iron" => Some(LinearRgb(0.16, 0.155, 0.155)),
        "chestnut" => Some(LinearRgb(0.115, 0.036, 0.016)),
        "sandy" => Some(LinearRgb(0.31, 0.165, 0.065)),
        "black" => Some(LinearRgb(0.032, 0.026, 0.026)),
        "white" => Some(LinearRgb(0.68, 0.66, 0.62)),
        other => colour_named(other, vocabulary)?,
    })
}
