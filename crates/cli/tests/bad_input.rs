//! Hostile use: each case is refused with the place, the value and the remedy, a documented exit code, and nothing is left behind.

#![allow(dead_code, unreachable_pub, reason = "the shared modules also serve the fuzzer")]

#[path = "../../../fuzz/src/mutate.rs"]
mod mutate;
#[path = "../../../fuzz/src/properties.rs"]
mod properties;
#[path = "../../gltf/tests/sample/mod.rs"]
mod sample;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const PROMPT: &str = "A ball on a beach";
/// Quick to draw, and long enough to be stopped in the middle.
const SMALL: &[&str] = &["--size", "64x64", "--fps", "24", "--duration", "12", "--silent"];

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kinora"));
    command.env("KINORA_CACHE", "off");
    command
}

fn run(arguments: &[&str]) -> Output {
    program().args(arguments).output().expect("the program runs")
}

/// A folder of a test's own, removed with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("kinora-bad-input-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("the temporary folder can be written");
        Self(path)
    }
    fn path(&self, name: &str) -> String {
        self.0.join(name).to_string_lossy().into_owned()
    }
    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("the temporary folder can be written");
        path
    }
    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).expect("the folder is there");
        let mut names: Vec<String> = entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What came out is that exit code and a message with all these words, said once, without a panic.
fn refused(output: &Output, code: i32, says: &[&str], about: &str) {
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{about}: {message}");
    assert!(!message.contains("panicked"), "{about} does not panic: {message}");
    for word in says {
        assert!(message.to_lowercase().contains(&word.to_lowercase()), "{about} says {word:?}: {message}");
    }
}

#[test]
fn prompts_that_cannot_be_read() {
    let long = "a".repeat(3073);
    let cases: [(&str, &[&str]); 8] = [
        ("", &["empty", "write"]),
        (" \n\t", &["empty"]),
        ("?!...", &["empty"]),
        (&long, &["3073", "3072", "shorten"]),
        ("Ein Fuchs läuft durch den Wald", &["german", "not yet", "english"]),
        ("Un renard marche dans la forêt enneigée", &["french", "not yet"]),
        ("Лиса идёт по лесу", &["russian", "not yet"]),
        ("ثعلب يمشي في الغابة", &["arabic", "not yet"]),
    ];
    let folder = Folder::new("prompts");
    for (prompt, says) in cases {
        refused(&run(&["make", prompt, "-o", &folder.path("a.mp4")]), 2, says, prompt);
    }
    assert!(folder.names().is_empty(), "nothing is left: {:?}", folder.names());
    assert!(run(&["plan", &"fox ".repeat(768)]).status.success(), "3,072 characters are not too many");
}

#[test]
fn flags_out_of_range() {
    let cases = [
        ("--size", "0x0", "1920x1080"),
        ("--size", "1x1", "64"),
        ("--size", "20000x20000", "3840"),
        ("--size", "641x361", "even"),
        ("--size", "4294967296x2", "WIDTHxHEIGHT"),
        ("--fps", "5", "24, 25"),
        ("--fps", "-30", "24, 25"),
        ("--fps", "29.97", "24, 25"),
        ("--shots", "9", "1 to 6"),
        ("--shots", "-1", "1 to 6"),
        ("--duration", "2", "3 to 15"),
        ("--duration", "16", "3 to 15"),
        ("--duration", "nan", "3 to 15"),
        ("--duration", "inf", "3 to 15"),
        ("--duration", "5ss", "3 to 15"),
        ("--duration", "-5", "3 to 15"),
        ("--seed", "-1", "whole number"),
        ("--seed", "18446744073709551616", "whole number"),
    ];
    for (flag, value, says) in cases {
        refused(&run(&["plan", PROMPT, flag, value]), 2, &[flag, value, says], &format!("{flag} {value}"));
    }
    for bad in ["film", "film.png", "film.plan.json", ".", "..", "/"] {
        refused(&run(&["make", PROMPT, "-o", bad]), 2, &[bad, "film.mp4"], bad);
    }
    refused(&run(&["words", "--kind", "beast"]), 2, &["beast", "creature"], "a kind");
    refused(&run(&["words", "--lang", "fr"]), 2, &["fr", "en, zh"], "a language");
    refused(&run(&["show", "colour", "red"]), 2, &["colour", "picture"], "what has no picture");
}

