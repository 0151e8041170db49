//! Dialogue without quotation marks: lines of a script ("ANNA: Where are you?") and dashes ("—Hola —dice Ana").

use super::tables;

/// Labels that are no speakers.
const LABELS: &[&str] = &[
    "shot",
    "scene",
    "style",
    "camera",
    "setting",
    "location",
    "place",
    "title",
    "music",
    "sound",
    "audio",
    "time",
    "note",
    "notes",
    "prompt",
    "mood",
    "genre",
    "close-up",
    "wide",
    "cut",
    "int",
    "ext",
    "characters",
    "character",
    "action",
    "duration",
    "length",
    "look",
    "format",
    "lighting",
    "weather",
    "subject",
    "background",
    "dialogue",
    "ending",
    "plano",
    "escena",
    "toma",
    "música",
    "sonido",
    "estilo",
    "lugar",
    "cámara",
    "título",
    "镜头",
    "场景",
    "风格",
    "地点",
    "时间",
    "音乐",
    "声音",
    "特写",
    "远景",
    "中景",
    "近景",
    "全景",
    "标题",
    "シーン",
    "ショット",
    "カット",
    "場所",
    "時間",
    "音楽",
    "スタイル",
    "カメラ",
    "장면",
    "샷",
    "배경",
    "음악",
    "장소",
    "시간",
    "카메라",
    "스타일",
    "클로즈업",
];
/// Labels of those who tell the story.
const TELLERS: &[&str] = &[
    "narrator",
    "narration",
    "voice-over",
    "voiceover",
    "v.o.",
    "旁白",
    "画外音",
    "ナレーション",
    "ナレーター",
    "내레이션",
    "나레이션",
    "narrador",
    "narradora",
    "voz en off",
];

/// The stretches of a text that are spoken though no marks enclose them, as bytes.
pub(crate) fn lines(text: &str) -> Vec<(usize, usize)> {
    let mut at = 0;
    let mut labelled = Vec::new();
    let mut dashed = Vec::new();
    for line in text.split_inclusive('\n') {
        let quoted = line.contains(['"', '“', '”', '「', '『', '«', '‘']);
        if !quoted && let Some((label, from)) = label(line) {
            labelled.push((label, at + from, at + line.trim_end().len()));
        } else if !quoted {
            dashed.extend(dashes(line).into_iter().map(|(from, to)| (at + from, at + to)));
        }
        at += line.len();
    }
    // One label with a colon may be anything; a name, a teller or several of them are a script.
    let several = labelled.len() > 1;
    labelled.retain(|(label, ..)| several || is_speaker(label));
    labelled.into_iter().map(|(_, from, to)| (from, to)).chain(dashed).collect()
}

/// The label of a line of a script, without what stands in brackets, and where its words begin.
fn label(line: &str) -> Option<(&str, usize)> {
    let (colon, mark) = line.char_indices().find(|c| matches!(c.1, ':' | '：'))?;
    let label = line[..colon].split('(').next()?.split('（').next()?.trim();
    let words = label.split_whitespace().count();
    let short = (1..=3).contains(&words) && label.chars().count() <= 24 && label.chars().all(|c| c.is_alphabetic() || " .-'".contains(c));
    let named = label.chars().next().is_some_and(|c| c.is_uppercase() || !c.is_lowercase()) || TELLERS.contains(&label);
    let lower = label.to_lowercase();
    let reserved = lower.split(' ').next().is_some_and(|w| LABELS.contains(&w))
        || words > 1 && !TELLERS.contains(&lower.as_str()) && !label.chars().all(|c| !c.is_lowercase());
    let rest = &line[colon + mark.len_utf8()..];
    let from = colon + mark.len_utf8() + rest.len() - rest.trim_start().len();
    (short && named && !reserved && rest.chars().any(char::is_alphabetic)).then_some((label, from))
}

fn is_speaker(label: &str) -> bool {
    let lower = label.to_lowercase();
    let upper = label.chars().count() > 1 && label.chars().all(|c| !c.is_lowercase()) && label.is_ascii();
    upper || TELLERS.contains(&lower.as_str()) || tables::GIVEN_NAMES.iter().any(|(_, names)| names.contains(&lower.as_str()))
}

/// What is said in a line that begins with a dash: up to the dash of the tag, and after the tag's second dash.
fn dashes(line: &str) -> Vec<(usize, usize)> {
    let begin = line.len() - line.trim_start().len();
    if !line[begin..].starts_with(['—', '―']) {
        return Vec::new();
    }
    let marks: Vec<(usize, usize)> = line.char_indices().filter(|c| matches!(c.1, '—' | '―')).map(|c| (c.0, c.0 + c.1.len_utf8())).collect();
    let end = line.trim_end().len();
    let stretch = |k: usize| marks.get(k).map(|m| (m.1, marks.get(k + 1).map_or(end, |n| n.0)));
    let trimmed = |(from, to): (usize, usize)| {
        let text = &line[from..to];
        let from = from + text.len() - text.trim_start_matches([' ', '.', ',']).len();
        (from, from + line[from..to].trim_end().len())
    };
    (0..marks.len()).step_by(2).filter_map(stretch).map(trimmed).filter(|(a, b)| line[*a..*b].chars().any(char::is_alphabetic)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<&str> {
        lines(text).into_iter().map(|(a, b)| &text[a..b]).collect()
    }

    #[test]
    fn scripts_and_dashes_are_speech() {
        assert_eq!(said("ANNA: Where are you?\nBEN (softly): Here."), ["Where are you?", "Here."], "names in capitals");
        assert_eq!(said("旁白：很久以前。\n一只狐狸走过森林。"), ["很久以前。"], "a teller");
        assert_eq!(said("—¿Quién eres? —pregunta la niña.\n—Nadie —dice él—. Vete."), ["¿Quién eres?", "Nadie", "Vete."], "Spanish dashes");
        assert_eq!(said("Anna: \"Hi\""), Vec::<&str>::new(), "marks say so themselves");
        for text in [
            "Shot 1: a fox",
            "Scene: a forest\nStyle: noir",
            "Close-up: a fish",
            "A fox runs: it is late",
            "Ratio 16:9",
            "Wide shot: a red car\nCamera: slow push in",
        ] {
            assert_eq!(said(text), Vec::<&str>::new(), "{text} is not speech");
        }
    }
}
