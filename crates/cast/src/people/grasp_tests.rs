//! Hands by name, and hands that close on bars and on the things of the vocabulary.

use super::feel::{Feel, Felt, Things};
use super::grasp::Hand;
use super::grips::{FINGER_NUMBERS, Fingers, Shape};
use super::stance::{Arm, Stance};
use super::tests::cast;
use crate::Bone;
use glam::{Quat, Vec3};
use kinora_vocabulary::{Asset, Kind, Vocabulary};
use std::sync::Arc;

/// A round bar along y, half a metre each way.
fn bar(radius: f32) -> Arc<Feel> {
    let ring =
        |y: f32| (0..48).map(move |k| Quat::from_rotation_y(k as f32 * std::f32::consts::TAU / 48.0) * Vec3::X * radius + Vec3::Y * y).collect::<Vec<_>>();
    let (low, high) = (ring(-0.5), ring(0.5));
    let mut triangles = Vec::new();
    for k in 0..48 {
        let n = (k + 1) % 48;
        triangles.extend([[low[k], high[n], high[k]], [low[k], low[n], high[n]], [Vec3::Y * 0.5, high[k], high[n]], [Vec3::NEG_Y * 0.5, low[n], low[k]]]);
    }
    Arc::new(Feel::from_triangles(vec![triangles], Vec3::ZERO))
}

/// A thing whose y is at the thumb, lying against the palm.
fn across(hand: &Hand<'_>, shape: &Fingers, feel: Arc<Feel>) -> Felt {
    let (y, z) = (hand.place([0.0, 1.0, 0.0]).normalize(), hand.palm);
    let turn = Quat::from_mat3(&glam::Mat3::from_cols(y.cross(z), y, z)).normalize();
    let mut felt = Felt { at: hand.middle() + hand.place(shape.place), turn, size: Vec3::ONE, origin: feel.grip, feel };
    if let Some(way) = hand.seat(shape, &felt) {
        felt.at -= hand.palm * way;
    }
    felt
}

fn bones(word: &str) -> Vec<Bone> {
    cast(word).bones
}

#[test]
fn a_bar_is_felt_where_it_is() {
    let feel = bar(0.015);
    for (p, want) in [(Vec3::new(0.04, 0.0, 0.0), 0.025), (Vec3::new(0.0, 0.2, -0.035), 0.020), (Vec3::new(0.012, -0.1, 0.0), -0.003)] {
        let d = feel.distance(p);
        assert!((d - want).abs() < 0.0012, "{p} is {d} and not {want} from the bar");
    }
}

#[test]
fn fingers_lie_on_bars() {
    for word in ["man", "woman", "girl"] {
        let bones = bones(word);
        for side in 0..2 {
            let hand = Hand::new(&bones, side);
            for cm in [2.0, 3.0, 5.0, 7.0] {
                // A child holds what is as thick for its hand.
                let felt = across(&hand, &Shape::Bar.fingers(), bar(cm * 0.005 * hand.size));
                let closed = hand.closed(&Shape::Bar.fingers(), &felt);
                for f in 0..5 {
                    let gap = hand.gap(&closed, f, &felt) * 1000.0;
                    let most = if f == 4 { 6.0 } else { 4.0 };
                    assert!((-2.0..most).contains(&gap), "{word}, side {side}, {cm} cm: finger {f} is {gap:.1} mm off");
                }
            }
        }
    }
}

#[test]
fn what_is_giant_or_tiny_is_held_as_such() {
    let vocabulary = Vocabulary::builtin().expect("a good vocabulary");
    let things = Things::of(&vocabulary);
    let shape = |word: &str, size: f32| things.feel(word).unwrap_or_else(|| panic!("no {word}")).shape(size);
    assert_eq!([1.0, 6.0].map(|size| shape("pencil", size)), [Shape::Pen, Shape::Bar], "a giant pencil is a pole");
    assert_eq!(shape("bottle", 0.1), Shape::Pinch, "a tiny bottle is pinched");
    let bones = bones("man");
    let hand = Hand::new(&bones, 1);
    let tiny = Felt { size: Vec3::splat(0.1), ..across(&hand, &Shape::Bar.fingers(), bar(0.05)) };
    let away = tiny.at + Vec3::Z * 0.3;
    assert!(tiny.distance(away) > 0.2, "it is not felt from {:.3} m away", tiny.distance(away));
}

