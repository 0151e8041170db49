//! What makes one person's figure differ from another's: smooth displacements of head and trunk. Everything that is
//! modelled on the reference goes through the same displacement (skin, hair, hats, belts, ties), so all still fits.

use super::body::{EYE, HEAD_AT, HEAD_SCALE, from_head};
use super::shapes::{sm, v};
use glam::Vec3;

/// One person's shape. Numbers are about -1..1, 0 being the reference adult, unless said.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Shape {
    /// Chin lower (1) or higher (-1).
    pub(crate) long: f32,
    /// The whole head wider.
    pub(crate) wide: f32,
    /// Corners of the jaw outwards.
    pub(crate) jaw: f32,
    /// Chin forward, down and square.
    pub(crate) chin: f32,
    /// Full cheeks.
    pub(crate) cheeks: f32,
    /// A higher skull.
    pub(crate) crown: f32,
    /// The nose's size.
    pub(crate) nose: f32,
    /// The nose's width.
    pub(crate) nose_wide: f32,
    /// Tip of the nose up (1) or down (-1).
    pub(crate) tip: f32,
    /// A hump on the bridge of the nose.
    pub(crate) hook: f32,
    /// Size of the eyes: 1 is 14 % larger.
    pub(crate) eyes: f32,
    /// Ears out and large.
    pub(crate) ears: f32,
    /// A wider mouth.
    pub(crate) mouth: f32,
    /// Fuller lips.
    pub(crate) lips: f32,
    /// A belly.
    pub(crate) belly: f32,
    /// Breasts.
    pub(crate) bust: f32,
    /// Wide hips over a narrow waist.
    pub(crate) hips: f32,
    /// Chest and shoulders of somebody strong.
    pub(crate) muscle: f32,
}

/// 1 in the middle of an ellipsoid, smoothly to 0 at its edge.
fn blob(p: Vec3, centre: Vec3, radii: Vec3) -> f32 {
    let d = ((p - centre) / radii).length_squared();
    let t = (1.0 - d).max(0.0);
    t * t
}

impl Shape {
    /// How much larger the eyes are built.
    pub(crate) fn eye_size(&self) -> f32 {
        1.0 + 0.14 * self.eyes
    }

    /// Where a point of head space goes, without what happens about the eyes.
    fn skull(&self, p: Vec3) -> Vec3 {
        let side = p.x.signum();
        let x = p.x.abs();
        let mut o = p;
        // The neck stays where it is.
        let own = sm(-0.235, -0.165, p.y);
        let low = sm(-0.030, -0.135, p.y);
        o.y -= self.long * 0.019 * low * own;
        o.x += p.x * self.wide * 0.070 * own;
        let jaw = sm(-0.015, -0.080, p.y) * sm(0.030, 0.085, x) * own;
        o.x += side * self.jaw * 0.0135 * jaw;
        let chin = blob(v(x, p.y, p.z), v(0.0, -0.130, 0.066), v(0.075, 0.055, 0.070));
        o.z += self.chin * 0.012 * chin;
        o.y -= self.chin * 0.007 * chin;
        o.x += side * self.chin.max(0.0) * 0.009 * chin * sm(0.0, 0.030, x);
        let cheek = blob(v(x, p.y, p.z), v(0.078, -0.056, 0.050), v(0.060, 0.062, 0.080));
        o += v(side * 0.85, -0.10, 0.42) * self.cheeks * 0.0125 * cheek;
        o.y += self.crown * 0.018 * sm(0.060, 0.165, p.y);
        o + self.nose(p, x) + self.ear(p, x, side) + self.mouth(p, x, side)
    }

    fn nose(&self, p: Vec3, x: f32) -> Vec3 {
        let m = sm(0.040, 0.020, x) * sm(0.094, 0.114, p.z) * sm(-0.066, -0.052, p.y) * sm(0.030, -0.006, p.y);
        let out = (p.z - 0.094).max(0.0);
        let tip = sm(0.108, 0.140, p.z) * sm(0.0, -0.030, p.y);
        let bridge = sm(0.028, 0.0, (p.y + 0.008).abs());
        let small = p - v(0.0, -0.030, 0.105);
        v(
            p.x * (self.nose_wide * 0.34 + self.nose * 0.20) * m,
            (self.tip * 0.0085 * tip + small.y * self.nose * 0.22) * m,
            (out * self.nose * 0.42 + self.hook * 0.0072 * bridge - self.hook.max(0.0) * 0.002 * tip) * m,
        )
    }

    fn ear(&self, p: Vec3, x: f32, side: f32) -> Vec3 {
        let m = blob(v(x, p.y, p.z), v(0.128, -0.008, -0.014), v(0.034, 0.058, 0.046));
        v(side * 0.010 * self.ears * m, (p.y + 0.008) * 0.28 * self.ears * m, 0.0)
    }

    fn mouth(&self, p: Vec3, x: f32, side: f32) -> Vec3 {
        let line = super::head::MOUTH_Y;
        let m = sm(0.055, 0.022, (p.y - line).abs()) * sm(0.040, 0.075, p.z) * sm(0.075, 0.036, x);
        let lip = sm(0.026, 0.004, (p.y - line).abs()) * sm(0.050, 0.020, x) * sm(0.090, 0.104, p.z);
        v(side * x * 0.14 * self.mouth * m, (p.y - line) * 0.30 * self.lips * lip, 0.0030 * self.lips * lip)
    }

