//! Measures finished films from outside: [`judge`] opens the file, decodes every picture and all sound, and says what it
//! found as a [`Verdict`]: figures, and findings with what was expected. It knows the film crate's reader and the plan,
//! nothing of how films are directed, staged or drawn. With the passes of a film [`judge_passes`] says whether what the plan
//! asks for is in the pictures; with its stems [`judge_stems`] says whether noises, lips, sides and levels of the sound are
//! where they should be (`docs/stems.md`); and [`html`] writes it all down for people.
//!
//! # Limits today
//! - Only MP4 with H.264 and AAC-LC is read; others are an error.
//! - A cut is seen by how much the picture changes in one frame. Two shots that look alike at 32x18 hide their cut, and a
//!   flash can look like one; both are warnings, not faults.
//! - Whether a mouth is hidden or turned away is known only with the passes; without them such a line does not hold.
//! - Only noises that begin suddenly and stand alone are compared with their times.
//! - What is good to look at is not judged, only what can be measured.

mod acting;
mod events;
mod levels;
mod lips;
mod passes;
mod pictures;
mod place;
mod report;
mod sound;
mod stems;
mod verdict;
mod voice;

pub use acting::judge_acting;
pub use passes::{Measure, judge_passes};
pub use pictures::{PictureFigures, Run};
pub use report::html;
pub use sound::SoundFigures;
pub use stems::judge_stems;
pub use verdict::{Finding, Severity, Verdict};

use kinora_film::ReadError;
use kinora_film::read::{ColourTags, Movie};
use kinora_plan::{Plan, TransitionKind};
use std::path::Path;

/// Why a film could not be judged.
#[derive(Debug, thiserror::Error)]
pub enum JudgeError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The file has no pictures.
    #[error("{0}: there are no pictures in it")]
    NoPictures(String),
    /// The loudness meter refused.
    #[error("{file}: loudness cannot be measured: {message}")]
    Loudness {
        /// Which file.
        file: String,
        /// What the meter says.
        message: String,
    },
}

/// Measures a film, and compares it with the plan it was made from, if that is known.
pub fn judge(file: &Path, plan: Option<&Plan>) -> Result<Verdict, JudgeError> {
    let movie = Movie::open(file)?;
    let name = file.display().to_string();
    let Some(video) = movie.video() else { return Err(JudgeError::NoPictures(name)) };
    let mut verdict = Verdict {
        file: name.clone(),
        width: movie.size().width,
        height: movie.size().height,
        fps: movie.fps(),
        frames: movie.frames(),
        seconds: video.shown_seconds,
        bytes: movie.bytes,
        video_codec: video.codec.clone(),
        profile_and_level: video.stream().map(|s| [s.profile, s.level]),
        colours: video.colours.map(numbers),
        stream_colours: video.stream().and_then(|s| s.colours).map(numbers),
        fast_start: movie.fast_start,
        captions: movie.captions()?.len(),
        pictures: pictures::measure(&movie, &planned_cuts(plan))?,
        sound: sound::measure(&movie).map_err(|e| e.in_file(&name))?,
        findings: Vec::new(),
    };
    verdict.findings = findings(&verdict, plan, video.samples.windows(2).any(|w| w[0].length != w[1].length));
    Ok(verdict)
}

fn numbers(tags: ColourTags) -> [u16; 4] {
    [tags.primaries, tags.transfer, tags.matrix, u16::from(tags.full_range)]
}

/// Frames at which the plan cuts hard.
fn planned_cuts(plan: Option<&Plan>) -> Vec<usize> {
    let Some(plan) = plan else { return Vec::new() };
    let hard = plan.shots.iter().zip(plan.cuts()).skip(1).filter(|(shot, _)| shot.transition.kind == TransitionKind::Cut);
    hard.filter_map(|(_, at)| usize::try_from(at).ok()).collect()
}

fn findings(v: &Verdict, plan: Option<&Plan>, uneven: bool) -> Vec<Finding> {
    let mut out = verdict::Report::default();
    check_file(&mut out, v, uneven);
    check_pictures(&mut out, v, plan);
    check_sound(&mut out, v, plan);
    if let Some(plan) = plan {
        check_plan(&mut out, v, plan);
    }
    out.findings()
}

