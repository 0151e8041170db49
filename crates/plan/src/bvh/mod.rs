//! Recorded motion: a strict reader of BVH, the text format of motion capture (Biovision, 1990s). A file is a tree of joints
//! with offsets and channels, then one line of numbers a frame. [`Bvh::parse`] takes what CMU, Mixamo, Rokoko, Unreal and
//! Blender write: any order of channels, End Sites, names with spaces, any white space. [`body`] finds the human in it.
//!
//! It lives beside the plan because the plan holds such files as they are, and its check reads them.

pub mod body;
pub mod fingers;

use glam::{EulerRot, Quat, Vec3};

/// The longest text that is read, bytes.
pub const LONGEST: usize = 8_000_000;
/// The most joints of a skeleton.
pub const MOST_JOINTS: usize = 400;
/// The most frames.
pub const MOST_FRAMES: usize = 100_000;
/// Offsets and positions beyond this are a slip.
const FARTHEST: f32 = 1e6;

/// Why a file is no motion: the line, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct BvhError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// A recorded motion.
#[derive(Clone, Debug, PartialEq)]
pub struct Bvh {
    /// Parents before children.
    pub joints: Vec<Joint>,
    /// Seconds from one frame to the next.
    pub frame_time: f32,
    /// How many frames.
    pub frames: usize,
    /// All numbers, frame after frame.
    values: Vec<f32>,
    /// Numbers a frame.
    width: usize,
}

/// A joint of the skeleton.
#[derive(Clone, Debug, PartialEq)]
pub struct Joint {
    /// As in the file.
    pub name: String,
    /// Its parent; none = the root.
    pub parent: Option<usize>,
    /// From its parent's joint, in the file's unit.
    pub offset: Vec3,
    /// Where its bone ends, from its own joint, if an End Site says so.
    pub end: Option<Vec3>,
    /// What is recorded of it, in the file's order.
    channels: Vec<Channel>,
    /// The first of its numbers in a frame.
    first: usize,
}

/// What one number of a frame is: a position along, or a turn about, an axis (0 x, 1 y, 2 z).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Channel {
    Position(usize),
    Turn(usize),
}

impl Channel {
    fn parse(word: &str) -> Option<Self> {
        let lower = word.to_ascii_lowercase();
        let axis = ["x", "y", "z"].iter().position(|a| lower.starts_with(a))?;
        match &lower[1..] {
            "position" => Some(Self::Position(axis)),
            "rotation" => Some(Self::Turn(axis)),
            _ => None,
        }
    }
}

/// Words with the lines that they stand on.
struct Words<'a> {
    all: Box<dyn Iterator<Item = (usize, &'a str)> + 'a>,
    line: usize,
}

impl<'a> Words<'a> {
    fn of(text: &'a str) -> Self {
        let all = text.lines().enumerate().flat_map(|(n, line)| line.split_whitespace().map(move |w| (n + 1, w)));
        Self { all: Box::new(all), line: 1 }
    }

    fn maybe(&mut self) -> Option<&'a str> {
        let (line, word) = self.all.next()?;
        self.line = line;
        Some(word)
    }

    fn next(&mut self, wanted: &str) -> Result<&'a str, BvhError> {
        self.maybe().ok_or_else(|| self.wrong(format!("the file ends where {wanted} should stand; export it again")))
    }

    fn expect(&mut self, word: &str) -> Result<(), BvhError> {
        let found = self.next(&format!("`{word}`"))?;
        if found.eq_ignore_ascii_case(word) { Ok(()) } else { Err(self.wrong(format!("`{}` where `{word}` should stand", clipped(found)))) }
    }

    fn number(&mut self, wanted: &str) -> Result<f32, BvhError> {
        let word = self.next(wanted)?;
        let value: f32 = word.parse().map_err(|_| self.wrong(format!("`{}` where {wanted} should stand", clipped(word))))?;
        if value.abs() <= FARTHEST { Ok(value) } else { Err(self.wrong(format!("{} is no {wanted}: at most {FARTHEST} either way", clipped(word)))) }
    }

    fn vector(&mut self, wanted: &str) -> Result<Vec3, BvhError> {
        Ok(Vec3::new(self.number(wanted)?, self.number(wanted)?, self.number(wanted)?))
    }

    fn wrong(&self, message: String) -> BvhError {
        BvhError { line: self.line, message }
    }
}

