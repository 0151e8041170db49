//! From a pose to a drawable mesh: face shapes are added in rest space, then up to four bones move each vertex.

use crate::{BodyPose, Character, Face, Level, skeleton};
use glam::{Affine3A, Mat3A, Vec3, Vec3A};
use kinora_render::scene::{Coarse, Pose};

/// The skinned mesh of a level at one frame and the frame before, in object space (model space times the size); and coarser levels, for shadows.
#[must_use]
pub fn pose(character: &Character, level: usize, coarser: &[usize], now: &BodyPose, before: &BodyPose) -> Pose {
    let Some(level) = character.levels.get(level.min(character.levels.len().saturating_sub(1))) else { return Pose::default() };
    let bones = bone_matrices(character, now);
    let count = level.mesh.positions.len();
    let mut positions = Vec::with_capacity(count);
    let mut normals = Vec::with_capacity(count);
    place(level, &bones, &now.face, &mut positions);
    turn_normals(level, &bones, character.scale, &mut normals);
    let previous = if now.bones == before.bones && now.face == before.face && now.hips == before.hips {
        positions.clone()
    } else {
        let mut previous = Vec::with_capacity(count);
        place(level, &bone_matrices(character, before), &before.face, &mut previous);
        previous
    };
    let coarse = |level: &Level| {
        let mut positions = Vec::with_capacity(level.mesh.positions.len());
        place(level, &bones, &now.face, &mut positions);
        Coarse { mesh: level.mesh.clone(), positions, edge: level.edge * character.scale }
    };
    let coarser = coarser.iter().filter_map(|k| character.levels.get(*k)).map(coarse).collect();
    Pose { positions, normals, previous, coarser }
}

/// Where the object space of [`pose`] is in the world.
#[must_use]
pub fn world_from_object(_character: &Character, pose: &BodyPose) -> Affine3A {
    Affine3A::from_rotation_translation(pose.turn, pose.root)
}

/// Where every joint is in the world, in the order of the character's bones.
#[must_use]
pub fn joints_in_world(character: &Character, pose: &BodyPose) -> Vec<Vec3> {
    let world = world_from_object(character, pose);
    skeleton::joints(&character.bones, &pose.bones, pose.hips).iter().map(|j| world.transform_point3(j.at * character.scale)).collect()
}

/// One matrix a bone: rest space to posed object space, size included.
fn bone_matrices(character: &Character, pose: &BodyPose) -> Vec<Affine3A> {
    let joints = skeleton::joints(&character.bones, &pose.bones, pose.hips);
    let one = |(bone, joint): (&crate::Bone, skeleton::Joint)| {
        let turn = Mat3A::from_quat(joint.turn);
        let at = Vec3A::from(joint.at) - turn * Vec3A::from(bone.rest);
        Affine3A { matrix3: turn * character.scale, translation: at * character.scale }
    };
    character.bones.iter().zip(joints).map(one).collect()
}

fn place(level: &Level, bones: &[Affine3A], face: &Face, out: &mut Vec<Vec3>) {
    out.clear();
    out.extend_from_slice(&level.mesh.positions);
    for morph in level.morphs.iter() {
        let strength = face.control(&morph.name);
        if strength != 0.0 {
            for (vertex, by) in &morph.moves {
                out[*vertex as usize] += *by * strength;
            }
        }
    }
    for ((p, index), weight) in out.iter_mut().zip(level.bones.iter()).zip(level.weights.iter()) {
        let rest = Vec3A::from(*p);
        // Most of a body goes with one bone.
        *p = if weight[1] <= 0.0 {
            let bone = &bones[usize::from(index[0])];
            bone.matrix3 * rest + bone.translation
        } else {
            blend(index, weight, |b| bones[b].matrix3 * rest + bones[b].translation)
        }
        .into();
    }
}

fn turn_normals(level: &Level, bones: &[Affine3A], scale: f32, out: &mut Vec<Vec3>) {
    let turns: Vec<Mat3A> = bones.iter().map(|b| b.matrix3 * scale.recip()).collect();
    let all = level.mesh.normals.iter().zip(level.bones.iter()).zip(level.weights.iter());
    out.extend(all.map(|((n, index), weight)| {
        let rest = Vec3A::from(*n);
        if weight[1] <= 0.0 {
            Vec3::from(turns[usize::from(index[0])] * rest)
        } else {
            Vec3::from(blend(index, weight, |b| turns[b] * rest).normalize_or_zero())
        }
    }));
}

fn blend(index: &[u16; 4], weight: &[f32; 4], of: impl Fn(usize) -> Vec3A) -> Vec3A {
    let mut sum = of(usize::from(index[0])) * weight[0];
    for k in 1..4 {
        if weight[k] > 0.0 {
            sum += of(usize::from(index[k])) * weight[k];
        }
    }
    sum
}

/// Gaze at which eyes that are shapes look quite aside, radians.
const ASIDE: f32 = 0.45;

impl Face {
    /// The strength of a shape of a figure's own: vowels, expressions and looks, none of which goes below 0.
    fn shown(&self, name: &str) -> f32 {
        let open = (self.jaw * 1.6).min(1.0);
        let spread = self.wide.max(0.0);
        let happy = self.smile.max(0.0);
        let strength = match name {
            "aa" => self.jaw * (1.0 - self.round) * (1.0 - 0.6 * spread),
            "ee" => spread * open * 0.8,
            "ih" => spread * (1.0 - open) * 0.5,
            "oh" => self.round * open,
            "ou" => self.round * (1.0 - open),
            "spread" => spread,
            // Smiling eyes are half shut already.
            "lids" => self.blink * (1.0 - 0.5 * happy),
            "happy" | "smiling" => happy,
            "sad" => (self.worry * 0.7 - self.smile * 0.7).min(1.0),
            "angry" | "knitted" => (-self.worry).max(-self.brow),
            "surprised" => self.brow * self.jaw.max(0.3),
            "raised" => self.brow,
            "look-left" => self.gaze[0] / ASIDE,
            "look-right" => -self.gaze[0] / ASIDE,
            "look-up" => self.gaze[1] / ASIDE,
            "look-down" => -self.gaze[1] / ASIDE,
            _ => 0.0,
        };
        strength.clamp(0.0, 1.0)
    }

    /// The strength of a named face shape.
    #[must_use]
    pub fn control(&self, name: &str) -> f32 {
        match name {
            "jaw" => self.jaw,
            "wide" => self.wide,
            "round" => self.round,
            "close" => self.close,
            "smile" => self.smile,
            "blink" => self.blink,
            "brow" => self.brow,
            "worry" => self.worry,
            "frown" => (-self.smile).max(0.0),
            "sneer" => self.sneer,
            "smirk" => self.smirk,
            "tears" => self.tears,
            "drop" => self.drop,
            _ => self.shown(name),
        }
    }
}
