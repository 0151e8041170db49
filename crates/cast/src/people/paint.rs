//! Materials of people: painted clay skin with blush and lips, eyes in hard rings, carved hair, cloth.

use super::body::EYE_RADIUS;
use super::hair::{Beard, Style};
use super::head::MOUTH_Y;
use super::shapes::{cos, v};
use super::wardrobe::{Age, Cloth, GarmentSection, Look, Sex, Trim, Worn};
use glam::Vec3;
use kinora_base::LinearRgb;
use kinora_render::scene::{Coat, Mask, Material, Relief};
use std::sync::Arc;

/// Every skin by name, as plans and files say it: skin, blush and lips.
const SKINS: [(&str, [Vec3; 3]); 11] = [
    ("fair", [v(0.74, 0.47, 0.345), v(0.76, 0.26, 0.20), v(0.53, 0.13, 0.12)]),
    ("light", [v(0.70, 0.40, 0.265), v(0.72, 0.22, 0.15), v(0.50, 0.105, 0.095)]),
    ("tan", [v(0.60, 0.325, 0.185), v(0.62, 0.195, 0.115), v(0.45, 0.11, 0.085)]),
    ("olive", [v(0.52, 0.300, 0.165), v(0.54, 0.185, 0.105), v(0.40, 0.115, 0.085)]),
    ("brown", [v(0.42, 0.225, 0.135), v(0.46, 0.16, 0.10), v(0.34, 0.12, 0.10)]),
    ("dark", [v(0.29, 0.150, 0.088), v(0.33, 0.110, 0.070), v(0.27, 0.085, 0.072)]),
    ("deep", [v(0.20, 0.10, 0.06), v(0.24, 0.075, 0.05), v(0.22, 0.06, 0.055)]),
    // Of those who are not alive, or not quite human.
    ("pale", [v(0.66, 0.60, 0.56), v(0.60, 0.44, 0.45), v(0.36, 0.10, 0.12)]),
    ("green", [v(0.25, 0.36, 0.13), v(0.27, 0.25, 0.10), v(0.17, 0.16, 0.08)]),
    ("blue", [v(0.20, 0.34, 0.50), v(0.26, 0.26, 0.46), v(0.16, 0.18, 0.36)]),
    ("grey", [v(0.36, 0.38, 0.35), v(0.34, 0.28, 0.27), v(0.22, 0.17, 0.17)]),
];

/// Skin, blush and lips of a named skin; light if there is none of that name.
pub(crate) fn skin_colours(name: &str) -> [Vec3; 3] {
    SKINS.iter().find(|s| s.0 == name).map_or(SKINS[1].1, |s| s.1)
}

fn skin_base(colour: Vec3) -> Material {
    Material {
        colour: LinearRgb::from_vec(colour),
        roughness: 0.52,
        specular: 0.035,
        sheen: 0.25,
        wrap: v(0.45, 0.18, 0.10),
        relief: Relief::Clay,
        relief_mm: 0.45,
        mottle: 0.03,
        ..Material::default()
    }
}

fn coat(colour: Vec3, centre: Vec3, radii: Vec3, soft: f32, amount: f32) -> Coat {
    Coat { colour: LinearRgb::from_vec(colour), mask: Mask::Ball { centre, radii }, soft, wobble: 0.0, amount, mirror: true }
}

