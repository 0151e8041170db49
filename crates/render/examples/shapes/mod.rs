//! Spheres, boxes, blades and a little garden of them, shared by the examples.
#![allow(dead_code, reason = "each example uses a part of it")]

use glam::{Affine3A, Quat, Vec3};
use kinora_base::maths::{cos, sin};
use kinora_base::noise::octaves;
use kinora_base::{LinearRgb, Seed};
use kinora_render::scene::*;
use std::sync::Arc;

/// A grid of quads bent by a function from (u, v) in 0..1 to a point; normals from the neighbours.
pub(crate) fn sheet(nu: u32, nv: u32, at: impl Fn(f32, f32) -> Vec3) -> Mesh {
    let mut m = Mesh::default();
    for j in 0..=nv {
        for i in 0..=nu {
            let (u, v) = (i as f32 / nu as f32, j as f32 / nv as f32);
            let e = 1e-3;
            let n = (at(u + e, v) - at(u - e, v)).cross(at(u, v + e) - at(u, v - e));
            m.positions.push(at(u, v));
            m.normals.push(n.normalize_or(Vec3::Y));
        }
    }
    for j in 0..nv {
        for i in 0..nu {
            let a = j * (nu + 1) + i;
            m.triangles.push([a, a + 1, a + nu + 2]);
            m.triangles.push([a, a + nu + 2, a + nu + 1]);
        }
    }
    whole(m)
}

fn whole(mut m: Mesh) -> Mesh {
    m.parts = vec![Part { material: 0, first: 0, count: m.triangles.len() as u32 }];
    m.bounds = Bounds::around(&m.positions);
    m
}

/// A ball of radius 1.
pub(crate) fn ball(n: u32) -> Mesh {
    let tau = std::f32::consts::TAU;
    let mut m = sheet(n * 2, n, |u, v| {
        let (a, h) = (u * tau, (v - 0.5) * tau * 0.5);
        Vec3::new(cos(h) * sin(a), sin(h), cos(h) * cos(a))
    });
    m.normals = m.positions.clone();
    m
}

/// A box with half sides.
pub(crate) fn block(half: Vec3) -> Mesh {
    let mut m = Mesh::default();
    for axis in 0..3 {
        for side in [-1.0f32, 1.0] {
            let (mut n, mut u) = (Vec3::ZERO, Vec3::ZERO);
            n[axis] = side;
            u[(axis + 1) % 3] = 1.0;
            let v = n.cross(u);
            let b = m.positions.len() as u32;
            for (x, y) in [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)] {
                m.positions.push((n + u * x + v * y) * half);
                m.normals.push(n);
            }
            m.triangles.extend([[b, b + 1, b + 2], [b, b + 2, b + 3]]);
        }
    }
    whole(m)
}

/// A tuft of bent blades with normals up.
pub(crate) fn tuft(seed: u64, blades: usize) -> Mesh {
    let mut rng = Seed(seed).rng();
    let mut m = Mesh::default();
    for _ in 0..blades {
        let foot = Vec3::new(rng.signed() * 0.12, 0.0, rng.signed() * 0.12);
        let a = rng.range(0.0, std::f32::consts::TAU);
        let (lean, side) = (Vec3::new(cos(a), 0.0, sin(a)), Vec3::new(-sin(a), 0.0, cos(a)) * 0.008);
        let tall = rng.range(0.12, 0.26);
        let b = m.positions.len() as u32;
        let middle = foot + Vec3::Y * (tall * 0.6) + lean * (tall * 0.15);
        for (p, t) in
            [(foot - side, 62), (foot + side, 62), (middle - side * 0.7, 120), (middle + side * 0.7, 120), (foot + Vec3::Y * tall + lean * (tall * 0.5), 150)]
        {
            m.positions.push(p);
            m.normals.push((Vec3::Y + lean * 0.3).normalize());
            m.tint.push([t; 3]);
        }
        m.triangles.extend([[b, b + 1, b + 3], [b, b + 3, b + 2], [b + 2, b + 3, b + 4]]);
    }
    whole(m)
}

