//! Contact sheets of motions, a row each: `motions OUT.png SPEC ... [key=value ...]`. A SPEC is a motion, with `:THING` in the
//! hand, `@seat`, `@bed`, `@wall`, `@post` or `@rail` (to lean on) or `@chair` (sits on a chair meanwhile), `/` (it has a path ahead), `^` (a path upwards):
//! `drink:cup@chair`. `after=walk` makes another act follow.
//! `hand=right` (or left) draws one close picture of that hand for each SPEC, at `from`, seen from `turn` about it and `above`.
//! Options: size=1 (of what is in the hand) who=woman figure=hero.vrm from=0 step=0.5 count=7 turn=0.6 aim=x,y,z mood=happy begun=1 (the act begins before the film) wind=1 (towards +x, a breeze). Files
//! of the folders `assets/motions` and `assets/props` are read when it runs.

use glam::{Affine3A, Vec3, Vec3A};
use kinora_base::picture::Rgb8;
use kinora_base::{LinearRgb, Seed};
use kinora_cast::{Act, BodyPose, Character, Company, InHand, Script, Support, Surroundings, character, perform, pose, world_from_object};
use kinora_plan::{ModelFile, Role, RoleKind, Traits};
use kinora_render::scene::{Bounds, Camera, Instance, Light, Material, Mesh, Part, ParticleKind, Relief, Scene};
use kinora_render::{Renderer, Settings, SimdLevel};
use kinora_solids::Finish;
use kinora_vocabulary::{Kind, Vocabulary};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

struct Studio(Light);

impl Surroundings for Studio {
    fn air(&self, at: Vec3, frame: usize) -> Vec3 {
        self.0.air(at, frame as f32 / FPS)
    }
}

#[derive(Deserialize)]
struct Facts {
    #[serde(default)]
    grip: Option<(f32, f32, f32)>,
}