#[test]
fn motions_that_are_wrong() {
    let folder = Folder::new("motions");
    let person = "A woman walks in a park";
    let torn = folder.file("torn.bvh", "HIERARCHY\nROOT Hips\n{\n OFFSET 0 one 0\n");
    let dog = folder.file(
        "dog.bvh",
        "HIERARCHY\nROOT dog\n{\nOFFSET 0 0 0\nCHANNELS 1 Xrotation\nEnd Site\n{\nOFFSET 0 1 0\n}\n}\nMOTION\nFrames: 1\nFrame Time: 0.1\n0\n",
    );
    refused(&run(&["plan", person, "--motion", &torn]), 2, &["torn.bvh", "line 4", "`one`"], "a torn file");
    refused(&run(&["plan", person, "--motion", &dog]), 2, &["dog.bvh", "left forearm", "LeftForeArm"], "no human");
    refused(&run(&["plan", person, "--motion", &folder.path("none.bvh")]), 4, &["none.bvh", "cannot be read"], "no file");
    let good = folder.file("good.bvh", mutate::recorded());
    refused(&run(&["plan", PROMPT, "--motion", &good]), 2, &["no people"], "a film of animals");
    refused(&run(&["plan", person, "--motion", &format!("king={good}")]), 2, &["king", "woman"], "nobody of that name");
    refused(&run(&["plan", person, "--motion", &good, "--motion", &good]), 2, &["already", "ROLE=FILE"], "two for one");
    let plan = run(&["plan", person, "--motion", &good]);
    let text = String::from_utf8_lossy(&plan.stdout).into_owned();
    assert!(plan.status.success() && text.contains("\"motion\": \"motion-good\"") && text.contains("HIERARCHY"), "a good one is in the plan: {text}");
    // A plan may name a file that lies beside it instead.
    let mut value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    value["motions"][0]["bvh"] = "".into();
    let beside = folder.file("named.json", value.to_string());
    let sheet = run(&["export", &beside, "--srt", &folder.path("a.srt")]);
    assert!(sheet.status.success(), "{}", String::from_utf8_lossy(&sheet.stderr));
    value["motions"][0]["file"] = "missing.bvh".into();
    refused(&run(&["export", &folder.file("lost.json", value.to_string()), "--srt", &folder.path("a.srt")]), 4, &["missing.bvh"], "a file that is not there");
}

