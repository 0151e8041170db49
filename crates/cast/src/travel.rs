//! Where a body is and which way it faces at each frame, from its acts alone: paths are followed at a speed that
//! grows and shrinks with weight, and turns are eased. People and creatures share it; feet, wings and fins follow.

use crate::motions::Rest;
use crate::{Act, Anatomy, Character, Script};
use glam::{Quat, Vec3};
pub use kinora_base::maths::direction;
use kinora_base::maths::{atan2, cos, smootherstep, wrap_angle};

/// Seconds that a body usually acts before it is first seen: what is under way at frame 0 and comes round again and again
/// begins a round then, and what happens but once waits for it.
pub const LEAD_IN: f32 = 2.5;

/// How far in front of the seat's middle a person stands before sitting down, metres on a scale of 1.
pub const SEAT_DISTANCE: f32 = 0.27;

/// How far beside the middle of a bed a person stands before lying down, metres.
pub const BEDSIDE: f32 = 0.95;

/// Seconds into a jump when the feet leave the ground, and how long they are off it.
pub const JUMP_FLIGHT: (f32, f32) = (0.55, 0.45);

/// Speed grows to full in this time, seconds.
const GATHER: f32 = 0.4;

/// Animals gather speed no faster than this, metres a second squared: their legs must keep up.
const PUSH: f32 = 6.0;

/// The act that rules the legs at a frame; sitting and lying go on until another one begins.
#[must_use]
pub fn leg_act<'s>(character: &Character, script: &'s Script, frame: usize) -> Option<&'s Act> {
    let facts = |a: &Act| character.facts(a);
    let ruling = |a: &&Act| a.from <= frame && facts(a).whole();
    let mut last: Option<&Act> = None;
    for act in script.acts.iter().filter(ruling) {
        if (frame < act.to || facts(act).stays) && last.is_none_or(|l| act.from >= l.from) {
            last = Some(act);
        }
    }
    // Whatever began after somebody sat down has made them stand up, even if it is over.
    let risen = |sitting: &Act| script.acts.iter().filter(ruling).any(|a| a.motion != sitting.motion && a.from > sitting.from);
    last.filter(|a| frame < a.to || !risen(a))
}

/// Where the root is and which way it faces (radians about y, 0 = +z) each frame.
#[must_use]
pub fn travel(character: &Character, script: &Script, fps: f32) -> Vec<(Vec3, f32)> {
    let mut walker = Walker::new(character, script, fps);
    (0..script.frames).map(|frame| walker.step(frame)).collect()
}

/// The usual speed of a motion that travels, metres a second.
#[must_use]
pub fn usual_speed(character: &Character, motion: &str) -> f32 {
    if let Some(speed) = character.motions.of(motion).speed.filter(|_| character.anatomy == Anatomy::Human) {
        return character.walk_speed * speed;
    }
    match (motion, character.anatomy) {
        ("run", _) | ("fly", Anatomy::Bird) => character.run_speed,
        ("swim", Anatomy::Fish) => character.walk_speed,
        ("swim", _) => character.walk_speed * 0.6,
        _ => character.walk_speed,
    }
}

/// Facing of a direction on the ground.
#[must_use]
pub fn facing_of(v: Vec3) -> f32 {
    atan2(v.x, v.z)
}

/// Whether an act has a place of its own that one goes to first: a seat, a bed, something to lean on.
fn settles(character: &Character, act: &Act) -> bool {
    character.facts(act).rest.is_some() || (act.support.is_some() && character.anatomy == Anatomy::Human)
}

struct Walker<'a> {
    character: &'a Character,
    script: &'a Script,
    dt: f32,
    at: Vec3,
    facing: f32,
    spin: f32,
    speed: f32,
    route: Route,
    act: Option<&'a Act>,
    begun: Vec3,
    begun_facing: f32,
}

