//! Hand shapes by name: how far each joint of each finger is bent, as numbers that mix.

use super::stance::Arm;
use kinora_solids::facts::Held;
use serde::Deserialize;

/// A hand's shape, radians unless said.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Fingers {
    /// Knuckle, middle and last joint of index, middle, ring and little finger; 0 = straight.
    pub(crate) bends: [[f32; 3]; 4],
    /// Each finger towards the thumb.
    pub(crate) fan: [f32; 4],
    /// The thumb: rolled before the palm, out from the index finger, bent at its root, bent at its last joint.
    pub(crate) thumb: [f32; 4],
    /// Where the grip of what is held is, against the middle of the palm's inner side: along the fingers, to the thumb, out
    /// of the palm; metres on the reference hand.
    pub(crate) place: [f32; 3],
    /// 1 the fingers close until they lie on what is in the hand.
    pub(crate) hold: f32,
    /// 1 the thing says which shape it is held in.
    pub(crate) own: f32,
}

/// How many numbers a hand has.
pub(crate) const FINGER_NUMBERS: usize = 12 + 4 + 4 + 3 + 2;

impl Fingers {
    /// As numbers, for mixing.
    pub(crate) fn numbers(&self) -> [f32; FINGER_NUMBERS] {
        let mut out = [0.0; FINGER_NUMBERS];
        let all = self.bends.iter().flatten().chain(&self.fan).chain(&self.thumb).chain(&self.place).chain([&self.hold, &self.own]);
        out.iter_mut().zip(all).for_each(|(o, x)| *o = *x);
        out
    }

    /// From numbers.
    pub(crate) fn from_numbers(n: &[f32]) -> Self {
        Self {
            bends: std::array::from_fn(|f| std::array::from_fn(|k| n[3 * f + k])),
            fan: std::array::from_fn(|f| n[12 + f]),
            thumb: std::array::from_fn(|k| n[16 + k]),
            place: std::array::from_fn(|k| n[20 + k]),
            hold: n[23],
            own: n[24],
        }
    }

    /// Part of the way to another shape.
    pub(crate) fn towards(&self, other: &Self, t: f32) -> Self {
        let (a, b) = (self.numbers(), other.numbers());
        let mixed: [f32; FINGER_NUMBERS] = std::array::from_fn(|i| a[i] + (b[i] - a[i]) * t);
        Self::from_numbers(&mixed)
    }

    /// This with all fingers closed more and spread, and the thumb out (1) or over the palm (-1).
    pub(crate) fn closed(mut self, curl: f32, spread: f32, thumb: f32) -> Self {
        for (f, bends) in self.bends.iter_mut().enumerate() {
            // The little finger closes a little more than the index.
            let by = curl * (1.0 + 0.05 * f as f32);
            bends.iter_mut().zip(FIST).for_each(|(b, most)| *b += by * most);
        }
        self.fan.iter_mut().zip(SPREAD).for_each(|(f, most)| *f += spread * most);
        let (out, over) = (thumb.max(0.0), (-thumb).max(0.0));
        let close = curl * (1.0 - out);
        let add = [close * 0.5 + over * 0.5, out * 0.55 - over * 0.25, close * 0.35, close * 0.55 + over * 0.4];
        self.thumb.iter_mut().zip(add).for_each(|(t, more)| *t += more);
        self
    }
}

impl Fingers {
    /// It holds by thumb and fingertips, and not against the palm.
    pub(crate) fn by_tips(&self) -> bool {
        self.place[1] > 0.02
    }

    /// How many fingers close on the thing then; the others rest.
    pub(crate) fn tips(&self) -> usize {
        match self.place[1] {
            flat if flat > 0.050 => 0,
            pinched if pinched > 0.0445 => 1,
            _ => 2,
        }
    }
}

/// Bends of a finger's joints at a curl of 1.
const FIST: [f32; 3] = [1.0, 1.30, 0.88];
/// Fans of fingers that are spread.
const SPREAD: [f32; 4] = [0.24, 0.05, -0.10, -0.26];

/// A hand shape that motion files name. Angles after the finger poses of grasp taxonomies (Cutkosky 1989, Feix 2016), rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Shape {
    /// Hanging, half open.
    Rest,
    /// Straight, side by side: a push, a salute, an oath.
    Flat,
    /// Straight and apart: jazz hands, high five.
    Spread,
    /// Closed, the thumb over the fingers.
    Fist,
    /// The index finger straight, the others closed.
    Point,
    /// Index and middle finger straight and apart.
    Victory,
    /// A fist with the thumb up.
    ThumbUp,
    /// Tips of thumb and index finger touch, the others straight.
    Okay,
    /// Bent at the middle joints only: a lion's paw, strings.
    Claw,
    /// A hollow: water, the underside of a bowl.
    Cup,
    /// Round fingers over keys, strings and laces.
    Keys,
    /// Closes round whatever is in the hand, as that thing is held.
    Hold,
    /// Round a handle.
    Bar,
    /// Bent fingers from which something hangs.
    Hook,
    /// About something round.
    Ball,
    /// Something flat between thumb and the side of the index finger.
    Key,
    /// A pen between thumb, index and middle finger.
    Pen,
    /// Something small between the tips of thumb and index finger.
    Pinch,
}

impl From<Held> for Shape {
    fn from(held: Held) -> Self {
        match held {
            Held::Bar => Self::Bar,
            Held::Hook => Self::Hook,
            Held::Ball => Self::Ball,
            Held::Key => Self::Key,
            Held::Pen => Self::Pen,
            Held::Pinch => Self::Pinch,
        }
    }
}

/// Degrees of the joints of index, middle, ring and little finger.
type Degrees = [[f32; 3]; 4];

