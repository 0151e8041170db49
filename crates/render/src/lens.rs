//! Depth of field: how far out of focus each pixel is, and light spread over round discs of that size.
//!
//! A thin lens of aperture `A`, focused at `s`, draws a point at depth `z` as a disc of radius `A f (1 - s / z) / 2 s`
//! (`f` in pixels): positive behind the focus, negative before it. Discs are gathered at two sizes: half the picture
//! for radii of some pixels, an eighth for large ones, and mixed over the sharp picture by each pixel's own radius, so
//! that sharp edges stay sharp. What is behind the focus takes light only from what is no nearer than the focus; what
//! is before it spreads over its surroundings with its own coverage. Only tiles in which something is out of focus, or
//! that lie beside such things, are touched.

use crate::finish::Film;
use crate::geometry::TILE;
use crate::lanes::{F, Level, Simd, V3, entry};
use crate::scene::Camera;
use crate::view::View;

/// Discs of light are never larger than this share of the picture's width (radius).
const MOST: f32 = 0.02;
/// Below this radius, in pixels, a tile counts as sharp.
const SHARP: f32 = 0.7;
/// From this radius on (pixels) nothing is left of a sharp pixel, and below the other nothing shows of its disc.
pub(crate) const ALL_DISCS: f32 = 2.0;
const NO_DISCS: f32 = 0.6;
/// Steps of a pixel that radii are kept in.
const STEPS: f32 = 64.0;
/// The largest radius, in cells, that is gathered at half size.
const FINE_LIMIT: f32 = 6.0;
/// Pixels over which the coarse discs take over from the fine ones.
const TAKE_OVER: (f32, f32) = (8.0, 12.0);
/// Cells around the small pictures, so that taps need no bounds.
const PAD: usize = 24;
/// Cells of the fine picture, and of the coarse one, in a tile.
const FINE: usize = TILE / 2;
const COARSE: usize = TILE / 8;
/// Pixels of a tile.
const PIXELS: usize = TILE * TILE;

/// The lens of one frame, in pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Optics {
    /// Radius at infinity.
    strength: f32,
    /// Metres.
    focus: f32,
    /// The largest radius.
    most: f32,
}

impl Optics {
    /// `None` if everything is sharp.
    pub(crate) fn of(camera: &Camera, focus: f32, view: &View) -> Option<Self> {
        let aperture = if camera.aperture.is_finite() { camera.aperture.clamp(0.0, 1.0) } else { 0.0 };
        let strength = 0.5 * aperture * view.focal / focus.max(0.05);
        (strength > 0.05).then_some(Self { strength, focus, most: (MOST * view.width as f32).max(1.0) })
    }

    /// The 1/w below which the radius behind the focus is at least so many pixels, if it ever is.
    pub(crate) fn limit(&self, radius: f32) -> Option<f32> {
        (radius < self.strength.min(self.most)).then(|| (1.0 - radius / self.strength) / self.focus)
    }

    /// The 1/w above which the radius before the focus is at least so many pixels.
    pub(crate) fn limit_before(&self, radius: f32) -> f32 {
        if radius < self.most { (1.0 + radius / self.strength) / self.focus } else { f32::MAX }
    }
}

/// How far out of focus the pixels of a tile are: the largest radii behind and before the focus, and the least of all.
#[derive(Clone, Copy, Default)]
pub(crate) struct Reach {
    behind: f32,
    before: f32,
    least: f32,
}

/// Radii of the frame, and pictures of it at a half and an eighth of the size.
#[derive(Default)]
pub(crate) struct Lens {
    columns: usize,
    rows: usize,
    /// Tiles that the largest discs reach.
    tiles: usize,
    columns_of_pixels: usize,
    height: usize,
    /// In `1 / STEPS` of a pixel; tile after tile, for that is how they are read.
    radius: Vec<i16>,
    reaches: Vec<Reach>,
    fine: Small,
    coarse: Small,
    /// Discs at the coarse size: red, green, blue behind; red, green, blue and coverage before.
    discs: [Vec<f32>; 7],
}

/// A small picture with the radius of each cell, in cells.
#[derive(Default)]
pub(crate) struct Small {
    width: usize,
    height: usize,
    stride: usize,
    colour: [Vec<f32>; 3],
    radius: Vec<f32>,
    /// How much of a cell before the focus lies on each cell of its disc; of rows near such cells.
    share: Vec<f32>,
    /// How much a cell is not before the focus; of rows near such cells.
    clear: Vec<f32>,
}

