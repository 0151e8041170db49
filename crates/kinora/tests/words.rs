//! Changing one word of a prompt changes the film, and in the right way.

use kinora::base::picture::Rgb8;
use kinora::base::studio::Machine;
use kinora::{Kinora, Options, Prompt, SimdLevel, Size};
use kinora_render::scene::{ParticleKind, Scene};
use kinora_stage::{Engine, Photographer, Staging};

const BASE: &str = "A red fox walks through a snowy forest at sunset";

/// What can be measured of the middle of a film.
struct Seen {
    picture: Rgb8,
    staging: Staging,
    scene: Scene,
    /// Mean red, green and blue of the picture and of whom it is about.
    all: [f64; 3],
    subject: [f64; 3],
}

impl Seen {
    fn brightness(&self) -> f64 {
        self.all.iter().sum::<f64>() / 3.0
    }
    /// Metres that the subject travels over the film.
    fn travels(&self) -> f32 {
        let poses = &self.staging.scenes[0].actors[0].performance.poses;
        poses.windows(2).map(|w| (w[1].root - w[0].root).length()).sum()
    }
}

fn mean(picture: &Rgb8, counts: impl Fn(usize) -> bool) -> [f64; 3] {
    let (mut sum, mut count) = ([0.0; 3], 0.0);
    for (k, rgb) in picture.data.chunks_exact(3).enumerate().filter(|(k, _)| counts(*k)) {
        assert!(k < picture.width * picture.height, "three bytes a pixel");
        (0..3).for_each(|c| sum[c] += f64::from(rgb[c]));
        count += 1.0;
    }
    assert!(count > 0.0, "something is there to be measured");
    sum.map(|s| s / count)
}

fn see(kinora: &Kinora, text: &str) -> Seen {
    let options = Options {
        size: Some(Size { width: 256, height: 144 }),
        duration: Some(kinora::base::Ticks::from_seconds(3.0)),
        fps: Some(kinora::base::FrameRate(24)),
        shots: Some(1),
        ..Options::default()
    };
    let plan = kinora.direct(&Prompt { text: text.into(), options }).expect("a good prompt").output;
    let staging = kinora.stage(&plan).expect("it can be staged").output;
    let (scene, drawn) = {
        let photographer = Photographer::new(&staging, kinora.vocabulary(), SimdLevel::Detect, true).expect("bodies are made");
        (photographer.scene(36), photographer.shooter().shoot(36))
    };
    let picture = drawn.picture.to_rgb();
    let passes = drawn.passes.expect("asked for");
    let id = staging.scenes[0].actors[0].id;
    let (all, subject) = (mean(&picture, |_| true), mean(&picture, |k| passes.id[k] == id));
    Seen { picture, staging, scene, all, subject }
}

#[test]
fn twelve_words_change_the_film_in_the_right_way() {
    let kinora = Kinora::new(&Machine::new(Some(1))).expect("the vocabulary is whole");
    let base = see(&kinora, BASE);
    let other = |text: &str| {
        let seen = see(&kinora, text);
        let off: f64 = base.picture.data.iter().zip(&seen.picture.data).map(|(a, b)| f64::from(a.abs_diff(*b))).sum();
        let off = off / base.picture.data.len() as f64;
        assert!(off > 1.0, "{text}: differs by {off:.2} of 255 only");
        seen
    };
    let tall = |s: &Seen| s.staging.scenes[0].actors[0].performance.poses[36].landmarks.crown.y - s.staging.scenes[0].actors[0].performance.poses[36].root.y;

    // Nouns.
    assert!(tall(&other("A horse walks through a snowy forest at sunset")) > tall(&base) * 2.0, "a horse is taller than a fox");
    let dog = other("A brown dog walks through a snowy forest at sunset");
    assert!(dog.subject[0] - dog.subject[2] < base.subject[0] - base.subject[2], "a brown dog is less red than a red fox");
    // Colours.
    let white = other("A white fox walks through a snowy forest at sunset");
    assert!(white.subject[2] > base.subject[2] + 25.0, "a white fox is brighter in blue: {:?} and {:?}", white.subject, base.subject);
    let blue = other("A blue fox walks through a snowy forest at sunset");
    assert!(blue.subject[2] > blue.subject[0], "a blue fox is bluer than red: {:?}", blue.subject);
    // Verbs.
    assert!(other("A red fox runs through a snowy forest at sunset").travels() > base.travels() * 1.6, "running goes farther");
    assert!(other("A red fox sits in a snowy forest at sunset").travels() < base.travels() * 0.1, "sitting goes nowhere");
    // Places.
    let meadow = other("A red fox walks through a meadow at sunset");
    assert!(meadow.all[1] - meadow.all[2] > base.all[1] - base.all[2] + 8.0, "a meadow is greener: {:?} and {:?}", meadow.all, base.all);
    let beach = other("A red fox walks on a beach at sunset");
    assert_eq!(
        (base.staging.scenes[0].set.stage_area.water_level, beach.staging.scenes[0].set.stage_area.water_level.is_some()),
        (None, true),
        "a beach has water"
    );
    // Times of day.
    let night = other("A red fox walks through a snowy forest at night");
    assert!(night.brightness() < base.brightness() * 0.85, "night is dark: {:.0} and {:.0}", night.brightness(), base.brightness());
    let noon = other("A red fox walks through a snowy forest at noon");
    assert!(noon.all[0] / noon.all[2] < base.all[0] / base.all[2], "noon is less warm than sunset: {:?} and {:?}", noon.all, base.all);
    // Weather.
    let rain = other("A red fox walks through a forest in the rain at sunset");
    assert!(rain.scene.particle_kind == ParticleKind::Rain && !rain.scene.particles.is_empty(), "it rains");
    let fog = other("A red fox walks through a snowy forest in fog at sunset");
    let density = |film: &Seen| film.staging.scenes[0].light.fog;
    assert!(density(&fog) > density(&base) * 2.0, "fog is thicker: {} and {}", density(&fog), density(&base));
}
