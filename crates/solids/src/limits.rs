//! Numbers of a file that would take for ever to build: they are refused before anything is made of them.

use crate::{Field, SolidsError};
use glam::{Affine3A, Vec2, Vec3};
use kinora_render::scene::Mesh;

/// Cells on the surface of a blend, at the finest level.
const MOST_CELLS: f32 = 6e6;
/// Metres from the origin.
const FARTHEST: f32 = 1e5;

/// Refuses a count above `most`.
///
/// # Errors
/// If it is above.
pub fn at_most(what: &'static str, count: usize, most: usize) -> Result<(), SolidsError> {
    if count <= most { Ok(()) } else { Err(SolidsError::TooMuch { what, value: count.to_string(), expected: format!("at most {most}") }) }
}

/// Whether a field can be meshed with cells of this size.
///
/// # Errors
/// If it has no finite size, or far too many cells.
pub fn affordable(field: &Field, cell: f32) -> Result<(), SolidsError> {
    let Some(bounds) = field.bounds() else { return Ok(()) };
    let size = bounds.high - bounds.low;
    if !(size.is_finite() && bounds.high.abs().max(bounds.low.abs()).max_element() < FARTHEST) {
        return Err(SolidsError::TooMuch { what: "a blend", value: format!("{size} metres"), expected: format!("every number finite and below {FARTHEST}") });
    }
    let n = size / cell;
    let cells = 2.0 * (n.x * n.y + n.y * n.z + n.z * n.x);
    if cell > 0.0 && cells < MOST_CELLS && n.max_element() < 5e4 {
        return Ok(());
    }
    let wanted = (2.0 * (size.x * size.y + size.y * size.z + size.z * size.x) / MOST_CELLS).sqrt().max(size.max_element() / 5e4);
    Err(SolidsError::TooMuch { what: "`cell` of a blend", value: cell.to_string(), expected: format!("at least {wanted:.5} metres for a blend of {size}") })
}

/// Refuses an outline that runs clockwise: its surface would be seen from within only.
///
/// # Errors
/// If its signed area is below zero.
pub(crate) fn outward(what: &'static str, outline: &[Vec2]) -> Result<(), SolidsError> {
    let area: f32 = outline.iter().zip(outline.iter().cycle().skip(1)).map(|(a, b)| a.perp_dot(*b)).sum::<f32>() / 2.0;
    if area >= 0.0 || !area.is_finite() {
        return Ok(());
    }
    Err(SolidsError::TooMuch { what, value: "points in clockwise order".to_owned(), expected: "the other order, or it is inside out".to_owned() })
}

/// The same of a lathe's profile, if it is closed: both its ends lie on the axis.
///
/// # Errors
/// If it runs from the top down.
pub(crate) fn outward_profile(profile: &[Vec2]) -> Result<(), SolidsError> {
    match (profile.first(), profile.last()) {
        (Some(first), Some(last)) if first.x == 0.0 && last.x == 0.0 => outward("`profile` of a lathe", profile),
        _ => Ok(()),
    }
}

/// Whether every vertex is somewhere.
pub(crate) fn somewhere(mesh: &Mesh, at: &Affine3A) -> Result<(), SolidsError> {
    let near = |p: Vec3| p.is_finite() && p.abs().max_element() < FARTHEST;
    match mesh.positions.iter().map(|p| at.transform_point3(*p)).find(|p| !near(*p)) {
        None => Ok(()),
        Some(p) => Err(SolidsError::TooMuch { what: "a place", value: p.to_string(), expected: format!("every number finite and below {FARTHEST}") }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_inside_out_is_refused() {
        let square = [Vec2::ZERO, Vec2::X, Vec2::ONE, Vec2::Y];
        let turned: Vec<Vec2> = square.iter().rev().copied().collect();
        assert!(outward("an outline", &square).is_ok() && outward("an outline", &turned).is_err());
        assert!(outward_profile(&square).is_ok() && outward_profile(&turned).is_err());
        assert!(outward_profile(&[Vec2::Y, Vec2::X]).is_ok(), "an open shell may be seen from below");
    }

    #[test]
    fn slips_of_the_pen_are_refused() {
        let ball = |radius| Field::ellipsoid(Vec3::ZERO, Vec3::splat(radius));
        assert!(affordable(&ball(1.0), 0.01).is_ok(), "a fine ball");
        assert!(affordable(&ball(1.0), 1e-5).is_err(), "far too fine");
        assert!(affordable(&ball(f32::INFINITY), 0.1).is_err(), "without end");
        assert!(affordable(&ball(f32::NAN), 0.1).is_err(), "nowhere");
    }
}
