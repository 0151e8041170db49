//! The spotting sheet: what the rehearsal heard.

use crate::SceneStaging;
use crate::blocking::{FIRST_THING, first};
use crate::staging::scene_clock;
use crate::states::SWING;
use crate::vehicle;
use glam::Vec3;
use kinora_base::Ticks;
use kinora_base::maths::{atan, pow, tan};
use kinora_cast::Character;
use kinora_cast::motions::Repertoire;
use kinora_plan::Plan;
use kinora_plan::State;
use kinora_plan::spotting::{Ambience, Ear, SoundEvent, SpeakerTrack, Spotting};
use kinora_plan::voices::Voices;
use kinora_render::scene::Camera;
use kinora_solids::facts::PropFacts;
use kinora_vocabulary::{Kind, Vocabulary};
use kinora_world::Piece;

/// Everything that is heard in the film.
pub(crate) fn spot(
    plan: &Plan,
    cuts: &[i64],
    scenes: &[SceneStaging],
    casts: &[Vec<Character>],
    cameras: &[Camera],
    voices: &Voices,
    vocabulary: &Vocabulary,
) -> Spotting {
    // A broken file has been said before.
    let repertoire = Repertoire::read(vocabulary).unwrap_or_default();
    let mut events = Vec::new();
    let mut ambiences: Vec<Ambience> = Vec::new();
    let mut cues: Vec<_> = plan.cues.iter().map(|c| (c.clone(), None)).collect();
    for (k, shot) in plan.shots.iter().enumerate() {
        let (index, start) = scene_clock(plan, cuts, k);
        let scene = &scenes[index];
        let frames = (cuts[k + 1] - cuts[k]) as usize;
        events.extend(noises(plan, scene, &casts[index], vocabulary, start, frames, cuts[k]));
        events.extend(engines(plan, scene, vocabulary, start, frames, cuts[k]));
        events.extend(fires(plan, scene, vocabulary, start, frames, cuts[k]));
        events.extend(things(plan, cuts, scene, (vocabulary, &repertoire), start, frames, cuts[k]));
        ambience(plan, scene, cuts[k], cuts[k + 1], &mut ambiences);
        let begin = plan.fps.start_of(cuts[k]);
        for cue in &shot.cues {
            let mut cue = cue.clone();
            let place = cue.source.as_deref().and_then(|id| place_of(plan, scene, id, start + cue.from.frame(plan.fps).max(0) as usize));
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
        speakers: speakers(plan, cuts, scenes, voices),
    }
}

/// Where everybody's mouth is while they speak. A line may outlast its shot: then its speaker is where that shot left them.
fn speakers(plan: &Plan, cuts: &[i64], scenes: &[SceneStaging], voices: &Voices) -> Vec<SpeakerTrack> {
    let track = |line: &kinora_plan::voices::Spoken| {
        let who = line.who.as_deref()?;
        let places = |film: i64| {
            let k = cuts.partition_point(|c| *c <= film).clamp(1, plan.shots.len()) - 1;
            let (index, start) = scene_clock(plan, cuts, k);
            place_of(plan, &scenes[index], who, start + (film - cuts[k]).max(0) as usize)
        };
        let mut known: Vec<Vec3> = Vec::new();
        for film in line.from.frame(plan.fps)..=line.to.frame(plan.fps) {
            known.extend(places(film).or(known.last().copied()));
        }
        (!known.is_empty()).then(|| SpeakerTrack { line: line.line.clone(), places: known })
    };
    voices.lines.iter().filter_map(track).collect()
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
fn place_of(plan: &Plan, scene: &SceneStaging, id: &str, frame: usize) -> Option<Vec3> {
    let actor = scene.actors.iter().find(|a| a.role == id).and_then(|a| a.performance.poses.get(frame)).map(|p| p.landmarks.mouth);
    let driven = || scene.driven.iter().find(|d| d.role == id).and_then(|d| d.track.get(frame)).map(|t| t.0);
    actor.or_else(driven).or_else(|| thing_at(plan, scene, id, frame))
}

/// Where a thing of the plan is at a frame.
fn thing_at(plan: &Plan, scene: &SceneStaging, id: &str, frame: usize) -> Option<Vec3> {
    let number = FIRST_THING + plan.scene(&scene.id)?.things.iter().position(|t| t.id == id)? as u16;
    let held = scene.held.iter().find(|h| first(h.id) == number).and_then(|h| h.track.get(frame)).map(|t| t.0);
    held.or_else(|| scene.set.pieces.iter().find(|p| p.id != 0 && first(p.id) == number).map(|p| p.position))
}

/// What bodies sounded like during one shot.
fn noises(plan: &Plan, scene: &SceneStaging, cast: &[Character], vocabulary: &Vocabulary, start: usize, frames: usize, film: i64) -> Vec<SoundEvent> {
    let mut events = Vec::new();
    for (actor, body) in scene.actors.iter().zip(cast) {
        for noise in actor.performance.noises.iter().filter(|n| n.frame >= start as f32 && n.frame < (start + frames) as f32) {
            let frame = f64::from(noise.frame) - start as f64 + film as f64;
            events.push(SoundEvent {
                at: Ticks((frame * plan.fps.ticks_per_frame() as f64).round() as i64),
                sound: noise.sound.clone(),
                surface: (noise.sound == "sit")
                    .then(|| seat_touch(scene, vocabulary, noise.position))
                    .flatten()
                    .unwrap_or_else(|| surface(plan, scene, noise.position)),
                strength: noise.strength,
                length: Ticks::ZERO,
                pace: Vec::new(),
                position: noise.position,
                position_at_end: noise.position,
                weight: body.mass,
                who: Some(actor.role.clone()),
            });
        }
    }
    events
}

/// What the seat sounds like on which somebody's hips come down; none where they sit on the ground.
fn seat_touch(scene: &SceneStaging, vocabulary: &Vocabulary, hips: Vec3) -> Option<String> {
    // A place on a couch is beside its middle; hips are a hand over a seat.
    const REACH: (f32, f32) = (0.9, 0.35);
    let far = |piece: &Piece, seat: (f32, f32, f32)| {
        let way = hips - piece.position - Vec3::Y * seat.1 * piece.scale;
        let level = Vec3::new(way.x, 0.0, way.z).length();
        (level < REACH.0 && way.y.abs() < REACH.1).then_some(level)
    };
    let near = |piece: &Piece| {
        let facts = crate::layout::facts(vocabulary, &piece.prop);
        Some((far(piece, facts.seat?)?, facts.touch))
    };
    scene.set.pieces.iter().filter_map(near).min_by(|a, b| a.0.total_cmp(&b.0)).map(|n| n.1)
}

fn surface(plan: &Plan, scene: &SceneStaging, at: Vec3) -> String {
    let natural = scene.set.terrain.surface(at.x, at.z);
    let snowy = plan.scene(&scene.id).is_some_and(|s| s.snow_cover) && !scene.set.indoors;
    if snowy && natural != "water" { "snow".into() } else { natural.to_owned() }
}

/// What vehicles sound like during one shot: engines while they run, water at the hulls of what floats.
fn engines(plan: &Plan, scene: &SceneStaging, vocabulary: &Vocabulary, start: usize, frames: usize, film: i64) -> Vec<SoundEvent> {
    let mut events = Vec::new();
    for d in scene.driven.iter().filter(|d| d.member < 3 && d.track.len() > start) {
        let facts = vehicle::facts(vocabulary, &d.word);
        let end = (start + frames).min(d.track.len());
        let sound = |name: &str, from: usize, to: usize, strength: f32, weight: f32| SoundEvent {
            at: plan.fps.start_of(film + (from - start) as i64),
            sound: name.into(),
            surface: surface(plan, scene, d.track[from].0),
            strength,
            length: plan.fps.start_of((to - from) as i64),
            pace: Vec::new(),
            position: d.track[from].0,
            position_at_end: d.track[to - 1].0,
            weight,
            who: Some(d.role.clone()),
        };
        if d.lean.is_empty() {
            events.extend(slaps(plan, d, start, end).into_iter().map(|(at, strength)| sound("hull-slap", at, at + 1, strength, 400.0)));
            continue;
        }
        // A car that is parked for the whole scene has its engine off; one that stops goes on idling.
        if facts.sound.is_empty() || d.track[d.track.len() - 1].2 - d.track[0].2 < 0.05 {
            continue;
        }
        let moves = |k: usize| d.track[k.min(end - 1)].2 - d.track[k.min(end - 1).saturating_sub(1)].2 > 1e-4;
        let mut from = start;
        while from < end {
            let runs = moves(from + 1);
            let to = (from + 1..end).find(|k| moves(k + 1) != runs).unwrap_or(end);
            if runs || facts.idles {
                let pace = paces(plan, d, from, to);
                events.push(SoundEvent { pace, ..sound(&facts.sound, from, to, if runs { 0.9 } else { 0.6 }, 0.0) });
            }
            from = to;
        }
    }
    events
}

/// Pitch of a motor that idles, against one at [`CRUISE`].
const IDLE: f32 = 0.5;
/// Metres a second at which a motor sounds as its file says.
const CRUISE: f32 = 8.0;

/// How fast a vehicle's motor turns, ten times a second: by its speed, and more while it gains speed.
fn paces(plan: &Plan, d: &crate::Driven, from: usize, to: usize) -> Vec<f32> {
    let fps = plan.fps.0 as f32;
    // A quarter of a second smooths what a frame alone makes of a route's corners.
    let reach = (0.125 * fps).ceil() as usize;
    let speed = |k: usize| {
        let (a, b) = (k.saturating_sub(reach), (k + reach).min(d.track.len() - 1));
        (d.track[b].2 - d.track[a].2) * fps / (b - a).max(1) as f32
    };
    let pace = |k: usize| {
        let gains = (speed((k + reach).min(d.track.len() - 1)) - speed(k.saturating_sub(reach))) * fps / (2 * reach) as f32;
        let by_speed = IDLE + (1.0 - IDLE) * pow((speed(k) / CRUISE).max(0.0), 0.75);
        (by_speed + 0.04 * gains.clamp(-2.0, 4.0)).clamp(IDLE, 1.9)
    };
    let steps = ((to - from) as f32 / fps * 10.0).ceil().max(1.0) as usize;
    (0..=steps).map(|i| pace(from + (to - from) * i / steps)).collect()
}

/// Fires that burn in a shot, and what breaks of itself.
fn fires(plan: &Plan, scene: &SceneStaging, vocabulary: &Vocabulary, start: usize, frames: usize, film: i64) -> Vec<SoundEvent> {
    let mut events = Vec::new();
    let fps = plan.fps.0 as f32;
    for piece in scene.set.pieces.iter().filter(|p| p.id != 0 && p.kind == Kind::Prop) {
        let sound = |name: &str, from: usize, to: usize, strength: f32| SoundEvent {
            at: plan.fps.start_of(film + (from - start) as i64),
            sound: name.into(),
            surface: String::new(),
            strength,
            length: plan.fps.start_of((to - from) as i64),
            pace: Vec::new(),
            position: piece.position,
            position_at_end: piece.position,
            weight: 10.0,
            who: None,
        };
        let fire = crate::layout::facts(vocabulary, &piece.prop).flames.iter().map(|f| f.1).fold(0.0, f32::max) * piece.scale;
        // How loud it burns at a frame: a candle is silent.
        let burns = |frame: usize| match scene.condition(piece.id, piece.state, frame, fps).state {
            Some(State::Unlit | State::Broken) => 0.0,
            Some(State::Burning) => (0.5 + 0.1 * crate::layout::facts(vocabulary, &piece.prop).size).min(1.0),
            _ if fire > 0.3 => (0.35 + 0.3 * fire).min(0.8),
            _ => 0.0,
        };
        let end = start + frames;
        let mut from = start;
        while from < end {
            let loud = burns(from);
            let to = (from + 1..end).find(|k| (burns(*k) - loud).abs() > 1e-3).unwrap_or(end);
            if loud > 0.0 {
                events.push(sound("fire-crackle", from, to, loud));
            }
            from = to;
        }
        let breaks = scene.changes.iter().filter(|c| c.id == first(piece.id) && c.state == State::Broken && (start..end).contains(&c.frame));
        events.extend(breaks.map(|c| SoundEvent { length: Ticks::ZERO, ..sound("crash", c.frame, c.frame + 1, 0.9) }));
    }
    events
}

/// Doors, lids, lamps and flames as their state changes, and what is taken, given and dropped.
fn things(
    plan: &Plan,
    cuts: &[i64],
    scene: &SceneStaging,
    (vocabulary, repertoire): (&Vocabulary, &Repertoire),
    start: usize,
    frames: usize,
    film: i64,
) -> Vec<SoundEvent> {
    let mut events = Vec::new();
    let mut heard = |frame: usize, sound: &str, strength: f32, position: Vec3, facts: &PropFacts| {
        if (start..start + frames).contains(&frame) {
            events.push(SoundEvent {
                at: plan.fps.start_of(film + (frame - start) as i64),
                sound: sound.into(),
                surface: facts.touch.clone(),
                strength,
                length: Ticks::ZERO,
                pace: Vec::new(),
                position,
                position_at_end: position,
                weight: facts.weight,
                who: None,
            });
        }
    };
    for change in &scene.changes {
        let piece = scene.set.pieces.iter().find(|p| p.id != 0 && first(p.id) == change.id).map(|p| (&p.prop, p.position));
        let held = || scene.held.iter().find(|h| first(h.id) == change.id).and_then(|h| Some((&h.word, h.track.get(change.frame)?.0)));
        let Some((word, position)) = piece.or_else(held) else { continue };
        let facts = crate::layout::facts(vocabulary, word);
        let flame = !facts.flames.is_empty();
        match change.state {
            State::Open => heard(change.frame, &facts.hinge.0, 1.0, position, &facts),
            // The leaf meets its frame when the swing is over.
            State::Closed => heard(change.frame + (SWING * plan.fps.0 as f32) as usize, &facts.hinge.1, 1.0, position, &facts),
            State::Lit => heard(change.frame, if flame { "match" } else { "switch" }, 1.0, position, &facts),
            State::Unlit => heard(change.frame, if flame { "fire-out" } else { "switch" }, 1.0, position, &facts),
            State::Burning => heard(change.frame, "whoosh", 0.6, position, &facts),
            // `fires` says what a crash sounds like.
            State::Broken | State::Glowing => {}
        }
    }
    for held in &scene.held {
        let facts = crate::layout::facts(vocabulary, &held.word);
        for (frame, sound, strength, position) in crate::hands::knocks(plan, cuts, scene, held, repertoire) {
            heard(frame, sound, strength, position, &facts);
        }
    }
    events
}

/// When small waves slap against a hull, and how hard: about one a second, never like a clock.
fn slaps(plan: &Plan, boat: &crate::Driven, start: usize, end: usize) -> Vec<(usize, f32)> {
    let seed = plan.root_seed().child(&boat.role).child("slaps").index(u64::from(boat.member));
    let (mut slaps, mut at, mut n) = (Vec::new(), 0.25 * plan.fps.0 as f32, 0);
    while (at as usize) < end {
        let mut rng = seed.index(n).rng();
        if at as usize >= start {
            slaps.push((at as usize, rng.range(0.45, 0.9)));
        }
        at += rng.range(0.6, 1.5) * plan.fps.0 as f32;
        n += 1;
    }
    slaps
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

#[cfg(test)]
mod tests {
    use crate::tests::Film;
    use crate::{SceneStaging, block};
    use kinora_base::Ticks;
    use kinora_plan::voices::{Spoken, Voices};
    use kinora_plan::{Plan, State};
    use kinora_vocabulary::Vocabulary;

    fn film(cast: &str, place: &str, things: &str, beats: &str, seconds: u32) -> Film {
        Film::new(&format!(
            r#""cast": [{cast}], "scenes": [{{"id": "s", "place": "{place}", "things": [{things}]}}],
            "shots": [{{"id": "1", "scene": "s", "length": {}, "framing": {{}}, "beats": [{beats}]}}]"#,
            seconds * 48_000
        ))
    }

    /// Frames (24 a second) at which a sound begins.
    fn heard(film: &Film, sound: &str) -> Vec<i64> {
        film.staging.spotting.events.iter().filter(|e| e.sound == sound).map(|e| e.at.nearest_frame(film.staging.plan.fps)).collect()
    }

    fn change(scene: &SceneStaging, state: State) -> i64 {
        scene.changes.iter().find(|c| c.state == state).map(|c| c.frame as i64).expect("it changes")
    }

    const MAN: &str = r#"{"id": "man", "kind": "person", "word": "man"}"#;

    #[test]
    fn a_door_is_heard_when_it_opens_and_when_it_is_shut() {
        let door = r#"{"id": "door", "word": "door"}"#;
        let opens = film(MAN, "living-room", door, r#"{"id": "a", "who": "man", "action": "open", "target": {"id": "door"}}"#, 5);
        assert_eq!(heard(&opens, "door-open"), [change(&opens.staging.scenes[0], State::Open)], "as it begins to swing");
        assert!(heard(&opens, "door").is_empty(), "and not shut");
        let shuts = film(MAN, "living-room", door, r#"{"id": "a", "who": "man", "action": "close", "target": {"id": "door"}}"#, 5);
        let swung = (crate::states::SWING * 24.0) as i64;
        assert_eq!(heard(&shuts, "door"), [change(&shuts.staging.scenes[0], State::Closed) + swung], "when the leaf meets its frame");
        assert!(heard(&shuts, "door-open").is_empty());
    }

    #[test]
    fn a_candle_is_lit_with_a_match_and_a_lamp_with_a_switch() {
        for (thing, sound) in [("candle", "match"), ("lamp", "switch")] {
            let things = format!(r#"{{"id": "{thing}", "word": "{thing}"}}"#);
            let beats = format!(r#"{{"id": "a", "who": "man", "action": "light", "target": {{"id": "{thing}"}}}}"#);
            let film = film(MAN, "living-room", &things, &beats, 4);
            assert_eq!(heard(&film, sound), [change(&film.staging.scenes[0], State::Lit)], "{thing}");
        }
    }

    #[test]
    fn a_fridge_does_not_creak_like_a_door() {
        let fridge = r#"{"id": "fridge", "word": "fridge"}"#;
        let film = film(MAN, "kitchen", fridge, r#"{"id": "a", "who": "man", "action": "open", "target": {"id": "fridge"}}"#, 5);
        assert!(heard(&film, "fridge-open").len() == 1 && heard(&film, "door-open").is_empty());
    }

    #[test]
    fn what_is_thrown_away_is_heard_to_fall_as_what_it_is() {
        let cup = r#"{"id": "cup", "word": "cup", "held_by": "man"}"#;
        let film = film(MAN, "living-room", cup, r#"{"id": "a", "who": "man", "action": "throw", "prop": "cup"}"#, 5);
        let drops: Vec<_> = film.staging.spotting.events.iter().filter(|e| e.sound == "drop").collect();
        assert!(drops.len() == 1 && drops[0].surface == "glass", "{drops:?}");
        let frame = drops[0].at.nearest_frame(film.staging.plan.fps) as usize;
        let track = &film.staging.scenes[0].held[0].track;
        assert!(track[frame].0.y < track[frame - 8].0.y - 0.2, "it comes down at that moment");
    }

    #[test]
    fn who_sits_down_is_heard_as_the_seat_is() {
        for (seat, touch) in [("chair", "wood"), ("couch", "carpet")] {
            let things = format!(r#"{{"id": "seat", "word": "{seat}"}}"#);
            let film = film(MAN, "meadow", &things, r#"{"id": "a", "who": "man", "action": "sit", "target": {"id": "seat"}, "from": "1 s"}"#, 8);
            let sits: Vec<_> = film.staging.spotting.events.iter().filter(|e| e.sound == "sit").map(|e| e.surface.as_str()).collect();
            assert_eq!(sits, [touch], "{seat}");
        }
    }

    #[test]
    fn a_motor_speeds_up_with_its_car() {
        let car = r#"{"id": "car", "kind": "vehicle", "word": "car"}"#;
        let film = film(car, "city-street", "", r#"{"id": "a", "who": "car", "action": "drive", "from": "1 s"}"#, 6);
        let paces: Vec<f32> = film.staging.spotting.events.iter().filter(|e| e.sound == "engine").flat_map(|e| e.pace.clone()).collect();
        let most = paces.iter().copied().fold(0.0, f32::max);
        assert!(paces[0] < 0.6 && most > 0.8, "from idling to {most}: {paces:?}");
        assert!(paces.windows(2).all(|p| (p[1] - p[0]).abs() < 0.25), "without a jump: {paces:?}");
    }

    #[test]
    fn a_bicycle_that_stands_is_silent() {
        let bicycle = r#"{"id": "b", "kind": "vehicle", "word": "bicycle"}"#;
        let film = film(bicycle, "city-street", "", r#"{"id": "a", "who": "b", "action": "drive", "from": "2 s"}"#, 6);
        let first = heard(&film, "bicycle")[0];
        assert!((40..60).contains(&first), "first heard at frame {first}");
    }

    #[test]
    fn animals_call_now_and_then_and_never_over_speech() {
        let plan = |lines: &str| {
            let text = format!(
                r#"{{"version": 1, "fps": 24, "size": {{"width": 640, "height": 360}},
                "cast": [{{"id": "dog", "kind": "creature", "word": "dog"}}, {{"id": "cow", "kind": "creature", "word": "cow"}}, {MAN}],
                "scenes": [{{"id": "s", "place": "meadow"}}],
                "shots": [{{"id": "1", "scene": "s", "length": 2880000, "framing": {{"subject": ["dog", "cow", "man"]}}, "lines": [{lines}]}}]}}"#
            );
            Plan::from_json(&text).unwrap_or_else(|e| panic!("{e}"))
        };
        let vocabulary = Vocabulary::builtin().expect("the built-in files");
        let calls = |plan: &Plan, voices: &Voices| -> Vec<f64> {
            let staging = block(plan, voices, &vocabulary).expect("a good plan").output;
            staging.spotting.events.iter().filter(|e| matches!(e.sound.as_str(), "bark" | "moo")).map(|e| e.at.seconds()).collect()
        };
        let free = calls(&plan(""), &Voices::default());
        assert!((3..=16).contains(&free.len()), "in a minute: {free:?}");
        // Somebody speaks for most of that minute.
        let line = r#"{"id": "l", "who": "man", "text": "A long story."}"#;
        let spoken = Spoken { line: "l".into(), who: Some("man".into()), from: Ticks(48_000), to: Ticks(2_400_000), ..Spoken::default() };
        let voices = Voices { lines: vec![spoken] };
        let hushed = calls(&plan(line), &voices);
        assert!(hushed.iter().all(|t| *t > 50.5), "{hushed:?}");
    }
}
