//! Draws a small hand-built scene in several lights to PNG files, to be looked at:
//! `cargo run --release -p kinora-render --example study -- [FOLDER]`.

mod shapes;

use glam::Vec3;
use kinora_base::LinearRgb;
use kinora_render::scene::{Light, ParticleKind};
use kinora_render::{Renderer, Settings, SimdLevel};

fn rgb(r: f32, g: f32, b: f32) -> LinearRgb {
    LinearRgb(r, g, b)
}

fn sun(azimuth: f32, height: f32) -> Vec3 {
    let (a, h) = (azimuth.to_radians(), height.to_radians());
    use kinora_base::maths::{cos, sin};
    // The camera looks along -z; 0 is against the lens, 90 from the right.
    Vec3::new(sin(a) * cos(h), sin(h), -cos(a) * cos(h))
}

fn golden() -> Light {
    Light {
        sun_direction: sun(72.0, 20.0),
        sun: rgb(4.6, 2.55, 1.05),
        zenith: rgb(0.12, 0.30, 0.64),
        horizon: rgb(0.98, 0.66, 0.38),
        ground: rgb(0.26, 0.20, 0.11),
        ambient: 0.5,
        fog: 0.010,
        fog_height: 9.0,
        fog_colour: rgb(0.50, 0.42, 0.38),
        haze: rgb(1.15, 0.62, 0.20),
        rim: rgb(1.3, 0.85, 0.4),
        exposure: 0.8,
        lift: rgb(0.006, 0.006, 0.016),
        clouds: 0.45,
        ..Light::default()
    }
}

fn night() -> Light {
    Light {
        sun_direction: sun(-48.0, 34.0),
        sun: rgb(0.22, 0.33, 0.57),
        zenith: rgb(0.012, 0.024, 0.065),
        horizon: rgb(0.05, 0.085, 0.16),
        ground: rgb(0.02, 0.025, 0.035),
        ambient: 1.2,
        fog: 0.018,
        fog_height: 8.0,
        fog_colour: rgb(0.035, 0.06, 0.115),
        haze: rgb(0.03, 0.05, 0.09),
        rim: rgb(0.1, 0.16, 0.28),
        exposure: 1.55,
        lift: rgb(0.0, 0.003, 0.012),
        bloom: 0.22,
        bloom_threshold: 0.9,
        clouds: 0.2,
        stars: 1.0,
        ..Light::default()
    }
}

fn snow() -> Light {
    Light {
        sun_direction: sun(-42.0, 17.0),
        sun: rgb(2.2, 1.75, 1.4),
        zenith: rgb(0.30, 0.42, 0.66),
        horizon: rgb(0.72, 0.74, 0.82),
        ground: rgb(0.42, 0.45, 0.52),
        fog: 0.024,
        fog_height: 14.0,
        fog_colour: rgb(0.58, 0.62, 0.72),
        haze: rgb(0.50, 0.32, 0.20),
        rim: rgb(0.5, 0.45, 0.42),
        exposure: 0.78,
        snow: 1.0,
        clouds: 0.6,
        ..Light::default()
    }
}

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "/tmp".into());
    let mut renderer = Renderer::new(Settings { width: 1280, height: 720, simd: SimdLevel::Detect, passes: false });
    let mut scene = shapes::garden();
    for (name, light, kind) in [
        ("noon", Light::default(), ParticleKind::Dust),
        ("golden", golden(), ParticleKind::Dust),
        ("night", night(), ParticleKind::Dust),
        ("snow", snow(), ParticleKind::Snow),
    ] {
        scene.light = light;
        scene.particle_kind = kind;
        scene.particles = if kind == ParticleKind::Snow { shapes::flakes() } else { Vec::new() };
        scene.lamps = if name == "noon" { Vec::new() } else { shapes::lamps(if name == "night" { 1.7 } else { 1.0 }) };
        let frame = renderer.render(&scene);
        println!("{name}: {:.0} ms", renderer.timings().total());
        std::fs::write(format!("{folder}/study-{name}.png"), frame.picture.to_rgb().to_png()?)?;
    }
    Ok(())
}
