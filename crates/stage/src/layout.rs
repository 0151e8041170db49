//! Who stands where: places in picture terms (x to the right, z towards the camera, metres from the middle of
//! the stage area), found from the plan's relations, then put into the world.

use crate::groups::A_ROUND;
use crate::staging::direction;
use glam::Vec3;
use kinora_plan::{Plan, RelationKind, RoleKind, Scene};
use kinora_solids::facts::{Footing, PropFacts};
use kinora_vocabulary::{Kind, Vocabulary};
use kinora_world::{Piece, Set};
use std::collections::BTreeMap;

/// A place in picture terms.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Spot {
    pub(crate) x: f32,
    pub(crate) z: f32,
    /// Above the ground: what stands on a table.
    pub(crate) y: f32,
}

/// The axes of the picture on the ground of a set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Axes {
    pub(crate) centre: Vec3,
    pub(crate) right: Vec3,
    pub(crate) near: Vec3,
}

impl Axes {
    pub(crate) fn of(set: &Set) -> Self {
        let near = direction(set.stage_area.best_view);
        Self { centre: set.stage_area.centre, right: Vec3::new(near.z, 0.0, -near.x), near }
    }
    pub(crate) fn spot(&self, at: Vec3) -> Spot {
        let d = at - self.centre;
        Spot { x: d.dot(self.right), z: d.dot(self.near), y: 0.0 }
    }
    pub(crate) fn world(&self, spot: Spot) -> Vec3 {
        self.centre + self.right * spot.x + self.near * spot.z + Vec3::Y * spot.y
    }
}

/// How large a role is, and how deep its water must be if it is to float or swim.
pub(crate) struct Extent {
    pub(crate) id: String,
    pub(crate) radius: f32,
    pub(crate) height: f32,
    pub(crate) depth: Option<f32>,
}

/// What is known of an entity while it is being placed.
#[derive(Clone, Debug)]
struct Entity {
    spot: Spot,
    radius: f32,
    /// How much of the ground its row takes, to the right and away, metres: all of a group.
    room: (f32, f32),
    /// Which rank it stands in, if there are more than one row has room for.
    rank: usize,
    height: f32,
    surface: Option<f32>,
    /// The height of a thing that takes part in a stack.
    top: Option<f32>,
    /// Depth of water that it needs.
    depth: Option<f32>,
    placed: bool,
}

