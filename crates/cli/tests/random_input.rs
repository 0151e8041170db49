//! Random input, the same each time: bytes, sentences, good inputs after accidents. The properties and the inputs are
//! those of the fuzzer in `fuzz/`; this runs them on every toolchain. `KINORA_CASES` sets how many of each sort.

#![allow(dead_code, unreachable_pub, reason = "the shared modules also serve the fuzzer")]

#[path = "../../../fuzz/src/mutate.rs"]
mod mutate;
#[path = "../../../fuzz/src/properties.rs"]
mod properties;
#[path = "../../gltf/tests/sample/mod.rs"]
mod sample;

use kinora::Kind;
use kinora::base::{Rng, Seed};

/// Calls `each` with a number of random streams; a panic says which one it was.
fn cases(name: &str, usual: u64, each: impl Fn(&mut Rng)) {
    let count = std::env::var("KINORA_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(usual);
    let from = std::env::var("KINORA_FROM").ok().and_then(|n| n.parse().ok()).unwrap_or(0);
    let mut failed = 0;
    for i in from..from + count {
        let one = std::panic::AssertUnwindSafe(|| each(&mut Seed(i).child(name).rng()));
        if std::panic::catch_unwind(one).is_err() {
            eprintln!("{name}: case {i} failed");
            failed += 1;
        }
    }
    assert_eq!(failed, 0, "{name}: of {count} cases, so many failed");
}

#[test]
fn any_prompt() {
    cases("bytes as a prompt", 500, |rng| properties::prompt(&mutate::bytes(rng)));
    cases("a sentence", 1000, |rng| properties::prompt(&mutate::sentence(rng)));
    cases("a good prompt after accidents", 1000, |rng| properties::prompt(&mutate::accident(mutate::PROMPTS[rng.below(mutate::PROMPTS.len())], rng)));
}

#[test]
fn any_plan() {
    let plans = mutate::plans();
    cases("bytes as a plan", 300, |rng| properties::plan(&mutate::bytes(rng)));
    cases("a good plan after accidents", 3000, |rng| properties::plan(&mutate::accident(&plans[rng.below(plans.len())], rng)));
}

#[test]
fn any_plan_that_passes_can_be_staged() {
    let plans = mutate::plans();
    cases("a good plan after accidents, staged", 25, |rng| properties::staged_plan(&mutate::accident(&plans[rng.below(plans.len())], rng)));
}

#[test]
fn any_recorded_motion() {
    let good = mutate::recorded();
    properties::staged_motion(good.as_bytes());
    assert!(kinora::bvh::Bvh::parse(&good).is_ok_and(|b| kinora::bvh::body::find(&b).is_ok()), "the good one is good");
    let mut plan = mutate::plan_using(Kind::Person);
    plan.cast[0].word = "girl".into();
    plan.motions.push(Default::default());
    (plan.motions[0].id, plan.motions[0].bvh) = ("recorded".into(), good.clone());
    plan.shots[0].beats[0].motion = Some("recorded".into());
    let poses = |plan: &kinora::Plan| properties::engine().stage(plan).expect("it is staged").output.scenes[0].actors[0].performance.clone();
    let moved = kinora::Plan::from_json(&plan.to_json()).expect("JSON");
    assert!(poses(&plan) == poses(&moved), "a plan takes its motion along");
    plan.motions[0].bvh = good.replacen("OFFSET 0 -40 0", "OFFSET 0 -44 0", 1);
    assert!(poses(&plan) != poses(&moved) && plan.fingerprint() != moved.fingerprint(), "and another motion is another film");
    cases("bytes as a motion", 300, |rng| properties::motion(&mutate::bytes(rng)));
    cases("a good motion after accidents", 3000, |rng| properties::motion(&mutate::accident(&good, rng)));
    cases("a good motion after accidents, staged", 40, |rng| properties::staged_motion(&mutate::accident(&good, rng)));
}

#[test]
fn any_character() {
    use sample::{Maker, PONYTAIL, Sample};
    let makers = [Maker::Mixamo, Maker::Unreal, Maker::Vrm0, Maker::Vrm1].map(Sample::of);
    makers.iter().for_each(|m| properties::figure(&m.glb()));
    cases("bytes as a character", 300, |rng| properties::figure(&mutate::bytes(rng)));
    cases("a good character's text after accidents", 400, |rng| {
        let text = makers[rng.below(makers.len())].text(&[PONYTAIL]);
        // The buffer's own text is long: most accidents should meet the rest.
        let (before, data) = text.split_once("base64,").map_or((text.as_str(), ""), |(a, b)| (a, b));
        let hurt = mutate::accident(before, rng);
        properties::figure(&[hurt.as_slice(), b"base64,", data.as_bytes()].concat());
        properties::figure(&mutate::accident(&text, rng));
    });
    cases("a good character after accidents", 400, |rng| {
        let mut bytes = makers[rng.below(makers.len())].glb();
        for _ in 0..1 + rng.below(6) {
            let at = rng.below(bytes.len());
            bytes[at] = [rng.below(256) as u8, 0, 255, 127][rng.below(4)];
        }
        if rng.below(8) == 0 {
            bytes.truncate(rng.below(bytes.len()));
        }
        properties::figure(&bytes);
    });
}

#[test]
fn any_asset() {
    let files = kinora_vocabulary::builtin_files();
    cases("bytes as a file", 300, |rng| properties::asset(&mutate::bytes(rng)));
    cases("a good file after accidents", 200, |rng| properties::asset(&mutate::accident(files[rng.below(files.len())].2, rng)));
}

#[test]
fn any_asset_in_a_film() {
    let files = kinora_vocabulary::builtin_files();
    cases("a good file after accidents, in a film", 20, |rng| {
        let (folder, _, text) = files[rng.below(files.len())];
        properties::used_asset(Kind::parse(folder).expect("a folder of ours"), &mutate::accident(text, rng));
    });
}

#[test]
fn the_limits_let_every_file_of_ours_through() {
    let vocabulary = properties::engine().vocabulary();
    for asset in [Kind::Prop, Kind::Vehicle].into_iter().flat_map(|k| vocabulary.of(k)).filter(|a| a.sections().any(|s| s == "solids")) {
        let model = kinora_solids::build(asset, vocabulary, &kinora_solids::Finish::default());
        assert!(model.is_ok(), "{}: {:?}", asset.file(), model.err());
    }
}
