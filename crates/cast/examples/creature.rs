//! Renders an animal to a PNG file, to look at: `creature WORD OUT.png [MOTION] [colour=blue]`.
//! Above: three quarters, profile, head. Below: eight moments of the motion, followed from the side.

use glam::Vec3;
use kinora_base::picture::Rgb8;
use kinora_base::{LinearRgb, Seed};
use kinora_cast::{Act, BodyPose, Character, Script, Surroundings, character, perform, pose, world_from_object};
use kinora_plan::{Role, RoleKind, Traits};
use kinora_render::scene::{Bounds, Camera, Instance, Light, Material, Mesh, Part, ParticleKind, Relief, Scene};
use kinora_render::{Renderer, Settings, SimdLevel};
use kinora_vocabulary::{Kind, Vocabulary};
use std::sync::Arc;

struct Flat;

impl Surroundings for Flat {}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let arg = |i: usize, or: &str| args.get(i).cloned().unwrap_or_else(|| or.to_owned());
    let (word, out, motion) = (arg(0, "fox"), arg(1, "creature.png"), arg(2, "walk"));
    let colour = args.iter().find_map(|a| a.strip_prefix("colour=").map(str::to_owned));
    let role = Role {
        id: word.clone(),
        kind: RoleKind::Creature,
        word: word.clone(),
        name: None,
        count: 1,
        traits: Traits { colour, ..Traits::default() },
        voice: None,
        model: None,
        span: None,
    };
    // Read beside the binary, so that a file can be tried without building again.
    let file = std::fs::read_to_string(format!("assets/creatures/{word}.ron")).unwrap_or_default();
    let mut vocabulary = Vocabulary::builtin()?;
    if !file.is_empty() {
        vocabulary = vocabulary.with_files([(Kind::Creature, word.as_str(), file.as_str())])?;
    }
    let clock = std::time::Instant::now();
    let actor = character(&role, &vocabulary, Seed(1))?.output;
    let sizes: Vec<usize> = actor.levels.iter().map(|l| l.mesh.triangles.len()).collect();
    eprintln!("{:.0} ms; triangles {sizes:?}; height {:.2}, length {:.2}", clock.elapsed().as_secs_f32() * 1000.0, actor.height, actor.length);
    let air = if motion == "fly" || motion == "swim" { actor.height * 1.5 } else { 0.0 };
    let act = |motion: &str| {
        let travels = matches!(motion, "walk" | "run" | "fly" | "swim");
        Act {
            motion: motion.to_owned(),
            from: 10,
            to: 150,
            path: if travels { vec![Vec3::new(0.0, air, 60.0)] } else { Vec::new() },
            pace: 1.0,
            ..Act::default()
        }
    };
    let script = |motion: &str| Script { start: Vec3::new(0.0, air, 0.0), frames: 150, acts: vec![act(motion)], seed: 3, ..Script::default() };
    let clock = std::time::Instant::now();
    let moved = perform(&actor, &script(&motion), 30.0, &Flat);
    eprintln!("{motion}: 150 frames in {:.1} ms; {} noises", clock.elapsed().as_secs_f32() * 1000.0, moved.noises.len());
    let still = perform(&actor, &Script { start: Vec3::ZERO, ..script("stand") }, 30.0, &Flat);
    let size = actor.length.max(actor.height);
    let mut picture = Rgb8::new(1320, 820);
    let now = &still.poses[40];
    let body = |pose: &BodyPose| pose.root + Vec3::new(0.0, actor.height * 0.48, 0.0);
    picture.paste(&shoot(&actor, now, body(now), Vec3::new(0.62, 0.22, 0.8), size * 0.62, 520, 420), 0, 0);
    picture.paste(&shoot(&actor, now, body(now), Vec3::new(1.0, 0.1, 0.03), size * 0.58, 460, 420), 520, 0);
    let eyes = now.landmarks.eyes - Vec3::Y * actor.height * 0.02;
    picture.paste(&shoot(&actor, now, eyes, Vec3::new(0.5, 0.1, 1.0), actor.height * 0.26, 340, 420), 980, 0);
    // What goes on and on is seen in a stride, what is done once from beginning to end.
    let spread = if matches!(motion.as_str(), "walk" | "run" | "fly" | "swim") { (60, 3) } else { (12, 13) };
    for i in 0..8 {
        let now = &moved.poses[spread.0 + i * spread.1];
        picture.paste(&shoot(&actor, now, body(now), Vec3::new(1.0, 0.15, 0.25), size * 0.52, 330, 200), (i % 4) * 330, 420 + (i / 4) * 200);
    }
    std::fs::write(out, picture.to_png()?)?;
    Ok(())
}

fn shoot(actor: &Character, now: &BodyPose, aim: Vec3, from: Vec3, half: f32, width: usize, height: usize) -> Rgb8 {
    let level = usize::from(width < 340);
    let body = Instance {
        mesh: actor.levels[level].mesh.clone(),
        materials: actor.materials.clone(),
        world_from_object: world_from_object(actor, now),
        previous_world_from_object: world_from_object(actor, now),
        pose: Some(Arc::new(pose(actor, level, &[], now, now))),
        id: 1,
        casts_shadow: true,
        sway: 0.0,
    };
    let away = (half * 4.5).max(0.8);
    let camera = Camera::looking(aim + from.normalize() * away, aim, 2.0 * kinora_base::maths::atan(half * height as f32 / width as f32 / away));
    let light = Light {
        sun_direction: Vec3::new(0.75, 0.62, 0.42).normalize(),
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
        moving: vec![body],
        puffs: Vec::new(),
        wakes: Vec::new(),
        faces: Vec::new(),
        look: None,
        particle_kind: ParticleKind::Dust,
        particles: Vec::new(),
        interest: (aim, half * 1.6),
        time: 0.0,
    };
    Renderer::new(Settings { width, height, simd: SimdLevel::Detect, passes: false }).render(&scene).picture.to_rgb()
}

fn floor() -> Instance {
    let corner = |x: f32, z: f32| Vec3::new(x * 90.0, 0.0, z * 90.0);
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
