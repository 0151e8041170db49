//! Who stands how in a frame, in the layout of OpenPose (BODY_25, with what there is of hands and face), and every joint by
//! its name, for animals too. Points are in pixels from the upper left and in metres in the world (y up).

use glam::Vec3;
use kinora_base::maths::tan;
use kinora_cast::{Anatomy, BodyPose, Character, joints_in_world};
use kinora_film::passes::FramePasses;
use kinora_render::scene::Camera;
use kinora_stage::{Actor, Photographer, SceneStaging, Staging};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A point of a body: where it is in the world.
type Points = Vec<Option<Vec3>>;

/// How deep a joint lies under what is seen of its own body at most, metres.
const FLESH: f32 = 0.35;

/// What is seen of a point.
struct Eye<'a> {
    camera: &'a Camera,
    passes: &'a FramePasses,
    size: (usize, usize),
}

impl Eye<'_> {
    /// x, y and confidence: 1 seen, 0.5 behind something else, 0 outside the picture or unknown.
    fn see(&self, point: Option<Vec3>, number: u16) -> [f32; 3] {
        let Some(point) = point else { return [0.0; 3] };
        let p = self.camera.world_from_camera.inverse() * (point - self.camera.eye);
        if p.z > -0.02 {
            return [0.0; 3];
        }
        let (width, height) = (self.size.0 as f32, self.size.1 as f32);
        let focal = height * 0.5 / tan(self.camera.vertical_fov * 0.5);
        let (x, y) = (width * 0.5 + focal * p.x / -p.z, height * 0.5 - focal * p.y / -p.z);
        if !(0.0..width).contains(&x) || !(0.0..height).contains(&y) {
            return [x, y, 0.0];
        }
        let at = y as usize * self.size.0 + x as usize;
        let own = self.passes.id[at] == number;
        let hidden = !own && self.passes.depth[at] < -p.z - 0.05 || own && self.passes.depth[at] < -p.z - FLESH;
        [x, y, if hidden { 0.5 } else { 1.0 }]
    }
}

/// Everybody in a frame.
pub(crate) fn of_frame(staging: &Staging, photographer: &Photographer<'_>, frame: i64, (passes, size): (&FramePasses, (usize, usize))) -> Value {
    let shot = staging.shot_at(frame);
    let (index, start) = staging.scene_of(shot);
    let now = start + (frame - staging.cuts[shot]).max(0) as usize;
    let eye = Eye { camera: &staging.cameras[frame as usize], passes, size };
    let (mut people, mut animals) = (Vec::new(), Vec::new());
    for actor in &staging.scenes[index].actors {
        let poses = &actor.performance.poses;
        let (Some(body), Some(pose)) = (photographer.body(&actor.role, actor.member), poses.get(now.min(poses.len().saturating_sub(1)))) else { continue };
        let mut one = person(&eye, actor, body, pose);
        if body.anatomy == Anatomy::Human {
            one["holds"] = held(&staging.scenes[index], pose, now);
        }
        if body.anatomy == Anatomy::Human { people.push(one) } else { animals.push(one) }
    }
    json!({ "version": 1.3, "frame": frame, "people": people, "animals": animals })
}

/// What is in the hand of a person now: where its grip is. What lies on the ground or flies is in nobody's hand.
fn held(scene: &SceneStaging, pose: &BodyPose, now: usize) -> Value {
    let things = scene.held.iter().filter_map(|h| Some((h, h.track.get(now).or(h.track.last())?)));
    let mine = things.filter(|(_, (at, _))| at.distance(pose.landmarks.grip) < 1e-3);
    mine.map(|(h, (at, turn))| json!({ "number": h.id, "thing": h.word, "grip": at.to_array(), "turn": turn.to_array() })).collect()
}

fn person(eye: &Eye<'_>, actor: &Actor, body: &Character, pose: &BodyPose) -> Value {
    let joints = joints_in_world(body, pose);
    let named: BTreeMap<&str, Vec3> = body.bones.iter().map(|b| b.name.as_str()).zip(joints).collect();
    let flat = |points: &Points| points.iter().flat_map(|p| eye.see(*p, actor.id)).collect::<Vec<f32>>();
    let solid = |points: &Points| points.iter().flat_map(|p| p.map_or([0.0; 4], |p| [p.x, p.y, p.z, 1.0])).collect::<Vec<f32>>();
    let all: BTreeMap<&str, [f32; 6]> = named
        .iter()
        .map(|(name, p)| {
            let [x, y, c] = eye.see(Some(*p), actor.id);
            (*name, [x, y, c, p.x, p.y, p.z])
        })
        .collect();
    let mut out = json!({ "person_id": [actor.id], "role": actor.role, "member": actor.member, "joints": all });
    if body.anatomy == Anatomy::Human {
        let (points, left, right, face) = (body_25(&named, pose), hand(&named, "left"), hand(&named, "right"), face_70(&named, pose));
        for (name, points) in [("pose", &points), ("hand_left", &left), ("hand_right", &right), ("face", &face)] {
            out[format!("{name}_keypoints_2d")] = json!(flat(points));
            out[format!("{name}_keypoints_3d")] = json!(solid(points));
        }
    }
    out
}

