//! The human in a skeleton: which joints are hips, knees, elbows, whatever they are called. Four names are looked for - both
//! forearms and both shins - and the head; the tree tells the rest: an upper arm is a forearm's parent, a foot a shin's child,
//! the hips are where both legs meet, the chest is where both arms meet. It serves skeletons of recordings and of models.

use super::Bvh;
use super::fingers::{Fingers, fingers_among};

/// The joints of a human body by their numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// Where both legs hang.
    pub hips: usize,
    /// Between hips and chest, from below.
    pub spine: Vec<usize>,
    /// Where both arms hang.
    pub chest: usize,
    /// Over the chest, below the head.
    pub neck: Option<usize>,
    /// The head.
    pub head: Option<usize>,
    /// Left and right.
    pub arms: [Arm; 2],
    /// Left and right.
    pub legs: [Leg; 2],
}

/// The joints of an arm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arm {
    /// The collar bone.
    pub shoulder: Option<usize>,
    /// The shoulder joint.
    pub upper: usize,
    /// The elbow.
    pub lower: usize,
    /// The wrist.
    pub hand: Option<usize>,
    /// Thumb, index, middle, ring and little finger; empty where there are none.
    pub fingers: Fingers,
}

/// The joints of a leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// The hip joint.
    pub upper: usize,
    /// The knee.
    pub lower: usize,
    /// The ankle.
    pub foot: usize,
    /// The ball of the foot.
    pub toes: Option<usize>,
}

const FOREARM: &[&str] = &["forearm", "lowarm", "lowerarm", "elbow"];
const SHIN: &[&str] = &["lowerleg", "lowleg", "shin", "shank", "calf", "knee"];
const HAND: &[&str] = &["hand", "wrist"];
const FOOT: &[&str] = &["foot", "ankle"];
const TOES: &[&str] = &["toe", "toes", "toebase", "ball"];

/// Finds the human.
///
/// # Errors
/// Which joint is missing, and the names that would be understood.
pub fn find(bvh: &Bvh) -> Result<Body, String> {
    find_among(&bvh.joints.iter().map(|j| (j.name.as_str(), j.parent)).collect::<Vec<_>>())
}

/// As [`find`], among names of joints with their parents, in any order; there must be no circle.
///
/// # Errors
/// As [`find`].
pub fn find_among(joints: &[(&str, Option<usize>)]) -> Result<Body, String> {
    let names: Vec<(String, Option<usize>)> = joints.iter().map(|j| stem(j.0)).collect();
    let named = |stems: &[&str], side: Option<usize>| names.iter().position(|(s, at)| *at == side && stems.iter().any(|stem| s.ends_with(stem)));
    let missing = |what: &str, such: &str| {
        let known: Vec<&str> = joints.iter().take(30).map(|j| j.0).collect();
        format!("there is no joint for the {what} (a name such as {such}); the joints are {}", known.join(", "))
    };
    let tree = Tree(joints, &names);
    let mut arms = Vec::new();
    let mut legs = Vec::new();
    for (side, word) in ["left", "right"].into_iter().enumerate() {
        let lower = named(FOREARM, Some(side))
            .map(|j| tree.first(j))
            .ok_or_else(|| missing(&format!("{word} forearm"), "LeftForeArm, lForeArm, lowerarm_l or LeftElbow"))?;
        let upper = tree.above(lower).ok_or_else(|| missing(&format!("{word} upper arm"), "LeftArm over LeftForeArm"))?;
        let shoulder = tree.above(upper);
        let hand = tree.below(lower, HAND);
        arms.push(Arm { shoulder, upper, lower, hand, fingers: hand.map_or_else(Fingers::default, |h| fingers_among(joints, h)) });
        // A "LeftLeg" is a shin where there is no better name.
        let shin = named(SHIN, Some(side)).or_else(|| names.iter().position(|(s, at)| *at == Some(side) && s == "leg"));
        let lower = shin.map(|j| tree.first(j)).ok_or_else(|| missing(&format!("{word} shin"), "LeftLeg, lShin, calf_l or LeftKnee"))?;
        let upper = tree.above(lower).ok_or_else(|| missing(&format!("{word} thigh"), "LeftUpLeg over LeftLeg"))?;
        let foot = tree.below(lower, FOOT).ok_or_else(|| missing(&format!("{word} foot"), "LeftFoot under LeftLeg"))?;
        legs.push(Leg { upper, lower, foot, toes: tree.below(foot, TOES) });
    }
    let hips = tree.meet(legs[0].upper, legs[1].upper).ok_or_else(|| missing("hips", "Hips over both thighs"))?;
    let chest = tree.meet(arms[0].upper, arms[1].upper).ok_or_else(|| missing("chest", "Chest over both arms"))?;
    if !tree.path(chest).contains(&hips) {
        return Err("the chest does not hang from the hips: export the skeleton with the hips as its root".into());
    }
    for arm in &mut arms {
        arm.shoulder = arm.shoulder.filter(|s| *s != chest && tree.path(*s).contains(&chest));
    }
    let spine: Vec<usize> = tree.path(chest).into_iter().filter(|j| *j != chest && *j != hips && tree.path(*j).contains(&hips)).collect();
    let head = names.iter().position(|(s, side)| s == "head" && side.is_none()).or_else(|| named(&["head"], None));
    let head = head.filter(|h| tree.path(*h).contains(&chest) && *h != chest);
    let neck = head.and_then(|h| tree.path(h).into_iter().find(|j| *j != h && *j != chest && tree.path(*j).contains(&chest)));
    let (Ok(arms), Ok(legs)) = (arms.try_into(), legs.try_into()) else { return Err("a body has two arms and two legs".into()) };
    Ok(Body { hips, spine, chest, neck, head, arms, legs })
}