#[test]
fn characters_that_are_wrong() {
    use sample::{Maker, Sample};
    let folder = Folder::new("characters");
    let person = "A woman walks in a park";
    let whole = Sample::of(Maker::Vrm1).glb();
    let torn = folder.file("torn.vrm", &whole[..whole.len() / 3]);
    refused(&run(&["plan", person, "--character", &torn]), 2, &["torn.vrm", "cut off"], "a torn file");
    refused(&run(&["plan", person, "--character", &folder.file("x.glb", b"Kaydara FBX Binary")]), 2, &["x.glb", "neither glTF", "VRM"], "another format");
    refused(&run(&["plan", person, "--character", &folder.path("none.vrm")]), 4, &["none.vrm", "cannot be read"], "no file");
    let good = folder.file("hero.vrm", &whole);
    refused(&run(&["plan", PROMPT, "--character", &good]), 2, &["no people"], "a film of animals");
    refused(&run(&["plan", person, "--character", &format!("king={good}")]), 2, &["king", "woman"], "nobody of that name");
    refused(&run(&["plan", person, "--character", &good, "--character", &good]), 2, &["already", "ROLE=FILE"], "two for one");
    let planned = |args: &[&str]| String::from_utf8_lossy(&run(args).stdout).into_owned();
    let text = planned(&["plan", person, "--character", &format!("woman={good}")]);
    let mut value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(value["cast"][0]["model"]["sha256"].as_str().map(str::len), Some(64), "the plan has the sum: {text}");
    // A plan by hand names a file beside it; a film that goes on keeps its cast.
    value["cast"][0]["model"] = serde_json::json!({ "file": "hero.vrm" });
    let by_hand = folder.file("film.plan.json", value.to_string());
    let longer = planned(&["plan", "--continue", &by_hand, "She waves"]);
    assert!(longer.contains("hero.vrm") && longer.contains("sha256"), "the character goes on: {longer}");
    // Another file under the same name is another character.
    let known = folder.file("known.plan.json", &text);
    let srt = folder.path("a.srt");
    assert!(run(&["export", &known, "--srt", &srt]).status.success(), "the same file is taken");
    std::fs::write(&good, Sample { maker: Maker::Vrm1, hang: 0.4, size: 1.0 }.glb()).expect("a file");
    refused(&run(&["export", &known, "--srt", &srt]), 2, &["hero.vrm", "not the character", "SHA-256"], "a changed file");
    std::fs::remove_file(&good).expect("it was there");
    refused(&run(&["export", &known, "--srt", &srt]), 4, &["hero.vrm", "cannot be read"], "a missing file");
}

/// A good plan with one thing replaced.
fn edited(plan: &str, from: &str, to: &str) -> String {
    assert!(plan.contains(from), "the plan has {from}: {plan}");
    plan.replacen(from, to, 1)
}

#[test]
fn plans_that_are_wrong() {
    let folder = Folder::new("plans");
    let good = String::from_utf8(run(&["plan", "A fox walks in a meadow. A dog runs to the fox."]).stdout).expect("UTF-8");
    let shot = "\"scene\": \"scene-1\",";
    let cue = |rest: &str| edited(&good, "\"cues\": []", &format!("\"cues\": [{{\"id\": \"c\", \"kind\": \"sound\", \"word\": \"bark\", {rest}}}]"));
    let cases: [(&str, String, &[&str]); 17] = [
        ("cut off", good[..700].to_owned(), &["line", "schema"]),
        ("nothing", String::new(), &["line 1"]),
        ("another shape", "[1, 2]".into(), &["line 1", "schema"]),
        ("deep", "[".repeat(100_000), &["line 1"]),
        ("not a number", edited(&good, "\"seed\": 0", "\"seed\": NaN"), &["line", "column"]),
        ("a field", edited(&good, "\"seed\":", "\"sead\":"), &["sead", "seed"]),
        ("a version", edited(&good, "\"version\": 1", "\"version\": 99"), &["version", "99", "reads version 1"]),
        ("a size", edited(&good, "1920", "20000"), &["size.width", "20000", "7680"]),
        ("a language", edited(&good, "\"en\"", "\"tlh\""), &["language", "tlh", "en, zh"]),
        ("a scene", edited(&good, shot, "\"scene\": \"scene-2\","), &["shots[0].scene", "scene-2", "scene-1"]),
        ("backwards", edited(&good, "\"length\": ", "\"length\": -"), &["shots[0].length", "0.2 to 180"]),
        ("for ever", edited(&good, "\"length\": ", "\"length\": 9000000000000"), &["shots[0].length", "0.2 to 180"]),
        ("a time", edited(&good, "\"from\": 0", "\"from\": \"soon\""), &["soon", "2.5 s"]),
        ("nobody", edited(&good, "\"who\": \"fox\"", "\"who\": \"foxx\""), &["beats[0].who", "foxx", "did you mean \"fox\""]),
        ("loud", cue("\"level\": 1e300"), &["cues[0].level", "-40 to 12"]),
        ("early", cue("\"from\": -5"), &["cues[0].from"]),
        ("a source", cue("\"source\": \"nobody\""), &["cues[0].source", "nobody", "fox"]),
    ];
    for (name, text, says) in cases {
        let path = folder.file("plan.json", &text);
        refused(&run(&["make", &path, "-o", &folder.path("a.mp4")]), 2, says, name);
        refused(&run(&["sheet", &path, "-o", &folder.path("a.png")]), 2, says, name);
    }
    refused(&run(&["make", &folder.file("plan.json", [0xff, 0xfe])]), 2, &["plan.json", "UTF-8"], "bytes");
    refused(&run(&["make", &folder.path("none.json")]), 4, &["none.json", "cannot be read"], "a plan that is not there");
    assert_eq!(folder.names(), ["plan.json"], "nothing is left");
}

