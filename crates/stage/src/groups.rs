//! Several who stand together: where the members of a group are, which way each faces, who talks when and who listens.

use crate::blocking::{Blocking, LEAD_SECONDS, Player, Route, row_width};
use crate::staging::yaw_of;
use crate::{Actor, SceneStaging, audience};
use glam::Vec3;
use kinora_base::maths::{cos, sin};
use kinora_cast::motions::Repertoire;
use kinora_cast::{Act, Anatomy};
use kinora_plan::{RoleKind, Target};

/// Shoulder to shoulder, for two who talk, metres between their middles.
const TALK: f32 = 1.05;
/// Seconds that one of several speaks before another does.
const TURN: f32 = 1.7;

/// More than so many stand and walk in ranks.
pub(crate) const A_ROUND: u32 = 12;

/// Whether somebody comes together with others, from all sides.
pub(crate) fn gathers(player: &Player<'_>) -> bool {
    player.intents.iter().find(|i| i.travels()).is_some_and(|i| i.action == GATHER)
}

/// The motion by which several come together.
pub(crate) const GATHER: &str = "gather";

/// What they gather round, if that is told.
fn goal(b: &Blocking<'_>, player: &Player<'_>) -> Option<Vec3> {
    let target = player.intents.iter().find(|i| i.action == GATHER)?.target.as_ref()?;
    if let Target::Id(id) = target { b.spots.get(id).copied() } else { None }
}

/// Round what a few gather round, open to the camera.
fn around_goal(b: &Blocking<'_>, player: &Player<'_>, route: &Route, member: u32) -> Option<Vec3> {
    let (goal, end) = (goal(b, player).filter(|_| gathers(player) && player.role.count <= A_ROUND)?, *route.way.last()?);
    let flat = Vec3::new(1.0, 0.0, 1.0);
    let far = ((end - goal) * flat).length().max(0.85 * player.role.count as f32 / 4.6);
    // Over three quarters of a round: nobody stands before the lens.
    let share = (member as f32 + 0.5) / player.role.count as f32 - 0.5;
    let angle = share * 1.5 * std::f32::consts::PI;
    let out = -b.axes.near * cos(angle) + b.axes.right * sin(angle);
    Some((goal + out * far - end) * flat)
}

/// A point of the way of a group that gathers, on the way of one of them: as far from their own place, straight out.
pub(crate) fn from_outside(b: &Blocking<'_>, player: &Player<'_>, route: &Route, aside: Vec3, at: Vec3) -> Vec3 {
    let Some(end) = route.way.last() else { return at + aside };
    let flat = Vec3::new(1.0, 0.0, 1.0);
    *end + aside + outwards(b, player, route, aside) * ((at - *end) * flat).length()
}

/// Where one of a group that gathers comes from.
pub(crate) fn outwards(b: &Blocking<'_>, player: &Player<'_>, route: &Route, aside: Vec3) -> Vec3 {
    let end = route.way.last().copied().unwrap_or(route.start);
    let from = end + aside - goal(b, player).unwrap_or(end + b.axes.near * 0.3);
    (from * Vec3::new(1.0, 0.0, 1.0)).normalize_or(-b.axes.near)
}

