//! Which font has which character: the faces in the binary, then installed ones, then the system's.

use skrifa::Font;
use skrifa::font::Blob;
use skrifa::raw::tables::cmap::Cmap;
use skrifa::raw::{FontData, FontRead as _};
use std::collections::BTreeMap;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A style of letters. All have a face of Latin letters in the binary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Face {
    /// A geometric sans serif of medium weight: captions, lower thirds.
    Sans,
    /// The same, bold: boards, road signs.
    #[default]
    Bold,
    /// Rounded and heavy: shops, cakes, toys.
    Round,
    /// Rounded and thin, as a bent tube is.
    Neon,
    /// A display serif of high contrast: titles, books.
    Serif,
}

impl Face {
    const ALL: [Self; 5] = [Self::Sans, Self::Bold, Self::Round, Self::Neon, Self::Serif];

    fn bytes(self) -> &'static [u8] {
        match self {
            Self::Sans => include_bytes!("../fonts/jost-500.ttf"),
            Self::Bold => include_bytes!("../fonts/jost-700.ttf"),
            Self::Round => include_bytes!("../fonts/fredoka-600.ttf"),
            Self::Neon => include_bytes!("../fonts/fredoka-350.ttf"),
            Self::Serif => include_bytes!("../fonts/dm-serif-display.ttf"),
        }
    }

    /// The weight that a variable font takes in its place.
    fn weight(self) -> f32 {
        match self {
            Self::Sans => 500.0,
            Self::Bold | Self::Serif => 700.0,
            Self::Round => 800.0,
            Self::Neon => 350.0,
        }
    }
}

/// A font that is loaded, at one place of its axes.
#[derive(Clone)]
pub(crate) struct Loaded {
    pub(crate) font: Font,
    /// What it is called in digests and reports: the file's name and its length.
    pub(crate) name: Arc<str>,
}

impl std::fmt::Debug for Loaded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

impl Loaded {
    pub(crate) fn has(&self, c: char) -> bool {
        self.font.charmap().map_unicode(c).is_some_and(|g| g.to_u32() != 0)
    }
}

/// A font file that may be used.
#[derive(Clone, Debug)]
struct File {
    path: PathBuf,
    /// The lower-case name without its ending.
    stem: String,
    /// It was installed for Kinora, not for the system.
    ours: bool,
}

