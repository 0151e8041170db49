//! Brings a figure into the cast's bind pose: where its joints come to be, how each bone turns on the way, and from which
//! bones each of its vertices hangs. Directions of the pose in the file tell the turns, so it may stand in a T, an A or otherwise.

use super::super::body::{
    BONES, CAPE, CHEST, CROWN, DIGITS, ELBOW, EYE, EYES, HAND_ALONG, HEAD, HEAD_SCALE, HIPS, LEG, LOWER_LIDS, NECK, PALM, SHOULDER, SHOULDERS, SKULL, SPINE,
    TAILS, THIGHS, TOE_OUT, UPPER_LIDS, WRIST, arm, leg, reference,
};
use super::super::swing::{Capsule, LED_BY, MOST_CAPSULES, Shares, Swings};
use super::chains::{self, Link, Over};
use super::joints::{Joints, ancestors};
use crate::Bone;
use crate::ik::turn_between;
use glam::{Mat3, Quat, Vec3};
use kinora_base::maths::{atan2, smoothstep};
use kinora_gltf::Figure;

/// From which of the cast's bones a vertex hangs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Hung {
    pub(crate) bones: [u16; 4],
    pub(crate) weights: [f32; 4],
    /// How much of it a jaw moves.
    pub(crate) jaw: f32,
}

/// A figure against the cast's skeleton.
pub(crate) struct Fit {
    /// The cast's skeleton with the figure's lengths.
    pub(crate) bones: Vec<Bone>,
    frame: Frame,
    /// Where each bone's joint is in the figure's own pose, ours in the bind pose being `bones[..].rest`; and how it turns.
    from: Vec<Vec3>,
    turns: Vec<Quat>,
    /// What each node moves.
    nodes: Vec<Moves>,
    /// What of it swings.
    links: Vec<Link>,
    /// Where the jaw is hinged, if there is one.
    pub(crate) jaw: Option<Vec3>,
    /// Parts that hang from the body.
    pub(crate) kept: Vec<bool>,
    pub(crate) notes: Vec<String>,
}

/// From the file's world to ours, in metres.
#[derive(Clone, Copy, Debug)]
struct Frame {
    /// Our left, up and forward in the file.
    axes: Quat,
    size: f32,
    shift: Vec3,
}

impl Frame {
    fn point(self, p: Vec3) -> Vec3 {
        self.axes.inverse() * p * self.size + self.shift
    }
}

/// The first bone of what swings on a figure, after those that all figures have.
const LINKS: usize = BONES + 2;

/// What of the cast's skeleton stands for a node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Moves {
    Bone(usize),
    /// Two bones in halves.
    Both(usize, usize),
    /// The trunk's bones, by height.
    Trunk,
    /// A foot without a joint for its toes.
    Foot(usize),
    /// What hangs from the hips and reaches below them: a skirt, the tail of a coat.
    Skirt,
    /// The jaw, which is on the head.
    Jaw,
    /// No part of the body.
    Nothing,
}

