//! Acting by the poses of a film (`000012.pose.json`, see docs/passes.md), without the engine: joints that bend further than
//! bodies do, jumps of joints from one frame to the next, hands in the own body, things that are held away from the hand, and
//! the fingers of a hand in close-up.

use crate::passes::Measure;
use glam::Vec3;
use kinora_base::maths::{acos, atan2};
use kinora_plan::{Plan, RoleKind, ShotSize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// One person in one frame.
#[derive(Clone, Debug, Default)]
struct Body {
    /// Where joints are in the world, metres.
    joints: BTreeMap<String, Vec3>,
    /// Where they are in the picture, pixels, and how well they are seen: 1, 0.5 (behind something), 0 (outside).
    seen: BTreeMap<String, [f32; 3]>,
    /// Where the grips are of what it holds, by the thing's name.
    grips: Vec<(String, Vec3)>,
}

impl Body {
    fn at(&self, name: &str) -> Option<Vec3> {
        self.joints.get(name).copied()
    }

    fn both(&self, side: &str, a: &str, b: &str) -> Option<Vec3> {
        Some(self.at(&format!("{side}{b}"))? - self.at(&format!("{side}{a}"))?)
    }

    /// Size against an adult of 1.75 m, whose shoulder joints are 0.30 m apart.
    fn size(&self) -> f32 {
        self.at("leftUpperArm").zip(self.at("rightUpperArm")).map_or(1.0, |(a, b)| (a.distance(b) / 0.30).clamp(0.2, 4.0))
    }

    /// The inside of a palm: between wrist and knuckles.
    fn palm(&self, side: &str) -> Option<Vec3> {
        Some(self.at(&format!("{side}Hand"))?.lerp(self.at(&format!("{side}Fingers"))?, 0.8))
    }
}

/// The frames of one person over a shot.
type Track = Vec<Option<Body>>;

/// How people act in a film.
///
/// # Errors
/// If a file of poses cannot be read.
pub fn judge_acting(plan: &Plan, folder: &Path) -> io::Result<Vec<Measure>> {
    let cuts = plan.cuts();
    let mut all = Vec::new();
    for (k, shot) in plan.shots.iter().enumerate() {
        let (from, to) = (cuts[k].max(0) as usize, cuts[k + 1].max(0) as usize);
        let mut tracks: BTreeMap<(String, u64), Track> = BTreeMap::new();
        for frame in from..to {
            for (who, body) in read(&folder.join(format!("{frame:06}.pose.json")))? {
                let track = tracks.entry(who).or_insert_with(|| vec![None; to - from]);
                track[frame - from] = Some(body);
            }
        }
        for ((role, member), track) in tracks.iter().filter(|((role, _), _)| plan.role(role).is_none_or(|r| r.kind == RoleKind::Person)) {
            let subject = if *member == 0 { role.clone() } else { format!("{role}.{member}") };
            let mut put = |dimension, asked: &str, (found, holds): (String, bool)| {
                all.push(Measure { dimension, shot: shot.id.clone(), subject: subject.clone(), asked: asked.to_owned(), found, holds });
            };
            let first = from;
            put("joints", "as bodies bend", joints(track, first));
            put("pops", "no jumps", pops(track, first, plan.fps.0 as f32));
            put("through", "hands outside the body", through(track, first));
            if let Some(found) = holding(track, first) {
                put("holding", "grip in the hand", found);
            }
            let close = matches!(shot.framing.size, ShotSize::MediumClose | ShotSize::Close | ShotSize::BigClose | ShotSize::ExtremeClose);
            if let Some(found) = fingers(track, plan.size.height as f32).filter(|_| close) {
                put("fingers", "five", found);
            }
        }
    }
    Ok(all)
}

/// Everybody of a frame, by role and member.
fn read(path: &Path) -> io::Result<Vec<((String, u64), Body)>> {
    let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, format!("{}: {what}; make the passes again", path.display()));
    let text = std::fs::read(path).map_err(|e| io::Error::new(e.kind(), format!("{}: {e}", path.display())))?;
    let frame: Value = serde_json::from_slice(&text).map_err(|e| wrong(&e.to_string()))?;
    let numbers = |v: &Value| -> Option<Vec<f32>> { v.as_array()?.iter().map(|x| x.as_f64().map(|x| x as f32).filter(|x| x.is_finite())).collect() };
    let three = |v: &Value| numbers(v).filter(|n| n.len() == 3).map(|n| Vec3::new(n[0], n[1], n[2]));
    let mut all = Vec::new();
    for person in frame["people"].as_array().ok_or_else(|| wrong("there are no people in it"))? {
        let mut body = Body::default();
        for (name, place) in person["joints"].as_object().ok_or_else(|| wrong("a person without joints"))? {
            let n = numbers(place).filter(|n| n.len() == 6).ok_or_else(|| wrong(&format!("joint {name} is not x, y, confidence, X, Y, Z")))?;
            body.seen.insert(name.clone(), [n[0], n[1], n[2]]);
            body.joints.insert(name.clone(), Vec3::new(n[3], n[4], n[5]));
        }
        for held in person["holds"].as_array().into_iter().flatten() {
            let at = three(&held["grip"]).ok_or_else(|| wrong("a held thing without a grip"))?;
            body.grips.push((held["thing"].as_str().unwrap_or("a thing").to_owned(), at));
        }
        let role = person["role"].as_str().ok_or_else(|| wrong("a person without a role"))?;
        all.push(((role.to_owned(), person["member"].as_u64().unwrap_or(0)), body));
    }
    Ok(all)
}

