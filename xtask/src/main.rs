//! Developer tasks: `cargo xtask ci | full | layers | bench | vbench`.

mod bench;
mod full;
mod layers;
mod vbench;

use anyhow::{Context as _, Result, bail, ensure};
use std::path::PathBuf;
use std::process::Command;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("ci") => ci(),
        Some("layers") => layers::check(&root()),
        Some("bench") => bench::run(&root(), &arguments[1..]),
        Some("full") => full::run(&root(), &arguments[1..]),
        Some("vbench") => vbench::run(&root(), &arguments[1..]),
        _ => bail!(
            "usage: cargo xtask ci | full [--quick] [kills disk bodies load queue] | layers | bench [--json FILE] [--quick] | vbench PROMPTS.json [--misses] [--films N]"
        ),
    }
}

/// The workspace's folder.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What CI runs, in order of cost.
fn ci() -> Result<()> {
    layers::check(&root())?;
    cargo(&["fmt", "--all", "--", "--check"], &[])?;
    cargo(&["clippy", "--release", "--workspace", "--all-targets", "--", "-D", "warnings"], &[])?;
    cargo(&["doc", "--release", "--workspace", "--no-deps", "--document-private-items"], &[("RUSTDOCFLAGS", "-D warnings")])?;
    cargo(&["test", "--release", "--workspace"], &[])?;
    // The program as it is shipped: used by clients and read by readers that nobody here wrote, then killed and loaded for a moment.
    let program = bench::built(&root())?;
    for script in ["tests/clients/run", "tests/export/run"] {
        eprintln!("$ {script}");
        let status = Command::new(root().join(script)).arg(&program).status().with_context(|| format!("running {script}"))?;
        ensure!(status.success(), "{script} failed");
    }
    full::with(&program, &["--quick".into()])?;
    clean_tree()
}

fn cargo(arguments: &[&str], environment: &[(&str, &str)]) -> Result<()> {
    eprintln!("$ cargo {}", arguments.join(" "));
    let status = Command::new(env!("CARGO")).args(arguments).envs(environment.iter().copied()).current_dir(root()).status().context("running cargo")?;
    ensure!(status.success(), "cargo {} failed", arguments.join(" "));
    Ok(())
}

/// Tests and builds must not change files of the repository.
fn clean_tree() -> Result<()> {
    let status = Command::new("git").args(["diff", "--exit-code", "--stat"]).current_dir(root()).status().context("running git")?;
    ensure!(status.success() || std::env::var_os("CI").is_none(), "the run changed files of the repository");
    Ok(())
}
