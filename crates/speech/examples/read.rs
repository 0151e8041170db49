//! Says many lines, for measuring how well they are understood:
//! `cargo run --release -p kinora-speech --example read -- PACK OUT [SPEED] < lines.tsv`, each line `name TAB language TAB voice TAB manner TAB text`.
//! Writes `OUT/name.wav` (24 kHz, 24 bit), prints the symbols, and CPU-seconds a second of speech at the end.

use kinora_speech::{Manner, Pack, RATE, Speaker, Utterance, of_name};
use std::path::Path;

type AnyError = Box<dyn std::error::Error>;

fn main() -> Result<(), AnyError> {
    let mut args = std::env::args().skip(1);
    let (pack, out) = (args.next().ok_or("PACK")?, args.next().ok_or("OUT")?);
    let speed = args.next().map_or(Ok(1.0), |s| s.parse())?;
    std::fs::create_dir_all(&out)?;
    let speaker = Speaker::new(Pack::open(Path::new(&pack))?);
    let (mut spent, mut spoken) = (0.0, 0.0);
    for line in std::io::stdin().lines() {
        let line = line?;
        let [name, language, voice, manner, text] = line.split('\t').collect::<Vec<_>>()[..] else { return Err(format!("five columns: {line}").into()) };
        let casting = of_name(voice)?;
        let phones = speaker.phones(text, language, &casting)?.0;
        let what = Utterance {
            text: text.into(),
            language: language.into(),
            casting,
            manner: Manner::of(Some(manner)),
            speed,
            tune: manner.contains("sing").then(kinora_speech::Tune::default),
        };
        let started = std::time::Instant::now();
        let said = speaker.say(&what)?;
        // Loading the model is not speaking.
        if spoken > 0.0 {
            spent += started.elapsed().as_secs_f64();
        }
        let seconds = said.pcm.len() as f64 / f64::from(RATE);
        spoken += seconds;
        println!("{name} {seconds:.2} s {phones}");
        std::fs::write(Path::new(&out).join(format!("{name}.wav")), kinora_base::pcm::wav(&said.pcm, 1, RATE))?;
    }
    println!("{:.2} CPU-seconds a second", spent / spoken.max(1e-9));
    Ok(())
}
