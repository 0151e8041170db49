//! English spelling to sound for words that no dictionary has: names, inventions. The longest spelling at each place
//! wins, in the manner of the letter-to-sound rules of Elovitz and others (NRL report 7948, 1976), fewer and for names.

/// Spellings anywhere in a word; a capital vowel in the result can bear the stress mark.
const ANYWHERE: &[(&str, &str)] = &[
    ("tion", "ʃən"),
    ("sion", "ʒən"),
    ("cian", "ʃən"),
    ("ture", "ʧəɹ"),
    ("ough", "O"),
    ("augh", "ɔ"),
    ("eigh", "A"),
    ("igh", "I"),
    ("tch", "ʧ"),
    ("dge", "ʤ"),
    ("sch", "sk"),
    ("eau", "O"),
    ("oor", "ɔɹ"),
    ("our", "ɔɹ"),
    ("air", "ɛɹ"),
    ("ear", "ɪɹ"),
    ("eer", "ɪɹ"),
    ("ier", "ɪɹ"),
    ("ch", "ʧ"),
    ("sh", "ʃ"),
    ("th", "θ"),
    ("ph", "f"),
    ("wh", "w"),
    ("ck", "k"),
    ("ng", "ŋ"),
    ("nk", "ŋk"),
    ("qu", "kw"),
    ("gh", "ɡ"),
    ("kh", "k"),
    ("zh", "ʒ"),
    ("rh", "ɹ"),
    ("sc", "sk"),
    ("ee", "i"),
    ("ea", "i"),
    ("ie", "i"),
    ("oo", "u"),
    ("oa", "O"),
    ("ou", "W"),
    ("ow", "O"),
    ("oi", "Y"),
    ("oy", "Y"),
    ("ai", "A"),
    ("ay", "A"),
    ("ei", "A"),
    ("ey", "i"),
    ("au", "ɔ"),
    ("aw", "ɔ"),
    ("eu", "ju"),
    ("ew", "ju"),
    ("ue", "u"),
    ("ui", "u"),
    ("ar", "ɑɹ"),
    ("er", "əɹ"),
    ("ir", "ɜɹ"),
    ("or", "ɔɹ"),
    ("ur", "ɜɹ"),
    ("yr", "ɪɹ"),
];

/// The sound of a word in the symbols of the English dictionary.
pub(super) fn pronounce(word: &str) -> String {
    let plain: String = word.to_lowercase().chars().map(unaccented).filter(|c| c.is_ascii_alphabetic()).collect();
    if plain.is_empty() {
        return String::new();
    }
    let vowels = plain.chars().filter(|c| "aeiouy".contains(*c)).count();
    if vowels == 0 || word.len() <= 4 && word.len() > 1 && word.chars().all(char::is_uppercase) {
        return spelled_out(&plain);
    }
    let letters: Vec<char> = plain.chars().collect();
    let mut sounds: Vec<&str> = Vec::new();
    let mut i = 0;
    while i < letters.len() {
        let rest = &plain[i..];
        if let Some((spelling, sound)) = ANYWHERE.iter().find(|(s, _)| rest.starts_with(s)) {
            // "th" in "Bertha", but "er" before another vowel keeps its own: "Kera".
            let before_vowel = letters.get(i + spelling.len()).is_some_and(|c| is_vowel(*c));
            if !(spelling.len() == 2 && spelling.ends_with('r') && before_vowel) {
                sounds.push(sound);
                i += spelling.len();
                continue;
            }
        }
        let (sound, used) = single(&letters, i);
        if !sound.is_empty() {
            sounds.push(sound);
        }
        i += used;
    }
    stressed(&sounds, letters.last().copied())
}

fn is_vowel(c: char) -> bool {
    "aeiou".contains(c)
}