const CLOSED: [f32; 3] = [76.0, 92.0, 52.0];
const STRAIGHT: [f32; 3] = [0.0; 3];
const SLACK: [f32; 3] = [42.0, 50.0, 28.0];

impl Shape {
    fn degrees(self) -> Degrees {
        match self {
            Self::Rest => [[15.0, 20.0, 10.0], [20.0, 25.0, 12.0], [25.0, 30.0, 15.0], [30.0, 30.0, 15.0]],
            Self::Flat | Self::Spread => [STRAIGHT; 4],
            Self::Fist | Self::ThumbUp => [CLOSED; 4],
            Self::Point => [STRAIGHT, CLOSED, CLOSED, CLOSED],
            Self::Victory => [STRAIGHT, STRAIGHT, CLOSED, CLOSED],
            Self::Okay => [[45.0, 45.0, 25.0], [15.0, 10.0, 5.0], [5.0, 5.0, 0.0], STRAIGHT],
            Self::Claw => [[-10.0, 70.0, 50.0]; 4],
            Self::Cup => [[20.0, 25.0, 15.0]; 4],
            Self::Keys => [[25.0, 35.0, 20.0], [28.0, 35.0, 20.0], [28.0, 35.0, 20.0], [25.0, 32.0, 18.0]],
            Self::Hold | Self::Bar => [[70.0, 80.0, 50.0], [72.0, 82.0, 50.0], [74.0, 84.0, 50.0], [76.0, 84.0, 50.0]],
            Self::Hook => [[10.0, 85.0, 60.0]; 4],
            Self::Ball => [[35.0, 40.0, 25.0], [35.0, 42.0, 25.0], [38.0, 42.0, 25.0], [40.0, 40.0, 25.0]],
            Self::Key => [[55.0, 70.0, 40.0]; 4],
            Self::Pen => [[50.0, 45.0, 20.0], [55.0, 60.0, 35.0], [65.0, 75.0, 45.0], [65.0, 75.0, 45.0]],
            Self::Pinch => [[45.0, 45.0, 25.0], SLACK, SLACK, SLACK],
        }
    }

    /// How much fingers are spread, and the thumb: rolled, out, bent, its tip bent.
    fn apart(self) -> (f32, [f32; 4]) {
        match self {
            Self::Rest => (0.0, [0.20, 0.05, 0.14, 0.22]),
            Self::Flat => (-0.2, [0.0, -0.10, 0.0, 0.05]),
            Self::Spread => (0.9, [0.0, 0.45, 0.0, 0.0]),
            Self::Fist => (0.0, [0.85, -0.32, 0.20, 1.25]),
            Self::Point => (0.0, [0.80, -0.25, 0.30, 0.90]),
            Self::Victory => (0.9, [0.95, -0.30, 0.30, 1.0]),
            Self::ThumbUp => (0.0, [0.0, 0.40, -0.15, 0.0]),
            Self::Claw => (0.5, [0.3, 0.35, 0.2, 0.5]),
            Self::Cup => (0.0, [0.45, 0.10, 0.20, 0.25]),
            Self::Keys => (0.3, [0.25, 0.15, 0.10, 0.15]),
            Self::Hold | Self::Bar => (0.0, [0.80, 0.0, 0.35, 0.55]),
            Self::Hook => (0.0, [0.10, 0.0, 0.10, 0.15]),
            Self::Ball => (0.5, [0.80, 0.25, 0.15, 0.25]),
            Self::Key => (0.0, [0.23, -0.19, -0.17, 0.95]),
            Self::Pen => (0.0, [0.55, -0.34, 0.0, 1.25]),
            Self::Pinch | Self::Okay => (0.0, [0.60, -0.24, -0.05, 1.20]),
        }
    }

    /// Where a thing's grip is in the hand, and whether the fingers close on it.
    fn holds(self) -> Option<[f32; 3]> {
        match self {
            Self::Hold | Self::Bar => Some([0.0; 3]),
            Self::Hook => Some([0.055, 0.0, 0.0]),
            Self::Ball => Some([0.025, 0.0, 0.0]),
            Self::Key => Some([0.030, 0.054, 0.014]),
            Self::Pen => Some([0.020, 0.042, 0.034]),
            Self::Pinch => Some([0.024, 0.047, 0.036]),
            _ => None,
        }
    }

    /// The shape as numbers.
    pub(crate) fn fingers(self) -> Fingers {
        let (spread, thumb) = self.apart();
        let place = self.holds();
        Fingers {
            bends: self.degrees().map(|joints| joints.map(f32::to_radians)),
            fan: SPREAD.map(|f| f * spread),
            thumb,
            place: place.unwrap_or_default(),
            hold: f32::from(u8::from(place.is_some())),
            own: f32::from(u8::from(self == Self::Hold)),
        }
    }
}

/// An arm as motion files write it.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Written {
    flex: f32,
    abd: f32,
    inward: f32,
    elbow: f32,
    pronate: f32,
    wrist: f32,
    shrug: f32,
    /// The hand's shape; without one its fingers are straight.
    grip: Option<Shape>,
    /// All fingers closed by so much more: .4 is relaxed, 1 nearly a fist.
    curl: f32,
    /// Fingers apart by so much more.
    spread: f32,
}

impl From<Written> for Arm {
    fn from(w: Written) -> Self {
        let fingers = w.grip.map_or_else(Fingers::default, Shape::fingers).closed(w.curl, w.spread, 0.0);
        Self { flex: w.flex, abd: w.abd, inward: w.inward, elbow: w.elbow, pronate: w.pronate, wrist: w.wrist, shrug: w.shrug, fingers }
    }
}