/// The face: blush on cheeks, nose, ears and chin, shade round the eyes, lips, and the dark of the mouth.
pub(crate) fn face(look: &Look) -> Material {
    let [skin, blush, lip] = skin_colours(&look.skin);
    let young = matches!(look.age, Age::Baby | Age::Child);
    let red = if young { 0.64 } else { 0.48 };
    let lips = if look.sex == Sex::Female && !young { 1.0 } else { 0.66 };
    let mut coats = vec![
        coat(skin * 0.80, v(0.047, 0.012, 0.10), v(0.030, 0.026, 0.03), 0.03, 0.7),
        coat(blush, v(0.062, -0.048, 0.085), v(0.022, 0.018, 0.022), 0.034, red),
        coat(blush, v(0.0, -0.034, 0.140), v(0.011, 0.010, 0.012), 0.018, 0.40),
        coat(blush, v(0.130, -0.010, -0.010), v(0.022, 0.030, 0.022), 0.03, 0.42),
        coat(blush, v(0.0, -0.125, 0.090), v(0.012, 0.010, 0.012), 0.03, 0.18),
        coat(skin.lerp(lip, 0.92), v(0.0, MOUTH_Y - 0.0008, 0.10), v(0.0390, 0.0168, 0.04), 0.0025, lips),
        // The inner rims of the lips: the line between them when the mouth is shut.
        coat(lip * 0.42, v(0.0, MOUTH_Y, 0.10), v(0.0385, 0.0072, 0.04), 0.0016, 0.85),
        coat(v(0.13, 0.022, 0.018), v(0.0, MOUTH_Y, 0.053), v(0.0365, 0.022, 0.0365), 0.003, 1.0),
    ];
    if look.freckles > 0.0 {
        for (x, y, r) in [(0.034, -0.030, 0.0017), (0.045, -0.040, 0.0014), (0.053, -0.031, 0.0018), (0.040, -0.047, 0.0015), (0.060, -0.042, 0.0013)] {
            coats.push(coat(skin * v(0.62, 0.45, 0.36), v(x, y, 0.11), v(r, r, 0.03), 0.0012, 0.6));
        }
    }
    if look.beard == Beard::Stubble {
        let shadow = skin.lerp(look.hair.vec(), 0.55);
        coats.push(coat(shadow, v(0.0, -0.108, 0.050), v(0.094, 0.042, 0.085), 0.030, 0.34));
        coats.push(coat(shadow, v(0.0, MOUTH_Y + 0.024, 0.112), v(0.032, 0.007, 0.03), 0.010, 0.40));
    }
    if look.style == Style::Bald && look.age != Age::Baby {
        coats.push(coat(skin.lerp(look.hair.vec(), 0.30), v(0.0, 0.02, -0.055), v(0.130, 0.085, 0.085), 0.035, 0.22));
    }
    if look.age == Age::Old {
        coats.extend(lines(skin));
    }
    Material { coats: Arc::from(coats), ..skin_base(skin) }
}

/// The lines of an old face: brow, outer corners of the eyes, beside the mouth.
fn lines(skin: Vec3) -> Vec<Coat> {
    let old = super::head::Features { age: 1.0 };
    let on = |x: f32, y: f32| super::head::project(x, y, &old);
    let line = |from: (f32, f32), to: (f32, f32), radius: f32, amount: f32| Coat {
        colour: LinearRgb::from_vec(skin * v(0.58, 0.46, 0.42)),
        mask: Mask::Capsule { from: on(from.0, from.1), to: on(to.0, to.1), radius },
        soft: 0.0022,
        wobble: 0.0008,
        amount,
        mirror: true,
    };
    vec![
        line((0.0, 0.094), (0.036, 0.090), 0.0011, 0.42),
        line((0.036, 0.090), (0.060, 0.080), 0.0007, 0.36),
        line((0.006, 0.078), (0.046, 0.0745), 0.0009, 0.34),
        line((0.088, 0.016), (0.102, 0.026), 0.0007, 0.42),
        line((0.090, 0.006), (0.106, 0.007), 0.0007, 0.42),
        line((0.088, -0.006), (0.101, -0.014), 0.0007, 0.38),
        line((0.029, -0.044), (0.047, -0.064), 0.0012, 0.46),
        line((0.047, -0.064), (0.053, -0.092), 0.0010, 0.40),
        line((0.010, 0.030), (0.008, 0.044), 0.0007, 0.30),
    ]
}

/// Hands, bare arms and legs.
pub(crate) fn body_skin(look: &Look) -> Material {
    let [skin, blush, _] = skin_colours(&look.skin);
    skin_base(skin.lerp(blush, 0.10))
}

