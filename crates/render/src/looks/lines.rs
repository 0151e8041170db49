//! Contours: where depth breaks off, where one part meets another, where a surface folds, and where brightness jumps; drawn
//! as wide as the look asks.

use super::grade::Packed;
use super::marks::{FOLIAGE, Marks};
use super::{Lines, scaled};
use crate::lanes::{F, I, Simd, entry};

/// How much ink each pixel gets, 0..255.
#[derive(Default)]
pub(crate) struct Ink {
    pub(crate) stride: usize,
    pub(crate) amount: Vec<u8>,
    thin: Vec<u8>,
    wide: Vec<u16>,
}

/// What contours are found in.
pub(crate) struct Find<'a> {
    lines: &'a Lines,
    marks: &'a Marks,
    picture: &'a Packed,
    /// 1/w at which lines are half as strong.
    far: f32,
}

impl Ink {
    /// Finds and draws the lines of a picture focused at `focus` metres.
    pub(crate) fn run(&mut self, level: crate::lanes::Level, lines: &Lines, marks: &Marks, picture: &Packed, focus: f32) {
        self.stride = marks.stride;
        self.thin.resize(marks.stride * marks.height, 0);
        find(level, &Find { lines, marks, picture, far: 1.0 / (focus * lines.far).max(0.1) }, &mut self.thin);
        // Wider than this nobody draws, and the sums would not hold it.
        let width = scaled(lines.width, marks.height).min(240.0);
        let r = ((width - 1.0) * 0.5).round().max(0.0) as usize;
        self.widen(marks.height, r, width);
        if lines.press > 0.0 && r > 0 {
            // Run twice, a line rises to its middle: where it is cut off is how wide it gets.
            std::mem::swap(&mut self.thin, &mut self.amount);
            self.run_box(marks.height, r, (2 * r as u32 + 1).pow(2));
        }
    }

    /// A box as wide as the line, run both ways; thinner than a pixel, the line is fainter instead.
    fn widen(&mut self, height: usize, r: usize, width: f32) {
        let stride = self.stride;
        self.amount.resize(stride * height, 0);
        if r == 0 {
            let share = (width.clamp(0.45, 1.0) * 256.0) as u32;
            for (to, from) in self.amount.iter_mut().zip(&self.thin) {
                *to = ((u32::from(*from) * share) >> 8) as u8;
            }
            return;
        }
        // A line is found two pixels wide.
        self.run_box(height, r, 2 * (2 * r as u32 + 1));
    }

    /// The sums of a box of `2 r + 1` pixels each way over `whole`.
    fn run_box(&mut self, height: usize, r: usize, whole: u32) {
        let stride = self.stride;
        self.amount.resize(stride * height, 0);
        self.wide.resize(stride * height, 0);
        for (to, from) in self.wide.chunks_exact_mut(stride).zip(self.thin.chunks_exact(stride)) {
            let at = |x: usize| u32::from(from[x.min(stride - 1)]);
            let mut sum: u32 = (0..r).map(at).sum();
            for (x, to) in to.iter_mut().enumerate() {
                sum += at(x + r);
                *to = sum as u16;
                if x >= r {
                    sum -= at(x - r);
                }
            }
        }
        let mut sums = vec![0u32; stride];
        for row in self.wide.chunks_exact(stride).take(r) {
            sums.iter_mut().zip(row).for_each(|(s, v)| *s += u32::from(*v));
        }
        let share = 65536 / whole;
        for y in 0..height {
            if y + r < height {
                sums.iter_mut().zip(&self.wide[(y + r) * stride..]).for_each(|(s, v)| *s += u32::from(*v));
            }
            for (to, s) in self.amount[y * stride..(y + 1) * stride].iter_mut().zip(&sums) {
                *to = ((s * share) >> 16).min(255) as u8;
            }
            if y >= r {
                sums.iter_mut().zip(&self.wide[(y - r) * stride..]).for_each(|(s, v)| *s -= u32::from(*v));
            }
        }
    }
}

entry! {
    fn find(find: &Find, out: &mut [u8]) = find_kernel
}

