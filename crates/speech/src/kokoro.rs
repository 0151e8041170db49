//! The neural voice: Kokoro-82M as ONNX, run by ONNX Runtime, which is loaded when somebody first speaks.

use crate::SpeechError;
use crate::pack::Pack;
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::Tensor;
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

/// Sound and the length of each symbol, in samples.
pub(crate) struct Rendered {
    pub(crate) pcm: Vec<f32>,
    /// The model's own durations, in its units, with those of the paddings at both ends.
    pub(crate) units: Vec<u32>,
    /// One for each symbol of the text; together the whole sound.
    pub(crate) lengths: Vec<usize>,
}

pub(crate) struct Kokoro {
    session: Session,
    /// The same model, told how long each symbol lasts: for times that an earlier take had.
    timed: Option<Session>,
    symbols: HashMap<char, i64>,
}

impl Kokoro {
    pub(crate) fn open(pack: &Pack) -> Result<Self, SpeechError> {
        let symbols = symbols(&pack.read("vocab.json")?)?;
        let mut model = pack.read("kokoro.onnx")?;
        model.extend_from_slice(&one_more(OUTPUT, DURATIONS));
        let session = session(pack, &model).map_err(|e| SpeechError::Broken { file: "kokoro.onnx or the runtime".into(), what: e.to_string() })?;
        Ok(Self { session, timed: None, symbols })
    }

    /// Which symbols of a text the model knows.
    pub(crate) fn known(&self, symbol: char) -> bool {
        self.symbols.contains_key(&symbol)
    }

    /// Says symbols, of which there are at most [`LONGEST`], all known; in given times, if there are as many as symbols and paddings.
    pub(crate) fn render(&mut self, phones: &[char], voice: &Voice, speed: f32, times: Option<&[u32]>, pack: &Pack) -> Result<Rendered, SpeechError> {
        let wrong = |e: ort::Error| SpeechError::Model { what: e.to_string() };
        let mut ids = vec![0_i64];
        ids.extend(phones.iter().filter_map(|p| self.symbols.get(p)));
        ids.push(0);
        let count = ids.len();
        let style = voice.row(count - 2).to_vec();
        let mut inputs = ort::inputs![
            "tokens" => Tensor::from_array(([1, count], ids)).map_err(wrong)?,
            "style" => Tensor::from_array(([1, STYLE], style)).map_err(wrong)?,
            "speed" => Tensor::from_array(([1], vec![speed])).map_err(wrong)?,
        ];
        let times = times.filter(|t| t.len() == count);
        let (pcm, units) = if let Some(times) = times {
            let timed = match &mut self.timed {
                Some(timed) => timed,
                empty => empty.insert(timed_session(pack)?),
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

/// The model with its durations as an input: the node that makes them gets another name for its output.
fn timed_session(pack: &Pack) -> Result<Session, SpeechError> {
    let mut model = pack.read("kokoro.onnx")?;
    // In a node, field 1 are inputs and field 2 outputs: a tag and a length stand before the name.
    let output = [&[2 << 3 | 2, DURATIONS.len() as u8], DURATIONS.as_bytes()].concat();
    let Some(at) = model.windows(output.len()).position(|w| w == output) else {
        return Err(SpeechError::Model { what: format!("it has no tensor {DURATIONS}") });
    };
    model[at + output.len() - 1] = b'X';
    model.extend_from_slice(&one_more(INPUT, DURATIONS));
    session(pack, &model).map_err(|e| SpeechError::Broken { file: "kokoro.onnx or the runtime".into(), what: e.to_string() })
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

/// Bytes that, after a model's own, make one more of its inner integer tensors an output or input: in Protocol Buffers
/// repeated and nested fields merge. `ModelProto.graph` is field 7, `ValueInfoProto` a name and a type.
fn one_more(kind: u8, name: &str) -> Vec<u8> {
    let field = |number: u8, bytes: &[u8]| -> Vec<u8> {
        let mut out = vec![number << 3 | 2];
        out.push(u8::try_from(bytes.len()).unwrap_or(u8::MAX));
        out.extend_from_slice(bytes);
        out
    };
    const INT64: [u8; 2] = [1 << 3, 7];
    let tensor_type = field(1, &INT64);
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