impl Small {
    fn resize(&mut self, width: usize, height: usize) {
        (self.width, self.height, self.stride) = (width, height, spread_out(width.next_multiple_of(8) + 2 * PAD + 8));
        for plane in self.colour.iter_mut().chain([&mut self.radius, &mut self.share, &mut self.clear]) {
            plane.resize(self.stride * height, 0.0);
        }
    }
    /// Where a cell is in the planes; rows beyond the picture are its outermost.
    #[inline(always)]
    fn at(&self, x: isize, y: isize) -> usize {
        y.clamp(0, self.height as isize - 1) as usize * self.stride + (x + PAD as isize) as usize
    }
    /// Continues the outermost cells of a row to both sides.
    fn pad(&mut self, y: usize) {
        let (from, width, stride) = (y * self.stride, self.width, self.stride);
        for plane in self.colour.iter_mut().chain([&mut self.radius]) {
            let row = &mut plane[from..from + stride];
            let (first, last) = (row[PAD], row[PAD + width - 1]);
            row[..PAD].fill(first);
            row[PAD + width..].fill(last);
        }
    }
}

/// Floats from row to row: five cache lines more than a multiple of eight, so that the rows of a disc do not fall on the same lines.
fn spread_out(width: usize) -> usize {
    let lines = width.div_ceil(16);
    (lines + (13 - lines % 8) % 8) * 16
}

/// A neighbour whose disc may reach a cell.
#[derive(Clone, Copy)]
pub(crate) struct Tap {
    x: isize,
    y: isize,
    distance: f32,
}

/// The neighbours within a radius in cells, the nearest first. All of them: with every second one, discs come out chequered.
fn taps(radius: f32) -> Vec<Tap> {
    let reach = radius.ceil() as isize;
    let mut out = Vec::new();
    for y in -reach..=reach {
        for x in -reach..=reach {
            let distance = ((x * x + y * y) as f32).sqrt();
            if distance <= radius + 0.5 {
                out.push(Tap { x, y, distance });
            }
        }
    }
    out.sort_by(|a, b| a.distance.total_cmp(&b.distance));
    out
}

impl Lens {
    /// Gets ready for a frame.
    pub(crate) fn begin(&mut self, view: &View, optics: &Optics) {
        self.tiles = ((optics.most / TILE as f32).ceil() as usize).max(1);
        (self.columns, self.rows) = (view.width.div_ceil(TILE), view.height.div_ceil(TILE));
        (self.columns_of_pixels, self.height) = (view.width.next_multiple_of(8), view.height);
        self.radius.resize(self.columns * self.rows * PIXELS, 0);
        self.reaches.clear();
        self.reaches.resize(self.columns * self.rows, Reach::default());
    }

    /// Notes how far out of focus a tile is whose first pixel is (`x`, `y`), from metres along the axis.
    pub(crate) fn note(&mut self, level: Level, optics: &Optics, depth: &[f32], x: usize, y: usize) {
        let tile = y / TILE * self.columns + x / TILE;
        let mut reach = Reach::default();
        let out = &mut self.radius[tile * PIXELS..(tile + 1) * PIXELS];
        note(level, optics, depth, out, [TILE.min(self.columns_of_pixels - x), TILE.min(self.height - y)], &mut reach);
        self.reaches[tile] = reach;
    }

    /// Brings the film out of focus where it is.
    pub(crate) fn defocus(&mut self, level: Level, film: &mut Film) {
        let wanted = self.wanted();
        if !wanted.contains(&true) {
            return;
        }
        let near = dilated(&wanted, self.columns, 1);
        let far = dilated(&near, self.columns, self.tiles);
        self.reduce(level, film, &far);
        let mut disc = Disc::default();
        let count = self.coarse.width.next_multiple_of(8) * self.coarse.height;
        for plane in &mut self.discs {
            plane.resize(count, 0.0);
        }
        for tile in (0..near.len()).filter(|k| near[*k]) {
            self.spread_coarse(level, tile);
        }
        for tile in (0..wanted.len()).filter(|k| wanted[*k]) {
            self.develop(level, tile, film, &mut disc);
        }
    }