impl Fit {
    /// Fits a figure whose role is so tall.
    ///
    /// # Errors
    /// If it does not stand, has no lengths, or nothing hangs from its skeleton.
    pub(crate) fn new(figure: &Figure, joints: &Joints, height: f32) -> Result<Self, String> {
        let at = |n: usize| figure.nodes[n].at;
        let axes = axes(figure, joints)?;
        let mut own = body(figure, joints);
        let mut fit = Self {
            bones: Vec::new(),
            frame: Frame { axes, size: 1.0, shift: Vec3::ZERO },
            from: Vec::new(),
            turns: vec![Quat::IDENTITY; LINKS],
            nodes: moves(figure, joints, &own),
            links: Vec::new(),
            jaw: None,
            kept: Vec::new(),
            notes: Vec::new(),
        };
        fit.kept = fit.keep(figure);
        let fixed: Vec<bool> = own.iter().map(Option::is_some).collect();
        fit.links = chains::links(figure, joints, &fit.nodes, (&fixed, &fit.kept));
        fit.links.iter().enumerate().for_each(|(k, link)| own[link.node] = Some(Moves::Bone(LINKS + k)));
        fit.nodes = moves(figure, joints, &own);
        let drawn = || figure.parts.iter().zip(&fit.kept).filter(|(_, kept)| **kept).map(|(p, _)| p);
        if drawn().all(|p| p.triangles.is_empty()) {
            return Err("no mesh hangs from its skeleton: bind the body to it (skin weights), and export it with its skin".into());
        }
        // From the soles to the crown of what is drawn.
        let up = axes * Vec3::Y;
        let levels = || drawn().flat_map(|p| &p.positions).map(|p| p.dot(up));
        let (low, high) = (levels().fold(f32::MAX, f32::min), levels().fold(f32::MIN, f32::max));
        let legs = joints.legs.map(|(l, _)| at(l[0]).distance(at(l[1])) + at(l[1]).distance(at(l[2])));
        let arms = joints.arms.map(|(_, a, hand)| at(a[0]).distance(at(a[1])) + hand.map_or(0.0, |h| at(a[1]).distance(at(h))));
        let tall = high - low;
        if tall <= 0.0 || legs.iter().chain(&arms).any(|l| *l < 0.05 * tall) || (at(joints.head) - at(joints.hips)).length() < 0.05 * tall {
            return Err("its arms, legs or trunk have no length: joints lie on one another; export it in its rest pose".into());
        }
        fit.frame.size = super::scale(tall, height);
        fit.frame.shift = -(fit.own(at(joints.hips)) * Vec3::new(1.0, 0.0, 1.0)) - Vec3::Y * low * fit.frame.size;
        fit.skeleton(figure, joints, high * fit.frame.size + fit.frame.shift.y);
        Ok(fit)
    }

    /// Which parts hang from the body.
    fn keep(&mut self, figure: &Figure) -> Vec<bool> {
        let nodes = &self.nodes;
        let hangs = |part: &kinora_gltf::Part| part.joints.iter().any(|j| j.iter().any(|(n, w)| *w > 0.0 && nodes[*n as usize] != Moves::Nothing));
        let kept: Vec<bool> = figure.parts.iter().map(hangs).collect();
        let lost = kept.iter().filter(|k| !**k).count();
        if lost > 0 && lost < kept.len() {
            self.notes.push(format!("{lost} of {} meshes hang from no joint of the body and are left out", kept.len()));
        }
        kept
    }

