//! What VRM says beyond glTF: which node is which bone, and what faces can do.

use crate::{FigureError, FileKind};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Bones, expressions and gaze of a file.
#[derive(Debug)]
pub(crate) struct Vrm {
    pub(crate) kind: FileKind,
    pub(crate) humanoid: BTreeMap<String, usize>,
    pub(crate) expressions: Vec<Expression>,
    pub(crate) gaze: Option<f32>,
}

/// Morph targets that make an expression together.
#[derive(Debug)]
pub(crate) struct Expression {
    /// As VRM 1.0 calls it.
    pub(crate) name: String,
    pub(crate) binds: Vec<Bind>,
}

/// One morph target of an expression.
#[derive(Debug)]
pub(crate) struct Bind {
    pub(crate) mesh: Bound,
    pub(crate) target: usize,
    /// 0..1.
    pub(crate) weight: f32,
}

/// VRM 0.x names meshes, VRM 1.0 the nodes that have them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    Mesh(usize),
    Node(usize),
}

#[derive(Debug, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[derive(Default)]
struct One {
    humanoid: OneHumanoid,
    expressions: OneExpressions,
    look_at: OneLook,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct OneHumanoid {
    human_bones: BTreeMap<String, Option<OneBone>>,
}

#[derive(Debug, Deserialize)]
struct OneBone {
    node: usize,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct OneExpressions {
    preset: BTreeMap<String, Option<OneExpression>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct OneExpression {
    morph_target_binds: Vec<OneBind>,
}

#[derive(Debug, Deserialize)]
struct OneBind {
    node: usize,
    index: usize,
    weight: f32,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct OneLook {
    #[serde(rename = "type")]
    kind: String,
    range_map_horizontal_inner: Option<OneRange>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct OneRange {
    input_max_value: f32,
    output_scale: f32,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Zero {
    humanoid: ZeroHumanoid,
    blend_shape_master: ZeroShapes,
    first_person: ZeroFirst,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ZeroHumanoid {
    human_bones: Vec<ZeroBone>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ZeroBone {
    bone: String,
    node: i64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ZeroShapes {
    blend_shape_groups: Vec<ZeroGroup>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ZeroGroup {
    preset_name: String,
    name: String,
    binds: Vec<ZeroBind>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ZeroBind {
    mesh: i64,
    index: i64,
    weight: f32,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ZeroFirst {
    look_at_type_name: String,
    look_at_horizontal_inner: ZeroRange,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ZeroRange {
    x_range: f32,
    y_range: f32,
}

/// An extension that is not what its name says.
pub(crate) fn wrong(extension: &str, e: &serde_json::Error) -> FigureError {
    FigureError::at(format!("extensions.{extension}"), format!("{e}; export it again"))
}

/// Reads what there is of VRM in a file's extensions.
pub(crate) fn read(extensions: &BTreeMap<String, Value>) -> Result<Option<Vrm>, FigureError> {
    if let Some(value) = extensions.get("VRMC_vrm") {
        let one: One = serde_json::from_value(value.clone()).map_err(|e| wrong("VRMC_vrm", &e))?;
        let humanoid = one.humanoid.human_bones.into_iter().filter_map(|(name, bone)| Some((name, bone?.node))).collect();
        let binds =
            |e: OneExpression| e.morph_target_binds.into_iter().map(|b| Bind { mesh: Bound::Node(b.node), target: b.index, weight: b.weight }).collect();
        let expressions = one.expressions.preset.into_iter().filter_map(|(name, e)| Some(Expression { name, binds: binds(e?) })).collect();
        let gaze = (one.look_at.kind != "expression").then_some(()).and(one.look_at.range_map_horizontal_inner);
        let gaze = gaze.and_then(|r| ratio(r.input_max_value, r.output_scale));
        return Ok(Some(Vrm { kind: FileKind::Vrm1, humanoid, expressions, gaze }));
    }
    let Some(value) = extensions.get("VRM") else { return Ok(None) };
    let zero: Zero = serde_json::from_value(value.clone()).map_err(|e| wrong("VRM", &e))?;
    let bones = zero.humanoid.human_bones.into_iter();
    let humanoid = bones.filter_map(|b| Some((newer_bone(&b.bone), usize::try_from(b.node).ok()?))).collect();
    let bind = |b: &ZeroBind| Some(Bind { mesh: Bound::Mesh(usize::try_from(b.mesh).ok()?), target: usize::try_from(b.index).ok()?, weight: b.weight * 0.01 });
    let expression = |g: ZeroGroup| {
        let name = if g.preset_name.is_empty() || g.preset_name == "unknown" { &g.name } else { &g.preset_name };
        Expression { name: newer_expression(name), binds: g.binds.iter().filter_map(bind).collect() }
    };
    let expressions = zero.blend_shape_master.blend_shape_groups.into_iter().map(expression).collect();
    let look = zero.first_person;
    let gaze = if look.look_at_type_name == "BlendShape" { None } else { ratio(look.look_at_horizontal_inner.x_range, look.look_at_horizontal_inner.y_range) };
    Ok(Some(Vrm { kind: FileKind::Vrm0, humanoid, expressions, gaze }))
}

/// Degrees out a degree in.
fn ratio(from: f32, to: f32) -> Option<f32> {
    Some(to / from).filter(|r| r.is_finite() && *r > 0.0 && *r <= 2.0)
}

/// VRM 1.0 calls the joints of thumbs otherwise.
fn newer_bone(name: &str) -> String {
    if name.ends_with("ThumbProximal") {
        name.replace("Proximal", "Metacarpal")
    } else if name.ends_with("ThumbIntermediate") {
        name.replace("Intermediate", "Proximal")
    } else {
        name.to_owned()
    }
}

/// The name in VRM 1.0 of a preset of VRM 0.x.
fn newer_expression(name: &str) -> String {
    const NEWER: [(&str, &str); 16] = [
        ("a", "aa"),
        ("i", "ih"),
        ("u", "ou"),
        ("e", "ee"),
        ("o", "oh"),
        ("joy", "happy"),
        ("angry", "angry"),
        ("sorrow", "sad"),
        ("fun", "relaxed"),
        ("blink_l", "blinkLeft"),
        ("blink_r", "blinkRight"),
        ("lookup", "lookUp"),
        ("lookdown", "lookDown"),
        ("lookleft", "lookLeft"),
        ("lookright", "lookRight"),
        ("surprised", "surprised"),
    ];
    let lower = name.to_ascii_lowercase();
    NEWER.iter().find(|(old, _)| *old == lower).map_or(lower.clone(), |(_, new)| (*new).to_owned())
}