    /// The tiles that change: out of focus themselves, or within reach of what is before the focus.
    fn wanted(&self) -> Vec<bool> {
        let before: Vec<bool> = self.reaches.iter().map(|r| r.before >= SHARP).collect();
        let reached = dilated(&before, self.columns, self.tiles);
        self.reaches.iter().zip(reached).map(|(r, reached)| reached || r.behind >= SHARP).collect()
    }

    /// The largest radii in a tile and in those so many beside it.
    fn around(&self, tile: usize, by: usize) -> Reach {
        let (x, y) = (tile % self.columns, tile / self.columns);
        let mut most = Reach::default();
        for row in y.saturating_sub(by)..=(y + by).min(self.rows - 1) {
            for column in x.saturating_sub(by)..=(x + by).min(self.columns - 1) {
                let r = self.reaches[row * self.columns + column];
                most = Reach { behind: most.behind.max(r.behind), before: most.before.max(r.before), least: 0.0 };
            }
        }
        most
    }

    /// Makes the small pictures of some tiles.
    fn reduce(&mut self, level: Level, film: &Film, tiles: &[bool]) {
        self.fine.resize(film.width.div_ceil(2), film.height.div_ceil(2));
        self.coarse.resize(self.fine.width.div_ceil(4), self.fine.height.div_ceil(4));
        for (tile, _) in tiles.iter().enumerate().filter(|(_, wanted)| **wanted) {
            let (x, y) = (tile % self.columns * TILE, tile / self.columns * TILE);
            halve(level, film, &self.radius[tile * PIXELS..(tile + 1) * PIXELS], [x, y], &mut self.fine);
        }
        (0..self.fine.height).for_each(|y| self.fine.pad(y));
        for (tile, _) in tiles.iter().enumerate().filter(|(_, wanted)| **wanted) {
            quarter(&self.fine, &mut self.coarse, [tile % self.columns * COARSE, tile / self.columns * COARSE]);
        }
        (0..self.coarse.height).for_each(|y| self.coarse.pad(y));
        // Rows of tiles that discs before the focus reach, and what they gather from.
        let reached = |row: &usize| (0..self.columns).any(|column| self.around(row * self.columns + column, 2 * self.tiles).before >= SHARP);
        let rows: Vec<usize> = (0..self.rows).filter(reached).collect();
        for row in rows {
            weigh(level, &mut self.fine, true, row * FINE);
            weigh(level, &mut self.coarse, false, row * COARSE);
        }
    }

    fn spread_coarse(&mut self, level: Level, tile: usize) {
        let reach = Reach { behind: self.reaches[tile].behind, ..self.around(tile, self.tiles) };
        let radius = (reach.behind.max(reach.before) / 8.0).max(1.0);
        let taps = taps(radius);
        let (x, y) = (tile % self.columns * COARSE, tile / self.columns * COARSE);
        let stride = self.coarse.width.next_multiple_of(8);
        for row in y..(y + COARSE).min(self.coarse.height) {
            let gather = Gather { taps: &taps, fine: false, before: (reach.before >= SHARP).then_some(reach.before / 8.0) };
            spread(level, &self.coarse, &gather, [x, row], &mut self.discs, row * stride + x);
        }
    }

    /// Spreads the fine discs of a tile and mixes all over the film.
    fn develop(&self, level: Level, tile: usize, film: &mut Film, disc: &mut Disc) {
        // Fine discs reach no further than the next tile.
        let reach = Reach { behind: self.reaches[tile].behind, ..self.around(tile, 1) };
        let radius = (reach.behind.max(reach.before) / 2.0).clamp(1.0, FINE_LIMIT);
        let (x, y) = (tile % self.columns * TILE, tile / self.columns * TILE);
        // Where everything is far out of focus, the fine discs would not be seen.
        let fine = self.reaches[tile].least < TAKE_OVER.1 || reach.before >= SHARP;
        let taps = if fine { taps(radius) } else { Vec::new() };
        let gather = Gather { taps: &taps, fine: true, before: (reach.before >= SHARP).then_some(reach.before / 2.0) };
        for row in 0..FINE.min(self.fine.height - y / 2) {
            for column in (0..FINE.min((self.fine.width - x / 2).next_multiple_of(8))).step_by(8) {
                spread(level, &self.fine, &gather, [x / 2 + column, y / 2 + row], &mut disc.planes, row * FINE + column);
            }
        }
        disc.height = FINE.min(self.fine.height - y / 2);
        disc.width = FINE.min(self.fine.width - x / 2);
        disc.before = gather.before.is_some();
        mix(level, self, disc, [self.around(tile, self.tiles).before >= SHARP, fine], [x, y], film);
    }
}

