//! Camera words: sizes, angles, sides and moves of a shot.

use super::lexicon::Lexicon;
use crate::script::FramingWish;
use kinora_plan::{Angle, CameraMove, MoveKind, Part, ShotSize, Side};

/// What one phrase wishes.
#[derive(Clone, Copy)]
enum Wish {
    Size(ShotSize),
    Angle(Angle),
    Side(Side),
    Lens(f32),
    Aperture(f32),
    Speed(f32),
    OneTake,
}

use Wish::{Angle as A, Aperture, Lens, OneTake, Side as Sd, Size as Sz, Speed};

/// Phrases that are about the camera wherever they stand; longer ones first.
const PHRASES: &[(&str, Wish)] = &[
    ("with a shallow depth of field", Aperture(1.4)),
    ("with shallow depth of field", Aperture(1.4)),
    ("shallow depth of field", Aperture(1.4)),
    ("with a blurred background", Aperture(1.4)),
    ("with a blurry background", Aperture(1.4)),
    ("background out of focus", Aperture(1.4)),
    ("background is blurred", Aperture(1.4)),
    ("blurred background", Aperture(1.4)),
    ("blurry background", Aperture(1.4)),
    ("everything in focus", Aperture(16.0)),
    ("deep depth of field", Aperture(16.0)),
    ("shallow focus", Aperture(1.4)),
    ("deep focus", Aperture(16.0)),
    ("in extreme slow motion", Speed(0.2)),
    ("extreme slow motion", Speed(0.2)),
    ("super slow motion", Speed(0.2)),
    ("in super slow motion", Speed(0.2)),
    ("in ultra slow motion", Speed(0.2)),
    ("ultra slow motion", Speed(0.2)),
    ("in slow motion", Speed(0.4)),
    ("in slow mo", Speed(0.4)),
    ("slow motion", Speed(0.4)),
    ("slow mo", Speed(0.4)),
    ("slowmo", Speed(0.4)),
    ("bokeh", Aperture(1.4)),
    ("extreme wide shot", Sz(ShotSize::ExtremeWide)),
    ("extreme long shot", Sz(ShotSize::ExtremeWide)),
    ("very wide shot", Sz(ShotSize::VeryWide)),
    ("establishing shot", Sz(ShotSize::VeryWide)),
    ("extreme close up", Sz(ShotSize::ExtremeClose)),
    ("big close up", Sz(ShotSize::BigClose)),
    ("medium close up", Sz(ShotSize::MediumClose)),
    ("medium wide shot", Sz(ShotSize::Cowboy)),
    ("medium full shot", Sz(ShotSize::MediumFull)),
    ("medium long shot", Sz(ShotSize::MediumFull)),
    ("over the shoulder", Sd(Side::OverShoulder)),
    ("point of view", Sd(Side::PointOfView)),
    ("first person view", Sd(Side::PointOfView)),
    ("bird 's eye view", A(Angle::Top)),
    ("birds eye view", A(Angle::Top)),
    ("worm 's eye view", A(Angle::Worm)),
    ("worms eye view", A(Angle::Worm)),
    ("in one take", OneTake),
    ("in one shot", OneTake),
    ("in a single shot", OneTake),
    ("in a single take", OneTake),
    ("single continuous shot", OneTake),
    ("one continuous shot", OneTake),
    ("wide angle shot", Sz(ShotSize::Wide)),
    ("low angle shot", A(Angle::Low)),
    ("high angle shot", A(Angle::High)),
    ("dutch angle shot", A(Angle::Dutch)),
    ("from high above", A(Angle::Aerial)),
    ("from far above", A(Angle::Aerial)),
    ("from the side", Sd(Side::Profile)),
    ("from the front", Sd(Side::Front)),
    ("straight from above", A(Angle::Top)),
    ("from the air", A(Angle::Aerial)),
    ("top down view", A(Angle::Top)),
    ("top down shot", A(Angle::Top)),
    ("two shot", Sz(ShotSize::MediumFull)),
    ("wide shot", Sz(ShotSize::Wide)),
    ("long shot", Sz(ShotSize::Wide)),
    ("full shot", Sz(ShotSize::Full)),
    ("knee shot", Sz(ShotSize::MediumFull)),
    ("cowboy shot", Sz(ShotSize::Cowboy)),
    ("american shot", Sz(ShotSize::Cowboy)),
    ("medium shot", Sz(ShotSize::Medium)),
    ("mid shot", Sz(ShotSize::Medium)),
    ("waist shot", Sz(ShotSize::Medium)),
    ("bust shot", Sz(ShotSize::MediumClose)),
    ("close up", Sz(ShotSize::Close)),
    ("closeup", Sz(ShotSize::Close)),
    ("close shot", Sz(ShotSize::Close)),
    ("close view", Sz(ShotSize::Close)),
    ("wide view", Sz(ShotSize::Wide)),
    ("macro shot", Sz(ShotSize::ExtremeClose)),
    ("detail shot", Sz(ShotSize::ExtremeClose)),
    ("low angle", A(Angle::Low)),
    ("high angle", A(Angle::High)),
    ("dutch angle", A(Angle::Dutch)),
    ("eye level", A(Angle::Eye)),
    ("top down", A(Angle::Top)),
    ("top view", A(Angle::Top)),
    ("overhead shot", A(Angle::Top)),
    ("aerial shot", A(Angle::Aerial)),
    ("aerial view", A(Angle::Aerial)),
    ("drone shot", A(Angle::Aerial)),
    ("drone view", A(Angle::Aerial)),
    ("from above", A(Angle::High)),
    ("from below", A(Angle::Low)),
    ("from behind", Sd(Side::Behind)),
    ("in profile", Sd(Side::Profile)),
    ("side view", Sd(Side::Profile)),
    ("front view", Sd(Side::Front)),
    ("rear view", Sd(Side::Behind)),
    ("three quarter view", Sd(Side::ThreeQuarter)),
    ("wide angle", Lens(24.0)),
    ("telephoto", Lens(135.0)),
    ("one take", OneTake),
    ("single take", OneTake),
    ("long take", OneTake),
    ("pov", Sd(Side::PointOfView)),
    ("macro", Sz(ShotSize::ExtremeClose)),
    ("aerial", A(Angle::Aerial)),
];

