//! What must hold of pictures, whatever they look like.

#[path = "../examples/shapes/mod.rs"]
mod shapes;

use glam::{Affine3A, Quat, Vec3};
use kinora_base::LinearRgb;
use kinora_render::scene::{Camera, Instance, Light, Material, Mesh, Part, ParticleKind, Relief, Scene};
use kinora_render::{Frame, Renderer, Settings, SimdLevel};
use std::sync::Arc;

fn settings(width: usize, height: usize) -> Settings {
    Settings { width, height, simd: SimdLevel::Detect, passes: true }
}

fn draw(scene: &Scene, width: usize, height: usize) -> Frame {
    Renderer::new(settings(width, height)).render(scene)
}

/// A scene that uses everything: all weathers at once.
fn everything() -> Scene {
    let mut scene = shapes::garden();
    let light = Light { snow: 0.7, wet: 0.6, stars: 0.8, clouds: 0.6, lift: LinearRgb(0.006, 0.006, 0.016), ..Light::default() };
    scene.light = Light { sun_direction: Vec3::new(0.8, 0.5, 0.4).normalize(), ..light };
    scene.lamps = shapes::lamps(1.7);
    scene.particle_kind = ParticleKind::Rain;
    scene.particles = shapes::flakes();
    for (k, instance) in scene.moving.iter_mut().enumerate() {
        let relief = [Relief::Clay, Relief::Knit, Relief::Weave, Relief::Wood, Relief::Hair][k % 5];
        instance.materials = instance.materials.iter().map(|m| Material { relief, ..m.clone() }).collect();
    }
    scene
}

/// Nothing but air, seen from the height of a person.
fn nothing() -> Scene {
    let camera = Camera::looking(Vec3::new(0.0, 1.6, 4.0), Vec3::new(0.0, 1.6, 0.0), 0.6);
    Scene {
        camera,
        previous_camera: camera,
        light: Light { clouds: 0.0, ..Light::default() },
        lamps: Vec::new(),
        still: Arc::from([]),
        moving: Vec::new(),
        look: None,
        particle_kind: ParticleKind::Dust,
        particles: Vec::new(),
        interest: (Vec3::ZERO, 4.0),
        time: 0.0,
    }
}

fn with(moving: Vec<Instance>) -> Scene {
    Scene { moving, ..nothing() }
}

#[test]
fn both_levels_give_the_same_bytes() {
    let scene = everything();
    let fast = draw(&scene, 320, 180);
    let plain = Renderer::new(Settings { simd: SimdLevel::Plain, ..settings(320, 180) }).render(&scene);
    let differing = fast.picture.y.iter().zip(&plain.picture.y).filter(|(a, b)| a != b).count();
    assert_eq!(differing, 0, "luma is the same to the last bit");
    assert_eq!(fast, plain, "chroma and passes too");
}

#[test]
fn a_frame_does_not_depend_on_what_was_drawn_before() {
    let (scene, mut other) = (everything(), shapes::garden());
    let fresh = draw(&scene, 320, 180);
    let mut renderer = Renderer::new(settings(320, 180));
    renderer.render(&other);
    assert_eq!(renderer.render(&scene), fresh, "after another set");
    other = everything();
    other.still = scene.still.clone();
    other.moving.iter_mut().for_each(|m| m.world_from_object.translation.x += 0.7);
    renderer.render(&other);
    assert_eq!(renderer.render(&scene), fresh, "after the same set with things elsewhere");
    other.light.sun_direction = Vec3::Y;
    other.interest.1 = 3.0;
    renderer.render(&other);
    assert_eq!(renderer.render(&scene), fresh, "after another sun");
}

#[test]
fn what_is_kept_between_frames_changes_no_picture() {
    // With passes nothing is kept of the geometry; without, the corners of what stands still are. Large enough for blocks.
    let (width, height) = (928, 904);
    let without = Settings { passes: false, ..settings(width, height) };
    let mut renderer = Renderer::new(without);
    let mut scene = everything();
    for step in 0..3 {
        scene.camera.eye.x += 0.3 * step as f32;
        let kept = renderer.render(&scene);
        assert!(kept.picture == draw(&scene, width, height).picture, "frame {step} with kept corners is the same");
        assert!(kept == Renderer::new(Settings { simd: SimdLevel::Plain, ..without }).render(&scene), "and the same without SIMD");
    }
}

#[test]
fn what_is_hidden_changes_nothing() {
    let wall = Arc::new(shapes::sheet(9, 9, |u, v| Vec3::new((u - 0.5) * 9.0, v * 9.0 - 3.0, 0.3)));
    let wall = shapes::put(&wall, shapes::paint(0.4, 0.4, 0.4), Vec3::ZERO, 1.0);
    let ball = shapes::put(&Arc::new(shapes::ball(48)), shapes::paint(0.9, 0.1, 0.1), Vec3::new(0.0, 1.6, -1.5), 1.2);
    let alone = draw(&with(vec![wall.clone()]), 320, 180);
    assert!(alone.passes.as_ref().expect("asked for").depth.iter().all(|d| *d < 5.0), "the wall fills the picture");
    assert!(draw(&with(vec![wall.clone(), ball.clone()]), 320, 180).picture == alone.picture, "a ball behind it");
    let mut before = ball;
    before.world_from_object.translation.z = 1.0;
    assert!(draw(&with(vec![wall, before]), 320, 180).picture != alone.picture, "a ball before it shows");
}

