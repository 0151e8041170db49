//! Files as makers write them are read; files that are broken are refused with the place and what to do.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

#[allow(unreachable_pub, reason = "tests of other crates share it")]
mod sample;

use kinora_gltf::{Figure, FileKind, read};
use sample::{Maker, PONYTAIL, Sample, glb};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn figure(bytes: &[u8]) -> Figure {
    read(bytes, &BTreeMap::new()).unwrap_or_else(|e| panic!("{e}"))
}

/// The message for a file of which one thing was changed.
fn refused(change: impl Fn(&mut Value, &mut Vec<u8>)) -> String {
    let (mut json, mut bin) = Sample::of(Maker::Mixamo).parts();
    change(&mut json, &mut bin);
    read(&glb(&json, &bin), &BTreeMap::new()).expect_err("a broken file").to_string()
}

#[test]
fn files_of_many_makers_give_the_same_body() {
    for maker in [Maker::Mixamo, Maker::Unreal, Maker::Vrm1, Maker::Vrm0] {
        let read = figure(&Sample::of(maker).glb());
        let part = &read.parts[0];
        let high = part.positions.iter().map(|p| p.y).fold(f32::MIN, f32::max);
        assert!((high - 1.70).abs() < 1e-3 && part.positions.len() == 8 * 35, "{maker:?}: {high} m of {} vertices", part.positions.len());
        assert!(part.normals.iter().all(|n| (n.length() - 1.0).abs() < 1e-4), "{maker:?}: normals of a file without any");
        assert_eq!((read.pictures.len(), read.pictures[0].width, read.pictures[0].at([0.1, 0.9])), (1, 4, [200, 30, 30, 255]), "{maker:?}: the picture");
        let kind = [(Maker::Vrm1, FileKind::Vrm1), (Maker::Vrm0, FileKind::Vrm0)].into_iter().find(|(m, _)| *m == maker).map_or(FileKind::Gltf, |k| k.1);
        assert_eq!(read.kind, kind, "the sort of file");
        let names: Vec<&str> = read.shapes.iter().map(|s| s.name.as_str()).collect();
        let wanted = if kind == FileKind::Gltf { ["jawOpen", "eyeBlinkLeft"] } else { ["aa", "blink"] };
        assert_eq!(names, wanted, "{maker:?}: face shapes");
        let chin = read.shapes[0].moves.iter().map(|m| m.2.y).fold(0.0, f32::min);
        assert!((chin + 0.03).abs() < 1e-4 && read.shapes[0].moves.len() == 2, "{maker:?}: the chin falls by {chin} m");
        assert_eq!(read.humanoid.len(), if kind == FileKind::Gltf { 0 } else { 35 }, "{maker:?}: bones by name");
        assert_eq!(read.humanoid.contains_key("leftThumbMetacarpal"), kind != FileKind::Gltf, "{maker:?}: thumbs are called as in VRM 1.0");
    }
}

