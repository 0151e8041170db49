//! Motions that are data alone: the `person:` section of a motion's file. Key poses follow each other in time, small
//! waves run over them, hands go to places of the body, and one interpreter plays them all.

use super::gear::{Foot, Gear, Put, PutBetween};
use super::motions::Mood;
use super::stance::{Arm, Leg, NUMBERS, Stance};
use crate::gait::Gait;
use crate::motions::{Call, Facts};
use glam::Vec3;
use kinora_base::maths::{sin, smootherstep, smoothstep};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::f32::consts::TAU;

/// A `person:` section.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Keyed {
    /// What is known of it before it is done.
    pub(crate) facts: Facts,
    /// Poses in the order of their times.
    pub(crate) keys: Vec<Key>,
    /// From when to when it is repeated, seconds: there is a key at the first time, and its pose comes again at the second.
    /// Without it the last pose is held.
    pub(crate) repeat: Option<(f32, f32)>,
    /// Rhythms over the keys.
    pub(crate) waves: Vec<Wave>,
    /// Things that it brings along: tools, instruments, seats, vehicles.
    pub(crate) gear: Vec<Gear>,
    /// How it steps, if that is no usual walk or run: a march, a limp.
    pub(crate) gait: Option<Gait>,
    /// Hands, knees and feet that take turns in holding on to the world: crawling, climbing.
    pub(crate) limbs: Option<Limbs>,
    /// Noises at times of the keys.
    pub(crate) sounds: Vec<Sound>,
    /// It gives voice (`crate::motions::Call`).
    pub(crate) call: Option<Call>,
}

/// A pose and its time.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Key {
    /// Seconds from the beginning.
    pub(crate) at: f32,
    /// How it is arrived at from the key before.
    pub(crate) ease: Ease,
    /// The pose.
    pub(crate) pose: Pose,
}

/// How a key is arrived at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
pub(crate) enum Ease {
    /// Slowly out and slowly in.
    #[default]
    Soft,
    /// Faster and faster: a blow, a fall.
    Hit,
    /// Slower and slower: what follows a blow.
    Settle,
    /// At one speed.
    Even,
}

impl Ease {
    fn of(self, t: f32) -> f32 {
        match self {
            Self::Soft => smootherstep(t),
            Self::Hit => t * t * (1.6 - 0.6 * t),
            Self::Settle => 1.0 - (1.0 - t) * (1.0 - t) * (1.0 + 0.6 * t),
            Self::Even => t,
        }
    }
}

/// A pose. Angles and lengths as in a [`Stance`]; they are added to standing, but an arm that is given replaces the arm.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Pose {
    /// Hips against standing: left, up, forward.
    pub(crate) hips: [f32; 3],
    /// Pelvis: forward, turn left, drop left.
    pub(crate) pelvis: [f32; 3],
    /// Trunk: forward, turn left, bend left.
    pub(crate) trunk: [f32; 3],
    /// Head: down, turn left, tilt left.
    pub(crate) head: [f32; 3],
    /// Both arms.
    pub(crate) arm: Option<Arm>,
    /// The left arm alone.
    pub(crate) left_arm: Option<Arm>,
    /// The right arm alone.
    pub(crate) right_arm: Option<Arm>,
    /// Both legs.
    pub(crate) leg: Leg,
    /// What the left leg has instead.
    pub(crate) left_leg: Option<Leg>,
    /// What the right leg has instead.
    pub(crate) right_leg: Option<Leg>,
    /// 0 feet tread, 1 legs go with the pelvis.
    pub(crate) free: f32,
    /// 1 the lowest point of the body lies on the ground, the seat or the bed.
    pub(crate) rest: f32,
    /// Where both hands are.
    pub(crate) hand: Option<Hand>,
    /// Where the left hand is.
    pub(crate) left_hand: Option<Hand>,
    /// Where the right hand is.
    pub(crate) right_hand: Option<Hand>,
    /// Where the thing is that is held, if it is not simply in the right hand.
    pub(crate) thing: Option<Thing>,
    /// Where both feet are: on pedals, in stirrups.
    pub(crate) foot: Option<Foot>,
    /// Where the left foot is.
    pub(crate) left_foot: Option<Foot>,
    /// Where the right foot is.
    pub(crate) right_foot: Option<Foot>,
    /// Where pieces of the gear are, by their number, if not where they usually are.
    pub(crate) gear: BTreeMap<usize, Put>,
    /// The face, added to that of the mood.
    pub(crate) face: Look,
}

