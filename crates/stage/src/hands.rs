//! Things that are held, taken, thrown and given: where each is at every frame, once everybody's acting is known.

use crate::blocking::{FIRST_THING, Player, intents};
use crate::{Held, SceneStaging, StageError, fetch};
use glam::{Quat, Vec3};
use kinora_base::maths::{exp, smoothstep};
use kinora_cast::motions::Repertoire;
use kinora_plan::{Plan, RoleKind, Scene, Target};
use kinora_vocabulary::Vocabulary;

/// Fall of what is thrown, metres a second squared.
const GRAVITY: f32 = 9.81;
/// Seconds of a throw to somebody.
const FLIGHT: f32 = 0.7;
/// What is let go nearer than this, metres, and to nobody, falls at one's feet.
const DROPS: f32 = 0.5;
/// Seconds that a thing goes from hand to hand.
const PASSING: f32 = 0.35;

/// How far it is kicked if to nobody, metres.
const KICKED: f32 = 9.0;
/// Metres that it rolls.
const ROLLED: f32 = 0.9;
/// Seconds in which what lies there is in a mouth.
const SNAPS: f32 = 0.15;

/// Seconds for which what has come down rolls on, and is looked after.
const ROLLS: f32 = 0.7;

/// What happens to a thing at a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Event {
    frame: usize,
    /// Number of the role that does it.
    who: usize,
    change: Change,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Change {
    /// Into the hand, from the thing of that number or from the ground.
    Taken(Option<u16>),
    /// Into the hand or the mouth, from where it lies.
    Fetched,
    /// Into the air, to another role or to nobody.
    Thrown(Option<usize>),
    /// Into another role's hand.
    Given(usize),
    /// Out of the hand, to the feet.
    Dropped,
    /// Down onto the thing of that number.
    Put(u16),
    /// Away from a foot, to another role, into the thing of that number, or to nobody.
    Kicked(Option<usize>, Option<u16>),
    /// Held by a foot, where it lies.
    Stopped,
}

impl Change {
    /// To whom it flies, if it flies at all.
    fn flies(self) -> Option<Option<usize>> {
        match self {
            Self::Thrown(to) | Self::Kicked(to, _) => Some(to),
            _ => None,
        }
    }

    /// Whether it ends a flight.
    fn ends(self) -> bool {
        matches!(self, Self::Taken(_) | Self::Stopped)
    }
}

/// A thing of a scene that is in the hand of a role from one frame to before another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handful {
    pub(crate) thing: usize,
    /// Number of the player.
    pub(crate) who: usize,
    pub(crate) from: usize,
    pub(crate) to: usize,
}

