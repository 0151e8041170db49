//! What the pictures show, measured: brightness, change from frame to frame, cuts, black and frozen stretches.

use kinora_base::picture::Yuv420;
use kinora_film::ReadError;
use kinora_film::read::Movie;
use serde::Serialize;
use std::fmt;
use std::ops::ControlFlow;

/// Cells of the small pictures by which frames are compared.
const CELLS: (usize, usize) = (32, 18);
/// A cut changes the small picture by at least this many levels on average ...
const CUT_LEVELS: f32 = 6.0;
/// ... and by this many times what its neighbours change; half of both is enough where a cut is planned.
const CUT_TIMES: f32 = 4.0;
/// A frame is black if no cell of it is brighter than this (16 is black).
const BLACK: f32 = 22.0;
/// Two frames are the same if their pixels differ by less than this on average.
const SAME: f32 = 0.02;
/// A key frame is coded anew, so the same picture comes out a little different.
const SAME_AT_KEY: f32 = 1.0;

/// Frames from `from` to before `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Run {
    /// The first.
    pub from: usize,
    /// One past the last.
    pub to: usize,
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from, self.to - 1)
    }
}

/// Figures of the pictures.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PictureFigures {
    /// Frames that decode.
    pub decoded: usize,
    /// Mean luma, 16 to 235.
    pub mean_luma: f32,
    /// Share of pixels that are as dark or as bright as can be.
    pub clipped_share: f32,
    /// Mean change from frame to frame, in levels.
    pub mean_change: f32,
    /// VBench's temporal flickering: 1 less the mean change of luma from frame to frame at 24 frames a second, as a share of 255.
    pub flicker: f32,
    /// Frames at which the picture jumps.
    pub cuts: Vec<usize>,
    /// Stretches of black.
    pub black: Vec<Run>,
    /// Stretches of at least half a second in which nothing changes.
    pub frozen: Vec<Run>,
}

/// One frame, boiled down.
struct Brief {
    cells: Vec<[f32; 3]>,
    mean: f32,
    clipped: f32,
    /// Mean difference of luma from the frame before, at full size; 0 for the first.
    change: f32,
    /// Whether it is coded without the frame before.
    key: bool,
}

pub(crate) fn measure(movie: &Movie, planned: &[usize]) -> Result<PictureFigures, ReadError> {
    let mut briefs: Vec<Brief> = Vec::with_capacity(movie.frames());
    let mut before: Vec<u8> = Vec::new();
    let keys: Vec<bool> = movie.video().map(|t| t.samples.iter().map(|s| s.key).collect()).unwrap_or_default();
    let (mut sampled, mut changes, mut samples): (Vec<u8>, f64, u32) = (Vec::new(), 0.0, 0);
    let seconds = 1.0 / movie.fps().max(1.0);
    movie.each_frame(0, |i, picture| {
        // The frame that is on screen at each twenty-fourth of a second.
        if (i as f64 * seconds * 24.0 + 1e-6).floor() > ((i as f64 - 1.0) * seconds * 24.0 + 1e-6).floor() {
            if sampled.len() == picture.y.len() {
                let sum: u64 = picture.y.iter().zip(&sampled).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
                changes += sum as f64 / picture.y.len().max(1) as f64;
                samples += 1;
            }
            sampled.clone_from(&picture.y);
        }
        briefs.push(brief(picture, &before, keys.get(i).copied().unwrap_or(false)));
        before.clone_from(&picture.y);
        ControlFlow::Continue(())
    })?;
    let count = briefs.len().max(1) as f32;
    let half_second = (movie.fps() / 2.0).ceil().max(2.0) as usize;
    let mean = |f: fn(&Brief) -> f32| briefs.iter().map(f).sum::<f32>() / count;
    Ok(PictureFigures {
        decoded: briefs.len(),
        mean_luma: mean(|b| b.mean),
        clipped_share: mean(|b| b.clipped),
        mean_change: mean(|b| b.change),
        flicker: (1.0 - changes / f64::from(samples.max(1)) / 255.0) as f32,
        cuts: cuts(&briefs, planned),
        black: runs(&briefs, 1, |b| b.cells.iter().all(|c| c[0] < BLACK)),
        frozen: frozen(&briefs, half_second),
    })
}

