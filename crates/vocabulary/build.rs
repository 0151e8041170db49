//! Puts every file below `assets/` into the binary, so that a built program needs no folder beside it.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../assets");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    for folder in sorted(&root) {
        if !folder.is_dir() {
            continue;
        }
        println!("cargo::rerun-if-changed={}", folder.display());
        for file in sorted(&folder) {
            if file.extension().is_some_and(|e| e == "ron") {
                println!("cargo::rerun-if-changed={}", file.display());
                files.push(file.canonicalize().expect("a file that was just listed"));
            }
        }
    }
    let mut code = String::from("/// Folder, file stem and text of every built-in asset.\npub(crate) static FILES: &[(&str, &str, &str)] = &[\n");
    for file in &files {
        let folder = file.parent().and_then(Path::file_name).expect("inside a folder").to_string_lossy();
        let stem = file.file_stem().expect("has a name").to_string_lossy();
        writeln!(code, "({folder:?}, {stem:?}, include_str!({:?})),", file.display().to_string()).expect("writing to a string");
    }
    code.push_str("];\n");
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("files.rs");
    fs::write(out, code).expect("OUT_DIR can be written");
}

fn sorted(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut entries: Vec<_> = fs::read_dir(folder).map(|d| d.filter_map(|e| e.ok().map(|e| e.path())).collect()).unwrap_or_default();
    entries.sort();
    entries
}