/// Rolling ground.
pub(crate) fn ground(n: u32) -> Mesh {
    let p = |u: f32, v: f32| {
        let (x, z) = ((u - 0.5) * 80.0, (0.5 - v) * 80.0);
        Vec3::new(x, octaves(Vec3::new(x * 0.12, 0.0, z * 0.12), 2) * 0.35 + ((x * x + z * z) * 0.0008), z)
    };
    sheet(n, n, p)
}

pub(crate) fn put(mesh: &Arc<Mesh>, material: Material, at: Vec3, scale: f32) -> Instance {
    put_shared(mesh, &Arc::from([material]), Affine3A::from_scale_rotation_translation(Vec3::splat(scale), Quat::IDENTITY, at))
}

pub(crate) fn put_shared(mesh: &Arc<Mesh>, materials: &Arc<[Material]>, world: Affine3A) -> Instance {
    Instance {
        mesh: mesh.clone(),
        materials: materials.clone(),
        world_from_object: world,
        previous_world_from_object: world,
        pose: None,
        id: 0,
        casts_shadow: true,
        sway: 0.0,
    }
}

pub(crate) fn paint(r: f32, g: f32, b: f32) -> Material {
    Material { colour: LinearRgb(r, g, b), takes_snow: true, ..Material::default() }
}

pub(crate) fn lamps(strength: f32) -> Vec<Lamp> {
    vec![Lamp { position: Vec3::new(1.75, 1.15, 0.25), colour: LinearRgb(1.0, 0.5, 0.16) * (2.6 * strength), reach: 7.0, clear: 0.25, beam: None }]
}

pub(crate) fn flakes() -> Vec<Particle> {
    let mut rng = Seed(9).rng();
    (0..1500)
        .map(|_| Particle {
            position: Vec3::new(rng.signed() * 6.0, rng.range(0.0, 4.0), rng.range(-8.0, 3.8)),
            size: rng.range(0.006, 0.012),
            velocity: Vec3::NEG_Y,
        })
        .collect()
}

