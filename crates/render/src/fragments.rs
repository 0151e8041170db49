//! From samples to fragments: the points to shade, one for each distinct visible surface in a pixel, or, where
//! paint and relief are smoother than pixels, in a block of two by two.

use crate::geometry::Geometry;
use crate::lanes::{I, Simd, entry};
use crate::raster::{NONE, SAMPLES, Samples};

/// A visible surface in a block of two by two pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fragment {
    pub(crate) triangle: u32,
    /// Index of its material.
    pub(crate) material: u16,
    /// The samples of the block that it colours: four bits a pixel, row by row.
    pub(crate) covers: u16,
    /// The block's first pixel in the tile.
    pub(crate) block: [u8; 2],
    /// Where it is shaded, in 1/64 of a pixel from there; within its triangle.
    pub(crate) point: [u8; 2],
}

/// All samples of a block.
pub(crate) const ALL: u16 = 0xffff;

/// Of four bits, a sample each: how many are set, and the sums of the samples' places in 1/64 of a pixel.
const FOUR: [[u16; 3]; 16] = {
    let mut out = [[0; 3]; 16];
    let mut k = 0;
    while k < 64 {
        let (bits, at) = (k / 4, SAMPLES[k % 4]);
        if bits >> (k % 4) & 1 == 1 {
            out[bits] = [out[bits][0] + 1, out[bits][1] + (at[0] * 64.0) as u16, out[bits][2] + (at[1] * 64.0) as u16];
        }
        k += 1;
    }
    out
};

/// 65536 divided by so many samples, rounded up: times a sum of places and divided again it is their mean, rounded down.
const SHARE: [u32; 17] = {
    let mut out = [0; 17];
    let mut k = 1;
    while k < 17 {
        out[k] = 65536u32.div_ceil(k as u32);
        k += 1;
    }
    out
};

/// How many samples a mask has, and the sums of their places in 1/64 of a pixel from the block's corner.
#[inline(always)]
fn sums(mask: u16) -> [u16; 3] {
    let of = |pixel: u16| FOUR[usize::from(mask >> (pixel * 4) & 15)];
    let [a, b, c, d] = [of(0), of(1), of(2), of(3)];
    [a[0] + b[0] + c[0] + d[0], a[1] + b[1] + c[1] + d[1] + 64 * (b[0] + d[0]), a[2] + b[2] + c[2] + d[2] + 64 * (c[0] + d[0])]
}

/// A triangle in a block: its samples, and 1/w at the first of them.
#[derive(Clone, Copy, Default)]
struct Patch {
    triangle: u32,
    mask: u16,
    /// How many bits of `mask` are set.
    samples: u16,
    /// The sums of their places.
    places: [u16; 2],
    depth: f32,
}

impl Patch {
    #[inline(always)]
    fn new(triangle: u32, mask: u16, depth: f32) -> Self {
        let [samples, x, y] = sums(mask);
        Self { triangle, mask, samples, places: [x, y], depth }
    }

    /// Where its samples are on the whole.
    #[inline(always)]
    fn point(&self) -> [u8; 2] {
        self.places.map(|sum| ((u32::from(sum) * SHARE[usize::from(self.samples)]) >> 16) as u8)
    }
}

/// The triangles of a block.
#[derive(Default)]
struct Patches {
    list: [Patch; 16],
    count: usize,
}

impl Patches {
    #[inline(always)]
    fn add(&mut self, patch: Patch) {
        self.list[self.count] = patch;
        self.count += 1;
    }

    /// Makes fragments: the triangle with most samples leads, and takes those of at most `small` samples that continue its surface.
    #[inline(always)]
    fn resolve(&mut self, geometry: &Geometry, (soft, small): (bool, u16), block: [u8; 2], out: &mut Vec<Fragment>) {
        let fragment =
            |lead: &Patch, covers| Fragment { triangle: lead.triangle, material: geometry.material(lead.triangle), covers, block, point: lead.point() };
        if self.count == 1 {
            out.push(fragment(&self.list[0], self.list[0].mask));
            return;
        }
        loop {
            let mut lead = Patch::default();
            for patch in &self.list[..self.count] {
                if patch.samples > lead.samples {
                    lead = *patch;
                }
            }
            if lead.samples == 0 {
                return;
            }
            let mut covers = 0;
            for patch in &mut self.list[..self.count] {
                let joins = |p: &Patch| p.samples <= small && smooth(geometry, &lead, p) || soft && alike(geometry, &lead, p);
                if patch.samples != 0 && (patch.triangle == lead.triangle || joins(patch)) {
                    covers |= patch.mask;
                    patch.samples = 0;
                }
            }
            out.push(fragment(&lead, covers));
        }
    }
}

/// Whether two triangles are one surface where they meet.
#[inline(always)]
fn smooth(geometry: &Geometry, a: &Patch, b: &Patch) -> bool {
    let (da, db) = (a.depth, b.depth);
    let (a, b) = (&geometry.faces[a.triangle as usize], &geometry.faces[b.triangle as usize]);
    let dot: i32 = a.normal.iter().zip(b.normal).map(|(a, b)| i32::from(*a) * i32::from(b)).sum();
    a.part == b.part && (da - db).abs() <= 0.02 * da && dot > 12_900
}