impl<'a> Walker<'a> {
    fn new(character: &'a Character, script: &'a Script, fps: f32) -> Self {
        let mut walker = Self {
            character,
            script,
            dt: 1.0 / fps.max(1.0),
            at: script.start,
            facing: script.facing,
            spin: 0.0,
            speed: 0.0,
            route: Route::default(),
            act: None,
            begun: script.start,
            begun_facing: script.facing,
        };
        if let Some(act) = leg_act(character, script, 0).filter(|a| settles(character, a)) {
            walker.facing = act.face.unwrap_or(script.facing);
            walker.at = walker.seat_spot(act).unwrap_or(script.start);
        }
        walker
    }

    /// Where to stand before sitting down on the act's seat, lying down on its bed or leaning on its support.
    fn seat_spot(&self, act: &Act) -> Option<Vec3> {
        if let (Some(support), Some(lean)) = (&act.support, self.character.facts(act).leans) {
            let spot = support.at + direction(support.facing) * self.character.stands_off(lean, support);
            return Some(spot.with_y(self.script.start.y));
        }
        let seat = act.seat.filter(|_| self.character.anatomy == Anatomy::Human)?;
        let ahead = direction(act.face.unwrap_or(self.facing));
        let spot = match self.character.facts(act).rest? {
            Rest::Seat => seat + ahead * SEAT_DISTANCE * self.character.scale,
            // Who lies already lies on the spot; who comes to it stands at the nearer long side first.
            Rest::Bed if act.from == 0 => seat,
            Rest::Bed => {
                let side = Vec3::new(ahead.z, 0.0, -ahead.x);
                seat + side * if (self.at - seat).dot(side) < 0.0 { -BEDSIDE } else { BEDSIDE }
            }
        };
        Some(Vec3::new(spot.x, self.script.start.y, spot.z))
    }