/// Where a member of a group is against the group's place. Two stand side by side, more on an arc that is open to the camera, a crowd in
/// ranks; who travels goes beside and behind the first.
pub(crate) fn formation(b: &Blocking<'_>, player: &Player<'_>, route: &Route, member: u32) -> Vec3 {
    let count = player.role.count.max(1);
    let each = player.radius / row_width(player.role.count) * 2.0 + 0.3;
    if count == 1 {
        return Vec3::ZERO;
    }
    if let Some((aside, _)) = audience::stands(b, player, route.start, member) {
        return aside;
    }
    if let Some(seat) = b.tables.get(&player.role.id).and_then(|seats| seats.get(member as usize)) {
        return (seat.before - route.start).with_y(0.0);
    }
    if let Some(ring) = around_goal(b, player, route, member) {
        return ring;
    }
    if let Some(lean) = b.leans.get(&player.role.id).filter(|_| route.way.is_empty()) {
        // Side by side on what they lean on.
        let along = Vec3::Y.cross(crate::staging::direction(lean.support.facing));
        return along * (0.80 * (member as f32 - (count as f32 - 1.0) * 0.5));
    }
    if count > A_ROUND {
        return in_ranks(b, player, route, member, if player.role.kind == RoleKind::Person { 0.85 } else { each });
    }
    if route.way.len() > 1 && !gathers(player) {
        return on_the_way(b, player, route, member, each);
    }
    let each = if player.role.kind == RoleKind::Person { each.max(if count == 2 { TALK } else { 0.85 }) } else { each };
    // Two who shake hands or fight are as near as that asks.
    let scale = player.body.as_ref().map_or(1.0, |x| x.scale);
    let each =
        if count == 2 { player.intents.iter().find_map(|i| i.facts.near.filter(|_| i.facts.rest.is_none())).map_or(each, |near| near * scale) } else { each };
    let legs = player.body.as_ref().map_or(1.0, kinora_cast::Character::legs);
    let each = work(b, player).map_or(each, |w| if w.shared { 2.0 * w.away * legs } else { each.max(w.wide * 1.1) });
    let half = (count as f32 - 1.0) * 0.5;
    let out = member as f32 - half;
    let mut rng = b.plan.root_seed().child(&player.role.id).index(u64::from(member)).rng();
    let depth = if count == 2 { 0.0 } else { 0.6 * (out / half) * (out / half) - 0.35 + rng.signed() * 0.08 };
    b.axes.right * out * each * (1.0 - 0.1 * depth.max(0.0)) + b.axes.near * depth
}

/// What stands before each of two who do the same: a table, a tree that is planted, an easel.
struct Work {
    /// How far it is from who works at it, metres on an adult.
    away: f32,
    wide: f32,
    /// Low enough to be seen over: two work at it from both sides, and there is one.
    shared: bool,
}

/// Tools are not worked at, and have grips.
const A_TOOL: f32 = 3.0;
/// What is taller than this hides who is behind it, metres.
const TALL: f32 = 1.4;

fn work(b: &Blocking<'_>, player: &Player<'_>) -> Option<Work> {
    if player.role.count != 2 || player.role.kind != RoleKind::Person || player.intents.iter().any(crate::blocking::Intent::travels) {
        return None;
    }
    let repertoire = Repertoire::read(b.vocabulary).ok()?;
    let standing = player.intents.iter().flat_map(|i| repertoire.standing(&i.action)).filter(|s| (0.4..0.95).contains(&s.away));
    standing
        .filter_map(|s| {
            let facts = crate::layout::facts(b.vocabulary, &s.thing);
            let tool = facts.grip.is_some() && facts.weight < A_TOOL;
            (!tool).then_some(Work { away: s.away, wide: facts.size * s.size, shared: facts.size < TALL })
        })
        // The largest: what else stands there lies on it.
        .max_by(|p, q| p.wide.total_cmp(&q.wide))
}

fn on_the_way(b: &Blocking<'_>, player: &Player<'_>, route: &Route, member: u32, each: f32) -> Vec3 {
    if member == 0 {
        return Vec3::ZERO;
    }
    let along = (route.way[1] - route.way[0]).normalize_or(b.axes.right);
    let side = if member % 2 == 1 { 1.0 } else { -1.0 };
    let rank = member.div_ceil(2) as f32;
    let mut rng = b.plan.root_seed().child(&player.role.id).index(u64::from(member)).rng();
    -along * each * rank * 0.9 + along.cross(Vec3::Y).normalize_or(b.axes.near) * side * each * 0.45 + along * rng.signed() * 0.15
}

