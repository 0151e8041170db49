//! Acting: the track and the footfalls are planned first, then every frame's trunk, legs, tail, head or wings follow.

use super::acts::Gestures;
use super::calls;
use super::rig::{Leg, Plan, angles, crest, look, wave};
use super::strides::{self, Build, Home, Strides};
use super::{Creature, flight};
use crate::skeleton::Rig;
use crate::travel::{self, JUMP_FLIGHT, leg_act};
use crate::{Act, Anatomy, BodyPose, Character, Face, Landmarks, Nature, Noise, Performance, Script, Surroundings, face};
use glam::{Quat, Vec3};
use kinora_base::Seed;
use kinora_base::maths::{atan2, exp, smootherstep, wrap_angle};

/// How far a head turns, radians to each side and up or down.
const LOOK: (f32, f32) = (1.2, 0.6);

/// How far a neck bends down to the ground, and then the trunk after it, radians.
const NECK_BEND: f32 = 2.0;
const TRUNK_BEND: f32 = 0.42;

/// Everything that is known before the first pose.
pub(crate) struct Stage<'a> {
    pub character: &'a Character,
    pub nature: &'a Creature,
    pub plan: Plan,
    pub fps: f32,
    pub track: Vec<(Vec3, f32)>,
    pub strides: Strides,
    /// Metres, at its size.
    pub leg: f32,
    /// How much of each frame is spent sitting, flying or swimming, 0..1.
    pub sitting: Vec<f32>,
    pub flying: Vec<f32>,
    pub swimming: Vec<f32>,
    /// How much of it lies on the ground, and how much sleeps.
    pub lying: Vec<f32>,
    pub asleep: Vec<f32>,
    /// Clear height under the belly, model space.
    belly: f32,
    /// How far neck and trunk bend, 0..2, for the mouth to come to the ground: standing to graze, lying to sleep.
    bends: (f32, f32),
    /// How far the tail is raised or let down to lie on the ground.
    laid: f32,
    /// How far the head is held up while it lies, radians (negative), so that a trunk stays over the ground.
    raised: f32,
    pub gestures: Gestures,
    pub calls: Vec<calls::Called>,
    /// Seconds into a jump.
    pub jumping: Vec<Option<f32>>,
    /// How much lower than it would like the trunk must be for all planted paws, model space.
    drops: Vec<f32>,
    blinks: Vec<f32>,
    glances: Vec<[f32; 2]>,
}

/// Acts out a script.
pub(crate) fn perform(character: &Character, script: &Script, fps: f32, world: &dyn Surroundings) -> Performance {
    let Nature::Creature(nature) = &character.nature else { return Performance::default() };
    let track = travel::travel(character, script, fps);
    if track.is_empty() {
        return Performance::default();
    }
    let stage = Stage::new(character, nature, script, fps, track, world);
    let mut gaze = [face::Follow::default(); 2];
    let poses: Vec<BodyPose> = (0..stage.track.len()).map(|i| stage.frame(i, world, &mut gaze)).collect();
    let noises = stage.noises(&poses);
    Performance { poses, noises, ..Performance::default() }
}

/// Where the body is in one frame, before any joint is turned.
pub(super) struct Base {
    pub root: Vec3,
    pub turn: Quat,
    /// 1 on the ground, 0 in the air or in water.
    pub grounded: f32,
}

