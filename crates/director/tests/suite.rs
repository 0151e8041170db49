//! Runs `tests/suite/director/*.md`: a heading, a prompt in a fenced block, assertions as list items. See `tests/README.md`.

use kinora_base::{FrameRate, Ticks};
use kinora_director::{Options, Prompt, direct};
use kinora_plan::{Heard, Plan, Target};
use kinora_vocabulary::{Kind, Vocabulary};
use std::fmt::Write as _;
use std::path::Path;

/// The first world, so that the tests do not wait for anybody's files: kind, id, names, wider words.
const WORLD: &[(Kind, &str, &str, &str)] = &[
    (Kind::Person, "man", "man,guy", "person,human"),
    (Kind::Person, "woman", "woman,lady,person", "person,human"),
    (Kind::Person, "girl", "girl,child", "person,child"),
    (Kind::Person, "old-man", "old man,grandfather", "man,person"),
    (Kind::Creature, "fox", "fox,red fox", "animal"),
    (Kind::Creature, "dog", "dog", "animal,pet"),
    (Kind::Creature, "horse", "horse", "animal"),
    (Kind::Creature, "bird", "bird", "animal"),
    (Kind::Creature, "fish", "fish", "animal"),
    (Kind::Vehicle, "car", "car", "vehicle"),
    (Kind::Vehicle, "boat", "boat", "vehicle,vessel"),
    (Kind::Prop, "oak", "oak,tree,oak tree", "plant"),
    (Kind::Prop, "pine", "pine,pine tree", "plant"),
    (Kind::Prop, "rock", "rock,stone", ""),
    (Kind::Prop, "grass", "grass", "plant"),
    (Kind::Prop, "flower", "flower", "plant"),
    (Kind::Prop, "bench", "bench,park bench", "furniture"),
    (Kind::Prop, "table", "table", "furniture"),
    (Kind::Prop, "chair", "chair", "furniture"),
    (Kind::Prop, "lamp", "lamp", "furniture"),
    (Kind::Prop, "book", "book", ""),
    (Kind::Prop, "cup", "cup", ""),
    (Kind::Prop, "ball", "ball", "toy"),
    (Kind::Prop, "umbrella", "umbrella", ""),
    (Kind::Prop, "house", "house", "building"),
    (Kind::Place, "forest", "forest,woods", ""),
    (Kind::Place, "meadow", "meadow,field", ""),
    (Kind::Place, "beach", "beach,seaside,sea", ""),
    (Kind::Place, "city-street", "city street,street,city", ""),
    (Kind::Place, "living-room", "living room,room", ""),
    (Kind::Place, "space", "space,outer space", ""),
    (Kind::Garment, "sweater", "sweater", ""),
    (Kind::Garment, "shirt", "shirt", ""),
    (Kind::Garment, "dress", "dress", ""),
    (Kind::Garment, "coat", "coat", ""),
    (Kind::Garment, "trousers", "trousers", ""),
    (Kind::Garment, "skirt", "skirt", ""),
    (Kind::Garment, "scarf", "scarf", ""),
    (Kind::Garment, "hat", "hat", ""),
    (Kind::Garment, "shoes", "shoes", ""),
    (Kind::Material, "wood", "wood", ""),
    (Kind::Material, "stone", "stone", ""),
    (Kind::Material, "metal", "metal", ""),
    (Kind::Material, "glass", "glass", ""),
];

fn vocabulary() -> Vocabulary {
    let quoted = |list: &str| list.split(',').filter(|s| !s.is_empty()).map(|s| format!("{s:?}")).collect::<Vec<_>>().join(", ");
    let text =
        |names: &str, kin: &str| format!("(names: (en: [{}], zh: [\"-\"], ja: [\"-\"], ko: [\"-\"], es: [\"-\"]), kin: [{}])", quoted(names), quoted(kin));
    let files: Vec<(Kind, &str, String)> = WORLD.iter().map(|(k, id, names, kin)| (*k, *id, text(names, kin))).collect();
    Vocabulary::builtin().expect("built-in files").with_files(files.iter().map(|(k, id, t)| (*k, *id, t.as_str()))).expect("good files")
}

