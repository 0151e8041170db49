//! What lets through what lies behind it: glass, bubbles, ghosts. Layer after layer is peeled off from the lens on, behind
//! which the next is looked for; they are shaded as all else and laid over the picture from the farthest to the nearest.

use crate::fragments::{self, Coarse, Fragment};
use crate::geometry::{Geometry, TILE};
use crate::lanes::Level;
use crate::raster::{self, NONE, Samples};

/// Layers that are kept, from the nearest on.
pub(crate) const LAYERS: usize = 4;

/// The fragments of a frame that let light through.
#[derive(Default)]
pub(crate) struct Glass {
    samples: Samples,
    /// 1/w that the next layer must lie behind.
    limit: Vec<f32>,
    pub(crate) fragments: Vec<Fragment>,
    /// Where the layers of each tile begin, and where the last ends.
    pub(crate) layers: Vec<[usize; LAYERS + 1]>,
}

impl Glass {
    /// Forgets the frame before.
    pub(crate) fn clear(&mut self) {
        self.fragments.clear();
        self.layers.clear();
    }

    /// Finds the layers of a tile of `width` x `height` pixels before what `opaque` shows.
    pub(crate) fn peel(&mut self, level: Level, opaque: &Samples, geometry: &mut Geometry, tile: usize, [width, height]: [usize; 2], coarse: Coarse) {
        let mut ends = [self.fragments.len(); LAYERS + 1];
        let any = geometry.glass.is_some_in(tile);
        if any {
            self.limit.clear();
            self.limit.resize(TILE * TILE * 4, f32::MAX);
        }
        for layer in 0..LAYERS {
            if any {
                self.samples.start_over(opaque);
                raster::draw_layer(level, &mut self.samples, geometry, tile, &self.limit);
                let before = self.fragments.len();
                fragments::resolve(level, &self.samples, geometry, width, height, coarse, &mut self.fragments);
                ends[layer + 1] = self.fragments.len();
                if before == self.fragments.len() {
                    ends[layer + 1..].fill(before);
                    break;
                }
                self.samples.limit_to(&mut self.limit, NONE);
            }
        }
        self.layers.push(ends);
    }
}
