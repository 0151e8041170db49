//! Which joints of a file swing: `secondaryAnimation` of VRM 0.x and `VRMC_springBone` of VRM 1.0, as one list.

use crate::vrm::wrong;
use crate::{FigureError, MOST_SPRINGS, Spring};
use glam::Vec3;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Stiffness and gravity beyond this are a slip.
const STRONGEST: f32 = 10.0;

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Zero {
    secondary_animation: ZeroAnimation,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ZeroAnimation {
    bone_groups: Vec<ZeroGroup>,
}

/// The format spells stiffness so.
#[derive(Debug, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ZeroGroup {
    stiffiness: f32,
    gravity_power: f32,
    gravity_dir: ZeroWay,
    drag_force: f32,
    hit_radius: f32,
    center: i64,
    bones: Vec<i64>,
}

impl Default for ZeroGroup {
    fn default() -> Self {
        Self { stiffiness: 1.0, gravity_power: 0.0, gravity_dir: ZeroWay::default(), drag_force: 0.4, hit_radius: 0.02, center: -1, bones: Vec::new() }
    }
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
struct ZeroWay {
    x: f32,
    y: f32,
    z: f32,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct One {
    springs: Vec<OneSpring>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct OneSpring {
    joints: Vec<OneJoint>,
    center: Option<usize>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OneJoint {
    node: usize,
    #[serde(default = "one")]
    stiffness: f32,
    #[serde(default)]
    gravity_power: f32,
    #[serde(default = "down")]
    gravity_dir: [f32; 3],
    #[serde(default = "half")]
    drag_force: f32,
    #[serde(default)]
    hit_radius: f32,
}

fn one() -> f32 {
    1.0
}

fn half() -> f32 {
    0.5
}

fn down() -> [f32; 3] {
    [0.0, -1.0, 0.0]
}

/// Springs on their way into a list: each node once, the first that names it.
struct List {
    all: Vec<Spring>,
    seen: BTreeSet<usize>,
    nodes: usize,
}

impl List {
    /// A node of the file that a place names.
    fn node(&self, node: usize, place: &str) -> Result<usize, FigureError> {
        if node < self.nodes { Ok(node) } else { Err(FigureError::at(place, format!("there is no node {node}; export it again"))) }
    }

    fn add(&mut self, spring: Spring, place: &str) -> Result<(), FigureError> {
        let numbers = [spring.stiffness, spring.gravity, spring.drag, spring.radius, spring.gravity_way.x, spring.gravity_way.y, spring.gravity_way.z];
        if numbers.iter().any(|n| !n.is_finite()) {
            return Err(FigureError::at(place, "a number is not finite; export it again"));
        }
        if !self.seen.insert(spring.node) {
            return Ok(());
        }
        if self.all.len() == MOST_SPRINGS {
            return Err(FigureError::Large { what: "the springs of hair and cloth".into(), most: MOST_SPRINGS, hint: "export it with fewer spring bones" });
        }
        self.all.push(Spring {
            stiffness: spring.stiffness.clamp(0.0, STRONGEST),
            gravity: spring.gravity.clamp(0.0, STRONGEST),
            gravity_way: spring.gravity_way.normalize_or(Vec3::NEG_Y),
            drag: spring.drag.clamp(0.0, 1.0),
            radius: spring.radius.max(0.0),
            ..spring
        });
        Ok(())
    }
}

/// Reads the joints that swing. What the file calls a bone of the body does not, nor what hangs from it.
pub(crate) fn read(extensions: &BTreeMap<String, Value>, parents: &[Option<usize>], humanoid: &BTreeMap<String, usize>) -> Result<Vec<Spring>, FigureError> {
    let body: BTreeSet<usize> = humanoid.values().copied().collect();
    let mut list = List { all: Vec::new(), seen: body, nodes: parents.len() };
    if let Some(value) = extensions.get("VRMC_springBone") {
        let one: One = serde_json::from_value(value.clone()).map_err(|e| wrong("VRMC_springBone", &e))?;
        newer(one, &mut list)?;
    } else if let Some(value) = extensions.get("VRM") {
        let zero: Zero = serde_json::from_value(value.clone()).map_err(|e| wrong("VRM", &e))?;
        older(zero, parents, &mut list)?;
    }
    Ok(list.all)
}

/// VRM 1.0 lists chains joint by joint; the last joint of each is only its end.
fn newer(one: One, list: &mut List) -> Result<(), FigureError> {
    for (s, spring) in one.springs.into_iter().enumerate() {
        let of = format!("VRMC_springBone.springs[{s}]");
        let centre = spring.center.map(|c| list.node(c, &format!("{of}.center"))).transpose()?;
        let count = spring.joints.len();
        for (k, j) in spring.joints.into_iter().enumerate() {
            let place = format!("{of}.joints[{k}]");
            let node = list.node(j.node, &place)?;
            if k + 1 < count {
                let gravity_way = Vec3::from(j.gravity_dir);
                let (stiffness, gravity, drag, radius) = (j.stiffness, j.gravity_power, j.drag_force, j.hit_radius);
                list.add(Spring { node, stiffness, gravity, gravity_way, drag, radius, centre }, &place)?;
            }
        }
    }
    Ok(())
}

/// VRM 0.x names the roots of its chains; whatever hangs from them swings, too.
fn older(zero: Zero, parents: &[Option<usize>], list: &mut List) -> Result<(), FigureError> {
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); parents.len()];
    for (node, parent) in parents.iter().enumerate() {
        if let Some(parent) = parent {
            children[*parent].push(node);
        }
    }
    for (g, group) in zero.secondary_animation.bone_groups.into_iter().enumerate() {
        let of = format!("VRM.secondaryAnimation.boneGroups[{g}]");
        // -1 is none.
        let centre = usize::try_from(group.center).ok().map(|c| list.node(c, &format!("{of}.center"))).transpose()?;
        let way = group.gravity_dir;
        let (stiffness, gravity, drag, radius) = (group.stiffiness, group.gravity_power, group.drag_force, group.hit_radius);
        for (b, root) in group.bones.iter().enumerate() {
            let place = format!("{of}.bones[{b}]");
            let Ok(root) = usize::try_from(*root) else { continue };
            let mut open = vec![list.node(root, &place)?];
            while let Some(node) = open.pop() {
                if list.seen.contains(&node) {
                    continue;
                }
                list.add(Spring { node, stiffness, gravity, gravity_way: Vec3::new(way.x, way.y, way.z), drag, radius, centre }, &place)?;
                open.extend(&children[node]);
            }
        }
    }
    Ok(())
}
