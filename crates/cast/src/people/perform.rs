//! From a script to poses: the track and its footsteps first, then for each frame the layers of the body.

use super::Person;
use super::acts::{Stage, jump_period};
use super::body::{CHEST, DIGITS, HEAD, HIPS, SHOULDERS, THIGHS, arm, leg};
use super::grasp::Hand;
use super::grips::Fingers;
use super::holding::{self, Grip, Hold, Reach};
use super::keyed::{self, Look};
use super::lean;
use super::motions::Motions;
use super::playing::Holds;
use super::replay::Replayed;
use super::stance::{FootTarget, NUMBERS, Poser, Stance};
use super::wardrobe::{Age, Sex};
use crate::face::{self, Follow};
use crate::gait::{Build, Gait, plan, smoothed};
use crate::skeleton::Rig;
use crate::{Act, BodyPose, Character, Face, Landmarks, Nature, Performance, Script, Surroundings, travel};
use glam::{Quat, Vec3};
use kinora_base::Seed;
use kinora_base::maths::{atan2, smootherstep, wrap_angle};

/// Acts out a script.
pub(crate) fn perform(character: &Character, script: &Script, fps: f32, world: &dyn Surroundings) -> Performance {
    let Nature::Human(person) = &character.nature else { return Performance::default() };
    let m = &person.motions;
    let track = track(character, script, fps, world);
    if track.is_empty() {
        return Performance::default();
    }
    let poser = Poser::new(&character.bones);
    let mood = m.mood(if script.mood.is_empty() { &person.mood } else { &script.mood });
    let seed = Seed(script.seed).child("people");
    let build = Build { leg: poser.standing() * character.scale, stance: 0.095 * character.scale * hip_width(character), toe_out: 0.13 };
    let gaits = gaits(person, m);
    let grounded: Vec<bool> = (0..track.len()).map(|f| treads(character, script, f)).collect();
    let own = own_gaits(person, m, script, track.len());
    let steps = plan(&track, fps, &build, (&gaits, &own), &grounded, &hops(m, script, fps), &|at| world.footing(at));
    let stage = Stage {
        character,
        motions: m,
        things: &person.things,
        mood,
        old: person.age == Age::Old,
        script,
        steps: &steps,
        track: &track,
        fps,
        gone: gone(&track),
        standing: poser.standing(),
        leg: poser.leg_length(),
        seed,
    };
    let mut stances = legs(&stage);
    for (frame, stance) in stances.iter_mut().enumerate() {
        *stance = stage.upper(frame, *stance);
    }
    let faces = faces(&stage, world, &mut stances);
    let mut frames: Vec<Draft> = stances.into_iter().zip(faces).enumerate().map(|(frame, (stance, face))| draft(&stage, frame, stance, face)).collect();
    go_on_a_knee(&stage, &mut frames);
    settle_hips(&poser, &mut frames, fps);
    if script.acts.iter().any(|a| a.support.is_some()) {
        lean::against(&stage, &poser, &mut frames);
        settle_hips(&poser, &mut frames, fps);
    }
    let replayed = super::replay::replay(&stage, &poser);
    let mut kept = holding::Kept::default();
    let mut poses: Vec<BodyPose> = Vec::with_capacity(frames.len());
    for (frame, (draft, replayed)) in frames.iter_mut().zip(&replayed).enumerate() {
        poses.push(finish(&stage, &poser, (draft, &mut kept), (frame, replayed.as_ref())));
    }
    calm_fingers(&mut poses, fps);
    let noises = super::noises::noises(&stage, &poses, &replayed);
    let faces = script.acts.iter().find_map(|a| character.facts(a).faces).map(f32::to_radians);
    Performance { poses, noises, gear: stage.outfit(), faces, moments: stage.moments() }
}

