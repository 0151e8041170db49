//! The examples in the manuals are true: each is read and built as it stands there.

use kinora::{Kind, Plan, Vocabulary};
use std::path::Path;

/// The first block of RON in a manual.
fn example(manual: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(manual);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let block = text.split("```ron\n").nth(1).and_then(|rest| rest.split("```").next());
    block.unwrap_or_else(|| panic!("{manual} has a block of RON")).to_owned()
}

/// A film in which the word is used.
fn staged(vocabulary: &Vocabulary, cast: &str, things: &str, beats: &str) -> Result<(), kinora_stage::StageError> {
    let plan = Plan::from_json(&format!(
        r#"{{"version": 1, "cast": [{cast}], "scenes": [{{"id": "where", "place": "meadow", "things": [{things}]}}],
            "shots": [{{"id": "shot", "scene": "where", "length": "1 s", "beats": [{beats}]}}]}}"#
    ))
    .expect("a good plan");
    assert!(plan.check().is_empty(), "{:?}", plan.check());
    kinora_stage::block(&plan, &kinora_speech::voice(&plan, None).output, vocabulary).map(|_| ())
}

fn with(kind: Kind, id: &str, text: &str) -> Vocabulary {
    Vocabulary::builtin().and_then(|v| v.with_files([(kind, id, text)])).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn the_teapot_of_the_manual_is_built() {
    let vocabulary = with(Kind::Prop, "teapot", &example("solids.md"));
    let asset = vocabulary.get(Kind::Prop, "teapot").expect("just added");
    let model = kinora_solids::build(asset, &vocabulary, &kinora_solids::Finish::default()).unwrap_or_else(|e| panic!("{e}"));
    let size = model.bounds.high - model.bounds.low;
    assert!((0.25..0.40).contains(&size.x) && (0.15..0.25).contains(&size.y), "as large as a teapot: {size}");
    staged(&vocabulary, "", r#"{"id": "pot", "word": "teapot"}"#, "").unwrap_or_else(|e| panic!("{e}"));
}

#[test]
fn the_tadpole_of_the_manual_lives() {
    let text = example("creatures.md");
    let swim = |text: &str| {
        let cast = r#"{"id": "who", "kind": "creature", "word": "tadpole"}"#;
        staged(&with(Kind::Creature, "tadpole", text), cast, "", r#"{"id": "beat", "who": "who", "action": "swim"}"#)
    };
    swim(&text).unwrap_or_else(|e| panic!("{e}"));
    let error = swim(&text.replace("cell: 0.006, k: 0.03", "cell: 0.0000001, k: 0.03")).expect_err("cells of a tenth of a micrometre");
    assert!(error.to_string().contains("creatures/tadpole.ron") && error.to_string().contains("`cell`"), "{error}");
}

#[test]
fn the_lamplighter_of_the_manual_lives() {
    let text = example("people.md");
    let act = |text: &str| {
        let cast = r#"{"id": "who", "kind": "person", "word": "lamplighter"}"#;
        staged(&with(Kind::Person, "lamplighter", text), cast, "", r#"{"id": "beat", "who": "who", "action": "wave"}"#)
    };
    act(&text).unwrap_or_else(|e| panic!("{e}"));
    let error = act(&text.replace("styles: [parted", "styles: [parting")).expect_err("a cut that nobody has");
    assert!(error.to_string().contains("people/lamplighter.ron"), "{error}");
}
