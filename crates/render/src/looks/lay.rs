//! The picture is laid down row by row: relief of the paint, hatching, thin paint, cut paper, ink, the sheet, the reel.

use super::grade::Packed;
use super::lines::Ink;
use super::marks::{FOLIAGE, Marks};
use super::reel::Moment;
use super::sheet::Relief;
use super::{Cut, Hatch, Lines, Look, Paint, Reel, Wash, scaled, screen};
use crate::lanes::{F, I, Simd, V3, entry, map3};
use glam::Vec3;
use kinora_base::picture::Yuv420;

/// All that a row is made from.
pub(crate) struct Lay<'a> {
    pub(crate) look: &'a Look,
    /// Colours and, in the highest byte, the height of the paint or the grain; of the picture's size.
    pub(crate) picture: &'a Packed,
    pub(crate) marks: Option<&'a Marks>,
    pub(crate) ink: Option<&'a Ink>,
    pub(crate) sheet: Option<&'a Relief>,
    pub(crate) moment: Option<&'a Moment>,
}

/// Red, green and blue of a row, 0..1.
pub(crate) type Row = [Vec<f32>; 3];

pub(crate) fn rows_of(stride: usize) -> Row {
    [vec![0.0; stride], vec![0.0; stride], vec![0.0; stride]]
}

impl Lay<'_> {
    /// An empty row.
    pub(crate) fn blank(&self) -> Row {
        rows_of(self.picture.stride)
    }

    /// One row of the finished picture.
    pub(crate) fn row(&self, level: crate::lanes::Level, y: usize, out: &mut Row) {
        lay(level, self, y, out);
        if let Some(moment) = self.moment {
            moment.mark(y, self.picture.width, out);
        }
    }

    /// The whole picture.
    pub(crate) fn yuv(&self, level: crate::lanes::Level) -> Yuv420 {
        let (width, height) = (self.picture.width, self.picture.height);
        let mut out = Yuv420::black(width, height);
        let mut pair = [rows_of(self.picture.stride), rows_of(self.picture.stride)];
        for k in 0..height / 2 {
            for (row, y) in pair.iter_mut().zip([k * 2, k * 2 + 1]) {
                self.row(level, y, row);
            }
            encode(level, &pair, k, &mut out);
        }
        out
    }
}

entry! {
    /// Two rows of red, green and blue to the `k`th pair of rows of a picture.
    fn encode(pair: &[Row; 2], k: usize, out: &mut Yuv420) = encode_kernel
}

/// An ordered 4x4 pattern, in 1/16 less a half.
const DITHER: [[f32; 4]; 4] = [[0.0, 8.0, 2.0, 10.0], [12.0, 4.0, 14.0, 6.0], [3.0, 11.0, 1.0, 9.0], [15.0, 7.0, 13.0, 5.0]];

#[inline(always)]
fn encode_kernel<S: Simd>(pair: &[Row; 2], k: usize, out: &mut Yuv420) {
    let stride = pair[0][0].len();
    let mut difference = [vec![0.0f32; stride], vec![0.0f32; stride]];
    let mut luma = vec![0i32; stride];
    for (row, y) in pair.iter().zip([k * 2, k * 2 + 1]) {
        let d = DITHER[y & 3];
        let dither = F::<S>::load(&[d[0], d[1], d[2], d[3], d[0], d[1], d[2], d[3]]) * (1.0 / 16.0) + (16.0 + 0.5 / 16.0);
        for x in (0..stride).step_by(8) {
            let c = V3::new(F::<S>::from_slice(&row[0], x), F::from_slice(&row[1], x), F::from_slice(&row[2], x)).clamp(0.0, 1.0);
            let light = c.x * 0.2126 + c.y * 0.7152 + c.z * 0.0722;
            luma[x..x + 8].copy_from_slice(&(light * 219.0 + dither).truncate().array());
            let [blue, red] = &mut difference;
            (F::from_slice(blue, x) + (c.z - light) * (56.0 / 1.8556)).to_slice(blue, x);
            (F::from_slice(red, x) + (c.x - light) * (56.0 / 1.5748)).to_slice(red, x);
        }
        for (o, l) in out.y[y * out.width..(y + 1) * out.width].iter_mut().zip(&luma) {
            *o = *l as u8;
        }
    }
    let half = out.width / 2;
    for (plane, sums) in [&mut out.u, &mut out.v].into_iter().zip(&difference) {
        for (o, two) in plane[k * half..(k + 1) * half].iter_mut().zip(sums.chunks_exact(2)) {
            *o = (two[0] + two[1] + 128.5) as i32 as u8;
        }
    }
}

