//! The spotting sheet: what the rehearsal heard.

use crate::SceneStaging;
use crate::staging::scene_clock;
use glam::Vec3;
use kinora_base::Ticks;
use kinora_base::maths::{atan, tan};
use kinora_cast::Character;
use kinora_plan::Plan;
use kinora_plan::spotting::{Ambience, Ear, SoundEvent, Spotting};
use kinora_render::scene::Camera;

/// Everything that is heard in the film.
pub(crate) fn spot(plan: &Plan, cuts: &[i64], scenes: &[SceneStaging], casts: &[Vec<Character>], cameras: &[Camera]) -> Spotting {
    let mut events = Vec::new();
    let mut ambiences: Vec<Ambience> = Vec::new();
    let mut cues: Vec<_> = plan.cues.iter().map(|c| (c.clone(), None)).collect();
    for (k, shot) in plan.shots.iter().enumerate() {
        let (index, start) = scene_clock(plan, cuts, k);
        let scene = &scenes[index];
        let frames = (cuts[k + 1] - cuts[k]) as usize;
        events.extend(noises(plan, scene, &casts[index], start, frames, cuts[k]));
        events.extend(engines(plan, scene, start, frames, cuts[k]));
        ambience(plan, scene, cuts[k], cuts[k + 1], &mut ambiences);
        let begin = plan.fps.start_of(cuts[k]);
        for cue in &shot.cues {
            let mut cue = cue.clone();
            let place = cue.source.as_deref().and_then(|id| place_of(scene, id, start + cue.from.frame(plan.fps).max(0) as usize));
            cue.from += begin;
            if cue.to != Ticks::ZERO {
                cue.to += begin;
            }
            cues.push((cue, place));
        }
    }
    events.sort_by(|a, b| (a.at, &a.who, &a.sound).cmp(&(b.at, &b.who, &b.sound)));
    let aspect = plan.size.width as f32 / plan.size.height as f32;
    Spotting {
        duration: plan.fps.start_of(*cuts.last().unwrap_or(&0)),
        fps: plan.fps,
        seed: plan.root_seed().child("sound").0,
        events,
        ambiences,
        music: plan.scenes.iter().find_map(|s| s.mood.clone()).or_else(|| Some("calm".to_owned())),
        cuts: cuts.iter().map(|c| plan.fps.start_of(*c)).collect(),
        cues,
        ears: cameras.iter().map(|c| ear(c, aspect)).collect(),
    }
}

fn ear(camera: &Camera, aspect: f32) -> Ear {
    Ear {
        position: camera.eye,
        right: camera.world_from_camera * Vec3::X,
        forward: camera.world_from_camera * Vec3::NEG_Z,
        horizontal_fov: 2.0 * atan(tan(camera.vertical_fov * 0.5) * aspect),
    }
}

/// Where a role or a thing is, for cues that come from it.
fn place_of(scene: &SceneStaging, id: &str, frame: usize) -> Option<Vec3> {
    let actor = scene.actors.iter().find(|a| a.role == id).and_then(|a| a.performance.poses.get(frame)).map(|p| p.landmarks.mouth);
    actor.or_else(|| scene.driven.iter().find(|d| d.role == id).and_then(|d| d.track.get(frame)).map(|t| t.0))
}

/// What bodies sounded like during one shot.
fn noises(plan: &Plan, scene: &SceneStaging, cast: &[Character], start: usize, frames: usize, film: i64) -> Vec<SoundEvent> {
    let mut events = Vec::new();
    for (actor, body) in scene.actors.iter().zip(cast) {
        for noise in actor.performance.noises.iter().filter(|n| n.frame >= start as f32 && n.frame < (start + frames) as f32) {
            let frame = f64::from(noise.frame) - start as f64 + film as f64;
            events.push(SoundEvent {
                at: Ticks((frame * plan.fps.ticks_per_frame() as f64).round() as i64),
                sound: noise.sound.clone(),
                surface: surface(plan, scene, noise.position),
                strength: noise.strength,
                length: Ticks::ZERO,
                position: noise.position,
                position_at_end: noise.position,
                weight: body.mass,
                who: Some(actor.role.clone()),
            });
        }
    }
    events
}

fn surface(plan: &Plan, scene: &SceneStaging, at: Vec3) -> String {
    let natural = scene.set.terrain.surface(at.x, at.z);
    let snowy = plan.scene(&scene.id).is_some_and(|s| s.snow_cover) && !scene.set.indoors;
    if snowy && natural != "water" { "snow".into() } else { natural.to_owned() }
}

/// Engines run for the whole shot, from where the vehicle is to where it gets.
fn engines(plan: &Plan, scene: &SceneStaging, start: usize, frames: usize, film: i64) -> Vec<SoundEvent> {
    scene
        .driven
        .iter()
        .filter(|d| d.member < 3)
        .filter_map(|d| {
            let (from, to) = (d.track.get(start)?, d.track.get((start + frames).min(d.track.len()) - 1)?);
            let seconds = frames as f32 / plan.fps.0 as f32;
            Some(SoundEvent {
                at: plan.fps.start_of(film),
                sound: if d.word == "boat" { "hull-slap".into() } else { "engine".into() },
                surface: surface(plan, scene, from.0),
                strength: 0.6 + 0.05 * (to.2 - from.2) / seconds.max(0.1),
                length: plan.fps.start_of(frames as i64),
                position: from.0,
                position_at_end: to.0,
                weight: 1200.0,
                who: Some(d.role.clone()),
            })
        })
        .collect()
}

/// The bed of a shot; neighbours in the same scene are one bed.
fn ambience(plan: &Plan, scene: &SceneStaging, from: i64, to: i64, beds: &mut Vec<Ambience>) {
    let Some(planned) = plan.scene(&scene.id) else { return };
    let (from, to) = (plan.fps.start_of(from), plan.fps.start_of(to));
    match beds.last_mut() {
        Some(last) if last.place == planned.place && last.layers == scene.set.ambience && last.to == from => last.to = to,
        _ => beds.push(Ambience { from, to, place: planned.place.clone(), layers: scene.set.ambience.clone(), reverb: scene.set.reverb }),
    }
}
