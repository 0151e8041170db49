//! Glyphs to closed polygons, and polygons to triangles.

use crate::shape::Glyph;
use lyon_tessellation::math::point;
use lyon_tessellation::path::Path;
use lyon_tessellation::{BuffersBuilder, FillOptions, FillRule, FillTessellator, FillVertex, VertexBuffers};
use skrifa::{DrawMemory, Font, GlyphId, PathSink, ScalerFont};
use std::collections::BTreeMap;

/// Closed polygons in ems: outer ones counter-clockwise, holes clockwise.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline {
    /// The polygons.
    pub contours: Vec<Vec<[f32; 2]>>,
    /// For each glyph, its first contour; contours of one glyph belong together.
    pub glyphs: Vec<usize>,
}

impl Outline {
    /// The least and the greatest corner of what is drawn; none if nothing is.
    #[must_use]
    pub fn bounds(&self) -> Option<([f32; 2], [f32; 2])> {
        let mut points = self.contours.iter().flatten();
        let first = *points.next()?;
        Some(points.fold((first, first), |(a, b), p| ([a[0].min(p[0]), a[1].min(p[1])], [b[0].max(p[0]), b[1].max(p[1])])))
    }

    /// Moved and scaled: `p * scale + at`.
    #[must_use]
    pub fn placed(mut self, scale: f32, at: [f32; 2]) -> Self {
        for p in self.contours.iter_mut().flatten() {
            *p = [p[0] * scale + at[0], p[1] * scale + at[1]];
        }
        self
    }

    /// The contours of each glyph.
    pub fn by_glyph(&self) -> impl Iterator<Item = &[Vec<[f32; 2]>]> {
        (0..self.glyphs.len()).map(|k| &self.contours[self.glyphs[k]..self.glyphs.get(k + 1).copied().unwrap_or(self.contours.len())])
    }
}