/// Fingers that come to a thing and leave it do so in a moment, and not from one frame to the next: a mean over a fifth of a
/// second, and no joint faster than a hand can.
fn calm_fingers(poses: &mut [BodyPose], fps: f32) {
    let half = (0.1 * fps) as usize;
    let most = 700.0_f32.to_radians() / fps;
    let of_hand = |side: usize| SHOULDERS[side] + arm::FINGERS..=SHOULDERS[side] + arm::THUMB;
    let bones: Vec<usize> = of_hand(0).chain(of_hand(1)).chain(DIGITS[0]..DIGITS[1] + 13).collect();
    for bone in bones {
        let raw: Vec<Quat> = poses.iter().map(|p| p.bones[bone]).collect();
        let mean = |i: usize| {
            let sum = raw[i.saturating_sub(half)..(i + half + 1).min(raw.len())].iter().fold(glam::Vec4::ZERO, |sum, q| {
                let v = glam::Vec4::from(*q);
                sum + if sum.dot(v) < 0.0 { -v } else { v }
            });
            Quat::from_vec4(sum).normalize()
        };
        let mut calm: Vec<Quat> = (0..raw.len()).map(mean).collect();
        for i in 1..calm.len() {
            let angle = calm[i - 1].angle_between(calm[i]);
            if angle > most {
                calm[i] = calm[i - 1].slerp(calm[i], most / angle);
            }
        }
        poses.iter_mut().zip(calm).for_each(|(p, q)| p.bones[bone] = q);
    }
}

/// Where the root is: on the ground, or on the water when swimming.
fn track(character: &Character, script: &Script, fps: f32, world: &dyn Surroundings) -> Vec<(Vec3, f32)> {
    let mut track = travel::travel(character, script, fps);
    for (frame, (at, _)) in track.iter_mut().enumerate() {
        if treads(character, script, frame) {
            at.y = world.ground(at.x, at.z);
        }
    }
    let heights = smoothed(&track.iter().map(|t| t.0.y).collect::<Vec<_>>(), (0.2 * fps) as usize);
    track.iter_mut().zip(heights).for_each(|(t, y)| t.0.y = y);
    track
}

/// Metres gone at each frame.
fn gone(track: &[(Vec3, f32)]) -> Vec<f32> {
    let mut sum = 0.0;
    (0..track.len())
        .map(|i| {
            sum += track[i].0.distance(track[i.saturating_sub(1)].0);
            sum
        })
        .collect()
}

fn treads(character: &Character, script: &Script, frame: usize) -> bool {
    travel::leg_act(character, script, frame).is_none_or(|a| character.facts(a).treads)
}

fn hip_width(character: &Character) -> f32 {
    character.bones[THIGHS[0]].rest.x / 0.085
}

fn gaits(person: &Person, m: &Motions) -> [Gait; 2] {
    [m.gait("walk", Gait::WALK), m.gait("run", Gait::RUN)].map(|gait| suited(person, gait))
}

/// The gaits of motions that have one of their own, with their share at each frame.
fn own_gaits(person: &Person, m: &Motions, script: &Script, frames: usize) -> Vec<(Gait, Vec<f32>)> {
    let own = script.acts.iter().filter_map(|act| Some((act, m.keyed(act)?.gait?)));
    let share = |act: &Act, frame: usize| f32::from(u8::from(act.from <= frame && frame < act.to));
    own.map(|(act, gait)| (suited(person, gait), (0..frames).map(|frame| share(act, frame)).collect())).collect()
}

/// A gait as somebody of this sex and age has it.
fn suited(person: &Person, mut gait: Gait) -> Gait {
    if person.sex == Sex::Female && person.age == Age::Adult {
        gait.cadence *= 1.05;
        gait.list *= 1.2;
        gait.yaw *= 1.2;
        gait.width *= 0.85;
    }
    if person.age == Age::Child {
        gait.bob *= 1.3;
        gait.arms = gait.arms.map(|a| a * 1.15);
    }
    if person.age == Age::Old {
        gait.arms = gait.arms.map(|a| a * 0.5);
        gait.width *= 1.35;
        gait.roll = gait.roll.map(|r| r * 0.6);
        gait.clearance *= 0.7;
    }
    gait
}

