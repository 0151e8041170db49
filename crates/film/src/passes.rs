//! Passes as files: what is known of every pixel, beside the film. An EXR a frame (`000012.exr`) with ids, depth, motion,
//! normals, albedo and edges; a pose file a frame (`000012.pose.json`); and `passes.json`, which says what the numbers mean
//! and where the camera was. docs/passes.md has names, units and spaces.

use crate::exr::{self, Samples};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;

/// The index of a folder of passes: `passes.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PassesIndex {
    /// The form of this folder: 2.
    pub version: u32,
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// Frames in the film.
    pub frames: usize,
    /// What the numbers of the id pass stand for; 0 is the place and the sky.
    pub ids: Vec<PassId>,
    /// One a frame.
    pub cameras: Vec<PassCamera>,
    /// The fingerprint of the plan.
    #[serde(default)]
    pub plan: String,
    /// What would be seen of everybody and everything if nothing stood before it, at the frames of [`looked_at`].
    #[serde(default)]
    pub alone: Vec<PassAlone>,
}

/// The share of the picture that something would fill if there were nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PassAlone {
    /// Frame of the film.
    pub frame: usize,
    /// The number in the id pass.
    pub number: u16,
    /// 0 to 1.
    pub share: f32,
}

/// The frames of a shot that are looked at closely: early, in the middle, late.
#[must_use]
pub fn looked_at(from: usize, to: usize) -> [usize; 3] {
    [1, 3, 5].map(|sixth| from + to.saturating_sub(from + 1) * sixth / 6)
}

/// What a number of the id pass stands for, in one scene.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassId {
    /// Id of the plan's scene.
    pub scene: String,
    /// The number.
    pub number: u16,
    /// Id of the plan's role or thing.
    pub id: String,
    /// Which of several, of a role.
    pub member: u32,
}

/// A camera at one frame: y up, it looks along its own -z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PassCamera {
    /// Where it stands, metres.
    pub eye: [f32; 3],
    /// How it is turned: a quaternion x, y, z, w from camera to world.
    pub turn: [f32; 4],
    /// Vertical field of view, radians.
    pub field: f32,
    /// Focal length, pixels; the same across and down.
    #[serde(default)]
    pub focal: f32,
    /// The optical axis in the picture, pixels from the upper left.
    #[serde(default)]
    pub centre: [f32; 2],
    /// Distance in focus, metres.
    #[serde(default)]
    pub focus: f32,
    /// Diameter of the entrance pupil, metres; 0 = everything is sharp.
    #[serde(default)]
    pub aperture: f32,
}

/// What is known of every pixel of a frame, rows from the top.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FramePasses {
    /// Numbers of the id pass.
    pub id: Vec<u16>,
    /// Metres along the view axis, infinite for the sky.
    pub depth: Vec<f32>,
    /// Pixels from the frame before, x right, y down.
    pub motion: Vec<[f32; 2]>,
    /// Numbers of materials within the frame; 0 is the sky. Empty when read back.
    pub material: Vec<u16>,
    /// Unit normals in the world. Empty when read back.
    pub normal: Vec<[f32; 3]>,
    /// Linear colour under white light. Empty when read back.
    pub albedo: Vec<[f32; 3]>,
}

/// Writes the passes of a frame that a camera took.
///
/// # Errors
/// If the file cannot be written, or a pass has another size.
pub fn write_frame(folder: &Path, frame: i64, (width, height): (usize, usize), passes: &FramePasses, camera: &PassCamera) -> io::Result<()> {
    let turned = |n: &[f32; 3]| turned_back(camera.turn, *n);
    let part = |of: &[[f32; 3]], k: usize| of.iter().map(|v| v[k]).collect::<Vec<f32>>();
    let in_camera: Vec<[f32; 3]> = passes.normal.iter().map(turned).collect();
    let numbers = |of: &[u16]| Samples::Uint(of.iter().map(|v| u32::from(*v)).collect());
    let mut channels = vec![
        ("Z", Samples::Float(passes.depth.clone())),
        ("id", numbers(&passes.id)),
        ("material", numbers(&passes.material)),
        ("motion.X", Samples::Float(passes.motion.iter().map(|m| m[0]).collect())),
        ("motion.Y", Samples::Float(passes.motion.iter().map(|m| m[1]).collect())),
        ("edges", Samples::Half(edges(width, height, passes))),
    ];
    for (names, values) in [
        (["normal.X", "normal.Y", "normal.Z"], &passes.normal),
        (["normalCamera.X", "normalCamera.Y", "normalCamera.Z"], &in_camera),
        (["albedo.R", "albedo.G", "albedo.B"], &passes.albedo),
    ] {
        channels.extend(names.into_iter().enumerate().map(|(k, name)| (name, Samples::Half(part(values, k)))));
    }
    let notes = [("units", "Z metres along the view axis; motion pixels since the frame before, x right, y down; y up, camera looks along -z")];
    let bytes = exr::write(width, height, &channels, &notes)?;
    kinora_base::studio::write_beside(&folder.join(format!("{frame:06}.exr")), &bytes)
}

