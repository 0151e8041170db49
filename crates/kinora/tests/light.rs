//! Light that always holds: faces can be read and nothing drowns or burns, whatever the hour, the weather and the place.
//!
//! A sample of all combinations is measured each time. `KINORA_SWEEP=/folder` draws all of them instead, writes a contact sheet of each place there
//! (hours across, weathers down), and prints what was measured as a table; `KINORA_SWEEP_ONLY=beach` draws those places alone.
#![allow(clippy::print_stdout, reason = "a sweep that reports")]

use kinora::base::picture::{Rgb8, Yuv420};
use kinora::base::studio::Machine;
use kinora::{Kinora, Options, Prompt, SimdLevel, Size};
use kinora_base::maths::tan;
use kinora_render::scene::Scene;
use kinora_render::{Passes, Renderer, Settings};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};

const WIDTH: usize = 320;
const HEIGHT: usize = 180;

/// Who is where.
const PLACES: [(&str, &str, &str); 10] = [
    ("forest", "an old man and a fox", "in a forest"),
    ("beach", "a girl in a white dress and a black dog", "on a beach"),
    ("street", "a businessman and a brown dog", "on a city street"),
    ("desert", "a man with dark skin and a camel", "in the desert"),
    ("mountain", "a climber and a white wolf", "on a snowy mountain"),
    ("lake", "a woman with dark skin and a horse", "at a lake"),
    ("kitchen", "a grandmother and a cat", "in a kitchen"),
    ("church", "a priest and a black cat", "in a church"),
    ("cave", "an explorer and a brown bear", "in a cave"),
    ("market", "a woman and a white rabbit", "at a night market"),
];
const HOURS: [&str; 5] = ["at dawn", "at noon", "at sunset", "at dusk", "at night"];
const WEATHERS: [&str; 6] = ["", "in fog", "in the rain", "while it snows", "in a sandstorm", "on a windy day"];

/// What was measured of one picture; brightness is 0 black .. 1 white of the screen.
#[derive(Clone, Copy, Debug, Default)]
struct Measured {
    /// What half of the picture has at most, and nineteen of twenty parts.
    middle: f32,
    bright: f32,
    /// Shares of the picture that are black and white.
    black: f32,
    burnt: f32,
    /// Pixels of the faces, what they have in the mean, from their dark to their bright parts, and the share of them that is white.
    pixels: usize,
    face: f32,
    range: f32,
    face_burnt: f32,
    /// Of all who act, and what is close about them.
    body: f32,
    around: f32,
}

impl Measured {
    /// What is wrong with a picture, if anything is.
    fn fault(&self) -> Option<String> {
        let bounds = [
            ("the bright parts", self.bright, 0.33, 0.95),
            ("the middle", self.middle, 0.06, 0.80),
            ("the black share", self.black, 0.0, 0.25),
            ("the burnt share", self.burnt, 0.0, 0.02),
            ("faces", self.face, 0.265, 0.85),
            ("their contrast", self.range, 0.12, 0.75),
            ("the burnt share of faces", self.face_burnt, 0.0, 0.03),
            ("faces over what is about who acts", self.face / self.around.max(0.05), 0.52, 3.5),
        ];
        let off = |b: &&(&str, f32, f32, f32)| !(b.2..=b.3).contains(&b.1);
        if self.pixels < 100 {
            return Some(format!("faces have {} pixels", self.pixels));
        }
        bounds.iter().find(off).map(|(what, is, least, most)| format!("{what}: {is:.3}, not {least} to {most}"))
    }
}

fn draw(kinora: &Kinora, text: &str) -> (Yuv420, Measured) {
    let prompt = Prompt { text: text.to_owned(), options: Options { shots: Some(1), ..Options::default() } };
    let mut plan = kinora.direct(&prompt).expect("directed").output;
    plan.size = Size { width: WIDTH as u32, height: HEIGHT as u32 };
    let staging = kinora.stage(&plan).expect("staged").output;
    let photographer = kinora.photographer(&staging, SimdLevel::Detect, true).expect("photographed");
    let scene = photographer.scene(staging.frames() / 2);
    let drawn = Renderer::new(Settings { width: WIDTH, height: HEIGHT, simd: SimdLevel::Detect, passes: true }).render(&scene);
    let measured = measure(&drawn.picture, drawn.passes.as_ref().expect("passes"), &scene);
    (drawn.picture, measured)
}

/// Brightness of a pixel from its byte.
fn screen(y: u8) -> f32 {
    ((f32::from(y) - 16.0) / 219.0).clamp(0.0, 1.0)
}