/// Whether two triangles are of one material and about as far away.
#[inline(always)]
fn alike(geometry: &Geometry, a: &Patch, b: &Patch) -> bool {
    geometry.material(a.triangle) == geometry.material(b.triangle) && (a.depth - b.depth).abs() <= 0.1 * a.depth
}

/// Where less is shaded than is seen.
#[derive(Clone, Copy)]
pub(crate) struct Coarse {
    /// The 1/w below which blocks of what moves are shaded as one.
    pub(crate) moving: f32,
    /// And those of what stands still.
    pub(crate) still: f32,
    /// The 1/w above which all blocks are.
    pub(crate) before: f32,
    /// Whether all that is seen is spread over discs so large that surfaces of one material need no point each.
    pub(crate) soft: bool,
    /// Whether triangles that end within a block are shaded once in it, each for itself: their edges are as fine as samples.
    pub(crate) edges: bool,
}

/// Samples of a triangle in a block of sixteen at most that may take the colour of a neighbour: an eighth.
const SMALL: u16 = 2;

impl Coarse {
    /// Everywhere.
    pub(crate) const ALL: Self = Self { moving: f32::MAX, still: f32::MAX, before: f32::MAX, soft: false, edges: false };
    /// Nowhere.
    pub(crate) const NONE: Self = Self { moving: 0.0, still: 0.0, before: f32::MAX, soft: false, edges: false };

    #[inline(always)]
    fn holds(self, geometry: &Geometry, triangle: u32, depth: f32) -> bool {
        depth < if triangle < geometry.first_moving_triangle { self.still } else { self.moving } || depth > self.before
    }
}

entry! {
    /// Lists the fragments of a tile of `width` x `height` pixels.
    fn resolve(samples: &Samples, geometry: &Geometry, width: usize, height: usize, coarse: Coarse, out: &mut Vec<Fragment>) = resolve_kernel
}

#[inline(always)]
fn resolve_kernel<S: Simd>(samples: &Samples, geometry: &Geometry, width: usize, height: usize, coarse: Coarse, out: &mut Vec<Fragment>) {
    out.reserve(width * height);
    // Made once: they are large, and only as many count as are there.
    let (mut patches, mut within) = (Patches::default(), Patches::default());
    for y in (0..height).step_by(2) {
        for x in (0..width).step_by(2) {
            let ids = [samples.pair::<S>(x, y), samples.pair::<S>(x, y + 1)];
            let of = |id: u32| (ids[0].equals(I::of(id as i32)).bits() | ids[1].equals(I::of(id as i32)).bits() << 8) as u16;
            // The first sample of a mask.
            let place = |mask: u16| {
                let k = mask.trailing_zeros() as usize;
                (x + k / 4 % 2, y + k / 8, k % 4)
            };
            let depth = |mask: u16| {
                let (x, y, sample) = place(mask);
                samples.depth(x, y, sample)
            };
            let block = [x as u8, y as u8];
            let first = samples.id(x, y, 0);
            if of(first) == ALL {
                if first != NONE {
                    whole(geometry, first, block, coarse.holds(geometry, first, samples.depth(x, y, 2)), out);
                }
                continue;
            }
            let mut left = !of(NONE);
            patches.count = 0;
            let mut one = true;
            while left != 0 {
                let (x, y, sample) = place(left);
                let triangle = samples.id(x, y, sample);
                let mask = of(triangle);
                left &= !mask;
                let patch = Patch::new(triangle, mask, depth(mask));
                one &= coarse.holds(geometry, triangle, patch.depth);
                patches.add(patch);
            }
            if one {
                patches.resolve(geometry, (coarse.soft, u16::MAX), block, out);
                continue;
            }
            if coarse.edges {
                patches.resolve(geometry, (false, SMALL), block, out);
                continue;
            }
            for pixel in 0..4 {
                within.count = 0;
                for patch in &patches.list[..patches.count] {
                    let mask = patch.mask & 15 << (pixel * 4);
                    if mask != 0 {
                        within.add(Patch::new(patch.triangle, mask, depth(mask)));
                    }
                }
                if within.count > 0 {
                    within.resolve(geometry, (coarse.soft, u16::MAX), block, out);
                }
            }
        }
    }
}

/// A block within one triangle.
#[inline(always)]
fn whole(geometry: &Geometry, triangle: u32, block: [u8; 2], coarse: bool, out: &mut Vec<Fragment>) {
    let material = geometry.material(triangle);
    if coarse {
        out.push(Fragment { triangle, material, covers: ALL, block, point: [64, 64] });
        return;
    }
    for (pixel, point) in [[32, 32], [96, 32], [32, 96], [96, 96]].into_iter().enumerate() {
        out.push(Fragment { triangle, material, covers: 15 << (pixel * 4), block, point });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_is_shaded_in_the_middle_of_its_samples() {
        for mask in 1..=u16::MAX {
            let patch = Patch::new(0, mask, 1.0);
            assert_eq!(patch.point(), patch.places.map(|sum| (sum / patch.samples) as u8), "{mask:016b}");
        }
    }
}
