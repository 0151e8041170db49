//! Forward kinematics: from local turns to where every joint is.

use crate::Bone;
use glam::{Quat, Vec3};

/// A posed joint in model space.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Joint {
    /// How the bone is turned against its rest.
    pub turn: Quat,
    /// Where the joint is.
    pub at: Vec3,
}

/// Every joint in model space, unscaled, from local turns and the displacement of the root.
#[must_use]
pub fn joints(bones: &[Bone], local: &[Quat], hips: Vec3) -> Vec<Joint> {
    let mut all: Vec<Joint> = Vec::with_capacity(bones.len());
    for (index, bone) in bones.iter().enumerate() {
        let turn = local.get(index).copied().unwrap_or(Quat::IDENTITY);
        all.push(match bone.parent {
            None => Joint { turn, at: bone.rest + hips },
            Some(parent) => {
                let p = all[parent];
                Joint { turn: p.turn * turn, at: p.at + p.turn * (bone.rest - bones[parent].rest) }
            }
        });
    }
    all
}

/// A skeleton that is being posed: turns are set from the root outwards, in model space or locally.
#[derive(Clone, Debug)]
pub struct Rig<'a> {
    bones: &'a [Bone],
    /// Local turns, as [`crate::BodyPose`] stores them.
    pub local: Vec<Quat>,
    /// Displacement of the root bone.
    pub hips: Vec3,
}

impl<'a> Rig<'a> {
    /// At rest.
    #[must_use]
    pub fn new(bones: &'a [Bone]) -> Self {
        Self { bones, local: vec![Quat::IDENTITY; bones.len()], hips: Vec3::ZERO }
    }

    /// Where one joint is now, in model space.
    #[must_use]
    pub fn joint(&self, bone: usize) -> Joint {
        let b = &self.bones[bone];
        match b.parent {
            None => Joint { turn: self.local[bone], at: b.rest + self.hips },
            Some(parent) => {
                let p = self.joint(parent);
                Joint { turn: p.turn * self.local[bone], at: p.at + p.turn * (b.rest - self.bones[parent].rest) }
            }
        }
    }

    /// Turns a bone so that in model space it is turned like this.
    pub fn turn_to(&mut self, bone: usize, turn: Quat) {
        let parent = self.bones[bone].parent.map_or(Quat::IDENTITY, |p| self.joint(p).turn);
        self.local[bone] = (parent.inverse() * turn).normalize();
    }

    /// A point that is fixed to a bone and given in the rest pose, where it is now.
    #[must_use]
    pub fn carried(&self, bone: usize, rest: Vec3) -> Vec3 {
        let joint = self.joint(bone);
        joint.at + joint.turn * (rest - self.bones[bone].rest)
    }
}