/// What a place is measured from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum From {
    /// The mouth, turned with the head.
    Mouth,
    /// The middle of the chest, turned with it.
    #[default]
    Chest,
    /// The hips, turned with them.
    Hips,
    /// The ground under the body, turned with its track.
    Ground,
    /// What the act aims at, or straight ahead without an aim; turned with the track.
    Aim,
    /// Half-way from the own chest to what is aimed at (a partner's chest), turned with the track: where hands meet.
    Meet,
    /// What is aimed at, or without an aim the ground before the feet; turned with the track.
    Grasp,
    /// The thing that is held, in its own axes.
    Thing,
    /// The left palm, turned with the chest; for the right hand and for things.
    Left,
    /// The right palm, turned with the chest; for things.
    Right,
    /// The knee of the same side, turned with the hips.
    Knee,
    /// The left hand's grip, turned with the hand: x along the fingers, y to the thumb, z out of the palm.
    LeftGrip,
    /// The right hand's grip, turned with the hand: x to the wrist, y to the thumb, z out of the palm.
    RightGrip,
    /// A piece of the gear by its number, in its own axes.
    Gear(usize),
    /// Half-way to what is aimed at, on the ground, z towards it: two who hold one thing say the same place each from
    /// their own side (x and z of the other are negative). Heights are those of two adults.
    Between,
    /// The sole of the left foot, turned with it; for things.
    LeftFoot,
    /// The sole of the right foot, turned with it.
    RightFoot,
}

/// Where a palm is and how it is turned. Every x points outwards to the hand's own side, but from a thing.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Hand {
    /// What it is measured from.
    pub(crate) from: From,
    /// Metres on the reference adult.
    pub(crate) at: [f32; 3],
    /// Where the fingers point.
    pub(crate) fingers: [f32; 3],
    /// Where the palm looks.
    pub(crate) palm: [f32; 3],
    /// Where the elbow goes, against the chest.
    pub(crate) elbow: [f32; 3],
    /// How strictly: the rest is the arm's pose.
    pub(crate) strict: f32,
}

impl Default for Hand {
    fn default() -> Self {
        Self { from: From::Chest, at: [0.0; 3], fingers: [0.0, 0.0, 1.0], palm: [-1.0, 0.0, 0.0], elbow: [0.75, -1.0, -0.25], strict: 1.0 }
    }
}

/// Where a held thing's grip is and how the thing is turned.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Thing {
    /// What it is measured from.
    pub(crate) from: From,
    /// Metres on the reference adult, x to the figure's left.
    pub(crate) at: [f32; 3],
    /// Where the thing's y points.
    pub(crate) up: [f32; 3],
    /// Where the thing's z points.
    pub(crate) front: [f32; 3],
}

impl Default for Thing {
    fn default() -> Self {
        Self { from: From::Right, at: [0.0; 3], up: [0.0, 1.0, 0.0], front: [0.0, 0.0, 1.0] }
    }
}

/// A face, added to the mood's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Look {
    pub(crate) smile: f32,
    pub(crate) brow: f32,
    pub(crate) worry: f32,
    /// 1 shut.
    pub(crate) lids: f32,
    pub(crate) jaw: f32,
    pub(crate) wide: f32,
    pub(crate) round: f32,
    pub(crate) close: f32,
    /// 1 the eyes are at the work (or shut) and follow nothing else.
    pub(crate) own: f32,
    /// Where they are then, radians left and up.
    pub(crate) eyes: [f32; 2],
}

impl Look {
    fn numbers(&self) -> [f32; 11] {
        [self.smile, self.brow, self.worry, self.lids, self.jaw, self.wide, self.round, self.close, self.own, self.eyes[0], self.eyes[1]]
    }

    fn from_numbers(n: &[f32; 11]) -> Self {
        Self { smile: n[0], brow: n[1], worry: n[2], lids: n[3], jaw: n[4], wide: n[5], round: n[6], close: n[7], own: n[8], eyes: [n[9], n[10]] }
    }

