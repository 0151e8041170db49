//! `cargo xtask bench`: how long the program takes, as a table and as JSON, with the machine it ran on.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

const PROMPT: &str = "A red fox walks through a snowy forest at sunset, then stops and looks at the camera";

/// The film that the speed of pictures is judged by: a crowd, rain, night, a close-up, water, a wide landscape.
const SIX_SHOTS: &str = "docs/bench/six-shots.plan.json";

/// Builds the program, times it, prints the table.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<()> {
    let quick = arguments.iter().any(|a| a == "--quick");
    let json_file = arguments.iter().position(|a| a == "--json").and_then(|k| arguments.get(k + 1)).map(PathBuf::from);
    let program = built(root)?;
    let folder = std::env::temp_dir().join(format!("kinora-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let mut rows = vec![plan_row(&program)?];
    rows.push(film_row(&program, &folder, "5 s 1080p30", PROMPT, &["--duration", "5"])?);
    rows.push(film_row(&program, &folder, "5 s 1080p30, 1 thread", PROMPT, &["--duration", "5", "--threads", "1"])?);
    let six = root.join(SIX_SHOTS);
    rows.push(sheet_row(&program, &folder, &six)?);
    if !quick {
        rows.push(film_row(&program, &folder, "15 s 4K60", PROMPT, &["--duration", "15", "--size", "4k", "--fps", "60"])?);
        rows.push(film_row(&program, &folder, "six shots, 15 s 4K60", &six.to_string_lossy(), &[])?);
    }
    let report = json!({ "machine": machine(), "rows": rows });
    print_table(&report);
    if let Some(file) = json_file {
        std::fs::write(&file, serde_json::to_string_pretty(&report)?).with_context(|| format!("writing {}", file.display()))?;
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

/// The program, built.
pub(crate) fn built(root: &Path) -> Result<PathBuf> {
    let status = Command::new(env!("CARGO")).args(["build", "--release", "--package", "kinora-cli"]).current_dir(root).status().context("building")?;
    ensure!(status.success(), "the build failed");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    Ok(target.join("release/kinora"))
}

fn plan_row(program: &Path) -> Result<Value> {
    let mut seconds = Vec::new();
    for _ in 0..7 {
        let start = Instant::now();
        let output = Command::new(program).args(["plan", PROMPT]).output().context("running kinora plan")?;
        ensure!(output.status.success(), "kinora plan failed: {}", String::from_utf8_lossy(&output.stderr));
        seconds.push(start.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    Ok(json!({ "what": "plan", "seconds": seconds[3] }))
}

fn film_row(program: &Path, folder: &Path, what: &str, source: &str, extra: &[&str]) -> Result<Value> {
    let (film, report) = (folder.join("bench.mp4"), folder.join("report.json"));
    let start = Instant::now();
    let mut child = Command::new(program)
        .args(["make", "--no-cache", source, "-o"])
        .arg(&film)
        .arg("--report")
        .arg(&report)
        .args(extra)
        .stderr(std::process::Stdio::null())
        .spawn()
        .context("running kinora make")?;
    let mut peak = 0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        peak = peak.max(peak_memory(child.id()));
        std::thread::sleep(std::time::Duration::from_millis(50));
    };
    ensure!(status.success(), "kinora make failed for {what}");
    let seconds = start.elapsed().as_secs_f64();
    let report: Value = serde_json::from_str(&std::fs::read_to_string(&report)?)?;
    let film = &report["film"];
    Ok(json!({
        "what": what, "seconds": seconds, "first_frame": film["seconds_to_first_frame"], "frames": film["frames"],
        "megabytes": film["bytes"].as_f64().unwrap_or(0.0) / 1e6, "peak_memory_mib": peak / 1024, "milliseconds_by_pass": film["milliseconds_by_pass"],
    }))
}

fn sheet_row(program: &Path, folder: &Path, plan: &Path) -> Result<Value> {
    let start = Instant::now();
    let output =
        Command::new(program).arg("sheet").arg(plan).args(["--frames", "12", "-o"]).arg(folder.join("sheet.png")).output().context("running kinora sheet")?;
    ensure!(output.status.success(), "kinora sheet failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(json!({ "what": "sheet of six shots, 12 stills", "seconds": start.elapsed().as_secs_f64() }))
}

/// Peak resident memory in KiB, where the system tells.
fn peak_memory(process: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    text.lines().find_map(|l| l.strip_prefix("VmHWM:")).and_then(|v| v.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

fn machine() -> Value {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|l| l.strip_prefix("model name")).map(|l| l.trim_start_matches([' ', '\t', ':'])).unwrap_or("unknown");
    json!({ "cpu": model, "cores": std::thread::available_parallelism().map_or(1, usize::from), "system": std::env::consts::OS, "architecture": std::env::consts::ARCH })
}

fn print_table(report: &Value) {
    println!(
        "machine: {} ({} cores, {})\n",
        report["machine"]["cpu"].as_str().unwrap_or("?"),
        report["machine"]["cores"],
        report["machine"]["architecture"].as_str().unwrap_or("?")
    );
    println!("| what | seconds | first frame s | frames | MB | peak MiB |\n|---|---|---|---|---|---|");
    let number = |v: &Value, digits: usize| v.as_f64().map_or_else(|| "-".to_owned(), |f| format!("{f:.digits$}"));
    for row in report["rows"].as_array().into_iter().flatten() {
        let what = row["what"].as_str().unwrap_or("");
        println!(
            "| {what} | {} | {} | {} | {} | {} |",
            number(&row["seconds"], 3),
            number(&row["first_frame"], 2),
            number(&row["frames"], 0),
            number(&row["megabytes"], 1),
            number(&row["peak_memory_mib"], 0)
        );
    }
    println!("\nmilliseconds a frame by pass (one thread's time):");
    for row in report["rows"].as_array().into_iter().flatten().filter(|r| r["milliseconds_by_pass"].is_array()) {
        let passes: Vec<String> =
            row["milliseconds_by_pass"].as_array().into_iter().flatten().map(|p| format!("{} {}", p[0].as_str().unwrap_or(""), number(&p[1], 1))).collect();
        println!("  {}: {}", row["what"].as_str().unwrap_or(""), passes.join(", "));
    }
}
