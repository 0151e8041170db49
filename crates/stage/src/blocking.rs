//! Blocking: beats become acts with paths, seats and goals; then rehearsal, cameras, performance, sound.

use crate::hands::Handful;
use crate::layout::{self, Axes};
use crate::moves::{self, Brings, Recordings};
use crate::seats::Seat;
use crate::staging::{direction, scene_clock, yaw_of};
use crate::{
    Actor, Driven, Held, SceneStaging, StageError, Staging, audience, calls, camera, carries, fetch, flights, groups, hands, leans, lips, moments, mounts,
    seats, spot, states, tables, talk, vehicle,
};
use glam::Vec3;
use kinora_base::{Seed, Warned, Warning, WarningKind};
use kinora_cast::motions::{Facts, Repertoire};
use kinora_cast::{Act, Anatomy, Character, Company, Feeling, InHand, Mouth, Moves, Script, Surroundings};
use kinora_plan::voices::Voices;
use kinora_plan::{Heard, Plan, Role, RoleKind, Scene, Target, Thing};
use kinora_render::scene::Light;
use kinora_vocabulary::{Kind, Vocabulary};
use kinora_world::Set;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Seconds that everybody acts before the first frame, so that a film begins with the action begun.
pub(crate) const LEAD_SECONDS: f32 = 2.5;
/// How tall a person is for whom things are made, metres.
const ADULT: f32 = 1.75;
/// How much room one of an audience takes, from its middle, and how high it reaches over its head, metres.
const OF_ONE: f32 = 0.28;
const HANDS_UP: f32 = 0.25;
/// How high the head of who sits is, in heights of the body.
const SITTING: f32 = 0.8;
/// Ids in the id pass: roles from here, things from [`FIRST_THING`].
const FIRST_ROLE: u16 = 1;
/// Numbers of things in the id pass begin here, in the order of the scene's things.
pub const FIRST_THING: u16 = 100;

/// What a role wants to do from one frame of the scene's clock to another.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Intent {
    pub(crate) action: String,
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) manner: Option<String>,
    pub(crate) target: Option<Target>,
    pub(crate) with: Option<String>,
    pub(crate) prop: Option<String>,
    /// What the motion asks for.
    pub(crate) facts: Facts,
    /// Its pace, if that is not what its manner says: a partner's, or what it takes for its moment to be seen.
    pub(crate) clock: Option<f32>,
    /// What the plan brings along instead of the motion.
    pub(crate) brings: Brings,
    /// The same, read.
    pub(crate) moves: Option<Arc<Moves>>,
}

impl Intent {
    /// Whether it moves the body through the world. Vehicles drive with any of these.
    pub(crate) fn travels(&self) -> bool {
        self.facts.travels || matches!(self.action.as_str(), "drive" | "ride" | "sail")
    }

    /// How fast it is done against its usual pace.
    pub(crate) fn pace(&self) -> f32 {
        self.clock.unwrap_or_else(|| pace(self.manner.as_deref()))
    }

    /// The frame at which so many seconds of the motion are over.
    pub(crate) fn after(&self, seconds: f32, fps: f32) -> usize {
        self.from + (seconds / self.facts.played(self.pace()) * fps) as usize
    }

    /// How near to whom or what it is done.
    pub(crate) fn near(&self) -> Option<(&str, f32)> {
        let id = match (&self.target, &self.with) {
            (Some(Target::Id(id)), _) | (None, Some(id)) => id,
            _ => return None,
        };
        self.facts.near.filter(|_| self.facts.rest.is_none()).map(|near| (id.as_str(), near))
    }
}

/// A role that plays in a scene.
pub(crate) struct Player<'a> {
    pub(crate) role: &'a Role,
    pub(crate) index: usize,
    pub(crate) body: Option<Character>,
    /// The bodies of the other members of a group of people.
    pub(crate) others: Vec<Character>,
    pub(crate) intents: Vec<Intent>,
    pub(crate) radius: f32,
}

/// Everything that blocking a scene looks at.
pub(crate) struct Blocking<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) scene: &'a Scene,
    pub(crate) set: &'a Set,
    pub(crate) axes: Axes,
    pub(crate) spots: BTreeMap<String, Vec3>,
    /// Whom a role that only looks on looks at, by the role.
    pub(crate) watched: BTreeMap<String, String>,
    pub(crate) seats: BTreeMap<String, Seat>,
    /// The seats of those who sit at a table, one for each member of a role.
    pub(crate) tables: BTreeMap<String, Vec<Seat>>,
    /// What those who lean lean on.
    pub(crate) leans: BTreeMap<String, leans::Leaning>,
    pub(crate) left: Left,
    pub(crate) fps: f32,
    pub(crate) frames: usize,
    pub(crate) vocabulary: &'a Vocabulary,
}

/// A route: where a body starts, where it faces, and what it is told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Route {
    pub(crate) start: Vec3,
    pub(crate) facing: f32,
    pub(crate) acts: Vec<Act>,
    /// The way that is travelled, for those who follow.
    pub(crate) way: Vec<Vec3>,
}

/// How a scene leaves its roles and things, for a scene that goes on from it.
#[derive(Debug, Default)]
pub(crate) struct Left {
    /// Place and facing of each role.
    roles: BTreeMap<String, (Vec3, f32)>,
    things: BTreeMap<String, Vec3>,
}

impl Left {
    fn by(plan: &Plan, scene: &SceneStaging) -> Self {
        let mut left = Self::default();
        // Of a group, the first member stands for all: the others are placed against it.
        for actor in scene.actors.iter().filter(|a| a.member == 0) {
            if let Some(pose) = actor.performance.poses.last() {
                left.roles.insert(actor.role.clone(), (pose.root, yaw_of(pose.turn * Vec3::Z)));
            }
        }
        for driven in scene.driven.iter().filter(|d| d.member == 0) {
            if let Some((at, turn, _)) = driven.track.last() {
                left.roles.insert(driven.role.clone(), (*at, yaw_of(*turn * Vec3::Z)));
            }
        }
        for (k, thing) in plan.scene(&scene.id).iter().flat_map(|s| &s.things).enumerate() {
            if let Some(piece) = scene.set.pieces.iter().find(|p| p.id == FIRST_THING + k as u16) {
                left.things.insert(thing.id.clone(), piece.position);
            }
        }
        left
    }

    /// Where a role was left.
    pub(crate) fn at(&self, role: &str) -> Option<Vec3> {
        self.roles.get(role).map(|(at, _)| *at)
    }

    fn places(&self) -> BTreeMap<String, Vec3> {
        self.roles.iter().map(|(id, (at, _))| (id.clone(), *at)).chain(self.things.iter().map(|(id, at)| (id.clone(), *at))).collect()
    }
}

/// Stages a whole film.
///
/// # Errors
/// If the plan names a place, person, creature or thing that the vocabulary does not have, or a file is broken.
pub fn block(plan: &Plan, voices: &Voices, vocabulary: &Vocabulary) -> Result<Warned<Staging>, StageError> {
    block_with(Company::default(), plan, voices, vocabulary)
}

/// As [`block()`], with a company that has figures for the parts that ask for one.
///
/// # Errors
/// As [`block()`].
pub fn block_with(company: Company, plan: &Plan, voices: &Voices, vocabulary: &Vocabulary) -> Result<Warned<Staging>, StageError> {
    let cuts = plan.cuts();
    let mut warnings = moves::warnings(plan, vocabulary)?;
    let recordings = Recordings::read(plan)?;
    let mut scenes = Vec::new();
    let mut casts = Vec::new();
    let company = company.handling(in_hand_of(plan, &*Repertoire::read(vocabulary)?));
    company.gather(&bodies(plan), vocabulary);
    for scene in &plan.scenes {
        let before = scene.continues.as_ref().and_then(|c| scenes.iter().find(|s: &&SceneStaging| s.id == *c));
        let (staged, cast) = block_scene(plan, scene, &cuts, voices, (vocabulary, &company, &recordings, before), &mut warnings)?;
        scenes.push(staged);
        casts.push(cast);
    }
    // Cameras see what is shown; everything else is worked out at the speed at which it is acted.
    let clocks: Vec<_> = scenes.iter().map(|s| crate::retime::clock(plan, &cuts, &s.id, s.frames)).collect();
    let acted: Vec<_> =
        scenes.iter().zip(&clocks).map(|(s, c)| c.as_ref().map(|_| (s.actors.clone(), s.driven.clone(), s.held.clone(), s.changes.clone()))).collect();
    scenes.iter_mut().zip(&clocks).for_each(|(s, c)| c.iter().for_each(|c| crate::retime::retime(s, c)));
    let cameras = camera::solve(plan, &cuts, &mut scenes, &casts, vocabulary);
    for (index, (scene, acted)) in scenes.iter_mut().zip(acted).enumerate() {
        if let Some(acted) = acted {
            (scene.actors, scene.driven, scene.held, scene.changes) = acted;
        }
        let flights = flights::Flights::of(plan, &cuts, scene, vocabulary)?;
        perform_finally(plan, &cuts, index, scene, &casts[index], (&cameras, &flights), voices);
        mounts::mount(plan, scene, &casts[index]);
        carries::carry(plan, scene, &casts[index], plan.fps.0 as f32);
        hands::carry(plan, &cuts, scene, vocabulary)?;
        if let Some(clock) = &clocks[index] {
            crate::retime::retime(scene, clock);
        }
        warnings.extend(moments::warnings(plan, &cuts, scene, &casts[index], &*Repertoire::read(vocabulary)?));
    }
    let spotting = spot::spot(plan, &cuts, &scenes, &casts, &cameras, voices, vocabulary);
    Ok(Warned { output: Staging { plan: plan.clone(), cuts, scenes, cameras, spotting, voices: voices.clone(), company }, warnings })
}

type Cast = Vec<Character>;

