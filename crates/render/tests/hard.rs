//! What must not crash or come out as garbage, and what must hold still.

#[path = "../examples/shapes/mod.rs"]
mod shapes;

use glam::{Quat, Vec3};
use kinora_base::LinearRgb;
use kinora_render::scene::{Bounds, Camera, Instance, Lamp, Light, Material, Mesh, Part, ParticleKind, Relief, Scene};
use kinora_render::{Frame, Renderer, Settings, SimdLevel};
use std::sync::Arc;

fn scene(still: Vec<Instance>) -> Scene {
    let camera = Camera { aperture: 0.03, shutter: 0.5, ..Camera::looking(Vec3::new(0.0, 1.6, 4.0), Vec3::new(0.0, 1.6, 0.0), 0.6) };
    Scene {
        camera,
        previous_camera: camera,
        light: Light { clouds: 0.0, ..Light::default() },
        lamps: Vec::new(),
        still: Arc::from(still),
        moving: Vec::new(),
        particle_kind: ParticleKind::Dust,
        particles: Vec::new(),
        puffs: Vec::new(),
        wakes: Vec::new(),
        faces: Vec::new(),
        look: None,
        interest: (Vec3::ZERO, 4.0),
        time: 0.0,
    }
}

fn draw(scene: &Scene, width: usize, height: usize) -> Frame {
    Renderer::new(Settings { width, height, simd: SimdLevel::Detect, passes: true }).render(scene)
}

fn ball() -> Arc<Mesh> {
    Arc::new(shapes::ball(24))
}

fn mean(frame: &Frame) -> f32 {
    frame.picture.y.iter().map(|y| f32::from(*y)).sum::<f32>() / frame.picture.y.len() as f32
}

#[test]
fn a_camera_inside_a_thing_still_sees_a_picture() {
    let around = shapes::put(&ball(), shapes::paint(0.5, 0.3, 0.2), Vec3::new(0.0, 1.6, 4.0), 0.5);
    let mut both = around.clone();
    both.materials = Arc::from([Material { two_sided: true, ..shapes::paint(0.5, 0.3, 0.2) }]);
    let out = draw(&scene(vec![around]), 160, 90);
    assert!(out.passes.as_ref().expect("asked for").depth.iter().all(|d| d.is_infinite()), "from within, one-sided things are not seen");
    let wall = draw(&scene(vec![both]), 160, 90);
    assert!(wall.passes.as_ref().expect("asked for").depth.iter().all(|d| *d < 1.1), "two-sided ones are, all around");
    assert!((20.0..230.0).contains(&mean(&wall)), "and are lit by something, {}", mean(&wall));
}

#[test]
fn a_lamp_in_the_lens_does_not_burn_the_picture_out() {
    let mut s = scene(vec![shapes::put(&ball(), shapes::paint(0.4, 0.4, 0.4), Vec3::new(0.0, 1.6, 0.0), 1.0)]);
    let dark = mean(&draw(&s, 160, 90));
    s.lamps = vec![Lamp { position: s.camera.eye, colour: LinearRgb(2.6, 1.3, 0.4), reach: 7.0, clear: 0.2, beam: None }];
    let lit = draw(&s, 160, 90);
    assert!(mean(&lit) >= dark && mean(&lit) < 235.0, "brighter, {dark} to {}, and not white", mean(&lit));
}

#[test]
fn nonsense_in_a_mesh_spoils_nothing_else() {
    let good = shapes::put(&ball(), shapes::paint(0.5, 0.1, 0.1), Vec3::new(0.0, 1.6, 0.0), 0.6);
    let fine = draw(&scene(vec![good.clone()]), 160, 90);
    let broken = |change: &dyn Fn(&mut Mesh)| {
        let mut mesh = shapes::ball(24);
        change(&mut mesh);
        shapes::put(&Arc::new(mesh), shapes::paint(0.1, 0.5, 0.1), Vec3::new(1.0, 1.6, -1.0), 0.2)
    };
    for (k, bad) in [
        broken(&|m| m.positions.iter_mut().step_by(7).for_each(|p| p.x = f32::NAN)),
        broken(&|m| m.positions.iter_mut().step_by(5).for_each(|p| p.y = f32::INFINITY)),
        broken(&|m| m.normals.iter_mut().for_each(|n| *n = Vec3::NAN)),
        broken(&|m| m.triangles.iter_mut().step_by(3).for_each(|t| t[1] = u32::MAX)),
        broken(&|m| m.bounds.high = Vec3::NAN),
        broken(&|m| m.normals.truncate(3)),
        broken(&|m| m.parts[0].count = u32::MAX),
    ]
    .into_iter()
    .enumerate()
    {
        let out = draw(&scene(vec![good.clone(), bad]), 160, 90);
        // The left half shows the good ball alone.
        let same = (0..90).flat_map(|y| (0..70).map(move |x| y * 160 + x)).filter(|at| out.picture.y[*at].abs_diff(fine.picture.y[*at]) > 6).count();
        assert!(same < 140, "case {k}: {same} pixels of the good half are different");
    }
}