#[test]
fn an_empty_scene_is_sky() {
    let frame = draw(&nothing(), 320, 180);
    let passes = frame.passes.expect("asked for");
    assert!(passes.depth.iter().all(|d| d.is_infinite()), "nothing is near");
    assert!(passes.id.iter().all(|i| *i == 0), "nobody is there");
    let rgb = frame.picture.to_rgb();
    let (top, horizon) = (rgb.get(160, 5), rgb.get(160, 88));
    assert!(top[2] > top[0] + 20, "blue overhead, {top:?}");
    assert!(horizon[1] > top[1], "paler at the horizon, {horizon:?} under {top:?}");
}

#[test]
fn passes_tell_who_how_far_and_whence() {
    let sphere = Arc::new(shapes::ball(48));
    let mut thing = shapes::put(&sphere, shapes::paint(0.5, 0.1, 0.1), Vec3::new(0.0, 1.6, 0.0), 0.5);
    thing.id = 7;
    thing.previous_world_from_object = Affine3A::from_scale_rotation_translation(Vec3::splat(0.5), Quat::IDENTITY, Vec3::new(-0.1, 1.6, 0.0));
    let passes = draw(&with(vec![thing]), 320, 180).passes.expect("asked for");
    let at = 90 * 320 + 160;
    assert_eq!(passes.id[at], 7, "the ball");
    assert!((passes.depth[at] - 3.5).abs() < 0.01, "its near side is 3.5 m away, not {}", passes.depth[at]);
    // A metre at 3.5 m is 90 / tan(0.3) / 3.5 = 83.1 pixels.
    let [x, y] = passes.motion[at];
    assert!((x - 8.31).abs() < 0.1 && y.abs() < 0.05, "a tenth of a metre to the right, not ({x}, {y})");
    assert_eq!(passes.id[0], 0, "the sky");
    assert!(passes.motion[0].iter().all(|m| m.abs() < 1e-4), "the sky stands still, {:?}", passes.motion[0]);
}

#[test]
fn neighbours_leave_no_cracks() {
    // A fan of thin triangles with odd corners fills the picture and beyond.
    let mut mesh = Mesh { positions: vec![Vec3::new(0.013, 0.027, 0.0)], ..Mesh::default() };
    for k in 0..257 {
        let a = k as f32 / 256.0 * std::f32::consts::TAU;
        mesh.positions.push(Vec3::new(kinora_base::maths::cos(a), kinora_base::maths::sin(a), 0.02 * (k % 7) as f32) * 9.0);
    }
    let last = mesh.positions.len() - 1;
    mesh.positions[last] = mesh.positions[1];
    mesh.normals = vec![Vec3::Z; mesh.positions.len()];
    mesh.triangles = (0..256).map(|k| [0, k + 1, k + 2]).collect();
    mesh.parts = vec![Part { material: 0, first: 0, count: 256 }];
    mesh.bounds = kinora_render::scene::Bounds::around(&mesh.positions);
    let mut scene = with(vec![shapes::put(&Arc::new(mesh), shapes::paint(0.5, 0.5, 0.5), Vec3::new(0.0, 1.6, 0.0), 1.0)]);
    scene.moving[0].id = 3;
    for (w, h) in [(320, 180), (90, 160), (130, 66)] {
        let passes = draw(&scene, w, h).passes.expect("asked for");
        assert!(passes.id.iter().all(|i| *i == 3), "no hole at {w}x{h}");
    }
}

#[test]
fn what_stands_on_the_near_plane_is_drawn() {
    let ground = Arc::new(shapes::sheet(1, 1, |u, v| Vec3::new((u - 0.5) * 90.0, 0.0, (0.5 - v) * 90.0)));
    let passes = draw(&with(vec![shapes::put(&ground, shapes::paint(0.2, 0.3, 0.1), Vec3::ZERO, 1.0)]), 128, 96).passes.expect("asked for");
    assert!(passes.depth[95 * 128 + 64] < 8.0, "ground under the camera, not {}", passes.depth[95 * 128 + 64]);
    assert!(passes.depth[20 * 128 + 64].is_infinite(), "sky above");
}

#[test]
fn any_even_size_works() {
    let scene = everything();
    for (w, h) in [(64, 64), (66, 130), (100, 178), (202, 86)] {
        let frame = draw(&scene, w, h);
        assert_eq!((frame.picture.width, frame.picture.height), (w, h), "the size that was asked for");
        assert!(frame.picture.y.iter().any(|y| *y > 60), "and a picture in it");
    }
}