/// The part of a body that a word names.
pub(crate) fn part(word: &str) -> Option<Part> {
    Some(match word {
        "hand" | "hands" | "finger" | "fingers" | "fingertips" | "palms" | "nails" | "fingernails" => Part::Hands,
        "foot" | "feet" | "shoes" | "boots" | "toes" => Part::Feet,
        "eye" | "eyes" => Part::Eyes,
        "mouth" | "lips" => Part::Mouth,
        _ => return None,
    })
}

/// Moves that need the camera as their subject, because they are everyday verbs too.
const EVERYDAY: &[&str] = &[
    "push", "track", "follow", "circle", "arc", "rise", "lower", "descend", "sink", "move", "come", "slide", "close", "back", "go", "lift", "fixed", "static",
    "tilt", "pan", "orbit", "rotate", "revolve", "truck", "crane", "dolly", "zoom", "shaky", "still", "tracking",
];
/// Everyday words that speak of the camera by themselves when they end a phrase or are joined to "shot".
const ALONE: &[&str] = &["static", "orbit", "zoom", "dolly", "tilt", "pan", "crane", "shaky", "tracking"];

/// A camera phrase at the beginning of these words: its wish and how many words it has.
pub(crate) fn phrase(lexicon: &Lexicon<'_>, words: &[&str], camera_is_subject: bool) -> Option<(FramingWish, usize)> {
    let skip = usize::from(words.first().is_some_and(|w| matches!(*w, "a" | "an" | "the")));
    let rest = &words[skip..];
    if let Some(found) = fixed_phrase(rest) {
        return Some((found.0, found.1 + skip));
    }
    movement(lexicon, rest, camera_is_subject).map(|(wish, n)| (wish, n + skip))
}

