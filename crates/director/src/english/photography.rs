//! What a prompt says of light and of the picture's quality - "soft morning light", "bathed in golden light", "35mm film, 4k, highly
//! detailed" - is taken out before anything else is read: it is nobody, and nobody does it. The hours in it stay, golden light is of one, the
//! light of candles and lamps is by them, the moon that something is under is the night, and a portrait is a close-up.

use super::lex::{Lexeme, Token};
use super::lexicon::Lexicon;
use super::noun::is_function;
use super::tables;
use kinora_base::{Span, Warning, WarningKind};
use kinora_vocabulary::Kind;

/// Light, as a picture has it.
const LIGHT: &[&str] = &[
    "light",
    "lights",
    "lighting",
    "glow",
    "sunlight",
    "daylight",
    "backlight",
    "candlelight",
    "firelight",
    "lamplight",
    "torchlight",
    "illumination",
    "shadows",
    "tones",
    "tone",
    "palette",
    "hues",
    "flare",
    "flares",
    "colors",
    "colours",
    "haze",
    "ambience",
    "atmosphere",
    "quality",
];
/// What such light is like.
const LIKE: &[&str] = &[
    "ambient",
    "amber",
    "atmospheric",
    "back",
    "beautiful",
    "blue",
    "bright",
    "brilliant",
    "chiaroscuro",
    "cinematic",
    "cold",
    "cool",
    "dappled",
    "deep",
    "diffuse",
    "diffused",
    "dim",
    "dramatic",
    "dreamy",
    "early",
    "earthy",
    "eerie",
    "ethereal",
    "even",
    "faint",
    "flat",
    "flickering",
    "front",
    "gentle",
    "global",
    "glowing",
    "gold",
    "golden",
    "green",
    "hard",
    "harsh",
    "hazy",
    "high",
    "hour",
    "key",
    "late",
    "lens",
    "long",
    "low",
    "magical",
    "moody",
    "muted",
    "natural",
    "orange",
    "overcast",
    "pale",
    "pastel",
    "perfect",
    "pink",
    "professional",
    "purple",
    "realistic",
    "rembrandt",
    "rich",
    "rim",
    "saturated",
    "desaturated",
    "side",
    "silver",
    "silvery",
    "soft",
    "strong",
    "studio",
    "subtle",
    "teal",
    "top",
    "vibrant",
    "vivid",
    "volumetric",
    "warm",
    "white",
    "yellow",
    "setting",
    "rising",
    "sun",
    "very",
];
/// Light that comes of a thing.
const LAMPS: &[(&str, &str)] = &[("candlelight", "candle"), ("lamplight", "lamp"), ("torchlight", "torch")];
/// What stands before light that something is in.
const IN: &[&str] = &["in", "under", "with", "by"];
/// What light does to somebody, before "in" or "by".
const BATHED: &[&str] = &["bathed", "lit", "illuminated", "backlit", "drenched", "soaked", "surrounded"];
/// Words of how a picture was taken and how good it is. Those of the second list need one of the first beside them.
const QUALITY: &[&str] = &[
    "k",
    "uhd",
    "hd",
    "hdr",
    "mm",
    "detailed",
    "detail",
    "details",
    "hyperdetailed",
    "resolution",
    "quality",
    "masterpiece",
    "photography",
    "photograph",
    "photo",
    "photorealism",
    "cinematography",
    "render",
    "rendering",
    "rendered",
    "raytracing",
    "artstation",
    "grain",
    "grading",
    "graded",
    "backlit",
    "contrast",
    "textures",
    "composition",
    "vfx",
    "cgi",
    "lens",
    "flare",
    "tones",
    "exposure",
    "arri",
    "alexa",
    "kodak",
    "imax",
    "anamorphic",
    "bloom",
    "lighting",
    "resolution",
];
const BESIDE: &[&str] = &[
    "ultra",
    "super",
    "hyper",
    "highly",
    "extremely",
    "very",
    "high",
    "best",
    "top",
    "award",
    "winning",
    "professional",
    "film",
    "on",
    "shot",
    "camera",
    "red",
    "portra",
    "unreal",
    "engine",
    "octane",
    "ray",
    "traced",
    "tracing",
    "trending",
    "sharp",
    "crisp",
    "stunning",
    "epic",
    "beautiful",
    "gorgeous",
    "breathtaking",
    "amazing",
    "color",
    "colour",
    "post",
    "processing",
    "intricate",
    "fine",
    "rich",
    "realistic",
    "cinematic",
    "soft",
    "low",
    "full",
    "with",
    "and",
    "in",
    "production",
    "great",
    "the",
    "a",
    "quality",
    "studio",
    "warm",
    "cool",
    "perfect",
    "dynamic",
    "range",
    "movie",
    "picture",
    "image",
];