fn block_scene(
    plan: &Plan,
    scene: &Scene,
    cuts: &[i64],
    voices: &Voices,
    (vocabulary, company, recordings, before): (&Vocabulary, &Company, &Recordings, Option<&SceneStaging>),
    warnings: &mut Vec<Warning>,
) -> Result<(SceneStaging, Cast), StageError> {
    let left = before.map(|b| Left::by(plan, b)).unwrap_or_default();
    let same_world = |b: &&SceneStaging| plan.scene(&b.id).is_some_and(|p| p.place == scene.place && p.snow_cover == scene.snow_cover);
    let mut set = match before.filter(same_world) {
        Some(before) => {
            let mut set = before.set.clone();
            states::leave(&mut set, before);
            set
        }
        None => {
            let dressed = kinora_world::dress(scene, vocabulary, plan.root_seed().child(&scene.id))?;
            warnings.extend(dressed.warnings);
            dressed.output
        }
    };
    let fps = plan.fps.0 as f32;
    let mut players = players(plan, scene, cuts, (vocabulary, company, recordings), warnings)?;
    speak(&mut players, plan, scene, cuts, voices);
    let repertoire = Repertoire::read(vocabulary)?;
    calls::call(&mut players, plan, scene, cuts, voices, &repertoire);
    let frames = (0..plan.shots.len()).filter(|k| plan.shots[*k].scene == scene.id).map(|k| (cuts[k + 1] - cuts[k]) as usize).sum::<usize>().max(1);
    let scene = &carries::take(&mut players, scene, frames, &repertoire, warnings);
    hands::meet(&mut players, fps);
    spare_what_comes_along(&mut set, &players, &repertoire, vocabulary);
    let related = |id: &String| scene.relations.iter().any(|r| r.what == *id);
    let looks_at = |p: &Player<'_>| audience::performer(&players, p).filter(|_| !related(&p.role.id) && !left.roles.contains_key(&p.role.id));
    let in_house = |p: &Player<'_>| audience::fills_house(&set, p) && !related(&p.role.id) && !left.roles.contains_key(&p.role.id);
    // Who fills a house where nobody performs looks to its front.
    let at = |p: &Player<'_>| looks_at(p).map(|k| players[k].role.id.clone()).or_else(|| in_house(p).then(|| p.role.id.clone()));
    let watched: BTreeMap<String, String> = players.iter().filter_map(|p| Some((p.role.id.clone(), at(p)?))).collect();
    let party = tables::party(scene, &players, &set, &left, vocabulary);
    let at_table = |p: &Player<'_>| party.as_ref().is_some_and(|party| party.has(&p.role.id));
    let mut sizes: Vec<layout::Extent> = players
        .iter()
        .filter(|p| !watched.contains_key(&p.role.id) && !at_table(p))
        .map(|p| layout::Extent {
            id: p.role.id.clone(),
            radius: p.radius.max(gear_room(p, &repertoire, vocabulary)),
            height: p.body.as_ref().map_or(1.5, |b| b.height),
            depth: set.stage_area.water_level.and_then(|_| depth(p, vocabulary)),
        })
        .collect();
    let own = leans::own(scene, &players, &set, vocabulary);
    for (who, thing) in leans::added(plan, scene, &players, &own).into_iter().filter(|_| before.is_none()) {
        let message = format!("{} has no {thing} that {who} could lean on: one is put there", scene.place);
        warnings.push(Warning::new(WarningKind::Replaced, message));
    }
    let mut there = left.places();
    there.extend(own.iter().map(|(id, o)| (id.clone(), o.at)));
    there.retain(|id, _| party.as_ref().is_none_or(|party| !party.has(id)));
    if let Some((at, radius)) = party.as_ref().and_then(|party| party.lay(&mut set, vocabulary)) {
        there.insert(tables::TABLE.to_owned(), at);
        sizes.push(layout::Extent { id: tables::TABLE.to_owned(), radius, height: 1.0, depth: None });
    }
    let mut spots = layout::lay_out(plan, scene, &mut set, &sizes, &there, (vocabulary, FIRST_THING));
    leans::heighten(scene, &players, &mut set);
    // Who looks on has no place of its own on the stage.
    let looked_at: Vec<_> = watched.iter().filter_map(|(who, at)| Some((who.clone(), spots.get(at).copied().or_else(|| audience::front(&set))?))).collect();
    spots.extend(looked_at);
    let housed = |p: &Player<'_>, set: &Set| watched.contains_key(&p.role.id) && !set.stage_area.house.is_empty();
    let tables = party.as_ref().map(|party| party.sit(scene, &players, &mut set, vocabulary)).unwrap_or_default();
    spots.extend(tables.iter().filter_map(|(id, seats)| Some((id.clone(), seats.first()?.before))));
    let unhoused: Vec<_> = players.iter().filter(|p| !housed(p, &set) && !at_table(p)).collect();
    let mut seats = seats::take(scene, &unhoused, &mut set, &spots, vocabulary);
    seats.extend(tables.iter().filter_map(|(id, seats)| Some((id.clone(), *seats.first()?))));
    // What somebody on a bench does something to from there is before them.
    for player in players.iter() {
        let (Some(seat), Some(intent)) = (seats.get(&player.role.id), player.intents.iter().find(|i| i.facts.sits)) else { continue };
        let idle = |id: &&String| players.iter().any(|p| p.role.id == **id && p.role.kind == RoleKind::Creature && p.intents.is_empty());
        let Some(id) = (if let Some(Target::Id(id)) = &intent.target { Some(id) } else { None }).filter(idle).filter(|id| left.at(id).is_none()) else {
            continue;
        };
        let at = seat.before + direction(seat.yaw) * BEFORE_A_SEAT;
        spots.insert(id.clone(), at.with_y(set.ground(at.x, at.z)));
    }
    let axes = Axes::of(&set);
    let mut blocking =
        Blocking { plan, scene, set: &set, axes, spots, watched: watched.clone(), seats, tables, leans: BTreeMap::new(), left, fps, frames, vocabulary };
    blocking.leans = leans::take(&blocking, &players, &own);
    blocking.spots.extend(blocking.leans.iter().map(|(who, l)| (who.clone(), l.stands)));
    for who in leans::without(&blocking, &players) {
        let message = format!("there is nothing here that {who} could lean on: {who} stands");
        warnings.push(Warning::new(WarningKind::Replaced, message));
    }
    let in_hands = hands::in_hands(plan, cuts, scene, (&players, frames), &repertoire);
    let (actors, driven, mut held, cast) = assemble(&blocking, &players, &in_hands);
    let changes = states::changes(plan, scene, cuts, &players, (&repertoire, vocabulary));
    warnings.extend(states::warnings(scene, vocabulary));
    states::begin(&changes, &mut set, &mut held);
    let mut light = kinora_world::light(scene, &set, vocabulary)?;
    kinora_world::looks::look(vocabulary, &plan.look)?.change(&mut set, &mut light, vocabulary, plan.root_seed().child(&scene.id));
    let mut staged = SceneStaging { id: scene.id.clone(), set, light, frames, actors, driven, held, changes };
    // Cameras keep out of an audience, and look past it.
    let looks_on = staged.actors.iter().zip(&cast).filter(|(a, _)| watched.contains_key(&a.role));
    let sits = |a: &Actor| a.script.acts.iter().any(|act| act.seat.is_some());
    let height = |a: &Actor, body: &Character| if sits(a) { body.height * SITTING } else { body.height + HANDS_UP };
    staged.set.obstacles.extend(looks_on.map(|(a, body)| (a.script.start, OF_ONE, height(a, body))));
    rehearse(&mut staged, &cast, fps);
    mounts::mount(plan, &mut staged, &cast);
    carries::carry(plan, &mut staged, &cast, fps);
    Ok((staged, cast))
}

/// A room that has one bed or one sink keeps one: what a motion brings along takes the place of its own.
fn spare_what_comes_along(set: &mut Set, players: &[Player<'_>], repertoire: &Repertoire, vocabulary: &Vocabulary) {
    let standing = players.iter().flat_map(|p| &p.intents).flat_map(|i| repertoire.standing(&i.action));
    let large = standing.filter(|s| s.thing != "table" && layout::facts(vocabulary, &s.thing).size * s.size > LARGE);
    for thing in large.map(|s| s.thing.as_str()).collect::<BTreeSet<_>>() {
        let own: Vec<Vec3> = set.pieces.iter().filter(|p| p.id == 0 && p.prop == thing).map(|p| p.position).collect();
        if let (true, [at]) = (set.indoors, &own[..]) {
            set.pieces.retain(|p| p.id != 0 || p.prop != thing);
            set.obstacles.retain(|o| o.0 != *at);
        }
    }
}

/// What is larger than this stands in a room once, metres.
const LARGE: f32 = 0.8;

/// How much of the ground what somebody's motions have stand there takes, from the middle of the body, metres: nobody else stands in it.
fn gear_room(player: &Player<'_>, repertoire: &Repertoire, vocabulary: &Vocabulary) -> f32 {
    let standing = player.intents.iter().flat_map(|i| repertoire.standing(&i.action));
    let far = standing.map(|s| s.away + layout::facts(vocabulary, &s.thing).size * 0.5 * s.size).fold(0.0, f32::max);
    far.min(MOST_GEAR) * row_width(player.role.count)
}

/// How far before the feet of who sits those are whom they feed, metres.
const BEFORE_A_SEAT: f32 = 1.1;

/// No gear takes more ground than this, metres.
const MOST_GEAR: f32 = 1.5;

/// The roles of a scene with their bodies and intents.
fn players<'a>(
    plan: &'a Plan,
    scene: &Scene,
    cuts: &[i64],
    (vocabulary, company, recordings): (&Vocabulary, &Company, &Recordings),
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Player<'a>>, StageError> {
    let mut players = Vec::new();
    let repertoire = Repertoire::read(vocabulary)?;
    for (index, role) in plan.cast.iter().enumerate().filter(|(_, r)| layout::appears(plan, scene, r)) {
        let mut others = Vec::new();
        let body = if layout::is_alive(role.kind) {
            for member in (1..role.count).filter(|_| role.kind == RoleKind::Person) {
                others.push(company.character(role, vocabulary, seed_of(plan, &role.id, member))?.output);
            }
            let made = company.character(role, vocabulary, seed_of(plan, &role.id, 0))?;
            for warning in made.warnings {
                if !warnings.contains(&warning) {
                    warnings.push(warning);
                }
            }
            Some(made.output)
        } else {
            None
        };
        let radius = body.as_ref().map_or_else(|| vehicle::length(vocabulary, &role.word) * 0.5, |b| b.radius.max(b.length * 0.5)) * row_width(role.count);
        let mut intents = intents(plan, scene, cuts, &role.id, &repertoire);
        for intent in &mut intents {
            intent.moves = intent.brings.moves(recordings);
            intent.facts = intent.moves.as_ref().map_or(intent.facts, |m| m.facts());
        }
        players.push(Player { role, index, body, others, intents, radius });
    }
    Ok(players)
}

/// What each role has in hand in the film: the things of the plan, and what its actions bring along.
fn in_hand_of(plan: &Plan, repertoire: &Repertoire) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for thing in plan.scenes.iter().flat_map(|s| &s.things) {
        if let Some(role) = &thing.held_by {
            all.entry(role.clone()).or_default().push(thing.word.clone());
        }
    }
    for beat in plan.shots.iter().flat_map(|s| &s.beats) {
        all.entry(beat.who.clone()).or_default().extend_from_slice(repertoire.gear(&beat.action));
    }
    all
}

