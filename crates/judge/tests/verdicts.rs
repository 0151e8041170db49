//! Films with known faults are judged, and one without.

use kinora_base::pcm::{ReadSound, Stereo};
use kinora_base::picture::Yuv420;
use kinora_base::studio::Machine;
use kinora_base::{FrameRate, maths};
use kinora_film::{Delivery, Score, Shooter, deliver};
use kinora_judge::{Run, Severity, Verdict, judge};
use kinora_plan::Plan;
use std::path::Path;

/// Draws by a rule: the luma at a place in a frame.
struct Rule(fn(i64, f32, f32) -> f32);

impl Shooter for Rule {
    fn shoot(&mut self, frame: i64) -> Yuv420 {
        let mut out = Yuv420::black(128, 72);
        out.y.iter_mut().enumerate().for_each(|(i, p)| *p = (self.0)(frame, (i % 128) as f32, (i / 128) as f32) as u8);
        out
    }
}

/// Two shots of one second: drifting waves, then finer and brighter ones.
fn good(n: i64, x: f32, y: f32) -> f32 {
    if n < 30 { 90.0 + 40.0 * maths::sin((x + n as f32) * 0.1) } else { 150.0 + 40.0 * maths::sin((y * 2.0 + n as f32) * 0.2) }
}

fn plan() -> Plan {
    let shot = |id: &str| format!(r#"{{"id": "{id}", "scene": "s", "length": 48000}}"#);
    let text = format!(
        r#"{{"version": 1, "size": {{"width": 128, "height": 72}}, "fps": 30, "scenes": [{{"id": "s", "place": "forest"}}], "shots": [{}, {}]}}"#,
        shot("a"),
        shot("b")
    );
    Plan::from_json(&text).expect("the plan is valid")
}

fn verdict(name: &str, rule: fn(i64, f32, f32) -> f32, gain: Option<f32>) -> Verdict {
    let folder = std::env::temp_dir().join(format!("kinora-judge-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
    let out = folder.join("film.mp4");
    let plan = plan();
    let tone = |_: &Path| -> Box<dyn ReadSound> {
        let left: Vec<f32> = (0..96_000).map(|i| (maths::sin(i as f32 * 0.13) * gain.unwrap_or(0.0)).clamp(-1.0, 1.0)).collect();
        Box::new(Stereo { right: left.clone(), left })
    };
    let delivery = Delivery {
        out: &out,
        size: plan.size,
        fps: FrameRate(30),
        frames: 60,
        cuts: &plan.cuts(),
        digest: &|_| 0,
        threads: 1,
        title: name,
        language: "en",
        bitrate: None,
        captions: &[],
    };
    let sound: Option<&Score<'_>> = if gain.is_some() { Some(&tone) } else { None };
    deliver(&delivery, &Machine::new(Some(1)), &|| Box::new(Rule(rule)), sound).expect("the film is delivered");
    let verdict = judge(&out, Some(&plan)).expect("the film is judged");
    std::fs::remove_dir_all(&folder).expect("removed");
    verdict
}

fn measures(verdict: &Verdict) -> Vec<&str> {
    verdict.findings.iter().map(|f| f.measure.as_str()).collect()
}

#[test]
fn a_good_film_passes() {
    // 1 kHz at -16 dB RMS on both sides is about -16 LUFS, because two channels add 3 dB and a sine has 3 dB of crest.
    let v = verdict("good", good, Some(0.158));
    assert!(v.findings.is_empty(), "nothing to complain about:\n{v}");
    assert_eq!((v.frames, v.pictures.decoded, v.fps, v.seconds), (60, 60, 30.0, 2.0), "length and rate");
    assert_eq!(v.pictures.cuts, [30], "the cut is seen at its exact frame");
    let sound = v.sound.as_ref().expect("there is sound");
    assert!((-16.5..-14.5).contains(&sound.true_peak), "peak of the tone, a little more where it sets in: {}", sound.true_peak);
    let json = serde_json::to_value(&v).expect("a verdict is data");
    assert_eq!(json["pictures"]["cuts"][0], 30, "as JSON too");
    assert!(v.to_string().contains("128x72"), "and as a table");
}

#[test]
fn faults_are_found() {
    let v = verdict("black", |n, x, y| if (10..14).contains(&n) { 16.0 } else { good(n, x, y) }, None);
    assert_eq!(v.pictures.black, [Run { from: 10, to: 14 }], "four black frames");
    assert_eq!(v.findings.iter().find(|f| f.measure == "sound").map(|f| f.severity), Some(Severity::Fault), "the planned sound is missing");
    assert!(measures(&v).contains(&"jumps within shots"), "black is not planned: {v}");
    assert!(!v.passes(), "it does not pass");

    let v = verdict("frozen", |n, x, y| good(if n > 35 { 35 } else { n }, x, y), None);
    assert_eq!(v.pictures.frozen, [Run { from: 35, to: 60 }], "frozen from frame 35 on: {v}");

    let v = verdict("uncut", |n, x, y| good(n.min(28), x + n as f32, y), None);
    assert!(measures(&v).contains(&"cuts not seen"), "the second shot looks like the first: {v}");
}

#[test]
fn loud_and_silent_films_are_found() {
    let v = verdict("loud", good, Some(3.0));
    let sound = v.sound.as_ref().expect("there is sound");
    assert!(sound.clipped > 0 && sound.true_peak > 0.0, "clipped: {v}");
    assert!(measures(&v).contains(&"true peak") && measures(&v).contains(&"loudness"), "{v}");
    let v = verdict("silent", good, Some(0.0));
    assert_eq!(v.sound.as_ref().and_then(|s| s.loudness), None, "silence has no loudness");
    assert!(measures(&v).contains(&"loudness"), "and is a fault: {v}");
}