fn brief(picture: &Yuv420, before: &[u8], key: bool) -> Brief {
    let pixels = picture.y.len().max(1) as f32;
    let sum: u64 = picture.y.iter().map(|p| u64::from(*p)).sum();
    let clipped = picture.y.iter().filter(|p| **p <= 16 || **p >= 235).count();
    let change: u64 = if before.len() == picture.y.len() { picture.y.iter().zip(before).map(|(a, b)| u64::from(a.abs_diff(*b))).sum() } else { 0 };
    Brief { cells: cells(picture), mean: sum as f32 / pixels, clipped: clipped as f32 / pixels, change: change as f32 / pixels, key }
}

/// The picture in a few cells, each the mean of what it covers.
fn cells(picture: &Yuv420) -> Vec<[f32; 3]> {
    let (w, h) = (picture.width, picture.height);
    let (columns, rows) = (CELLS.0.min(w / 2).max(1), CELLS.1.min(h / 2).max(1));
    let mean = |plane: &[u8], w: usize, h: usize, cx: usize, cy: usize| {
        let (x0, x1) = (cx * w / columns, (cx + 1) * w / columns);
        let (y0, y1) = (cy * h / rows, (cy + 1) * h / rows);
        let sum: u64 = (y0..y1).flat_map(|y| &plane[y * w + x0..y * w + x1]).map(|p| u64::from(*p)).sum();
        sum as f32 / ((x1 - x0) * (y1 - y0)).max(1) as f32
    };
    let cell = |i: usize| {
        let (x, y) = (i % columns, i / columns);
        [mean(&picture.y, w, h, x, y), mean(&picture.u, w / 2, h / 2, x, y), mean(&picture.v, w / 2, h / 2, x, y)]
    };
    (0..columns * rows).map(cell).collect()
}

/// How much two frames differ, in levels of luma and colour.
fn distance(a: &Brief, b: &Brief) -> f32 {
    let one = |(a, b): (&[f32; 3], &[f32; 3])| (a[0] - b[0]).abs() + (a[1] - b[1]).abs() + (a[2] - b[2]).abs();
    a.cells.iter().zip(&b.cells).map(one).sum::<f32>() / a.cells.len().max(1) as f32
}

/// Frames at which the picture jumps: a change that is large and stands alone among its neighbours.
fn cuts(briefs: &[Brief], planned: &[usize]) -> Vec<usize> {
    let change: Vec<f32> = std::iter::once(0.0).chain(briefs.windows(2).map(|w| distance(&w[0], &w[1]))).collect();
    let is_cut = |n: usize| {
        // Neighbours that are cuts of the plan themselves say nothing about movement.
        let neighbours = (n.saturating_sub(3).max(1)..change.len().min(n + 4)).filter(|k| *k != n && !planned.contains(k));
        let usual = neighbours.map(|k| change[k]).fold(0.0, f32::max);
        let strict = if planned.contains(&n) { 0.5 } else { 1.0 };
        change[n] > CUT_LEVELS * strict && change[n] > usual * CUT_TIMES * strict
    };
    (1..change.len()).filter(|n| is_cut(*n)).collect()
}

/// Stretches of at least `least` frames that all satisfy `is`.
fn runs(briefs: &[Brief], least: usize, is: impl Fn(&Brief) -> bool) -> Vec<Run> {
    let mut out = Vec::new();
    let mut from = None;
    for (i, yes) in briefs.iter().map(&is).chain([false]).enumerate() {
        match (yes, from) {
            (true, None) => from = Some(i),
            (false, Some(start)) => {
                from = None;
                if i - start >= least {
                    out.push(Run { from: start, to: i });
                }
            }
            _ => {}
        }
    }
    out
}

/// Stretches without change. Each begins with the frame that the others repeat.
fn frozen(briefs: &[Brief], least: usize) -> Vec<Run> {
    let repeats = briefs.get(1..).unwrap_or_default();
    runs(repeats, least - 1, |b| b.change < if b.key { SAME_AT_KEY } else { SAME }).into_iter().map(|r| Run { from: r.from, to: r.to + 1 }).collect()
}
