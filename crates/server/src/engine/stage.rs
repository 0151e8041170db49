//! The engine of this project, in process.

use super::words::{failure, plan};
use super::{Engine, Failure, Made, Saying, VoiceInfo, Watch, Work};
use crate::wish::{What, Wish};
use kinora::film::sheet::contact_sheet;
use kinora::speech::{Manner, Pack, RATE, Speaker, Tongue, Utterance, of_name};
use kinora::{Kind, Kinora, Language, Settings};
use kinora_base::studio::{Cache, Machine, Progress};
use kinora_base::{Studio, Ticks};
use kinora_plan::{Cue, CueKind, Plan};
use serde_json::{Value, json};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Says that everything of a job is on the disk, and what it is.
const DONE: &str = "done.json";

/// The engine with its vocabulary and voices.
pub struct StageEngine {
    kinora: Kinora,
    speaker: Option<Speaker>,
    voices: Vec<VoiceInfo>,
    place: Place,
}

/// Where the engine finds its things.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Folders with a user's own words.
    pub assets: Vec<PathBuf>,
    /// The voice pack.
    pub voices: Option<PathBuf>,
    /// Pieces of films that can be used again.
    pub cache: Option<Cache>,
}

/// The outside world of one job.
struct Desk<'a> {
    machine: Machine,
    place: &'a Place,
    watch: &'a Watch,
}

impl Studio for Desk<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.machine.read(path)
    }
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.machine.write(path, bytes)
    }
    fn asset_folders(&self) -> Vec<PathBuf> {
        self.place.assets.clone()
    }
    fn cache(&self) -> Option<Cache> {
        self.place.cache.clone()
    }
    fn voices(&self) -> Option<PathBuf> {
        self.place.voices.clone()
    }
    fn threads(&self) -> usize {
        self.machine.threads()
    }
    fn progress(&self, p: Progress) {
        if p.stage == "shoot" && p.total > 0 {
            let share = p.done.saturating_mul(900) / p.total;
            self.watch.done(50 + i64::try_from(share).unwrap_or(0));
        }
    }
    fn cancelled(&self) -> bool {
        self.watch.stopped()
    }
    fn clock(&self) -> f64 {
        self.machine.clock()
    }
}

impl StageEngine {
    /// Loads the vocabulary, and the voices if there are any.
    ///
    /// # Errors
    /// If a file of words is broken.
    pub fn open(place: Place) -> Result<Self, kinora::Error> {
        let watch = Watch::default();
        let kinora = Kinora::new(&Desk { machine: Machine::new(Some(1)), place: &place, watch: &watch })?;
        let pack = || place.voices.as_ref().and_then(|folder| Pack::open(folder).ok());
        let names = pack().and_then(|p| p.voices().ok()).unwrap_or_default();
        let voices = names.iter().map(|name| VoiceInfo { id: name.clone(), name: title(name), language: language_of(name).into() }).collect();
        Ok(Self { kinora, speaker: pack().map(Speaker::new), voices, place })
    }

    fn desk<'a>(&'a self, threads: usize, watch: &'a Watch) -> Desk<'a> {
        Desk { machine: Machine::new(Some(threads)), place: &self.place, watch }
    }

    fn film(&self, work: &Work<'_>) -> Result<Made, Failure> {
        let (plan, mut warnings) = plan(&self.kinora, work.wish, work.parent)?;
        work.watch.done(20);
        let out = work.folder.join("film.mp4");
        let made = self.kinora.make(&plan, &Settings::to(&out), &self.desk(work.threads, work.watch)).map_err(failure)?;
        for warning in made.warnings.iter().filter(|w| !plan.warnings.contains(w)) {
            warnings.push(serde_json::to_value(warning).unwrap_or_default());
        }
        work.watch.done(960);
        let frames = kinora::frames_of_film(&out, 9).map_err(failure)?;
        if let Some((_, first)) = frames.first() {
            save(work.folder, "thumbnail.png", &first.to_png().map_err(disk)?)?;
        }
        save(work.folder, "spritesheet.png", &contact_sheet(&frames, 3).to_png().map_err(disk)?)?;
        let seconds = |p: &Plan| crate::money::Credits(p.duration().0 * 1000 / Ticks::PER_SECOND).to_string();
        let m = &made.output;
        let result = json!({
            "seconds": seconds(&plan), "width": plan.size.width, "height": plan.size.height, "fps": plan.fps.0, "frames": m.frames, "bytes": m.bytes,
            "shots": plan.shots.len(), "subtitles": m.subtitles.is_some(), "loudness": m.loudness, "segments": m.segments.0,
            "parent_seconds": work.parent.map(seconds),
        });
        Ok(Made { result, warnings })
    }