/// Places of all roles and things of a scene, by id; things are also put into the set.
///
/// Those in `left` are where a scene before left them, and nobody is put into their way.
pub(crate) fn lay_out(
    plan: &Plan,
    scene: &Scene,
    set: &mut Set,
    roles: &[Extent],
    left: &BTreeMap<String, Vec3>,
    (vocabulary, first_id): (&Vocabulary, u16),
) -> BTreeMap<String, Vec3> {
    let mut entities: BTreeMap<String, Entity> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    for thing in scene.things.iter().filter(|t| t.held_by.is_none()) {
        let facts = facts(vocabulary, &thing.word);
        let scale = thing.traits.size.unwrap_or(1.0);
        let row = thing.count.clamp(1, A_ROUND) as f32;
        let radius = facts.size * 0.5 * scale;
        entities.insert(
            thing.id.clone(),
            Entity {
                spot: Spot::default(),
                radius: radius * row.min(4.0),
                room: match thing.count {
                    0..=A_ROUND => ((facts.size * scale + 0.15) * row, facts.size * scale * if row > 3.0 { 1.6 } else { 1.0 }),
                    many => [columns(many), many.div_ceil(columns(many))].map(|n| (facts.size * scale + 0.15) * n as f32).into(),
                },
                rank: 0,
                // What one sits or lies on is as high as that, not as long as it is.
                height: facts.surface.or(facts.seat.map(|s| s.1 + 0.3)).unwrap_or(facts.size) * scale,
                surface: facts.surface.or(facts.seat.map(|s| s.1)).map(|s| s * scale),
                top: None,
                depth: set.stage_area.water_level.and_then(|_| depth_of_vehicle(vocabulary, &thing.word, scale)),
                placed: false,
            },
        );
        order.push(thing.id.clone());
    }
    measure_stacks(scene, &mut entities, vocabulary);
    // What is in a hand has no place of its own.
    let standing = order.len();
    for Extent { id, radius, height, depth } in roles {
        // A group is a row, not a ball.
        let room = (radius * 2.0, (radius * 2.0).min(1.6));
        let (spot, radius, height, depth) = (Spot::default(), *radius, *height, *depth);
        entities.insert(id.clone(), Entity { spot, radius, room, rank: 0, height, surface: None, top: None, depth, placed: false });
        order.push(id.clone());
    }
    let axes = Axes::of(set);
    let mut adopted = adopt(scene, set, left, (vocabulary, first_id));
    // The place's own table is as high as it stands there.
    for (k, thing) in scene.things.iter().enumerate().filter(|(_, t)| adopted.contains_key(&t.id)) {
        let scale = set.pieces.iter().find(|p| p.id == first_id + k as u16).map_or(1.0, |p| p.scale);
        if let Some(e) = entities.get_mut(&thing.id) {
            (e.height, e.surface) = (e.height * scale, e.surface.map(|s| s * scale));
        }
    }
    adopted.extend(put_on_furniture(plan, scene, set, left, (vocabulary, first_id)));
    let left = &left.iter().chain(&adopted).map(|(id, at)| (id.clone(), *at)).collect::<BTreeMap<_, _>>();
    for (id, at) in left {
        if let Some(e) = entities.get_mut(id) {
            (e.spot, e.placed) = (axes.spot(*at), true);
        }
    }
    let related: Vec<&str> = scene.relations.iter().map(|r| r.what.as_str()).chain(left.keys().map(String::as_str)).collect();
    spread_freely(&order, &related, &mut entities, standing, set);
    make_room(scene, &mut entities);
    beside(&order, &related, &mut entities, left);
    for relation in scene.relations.iter().filter(|r| !left.contains_key(&r.what)) {
        relate(relation.relation, &relation.what, &relation.to, &mut entities);
    }
    keep_apart(&order, &mut entities, scene, left);
    keep_inside(&mut entities, set, left);
    launch(&mut entities, set, left);
    ashore(scene, &mut entities, set, left, vocabulary);
    // What is on something goes where that went.
    let carried =
        |r: &&kinora_plan::Relation| (matches!(r.relation, RelationKind::On | RelationKind::In) || r.relation.is_carried()) && !left.contains_key(&r.what);
    for relation in scene.relations.iter().filter(carried) {
        relate(relation.relation, &relation.what, &relation.to, &mut entities);
    }
    place_things(plan, scene, set, &entities, left, (vocabulary, first_id));
    entities
        .iter()
        .map(|(id, e)| (id.clone(), axes.world(e.spot)))
        .map(|(id, p)| {
            if let Some(at) = left.get(&id) {
                return (id, *at);
            }
            let y = set.terrain.height(p.x, p.z);
            (id.clone(), Vec3::new(p.x, y + entities[&id].spot.y, p.z))
        })
        .collect()
}

/// What the place has of itself is what the film speaks of: "the bed" of a bedroom is its bed, not another one before it.
fn adopt(scene: &Scene, set: &mut Set, left: &BTreeMap<String, Vec3>, (vocabulary, first_id): (&Vocabulary, u16)) -> BTreeMap<String, Vec3> {
    let near = |p: &Piece, centre: Vec3| ((p.position - centre) * Vec3::new(1.0, 0.0, 1.0)).length();
    let centre = set.stage_area.centre;
    let mut adopted = BTreeMap::new();
    for (k, thing) in scene.things.iter().enumerate() {
        let stands = thing.held_by.is_none() && thing.count == 1 && thing.traits.size.is_none() && !left.contains_key(&thing.id);
        let free = !scene.relations.iter().any(|r| r.what == thing.id || (is_beside(r.relation) && r.to.contains(&thing.id)));
        let facts = facts(vocabulary, &thing.word);
        if !(stands && free && (set.indoors || facts.seat.is_some()) && facts.weight > 5.0) {
            continue;
        }
        let own = set.pieces.iter_mut().filter(|p| p.id == 0 && p.prop == thing.word && near(p, centre) < 4.6);
        if let Some(piece) = own.min_by(|a, b| near(a, centre).total_cmp(&near(b, centre))) {
            piece.id = first_id + k as u16;
            piece.colour = thing.traits.colour.clone().or(piece.colour.take());
            piece.text = thing.traits.text.clone().or(piece.text.take());
            piece.material = thing.traits.material.clone().or(piece.material.take());
            piece.state = thing.traits.state.or(piece.state);
            adopted.insert(thing.id.clone(), piece.position);
        }
    }
    adopted
}