/// Eyelids: a little rosier and darker than the face.
pub(crate) fn lid(look: &Look) -> Material {
    let [skin, blush, _] = skin_colours(&look.skin);
    skin_base(skin.lerp(blush, 0.22) * 0.90)
}

/// An eye: hard rings about the gaze, painted per pixel.
pub(crate) fn eye(iris: Vec3) -> Material {
    let sclera = v(0.80, 0.74, 0.67);
    let ring = |colour: Vec3, degrees: f32| Coat {
        colour: LinearRgb::from_vec(colour),
        mask: Mask::Beyond { towards: Vec3::Z, offset: cos(degrees.to_radians()) * EYE_RADIUS },
        soft: 0.0006,
        wobble: 0.0,
        amount: 1.0,
        mirror: false,
    };
    let coats = vec![ring(iris * 0.18, 34.5), ring(iris * 0.8, 31.0), ring(iris * 1.25, 27.5), ring(iris * 1.7, 21.0), ring(v(0.02, 0.02, 0.02), 15.5)];
    Material {
        colour: LinearRgb::from_vec(sclera),
        coats: Arc::from(coats),
        roughness: 0.16,
        specular: 0.06,
        sheen: 0.0,
        relief: Relief::None,
        mottle: 0.0,
        ..Material::default()
    }
}

/// Finger nails.
pub(crate) fn nail(look: &Look) -> Material {
    let [skin, blush, _] = skin_colours(&look.skin);
    let base = skin_base(skin.lerp(blush, 0.42) * 1.04);
    Material { roughness: 0.30, specular: 0.05, relief: Relief::None, ..base }
}

/// Smooth and plain: lashes, teeth, tongue.
pub(crate) fn plain(colour: Vec3, roughness: f32) -> Material {
    Material { colour: LinearRgb::from_vec(colour), roughness, sheen: 0.0, relief: Relief::None, mottle: 0.0, ..Material::default() }
}

/// Salt water.
pub(crate) fn tear() -> Material {
    Material { specular: 0.12, emission: LinearRgb(0.16, 0.19, 0.22), ..plain(v(0.70, 0.78, 0.80), 0.08) }
}

/// The light in an eye.
pub(crate) fn glint() -> Material {
    Material { emission: LinearRgb(1.5, 1.5, 1.45), ..plain(v(0.8, 0.8, 0.8), 0.3) }
}

/// Carved hair.
pub(crate) fn hair(colour: LinearRgb, style: Style) -> Material {
    if matches!(style, Style::Afro | Style::Dreads | Style::Buzz | Style::Curly) {
        // Felted.
        return Material { colour, roughness: 0.86, specular: 0.02, sheen: 0.6, relief: Relief::Felt, relief_mm: 1.2, mottle: 0.16, ..Material::default() };
    }
    Material { colour, roughness: 0.50, specular: 0.04, sheen: 0.4, relief: Relief::Hair, relief_mm: 1.0, mottle: 0.14, ..Material::default() }
}

/// A garment's materials: its cloth, then one for each of its parts, then its gloves.
pub(crate) fn garment(worn: &Worn, look: &Look) -> Vec<Material> {
    let own = &worn.garment;
    let made = |of: Cloth, colour: LinearRgb| match of {
        Cloth::Skin => body_skin(look),
        Cloth::Own => hair(look.hair, look.style),
        _ => cloth(of, colour),
    };
    let mut all = vec![Material { coats: trimmed(worn), ..made(own.cloth, worn.colour) }];
    all.extend(own.parts.iter().map(|p| made(p.cloth.unwrap_or(own.cloth), p.colour.unwrap_or(worn.colour))));
    let glove = if own.cloth == Cloth::Metal { Cloth::Metal } else { Cloth::Leather };
    all.extend(own.gloves.map(|colour| cloth(glove, colour)));
    all
}