/// The words without those of light and quality, of which a warning tells.
pub(super) fn taken(lexicon: &Lexicon<'_>, tokens: Vec<Lexeme>, written: bool, warnings: &mut Vec<Warning>) -> Vec<Lexeme> {
    let (mut out, mut said): (Vec<Lexeme>, Vec<(String, Span)>) = (Vec::with_capacity(tokens.len()), Vec::new());
    let (mut i, mut after) = (0, 0);
    while i < tokens.len() {
        let here = Here { lexicon, tokens: &tokens, after, written };
        let instead = |text: &str, at: usize| Lexeme::new(Token::Word { text: text.to_owned(), capital: false }, tokens[at].span);
        if let Some(end) = here.moon(i) {
            out.extend([instead("at", i), instead("night", end - 1)]);
            i = end;
        } else if let Some(portrait) = here.portrait(i) {
            // "A close-up portrait" is one.
            if !out.last().is_some_and(|t| matches!(t.word(), Some("up" | "closeup"))) {
                out.extend([instead("close", portrait), instead("up", portrait)]);
            }
            i = portrait + 1;
        } else if here.is_light_weather(i) || here.word(i) == "cinematic" {
            i += 1;
        } else if let Some(end) = here.quality(i).or_else(|| here.light(i)) {
            after = end;
            let span = Span { start: tokens[i].span.start, end: tokens[end - 1].span.end };
            let stays = |t: &&Lexeme| t.word().is_some_and(|w| here.is_hour(w));
            let mut hours: Vec<Lexeme> = tokens[i..end].iter().filter(stays).cloned().collect();
            let said_of = |w: &str| (i..end).find(|k| here.word(*k) == w);
            if let (Some(golden), true) = (said_of("golden"), hours.is_empty()) {
                hours.push(instead("sunset", golden));
            }
            if let Some((light, lamp)) = LAMPS.iter().find_map(|(light, lamp)| Some((said_of(light)?, lamp))) {
                out.extend(["by", "a", "lit", lamp].map(|w| instead(w, light)));
                i = end;
                continue;
            }
            if hours.is_empty() {
                said.push((text(&tokens[i..end]), span));
            }
            // What is in such an hour is in it still.
            if !hours.is_empty() && !out.last().is_none_or(|t| t.is_mark(&[',', '.', '\n', ';'])) {
                out.push(Lexeme::new(Token::Word { text: "in".into(), capital: false }, tokens[i].span));
            }
            out.extend(hours);
            i = end;
        } else if here.is_lit_by(i) {
            i += 1;
        } else {
            out.push(tokens[i].clone());
            i += 1;
        }
    }
    if let Some(first) = said.first() {
        let names: Vec<String> = said.iter().map(|s| format!("\"{}\"", s.0)).collect();
        let message = format!("light and quality of the picture follow the hour, the weather and the look: {} left out", names.join(", "));
        warnings.push(
            Warning::new(WarningKind::UnknownWord, message).at(first.1).hint("name an hour, a weather, a look or a lamp; --size says how large a film is"),
        );
    }
    out
}

fn text(tokens: &[Lexeme]) -> String {
    let mut out = String::new();
    for (k, token) in tokens.iter().enumerate() {
        // "4k" is one word where it is told of.
        if k > 0 && !(matches!(tokens[k - 1].token, Token::Number(_)) && matches!(token.word(), Some("k" | "mm" | "p" | "fps"))) {
            out.push(' ');
        }
        match &token.token {
            Token::Word { text, .. } => out.push_str(text),
            Token::Number(n) => out.push_str(&n.to_string()),
            _ => {}
        }
    }
    out
}

/// The words about a place in the text.
struct Here<'a, 'b> {
    lexicon: &'b Lexicon<'a>,
    tokens: &'b [Lexeme],
    /// Where the last such words ended: more may follow them.
    after: usize,
    /// In English: words that are brought over from another language have lost their commas.
    written: bool,
}

