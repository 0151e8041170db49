//! Draws motions at the moments that their files name, on a woman, ten in a row: `moments SHEET.png [NAME...]`, all without a name.
//! The files of `assets` in the current folder are read when it runs.
#![allow(clippy::print_stderr, reason = "an example that reports")]

use kinora::Kind;
use kinora::base::studio::{Machine, Progress, Studio};
use std::io;
use std::path::{Path, PathBuf};

struct Here(Machine);

impl Studio for Here {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0.read(path)
    }
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.0.write(path, bytes)
    }
    fn asset_folders(&self) -> Vec<PathBuf> {
        vec![PathBuf::from("assets")]
    }
    fn threads(&self) -> usize {
        self.0.threads()
    }
    fn progress(&self, _: Progress) {}
    fn clock(&self) -> f64 {
        self.0.clock()
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (out, mut names) = arguments.split_first().map(|(out, names)| (out.clone(), names.to_vec())).ok_or("the name of a picture is needed")?;
    let kinora = kinora::Kinora::new(&Here(Machine::new(Some(1))))?;
    if names.is_empty() {
        names = kinora.vocabulary().of(Kind::Motion).map(|a| a.id.clone()).collect();
    }
    let mut pictures = Vec::new();
    for name in &names {
        match kinora::show_moment(&kinora, name) {
            Ok(picture) => pictures.push(picture),
            Err(error) => eprintln!("{name}: {error}"),
        }
    }
    let labelled: Vec<_> = pictures.iter().map(|(label, picture)| (label.clone(), picture)).collect();
    std::fs::write(out, kinora::film::sheet::labelled_sheet(&labelled, 10).to_png()?)?;
    Ok(())
}
