//! The scene of a file in its own pose: where nodes are, and the triangles that hang from them.

use crate::accessor::Data;
use crate::container::{Container, clipped, uri_bytes};
use crate::json::{Glossy, Material, Node as Said, Primitive, TextureAt, TextureTransform};
use crate::springs;
use crate::vrm::{self, Bound};
use crate::{Figure, FigureError, FileKind, MOST_MOVES, MOST_NODES, MOST_TRIANGLES, MOST_VERTICES, Node, Paint, Part, Picture, Shape, Wrap};
use glam::{Affine3A, Mat3A, Mat4, Quat, Vec3};
use serde_json::Value;
use std::collections::BTreeMap;

/// The most joints of a skin.
const MOST_JOINTS: usize = 2048;
/// The most face shapes.
const MOST_SHAPES: usize = 400;
/// The most pictures that are decoded.
const MOST_PICTURES: usize = 64;
/// What moves less than this share of the figure's size is not moved.
const STILL: f32 = 1e-5;

/// Morph targets of one primitive, and where it went.
struct Targets<'a> {
    part: u32,
    mesh: usize,
    node: usize,
    primitive: &'a Primitive,
    /// From the space of the file to the world, one a vertex.
    turns: Turns,
    place: String,
}

enum Turns {
    Same(Mat3A),
    Own(Vec<Mat3A>),
}

pub(crate) fn read(container: &Container<'_>, files: &BTreeMap<String, Vec<u8>>) -> Result<Figure, FigureError> {
    let root = &container.root;
    let data = Data::new(container, files)?;
    let (parents, worlds) = worlds(&root.nodes)?;
    let seen = seen(container, &parents)?;
    let mut figure = Figure {
        nodes: (0..root.nodes.len()).map(|k| Node { name: root.nodes[k].name.clone(), parent: parents[k], at: worlds[k].translation.into() }).collect(),
        parts: Vec::new(),
        paints: Vec::new(),
        pictures: Vec::new(),
        humanoid: BTreeMap::new(),
        springs: Vec::new(),
        colliders: Vec::new(),
        shapes: Vec::new(),
        gaze: None,
        kind: FileKind::Gltf,
        notes: Vec::new(),
    };
    let (mut targets, mut count) = (Vec::new(), [0, 0]);
    for (k, node) in root.nodes.iter().enumerate().filter(|(k, _)| seen[*k]) {
        let Some(mesh) = node.mesh else { continue };
        let said = root.meshes.get(mesh).ok_or_else(|| FigureError::at(format!("nodes[{k}].mesh"), format!("there is no mesh {mesh}; export it again")))?;
        for (p, primitive) in said.primitives.iter().enumerate() {
            let place = format!("meshes[{mesh}].primitives[{p}]");
            if !matches!(primitive.mode.unwrap_or(4), 4..=6) {
                figure.note(format!("lines and points of the mesh \"{}\" are not drawn", clipped(&said.name)));
                continue;
            }
            let (part, turns) = part(&data, primitive, (k, node, &worlds), &place, &mut count)?;
            targets.push(Targets { part: figure.parts.len() as u32, mesh, node: k, primitive, turns, place });
            figure.parts.push(part);
        }
    }
    if figure.parts.iter().all(|p| p.triangles.is_empty()) {
        return Err(FigureError::Form("there is no mesh in it: export the character with its body, not only its animation".into()));
    }
    paint(&mut figure, &data, files)?;
    shapes(&mut figure, &data, &targets)?;
    (figure.springs, figure.colliders) = springs::read(&root.extensions, &parents, &worlds, &figure.humanoid)?;
    Ok(figure)
}

impl Figure {
    pub(crate) fn note(&mut self, what: String) {
        if !self.notes.contains(&what) && self.notes.len() < 12 {
            self.notes.push(what);
        }
    }
}