/// Frames at which jumps leave the ground and land.
fn hops(m: &Motions, script: &Script, fps: f32) -> Vec<(f32, f32)> {
    let (leaves, flies) = travel::JUMP_FLIGHT;
    let mut all = Vec::new();
    for act in script.acts.iter().filter(|a| a.motion == "jump" && a.moves.is_none()) {
        let mut at = act.from as f32;
        while at + (leaves + flies) * fps < act.to.min(script.frames) as f32 {
            all.push((at + leaves * fps, at + (leaves + flies) * fps));
            if !act.path.is_empty() {
                break;
            }
            at += jump_period(m) * fps;
        }
    }
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all
}

/// The legs' poses of all frames. Where an act follows another one, the difference of the two poses fades away.
fn legs(stage: &Stage<'_>) -> Vec<Stance> {
    let mut out: Vec<Stance> = Vec::with_capacity(stage.track.len());
    let mut offset = [0.0; NUMBERS];
    let mut since = f32::MAX;
    let name = |frame: usize| travel::leg_act(stage.character, stage.script, frame).map_or((0, "stand"), |a| (a.from, posture(stage, a)));
    for frame in 0..stage.track.len() {
        let mut stance = stage.legs(frame);
        if frame > 0 && name(frame) != name(frame - 1) && (name(frame).1 != "stand" || name(frame - 1).1 != "stand") {
            let (a, b) = (out[frame - 1].numbers(), stance.numbers());
            offset = std::array::from_fn(|i| shortest(a[i] - b[i]));
            since = 0.0;
        }
        let length = if offset[1].abs() > 0.15 { 1.1 } else { 0.45 };
        let fade = 1.0 - smootherstep(since / stage.fps / length);
        if fade > 0.0 && since < f32::MAX {
            let n = stance.numbers();
            stance = Stance::from_numbers(&std::array::from_fn(|i| n[i] + offset[i] * fade));
            since += 1.0;
        }
        out.push(stance);
    }
    out
}

/// Acts that stand, walk and turn share one posture and need no fading.
fn posture<'a>(stage: &Stage<'_>, act: &'a Act) -> &'a str {
    if act.moves.is_some() {
        return if act.take().is_some() { "stand" } else { "keys" };
    }
    match act.motion.as_str() {
        "sit" => "sit",
        "jump" => "jump",
        "dance" => "dance",
        "swim" => "swim",
        _ if stage.motions.keyed(act).is_some() => &act.motion,
        _ => "stand",
    }
}

/// A difference of angles goes the short way round.
fn shortest(difference: f32) -> f32 {
    if difference.abs() > std::f32::consts::PI { wrap_angle(difference) } else { difference }
}

/// One frame before the hips' height is known.
pub(crate) struct Draft {
    pub(crate) stance: Stance,
    pub(crate) feet: [FootTarget; 2],
    pub(crate) lift: f32,
    pub(crate) face: Face,
    pub(crate) hold: Hold,
    pub(crate) reach: Reach,
    holds: Option<Holds>,
    /// Arms that lie on something.
    pub(crate) rested: Option<lean::Rested>,
    /// How high the seat or the bed is.
    bed: Option<f32>,
}

