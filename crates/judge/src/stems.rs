//! Sound and lips of a finished film, measured from its stems: what `kinora make --stems DIR` writes, against what is in
//! the file. [`judge_stems`] opens both and asks [`events`], [`levels`] and
//! [`lips`]. `docs/stems.md` says what each measure holds to, and why.

use crate::place::Place;
use crate::{Measure, events, levels, lips};
use kinora_base::Ticks;
use kinora_base::pcm::{SAMPLE_RATE, Stereo};
use kinora_film::read::Movie;
use kinora_plan::Plan;
use kinora_plan::spotting::Spotting;
use kinora_plan::voices::Voices;
use serde::Deserialize;
use std::io;
use std::path::Path;

/// The largest value of 24 bits.
const FULL: f32 = 8_388_607.0;

/// What is heard when and from where: `sheet.json`.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Sheet {
    /// The fingerprint of the plan.
    pub(crate) plan: String,
    pub(crate) spotting: Spotting,
    pub(crate) voices: Voices,
}

/// The four stems, each as long as the film.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stems {
    pub(crate) dialogue: Stereo,
    pub(crate) effects: Stereo,
    pub(crate) ambience: Stereo,
    pub(crate) music: Stereo,
}

impl Stems {
    pub(crate) fn named(&self) -> [(&'static str, &Stereo); 4] {
        [("dialogue", &self.dialogue), ("effects", &self.effects), ("ambience", &self.ambience), ("music", &self.music)]
    }

    /// Some of them together.
    pub(crate) fn sum(&self, of: impl Fn(&str) -> bool) -> Stereo {
        let mut out = Stereo::silence(self.dialogue.len());
        for (_, stem) in self.named().into_iter().filter(|(name, _)| of(name)) {
            out.left.iter_mut().zip(&stem.left).for_each(|(o, s)| *o += s);
            out.right.iter_mut().zip(&stem.right).for_each(|(o, s)| *o += s);
        }
        out
    }
}

/// Measures sound and lips of a film by the stems that were written with it. With its passes too, it is known whose mouth
/// is hidden or turned away.
///
/// # Errors
/// If film, passes or stems cannot be read, or are of another plan.
pub fn judge_stems(plan: &Plan, folder: &Path, film: &Path, passes: Option<&Path>) -> io::Result<Vec<Measure>> {
    let (sheet, stems) = read(plan, folder)?;
    let movie = Movie::open(film).map_err(io::Error::other)?;
    if movie.frames() != sheet.spotting.ears.len() {
        return Err(wrong(format!("the stems are of another film: they have {} frames, and the film {}", sheet.spotting.ears.len(), movie.frames())));
    }
    let Some(sound) = movie.sound().map_err(io::Error::other)? else { return Err(wrong("the film has no sound to compare the stems with".into())) };
    let rate = movie.audio().map_or(0, |t| t.timescale);
    if rate != SAMPLE_RATE {
        return Err(wrong(format!("the film's sound has {rate} samples a second; the stems have {SAMPLE_RATE}")));
    }
    let mut all = levels::film(&stems, &sound);
    all.extend(levels::lines(plan, &sheet, &stems));
    all.extend(events::judge(plan, &sheet, &stems.effects));
    all.extend(lips::pan(plan, &sheet, &stems.dialogue, place(plan)));
    all.extend(lips::judge(plan, &sheet, &stems.dialogue, &movie, passes)?);
    Ok(all)
}

/// The projection into a film's picture.
pub(crate) fn place(plan: &Plan) -> Place {
    Place { width: plan.size.width as f32, height: plan.size.height as f32 }
}

/// Id of the shot at a time.
pub(crate) fn shot_at(plan: &Plan, at: Ticks) -> String {
    let frame = at.frame(plan.fps);
    let index = plan.cuts().iter().skip(1).position(|cut| frame < *cut);
    index.or(plan.shots.len().checked_sub(1)).and_then(|k| plan.shots.get(k)).map_or_else(|| "all".into(), |s| s.id.clone())
}

pub(crate) fn wrong(what: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// Reads a folder of stems of a plan.
fn read(plan: &Plan, folder: &Path) -> io::Result<(Sheet, Stems)> {
    let named = |name: &str, e: io::Error| io::Error::new(e.kind(), format!("{name}: {e}"));
    let text = std::fs::read(folder.join("sheet.json")).map_err(|e| named("sheet.json", e))?;
    let sheet: Sheet = serde_json::from_slice(&text).map_err(|e| wrong(format!("sheet.json: {e}")))?;
    if sheet.plan != plan.fingerprint() {
        return Err(wrong("the stems were made from another plan: make film and stems again from this one".into()));
    }
    if sheet.spotting.fps != plan.fps {
        return Err(wrong(format!("sheet.json: {} frames a second; the plan has {}", sheet.spotting.fps.0, plan.fps.0)));
    }
    let length = usize::try_from(sheet.spotting.duration.0).unwrap_or(0);
    let stem = |name: &str| -> io::Result<Stereo> {
        let name = format!("{name}.wav");
        let bytes = std::fs::read(folder.join(&name)).map_err(|e| named(&name, e))?;
        let sound = wav(&bytes).map_err(|e| wrong(format!("{name}: {e}")))?;
        if sound.len() != length {
            return Err(wrong(format!("{name}: it has {} samples; the sheet says {length}", sound.len())));
        }
        Ok(sound)
    };
    let stems = Stems { dialogue: stem("dialogue")?, effects: stem("effects")?, ambience: stem("ambience")?, music: stem("music")? };
    Ok((sheet, stems))
}

/// A WAV file of two channels, 24 bits and 48 kHz.
fn wav(bytes: &[u8]) -> Result<Stereo, String> {
    let word = |b: &[u8], at: usize| b.get(at..at + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    let short = |b: &[u8], at: usize| b.get(at..at + 2).map(|b| u16::from_le_bytes([b[0], b[1]]));
    if bytes.get(..4) != Some(b"RIFF") || bytes.get(8..12) != Some(b"WAVE") {
        return Err("it is no WAV file".into());
    }
    let (mut rest, mut format) = (&bytes[12..], None);
    while let (Some(kind), Some(size)) = (rest.get(..4), word(rest, 4)) {
        let size = size as usize;
        let Some(body) = rest.get(8..8 + size) else { return Err("it is cut off".into()) };
        match kind {
            b"fmt " => format = short(body, 0).zip(short(body, 2)).zip(word(body, 4)).zip(short(body, 14)),
            b"data" => {
                if format != Some((((1, 2), SAMPLE_RATE), 24)) {
                    return Err("it must have two channels, 24 bits and 48 kHz".into());
                }
                let sample = |b: &[u8]| (i32::from_le_bytes([0, b[0], b[1], b[2]]) >> 8) as f32 / FULL;
                return Ok(Stereo {
                    left: body.chunks_exact(6).map(|c| sample(&c[..3])).collect(),
                    right: body.chunks_exact(6).map(|c| sample(&c[3..])).collect(),
                });
            }
            _ => {}
        }
        rest = rest.get(8 + size + size % 2..).unwrap_or(&[]);
    }
    Err("there are no samples in it".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_read_as_they_were_written() {
        let sound = Stereo { left: vec![0.0, 0.5, -1.0], right: vec![0.25, -0.125, 1.0] };
        let read = wav(&sound.to_wav()).expect("its own");
        let near = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6);
        assert!(near(&read.left, &sound.left) && near(&read.right, &sound.right), "{read:?}");
        let whole = sound.to_wav();
        assert_eq!(wav(&whole[..50]).expect_err("cut off"), "it is cut off");
        assert!(wav(b"RIFFxxxxWAVEdata\0\0\0\0").is_err() && wav(b"").is_err(), "no format, nothing at all");
        assert!(wav(&kinora_base::pcm::wav(&[0.0; 4], 1, SAMPLE_RATE)).is_err(), "mono");
    }

    #[test]
    fn stems_of_another_plan_or_broken_ones_are_refused() {
        let json = r#"{"version": 1, "fps": 24, "scenes": [{"id": "s", "place": "p"}], "shots": [{"id": "1", "scene": "s", "length": 48000}]}"#;
        let plan = Plan::from_json(json).unwrap_or_else(|e| panic!("{e}"));
        let folder = std::env::temp_dir().join(format!("kinora-stems-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("made");
        let write = |fingerprint: &str| {
            let spotting = Spotting { duration: Ticks(48_000), fps: plan.fps, ..Spotting::default() };
            let sheet = serde_json::json!({ "plan": fingerprint, "spotting": spotting, "voices": Voices::default() });
            std::fs::write(folder.join("sheet.json"), sheet.to_string()).expect("written");
            for name in ["dialogue", "effects", "ambience", "music"] {
                std::fs::write(folder.join(format!("{name}.wav")), Stereo::silence(48_000).to_wav()).expect("written");
            }
        };
        let refused = |what: &str| read(&plan, &folder).expect_err(what).to_string();
        assert!(refused("empty").starts_with("sheet.json: "), "no sheet");
        write("0123456789abcdef");
        assert!(refused("another").contains("another plan"), "another fingerprint");
        write(&plan.fingerprint());
        assert_eq!(read(&plan, &folder).expect("good").1.music.len(), 48_000, "all is there");
        std::fs::write(folder.join("music.wav"), Stereo::silence(47_000).to_wav()).expect("written");
        assert!(refused("short").contains("47000 samples"), "too short");
        std::fs::remove_file(folder.join("music.wav")).expect("removed");
        assert!(refused("missing").starts_with("music.wav: "), "missing");
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
