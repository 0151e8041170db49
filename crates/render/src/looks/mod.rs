//! Looks: what the hand does between the scene and the picture. A [`Look`] goes in beside the light of a frame, and the
//! picture comes out painted, drawn, printed or cut, from a few building blocks that every look sets in its own way.
//!
//! # Steps
//! 1. `hand`: while surfaces are shaded, light falls into steps, loses its cast shadows, or comes through blinds.
//! 2. `marks`: beside the light, each pixel keeps how near it is, what it belongs to, which way it faces, and a grain that
//!    is anchored to its surface (or, in the sky, to its direction) at a constant size in the picture.
//! 3. `grade`: exposure, bloom and tone map as ever, then a colour cube: contrast, tints, one channel, a palette.
//! 4. `flow` and `paint`: strokes. Colour and grain are smeared along the shapes of the picture, so that the grain becomes
//!    bristle marks, pencil lines or fibres that go with the surfaces they lie on.
//! 5. `lines`: contours where depth, parts or facing break off.
//! 6. `lay`: relief of the paint, hatching, wash, shadows of cut paper, ink, the sheet, and what a projector does.
//! 7. `pixels`: all of it at a low size, in a palette, enlarged to blocks.
//!
//! Frame n depends on the scene at n alone. Lengths named in pixels are at a picture of 1080 lines and grow with it.

mod easel;
mod flow;
mod grade;
mod hand;
mod lay;
mod lines;
mod marks;
mod paint;
mod pixels;
mod reel;
mod sheet;

pub(crate) use easel::{Easel, Negative};
pub(crate) use hand::Hand;
pub(crate) use lay::Row;
pub(crate) use marks::{TileMarks, mark};
pub(crate) use pixels::Blocks;

use kinora_base::LinearRgb;
use serde::{Deserialize, Serialize};

/// A way of drawing: the building blocks that it uses. What is left out stays as in the renderer's own picture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Look {
    /// How surfaces answer light.
    pub shade: Shade,
    /// Colours of the finished picture.
    pub grade: Grade,
    /// Strokes.
    pub paint: Option<Paint>,
    /// Contours.
    pub lines: Option<Lines>,
    /// Tone from strokes of a pencil instead of colour.
    pub hatch: Option<Hatch>,
    /// Thin paint on paper.
    pub wash: Option<Wash>,
    /// Sheets of cut paper one over the other.
    pub cut: Option<Cut>,
    /// What the picture is made on.
    pub sheet: Option<Sheet>,
    /// What the projector and the years do.
    pub reel: Option<Reel>,
    /// Blocks.
    pub pixels: Option<Pixels>,
}

/// How surfaces answer light.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Shade {
    /// Steps of light, from dark to bright: from how much light on (1 = the scene's usual), and the light that it gives
    /// instead. Empty = as it is.
    pub steps: Vec<(f32, f32)>,
    /// Softness of the steps, 0 hard .. 1.
    pub soft: f32,
    /// How much of the stepped light is used, 0..1.
    pub amount: f32,
    /// How dark shadows of the sun are, 0 none .. 1 as they are.
    pub cast: f32,
    /// In rooms the sun comes through blinds: metres from slat to slat, open share 0..1.
    pub blinds: Option<(f32, f32)>,
}

impl Default for Shade {
    fn default() -> Self {
        Self { steps: Vec::new(), soft: 0.1, amount: 1.0, cast: 1.0, blinds: None }
    }
}

/// Colours of the finished picture, in this order. Numbers of the screen, 0 black .. 1 white.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Grade {
    /// How far the darkest and the brightest of a shot are drawn apart to black and white, 0..1, before all else.
    pub range: f32,
    /// Power of the brightness: below 1 brighter.
    pub gamma: f32,
    /// Contrast about the middle, 1 = as it is.
    pub contrast: f32,
    /// Factor on saturation.
    pub saturation: f32,
    /// More colour where there is little, 0..1.
    pub vibrance: f32,
    /// Black and white, by the shares of red, green and blue.
    pub mono: Option<(f32, f32, f32)>,
    /// Multiplied where it is dark, and where it is bright: split toning.
    pub tint: ((f32, f32, f32), (f32, f32, f32)),
    /// What black becomes, and white.
    pub ends: ((f32, f32, f32), (f32, f32, f32)),
    /// Colours to which all others are drawn, as screen bytes.
    pub palette: Vec<(u8, u8, u8)>,
    /// How far they are drawn there, 0..1.
    pub draw: f32,
}

