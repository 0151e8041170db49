//! What the tests film: a pattern that moves and changes at cuts, a click, and a studio that can be cancelled.

use kinora_base::pcm::{ReadSound, SAMPLE_RATE, Stereo};
use kinora_base::picture::Yuv420;
use kinora_base::studio::{Machine, Progress};
use kinora_base::{FrameRate, Studio, maths};
use kinora_film::{Caption, Delivered, Delivery, FilmError, Shooter, deliver};
use kinora_plan::Size;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// Frame `n`: soft waves that drift; every shot has its own brightness and colour.
pub(crate) fn pattern(size: Size, cuts: &[i64], n: i64) -> Yuv420 {
    let (w, h) = (size.width as usize, size.height as usize);
    let shot = cuts.iter().filter(|c| **c <= n).count() as f32;
    let mut out = Yuv420::black(w, h);
    for (i, p) in out.y.iter_mut().enumerate() {
        let (x, y) = ((i % w) as f32, (i / w) as f32);
        *p = (40.0 + 50.0 * shot + 25.0 * maths::sin((x + 2.0 * n as f32) * 0.15) + 10.0 * maths::cos(y * 0.2)) as u8;
    }
    out.u.fill(100 + 20 * shot as u8);
    out.v.iter_mut().enumerate().for_each(|(i, p)| *p = 118 + (i % (w / 2) / 4 % 20) as u8);
    out
}

/// Shoots the pattern and counts the frames.
pub(crate) struct Pattern<'a>(pub(crate) &'a Film, pub(crate) &'a AtomicUsize);

impl Shooter for Pattern<'_> {
    fn shoot(&mut self, frame: i64) -> Yuv420 {
        self.1.fetch_add(1, Ordering::SeqCst);
        pattern(self.0.size, &self.0.cuts, frame)
    }
}

/// One second of a quiet tone with a click in the middle.
pub(crate) fn click() -> Stereo {
    let tone: Vec<f32> = (0..SAMPLE_RATE as usize).map(|i| maths::sin(i as f32 * 0.05) * 0.05).collect();
    let mut left = tone.clone();
    left[24_000..24_024].fill(0.9);
    Stereo { left, right: tone }
}

/// A film to be delivered.
#[derive(Clone)]
pub(crate) struct Film {
    pub(crate) out: PathBuf,
    pub(crate) size: Size,
    pub(crate) frames: i64,
    pub(crate) cuts: Vec<i64>,
    pub(crate) threads: usize,
    pub(crate) digest: u64,
    pub(crate) sound: bool,
    pub(crate) captions: Vec<Caption>,
}

impl Film {
    /// Twenty frames in two shots in a folder of its own.
    pub(crate) fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("kinora-film-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        let size = Size { width: 192, height: 108 };
        Self { out: folder.join("film.mp4"), size, frames: 20, cuts: vec![0, 7, 20], threads: 1, digest: 1, sound: false, captions: vec![] }
    }

    /// Delivers it; also how many frames were drawn.
    pub(crate) fn make(&self, studio: &dyn Studio) -> (Result<Delivered, FilmError>, usize) {
        let shot = AtomicUsize::new(0);
        let shooter = || Box::new(Pattern(self, &shot)) as Box<dyn Shooter>;
        let score = |_: &Path| Box::new(click()) as Box<dyn ReadSound>;
        let delivery = Delivery {
            out: &self.out,
            size: self.size,
            fps: FrameRate(30),
            frames: self.frames,
            cuts: &self.cuts,
            digest: &|_| self.digest,
            threads: self.threads,
            title: "Pattern",
            language: "en",
            bitrate: None,
            captions: &self.captions,
        };
        let result = deliver(&delivery, studio, &shooter, if self.sound { Some(&score) } else { None });
        (result, shot.load(Ordering::SeqCst))
    }

    /// Delivers it on the real machine.
    pub(crate) fn made(&self) -> Delivered {
        self.make(&Machine::new(None)).0.expect("the film is delivered")
    }

    /// The bytes of the file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        std::fs::read(&self.out).expect("the film is there")
    }

    /// Where the parts are while it is being made.
    pub(crate) fn parts(&self) -> PathBuf {
        self.out.with_file_name("film.mp4.parts")
    }
}

impl Drop for Film {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(self.out.parent().unwrap_or(Path::new("/nowhere")));
    }
}

/// The real machine, whose user loses patience after some frames.
pub(crate) struct Impatient {
    pub(crate) machine: Machine,
    pub(crate) after: u64,
    pub(crate) done: AtomicU64,
}

impl Studio for Impatient {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.machine.read(path)
    }
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.machine.write(path, bytes)
    }
    fn threads(&self) -> usize {
        1
    }
    fn progress(&self, progress: Progress) {
        self.done.store(progress.done, Ordering::SeqCst);
    }
    fn cancelled(&self) -> bool {
        self.done.load(Ordering::SeqCst) >= self.after
    }
    fn clock(&self) -> f64 {
        self.machine.clock()
    }
}
