//! Films are written and read back by decoders that know nothing of the writer.

mod scene;

#[cfg(feature = "fdk-aac")]
use kinora_base::Ticks;
use kinora_base::picture::Yuv420;
use kinora_base::studio::Machine;
#[cfg(feature = "fdk-aac")]
use kinora_film::Caption;
use kinora_film::FilmError;
#[cfg(feature = "fdk-aac")]
use kinora_film::read::ColourTags;
use kinora_film::read::Movie;
use kinora_plan::Size;
use scene::{Film, Impatient, pattern};
use std::ops::ControlFlow;
use std::sync::atomic::AtomicU64;

fn decibels(a: &[u8], b: &[u8]) -> f64 {
    assert_eq!(a.len(), b.len(), "planes of like size");
    let error: f64 = a.iter().zip(b).map(|(a, b)| f64::from(i32::from(*a) - i32::from(*b)).powi(2)).sum();
    10.0 * libm::log10(65025.0 * a.len() as f64 / error.max(1e-9))
}

fn pictures(film: &Film) -> Vec<Yuv420> {
    let movie = Movie::open(&film.out).expect("the film opens");
    let mut out = Vec::new();
    movie
        .each_frame(0, |i, p| {
            assert_eq!(i, out.len(), "frames come in order");
            out.push(p.clone());
            ControlFlow::Continue(())
        })
        .expect("the film decodes");
    out
}

#[test]
fn pictures_come_back_as_they_were() {
    let film = Film::new("pictures");
    let done = film.made();
    assert_eq!((done.frames, done.segments, done.resumed_segments), (20, 2, 0), "two shots, two segments");
    assert_eq!(done.bytes, film.bytes().len() as u64, "the length is told truly");
    let pictures = pictures(&film);
    assert_eq!(pictures.len(), 20, "every frame is there");
    for (n, picture) in pictures.iter().enumerate() {
        let truth = pattern(film.size, &film.cuts, n as i64);
        let (y, u, v) = (decibels(&truth.y, &picture.y), decibels(&truth.u, &picture.u), decibels(&truth.v, &picture.v));
        assert!(y > 42.0 && u > 40.0 && v > 40.0, "frame {n} (also across the cut at 7): {y:.1} {u:.1} {v:.1} dB");
    }
    let movie = Movie::open(&film.out).expect("the film opens");
    assert_eq!(movie.frame(13).expect("a frame in the middle"), pictures[13], "one frame alone is the same as in its place");
    assert!(!film.parts().exists(), "no parts are left behind");
}

#[cfg(feature = "fdk-aac")]
#[test]
fn the_index_is_exact() {
    let mut film = Film::new("index");
    film.sound = true;
    film.captions = vec![Caption { from: Ticks(4_800), to: Ticks(14_400), text: "Hé!".into() }];
    film.made();
    let movie = Movie::open(&film.out).expect("the film opens");
    assert!(movie.fast_start, "the index stands first");
    assert_eq!((movie.size(), movie.frames(), movie.fps()), (film.size, 20, 30.0), "size, frames and rate");
    assert_eq!(movie.title.as_deref(), Some("Pattern"), "the title");
    let video = movie.video().expect("pictures");
    assert!(video.samples.iter().all(|s| s.length == 1600), "every frame lasts exactly a thirtieth");
    let keys: Vec<usize> = video.samples.iter().enumerate().filter(|(_, s)| s.key).map(|(i, _)| i).collect();
    assert_eq!(keys, [0, 7], "key frames stand at the cuts");
    assert_eq!(video.colours, Some(ColourTags { primaries: 1, transfer: 1, matrix: 1, full_range: false }), "BT.709, limited");
    let stream = video.stream().expect("the stream describes itself");
    assert_eq!((stream.size, stream.colours), (film.size, video.colours), "the stream says the same as the container");
    let sound = movie.audio().expect("sound");
    assert_eq!((sound.codec.as_str(), sound.timescale, sound.channels), ("mp4a", 48_000, 2), "AAC, 48 kHz, stereo");
    assert!((sound.shown_seconds - video.shown_seconds).abs() < 1e-9, "sound is as long as the pictures");
    assert_eq!(movie.captions().expect("captions"), film.captions, "captions come back");
}

#[cfg(feature = "fdk-aac")]
#[test]
fn sound_is_where_it_was() {
    let mut film = Film::new("sound");
    (film.sound, film.frames, film.cuts) = (true, 45, vec![0, 45]);
    film.made();
    let sound = Movie::open(&film.out).expect("the film opens").sound().expect("the sound decodes").expect("there is sound");
    assert_eq!(sound.len(), 72_000, "a second and a half: the film's length, filled with silence");
    let loudest = (0..sound.len()).max_by(|a, b| sound.left[*a].abs().total_cmp(&sound.left[*b].abs())).unwrap_or(0);
    assert!((23_990..24_034).contains(&loudest), "the click at sample 24000 is heard within a millisecond: {loudest}");
    let onset = sound.left.iter().position(|s| s.abs() > 0.45).unwrap_or(0);
    assert!((23_952..24_048).contains(&onset), "and begins there: {onset}");
    let tone = &sound.right[4_800..43_200];
    let level = (tone.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / tone.len() as f64).sqrt();
    assert!((level - 0.05 / 2f64.sqrt()).abs() < 0.001, "the tone is as loud as it was: {level}");
    assert!(sound.left[52_000..].iter().all(|s| s.abs() < 0.001), "then silence");
}

