//! Weather in the air: flakes and drops in a box that goes with the camera. A pure function of time.

use crate::{Set, light};
use glam::Vec3;
use kinora_base::Seed;
use kinora_base::maths::sin;
use kinora_plan::Scene;
use kinora_render::scene::{Camera, Particle, ParticleKind};
use kinora_vocabulary::Vocabulary;

/// The flakes or drops about a camera at a time of the film.
#[must_use]
pub fn particles(scene: &Scene, set: &Set, vocabulary: &Vocabulary, camera: &Camera, time: f32, seed: Seed) -> (ParticleKind, Vec<Particle>) {
    let Ok(weather) = light::weather(vocabulary, &scene.weather) else { return (ParticleKind::Dust, Vec::new()) };
    if set.indoors || set.stage_area.room.is_some() {
        // Motes that hang in a room's light.
        let drift = Vec3::new(0.015, -0.02, 0.01);
        return (ParticleKind::Dust, strew(camera, time, seed, 110, Vec3::new(7.0, 3.5, 7.0), drift, (0.002, 0.004), 0.12));
    }
    if set.airless {
        return (ParticleKind::Dust, Vec::new());
    }
    if set.underwater {
        // What floats in the water, slowly rising.
        return (ParticleKind::Dust, strew(camera, time, seed, 320, Vec3::new(10.0, 6.0, 10.0), Vec3::new(0.03, 0.07, 0.01), (0.004, 0.011), 0.2));
    }
    if weather.drops > 0.0 {
        let fall = Vec3::new(0.6, -8.5, 0.2);
        return (ParticleKind::Rain, strew(camera, time, seed, (weather.drops * 1900.0) as usize, Vec3::new(16.0, 8.0, 16.0), fall, (0.004, 0.007), 0.0));
    }
    let fall = Vec3::new(0.25, -0.75, 0.1);
    (ParticleKind::Snow, strew(camera, time, seed, (weather.flakes * 2200.0) as usize, Vec3::new(20.0, 9.0, 20.0), fall, (0.018, 0.042), 0.25))
}

/// Nearer than this to the lens a flake would be a blot.
const NEAREST: f32 = 2.2;

#[allow(clippy::too_many_arguments, reason = "each is one property of the same cloud")]
fn strew(camera: &Camera, time: f32, seed: Seed, count: usize, size: Vec3, fall: Vec3, sizes: (f32, f32), drift: f32) -> Vec<Particle> {
    let mut particles = Vec::with_capacity(count);
    for n in 0..count {
        let mut rng = seed.index(n as u64).rng();
        let home = Vec3::new(rng.unit(), rng.unit(), rng.unit()) * size;
        let (hurry, phase, diameter) = (rng.range(0.75, 1.25), rng.range(0.0, std::f32::consts::TAU), rng.range(sizes.0, sizes.1));
        let sway = Vec3::new(sin(time * 1.3 + phase), 0.0, sin(time * 1.1 + phase * 1.7)) * drift;
        let moved = home + fall * hurry * time + sway;
        // The box is fixed in the world and repeats, so that the camera moves through the weather.
        let away = moved - camera.eye + size * 0.5;
        let wrapped = away - size * (away / size).floor() - size * 0.5;
        if wrapped.length() > NEAREST {
            particles.push(Particle { position: camera.eye + wrapped, size: diameter, velocity: fall * hurry });
        }
    }
    particles
}
