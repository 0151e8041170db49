//! Any action on any body, with something in the hand, at any pace: joints bend as joints do, hands stay out of trunk and head,
//! nothing jumps, and feet that stand, stand. The same is asked of films by the judge (`crates/judge/src/acting.rs`), whose limits
//! these are.

use super::body::{CHEST, EYES, HEAD, HIPS, NECK, SHOULDERS, SPINE, THIGHS, arm, leg};
use super::tests::Flat;
use crate::{Act, Character, InHand, Script, character, joints_in_world, perform};
use glam::Vec3;
use kinora_base::Seed;
use kinora_plan::{Garment, Role, RoleKind, Traits};
use kinora_vocabulary::{Kind, Vocabulary};

const FPS: f32 = 30.0;
/// Frames of an act, and before it.
const ACTS: usize = 150;
const BEFORE: usize = 20;
/// What each of the bodies has in the hand.
const THINGS: [&str; 5] = ["cup", "ball", "book", "umbrella", "stick"];

fn body(word: &str, build: Option<&str>, garment: Option<&str>) -> Character {
    let clothes = garment.map(|g| Garment { word: g.into(), colour: None }).into_iter().collect();
    let traits = Traits { clothes, build: build.map(Into::into), ..Traits::default() };
    let role = Role { id: word.into(), kind: RoleKind::Person, word: word.into(), name: None, count: 1, traits, voice: None, model: None, span: None };
    let vocabulary = Vocabulary::builtin().expect("a good vocabulary");
    character(&role, &vocabulary, Seed(7)).expect("a person").output
}

fn degrees(a: Vec3, b: Vec3) -> f32 {
    a.angle_between(b).to_degrees()
}

/// How far beyond their limits joints are, degrees, each by its name.
fn beyond(at: &[Vec3]) -> Vec<(&'static str, f32)> {
    let mut all = Vec::new();
    let left = (at[THIGHS[0]] - at[THIGHS[1]]).normalize_or(Vec3::X);
    let up = at[SPINE] - at[HIPS];
    let up = (up - left * up.dot(left)).normalize_or(Vec3::Y);
    for (side, out) in [(0, 1.0), (1, -1.0)] {
        let (a, l) = (SHOULDERS[side], THIGHS[side]);
        let bend = |k: usize| degrees(at[k + 1] - at[k], at[k + 2] - at[k + 1]);
        let over = |angle: f32, low: f32, high: f32| (low - angle).max(angle - high);
        let (elbow, wrist, knee) = (bend(a + arm::UPPER), bend(a + arm::LOWER), bend(l));
        let hinge = (at[l + leg::SHIN] - at[l]).cross(at[l + leg::FOOT] - at[l + leg::SHIN]).normalize_or_zero().dot(left);
        let thigh = (at[l + leg::SHIN] - at[l]).normalize_or_zero();
        let aside = 90.0 - degrees(thigh, left * out);
        let forward = kinora_base::maths::atan2(thigh.dot(left.cross(up)), (-thigh.dot(up)).max(0.02)).to_degrees();
        let ankle = degrees(at[l + leg::SHIN] - at[l + leg::FOOT], at[l + leg::TOES] - at[l + leg::FOOT]);
        all.push(("elbow", over(elbow, 0.0, 155.0)));
        all.push(("wrist", over(wrist, 0.0, 90.0)));
        all.push(("knee", over(if hinge < -0.8 { -knee } else { knee }, -5.0, 162.0)));
        all.push(("ankle", over(ankle, 80.0, 180.0)));
        all.push(("hip aside", over(aside, -45.0, 90.0)));
        if aside.abs() < 50.0 {
            all.push(("hip forward", over(forward, -45.0, 160.0)));
        }
    }
    all.push(("waist", degrees(at[SPINE] - at[HIPS], at[CHEST] - at[SPINE]) - 60.0));
    all.push(("chest", degrees(at[CHEST] - at[SPINE], at[NECK] - at[CHEST]) - 60.0));
    all
}

/// How deep palms, finger tips and forearms are in the core of trunk and head, metres on an adult.
fn inside(at: &[Vec3]) -> f32 {
    let size = (at[SHOULDERS[0] + arm::UPPER].distance(at[SHOULDERS[1] + arm::UPPER]) / 0.30).clamp(0.2, 4.0);
    let core = [(HIPS, SPINE, 0.085), (SPINE, CHEST, 0.085), (HEAD, EYES[0], 0.05), (HEAD, EYES[1], 0.05)];
    let mut deepest = f32::MIN;
    for first in SHOULDERS {
        let palm = at[first + arm::HAND].lerp(at[first + arm::FINGERS], 0.8);
        let forearm = at[first + arm::LOWER].lerp(at[first + arm::HAND], 0.5);
        for point in [palm, at[first + arm::TIPS], forearm] {
            for (a, b, radius) in core {
                let along = at[b] - at[a];
                let t = ((point - at[a]).dot(along) / along.length_squared().max(1e-9)).clamp(0.0, 1.0);
                deepest = deepest.max(radius - point.distance(at[a] + along * t) / size);
            }
        }
    }
    deepest
}