#[test]
fn sizes_need_not_be_whole_blocks() {
    for (width, height) in [(66, 34), (108, 192), (178, 100)] {
        let mut film = Film::new(&format!("size-{width}"));
        film.size = Size { width, height };
        film.made();
        let all = pictures(&film);
        assert_eq!((all[0].width, all[0].height), (width as usize, height as usize), "cropped to the size asked for");
        let truth = pattern(film.size, &film.cuts, 10);
        assert!(decibels(&truth.y, &all[10].y) > 42.0, "{width}x{height} looks as it should, edges included");
    }
}

#[test]
fn shots_may_be_a_single_frame() {
    let mut film = Film::new("single");
    film.cuts = vec![0, 1, 2, 3, 19, 20];
    film.made();
    let all = pictures(&film);
    assert_eq!(all.len(), 20, "every frame is there");
    for (n, picture) in all.iter().enumerate() {
        let truth = pattern(film.size, &film.cuts, n as i64);
        assert!(decibels(&truth.y, &picture.y) > 40.0, "frame {n} is the right one");
    }
}

#[test]
fn threads_do_not_change_the_bytes() {
    let mut one = Film::new("threads-1");
    (one.frames, one.cuts, one.sound) = (70, vec![0, 7, 20, 70], cfg!(feature = "fdk-aac"));
    let mut three = Film::new("threads-3");
    (three.frames, three.cuts, three.sound, three.threads) = (one.frames, one.cuts.clone(), one.sound, 3);
    one.made();
    three.made();
    assert!(one.bytes() == three.bytes(), "one thread and three make the same file");
}

#[test]
fn a_stopped_run_goes_on_where_it_was() {
    let mut film = Film::new("resume");
    (film.frames, film.cuts) = (60, vec![0, 20, 60]);
    film.made();
    let whole = film.bytes();
    std::fs::remove_file(&film.out).expect("removed");
    let impatient = Impatient { machine: Machine::new(None), after: 30, done: AtomicU64::new(0) };
    let (stopped, _) = film.make(&impatient);
    assert!(matches!(stopped, Err(FilmError::Cancelled { done: 20, total: 60, .. })), "two segments of ten are whole: {stopped:?}");
    assert!(!film.out.exists() && film.parts().exists(), "no half film, but its parts");
    let (resumed, drawn) = film.make(&Machine::new(None));
    assert_eq!((resumed.expect("it goes on").resumed_segments, drawn), (2, 40), "only what was missing is drawn");
    assert!(film.bytes() == whole, "and the file is the same as if nothing had happened");
}

#[test]
fn damaged_or_foreign_parts_are_drawn_again() {
    let mut film = Film::new("damage");
    (film.frames, film.cuts) = (60, vec![0, 20, 60]);
    film.made();
    let whole = film.bytes();
    let impatient = || Impatient { machine: Machine::new(None), after: 45, done: AtomicU64::new(0) };
    let damages: [fn(&mut Vec<u8>); 3] = [|b| b.truncate(b.len() - 1), |b| *b.last_mut().expect("bytes") ^= 1, |b| b[9] ^= 1];
    for damage in damages {
        assert!(film.make(&impatient()).0.is_err(), "stopped");
        let mut parts: Vec<_> = std::fs::read_dir(film.parts()).expect("parts").map(|e| e.expect("a part").path()).collect();
        parts.sort();
        let mut bytes = std::fs::read(&parts[0]).expect("a part is read");
        damage(&mut bytes);
        std::fs::write(&parts[0], bytes).expect("a part is damaged");
        assert_eq!(film.made().resumed_segments, parts.len() - 1, "the damaged part is not used");
        assert!(film.bytes() == whole, "the film is whole all the same");
    }
    assert!(film.make(&impatient()).0.is_err(), "stopped");
    film.digest = 2;
    assert_eq!(film.made().resumed_segments, 0, "parts of other pictures are not used");
}

#[cfg(not(feature = "fdk-aac"))]
#[test]
fn a_build_without_sound_says_so() {
    let mut film = Film::new("mute");
    film.sound = true;
    let (result, drawn) = film.make(&Machine::new(None));
    assert!(matches!(result, Err(FilmError::NoAudioEncoder)) && drawn == 0, "before anything is drawn");
}

#[test]
fn what_cannot_be_written_is_said_before_anything_is_drawn() {
    let mut film = Film::new("refused");
    let folder = film.out.parent().expect("a folder").to_path_buf();
    film.out = folder.join("missing/film.mp4");
    std::fs::write(folder.join("missing"), "a file, not a folder").expect("written");
    let (result, drawn) = film.make(&Machine::new(None));
    let message = result.expect_err("there is no such folder").to_string();
    assert!(message.contains("missing") && message.contains("choose another place"), "names path and remedy: {message}");
    film.out.clone_from(&folder);
    let message = film.make(&Machine::new(None)).0.expect_err("a folder is no file").to_string();
    assert!(message.contains("name a file in it"), "{message}");
    (film.out, film.size) = (folder.join("film.mp4"), Size { width: 4096, height: 2160 });
    let message = film.make(&Machine::new(None)).0.expect_err("too large").to_string();
    assert!(message.contains("4096x2160") && message.contains("3840x2160"), "names value and range: {message}");
    assert_eq!(drawn, 0, "nothing was drawn");
}

#[test]
fn broken_files_are_refused_politely() {
    let film = Film::new("broken");
    film.made();
    let whole = film.bytes();
    for length in [0, 7, 40, 300, 700, whole.len() - 10] {
        std::fs::write(&film.out, &whole[..length]).expect("written");
        let read = Movie::open(&film.out).and_then(|m| m.each_frame(0, |_, _| ControlFlow::Continue(())));
        assert!(read.is_err(), "a film cut off at {length} bytes is an error, not a panic");
    }
    for at in 0..900.min(whole.len()) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xff;
        std::fs::write(&film.out, &bytes).expect("written");
        let _ = Movie::open(&film.out);
    }
}