/// A crowd: rank behind rank, the first in the middle of the front one, each in the gaps of the rank before. It stands with its front at its
/// place, as wide as the stage allows, and walks in a column. Who swims under water or flies is also above and below. People who stand
/// are no soldiers: their ranks wind and are not dressed.
fn in_ranks(b: &Blocking<'_>, player: &Player<'_>, route: &Route, member: u32, each: f32) -> Vec3 {
    let count = player.role.count as f32;
    let walks = route.way.len() > 1 && !gathers(player);
    let (ahead, right) = if walks {
        let along = ((route.way[1] - route.way[0]) * Vec3::new(1.0, 0.0, 1.0)).normalize_or(b.axes.right);
        (along, along.cross(Vec3::Y))
    } else {
        (b.axes.near, b.axes.right)
    };
    let half = b.set.stage_area.half;
    let wide = if b.set.indoors { half.x * 2.0 } else { half.x * 5.0 };
    let abreast = if walks { (count * 0.5).sqrt() } else { (count * 2.0).sqrt().min(wide / each) }.ceil().max(2.0);
    let ranks = (count / abreast).ceil();
    // In a room they stand as close as it is small.
    let close = if b.set.indoors { (half.y * 2.0 / (ranks * each)).clamp(0.4, 1.0) } else { 1.0 };
    let (rank, place) = (member / abreast as u32, member % abreast as u32);
    let side = place.div_ceil(2) as f32 * if place % 2 == 1 { 1.0 } else { -1.0 };
    let mut rng = b.plan.root_seed().child(&player.role.id).index(u64::from(member)).rng();
    let loose = if member == 0 { 0.0 } else { each * if player.role.kind == RoleKind::Person { 0.14 } else { 0.3 } };
    let across = (side + if rank % 2 == 1 { 0.5 } else { 0.0 }) * each + rng.signed() * loose;
    let back = rank as f32 * each * close + rng.signed() * loose * close;
    let floats = player.body.as_ref().is_some_and(|x| x.anatomy == Anatomy::Fish) || route.acts.iter().any(|a| a.motion == "fly");
    let over = if floats && member > 0 { rng.signed() * each * ranks.sqrt() * 0.5 } else { 0.0 };
    let stands = player.role.kind == RoleKind::Person && !walks && !floats;
    let (across, back) = if stands { wound(b, player, (rank, side), each, (across, back), close) } else { (across, back) };
    let at = right * across - ahead * back + Vec3::Y * over;
    if walks || floats {
        at
    } else {
        beside_what_stands_there(b, if gathers(player) { route.way.last().copied().unwrap_or(route.start) } else { route.start }, at)
    }
}

/// A place in a rank that winds: each rank has its own spacing and begins elsewhere, and waves run through all of them. The first stays.
fn wound(b: &Blocking<'_>, player: &Player<'_>, (rank, side): (u32, f32), each: f32, (across, back): (f32, f32), close: f32) -> (f32, f32) {
    let seed = b.plan.root_seed().child(&player.role.id).child("ranks");
    let mut own = seed.index(u64::from(rank) + 1).rng();
    let (wider, shift) = (own.range(0.0, 0.22), if rank == 0 { 0.0 } else { own.signed() * 0.4 });
    let across = across + (side * wider + shift) * each;
    let mut waves = seed.rng();
    let phases = [waves.range(0.0, std::f32::consts::TAU), waves.range(0.0, std::f32::consts::TAU)];
    let wave = |x: f32, rank: f32| 0.45 * sin(0.8 * x + 0.5 * rank + phases[0]) + 0.25 * sin(2.1 * x - 0.7 * rank + phases[1]);
    let deep = 0.12 * rank as f32 + wave(across / each, rank as f32) - wave(0.0, 0.0);
    (across, back + deep * each * close)
}

/// Where there is a tree, one stands beside it; where there are several, nearer to the camera.
fn beside_what_stands_there(b: &Blocking<'_>, slot: Vec3, aside: Vec3) -> Vec3 {
    let flat = Vec3::new(1.0, 0.0, 1.0);
    let mut at = slot + aside;
    for _ in 0..8 {
        let room = |o: &(Vec3, f32, f32)| ((at - o.0) * flat, o.1 + 0.3);
        let Some((away, room)) = b.set.obstacles.iter().map(room).find(|(away, room)| away.length() < *room) else { break };
        at += (away.normalize_or(b.axes.near) + b.axes.near * 0.5).normalize_or(b.axes.near) * (room - away.length() + 0.05);
    }
    at - slot
}