/// The tiles, and those so many beside them.
fn dilated(tiles: &[bool], columns: usize, by: usize) -> Vec<bool> {
    let rows = tiles.len() / columns.max(1);
    (0..tiles.len())
        .map(|tile| {
            let (x, y) = (tile % columns, tile / columns);
            (y.saturating_sub(by)..=(y + by).min(rows - 1)).any(|row| (x.saturating_sub(by)..=(x + by).min(columns - 1)).any(|c| tiles[row * columns + c]))
        })
        .collect()
}

/// The fine discs of one tile.
pub(crate) struct Disc {
    planes: [Vec<f32>; 7],
    width: usize,
    height: usize,
    /// Whether any of them are before the focus; else only the first three planes hold something.
    before: bool,
}

impl Default for Disc {
    fn default() -> Self {
        Self { planes: std::array::from_fn(|_| vec![0.0; FINE * FINE]), width: FINE, height: FINE, before: false }
    }
}

/// What is gathered.
pub(crate) struct Gather<'a> {
    taps: &'a [Tap],
    fine: bool,
    /// The largest radius before the focus, in cells, if anything is there.
    before: Option<f32>,
}

entry! {
    fn note(optics: &Optics, depth: &[f32], out: &mut [i16], size: [usize; 2], reach: &mut Reach) = note_kernel
}
entry! {
    fn halve(film: &Film, radius: &[i16], tile: [usize; 2], out: &mut Small) = halve_kernel
}
entry! {
    fn weigh(small: &mut Small, fine: bool, y: usize) = weigh_kernel
}
entry! {
    /// Discs of eight cells from `cell` on, to `at` in the planes.
    fn spread(small: &Small, gather: &Gather, cell: [usize; 2], out: &mut [Vec<f32>; 7], at: usize) = spread_kernel
}
entry! {
    fn mix(lens: &Lens, disc: &Disc, what: [bool; 2], tile: [usize; 2], film: &mut Film) = mix_kernel
}

#[inline(always)]
fn note_kernel<S: Simd>(optics: &Optics, depth: &[f32], out: &mut [i16], [w, h]: [usize; 2], reach: &mut Reach) {
    let (mut low, mut high, mut least) = (F::<S>::of(0.0), F::<S>::of(0.0), F::<S>::of(f32::MAX));
    for row in 0..h {
        for column in (0..w).step_by(8) {
            let z = F::<S>::from_slice(depth, row * TILE + column);
            let radius = (1.0 - optics.focus / z) * optics.strength;
            let radius = radius.at_least(-optics.most).at_most(optics.most);
            (low, high, least) = (low.min(radius), high.max(radius), least.min(radius.abs()));
            let steps = (radius * STEPS).truncate().array();
            for (to, v) in out[row * TILE + column..][..8].iter_mut().zip(steps) {
                *to = v as i16;
            }
        }
    }
    *reach = Reach { behind: high.greatest(), before: (-low).greatest(), least: least.least() };
}

/// Eight radii in pixels.
#[inline(always)]
fn radii<S: Simd>(radius: &[i16], at: usize) -> F<S> {
    let mut eight = [0.0f32; 8];
    for (to, v) in eight.iter_mut().zip(&radius[at..at + 8]) {
        *to = f32::from(*v);
    }
    F::load(&eight) * (1.0 / STEPS)
}

/// Four pixels to a cell, given the radii of the tile. What is more out of focus counts more, so that sharp things do not bleed into what is behind.
#[inline(always)]
fn halve_kernel<S: Simd>(film: &Film, radius: &[i16], [x0, y0]: [usize; 2], out: &mut Small) {
    for y in (y0..(y0 + TILE).min(film.height)).step_by(2) {
        let rows = [y, (y + 1).min(film.height - 1)];
        film.ahead::<S>(y + 2, x0);
        film.ahead::<S>(y + 3, x0);
        for x in (x0..(x0 + TILE).min(film.columns())).step_by(16) {
            let left = columns::<S>(film, radius, rows, x);
            // Where only eight pixels are left, they are taken twice; the cells beyond are filled afterwards.
            let right = columns::<S>(film, radius, rows, if x + 8 < film.columns() { x + 8 } else { x });
            let mut sums = [F::<S>::of(0.0); 5];
            for (sum, (a, b)) in sums.iter_mut().zip(left.into_iter().zip(right)) {
                let [even, odd] = S::unzip(a.0, b.0);
                *sum = F::<S>(even) + F(odd);
            }
            let over = 1.0 / sums[4];
            let to = out.at((x / 2) as isize, (y / 2) as isize);
            for (plane, sum) in out.colour.iter_mut().zip(sums) {
                (sum * over).to_slice(plane, to);
            }
            (sums[3] * (over * 0.5)).to_slice(&mut out.radius, to);
        }
    }
}