fn between(a: Vec3, b: Vec3) -> f32 {
    acos(a.normalize_or_zero().dot(b.normalize_or_zero()).clamp(-1.0, 1.0)).to_degrees()
}

/// Degrees beyond its limit that count as a joint out of place: joints of positions alone are a little less than exact.
const BEYOND: f32 = 10.0;

/// Every angle that can be told from places of joints: name, degrees, least, greatest. Limits are those of healthy adults
/// (AAOS; Boone and Azen 1979), kneeling and ballet included.
fn angles(body: &Body) -> Vec<(String, f32, f32, f32)> {
    let mut all = Vec::new();
    let pelvis = || {
        let left = (body.at("leftUpperLeg")? - body.at("rightUpperLeg")?).normalize_or_zero();
        let up = body.at("spine")? - body.at("hips")?;
        let up = (up - left * up.dot(left)).normalize_or_zero();
        Some((left, up, left.cross(up)))
    };
    for (side, out) in [("left", 1.0), ("right", -1.0)] {
        let mut put = |joint: &str, angle: Option<f32>, low: f32, high: f32| all.extend(angle.map(|a| (format!("{side} {joint}"), a, low, high)));
        let limb = |a: &str, b: &str, c: &str| Some((body.both(side, a, b)?, body.both(side, b, c)?));
        put("elbow", limb("UpperArm", "LowerArm", "Hand").map(|(a, b)| between(a, b)), 0.0, 155.0);
        put("wrist", limb("LowerArm", "Hand", "Fingers").map(|(a, b)| between(a, b)), 0.0, 90.0);
        let leg = limb("UpperLeg", "LowerLeg", "Foot");
        let knee = leg.zip(pelvis()).map(|((a, b), (left, ..))| {
            // A knee that bends forward bends about the other side of the hips' axis.
            let hinge = a.cross(b).normalize_or_zero().dot(left);
            if hinge < -0.8 { -between(a, b) } else { between(a, b) }
        });
        put("knee", knee, -5.0, 162.0);
        // From the shin up to the toes: 120 when standing, less with the toes up.
        put("ankle", limb("LowerLeg", "Foot", "Toes").map(|(shin, foot)| between(-shin, foot)), 80.0, 180.0);
        let thigh = leg.zip(pelvis()).map(|((a, _), (left, up, ahead))| {
            let d = a.normalize_or_zero();
            (atan2(d.dot(ahead), (-d.dot(up)).max(0.02)).to_degrees(), 90.0 - between(d, left * out))
        });
        put("hip forward", thigh.map(|t| t.0).filter(|_| thigh.is_some_and(|t| t.1.abs() < 50.0)), -45.0, 160.0);
        put("hip aside", thigh.map(|t| t.1), -45.0, 90.0);
    }
    let chain = |a: &str, b: &str, c: &str| Some((body.at(b)? - body.at(a)?, body.at(c)? - body.at(b)?));
    all.extend(chain("hips", "spine", "chest").map(|(a, b)| ("waist".to_owned(), between(a, b), 0.0, 60.0)));
    all.extend(chain("spine", "chest", "neck").map(|(a, b)| ("chest".to_owned(), between(a, b), 0.0, 60.0)));
    all
}

