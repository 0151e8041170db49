//! Spanish: spelling says everything. Castilian, as the voices learned it: z and soft c are θ, ll is ʎ.

use super::{letters, mark};

/// Words without stress of their own.
const WEAK: &[&str] = &[
    "el", "la", "los", "las", "un", "de", "del", "al", "a", "en", "con", "por", "para", "y", "e", "o", "u", "que", "se", "me", "te", "le", "lo", "nos", "os",
    "les", "su", "sus", "mi", "mis", "tu", "tus", "si", "pero", "sin", "como", "cuando", "donde", "porque", "ni", "aunque", "mientras",
];

/// Abbreviations.
const SHORT: &[(&str, &str)] = &[
    ("sr.", "señor"),
    ("sra.", "señora"),
    ("srta.", "señorita"),
    ("dr.", "doctor"),
    ("dra.", "doctora"),
    ("ud.", "usted"),
    ("uds.", "ustedes"),
    ("etc.", "etcétera"),
    ("pág.", "página"),
    ("km", "kilómetros"),
    ("kg", "kilos"),
    ("cm", "centímetros"),
];

pub(super) fn read(text: &str) -> String {
    let mut out = String::new();
    for raw in text.split(' ') {
        let lower = raw.to_lowercase();
        let full = SHORT.iter().find(|(s, _)| *s == lower).map_or(lower.as_str(), |(_, f)| f);
        let mut word: Vec<char> = Vec::new();
        for c in full.chars() {
            if c.is_alphabetic() {
                word.push(c);
            } else {
                out.push_str(&one(&word));
                word.clear();
                out.extend(mark(c).or((c == '-').then_some(' ')));
            }
        }
        out.push_str(&one(&word));
        out.push(' ');
    }
    out
}

fn one(word: &[char]) -> String {
    if word.is_empty() {
        return String::new();
    }
    let plain: String = word.iter().collect();
    // English names and words keep their sound.
    if plain.contains('w') || plain.contains("sh") || plain.contains("ee") || plain.contains("oo") {
        return letters::pronounce(&plain);
    }
    if plain == "y" {
        return "i".into();
    }
    let sounds = sounds(word);
    let stress = if WEAK.contains(&plain.as_str()) { None } else { stressed(word, &sounds) };
    let mut out = String::new();
    for (i, sound) in sounds.iter().enumerate() {
        if Some(i) == stress {
            out.push('ˈ');
        }
        out.push_str(sound.0);
    }
    out
}