    /// The cast's skeleton with the figure's lengths, and how its bones come into the bind pose.
    fn skeleton(&mut self, figure: &Figure, joints: &Joints, top: f32) {
        let model = reference();
        let frame = self.frame;
        let at = |n: usize| frame.point(figure.nodes[n].at);
        let mut from = vec![Vec3::ZERO; LINKS];
        let mut to: Vec<Vec3> = vec![Vec3::ZERO; LINKS];
        // The trunk stays as it is.
        let (hips, head) = (at(joints.hips), at(joints.head));
        let collars = (at(joints.arms[0].1[0]) + at(joints.arms[1].1[0])) * 0.5;
        let neck = joints.neck.map_or_else(|| collars.lerp(head, 0.5), at);
        from[HIPS] = hips;
        from[NECK] = neck;
        from[HEAD] = head;
        let along = |share: f32| hips.lerp(neck, share);
        let (spine, chest) = (joints.trunk.first().copied(), chest(figure, joints));
        from[SPINE] = spine.map_or_else(|| along(0.28), at);
        from[CHEST] = chest.map_or_else(|| from[SPINE].lerp(neck, 0.5), at);
        // The head: eyes as they are, or where they would be.
        let skull_top = top.max(head.y + 0.3 * (top - head.y).max(0.05));
        let guess = head + Vec3::new(0.0, (skull_top - head.y) * 0.45, 0.0);
        let known: Vec<Vec3> = joints.eyes.iter().flatten().map(|n| at(*n)).filter(|e| e.y > head.y && e.y < skull_top).collect();
        let middle = if known.is_empty() { guess } else { known.iter().sum::<Vec3>() / known.len() as f32 };
        let size = ((skull_top - middle.y) / (0.165 - EYE.y) / HEAD_SCALE).clamp(0.4, 2.6);
        let front = self.front(figure, joints, middle.y, 0.04 * size).unwrap_or(head.z + 0.11 * size);
        let skull = Vec3::new(head.x, middle.y - EYE.y * HEAD_SCALE * size, front - 0.115 * HEAD_SCALE * size);
        from[SKULL] = skull;
        from[CROWN] = skull + Vec3::Y * 0.165 * HEAD_SCALE * size;
        for side in 0..2 {
            let sign = [1.0, -1.0][side];
            let eye = joints.eyes[side].map(at).filter(|e| e.y > head.y && e.y < skull_top);
            from[EYES[side]] = eye.unwrap_or(skull + EYE * Vec3::new(sign, 1.0, 0.7) * HEAD_SCALE * size);
            from[UPPER_LIDS[side]] = from[EYES[side]];
            from[LOWER_LIDS[side]] = from[EYES[side]];
        }
        to.clone_from(&from);
        for side in 0..2 {
            self.arm(side, figure, joints, &mut from, &mut to);
            self.leg(side, figure, joints, &mut from, &mut to);
        }
        // Nothing hangs from tails, capes and skirts; they are where they would be.
        for bone in TAILS..BONES {
            let over = if bone < CAPE { HEAD } else { model[bone].parent.unwrap_or(HIPS) };
            to[bone] = to[over] + (model[bone].rest - model[over].rest);
            from[bone] = to[bone];
        }
        // Legs that stand apart are less high: everything comes down with the soles.
        let sole = 0.5 * THIGHS.map(|t| from[t + leg::FOOT].y - to[t + leg::FOOT].y).iter().sum::<f32>();
        to.iter_mut().for_each(|p| p.y += sole);
        self.bones = model.into_iter().zip(&to).map(|(b, rest)| Bone { rest: *rest, ..b }).collect();
        self.bones.push(Bone { name: "skull".into(), parent: Some(HEAD), rest: to[SKULL] });
        self.bones.push(Bone { name: "crown".into(), parent: Some(HEAD), rest: to[CROWN] });
        self.jaw = joints.jaw.map(at);
        self.from = from;
        self.hang(figure);
    }

    /// Bones for what swings: a chain comes into the bind pose as what it hangs from does.
    fn hang(&mut self, figure: &Figure) {
        for (k, link) in self.links.iter().enumerate() {
            let over = match link.over {
                Over::Bone(bone) => bone,
                Over::Link(link) => LINKS + link,
            };
            let (from, turn) = (self.frame.point(figure.nodes[link.node].at), self.turns[over]);
            let rest = self.bones[over].rest + turn * (from - self.from[over]);
            self.bones.push(Bone { name: format!("swing{}", k + 1), parent: Some(over), rest });
            self.from.push(from);
            self.turns.push(turn);
        }
    }