/// Parents, and where every node is in the world.
fn worlds(nodes: &[Said]) -> Result<(Vec<Option<usize>>, Vec<Affine3A>), FigureError> {
    if nodes.len() > MOST_NODES {
        return Err(FigureError::Large { what: format!("{} nodes", nodes.len()), most: MOST_NODES, hint: "export the character alone" });
    }
    let mut parents = vec![None; nodes.len()];
    for (k, node) in nodes.iter().enumerate() {
        for child in &node.children {
            let place = || format!("nodes[{k}].children");
            match parents.get_mut(*child) {
                None => return Err(FigureError::at(place(), format!("there is no node {child}; export it again"))),
                Some(Some(_)) => return Err(FigureError::at(place(), format!("node {child} hangs from two others; export it again"))),
                Some(parent) => *parent = Some(k),
            }
        }
    }
    let mut worlds: Vec<Option<Affine3A>> = vec![None; nodes.len()];
    for k in 0..nodes.len() {
        let mut chain = vec![k];
        while let Some(parent) = parents[chain[chain.len() - 1]].filter(|p| worlds[*p].is_none()) {
            if chain.len() > nodes.len() {
                return Err(FigureError::at(format!("nodes[{k}]"), "it hangs from itself; export it again"));
            }
            chain.push(parent);
        }
        for node in chain.into_iter().rev().filter(|n| worlds[*n].is_none()).collect::<Vec<_>>() {
            let above = parents[node].and_then(|p| worlds[p]).unwrap_or(Affine3A::IDENTITY);
            let world = above * local(&nodes[node]);
            if !world.is_finite() || world.translation.abs().max_element() > 1e7 {
                return Err(FigureError::at(format!("nodes[{node}]"), "its transform is not finite; export it again"));
            }
            worlds[node] = Some(world);
        }
    }
    Ok((parents, worlds.into_iter().map(Option::unwrap_or_default).collect()))
}

fn local(node: &Said) -> Affine3A {
    match &node.matrix {
        Some(matrix) => Affine3A::from_mat4(Mat4::from_cols_array(matrix)),
        None => {
            let turn = node.rotation.map(Quat::from_array).filter(|q| q.length_squared() > 1e-12).map_or(Quat::IDENTITY, Quat::normalize);
            Affine3A::from_scale_rotation_translation(node.scale.map_or(Vec3::ONE, Vec3::from), turn, node.translation.map_or(Vec3::ZERO, Vec3::from))
        }
    }
}

/// Which nodes are in the scene that a viewer would show.
fn seen(container: &Container<'_>, parents: &[Option<usize>]) -> Result<Vec<bool>, FigureError> {
    let root = &container.root;
    let Some(scene) = root.scenes.get(root.scene.unwrap_or(0)) else { return Ok(vec![true; parents.len()]) };
    let mut seen = vec![false; parents.len()];
    let mut open = scene.nodes.clone();
    while let Some(node) = open.pop() {
        match seen.get_mut(node) {
            None => return Err(FigureError::at("scenes", format!("there is no node {node}; export it again"))),
            Some(true) => {}
            Some(new) => {
                *new = true;
                open.extend(&root.nodes[node].children);
            }
        }
    }
    Ok(seen)
}

