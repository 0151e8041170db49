//! Shadows of what stands still, shared by all who draw a film.
//!
//! A map of depths along a direction is put together from square pieces of a grid that lies fixed in the world. What a piece holds
//! follows from what stands still, the direction and the size of the texels alone, so whoever needs one first draws it, in whatever
//! order, and when a map follows somebody only the pieces that come in are drawn.

use crate::lanes::Level;
use crate::scene::Instance;
use crate::shadow::{EMPTY, Grid, Place, Window};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Pieces to a side of a map.
pub(crate) const PIECES: usize = 8;
/// Pieces that are kept at most, of those that no map shows now: 80 MB of the largest.
const MOST: usize = 320;

/// A piece of a map.
#[derive(Default)]
pub(crate) struct Piece {
    taken: AtomicBool,
    depth: OnceLock<Box<[f32]>>,
}

impl Piece {
    /// Its texels, row by row; none before it is drawn.
    pub(crate) fn depth(&self) -> &[f32] {
        self.depth.get().map_or(&[], |d| d)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    still: usize,
    towards: [u32; 3],
    texel: u32,
    /// In pieces from the origin of the grid.
    at: [i64; 2],
}

struct Kept {
    /// Keeps the address in the key from being used again.
    _still: Arc<[Instance]>,
    piece: Arc<Piece>,
    used: u64,
}

#[derive(Default)]
struct Shelf {
    kept: HashMap<Key, Kept>,
    uses: u64,
}

/// The shadows of what stands still: one for all renderers of a film.
pub struct StillShadows {
    shelf: Mutex<Shelf>,
    side: usize,
}

/// Texels to a side of the maps of the sun's shadows, and up to how many lines of a picture half of them do.
const SIDE: usize = 2048;
const FEW_LINES: usize = 400;
/// The radius of the wide map of the sun's shadows over that of the near one.
pub(crate) const WIDE: f32 = 5.0;

impl std::fmt::Debug for StillShadows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StillShadows").finish_non_exhaustive()
    }
}

impl StillShadows {
    /// For films of so many lines: small pictures take coarser shadows, which are drawn in half the time.
    #[must_use]
    pub fn for_lines(lines: usize) -> Self {
        Self { shelf: Mutex::default(), side: if lines > FEW_LINES { SIDE } else { SIDE / 2 } }
    }

    /// Metres a texel of the near and the wide map of the sun's shadows, for a radius of interest in metres.
    #[must_use]
    pub fn texels(&self, radius: f32) -> [f32; 2] {
        [1.0, WIDE].map(|by| 2.0 * stepped(radius) * by / self.side as f32)
    }

    /// Texels to a side of the maps of the sun's shadows.
    pub(crate) fn side(&self) -> usize {
        self.side
    }

    /// The pieces of a map, row by row, that begins `begin` pieces of `side` texels from the origin of a grid; drawn, here or by others.
    pub(crate) fn pieces(&self, level: Level, still: &Arc<[Instance]>, grid: &Grid, begin: [i64; 2], side: usize) -> Vec<Arc<Piece>> {
        let all = self.find(still, grid, begin);
        let mut artist = Artist { level, still, grid, side, begin, places: Vec::new() };
        for row in 0..PIECES {
            let pieces = &all[row * PIECES..(row + 1) * PIECES];
            let mine: Vec<usize> = (0..PIECES).filter(|k| pieces[*k].depth.get().is_none() && !pieces[*k].taken.swap(true, Ordering::Relaxed)).collect();
            artist.draw(row, pieces, &mine);
        }
        // What another thread has taken is waited for, or drawn if that thread is no more.
        for (k, piece) in all.iter().enumerate() {
            let (row, column) = (k / PIECES, k % PIECES);
            piece.depth.get_or_init(|| artist.band(row, column..column + 1).into());
        }
        all
    }

    fn find(&self, still: &Arc<[Instance]>, grid: &Grid, begin: [i64; 2]) -> Vec<Arc<Piece>> {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.uses += 1;
        let uses = shelf.uses;
        let mut all = Vec::with_capacity(PIECES * PIECES);
        for k in 0..PIECES * PIECES {
            let at = [begin[0].saturating_add((k % PIECES) as i64), begin[1].saturating_add((k / PIECES) as i64)];
            let key = Key { still: still.as_ptr() as usize, towards: grid.towards.to_array().map(f32::to_bits), texel: grid.texel.to_bits(), at };
            let kept = shelf.kept.entry(key).or_insert_with(|| Kept { _still: still.clone(), piece: Arc::default(), used: 0 });
            kept.used = uses;
            all.push(kept.piece.clone());
        }
        if shelf.kept.len() > MOST {
            let mut ages: Vec<u64> = shelf.kept.values().filter(|k| Arc::strong_count(&k.piece) == 1).map(|k| k.used).collect();
            ages.sort_unstable();
            let newest = ages.get(ages.len().saturating_sub(MOST)).copied().unwrap_or(0);
            shelf.kept.retain(|_, k| Arc::strong_count(&k.piece) > 1 || k.used >= newest);
        }
        all
    }
}

/// A radius brought up to the next of a few steps, so that maps last while it changes little.
pub(crate) fn stepped(radius: f32) -> f32 {
    let mut step = 0.5;
    while step < radius && step < 2000.0 {
        step *= 1.25;
    }
    step
}

