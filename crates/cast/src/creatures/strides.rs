//! Footfalls of animals, planned over the whole track before any pose is made: a planted paw is a fixed place in the
//! world, chosen where the leg hangs in the middle of its stance, so that paws cannot slide. Rhythm and gait look a
//! little ahead: who starts to run gallops from the first step, so that no leg is left behind.

use super::swing::paw;
use crate::gait::smoothed;
use crate::travel::direction;
use glam::{Quat, Vec3};
use kinora_base::maths::{mix, pow, smoothstep, wrap_angle};

/// How far a paw is carried past by the body while it stands, as a share of the leg.
const TRAVEL: f32 = 0.78;

/// A paw on the ground, in frames.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Plant {
    pub from: f32,
    pub to: f32,
    pub at: Vec3,
    pub facing: f32,
    /// Reached through the air.
    pub landed: bool,
}

/// Where a paw is at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Paw {
    /// On the ground under it, in the world; `lift` is above.
    pub at: Vec3,
    pub facing: f32,
    pub lift: f32,
    /// 0 while planted, 0..1 through the swing.
    pub swing: f32,
}

/// What the planner needs to know of a leg.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Home {
    /// Under the paw at rest, model space times the size.
    pub at: Vec3,
    /// Touchdown as a share of the stride in walk, trot and gallop; it only grows less, so that whoever gets faster
    /// lifts paws earlier.
    pub offset: [f32; 3],
}

/// The rhythm of a performance.
#[derive(Clone, Debug, Default)]
pub(crate) struct Strides {
    /// Footfalls of each leg.
    pub plants: Vec<Vec<Plant>>,
    /// Every leg's paw at every frame.
    pub paws: Vec<Vec<Paw>>,
    /// Strides of the body: .35 when the first leg lands.
    pub phase: Vec<f32>,
    /// Metres a second.
    pub speed: Vec<f32>,
    /// Radians a second.
    pub spin: Vec<f32>,
    /// 0 walk, 1 trot, 2 gallop.
    pub gait: Vec<f32>,
    /// 0 standing, 1 in full motion.
    pub vigour: Vec<f32>,
}

/// Numbers of the body that decide the rhythm.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Build {
    /// Hip above the ground, metres.
    pub leg: f32,
    /// From the middle to the legs, metres: turning moves them.
    pub reach: f32,
    /// Usual walk, metres a second, and its strides a second.
    pub walk: (f32, f32),
    /// How high paws are lifted in the walk, metres.
    pub clearance: f32,
    pub fps: f32,
}

/// What the legs' clock says at each frame.
struct Clock {
    /// Strides since the beginning; it stands still while the animal does.
    turns: Vec<f32>,
    /// Whether it runs.
    runs: Vec<bool>,
    /// Whether the body has come to rest.
    rests: Vec<bool>,
    /// Strides a second.
    rate: Vec<f32>,
    /// Share of the stride that a paw stands.
    duty: Vec<f32>,
}

/// Plans all footfalls; in frames where `aloft` holds no paw touches the ground. The film is thought to go on as it
/// ends, so that no paw is left behind in the last steps.
pub(crate) fn plan(track: &[(Vec3, f32)], homes: &[Home], build: Build, aloft: &[bool], ground: &dyn Fn(f32, f32) -> f32) -> Strides {
    let frames = track.len();
    let (track, aloft) = (longer(track, build.fps), [aloft, &vec![aloft.last().copied().unwrap_or(false); (1.5 * build.fps) as usize]].concat());
    let (mut strides, clock) = rhythm(&track, homes, build);
    for home in homes {
        let mut plants = footfalls(&track, home, build, &strides.gait, &clock, &aloft);
        for plant in &mut plants {
            plant.at.y = ground(plant.at.x, plant.at.z);
        }
        let plants = settled(plants, 0.03 * build.leg);
        let lift = |i: usize| build.clearance * (1.0 + 0.35 * strides.gait[i]);
        strides.paws.push((0..frames).map(|i| paw(&track, home, build.leg, &plants, i as f32, lift(i))).collect());
        strides.plants.push(plants);
    }
    for values in [&mut strides.phase, &mut strides.speed, &mut strides.spin, &mut strides.gait, &mut strides.vigour] {
        values.truncate(frames);
    }
    strides
}

/// The track and one and a half seconds more at its last speed.
fn longer(track: &[(Vec3, f32)], fps: f32) -> Vec<(Vec3, f32)> {
    let mut all = track.to_vec();
    let Some((at, facing)) = track.last().copied() else { return all };
    let step = track.len().checked_sub(2).map_or(Vec3::ZERO, |i| at - track[i].0);
    all.extend((1..=(1.5 * fps) as usize).map(|i| (at + step * i as f32, facing)));
    all
}

/// The most of the next `ahead` frames, without corners.
fn foreseen(values: &[f32], ahead: usize, soft: usize) -> Vec<f32> {
    let most = (0..values.len()).map(|i| values[i..(i + ahead + 1).min(values.len())].iter().copied().fold(0.0, f32::max)).collect::<Vec<f32>>();
    smoothed(&smoothed(&most, soft), soft)
}