fn draft(stage: &Stage<'_>, frame: usize, stance: Stance, face: Face) -> Draft {
    let (root, facing) = stage.track[frame];
    let feet = [0, 1].map(|side| {
        let foot = stage.steps.foot(side, frame, stage.fps);
        let local = Quat::from_rotation_y(-facing) * (foot.at + Vec3::Y * foot.lift - root) / stage.character.scale;
        // Who stops at the speed of a bicycle drags a foot rather than be torn apart.
        let (far, most) = (local.reject_from(Vec3::Y).length(), 0.85 * stage.leg);
        let local = if far > most { (local * (most / far)).with_y(local.y) } else { local };
        FootTarget { at: local, facing: wrap_angle(foot.facing - facing), pitch: foot.pitch }
    });
    let holds = stage.holds(frame);
    let feet = match holds.filter(|h| !h.knees) {
        Some(h) => [0, 1].map(|side| FootTarget {
            at: feet[side].at.lerp(h.legs[side], h.weight),
            facing: feet[side].facing * (1.0 - 0.6 * h.weight),
            pitch: feet[side].pitch * (1.0 - h.weight),
        }),
        None => feet,
    };
    let mut stance = stance;
    let mut reach = stage.reach(frame);
    reach.grip(&mut stance);
    let down = holding::stoop(stage.character, &reach) * (1.0 - stance.free);
    if down > 0.0 {
        // A little by the knees, the rest by bowing: a radian of the trunk brings shoulders down by a third of a metre. Who goes
        // half-way into a squat looks as if to jump.
        let size = stage.leg / 0.786;
        let bow = (0.7 * down / (0.36 * size)).min(0.6);
        let hips = (down - 0.36 * size * bow).min(0.34 * size);
        stance.hips[1] -= hips;
        stance.hips[2] -= (0.10 * bow + 0.12 * hips) * size;
        stance.pelvis[0] += 0.3 * bow;
        stance.trunk[0] += 0.7 * bow;
        stance.head[0] -= 0.5 * bow;
    }
    Draft { stance, feet, lift: 0.0, face, hold: stage.hold(frame), holds, reach, rested: None, bed: stage.bed(frame) }
}

/// Who holds a child close is on one knee for it; going down and getting up take their time.
fn go_on_a_knee(stage: &Stage<'_>, frames: &mut [Draft]) {
    let shares: Vec<f32> = frames.iter().map(|d| d.reach.kneels.1 * (1.0 - d.stance.free)).collect();
    let knee = stage.motions.pose("stand", "knee");
    for (d, share) in frames.iter_mut().zip(smoothed(&shares, (0.4 * stage.fps) as usize)) {
        let down = Stance { hips: knee.hips, legs: knee.legs, free: knee.free, rest: knee.rest, ..d.stance };
        d.stance = d.stance.towards(&down, share);
    }
}

/// Faces of all frames; heads and trunks turn to what is looked at.
fn faces(stage: &Stage<'_>, world: &dyn Surroundings, stances: &mut [Stance]) -> Vec<Face> {
    let frames = stances.len();
    let reads = |frame: usize| stage.script.acts.iter().filter(|a| a.motion == "read").map(|a| stage.weight(a, frame)).fold(0.0, f32::max);
    let looks = |frame: usize| stage.script.acts.iter().filter(|a| a.motion == "look").map(|a| stage.weight(a, frame)).fold(0.0, f32::max);
    let blinks = face::blinks(frames, stage.fps, 16.0, stage.seed);
    let wander = face::wander(frames, stage.fps, stage.seed);
    let dt = 1.0 / stage.fps;
    let (mut head, mut trunk, mut eye) = ([Follow::default(); 2], Follow::default(), [Follow::default(); 2]);
    let mut out = Vec::with_capacity(frames);
    for frame in 0..frames {
        let (read, look) = (reads(frame), looks(frame));
        let keyed = stage.look(frame);
        let own = keyed.own.clamp(0.0, 1.0);
        let pursues = world.pursues(frame);
        let own = if pursues { 0.0 } else { own };
        let target = if read > 0.5 || own > 0.5 { None } else { world.gaze(frame) };
        let [yaw, pitch] = match target {
            Some(point) if pursues => {
                let [yaw, pitch] = towards(stage, frame, point);
                let [turned, raised] = turned_already(&stances[frame]);
                [yaw - turned, pitch - raised]
            }
            Some(point) => towards(stage, frame, point),
            None => {
                let felt = stage.felt(frame).eyes;
                [0, 1].map(|k| (wander[frame][k] + felt[k]) * (1.0 - own))
            }
        };
        let strength = if target.is_some() { 0.70 + 0.15 * look } else { 0.30 };
        let over = |x: f32, free: f32| x.signum() * (x.abs() - free).max(0.0);
        let settle = |f: &mut Follow, wish: f32, quick: f32| {
            if frame == 0 {
                *f = Follow::at(wish);
                wish
            } else {
                f.step(wish, quick, dt)
            }
        };
        let turned = settle(&mut trunk, if target.is_some() { over(yaw, 0.95) * 0.75 } else { 0.0 }, 5.0);
        let quick = if pursues { 14.0 } else { 8.0 };
        let head_yaw = settle(&mut head[0], (over(yaw - turned, 0.10) * strength).clamp(-1.15, 1.15), quick);
        let head_pitch = settle(&mut head[1], (pitch * strength).clamp(-0.6, 0.6), quick);
        let down = if read > 0.0 { -0.34 * read } else { 0.0 } + own * keyed.eyes[1];
        let eye_yaw = settle(
            &mut eye[0],
            (yaw - turned - head_yaw).clamp(-0.45, 0.45) * (1.0 - read) * (1.0 - own)
                + own * keyed.eyes[0]
                + read * 0.10 * kinora_base::maths::sin(frame as f32 * dt * 4.2),
            38.0,
        );
        let eye_pitch = settle(&mut eye[1], (pitch - head_pitch).clamp(-0.4, 0.28) * (1.0 - read) * (1.0 - own) + down, 38.0);
        let s = &mut stances[frame];
        s.trunk[1] += turned;
        s.head[1] += head_yaw;
        s.head[0] -= head_pitch;
        s.head[2] += stage.felt(frame).tilt;
        s.head[0] += stage.script.dips.iter().map(|d| d.at((frame as f32 - d.frame as f32) * dt)).sum::<f32>();
        out.push(expression(stage, world, frame, blinks[frame], [eye_yaw, eye_pitch], &keyed));
    }
    out
}

