//! What flies, and whose eyes go with it: of whoever throws it, from when it leaves the hand, and of whoever it is for, until
//! it is there.

use crate::{SceneStaging, StageError, hands};
use glam::Vec3;
use kinora_cast::Carried;
use kinora_plan::Plan;
use kinora_vocabulary::Vocabulary;

/// Nearer to a hand than this, metres, it has not left it yet or is as good as caught.
const AT_HAND: f32 = 0.24;
/// Who play with one thing stand at most so far apart, metres.
const TOGETHER: f32 = 7.0;

/// Where eyes go because something flies: by actor, then by frame.
pub(crate) struct Flights(Vec<Vec<Option<Vec3>>>);

impl Flights {
    /// Of a scene that was rehearsed.
    pub(crate) fn of(plan: &Plan, cuts: &[i64], scene: &SceneStaging, vocabulary: &Vocabulary) -> Result<Self, StageError> {
        let mut all: Vec<Vec<Option<Vec3>>> = (0..scene.actors.len()).map(|k| (0..scene.frames).map(|f| brought(scene, k, f)).collect()).collect();
        for flown in hands::flown(plan, cuts, scene, vocabulary)? {
            for (who, when) in flown.watchers {
                let frames = all[who].iter_mut().enumerate().take(when.end).skip(when.start);
                frames.for_each(|(f, eyes)| *eyes = flown.track.get(f).copied().or(*eyes));
            }
        }
        Ok(Self(all))
    }

    /// Where an actor looks at a frame.
    pub(crate) fn seen_by(&self, who: usize, frame: usize) -> Option<Vec3> {
        self.0.get(who)?.get(frame).copied().flatten()
    }
}

/// What an actor's motion, or that of a partner, has in the air. Of several at once eyes follow none.
fn brought(scene: &SceneStaging, who: usize, frame: usize) -> Option<Vec3> {
    let me = &scene.actors[who].performance;
    let eyes = me.poses.get(frame)?.landmarks.eyes;
    let with_a_partner = me.gear.iter().any(|g| g.shared);
    let mut flying = Vec::new();
    for (k, actor) in scene.actors.iter().enumerate().filter(|(k, _)| *k == who || with_a_partner) {
        let Some(pose) = actor.performance.poses.get(frame) else { continue };
        let takes_part = |c: &&Carried| k == who || actor.performance.gear.get(usize::from(c.piece)).is_some_and(|g| g.shared);
        let near = |at: Vec3| k == who || (at - eyes).length() < TOGETHER;
        flying.extend(pose.carried.iter().filter(|c| c.flies && near(c.at)).filter(takes_part).map(|c| c.at));
    }
    let [at] = flying[..] else { return None };
    let in_hand = |k: usize| scene.actors[k].performance.poses.get(frame).is_some_and(|p| p.landmarks.hands.iter().any(|h| (*h - at).length() < AT_HAND));
    (!(0..scene.actors.len()).any(in_hand)).then_some(at)
}

#[cfg(test)]
mod tests {
    use crate::tests::Film;
    use glam::{Quat, Vec3};

    /// The angle, degrees, between where an actor's eyes point and a place.
    fn off(film: &Film, who: usize, frame: usize, at: Vec3) -> f32 {
        let pose = &film.staging.scenes[0].actors[who].performance.poses[frame];
        let [left, up] = pose.face.gaze;
        let ahead = pose.landmarks.facing.normalize_or(Vec3::Z);
        let side = Vec3::Y.cross(ahead).normalize_or(Vec3::X);
        let over = ahead.cross(side);
        let looks = Quat::from_axis_angle(over, left) * Quat::from_axis_angle(side, -up) * ahead;
        looks.angle_between(at - pose.landmarks.eyes).to_degrees()
    }

