//! What is to be said about the words of a plan before they are drawn, and what their pictures depend on.

use kinora_base::{Span, Warning, WarningKind};
use kinora_letters::{Face, Fonts, Wish};
use kinora_plan::{Plan, RoleKind};
use kinora_vocabulary::{Asset, Kind, Vocabulary};

/// Words with where they came from.
struct Words<'a> {
    text: &'a str,
    span: Option<Span>,
    /// The kind and entry that they stand on; none = the picture.
    on: Option<(Kind, &'a str)>,
}

fn words(plan: &Plan) -> Vec<Words<'_>> {
    let kind = |k: RoleKind| match k {
        RoleKind::Person => Kind::Person,
        RoleKind::Creature => Kind::Creature,
        RoleKind::Vehicle => Kind::Vehicle,
    };
    let roles = plan.cast.iter().filter_map(|r| Some(Words { text: r.traits.text.as_deref()?, span: r.span, on: Some((kind(r.kind), &r.word)) }));
    let things = plan.scenes.iter().flat_map(|s| &s.things);
    let things = things.filter_map(|t| Some(Words { text: t.traits.text.as_deref()?, span: t.span, on: Some((Kind::Prop, &t.word)) }));
    let titles = plan.titles.iter().flat_map(|t| [&t.text, &t.under].map(|text| Words { text, span: t.span, on: None }));
    roles.chain(things).chain(titles).filter(|w| !w.text.trim().is_empty()).collect()
}

/// The names of all fonts that the words of a plan are set in: their pictures depend on them.
pub(crate) fn fonts(plan: &Plan, fonts: &Fonts) -> Vec<String> {
    let wish = Wish { language: &plan.language, ..Wish::line(Face::Bold) };
    let mut names: Vec<String> = words(plan).iter().flat_map(|w| fonts.set(w.text, &wish).fonts().map(|f| f.to_string()).collect::<Vec<_>>()).collect();
    names.sort();
    names.dedup();
    names
}

/// Letters that no font has, and words on things that have no place for any.
pub(crate) fn warnings(plan: &Plan, vocabulary: &Vocabulary, fonts: &Fonts) -> Vec<Warning> {
    let mut all: Vec<Warning> = Vec::new();
    for w in words(plan) {
        let at = |warning: Warning| match w.span {
            Some(span) => warning.at(span),
            None => warning,
        };
        let missing = fonts.set(w.text, &Wish { language: &plan.language, ..Wish::line(Face::Bold) }).missing;
        if !missing.is_empty() {
            let shown: String = missing.iter().take(12).collect();
            let more = if missing.len() > 12 { " and others" } else { "" };
            let hint = if missing.iter().any(|c| *c as u32 >= 0x1f000) {
                "coloured emoji have no outlines; use words"
            } else {
                "run `kinora fonts install`, or install a font that has them"
            };
            all.push(at(
                Warning::new(WarningKind::Unsupported, format!("no font has the letters {shown}{more} of \"{}\"; they are left out", short(w.text))).hint(hint)
            ));
        }
        let Some((kind, word)) = w.on else { continue };
        let asset = vocabulary.get(kind, word).or_else(|| vocabulary.get(Kind::Vehicle, word));
        if !asset.is_some_and(declares) {
            all.push(at(Warning::new(WarningKind::Unsupported, format!("{word} has no place for the words \"{}\"", short(w.text)))
                .hint("put them on a sign, a neon sign, a poster, a banner, a screen, a book or a cake")));
        }
    }
    all.dedup();
    all
}

/// Whether words can stand on a thing.
fn declares(asset: &Asset) -> bool {
    kinora_solids::declares(asset)
}

fn short(text: &str) -> String {
    let mut out: String = text.chars().take(40).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}
