//! Judges a film, and writes a contact sheet of it if asked to.
//! `cargo run --release -p kinora-judge --example judge -- film.mp4 [sheet.png]`

use kinora_base::{FrameRate, Ticks};
use kinora_film::read::Movie;
use kinora_film::sheet::contact_sheet;
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let file = Path::new(args.first().ok_or("which film?")?);
    println!("{}", kinora_judge::judge(file, None)?);
    if let Some(sheet) = args.get(1) {
        let movie = Movie::open(file)?;
        let rate = FrameRate(movie.fps().round() as u32);
        let frames = movie.every_frame((movie.frames() / 12).max(1))?;
        let pictures: Vec<(Ticks, _)> =
            frames.iter().take(12).map(|(n, p)| (rate.start_of(*n as i64), p.to_rgb().resized(320, 320 * p.height / p.width))).collect();
        std::fs::write(sheet, contact_sheet(&pictures, 4).to_png()?)?;
    }
    Ok(())
}