/// The frames in which each thing of a scene is in somebody's hand.
pub(crate) fn in_hands(plan: &Plan, cuts: &[i64], scene: &Scene, (players, frames): (&[Player<'_>], usize), repertoire: &Repertoire) -> Vec<Handful> {
    let passing = (PASSING * plan.fps.0 as f32) as usize;
    let roles: Vec<&str> = players.iter().map(|p| p.role.id.as_str()).collect();
    let mut all = Vec::new();
    for (thing, held) in scene.things.iter().enumerate() {
        let Some(first) = held.held_by.as_ref().and_then(|id| roles.iter().position(|r| r == id)) else { continue };
        let events = events(plan, cuts, scene, &roles, thing, repertoire);
        // What is taken up lies there before.
        let lies = matches!(events.first().map(|e| e.change), Some(Change::Taken(_) | Change::Fetched | Change::Kicked(..) | Change::Stopped));
        let mut has = if lies { None } else { Some((first, 0)) };
        for event in &events {
            all.extend(has.map(|(who, from)| Handful { thing, who, from, to: event.frame }));
            has = match event.change {
                Change::Taken(_) | Change::Fetched => Some((event.who, event.frame)),
                Change::Given(to) => Some((to, event.frame + passing)),
                Change::Thrown(_) | Change::Dropped | Change::Put(_) | Change::Kicked(..) | Change::Stopped => None,
            };
        }
        all.extend(has.map(|(who, from)| Handful { thing, who, from, to: frames }));
    }
    all.retain(|h| h.from < h.to);
    all
}

/// Who catches what another throws does so when it arrives.
pub(crate) fn meet(players: &mut [Player<'_>], fps: f32) {
    let throws: Vec<(String, usize, f32)> = players
        .iter()
        .flat_map(|p| &p.intents)
        .filter(|i| i.facts.near.is_none_or(|n| n >= 1.5))
        .filter_map(|i| Some((i.prop.clone()?, i.from, i.facts.lets_go? / i.facts.played(i.pace()))))
        .collect();
    for intent in players.iter_mut().flat_map(|p| &mut p.intents) {
        let Some(takes) = intent.facts.takes.map(|takes| takes / intent.facts.played(intent.pace())) else { continue };
        let of_it = |t: &&(String, usize, f32)| intent.prop.as_ref() == Some(&t.0) && intent.from.abs_diff(t.1) as f32 <= 1.5 * fps;
        if let Some((_, from, lets_go)) = throws.iter().find(of_it) {
            let at = *from as f32 + (lets_go + FLIGHT - takes).max(0.0) * fps;
            intent.from = (at as usize).min(intent.to.saturating_sub(1));
        }
    }
}

/// Fills in the tracks of everything that is held in a scene.
pub(crate) fn carry(plan: &Plan, cuts: &[i64], scene: &mut SceneStaging, vocabulary: &Vocabulary) -> Result<(), StageError> {
    let repertoire = Repertoire::read(vocabulary)?;
    let tracks: Vec<_> = scene.held.iter().map(|held| track(plan, cuts, scene, held, &repertoire, vocabulary)).collect();
    for (held, track) in scene.held.iter_mut().zip(tracks) {
        held.track = track;
    }
    Ok(())
}

fn track(plan: &Plan, cuts: &[i64], scene: &SceneStaging, held: &Held, repertoire: &Repertoire, vocabulary: &Vocabulary) -> Vec<(Vec3, Quat)> {
    let frames = scene.frames.max(1);
    let fps = plan.fps.0 as f32;
    let events = events_of(plan, cuts, scene, held, repertoire);
    let grip = |who: usize, frame: usize| {
        let poses = &scene.actors[who].performance.poses;
        poses.get(frame.min(poses.len().saturating_sub(1))).map_or((Vec3::ZERO, Quat::IDENTITY), |p| (p.landmarks.grip, p.landmarks.grip_turn))
    };
    let low = |at: Vec3| Vec3::new(at.x, scene.set.terrain.height(at.x, at.z) + rest_height(held, vocabulary), at.z);
    let surface = |e: &Event, on: u16| {
        let piece = scene.set.pieces.iter().find(|p| p.id == on)?;
        let poses = &scene.actors[e.who].performance.poses;
        let from = poses.get(e.frame).or(poses.last())?.root;
        Some(crate::layout::on_top(vocabulary, &piece.prop, piece.scale, piece.position, from) + Vec3::Y * rest_height(held, vocabulary))
    };
    let lying = |e: &Event| match e.change {
        Change::Taken(Some(on)) => surface(e, on).unwrap_or_else(|| low(grip(e.who, e.frame).0)),
        Change::Kicked(..) | Change::Stopped => low(at_foot(scene, e, rest_height(held, vocabulary))),
        _ => low(grip(e.who, e.frame).0),
    };
    let mut all = Vec::with_capacity(frames);
    for frame in 0..frames {
        let last = events.iter().rev().find(|e| e.frame <= frame);
        let next = events.iter().find(|e| e.frame > frame);
        let since = |e: &Event| (frame - e.frame) as f32 / fps;
        all.push(match last.map(|e| (e, e.change)) {
            None => match next {
                // Nobody has it yet: it lies where it will be taken.
                Some(e) if matches!(e.change, Change::Taken(_) | Change::Fetched | Change::Kicked(..) | Change::Stopped) => (lying(e), Quat::IDENTITY),
                _ => grip(held.actor, frame),
            },
            Some((e, Change::Taken(_))) => grip(e.who, frame),
            Some((e, Change::Fetched)) => {
                let (from, into) = (lying(e), grip(e.who, frame));
                let share = smoothstep(0.0, SNAPS, since(e));
                (from.lerp(into.0, share), into.1)
            }
            Some((e, Change::Put(on))) => {
                let from = grip(e.who, e.frame);
                let share = smoothstep(0.0, PASSING, since(e));
                (from.0.lerp(surface(e, on).unwrap_or_else(|| low(from.0)), share), from.1.slerp(upright(from.1), share))
            }
            Some((e, Change::Given(to))) => {
                let (from, into) = (grip(e.who, e.frame), grip(to, frame));
                let share = smoothstep(0.0, PASSING, since(e));
                (from.0.lerp(into.0, share), from.1.slerp(into.1, share))
            }
            Some((e, Change::Dropped)) => dropped(grip(e.who, e.frame), since(e), &low),
            Some((e, Change::Stopped)) => (lying(e), Quat::IDENTITY),
            Some((e, Change::Kicked(..))) => {
                let from = lying(e);
                let lasts = |n: &Event| (n.frame - e.frame) as f32 / fps;
                match next.filter(|n| n.change.ends()) {
                    Some(n) if n.change == Change::Stopped => rolled((from, lying(n)), lasts(n), since(e), rest_height(held, vocabulary), &low),
                    caught => {
                        let caught = caught.map(|n| (grip(n.who, n.frame).0, lasts(n)));
                        let aim = next.and_then(|n| lands_for(scene, e, n)).unwrap_or_else(|| kicked_at(scene, e));
                        flight((from, Quat::IDENTITY), caught, aim, since(e), &low)
                    }
                }
            }
            Some((e, Change::Thrown(at))) => {
                let caught = next.filter(|n| matches!(n.change, Change::Taken(_))).map(|n| (grip(n.who, n.frame).0, (n.frame - e.frame) as f32 / fps));
                let aim = next.and_then(|n| lands_for(scene, e, n)).unwrap_or_else(|| low(thrown_at(scene, e, at)));
                flight(grip(e.who, e.frame), caught, aim, since(e), &low)
            }
        });
    }
    all
}

/// Something that is thrown: where it is at each frame, and who watches it in which frames.
pub(crate) struct Flown {
    pub(crate) track: Vec<Vec3>,
    pub(crate) watchers: Vec<(usize, std::ops::Range<usize>)>,
}

/// All throws of a scene that was rehearsed.
pub(crate) fn flown(plan: &Plan, cuts: &[i64], scene: &SceneStaging, vocabulary: &Vocabulary) -> Result<Vec<Flown>, StageError> {
    let repertoire = Repertoire::read(vocabulary)?;
    let fps = plan.fps.0 as f32;
    let mut all = Vec::new();
    for held in &scene.held {
        let events = events_of(plan, cuts, scene, held, &repertoire);
        for (k, event) in events.iter().enumerate() {
            let Some(at) = event.change.flies() else { continue };
            let track: Vec<Vec3> = track(plan, cuts, scene, held, &repertoire, vocabulary).into_iter().map(|t| t.0).collect();
            let taken = events.get(k + 1).filter(|n| n.change.ends());
            let from = track.get(event.frame).copied().unwrap_or_default();
            let lands = event.frame + ((falls_for(from, flies_to(scene, event)) + ROLLS) * fps) as usize;
            // Who it is for sees it coming before it leaves the hand; who runs after it looks at it until they have it, and who has
            // thrown it until they see it again.
            let fetched = events.get(k + 1).filter(|n| n.change == Change::Fetched);
            let to = fetched.map_or_else(|| taken.map_or(lands, |n| n.frame.min(lands)), |n| n.frame);
            let before = event.frame.saturating_sub((0.5 * fps) as usize);
            let other = at.or(taken.or(fetched).map(|n| n.who)).filter(|o| *o != event.who);
            let rest = if fetched.is_some() { scene.frames } else { to };
            all.push(Flown { track, watchers: other.map(|o| (o, before..to)).into_iter().chain([(event.who, event.frame..rest)]).collect() });
        }
    }
    Ok(all)
}

/// A noise of a thing: frame, entry of `sounds`, strength, where.
pub(crate) type Knock = (usize, &'static str, f32, Vec3);

/// What a thing sounds like as it is taken, given and comes down.
pub(crate) fn knocks(plan: &Plan, cuts: &[i64], scene: &SceneStaging, held: &Held, repertoire: &Repertoire) -> Vec<Knock> {
    let fps = plan.fps.0 as f32;
    let events = events_of(plan, cuts, scene, held, repertoire);
    let at = |frame: usize| held.track.get(frame).map_or(Vec3::ZERO, |t| t.0);
    // Where it lies in the end.
    let rest = |from: Vec3| held.track.last().map_or(from, |t| t.0);
    let mut all = Vec::new();
    for (k, event) in events.iter().enumerate() {
        let next = events.get(k + 1).filter(|n| n.change.ends());
        match event.change {
            // Caught out of the air.
            Change::Taken(_) if k > 0 && events[k - 1].change.flies().is_some() => all.push((event.frame, "set-down", 0.8, at(event.frame))),
            Change::Taken(_) | Change::Fetched => all.push((event.frame, "grab", 1.0, at(event.frame))),
            Change::Given(_) => all.push((event.frame, "grab", 0.7, at(event.frame))),
            Change::Thrown(_) | Change::Kicked(..) if next.is_none() => {
                let aim = events.get(k + 1).and_then(|n| lands_for(scene, event, n)).unwrap_or_else(|| flies_to(scene, event));
                let landed = event.frame + (falls_for(at(event.frame), aim) * fps) as usize;
                all.push((landed, "drop", 1.0, at(landed)));
            }
            Change::Put(_) => {
                let down = event.frame + (PASSING * fps) as usize;
                all.push((down, "set-down", 1.0, at(down)));
            }
            Change::Dropped => {
                let from = at(event.frame);
                let landed = event.frame + (fall_time(from.y - rest(from).y) * fps) as usize;
                all.push((landed, "drop", 0.9, at(landed)));
            }
            Change::Stopped => all.push((event.frame, "set-down", 0.6, at(event.frame))),
            Change::Thrown(_) | Change::Kicked(..) => {}
        }
    }
    all
}

/// Seconds until what is thrown at a place is there.
fn falls_for(from: Vec3, aim: Vec3) -> f32 {
    (((aim - from) * Vec3::new(1.0, 0.0, 1.0)).length() / 7.0).clamp(0.45, 1.4)
}

/// Seconds of a fall from a height, metres.
fn fall_time(height: f32) -> f32 {
    (2.0 * height.max(0.0) / GRAVITY).sqrt()
}

/// A fall to one's feet, with one small bounce.
fn dropped(from: (Vec3, Quat), since: f32, low: &dyn Fn(Vec3) -> Vec3) -> (Vec3, Quat) {
    let ground = low(from.0);
    let lasts = fall_time(from.0.y - ground.y);
    let upright = smoothstep(0.0, lasts.max(0.1), since);
    let turn = from.1.slerp(Quat::from_rotation_z(1.2), upright);
    if since < lasts {
        return (from.0 - Vec3::Y * (0.5 * GRAVITY * since * since), turn);
    }
    // A tenth of its height once more.
    let after = (since - lasts) / (2.0 * fall_time(0.1 * (from.0.y - ground.y))).max(0.01);
    let high = if after < 1.0 { 0.4 * (from.0.y - ground.y) * after * (1.0 - after) } else { 0.0 };
    (ground + Vec3::Y * high, turn)
}

/// A turn without its tilt.
fn upright(turn: Quat) -> Quat {
    let ahead = turn * Vec3::Z;
    Quat::from_rotation_y(kinora_base::maths::atan2(ahead.x, ahead.z))
}

/// Where something is thrown: at somebody's chest, or straight ahead.
fn thrown_at(scene: &SceneStaging, e: &Event, to: Option<usize>) -> Vec3 {
    let pose = |who: usize| {
        let poses = &scene.actors[who].performance.poses;
        poses.get(e.frame).or(poses.last())
    };
    let chest = to.and_then(pose).map(|p| p.landmarks.chest);
    chest.or_else(|| pose(e.who).map(|p| p.root + p.turn * Vec3::Z * 6.0)).unwrap_or(Vec3::ZERO)
}

/// The place on the ground before somebody's right foot, for a ball of this radius.
fn at_foot(scene: &SceneStaging, e: &Event, radius: f32) -> Vec3 {
    let poses = &scene.actors[e.who].performance.poses;
    // A foot that swings has come to the ball with its toes, one that stops it lies on it.
    let toes = if e.change == Change::Stopped { 0.06 } else { 0.13 };
    poses.get(e.frame).or(poses.last()).map_or(Vec3::ZERO, |p| p.landmarks.feet[1] + p.turn * Vec3::Z * (toes + radius))
}

/// Where what is kicked flies: to somebody's feet, into what it is kicked at, or far ahead.
fn kicked_at(scene: &SceneStaging, e: &Event) -> Vec3 {
    let Change::Kicked(to, on) = e.change else { return Vec3::ZERO };
    let pose = |who: usize| {
        let poses = &scene.actors[who].performance.poses;
        poses.get(e.frame).or(poses.last())
    };
    let into = on.and_then(|on| scene.set.pieces.iter().find(|p| p.id == on)).map(|p| p.position);
    let ahead = || pose(e.who).map(|p| p.root + p.turn * Vec3::Z * KICKED);
    let at = into.or_else(|| to.and_then(pose).map(|p| p.root)).or_else(ahead).unwrap_or(Vec3::ZERO);
    Vec3::new(at.x, scene.set.terrain.height(at.x, at.z), at.z)
}

/// Where what is thrown or kicked flies.
fn flies_to(scene: &SceneStaging, e: &Event) -> Vec3 {
    if let Change::Thrown(to) = e.change { thrown_at(scene, e, to) } else { kicked_at(scene, e) }
}

/// A ball that rolls over the ground from one foot to another, slower and slower, turning as it goes.
fn rolled((from, to): (Vec3, Vec3), lasts: f32, since: f32, radius: f32, low: &dyn Fn(Vec3) -> Vec3) -> (Vec3, Quat) {
    let t = (since / lasts.max(0.05)).min(1.0);
    let share = t * (1.4 - 0.4 * t);
    let at = low(from.lerp(to, share));
    let way = (to - from) * Vec3::new(1.0, 0.0, 1.0);
    (at, Quat::from_axis_angle(Vec3::Y.cross(way).normalize_or(Vec3::X), way.length() * share / radius.max(0.03)))
}

/// Where what is fetched comes down, so that it rolls to where it is taken.
fn lands_for(scene: &SceneStaging, thrown: &Event, next: &Event) -> Option<Vec3> {
    if next.change != Change::Fetched {
        return None;
    }
    let grip = |e: &Event| {
        let poses = &scene.actors[e.who].performance.poses;
        poses.get(e.frame).or(poses.last()).map(|p| p.landmarks.grip)
    };
    let (from, to) = (grip(thrown)?, grip(next)?);
    let flat = (to - from) * Vec3::new(1.0, 0.0, 1.0);
    let at = to - flat.normalize_or_zero() * ROLLED;
    Some(Vec3::new(at.x, scene.set.terrain.height(at.x, at.z), at.z))
}

/// A throw: a parabola to whoever catches it, or to the ground, where it rolls out.
fn flight(from: (Vec3, Quat), caught: Option<(Vec3, f32)>, aim: Vec3, since: f32, low: &dyn Fn(Vec3) -> Vec3) -> (Vec3, Quat) {
    let flat = (aim - from.0) * Vec3::new(1.0, 0.0, 1.0);
    let (to, lasts) = caught.unwrap_or((aim, falls_for(from.0, aim)));
    let spin = Quat::from_axis_angle(flat.cross(Vec3::NEG_Y).normalize_or(Vec3::X), 5.0 * since.min(lasts));
    if since < lasts {
        let share = since / lasts;
        let fallen = 0.5 * GRAVITY * lasts * lasts * share * (1.0 - share);
        return (from.0.lerp(to, share) + Vec3::Y * fallen, spin * from.1);
    }
    // It rolls a little further and comes to rest.
    let rolled = ROLLED * (1.0 - exp((-2.2 * (since - lasts)).max(-8.0)));
    (low(to + flat.normalize_or_zero() * rolled), spin * from.1)
}

/// How high the grip of a thing is when the thing lies on the ground.
fn rest_height(held: &Held, vocabulary: &Vocabulary) -> f32 {
    let facts = crate::layout::facts(vocabulary, &held.word);
    facts.grip.map_or(0.0, |g| g.1) * held.scale
}

/// Those of a thing that is in somebody's hands, once everybody has acted.
fn events_of(plan: &Plan, cuts: &[i64], scene: &SceneStaging, held: &Held, repertoire: &Repertoire) -> Vec<Event> {
    let roles: Vec<&str> = scene.actors.iter().map(|a| a.role.as_str()).collect();
    let thing = usize::from(held.id).checked_sub(usize::from(FIRST_THING));
    let planned = plan.scene(&scene.id).zip(thing).filter(|(s, thing)| *thing < s.things.len());
    planned.map_or_else(Vec::new, |(planned, thing)| events(plan, cuts, planned, &roles, thing, repertoire))
}

fn events(plan: &Plan, cuts: &[i64], scene: &Scene, roles: &[&str], thing: usize, repertoire: &Repertoire) -> Vec<Event> {
    let fps = plan.fps.0 as f32;
    let thing = &scene.things[thing];
    let number_of = |role: &str| roles.iter().position(|r| *r == role);
    let mut all = Vec::new();
    // Of several who are one role, the first.
    for (who, role) in roles.iter().enumerate().filter(|(who, role)| number_of(role) == Some(*who)) {
        for intent in intents(plan, scene, cuts, role, repertoire) {
            let of_it = intent.prop.as_deref() == Some(&thing.id) || intent.target == Some(Target::Id(thing.id.clone()));
            if !of_it {
                continue;
            }
            if intent.action == fetch::FETCH {
                let everybody = roles.iter().flat_map(|r| intents(plan, scene, cuts, r, repertoire)).collect::<Vec<_>>();
                let thrown = fetch::thrown(everybody.iter().filter(|i| i.action != fetch::FETCH), &thing.id, fps);
                let kind = plan.role(role).map_or(RoleKind::Person, |r| r.kind);
                all.push(Event { frame: fetch::Times::of(&intent, thrown, kind, fps).takes, who, change: Change::Fetched });
                continue;
            }
            let other = match &intent.target {
                Some(Target::Id(id)) => number_of(id),
                _ => None,
            };
            let at = |moment: f32| intent.after(moment, fps);
            // What it is taken from, or put on.
            let on = match &intent.target {
                Some(Target::Id(id)) if *id != thing.id => scene.things.iter().position(|t| t.id == *id && t.held_by.is_none()).map(|k| FIRST_THING + k as u16),
                _ => None,
            };
            if let Some(moment) = intent.facts.takes {
                let change = if intent.facts.by_foot { Change::Stopped } else { Change::Taken(on) };
                all.push(Event { frame: at(moment), who, change });
            }
            if let Some(moment) = intent.facts.lets_go {
                let change = match (intent.facts.near, other, on) {
                    (_, to, on) if intent.facts.by_foot => Change::Kicked(to, on),
                    (Some(near), Some(to), _) if near < 1.5 => Change::Given(to),
                    (Some(near), None, Some(on)) if near < 1.5 => Change::Put(on),
                    (Some(near), None, None) if near < DROPS => Change::Dropped,
                    (_, to, _) => Change::Thrown(to),
                };
                all.push(Event { frame: at(moment), who, change });
            }
        }
    }
    // What is thrown at somebody who catches it arrives when they do.
    let throws: Vec<(usize, usize)> = all.iter().filter(|e| e.change.flies().is_some()).map(|e| (e.frame, e.who)).collect();
    for event in all.iter_mut().filter(|e| e.change.ends()) {
        let of_it = |t: &&(usize, usize)| t.1 != event.who && event.frame.abs_diff(t.0) as f32 <= 1.5 * fps;
        if let Some((frame, _)) = throws.iter().find(of_it) {
            event.frame = frame + (FLIGHT * fps) as usize;
        }
    }
    all.sort_by_key(|e| e.frame);
    all
}

#[cfg(test)]
mod tests {
    use crate::tests::Film;
    use glam::Vec3;

    /// Where the thing is at a time, and the grips of both.
    fn at(film: &Film, seconds: f32) -> (Vec3, [Vec3; 2]) {
        let scene = &film.staging.scenes[0];
        let frame = (seconds * 24.0) as usize;
        let grip = |k: usize| scene.actors[k].performance.poses[frame].landmarks.grip;
        (scene.held[0].track[frame].0, [grip(0), grip(1)])
    }

    const BALL: &str = r#"{"id": "ball", "word": "ball", "held_by": "man"}"#;

    #[test]
    fn what_is_dropped_falls_at_the_feet_as_fast_as_things_fall() {
        let film = Film::of_two(r#"{"id": "a", "who": "man", "action": "drop", "prop": "cup"}"#, r#"{"id": "cup", "word": "cup", "held_by": "man"}"#);
        let scene = &film.staging.scenes[0];
        let track: Vec<Vec3> = scene.held[0].track.iter().map(|t| t.0).collect();
        let root = scene.actors[0].performance.poses[0].root;
        let last = track[track.len() - 1];
        assert!(((last - root) * Vec3::new(1.0, 0.0, 1.0)).length() < 1.0, "it lies near them: {last} of {root}");
        assert!(track[0].y - last.y > 0.6, "it was in the hand: {} to {}", track[0].y, last.y);
        let steepest = track.windows(2).map(|w| w[0].y - w[1].y).fold(0.0, f32::max) * 24.0;
        let wanted = (2.0 * 9.81 * (track[0].y - last.y)).sqrt();
        assert!((0.75..1.1).contains(&(steepest / wanted)), "{steepest} metres a second at the ground, {wanted} by the fall");
    }

    #[test]
    fn what_is_put_on_a_table_stands_on_it_and_was_there_before_it_is_taken() {
        let table = r#"{"id": "cup", "word": "cup", "held_by": "man"}, {"id": "table", "word": "table"}"#;
        let lies = |film: &Film, at: Vec3| {
            let set = &film.staging.scenes[0].set;
            let table = set.pieces.iter().find(|p| p.prop == "table" && p.id > 0).expect("a table");
            let off = (at - table.position) * Vec3::new(1.0, 0.0, 1.0);
            (0.70..0.95).contains(&(at.y - table.position.y)) && off.length() < 0.4
        };
        let put = Film::of_two(r#"{"id": "a", "who": "man", "action": "put", "target": {"id": "table"}, "prop": "cup"}"#, table);
        let (before, [hand, _]) = at(&put, 0.5);
        let (after, [empty, _]) = at(&put, 4.0);
        assert!(before.distance(hand) < 0.01 && lies(&put, after) && after.distance(empty) > 0.15, "{before} to {after}");
        let take = Film::of_two(r#"{"id": "a", "who": "man", "action": "pick-up", "target": {"id": "table"}, "prop": "cup"}"#, table);
        let (before, _) = at(&take, 0.5);
        let (after, [hand, _]) = at(&take, 4.0);
        assert!(lies(&take, before) && after.distance(hand) < 0.01, "{before} to {after}");
    }

    #[test]
    fn what_is_thrown_flies_and_is_caught() {
        let beats = r#"{"id": "a", "who": "man", "action": "throw", "to": "2 s", "target": {"id": "girl"}, "prop": "ball"},
            {"id": "b", "who": "girl", "action": "catch", "from": "1.2 s", "prop": "ball"}"#;
        let film = Film::of_two(beats, BALL);
        let (before, [man, _]) = at(&film, 0.5);
        assert!(before.distance(man) < 0.01, "in the thrower's hand");
        let (air, [man, girl]) = at(&film, 1.5);
        assert!(air.distance(man) > 0.2 && air.distance(girl) > 0.05, "in the air");
        let (after, [_, girl]) = at(&film, 3.5);
        assert!(after.distance(girl) < 0.01, "in the catcher's hand");
    }

    #[test]
    fn what_is_thrown_away_comes_to_lie_on_the_ground() {
        let film = Film::of_two(r#"{"id": "a", "who": "man", "action": "throw", "prop": "ball"}"#, BALL);
        let (rest, [man, _]) = at(&film, 4.5);
        let ground = film.staging.scenes[0].set.terrain.height(rest.x, rest.z);
        assert!((rest.y - ground) < 0.3 && rest.distance(man) > 2.0, "it lies {} m over the ground, {} m away", rest.y - ground, rest.distance(man));
        let (later, _) = at(&film, 4.9);
        assert!(later.distance(rest) < 0.1, "and stays there");
    }

    #[test]
    fn what_is_kicked_lies_there_rolls_and_is_stopped_by_a_foot() {
        let beats = r#"{"id": "a", "who": "man", "action": "kick-ball", "to": "2 s", "target": {"id": "girl"}, "prop": "ball"},
            {"id": "b", "who": "girl", "action": "stop-ball", "from": "1 s", "prop": "ball"}"#;
        let film = Film::of_two(beats, BALL);
        let scene = &film.staging.scenes[0];
        let up = |at: Vec3| at.y - scene.set.terrain.height(at.x, at.z);
        let foot = |who: usize, seconds: f32| scene.actors[who].performance.poses[(seconds * 24.0) as usize].landmarks.feet[1];
        let (before, [hand, _]) = at(&film, 0.3);
        assert!(up(before) < 0.2 && before.distance(hand) > 0.5, "it lies on the ground and not in a hand: {before}");
        assert!(before.distance(foot(0, 0.8)) < 0.4, "the foot comes to it: {} m", before.distance(foot(0, 0.8)));
        let kicked = (0..120).find(|f| scene.held[0].track[*f].0.distance(before) > 0.05).expect("it is kicked") as f32 / 24.0;
        let (on_the_way, _) = at(&film, kicked + 0.3);
        assert!(on_the_way.distance(foot(0, kicked)) > 0.6 && on_the_way.distance(foot(1, kicked)) > 0.4, "it is on its way at {on_the_way}");
        let (after, _) = at(&film, 4.0);
        assert!(after.distance(foot(1, 4.0)) < 0.45 && up(after) < 0.2, "it lies at her foot: {} m off", after.distance(foot(1, 4.0)));
    }

    #[test]
    fn what_is_kicked_away_or_into_a_goal_comes_to_lie_there() {
        let away = Film::of_two(r#"{"id": "a", "who": "man", "action": "kick-ball", "prop": "ball"}"#, BALL);
        let (rest, [man, _]) = at(&away, 4.5);
        assert!(((rest - man) * Vec3::new(1.0, 0.0, 1.0)).length() > 6.0, "{} m away", rest.distance(man));
        let things = r#"{"id": "ball", "word": "ball", "held_by": "man"}, {"id": "goal", "word": "football-goal"}"#;
        let scored = Film::of_two(r#"{"id": "a", "who": "man", "action": "kick-ball", "target": {"id": "goal"}, "prop": "ball"}"#, things);
        let goal = scored.staging.scenes[0].set.pieces.iter().find(|p| p.prop == "football-goal").expect("a goal").position;
        let (rest, _) = at(&scored, 4.5);
        assert!(((rest - goal) * Vec3::new(1.0, 0.0, 1.0)).length() < 1.6, "it lies {} m from the middle of the goal", rest.distance(goal));
    }

    #[test]
    fn what_is_picked_up_lies_there_first() {
        let film = Film::of_two(
            r#"{"id": "a", "who": "man", "action": "pick-up", "from": "1 s", "prop": "flower"}"#,
            r#"{"id": "flower", "word": "flower", "held_by": "man"}"#,
        );
        let (before, [man, _]) = at(&film, 0.5);
        assert!(before.distance(man) > 0.4, "not in the hand yet");
        let (after, [man, _]) = at(&film, 4.0);
        assert!(after.distance(man) < 0.01, "in the hand");
    }

    /// Thing, size, and the seconds in which it is in the hands of both, as far as anything is.
    fn grasped(film: &Film) -> [Vec<(String, f32, [i32; 2])>; 2] {
        let lead = (crate::blocking::LEAD_SECONDS * 24.0) as usize;
        let tenths = |frame: usize| (frame.saturating_sub(lead) as f32 / 2.4).round() as i32;
        [0, 1].map(|k| {
            let held = &film.staging.scenes[0].actors[k].script.held;
            held.iter().map(|h| (h.thing.clone(), h.size, [tenths(h.from), tenths(h.to)])).collect()
        })
    }

    #[test]
    fn hands_have_a_thing_until_they_let_go_and_from_when_it_comes() {
        let giant = r#"{"id": "cup", "word": "cup", "held_by": "man", "traits": {"size": 1.5}}"#;
        let given = Film::of_two(r#"{"id": "a", "who": "man", "action": "give", "target": {"id": "girl"}, "prop": "cup"}"#, giant);
        let [man, girl] = grasped(&given);
        assert_eq!(man, [("cup".to_owned(), 1.5, [0, 17])], "the giver until then");
        assert_eq!(girl, [("cup".to_owned(), 1.5, [20, 50])], "who is given it as soon as it is there");
        let beats = r#"{"id": "a", "who": "man", "action": "throw", "to": "2 s", "target": {"id": "girl"}, "prop": "ball"},
            {"id": "b", "who": "girl", "action": "catch", "from": "1.2 s", "prop": "ball"}"#;
        let [man, girl] = grasped(&Film::of_two(beats, BALL));
        assert!(man.len() == 1 && girl.len() == 1 && girl[0].2[0] == man[0].2[1] + 7, "0.7 s in the air: {man:?}, {girl:?}");
        let table = r#"{"id": "table", "word": "table"}, {"id": "cup", "word": "cup", "held_by": "man"}"#;
        let [man, _] = grasped(&Film::of_two(r#"{"id": "a", "who": "man", "action": "pick-up", "target": {"id": "table"}, "prop": "cup"}"#, table));
        assert!(man.len() == 1 && man[0].2[0] >= 10, "who takes it has nothing before: {man:?}");
    }

    #[test]
    fn a_child_has_a_childs_cup_and_closes_the_hand_on_it() {
        let cup = |who: &str, more: &str| {
            let beats = format!(r#"{{"id": "a", "who": "{who}", "action": "drink", "prop": "cup"}}{more}"#);
            Film::of_two(&beats, &format!(r#"{{"id": "cup", "word": "cup", "held_by": "{who}"}}"#))
        };
        let scale = |film: &Film| film.staging.scenes[0].held[0].scale;
        let girl = cup("girl", "");
        assert!((0.7..0.95).contains(&scale(&girl)), "a girl's: {}", scale(&girl));
        assert!((scale(&cup("man", "")) - 1.0).abs() < 1e-6, "a man's is as large as cups are");
        let given = cup("girl", r#", {"id": "b", "who": "girl", "action": "give", "from": "2 s", "target": {"id": "man"}, "prop": "cup"}"#);
        assert!((scale(&given) - 1.0).abs() < 1e-6, "so is one that goes from hand to hand");
        // The hand is as near to it as a man's to his, by its size.
        let gap = |film: &Film, who: usize| {
            let scene = &film.staging.scenes[0];
            let pose = &scene.actors[who].performance.poses[60];
            pose.landmarks.hands[1].distance(scene.held[0].track[60].0) / film.body(&scene.actors[who].role).height
        };
        let (small, usual) = (gap(&girl, 1), gap(&cup("man", ""), 0));
        assert!(small < usual * 1.35 + 0.01, "{small} and {usual} of the heights from hand to cup");
    }

    #[test]
    fn who_plays_with_a_racket_has_no_other_on_the_back() {
        let size = |action: &str| {
            let plan = r#""cast": [{"id": "pro", "kind": "person", "word": "tennis-player"}], "scenes": [{"id": "s", "place": "park"}],
                "shots": [{"id": "1", "scene": "s", "length": 48000, "framing": {"subject": ["pro"]}, "beats": [{"id": "a", "who": "pro", "action": "ACTION"}]}]"#;
            let film = Film::new(&plan.replace("ACTION", action));
            let role = &film.staging.plan.cast[0];
            let body = film.staging.company.character(role, &film.vocabulary, crate::blocking::seed_of(&film.staging.plan, "pro", 0));
            body.expect("a body").output.levels[0].mesh.positions.len()
        };
        let (stands, plays) = (size("stand"), size("play-tennis"));
        assert!(plays + 200 < stands, "{plays} vertices of who plays, {stands} of who stands");
    }

    #[test]
    fn what_is_given_changes_hands() {
        let film = Film::of_two(
            r#"{"id": "a", "who": "man", "action": "give", "target": {"id": "girl"}, "prop": "flower"}"#,
            r#"{"id": "flower", "word": "flower", "held_by": "man"}"#,
        );
        let (after, [_, girl]) = at(&film, 4.0);
        assert!(after.distance(girl) < 0.01, "the girl has it");
    }
}
