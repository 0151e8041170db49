//! Prints a sum of the bytes of some pictures, at both levels: the same on every processor, or the renderer is broken there.
#![allow(clippy::print_stdout, reason = "an example that reports")]

mod shapes;

use kinora_render::scene::{Relief, Wake};
use kinora_render::{Renderer, Settings, SimdLevel};

fn main() {
    for (name, time, aperture, shutter) in [("garden", 0.0, 0.0, 0.0), ("garden, later", 3.7, 0.0, 0.0), ("garden, through a lens", 1.3, 0.05, 0.5)] {
        let mut scene = shapes::garden();
        (scene.time, scene.camera.aperture, scene.camera.shutter) = (time, aperture, shutter);
        scene.previous_camera.eye.x += 0.05;
        // A wake on whatever water there is.
        let water = scene.still.iter().find(|i| i.materials.iter().any(|m| m.relief == Relief::Ripples)).map_or(0.0, |i| i.mesh.bounds.high.y);
        scene.wakes = vec![Wake { half: 0.5, length: 2.0, track: (0..20).map(|k| (glam::Vec3::new(k as f32 * 0.4, water, -3.0), k as f32 * 0.25)).collect() }];
        for (level, simd) in [("detected", SimdLevel::Detect), ("plain", SimdLevel::Plain)] {
            let picture = Renderer::new(Settings { width: 160, height: 90, simd, passes: false }).render(&scene).picture;
            // FNV-1a.
            let bytes = picture.y.iter().chain(&picture.u).chain(&picture.v);
            let sum = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |sum, b| (sum ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3));
            println!("{sum:016x} {} {level}: {name}", std::env::consts::ARCH);
        }
    }
}