fn measure(picture: &Yuv420, passes: &Passes, scene: &Scene) -> Measured {
    let all = sorted(picture.y.iter().map(|y| screen(*y)));
    let share = |of: &[f32], is: &dyn Fn(f32) -> bool| of.iter().filter(|v| is(**v)).count() as f32 / of.len().max(1) as f32;
    let at = |of: &[f32], part: f32| of.get((of.len() as f32 * part) as usize).copied().unwrap_or(0.0);
    let mean = |of: &[f32]| of.iter().sum::<f32>() / of.len().max(1) as f32;
    let focal = HEIGHT as f32 * 0.5 / tan(scene.camera.vertical_fov * 0.5);
    let turn = scene.camera.world_from_camera.inverse();
    let (mut faces, mut bodies, mut near) = (Vec::new(), Vec::new(), vec![false; WIDTH * HEIGHT]);
    for k in 0..WIDTH * HEIGHT {
        if passes.id[k] == 0 {
            continue;
        }
        bodies.push(screen(picture.y[k]));
        let (x, y) = ((k % WIDTH) as f32 + 0.5 - WIDTH as f32 * 0.5, (k / WIDTH) as f32 + 0.5 - HEIGHT as f32 * 0.5);
        let z = passes.depth[k];
        let here = glam::Vec3::new(x * z / focal, -y * z / focal, -z);
        if scene.faces.iter().any(|f| (turn * (f.at - scene.camera.eye) - here).length() < 0.12) {
            faces.push(screen(picture.y[k]));
        }
        for (dx, dy) in [(-5, 0), (5, 0), (0, -5), (0, 5)] {
            let (x, y) = ((k % WIDTH) as i32 + dx, (k / WIDTH) as i32 + dy);
            if (0..WIDTH as i32).contains(&x) && (0..HEIGHT as i32).contains(&y) {
                near[y as usize * WIDTH + x as usize] = true;
            }
        }
    }
    let around: Vec<f32> = (0..near.len()).filter(|k| near[*k] && passes.id[*k] == 0).map(|k| screen(picture.y[k])).collect();
    let faces = sorted(faces.into_iter());
    Measured {
        middle: at(&all, 0.5),
        bright: at(&all, 0.95),
        black: share(&all, &|v| v < 0.035),
        burnt: share(&all, &|v| v > 0.97),
        pixels: faces.len(),
        face: mean(&faces),
        range: at(&faces, 0.9) - at(&faces, 0.1),
        face_burnt: share(&faces, &|v| v > 0.95),
        body: mean(&bodies),
        around: mean(&around),
    }
}

fn sorted(values: impl Iterator<Item = f32>) -> Vec<f32> {
    let mut values: Vec<f32> = values.collect();
    values.sort_by(f32::total_cmp);
    values
}

fn prompt(place: usize, hour: usize, weather: usize) -> String {
    let (_, who, place) = PLACES[place];
    format!("{who} {place} {} {}", HOURS[hour], WEATHERS[weather])
}

/// Draws combinations of place, hour and weather, in parallel, in order.
fn draw_all(kinora: &Kinora, which: &[[usize; 3]]) -> Vec<(Yuv420, Measured)> {
    let next = AtomicUsize::new(0);
    let mut drawn: Vec<(usize, _)> = std::thread::scope(|scope| {
        let work = || {
            let mut mine = Vec::new();
            loop {
                let k = next.fetch_add(1, Ordering::Relaxed);
                let Some([place, hour, weather]) = which.get(k) else { break mine };
                mine.push((k, draw(kinora, &prompt(*place, *hour, *weather))));
            }
        };
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|t| t.join().expect("drawn")).collect()
    });
    drawn.sort_by_key(|(k, _)| *k);
    drawn.into_iter().map(|(_, d)| d).collect()
}

#[test]
fn faces_are_read_and_nothing_drowns_or_burns() {
    let kinora = Kinora::new(&Machine::new(Some(1))).expect("a kinora");
    if let Ok(folder) = std::env::var("KINORA_SWEEP") {
        return sweep(&kinora, std::path::Path::new(&folder));
    }
    // Each place once, each hour twice, each weather once or twice.
    let sample: Vec<[usize; 3]> = (0..PLACES.len()).map(|k| [k, (k * 2 + k / 5) % HOURS.len(), k * 5 % WEATHERS.len()]).collect();
    let mut faults = String::new();
    for ([place, hour, weather], (_, m)) in sample.iter().zip(draw_all(&kinora, &sample)) {
        if let Some(fault) = m.fault() {
            writeln!(faults, "{}: {fault}", prompt(*place, *hour, *weather)).expect("written");
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

/// Draws everything.
fn sweep(kinora: &Kinora, folder: &std::path::Path) {
    std::fs::create_dir_all(folder).expect("a folder");
    let only = std::env::var("KINORA_SWEEP_ONLY").unwrap_or_default();
    let mut table = "place\thour\tweather\tmiddle\tbright\tblack\tburnt\tpixels\tface\trange\tface_burnt\tbody\taround\n".to_owned();
    for (place, (name, ..)) in PLACES.iter().enumerate().filter(|(_, p)| p.0.contains(&only)) {
        let which: Vec<[usize; 3]> = (0..WEATHERS.len()).flat_map(|w| (0..HOURS.len()).map(move |h| [place, h, w])).collect();
        let drawn = draw_all(kinora, &which);
        for ([_, hour, weather], (_, m)) in which.iter().zip(&drawn) {
            let (hour, weather) = (HOURS[*hour], WEATHERS[*weather]);
            let Measured { middle, bright, black, burnt, pixels, face, range, face_burnt, body, around } = m;
            writeln!(table, "{name}\t{hour}\t{weather}\t{middle:.3}\t{bright:.3}\t{black:.3}\t{burnt:.3}\t{pixels}\t{face:.3}\t{range:.3}\t{face_burnt:.3}\t{body:.3}\t{around:.3}").expect("written");
        }
        let pictures: Vec<(String, Rgb8)> = which
            .iter()
            .zip(&drawn)
            .map(|([_, h, w], (p, m))| (format!("{} {:.2}", prompt(place, *h, *w).split_once(PLACES[place].2).map_or("", |p| p.1), m.face), p.to_rgb()))
            .collect();
        let labelled: Vec<(String, &Rgb8)> = pictures.iter().map(|(l, p)| (l.clone(), p)).collect();
        let sheet = kinora::film::sheet::labelled_sheet(&labelled, HOURS.len());
        std::fs::write(folder.join(format!("{name}.png")), sheet.to_png().expect("PNG")).expect("written");
        std::fs::write(folder.join(format!("{name}.tsv")), &table).expect("written");
    }
    println!("{table}");
}