impl<'a> Stage<'a> {
    pub(crate) fn new(character: &'a Character, nature: &'a Creature, script: &Script, fps: f32, track: Vec<(Vec3, f32)>, world: &dyn Surroundings) -> Self {
        let plan = Plan::of(&character.bones);
        let motion = |i: usize| leg_act(character, script, i).map_or("stand", |a| a.motion.as_str());
        let frames = track.len();
        let share = |wanted: &dyn Fn(usize) -> bool, seconds: f32| {
            let mut now = if wanted(0) { 1.0 } else { 0.0_f32 };
            let rate = 1.0 / (seconds * fps);
            (0..frames)
                .map(|i| {
                    now = (now + if wanted(i) { rate } else { -rate }).clamp(0.0, 1.0);
                    smootherstep(now)
                })
                .collect::<Vec<f32>>()
        };
        let fish = character.anatomy == Anatomy::Fish;
        let bird = character.anatomy == Anatomy::Bird;
        let sits = nature.habits.sits;
        let air = |i: usize| track[i].0.y - world.ground(track[i].0.x, track[i].0.z) > 0.4 * character.height;
        // Whoever has wings flies, whatever its build.
        let winged = bird || !plan.wings.is_empty();
        let flying = share(&|i| winged && motion(i) != "swim" && (motion(i) == "fly" || air(i)), 0.4);
        let swimming = share(&|i| fish || motion(i) == "swim", 0.5);
        let sitting = share(&|i| sits && motion(i) == "sit", 0.8);
        let down = |i: usize| matches!(motion(i), "lie" | "sleep" | "fall");
        let lying = share(&|i| !fish && down(i), 1.1);
        let asleep = share(&|i| motion(i) == "sleep", 1.4);
        let jumping: Vec<Option<f32>> = (0..frames).map(|i| leg_act(character, script, i).filter(|a| a.motion == "jump").map(|a| jumped(a, i, fps))).collect();
        let in_jump = |i: usize| jumping[i].is_some_and(|t| t > JUMP_FLIGHT.0 && t < JUMP_FLIGHT.0 + JUMP_FLIGHT.1);
        let aloft: Vec<bool> = (0..frames).map(|i| flying[i] > 0.2 || (swimming[i] > 0.2) || in_jump(i)).collect();
        let hip = plan.legs.first().map_or(character.height * 0.4, |l| character.bones[l.bones[0]].rest.y * character.scale);
        let homes: Vec<Home> = plan.legs.iter().map(|leg| home(leg, character, nature)).collect();
        let reach = homes.iter().map(|h| h.at.length()).fold(0.1, f32::max);
        let walk = (character.walk_speed, nature.habits.cadence / character.scale.sqrt());
        let build = Build { leg: hip, reach, walk, clearance: nature.habits.clearance * hip, fps };
        let strides = strides::plan(&track, &homes, build, &aloft, &|x, z| world.ground(x, z));
        let gestures = Gestures::of(character, &nature.voice, script, frames, fps, world);
        let calls = calls::calls(character, &nature.voice, script, fps);
        let seed = Seed(script.seed);
        let (blinks, glances) = (face::blinks(frames, fps, 9.0, seed), face::wander(frames, fps, seed));
        let mut stage = Self {
            character,
            nature,
            plan,
            fps,
            track,
            strides,
            leg: hip,
            sitting,
            flying,
            swimming,
            lying,
            asleep,
            belly: 0.0,
            bends: (0.0, 0.0),
            laid: 0.0,
            raised: 0.0,
            gestures,
            calls,
            jumping,
            drops: Vec::new(),
            blinks,
            glances,
        };
        if stage.lying.iter().any(|l| *l > 0.0) {
            stage.belly = stage.under_belly();
            stage.laid = stage.tail_down();
            stage.raised = stage.head_up();
        }
        if stage.gestures.graze.iter().chain(&stage.lying).any(|g| *g > 0.0) {
            stage.bends = (stage.bend_for(0.0, 1.15), stage.bend_for(stage.belly, 0.12));
        }
        stage.drops = stage.settle(world);
        stage
    }

    pub(super) fn base(&self, i: usize, world: &dyn Surroundings) -> Base {
        let (at, facing) = self.track[i];
        let grounded = (1.0 - self.flying[i]) * (1.0 - self.swimming[i]);
        let ahead = self.leg * 0.5;
        let height = |d: f32| {
            let p = strides::beside(at, facing, d);
            world.ground(p.x, p.z)
        };
        let (before, behind) = (height(ahead), height(-ahead));
        let aloft = at.y.max(world.ground(at.x, at.z));
        // A fish out of water lies on the ground, not in it.
        let most = if self.character.anatomy == Anatomy::Fish { aloft - world.ground(at.x, at.z) } else { f32::MAX };
        let sunk = self.sunk().min(most) * self.swimming[i];
        let root = Vec3::new(at.x, (before + behind) * 0.5 * grounded + aloft * (1.0 - grounded) - sunk, at.z);
        let slope = if self.character.anatomy == Anatomy::Bird { 0.0 } else { atan2(before - behind, 2.0 * ahead) };
        let turn = Quat::from_rotation_y(facing) * Quat::from_rotation_x(-slope * grounded - self.climb(i) * (1.0 - grounded));
        Base { root, turn, grounded }
    }