/// Two face each other, a little open to the camera; more face into their round; animals as their group does.
pub(crate) fn member_facing(b: &Blocking<'_>, player: &Player<'_>, route: &Route, aside: Vec3, member: u32) -> f32 {
    if let Some((_, facing)) = audience::stands(b, player, route.start, member) {
        return facing;
    }
    if let Some(seat) = b.tables.get(&player.role.id).and_then(|seats| seats.get(member as usize)) {
        return seat.yaw;
    }
    let seated = route.acts.iter().any(|a| a.seat.is_some());
    if player.role.count > 1 && gathers(player) {
        return yaw_of(-outwards(b, player, route, aside));
    }
    if player.role.count < 2 || route.way.len() > 1 || seated || player.role.kind != RoleKind::Person {
        return route.facing;
    }
    if player.role.count == 2 {
        let work = work(b, player);
        if work.as_ref().is_some_and(|w| !w.shared) {
            return route.facing;
        }
        let near = player.intents.iter().any(|i| i.facts.near.is_some() && i.facts.rest.is_none());
        let open = if near || work.is_some() { 0.0 } else { 0.45 };
        return yaw_of((-aside).normalize_or(b.axes.near) + b.axes.near * open);
    }
    if player.role.count > A_ROUND {
        let looks_at = player.intents.iter().any(|i| i.with.is_some() || i.target.is_some());
        let mut rng = b.plan.root_seed().child(&player.role.id).child("facing").index(u64::from(aside.x.to_bits())).rng();
        return if looks_at { route.facing } else { yaw_of(b.axes.near * 9.0 - aside * 0.6) } + rng.signed() * 0.3;
    }
    let focus = b.axes.near * 1.5;
    yaw_of(focus - aside)
}

/// From a place on an arc to the round's middle, which is a little before the middle of the stage.
pub(crate) fn into_the_round(b: &Blocking<'_>, slot: Vec3) -> Vec3 {
    let focus = b.axes.centre + b.axes.near * 1.6;
    ((focus - slot) * Vec3::new(1.0, 0.0, 1.0)).normalize_or(b.axes.near)
}

/// Everybody of a scene who talks without a line that says when.
pub(crate) fn talkers(b: &Blocking<'_>, players: &[Player<'_>]) -> Vec<(String, u32)> {
    let has_lines = |id: &str| b.plan.shots.iter().flat_map(|s| &s.lines).any(|l| l.who.as_deref() == Some(id));
    players
        .iter()
        .filter(|p| p.body.is_some() && p.intents.iter().any(|i| i.action == "talk") && !has_lines(&p.role.id))
        .flat_map(|p| (0..p.role.count.max(1)).map(|m| (p.role.id.clone(), m)))
        .collect()
}

/// Of several who talk, one talks at a time.
pub(crate) fn take_turns(b: &Blocking<'_>, actor: &mut Actor, talkers: &[(String, u32)]) {
    let Some(place) = talkers.iter().position(|(role, member)| *role == actor.role && *member == actor.member) else { return };
    if talkers.len() < 2 {
        return;
    }
    let lead = (LEAD_SECONDS * b.fps) as usize;
    let turn = (TURN * b.fps) as usize;
    let mut acts = Vec::new();
    for act in actor.script.acts.drain(..) {
        if act.motion != "talk" {
            acts.push(act);
            continue;
        }
        let begin = act.from.max(lead);
        for k in (0..).take_while(|k| begin + k * turn < act.to).filter(|k| k % talkers.len() == place) {
            // A breath between one and the next.
            let from = begin + k * turn + (0.12 * b.fps) as usize;
            acts.push(Act { from, to: (begin + (k + 1) * turn).min(act.to), ..act.clone() });
        }
    }
    acts.sort_by_key(|a| a.from);
    actor.script.acts = acts;
}

/// The eyes that one of several looks at while they talk: the speaker's, and the speaker looks at the nearest listener.
pub(crate) fn listens_to(scene: &SceneStaging, who: usize, frame: usize, lead: usize) -> Option<Vec3> {
    let now = frame + lead;
    let talks = |a: &Actor| a.script.acts.iter().any(|act| act.motion == "talk" && act.from <= now && now < act.to + lead / 3);
    let eyes = |k: usize| scene.actors[k].performance.poses.get(frame).map(|p| p.landmarks.eyes);
    let mine = eyes(who)?;
    let others = (0..scene.actors.len()).filter(|k| *k != who);
    let near = |ks: &mut dyn Iterator<Item = usize>| ks.filter_map(eyes).min_by(|p, q| (*p - mine).length().total_cmp(&(*q - mine).length()));
    let speaking = near(&mut others.clone().filter(|k| talks(&scene.actors[*k])));
    let chosen = speaking.or_else(|| if talks(&scene.actors[who]) { near(&mut others.clone()) } else { None });
    chosen.filter(|p| (*p - mine).length() < 6.0)
}
