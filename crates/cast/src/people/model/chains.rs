//! Which joints of a figure swing, and how: the springs of its file, or, where a file has none, joints whose names say hair,
//! ears, tails or cloth. They come as chains that hang from the body's bones; the longest chains first, [`MOST_LINKS`] in all.
//! What is left out goes with what it hangs from. Skirts are led by hips and legs, and swing about where those take them.

use super::super::body::{CHEST, HEAD, HIPS, THIGHS, leg};
use super::super::swing::{Shares, Swing};
use super::fit::Moves;
use super::joints::{Joints, ancestors};
use glam::Vec3;
use kinora_base::maths::{ln, smoothstep};
use kinora_gltf::{Figure, Spring};
use std::collections::{BTreeMap, BTreeSet};
use std::f32::consts::TAU;

/// The most joints of a figure that swing.
pub(crate) const MOST_LINKS: usize = 128;
/// Steps a second of those who gave VRM's numbers their meaning.
const STEPS: f32 = 60.0;
/// Gravity that all hair has, in VRM's measure: many files have none, and hair that does not fall when a head bows is no hair.
const OWN_GRAVITY: f32 = 0.2;
/// So far at least is a skirt from legs, metres.
const CLOTH: f32 = 0.015;
/// A vertex shows where a joint reaches if so much of it hangs there.
const HANGS: f32 = 0.3;

/// What a link hangs from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// A bone of the cast's skeleton.
    Bone(usize),
    /// Another link, by its number.
    Link(usize),
}

/// A joint that swings.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) node: usize,
    pub(crate) over: Over,
    /// Where it ends in the world of the file.
    pub(crate) end: Vec3,
    /// It is of a skirt.
    pub(crate) skirt: bool,
    /// How many links are over it.
    depth: usize,
    pub(crate) spring: Spring,
}

/// What is known of the nodes of a figure before anything swings.
struct Nodes<'a> {
    figure: &'a Figure,
    joints: &'a Joints,
    /// What each moves.
    moves: &'a [Moves],
    children: Vec<Vec<usize>>,
    /// How far vertices are that hang from it, in the file's unit; none if nothing hangs there or below.
    reach: Vec<Option<f32>>,
    /// The middle of those vertices.
    middle: Vec<Vec3>,
}

/// The links of a figure, each after what it hangs from. `fixed` says which nodes are joints of the body.
pub(crate) fn links(figure: &Figure, joints: &Joints, moves: &[Moves], (fixed, kept): (&[bool], &[bool])) -> Vec<Link> {
    let nodes = Nodes::new(figure, joints, moves, kept);
    let named = figure.springs.is_empty();
    let mut springs: BTreeMap<usize, Spring> = if named { by_name(figure) } else { figure.springs.iter().map(|s| (s.node, s.clone())).collect() };
    // What a joint of the body hangs from is no hair.
    let over_body: BTreeSet<usize> = (0..fixed.len()).filter(|n| fixed[*n]).flat_map(|n| ancestors(figure, n)).collect();
    springs.retain(|n, _| !fixed[*n] && !over_body.contains(n) && moves[*n] != Moves::Nothing && nodes.reach[*n].is_some());
    if named {
        nodes.leave_scalps(&mut springs);
    }
    let mut trees = nodes.trees(&springs);
    // Long ones are seen most; a tree's own order is from its root.
    trees.sort_by(|a, b| nodes.length(b).total_cmp(&nodes.length(a)).then(a[0].cmp(&b[0])));
    let of_trees = trees.into_iter().flat_map(|tree| {
        let skirt = nodes.is_skirt(&tree);
        tree.into_iter().map(move |node| (node, skirt))
    });
    let chosen: Vec<(usize, bool)> = of_trees.take(MOST_LINKS).collect();
    let mut all: Vec<Link> = Vec::with_capacity(chosen.len());
    for (node, skirt) in &chosen {
        let above = ancestors(figure, *node).find_map(|a| all.iter().position(|l| l.node == a));
        let root = || if *skirt { HIPS } else { nodes.bone(*node) };
        let over = above.map_or_else(|| Over::Bone(root()), Over::Link);
        let depth = above.map_or(0, |a| all[a].depth + 1);
        all.push(Link { node: *node, over, end: nodes.end(*node, &springs), skirt: *skirt, depth, spring: springs[node].clone() });
    }
    all
}

