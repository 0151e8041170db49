//! What each act asks of the body at a frame: the legs' acts give a whole pose, the others lay arms, head and face
//! over it.

use super::feel::{Feel, Things};
use super::grips::{Fingers, Shape};
use super::holding::Hold;
use super::motions::{Mood, Motions};
use super::stance::{Arm, Leg, Stance};
use crate::gait::Steps;
use crate::{Act, Character, InHand, Script, travel};
use glam::{Quat, Vec3};
use kinora_base::Seed;
use kinora_base::maths::{cos, sin, smootherstep, smoothstep, wrap_angle};
use std::f32::consts::{PI, TAU};
use std::sync::Arc;

/// Everything that acts look at.
pub(crate) struct Stage<'a> {
    pub(crate) character: &'a Character,
    pub(crate) motions: &'a Motions,
    pub(crate) things: &'a Things,
    pub(crate) mood: Mood,
    pub(crate) old: bool,
    pub(crate) script: &'a Script,
    pub(crate) steps: &'a Steps,
    pub(crate) track: &'a [(Vec3, f32)],
    pub(crate) fps: f32,
    /// Metres gone since the first frame.
    pub(crate) gone: Vec<f32>,
    /// Hips over the ground when standing, unscaled.
    pub(crate) standing: f32,
    /// Length of a leg, unscaled.
    pub(crate) leg: f32,
    pub(crate) seed: Seed,
}