    fn step(&mut self, frame: usize) -> (Vec3, f32) {
        let act = leg_act(self.character, self.script, frame);
        let same = match (self.act, act) {
            (Some(a), Some(b)) => std::ptr::eq(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
        if !same {
            self.act = act;
            self.begin(act);
        }
        if frame == 0 {
            return (self.at, self.facing);
        }
        match act {
            Some(act) if act.take().is_some() => self.replay(act, frame),
            Some(act) if act.motion == "jump" => self.jump(act, frame),
            Some(act) => self.follow(act, frame),
            None => self.coast(None),
        }
        (self.at, self.facing)
    }

    fn begin(&mut self, act: Option<&Act>) {
        (self.begun, self.begun_facing) = (self.at, self.facing);
        let Some(act) = act else { return };
        let rests = settles(self.character, act);
        let path = if rests { self.seat_spot(act).into_iter().collect() } else { act.path.clone() };
        if !path.is_empty() {
            self.route = Route::through(self.at, &path);
        } else if rests || matches!(act.motion.as_str(), "turn" | "dance") {
            self.route = Route::default();
        }
    }

    /// Along the route at the act's speed; on the spot when there is none.
    fn follow(&mut self, act: &Act, frame: usize) {
        let facts = self.character.facts(act);
        let ready = act.from == 0 || (frame - act.from) as f32 * self.dt >= facts.delay;
        let travels = !act.path.is_empty() || settles(self.character, act);
        let pace = if act.pace > 0.0 { act.pace } else { 1.0 };
        if !ready && travels {
            return self.coast(Some(facing_of(self.route.ahead(0.25))).filter(|_| self.route.ahead(0.25).reject_from(Vec3::Y).length() > 0.01));
        }
        if ready && !travels && facts.rises > 0.0 {
            self.rise(act, facts.rises);
        }
        if !travels || self.route.rest() < 1e-3 {
            return self.coast(act.face.or_else(|| self.half_turn(act)));
        }
        let full = usual_speed(self.character, &act.motion) * pace;
        let arriving = self.route.rest() < 0.35 * self.character.scale.max(0.3) && self.speed < full * 0.7;
        // Straight up, on a ladder, there is no new direction to face.
        let ahead = self.route.ahead(0.25);
        let onward = if ahead.reject_from(Vec3::Y).length() > 0.02 { facing_of(ahead) } else { act.face.unwrap_or(self.facing) };
        let towards = if arriving { act.face } else { None }.unwrap_or(onward);
        let error = self.turn_to(towards);
        let aligned = if arriving { 1.0 } else { cos(error).max(0.0) };
        let gather = self.gather(full);
        let stop = (2.0 * gather * 0.8 * self.route.rest()).sqrt();
        // Who slows down from a run to a walk takes a few steps for it.
        let slowed = full.max(self.speed - self.gather(self.speed) * 0.8 * self.dt);
        self.speed = (slowed * aligned).min(self.speed + gather * self.dt).min(stop).max(0.04);
        self.advance();
    }

    /// Straight up, until the hands are at the top.
    fn rise(&mut self, act: &Act, speed: f32) {
        let ground = self.script.start.y;
        let tall = act.aim.map_or(2.0 * self.character.height, |aim| 2.0 * (aim.y - ground));
        let top = ground + (tall - 0.85 * self.character.height).max(0.15 * self.character.height);
        // Slower and slower towards the top.
        let left = (top - self.at.y).max(0.0);
        self.at.y += (speed * self.character.scale).min(left * 2.0) * self.dt;
    }

    /// How fast speed grows to a full speed, metres a second squared.
    fn gather(&self, full: f32) -> f32 {
        let push = full / GATHER;
        if self.character.anatomy == Anatomy::Human { push } else { push.min(PUSH) }
    }

    /// `turn` without a direction is a half turn.
    fn half_turn(&self, act: &Act) -> Option<f32> {
        (act.motion == "turn").then(|| facing_of(direction(self.script.facing_before(act) + std::f32::consts::PI)))
    }

    /// Slows down on the route, and turns to a direction if one is wanted.
    fn coast(&mut self, face: Option<f32>) {
        // No later than the route's end.
        let needed = self.speed * self.speed / (2.0 * self.route.rest().max(0.02));
        let brake = (self.character.walk_speed / GATHER).max(needed);
        self.speed = (self.speed - brake * self.dt).max(0.0);
        if self.speed > 0.0 && self.route.rest() > 1e-3 {
            self.advance();
        } else {
            self.speed = 0.0;
        }
        let towards = face.unwrap_or(self.facing);
        self.turn_to(towards);
    }

    fn advance(&mut self) {
        self.route.gone = (self.route.gone + self.speed * self.dt).min(self.route.length);
        self.at = self.route.point(self.route.gone);
        if self.route.rest() < 1e-3 {
            self.speed = 0.0;
        }
    }

    /// Turns with inertia towards a facing; the angle still to go.
    fn turn_to(&mut self, towards: f32) -> f32 {
        let error = wrap_angle(towards - self.facing);
        let wish = (error * 5.0).clamp(-2.9, 2.9);
        let most = 14.0 * self.dt;
        self.spin += (wish - self.spin).clamp(-most, most);
        self.facing = wrap_angle(self.facing + self.spin * self.dt);
        error
    }

    /// Along the way that was recorded, from where it begins and the way one faces there.
    fn replay(&mut self, act: &Act, frame: usize) {
        let (Some(take), facts) = (act.take(), self.character.facts(act)) else { return };
        let begin = facts.begins(act.from, 1.0 / self.dt);
        let seconds = frame.saturating_sub(begin) as f32 * self.dt;
        let (now, heading) = (take.at(seconds), take.at(0.0).heading);
        let gone = take.way(seconds) * self.character.leg();
        self.at = self.begun + Quat::from_rotation_y(self.begun_facing - heading) * gone;
        self.facing = wrap_angle(self.begun_facing + now.heading - heading);
        (self.speed, self.spin) = (0.0, 0.0);
    }

    /// A jump travels in the air only.
    fn jump(&mut self, act: &Act, frame: usize) {
        let (leaves, flies) = JUMP_FLIGHT;
        let share = ((frame - act.from) as f32 * self.dt - leaves) / flies;
        if let Some(end) = act.path.last() {
            self.at = self.begun.lerp(*end, share.clamp(0.0, 1.0));
            let towards = *end - self.begun;
            if towards.length() > 0.05 {
                self.turn_to(facing_of(towards));
            }
        } else {
            self.coast(act.face);
        }
        self.speed = 0.0;
    }
}

impl Script {
    /// Which way the figure faced before an act: the last direction asked for, or that of the beginning.
    fn facing_before(&self, act: &Act) -> f32 {
        let earlier = self.acts.iter().take_while(|a| !std::ptr::eq(*a, act));
        let asked = earlier.filter_map(|a| a.face.or_else(|| last_direction(self.start, &a.path)));
        asked.last().unwrap_or(self.facing)
    }
}

fn last_direction(start: Vec3, path: &[Vec3]) -> Option<f32> {
    let end = path.last()?;
    let before = path.len().checked_sub(2).map_or(start, |i| path[i]);
    Some(facing_of(*end - before))
}

/// A smooth curve through points, measured along its length.
#[derive(Clone, Debug, Default)]
struct Route {
    points: Vec<Vec3>,
    along: Vec<f32>,
    length: f32,
    gone: f32,
}

impl Route {
    fn through(start: Vec3, path: &[Vec3]) -> Self {
        let mut knots = vec![start];
        for p in path {
            if p.distance(knots[knots.len() - 1]) > 0.02 {
                knots.push(*p);
            }
        }
        let points = if knots.len() > 2 { smooth(&knots) } else { knots };
        let mut along = vec![0.0];
        for pair in points.windows(2) {
            along.push(along[along.len() - 1] + pair[0].distance(pair[1]));
        }
        Self { length: along[along.len() - 1], points, along, gone: 0.0 }
    }

    fn rest(&self) -> f32 {
        self.length - self.gone
    }

    fn point(&self, at: f32) -> Vec3 {
        let next = self.along.partition_point(|a| *a < at).clamp(1, self.points.len().max(2) - 1);
        let (a, b) = (self.along[next - 1], self.along[next]);
        self.points[next - 1].lerp(self.points[next], ((at - a) / (b - a).max(1e-6)).clamp(0.0, 1.0))
    }

    /// Where the route goes from here, looking `metres` ahead.
    fn ahead(&self, metres: f32) -> Vec3 {
        let from = self.gone.min(self.length - metres.min(self.length));
        let to = (self.gone + metres).min(self.length);
        self.point(to) - self.point(from.min(to - 1e-3).max(0.0))
    }
}

/// A centripetal-like Catmull-Rom curve, twelve pieces a span.
fn smooth(knots: &[Vec3]) -> Vec<Vec3> {
    let last = knots.len() - 1;
    let knot = |i: isize| match i {
        -1 => knots[0] * 2.0 - knots[1],
        i if i as usize > last => knots[last] * 2.0 - knots[last - 1],
        i => knots[i as usize],
    };
    let mut points = vec![knots[0]];
    for span in 0..last as isize {
        let (a, b, c, d) = (knot(span - 1), knot(span), knot(span + 1), knot(span + 2));
        let size = c.distance(b);
        let ma = (c - a).normalize_or_zero() * size;
        let mc = (d - b).normalize_or_zero() * size;
        for k in 1..=12 {
            let t = k as f32 / 12.0;
            let (t2, t3) = (t * t, t * t * t);
            points.push(b * (2.0 * t3 - 3.0 * t2 + 1.0) + ma * (t3 - 2.0 * t2 + t) + c * (3.0 * t2 - 2.0 * t3) + mc * (t3 - t2));
        }
    }
    points
}

/// A share of 0..1 eased at both ends, from one time to another.
#[must_use]
pub fn eased(from: f32, to: f32, now: f32) -> f32 {
    smootherstep((now - from) / (to - from).max(1e-6))
}