    /// This and another one's numbers times a factor.
    pub(crate) fn plus(&self, other: &Self, by: f32) -> Self {
        let (a, b) = (self.numbers(), other.numbers());
        Self::from_numbers(&std::array::from_fn(|i| a[i] + b[i] * by))
    }
}

/// A pose that comes and goes in a sine.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Wave {
    /// Times a second.
    pub(crate) rate: f32,
    /// Where it begins, 0..1.
    pub(crate) phase: f32,
    /// It goes with the steps, `rate` of it to a stride, and not with time.
    pub(crate) steps: bool,
    /// Only to one side: 0 to 1 instead of -1 to 1.
    pub(crate) up: bool,
    /// Only between these times of the keys; empty = always.
    pub(crate) during: Vec<(f32, f32)>,
    /// What is added. A hand's `at`, `fingers` and `palm` are added to those of the key.
    pub(crate) pose: Pose,
}

impl Default for Wave {
    fn default() -> Self {
        Self { rate: 1.0, phase: 0.0, steps: false, up: false, during: Vec::new(), pose: Pose::default() }
    }
}

/// Limbs that hold on to the world in turns, as the body travels.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Limbs {
    /// Metres that the body goes in one round of all limbs.
    pub(crate) stride: f32,
    /// Share of the round for which a limb holds on.
    pub(crate) duty: f32,
    /// How far a limb is lifted when it moves on, metres, and whether forwards (0) or upwards (1).
    pub(crate) lift: f32,
    /// Seconds of a round on the spot; 0 = keeps still there.
    pub(crate) seconds: f32,
    /// Goes up instead of forward.
    pub(crate) up: bool,
    /// Where a hand holds on when the body is over it: outwards, up, forward of the root.
    pub(crate) hands: [f32; 3],
    /// Where a knee (crawling) or a foot (climbing) is then.
    pub(crate) legs: [f32; 3],
}

impl Default for Limbs {
    fn default() -> Self {
        Self { stride: 0.7, duty: 0.66, lift: 0.06, seconds: 0.0, up: false, hands: [0.18, 0.0, 0.4], legs: [0.1, 0.0, -0.1] }
    }
}

/// A noise of a keyed motion.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Sound {
    /// When, in the time of the keys.
    pub(crate) at: f32,
    /// An entry of `sounds`.
    pub(crate) sound: String,
    /// 1 = usual.
    pub(crate) strength: f32,
    /// Seconds to the next one, on and on as a wave goes; 0 = once each time that the keys are played.
    pub(crate) every: f32,
}

impl Keyed {
    /// The noises between two times since the beginning, each with its share of the way from the one to the other.
    pub(crate) fn sounds_between(&self, from: f32, to: f32) -> impl Iterator<Item = (&Sound, f32)> {
        self.sounds.iter().filter_map(move |sound| {
            // The last time that the keys came past it.
            let at = match self.repeat {
                _ if sound.every > 0.0 && to > sound.at => sound.at + ((to - sound.at) / sound.every).floor() * sound.every,
                Some((first, last)) if last > first + 0.01 && (first..=last).contains(&sound.at) && to > sound.at => {
                    sound.at + ((to - sound.at) / (last - first)).floor() * (last - first)
                }
                _ => sound.at,
            };
            (from < at && at <= to).then(|| (sound, (at - from) / (to - from)))
        })
    }
}

/// One hand between two keys.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Between {
    pub(crate) a: Option<Hand>,
    pub(crate) b: Option<Hand>,
    pub(crate) t: f32,
    /// What waves add to `at`, `fingers` and `palm`.
    pub(crate) waved: [Vec3; 3],
    /// How much of the whole motion shows.
    pub(crate) weight: f32,
}

/// The held thing between two keys.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct ThingBetween {
    pub(crate) a: Option<Thing>,
    pub(crate) b: Option<Thing>,
    pub(crate) t: f32,
    pub(crate) weight: f32,
}

/// A keyed motion at one time.
#[derive(Clone, Debug)]
pub(crate) struct Now {
    /// Everything but arms, to be added.
    pub(crate) body: Stance,
    arms: [(Option<Arm>, Option<Arm>); 2],
    waved: Stance,
    t: f32,
    pub(crate) hands: [Between; 2],
    pub(crate) thing: ThingBetween,
    /// The pieces of the gear, in their order.
    pub(crate) gear: Vec<PutBetween>,
    /// Where feet are put, left and right.
    pub(crate) feet: [(Option<Foot>, Option<Foot>); 2],
    pub(crate) face: Look,
}