    fn pictures(&self, work: &Work<'_>) -> Result<Made, Failure> {
        let (plan, warnings) = plan(&self.kinora, work.wish, None)?;
        for k in 0..work.wish.pictures {
            if work.watch.stopped() {
                return Err(Failure::Stopped);
            }
            // Numbers of a plan's JSON end at 2^53.
            let plan = Plan { seed: plan.seed.wrapping_add(u64::from(k)) & ((1 << 53) - 1), ..plan.clone() };
            let picture = kinora::still(&self.kinora, &plan, 0.5).map_err(failure)?;
            save(work.folder, &format!("picture-{k}.png"), &picture.to_png().map_err(disk)?)?;
            work.watch.done(i64::from(k + 1) * 1000 / i64::from(work.wish.pictures.max(1)));
        }
        save(work.folder, "film.plan.json", plan.to_json().as_bytes())?;
        Ok(Made { result: json!({ "width": plan.size.width, "height": plan.size.height }), warnings })
    }

    fn sound(&self, work: &Work<'_>) -> Result<Made, Failure> {
        let (plan, mut warnings) = self.heard(work.wish)?;
        let spoken = work.folder.join("sound.voices.json");
        let scored = self.kinora.score(&plan, &spoken, work.folder, &self.desk(work.threads, work.watch)).map_err(failure)?;
        warnings.extend(scored.warnings.iter().map(|w| serde_json::to_value(w).unwrap_or_default()));
        let wav = |file: &mut std::fs::File| kinora_base::pcm::write_wav(&scored.output.mix, file);
        kinora_base::studio::fill_beside(&work.folder.join("sound.wav"), wav).map_err(|e| Failure::Disk(format!("sound.wav: {e}")))?;
        let mp3 = to_mp3(work.folder);
        if !mp3 {
            warnings.push(
                json!({ "kind": "unsupported", "field": "url_mp3", "message": "url_mp3: there is no ffmpeg with MP3 on this server; url_wav has the sound" }),
            );
        }
        save(work.folder, "film.plan.json", plan.to_json().as_bytes())?;
        Ok(Made { result: json!({ "seconds": work.wish.seconds(), "mp3": mp3 }), warnings })
    }

    /// What is to be heard: the scene that the words describe, with every sound and music that they name.
    fn heard(&self, wish: &Wish) -> Result<(Plan, Vec<Value>), Failure> {
        let named = self.noises(&wish.prompt);
        let scene = Wish { width: 64, height: 64, most: 60, ..wish.clone() };
        let length = wish.milliseconds * Ticks::PER_SECOND / 1000;
        let (mut plan, warnings) = match plan(&self.kinora, &scene, None) {
            Ok(planned) => planned,
            // Words such as "rain" name no picture, but they name a sound.
            Err(Failure::Input(_)) if !named.is_empty() => (still_air(length, wish.seed.unwrap_or(0)), Vec::new()),
            Err(other) => return Err(other),
        };
        for (k, (kind, word)) in named.into_iter().enumerate() {
            let cue = |cue: &Cue| cue.kind == kind && cue.word == word;
            if !plan.cues.iter().chain(plan.shots.iter().flat_map(|s| &s.cues)).any(cue) {
                let id = format!("asked-{}", k + 1);
                plan.cues.push(Cue { id, kind, word, from: Ticks::ZERO, to: Ticks::ZERO, level: 0.0, source: None, span: None });
            }
        }
        self.kinora.check(&plan).map_err(failure)?;
        Ok((plan, warnings))
    }

