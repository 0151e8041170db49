//! What a beat of a plan brings along instead of a motion of the vocabulary: a recorded motion, or poses of joints at times.

use super::grips::Fingers;
use super::keyed::{Ease, Key, Keyed, Pose};
use super::stance::{Arm, Leg};
use super::take::Take;
use crate::motions::{Facts, Layer};
use glam::Vec3;
use kinora_base::maths::{smootherstep, smoothstep};
use kinora_plan::bvh::Bvh;
use kinora_plan::keys::{self, ANGLES, JointAngles, JointKey, KeyEase, KeyLayer};
use std::collections::BTreeMap;

/// A motion of a plan's own.
#[derive(Clone, Debug, PartialEq)]
pub struct Moves {
    pub(crate) facts: Facts,
    pub(crate) kind: Own,
}

/// What sort it is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Own {
    /// Poses that the interpreter of keyed motions plays.
    Keys(Box<Keyed>),
    /// A recording.
    Take(Take),
}

impl Moves {
    /// A recorded motion; in place, it does not go along its way.
    ///
    /// # Errors
    /// If there is no human body in it that stands at rest or in the first frame.
    pub fn recorded(bvh: &Bvh, in_place: bool) -> Result<Self, String> {
        let facts = Facts { layer: Layer::Whole, once: true, ..Facts::default() };
        Ok(Self { facts, kind: Own::Take(Take::read(bvh, in_place)?) })
    }

    /// Poses of joints at times, and what was held back because no body bends so far.
    #[must_use]
    pub fn of_keys(given: &[JointKey], layer: KeyLayer) -> (Self, Vec<String>) {
        let mut held = Vec::new();
        let curves = Curves::of(given, &mut held);
        let whole = layer == KeyLayer::Whole;
        // Where no leg is told anything, the feet stand as ever.
        let legs = whole && curves.0.keys().any(|(name, ..)| name.ends_with("Leg") || name.ends_with("Foot") || name == "hips");
        let keys = given.iter().map(|key| Key { at: key.at, ease: ease(key.ease), pose: curves.pose(key.at, legs) }).collect();
        let facts = Facts { layer: if whole { Layer::Whole } else { Layer::Arms }, once: true, ..Facts::default() };
        (Self { facts, kind: Own::Keys(Box::new(Keyed { facts, keys, ..Keyed::default() })) }, held)
    }

    /// What is known of it before it is done.
    #[must_use]
    pub fn facts(&self) -> Facts {
        self.facts
    }

    /// Where a recording is after some seconds against where it begins, and which way it faces at first: metres for legs of that
    /// length (from hip joint to ankle), y up, and radians about y. Nothing for keys, which stay where they are.
    #[must_use]
    pub fn way(&self, leg: f32, seconds: f32) -> (Vec3, f32) {
        self.take().map_or((Vec3::ZERO, 0.0), |t| (t.way(seconds) * leg, t.at(0.0).heading))
    }

    pub(crate) fn take(&self) -> Option<&Take> {
        if let Own::Take(take) = &self.kind { Some(take) } else { None }
    }

    pub(crate) fn keys(&self) -> Option<&Keyed> {
        if let Own::Keys(keys) = &self.kind { Some(keys) } else { None }
    }
}

fn ease(ease: KeyEase) -> Ease {
    match ease {
        KeyEase::Soft => Ease::Soft,
        KeyEase::Hit => Ease::Hit,
        KeyEase::Settle => Ease::Settle,
        KeyEase::Even => Ease::Even,
    }
}

/// Every angle that is told, with its own keys: time and radians.
struct Curves(BTreeMap<(String, usize), Vec<(f32, f32)>>);

impl Curves {
    fn of(given: &[JointKey], held: &mut Vec<String>) -> Self {
        let mut curves: BTreeMap<(String, usize), Vec<(f32, f32)>> = BTreeMap::new();
        for key in given {
            for (name, angles) in &key.joints {
                let Some((joint, _)) = keys::find(name) else { continue };
                for (k, (value, limits)) in JointAngles::all(angles).into_iter().zip(joint.limits).enumerate() {
                    let (Some(value), Some((low, high))) = (value, limits) else { continue };
                    if !(low..=high).contains(&value) {
                        held.push(format!("{name}.{} is {value} degrees at {} s; a body has {low} to {high}", ANGLES[k], key.at));
                    }
                    curves.entry((name.clone(), k)).or_default().push((key.at, value.clamp(low, high).to_radians()));
                }
            }
        }
        Self(curves)
    }