/// A word of somebody's file, short enough for a message.
fn clipped(word: &str) -> String {
    if word.chars().count() > 40 { word.chars().take(40).chain("...".chars()).collect() } else { word.to_owned() }
}

impl Bvh {
    /// Reads a file.
    ///
    /// # Errors
    /// With the line and what was expected there.
    pub fn parse(text: &str) -> Result<Self, BvhError> {
        if text.len() > LONGEST {
            let message = format!("{} bytes; at most {LONGEST} are read: cut the file, or export it with 30 frames a second", text.len());
            return Err(BvhError { line: 1, message });
        }
        let mut words = Words::of(text.trim_start_matches('\u{feff}'));
        words.expect("HIERARCHY")?;
        words.expect("ROOT")?;
        let (joints, width) = hierarchy(&mut words)?;
        let word = words.next("`MOTION`")?;
        if word.eq_ignore_ascii_case("ROOT") {
            return Err(words.wrong("a second ROOT: one body a file; export each by itself".into()));
        }
        if !word.eq_ignore_ascii_case("MOTION") {
            return Err(words.wrong(format!("`{}` where `MOTION` should stand", clipped(word))));
        }
        words.expect("Frames:")?;
        let frames = words.next("the number of frames")?;
        let frames = frames
            .parse::<usize>()
            .ok()
            .filter(|n| (1..=MOST_FRAMES).contains(n))
            .ok_or_else(|| words.wrong(format!("`{}` frames; a whole number from 1 to {MOST_FRAMES}", clipped(frames))))?;
        words.expect("Frame")?;
        words.expect("Time:")?;
        let frame_time = words.number("the seconds of a frame")?;
        if !(0.0005..=1.0).contains(&frame_time) {
            return Err(words.wrong(format!("a frame time of {frame_time} s; 0.0005 to 1 (30 frames a second are 0.033333)")));
        }
        let mut values = Vec::with_capacity((frames * width).min(LONGEST / 2));
        for frame in 0..frames {
            for _ in 0..width {
                let Some(word) = words.maybe() else {
                    return Err(words.wrong(format!("the numbers end in frame {} of {frames}, of which each has {width}; correct `Frames:`", frame + 1)));
                };
                match word.parse::<f32>() {
                    Ok(value) if value.abs() <= FARTHEST => values.push(value),
                    _ => return Err(words.wrong(format!("`{}` in frame {} is no number from -{FARTHEST} to {FARTHEST}", clipped(word), frame + 1))),
                }
            }
        }
        if let Some(word) = words.maybe() {
            let error = words.wrong(format!("`{}` after the last of {frames} frames of {width} numbers; correct `Frames:`", clipped(word)));
            // Writers that count from 0 leave one frame more than they say: it is left out.
            let more: Vec<&str> = std::iter::once(word).chain((0..width).map_while(|_| words.maybe())).collect();
            if more.len() != width || more.iter().any(|w| w.parse::<f32>().is_err()) {
                return Err(error);
            }
        }
        Ok(Self { joints, frame_time, frames, values, width })
    }

    /// Where every joint is and how it is turned in a frame (the last one if there are fewer), in the file's space and unit.
    #[must_use]
    pub fn pose(&self, frame: usize) -> Vec<(Vec3, Quat)> {
        let from = frame.min(self.frames.saturating_sub(1)) * self.width;
        self.solve(|joint| joint.recorded(self.values.get(from..from + self.width).unwrap_or(&[])))
    }

    /// Where every joint is when nothing is turned.
    #[must_use]
    pub fn rest(&self) -> Vec<(Vec3, Quat)> {
        self.solve(|_| (None, Quat::IDENTITY))
    }

