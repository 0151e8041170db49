//! `cargo xtask vbench PROMPTS.json`: how much of what VBench's labels ask for is in the plans, by dimension; with
//! `--films N`, also how much of what the plans of N prompts a dimension ask for is in the passes of small films.
//!
//! The file has VBench's form: dimension -> list of `{"prompt": ..., "aux": {...}}`. Only labels are looked at, never how
//! the director came to its plan: a word counts when the plan shows an entry that has it among its names.

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Names and wider words of the vocabulary's entries, by kind and id.
struct Words(BTreeMap<(String, String), Vec<String>>);

impl Words {
    fn ask(program: &Path) -> Result<Self> {
        let output = Command::new(program).args(["words", "--json"]).output().context("running kinora words")?;
        let list: Vec<Value> = serde_json::from_slice(&output.stdout).context("kinora words --json")?;
        let text = |v: &Value| v.as_str().unwrap_or_default().to_lowercase().replace('-', " ");
        let entry = |v: &Value| {
            let mut names: Vec<String> = v["names"]["en"].as_array().into_iter().flatten().map(text).collect();
            names.push(text(&v["id"]));
            ((text(&v["kind"]), v["id"].as_str().unwrap_or_default().to_owned()), names)
        };
        Ok(Self(list.iter().map(entry).collect()))
    }

    fn named(&self, kinds: &[&str], id: &str, label: &str) -> bool {
        kinds.iter().any(|k| self.0.get(&((*k).to_owned(), id.to_owned())).is_some_and(|names| names.iter().any(|n| n == label)))
    }
}

/// What is shown, and as what it was asked for.
fn shown(plan: &Value) -> impl Iterator<Item = &Value> {
    let things = plan["scenes"].as_array().into_iter().flatten().flat_map(|s| s["things"].as_array().into_iter().flatten());
    plan["cast"].as_array().into_iter().flatten().chain(things)
}

fn find<'p>(plan: &'p Value, words: &Words, label: &str) -> Option<&'p Value> {
    let kinds = ["person", "creature", "vehicle", "prop"];
    let person = |v: &Value| label == "person" && v["kind"] == "person";
    shown(plan).find(|v| v["traits"]["called"].is_null() && (words.named(&kinds, v["word"].as_str().unwrap_or_default(), label) || person(v)))
}

