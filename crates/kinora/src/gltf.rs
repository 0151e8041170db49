//! The world of a plan as a glTF 2.0 binary, for Blender and others: a glTF scene for every scene of the plan, with its meshes,
//! materials and lamps, its people and animals as skins with their acting, what else moves, and a camera for every shot.
//!
//! Metres, y up, seconds; a scene's time begins with its first shot. Paint that lies on surfaces in patterns (spots, stripes,
//! masks) becomes vertex colours, for glTF knows no procedures.
//!
//! # Limits today
//! Relief and mottle of materials, weather, sky and particles are not part of it; a lens that zooms keeps its first field of
//! view (glTF cannot animate it; the values are in the camera's `extras`); what opens or breaks stays as it was first.

use crate::{Error, Kinora};
use glam::{Affine3A, Quat, Vec3};
use kinora_base::LinearRgb;
use kinora_base::maths::mix;
use kinora_cast::{Character, world_from_object};
use kinora_render::SimdLevel;
use kinora_render::scene::{Coat, Instance, Mask, Material, Mesh};
use kinora_stage::{Actor, Photographer, Staging};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Lumens a watt at 555 nm: from our radiance to candela and lux, as Blender's importer undoes it.
const LUMENS: f32 = 683.0;

impl Kinora {
    /// The world of a staging as GLB; of one shot (from 1) or of all. Movement is sampled `rate` times a second.
    ///
    /// # Errors
    /// If a model or a body cannot be built, or there is no such shot.
    pub fn gltf(&self, staging: &Staging, shot: Option<usize>, rate: u32) -> Result<Vec<u8>, Error> {
        let shots = staging.plan.shots.len();
        if let Some(wrong) = shot.filter(|n| *n == 0 || *n > shots) {
            return Err(Error::Arguments(format!("there is no shot {wrong}; the plan has {shots}")));
        }
        let photographer = self.photographer(staging, SimdLevel::Detect, false)?;
        let mut file = File::default();
        for (index, scene) in staging.scenes.iter().enumerate() {
            let wanted: Vec<usize> = (0..shots).filter(|k| staging.scene_of(*k).0 == index && shot.is_none_or(|n| n == k + 1)).collect();
            if !wanted.is_empty() {
                World { staging, photographer: &photographer, file: &mut file, rate, first: staging.scene_of(wanted[0]).1 }.add(&scene.id, &wanted);
            }
        }
        photographer.failure().map_or(Ok(()), |e| Err(Error::from(e)))?;
        Ok(file.finish(&staging.plan.title))
    }
}

/// A glTF file that grows.
#[derive(Default)]
struct File {
    bytes: Vec<u8>,
    views: Vec<Value>,
    accessors: Vec<Value>,
    nodes: Vec<Value>,
    meshes: Vec<Value>,
    materials: Vec<Value>,
    skins: Vec<Value>,
    cameras: Vec<Value>,
    lights: Vec<Value>,
    scenes: Vec<Value>,
    animations: Vec<Value>,
    /// Meshes by the addresses of shape and materials, which live as long as the export does.
    known: BTreeMap<(usize, usize), usize>,
    painted: Vec<(Material, bool, usize)>,
    kept: Vec<Instance>,
}

impl File {
    fn view(&mut self, data: &[u8], target: Option<u32>) -> usize {
        while !self.bytes.len().is_multiple_of(4) {
            self.bytes.push(0);
        }
        let mut view = json!({ "buffer": 0, "byteOffset": self.bytes.len(), "byteLength": data.len() });
        if let Some(target) = target {
            view["target"] = json!(target);
        }
        self.bytes.extend_from_slice(data);
        self.views.push(view);
        self.views.len() - 1
    }

    fn accessor(&mut self, view: usize, kind: &str, component: u32, count: usize, bounds: Option<(Vec<f32>, Vec<f32>)>) -> usize {
        let mut value = json!({ "bufferView": view, "type": kind, "componentType": component, "count": count });
        if let Some((low, high)) = bounds {
            value["min"] = json!(low);
            value["max"] = json!(high);
        }
        self.accessors.push(value);
        self.accessors.len() - 1
    }

