//! From a plan to a file.

use crate::digest::Digests;
use crate::{Error, Kinora};
use kinora_base::pcm::{ReadSound, Stereo, write_wav};
use kinora_base::picture::Yuv420;
use kinora_base::studio::Progress;
use kinora_base::{Studio, Warned, Warning};
use kinora_cast::Company;
use kinora_film::passes::{FramePasses, PassAlone, PassCamera, PassId, PassesIndex, looked_at};
use kinora_film::titles::Overlay;
use kinora_film::{Delivered, Delivery, Score, Shooter};
use kinora_plan::Plan;
use kinora_plan::spotting::Spotting;
use kinora_plan::voices::Voices;
use kinora_render::SimdLevel;
use kinora_sound::{Soundtrack, Stems};
use kinora_speech::{Booth, Lock};
use kinora_stage::{Engine, Photographer, Shot, Staging};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// How a film is made, beyond its plan.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The film to write.
    pub out: PathBuf,
    /// Write passes and poses here.
    pub passes: Option<PathBuf>,
    /// Write the stems of the sound here, and what is heard when as JSON.
    pub stems: Option<PathBuf>,
    /// Draw the subtitles into the picture as well.
    pub burn_subtitles: bool,
    /// SIMD or the portable twin: the same bytes.
    pub simd: SimdLevel,
    /// What was spoken when the plan was made before; none = what lies beside the film.
    pub spoken: Option<PathBuf>,
    /// The plan came from the very file that would be written beside the film: it is left as it is.
    pub keep_plan: bool,
}

impl Settings {
    /// A film and what always lies beside it, nothing more.
    #[must_use]
    pub fn to(out: impl Into<PathBuf>) -> Self {
        Self { out: out.into(), passes: None, stems: None, burn_subtitles: false, simd: SimdLevel::Detect, spoken: None, keep_plan: false }
    }
}

/// What was made.
#[derive(Clone, Debug, Serialize)]
pub struct Made {
    /// The film.
    pub film: PathBuf,
    /// The plan beside it.
    pub plan: PathBuf,
    /// Subtitles beside it, if anybody speaks.
    pub subtitles: Option<PathBuf>,
    /// What was spoken, beside it, if anything was.
    pub voices: Option<PathBuf>,
    /// Frames.
    pub frames: i64,
    /// Bytes of the film.
    pub bytes: u64,
    /// From the start of the call to the first encoded frame; none if everything was resumed.
    pub seconds_to_first_frame: Option<f64>,
    /// From the start of the call to the finished file.
    pub seconds: f64,
    /// Of those, for blocking.
    pub seconds_blocking: f64,
    /// Segments, and how many of them an earlier run had left.
    pub segments: (usize, usize),
    /// Loudness of the sound, LUFS.
    pub loudness: Option<f32>,
    /// Milliseconds a frame by pass, mean over the frames that were drawn.
    pub milliseconds_by_pass: Vec<(String, f64)>,
}

impl Kinora {
    /// Times the lines by their text and puts everybody in the world; nothing is heard.
    ///
    /// # Errors
    /// If the plan is wrong or names what is not there.
    pub fn stage(&self, plan: &Plan) -> Result<Warned<Staging>, Error> {
        self.check(plan)?;
        self.block(plan, kinora_speech::voice(plan, None))
    }

    /// As [`Kinora::stage`], with lines that are heard, if there are voices: as the lock at `spoken` says, if there is one.
    /// Also gives what was spoken, to be kept beside the film.
    ///
    /// # Errors
    /// As [`Kinora::stage`], or if the film's lock of voices is broken.
    pub fn rehearse(&self, plan: &Plan, spoken: &Path, studio: &dyn Studio) -> Result<(Warned<Staging>, Option<Lock>), Error> {
        self.check(plan)?;
        let speaks = plan.shots.iter().any(|s| !s.lines.is_empty()) && !plan.silent;
        let Some(speaker) = self.speaker.as_ref().filter(|_| speaks) else { return Ok((self.stage(plan)?, None)) };
        studio.progress(Progress { stage: "voice", done: 0, total: 1 });
        let mut booth = Booth::new(speaker, studio.cache(), Lock::read(spoken)?, studio.threads());
        // Who sings, sings along with the film's music.
        if let Some(key) = kinora_sound::key(plan, &self.vocabulary) {
            booth.tune = Some(kinora_speech::Tune { key: key.keynote.rem_euclid(12), scale: key.scale.to_vec(), beat: key.beat });
            booth.first_beat = f64::from(key.first);
        }
        let voiced = kinora_speech::voice(plan, Some(&booth));
        speaker.rest();
        studio.progress(Progress { stage: "voice", done: 1, total: 1 });
        Ok((self.block(plan, voiced)?, Some(booth.lock())))
    }