impl Here<'_, '_> {
    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).and_then(Lexeme::word).unwrap_or("")
    }

    /// Whether a clause or a part between commas ends before this token.
    fn ends(&self, at: usize) -> bool {
        self.tokens.get(at).is_none_or(|t| matches!(t.token, Token::Mark(_) | Token::Quote(_)))
    }

    fn begins(&self, at: usize) -> bool {
        at == 0 || at == self.after || self.ends(at - 1)
    }

    fn is_hour(&self, word: &str) -> bool {
        tables::TIMES.iter().any(|(w, _)| *w == word) || self.lexicon.noun_of(&[word], &[Kind::Time]).is_some()
    }

    /// "Under a full moon", "by the light of the moon".
    fn moon(&self, at: usize) -> Option<usize> {
        let lit = |k: usize| ["the", "light", "of"].iter().enumerate().all(|(n, w)| self.word(k + n) == *w);
        let next = match self.word(at) {
            "under" | "beneath" | "below" => at + 1,
            "by" | "in" if lit(at + 1) => at + 4,
            _ => return None,
        };
        let determined = next + usize::from(matches!(self.word(next), "a" | "the"));
        let moon = (determined..determined + 3).find(|k| self.word(*k) == "moon")?;
        let described = |k: usize| !self.word(k).is_empty() && !is_function(self.word(k));
        (determined > next && (determined..moon).all(described)).then_some(moon + 1)
    }

    /// "A portrait of an old man", but not one that hangs on a wall: where its word is.
    fn portrait(&self, at: usize) -> Option<usize> {
        let is = |k: usize| matches!(self.word(k), "portrait" | "headshot") && self.word(k + 1) == "of";
        let first = (0..at).rev().take_while(|k| !self.ends(*k)).last().unwrap_or(at);
        let opens = (first..at)
            .all(|k| matches!(self.word(k), "a" | "an" | "close" | "up" | "closeup") || LIKE.contains(&self.word(k)) || BESIDE.contains(&self.word(k)));
        let hangs = (at..at + 10).any(|k| self.word(k).starts_with("hang"));
        (is(at) && opens && !hangs).then_some(at)
    }

    /// "Light rain" is rain.
    fn is_light_weather(&self, at: usize) -> bool {
        let weather = |w: &str| tables::WEATHERS.iter().any(|t| t.0 == w) || self.lexicon.noun_of(&[w], &[Kind::Weather]).is_some() || w == "breeze";
        self.word(at) == "light" && weather(self.word(at + 1)) && self.word(at.wrapping_sub(1)) != "the"
    }

    /// A part between commas that is about quality and nothing else.
    fn quality(&self, at: usize) -> Option<usize> {
        if !self.begins(at) {
            return None;
        }
        let end = (at..self.tokens.len()).find(|k| self.ends(*k)).unwrap_or(self.tokens.len());
        let part = &self.tokens[at..end];
        let known = |t: &Lexeme| t.word().is_none_or(|w| QUALITY.contains(&w) || BESIDE.contains(&w));
        let (words, meant) = (part.iter().filter_map(Lexeme::word), |w: &str| QUALITY.contains(&w));
        (part.len() <= 7 && part.iter().all(known) && words.clone().any(meant)).then_some(end)
    }

    /// Light with what it is like: alone between commas, or in it, under it, with it, by it.
    fn light(&self, at: usize) -> Option<usize> {
        let bathed = BATHED.contains(&self.word(at));
        let lead = at + usize::from(bathed);
        let within = IN.contains(&self.word(lead));
        if !(within || (self.begins(at) || !self.written) && !bathed) {
            return None;
        }
        let first = lead + usize::from(within);
        let first = first + usize::from(matches!(self.word(first), "a" | "an" | "the"));
        let like = |w: &str| LIKE.contains(&w) || self.is_hour(w) || tables::WEATHERS.iter().any(|t| t.0 == w);
        let head =
            (first..).find(|k| !like(self.word(*k)) || LIGHT.contains(&self.word(*k)) && !like(self.word(*k + 1)) && !LIGHT.contains(&self.word(*k + 1)))?;
        let plain = head == first;
        if !LIGHT.contains(&self.word(head))
            || plain && !matches!(self.word(head), "candlelight" | "firelight" | "sunlight" | "daylight" | "lamplight" | "torchlight")
        {
            return None;
        }
        let end = self.tail(head + 1);
        // "Light rain", "a light blue dress" and "the light of a lantern" are something else.
        let next = self.word(end);
        let goes_on = matches!(next, "and" | "while" | "as" | "when" | "then")
            || LIKE.contains(&next)
            || !self.written
            || within && (is_finite(next) || matches!(next, "he" | "she" | "they" | "it" | "a" | "an" | "the"));
        (self.ends(end) || goes_on).then_some(end)
    }

    /// "Lit by a lantern", "backlit by the setting sun": it is by it. Candles are lit by somebody.
    fn is_lit_by(&self, at: usize) -> bool {
        let agent = at + 2 + usize::from(matches!(self.word(at + 2), "a" | "an" | "the"));
        let words: Vec<&str> = (agent..agent + 3).map(|k| self.word(k)).take_while(|w| !w.is_empty()).collect();
        let passive = at > 0 && matches!(self.word(at - 1), "is" | "are" | "was" | "were" | "gets" | "being" | "been");
        BATHED.contains(&self.word(at)) && self.word(at + 1) == "by" && !passive && self.lexicon.noun_of(&words, &[Kind::Person, Kind::Creature]).is_none()
    }

    /// "From the left", "on her face".
    fn tail(&self, at: usize) -> usize {
        let (preposition, owner, what) = (self.word(at), self.word(at + 1), self.word(at + 2));
        let determined = matches!(owner, "the" | "his" | "her" | "their" | "its");
        match preposition {
            "from" if matches!(owner, "above" | "behind" | "below") => at + 2,
            "from" if determined && matches!(what, "left" | "right" | "side" | "front" | "back") => at + 3,
            "on" if determined && matches!(what, "face" | "faces" | "skin" | "hair" | "body" | "fur") => at + 3,
            _ => at,
        }
    }
}

