//! What holds for every input: no panic, an error that says where and what, and a result that passes its own checks.
//!
//! The same functions run in two places: under a coverage-guided fuzzer (`fuzz_targets/`), and on every machine in
//! `crates/cli/tests/random_input.rs` with inputs from [`mutate`](super::mutate).

use kinora::base::{Seed, Studio, Ticks, WarningKind, studio::Machine};
use kinora::bvh::Bvh;
use kinora::{Error, Kind, Kinora, Options, Plan, Prompt, Vocabulary};
use kinora_solids::{Finish, build};
use kinora_vocabulary::{Asset, SECTIONS};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// The engine, read once.
pub fn engine() -> &'static Kinora {
    static ENGINE: OnceLock<Kinora> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let machine = Machine::new(Some(1));
        assert!(machine.asset_folders().is_empty(), "only the built-in vocabulary");
        Kinora::new(&machine).expect("the built-in vocabulary is whole")
    })
}

/// A prompt of any bytes becomes a plan that passes the checks, or an error that says something.
pub fn prompt(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    let options = options(&text);
    match engine().direct(&Prompt { text: text.clone(), options: options.clone() }) {
        Err(error) => says_something(&error.to_string(), &text),
        Ok(directed) => {
            let plan = directed.output;
            if let Err(error) = engine().check(&plan) {
                panic!("{text:?} with {options:?} makes a plan that its own check refuses: {error}");
            }
            round_trip(&plan);
            spans(&plan, &text);
            if let Some(wanted) = options.duration {
                // Lists of shots with lengths of their own, and very many of them, may win: then there is a warning.
                let kept = (plan.duration().seconds() - wanted.seconds()).abs() < 0.1;
                let told = plan.warnings.iter().any(|w| matches!(w.kind, WarningKind::Conflict | WarningKind::Adjusted));
                assert!(kept || told, "{text:?} was to last {wanted} and lasts {} without a word", plan.duration());
            }
        }
    }
}

/// Some wishes, chosen by the text.
fn options(text: &str) -> Options {
    let mut rng = Seed(0).child(text).rng();
    let mut maybe = |n: usize| if rng.below(3) == 0 { Some(rng.below(n)) } else { None };
    Options {
        duration: maybe(13).map(|s| Ticks::from_seconds(3.0 + s as f64)),
        shots: maybe(6).map(|n| n as u32 + 1),
        seed: maybe(1000).map(|n| n as u64),
        ..Options::default()
    }
}

/// A plan of any bytes is refused with a place, or passes the checks and means the same after another round through JSON.
pub fn plan(data: &[u8]) {
    drop(checked_plan(data));
}

/// As [`plan`], and what passes is staged: what a plan may say, the stage must bear.
pub fn staged_plan(data: &[u8]) {
    let Some(plan) = checked_plan(data) else { return };
    match engine().stage(&plan) {
        Ok(staged) => assert_eq!(staged.output.frames(), plan.frames(), "as long as its plan"),
        Err(error) => says_something(&error.to_string(), &plan.to_json()),
    }
}

fn checked_plan(data: &[u8]) -> Option<Plan> {
    let text = String::from_utf8_lossy(data);
    let plan = match Plan::from_json(&text) {
        Ok(plan) => plan,
        Err(error) => {
            assert!(error.line() >= 1, "{error} names a line");
            return None;
        }
    };
    match engine().check(&plan) {
        Ok(()) => {
            round_trip(&plan);
            let cuts = plan.cuts();
            assert!(cuts.windows(2).all(|w| w[0] < w[1]), "every shot has a frame: {cuts:?}");
            Some(plan)
        }
        Err(Error::Plan(problems)) => {
            for p in &problems {
                assert!(!p.place.is_empty() && !p.value.is_empty() && !p.expected.is_empty(), "{p:?} says where, what and what is allowed");
            }
            None
        }
        Err(other) => panic!("a check gives problems, not {other}"),
    }
}

/// A file of the vocabulary of any bytes is refused with file, line and column, or its solids are built or refused.
pub fn asset(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let asset = match Asset::parse(Kind::Prop, "thing", &text) {
        Ok(asset) => asset,
        Err(error) => return names_a_place(&error, &text),
    };
    for (name, _) in SECTIONS {
        if let Err(error) = asset.section::<f32>(name) {
            names_a_place(&error, &text);
        }
    }
    match build(&asset, engine().vocabulary(), &Finish::default()) {
        Err(error) => assert!(error.to_string().starts_with("props/"), "{error} names a file"),
        Ok(model) => {
            let finite = model.levels.iter().all(|l| l.mesh.positions.iter().all(|p| p.is_finite()));
            assert!(finite, "every vertex is somewhere: {text}");
            let broken = build(&asset, engine().vocabulary(), &Finish { broken: true, open: Some(7), ..Finish::default() });
            assert!(broken.is_ok(), "what can be built can be broken: {text}");
        }
    }
}

/// A built-in file with other content, used in a film: refused with its name, or staged.
pub fn used_asset(kind: Kind, data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Ok(vocabulary) = Vocabulary::clone(engine().vocabulary()).with_files([(kind, "thing", &*text)]) else { return };
    let plan = super::mutate::plan_using(kind);
    let voices = kinora_speech::voice(&plan, None).output;
    match kinora_stage::block(&plan, &voices, &vocabulary) {
        Err(error) => says_something(&error.to_string(), &text),
        Ok(staged) => {
            let mixed = kinora_sound::mix(&staged.output.spotting, &voices, &vocabulary, &std::env::temp_dir());
            if let Err(error) = mixed {
                says_something(&error.to_string(), &text);
            }
        }
    }
}

