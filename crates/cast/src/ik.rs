//! Two-bone inverse kinematics: where a knee or elbow goes when the hip and ankle are given, and how the bones turn.

use glam::{Mat3, Quat, Vec3};

/// A limb of two bones that reaches for a target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bend {
    /// The knee or elbow.
    pub mid: Vec3,
    /// The ankle or wrist: the target, or as near as the limb reaches.
    pub end: Vec3,
    /// The hinge: unit vector about which the limb bends.
    pub hinge: Vec3,
}

/// Bends a limb from `root` to `target`; the middle joint goes towards `pole` (a direction).
/// A target out of reach is approached to 99.5 % of the length, so that a limb is never quite straight and never flips.
#[must_use]
pub fn two_bone(root: Vec3, target: Vec3, upper: f32, lower: f32, pole: Vec3) -> Bend {
    let to = target - root;
    let shortest = (upper - lower).abs() + 0.01 * (upper + lower);
    let reach = to.length().clamp(shortest, (upper + lower) * 0.995);
    let along = to.normalize_or(Vec3::NEG_Y);
    let side = (pole - along * pole.dot(along)).normalize_or(along.any_orthonormal_vector());
    let x = (upper * upper - lower * lower + reach * reach) / (2.0 * reach);
    let y = (upper * upper - x * x).max(0.0).sqrt();
    Bend { mid: root + along * x + side * y, end: root + along * reach, hinge: along.cross(side) }
}

/// The turn that takes a bone from its rest direction and hinge to a posed direction and hinge.
#[must_use]
pub fn turn_between(rest: Vec3, rest_hinge: Vec3, posed: Vec3, posed_hinge: Vec3) -> Quat {
    Quat::from_mat3(&(frame(posed, posed_hinge) * frame(rest, rest_hinge).transpose())).normalize()
}

fn frame(direction: Vec3, hinge: Vec3) -> Mat3 {
    let x = direction.normalize_or(Vec3::NEG_Y);
    let z = (hinge - x * hinge.dot(x)).normalize_or(x.any_orthonormal_vector());
    Mat3::from_cols(x, z.cross(x), z)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limb_reaches_and_bends_towards_its_pole() {
        let bend = two_bone(Vec3::Y, Vec3::new(0.1, 0.3, 0.1), 0.5, 0.5, Vec3::Z);
        assert!((bend.end - Vec3::new(0.1, 0.3, 0.1)).length() < 1e-4, "{bend:?}");
        assert!(((bend.mid - Vec3::Y).length() - 0.5).abs() < 1e-4, "the upper bone keeps its length");
        assert!(((bend.mid - bend.end).length() - 0.5).abs() < 1e-4, "the lower bone keeps its length");
        assert!(bend.mid.z > 0.1, "the joint goes towards the pole");
    }

    #[test]
    fn far_targets_are_approached() {
        let bend = two_bone(Vec3::ZERO, Vec3::new(0.0, -5.0, 0.0), 0.5, 0.4, Vec3::Z);
        assert!(bend.end.y > -0.9 && bend.end.y < -0.88, "{bend:?}");
    }
}