/// The points of BODY_25 in its order. Nose, ears, heels and toes are no joints of ours: they are found from those beside them.
fn body_25(named: &BTreeMap<&str, Vec3>, pose: &BodyPose) -> Points {
    let j = |name: &str| named.get(name).copied();
    let l = &pose.landmarks;
    let eyes = j("leftEye").zip(j("rightEye"));
    let nose = eyes.map(|(a, b)| ((a + b) * 0.5).lerp(l.mouth, 0.5) + l.facing * (a - b).length() * 0.5);
    let ear = |left: bool| {
        eyes.map(|(a, b)| {
            let (mine, other) = if left { (a, b) } else { (b, a) };
            mine + (mine - other) * 0.75 - l.facing * (a - b).length() * 1.4
        })
    };
    let foot = |side: &str| -> [Option<Vec3>; 3] {
        let Some((ankle, toes)) = j(&format!("{side}Foot")).zip(j(&format!("{side}Toes"))) else { return [None; 3] };
        let ahead = toes - ankle;
        let across = ahead.cross(Vec3::Y).normalize_or_zero() * if side == "left" { -0.03 } else { 0.03 };
        let heel = ankle - Vec3::new(ahead.x, 0.0, ahead.z) * 0.35;
        [Some(toes + ahead * 0.35 - across), Some(toes + ahead * 0.2 + across), Some(Vec3::new(heel.x, toes.y.min(heel.y), heel.z))]
    };
    let (lf, rf) = (foot("left"), foot("right"));
    let middle = j("leftUpperLeg").zip(j("rightUpperLeg")).map(|(a, b)| (a + b) * 0.5);
    vec![
        nose,
        j("neck"),
        j("rightUpperArm"),
        j("rightLowerArm"),
        j("rightHand"),
        j("leftUpperArm"),
        j("leftLowerArm"),
        j("leftHand"),
        middle,
        j("rightUpperLeg"),
        j("rightLowerLeg"),
        j("rightFoot"),
        j("leftUpperLeg"),
        j("leftLowerLeg"),
        j("leftFoot"),
        j("rightEye"),
        j("leftEye"),
        ear(false),
        ear(true),
        lf[0],
        lf[1],
        lf[2],
        rf[0],
        rf[1],
        rf[2],
    ]
}

/// The 21 points of a hand; the figures lack the thumb's first joint. Tips are as far from the last joints as these are long.
fn hand(named: &BTreeMap<&str, Vec3>, side: &str) -> Points {
    let joint = |name: &str| named.get(format!("{side}{name}").as_str()).copied();
    let tip = |a: Option<Vec3>, b: Option<Vec3>| a.zip(b).map(|(a, b)| b + (b - a) * 0.75);
    let (thumb, end) = (joint("Thumb"), joint("ThumbDistal"));
    let mut points = vec![joint("Hand"), None, thumb, end, tip(thumb, end)];
    for finger in ["Index", "Middle", "Ring", "Little"] {
        let [a, b, c] = ["Proximal", "Intermediate", "Distal"].map(|part| joint(&format!("{finger}{part}")));
        points.extend([a, b, c, tip(b, c)]);
    }
    points
}

/// The 70 points of a face; there are the pupils, the tip of the nose and the middle of the mouth.
fn face_70(named: &BTreeMap<&str, Vec3>, pose: &BodyPose) -> Points {
    let mut points = vec![None; 70];
    points[68] = named.get("rightEye").copied();
    points[69] = named.get("leftEye").copied();
    points[30] = points[68].zip(points[69]).map(|(a, b)| ((a + b) * 0.5).lerp(pose.landmarks.mouth, 0.5) + pose.landmarks.facing * (a - b).length() * 0.5);
    points[62] = Some(pose.landmarks.mouth);
    points
}
