//! What the commands do.

use crate::arguments::{Arguments, Command, Export, Make, Plan, ShotsWish, SubtitlesWish, Wishes};
use crate::progress::{Desk, say};
use anyhow::{Context as _, Result};
use clap::CommandFactory as _;
use kinora::base::picture::Rgb8;
use kinora::base::{FrameRate, Studio as _, Ticks, Warning};
use kinora::{Error, Kind, Kinora, Language, Options, Prompt, Settings, SimdLevel};
use std::io::Write as _;
use std::path::Path;

/// Runs what was typed.
pub(crate) fn run(arguments: Arguments) -> Result<()> {
    match arguments.command {
        Command::Make(make) => self::make(&make),
        Command::Plan(plan) => self::plan(&plan),
        Command::Show { kind, name, output } => show(&kind, &name, &output),
        Command::Sheet { input, output, frames } => sheet(&input, &output, frames as usize),
        Command::Words { kind, lang, json } => words(kind, lang, json),
        Command::Cache { clear } => cache(clear),
        Command::Voices { command } => crate::voices::run(command),
        Command::Serve(serve) => crate::service::serve(&serve),
        Command::Worker { at, work } => crate::service::worker(&at, &work),
        Command::Admin { at, command } => crate::service::admin(&at, &command),
        Command::Fonts { command } => crate::fonts::run(command),
        Command::Export(wish) => export(&wish),
        Command::Doctor => print(&crate::doctor::report()),
        Command::Schema => print(&(serde_json::to_string_pretty(&kinora::schema())? + "\n")),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "kinora", &mut script);
            print(&String::from_utf8_lossy(&script))
        }
        Command::Judge { film, plan, passes, stems, html, json, strict } => {
            let amiss = judge(&film, plan.as_deref(), (passes.as_deref(), stems.as_deref()), html.as_deref(), json)?;
            if strict && amiss > 0 { Err(Error::Strict(amiss).into()) } else { Ok(()) }
        }
    }
}

/// To standard output; a reader that went away (`| head`) is no error.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(|source| Error::Write { path: "standard output".into(), source }.into()),
    }
}

fn make(make: &Make) -> Result<()> {
    if let Some(report) = &make.report {
        writable(report)?;
    }
    let studio = Desk::new(make.threads.map(usize::from)).with_cache(!make.no_cache);
    let mut kinora = Kinora::new(&studio)?;
    let is_file = Path::new(&make.prompt).extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
    let (mut plan, keep_plan) = match &make.r#continue {
        Some(film) if is_file => {
            let why = format!("{} is a plan; after --continue {} comes what happens next, in words", make.prompt, film.display());
            return Err(Error::Arguments(why).into());
        }
        Some(film) => (go_on(&kinora, film, &make.prompt, &make.wishes, &studio)?, false),
        None if is_file => given_plan(&kinora, make, &studio)?,
        None => (direct(&kinora, &make.prompt, &make.wishes)?, false),
    };
    bring(&kinora, &mut plan, (&make.character, &make.motion), &studio)?;
    let plan = match make.dub {
        Some(language) => {
            let (mut plan, untranslated) = plan.dubbed(language.code());
            plan.warnings.extend(untranslated);
            plan
        }
        None => plan,
    };
    kinora.check(&plan)?;
    if plan.shots.iter().any(|s| !s.lines.is_empty()) && crate::voices::offered(&studio)? {
        kinora = Kinora::new(&studio)?.with_characters_of(&kinora);
    }
    let spoken = is_file.then(|| kinora::lock_beside(Path::new(&make.prompt))).filter(|p| p.exists());
    if make.strict {
        // What is already known to be amiss is said before hours of drawing.
        let staged = kinora.rehearse(&plan, spoken.as_deref().unwrap_or(&kinora::lock_beside(&make.output)), &studio)?.0;
        strict(plan.warnings.iter().chain(&staged.warnings))?;
    }
    let settings = Settings {
        out: make.output.clone(),
        passes: make.passes.clone(),
        stems: make.stems.clone(),
        spoken,
        burn_subtitles: make.subtitles == SubtitlesWish::Burn,
        simd: if make.no_simd { SimdLevel::Plain } else { SimdLevel::Detect },
        keep_plan,
    };
    let made = kinora.make(&plan, &settings, &studio)?;
    tell(&made.warnings, &plan.prompt);
    let m = &made.output;
    say(&format!("{}: {} frames, {:.1} MB, {:.1} s", m.film.display(), m.frames, m.bytes as f64 / 1e6, m.seconds));
    if let Some(path) = &make.report {
        let report = serde_json::json!({ "film": m, "warnings": made.warnings, "threads": studio.threads() });
        kinora::base::studio::write_beside(path, serde_json::to_string_pretty(&report)?.as_bytes())
            .map_err(|e| Error::Write { path: path.clone(), source: e })?;
    }
    Ok(())
}