    /// Rows of floats; `bounded` gives their least and greatest, as positions and times need.
    fn floats<const N: usize>(&mut self, rows: &[[f32; N]], target: Option<u32>, bounded: bool) -> usize {
        let data: Vec<u8> = rows.iter().flatten().flat_map(|v| v.to_le_bytes()).collect();
        let view = self.view(&data, target);
        let kind = match N {
            1 => "SCALAR",
            2 => "VEC2",
            3 => "VEC3",
            4 => "VEC4",
            _ => "MAT4",
        };
        let extent = |pick: fn(f32, f32) -> f32, start: f32| (0..N).map(|k| rows.iter().map(|r| r[k]).fold(start, pick)).collect::<Vec<f32>>();
        let bounds = bounded.then(|| (extent(f32::min, f32::INFINITY), extent(f32::max, f32::NEG_INFINITY)));
        self.accessor(view, kind, 5126, rows.len(), bounds)
    }

    fn node(&mut self, value: Value) -> usize {
        self.nodes.push(value);
        self.nodes.len() - 1
    }

    fn child(&mut self, parent: usize, child: usize) {
        match self.nodes[parent].get_mut("children").and_then(Value::as_array_mut) {
            Some(all) => all.push(json!(child)),
            None => self.nodes[parent]["children"] = json!([child]),
        }
    }

    /// A material; `coloured` if vertex colours bring the paint.
    fn material(&mut self, m: &Material, coloured: bool) -> usize {
        if let Some((_, _, at)) = self.painted.iter().find(|(k, c, _)| *c == coloured && k == m) {
            return *at;
        }
        let metal = m.specular >= 0.3;
        let colour = if coloured { [1.0, 1.0, 1.0, 1.0] } else { [m.colour.0, m.colour.1, m.colour.2, 1.0].map(|v| v.clamp(0.0, 1.0)) };
        let mut value = json!({
            "pbrMetallicRoughness": { "baseColorFactor": colour, "metallicFactor": if metal { 1.0 } else { 0.0 }, "roughnessFactor": m.roughness.clamp(0.0, 1.0) },
            "doubleSided": m.two_sided || m.translucency > 0.0,
        });
        let strength = m.emission.0.max(m.emission.1).max(m.emission.2);
        if strength > 0.0 {
            let factor = [m.emission.0, m.emission.1, m.emission.2].map(|v| (v / strength.max(1.0)).clamp(0.0, 1.0));
            value["emissiveFactor"] = json!(factor);
            if strength > 1.0 {
                value["extensions"] = json!({ "KHR_materials_emissive_strength": { "emissiveStrength": strength } });
            }
        }
        self.materials.push(value);
        self.painted.push((m.clone(), coloured, self.materials.len() - 1));
        self.materials.len() - 1
    }

    /// A mesh, a primitive a material; skinned if there are bones.
    fn mesh(&mut self, mesh: &Mesh, materials: &[Material], skin: Option<&Skin<'_>>) -> Option<usize> {
        let mut primitives = Vec::new();
        for part in &mesh.parts {
            let faces = &mesh.triangles[part.first as usize..(part.first + part.count) as usize];
            if let Some(material) = materials.get(usize::from(part.material)).filter(|_| !faces.is_empty()) {
                primitives.push(self.primitive(mesh, faces, material, skin));
            }
        }
        if primitives.is_empty() {
            return None;
        }
        let mut value = json!({ "primitives": primitives });
        if let Some(skin) = skin.filter(|s| !s.morphs.is_empty()) {
            value["weights"] = json!(vec![0.0; skin.morphs.len()]);
            value["extras"] = json!({ "targetNames": skin.morphs.iter().map(|m| m.name.as_str()).collect::<Vec<_>>() });
        }
        self.meshes.push(value);
        Some(self.meshes.len() - 1)
    }