impl<'a> Nodes<'a> {
    fn new(figure: &'a Figure, joints: &'a Joints, moves: &'a [Moves], kept: &[bool]) -> Self {
        let count = figure.nodes.len();
        let mut children = vec![Vec::new(); count];
        for (node, said) in figure.nodes.iter().enumerate() {
            if let Some(parent) = said.parent {
                children[parent].push(node);
            }
        }
        let (mut reach, mut middle) = (vec![None::<f32>; count], vec![(Vec3::ZERO, 0.0); count]);
        for part in figure.parts.iter().zip(kept).filter(|(_, kept)| **kept).map(|(p, _)| p) {
            for (at, hung) in part.positions.iter().zip(&part.joints) {
                for (node, weight) in hung.iter().filter(|(_, w)| *w > HANGS) {
                    let node = *node as usize;
                    reach[node] = Some(reach[node].unwrap_or(0.0).max(at.distance(figure.nodes[node].at)));
                    middle[node] = (middle[node].0 + *at * *weight, middle[node].1 + weight);
                }
            }
        }
        // A joint from which only joints hang moves what hangs from those.
        for node in (0..count).filter(|n| middle[*n].1 > 0.0) {
            ancestors(figure, node).for_each(|over| reach[over] = reach[over].or(Some(0.0)));
        }
        let middle = middle.into_iter().zip(&figure.nodes).map(|((sum, weight), n)| if weight > 0.0 { sum / weight } else { n.at }).collect();
        Self { figure, joints, moves, children, reach, middle }
    }

    fn at(&self, node: usize) -> Vec3 {
        self.figure.nodes[node].at
    }

    /// Takes out what names call hair and yet lies about the skull: a joint of which many strands hang, or one by itself.
    fn leave_scalps(&self, springs: &mut BTreeMap<usize, Spring>) {
        let below = |n: usize| self.children[n].iter().filter(|c| springs.contains_key(c)).count();
        let root = |n: usize| self.figure.nodes[n].parent.is_none_or(|p| !springs.contains_key(&p));
        let hair = |n: usize| words(&self.figure.nodes[n].name).iter().any(|w| w == "hair" || w == "hairs");
        let scalps: Vec<usize> = springs.keys().copied().filter(|n| root(*n) && (below(*n) > 1 || (below(*n) == 0 && hair(*n)))).collect();
        springs.retain(|n, _| !scalps.contains(n));
    }

    /// Springs that hang from one another, from the root on.
    fn trees(&self, springs: &BTreeMap<usize, Spring>) -> Vec<Vec<usize>> {
        let over = |n: usize| ancestors(self.figure, n).filter(|a| springs.contains_key(a)).count();
        let root = |n: usize| ancestors(self.figure, n).filter(|a| springs.contains_key(a)).last().unwrap_or(n);
        let mut trees: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
        springs.keys().for_each(|n| trees.entry(root(*n)).or_default().push((over(*n), *n)));
        trees.into_values().map(sorted).collect()
    }

    /// What reaches from the hips below them, and is no tail.
    fn is_skirt(&self, tree: &[usize]) -> bool {
        let tail = words(&self.figure.nodes[tree[0]].name).iter().any(|w| w == "tail" || w == "tails");
        !tail && tree.iter().any(|n| self.moves[*n] == Moves::Skirt)
    }

    /// From the root of a tree to its farthest joint, in the file's unit.
    fn length(&self, tree: &[usize]) -> f32 {
        let root = self.at(tree[0]);
        tree.iter().map(|n| self.at(*n).distance(root) + self.reach[*n].unwrap_or(0.0)).fold(0.0, f32::max)
    }

    /// The cast's bone that a root hangs from.
    fn bone(&self, node: usize) -> usize {
        match self.moves[node] {
            Moves::Bone(bone) => bone,
            Moves::Both(_, chest) => chest,
            Moves::Trunk => [CHEST, HIPS][usize::from(self.at(node).distance(self.at(self.joints.hips)) < self.at(node).distance(self.at(self.joints.head)))],
            Moves::Foot(side) => THIGHS[side] + leg::FOOT,
            Moves::Jaw => HEAD,
            Moves::Skirt | Moves::Nothing => HIPS,
        }
    }