/// One primitive in the world.
fn part(
    data: &Data<'_>,
    primitive: &Primitive,
    (k, node, worlds): (usize, &Said, &[Affine3A]),
    place: &str,
    [vertices, faces]: &mut [usize; 2],
) -> Result<(Part, Turns), FigureError> {
    let attribute = |name: &str| primitive.attributes.get(name).copied();
    if primitive.extensions.contains_key("KHR_draco_mesh_compression")
        && attribute("POSITION").is_none_or(|a| data.container.root.accessors.get(a).is_some_and(|a| a.buffer_view.is_none()))
    {
        return Err(FigureError::Extension { name: "KHR_draco_mesh_compression".into(), hint: "export it without Draco compression" });
    }
    let position = attribute("POSITION").ok_or_else(|| FigureError::at(place, "it has no positions; export it again"))?;
    let positions: Vec<Vec3> = data.numbers::<3>(position, &["VEC3"], &format!("{place}.POSITION"))?.into_iter().map(Vec3::from).collect();
    let same = |what: &str, n: usize| {
        if n == positions.len() {
            Ok(())
        } else {
            Err(FigureError::at(format!("{place}.{what}"), format!("{n} of {} vertices; export it again", positions.len())))
        }
    };
    *vertices += positions.len();
    if *vertices > MOST_VERTICES {
        return Err(FigureError::Large { what: format!("{vertices} vertices"), most: MOST_VERTICES, hint: "export a simpler character" });
    }
    let triangles = triangles(data, primitive, positions.len(), place)?;
    *faces += triangles.len();
    if *faces > MOST_TRIANGLES {
        return Err(FigureError::Large { what: format!("{faces} triangles"), most: MOST_TRIANGLES, hint: "export a simpler character" });
    }
    let mut normals: Vec<Vec3> = match attribute("NORMAL") {
        Some(a) => data.numbers::<3>(a, &["VEC3"], &format!("{place}.NORMAL"))?.into_iter().map(Vec3::from).collect(),
        None => smooth(&positions, &triangles),
    };
    same("NORMAL", normals.len())?;
    let paint = primitive.material.filter(|m| *m < data.container.root.materials.len());
    let uvs = uvs(data, primitive, paint, place)?;
    if !uvs.is_empty() {
        same("TEXCOORD", uvs.len())?;
    }
    let colours: Vec<[f32; 3]> = match attribute("COLOR_0") {
        Some(a) => {
            data.numbers::<4>(a, &["VEC3", "VEC4"], &format!("{place}.COLOR_0"))?.into_iter().map(|c| [c[0], c[1], c[2]].map(|x| x.clamp(0.0, 4.0))).collect()
        }
        None => Vec::new(),
    };
    if !colours.is_empty() {
        same("COLOR_0", colours.len())?;
    }
    let skin = match node.skin {
        Some(s) if attribute("JOINTS_0").is_some() && attribute("WEIGHTS_0").is_some() => Some(skin(data, s, worlds)?),
        _ => None,
    };
    let (joints, turns) = match &skin {
        None => (vec![[(k as u32, 1.0), (0, 0.0), (0, 0.0), (0, 0.0)]; positions.len()], Turns::Same(worlds[k].matrix3)),
        Some((nodes, matrices)) => {
            let all = influences(data, primitive, nodes.len(), place)?;
            same("JOINTS_0", all.len())?;
            let blend = |of: &[(u32, f32); 4]| of.iter().fold(Mat4::ZERO, |sum, (j, w)| sum + Mat4::from(matrices[*j as usize]) * *w);
            let turns = all.iter().map(|of| Affine3A::from_mat4(blend(of))).collect::<Vec<_>>();
            let named = all.iter().map(|of| of.map(|(j, w)| (nodes[j as usize] as u32, w))).collect();
            let moved: Vec<Vec3> = positions.iter().zip(&turns).map(|(p, t)| t.transform_point3(*p)).collect();
            let turns: Vec<Mat3A> = turns.iter().map(|t| t.matrix3).collect();
            normals.iter_mut().zip(&turns).for_each(|(n, t)| *n = turned(*t, *n));
            let part = Part { paint, positions: moved, normals, uvs, colours, joints: named, triangles };
            return checked(part, Turns::Own(turns), place);
        }
    };
    let moved = positions.iter().map(|p| worlds[k].transform_point3(*p)).collect();
    normals.iter_mut().for_each(|n| *n = turned(worlds[k].matrix3, *n));
    let mut part = Part { paint, positions: moved, normals, uvs, colours, joints, triangles };
    if worlds[k].matrix3.determinant() < 0.0 {
        part.triangles.iter_mut().for_each(|t| t.swap(1, 2));
    }
    checked(part, turns, place)
}