/// In a room what belongs on a table is put on the nearest one, if nobody says where it is.
fn put_on_furniture(
    plan: &Plan,
    scene: &Scene,
    set: &mut Set,
    left: &BTreeMap<String, Vec3>,
    (vocabulary, first_id): (&Vocabulary, u16),
) -> BTreeMap<String, Vec3> {
    let (axes, mut put) = (Axes::of(set), BTreeMap::new());
    if !set.indoors {
        return put;
    }
    for (k, thing) in scene.things.iter().enumerate() {
        let own = facts(vocabulary, &thing.word);
        let spoken_of = scene.relations.iter().any(|r| r.what == thing.id || r.to.contains(&thing.id));
        let small = own.stands_on == Footing::Surface && own.size * thing.traits.size.unwrap_or(1.0) < 0.7;
        if !small || spoken_of || thing.count > 1 || thing.held_by.is_some() || left.contains_key(&thing.id) {
            continue;
        }
        let away = |p: &Piece| ((p.position - set.stage_area.centre) * Vec3::new(1.0, 0.0, 1.0)).length();
        let top = |p: &Piece| facts(vocabulary, &p.prop).surface.map(|s| s * p.scale).filter(|s| (0.35..1.2).contains(s));
        let tables = set.pieces.iter().filter(|p| p.kind == Kind::Prop && away(p) < 3.4 && top(p).is_some());
        let Some((table, high)) = tables.min_by(|a, b| away(a).total_cmp(&away(b))).and_then(|p| Some((p, top(p)?))) else { continue };
        // Beside what was put there before, towards the camera's side of the table.
        let aside = [0.0, 0.22, -0.22, 0.4, -0.4][put.len().min(4)];
        let at = table.position + axes.right * aside + axes.near * 0.08 + Vec3::Y * high;
        let seed = plan.root_seed().child(&thing.id);
        set.pieces.push(Piece {
            prop: thing.word.clone(),
            kind: Kind::Prop,
            position: at,
            yaw: set.stage_area.best_view + (seed.rng().unit() - 0.5) * 0.5,
            scale: thing.traits.size.unwrap_or(1.0),
            seed: seed.0,
            colour: thing.traits.colour.clone(),
            material: thing.traits.material.clone(),
            state: thing.traits.state,
            text: thing.traits.text.clone(),
            id: first_id + k as u16,
            bounds: None,
        });
        put.insert(thing.id.clone(), at);
    }
    put
}

/// Whether a relation wants room beside what it names.
fn is_beside(relation: RelationKind) -> bool {
    matches!(relation, RelationKind::LeftOf | RelationKind::RightOf | RelationKind::Between | RelationKind::Behind | RelationKind::InFrontOf)
}

/// What something else stands on is as high as it is drawn.
fn measure_stacks(scene: &Scene, entities: &mut BTreeMap<String, Entity>, vocabulary: &Vocabulary) {
    let library = kinora_world::ModelLibrary::default();
    let stacked = |r: &&kinora_plan::Relation| matches!(r.relation, RelationKind::On | RelationKind::Under);
    for id in scene.relations.iter().filter(stacked).flat_map(|r| r.to.iter().chain([&r.what])) {
        let Some(thing) = scene.things.iter().find(|t| t.id == *id) else { continue };
        let finish = kinora_world::Finish { seed: 1, ..Default::default() };
        if let (Some(e), Ok(model)) = (entities.get_mut(id), library.model(vocabulary, Kind::Prop, &thing.word, &finish)) {
            e.top = Some(model.bounds.high.y * thing.traits.size.unwrap_or(1.0));
        }
    }
}

/// Facts about a prop, or sensible ones where its file has none.
pub(crate) fn facts(vocabulary: &Vocabulary, word: &str) -> PropFacts {
    vocabulary.get(Kind::Prop, word).and_then(|a| a.section("prop").ok().flatten()).unwrap_or_default()
}

/// Those without a relation stand in a row about the middle: things a little behind, roles in front. More than the stage is wide for
/// stand in ranks, one behind the other.
fn spread_freely(order: &[String], related: &[&str], entities: &mut BTreeMap<String, Entity>, things: usize, set: &Set) {
    let mut behind = 0.0f32;
    for is_thing in [false, true] {
        let row: Vec<&String> =
            order.iter().enumerate().filter(|(i, id)| (*i < things) == is_thing && !related.contains(&id.as_str())).map(|(_, id)| id).collect();
        let width: f32 = row.iter().map(|id| entities[*id].radius * 2.0 + 0.35).sum();
        let z = if is_thing { (-0.5 - behind).max(-FARTHEST) } else { 0.2 };
        if row.len() > (if is_thing { A_ROW } else { 2 }) && width > set.stage_area.half.x * 2.5 {
            behind = in_ranks(&row, entities, z, set);
            continue;
        }
        let mut x = -width * 0.5;
        for id in row {
            let Some(e) = entities.get_mut(id) else { continue };
            x += e.radius + 0.175;
            // Large things stand back so that they do not hide anybody.
            e.spot = Spot { x, z: if is_thing { z - (e.radius - 0.4).max(0.0) * 1.6 } else { z }, y: 0.0 };
            e.placed = true;
            x += e.radius + 0.175;
        }
    }
    bend(order, related, entities, things);
}

