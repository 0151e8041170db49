//! Tufts: small bent blades grown on a mesh. Fur, leaves, needles, grass, moss and rug pile are all this.

use glam::Vec3;
use kinora_base::Seed;
use kinora_render::scene::{Bounds, Mesh, Part};

/// How tufts look and lie.
#[derive(Clone, Copy, Debug)]
pub struct Tufts {
    /// How many.
    pub count: usize,
    /// Metres from root to tip.
    pub length: f32,
    /// Metres across the root.
    pub width: f32,
    /// 0 lies flat along the surface, 1 stands up.
    pub lift: f32,
    /// The direction they lie in, projected on the surface; zero = every which way.
    pub along: Vec3,
    /// How much they differ in brightness, 0..1.
    pub vary: f32,
}

/// Blades on a mesh, evenly by area: three triangles each, with the surface's normal so that they shade as one coat.
/// The second value is, for every blade, the triangle it grows on: five vertices a blade, in order.
#[must_use]
pub fn tufts(on: &Mesh, style: &Tufts, seed: Seed, keep: &dyn Fn(Vec3, Vec3) -> f32) -> (Mesh, Vec<u32>) {
    let mut rng = seed.rng();
    let corners = |t: &[u32; 3]| t.map(|i| on.positions[i as usize]);
    let mut sum = 0.0;
    let areas: Vec<f32> = on
        .triangles
        .iter()
        .map(|t| {
            let [a, b, c] = corners(t);
            sum += (b - a).cross(c - a).length();
            sum
        })
        .collect();
    let (mut mesh, mut roots) = (Mesh::default(), Vec::new());
    if sum <= 0.0 {
        return (mesh, roots);
    }
    for _ in 0..style.count {
        let at = rng.unit() * sum;
        let index = areas.partition_point(|a| *a < at).min(on.triangles.len() - 1);
        let triangle = &on.triangles[index];
        let [a, b, c] = corners(triangle);
        let (mut u, mut v) = (rng.unit(), rng.unit());
        if u + v > 1.0 {
            (u, v) = (1.0 - u, 1.0 - v);
        }
        let root = a + (b - a) * u + (c - a) * v;
        let [na, nb, nc] = triangle.map(|i| on.normals[i as usize]);
        let normal = (na * (1.0 - u - v) + nb * u + nc * v).normalize_or(Vec3::Y);
        let (turn, size, shade) = (rng.signed(), rng.range(0.75, 1.25), rng.signed());
        let size = size * keep(root, normal);
        if size <= 0.05 {
            continue;
        }
        blade(&mut mesh, root, normal, lie(style.along, normal, turn, rng.signed()), style, size, shade);
        roots.push(index as u32);
    }
    let count = mesh.triangles.len() as u32;
    mesh.parts = vec![Part { material: 0, first: 0, count }];
    mesh.bounds = Bounds::around(&mesh.positions);
    (mesh, roots)
}

/// The direction a blade lies in.
fn lie(along: Vec3, normal: Vec3, turn: f32, other: f32) -> Vec3 {
    let free = normal.any_orthonormal_vector();
    let any = free * turn + normal.cross(free) * other;
    let wished = along - normal * along.dot(normal);
    (wished * 1.6 + any).normalize_or(free)
}

/// Root, bend and tip: a quad and a triangle.
fn blade(mesh: &mut Mesh, root: Vec3, normal: Vec3, lie: Vec3, style: &Tufts, size: f32, shade: f32) {
    let (length, half) = (style.length * size, style.width * 0.5);
    let rise = (lie * (1.0 - style.lift) + normal * (style.lift + 0.15)).normalize_or(normal);
    let side = rise.cross(normal).normalize_or(lie.cross(normal).normalize_or(Vec3::X));
    let bend = root + rise * length * 0.55;
    let tip = root + rise * length * 0.8 + lie * length * 0.25 - normal * length * 0.06;
    let base = mesh.positions.len() as u32;
    let inside = root - normal * length * 0.08;
    mesh.positions.extend([inside - side * half, inside + side * half, bend - side * half * 0.8, bend + side * half * 0.8, tip]);
    mesh.normals.extend([normal; 5]);
    mesh.rest.extend([root; 5]);
    let tone = |f: f32| [((1.0 + shade * style.vary) * f * 128.0).clamp(0.0, 255.0) as u8; 3];
    mesh.tint.extend([tone(0.72), tone(0.72), tone(0.95), tone(0.95), tone(1.12)]);
    mesh.triangles.extend([[base, base + 1, base + 3], [base, base + 3, base + 2], [base + 2, base + 3, base + 4]]);
}
