//! A small human of boxes, written as a file: rigged and skinned, with a picture, face shapes and fingers.

use base64::Engine as _;
use serde_json::{Value, json};

/// Whose file it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maker {
    /// glTF with the names of Mixamo.
    Mixamo,
    /// glTF with the names of Unreal, centimetres, z up in its own nodes.
    Unreal,
    /// VRM 1.0, names that mean nothing.
    Vrm1,
    /// VRM 0.x, which looks along -z, names that mean nothing.
    Vrm0,
}

/// How it stands.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Whose file.
    pub maker: Maker,
    /// How far the arms hang: 0 a T pose, 0.8 an A pose, radians.
    pub hang: f32,
    /// Times as tall as 1.7 m.
    pub size: f32,
}

/// Bone of VRM 1.0, what it hangs from, Mixamo's name, Unreal's name, where it is in a T pose, its box (half sizes) and the box's middle.
type Row = (&'static str, &'static str, &'static str, &'static str, [f32; 3], [f32; 3], [f32; 3]);

const TRUNK: &[Row] = &[
    ("hips", "", "Hips", "pelvis", [0.0, 0.95, 0.0], [0.15, 0.07, 0.09], [0.0, 0.0, 0.0]),
    ("spine", "hips", "Spine", "spine_01", [0.0, 1.05, 0.0], [0.13, 0.07, 0.08], [0.0, 0.07, 0.0]),
    ("chest", "spine", "Spine1", "spine_02", [0.0, 1.20, 0.0], [0.16, 0.11, 0.09], [0.0, 0.10, 0.0]),
    ("neck", "chest", "Neck", "neck_01", [0.0, 1.42, 0.0], [0.04, 0.04, 0.04], [0.0, 0.04, 0.0]),
    ("head", "neck", "Head", "head", [0.0, 1.48, 0.0], [0.08, 0.11, 0.10], [0.0, 0.11, 0.01]),
];
const SIDE: &[Row] = &[
    ("Eye", "head", "Eye", "eye", [0.035, 1.60, 0.09], [0.015, 0.015, 0.02], [0.0, 0.0, 0.02]),
    ("Shoulder", "chest", "Shoulder", "clavicle", [0.05, 1.38, 0.0], [0.05, 0.04, 0.05], [0.05, 0.0, 0.0]),
    ("UpperArm", "Shoulder", "Arm", "upperarm", [0.17, 1.38, 0.0], [0.12, 0.045, 0.045], [0.12, 0.0, 0.0]),
    ("LowerArm", "UpperArm", "ForeArm", "lowerarm", [0.43, 1.38, 0.0], [0.12, 0.035, 0.035], [0.12, 0.0, 0.0]),
    ("Hand", "LowerArm", "Hand", "hand", [0.67, 1.38, 0.0], [0.05, 0.015, 0.045], [0.05, 0.0, 0.0]),
    ("ThumbMetacarpal", "Hand", "HandThumb1", "thumb_01", [0.69, 1.375, 0.04], [0.02, 0.012, 0.012], [0.01, 0.0, 0.015]),
    ("ThumbProximal", "ThumbMetacarpal", "HandThumb2", "thumb_02", [0.71, 1.375, 0.07], [0.015, 0.012, 0.012], [0.01, 0.0, 0.01]),
    ("IndexProximal", "Hand", "HandIndex1", "index_01", [0.77, 1.38, 0.03], [0.02, 0.01, 0.01], [0.02, 0.0, 0.0]),
    ("IndexIntermediate", "IndexProximal", "HandIndex2", "index_02", [0.81, 1.38, 0.03], [0.015, 0.01, 0.01], [0.015, 0.0, 0.0]),
    ("LittleProximal", "Hand", "HandPinky1", "pinky_01", [0.76, 1.38, -0.03], [0.02, 0.01, 0.01], [0.02, 0.0, 0.0]),
    ("LittleIntermediate", "LittleProximal", "HandPinky2", "pinky_02", [0.79, 1.38, -0.03], [0.015, 0.01, 0.01], [0.015, 0.0, 0.0]),
    ("UpperLeg", "hips", "UpLeg", "thigh", [0.09, 0.90, 0.0], [0.06, 0.20, 0.07], [0.0, -0.20, 0.0]),
    ("LowerLeg", "UpperLeg", "Leg", "calf", [0.09, 0.50, 0.0], [0.05, 0.20, 0.055], [0.0, -0.20, 0.0]),
    ("Foot", "LowerLeg", "Foot", "foot", [0.09, 0.08, 0.0], [0.045, 0.04, 0.09], [0.0, -0.04, 0.04]),
    ("Toes", "Foot", "ToeBase", "ball", [0.09, 0.02, 0.12], [0.045, 0.02, 0.03], [0.0, 0.0, 0.04]),
];