/// Ground, grass, trees, a hut, a row of balls of many materials, a pond and a lamp.
pub(crate) fn garden() -> Scene {
    let mut rng = Seed(3).rng();
    let sphere = Arc::new(ball(32));
    let field = Arc::new(ground(120));
    let mut still = Vec::new();
    let earth = Material { relief: Relief::Stone, relief_mm: 4.0, mottle: 0.25, roughness: 0.9, sheen: 0.1, ..paint(0.12, 0.15, 0.04) };
    let path = Coat {
        colour: LinearRgb(0.30, 0.205, 0.125),
        mask: Mask::Capsule { from: Vec3::new(0.6, 0.0, 6.0), to: Vec3::new(-0.4, 0.0, -9.0), radius: 0.6 },
        soft: 0.25,
        wobble: 0.2,
        amount: 1.0,
        mirror: false,
    };
    let patches =
        Coat { colour: LinearRgb(0.17, 0.20, 0.045), mask: Mask::Spots { size: 2.0, share: 0.5 }, soft: 0.8, wobble: 0.0, amount: 0.8, mirror: false };
    still.push(put(&field, Material { coats: Arc::from([patches, path]), ..earth }, Vec3::ZERO, 1.0));
    let tufts: Vec<Arc<Mesh>> = (0..4).map(|k| Arc::new(tuft(k, 10))).collect();
    let blade: Arc<[Material]> = Arc::from([Material { relief: Relief::None, translucency: 0.5, roughness: 0.65, sheen: 0.2, ..paint(0.10, 0.20, 0.035) }]);
    for k in 0..4200 {
        let (x, z) = (rng.signed() * 9.0, rng.range(-14.0, 4.0));
        if (x - 0.1 - z * 0.06).abs() < 0.75 {
            continue;
        }
        let y = octaves(Vec3::new(x * 0.12, 0.0, z * 0.12), 2) * 0.35 + ((x * x + z * z) * 0.0008);
        let world = Affine3A::from_scale_rotation_translation(Vec3::splat(rng.range(0.8, 1.5)), Quat::from_rotation_y(rng.range(0.0, 6.0)), Vec3::new(x, y, z));
        still.push(Instance { sway: 0.15, casts_shadow: true, ..put_shared(&tufts[k % 4], &blade, world) });
    }
    let crown = Arc::new(sheet(64, 32, |u, v| {
        let (a, h) = (u * std::f32::consts::TAU, (v - 0.5) * std::f32::consts::PI);
        let d = Vec3::new(cos(h) * sin(a), sin(h), cos(h) * cos(a));
        d * (1.0 + 0.22 * octaves(d * 2.5, 3))
    }));
    for (x, z, s, autumn) in [
        (-5.0, -5.0, 1.5, false),
        (5.4, -7.0, 1.8, true),
        (-2.5, -13.0, 2.0, false),
        (2.2, -16.0, 2.4, true),
        (8.0, -14.0, 2.2, false),
        (-9.0, -14.0, 2.5, false),
    ] {
        let leaf = Material {
            relief: Relief::Felt,
            relief_mm: 6.0,
            mottle: 0.3,
            sheen: 0.6,
            ..if autumn { paint(0.42, 0.16, 0.03) } else { paint(0.07, 0.14, 0.035) }
        };
        still.push(put(&crown, leaf, Vec3::new(x, s * 1.5, z), s));
        let trunk = Arc::new(block(Vec3::new(0.16, 1.0, 0.16)));
        still.push(put(&trunk, Material { relief: Relief::Wood, relief_mm: 3.0, mottle: 0.22, ..paint(0.16, 0.09, 0.05) }, Vec3::new(x, s * 0.4, z), s * 0.6));
    }
    hut(&mut still);
    pond_and_lamp(&mut still, &sphere);
    let moving = row(&sphere);
    let camera = Camera::looking(Vec3::new(0.3, 1.05, 4.4), Vec3::new(0.0, 0.75, -1.0), 0.62);
    Scene {
        camera,
        previous_camera: camera,
        light: Light::default(),
        lamps: Vec::new(),
        still: still.into(),
        moving,
        look: None,
        particle_kind: ParticleKind::Dust,
        particles: Vec::new(),
        puffs: Vec::new(),
        wakes: Vec::new(),
        faces: Vec::new(),
        interest: (Vec3::new(0.0, 0.5, -1.5), 8.0),
        time: 1.0,
    }
}

fn hut(still: &mut Vec<Instance>) {
    let plaster = Material { relief: Relief::Plaster, relief_mm: 9.0, mottle: 0.1, roughness: 0.92, sheen: 0.1, ..paint(0.72, 0.63, 0.48) };
    let foot = Coat {
        colour: LinearRgb(0.30, 0.24, 0.18),
        mask: Mask::Beyond { towards: Vec3::NEG_Y, offset: 0.65 },
        soft: 0.2,
        wobble: 0.1,
        amount: 0.8,
        mirror: false,
    };
    let wall = Arc::new(block(Vec3::new(1.5, 0.9, 1.2)));
    let base = Vec3::new(-1.9, 0.95, -4.6);
    still.push(put(&wall, Material { coats: Arc::from([foot]), ..plaster }, base, 1.0));
    let slope = Arc::new(block(Vec3::new(1.25, 0.06, 1.5)));
    let tiles = Coat {
        colour: LinearRgb(0.22, 0.06, 0.035),
        mask: Mask::Bands { across: Vec3::X, period: 0.24, share: 0.3 },
        soft: 0.04,
        wobble: 0.02,
        amount: 0.8,
        mirror: false,
    };
    let roof: Arc<[Material]> =
        Arc::from([Material { coats: Arc::from([tiles]), relief: Relief::Stone, relief_mm: 4.0, mottle: 0.25, ..paint(0.40, 0.11, 0.05) }]);
    for side in [-1.0, 1.0] {
        let world = Affine3A::from_rotation_translation(Quat::from_rotation_z(-0.8 * side), base + Vec3::new(0.85 * side, 1.6, 0.0));
        still.push(put_shared(&slope, &roof, world));
    }
    let door = Arc::new(block(Vec3::new(0.36, 0.62, 0.05)));
    still.push(put(&door, Material { relief: Relief::Wood, relief_mm: 2.2, mottle: 0.22, ..paint(0.07, 0.17, 0.17) }, base + Vec3::new(0.7, -0.28, 1.2), 1.0));
    let pane = Arc::new(block(Vec3::new(0.3, 0.3, 0.03)));
    still.push(put(&pane, Material { emission: LinearRgb(3.2, 1.66, 0.51), ..paint(0.1, 0.1, 0.1) }, base + Vec3::new(-0.5, 0.1, 1.2), 1.0));
}