type Choice = (char, &'static str, Face);

/// All fonts that there are. What is not needed is not read.
#[derive(Default)]
pub struct Fonts {
    builtin: [OnceLock<Loaded>; 5],
    /// Folders of fonts, Kinora's own first.
    folders: Vec<(PathBuf, bool)>,
    files: OnceLock<Vec<File>>,
    loaded: Mutex<BTreeMap<(PathBuf, u32, Face), Option<Loaded>>>,
    bytes: Mutex<BTreeMap<PathBuf, Blob>>,
    chosen: Mutex<BTreeMap<Choice, Option<Loaded>>>,
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fonts").field("folders", &self.folders).finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Fonts {
    /// The Latin faces of the binary alone.
    #[must_use]
    pub fn builtin() -> Self {
        Self::default()
    }

    /// Also those in the folder where `kinora fonts install` puts them, and in the system's folders.
    #[must_use]
    pub fn new(installed: Option<PathBuf>, system: Vec<PathBuf>) -> Self {
        let folders = installed.into_iter().map(|f| (f, true)).chain(system.into_iter().map(|f| (f, false))).collect();
        Self { folders, ..Self::default() }
    }

    pub(crate) fn face(&self, face: Face) -> Option<&Loaded> {
        let slot = &self.builtin[Face::ALL.iter().position(|f| *f == face)?];
        if slot.get().is_none() {
            let font = Font::new(face.bytes(), 0)?;
            let _ = slot.set(Loaded { font, name: Arc::from(format!("{face:?}")) });
        }
        slot.get()
    }

    /// The font for a character in a style and a language; none if no font has it.
    pub(crate) fn of(&self, c: char, tongue: &'static str, face: Face) -> Option<Loaded> {
        for own in [face, Face::Bold] {
            if let Some(loaded) = self.face(own).filter(|l| l.has(c)) {
                return Some(loaded.clone());
            }
        }
        let key = (c, tongue, face);
        if let Some(known) = lock(&self.chosen).get(&key) {
            return known.clone();
        }
        let found = self.search(c, tongue, face);
        lock(&self.chosen).insert(key, found.clone());
        found
    }

    /// The first file, in the order of a language, that has the character.
    fn search(&self, c: char, tongue: &str, face: Face) -> Option<Loaded> {
        let files = self.files.get_or_init(|| list(&self.folders));
        let mut order: Vec<(u32, &File)> = files.iter().map(|f| (rank(f, tongue, face), f)).collect();
        order.sort_by(|a, b| (a.0, &a.1.path).cmp(&(b.0, &b.1.path)));
        order.iter().find_map(|(_, file)| {
            let indices = holds(&file.path, c).ok()?;
            let index = indices.iter().copied().min_by_key(|i| (*i != preferred(&file.stem, tongue), *i))?;
            self.load(&file.path, index, face).filter(|l| l.has(c))
        })
    }

    fn load(&self, path: &Path, index: u32, face: Face) -> Option<Loaded> {
        let key = (path.to_owned(), index, face);
        if let Some(known) = lock(&self.loaded).get(&key) {
            return known.clone();
        }
        let bytes = self.read(path);
        let loaded = bytes.and_then(|bytes| {
            let name = format!("{} {} {index}", path.file_name().unwrap_or_default().to_string_lossy(), bytes.len());
            let font = Font::new(bytes, index)?;
            Some(Loaded { font: font.instance_builder().variations([("wght", face.weight())]).build(), name: Arc::from(name) })
        });
        lock(&self.loaded).insert(key, loaded.clone());
        loaded
    }

    fn read(&self, path: &Path) -> Option<Blob> {
        if let Some(bytes) = lock(&self.bytes).get(path) {
            return Some(bytes.clone());
        }
        let bytes: Blob = std::fs::read(path).ok()?.into();
        lock(&self.bytes).insert(path.to_owned(), bytes.clone());
        Some(bytes)
    }

    /// The name of the font that letters of a language would be drawn with, other than those of the binary.
    #[must_use]
    pub fn for_language(&self, tongue: &'static str) -> Option<String> {
        let c = match tongue {
            "ja" => 'あ',
            "ko" => '한',
            "zh" => '们',
            _ => 'Я',
        };
        self.of(c, tongue, Face::Bold).map(|l| l.name.split(' ').next().unwrap_or_default().to_owned())
    }
}

/// Where the systems keep their fonts.
#[must_use]
pub fn system_folders() -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE")).map(PathBuf::from);
    let mut all: Vec<PathBuf> = match std::env::consts::OS {
        "macos" => vec!["/System/Library/Fonts".into(), "/Library/Fonts".into()],
        "windows" => vec![std::env::var_os("WINDIR").map_or_else(|| "C:\\Windows".into(), PathBuf::from).join("Fonts")],
        _ => vec!["/usr/share/fonts".into(), "/usr/local/share/fonts".into()],
    };
    if let Some(home) = home {
        let own: &[&str] = match std::env::consts::OS {
            "macos" => &["Library/Fonts"],
            "windows" => &["AppData/Local/Microsoft/Windows/Fonts"],
            _ => &[".local/share/fonts", ".fonts"],
        };
        all.extend(own.iter().map(|o| home.join(o)));
    }
    all
}

/// Every font file in the folders and their folders, at most five deep, by name.
fn list(folders: &[(PathBuf, bool)]) -> Vec<File> {
    let mut found = Vec::new();
    for (folder, ours) in folders {
        let mut open = vec![(folder.clone(), 0)];
        while let Some((folder, depth)) = open.pop() {
            let Ok(entries) = std::fs::read_dir(folder) else { continue };
            for path in entries.flatten().map(|e| e.path()) {
                if path.is_dir() && depth < 5 {
                    open.push((path, depth + 1));
                } else if path.extension().is_some_and(|e| ["ttf", "otf", "ttc", "otc"].iter().any(|k| e.eq_ignore_ascii_case(k))) {
                    let stem = path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
                    found.push(File { path, stem, ours: *ours });
                }
            }
        }
    }
    found
}

