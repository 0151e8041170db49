//! `kinora fonts`: install and check the fonts of letters that the binary does not have.

use crate::arguments::Fonts;
use crate::commands::print;
use crate::progress::{fonts_folder, say};
use anyhow::Result;
use kinora::Error;
use kinora::letters::{self, pack};
use std::path::Path;

/// Runs one of the commands.
pub(crate) fn run(command: Fonts) -> Result<()> {
    match command {
        Fonts::Install { from } => install(from.as_deref()),
        Fonts::Check => check(),
    }
}

fn install(from: Option<&Path>) -> Result<()> {
    let folder = fonts_folder().ok_or_else(|| Error::Arguments("there is no place for fonts: KINORA_FONTS is off, or there is no home folder".into()))?;
    pack::install(&folder, from, &|step| say(&format!("fonts {}/{}: {}", step.done, step.total, step.what))).map_err(Error::from)?;
    say(&format!("{}: Noto Sans CJK", folder.display()));
    Ok(())
}

fn check() -> Result<()> {
    let mut text = String::new();
    for (language, font) in by_language() {
        text += &format!("{language:24}{font}\n");
    }
    match fonts_folder() {
        Some(folder) if pack::installed(&folder) && !pack::intact(&folder) => {
            let what = std::io::Error::other("its bytes are not those that were installed; run `kinora fonts install` again");
            return Err(Error::Read { path: folder, source: what }.into());
        }
        Some(folder) if pack::installed(&folder) => text += &format!("{}: every file is as it was installed\n", folder.display()),
        _ => text += "no fonts are installed for Kinora; `kinora fonts install` fetches them\n",
    }
    print(&text)
}

/// Which font the letters of each script are set in.
fn by_language() -> Vec<(&'static str, String)> {
    let fonts = letters::Fonts::new(fonts_folder(), if fonts_folder().is_some() { letters::system_folders() } else { Vec::new() });
    let font = |tongue| fonts.for_language(tongue).unwrap_or_else(|| "no font: such letters are left out, with a warning".to_owned());
    let mut all = vec![("Latin", "built in: Jost, Fredoka, DM Serif Display".to_owned())];
    all.extend([("Chinese", "zh"), ("Japanese", "ja"), ("Korean", "ko"), ("Cyrillic, Greek", "")].map(|(name, tongue)| (name, font(tongue))));
    all
}

/// One line for the doctor.
pub(crate) fn report() -> String {
    let all = by_language();
    let lacking: Vec<&str> = all.iter().filter(|(_, f)| f.starts_with("no font")).map(|(l, _)| *l).collect();
    if !lacking.is_empty() {
        return format!("Latin built in; no font has {}: such letters are left out; run `kinora fonts install`", lacking.join(", "));
    }
    let mut named: Vec<&str> = all[1..].iter().map(|(_, f)| f.as_str()).collect();
    named.dedup();
    let ours = fonts_folder().is_some_and(|f| pack::installed(&f));
    let hint = if ours { "" } else { " (`kinora fonts install` fetches better ones)" };
    format!("Latin built in; others from {}{hint}", named.join(", "))
}