    fn primitive(&mut self, mesh: &Mesh, faces: &[[u32; 3]], material: &Material, skin: Option<&Skin<'_>>) -> Value {
        // Only the corners that this part uses.
        let mut place = BTreeMap::new();
        let mut used: Vec<usize> = Vec::new();
        let indices: Vec<[u32; 1]> = faces
            .iter()
            .flatten()
            .map(|i| {
                [*place.entry(*i).or_insert_with(|| {
                    used.push(*i as usize);
                    used.len() as u32 - 1
                })]
            })
            .collect();
        let data: Vec<u8> = indices.iter().flat_map(|i| i[0].to_le_bytes()).collect();
        let view = self.view(&data, Some(34963));
        let indices = self.accessor(view, "SCALAR", 5125, indices.len(), None);
        let positions: Vec<[f32; 3]> = used.iter().map(|i| mesh.positions[*i].to_array()).collect();
        let normals: Vec<[f32; 3]> = used.iter().map(|i| mesh.normals[*i].try_normalize().unwrap_or(Vec3::Y).to_array()).collect();
        let mut attributes = Map::new();
        attributes.insert("POSITION".into(), json!(self.floats(&positions, Some(34962), true)));
        attributes.insert("NORMAL".into(), json!(self.floats(&normals, Some(34962), false)));
        let coloured = !material.coats.is_empty() || !mesh.tint.is_empty();
        if coloured {
            let colours: Vec<[f32; 3]> = used.iter().map(|i| paint(mesh, *i, material)).collect();
            attributes.insert("COLOR_0".into(), json!(self.floats(&colours, Some(34962), false)));
        }
        let mut targets = Vec::new();
        if let Some(skin) = skin {
            let joints: Vec<u8> = used.iter().flat_map(|i| fitting(skin, *i)).flat_map(|(joint, _)| joint.to_le_bytes()).collect();
            let weights: Vec<[f32; 4]> = used.iter().map(|i| fitting(skin, *i).map(|(_, w)| w)).collect();
            let view = self.view(&joints, Some(34962));
            attributes.insert("JOINTS_0".into(), json!(self.accessor(view, "VEC4", 5123, used.len(), None)));
            attributes.insert("WEIGHTS_0".into(), json!(self.floats(&weights, Some(34962), false)));
            for morph in skin.morphs {
                targets.push(json!({ "POSITION": self.sparse(morph, &place, used.len()) }));
            }
        }
        let mut value = json!({ "attributes": attributes, "indices": indices, "material": self.material(material, coloured), "mode": 4 });
        if !targets.is_empty() {
            value["targets"] = json!(targets);
        }
        value
    }

    /// A face shape, of which most corners do not move.
    fn sparse(&mut self, morph: &kinora_cast::MorphTarget, place: &BTreeMap<u32, u32>, count: usize) -> usize {
        let mut moves: Vec<(u32, [f32; 3])> = morph.moves.iter().filter_map(|(v, by)| Some((*place.get(v)?, by.to_array()))).collect();
        moves.sort_by_key(|m| m.0);
        moves.dedup_by_key(|m| m.0);
        let bound =
            |pick: fn(f32, f32) -> f32| [0, 1, 2].map(|k| moves.iter().map(|m| m.1[k]).chain((moves.len() < count).then_some(0.0)).reduce(pick).unwrap_or(0.0));
        let (low, high) = (bound(f32::min), bound(f32::max));
        let mut value = json!({ "type": "VEC3", "componentType": 5126, "count": count, "min": low, "max": high });
        if !moves.is_empty() {
            let indices: Vec<u8> = moves.iter().flat_map(|m| m.0.to_le_bytes()).collect();
            let values: Vec<u8> = moves.iter().flat_map(|m| m.1).flat_map(f32::to_le_bytes).collect();
            let (indices, values) = (self.view(&indices, None), self.view(&values, None));
            value["sparse"] = json!({ "count": moves.len(), "indices": { "bufferView": indices, "componentType": 5125 }, "values": { "bufferView": values } });
        }
        self.accessors.push(value);
        self.accessors.len() - 1
    }