    /// An angle at a time: keys of other angles lie between its own.
    fn at(&self, name: &str, angle: usize, at: f32) -> f32 {
        let Some(curve) = self.0.get(&(name.to_owned(), angle)) else { return 0.0 };
        let after = curve.iter().position(|k| k.0 > at - 1e-4);
        match after {
            Some(0) => curve[0].1,
            Some(i) => {
                let ((from, a), (to, b)) = (curve[i - 1], curve[i]);
                a + (b - a) * if to - at < 1e-4 { 1.0 } else { smoothstep(from, to, at) }
            }
            None => curve[curve.len() - 1].1,
        }
    }

    fn three(&self, name: &str, at: f32) -> [f32; 3] {
        // Stances tell forward, turned left, bent left.
        [self.at(name, 0, at), self.at(name, 2, at), self.at(name, 1, at)]
    }

    /// What several joints bend together, as far as they can together.
    fn together(&self, names: &[&str], at: f32) -> [f32; 3] {
        let limits = keys::find(names[0]).map_or([None; 3], |(joint, _)| joint.limits);
        let order = [0, 2, 1];
        std::array::from_fn(|k| {
            let sum: f32 = names.iter().map(|n| self.three(n, at)[k]).sum();
            limits[order[k]].map_or(sum, |(low, high)| sum.clamp(low.to_radians(), high.to_radians()))
        })
    }

    fn arm(&self, side: &str, at: f32) -> Option<Arm> {
        let joints = ["Shoulder", "UpperArm", "LowerArm", "Hand", "Fingers", "Thumb"].map(|j| format!("{side}{j}"));
        if !self.0.keys().any(|(name, _)| joints.contains(name)) {
            return None;
        }
        let [shoulder, upper, lower, hand, fingers, thumb] = joints;
        let told = |name: &str, angle: usize| self.0.contains_key(&(name.to_owned(), angle));
        Some(Arm {
            flex: self.at(&upper, 0, at),
            abd: self.at(&upper, 1, at),
            inward: self.at(&upper, 2, at),
            elbow: self.at(&lower, 0, at),
            pronate: self.at(&lower, 2, at),
            wrist: self.at(&hand, 0, at),
            // A hand that is not told anything hangs loosely half open; a fist is 90 degrees.
            shrug: self.at(&shoulder, 1, at),
            fingers: Fingers::default().closed(
                if told(&fingers, 0) { self.at(&fingers, 0, at) / 90_f32.to_radians() } else { 0.35 },
                self.at(&fingers, 1, at) / 14_f32.to_radians(),
                -self.at(&thumb, 0, at) / 50_f32.to_radians(),
            ),
        })
    }

    fn leg(&self, side: &str, at: f32) -> Leg {
        let [upper, lower, foot] = ["UpperLeg", "LowerLeg", "Foot"].map(|j| format!("{side}{j}"));
        Leg { flex: self.at(&upper, 0, at), abd: self.at(&upper, 1, at), knee: self.at(&lower, 0, at), pitch: self.at(&foot, 0, at), ..Leg::default() }
    }

    /// Every joint at a time. With legs, these hang from the hips, and whatever of the body is lowest is on the ground.
    fn pose(&self, at: f32, legs: bool) -> Pose {
        let free = f32::from(u8::from(legs));
        Pose {
            pelvis: self.three("hips", at),
            trunk: self.together(&["spine", "chest", "upperChest"], at),
            head: self.together(&["neck", "head"], at),
            left_arm: self.arm("left", at),
            right_arm: self.arm("right", at),
            left_leg: legs.then(|| self.leg("left", at)),
            right_leg: legs.then(|| self.leg("right", at)),
            free,
            rest: free,
            ..Pose::default()
        }
    }
}

/// How much of a recording shows at a time since its beginning, eased in and out: what begins with the film is there at once.
pub(crate) fn share(take: &Take, since: f32, begins_with_film: bool, left: Option<f32>) -> f32 {
    let into = if begins_with_film { 1.0 } else { smootherstep(since / 0.3) };
    // Who stands at its end goes on standing, of themselves; who lies stays as they are.
    let rest = if take.ends_upright() { take.seconds() - since } else { f32::MAX };
    let over = rest.min(left.unwrap_or(f32::MAX));
    into * smootherstep(1.0 + over / 0.45)
}