fn rhythm(track: &[(Vec3, f32)], homes: &[Home], build: Build) -> (Strides, Clock) {
    let mut s = Strides::default();
    let frames = |seconds: f32| (seconds * build.fps) as usize;
    for i in 0..track.len() {
        let (a, b) = (track[i.saturating_sub(1)], track[(i + 1).min(track.len() - 1)]);
        let span = ((i + 1).min(track.len() - 1) - i.saturating_sub(1)).max(1) as f32 / build.fps;
        s.speed.push(Vec3::new(b.0.x - a.0.x, 0.0, b.0.z - a.0.z).length() / span);
        s.spin.push(wrap_angle(b.1 - a.1) / span);
    }
    s.spin = smoothed(&s.spin, frames(0.10));
    let effort: Vec<f32> = s.speed.iter().zip(&s.spin).map(|(v, w)| v + w.abs() * build.reach).collect();
    let soon = foreseen(&s.speed, frames(0.30), frames(0.12));
    let froude = |v: f32| v * v / (9.81 * build.leg);
    s.gait = soon.iter().map(|v| smoothstep(0.45, 0.9, froude(*v)) + smoothstep(2.2, 3.2, froude(*v))).collect();
    s.gait = smoothed(&s.gait, frames(0.12));
    s.vigour = effort.iter().map(|e| (e / build.walk.0).min(1.0)).collect();
    s.vigour = smoothed(&smoothed(&s.vigour, frames(0.12)), frames(0.10));
    let rate = |e: &f32| build.walk.1 * pow((e / build.walk.0).max(0.01), 0.45).clamp(0.75, 4.0);
    let rate: Vec<f32> = foreseen(&effort, frames(0.15), frames(0.08)).iter().map(rate).collect();
    let quick = foreseen(&s.speed, frames(0.10), frames(0.06));
    let duty = (0..track.len()).map(|i| between([0.64, 0.44, 0.28], s.gait[i]).min(TRAVEL * build.leg * rate[i] / quick[i].max(0.01))).collect();
    let mut clock = Clock { turns: Vec::new(), runs: Vec::new(), rests: Vec::new(), rate, duty };
    wind(&mut clock, &effort, &s.gait, homes, build);
    let first = |gait: f32| homes.first().map_or(0.0, |h| between(h.offset, gait));
    s.phase = clock.turns.iter().zip(&s.gait).map(|(t, g)| t - first(*g) + 0.35).collect();
    (s, clock)
}

/// Lets the clock run while the body moves, and on until every leg has stepped once more.
fn wind(clock: &mut Clock, effort: &[f32], gait: &[f32], homes: &[Home], build: Build) {
    let (mut turns, mut hold, mut stood) = (0.0, 0.0, f32::MAX);
    for (i, effort) in effort.iter().enumerate() {
        let moves = *effort > 0.02 * build.walk.0 + 0.01;
        if moves && stood > 0.2 * build.fps {
            // The left hind leg begins; in the gallop the fore legs rise and the hind legs push.
            let lead = if gait[i] > 1.3 { homes.last() } else { homes.first() };
            turns = clock.duty[i] + lead.map_or(0.0, |h| between(h.offset, gait[i])) + 1e-3;
        }
        hold = if moves { 0.97 * build.fps / clock.rate[i] } else { hold - 1.0 };
        let runs = hold > 0.0;
        stood = if runs { 0.0 } else { stood + 1.0 };
        clock.turns.push(turns);
        clock.runs.push(runs);
        clock.rests.push(!moves);
        if runs {
            turns += clock.rate[i] / build.fps;
        }
    }
}

/// Interpolated between walk, trot and gallop.
pub(crate) fn between(of: [f32; 3], gait: f32) -> f32 {
    if gait < 1.0 { mix(of[0], of[1], gait) } else { mix(of[1], of[2], gait - 1.0) }
}

/// Where a leg's paw belongs at a time, and the animal's facing.
pub(super) fn place(track: &[(Vec3, f32)], home: &Home, frame: f32) -> (Vec3, f32) {
    let last = track.len() - 1;
    let i = (frame.max(0.0) as usize).min(last);
    let (a, b) = (track[i], track[(i + 1).min(last)]);
    let t = (frame - i as f32).clamp(0.0, 1.0);
    let facing = a.1 + wrap_angle(b.1 - a.1) * t;
    (a.0.lerp(b.0, t) + Quat::from_rotation_y(facing) * home.at, facing)
}

