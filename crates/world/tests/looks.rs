//! What must hold of the looks in `assets/looks`, on a scene that belongs to the renderer.

#[path = "../../render/examples/shapes/mod.rs"]
mod shapes;

use glam::Vec3;
use kinora_base::LinearRgb;
use kinora_render::looks::Look;
use kinora_render::scene::{Camera, Instance, Light, Material, ParticleKind, Relief, Scene};
use kinora_render::{Frame, Renderer, Settings, SimdLevel};
use kinora_vocabulary::{Kind, Vocabulary};
use std::collections::BTreeMap;
use std::sync::Arc;

fn settings(width: usize, height: usize) -> Settings {
    Settings { width, height, simd: SimdLevel::Detect, passes: false }
}

fn draw(scene: &Scene, width: usize, height: usize) -> Frame {
    Renderer::new(settings(width, height)).render(scene)
}

/// Every look that does something to the picture, by name.
fn all() -> BTreeMap<String, Arc<Look>> {
    let vocabulary = Vocabulary::builtin().expect("builtin files");
    let of = |id: &str| kinora_world::looks::look(&vocabulary, id).unwrap_or_else(|e| panic!("{id}: {e}")).of_picture();
    vocabulary.of(Kind::Look).filter_map(|a| Some((a.id.clone(), of(&a.id)?))).collect()
}

fn garden(look: &Arc<Look>) -> Scene {
    Scene { look: Some(look.clone()), lamps: shapes::lamps(1.0), ..shapes::garden() }
}

/// Nothing but things, without wind and clouds.
fn still(moving: Vec<Instance>, look: Option<Arc<Look>>) -> Scene {
    let camera = Camera::looking(Vec3::new(0.0, 1.6, 4.0), Vec3::new(0.0, 1.6, 0.0), 0.6);
    Scene {
        camera,
        previous_camera: camera,
        light: Light { clouds: 0.0, wind: Vec3::ZERO, vignette: 0.0, fog: 0.0, ..Light::default() },
        lamps: Vec::new(),
        still: Arc::from([]),
        moving,
        particle_kind: ParticleKind::Dust,
        particles: Vec::new(),
        puffs: Vec::new(),
        wakes: Vec::new(),
        faces: Vec::new(),
        interest: (Vec3::ZERO, 4.0),
        time: 2.0,
        look,
    }
}

fn wall(material: Material) -> Instance {
    let sheet = Arc::new(shapes::sheet(9, 9, |u, v| Vec3::new((u - 0.5) * 9.0, v * 9.0 - 3.0, 0.3)));
    shapes::put(&sheet, material, Vec3::ZERO, 1.0)
}

fn ball() -> Instance {
    let flat = Material { relief: Relief::None, mottle: 0.0, sheen: 0.0, ..shapes::paint(0.6, 0.3, 0.2) };
    shapes::put(&Arc::new(shapes::ball(48)), flat, Vec3::new(0.0, 1.6, 0.0), 0.9)
}

/// Mean difference of brightness, of 255.
fn apart(a: &Frame, b: &Frame) -> f32 {
    let sum: u64 = a.picture.y.iter().zip(&b.picture.y).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f32 / a.picture.y.len() as f32
}

#[test]
fn every_look_is_the_same_on_both_levels_and_after_any_other() {
    let looks = all();
    assert!(looks.len() >= 14, "{} looks change the picture", looks.len());
    let mut kept = Renderer::new(settings(320, 180));
    let clay = kept.render(&shapes::garden());
    for (name, look) in &looks {
        let scene = garden(look);
        let drawn = kept.render(&scene);
        let plain = Renderer::new(Settings { simd: SimdLevel::Plain, ..settings(320, 180) }).render(&scene);
        assert!(drawn == plain, "{name}: AVX2 after other looks, and plain code anew, give the same bytes");
        assert!(apart(&drawn, &clay) > 2.0 || drawn.picture.u != clay.picture.u, "{name} looks other than clay");
    }
    assert!(kept.render(&shapes::garden()) == clay, "clay after all of them is what it was");
}

#[test]
fn small_and_odd_sizes_have_pictures() {
    for (name, look) in all() {
        for (width, height) in [(64, 64), (160, 90), (90, 160), (322, 66)] {
            let frame = draw(&garden(&look), width, height);
            let (low, high) = frame.picture.y.iter().fold((255, 0), |(a, b), y| (*y.min(&a), *y.max(&b)));
            assert!(high - low > 40, "{name} at {width}x{height} shows something, {low} to {high}");
        }
    }
}

#[test]
fn black_and_white_has_no_colour() {
    let looks = all();
    for name in ["black-and-white", "film-noir"] {
        let frame = draw(&garden(&looks[name]), 320, 180);
        let colour = frame.picture.u.iter().chain(&frame.picture.v).map(|c| c.abs_diff(128)).max();
        assert!(colour <= Some(2), "{name}: {colour:?} from grey");
    }
}

