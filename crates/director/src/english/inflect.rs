//! English inflection: from the form written to the forms a dictionary may hold.

/// The form of a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// walk
    Plain,
    /// walks, walked
    Finite,
    /// walking
    Ing,
}

/// Irregular forms with their plain verb.
const IRREGULAR: &[(&str, &str)] = &[
    ("ran", "run"),
    ("sat", "sit"),
    ("swam", "swim"),
    ("swum", "swim"),
    ("flew", "fly"),
    ("flown", "fly"),
    ("flies", "fly"),
    ("stood", "stand"),
    ("went", "go"),
    ("gone", "go"),
    ("goes", "go"),
    ("saw", "see"),
    ("seen", "see"),
    ("said", "say"),
    ("told", "tell"),
    ("spoke", "speak"),
    ("spoken", "speak"),
    ("leapt", "leap"),
    ("came", "come"),
    ("took", "take"),
    ("taken", "take"),
    ("gave", "give"),
    ("given", "give"),
    ("held", "hold"),
    ("rode", "ride"),
    ("ridden", "ride"),
    ("drove", "drive"),
    ("driven", "drive"),
    ("sang", "sing"),
    ("sung", "sing"),
    ("ate", "eat"),
    ("eaten", "eat"),
    ("drank", "drink"),
    ("slept", "sleep"),
    ("lay", "lie"),
    ("lain", "lie"),
    ("lying", "lie"),
    ("dying", "die"),
    ("fell", "fall"),
    ("fallen", "fall"),
    ("rose", "rise"),
    ("risen", "rise"),
    ("began", "begin"),
    ("begun", "begin"),
    ("wore", "wear"),
    ("worn", "wear"),
    ("caught", "catch"),
    ("threw", "throw"),
    ("thrown", "throw"),
    ("crept", "creep"),
    ("fled", "flee"),
    ("sped", "speed"),
    ("left", "leave"),
    ("met", "meet"),
    ("hid", "hide"),
    ("hidden", "hide"),
    ("wept", "weep"),
    ("has", "have"),
    ("had", "have"),
    ("does", "do"),
    ("did", "do"),
    ("dove", "dive"),
    ("heard", "hear"),
    ("kept", "keep"),
    ("made", "make"),
    ("spun", "spin"),
    ("swept", "sweep"),
    ("drew", "draw"),
    ("wrote", "write"),
    ("dug", "dig"),
    ("thought", "think"),
    ("found", "find"),
    ("felt", "feel"),
    ("brought", "bring"),
    ("shook", "shake"),
    ("froze", "freeze"),
    ("frozen", "freeze"),
    ("strode", "stride"),
    ("slid", "slide"),
    ("cut", "cut"),
    ("bent", "bend"),
    ("wound", "wind"),
    ("hung", "hang"),
    ("fed", "feed"),
    ("stuck", "stick"),
    ("lent", "lend"),
    ("broken", "break"),
    ("lit", "light"),
    ("bitten", "bite"),
    ("beaten", "beat"),
    ("drawn", "draw"),
    ("written", "write"),
    ("shaken", "shake"),
    ("drunk", "drink"),
    ("built", "build"),
    ("fought", "fight"),
    ("led", "lead"),
    ("swung", "swing"),
    ("torn", "tear"),
    ("woken", "wake"),
    ("chosen", "choose"),
    ("blown", "blow"),
    ("sold", "sell"),
    ("bought", "buy"),
    ("read", "read"),
];

const PLURALS: &[(&str, &str)] = &[
    ("men", "man"),
    ("women", "woman"),
    ("children", "child"),
    ("people", "person"),
    ("feet", "foot"),
    ("mice", "mouse"),
    ("geese", "goose"),
    ("wolves", "wolf"),
    ("leaves", "leaf"),
    ("fishes", "fish"),
    ("ponies", "pony"),
    ("knives", "knife"),
    ("scarves", "scarf"),
    ("teeth", "tooth"),
    ("loaves", "loaf"),
    ("gentlemen", "gentleman"),
    ("ladies", "lady"),
];