/// Fills polygons (what winds around a point at all is inside): corners, and triangles counter-clockwise.
#[must_use]
pub fn triangles(outline: &Outline) -> (Vec<[f32; 2]>, Vec<[u32; 3]>) {
    let mut buffers: VertexBuffers<[f32; 2], u32> = VertexBuffers::new();
    let mut tessellator = FillTessellator::new();
    for glyph in outline.by_glyph() {
        let mut path = Path::builder();
        for contour in glyph.iter().filter(|c| c.len() > 2) {
            path.begin(point(contour[0][0], contour[0][1]));
            for p in &contour[1..] {
                path.line_to(point(p[0], p[1]));
            }
            path.end(true);
        }
        let options = FillOptions::default().with_fill_rule(FillRule::NonZero).with_tolerance(1e-4);
        let mut out = BuffersBuilder::new(&mut buffers, |v: FillVertex<'_>| [v.position().x, v.position().y]);
        // A glyph so broken that it cannot be filled is left out.
        let _ = tessellator.tessellate_path(&path.build(), &options, &mut out);
    }
    let at = |i: u32| buffers.vertices[i as usize];
    let faces = buffers.indices.chunks_exact(3).map(|t| {
        let [a, b, c] = [at(t[0]), at(t[1]), at(t[2])];
        let area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
        if area < 0.0 { [t[0], t[2], t[1]] } else { [t[0], t[1], t[2]] }
    });
    let faces = faces.collect();
    (buffers.vertices, faces)
}

/// Draws glyphs one after another; the same glyph is taken apart but once.
pub(crate) struct Pen {
    tolerance: f32,
    out: Outline,
    known: BTreeMap<(usize, u32), Vec<Vec<[f32; 2]>>>,
}

impl Pen {
    pub(crate) fn new(tolerance: f32) -> Self {
        Self { tolerance: tolerance.max(1e-4), out: Outline::default(), known: BTreeMap::new() }
    }

    pub(crate) fn glyph(&mut self, font: &Font, glyph: &Glyph) {
        let tolerance = self.tolerance;
        let contours = self.known.entry((glyph.font, glyph.id)).or_insert_with(|| contours(font, glyph.id, tolerance));
        if contours.is_empty() {
            return;
        }
        self.out.glyphs.push(self.out.contours.len());
        self.out.contours.extend(contours.iter().map(|c| c.iter().map(|p| [p[0] + glyph.x, p[1] + glyph.y]).collect()));
    }

    pub(crate) fn finish(self) -> Outline {
        self.out
    }
}

/// The contours of a glyph at the origin.
fn contours(font: &Font, id: u32, tolerance: f32) -> Vec<Vec<[f32; 2]>> {
    let mut sink = Flatten { tolerance, contours: Vec::new() };
    let drawn = ScalerFont::unhinted(font.clone(), Some(1.0)).outline(GlyphId::new(id)).is_some_and(|o| o.draw(DrawMemory::Scratch, &mut sink).is_ok());
    if !drawn {
        return Vec::new();
    }
    for contour in &mut sink.contours {
        contour.dedup();
        while contour.len() > 1 && contour.first() == contour.last() {
            contour.pop();
        }
    }
    sink.contours.retain(|c| c.len() > 2 && c.iter().flatten().all(|v| v.is_finite()));
    // TrueType winds the other way round than PostScript does.
    if sink.contours.iter().map(|c| area(c)).sum::<f32>() < 0.0 {
        sink.contours.iter_mut().for_each(|c| c.reverse());
    }
    sink.contours
}

fn area(contour: &[[f32; 2]]) -> f32 {
    let next = contour.iter().cycle().skip(1);
    contour.iter().zip(next).map(|(a, b)| a[0] * b[1] - a[1] * b[0]).sum::<f32>() * 0.5
}

/// Takes curves as chords.
struct Flatten {
    tolerance: f32,
    contours: Vec<Vec<[f32; 2]>>,
}

impl Flatten {
    fn here(&self) -> [f32; 2] {
        self.contours.last().and_then(|c| c.last()).copied().unwrap_or_default()
    }
    fn push(&mut self, p: [f32; 2]) {
        if let Some(contour) = self.contours.last_mut() {
            contour.push(p);
        }
    }
    /// How many chords keep a curve with this second difference within the tolerance.
    fn pieces(&self, bend: f32) -> u32 {
        ((bend / (4.0 * self.tolerance)).sqrt().ceil() as u32).clamp(1, 24)
    }
}

/// Length of `a - 2b + c`.
fn bend(a: [f32; 2], b: [f32; 2], c: [f32; 2]) -> f32 {
    let d = [a[0] - 2.0 * b[0] + c[0], a[1] - 2.0 * b[1] + c[1]];
    (d[0] * d[0] + d[1] * d[1]).sqrt()
}

impl PathSink for Flatten {
    fn move_to(&mut self, x: f32, y: f32) {
        self.contours.push(vec![[x, y]]);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.push([x, y]);
    }
    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let (a, b, c) = (self.here(), [cx, cy], [x, y]);
        let n = self.pieces(bend(a, b, c));
        for i in 1..=n {
            let t = i as f32 / n as f32;
            let (u, v, w) = ((1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t);
            self.push([a[0] * u + b[0] * v + c[0] * w, a[1] * u + b[1] * v + c[1] * w]);
        }
    }
    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        let (p, a, b, q) = (self.here(), [ax, ay], [bx, by], [x, y]);
        let n = self.pieces(bend(p, a, b).max(bend(a, b, q)) * 3.0);
        for i in 1..=n {
            let t = i as f32 / n as f32;
            let s = 1.0 - t;
            let w = [s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t];
            let at = |k: usize| p[k] * w[0] + a[k] * w[1] + b[k] * w[2] + q[k] * w[3];
            self.push([at(0), at(1)]);
        }
    }
    fn close(&mut self) {}
}