/// A normal under a linear map.
fn turned(by: Mat3A, normal: Vec3) -> Vec3 {
    let across = Mat3A::from_cols(by.y_axis.cross(by.z_axis), by.z_axis.cross(by.x_axis), by.x_axis.cross(by.y_axis));
    let sign = if by.determinant() < 0.0 { -1.0 } else { 1.0 };
    (across * normal * sign).normalize_or(Vec3::Y)
}

fn checked(part: Part, turns: Turns, place: &str) -> Result<(Part, Turns), FigureError> {
    if part.positions.iter().any(|p| !p.is_finite() || p.abs().max_element() > 1e7) {
        return Err(FigureError::at(place, "its skeleton puts it nowhere: its bind matrices are broken; export it again"));
    }
    Ok((part, turns))
}

/// The triangles of a list, a strip or a fan; those that are lines are left out.
fn triangles(data: &Data<'_>, primitive: &Primitive, vertices: usize, place: &str) -> Result<Vec<[u32; 3]>, FigureError> {
    let corners: Vec<u32> = match primitive.indices {
        Some(a) => data.whole::<1>(a, &["SCALAR"], &format!("{place}.indices"))?.into_iter().map(|[i]| i).collect(),
        None => (0..vertices as u32).collect(),
    };
    if let Some(i) = corners.iter().find(|i| **i as usize >= vertices) {
        return Err(FigureError::at(format!("{place}.indices"), format!("vertex {i} of {vertices}; export it again")));
    }
    let mut all: Vec<[u32; 3]> = match primitive.mode.unwrap_or(4) {
        5 => (2..corners.len())
            .map(|k| if k % 2 == 0 { [corners[k - 2], corners[k - 1], corners[k]] } else { [corners[k - 1], corners[k - 2], corners[k]] })
            .collect(),
        6 => (2..corners.len()).map(|k| [corners[0], corners[k - 1], corners[k]]).collect(),
        _ => corners.chunks_exact(3).map(|c| [c[0], c[1], c[2]]).collect(),
    };
    all.retain(|[a, b, c]| a != b && b != c && a != c);
    Ok(all)
}

/// Normals of a surface without any.
fn smooth(positions: &[Vec3], triangles: &[[u32; 3]]) -> Vec<Vec3> {
    let mut all = vec![Vec3::ZERO; positions.len()];
    for t in triangles {
        let [a, b, c] = t.map(|i| positions[i as usize]);
        let n = (b - a).cross(c - a);
        t.iter().for_each(|i| all[*i as usize] += n);
    }
    all.into_iter().map(|n| n.normalize_or(Vec3::Y)).collect()
}

/// Where in the picture vertices are.
fn uvs(data: &Data<'_>, primitive: &Primitive, paint: Option<usize>, place: &str) -> Result<Vec<[f32; 2]>, FigureError> {
    let Some((set, transform)) = paint.and_then(|m| base(&data.container.root.materials[m]).1).map(|t| (t.tex_coord, t.extensions.transform)) else {
        return Ok(Vec::new());
    };
    let set = transform.and_then(|t| t.tex_coord).unwrap_or(set);
    let Some(a) = primitive.attributes.get(&format!("TEXCOORD_{set}")) else { return Ok(Vec::new()) };
    let mut all = data.numbers::<2>(*a, &["VEC2"], &format!("{place}.TEXCOORD_{set}"))?;
    if let Some(TextureTransform { offset, rotation, scale, .. }) = transform {
        let turn = glam::Mat2::from_angle(-rotation);
        let scale = glam::Vec2::from(scale.unwrap_or([1.0; 2]));
        all.iter_mut().for_each(|uv| *uv = (turn * (glam::Vec2::from(*uv) * scale) + glam::Vec2::from(offset)).to_array());
    }
    Ok(all)
}

