//! Renders people to PNG files, to look at: `portrait WORD MOTION,MOTION OUT.png [figure|face|faces|strip] [SEED] [key=value ...]`.
//! Traits: hair=red style=bun skin=deep colour=blue age=old build=heavy wear=coat:red mood=happy frame=20 assets=FOLDER.

use glam::{Affine3A, Vec3};
use kinora_base::picture::Rgb8;
use kinora_base::{LinearRgb, Seed};
use kinora_cast::{Act, BodyPose, Character, InHand, Mouth, Script, Surroundings, character, perform, pose, world_from_object};
use kinora_plan::{Garment, Role, RoleKind, Traits};
use kinora_render::scene::{Bounds, Camera, Instance, Light, Material, Mesh, Part, ParticleKind, Relief, Scene};
use kinora_render::{Renderer, Settings, SimdLevel};
use kinora_vocabulary::{Kind, Vocabulary};
use std::sync::Arc;

struct Studio {
    talking: bool,
    gaze: Option<Vec3>,
}

impl Surroundings for Studio {
    fn gaze(&self, _frame: usize) -> Option<Vec3> {
        self.gaze
    }
    fn mouth(&self, frame: usize) -> Option<Mouth> {
        let shapes = [[0.0, 0.0, 0.0, 1.0], [0.8, 0.1, 0.0, 0.0], [0.3, 0.7, 0.0, 0.0], [0.4, -0.5, 0.8, 0.0]];
        let [jaw, wide, round, close] = shapes[frame / 4 % 4];
        self.talking.then_some(Mouth { jaw, wide, round, close })
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let arg = |i: usize, or: &str| args.get(i).cloned().unwrap_or_else(|| or.to_owned());
    let (word, motion, out, view) = (arg(0, "woman"), arg(1, "stand"), arg(2, "portrait.png"), arg(3, "figure"));
    let seed: u64 = arg(4, "1").parse()?;
    let option = |key: &str| args.iter().find_map(|a| a.strip_prefix(&format!("{key}=")).map(str::to_owned));
    let mut traits = Traits {
        hair: option("hair"),
        hair_style: option("style"),
        skin: option("skin"),
        colour: option("colour"),
        age: option("age"),
        build: option("build"),
        ..Traits::default()
    };
    for worn in args.iter().filter_map(|a| a.strip_prefix("wear=")) {
        let (word, colour) = worn.split_once(':').map_or((worn, None), |(w, c)| (w, Some(c.to_owned())));
        traits.clothes.push(Garment { word: word.to_owned(), colour });
    }
    let role = Role { id: word.clone(), kind: RoleKind::Person, word, name: None, count: 1, traits, voice: None, model: None, span: None };
    let vocabulary = with_folder(Vocabulary::builtin()?, option("assets"))?;
    let clock = std::time::Instant::now();
    let made = character(&role, &vocabulary, Seed(seed))?;
    for warning in &made.warnings {
        eprintln!("{}", warning.message);
    }
    let actor = made.output;
    let sizes: Vec<usize> = actor.levels.iter().map(|l| l.mesh.triangles.len()).collect();
    for level in &actor.levels {
        eprintln!("{:?}", level.mesh.parts.iter().map(|p| (p.material, p.count)).collect::<Vec<_>>());
    }
    eprintln!("{:.0} ms; triangles {sizes:?}; height {:.2}", clock.elapsed().as_secs_f32() * 1000.0, actor.height);
    let frames = 120;
    let rows: Vec<Rgb8> = motion.split(',').map(|m| row(&actor, m, &view, frames, &option)).collect();
    let mut picture = Rgb8::new(rows[0].width, rows.iter().map(|r| r.height).sum());
    let mut y = 0;
    for row in &rows {
        picture.paste(row, 0, y);
        y += row.height;
    }
    std::fs::write(out, picture.to_png()?)?;
    Ok(())
}

/// The people, garments and colours of a folder, over those built in: to look at a file without building.
fn with_folder(vocabulary: Vocabulary, folder: Option<String>) -> Result<Vocabulary, Box<dyn std::error::Error>> {
    let Some(folder) = folder else { return Ok(vocabulary) };
    let mut files = Vec::new();
    for (kind, name) in [(Kind::Person, "people"), (Kind::Garment, "garments"), (Kind::Colour, "colours")] {
        for entry in std::fs::read_dir(std::path::Path::new(&folder).join(name))? {
            let path = entry?.path();
            let id = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            files.push((kind, id, std::fs::read_to_string(path)?));
        }
    }
    Ok(vocabulary.with_files(files.iter().map(|(k, id, text)| (*k, id.as_str(), text.as_str())))?)
}

/// The picture of one motion.
fn row(actor: &Character, motion: &str, view: &str, frames: usize, option: &dyn Fn(&str) -> Option<String>) -> Rgb8 {
    let script = script(actor, motion, frames, option("mood").unwrap_or_default());
    let gaze = option("gaze").map(|g| if g == "left" { Vec3::new(2.0, 1.4, 1.5) } else { Vec3::new(0.0, 1.5, 4.0) });
    let world = Studio { talking: motion == "talk", gaze };
    let clock = std::time::Instant::now();
    let acted = perform(actor, &script, 30.0, &world);
    eprintln!("{motion}: {frames} frames in {:.1} ms; {} noises", clock.elapsed().as_secs_f32() * 1000.0, acted.noises.len());
    for (level, mesh) in actor.levels.iter().enumerate() {
        let clock = std::time::Instant::now();
        let turns = 20;
        (0..turns).for_each(|k| drop(std::hint::black_box(pose(actor, level, &[], &acted.poses[40 + k], &acted.poses[39 + k]))));
        eprintln!("level {level}: {} vertices posed in {:.2} ms", mesh.mesh.positions.len(), clock.elapsed().as_secs_f32() * 1000.0 / turns as f32);
    }
    let number = |key: &str, or: usize| option(key).and_then(|f| f.parse().ok()).unwrap_or(or);
    let (frame, side) = (number("frame", 40), option("side").is_some());
    let at = |i: usize| &acted.poses[(frame + i * number("step", 5)).min(frames - 1)];
    match view {
        "face" => shoot(actor, &[at(0)], 0.42, side, 560, 560),
        "faces" => shoot(actor, &[at(0), at(1), at(2), at(3)], 0.42, side, 1400, 400),
        "wide" => shoot(actor, &[at(0)], 0.52, side, 1280, 720),
        "hands" => {
            let (l, r) = (at(0).landmarks.hands[0], at(0).landmarks.hands[1]);
            let h = if option("left").is_some() { l } else { r };
            aimed(actor, at(0), h, 0.34, side, 560, 560)
        }
        "strip" => shoot(actor, &(0..8).map(at).collect::<Vec<_>>(), actor.height, side, 1500, 330),
        _ => shoot(actor, &[at(0)], actor.height, side, 460, 640),
    }
}

fn script(actor: &Character, motion: &str, frames: usize, mood: String) -> Script {
    let far = actor.walk_speed * 20.0;
    let mut act = Act { motion: motion.to_owned(), from: 1, to: frames, pace: 1.0, ..Act::default() };
    match motion {
        "walk" | "run" => act.path = vec![Vec3::new(0.0, 0.0, far)],
        "swim" => act.path = vec![Vec3::new(0.0, 0.0, 0.0), Vec3::new(0.0, 0.0, far)],
        "turn" => act.face = Some(2.5),
        "bench" => (act.motion, act.seat) = ("sit".into(), Some(Vec3::new(0.0, 0.45, -0.27))),
        "cup" | "umbrella" => act.motion = "stand".into(),
        _ => {}
    }
    let held = if matches!(motion, "cup" | "umbrella") { vec![InHand::always(motion)] } else { Vec::new() };
    let mut acts = vec![act.clone()];
    if motion == "read" {
        acts.insert(0, Act { motion: "sit".into(), from: 0, to: frames, seat: Some(Vec3::new(0.0, 0.45, -0.27)), ..Act::default() });
    }
    if motion == "walkwave" {
        acts[0].motion = "walk".into();
        acts[0].path = vec![Vec3::new(0.0, 0.0, far)];
        acts.push(Act { motion: "wave".into(), ..act });
    }
    Script { frames, acts, held, mood, seed: 3, ..Script::default() }
}

/// One picture of a point of a pose.
fn aimed(actor: &Character, pose: &BodyPose, at: Vec3, tall: f32, side: bool, width: usize, height: usize) -> Rgb8 {
    picture(actor, &[pose], tall, side, width, height, Some(at - Vec3::new(pose.root.x, 0.0, pose.root.z)))
}

fn shoot(actor: &Character, poses: &[&BodyPose], tall: f32, side: bool, width: usize, height: usize) -> Rgb8 {
    picture(actor, poses, tall, side, width, height, None)
}

/// One picture of one pose, or of several side by side.
fn picture(actor: &Character, poses: &[&BodyPose], tall: f32, side: bool, width: usize, height: usize, point: Option<Vec3>) -> Rgb8 {
    let face = tall < 0.6 * actor.height;
    let middle = (poses.len() as f32 - 1.0) * 0.5;
    let level = if poses.len() > 1 && !face { 1 } else { 0 };
    let mut moving = Vec::new();
    for (i, now) in poses.iter().enumerate() {
        let shift = Vec3::new((i as f32 - middle) * if face { 0.46 } else { 0.62 * actor.height }, 0.0, 0.0) - Vec3::new(now.root.x, 0.0, now.root.z);
        let turn = if side { Affine3A::from_rotation_y(1.2) } else { Affine3A::from_rotation_y(0.0) };
        let mut place = world_from_object(actor, now);
        place.translation = glam::Vec3A::ZERO;
        let place = Affine3A::from_translation(shift + now.root) * turn * place;
        moving.push(Instance {
            mesh: actor.levels[level].mesh.clone(),
            materials: actor.materials.clone(),
            world_from_object: place,
            previous_world_from_object: place,
            pose: Some(Arc::new(pose(actor, level, &[], now, now))),
            id: 1,
            casts_shadow: true,
            sway: 0.0,
        });
    }
    let eyes = poses[0].landmarks.eyes - Vec3::new(poses[0].root.x, 0.0, poses[0].root.z);
    let aim = if let Some(point) = point {
        point
    } else if face {
        eyes - Vec3::Y * 0.03
    } else {
        Vec3::new(0.0, tall * 0.5, 0.0)
    };
    let away = if face { 1.3 } else { tall * 3.4 };
    let eye = aim + Vec3::new(away * 0.12, if face { 0.02 } else { 0.1 }, away);
    let fov = 2.0 * kinora_base::maths::atan(tall * 0.62 / away);
    let camera = Camera::looking(eye, aim, fov);
    let light = Light {
        sun_direction: Vec3::new(0.55, 0.62, 0.62).normalize(),
        sun: LinearRgb(2.85, 2.4, 1.85),
        sun_size: 0.10,
        exposure: 0.80,
        fog: 0.0,
        zenith: LinearRgb(0.30, 0.38, 0.50),
        horizon: LinearRgb(0.55, 0.58, 0.60),
        ground: LinearRgb(0.25, 0.22, 0.18),
        indoors: true,
        clouds: 0.0,
        disc: 0.0,
        ..Light::default()
    };
    let scene = Scene {
        camera,
        previous_camera: camera,
        light,
        lamps: Vec::new(),
        still: Arc::from([floor()]),
        moving,
        puffs: Vec::new(),
        wakes: Vec::new(),
        faces: Vec::new(),
        look: None,
        particle_kind: ParticleKind::Dust,
        particles: Vec::new(),
        interest: (aim, tall * 1.4 * (middle + 1.0)),
        time: 0.0,
    };
    Renderer::new(Settings { width, height, simd: SimdLevel::Detect, passes: false }).render(&scene).picture.to_rgb()
}

fn floor() -> Instance {
    let corner = |x: f32, z: f32| Vec3::new(x * 40.0, 0.0, z * 40.0);
    let positions = vec![corner(-1.0, -1.0), corner(-1.0, 1.0), corner(1.0, 1.0), corner(1.0, -1.0)];
    let mesh = Mesh {
        normals: vec![Vec3::Y; 4],
        triangles: vec![[0, 1, 2], [0, 2, 3]],
        parts: vec![Part { material: 0, first: 0, count: 2 }],
        bounds: Bounds::around(&positions),
        positions,
        ..Mesh::default()
    };
    let material = Material { colour: LinearRgb(0.36, 0.40, 0.38), relief: Relief::None, mottle: 0.0, ..Material::default() };
    Instance::ground(mesh, material)
}
