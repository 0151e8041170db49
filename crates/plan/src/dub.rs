//! The same film in another language.

use crate::Plan;
use kinora_base::{Warning, WarningKind};

impl Plan {
    /// The plan with its lines in another language, as far as they were translated, and what was not. The words of
    /// before are kept among the translations, so that nothing is lost and one can go back.
    #[must_use]
    pub fn dubbed(&self, language: &str) -> (Self, Vec<Warning>) {
        let mut plan = self.clone();
        let mut warnings = Vec::new();
        for (s, shot) in plan.shots.iter_mut().enumerate() {
            for (i, line) in shot.lines.iter_mut().enumerate().filter(|(_, l)| l.language != language) {
                let Some(text) = line.translations.remove(language) else {
                    let message = format!("shots[{s}].lines[{i}]: \"{}\" has no translation and stays in {}", line.text, line.language);
                    let hint = format!("write it into the plan: \"translations\": {{\"{language}\": \"...\"}}");
                    warnings.push(Warning::new(WarningKind::Unsupported, message).hint(hint));
                    continue;
                };
                let before = std::mem::replace(&mut line.text, text);
                let of = std::mem::replace(&mut line.language, language.to_owned());
                line.translations.insert(of, before);
            }
        }
        plan.language = language.to_owned();
        (plan, warnings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dub_can_be_taken_back() {
        let json = r#"{"version": 1, "scenes": [{"id": "s", "place": "forest"}], "shots": [{"id": "a", "scene": "s", "length": "3 s", "lines": [
            {"id": "l", "text": "Hello", "translations": {"ja": "こんにちは"}}, {"id": "m", "text": "Bye", "from": "1 s"}]}]}"#;
        let plan = Plan::from_json(json).unwrap_or_else(|e| panic!("{e}"));
        let (dub, warnings) = plan.dubbed("ja");
        assert_eq!((dub.shots[0].lines[0].text.as_str(), dub.shots[0].lines[0].language.as_str()), ("こんにちは", "ja"), "translated");
        assert_eq!(dub.shots[0].lines[1].text, "Bye", "not translated");
        assert!(warnings.len() == 1 && warnings[0].message.contains("Bye"), "{warnings:?}");
        assert_eq!(dub.dubbed("en").0.shots[0].lines[0], plan.shots[0].lines[0], "and back");
    }
}