fn joints(track: &Track, first: usize) -> (String, bool) {
    let mut worst: (f32, String) = (0.0, "all within their limits".into());
    for (f, body) in track.iter().enumerate() {
        for (name, angle, low, high) in body.iter().flat_map(angles) {
            let beyond = (low - angle).max(angle - high);
            if beyond > worst.0 {
                worst = (beyond, format!("{name} {beyond:.0} degrees too far, frame {}", first + f));
            }
        }
    }
    (worst.1, worst.0 <= BEYOND)
}

/// Joints that are watched for jumps, and how far one may be thrown off its way in a frame, metres on an adult: quick hands
/// are quick for several frames, and a jump is alone.
const WATCHED: &[(&str, f32)] = &[
    ("hips", 0.05),
    ("chest", 0.06),
    ("head", 0.06),
    ("leftLowerArm", 0.10),
    ("rightLowerArm", 0.10),
    ("leftHand", 0.12),
    ("rightHand", 0.12),
    ("leftLowerLeg", 0.10),
    ("rightLowerLeg", 0.10),
    ("leftFoot", 0.10),
    ("rightFoot", 0.10),
];

/// Accelerations that stand out: the second difference of a joint's places, against those of the frames around it.
fn pops(track: &Track, first: usize, fps: f32) -> (String, bool) {
    let mut worst: (f32, String) = (0.0, "none".into());
    for (name, limit) in WATCHED {
        let places: Vec<Option<Vec3>> = track.iter().map(|b| b.as_ref().and_then(|b| b.at(name))).collect();
        let size = track.iter().flatten().next().map_or(1.0, Body::size);
        let second: Vec<Option<f32>> = places.windows(3).map(|w| Some((w[0]? - w[1]? * 2.0 + w[2]?).length())).collect();
        for (k, now) in second.iter().enumerate().filter_map(|(k, s)| Some((k, (*s)?))) {
            let mut around: Vec<f32> = second.iter().enumerate().filter(|(i, _)| i.abs_diff(k) > 1 && i.abs_diff(k) <= 8).filter_map(|(_, s)| *s).collect();
            around.sort_by(f32::total_cmp);
            let usual = around.get(around.len() / 2).copied().unwrap_or(0.0);
            // In a film of few frames a second more happens in each.
            let share = now / (limit * size * (30.0 / fps).max(1.0));
            if share > worst.0 && now > 5.0 * usual {
                worst = (share, format!("{name} {:.2} m off its way, frame {}", now, first + k + 1));
            }
        }
    }
    (if worst.0 > 1.0 { worst.1 } else { "none".into() }, worst.0 <= 1.0)
}

/// The core of a body as capsules, metres on an adult, well under the skin: what gets in there is through it.
const CORE: &[(&str, &str, f32)] = &[
    ("hips", "spine", 0.085),
    ("spine", "chest", 0.085),
    ("leftUpperLeg", "leftLowerLeg", 0.045),
    ("rightUpperLeg", "rightLowerLeg", 0.045),
    ("head", "leftEye", 0.05),
    ("head", "rightEye", 0.05),
];

