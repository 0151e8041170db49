//! Whole films, small: the same bytes whatever the machine does, and the film that was asked for.

use kinora::base::studio::{Cache, Machine, Progress, Studio};
use kinora::{Kinora, Options, Plan, Prompt, Settings, SimdLevel, Size};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// A machine that stops after some frames.
struct Bench {
    machine: Machine,
    stop_after: Option<u64>,
    frames: AtomicU64,
    cache: Option<Cache>,
}

impl Bench {
    fn new(threads: usize) -> Self {
        Self { machine: Machine::new(Some(threads)), stop_after: None, frames: AtomicU64::new(0), cache: None }
    }
}

impl Studio for Bench {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.machine.read(path)
    }
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.machine.write(path, bytes)
    }
    fn cache(&self) -> Option<Cache> {
        self.cache.clone()
    }
    fn threads(&self) -> usize {
        self.machine.threads()
    }
    fn progress(&self, progress: Progress) {
        if progress.stage == "shoot" {
            self.frames.store(progress.done, Ordering::SeqCst);
        }
    }
    fn cancelled(&self) -> bool {
        self.stop_after.is_some_and(|n| self.frames.load(Ordering::SeqCst) >= n)
    }
    fn clock(&self) -> f64 {
        self.machine.clock()
    }
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("kinora-film-test-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
    folder
}

fn small(kinora: &Kinora, text: &str) -> Plan {
    let options = Options {
        size: Some(Size { width: 192, height: 108 }),
        duration: Some(kinora::base::Ticks::from_seconds(3.0)),
        fps: Some(kinora::base::FrameRate(24)),
        ..Options::default()
    };
    let directed = kinora.direct(&Prompt { text: text.into(), options }).expect("a good prompt");
    directed.output
}

fn make(kinora: &Kinora, plan: &Plan, out: &Path, studio: &Bench, simd: SimdLevel) -> Vec<u8> {
    kinora.make(plan, &Settings { simd, ..Settings::to(out) }, studio).expect("the film is made");
    std::fs::read(out).expect("the film was written")
}

#[test]
fn same_plan_same_bytes() {
    let folder = folder("bytes");
    let kinora = Kinora::new(&Bench::new(1)).expect("the vocabulary is whole");
    let plan = small(&kinora, "A red fox walks through a snowy forest at sunset, then stops and looks at the camera");
    let one = make(&kinora, &plan, &folder.join("one.mp4"), &Bench::new(1), SimdLevel::Detect);
    let two = make(&kinora, &plan, &folder.join("two.mp4"), &Bench::new(2), SimdLevel::Detect);
    assert!(one == two, "one and two threads give the same file");
    let plain = make(&kinora, &plan, &folder.join("plain.mp4"), &Bench::new(2), SimdLevel::Plain);
    assert!(one == plain, "SIMD and plain code give the same file");

    let stopped = Bench { stop_after: Some(45), ..Bench::new(2) };
    let out = folder.join("resumed.mp4");
    let settings = Settings::to(&out);
    assert!(kinora.make(&plan, &settings, &stopped).is_err(), "a cancelled run is an error");
    assert!(!out.exists(), "and leaves no half file");
    let made = kinora.make(&plan, &settings, &Bench::new(2)).expect("the second run goes on").output;
    assert!(made.segments.1 > 0, "from the parts of the first: {:?}", made.segments);
    assert!(one == std::fs::read(&out).expect("the film was written"), "killed and resumed gives the same file");
    std::fs::remove_dir_all(folder).expect("the folder can be removed");
}

#[test]
fn a_staging_survives_being_written_down() {
    let kinora = Kinora::new(&Bench::new(1)).expect("the vocabulary is whole");
    let plan = small(&kinora, "A man and a girl walk on the beach");
    let staging = kinora.stage(&plan).expect("it can be staged").output;
    let text = serde_json::to_string(&staging).expect("a staging is plain data");
    let again: kinora_stage::Staging = serde_json::from_str(&text).expect("and can be read back");
    assert_eq!(serde_json::to_string(&again).expect("plain data"), text, "nothing is lost");
}

#[test]
fn a_frame_does_not_depend_on_those_before() {
    use kinora_stage::{Engine, Photographer};
    let kinora = Kinora::new(&Bench::new(1)).expect("the vocabulary is whole");
    let plan = small(&kinora, "A red fox walks through a snowy forest at sunset, then stops and looks at the camera");
    let staging = kinora.stage(&plan).expect("it can be staged").output;
    let photographer = Photographer::new(&staging, kinora.vocabulary(), SimdLevel::Detect, false).expect("bodies are made");
    let mut in_order = photographer.shooter();
    for frame in 0..20 {
        let after_others = in_order.shoot(frame).picture;
        let alone = photographer.shooter().shoot(frame).picture;
        let differ = after_others.y.iter().zip(&alone.y).filter(|(a, b)| a != b).count();
        assert_eq!(differ, 0, "frame {frame} differs in {differ} pixels");
    }
}

