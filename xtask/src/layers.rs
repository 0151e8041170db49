//! What may depend on what: the one-way flow of ARCHITECTURE.md, checked against `cargo metadata`.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Crate, and the crates of ours it may use.
const ALLOWED: &[(&str, &[&str])] = &[
    ("kinora-base", &[]),
    ("kinora-vocabulary", &["base"]),
    ("kinora-plan", &["base"]),
    ("kinora-render", &["base"]),
    ("kinora-packages", &[]),
    ("kinora-gltf", &[]),
    ("kinora-letters", &["packages"]),
    ("kinora-solids", &["base", "vocabulary", "render", "letters"]),
    ("kinora-director", &["base", "vocabulary", "plan"]),
    ("kinora-speech", &["base", "plan", "packages"]),
    ("kinora-sound", &["base", "vocabulary", "plan"]),
    ("kinora-world", &["base", "vocabulary", "plan", "render", "solids"]),
    ("kinora-cast", &["base", "vocabulary", "plan", "gltf", "render", "solids"]),
    ("kinora-stage", &["base", "vocabulary", "plan", "render", "solids", "world", "cast"]),
    ("kinora-film", &["base", "plan", "letters"]),
    ("kinora-judge", &["base", "plan", "film"]),
    (
        "kinora",
        &["base", "vocabulary", "plan", "gltf", "render", "solids", "director", "speech", "sound", "world", "cast", "stage", "film", "letters", "packages"],
    ),
    ("kinora-server", &["base", "plan", "judge", ""]),
    ("kinora-cli", &["base", "plan", "judge", "server", ""]),
    ("xtask", &[]),
];

/// Fails with every arrow that goes the wrong way.
pub(crate) fn check(root: &Path) -> Result<()> {
    let output =
        Command::new(env!("CARGO")).args(["metadata", "--format-version", "1", "--no-deps"]).current_dir(root).output().context("running cargo metadata")?;
    ensure!(output.status.success(), "cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let mut wrong = Vec::new();
    for package in metadata["packages"].as_array().context("packages")? {
        let name = package["name"].as_str().unwrap_or_default();
        let Some((_, allowed)) = ALLOWED.iter().find(|(n, _)| *n == name) else {
            wrong.push(format!("{name} is not in the table of xtask/src/layers.rs"));
            continue;
        };
        for dependency in package["dependencies"].as_array().context("dependencies")? {
            let used = dependency["name"].as_str().unwrap_or_default();
            let ours = ALLOWED.iter().any(|(n, _)| *n == used);
            let short = used.strip_prefix("kinora").unwrap_or(used).trim_start_matches('-');
            if ours && dependency["kind"].is_null() && !allowed.contains(&short) {
                wrong.push(format!("{name} may not use {used}"));
            }
        }
    }
    ensure!(wrong.is_empty(), "layers:\n  {}", wrong.join("\n  "));
    println!("layers: every crate uses only what it may");
    Ok(())
}