fn pond_and_lamp(still: &mut Vec<Instance>, sphere: &Arc<Mesh>) {
    let water = Arc::new(sheet(8, 8, |u, v| Vec3::new((u - 0.5) * 3.0, 0.0, (0.5 - v) * 2.4)));
    let wet = Material {
        roughness: 0.08,
        specular: 0.06,
        sheen: 0.0,
        mirror: 1.0,
        relief: Relief::Ripples,
        relief_mm: 14.0,
        mottle: 0.0,
        takes_snow: false,
        ..paint(0.02, 0.05, 0.06)
    };
    still.push(put(&water, wet, Vec3::new(2.9, 0.16, -3.4), 1.0));
    let post = Arc::new(block(Vec3::new(0.04, 0.6, 0.04)));
    still.push(put(&post, Material { relief: Relief::Wood, ..paint(0.06, 0.04, 0.03) }, Vec3::new(1.75, 0.5, 0.1), 1.0));
    still.push(put(sphere, Material { emission: LinearRgb(3.4, 1.8, 0.6), ..paint(0.1, 0.1, 0.1) }, Vec3::new(1.75, 1.15, 0.1), 0.1));
}

fn row(sphere: &Arc<Mesh>) -> Vec<Instance> {
    let spots = Coat { colour: LinearRgb(0.8, 0.74, 0.66), mask: Mask::Spots { size: 0.35, share: 0.4 }, soft: 0.05, wobble: 0.0, amount: 1.0, mirror: false };
    let bands = Coat {
        colour: LinearRgb(0.62, 0.33, 0.07),
        mask: Mask::Bands { across: Vec3::Y, period: 0.5, share: 0.5 },
        soft: 0.03,
        wobble: 0.03,
        amount: 1.0,
        mirror: false,
    };
    let belly = Coat {
        colour: LinearRgb(0.8, 0.74, 0.66),
        mask: Mask::Ball { centre: Vec3::new(0.0, -0.4, 0.7), radii: Vec3::splat(0.7) },
        soft: 0.1,
        wobble: 0.08,
        amount: 1.0,
        mirror: true,
    };
    let tamed = |m: Material| Material { takes_snow: false, relief_scale: 0.3, ..m };
    let all = [
        Material { wrap: Vec3::new(0.45, 0.18, 0.10), roughness: 0.52, ..paint(0.70, 0.40, 0.265) },
        Material {
            coats: Arc::from([bands]),
            relief: Relief::Knit,
            relief_mm: 1.8,
            roughness: 0.95,
            specular: 0.02,
            sheen: 1.0,
            mottle: 0.1,
            ..paint(0.055, 0.155, 0.165)
        },
        Material {
            coats: Arc::from([belly]),
            relief: Relief::Felt,
            relief_mm: 1.1,
            roughness: 0.93,
            specular: 0.02,
            sheen: 0.9,
            mottle: 0.13,
            ..paint(0.52, 0.125, 0.022)
        },
        Material { coats: Arc::from([spots]), relief: Relief::None, roughness: 0.22, sheen: 0.0, specular: 0.06, ..paint(0.42, 0.09, 0.055) },
        Material { relief: Relief::None, roughness: 0.3, sheen: 0.0, specular: 0.7, ..paint(0.75, 0.52, 0.25) },
    ];
    let row = all.into_iter().enumerate().map(|(k, m)| {
        let x = k as f32 * 0.62 - 1.3;
        let y = octaves(Vec3::new(x * 0.12, 0.0, 0.06), 2) * 0.35;
        Instance { id: k as u16 + 1, ..put(sphere, tamed(m), Vec3::new(x, y + 0.26, 0.5), 0.27) }
    });
    row.collect()
}