impl Pose {
    fn foot(&self, side: usize) -> Option<Foot> {
        [self.left_foot, self.right_foot][side].or(self.foot)
    }

    fn arm(&self, side: usize) -> Option<Arm> {
        [self.left_arm, self.right_arm][side].or(self.arm)
    }

    fn hand(&self, side: usize) -> Option<Hand> {
        [self.left_hand, self.right_hand][side].or(self.hand)
    }

    fn body(&self) -> Stance {
        Stance {
            hips: self.hips,
            pelvis: self.pelvis,
            trunk: self.trunk,
            head: self.head,
            arms: [Arm::default(); 2],
            legs: [self.left_leg.unwrap_or(self.leg), self.right_leg.unwrap_or(self.leg)],
            free: self.free,
            rest: self.rest,
        }
    }
}

impl Now {
    /// An arm over the arm that is below.
    pub(crate) fn arm(&self, side: usize, below: &Stance) -> Arm {
        let base = below.arms[side];
        let pose = |arm: Arm| {
            let mut s = Stance::default();
            s.arms[0] = arm;
            s
        };
        let (a, b) = self.arms[side];
        if a.is_none() && b.is_none() && self.waved.arms[side] == Arm::default() {
            return base;
        }
        let mixed = pose(a.unwrap_or(base)).towards(&pose(b.unwrap_or(base)), self.t);
        mixed.plus(&pose(self.waved.arms[side]), 1.0).arms[0]
    }

    /// How far it is from the key before to the key after.
    pub(crate) fn t(&self) -> f32 {
        self.t
    }

    /// How much of a hand it takes, 0 to 1, between a key that says something of it and one that does not.
    pub(crate) fn takes(&self, side: usize) -> f32 {
        let (arms, hand) = (self.arms[side], &self.hands[side]);
        let of = |told: bool, share: f32| if told { share } else { 0.0 };
        of(arms.0.is_some() || hand.a.is_some(), 1.0 - self.t) + of(arms.1.is_some() || hand.b.is_some(), self.t)
    }

    /// Whether it says anything of a hand.
    pub(crate) fn uses(&self, side: usize) -> bool {
        let (a, b) = self.arms[side];
        a.is_some() || b.is_some() || self.hands[side].a.is_some() || self.hands[side].b.is_some()
    }
}

impl Keyed {
    /// When it has arrived where it stays: the beginning of what is repeated, or the last key.
    pub(crate) fn settled(&self) -> f32 {
        self.repeat.map_or_else(|| self.keys.last().map_or(0.0, |k| k.at), |r| r.0)
    }

    /// Whether any of its keys says anything of a hand.
    pub(crate) fn uses(&self, side: usize) -> bool {
        self.keys.iter().any(|k| k.pose.arm(side).is_some() || k.pose.hand(side).is_some())
    }

    /// The time of the keys at a time since the beginning.
    pub(crate) fn wrapped(&self, time: f32) -> f32 {
        match self.repeat {
            Some((from, to)) if time > to && to > from + 0.01 => from + (time - from) % (to - from),
            _ => time,
        }
    }

