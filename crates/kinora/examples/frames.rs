//! Draws some frames of a prompt and says what each cost: `frames "PROMPT" EVERY [FOLDER [WxH]]`.
#![allow(clippy::print_stdout, reason = "an example that reports")]

use kinora::Size;
use kinora_stage::Engine as _;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let prompt = arguments.first().ok_or("a prompt is needed")?;
    let every: usize = arguments.get(1).map_or(Ok(30), |n| n.parse())?;
    let studio = kinora::base::studio::Machine::new(Some(1));
    let kinora = kinora::Kinora::new(&studio)?;
    let options = kinora::Options { duration: Some(kinora_base::time::Ticks(5 * 48_000)), ..kinora::Options::default() };
    let mut plan = kinora.direct(&kinora::Prompt { text: prompt.clone(), options })?.output;
    if let Some((w, h)) = arguments.get(3).and_then(|s| s.split_once('x')) {
        plan.size = Size { width: w.parse()?, height: h.parse()? };
    }
    let staging = kinora.stage(&plan)?.output;
    let photographer = kinora.photographer(&staging, kinora::SimdLevel::Detect, false)?;
    let mut shooter = photographer.shooter();
    let (mut sums, mut count) = (Vec::<(&str, f64)>::new(), 0.0);
    for frame in (0..staging.frames()).step_by(every) {
        let start = Instant::now();
        drop(photographer.scene(frame));
        let stage = start.elapsed().as_secs_f64() * 1000.0;
        let drawn = shooter.shoot(frame);
        let mut row = shooter.timings();
        row.insert(0, ("stage", stage));
        println!("{frame:5}: {}", row.iter().map(|(n, ms)| format!("{n} {ms:.1}")).collect::<Vec<_>>().join("  "));
        if frame > 0 {
            count += 1.0;
            sums.resize(row.len(), ("", 0.0));
            for (sum, (name, ms)) in sums.iter_mut().zip(row) {
                *sum = (name, sum.1 + ms);
            }
        }
        if let Some(folder) = arguments.get(2).filter(|f| *f != "-") {
            std::fs::create_dir_all(folder)?;
            std::fs::write(format!("{folder}/{frame:05}.png"), drawn.picture.to_rgb().to_png()?)?;
        }
    }
    let total: f64 = sums.iter().map(|s| s.1).sum::<f64>() / f64::max(count, 1.0);
    println!(" mean: {}  = {total:.1}", sums.iter().map(|(n, ms)| format!("{n} {:.1}", ms / f64::max(count, 1.0))).collect::<Vec<_>>().join("  "));
    Ok(())
}
