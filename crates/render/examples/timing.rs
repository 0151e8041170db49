//! Prints milliseconds by pass for a garden of about 150 thousand triangles in view, at 1080p and 4K:
//! `cargo run --release -p kinora-render --example timing` (with any argument, without the plain level).

mod shapes;

use kinora_render::{Renderer, Settings, SimdLevel};

fn main() {
    let mut scene = shapes::garden();
    scene.lamps = shapes::lamps(1.0);
    let count: usize = scene.still.iter().chain(&scene.moving).map(|i| i.mesh.triangles.len()).sum();
    println!("{count} triangles in the scene");
    println!("size       level   geometry shadow raster occlusion shade bloom finish | total ms");
    for (name, width, height, simd) in
        [("1920x1080", 1920, 1080, SimdLevel::Detect), ("1920x1080", 1920, 1080, SimdLevel::Plain), ("3840x2160", 3840, 2160, SimdLevel::Detect)]
    {
        if simd == SimdLevel::Plain && std::env::args().nth(1).is_some() {
            continue;
        }
        let mut renderer = Renderer::new(Settings { width, height, simd, passes: false });
        let mut best = None::<kinora_render::Timings>;
        for frame in 0..4 {
            scene.time = frame as f32 / 30.0;
            renderer.render(&scene);
            let t = *renderer.timings();
            if best.is_none_or(|b| t.total() < b.total()) {
                best = Some(t);
            }
        }
        let t = best.unwrap_or_default();
        println!(
            "{name}  {simd:?}  {:8.1} {:6.1} {:6.1} {:9.1} {:5.1} {:5.1} {:6.1} | {:6.1}",
            t.geometry,
            t.shadow,
            t.raster,
            t.occlusion,
            t.shade,
            t.bloom,
            t.finish,
            t.total()
        );
    }
}