/// So many things stand in one row however wide it is.
const A_ROW: usize = 12;

/// How far behind the stage ranks go in the open, metres.
const FARTHEST: f32 = 60.0;

/// Rank behind rank from `z` on, each as wide as the stage, closer to each other where there is no room for them. Returns how deep they are.
fn in_ranks(row: &[&String], entities: &mut BTreeMap<String, Entity>, z: f32, set: &Set) -> f32 {
    let wide = set.stage_area.half.x * 2.0;
    let mut ranks: Vec<(Vec<&String>, f32, f32)> = Vec::new();
    for id in row {
        let (across, away) = entities[*id].room;
        match ranks.last_mut().filter(|(_, width, _)| width + across <= wide) {
            Some((rank, width, depth)) => {
                rank.push(id);
                (*width, *depth) = (*width + across, depth.max(away));
            }
            None => ranks.push((vec![id], across, away)),
        }
    }
    let deep: f32 = ranks.iter().map(|r| r.2 + RANK_GAP).sum();
    let room = if set.indoors { z + set.stage_area.half.y } else { z + FARTHEST };
    let tight = (room.max(0.5) / deep).min(1.0);
    let mut at = z;
    for (k, (rank, width, depth)) in ranks.iter().enumerate() {
        // What a short rank leaves free lies between its members.
        let free = ((wide - width) / rank.len() as f32).max(0.0);
        let mut x = -(width + free * rank.len() as f32) * 0.5;
        for id in rank {
            let Some(e) = entities.get_mut(*id) else { continue };
            let half = (e.room.0 + free) * 0.5;
            e.spot = Spot { x: x + half, z: at, y: 0.0 };
            (e.rank, e.placed) = (k + 1, true);
            x += half * 2.0;
        }
        at -= (depth + RANK_GAP) * tight;
    }
    deep * tight
}

/// Free ground between two ranks, metres.
const RANK_GAP: f32 = 0.35;

/// Newcomers stand about those who are there already, not about the middle of the stage.
fn beside(order: &[String], related: &[&str], entities: &mut BTreeMap<String, Entity>, left: &BTreeMap<String, Vec3>) {
    let there: Vec<Spot> = left.keys().filter_map(|id| entities.get(id)).map(|e| e.spot).collect();
    if there.is_empty() {
        return;
    }
    let count = there.len() as f32;
    let (x, z) = (there.iter().map(|s| s.x).sum::<f32>() / count, there.iter().map(|s| s.z).sum::<f32>() / count);
    for id in order.iter().filter(|id| !related.contains(&id.as_str())) {
        if let Some(e) = entities.get_mut(id) {
            (e.spot.x, e.spot.z) = (e.spot.x + x, e.spot.z + z);
        }
    }
}

/// Three roles or more stand on an arc that is open to the camera: the outer ones nearer.
fn bend(order: &[String], related: &[&str], entities: &mut BTreeMap<String, Entity>, things: usize) {
    let row: Vec<&String> = order.iter().skip(things).filter(|id| !related.contains(&id.as_str()) && entities[*id].rank == 0).collect();
    let half = (row.len() as f32 - 1.0) * 0.5;
    for (k, id) in row.iter().enumerate().filter(|_| row.len() > 2) {
        if let Some(e) = entities.get_mut(*id) {
            let out = (k as f32 - half) / half;
            e.spot.z += 0.55 * out * out - 0.3;
        }
    }
}

/// Two who have somebody between them stand far enough apart for that.
fn make_room(scene: &Scene, entities: &mut BTreeMap<String, Entity>) {
    for relation in scene.relations.iter().filter(|r| r.relation == RelationKind::Between) {
        let [a, b, ..] = relation.to.as_slice() else { continue };
        let (Some(one), Some(other), Some(me)) = (entities.get(a), entities.get(b), entities.get(&relation.what)) else { continue };
        let need = one.radius + other.radius + 2.0 * me.radius + 0.4;
        let (left, right) = if one.spot.x <= other.spot.x { (a, b) } else { (b, a) };
        let middle = (one.spot.x + other.spot.x) * 0.5;
        // On one line, so that the one between is not before or behind them.
        let z = (one.spot.z + other.spot.z) * 0.5;
        let half = need.max((one.spot.x - other.spot.x).abs()) * 0.5;
        for (id, x) in [(left, middle - half), (right, middle + half)] {
            if let Some(e) = entities.get_mut(id) {
                (e.spot.x, e.spot.z) = (x, z);
            }
        }
    }
}