    fn finish(mut self, title: &str) -> Vec<u8> {
        while !self.bytes.len().is_multiple_of(4) {
            self.bytes.push(0);
        }
        let mut root = Map::new();
        root.insert("asset".into(), json!({ "version": "2.0", "generator": concat!("kinora ", env!("CARGO_PKG_VERSION")), "extras": { "title": title } }));
        root.insert("scene".into(), json!(0));
        let mut extensions = Map::new();
        let mut used = Vec::new();
        if !self.lights.is_empty() {
            extensions.insert("KHR_lights_punctual".into(), json!({ "lights": self.lights }));
            used.push("KHR_lights_punctual");
        }
        if self.materials.iter().any(|m| m.get("extensions").is_some()) {
            used.push("KHR_materials_emissive_strength");
        }
        for (name, all) in [
            ("scenes", self.scenes),
            ("nodes", self.nodes),
            ("meshes", self.meshes),
            ("materials", self.materials),
            ("skins", self.skins),
            ("cameras", self.cameras),
            ("animations", self.animations),
            ("accessors", self.accessors),
            ("bufferViews", self.views),
        ] {
            if !all.is_empty() {
                root.insert(name.into(), Value::Array(all));
            }
        }
        root.insert("buffers".into(), json!([{ "byteLength": self.bytes.len() }]));
        if !used.is_empty() {
            root.insert("extensionsUsed".into(), json!(used));
        }
        if !extensions.is_empty() {
            root.insert("extensions".into(), Value::Object(extensions));
        }
        let mut text = Value::Object(root).to_string().into_bytes();
        while !text.len().is_multiple_of(4) {
            text.push(b' ');
        }
        let mut out = b"glTF".to_vec();
        let total = 12 + 8 + text.len() + 8 + self.bytes.len();
        out.extend([2, total as u32].iter().flat_map(|v| v.to_le_bytes()));
        out.extend((text.len() as u32).to_le_bytes());
        out.extend(b"JSON");
        out.extend(text);
        out.extend((self.bytes.len() as u32).to_le_bytes());
        out.extend(b"BIN\0");
        out.extend(self.bytes);
        out
    }
}

/// What makes a mesh move with bones.
struct Skin<'a> {
    bones: &'a [[u16; 4]],
    weights: &'a [[f32; 4]],
    morphs: &'a [kinora_cast::MorphTarget],
}

/// Bones of a corner with weights that sum to 1; what weighs nothing names the first bone.
fn fitting(skin: &Skin<'_>, i: usize) -> [(u16, f32); 4] {
    let (bones, weights) = (skin.bones[i], skin.weights[i].map(|w| w.max(0.0)));
    let sum: f32 = weights.iter().sum::<f32>().max(1e-6);
    [0, 1, 2, 3].map(|k| if weights[k] > 0.0 { (bones[k], weights[k] / sum) } else { (0, 0.0) })
}

/// The colour of a corner under its coats, linear.
fn paint(mesh: &Mesh, i: usize, m: &Material) -> [f32; 3] {
    let rest = if mesh.rest.is_empty() { mesh.positions[i] } else { mesh.rest[i] };
    let mut colour = [m.colour.0, m.colour.1, m.colour.2];
    if let Some(texture) = &m.texture {
        let seen = texture.colour([rest.x, rest.y]);
        colour = [colour[0] * seen.0, colour[1] * seen.1, colour[2] * seen.2];
    }
    for coat in m.coats.iter() {
        let amount = lies(coat, rest, mesh.normals[i]) * coat.amount;
        let over = [coat.colour.0, coat.colour.1, coat.colour.2];
        colour = [0, 1, 2].map(|k| mix(colour[k], over[k], amount));
    }
    let tint = mesh.tint.get(i).map_or([1.0; 3], |t| t.map(|c| f32::from(c) / 128.0));
    [0, 1, 2].map(|k| (colour[k] * tint[k]).clamp(0.0, 1.0))
}