/// A sound and the letter it came from.
type Sound = (&'static str, usize);

fn is_vowel(c: char) -> bool {
    "aeiouáéíóúü".contains(c)
}

fn is_strong(c: char) -> bool {
    "aeoáéíóú".contains(c)
}

fn sounds(w: &[char]) -> Vec<Sound> {
    let mut out: Vec<Sound> = Vec::new();
    let mut i = 0;
    while i < w.len() {
        let c = w[i];
        let next = w.get(i + 1).copied().unwrap_or(' ');
        let after = w.get(i + 2).copied().unwrap_or(' ');
        let before = if i == 0 { ' ' } else { w[i - 1] };
        let front = "eiéí".contains(next);
        // b, d, g are stops at the beginning, after m and n (and d after l), fricatives elsewhere.
        let stop = i == 0 || "mn".contains(before);
        let mut used = 1;
        let sound = match c {
            'a' | 'á' => "a",
            'e' | 'é' => "e",
            'o' | 'ó' => "o",
            'í' => "i",
            'ú' => "u",
            // A weak vowel beside a strong one glides.
            'i' if is_strong(next) || next == 'u' => "j",
            'u' | 'ü' if is_strong(next) => "w",
            'i' => "i",
            'u' | 'ü' if next == 'i' || next == 'í' => "w",
            'u' | 'ü' => "u",
            'y' if is_vowel(next) => "ʝ",
            'y' => "i",
            'c' if next == 'h' => {
                used = 2;
                "ʧ"
            }
            'c' if front => "θ",
            'c' | 'k' => "k",
            'q' => {
                used = if next == 'u' { 2 } else { 1 };
                "k"
            }
            'g' if next == 'u' && "eiéí".contains(after) => {
                used = 2;
                if stop { "ɡ" } else { "ɣ" }
            }
            'g' if front => "x",
            'g' if stop => "ɡ",
            'g' => "ɣ",
            'j' => "x",
            'l' if next == 'l' => {
                used = 2;
                "ʎ"
            }
            'l' => "l",
            'r' if next == 'r' => {
                used = 2;
                "r"
            }
            'r' if i == 0 || "nls".contains(before) => "r",
            'r' => "ɾ",
            'ñ' => "ɲ",
            'n' if "cgkqj".contains(next) && next != ' ' && !(next == 'c' && "eiéíh".contains(after)) => "ŋ",
            'n' if "bpvm".contains(next) => "m",
            'n' => "n",
            'b' | 'v' if stop => "b",
            'b' | 'v' => "β",
            'd' if stop || before == 'l' => "d",
            'd' => "ð",
            'z' => "θ",
            's' => "s",
            'x' if i == 0 => "s",
            // México and its kin.
            'x' if w.starts_with(&['m', 'é', 'x', 'i', 'c']) || w.starts_with(&['m', 'e', 'x', 'i', 'c']) || w.starts_with(&['t', 'e', 'x', 'a']) => "x",
            'x' => "ks",
            'h' => "",
            'p' => "p",
            't' => "t",
            'f' => "f",
            'm' => "m",
            _ => "",
        };
        if !sound.is_empty() {
            out.push((sound, i));
        }
        i += used;
    }
    out
}

/// Which sound is stressed: the written accent, else the last but one syllable after a vowel, n or s, else the last.
fn stressed(w: &[char], sounds: &[Sound]) -> Option<usize> {
    let accented = sounds.iter().position(|(_, i)| "áéíóú".contains(w[*i]));
    if accented.is_some() {
        return accented;
    }
    // Nuclei: vowels that do not glide; a weak vowel after a strong one belongs to it (ai, eu).
    let mut nuclei: Vec<usize> = Vec::new();
    for (k, (sound, i)) in sounds.iter().enumerate() {
        let vowel = matches!(*sound, "a" | "e" | "o" | "i" | "u");
        let falls = k > 0 && matches!(*sound, "i" | "u") && is_strong(w[sounds[k - 1].1]) && sounds[k - 1].1 + 1 == *i;
        if vowel && !falls {
            nuclei.push(k);
        }
    }
    let last = *w.last()?;
    let early = (is_vowel(last) || matches!(last, 'n' | 's')) && last != 'y';
    let back = if early && nuclei.len() > 1 { 2 } else { 1 };
    nuclei.len().checked_sub(back).map(|k| nuclei[k])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_becomes_sound() {
        for (text, sound) in [
            ("perro", "pˈero"),
            ("pero", "peɾo"),
            ("llegó", "ʎeɣˈo"),
            ("quien", "kjˈen"),
            ("guerra", "ɡˈera"),
            ("pingüino", "piŋɡwˈino"),
            ("ciudad", "θjuðˈað"),
            ("ahora", "aˈoɾa"),
            ("México", "mˈexiko"),
            ("hoy", "ˈoi"),
            ("causa", "kˈausa"),
            ("cuidado", "kwiðˈaðo"),
            ("enviar", "embjˈaɾ"),
            ("chico", "ʧˈiko"),
            ("examen", "eksˈamen"),
        ] {
            assert_eq!(read(text).trim(), sound, "{text}");
        }
    }

    #[test]
    fn marks_stay() {
        assert_eq!(read("hola, sr. Ruiz.").trim(), "ˈola, seɲˈoɾ rwˈiθ.", "a comma, an abbreviation, a full stop");
    }
}
