//! A light meter: how bright the pictures of a shot come out, and what exposure they lack.
//!
//! A few small pictures are drawn as the film will be, and the brightness of all their pixels is counted together. Light that was made
//! with care stays as it is: exposure changes only if the bright parts are murky, if half of the picture is black, or if it is burnt, and
//! no further than to the nearest good value. It is one number a shot, so no frame flickers and no frame depends on another.

use crate::scene::Scene;
use crate::{Renderer, Settings, SimdLevel, StillShadows};
use kinora_base::maths::pow;
use std::sync::Arc;

/// Size of the pictures that are metered.
const WIDTH: usize = 128;
const HEIGHT: usize = 72;

/// What the brightest twentieth of a picture reaches at least by night and under the sky of a day, and what it may not pass; 1 = white
/// of the screen. A moonlit meadow has .37, a wood in the rain .57.
const BRIGHT: [f32; 3] = [0.34, 0.62, 0.93];
/// What half of the picture reaches, and may not pass.
const MIDDLE: (f32, f32) = (0.07, 0.76);
/// Least and greatest factor on exposure.
const FACTOR: (f32, f32) = (0.5, 2.6);

/// What a meter says of a shot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metered {
    /// Factor on exposure.
    pub exposure: f32,
    /// The darkest and the brightest that the pictures then have, 0 black .. 1 white of the screen.
    pub ends: (f32, f32),
}

/// Meters scenes of one shot together. Looks are left out: they change what was exposed well.
#[must_use]
pub fn meter(scenes: impl IntoIterator<Item = Scene>, simd: SimdLevel, shadows: Arc<StillShadows>) -> Metered {
    let mut renderer = Renderer::sharing(Settings { width: WIDTH, height: HEIGHT, simd, passes: false }, shadows);
    let (mut counts, mut day) = ([0u32; 256], 1.0f32);
    for scene in scenes {
        day = day.min(if scene.light.indoors { 0.0 } else { scene.light.day() });
        for y in renderer.render(&Scene { look: None, ..scene }).picture.y {
            counts[usize::from(y)] += 1;
        }
    }
    read(&counts, day)
}

fn read(counts: &[u32; 256], day: f32) -> Metered {
    let most = |part: f32| light(share(counts, part));
    let exposure = factor(most(0.5), most(0.95), day);
    Metered { exposure, ends: (screen(most(0.005) * exposure), screen(most(0.995) * exposure)) }
}

/// The factor for the light that half of the pixels and nineteen of twenty have at most, `day` of it the day's.
fn factor(middle: f32, bright: f32, day: f32) -> f32 {
    let burnt = (light(BRIGHT[2]) / bright).min(light(MIDDLE.1) / middle);
    if burnt < 1.0 {
        return burnt.max(FACTOR.0);
    }
    let murky = (light(BRIGHT[0] + (BRIGHT[1] - BRIGHT[0]) * day) / bright).max(light(MIDDLE.0) / middle);
    // A lamp in the dark is not burnt so that the dark is seen.
    murky.min(burnt).clamp(1.0, FACTOR.1)
}

/// The brightness that this share of the pixels does not pass; 1 = white of the screen.
fn share(counts: &[u32; 256], share: f32) -> f32 {
    let all: u32 = counts.iter().sum();
    let mut left = (f64::from(all) * f64::from(share)) as u32;
    for (y, count) in counts.iter().enumerate() {
        if left < *count {
            return ((y as f32 - 16.0) / 219.0).clamp(0.0, 1.0);
        }
        left -= count;
    }
    1.0
}

/// What exposed grey light is on the screen: the finish without its grade.
fn screen(light: f32) -> f32 {
    let c = light * 0.72;
    pow(((c * (c * 2.51 + 0.03)) / (c * (c * 2.43 + 0.59) + 0.14)).clamp(0.0, 1.0), 1.0 / 2.2)
}

/// The exposed grey light that is so bright on the screen.
fn light(wanted: f32) -> f32 {
    let (mut low, mut high) = (1e-4, 16.0);
    for _ in 0..24 {
        let middle = (low + high) * 0.5;
        if screen(middle) < wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of which these shares have these brightnesses.
    fn picture(parts: &[(f32, f32)]) -> [u32; 256] {
        let mut counts = [0; 256];
        for (share, y) in parts {
            counts[(y * 219.0 + 16.5) as usize] += (share * 9216.0) as u32;
        }
        counts
    }

    fn after(parts: &[(f32, f32)]) -> (f32, Vec<f32>) {
        under(0.0, parts)
    }

    fn under(day: f32, parts: &[(f32, f32)]) -> (f32, Vec<f32>) {
        let metered = read(&picture(parts), day);
        (metered.exposure, parts.iter().map(|(_, y)| screen(light(*y) * metered.exposure)).collect())
    }

    #[test]
    fn the_screen_and_its_light_are_inverse() {
        for k in 1..40 {
            let y = k as f32 * 0.024;
            assert!((screen(light(y)) - y).abs() < 2e-3, "{y} comes back as {}", screen(light(y)));
        }
    }

    #[test]
    fn good_light_is_left_alone() {
        assert_eq!(after(&[(0.3, 0.2), (0.4, 0.5), (0.3, 0.8)]).0, 1.0, "a day");
        assert_eq!(after(&[(0.4, 0.06), (0.4, 0.2), (0.2, 0.7)]).0, 1.0, "a night with lamps");
        assert_eq!(under(1.0, &[(0.3, 0.2), (0.4, 0.5), (0.3, 0.8)]).0, 1.0, "a day under its sky");
    }

    #[test]
    fn a_dull_day_is_brighter_than_a_night() {
        let wood = [(0.5, 0.24), (0.4, 0.33), (0.1, 0.42)];
        assert_eq!(under(0.0, &wood).0, 1.0, "a night like this is good");
        let (more, day) = under(1.0, &wood);
        assert!(more > 1.2 && day[2] > 0.6 && day[2] < 0.64, "by {more}: {day:?}");
    }

    #[test]
    fn murk_is_lifted_and_what_burns_is_held() {
        let (more, cave) = after(&[(0.55, 0.03), (0.35, 0.10), (0.1, 0.22)]);
        assert!(more > 1.3 && cave[2] > 0.32 && cave[2] < 0.6, "a cave by {more}: {cave:?}");
        let (less, snow) = after(&[(0.1, 0.5), (0.6, 0.88), (0.3, 0.96)]);
        assert!(less < 0.85 && snow[1] < 0.82, "snow by {less}: {snow:?}");
        let (lamp, dark) = after(&[(0.9, 0.02), (0.1, 0.92)]);
        assert!(lamp < 1.2 && dark[1] < 0.94, "a lamp in the dark by {lamp}: {dark:?}");
    }

    #[test]
    fn a_little_more_light_changes_a_little() {
        let at = |k: i32| after(&[(0.5, 0.05 + k as f32 * 0.01), (0.5, 0.15 + k as f32 * 0.0195)]).0;
        for k in 0..40 {
            assert!((at(k + 1) / at(k) - 1.0).abs() < 0.35 && at(k + 1) <= at(k) + 1e-4, "{k}: {} then {}", at(k), at(k + 1));
        }
    }
}