#[test]
fn a_thicker_bar_opens_the_hand() {
    let bones = bones("man");
    let hand = Hand::new(&bones, 1);
    let bend = |cm: f32| hand.closed(&Shape::Bar.fingers(), &across(&hand, &Shape::Bar.fingers(), bar(cm * 0.005))).bends[1].iter().sum::<f32>().to_degrees();
    let bends = [2.0, 3.0, 5.0, 7.0].map(bend);
    assert!(bends.windows(2).all(|w| w[0] > w[1] + 8.0), "middle finger: {bends:?}");
}

#[test]
fn shapes_differ_finger_by_finger() {
    let bones = bones("woman");
    let hand = Hand::new(&bones, 1);
    let tips = |shape: Shape| hand.tips(&shape.fingers()).map(|t| (t - hand.middle()) / hand.size);
    let apart = |shape: Shape, a: usize, b: usize| tips(shape)[a].distance(tips(shape)[b]);
    // Skin touches skin when the middles of two tips are two fingers' radii apart.
    for shape in [Shape::Okay, Shape::Pinch, Shape::Pen] {
        assert!((0.016..0.034).contains(&apart(shape, 0, 4)), "{shape:?}: thumb and index finger are {:.3} apart", apart(shape, 0, 4));
    }
    assert!(apart(Shape::Victory, 0, 1) > 1.4 * apart(Shape::Flat, 0, 1), "a victory sign is apart");
    let far = |shape: Shape, f: usize| tips(shape)[f].length();
    assert!(far(Shape::Point, 0) > 2.0 * far(Shape::Point, 1), "one finger points");
    assert!(far(Shape::ThumbUp, 4) > 1.3 * far(Shape::Fist, 4), "the thumb is up");
    assert!((0..4).all(|f| far(Shape::Fist, f) < 0.6 * far(Shape::Flat, f)), "a fist is closed");
    assert!(far(Shape::Okay, 3) > 1.8 * far(Shape::Pen, 3), "the little finger of an OK is straight");
}

#[test]
fn shapes_mix_and_add_up() {
    let stance = |shape: Shape| Stance { arms: [Arm { fingers: shape.fingers(), elbow: 1.0, ..Arm::default() }; 2], ..Stance::default() };
    let (fist, flat) = (stance(Shape::Fist), stance(Shape::Flat));
    assert_eq!(Stance::from_numbers(&fist.numbers()), fist, "numbers hold a pose");
    let half = fist.towards(&flat, 0.5);
    for (f, k) in (0..4).flat_map(|f| (0..3).map(move |k| (f, k))) {
        let [a, b, c] = [&fist, &flat, &half].map(|s| s.arms[1].fingers.bends[f][k]);
        assert!((c - 0.5 * (a + b)).abs() < 1e-5, "finger {f} joint {k}");
    }
    assert_eq!(Fingers::from_numbers(&[0.0; FINGER_NUMBERS]), Fingers::default());
    assert_eq!(Fingers::default().closed(0.0, 0.0, 0.0), Fingers::default(), "what adds nothing changes nothing");
}

#[test]
fn an_unknown_grip_is_told_with_its_place() {
    let file = |grip: &str| {
        format!(
            "(\n  doc: \"x\", names: (en: [\"x\"], zh: [\"x\"], ja: [\"x\"], ko: [\"x\"], es: [\"x\"]),\n  person: (keys: [(at: 0.0, pose: (arm: (flex: 0.2, grip: {grip})))]),\n)"
        )
    };
    let read = |grip: &str| Asset::parse(Kind::Motion, "x", &file(grip)).and_then(|a| a.section::<super::keyed::Keyed>("person"));
    let good = read("Fist").expect("a known grip").expect("a section");
    assert_eq!(good.keys[0].pose.arm.expect("an arm").fingers, Shape::Fist.fingers());
    let error = read("Claws").expect_err("no such grip").to_string();
    assert!(error.contains("Claws") && error.contains("ThumbUp") && error.contains("x.ron"), "{error}");
    assert!(read("Fist, point: 1.0").is_err(), "there is one way to point");
}

