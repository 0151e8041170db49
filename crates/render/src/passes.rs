//! Who, how far and whence: instance id, depth and motion of each pixel's first sample.

use crate::geometry::Geometry;
use crate::raster::{NONE, SAMPLES, Samples};
use crate::view::View;

/// The passes of a frame, rows from the top.
#[derive(Clone, Debug, PartialEq)]
pub struct Passes {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// Instance ids; 0 is the set and the sky.
    pub id: Vec<u16>,
    /// Metres along the view axis; infinite for the sky.
    pub depth: Vec<f32>,
    /// Pixels from the previous frame to this one, x right, y down.
    pub motion: Vec<[f32; 2]>,
}

impl Passes {
    pub(crate) fn new(width: usize, height: usize) -> Self {
        let n = width * height;
        Self { width, height, id: vec![0; n], depth: vec![f32::INFINITY; n], motion: vec![[0.0; 2]; n] }
    }
}

/// Fills the passes of one tile (x, y, width, height).
pub(crate) fn fill(passes: &mut Passes, samples: &Samples, geometry: &Geometry, view: &View, before: &View, tile: [usize; 4]) {
    let [x0, y0, w, h] = tile;
    for y in 0..h {
        for x in 0..w {
            let at = (y0 + y) * passes.width + x0 + x;
            let here = [(x0 + x) as f32 + SAMPLES[0][0], (y0 + y) as f32 + SAMPLES[0][1]];
            let index = samples.id(x, y, 0);
            let old = if index == NONE {
                before.pixels(before.eye + view.ray(here[0], here[1]))
            } else {
                let t = &geometry.triangles[index as usize];
                passes.id[at] = geometry.parts[geometry.edges[index as usize].part as usize];
                passes.depth[at] = 1.0 / samples.depth(x, y, 0);
                let (dx, dy) = (here[0] - t.x0, here[1] - t.y0);
                let e: [f32; 3] = std::array::from_fn(|k| t.c[k] + t.a[k] * dx + t.b[k] * dy);
                let sum = e[0] + e[1] + e[2];
                let mut p = [0.0; 3];
                for (share, corner) in e.iter().zip(t.corners) {
                    for (k, p) in p.iter_mut().enumerate() {
                        *p += geometry.previous[corner as usize][k] * (share / sum);
                    }
                }
                p
            };
            if old[2] > 1e-6 {
                passes.motion[at] = [here[0] - old[0] / old[2], here[1] - old[1] / old[2]];
            }
        }
    }
}