    fn frame(&self, i: usize, world: &dyn Surroundings, gaze: &mut [face::Follow; 2]) -> BodyPose {
        let c = self.character;
        let Base { root, turn, grounded } = self.base(i, world);
        let mut rig = Rig::new(&c.bones);
        self.trunk(i, &mut rig);
        let to_model = |p: Vec3| turn.inverse() * (p - root) / c.scale;
        rig.hips.y -= self.drops[i];
        self.tail(i, &mut rig);
        self.head(i, &mut rig, &to_model, world, gaze);
        self.legs(i, &mut rig, &to_model, grounded);
        flight::wings(self, i, &mut rig);
        flight::fins(self, i, &mut rig);
        let mut pose = BodyPose {
            root,
            turn,
            hips: rig.hips,
            face: Face { blink: self.blinks[i].max(self.asleep[i]), jaw: self.gestures.jaw[i], ..Face::default() },
            ..BodyPose::default()
        };
        pose.landmarks = self.landmarks(&rig, root, turn);
        pose.bones = rig.local;
        pose
    }

    /// How far an animal that swims lies in the water: a fish to its mouth, others to the neck.
    fn sunk(&self) -> f32 {
        match self.character.anatomy {
            Anatomy::Fish => self.character.height * self.nature.habits.sunk,
            _ => self.leg * 0.95,
        }
    }

    /// Nose up or down where the track rises or falls.
    fn climb(&self, i: usize) -> f32 {
        let (a, b) = (self.track[i.saturating_sub(4)].0, self.track[(i + 4).min(self.track.len() - 1)].0);
        let flat = Vec3::new(b.x - a.x, 0.0, b.z - a.z).length();
        if flat < 1e-3 { 0.0 } else { (atan2(b.y - a.y, flat) * 0.7).clamp(-0.6, 0.6) }
    }

    /// Bob, pitch, bend and breath of the trunk; crouching and sitting.
    pub(super) fn trunk(&self, i: usize, rig: &mut Rig<'_>) {
        let s = &self.strides;
        let h = &self.nature.habits;
        let (phase, vigour, time) = (s.phase[i], s.vigour[i], i as f32 / self.fps);
        let leg = self.leg / self.character.scale;
        let on_foot = (1.0 - self.swimming[i]) * (1.0 - self.flying[i]);
        let gallop = (s.gait[i] - 1.0).clamp(0.0, 1.0) * vigour * on_foot;
        let walk = (1.0 - gallop) * vigour * on_foot;
        let hop = if h.hops { wave(phase * 0.5).abs() * 0.5 * leg * vigour * on_foot } else { 0.0 };
        rig.hips.y += leg * (-h.bob * walk * (0.5 + 0.5 * crest(2.0 * phase)) - gallop * (0.05 + 0.09 * wave(phase + 0.1))) + hop;
        rig.hips.y += 0.006 * leg * wave(time * 0.35);
        let mut pitch = -0.07 * gallop * wave(phase + 0.3);
        let flex = h.flex * gallop * wave(phase + 0.05);
        let mut arch = 0.0;
        if let Some(t) = self.jumping[i] {
            // Large animals do not spring as many legs high as small ones.
            let (up, nose) = leap(t, (0.55 / self.leg).min(1.0));
            rig.hips.y += leg * up;
            pitch += nose;
        }
        let sit = self.sitting[i];
        pitch -= 0.72 * sit;
        rig.hips.y -= sit * leg * 0.54;
        rig.hips.z += sit * leg * 0.16;
        arch += sit * 0.10;
        rig.hips.y -= self.belly * self.lying[i];
        rig.hips.y += 0.02 * leg * self.lying[i] * wave(time * 0.22);
        pitch += TRUNK_BEND * self.grazes(i).0.clamp(1.0, 2.0) - TRUNK_BEND;
        let g = &self.gestures;
        let (dance, beat) = (g.dance[i] * on_foot, g.beat[i]);
        rig.hips.y -= leg * dance * (0.03 + 0.05 * crest(beat));
        rig.hips.x += leg * (0.09 * dance * wave(beat * 0.5) + 0.06 * g.wave[i] * on_foot);
        pitch -= 0.10 * g.wave[i] * on_foot + 0.05 * dance * wave(beat + 0.2);
        let turned = Quat::from_rotation_y(0.20 * dance * wave(beat * 0.25)) * Quat::from_rotation_z(-0.06 * dance * wave(beat * 0.5));
        let root = 0;
        rig.local[root] = turned * Quat::from_rotation_y(0.05 * walk * wave(phase + 0.25)) * Quat::from_rotation_x(pitch - 0.5 * flex);
        rig.local[root] *= Quat::from_rotation_z(-h.waddle * walk * wave(phase + 0.1));
        let bend = (s.spin[i] * 0.10).clamp(-0.3, 0.3) * on_foot;
        let count = self.plan.spine.len().max(1) as f32;
        for bone in &self.plan.spine {
            let sway = -0.05 * walk * wave(phase + 0.25) / count;
            let twist = 0.16 * dance * wave(beat * 0.25 + 0.12) / count;
            rig.local[*bone] = Quat::from_rotation_y(sway + twist + bend / count) * Quat::from_rotation_x((flex + arch) / count);
        }
    }

