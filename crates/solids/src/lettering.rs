//! Words on things: outlines of letters, filled and drawn out, as large as their room allows.

use glam::Vec3;
use kinora_letters::{Face, Fonts, Outline, Wish, triangles};
use kinora_render::scene::{Bounds, Mesh, Part};
use kinora_vocabulary::Asset;
use std::sync::{Arc, OnceLock};

/// The fonts that words are set in, and the language of Chinese characters where the words do not show it.
#[derive(Clone, Debug)]
pub struct Letters {
    /// All fonts.
    pub fonts: Arc<Fonts>,
    /// zh, ja, ko, or another.
    pub language: String,
}

impl Default for Letters {
    /// The Latin faces of the binary.
    fn default() -> Self {
        static BUILTIN: OnceLock<Arc<Fonts>> = OnceLock::new();
        Self { fonts: BUILTIN.get_or_init(|| Arc::new(Fonts::builtin())).clone(), language: String::new() }
    }
}

/// Whether words can stand on a thing: its solids have a place for them. Nothing is parsed.
#[must_use]
pub fn declares(asset: &Asset) -> bool {
    asset.raw_sections().any(|(name, text)| name == "solids" && text.contains("Lettering("))
}

/// How words are set on a thing; see [`crate::format::Solid::Lettering`].
pub(crate) struct Style {
    pub(crate) face: Face,
    pub(crate) room: (f32, f32),
    pub(crate) depth: f32,
    pub(crate) most: f32,
    pub(crate) tracking: f32,
}

/// How far chords are off the curves, ems, by level of detail.
const TOLERANCE: [f32; 3] = [0.0015, 0.006, 0.02];

/// The letters, their backs at z = 0, in the middle of their room; none if there is nothing to be seen.
pub(crate) fn mesh(text: &str, style: &Style, letters: &Letters, level: usize) -> Option<Mesh> {
    let wish = Wish { language: &letters.language, leading: 1.16, tracking: style.tracking, room: Some(style.room), most_lines: 40, ..Wish::line(style.face) };
    let outline = letters.fonts.set(text, &wish).outline(TOLERANCE[level]);
    let (low, high) = outline.bounds()?;
    let size = |k: usize| (high[k] - low[k]).max(1e-3);
    let most = if style.most > 0.0 { style.most } else { f32::INFINITY };
    let scale = (style.room.0 / size(0)).min(style.room.1 / size(1)).min(most);
    let middle = [0, 1].map(|k| -(low[k] + high[k]) * 0.5 * scale);
    // Painted letters still need a hair's breadth before what they are painted on.
    Some(drawn_out(&outline.placed(scale, middle), style.depth.max(0.0015), style.depth > 0.0 && level < 2))
}

/// Fronts at `depth`, and walls down to z = 0.
fn drawn_out(outline: &Outline, depth: f32, walls: bool) -> Mesh {
    let (corners, faces) = triangles(outline);
    let mut mesh = Mesh {
        normals: vec![Vec3::Z; corners.len()],
        positions: corners.iter().map(|p| Vec3::new(p[0], p[1], depth)).collect(),
        triangles: faces,
        ..Mesh::default()
    };
    for contour in outline.contours.iter().filter(|_| walls) {
        wall(&mut mesh, contour, depth);
    }
    mesh.parts = vec![Part { material: 0, first: 0, count: mesh.triangles.len() as u32 }];
    mesh.bounds = Bounds::around(&mesh.positions);
    mesh
}

/// The wall along a contour; the inside lies to its left. Corners sharper than 40 degrees stay sharp.
fn wall(mesh: &mut Mesh, contour: &[[f32; 2]], depth: f32) {
    let n = contour.len();
    let outward = |k: usize| {
        let (a, b) = (contour[k % n], contour[(k + 1) % n]);
        Vec3::new(b[1] - a[1], a[0] - b[0], 0.0).normalize_or(Vec3::X)
    };
    for k in 0..n {
        let here = outward(k);
        let soft = |other: Vec3| if other.dot(here) > 0.766 { (other + here).normalize_or(here) } else { here };
        let (first, last) = (soft(outward(k + n - 1)), soft(outward(k + 1)));
        let base = mesh.positions.len() as u32;
        for (p, normal) in [(contour[k], first), (contour[(k + 1) % n], last)] {
            for z in [0.0, depth] {
                mesh.positions.push(Vec3::new(p[0], p[1], z));
                mesh.normals.push(normal);
            }
        }
        mesh.triangles.extend([[base, base + 2, base + 3], [base, base + 3, base + 1]]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style() -> Style {
        Style { face: Face::Bold, room: (0.8, 0.3), depth: 0.02, most: 0.0, tracking: 0.0 }
    }

    #[test]
    fn letters_fill_their_room_and_face_outwards() {
        let mesh = mesh("OPEN", &style(), &Letters::default(), 0).expect("letters");
        let size = mesh.bounds.high - mesh.bounds.low;
        assert!((size.x - 0.8).abs() < 1e-3 || (size.y - 0.3).abs() < 1e-3, "they are as large as they can be: {size}");
        assert!(size.x < 0.801 && size.y < 0.301 && (size.z - 0.02).abs() < 1e-5, "and within their room: {size}");
        assert!(mesh.bounds.centre().truncate().length() < 1e-4, "in the middle");
        for t in &mesh.triangles {
            let [a, b, c] = t.map(|i| mesh.positions[i as usize]);
            let n: Vec3 = t.iter().map(|i| mesh.normals[*i as usize]).sum();
            assert!((b - a).cross(c - a).dot(n) > -1e-9, "a triangle faces inwards");
        }
        // The front of an O is a ring: what is filled is less than its box, and the hole is not filled.
        let front = |m: &Mesh| -> f32 {
            let flat = m.triangles.iter().filter(|t| t.iter().all(|i| m.normals[*i as usize].z > 0.5));
            flat.map(|t| t.map(|i| m.positions[i as usize])).map(|[a, b, c]| (b - a).cross(c - a).length() * 0.5).sum()
        };
        let o = super::mesh("O", &style(), &Letters::default(), 0).expect("a letter");
        let box_of = (o.bounds.high - o.bounds.low).truncate().element_product();
        assert!((0.3..0.7).contains(&(front(&o) / box_of)), "an O has a hole: {} of {box_of}", front(&o));
    }

    #[test]
    fn coarser_levels_have_fewer_triangles() {
        let count = |level| mesh("Sugar & Spice", &style(), &Letters::default(), level).expect("letters").triangles.len();
        assert!(count(0) > count(1) && count(1) > count(2), "{} {} {}", count(0), count(1), count(2));
    }

    #[test]
    fn odd_texts_are_no_trouble() {
        for text in ["", "   ", "\u{1f600}", "\u{200d}\u{fe0f}", "\u{0}", "\n\n"] {
            assert!(mesh(text, &style(), &Letters::default(), 0).is_none(), "nothing to be seen in {text:?}");
        }
        for text in ["a".repeat(5000), "word ".repeat(1000), "x\ny\n".repeat(40), "שלום مرحبا abc".to_owned(), "e\u{301}\u{302}\u{303}".repeat(50)] {
            if let Some(mesh) = mesh(&text, &style(), &Letters::default(), 1) {
                let size = mesh.bounds.high - mesh.bounds.low;
                assert!(size.x < 0.81 && size.y < 0.31, "{} characters stay in their room: {size}", text.len());
            }
        }
    }
}
