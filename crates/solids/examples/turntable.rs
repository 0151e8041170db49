//! Shows things of the vocabulary: `turntable OUT.png prop:oak vehicle:car ...` draws a row a thing, from three sides,
//! and prints triangles and milliseconds a level. With `figures` in place of a file it only prints.

use glam::{Affine3A, Vec2, Vec3};
use kinora_base::LinearRgb;
use kinora_base::maths::{cos, sin};
use kinora_base::picture::Rgb8;
use kinora_render::scene::{Camera, Instance, Lamp, Light, ParticleKind, Scene};
use kinora_render::{Renderer, Settings, SimdLevel};
use kinora_solids::facts::{PropFacts, VehicleFacts};
use kinora_solids::{Finish, Model, build, build_solids, materials, primitives};
use kinora_vocabulary::{Asset, Kind, Vocabulary};
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// Pixels of one picture.
const SIZE: (usize, usize) = (420, 420);

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().ok_or("turntable OUT.png KIND:NAME...")?;
    let vocabulary = vocabulary()?;
    let mut rows = Vec::new();
    for word in arguments {
        let (kind, id) = word.split_once(':').unwrap_or(("prop", &word));
        let kind = if kind == "vehicle" { Kind::Vehicle } else { Kind::Prop };
        let asset = vocabulary.get(kind, id).ok_or_else(|| format!("no {word}"))?;
        let clock = Instant::now();
        let model = build(asset, &vocabulary, &Finish { seed: 1, ..Finish::default() })?;
        let triangles: Vec<usize> = model.levels.iter().map(|l| l.mesh.triangles.len()).collect();
        println!("{word}: triangles {triangles:?}, {:.1} ms, high {:.2} m", clock.elapsed().as_secs_f64() * 1000.0, model.bounds.high.y);
        if out != "figures" {
            rows.push(row(asset, &model, &vocabulary)?);
        }
    }
    if out != "figures" {
        std::fs::write(&out, sheet(&rows).to_png()?)?;
    }
    Ok(())
}

/// The files of the folder, so that a look needs no new build.
fn vocabulary() -> Result<Vocabulary, Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets");
    let mut files = Vec::new();
    for (kind, folder) in Kind::ALL {
        let Ok(entries) = std::fs::read_dir(root.join(folder)) else { continue };
        for entry in entries {
            let path = entry?.path();
            if let Some(id) = path.file_stem().and_then(|s| s.to_str()) {
                files.push((kind, id.to_owned(), std::fs::read_to_string(&path)?));
            }
        }
    }
    Ok(Vocabulary::from_files(files.iter().map(|(k, i, t)| (*k, i.as_str(), t.as_str())))?)
}

fn row(asset: &Asset, model: &Model, vocabulary: &Vocabulary) -> Result<Vec<Rgb8>, Box<dyn Error>> {
    let mut still = vec![ground(vocabulary, model)?];
    still.push(model.instance(0, Affine3A::IDENTITY, 1));
    let mut lamps = Vec::new();
    if let Some(facts) = asset.section::<VehicleFacts>("vehicle")? {
        let wheel = build_solids(&facts.wheel, vocabulary, &Finish::default())?;
        still.extend(facts.wheels.iter().map(|at| wheel.instance(0, Affine3A::from_translation(Vec3::from(*at)), 1)));
        for rotor in &facts.rotors {
            let one = build_solids(&rotor.of, vocabulary, &Finish::default())?;
            still.extend(rotor.at.iter().map(|at| one.instance(0, Affine3A::from_translation(Vec3::from(*at)), 1)));
        }
    }
    if let Some((at, colour, reach)) = asset.section::<PropFacts>("prop")?.and_then(|f| f.lamp) {
        lamps.push(Lamp { position: Vec3::from(at), colour: LinearRgb::from_vec(Vec3::from(colour)), reach, clear: 0.3, beam: None });
    }
    let still: Arc<[Instance]> = Arc::from(still);
    let mut renderer = Renderer::new(Settings { width: SIZE.0, height: SIZE.1, simd: SimdLevel::Detect, passes: false });
    let (centre, radius) = (model.bounds.centre(), model.bounds.radius());
    Ok([(0.55f32, 0, 0.3f32), (2.4, 0, 0.2), (-0.9, 1, 0.6)]
        .iter()
        .map(|(angle, level, rise)| {
            let away = Vec3::new(sin(*angle), *rise, cos(*angle)).normalize() * radius * 3.3;
            let mut shown = still.to_vec();
            shown[1] = model.instance(*level, Affine3A::IDENTITY, 1);
            let camera = Camera::looking(centre + away, centre, 0.65);
            let scene = Scene {
                camera,
                previous_camera: camera,
                light: light(),
                lamps: lamps.clone(),
                still: Arc::from(shown),
                moving: Vec::new(),
                look: None,
                particle_kind: ParticleKind::Dust,
                particles: Vec::new(),
                puffs: Vec::new(),
                wakes: Vec::new(),
                faces: Vec::new(),
                interest: (centre, radius * 1.5),
                time: 0.0,
            };
            renderer.render(&scene).picture.to_rgb()
        })
        .collect())
}

fn ground(vocabulary: &Vocabulary, model: &Model) -> Result<Instance, Box<dyn Error>> {
    let half = Vec2::splat(model.bounds.radius() * 12.0);
    let low = model.bounds.low.y.min(0.0);
    let mesh = primitives::sheet(half, 8, |_, _| low);
    let model = Model::new(vec![mesh], vec![materials::named(vocabulary, "plaster", Some(LinearRgb(0.30, 0.31, 0.28)))?]);
    Ok(model.instance(0, Affine3A::IDENTITY, 0))
}

fn light() -> Light {
    Light { sun_direction: Vec3::new(0.55, 0.6, 0.55).normalize(), sun: LinearRgb(3.4, 3.0, 2.5), ..Light::default() }
}

fn sheet(rows: &[Vec<Rgb8>]) -> Rgb8 {
    let columns = 2;
    let mut out = Rgb8::new(SIZE.0 * 3 * columns.min(rows.len().max(1)), SIZE.1 * rows.len().div_ceil(columns));
    for (r, row) in rows.iter().enumerate() {
        for (c, picture) in row.iter().enumerate() {
            for y in 0..picture.height {
                for x in 0..picture.width {
                    out.set(((r % columns) * 3 + c) * SIZE.0 + x, (r / columns) * SIZE.1 + y, picture.get(x, y));
                }
            }
        }
    }
    out
}