/// Well-known families by language, the best first; parts of file names.
const FAMILIES: &[(&str, &[&str])] = &[
    (
        "zh",
        &["notosanscjk", "notosanssc", "sourcehansans", "pingfang", "msyh", "hiragino sans gb", "wqy", "notosanstc", "simhei", "stheiti", "droidsansfallback"],
    ),
    ("ja", &["notosanscjk", "notosansjp", "sourcehansans", "hiragino", "yugoth", "meiryo", "ipag", "ipaexg", "takao", "vl-gothic", "droidsansfallback"]),
    ("ko", &["notosanscjk", "notosanskr", "sourcehansans", "applesdgothicneo", "malgun", "nanumgothic", "undotum", "droidsansfallback"]),
    ("", &["notosans", "dejavusans", "segoeui", "helvetica", "arial", "liberationsans"]),
];

/// The lower, the better a file suits a language and a style.
fn rank(file: &File, tongue: &str, face: Face) -> u32 {
    let families = FAMILIES.iter().find(|(t, _)| *t == tongue).or(FAMILIES.last()).map_or(&[][..], |f| f.1);
    let family = families.iter().position(|f| file.stem.starts_with(f)).map_or(40, |p| p as u32);
    let any = |words: &[&str]| words.iter().any(|w| file.stem.contains(w));
    let bold = any(&["bold", "black", "heavy", "w6", "-b."]) || file.stem.ends_with('b') && file.stem.starts_with("msyh");
    let odd = any(&["italic", "oblique", "condensed", "narrow"]) as u32 * 3 + any(&["mono", "serif", "extralight", "thin"]) as u32 * 2;
    let weight = u32::from(bold != matches!(face, Face::Bold | Face::Round | Face::Serif)) * u32::from(!file.stem.contains("vf"));
    u32::from(!file.ours) * 1000 + family * 8 + odd + weight
}

/// Which face of a collection has the forms of a language, in the usual order of such collections.
fn preferred(stem: &str, tongue: &str) -> u32 {
    if !stem.contains("cjk") && !stem.contains("sourcehan") {
        return 0;
    }
    match tongue {
        "ko" => 1,
        "zh" => 2,
        _ => 0,
    }
}

/// The faces of a file that have a character and outlines. Only the tables that say so are read, for there may be many files.
fn holds(path: &Path, c: char) -> std::io::Result<Vec<u32>> {
    let mut file = std::fs::File::open(path)?;
    let mut head = [0; 12];
    file.read_exact(&mut head)?;
    let number = |b: &[u8]| u32::from_be_bytes([b[0], b[1], b[2], b[3]]);
    let starts: Vec<u32> = if &head[..4] == b"ttcf" {
        let mut offsets = vec![0; number(&head[8..]).min(64) as usize * 4];
        file.read_exact(&mut offsets)?;
        offsets.chunks_exact(4).map(number).collect()
    } else {
        vec![0]
    };
    let mut found = Vec::new();
    for (index, start) in starts.iter().enumerate() {
        file.seek(SeekFrom::Start(u64::from(*start)))?;
        file.read_exact(&mut head)?;
        let mut records = vec![0; usize::from(u16::from_be_bytes([head[4], head[5]])).min(256) * 16];
        file.read_exact(&mut records)?;
        let table = |tag: &[u8]| records.chunks_exact(16).find(|r| &r[..4] == tag).map(|r| (number(&r[8..]), number(&r[12..])));
        let drawn = table(b"glyf").or(table(b"CFF ")).or(table(b"CFF2")).is_some();
        let Some((at, length)) = table(b"cmap").filter(|t| drawn && t.1 < 16_000_000) else { continue };
        let mut bytes = vec![0; length as usize];
        file.seek(SeekFrom::Start(u64::from(at)))?;
        file.read_exact(&mut bytes)?;
        if Cmap::read(FontData::new(&bytes)).is_ok_and(|cmap| cmap.map_codepoint(c).is_some_and(|g| g.to_u32() != 0)) {
            found.push(index as u32);
        }
    }
    Ok(found)
}
