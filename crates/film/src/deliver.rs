//! From frames and sound to the finished file.

use crate::aac::{self, Sound};
use crate::captions::Caption;
use crate::error::FilmError;
use crate::h264::{SegmentEncoder, VideoSettings};
use crate::join;
use crate::parts::{self, Part, Parts};
use crate::segments::segments;
use kinora_base::pcm::ReadSound;
use kinora_base::picture::Yuv420;
use kinora_base::studio::Progress;
use kinora_base::{FrameRate, Studio};
use kinora_plan::Size;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};

/// What is to be delivered where.
#[derive(Clone, Copy)]
pub struct Delivery<'a> {
    /// The file.
    pub out: &'a Path,
    /// Picture size: even sides, at most 3840x2160 or 2160x3840.
    pub size: Size,
    /// Frames a second.
    pub fps: FrameRate,
    /// Frames in the film.
    pub frames: i64,
    /// Frames at which shots begin ([`kinora_plan::Plan::cuts`]).
    pub cuts: &'a [i64],
    /// For a range of frames, a digest of everything that their pictures depend on. Parts of an earlier run are used
    /// again where it agrees, so the finer it looks, the less is drawn again after an edit.
    pub digest: &'a (dyn Fn(Range<i64>) -> u64 + Sync),
    /// How many threads draw and encode; the bytes do not depend on it.
    pub threads: usize,
    /// The film's name, for players.
    pub title: &'a str,
    /// Language of sound and captions: en, zh, ja, ko, es.
    pub language: &'a str,
    /// Bits a second of the pictures; none = constant quality, which is better.
    pub bitrate: Option<u32>,
    /// Captions to be chosen in the player.
    pub captions: &'a [Caption],
}

/// Draws frames, for one thread.
pub trait Shooter: Send {
    /// The picture of a frame. Each shooter is asked for frames in rising order, with others in between going elsewhere.
    fn shoot(&mut self, frame: i64) -> Yuv420;
}

/// Makes a film's sound, once. The folder is there for what is too long for memory; it is gone when the film is delivered.
pub type Score<'a> = dyn Fn(&Path) -> Box<dyn ReadSound> + Sync + 'a;

/// What was delivered.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivered {
    /// Where.
    pub path: PathBuf,
    /// Frames in the file.
    pub frames: i64,
    /// Bytes of the file.
    pub bytes: u64,
    /// From the call to the first frame drawn and encoded; none if all parts were there already.
    pub seconds_to_first_frame: Option<f64>,
    /// From the call to the finished file.
    pub seconds: f64,
    /// Segments of the film.
    pub segments: usize,
    /// Of those, how many an earlier run had made.
    pub resumed_segments: usize,
}

/// Draws, encodes and joins a film.
///
/// Threads draw one frame after another; each segment is encoded as a closed group of pictures into a part beside the
/// output, while `soundtrack` is made and encoded on a thread of its own; then parts and sound are joined without encoding again, and
/// the file gets its name last, so that nobody ever sees half of it. If the run is cancelled or killed, the parts stay
/// and the next run goes on from them; after success they are removed.
pub fn deliver<'s>(
    delivery: &Delivery<'_>,
    studio: &dyn Studio,
    new_shooter: &(dyn Fn() -> Box<dyn Shooter + 's> + Sync),
    soundtrack: Option<&Score<'_>>,
) -> Result<Delivered, FilmError> {
    let started = studio.clock();
    check(delivery)?;
    if soundtrack.is_some() && !crate::ENCODES_SOUND {
        return Err(FilmError::NoAudioEncoder);
    }
    let work = Work::begin(delivery, studio)?;
    let (parts, sound) = match work.run(new_shooter, soundtrack) {
        Ok(made) => made,
        Err(e) => {
            work.parts.remove_if_empty();
            return Err(e);
        }
    };
    let bytes = join::join(delivery, &work.parts, &parts, sound.as_ref())?;
    let first = *lock(&work.first_frame_at);
    let delivered = Delivered {
        path: delivery.out.to_path_buf(),
        frames: delivery.frames,
        bytes,
        seconds_to_first_frame: first.map(|at| at - started),
        seconds: studio.clock() - started,
        segments: parts.len(),
        resumed_segments: work.resumed.load(Ordering::SeqCst),
    };
    work.parts.keep(&parts, studio);
    work.parts.remove();
    Ok(delivered)
}