    /// How what swings does it.
    pub(crate) fn swings(&self, figure: &Figure) -> Swings {
        let end = |(k, link): (usize, &Link)| self.turns[LINKS + k] * (self.frame.point(link.end) - self.from[LINKS + k]);
        let ends: Vec<Vec3> = self.links.iter().enumerate().map(end).collect();
        let of_node = |node: usize| match self.nodes[node] {
            Moves::Bone(bone) | Moves::Both(_, bone) => Some(bone),
            Moves::Nothing => None,
            _ => Some(HIPS),
        };
        let mut hit: Vec<usize> = self.links.iter().flat_map(|l| &l.spring.hits).copied().collect();
        hit.sort_unstable();
        hit.dedup();
        hit.retain(|c| of_node(figure.colliders[*c].node).is_some());
        hit.truncate(MOST_CAPSULES);
        let capsule = |c: &usize| {
            let collider = figure.colliders[*c];
            let bone = of_node(collider.node)?;
            let ends = collider.ends.map(|p| self.turns[bone] * (self.frame.point(p) - self.from[bone]));
            Some(Capsule { bones: [bone; 2], ends, radius: collider.radius * self.frame.size })
        };
        let hits = |link: &Link| link.spring.hits.iter().filter_map(|c| hit.binary_search(c).ok()).fold(0, |bits, k| bits | 1_u64 << k);
        let led = |k: usize| {
            let (joint, end) = (self.from[LINKS + k], self.frame.point(self.links[k].end));
            let out = (joint + end) * 0.5 - self.from[HIPS];
            ([self.led(joint), self.led(end)], Vec3::new(out.x, 0.0, out.z).normalize_or(Vec3::Z))
        };
        let measures = chains::Measures {
            ends: &ends,
            height: self.bones[CROWN].rest.y.max(0.1),
            metres: self.frame.size,
            up: self.frame.axes * Vec3::Y,
            led: &led,
            hits: &hits,
        };
        Swings { each: chains::swings(&self.links, LINKS, of_node, &measures), capsules: hit.iter().filter_map(capsule).collect() }
    }

    /// How much hips and legs lead what hangs from the hips at a place before the bind pose: the lower, the more the legs, and
    /// below the knees the shins, so that it falls from the lap of who sits.
    fn led(&self, p: Vec3) -> Shares {
        let [hip, knee, ankle] = [0, leg::SHIN, leg::FOOT].map(|k| self.from[THIGHS[0] + k]);
        let down = 0.8 * smoothstep(hip.y, hip.y + (knee.y - hip.y) * 0.8, p.y);
        let low = smoothstep(knee.y + 0.15 * (hip.y - knee.y), knee.y - 0.45 * (knee.y - ankle.y), p.y);
        let left = smoothstep(-0.5 * hip.x, 0.5 * hip.x, p.x);
        let leg = |side: f32, share: f32| down * side * share;
        [1.0 - down, leg(left, 1.0 - low), leg(1.0 - left, 1.0 - low), leg(left, low), leg(1.0 - left, low)]
    }

    /// How far forward the face is at the height of the eyes.
    fn front(&self, figure: &Figure, joints: &Joints, height: f32, within: f32) -> Option<f32> {
        let on_head = |j: &[(u32, f32); 4]| j.iter().filter(|(n, _)| *n as usize == joints.head).map(|(_, w)| w).sum::<f32>() > 0.9;
        let parts = figure.parts.iter().zip(&self.kept).filter(|(_, k)| **k);
        let all = parts.flat_map(|(p, _)| p.positions.iter().zip(&p.joints)).filter(|(_, j)| on_head(j)).map(|(p, _)| self.own(*p));
        all.filter(|p| (p.y - height).abs() < within && p.x.abs() < within * 1.5).map(|p| p.z).fold(None, |m, z| Some(m.map_or(z, |m: f32| m.max(z))))
    }

