//! `kinora doctor`: what this machine and this build can do.

use anyhow::Result;
use std::process::{Command, Stdio};

/// Prints a line a subject.
pub(crate) fn report() -> Result<()> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!("kinora    {}", env!("CARGO_PKG_VERSION"));
    println!("cores     {cores}");
    println!("simd      {}", if avx2() { "AVX2" } else { "portable code (same bytes, slower)" });
    let nasm = kinora::film::built_with_nasm();
    println!(
        "nasm      {}",
        if nasm {
            "this build has the video encoder's assembly"
        } else {
            "not in this build: encoding is two to three times slower; install nasm and build again"
        }
    );
    println!(
        "audio     {}",
        if kinora::film::ENCODES_SOUND { "AAC encoder built in" } else { "this build has no audio encoder (feature fdk-aac): films are silent" }
    );
    println!("ffmpeg    {}", ffmpeg());
    println!("voices    none yet: speech is timed and subtitled, not heard");
    println!("fonts     not needed yet");
    Ok(())
}

fn avx2() -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        std::arch::is_x86_feature_detected!("avx2")
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        false
    }
}

fn ffmpeg() -> String {
    let found = Command::new("ffmpeg").arg("-version").stdin(Stdio::null()).stderr(Stdio::null()).output();
    match found {
        Ok(out) if out.status.success() => String::from_utf8_lossy(&out.stdout).lines().next().unwrap_or("found").to_owned(),
        _ => "not found (not needed)".to_owned(),
    }
}
