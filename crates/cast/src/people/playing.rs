//! Plays keyed motions: which of them show at a frame, how far each of them is, and what they say of the body.

use super::acts::Stage;
use super::feel::Feel;
use super::gear::{Placed, PutBetween};
use super::holding::{Gripped, Hold, On, Reach, girth};
use super::keyed::{From, Keyed, Look, Now, ThingBetween};
use super::stance::Stance;
use crate::performance::{Carried, GearPiece};
use crate::{Act, travel};
use glam::{Quat, Vec3};
use kinora_base::maths::smootherstep;

/// How quickly one gets up again, against lying or sitting down.
const RISE: f32 = 1.15;

/// A keyed motion that shows at a frame.
pub(crate) struct Played<'a> {
    pub(crate) act: &'a Act,
    pub(crate) now: Now,
    pub(crate) weight: f32,
    pub(crate) whole: bool,
}

impl Stage<'_> {
    /// One past the last frame of an act: what stays goes on until another motion of the whole body begins.
    pub(crate) fn end_of(&self, act: &Act) -> usize {
        let facts = self.character.facts(act);
        let later = |a: &&Act| !std::ptr::eq(*a, act) && a.from > act.from && self.character.facts(a).whole();
        let next = self.script.acts.iter().filter(later).map(|a| a.from).min();
        match next.filter(|_| facts.whole()) {
            Some(next) if facts.stays || next < act.to => next,
            _ if facts.stays => self.script.frames,
            _ => act.to,
        }
    }

    /// Seconds since the beginning of a keyed act, as its keys count them.
    pub(crate) fn clock(&self, act: &Act, frame: usize) -> f32 {
        let Some(keyed) = self.motions.keyed(act) else { return 0.0 };
        let facts = &keyed.facts;
        let pace = facts.played(act.pace);
        let begun = if (facts.rest.is_some() || act.support.is_some()) && act.from > 0 { self.arrival(act, frame).min(frame as f32) } else { act.from as f32 };
        let mut time = (frame as f32 - begun).max(0.0) / self.fps * pace;
        if act.from == 0 {
            time = under_way(keyed, time, pace);
        }
        if !facts.stays {
            return time;
        }
        let end = self.end_of(act);
        // Who has something else to do gets up in time for it, the way they went down.
        let left = (end as f32 - frame as f32).max(0.0) / self.fps * RISE;
        if end < self.script.frames && left < keyed.settled() && time > left { left } else { time }
    }

    /// All keyed motions that show at a frame, in the order of the script.
    pub(crate) fn played(&self, frame: usize) -> Vec<Played<'_>> {
        let size = self.leg / 0.786;
        let ruling = travel::leg_act(self.character, self.script, frame);
        let mut all = Vec::new();
        for act in &self.script.acts {
            let Some(keyed) = self.motions.keyed(act) else { continue };
            let whole = keyed.facts.whole();
            let weight = self.share(act, frame);
            if weight <= 0.0 || (whole && ruling.is_none_or(|r| !std::ptr::eq(r, act)) && frame < self.end_of(act)) {
                continue;
            }
            if let Some(now) = keyed.at(self.clock(act, frame), size, self.steps.phase[frame]) {
                all.push(Played { act, now, weight, whole });
            }
        }
        all
    }

    /// How much of a keyed act shows, eased in and out.
    pub(crate) fn share(&self, act: &Act, frame: usize) -> f32 {
        let (f, fps, end) = (frame as f32, self.fps, self.end_of(act));
        if frame < act.from {
            return 0.0;
        }
        let into = if act.from == 0 { 1.0 } else { smootherstep((f - act.from as f32) / (0.40 * fps)) };
        let out = if end >= self.script.frames { 1.0 } else { 1.0 - smootherstep((f - end as f32) / (0.45 * fps)) };
        into * out
    }

    /// The pose of a keyed motion of the whole body.
    pub(crate) fn keyed(&self, act: &Act, frame: usize, base: &Stance) -> Option<Stance> {
        let keyed = self.motions.keyed(act)?;
        let now = keyed.at(self.clock(act, frame), self.leg / 0.786, self.steps.phase[frame])?;
        let mut now = now;
        let puts = keyed.facts.lets_go.is_some() && keyed.facts.near.is_some_and(|n| n < 1.5);
        if let (true, Some(aim)) = ((keyed.facts.takes.is_some() || puts) && keyed.facts.aims, act.aim) {
            // Who takes something from a table, or puts it there, does not go down to the ground for it.
            let up = (aim.y - self.track[frame].0.y) / self.character.height;
            let deep = (1.0 - (up - 0.06) / 0.42).clamp(0.12, 1.0);
            let shallow = now.body.towards(&Stance::default(), 1.0 - deep);
            now.body = Stance { head: now.body.head, ..shallow };
        }
        let calm = (1.0 - now.body.free) * (1.0 - now.body.rest);
        let mut s = *base;
        for part in [&mut s.hips, &mut s.pelvis, &mut s.trunk, &mut s.head] {
            *part = part.map(|x| x * calm);
        }
        let mut s = s.plus(&now.body, 1.0);
        s.arms = [0, 1].map(|side| now.arm(side, base));
        if keyed.facts.leans.is_some() {
            let taken = self.arms_taken(frame);
            for side in (0..2).filter(|side| taken[*side] > 0.0) {
                s.arms[side] = s.towards(base, taken[side]).arms[side];
            }
        }
        if let Some(seat) = act.seat {
            let (root, facing) = self.track[frame];
            let local = Quat::from_rotation_y(-facing) * (seat - root) / self.character.scale;
            // Over the edge of a seat or a bed the hips come before they come down.
            let over = smootherstep(now.body.rest * 1.3);
            s.hips[0] += local.x * over;
            s.hips[2] += local.z * over;
        }
        Some(s)
    }

    /// How high the seat or the bed is over the track, in model space; none on the ground.
    pub(crate) fn bed(&self, frame: usize) -> Option<f32> {
        let act = travel::leg_act(self.character, self.script, frame);
        act.and_then(|a| a.seat).map(|seat| (seat.y - self.track[frame].0.y) / self.character.scale)
    }

    /// Lays keyed motions of the arms over a pose.
    pub(crate) fn lay(&self, s: &mut Stance, played: &Played<'_>) {
        let (now, w) = (&played.now, played.weight);
        let below = *s;
        for side in 0..2 {
            let goal = now.arm(side, &below);
            let mut whole = below;
            whole.arms[side] = goal;
            s.arms[side] = below.towards(&whole, w).arms[side];
        }
        // Only who stands on their feet sways with what the hands do.
        let standing = (1.0 - below.free) * w;
        for k in 0..3 {
            s.trunk[k] += now.body.trunk[k] * w;
            s.head[k] += now.body.head[k] * w;
            s.hips[k] += now.body.hips[k] * standing;
            s.pelvis[k] += now.body.pelvis[k] * standing;
        }
    }

    /// What keyed motions add to the face.
    pub(crate) fn look(&self, frame: usize) -> Look {
        self.played(frame).iter().fold(Look::default(), |sum, p| sum.plus(&p.now.face, p.weight))
    }

    /// Where keyed motions want the hands and the thing.
    pub(crate) fn reach(&self, frame: usize) -> Reach {
        let mut reach = Reach { leg: self.leg / super::ADULT_LEG, ..Reach::default() };
        reach.grips[1] = self.in_hand(frame).map(|(feel, size)| Gripped { feel, size, on: On::Own, reached: false, stands: false });
        if matches!(self.hold(frame), Hold::Ball { .. }) {
            // It lies between both hands.
            reach.grips[0] = reach.grips[1].clone();
        }
        let (root, facing) = self.track[frame];
        let local = |p: Vec3| Quat::from_rotation_y(-facing) * (p - root) / self.character.scale;
        let mut all = self.played(frame);
        let leans = all.iter().any(|p| self.character.facts(p.act).leans.is_some());
        let taken = if leans { self.arms_taken(frame) } else { [0.0; 2] };
        if leans {
            // What hands do is laid over it.
            all.sort_by_key(|p| !p.whole);
        }
        for played in all {
            let height = self.character.height / self.character.scale;
            let near = self.character.facts(played.act).near;
            let straight = near.map_or(Vec3::new(0.0, 0.78 * height, 1.6), |near| Vec3::new(0.0, 0.72 * height, near * self.leg / 0.786));
            let aimed_before = (reach.aim, reach.aimed, reach.near);
            reach.aim = played.act.aim.map_or(straight, local);
            reach.aimed = played.act.aim.is_some();
            reach.near = near.unwrap_or(0.0);
            if self.character.facts(played.act).kneels && reach.aimed {
                reach.kneel(height, played.weight);
            }
            for (side, taken) in taken.iter().enumerate() {
                if played.now.uses(side) {
                    reach.before[side] = (reach.hands[side], aimed_before);
                    reach.hands[side] = played.now.hands[side];
                    let weight = if leans && played.whole { played.weight * (1.0 - taken) } else { played.weight };
                    reach.hands[side].weight = weight;
                    reach.busy[side] = reach.busy[side].max(weight);
                }
            }
            if !played.now.gear.is_empty() && reach.outfit.is_none_or(|(_, w)| played.weight >= w) {
                let act = self.script.acts.iter().position(|a| std::ptr::eq(a, played.act)).unwrap_or(0);
                reach.outfit = Some((act, played.weight));
                reach.gear = self.rolled(&played, frame);
                reach.placed = vec![None; reach.gear.len()];
                self.grips(&played, frame, &mut reach);
            }
            for side in 0..2 {
                let (a, b) = played.now.feet[side];
                if a.is_some() || b.is_some() {
                    reach.feet[side] = (a, b, played.now.t(), played.weight);
                }
            }
            if played.now.thing.a.is_some() || played.now.thing.b.is_some() {
                reach.thing = ThingBetween { weight: played.weight, ..played.now.thing };
            }
        }
        reach
    }

    /// Which pieces of a motion's gear hands hold: what hangs from a hand, and what a hand goes to.
    fn grips(&self, played: &Played<'_>, frame: usize, reach: &mut Reach) {
        let Some(keyed) = self.motions.keyed(played.act) else { return };
        let late = played.now.t() > 0.5;
        for side in 0..2 {
            let hung = |k: &usize| {
                let piece = &played.now.gear[*k];
                let from = if late { piece.b.from } else { piece.a.from };
                from == [From::LeftGrip, From::RightGrip][side] || from == [From::Left, From::Right][side]
            };
            let hand = &played.now.hands[side];
            let gone_to = |hand: Option<super::keyed::Hand>| hand.and_then(|h| if let From::Gear(k) = h.from { Some(k) } else { None });
            let reached = if late { gone_to(hand.b).or(gone_to(hand.a)) } else { gone_to(hand.a).or(gone_to(hand.b)) };
            let hung = (0..keyed.gear.len()).find(hung);
            let Some(k) = hung.or(reached) else { continue };
            let gear = &keyed.gear[k];
            let instead = self.thing(frame).filter(|_| gear.main);
            let (word, size) = instead.map_or((&gear.thing, 1.0), |h| (&h.thing, h.size));
            if let Some(feel) = self.things.feel(word) {
                reach.grips[side] = Some(Gripped { feel, size, on: On::Gear(k), reached: hung.is_none(), stands: gear.stands });
            }
        }
    }

    /// The pieces of a motion's gear, turned by the way that was gone.
    fn rolled(&self, played: &Played<'_>, frame: usize) -> Vec<PutBetween> {
        let mut gear = played.now.gear.clone();
        let gone = self.gone[frame] - self.gone[played.act.from.min(frame)];
        for (piece, own) in gear.iter_mut().zip(self.motions.keyed(played.act).into_iter().flat_map(|k| &k.gear)) {
            if own.rolls > 0.0 {
                piece.turned.x += gone / (own.rolls * reach_unit(self));
            }
            let on_trunk = [piece.a.from, piece.b.from].iter().any(|f| matches!(f, From::Chest | From::Hips));
            if on_trunk && girth(self.character) > 0.0 && !own.hidden {
                let about = |feel: &Feel| if own.stands { (feel.about_grip().0 + feel.grip, feel.about_grip().1 + feel.grip) } else { feel.about_grip() };
                piece.within = self.things.feel(&own.thing).map(|feel| about(&feel));
            }
        }
        gear
    }

    /// All things that the motions of the script bring along, one after the other.
    pub(crate) fn outfit(&self) -> Vec<GearPiece> {
        let pieces = |act: &Act| self.motions.keyed(act).map(|k| k.gear.clone()).unwrap_or_default();
        let all = self.script.acts.iter().flat_map(pieces);
        all.map(|g| GearPiece { thing: if g.hidden { String::new() } else { g.thing }, main: g.main, stands: g.stands, shared: g.put.from == From::Between })
            .collect()
    }

    /// Where things that motions bring along are at a frame, in the world. Gear that stands on the ground is there before and
    /// after, what is in hands comes and goes with the motion.
    pub(crate) fn carried(&self, frame: usize, reach: &Reach) -> Vec<Carried> {
        let mut all = Vec::new();
        let mut first = 0;
        for (k, act) in self.script.acts.iter().enumerate() {
            let Some(keyed) = self.motions.keyed(act) else { continue };
            let shown = reach.outfit.filter(|o| o.0 == k);
            for (n, gear) in keyed.gear.iter().enumerate().filter(|(_, g)| !(g.hidden || g.alone && act.aim.is_some())) {
                let piece = u16::try_from(first + n).unwrap_or(u16::MAX);
                let settled = gear.put.from == From::Ground && !keyed.facts.travels;
                match shown {
                    Some((_, weight)) => {
                        let (root, facing) = self.track[frame];
                        let size = if settled { 1.0 } else { weight };
                        let flies = reach.gear.get(n).is_some_and(PutBetween::flies);
                        let placed = reach.placed.get(n).copied().flatten();
                        all.extend(placed.map(|p| Carried { flies, ..self.in_world(p, (root, facing), piece, size, frame) }));
                    }
                    None if settled => {
                        let middle = (act.from + act.to.min(self.track.len())) / 2;
                        let at = self.track[middle.min(self.track.len() - 1)];
                        let y = Vec3::from(gear.put.up).normalize_or(Vec3::Y);
                        let z = Vec3::from(gear.put.front);
                        let z = (z - y * z.dot(y)).normalize_or(y.any_orthonormal_vector());
                        let unit = self.leg / 0.786;
                        let turn = Quat::from_mat3(&glam::Mat3::from_cols(y.cross(z), y, z)).normalize();
                        let placed = Placed { at: Vec3::from(gear.put.at) * unit, turn, unit, size: Vec3::from(gear.put.size) };
                        all.push(self.in_world(placed, at, piece, 1.0, frame));
                    }
                    None => {}
                }
            }
            first += keyed.gear.len();
        }
        all.retain(|c| c.size.min_element() > 0.01);
        all
    }

    fn in_world(&self, p: Placed, (root, facing): (Vec3, f32), piece: u16, size: f32, frame: usize) -> Carried {
        let (turn, scale) = (Quat::from_rotation_y(facing), self.character.scale);
        let (at, turn, size) = (root + turn * (p.at * scale), turn * p.turn, p.size * (p.unit * scale * size));
        Carried { piece, at, turn, size, rolled: self.gone[frame], flies: false }
    }

    /// Where hands and knees or feet hold on to the world at a frame.
    pub(crate) fn holds(&self, frame: usize) -> Option<Holds> {
        let with_limbs = |a: &&Act| self.motions.keyed(a).is_some_and(|k| k.limbs.is_some());
        let act = self.script.acts.iter().filter(with_limbs).filter(|a| self.share(a, frame) > 0.0).max_by_key(|a| a.from)?;
        let keyed = self.motions.keyed(act)?;
        let limbs = keyed.limbs?;
        let (root, facing) = self.track[frame];
        let scale = self.character.scale;
        let size = self.leg / 0.786;
        let stride = limbs.stride * size * scale;
        let goes = !act.path.is_empty() || keyed.facts.rises > 0.0;
        let phase = match (goes, limbs.seconds) {
            (true, _) => (self.gone[frame] - self.gone[act.from.min(frame)]) / stride.max(0.01),
            (false, s) if s > 0.0 => self.clock(act, frame) / s,
            _ => 0.0,
        };
        // On the spot without a rhythm everything stays down.
        let duty = if goes || limbs.seconds > 0.0 { limbs.duty } else { 1.0 };
        let ahead = if limbs.up { Vec3::Y } else { travel::direction(facing) };
        let last = self.end_of(act).min(self.track.len()) - 1;
        let body = |at: f32| {
            if !goes {
                return (root + ahead * ((at - phase) * stride), facing);
            }
            let wanted = self.gone[act.from] + at.max(0.0) * stride;
            let next = self.gone.partition_point(|g| *g < wanted).clamp(act.from + 1, last.max(act.from + 1)).min(self.track.len() - 1);
            let (a, b) = (next - 1, next);
            let t = ((wanted - self.gone[a]) / (self.gone[b] - self.gone[a]).max(1e-6)).clamp(0.0, 1.0);
            (self.track[a].0.lerp(self.track[b].0, t), self.track[a].1 + kinora_base::maths::wrap_angle(self.track[b].1 - self.track[a].1) * t)
        };
        let limb = |offset: [f32; 3], side: usize, late: f32| {
            let turn = phase + late;
            let (n, share) = (turn.floor(), turn - turn.floor());
            let place = |n: f32| {
                let (at, facing) = body(n - late + 0.5 * duty);
                at + Quat::from_rotation_y(facing) * Vec3::new(offset[0] * [1.0, -1.0][side], offset[1], offset[2]) * (size * scale)
            };
            let swing = ((share - duty) / (1.0 - duty).max(1e-3)).clamp(0.0, 1.0);
            let moving = if goes && !limbs.up { (self.steps.speed[frame] / (0.2 * self.character.walk_speed)).min(1.0) } else { 1.0 };
            let out = if limbs.up { -travel::direction(facing) } else { Vec3::Y };
            let at = place(n).lerp(place(n + 1.0), smootherstep(swing))
                + out * (limbs.lift * size * scale * moving * kinora_base::maths::sin(std::f32::consts::PI * swing));
            Quat::from_rotation_y(-facing) * (at - root) / scale
        };
        let ready = keyed.settled();
        let down = if ready > 0.0 { smootherstep((self.clock(act, frame) / ready - 0.45) / 0.55) } else { 1.0 };
        let weight = down * self.share(act, frame);
        // Opposite hand and leg move nearly together.
        Some(Holds {
            hands: [limb(limbs.hands, 0, 0.0), limb(limbs.hands, 1, 0.5)],
            legs: [limb(limbs.legs, 0, 0.45), limb(limbs.legs, 1, 0.95)],
            knees: !limbs.up,
            weight,
        })
    }
}

/// Where the limbs hold on to the world, in model space.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Holds {
    pub(crate) hands: [Vec3; 2],
    pub(crate) legs: [Vec3; 2],
    /// The legs' places are the knees', not the feet's.
    pub(crate) knees: bool,
    pub(crate) weight: f32,
}

/// The time of the keys of a motion that was begun before the film: what happens once begins when it is first seen, what goes
/// round and round is at the beginning of a round then.
pub(crate) fn under_way(keyed: &Keyed, time: f32, pace: f32) -> f32 {
    let seen = time - travel::LEAD_IN * pace;
    match keyed.repeat {
        // A fall is not over when it is first seen.
        _ if keyed.facts.once && (keyed.facts.stays || keyed.repeat.is_none()) => seen.max(0.0),
        _ if keyed.facts.stays => time + keyed.settled(),
        Some((from, to)) if to > from && keyed.keys.len() > 1 => {
            let round = to - from;
            if seen >= 0.0 { from + seen } else { from + seen + ((-seen / round).floor() + 1.0) * round }
        }
        _ => time,
    }
}

/// What a metre of the reference adult's gear is on this body, in the world.
fn reach_unit(stage: &Stage<'_>) -> f32 {
    stage.leg / 0.786 * stage.character.scale
}