/// Whether a form is a plural that looks like none, with its singular. The last word of a name is what is inflected.
pub(crate) fn noun_forms(word: &str) -> Vec<(String, bool)> {
    let mut out = vec![(word.to_owned(), matches!(word, "people"))];
    if let Some((_, singular)) = PLURALS.iter().find(|(p, _)| *p == word) {
        out.push(((*singular).to_owned(), true));
        return out;
    }
    for (prefix, whole) in [("women", "woman"), ("men", "man")] {
        if let Some(stem) = word.strip_suffix(prefix).filter(|s| s.len() > 2) {
            out.push((format!("{stem}{whole}"), true));
        }
    }
    // Who does something is no herd of does, and who springs is no season.
    if matches!(word, "does" | "springs") {
        return out;
    }
    // A cookie before a cooky.
    if let Some(stem) = word.strip_suffix('s').filter(|s| s.len() > 1 && !s.ends_with('s')) {
        out.push((stem.to_owned(), true));
    }
    if let Some(stem) = word.strip_suffix("ies").filter(|s| s.len() > 1) {
        out.push((format!("{stem}y"), true));
    }
    if let Some(stem) = word.strip_suffix("ves").filter(|s| s.len() > 1) {
        out.push((format!("{stem}f"), true));
    }
    if let Some(stem) = word.strip_suffix("es").filter(|s| s.ends_with(['s', 'x', 'z', 'o']) || s.ends_with("ch") || s.ends_with("sh")) {
        out.push((stem.to_owned(), true));
    }
    out
}

/// The plain verbs that a form may come from, most likely first.
pub(crate) fn verb_forms(word: &str) -> Vec<(String, Form)> {
    let mut out = vec![(word.to_owned(), Form::Plain)];
    if let Some((_, plain)) = IRREGULAR.iter().find(|(f, _)| *f == word) {
        out.push(((*plain).to_owned(), if word.ends_with("ing") { Form::Ing } else { Form::Finite }));
    }
    for (ending, form) in [("ing", Form::Ing), ("ed", Form::Finite)] {
        let Some(stem) = word.strip_suffix(ending).filter(|s| s.len() > 1) else { continue };
        out.push((stem.to_owned(), form));
        out.push((format!("{stem}e"), form));
        let mut back = stem.chars().rev();
        if let (Some(a), Some(b)) = (back.next(), back.next())
            && a == b
        {
            out.push((stem[..stem.len() - a.len_utf8()].to_owned(), form));
        }
        // Tying, lying, dying.
        if let Some(short) = stem.strip_suffix('y').filter(|s| form == Form::Ing && s.len() < 3) {
            out.push((format!("{short}ie"), form));
        }
        if let Some(y) = stem.strip_suffix('i') {
            out.push((format!("{y}y"), form));
        }
    }
    if let Some(stem) = word.strip_suffix("ies") {
        out.push((format!("{stem}y"), Form::Finite));
    }
    if let Some(stem) = word.strip_suffix("es").filter(|s| s.ends_with(['s', 'x', 'z', 'o']) || s.ends_with("ch") || s.ends_with("sh")) {
        out.push((stem.to_owned(), Form::Finite));
    }
    if let Some(stem) = word.strip_suffix('s').filter(|s| s.len() > 1 && !s.ends_with('s')) {
        out.push((stem.to_owned(), Form::Finite));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_lead_back_to_the_plain_word() {
        for (form, plain) in [
            ("running", "run"),
            ("dances", "dance"),
            ("dancing", "dance"),
            ("waved", "wave"),
            ("swam", "swim"),
            ("flies", "fly"),
            ("watches", "watch"),
            ("stopped", "stop"),
        ] {
            assert!(verb_forms(form).iter().any(|(v, _)| v == plain), "{form}: {:?}", verb_forms(form));
        }
        for (form, plain) in
            [("foxes", "fox"), ("women", "woman"), ("ponies", "pony"), ("benches", "bench"), ("wolves", "wolf"), ("trees", "tree"), ("policemen", "policeman")]
        {
            assert!(noun_forms(form).iter().any(|(n, many)| n == plain && *many), "{form}: {:?}", noun_forms(form));
        }
        assert!(noun_forms("dress").iter().all(|(n, _)| n == "dress"), "no plural in sight");
    }
}