/// A plan as lines, one fact list each, so that an assertion is a line whose facts are all in one of them.
fn facts(plan: &Plan) -> Vec<String> {
    let mut out = Vec::new();
    let opt = |name: &str, v: &Option<String>| v.as_ref().map(|v| format!(" {name}={v}")).unwrap_or_default();
    let traits = |t: &kinora_plan::Traits| {
        let mut s = opt("colour", &t.colour)
            + &opt("age", &t.age)
            + &opt("sex", &t.sex)
            + &opt("build", &t.build)
            + &opt("hair", &t.hair)
            + &opt("hair-style", &t.hair_style)
            + &opt("mood", &t.mood)
            + &opt("called", &t.called)
            + &opt("material", &t.material);
        if let Some(state) = t.state {
            let _ = write!(s, " state={}", format!("{state:?}").to_lowercase());
        }
        if let Some(size) = t.size {
            let _ = write!(s, " size={size}");
        }
        for c in &t.clothes {
            let _ = write!(s, " clothes={}{}", c.colour.as_ref().map(|c| format!("{c}-")).unwrap_or_default(), c.word);
        }
        s
    };
    let name = |e: &dyn std::fmt::Debug| {
        let mut s = String::new();
        for c in format!("{e:?}").chars() {
            if c.is_uppercase() && !s.is_empty() {
                s.push('-');
            }
            s.extend(c.to_lowercase());
        }
        s
    };
    for r in &plan.cast {
        out.push(format!("role {} kind={} word={} count={}{}{}", r.id, name(&r.kind), r.word, r.count, opt("name", &r.name), traits(&r.traits)));
    }
    for s in &plan.scenes {
        out.push(format!("scene {} place={} time={} weather={} snow-cover={}{}", s.id, s.place, s.time, s.weather, s.snow_cover, opt("mood", &s.mood)));
        for t in &s.things {
            out.push(format!("thing {} word={} count={}{}{}", t.id, t.word, t.count, opt("held-by", &t.held_by), traits(&t.traits)));
        }
        for r in &s.relations {
            out.push(format!("relation {} {} {}", r.what, name(&r.relation), r.to.join(" ")));
        }
    }
    out.push(format!("film shots={} seconds={:.1} look={}", plan.shots.len(), plan.duration().seconds(), plan.look));
    for s in &plan.shots {
        out.push(format!(
            "shot {} seconds={:.1} scene={} size={} angle={} side={} move={} subject={}{}{}{}{}{}",
            s.id,
            s.length.seconds(),
            s.scene,
            name(&s.framing.size),
            name(&s.framing.angle),
            name(&s.framing.side),
            name(&s.framing.movement.kind),
            s.framing.subject.join("+"),
            opt("part", &s.framing.part.map(|p| name(&p))),
            opt("over", &s.framing.over),
            opt("aperture", &s.framing.aperture.map(|a| a.to_string())),
            opt("speed", &s.framing.speed.map(|a| a.to_string())),
            opt("focus", &(!s.framing.focus.is_empty()).then(|| s.framing.focus.iter().map(|f| f.on.as_str()).collect::<Vec<_>>().join(">")))
        ));
        for b in &s.beats {
            let target = match &b.target {
                Some(Target::Id(id)) => format!(" target={id}"),
                Some(t) => format!(" target={}", name(t)),
                None => String::new(),
            };
            let to = if b.to == Ticks::ZERO { s.length } else { b.to };
            out.push(format!(
                "beat {} {} in={} from={:.1} to={:.1}{target}{}{}{}",
                b.who,
                b.action,
                s.id,
                b.from.seconds(),
                to.seconds(),
                opt("with", &b.with),
                opt("prop", &b.prop),
                opt("manner", &b.manner)
            ));
        }
        for l in &s.lines {
            let manner = l.manner.as_ref().map(|m| m.split(' ').map(|w| format!(" manner={w}")).collect::<String>()).unwrap_or_default();
            let heard = if l.heard == kinora_plan::Heard::Here { String::new() } else { format!(" heard={}", name(&l.heard)) };
            let who = l.who.as_deref().unwrap_or("narrator");
            out.push(format!("line {who} {:?} in={} from={:.1} language={}{heard}{manner}", l.text, s.id, l.from.seconds(), l.language));
        }
        for c in &s.cues {
            out.push(format!("cue {}={} in={}{}", name(&c.kind), c.word, s.id, opt("source", &c.source)));
        }
    }
    for c in &plan.cues {
        out.push(format!("cue {}={}", name(&c.kind), c.word));
    }
    for w in &plan.warnings {
        let said = w.span.and_then(|s| plan.prompt.get(s.start as usize..s.end as usize)).unwrap_or("");
        out.push(format!("warning {} {:?} {} {}", name(&w.kind), said, w.message, w.hint));
    }
    if plan.warnings.is_empty() {
        out.push("no-warnings".into());
    }
    out
}