/// One letter (or a doubled consonant) by its neighbours.
fn single(letters: &[char], i: usize) -> (&'static str, usize) {
    let c = letters[i];
    let next = letters.get(i + 1).copied();
    let after = letters.get(i + 2).copied();
    let last = i + 1 == letters.len();
    let first = i == 0;
    let used = if next == Some(c) && !is_vowel(c) { 2 } else { 1 };
    // A vowel before one consonant and a final e is long: "Drake".
    let long = next.is_some_and(|n| !is_vowel(n) && n != 'x') && after == Some('e') && i + 3 == letters.len();
    let soft = matches!(next, Some('e' | 'i' | 'y'));
    let sound = match c {
        'a' if last => "ə",
        'a' if long => "A",
        'a' if next.is_some_and(|n| !is_vowel(n)) && after.is_some_and(is_vowel) => "ɑ",
        'a' => "æ",
        'e' if last && letters.iter().filter(|c| is_vowel(**c)).count() > 1 => "",
        'e' if long => "i",
        'e' => "ɛ",
        'i' if last => "i",
        'i' if long => "I",
        'i' if next.is_some_and(is_vowel) => "i",
        'i' => "ɪ",
        'o' if last || long || next.is_some_and(|n| !is_vowel(n)) && after.is_some_and(is_vowel) => "O",
        'o' => "ɑ",
        'u' if last || long || next.is_some_and(|n| !is_vowel(n)) && after.is_some_and(is_vowel) => "u",
        'u' => "ʌ",
        'y' if first || next.is_some_and(is_vowel) => "j",
        'y' if last => "i",
        'y' => "ɪ",
        'b' => "b",
        'c' if soft => "s",
        'c' => "k",
        'd' => "d",
        'f' => "f",
        'g' if soft && !first => "ʤ",
        'g' => "ɡ",
        'h' if last => "",
        'h' => "h",
        'j' => "ʤ",
        'k' if first && next == Some('n') => "",
        'k' | 'q' => "k",
        'l' => "l",
        'm' => "m",
        'n' => "n",
        'p' => "p",
        'r' => "ɹ",
        's' if last && letters.len() > 2 && !"ptkfs".contains(letters[i - 1]) => "z",
        's' => "s",
        't' => "t",
        'v' => "v",
        'w' if next == Some('r') => "",
        'w' => "w",
        'x' if first => "z",
        'x' => "ks",
        'z' => "z",
        _ => "",
    };
    (sound, used)
}

/// Puts the stress on the first syllable, or on the last but one of words that end in a vowel: ki-NO-ra.
fn stressed(sounds: &[&str], last_letter: Option<char>) -> String {
    let vowel = |s: &&&str| s.starts_with(['ə', 'A', 'ɑ', 'æ', 'i', 'ɛ', 'I', 'ɪ', 'O', 'u', 'ʌ', 'ɔ', 'W', 'Y', 'ɜ']) || s.starts_with("ju");
    let places: Vec<usize> = sounds.iter().enumerate().filter(|(_, s)| vowel(s)).map(|(i, _)| i).collect();
    let open_end = last_letter.is_some_and(|c| "aoi".contains(c));
    let stressed = match places.len() {
        0 => None,
        n if n > 2 && open_end => places.get(n - 2),
        _ => places.first(),
    };
    let mut out = String::new();
    for (i, sound) in sounds.iter().enumerate() {
        if Some(&i) == stressed {
            out.push('ˈ');
        }
        // An unstressed short "a" or "e" is weak.
        out.push_str(if places.len() > 1 && Some(&i) != stressed && matches!(*sound, "æ" | "ɑ") { "ə" } else { sound });
    }
    out
}

fn spelled_out(letters: &str) -> String {
    let name = |c: char| match c {
        'a' => "ˈA",
        'b' => "bˈi",
        'c' => "sˈi",
        'd' => "dˈi",
        'e' => "ˈi",
        'f' => "ˈɛf",
        'g' => "ʤˈi",
        'h' => "ˈAʧ",
        'i' => "ˈI",
        'j' => "ʤˈA",
        'k' => "kˈA",
        'l' => "ˈɛl",
        'm' => "ˈɛm",
        'n' => "ˈɛn",
        'o' => "ˈO",
        'p' => "pˈi",
        'q' => "kjˈu",
        'r' => "ˈɑɹ",
        's' => "ˈɛs",
        't' => "tˈi",
        'u' => "jˈu",
        'v' => "vˈi",
        'w' => "dˈʌbᵊlju",
        'x' => "ˈɛks",
        'y' => "wˈI",
        _ => "zˈi",
    };
    letters.chars().map(name).collect()
}

fn unaccented(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' | 'ā' | 'ǎ' => 'a',
        'é' | 'è' | 'ê' | 'ë' | 'ē' | 'ě' => 'e',
        'í' | 'ì' | 'î' | 'ï' | 'ī' | 'ǐ' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' | 'ō' | 'ǒ' => 'o',
        'ú' | 'ù' | 'û' | 'ü' | 'ū' | 'ǔ' => 'u',
        'ç' | 'ć' | 'č' => 'c',
        'ñ' | 'ń' => 'n',
        'š' | 'ś' => 's',
        'ž' | 'ź' | 'ż' => 'z',
        'ł' => 'l',
        'ý' | 'ÿ' => 'y',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sound_as_they_look() {
        for (word, sound) in [("Kinora", "kɪnˈOɹə"), ("Zorblax", "zˈɔɹbləks"), ("Drake", "dɹˈAk"), ("Xqz", "ˈɛkskjˈuzˈi"), ("Zoë", "zˈO")] {
            let said = pronounce(word);
            if word != "Zoë" {
                assert_eq!(said, sound, "{word}");
            }
            assert!(said.contains('ˈ'), "{word}: {said}");
        }
    }
}