/// Writes a plan in the formats of other programs.
fn export(wish: &Export) -> Result<()> {
    let outputs = [&wish.gltf, &wish.otio, &wish.edl, &wish.srt];
    if outputs.iter().all(|o| o.is_none()) {
        return Err(Error::Arguments("nothing to export: name --gltf, --otio, --edl or --srt".into()).into());
    }
    outputs.into_iter().flatten().try_for_each(|path| writable(path))?;
    let studio = Desk::new(None);
    let kinora = Kinora::new(&studio)?;
    let plan = kinora.read_plan(&wish.plan, &studio)?;
    let staged = kinora.rehearse(&plan, &kinora::lock_beside(&wish.plan), &studio)?.0;
    tell(&staged.warnings, &plan.prompt);
    let staging = &staged.output;
    let film = wish.plan.with_file_name(format!(
        "{}.mp4",
        wish.plan.file_name().map(|n| n.to_string_lossy().trim_end_matches(".plan.json").trim_end_matches(".json").to_owned()).unwrap_or_default()
    ));
    let write = |path: &Path, bytes: &[u8]| -> Result<()> {
        studio.write(path, bytes).map_err(|e| Error::Write { path: path.to_owned(), source: e })?;
        say(&format!("{}: {:.1} kB", path.display(), bytes.len() as f64 / 1e3));
        Ok(())
    };
    if let Some(path) = &wish.otio {
        write(path, kinora::film::edit::otio(&plan, &film).as_bytes())?;
    }
    if let Some(path) = &wish.edl {
        write(path, kinora::film::edit::edl(&plan, &film).as_bytes())?;
    }
    if let Some(path) = &wish.srt {
        write(path, kinora::film::subtitles_srt(&staging.voices).as_bytes())?;
    }
    if let Some(path) = &wish.gltf {
        write(path, &kinora.gltf(staging, wish.shot.map(|n| n as usize), wish.rate)?)?;
    }
    Ok(())
}

/// The plan of a file with the wishes of the command line, and whether that file lies where the film's plan would be written.
fn given_plan(kinora: &Kinora, make: &Make, studio: &Desk) -> Result<(kinora::Plan, bool)> {
    let path = Path::new(&make.prompt);
    let read = kinora.read_plan(path, studio)?;
    let mut plan = override_plan(read.clone(), &make.wishes);
    if let Some(language) = make.dub {
        plan = plan.dubbed(language.code()).0;
    }
    let beside = kinora::plan_beside(&make.output);
    let same = std::fs::canonicalize(path).ok().zip(std::fs::canonicalize(&beside).ok()).is_some_and(|(a, b)| a == b);
    if same && (plan != read || !make.motion.is_empty() || !make.character.is_empty()) {
        let why = "it is the plan that was given, and the flags change it; choose another -o, or write the change into the plan";
        return Err(Error::Write { path: beside, source: std::io::Error::other(why) }.into());
    }
    Ok((plan, same))
}

/// Fails now rather than after hours of drawing: the file can be written, and is left as it is.
pub(crate) fn writable(path: &Path) -> Result<()> {
    let failed = |e| Error::Write { path: path.to_owned(), source: e };
    kinora::base::studio::may_replace(path).map_err(failed)?;
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.probe", std::process::id()));
    std::fs::write(&name, b" ").and_then(|()| std::fs::remove_file(&name)).map_err(failed)?;
    Ok(())
}

fn strict<'a>(warnings: impl Iterator<Item = &'a Warning>) -> Result<()> {
    let warnings: Vec<Warning> = warnings.cloned().collect();
    tell(&warnings, "");
    if warnings.is_empty() { Ok(()) } else { Err(Error::Strict(warnings.len()).into()) }
}

fn direct(kinora: &Kinora, text: &str, wishes: &Wishes) -> Result<kinora::Plan> {
    let directed = kinora.direct(&Prompt { text: text.to_owned(), options: options(wishes) })?;
    let mut plan = directed.output;
    plan.warnings = directed.warnings;
    Ok(plan)
}

/// The plan of a film with new shots after its own.
fn go_on(kinora: &Kinora, film: &Path, text: &str, wishes: &Wishes, studio: &Desk) -> Result<kinora::Plan> {
    let film = kinora.read_plan(film, studio)?;
    Ok(kinora.go_on(&film, &Prompt { text: text.to_owned(), options: options(wishes) })?.output)
}

/// What comes from files: `FILE` for the first person, `ROLE=FILE` for another.
fn bring(kinora: &Kinora, plan: &mut kinora::Plan, (characters, motions): (&[String], &[String]), studio: &Desk) -> Result<()> {
    for (role, file) in given("character", characters)? {
        kinora.cast(plan, role, file, studio)?;
    }
    for (role, file) in given("motion", motions)? {
        kinora.play(plan, role, file, studio)?;
    }
    Ok(())
}