/// One label of a prompt: what it asks, and whether the plan has it.
fn labels(dimension: &str, prompt: &Value, plan: &Value, words: &Words) -> Vec<(String, bool)> {
    let aux = |name: &str| prompt["aux"][name].as_str().unwrap_or_default().to_lowercase();
    match dimension {
        "object_class" | "multiple_objects" => aux("object").split(" and ").map(str::trim).map(|o| (o.to_owned(), find(plan, words, o).is_some())).collect(),
        "color" => {
            let (object, colour) = (aux("object"), aux("color"));
            let has = find(plan, words, &object).is_some_and(|v| v["traits"]["colour"] == colour.as_str());
            vec![(format!("{colour} {object}"), has)]
        }
        "spatial_relationship" => vec![relation(&aux("object_a"), &aux("object_b"), &aux("relationship"), plan, words)],
        "scene" => {
            let scene = aux("scene");
            let label = scene.trim_start_matches("indoor ").trim_start_matches("outdoor ");
            let place = plan["scenes"][0]["place"].as_str().unwrap_or_default();
            let has = words.named(&["place"], place, label) || words.named(&["place"], place, &scene) || find(plan, words, label).is_some();
            vec![(scene, has)]
        }
        "human_action" => vec![action(&aux("action"), plan, words)],
        "appearance_style" => vec![style(&aux("appearance_style"), plan, words)],
        "temporal_style" => camera(prompt["prompt"].as_str().unwrap_or_default(), plan).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn relation(a: &str, b: &str, relation: &str, plan: &Value, words: &Words) -> (String, bool) {
    let id = |label: &str| find(plan, words, label).and_then(|v| v["id"].as_str()).unwrap_or("-").to_owned();
    let (first, second) = (id(a), id(b));
    let (kind, inverse) = match relation {
        "on the left of" => ("left-of", "right-of"),
        "on the right of" => ("right-of", "left-of"),
        "on the top of" => ("on", "under"),
        _ => ("under", "on"),
    };
    let relations = plan["scenes"].as_array().into_iter().flatten().flat_map(|s| s["relations"].as_array().into_iter().flatten());
    let is = |r: &Value, what: &str, kind: &str, to: &str| r["what"] == what && r["relation"] == kind && r["to"][0] == to;
    let has = relations.into_iter().any(|r| is(r, &first, kind, &second) || is(r, &second, inverse, &first));
    (format!("{a} {relation} {b}"), has && first != "-" && second != "-")
}

/// The plain forms that an -ing form may have.
fn lemmas(ing: &str) -> Vec<String> {
    let Some(stem) = ing.strip_suffix("ing") else { return vec![ing.to_owned()] };
    let mut all = vec![stem.to_owned(), format!("{stem}e")];
    all.extend(stem.strip_suffix('y').map(|short| format!("{short}ie")));
    if let Some(short) = stem.strip_suffix(|c: char| stem.len() > 3 && stem[..stem.len() - 1].ends_with(c)) {
        all.push(short.to_owned());
    }
    all
}

fn action(label: &str, plan: &Value, words: &Words) -> (String, bool) {
    let wanted = label.rsplit(" or ").next().unwrap_or(label);
    let clean = wanted.split(" (").next().unwrap_or(wanted);
    let (verb, object) = clean.split_once(' ').unwrap_or((clean, ""));
    let object = object.trim_start_matches("with ");
    let verbs: Vec<String> = lemmas(verb);
    let beats = plan["shots"].as_array().into_iter().flatten().flat_map(|s| s["beats"].as_array().into_iter().flatten());
    // "tying tie", and "rock climbing".
    let whole: Vec<String> = verbs.iter().flat_map(|v| lemmas(object).into_iter().map(move |o| format!("{v} {o}"))).collect();
    let has = beats.into_iter().any(|b| {
        let motion = b["action"].as_str().unwrap_or_default();
        let named = |name: &String| words.named(&["motion"], motion, name.trim());
        whole.iter().any(named) || (verbs.iter().any(named) && (object.is_empty() || find(plan, words, object).is_some()))
    });
    (label.to_owned(), has)
}

fn style(label: &str, plan: &Value, words: &Words) -> (String, bool) {
    let look = plan["look"].as_str().unwrap_or_default();
    let names = label.replace("in the style of", "").replace(" style", "").replace("in ", "").replace("by ", "");
    let has = names.split(',').map(str::trim).filter(|n| !n.is_empty()).all(|n| words.named(&["look"], look, n));
    (label.to_owned(), has)
}

/// What the end of a prompt asks of the camera.
fn camera(prompt: &str, plan: &Value) -> Option<(String, bool)> {
    let label = prompt.rsplit(", ").next()?.to_lowercase();
    let framings = || plan["shots"].as_array().into_iter().flatten().map(|s| &s["framing"]);
    match label.as_str() {
        "in super slow motion" => return Some((label, framings().any(|f| f["speed"].as_f64().is_some_and(|s| s < 1.0)))),
        "racking focus" => return Some((label, framings().any(|f| f["focus"]["to"].is_object() || f["focus"]["to"].is_string()))),
        _ => {}
    }
    let kinds: Vec<&str> = plan["shots"].as_array().into_iter().flatten().filter_map(|s| s["framing"]["move"]["kind"].as_str()).collect();
    let wanted: &[&str] = match label.as_str() {
        "zoom in" => &["zoom-in"],
        "zoom out" => &["zoom-out"],
        "pan left" => &["pan-left"],
        "pan right" => &["pan-right"],
        "tilt up" => &["tilt-up"],
        "tilt down" => &["tilt-down"],
        "with an intense shaking effect" => &["handheld"],
        "featuring a steady and smooth perspective" => &["static", "push-in", "follow", "pull-out", "orbit-left", "orbit-right"],
        _ => return None,
    };
    Some((label, kinds.iter().any(|k| wanted.contains(k))))
}

/// Runs every prompt of the file and prints the table.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<()> {
    let Some(file) = arguments.first() else { bail!("usage: cargo xtask vbench PROMPTS.json [--misses] [--films N]") };
    let films: usize = arguments.iter().position(|a| a == "--films").and_then(|k| arguments.get(k + 1)).map_or(Ok(0), |n| n.parse()).context("--films N")?;
    let misses = arguments.iter().any(|a| a == "--misses");
    let program = crate::bench::built(root)?;
    let all: Value = serde_json::from_slice(&std::fs::read(file).with_context(|| file.clone())?).context("VBench's prompts are JSON")?;
    let words = Words::ask(&program)?;
    println!("| dimension | prompts | plans | with warnings | labels | in the plan | ms a plan |\n|---|---|---|---|---|---|---|");
    let (mut asked, mut had) = (0, 0);
    for (dimension, prompts) in all.as_object().context("an object of dimensions")?.iter().filter(|(d, _)| !d.starts_with('_')) {
        let (mut plans, mut warned, mut of, mut in_plan) = (0, 0, 0, 0);
        let mut missing = Vec::new();
        let started = Instant::now();
        let list = prompts.as_array().context("a list of prompts")?;
        for prompt in list {
            let text = prompt["prompt"].as_str().unwrap_or_default();
            let output = Command::new(&program).args(["plan", "--", text]).output().context("running kinora plan")?;
            let plan: Value = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
            plans += usize::from(output.status.success());
            warned += usize::from(plan["warnings"].as_array().is_some_and(|w| !w.is_empty()));
            for (label, has) in labels(dimension, prompt, &plan, &words) {
                of += 1;
                in_plan += usize::from(has);
                if !has {
                    missing.push(label);
                }
            }
        }
        let each = started.elapsed().as_secs_f64() * 1000.0 / list.len().max(1) as f64;
        let share = if of == 0 { "-".to_owned() } else { format!("{in_plan} ({:.0} %)", in_plan as f64 * 100.0 / of as f64) };
        println!("| {dimension} | {} | {plans} | {warned} | {of} | {share} | {each:.0} |", list.len());
        if misses && !missing.is_empty() {
            eprintln!("{dimension}: {}", missing.join("; "));
        }
        asked += of;
        had += in_plan;
    }
    println!("\n{had} of {asked} labels are in the plans ({:.0} %).", had as f64 * 100.0 / asked.max(1) as f64);
    if films > 0 {
        in_the_passes(&program, &all, films, misses)?;
    }
    Ok(())
}

/// Small films of a sample, judged by their passes.
fn in_the_passes(program: &Path, all: &Value, films: usize, misses: bool) -> Result<()> {
    let folder = std::env::temp_dir().join(format!("kinora-vbench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let (film, plan, passes) = (folder.join("a.mp4"), folder.join("a.plan.json"), folder.join("passes"));
    println!("\n| dimension | films | measure | hold |\n|---|---|---|---|");
    for (dimension, prompts) in all.as_object().context("an object of dimensions")?.iter().filter(|(d, _)| !d.starts_with('_')) {
        let list = prompts.as_array().context("a list of prompts")?;
        let mut tally: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        let mut made = 0;
        for prompt in list.iter().filter(|p| p["aux"].is_object()).step_by((list.len() / films).max(1)).take(films) {
            let text = prompt["prompt"].as_str().unwrap_or_default();
            let small = ["--size", "256x144", "--fps", "24", "--duration", "3", "--silent", "--no-cache"];
            let output = Command::new(program).arg("make").args(small).arg("--passes").arg(&passes).arg("-o").arg(&film).arg("--").arg(text).output()?;
            if !output.status.success() {
                continue;
            }
            made += 1;
            let judged = Command::new(program).arg("judge").arg(&film).arg("--plan").arg(&plan).arg("--passes").arg(&passes).arg("--json").output()?;
            let verdict: Value = serde_json::from_slice(&judged.stdout).unwrap_or(Value::Null);
            for measure in verdict["measures"].as_array().into_iter().flatten() {
                let entry = tally.entry(measure["dimension"].as_str().unwrap_or_default().to_owned()).or_default();
                entry.1 += 1;
                entry.0 += usize::from(measure["holds"] == true);
                if misses && measure["holds"] == false {
                    eprintln!("{text}: {} of {}: asked {}, found {}", measure["dimension"], measure["subject"], measure["asked"], measure["found"]);
                }
            }
        }
        for (measure, (holds, of)) in tally {
            println!("| {dimension} | {made} | {measure} | {holds} of {of} |");
        }
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
