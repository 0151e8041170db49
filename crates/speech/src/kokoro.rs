//! The neural voice: Kokoro-82M as ONNX, run by ONNX Runtime, which is loaded when somebody first speaks.

use crate::SpeechError;
use crate::pack::Pack;
use crate::song::Score;
use ort::session::builder::GraphOptimizationLevel;
use ort::session::{Session, SessionInputValue};
use ort::value::Tensor;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

/// Samples a second of what the model makes.
pub const RATE: u32 = 24_000;
/// Samples of one unit of the model's durations.
const UNIT: usize = 600;
/// What is heard begins this much before the model's durations say, in samples (60 ms; Kokoro's own subtitles take 75 ms).
/// Measured on 17 films in five languages: lips that close on p, b and m against dips of the voice, 45 to 70 ms.
const EARLY: usize = 1440;
/// The model's longest text, in symbols.
pub(crate) const LONGEST: usize = 500;
/// Floats of a style.
const STYLE: usize = 256;
/// Rows of a voice, one for each length of text.
const ROWS: usize = 510;
/// The inner tensor that holds how long each symbol lasts.
const DURATIONS: &str = "/encoder/Gather_output_0";
/// The inner tensor that holds the pitch, in Hz, two values for each unit of the durations.
const PITCH: &str = "/decoder/decoder/Unsqueeze_output_0";

/// Sound and the length of each symbol, in samples.
pub(crate) struct Rendered {
    pub(crate) pcm: Vec<f32>,
    /// The model's own durations, in its units, with those of the paddings at both ends.
    pub(crate) units: Vec<u32>,
    /// One for each symbol of the text; together the whole sound.
    pub(crate) lengths: Vec<usize>,
}

/// Makes a score of the units and the pitch of a line as it is spoken.
pub(crate) type Composer<'a> = dyn Fn(&[u32], &[f32]) -> Option<Score> + 'a;

pub(crate) struct Kokoro {
    session: Session,
    /// The same model, told how long each symbol lasts: for times that an earlier take had.
    timed: Option<Session>,
    /// The model that tells its pitch too, and the one that is told it: for singing.
    sung: Option<(Session, Session)>,
    symbols: HashMap<char, i64>,
}

impl Kokoro {
    pub(crate) fn open(pack: &Pack) -> Result<Self, SpeechError> {
        let symbols = symbols(&pack.read("vocab.json")?)?;
        let mut model = pack.read("kokoro.onnx")?;
        model.extend_from_slice(&one_more(OUTPUT, DURATIONS, INT64));
        let session = session(pack, &model).map_err(broken)?;
        Ok(Self { session, timed: None, sung: None, symbols })
    }

    /// Which symbols of a text the model knows.
    pub(crate) fn known(&self, symbol: char) -> bool {
        self.symbols.contains_key(&symbol)
    }

    /// Says symbols, of which there are at most [`LONGEST`], all known; in given times, if there are as many as symbols and paddings.
    pub(crate) fn render(&mut self, phones: &[char], voice: &Voice, speed: f32, times: Option<&[u32]>, pack: &Pack) -> Result<Rendered, SpeechError> {
        let mut inputs = self.inputs(phones, voice, speed)?;
        let count = phones.len() + 2;
        let times = times.filter(|t| t.len() == count);
        let (pcm, units) = if let Some(times) = times {
            let timed = match &mut self.timed {
                Some(timed) => timed,
                empty => empty.insert(told_session(pack, &[(DURATIONS, INT64)])?),
            };
            let told: Vec<i64> = times.iter().map(|t| i64::from(*t)).collect();
            inputs.push((DURATIONS.into(), Tensor::from_array(([count], told)).map_err(wrong)?.into()));
            let outputs = timed.run(inputs).map_err(wrong)?;
            (outputs[0].try_extract_tensor::<f32>().map_err(wrong)?.1.to_vec(), times.to_vec())
        } else {
            let outputs = self.session.run(inputs).map_err(wrong)?;
            let (_, units) = outputs[DURATIONS].try_extract_tensor::<i64>().map_err(wrong)?;
            (outputs[0].try_extract_tensor::<f32>().map_err(wrong)?.1.to_vec(), units.iter().map(|u| u32::try_from(*u).unwrap_or(0)).collect())
        };
        fitted(pcm, units, count)
    }

