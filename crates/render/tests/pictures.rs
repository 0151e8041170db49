//! What must hold of pictures, whatever they look like.

#[path = "../examples/shapes/mod.rs"]
mod shapes;

use glam::{Affine3A, Quat, Vec3};
use kinora_base::LinearRgb;
use kinora_render::scene::{Beam, Camera, Coarse, Face, Instance, Lamp, Light, Material, Mesh, Part, ParticleKind, Pose, Puff, PuffKind, Relief, Scene};
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
    scene.light.aurora = 0.7;
    scene.light.banks = 0.6;
    scene.light.shafts = 0.5;
    scene.light.gaps = 0.7;
    scene.lamps.push(Lamp { beam: Some(Beam { towards: Vec3::new(-0.6, -0.4, -0.7), spread: 0.5 }), ..scene.lamps[0] });
    scene.light.mirror = Some(0.16);
    scene.light.polish = 0.3;
    scene.faces = vec![Face { at: Vec3::new(0.0, 0.9, 0.5), towards: Vec3::Z }];
    scene.puffs = (0..7)
        .map(|k| puff([PuffKind::Smoke, PuffKind::Glow, PuffKind::Spark, PuffKind::Leaf, PuffKind::Ring, PuffKind::Bubble, PuffKind::Streak][k], k as f32))
        .collect();
    let pane = Material { opacity: 0.2, relief: Relief::None, mirror: 0.8, two_sided: true, roughness: 0.06, ..shapes::paint(0.3, 0.4, 0.35) };
    for z in [1.2, 1.6] {
        scene.moving.push(shapes::put(&Arc::new(shapes::ball(24)), pane.clone(), Vec3::new(0.4, 0.8, z), 0.3));
    }
    // One of them acts: light for faces is for such alone.
    let actor = &mut scene.moving[1];
    actor.pose = Some(still_pose(&actor.mesh));
    for (k, instance) in scene.moving.iter_mut().enumerate() {
        let relief = [Relief::Clay, Relief::Knit, Relief::Weave, Relief::Wood, Relief::Hair][k % 5];
        instance.materials = instance.materials.iter().map(|m| Material { relief, ..m.clone() }).collect();
    }
    scene
}

fn puff(kind: PuffKind, k: f32) -> Puff {
    let colour = if matches!(kind, PuffKind::Glow | PuffKind::Spark) { LinearRgb(3.0, 1.4, 0.4) } else { LinearRgb(0.3, 0.3, 0.3) };
    Puff { kind, position: Vec3::new(k * 0.4 - 1.0, 1.2, 0.8), velocity: Vec3::new(1.0, 2.0, 0.0), size: 0.3, colour, opacity: 0.7, turn: k }
}