/// How many materials a garment has.
pub(crate) fn garment_count(garment: &GarmentSection) -> u16 {
    1 + garment.parts.len() as u16 + u16::from(garment.gloves.is_some())
}

/// A cloth in a colour.
fn cloth(cloth: Cloth, colour: LinearRgb) -> Material {
    // Dyed wool is never as pure as paint: pure colours turn to neon in a warm light.
    let c = colour.vec();
    let grey = Vec3::splat(c.dot(v(0.30, 0.59, 0.11)));
    let dyed = LinearRgb::from_vec(c.lerp(grey, 0.17) * 0.94);
    let base = Material { colour: if cloth == Cloth::Metal || cloth == Cloth::Smooth { colour } else { dyed }, specular: 0.02, ..Material::default() };
    match cloth {
        Cloth::Silk => Material { roughness: 0.42, specular: 0.05, sheen: 0.5, relief: Relief::Clay, relief_mm: 0.3, mottle: 0.05, ..base },
        Cloth::Skin | Cloth::Own => base,
        Cloth::Knit => Material { roughness: 0.95, sheen: 1.0, relief: Relief::Knit, relief_mm: 1.7, mottle: 0.10, ..base },
        Cloth::Weave => Material { roughness: 0.90, sheen: 0.6, relief: Relief::Weave, relief_mm: 0.7, mottle: 0.10, ..base },
        Cloth::Felt => Material { roughness: 0.93, sheen: 0.9, relief: Relief::Felt, relief_mm: 1.1, mottle: 0.12, ..base },
        Cloth::Leather => Material { roughness: 0.42, specular: 0.05, sheen: 0.1, relief: Relief::Clay, relief_mm: 0.5, mottle: 0.10, ..base },
        Cloth::Metal => Material { roughness: 0.34, specular: 0.55, mirror: 0.25, sheen: 0.0, relief: Relief::Clay, relief_mm: 0.35, mottle: 0.06, ..base },
        Cloth::Smooth => Material { roughness: 0.28, specular: 0.05, sheen: 0.0, relief: Relief::Clay, relief_mm: 0.25, mottle: 0.04, ..base },
        Cloth::Hair => Material { roughness: 0.80, sheen: 0.8, relief: Relief::Hair, relief_mm: 1.4, mottle: 0.16, ..base },
    }
}

/// Darker hem and collar, soles, buttons.
fn trimmed(worn: &Worn) -> Arc<[Coat]> {
    use super::wardrobe::Slot;
    let dark = |by: f32| LinearRgb::from_vec(worn.colour.vec() * by);
    let beyond =
        |colour, towards: Vec3, offset| Coat { colour, mask: Mask::Beyond { towards, offset }, soft: 0.004, wobble: 0.001, amount: 1.0, mirror: false };
    let cut = &worn.garment.cut;
    let painted = |t: &Trim| Coat { colour: t.colour, mask: t.mask, soft: 0.003, wobble: 0.0005, amount: 1.0, mirror: t.mirror };
    let mut coats = match worn.garment.slot {
        Slot::Shoes => vec![beyond(LinearRgb(0.05, 0.04, 0.035), Vec3::NEG_Y, 0.066)],
        Slot::Top if cut.sleeve > 0.55 => vec![beyond(dark(0.84), Vec3::NEG_Y, -(cut.hem + 0.045)), beyond(dark(0.84), Vec3::Y, 1.372)],
        Slot::Top | Slot::Coat | Slot::Dress | Slot::Suit => vec![beyond(dark(0.86), Vec3::Y, 1.360)],
        _ => Vec::new(),
    };
    coats.extend(worn.garment.trims.iter().map(painted));
    if let Some(colour) = worn.garment.buttons {
        let mut y = 1.29;
        while y > cut.hem + 0.06 {
            coats.push(Coat { mirror: false, ..coat(colour.vec(), v(0.018, y, 0.12), v(0.010, 0.010, 0.08), 0.002, 1.0) });
            y -= 0.095;
        }
    }
    Arc::from(coats)
}
