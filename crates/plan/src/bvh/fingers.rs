//! The fingers of a hand in a skeleton of anybody's: by their names - "LeftHandIndex2" (Mixamo, VICON, HumanIK), "index_02_l"
//! (Unreal), "f_index.02.L" (Blender), "lIndex2" and "lMid1" (DAZ), "LeftSecondMP" (Xsens) - or by their numbers from the thumb
//! on: "Bip01 L Finger11" (Biped), "LeftFinger0" (Biovision), "LeftFinger2Medial" (Rokoko).

/// Joints of thumb, index, middle, ring and little finger, three at most, from the palm outwards. Bones within the palm are
/// left out, but for the thumb's.
pub type Fingers = [Vec<usize>; 5];

const WORDS: [&[&str]; 5] = [&["thumb"], &["index"], &["middle", "mid"], &["ring"], &["little", "pinky", "pinkie"]];
/// Xsens counts them so, and tells the bone by its last letters.
const COUNTED: [&str; 5] = ["first", "second", "third", "fourth", "fifth"];
const BONES: [&str; 4] = ["mc", "pp", "mp", "dp"];
/// Ends of bones, which are no joints that bend.
const ENDS: [&str; 3] = ["tip", "end", "nub"];

/// The fingers below a hand, among names of joints with their parents, in any order; there must be no circle.
#[must_use]
pub fn fingers_among(joints: &[(&str, Option<usize>)], hand: usize) -> Fingers {
    let over = |j: usize| std::iter::successors(joints[j].1, |p| joints[*p].1).take(joints.len());
    let mut below: Vec<(usize, usize, String)> = Vec::new();
    for (joint, (name, _)) in joints.iter().enumerate() {
        if let Some(depth) = over(joint).position(|a| a == hand) {
            below.push((depth, joint, name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase()));
        }
    }
    below.sort();
    // Some count them from 0, others from 1.
    let first = below.iter().filter_map(|(_, _, name)| number(name)).min().unwrap_or(0);
    let worded = below.iter().any(|(_, _, name)| name.contains("index"));
    let is = |name: &str, finger: usize| named(name) == Some(finger) || (!worded && number(name) == Some(first + finger));
    std::array::from_fn(|finger| {
        let mut chain: Vec<usize> = Vec::new();
        for (_, joint, _) in below.iter().filter(|(_, _, name)| is(name, finger) && bends(name, finger)) {
            if chain.last().is_none_or(|last| over(*joint).any(|a| a == *last)) && chain.len() < 3 {
                chain.push(*joint);
            }
        }
        chain
    })
}

/// The finger that a name says.
fn named(name: &str) -> Option<usize> {
    if BONES.iter().any(|bone| name.ends_with(bone))
        && let Some(finger) = COUNTED.iter().position(|word| name.contains(word))
    {
        return Some(finger);
    }
    (0..5).find(|f| WORDS[*f].iter().any(|w| name.contains(w)) && !(*f == 3 && name.contains("string")))
}

/// The number after "finger".
fn number(name: &str) -> Option<usize> {
    let rest = name.split("finger").nth(1)?.trim_start_matches(|c: char| !c.is_ascii_digit());
    Some(rest.chars().next()?.to_digit(10)? as usize)
}

