//! From samples to fragments: the points to shade, one for each distinct visible surface in a pixel, or, where
//! paint and relief are smoother than pixels, in a block of two by two.

use crate::geometry::Geometry;
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

/// Where the samples of a block are, in 1/64 of a pixel from its corner.
const PLACES: [[u32; 2]; 16] = {
    let mut places = [[0; 2]; 16];
    let mut k = 0;
    while k < 16 {
        let (pixel, at) = (k as u32 / 4, SAMPLES[k % 4]);
        places[k] = [(at[0] * 64.0) as u32 + pixel % 2 * 64, (at[1] * 64.0) as u32 + pixel / 2 * 64];
        k += 1;
    }
    places
};

/// Mean position of the samples of a mask in 1/64 of a pixel from the block's corner.
fn middle(mask: u16, samples: u16) -> [u8; 2] {
    let (mut sum, mut left) = ([0u32; 2], mask);
    while left != 0 {
        let k = left.trailing_zeros() as usize;
        left &= left - 1;
        sum = [sum[0] + PLACES[k][0], sum[1] + PLACES[k][1]];
    }
    sum.map(|v| (v / u32::from(samples)) as u8)
}

/// A triangle in a block: its samples, and 1/w at the first of them.
#[derive(Clone, Copy, Default)]
struct Patch {
    triangle: u32,
    mask: u16,
    /// How many bits of `mask` are set.
    samples: u16,
    depth: f32,
}

/// The triangles of a block.
#[derive(Default)]
struct Patches {
    list: [Patch; 16],
    count: usize,
}

impl Patches {
    fn add(&mut self, triangle: u32, depth: f32, bit: u16) {
        for patch in self.list[..self.count].iter_mut().rev() {
            if patch.triangle == triangle {
                patch.mask |= bit;
                patch.samples += 1;
                return;
            }
        }
        self.list[self.count] = Patch { triangle, mask: bit, samples: 1, depth };
        self.count += 1;
    }

    /// Makes fragments: the triangle with most samples leads, and takes those that continue its surface.
    fn resolve(&mut self, geometry: &Geometry, block: [u8; 2], out: &mut Vec<Fragment>) {
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
                if patch.samples != 0 && (patch.triangle == lead.triangle || smooth(geometry, &lead, patch)) {
                    covers |= patch.mask;
                    patch.samples = 0;
                }
            }
            out.push(Fragment { triangle: lead.triangle, material: material(geometry, lead.triangle), covers, block, point: middle(lead.mask, lead.samples) });
        }
    }
}

fn material(geometry: &Geometry, triangle: u32) -> u16 {
    geometry.edges[triangle as usize].material
}

/// Whether two triangles are one surface where they meet.
fn smooth(geometry: &Geometry, a: &Patch, b: &Patch) -> bool {
    let (da, db) = (a.depth, b.depth);
    let (a, b) = (&geometry.edges[a.triangle as usize], &geometry.edges[b.triangle as usize]);
    let dot: i32 = a.face.iter().zip(b.face).map(|(a, b)| i32::from(*a) * i32::from(b)).sum();
    a.part == b.part && (da - db).abs() <= 0.02 * da && dot > 12_900
}

/// The 1/w below which blocks are shaded as one.
#[derive(Clone, Copy)]
pub(crate) struct Coarse {
    pub(crate) moving: f32,
    pub(crate) still: f32,
}

impl Coarse {
    fn of(self, geometry: &Geometry, triangle: u32) -> f32 {
        if geometry.edges[triangle as usize].part < geometry.first_moving { self.still } else { self.moving }
    }
}

/// Lists the fragments of a tile of `width` x `height` pixels.
pub(crate) fn resolve(samples: &Samples, geometry: &Geometry, width: usize, height: usize, coarse: Coarse, out: &mut Vec<Fragment>) {
    for y in (0..height).step_by(2) {
        for x in (0..width).step_by(2) {
            let rows = [samples.pair(x, y), samples.pair(x, y + 1)];
            let block = [x as u8, y as u8];
            let first = rows[0].1[0];
            if rows.iter().fold(0, |m, (_, ids)| ids.iter().fold(m, |m, id| m | (id ^ first))) == 0 {
                if first != NONE {
                    whole(geometry, first, block, rows[0].0[2] < coarse.of(geometry, first), out);
                }
                continue;
            }
            let mut patches = Patches::default();
            for (row, (depth, ids)) in rows.iter().enumerate() {
                gather(&mut patches, *depth, *ids, row * 8);
            }
            if patches.list[..patches.count].iter().all(|p| p.depth < coarse.of(geometry, p.triangle)) {
                patches.resolve(geometry, block, out);
            } else {
                for pixel in 0..4 {
                    let (depth, ids) = rows[pixel / 2];
                    let from = pixel % 2 * 4;
                    let mut patches = Patches::default();
                    gather(&mut patches, &depth[from..from + 4], &ids[from..from + 4], pixel * 4);
                    patches.resolve(geometry, block, out);
                }
            }
        }
    }
}

/// A block within one triangle.
fn whole(geometry: &Geometry, triangle: u32, block: [u8; 2], coarse: bool, out: &mut Vec<Fragment>) {
    let material = material(geometry, triangle);
    if coarse {
        out.push(Fragment { triangle, material, covers: ALL, block, point: [64, 64] });
        return;
    }
    for (pixel, point) in [[32, 32], [96, 32], [32, 96], [96, 96]].into_iter().enumerate() {
        out.push(Fragment { triangle, material, covers: 15 << (pixel * 4), block, point });
    }
}

/// Adds samples; the first has the bit `first`.
fn gather(patches: &mut Patches, depth: &[f32], ids: &[u32], first: usize) {
    for (k, (depth, id)) in depth.iter().zip(ids).enumerate() {
        if *id != NONE {
            patches.add(*id, *depth, 1 << (first + k));
        }
    }
}
