//! What the lens must do: focus, discs, motion blur.

#[path = "../examples/shapes/mod.rs"]
mod shapes;

use glam::{Affine3A, Quat, Vec3};
use kinora_base::{LinearRgb, maths};
use kinora_render::scene::{Camera, Instance, Light, Material, ParticleKind, Relief, Scene};
use kinora_render::{Frame, Renderer, Settings, SimdLevel};
use std::sync::Arc;

const EYE: Vec3 = Vec3::new(0.0, 1.6, 4.0);

fn scene(moving: Vec<Instance>) -> Scene {
    let camera = Camera::looking(EYE, Vec3::new(0.0, 1.6, 0.0), 0.6);
    Scene {
        camera,
        previous_camera: camera,
        light: Light { clouds: 0.0, bloom: 0.0, vignette: 0.0, fog: 0.0, disc: 0.0, ..Light::default() },
        lamps: Vec::new(),
        still: Arc::from([]),
        moving,
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

fn settings(simd: SimdLevel) -> Settings {
    Settings { width: 640, height: 360, simd, passes: false }
}

fn draw(scene: &Scene) -> Frame {
    Renderer::new(settings(SimdLevel::Detect)).render(scene)
}

/// A wall of glowing bars, upright or lying, at a distance from the lens.
fn bars(away: f32, upright: bool) -> Vec<Instance> {
    let bar = Arc::new(shapes::sheet(1, 1, |u, v| {
        if upright { Vec3::new((u - 0.5) * 0.07, v * 9.0 - 3.0, 0.0) } else { Vec3::new((u - 0.5) * 16.0, (v - 0.5) * 0.07, 0.0) }
    }));
    let glow = Material { emission: LinearRgb(3.0, 3.0, 3.0), ..Material::default() };
    let scale = away / 4.0;
    let place =
        |k: i32| if upright { Vec3::new(k as f32 * 0.14 * scale, 0.0, EYE.z - away) } else { Vec3::new(0.0, 1.6 + k as f32 * 0.14 * scale, EYE.z - away) };
    (-60..60).map(|k| shapes::put(&bar, glow.clone(), place(k), scale)).collect()
}

/// Mean step of luma from pixel to pixel in a part of the picture: across, and down.
fn contrast(frame: &Frame, x: std::ops::Range<usize>, y: std::ops::Range<usize>) -> [f32; 2] {
    let (w, luma) = (frame.picture.width, &frame.picture.y);
    let (mut across, mut down, mut n) = (0, 0, 0);
    for y in y {
        for x in x.clone() {
            let here = i32::from(luma[y * w + x]);
            across += (i32::from(luma[y * w + x + 1]) - here).abs();
            down += (i32::from(luma[(y + 1) * w + x]) - here).abs();
            n += 1;
        }
    }
    [across as f32 / n as f32, down as f32 / n as f32]
}

fn ball(at: Vec3, radius: f32) -> Instance {
    shapes::put(&Arc::new(shapes::ball(48)), shapes::paint(0.5, 0.1, 0.1), at, radius)
}

#[test]
fn what_is_in_focus_stays_sharp_and_the_rest_does_not() {
    let mut things = bars(12.0, true);
    things.push(ball(Vec3::new(0.0, 1.6, 0.0), 0.5));
    let mut s = scene(things);
    s.camera.focus = 3.6;
    let sharp = draw(&s);
    s.camera.aperture = 0.16;
    let soft = draw(&s);
    // The ball is 1 m of the 2.47 m that the picture is high: 146 pixels.
    let differing =
        (140..220).flat_map(|y| (280..360).map(move |x| (x, y))).filter(|(x, y)| sharp.picture.y[y * 640 + x] != soft.picture.y[y * 640 + x]).count();
    assert_eq!(differing, 0, "the ball is as it was");
    let (before, after) = (contrast(&sharp, 20..200, 40..300)[0], contrast(&soft, 20..200, 40..300)[0]);
    assert!(after < before * 0.35, "the bars behind melt: contrast {before} becomes {after}");
    s.camera.focus = 12.0;
    let racked = contrast(&draw(&s), 20..200, 40..300)[0];
    assert!(racked > before * 0.9, "focus goes over to the bars: {racked} of {before}");
}

/// Leaves and twigs of all sizes and directions behind what is in focus, at a distance from the lens.
fn thicket(away: f32) -> Vec<Instance> {
    let leaf = Arc::new(shapes::sheet(1, 1, |u, v| Vec3::new((u - 0.5) * 0.11, (v - 0.5) * 0.2, 0.0)));
    let twig = Arc::new(shapes::sheet(1, 1, |u, v| Vec3::new((u - 0.5) * 0.012, (v - 0.5) * 0.9, 0.0)));
    let mut state = 7u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 16_777_216.0
    };
    let mut one = |k: usize| {
        let mut paint = shapes::paint(next() * 0.5, 0.15 + next() * 0.6, next() * 0.3);
        paint.two_sided = true;
        let mut leaf = shapes::put(if k.is_multiple_of(4) { &twig } else { &leaf }, paint, Vec3::ZERO, 1.0);
        let at = Vec3::new((next() - 0.5) * 0.75 * away, 1.6 + (next() - 0.5) * 0.45 * away, EYE.z - away - next());
        leaf.world_from_object = Affine3A::from_rotation_translation(Quat::from_rotation_z(next() * 6.0) * Quat::from_rotation_y(next() - 0.5), at);
        leaf
    };
    (0..900).map(&mut one).collect()
}

/// A ball in focus before a thicket.
fn before_a_thicket() -> Scene {
    let mut things = thicket(9.0);
    things.push(ball(Vec3::new(0.0, 1.6, 0.0), 0.3));
    let mut s = scene(things);
    (s.camera.focus, s.camera.shutter) = (3.7, 0.0);
    s
}

/// Means of luma of so many pixels a side.
fn smaller(frame: &Frame, by: usize) -> Vec<f32> {
    let (w, h, luma) = (frame.picture.width, frame.picture.height, &frame.picture.y);
    let mean = |x: usize, y: usize| (0..by * by).map(|k| f32::from(luma[(y * by + k / by) * w + x * by + k % by])).sum::<f32>() / (by * by) as f32;
    (0..h / by).flat_map(|y| (0..w / by).map(move |x| (x, y))).map(|(x, y)| mean(x, y)).collect()
}

/// Draws in a size and returns luma at half of it or at the same.
fn luma(scene: &Scene, [width, height]: [usize; 2], by: usize) -> Vec<f32> {
    let settings = Settings { width: width * by, height: height * by, simd: SimdLevel::Detect, passes: false };
    smaller(&Renderer::new(settings).render(scene), by)
}

/// How far two pictures are apart: the root of the mean square, of 255.
fn apart(a: &[f32], b: &[f32]) -> f32 {
    (a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f32>() / a.len() as f32).sqrt()
}

#[test]
fn what_is_far_out_of_focus_looks_as_if_it_were_drawn_finely() {
    let mut s = before_a_thicket();
    for (size, aperture) in [([320, 180], 0.19), ([640, 360], 0.095), ([640, 360], 0.19), ([1280, 720], 0.19)] {
        s.camera.aperture = aperture;
        let apart = apart(&luma(&s, size, 1), &luma(&s, size, 2));
        // Without any aperture it is 4.1. This is 40 dB.
        assert!(apart < 2.55, "{size:?}, aperture {aperture}: {apart:.2} apart");
    }
    let with_passes = Renderer::new(Settings { passes: true, ..settings(SimdLevel::Detect) }).render(&s);
    assert_eq!(with_passes.picture, draw(&s).picture, "passes change no picture");
    let normal = with_passes.passes.expect("passes were asked for").normal;
    let edges = (0..360).flat_map(|y| (1..640).map(move |x| y * 640 + x)).filter(|k| k % 2 == 1 && normal[*k] != normal[k - 1]).count();
    assert!(edges > 1000, "and passes are fine where the picture is out of focus: {edges} borders within blocks of two");
}

#[test]
fn paint_and_relief_a_little_out_of_focus_look_as_if_every_pixel_were_shaded() {
    let wall = Arc::new(shapes::sheet(1, 1, |u, v| Vec3::new((u - 0.5) * 0.5, (v - 0.5) * 0.6, 0.0)));
    let paint = Material { mottle: 0.6, relief: Relief::Clay, relief_mm: 3.0, ..shapes::paint(0.5, 0.4, 0.3) };
    // Before the focus on the left, behind it on the right, by discs of two to three and a half pixels (radius).
    let put = |x: f32, away: f32| shapes::put(&wall, Material { relief_scale: 3.0 * away, ..paint.clone() }, Vec3::new(x * away, 1.6, EYE.z - away), away);
    let mut s = scene(vec![put(-0.3, 2.0), put(0.3, 9.0), ball(Vec3::new(0.0, 1.6, 0.0), 0.1)]);
    (s.camera.focus, s.camera.shutter) = (3.7, 0.0);
    let sharp = luma(&s, [640, 360], 1);
    s.camera.aperture = 0.05;
    let (once, twice) = (luma(&s, [640, 360], 1), luma(&s, [640, 360], 2));
    assert!(apart(&sharp, &twice) > 4.0, "the paint shows: {}", apart(&sharp, &twice));
    let off = apart(&once, &twice);
    // 2.17 if every pixel is shaded: discs of half the size are that different.
    assert!(off < 2.3, "{off} of 255 from a picture of twice the size");
}

#[test]
fn leaves_in_focus_look_as_if_every_pixel_were_shaded() {
    let mut s = scene(thicket(3.0));
    (s.camera.aperture, s.camera.shutter) = (0.0, 0.0);
    let off = apart(&luma(&s, [1600, 900], 1), &luma(&s, [1600, 900], 2));
    // 1.177 if they are shaded in every pixel, 1.180 if once in four.
    assert!(off < 1.2, "{off} of 255 from a picture of twice the size");
}

#[test]
fn leaves_out_of_focus_do_not_shimmer_in_a_slow_pan() {
    let mut s = before_a_thicket();
    let frames: Vec<Vec<f32>> = (0..8)
        .map(|k| {
            let turn = k as f32 * 0.0004;
            let camera = Camera::looking(EYE, EYE + Vec3::new(maths::sin(turn), 0.0, -maths::cos(turn)), 0.6);
            s.camera = Camera { aperture: 0.19, focus: 3.7, shutter: 0.0, ..camera };
            luma(&s, [640, 360], 1)
        })
        .collect();
    // How far luma is from going evenly over three frames.
    let mut steps: Vec<f32> = frames.windows(3).flat_map(|f| f[0].iter().zip(&f[1]).zip(&f[2]).map(|((a, b), c)| (a - 2.0 * b + c).abs())).collect();
    steps.sort_by(f32::total_cmp);
    let (mean, most) = (steps.iter().sum::<f32>() / steps.len() as f32, steps[steps.len() * 99 / 100]);
    assert!(mean < 0.6 && most < 6.0, "a quarter of a pixel a frame: luma is off by {mean:.2} on the whole, by {most} in a hundredth");
}

#[test]
fn a_bright_point_becomes_a_round_disc_of_the_lens_size() {
    let lamp = Material { emission: LinearRgb(60.0, 60.0, 60.0), ..Material::default() };
    let mut s = scene(vec![shapes::put(&Arc::new(shapes::ball(16)), lamp, Vec3::new(0.0, 1.6, -36.0), 0.15)]);
    s.light = Light { sun: LinearRgb::BLACK, zenith: LinearRgb::BLACK, horizon: LinearRgb::BLACK, haze: LinearRgb::BLACK, ambient: 0.0, ..s.light };
    s.camera.focus = 4.0;
    s.camera.aperture = 0.12;
    let frame = draw(&s);
    // 640 pixels wide, a field of 0.6 rad: f = 582; radius 0.5 * 0.12 * 582 / 4 * (1 - 4 / 40) = 7.9 pixels.
    let lit = |x: i32, y: i32| frame.picture.y[(180 + y) as usize * 640 + (320 + x) as usize] > 60;
    let reach = |dx: i32, dy: i32| (0..40).take_while(|k| lit(dx * k, dy * k)).count() as f32 * ((dx * dx + dy * dy) as f32).sqrt();
    let all = [reach(1, 0), reach(-1, 0), reach(0, 1), reach(0, -1), reach(1, 1), reach(-1, 1), reach(1, -1), reach(-1, -1)];
    let (least, most) = all.iter().fold((f32::MAX, 0.0f32), |(a, b), r| (a.min(*r), b.max(*r)));
    // The lamp itself has a radius of two pixels, and the disc a soft edge of as much.
    assert!(least > 8.0 && most < 13.5 && most - least < 3.0, "a round disc of about 8 pixels, not {all:?}");
}

#[test]
fn what_is_before_the_focus_spreads_over_what_is_sharp() {
    let mut things = bars(8.0, false);
    let mut near = ball(Vec3::new(0.0, 1.6, 3.2), 0.08);
    near.materials = Arc::from([Material { emission: LinearRgb(9.0, 9.0, 9.0), ..Material::default() }]);
    things.push(near);
    let mut s = scene(things);
    s.camera.focus = 8.0;
    let sharp = draw(&s);
    s.camera.aperture = 0.05;
    let soft = draw(&s);
    // Beside the ball's edge (f 582: 58 pixels) its light lies over the bars.
    let strip = |f: &Frame| contrast(f, 381..387, 150..210)[1];
    assert!(strip(&soft) < strip(&sharp) * 0.9, "the bars are veiled: {} of {}", strip(&soft), strip(&sharp));
    let away = |f: &Frame| contrast(f, 500..600, 150..210)[1];
    assert!(away(&soft) > away(&sharp) * 0.95, "and sharp elsewhere: {} of {}", away(&soft), away(&sharp));
}

#[test]
fn what_stands_still_is_not_smeared() {
    let mut s = scene(bars(6.0, true));
    let still = draw(&s);
    s.camera.shutter = 0.5;
    assert!(draw(&s).picture == still.picture, "an open shutter alone changes nothing");
}

#[test]
fn a_turning_camera_smears_along_its_way_only() {
    for (upright, k) in [(true, 0), (false, 1)] {
        let mut s = scene(bars(6.0, upright));
        let sharp = contrast(&draw(&s), 40..600, 40..320)[k];
        s.camera.shutter = 0.5;
        s.previous_camera.world_from_camera = Quat::from_rotation_y(0.05) * s.previous_camera.world_from_camera;
        // 0.05 rad are 29 pixels, half of them while the shutter is open.
        let smeared = contrast(&draw(&s), 40..600, 40..320)[k];
        if upright {
            assert!(smeared < sharp * 0.6, "upright bars are smeared: {smeared} of {sharp}");
        } else {
            assert!(smeared > sharp * 0.9, "lying bars stay: {smeared} of {sharp}");
        }
    }
}

#[test]
fn what_flies_past_leaves_half_of_itself_at_its_edges() {
    let mut thing = ball(Vec3::new(0.0, 1.6, 0.0), 0.4);
    thing.materials = Arc::from([Material { emission: LinearRgb(0.9, 0.9, 0.9), ..Material::default() }]);
    thing.previous_world_from_object = Affine3A::from_translation(Vec3::new(-0.16, 0.0, 0.0)) * thing.world_from_object;
    let mut s = scene(vec![thing]);
    s.light = Light { sun: LinearRgb::BLACK, zenith: LinearRgb(0.02, 0.02, 0.02), horizon: LinearRgb(0.02, 0.02, 0.02), haze: LinearRgb::BLACK, ..s.light };
    let sharp = draw(&s);
    s.camera.shutter = 0.5;
    let smeared = draw(&s);
    let edge = |f: &Frame| (320..480).filter(|x| (40..180).contains(&f.picture.y[180 * 640 + x])).count();
    // 0.16 m are 23 pixels at 4 m, 12 of them seen.
    assert!(edge(&sharp) < 3 && (6..18).contains(&edge(&smeared)), "a soft edge of some pixels, not {} and {}", edge(&sharp), edge(&smeared));
    let middle = (300..340).all(|x| smeared.picture.y[180 * 640 + x].abs_diff(sharp.picture.y[180 * 640 + x]) <= 1);
    assert!(middle, "the middle is as bright as it was");
    let top = |f: &Frame| (60..180).filter(|y| (60..180).contains(&f.picture.y[y * 640 + 320])).count();
    assert!(top(&smeared) < 6, "above and below nothing is smeared, {}", top(&smeared));
}

#[test]
fn both_levels_and_every_history_give_the_same_bytes() {
    let mut s = shapes::garden();
    s.lamps = shapes::lamps(1.0);
    s.camera.aperture = 0.06;
    s.camera.shutter = 0.5;
    s.previous_camera.eye.x -= 0.1;
    for thing in &mut s.moving {
        thing.previous_world_from_object.translation.y -= 0.15;
    }
    let fresh = draw(&s);
    assert!(Renderer::new(settings(SimdLevel::Plain)).render(&s).picture == fresh.picture, "plain code gives the same");
    let mut renderer = Renderer::new(settings(SimdLevel::Detect));
    let mut other = s.clone();
    other.camera.focus = 1.0;
    other.camera.eye.x += 1.0;
    renderer.render(&other);
    assert!(renderer.render(&s).picture == fresh.picture, "whatever was drawn before");
    let passes = Renderer::new(Settings { passes: true, ..settings(SimdLevel::Detect) }).render(&s);
    assert!(passes.picture == fresh.picture, "and with passes");
}