/// Weighted sums of red, green, blue, radius and one over eight columns of two rows.
#[inline(always)]
fn columns<S: Simd>(film: &Film, radius: &[i16], rows: [usize; 2], x: usize) -> [F<S>; 5] {
    let mut sums = [F::<S>::of(0.0); 5];
    for row in rows {
        let r = radii::<S>(radius, row % TILE * TILE + x % TILE);
        let weight = r.abs() + 0.05;
        let c = film.read::<S>(row * film.stride + x);
        for (sum, v) in sums.iter_mut().zip([c.x, c.y, c.z, r, F::of(1.0)]) {
            *sum = *sum + v * weight;
        }
    }
    sums
}

/// Sixteen cells to one.
fn quarter(fine: &Small, coarse: &mut Small, [x0, y0]: [usize; 2]) {
    for y in y0..(y0 + COARSE).min(coarse.height) {
        for x in x0..(x0 + COARSE).min(coarse.width) {
            let mut sums = [0.0f32; 5];
            for row in y * 4..(y * 4 + 4).min(fine.height) {
                for column in x * 4..(x * 4 + 4).min(fine.width) {
                    let at = fine.at(column as isize, row as isize);
                    let r = fine.radius[at];
                    let weight = r.abs() + 0.02;
                    for (sum, v) in sums.iter_mut().zip([fine.colour[0][at], fine.colour[1][at], fine.colour[2][at], r, 1.0]) {
                        *sum += v * weight;
                    }
                }
            }
            let (to, over) = (coarse.at(x as isize, y as isize), 1.0 / sums[4]);
            for (plane, sum) in coarse.colour.iter_mut().zip(&sums) {
                plane[to] = sum * over;
            }
            coarse.radius[to] = sums[3] * over * 0.25;
        }
    }
}

/// Eight colours. (A closure would be compiled without its level's instructions.)
#[inline(always)]
fn colour<S: Simd>(planes: &[Vec<f32>; 3], at: usize) -> V3<S> {
    V3::new(F::from_slice(&planes[0], at), F::from_slice(&planes[1], at), F::from_slice(&planes[2], at))
}

/// Radii that belong to both pictures, in cells: from the first to the second the coarse one takes over.
#[inline(always)]
fn take_over(fine: bool) -> (f32, f32) {
    let cell = if fine { 2.0 } else { 8.0 };
    (TAKE_OVER.0 / cell, TAKE_OVER.1 / cell)
}

/// Fills the shares of a row of tiles' cells, whose first row is `y`.
#[inline(always)]
fn weigh_kernel<S: Simd>(small: &mut Small, fine: bool, y: usize) {
    let (low, high) = take_over(fine);
    let rows = y..(y + if fine { FINE } else { COARSE }).min(small.height);
    for at in (rows.start * small.stride..rows.end * small.stride).step_by(8) {
        let radius = -F::<S>::from_slice(&small.radius, at);
        let here = radius.smooth(low, high);
        let here = if fine { 1.0 - here } else { here };
        (here * radius.smooth(0.2, 0.8) / (radius * radius * std::f32::consts::PI + 0.5)).to_slice(&mut small.share, at);
        (1.0 - radius.smooth(0.1, 0.4)).to_slice(&mut small.clear, at);
    }
}

