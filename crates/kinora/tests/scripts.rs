//! Words in Chinese, Japanese and Korean on a sign, drawn with whatever font of this machine has them. There can be no golden picture of
//! another's font: what is measured is the ink.

use kinora::base::studio::{Machine, Progress, Studio};
use kinora::{Kinora, Plan, SimdLevel};
use kinora_letters::{Face, Fonts, Wish, system_folders};
use kinora_stage::Engine as _;
use serde_json::json;
use std::io;
use std::path::{Path, PathBuf};

/// The machine with the fonts of its system.
struct Printer(Machine);

impl Studio for Printer {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0.read(path)
    }
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.0.write(path, bytes)
    }
    fn system_fonts(&self) -> Vec<PathBuf> {
        system_folders()
    }
    fn threads(&self) -> usize {
        self.0.threads()
    }
    fn progress(&self, progress: Progress) {
        self.0.progress(progress);
    }
    fn clock(&self) -> f64 {
        self.0.clock()
    }
}

const WIDTH: usize = 320;
const HEIGHT: usize = 180;

/// Luma of the sign with a text, and which pixels are the sign.
struct Drawn {
    luma: Vec<u8>,
    sign: Vec<bool>,
}

fn draw(kinora: &Kinora, language: &str, text: &str) -> Drawn {
    let plan: Plan = serde_json::from_value(json!({
        "version": 1, "seed": 1, "size": {"width": WIDTH, "height": HEIGHT}, "fps": 24, "silent": true, "look": "clay", "language": language,
        "scenes": [{"id": "scene", "place": "city-street", "time": "noon", "things": [{"id": "sign", "word": "signboard", "traits": {"text": text}}]}],
        "shots": [{"id": "shot", "scene": "scene", "length": "1 s", "framing": {"size": "close", "subject": ["sign"]}}],
    }))
    .expect("a plan");
    kinora.check(&plan).expect("the plan is good");
    let staging = kinora.stage(&plan).expect("it can be staged").output;
    let photographer = kinora.photographer(&staging, SimdLevel::Detect, true).expect("an engine");
    let drawn = photographer.shooter().shoot(12);
    let passes = drawn.passes.expect("asked for");
    // Pieces of the set have no number; the sign is the one thing that has.
    Drawn { luma: drawn.picture.y, sign: passes.id.iter().map(|id| *id != 0).collect() }
}

/// Pixels that a text makes darker or lighter than the bare sign, and how many of them are off the sign.
fn ink(bare: &Drawn, text: &Drawn) -> (Vec<bool>, usize) {
    let ink: Vec<bool> = bare.luma.iter().zip(&text.luma).map(|(a, b)| a.abs_diff(*b) > 24).collect();
    let off = ink.iter().zip(&bare.sign).filter(|(ink, sign)| **ink && !**sign).count();
    (ink, off)
}

#[test]
fn signs_in_chinese_japanese_and_korean_have_their_letters() {
    let kinora = Kinora::new(&Printer(Machine::new(Some(1)))).expect("the vocabulary is whole");
    let fonts = Fonts::new(None, system_folders());
    for (language, texts) in [("zh", ["面包店", "欢迎光临"]), ("ja", ["パンや", "いらっしゃい"]), ("ko", ["빵집", "어서오세요"])] {
        let missing = |text: &str| !fonts.set(text, &Wish { language, ..Wish::line(Face::Bold) }).missing.is_empty();
        if texts.into_iter().any(missing) {
            eprintln!("skipped: no font of this machine has {texts:?} ({language})");
            continue;
        }
        // A code point that is nobody's letter leaves no ink, not even a box.
        let (bare, nobody) = (draw(&kinora, language, "\u{378}"), draw(&kinora, language, "\u{379}\u{379}\u{379}"));
        let sign = bare.sign.iter().filter(|s| **s).count();
        assert!(sign > WIDTH * HEIGHT / 20, "{language}: the sign is in the picture: {sign} pixels");
        assert_eq!(ink(&bare, &nobody).0.iter().filter(|i| **i).count(), 0, "{language}: a box stands for what no font has");
        let inks = texts.map(|text| {
            let (ink, off) = ink(&bare, &draw(&kinora, language, text));
            let count = ink.iter().filter(|i| **i).count();
            assert!(count > sign / 40 && count < sign * 2 / 3, "{text}: {count} of {sign} pixels of the sign are ink");
            assert!(off * 50 <= count, "{text}: {off} of {count} pixels of ink are off the sign");
            ink
        });
        let differ = inks[0].iter().zip(&inks[1]).filter(|(a, b)| a != b).count();
        let both = inks.iter().flatten().filter(|i| **i).count();
        assert!(differ * 4 > both, "{language}: {texts:?} look alike: {differ} of {both} pixels differ");
        // Boxes would be alike whatever letter they stand for.
        let letters: Vec<_> =
            texts[1].chars().map(|c| fonts.set(&c.to_string(), &Wish { language, ..Wish::line(Face::Bold) }).outline(0.005).contours).collect();
        assert!(letters.iter().all(|l| !l.is_empty()) && letters.windows(2).all(|l| l[0] != l[1]), "{language}: neighbours in {} are one shape", texts[1]);
    }
}