/// A pixel as colour and height, 0..1 each.
#[derive(Clone, Copy)]
struct Pixel<S: Simd> {
    colour: V3<S>,
    height: F<S>,
}

#[inline(always)]
fn unpacked<S: Simd>(word: I<S>) -> Pixel<S> {
    let byte = |shift: i32| ((word >> shift) & I::of(255)).float() * (1.0 / 255.0);
    Pixel { colour: V3::new(byte(0), byte(8), byte(16)), height: byte(24) }
}

/// Eight pixels of a row, and how to look beside them.
struct Place<'a, 'b> {
    lay: &'b Lay<'a>,
    x: f32,
    y: f32,
}

impl Place<'_, '_> {
    /// Indices of the pixels this far away (pixels); beyond the border the outermost goes on.
    #[inline(always)]
    fn index<S: Simd>(&self, dx: F<S>, dy: F<S>, stride: usize) -> I<S> {
        let picture = self.lay.picture;
        let u = (F::<S>::ramp() + dx + (self.x + 0.5)).at_least(0.0).at_most(picture.width as f32 - 1.0);
        let v = (dy + (self.y + 0.5)).at_least(0.0).at_most(picture.height as f32 - 1.0);
        v.truncate() * I::of(stride as i32) + u.truncate()
    }
    #[inline(always)]
    fn pixel<S: Simd>(&self, dx: F<S>, dy: F<S>) -> Pixel<S> {
        unpacked(I::gather(&self.lay.picture.words, self.index(dx, dy, self.lay.picture.stride)))
    }
    #[inline(always)]
    fn height<S: Simd>(&self, dx: f32, dy: f32) -> F<S> {
        let word = I::<S>::gather(&self.lay.picture.words, self.index(F::of(dx), F::of(dy), self.lay.picture.stride));
        ((word >> 24) & I::of(255)).float() * (1.0 / 255.0)
    }
}

entry! {
    fn lay(lay: &Lay, y: usize, out: &mut Row) = lay_kernel
}

#[inline(always)]
fn lay_kernel<S: Simd>(lay: &Lay, y: usize, out: &mut Row) {
    let (look, picture) = (lay.look, lay.picture);
    for x in (0..picture.stride).step_by(8) {
        let place = Place { lay, x: x as f32, y: y as f32 };
        let Pixel { mut colour, height } = match (&look.reel, lay.moment) {
            (Some(reel), Some(moment)) => projected::<S>(&place, reel, moment),
            _ => unpacked(I::from_slice(&picture.words, y * picture.stride + x)),
        };
        let sheet = match lay.sheet {
            Some(sheet) => {
                let mut eight = [0.0f32; 8];
                for (to, from) in eight.iter_mut().zip(&sheet.height[y * sheet.stride + x..]) {
                    *to = (f32::from(*from) - 128.0) * (1.0 / 127.0);
                }
                F::<S>::load(&eight)
            }
            None => F::of(0.0),
        };
        let ink = match lay.ink {
            Some(ink) => {
                let mut eight = [0.0f32; 8];
                for (to, from) in eight.iter_mut().zip(&ink.amount[y * ink.stride + x..]) {
                    *to = f32::from(*from) * (1.0 / 255.0);
                }
                F::<S>::load(&eight)
            }
            None => F::of(0.0),
        };
        let tone = colour.dot_with(Vec3::new(0.2126, 0.7152, 0.0722));
        if let Some(hatch) = &look.hatch {
            colour = hatched(hatch, &place, colour, height, sheet);
        } else if let Some(paint) = &look.paint {
            colour = painted(paint, &place, colour, height);
        }
        if let (Some(cut), Some(marks)) = (&look.cut, lay.marks) {
            colour = cut_out(cut, &place, marks, colour);
        }
        if let Some(wash) = &look.wash {
            colour = washed(wash, &place, colour, height, sheet, ink);
        }
        if let Some(lines) = &look.lines {
            colour = inked(lines, colour, tone, height, sheet, ink);
        }
        if let Some(own) = &look.sheet {
            colour = colour * (sheet * own.strength + 1.0);
        }
        if let (Some(reel), Some(moment)) = (&look.reel, lay.moment) {
            colour = run_through(reel, moment, &place, colour);
        }
        let colour = colour.clamp(0.0, 1.0);
        for (row, c) in out.iter_mut().zip([colour.x, colour.y, colour.z]) {
            c.to_slice(row, x);
        }
    }
}

