//! The verdict: figures and findings, as data and as a table.

use crate::{PictureFigures, SoundFigures};
use serde::Serialize;
use std::fmt;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The film is not what was ordered, or does not play well.
    Fault,
    /// Worth a look.
    Warning,
}

/// One thing that is otherwise than expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad.
    pub severity: Severity,
    /// What was measured.
    pub measure: String,
    /// What was found.
    pub value: String,
    /// What was expected.
    pub expected: String,
}

/// All that was found out about a film.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// The file.
    pub file: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Frames a second.
    pub fps: f64,
    /// Frames in the index.
    pub frames: usize,
    /// Length of the pictures.
    pub seconds: f64,
    /// Length of the file.
    pub bytes: u64,
    /// The four letters of the pictures' coding.
    pub video_codec: String,
    /// Profile (66 baseline, 77 main, 100 high) and ten times the level of the H.264 stream.
    pub profile_and_level: Option<[u8; 2]>,
    /// Primaries, transfer, matrix, full range, as the container says.
    pub colours: Option<[u16; 4]>,
    /// The same as the H.264 stream says.
    pub stream_colours: Option<[u16; 4]>,
    /// Whether the index stands before the media.
    pub fast_start: bool,
    /// Captions in the file.
    pub captions: usize,
    /// Figures of the pictures.
    pub pictures: PictureFigures,
    /// Figures of the sound, if there is any.
    pub sound: Option<SoundFigures>,
    /// What is otherwise than expected, the worst first.
    pub findings: Vec<Finding>,
}

impl Verdict {
    /// Whether nothing is worse than a warning.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.findings.iter().all(|f| f.severity != Severity::Fault)
    }
}

/// Findings as they are gathered.
#[derive(Default)]
pub(crate) struct Report(Vec<Finding>);

impl Report {
    pub(crate) fn fault(&mut self, found: bool, measure: &str, value: impl ToString, expected: impl ToString) {
        self.add(found, Severity::Fault, measure, value.to_string(), expected.to_string());
    }
    pub(crate) fn warning(&mut self, found: bool, measure: &str, value: impl ToString, expected: impl ToString) {
        self.add(found, Severity::Warning, measure, value.to_string(), expected.to_string());
    }
    fn add(&mut self, found: bool, severity: Severity, measure: &str, value: String, expected: String) {
        if found {
            self.0.push(Finding { severity, measure: measure.to_owned(), value, expected });
        }
    }
    /// The worst first.
    pub(crate) fn findings(mut self) -> Vec<Finding> {
        self.0.sort_by_key(|f| f.severity);
        self.0
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let coding = self.profile_and_level.map_or(String::new(), |[profile, level]| format!(" (profile {profile}, level {}.{})", level / 10, level % 10));
        let mut row = |name: &str, value: String| writeln!(f, "{name:<12} {value}");
        row("file", format!("{} ({:.2} MB)", self.file, self.bytes as f64 / 1e6))?;
        row(
            "pictures",
            format!("{}{coding} {}x{}, {:.3} frames/s, {} frames, {:.3} s", self.video_codec, self.width, self.height, self.fps, self.frames, self.seconds),
        )?;
        let p = &self.pictures;
        row(
            "light",
            format!("mean luma {:.0}, clipped {:.2} %, mean change {:.2}, flicker {:.4}", p.mean_luma, p.clipped_share * 100.0, p.mean_change, p.flicker),
        )?;
        row("cuts", if p.cuts.is_empty() { "none seen".into() } else { p.cuts.iter().map(usize::to_string).collect::<Vec<_>>().join(", ") })?;
        match &self.sound {
            Some(s) => {
                row("sound", format!("{} {} Hz, {} channels, {:.3} s", s.codec, s.rate, s.channels, s.seconds))?;
                let loudness = s.loudness.map_or("silent".into(), |l| format!("{l:.1} LUFS"));
                row("loudness", format!("{loudness}, range {:.1} LU, true peak {:+.1} dBTP", s.range, s.true_peak))?;
            }
            None => row("sound", "none".into())?,
        }
        row("captions", self.captions.to_string())?;
        if self.findings.is_empty() {
            return row("verdict", "nothing to complain about".into());
        }
        for finding in &self.findings {
            let severity = if finding.severity == Severity::Fault { "FAULT" } else { "warning" };
            row(severity, format!("{}: {} (expected {})", finding.measure, finding.value, finding.expected))?;
        }
        Ok(())
    }
}
