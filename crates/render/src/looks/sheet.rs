//! The sheet that a picture is made on: paper, canvas, washi or the grain of a block, as heights of the picture's size. It
//! stands still, as a sheet does.

use super::{Sheet, SheetKind, scaled};
use crate::lanes::maths::{noise, wave};
use crate::lanes::{F, Simd, V3, entry};
use glam::Vec3;

/// Heights, 128 in the middle.
#[derive(Default)]
pub(crate) struct Relief {
    pub(crate) stride: usize,
    pub(crate) height: Vec<u8>,
    made: Option<(Sheet, usize, usize)>,
}

impl Relief {
    /// Makes the sheet, if it is not there yet.
    pub(crate) fn run(&mut self, level: crate::lanes::Level, sheet: &Sheet, width: usize, height: usize) {
        let wanted = (sheet.clone(), width, height);
        if self.made.as_ref() == Some(&wanted) {
            return;
        }
        self.stride = width.next_multiple_of(8);
        self.height.resize(self.stride * height, 128);
        let size = scaled(sheet.size, height).max(1.0);
        make(level, sheet.kind, 1.0 / size, self.stride, &mut self.height);
        self.made = Some(wanted);
    }
}

entry! {
    fn make(kind: SheetKind, scale: f32, stride: usize, out: &mut [u8]) = make_kernel
}

#[inline(always)]
fn make_kernel<S: Simd>(kind: SheetKind, scale: f32, stride: usize, out: &mut [u8]) {
    for (y, row) in out.chunks_exact_mut(stride).enumerate() {
        for x in (0..stride).step_by(8) {
            let at = V3::new((F::<S>::ramp() + (x as f32 + 0.5)) * scale, F::of((y as f32 + 0.5) * scale), F::of(0.5));
            let h = match kind {
                SheetKind::Paper => paper(at),
                SheetKind::Canvas => canvas(at),
                SheetKind::Washi => washi(at),
                SheetKind::Block => block(at),
            };
            let eight: [i32; 8] = (h * 127.0 + 128.0).truncate().clamp(0, 255).array();
            for (o, v) in row[x..x + 8].iter_mut().zip(eight) {
                *o = v as u8;
            }
        }
    }
}

#[inline(always)]
fn paper<S: Simd>(p: V3<S>) -> F<S> {
    noise(p) * 0.55 + noise(p * 2.1) * 0.4 + noise(p * 0.23) * 0.3 + noise(p * 4.3) * 0.2
}

/// Threads that go over and under.
#[inline(always)]
fn canvas<S: Simd>(p: V3<S>) -> F<S> {
    let (a, b) = (wave(p.x * 0.5).0, wave(p.y * 0.5).0);
    let over = (a * b).above(0.0);
    let thread = over.select(wave(p.x).0.abs(), wave(p.y).0.abs());
    (thread - 0.55) * 1.1 + noise(p * 0.7) * 0.35
}

/// Long fibres in all directions, and cloudy pulp.
#[inline(always)]
fn washi<S: Simd>(p: V3<S>) -> F<S> {
    let mut fibres = F::<S>::of(0.0);
    for (k, (along, across)) in [((0.96, 0.28), (-0.28, 0.96)), ((-0.35, 0.94), (-0.94, -0.35)), ((0.60, -0.80), (0.80, 0.60))].into_iter().enumerate() {
        let bent = noise(p * 0.06 + V3::same(F::of(7.7 * k as f32))) * 9.0;
        let u = (p.x * along.0 + p.y * along.1) * 0.045;
        let v = (p.x * across.0 + p.y * across.1 + bent) * 0.55;
        let n = noise(V3::new(u, v, F::of(3.3 * k as f32 + 0.5)));
        fibres = fibres + (1.0 - n.abs() * 9.0).at_least(0.0);
    }
    fibres.at_most(1.4) * 0.55 + noise(p * 0.11) * 0.35 + noise(p) * 0.25 - 0.15
}

/// The long grain of a printing block.
#[inline(always)]
fn block<S: Simd>(p: V3<S>) -> F<S> {
    let bent = noise(V3::new(p.x * 0.012, p.y * 0.03, F::of(2.5))) * 6.0;
    let rings = noise(V3::of(Vec3::new(0.0, 0.0, 8.5)) + V3::new(p.x * 0.010, p.y * 0.42 + bent, F::of(0.0)));
    let fine = noise(V3::new(p.x * 0.05, p.y * 1.7 + bent, F::of(4.5)));
    let pulp = noise(p);
    rings * 0.6 + fine * 0.45 + pulp * 0.3
}