/// Hair or cloth: joints in a row, a box each, and a joint at the end without one. In a VRM they are springs.
#[derive(Clone, Copy, Debug)]
pub struct Strand {
    /// Of its joints, with a number after it.
    pub name: &'static str,
    /// The bone of VRM 1.0 that it hangs from.
    pub over: &'static str,
    /// Its first joint in a T pose.
    pub at: [f32; 3],
    /// From each joint to the next.
    pub step: [f32; 3],
    /// How many.
    pub links: usize,
    /// Half of how thick it is.
    pub thick: f32,
}

/// Four joints from the back of the head down.
pub const PONYTAIL: Strand = Strand { name: "Hair", over: "head", at: [0.0, 1.62, -0.12], step: [0.0, -0.11, -0.01], links: 4, thick: 0.025 };

impl Strand {
    fn bones(&self, before: &[Bone]) -> Vec<Bone> {
        let first = before.len();
        let over = before.iter().position(|b| b.vrm == self.over);
        let at = |k: usize| std::array::from_fn(|a| self.at[a] + self.step[a] * k as f32);
        let half = self.step.map(|s| (s * 0.5).abs().max(self.thick));
        let one = |k: usize| Bone {
            vrm: String::new(),
            name: format!("{}{k}", self.name),
            parent: if k == 0 { over } else { Some(first + k - 1) },
            at: at(k),
            half: if k < self.links { half } else { [0.0; 3] },
            middle: self.step.map(|s| s * 0.5),
        };
        (0..=self.links).map(one).collect()
    }
}

struct Bone {
    vrm: String,
    name: String,
    parent: Option<usize>,
    at: [f32; 3],
    half: [f32; 3],
    middle: [f32; 3],
}

impl Sample {
    /// In a T pose, 1.7 m tall.
    pub fn of(maker: Maker) -> Self {
        Self { maker, hang: 0.0, size: 1.0 }
    }

    /// From the figure's own axes (x left, y up, z forward, metres) to those of the file's world.
    fn world(&self, p: [f32; 3]) -> [f32; 3] {
        let p = p.map(|x| x * self.size);
        if self.maker == Maker::Vrm0 { [-p[0], p[1], -p[2]] } else { p }
    }

    fn bones(&self) -> Vec<Bone> {
        let mut all: Vec<Bone> = Vec::new();
        let sides: [(&str, &str, &str, f32, &[Row]); 3] = [("", "", "", 1.0, TRUNK), ("left", "Left", "_l", 1.0, SIDE), ("right", "Right", "_r", -1.0, SIDE)];
        for (side, long, short, sign, rows) in sides {
            for (k, (vrm, parent, mixamo, unreal, at, half, middle)) in rows.iter().enumerate() {
                let own = format!("{side}{parent}");
                let parent = all.iter().position(|b| b.vrm == own).or_else(|| all.iter().position(|b| b.vrm == *parent));
                let name = match self.maker {
                    Maker::Mixamo => format!("mixamorig:{long}{mixamo}"),
                    Maker::Unreal => format!("{unreal}{short}"),
                    _ => format!("n{}", 100 * sides_of(side) + k),
                };
                all.push(Bone {
                    vrm: format!("{side}{vrm}"),
                    name,
                    parent,
                    at: [at[0] * sign, at[1], at[2]],
                    half: *half,
                    middle: [middle[0] * sign, middle[1], middle[2]],
                });
            }
        }
        all
    }