/// The mesh as it is, as somebody who acts has it.
fn still_pose(mesh: &Mesh) -> Arc<Pose> {
    Arc::new(Pose { positions: mesh.positions.clone(), normals: mesh.normals.clone(), previous: mesh.positions.clone(), coarser: Vec::new() })
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
        puffs: Vec::new(),
        wakes: Vec::new(),
        faces: Vec::new(),
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

/// Mean luma of a box of pixels: x0, y0, x1, y1.
fn luma(frame: &Frame, [x0, y0, x1, y1]: [usize; 4]) -> f32 {
    let rows = (y0..y1).flat_map(|y| frame.picture.y[y * frame.picture.width + x0..y * frame.picture.width + x1].iter());
    rows.map(|v| f32::from(*v)).sum::<f32>() / ((x1 - x0) * (y1 - y0)) as f32
}

/// Hardly any light but that of lamps.
fn dark() -> Light {
    let black = LinearRgb::BLACK;
    Light {
        sun: black,
        zenith: black,
        horizon: black,
        ground: black,
        haze: black,
        rim: black,
        fog: 0.0,
        clouds: 0.0,
        disc: 0.0,
        vignette: 0.0,
        ..Light::default()
    }
}

fn wall(z: f32) -> Instance {
    let sheet = Arc::new(shapes::sheet(1, 1, |u, v| Vec3::new((u - 0.5) * 12.0, v * 8.0 - 2.4, 0.0)));
    let plain = Material { relief: Relief::None, mottle: 0.0, ..shapes::paint(0.5, 0.5, 0.5) };
    shapes::put(&sheet, plain, Vec3::new(0.0, 0.0, z), 1.0)
}

#[test]
fn a_coarser_shape_throws_the_shadow() {
    let fine = shapes::put(&Arc::new(shapes::ball(48)), shapes::paint(0.5, 0.5, 0.5), Vec3::new(0.0, 1.6, -0.9), 0.35);
    let sun = Light { sun_direction: Vec3::new(0.5, 0.4, 0.8).normalize(), ..nothing().light };
    let drawn = |coarser: Vec<Coarse>| {
        let pose = Pose { coarser, ..(*still_pose(&fine.mesh)).clone() };
        let ball = Instance { pose: Some(Arc::new(pose)), ..fine.clone() };
        luma(
            &draw(&Scene { light: sun.clone(), interest: (fine.world_from_object.translation.into(), 4.0), ..with(vec![wall(-1.8), ball]) }, 320, 180),
            [60, 30, 260, 150],
        )
    };
    let coarse = |mesh: Mesh, edge: f32| Coarse { positions: mesh.positions.clone(), mesh: Arc::new(mesh), edge };
    let (itself, plain) = (drawn(Vec::new()), drawn(vec![coarse(shapes::ball(16), 0.01)]));
    let (none, long) = (drawn(vec![coarse(Mesh::default(), 0.01)]), drawn(vec![coarse(Mesh::default(), 0.5)]));
    assert!(none > itself + 2.0, "the coarse shape throws the shadow, not the one that is seen: {none} without, {itself} with");
    assert!((plain - itself).abs() < 0.25, "and much the same one: {plain} against {itself}");
    assert!((long - itself).abs() < 1e-3, "but not if its edges are long: {long} against {itself}");
}

#[test]
fn lamps_throw_shadows() {
    let ball = shapes::put(&Arc::new(shapes::ball(32)), shapes::paint(0.5, 0.5, 0.5), Vec3::new(0.0, 1.6, -0.9), 0.25);
    let lamp = |clear| Lamp { position: Vec3::new(0.9, 1.6, 0.0), colour: LinearRgb(4.0, 4.0, 4.0), reach: 9.0, clear, beam: None };
    let scene = |clear, things: Vec<Instance>| Scene { light: dark(), lamps: vec![lamp(clear)], ..with(things) };
    // Beyond the ball, seen from the lamp: at x = -0.9 on the wall.
    throws_shadow(scene, ball, [118, 84, 126, 96]);
}

/// The lamp of a scene with this `clear` and these things throws a ball's shadow on a spot of the wall.
fn throws_shadow(scene: impl Fn(f32, Vec<Instance>) -> Scene, ball: Instance, spot: [usize; 4]) {
    let open = luma(&draw(&scene(0.1, vec![wall(-1.8)]), 320, 180), spot);
    let shaded = luma(&draw(&scene(0.1, vec![wall(-1.8), ball.clone()]), 320, 180), spot);
    let without = luma(&draw(&scene(0.0, vec![wall(-1.8), ball.clone()]), 320, 180), spot);
    assert!(open > 60.0 && shaded < open - 25.0, "the ball's shadow lies on the wall: {shaded} under {open}");
    assert!((without - open).abs() < 2.0, "a lamp without `clear` throws none: {without} as {open}");
    let mut still = scene(0.1, vec![]);
    still.still = vec![wall(-1.8), ball].into();
    assert!((luma(&draw(&still, 320, 180), spot) - shaded).abs() < 1.0, "what stands still throws the same");
}

#[test]
fn a_beam_lights_what_is_before_it() {
    let lamp = |beam| Lamp { position: Vec3::new(0.0, 1.6, 0.0), colour: LinearRgb(4.0, 4.0, 4.0), reach: 9.0, clear: 0.0, beam };
    let scene = |beam| Scene { light: dark(), lamps: vec![lamp(beam)], ..with(vec![wall(-1.8)]) };
    let ahead = Some(Beam { towards: Vec3::NEG_Z, spread: 0.3 });
    let (all, beam, away) = (scene(None), scene(ahead), scene(Some(Beam { towards: Vec3::Z, spread: 0.3 })));
    let [all, beam, away] = [all, beam, away].map(|s| draw(&s, 320, 180));
    let (spot, edge) = ([152, 82, 168, 98], [20, 82, 36, 98]);
    assert!(luma(&beam, spot) > luma(&away, spot) + 30.0, "the wall before it is lit: {} against {}", luma(&beam, spot), luma(&away, spot));
    assert!(luma(&all, edge) > luma(&away, edge) + 4.0, "a bare lamp lights the wall beside: {}", luma(&all, edge));
    assert!((luma(&beam, edge) - luma(&away, edge)).abs() < 1.0, "a beam does not: {}", luma(&beam, edge));
}

#[test]
fn the_nearest_beams_throw_shadows() {
    let ball = shapes::put(&Arc::new(shapes::ball(32)), shapes::paint(0.5, 0.5, 0.5), Vec3::new(0.0, 1.6, -0.9), 0.12);
    // A beam from the side, onto the wall behind the ball; fifteen others are farther from the action, and come first.
    let beam = |clear: f32, from: Vec3| {
        let towards = (Vec3::new(0.0, 1.6, -0.9) - from).normalize();
        Lamp { position: from, colour: LinearRgb(4.0, 4.0, 4.0), reach: 12.0, clear, beam: Some(Beam { towards, spread: 0.35 }) }
    };
    let lamps = |clear| {
        let far = (0..15).map(|k| Lamp { colour: LinearRgb(0.01, 0.01, 0.01), ..beam(0.1, Vec3::new(k as f32 - 7.0, 1.6, 9.0)) });
        far.chain([beam(clear, Vec3::new(0.9, 1.6, 0.0))]).collect::<Vec<_>>()
    };
    let scene = |clear, things: Vec<Instance>| Scene { light: dark(), lamps: lamps(clear), ..with(things) };
    throws_shadow(scene, ball, [118, 84, 126, 96]);
    // The lit wall beside the shadow is as it was: a beam is not in its own way.
    let beside = [100, 84, 108, 96];
    let (with_shadows, bare) = (draw(&scene(0.1, vec![wall(-1.8)]), 320, 180), draw(&scene(0.0, vec![wall(-1.8)]), 320, 180));
    assert!((luma(&with_shadows, beside) - luma(&bare, beside)).abs() < 1.0, "{} beside it", luma(&with_shadows, beside));
}

#[test]
fn a_flame_beside_a_white_shirt_does_not_burn_it() {
    let paint = Material { relief: Relief::None, mottle: 0.0, specular: 0.02, ..shapes::paint(0.8, 0.8, 0.78) };
    let ball = shapes::put(&Arc::new(shapes::ball(48)), paint, Vec3::new(0.0, 1.6, -0.9), 0.25);
    let lit = |strength: f32, away: f32| {
        let position = Vec3::new(0.0, 1.6, -0.65 + away);
        let lamp = Lamp { position, colour: LinearRgb(3.2, 1.45, 0.42) * strength, reach: 6.0, clear: 0.0, beam: None };
        draw(&Scene { light: dark(), lamps: vec![lamp], ..with(vec![ball.clone()]) }, 320, 180).picture
    };
    let near = lit(1.6, 0.12);
    let clipped = near.y.iter().filter(|y| **y > 230).count();
    let lit_part = near.y.iter().filter(|y| **y > 120).count();
    assert!(clipped == 0 && lit_part > 60, "{clipped} pixels of {lit_part} are burnt");
    // What is well lit from farther away is as bright as ever: twice the light shows.
    let [one, two] = [0.6, 1.2].map(|s| lit(s, 1.6).y.iter().copied().max().unwrap_or(0));
    assert!(two > one + 20, "{two} over {one}");
}

#[test]
fn a_flame_does_not_bleach_skin() {
    // The same ball painted as skin is and as plaster is, with a lamp a hand's breadth away.
    let lit = |wrap: Vec3| {
        let paint = Material { wrap, ..shapes::paint(0.70, 0.40, 0.265) };
        let ball = shapes::put(&Arc::new(shapes::ball(32)), paint, Vec3::new(0.0, 1.6, -0.9), 0.25);
        let lamp = Lamp { position: Vec3::new(0.1, 1.65, -0.5), colour: LinearRgb(3.2, 1.45, 0.42), reach: 6.0, clear: 0.0, beam: None };
        draw(&Scene { light: dark(), lamps: vec![lamp], ..with(vec![ball]) }, 320, 180)
    };
    let (skin, plaster) = (lit(Vec3::new(0.45, 0.18, 0.10)), lit(Vec3::ZERO));
    let spot = [158, 76, 172, 90];
    assert!(luma(&skin, spot) < 215.0 && luma(&skin, spot) > 90.0, "skin keeps its colour: {}", luma(&skin, spot));
    assert!(luma(&plaster, spot) > luma(&skin, spot) + 10.0, "what is not skin is as bright as it is near: {}", luma(&plaster, spot));
}

#[test]
fn the_edge_of_a_shadow_does_not_move_with_the_map() {
    // The ball of interest follows somebody by less than a texel and by many: the shadow of what stands still stays.
    let ground =
        shapes::put(&Arc::new(shapes::sheet(4, 4, |u, v| Vec3::new((u - 0.5) * 40.0, 0.0, (0.5 - v) * 40.0))), shapes::paint(0.4, 0.4, 0.4), Vec3::ZERO, 1.0);
    let post = shapes::put(&Arc::new(shapes::block(Vec3::new(0.1, 1.0, 0.1))), shapes::paint(0.4, 0.3, 0.2), Vec3::new(0.0, 1.0, 0.0), 1.0);
    let at = |x: f32| {
        let mut scene = with(vec![]);
        scene.still = vec![ground.clone(), post.clone()].into();
        scene.interest = (Vec3::new(x, 0.0, 0.0), 6.0);
        draw(&scene, 320, 180).picture
    };
    let first = at(0.0);
    for x in [0.002, 0.31, 1.7] {
        let moved = at(x);
        let worst = first.y.iter().zip(&moved.y).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0);
        assert!(worst <= 4, "the shadow stays where it is after {x} m: {worst}");
    }
}