/// How far left and up the head is turned by what the body does, radians.
fn turned_already(s: &Stance) -> [f32; 2] {
    let of = |axis: usize| s.pelvis[axis] + s.trunk[axis] + s.head[axis];
    [of(1), -of(0)]
}

/// Left and up from the body's front to a point, radians.
fn towards(stage: &Stage<'_>, frame: usize, point: Vec3) -> [f32; 2] {
    let (root, facing) = stage.track[frame];
    let eyes = root + Vec3::Y * stage.character.eye_height;
    let d = Quat::from_rotation_y(-facing) * (point - eyes);
    let yaw = atan2(d.x, d.z).clamp(-2.2, 2.2);
    [yaw, atan2(d.y, kinora_base::maths::smooth_max(0.2, d.reject_from(Vec3::Y).length(), 0.1)).clamp(-1.0, 1.0)]
}

/// The mood with the mouth's shapes and the lids over it.
fn expression(stage: &Stage<'_>, world: &dyn Surroundings, frame: usize, blink: f32, gaze: [f32; 2], keyed: &Look) -> Face {
    let mood = &keyed::over(&stage.felt(frame), keyed);
    let mouth = face::mouth(world, frame);
    let fun = stage.script.acts.iter().any(|a| a.motion == "dance" && a.from <= frame && frame < a.to)
        || stage.script.acts.iter().any(|a| a.motion == "wave" && stage.weight(a, frame) > 0.5);
    let smile = mood.smile + if fun && mood.smile >= 0.0 { 0.35 } else { 0.0 };
    let time = frame as f32 / stage.fps;
    let drift = 0.06 * kinora_base::maths::sin(time * 0.8 + 1.0);
    // Tired lids hang, but only a motion shuts them.
    let own = if let Nature::Human(person) = &stage.character.nature { person.lids } else { 0.0 };
    let lids = (mood.lids.clamp(-0.3, 0.7) + own * (1.0 - mood.lids.abs() * 2.0).max(0.0) + keyed.lids).clamp(-0.3, 1.0);
    Face {
        jaw: (mouth.jaw + mood.jaw * (1.0 - mouth.close)).clamp(0.0, 1.0),
        wide: (mouth.wide + keyed.wide + mood.wide).clamp(-1.0, 1.0),
        round: (mouth.round + keyed.round).clamp(0.0, 1.0),
        close: (mouth.close + keyed.close).clamp(0.0, 1.0),
        smile: (smile * (1.0 - 0.45 * mouth.round) + drift).clamp(-1.0, 1.0),
        blink: (lids + (1.0 - lids) * blink).clamp(-0.3, 1.0),
        brow: (mood.brow + drift + 0.35 * mouth.jaw * mood.gesture.min(1.0)).clamp(-1.0, 1.0),
        worry: mood.worry,
        gaze,
        squint: mood.squint,
        sneer: mood.sneer,
        smirk: mood.smirk * (1.0 - mouth.round),
        tears: mood.tears,
        drop: mood.tears * ((time * 0.42 + stage.seed.0 as f32 % 7.0 * 0.13).fract()),
    }
}