/// Walks the tree past the joints that only share a limb's twist, or are another piece of the same bone.
struct Tree<'a>(&'a [(&'a str, Option<usize>)], &'a [(String, Option<usize>)]);

impl Tree<'_> {
    fn helper(&self, joint: usize) -> bool {
        let name = self.0[joint].0.to_ascii_lowercase();
        name.contains("twist") || name.contains("roll")
    }

    fn above(&self, joint: usize) -> Option<usize> {
        let mut at = self.0[joint].1?;
        while self.helper(at) {
            at = self.0[at].1?;
        }
        Some(self.first(at))
    }

    /// The first piece of a bone that is split into several; a file may list the last one first.
    fn first(&self, joint: usize) -> usize {
        let over = |at: usize| self.0[at].1.filter(|over| self.1[at].1.is_some() && self.1[*over] == self.1[at]);
        std::iter::successors(Some(joint), |at| over(*at)).take(self.0.len()).last().unwrap_or(joint)
    }

    /// The next joint that is called so, or else the first that is no helper.
    fn below(&self, joint: usize, like: &[&str]) -> Option<usize> {
        let children = |of: usize| (0..self.0.len()).filter(move |j| self.0[*j].1 == Some(of));
        let called = |j: &usize| like.iter().any(|stem| self.1[*j].0.ends_with(stem));
        let near = || children(joint).chain(children(joint).flat_map(children)).chain(children(joint).flat_map(children).flat_map(children));
        near().find(called).or_else(|| children(joint).find(|j| !self.helper(*j))).or_else(|| children(joint).flat_map(children).find(|j| !self.helper(*j)))
    }

    /// From the root down to a joint.
    fn path(&self, joint: usize) -> Vec<usize> {
        let mut path = vec![joint];
        while let Some(parent) = self.0[path[path.len() - 1]].1 {
            path.push(parent);
        }
        path.reverse();
        path
    }

    /// The lowest joint that both hang from.
    fn meet(&self, a: usize, b: usize) -> Option<usize> {
        let other = self.path(b);
        self.path(a).into_iter().rev().find(|j| *j != a && *j != b && other.contains(j))
    }
}