const FPS: f32 = 30.0;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let out = args.first().cloned().unwrap_or_else(|| "motions.png".into());
    let option = |key: &str| args.iter().find_map(|a| a.strip_prefix(&format!("{key}=")).map(str::to_owned));
    let number = |key: &str, or: f32| option(key).and_then(|v| v.parse().ok()).unwrap_or(or);
    let vocabulary = vocabulary()?;
    let word = option("who").unwrap_or_else(|| "woman".into());
    let kind = if vocabulary.get(Kind::Person, &word).is_some() { RoleKind::Person } else { RoleKind::Creature };
    let role = Role { id: word.clone(), kind, word, name: None, count: 1, traits: Traits::default(), voice: None, model: None, span: None };
    let actor = match option("figure") {
        Some(file) => figure(&file, role, &vocabulary)?,
        None => character(&role, &vocabulary, Seed(1))?.output,
    };
    let (from, step, count) = (number("from", 0.0), number("step", 0.5), number("count", 7.0) as usize);
    let studio = Studio(Light { wind: Light::default().wind * number("wind", 0.0), ..Light::default() });
    let mut rows = Vec::new();
    for spec in args.iter().skip(1).filter(|a| !a.contains('=')) {
        let name = spec.split([':', '@', '/', '^']).next().unwrap_or("stand");
        let after = |sign: char| spec.split_once(sign).map(|(_, rest)| rest.split([':', '@', '/', '^']).next().unwrap_or("").to_owned());
        let frames = ((from + step * count as f32) * FPS) as usize + 40;
        let begin = if option("begun").is_some() { 0 } else { 6 };
        let end = option("after").map_or(frames, |_| frames / 2);
        let mut act = Act { motion: name.to_owned(), from: begin, to: end, pace: 1.0, ..Act::default() };
        if spec.contains('/') {
            act.path = vec![Vec3::new(0.0, 0.0, 12.0)];
        }
        if spec.contains('^') {
            act.path = vec![Vec3::new(0.0, 9.0, 0.0)];
        }
        act.aim = option("aim").map(|a| {
            let n: Vec<f32> = a.split(',').filter_map(|x| x.parse().ok()).collect();
            Vec3::new(n[0], n[1], n[2])
        });
        let mut acts = vec![act];
        let mut block = None;
        match after('@').as_deref() {
            Some("seat") => {
                acts[0].seat = Some(Vec3::new(0.0, 0.45, -0.27));
                block = Some((Vec3::new(0.0, 0.225, -0.35), Vec3::new(0.25, 0.225, 0.22)));
            }
            Some("bed") => {
                acts[0].seat = Some(Vec3::new(-0.95, 0.5, 0.0));
                acts[0].face = Some(0.0);
                block = Some((Vec3::new(-0.95, 0.25, 0.0), Vec3::new(0.6, 0.25, 1.05)));
            }
            // Behind, on the left, and before, 1.05 m high.
            Some("wall") => {
                acts[0].support = Some(Support::plane(Vec3::ZERO, 0.0, 2.2));
                (acts[0].face, block) = (Some(0.0), Some((Vec3::new(0.0, 1.1, -0.1), Vec3::new(0.6, 1.1, 0.1))));
            }
            Some("post") => {
                acts[0].support = Some(Support::plane(Vec3::ZERO, -std::f32::consts::FRAC_PI_2, 2.2));
                (acts[0].face, block) = (Some(0.0), Some((Vec3::new(0.05, 1.1, 0.0), Vec3::new(0.05, 1.1, 0.05))));
            }
            Some("rail") => {
                let profile = (0..26).map(|k| if k > 23 { 0.0 } else { 2.0 * Support::NOTHING }).collect();
                acts[0].support = Some(Support { at: Vec3::ZERO, facing: std::f32::consts::PI, profile, top: 1.05 });
                (acts[0].face, block) = (Some(0.0), Some((Vec3::new(0.0, 1.02, 0.05), Vec3::new(0.6, 0.03, 0.05))));
            }
            Some("chair") => {
                acts.insert(0, Act { motion: "sit".into(), from: 0, to: frames, seat: Some(Vec3::new(0.0, 0.45, -0.27)), ..Act::default() });
                block = Some((Vec3::new(0.0, 0.225, -0.30), Vec3::new(0.22, 0.225, 0.2)));
            }
            _ => {}
        }
        if let Some(next) = option("after") {
            acts.push(Act { motion: next, from: end, to: frames, path: vec![Vec3::new(0.0, 0.0, 4.0)], pace: 1.0, ..Act::default() });
        }
        let size = number("size", 1.0);
        let held = after(':').map(|thing| InHand { size, ..InHand::always(&thing) }).into_iter().collect();
        let script = Script { frames, acts, held, mood: option("mood").unwrap_or_default(), seed: 3, ..Script::default() };
        let clock = std::time::Instant::now();
        let acted = perform(&actor, &script, FPS, &studio);
        eprintln!("{spec}: {frames} frames in {:.1} ms", clock.elapsed().as_secs_f32() * 1000.0);
        let held = after(':').and_then(|w| thing(&vocabulary, &w)).map(|model| (model, size));
        let poses: Vec<&BodyPose> = (0..count).map(|i| &acted.poses[((from + step * i as f32) * FPS) as usize]).collect();
        let gear: Vec<_> = acted.gear.iter().map(|g| piece(&vocabulary, g)).collect();
        if let Some(side) = option("hand") {
            let view = (usize::from(side == "right"), number("turn", 0.6), number("above", 0.25), number("near", 0.5));
            rows.push(close(&actor, poses[0], (held.as_ref(), &gear), view));
            continue;
        }
        rows.push(shoot(&actor, &poses, (held.as_ref(), &gear), block, number("turn", 0.6), number("wide", 0.9), number("tall", 1.15)));
    }
    // Close pictures stand beside each other, four in a row.
    let across = if option("hand").is_some() { rows.len().min(4) } else { 1 };
    let (width, height) = (rows[0].width, rows[0].height);
    let mut picture = Rgb8::new(width * across, height * rows.len().div_ceil(across));
    for (k, row) in rows.iter().enumerate() {
        picture.paste(row, width * (k % across), height * (k / across));
    }
    std::fs::write(out, picture.to_png()?)?;
    Ok(())
}

/// The part played by somebody's own character.
fn figure(file: &str, role: Role, vocabulary: &Vocabulary) -> Result<Character, Box<dyn std::error::Error>> {
    let figure = kinora_gltf::read(&std::fs::read(file)?, &BTreeMap::new())?;
    let sha256 = "as read".to_owned();
    let company = Company::with(Arc::new(BTreeMap::from([(sha256.clone(), Arc::new(figure))])));
    let made = company.character(&Role { model: Some(ModelFile { file: file.to_owned(), sha256 }), ..role }, vocabulary, Seed(1))?;
    made.warnings.iter().for_each(|w| eprintln!("{}", w.message));
    Ok(made.output)
}

/// The built-in files, with those of `assets` over them.
fn vocabulary() -> Result<Vocabulary, Box<dyn std::error::Error>> {
    let mut files = Vec::new();
    for (kind, folder) in [(Kind::Motion, "assets/motions"), (Kind::Prop, "assets/props")] {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if let Some(id) = path.file_stem().and_then(|s| s.to_str()) {
                files.push((kind, id.to_owned(), std::fs::read_to_string(&path)?));
            }
        }
    }
    Ok(Vocabulary::builtin()?.with_files(files.iter().map(|(k, id, text)| (*k, id.as_str(), text.as_str())))?)
}