/// Finds the hips' height: as high as the pose wants, but low enough for both legs, without a jerk.
fn settle_hips(poser: &Poser<'_>, frames: &mut [Draft], fps: f32) {
    let wanted = poser.standing() - poser.bones_hips();
    let allowed: Vec<f32> = frames
        .iter()
        .map(|d| {
            // A foot far behind is left to drag rather than pull the body to the ground.
            let reach = |side: usize| poser.reach(side, &d.stance, &d.feet[side]).max(wanted - 0.16 * poser.leg_length());
            (1.0 - d.stance.free) * reach(0).min(reach(1)).min(wanted) + d.stance.free * wanted
        })
        .collect();
    let half = (0.07 * fps).ceil() as usize;
    let lowest: Vec<f32> =
        (0..allowed.len()).map(|i| allowed[i.saturating_sub(half)..(i + half + 1).min(allowed.len())].iter().copied().fold(f32::MAX, f32::min)).collect();
    for (frame, lift) in frames.iter_mut().zip(smoothed(&lowest, half)) {
        frame.lift = lift;
    }
    let sunk = |d: &Draft| {
        if d.stance.rest <= 0.0 && d.stance.free <= 0.0 {
            return 0.0;
        }
        let under = d.bed.unwrap_or(0.0) * smootherstep(d.stance.rest * 1.3) - poser.lowest(&poser.pose(&d.stance, &d.feet, d.lift, &d.face), d.bed.is_none());
        let rest = d.stance.rest.clamp(0.0, 1.0);
        rest * under + (1.0 - rest) * under.max(0.0) * smootherstep(rest * 8.0)
    };
    let lifts: Vec<f32> = frames.iter().map(sunk).collect();
    for (frame, lift) in frames.iter_mut().zip(smoothed(&lifts, half)) {
        frame.lift += lift;
        if let Some(h) = frame.holds.filter(|h| h.knees) {
            frame.lift += (poser.over_knees(&frame.stance, h.legs) - frame.lift) * h.weight;
        }
    }
}

fn finish(stage: &Stage<'_>, poser: &Poser<'_>, (draft, kept): (&mut Draft, &mut holding::Kept), (frame, replayed): (usize, Option<&Replayed>)) -> BodyPose {
    let (character, (root, facing)) = (stage.character, stage.track[frame]);
    let mut rig = poser.pose(&draft.stance, &draft.feet, draft.lift, &draft.face);
    let turn = Quat::from_rotation_y(facing);
    if let Some(replayed) = replayed {
        replayed.lay(&mut rig, &character.bones);
    }
    if let Some(h) = draft.holds {
        if h.knees {
            (0..2).for_each(|side| poser.kneel(&mut rig, side, h.legs[side], h.weight));
        }
        holding::hold_on(&mut rig, character, &h);
    }
    let eyes = rig.carried(HEAD, character.bones[HEAD].rest + Vec3::new(0.0, 0.2, 0.1));
    let grip = holding::hold(&mut rig, character, draft.hold, (&mut draft.reach, kept), eyes);
    if let Some(rested) = &draft.rested {
        lean::lay(&mut rig, &character.bones, rested);
    }
    let landmarks = landmarks(character, &rig, root, turn, grip);
    let carried = stage.carried(frame, &draft.reach);
    BodyPose { root, turn, bones: rig.local, hips: rig.hips, face: draft.face, landmarks, carried }
}