/// One leg through the film: when it stands, and where.
fn footfalls(track: &[(Vec3, f32)], home: &Home, build: Build, gait: &[f32], clock: &Clock, aloft: &[bool]) -> Vec<Plant> {
    let mut stances = vec![(f32::NEG_INFINITY, f32::INFINITY, false)];
    // `lands` goes through a whole number when the paw lands, `lifts` when it leaves.
    let (mut lands, mut number) = (clock.turns[0] - between(home.offset, gait[0]), 0.0);
    let mut lifts = lands - clock.duty[0];
    let mut air = false;
    for i in 1..track.len() {
        let started = clock.runs[i] && !clock.runs[i - 1];
        let (lands_before, lifts_before) = (lands, lifts);
        lands = clock.turns[i] - between(home.offset, gait[i]);
        if !started {
            lands = lands.max(lands_before);
        }
        lifts = lands - clock.duty[i];
        let part = |from: f32, to: f32, mark: f32| i as f32 - 1.0 + ((mark - from) / (to - from).max(1e-6)).clamp(0.0, 1.0);
        let last = stances.len() - 1;
        let stands = stances[last].1.is_infinite();
        if aloft[i] {
            stances[last].1 = stances[last].1.min(i as f32 - 1.0);
            air = true;
        } else if air {
            air = false;
            stances.push((i as f32, f32::INFINITY, true));
            number = lifts.floor() + 1.0;
        } else if stands && started {
            // In the middle of its swing by the clock: it steps at once if that is worth while.
            let gone = lifts - lifts.floor();
            let steps = gone < 0.38 * (1.0 - clock.duty[i]);
            number = if steps { lifts.floor() } else { lifts.floor() + 1.0 };
            if steps {
                stances[last].1 = i as f32 - 1.0;
            }
        } else if stands && clock.runs[i] && lifts >= number {
            stances[last].1 = part(lifts_before, lifts, number).max(stances[last].0 + 1.0);
        } else if stands && clock.runs[i] && held_back(track, home, build, stances[last].0, i, clock) {
            stances[last].1 = i as f32 - 1.0;
        } else if !stands {
            let nominal = build.fps * (1.0 - clock.duty[i]) / clock.rate[i];
            if lands >= number + 1.0 && clock.runs[i] {
                stances.push((part(lands_before, lands, number + 1.0), f32::INFINITY, false));
                number += 1.0;
            } else if !clock.runs[i] && i as f32 - stances[last].1 >= nominal {
                stances.push((i as f32, f32::INFINITY, false));
            }
        }
    }
    (0..stances.len()).map(|k| planted(track, home, build, &stances, k, clock)).collect()
}

/// Whether a paw is left too far behind, because the animal set off fast or changes its gait: it is lifted early.
fn held_back(track: &[(Vec3, f32)], home: &Home, build: Build, from: f32, i: usize, clock: &Clock) -> bool {
    let from = from.max(0.0);
    let rest = (from as usize..i).find(|f| clock.rests[*f]);
    // A paw that stands since the body rested stands under it; any other one stands in the middle of its way.
    let (since, most) = rest.map_or((from, TRAVEL * 1.12), |rest| (rest as f32, 0.5));
    (place(track, home, i as f32).0 - place(track, home, since).0).length() > most * build.leg
}

/// A stance with its place: where the paw belongs when the body rests, or in the middle of what the body travels.
fn planted(track: &[(Vec3, f32)], home: &Home, Build { leg, fps, .. }: Build, stances: &[(f32, f32, bool)], k: usize, clock: &Clock) -> Plant {
    let (from, to, landed) = stances[k];
    let last = track.len() as f32 - 1.0;
    let first = from.clamp(0.0, last);
    let at = first as usize;
    let end = if to.is_finite() { to } else { first + clock.duty[at] * fps / clock.rate[at] };
    let rest = (first.ceil() as usize..=end.min(last).max(0.0) as usize).find(|f| clock.rests[*f]);
    // Where the body will rest, unless that is too far ahead as yet: another step follows.
    let near = |f: usize| to.is_infinite() || place(track, home, f as f32).0.distance(place(track, home, first).0) < 0.42 * leg;
    let rest = rest.filter(|f| near(*f));
    let (at, facing) = match rest {
        Some(frame) => place(track, home, frame as f32),
        None => {
            let ((a, turn), (b, other)) = (place(track, home, first), place(track, home, end.min(last)));
            ((a + b) * 0.5, turn + 0.5 * wrap_angle(other - turn))
        }
    };
    Plant { from, to, at, facing, landed }
}

/// Steps that go nowhere are not made.
fn settled(plants: Vec<Plant>, near: f32) -> Vec<Plant> {
    let mut out: Vec<Plant> = Vec::new();
    for mut plant in plants {
        if let Some(last) = out.last_mut() {
            if !plant.landed && plant.at.distance(last.at) < near && wrap_angle(plant.facing - last.facing).abs() < 0.06 {
                last.to = plant.to;
                continue;
            }
            plant.from = plant.from.max(last.to + 1.0);
            plant.to = plant.to.max(plant.from + 1.0);
        }
        out.push(plant);
    }
    out
}

/// A place beside the track: so far ahead, so far to the left.
pub(crate) fn beside(at: Vec3, facing: f32, ahead: f32) -> Vec3 {
    at + direction(facing) * ahead
}