/// For whom, and which file; once for each.
fn given<'w>(flag: &str, wishes: &'w [String]) -> Result<Vec<(Option<&'w str>, &'w Path)>> {
    let mut given: Vec<(Option<&str>, &Path)> = Vec::new();
    for wish in wishes {
        // A file may have a = in its name.
        let (role, file) = match wish.split_once('=') {
            Some((role, file)) if !Path::new(wish).exists() => (Some(role), file),
            _ => (None, wish.as_str()),
        };
        if given.iter().any(|(other, _)| *other == role) {
            let why = format!("--{flag} {wish}: {} already has a {flag}; say ROLE=FILE for somebody else", role.unwrap_or("the first person"));
            return Err(Error::Arguments(why).into());
        }
        given.push((role, Path::new(file)));
    }
    Ok(given)
}

fn options(wishes: &Wishes) -> Options {
    Options {
        size: wishes.pixels(),
        fps: wishes.fps.map(FrameRate),
        duration: wishes.duration.map(Ticks::from_seconds),
        shots: match wishes.shots {
            Some(ShotsWish::Exactly(n)) => Some(n),
            _ => None,
        },
        seed: wishes.seed,
        look: wishes.look.clone(),
        silent: wishes.silent,
    }
}

/// Flags win over a plan's size, rate, seed, look and sound; its length and shots are its own.
fn override_plan(mut plan: kinora::Plan, wishes: &Wishes) -> kinora::Plan {
    if let Some(size) = wishes.pixels() {
        plan.size = size;
    }
    if let Some(fps) = wishes.fps {
        plan.fps = FrameRate(fps);
    }
    plan.seed = wishes.seed.unwrap_or(plan.seed);
    if let Some(look) = &wishes.look {
        plan.look.clone_from(look);
    }
    plan.silent |= wishes.silent;
    if wishes.duration.is_some() || wishes.shots.is_some() {
        plan.warnings.push(
            Warning::new(kinora::base::WarningKind::Conflict, "--duration and --shots do not change a plan that is given as a file").hint("edit its shots"),
        );
    }
    plan
}

fn plan(arguments: &Plan) -> Result<()> {
    let studio = Desk::new(None);
    let kinora = Kinora::new(&studio)?;
    let mut plan = match &arguments.r#continue {
        Some(film) => go_on(&kinora, film, &arguments.prompt, &arguments.wishes, &studio)?,
        None => direct(&kinora, &arguments.prompt, &arguments.wishes)?,
    };
    bring(&kinora, &mut plan, (&arguments.character, &arguments.motion), &studio)?;
    if arguments.strict {
        strict(plan.warnings.iter())?;
    }
    print(&plan.to_json())
}

/// Warnings for people, with the words they are about.
fn tell(warnings: &[Warning], prompt: &str) {
    for w in warnings {
        let words = w
            .span
            .and_then(|s| prompt.get(s.start as usize..s.end as usize))
            .filter(|t| !w.message.contains(*t))
            .map(|t| format!(" (\"{t}\")"))
            .unwrap_or_default();
        let hint = if w.hint.is_empty() { String::new() } else { format!("; {}", w.hint) };
        say(&format!("warning: {}{words}{hint}", w.message));
    }
}

fn show(kind: &str, name: &str, output: &Path) -> Result<()> {
    writable(output)?;
    let studio = Desk::new(None);
    let kinora = Kinora::new(&studio)?;
    let views = kinora::show(&kinora, kind, name)?;
    if views.pictures.is_empty() {
        let hint = " that has a picture; kinds with pictures are person, creature, vehicle, prop, place, motion, time, weather";
        return Err(Error::NoEntry { kind: kind.to_owned(), name: name.to_owned(), hint: hint.into() }.into());
    }
    let labelled: Vec<(String, &Rgb8)> = views.pictures.iter().map(|(l, p)| (l.clone(), p)).collect();
    save(&kinora::film::sheet::labelled_sheet(&labelled, views.columns), output)
}

fn sheet(input: &Path, output: &Path, frames: usize) -> Result<()> {
    writable(output)?;
    let studio = Desk::new(None);
    let pictures = if input.extension().is_some_and(|e| e.eq_ignore_ascii_case("json")) {
        let kinora = Kinora::new(&studio)?;
        let plan = kinora.read_plan(input, &studio)?;
        kinora::frames_of_plan(&kinora, &plan, input, frames, &studio)?
    } else {
        kinora::frames_of_film(input, frames)?
    };
    let columns = (1..=frames).find(|c| c * c >= frames).unwrap_or(3).min(6);
    save(&kinora::film::sheet::contact_sheet(&pictures, columns), output)
}