#[test]
fn nonsense_in_a_camera_or_light_gives_a_picture() {
    let things = || vec![shapes::put(&ball(), shapes::paint(0.5, 0.1, 0.1), Vec3::new(0.0, 1.6, 0.0), 0.6)];
    let mut odd = [scene(things()), scene(things()), scene(things()), scene(things())];
    odd[0].camera.focus = f32::NAN;
    odd[1].camera.aperture = f32::INFINITY;
    odd[2].camera.shutter = f32::NAN;
    odd[3].light.sun_direction = Vec3::ZERO;
    for (k, s) in odd.iter().enumerate() {
        let m = mean(&draw(s, 160, 90));
        assert!((30.0..230.0).contains(&m), "case {k}: a picture, not {m}");
    }
}

#[test]
fn the_smallest_picture_is_one_of_64_pixels() {
    let out = draw(&scene(Vec::new()), 1, 1);
    assert_eq!((out.picture.width, out.picture.height), (64, 64), "brought to the least size");
}

#[test]
#[ignore = "takes about a gigabyte and some seconds"]
fn a_picture_of_7680_by_4320_is_drawn() {
    let mut s = shapes::garden();
    s.camera.aperture = 0.05;
    s.camera.shutter = 0.5;
    s.previous_camera.eye.x += 0.1;
    let out = Renderer::new(Settings { width: 7680, height: 4320, simd: SimdLevel::Detect, passes: false }).render(&s);
    assert_eq!(out.picture.y.len(), 7680 * 4320, "whole");
    assert!((30.0..230.0).contains(&mean(&out)), "and a picture");
}

#[test]
fn thousands_of_far_trees_are_drawn_in_few_triangles() {
    let tree = Arc::new(shapes::ball(24));
    let place = |k: i32| Vec3::new((k % 100 - 50) as f32 * 3.0, 1.0, -900.0 - (k / 100) as f32 * 3.0);
    let forest: Vec<Instance> = (0..10_000).map(|k| shapes::put(&tree, shapes::paint(0.1, 0.3, 0.1), place(k), 1.2)).collect();
    let s = scene(forest);
    let mut renderer = Renderer::new(Settings { width: 320, height: 180, simd: SimdLevel::Detect, passes: false });
    renderer.render(&s);
    let drawn = renderer.triangles();
    // 10,000 balls of 2304 triangles, half of them turned away.
    assert!(drawn < 700_000, "{drawn} triangles for ten thousand trees");
}

#[test]
fn a_far_shape_looks_like_its_mesh() {
    // 1080 lines decide which shape is drawn, so a small picture with a narrow field shows the far shape from near.
    let near = |scale: f32| {
        let mut s = scene(vec![shapes::put(&ball(), shapes::paint(0.5, 0.2, 0.1), Vec3::new(0.0, 1.6, -40.0), scale)]);
        s.camera.aperture = 0.0;
        draw(&s, 640, 360)
    };
    // Just over and just under 14 pixels of 1080 lines: the mesh, and the far shape.
    let (mesh, far) = (near(0.36), near(0.352));
    let sum = |f: &Frame| f.passes.as_ref().expect("asked for").depth.iter().filter(|d| d.is_finite()).count() as f32;
    assert!((sum(&far) / sum(&mesh) - 0.956).abs() < 0.12, "as large: {} and {} pixels", sum(&far), sum(&mesh));
    let worst = mesh.picture.y.iter().zip(&far.picture.y).map(|(a, b)| u32::from(a.abs_diff(*b))).sum::<u32>() as f32 / sum(&mesh);
    assert!(worst < 30.0, "as bright: {worst} steps a pixel of the thing");
}

/// A trunk and six hundred leaves of two triangles about it.
fn leafy() -> Arc<Mesh> {
    let mut mesh = shapes::ball(24);
    for p in &mut mesh.positions {
        *p *= Vec3::new(0.55, 0.8, 0.55);
    }
    let mut state = 5u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 16_777_216.0 - 0.5
    };
    for _ in 0..600 {
        let out = Vec3::new(next(), next(), next()).normalize_or(Vec3::Y);
        let (side, first) = (out.any_orthonormal_vector() * 0.07, mesh.positions.len() as u32);
        let (at, up) = (out * 0.9, out.cross(side) + out * 0.06);
        mesh.positions.extend([at - side - up, at + side - up, at + side + up, at - side + up]);
        mesh.normals.extend([out; 4]);
        mesh.triangles.extend([[first, first + 1, first + 2], [first, first + 2, first + 3]]);
    }
    mesh.parts = vec![Part { material: 0, first: 0, count: mesh.triangles.len() as u32 }];
    (mesh.rest, mesh.openness, mesh.tint) = (Vec::new(), Vec::new(), Vec::new());
    mesh.bounds = Bounds::around(&mesh.positions);
    Arc::new(mesh)
}

