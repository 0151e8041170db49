//! Golden pictures of every feature, 160x90, kept as numbers: means of 16x9 cells.
//!
//! `goldens/features.json` says what is drawn: one shot each, in plan JSON; `goldens/cells.txt` what it looked like when somebody last looked at it. After a change that
//! was meant, `KINORA_GOLDENS=write cargo test --release -p kinora --test goldens` renews the numbers and writes every picture to `target/tmp/goldens`: look at
//! those whose lines changed before they are committed. Every picture is drawn with SIMD and without, which must be the same to the byte.

use kinora::base::picture::{Rgb8, Yuv420};
use kinora::base::studio::Machine;
use kinora::{Kinora, Plan, SimdLevel};
use kinora_render::{Renderer, Settings as RenderSettings};
use kinora_stage::Engine as _;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

const WIDTH: usize = 160;
const HEIGHT: usize = 90;
const COLUMNS: usize = 16;
const ROWS: usize = 9;

/// How far a cell may be off, in steps of 255: luma, the two chromas, detail (mean difference of neighbours in luma).
const CELL: [i32; 4] = [6, 4, 4, 5];
/// How far all cells may be off in the mean.
const PICTURE: [f32; 4] = [1.0, 0.7, 0.7, 0.8];

type Cells = Vec<[u8; 4]>;

#[test]
fn every_feature_looks_as_it_did() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens");
    let file = |name: &str| std::fs::read_to_string(here.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    let features: Vec<Value> = serde_json::from_str(&file("features.json")).expect("features.json is JSON");
    let golden = read(&file("cells.txt"));
    let write = std::env::var("KINORA_GOLDENS").is_ok_and(|v| v == "write");
    let only = std::env::var("KINORA_GOLDENS_ONLY").ok();
    let features: Vec<&Value> = features.iter().filter(|f| only.as_ref().is_none_or(|o| name(f).contains(o.as_str()))).collect();
    let drawn = draw_all(&features);

    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("goldens");
    let (mut faults, mut text) = (Vec::new(), String::new());
    for (feature, (simd, plain)) in features.iter().zip(&drawn) {
        let name = name(feature);
        assert!(simd == plain, "{name}: SIMD and plain code give different pictures");
        let cells = cells(simd);
        let fault = golden.get(name).map_or_else(|| Some("it has no golden yet".to_owned()), |old| differs(old, &cells));
        if write || fault.is_some() {
            let file = save(&folder, name, &simd.to_rgb(), golden.get(name));
            faults.extend(fault.map(|f| format!("{name}: {f}; see {}", file.display())));
        }
        print(&mut text, name, &cells);
    }
    if write {
        if only.is_none() {
            std::fs::write(here.join("cells.txt"), text).expect("written");
        }
        return;
    }
    assert!(faults.is_empty(), "{}\nIf this was meant: KINORA_GOLDENS=write cargo test --release -p kinora --test goldens\n", faults.join("\n"));
    assert!(only.is_some() || golden.len() == features.len(), "cells.txt has numbers of {} pictures, features.json {}", golden.len(), features.len());
}

#[test]
fn a_cell_that_is_off_is_found() {
    let old = vec![[100, 128, 128, 10]; COLUMNS * ROWS];
    assert_eq!(differs(&old, &old), None, "nothing is off");
    let mut one = old.clone();
    one[2 * COLUMNS + 5][0] += 7;
    let fault = differs(&old, &one).expect("a cell is off by 7 in luma");
    assert!(fault.contains("column 6, row 3") && fault.contains("luma"), "{fault}");
    let all: Cells = old.iter().map(|c| [c[0], c[1] + 1, c[2], c[3]]).collect();
    assert!(differs(&old, &all).is_some_and(|f| f.contains("whole")), "every cell is a little bluer");
    let mut text = String::new();
    print(&mut text, "one", &one);
    assert_eq!(read(&text)["one"], one, "what is written is read");
}

fn name(feature: &Value) -> &str {
    feature["name"].as_str().expect("a feature has a name")
}

