//! Draws some frames of a prompt or a plan and says what each cost: `frames "PROMPT"|film.plan.json EVERY [FOLDER [WxH]]`.
//!
//! With the folder `census`, it lists instead which meshes the triangles of each frame are in.
#![allow(clippy::print_stdout, reason = "an example that reports")]

use kinora::Size;
use kinora_stage::Engine as _;
use std::time::Instant;

#[global_allocator]
static MEMORY: kinora::LargePages = kinora::LargePages;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let prompt = arguments.first().ok_or("a prompt is needed")?;
    let every: usize = arguments.get(1).map_or(Ok(30), |n| n.parse())?;
    let studio = kinora::base::studio::Machine::new(Some(1));
    let kinora = kinora::Kinora::new(&studio)?;
    let options = kinora::Options { duration: Some(kinora_base::time::Ticks(5 * 48_000)), ..kinora::Options::default() };
    let mut plan = if prompt.ends_with(".json") {
        kinora::Plan::from_json(&std::fs::read_to_string(prompt)?)?
    } else {
        kinora.direct(&kinora::Prompt { text: prompt.clone(), options })?.output
    };
    if let Some((w, h)) = arguments.get(3).and_then(|s| s.split_once('x')) {
        plan.size = Size { width: w.parse()?, height: h.parse()? };
    }
    let staging = kinora.stage(&plan)?.output;
    let photographer = kinora.photographer(&staging, kinora::SimdLevel::Detect, false)?;
    let mut shooter = photographer.shooter();
    let (mut sums, mut count) = (Vec::<(&str, f64)>::new(), 0.0);
    for frame in (0..staging.frames()).step_by(every) {
        if arguments.get(2).is_some_and(|f| f == "census") {
            census(frame, &photographer.scene(frame));
            continue;
        }
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

/// Lists the meshes with most triangles: triangles, instances, metres across, metres from the nearest to the lens.
fn census(frame: i64, scene: &kinora_render::scene::Scene) {
    let mut rows = std::collections::BTreeMap::<usize, (usize, usize, f32, f32)>::new();
    for i in scene.still.iter().chain(&scene.moving) {
        let size = i.mesh.bounds.radius() * i.world_from_object.matrix3.x_axis.length();
        let away = (i.world_from_object.transform_point3(scene.camera.eye * 0.0) - scene.camera.eye).length();
        let row = rows.entry(std::sync::Arc::as_ptr(&i.mesh) as usize).or_insert((i.mesh.triangles.len(), 0, size * 2.0, away));
        (row.1, row.3) = (row.1 + 1, row.3.min(away));
    }
    let mut rows: Vec<_> = rows.into_values().collect();
    rows.sort_by_key(|(triangles, count, ..)| std::cmp::Reverse(triangles * count));
    println!("frame {frame}: {} triangles, {} instances", rows.iter().map(|r| r.0 * r.1).sum::<usize>(), rows.iter().map(|r| r.1).sum::<usize>());
    for (triangles, count, size, away) in rows.iter().take(12) {
        println!("  {triangles:7} x {count:4}  {size:5.1} m  from {away:5.1} m");
    }
}
