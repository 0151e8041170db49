//! The noises of bodies, at the exact times of contact: steps, landings, cloth, seats, pages, strokes in water, and what
//! the files of keyed motions say (`sounds`).

use super::acts::Stage;
use super::replay::Replayed;
use crate::{Act, BodyPose, Noise, travel};
use glam::Vec3;

/// Every noise of a performance, by time.
pub(crate) fn noises(stage: &Stage<'_>, poses: &[BodyPose], replayed: &[Option<Replayed>]) -> Vec<Noise> {
    // The gait goes on below a recording, so that there are feet to stand on after it; only what is seen is heard.
    let mut all: Vec<Noise> = footfalls(stage).into_iter().filter(|n| !matches!(replayed.get(n.frame.max(0.0) as usize), Some(Some(_)))).collect();
    for (frame, steps) in replayed.iter().enumerate().filter_map(|(frame, r)| Some((frame, r.as_ref()?.steps))) {
        all.extend(steps.into_iter().flatten().map(|at| noise(frame as f32, &stage.character.step_sound, 0.8, at)));
    }
    for act in &stage.script.acts {
        let from = act.from as f32;
        let to = act.to.min(poses.len()) as f32;
        match act.motion.as_str() {
            _ if act.moves.is_some() => {}
            "sit" if act.from > 0 => {
                if let Some(frame) = seated(act.from, poses) {
                    all.push(noise(frame as f32, "sit", 0.8, poses[frame].landmarks.hips));
                    all.push(noise((frame as f32 - 0.35 * stage.fps).max(from), "cloth", 0.6, poses[frame].landmarks.hips));
                }
            }
            "read" => repeated(&mut all, poses, (from + 0.45 * stage.fps, to), stage.motions.number("read", "page", 6.0) * stage.fps, "page", 0.8, true),
            "wave" => repeated(&mut all, poses, (from + 0.2 * stage.fps, to), 1.05 * stage.fps, "cloth", 0.35, false),
            "dance" => repeated(&mut all, poses, (from, to), stage.fps / stage.motions.number("dance", "beats", 2.0), "footstep", 0.5, false),
            "swim" => repeated(&mut all, poses, (from, to), 0.5 * stage.motions.number("swim", "cycle", 1.7) * stage.fps, "splash", 0.7, false),
            "jump" => all.push(noise((from + (travel::JUMP_FLIGHT.0 - 0.1) * stage.fps).min(to), "cloth", 0.7, at(poses, from))),
            _ => keyed(stage, act, poses, &mut all),
        }
    }
    all.retain(|n| n.frame >= 0.0 && n.frame < poses.len() as f32);
    all.sort_by(|a, b| a.frame.total_cmp(&b.frame).then_with(|| a.sound.cmp(&b.sound)));
    all
}

/// The noises of a keyed motion, each time its keys come past them.
fn keyed(stage: &Stage<'_>, act: &Act, poses: &[BodyPose], all: &mut Vec<Noise>) {
    let Some(motion) = stage.motions.keyed(act).filter(|k| !k.sounds.is_empty()) else { return };
    let end = stage.end_of(act).min(poses.len()).saturating_sub(1);
    for (frame, pose) in poses.iter().enumerate().take(end).skip(act.from) {
        for (sound, share) in motion.sounds_between(stage.clock(act, frame), stage.clock(act, frame + 1)) {
            let place = &pose.landmarks;
            let position = if motion.facts.whole() { place.hips } else { place.hands[1] };
            all.push(noise(frame as f32 + share, &sound.sound, sound.strength, position));
        }
    }
}

fn noise(frame: f32, sound: &str, strength: f32, position: Vec3) -> Noise {
    Noise { frame, sound: sound.to_owned(), strength, position }
}

fn at(poses: &[BodyPose], frame: f32) -> Vec3 {
    poses.get(frame as usize).map_or(Vec3::ZERO, |p| p.landmarks.hips)
}

fn repeated(all: &mut Vec<Noise>, poses: &[BodyPose], (from, to): (f32, f32), every: f32, sound: &str, strength: f32, skip_first: bool) {
    let mut frame = if skip_first { from + every } else { from };
    while frame < to && every > 0.5 {
        let place = poses.get(frame as usize).map_or(Vec3::ZERO, |p| if sound == "footstep" { p.landmarks.feet[0] } else { p.landmarks.hands[1] });
        all.push(noise(frame, sound, strength, place));
        frame += every;
    }
}

/// The frame at which the hips stop going down.
fn seated(from: usize, poses: &[BodyPose]) -> Option<usize> {
    let low = poses.iter().skip(from).map(|p| p.hips.y).fold(f32::MAX, f32::min);
    let start = poses.get(from)?.hips.y;
    (low < start - 0.1).then(|| poses.iter().skip(from).position(|p| p.hips.y < low + (start - low) * 0.06).map(|i| i + from)).flatten()
}

fn footfalls(stage: &Stage<'_>) -> Vec<Noise> {
    let plants = stage.steps.feet.iter().flatten().filter(|p| p.from.is_finite());
    plants.map(|p| noise(p.from, &stage.character.step_sound, if p.hop { 1.0 } else { 0.45 + 0.55 * p.vigour }, p.at)).collect()
}