#[test]
fn still_water_mirrors_what_stands_at_it() {
    let water =
        Material { relief: Relief::Ripples, relief_mm: 0.0, mirror: 1.0, specular: 0.05, roughness: 0.1, mottle: 0.0, ..shapes::paint(0.02, 0.05, 0.06) };
    let lake = shapes::put(&Arc::new(shapes::sheet(8, 8, |u, v| Vec3::new((u - 0.5) * 60.0, 0.0, (0.5 - v) * 60.0))), water, Vec3::ZERO, 1.0);
    let red = Material { relief: Relief::None, emission: LinearRgb(2.0, 0.05, 0.05), ..shapes::paint(0.6, 0.05, 0.05) };
    let ball = shapes::put(&Arc::new(shapes::ball(32)), red, Vec3::new(0.0, 1.0, -6.0), 0.8);
    let mut scene = with(vec![lake, ball]);
    scene.camera = Camera::looking(Vec3::new(0.0, 1.2, 4.0), Vec3::new(0.0, 0.2, -6.0), 0.6);
    let redness = |scene: &Scene| {
        let frame = draw(scene, 320, 180);
        let ids = frame.passes.as_ref().expect("asked for");
        // The reflection of the ball's middle lies as far under the surface as that is over it.
        let rgb = frame.picture.to_rgb();
        let [r, _, b] = rgb.get(160, 112);
        assert!(ids.depth[112 * 320 + 160] < 12.0, "water is there");
        i32::from(r) - i32::from(b)
    };
    let without = redness(&scene);
    scene.light.mirror = Some(0.0);
    let mirrored = redness(&scene);
    assert!(mirrored > without + 40, "the red ball is mirrored: {mirrored}, and without {without}");
}