/// A direction of the world as the camera sees it: turned by the inverse of a unit quaternion.
fn turned_back([x, y, z, w]: [f32; 4], v: [f32; 3]) -> [f32; 3] {
    let (x, y, z) = (-x, -y, -z);
    let cross = |a: [f32; 3], b: [f32; 3]| [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
    let t = cross([x, y, z], v).map(|c| c * 2.0);
    let u = cross([x, y, z], t);
    [0, 1, 2].map(|k| v[k] + w * t[k] + u[k])
}

/// Where outlines are: 1 between things, less at folds and steps in depth, 0 on even surfaces.
fn edges(width: usize, height: usize, passes: &FramePasses) -> Vec<f32> {
    let mut out = vec![0.0; width * height];
    let differ = |a: usize, b: usize| -> f32 {
        if passes.id[a] != passes.id[b] {
            return 1.0;
        }
        let (near, far) = (passes.depth[a].min(passes.depth[b]), passes.depth[a].max(passes.depth[b]));
        if !far.is_finite() {
            return if near.is_finite() { 1.0 } else { 0.0 };
        }
        let fold = 1.0 - (0..3).map(|k| passes.normal[a][k] * passes.normal[b][k]).sum::<f32>().clamp(-1.0, 1.0);
        // A slanted surface has steps too: they count from a twentieth of the distance on.
        let step = ((far - near) / near.max(0.1) * 10.0 - 0.5).clamp(0.0, 1.0);
        let border: f32 = if passes.material[a] != passes.material[b] { 0.5 } else { 0.0 };
        (fold * 1.5).min(1.0).max(step).max(border)
    };
    for y in 0..height {
        for x in 0..width {
            let here = y * width + x;
            let right = if x + 1 < width { differ(here, here + 1) } else { 0.0 };
            let below = if y + 1 < height { differ(here, here + width) } else { 0.0 };
            out[here] = right.max(below);
        }
    }
    out
}

/// Writes the poses of a frame.
///
/// # Errors
/// If the file cannot be written.
pub fn write_poses(folder: &Path, frame: i64, poses: &serde_json::Value) -> io::Result<()> {
    kinora_base::studio::write_beside(&folder.join(format!("{frame:06}.pose.json")), poses.to_string().as_bytes())
}

/// Writes the index.
///
/// # Errors
/// If it cannot be written.
pub fn write_index(folder: &Path, index: &PassesIndex) -> io::Result<()> {
    let text = serde_json::to_vec_pretty(index).map_err(io::Error::other)?;
    kinora_base::studio::write_beside(&folder.join("passes.json"), &text)
}

/// Reads the index of a folder.
///
/// # Errors
/// If it is not there, or not one.
pub fn read_index(folder: &Path) -> io::Result<PassesIndex> {
    let bytes = std::fs::read(folder.join("passes.json"))?;
    let index: PassesIndex = serde_json::from_slice(&bytes).map_err(|e| io::Error::new(io::ErrorKind::InvalidData, format!("passes.json: {e}")))?;
    if index.version != 2 {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("passes.json: version {} is not known; this build reads 2: make them again", index.version),
        ));
    }
    Ok(index)
}

/// Reads ids, depths and motion of a frame.
///
/// # Errors
/// If the file is not there, is none of ours, or has another size than the index says.
pub fn read_frame(folder: &Path, index: &PassesIndex, frame: usize) -> io::Result<FramePasses> {
    let name = format!("{frame:06}.exr");
    let wrong = |what: String| io::Error::new(io::ErrorKind::InvalidData, format!("{name}: {what}"));
    let picture = exr::read(&std::fs::read(folder.join(&name))?).map_err(|e| wrong(e.to_string()))?;
    if (picture.width, picture.height) != (index.width, index.height) {
        return Err(wrong(format!("it is {}x{}, and the passes are {}x{}", picture.width, picture.height, index.width, index.height)));
    }
    let values = |channel: &str| picture.values(channel).ok_or_else(|| wrong(format!("it has no channel {channel}")));
    let id = picture.numbers("id").ok_or_else(|| wrong("it has no channel id".into()))?;
    Ok(FramePasses {
        id: id.iter().map(|n| u16::try_from(*n).unwrap_or(0)).collect(),
        depth: values("Z")?.to_vec(),
        motion: values("motion.X")?.iter().zip(values("motion.Y")?).map(|(x, y)| [*x, *y]).collect(),
        ..FramePasses::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_read_as_it_was_written() {
        let folder = std::env::temp_dir().join(format!("kinora-passes-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("made");
        let (width, height) = (6, 4);
        let left = |i: usize| i % width < 3;
        let n = width * height;
        let passes = FramePasses {
            id: (0..n).map(|i| if left(i) { 7 } else { 0 }).collect(),
            depth: (0..n).map(|i| if left(i) { 2.5 } else { f32::INFINITY }).collect(),
            motion: vec![[1.5, -0.25]; n],
            material: vec![1; n],
            normal: vec![[0.0, 0.0, 1.0]; n],
            albedo: vec![[0.5; 3]; n],
        };
        // A quarter turn to the left about the vertical: the camera looks along -x.
        let camera = PassCamera { turn: [0.0, 0.5_f32.sqrt(), 0.0, 0.5_f32.sqrt()], ..PassCamera::default() };
        write_frame(&folder, 3, (width, height), &passes, &camera).expect("written");
        let picture = exr::read(&std::fs::read(folder.join("000003.exr")).expect("there")).expect("read");
        let side = picture.values("normalCamera.X").expect("a channel")[0];
        assert!((side + 1.0).abs() < 1e-3, "what faces +z faces the camera's left: {side}");
        let edges = picture.values("edges").expect("a channel");
        assert_eq!((edges[2], edges[0]), (1.0, 0.0), "an outline between the thing and the sky, none on it");
        let index = PassesIndex { width, height, ..PassesIndex::default() };
        let back = read_frame(&folder, &index, 3).expect("read");
        assert_eq!((back.id, back.depth, back.motion), (passes.id, passes.depth, passes.motion), "the same");
        assert!(read_frame(&folder, &PassesIndex { width: 5, ..index }, 3).is_err(), "another size is refused");
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