    fn arm(&mut self, side: usize, figure: &Figure, joints: &Joints, from: &mut [Vec3], to: &mut [Vec3]) {
        let frame = self.frame;
        let at = |n: usize| frame.point(figure.nodes[n].at);
        let (first, sign) = (SHOULDERS[side], [1.0, -1.0][side]);
        let mirrored = |v: Vec3| Vec3::new(v.x * sign, v.y, v.z);
        let (collar, [upper, lower], hand) = joints.arms[side];
        let (shoulder, elbow) = (at(upper), at(lower));
        let wrist = hand.map_or_else(|| elbow + (elbow - shoulder), at);
        let collar = collar.map_or_else(|| Vec3::new(shoulder.x * 0.3, shoulder.y, shoulder.z), at);
        let (d1, d2) = ((elbow - shoulder).normalize_or(mirrored(Vec3::X)), (wrist - elbow).normalize_or(mirrored(Vec3::X)));
        // In a T pose palms look down and elbows bend forward; in others, as an arm comes there the shortest way.
        let least = |d: Vec3| Quat::from_rotation_arc(mirrored(Vec3::X), d) * Vec3::NEG_Y;
        let bent = d1.cross(d2);
        let hinge1 = if bent.length() > 0.2 { bent.normalize() } else { least(d1) * sign };
        let fingers = &joints.fingers[side];
        let knuckle = |f: usize| fingers[f].first().map(|n| at(*n));
        let knuckles: Vec<Vec3> = (1..5).filter_map(knuckle).collect();
        let along = if knuckles.is_empty() { d2 } else { (knuckles.iter().sum::<Vec3>() / knuckles.len() as f32 - wrist).normalize_or(d2) };
        let row = (1..5).find_map(knuckle).zip((1..5).rev().find_map(knuckle)).map(|(a, b)| b - a).filter(|row| row.length() > 1e-4);
        let palm = row.map_or_else(|| least(along), |row| (row.cross(along) * sign).normalize_or(least(along)));
        // The forearm takes half of what the palm is turned against the elbow.
        let palm_hinge = palm * sign;
        let hinge2 = if palm_hinge.dot(hinge1) > -0.5 { (hinge1 + palm_hinge).normalize_or(hinge1) } else { hinge1 };
        let rest_hinge = Vec3::new(-0.692 * sign, -0.722, 0.0) * sign;
        let (r1, r2) = (mirrored(ELBOW - SHOULDER).normalize(), mirrored(WRIST - ELBOW).normalize());
        let turns = [turn_between(d1, hinge1, r1, rest_hinge), turn_between(d2, hinge2, r2, rest_hinge)];
        let of_hand = turn_between(along, palm, mirrored(HAND_ALONG), mirrored(PALM));
        (self.turns[first + arm::UPPER], self.turns[first + arm::LOWER], self.turns[first + arm::HAND]) = (turns[0], turns[1], of_hand);
        (from[first], from[first + arm::UPPER], from[first + arm::LOWER], from[first + arm::HAND]) = (collar, shoulder, elbow, wrist);
        (to[first], to[first + arm::UPPER]) = (collar, shoulder);
        to[first + arm::LOWER] = shoulder + r1 * shoulder.distance(elbow);
        to[first + arm::HAND] = to[first + arm::LOWER] + r2 * elbow.distance(wrist);
        // The hand: its own knuckles, or as large as the forearm says.
        let size = elbow.distance(wrist) / WRIST.distance(ELBOW);
        let reach = if knuckles.is_empty() { 0.112 * size } else { (knuckles.iter().sum::<Vec3>() / knuckles.len() as f32).distance(wrist) };
        let reach = reach.clamp(0.04 * size, 0.2 * size);
        let hand_at = to[first + arm::HAND];
        let model = reference();
        for bone in (first + arm::FINGERS..=first + arm::THUMB).chain(DIGITS[side]..DIGITS[side] + 13) {
            to[bone] = hand_at + (model[bone].rest - model[first + arm::HAND].rest) * (reach / 0.112);
            self.turns[bone] = of_hand;
        }
        to[first + arm::FINGERS] = hand_at + mirrored(HAND_ALONG) * reach + mirrored(PALM) * 0.002;
        to[first + arm::TIPS] = hand_at + mirrored(HAND_ALONG) * (reach * 1.36) + mirrored(PALM) * 0.006;
        let carried = |p: Vec3| hand_at + of_hand * (p - wrist);
        for finger in 1..5 {
            for (k, node) in fingers[finger].iter().enumerate().take(3) {
                to[DIGITS[side] + 3 * (finger - 1) + k] = carried(at(*node));
            }
        }
        if let Some(node) = fingers[0].first() {
            to[first + arm::THUMB] = carried(at(*node));
        }
        if let Some(node) = fingers[0].get(1) {
            to[DIGITS[side] + 12] = carried(at(*node));
        }
        for bone in (first + arm::FINGERS..=first + arm::THUMB).chain(DIGITS[side]..DIGITS[side] + 13) {
            from[bone] = wrist + of_hand.inverse() * (to[bone] - hand_at);
        }
    }