#[inline(always)]
fn spread_kernel<S: Simd>(small: &Small, gather: &Gather, [x, y]: [usize; 2], out: &mut [Vec<f32>; 7], to: usize) {
    let at = small.at(x as isize, y as isize);
    let own = F::<S>::from_slice(&small.radius, at);
    let hides = own.lt(F::of(-0.1));
    // Further away than this nothing counts.
    let within = match gather.before {
        Some(_) if hides.any() => f32::MAX,
        Some(before) => own.greatest().max(before) + 0.5,
        None => own.greatest() + 0.5,
    };
    // Where nothing reaches, the cell is what it is.
    let (mut behind, mut weights) = (colour::<S>(&small.colour, at) * 1e-3, F::<S>::of(1e-3));
    let (mut before, mut cover) = (V3::same(F::<S>::of(0.0)), F::<S>::of(0.0));
    let reach = gather.taps.last().map_or(0, |t| t.distance as usize + 1);
    let inside = y >= reach && y + reach < small.height;
    // One length for all, so that one check of it does.
    let length = small.radius.len();
    let [r, g, b] = &small.colour;
    let (radii, r, g, b) = (&small.radius[..length], &r[..length], &g[..length], &b[..length]);
    let (shares, clear) = (&small.share[..length], &small.clear[..length]);
    for tap in gather.taps {
        if tap.distance >= within {
            break;
        }
        let at = if inside { (at as isize + tap.y * small.stride as isize + tap.x) as usize } else { small.at(x as isize + tap.x, y as isize + tap.y) };
        let radius = F::<S>::from_slice(radii, at);
        let c = V3::new(F::<S>::from_slice(r, at), F::from_slice(g, at), F::from_slice(b, at));
        // Of two that are out of focus the nearer hides the further.
        let mut weight = (radius.min(own) + (0.5 - tap.distance)).clamp01();
        if gather.before.is_some() {
            // What is before the focus lets see what is behind it beyond its edge.
            weight = hides.select(F::from_slice(clear, at), weight);
            let weight = ((0.5 - tap.distance) - radius).clamp01() * F::from_slice(shares, at);
            before = before + c * weight;
            cover = cover + weight;
        }
        behind = behind + c * weight;
        weights = weights + weight;
    }
    let behind = behind * (1.0 / weights);
    // More than all there is would be too bright.
    let full = 1.0 / cover.at_least(1.0);
    let (before, cover) = (before * full, cover * full);
    let planes = if gather.fine && gather.before.is_none() { 3 } else { 7 };
    for (plane, v) in out.iter_mut().zip([behind.x, behind.y, behind.z, before.x, before.y, before.z, cover]).take(planes) {
        v.to_slice(plane, to);
    }
}

/// A row of fine discs between two of their rows, at the pixels of a tile: `share` of the second.
#[inline(always)]
fn widened<S: Simd>(plane: &[f32], rows: [usize; 2], share: f32, width: usize, out: &mut [f32; TILE + 16]) {
    let mut mixed = [0.0f32; FINE + 16];
    for k in (0..FINE).step_by(8) {
        let (a, b) = (F::<S>::from_slice(plane, rows[0] * FINE + k), F::from_slice(plane, rows[1] * FINE + k));
        a.mix(b, F::of(share)).to_slice(&mut mixed, k + 1);
    }
    (mixed[0], mixed[width + 1]) = (mixed[1], mixed[width]);
    for k in (0..FINE).step_by(8) {
        let here = F::<S>::from_slice(&mixed, k + 1) * 0.75;
        let [a, b] = S::zip((F::from_slice(&mixed, k) * 0.25 + here).0, (F::from_slice(&mixed, k + 2) * 0.25 + here).0);
        F::<S>(a).to_slice(out, k * 2);
        F::<S>(b).to_slice(out, k * 2 + 8);
    }
}

/// Coarse discs at eight pixels from `x` on in row `y`.
#[inline(always)]
fn coarse_at<S: Simd>(lens: &Lens, plane: &[f32], x: usize, y: usize) -> F<S> {
    let (stride, last) = (lens.coarse.width.next_multiple_of(8), lens.coarse.height - 1);
    let v = ((y as f32 + 0.5) / 8.0 - 0.5).max(0.0);
    let (row, share) = (v as usize, v - v.floor());
    let rows = [row.min(last) * stride, (row + 1).min(last) * stride];
    let i = x / 8;
    let columns = [i.saturating_sub(1), i, (i + 1).min(lens.coarse.width - 1)];
    let [a, b, c] = columns.map(|k| plane[rows[0] + k] + (plane[rows[1] + k] - plane[rows[0] + k]) * share);
    F::load(&[a, a, a, a, b, b, b, b]).mix(F::load(&[b, b, b, b, c, c, c, c]), F::load(&[0.5625, 0.6875, 0.8125, 0.9375, 0.0625, 0.1875, 0.3125, 0.4375]))
}