    /// Turns what is on an arm about the shoulder.
    fn hung(&self, bone: &str, p: [f32; 3]) -> [f32; 3] {
        let on_arm = ["Arm", "Hand", "Thumb", "Index", "Little"].iter().any(|part| bone.contains(part));
        if !on_arm || self.hang == 0.0 {
            return p;
        }
        let sign = if bone.starts_with("left") { 1.0 } else { -1.0 };
        let [c, s] = glam::Vec2::from_angle(self.hang).to_array();
        let (x, y) = (p[0] * sign - 0.17, p[1] - 1.38);
        [sign * (0.17 + x * c + y * s), 1.38 - x * s + y * c, p[2]]
    }

    /// The file, as `.glb`.
    pub fn glb(&self) -> Vec<u8> {
        let (json, bin) = self.parts();
        glb(&json, &bin)
    }

    /// The file as JSON, and its buffer.
    pub fn parts(&self) -> (Value, Vec<u8>) {
        self.with(&[])
    }

    /// As [`Self::parts`], with hair and cloth.
    pub fn with(&self, strands: &[Strand]) -> (Value, Vec<u8>) {
        let mut bones = self.bones();
        let body = bones.len();
        strands.iter().for_each(|s| bones.extend(s.bones(&bones)));
        // Unreal's nodes are in centimetres with z up, under a node that turns and shrinks them.
        let unreal = self.maker == Maker::Unreal;
        let local = |p: [f32; 3]| if unreal { [p[0] * 100.0, -p[2] * 100.0, p[1] * 100.0] } else { p };
        let place = |b: &Bone| local(self.world(self.hung(&b.vrm, b.at)));
        let mut bin = Binary::default();
        let mut nodes: Vec<Value> = Vec::new();
        for (k, bone) in bones.iter().enumerate() {
            let at = place(bone);
            let from = bone.parent.map_or([0.0; 3], |p| place(&bones[p]));
            let children: Vec<usize> = (0..bones.len()).filter(|c| bones[*c].parent == Some(k)).collect();
            let mut node = json!({ "name": bone.name, "translation": [at[0] - from[0], at[1] - from[1], at[2] - from[2]] });
            if !children.is_empty() {
                node["children"] = json!(children);
            }
            nodes.push(node);
        }
        let (mesh_node, root) = (bones.len(), bones.len() + 1);
        nodes.push(json!({ "name": "Body", "mesh": 0, "skin": 0 }));
        let mut armature = json!({ "name": "Armature", "children": [0, mesh_node] });
        if unreal {
            armature["rotation"] = json!([-std::f32::consts::FRAC_1_SQRT_2, 0.0, 0.0, std::f32::consts::FRAC_1_SQRT_2]);
            armature["scale"] = json!([0.01, 0.01, 0.01]);
        }
        nodes.push(armature);
        let (mut positions, mut uvs, mut joints, mut weights, mut corners) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::<u16>::new());
        let (mut open, mut shut) = (Vec::new(), Vec::new());
        for (k, bone) in bones.iter().enumerate().filter(|(_, b)| b.half != [0.0; 3]) {
            let first = (positions.len() / 3) as u16;
            for corner in 0..8 {
                let side = |axis: usize| if corner >> axis & 1 == 1 { 1.0 } else { -1.0 };
                let own: [f32; 3] = std::array::from_fn(|a| bone.at[a] + bone.middle[a] + side(a) * bone.half[a]);
                positions.extend(local(self.world(self.hung(&bone.vrm, own))));
                uvs.extend([if side(0) > 0.0 { 0.875 } else { 0.125 }, if bone.vrm == "head" { 0.125 } else { 0.875 }]);
                joints.extend([k as u8, 0, 0, 0]);
                weights.extend([1.0_f32, 0.0, 0.0, 0.0]);
                // The chin falls; the lids (the upper half of the eyes) come down.
                let chin = bone.vrm == "head" && side(1) < 0.0 && side(2) > 0.0;
                let lid = bone.vrm.ends_with("Eye") && side(1) > 0.0;
                let way = |moves: bool, by: f32| if moves { local(self.world([0.0, by, 0.0])) } else { [0.0; 3] };
                open.extend(way(chin, -0.03));
                shut.extend(way(lid, -0.02));
            }
            for [a, b, c, d] in [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]] {
                corners.extend([a, b, c, a, c, d].map(|i: u16| first + i));
            }
        }
        let inverse: Vec<f32> = bones
            .iter()
            .flat_map(|b| {
                let p = place(b);
                [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, -p[0], -p[1], -p[2], 1.0]
            })
            .collect();
        // The mesh stands where its joints are: under the same node.
        let count = positions.len() / 3;
        let accessors = json!([
            bin.add(&floats(&positions), 5126, count, "VEC3"),
            bin.add(&floats(&uvs), 5126, count, "VEC2"),
            bin.add(&joints, 5121, count, "VEC4"),
            bin.add(&floats(&weights), 5126, count, "VEC4"),
            bin.add(&corners.iter().flat_map(|c| c.to_le_bytes()).collect::<Vec<_>>(), 5123, corners.len(), "SCALAR"),
            bin.add(&floats(&inverse), 5126, bones.len(), "MAT4"),
            bin.add(&floats(&open), 5126, count, "VEC3"),
            bin.add(&floats(&shut), 5126, count, "VEC3"),
        ]);
        let picture = bin.view(&picture());
        let mut json = json!({
            "asset": { "version": "2.0", "generator": "Kinora's tests" },
            "scene": 0,
            "scenes": [{ "nodes": [root] }],
            "nodes": nodes,
            "skins": [{ "joints": (0..bones.len()).collect::<Vec<_>>(), "inverseBindMatrices": 5 }],
            "meshes": [{
                "name": "Body",
                "primitives": [{
                    "attributes": { "POSITION": 0, "TEXCOORD_0": 1, "JOINTS_0": 2, "WEIGHTS_0": 3 },
                    "indices": 4,
                    "material": 0,
                    "targets": [{ "POSITION": 6 }, { "POSITION": 7 }],
                }],
                "extras": { "targetNames": ["jawOpen", "eyeBlinkLeft"] },
            }],
            "materials": [{ "name": "Skin", "pbrMetallicRoughness": { "baseColorTexture": { "index": 0 }, "baseColorFactor": [1.0, 1.0, 1.0, 1.0], "metallicFactor": 0.0 } }],
            "textures": [{ "source": 0 }],
            "images": [{ "bufferView": picture, "mimeType": "image/png" }],
            "accessors": accessors,
            "bufferViews": bin.views,
            "buffers": [{ "byteLength": bin.bytes.len() }],
        });
        let node = |name: &str| bones.iter().position(|b| b.vrm == name);
        match self.maker {
            Maker::Vrm1 => {
                let all: serde_json::Map<String, Value> = bones[..body].iter().enumerate().map(|(k, b)| (b.vrm.clone(), json!({ "node": k }))).collect();
                let shape = |target: usize| json!({ "morphTargetBinds": [{ "node": mesh_node, "index": target, "weight": 1.0 }] });
                json["extensionsUsed"] = json!(["VRMC_vrm"]);
                json["extensions"]["VRMC_vrm"] =
                    json!({ "specVersion": "1.0", "humanoid": { "humanBones": all }, "expressions": { "preset": { "aa": shape(0), "blink": shape(1) } } });
                let joint = |node: usize| json!({ "node": node, "stiffness": 0.8, "gravityPower": 0.1, "gravityDir": [0.0, -1.0, 0.0], "dragForce": 0.4, "hitRadius": 0.02 });
                let spring = |first: usize, s: &Strand| json!({ "name": s.name, "joints": (first..=first + s.links).map(joint).collect::<Vec<_>>() });
                let firsts = strands.iter().scan(body, |next, s| Some(std::mem::replace(next, *next + s.links + 1)));
                let all: Vec<Value> = firsts.zip(strands).map(|(first, s)| spring(first, s)).collect();
                if !all.is_empty() {
                    json["extensions"]["VRMC_springBone"] = json!({ "specVersion": "1.0", "springs": all });
                }
            }
            Maker::Vrm0 => {
                let old = |name: &str| name.replace("ThumbProximal", "ThumbIntermediate").replace("ThumbMetacarpal", "ThumbProximal");
                let all: Vec<Value> = bones[..body].iter().map(|b| json!({ "bone": old(&b.vrm), "node": node(&b.vrm) })).collect();
                let shape = |name: &str, target: usize| json!({ "name": name.to_uppercase(), "presetName": name, "binds": [{ "mesh": 0, "index": target, "weight": 100.0 }] });
                json["extensionsUsed"] = json!(["VRM"]);
                json["extensions"]["VRM"] =
                    json!({ "humanoid": { "humanBones": all }, "blendShapeMaster": { "blendShapeGroups": [shape("a", 0), shape("blink", 1)] } });
                let firsts: Vec<usize> = strands.iter().scan(body, |next, s| Some(std::mem::replace(next, *next + s.links + 1))).collect();
                if !firsts.is_empty() {
                    json["extensions"]["VRM"]["secondaryAnimation"] = json!({ "boneGroups": [{
                        "comment": "hair", "stiffiness": 0.8, "gravityPower": 0.1, "gravityDir": { "x": 0.0, "y": -1.0, "z": 0.0 },
                        "dragForce": 0.4, "center": -1, "hitRadius": 0.02, "bones": firsts, "colliderGroups": [],
                    }] });
                }
            }
            _ => {}
        }
        (json, bin.bytes)
    }

    /// The file as text, its buffer and picture inside.
    pub fn gltf(&self) -> String {
        self.text(&[])
    }

    /// As [`Self::gltf`], with hair and cloth.
    pub fn text(&self, strands: &[Strand]) -> String {
        let (mut json, bin) = self.with(strands);
        json["buffers"][0]["uri"] = json!(format!("data:application/octet-stream;base64,{}", base64::engine::general_purpose::STANDARD.encode(bin)));
        json.to_string()
    }
}

