//! The edit in the formats of other programs: OpenTimelineIO and CMX 3600 lists. Both point into the finished film, shot by
//! shot, and carry what the plan says of each.

use kinora_plan::{Plan, TransitionKind};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

/// What a shot is called: its id and its scene.
fn name(plan: &Plan, k: usize) -> String {
    format!("{} ({})", plan.shots[k].id, plan.shots[k].scene)
}

/// The whole film as an OpenTimelineIO timeline: a track of pictures with a clip a shot, a track of sound, markers for lines and titles.
/// Times are in frames at the film's rate.
#[must_use]
pub fn otio(plan: &Plan, film: &Path) -> String {
    let rate = f64::from(plan.fps.0);
    let time = |frames: i64| json!({ "OTIO_SCHEMA": "RationalTime.1", "value": frames as f64, "rate": rate });
    let range = |from: i64, length: i64| json!({ "OTIO_SCHEMA": "TimeRange.1", "start_time": time(from), "duration": time(length) });
    let url = film.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let media = json!({ "OTIO_SCHEMA": "ExternalReference.1", "target_url": url, "available_range": range(0, plan.frames()), "metadata": {} });
    let marker = |name: &str, from: i64, length: i64, colour: &str| json!({ "OTIO_SCHEMA": "Marker.2", "name": name, "color": colour, "marked_range": range(from, length), "metadata": {} });
    let cuts = plan.cuts();
    let clip = |name: String, from: i64, length: i64, markers: Vec<Value>, metadata: Value| {
        json!({
            "OTIO_SCHEMA": "Clip.2", "name": name, "source_range": range(from, length), "markers": markers, "effects": [], "enabled": true,
            "media_references": { "DEFAULT_MEDIA": media }, "active_media_reference_key": "DEFAULT_MEDIA", "metadata": metadata,
        })
    };
    let clips: Vec<Value> = (0..plan.shots.len())
        .map(|k| {
            let shot = &plan.shots[k];
            let lines = shot.lines.iter().map(|l| {
                let from = (cuts[k] + l.from.nearest_frame(plan.fps)).clamp(0, plan.frames());
                marker(&format!("{}: {}", l.who.as_deref().unwrap_or("narrator"), l.text), from, 1, "GREEN")
            });
            let about = json!({ "kinora": { "shot": shot.id, "scene": shot.scene, "framing": shot.framing, "transition": shot.transition } });
            clip(name(plan, k), cuts[k], cuts[k + 1] - cuts[k], lines.collect(), about)
        })
        .collect();
    let titles: Vec<Value> = plan
        .titles
        .iter()
        .map(|t| {
            let from = t.from.nearest_frame(plan.fps);
            let to = if t.to.0 == 0 { plan.frames() } else { t.to.nearest_frame(plan.fps) };
            marker(&t.text, from, (to - from).max(1), "CYAN")
        })
        .collect();
    let track = |kind: &str, children: Vec<Value>| json!({ "OTIO_SCHEMA": "Track.1", "name": kind, "kind": kind, "children": children, "source_range": null, "markers": [], "effects": [], "enabled": true, "metadata": {} });
    let mut tracks = vec![track("Video", clips)];
    if !plan.silent {
        tracks.push(track("Audio", vec![clip("sound".into(), 0, plan.frames(), Vec::new(), json!({}))]));
    }
    let stack = json!({ "OTIO_SCHEMA": "Stack.1", "name": "tracks", "children": tracks, "source_range": null, "markers": titles, "effects": [], "enabled": true, "metadata": {} });
    let timeline = json!({
        "OTIO_SCHEMA": "Timeline.1", "name": plan.title, "global_start_time": time(0), "tracks": stack,
        "metadata": { "kinora": { "plan": plan.fingerprint(), "seed": plan.seed.to_string(), "look": plan.look } },
    });
    let mut text = serde_json::to_string_pretty(&timeline).unwrap_or_default();
    text.push('\n');
    text
}

/// The cuts as a CMX 3600 list: an event a shot, source times in the finished film, dissolves with their length.
#[must_use]
pub fn edl(plan: &Plan, film: &Path) -> String {
    let fps = i64::from(plan.fps.0);
    let code = |frame: i64| format!("{:02}:{:02}:{:02}:{:02}", frame / fps / 3600, frame / fps / 60 % 60, frame / fps % 60, frame % fps);
    let title: String = plan.title.chars().filter(|c| !c.is_control()).take(70).collect();
    let mut out = format!("TITLE: {title}\nFCM: NON-DROP FRAME\n\n");
    let cuts = plan.cuts();
    let file = film.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    for (k, shot) in plan.shots.iter().enumerate() {
        let (from, to) = (code(cuts[k]), code(cuts[k + 1]));
        let length = shot.transition.length.nearest_frame(plan.fps);
        let how = if shot.transition.kind == TransitionKind::Dissolve && k > 0 { format!("D    {length:03}") } else { "C       ".into() };
        let channel = if plan.silent { "V    " } else { "AA/V " };
        let _ = writeln!(out, "{:03}  AX       {channel} {how} {from} {to} {from} {to}", k + 1);
        let _ = writeln!(out, "* FROM CLIP NAME: {}\n* SOURCE FILE: {file}\n", name(plan, k));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        let json = r#"{"version":1,"title":"A fox","scenes":[{"id":"s","place":"forest"}],"fps":24,
            "shots":[{"id":"a","scene":"s","length":120000},{"id":"b","scene":"s","length":72000,"transition":{"kind":"dissolve","length":24000}}],
            "titles":[{"id":"t","text":"Fox","to":48000}]}"#;
        Plan::from_json(json).expect("a plan")
    }

    #[test]
    fn clips_follow_each_other_without_a_hole() {
        let text = otio(&plan(), Path::new("films/fox.mp4"));
        let value: Value = serde_json::from_str(&text).expect("JSON");
        let clips = value["tracks"]["children"][0]["children"].as_array().expect("clips");
        let lengths: Vec<f64> = clips.iter().map(|c| c["source_range"]["duration"]["value"].as_f64().expect("frames")).collect();
        assert_eq!(lengths, [60.0, 36.0], "shots in frames");
        assert_eq!(clips[1]["source_range"]["start_time"]["value"], 60.0, "the second begins where the first ends");
        assert_eq!(clips[0]["media_references"]["DEFAULT_MEDIA"]["target_url"], "fox.mp4", "beside the timeline");
        assert_eq!(value["tracks"]["markers"][0]["name"], "Fox", "titles are markers");
    }

    #[test]
    fn events_have_time_codes() {
        let text = edl(&plan(), Path::new("fox.mp4"));
        assert!(text.contains("001  AX       AA/V  C        00:00:00:00 00:00:02:12 00:00:00:00 00:00:02:12"), "{text}");
        assert!(text.contains("D    012 00:00:02:12 00:00:04:00"), "{text}");
    }
}
