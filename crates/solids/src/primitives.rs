//! Solids with an exact mesh: boxes, balls, turned and drawn shapes. Sharp where they should be, smooth elsewhere.

use glam::{Affine3A, Vec2, Vec3};
use kinora_base::maths::{cos, sin};
use kinora_render::scene::{Bounds, Mesh, Part};
use std::f32::consts::{FRAC_PI_2, PI, TAU};

/// Grows a mesh from vertices and quads.
#[derive(Default)]
struct Build {
    mesh: Mesh,
}

impl Build {
    fn vertex(&mut self, p: Vec3, n: Vec3) -> u32 {
        self.mesh.positions.push(p);
        self.mesh.normals.push(n.normalize_or(Vec3::Y));
        self.mesh.positions.len() as u32 - 1
    }
    fn quad(&mut self, a: u32, b: u32, c: u32, d: u32) {
        self.mesh.triangles.extend([[a, b, c], [a, c, d]]);
    }
    /// Joins rows of equally many vertices; `closed` also joins the last of a row to its first.
    fn rows(&mut self, rows: &[Vec<u32>], closed: bool) {
        for pair in rows.windows(2) {
            let n = pair[0].len();
            for i in 0..if closed { n } else { n - 1 } {
                let j = (i + 1) % n;
                self.quad(pair[0][i], pair[0][j], pair[1][j], pair[1][i]);
            }
        }
    }
    fn finish(mut self) -> Mesh {
        // Poles make triangles without area.
        let positions = &self.mesh.positions;
        self.mesh.triangles.retain(|t| {
            let [a, b, c] = t.map(|i| positions[i as usize]);
            a != b && b != c && c != a
        });
        let count = self.mesh.triangles.len() as u32;
        self.mesh.parts = vec![Part { material: 0, first: 0, count }];
        self.mesh.bounds = Bounds::around(&self.mesh.positions);
        self.mesh
    }
}

/// A box with rounded edges, about the origin. `segments` along each rounding: 0 has none (12 triangles),
/// 1 is a plain bevel that shades as a rounding (44 triangles), more are round.
#[must_use]
pub fn rounded_box(half: Vec3, round: f32, segments: usize) -> Mesh {
    if segments == 0 || round <= 0.0 {
        return bevelled(half, 0.0);
    }
    if segments == 1 {
        return bevelled(half, round.min(half.min_element() * 0.9));
    }
    let round = round.min(half.min_element() * 0.98).max(1e-4);
    let inner = half - Vec3::splat(round);
    let s = segments.max(1);
    let mut build = Build::default();
    // Each face of a cube, bent onto the rounded surface: grid lines at -1, the rounding, and 1.
    for axis in 0..3 {
        for sign in [-1.0f32, 1.0] {
            let steps: Vec<f32> = (0..=s)
                .map(|i| -FRAC_PI_2 * 0.5 + (i as f32 / s as f32) * FRAC_PI_2 * 0.5)
                .chain((0..=s).map(|i| (i as f32 / s as f32) * FRAC_PI_2 * 0.5))
                .collect();
            let rows: Vec<Vec<u32>> = steps
                .iter()
                .enumerate()
                .map(|(j, b)| {
                    steps
                        .iter()
                        .enumerate()
                        .map(|(i, a)| {
                            let side = |k: usize| if k <= s { -1.0 } else { 1.0 };
                            let mut n = Vec3::ZERO;
                            n[axis] = sign;
                            n[(axis + 1) % 3] = sin(*a) / cos(*a);
                            n[(axis + 2) % 3] = sin(*b) / cos(*b);
                            let n = n.normalize();
                            let mut corner = Vec3::ZERO;
                            corner[axis] = sign * inner[axis];
                            corner[(axis + 1) % 3] = side(i) * inner[(axis + 1) % 3];
                            corner[(axis + 2) % 3] = side(j) * inner[(axis + 2) % 3];
                            build.vertex(corner + n * round, n)
                        })
                        .collect()
                })
                .collect();
            for pair in rows.windows(2) {
                for i in 0..pair[0].len() - 1 {
                    if sign > 0.0 {
                        build.quad(pair[0][i], pair[0][i + 1], pair[1][i + 1], pair[1][i])
                    } else {
                        build.quad(pair[0][i], pair[1][i], pair[1][i + 1], pair[0][i + 1])
                    }
                }
            }
        }
    }
    build.finish()
}

