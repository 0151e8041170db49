//! The program as a user types it: bad input gives a clear error and leaves nothing behind.

use std::path::PathBuf;
use std::process::{Command, Output};

fn kinora(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kinora")).env("KINORA_CACHE", "off").args(arguments).output().expect("the program runs")
}

fn folder(name: &str) -> PathBuf {
    // In the build's own folder, so that nothing is left elsewhere.
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("program-{name}"));
    std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
    folder
}

/// The arguments are refused, with a message that names what is wrong, and without a panic or a file.
fn refused(arguments: &[&str], says: &[&str]) {
    let folder = folder("refused");
    let out = folder.join(format!("{}.mp4", arguments.len() + arguments.iter().map(|a| a.len()).sum::<usize>()));
    let out_text = out.to_string_lossy().into_owned();
    let mut all = arguments.to_vec();
    if arguments.first() == Some(&"make") && !arguments.contains(&"-o") {
        all.extend(["-o", &out_text]);
    }
    let output = kinora(&all);
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{arguments:?} fails");
    assert!(!message.contains("panicked"), "{arguments:?} does not panic: {message}");
    for word in says {
        assert!(message.to_lowercase().contains(&word.to_lowercase()), "{arguments:?} says {word:?}: {message}");
    }
    assert!(!out.exists(), "{arguments:?} leaves no file");
}

#[test]
fn bad_prompts_are_refused() {
    refused(&["make", ""], &["empty"]);
    refused(&["make", "   "], &["empty"]);
    refused(&["make", &"a fox ".repeat(600)], &["3"]);
    refused(&["make", "Ein roter Fuchs läuft durch den Wald und schaut in die Kamera"], &["german", "not yet"]);
    refused(&["make", "赤い量子重力"], &["nothing that is known"]);
    refused(&["make", "qwertz asdfgh"], &["qwertz"]);
}

#[test]
fn bad_flags_are_refused() {
    refused(&["make", "a fox", "--size", "0x0"], &["0x0"]);
    refused(&["make", "a fox", "--size", "20000x20000"], &["20000x20000"]);
    refused(&["make", "a fox", "--fps", "5"], &["5", "24"]);
    refused(&["make", "a fox", "--shots", "9"], &["9", "6"]);
    refused(&["make", "a fox", "--duration", "99"], &["99", "15"]);
    refused(&["make", "a fox", "--aspect", "7:5"], &["7:5"]);
    refused(&["show", "creature", "griffin"], &["griffin"]);
    refused(&["show", "thing", "fox"], &["thing"]);
}

#[test]
fn bad_files_are_refused() {
    let folder = folder("files");
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).expect("the temporary folder can be written");
        path.to_string_lossy().into_owned()
    };
    refused(&["make", "nowhere.json"], &["nowhere.json"]);
    refused(&["make", &write("broken.json", "{ \"version\": 1, ")], &["broken.json", "line 1"]);
    let plan = String::from_utf8(kinora(&["plan", "A fox walks in a forest"]).stdout).expect("UTF-8");
    let swap = |a: &str, b: &str| {
        assert!(plan.contains(a), "the plan has {a}");
        plan.replacen(a, b, 1)
    };
    refused(&["make", &write("word.json", &swap("\"word\": \"fox\"", "\"word\": \"foks\""))], &["cast[0].word", "foks", "fox"]);
    refused(&["make", &write("place.json", &swap("\"place\": \"forest\"", "\"place\": \"forrest\""))], &["scenes[0].place", "forrest", "forest"]);
    refused(&["make", &write("fps.json", &swap("\"fps\": 30", "\"fps\": 5"))], &["fps", "5", "24"]);
    refused(&["make", &write("action.json", &swap("\"action\": \"walk\"", "\"action\": \"wlak\""))], &["shots[0].beats[0].action", "wlak", "walk"]);
    refused(&["make", "A fox walks", "-o", "/dev/null/fox.mp4"], &["/dev/null"]);
}

#[test]
fn strict_makes_warnings_errors() {
    let output = kinora(&["plan", "--strict", "A labrador walks in a forest with a zorblax"]);
    assert_eq!(output.status.code(), Some(3), "strict: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn plans_and_words_are_printed() {
    let plan = kinora(&["plan", "A red fox walks through a snowy forest at sunset"]);
    assert!(plan.status.success(), "{}", String::from_utf8_lossy(&plan.stderr));
    let plan: serde_json::Value = serde_json::from_slice(&plan.stdout).expect("JSON on standard output");
    assert_eq!(plan["scenes"][0]["time"], "sunset", "time");
    assert!(plan["warnings"].is_array(), "warnings are part of the plan");
    let words = kinora(&["words", "--kind", "creature", "--lang", "ja"]);
    assert!(String::from_utf8_lossy(&words.stdout).contains("キツネ") || String::from_utf8_lossy(&words.stdout).contains("狐"), "Japanese names");
    assert!(kinora(&["doctor"]).status.success(), "doctor");
    assert!(kinora(&["schema"]).status.success(), "schema");
    assert!(kinora(&["completions", "bash"]).status.success(), "completions");
}

#[test]
fn passes_say_whether_the_plan_is_in_the_pictures() {
    let folder = folder("passes");
    let file = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let (film, plan, passes, report) = (file("a.mp4"), file("a.plan.json"), file("passes"), file("a.html"));
    let prompt = "A red ball to the left of a bench, and a white dog to the right of the bench";
    let made = kinora(&["make", prompt, "--size", "192x108", "--fps", "24", "--duration", "3", "--silent", "--passes", &passes, "-o", &film]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let judged = |plan: &str, extra: &[&str]| {
        let output = kinora(&[&["judge", &film, "--plan", plan, "--passes", &passes, "--json"], extra].concat());
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let all = json["measures"].as_array().expect("measures").clone();
        move |dimension: &str| all.iter().filter(|m| m["dimension"] == dimension).map(|m| m["holds"] == true).collect::<Vec<bool>>()
    };
    let holds = judged(&plan, &["--html", &report]);
    for dimension in ["presence", "colour", "relation"] {
        let found = holds(dimension);
        assert!(!found.is_empty() && found.iter().all(|h| *h), "{dimension}: {found:?}");
    }
    let page = std::fs::read_to_string(&report).expect("the report");
    assert!(page.contains("data:image/png;base64,") && page.contains("LeftOf bench"), "frames and rows");
    // The passes of another plan say nothing about this one.
    let text = std::fs::read_to_string(&plan).expect("the plan");
    let other = file("other.plan.json");
    std::fs::write(&other, text.replace("left-of", "right-of").replace("\"red\"", "\"green\"")).expect("written");
    let output = kinora(&["judge", &film, "--plan", &other, "--passes", &passes]);
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && message.contains("another plan"), "{message}");
}
