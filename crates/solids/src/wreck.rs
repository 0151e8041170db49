//! What is broken: a mesh falls into pieces. What stands low stays where it is, what was above lies about it.

use glam::{Quat, Vec3};
use kinora_base::maths::{cos, sin};
use kinora_base::{Rng, Seed};
use kinora_render::scene::{Bounds, Mesh, Part};
use std::collections::BTreeMap;

/// Into how many pieces, at most.
const PIECES: usize = 9;
/// The longest edge along which something breaks, as a share of its size: longer ones are cut first.
const EDGE: f32 = 0.11;
/// How often a triangle is halved at most.
const DEEP: usize = 8;
/// A part of a thing that is smaller than this share of it breaks off as a whole: a leg, a handle.
const WHOLE: f32 = 0.45;

/// One corner of a triangle, as it was.
#[derive(Clone, Copy)]
struct Corner {
    at: Vec3,
    normal: Vec3,
    rest: Vec3,
    openness: u8,
    tint: [u8; 3],
}

impl Corner {
    fn between(a: Self, b: Self) -> Self {
        let mean = |a: u8, b: u8| a.midpoint(b);
        Self {
            at: (a.at + b.at) * 0.5,
            normal: (a.normal + b.normal).normalize_or(a.normal),
            rest: (a.rest + b.rest) * 0.5,
            openness: mean(a.openness, b.openness),
            tint: std::array::from_fn(|k| mean(a.tint[k], b.tint[k])),
        }
    }
}

/// A triangle with the connected part that it belongs to.
struct Face {
    corners: [Corner; 3],
    material: u16,
    part: usize,
}

/// The same mesh in pieces on the ground; every level of detail of a thing breaks alike.
pub(crate) fn broken(mesh: &Mesh, seed: u64) -> Mesh {
    let (low, high) = (mesh.bounds.low, mesh.bounds.high);
    let size = (high - low).max(Vec3::splat(1e-3));
    let parts = connected(mesh);
    let mut faces = Vec::new();
    for part in &mesh.parts {
        for triangle in &mesh.triangles[part.first as usize..(part.first + part.count) as usize] {
            let corners = triangle.map(|i| corner(mesh, i as usize));
            cut(corners, size.max_element() * EDGE, DEEP, &mut |corners| {
                faces.push(Face { corners, material: part.material, part: parts[triangle[0] as usize] })
            });
        }
    }
    let mut rng = Seed(seed).child("broken").rng();
    let middles: Vec<Vec3> = (0..PIECES).map(|k| low + size * Vec3::new(rng.unit(), (k as f32 + rng.unit()) / PIECES as f32, rng.unit())).collect();
    let nearest = |p: Vec3| {
        let away = |m: &Vec3| ((*m - p) / size * Vec3::new(0.7, 1.0, 0.7)).length_squared();
        (0..PIECES).min_by(|a, b| away(&middles[*a]).total_cmp(&away(&middles[*b]))).unwrap_or(0)
    };
    let extents = extents(&faces);
    let belongs = |f: &Face| match extents.get(&f.part) {
        // Small parts break off, or stay on, as a whole.
        Some((a, b)) if (*b - *a).max_element() < size.max_element() * WHOLE => nearest((*a + *b) * 0.5),
        _ => nearest((f.corners[0].at + f.corners[1].at + f.corners[2].at) / 3.0),
    };
    let pieces: Vec<usize> = faces.iter().map(belongs).collect();
    let falls: Vec<Fall> = (0..PIECES).map(|k| Fall::of(faces.iter().zip(&pieces).filter(|(_, p)| **p == k).map(|(f, _)| f), (low, size), &mut rng)).collect();
    rebuilt(&faces, &pieces, &falls)
}

/// How a piece lies.
struct Fall {
    turn: Quat,
    about: Vec3,
    to: Vec3,
}

impl Fall {
    fn of<'f>(faces: impl Iterator<Item = &'f Face>, (low, size): (Vec3, Vec3), rng: &mut Rng) -> Self {
        let corners: Vec<Vec3> = faces.flat_map(|f| f.corners.map(|c| c.at)).collect();
        let bounds = Bounds::around(&corners);
        let (about, foot) = (bounds.centre(), bounds.low.y - low.y);
        let tilt = Vec3::new(rng.signed(), rng.signed(), rng.signed());
        if foot < size.y * 0.12 {
            // It stands where it stood, a little askew.
            let about = Vec3::new(about.x, bounds.low.y, about.z);
            return Self { turn: Quat::from_scaled_axis(tilt * 0.05), about, to: about };
        }
        let turn = Quat::from_scaled_axis(tilt * 2.6);
        let spread = (size.x.max(size.z) * 0.75 + size.y * 0.22) * rng.range(0.6, 1.15);
        let aside = ((about - low - size * 0.5) * Vec3::new(1.0, 0.0, 1.0)).normalize_or_zero();
        let angle = rng.range(0.0, std::f32::consts::TAU);
        let out = (aside + Vec3::new(sin(angle), 0.0, cos(angle)) * 0.8).normalize_or(Vec3::X);
        let sunk = corners.iter().map(|p| (turn * (*p - about)).y).fold(f32::MAX, f32::min);
        let to = Vec3::new(low.x + size.x * 0.5, low.y - sunk.min(0.0), low.z + size.z * 0.5) + out * spread;
        Self { turn, about, to }
    }

    fn place(&self, at: Vec3) -> Vec3 {
        self.turn * (at - self.about) + self.to
    }
}