/// The roles and seeds of the bodies that some scene shows.
fn bodies(plan: &Plan) -> Vec<(&Role, Seed)> {
    let shown = plan.cast.iter().filter(|r| layout::is_alive(r.kind) && plan.scenes.iter().any(|s| layout::appears(plan, s, r)));
    let members = |r: &Role| 0..if r.kind == RoleKind::Person { r.count.max(1) } else { 1 };
    shown.flat_map(|r| members(r).map(move |member| (r, seed_of(plan, &r.id, member)))).collect()
}

/// The seed of one of a role's bodies: no two of a group look alike.
pub(crate) fn seed_of(plan: &Plan, role: &str, member: u32) -> Seed {
    let first = plan.root_seed().child(role);
    if member == 0 { first } else { first.index(u64::from(member)) }
}

pub(crate) fn row_width(count: u32) -> f32 {
    (count.min(6) as f32).max(1.0)
}

/// The beats of a role over the shots of a scene, at the pace of a partner and fast enough for their moments to be seen.
pub(crate) fn intents(plan: &Plan, scene: &Scene, cuts: &[i64], role: &str, repertoire: &Repertoire) -> Vec<Intent> {
    let mut own = told(plan, scene, cuts, role, repertoire);
    moments::keep_time(&mut own, (plan, scene, cuts), role, repertoire);
    own
}

/// The beats of a role over the shots of a scene; one that goes on over a cut becomes one intent.
pub(crate) fn told(plan: &Plan, scene: &Scene, cuts: &[i64], role: &str, repertoire: &Repertoire) -> Vec<Intent> {
    let mut intents: Vec<Intent> = Vec::new();
    for (k, shot) in plan.shots.iter().enumerate().filter(|(_, s)| s.scene == scene.id) {
        let (_, start) = scene_clock(plan, cuts, k);
        let end = start + (cuts[k + 1] - cuts[k]) as usize;
        for beat in shot.beats.iter().filter(|b| b.who == role) {
            let from = (start + beat.from.nearest_frame(plan.fps).max(0) as usize).min(end);
            let to = if beat.to.0 == 0 { end } else { (start + beat.to.nearest_frame(plan.fps).max(0) as usize).min(end) };
            let next = Intent {
                action: beat.action.clone(),
                from,
                to,
                manner: beat.manner.clone(),
                target: beat.target.clone(),
                with: beat.with.clone(),
                prop: beat.prop.clone(),
                facts: repertoire.of(&beat.action),
                clock: None,
                brings: Brings::of(beat),
                moves: None,
            };
            match intents.iter_mut().rev().find(|i| i.action == next.action && i.target == next.target && i.brings == next.brings && i.to == next.from) {
                Some(before) => before.to = next.to,
                None => intents.push(next),
            }
        }
    }
    intents.sort_by_key(|i| i.from);
    intents
}

/// Lines make their speakers talk, where no beat already does.
fn speak(players: &mut [Player<'_>], plan: &Plan, scene: &Scene, cuts: &[i64], voices: &Voices) {
    for (k, shot) in plan.shots.iter().enumerate().filter(|(_, s)| s.scene == scene.id) {
        let (_, start) = scene_clock(plan, cuts, k);
        for line in shot.lines.iter().filter(|l| l.heard == Heard::Here) {
            let Some(spoken) = voices.lines.iter().find(|v| v.line == line.id) else { continue };
            let frame = |t: kinora_base::Ticks| start + (t.nearest_frame(plan.fps) - cuts[k]).max(0) as usize;
            let Some(player) = players.iter_mut().find(|p| Some(&p.role.id) == line.who.as_ref()) else { continue };
            let (from, to) = (frame(spoken.from), frame(spoken.to));
            if !player.intents.iter().any(|i| i.action == "talk" && i.from < to && i.to > from) {
                player.intents.push(Intent { action: "talk".into(), from, to, manner: line.manner.clone(), ..Intent::default() });
            }
        }
    }
}

fn assemble(b: &Blocking<'_>, players: &[Player<'_>], in_hands: &[Handful]) -> (Vec<Actor>, Vec<Driven>, Vec<Held>, Cast) {
    let (mut actors, mut driven, mut held, mut cast) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut routes: BTreeMap<String, Route> = BTreeMap::new();
    for player in leaders_first(players) {
        let route = route(b, player, players, &routes);
        routes.insert(player.role.id.clone(), route);
    }
    let talkers = groups::talkers(b, players);
    for (who, player) in players.iter().enumerate() {
        let route = &routes[&player.role.id];
        let id = FIRST_ROLE + player.index as u16;
        for member in 0..player.role.count.max(1) {
            let aside = groups::formation(b, player, route, member);
            match &player.body {
                Some(body) => {
                    let own: Vec<&Handful> = in_hands.iter().filter(|h| (h.who == who && member == 0) || each_has_one(b, player, h)).collect();
                    held.extend(in_hand(b, player, actors.len(), member, &own));
                    let mut acting = actor(b, player, route, member, number(id, member), aside);
                    if member == 0 || player.role.count <= groups::A_ROUND {
                        acting.script.held = grasped(b, player, own.into_iter());
                    }
                    groups::take_turns(b, &mut acting, &talkers);
                    actors.push(acting);
                    cast.push(player.others.get((member as usize).wrapping_sub(1)).unwrap_or(body).clone());
                }
                None => driven.push(vehicle::drive(b, player, route, member, number(id, member), aside)),
            }
        }
    }
    (actors, driven, held, cast)
}

/// The number in the id pass of one of several: that of the role or thing, and 256 more for each.
pub(crate) fn number(first: u16, member: u32) -> u16 {
    first + 256 * u16::try_from(member).unwrap_or(0).min(254)
}

/// The number of the first of several.
pub(crate) fn first(number: u16) -> u16 {
    number % 256
}

/// Those who are followed are planned before those who follow.
fn leaders_first<'p, 'a>(players: &'p [Player<'a>]) -> Vec<&'p Player<'a>> {
    let follows = |p: &Player<'_>| {
        p.intents
            .iter()
            .any(|i| i.travels() && (i.with.is_some() || matches!(&i.target, Some(Target::Id(t)) if players.iter().any(|q| q.role.id == *t && travels(q)))))
    };
    let mut ordered: Vec<&Player<'a>> = players.iter().filter(|p| !follows(p)).collect();
    ordered.extend(players.iter().filter(|p| follows(p)));
    ordered
}

fn travels(player: &Player<'_>) -> bool {
    player.intents.iter().any(|i| i.travels())
}

/// Metres a second of an action.
fn speed(b: &Blocking<'_>, player: &Player<'_>, intent: &Intent) -> f32 {
    let base = match (&player.body, intent.action.as_str()) {
        // What the body will do by itself, so that nobody arrives early and stands there.
        (Some(body), action) => kinora_cast::travel::usual_speed(body, &motion_for(player, action)),
        (None, _) if depth(player, b.vocabulary).is_some() => 1.6,
        (None, "run") => 9.0,
        (None, _) => 6.0,
    };
    base * pace(intent.manner.as_deref())
}

/// The factor on speed that an adverb stands for.
pub(crate) fn pace(manner: Option<&str>) -> f32 {
    match manner {
        Some("slowly" | "sadly" | "tired" | "tiredly" | "quietly" | "calmly" | "gently" | "carefully") => 0.7,
        Some("quickly" | "fast" | "excitedly" | "angrily" | "hurriedly" | "suddenly") => 1.35,
        Some("happily" | "cheerfully") => 1.1,
        _ => 1.0,
    }
}