/// Six faces, and if `bevel` is over 0 twelve edges and eight corners between their corners. Flat faces keep their normals, so bevels shade round.
fn bevelled(half: Vec3, bevel: f32) -> Mesh {
    let mut build = Build::default();
    let signs = |c: usize| Vec3::new(if c & 1 == 0 { -1.0 } else { 1.0 }, if c & 2 == 0 { -1.0 } else { 1.0 }, if c & 4 == 0 { -1.0 } else { 1.0 });
    // Vertex `corner * 3 + axis`: the corner of the face across that axis.
    for corner in 0..8 {
        for axis in 0..3 {
            let s = signs(corner);
            let mut p = s * (half - Vec3::splat(bevel));
            p[axis] = s[axis] * half[axis];
            let mut n = Vec3::ZERO;
            n[axis] = s[axis];
            build.vertex(p, n);
        }
    }
    let id = |corner: usize, axis: usize| (corner * 3 + axis) as u32;
    for axis in 0..3 {
        let (u, w) = (1 << ((axis + 1) % 3), 1 << ((axis + 2) % 3));
        for side in [0, 1 << axis] {
            let ring = [side, side + u, side + u + w, side + w].map(|c| id(c, axis));
            if side > 0 { build.quad(ring[0], ring[1], ring[2], ring[3]) } else { build.quad(ring[0], ring[3], ring[2], ring[1]) }
        }
        if bevel > 0.0 {
            // The edges along this axis lie between the faces across the two others.
            let (b, c) = ((axis + 1) % 3, (axis + 2) % 3);
            for base in [0, u, w, u + w] {
                let far = base + (1 << axis);
                let ring = [id(base, b), id(base, c), id(far, c), id(far, b)];
                let odd = (base & u == 0) != (base & w == 0);
                if odd { build.quad(ring[0], ring[3], ring[2], ring[1]) } else { build.quad(ring[0], ring[1], ring[2], ring[3]) }
            }
        }
    }
    if bevel > 0.0 {
        for corner in 0..8usize {
            let t = [id(corner, 0), id(corner, 1), id(corner, 2)];
            build.mesh.triangles.push(if corner.count_ones() % 2 == 1 { t } else { [t[0], t[2], t[1]] });
        }
    }
    build.finish()
}

/// A ball or ellipsoid about the origin.
#[must_use]
pub fn ball(radii: Vec3, segments: usize) -> Mesh {
    let n = segments.max(4);
    let profile: Vec<Vec2> =
        (0..=n / 2).map(|i| PI * i as f32 / (n / 2) as f32).map(|a| Vec2::new(if sin(a) < 1e-5 { 0.0 } else { sin(a) }, -cos(a))).collect();
    let mut mesh = lathe(&profile, n);
    for (p, nn) in mesh.positions.iter_mut().zip(&mut mesh.normals) {
        *p *= radii;
        *nn = (*nn / radii).normalize_or(Vec3::Y);
    }
    mesh.bounds = Bounds::around(&mesh.positions);
    mesh
}

/// A profile of (radius, height) from below to above, turned about the vertical. Corners sharper than 40 degrees stay sharp.
#[must_use]
pub fn lathe(profile: &[Vec2], segments: usize) -> Mesh {
    let mut build = Build::default();
    let n = segments.max(3);
    let outward = |a: Vec2, b: Vec2| Vec2::new(b.y - a.y, a.x - b.x).normalize_or(Vec2::X);
    for (k, w) in profile.windows(2).enumerate() {
        let here = outward(w[0], w[1]);
        let soft = |other: Option<Vec2>| other.filter(|o| o.dot(here) > 0.766).map_or(here, |o| (o + here).normalize_or(here));
        let before = if k > 0 { Some(outward(profile[k - 1], profile[k])) } else { None };
        let after = profile.get(k + 2).map(|p| outward(w[1], *p));
        let ring = |build: &mut Build, p: Vec2, m: Vec2| -> Vec<u32> {
            (0..n)
                .map(|i| TAU * i as f32 / n as f32)
                .map(|a| build.vertex(Vec3::new(p.x * sin(a), p.y, p.x * cos(a)), Vec3::new(m.x * sin(a), m.y, m.x * cos(a))))
                .collect()
        };
        let low = ring(&mut build, w[0], soft(before));
        let high = ring(&mut build, w[1], soft(after));
        build.rows(&[low, high], true);
    }
    build.finish()
}