/// Each picture at both levels, on all cores, in the order of the list.
fn draw_all(features: &[&Value]) -> Vec<(Yuv420, Yuv420)> {
    let kinora = Kinora::new(&Machine::new(Some(1))).expect("the vocabulary is whole");
    let next = AtomicUsize::new(0);
    let work = || {
        let mut mine = Vec::new();
        while let Some((k, feature)) = Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|k| Some((k, features.get(k)?))) {
            mine.push((k, draw(&kinora, feature)));
        }
        mine
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut all: Vec<_> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|w| w.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    all.sort_by_key(|(k, _)| *k);
    all.into_iter().map(|(_, pictures)| pictures).collect()
}

fn draw(kinora: &Kinora, feature: &Value) -> (Yuv420, Yuv420) {
    let name = name(feature);
    let plan = plan(feature);
    kinora.check(&plan).unwrap_or_else(|e| panic!("{name}: {e}"));
    let frame = feature["frame"].as_i64().unwrap_or(24);
    let staging = kinora.stage(&plan).unwrap_or_else(|e| panic!("{name}: {e}")).output;
    let photographer = kinora.photographer(&staging, SimdLevel::Detect, false).unwrap_or_else(|e| panic!("{name}: {e}"));
    let plain = Renderer::new(RenderSettings { width: WIDTH, height: HEIGHT, simd: SimdLevel::Plain, passes: false }).render(&photographer.scene(frame));
    let pictures = [photographer.shooter().shoot(frame).picture, plain.picture].map(|mut picture| {
        kinora.overlay(&plan, &[]).draw(&mut picture, frame);
        picture
    });
    assert!(photographer.failure().is_none(), "{name}: {:?}", photographer.failure());
    pictures.into()
}

/// The shot of a feature as a whole plan: two seconds at 24 frames a second.
fn plan(feature: &Value) -> Plan {
    let map = |key: &str| feature[key].as_object().cloned().unwrap_or_default();
    let with = |mut base: Value, more: Map<String, Value>| {
        base.as_object_mut().expect("a map").extend(more);
        base
    };
    let list = |key: &str| feature[key].as_array().cloned().unwrap_or_default();
    let beats: Vec<Value> =
        list("beats").into_iter().enumerate().map(|(k, b)| with(json!({"id": format!("beat-{k}")}), b.as_object().expect("a map").clone())).collect();
    let whole = json!({
        "version": 1, "seed": 1, "size": {"width": WIDTH, "height": HEIGHT}, "fps": 24, "silent": true,
        "look": feature["look"].as_str().unwrap_or("clay"), "cast": list("cast"), "titles": list("titles"),
        "scenes": [with(json!({"id": "scene"}), map("scene"))],
        "shots": [{"id": "shot", "scene": "scene", "length": "2 s", "framing": map("framing"), "beats": beats}],
    });
    serde_json::from_value(whole).unwrap_or_else(|e| panic!("{}: {e}", name(feature)))
}

fn cells(picture: &Yuv420) -> Cells {
    let mean = |plane: &[u8], width: usize, side: usize, x: usize, y: usize| {
        let sum: u32 = (0..side).flat_map(|dy| &plane[(y * side + dy) * width + x * side..][..side]).map(|v| u32::from(*v)).sum();
        ((sum + (side * side / 2) as u32) / (side * side) as u32) as u8
    };
    let detail = |x: usize, y: usize| {
        let at = |x: usize, y: usize| i32::from(picture.y[y.min(HEIGHT - 1) * WIDTH + x.min(WIDTH - 1)]);
        let sum: i32 =
            (0..100).map(|k| (x * 10 + k % 10, y * 10 + k / 10)).map(|(x, y)| (at(x + 1, y) - at(x, y)).abs() + (at(x, y + 1) - at(x, y)).abs()).sum();
        (sum / 200) as u8
    };
    (0..COLUMNS * ROWS)
        .map(|k| (k % COLUMNS, k / COLUMNS))
        .map(|(x, y)| [mean(&picture.y, WIDTH, 10, x, y), mean(&picture.u, WIDTH / 2, 5, x, y), mean(&picture.v, WIDTH / 2, 5, x, y), detail(x, y)])
        .collect()
}