    /// The sound of a plan alone, without a picture. It lies on the disk, in a file without a name in `folder`, until it is dropped.
    ///
    /// # Errors
    /// As [`Kinora::rehearse`], if a sound of the vocabulary is broken, or if `folder` cannot be written.
    pub fn score(&self, plan: &Plan, spoken: &Path, folder: &Path, studio: &dyn Studio) -> Result<Warned<Soundtrack>, Error> {
        let staged = self.rehearse(plan, spoken, studio)?.0;
        let track = kinora_sound::mix(&staged.output.spotting, &staged.output.voices, &self.vocabulary, folder)?;
        let warnings = staged.warnings.into_iter().chain(missing_sounds(&track.missing)).collect();
        Ok(Warned { output: track, warnings })
    }

    fn block(&self, plan: &Plan, voiced: Warned<Voices>) -> Result<Warned<Staging>, Error> {
        let mut staged = kinora_stage::block_with(Company::with(self.figures()), plan, &voiced.output, &self.vocabulary)?;
        let mut warnings = voiced.warnings;
        warnings.append(&mut staged.warnings);
        warnings.extend(crate::lettering::warnings(plan, &self.vocabulary, &self.fonts));
        warnings.extend(self.mute(plan));
        Ok(Warned { output: staged.output, warnings })
    }

    /// Makes the film of a plan: voice, block, shoot, score, deliver. The plan, with all warnings, lies beside it.
    ///
    /// # Errors
    /// If the plan is wrong, a file cannot be written, or the studio is cancelled. No half film is left.
    pub fn make(&self, plan: &Plan, settings: &Settings, studio: &dyn Studio) -> Result<Warned<Made>, Error> {
        let started = studio.clock();
        check_size(plan)?;
        let (staged, lock) = self.rehearse(plan, &settings.spoken.clone().unwrap_or_else(|| lock_beside(&settings.out)), studio)?;
        studio.progress(Progress { stage: "block", done: 0, total: 1 });
        let staging = &staged.output;
        let seconds_blocking = studio.clock() - started;
        studio.progress(Progress { stage: "block", done: 1, total: 1 });
        let photographer = self.photographer(staging, settings.simd, settings.passes.is_some())?;
        let tally = Tally::default();
        let delivered = self.deliver(plan, staging, &photographer, settings, studio, &tally)?;
        let mut warnings = plan.warnings.clone();
        warnings.extend(staged.warnings.into_iter().filter(|w| !plan.warnings.contains(w)).collect::<Vec<_>>());
        warnings.extend(tally.missing_sounds());
        let plan_path = if settings.keep_plan { plan_beside(&settings.out) } else { write_plan(plan, &warnings, &settings.out, studio)? };
        let subtitles = write_subtitles(&staging.voices, &settings.out, studio)?;
        let voices = lock.map(|lock| write_lock(&lock, &settings.out, studio)).transpose()?;
        let made = Made {
            film: delivered.path,
            plan: plan_path,
            subtitles,
            voices,
            frames: delivered.frames,
            bytes: delivered.bytes,
            seconds_to_first_frame: delivered.seconds_to_first_frame.map(|s| s + seconds_blocking),
            seconds: studio.clock() - started,
            seconds_blocking,
            segments: (delivered.segments, delivered.resumed_segments),
            loudness: tally.loudness(),
            milliseconds_by_pass: tally.by_pass(),
        };
        Ok(Warned { output: made, warnings })
    }