fn relate(kind: RelationKind, what: &str, to: &[String], entities: &mut BTreeMap<String, Entity>) {
    let anchors: Vec<Entity> = to.iter().filter_map(|id| entities.get(id).cloned()).collect();
    let (Some(anchor), Some(me)) = (anchors.first().cloned(), entities.get_mut(what)) else { return };
    let gap = anchor.radius + me.radius + 0.25;
    let at = anchor.spot;
    me.spot = match kind {
        RelationKind::LeftOf => Spot { x: at.x - gap, ..at },
        RelationKind::RightOf => Spot { x: at.x + gap, ..at },
        RelationKind::On => Spot { y: at.y + anchor.surface.or(anchor.top).unwrap_or(anchor.height.min(1.2)), ..at },
        // Of two things without room below the upper one stands on the lower one.
        RelationKind::Under if anchor.surface.is_none() && anchor.top.is_some() && me.top.is_some() => {
            let (lower, lift) = (at, me.top.unwrap_or_default());
            me.spot = lower;
            me.placed = true;
            if let Some(upper) = to.first().and_then(|id| entities.get_mut(id)) {
                upper.spot = Spot { y: lower.y + lift, ..lower };
            }
            return;
        }
        RelationKind::Under | RelationKind::In => Spot { z: at.z + 0.02, ..at },
        RelationKind::InArms | RelationKind::OnArm | RelationKind::OnBack | RelationKind::OnShoulders => at,
        // Aside by enough to be seen past what it is behind.
        RelationKind::Behind => Spot { z: at.z - gap, x: at.x + (anchor.radius.min(1.2) * 0.8 + me.radius * 0.6), ..at },
        RelationKind::InFrontOf => Spot { z: at.z + gap, ..at },
        RelationKind::Near => Spot { x: at.x + gap, z: at.z + 0.3, y: 0.0 },
        RelationKind::Between => {
            let other = anchors.get(1).map_or(at, |o| o.spot);
            Spot { x: (at.x + other.x) * 0.5, z: (at.z + other.z) * 0.5, y: 0.0 }
        }
    };
    me.placed = true;
}

/// Pushes apart what overlaps and is not related. Ranks keep their distance by themselves.
fn keep_apart(order: &[String], entities: &mut BTreeMap<String, Entity>, scene: &Scene, left: &BTreeMap<String, Vec3>) {
    let bound = |a: &str, b: &str| scene.relations.iter().any(|r| (r.what == a && r.to.iter().any(|t| t == b)) || (r.what == b && r.to.iter().any(|t| t == a)));
    let mut all: Vec<(Entity, bool)> = order.iter().map(|id| (entities[id].clone(), left.contains_key(id))).collect();
    for _ in 0..4 {
        for i in 0..all.len() {
            for j in i + 1..all.len() {
                let ((a, a_stays), (b, b_stays)) = (&all[i], &all[j]);
                let (dx, dz) = (b.spot.x - a.spot.x, b.spot.z - a.spot.z);
                let short = (a.radius + b.radius + 0.1) - (dx * dx + dz * dz).sqrt();
                if short <= 0.0 || (a.spot.y - b.spot.y).abs() >= 0.1 || (a.rank > 0 && b.rank > 0) || bound(&order[i], &order[j]) {
                    continue;
                }
                let side = if dx >= 0.0 { short } else { -short };
                // Who may move does all of it if the other may not.
                let (first, second) = match (a_stays, b_stays) {
                    (true, true) => (0.0, 0.0),
                    (true, false) => (0.0, 1.0),
                    (false, true) => (1.0, 0.0),
                    (false, false) => (0.5, 0.5),
                };
                all[i].0.spot.x -= side * first;
                all[j].0.spot.x += side * second;
            }
        }
    }
    for (id, (entity, _)) in order.iter().zip(all) {
        entities.insert(id.clone(), entity);
    }
}

fn keep_inside(entities: &mut BTreeMap<String, Entity>, set: &Set, left: &BTreeMap<String, Vec3>) {
    let half = set.stage_area.half;
    for (_, e) in entities.iter_mut().filter(|(id, _)| !left.contains_key(*id)) {
        e.spot.x = e.spot.x.clamp(-half.x, half.x);
        // Buildings stand behind the stage, and who is before them on it.
        let far = if e.rank > 0 && !set.indoors {
            -FARTHEST
        } else if e.radius > LARGE && !set.indoors {
            -40.0
        } else {
            -half.y
        };
        e.spot.z = e.spot.z.clamp(far, half.y);
    }
}

/// Half the size from which a thing is scenery rather than something on the stage, metres.
const LARGE: f32 = 1.6;