/// Whether the words of an assertion stand in this order in a fact line, each whole.
fn holds(assertion: &str, line: &str) -> bool {
    let (head, rest) = assertion.split_once(' ').unwrap_or((assertion, ""));
    if line.split(' ').next() != Some(head) {
        return false;
    }
    if let Some((quoted, more)) = rest.rsplit_once('"') {
        return line.contains(&format!(" {quoted}\"")) && more.split_whitespace().all(|w| line.split(' ').any(|x| x == w));
    }
    let words: Vec<&str> = line.split(' ').skip(1).collect();
    let mut at = 0;
    rest.split_whitespace().all(|w| {
        let found = if w.contains('=') { words.iter().position(|x| *x == w) } else { words[at..].iter().position(|x| *x == w).map(|p| p + at) };
        at = if w.contains('=') { at } else { found.map_or(words.len(), |p| p + 1) };
        found.is_some()
    })
}

struct Case {
    heading: String,
    prompt: String,
    flags: Options,
    asserts: Vec<String>,
}

fn cases(text: &str) -> Vec<Case> {
    let mut out: Vec<Case> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("```") {
            inside = !inside;
        } else if inside {
            if let Some(c) = out.last_mut() {
                if !c.prompt.is_empty() {
                    c.prompt.push('\n');
                }
                c.prompt.push_str(line);
            }
        } else if let Some(h) = line.strip_prefix("## ") {
            out.push(Case { heading: h.into(), prompt: String::new(), flags: Options::default(), asserts: Vec::new() });
        } else if let (Some(a), Some(c)) = (line.strip_prefix("- `").and_then(|l| l.strip_suffix('`')), out.last_mut()) {
            if let Some(flag) = a.strip_prefix("--") {
                let (name, value) = flag.split_once(' ').unwrap_or((flag, ""));
                match name {
                    "duration" => c.flags.duration = value.parse().ok().map(Ticks::from_seconds),
                    "shots" => c.flags.shots = value.parse().ok(),
                    "fps" => c.flags.fps = value.parse().ok().map(FrameRate),
                    "look" => c.flags.look = Some(value.into()),
                    other => panic!("--{other} is not a flag of these tests"),
                }
            } else {
                c.asserts.push(a.into());
            }
        }
    }
    out
}

#[test]
fn the_suite_holds() {
    run("director", &vocabulary(), 60);
}

#[test]
fn the_suite_of_dialogue_holds() {
    run("dialogue", &Vocabulary::builtin().expect("built-in files"), 100);
}

#[test]
fn the_suite_of_everyday_prompts_holds() {
    run("everyday", &Vocabulary::builtin().expect("built-in files"), 150);
}