fn check(delivery: &Delivery<'_>) -> Result<(), FilmError> {
    settings(delivery).check()?;
    if !FrameRate::OFFERED.contains(&delivery.fps.0) {
        return Err(FilmError::Timing { place: "fps".into(), value: i64::from(delivery.fps.0), expected: "24, 25, 30, 48, 50 or 60".into() });
    }
    let longest = i64::from(u32::MAX) / delivery.fps.ticks_per_frame();
    if !(1..longest).contains(&delivery.frames) {
        return Err(FilmError::Timing { place: "frames".into(), value: delivery.frames, expected: format!("1 to {longest}") });
    }
    match delivery.cuts.iter().position(|c| !(0..=delivery.frames).contains(c)) {
        Some(i) => Err(FilmError::Timing { place: format!("cuts[{i}]"), value: delivery.cuts[i], expected: format!("0 to {}", delivery.frames) }),
        None => Ok(()),
    }
}

fn settings(delivery: &Delivery<'_>) -> VideoSettings {
    VideoSettings { size: delivery.size, fps: delivery.fps, bitrate: delivery.bitrate }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// What the threads share.
struct Work<'a> {
    delivery: &'a Delivery<'a>,
    studio: &'a dyn Studio,
    parts: Parts,
    benches: Vec<Bench>,
    queue: Mutex<Queue>,
    stop: AtomicBool,
    frames_done: AtomicI64,
    frames_kept: AtomicI64,
    resumed: AtomicUsize,
    first_frame_at: Mutex<Option<f64>>,
}

/// The next frame to be drawn.
struct Queue {
    segment: usize,
    frame: i64,
}

/// Where a segment is put together: pictures come from any thread, in any order, and are encoded in theirs.
struct Bench {
    frames: Range<i64>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// What the finished part will be called; known once the first frame is claimed.
    key: u64,
    /// The encoder between two pictures.
    encoder: Option<SegmentEncoder>,
    /// A thread has the encoder, and will encode what comes meanwhile.
    busy: bool,
    /// Pictures whose turn has not come.
    waiting: BTreeMap<i64, Yuv420>,
    /// Frames encoded.
    encoded: i64,
    part: Option<Part>,
}

impl<'a> Work<'a> {
    fn begin(delivery: &'a Delivery<'a>, studio: &'a dyn Studio) -> Result<Self, FilmError> {
        let segments = segments(delivery.cuts, delivery.frames, delivery.fps);
        Ok(Self {
            delivery,
            studio,
            parts: Parts::beside(delivery.out)?,
            benches: segments.into_iter().map(|frames| Bench { frames, state: Mutex::default() }).collect(),
            queue: Mutex::new(Queue { segment: 0, frame: 0 }),
            stop: AtomicBool::new(false),
            frames_done: AtomicI64::new(0),
            frames_kept: AtomicI64::new(0),
            resumed: AtomicUsize::new(0),
            first_frame_at: Mutex::new(None),
        })
    }