fn through(track: &Track, first: usize) -> (String, bool) {
    let mut worst: (f32, String) = (0.0, String::new());
    let mut frames = 0;
    for (f, body) in track.iter().enumerate().filter_map(|(f, b)| Some((f, b.as_ref()?))) {
        let size = body.size();
        let mut inside = false;
        for side in ["left", "right"] {
            let tip = body.at(&format!("{side}FingerTips"));
            let elbow = body.at(&format!("{side}LowerArm")).zip(body.at(&format!("{side}Hand"))).map(|(a, b)| a.lerp(b, 0.5));
            for (what, point) in [("palm", body.palm(side)), ("fingers", tip), ("forearm", elbow)] {
                for (a, b, radius) in CORE {
                    let (Some(p), Some(a), Some(b), name) = (point, body.at(a), body.at(b), a) else { continue };
                    let along = b - a;
                    let t = ((p - a).dot(along) / along.length_squared().max(1e-9)).clamp(0.0, 1.0);
                    let deep = radius * size - p.distance(a + along * t);
                    inside |= deep > 0.0;
                    if deep > worst.0 {
                        worst = (deep, format!("{side} {what} {:.0} mm into {name}, frame {}", deep * 1000.0, first + f));
                    }
                }
            }
        }
        frames += usize::from(inside);
    }
    let found = if frames == 0 { "never inside".to_owned() } else { format!("{}, {frames} frames", worst.1) };
    (found, worst.0 < 0.02 || frames * 50 < track.len())
}

/// How far grips are from the nearer palm of who holds them; none if nothing is held.
fn holding(track: &Track, first: usize) -> Option<(String, bool)> {
    let mut worst: Option<(f32, f32, String)> = None;
    for (f, body) in track.iter().enumerate().filter_map(|(f, b)| Some((f, b.as_ref()?))) {
        for (thing, grip) in &body.grips {
            let away = ["left", "right"].iter().filter_map(|s| body.palm(s)).map(|p| p.distance(*grip)).fold(f32::MAX, f32::min);
            if worst.as_ref().is_none_or(|w| away > w.0) {
                worst = Some((away, body.size(), format!("{thing} {:.0} mm from the palm, frame {}", away * 1000.0, first + f)));
            }
        }
    }
    worst.map(|(away, size, found)| (found, away < HELD * size.max(0.6)))
}

/// A grip lies on the palm, or in the ring of bent fingers; a ball between two hands is as far as it is thick.
const HELD: f32 = 0.14;