    fn solve(&self, local: impl Fn(&Joint) -> (Option<Vec3>, Quat)) -> Vec<(Vec3, Quat)> {
        let mut all: Vec<(Vec3, Quat)> = Vec::with_capacity(self.joints.len());
        for joint in &self.joints {
            let (moved, turn) = local(joint);
            let at = moved.unwrap_or(joint.offset);
            all.push(match joint.parent {
                None => (at, turn),
                Some(parent) => (all[parent].0 + all[parent].1 * at, (all[parent].1 * turn).normalize()),
            });
        }
        all
    }
}

impl Joint {
    /// Position, if it is recorded, and turn: the turns are about the joint's own axes, one after the other.
    fn recorded(&self, frame: &[f32]) -> (Option<Vec3>, Quat) {
        let (mut at, mut moved, mut turn) = (self.offset, false, Quat::IDENTITY);
        for (channel, value) in self.channels.iter().zip(frame.iter().skip(self.first)) {
            match channel {
                Channel::Position(axis) => {
                    at[*axis] = *value;
                    moved = true;
                }
                Channel::Turn(axis) => {
                    let mut angles = [0.0; 3];
                    angles[*axis] = value.to_radians();
                    turn *= Quat::from_euler(EulerRot::XYZ, angles[0], angles[1], angles[2]);
                }
            }
        }
        (moved.then_some(at), turn.normalize())
    }
}

/// The tree of joints, and how many numbers a frame has.
fn hierarchy(words: &mut Words<'_>) -> Result<(Vec<Joint>, usize), BvhError> {
    let mut joints: Vec<Joint> = Vec::new();
    let (mut open, mut width) = (Vec::new(), 0);
    let mut kind = "ROOT";
    loop {
        if kind == "ROOT" {
            let name = name(words)?;
            if joints.len() == MOST_JOINTS {
                return Err(words.wrong(format!("more than {MOST_JOINTS} joints; export the body without the rig's helpers")));
            }
            words.expect("OFFSET")?;
            let offset = words.vector("a number of the offset")?;
            let channels = channels(words)?;
            let first = width;
            width += channels.len();
            joints.push(Joint { name, parent: open.last().copied(), offset, end: None, channels, first });
            open.push(joints.len() - 1);
        }
        let word = words.next("`JOINT`, `End Site` or `}`")?;
        kind = "";
        match (word.to_ascii_lowercase().as_str(), open.last().copied()) {
            ("joint", Some(_)) => kind = "ROOT",
            ("end", Some(joint)) => {
                words.expect("Site")?;
                words.expect("{")?;
                words.expect("OFFSET")?;
                joints[joint].end = Some(words.vector("a number of the offset")?);
                words.expect("}")?;
            }
            ("}", Some(_)) => drop(open.pop()),
            _ => return Err(words.wrong(format!("`{}` where `JOINT`, `End Site` or `}}` should stand", clipped(word)))),
        }
        if open.is_empty() {
            return if width == 0 { Err(words.wrong("no joint has a channel: there is no motion".into())) } else { Ok((joints, width)) };
        }
    }
}

/// A name may have spaces; it ends at the brace.
fn name(words: &mut Words<'_>) -> Result<String, BvhError> {
    let mut parts: Vec<&str> = Vec::new();
    loop {
        let word = words.next("a name and `{`")?;
        match word.strip_suffix('{') {
            Some("") => break,
            Some(last) => {
                parts.push(last);
                break;
            }
            None if parts.len() < 8 => parts.push(word),
            None => return Err(words.wrong("a joint's name without a `{` after it".into())),
        }
    }
    if parts.is_empty() { Err(words.wrong("a joint without a name".into())) } else { Ok(clipped(&parts.join(" "))) }
}

