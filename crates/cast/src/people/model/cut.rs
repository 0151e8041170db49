//! Cut-outs: what a picture leaves open is taken out of the mesh, along the line where its coverage falls below the material's
//! threshold. Triangles in which the picture changes are split until they are fine enough, within a budget.

use super::fit::{Fit, Hung};
use glam::Vec3;
use kinora_gltf::{Figure, Paint, Picture};
use std::collections::BTreeMap;

/// How many triangles all cuts of a figure may add.
const BUDGET: usize = 150_000;
/// Edges are not split below so many pixels of the picture, or so many metres.
const FINE: (f32, f32) = (3.0, 0.0015);

/// A part that is ready to be hung: in the file's world, cut.
#[derive(Clone, Debug, Default)]
pub(crate) struct Piece {
    /// Which part of the figure.
    pub(crate) number: usize,
    pub(crate) positions: Vec<Vec3>,
    pub(crate) normals: Vec<Vec3>,
    pub(crate) uvs: Vec<[f32; 2]>,
    pub(crate) colours: Vec<[f32; 3]>,
    pub(crate) hung: Vec<Hung>,
    pub(crate) triangles: Vec<[u32; 3]>,
    /// Vertices between two others: which, and how far.
    between: Vec<(u32, u32, u32, f32)>,
    /// How much it covers, 0..1.
    pub(crate) opacity: f32,
}

impl Piece {
    /// What moves a part's own vertices also moves those that were put between them.
    pub(crate) fn spread(&self, mut moves: BTreeMap<u32, Vec3>) -> BTreeMap<u32, Vec3> {
        if !moves.is_empty() {
            for (new, a, b, t) in &self.between {
                let one = |i: &u32| moves.get(i).copied().unwrap_or_default();
                let way = one(a).lerp(one(b), *t);
                if way != Vec3::ZERO {
                    moves.insert(*new, way);
                }
            }
        }
        moves
    }

    /// A vertex between two.
    fn middle(&mut self, a: u32, b: u32, t: f32) -> u32 {
        let (i, j) = (a as usize, b as usize);
        let new = self.positions.len() as u32;
        self.positions.push(self.positions[i].lerp(self.positions[j], t));
        self.normals.push(self.normals[i].lerp(self.normals[j], t).normalize_or(self.normals[i]));
        self.uvs.push([0, 1].map(|k| self.uvs[i][k] + (self.uvs[j][k] - self.uvs[i][k]) * t));
        if !self.colours.is_empty() {
            self.colours.push([0, 1, 2].map(|k| self.colours[i][k] + (self.colours[j][k] - self.colours[i][k]) * t));
        }
        self.hung.push(mixed(&self.hung[i], &self.hung[j], t));
        self.between.push((new, a, b, t));
        new
    }
}

/// Hangs partly as the one, partly as the other.
fn mixed(a: &Hung, b: &Hung, t: f32) -> Hung {
    let mut all: Vec<(u16, f32)> = Vec::with_capacity(8);
    for (hung, share) in [(a, 1.0 - t), (b, t)] {
        for k in 0..4 {
            let weight = hung.weights[k] * share;
            match all.iter_mut().find(|(bone, _)| *bone == hung.bones[k]) {
                Some((_, w)) => *w += weight,
                None if weight > 0.0 => all.push((hung.bones[k], weight)),
                None => {}
            }
        }
    }
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    all.truncate(4);
    let sum: f32 = all.iter().map(|(_, w)| w).sum();
    let mut hung = Hung { jaw: a.jaw + (b.jaw - a.jaw) * t, ..Hung::default() };
    for (k, (bone, w)) in all.into_iter().enumerate() {
        (hung.bones[k], hung.weights[k]) = (bone, w / sum.max(1e-9));
    }
    hung
}

/// Every part that hangs from the body, hung and cut.
pub(crate) fn cut(figure: &Figure, fit: &Fit) -> Vec<Piece> {
    let mut budget = BUDGET;
    let one = |(number, part): (usize, &kinora_gltf::Part)| {
        let hung = part.joints.iter().zip(&part.positions).map(|(j, p)| fit.hung(j, *p)).collect();
        let mut piece = Piece {
            number,
            positions: part.positions.clone(),
            normals: part.normals.clone(),
            uvs: part.uvs.clone(),
            colours: part.colours.clone(),
            hung,
            triangles: if fit.kept[number] { part.triangles.clone() } else { Vec::new() },
            between: Vec::new(),
            opacity: 1.0,
        };
        if let Some(paint) = part.paint.map(|p| &figure.paints[p]) {
            open(&mut piece, paint, paint.picture.map(|p| &figure.pictures[p]), fit.metres(), &mut budget);
        }
        piece
    };
    figure.parts.iter().enumerate().map(one).collect()
}