    /// Says symbols twice: as they are spoken, then in the lengths and pitches that `compose` makes of those.
    pub(crate) fn sing(&mut self, phones: &[char], voice: &Voice, pack: &Pack, compose: &Composer<'_>) -> Result<Rendered, SpeechError> {
        let inputs = self.inputs(phones, voice, 1.0)?;
        let mut told = self.inputs(phones, voice, 1.0)?;
        let (spoken, sung) = match &mut self.sung {
            Some(both) => both,
            empty => {
                let mut model = pack.read("kokoro.onnx")?;
                model.extend_from_slice(&one_more(OUTPUT, DURATIONS, INT64));
                model.extend_from_slice(&one_more(OUTPUT, PITCH, FLOAT));
                empty.insert((session(pack, &model).map_err(broken)?, told_session(pack, &[(DURATIONS, INT64), (PITCH, FLOAT)])?))
            }
        };
        let score = {
            let outputs = spoken.run(inputs).map_err(wrong)?;
            let (_, units) = outputs[DURATIONS].try_extract_tensor::<i64>().map_err(wrong)?;
            let (_, pitch) = outputs[PITCH].try_extract_tensor::<f32>().map_err(wrong)?;
            let units: Vec<u32> = units.iter().map(|u| u32::try_from(*u).unwrap_or(0)).collect();
            let nothing = || SpeechError::Nothing { text: phones.iter().take(40).collect() };
            compose(&units, pitch).ok_or_else(nothing)?
        };
        let units: Vec<i64> = score.units.iter().map(|u| i64::from(*u)).collect();
        told.push((DURATIONS.into(), Tensor::from_array(([units.len()], units)).map_err(wrong)?.into()));
        told.push((PITCH.into(), Tensor::from_array(([1, 1, score.pitch.len()], score.pitch)).map_err(wrong)?.into()));
        let outputs = sung.run(told).map_err(wrong)?;
        let pcm = outputs[0].try_extract_tensor::<f32>().map_err(wrong)?.1.to_vec();
        fitted(pcm, score.units, phones.len() + 2)
    }

    fn inputs(&self, phones: &[char], voice: &Voice, speed: f32) -> Result<Vec<(Cow<'static, str>, SessionInputValue<'static>)>, SpeechError> {
        let mut ids = vec![0_i64];
        ids.extend(phones.iter().filter_map(|p| self.symbols.get(p)));
        ids.push(0);
        let count = ids.len();
        let style = voice.row(count - 2).to_vec();
        Ok(ort::inputs![
            "tokens" => Tensor::from_array(([1, count], ids)).map_err(wrong)?,
            "style" => Tensor::from_array(([1, STYLE], style)).map_err(wrong)?,
            "speed" => Tensor::from_array(([1], vec![speed])).map_err(wrong)?,
        ])
    }
}

fn wrong(error: ort::Error) -> SpeechError {
    SpeechError::Model { what: error.to_string() }
}

fn broken(error: Box<dyn std::error::Error>) -> SpeechError {
    SpeechError::Broken { file: "kokoro.onnx or the runtime".into(), what: error.to_string() }
}

/// What was rendered, with the samples of each symbol.
fn fitted(pcm: Vec<f32>, units: Vec<u32>, count: usize) -> Result<Rendered, SpeechError> {
    let lengths: Vec<usize> = units.iter().map(|u| *u as usize * UNIT).collect();
    if lengths.len() != count || lengths.iter().sum::<usize>() != pcm.len() || pcm.iter().any(|s| !s.is_finite()) {
        return Err(SpeechError::Model { what: format!("its durations ({} symbols) do not fit its {} samples", lengths.len(), pcm.len()) });
    }
    // The paddings hold silence and, often, the onset of the first sound and the end of the last.
    let early = EARLY.min(lengths[0]);
    let mut inner = lengths[1..count - 1].to_vec();
    if let Some(first) = inner.first_mut() {
        *first += lengths[0] - early;
    }
    if let Some(last) = inner.last_mut() {
        *last += lengths[count - 1] + early;
    }
    Ok(Rendered { pcm, units, lengths: inner })
}

