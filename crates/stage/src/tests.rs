//! Films staged from plans written by hand: who must be in the picture is.

use crate::keep::{self, Rect};
use crate::{Staging, block};
use glam::{Vec2, Vec3};
use kinora_cast::Character;
use kinora_plan::voices::Voices;
use kinora_plan::{Plan, ShotSize};
use kinora_vocabulary::{Kind, Vocabulary};

/// One shot's picture: everything that a test reads.
pub(crate) struct Film {
    pub(crate) staging: Staging,
    pub(crate) vocabulary: Vocabulary,
}

impl Film {
    /// Stages a plan given as the inside of a JSON plan: cast, scenes and shots.
    pub(crate) fn new(inside: &str) -> Self {
        let text = format!(r#"{{"version": 1, "fps": 24, "size": {{"width": 640, "height": 360}}, {inside}}}"#);
        let plan = Plan::from_json(&text).unwrap_or_else(|e| panic!("{e} in {text}"));
        let vocabulary = Vocabulary::builtin().expect("the built-in files");
        let staging = block(&plan, &Voices::default(), &vocabulary).expect("a good plan").output;
        for event in &staging.spotting.events {
            assert!(vocabulary.get(Kind::Sound, &event.sound).is_some(), "no sound is called \"{}\"", event.sound);
        }
        Self { staging, vocabulary }
    }

    /// One scene, one shot of two and a half seconds.
    pub(crate) fn shot(cast: &str, place: &str, relations: &str, framing: &str, beats: &str) -> Self {
        Self::new(&format!(
            r#""cast": [{cast}], "scenes": [{{"id": "s", "place": "{place}", {relations}}}],
            "shots": [{{"id": "1", "scene": "s", "length": 120000, "framing": {framing}, "beats": [{beats}]}}]"#
        ))
    }

    /// A man and a girl on his right in a meadow, in one shot of five seconds, with things.
    pub(crate) fn of_two(beats: &str, things: &str) -> Self {
        Self::new(&format!(
            r#""cast": [{{"id": "man", "kind": "person", "word": "man"}}, {{"id": "girl", "kind": "person", "word": "girl"}}],
            "scenes": [{{"id": "s", "place": "meadow", "things": [{things}], "relations": [{{"what": "girl", "relation": "right-of", "to": ["man"]}}]}}],
            "shots": [{{"id": "1", "scene": "s", "length": 240000, "framing": {{"subject": ["man", "girl"]}}, "beats": [{beats}]}}]"#
        ))
    }

    pub(crate) fn aspect(&self) -> f32 {
        let size = self.staging.plan.size;
        size.width as f32 / size.height as f32
    }

    pub(crate) fn body(&self, role: &str) -> Character {
        let role = self.staging.plan.role(role).expect("a role");
        kinora_cast::character(role, &self.vocabulary, self.staging.plan.root_seed().child(&role.id)).expect("a body").output
    }

    /// The rectangle of what a size shows of one actor at a frame of a one-shot film.
    pub(crate) fn rect(&self, body: &Character, actor: usize, frame: usize, size: ShotSize) -> Rect {
        let actor = &self.staging.scenes[0].actors[actor];
        let points = keep::kept(body, &actor.performance.poses[frame], size);
        keep::rect(&self.staging.cameras[frame], self.aspect(), &points).expect("points")
    }

    pub(crate) fn picture(&self, frame: usize, point: Vec3) -> Vec2 {
        keep::project(&self.staging.cameras[frame], self.aspect(), point)
    }
}

fn role(kind: &str, word: &str, count: u32) -> String {
    format!(r#"{{"id": "{word}", "kind": "{kind}", "word": "{word}", "count": {count}}}"#)
}

fn beat(who: &str, action: &str, more: &str) -> String {
    format!(r#"{{"id": "{who}-{action}", "who": "{who}", "action": "{action}"{more}}}"#)
}

fn framing(size: &str, kind: &str, subject: &str) -> String {
    format!(r#"{{"size": "{size}", "side": "three-quarter", "move": {{"kind": "{kind}"}}, "subject": ["{subject}"]}}"#)
}

/// Least share inside, and least and greatest height and width of the subject in the frame over a shot.
fn measure(film: &Film, who: &str, size: ShotSize) -> (f32, Vec2, Vec2, f32) {
    let body = film.body(who);
    let frames = film.staging.frames() as usize;
    let (mut inside, mut least, mut most, mut lead) = (1.0f32, Vec2::splat(9.0), Vec2::ZERO, 0.0);
    for frame in (0..frames).step_by(4) {
        let r = film.rect(&body, 0, frame, size);
        inside = inside.min(r.inside());
        (least, most) = (least.min(r.size()), most.max(r.size()));
        lead += (r.low.x + r.high.x) * 0.5 / (frames as f32 * 0.25);
    }
    (inside, least, most, lead)
}

#[test]
fn runners_stay_in_the_frame() {
    let cases = [
        ("creature", "dog", "meadow", "run", "full", "follow"),
        ("creature", "horse", "beach", "run", "full", "follow"),
        ("creature", "horse", "beach", "run", "wide", "static"),
        ("person", "boy", "forest", "run", "wide", "static"),
        ("person", "boy", "forest", "run", "medium-full", "static"),
        ("person", "girl", "meadow", "run", "full", "handheld"),
        ("person", "man", "city-street", "walk", "full", "pan-right"),
        ("person", "woman", "beach", "walk", "cowboy", "truck-left"),
        ("creature", "fox", "forest", "walk", "medium", "push-in"),
        ("creature", "bird", "meadow", "fly", "full", "follow"),
        ("person", "old-man", "city-street", "walk", "medium", "follow"),
        ("person", "man", "meadow", "jump", "full", "static"),
        ("person", "woman", "living-room", "dance", "full", "orbit-left"),
        ("person", "girl", "living-room", "walk", "full", "push-in"),
    ];
    let mut failed = Vec::new();
    for (kind, word, place, action, shot, movement) in cases {
        let film = Film::shot(&role(kind, word, 1), place, r#""things": []"#, &framing(shot, movement, word), &beat(word, action, ""));
        let size = film.staging.plan.shots[0].framing.size;
        let (inside, least, most, lead) = measure(&film, word, size);
        let share = match size {
            ShotSize::Wide => 0.22..0.80,
            ShotSize::Full => 0.40..0.98,
            _ => 0.35..1.25,
        };
        let line = format!(
            "{word} {action} {place} {shot} {movement}: inside {inside:.2}, height {:.2}-{:.2}, width {:.2}-{:.2}, mean x {lead:.2}",
            least.y, most.y, least.x, most.x
        );
        println!("{line}");
        let height = most.y.max(most.x * 0.9);
        if inside < 0.8 || !share.contains(&height) {
            failed.push(line);
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

/// How far two rectangles overlap across, as a share of the narrower.
fn overlap(a: &Rect, b: &Rect) -> f32 {
    (a.high.x.min(b.high.x) - a.low.x.max(b.low.x)).max(0.0) / a.size().x.min(b.size().x).max(1e-4)
}

#[test]
fn two_who_talk_face_each_other_and_both_are_seen() {
    let pair = format!("{}, {}", role("person", "man", 1), role("person", "woman", 1));
    let both = |size: &str| format!(r#"{{"size": "{size}", "subject": ["man", "woman"]}}"#);
    let talk = format!("{}, {}", beat("man", "talk", r#", "with": "woman""#), beat("woman", "talk", r#", "with": "man""#));
    let one = r#"{"size": "full", "subject": ["woman"], "move": {"kind": "push-in"}}"#.to_owned();
    let films = [
        Film::shot(&pair, "living-room", r#""things": []"#, &both("medium"), &talk),
        Film::shot(&pair, "city-street", r#""things": []"#, &both("full"), &talk),
        Film::shot(&role("person", "woman", 2), "living-room", r#""things": []"#, &one, &beat("woman", "talk", "")),
    ];
    for film in films {
        let actors = &film.staging.scenes[0].actors;
        let bodies: Vec<Character> = actors.iter().map(|a| film.body(&a.role)).collect();
        let size = film.staging.plan.shots[0].framing.size;
        for frame in [0, 30, 59] {
            let (a, b) = (&actors[0].performance.poses[frame], &actors[1].performance.poses[frame]);
            let apart = (a.landmarks.chest - b.landmarks.chest).length();
            assert!((0.7..1.45).contains(&apart), "{apart} m apart");
            for (me, you) in [(a, b), (b, a)] {
                let towards = (you.landmarks.chest - me.landmarks.chest).normalize();
                let facing = me.turn * Vec3::Z;
                assert!(facing.dot(towards) > 0.75, "faces {:.2} of the other at frame {frame}", facing.dot(towards));
                assert!(me.landmarks.facing.dot(towards) > 0.75, "looks {:.2} at the other at frame {frame}", me.landmarks.facing.dot(towards));
            }
            let (left, right) = (film.rect(&bodies[0], 0, frame, size), film.rect(&bodies[1], 1, frame, size));
            assert!(left.inside() > 0.9 && right.inside() > 0.9, "{left:?} {right:?}");
            assert!(overlap(&left, &right) < 0.2, "one hides the other: {left:?} {right:?}");
        }
    }
}

/// Voices of lines of a second each, half a second into their shots.
fn voices(plan: &str) -> Voices {
    let plan = Plan::from_json(plan).unwrap_or_else(|e| panic!("{e} in {plan}"));
    let mut voices = Voices::default();
    let mut at = kinora_base::Ticks::ZERO;
    for shot in &plan.shots {
        for line in &shot.lines {
            let from = at + line.from;
            let to = from + kinora_base::Ticks::from_seconds(1.6);
            let (line, who, text) = (line.id.clone(), line.who.clone(), line.text.clone());
            voices.lines.push(kinora_plan::voices::Spoken { line, who, text, from, to, ..Default::default() });
        }
        at += shot.length;
    }
    voices
}

#[test]
fn an_over_shoulder_shot_shows_the_face_that_speaks() {
    let talk = |who: &str, other: &str| format!(r#"{{"id": "t-{who}", "who": "{who}", "action": "talk", "with": "{other}"}}"#);
    let shot = |id: &str, who: &str, other: &str, manner: &str, heard: &str| {
        format!(
            r#"{{"id": "{id}", "scene": "s", "length": 120000, "framing": {{"size": "medium", "side": "over-shoulder", "subject": ["{who}"], "over": "{other}"}},
            "beats": [{}], "lines": [{{"id": "l-{id}", "who": "{who}", "text": "Well then.", "from": 24000, "manner": "{manner}", "heard": "{heard}"}}]}}"#,
            talk(who, other)
        )
    };
    let text = format!(
        r#"{{"version": 1, "fps": 24, "size": {{"width": 640, "height": 360}}, "cast": [{}, {}], "scenes": [{{"id": "s", "place": "meadow"}}], "shots": [{}, {}]}}"#,
        role("person", "man", 1),
        role("person", "woman", 1),
        shot("1", "man", "woman", "angry", "here"),
        shot("2", "woman", "man", "", "here"),
    );
    let vocabulary = Vocabulary::builtin().expect("the built-in files");
    let staging = block(&Plan::from_json(&text).expect("a plan"), &voices(&text), &vocabulary).expect("a good plan").output;
    let actors = &staging.scenes[0].actors;
    let find = |role: &str| actors.iter().find(|a| a.role == role).expect("somebody");
    for (frame, speaker, other) in [(30, "man", "woman"), (90, "woman", "man")] {
        let (me, you) = (&find(speaker).performance.poses[frame], &find(other).performance.poses[frame]);
        let eye = staging.cameras[frame].eye;
        let lens = (eye - me.landmarks.eyes).normalize();
        assert!((me.turn * Vec3::Z).dot(lens) > 0.6, "{speaker} is seen from the front: {:.2}", (me.turn * Vec3::Z).dot(lens));
        assert!((you.turn * Vec3::Z).dot((eye - you.landmarks.eyes).normalize()) < 0.3, "{other} is seen from behind");
        let aspect = 640.0 / 360.0;
        let face = keep::project(&staging.cameras[frame], aspect, me.landmarks.eyes);
        assert!((0.2..0.8).contains(&face.x) && (0.05..0.7).contains(&face.y), "the face of {speaker} is in the frame: {face}");
        let shoulder = keep::project(&staging.cameras[frame], aspect, you.landmarks.crown);
        assert!((shoulder.x - face.x).abs() > 0.12, "{other} does not hide the face: {face} {shoulder}");
    }
    let face = |frame: usize| find("man").performance.poses[frame].face;
    assert!(face(35).worry < -0.7 && face(118).worry > -0.1, "the line's anger comes and goes: {} then {}", face(35).worry, face(118).worry);
    assert!(find("woman").performance.poses[35].face.worry > -0.1, "and is his alone");
}

#[test]
fn a_voice_on_the_telephone_has_no_body() {
    let film = |heard: &str| {
        let text = format!(
            r#"{{"version": 1, "fps": 24, "cast": [{}, {}], "scenes": [{{"id": "s", "place": "living-room"}}],
            "shots": [{{"id": "1", "scene": "s", "length": 120000, "framing": {{"subject": ["woman"]}}, "lines": [{{"id": "l", "who": "man", "text": "Hello.", "heard": "{heard}"}}]}}]}}"#,
            role("person", "man", 1),
            role("person", "woman", 1),
        );
        let staging = block(&Plan::from_json(&text).expect("a plan"), &voices(&text), &Vocabulary::builtin().expect("files")).expect("a good plan").output;
        staging.scenes[0].actors.iter().map(|a| a.role.clone()).collect::<Vec<_>>()
    };
    assert_eq!(film("here"), ["man", "woman"], "both are there");
    assert_eq!(film("phone"), ["woman"], "one is far away");
    assert_eq!(film("off-screen"), ["woman"], "or where the camera does not look");
}

#[test]
fn several_stand_so_that_every_head_is_seen() {
    let three = ["man", "woman", "girl"].map(|w| role("person", w, 1)).join(", ");
    let all = r#"{"size": "full", "subject": ["man", "woman", "girl"]}"#;
    let films = [
        Film::shot(&three, "meadow", r#""things": []"#, all, &beat("man", "talk", "")),
        Film::shot(&role("person", "girl", 5), "city-street", r#""things": []"#, &framing("full", "static", "girl"), &beat("girl", "wave", "")),
    ];
    for film in films {
        let actors = &film.staging.scenes[0].actors;
        let bodies: Vec<Character> = actors.iter().map(|a| film.body(&a.role)).collect();
        let heads: Vec<Rect> = (0..actors.len()).map(|k| film.rect(&bodies[k], k, 30, ShotSize::Close)).collect();
        for k in 0..heads.len() {
            assert!(heads[k].inside() > 0.95, "{:?}", heads[k]);
            for j in 0..k {
                assert!(overlap(&heads[k], &heads[j]) < 0.15, "{:?} hides {:?}", heads[k], heads[j]);
            }
        }
    }
}

#[test]
fn relations_hold_in_the_picture() {
    let pair = format!("{}, {}", role("person", "woman", 1), role("creature", "dog", 1));
    let with =
        |relations: &str| format!(r#""things": [{{"id": "bench", "word": "bench"}}, {{"id": "lamp", "word": "street-lamp"}}], "relations": [{relations}]"#);
    let relation = |what: &str, how: &str, to: &str| format!(r#"{{"what": "{what}", "relation": "{how}", "to": [{to}]}}"#);
    let middles = |relations: &str| {
        let film = Film::shot(
            &pair,
            "meadow",
            &with(relations),
            &framing("full", "static", "woman"),
            &format!("{}, {}", beat("woman", "stand", ""), beat("dog", "stand", "")),
        );
        let set = &film.staging.scenes[0];
        let camera = film.staging.cameras[30];
        let depth = |p: Vec3| -(camera.world_from_camera.inverse() * (p - camera.eye)).z;
        let actor = |k: usize| set.actors[k].performance.poses[30].landmarks.chest;
        let thing = |k: u16| set.set.pieces.iter().find(|p| p.id == 100 + k).map(|p| p.position + Vec3::Y * 0.5).expect("a thing");
        [actor(0), actor(1), thing(0), thing(1)].map(|p| film.picture(30, p).extend(depth(p)))
    };
    let [woman, dog, ..] = middles(&relation("woman", "left-of", r#""dog""#));
    assert!(woman.x < dog.x - 0.05, "{woman} {dog}");
    let [woman, _, bench, _] = middles(&relation("woman", "right-of", r#""bench""#));
    assert!(woman.x > bench.x + 0.05, "{woman} {bench}");
    let [woman, _, bench, _] = middles(&relation("woman", "behind", r#""bench""#));
    assert!(woman.z > bench.z + 0.3, "{woman} {bench}");
    let [woman, _, bench, lamp] = middles(&relation("woman", "between", r#""bench", "lamp""#));
    assert!((bench.x - woman.x) * (lamp.x - woman.x) < 0.0, "{woman} {bench} {lamp}");
    let [woman, dog, ..] = middles(&relation("dog", "near", r#""woman""#));
    assert!((woman.x - dog.x).abs() < 0.6 && [woman, dog].iter().all(|p| (0.0..1.0).contains(&p.x)), "{woman} {dog}");
}

#[test]
fn no_wall_or_column_comes_between_a_camera_and_its_subject() {
    let vocabulary = Vocabulary::builtin().expect("the built-in files");
    let places: Vec<String> = vocabulary.of(Kind::Place).map(|a| a.id.clone()).collect();
    let mut hidden = Vec::new();
    for place in places {
        // The sword over the head widens the shot.
        let film =
            Film::shot(&role("person", "knight", 1), &place, r#""time": "noon""#, &framing("full", "follow", "knight"), &beat("knight", "draw-sword", ""));
        let scene = &film.staging.scenes[0];
        let frame = film.staging.cameras.len() / 2;
        let (eye, chest) = (film.staging.cameras[frame].eye, scene.actors[0].performance.poses[frame].root + Vec3::Y * 1.2);
        for (low, high) in &scene.set.masses {
            let inside = (eye.clamp(*low, *high) - eye).length() < 0.05;
            let near = ((chest.clamp(*low, *high) - chest) * Vec3::new(1.0, 0.0, 1.0)).length() < 0.8;
            if inside || !near && crate::camera::crossing(&(*low, *high), eye, chest).is_some() {
                hidden.push(format!("{place}: {low} to {high}, from {eye} to {chest}"));
            }
        }
    }
    assert!(hidden.is_empty(), "{}", hidden.join("\n"));
}

#[test]
fn who_goes_up_stairs_ends_on_the_highest_step_and_who_comes_down_on_the_ground() {
    for (action, low_at, high_at) in [("ascend", 0, 95), ("descend", 95, 0)] {
        let film = Film::new(&format!(
            r#""cast": [{}], "scenes": [{{"id": "s", "place": "meadow", "things": [{{"id": "stairs", "word": "stairs"}}]}}],
            "shots": [{{"id": "1", "scene": "s", "length": 192000, "framing": {}, "beats": [{}]}}]"#,
            role("person", "woman", 1),
            framing("full", "static", "woman"),
            beat("woman", action, r#", "target": {"id": "stairs"}"#)
        ));
        let scene = &film.staging.scenes[0];
        let over = |frame: usize| {
            let root = scene.actors[0].performance.poses[frame].root;
            root.y - scene.set.terrain.height(root.x, root.z)
        };
        assert!(over(low_at) < 0.3, "{action}: {} m over the ground below", over(low_at));
        assert!((over(high_at) - 7.0 * 0.17).abs() < 0.12, "{action}: {} m over the ground on top", over(high_at));
    }
}

/// The most of many that stand in one square of half a metre.
fn most_in_a_square(all: &[Vec3]) -> usize {
    let mut squares = std::collections::BTreeMap::new();
    all.iter().for_each(|p| *squares.entry(((p.x * 2.0).floor() as i32, (p.z * 2.0).floor() as i32)).or_insert(0) += 1);
    squares.into_values().max().unwrap_or(0)
}

#[test]
fn trees_that_are_asked_for_stand_on_the_shore_and_boats_float() {
    for place in ["lake", "river", "beach", "island", "oasis", "marsh", "waterfall", "hot-spring", "harbor"] {
        for count in [1, 3, 9] {
            let things =
                format!(r#""things": [{{"id": "t", "word": "oak", "count": {count}}}, {{"id": "b", "word": "boat"}}, {{"id": "c", "word": "bench"}}]"#);
            let behind = r#""relations": [{"what": "c", "relation": "behind", "to": ["man"]}]"#;
            let film =
                Film::shot(&role("person", "man", 1), place, &format!("{things}, {behind}"), &framing("full", "static", "man"), &beat("man", "stand", ""));
            let set = &film.staging.scenes[0].set;
            let water = set.stage_area.water_level.expect("water");
            let ground = |p: Vec3| set.terrain.height(p.x, p.z);
            let of = |word: &'static str| set.pieces.iter().filter(move |p| p.id != 0 && p.prop == word);
            assert_eq!(of("oak").count(), count, "{place}: every tree is there");
            for piece in of("oak").chain(of("bench")) {
                let at = piece.position;
                assert!(ground(at) > water, "{place}, {count}: {} stands at {at} in water of {water}", piece.prop);
                let man = film.staging.scenes[0].actors[0].performance.poses[0].root;
                assert!(((man - at) * Vec3::new(1.0, 0.0, 1.0)).length() > 0.5, "{place}, {count}: {} at {at} is not where somebody is, {man}", piece.prop);
            }
            for boat in of("boat") {
                assert!(ground(boat.position) < water - 0.05, "{place}: the boat is on the water");
            }
        }
    }
}

#[test]
fn a_thousand_things_do_not_stand_in_one_place() {
    let words = ["ball", "box", "bottle", "chair", "barrel", "lantern", "vase", "stool", "hay-bale", "oak"];
    let things: Vec<String> = (0..100).map(|k| format!(r#"{{"id": "t{k}", "word": "{}", "count": 10}}"#, words[k % 10])).collect();
    let things = format!(r#""things": [{}]"#, things.join(", "));
    let film = Film::shot(&role("person", "woman", 1), "meadow", &things, &framing("wide", "static", "woman"), &beat("woman", "wave", ""));
    let spots: Vec<Vec3> = film.staging.scenes[0].set.pieces.iter().filter(|p| p.id >= 100).map(|p| p.position).collect();
    assert_eq!(spots.len(), 1000, "all are there");
    // There were 445 in one place when they were only kept on the stage.
    assert!(most_in_a_square(&spots) <= 12, "{} stand in one place", most_in_a_square(&spots));
    let far = spots.iter().map(|p| p.with_y(0.0).length()).fold(0.0, f32::max);
    assert!(far < 110.0, "and none further away than {far} m");
}

#[test]
fn many_of_one_thing_stand_in_a_block() {
    for (place, more, least, most) in
        [("meadow", "", 4.0, 11.0), ("kitchen", r#", "relations": [{"what": "it", "relation": "on", "to": ["table"]}]"#, 0.3, 1.2)]
    {
        let (word, count) = if place == "meadow" { ("lantern", 250) } else { ("candle", 24) };
        let things = format!(r#""things": [{{"id": "table", "word": "table"}}, {{"id": "it", "word": "{word}", "count": {count}}}]{more}"#);
        let film = Film::shot("", place, &things, r#"{"subject": ["it"]}"#, "");
        let spots: Vec<Vec3> = film.staging.scenes[0].set.pieces.iter().filter(|p| p.id % 256 == 101).map(|p| p.position).collect();
        assert_eq!(spots.len(), count, "all are there");
        let middle = spots.iter().sum::<Vec3>() / spots.len() as f32;
        let far = spots.iter().map(|p| (*p - middle).with_y(0.0).length()).fold(0.0, f32::max);
        assert!((least..most).contains(&far), "{count} of {word} reach {far} m from their middle");
        assert!(most_in_a_square(&spots) <= 24, "{} of {word} stand in one place", most_in_a_square(&spots));
    }
}

#[test]
fn two_hundred_people_stand_in_ranks() {
    let words = ["man", "woman", "girl", "boy", "old-man"];
    let cast: Vec<String> = (0..20).map(|k| format!(r#"{{"id": "p{k}", "kind": "person", "word": "{}", "count": 10}}"#, words[k % 5])).collect();
    let beats: Vec<String> = (0..20).map(|k| beat(&format!("p{k}"), "clap", "")).collect();
    let film = Film::shot(&cast.join(", "), "meadow", r#""things": []"#, &framing("very-wide", "static", "p0"), &beats.join(", "));
    let spots: Vec<Vec3> = film.staging.scenes[0].actors.iter().map(|a| a.performance.poses[12].root).collect();
    assert_eq!(spots.len(), 200, "all are there");
    assert!(most_in_a_square(&spots) <= 5, "{} stand in one place", most_in_a_square(&spots));
}

#[test]
fn a_crowd_of_one_role_stands_and_walks_in_ranks() {
    for action in ["stand", "walk"] {
        let film =
            Film::shot(&role("creature", "sheep", 80), "forest", r#""things": []"#, &framing("very-wide", "static", "sheep"), &beat("sheep", action, ""));
        let scene = &film.staging.scenes[0];
        let spots: Vec<Vec3> = scene.actors.iter().map(|a| a.script.start).collect();
        assert_eq!(spots.len(), 80, "all are there");
        assert!(most_in_a_square(&spots) <= 3, "{action}: {} stand in one place", most_in_a_square(&spots));
        let ids: std::collections::BTreeSet<u16> = scene.actors.iter().map(|a| a.id).collect();
        assert_eq!(ids.len(), 80, "{action}: each has a number of its own");
        let middle = spots.iter().sum::<Vec3>() / 80.0;
        let far = spots.iter().map(|p| (*p - middle).with_y(0.0).length()).fold(0.0, f32::max);
        assert!((4.0..30.0).contains(&far), "{action}: they are together, within {far} m");
        if action == "stand" {
            let in_a_tree = |p: &Vec3| scene.set.obstacles.iter().filter(|(at, radius, _)| (*p - *at).with_y(0.0).length() < *radius).count();
            assert_eq!(spots.iter().map(in_a_tree).sum::<usize>(), 0, "nobody stands in a tree");
        }
    }
}

#[test]
fn people_of_a_crowd_are_not_drawn_up_like_soldiers() {
    let film = Film::shot(&role("person", "man", 60), "meadow", r#""things": []"#, &framing("very-wide", "static", "man"), &beat("man", "stand", ""));
    let spots: Vec<Vec3> = film.staging.scenes[0].actors.iter().map(|a| a.script.start).collect();
    let others = |k: usize| spots.iter().enumerate().filter(|(j, _)| *j != k).map(|(_, q)| (*q - spots[k]).with_y(0.0)).collect::<Vec<_>>();
    let nearest = (0..60).map(|k| others(k).into_iter().map(Vec3::length).fold(f32::MAX, f32::min)).fold(f32::MAX, f32::min);
    assert!(nearest > 0.35, "nobody stands in another: {nearest} m");
    // In ranks, half of them had a neighbour to the side at the very same depth, within a hand's breadth.
    let in_line = (0..60).filter(|k| others(*k).iter().any(|d| d.x.abs() < 1.1 && d.z.abs() < 0.04)).count();
    assert!(in_line < 24, "{in_line} of 60 stand in a line with a neighbour");
}

#[test]
fn head_lamps_and_glowing_things_light_a_night() {
    let night = |cast: &str, things: &str, beats: &str| {
        let film = Film::shot(cast, "highway", &format!(r#""time": "night", "things": [{things}]"#), r#"{"size": "full"}"#, beats);
        let scene = crate::Photographer::new(&film.staging, &film.vocabulary, kinora_render::SimdLevel::Plain, false).expect("an engine").scene(10);
        (scene.lamps.iter().filter(|l| l.beam.is_some()).count(), scene.lamps.len(), scene.puffs.len())
    };
    let car = r#"{"id": "v", "kind": "vehicle", "word": "car"}"#;
    assert_eq!(night(car, "", r#"{"id": "a", "who": "v", "action": "drive"}"#).0, 2, "a car has two head lamps");
    let sword = |state: &str| night("", &format!(r#"{{"id": "s", "word": "sword", "traits": {{{state}}}}}"#), "");
    let (dark, glows) = (sword(""), sword(r#""state": "glowing""#));
    assert_eq!((glows.1, glows.2), (dark.1 + 1, dark.2 + 1), "a glowing sword has a light and a halo");
}

#[test]
fn a_shot_of_an_effect_shows_the_effect() {
    let film = |word: &str| {
        let things = format!(r#""things": [{{"id": "it", "word": "{word}"}}]"#);
        Film::shot("", "meadow", &things, r#"{"subject": ["it"]}"#, "")
    };
    // Metres over the ground, and away from the camera, at which something must be seen.
    for (word, up, back) in [("smoke", 2.5, 0.0), ("explosion", 3.0, 0.0), ("fireworks", 22.0, 26.0)] {
        let film = film(word);
        let set = &film.staging.scenes[0].set;
        let piece = set.pieces.iter().find(|p| p.id == 100).expect("it stands there");
        let away = Vec3::new(kinora_base::maths::sin(piece.yaw), 0.0, kinora_base::maths::cos(piece.yaw)) * -back;
        let seen = film.picture(30, piece.position + away + Vec3::Y * up);
        assert!((0.1..0.9).contains(&seen.x) && (0.05..0.8).contains(&seen.y), "{word} is seen at {seen}");
    }
    let fireworks = film("fireworks");
    let eye = fireworks.staging.cameras[30].eye;
    assert!(eye.y < 6.0, "fireworks are seen from the ground, not from {} m", eye.y);
}

/// A film of a man and a girl, five seconds.
fn two(place: &str, things: &str, framing: &str, beats: &str) -> Film {
    Film::new(&format!(
        r#""cast": [{{"id": "man", "kind": "person", "word": "man"}}, {{"id": "girl", "kind": "person", "word": "girl"}}],
        "scenes": [{{"id": "s", "place": "{place}", "things": [{things}], "relations": [{{"what": "girl", "relation": "right-of", "to": ["man"]}}]}}],
        "shots": [{{"id": "1", "scene": "s", "length": 240000, "framing": {framing}, "beats": [{beats}]}}]"#
    ))
}

#[test]
fn a_ball_that_two_play_with_flies_from_hands_to_hands() {
    let beats = r#"{"id": "a", "who": "man", "action": "play-catch", "target": {"id": "girl"}, "prop": "ball"},
        {"id": "b", "who": "girl", "action": "play-catch-back", "target": {"id": "man"}}"#;
    let film = two("meadow", r#"{"id": "ball", "word": "ball", "held_by": "man"}"#, r#"{"subject": ["man", "girl"]}"#, beats);
    let actors = &film.staging.scenes[0].actors;
    let drawn: Vec<usize> = (0..2).filter(|k| actors[*k].performance.gear.iter().any(|g| g.thing == "ball")).collect();
    assert_eq!(drawn, [0], "one ball is drawn");
    let balls: Vec<Vec3> = actors[0].performance.poses.iter().map(|p| p.carried.first().expect("the ball is always there").at).collect();
    let from_hands = |who: usize, frame: usize| {
        let hands = actors[who].performance.poses[frame].landmarks.hands;
        hands.into_iter().map(|h| h.distance(balls[frame])).fold(0.0, f32::max)
    };
    let at = |seconds: f32| (seconds * 24.0) as usize;
    for (who, seconds) in [(0, 0.3), (1, 2.0), (1, 2.5), (0, 3.9), (0, 4.5)] {
        let off = from_hands(who, at(seconds));
        assert!(off < 0.3, "at {seconds} s it is in the hands of {who}, not {off} m away");
    }
    for seconds in [1.15, 3.15] {
        let off = from_hands(0, at(seconds)).min(from_hands(1, at(seconds)));
        assert!(off > 0.5, "at {seconds} s it is in the air, {off} m from hands");
    }
    let fastest = balls.windows(2).map(|w| w[0].distance(w[1])).fold(0.0, f32::max) * 24.0;
    assert!((2.0..9.0).contains(&fastest), "it flies as fast as a ball that is tossed: {fastest} m/s");
}

#[test]
fn who_jumps_over_a_puddle_is_in_the_air_over_it() {
    let film = Film::new(
        r#""cast": [{"id": "girl", "kind": "person", "word": "girl"}],
        "scenes": [{"id": "s", "place": "meadow", "things": [{"id": "puddle", "word": "puddle"}]}],
        "shots": [{"id": "1", "scene": "s", "length": 240000, "framing": {"subject": ["girl"]}, "beats": [{"id": "a", "who": "girl", "action": "jump", "target": {"id": "puddle"}}]}]"#,
    );
    let scene = &film.staging.scenes[0];
    let puddle = scene.set.pieces.iter().find(|p| p.prop == "puddle").expect("a puddle").position;
    let poses = &scene.actors[0].performance.poses;
    let from = |p: Vec3| (p - puddle).with_y(0.0);
    let (first, last) = (from(poses[0].root), from(poses[poses.len() - 1].root));
    assert!(first.dot(last) < 0.0 && last.length() > 0.8, "she comes from one side and stands on the other: {first} and {last}");
    let feet = poses.iter().flat_map(|p| p.landmarks.feet).filter(|f| from(*f).length() < 0.5);
    let low = feet.map(|f| f.y - puddle.y).fold(f32::MAX, f32::min);
    assert!((0.15..1.0).contains(&low), "no foot is in it: the lowest ankle over it is {low:.2} m high");
}

#[test]
fn what_a_motion_brings_along_burns_and_sparkles() {
    let beats = r#"{"id": "a", "who": "man", "action": "cast-spell"}"#;
    let film = two(r#"meadow", "time": "night"#, "", r#"{"subject": ["man"]}"#, beats);
    let engine = crate::Photographer::new(&film.staging, &film.vocabulary, kinora_render::SimdLevel::Plain, false).expect("an engine");
    let (before, orb) = (engine.scene(0), engine.scene(40));
    assert!(orb.puffs.len() > before.puffs.len() + 20, "sparks of the orb: {} and {}", before.puffs.len(), orb.puffs.len());
    assert!(orb.lamps.len() > before.lamps.len(), "and its light: {} and {}", before.lamps.len(), orb.lamps.len());
}

#[test]
fn a_close_shot_of_a_part_of_a_body_shows_that_part() {
    use kinora_plan::Part;
    let points = |film: &Film, part: Part| {
        let l = &film.staging.scenes[0].actors[0].performance.poses[60].landmarks;
        match part {
            Part::Hands => l.hands.to_vec(),
            Part::Feet => l.feet.to_vec(),
            Part::Eyes => vec![l.eyes],
            Part::Mouth => vec![l.mouth],
        }
    };
    for (name, part, action) in [("hands", Part::Hands, "write"), ("hands", Part::Hands, "knit"), ("feet", Part::Feet, "walk"), ("eyes", Part::Eyes, "cry")] {
        let beats = format!(r#"{{"id": "a", "who": "man", "action": "{action}"}}"#);
        let film = two("meadow", "", &format!(r#"{{"size": "close", "subject": ["man"], "part": "{name}"}}"#), &beats);
        for point in points(&film, part) {
            let seen = film.picture(60, point);
            assert!((0.05..0.95).contains(&seen.x) && (0.1..0.9).contains(&seen.y), "{name} of who does {action}: {seen}");
        }
        let crown = film.staging.scenes[0].actors[0].performance.poses[60].landmarks.crown;
        let head = film.picture(60, crown);
        assert!(head.y < 0.0 || head.y > 1.0, "{name} of who does {action} and nothing else: the head is at {head}");
        let eye = film.staging.cameras[60].eye;
        let focus = (points(&film, part)[0] - eye).length();
        assert!((film.staging.cameras[60].focus - focus).abs() < 0.3, "it is sharp");
    }
}

#[test]
fn people_who_gather_come_together_from_all_sides() {
    for (count, place) in [(4, "park"), (30, "city-street")] {
        let film = Film::shot(&role("person", "people", count), place, r#""things": []"#, &framing("full", "static", "people"), &beat("people", "gather", ""));
        let actors = &film.staging.scenes[0].actors;
        let spread = |frame: usize| {
            let at: Vec<Vec3> = actors.iter().map(|a| a.performance.poses[frame].root.with_y(0.0)).collect();
            let middle = at.iter().sum::<Vec3>() / at.len() as f32;
            at.iter().map(|p| p.distance(middle)).sum::<f32>() / at.len() as f32
        };
        let last = actors[0].performance.poses.len() - 1;
        assert!(spread(0) > spread(last) + 1.2, "{count} come nearer: {} m from their middle, then {}", spread(0), spread(last));
        let apart = |frame: usize| {
            let at = |k: usize| actors[k].performance.poses[frame].root;
            (0..actors.len()).flat_map(|a| (0..a).map(move |b| (a, b))).map(|(a, b)| at(a).distance(at(b))).fold(f32::MAX, f32::min)
        };
        assert!(apart(last) > 0.25, "and nobody stands in anybody: {}", apart(last));
    }
}

#[test]
fn a_child_has_a_childs_guitar_that_keeps_its_size() {
    let guitar = |by: &str| format!(r#"{{"id": "guitar", "word": "guitar", "held_by": "{by}"}}"#);
    let scale = |by: &str, beats: &str| two("park", &guitar(by), r#"{"subject": ["man", "girl"]}"#, beats).staging.scenes[0].held[0].scale;
    let plays = |who: &str| format!(r#"{{"id": "a", "who": "{who}", "action": "play-guitar", "prop": "guitar"}}"#);
    assert!((scale("man", &plays("man")) - 1.0).abs() < 1e-6, "a man's is as its file has it");
    let small = scale("girl", &plays("girl"));
    assert!((0.7..0.95).contains(&small), "a girl's is smaller: {small}");
    let given = r#"{"id": "a", "who": "girl", "action": "give", "target": {"id": "man"}, "prop": "guitar"}"#;
    assert!((scale("girl", given) - 1.0).abs() < 1e-6, "what is handed over does not grow on the way");
}

#[test]
fn two_who_work_at_a_table_share_it() {
    let at = |word: &str, action: &str, thing: &str| {
        let film = Film::shot(
            &format!(r#"{{"id": "two", "kind": "person", "word": "{word}", "count": 2}}"#),
            "kitchen",
            r#""things": []"#,
            r#"{"subject": ["two"]}"#,
            &format!(r#"{{"id": "1", "who": "two", "action": "{action}"}}"#),
        );
        let stands = |k: usize| {
            let performance = &film.staging.scenes[0].actors[k].performance;
            let of = |c: &&kinora_cast::Carried| performance.gear[usize::from(c.piece)].thing == thing;
            performance.poses[30].carried.iter().find(of).unwrap_or_else(|| panic!("{action}: no {thing}")).at
        };
        stands(0).distance(stands(1))
    };
    for (word, action) in [("man", "cut"), ("man", "wrap-gift"), ("woman", "measure"), ("girl", "knead")] {
        let apart = at(word, action, "table");
        assert!(apart < 0.3, "{word} {action}: one table, not two that are {apart} m apart");
    }
    // Nobody is seen over an easel: each has one.
    let apart = at("man", "draw", "easel");
    assert!(apart > 1.2, "two easels stand {apart} m apart");
}

#[test]
fn a_bathroom_keeps_one_sink() {
    let film = Film::shot(
        r#"{"id": "man", "kind": "person", "word": "man"}"#,
        "bathroom",
        r#""things": []"#,
        r#"{"subject": ["man"]}"#,
        r#"{"id": "1", "who": "man", "action": "wash-hands"}"#,
    );
    let scene = &film.staging.scenes[0];
    let own = scene.set.pieces.iter().filter(|p| p.prop == "sink").count();
    let brought = scene.actors[0].performance.gear.iter().filter(|g| g.thing == "sink").count();
    assert_eq!((own, brought), (0, 1), "the one that hands are washed at");
}

#[test]
fn a_close_up_of_who_works_at_a_wall_shows_the_face() {
    let film = Film::shot(
        r#"{"id": "woman", "kind": "person", "word": "woman"}"#,
        "cafe",
        r#""things": [{"id": "cup", "word": "cup"}, {"id": "bottle", "word": "bottle", "held_by": "woman"}]"#,
        r#"{"subject": ["woman"], "size": "close"}"#,
        r#"{"id": "1", "who": "woman", "action": "pour", "target": {"id": "cup"}, "prop": "bottle"}"#,
    );
    let (eye, l) = (film.staging.cameras[30].eye, film.staging.scenes[0].actors[0].performance.poses[30].landmarks);
    let open = (l.facing * Vec3::new(1.0, 0.0, 1.0)).normalize().dot(((eye - l.eyes) * Vec3::new(1.0, 0.0, 1.0)).normalize());
    assert!(open > -0.2, "the back of the head: {open}");
}