fn channels(words: &mut Words<'_>) -> Result<Vec<Channel>, BvhError> {
    words.expect("CHANNELS")?;
    let count = words.next("the number of channels")?;
    let count = count.parse::<usize>().ok().filter(|n| *n <= 6).ok_or_else(|| words.wrong(format!("`{}` channels; 0 to 6", clipped(count))))?;
    let mut all = Vec::with_capacity(count);
    for _ in 0..count {
        let word = words.next("a channel such as Zrotation")?;
        let channel = Channel::parse(word)
            .ok_or_else(|| words.wrong(format!("`{}` is no channel: Xposition, Yposition, Zposition, Xrotation, Yrotation, Zrotation", clipped(word))))?;
        if all.contains(&channel) {
            return Err(words.wrong(format!("`{word}` twice in one joint")));
        }
        all.push(channel);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "HIERARCHY\r\nROOT Bip01 Pelvis\n{\n OFFSET 0 1 0\n CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation\n JOINT b {\n OFFSET 0 2 0\n CHANNELS 3 Yrotation Zrotation Xrotation\n End Site { OFFSET 0 1 0 } } }\nMOTION\nFrames: 2\nFrame Time: 0.0333\n1 2 3 90 0 0 0 0 0\n0 0 0 0 0 0 90 0 0\n";

    #[test]
    fn a_file_is_read() {
        let bvh = Bvh::parse(SMALL).expect("a good file");
        assert_eq!((bvh.joints.len(), bvh.frames, bvh.joints[0].name.as_str()), (2, 2, "Bip01 Pelvis"), "joints, frames, a name with a space");
        assert_eq!(bvh.joints[1].end, Some(Vec3::Y), "the end site");
        let pose = bvh.pose(0);
        // A quarter turn about z takes the second joint from above to the left.
        assert!(pose[1].0.distance(Vec3::new(-1.0, 2.0, 3.0)) < 1e-5, "{pose:?}");
        assert!((bvh.pose(1)[1].1 * Vec3::X).distance(Vec3::NEG_Z) < 1e-5, "the second frame turns about y");
        let one_more = Bvh::parse(&SMALL.replacen("Frames: 2", "Frames: 1", 1)).expect("one frame more than it says");
        assert_eq!((one_more.frames, one_more.pose(0)), (1, bvh.pose(0)), "the last one is left out");
        assert!(bvh.rest()[1].0.distance(Vec3::new(0.0, 3.0, 0.0)) < 1e-6, "the rest pose");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let says = |from: &str, to: &str| {
            assert!(SMALL.contains(from), "{from}");
            Bvh::parse(&SMALL.replacen(from, to, 1)).expect_err(to).to_string()
        };
        for (from, to, line, word) in [
            ("HIERARCHY", "HIERARCHIE", 1, "HIERARCHY"),
            ("OFFSET 0 1 0\n", "OFFSET 0 one 0\n", 4, "`one`"),
            ("Zposition", "Wposition", 5, "Wposition"),
            ("Yposition", "Xposition", 5, "twice"),
            ("Frames: 2", "Frames: 3", 14, "frame 3 of 3"),
            ("90 0 0\n", "90 0 0\n5\n", 15, "after the last"),
            ("Frames: 2", "Frames: -2", 11, "whole number"),
            ("0.0333", "0", 12, "0.0005 to 1"),
            ("1 2 3", "1 NaN 3", 13, "NaN"),
            ("1 2 3", "1 1e30 3", 13, "1e30"),
            ("MOTION", "ROOT", 10, "second ROOT"),
            ("} } }", "} }", 10, "MOTION"),
        ] {
            let error = says(from, to);
            assert!(error.starts_with(&format!("line {line}:")) && error.contains(word), "{to}: {error}");
        }
        assert!(Bvh::parse(SMALL.split("End").next().expect("a beginning")).expect_err("cut off").message.contains("ends"), "a cut file");
        assert!(Bvh::parse(&" ".repeat(LONGEST + 1)).expect_err("long").message.contains("30 frames"), "too long");
        let deep = format!("HIERARCHY ROOT a {{ OFFSET 0 0 0 CHANNELS 0 {}", "JOINT a { OFFSET 0 0 0 CHANNELS 0 ".repeat(100_000));
        assert!(Bvh::parse(&deep).expect_err("deep").message.contains("joints"), "deep trees are refused without recursion");
    }
}