#[test]
fn the_thing_chooses_the_grip() {
    let vocabulary = Vocabulary::builtin().expect("a good vocabulary");
    let things = Things::of(&vocabulary);
    let shape = |word: &str| things.feel(word).unwrap_or_else(|| panic!("no {word}")).shape(1.0);
    for (word, want) in [
        ("pencil", Shape::Pen),
        ("pen", Shape::Pen),
        ("broom", Shape::Bar),
        ("bottle", Shape::Bar),
        ("hammer-tool", Shape::Bar),
        ("bucket", Shape::Hook),
        ("suitcase", Shape::Hook),
        ("handbag", Shape::Hook),
        ("apple", Shape::Ball),
        ("baseball", Shape::Ball),
        ("card", Shape::Key),
        ("letter", Shape::Key),
        ("flower", Shape::Pinch),
        ("coin", Shape::Pinch),
        ("spoon", Shape::Pen),
    ] {
        assert_eq!(shape(word), want, "{word}");
    }
    assert!(things.feel("no such thing").is_none());
}

/// How near hands come to where they meet, metres: a man and somebody who stand before each other and do something.
fn meeting(other: &str, motions: [&str; 2], near: f32, gap: impl Fn(&crate::BodyPose, &crate::BodyPose) -> f32) -> f32 {
    let people = [cast("man"), cast(other)];
    // As the stage puts them: nearer if one of them is small.
    let near = near * people.iter().map(crate::Character::arms).sum::<f32>() * 0.5;
    let at = [Vec3::ZERO, Vec3::Z * near];
    let acted = [0, 1].map(|k| {
        let (me, you) = (&people[k], &people[1 - k]);
        let aim = Some(at[1 - k] + Vec3::Y * (0.72 * you.height));
        let act = crate::Act { motion: motions[k].into(), from: 6, to: 150, pace: 1.0, aim, ..crate::Act::default() };
        let facing = [0.0, std::f32::consts::PI][k];
        let script = crate::Script { start: at[k], facing, frames: 150, acts: vec![act], seed: 3, ..crate::Script::default() };
        crate::perform(me, &script, 30.0, &super::gear_tests::Flat)
    });
    acted[0].poses.iter().zip(&acted[1].poses).map(|(a, b)| gap(a, b)).fold(f32::MAX, f32::min)
}

#[test]
fn hands_meet_between_bodies_of_any_height() {
    let rights = |a: &crate::BodyPose, b: &crate::BodyPose| a.landmarks.hands[1].distance(b.landmarks.hands[1]);
    let crossed = |a: &crate::BodyPose, b: &crate::BodyPose| a.landmarks.hands[0].distance(b.landmarks.hands[1]);
    // A tie is between the chest and the chin, hair on the head; hands on a back are a forearm's thickness from it.
    let tie = |a: &crate::BodyPose, b: &crate::BodyPose| {
        let neck = b.landmarks.chest.lerp(b.landmarks.mouth, 0.5);
        a.landmarks.hands.iter().map(|h| h.distance(neck)).fold(0.0, f32::max)
    };
    let back = |a: &crate::BodyPose, b: &crate::BodyPose| a.landmarks.hands.iter().map(|h| h.distance(b.landmarks.chest)).fold(0.0, f32::max);
    let mut off = Vec::new();
    for other in ["man", "woman", "girl", "boy"] {
        let rows = [
            ("high five", meeting(other, ["high-five", "high-five"], 0.85, rights), 0.10),
            ("handshake", meeting(other, ["shake-hands", "shake-hands"], 0.75, rights), 0.10),
            ("hands held", meeting(other, ["hold-hands", "hold-hands"], 0.80, crossed), 0.10),
            ("tie", meeting(other, ["adjust-tie", "hold-still"], 0.62, tie), 0.24),
            ("hug", meeting(other, ["hug", "hug"], 0.40, back), 0.34),
        ];
        for (what, gap, most) in rows {
            if gap > most {
                off.push(format!("man and {other}, {what}: {:.0} mm", gap * 1000.0));
            }
        }
    }
    assert!(off.is_empty(), "{}", off.join("\n"));
}