    /// Where a joint's bone ends: at the next joint of the chain, at any other, or as far on as its skin reaches.
    fn end(&self, node: usize, springs: &BTreeMap<usize, Spring>) -> Vec3 {
        let at = self.at(node);
        let apart = |n: &&usize| self.at(**n).distance_squared(at) > 1e-12;
        let next = self.children[node].iter().filter(apart).max_by_key(|n| (springs.contains_key(n), std::cmp::Reverse(**n)));
        if let Some(next) = next {
            return self.at(*next);
        }
        let before = self.figure.nodes[node].parent.filter(|p| springs.contains_key(p)).map(|p| at - self.at(p));
        let way = before.filter(|d| d.length_squared() > 1e-12).unwrap_or(self.middle[node] - at);
        let reach = self.reach[node].filter(|r| *r > 1e-6).unwrap_or(way.length());
        at + way.normalize_or(Vec3::NEG_Y) * reach.max(1e-6)
    }
}

fn sorted(mut tree: Vec<(usize, usize)>) -> Vec<usize> {
    tree.sort_unstable();
    tree.into_iter().map(|(_, n)| n).collect()
}

/// Stiffness, gravity and drag of what names call so.
const NAMED: [(&[&str], [f32; 3]); 5] = [
    (&["hair", "hairs", "pony", "ponytail", "ponytails", "pigtail", "pigtails", "twintail", "twintails", "braid", "braids", "bangs"], [0.8, 0.15, 0.40]),
    (&["tail", "tails"], [1.2, 0.05, 0.40]),
    (&["ear", "ears"], [1.8, 0.0, 0.35]),
    (&["ribbon", "ribbons", "scarf", "cape", "cloak", "veil"], [0.6, 0.30, 0.50]),
    (&["skirt", "skirts"], [1.0, 0.20, 0.50]),
];
/// Which of these are ears.
const EAR: usize = 2;
/// Ears shorter than this share of the body's height are a human's and do not swing.
const EARS: f32 = 0.06;

/// Joints whose names say that they swing, and what hangs from those.
fn by_name(figure: &Figure) -> BTreeMap<usize, Spring> {
    let heights = || figure.nodes.iter().map(|n| n.at.y);
    let tall = heights().fold(f32::MIN, f32::max) - heights().fold(f32::MAX, f32::min);
    let kind = |n: usize| {
        let words = words(&figure.nodes[n].name);
        NAMED.iter().position(|(known, _)| known.iter().any(|k| words.iter().any(|w| w == k)))
    };
    let kinds: Vec<Option<usize>> = (0..figure.nodes.len()).map(kind).collect();
    let root = |n: usize| std::iter::once(n).chain(ancestors(figure, n)).filter(|a| kinds[*a].is_some()).last();
    let roots: Vec<Option<usize>> = (0..kinds.len()).map(root).collect();
    let mut far = vec![0.0_f32; kinds.len()];
    for (node, root) in roots.iter().enumerate().filter_map(|(n, r)| Some((n, (*r)?))) {
        far[root] = far[root].max(figure.nodes[node].at.distance(figure.nodes[root].at));
    }
    let swings = |(node, root): (usize, usize)| {
        let kind = kinds[root].filter(|k| *k != EAR || far[root] >= EARS * tall)?;
        let [stiffness, gravity, drag] = NAMED[kind].1;
        Some((node, Spring { node, stiffness, gravity, gravity_way: Vec3::NEG_Y, drag, radius: 0.0, centre: None, hits: Vec::new() }))
    };
    roots.iter().enumerate().filter_map(|(n, r)| Some((n, (*r)?))).filter_map(swings).collect()
}