fn fixed_phrase(words: &[&str]) -> Option<(FramingWish, usize)> {
    for (text, wish) in PHRASES {
        let parts = text.split(' ');
        let count = text.split(' ').count();
        let last_plural = words.get(count - 1).is_some_and(|w| w.strip_suffix('s').is_some_and(|s| text.ends_with(s)));
        let fits = count <= words.len() && parts.zip(words).enumerate().all(|(k, (a, b))| a == *b || (k + 1 == count && last_plural));
        if fits {
            let mut used = count;
            // "close-up shot", "low-angle view"
            if words.get(used).is_some_and(|w| matches!(*w, "shot" | "view" | "angle" | "perspective")) {
                used += 1;
            }
            return Some((apply(*wish), used));
        }
    }
    None
}

fn apply(wish: Wish) -> FramingWish {
    let mut out = FramingWish::default();
    match wish {
        Sz(size) => out.size = Some(size),
        A(angle) => out.angle = Some(angle),
        Sd(side) => out.side = Some(side),
        Lens(mm) => out.lens = Some(mm),
        Aperture(number) => out.aperture = Some(number),
        Speed(factor) => out.speed = Some(factor),
        OneTake => out.one_take = true,
    }
    out
}

fn movement(lexicon: &Lexicon<'_>, words: &[&str], camera_is_subject: bool) -> Option<(FramingWish, usize)> {
    let (mut pace, mut at) = (1.0, 0);
    let paces = |w: &str| match w {
        "slow" | "slowly" | "gentle" | "gently" | "subtle" | "smooth" | "smoothly" => Some(0.6),
        "very" => Some(1.0),
        "fast" | "quick" | "quickly" | "rapid" | "rapidly" => Some(1.8),
        _ => None,
    };
    while let Some(p) = words.get(at).and_then(|w| paces(w)) {
        pace = p;
        at += 1;
    }
    let found = lexicon.camera(&words[at..])?;
    let kind = kind_of(&found.id)?;
    let head = words[at];
    let next = words.get(at + found.words).copied().unwrap_or("");
    let everyday = found.words == 1 && EVERYDAY.iter().any(|e| super::inflect::verb_forms(head).iter().any(|(v, _)| v == e));
    let named =
        matches!(next, "shot" | "camera") || (ALONE.contains(&head) && (next.is_empty() || matches!(next, "in" | "on" | "of" | "over" | "across")) && at > 0);
    let strong = found.words > 1
        && !matches!(
            head,
            "move" | "moves" | "rise" | "come" | "comes" | "go" | "goes" | "back" | "moving" | "close" | "move's" | "track" | "slide" | "slides"
        );
    if !(camera_is_subject || named || strong || !everyday && found.words == 1) {
        return None;
    }
    let mut used = at + found.words;
    if matches!(next, "shot" | "camera") {
        used += 1;
    }
    while let Some(p) = words.get(used).and_then(|w| paces(w)) {
        pace = p;
        used += 1;
    }
    Some((FramingWish { movement: Some(CameraMove { kind, pace }), ..FramingWish::default() }, used))
}

/// The move of an entry of `cameras`.
fn kind_of(id: &str) -> Option<MoveKind> {
    use MoveKind::{
        CraneDown, CraneUp, Follow, Handheld, OrbitLeft, OrbitRight, PanLeft, PanRight, PullOut, PushIn, Static, TiltDown, TiltUp, TruckLeft, TruckRight,
        ZoomIn, ZoomOut,
    };
    Some(match id {
        "static" => Static,
        "pan-left" => PanLeft,
        "pan-right" => PanRight,
        "tilt-up" => TiltUp,
        "tilt-down" => TiltDown,
        "push-in" => PushIn,
        "pull-out" => PullOut,
        "truck-left" => TruckLeft,
        "truck-right" => TruckRight,
        "crane-up" => CraneUp,
        "crane-down" => CraneDown,
        "orbit-left" => OrbitLeft,
        "orbit-right" => OrbitRight,
        "zoom-in" => ZoomIn,
        "zoom-out" => ZoomOut,
        "follow" => Follow,
        "handheld" => Handheld,
        _ => return None,
    })
}