/// Who draws pieces of one map.
struct Artist<'a> {
    level: Level,
    still: &'a [Instance],
    grid: &'a Grid,
    side: usize,
    begin: [i64; 2],
    /// Where instances lie, once somebody asks.
    places: Vec<Place>,
}

impl Artist<'_> {
    /// Draws those of a row of pieces that were taken.
    fn draw(&mut self, row: usize, pieces: &[Arc<Piece>], taken: &[usize]) {
        let (Some(first), Some(last)) = (taken.first(), taken.last()) else { return };
        let band = self.band(row, *first..last + 1);
        let stride = (last + 1 - first) * self.side;
        for k in taken {
            let from = (k - first) * self.side;
            let copy = || band.chunks_exact(stride).flat_map(|line| &line[from..from + self.side]).copied().collect();
            pieces[*k].depth.get_or_init(copy);
        }
    }

    /// The texels of pieces that stand in a row, row by row.
    fn band(&mut self, row: usize, columns: std::ops::Range<usize>) -> Vec<f32> {
        if self.places.is_empty() {
            self.places = self.still.iter().map(|i| self.grid.place(i)).collect();
        }
        let side = self.side;
        let first = [self.begin[0].saturating_add(columns.start as i64), self.begin[1].saturating_add(row as i64)].map(|v| v.saturating_mul(side as i64));
        let window = Window { first, width: columns.len() * side, height: side, stride: columns.len() * side };
        let mut depth = vec![EMPTY; window.width * side];
        for found in self.still.iter().zip(&self.places) {
            self.grid.draw(self.level, (&mut depth, &window), found, None);
        }
        depth
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{Bounds, Camera, Light, Material, Mesh, Part, ParticleKind, Scene};
    use crate::shadow::{DepthMap, Fit};
    use glam::{Affine3A, Quat, Vec3};

    /// Spikes and slabs of all sizes over a hundred metres, the ground among them.
    fn still() -> Arc<[Instance]> {
        let mut mesh = Mesh {
            positions: vec![Vec3::new(-0.7, 0.0, -0.4), Vec3::new(0.8, 0.1, -0.3), Vec3::new(0.1, 2.3, 0.2), Vec3::new(0.0, 0.2, 0.9)],
            ..Mesh::default()
        };
        mesh.triangles = vec![[0, 1, 2], [1, 3, 2], [3, 0, 2]];
        mesh.parts = vec![Part { first: 0, count: 3, material: 0 }];
        mesh.bounds = Bounds::around(&mesh.positions);
        let mesh = Arc::new(mesh);
        let instance = |k: u32| {
            let off = |by: u32| (k.wrapping_mul(by) >> 8) as f32 / (1 << 24) as f32;
            let size = if k == 0 { 60.0 } else { 0.3 + 3.0 * off(0x9e37_79b1) };
            let at = Vec3::new(off(0x85eb_ca6b) * 100.0 - 50.0, 0.0, off(0xc2b2_ae35) * 100.0 - 50.0);
            let world = Affine3A::from_scale_rotation_translation(Vec3::splat(size), Quat::from_rotation_y(k as f32), at);
            Instance {
                mesh: mesh.clone(),
                materials: vec![Material::default()].into(),
                world_from_object: world,
                previous_world_from_object: world,
                pose: None,
                id: 1,
                casts_shadow: true,
                sway: 0.0,
            }
        };
        (0..400).map(instance).collect()
    }

    #[test]
    fn who_follows_somebody_has_the_map_of_who_comes_there_first() {
        let camera = Camera::looking(Vec3::Y, Vec3::ZERO, 0.6);
        let scene = Scene {
            camera,
            previous_camera: camera,
            light: Light::default(),
            lamps: Vec::new(),
            still: still(),
            moving: Vec::new(),
            particle_kind: ParticleKind::Dust,
            particles: Vec::new(),
            puffs: Vec::new(),
            wakes: Vec::new(),
            faces: Vec::new(),
            interest: (Vec3::ZERO, 8.0),
            time: 0.0,
            look: None,
        };
        let level = Level::detect();
        let fit = |x: f32| Fit { centre: Vec3::new(x, 0.0, x * 0.3 - 4.0), radius: 8.0, towards: Vec3::new(0.4, 0.8, -0.3).normalize() };
        let shared = Arc::new(StillShadows::for_lines(1080));
        let walk = |from: f32| {
            let mut map = DepthMap::new(256);
            for k in 0..60 {
                let x = from + k as f32 * 0.61 * if from < 0.0 { 1.0 } else { -1.0 };
                map.update(level, &scene, fit(x), &shared, None);
                let mut fresh = DepthMap::new(256);
                fresh.update(level, &scene, fit(x), &StillShadows::for_lines(1080), None);
                assert!(fresh.depth.iter().any(|d| *d > EMPTY), "something throws a shadow");
                assert!(map.depth == fresh.depth, "the same texels at {x}");
            }
        };
        std::thread::scope(|s| {
            s.spawn(|| walk(-18.0));
            walk(18.0);
        });
        assert!(shared.shelf.lock().unwrap().kept.len() <= MOST + 2 * PIECES * PIECES, "old pieces go");
    }
}