/// The words of a name, small: "J_Sec_Hair1_02", "leftEar" and "PonyTail.001" have hair, ear, and pony tail.
fn words(name: &str) -> Vec<String> {
    let mut all: Vec<String> = vec![String::new()];
    let mut before = '_';
    for c in name.chars() {
        if (c.is_ascii_uppercase() && !before.is_ascii_uppercase()) || !c.is_alphabetic() {
            all.push(String::new());
        }
        if let Some(word) = all.last_mut().filter(|_| c.is_alphabetic()) {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    all.retain(|w| !w.is_empty());
    all
}

/// What of the figure's own measures a swing needs.
pub(crate) struct Measures<'a> {
    /// Ends of links against their joints in the bind pose, metres.
    pub(crate) ends: &'a [Vec3],
    /// How tall it is, metres.
    pub(crate) height: f32,
    /// Metres of ours a metre of the file.
    pub(crate) metres: f32,
    /// Up in the world of the file.
    pub(crate) up: Vec3,
    /// What of a skirt's link hips and legs lead, and which way is away from the hips.
    pub(crate) led: &'a dyn Fn(usize) -> ([Shares; 2], Vec3),
    /// Which capsules each link hits, a bit each.
    pub(crate) hits: &'a dyn Fn(&Link) -> u64,
}

/// How the links swing; `bone` is the bone of the first of them, `of_node` that of a node.
///
/// In VRM the end of a joint of length l is pulled back by `stiffness / 60` metres and down by `gravity / 60` each sixtieth of
/// a second, which then keeps `1 - drag` of its speed. So its own pendulum has the angular frequency `w = sqrt(60 (stiffness +
/// gravity) / l)` and damps by `-60 ln(1 - drag)` a second. A joint k of a chain swings with all that is over it: more slowly
/// by the length L of the chain up to its end (`sqrt(60 (...) / L)`), farther by as many joints (four at most), and hangs as
/// all of them do.
pub(crate) fn swings(links: &[Link], bone: usize, of_node: impl Fn(usize) -> Option<usize>, m: &Measures<'_>) -> Vec<Swing> {
    let mut along: Vec<f32> = Vec::with_capacity(links.len());
    for (link, end) in links.iter().zip(m.ends) {
        let before = if let Over::Link(over) = link.over { along[over] } else { 0.0 };
        along.push(before + end.length().max(1e-4));
    }
    // How long the longest chain is that a link belongs to.
    let mut whole = along.clone();
    for k in (0..links.len()).rev() {
        if let Over::Link(over) = links[k].over {
            whole[over] = whole[over].max(whole[k]);
        }
    }
    for k in 0..links.len() {
        if let Over::Link(over) = links[k].over {
            whole[k] = whole[over];
        }
    }
    let one = |k: usize| {
        let (link, own) = (&links[k], m.ends[k].length().max(1e-4));
        let s = &link.spring;
        let gravity = s.gravity * s.gravity_way.dot(-m.up).max(0.0);
        let pull = (s.stiffness + gravity).max(0.03);
        let slowed = -STEPS * ln((1.0 - s.drag).clamp(0.05, 0.999));
        let falls = gravity.max(OWN_GRAVITY) / (s.stiffness + gravity.max(OWN_GRAVITY));
        let stays = (0..=link.depth).fold(1.0, |stays: f32, _| stays * (1.0 - falls));
        // Of many tiny joints none is thrown about as if it were the chain.
        let arm = own.max(along[k] / 4.0);
        let number = (link.depth + 1) as f32;
        let long = smoothstep(0.05, 0.16, whole[k] / m.height);
        let led = link.skirt.then(|| (m.led)(k));
        let most = (0.2 + 0.35 * long + 0.25 * long * link.depth as f32).min(if link.skirt { 0.5 } else { 1.25 });
        Swing {
            bone: bone + k,
            end: m.ends[k],
            hertz: ((STEPS * pull / along[k]).sqrt() / TAU).clamp(0.7, 3.5),
            damping: (slowed / (2.0 * (STEPS * pull / own).sqrt())).clamp(0.15, 0.75),
            hangs: (1.0 - stays).clamp(0.0, 0.85),
            made: true,
            // Long hair streams behind; what is short is hardly moved by the air.
            drag: arm * (0.25 * s.drag / pull * number.sqrt()).min(0.2) * (0.25 + 0.75 * long),
            most,
            late: 0.0,
            gives: own / arm,
            over: if let Over::Link(over) = link.over { Some(over) } else { None },
            centre: s.centre.and_then(&of_node),
            thick: Some((s.radius * m.metres).max(if link.skirt { CLOTH } else { 0.0 })),
            away: led.map_or(Vec3::ZERO, |l| l.1),
            hits: (m.hits)(link),
            led: led.map(|l| l.0),
        }
    };
    (0..links.len()).map(one).collect()
}