/// The runtime is loaded once a process.
fn session(pack: &Pack, model: &[u8]) -> Result<Session, Box<dyn std::error::Error>> {
    static ENVIRONMENT: OnceLock<Result<ort::environment::Environment, String>> = OnceLock::new();
    let library = pack.path(pack.runtime());
    let load = || ort::init_from(library).map_err(|e| e.to_string())?.with_name("kinora").with_telemetry(false).build().map_err(|e| e.to_string());
    let environment = ENVIRONMENT.get_or_init(load).as_ref().map_err(Clone::clone)?;
    // One thread, so that sums come in one order; lines are spoken beside each other.
    let mut builder = Session::builder(environment)?
        .with_optimization_level(GraphOptimizationLevel::All)
        .map_err(|e| e.to_string())?
        .with_intra_threads(1)
        .map_err(|e| e.to_string())?
        .with_inter_threads(1)
        .map_err(|e| e.to_string())?
        .with_deterministic_compute(true)
        .map_err(|e| e.to_string())?;
    Ok(builder.commit_from_memory(model)?)
}

/// The model with inner tensors as inputs: the nodes that make them get other names for their outputs.
fn told_session(pack: &Pack, tensors: &[(&str, u8)]) -> Result<Session, SpeechError> {
    let mut model = pack.read("kokoro.onnx")?;
    for (name, kind) in tensors {
        // In a node, field 1 are inputs and field 2 outputs: a tag and a length stand before the name.
        let output = [&[2 << 3 | 2, name.len() as u8], name.as_bytes()].concat();
        let Some(at) = model.windows(output.len()).position(|w| w == output) else {
            return Err(SpeechError::Model { what: format!("it has no tensor {name}") });
        };
        model[at + output.len() - 1] = b'X';
        model.extend_from_slice(&one_more(INPUT, name, *kind));
    }
    session(pack, &model).map_err(broken)
}

fn symbols(json: &[u8]) -> Result<HashMap<char, i64>, SpeechError> {
    #[derive(serde::Deserialize)]
    struct File {
        vocab: HashMap<char, i64>,
    }
    let file: File = serde_json::from_slice(json).map_err(|e| SpeechError::Broken { file: "vocab.json".into(), what: e.to_string() })?;
    Ok(file.vocab)
}

/// Fields of `GraphProto`.
const INPUT: u8 = 11;
const OUTPUT: u8 = 12;

/// Types of `TensorProto`.
const FLOAT: u8 = 1;
const INT64: u8 = 7;

/// Bytes that, after a model's own, make one more of its inner tensors an output or input: in Protocol Buffers
/// repeated and nested fields merge. `ModelProto.graph` is field 7, `ValueInfoProto` a name and a type.
fn one_more(kind: u8, name: &str, element: u8) -> Vec<u8> {
    let field = |number: u8, bytes: &[u8]| -> Vec<u8> {
        let mut out = vec![number << 3 | 2];
        out.push(u8::try_from(bytes.len()).unwrap_or(u8::MAX));
        out.extend_from_slice(bytes);
        out
    };
    let tensor_type = field(1, &[1 << 3, element]);
    let value = [field(1, name.as_bytes()), field(2, &tensor_type)].concat();
    field(7, &field(kind, &value))
}

/// How a voice sounds: a style for each length of text.
#[derive(Clone, Debug)]
pub(crate) struct Voice(Vec<f32>);

impl Voice {
    /// Reads and mixes the voices of a blend.
    pub(crate) fn open(pack: &Pack, blend: &[(String, f32)]) -> Result<Self, SpeechError> {
        let mut mixed = vec![0.0_f32; ROWS * STYLE];
        let whole: f32 = blend.iter().map(|b| b.1).sum();
        for (name, share) in blend {
            let bytes = pack.read(&format!("voices/{name}.bin"))?;
            if bytes.len() != mixed.len() * 4 {
                return Err(SpeechError::Broken { file: format!("voices/{name}.bin"), what: format!("{} bytes instead of {}", bytes.len(), mixed.len() * 4) });
            }
            for (m, b) in mixed.iter_mut().zip(bytes.chunks_exact(4)) {
                *m += f32::from_le_bytes([b[0], b[1], b[2], b[3]]) * share / whole;
            }
        }
        Ok(Self(mixed))
    }

    fn row(&self, symbols: usize) -> &[f32] {
        let row = symbols.saturating_sub(1).min(ROWS - 1);
        &self.0[row * STYLE..(row + 1) * STYLE]
    }
}