/// A round tube along points with a radius at each, with round caps.
#[must_use]
pub fn tube(path: &[(Vec3, f32)], sides: usize) -> Mesh {
    let mut build = Build::default();
    if path.len() < 2 {
        return build.finish();
    }
    let n = sides.max(3);
    let along = |i: usize| (path[(i + 1).min(path.len() - 1)].0 - path[i.saturating_sub(1)].0).normalize_or(Vec3::Y);
    let first = along(0);
    let mut side = first.any_orthonormal_vector();
    let mut rows = Vec::new();
    let cap = |build: &mut Build, at: Vec3, axis: Vec3, side: Vec3, r: f32, squeeze: f32, push: f32| -> Vec<u32> {
        let other = axis.cross(side);
        (0..n)
            .map(|i| TAU * i as f32 / n as f32)
            .map(|a| side * cos(a) + other * sin(a))
            .map(|d| build.vertex(at + d * r * squeeze + axis * push * r, d * squeeze + axis * push))
            .collect()
    };
    for (i, (p, r)) in path.iter().enumerate() {
        let axis = along(i);
        side = (side - axis * side.dot(axis)).normalize_or(axis.any_orthonormal_vector());
        if i == 0 {
            rows.push(cap(&mut build, *p, axis, side, *r, 0.05, -0.6));
            rows.push(cap(&mut build, *p, axis, side, *r, 0.75, -0.4));
        }
        rows.push(cap(&mut build, *p, axis, side, *r, 1.0, 0.0));
        if i + 1 == path.len() {
            rows.push(cap(&mut build, *p, axis, side, *r, 0.75, 0.4));
            rows.push(cap(&mut build, *p, axis, side, *r, 0.05, 0.6));
        }
    }
    build.rows(&rows, true);
    build.finish()
}

/// A capsule between two points.
#[must_use]
pub fn capsule(from: Vec3, to: Vec3, radii: [f32; 2], sides: usize) -> Mesh {
    tube(&[(from, radii[0]), (to, radii[1])], sides)
}

/// A flat outline (counter-clockwise in x and y, star-shaped about its middle) drawn out along z, half to each side.
#[must_use]
pub fn extrude(outline: &[Vec2], depth: f32) -> Mesh {
    let mut build = Build::default();
    let n = outline.len();
    if n < 3 {
        return build.finish();
    }
    let h = depth * 0.5;
    let middle = outline.iter().copied().sum::<Vec2>() / n as f32;
    for (z, normal) in [(h, Vec3::Z), (-h, Vec3::NEG_Z)] {
        let centre = build.vertex(middle.extend(z), normal);
        let ring: Vec<u32> = outline.iter().map(|p| build.vertex(p.extend(z), normal)).collect();
        for i in 0..n {
            let (a, b) = (ring[i], ring[(i + 1) % n]);
            build.mesh.triangles.push(if z > 0.0 { [centre, a, b] } else { [centre, b, a] });
        }
    }
    for i in 0..n {
        let (a, b) = (outline[i], outline[(i + 1) % n]);
        let normal = Vec3::new(b.y - a.y, a.x - b.x, 0.0);
        let [p, q, r, s] = [a.extend(-h), b.extend(-h), b.extend(h), a.extend(h)].map(|p| build.vertex(p, normal));
        build.quad(p, q, r, s);
    }
    build.finish()
}

/// A level sheet in x and z with a height function, `cells` squares along each side.
#[must_use]
pub fn sheet(half: Vec2, cells: usize, height: impl Fn(f32, f32) -> f32) -> Mesh {
    let mut build = Build::default();
    let n = cells.max(1);
    let step = half * 2.0 / n as f32;
    let rows: Vec<Vec<u32>> = (0..=n)
        .map(|j| {
            (0..=n)
                .map(|i| {
                    let (x, z) = (-half.x + step.x * i as f32, -half.y + step.y * j as f32);
                    let slope = Vec3::new(height(x - 0.05, z) - height(x + 0.05, z), 0.1, height(x, z - 0.05) - height(x, z + 0.05));
                    build.vertex(Vec3::new(x, height(x, z), z), slope)
                })
                .collect()
        })
        .collect();
    for pair in rows.windows(2) {
        for i in 0..n {
            build.quad(pair[0][i], pair[1][i], pair[1][i + 1], pair[0][i + 1]);
        }
    }
    build.finish()
}