/// Where a role starts and what it is told, from its intents.
pub(crate) fn route(b: &Blocking<'_>, player: &Player<'_>, players: &[Player<'_>], done: &BTreeMap<String, Route>) -> Route {
    if let Some(route) = fetch::route(b, player, players) {
        return route;
    }
    let slot = b.spots.get(&player.role.id).copied().unwrap_or(b.axes.centre);
    let lead = (LEAD_SECONDS * b.fps) as usize;
    let partner = player.intents.iter().find_map(|i| {
        i.with.clone().or_else(|| match &i.target {
            Some(Target::Id(t)) => Some(t.clone()),
            _ => None,
        })
    });
    let throws =
        player.intents.iter().find_map(|i| fetch::thrown_to(b, players, i)).map(|at| ((at - slot) * Vec3::new(1.0, 0.0, 1.0)).normalize_or(b.axes.right));
    let rest_facing = throws.or_else(|| best_side(b, player, slot)).unwrap_or_else(|| resting_direction(b, player, players, slot, partner.as_deref()));
    let worker = players.iter().find(|p| at_flank(p) == Some(&player.role.id)).and_then(|p| b.spots.get(&p.role.id));
    let rest_facing = worker.map_or(rest_facing, |worker| flank(b, *worker, slot).1);
    let ways: Vec<&Intent> = player.intents.iter().filter(|i| i.travels()).collect();
    let mut at = slot;
    let left = b.left.roles.get(&player.role.id);
    let mut facing = left.map_or_else(|| yaw_of(rest_facing), |l| l.1);
    let (mut way, mut above) = (Vec::new(), false);
    if let Some(first) = ways.first() {
        way = travel_line(b, player, players, &ways, slot, done);
        way.iter_mut().for_each(|p| *p = within_walls(b, *p));
        // A bird that lands comes down to the ground.
        let lands = ways.last().is_some_and(|i| i.action == "fly" && i.target == Some(Target::Down) && player.body.is_some());
        if let Some(last) = way.last_mut().filter(|_| lands && !b.set.underwater) {
            last.y = if on_something(b, &player.role.id) { slot.y } else { b.set.ground(last.x, last.z) };
        }
        at = way[0];
        let begun = first.from == 0;
        if begun || left.is_none() {
            facing = yaw_of(way[1] - way[0]);
        }
        // Who comes down from somewhere begins there: there is no way behind it.
        above = b.set.ground(at.x, at.z) - b.set.terrain.height(at.x, at.z) > 0.05;
        if begun && !above {
            // Already under way when the film begins: the line is lengthened backwards by the lead-in.
            at = within_walls(b, at - direction(facing) * speed(b, player, first) * LEAD_SECONDS);
            at.y = height_for(b, player, first, at);
        }
    }
    if let (Some((from, yaw)), true) = (recorded_way(b, player, slot), ways.is_empty() && left.is_none()) {
        (at, facing) = (from, yaw);
    }
    let close = by_hand(b, player, players, slot);
    if let (Some((spot, yaw)), true) = (close, ways.is_empty() && left.is_none()) {
        (at, facing) = (spot, yaw);
    }
    let seat = b.seats.get(&player.role.id);
    if let (Some(seat), true) = (seat, ways.is_empty()) {
        (at, facing) = (seat.before, seat.yaw);
    }
    let lean = b.leans.get(&player.role.id);
    if let (Some(lean), true) = (lean, ways.is_empty()) {
        (at, facing) = (lean.stands, lean.face);
    }
    let over = player.intents.iter().find_map(|i| jumped_over(b, player, i)).filter(|_| ways.is_empty() && left.is_none());
    if let Some(over) = &over {
        (at, facing) = (within_walls(b, over.begins), yaw_of(over.lands - over.leaves));
    }
    let raised = ways.is_empty() && seat.is_none() && on_something(b, &player.role.id);
    let start = Vec3::new(at.x, if raised || player_floats(b, player) { at.y } else { b.set.ground(at.x, at.z) }, at.z);
    let mut acts = Vec::new();
    for intent in &player.intents {
        let mut from = if intent.from == 0 && !(above && intent.travels()) { 0 } else { intent.from + lead };
        let to = (intent.to + lead).max(from + 1);
        let mut path = if intent.travels() { piece_of_way(&way, &ways, intent) } else { Vec::new() };
        if let Some(over) = over.as_ref().filter(|_| jumped_over(b, player, intent).is_some()) {
            let leaves = intent.from + lead + (over.run_up * b.fps) as usize;
            acts.push(Act { motion: motion_for(player, "walk"), from, to: leaves, path: vec![over.leaves], pace: 1.0, ..Act::default() });
            (from, path) = (leaves, vec![over.lands]);
        }
        let leant = lean.filter(|_| intent.facts.leans.is_some());
        acts.push(Act {
            motion: match leant {
                Some(lean) => lean.motion.to_owned(),
                None if intent.facts.leans.is_some() => "stand".to_owned(),
                None => motion_for(player, &intent.action),
            },
            from,
            to: if to >= b.frames + lead { b.frames + lead } else { to },
            path,
            face: if let Some(lean) = leant {
                Some(lean.face)
            } else if intent.near().is_some() {
                close.map(|c| c.1)
            } else {
                face_for(b, player, intent, rest_facing, ways.is_empty())
            },
            pace: intent.pace() * catch_up(b, player, intent, &way, &ways),
            seat: if intent.facts.rest.is_some() || intent.action == "read" { seat.map(|s| s.top) } else { None },
            manner: intent.manner.clone().unwrap_or_default(),
            aim: if leant.is_some() { None } else { aim(b, intent, player, players) },
            support: leant.map(|l| l.support.clone()),
            moves: intent.moves.clone(),
        });
    }
    if let Some(seat) = seat.filter(|_| ways.is_empty() && !acts.iter().any(|a| a.motion == "sit")) {
        // Who reads on a bench sits there all the while.
        acts.insert(0, Act { motion: "sit".into(), from: 0, to: b.frames + lead, pace: 1.0, seat: Some(seat.top), ..Act::default() });
    }
    stand_when_idle(b, player, &mut acts, lead);
    Route { start, facing, acts, way }
}

/// How somebody jumps over what lies in the way.
struct Over {
    /// Where they are before the film begins.
    begins: Vec3,
    leaves: Vec3,
    lands: Vec3,
    /// Seconds of the beat until they are where they leave the ground.
    run_up: f32,
}

/// The widest thing that is jumped over, and how far before and behind it feet are, metres.
const WIDEST: f32 = 2.0;
const CLEAR: f32 = 0.25;

/// A jump over something that walkers need not go round: from aside, across the picture. What one is to be on is not jumped over.
fn jumped_over(b: &Blocking<'_>, player: &Player<'_>, intent: &Intent) -> Option<Over> {
    let Some(Target::Id(id)) = intent.target.as_ref().filter(|_| intent.action == "jump") else { return None };
    let thing = b.scene.things.iter().find(|t| t.id == *id)?;
    let facts = layout::facts(b.vocabulary, &thing.word);
    let wide = facts.size * thing.traits.size.unwrap_or(1.0);
    let on = b.scene.relations.iter().any(|r| r.what == player.role.id && r.to.contains(id));
    if facts.obstacle.is_some() || wide > WIDEST || on {
        return None;
    }
    let walk = kinora_cast::travel::usual_speed(player.body.as_ref()?, &motion_for(player, "walk"));
    let seconds = (intent.to - intent.from) as f32 / b.fps;
    let run_up = (seconds - 1.5).clamp(0.0, 1.0);
    let (goal, half) = (*b.spots.get(id)?, b.axes.right * (0.5 * wide + CLEAR));
    let on_ground = |p: Vec3| p.with_y(b.set.ground(p.x, p.z));
    let leaves = on_ground(goal - half);
    // A little early, for there one slows down.
    let begins = leaves - b.axes.right * (walk * (LEAD_SECONDS + run_up - 0.5));
    Some(Over { begins, leaves, lands: on_ground(goal + half), run_up })
}

/// Where somebody begins who goes along a recorded way, and which way they face then: across the picture as others go, with the
/// middle of the way on their place.
fn recorded_way(b: &Blocking<'_>, player: &Player<'_>, slot: Vec3) -> Option<(Vec3, f32)> {
    let intent = player.intents.iter().find(|i| i.moves.is_some())?;
    let leg = player.body.as_ref()?.leg();
    let seconds = (intent.to - intent.from) as f32 / b.fps;
    let (gone, facing) = intent.moves.as_ref()?.way(leg, seconds);
    if gone.length() < 0.5 {
        return None;
    }
    let heading = heading_for(b, intent);
    let at = within_walls(b, slot - heading * (gone.length() * 0.5));
    Some((at, yaw_of(heading) - yaw_of(gone) + facing))
}

/// Where a role stands, and the way it faces, that does something by hand to somebody or something: on its own side, as near as the
/// motion asks. Of two who do it to each other the later one comes.
fn by_hand(b: &Blocking<'_>, player: &Player<'_>, players: &[Player<'_>], slot: Vec3) -> Option<(Vec3, f32)> {
    let flat = Vec3::new(1.0, 0.0, 1.0);
    let (id, near) = player.intents.iter().find_map(Intent::near)?;
    let goal = b.spots.get(id)?;
    let other = players.iter().find(|p| p.role.id == id);
    let from = ((slot - *goal) * flat).normalize_or(-b.axes.right);
    let from = b.scene.things.iter().find(|t| t.id == id).map_or(from, |t| open_to_camera(b, &t.word, from));
    let returned = other.is_some_and(|o| o.index > player.index && o.intents.iter().filter_map(Intent::near).any(|n| n.0 == player.role.id));
    // `near` is between the middles of two adults; a thing is as large as it is.
    let reach = match (other.and_then(|o| o.body.as_ref()), &player.body) {
        (Some(other), Some(me)) => near * (other.arms() + me.arms()) * 0.5,
        (_, me) => near * me.as_ref().map_or(1.0, |m| m.scale) + breadth(b, id),
    };
    // What stands on a table is reached over its edge.
    let under =
        |(at, radius, height): &&(Vec3, f32, f32)| ((*goal - *at) * flat).length() < radius * 0.8 && goal.y > at.y + height * 0.5 && goal.y > at.y + 0.3;
    let reach = b.set.obstacles.iter().filter(under).map(|(_, radius, _)| radius + 0.3).fold(reach, f32::max);
    if let Some(body) = at_flank(player).and(other).and_then(|o| o.body.as_ref()) {
        let (side, head) = flank(b, slot, *goal);
        let at = *goal + side * reach - head * (HIND * body.length);
        return Some((Vec3::new(at.x, b.set.terrain.height(at.x, at.z), at.z), yaw_of(-side)));
    }
    let at = if returned { slot } else { *goal + from * reach };
    Some((Vec3::new(at.x, b.set.terrain.height(at.x, at.z), at.z), yaw_of(-from)))
}

/// How far behind the middle of an animal its udder is, in lengths of the body.
const HIND: f32 = 0.17;

/// The animal at whose flank somebody does something.
fn at_flank<'p>(player: &'p Player<'_>) -> Option<&'p str> {
    player.intents.iter().filter(|i| i.facts.flank).find_map(Intent::near).map(|(id, _)| id)
}

/// The side that an animal turns to who works at its flank, and the way its head points then: both are seen in profile, the animal
/// a little from before.
fn flank(b: &Blocking<'_>, slot: Vec3, animal: Vec3) -> (Vec3, Vec3) {
    let from = ((slot - animal) * Vec3::new(1.0, 0.0, 1.0)).normalize_or(-b.axes.right);
    let side = (from * 0.85 + b.axes.near * 0.53).normalize_or(from);
    let head = side.cross(Vec3::Y);
    (side, if head.dot(b.axes.near) < 0.0 { -head } else { head })
}

/// From which side something is done to a thing, so that both are seen: low things from beside, a little behind; what is as
/// high as a person has a front, and one stands before it.
fn open_to_camera(b: &Blocking<'_>, word: &str, from: Vec3) -> Vec3 {
    let side = b.axes.right * if from.dot(b.axes.right) > 0.0 { 1.0 } else { -1.0 };
    let tall = layout::facts(b.vocabulary, word).size > 1.3;
    (if tall { side * 0.6 + b.axes.near * 0.8 } else { side * 0.95 - b.axes.near * 0.3 }).normalize()
}

/// How far a thing of the scene reaches from its middle, beyond what an arm bridges.
fn breadth(b: &Blocking<'_>, id: &str) -> f32 {
    let thing = b.scene.things.iter().find(|t| t.id == id);
    thing.map_or(0.0, |t| layout::facts(b.vocabulary, &t.word).obstacle.unwrap_or(0.0) * t.traits.size.unwrap_or(1.0) * 0.5)
}

/// Where hands go: the chest of whom it is done to, the middle of what, up, down or to a side.
fn aim(b: &Blocking<'_>, intent: &Intent, player: &Player<'_>, players: &[Player<'_>]) -> Option<Vec3> {
    if let Some(at) = fetch::thrown_to(b, players, intent) {
        return Some(at + Vec3::Y * 1.3);
    }
    let id = match (&intent.target, &intent.with) {
        (Some(Target::Id(id)), _) | (None, Some(id)) => id,
        (Some(Target::Up), _) => return Some(b.axes.centre + Vec3::Y * 12.0 - b.axes.near * 6.0),
        (Some(Target::Left), _) => return Some(b.axes.centre - b.axes.right * 20.0 + Vec3::Y * 1.4),
        (Some(Target::Right), _) => return Some(b.axes.centre + b.axes.right * 20.0 + Vec3::Y * 1.4),
        _ => return None,
    };
    let at = stands_at(b, players, id)?;
    // What is taken from a table or put on it is on its top.
    let passes = intent.facts.takes.or(intent.facts.lets_go).is_some() && intent.prop.as_ref().is_some_and(|p| p != id);
    if let Some(thing) = b.scene.things.iter().find(|t| passes && t.id == *id && t.held_by.is_none()) {
        let own = b.spots.get(&player.role.id).and_then(|slot| by_hand(b, player, players, *slot)).map_or(at, |(own, _)| own);
        return Some(layout::on_top(b.vocabulary, &thing.word, thing.traits.size.unwrap_or(1.0), at, own) + Vec3::Y * 0.06);
    }
    let up = match players.iter().find(|p| p.role.id == *id) {
        Some(p) => p.body.as_ref().map_or(1.0, |x| x.height * 0.72),
        None => b.scene.things.iter().find(|t| t.id == *id).map_or(0.5, |t| layout::facts(b.vocabulary, &t.word).size * t.traits.size.unwrap_or(1.0) * 0.5),
    };
    Some(at + Vec3::Y * up)
}

/// Where a role or thing is in the end: of two who do something with each other the later one has come.
fn stands_at(b: &Blocking<'_>, players: &[Player<'_>], id: &str) -> Option<Vec3> {
    let slot = *b.spots.get(id)?;
    let comes = players.iter().find(|p| p.role.id == id && !travels(p) && !b.left.roles.contains_key(id));
    Some(comes.and_then(|p| by_hand(b, p, players, slot)).map_or(slot, |(at, _)| Vec3::new(at.x, slot.y, at.z)))
}

/// Whether a role is on a thing: a cat on a table.
fn on_something(b: &Blocking<'_>, id: &str) -> bool {
    let on = |r: &&kinora_plan::Relation| r.what == id && r.relation == kinora_plan::RelationKind::On;
    b.scene.relations.iter().filter(on).any(|r| r.to.iter().any(|t| b.scene.things.iter().any(|thing| thing.id == *t)))
}

/// Nobody walks through the walls of a room.
pub(crate) fn within_walls(b: &Blocking<'_>, at: Vec3) -> Vec3 {
    let margin = Vec3::new(0.5, 0.0, 0.5);
    b.set.stage_area.room.map_or(at, |(low, high)| at.clamp(low + margin, high - margin).with_y(at.y))
}

/// How deep the water must be for a role: boats, fish and who swims are put where it is.
fn depth(player: &Player<'_>, vocabulary: &Vocabulary) -> Option<f32> {
    match &player.body {
        None => layout::depth_of_vehicle(vocabulary, &player.role.word, player.role.traits.size.unwrap_or(1.0)),
        Some(body) if body.anatomy == Anatomy::Fish => Some(0.9),
        Some(body) => player.intents.iter().any(|i| i.action == "swim" || i.facts.floats).then(|| (body.height * 0.6).max(0.4)),
    }
}

/// Swimmers and flyers are not on the ground.
fn player_floats(b: &Blocking<'_>, player: &Player<'_>) -> bool {
    let anatomy = player.body.as_ref().map(|x| x.anatomy);
    anatomy == Some(Anatomy::Fish)
        || player.intents.first().is_some_and(|i| matches!(i.action.as_str(), "fly" | "swim") || i.facts.floats)
        || (b.set.stage_area.water_level.is_some() && depth(player, b.vocabulary).is_some())
}

fn motion_for(player: &Player<'_>, action: &str) -> String {
    match (player.body.as_ref().map(|b| b.anatomy), action) {
        (Some(Anatomy::Fish), "walk" | "run" | "fly" | groups::GATHER) => "swim".into(),
        (_, groups::GATHER) => "walk".into(),
        _ => action.into(),
    }
}

/// Who does nothing stands, or swims.
fn stand_when_idle(b: &Blocking<'_>, player: &Player<'_>, acts: &mut Vec<Act>, lead: usize) {
    if acts.is_empty() {
        let motion = if player.body.as_ref().is_some_and(|x| x.anatomy == Anatomy::Fish) { "swim" } else { "stand" };
        acts.push(Act { motion: motion.into(), from: 0, to: b.frames + lead, pace: 1.0, ..Act::default() });
    }
}

/// The side on which what somebody does on the spot is seen best, if its motion says so and it is done to nobody.
fn best_side(b: &Blocking<'_>, player: &Player<'_>, slot: Vec3) -> Option<Vec3> {
    let intent = player.intents.iter().find(|i| i.facts.faces.is_some() && i.target.is_none() && i.with.is_none())?;
    let angle = intent.facts.faces?.to_radians();
    let side = if (slot - b.axes.centre).dot(b.axes.right) > 0.05 { -1.0 } else { 1.0 };
    Some(b.axes.near * kinora_base::maths::cos(angle) + b.axes.right * (side * kinora_base::maths::sin(angle)))
}

/// Which way somebody who stands looks: at a partner, else three-quarter to the camera.
fn resting_direction(b: &Blocking<'_>, player: &Player<'_>, players: &[Player<'_>], slot: Vec3, partner: Option<&str>) -> Vec3 {
    let towards = |p: Vec3| Vec3::new(p.x - slot.x, 0.0, p.z - slot.z);
    if let Some(p) = partner.and_then(|id| b.spots.get(id)) {
        let d = towards(*p);
        if d.length() > 0.2 {
            return (d.normalize() + b.axes.near * 0.45).normalize();
        }
    }
    let people: Vec<&Player<'_>> = players.iter().filter(|p| p.role.kind == RoleKind::Person).collect();
    if player.role.kind == RoleKind::Person && people.len() == 2 {
        let other = people.iter().find(|p| p.role.id != player.role.id).and_then(|p| b.spots.get(&p.role.id));
        if let Some(d) = other.map(|p| towards(*p)).filter(|d| d.length() > 0.2) {
            return (d.normalize() + b.axes.near * 0.45).normalize();
        }
    }
    if player.role.kind == RoleKind::Person && people.len() > 2 {
        return groups::into_the_round(b, slot);
    }
    let side = if (slot - b.axes.centre).dot(b.axes.right) > 0.05 { -1.0 } else { 1.0 };
    let open = if player.role.kind == RoleKind::Person { 0.45 } else { 1.2 };
    (b.axes.near + b.axes.right * side * open).normalize()
}

fn face_for(b: &Blocking<'_>, player: &Player<'_>, intent: &Intent, rest: Vec3, stays: bool) -> Option<f32> {
    match intent.action.as_str() {
        "turn" => Some(match &intent.target {
            Some(Target::Left) => yaw_of(-b.axes.right),
            Some(Target::Right) => yaw_of(b.axes.right),
            Some(Target::Far) => yaw_of(-b.axes.near),
            Some(Target::Camera | Target::Near) | None => yaw_of(b.axes.near),
            Some(Target::Id(id)) => b.spots.get(id).map(|p| yaw_of(*p - b.spots.get(&player.role.id).copied().unwrap_or_default())).unwrap_or(0.0),
            _ => yaw_of(rest),
        }),
        "dance" | "wave" if stays => Some(yaw_of((b.axes.near + rest * 0.5).normalize())),
        _ => None,
    }
}

/// Height of a travelling body over the world: swimmers in the water, flyers in the air.
fn height_for(b: &Blocking<'_>, player: &Player<'_>, intent: &Intent, at: Vec3) -> f32 {
    let ground = b.set.ground(at.x, at.z);
    let fish = player.body.as_ref().is_some_and(|x| x.anatomy == Anatomy::Fish);
    match (b.set.stage_area.water_level, intent.action.as_str()) {
        (Some(water), _) if fish => (water - 0.05).max(ground + 0.25),
        (None, _) if fish => ground + 0.9,
        (None, "swim" | "fly") if b.set.underwater => ground + player.body.as_ref().map_or(1.0, |x| (x.height * 0.6).max(0.8)),
        (Some(water), "swim") => water,
        (Some(water), _) if intent.facts.floats => water,
        (Some(water), _) if player.body.is_none() && depth(player, b.vocabulary).is_some() => water,
        (_, "fly") => ground + 1.9,
        _ => ground,
    }
}

/// The line that a role travels: to its goal, behind the one it follows, or across the stage with its middle or end at its slot.
fn travel_line(b: &Blocking<'_>, player: &Player<'_>, players: &[Player<'_>], ways: &[&Intent], slot: Vec3, done: &BTreeMap<String, Route>) -> Vec<Vec3> {
    let length: f32 = ways.iter().map(|i| speed(b, player, i) * (i.to - i.from) as f32 / b.fps).sum::<f32>().max(0.6);
    let first = ways[0];
    let left = b.left.roles.get(&player.role.id);
    if first.action == groups::GATHER && left.is_none() {
        return gathering(b, player, players, first, (slot, length));
    }
    if let Some(line) = to_lean(b, player, ways, length) {
        return line;
    }
    if let Some(mut line) = following(b, player, players, ways, done) {
        if left.is_some() {
            line[0] = slot;
        }
        return line;
    }
    if let Some(Target::Id(id)) = &ways[ways.len() - 1].target
        && let Some(goal) = b.spots.get(id)
    {
        if let Some(line) = on_stairs(b, player, ways, *goal, length) {
            return line;
        }
        let heading = Vec3::new(slot.x - goal.x, 0.0, slot.z - goal.z);
        let heading = if heading.length() > 0.1 { heading.normalize() } else { -b.axes.right };
        let usual = players.iter().find(|p| p.role.id == *id).map_or(0.5, |p| p.radius) + player.radius.min(0.6) + 0.35;
        let hands = player.intents.iter().filter_map(Intent::near).find(|n| n.0 == id);
        let reach = hands.map_or(usual, |(id, near)| near + breadth(b, id));
        let end = *goal + heading * reach;
        return line_between(b, player, first, if left.is_some() { slot } else { end + heading * length }, end);
    }
    let afloat = b.set.stage_area.water_level.is_some() && depth(player, b.vocabulary).is_some();
    let on_road = player.body.is_none() && !afloat;
    let heading = if afloat || on_road { along_path_towards(b, first) } else { heading_for(b, first) };
    let slot = if on_road { onto_path(b, slot) } else { slot };
    let length = length.min(room_for(b));
    if player.body.is_some() && !afloat && length > 4.5 && !b.set.indoors && matches!(first.target, None | Some(Target::Left | Target::Right)) {
        // Who was left somewhere goes on the way they faced, from there.
        let onwards = left.map(|l| direction(l.1).dot(b.axes.right) < 0.0);
        let to_left = match first.target {
            Some(Target::Left) => true,
            Some(Target::Right) => false,
            _ => onwards.unwrap_or(false),
        };
        if let Some(line) = path_line(b, player, first, slot, length, (to_left, if left.is_some() { 0.0 } else { 0.5 })) {
            return line;
        }
    }
    let stops = player.intents.iter().any(|i| !i.travels() && i.from >= ways[ways.len() - 1].to.saturating_sub(2) && i.action != "look");
    let looks_later = player.intents.iter().any(|i| i.from >= ways[ways.len() - 1].to);
    let back = if left.is_some() {
        0.0
    } else if stops || looks_later {
        1.0
    } else {
        0.5
    };
    line_between(b, player, first, slot - heading * length * back, slot + heading * length * (1.0 - back))
}

/// The way of somebody who comes to lean on something, from aside, or who leaves it.
fn to_lean(b: &Blocking<'_>, player: &Player<'_>, ways: &[&Intent], length: f32) -> Option<Vec<Vec3>> {
    let lean = b.leans.get(&player.role.id)?;
    let leans = player.intents.iter().find(|i| i.facts.leans.is_some())?;
    let out = direction(lean.support.facing);
    let along = Vec3::Y.cross(out) * if Vec3::Y.cross(out).dot(b.axes.right) > 0.0 { 1.0 } else { -1.0 };
    if ways[0].from >= leans.from {
        let end = within_walls(b, lean.stands + (out * 0.6 + along).normalize() * length);
        return Some(line_between(b, player, ways[0], lean.stands, end));
    }
    let end = lean.stands + out * 0.25;
    let from = within_walls(b, end + (out * 0.45 - along).normalize() * length);
    Some(line_between(b, player, ways[0], from, end))
}

/// From how far people come who gather, metres: further away all of them would be specks.
const FROM_AFAR: f32 = 3.4;

/// The way of somebody who comes together with others, to an own place or round what they gather at; they are there in two thirds of the time.
fn gathering(b: &Blocking<'_>, player: &Player<'_>, players: &[Player<'_>], intent: &Intent, (slot, length): (Vec3, f32)) -> Vec<Vec3> {
    let flat = Vec3::new(1.0, 0.0, 1.0);
    let goal = if let Some(Target::Id(id)) = &intent.target { b.spots.get(id).map(|at| (*at, breadth(b, id))) } else { None };
    let spots: Vec<Vec3> = players.iter().filter(|p| groups::gathers(p)).filter_map(|p| b.spots.get(&p.role.id).copied()).collect();
    let middle = goal.map_or_else(|| spots.iter().copied().sum::<Vec3>() / spots.len().max(1) as f32, |g| g.0);
    let out = ((slot - middle) * flat).normalize_or(-b.axes.near);
    let end = goal.map_or(slot, |(at, wide)| at + out * (wide + player.radius.min(0.6) + 0.5));
    let way = (length * 0.66).min(FROM_AFAR).min(room_for(b)).max(0.6);
    line_between(b, player, intent, end + out * way, end)
}

/// Up or down the steps that stand at a place, if those are what is gone to: to the top, or from it, with some of the way before them.
fn on_stairs(b: &Blocking<'_>, player: &Player<'_>, ways: &[&Intent], goal: Vec3, length: f32) -> Option<Vec<Vec3>> {
    let stairs = b.set.stairs.iter().find(|s| ((s.at - goal) * Vec3::new(1.0, 0.0, 1.0)).length() < 0.5)?;
    let way = ways[ways.len() - 1].facts.stairs.filter(|_| player.body.as_ref().is_some_and(|x| x.anatomy == Anatomy::Human))?;
    let top = stairs.top();
    let foot = top - length.clamp(0.6 * top, top + 1.6);
    let mut line = line_between(b, player, ways[0], stairs.point(foot), stairs.point(top));
    if way == kinora_cast::motions::Stairs::Down {
        line.reverse();
    }
    Some(line)
}

pub(crate) fn line_between(b: &Blocking<'_>, player: &Player<'_>, intent: &Intent, from: Vec3, to: Vec3) -> Vec<Vec3> {
    let on = |p: Vec3| Vec3::new(p.x, height_for(b, player, intent, p), p.z);
    let steps = (((to - from).length() / 1.0) as usize).clamp(1, 60);
    (0..=steps).map(|i| on(from.lerp(to, i as f32 / steps as f32))).collect()
}

/// Behind a leader who travels, or beside a companion.
fn following(b: &Blocking<'_>, player: &Player<'_>, players: &[Player<'_>], ways: &[&Intent], done: &BTreeMap<String, Route>) -> Option<Vec<Vec3>> {
    let first = ways[0];
    let (id, beside) = match (&first.with, &first.target) {
        (Some(id), _) => (id, true),
        (None, Some(Target::Id(id))) => (id, false),
        _ => return None,
    };
    let leader = done.get(id).filter(|r| r.way.len() > 1)?;
    let other = players.iter().find(|p| p.role.id == *id)?;
    let heading = (leader.way[1] - leader.way[0]).normalize_or(b.axes.right);
    let gap = other.radius + player.radius;
    let shift = if beside { heading.cross(Vec3::Y).normalize_or(b.axes.near) * (gap.max(0.7) * 0.9) } else { -heading * (gap + 0.9) };
    Some(leader.way.iter().map(|p| *p + shift).map(|p| Vec3::new(p.x, height_for(b, player, first, p), p.z)).collect())
}

/// The default travels left to right and a little towards the camera, so that a face is seen.
fn heading_for(b: &Blocking<'_>, intent: &Intent) -> Vec3 {
    let (right, near) = (b.axes.right, b.axes.near);
    let d = match &intent.target {
        Some(Target::Left) => -right + near * 0.25,
        Some(Target::Right) => right + near * 0.25,
        Some(Target::Near | Target::Camera) => near + right * 0.12,
        Some(Target::Far) => -near + right * 0.2,
        _ => right + near * 0.42,
    };
    d.normalize()
}

/// The place's own line of travel (a street, the water's edge), pointing to the picture's right.
fn along_path(b: &Blocking<'_>) -> Option<Vec3> {
    let path = &b.set.stage_area.path;
    let d = (*path.last()? - *path.first()?) * Vec3::new(1.0, 0.0, 1.0);
    (d.length() > 1.0).then(|| if d.dot(b.axes.right) >= 0.0 { d.normalize() } else { -d.normalize() })
}

/// The place of the path (the street, the track) that is nearest to a point.
fn onto_path(b: &Blocking<'_>, at: Vec3) -> Vec3 {
    let nearest = |w: &[Vec3]| {
        let (from, along) = (w[0], (w[1] - w[0]) * Vec3::new(1.0, 0.0, 1.0));
        let share = ((at - from).dot(along) / along.length_squared().max(1e-6)).clamp(0.0, 1.0);
        Vec3::new(from.x + along.x * share, at.y, from.z + along.z * share)
    };
    let places = b.set.stage_area.path.windows(2).map(nearest);
    places.min_by(|p, q| (*p - at).length_squared().total_cmp(&(*q - at).length_squared())).unwrap_or(at)
}

/// Vehicles keep to the road, and who is in the water to the water: along the place's path, to the side that was asked for.
fn along_path_towards(b: &Blocking<'_>, intent: &Intent) -> Vec3 {
    let along = along_path(b).unwrap_or(b.axes.right);
    match &intent.target {
        Some(Target::Left) => -along,
        Some(Target::Far) => (-b.axes.near + along * 0.3).normalize(),
        _ => along,
    }
}

/// A long way keeps to the place's own path, where nothing stands: through the slot when `back` of it is done, sideways of the path by as much as the slot is.
fn path_line(b: &Blocking<'_>, player: &Player<'_>, intent: &Intent, slot: Vec3, length: f32, (left, back): (bool, f32)) -> Option<Vec<Vec3>> {
    let mut path: Vec<Vec3> = b.set.stage_area.path.iter().map(|p| *p * Vec3::new(1.0, 0.0, 1.0)).collect();
    let (first, last) = (*path.first()?, *path.last()?);
    if (last - first).length() < 8.0 {
        return None;
    }
    if ((last - first).dot(b.axes.right) < 0.0) != left {
        path.reverse();
    }
    let on = onto_path(b, slot);
    let aside = ((slot - on) * Vec3::new(1.0, 0.0, 1.0)).clamp_length_max(0.6);
    let (knot, _) = path.windows(2).enumerate().map(|(k, w)| (k, off_piece(w, on))).min_by(|a, b| a.1.total_cmp(&b.1))?;
    // How far along the path the slot is; beyond its ends the path goes straight on.
    let here = path.windows(2).take(knot).map(|w| (w[1] - w[0]).length()).sum::<f32>() + ((on - path[knot]) * Vec3::new(1.0, 0.0, 1.0)).length();
    let at = |along: f32| {
        let mut rest = along;
        let pieces = path.len() - 1;
        for (k, w) in path.windows(2).enumerate() {
            let size = (w[1] - w[0]).length().max(1e-3);
            if rest <= size || k + 1 == pieces {
                return w[0] + (w[1] - w[0]) * (rest / size);
            }
            rest -= size;
        }
        path[pieces]
    };
    let steps = (length as usize).clamp(2, 80);
    Some(
        (0..=steps)
            .map(|k| at(here + length * (k as f32 / steps as f32 - back)) + aside)
            .map(|p| Vec3::new(p.x, height_for(b, player, intent, p), p.z))
            .collect(),
    )
}

/// Distance of a point on the ground from a piece of a path.
fn off_piece(w: &[Vec3], at: Vec3) -> f32 {
    let (from, along, flat) = (w[0], w[1] - w[0], Vec3::new(at.x, 0.0, at.z));
    let share = ((flat - from).dot(along) / along.length_squared().max(1e-6)).clamp(0.0, 1.0);
    (from + along * share - flat).length()
}

/// The longest line that the place has room for.
fn room_for(b: &Blocking<'_>) -> f32 {
    let half = b.set.stage_area.half;
    let path: f32 = b.set.stage_area.path.windows(2).map(|w| (w[1] - w[0]).length()).sum();
    if b.set.indoors { half.x * 1.7 } else { (half.x * 2.0).max(path * 1.15).max(6.0) }
}

/// The piece of the whole way that one of several travel intents covers, by time.
fn piece_of_way(way: &[Vec3], ways: &[&Intent], intent: &Intent) -> Vec<Vec3> {
    let total: usize = ways.iter().map(|i| i.to - i.from).sum::<usize>().max(1);
    let before: usize = ways.iter().take_while(|i| **i != intent).map(|i| i.to - i.from).sum();
    let end = before + (intent.to - intent.from);
    let last = way.len() - 1;
    let from = before * last / total;
    let to = (end * last).div_ceil(total).min(last);
    way[(from + 1).min(last)..=to.max((from + 1).min(last))].to_vec()
}

/// When the way is longer or shorter than the usual speed covers (following somebody faster), the pace makes up for it.
fn catch_up(b: &Blocking<'_>, player: &Player<'_>, intent: &Intent, way: &[Vec3], ways: &[&Intent]) -> f32 {
    // Who gathers walks as usual, and stands when there.
    if !intent.travels() || way.len() < 2 || intent.action == groups::GATHER {
        return 1.0;
    }
    let length: f32 = way.windows(2).map(|w| (w[1] - w[0]).length()).sum();
    let usual: f32 = ways.iter().map(|i| speed(b, player, i) * (i.to - i.from) as f32 / b.fps).sum();
    (length / usual.max(0.1)).clamp(0.35, 2.2)
}

fn actor(b: &Blocking<'_>, player: &Player<'_>, route: &Route, member: u32, id: u16, aside: Vec3) -> Actor {
    let lead = (LEAD_SECONDS * b.fps) as usize;
    let seed = b.plan.root_seed().child(&player.role.id).child(&b.scene.id).index(u64::from(member));
    let gathers = player.role.count > 1 && groups::gathers(player);
    let shift = |p: Vec3| {
        if gathers {
            let q = within_walls(b, groups::from_outside(b, player, route, aside, p));
            return Vec3::new(q.x, b.set.ground(q.x, q.z), q.z);
        }
        let q = p + aside;
        let lift = p.y - b.set.ground(p.x, p.z);
        Vec3::new(q.x, if aside == Vec3::ZERO { p.y } else { b.set.ground(q.x, q.z) + lift + aside.y }, q.z)
    };
    let own_seat = b.tables.get(&player.role.id).and_then(|seats| seats.get(member as usize));
    let mut acts = route.acts.clone();
    for act in &mut acts {
        act.face = act.face.filter(|_| own_seat.is_none());
        act.path.iter_mut().for_each(|p| *p = shift(*p));
        if let Some(seat) = &mut act.seat {
            *seat = own_seat.map_or(*seat + aside * 0.7, |own| own.top);
        }
        if let Some(support) = &mut act.support {
            support.at += aside;
        }
    }
    if let Some(seat) = audience::seat(b, player, member) {
        acts.retain(|act| !matches!(act.motion.as_str(), "sit" | "stand"));
        acts.insert(0, Act { motion: "sit".into(), from: 0, to: b.frames + lead, pace: 1.0, seat: Some(seat.top), ..Act::default() });
    }
    let mood = player.role.traits.mood.clone().unwrap_or_default();
    Actor {
        role: player.role.id.clone(),
        member,
        id,
        script: Script {
            start: shift(route.start),
            facing: groups::member_facing(b, player, route, aside, member),
            frames: b.frames + lead,
            acts,
            held: Vec::new(),
            mood,
            feelings: feelings(player, lead),
            dips: Vec::new(),
            seed: seed.0,
        },
        performance: kinora_cast::Performance::default(),
    }
}

/// What an adverb of a beat shows on the face: "walks sadly".
fn feelings(player: &Player<'_>, lead: usize) -> Vec<Feeling> {
    const FEELINGS: &[(&str, &str)] =
        &[("happily", "happy"), ("sadly", "sad"), ("angrily", "angry"), ("nervously", "nervous"), ("tiredly", "tired"), ("excitedly", "excited")];
    let felt = |i: &Intent| FEELINGS.iter().find(|(adverb, _)| i.manner.as_deref() == Some(*adverb)).map(|(_, mood)| (*mood).to_owned());
    player.intents.iter().filter_map(|i| felt(i).map(|mood| Feeling { mood, from: i.from + lead, to: (i.to + lead).max(i.from + lead + 1) })).collect()
}

/// How large a ball is that an animal fetches, metres.
const FITS_A_MOUTH: f32 = 0.12;

/// How large a thing in somebody's hands is against its file: a child has a child's instrument, unless somebody else has it, too.
fn size_in_hand(b: &Blocking<'_>, player: &Player<'_>, thing: &Thing) -> f32 {
    let facts = crate::layout::facts(b.vocabulary, &thing.word);
    // A ball that an animal fetches fits into its mouth.
    let by_mouth = |beat: &kinora_plan::Beat| {
        beat.action == fetch::FETCH && beat.prop.as_ref() == Some(&thing.id) && b.plan.role(&beat.who).is_some_and(|r| r.kind == RoleKind::Creature)
    };
    if thing.traits.size.is_none()
        && facts.size < 0.4
        && facts.held == Some(kinora_solids::facts::Held::Ball)
        && b.plan.shots.iter().flat_map(|s| &s.beats).any(by_mouth)
    {
        return (FITS_A_MOUTH / facts.size).min(1.0);
    }
    let fits = facts.sizes;
    let tall = player.body.as_ref().map_or(1.0, |body| body.height / ADULT);
    let elsewhere = b.plan.scenes.iter().flat_map(|s| &s.things).any(|t| t.id == thing.id && t.held_by.as_ref().is_some_and(|who| *who != player.role.id));
    let mut passed = b.plan.shots.iter().flat_map(|s| &s.beats).filter(|beat| beat.prop.as_ref() == Some(&thing.id));
    let passed = elsewhere || passed.any(|beat| beat.who != player.role.id || matches!(&beat.target, Some(Target::Id(id)) if b.plan.role(id).is_some()));
    // Its strings are as far from each other, its neck is shorter: less than the child is smaller.
    let own = match tall < 0.85 && !passed {
        true if fits => tall.max(0.4).sqrt(),
        // What a motion brings along is as large as who does it already.
        true if !brought_along(b, player, &thing.word) => child_size(player, &thing.word, &facts),
        _ => 1.0,
    };
    thing.traits.size.unwrap_or(own)
}

/// Things that are as large in a child's hand as in any other.
const ONE_SIZE: &[&str] = &["phone", "camera", "microphone", "key", "coin", "money", "card", "letter", "ticket", "remote", "ring", "candle", "match"];

/// How large a cup, a book or a ball is that a child has: by its hands, within what is made.
fn child_size(player: &Player<'_>, word: &str, facts: &kinora_solids::facts::PropFacts) -> f32 {
    let small = facts.size < 0.5 && facts.weight < 2.0 && !ONE_SIZE.contains(&word);
    let child = player.body.as_ref().filter(|x| x.anatomy == Anatomy::Human && x.height / ADULT < 0.85);
    child.filter(|_| small).map_or(1.0, |x| x.arms().clamp(0.7, 1.0))
}

/// Whether an action of somebody brings a thing of that kind along.
fn brought_along(b: &Blocking<'_>, player: &Player<'_>, word: &str) -> bool {
    let Ok(repertoire) = Repertoire::read(b.vocabulary) else { return false };
    player.intents.iter().any(|i| !repertoire.gear(&i.action).is_empty() && repertoire.gear(&i.action).iter().any(|g| g == word))
}

/// Whether each of a few who do the same with a thing by hand has one: two friends who drink coffee, a family that eats, a band.
fn each_has_one(b: &Blocking<'_>, player: &Player<'_>, handful: &Handful) -> bool {
    let used = |i: &&Intent| i.prop.as_ref() == Some(&b.scene.things[handful.thing].id);
    let mut uses = player.intents.iter().filter(used).peekable();
    let all_along = handful.from == 0 && handful.to >= b.frames;
    let music = |motion: &str| b.vocabulary.get(Kind::Motion, motion).is_some_and(|a| a.kin.iter().any(|k| k == "music"));
    player.role.count <= groups::A_ROUND && all_along && uses.peek().is_some() && uses.all(|i| i.facts.sits || music(&i.action))
}

fn in_hand(b: &Blocking<'_>, player: &Player<'_>, actor: usize, member: u32, own: &[&Handful]) -> Vec<Held> {
    if member > 0 && player.role.count > groups::A_ROUND {
        return Vec::new();
    }
    let mut held = Vec::new();
    for (k, thing) in b.scene.things.iter().enumerate() {
        let first = thing.held_by.as_deref() == Some(&player.role.id);
        if first && member == 0 || own.iter().any(|h| h.thing == k && each_has_one(b, player, h)) {
            held.push(Held {
                actor,
                // Another role's is another one of the same things.
                id: number(FIRST_THING + k as u16, if first { member } else { member + groups::A_ROUND * (player.index as u32 + 1) }),
                word: thing.word.clone(),
                colour: thing.traits.colour.clone(),
                material: thing.traits.material.clone(),
                state: thing.traits.state,
                text: thing.traits.text.clone(),
                scale: size_in_hand(b, player, thing),
                track: Vec::new(),
            });
        }
    }
    if reads(player) && !held.iter().any(|h| h.word == "book") {
        held.push(Held {
            actor,
            id: number(FIRST_THING + 90, member),
            word: "book".into(),
            colour: None,
            material: None,
            state: None,
            text: None,
            scale: child_size(player, "book", &layout::facts(b.vocabulary, "book")),
            track: Vec::new(),
        });
    }
    held
}

/// What a role has in the right hand, and when; of several things the one that it does something with.
fn grasped<'a>(b: &Blocking<'_>, player: &Player<'_>, handfuls: impl DoubleEndedIterator<Item = &'a Handful> + Clone) -> Vec<InHand> {
    let lead = (LEAD_SECONDS * b.fps) as usize;
    let one =
        |thing: &str, size: f32, from: usize, to: usize| InHand { thing: thing.to_owned(), size, from: if from == 0 { 0 } else { from + lead }, to: to + lead };
    let of = |h: &Handful, from: usize, to: usize| {
        let thing = &b.scene.things[h.thing];
        one(&thing.word, size_in_hand(b, player, thing), from, to)
    };
    let book = child_size(player, "book", &layout::facts(b.vocabulary, "book"));
    let read = reads(player).then(|| one("book", book, 0, b.frames));
    let first_last = handfuls.clone().rev().map(|h| of(h, h.from, h.to));
    let used = |i: &Intent| {
        let it = handfuls.clone().find(|h| i.prop.as_ref() == Some(&b.scene.things[h.thing].id) && h.from < i.to && i.from < h.to)?;
        let several = handfuls.clone().any(|h| h.thing != it.thing);
        several.then(|| of(it, it.from.max(i.from), it.to.min(i.to)))
    };
    read.into_iter().chain(first_last).chain(player.intents.iter().filter_map(used)).collect()
}

/// Somebody who reads has a book, unless something else is named.
fn reads(player: &Player<'_>) -> bool {
    player.intents.iter().any(|i| i.action == "read" && i.prop.is_none()) && player.body.as_ref().is_some_and(|x| x.anatomy == Anatomy::Human)
}

/// What a body senses while it rehearses or performs.
struct Senses<'a> {
    set: &'a Set,
    /// The top of what a body stands on.
    floor: Option<f32>,
    lead: usize,
    gaze: Vec<Option<Vec3>>,
    /// What flies, and is looked at first.
    flies: Vec<Option<Vec3>>,
    mouth: Vec<Option<Mouth>>,
    /// What blows, with the frame of the film at each frame of the scene's clock, and the frames of a second; nothing while it rehearses.
    wind: Option<(&'a Light, &'a [i64], f32)>,
}

impl Surroundings for Senses<'_> {
    fn ground(&self, x: f32, z: f32) -> f32 {
        self.floor.unwrap_or_else(|| self.set.ground(x, z))
    }
    fn footing(&self, at: Vec3) -> Vec3 {
        self.floor.map_or_else(|| self.set.footing(at), |y| at.with_y(y))
    }
    fn gaze(&self, frame: usize) -> Option<Vec3> {
        let now = frame.saturating_sub(self.lead);
        [&self.flies, &self.gaze].into_iter().find_map(|of| of.get(now).copied().flatten())
    }
    fn pursues(&self, frame: usize) -> bool {
        frame >= self.lead && self.flies.get(frame - self.lead).is_some_and(Option::is_some)
    }
    fn mouth(&self, frame: usize) -> Option<Mouth> {
        self.mouth.get(frame.checked_sub(self.lead)?).copied().flatten()
    }
    fn air(&self, at: Vec3, frame: usize) -> Vec3 {
        let Some((light, film, fps)) = self.wind else { return Vec3::ZERO };
        let now = film.get(frame.saturating_sub(self.lead)).or(film.last()).copied().unwrap_or(0);
        light.air(at, (now - self.lead.saturating_sub(frame) as i64) as f32 / fps)
    }
}

/// The top of what an actor stands on, who stays there.
fn floor(scene: &SceneStaging, actor: usize, body: &Character) -> Option<f32> {
    let script = &scene.actors[actor].script;
    let stays = script.acts.iter().all(|a| a.path.is_empty() && !matches!(a.motion.as_str(), "swim" | "fly"));
    let over = script.start.y - scene.set.terrain.height(script.start.x, script.start.z);
    let raised = over > 0.08 || crate::audience::in_house(&scene.set, script.start);
    (stays && raised && body.anatomy != Anatomy::Fish && scene.set.stage_area.water_level.is_none()).then_some(script.start.y)
}

/// The first performance, without gaze: where everybody will be.
fn rehearse(scene: &mut SceneStaging, cast: &[Character], fps: f32) {
    let lead = (LEAD_SECONDS * fps) as usize;
    for (k, body) in cast.iter().enumerate() {
        let senses = Senses { set: &scene.set, floor: floor(scene, k, body), lead, gaze: Vec::new(), flies: Vec::new(), mouth: Vec::new(), wind: None };
        let performance = kinora_cast::perform(body, &scene.actors[k].script, fps, &senses);
        scene.actors[k].performance = without_lead(performance, lead);
    }
}

fn without_lead(mut performance: kinora_cast::Performance, lead: usize) -> kinora_cast::Performance {
    performance.poses.drain(..lead.min(performance.poses.len().saturating_sub(1)));
    performance.noises.retain_mut(|n| {
        n.frame -= lead as f32;
        n.frame >= 0.0
    });
    performance.moments.retain_mut(|m| {
        let seen = m.frame.checked_sub(lead);
        m.frame = seen.unwrap_or(0);
        seen.is_some()
    });
    performance
}

/// The final performance: eyes know the cameras and each other, mouths know the lines.
fn perform_finally(
    plan: &Plan,
    cuts: &[i64],
    index: usize,
    scene: &mut SceneStaging,
    cast: &[Character],
    (cameras, flights): (&[kinora_render::scene::Camera], &flights::Flights),
    voices: &Voices,
) {
    let fps = plan.fps.0 as f32;
    let lead = (LEAD_SECONDS * fps) as usize;
    let film_frames = film_frames(plan, cuts, index, scene.frames);
    talk::react(plan, scene, voices, lead, &|seconds| film_frames.iter().position(|f| *f >= (seconds * fps) as i64));
    let finals: Vec<_> = (0..scene.actors.len())
        .map(|k| {
            let mut gaze = gazes(plan, cuts, scene, k, &film_frames, cameras, voices);
            gaze.resize(film_frames.len(), None);
            carries::look(plan, scene, cast, k, &mut gaze, fps);
            let flies: Vec<_> = (0..film_frames.len()).map(|f| flights.seen_by(k, f)).collect();
            let role = scene.actors[k].role.clone();
            let mouth = film_frames.iter().map(|f| lips::at(voices, &role, *f as f32 / fps)).collect();
            let wind = Some((&scene.light, film_frames.as_slice(), fps));
            let senses = Senses { set: &scene.set, floor: floor(scene, k, &cast[k]), lead, gaze, flies, mouth, wind };
            without_lead(kinora_cast::perform(&cast[k], &scene.actors[k].script, fps, &senses), lead)
        })
        .collect();
    for (actor, performance) in scene.actors.iter_mut().zip(finals) {
        actor.performance = performance;
    }
}

/// The film's frame at each frame of a scene's clock.
fn film_frames(plan: &Plan, cuts: &[i64], scene: usize, frames: usize) -> Vec<i64> {
    let mut film: Vec<i64> = (0..plan.shots.len()).filter(|k| plan.shots[*k].scene == plan.scenes[scene].id).flat_map(|k| cuts[k]..cuts[k + 1]).collect();
    film.resize(frames, film.last().copied().unwrap_or(0));
    film
}

/// Where one actor looks, frame by frame: what its beats say, else whoever speaks, else nothing in particular.
fn gazes(
    plan: &Plan,
    cuts: &[i64],
    scene: &SceneStaging,
    k: usize,
    film: &[i64],
    cameras: &[kinora_render::scene::Camera],
    voices: &Voices,
) -> Vec<Option<Vec3>> {
    let fps = plan.fps.0 as f32;
    let role = &scene.actors[k].role;
    let Some(plan_scene) = plan.scene(&scene.id) else { return Vec::new() };
    let lead = (LEAD_SECONDS * fps) as usize;
    // Where one looks does not depend on what a motion asks of the body.
    let intents = intents(plan, plan_scene, cuts, role, &Repertoire::default());
    let eyes_of = |id: &str, frame: usize| -> Option<Vec3> {
        let who = scene.actors.iter().find(|a| a.role == id && a.role != *role)?;
        who.performance.poses.get(frame.min(who.performance.poses.len().saturating_sub(1))).map(|p| p.landmarks.eyes)
    };
    let thing = |id: &str| -> Option<Vec3> {
        let n = plan_scene.things.iter().position(|t| t.id == id)?;
        let piece = scene.set.pieces.iter().find(|p| p.id == FIRST_THING + n as u16)?;
        Some(piece.position + Vec3::Y * 0.5 * piece.scale)
    };
    // Nobody hears what a voice-over says.
    let told: Vec<&str> = plan.shots.iter().flat_map(|s| &s.lines).filter(|l| l.heard == Heard::Over || l.who.is_none()).map(|l| l.id.as_str()).collect();
    let driven = |id: &str, frame: usize| scene.driven.iter().find(|d| d.role == id).and_then(|d| d.track.get(frame)).map(|t| t.0 + Vec3::Y * 0.8);
    (0..film.len())
        .map(|f| {
            let now = film[f] as f32 / fps;
            let looking = intents
                .iter()
                .rev()
                .find(|i| i.from <= f && matches!(i.action.as_str(), "look" | "wave" | "talk" | "stop" | "turn" | "stand" | "sit") && i.target.is_some());
            let target =
                looking.and_then(|i| i.target.as_ref()).or_else(|| intents.iter().rev().find(|i| i.from <= f && i.to > f).and_then(|i| i.target.as_ref()));
            let by_beat = match target {
                Some(Target::Camera) => cameras.get(film[f] as usize).map(|c| c.eye),
                Some(Target::Id(id)) => eyes_of(id, f).or_else(|| thing(id)).or_else(|| driven(id, f)),
                Some(Target::Up) => scene.actors[k].performance.poses.get(f).map(|p| p.landmarks.eyes + p.turn * Vec3::new(0.5, 3.0, 2.5)),
                Some(Target::Down) => scene.actors[k].performance.poses.get(f).map(|p| p.root + p.turn * Vec3::new(0.2, 0.0, 0.9)),
                _ => None,
            };
            let speaking = voices
                .lines
                .iter()
                .filter(|l| !told.contains(&l.line.as_str()))
                .find(|l| l.from.seconds() as f32 - 0.2 <= now && now <= l.to.seconds() as f32 + 0.3);
            let speaker = speaking.and_then(|l| l.who.as_deref());
            let partner = intents.iter().find_map(|i| i.with.as_deref());
            // Nobody stares: eyes leave the other now and then.
            let seed = Seed(scene.actors[k].script.seed);
            if by_beat.is_none() && speaking.is_some_and(|l| !talk::looks(seed, l, l.who.as_deref() == Some(role), now)) {
                return None;
            }
            let heard = by_beat.or_else(|| if voices.lines.is_empty() { groups::listens_to(scene, k, f, lead) } else { None });
            heard.or_else(|| match speaker {
                Some(s) if s != role => eyes_of(s, f),
                Some(_) => {
                    let to = intents.iter().rev().find(|i| i.from <= f && i.with.is_some()).and_then(|i| i.with.as_deref());
                    let other = to.and_then(|p| eyes_of(p, f));
                    other
                        .or_else(|| scene.actors.iter().find(|a| a.role != *role).and_then(|a| eyes_of(&a.role, f)))
                        .or_else(|| cameras.get(film[f] as usize).map(|c| c.eye))
                }
                None => partner.and_then(|p| eyes_of(p, f)),
            })
        })
        .collect()
}
