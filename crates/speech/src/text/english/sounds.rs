//! What happens to the sounds of an English word: stress moves, endings join.

/// Where a word bears its main stress.
pub(super) const MAIN: char = 'ˈ';
/// Where it bears a lesser one.
pub(super) const LESSER: char = 'ˌ';

/// Vowels of the dictionary; capitals are diphthongs.
pub(super) fn is_vowel(c: char) -> bool {
    "AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻ".contains(c)
}

pub(super) fn is_consonant(c: char) -> bool {
    "bdfhjklmnpstvwzðŋɡɹɾʃʒʤʧθ".contains(c)
}

fn marked_before_the_vowel(sounds: &str, mark: char) -> String {
    match sounds.find(is_vowel) {
        Some(at) => format!("{}{mark}{}", &sounds[..at], &sounds[at..]),
        None => sounds.to_owned(),
    }
}

/// At least a lesser stress: words with a capital are not swallowed.
pub(super) fn audible(sounds: &str) -> String {
    if sounds.contains([MAIN, LESSER]) { sounds.to_owned() } else { marked_before_the_vowel(sounds, LESSER) }
}

/// At least one main stress: words in capitals are emphasised.
pub(super) fn emphatic(sounds: &str) -> String {
    if sounds.contains(MAIN) {
        sounds.to_owned()
    } else if sounds.contains(LESSER) {
        sounds.replace(LESSER, "ˈ")
    } else {
        marked_before_the_vowel(sounds, MAIN)
    }
}

/// The main stress becomes a lesser one, and lesser ones none.
pub(super) fn lowered(sounds: &str) -> String {
    if sounds.contains(MAIN) { sounds.replace(LESSER, "").replace(MAIN, "ˌ") } else { sounds.to_owned() }
}

/// A name of letters is stressed on its last.
pub(super) fn letter_by_letter(letters: &[&str]) -> String {
    let mut sounds = audible(&lowered(&letters.concat()));
    if let Some(at) = sounds.rfind(LESSER) {
        sounds.replace_range(at..at + LESSER.len_utf8(), "ˈ");
    }
    sounds
}

/// How long a part of a compound sounds, to find the weaker ones.
fn weight(sounds: &str) -> usize {
    sounds.chars().map(|c| if "AIOQWYʤʧ".contains(c) { 2 } else { 1 }).sum()
}

/// Joins the parts of a compound: not all keep their stress.
pub(super) fn compound(mut parts: Vec<(&str, String)>) -> String {
    parts.retain(|p| !p.1.is_empty());
    let count = parts.len();
    if count == 2 && parts[0].0.chars().count() == 1 {
        parts[1].1 = lowered(&parts[1].1);
    } else if count > 1 && parts.iter().filter(|p| p.1.contains(MAIN)).count() > count.div_ceil(2) {
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by_key(|i| (parts[*i].1.contains(MAIN), weight(&parts[*i].1), *i));
        for i in &order[..count / 2] {
            parts[*i].1 = lowered(&parts[*i].1);
        }
    }
    parts.into_iter().map(|p| p.1).collect()
}

/// American sounds in the British symbols: no "r" but before a vowel, no taps, other diphthongs.
pub(super) fn british(sounds: &str) -> String {
    let mut out = String::with_capacity(sounds.len());
    let mut rest = sounds.chars().filter(|c| *c != 'ᵊ' || !sounds.ends_with('ᵊ')).peekable();
    while let Some(c) = rest.next() {
        if c == 'ɹ' && !rest.peek().copied().is_some_and(|n| is_vowel(n) || matches!(n, MAIN | LESSER)) {
            if matches!(out.chars().last(), Some('ɑ' | 'ɔ' | 'ɜ' | 'ɛ')) {
                out.push('ː');
            } else if out.ends_with('ɪ') {
                out.push('ə');
            }
            continue;
        }
        out.push(match c {
            'O' => 'Q',
            'ɾ' => 't',
            'ᵻ' => 'ɪ',
            'ɑ' if rest.peek() != Some(&'ɹ') && !sounds.ends_with('ɑ') => 'ɒ',
            c => c,
        });
        if matches!(c, 'i' | 'u' | 'ɔ')
            && rest.peek().is_some_and(|n| *n != 'ɹ')
            && out.contains(MAIN)
            && out.rfind(MAIN).is_some_and(|at| !out[at..out.len() - c.len_utf8()].contains(is_vowel))
        {
            out.push('ː');
        }
    }
    out
}