impl Stage<'_> {
    /// The pose that the legs' act of a frame asks for.
    pub(crate) fn legs(&self, frame: usize) -> Stance {
        let base = self.standing(frame).plus(&self.striding(frame), 1.0);
        let Some(act) = travel::leg_act(self.character, self.script, frame).filter(|a| a.take().is_none()) else { return base };
        let time = (frame - act.from) as f32 / self.fps;
        match act.motion.as_str() {
            _ if act.moves.is_some() => self.keyed(act, frame, &base).unwrap_or(base),
            "sit" => self.sitting(act, frame, &base),
            "jump" => self.jumping(act, time, &base),
            "dance" => self.dancing(act, time, &base),
            "swim" => self.swimming(frame),
            _ => self.keyed(act, frame, &base).unwrap_or(base),
        }
    }

    /// Standing at ease: weight on one leg, then on the other; breath; a mood's posture.
    fn standing(&self, frame: usize) -> Stance {
        let time = frame as f32 / self.fps;
        let m = self.motions;
        let breath = sin(time * TAU * m.number("stand", "breaths", 14.0) / 60.0);
        let still = 1.0 - self.steps.vigour[frame];
        let period = m.number("stand", "shift", 9.0);
        let phase = time / period + self.seed.child("weight").rng().unit() * 2.0;
        let side = if phase as i32 % 2 == 0 { 1.0 } else { -1.0 };
        let ease = smootherstep((phase - phase.floor()) * period / 0.9);
        let weight = side * (2.0 * ease - 1.0) * still;
        let rest = m.pose("stand", "ease");
        let shifted = m.pose("stand", "weight-left");
        let sway = m.number("stand", "sway", 0.006) * sin(time * TAU * 0.23) * still;
        let mut s = rest.plus(&shifted, weight);
        s.hips[0] += sway;
        s.trunk[0] += self.mood.slump - 0.015 * breath + if self.old { 0.16 } else { 0.0 };
        s.head[0] += self.mood.head - self.mood.slump * 0.5 - if self.old { 0.12 } else { 0.0 };
        s.hips[1] -= if self.old { 0.018 } else { 0.0 };
        for (side, arm) in s.arms.iter_mut().enumerate() {
            arm.shrug += self.mood.shrug + 0.014 * breath;
            arm.elbow += 0.03 * sin(time * 0.9 + side as f32 * 2.0) + if self.old { 0.25 } else { 0.0 };
            arm.abd += 0.008 * breath;
        }
        s
    }

    /// What walking and running add.
    fn striding(&self, frame: usize) -> Stance {
        let steps = self.steps;
        let (gait, phase, k) = (&steps.gaits[frame], steps.phase[frame] * TAU, steps.vigour[frame]);
        let wave = |shift: f32| sin(phase + shift * TAU);
        let running = smoothstep(0.55, 0.40, gait.duty);
        // A walk is lowest when both feet stand, a run at mid-stance.
        let twice = sin(2.0 * phase - (0.20 + 0.14 * running) * TAU);
        let (arms, bounce) = (self.mood.swing, self.mood.bounce);
        let rest = self.motions.pose("stand", "ease").arms[0].elbow;
        let swing = |side: f32| {
            let s = -side * wave(0.25);
            let (forward, back) = (gait.arms[0], gait.arms[1]);
            Arm {
                flex: k * arms * ((forward + back) * 0.5 + (forward - back) * 0.5 * s),
                elbow: k * (gait.elbow - rest + 0.30 * gait.elbow * s.max(0.0) * arms),
                inward: k * 0.18 * s,
                pronate: -k * running * 0.3,
                fingers: Fingers::default().closed(k * running * 0.35, 0.0, 0.0),
                ..Arm::default()
            }
        };
        let (yaw, list) = (gait.yaw * wave(0.25), gait.list * wave(-0.02));
        Stance {
            hips: [k * gait.sway * 0.5 * wave(-0.05), k * bounce * gait.bob * 0.5 * (twice - 0.6), 0.0],
            pelvis: [k * gait.lean * 0.4, -k * yaw, k * list],
            trunk: [k * gait.lean * 0.6 + k * 0.012 * twice, k * yaw * 2.0, -k * list * 1.1],
            head: [-k * gait.lean * 0.7 - k * 0.02 * twice * bounce, -k * yaw, k * list * 0.2],
            arms: [swing(1.0), swing(-1.0)],
            ..Stance::default()
        }
    }

    /// When somebody who walks to a seat has arrived and can sit down.
    pub(crate) fn arrival(&self, act: &Act, frame: usize) -> f32 {
        let ruled = |f: usize| travel::leg_act(self.character, self.script, f).is_some_and(|a| std::ptr::eq(a, act));
        let last = (frame..self.track.len()).take_while(|f| ruled(*f)).last().unwrap_or(frame);
        let (end, facing) = self.track[last];
        let there = |f: &usize| self.track[*f].0.distance(end) < 0.02 * self.character.scale && wrap_angle(self.track[*f].1 - facing).abs() < 0.12;
        (act.from..=last).find(there).unwrap_or(last) as f32
    }

    fn sitting(&self, act: &Act, frame: usize, base: &Stance) -> Stance {
        let m = self.motions;
        let slow = if self.old { 1.5 } else { 1.0 };
        let down = m.number("sit", "down", 1.4) * slow;
        let t = if act.from == 0 { 1.0 } else { (frame as f32 - self.arrival(act, frame)) / self.fps / down };
        let t = t.clamp(0.0, 1.0);
        let goal = self.seated(act, frame, base);
        let fold = m.pose("sit", "fold");
        // The trunk folds forward while the hips go down.
        base.towards(&goal, smootherstep(t)).plus(&fold, sin(PI * t) * sin(PI * t))
    }

    fn seated(&self, act: &Act, frame: usize, base: &Stance) -> Stance {
        let m = self.motions;
        let (root, facing) = self.track[frame];
        let name = if act.seat.is_some() { "seat" } else { "ground" };
        let mut goal = m.pose("sit", name);
        let breath = sin(frame as f32 / self.fps * TAU * 14.0 / 60.0);
        goal.trunk[0] += self.mood.slump - 0.012 * breath + if self.old { 0.10 } else { 0.0 };
        goal.head[0] += self.mood.head;
        goal.head[1] += base.head[1];
        let Some(seat) = act.seat else { return goal };
        let local = Quat::from_rotation_y(-facing) * (seat - root) / self.character.scale;
        let height = local.y + m.number("sit", "thickness", 0.105);
        goal.hips = [local.x, height - self.standing, local.z];
        let reach = Vec3::new(local.x, height - 0.04 - 0.085, local.z).length();
        if reach > self.leg * 0.97 {
            goal.free = 1.0;
            for (side, leg) in goal.legs.iter_mut().enumerate() {
                leg.knee += 0.10 * sin(frame as f32 / self.fps * 2.6 + side as f32 * 2.2);
            }
        }
        goal
    }

    /// Crouch, flight, landing; again and again unless it goes somewhere.
    fn jumping(&self, act: &Act, time: f32, base: &Stance) -> Stance {
        let m = self.motions;
        let (leaves, flies) = travel::JUMP_FLIGHT;
        let period = jump_period(m);
        let t = if act.path.is_empty() { time - (time / period).floor() * period } else { time };
        let crouch = m.pose("jump", "crouch");
        let air = m.pose("jump", "air");
        let bend = smootherstep(t / (leaves - 0.17)) * (1.0 - smoothstep(leaves - 0.20, leaves + 0.06, t));
        let landed = t - leaves - flies;
        let soft = smoothstep(-0.02, 0.13, landed) * (1.0 - smoothstep(0.15, 0.60, landed)) * 0.75;
        let share = ((t - leaves) / flies).clamp(0.0, 1.0);
        let up = smoothstep(leaves - 0.20, leaves + 0.24, t) * (1.0 - smoothstep(leaves + flies - 0.16, leaves + flies + 0.28, t));
        let height = 4.0 * m.number("jump", "height", 0.26) * share * (1.0 - share);
        let mut s = base.plus(&crouch, bend + soft).plus(&air, up);
        s.hips[1] += height;
        let tuck = m.number("jump", "tuck", 0.10) * sin(PI * share);
        for leg in &mut s.legs {
            leg.shift[1] += height + tuck;
            leg.pitch -= 0.5 * sin(PI * share);
        }
        s
    }

    /// A loop of key poses, one a beat, with a bounce.
    fn dancing(&self, act: &Act, time: f32, base: &Stance) -> Stance {
        let m = self.motions;
        let cycle = m.cycle("dance");
        if cycle.is_empty() {
            return *base;
        }
        let pace = if act.pace > 0.0 { act.pace } else { 1.0 };
        let beat = time * m.number("dance", "beats", 2.0) * pace;
        let (index, t) = (beat as usize, beat - beat.floor());
        let key = |i: usize| cycle[i % cycle.len()];
        let moved = key(index).towards(&key(index + 1), smootherstep(t / 0.8));
        let mut s = base.plus(&moved, smoothstep(0.0, 0.6, time));
        let hit = 0.5 - 0.5 * cos(TAU * t);
        s.hips[1] -= m.number("dance", "bounce", 0.045) * (1.0 - hit) * smoothstep(0.0, 0.6, time);
        s.head[0] += m.number("dance", "nod", 0.10) * (1.0 - hit);
        // A foot that travels from one key to the next is lifted on the way.
        for side in 0..2 {
            let (a, b) = (key(index).legs[side].shift, key(index + 1).legs[side].shift);
            let way = ((a[0] - b[0]).abs() + (a[2] - b[2]).abs()).min(0.25);
            s.legs[side].shift[1] += 0.45 * way * sin(PI * (t / 0.8).clamp(0.0, 1.0));
        }
        s
    }

    /// A front crawl when it goes somewhere, treading water when it does not.
    fn swimming(&self, frame: usize) -> Stance {
        let m = self.motions;
        let time = frame as f32 / self.fps;
        let speed = self.steps.speed[frame] / self.character.walk_speed.max(0.1);
        let level = smoothstep(0.05, 0.35, speed);
        let phase = time / m.number("swim", "cycle", 1.7);
        self.treading(time).towards(&self.crawling(phase), level)
    }

    fn crawling(&self, phase: f32) -> Stance {
        let m = self.motions;
        let mut s = m.pose("swim", "crawl");
        s.hips[1] = -self.standing + m.number("swim", "depth", -0.06);
        let roll = sin(phase * TAU);
        s.trunk[1] += m.number("swim", "roll", 0.45) * roll;
        s.head[1] -= 0.25 * roll;
        for side in 0..2 {
            let p = phase + 0.5 * side as f32;
            let turn = p - p.floor();
            let over = smoothstep(0.5, 0.7, turn) * (1.0 - smoothstep(0.9, 1.0, turn));
            let pull = smoothstep(0.08, 0.25, turn) * (1.0 - smoothstep(0.35, 0.5, turn));
            let a = &mut s.arms[side];
            a.flex = wrap_angle(PI * 0.98 - TAU * turn);
            a.abd = 0.12 + 0.45 * over;
            a.elbow = 0.12 + 1.1 * over + 0.7 * pull;
            let kick = sin(phase * TAU * 3.0 + PI * side as f32);
            s.legs[side] = Leg { flex: 0.08 + 0.26 * kick, knee: 0.22 - 0.22 * sin(phase * TAU * 3.0 + PI * side as f32 + 1.0), pitch: -0.8, ..Leg::default() };
        }
        s
    }

    fn treading(&self, time: f32) -> Stance {
        let m = self.motions;
        let mut s = m.pose("swim", "tread");
        let eyes = self.character.eye_height / self.character.scale;
        s.hips[1] = -eyes + m.number("swim", "eyes", 0.22) + 0.02 * sin(time * 4.0);
        for side in 0..2 {
            let p = time * TAU / 0.95 + PI * side as f32;
            s.legs[side] = Leg { flex: 0.55 + 0.35 * sin(p), knee: 0.75 + 0.45 * cos(p), abd: 0.18, pitch: -0.4, ..Leg::default() };
            s.arms[side].inward += 0.35 * sin(time * TAU);
        }
        s
    }

    /// Lays arms and head of the other acts over the legs' pose.
    pub(crate) fn upper(&self, frame: usize, below: Stance) -> Stance {
        let mut s = below;
        let played = self.played(frame);
        if let Some((held, share)) = self.held(frame) {
            let goal = self.motions.pose("stand", held);
            let takes = |side: usize| played.iter().filter(|p| p.whole && p.act.support.is_none()).map(|p| p.weight * p.now.takes(side)).fold(0.0, f32::max);
            let mut holding = below;
            holding.arms = goal.arms;
            s.arms[1] = below.towards(&holding, share * (1.0 - takes(1))).arms[1];
            if held == "hold-both" {
                s.arms[0] = below.towards(&holding, share * (1.0 - takes(0))).arms[0];
            }
        }
        for played in played.iter().filter(|p| !p.whole) {
            self.lay(&mut s, played);
        }
        for act in &self.script.acts {
            let weight = self.weight(act, frame);
            if weight <= 0.0 {
                continue;
            }
            let time = (frame.max(act.from) - act.from) as f32 / self.fps;
            match act.motion.as_str() {
                "wave" => self.waving(&mut s, time, weight),
                "talk" => self.talking(&mut s, act, time, weight),
                "read" => self.reading(&mut s, time, weight),
                _ => {}
            }
        }
        s
    }

    /// How much of an act of arms or head shows: eased in and out.
    pub(crate) fn weight(&self, act: &Act, frame: usize) -> f32 {
        if act.moves.is_some() || self.character.facts(act).whole() {
            return 0.0;
        }
        let (f, fps) = (frame as f32, self.fps);
        let into = if act.from == 0 { 1.0 } else { smootherstep((f - act.from as f32) / (0.40 * fps)) };
        let out = if act.to >= self.script.frames { 1.0 } else { 1.0 - smootherstep((f - act.to as f32) / (0.45 * fps)) };
        into * out
    }

    /// What is held or nearly so, and how much: the arm is ready before the thing comes, and sinks after it.
    fn nearly(&self, frame: usize) -> Option<(&InHand, f32)> {
        let share = |h: &InHand| {
            let before = h.from.saturating_sub(frame) as f32 / self.fps;
            let after = (frame + 1).saturating_sub(h.to) as f32 / self.fps;
            smootherstep(1.0 - before / 0.45) * smootherstep(1.0 - after / 0.45)
        };
        self.script.held.iter().map(|h| (h, share(h))).max_by(|a, b| a.1.total_cmp(&b.1)).filter(|h| h.1 > 0.0)
    }

    /// The pose for what the right hand holds, and how much of it shows.
    fn held(&self, frame: usize) -> Option<(&'static str, f32)> {
        let (held, share) = self.nearly(frame)?;
        let pose = match held.thing.as_str() {
            "umbrella" => "hold-up",
            "torch" => "hold-out",
            "ball" => "hold-both",
            "book" => return None,
            _ if self.shape(held) == Some(Shape::Hook) => "carry",
            _ => "hold",
        };
        Some((pose, share))
    }

    /// The shape of a hand that holds a thing by its grip, if its own shape is known.
    fn shape(&self, held: &InHand) -> Option<Shape> {
        self.things.feel(&held.thing).map(|f| f.shape(held.size))
    }

    /// What the right hand closes on at a frame, and its size.
    pub(crate) fn in_hand(&self, frame: usize) -> Option<(Arc<Feel>, f32)> {
        if matches!(self.hold(frame), Hold::Book { .. }) {
            return None;
        }
        let held = self.thing(frame)?;
        self.things.feel(&held.thing).map(|feel| (feel, held.size))
    }

    /// What is held at a frame.
    pub(crate) fn thing(&self, frame: usize) -> Option<&InHand> {
        self.script.held.iter().rev().find(|h| (h.from..h.to).contains(&frame))
    }

    /// What the hands hold at a frame, and how.
    pub(crate) fn hold(&self, frame: usize) -> Hold {
        let reads = self.script.acts.iter().filter(|a| a.motion == "read").map(|a| (self.weight(a, frame), a));
        if let Some((up, act)) = reads.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|r| r.0 > 0.0) {
            let time = (frame.max(act.from) - act.from) as f32 / self.fps;
            let size = self.thing(frame).filter(|h| h.thing == "book").map_or(1.0, |h| h.size);
            return Hold::Book { up, page: self.page(time), size };
        }
        let Some((held, share)) = self.nearly(frame) else { return Hold::Upright { lean: 0.0 } };
        match held.thing.as_str() {
            "ball" => {
                let busy = self.played(frame).iter().filter(|p| p.now.uses(0) || p.now.uses(1)).map(|p| p.weight).fold(0.0, f32::max);
                Hold::Ball { both: share * (1.0 - busy), size: held.size }
            }
            "umbrella" => Hold::Upright { lean: 0.16 },
            "torch" => Hold::Upright { lean: -0.30 },
            // A blade is made point down, and held point up.
            "sword" => Hold::Loose,
            _ if self.shape(held) == Some(Shape::Pen) => Hold::Pen,
            _ => Hold::Upright { lean: 0.0 },
        }
    }

    /// How far a page is turned, 0..1, while somebody reads.
    fn page(&self, time: f32) -> f32 {
        let since = time % self.motions.number("read", "page", 6.0);
        if time < 1.5 { 0.0 } else { (since / 1.1).clamp(0.0, 1.0) }
    }

    fn waving(&self, s: &mut Stance, time: f32, weight: f32) {
        let m = self.motions;
        let mut goal = m.pose("wave", "up");
        let swing = sin(time * TAU * m.number("wave", "rate", 1.9));
        goal.arms[1].elbow += m.number("wave", "swing", 0.30) * swing;
        goal.arms[1].wrist += 0.18 * sin(time * TAU * m.number("wave", "rate", 1.9) - 0.8);
        let mixed = s.towards(&goal, weight);
        s.arms[1] = mixed.arms[1];
        *s = Stance { trunk: s.plus(&goal, weight).trunk, head: s.plus(&goal, weight).head, ..*s };
    }

    /// The mood of the face at a frame: what is felt comes in half a second and fades in one.
    pub(crate) fn felt(&self, frame: usize) -> Mood {
        let seconds = |from: usize, to: usize| (to as f32 - from as f32) / self.fps;
        self.script.feelings.iter().fold(self.mood, |mood, f| {
            let weight = smootherstep(1.0 - seconds(frame, f.from) / 0.5) * smootherstep(1.0 - seconds(f.to, frame) / 1.1);
            if weight > 0.0 { mood.towards(&self.motions.mood(&f.mood), weight) } else { mood }
        })
    }

    fn talking(&self, s: &mut Stance, act: &Act, time: f32, weight: f32) {
        let m = self.motions;
        let lively = self.mood.gesture;
        let mut rng = self.seed.child("gesture").index(act.from as u64).rng();
        let mut at = 0.15;
        while at < time + 1.0 {
            let (side, hold, size) = (rng.below(5), rng.range(0.25, 0.8), rng.range(0.6, 1.0) * lively.min(1.2));
            let name = if rng.unit() < 0.5 { "open" } else { "point" };
            let shape = smootherstep((time - at) / 0.36) * (1.0 - smootherstep((time - at - 0.36 - hold) / 0.55));
            let beat = 1.0 + 0.12 * sin((time - at) * TAU * 1.8);
            let goal = m.pose("talk", name);
            for arm in 0..2 {
                let takes_part = side == 4 || side % 2 == arm;
                if takes_part && shape > 0.0 && !(arm == 1 && self.thing(act.from).is_some_and(|h| h.thing != "book")) {
                    s.arms[arm] = s.towards(&goal, shape * size * weight * beat.min(1.1)).arms[arm];
                }
            }
            s.trunk[1] += 0.05 * shape * weight * if side % 2 == 0 { -1.0 } else { 1.0 };
            at += 0.9 + hold + rng.range(0.3, 1.6) / lively.max(0.3);
        }
        // With lines, accents are where the voice has them.
        let nod = m.number("talk", "nod", 0.055) * if self.script.dips.is_empty() { 1.0 } else { 0.3 };
        s.head[0] += weight * nod * (sin(time * TAU * 1.1) * 0.6 + sin(time * TAU * 0.43 + 1.0));
        s.head[2] += weight * 0.05 * sin(time * TAU * 0.31);
        s.head[1] += weight * 0.05 * sin(time * TAU * 0.57 + 2.0);
    }

    fn reading(&self, s: &mut Stance, time: f32, weight: f32) {
        let m = self.motions;
        let mut goal = m.pose("read", "book");
        let turn = sin(PI * self.page(time));
        goal.arms[1] = goal.plus(&m.pose("read", "page"), turn).arms[1];
        let mixed = s.towards(&goal, weight);
        s.arms = mixed.arms;
        s.head[0] += goal.head[0] * weight;
        s.trunk[0] += goal.trunk[0] * weight;
        s.head[1] += 0.05 * weight * sin(time * 1.3);
    }
}

/// Seconds from one jump to the next.
pub(crate) fn jump_period(motions: &Motions) -> f32 {
    motions.number("jump", "period", 1.75)
}
