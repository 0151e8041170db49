//! What a projector does to one frame: how far it wandered, how bright the lamp was, which scratches and specks pass.

use super::{Reel, scaled};
use kinora_base::Seed;
use kinora_base::maths::sin;

/// A line along the film.
#[derive(Clone, Copy)]
struct Scratch {
    x: f32,
    half: f32,
    /// Added where it is.
    strength: f32,
    /// A wave along it, pixels.
    wander: f32,
}

/// A speck, or a piece of a hair.
#[derive(Clone, Copy)]
struct Speck {
    x: f32,
    y: f32,
    radius: f32,
    strength: f32,
}

/// The state of the projector at one frame.
pub(crate) struct Moment {
    /// How far the picture is off, pixels.
    pub(crate) off: (f32, f32),
    /// Factor on brightness.
    pub(crate) lamp: f32,
    /// For the grain.
    pub(crate) seed: i32,
    scratches: Vec<Scratch>,
    specks: Vec<Speck>,
}

/// A grain and a place of film lasts for one of its frames; old film runs at a rate of its own.
pub(crate) fn moment(reel: &Reel, time: f32, width: usize, height: usize) -> Moment {
    let step = (time.max(0.0) * reel.rate.clamp(1.0, 240.0) + 0.02).floor();
    let of = |what: &str| Seed(0).child(what).index(step as u64).rng();
    let mut rng = of("gate");
    let weave = scaled(reel.weave, height);
    let off = (weave * (0.4 * sin(step * 0.9) + rng.range(-0.3, 0.3)), weave * (0.5 * sin(step * 0.37 + 1.0) + rng.range(-0.5, 0.5)));
    let lamp = 1.0 + reel.flicker * (0.6 * sin(step * 1.7) * sin(step * 0.31) + rng.range(-0.4, 0.4));
    let seed = rng.bits() as i32;
    Moment { off, lamp, seed, scratches: scratches(reel, step as u64, width, height), specks: specks(reel, of("dust"), width, height) }
}

/// Slots of scratches: each is there in some stretches of a second and not in others.
fn scratches(reel: &Reel, step: u64, width: usize, height: usize) -> Vec<Scratch> {
    let slots = (reel.scratches.clamp(0.0, 40.0) * 2.0).ceil() as u64;
    let mut all = Vec::new();
    for slot in 0..slots {
        let seed = Seed(0).child("scratch").index(slot);
        let life = 6 + seed.rng().bits() % 22;
        let stretch = seed.index((step + slot * 5) / life);
        let mut rng = stretch.rng();
        if rng.unit() < 0.5 {
            continue;
        }
        let within = ((step + slot * 5) % life) as f32;
        let x = (rng.unit() + within * rng.range(-0.0008, 0.0008)) * width as f32;
        let half = scaled(rng.range(0.5, 1.3), height);
        let strength = rng.range(0.05, 0.20) * if rng.unit() < 0.7 { 1.0 } else { -1.0 };
        all.push(Scratch { x, half, strength, wander: scaled(rng.range(0.5, 3.0), height) });
    }
    all
}

fn specks(reel: &Reel, mut rng: kinora_base::seed::Rng, width: usize, height: usize) -> Vec<Speck> {
    let mut all = Vec::new();
    let count = (reel.dust.clamp(0.0, 200.0) * rng.range(0.3, 1.7)) as usize;
    for _ in 0..count {
        let (x, y) = (rng.unit() * width as f32, rng.unit() * height as f32);
        let strength = if rng.unit() < 0.35 { rng.range(0.15, 0.5) } else { -rng.range(0.15, 0.55) };
        if rng.unit() < 0.25 {
            // A hair: a bent row of specks.
            let (mut turn, mut at) = (rng.range(0.0, std::f32::consts::TAU), (x, y));
            let (radius, bend) = (scaled(rng.range(0.7, 1.2), height), rng.range(-0.16, 0.16));
            for _ in 0..rng.range(14.0, 46.0) as usize {
                all.push(Speck { x: at.0, y: at.1, radius, strength: -strength.abs() * 0.6 });
                at = (at.0 + kinora_base::maths::cos(turn) * radius * 1.3, at.1 + sin(turn) * radius * 1.3);
                turn += bend + rng.range(-0.1, 0.1);
            }
        } else {
            all.push(Speck { x, y, radius: scaled(rng.range(0.8, 3.4), height), strength });
        }
    }
    all
}

impl Moment {
    /// Adds scratches and specks to a row of red, green and blue.
    pub(crate) fn mark(&self, y: usize, width: usize, rows: &mut [Vec<f32>; 3]) {
        let mut add = |from: f32, to: f32, amount: &dyn Fn(f32) -> f32| {
            let (from, to) = (from.floor().max(0.0) as usize, to.ceil().clamp(0.0, width as f32 - 1.0) as usize);
            for x in from..=to {
                let a = amount(x as f32 + 0.5);
                for row in rows.iter_mut() {
                    if let Some(v) = row.get_mut(x) {
                        *v = (*v + a).clamp(0.0, 1.0);
                    }
                }
            }
        };
        for s in &self.scratches {
            let x = s.x + s.wander * sin(y as f32 * 0.011 / s.half.max(0.2) + s.x);
            let reach = s.half + 0.7;
            add(x - reach, x + reach, &|px| s.strength * (reach - (px - x).abs()).clamp(0.0, 1.0));
        }
        for s in &self.specks {
            let dy = y as f32 + 0.5 - s.y;
            if dy.abs() > s.radius + 1.0 {
                continue;
            }
            let reach = s.radius + 1.0;
            add(s.x - reach, s.x + reach, &|px| {
                let d = ((px - s.x) * (px - s.x) + dy * dy).sqrt();
                s.strength * (s.radius + 0.5 - d).clamp(0.0, 1.0)
            });
        }
    }
}