    /// A chain that lags behind the turns and swings of the trunk.
    fn tail(&self, i: usize, rig: &mut Rig<'_>) {
        // A bird's short tail is held with its wings.
        let trails = match self.character.anatomy {
            Anatomy::Bird => self.plan.tail.len() > 1,
            anatomy => anatomy == Anatomy::Quadruped,
        };
        if !trails {
            return;
        }
        let h = &self.nature.habits;
        let (phase, vigour, time) = (self.strides.phase[i], self.strides.vigour[i], i as f32 / self.fps);
        let facing = |back: f32| self.track[i.saturating_sub((back * self.fps) as usize)].1;
        let run = self.strides.gait[i] * 0.5 * vigour;
        let count = self.plan.tail.len().max(1) as f32;
        for (k, bone) in self.plan.tail.iter().enumerate() {
            let late = 0.07 * k as f32;
            let swing = h.tail * 1.6 / count * (vigour * wave(phase - 1.6 * late) * 0.6 + (1.0 - vigour * 0.7) * wave(h.wag * time - 1.5 * late));
            // Company and dancing please it.
            let joy = (self.gestures.wave[i] + self.gestures.talk[i] * 0.6 + self.gestures.look[i] * 0.5 + self.gestures.dance[i]).min(1.0);
            let swing = swing + joy * 0.45 / count * wave(1.4 * time - 1.5 * late);
            let lag = wrap_angle(facing(late + 0.05) - facing(late)).clamp(-0.3, 0.3);
            let lift = 0.09 * run + 0.05 * vigour * wave(2.0 * phase - 2.0 * late) + if k == 0 { self.sitting[i] * 0.45 } else { self.sitting[i] * 0.06 };
            // Who lies lets it down and round to a side.
            let (lift, swing) = (lift + self.lying[i] * if k == 0 { self.laid } else { 0.0 }, swing + self.lying[i] * 0.28);
            rig.local[*bone] = Quat::from_rotation_y(swing + lag + 0.25 * self.sitting[i] * if k > 0 { 1.0 } else { 0.0 }) * Quat::from_rotation_x(lift);
        }
    }