/// Takes out what is not covered.
fn open(piece: &mut Piece, paint: &Paint, picture: Option<&Picture>, metres: f32, budget: &mut usize) {
    if paint.cutoff.is_none() && !paint.blends {
        return;
    }
    let own = paint.colour[3];
    let picture = picture.filter(|p| p.has_holes() && piece.uvs.len() == piece.positions.len());
    let Some(picture) = picture else {
        match paint.cutoff {
            Some(cutoff) if own < cutoff => piece.triangles.clear(),
            None if own < 0.04 => piece.triangles.clear(),
            None => piece.opacity = own,
            Some(_) => {}
        }
        return;
    };
    // What is glass all over stays glass: only what hardly covers at all is taken out.
    let mut threshold = paint.cutoff.unwrap_or(0.4);
    if paint.blends {
        let there: Vec<f32> = piece.triangles.iter().map(|t| cover(picture, middle_of(piece, *t)) * own).filter(|c| *c > 0.04).collect();
        let mean = there.iter().sum::<f32>() / there.len().max(1) as f32;
        if there.iter().all(|c| *c < 0.75) && mean < 0.6 {
            (threshold, piece.opacity) = (0.05, mean.max(0.05));
        }
    }
    let threshold = (threshold / own.max(1e-3)).max(1.0 / 255.0);
    let mut halves: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    let mut queue: Vec<([u32; 3], u32)> = std::mem::take(&mut piece.triangles).into_iter().rev().map(|t| (t, 0)).collect();
    let mut out = Vec::with_capacity(queue.len());
    while let Some((t, depth)) = queue.pop() {
        let corners = t.map(|i| piece.uvs[i as usize]);
        let pixels = [(0, 1), (1, 2), (2, 0)].map(|(a, b)| distance(picture, corners[a], corners[b])).into_iter().fold(0.0, f32::max);
        match inside(picture, corners, pixels, threshold) {
            Some(true) => out.push(t),
            Some(false) => {}
            None => {
                let [a, b, c] = t.map(|i| piece.positions[i as usize]);
                let long = a.distance(b).max(b.distance(c)).max(c.distance(a)) * metres;
                if depth >= 7 || pixels <= FINE.0 || long <= FINE.1 || *budget < 3 {
                    clip(piece, t, picture, threshold, &mut out);
                } else {
                    *budget -= 3;
                    let [ab, bc, ca] = [(t[0], t[1]), (t[1], t[2]), (t[2], t[0])].map(|(a, b)| {
                        let key = (a.min(b), a.max(b));
                        *halves.entry(key).or_insert_with(|| piece.middle(key.0, key.1, 0.5))
                    });
                    queue.extend([[ab, bc, ca], [t[2], ca, bc], [t[1], bc, ab], [t[0], ab, ca]].map(|t| (t, depth + 1)));
                }
            }
        }
    }
    piece.triangles = out;
}

fn middle_of(piece: &Piece, t: [u32; 3]) -> [f32; 2] {
    let uv = t.map(|i| piece.uvs[i as usize]);
    [0, 1].map(|k| (uv[0][k] + uv[1][k] + uv[2][k]) / 3.0)
}

fn cover(picture: &Picture, uv: [f32; 2]) -> f32 {
    f32::from(picture.at(uv)[3]) / 255.0
}

/// Pixels from one place of a picture to another.
fn distance(picture: &Picture, a: [f32; 2], b: [f32; 2]) -> f32 {
    let (x, y) = ((a[0] - b[0]) * picture.width as f32, (a[1] - b[1]) * picture.height as f32);
    (x * x + y * y).sqrt().min(1e6)
}

/// Whether a triangle is covered all over (true), nowhere (false), or here and there.
fn inside(picture: &Picture, uv: [[f32; 2]; 3], pixels: f32, threshold: f32) -> Option<bool> {
    let steps = (pixels * 0.5).clamp(2.0, 20.0) as usize;
    let mut found = None;
    for i in 0..=steps {
        for j in 0..=steps - i {
            let (s, t) = (i as f32 / steps as f32, j as f32 / steps as f32);
            let at = [0, 1].map(|k| uv[0][k] + (uv[1][k] - uv[0][k]) * s + (uv[2][k] - uv[0][k]) * t);
            let covers = cover(picture, at) >= threshold;
            match found {
                None => found = Some(covers),
                Some(before) if before != covers => return None,
                Some(_) => {}
            }
        }
    }
    found
}

/// Keeps the side of a small triangle that is covered.
fn clip(piece: &mut Piece, t: [u32; 3], picture: &Picture, threshold: f32, out: &mut Vec<[u32; 3]>) {
    let covers = t.map(|i| cover(picture, piece.uvs[i as usize]) - threshold);
    let count = covers.iter().filter(|c| **c >= 0.0).count();
    if count == 3 {
        out.push(t);
    }
    if count == 0 || count == 3 {
        return;
    }
    // The corner that stands alone comes first.
    let alone = (0..3).find(|k| (covers[*k] >= 0.0) == (count == 1)).unwrap_or(0);
    let [a, b, c] = [0, 1, 2].map(|k| t[(alone + k) % 3]);
    let [ca, cb, cc] = [0, 1, 2].map(|k| covers[(alone + k) % 3]);
    let ab = piece.middle(a, b, (ca / (ca - cb)).clamp(0.0, 1.0));
    let ac = piece.middle(a, c, (ca / (ca - cc)).clamp(0.0, 1.0));
    if count == 1 {
        out.push([a, ab, ac]);
    } else {
        out.extend([[ab, b, c], [ab, c, ac]]);
    }
}
