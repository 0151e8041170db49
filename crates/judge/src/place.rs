//! Where in the picture something is that is heard.

use kinora_plan::spotting::Ear;

/// Nearer than this to the camera's plane nothing is projected, metres.
const NEAREST: f32 = 0.05;

/// A picture to project into, pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) width: f32,
    pub(crate) height: f32,
}

/// Where a point is in the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spot {
    /// Pixels from the left edge.
    pub(crate) x: f32,
    /// Pixels from the upper edge.
    pub(crate) y: f32,
    /// Metres along the view axis.
    pub(crate) depth: f32,
    /// Pixels that a metre fills there.
    pub(crate) scale: f32,
}

impl Place {
    /// Where a camera sees a point in the world; none behind it.
    pub(crate) fn of(&self, ear: &Ear, point: [f32; 3]) -> Option<Spot> {
        let away = std::array::from_fn::<f32, 3, _>(|k| point[k] - ear.position[k]);
        let dot = |v: [f32; 3]| away[0] * v[0] + away[1] * v[1] + away[2] * v[2];
        let (r, f) = (ear.right.to_array(), ear.forward.to_array());
        let up = [r[1] * f[2] - r[2] * f[1], r[2] * f[0] - r[0] * f[2], r[0] * f[1] - r[1] * f[0]];
        let depth = dot(f);
        let scale = self.width * 0.5 / kinora_base::maths::tan(ear.horizontal_fov * 0.5).max(1e-4) / depth;
        (depth > NEAREST).then(|| Spot { x: self.width * 0.5 + scale * dot(r), y: self.height * 0.5 - scale * dot(up), depth, scale })
    }

    /// From -1 at the left edge to 1 at the right.
    pub(crate) fn side(&self, spot: &Spot) -> f32 {
        2.0 * spot.x / self.width.max(1.0) - 1.0
    }

    /// Whether a spot is in the picture, with some pixels around it.
    pub(crate) fn holds(&self, spot: &Spot, margin: f32) -> bool {
        spot.x > margin && spot.y > margin && spot.x < self.width - margin && spot.y < self.height - margin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_right_and_above_is_seen_there() {
        let ear = Ear {
            position: [0.0, 1.0, 0.0].into(),
            right: [1.0, 0.0, 0.0].into(),
            forward: [0.0, 0.0, -1.0].into(),
            horizontal_fov: std::f32::consts::FRAC_PI_2,
        };
        let place = Place { width: 640.0, height: 360.0 };
        let spot = place.of(&ear, [1.0, 1.5, -4.0]).expect("before it");
        assert!((spot.x - 400.0).abs() < 0.01 && (spot.y - 140.0).abs() < 0.01 && (spot.scale - 80.0).abs() < 0.01, "{spot:?}");
        assert!((place.side(&spot) - 0.25).abs() < 1e-4 && place.holds(&spot, 10.0), "a quarter to the right");
        assert_eq!(place.of(&ear, [0.0, 1.0, 1.0]), None, "behind it");
    }
}
