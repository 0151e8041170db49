//! Head lamps and flashlights: the light that they throw, and their beams in the air.

use glam::{Affine3A, Vec3};
use kinora_base::LinearRgb;
use kinora_render::scene::{Beam, Lamp, Light, Puff, PuffKind};

/// Light of a head lamp at a metre, for a strength of one, and how far it reaches, metres.
const HEAD_LAMP: (LinearRgb, f32) = (LinearRgb(11.0, 9.3, 6.6), 26.0);
/// From the axis of a beam to its edge, radians.
const SPREAD: f32 = 0.40;
/// Metres that the light stands over the glass.
pub const OVER: f32 = 0.2;
/// Metres before a lamp in which nothing throws its shadow: its own housing and the bonnet.
const CLEAR: f32 = 0.3;
/// Lamps of a time that is brighter than dusk are off.
const OFF: f32 = 0.75;

/// The head lamps of a vehicle at a place, when lamps are as bright as `strength`.
#[must_use]
pub fn head_lamps(lights: &[(f32, f32, f32)], world: Affine3A, strength: f32) -> Vec<Lamp> {
    if strength < OFF {
        return Vec::new();
    }
    let scale = world.matrix3.y_axis.length();
    let (colour, reach) = HEAD_LAMP;
    // A little down, and from a little over the glass: a road seen at a graze would be lit by nothing but a line.
    let towards = world.transform_vector3(Vec3::new(0.0, -0.11, 1.0)).normalize_or(Vec3::Z);
    let at = |l: &(f32, f32, f32)| world.transform_point3(Vec3::new(l.0, l.1 + OVER, l.2));
    let beam = Some(Beam { towards, spread: SPREAD });
    lights.iter().map(|l| Lamp { position: at(l), colour: colour * strength, reach: reach * scale.max(0.5), clear: CLEAR * scale, beam }).collect()
}

/// What is seen of beams in the air: a glow at the glass, stronger for who looks into it, and a cone that is lost in the distance.
/// `over` is how far above the glass the lamp stands.
#[must_use]
pub fn in_the_air(lamps: &[Lamp], over: f32, eye: Vec3, light: &Light) -> Vec<Puff> {
    let mut puffs = Vec::new();
    for lamp in lamps {
        let Some(beam) = lamp.beam else { continue };
        let glass = lamp.position - Vec3::Y * over;
        let facing = (eye - glass).normalize_or_zero().dot(beam.towards).max(0.0);
        let glow =
            |position: Vec3, size: f32, colour: LinearRgb| Puff { kind: PuffKind::Glow, position, velocity: Vec3::ZERO, size, colour, opacity: 1.0, turn: 0.0 };
        let big = lamp.reach / HEAD_LAMP.1;
        // What is seen of a lamp does not grow as its light does.
        let shown = 5.0 / lamp.colour.luminance().max(0.1);
        puffs.push(glow(glass + beam.towards * 0.05, (0.30 + 0.6 * facing * facing) * big, lamp.colour * ((0.05 + 0.15 * facing * facing) * shown)));
        let thick = (light.fog * 55.0).clamp(0.25, 1.5);
        let mut away = 0.35 * big;
        while away < lamp.reach * 0.32 {
            let fade = 1.0 - away / (lamp.reach * 0.36);
            let size = 0.16 * big + away * 2.0 * SPREAD * 0.85;
            puffs.push(glow(glass + beam.towards * away, size, lamp.colour * (0.020 * shown * thick * fade * fade / (0.5 + size))));
            away += size * 0.42;
        }
    }
    puffs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_lamps_shine_ahead_by_night_alone() {
        let turned = Affine3A::from_rotation_y(std::f32::consts::FRAC_PI_2);
        let lights = [(0.5, 0.7, 1.6), (-0.5, 0.7, 1.6)];
        assert!(head_lamps(&lights, turned, 0.1).is_empty(), "by day they are off");
        let lamps = head_lamps(&lights, turned, 1.7);
        assert_eq!(lamps.len(), 2, "one for each glass");
        for lamp in &lamps {
            let towards = lamp.beam.expect("a head lamp has a beam").towards;
            assert!(towards.x > 0.9 && towards.y < 0.0, "ahead of the car and down: {towards}");
            assert!(lamp.position.x > 1.5, "from its nose: {}", lamp.position);
        }
    }

    #[test]
    fn who_looks_into_a_beam_is_dazzled() {
        let lamps = head_lamps(&[(0.0, 0.7, 0.0)], Affine3A::IDENTITY, 1.7);
        let seen = |eye: Vec3| in_the_air(&lamps, 0.2, eye, &Light::default());
        let (before, behind) = (seen(Vec3::Z * 9.0), seen(Vec3::Z * -9.0));
        assert!(before[0].size > 1.8 * behind[0].size && before[0].colour.0 > 3.0 * behind[0].colour.0, "the glow at the glass");
        assert!(before.len() > 5 && before.windows(2).skip(1).all(|p| p[1].position.z > p[0].position.z && p[1].size > p[0].size), "a cone that widens");
    }
}