/// The fingers of the hand that is largest in the picture, if one is large: how many tips are seen, apart from each other.
fn fingers(track: &Track, height: f32) -> Option<(String, bool)> {
    let mut best: Option<(usize, f32)> = None;
    for body in track.iter().flatten() {
        for side in ["left", "right"] {
            let at = |name: &str| body.seen.get(&format!("{side}{name}")).copied();
            let (Some(wrist), Some(middle)) = (at("Hand"), at("MiddleDistal")) else { continue };
            let long = ((wrist[0] - middle[0]) * (wrist[0] - middle[0]) + (wrist[1] - middle[1]) * (wrist[1] - middle[1])).sqrt() / height;
            if long < 0.12 || wrist[2] < 1.0 {
                continue;
            }
            let tips: Vec<[f32; 3]> =
                ["ThumbDistal", "IndexDistal", "MiddleDistal", "RingDistal", "LittleDistal"].iter().filter_map(|n| at(n)).filter(|t| t[2] >= 1.0).collect();
            let apart = |k: usize| tips[..k].iter().all(|t| (t[0] - tips[k][0]).abs().max((t[1] - tips[k][1]).abs()) > 0.006 * height);
            let count = (0..tips.len()).filter(|k| apart(*k)).count();
            if best.is_none_or(|b| (count, long) > b) {
                best = Some((count, long));
            }
        }
    }
    best.map(|(count, long)| (format!("{count} on a hand of {:.0} % of the height", long * 100.0), count == 5))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Somebody who stands, arms hanging, 1.75 m tall.
    fn standing() -> Body {
        let mut joints: BTreeMap<String, Vec3> = BTreeMap::new();
        for (name, at) in
            [("hips", [0.0, 0.90, 0.0]), ("spine", [0.0, 1.03, 0.0]), ("chest", [0.0, 1.20, 0.0]), ("neck", [0.0, 1.37, -0.01]), ("head", [0.0, 1.42, 0.0])]
        {
            joints.insert(name.to_owned(), Vec3::from(at));
        }
        for (side, x) in [("left", 1.0), ("right", -1.0)] {
            for (name, at) in [
                ("Eye", [0.05, 1.6, 0.09]),
                ("UpperArm", [0.15, 1.32, 0.0]),
                ("LowerArm", [0.20, 1.07, 0.0]),
                ("Hand", [0.24, 0.86, 0.05]),
                ("Fingers", [0.25, 0.75, 0.06]),
                ("FingerTips", [0.25, 0.70, 0.06]),
                ("UpperLeg", [0.085, 0.86, 0.0]),
                ("LowerLeg", [0.09, 0.485, 0.015]),
                ("Foot", [0.09, 0.085, -0.01]),
                ("Toes", [0.10, 0.02, 0.092]),
            ] {
                joints.insert(format!("{side}{name}"), Vec3::new(at[0] * x, at[1], at[2]));
            }
        }
        Body { joints, ..Body::default() }
    }

    fn track(change: impl Fn(usize, &mut Body)) -> Track {
        (0..30)
            .map(|f| {
                let mut body = standing();
                change(f, &mut body);
                Some(body)
            })
            .collect()
    }

    fn put(body: &mut Body, joint: &str, at: [f32; 3]) {
        body.joints.insert(joint.to_owned(), Vec3::from(at));
    }

    #[test]
    fn who_stands_is_sound() {
        let still = track(|_, _| ());
        assert!(joints(&still, 0).1, "{:?}", joints(&still, 0));
        assert!(pops(&still, 0, 24.0).1 && through(&still, 0).1, "nothing jumps, nothing goes through");
        assert_eq!(holding(&still, 0), None, "nothing is held");
    }

    #[test]
    fn joints_out_of_their_limits_are_found() {
        let knee = track(|_, b| put(b, "leftFoot", [0.09, 0.2, 0.3]));
        assert!(!joints(&knee, 100).1 && joints(&knee, 100).0.contains("left knee"), "a knee bent forward: {:?}", joints(&knee, 100));
        let bent = track(|_, b| {
            put(b, "leftLowerLeg", [0.09, 0.86, 0.38]);
            put(b, "leftFoot", [0.09, 0.48, 0.37]);
            put(b, "leftToes", [0.10, 0.42, 0.47]);
        });
        assert!(joints(&bent, 0).1, "a leg as on a chair is none: {:?}", joints(&bent, 0));
        let elbow = track(|_, b| put(b, "rightHand", [-0.17, 1.28, 0.0]));
        assert!(!joints(&elbow, 0).1, "an elbow folded shut: {:?}", joints(&elbow, 0));
        let foot = track(|f, b| {
            if f == 7 {
                put(b, "rightToes", [-0.09, 0.2, 0.02])
            }
        });
        assert!(joints(&foot, 0).0.contains("right ankle") && joints(&foot, 0).0.contains("frame 7"), "toes at the shin: {:?}", joints(&foot, 0));
    }

    #[test]
    fn jumps_are_found_and_quick_hands_are_not() {
        let jumps = track(|f, b| put(b, "leftHand", [if f < 15 { 0.24 } else { 0.54 }, 0.86, 0.05]));
        assert!(!pops(&jumps, 0, 24.0).1 && pops(&jumps, 0, 24.0).0.contains("leftHand"), "{:?}", pops(&jumps, 0, 24.0));
        let waves = track(|f, b| put(b, "leftHand", [0.4 + 0.3 * kinora_base::maths::sin(f as f32 * 0.52), 1.5, 0.2]));
        assert!(pops(&waves, 0, 24.0).1, "a hand that waves twice a second: {:?}", pops(&waves, 0, 24.0));
    }

    #[test]
    fn hands_in_the_body_are_found() {
        let inside = track(|_, b| {
            put(b, "rightHand", [-0.10, 1.10, 0.06]);
            put(b, "rightFingers", [0.0, 1.10, 0.02]);
        });
        assert!(!through(&inside, 0).1, "{:?}", through(&inside, 0));
        let before = track(|_, b| {
            put(b, "rightHand", [-0.10, 1.10, 0.17]);
            put(b, "rightFingers", [0.0, 1.10, 0.15]);
            put(b, "rightFingerTips", [0.04, 1.10, 0.14]);
        });
        assert!(through(&before, 0).1, "a hand on the belly is outside: {:?}", through(&before, 0));
    }

    #[test]
    fn a_cup_beside_the_hand_is_found() {
        let cup = |away: f32| track(move |_, b| b.grips = vec![("cup".into(), Vec3::new(-0.25 - away, 0.77, 0.06))]);
        assert_eq!(holding(&cup(0.02), 0).map(|h| h.1), Some(true), "in the hand");
        assert_eq!(holding(&cup(0.25), 0).map(|h| h.1), Some(false), "in the air");
    }

    #[test]
    fn fingers_are_counted_in_close_ups() {
        let hand = |hidden: usize, together: bool, large: f32| {
            track(move |_, b| {
                b.seen.insert("leftHand".into(), [100.0, 200.0, 1.0]);
                for (k, name) in ["ThumbDistal", "IndexDistal", "MiddleDistal", "RingDistal", "LittleDistal"].into_iter().enumerate() {
                    let x = if together { 100.0 } else { 80.0 + 10.0 * k as f32 };
                    b.seen.insert(format!("left{name}"), [x, 200.0 - large, if k < hidden { 0.5 } else { 1.0 }]);
                }
            })
        };
        assert_eq!(fingers(&hand(0, false, 100.0), 360.0).map(|f| f.1), Some(true), "five");
        assert_eq!(fingers(&hand(1, false, 100.0), 360.0).map(|f| f.1), Some(false), "one is hidden");
        assert_eq!(fingers(&hand(0, true, 100.0), 360.0).map(|f| f.1), Some(false), "a mitten");
        assert_eq!(fingers(&hand(0, false, 20.0), 360.0), None, "no close-up of a hand");
    }

    #[test]
    fn poses_are_read_from_files_and_refused_with_their_names() {
        let folder = std::env::temp_dir().join(format!("kinora-acting-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let joints: BTreeMap<&str, [f32; 6]> = BTreeMap::from([("hips", [1.0, 2.0, 1.0, 0.0, 0.9, 0.0])]);
        let good = serde_json::json!({ "people": [{ "role": "anna", "member": 0, "joints": joints, "holds": [{ "thing": "cup", "grip": [0.0, 1.0, 0.5] }] }] });
        let path = folder.join("000000.pose.json");
        std::fs::write(&path, good.to_string()).expect("written");
        let read_back = read(&path).expect("read");
        assert_eq!(
            (read_back[0].0.0.as_str(), read_back[0].1.at("hips"), read_back[0].1.grips.len()),
            ("anna", Some(Vec3::new(0.0, 0.9, 0.0)), 1),
            "as written"
        );
        std::fs::write(&path, r#"{"people": [{"role": "anna", "joints": {"hips": [1]}}]}"#).expect("written");
        let error = read(&path).expect_err("short").to_string();
        assert!(error.contains("000000.pose.json") && error.contains("hips"), "{error}");
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