fn sides_of(side: &str) -> usize {
    ["", "left", "right"].iter().position(|s| *s == side).unwrap_or(0)
}

/// A `.glb` of a JSON and a buffer.
pub fn glb(json: &Value, bin: &[u8]) -> Vec<u8> {
    let mut text = json.to_string().into_bytes();
    text.resize(text.len().div_ceil(4) * 4, b' ');
    let mut data = bin.to_vec();
    data.resize(data.len().div_ceil(4) * 4, 0);
    let word = |n: usize| (n as u32).to_le_bytes();
    let mut out = b"glTF".to_vec();
    out.extend(word(2));
    out.extend(word(12 + 8 + text.len() + 8 + data.len()));
    out.extend(word(text.len()));
    out.extend(b"JSON");
    out.extend(text);
    out.extend(word(data.len()));
    out.extend(b"BIN\0");
    out.extend(data);
    out
}

#[derive(Default)]
struct Binary {
    bytes: Vec<u8>,
    views: Vec<Value>,
}

impl Binary {
    fn view(&mut self, bytes: &[u8]) -> usize {
        self.bytes.resize(self.bytes.len().div_ceil(4) * 4, 0);
        self.views.push(json!({ "buffer": 0, "byteOffset": self.bytes.len(), "byteLength": bytes.len() }));
        self.bytes.extend(bytes);
        self.views.len() - 1
    }

    fn add(&mut self, bytes: &[u8], component: u32, count: usize, kind: &str) -> Value {
        json!({ "bufferView": self.view(bytes), "componentType": component, "count": count, "type": kind })
    }
}

fn floats(all: &[f32]) -> Vec<u8> {
    all.iter().flat_map(|x| x.to_le_bytes()).collect()
}

/// 4x4 pixels: skin above, a red and a blue half below.
fn picture() -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, 4, 4);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let pixel = |i: usize| match (i / 8, i % 4 / 2) {
        (0, _) => [230, 180, 150, 255],
        (_, 0) => [200, 30, 30, 255],
        _ => [30, 40, 200, 255],
    };
    let data: Vec<u8> = (0..16).flat_map(pixel).collect();
    let written = encoder.write_header().and_then(|mut w| w.write_image_data(&data).and_then(|()| w.finish()));
    assert!(written.is_ok(), "a picture in memory");
    out
}
