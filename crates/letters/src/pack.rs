//! The fonts that are fetched: Chinese, Japanese and Korean letters, in the forms of each, at any weight.

use kinora_packages::{ANY, Client, Package, PackageError, Step, fetch, make_folder, sum_of, unpack};
use std::path::Path;

/// Noto Sans CJK, variable: one file with the forms of Japan, Korea, China, Taiwan and Hong Kong.
const NOTO: Package = Package {
    client: Client::Pip(ANY),
    name: "manimgx-fonts-cjk",
    version: "2026.9.26.post1",
    file: "manimgx_fonts_cjk-2026.9.26.post1-py3-none-any.whl",
    sha256: "05d5584c73877f37427cf0ca8067f5bacea2b596c7be79e8aedd634bb9f2b666",
    takes: &[
        ("manimgx_fonts_cjk/NotoSansCJK-VF.otf.ttc", FILE),
        ("manimgx_fonts_cjk-2026.9.26.post1.dist-info/licenses/LICENSE", "licences/noto-sans-cjk.txt"),
    ],
};

/// The font's file in the folder.
const FILE: &str = "NotoSansCJK-VF.ttc";
/// Of that file.
const SUM: &str = "d3d8256cdec8dbcb3552284bc6b20c734dd60c2ee9df83b5758e34807c4bac32";

/// Whether the fonts are in a folder, whole.
#[must_use]
pub fn installed(folder: &Path) -> bool {
    folder.join(FILE).exists()
}

/// Checks the installed file against its sum.
#[must_use]
pub fn intact(folder: &Path) -> bool {
    sum_of(&folder.join(FILE)).is_ok_and(|s| s == SUM)
}

/// Fetches the fonts (20 MB), checks them and puts them into a folder. With `from`, the package is taken from there.
///
/// # Errors
/// If a client is missing or fails, a sum is wrong, or a file cannot be written.
pub fn install(folder: &Path, from: Option<&Path>, progress: &dyn Fn(Step)) -> Result<(), PackageError> {
    let step = |what: &str, done| progress(Step { what: what.to_owned(), done, total: 2 });
    if intact(folder) {
        step("they are there already", 2);
        return Ok(());
    }
    let downloads = folder.join("downloads");
    make_folder(&downloads)?;
    step("Noto Sans CJK", 0);
    let fetched = fetch(&NOTO, &downloads, from)?;
    step("unpacking", 1);
    unpack(&NOTO, &fetched, folder)?;
    if !intact(folder) {
        let _ = std::fs::remove_file(folder.join(FILE));
        return Err(PackageError::Fetch { package: NOTO.name.to_owned(), what: "what was in it is not the font that is expected".to_owned() });
    }
    let _ = std::fs::remove_dir_all(&downloads);
    step("done", 2);
    Ok(())
}
