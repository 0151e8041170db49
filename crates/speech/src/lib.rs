//! Lines become voices: text to symbols of sound ([`Tongue`]), symbols to sound by a neural model, symbols to mouth
//! shapes, all timed into the shots of a plan ([`voice()`]).
//!
//! How a line is spoken:
//! 1. *Text*: cleaned, cut into stretches of one language, numbers in words, then each stretch by the rules of its language:
//!    a dictionary with parts of speech (English), spelling (Spanish, Korean), phrases with tones (Mandarin), a dictionary of
//!    readings (Japanese).
//! 2. *Voice*: cast by who speaks ([`cast()`]): sex, age, language; the same in every shot; children and the old by processing.
//! 3. *Sound*: Kokoro-82M, which also says how long each symbol lasts. [`Speaker`] keeps it ready.
//! 4. *Manner*: speed, pitch, energy; a whisper is the same voice without its tone.
//! 5. *Lips*: each symbol is a mouth shape or two for as long as it sounds.
//!
//! What speech needs is fetched once by [`Pack::install`]. Without it lines are only timed, by their text, and shown as subtitles.
//!
//! # Limits today
//! The model knows no Korean: its sounds are spoken by voices of other languages, with an accent. Japanese has no pitch accent.
//! Songs are made up; nobody sings a known one. Names of other languages are said by the rules of the line's.

mod cast;
mod error;
mod estimate;
mod kokoro;
mod lines;
mod lock;
mod manner;
mod pack;
mod song;
mod speaker;
mod text;
mod visemes;

pub use cast::{Casting, cast, of_name};
pub use error::SpeechError;
pub use kinora_packages::Step;
pub use kokoro::RATE;
pub use lines::{Booth, voice};
pub use lock::Lock;
pub use manner::Manner;
pub use pack::Pack;
pub use song::Tune;
pub use speaker::{Phone, Said, Speaker, Times, Utterance};
pub use text::Tongue;
