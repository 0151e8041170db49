//! Passes as files: who, how far and whence of every pixel, beside the film. One file a pass and frame, raw
//! little-endian, the top row first: `000012.id.u16`, `000012.depth.f32` (metres along the view axis, infinite for the
//! sky), `000012.motion.f32x2` (pixels from the frame before, x right, y down); and `passes.json`, which says what the
//! numbers mean and where the camera was.

use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;

/// The index of a folder of passes: `passes.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PassesIndex {
    /// The form of this folder: 1.
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
}

/// What is read back of one frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FramePasses {
    /// Numbers of the id pass.
    pub id: Vec<u16>,
    /// Metres.
    pub depth: Vec<f32>,
    /// Pixels from the frame before.
    pub motion: Vec<[f32; 2]>,
}

/// Writes the passes of a frame.
///
/// # Errors
/// If a file cannot be written.
pub fn write_frame(folder: &Path, frame: i64, id: &[u16], depth: &[f32], motion: &[[f32; 2]]) -> io::Result<()> {
    let depth: Vec<u8> = depth.iter().flat_map(|d| d.to_le_bytes()).collect();
    let id: Vec<u8> = id.iter().flat_map(|d| d.to_le_bytes()).collect();
    let motion: Vec<u8> = motion.iter().flatten().flat_map(|d| d.to_le_bytes()).collect();
    for (name, bytes) in [("depth.f32", depth), ("id.u16", id), ("motion.f32x2", motion)] {
        kinora_base::studio::write_beside(&folder.join(format!("{frame:06}.{name}")), &bytes)?;
    }
    Ok(())
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
    if index.version != 1 {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("passes.json: version {} is not known; this build reads 1", index.version)));
    }
    Ok(index)
}

/// Reads ids, depths and motion of a frame.
///
/// # Errors
/// If a file is not there or has another size than the index says.
pub fn read_frame(folder: &Path, index: &PassesIndex, frame: usize) -> io::Result<FramePasses> {
    let pixels = index.width.saturating_mul(index.height);
    let read = |name: &str, size: usize| -> io::Result<Vec<u8>> {
        let bytes = std::fs::read(folder.join(format!("{frame:06}.{name}")))?;
        let wrong = || io::Error::new(io::ErrorKind::InvalidData, format!("{frame:06}.{name} has {} bytes, not {}", bytes.len(), pixels.saturating_mul(size)));
        if bytes.len() == pixels.saturating_mul(size) { Ok(bytes) } else { Err(wrong()) }
    };
    let number = |c: &[u8]| f32::from_le_bytes([c[0], c[1], c[2], c[3]]);
    Ok(FramePasses {
        motion: read("motion.f32x2", 8)?.chunks_exact(8).map(|c| [number(&c[..4]), number(&c[4..])]).collect(),
        id: read("id.u16", 2)?.chunks_exact(2).map(|c| u16::from_le_bytes([c[0], c[1]])).collect(),
        depth: read("depth.f32", 4)?.chunks_exact(4).map(number).collect(),
    })
}
