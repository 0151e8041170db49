//! Measures the encoders on a noisy moving picture: frames a second, decibels, bits a second.
//! `cargo run --release -p kinora-film --example measure -- 1920 1080 30 out.mp4 [bitrate|- [fps]]`

use kinora_base::pcm::{ReadSound, Stereo};
use kinora_base::picture::Yuv420;
use kinora_base::studio::Machine;
use kinora_base::{FrameRate, maths, noise};
use kinora_film::{Delivery, Score, Shooter, deliver, read::Movie};
use kinora_plan::Size;
use std::ops::ControlFlow;
use std::path::Path;

/// Soft hills that drift, with grain that changes every frame.
fn picture(size: Size, frame: i64, hills: &[u8]) -> Yuv420 {
    let (w, h) = (size.width as usize, size.height as usize);
    let mut out = Yuv420::black(w, h);
    let shift = frame as usize * (w / 240).max(1);
    for (y, row) in out.y.chunks_exact_mut(w).enumerate() {
        for (x, p) in row.iter_mut().enumerate() {
            let grain = noise::lattice(x as i32, y as i32, frame as i32) * 2.0;
            *p = (f32::from(hills[(y % 1024) * 1024 + (x + shift) % 1024]) + grain) as u8;
        }
    }
    for (i, (u, v)) in out.u.iter_mut().zip(&mut out.v).enumerate() {
        *u = hills[(i / (w / 2) % 1024) * 1024 + (i % (w / 2) + shift / 2) % 1024] / 2 + 64;
        *v = 255 - *u;
    }
    out
}

struct Test(std::sync::Arc<Vec<Yuv420>>);
impl Shooter for Test {
    fn shoot(&mut self, frame: i64) -> Yuv420 {
        self.0[frame as usize].clone()
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize, or: u32| args.get(i).and_then(|a| a.parse().ok()).unwrap_or(or);
    let size = Size { width: number(0, 1920), height: number(1, 1080) };
    let frames = i64::from(number(2, 30));
    let out = Path::new(args.get(3).map_or("measure.mp4", String::as_str));
    let hills: Vec<u8> =
        (0..1024 * 1024).map(|i| (noise::octaves(glam::Vec3::new((i % 1024) as f32 / 40.0, (i / 1024) as f32 / 40.0, 0.0), 5) * 90.0 + 120.0) as u8).collect();
    let pictures = std::sync::Arc::new((0..frames).map(|f| picture(size, f, &hills)).collect::<Vec<_>>());
    let tone = |_: &Path| -> Box<dyn ReadSound> {
        let left: Vec<f32> = (0..frames * 1600).map(|i| maths::sin(i as f32 * 0.0576) * 0.5).collect();
        Box::new(Stereo { right: left.clone(), left })
    };
    let delivery = Delivery {
        out,
        size,
        fps: FrameRate(number(5, 30)),
        frames,
        cuts: &[0, frames],
        digest: &|_| 1,
        threads: 1,
        title: "Measure",
        language: "en",
        bitrate: args.get(4).and_then(|a| a.parse().ok()),
        captions: &[],
    };
    let test = || Box::new(Test(pictures.clone())) as Box<dyn Shooter>;
    let sound: &Score<'_> = &tone;
    let done = deliver(&delivery, &Machine::new(Some(1)), &test, kinora_film::ENCODES_SOUND.then_some(sound))?;
    let (mut error, mut worst) = (0.0f64, f64::MAX);
    Movie::open(out)?.each_frame(0, |i, decoded| {
        let square = |a: &u8, b: &u8| f64::from(i32::from(*a) - i32::from(*b)).powi(2);
        let e = pictures[i].y.iter().zip(&decoded.y).map(|(a, b)| square(a, b)).sum::<f64>() / decoded.y.len() as f64;
        error += e;
        worst = worst.min(10.0 * libm::log10(65025.0 / e.max(1e-9)));
        ControlFlow::Continue(())
    })?;
    let psnr = 10.0 * libm::log10(65025.0 * frames as f64 / error.max(1e-9));
    let rate = done.bytes as f64 * 8.0 / (frames as f64 / 30.0) / 1e6;
    println!(
        "{}x{}: {:.1} frames/s, luma {psnr:.1} dB (worst frame {worst:.1}), {rate:.1} Mbit/s, assembly {}",
        size.width,
        size.height,
        frames as f64 / done.seconds,
        kinora_film::built_with_nasm()
    );
    Ok(())
}
