//! Films staged from plans written by hand: who must be in the picture is.

use crate::keep::{self, Rect};
use crate::{Staging, block};
use glam::{Vec2, Vec3};
use kinora_cast::Character;
use kinora_plan::voices::Voices;
use kinora_plan::{Plan, ShotSize};
use kinora_vocabulary::Vocabulary;

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
        Self { staging, vocabulary }
    }

    /// One scene, one shot of five seconds.
    pub(crate) fn shot(cast: &str, place: &str, relations: &str, framing: &str, beats: &str) -> Self {
        Self::new(&format!(
            r#""cast": [{cast}], "scenes": [{{"id": "s", "place": "{place}", {relations}}}],
            "shots": [{{"id": "1", "scene": "s", "length": 240000, "framing": {framing}, "beats": [{beats}]}}]"#
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
    for frame in (0..frames).step_by(2) {
        let r = film.rect(&body, 0, frame, size);
        inside = inside.min(r.inside());
        (least, most) = (least.min(r.size()), most.max(r.size()));
        lead += (r.low.x + r.high.x) * 0.5 / (frames as f32 * 0.5);
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