/// What a joint's name says without its side, its rig's prefix and its numbers: "mixamorig:LeftForeArm" is a forearm on the
/// left, as are "lForeArm", "lowerarm_l", "Bip01 L Forearm" and "J_Bip_L_LowerArm".
fn stem(name: &str) -> (String, Option<usize>) {
    let name = name.rsplit(':').next().unwrap_or(name);
    let lower = name.to_ascii_lowercase();
    let mut side = None;
    let mut rest = lower.clone();
    for (k, word) in ["left", "right"].into_iter().enumerate() {
        if lower.contains(word) {
            side = Some(k);
            rest = lower.replace(word, "");
        }
    }
    if side.is_none() {
        let tokens: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        side = tokens.iter().find_map(|t| ["l", "r"].iter().position(|s| s == t));
        rest = tokens.iter().filter(|t| !["l", "r"].contains(t)).copied().collect();
    }
    if side.is_none() {
        let mut letters = name.chars();
        if let (Some(first), Some(second)) = (letters.next(), letters.next())
            && second.is_ascii_uppercase()
            && let Some(k) = ["l", "r"].iter().position(|s| s.eq_ignore_ascii_case(&first.to_string()))
        {
            side = Some(k);
            rest = lower[1..].to_owned();
        }
    }
    (rest.chars().filter(char::is_ascii_lowercase).collect(), side)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A skeleton of these names: trunk up to the head, then an arm and a leg of each side.
    fn skeleton(trunk: &[&str], limbs: [[&[&str]; 2]; 2]) -> Bvh {
        let joint = |name: &str| format!("JOINT {name} {{ OFFSET 0 1 0 CHANNELS 3 Zrotation Xrotation Yrotation\n");
        let chain =
            |names: &[&str]| names.iter().map(|n| joint(n)).collect::<String>() + "End Site { OFFSET 0 1 0 }" + &"}".repeat(names.len()).replace('}', " }");
        let mut text = format!("HIERARCHY ROOT {} {{ OFFSET 0 0 0 CHANNELS 3 Xposition Yposition Zposition\n", trunk[0]);
        text += &(limbs[1].map(chain).join("\n") + "\n");
        let chest = trunk.len() - 2;
        text += &trunk[1..chest].iter().map(|n| joint(n)).collect::<String>();
        text += &(limbs[0].map(chain).join("\n") + "\n");
        text += &chain(&trunk[chest..]);
        text += &" }".repeat(chest);
        text += "\nMOTION Frames: 1 Frame Time: 0.1\n";
        let width = text.matches("rotation").count() + 3;
        text += &"0 ".repeat(width);
        Bvh::parse(&text).unwrap_or_else(|e| panic!("{e}: {text}"))
    }

    #[test]
    fn bones_in_pieces_are_found_whatever_order_they_are_listed_in() {
        // As one human of MakeHuman comes out of Blender: the last joints first.
        let side = |s: &str, from: usize| -> Vec<(String, Option<usize>)> {
            let chain =
                ["foot", "lowerleg02", "lowerleg01", "upperleg02", "upperleg01", "wrist", "lowerarm02", "lowerarm01", "upperarm02", "upperarm01", "clavicle"];
            let over = |k: usize| {
                if k == 4 {
                    22
                } else if k == 10 {
                    23
                } else {
                    from + k + 1
                }
            };
            chain.iter().enumerate().map(|(k, name)| (format!("{name}_{s}"), Some(over(k)))).collect()
        };
        let mut all = [side("L", 0), side("R", 11)].concat();
        all.extend([("root".to_owned(), None), ("spine01".to_owned(), Some(22)), ("head".to_owned(), Some(25)), ("neck01".to_owned(), Some(23))]);
        let body = find_among(&all.iter().map(|(n, p)| (n.as_str(), *p)).collect::<Vec<_>>()).unwrap_or_else(|e| panic!("{e}"));
        let name = |j: usize| all[j].0.as_str();
        for (k, s) in ["L", "R"].iter().enumerate() {
            let (arm, leg) = (&body.arms[k], &body.legs[k]);
            let found = [arm.upper, arm.lower, leg.upper, leg.lower, leg.foot].map(name);
            let wanted = ["upperarm01", "lowerarm01", "upperleg01", "lowerleg01", "foot"].map(|n| format!("{n}_{s}"));
            assert_eq!(found, wanted.each_ref().map(String::as_str));
            assert_eq!((arm.hand.map(name), arm.shoulder.map(name)), (Some(format!("wrist_{s}").as_str()), Some(format!("clavicle_{s}").as_str())));
        }
    }

    type Rig = (&'static [&'static str], [[&'static [&'static str]; 2]; 2]);

    #[test]
    fn rigs_of_many_makers_are_understood() {
        let cases: &[Rig] = &[
            (
                &["mixamorig:Hips", "mixamorig:Spine", "mixamorig:Spine1", "mixamorig:Neck", "mixamorig:Head"],
                [
                    [
                        &["mixamorig:LeftShoulder", "mixamorig:LeftArm", "mixamorig:LeftForeArm", "mixamorig:LeftHand"],
                        &["mixamorig:RightShoulder", "mixamorig:RightArm", "mixamorig:RightForeArm", "mixamorig:RightHand"],
                    ],
                    [
                        &["mixamorig:LeftUpLeg", "mixamorig:LeftLeg", "mixamorig:LeftFoot", "mixamorig:LeftToeBase"],
                        &["mixamorig:RightUpLeg", "mixamorig:RightLeg", "mixamorig:RightFoot", "mixamorig:RightToeBase"],
                    ],
                ],
            ),
            (
                &["pelvis", "spine_01", "spine_02", "neck_01", "head"],
                [
                    [&["clavicle_l", "upperarm_l", "lowerarm_l", "hand_l"], &["clavicle_r", "upperarm_r", "lowerarm_r", "hand_r"]],
                    [&["thigh_l", "calf_l", "foot_l", "ball_l"], &["thigh_r", "calf_r", "foot_r", "ball_r"]],
                ],
            ),
            (
                &["Bip01 Pelvis", "Bip01 Spine", "Bip01 Spine1", "Bip01 Neck", "Bip01 Head"],
                [
                    [
                        &["Bip01 L Clavicle", "Bip01 L UpperArm", "Bip01 L Forearm", "Bip01 L Hand"],
                        &["Bip01 R Clavicle", "Bip01 R UpperArm", "Bip01 R Forearm", "Bip01 R Hand"],
                    ],
                    [&["Bip01 L Thigh", "Bip01 L Calf", "Bip01 L Foot", "Bip01 L Toe0"], &["Bip01 R Thigh", "Bip01 R Calf", "Bip01 R Foot", "Bip01 R Toe0"]],
                ],
            ),
            (
                &["hip", "abdomen", "chest", "neck", "head"],
                [
                    [&["lCollar", "lShldr", "lForeArm", "lHand"], &["rCollar", "rShldr", "rForeArm", "rHand"]],
                    [&["lThigh", "lShin", "lFoot", "lToe"], &["rThigh", "rShin", "rFoot", "rToe"]],
                ],
            ),
            (
                &["Hips", "Chest", "Chest2", "Neck", "Head"],
                [
                    [&["LeftCollar", "LeftShoulder", "LeftElbow", "LeftWrist"], &["RightCollar", "RightShoulder", "RightElbow", "RightWrist"]],
                    [&["LeftHip", "LeftKnee", "LeftAnkle", "LeftToe"], &["RightHip", "RightKnee", "RightAnkle", "RightToe"]],
                ],
            ),
        ];
        for (trunk, limbs) in cases {
            let bvh = skeleton(trunk, *limbs);
            let body = find(&bvh).unwrap_or_else(|e| panic!("{}: {e}", trunk[0]));
            let name = |j: usize| bvh.joints[j].name.as_str();
            assert_eq!(name(body.hips), trunk[0], "hips");
            assert_eq!((name(body.chest), body.head.map(name), body.neck.map(name)), (trunk[2], Some(trunk[4]), Some(trunk[3])), "chest, head, neck");
            for (side, (arm, leg)) in body.arms.iter().zip(&body.legs).enumerate() {
                assert_eq!([arm.shoulder.map_or("", name), name(arm.upper), name(arm.lower), arm.hand.map_or("", name)], limbs[0][side], "an arm");
                assert_eq!([name(leg.upper), name(leg.lower), name(leg.foot), leg.toes.map_or("", name)], limbs[1][side], "a leg");
            }
        }
    }

    #[test]
    fn a_skeleton_that_is_no_human_is_refused() {
        let bvh = Bvh::parse("HIERARCHY ROOT dog { OFFSET 0 0 0 CHANNELS 1 Xrotation End Site { OFFSET 0 1 0 } } MOTION Frames: 1 Frame Time: 0.1\n0")
            .expect("a file");
        let error = find(&bvh).expect_err("no arms");
        assert!(error.contains("left forearm") && error.contains("LeftElbow") && error.contains("dog"), "{error}");
    }
}
