//! What must hold of every place, at every time and in every weather.

use glam::Vec3;
use kinora_base::Seed;
use kinora_plan::Scene;
use kinora_render::scene::{Camera, ParticleKind};
use kinora_vocabulary::{Kind, Vocabulary};
use kinora_world::{ModelLibrary, Set, dress, instances, light, particles};

fn scene(place: &str, time: &str, weather: &str) -> Scene {
    let text = format!(r#"{{"id": "scene-1", "place": "{place}", "time": "{time}", "weather": "{weather}"}}"#);
    serde_json::from_str(&text).expect("a scene of a plan")
}

fn dressed(vocabulary: &Vocabulary, place: &str, seed: u64) -> Set {
    dress(&scene(place, "noon", "clear"), vocabulary, Seed(seed)).expect("every place can be dressed").output
}

fn names(vocabulary: &Vocabulary, kind: Kind) -> Vec<String> {
    vocabulary.of(kind).map(|a| a.id.clone()).collect()
}

#[test]
fn every_effect_can_be_read() {
    let vocabulary = Vocabulary::builtin().expect("the vocabulary is whole");
    let mut with = Vec::new();
    for asset in vocabulary.of(Kind::Prop) {
        let emitters = kinora_world::effects::emitters(&vocabulary, &asset.id).unwrap_or_else(|e| panic!("{e}"));
        if !emitters.is_empty() {
            assert!(
                emitters.iter().all(|e| (e.rate > 0.0) != e.burst.is_some() && !e.colours.is_empty()),
                "{}: each comes at a rate or in bursts, in a colour",
                asset.id
            );
            with.push(asset.id.as_str());
        }
    }
    for must in ["explosion", "fireworks", "smoke", "magic-orb", "flames", "spray"] {
        assert!(with.contains(&must), "{must} has an effect, as {with:?}");
    }
}

#[test]
fn a_seed_gives_one_set_and_another_seed_another() {
    let vocabulary = Vocabulary::builtin().expect("the vocabulary is whole");
    for place in names(&vocabulary, Kind::Place) {
        let set = dressed(&vocabulary, &place, 7);
        assert!(set == dressed(&vocabulary, &place, 7), "{place} is the same again");
        let text = serde_json::to_string(&set).expect("a set is data");
        assert!(serde_json::from_str::<Set>(&text).expect("and can be read") == set, "{place} survives being written down");
    }
    assert!(dressed(&vocabulary, "forest", 7) != dressed(&vocabulary, "forest", 8), "seeds differ");
}

#[test]
fn nothing_solid_stands_on_the_stage() {
    let vocabulary = Vocabulary::builtin().expect("the vocabulary is whole");
    for place in names(&vocabulary, Kind::Place) {
        for seed in 0..4 {
            let set = dressed(&vocabulary, &place, seed);
            for (at, radius, _) in &set.obstacles {
                let away = (*at - set.stage_area.centre) * Vec3::new(1.0, 0.0, 1.0);
                assert!(away.length() > radius.min(0.8), "{place}, seed {seed}: a thing of {radius} m stands at {away}, in the middle of the stage");
            }
        }
    }
}

#[test]
fn the_ground_is_where_feet_find_it() {
    let vocabulary = Vocabulary::builtin().expect("the vocabulary is whole");
    for place in ["forest", "meadow", "beach"] {
        let set = dressed(&vocabulary, place, 3);
        let all = instances(&set, &|_| true, (&ModelLibrary::default(), &vocabulary), &|_, _| 1.0).expect("it can be built");
        let ground = &all[0].mesh;
        let mut checked = 0;
        for t in &ground.triangles {
            let [a, b, c] = t.map(|k| ground.positions[k as usize]);
            let middle = (a + b + c) / 3.0;
            // Near the stage, where people walk.
            if middle.x * middle.x + middle.z * middle.z < 64.0 {
                let off = (set.terrain.height(middle.x, middle.z) - middle.y).abs();
                assert!(off < 0.02, "{place}: the mesh is {off} m off at {middle}");
                checked += 1;
            }
        }
        assert!(checked > 1000, "{place}: {checked} triangles were checked");
    }
}

#[test]
fn every_light_is_finite_and_lights() {
    let vocabulary = Vocabulary::builtin().expect("the vocabulary is whole");
    let (times, weathers) = (names(&vocabulary, Kind::Time), names(&vocabulary, Kind::Weather));
    for place in names(&vocabulary, Kind::Place) {
        let set = dressed(&vocabulary, &place, 1);
        for time in &times {
            for weather in &weathers {
                let light = light(&scene(&place, time, weather), &set, &vocabulary).expect("known words");
                let what = format!("{place}, {time}, {weather}");
                for colour in [light.sun, light.zenith, light.horizon, light.ground, light.fog_colour, light.haze, light.rim] {
                    assert!([colour.0, colour.1, colour.2].iter().all(|c| c.is_finite() && *c >= 0.0), "{what}: {colour:?}");
                }
                assert!((light.sun_direction.length() - 1.0).abs() < 1e-3, "{what}: the sun's direction has length 1");
                let strength = (light.zenith.luminance() + light.horizon.luminance()) * light.ambient + light.sun.luminance();
                assert!(strength * light.exposure > 0.05, "{what}: too dark to see, {strength}");
                assert!(light.exposure > 0.1 && light.fog >= 0.0 && light.fog < 0.2, "{what}: exposure {} and fog {}", light.exposure, light.fog);
            }
        }
    }
}

#[test]
fn times_and_weathers_change_the_light() {
    let vocabulary = Vocabulary::builtin().expect("the vocabulary is whole");
    let set = dressed(&vocabulary, "meadow", 1);
    let of = |time: &str, weather: &str| light(&scene("meadow", time, weather), &set, &vocabulary).expect("known words");
    assert!(of("night", "clear").sun.luminance() < of("noon", "clear").sun.luminance() * 0.3, "the moon is dimmer than the sun");
    let warmth = |l: kinora_render::scene::Light| l.sun.0 / l.sun.2.max(1e-6);
    assert!(warmth(of("sunset", "clear")) > warmth(of("noon", "clear")) * 1.3, "sunset is warm");
    assert!(of("noon", "cloudy").sun.luminance() < of("noon", "clear").sun.luminance() * 0.6, "clouds take the sun away");
    assert!(of("noon", "fog").fog > of("noon", "clear").fog * 2.0, "fog is thick");
    assert!(of("noon", "rain").wet > 0.3, "rain wets the ground");
}

#[test]
fn weather_in_the_air_is_a_function_of_time() {
    let vocabulary = Vocabulary::builtin().expect("the vocabulary is whole");
    let set = dressed(&vocabulary, "forest", 2);
    let camera = Camera::looking(Vec3::new(0.0, 1.5, 5.0), Vec3::Y, 0.6);
    for (weather, kind) in [("snow", ParticleKind::Snow), ("rain", ParticleKind::Rain)] {
        let at = |time: f32| particles(&scene("forest", "noon", weather), &set, &vocabulary, &camera, time, Seed(5));
        let (first, again, later) = (at(1.0), at(1.0), at(1.1));
        assert!(first.0 == kind && first.1.len() > 200, "{weather}: {} fall", first.1.len());
        assert!(first.1.iter().zip(&again.1).all(|(a, b)| a.position == b.position), "{weather}: the same at the same time");
        // Some enter the space about the camera and some leave it; of the others each is lower than before.
        let lower = |p: Vec3| later.1.iter().any(|q| q.position.y < p.y && (q.position - p).length() < 1.2);
        let sunk = first.1.iter().filter(|p| lower(p.position)).count();
        assert!(sunk * 10 > first.1.len() * 7 && first.1[0].position != later.1[0].position, "{weather}: {sunk} of {} sink", first.1.len());
    }
    let clear = particles(&scene("forest", "noon", "clear"), &set, &vocabulary, &camera, 1.0, Seed(5));
    assert!(clear.1.is_empty(), "nothing falls from a clear sky");
}

#[test]
fn feet_come_down_in_the_middle_of_steps() {
    let vocabulary = Vocabulary::builtin().expect("the vocabulary is whole");
    let mut set = dressed(&vocabulary, "meadow", 1);
    let flight = kinora_solids::facts::Flight { foot: 1.0, run: 0.3, rise: 0.2, steps: 4, half: 0.5 };
    let stairs = kinora_world::Stairs { at: glam::Vec3::ZERO, yaw: 0.0, scale: 1.0, flight };
    set.stairs.push(stairs);
    // Its front is +z: the lowest edge lies at z = 1.
    for (z, step) in [(0.95, 1.0), (0.5, 2.0), (-0.15, 4.0)] {
        let foot = set.footing(glam::Vec3::new(0.2, 0.0, z));
        assert!((foot.y - 0.2 * step).abs() < 1e-5 && (set.ground(0.2, z) - foot.y).abs() < 1e-5, "{z}: {foot}");
        let share = (1.0 - foot.z) / 0.3 - (step - 1.0);
        assert!((0.3..0.6).contains(&share), "{z}: {share} of a step");
    }
    let before = set.footing(glam::Vec3::new(0.0, 0.0, 1.05));
    assert!((before.z - 1.2).abs() < 1e-5, "no toes in the lowest step: {before}");
    let beside = set.footing(glam::Vec3::new(0.6, 0.0, 0.5));
    assert!((beside.y - set.terrain.height(0.6, 0.5)).abs() < 1e-5, "beside it is the ground: {beside}");
}