    fn deliver(
        &self,
        plan: &Plan,
        staging: &Staging,
        photographer: &Photographer<'_>,
        settings: &Settings,
        studio: &dyn Studio,
        tally: &Tally,
    ) -> Result<Delivered, Error> {
        let failed: Mutex<Option<Error>> = Mutex::new(None);
        if let Some(folder) = &settings.passes {
            let failed = |e| Error::Write { path: folder.clone(), source: e };
            std::fs::create_dir_all(folder).map_err(failed)?;
            kinora_film::passes::write_index(folder, &passes_index(staging, photographer)).map_err(failed)?;
        }
        let captions = kinora_film::captions(&staging.voices);
        let overlay = self.overlay(plan, if settings.burn_subtitles { &captions } else { &[] });
        let shooter = || -> Box<dyn Shooter + '_> {
            Box::new(Reel {
                shot: photographer.shooter(),
                tally,
                overlay: &overlay,
                stage: (staging, photographer),
                passes: settings.passes.as_deref(),
                failed: &failed,
            })
        };
        let score = |folder: &Path| -> Box<dyn ReadSound> {
            match self.sound(staging, settings, folder) {
                Ok(track) => {
                    tally.heard(track.loudness, track.missing);
                    Box::new(track.mix)
                }
                Err(error) => {
                    keep_first(&failed, error);
                    Box::new(Stereo::default())
                }
            }
        };
        let letters = crate::lettering::fonts(plan, &self.fonts);
        let digests = Digests::new(staging, &self.vocabulary, settings.passes.as_deref(), &letters);
        let delivery = Delivery {
            out: &settings.out,
            size: plan.size,
            fps: plan.fps,
            frames: staging.frames(),
            cuts: &staging.cuts,
            digest: &|range| digests.of(&range, &overlay.key(&range)),
            threads: studio.threads(),
            title: &plan.title,
            language: &plan.language,
            bitrate: None,
            captions: &captions,
        };
        let soundtrack: Option<&Score<'_>> = if plan.silent { None } else { Some(&score) };
        let delivered = kinora_film::deliver(&delivery, studio, &shooter, soundtrack);
        let failed = failed.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).or_else(|| photographer.failure().map(Error::from));
        if let Some(error) = failed {
            let _ = std::fs::remove_file(&settings.out);
            return Err(error);
        }
        Ok(delivered?)
    }

    /// The sound of a film, on the disk in `folder`; its stems go where they are wanted.
    fn sound(&self, staging: &Staging, settings: &Settings, folder: &Path) -> Result<Soundtrack, Error> {
        let mix = if settings.stems.is_some() { kinora_sound::mix_with_stems } else { kinora_sound::mix };
        let mut track = mix(&staging.spotting, &staging.voices, &self.vocabulary, folder)?;
        if let (Some(folder), Some(stems)) = (&settings.stems, track.stems.take()) {
            write_stems(folder, &stems, staging)?;
        }
        Ok(track)
    }
}

/// H.264 as encoded here ends at 3840 x 2160 in either direction.
fn check_size(plan: &Plan) -> Result<(), Error> {
    let (w, h) = (plan.size.width, plan.size.height);
    if w > 3840 || h > 3840 || u64::from(w) * u64::from(h) > 3840 * 2160 {
        return Err(Error::Size { width: w, height: h, reason: "the encoder's largest picture is 3840x2160 (or 2160x3840); make it smaller".into() });
    }
    Ok(())
}

/// Drives a [`Shot`] for the delivery, and notes what it cost.
struct Reel<'a> {
    shot: Box<dyn Shot + Send + 'a>,
    tally: &'a Tally,
    overlay: &'a Overlay,
    stage: (&'a Staging, &'a Photographer<'a>),
    passes: Option<&'a Path>,
    failed: &'a Mutex<Option<Error>>,
}

impl Shooter for Reel<'_> {
    fn shoot(&mut self, frame: i64) -> Yuv420 {
        let mut drawn = self.shot.shoot(frame);
        self.overlay.draw(&mut drawn.picture, frame);
        self.tally.drawn(self.shot.timings());
        if let (Some(folder), Some(passes)) = (self.passes, drawn.passes.take())
            && let Err(error) = write_passes(folder, frame, self.stage, passes)
        {
            keep_first(self.failed, Error::Write { path: folder.to_path_buf(), source: error });
        }
        drawn.picture
    }
}

