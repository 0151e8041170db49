//! What was spoken, so that it is spoken the same next time: neural voices differ a little between processors, and so do
//! their times. A film's lock lies beside its plan and holds the symbols of every line with their lengths, and the sum of
//! its sound.

use crate::speaker::{Phone, Times};
use crate::{Said, SpeechError, Utterance};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// Changes when the same utterance would sound different.
const VERSION: &str = "kokoro-82m-int8/1";

/// What was spoken in a film.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The voice model that spoke.
    pub model: String,
    /// By utterance.
    pub lines: BTreeMap<String, Locked>,
}

/// One line as it was spoken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Locked {
    /// The words, for people who read this.
    pub text: String,
    /// Its symbols.
    pub symbols: String,
    /// Samples of each at 24 kHz.
    pub lengths: Vec<u32>,
    /// How to say it again in the same times.
    pub times: Times,
    /// SHA-256 of the sound.
    pub sha256: String,
}

/// A name for exactly this utterance by this model.
pub(crate) fn key(utterance: &Utterance) -> String {
    let mut hash = Sha256::new();
    hash.update(VERSION);
    hash.update(serde_json::to_vec(utterance).unwrap_or_default());
    kinora_packages::hex(&hash.finalize()[..12])
}

pub(crate) fn sum(pcm: &[f32]) -> String {
    let mut hash = Sha256::new();
    pcm.iter().for_each(|s| hash.update(s.to_le_bytes()));
    kinora_packages::hex(&hash.finalize())
}

impl Lock {
    /// Reads a lock; none if there is no file, or one of another model.
    ///
    /// # Errors
    /// If there is a file that is no lock.
    pub fn read(path: &Path) -> Result<Option<Self>, SpeechError> {
        let bytes = match std::fs::read(path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            other => other.map_err(|source| SpeechError::File { path: path.to_owned(), source })?,
        };
        let lock: Self = serde_json::from_slice(&bytes).map_err(|e| SpeechError::File {
            path: path.to_owned(),
            source: std::io::Error::other(format!("is no lock of voices: {e}; remove it to speak anew")),
        })?;
        Ok((lock.model == VERSION).then_some(lock))
    }

    /// As JSON, one line for each that was spoken.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = format!("{{\"model\": {}, \"lines\": {{", serde_json::to_string(VERSION).unwrap_or_default());
        for (i, (key, line)) in self.lines.iter().enumerate() {
            let comma = if i == 0 { "\n" } else { ",\n" };
            text += &format!("{comma}  \"{key}\": {}", serde_json::to_string(line).unwrap_or_default());
        }
        text + "\n}}\n"
    }

    pub(crate) fn put(&mut self, key: &str, text: &str, said: &Said) {
        self.model = VERSION.into();
        let locked = Locked {
            text: text.to_owned(),
            symbols: said.phones.iter().map(|p| p.symbol).collect(),
            lengths: said.phones.iter().map(|p| p.samples).collect(),
            times: said.times.clone(),
            sha256: sum(&said.pcm),
        };
        self.lines.insert(key.to_owned(), locked);
    }
}

/// A spoken line as bytes for the cache.
pub(crate) fn to_bytes(said: &Said) -> Vec<u8> {
    let mut out = Vec::with_capacity(8 + said.phones.len() * 8 + said.pcm.len() * 4);
    out.extend((said.phones.len() as u32).to_le_bytes());
    out.extend((said.unspoken as u32).to_le_bytes());
    out.extend((said.times.units.len() as u32).to_le_bytes());
    out.extend((said.times.kept.0 as u32).to_le_bytes());
    out.extend((said.times.kept.1 as u32).to_le_bytes());
    said.times.units.iter().for_each(|u| out.extend(u.to_le_bytes()));
    for p in &said.phones {
        out.extend(u32::from(p.symbol).to_le_bytes());
        out.extend(p.samples.to_le_bytes());
    }
    said.pcm.iter().for_each(|s| out.extend(s.to_le_bytes()));
    out
}

pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Said> {
    let word = |at: usize| bytes.get(at..at + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    let (count, units) = (word(0)? as usize, word(8)? as usize);
    let mut said = Said { unspoken: word(4)? as usize, ..Said::default() };
    said.times.kept = (word(12)? as usize, word(16)? as usize);
    for i in 0..units {
        said.times.units.push(word(20 + i * 4)?);
    }
    let phones = 20 + units * 4;
    for i in 0..count {
        said.phones.push(Phone { symbol: char::from_u32(word(phones + i * 8)?)?, samples: word(phones + 4 + i * 8)? });
    }
    said.pcm = bytes.get(phones + count * 8..)?.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    let whole: u64 = said.phones.iter().map(|p| u64::from(p.samples)).sum();
    (whole == said.pcm.len() as u64).then_some(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_comes_back() {
        let said = Said {
            pcm: vec![0.5, -0.25, 0.125],
            phones: vec![Phone { symbol: 'ꭧ', samples: 1 }, Phone { symbol: 'a', samples: 2 }],
            unspoken: 3,
            times: Times { units: vec![1, 2, 3], kept: (4, 7) },
        };
        assert_eq!(from_bytes(&to_bytes(&said)).as_ref(), Some(&said), "the same");
        assert_eq!(from_bytes(&to_bytes(&said)[..20]), None, "half of it is nothing");
        let mut lock = Lock::default();
        lock.put("k", "hi", &said);
        let read: Lock = serde_json::from_str(&lock.to_json()).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(read, lock, "through JSON");
    }
}
