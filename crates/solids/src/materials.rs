//! Named materials: entries of `assets/materials`, with a colour of their own or the one they are given.

use crate::SolidsError;
use glam::Vec3;
use kinora_base::LinearRgb;
use kinora_render::scene::{Material, Relief};
use kinora_vocabulary::{Kind, Vocabulary};
use serde::Deserialize;

/// The `material:` section. What is left out is painted clay.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MaterialSection {
    /// Colour when none is given.
    pub colour: LinearRgb,
    /// GGX roughness.
    pub roughness: f32,
    /// Reflectance square on.
    pub specular: f32,
    /// Light edge of cloth and fur.
    pub sheen: f32,
    /// Wrapped light per channel.
    pub wrap: (f32, f32, f32),
    /// Light through.
    pub translucency: f32,
    /// Light given off, times the colour.
    pub glow: f32,
    /// Mirrored sky.
    pub mirror: f32,
    /// Relief pattern.
    pub relief: Relief,
    /// Its height, mm.
    pub relief_mm: f32,
    /// Its scale.
    pub relief_scale: f32,
    /// Albedo noise.
    pub mottle: f32,
    /// Snow stays on it.
    pub takes_snow: bool,
    /// Both faces are drawn.
    pub two_sided: bool,
    /// How much it covers what lies behind it, 0..1.
    pub opacity: f32,
    /// The material of a thing that is asked to be of this one, if not this: panes are dark, a glass ball is clear.
    pub asked: String,
}

impl Default for MaterialSection {
    fn default() -> Self {
        let m = Material::default();
        Self {
            colour: m.colour,
            roughness: m.roughness,
            specular: m.specular,
            sheen: m.sheen,
            wrap: (0.0, 0.0, 0.0),
            translucency: 0.0,
            glow: 0.0,
            mirror: 0.0,
            relief: m.relief,
            relief_mm: m.relief_mm,
            relief_scale: 1.0,
            mottle: m.mottle,
            takes_snow: false,
            two_sided: false,
            opacity: 1.0,
            asked: String::new(),
        }
    }
}

/// The name of the material that a thing gets when it is asked to be of one.
///
/// # Errors
/// If its file is broken.
pub fn asked(vocabulary: &Vocabulary, name: &str) -> Result<String, SolidsError> {
    let section: Option<MaterialSection> = vocabulary.get(Kind::Material, name).map(|a| a.section("material")).transpose()?.flatten();
    Ok(section.map(|s| s.asked).filter(|a| !a.is_empty()).unwrap_or_else(|| name.to_owned()))
}

/// The material of that name, in a colour or its own.
///
/// # Errors
/// If there is none of that name, or its file is broken.
pub fn named(vocabulary: &Vocabulary, name: &str, colour: Option<LinearRgb>) -> Result<Material, SolidsError> {
    let asset = vocabulary.get(Kind::Material, name).ok_or_else(|| SolidsError::Material {
        name: name.to_owned(),
        known: vocabulary.of(Kind::Material).map(|a| a.id.clone()).collect::<Vec<_>>().join(", "),
    })?;
    let s: MaterialSection = asset.section("material")?.unwrap_or_default();
    let colour = colour.unwrap_or(s.colour);
    Ok(Material {
        colour,
        roughness: s.roughness,
        specular: s.specular,
        sheen: s.sheen,
        wrap: Vec3::new(s.wrap.0, s.wrap.1, s.wrap.2),
        translucency: s.translucency,
        emission: colour * s.glow,
        mirror: s.mirror,
        relief: s.relief,
        relief_mm: s.relief_mm,
        relief_scale: s.relief_scale,
        mottle: s.mottle,
        takes_snow: s.takes_snow,
        two_sided: s.two_sided,
        opacity: s.opacity,
        ..Material::default()
    })
}

/// The linear value of a colour entry (`red`, `golden`).
///
/// # Errors
/// If the colour's file is broken.
pub fn colour(vocabulary: &Vocabulary, name: &str) -> Result<Option<LinearRgb>, SolidsError> {
    Ok(vocabulary.get(Kind::Colour, name).map(|a| a.section("colour")).transpose()?.flatten())
}