/// Light and dark strokes, warm and cool ones, and light from the upper left on thick paint.
#[inline(always)]
fn painted<S: Simd>(paint: &Paint, place: &Place, colour: V3<S>, height: F<S>) -> V3<S> {
    let body = height - 0.5;
    let mut c = colour * (body * (paint.value * 2.0) + 1.0);
    if paint.hue > 0.0 {
        let warm = body * paint.hue;
        c = V3::new(c.x + warm, c.y + warm * 0.25, c.z - warm);
    }
    if paint.relief > 0.0 {
        let d = scaled(1.0, place.lay.picture.height).max(1.0);
        let slope = place.height::<S>(d, 0.0) - place.height(-d, 0.0) + place.height(0.0, d) - place.height(0.0, -d);
        let light = (slope * (paint.relief * 1.2)).at_least(-0.35).at_most(0.5);
        let shine = light.at_least(0.0).squared() * 0.35;
        c = map3!(c, c => c * (light + 1.0) + shine);
    }
    c
}

/// Tone from strokes: half of it is how close they lie, half how hard they are pressed, so that together they give the picture's tone.
#[inline(always)]
fn hatched<S: Simd>(hatch: &Hatch, place: &Place, colour: V3<S>, height: F<S>, sheet: F<S>) -> V3<S> {
    let luma = colour.dot_with(Vec3::new(0.2126, 0.7152, 0.0722));
    let dark = ((hatch.bare - luma) * (1.0 / hatch.bare.max(0.05))).clamp01();
    let half = dark.sqrt();
    let stroke = ((height + sheet * 0.16 - 1.0 + half) * 4.0 + 0.5).clamp01();
    let lead = (stroke * half * (1.0 - hatch.smudge) + dark * hatch.smudge) * (dark.smooth(0.0, 0.06) * hatch.dark);
    let lead = match place.lay.marks {
        Some(marks) => F::<S>::from_slice(&marks.inverse, place.y as usize * marks.stride + place.x as usize).above(0.0).select(lead, lead * hatch.sky),
        None => lead,
    };
    V3::of(screen(hatch.paper)).mix(V3::of(screen(hatch.lead)), lead.clamp01())
}