/// Moves what floats or swims away from the camera until the water is deep enough.
fn launch(entities: &mut BTreeMap<String, Entity>, set: &Set, left: &BTreeMap<String, Vec3>) {
    let Some(water) = set.stage_area.water_level else { return };
    let axes = Axes::of(set);
    for (_, e) in entities.iter_mut().filter(|(id, _)| !left.contains_key(*id)) {
        let Some(depth) = e.depth else { continue };
        let deep = |z: f32| {
            let p = axes.world(Spot { z, ..e.spot });
            set.terrain.height(p.x, p.z) < water - depth
        };
        if let Some(z) = (0..80).map(|k| e.spot.z - k as f32 * 0.5).find(|z| deep(*z)) {
            e.spot.z = z - e.radius * 0.5;
        }
    }
}

/// So far above the water, metres, ground is dry.
const DRY: f32 = 0.02;

/// What stands on the ground and would stand in water goes ashore: to dry ground near by, beside the middle of the picture and clear of
/// whoever is there. Where there is none, in the open sea, it stays.
fn ashore(scene: &Scene, entities: &mut BTreeMap<String, Entity>, set: &Set, left: &BTreeMap<String, Vec3>, vocabulary: &Vocabulary) {
    let Some(water) = set.stage_area.water_level.filter(|_| !set.underwater) else { return };
    let (axes, half) = (Axes::of(set), set.stage_area.half);
    // A crown may hang over somebody, a trunk may not stand in him.
    let foot = |id: &str, e: &Entity| {
        let thing = scene.things.iter().find(|t| t.id == id);
        thing.and_then(|t| Some(facts(vocabulary, &t.word).obstacle? * t.traits.size.unwrap_or(1.0))).unwrap_or(e.radius.min(1.0))
    };
    for thing in scene.things.iter().filter(|t| t.held_by.is_none() && !left.contains_key(&t.id)) {
        let Some(e) = entities.get(&thing.id).filter(|e| e.depth.is_none() && e.spot.y < 0.05) else { continue };
        if facts(vocabulary, &thing.word).stands_on == Footing::Water {
            continue;
        }
        let own = foot(&thing.id, e);
        let dry =
            |x: f32, z: f32| [(-own, -own), (own, -own), (-own, own), (own, own), (0.0, 0.0)].iter().all(|(dx, dz)| is_dry(set, &axes, x + dx, z + dz, water));
        if dry(e.spot.x, e.spot.z) {
            continue;
        }
        let others: Vec<(Spot, f32)> = entities.iter().filter(|(id, _)| **id != thing.id).map(|(id, o)| (o.spot, foot(id, o))).collect();
        let cost = |x: f32, z: f32| {
            let gone = ((x - e.spot.x) * (x - e.spot.x) + (z - e.spot.z) * (z - e.spot.z)).sqrt();
            let middle = (half.x * 0.5 + own - x.abs()).max(0.0);
            let short = |(s, r): &(Spot, f32)| (r + own + 0.4 - ((s.x - x) * (s.x - x) + (s.z - z) * (s.z - z)).sqrt()).max(0.0);
            gone + middle * 2.0 + others.iter().map(short).sum::<f32>() * 8.0
        };
        let step = 0.25;
        let columns = (half.x * 1.6 / step) as i32;
        let rows = ((half.y - e.spot.z).max(0.0) / step) as i32;
        let places = (0..=rows).flat_map(|k| (-columns..=columns).map(move |c| (c as f32 * step, k as f32 * step)));
        let best = places.map(|(x, k)| (x, e.spot.z + k)).filter(|(x, z)| dry(*x, *z)).min_by(|a, b| cost(a.0, a.1).total_cmp(&cost(b.0, b.1)));
        if let Some(((x, z), e)) = best.zip(entities.get_mut(&thing.id)) {
            (e.spot.x, e.spot.z) = (x, z);
        }
    }
}

fn is_dry(set: &Set, axes: &Axes, x: f32, z: f32, water: f32) -> bool {
    let p = axes.world(Spot { x, z, y: 0.0 });
    set.terrain.height(p.x, p.z) > water + DRY
}

/// Where on the shore one of several stands whose place is in the water: straight before it, or else further aside, clear of the others.
fn on_shore(set: &Set, axes: &Axes, at: Spot, each: f32, water: f32, others: &[Spot]) -> Spot {
    let free = |s: &Spot| others.iter().all(|o| (o.x - s.x).abs().max((o.z - s.z).abs()) > each * 0.7);
    let asides = (0..80).map(|k| ((k + 1) / 2) as f32 * each * if k % 2 == 0 { 1.0 } else { -1.0 });
    let ashore = |x: f32| (0..120).map(|k| at.z + k as f32 * 0.25).find(|z| is_dry(set, axes, x, *z, water)).map(|z| Spot { x, z, ..at });
    asides.filter_map(|aside| ashore(at.x + aside)).find(free).unwrap_or(at)
}