fn check_file(out: &mut verdict::Report, v: &Verdict, uneven: bool) {
    out.fault(!v.fast_start, "fast start", "index after the media", "index first, so that it plays while it loads");
    for (measure, tags) in [("colour tags of the file", v.colours), ("colour tags of the stream", v.stream_colours)] {
        out.warning(tags != Some([1, 1, 1, 0]), measure, tags.map_or("none".into(), |t| format!("{t:?}")), "BT.709, limited range: [1, 1, 1, 0]");
    }
    out.fault(uneven, "frame lengths", "not all alike", "all alike");
    out.fault(v.pictures.decoded != v.frames, "frames decoded", v.pictures.decoded, format!("{} as in the index", v.frames));
}

fn check_pictures(out: &mut verdict::Report, v: &Verdict, plan: Option<&Plan>) {
    let frames = |runs: &[Run]| runs.iter().map(Run::to_string).collect::<Vec<_>>().join(", ");
    let fades = plan.is_some_and(|p| p.shots.iter().any(|s| s.transition.kind == TransitionKind::Fade));
    out.warning(!v.pictures.black.is_empty() && !fades, "black frames", frames(&v.pictures.black), "none");
    out.warning(!v.pictures.frozen.is_empty(), "frozen pictures", frames(&v.pictures.frozen), "no half second without any change");
    out.warning(v.pictures.clipped_share > 0.05, "blown out or crushed", format!("{:.1} %", v.pictures.clipped_share * 100.0), "at most 5 % of all pixels");
}

fn check_sound(out: &mut verdict::Report, v: &Verdict, plan: Option<&Plan>) {
    let Some(sound) = &v.sound else {
        out.fault(plan.is_some_and(|p| !p.silent), "sound", "none", "a sound track, as planned");
        return;
    };
    let apart = (sound.seconds - v.seconds).abs() * 1000.0;
    out.fault(apart > 1000.0 / v.fps.max(1.0), "sound against pictures", format!("{apart:.1} ms apart"), "within one frame");
    out.warning(plan.is_some_and(|p| p.silent), "sound", "a sound track", "none, as planned");
    out.fault(sound.loudness.is_none(), "loudness", "silence", "something to hear");
    if let Some(loudness) = sound.loudness {
        out.warning(!(-17.0..=-15.0).contains(&loudness), "loudness", format!("{loudness:.1} LUFS"), "-16 LUFS, give or take 1");
    }
    let peak = sound.true_peak;
    out.fault(peak > 0.0, "true peak", format!("{peak:+.1} dBTP"), "below 0 dBTP");
    // The master ends at -1; lossy coding may add a little.
    out.warning(peak > -0.5 && peak <= 0.0, "true peak", format!("{peak:+.1} dBTP"), "at most -1 dBTP, or a little more after coding");
    out.fault(sound.clipped > 0, "clipped sound", format!("{} runs", sound.clipped), "none");
    out.warning(sound.longest_silence > 3.0, "silence", format!("{:.1} s", sound.longest_silence), "at most 3 s at a time: even quiet places sound");
}

fn check_plan(out: &mut verdict::Report, v: &Verdict, plan: &Plan) {
    let size = |w: u32, h: u32| format!("{w}x{h}");
    out.fault((v.width, v.height) != (plan.size.width, plan.size.height), "size", size(v.width, v.height), size(plan.size.width, plan.size.height));
    out.fault((v.fps - f64::from(plan.fps.0)).abs() > 0.001, "frame rate", format!("{:.3}", v.fps), plan.fps.0);
    out.fault(v.frames as i64 != plan.frames(), "frames", v.frames, plan.frames());
    let list = |frames: Vec<usize>| frames.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
    let planned = planned_cuts(Some(plan));
    let missing: Vec<usize> = planned.iter().copied().filter(|c| !v.pictures.cuts.contains(c)).collect();
    let extra: Vec<usize> = v.pictures.cuts.iter().copied().filter(|c| !planned.contains(c) && !in_transition(plan, *c)).collect();
    out.warning(!missing.is_empty(), "cuts not seen", format!("frame {}", list(missing)), "a visible cut at each shot's first frame");
    out.warning(!extra.is_empty(), "jumps within shots", format!("frame {}", list(extra)), "none but the planned cuts");
}

/// Whether a frame lies in a dissolve or fade, which may look like a cut where it begins and ends.
fn in_transition(plan: &Plan, frame: usize) -> bool {
    let soft = plan.shots.iter().zip(plan.cuts()).filter(|(shot, _)| shot.transition.kind != TransitionKind::Cut);
    let mut stretches = soft.map(|(shot, at)| at - 1..=at + shot.transition.length.nearest_frame(plan.fps) + 1);
    stretches.any(|s| s.contains(&(frame as i64)))
}