#[test]
fn leaves_become_fewer_and_larger_without_being_seen_to() {
    let tree = leafy();
    let (mut last, mut counts): (Option<[f32; 2]>, Vec<usize>) = (None, Vec::new());
    for k in 0..60 {
        let scale = 4.0 * 0.97f32.powi(k);
        let mut paint = shapes::paint(0.3, 0.5, 0.1);
        paint.two_sided = true;
        let mut s = scene(vec![shapes::put(&tree, paint, Vec3::new(0.0, 1.6, -30.0), scale)]);
        s.camera.aperture = 0.0;
        let mut renderer = Renderer::new(Settings { width: 640, height: 360, simd: SimdLevel::Detect, passes: true });
        let frame = renderer.render(&s);
        let depth = &frame.passes.as_ref().expect("asked for").depth;
        let on: Vec<f32> = depth.iter().zip(&frame.picture.y).filter(|(d, _)| d.is_finite()).map(|(_, y)| f32::from(*y)).collect();
        // Its size in units of what it should be, and how bright it is.
        let now = [on.len() as f32 / (scale * scale), on.iter().sum::<f32>() / on.len() as f32];
        if let Some(last) = last.replace(now) {
            assert!((now[0] / last[0] - 1.0).abs() < 0.06, "at {scale:.2} it is {:.3} times as large", now[0] / last[0]);
            assert!((now[1] - last[1]).abs() < 5.0, "at {scale:.2} luma goes from {:.1} to {:.1}", last[1], now[1]);
        }
        counts.push(renderer.triangles());
    }
    let steps = counts.windows(2).filter(|w| w[1] * 10 < w[0] * 9).count();
    assert!(steps >= 2 && counts[59] * 4 < counts[0], "{steps} steps, from {} triangles to {}", counts[0], counts[59]);
}

#[test]
fn a_locked_off_picture_stands_still() {
    let mut s = shapes::garden();
    s.light.wind = Vec3::ZERO;
    s.light.clouds = 0.0;
    s.still = s.still.iter().filter(|i| i.materials.iter().all(|m| m.relief != Relief::Ripples)).cloned().collect();
    let draw = |s: &Scene| Renderer::new(Settings { width: 320, height: 180, simd: SimdLevel::Detect, passes: false }).render(s);
    let first = draw(&s);
    s.time += 1.0 / 30.0;
    assert!(draw(&s).picture == first.picture, "nothing moves, so no pixel changes");
}

/// The most that a row's mean may change from frame to frame in a slow pan over branches thinner than a pixel, as a share of
/// the contrast that they have at all.
const SHIMMER: f32 = 0.12;

#[test]
fn thin_branches_do_not_shimmer_in_a_slow_pan() {
    // Twigs of a third to two thirds of a pixel before the sky, leaning every way.
    let twig = Arc::new(shapes::sheet(1, 6, |u, v| Vec3::new((u - 0.5) * 0.012, v * 1.6, 0.0)));
    let twigs: Vec<Instance> = (0..40)
        .map(|k| {
            let mut t = shapes::put(&twig, shapes::paint(0.05, 0.04, 0.03), Vec3::new((k as f32 - 20.0) * 0.075, 0.9, -4.0), 1.0);
            t.world_from_object *= glam::Affine3A::from_rotation_z((k * 37 % 80) as f32 * 0.02 - 0.8);
            t
        })
        .collect();
    let mut s = scene(twigs);
    s.light = Light { bloom: 0.0, vignette: 0.0, ..s.light };
    s.camera.aperture = 0.0;
    let rows: Vec<Vec<f32>> = (0..8)
        .map(|k| {
            // A quarter of a pixel a frame.
            s.camera.world_from_camera = Quat::from_rotation_y(k as f32 * 0.25 / 291.0);
            s.previous_camera = s.camera;
            let frame = Renderer::new(Settings { width: 320, height: 180, simd: SimdLevel::Detect, passes: false }).render(&s);
            frame.picture.y.chunks_exact(320).map(|r| r.iter().map(|v| f32::from(*v)).sum::<f32>() / 320.0).collect()
        })
        .collect();
    let contrast = rows[0].iter().fold(0.0, |m: f32, v| m.max(*v)) - rows[0].iter().fold(255.0, |m: f32, v| m.min(*v));
    assert!(contrast > 4.0, "the twigs are there, {contrast}");
    let worst = (1..8).flat_map(|k| rows[k].iter().zip(&rows[k - 1]).map(|(a, b)| (a - b).abs())).fold(0.0, f32::max);
    assert!(worst < SHIMMER * contrast, "rows change by {worst} steps of {contrast} from frame to frame");
}