    /// Neck and head: held level against the trunk's pitch, nodding in the walk, turned to what it looks at.
    fn head(&self, i: usize, rig: &mut Rig<'_>, to_model: &dyn Fn(Vec3) -> Vec3, world: &dyn Surroundings, gaze: &mut [face::Follow; 2]) {
        let Some(head) = self.plan.head else { return };
        let vigour = self.strides.vigour[i];
        let wish = match world.gaze(i) {
            Some(target) => angles(to_model(target) - rig.carried(head, self.nature.eyes)),
            None => (self.glances[i][0] * (1.0 - 0.6 * vigour) + self.strides.spin[i] * 0.12, self.glances[i][1] * 0.6),
        };
        let g = &self.gestures;
        let read = g.read[i];
        // Whoever reads looks down before its paws and along the lines.
        let wish = (wish.0 * (1.0 - read) + read * 0.10 * wave(0.55 * i as f32 / self.fps), wish.1 * (1.0 - read) - read * 0.55);
        let wish = [wish.0.clamp(-LOOK.0, LOOK.0), wish.1.clamp(-LOOK.1, LOOK.1)];
        for (follow, wish) in gaze.iter_mut().zip(wish) {
            if i == 0 {
                *follow = face::Follow::at(wish);
            } else {
                follow.step(wish, 9.0, 1.0 / self.fps);
            }
        }
        let gaze = gaze.map(|g| g.value);
        let fixed = if self.character.anatomy == Anatomy::Fish { 0.2 } else { 1.0 };
        let nod = self.nature.habits.nod * vigour * crest(2.0 * self.strides.phase[i] + 0.1);
        let low = if self.character.anatomy == Anatomy::Quadruped { 0.10 * vigour + 0.18 * self.strides.gait[i] * 0.5 * vigour } else { 0.0 };
        let time = i as f32 / self.fps;
        let nod = nod + 0.09 * g.talk[i] * wave(0.9 * time) * 0.6 - 0.10 * g.jaw[i] - g.lift[i] + 0.10 * g.dance[i] * crest(g.beat[i]);
        let tilt = (0.16 * g.look[i] + 0.08 * g.talk[i]) * wave(0.19 * time + 0.1) + 0.12 * g.dance[i] * wave(g.beat[i] * 0.5) + 0.10 * g.wave[i];
        let low = low + 0.30 * read;
        let (bend, nose) = self.grazes(i);
        let still = 1.0 - (bend * 1.5).min(1.0);
        let (low, nod, tilt) = (low + NECK_BEND * bend.min(1.0), nod * still, tilt * still);
        let gaze = gaze.map(|g| g * still);
        if let Some(neck) = self.plan.neck {
            let parent = self.character.bones[neck].parent.map_or(Quat::IDENTITY, |p| rig.joint(p).turn);
            let level = Quat::IDENTITY.slerp(parent, 0.35);
            rig.turn_to(neck, level * look(gaze[0] * 0.4 * fixed, gaze[1] * 0.4) * Quat::from_rotation_x(low + nod));
        }
        rig.turn_to(
            head,
            look(gaze[0] * fixed, gaze[1] * fixed)
                * Quat::from_rotation_z(tilt * fixed)
                * Quat::from_rotation_x((low - NECK_BEND * bend.min(1.0)) * 0.4 - nod * 0.3 + nose),
        );
        if let Some(jaw) = self.plan.jaw {
            rig.local[jaw] = Quat::from_rotation_x(self.nature.habits.gape * g.jaw[i]);
        }
        for (k, ear) in self.plan.ears.iter().enumerate() {
            let (own, keen) = (time + 1.7 * k as f32, (g.look[i] + 0.6 * g.talk[i] + g.read[i] * 0.3).min(1.0));
            let flick = (wave(own * 0.23) - 0.93).max(0.0) * 5.0 + keen * 0.20 * (wave(own * 0.41) - 0.2).max(0.0);
            let side = if k == 0 { 1.0 } else { -1.0 };
            rig.local[*ear] = Quat::from_rotation_x(-0.10 * vigour * self.strides.gait[i] + 0.14 * keen) * Quat::from_rotation_y(side * flick);
        }
    }

    /// How far neck and trunk are bent at a frame, 0..2, and how far the nose points down.
    fn grazes(&self, i: usize) -> (f32, f32) {
        let time = i as f32 / self.fps;
        let ground = (1.0 - self.flying[i]) * (1.0 - self.swimming[i]);
        // Birds peck, others stay down.
        let peck = if self.character.anatomy == Anatomy::Bird { 0.62 + 0.38 * wave(1.1 * time) } else { 1.0 };
        let graze = self.gestures.graze[i] * ground * peck;
        let rest = self.lying[i] * (0.25 + 0.75 * self.asleep[i]) * (1.0 - graze);
        let up = self.raised * self.lying[i] * (1.0 - graze);
        let sleepy = if self.raised < 0.0 { 0.0 } else { rest };
        (self.bends.0 * graze + self.bends.1 * sleepy + 0.5 * up / NECK_BEND, 1.15 * graze * self.bends.0.min(1.0) + 0.12 * sleepy + up)
    }

    /// Height of the trunk's lowest point at rest.
    fn under_belly(&self) -> f32 {
        let trunk = |b: u16| b == 0 || self.plan.spine.contains(&usize::from(b));
        let Some(level) = self.character.levels.last() else { return 0.0 };
        let on = level.mesh.rest.iter().zip(level.bones.iter().zip(level.weights.iter()));
        let low = on.filter(|(_, (b, w))| trunk(b[0]) && w[0] > 0.6).map(|(p, _)| p.y).fold(f32::MAX, f32::min);
        if low.is_finite() && low < f32::MAX { (low - 0.01).max(0.0) } else { 0.0 }
    }