#[test]
fn pixel_art_is_made_of_blocks_of_its_palette() {
    let look = &all()["pixel-art"];
    let colours = look.pixels.as_ref().map_or(0, |p| p.palette.len());
    let frame = draw(&garden(look), 1280, 720);
    let (y, side) = (&frame.picture.y, 4);
    let whole = (0..720 / side).flat_map(|by| (0..1280 / side).map(move |bx| (bx * side, by * side))).filter(|(x, top)| {
        let first = y[top * 1280 + x];
        (0..side).all(|dy| y[(top + dy) * 1280 + x..][..side].iter().all(|v| *v == first))
    });
    assert_eq!(whole.count(), 720 / side * (1280 / side), "every block has one brightness");
    let mut seen: Vec<[u8; 3]> = (0..360 * 640).map(|k| [y[k / 640 * 2 * 1280 + k % 640 * 2], frame.picture.u[k], frame.picture.v[k]]).collect();
    seen.sort_unstable();
    seen.dedup();
    assert!(seen.len() > 8 && seen.len() <= colours, "{} colours of {colours}", seen.len());
}

/// How many values of brightness it takes to have 85 % of the ball.
fn levels(look: Option<&Arc<Look>>) -> usize {
    let alone = draw(&still(vec![ball()], look.cloned()), 320, 180);
    let mut histogram = [0usize; 256];
    for y in 60..120 {
        for x in 130..190 {
            histogram[usize::from(alone.picture.y[y * 320 + x])] += 1;
        }
    }
    histogram.sort_unstable_by(|a, b| b.cmp(a));
    let (mut sum, mut count) = (0, 0);
    for n in histogram {
        if sum < 3600 * 85 / 100 {
            (sum, count) = (sum + n, count + 1);
        }
    }
    count
}

#[test]
fn drawn_light_falls_in_steps() {
    let (own, clay) = (levels(Some(&all()["animated"])), levels(None));
    assert!(own * 2 < clay, "{own} values of brightness on a ball that has {clay} in clay");
}

#[test]
fn a_locked_off_still_scene_does_not_flicker() {
    // Old film and grain: mean change of brightness from frame to frame, of 255.
    let allowed: BTreeMap<&str, f32> = BTreeMap::from([("vintage-film", 9.0), ("black-and-white", 6.0), ("film-noir", 6.0)]);
    for (name, look) in all() {
        let scene = still(vec![wall(shapes::paint(0.4, 0.5, 0.3)), ball()], Some(look));
        let next = Scene { time: scene.time + 1.0 / 24.0, ..scene.clone() };
        let change = apart(&draw(&scene, 320, 180), &draw(&next, 320, 180));
        let most = allowed.get(name.as_str()).copied().unwrap_or(0.0);
        assert!(change <= most, "{name} changes by {change} of 255, {most} is allowed");
    }
}

#[test]
fn strokes_go_with_what_they_are_painted_on() {
    let looks = all();
    for name in ["van-gogh", "oil-painting", "pencil-sketch", "felt"] {
        let scene = |x: f32| {
            let mut scene = still(vec![wall(shapes::paint(0.4, 0.5, 0.3))], Some(looks[name].clone()));
            scene.camera.eye.x += x;
            scene.previous_camera = scene.camera;
            scene
        };
        // So many metres are twelve pixels on the wall.
        let focal = 90.0 / kinora_base::maths::tan(0.3);
        let here = draw(&scene(0.0), 320, 180);
        let there = draw(&scene(12.0 * (4.0 - 0.3) / focal), 320, 180);
        let change = |shift: usize| {
            let (mut sum, mut count) = (0u64, 0u64);
            for y in 30..150 {
                for x in 60..240 {
                    sum += u64::from(here.picture.y[y * 320 + x + shift].abs_diff(there.picture.y[y * 320 + x]));
                    count += 1;
                }
            }
            sum as f32 / count as f32
        };
        let (with, against) = (change(12), change(0));
        assert!(with * 2.0 < against, "{name}: {with} along with the wall, {against} in the picture");
    }
}

#[test]
fn steps_of_light_keep_the_night_dark() {
    let look = &all()["animated"];
    let mut scene = still(vec![ball()], Some(look.clone()));
    let day = draw(&scene, 160, 90);
    let dark = |c: LinearRgb| c * 0.04;
    let light = &mut scene.light;
    (light.sun, light.zenith, light.horizon, light.ground) = (dark(light.sun), dark(light.zenith), dark(light.horizon), dark(light.ground));
    (light.haze, light.rim) = (dark(light.haze), dark(light.rim));
    let night = draw(&scene, 160, 90);
    let bright = |f: &Frame| f.picture.y.iter().map(|y| u64::from(*y)).sum::<u64>() as f32 / f.picture.y.len() as f32;
    assert!(bright(&night) < bright(&day) * 0.6, "{} by night, {} by day", bright(&night), bright(&day));
}