    /// All parts in order, and the sound.
    fn run<'s>(
        &self,
        new_shooter: &(dyn Fn() -> Box<dyn Shooter + 's> + Sync),
        soundtrack: Option<&Score<'_>>,
    ) -> Result<(Vec<Part>, Option<Sound>), FilmError> {
        let threads = self.delivery.threads.clamp(1, self.delivery.frames.max(1) as usize);
        let samples = (self.delivery.frames * self.delivery.fps.ticks_per_frame()) as usize;
        let folder = self.parts.folder();
        let sound = std::thread::scope(|scope| {
            let sound = soundtrack.map(|make| scope.spawn(move || aac::encode(&*make(folder), samples, folder)));
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| self.worker(new_shooter))).collect();
            let results: Vec<_> = workers.into_iter().map(|w| w.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect();
            results.into_iter().collect::<Result<Vec<()>, FilmError>>()?;
            sound.map(|s| s.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).transpose()
        })?;
        match self.benches.iter().map(|b| lock(&b.state).part.take()).collect::<Option<Vec<Part>>>() {
            Some(parts) => Ok((parts, sound)),
            None => Err(self.cancelled()),
        }
    }

    fn cancelled(&self) -> FilmError {
        FilmError::Cancelled { done: self.frames_kept.load(Ordering::SeqCst), total: self.delivery.frames, parts: self.parts.folder().to_path_buf() }
    }

    /// Draws frame after frame until there are none, or somebody failed.
    fn worker<'s>(&self, new_shooter: &(dyn Fn() -> Box<dyn Shooter + 's> + Sync)) -> Result<(), FilmError> {
        let mut shooter = None;
        let _others = StopOthers(&self.stop);
        while let Some((bench, frame)) = self.claim() {
            let picture = shooter.get_or_insert_with(new_shooter).shoot(frame);
            if let Err(e) = self.hand_in(bench, frame, picture) {
                self.stop.store(true, Ordering::SeqCst);
                return Err(e);
            }
        }
        Ok(())
    }

    /// The next frame that an earlier run has not made; none if all are taken or the work is to stop.
    fn claim(&self) -> Option<(&Bench, i64)> {
        let mut queue = lock(&self.queue);
        loop {
            if self.stop.load(Ordering::SeqCst) || self.studio.cancelled() {
                return None;
            }
            let bench = self.benches.get(queue.segment)?;
            if queue.frame == bench.frames.end {
                queue.segment += 1;
            } else if queue.frame == bench.frames.start && self.found(bench) {
                queue.frame = bench.frames.end;
            } else {
                queue.frame += 1;
                return Some((bench, queue.frame - 1));
            }
        }
    }

    /// Whether an earlier run has made a segment.
    fn found(&self, bench: &Bench) -> bool {
        let frames = &bench.frames;
        let mut state = lock(&bench.state);
        state.key = parts::key((self.delivery.digest)(frames.clone()), &settings(self.delivery), frames);
        state.part = self.parts.find(frames, state.key, self.studio);
        let found = state.part.is_some();
        if found {
            self.resumed.fetch_add(1, Ordering::SeqCst);
            self.frames_kept.fetch_add(frames.end - frames.start, Ordering::SeqCst);
            self.report(frames.end - frames.start);
        }
        found
    }

    /// Takes a picture in, and encodes all whose turn has come unless another thread is at it.
    fn hand_in(&self, bench: &Bench, frame: i64, picture: Yuv420) -> Result<(), FilmError> {
        let frames = &bench.frames;
        let mut state = lock(&bench.state);
        state.waiting.insert(frame, picture);
        while !state.busy {
            let next = frames.start + state.encoded;
            let Some(picture) = state.waiting.remove(&next) else { break };
            let encoder = state.encoder.take();
            state.busy = true;
            drop(state);
            let mut encoder = encoder.map_or_else(|| SegmentEncoder::new(settings(self.delivery), frames.start), Ok)?;
            encoder.push(&picture)?;
            lock(&self.first_frame_at).get_or_insert_with(|| self.studio.clock());
            self.report(1);
            state = lock(&bench.state);
            state.encoded += 1;
            if next + 1 == frames.end {
                state.part = Some(self.parts.store(frames, state.key, encoder.finish(), self.studio)?);
                self.frames_kept.fetch_add(frames.end - frames.start, Ordering::SeqCst);
                break;
            }
            state.encoder = Some(encoder);
            state.busy = false;
        }
        Ok(())
    }

    fn report(&self, frames: i64) {
        let done = self.frames_done.fetch_add(frames, Ordering::SeqCst) + frames;
        self.studio.progress(Progress { stage: "shoot", done: done as u64, total: self.delivery.frames as u64 });
    }
}

/// If this thread panics, the others need not draw the rest of the film first.
struct StopOthers<'a>(&'a AtomicBool);

impl Drop for StopOthers<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.store(true, Ordering::SeqCst);
        }
    }
}