    /// How far the first joint of a tail turns for its tip to lie on the ground when the trunk does.
    fn tail_down(&self) -> f32 {
        let (Some(first), Some(last)) = (self.plan.tail.first(), self.plan.tail.last()) else { return 0.0 };
        let bones = &self.character.bones;
        let along = bones[*last].rest - bones[*first].rest;
        // The last joint is not yet the tip.
        let length = (along.length() * 1.35).max(1e-3);
        let slope = |y: f32| atan2(y, (1.0 - y * y).max(0.01).sqrt());
        let height = bones[*first].rest.y - self.belly - 0.20 * self.leg / self.character.scale;
        slope((-height / length).clamp(-0.6, 0.3)) - slope((along.y / along.length().max(1e-3)).clamp(-0.95, 0.95))
    }

    /// How far a head must be raised for its lowest point to stay over the ground when the trunk lies on it.
    fn head_up(&self) -> f32 {
        let (Some(head), Some(level)) = (self.plan.head, self.character.levels.last()) else { return 0.0 };
        let of_head = |b: u16| usize::from(b) == head || Some(usize::from(b)) == self.plan.jaw;
        let on = level.mesh.rest.iter().zip(level.bones.iter()).filter(|(_, b)| of_head(b[0])).map(|(p, _)| *p);
        let points: Vec<Vec3> = on.collect();
        let low = |pitch: f32| {
            let mut rig = Rig::new(&self.character.bones);
            rig.hips.y -= self.belly;
            if let Some(neck) = self.plan.neck {
                rig.turn_to(neck, Quat::from_rotation_x(0.5 * pitch));
            }
            rig.turn_to(head, Quat::from_rotation_x(pitch));
            points.iter().map(|p| rig.carried(head, *p).y).fold(f32::MAX, f32::min)
        };
        (0..14).map(|k| -0.1 * k as f32).find(|pitch| low(*pitch) > -0.02).unwrap_or(-1.3)
    }

    /// How far neck and trunk must bend for the mouth to come near the ground when the body is lowered.
    fn bend_for(&self, lowered: f32, nose: f32) -> f32 {
        let (Some(head), bones) = (self.plan.head, &self.character.bones) else { return 0.0 };
        let height = |s: f32| {
            let mut rig = Rig::new(bones);
            rig.hips.y -= lowered;
            rig.local[0] = Quat::from_rotation_x(TRUNK_BEND * (s - 1.0).max(0.0));
            if let Some(neck) = self.plan.neck {
                rig.turn_to(neck, Quat::from_rotation_x(NECK_BEND * s.min(1.0)));
            }
            rig.turn_to(head, Quat::from_rotation_x(nose * s.min(1.0)));
            rig.carried(head, self.nature.mouth).y
        };
        let wanted = 0.10 * self.leg / self.character.scale;
        let (mut low, mut high) = (0.0, 2.0);
        for _ in 0..12 {
            let middle = 0.5 * (low + high);
            if height(middle) > wanted { low = middle } else { high = middle }
        }
        0.5 * (low + high)
    }

    fn landmarks(&self, rig: &Rig<'_>, root: Vec3, turn: Quat) -> Landmarks {
        let c = self.character;
        let out = |p: Vec3| root + turn * (p * c.scale);
        let head = self.plan.head.unwrap_or(0);
        let chest = self.plan.spine.last().copied().unwrap_or(0);
        let foot = |fore: bool, left: bool| self.plan.legs.iter().find(|l| l.fore == fore && l.left == left).map(|l| out(rig.joint(l.bones[3]).at));
        let tip = |side: usize| self.plan.wings.last().or(self.plan.fins.last()).map(|w| out(rig.joint(w[side]).at));
        let middle = out(rig.joint(0).at);
        let mouth = out(rig.carried(head, self.nature.mouth));
        let joint = rig.joint(head);
        Landmarks {
            crown: out(rig.carried(head, self.nature.crown)),
            eyes: out(rig.carried(head, self.nature.eyes)),
            mouth,
            chest: out(rig.joint(chest).at),
            hips: middle,
            hands: [foot(true, true).or(tip(0)).unwrap_or(middle), foot(true, false).or(tip(1)).unwrap_or(middle)],
            feet: [foot(false, true).unwrap_or(middle), foot(false, false).unwrap_or(middle)],
            grip: mouth,
            grip_turn: turn * joint.turn,
            facing: turn * (joint.turn * Vec3::Z),
        }
    }