/// How deep water must be for a vehicle that floats.
pub(crate) fn depth_of_vehicle(vocabulary: &Vocabulary, word: &str, scale: f32) -> Option<f32> {
    let facts = crate::vehicle::facts(vocabulary, word);
    facts.floats.then_some(facts.draught * scale + 0.25)
}

fn place_things(
    plan: &Plan,
    scene: &Scene,
    set: &mut Set,
    entities: &BTreeMap<String, Entity>,
    left: &BTreeMap<String, Vec3>,
    (vocabulary, first_id): (&Vocabulary, u16),
) {
    let (axes, library) = (Axes::of(set), kinora_world::ModelLibrary::default());
    for (k, thing) in scene.things.iter().enumerate().filter(|(_, t)| !left.contains_key(&t.id)) {
        let Some(entity) = entities.get(&thing.id) else { continue };
        let kind = if vocabulary.get(Kind::Prop, &thing.word).is_some() { Kind::Prop } else { Kind::Vehicle };
        let scale = thing.traits.size.unwrap_or(1.0);
        let own = facts(vocabulary, &thing.word);
        let each = own.size * scale + 0.15;
        let bounds = if kind == Kind::Prop && own.size < WITH_ROOTS { bounds(&thing.word, vocabulary, &library) } else { None };
        // How far apart many stand on a table goes by how broad they are, not by how high.
        let broad = bounds.map(|(low, high)| ((high - low) * Vec3::new(1.0, 0.0, 1.0)).max_element() * scale);
        let sunk = bounds.map_or(0.0, |(low, _)| (-low.y - SETTLES).max(0.0) * scale);
        let wading =
            set.stage_area.water_level.filter(|_| !set.underwater && entity.depth.is_none() && entity.spot.y < 0.05 && own.stands_on != Footing::Water);
        let mut ashore: Vec<Spot> = Vec::new();
        for n in 0..thing.count.max(1) {
            let aside = (n as f32 - (thing.count.max(1) as f32 - 1.0) * 0.5) * each;
            let deep = if thing.count > 3 && n % 2 == 1 { -each * 0.6 } else { 0.0 };
            // Several on a table stand in rows on it, and so do many on the ground.
            let (aside, deep) = match () {
                () if entity.spot.y > 0.05 => in_rows(n, thing.count, if thing.count > A_ROUND { broad.map_or(each, |b| b + 0.04) } else { each - 0.10 }),
                () if thing.count > A_ROUND => in_rows(n, thing.count, each),
                () => (aside, deep),
            };
            let mut spot = Spot { x: entity.spot.x + aside, z: entity.spot.z + deep, y: 0.0 };
            if let Some(water) = wading.filter(|water| thing.count > 1 && !is_dry(set, &axes, spot.x, spot.z, *water)) {
                spot = on_shore(set, &axes, spot, each, water, &ashore);
            }
            ashore.push(spot);
            let at = axes.world(spot);
            let draught = crate::vehicle::facts(vocabulary, &thing.word).draught * scale;
            let afloat = set.stage_area.water_level.filter(|_| entity.depth.is_some()).map(|water| water - draught);
            let y = afloat.unwrap_or_else(|| set.terrain.height(at.x, at.z) + sunk) + entity.spot.y;
            let seed = plan.root_seed().child(&thing.id).index(u64::from(n));
            // Who goes up steps is seen from the side.
            let turn = if own.flight.is_some() { -0.85 } else { (seed.rng().unit() - 0.5) * 0.5 };
            let yaw = set.stage_area.best_view + turn;
            set.pieces.push(Piece {
                prop: thing.word.clone(),
                kind,
                position: Vec3::new(at.x, y, at.z),
                yaw,
                scale,
                seed: seed.0,
                colour: thing.traits.colour.clone(),
                material: thing.traits.material.clone(),
                state: thing.traits.state,
                text: thing.traits.text.clone(),
                id: crate::blocking::number(first_id + k as u16, n),
                bounds,
            });
            let stairs = |flight| kinora_world::Stairs { at: Vec3::new(at.x, y, at.z), yaw, scale, flight };
            set.stairs.extend(own.flight.map(stairs));
            if entity.spot.y < 0.05 {
                set.obstacles.push((Vec3::new(at.x, y, at.z), each * 0.5, entity.height));
            }
        }
    }
}

/// The box around a thing as it is to be seen: of smoke and fireworks, what they send into the air.
pub(crate) fn shown(vocabulary: &Vocabulary, piece: &Piece) -> Option<(Vec3, Vec3)> {
    match kinora_world::effects::frame(vocabulary, &piece.prop) {
        Some(bounds) => Piece { bounds: Some(bounds), ..piece.clone() }.around(),
        None => piece.around(),
    }
}

