//! `kinora doctor`: what this machine and this build can do.

use std::fmt::Write as _;
use std::process::{Command, Stdio};

/// A line a subject.
pub(crate) fn report() -> String {
    let mut text = String::new();
    let mut line = |subject: &str, what: &str| _ = writeln!(text, "{subject:10}{what}");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    line("kinora", env!("CARGO_PKG_VERSION"));
    line("cores", &cores.to_string());
    line("simd", if avx2() { "AVX2" } else { "portable code (same bytes, slower)" });
    let nasm = kinora::film::built_with_nasm();
    line(
        "nasm",
        if nasm {
            "this build has the video encoder's assembly"
        } else {
            "not in this build: encoding is two to three times slower; install nasm and build again"
        },
    );
    line("audio", if kinora::film::ENCODES_SOUND { "AAC encoder built in" } else { "this build has no audio encoder (feature fdk-aac): films are silent" });
    line("ffmpeg", &ffmpeg());
    line("voices", &voices());
    line("fonts", &crate::fonts::report());
    text
}

fn voices() -> String {
    match crate::progress::voices_folder().map(|f| kinora::speech::Pack::open(&f)) {
        Some(Ok(pack)) => format!("{} in {}", pack.voices().map_or(0, |v| v.len()), pack.folder().display()),
        Some(Err(error @ kinora::speech::SpeechError::Outdated { .. })) => error.to_string(),
        _ => "none yet: speech is timed and subtitled, not heard; run `kinora voices install`".into(),
    }
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
