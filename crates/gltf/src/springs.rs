//! Which joints of a file swing, and what they stay out of: `secondaryAnimation` of VRM 0.x and `VRMC_springBone` of VRM 1.0, as
//! one list each.

use crate::vrm::wrong;
use crate::{Collider, FigureError, MOST_COLLIDERS, MOST_SPRINGS, Spring};
use glam::{Affine3A, Vec3};
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
    collider_groups: Vec<ZeroColliders>,
}

/// Balls of one node.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ZeroColliders {
    node: i64,
    colliders: Vec<ZeroCollider>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ZeroCollider {
    offset: ZeroWay,
    radius: f32,
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
    collider_groups: Vec<i64>,
}

impl Default for ZeroGroup {
    fn default() -> Self {
        Self {
            stiffiness: 1.0,
            gravity_power: 0.0,
            gravity_dir: ZeroWay::default(),
            drag_force: 0.4,
            hit_radius: 0.02,
            center: -1,
            bones: Vec::new(),
            collider_groups: Vec::new(),
        }
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
#[serde(default, rename_all = "camelCase")]
struct One {
    springs: Vec<OneSpring>,
    colliders: Vec<OneCollider>,
    collider_groups: Vec<OneColliders>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct OneSpring {
    joints: Vec<OneJoint>,
    center: Option<usize>,
    collider_groups: Vec<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct OneColliders {
    colliders: Vec<usize>,
}

#[derive(Debug, Deserialize)]
struct OneCollider {
    node: usize,
    #[serde(default)]
    shape: OneShape,
    #[serde(default)]
    extensions: OneMore,
}

/// `VRMC_springBone_extended_collider` says it otherwise: a plane, or a body that things stay inside. The plain shape beside it is
/// a makeshift far away.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct OneMore {
    #[serde(rename = "VRMC_springBone_extended_collider")]
    extended: Option<OneExtended>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct OneExtended {
    shape: OneShape,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct OneShape {
    sphere: Option<OneBall>,
    capsule: Option<OneBall>,
}

/// A sphere, or a capsule if it has a tail.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct OneBall {
    offset: [f32; 3],
    radius: f32,
    tail: Option<[f32; 3]>,
    inside: bool,
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
struct List<'a> {
    all: Vec<Spring>,
    seen: BTreeSet<usize>,
    /// Where nodes are.
    worlds: &'a [Affine3A],
    colliders: Vec<Collider>,
}

impl List<'_> {
    /// A node of the file that a place names.
    fn node(&self, node: usize, place: &str) -> Result<usize, FigureError> {
        if node < self.worlds.len() { Ok(node) } else { Err(FigureError::at(place, format!("there is no node {node}; export it again"))) }
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

    /// Adds a collider, whose ends are told against its node; gives its number. One without a size is none.
    fn collide(&mut self, node: usize, ends: [Vec3; 2], radius: f32, place: &str) -> Result<Option<usize>, FigureError> {
        let world = self.worlds[self.node(node, place)?];
        // The format says nothing of nodes that are scaled; viewers scale by the longest axis.
        let axes = world.matrix3;
        let radius = radius * axes.x_axis.length().max(axes.y_axis.length()).max(axes.z_axis.length());
        let ends = ends.map(|p| world.transform_point3(p));
        if !radius.is_finite() || ends.iter().any(|p| !p.is_finite()) {
            return Err(FigureError::at(place, "a number is not finite; export it again"));
        }
        if radius <= 0.0 {
            return Ok(None);
        }
        if self.colliders.len() == MOST_COLLIDERS {
            return Err(FigureError::Large { what: "the colliders of hair and cloth".into(), most: MOST_COLLIDERS, hint: "export it with fewer colliders" });
        }
        self.colliders.push(Collider { node, ends, radius });
        Ok(Some(self.colliders.len() - 1))
    }
}

/// What is in groups, each once.
fn grouped(groups: &[Vec<usize>], named: impl Iterator<Item = usize>, place: &str) -> Result<Vec<usize>, FigureError> {
    let mut all = BTreeSet::new();
    for group in named {
        let of = groups.get(group).ok_or_else(|| FigureError::at(place, format!("there is no group {group} of colliders; export it again")))?;
        all.extend(of);
    }
    Ok(all.into_iter().collect())
}

/// Reads the joints that swing, and what they stay out of. What the file calls a bone of the body does not swing, nor what hangs
/// from it.
pub(crate) fn read(
    extensions: &BTreeMap<String, Value>,
    parents: &[Option<usize>],
    worlds: &[Affine3A],
    humanoid: &BTreeMap<String, usize>,
) -> Result<(Vec<Spring>, Vec<Collider>), FigureError> {
    let body: BTreeSet<usize> = humanoid.values().copied().collect();
    let mut list = List { all: Vec::new(), seen: body, worlds, colliders: Vec::new() };
    if let Some(value) = extensions.get("VRMC_springBone") {
        let one: One = serde_json::from_value(value.clone()).map_err(|e| wrong("VRMC_springBone", &e))?;
        newer(one, &mut list)?;
    } else if let Some(value) = extensions.get("VRM") {
        let zero: Zero = serde_json::from_value(value.clone()).map_err(|e| wrong("VRM", &e))?;
        older(zero, parents, &mut list)?;
    }
    Ok((list.all, list.colliders))
}

/// VRM 1.0 lists chains joint by joint; the last joint of each is only its end.
fn newer(one: One, list: &mut List<'_>) -> Result<(), FigureError> {
    let mut numbers = Vec::with_capacity(one.colliders.len().min(MOST_COLLIDERS));
    for (k, collider) in one.colliders.iter().enumerate() {
        let shape = collider.extensions.extended.as_ref().map_or(&collider.shape, |e| &e.shape);
        let ball = shape.sphere.as_ref().or(shape.capsule.as_ref()).filter(|b| !b.inside);
        let place = format!("VRMC_springBone.colliders[{k}]");
        numbers.push(match ball {
            Some(b) => list.collide(collider.node, [b.offset, b.tail.unwrap_or(b.offset)].map(Vec3::from), b.radius, &place)?,
            None => None,
        });
    }
    let mut groups: Vec<Vec<usize>> = Vec::with_capacity(one.collider_groups.len());
    for (g, group) in one.collider_groups.iter().enumerate() {
        if let Some(none) = group.colliders.iter().find(|c| **c >= numbers.len()) {
            return Err(FigureError::at(format!("VRMC_springBone.colliderGroups[{g}]"), format!("there is no collider {none}; export it again")));
        }
        groups.push(group.colliders.iter().filter_map(|c| numbers[*c]).collect());
    }
    for (s, spring) in one.springs.into_iter().enumerate() {
        let of = format!("VRMC_springBone.springs[{s}]");
        let centre = spring.center.map(|c| list.node(c, &format!("{of}.center"))).transpose()?;
        let hits = grouped(&groups, spring.collider_groups.iter().copied(), &format!("{of}.colliderGroups"))?;
        let count = spring.joints.len();
        for (k, j) in spring.joints.into_iter().enumerate() {
            let place = format!("{of}.joints[{k}]");
            let node = list.node(j.node, &place)?;
            if k + 1 < count {
                let gravity_way = Vec3::from(j.gravity_dir);
                let (stiffness, gravity, drag, radius) = (j.stiffness, j.gravity_power, j.drag_force, j.hit_radius);
                list.add(Spring { node, stiffness, gravity, gravity_way, drag, radius, centre, hits: hits.clone() }, &place)?;
            }
        }
    }
    Ok(())
}

/// VRM 0.x names the roots of its chains; whatever hangs from them swings, too.
fn older(zero: Zero, parents: &[Option<usize>], list: &mut List<'_>) -> Result<(), FigureError> {
    let mut groups: Vec<Vec<usize>> = Vec::with_capacity(zero.secondary_animation.collider_groups.len());
    for (g, group) in zero.secondary_animation.collider_groups.iter().enumerate() {
        let mut own = Vec::new();
        for (k, ball) in group.colliders.iter().enumerate() {
            let Ok(node) = usize::try_from(group.node) else { continue };
            // Its writers left the axis of another engine in here: z looks the other way.
            let at = Vec3::new(ball.offset.x, ball.offset.y, -ball.offset.z);
            own.extend(list.collide(node, [at; 2], ball.radius, &format!("VRM.secondaryAnimation.colliderGroups[{g}].colliders[{k}]"))?);
        }
        groups.push(own);
    }
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
        let named = group.collider_groups.iter().filter_map(|c| usize::try_from(*c).ok());
        let hits = grouped(&groups, named, &format!("{of}.colliderGroups"))?;
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
                let gravity_way = Vec3::new(way.x, way.y, way.z);
                list.add(Spring { node, stiffness, gravity, gravity_way, drag, radius, centre, hits: hits.clone() }, &place)?;
                open.extend(&children[node]);
            }
        }
    }
    Ok(())
}