impl Default for Grade {
    fn default() -> Self {
        Self {
            range: 0.0,
            gamma: 1.0,
            contrast: 1.0,
            saturation: 1.0,
            vibrance: 0.0,
            mono: None,
            tint: ((1.0, 1.0, 1.0), (1.0, 1.0, 1.0)),
            ends: ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
            palette: Vec::new(),
            draw: 0.0,
        }
    }
}

/// Strokes: colour and the anchored grain, smeared along the shapes of the picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Paint {
    /// Width of a stroke, pixels of 1080 lines.
    pub width: f32,
    /// Its length in widths.
    pub length: f32,
    /// How much shorter strokes are where there is detail, 0 not .. 4 much.
    pub follow: f32,
    /// How far edges are ragged across the stroke, in widths.
    pub ragged: f32,
    /// Contrast of the bristle marks.
    pub body: f32,
    /// Light on thick paint, 0..1.
    pub relief: f32,
    /// Lighter and darker strokes, 0..1.
    pub value: f32,
    /// Warmer and cooler strokes, 0..1.
    pub hue: f32,
    /// Whirls in the sky, 0..1.
    pub swirl: f32,
    /// Direction of the hand where nothing else leads, degrees from level, counter-clockwise.
    pub angle: f32,
    /// How much the hand leads over the shapes, 0..1.
    pub stubborn: f32,
    /// Fibres: strokes in all directions, 0..1.
    pub fibres: f32,
}

impl Default for Paint {
    fn default() -> Self {
        Self {
            width: 6.0,
            length: 5.0,
            follow: 1.5,
            ragged: 0.5,
            body: 2.0,
            relief: 0.3,
            value: 0.1,
            hue: 0.0,
            swirl: 0.0,
            angle: 30.0,
            stubborn: 0.0,
            fibres: 0.0,
        }
    }
}

/// Contours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lines {
    /// Pixels of 1080 lines.
    pub width: f32,
    /// The ink, as screen bytes.
    pub ink: (u8, u8, u8),
    /// How much of it is the darkened colour beneath, 0..1.
    pub tinted: f32,
    /// Where something stands before something else, 0..1.
    pub outer: f32,
    /// Between parts of one thing, 0..1.
    pub inner: f32,
    /// Where a surface folds, 0..1.
    pub crease: f32,
    /// Where brightness breaks off, 0..1.
    pub tone: f32,
    /// How much the line breaks and swells with the grain, 0..1.
    pub broken: f32,
    /// How much thicker the line is beside dark tones than beside light ones, as from a pressed pencil, 0..1.
    pub press: f32,
    /// Distances of focus at which lines are half as strong.
    pub far: f32,
    /// Strength within foliage, 0..1.
    pub foliage: f32,
    /// How much of the lines is drawn in ink, 0..1; what is not still gathers the pigment of a wash.
    pub weight: f32,
}

impl Default for Lines {
    fn default() -> Self {
        Self {
            width: 2.0,
            ink: (20, 18, 24),
            tinted: 0.0,
            outer: 1.0,
            inner: 0.7,
            crease: 0.3,
            tone: 0.0,
            broken: 0.0,
            press: 0.0,
            far: 5.0,
            foliage: 0.25,
            weight: 1.0,
        }
    }
}

/// Tone from strokes of a pencil.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hatch {
    /// The lead, as screen bytes.
    pub lead: (u8, u8, u8),
    /// The paper, as screen bytes.
    pub paper: (u8, u8, u8),
    /// How dark the darkest hatching is, 0..1.
    pub dark: f32,
    /// Smooth tone under the strokes, 0..1.
    pub smudge: f32,
    /// Brightness from which the paper is left bare, 0..1.
    pub bare: f32,
    /// How much of it all is left in the sky, 0..1.
    pub sky: f32,
}

impl Default for Hatch {
    fn default() -> Self {
        Self { lead: (52, 52, 58), paper: (246, 243, 234), dark: 0.9, smudge: 0.25, bare: 0.85, sky: 0.4 }
    }
}

/// Thin paint on paper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wash {
    /// Pigment that gathers at edges, 0..1.
    pub edges: f32,
    /// Uneven flow of the paint, 0..1.
    pub flow: f32,
    /// Pigment in the hollows of the paper, 0..1.
    pub granulation: f32,
    /// Width of the unpainted border, share of the height.
    pub margin: f32,
    /// The paper, as screen bytes.
    pub paper: (u8, u8, u8),
}

impl Default for Wash {
    fn default() -> Self {
        Self { edges: 0.5, flow: 0.4, granulation: 0.3, margin: 0.04, paper: (250, 247, 240) }
    }
}