    /// Sounds and music that a text names.
    fn noises(&self, text: &str) -> Vec<(CueKind, String)> {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '-').filter(|w| !w.is_empty()).collect();
        let mut found: Vec<(CueKind, String)> = Vec::new();
        for language in [Language::En, Language::Zh, Language::Ja, Language::Ko, Language::Es] {
            for at in 0..words.len() {
                for hit in self.kinora.vocabulary().longest_match(language, &words[at..]) {
                    let kind = match hit.kind {
                        Kind::Sound => CueKind::Sound,
                        Kind::Music => CueKind::Music,
                        _ => continue,
                    };
                    if !found.contains(&(kind, hit.id.clone())) {
                        found.push((kind, hit.id));
                    }
                }
            }
        }
        found
    }
}

/// Nothing to see and nothing to hear, for a time.
fn still_air(length: i64, seed: u64) -> Plan {
    let text = json!({
        "version": 1, "seed": seed, "size": { "width": 64, "height": 64 }, "scenes": [{ "id": "air", "place": "music-studio" }],
        "shots": [{ "id": "all", "scene": "air", "length": length }], "cues": [{ "id": "no-music", "kind": "nomusic" }],
    });
    serde_json::from_value(text).unwrap_or_else(|e| unreachable!("this plan is written here: {e}"))
}

fn title(name: &str) -> String {
    let plain = name.split_once('_').map_or(name, |n| n.1);
    let mut letters = plain.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn language_of(name: &str) -> &'static str {
    match name.chars().next() {
        Some('e') => "es",
        Some('f') => "fr",
        Some('h') => "hi",
        Some('i') => "it",
        Some('j') => "ja",
        Some('p') => "pt",
        Some('z') => "zh",
        _ => "en",
    }
}

fn disk(error: io::Error) -> Failure {
    Failure::Disk(error.to_string())
}

fn save(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), Failure> {
    let path = folder.join(name);
    kinora_base::studio::write_beside(&path, bytes).map_err(|e| Failure::Disk(format!("{name}: {e}")))
}

/// By the user's ffmpeg, if there is one that can.
fn to_mp3(folder: &Path) -> bool {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-y", "-i"]).arg(folder.join("sound.wav")).args(["-b:a", "192k"]).arg(folder.join("sound.mp3"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
}

/// Brings all files of a job to the disk before anybody is told that they are there.
fn settle_on_disk(folder: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            std::fs::File::open(path)?.sync_all()?;
        }
    }
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    Ok(())
}

impl Engine for StageEngine {
    fn plan(&self, wish: &Wish, parent: Option<&Plan>) -> Result<(Plan, Vec<Value>), Failure> {
        if wish.what == What::Sound { self.heard(wish) } else { plan(&self.kinora, wish, parent) }
    }

    fn check(&self, plan: &Plan) -> Result<(), String> {
        self.kinora.check(plan).map_err(|e| e.to_string())
    }

    fn make(&self, work: &Work<'_>) -> Result<Made, Failure> {
        if let Ok(done) = std::fs::read(work.folder.join(DONE))
            && let Ok(made) = serde_json::from_slice(&done)
        {
            return Ok(made);
        }
        std::fs::create_dir_all(work.folder).map_err(disk)?;
        let made = match work.wish.what {
            What::Film => self.film(work),
            What::Picture => self.pictures(work),
            What::Sound => self.sound(work),
        }?;
        if work.watch.stopped() {
            return Err(Failure::Stopped);
        }
        settle_on_disk(work.folder).map_err(disk)?;
        save(work.folder, DONE, &serde_json::to_vec(&made).map_err(|e| Failure::Internal(e.to_string()))?)?;
        Ok(made)
    }