/// Whether a word looks like what somebody does.
fn is_finite(word: &str) -> bool {
    word.len() > 3 && (word.ends_with('s') && !word.ends_with("ss") || word.ends_with("ing"))
}

#[cfg(test)]
mod tests {
    use super::super::lex::lex;
    use super::*;
    use kinora_vocabulary::Vocabulary;

    fn left(prompt: &str) -> String {
        let vocabulary = Vocabulary::builtin().expect("the files of the vocabulary can be read");
        let lexicon = Lexicon::new(&vocabulary);
        let shown = |t: &Lexeme| match &t.token {
            Token::Mark(m) => m.to_string(),
            _ => text(std::slice::from_ref(t)),
        };
        taken(&lexicon, lex(prompt), true, &mut Vec::new()).iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn light_and_quality_are_taken_out_and_hours_stay() {
        for (prompt, rest) in [
            ("A woman reads, soft natural lighting, 35mm film, 4k, highly detailed", "a woman reads , , , ,"),
            ("A woman walks on a beach in soft morning light", "a woman walks on a beach in morning"),
            ("A cat bathed in golden light sleeps on a chair", "a cat in sunset sleeps on a chair"),
            ("A king sits on a throne with dramatic lighting", "a king sits on a throne"),
            ("A monk prays, lit by candlelight", "a monk prays , by a lit candle"),
            ("A wolf howls on a hill under a full moon", "a wolf howls on a hill at night"),
            ("Two men sit by the light of the moon", "two men sit at night"),
            ("Golden light, a dog runs", "sunset , a dog runs"),
            ("A portrait of an old fisherman, 4k", "a close up of an old fisherman ,"),
            ("Cinematic close-up portrait of a woman with red hair", "close up of a woman with red hair"),
            ("A boy, light rain, walks to school", "a boy , rain , walks to school"),
            ("A girl runs, warm light on her face", "a girl runs ,"),
        ] {
            assert_eq!(left(prompt).trim(), rest.trim(), "{prompt}");
        }
    }

    #[test]
    fn what_only_looks_like_it_stays() {
        for prompt in [
            "a man lights a candle",
            "a portrait of a king hangs on the wall",
            "a woman in a light blue dress",
            "the light of a lantern falls on a girl",
            "a dog in a red light",
            "an astronaut walks on the moon",
            "a man takes a photo of a cat",
            "a car stops at the traffic lights",
            "a red film camera",
            "a woman turns on the light",
        ] {
            assert_eq!(left(prompt), prompt, "{prompt}");
        }
    }
}