/// Joints that are watched for jumps, and how far one may be thrown off its way in a frame, metres on an adult.
const WATCHED: [(usize, f32); 7] = [
    (HIPS, 0.05),
    (CHEST, 0.06),
    (HEAD, 0.06),
    (SHOULDERS[0] + arm::HAND, 0.12),
    (SHOULDERS[1] + arm::HAND, 0.12),
    (THIGHS[0] + leg::FOOT, 0.10),
    (THIGHS[1] + leg::FOOT, 0.10),
];

/// The largest jump of a joint that stands out from the frames around it, against what it may be, and its frame.
fn jump(track: &[Vec<Vec3>], size: f32) -> (f32, usize, usize) {
    let mut worst = (0.0_f32, 0, 0);
    for (joint, most) in WATCHED {
        let second: Vec<f32> = track.windows(3).map(|w| (w[0][joint] - w[1][joint] * 2.0 + w[2][joint]).length()).collect();
        for (k, now) in second.iter().enumerate() {
            let mut around: Vec<f32> = second.iter().enumerate().filter(|(i, _)| i.abs_diff(k) > 1 && i.abs_diff(k) <= 8).map(|(_, s)| *s).collect();
            around.sort_by(f32::total_cmp);
            let share = now / (most * size);
            if share > worst.0 && *now > 5.0 * around[around.len() / 2] {
                worst = (share, k + 1, joint);
            }
        }
    }
    worst
}

/// How far a flat foot slides in a frame, metres on an adult: at its worst but for one frame in twenty.
fn slide(track: &[Vec<Vec3>], size: f32) -> f32 {
    let mut slides = Vec::new();
    for first in THIGHS {
        let (foot, toes) = (first + leg::FOOT, first + leg::TOES);
        let low = track.iter().map(|at| at[foot].y).fold(f32::MAX, f32::min);
        // A foot that is on the ground with heel and ball, in both frames.
        let rest = (track[0][foot].y - track[0][toes].y).abs();
        let flat = |at: &Vec<Vec3>| at[foot].y < low + 0.004 * size && ((at[foot].y - at[toes].y) - rest).abs() < 0.003 * size;
        slides.extend(track.windows(2).filter(|w| flat(&w[0]) && flat(&w[1])).map(|w| ((w[0][foot] - w[1][foot]) * Vec3::new(1.0, 0.0, 1.0)).length() / size));
    }
    slides.sort_by(f32::total_cmp);
    slides.get(slides.len() * 95 / 100).copied().unwrap_or(0.0)
}

/// Of what each is measured, and how much of it is too much: degrees, metres, share, metres.
const LIMITS: [(&str, f32); 4] = [("joint", 30.0), ("inside", 0.04), ("jump", 2.0), ("slide", 0.02)];

/// What is known to be too much, in times its limit: nothing may get worse, and what is mended leaves the list.
const KNOWN: &[(&str, &str, f32)] = &[
    ("inside", "dig", 1.3),
    ("inside", "golf", 1.1),
    ("inside", "sweep", 1.9),
    ("inside", "throw-axe", 1.1),
    ("joint", "capoeira", 1.2),
    ("joint", "dance-ballet", 1.5),
    ("joint", "high-kick", 2.4),
    ("jump", "aerobics", 1.2),
    ("jump", "bungee-jump", 1.8),
    ("jump", "canoe", 1.6),
    ("jump", "clap", 2.7),
    ("jump", "dance-breakdance", 1.7),
    ("jump", "dance-folk", 1.8),
    ("jump", "dance-kpop", 1.1),
    ("jump", "dance-robot", 1.2),
    ("jump", "dunk", 1.5),
    ("jump", "give-award", 1.3),
    ("jump", "handstand", 1.6),
    ("jump", "high-kick", 4.1),
    ("jump", "hop", 1.4),
    ("jump", "ice-skate", 1.7),
    ("jump", "karate", 1.1),
    ("jump", "kick-ball", 1.1),
    ("jump", "play-badminton", 1.2),
    ("jump", "play-volleyball-back", 1.2),
    ("jump", "pray", 1.4),
    ("jump", "ride-bike", 1.6),
    ("jump", "ride-scooter", 1.6),
    ("jump", "shine-shoes", 1.1),
    ("jump", "shoot-goal", 1.5),
    ("jump", "skate", 1.4),
    ("jump", "skateboard", 1.3),
    ("jump", "ski", 1.9),
    ("jump", "snowball-fight", 1.1),
    ("jump", "snowboard", 1.4),
    ("jump", "swim", 3.4),
    ("jump", "take-seat", 1.2),
    ("jump", "throw-baseball", 1.2),
    ("jump", "yoga", 1.4),
    ("slide", "archery", 1.4),
    ("slide", "capoeira", 1.9),
    ("slide", "dance-hip-hop", 1.5),
    ("slide", "dance-salsa", 1.6),
    ("slide", "exercise", 1.3),
    ("slide", "fly-kite", 1.2),
    ("slide", "karate", 2.0),
    ("slide", "play-badminton", 1.2),
    ("slide", "play-badminton-back", 1.4),
    ("slide", "play-tennis", 1.4),
    ("slide", "rally-tennis", 1.7),
    ("slide", "rally-tennis-back", 1.4),
    ("slide", "snowball-fight", 1.1),
    ("slide", "stretch-leg", 1.6),
    ("slide", "swing-sword", 1.3),
    ("slide", "sword-fight", 1.2),
    ("slide", "sword-parry", 1.2),
    ("slide", "tai-chi", 1.1),
];