/// The joints of a skin, and what each does to the space of its mesh.
fn skin(data: &Data<'_>, k: usize, worlds: &[Affine3A]) -> Result<(Vec<usize>, Vec<Affine3A>), FigureError> {
    let place = format!("skins[{k}]");
    let skin = data.container.root.skins.get(k).ok_or_else(|| FigureError::at(&place, "there is no such skin; export it again"))?;
    if skin.joints.len() > MOST_JOINTS {
        return Err(FigureError::Large { what: format!("{place}: {} joints", skin.joints.len()), most: MOST_JOINTS, hint: "export a simpler skeleton" });
    }
    if let Some(j) = skin.joints.iter().find(|j| **j >= worlds.len()) {
        return Err(FigureError::at(&place, format!("there is no node {j}; export it again")));
    }
    let bound: Vec<Affine3A> = match skin.inverse_bind_matrices {
        None => vec![Affine3A::IDENTITY; skin.joints.len()],
        Some(a) => data.numbers::<16>(a, &["MAT4"], &place)?.iter().map(|m| Affine3A::from_mat4(Mat4::from_cols_array(m))).collect(),
    };
    if bound.len() < skin.joints.len() {
        return Err(FigureError::at(&place, format!("{} bind matrices for {} joints; export it again", bound.len(), skin.joints.len())));
    }
    Ok((skin.joints.clone(), skin.joints.iter().zip(&bound).map(|(j, b)| worlds[*j] * *b).collect()))
}

/// The four joints of each vertex that matter most.
fn influences(data: &Data<'_>, primitive: &Primitive, joints: usize, place: &str) -> Result<Vec<[(u32, f32); 4]>, FigureError> {
    let mut all: Vec<Vec<(u32, f32)>> = Vec::new();
    for set in 0..2 {
        let both = ["JOINTS", "WEIGHTS"].map(|name| primitive.attributes.get(&format!("{name}_{set}")).copied());
        let [Some(j), Some(w)] = both else { break };
        let place = format!("{place}.JOINTS_{set}");
        let (of, weights) = (data.whole::<4>(j, &["VEC4"], &place)?, data.numbers::<4>(w, &["VEC4"], &place)?);
        all.resize(of.len().max(all.len()), Vec::new());
        for ((out, of), weights) in all.iter_mut().zip(&of).zip(&weights) {
            out.extend(of.iter().zip(weights).filter(|(_, w)| **w > 0.0).map(|(j, w)| (*j, *w)));
        }
    }
    let mut out = Vec::with_capacity(all.len());
    for (vertex, mut of) in all.into_iter().enumerate() {
        if let Some((j, _)) = of.iter().find(|(j, _)| *j as usize >= joints) {
            return Err(FigureError::at(format!("{place}.JOINTS_0"), format!("vertex {vertex} hangs from joint {j} of {joints}; export it again")));
        }
        of.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        of.truncate(4);
        let sum: f32 = of.iter().map(|(_, w)| w).sum();
        let mut four = [(0, 0.0); 4];
        four[0] = (0, 1.0);
        if sum > 1e-6 {
            of.iter().enumerate().for_each(|(k, (j, w))| four[k] = (*j, w / sum));
        }
        out.push(four);
    }
    Ok(out)
}

/// Base colour and its picture.
fn base(material: &Material) -> ([f32; 4], Option<TextureAt>) {
    let glossy = material.extensions.get("KHR_materials_pbrSpecularGlossiness").and_then(|v| serde_json::from_value::<Glossy>(v.clone()).ok());
    let said = &material.pbr_metallic_roughness;
    let again =
        |t: &TextureAt| TextureAt { index: t.index, tex_coord: t.tex_coord, extensions: crate::json::TextureExtensions { transform: t.extensions.transform } };
    match glossy {
        Some(g) => (g.diffuse_factor.unwrap_or([1.0; 4]), g.diffuse_texture),
        None => (said.base_color_factor.unwrap_or([1.0; 4]), said.base_color_texture.as_ref().map(again)),
    }
}