/// A recorded motion of any bytes is refused with its line, or every joint of every frame is somewhere.
pub fn motion(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match Bvh::parse(&text) {
        Err(error) => {
            assert!(error.line >= 1 && error.line <= text.lines().count().max(1), "{error} is a line of the file");
            assert!(error.message.len() > 10 && error.message.len() < 400, "{error} says what is wrong");
        }
        Ok(bvh) => {
            for (at, turn) in bvh.rest().into_iter().chain(bvh.pose(0)).chain(bvh.pose(bvh.frames - 1)) {
                assert!(at.is_finite() && turn.is_finite(), "every joint is somewhere: {text}");
            }
            if let Err(what) = kinora::bvh::body::find(&bvh) {
                assert!(what.len() > 10, "{what} says what is missing");
            }
        }
    }
}

/// As [`motion`], and somebody plays it in a film.
pub fn staged_motion(data: &[u8]) {
    motion(data);
    let mut plan = super::mutate::plan_using(Kind::Person);
    plan.cast[0].word = "woman".into();
    plan.motions.push(Default::default());
    plan.motions[0].id = "recorded".into();
    plan.motions[0].bvh = String::from_utf8_lossy(data).into_owned();
    plan.shots[0].beats[0].motion = Some("recorded".into());
    match engine().stage(&plan) {
        Err(error) => says_something(&error.to_string(), &plan.motions[0].bvh),
        Ok(staged) => {
            let finite = staged
                .output
                .scenes
                .iter()
                .flat_map(|s| &s.actors)
                .flat_map(|a| &a.performance.poses)
                .all(|p| p.root.is_finite() && p.hips.is_finite() && p.bones.iter().all(|b| b.is_finite()));
            assert!(finite, "every bone is somewhere: {}", plan.motions[0].bvh);
        }
    }
}

fn names_a_place(error: &kinora_vocabulary::AssetError, text: &str) {
    let lines = text.split('\n').count();
    assert!(error.file == "props/thing.ron" && (1..=lines).contains(&error.line) && error.column >= 1, "{error} is a place in a file of {lines} lines");
    assert!(!error.message.is_empty(), "{error} says what is wrong");
}

/// A character's file of any bytes is refused with what is wrong, or is a body that can be drawn in any of its poses.
pub fn figure(data: &[u8]) {
    let figure = match kinora::figures::read(data, &BTreeMap::new()) {
        Ok(figure) => figure,
        Err(error) => return says_something(&error.to_string(), "a figure"),
    };
    if let Err(what) = kinora_cast::check_figure(&figure) {
        return says_something(&what, "a figure");
    }
    let company = kinora_cast::Company::with(Arc::new(BTreeMap::from([("any".to_owned(), Arc::new(figure))])));
    let mut role = super::mutate::plan_using(Kind::Person).cast.swap_remove(0);
    role.word = "woman".into();
    role.model = Some(kinora_plan::ModelFile { file: "any.glb".into(), sha256: "any".into() });
    let body = company.character(&role, engine().vocabulary(), Seed(1)).expect("what passes the check can act").output;
    let level = &body.levels[0];
    assert!(body.height.is_finite() && body.height > 0.0 && body.leg() > 0.0, "it has a size");
    let vertices = level.mesh.positions.len();
    assert!(level.mesh.triangles.iter().flatten().all(|i| (*i as usize) < vertices), "corners are vertices");
    assert!(level.bones.iter().flatten().all(|b| usize::from(*b) < body.bones.len()), "vertices hang from bones");
    assert!(level.morphs.iter().flat_map(|m| &m.moves).all(|(i, way)| (*i as usize) < vertices && way.is_finite()), "shapes move vertices");
    let bent = |k: usize| glam::Quat::from_rotation_x(k as f32 * 0.37 - 1.0);
    let face = kinora_cast::Face { jaw: 1.0, blink: 1.0, ..Default::default() };
    let pose = kinora_cast::BodyPose { bones: (0..body.bones.len()).map(bent).collect(), face, ..Default::default() };
    let drawn = kinora_cast::pose(&body, 0, &[], &pose, &pose);
    assert!(drawn.positions.iter().chain(&drawn.normals).all(|p| p.is_finite()), "every vertex is somewhere");
}

fn says_something(message: &str, about: &str) {
    assert!(message.len() > 10 && (about.contains("{}") || !message.contains("{}")), "{message:?} says what is wrong with {about:?}");
}

fn round_trip(plan: &Plan) {
    let again = Plan::from_json(&plan.to_json()).unwrap_or_else(|e| panic!("what is written can be read: {e}"));
    assert!(again == *plan, "the same plan after a round through JSON");
}

/// Every span is a piece of the prompt.
fn spans(plan: &Plan, text: &str) {
    let whole = |span: Option<kinora::base::Span>| span.is_none_or(|s| text.get(s.start as usize..s.end as usize).is_some());
    assert!(plan.cast.iter().all(|r| whole(r.span)) && plan.warnings.iter().all(|w| whole(w.span)), "{text:?}: roles and warnings point into it");
    for shot in &plan.shots {
        let inside = shot.beats.iter().all(|b| whole(b.span)) && shot.lines.iter().all(|l| whole(l.span)) && shot.cues.iter().all(|c| whole(c.span));
        assert!(whole(shot.span) && inside, "{text:?}: shots, beats, lines and cues point into it");
    }
}