#[test]
fn what_was_drawn_once_is_not_drawn_again() {
    let folder = folder("cache");
    let kinora = Kinora::new(&Bench::new(1)).expect("the vocabulary is whole");
    let cached = || Bench { cache: Some(Cache { folder: folder.join("cache"), limit: 1 << 30, build: 1 }), ..Bench::new(2) };
    let shoot = |plan: &Plan, name: &str| {
        let settings = Settings::to(folder.join(name));
        let made = kinora.make(plan, &settings, &cached()).expect("the film is made").output;
        (std::fs::read(&made.film).expect("written"), made.segments)
    };
    let options = Options { size: Some(Size { width: 128, height: 72 }), shots: Some(2), fps: Some(kinora::base::FrameRate(24)), ..Options::default() };
    let prompt = Prompt { text: "A red fox runs over a meadow, then it sits down".into(), options };
    let plan = kinora.direct(&prompt).expect("a good prompt").output;
    let (first, (pieces, kept)) = shoot(&plan, "first.mp4");
    assert_eq!(kept, 0, "nothing is there yet");
    let (again, (_, kept)) = shoot(&plan, "again.mp4");
    assert!(first == again, "from the cache come the same bytes");
    assert_eq!(kept, pieces, "and nothing is drawn");

    // The last shot is seen otherwise: the first one stays.
    let mut edited = plan.clone();
    edited.shots[1].framing.angle = kinora_plan::Angle::Low;
    let (_, (_, kept)) = shoot(&edited, "edited.mp4");
    let of_first = (plan.cuts()[1] as usize).div_ceil(12);
    assert_eq!(kept, of_first, "the pieces of the first shot are kept, and no others");

    // The film goes on: everything before stays.
    let more = kinora.go_on(&plan, &Prompt { text: "It looks at the camera. A white dog walks to it".into(), options: Options::default() });
    let more = more.expect("a good prompt").output;
    kinora.check(&more).expect("a good plan");
    let (_, (all, kept)) = shoot(&more, "more.mp4");
    assert_eq!(kept, pieces, "what was there is kept");
    assert!(all > pieces, "and there is more");
    assert_eq!(more.cast.len(), 2, "the same fox, and a dog");
    let staging = kinora.stage(&more).expect("staged").output;
    let (end, start) = (&staging.scenes[0].actors[0].performance, &staging.scenes[1].actors[0].performance);
    let jump = end.poses[end.poses.len() - 1].root.distance(start.poses[0].root);
    assert!(jump < 0.15, "the fox goes on where it was: {jump} m");
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn sixty_people_are_in_one_shot() {
    use kinora_stage::Engine;
    let words = ["man", "woman", "girl", "boy", "old-man"];
    let role = |w: &&str| format!(r#"{{"id": "{w}", "kind": "person", "word": "{w}", "count": 12}}"#);
    let beat = |w: &&str| format!(r#"{{"id": "beat-{w}", "who": "{w}", "action": "clap"}}"#);
    let list = |f: &dyn Fn(&&str) -> String| words.iter().map(f).collect::<Vec<_>>().join(", ");
    let json = format!(
        r#"{{"version": 1, "size": {{"width": 320, "height": 180}}, "fps": 24, "cast": [{}], "scenes": [{{"id": "s", "place": "meadow"}}],
            "shots": [{{"id": "shot", "scene": "s", "length": "1 s", "framing": {{"size": "extreme-wide", "subject": ["man", "woman", "girl", "boy", "old-man"]}}, "beats": [{}]}}]}}"#,
        list(&role),
        list(&beat)
    );
    let kinora = Kinora::new(&Bench::new(1)).expect("the vocabulary is whole");
    let plan = Plan::from_json(&json).expect("a good plan");
    let staging = kinora.stage(&plan).expect("it can be staged").output;
    assert_eq!(staging.scenes[0].actors.len(), 60, "everybody is there");
    let photographer = kinora.photographer(&staging, SimdLevel::Detect, true).expect("bodies are made");
    let drawn = photographer.shooter().shoot(12);
    let mut seen = drawn.passes.expect("passes were asked for").id;
    seen.sort_unstable();
    seen.dedup();
    let people = seen.iter().filter(|n| (1..100).contains(&(**n % 256))).count();
    assert!(people >= 40, "most of them are seen: {people}");
}