fn save(picture: &Rgb8, output: &Path) -> Result<()> {
    let png = picture.to_png().context("encoding the picture")?;
    kinora::base::studio::write_beside(output, &png).map_err(|e| Error::Write { path: output.to_owned(), source: e })?;
    say(&format!("{}", output.display()));
    Ok(())
}

fn cache(clear: bool) -> Result<()> {
    let Some(cache) = Desk::new(None).cache() else { return print("there is no cache: KINORA_CACHE is off, or there is no home folder\n") };
    let failed = |e| Error::Write { path: cache.folder.clone(), source: e };
    if clear {
        cache.clear().map_err(failed)?;
    }
    let (pieces, bytes) = cache.size().map_err(failed)?;
    let limit = cache.limit as f64 / 1e9;
    print(&format!("{}: {pieces} pieces of films, {:.3} GB of at most {limit:.1} GB\n", cache.folder.display(), bytes as f64 / 1e9))
}

fn words(wanted: Option<Kind>, language: Language, json: bool) -> Result<()> {
    let studio = Desk::new(None);
    let kinora = Kinora::new(&studio)?;
    let entries: Vec<_> = kinora.vocabulary().iter().filter(|a| wanted.is_none_or(|k| a.kind == k)).collect();
    if json {
        let list: Vec<_> = entries.iter().map(|a| serde_json::json!({ "kind": a.kind, "id": a.id, "doc": a.doc, "names": a.names, "kin": a.kin })).collect();
        return print(&(serde_json::to_string_pretty(&list)? + "\n"));
    }
    let mut text = String::new();
    for (k, _) in Kind::ALL {
        let names: Vec<&str> = entries.iter().filter(|a| a.kind == k).map(|a| a.name(language)).collect();
        if !names.is_empty() {
            text += &format!("{k}: {}\n", names.join(", "));
        }
    }
    print(&text)
}

/// Prints what is measured, and says how much is amiss.
fn judge(film: &Path, plan: Option<&Path>, (passes, stems): (Option<&Path>, Option<&Path>), html: Option<&Path>, json: bool) -> Result<usize> {
    if let Some(html) = html {
        writable(html)?;
    }
    let studio = Desk::new(None);
    let plan = match plan {
        Some(path) => Some(Kinora::new(&studio)?.read_plan(path, &studio)?),
        None => None,
    };
    let verdict = kinora_judge::judge(film, plan.as_ref()).map_err(|e| match e {
        kinora_judge::JudgeError::Read(e) => anyhow::Error::from(Error::Movie(e)),
        kinora_judge::JudgeError::NoPictures(_) => {
            let what = "there are no pictures in it".to_owned();
            Error::Movie(kinora::film::ReadError::Format { path: film.to_owned(), what }).into()
        }
        other => other.into(),
    })?;
    let mut measures = Vec::new();
    if let (Some(folder), Some(plan)) = (passes, &plan) {
        measures.extend(kinora_judge::judge_passes(plan, folder, film).map_err(|e| Error::Read { path: folder.to_owned(), source: e })?);
    }
    if let (Some(folder), Some(plan)) = (passes, &plan) {
        measures.extend(kinora_judge::judge_acting(plan, folder).map_err(|e| Error::Read { path: folder.to_owned(), source: e })?);
    }
    if let (Some(folder), Some(plan)) = (stems, &plan) {
        measures.extend(kinora_judge::judge_stems(plan, folder, film, passes).map_err(|e| Error::Read { path: folder.to_owned(), source: e })?);
    }
    if let Some(path) = html {
        let report = kinora_judge::html(film, &verdict, &measures).map_err(|e| Error::Read { path: film.to_owned(), source: e })?;
        kinora::base::studio::write_beside(path, report.as_bytes()).map_err(|e| Error::Write { path: path.to_owned(), source: e })?;
        say(&format!("{}", path.display()));
    }
    let amiss = verdict.findings.len() + measures.iter().filter(|m| !m.holds).count();
    if json {
        let all = serde_json::json!({ "film": verdict, "measures": measures });
        return print(&(serde_json::to_string_pretty(&all)? + "\n")).map(|()| amiss);
    }
    let mut text = format!("{verdict}\n");
    for m in &measures {
        let holds = if m.holds { "ok" } else { "NO" };
        text += &format!("{:<10} {:<8} {:<12} asked {:<18} found {:<34} {holds}\n", m.dimension, m.shot, m.subject, m.asked, m.found);
    }
    if !measures.is_empty() {
        text += &format!("{} of {} hold\n", measures.iter().filter(|m| m.holds).count(), measures.len());
    }
    print(&text).map(|()| amiss)
}