#[inline(always)]
fn mix_kernel<S: Simd>(lens: &Lens, disc: &Disc, [before, fine]: [bool; 2], [x0, y0]: [usize; 2], film: &mut Film) {
    let planes = if disc.before { 7 } else { 3 };
    let mut wide = [[0.0f32; TILE + 16]; 7];
    let tile = (y0 / TILE * lens.columns + x0 / TILE) * PIXELS;
    for y in 0..TILE.min(film.height - y0) {
        film.ahead::<S>(y0 + y + 1, x0);
        let above = (y / 2 + y % 2).saturating_sub(1).min(disc.height - 1);
        let rows = [above, (y / 2 + y % 2).min(disc.height - 1)];
        let share = if y % 2 == 0 { 0.75 } else { 0.25 };
        for (plane, wide) in disc.planes.iter().zip(&mut wide).take(if fine { planes } else { 0 }) {
            widened::<S>(plane, rows, share, disc.width, wide);
        }
        for x in (0..TILE.min(film.columns() - x0)).step_by(8) {
            let at = (y0 + y) * film.stride + x0 + x;
            let radius = radii::<S>(&lens.radius, tile + y * TILE + x);
            let radius = if before { radius.abs() } else { radius };
            let behind = radius.smooth(NO_DISCS, ALL_DISCS);
            if !before && !behind.above(0.0).any() {
                continue;
            }
            debug_assert!(fine || radius.array().iter().all(|r| *r >= TAKE_OVER.1 - 0.1), "fine discs are missing");
            let large = radius.smooth(TAKE_OVER.0, TAKE_OVER.1);
            let any_large = large.above(0.0).any();
            let cover = if disc.before { F::<S>::from_slice(&wide[6], x) } else { F::of(0.0) };
            let far = if before { coarse_at::<S>(lens, &lens.discs[6], x0 + x, y0 + y) } else { F::of(0.0) };
            let (any_cover, any_far) = (cover.above(0.0).any(), far.above(0.0).any());
            if !any_cover && !any_far && !behind.above(0.0).any() {
                continue;
            }
            let sharp = film.read::<S>(at);
            let mut out = [sharp.x, sharp.y, sharp.z];
            for (k, out) in out.iter_mut().enumerate() {
                let mut disc = F::<S>::from_slice(&wide[k], x);
                if any_large {
                    disc = disc.mix(coarse_at(lens, &lens.discs[k], x0 + x, y0 + y), large);
                }
                *out = out.mix(disc, behind);
                if any_cover {
                    *out = *out * (1.0 - cover) + F::from_slice(&wide[k + 3], x);
                }
                if any_far {
                    *out = *out * (1.0 - far) + coarse_at(lens, &lens.discs[k + 3], x0 + x, y0 + y);
                }
            }
            let [r, g, b] = out;
            film.write(at, V3::new(r, g, b));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glam::Vec3;

    #[test]
    fn an_edge_before_the_focus_becomes_an_even_ramp() {
        let camera = Camera::looking(Vec3::ZERO, Vec3::NEG_Z, 0.6);
        let view = View::new(&camera, 256, 128);
        let optics = Optics { strength: 1.8, focus: 8.0, most: 12.8 };
        let (mut lens, mut film) = (Lens::default(), Film::default());
        film.resize(256, 128);
        let stride = film.stride;
        lens.begin(&view, &optics);
        for tile in 0..8 {
            let (x, y) = (tile % 4 * TILE, tile / 4 * TILE);
            let depth: Vec<f32> = (0..TILE * TILE).map(|k| if x + k % TILE < 100 { 0.8 } else { 8.0 }).collect();
            lens.note(Level::Plain, &optics, &depth, x, y);
            for k in (0..TILE * TILE).filter(|k| x + k % TILE < 100) {
                film.planes[0][(y + k / TILE) * stride + x + k % TILE] = 0x3c00;
            }
        }
        lens.defocus(Level::Plain, &mut film);
        let mut row = [0.0; 256];
        film.open::<crate::lanes::plain::Plain>(0, 64, &mut row);
        assert!(row[..80].iter().all(|v| *v > 0.97) && row[120..].iter().all(|v| *v < 0.02), "whole inside, nothing far outside");
        assert!(row.windows(2).all(|w| w[0] >= w[1] && w[0] - w[1] < 0.07), "an even ramp: {:?}", &row[80..120]);
        assert!((row[100] - 0.5).abs() < 0.15, "half of it at the edge, not {}", row[100]);
    }
}
