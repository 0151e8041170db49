//! Words that the vocabulary does not have become what they are a kind of.

use kinora_base::WarningKind;
use kinora_director::{DirectorError, Options, Prompt, direct};
use kinora_plan::Plan;
use kinora_vocabulary::{Kind, Language, Vocabulary};

fn plan(text: &str, vocabulary: &Vocabulary) -> Result<Plan, DirectorError> {
    direct(&Prompt { text: text.into(), options: Options::default() }, vocabulary).map(|w| w.output)
}

fn vocabulary() -> Vocabulary {
    Vocabulary::builtin().expect("the files of the vocabulary can be read")
}

/// Everybody, everything and every place of a plan.
fn words(plan: &Plan) -> Vec<String> {
    let cast = plan.cast.iter().map(|r| r.word.clone());
    let scenes = plan.scenes.iter().flat_map(|s| s.things.iter().map(|t| t.word.clone()).chain([s.place.clone()]));
    cast.chain(scenes).collect()
}

/// What is shown is one of these; a word that the vocabulary has by now shows itself, without a warning.
#[test]
fn words_become_what_they_are_a_kind_of() {
    let vocabulary = vocabulary();
    let kinds = [Kind::Person, Kind::Creature, Kind::Vehicle, Kind::Prop, Kind::Place];
    let expected: &[(&str, &[&str])] = &[
        ("labrador", &["dog"]),
        ("poodle", &["dog"]),
        ("golden retriever", &["dog"]),
        ("corgi", &["dog"]),
        ("tiger", &["cat", "dog"]),
        ("leopard", &["cat", "dog"]),
        ("sparrow", &["bird"]),
        ("peacock", &["bird"]),
        ("eagle", &["bird"]),
        ("crane", &["bird"]),
        ("pelican", &["bird"]),
        ("trout", &["fish"]),
        ("tuna", &["fish"]),
        ("octopus", &["fish"]),
        ("dolphin", &["whale"]),
        ("squirrel", &["mouse", "fox"]),
        ("mouse", &["fox"]),
        ("zebra", &["horse"]),
        ("giraffe", &["horse"]),
        ("donkey", &["horse"]),
        ("moth", &["butterfly"]),
        ("ladybug", &["butterfly"]),
        ("toad", &["turtle"]),
        ("tortoise", &["turtle"]),
        ("plumber", &["man", "woman"]),
        ("ballerina", &["woman"]),
        ("astronaut", &["man", "woman"]),
        ("violinist", &["man", "woman"]),
        ("waitress", &["woman"]),
        ("fireman", &["man"]),
        ("toddler", &["girl", "boy"]),
        ("mermaid", &["woman"]),
        ("pickup", &["truck"]),
        ("limousine", &["car"]),
        ("police car", &["car"]),
        ("convertible", &["car"]),
        ("fire engine", &["truck"]),
        ("helicopter", &["airplane"]),
        ("yacht", &["boat"]),
        ("canoe", &["boat"]),
        ("tram", &["train"]),
        ("sofa", &["couch"]),
        ("rocking chair", &["chair"]),
        ("stool", &["chair"]),
        ("mug", &["cup"]),
        ("goblet", &["cup", "wine-glass"]),
        ("carnation", &["flower"]),
        ("orchid", &["flower"]),
        ("willow", &["oak"]),
        ("spruce", &["pine"]),
        ("cherry", &["apple"]),
        ("pancake", &["cake"]),
        ("cathedral", &["house", "building"]),
        ("cello", &["violin"]),
        ("harpsichord", &["piano"]),
        ("toadstool", &["mushroom"]),
        ("bistro", &["cafe", "restaurant"]),
        ("orchard", &["farm", "park", "forest", "meadow"]),
        ("creek", &["river"]),
        ("volcano", &["mountain"]),
        ("summit", &["mountain"]),
        ("hammer", &["thing"]),
        ("microscope", &["thing"]),
        ("trombone", &["thing"]),
        ("wallet", &["thing"]),
    ];
    let mut wrong = Vec::new();
    for (word, shown) in expected {
        let own = kinds.iter().flat_map(|k| vocabulary.of(*k)).any(|a| a.names.of(Language::En).iter().any(|n| n == word));
        let plan = plan(&format!("A {word}."), &vocabulary);
        let fits = plan.as_ref().is_ok_and(|p| {
            let warned = p.warnings.iter().any(|w| w.kind == WarningKind::Replaced && w.span.is_some() && !w.hint.is_empty());
            own || (words(p).iter().any(|w| shown.contains(&w.as_str())) && p.warnings.iter().all(|w| w.kind == WarningKind::Replaced) && warned)
                // The table has some words as the very same.
                || (words(p).iter().any(|w| shown.contains(&w.as_str())) && p.warnings.is_empty())
        });
        if !fits {
            wrong.push(format!("{word}: {:?}", plan.map(|p| (words(&p), p.warnings))));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn verbs_become_what_doing_them_is() {
    let vocabulary = vocabulary();
    for (text, action) in [
        ("A man sprints through a forest.", "run"),
        ("A woman tiptoes through a forest.", "sneak"),
        ("A girl strolls on a beach.", "walk"),
        ("Two women amble along a beach.", "walk"),
        ("A man swaggers along a beach.", "strut"),
        ("A man is jogging through a park.", "run"),
        ("A horse gallops on a beach.", "run"),
        ("A woman foxtrots in a park.", "dance"),
    ] {
        let plan = plan(text, &vocabulary).unwrap_or_else(|e| panic!("{text}: {e}"));
        let actions: Vec<&str> = plan.shots.iter().flat_map(|s| &s.beats).map(|b| b.action.as_str()).collect();
        assert!(actions.contains(&action), "{text}: {actions:?} {:?}", plan.warnings);
    }
}

#[test]
fn what_is_no_thing_is_not_replaced() {
    let vocabulary = vocabulary();
    for word in ["freedom", "idea", "quality", "theorem", "tuesday", "xyzzy", "quasar", "happiness", "democracy"] {
        let plan = plan(&format!("A man sees a {word} on a beach."), &vocabulary).unwrap_or_else(|e| panic!("{word}: {e}"));
        assert!(plan.cast.len() == 1 && words(&plan).iter().all(|w| w != "thing"), "{word}: {:?}", words(&plan));
        assert!(plan.warnings.iter().any(|w| w.kind == WarningKind::UnknownWord), "{word}: {:?}", plan.warnings);
    }
    for (text, cast) in [
        ("A spotted dog on a beach.", "dog"),
        ("A small white dog on a beach.", "dog"),
        ("A labrador puppy on a beach.", "dog"),
        ("A golden retriever puppy on a beach.", "dog"),
        ("A tall lanky plumber on a beach.", "mechanic"),
    ] {
        let plan = plan(text, &vocabulary).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert!(plan.cast.len() == 1 && plan.cast[0].word == cast, "{text}: {:?}", words(&plan));
    }
    for (word, never) in
        [("scooter", "duck"), ("saxophone", "forest"), ("mug", "man"), ("sled", "airplane"), ("lemon", "man"), ("hammer", "scissors"), ("trumpet", "clock")]
    {
        let plan = plan(&format!("A {word}."), &vocabulary).unwrap_or_else(|e| panic!("{word}: {e}"));
        assert!(!words(&plan).iter().any(|w| w == never), "{word}: {:?}", words(&plan));
    }
}

#[test]
fn the_replacement_keeps_what_it_was_called() {
    let plan = plan("A labrador sleeps under a table. The labrador wakes up.", &vocabulary()).expect("a plan");
    assert_eq!(plan.cast.len(), 1, "the same labrador is the same dog");
    assert_eq!(plan.cast[0].traits.called.as_deref(), Some("labrador"));
}