/// The passes of a frame and the poses of all who are in it.
fn write_passes(folder: &Path, frame: i64, (staging, photographer): (&Staging, &Photographer<'_>), passes: kinora_render::Passes) -> std::io::Result<()> {
    let kinora_render::Passes { width, height, id, depth, motion, normal, albedo, material } = passes;
    let passes = FramePasses { id, depth, motion, material, normal, albedo };
    let camera = pass_camera(&staging.cameras[frame as usize], (width, height));
    kinora_film::passes::write_frame(folder, frame, (width, height), &passes, &camera)?;
    let poses = crate::poses::of_frame(staging, photographer, frame, (&passes, (width, height)));
    kinora_film::passes::write_poses(folder, frame, &poses)
}

fn pass_camera(c: &kinora_render::scene::Camera, (width, height): (usize, usize)) -> PassCamera {
    let focal = height as f32 * 0.5 / kinora_base::maths::tan(c.vertical_fov * 0.5);
    let centre = [width as f32 * 0.5, height as f32 * 0.5];
    PassCamera { eye: c.eye.to_array(), turn: c.world_from_camera.to_array(), field: c.vertical_fov, focal, centre, focus: c.focus, aperture: c.aperture }
}

fn keep_first(failed: &Mutex<Option<Error>>, error: Error) {
    failed.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get_or_insert(error);
}

/// What the numbers of the passes stand for, and where the camera was.
fn passes_index(staging: &Staging, photographer: &Photographer<'_>) -> PassesIndex {
    let mut ids = Vec::new();
    for scene in &staging.scenes {
        let mut put = |number: u16, id: &str, member: u32| ids.push(PassId { scene: scene.id.clone(), number, id: id.to_owned(), member });
        scene.actors.iter().for_each(|a| put(a.id, &a.role, a.member));
        scene.driven.iter().for_each(|d| put(d.id, &d.role, d.member));
        for (k, thing) in staging.plan.scene(&scene.id).iter().flat_map(|s| &s.things).enumerate() {
            let first = kinora_stage::FIRST_THING + k as u16;
            (0..thing.count.max(1)).for_each(|n| put(first + 256 * n as u16, &thing.id, n));
        }
    }
    let mut alone = Vec::new();
    for (k, shot) in staging.plan.shots.iter().enumerate() {
        for frame in looked_at(staging.cuts[k].max(0) as usize, staging.cuts[k + 1].max(0) as usize) {
            for id in ids.iter().filter(|i| i.scene == shot.scene) {
                let share = photographer.alone(frame as i64, id.number);
                alone.extend((share > 0.0).then_some(PassAlone { frame, number: id.number, share }));
            }
        }
    }
    let size = (staging.plan.size.width as usize, staging.plan.size.height as usize);
    PassesIndex {
        version: 2,
        width: size.0,
        height: size.1,
        frames: usize::try_from(staging.frames()).unwrap_or(0),
        ids,
        cameras: staging.cameras.iter().map(|c| pass_camera(c, size)).collect(),
        plan: staging.plan.fingerprint(),
        alone,
    }
}

/// What a run cost and lacked, counted from several threads.
#[derive(Default)]
struct Tally(Mutex<Count>);

#[derive(Default)]
struct Count {
    frames: u64,
    passes: Vec<(&'static str, f64)>,
    loudness: Option<f32>,
    missing: Vec<String>,
}

impl Tally {
    fn count(&self) -> std::sync::MutexGuard<'_, Count> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
    fn drawn(&self, timings: Vec<(&'static str, f64)>) {
        let mut count = self.count();
        count.frames += 1;
        for (name, ms) in timings {
            match count.passes.iter_mut().find(|(n, _)| *n == name) {
                Some((_, sum)) => *sum += ms,
                None => count.passes.push((name, ms)),
            }
        }
    }
    fn heard(&self, loudness: f32, missing: Vec<String>) {
        let mut count = self.count();
        count.loudness = Some(loudness);
        count.missing = missing;
    }
    fn loudness(&self) -> Option<f32> {
        self.count().loudness.filter(|l| l.is_finite())
    }
    fn by_pass(&self) -> Vec<(String, f64)> {
        let count = self.count();
        count.passes.iter().map(|(n, sum)| ((*n).to_owned(), (sum / count.frames.max(1) as f64 * 100.0).round() / 100.0)).collect()
    }
    fn missing_sounds(&self) -> Vec<Warning> {
        missing_sounds(&self.count().missing)
    }
}

fn missing_sounds(names: &[String]) -> Vec<Warning> {
    let warn = |s: &String| {
        Warning::new(kinora_base::WarningKind::Unsupported, format!("there is no sound called \"{s}\"; a neutral tap stands in"))
            .hint("add assets/sounds/NAME.ron")
    };
    names.iter().map(warn).collect()
}

/// Where the plan of a film lies.
#[must_use]
pub fn plan_beside(film: &Path) -> PathBuf {
    film.with_extension("plan.json")
}

/// Where lies what was spoken in a film, by the path of the film or of its plan.
#[must_use]
pub fn lock_beside(film: &Path) -> PathBuf {
    let stem = film.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    film.with_file_name(format!("{}.voices.json", stem.strip_suffix(".plan").unwrap_or(&stem)))
}

fn write_lock(lock: &Lock, out: &Path, studio: &dyn Studio) -> Result<PathBuf, Error> {
    let path = lock_beside(out);
    studio.write(&path, lock.to_json().as_bytes()).map_err(|e| Error::Write { path: path.clone(), source: e })?;
    Ok(path)
}

/// The stems as WAV files, and what is heard when and from where as JSON.
fn write_stems(folder: &Path, stems: &Stems, staging: &Staging) -> Result<(), Error> {
    let failed = |path: &Path, source| Error::Write { path: path.to_owned(), source };
    std::fs::create_dir_all(folder).map_err(|e| failed(folder, e))?;
    let write = |name: &str, fill: &dyn Fn(&mut dyn std::io::Write) -> std::io::Result<()>| {
        let path = folder.join(name);
        kinora_base::studio::fill_beside(&path, |file| fill(file)).map_err(|e| failed(&path, e))
    };
    for (name, stem) in [("dialogue", &stems.dialogue), ("effects", &stems.effects), ("ambience", &stems.ambience), ("music", &stems.music)] {
        write(&format!("{name}.wav"), &|file| write_wav(stem, file))?;
    }
    let sheet = Sheet { plan: staging.plan.fingerprint(), spotting: &staging.spotting, voices: &staging.voices };
    write("sheet.json", &|file| {
        let mut file = std::io::BufWriter::new(file);
        serde_json::to_writer(&mut file, &sheet)?;
        std::io::Write::flush(&mut file)
    })
}

/// What is heard when and from where. Written as it is, for a tree of JSON would take ten times the room.
#[derive(Serialize)]
struct Sheet<'a> {
    plan: String,
    spotting: &'a Spotting,
    voices: &'a Voices,
}

/// The plan with its warnings, beside the film: `fox.mp4` -> `fox.plan.json`.
fn write_plan(plan: &Plan, warnings: &[Warning], out: &Path, studio: &dyn Studio) -> Result<PathBuf, Error> {
    let path = plan_beside(out);
    let plan = Plan { warnings: warnings.to_vec(), ..plan.clone() };
    studio.write(&path, plan.to_json().as_bytes()).map_err(|e| Error::Write { path: path.clone(), source: e })?;
    Ok(path)
}

fn write_subtitles(voices: &Voices, out: &Path, studio: &dyn Studio) -> Result<Option<PathBuf>, Error> {
    if voices.lines.is_empty() {
        return Ok(None);
    }
    let write = |ending: &str, text: String| -> Result<PathBuf, Error> {
        let path = out.with_extension(ending);
        studio.write(&path, text.as_bytes()).map_err(|e| Error::Write { path: path.clone(), source: e })?;
        Ok(path)
    };
    write("vtt", kinora_film::subtitles_vtt(voices))?;
    write("srt", kinora_film::subtitles_srt(voices)).map(Some)
}
