//! Blocks: the scene is drawn at a low size, each pixel is brought to a palette with an ordered pattern, and enlarged.

use super::grade::oklab;
use super::{Look, Pixels, screen};
use crate::renderer::{Renderer, Settings};
use crate::scene::Scene;
use kinora_base::maths::{atan2, tan};
use kinora_base::picture::Yuv420;
use std::sync::Arc;

/// A renderer of the low size, and the palette as it compares colours.
pub(crate) struct Blocks {
    look: Arc<Look>,
    inner: Box<Renderer>,
    under: Arc<Look>,
    palette: Vec<[f32; 3]>,
    /// Red, green and blue bytes by 5 bits a channel of nearest colours.
    nearest: Vec<u16>,
    side: usize,
    colours: Vec<(u8, u8, u8)>,
}

/// An ordered 4x4 pattern, in 1/16 less a half.
const DITHER: [[f32; 4]; 4] = [[0.0, 8.0, 2.0, 10.0], [12.0, 4.0, 14.0, 6.0], [3.0, 11.0, 1.0, 9.0], [15.0, 7.0, 13.0, 5.0]];
/// Steps of a channel in the table of nearest colours.
const STEPS: usize = 32;

impl Blocks {
    /// For a look at a picture size.
    pub(crate) fn new(look: &Arc<Look>, pixels: &Pixels, settings: Settings) -> Self {
        // Even, so that blocks and the halved colour planes agree.
        let side = ((settings.height as f32 / pixels.rows.clamp(16.0, 2000.0) * 0.5).round() as usize).max(1) * 2;
        let of = |v: usize| v.div_ceil(side).next_multiple_of(2).max(64);
        let inner = Renderer::new(Settings { width: of(settings.width), height: of(settings.height), passes: false, ..settings });
        let colours = if pixels.palette.is_empty() { vec![(0, 0, 0), (255, 255, 255)] } else { pixels.palette.clone() };
        let palette: Vec<[f32; 3]> = colours.iter().map(|c| oklab(screen(*c))).collect();
        let under = Arc::new(Look { pixels: None, ..look.as_ref().clone() });
        let mut blocks = Self { look: look.clone(), inner: Box::new(inner), under, palette, nearest: Vec::new(), side, colours };
        blocks.tabulate();
        blocks
    }

    /// Whether it is for this look still; a renderer's size never changes.
    pub(crate) fn fits(&self, look: &Arc<Look>) -> bool {
        Arc::ptr_eq(&self.look, look) || self.look == *look
    }

    pub(crate) fn timings(&self) -> crate::renderer::Timings {
        *self.inner.timings()
    }

    fn tabulate(&mut self) {
        let at = |k: usize| (k as f32 * 255.0 / (STEPS - 1) as f32 + 0.5) as u8;
        self.nearest = (0..STEPS * STEPS * STEPS)
            .map(|k| {
                let here = oklab(screen((at(k % STEPS), at(k / STEPS % STEPS), at(k / STEPS / STEPS))));
                let apart = |p: &[f32; 3]| (0..3).map(|k| (here[k] - p[k]) * (here[k] - p[k]) * if k == 0 { 1.0 } else { 1.6 }).sum::<f32>();
                let best = (0..self.palette.len()).min_by(|a, b| apart(&self.palette[*a]).total_cmp(&apart(&self.palette[*b])));
                best.unwrap_or(0) as u16
            })
            .collect();
    }

    /// Draws a scene in blocks into a picture of that size.
    pub(crate) fn draw(&mut self, scene: &Scene, pixels: &Pixels, width: usize, height: usize) -> Yuv420 {
        let (small_width, small_height) = (self.inner.settings().width, self.inner.settings().height);
        let mut scene = Scene { look: Some(self.under.clone()), ..scene.clone() };
        // The low picture is a little larger than the blocks that fit, or much where pictures are tiny.
        let side = self.side.min(width.div_ceil(2)).max(1) as f32;
        let rows = height as f32 / side;
        let grow = small_height as f32 / rows;
        for camera in [&mut scene.camera, &mut scene.previous_camera] {
            let half = tan(camera.vertical_fov.clamp(0.01, 3.0) * 0.5) * grow;
            camera.vertical_fov = atan2(half, 1.0) * 2.0;
        }
        let spread = pixels.dither.clamp(0.0, 1.0) * 0.16;
        let mut indices = vec![0u16; small_width * small_height];
        let nearest = &self.nearest;
        self.inner.rows(&scene, |y, row| {
            for (x, to) in indices[y * small_width..(y + 1) * small_width].iter_mut().enumerate() {
                let bias = (DITHER[y & 3][x & 3] / 16.0 - 0.47) * spread;
                let step = |c: f32| (((c + bias).clamp(0.0, 1.0) * (STEPS - 1) as f32 + 0.5) as usize).min(STEPS - 1);
                *to = nearest[step(row[0][x]) + STEPS * (step(row[1][x]) + STEPS * step(row[2][x]))];
            }
        });
        self.enlarge(&indices, (small_width, small_height), side, width, height)
    }

    fn enlarge(&self, indices: &[u16], (small_width, small_height): (usize, usize), side: f32, width: usize, height: usize) -> Yuv420 {
        let yuv: Vec<[u8; 3]> = self.colours.iter().map(|c| encoded(*c)).collect();
        let mut out = Yuv420::black(width, height);
        // Centred, so that the lens's axis stays in the middle.
        let cell = |v: usize, size: usize, small: usize| {
            let at = (v as f32 + 0.5 - size as f32 * 0.5) / side + small as f32 * 0.5;
            (at.floor().max(0.0) as usize).min(small - 1)
        };
        let columns: Vec<usize> = (0..width).map(|x| cell(x, width, small_width)).collect();
        for y in 0..height {
            let row = &indices[cell(y, height, small_height) * small_width..][..small_width];
            for (to, column) in out.y[y * width..(y + 1) * width].iter_mut().zip(&columns) {
                *to = yuv[usize::from(row[*column])][0];
            }
            if y % 2 == 0 {
                let at = y / 2 * (width / 2);
                for (x, column) in columns.iter().step_by(2).enumerate().take(width / 2) {
                    let c = yuv[usize::from(row[*column])];
                    (out.u[at + x], out.v[at + x]) = (c[1], c[2]);
                }
            }
        }
        out
    }
}

/// BT.709 limited range.
fn encoded(c: (u8, u8, u8)) -> [u8; 3] {
    let c = screen(c);
    let luma = c.x * 0.2126 + c.y * 0.7152 + c.z * 0.0722;
    let byte = |v: f32| (v + 0.5) as u8;
    [byte(luma * 219.0 + 16.0), byte((c.z - luma) * (224.0 / 1.8556) + 128.0), byte((c.x - luma) * (224.0 / 1.5748) + 128.0)]
}