/// Paints, with the pictures that are in use.
fn paint(figure: &mut Figure, data: &Data<'_>, files: &BTreeMap<String, Vec<u8>>) -> Result<(), FigureError> {
    let root = &data.container.root;
    let mut known: BTreeMap<(usize, [u32; 2]), Option<usize>> = BTreeMap::new();
    for (k, material) in root.materials.iter().enumerate() {
        let used = figure.parts.iter().any(|p| p.paint == Some(k));
        let (colour, texture) = base(material);
        let source = texture.filter(|_| used).and_then(|t| {
            let texture = root.textures.get(t.index)?;
            let sampler = texture.sampler.and_then(|s| root.samplers.get(s));
            Some((texture.source, sampler.map_or([10_497; 2], |s| [s.wrap_s.unwrap_or(10_497), s.wrap_t.unwrap_or(10_497)])))
        });
        let picture = match source {
            Some((Some(image), wraps)) => match known.get(&(image, wraps)) {
                Some(picture) => *picture,
                None => {
                    let picture = picture(figure, data, files, (image, wraps), &material.name)?;
                    known.insert((image, wraps), picture);
                    picture
                }
            },
            Some((None, _)) => {
                figure.note(format!("the picture of the material \"{}\" is in a format that is not read (only PNG and JPEG are)", clipped(&material.name)));
                None
            }
            None => None,
        };
        let colour = colour.map(|c| if c.is_finite() { c.clamp(0.0, 1.0) } else { 1.0 });
        let said = &material.pbr_metallic_roughness;
        let share = |x: Option<f32>, otherwise: f32| x.filter(|x| x.is_finite()).unwrap_or(otherwise).clamp(0.0, 1.0);
        let toon = material.extensions.keys().any(|e| e.ends_with("unlit") || e.ends_with("mtoon"));
        figure.paints.push(Paint {
            name: material.name.clone(),
            colour,
            picture,
            cutoff: (material.alpha_mode == "MASK").then(|| share(material.alpha_cutoff, 0.5)),
            blends: material.alpha_mode == "BLEND",
            two_sided: material.double_sided,
            // Where a map tells metal from the rest, or nobody said, it is none.
            metal: if toon || said.metallic_roughness_texture.is_some() { 0.0 } else { share(said.metallic_factor, 0.0) },
            roughness: if toon { 0.9 } else { share(said.roughness_factor, 0.8) },
        });
    }
    Ok(())
}

/// Decodes a picture; one that cannot be read is left out with a note.
fn picture(
    figure: &mut Figure,
    data: &Data<'_>,
    files: &BTreeMap<String, Vec<u8>>,
    (k, wraps): (usize, [u32; 2]),
    material: &str,
) -> Result<Option<usize>, FigureError> {
    let place = format!("images[{k}]");
    let image = data.container.root.images.get(k).ok_or_else(|| FigureError::at(&place, "there is no such image; export it again"))?;
    if figure.pictures.len() >= MOST_PICTURES {
        return Err(FigureError::Large { what: format!("more than {MOST_PICTURES} pictures"), most: MOST_PICTURES, hint: "join them into fewer (an atlas)" });
    }
    let decoded = match (&image.uri, image.buffer_view) {
        (Some(uri), _) => Picture::decode(&uri_bytes(&format!("{place}.uri"), uri, files)?),
        (None, Some(view)) => Picture::decode(data.view(view, &place)?.1),
        (None, None) => return Err(FigureError::at(place, "it has neither a file nor data; export it again")),
    };
    match decoded {
        Ok(mut picture) => {
            picture.wrap = wraps.map(|w| match w {
                33_071 => Wrap::Clamp,
                33_648 => Wrap::Mirror,
                _ => Wrap::Repeat,
            });
            figure.pictures.push(picture);
            Ok(Some(figure.pictures.len() - 1))
        }
        Err(what) => {
            let kind = image.mime_type.as_deref().map_or(String::new(), |m| format!(" ({})", clipped(m)));
            figure.note(format!("the picture of the material \"{}\"{kind} {what}; its plain colour is taken", clipped(material)));
            Ok(None)
        }
    }
}