/// A row with its first and last value once more at each side, so that neighbours can be read anywhere.
fn padded<T: Copy>(to: &mut Vec<T>, row: &[T], width: usize) {
    to.clear();
    to.push(row[0]);
    to.extend_from_slice(&row[..width]);
    to.resize(row.len() + 9, row[width - 1]);
}

#[inline(always)]
fn find_kernel<S: Simd>(k: &Find, out: &mut [u8]) {
    let (marks, lines) = (k.marks, k.lines);
    let (mut near, mut word, mut shade) = ([Vec::new(), Vec::new(), Vec::new()], [Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
    let (words, stride, mut bright) = (&k.picture.words, k.picture.stride, Vec::new());
    for y in 0..marks.height {
        let row = |k: usize| k.min(marks.height - 1) * marks.stride;
        for (to, k) in near.iter_mut().zip([y.saturating_sub(1), y, y + 1]) {
            padded(to, &marks.inverse[row(k)..][..marks.stride], marks.width);
        }
        for (to, k) in word.iter_mut().zip([y, y + 1]) {
            padded(to, &marks.word[row(k)..][..marks.stride], marks.width);
        }
        if lines.tone > 0.0 {
            for (to, k) in shade.iter_mut().zip([y, y + 1]) {
                bright.clear();
                let from = k.min(marks.height - 1) * stride;
                bright.extend(words[from..from + marks.stride].iter().map(|w| ((w & 255) * 2 + (w >> 8 & 255) * 5 + (w >> 16 & 255)) as f32 * (1.0 / 2040.0)));
                padded(to, &bright, marks.width);
            }
        }
        for x in (0..marks.stride).step_by(8) {
            let here = F::<S>::from_slice(&near[1], x + 1);
            let at = |line: usize, shift: usize| F::<S>::from_slice(&near[line], x + shift);
            let (left, right, up, down) = (at(1, 0), at(1, 2), at(0, 1), at(2, 1));
            let most = here.max(left.max(right)).max(up.max(down)).at_least(1e-6);
            // 1/w is linear over planes: what bends it is an edge.
            let bend = (left + right - here * 2.0).abs().max((up + down - here * 2.0).abs()) / most;
            let jump = bend.smooth(0.05, 0.16);
            let w = I::<S>::from_slice(&word[0], x + 1);
            let (wr, wd) = (I::<S>::from_slice(&word[0], x + 2), I::<S>::from_slice(&word[1], x + 1));
            let part = |w: I<S>| (w >> 20) & I::of(4095);
            let green = |w: I<S>| part(w).equals(I::of(FOLIAGE as i32));
            let leaf = green(w) & (green(wr) | green(wd));
            let same = part(w).equals(part(wr)) & part(w).equals(part(wd));
            let facing = |w: I<S>, shift: i32| ((w >> shift) & I::of(63)).float();
            let fold = |o: I<S>| (facing(w, 8) - facing(o, 8)).abs() + (facing(w, 14) - facing(o, 14)).abs();
            let fold = fold(wr).max(fold(wd)).smooth(9.0, 24.0);
            let fade = {
                let d = F::<S>::of(k.far) / most;
                1.0 / (d * d + 1.0)
            };
            let outer = jump * (fade * 0.6 + 0.4) * lines.outer;
            let inner = same.select(F::of(0.0), F::of(lines.inner)) * fade;
            let crease = fold * fade * lines.crease;
            let mut ink = outer.max(inner).max(crease);
            ink = leaf.select(outer * bend.smooth(0.2, 0.6) * lines.foliage, ink);
            // Sky beside sky has none.
            ink = (most.above(1e-6)).select(ink, F::of(0.0));
            if lines.tone > 0.0 {
                let s = |line: usize, shift: usize| F::<S>::from_slice(&shade[line], x + shift);
                let step = (s(0, 1) - s(0, 2)).abs().max((s(0, 1) - s(1, 1)).abs());
                ink = ink.max(step.smooth(0.10, 0.25) * lines.tone);
            }
            let eight = (ink.clamp01() * 255.0 + 0.5).truncate().array();
            for (o, v) in out[y * marks.stride + x..][..8].iter_mut().zip(eight) {
                *o = v as u8;
            }
        }
    }
}