    /// Where the middle of an eye goes; `p` on the left or right.
    pub(crate) fn eye(&self, side: f32) -> Vec3 {
        let mut at = self.skull(v(EYE.x * side, EYE.y, EYE.z));
        // Small eyes sink, large eyes come forward.
        at.z += 0.0010 * self.eyes;
        at
    }

    /// Where a point of the skin, of hair or of a hat goes, in head space.
    pub(crate) fn head(&self, p: Vec3) -> Vec3 {
        let around = v(EYE.x * p.x.signum(), EYE.y, EYE.z);
        let near = sm(0.062, 0.036, (p - around).length());
        self.skull(p) + (p - around) * (self.eye_size() - 1.0) * near
    }

    /// Where a point of an eye, its lids or lashes goes, in head space: rigid, so that balls stay balls.
    pub(crate) fn about_eye(&self, p: Vec3) -> Vec3 {
        let side = p.x.signum();
        self.eye(side) + (p - v(EYE.x * side, EYE.y, EYE.z)) * self.eye_size()
    }

    /// Where a point of trunk, limbs and clothes goes, in the reference body.
    pub(crate) fn body(&self, p: Vec3) -> Vec3 {
        let side = p.x.signum();
        let x = p.x.abs();
        // Arms hang away from the trunk in the bind pose, and stay out of this.
        let trunk = sm(0.285, 0.200, x) * sm(0.70, 0.80, p.y);
        if trunk <= 0.0 {
            return p;
        }
        let mut o = p;
        let round = blob(p, v(0.0, 1.00, 0.075), v(0.235, 0.245, 0.230));
        let flank = sm(0.26, 0.0, (p.y - 1.00).abs()) * trunk;
        o.z += self.belly * (0.125 * round * sm(-0.06, 0.08, p.z) - 0.018 * flank * sm(0.0, -0.08, p.z));
        o.x += side * self.belly * 0.042 * flank * sm(0.020, 0.120, x);
        o.y -= self.belly * 0.020 * round;
        let breast = blob(v(x, p.y, p.z), v(0.060, 1.210, 0.085), v(0.085, 0.090, 0.110));
        o.z += self.bust * 0.030 * breast * sm(0.0, 0.06, p.z);
        let hip = sm(0.16, 0.0, (p.y - 0.885).abs()) * sm(0.02, 0.12, x) * trunk;
        let waist = sm(0.12, 0.0, (p.y - 1.075).abs()) * sm(0.02, 0.11, x) * trunk;
        o.x += side * self.hips * (0.017 * hip - 0.016 * waist);
        o.z -= self.hips * (0.010 * hip * sm(0.0, -0.08, p.z) + 0.010 * waist * sm(0.02, 0.09, p.z));
        let chest = blob(v(x, p.y, p.z), v(0.070, 1.245, 0.070), v(0.110, 0.105, 0.130));
        o.z += self.muscle * 0.024 * chest * sm(-0.02, 0.05, p.z);
        let wing = sm(0.10, 0.0, (p.y - 1.225).abs()) * sm(0.05, 0.13, x) * trunk;
        o.x += side * self.muscle * (0.014 * wing - 0.008 * waist);
        let slope = blob(v(x, p.y, p.z), v(0.085, 1.365, -0.015), v(0.075, 0.055, 0.060));
        o.y += self.muscle * 0.013 * slope;
        o
    }

    /// The same of a point of head space that is given in the reference body.
    pub(crate) fn carried_on_head(&self, p: Vec3, eye: bool) -> Vec3 {
        let local = (p - HEAD_AT) / HEAD_SCALE;
        from_head(if eye { self.about_eye(local) } else { self.head(local) })
    }
}

/// A point and its normal after a displacement, by differences along two tangents.
pub(crate) fn displaced(p: Vec3, n: Vec3, by: impl Fn(Vec3) -> Vec3) -> (Vec3, Vec3) {
    const STEP: f32 = 0.002;
    let at = by(p);
    let a = n.any_orthonormal_vector();
    let b = n.cross(a);
    let (da, db) = (by(p + a * STEP) - at, by(p + b * STEP) - at);
    (at, da.cross(db).normalize_or(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_stays_as_it_is() {
        let plain = Shape::default();
        for p in [v(0.05, -0.08, 0.1), v(-0.04, 0.01, 0.11), v(0.0, -0.03, 0.14)] {
            assert!(plain.head(p).distance(p) < 1e-6, "{p}");
            assert!(plain.body(p + Vec3::Y).distance(p + Vec3::Y) < 1e-6, "{p}");
        }
    }

    #[test]
    fn a_displaced_normal_is_that_of_the_displaced_surface() {
        let (_, n) = displaced(Vec3::ZERO, Vec3::Z, |p| v(p.x, p.y, p.z + p.x));
        assert!(n.distance(v(-1.0, 0.0, 1.0).normalize()) < 1e-3, "{n}");
    }
}