#[test]
fn files_that_are_no_films() {
    let folder = Folder::new("films");
    for (name, bytes) in [("empty.mp4", &b""[..]), ("text.mp4", b"once upon a time"), ("head.mp4", b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2\xff\xff\xff\xffmoov")]
    {
        let path = folder.file(name, bytes);
        refused(&run(&["sheet", &path, "-o", &folder.path("a.png")]), 4, &[name, "MP4"], name);
        refused(&run(&["judge", &path]), 4, &[name, "MP4"], name);
        std::fs::remove_file(&path).expect("removed");
    }
    refused(&run(&["judge", &folder.path("none.mp4")]), 4, &["none.mp4", "cannot be read"], "a film that is not there");
    assert!(folder.names().is_empty(), "nothing is left: {:?}", folder.names());
}

#[test]
fn words_of_ones_own_that_are_wrong() {
    let with = |assets: &str| program().args(["words", "--kind", "prop"]).env("KINORA_ASSETS", assets).output().expect("the program runs");
    let folder = Folder::new("assets");
    refused(&with("/no/such/folder"), 2, &["/no/such/folder", "KINORA_ASSETS"], "no folder");
    refused(&with(&folder.file("file", "")), 2, &["file", "KINORA_ASSETS"], "a file for a folder");
    std::fs::create_dir(folder.0.join("prop")).expect("a folder");
    refused(&with(&folder.path("")), 2, &["prop", "no kind", "props"], "a folder of no kind");
    std::fs::remove_dir(folder.0.join("prop")).expect("removed");
    std::fs::create_dir(folder.0.join("props")).expect("a folder");
    for (text, says) in [("", "1:1"), ("(doc: \"x\",\n names: (en: [", "2:"), ("(doc: \"x\", size: inf)", "inf"), ("(doc: \"x\", shape: [])", "shape")] {
        let file = folder.file("props/teapot.ron", text);
        refused(&with(&folder.path("")), 2, &[&file, says], text);
    }
    folder.file("props/teapot.ron", [0xff]);
    refused(&with(&folder.path("")), 2, &["teapot.ron", "UTF-8"], "bytes");
    let endless = r#"(names: (en: ["teapot"], zh: ["a"], ja: ["b"], ko: ["c"], es: ["d"]), solids: [Use("teapot")])"#;
    folder.file("props/teapot.ron", endless);
    let shown = program().args(["show", "prop", "teapot", "-o", &folder.path("a.png")]).env("KINORA_ASSETS", &folder.0).output().expect("the program runs");
    refused(&shown, 2, &["props/teapot.ron", "made of itself"], "a prop made of itself");
}

#[test]
fn recordings_of_ones_own_that_are_wrong() {
    let with = |assets: &str| program().args(["words", "--kind", "sound"]).env("KINORA_ASSETS", assets).output().expect("the program runs");
    let folder = Folder::new("recordings");
    std::fs::create_dir(folder.0.join("sounds")).expect("a folder");
    let file = folder.file("sounds/bark.wav", "no sound at all");
    refused(&with(&folder.path("")), 2, &[&file, "not a WAV", "16, 24 or 32-bit PCM"], "no WAV file");
    std::fs::remove_file(&file).expect("removed");
    let mut wav = b"RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\xbb\0\0\0\x77\x01\0\x02\0\x10\0data".to_vec();
    let file = folder.file("sounds/bark.wav", [wav.as_slice(), b"\0\0\0\0"].concat());
    refused(&with(&folder.path("")), 2, &[&file, "empty"], "nothing in it");
    wav.extend(b"\x08\0\0\0\0\x10\0\xf0\0\x10\0\xf0");
    let good = folder.file("sounds/bark.wav", &wav);
    assert!(with(&folder.path("")).status.success(), "a good one is taken");
    std::fs::rename(&good, folder.path("sounds/barc.wav")).expect("renamed");
    refused(&with(&folder.path("")), 2, &["barc.wav", "no sound is called", "bark.wav"], "a name that is none");
}

fn make(out: &str) -> Command {
    let mut command = program();
    command.args(["make", PROMPT, "-o", out]).args(SMALL);
    command
}

#[test]
fn places_that_cannot_be_written() {
    let folder = Folder::new("places");
    std::fs::create_dir(folder.0.join("folder.mp4")).expect("a folder");
    let file = folder.file("file", "mine");
    let names = folder.names();
    let refuse = |out: &str, says: &str| refused(&make(out).output().expect("the program runs"), 4, &[out, "cannot be written", says], out);
    refuse(&folder.path("folder.mp4"), "that is a folder");
    refuse(&format!("{file}/a.mp4"), "choose another place");
    refuse(&folder.path(&format!("{}.mp4", "a".repeat(251))), "too long");
    let report = folder.path("nowhere/report.json");
    refused(&make(&folder.path("a.mp4")).args(["--report", &report]).output().expect("the program runs"), 4, &[&report], "a report that cannot be written");
    assert_eq!(folder.names(), names, "refused before anything is drawn, and nothing is left");
}

#[test]
#[cfg(unix)]
fn what_is_no_file_is_not_replaced() {
    use std::os::unix::fs::FileTypeExt as _;
    let folder = Folder::new("socket");
    let socket = folder.path("a.mp4");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
    refused(&make(&socket).output().expect("the program runs"), 4, &[&socket, "device or a pipe"], "a socket");
    assert!(std::fs::metadata(&socket).expect("still there").file_type().is_socket(), "it is still what it was");
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk() {
    for arguments in [&["plan", PROMPT][..], &["words"], &["schema"], &["doctor"], &["completions", "bash"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("Linux has it");
        let output = program().args(arguments).stdout(full).output().expect("the program runs");
        refused(&output, 4, &["standard output", "cannot be written"], &format!("{arguments:?}"));
    }
    // A limit on the size of files fails in the middle of a film, as a full disk does.
    let folder = Folder::new("full");
    let film = folder.path("a.mp4");
    let mut limited = Command::new("bash");
    limited.env("KINORA_CACHE", "off");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 16; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_kinora"), "make", PROMPT, "-o", &film]).args(SMALL);
    refused(&limited.output().expect("bash runs"), 4, &["a.mp4", "cannot be written", "choose another place"], "a limit");
    assert!(folder.names().iter().all(|n| n == "a.mp4.parts"), "no half film: {:?}", folder.names());
}

/// Starts a film and waits until a part of it is kept.
#[cfg(unix)]
fn begun(out: &str) -> std::process::Child {
    let mut child = make(out).args(["--threads", "1"]).stderr(std::process::Stdio::null()).spawn().expect("the program runs");
    let parts = PathBuf::from(format!("{out}.parts"));
    // A part that is being written has another ending after its own.
    let whole = |name: String| name.strip_suffix(".part").is_some_and(|stem| !stem.contains(".part"));
    let kept = |parts: &Path| std::fs::read_dir(parts).is_ok_and(|mut d| d.any(|e| e.is_ok_and(|e| whole(e.file_name().to_string_lossy().into_owned()))));
    for _ in 0..6000 {
        if kept(&parts) {
            return child;
        }
        assert!(child.try_wait().expect("a child").is_none(), "the film is not finished before a part is seen");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let _ = child.kill();
    panic!("no part within half a minute");
}

#[test]
#[cfg(unix)]
fn killed_and_resumed_is_the_same_film() {
    let folder = Folder::new("killed");
    let (film, whole) = (folder.path("a.mp4"), folder.path("whole.mp4"));
    let mut child = begun(&film);
    child.kill().expect("SIGKILL");
    child.wait().expect("ended");
    assert!(!Path::new(&film).exists(), "no half film");
    let report = folder.path("report.json");
    assert!(make(&film).args(["--report", &report]).status().expect("the program runs").success(), "resumed");
    assert!(make(&whole).args(["--threads", "1"]).status().expect("the program runs").success(), "in one go");
    let read = |path: &str| std::fs::read(path).expect("a file");
    assert!(read(&film) == read(&whole), "the same bytes");
    let report: serde_json::Value = serde_json::from_slice(&read(&report)).expect("JSON");
    assert!(report["film"]["segments"][1].as_u64() >= Some(1), "a part was used again: {report}");
    assert_eq!(folder.names(), ["a.mp4", "a.plan.json", "report.json", "whole.mp4", "whole.plan.json"], "nothing else is left");
}

#[test]
#[cfg(unix)]
fn ctrl_c_leaves_no_half_film() {
    let folder = Folder::new("ctrl-c");
    let film = folder.path("a.mp4");
    let mut child = begun(&film);
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs").success(), "SIGINT");
    assert_eq!(child.wait().expect("ended").code(), Some(130), "the exit code of Ctrl-C");
    assert_eq!(folder.names(), ["a.mp4.parts"], "parts, to go on from");
}

#[test]
fn a_plan_that_was_given_is_not_written_over() {
    let folder = Folder::new("own-plan");
    let printed = run(&["plan", PROMPT, "--size", "64x64", "--fps", "24", "--duration", "3"]);
    let text = String::from_utf8(printed.stdout).expect("a plan is text");
    // As somebody would have written it by hand: with other white space.
    let by_hand = text.replace("\n  ", "\n      ");
    let (plan, film) = (folder.file("ball.plan.json", &by_hand), folder.path("ball.mp4"));
    let changed = run(&["make", &plan, "--fps", "30", "--silent", "-o", &film]);
    refused(&changed, 4, &["ball.plan.json", "another -o"], "flags that change the plan beside the film");
    let made = run(&["make", &plan, "-o", &film]);
    assert!(made.status.success(), "the plan as it is can be made: {}", String::from_utf8_lossy(&made.stderr));
    assert_eq!(std::fs::read_to_string(&plan).expect("it is still there"), by_hand, "to the last space");
}

#[test]
fn a_film_that_goes_on_needs_its_plan_and_words() {
    let folder = Folder::new("continue");
    let plan = folder.path("a.plan.json");
    let made = run(&["plan", "A red fox walks through a forest", "--size", "64x64"]);
    std::fs::write(&plan, &made.stdout).expect("written");
    let film = folder.path("b.mp4");
    let none = folder.path("none.json");
    refused(&run(&["make", "It sits down", "--continue", &none, "-o", &film]), 4, &["none.json", "cannot be read"], "no such plan");
    refused(&run(&["make", &plan, "--continue", &plan, "-o", &film]), 2, &["in words"], "a plan after a plan");
    refused(&run(&["make", "", "--continue", &plan, "-o", &film]), 2, &["empty"], "no words");
    refused(&run(&["make", "It sits", "--continue", &plan, "--fps", "24", "-o", &film]), 2, &["--fps"], "the film has its rate");
    let longer = run(&["plan", "It looks at the camera, and a dog comes", "--continue", &plan]);
    assert!(longer.status.success(), "{longer:?}");
    let count = |json: &[u8]| serde_json::from_slice::<serde_json::Value>(json).expect("JSON")["shots"].as_array().map(Vec::len);
    assert!(count(&longer.stdout) > count(&made.stdout), "there are more shots");
}
