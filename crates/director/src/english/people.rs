//! Words for people that no list has, by their form: 药剂师, 通行人, 낚시꾼, un charcutero.

/// Endings of words for people in Chinese and Japanese, in Korean and in Spanish.
const HAN: &str = "员員师師者手家生工人民客夫妇婦商匠兵长長友徒";
const HANGUL: &[&str] = &["자", "가", "수", "사", "원", "인", "꾼", "생", "님", "관", "공", "부", "장이", "쟁이"];
const LATIN: &[&str] = &["ero", "era", "dor", "dora", "tor", "tora", "sor", "sora", "ista", "eros", "eras", "dores", "doras", "istas"];

/// Whether a word that nobody knows is formed as the words for people are. English has WordNet for that.
pub(super) fn formed(word: &str) -> bool {
    let plain = word.strip_suffix('s').filter(|w| !w.is_ascii()).unwrap_or(word);
    let Some(last) = plain.chars().last() else { return false };
    let long = plain.chars().count();
    match last {
        '\u{4e00}'..='\u{9fff}' => (2..=5).contains(&long) && HAN.contains(last),
        '\u{3041}'..='\u{30ff}' => ["さん", "くん", "ちゃん", "マン"].iter().any(|e| plain.ends_with(e)) && long > 2,
        '\u{ac00}'..='\u{d7a3}' => (2..=5).contains(&long) && HANGUL.iter().any(|e| plain.ends_with(e)),
        _ => long > 5 && LATIN.iter().any(|e| word.ends_with(e)),
    }
}

/// Woman or man, where the word itself says it.
pub(super) fn sex(word: &str) -> Option<&'static str> {
    let has = |list: &str| word.chars().any(|c| list.contains(c));
    if has("女妇婦妈娘姐妹婆姨姑嫂") || ["era", "ora", "eras", "oras"].iter().any(|e| word.ends_with(e) && formed(word)) {
        return Some("woman");
    }
    (has("男爷爸哥弟叔伯夫") || ["ero", "dor", "tor", "sor", "eros", "ores"].iter().any(|e| word.ends_with(e) && formed(word))).then_some("man")
}

/// What animals, vehicles and things do rather than people.
pub(super) fn others_do(motion: &str) -> bool {
    matches!(motion, "fly" | "float" | "drive" | "sail" | "give-voice" | "growl" | "howl" | "purr" | "hiss" | "snort" | "burn" | "break" | "open" | "close")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_known_by_their_words() {
        for word in ["药剂师", "同事员", "通行人", "おばちゃん", "낚시꾼", "charcutero", "malabarista"] {
            assert!(formed(word), "{word}");
        }
        for word in ["电动", "ダイニング", "시험", "recreo", "grommel", "mixer"] {
            assert!(!formed(word), "{word}");
        }
        assert_eq!([sex("charcutera"), sex("charcutero"), sex("malabarista"), sex("女店主")], [Some("woman"), Some("man"), None, Some("woman")]);
    }
}