#[test]
fn text_with_everything_inside_and_files_beside_are_read() {
    let whole = figure(Sample::of(Maker::Mixamo).gltf().as_bytes());
    assert_eq!(whole, figure(&Sample::of(Maker::Mixamo).glb()), "a .gltf with data URIs");
    let (mut json, bin) = Sample::of(Maker::Mixamo).parts();
    json["buffers"][0]["uri"] = json!("my%20body.bin");
    let text = json.to_string();
    assert_eq!(kinora_gltf::beside(text.as_bytes()).expect("a file"), ["my body.bin"], "the file beside it");
    assert_eq!(read(text.as_bytes(), &BTreeMap::from([("my body.bin".to_owned(), bin)])).expect("a file"), whole, "a buffer beside it");
    let missing = read(text.as_bytes(), &BTreeMap::new()).expect_err("no buffer").to_string();
    assert!(missing.contains("my body.bin") && missing.contains("put it beside"), "{missing}");
    for far in ["/etc/passwd", "../up.bin", "http://x/y.bin", "a/../../b", "C:\\x", "%2e%2e/x"] {
        json["buffers"][0]["uri"] = json!(far);
        let message = kinora_gltf::beside(json.to_string().as_bytes()).expect_err(far).to_string();
        assert!(message.contains("buffers[0].uri") && message.contains("no file beside it"), "{far}: {message}");
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let says = |words: &[&str], change: &dyn Fn(&mut Value, &mut Vec<u8>)| {
        let message = refused(change);
        for word in words {
            assert!(message.contains(word), "{message} should say {word}");
        }
    };
    says(&["KHR_draco_mesh_compression", "without Draco"], &|j, _| j["extensionsRequired"] = json!(["KHR_draco_mesh_compression"]));
    says(&["EXT_meshopt_compression", "without meshopt"], &|j, _| j["extensionsRequired"] = json!(["EXT_meshopt_compression"]));
    says(&["XX_new", "export it without that"], &|j, _| j["extensionsRequired"] = json!(["XX_new"]));
    says(&["asset.version", "glTF 2.0"], &|j, _| j["asset"]["version"] = json!("1.0"));
    says(&["buffers[0]", "cut off"], &|j, _| j["buffers"][0]["byteLength"] = json!(1u64 << 40));
    says(&["bufferViews[0]", "beyond"], &|j, _| j["bufferViews"][0]["byteLength"] = json!(u64::MAX));
    says(&["accessors[0]", "do not fit"], &|j, _| j["accessors"][0]["count"] = json!(100_000));
    says(&["accessors[4]", "at most"], &|j, _| j["accessors"][4]["count"] = json!(u64::MAX));
    says(&["accessors[0]", "bytes apart"], &|j, _| j["bufferViews"][0]["byteStride"] = json!(1_000_000));
    says(&["accessors[0]", "no data"], &|j, _| drop(j["accessors"][0].as_object_mut().unwrap().remove("bufferView")));
    says(&["accessors[0]", "VEC3"], &|j, _| j["accessors"][0]["type"] = json!("VEC2"));
    says(&["accessors[4]", "whole numbers"], &|j, _| j["accessors"][4]["componentType"] = json!(5126));
    says(&["element 0", "finite"], &|_, b| b[..4].copy_from_slice(&f32::NAN.to_le_bytes()));
    says(&["indices", "vertex 65535"], &|j, b| {
        let at = j["bufferViews"][4]["byteOffset"].as_u64().unwrap() as usize;
        b[at..at + 2].copy_from_slice(&[255, 255]);
    });
    says(&["joint 200 of 35"], &|j, b| {
        let at = j["bufferViews"][2]["byteOffset"].as_u64().unwrap() as usize;
        b[at] = 200;
    });
    says(&["nodes[3].children", "hangs from two"], &|j, _| j["nodes"][3]["children"] = json!([1]));
    says(&["hangs from itself"], &|j, _| {
        j["scenes"] = json!([]);
        j["nodes"] = json!([{ "children": [1] }, { "children": [0] }]);
    });
    says(&["nodes[0].children", "no node 9999"], &|j, _| j["nodes"][0]["children"] = json!([9999]));
    says(&["skins[0]", "no node 9999"], &|j, _| j["skins"][0]["joints"][0] = json!(9999));
    says(&["skins[0]", "bind matrices"], &|j, _| j["accessors"][5]["count"] = json!(3));
    says(&["nodes[35].mesh", "no mesh 7"], &|j, _| j["nodes"][35]["mesh"] = json!(7));
    says(&["no mesh in it"], &|j, _| j["meshes"][0]["primitives"] = json!([]));
    says(&["POSITION", "no such accessor"], &|j, _| j["meshes"][0]["primitives"][0]["attributes"]["POSITION"] = json!(77));
    let text = |bytes: &[u8]| read(bytes, &BTreeMap::new()).expect_err("no figure").to_string();
    assert!(text(b"ply\nformat ascii").contains("neither glTF"), "another format");
    assert!(text(b"").contains("neither glTF"), "nothing");
    assert!(text(b"glTF\x02\0\0\0").contains("cut off"), "a head without a body");
    assert!(text(br#"{"asset":{"version":"2.0"},"nodes":5}"#).contains("JSON"), "a wrong shape");
    let good = Sample::of(Maker::Vrm1).glb();
    assert!(text(&good[..good.len() / 2]).contains("cut off"), "half of a file");
}

#[test]
fn a_picture_that_cannot_be_read_leaves_the_plain_colour_and_a_note() {
    let (mut json, mut bin) = Sample::of(Maker::Mixamo).parts();
    let view = json["images"][0]["bufferView"].as_u64().unwrap() as usize;
    let at = json["bufferViews"][view]["byteOffset"].as_u64().unwrap() as usize;
    bin[at..at + 4].copy_from_slice(b"RIFF");
    json["materials"][0]["alphaMode"] = json!("MASK");
    let read = figure(&glb(&json, &bin));
    assert!(read.pictures.is_empty() && read.notes.iter().any(|n| n.contains("WebP") && n.contains("Skin")), "{:?}", read.notes);
    assert_eq!(read.paints[0].cutoff, Some(0.5), "the format's own threshold");
}

#[test]
fn springs_of_both_sorts_of_vrm_are_read() {
    for maker in [Maker::Vrm1, Maker::Vrm0] {
        let (json, bin) = Sample::of(maker).with(&[PONYTAIL]);
        let read = figure(&glb(&json, &bin));
        let named: Vec<&str> = read.springs.iter().map(|s| read.nodes[s.node].name.as_str()).collect();
        // VRM 0.x swings the end, too; in 1.0 it only says where the last joint ends.
        let wanted: &[&str] = if maker == Maker::Vrm1 { &["Hair0", "Hair1", "Hair2", "Hair3"] } else { &["Hair0", "Hair1", "Hair2", "Hair3", "Hair4"] };
        assert_eq!(named, wanted, "{maker:?}: joints that swing");
        let s = &read.springs[0];
        assert_eq!((s.stiffness, s.gravity, s.drag, s.radius, s.centre), (0.8, 0.1, 0.4, 0.02, None), "{maker:?}");
        assert_eq!(s.gravity_way, -glam::Vec3::Y, "{maker:?}: down");
    }
    assert!(figure(&Sample::of(Maker::Mixamo).glb()).springs.is_empty(), "a file that says nothing of springs");
}

#[test]
fn springs_that_are_broken_are_refused_or_held_back() {
    let changed = |maker: Maker, change: &dyn Fn(&mut Value)| {
        let (mut json, bin) = Sample::of(maker).with(&[PONYTAIL]);
        change(&mut json["extensions"]);
        read(&glb(&json, &bin), &BTreeMap::new())
    };
    let refused = |maker: Maker, words: &[&str], change: &dyn Fn(&mut Value)| {
        let message = changed(maker, change).err().map_or(String::new(), |e| e.to_string());
        words.iter().for_each(|w| assert!(message.contains(w), "{message} should say {w}"));
    };
    refused(Maker::Vrm1, &["springs[0].joints[1]", "no node 9999"], &|e| e["VRMC_springBone"]["springs"][0]["joints"][1]["node"] = json!(9999));
    refused(Maker::Vrm1, &["springs[0].center", "no node 777"], &|e| e["VRMC_springBone"]["springs"][0]["center"] = json!(777));
    refused(Maker::Vrm1, &["VRMC_springBone", "export it again"], &|e| e["VRMC_springBone"]["springs"] = json!("many"));
    refused(Maker::Vrm1, &["joints[0]", "not finite"], &|e| e["VRMC_springBone"]["springs"][0]["joints"][0]["stiffness"] = json!(1e39));
    refused(Maker::Vrm0, &["boneGroups[0].bones[0]", "no node 9999"], &|e| e["VRM"]["secondaryAnimation"]["boneGroups"][0]["bones"] = json!([9999]));
    refused(Maker::Vrm0, &["boneGroups[0].center", "no node 40000"], &|e| e["VRM"]["secondaryAnimation"]["boneGroups"][0]["center"] = json!(40_000));
    refused(Maker::Vrm0, &["VRM"], &|e| e["VRM"]["secondaryAnimation"]["boneGroups"][0]["gravityDir"] = json!("down"));
    let taken = |maker: Maker, change: &dyn Fn(&mut Value)| changed(maker, change).unwrap_or_else(|e| panic!("{e}")).springs;
    let wild = taken(Maker::Vrm1, &|e| {
        let joint = &mut e["VRMC_springBone"]["springs"][0]["joints"][0];
        (joint["stiffness"], joint["dragForce"], joint["gravityDir"]) = (json!(-5), json!(7), json!([0, 0, 0]));
    });
    assert_eq!((wild[0].stiffness, wild[0].drag, wild[0].gravity_way), (0.0, 1.0, -glam::Vec3::Y), "numbers are held to their ranges");
    // Joints of the body do not swing, nor does anything twice; -1 is no bone.
    let body = taken(Maker::Vrm0, &|e| e["VRM"]["secondaryAnimation"]["boneGroups"][0]["bones"] = json!([0, 4, -1]));
    assert!(body.is_empty(), "{body:?}");
    let twice = taken(Maker::Vrm1, &|e| {
        let spring = e["VRMC_springBone"]["springs"][0].clone();
        e["VRMC_springBone"]["springs"] = json!([spring.clone(), spring]);
    });
    assert_eq!(twice.len(), 4, "each joint once");
}

/// A ponytail that stays out of a ball before the face and a capsule along the trunk; VRM 0.x has balls only.
fn with_colliders(maker: Maker) -> (Value, Vec<u8>) {
    let (mut json, bin) = Sample::of(maker).with(&[PONYTAIL]);
    let node = |name: &str| {
        let bones = &json["extensions"];
        let at = bones["VRMC_vrm"]["humanoid"]["humanBones"][name]["node"].as_u64();
        let old = bones["VRM"]["humanoid"]["humanBones"].as_array().and_then(|all| all.iter().find(|b| b["bone"] == name)?["node"].as_u64());
        at.or(old).unwrap()
    };
    let (head, chest) = (node("head"), node("chest"));
    if maker == Maker::Vrm1 {
        let springs = &mut json["extensions"]["VRMC_springBone"];
        springs["colliders"] = json!([
            { "node": head, "shape": { "sphere": { "offset": [0.0, 0.1, 0.05], "radius": 0.1 } } },
            { "node": chest, "shape": { "capsule": { "offset": [0.0, -0.1, 0.0], "radius": 0.12, "tail": [0.0, 0.2, 0.0] } } },
            { "node": head, "shape": { "sphere": { "offset": [0.0, 0.0, 0.0], "radius": 0.0 } } },
            { "node": head, "shape": { "sphere": { "offset": [0.0, 0.0, 0.0], "radius": 0.3 } },
              "extensions": { "VRMC_springBone_extended_collider": { "specVersion": "1.0", "shape": { "sphere": { "offset": [0.0, 0.0, 0.0], "radius": 0.3, "inside": true } } } } },
        ]);
        springs["colliderGroups"] = json!([{ "colliders": [1, 3] }, { "name": "face", "colliders": [2, 0] }]);
        springs["springs"][0]["colliderGroups"] = json!([1, 0, 1]);
    } else {
        // The z of this format's offsets is that of another engine: forward is +z here, and -z in the file.
        let springs = &mut json["extensions"]["VRM"]["secondaryAnimation"];
        springs["colliderGroups"] = json!([
            { "node": chest, "colliders": [{ "offset": { "x": 0.0, "y": 0.1, "z": 0.0 }, "radius": 0.12 }] },
            { "node": head, "colliders": [{ "offset": { "x": 0.0, "y": 0.1, "z": 0.05 }, "radius": 0.1 }, { "radius": 0.0 }] },
            { "node": -1, "colliders": [{ "radius": 1.0 }] },
        ]);
        springs["boneGroups"][0]["colliderGroups"] = json!([0, 1, 2, -1]);
    }
    (json, bin)
}

#[test]
fn colliders_of_both_sorts_of_vrm_are_where_the_body_is() {
    for (maker, forward) in [(Maker::Vrm1, 1.0), (Maker::Vrm0, -1.0)] {
        let (json, bin) = with_colliders(maker);
        let read = figure(&glb(&json, &bin));
        assert_eq!(read.colliders.len(), 2, "{maker:?}: neither what has no size nor what things stay inside");
        let of = |name: &str| read.colliders.iter().find(|c| c.node == read.humanoid[name]).unwrap();
        let (face, chest) = (of("head"), of("chest"));
        let at = glam::Vec3::new(0.0, 1.58, 0.05 * forward);
        assert!(face.ends.iter().all(|e| e.distance(at) < 1e-5) && (face.radius - 0.1).abs() < 1e-6, "{maker:?}: before the face: {face:?}");
        let wanted = if maker == Maker::Vrm1 { [1.1, 1.4] } else { [1.3, 1.3] };
        assert!(chest.ends.iter().zip(wanted).all(|(e, y)| (e.y - y).abs() < 1e-5), "{maker:?}: along the trunk: {chest:?}");
        assert!(!read.springs.is_empty() && read.springs.iter().all(|s| s.hits == [0, 1]), "{maker:?}: all of the chain stays out of both");
    }
    // A node that is scaled scales what hangs from it.
    let (mut json, bin) = with_colliders(Maker::Vrm1);
    let root = json["scenes"][0]["nodes"][0].as_u64().unwrap() as usize;
    json["nodes"][root]["scale"] = json!([2.0, 2.0, 2.0]);
    let face = figure(&glb(&json, &bin)).colliders[0];
    assert!((face.radius - 0.2).abs() < 1e-5 && (face.ends[0].y - 3.16).abs() < 1e-4, "{face:?}");
}

#[test]
fn colliders_that_are_broken_are_refused() {
    let refused = |maker: Maker, words: &[&str], change: &dyn Fn(&mut Value)| {
        let (mut json, bin) = with_colliders(maker);
        change(&mut json["extensions"]);
        let message = read(&glb(&json, &bin), &BTreeMap::new()).err().map_or(String::new(), |e| e.to_string());
        words.iter().for_each(|w| assert!(message.contains(w), "{message} should say {w}"));
    };
    refused(Maker::Vrm1, &["colliders[1]", "no node 9999"], &|e| e["VRMC_springBone"]["colliders"][1]["node"] = json!(9999));
    refused(Maker::Vrm1, &["colliders[0]", "not finite"], &|e| e["VRMC_springBone"]["colliders"][0]["shape"]["sphere"]["radius"] = json!(1e39));
    refused(Maker::Vrm1, &["colliderGroups[0]", "no collider 77"], &|e| e["VRMC_springBone"]["colliderGroups"][0]["colliders"] = json!([77]));
    refused(Maker::Vrm1, &["springs[0].colliderGroups", "no group 5"], &|e| e["VRMC_springBone"]["springs"][0]["colliderGroups"] = json!([5]));
    refused(Maker::Vrm1, &["colliders", "at most 1024"], &|e| {
        let ball = e["VRMC_springBone"]["colliders"][0].clone();
        e["VRMC_springBone"]["colliders"] = json!(vec![ball; 1025]);
    });
    refused(Maker::Vrm0, &["colliderGroups[0].colliders[0]", "no node 9999"], &|e| e["VRM"]["secondaryAnimation"]["colliderGroups"][0]["node"] = json!(9999));
    refused(Maker::Vrm0, &["boneGroups[0].colliderGroups", "no group 40"], &|e| {
        e["VRM"]["secondaryAnimation"]["boneGroups"][0]["colliderGroups"] = json!([40])
    });
}