/// Whether a joint bends a finger: those of palms do not, but the thumb's does.
fn bends(name: &str, finger: usize) -> bool {
    let palm = name.contains("meta") || (name.ends_with("mc") && COUNTED.iter().any(|c| name.contains(c)));
    let bare = ["_l", "_r", ".l", ".r"].iter().find_map(|side| name.strip_suffix(side)).unwrap_or(name);
    let other = name.contains("inhand") || name.contains("twist") || ENDS.iter().any(|end| bare.ends_with(end));
    !other && (finger == 0 || !palm)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hand of these chains, each from the hand on.
    fn hand(chains: &[&[&'static str]]) -> (Vec<(&'static str, Option<usize>)>, Fingers) {
        let mut joints = vec![("LeftForeArm", None), ("LeftHand", Some(0))];
        for chain in chains {
            let first = joints.len();
            joints.extend(chain.iter().enumerate().map(|(k, name)| (*name, Some(if k == 0 { 1 } else { first + k - 1 }))));
        }
        let fingers = fingers_among(&joints, 1);
        (joints, fingers)
    }

    #[test]
    fn fingers_of_many_makers_are_found() {
        type Case = (&'static [&'static [&'static str]], [&'static [&'static str]; 3]);
        // All chains; and of those what is found of thumb, index and little finger.
        let cases: &[Case] = &[
            (
                &[
                    &["mixamorig:LeftHandThumb1", "mixamorig:LeftHandThumb2", "mixamorig:LeftHandThumb3", "mixamorig:LeftHandThumb4"],
                    &["mixamorig:LeftHandIndex1", "mixamorig:LeftHandIndex2", "mixamorig:LeftHandIndex3", "mixamorig:LeftHandIndex4"],
                    &["mixamorig:LeftHandPinky1", "mixamorig:LeftHandPinky2"],
                ],
                [
                    &["mixamorig:LeftHandThumb1", "mixamorig:LeftHandThumb2", "mixamorig:LeftHandThumb3"],
                    &["mixamorig:LeftHandIndex1", "mixamorig:LeftHandIndex2", "mixamorig:LeftHandIndex3"],
                    &["mixamorig:LeftHandPinky1", "mixamorig:LeftHandPinky2"],
                ],
            ),
            (
                &[
                    &["LeftFinger1Metacarpal", "LeftFinger1Proximal", "LeftFinger1Distal", "LeftFinger1Tip"],
                    &["LeftFinger2Metacarpal", "LeftFinger2Proximal", "LeftFinger2Medial", "LeftFinger2Distal", "LeftFinger2Tip"],
                    &["LeftFinger5Metacarpal", "LeftFinger5Proximal", "LeftFinger5Medial", "LeftFinger5Distal", "LeftFinger5Tip"],
                ],
                [
                    &["LeftFinger1Metacarpal", "LeftFinger1Proximal", "LeftFinger1Distal"],
                    &["LeftFinger2Proximal", "LeftFinger2Medial", "LeftFinger2Distal"],
                    &["LeftFinger5Proximal", "LeftFinger5Medial", "LeftFinger5Distal"],
                ],
            ),
            (
                &[
                    &["LeftCarpus", "LeftFirstMC", "LeftFirstPP", "LeftFirstDP"],
                    &["LeftSecondMC", "LeftSecondPP", "LeftSecondMP", "LeftSecondDP"],
                    &["LeftFifthMC", "LeftFifthPP", "LeftFifthMP", "LeftFifthDP"],
                ],
                [
                    &["LeftFirstMC", "LeftFirstPP", "LeftFirstDP"],
                    &["LeftSecondPP", "LeftSecondMP", "LeftSecondDP"],
                    &["LeftFifthPP", "LeftFifthMP", "LeftFifthDP"],
                ],
            ),
            (
                &[
                    &["Bip01 L Finger0", "Bip01 L Finger01", "Bip01 L Finger02", "Bip01 L Finger0Nub"],
                    &["Bip01 L Finger1", "Bip01 L Finger11", "Bip01 L Finger12"],
                    &["Bip01 L Finger4", "Bip01 L Finger41", "Bip01 L Finger42"],
                ],
                [
                    &["Bip01 L Finger0", "Bip01 L Finger01", "Bip01 L Finger02"],
                    &["Bip01 L Finger1", "Bip01 L Finger11", "Bip01 L Finger12"],
                    &["Bip01 L Finger4", "Bip01 L Finger41", "Bip01 L Finger42"],
                ],
            ),
            (
                &[
                    &["thumb_01_l", "thumb_02_l", "thumb_03_l"],
                    &["index_metacarpal_l", "index_01_l", "index_02_l", "index_03_l"],
                    &["LeftInHandPinky", "LeftHandPinky1"],
                ],
                [&["thumb_01_l", "thumb_02_l", "thumb_03_l"], &["index_01_l", "index_02_l", "index_03_l"], &["LeftHandPinky1"]],
            ),
            (&[&["LThumb"], &["LeftFingerBase", "LeftHandIndex1"]], [&["LThumb"], &["LeftHandIndex1"], &[]]),
        ];
        for (chains, wanted) in cases {
            let (joints, fingers) = hand(chains);
            for (finger, wanted) in [0, 1, 4].into_iter().zip(wanted) {
                let found: Vec<&str> = fingers[finger].iter().map(|j| joints[*j].0).collect();
                assert_eq!(&found, wanted, "finger {finger} of {}", chains[0][0]);
            }
        }
    }
}