/// The model of a thing and where its grip is.
fn thing(vocabulary: &Vocabulary, word: &str) -> Option<(kinora_solids::Model, Vec3)> {
    let asset = vocabulary.get(Kind::Prop, word)?;
    let model = kinora_solids::build(asset, vocabulary, &Finish { seed: 1, ..Finish::default() }).ok()?;
    let text = asset.raw_sections().find(|(n, _)| *n == "prop").map(|(_, t)| t.to_owned()).unwrap_or_default();
    let grip = text.split_once("grip:").and_then(|(_, t)| t.split_once('(')).and_then(|(_, t)| t.split_once(')')).map(|(t, _)| {
        let n: Vec<f32> = t.split(',').filter_map(|x| x.trim().parse().ok()).collect();
        Facts { grip: Some((n[0], n[1], n[2])) }
    });
    Some((model, grip.and_then(|f| f.grip).map_or(Vec3::ZERO, |(x, y, z)| Vec3::new(x, y, z))))
}

type Block = Option<(Vec3, Vec3)>;

type Model = (kinora_solids::Model, Vec3);

/// Its model, where it is, its radius.
type Wheel = (kinora_solids::Model, Vec3, f32);

/// The model of a piece of gear, its grip, and the wheels of a vehicle.
fn piece(vocabulary: &Vocabulary, gear: &kinora_cast::GearPiece) -> Option<(Model, Vec<Wheel>)> {
    if let Some((model, grip)) = thing(vocabulary, &gear.thing) {
        return Some(((model, if gear.stands { Vec3::ZERO } else { grip }), Vec::new()));
    }
    let asset = vocabulary.get(Kind::Vehicle, &gear.thing)?;
    let finish = Finish { seed: 1, ..Finish::default() };
    let facts: Option<kinora_solids::facts::VehicleFacts> = asset.section("vehicle").ok().flatten();
    let model = kinora_solids::build(asset, vocabulary, &finish).ok()?;
    let wheels = facts.map(|f| {
        let one = || kinora_solids::build_solids(&f.wheel, vocabulary, &finish).ok();
        f.wheels.iter().filter_map(|(x, y, z)| Some((one()?, Vec3::new(*x, *y, *z), f.radius))).collect()
    });
    Some(((model, Vec3::ZERO), wheels.unwrap_or_default()))
}

/// What is in the hand, against its usual size, and the gear.
type Held<'a> = (Option<&'a (Model, f32)>, &'a [Option<(Model, Vec<(kinora_solids::Model, Vec3, f32)>)>]);

fn shoot(actor: &Character, poses: &[&BodyPose], (held, gear): Held<'_>, block: Block, turn: f32, wide: f32, tall: f32) -> Rgb8 {
    let middle = (poses.len() as f32 - 1.0) * 0.5;
    let spacing = wide * actor.height.max(0.5);
    let mut moving = Vec::new();
    let mut still = vec![floor()];
    for (i, now) in poses.iter().enumerate() {
        let root = Vec3::new(now.root.x, 0.0, now.root.z);
        let root = if block.is_some() { Vec3::ZERO } else { root };
        let place = |object: Affine3A| {
            Affine3A::from_translation(Vec3::X * (i as f32 - middle) * spacing) * Affine3A::from_rotation_y(turn) * Affine3A::from_translation(-root) * object
        };
        moving.extend(instances(actor, now, (held, gear), 1, &place));
        if let Some((at, half)) = block {
            let mut instance = boxed(half);
            instance.world_from_object = place(Affine3A::from_translation(at));
            instance.previous_world_from_object = instance.world_from_object;
            still.push(instance);
        }
    }
    let size = tall * actor.height;
    let (width, height) = ((spacing * poses.len() as f32 / size * 300.0) as usize, 300);
    let aim = Vec3::new(0.0, size * 0.44, 0.0);
    let away = size * 22.0;
    let camera = Camera::looking(aim + Vec3::new(0.0, size * 2.6, away), aim, 2.0 * kinora_base::maths::atan(size * 0.5 / away));
    render((moving, still), camera, (aim, spacing * (middle + 1.0)), (width, height))
}

