//! Pictures and soundtrack become a file: an MP4 with H.264 pictures, AAC sound and captions, made in process.
//!
//! [`deliver()`] cuts the film into [`segments()`], has their frames drawn by [`Shooter`]s and encodes each alone, keeps them beside the
//! output until the film is whole, and joins them without encoding again. [`captions()`], [`subtitles_srt`] and
//! [`subtitles_vtt`] turn voices into text. [`read`] takes films apart again, and [`sheet`] lays frames out on one page.
//!
//! ```
//! use kinora_base::{FrameRate, picture::Yuv420, studio::Machine};
//! use kinora_film::{Delivery, Shooter, deliver, read::Movie};
//! use kinora_plan::Size;
//!
//! /// Every frame a little brighter.
//! struct Dawn;
//! impl Shooter for Dawn {
//!     fn shoot(&mut self, frame: i64) -> Yuv420 {
//!         let mut picture = Yuv420::black(64, 36);
//!         picture.y.fill(16 + 4 * frame as u8);
//!         picture
//!     }
//! }
//!
//! let out = std::env::temp_dir().join(format!("dawn-{}.mp4", std::process::id()));
//! let delivery = Delivery {
//!     out: &out,
//!     size: Size { width: 64, height: 36 },
//!     fps: FrameRate(24),
//!     frames: 48,
//!     cuts: &[0, 48],
//!     digest: &|_| 7,
//!     threads: 2,
//!     title: "Dawn",
//!     language: "en",
//!     bitrate: None,
//!     captions: &[],
//! };
//! let film = deliver(&delivery, &Machine::new(None), &|| Box::new(Dawn), None)?;
//! assert_eq!((film.frames, Movie::open(&out)?.fps()), (48, 24.0));
//! # std::fs::remove_file(out)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Limits today
//! - H.264 in 8 bits up to 3840x2160, without B frames and with the simpler of the two entropy coders, so files are larger
//!   than those of slow encoders at the same quality.
//! - A wished bitrate is held per segment of half a second, so the real one may differ by some percent.
//! - Free space on the disk is not counted beforehand; a full disk is reported when it happens, and the parts are kept.
//! - The video encoder gave the same bytes with its x86-64 assembly and without any; other processors were not compared.
//! - Parts and the joined film are on the disk at the same time, so delivery needs twice the film's space.
//! - The sound is on the disk with the parts while the film is made: 60 MB a minute, with stems 130 MB.

mod aac;
mod captions;
mod deliver;
pub mod edit;
mod error;
pub mod exr;
mod h264;
mod join;
mod mp4;
mod parts;
pub mod passes;
pub mod read;
mod segments;
pub mod sheet;
pub mod titles;

pub use captions::{Caption, captions, subtitles_srt, subtitles_vtt};
pub use deliver::{Delivered, Delivery, Score, Shooter, deliver};
pub use error::{FilmError, ReadError};
pub use segments::segments;

/// Whether this build can encode sound.
pub const ENCODES_SOUND: bool = cfg!(feature = "fdk-aac");

/// Whether the video encoder was built with its assembly; without it (nasm was missing at build time) it is two to
/// three times slower.
#[must_use]
pub fn built_with_nasm() -> bool {
    cfg!(openh264_assembly)
}