    #[test]
    fn who_play_catch_look_at_the_ball_while_it_flies() {
        let film = Film::of_two(
            r#"{"id": "a", "who": "man", "action": "play-catch", "with": "girl"}, {"id": "b", "who": "girl", "action": "play-catch-back", "with": "man"}"#,
            "",
        );
        let scene = &film.staging.scenes[0];
        let (mut watched, mut worst) = (0, 0.0_f32);
        for frame in 0..scene.frames {
            let carried = |k: usize| scene.actors[k].performance.poses[frame].carried.iter().find(|c| c.flies);
            let Some(ball) = carried(0).or(carried(1)) else { continue };
            let hand = |k: usize| scene.actors[k].performance.poses[frame].landmarks.hands.map(|h| h.distance(ball.at));
            let nearest = [hand(0), hand(1)].concat().into_iter().fold(f32::MAX, f32::min);
            // Eyes need a fifth of a second to catch it up.
            if nearest > 0.6 {
                watched += 1;
                worst = worst.max(off(&film, 0, frame, ball.at)).max(off(&film, 1, frame, ball.at));
            }
        }
        assert!(watched > 8, "{watched} frames of flight");
        assert!(worst < 14.0, "eyes are {worst:.0} degrees off the ball");
    }

    #[test]
    fn a_ball_goes_to_and_fro_between_two_who_play() {
        // How far from a hand or a foot a ball may turn: a racket is long.
        for (game, reach) in [("play-football", 0.5), ("play-volleyball", 0.45), ("play-badminton", 0.95), ("rally-tennis", 0.95), ("play-table-tennis", 0.5)] {
            let film = Film::of_two(
                &format!(
                    r#"{{"id": "a", "who": "man", "action": "{game}", "target": {{"id": "girl"}}}}, {{"id": "b", "who": "girl", "action": "{game}-back", "target": {{"id": "man"}}}}"#
                ),
                "",
            );
            let scene = &film.staging.scenes[0];
            let poses = |who: usize| &scene.actors[who].performance.poses;
            // The ball is the first piece that both share.
            let ball: Vec<Vec3> = (0..scene.frames).filter_map(|f| poses(0)[f].carried.iter().find(|c| c.piece == 0).map(|c| c.at)).collect();
            assert_eq!(ball.len(), scene.frames, "{game}: the ball is always there");
            let way = (poses(1)[0].root - poses(0)[0].root) * Vec3::new(1.0, 0.0, 1.0);
            let along = |f: usize| (ball[f] - poses(0)[0].root).dot(way) / way.length_squared();
            let (mut turns, mut worst) = ([0, 0], 0.0_f32);
            for (f, at) in ball.iter().enumerate().take(scene.frames - 1).skip(1) {
                let (came, goes) = (along(f) - along(f - 1), along(f + 1) - along(f));
                // It turns where it is hit, not where it lies.
                if came * goes < 0.0 && (came.abs() > 0.012 || goes.abs() > 0.012) {
                    let who = usize::from(along(f) > 0.5);
                    turns[who] += 1;
                    let l = &poses(who)[f].landmarks;
                    worst = worst.max(l.hands.iter().chain(&l.feet).map(|e| e.distance(*at)).fold(f32::MAX, f32::min));
                }
            }
            assert!(turns.iter().all(|n| *n >= 1), "{game}: the ball turns {turns:?} times with each");
            assert!(worst < reach, "{game}: it turns {worst:.2} m from the nearest hand or foot");
        }
    }

    #[test]
    fn who_throws_and_who_catches_look_at_what_flies() {
        let film = Film::of_two(
            r#"{"id": "a", "who": "man", "action": "throw", "to": "2 s", "target": {"id": "girl"}, "prop": "ball"},
            {"id": "b", "who": "girl", "action": "catch", "from": "1.2 s", "prop": "ball"}"#,
            r#"{"id": "ball", "word": "ball", "held_by": "man"}"#,
        );
        let scene = &film.staging.scenes[0];
        let mut watched = 0;
        for frame in 0..scene.frames {
            let at = scene.held[0].track[frame].0;
            let free = (0..2).all(|k| scene.actors[k].performance.poses[frame].landmarks.hands.iter().all(|h| h.distance(at) > 0.8));
            if free {
                watched += 1;
                for who in 0..2 {
                    let off = off(&film, who, frame, at);
                    assert!(off < 15.0, "at frame {frame} actor {who} looks {off:.0} degrees beside it");
                }
            }
        }
        assert!(watched > 3, "{watched} frames of flight");
    }
}