/// A body with what it holds and what its motion brings along.
fn instances(actor: &Character, now: &BodyPose, (held, gear): Held<'_>, level: usize, place: &dyn Fn(Affine3A) -> Affine3A) -> Vec<Instance> {
    let level = level.min(actor.levels.len() - 1);
    let mut moving = Vec::new();
    let body = place(world_from_object(actor, now));
    moving.push(Instance {
        mesh: actor.levels[level].mesh.clone(),
        materials: actor.materials.clone(),
        world_from_object: body,
        previous_world_from_object: body,
        pose: Some(Arc::new(pose(actor, level, &[], now, now))),
        id: 1,
        casts_shadow: true,
        sway: 0.0,
    });
    if let Some(((model, grip), size)) = held {
        let l = &now.landmarks;
        let at = Affine3A::from_scale_rotation_translation(Vec3::splat(*size), l.grip_turn, l.grip) * Affine3A::from_translation(-*grip);
        moving.push(model.instance(0, place(at), 2));
    }
    for c in &now.carried {
        let Some((model, wheels)) = gear.get(usize::from(c.piece)).and_then(Option::as_ref) else { continue };
        let at = Affine3A::from_scale_rotation_translation(c.size, c.turn, c.at) * Affine3A::from_translation(-model.1);
        moving.push(model.0.instance(0, place(at), 2));
        for (wheel, hub, radius) in wheels {
            let spin = Affine3A::from_translation(*hub) * Affine3A::from_rotation_x(c.rolled / radius);
            moving.push(wheel.instance(0, place(at * spin), 2));
        }
    }
    moving
}

/// One hand from near by: which side, from where about it, how far above, how many metres the picture is high.
fn close(actor: &Character, now: &BodyPose, held: Held<'_>, (side, turn, above, near): (usize, f32, f32, f32)) -> Rgb8 {
    let aim = now.landmarks.hands[side];
    let (sin, cos) = (kinora_base::maths::sin(turn), kinora_base::maths::cos(turn));
    let away = near * 5.0;
    let eye = aim + now.turn * Vec3::new(sin * away, above * away, cos * away);
    let camera = Camera::looking(eye, aim, 2.0 * kinora_base::maths::atan(near * 0.5 / away));
    render((instances(actor, now, held, 0, &|object| object), vec![floor()]), camera, (aim, near), (380, 380))
}

fn render((moving, still): (Vec<Instance>, Vec<Instance>), camera: Camera, interest: (Vec3, f32), (width, height): (usize, usize)) -> Rgb8 {
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
        still: Arc::from(still),
        moving,
        puffs: Vec::new(),
        wakes: Vec::new(),
        faces: Vec::new(),
        look: None,
        particle_kind: ParticleKind::Dust,
        particles: Vec::new(),
        interest,
        time: 0.0,
    };
    Renderer::new(Settings { width, height, simd: SimdLevel::Detect, passes: false }).render(&scene).picture.to_rgb()
}

fn mesh(positions: Vec<Vec3>, normals: Vec<Vec3>, triangles: Vec<[u32; 3]>) -> Mesh {
    let count = triangles.len() as u32;
    Mesh { normals, triangles, parts: vec![Part { material: 0, first: 0, count }], bounds: Bounds::around(&positions), positions, ..Mesh::default() }
}

fn floor() -> Instance {
    let corner = |x: f32, z: f32| Vec3::new(x * 40.0, 0.0, z * 40.0);
    let positions = vec![corner(-1.0, -1.0), corner(-1.0, 1.0), corner(1.0, 1.0), corner(1.0, -1.0)];
    let material = Material { colour: LinearRgb(0.36, 0.40, 0.38), relief: Relief::None, mottle: 0.0, ..Material::default() };
    Instance::ground(mesh(positions, vec![Vec3::Y; 4], vec![[0, 1, 2], [0, 2, 3]]), material)
}

/// A plain box to sit or lie on.
fn boxed(half: Vec3) -> Instance {
    let (mut positions, mut normals, mut triangles) = (Vec::new(), Vec::new(), Vec::new());
    for (axis, sign) in (0..3).flat_map(|a| [(a, 1.0), (a, -1.0)]) {
        let n = [Vec3::X, Vec3::Y, Vec3::Z][axis] * sign;
        let u = [Vec3::Y, Vec3::Z, Vec3::X][axis];
        let v = n.cross(u);
        let first = positions.len() as u32;
        for (a, b) in [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)] {
            positions.push(Vec3::from(Vec3A::from(n + u * a + v * b) * Vec3A::from(half)));
            normals.push(n);
        }
        triangles.extend([[first, first + 1, first + 2], [first, first + 2, first + 3]]);
    }
    let material = Material { colour: LinearRgb(0.30, 0.22, 0.15), relief: Relief::None, mottle: 0.0, ..Material::default() };
    Instance::ground(mesh(positions, normals, triangles), material)
}