#[test]
fn what_stands_in_the_water_is_mirrored_from_the_surface_up() {
    let water =
        Material { relief: Relief::Ripples, relief_mm: 0.0, mirror: 1.0, specular: 0.05, roughness: 0.1, mottle: 0.0, ..shapes::paint(0.02, 0.05, 0.06) };
    let lake = shapes::put(&Arc::new(shapes::sheet(8, 8, |u, v| Vec3::new((u - 0.5) * 60.0, 0.0, (0.5 - v) * 60.0))), water, Vec3::ZERO, 1.0);
    // A near post that goes down to the bed, or to the surface.
    let red = Material { relief: Relief::None, two_sided: true, emission: LinearRgb(2.0, 0.05, 0.05), ..shapes::paint(0.6, 0.05, 0.05) };
    let picture = |bed: f32| {
        let post = shapes::sheet(2, 1, |u, v| Vec3::new((u - 0.5) * 0.4, bed + (0.7 - bed) * v, 1.5));
        let mut scene = with(vec![lake.clone(), shapes::put(&Arc::new(post), red.clone(), Vec3::ZERO, 1.0)]);
        scene.camera = Camera::looking(Vec3::new(0.0, 1.2, 4.0), Vec3::new(0.0, 0.4, -6.0), 0.6);
        scene.light.mirror = Some(0.0);
        draw(&scene, 320, 180).picture
    };
    let (deep, shallow) = (picture(-4.0), picture(0.0));
    let worst = deep.y.iter().zip(&shallow.y).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0);
    assert!(worst <= 12, "what is under the surface shows in it: {worst}");
}

