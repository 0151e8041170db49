//! Prints what each look costs, beside clay: `cargo run --release -p kinora-world --example looks [NAME...]`.
#![allow(clippy::print_stdout, reason = "an example that reports")]

#[path = "../../render/examples/shapes/mod.rs"]
mod shapes;

use kinora_render::scene::Scene;
use kinora_render::{Renderer, Settings, SimdLevel};
use kinora_vocabulary::{Kind, Vocabulary};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let vocabulary = Vocabulary::builtin()?;
    let mut names: Vec<&str> = vocabulary.of(Kind::Look).map(|a| a.id.as_str()).filter(|n| wanted.is_empty() || wanted.iter().any(|w| w == n)).collect();
    names.sort_by_key(|n| (*n != "clay", *n));
    println!("size       look               shade finish  total ms (best of 4, one thread)");
    for (size, width, height) in [("1920x1080", 1920, 1080), ("3840x2160", 3840, 2160)] {
        for name in &names {
            let look = kinora_world::looks::look(&vocabulary, name)?.of_picture();
            let mut scene = Scene { look, lamps: shapes::lamps(1.0), ..shapes::garden() };
            let mut renderer = Renderer::new(Settings { width, height, simd: SimdLevel::Detect, passes: false });
            let mut best = None::<kinora_render::Timings>;
            for frame in 0..4 {
                scene.time = frame as f32 / 30.0;
                renderer.render(&scene);
                let t = *renderer.timings();
                best = best.filter(|b| b.total() <= t.total()).or(Some(t));
            }
            let t = best.unwrap_or_default();
            println!("{size}  {name:18} {:6.1} {:6.1} {:6.1}", t.shade, t.finish, t.total());
        }
    }
    Ok(())
}
