//! What others need to know of a prop: the `prop:` section.

use serde::Deserialize;

/// Facts about a prop. Lengths in metres, places in the prop's own space.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PropFacts {
    /// Its largest extent.
    pub size: f32,
    /// Middle of the top of its seat.
    pub seat: Option<(f32, f32, f32)>,
    /// Height of its top, if things can stand on it.
    pub surface: Option<f32>,
    /// Where a hand holds it.
    pub grip: Option<(f32, f32, f32)>,
    /// Kilograms.
    pub weight: f32,
    /// Light it gives: place, colour at one metre, reach.
    pub lamp: Option<((f32, f32, f32), (f32, f32, f32), f32)>,
    /// How far it keeps walkers away, from its middle; none = they may walk through it (grass).
    pub obstacle: Option<f32>,
}

impl Default for PropFacts {
    fn default() -> Self {
        Self { size: 0.5, seat: None, surface: None, grip: None, weight: 1.0, lamp: None, obstacle: None }
    }
}