#[test]
fn faces_that_the_key_leaves_dark_are_lit() {
    let head = |acts: bool| {
        let mut ball = shapes::put(
            &Arc::new(shapes::ball(32)),
            Material { relief: Relief::None, mottle: 0.0, ..shapes::paint(0.4, 0.25, 0.18) },
            Vec3::new(0.0, 1.6, 0.0),
            0.3,
        );
        ball.pose = acts.then(|| still_pose(&ball.mesh));
        ball
    };
    let scene = |acts, sun| {
        let light =
            Light { zenith: LinearRgb(0.02, 0.03, 0.06), horizon: LinearRgb(0.04, 0.06, 0.1), sun_direction: sun, clouds: 0.0, fog: 0.0, ..Light::default() };
        let faces = vec![Face { at: Vec3::new(0.0, 1.6, 0.28), towards: Vec3::Z }];
        Scene { light, faces, ..with(vec![head(acts)]) }
    };
    let middle = [150, 84, 170, 98];
    let seen = |acts, sun| luma(&draw(&scene(acts, sun), 320, 180), middle);
    let behind = Vec3::new(0.2, 0.35, -0.9);
    let (thing, face) = (seen(false, behind), seen(true, behind));
    assert!(thing < 60.0 && face > thing + 35.0, "against the light, a face is lit ({face}) and a thing is not ({thing})");
    let front = Vec3::new(0.3, 0.4, 0.85);
    assert!((seen(true, front) - seen(false, front)).abs() < 2.0, "in the sun nothing is added");
}