    fn leg(&mut self, side: usize, figure: &Figure, joints: &Joints, from: &mut [Vec3], to: &mut [Vec3]) {
        let frame = self.frame;
        let at = |n: usize| frame.point(figure.nodes[n].at);
        let (first, sign) = (THIGHS[side], [1.0, -1.0][side]);
        let mirrored = |v: Vec3| Vec3::new(v.x * sign, v.y, v.z);
        let ([hip, knee, ankle], toes) = joints.legs[side];
        let (hip, knee, ankle) = (at(hip), at(knee), at(ankle));
        let (r1, r2) = (mirrored(LEG[1] - LEG[0]).normalize(), mirrored(LEG[2] - LEG[1]).normalize());
        let (d1, d2) = ((knee - hip).normalize_or(Vec3::NEG_Y), (ankle - knee).normalize_or(Vec3::NEG_Y));
        let thigh = turn_between(d1, Vec3::X, r1, Vec3::X);
        let shin = turn_between(d2, Vec3::X, r2, Vec3::X);
        let size = (hip.distance(knee) + knee.distance(ankle)) / 0.786;
        let ball = toes.map(at).filter(|t| t.z - ankle.z > 0.02 * size && t.y < ankle.y + 0.05 * size);
        let ahead = ball.map_or(Vec3::new(0.0, 0.0, 1.0), |b| b - ankle);
        let yaw = Quat::from_rotation_y(sign * TOE_OUT - atan2(ahead.x, ahead.z).clamp(-0.9, 0.9));
        (self.turns[first], self.turns[first + leg::SHIN], self.turns[first + leg::FOOT], self.turns[first + leg::TOES]) = (thigh, shin, yaw, yaw);
        (from[first], from[first + leg::SHIN], from[first + leg::FOOT]) = (hip, knee, ankle);
        to[first] = hip;
        to[first + leg::SHIN] = hip + r1 * hip.distance(knee);
        to[first + leg::FOOT] = to[first + leg::SHIN] + r2 * knee.distance(ankle);
        from[first + leg::TOES] = ball.unwrap_or(Vec3::new(ankle.x, 0.02 * size, ankle.z + 0.11 * size));
        to[first + leg::TOES] = to[first + leg::FOOT] + yaw * (from[first + leg::TOES] - ankle);
    }

    /// From which bones a vertex hangs that hangs from these nodes, at a place in the file.
    pub(crate) fn hung(&self, joints: &[(u32, f32); 4], at: Vec3) -> Hung {
        let p = self.own(at);
        let mut all: Vec<(usize, f32)> = Vec::with_capacity(8);
        let mut add = |bone: usize, weight: f32| {
            if weight > 0.0 {
                match all.iter_mut().find(|(b, _)| *b == bone) {
                    Some((_, w)) => *w += weight,
                    None => all.push((bone, weight)),
                }
            }
        };
        let mut jaw = 0.0;
        for (node, w) in joints.iter().filter(|(_, w)| *w > 0.0) {
            match self.nodes[*node as usize] {
                Moves::Bone(bone) => add(bone, *w),
                Moves::Both(a, b) => {
                    add(a, w * 0.5);
                    add(b, w * 0.5);
                }
                Moves::Trunk => {
                    let [hips, spine, chest, neck] = [HIPS, SPINE, CHEST, NECK].map(|b| self.from[b].y);
                    let soft = 0.35 * (neck - hips).max(0.05) * 0.5;
                    let (low, high) = (smoothstep(spine - soft, spine + soft, p.y), smoothstep(chest - soft, chest + soft, p.y));
                    add(HIPS, w * (1.0 - low));
                    add(SPINE, w * (low - high).max(0.0));
                    add(CHEST, w * high);
                }
                Moves::Foot(side) => {
                    let first = THIGHS[side] + leg::FOOT;
                    let (ankle, ball) = (self.from[first], self.from[first + 1]);
                    let soft = 0.25 * (ball.z - ankle.z).max(0.02);
                    let toes = smoothstep(ball.z - soft, ball.z + soft, p.z);
                    add(first, w * (1.0 - toes));
                    add(first + 1, w * toes);
                }
                Moves::Skirt => LED_BY.iter().zip(self.led(p)).for_each(|(bone, share)| add(*bone, w * share)),
                Moves::Jaw => {
                    jaw += w;
                    add(HEAD, *w);
                }
                Moves::Nothing => {}
            }
        }
        if all.is_empty() {
            // What only helpers move goes with the nearest bone.
            let near = (0..TAILS).min_by(|a, b| self.from[*a].distance_squared(p).total_cmp(&self.from[*b].distance_squared(p)));
            all.push((near.unwrap_or(HIPS), 1.0));
        }
        all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        all.truncate(4);
        let sum: f32 = all.iter().map(|(_, w)| w).sum();
        let mut hung = Hung { jaw, ..Hung::default() };
        for (k, (bone, w)) in all.into_iter().enumerate() {
            (hung.bones[k], hung.weights[k]) = (bone as u16, w / sum);
        }
        hung
    }