/// Sheets of cut paper one over the other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cut {
    /// How far shadows fall, pixels of 1080 lines.
    pub throw: f32,
    /// How dark they are, 0..1.
    pub shadow: f32,
    /// Width of the torn white edge, pixels of 1080 lines.
    pub torn: f32,
    /// Its strength, 0..1.
    pub white: f32,
}

impl Default for Cut {
    fn default() -> Self {
        Self { throw: 9.0, shadow: 0.45, torn: 2.5, white: 0.6 }
    }
}

/// What the picture is made on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sheet {
    /// Its structure.
    pub kind: SheetKind,
    /// How strong it shows, 0..1.
    pub strength: f32,
    /// Size of its structure, pixels of 1080 lines.
    pub size: f32,
}

impl Default for Sheet {
    fn default() -> Self {
        Self { kind: SheetKind::Paper, strength: 0.1, size: 4.0 }
    }
}

/// The structure of a sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SheetKind {
    /// Cold-pressed paper.
    #[default]
    Paper,
    /// Woven canvas.
    Canvas,
    /// Long fibres.
    Washi,
    /// The grain of a printing block, along the picture's width.
    Block,
}

/// What the projector and the years do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reel {
    /// Frames a second of the old film: how often dust and light change.
    pub rate: f32,
    /// How far the picture wanders in the gate, pixels of 1080 lines.
    pub weave: f32,
    /// Changes of brightness, 0..1.
    pub flicker: f32,
    /// Grain, 0..1.
    pub grain: f32,
    /// Scratches in view, on average.
    pub scratches: f32,
    /// Specks and hairs in view, on average.
    pub dust: f32,
    /// Softness of the lens, pixels of 1080 lines.
    pub soft: f32,
    /// Dark rounded border of the gate, share of the height.
    pub border: f32,
    /// Red and blue apart towards the sides, pixels of 1080 lines.
    pub fringe: f32,
}

impl Default for Reel {
    fn default() -> Self {
        Self { rate: 18.0, weave: 0.0, flicker: 0.0, grain: 0.0, scratches: 0.0, dust: 0.0, soft: 0.0, border: 0.0, fringe: 0.0 }
    }
}

/// Blocks of one colour from a palette.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pixels {
    /// Blocks in the picture's height, about.
    pub rows: f32,
    /// All colours there are, as screen bytes.
    pub palette: Vec<(u8, u8, u8)>,
    /// Strength of the ordered pattern between two colours, 0..1.
    pub dither: f32,
}

impl Default for Pixels {
    fn default() -> Self {
        Self { rows: 180.0, palette: Vec::new(), dither: 0.5 }
    }
}

impl Look {
    /// Whether shading has to keep marks.
    pub(crate) fn needs_marks(&self) -> bool {
        self.paint.is_some() || self.lines.is_some() || self.cut.is_some() || self.wash.is_some()
    }
    /// Whether it is drawn or cut: nothing is out of focus then, and nothing smeared by a shutter.
    pub(crate) fn is_drawn(&self) -> bool {
        self.lines.is_some() || self.cut.is_some() || self.hatch.is_some()
    }
    /// Width of the grain, pixels of 1080 lines.
    pub(crate) fn grain_width(&self) -> f32 {
        self.paint.as_ref().map_or(5.0, |p| p.width).clamp(0.5, 200.0)
    }
}

/// Pixels of a picture of `height` lines for pixels of one of 1080.
pub(crate) fn scaled(pixels: f32, height: usize) -> f32 {
    pixels * (height as f32 / 1080.0)
}

/// Screen bytes as numbers from 0 to 1.
pub(crate) fn screen((r, g, b): (u8, u8, u8)) -> glam::Vec3 {
    glam::Vec3::new(f32::from(r), f32::from(g), f32::from(b)) * (1.0 / 255.0)
}

/// How much light is usual in a scene: what falls on something that faces the sun aside.
pub(crate) fn usual_light(light: &crate::scene::Light) -> f32 {
    let sky = (light.horizon * 0.7 + light.zenith * 0.3 + light.haze * 0.2).luminance() * light.ambient;
    let sun = LinearRgb::luminance(light.sun) * light.sun_direction.normalize_or(glam::Vec3::Y).y.max(0.25) * 0.7;
    // Few walls of a room see the sun.
    if light.indoors { (sky * 1.7 + sun * 0.08).max(0.02) } else { (sky * 1.3 + sun).max(0.02) }
}