/// How much of a coat lies at a place. Spots are chance, and finer than corners are; they are left out.
fn lies(coat: &Coat, rest: Vec3, normal: Vec3) -> f32 {
    let p = if coat.mirror { Vec3::new(rest.x.abs(), rest.y, rest.z) } else { rest };
    let inside = match coat.mask {
        Mask::All => return 1.0,
        Mask::Spots { share, .. } => return share * 0.5,
        Mask::Upward { above } => return ((normal.y - above) / coat.soft.max(0.02) + 0.5).clamp(0.0, 1.0),
        Mask::Beyond { towards, offset } => p.dot(towards) - offset,
        Mask::Ball { centre, radii } => (1.0 - ((p - centre) / radii.max(Vec3::splat(1e-4))).length()) * radii.min_element(),
        Mask::Capsule { from, to, radius } => {
            let along = to - from;
            let h = ((p - from).dot(along) / along.length_squared().max(1e-12)).clamp(0.0, 1.0);
            radius - (p - from - along * h).length()
        }
        Mask::Bands { across, period, share } => {
            let t = p.dot(across) / period.max(1e-4);
            (share * 0.5 - (t - t.floor() - 0.5).abs()) * period
        }
    };
    (inside / coat.soft.max(1e-4) + 0.5).clamp(0.0, 1.0)
}

/// Times and values of one thing that moves.
struct Track {
    times: Vec<[f32; 1]>,
    places: Vec<Affine3A>,
}

/// A scene of the plan on its way into the file.
struct World<'a> {
    staging: &'a Staging,
    photographer: &'a Photographer<'a>,
    file: &'a mut File,
    rate: u32,
    /// Frame of the scene's clock at which the export begins.
    first: usize,
}