#[test]
fn any_action_on_any_body_with_something_in_the_hand_is_one_that_a_body_can_do() {
    let vocabulary = Vocabulary::builtin().expect("a good vocabulary");
    let bodies = [
        ("girl", body("girl", None, None)),
        ("old man", body("old-man", None, None)),
        ("heavy woman", body("woman", Some("heavy"), None)),
        ("man in a space suit", body("man", None, Some("spacesuit"))),
        ("knight", body("knight", None, None)),
    ];
    let mut found: Vec<(f32, usize, String, String)> = Vec::new();
    for (n, (name, actor)) in bodies.iter().enumerate() {
        let size = actor.height / 1.75;
        for motion in vocabulary.of(Kind::Motion) {
            let mut rng = Seed(11).child(&motion.id).index(n as u64).rng();
            let pace = rng.range(0.7, 1.5);
            let act = Act { motion: motion.id.clone(), from: BEFORE, to: BEFORE + ACTS, pace, ..Act::default() };
            let facts = actor.facts(&act);
            let path = if facts.travels { vec![Vec3::new(0.0, 0.0, 12.0)] } else { Vec::new() };
            // Somebody as tall as an adult stands where whom it is done to does.
            let aim = facts.near.filter(|_| facts.rest.is_none() && !facts.by_foot).map(|near| Vec3::new(0.0, 1.26, near * actor.scale));
            let held = vec![InHand::always(THINGS[n])];
            let script = Script { frames: BEFORE + ACTS + 30, acts: vec![Act { path, aim, ..act }], held, seed: 3, ..Script::default() };
            let acted = perform(actor, &script, FPS, &Flat);
            let track: Vec<Vec<Vec3>> = acted.poses.iter().map(|p| joints_in_world(actor, p)).collect();
            let mut put = |what: usize, much: f32, how: String| {
                let share = much / LIMITS[what].1;
                found.push((
                    share,
                    what,
                    format!("{} {how} of {}: {} as {name} at {pace:.1} with a {}", LIMITS[what].0, LIMITS[what].1, motion.id, THINGS[n]),
                    motion.id.clone(),
                ));
            };
            let (mut joint, mut deep) = (("", f32::MIN, 0), (f32::MIN, 0));
            for (f, at) in track.iter().enumerate() {
                for (name, much) in beyond(at) {
                    if much > joint.1 {
                        joint = (name, much, f);
                    }
                }
                let now = inside(at);
                if now > deep.0 {
                    deep = (now, f);
                }
            }
            put(0, joint.1, format!("{} {:.0} at {}", joint.0, joint.1, joint.2));
            put(1, deep.0, format!("{:.3} at {}", deep.0, deep.1));
            let pop = jump(&track, size);
            put(2, pop.0, format!("of joint {} {:.1} at {}", pop.2, pop.0, pop.1));
            if !facts.travels {
                let slid = slide(&track, size);
                put(3, slid, format!("{slid:.4}"));
            }
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    for what in 0..LIMITS.len() {
        for (share, _, text, _) in found.iter().filter(|f| f.1 == what && f.0 > 1.0) {
            println!("{share:.2} {text}");
        }
    }
    let allowed = |what: usize, motion: &str| KNOWN.iter().find(|k| k.0 == LIMITS[what].0 && k.1 == motion).map_or(1.0, |k| k.2);
    let worst: Vec<&str> = found.iter().filter(|f| f.0 > allowed(f.1, &f.3)).map(|f| f.2.as_str()).collect();
    assert!(worst.is_empty(), "{}", worst.join("\n"));
}