/// Face shapes: expressions, or morph targets one by one.
fn shapes(figure: &mut Figure, data: &Data<'_>, targets: &[Targets<'_>]) -> Result<(), FigureError> {
    let root = &data.container.root;
    let vrm = vrm::read(&root.extensions)?;
    // By name: which shapes of which meshes, and how much of each.
    type Wanted = Vec<(String, Vec<(Bound, usize, f32)>)>;
    let mut wanted: Wanted = Vec::new();
    if let Some(vrm) = vrm {
        (figure.kind, figure.gaze) = (vrm.kind, vrm.gaze);
        for (bone, node) in vrm.humanoid {
            if node >= figure.nodes.len() {
                return Err(FigureError::at(format!("humanoid.{}", clipped(&bone)), format!("there is no node {node}; export it again")));
            }
            figure.humanoid.insert(bone, node);
        }
        wanted = vrm.expressions.into_iter().map(|e| (e.name, e.binds.into_iter().map(|b| (b.mesh, b.target, b.weight)).collect())).collect();
    }
    // Many a VRM has the targets of a mouth, and expressions that nobody bound to them.
    if !wanted.iter().any(|(name, binds)| name == "aa" && !binds.is_empty()) {
        wanted.retain(|(_, binds)| !binds.is_empty());
        let bound = wanted.len();
        for (mesh, said) in root.meshes.iter().enumerate().filter(|(m, _)| targets.iter().any(|t| t.mesh == *m)) {
            let names = names(&said.extras).or_else(|| said.primitives.first().and_then(|p| names(&p.extras))).unwrap_or_default();
            for (k, name) in names.into_iter().enumerate() {
                match wanted.iter().position(|(n, _)| *n == name) {
                    Some(there) if there < bound => {}
                    Some(there) => wanted[there].1.push((Bound::Mesh(mesh), k, 1.0)),
                    None => wanted.push((name, vec![(Bound::Mesh(mesh), k, 1.0)])),
                }
            }
        }
    }
    wanted.truncate(MOST_SHAPES);
    let size = figure.parts.iter().flat_map(|p| &p.positions).fold(0.0_f32, |s, p| s.max(p.abs().max_element()));
    let mut moved = 0;
    for (name, binds) in wanted {
        let mut shape = Shape { name, moves: Vec::new() };
        for (bound, index, weight) in binds.into_iter().filter(|b| b.2.is_finite() && b.2 != 0.0) {
            for t in targets.iter().filter(|t| bound == Bound::Mesh(t.mesh) || bound == Bound::Node(t.node)) {
                let Some(target) = t.primitive.targets.get(index) else { continue };
                let Some(a) = target.get("POSITION") else { continue };
                let ways = data.numbers::<3>(*a, &["VEC3"], &format!("{}.targets[{index}]", t.place))?;
                let vertices = figure.parts[t.part as usize].positions.len();
                for (vertex, way) in ways.into_iter().enumerate().take(vertices) {
                    let turn = match &t.turns {
                        Turns::Same(turn) => turn,
                        Turns::Own(all) => &all[vertex],
                    };
                    let way = *turn * (Vec3::from(way) * weight.clamp(-2.0, 2.0));
                    if way.abs().max_element() > STILL * size {
                        shape.moves.push((t.part, vertex as u32, way));
                    }
                }
            }
        }
        moved += shape.moves.len();
        if moved > MOST_MOVES {
            figure.note(format!("face shapes from \"{}\" on are left out: together they move more than {MOST_MOVES} vertices", clipped(&shape.name)));
            break;
        }
        if !shape.moves.is_empty() {
            figure.shapes.push(shape);
        }
    }
    Ok(())
}

/// `extras.targetNames`.
fn names(extras: &Value) -> Option<Vec<String>> {
    let list = extras.get("targetNames")?.as_array()?;
    Some(list.iter().map(|v| v.as_str().unwrap_or_default().to_owned()).collect())
}