impl World<'_> {
    fn add(mut self, id: &str, shots: &[usize]) {
        let mut roots = Vec::new();
        let mut channels = Animation::default();
        let opening = self.photographer.scene(self.staging.cuts[shots[0]]);
        for instance in opening.still.iter() {
            roots.extend(self.instance(instance));
        }
        roots.extend(self.moving(shots, &mut channels));
        let index = self.staging.scene_of(shots[0]).0;
        for actor in &self.staging.scenes[index].actors {
            roots.extend(self.actor(actor, shots, &mut channels));
        }
        for shot in shots {
            roots.push(self.camera(*shot, &mut channels));
        }
        roots.extend(self.lights(&opening));
        self.file.scenes.push(json!({ "name": id, "nodes": roots }));
        if let Some(animation) = channels.finish(id) {
            self.file.animations.push(animation);
        }
        // Addresses name meshes, so what they belong to must not go before the file is whole.
        self.file.kept.extend(opening.still.iter().cloned());
    }

    /// Frames of the film at which a shot is sampled, with their times in the scene.
    fn samples(&self, shot: usize) -> Vec<(i64, f32)> {
        let fps = self.staging.fps().0;
        let (from, to) = (self.staging.cuts[shot], self.staging.cuts[shot + 1]);
        let step = (fps / self.rate.min(fps)).max(1) as usize;
        let start = self.staging.scene_of(shot).1.saturating_sub(self.first);
        let mut frames: Vec<i64> = (from..to).step_by(step).collect();
        if frames.last().is_some_and(|l| *l != to - 1) {
            frames.push(to - 1);
        }
        frames.into_iter().map(|f| (f, (start as f32 + (f - from) as f32) / fps as f32)).collect()
    }

    fn shape(&mut self, instance: &Instance) -> Option<usize> {
        let key = (std::sync::Arc::as_ptr(&instance.mesh) as usize, instance.materials.as_ptr() as usize);
        if let Some(known) = self.file.known.get(&key) {
            return Some(*known);
        }
        let made = self.file.mesh(&instance.mesh, &instance.materials, None)?;
        self.file.known.insert(key, made);
        self.file.kept.push(instance.clone());
        Some(made)
    }

    fn instance(&mut self, instance: &Instance) -> Option<usize> {
        let mesh = self.shape(instance)?;
        let mut node = placed(instance.world_from_object);
        node["mesh"] = json!(mesh);
        node["extras"] = json!({ "id": instance.id });
        Some(self.file.node(node))
    }

    /// What moves and is no body: the n-th instance of an id is the same thing at every frame, as long as there are as many.
    fn moving(&mut self, shots: &[usize], channels: &mut Animation) -> Vec<usize> {
        let mut tracks: BTreeMap<(u16, usize), (Instance, Track)> = BTreeMap::new();
        for shot in shots {
            for (frame, time) in self.samples(*shot) {
                let mut count: BTreeMap<u16, usize> = BTreeMap::new();
                for instance in self.photographer.scene(frame).moving.into_iter().filter(|i| i.pose.is_none()) {
                    let n = count.entry(instance.id).or_default();
                    let key = (instance.id, *n);
                    *n += 1;
                    let place = instance.world_from_object;
                    let track = &mut tracks.entry(key).or_insert_with(|| (instance, Track { times: Vec::new(), places: Vec::new() })).1;
                    if track.times.last().is_none_or(|t| t[0] < time) {
                        track.times.push([time]);
                        track.places.push(place);
                    }
                }
            }
        }
        let mut roots = Vec::new();
        for (instance, track) in tracks.into_values() {
            let Some(node) = self.instance(&instance) else { continue };
            roots.push(node);
            if track.places.iter().any(|p| !p.abs_diff_eq(track.places[0], 1e-5)) {
                channels.places(self.file, node, &track, true);
            }
        }
        roots
    }

    /// A body: a node that walks, a skeleton under it, a skinned mesh.
    fn actor(&mut self, actor: &Actor, shots: &[usize], channels: &mut Animation) -> Vec<usize> {
        let Some(body) = self.photographer.body(&actor.role, actor.member) else { return Vec::new() };
        let crowd = self.staging.scenes[self.staging.scene_of(shots[0]).0].actors.len();
        let Some(level) = body.levels.get(usize::from(crowd > 4).min(body.levels.len().saturating_sub(1))) else { return Vec::new() };
        let name = if actor.member > 0 { format!("{}-{}", actor.role, actor.member + 1) } else { actor.role.clone() };
        let scale = [body.scale; 3];
        let root = self.file.node(json!({ "name": name, "scale": scale, "extras": { "id": actor.id } }));
        let bones = self.bones(body, root);
        let skin = Skin { bones: &level.bones, weights: &level.weights, morphs: &level.morphs };
        let Some(mesh) = self.file.mesh(&level.mesh, &body.materials, Some(&skin)) else { return vec![root] };
        let inverse: Vec<[f32; 16]> = body.bones.iter().map(|b| glam::Mat4::from_translation(-b.rest).to_cols_array()).collect();
        let inverse = self.file.floats(&inverse, None, false);
        self.file.skins.push(json!({ "joints": bones, "inverseBindMatrices": inverse, "skeleton": bones[0] }));
        let skinned = self.file.node(json!({ "name": format!("{name}-mesh"), "mesh": mesh, "skin": self.file.skins.len() - 1 }));
        self.act(actor, body, (root, &bones, skinned), shots, channels);
        vec![root, skinned]
    }

    fn bones(&mut self, body: &Character, root: usize) -> Vec<usize> {
        let mut nodes: Vec<usize> = Vec::with_capacity(body.bones.len());
        for bone in &body.bones {
            let from = bone.parent.map_or(Vec3::ZERO, |p| body.bones[p].rest);
            let node = self.file.node(json!({ "name": bone.name, "translation": (bone.rest - from).to_array() }));
            self.file.child(bone.parent.map_or(root, |p| nodes[p]), node);
            nodes.push(node);
        }
        nodes
    }

    fn act(&mut self, actor: &Actor, body: &Character, (root, bones, skinned): (usize, &[usize], usize), shots: &[usize], channels: &mut Animation) {
        let poses = &actor.performance.poses;
        if poses.is_empty() {
            return;
        }
        let (mut walk, mut times, mut seen) = (Track { times: Vec::new(), places: Vec::new() }, Vec::new(), Vec::new());
        for shot in shots {
            let (_, start) = self.staging.scene_of(*shot);
            for (frame, time) in self.samples(*shot) {
                if times.last().is_some_and(|t: &[f32; 1]| t[0] >= time) {
                    continue;
                }
                let pose = &poses[(start + (frame - self.staging.cuts[*shot]) as usize).min(poses.len() - 1)];
                times.push([time]);
                walk.times.push([time]);
                walk.places.push(world_from_object(body, pose));
                seen.push(pose);
            }
        }
        channels.places(self.file, root, &walk, false);
        let input = self.file.floats(&times, None, true);
        for (k, node) in bones.iter().enumerate() {
            let mut turns: Vec<[f32; 4]> = seen.iter().map(|p| p.bones.get(k).copied().unwrap_or(Quat::IDENTITY).normalize().to_array()).collect();
            // The shorter way round from key to key.
            for i in 1..turns.len() {
                let dot: f32 = (0..4).map(|c| turns[i][c] * turns[i - 1][c]).sum();
                if dot < 0.0 {
                    turns[i] = turns[i].map(|c| -c);
                }
            }
            if turns.iter().any(|t| *t != [0.0, 0.0, 0.0, 1.0]) {
                let output = self.file.floats(&turns, None, false);
                channels.add(*node, "rotation", input, output);
            }
        }
        let hips: Vec<[f32; 3]> = seen.iter().map(|p| (body.bones[0].rest + p.hips).to_array()).collect();
        let output = self.file.floats(&hips, None, false);
        channels.add(bones[0], "translation", input, output);
        let morphs: Vec<&str> = body.levels.first().map(|l| l.morphs.iter().map(|m| m.name.as_str()).collect()).unwrap_or_default();
        if !morphs.is_empty() {
            let weights: Vec<[f32; 1]> = seen.iter().flat_map(|p| morphs.iter().map(|m| [p.face.control(m)])).collect();
            let output = self.file.floats(&weights, None, false);
            channels.add(skinned, "weights", input, output);
        }
    }

    fn camera(&mut self, shot: usize, channels: &mut Animation) -> usize {
        let size = self.staging.plan.size;
        let samples = self.samples(shot);
        let at = |frame: i64| &self.staging.cameras[frame as usize];
        let fields: Vec<f32> = samples.iter().map(|(f, _)| at(*f).vertical_fov).collect();
        let name = self.staging.plan.shots[shot].id.clone();
        self.file.cameras.push(json!({
            "name": name, "type": "perspective",
            "perspective": { "yfov": fields[0], "aspectRatio": size.width as f32 / size.height as f32, "znear": 0.05, "zfar": 2000.0 },
            "extras": { "verticalFieldOfView": fields, "focus": at(samples[0].0).focus, "aperture": at(samples[0].0).aperture },
        }));
        let place = |frame: i64| Affine3A::from_rotation_translation(at(frame).world_from_camera.normalize(), at(frame).eye);
        let track = Track { times: samples.iter().map(|(_, t)| [*t]).collect(), places: samples.iter().map(|(f, _)| place(*f)).collect() };
        let mut node = placed(track.places[0]);
        node["name"] = json!(name);
        node["camera"] = json!(self.file.cameras.len() - 1);
        let node = self.file.node(node);
        channels.places(self.file, node, &track, false);
        node
    }

    /// Sun or moon, and lamps.
    fn lights(&mut self, scene: &kinora_render::scene::Scene) -> Vec<usize> {
        let mut nodes = Vec::new();
        let sun = scene.light.sun_direction.normalize_or(Vec3::Y);
        let turn = Quat::from_rotation_arc(Vec3::NEG_Z, -sun);
        nodes.extend(self.light("sun", "directional", scene.light.sun, None, Affine3A::from_quat(turn)));
        for (k, lamp) in scene.lamps.iter().enumerate() {
            let turn = lamp.beam.map_or(Quat::IDENTITY, |b| Quat::from_rotation_arc(Vec3::NEG_Z, b.towards.normalize_or(Vec3::NEG_Y)));
            let at = Affine3A::from_rotation_translation(turn, lamp.position);
            let kind = if lamp.beam.is_some() { "spot" } else { "point" };
            nodes.extend(self.light(&format!("lamp-{}", k + 1), kind, lamp.colour, Some(lamp.reach), at));
            if let Some((beam, light)) = lamp.beam.zip(self.file.lights.last_mut()).filter(|(_, l)| l["type"] == "spot") {
                light["spot"] = json!({ "innerConeAngle": 0.0, "outerConeAngle": beam.spread.clamp(0.02, 1.5) });
            }
        }
        nodes
    }

    fn light(&mut self, name: &str, kind: &str, colour: LinearRgb, range: Option<f32>, at: Affine3A) -> Option<usize> {
        let strength = colour.0.max(colour.1).max(colour.2);
        if strength <= 0.0 {
            return None;
        }
        let hue = [colour.0, colour.1, colour.2].map(|c| (c / strength).clamp(0.0, 1.0));
        let mut light = json!({ "name": name, "type": kind, "color": hue, "intensity": strength * LUMENS });
        if let Some(range) = range.filter(|r| *r > 0.0) {
            light["range"] = json!(range);
        }
        self.file.lights.push(light);
        let mut node = placed(at);
        node["name"] = json!(name);
        node["extensions"] = json!({ "KHR_lights_punctual": { "light": self.file.lights.len() - 1 } });
        Some(self.file.node(node))
    }
}