/// Thin paint: more of it darkens by its own colour (Bousseau and others 2006).
#[inline(always)]
fn washed<S: Simd>(wash: &Wash, place: &Place, colour: V3<S>, height: F<S>, sheet: F<S>, edge: F<S>) -> V3<S> {
    let luma = colour.dot_with(Vec3::new(0.2126, 0.7152, 0.0722));
    let density = (height - 0.5) * (wash.flow * 2.0) + edge * wash.edges * 1.6 + sheet * wash.granulation * (1.1 - luma);
    let mut c = map3!(colour, c => (c - (c - c * c) * density).clamp01());
    // Light paint lets the paper through.
    let paper = screen(wash.paper);
    c = c.times(paper);
    if wash.margin > 0.0 {
        let (width, height_px) = (place.lay.picture.width as f32, place.lay.picture.height as f32);
        let px = F::<S>::ramp() + (place.x + 0.5);
        let aside = px.min(width - px).at_most((place.y + 0.5).min(height_px - place.y - 0.5)) * (1.0 / height_px);
        let border = aside - wash.margin + (height - 0.5) * (wash.margin * 0.6) + sheet * (wash.margin * 0.10);
        let soft = 1.5 / height_px;
        let inside = border.smooth(-soft, soft);
        // A rim of pigment where the paint ends.
        let rim = 1.0 - border.abs().smooth(0.0, wash.margin * 0.18 + soft);
        c = map3!(c, c => c - (c - c * c) * (rim * 0.5));
        c = V3::of(paper).mix(c, inside);
    }
    c
}

/// Shadows of what lies above, and the white of torn edges.
#[inline(always)]
fn cut_out<S: Simd>(cut: &Cut, place: &Place, marks: &Marks, colour: V3<S>) -> V3<S> {
    let (throw, torn) = (scaled(cut.throw, marks.height), scaled(cut.torn, marks.height));
    let part = |w: I<S>| (w >> 20) & I::of(4095);
    let at = |dx: f32, dy: f32| place.index(F::<S>::of(dx), F::of(dy), marks.stride);
    let here = at(0.0, 0.0);
    let (near, word) = (F::<S>::gather(&marks.inverse, here), I::<S>::gather(&marks.word, here));
    let own = part(word);
    // How much nearer another place is, as a share, where it belongs to something else.
    let above = |index: I<S>| {
        let (n, w) = (F::<S>::gather(&marks.inverse, index), I::<S>::gather(&marks.word, index));
        part(w).equals(own).select(F::of(0.0), (n - near) / n.max(near).at_least(1e-6))
    };
    let mut dark = F::<S>::of(0.0);
    for k in 1..=4 {
        let t = throw * k as f32 * 0.25;
        let over = above(at(-t * 0.7, -t)).smooth(0.01, 0.05);
        dark = dark.max(over * (1.12 - 0.25 * k as f32));
    }
    let mut c = colour * (1.0 - dark * cut.shadow);
    if torn > 0.0 && cut.white > 0.0 {
        let grain = (word & I::of(255)).float() * (1.0 / 255.0);
        let reach = ((grain * 1.5 + 0.25) * torn).at_least(0.6);
        let mut edge = F::<S>::of(0.0);
        for (dx, dy) in [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)] {
            let index = place.index(reach * dx, reach * dy, marks.stride);
            edge = edge.max((-above(index)).smooth(0.03, 0.09));
        }
        let leaf = own.equals(I::of(FOLIAGE as i32));
        edge = leaf.select(edge * 0.35, edge);
        c = c.mix(V3::of(Vec3::new(0.97, 0.96, 0.93)), edge * cut.white);
    }
    c
}

/// Ink where lines are; it breaks where the grain is low, and is broad where the picture is dark.
#[inline(always)]
fn inked<S: Simd>(lines: &Lines, colour: V3<S>, tone: F<S>, height: F<S>, sheet: F<S>, ink: F<S>) -> V3<S> {
    if !ink.above(0.0).any() {
        return colour;
    }
    let ink = if lines.press > 0.0 {
        let cut = tone * (lines.press * 0.5) + (0.5 - lines.press * 0.3);
        ((ink - cut) * 2.5 + 0.5).clamp01() * ink.smooth(0.0, 0.2)
    } else {
        ink
    };
    let grain = (height + sheet * 0.2).clamp01();
    let kept = 1.0 - (1.0 - grain.smooth(0.15, 0.65)) * lines.broken;
    let own = colour * 0.30;
    let to = V3::of(screen(lines.ink)).mix(own, F::of(lines.tinted));
    colour.mix(to, (ink * kept * lines.weight).clamp01())
}

