//! What a figure's face can do, under the names of the cast's face controls: expressions of VRM, blend shapes as ARKit and
//! Oculus name them, the vowels of MMD, or the joint of a jaw.

use super::cut::Piece;
use super::fit::Fit;
use glam::{Quat, Vec3};
use kinora_gltf::{Figure, FileKind, Shape};
use std::collections::BTreeMap;

/// A shape of the file under a control of ours.
pub(crate) struct Controlled<'a> {
    pub(crate) control: &'static str,
    shape: &'a Shape,
    /// Share of the shape at full strength of the control.
    pub(crate) strength: f32,
}

impl Controlled<'_> {
    /// How it moves the vertices of a part, in the file's world.
    pub(crate) fn moves(&self, figure: &Figure, part: usize) -> BTreeMap<u32, Vec3> {
        let mut all = BTreeMap::new();
        for (_, vertex, way) in self.shape.moves.iter().filter(|(p, ..)| *p as usize == part) {
            *all.entry(*vertex).or_insert(Vec3::ZERO) += *way;
        }
        debug_assert!(part < figure.parts.len(), "a part of the figure");
        all
    }
}

/// Shape, control, strength: of VRM 1.0.
const VRM: &[(&str, &str, f32)] = &[
    ("aa", "aa", 1.0),
    ("ih", "ih", 1.0),
    ("ou", "ou", 1.0),
    ("ee", "ee", 1.0),
    ("oh", "oh", 1.0),
    ("blink", "lids", 1.0),
    ("happy", "happy", 0.6),
    ("angry", "angry", 0.9),
    ("sad", "sad", 0.9),
    ("surprised", "surprised", 0.8),
    ("lookleft", "look-left", 1.0),
    ("lookright", "look-right", 1.0),
    ("lookup", "look-up", 1.0),
    ("lookdown", "look-down", 1.0),
];
/// Of VRM, where the eyes shut one by one only.
const WINKS: &[(&str, &str, f32)] = &[("blinkleft", "lids", 1.0), ("blinkright", "lids", 1.0)];
/// Of ARKit, as Ready Player Me and others have them.
const ARKIT: &[(&str, &str, f32)] = &[
    ("jawopen", "jaw", 0.8),
    ("mouthfunnel", "round", 0.5),
    ("mouthpucker", "round", 0.5),
    ("mouthstretchleft", "spread", 0.5),
    ("mouthstretchright", "spread", 0.5),
    ("mouthpressleft", "close", 0.4),
    ("mouthpressright", "close", 0.4),
    ("mouthsmileleft", "smiling", 0.8),
    ("mouthsmileright", "smiling", 0.8),
    ("mouthfrownleft", "frown", 0.8),
    ("mouthfrownright", "frown", 0.8),
    ("eyeblinkleft", "lids", 1.0),
    ("eyeblinkright", "lids", 1.0),
    ("browinnerup", "raised", 0.7),
    ("browouterupleft", "raised", 0.5),
    ("browouterupright", "raised", 0.5),
    ("browdownleft", "knitted", 0.9),
    ("browdownright", "knitted", 0.9),
];
/// Of Oculus, MMD, Blender and hand: the first of a control that is there is taken.
const OTHERS: &[(&str, &str, f32)] = &[
    ("visemeaa", "aa", 1.0),
    ("visemee", "ee", 1.0),
    ("visemei", "ih", 1.0),
    ("visemeo", "oh", 1.0),
    ("visemeu", "ou", 1.0),
    ("visemepp", "close", 0.6),
    ("vaa", "aa", 1.0),
    ("voh", "oh", 1.0),
    ("vou", "ou", 1.0),
    ("vih", "ih", 1.0),
    ("vee", "ee", 1.0),
    ("fclmtha", "aa", 1.0),
    ("fclmthi", "ih", 1.0),
    ("fclmthu", "ou", 1.0),
    ("fclmthe", "ee", 1.0),
    ("fclmtho", "oh", 1.0),
    ("fcleyeclose", "lids", 1.0),
    ("\u{3042}", "aa", 1.0),
    ("\u{3044}", "ih", 1.0),
    ("\u{3046}", "ou", 1.0),
    ("\u{3048}", "ee", 1.0),
    ("\u{304a}", "oh", 1.0),
    ("\u{307e}\u{3070}\u{305f}\u{304d}", "lids", 1.0),
    ("aa", "aa", 1.0),
    ("oh", "oh", 1.0),
    ("mouthopen", "jaw", 0.8),
    ("openmouth", "jaw", 0.8),
    ("mouthsmile", "smiling", 0.8),
    ("smile", "smiling", 0.8),
    ("eyesclosed", "lids", 1.0),
    ("eyesclose", "lids", 1.0),
    ("blink", "lids", 1.0),
    ("blinkleft", "lids", 1.0),
    ("blinkright", "lids", 1.0),
    ("angry", "angry", 0.8),
    ("sad", "sad", 0.8),
    ("surprised", "surprised", 0.8),
    ("happy", "happy", 0.6),
];

/// The shapes of a figure that a face of ours can use.
pub(crate) fn shapes<'a>(figure: &'a Figure) -> Vec<Controlled<'a>> {
    let clean = |name: &str| name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let named: Vec<(String, &Shape)> = figure.shapes.iter().map(|s| (clean(&s.name), s)).collect();
    // A maker's prefix may stand before a name of more than two letters.
    let find = |wanted: &str| named.iter().find(|(n, _)| n == wanted).or_else(|| named.iter().find(|(n, _)| wanted.len() > 4 && n.ends_with(wanted)));
    let mut all: Vec<Controlled<'a>> = Vec::new();
    let take = |all: &mut Vec<Controlled<'a>>, table: &[(&str, &'static str, f32)], together: bool| {
        let before: Vec<&str> = all.iter().map(|c| c.control).collect();
        for (name, control, strength) in table {
            let pair = name.ends_with("left") || name.ends_with("right");
            let taken = before.contains(control) || (!together && !pair && all.iter().any(|c| c.control == *control));
            if let Some((_, shape)) = find(name).filter(|_| !taken) {
                all.push(Controlled { control, shape, strength: *strength });
            }
        }
    };
    if figure.kind != FileKind::Gltf {
        take(&mut all, VRM, true);
        take(&mut all, WINKS, false);
        if opens(&all) {
            return all;
        }
    }
    if find("jawopen").is_some() {
        take(&mut all, ARKIT, true);
    } else {
        take(&mut all, OTHERS, false);
    }
    all
}

/// Whether any of these opens the mouth.
pub(crate) fn opens(shapes: &[Controlled<'_>]) -> bool {
    shapes.iter().any(|s| matches!(s.control, "jaw" | "aa"))
}

/// How far a jaw falls, radians.
const JAW: f32 = 0.28;

/// How the jaw of a part opens, in the bind pose.
pub(crate) fn opened(part: &Piece, fit: &Fit, jaw: Vec3) -> Vec<(u32, Vec3)> {
    let turn = Quat::from_rotation_x(JAW);
    let all = part.hung.iter().zip(&part.positions).enumerate().filter(|(_, (hung, _))| hung.jaw > 0.0);
    all.map(|(i, (hung, p))| {
        let from = fit.own(*p) - jaw;
        (i as u32, (turn * from - from) * hung.jaw)
    })
    .collect()
}
