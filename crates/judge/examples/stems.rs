//! Measures of stems alone: `cargo run --release -p kinora-judge --example stems -- FILM PLAN STEMS [PASSES]`.

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [film, plan, stems, rest @ ..] = arguments.as_slice() else { return Err("FILM PLAN STEMS [PASSES]".into()) };
    let plan = kinora_plan::Plan::from_json(&std::fs::read_to_string(plan)?)?;
    for m in kinora_judge::judge_stems(&plan, Path::new(stems), Path::new(film), rest.first().map(Path::new))? {
        println!("{:<10} {:<8} {:<12} asked {:<36} found {:<60} {}", m.dimension, m.shot, m.subject, m.asked, m.found, if m.holds { "ok" } else { "NO" });
    }
    Ok(())
}