fn corner(mesh: &Mesh, i: usize) -> Corner {
    Corner {
        at: mesh.positions[i],
        normal: mesh.normals[i],
        rest: mesh.rest.get(i).copied().unwrap_or(mesh.positions[i]),
        openness: mesh.openness.get(i).copied().unwrap_or(255),
        tint: mesh.tint.get(i).copied().unwrap_or([128; 3]),
    }
}

/// Halves a triangle across its longest edge until no edge is long.
fn cut([a, b, c]: [Corner; 3], edge: f32, deep: usize, out: &mut impl FnMut([Corner; 3])) {
    let [ab, bc, ca] = [a.at.distance(b.at), b.at.distance(c.at), c.at.distance(a.at)];
    let long = ab.max(bc).max(ca);
    if long <= edge || deep == 0 {
        return out([a, b, c]);
    }
    let [a, b, c] = if long <= ab {
        [a, b, c]
    } else if long <= bc {
        [b, c, a]
    } else {
        [c, a, b]
    };
    let middle = Corner::between(a, b);
    cut([a, middle, c], edge, deep - 1, out);
    cut([middle, b, c], edge, deep - 1, out);
}

/// For every vertex the number of the part that it hangs together with; vertices at one place are one.
fn connected(mesh: &Mesh) -> Vec<usize> {
    fn root(of: &mut [usize], mut k: usize) -> usize {
        while of[k] != k {
            of[k] = of[of[k]];
            k = of[k];
        }
        k
    }
    let mut of: Vec<usize> = (0..mesh.positions.len()).collect();
    let mut places = BTreeMap::new();
    for (k, p) in mesh.positions.iter().enumerate() {
        let key = p.to_array().map(|x| (x * 2000.0).round() as i64);
        let first = *places.entry(key).or_insert(k);
        let (a, b) = (root(&mut of, first), root(&mut of, k));
        of[b] = a;
    }
    for t in &mesh.triangles {
        for pair in [[t[0], t[1]], [t[1], t[2]]] {
            let (a, b) = (root(&mut of, pair[0] as usize), root(&mut of, pair[1] as usize));
            of[b] = a;
        }
    }
    (0..of.len()).map(|k| root(&mut of, k)).collect()
}

/// Least and greatest corner of every part.
fn extents(faces: &[Face]) -> BTreeMap<usize, (Vec3, Vec3)> {
    let mut all = BTreeMap::new();
    for face in faces {
        let e = all.entry(face.part).or_insert((Vec3::INFINITY, Vec3::NEG_INFINITY));
        for c in &face.corners {
            *e = (e.0.min(c.at), e.1.max(c.at));
        }
    }
    all
}

/// The pieces where they lie, seen from both sides: shells are hollow.
fn rebuilt(faces: &[Face], pieces: &[usize], falls: &[Fall]) -> Mesh {
    let mut mesh = Mesh::default();
    for (face, piece) in faces.iter().zip(pieces) {
        let fall = &falls[*piece];
        if mesh.parts.last().is_none_or(|p| p.material != face.material) {
            mesh.parts.push(Part { material: face.material, first: mesh.triangles.len() as u32, count: 0 });
        }
        for (side, order) in [(1.0, [0, 1, 2]), (-1.0, [0, 2, 1])] {
            let first = mesh.positions.len() as u32;
            for k in order {
                let c = face.corners[k];
                mesh.positions.push(fall.place(c.at));
                mesh.normals.push(fall.turn * c.normal * side);
                mesh.rest.push(c.rest);
                mesh.openness.push(c.openness);
                mesh.tint.push(c.tint);
            }
            mesh.triangles.push([first, first + 1, first + 2]);
        }
        if let Some(part) = mesh.parts.last_mut() {
            part.count += 2;
        }
    }
    mesh.bounds = Bounds::around(&mesh.positions);
    mesh
}

#[cfg(test)]
mod tests {
    use crate::{Finish, build};
    use kinora_vocabulary::{Kind, Vocabulary};

    #[test]
    fn what_is_broken_lies_lower_and_wider_on_the_ground() {
        let vocabulary = Vocabulary::builtin().expect("the built-in files");
        for word in ["vase", "chair", "bottle"] {
            let asset = vocabulary.get(Kind::Prop, word).expect(word);
            let whole = build(asset, &vocabulary, &Finish::default()).expect(word);
            let broken = build(asset, &vocabulary, &Finish { broken: true, ..Finish::default() }).expect(word);
            let (w, b) = (whole.bounds, broken.bounds);
            assert!(b.high.y < w.high.y, "{word}: {} of {} m high", b.high.y, w.high.y);
            assert!(b.high.x - b.low.x > (w.high.x - w.low.x) * 1.2, "{word}: {b:?} is wider than {w:?}");
            assert!((b.low.y - w.low.y).abs() < 0.06, "{word}: it lies on the ground, not at {}", b.low.y);
            assert_eq!(broken.levels.len(), whole.levels.len(), "{word}: as many levels of detail");
        }
    }
}
