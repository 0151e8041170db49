//! Finds out whether the video encoder is being built with its assembly, which makes it more than twice as fast.
//! Its own build script falls back to plain C silently, so the same condition is asked here.

use std::process::Command;

fn main() {
    println!("cargo::rustc-check-cfg=cfg(openh264_assembly)");
    println!("cargo::rerun-if-env-changed=OPENH264_NO_ASM");
    println!("cargo::rerun-if-env-changed=PATH");
    println!("cargo::rerun-if-changed=build.rs");
    let set = |name: &str| std::env::var(name).unwrap_or_default();
    let x86 = matches!(set("CARGO_CFG_TARGET_ARCH").as_str(), "x86" | "x86_64");
    // ARM's assembly goes through the C compiler, except on Windows.
    let arm = matches!(set("CARGO_CFG_TARGET_ARCH").as_str(), "arm" | "aarch64") && set("CARGO_CFG_TARGET_OS") != "windows";
    let forbidden = std::env::var("OPENH264_NO_ASM").is_ok();
    println!("cargo::rerun-if-env-changed=NASM");
    let program = std::env::var("NASM").unwrap_or_else(|_| "nasm".into());
    let nasm = || Command::new(&program).arg("-v").output().is_ok_and(|o| o.status.success());
    if arm || x86 && !forbidden && nasm() {
        println!("cargo::rustc-cfg=openh264_assembly");
    }
}