    /// A point of the file in the bind pose.
    pub(crate) fn point(&self, p: Vec3, hung: &Hung) -> Vec3 {
        let p = self.own(p);
        blend(hung, |b| self.bones[b].rest + self.turns[b] * (p - self.from[b]))
    }

    /// A normal of the file in the bind pose.
    pub(crate) fn normal(&self, n: Vec3, hung: &Hung) -> Vec3 {
        let n = self.frame.axes.inverse() * n;
        blend(hung, |b| self.turns[b] * n).normalize_or(Vec3::Y)
    }

    /// A way of the file in the bind pose.
    pub(crate) fn way(&self, way: Vec3, hung: &Hung) -> Vec3 {
        let way = self.frame.axes.inverse() * way * self.frame.size;
        blend(hung, |b| self.turns[b] * way)
    }

    /// A point of the file in our axes, before it comes into the bind pose.
    pub(crate) fn own(&self, p: Vec3) -> Vec3 {
        self.frame.point(p)
    }

    /// Metres of ours a metre of the file.
    pub(crate) fn metres(&self) -> f32 {
        self.frame.size
    }
}

fn blend(hung: &Hung, of: impl Fn(usize) -> Vec3) -> Vec3 {
    (0..4).filter(|k| hung.weights[*k] > 0.0).fold(Vec3::ZERO, |s, k| s + of(usize::from(hung.bones[k])) * hung.weights[k])
}

/// Left, up and forward of a figure.
fn axes(figure: &Figure, joints: &Joints) -> Result<Quat, String> {
    let at = |n: usize| figure.nodes[n].at;
    let lies = || "it does not stand: export it in its rest pose (a T or an A), upright".to_owned();
    let trunk = (at(joints.head) - at(joints.hips)).try_normalize().ok_or_else(lies)?;
    let nearest = |d: Vec3| {
        let most = d.abs().max_element();
        Vec3::from_array(d.to_array().map(|x| if x.abs() >= most { x.signum() } else { 0.0 })).normalize_or(Vec3::Y)
    };
    let up = nearest(trunk);
    let left = at(joints.legs[0].0[0]) - at(joints.legs[1].0[0]);
    let mut left = (left - up * left.dot(up)).try_normalize().ok_or_else(lies)?;
    if left.dot(nearest(left)) > 0.96 {
        left = nearest(left);
    }
    let down = |a: usize, b: usize| (at(b) - at(a)).normalize_or(Vec3::ZERO).dot(-up);
    if joints.legs.iter().any(|(l, _)| down(l[0], l[1]).min(down(l[1], l[2])) < 0.5) || trunk.dot(up) < 0.8 {
        return Err(lies());
    }
    Ok(Quat::from_mat3(&Mat3::from_cols(left, up, left.cross(up))).normalize())
}