    fn say(&self, saying: &Saying) -> Result<(Vec<u8>, f64), Failure> {
        let none = "no voices are installed on this server; its operator runs `kinora voices install`";
        let speaker = self.speaker.as_ref().ok_or_else(|| Failure::Input(none.into()))?;
        let input = |e: kinora::speech::SpeechError| Failure::Input(e.to_string());
        let language = saying.language.clone().unwrap_or_else(|| by_letters(&saying.text).to_owned());
        Tongue::of(&language).map_err(input)?;
        let usual = match language.as_str() {
            "es" => "ef_dora",
            "ja" => "jf_alpha",
            "ko" | "zh" => "zf_xiaobei",
            _ => "af_heart",
        };
        let casting = of_name(saying.voice.as_deref().unwrap_or(usual)).map_err(input)?;
        let say = |text: &str| {
            let text = text.to_owned();
            speaker.say(&Utterance { text, language: language.clone(), casting: casting.clone(), manner: Manner::of(None), speed: saying.speed, tune: None })
        };
        // A model speaks in one thread, about as fast as people do: a long text is said by several beside each other.
        let parts = breaths(&saying.text);
        let next = AtomicUsize::new(0);
        let one = || {
            let mut said = Vec::new();
            while let Some((k, text)) = Some(next.fetch_add(1, Ordering::SeqCst)).and_then(|k| parts.get(k).map(|p| (k, p))) {
                said.push((k, say(text)));
            }
            said
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOUTHS).min(parts.len());
        let mut said: Vec<_> = std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(one)).collect();
            let mine = one();
            mine.into_iter().chain(others.into_iter().flat_map(|o| o.join().unwrap_or_default())).collect()
        });
        if said.len() < parts.len() {
            return Err(Failure::Internal("a thread that spoke panicked".into()));
        }
        said.sort_by_key(|s| s.0);
        let mut pcm = Vec::new();
        for (k, said) in said {
            if k > 0 {
                pcm.extend(std::iter::repeat_n(0.0, PAUSE));
            }
            pcm.extend(said.map_err(input)?.pcm);
        }
        Ok((kinora_base::pcm::wav(&pcm, 1, RATE), pcm.len() as f64 / f64::from(RATE)))
    }

    fn voices(&self) -> Vec<VoiceInfo> {
        self.voices.clone()
    }
}

/// So many models say one text; each takes about 0.6 GB of memory.
const MOUTHS: usize = 2;
/// Between two parts of a text, in samples: about as long as the model itself waits after a sentence.
const PAUSE: usize = (RATE as usize) * 3 / 10;
/// A part has so many characters at least.
const BREATH: usize = 120;

/// Parts of a text that can be said by themselves: whole sentences. The same for every machine, so that the sound is.
fn breaths(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut from, mut count, mut word) = (0, 0, 0);
    let mut characters = text.char_indices().peekable();
    while let Some((_, c)) = characters.next() {
        count += 1;
        let to = characters.peek().map_or(text.len(), |n| n.0);
        let space = characters.peek().is_some_and(|n| n.1.is_whitespace());
        // A short word before a full stop may be an abbreviation.
        let ends = matches!(c, '。' | '！' | '？' | '\n') || (space && (matches!(c, '!' | '?' | '…') || (c == '.' && word > 3)));
        word = if c.is_alphanumeric() { word + 1 } else { 0 };
        if ends && count >= BREATH && text[to..].chars().any(char::is_alphanumeric) {
            parts.push(&text[from..to]);
            (from, count) = (to, 0);
        }
    }
    parts.push(&text[from..]);
    parts
}

/// The likeliest language of a text by its letters.
fn by_letters(text: &str) -> &'static str {
    let any = |range: std::ops::RangeInclusive<char>| text.chars().any(|c| range.contains(&c));
    match () {
        () if any('\u{3040}'..='\u{30ff}') => "ja",
        () if any('\u{ac00}'..='\u{d7a3}') => "ko",
        () if any('\u{4e00}'..='\u{9fff}') => "zh",
        () if text.contains(['ñ', '¿', '¡', 'á', 'é', 'í', 'ó', 'ú']) => "es",
        () => "en",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_sentences_only() {
        let text = "The fox went out into the snow with Dr. Miller and walked along the river until the evening came. ".repeat(12);
        let parts = breaths(&text);
        assert_eq!(parts.concat(), text, "nothing is lost");
        assert!(parts.len() > 4 && parts.iter().all(|p| p.trim_end().ends_with("came.")), "whole sentences: {parts:?}");
        assert_eq!(breaths("雪の森を狐が歩く。".repeat(40).as_str()).len(), 3, "in other scripts too");
        assert_eq!(breaths("Good evening. Sit down."), ["Good evening. Sit down."], "a short text is one");
        assert_eq!(breaths(&format!("{}. ... !", "word ".repeat(40))).len(), 1, "no part without words");
    }
}