/// Endings of words that no dictionary has whole, the longer first.
pub(super) const ENDINGS: &[(&str, &str)] = &[
    ("iness", "inəs"),
    ("ness", "nəs"),
    ("less", "ləs"),
    ("like", "lˌIk"),
    ("ment", "mᵊnt"),
    ("able", "əbᵊl"),
    ("ers", "əɹz"),
    ("est", "əst"),
    ("ful", "fᵊl"),
    ("ily", "əli"),
    ("ish", "ɪʃ"),
    ("ist", "ɪst"),
    ("er", "əɹ"),
    ("ly", "li"),
];

/// Beginnings of such words.
pub(super) const BEGINNINGS: &[(&str, &str)] =
    &[("super", "sˌupəɹ"), ("under", "ˌʌndəɹ"), ("over", "ˌOvəɹ"), ("mis", "mˌɪs"), ("non", "nˌɑn"), ("pre", "pɹˌi"), ("re", "ɹˌi"), ("un", "ˌʌn")];

/// After these an American "t" before a vowel is a tap.
fn taps_after(c: char) -> bool {
    "AIOWYiuæɑəɛɪɹʊʌ".contains(c)
}

/// The last two sounds.
fn last_two(sounds: &str) -> (Option<char>, Option<char>) {
    let mut back = sounds.chars().rev();
    let last = back.next();
    (back.next(), last)
}

fn weak(british: bool) -> char {
    if british { 'ɪ' } else { 'ᵻ' }
}

/// Plurals, third persons and possessives: cats, dogs, foxes.
pub(super) fn with_s(stem: &str, british: bool) -> String {
    match stem.chars().last() {
        Some('p' | 't' | 'k' | 'f' | 'θ') => format!("{stem}s"),
        Some('s' | 'z' | 'ʃ' | 'ʒ' | 'ʧ' | 'ʤ') => format!("{stem}{}z", weak(british)),
        _ => format!("{stem}z"),
    }
}

/// Past forms: walked, begged, wanted.
pub(super) fn with_ed(stem: &str, british: bool) -> String {
    match last_two(stem) {
        (_, Some('p' | 'k' | 'f' | 'θ' | 'ʃ' | 's' | 'ʧ')) => format!("{stem}t"),
        (_, Some('d')) => format!("{stem}{}d", weak(british)),
        (Some(before), Some('t')) if !british && taps_after(before) => format!("{}ɾᵻd", &stem[..stem.len() - 1]),
        (_, Some('t')) => format!("{stem}{}d", weak(british)),
        _ => format!("{stem}d"),
    }
}

/// Gerunds: walking, sitting.
pub(super) fn with_ing(stem: &str, british: bool) -> Option<String> {
    match last_two(stem) {
        // An "r" would come back; nothing says so here.
        (_, Some('ə' | 'ː')) if british => None,
        (Some(before), Some('t')) if !british && taps_after(before) => Some(format!("{}ɾɪŋ", &stem[..stem.len() - 1])),
        _ => Some(format!("{stem}ɪŋ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stress_moves() {
        assert_eq!(audible("ænd"), "ˌænd", "a capital");
        assert_eq!((emphatic("stˌɑp").as_str(), emphatic("ðə").as_str()), ("stˈɑp", "ðˈə"), "capitals");
        assert_eq!(letter_by_letter(&["ˈɛf", "bˈi", "ˈI"]), "ˌɛfbˌiˈI", "letters");
        assert_eq!(compound(vec![("well", "wˈɛl".into()), ("known", "nˈOn".into())]), "wˌɛlnˈOn", "the lighter half gives way");
        assert_eq!(compound(vec![("T", "tˈi".into()), ("shirt", "ʃˈɜɹt".into())]), "tˈiʃˌɜɹt", "a letter keeps its stress");
    }

    #[test]
    fn britons_drop_their_r() {
        assert_eq!(["mˈɑɹθə", "kˈɛɹən", "nɪkˈOl", "bˈɛɾi"].map(british), ["mˈɑːθə", "kˈɛɹən", "nɪkˈQl", "bˈɛti"], "r, o, t");
    }

    #[test]
    fn endings_join() {
        assert_eq!(["kˈæt", "dˈɔɡ", "fˈɑks"].map(|s| with_s(s, false)), ["kˈæts", "dˈɔɡz", "fˈɑksᵻz"], "s");
        assert_eq!(["wˈɔk", "bˈɛɡ", "hˈit", "lˈɪft"].map(|s| with_ed(s, false)), ["wˈɔkt", "bˈɛɡd", "hˈiɾᵻd", "lˈɪftᵻd"], "ed");
        assert_eq!(with_ing("sˈɪt", false).as_deref(), Some("sˈɪɾɪŋ"), "ing");
    }
}
