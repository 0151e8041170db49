//! Which node of a figure is which joint: as its file says (VRM), or by names.

use kinora_gltf::Figure;
use kinora_plan::bvh::body::{Body, find_among};

/// The joints of a human by the numbers of their nodes; sides are left and right.
#[derive(Clone, Debug)]
pub(crate) struct Joints {
    pub(crate) hips: usize,
    /// Over the hips and below the neck, from below.
    pub(crate) trunk: Vec<usize>,
    pub(crate) neck: Option<usize>,
    pub(crate) head: usize,
    pub(crate) jaw: Option<usize>,
    pub(crate) eyes: [Option<usize>; 2],
    /// Collar bone, shoulder joint, elbow, wrist.
    pub(crate) arms: [(Option<usize>, [usize; 2], Option<usize>); 2],
    /// Hip joint, knee, ankle; ball of the foot.
    pub(crate) legs: [([usize; 3], Option<usize>); 2],
    /// Thumb, index, middle, ring and little finger, from the palm outwards.
    pub(crate) fingers: [[Vec<usize>; 5]; 2],
}

const FINGERS: [&str; 5] = ["Thumb", "Index", "Middle", "Ring", "Little"];

impl Joints {
    /// Finds the human.
    ///
    /// # Errors
    /// Which joint is missing, and the names that would be understood.
    pub(crate) fn find(figure: &Figure) -> Result<Self, String> {
        match Self::said(figure) {
            Some(joints) => Ok(joints),
            None => Self::named(figure),
        }
    }

    /// As a VRM says; none if it does not say enough.
    fn said(figure: &Figure) -> Option<Self> {
        let bone = |name: &str| figure.humanoid.get(name).copied();
        let side = |k: usize| ["left", "right"][k];
        let arm = |k: usize| {
            let part = |name: &str| bone(&format!("{}{name}", side(k)));
            Some((part("Shoulder"), [part("UpperArm")?, part("LowerArm")?], part("Hand")))
        };
        let leg = |k: usize| {
            let part = |name: &str| bone(&format!("{}{name}", side(k)));
            Some(([part("UpperLeg")?, part("LowerLeg")?, part("Foot")?], part("Toes")))
        };
        let finger = |k: usize, f: usize| {
            let parts = if f == 0 { ["Metacarpal", "Proximal", "Distal"] } else { ["Proximal", "Intermediate", "Distal"] };
            parts.iter().filter_map(|p| bone(&format!("{}{}{p}", side(k), FINGERS[f]))).collect()
        };
        Some(Self {
            hips: bone("hips")?,
            trunk: ["spine", "chest", "upperChest"].into_iter().filter_map(bone).collect(),
            neck: bone("neck"),
            head: bone("head")?,
            jaw: bone("jaw"),
            eyes: [bone("leftEye"), bone("rightEye")],
            arms: [arm(0)?, arm(1)?],
            legs: [leg(0)?, leg(1)?],
            fingers: [0, 1].map(|k| [0, 1, 2, 3, 4].map(|f| finger(k, f))),
        })
    }

    /// By the names of the nodes.
    fn named(figure: &Figure) -> Result<Self, String> {
        let names: Vec<(&str, Option<usize>)> = figure.nodes.iter().map(|n| (n.name.as_str(), n.parent)).collect();
        if names.len() < 12 {
            return Err("it has no skeleton: rig it (a humanoid skeleton with a skin), and export it with its skin".into());
        }
        let body: Body = find_among(&names).map_err(|e| format!("no human skeleton is found in it: {e}. Name the joints so, or export it as VRM"))?;
        let head = body.head.ok_or("there is no joint for the head (a name such as Head); name it so, or export the character as VRM")?;
        let trunk = body.spine.iter().copied().chain([body.chest]).filter(|j| *j != body.hips).collect();
        let [l, r] = &body.arms;
        let [left, right] = &body.legs;
        let below = |node: usize, over: usize| ancestors(figure, node).any(|a| a == over);
        let on_head = |test: &dyn Fn(&str) -> bool| (0..names.len()).find(|n| below(*n, head) && test(&names[*n].0.to_ascii_lowercase()));
        let eye = |side: usize| {
            let [word, short] = [["left", "l"], ["right", "r"]][side];
            on_head(&|name| {
                let parts: Vec<&str> = name.split(|c: char| !c.is_ascii_alphanumeric()).collect();
                let sided = name.contains(word) || parts.contains(&short) || name == format!("{short}eye");
                sided && name.contains("eye") && !["brow", "lid", "lash", "aim", "target", "end", "socket"].iter().any(|other| name.contains(other))
            })
        };
        Ok(Self {
            hips: body.hips,
            trunk,
            neck: body.neck,
            head,
            jaw: on_head(&|name| name.contains("jaw") && !name.contains("end")),
            eyes: [eye(0), eye(1)],
            arms: [l, r].map(|a| (a.shoulder, [a.upper, a.lower], a.hand)),
            legs: [left, right].map(|l| ([l.upper, l.lower, l.foot], l.toes)),
            fingers: [l, r].map(|a| a.fingers.clone()),
        })
    }
}

/// What a node hangs from, from near to far, without itself.
pub(crate) fn ancestors(figure: &Figure, node: usize) -> impl Iterator<Item = usize> {
    std::iter::successors(figure.nodes[node].parent, |n| figure.nodes[*n].parent).take(figure.nodes.len())
}