/// Points of the body in the world.
pub(crate) fn landmarks(character: &Character, rig: &Rig<'_>, root: Vec3, turn: Quat, grip: Grip) -> Landmarks {
    let bones = &character.bones;
    let world = |p: Vec3| root + turn * (p * character.scale);
    let on_head = |p: Vec3| world(rig.carried(HEAD, super::body::on_head(bones, p)));
    let at = |bone: usize| world(rig.joint(bone).at);
    let palm = |side: usize| world(palm_of(character, rig, side));
    let foot = |side: usize| at(THIGHS[side] + leg::FOOT);
    Landmarks {
        crown: on_head(Vec3::new(0.0, 0.165, -0.01)),
        eyes: on_head(Vec3::new(0.0, 0.006, 0.115)),
        mouth: on_head(Vec3::new(0.0, -0.084, 0.11)),
        chest: at(CHEST),
        hips: at(HIPS),
        hands: [palm(0), palm(1)],
        feet: [foot(0), foot(1)],
        grip: world(grip.at),
        grip_turn: turn * grip.turn,
        facing: turn * rig.joint(HEAD).turn * Vec3::Z,
    }
}

/// The middle of a palm's inner side, in model space.
pub(crate) fn palm_of(character: &Character, rig: &Rig<'_>, side: usize) -> Vec3 {
    let first = SHOULDERS[side];
    let (wrist, knuckle) = (character.bones[first + arm::HAND].rest, character.bones[first + arm::FINGERS].rest);
    rig.carried(first + arm::HAND, wrist.lerp(knuckle, 0.8) + palm_normal(side) * 0.026)
}

/// Where the right hand holds what it holds by itself.
pub(crate) fn own_grip(character: &Character, rig: &Rig<'_>, fingers: &Fingers) -> Grip {
    Grip { at: place_of(character, rig, 1, fingers), turn: rig.joint(SHOULDERS[1] + arm::HAND).turn * grip_frame(1) }
}

/// Where a hand of this shape has a thing's grip.
fn place_of(character: &Character, rig: &Rig<'_>, side: usize, fingers: &Fingers) -> Vec3 {
    let offset = Hand::new(&character.bones, side).place(fingers.place);
    palm_of(character, rig, side) + rig.joint(SHOULDERS[side] + arm::HAND).turn * offset
}

/// The grip of a hand for gear: y to the thumb, z out of the palm; x along the fingers of the left hand, and to the wrist of the right.
pub(crate) fn grip_of(character: &Character, rig: &Rig<'_>, side: usize, fingers: &Fingers) -> Grip {
    // A thing by itself hangs down from the little finger; gear stands up from the thumb.
    let turned = grip_frame(side) * Quat::from_rotation_z(std::f32::consts::PI);
    Grip { at: place_of(character, rig, side, fingers), turn: rig.joint(SHOULDERS[side] + arm::HAND).turn * turned }
}

/// The mouth in model space, and how large the head is.
pub(crate) fn mouth_of(character: &Character, rig: &Rig<'_>) -> (Vec3, f32) {
    let bones = &character.bones;
    (rig.carried(HEAD, super::body::on_head(bones, Vec3::new(0.0, -0.084, 0.11))), super::body::head_size(bones))
}

pub(crate) fn palm_normal(side: usize) -> Vec3 {
    Vec3::new([-0.6889, 0.6889][side], -0.7236, -0.0330)
}

/// The grip in the bind pose of a hand: y to the little finger, z out of the palm.
fn grip_frame(side: usize) -> Quat {
    let palm = palm_normal(side);
    let along = Vec3::new([0.7183, -0.7183][side], -0.6884, 0.0998);
    let thumb = palm.cross(along).normalize() * [-1.0, 1.0][side];
    let x = thumb.cross(palm).normalize();
    Quat::from_mat3(&glam::Mat3::from_cols(x, thumb, palm)).normalize()
}
