//! English abbreviations in full.

/// Abbreviations that end in a point or stand for a word.
const SHORT: &[(&str, &str)] = &[
    ("mr.", "mister"),
    ("mrs.", "missus"),
    ("ms.", "miz"),
    ("dr.", "doctor"),
    ("prof.", "professor"),
    ("capt.", "captain"),
    ("lt.", "lieutenant"),
    ("sgt.", "sergeant"),
    ("gen.", "general"),
    ("rev.", "reverend"),
    ("jr.", "junior"),
    ("sr.", "senior"),
    ("mt.", "mount"),
    ("ave.", "avenue"),
    ("rd.", "road"),
    ("blvd.", "boulevard"),
    ("apt.", "apartment"),
    ("vs.", "versus"),
    ("etc.", "et cetera"),
    ("e.g.", "for example"),
    ("i.e.", "that is"),
    ("approx.", "approximately"),
    ("dept.", "department"),
    ("jan.", "january"),
    ("feb.", "february"),
    ("aug.", "august"),
    ("sept.", "september"),
    ("oct.", "october"),
    ("nov.", "november"),
    ("dec.", "december"),
    ("a.m.", "AM"),
    ("p.m.", "PM"),
    ("am.", "am."),
    ("km", "kilometers"),
    ("kg", "kilograms"),
    ("cm", "centimeters"),
    ("mm", "millimeters"),
    ("mph", "miles per hour"),
    ("ft", "feet"),
    ("lbs", "pounds"),
    ("oz", "ounces"),
];

/// Abbreviations in full. "St." is a saint before a name and a street after one.
pub(super) fn expand(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    for (i, word) in words.iter().enumerate() {
        let trimmed = word.trim_end_matches([',', '!', '?', ';', ':']);
        let tail = &word[trimmed.len()..];
        let lower = trimmed.to_lowercase();
        let last = i + 1 == words.len();
        if lower == "st." || lower == "st" && trimmed.starts_with('S') {
            let named = words.get(i + 1).is_some_and(|w| w.starts_with(char::is_uppercase));
            let before = i > 0 && words[i - 1].starts_with(char::is_uppercase);
            let full = if named && !before { "Saint" } else { "Street" };
            out.push(format!("{full}{}{tail}", if last && lower.ends_with('.') { "." } else { "" }));
            continue;
        }
        match SHORT.iter().find(|(short, _)| *short == lower) {
            // Units only after a number.
            Some((short, _)) if !short.ends_with('.') && i.checked_sub(1).is_none_or(|b| !is_number(words[b])) => out.push((*word).to_owned()),
            Some((short, full)) => out.push(format!("{full}{}{tail}", if last && short.ends_with('.') && !matches!(*full, "mister") { "." } else { "" })),
            None => out.push((*word).to_owned()),
        }
    }
    out.join(" ")
}

/// Whether a word is the end of a number that was spelled out.
pub(super) fn is_number(word: &str) -> bool {
    const ENDS: &[&str] = &[
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "teen", "ty", "hundred", "thousand",
        "million",
    ];
    ENDS.iter().any(|e| word.ends_with(e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streets_and_saints() {
        assert_eq!(expand("St. Mary lives at Baker St. now"), "Saint Mary lives at Baker Street now", "both");
        assert_eq!(expand("five km, etc."), "five kilometers, et cetera.", "a unit after a number");
    }
}