/// Runs a folder of the suite, which has so many cases at least.
fn run(folder: &str, vocabulary: &Vocabulary, least: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/suite").join(folder);
    let mut files: Vec<_> =
        std::fs::read_dir(&folder).expect("the suite's folder").flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "md")).collect();
    files.sort();
    let (mut failures, mut count) = (String::new(), 0);
    for file in files {
        for case in cases(&std::fs::read_to_string(&file).expect("a readable file")) {
            count += 1;
            let lines = match direct(&Prompt { text: case.prompt.clone(), options: case.flags.clone() }, vocabulary) {
                Ok(film) => {
                    let mut lines = facts(&film.output);
                    lines.extend(film.output.check().iter().map(|p| format!("INVALID {p}")));
                    lines
                }
                Err(e) => vec![format!("error {e}")],
            };
            let bad: Vec<String> = case
                .asserts
                .iter()
                .filter(|a| match a.strip_prefix("not ") {
                    Some(a) => lines.iter().any(|l| holds(a, l)),
                    None if a.starts_with("error ") => !lines.iter().any(|l| l.contains(a.trim_start_matches("error ")) && l.starts_with("error")),
                    None => !lines.iter().any(|l| holds(a, l)),
                })
                .cloned()
                .chain(lines.iter().filter(|l| l.starts_with("INVALID")).cloned())
                .collect();
            if !bad.is_empty() || std::env::var_os("SHOW").is_some() {
                let _ =
                    writeln!(failures, "\n{}: {}\n  {}\n  fails: {bad:#?}\n  plan:\n    {}", file.display(), case.heading, case.prompt, lines.join("\n    "));
            }
        }
    }
    assert!(count >= least, "there are {count} cases");
    assert!(failures.is_empty(), "{failures}");
}

/// About how long a line takes.
fn takes(line: &kinora_plan::Line) -> f64 {
    kinora_plan::speech::seconds(&line.text, &line.language) / kinora_plan::speech::Manner::of(line.manner.as_deref()).pace()
}

/// Lines of a plan with their times in the film: shot, line, from, to.
fn said(plan: &Plan) -> Vec<(&kinora_plan::Shot, &kinora_plan::Line, f64, f64)> {
    let mut at = 0.0;
    let mut out = Vec::new();
    for shot in &plan.shots {
        for line in &shot.lines {
            let from = at + line.from.seconds();
            out.push((shot, line, from, from + takes(line)));
        }
        at += shot.length.seconds();
    }
    out
}