#[test]
fn glass_shows_what_stands_behind_it() {
    let pane = |opacity| Material { opacity, relief: Relief::None, mottle: 0.0, mirror: 0.0, sheen: 0.0, ..shapes::paint(0.02, 0.02, 0.4) };
    let sheet = Arc::new(shapes::sheet(1, 1, |u, v| Vec3::new((u - 0.5) * 3.0, v * 3.0, 0.0)));
    let glass = |opacity, z| shapes::put(&sheet, pane(opacity), Vec3::new(0.0, 0.2, z), 1.0);
    let middle = |things| {
        let frame = draw(&with(things), 320, 180);
        frame.picture.to_rgb().get(160, 90).map(i32::from)
    };
    let bare = middle(vec![wall(-1.0)]);
    let through = middle(vec![wall(-1.0), glass(0.25, 0.0)]);
    let solid = middle(vec![wall(-1.0), glass(1.0, 0.0)]);
    assert!(through[0] < bare[0] - 5 && through[0] > solid[0] + 30, "red of the wall shows through: {through:?} between {bare:?} and {solid:?}");
    let two = middle(vec![wall(-1.0), glass(0.25, 0.0), glass(0.25, 0.5)]);
    assert!(two[0] < through[0] - 3, "two panes take more: {two:?}");
    assert_eq!(two, middle(vec![wall(-1.0), glass(0.25, 0.5), glass(0.25, 0.0)]), "in whatever order they are listed");
    assert_eq!(middle(vec![glass(0.25, -2.0), wall(-1.0)]), bare, "behind the wall it is not seen");
}

#[test]
fn smoke_covers_and_sparks_shine() {
    let mut scene = with(vec![wall(-1.0)]);
    let bare = luma(&draw(&scene, 320, 180), [140, 70, 180, 110]);
    let at = |kind, z| Puff { position: Vec3::new(0.0, 1.6, z), velocity: Vec3::ZERO, size: 1.0, colour: LinearRgb(0.02, 0.02, 0.02), ..puff(kind, 0.0) };
    scene.puffs = vec![at(PuffKind::Smoke, 0.5)];
    let smoky = luma(&draw(&scene, 320, 180), [140, 70, 180, 110]);
    assert!(smoky < bare - 12.0, "black smoke darkens the wall: {smoky} under {bare}");
    scene.puffs = vec![Puff { colour: LinearRgb(2.0, 1.0, 0.5), ..at(PuffKind::Glow, 0.5) }];
    let glowing = luma(&draw(&scene, 320, 180), [140, 70, 180, 110]);
    assert!(glowing > bare + 12.0, "a glow lightens it: {glowing} over {bare}");
    scene.puffs = vec![at(PuffKind::Smoke, -3.0)];
    assert!((luma(&draw(&scene, 320, 180), [140, 70, 180, 110]) - bare).abs() < 0.01, "behind the wall it is not seen");
}

#[test]
fn northern_lights_are_green_and_move() {
    let mut scene = nothing();
    scene.light = Light {
        zenith: LinearRgb(0.012, 0.024, 0.065),
        horizon: LinearRgb(0.05, 0.085, 0.16),
        sun: LinearRgb(0.2, 0.3, 0.5),
        stars: 1.0,
        exposure: 1.5,
        ..scene.light
    };
    scene.camera = Camera::looking(Vec3::new(0.0, 1.6, 0.0), Vec3::new(0.0, 4.0, -6.0), 1.0);
    let green = |scene: &Scene| {
        let rgb = draw(scene, 320, 180).picture.to_rgb();
        let of = |x: usize, y: usize| rgb.get(x, y).map(i32::from);
        (0..16).flat_map(|x| (0..9).map(move |y| (x * 20 + 10, y * 20 + 10))).filter(|(x, y)| of(*x, *y)[1] > of(*x, *y)[2] + 12).count()
    };
    assert_eq!(green(&scene), 0, "a plain night is blue");
    scene.light.aurora = 1.0;
    let first = green(&scene);
    assert!(first > 1, "curtains of green: {first} of 144 places");
    let before = draw(&scene, 320, 180);
    scene.time += 4.0;
    assert!(draw(&scene, 320, 180).picture != before.picture, "and they move");
    scene.light.stars = 0.0;
    assert_eq!(green(&scene), 0, "by day none are seen");
}