    /// Steps at the times of contact, wing beats and strokes, calls.
    fn noises(&self, poses: &[BodyPose]) -> Vec<Noise> {
        let mut all: Vec<Noise> = Vec::new();
        let step = |p: &strides::Plant| {
            let i = (p.from.max(0.0) as usize).min(poses.len() - 1);
            let strength = if p.landed { 1.0 } else { 0.4 + 0.3 * self.strides.gait[i] };
            Noise { frame: p.from, sound: self.character.step_sound.clone(), strength, position: p.at }
        };
        all.extend(self.strides.plants.iter().flatten().filter(|p| p.from.is_finite() && p.from > 0.0).map(step));
        flight::noises(self, poses, &mut all);
        let called = |c: &calls::Called| {
            let i = (c.frame.max(0.0) as usize).min(poses.len() - 1);
            Noise { frame: c.frame, sound: c.sound.clone(), strength: c.strength, position: poses[i].landmarks.mouth }
        };
        all.extend(self.calls.iter().map(called));
        all.retain(|n| n.frame >= 0.0 && n.frame < poses.len() as f32);
        all.sort_by(|a, b| a.frame.total_cmp(&b.frame).then_with(|| a.sound.cmp(&b.sound)));
        all
    }
}

/// Seconds into a jump; without a place to go to, another one follows.
fn jumped(act: &Act, frame: usize, fps: f32) -> f32 {
    let time = (frame - act.from.min(frame)) as f32 / fps;
    let whole = (act.to - act.from.min(act.to)) as f32 / fps;
    let once = JUMP_FLIGHT.0 + JUMP_FLIGHT.1 + 0.75;
    let number = (time / once).floor();
    // No jump is begun that cannot be finished.
    if act.path.is_empty() && number >= 1.0 && (number + 1.0) * once <= whole + 0.3 {
        time - number * once
    } else if act.path.is_empty() && number >= 1.0 {
        once + 1.0
    } else {
        time
    }
}

/// How high the trunk is in a jump, in legs, and how far its nose is down, radians: it crouches, springs up as fast as
/// it then flies, and lands softly.
fn leap(t: f32, strength: f32) -> (f32, f32) {
    let (leaves, flies) = JUMP_FLIGHT;
    // Legs a second at take-off, depth of the crouch, seconds of the push.
    let (speed, deep, push) = (6.0 * strength, 0.34 * strength, 0.17);
    let begins = leaves - push;
    if t < begins {
        let down = smootherstep(t / begins);
        return (-deep * down, 0.10 * down);
    }
    if t < leaves {
        let share = (t - begins) / push;
        return (-deep * (1.0 - share * share * share), 0.10 - 0.40 * smootherstep(share));
    }
    let flown = t - leaves;
    if flown < flies {
        return (speed * flown * (1.0 - flown / flies), -0.30 + 0.55 * smootherstep(flown / flies));
    }
    let landed = flown - flies;
    let sink = exp(-landed / 0.10);
    (-speed * landed * sink, 0.25 * (1.0 + landed / 0.12) * exp(-landed / 0.12))
}

/// Where a leg stands at rest, and its beats in walk, trot and gallop (shares of the stride).
fn home(leg: &Leg, c: &Character, nature: &Creature) -> Home {
    let at = c.bones[leg.bones[3]].rest * c.scale;
    let offset = match (c.anatomy, leg.fore, leg.left) {
        (Anatomy::Quadruped, false, true) => [0.0, -0.28, -0.33],
        (Anatomy::Quadruped, true, true) => [0.22, 0.22, 0.22],
        (Anatomy::Quadruped, false, false) => [0.5, 0.22, -0.21],
        (Anatomy::Quadruped, true, false) => [0.72, 0.72, 0.10],
        (_, _, left) => [if left || nature.habits.hops { 0.0 } else { 0.5 }; 3],
    };
    Home { at: Vec3::new(at.x, 0.0, at.z), offset }
}
