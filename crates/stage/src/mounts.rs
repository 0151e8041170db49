//! Riders: who rides an animal goes where it goes, on its back, and turns as it turns.

use crate::SceneStaging;
use glam::{Quat, Vec3};
use kinora_cast::{Anatomy, BodyPose, Character};
use kinora_plan::{Plan, RelationKind};

/// From the withers to the rump, where the saddle is.
const SADDLE: f32 = 0.36;
/// From the line between withers and rump up to a rider's hips, as a share of the animal's height.
const SEAT: f32 = 0.10;

/// Puts everybody who rides an animal of the scene on its back.
pub(crate) fn mount(plan: &Plan, scene: &mut SceneStaging, cast: &[Character]) {
    for rider in 0..scene.actors.len() {
        let Some(animal) = mount_of(plan, scene, cast, rider) else { continue };
        let rides = scene.actors[rider].script.acts.iter().any(|a| a.motion == "ride");
        if !rides || animal == rider {
            continue;
        }
        let height = cast[animal].height;
        let carried: Vec<BodyPose> = {
            let (riders, animals) = (&scene.actors[rider].performance.poses, &scene.actors[animal].performance.poses);
            riders.iter().enumerate().filter_map(|(k, pose)| Some(on_back(pose, animals.get(k).or(animals.last())?, height))).collect()
        };
        if carried.len() == scene.actors[rider].performance.poses.len() {
            let performance = &mut scene.actors[rider].performance;
            performance.poses = carried;
            performance.noises.clear();
        }
    }
}

/// The animal that an actor is on.
fn mount_of(plan: &Plan, scene: &SceneStaging, cast: &[Character], rider: usize) -> Option<usize> {
    let role = &scene.actors[rider].role;
    let on = plan.scene(&scene.id)?.relations.iter().find(|r| r.what == *role && r.relation == RelationKind::On)?;
    let member = scene.actors[rider].member;
    let is = |k: &usize| on.to.contains(&scene.actors[*k].role) && cast[*k].anatomy == Anatomy::Quadruped;
    (0..scene.actors.len()).filter(is).min_by_key(|k| scene.actors[*k].member.abs_diff(member))
}

/// A rider's pose on an animal's back.
fn on_back(rider: &BodyPose, animal: &BodyPose, height: f32) -> BodyPose {
    let (withers, rump) = (animal.landmarks.chest, animal.landmarks.hips);
    let along = (withers - rump) * Vec3::new(1.0, 0.0, 1.0);
    let forward = along.normalize_or(animal.turn * Vec3::Z);
    let turn = Quat::from_rotation_y(crate::staging::yaw_of(forward));
    let saddle = withers.lerp(rump, SADDLE) + Vec3::Y * (SEAT * height);
    let back = rider.turn.inverse();
    let hips = back * (rider.landmarks.hips - rider.root);
    let root = saddle - turn * hips;
    let place = |p: Vec3| root + turn * (back * (p - rider.root));
    let mut pose = BodyPose { root, turn, ..rider.clone() };
    let l = &mut pose.landmarks;
    for p in [&mut l.crown, &mut l.eyes, &mut l.mouth, &mut l.chest, &mut l.hips, &mut l.grip].into_iter().chain(&mut l.hands).chain(&mut l.feet) {
        *p = place(*p);
    }
    l.facing = turn * (back * l.facing);
    l.grip_turn = turn * (back * l.grip_turn);
    for c in &mut pose.carried {
        (c.at, c.turn) = (place(c.at), turn * (back * c.turn));
    }
    pose
}

#[cfg(test)]
mod tests {
    use crate::tests::Film;
    use glam::Vec3;

    #[test]
    fn who_rides_a_horse_sits_on_it_and_goes_with_it() {
        let film = Film::new(
            r#""cast": [{"id": "girl", "kind": "person", "word": "girl"}, {"id": "horse", "kind": "creature", "word": "horse"}],
            "scenes": [{"id": "s", "place": "meadow", "things": [], "relations": [{"what": "girl", "relation": "on", "to": ["horse"]}]}],
            "shots": [{"id": "1", "scene": "s", "length": 192000, "framing": {"subject": ["girl"]}, "beats": [
                {"id": "a", "who": "girl", "action": "ride", "target": {"id": "horse"}}, {"id": "b", "who": "horse", "action": "walk"}]}]"#,
        );
        let scene = &film.staging.scenes[0];
        let (girl, horse) = (&scene.actors[0].performance.poses, &scene.actors[1].performance.poses);
        for frame in [0, 20, 40, 80] {
            let (rider, animal) = (girl[frame].landmarks.hips, horse[frame].landmarks.chest);
            let aside = ((rider - animal) * Vec3::new(1.0, 0.0, 1.0)).length();
            assert!(aside < 0.9 && rider.y > animal.y - 0.1, "frame {frame}: {aside:.2} m from the withers, {:.2} m over them", rider.y - animal.y);
        }
        assert!(girl[80].root.distance(girl[20].root) > 1.0, "and gets somewhere");
    }
}