/// Where something comes to stand that is put on a thing, or into it, by somebody who stands at `from`: on its surface or its
/// seat, near the edge.
pub(crate) fn on_top(vocabulary: &Vocabulary, word: &str, scale: f32, at: Vec3, from: Vec3) -> Vec3 {
    let facts = facts(vocabulary, word);
    let high = facts.surface.or(facts.seat.map(|s| s.1));
    // What has no top is put into: half of it hides what is there.
    let inwards = if high.is_some() { facts.obstacle.unwrap_or(0.0) * 0.28 * scale } else { 0.0 };
    let towards = ((from - at) * Vec3::new(1.0, 0.0, 1.0)).normalize_or_zero();
    at + towards * inwards + Vec3::Y * high.unwrap_or((facts.size * 0.5).min(1.2)) * scale
}

/// What is larger than this, metres, has roots and foundations.
const WITH_ROOTS: f32 = 5.0;

/// So far, metres, things sink into what they lie on.
const SETTLES: f32 = 0.02;

/// Lowest and highest corner of a prop. What is drawn about a hand, a foot or a water line reaches below its origin, and is
/// raised by that to lie on the ground.
fn bounds(word: &str, vocabulary: &Vocabulary, library: &kinora_world::ModelLibrary) -> Option<(Vec3, Vec3)> {
    let model = library.model(vocabulary, Kind::Prop, word, &kinora_world::Finish { seed: 1, ..Default::default() }).ok()?;
    Some((model.bounds.low, model.bounds.high))
}

/// How many of several stand beside each other: one row, two, or a block twice as wide as deep.
fn columns(count: u32) -> u32 {
    match count {
        0..=5 => count.max(1),
        6..=A_ROUND => count.div_ceil(2),
        _ => (count as f32 * 2.0).sqrt().ceil() as u32,
    }
}

/// Where the n-th of several is that stand close together in rows, the further ones in the gaps of the nearer ones.
fn in_rows(n: u32, count: u32, each: f32) -> (f32, f32) {
    let columns = columns(count);
    let rows = count.div_ceil(columns);
    let (row, column) = (n / columns, n % columns);
    let in_row = if row + 1 == rows { count - row * columns } else { columns };
    let shift = if in_row == columns && row % 2 == 1 { 0.5 } else { 0.0 };
    ((column as f32 - (in_row as f32 - 1.0) * 0.5 + shift) * each, (row as f32 - (rows as f32 - 1.0) * 0.5) * -each)
}

/// Whether a role is one that this scene shows.
pub(crate) fn appears(plan: &Plan, scene: &Scene, role: &kinora_plan::Role) -> bool {
    let shots = plan.shots.iter().filter(|s| s.scene == scene.id);
    let named = |id: &str| id == role.id;
    shots.into_iter().any(|s| {
        s.framing.subject.iter().any(|i| named(i))
            || s.beats
                .iter()
                .any(|b| named(&b.who) || b.with.as_deref().is_some_and(named) || matches!(&b.target, Some(kinora_plan::Target::Id(i)) if named(i)))
            || s.lines.iter().any(|l| l.heard == kinora_plan::Heard::Here && l.who.as_deref().is_some_and(named))
    }) || scene.relations.iter().any(|r| named(&r.what) || r.to.iter().any(|t| named(t)))
}

/// Whether it is played by a body rather than by a machine.
pub(crate) fn is_alive(kind: RoleKind) -> bool {
    kind != RoleKind::Vehicle
}

#[cfg(test)]
mod tests {
    use crate::tests::Film;
    use glam::Vec3;

    #[test]
    fn nobody_stands_in_what_somebody_works_on() {
        let film = Film::shot(
            r#"{"id": "man", "kind": "person", "word": "man"}, {"id": "cat", "kind": "creature", "word": "cat"}"#,
            "living-room",
            r#""things": []"#,
            r#"{"subject": ["man", "cat"]}"#,
            r#"{"id": "1", "who": "man", "action": "assemble"}, {"id": "2", "who": "cat", "action": "look", "target": {"id": "man"}}"#,
        );
        let scene = &film.staging.scenes[0];
        let (man, cat) = (&scene.actors[0].performance.poses[30], &scene.actors[1].performance.poses[30]);
        // The chair is before his knees.
        let chair = man.root + man.turn * Vec3::new(0.0, 0.0, 0.55);
        let away = ((cat.root - chair) * Vec3::new(1.0, 0.0, 1.0)).length();
        assert!(away > 0.5, "the cat is {away} m from the middle of the chair");
    }
}