/// A node at a place, as translation, rotation and scale.
fn placed(at: Affine3A) -> Value {
    let (scale, turn, place) = parts(at);
    json!({ "translation": place.to_array(), "rotation": turn.to_array(), "scale": scale.to_array() })
}

fn parts(at: Affine3A) -> (Vec3, Quat, Vec3) {
    let (scale, turn, place) = at.to_scale_rotation_translation();
    let turn = if turn.is_finite() && turn.length_squared() > 1e-6 { turn.normalize() } else { Quat::IDENTITY };
    (if scale.is_finite() { scale } else { Vec3::ONE }, turn, if place.is_finite() { place } else { Vec3::ZERO })
}

/// An animation that grows.
#[derive(Default)]
struct Animation {
    channels: Vec<Value>,
    samplers: Vec<Value>,
}

impl Animation {
    fn add(&mut self, node: usize, path: &str, input: usize, output: usize) {
        self.samplers.push(json!({ "input": input, "output": output, "interpolation": "LINEAR" }));
        self.channels.push(json!({ "sampler": self.samplers.len() - 1, "target": { "node": node, "path": path } }));
    }

    /// Translation and rotation of a node, and its scale if it is asked for.
    fn places(&mut self, file: &mut File, node: usize, track: &Track, scaled: bool) {
        let all: Vec<(Vec3, Quat, Vec3)> = track.places.iter().map(|p| parts(*p)).collect();
        let input = file.floats(&track.times, None, true);
        let places: Vec<[f32; 3]> = all.iter().map(|p| p.2.to_array()).collect();
        let mut turns: Vec<Quat> = all.iter().map(|p| p.1).collect();
        for i in 1..turns.len() {
            turns[i] = if turns[i].dot(turns[i - 1]) < 0.0 { -turns[i] } else { turns[i] };
        }
        let turns: Vec<[f32; 4]> = turns.iter().map(|q| q.to_array()).collect();
        let output = file.floats(&places, None, false);
        self.add(node, "translation", input, output);
        let output = file.floats(&turns, None, false);
        self.add(node, "rotation", input, output);
        if scaled {
            let scales: Vec<[f32; 3]> = all.iter().map(|p| p.0.to_array()).collect();
            let output = file.floats(&scales, None, false);
            self.add(node, "scale", input, output);
        }
    }

    fn finish(self, name: &str) -> Option<Value> {
        (!self.channels.is_empty()).then(|| json!({ "name": name, "channels": self.channels, "samplers": self.samplers }))
    }
}