/// Several meshes as one, each moved and given a material slot of its own.
#[must_use]
pub fn join(pieces: &[(&Mesh, Affine3A, u16)]) -> Mesh {
    let mut out = Mesh::default();
    let any_tint = pieces.iter().any(|(m, _, _)| !m.tint.is_empty());
    let any_open = pieces.iter().any(|(m, _, _)| !m.openness.is_empty());
    let any_rest = pieces.iter().any(|(m, _, _)| !m.rest.is_empty());
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    // Parts of one material are one run: fewer, longer runs draw faster.
    order.sort_by_key(|i| pieces[*i].2);
    for i in order {
        let (mesh, at, material) = &pieces[i];
        let base = out.positions.len() as u32;
        let normal_matrix = at.matrix3.inverse().transpose();
        out.positions.extend(mesh.positions.iter().map(|p| at.transform_point3(*p)));
        out.normals.extend(mesh.normals.iter().map(|n| Vec3::from(normal_matrix * glam::Vec3A::from(*n)).normalize_or(Vec3::Y)));
        if any_rest {
            if mesh.rest.is_empty() { out.rest.extend(mesh.positions.iter().map(|p| at.transform_point3(*p))) } else { out.rest.extend_from_slice(&mesh.rest) }
        }
        if any_open {
            if mesh.openness.is_empty() {
                out.openness.extend(std::iter::repeat_n(255, mesh.positions.len()))
            } else {
                out.openness.extend_from_slice(&mesh.openness)
            }
        }
        if any_tint {
            if mesh.tint.is_empty() { out.tint.extend(std::iter::repeat_n([128; 3], mesh.positions.len())) } else { out.tint.extend_from_slice(&mesh.tint) }
        }
        let first = out.triangles.len() as u32;
        let flip = at.matrix3.determinant() < 0.0;
        out.triangles.extend(mesh.triangles.iter().map(|t| if flip { [t[0] + base, t[2] + base, t[1] + base] } else { t.map(|c| c + base) }));
        let count = out.triangles.len() as u32 - first;
        match out.parts.last_mut() {
            Some(last) if last.material == *material => last.count += count,
            _ => out.parts.push(Part { material: *material, first, count }),
        }
    }
    out.bounds = Bounds::around(&out.positions);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every triangle's face points the way its corners' normals do.
    fn faces_out(mesh: &Mesh, name: &str) {
        for t in &mesh.triangles {
            let [a, b, c] = t.map(|i| mesh.positions[i as usize]);
            let face = (b - a).cross(c - a);
            let n = t.iter().map(|i| mesh.normals[*i as usize]).sum::<Vec3>();
            assert!(face.length() < 1e-9 || face.dot(n) > -1e-9, "{name}: triangle {t:?} faces inwards");
        }
    }

    #[test]
    fn primitives_face_outwards() {
        for segments in 0..3 {
            faces_out(&rounded_box(Vec3::new(0.5, 0.3, 0.2), 0.05, segments), "box");
        }
        faces_out(&ball(Vec3::ONE, 12), "ball");
        faces_out(&lathe(&[Vec2::new(0.0, 0.0), Vec2::new(0.4, 0.0), Vec2::new(0.5, 1.0), Vec2::new(0.0, 1.0)], 12), "lathe");
        faces_out(&tube(&[(Vec3::ZERO, 0.1), (Vec3::Y, 0.2), (Vec3::new(1.0, 1.0, 0.0), 0.1)], 8), "tube");
        faces_out(&extrude(&[Vec2::new(-1.0, -1.0), Vec2::new(1.0, -1.0), Vec2::new(0.0, 1.0)], 0.2), "extrusion");
        faces_out(&sheet(Vec2::ONE, 4, |x, _| x * 0.1), "sheet");
    }
}