/// What is off between two grids, in words; the worst cell if a cell is.
fn differs(old: &Cells, new: &Cells) -> Option<String> {
    const WHAT: [&str; 4] = ["luma", "blue chroma", "red chroma", "detail"];
    let off = |k: usize, c: usize| i32::from(new[k][c]) - i32::from(old[k][c]);
    let (k, c) = (0..old.len()).flat_map(|k| (0..4).map(move |c| (k, c))).max_by_key(|(k, c)| off(*k, *c).abs() * 60 / CELL[*c])?;
    if off(k, c).abs() > CELL[c] {
        let many = (0..old.len()).filter(|k| (0..4).any(|c| off(*k, c).abs() > CELL[c])).count();
        let (column, row) = (k % COLUMNS + 1, k / COLUMNS + 1);
        return Some(format!(
            "{many} cells of {} are off, most at column {column}, row {row}: {} was {}, is {} (up to {} may differ)",
            old.len(),
            WHAT[c],
            old[k][c],
            new[k][c],
            CELL[c]
        ));
    }
    (0..4).find_map(|c| {
        let mean = (0..old.len()).map(|k| off(k, c).abs()).sum::<i32>() as f32 / old.len() as f32;
        (mean > PICTURE[c]).then(|| format!("the whole picture's {} is off by {mean:.2} a cell (up to {} may differ)", WHAT[c], PICTURE[c]))
    })
}

/// A name on a line, then a line a row of cells; a cell is luma, blue, red, detail in hexadecimal.
fn print(text: &mut String, name: &str, cells: &Cells) {
    writeln!(text, "{name}").expect("a string takes all");
    for row in cells.chunks(COLUMNS) {
        let row: Vec<String> = row.iter().map(|c| c.iter().map(|v| format!("{v:02x}")).collect()).collect();
        writeln!(text, " {}", row.join(" ")).expect("a string takes all");
    }
}

fn read(text: &str) -> BTreeMap<String, Cells> {
    let mut all = BTreeMap::<String, Cells>::new();
    let mut name = "";
    for line in text.lines() {
        if !line.starts_with(' ') {
            name = line;
            continue;
        }
        let cell = |c: &str| u32::from_str_radix(c, 16).unwrap_or_else(|e| panic!("cells.txt, {name}: {c}: {e}")).to_be_bytes();
        all.entry(name.to_owned()).or_default().extend(line.split_whitespace().map(cell));
    }
    all
}

/// Writes the picture, and on its right the cells that were expected, if there are any.
fn save(folder: &Path, name: &str, now: &Rgb8, golden: Option<&Cells>) -> PathBuf {
    std::fs::create_dir_all(folder).expect("the folder can be made");
    let file = folder.join(format!("{name}.png"));
    let old = golden.map(|cells| {
        let at = |c: usize, x: usize, y: usize, side: usize| cells[y / side * COLUMNS + x / side][c];
        let plane = |c: usize, side: usize| {
            (0..WIDTH * HEIGHT / (100 / side / side))
                .map(move |k| (k % (WIDTH * side / 10), k / (WIDTH * side / 10)))
                .map(move |(x, y)| at(c, x, y, side))
                .collect()
        };
        Yuv420 { width: WIDTH, height: HEIGHT, y: plane(0, 10), u: plane(1, 5), v: plane(2, 5) }.to_rgb()
    });
    let width = WIDTH * if old.is_some() { 2 } else { 1 };
    let rows = |picture: &Rgb8, y: usize| picture.data[y * WIDTH * 3..][..WIDTH * 3].to_vec();
    let data = (0..HEIGHT).flat_map(|y| [Some(rows(now, y)), old.as_ref().map(|o| rows(o, y))]).flatten().flatten().collect();
    std::fs::write(&file, Rgb8 { width, height: HEIGHT, data }.to_png().expect("a PNG")).expect("written");
    file
}