/// The picture in the gate: moved, a little soft, its colours apart towards the sides.
#[inline(always)]
fn projected<S: Simd>(place: &Place, reel: &Reel, moment: &Moment) -> Pixel<S> {
    let (ox, oy) = moment.off;
    let lines = place.lay.picture.height;
    let soft = scaled(reel.soft, lines);
    let (fx, fy) = (ox - ox.floor(), oy - oy.floor());
    let at = |dx: f32, dy: f32| place.pixel::<S>(F::of(ox.floor() + dx), F::of(oy.floor() + dy));
    let mut p = if reel.weave > 0.0 {
        let (a, b, c, d) = (at(0.0, 0.0), at(1.0, 0.0), at(0.0, 1.0), at(1.0, 1.0));
        let (x, y) = (F::<S>::of(fx), F::<S>::of(fy));
        Pixel { colour: a.colour.mix(b.colour, x).mix(c.colour.mix(d.colour, x), y), height: a.height }
    } else {
        at(0.0, 0.0)
    };
    if soft > 0.4 {
        let around = at(soft, 0.0).colour + at(-soft, 0.0).colour + at(0.0, soft).colour + at(0.0, -soft).colour;
        p.colour = p.colour * 0.4 + around * 0.15;
    }
    if reel.fringe > 0.0 {
        let width = place.lay.picture.width as f32;
        let side = (F::<S>::ramp() + (place.x + 0.5 - width * 0.5)) * (2.0 / width);
        let shift = side * side.abs() * scaled(reel.fringe, lines);
        p.colour.x = place.pixel::<S>(shift, F::of(0.0)).colour.x;
        p.colour.z = place.pixel::<S>(-shift, F::of(0.0)).colour.z;
    }
    p
}

/// Lamp, grain and the border of the gate.
#[inline(always)]
fn run_through<S: Simd>(reel: &Reel, moment: &Moment, place: &Place, colour: V3<S>) -> V3<S> {
    let mut c = colour * moment.lamp;
    let (width, lines) = (place.lay.picture.width as f32, place.lay.picture.height as f32);
    if reel.grain > 0.0 {
        // A grain is as large as a pixel of 1080 lines, and never smaller than one here.
        let over = 1.0 / scaled(1.0, place.lay.picture.height).max(1.0);
        let (gx, gy) = (((F::<S>::ramp() + place.x) * over).truncate(), I::<S>::of((place.y * over) as i32));
        let one = |salt: i32| {
            let h = (gx * I::of(0x8da6_b343_u32 as i32)) ^ (gy * I::of(0xd816_3841_u32 as i32)) ^ I::of(moment.seed.wrapping_add(salt));
            let h = (h ^ (h >> 13)) * I::of(0x5bd1_e995);
            let h = (h ^ (h >> 15)) * I::of(0x5bd1_e995);
            ((h >> 8) & I::of(0xffff)).float() * (2.0 / 65535.0) - 1.0
        };
        let luma = c.dot_with(Vec3::new(0.2126, 0.7152, 0.0722));
        let amount = (luma * (1.0 - luma) * 3.0 + 0.25) * reel.grain;
        c = c + V3::same((one(0) + one(0x3779)) * amount * 0.5);
    }
    if reel.border > 0.0 {
        let border = reel.border;
        let (u, v) = ((F::<S>::ramp() + (place.x + 0.5)) * (1.0 / lines), (place.y + 0.5) / lines);
        let (half_u, half_v) = (width / lines * 0.5, 0.5);
        // Outside of a rectangle with round corners.
        let round = border * 3.0;
        let dx = ((u - half_u).abs() - (half_u - border - round)).at_least(0.0);
        let dy = F::<S>::of(((v - half_v).abs() - (half_v - border - round)).max(0.0));
        let out = (dx * dx + dy * dy).sqrt() - round;
        c = c * (1.0 - out.smooth(-border * 0.25, border * 0.25));
    }
    c
}