#[test]
fn who_speaks_is_seen_and_nobody_interrupts() {
    let vocabulary = Vocabulary::builtin().expect("built-in files");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/suite/dialogue");
    let mut turns = 0;
    for file in std::fs::read_dir(&folder).expect("the suite's folder").flatten() {
        for case in cases(&std::fs::read_to_string(file.path()).expect("a readable file")).iter().filter(|c| c.flags == Options::default()) {
            let Ok(film) = direct(&Prompt { text: case.prompt.clone(), options: Options::default() }, &vocabulary) else { continue };
            let plan = film.output;
            // Some ask for more words than there is time.
            if plan.warnings.iter().any(|w| w.message.starts_with("what is said takes")) {
                continue;
            }
            let (mut ends, mut begins) = (0.0, -1.0);
            for shot in &plan.shots {
                for line in &shot.lines {
                    let to = line.from.seconds() + takes(line);
                    assert!(
                        to <= (shot.length + line.lap).seconds() + 0.01 && line.lap.seconds() <= 1.2,
                        "\"{}\" ends at {to:.2} s of {:.2} s in {}",
                        line.text,
                        shot.length.seconds(),
                        case.prompt
                    );
                    let unseen = line.heard == Heard::Phone || line.heard == Heard::OffScreen;
                    let Some(who) = &line.who else { continue };
                    let seen = shot.framing.subject.contains(who);
                    assert!(seen != unseen, "{who} is {}seen saying \"{}\" in {}", if seen { "" } else { "not " }, line.text, case.prompt);
                    assert!(shot.framing.over.as_ref() != Some(who), "{who} speaks with the back to us in {}", case.prompt);
                    let talks = shot.beats.iter().any(|b| b.who == *who && b.action == "talk");
                    assert!(talks == (line.heard == Heard::Here), "{who} moves the lips or not in {}", case.prompt);
                }
            }
            for (_, line, from, to) in said(&plan) {
                // Who speaks at once with the one before begins with it, to the tick.
                assert!(
                    from == begins || from >= ends + 0.19,
                    "\"{}\" begins at {from:.2} s, the line before ends at {ends:.2} s in {}",
                    line.text,
                    case.prompt
                );
                (begins, ends) = (from, to.max(ends));
            }
            let lines = said(&plan);
            let quick = |i: &str| !plan.shots.iter().flat_map(|s| &s.beats).any(|b| b.action != "talk" && b.action != "stand") && !i.is_empty();
            let listed = case.prompt.starts_with("Shot 1");
            for pair in lines.windows(2).filter(|w| !listed && quick(&w[0].1.id)) {
                turns += 1;
                assert!(pair[1].2 - pair[0].3 < 0.65, "{:.2} s of silence between turns in {}", pair[1].2 - pair[0].3, case.prompt);
            }
        }
    }
    assert!(turns >= 15, "{turns} turns were measured");
}

/// Nothing that anybody types may panic, and every plan that comes out must be valid.
#[test]
fn word_salad_never_panics() {
    let vocabulary = vocabulary();
    let words = "a the two fox dog woman old man red blue walks runs, looks at camera and then while . \" ' : ; shot 1 2 ( ) [ 3s ] cut to close up of wide in on under forest beach snow night she it they says hello with hat book table 's - é 狐 \n ! between as after before no music we hear sound of bark 12 99999999999999999999 of of wearing Anna named who camera pans left slowly seconds film ride chases holding voice narrator voice-over 's phone on whispers other one says, “Hi” “No.” angrily radio outside —";
    let words: Vec<&str> = words.split(' ').collect();
    let mut rng = kinora_base::Seed(7).rng();
    for round in 0..1500 {
        let count = 1 + rng.below(30);
        let glue = if round % 3 == 0 { "" } else { " " };
        let text: String = (0..count).map(|_| words[rng.below(words.len())]).collect::<Vec<_>>().join(glue);
        if let Ok(film) = direct(&Prompt { text: text.clone(), options: Options::default() }, &vocabulary) {
            assert!(film.output.check().is_empty(), "{text:?}: {:?}", film.output.check());
        }
    }
    // What is said in other languages, in any order.
    let foreign = "女孩 说： “你好。” 电话 旁白 ： 的 声音 低声 \n 少女 が 「はい」 と 言う 。 ナレーション 声 男 소녀가 \"네\" 라고 말한다 목소리 밖에서 . una niña dice \"Sí\" — voz en off : ANA: Hola , responde él";
    let foreign: Vec<&str> = foreign.split(' ').collect();
    for round in 0..600 {
        let glue = if round % 3 == 0 { " " } else { "" };
        let text: String = (0..1 + rng.below(16)).map(|_| foreign[rng.below(foreign.len())]).collect::<Vec<_>>().join(glue);
        if let Ok(film) = direct(&Prompt { text: text.clone(), options: Options::default() }, &vocabulary) {
            assert!(film.output.check().is_empty(), "{text:?}: {:?}", film.output.check());
        }
    }
    for _ in 0..500 {
        let bytes: Vec<u8> = (0..rng.below(80)).map(|_| rng.below(256) as u8).collect();
        let _ = direct(&Prompt { text: String::from_utf8_lossy(&bytes).into_owned(), options: Options::default() }, &vocabulary);
    }
}