    /// The motion at a time since its beginning. `size` is how long legs are against the reference, `stride` how many strides
    /// were made.
    pub(crate) fn at(&self, time: f32, size: f32, stride: f32) -> Option<Now> {
        let now = self.wrapped(time.max(0.0));
        let after = self.keys.iter().position(|k| k.at > now);
        let last = self.keys.last()?;
        let again = |from: f32| self.keys.iter().find(|k| k.at >= from - 1e-3);
        let (a, b, t) = match (after, self.repeat) {
            (Some(0), _) => (&self.keys[0], &self.keys[0], 0.0),
            (Some(i), _) => {
                let (a, b) = (&self.keys[i - 1], &self.keys[i]);
                (a, b, b.ease.of((now - a.at) / (b.at - a.at).max(1e-3)))
            }
            (None, Some((from, to))) => {
                let b = again(from).unwrap_or(last);
                (last, b, b.ease.of(((now - last.at) / (to - last.at).max(1e-3)).clamp(0.0, 1.0)))
            }
            (None, None) => (last, last, 0.0),
        };
        let mut body = a.pose.body().towards(&b.pose.body(), t);
        let mut face = Look::from_numbers(&{
            let (x, y) = (a.pose.face.numbers(), b.pose.face.numbers());
            std::array::from_fn(|i| x[i] + (y[i] - x[i]) * t)
        });
        let mut waved = Stance::default();
        let mut hands = [0, 1].map(|side| Between { a: a.pose.hand(side), b: b.pose.hand(side), t, waved: [Vec3::ZERO; 3], weight: 1.0 });
        let mut gear: Vec<PutBetween> = (0..self.gear.len()).map(|k| self.piece(k, &a.pose, &b.pose, t)).collect();
        for (piece, own) in gear.iter_mut().zip(&self.gear) {
            piece.turned += Vec3::from(own.spins) * (TAU * time.max(0.0));
        }
        for wave in &self.waves {
            let strength = wave.strength(if wave.steps { stride } else { time.max(0.0) }, now);
            if strength == 0.0 {
                continue;
            }
            let mut pose = wave.pose.body();
            for (side, between) in hands.iter_mut().enumerate() {
                pose.arms[side] = wave.pose.arm(side).unwrap_or_default();
                if let Some(hand) = wave.pose.hand(side) {
                    let own = Hand::default();
                    let turned = |v: [f32; 3], usual: [f32; 3]| if v == usual { Vec3::ZERO } else { Vec3::from(v) };
                    let add = [Vec3::from(hand.at), turned(hand.fingers, own.fingers), turned(hand.palm, own.palm)];
                    for (sum, more) in between.waved.iter_mut().zip(add) {
                        *sum += more * strength;
                    }
                }
            }
            for (k, put) in &wave.pose.gear {
                if let Some(piece) = gear.get_mut(*k) {
                    piece.wave(put, strength);
                }
            }
            waved = waved.plus(&pose, strength);
            face = face.plus(&wave.pose.face, strength);
        }
        body = body.plus(&Stance { arms: [Arm::default(); 2], ..waved }, 1.0);
        body.hips = body.hips.map(|x| x * size);
        for leg in &mut body.legs {
            leg.shift = leg.shift.map(|x| x * size);
        }
        let arms = [0, 1].map(|side| (a.pose.arm(side), b.pose.arm(side)));
        let thing = ThingBetween { a: a.pose.thing, b: b.pose.thing, t, weight: 1.0 };
        let feet = [0, 1].map(|side| (a.pose.foot(side), b.pose.foot(side)));
        Some(Now { body, arms, waved, t, hands, thing, gear, feet, face })
    }

    /// A piece of the gear between two keys.
    fn piece(&self, k: usize, a: &Pose, b: &Pose, t: f32) -> PutBetween {
        let put = |pose: &Pose| pose.gear.get(&k).copied().unwrap_or(self.gear[k].put);
        PutBetween { a: put(a), b: put(b), t, ..PutBetween::default() }
    }
}

impl Wave {
    /// How much of it shows: the sine, inside its times.
    fn strength(&self, time: f32, now: f32) -> f32 {
        let inside = if self.during.is_empty() {
            1.0
        } else {
            self.during.iter().map(|(from, to)| smoothstep(from - 0.02, from + 0.16, now) * (1.0 - smoothstep(to - 0.16, to + 0.02, now))).fold(0.0, f32::max)
        };
        let s = sin(TAU * (self.rate * time + self.phase));
        inside * if self.up { 0.5 + 0.5 * s } else { s }
    }
}

/// A mood with a keyed face over it.
pub(crate) fn over(mood: &Mood, face: &Look) -> Mood {
    Mood {
        smile: (mood.smile + face.smile).clamp(-1.0, 1.0),
        brow: (mood.brow + face.brow).clamp(-1.0, 1.0),
        worry: (mood.worry + face.worry).clamp(-1.0, 1.0),
        lids: mood.lids,
        jaw: (mood.jaw + face.jaw).clamp(0.0, 1.0),
        ..*mood
    }
}

const _: () = assert!(NUMBERS == 92, "a Stance has one more number than before: mix it in `Pose::body` too");