/// The joint of the trunk that bends as the cast's chest does: the one at about three fifths from hips to neck.
fn chest(figure: &Figure, joints: &Joints) -> Option<usize> {
    let at = |n: usize| figure.nodes[n].at;
    let neck = joints.neck.unwrap_or(joints.head);
    let way = at(neck) - at(joints.hips);
    let share = |n: usize| (at(n) - at(joints.hips)).dot(way) / way.length_squared().max(1e-12);
    joints.trunk.iter().skip(1).copied().min_by(|a, b| (share(*a) - 0.55).abs().total_cmp(&(share(*b) - 0.55).abs()))
}

/// The joints of the body, and what each of them moves.
fn body(figure: &Figure, joints: &Joints) -> Vec<Option<Moves>> {
    let mut own: Vec<Option<Moves>> = vec![None; figure.nodes.len()];
    let mut set = |node: Option<usize>, moves: Moves| {
        if let Some(node) = node {
            own[node] = Some(moves);
        }
    };
    // From the trunk outwards, so that what is nearer to the tips wins if a file names a node twice.
    set(Some(joints.hips), if joints.trunk.is_empty() { Moves::Trunk } else { Moves::Bone(HIPS) });
    let chest = chest(figure, joints);
    match chest {
        None => joints.trunk.iter().for_each(|n| set(Some(*n), Moves::Trunk)),
        Some(chest) => {
            let place = joints.trunk.iter().position(|n| *n == chest).unwrap_or(0);
            for (k, node) in joints.trunk.iter().enumerate() {
                set(
                    Some(*node),
                    if k == 0 {
                        Moves::Bone(SPINE)
                    } else if k < place {
                        Moves::Both(SPINE, CHEST)
                    } else {
                        Moves::Bone(CHEST)
                    },
                );
            }
        }
    }
    set(joints.neck, Moves::Bone(NECK));
    set(Some(joints.head), Moves::Bone(HEAD));
    set(joints.jaw, Moves::Jaw);
    for side in 0..2 {
        set(joints.eyes[side], Moves::Bone(EYES[side]));
        let (collar, [upper, lower], hand) = joints.arms[side];
        let first = SHOULDERS[side];
        set(collar, Moves::Bone(first));
        set(Some(upper), Moves::Bone(first + arm::UPPER));
        set(Some(lower), Moves::Bone(first + arm::LOWER));
        set(hand, Moves::Bone(first + arm::HAND));
        for (finger, chain) in joints.fingers[side].iter().enumerate() {
            for (k, node) in chain.iter().enumerate() {
                let bone = match finger {
                    0 if k == 0 => first + arm::THUMB,
                    0 => DIGITS[side] + 12,
                    _ => DIGITS[side] + 3 * (finger - 1) + k,
                };
                set(Some(*node), Moves::Bone(bone));
            }
        }
        let ([hip, knee, ankle], toes) = joints.legs[side];
        let first = THIGHS[side];
        set(Some(hip), Moves::Bone(first));
        set(Some(knee), Moves::Bone(first + leg::SHIN));
        set(Some(ankle), if toes.is_some() { Moves::Bone(first + leg::FOOT) } else { Moves::Foot(side) });
        set(toes, Moves::Bone(first + leg::TOES));
    }
    own
}

/// What each node moves: the bone that stands for it, or for the nearest joint that it hangs from.
fn moves(figure: &Figure, joints: &Joints, own: &[Option<Moves>]) -> Vec<Moves> {
    let over: Vec<usize> = ancestors(figure, joints.hips).collect();
    let thigh = figure.nodes[joints.legs[0].0[0]].at;
    let up = (figure.nodes[joints.head].at - figure.nodes[joints.hips].at).normalize_or(Vec3::Y);
    let below = |n: usize| (figure.nodes[n].at - thigh).dot(up) < 0.0;
    (0..figure.nodes.len())
        .map(|node| {
            if let Some(moves) = own[node] {
                return moves;
            }
            if over.contains(&node) {
                return Moves::Bone(HIPS);
            }
            match ancestors(figure, node).find_map(|a| own[a]) {
                Some(Moves::Bone(HIPS) | Moves::Trunk) if below(node) => Moves::Skirt,
                Some(moves) => moves,
                None => Moves::Nothing,
            }
        })
        .collect()
}
