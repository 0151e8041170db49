//! The file as bytes: a `.glb` of two chunks or a `.gltf` of text, and where its buffers are.

use crate::json::Root;
use crate::{FigureError, LARGEST};
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Some writers leave the padding out.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true));

/// A file, taken apart.
pub(crate) struct Container<'a> {
    pub(crate) root: Root,
    /// The binary chunk of a `.glb`.
    binary: Option<&'a [u8]>,
}

impl<'a> Container<'a> {
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, FigureError> {
        if bytes.len() > LARGEST {
            return Err(FigureError::Large { what: format!("{} bytes", bytes.len()), most: LARGEST, hint: "make its pictures smaller" });
        }
        let (text, binary) = match bytes {
            [b'g', b'l', b'T', b'F', ..] => chunks(bytes)?,
            _ => (bytes, None),
        };
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        if text.iter().find(|b| !b.is_ascii_whitespace()) != Some(&b'{') {
            return Err(FigureError::Form("it is neither glTF (.glb, .gltf) nor VRM: export the character as one of these".into()));
        }
        let root: Root = serde_json::from_slice(text).map_err(|e| FigureError::Form(format!("its JSON is broken: {e}; export it again")))?;
        if !root.asset.version.starts_with("2.") {
            let version = if root.asset.version.is_empty() { "no version".to_owned() } else { format!("version {}", clipped(&root.asset.version)) };
            return Err(FigureError::at("asset.version", format!("{version}; only glTF 2.0 is read: export it as glTF 2.0")));
        }
        for name in &root.extensions_required {
            if let Some(hint) = unknown(name) {
                return Err(FigureError::Extension { name: clipped(name), hint });
            }
        }
        Ok(Self { root, binary })
    }

    /// The files that it names.
    pub(crate) fn beside(&self) -> Result<Vec<String>, FigureError> {
        let buffers = self.root.buffers.iter().enumerate().map(|(k, b)| (format!("buffers[{k}].uri"), b.uri.as_deref()));
        let images = self.root.images.iter().enumerate().map(|(k, i)| (format!("images[{k}].uri"), i.uri.as_deref()));
        let mut all: Vec<String> = Vec::new();
        for (place, uri) in buffers.chain(images) {
            if let Some(uri) = uri.filter(|u| !u.starts_with("data:")) {
                let name = file_name(&place, uri)?;
                if !all.contains(&name) {
                    all.push(name);
                }
            }
        }
        Ok(all)
    }

    /// The bytes of a buffer.
    pub(crate) fn buffer<'f>(&'f self, k: usize, files: &'f BTreeMap<String, Vec<u8>>) -> Result<Cow<'f, [u8]>, FigureError> {
        let place = || format!("buffers[{k}]");
        let buffer = self.root.buffers.get(k).ok_or_else(|| FigureError::at(place(), "there is no such buffer; export it again"))?;
        let bytes = match &buffer.uri {
            Some(uri) => uri_bytes(&format!("buffers[{k}].uri"), uri, files)?,
            None => Cow::Borrowed(self.binary.ok_or_else(|| FigureError::at(place(), "it has no data: its binary part is missing; export it again"))?),
        };
        if bytes.len() < buffer.byte_length {
            let what = format!("{} bytes of {}: the file is cut off; copy or export it again", bytes.len(), buffer.byte_length);
            return Err(FigureError::at(place(), what));
        }
        Ok(bytes)
    }
}

/// The two parts of a `.glb`.
fn chunks(bytes: &[u8]) -> Result<(&[u8], Option<&[u8]>), FigureError> {
    let word = |at: usize| bytes.get(at..at + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    let cut = || FigureError::Form("the file is cut off: copy or export it again".into());
    if word(4) != Some(2) {
        return Err(FigureError::Form(format!("version {} of glTF binary; only 2 is read: export it as glTF 2.0", word(4).ok_or_else(cut)?)));
    }
    let (mut at, mut text, mut binary) = (12, None, None);
    while at + 8 <= bytes.len() {
        let (length, kind) = (word(at).ok_or_else(cut)? as usize, word(at + 4).ok_or_else(cut)?);
        let chunk = bytes.get(at + 8..(at + 8).saturating_add(length)).ok_or_else(cut)?;
        match kind {
            0x4e4f_534a => drop(text.get_or_insert(chunk)),
            0x004e_4942 => drop(binary.get_or_insert(chunk)),
            _ => {}
        }
        at += 8 + length;
    }
    Ok((text.ok_or_else(cut)?, binary))
}

/// Why an extension that a file requires is in the way; none if it is understood or does no harm.
fn unknown(name: &str) -> Option<&'static str> {
    match name {
        "KHR_draco_mesh_compression" => Some("export it without Draco compression"),
        "EXT_meshopt_compression" | "KHR_meshopt_compression" => Some("export it without meshopt compression (gltfpack without -c)"),
        "KHR_mesh_quantization" | "KHR_texture_transform" | "KHR_texture_basisu" | "EXT_texture_webp" | "EXT_texture_avif" | "KHR_lights_punctual" => None,
        _ if ["KHR_materials_", "VRM", "KHR_animation", "KHR_node_", "KHR_xmp"].iter().any(|known| name.starts_with(known)) => None,
        _ => Some("export it without that"),
    }
}

/// The bytes that a URI stands for.
pub(crate) fn uri_bytes<'f>(place: &str, uri: &str, files: &'f BTreeMap<String, Vec<u8>>) -> Result<Cow<'f, [u8]>, FigureError> {
    let Some(data) = uri.strip_prefix("data:") else {
        let name = file_name(place, uri)?;
        let bytes = files.get(&name).ok_or_else(|| FigureError::at(place, format!("the file {} is not there; put it beside the character", clipped(&name))))?;
        return Ok(Cow::Borrowed(bytes));
    };
    let wrong = || FigureError::at(place, "is no data in base64; export it again");
    let (kind, data) = data.split_once(',').ok_or_else(wrong)?;
    if !kind.ends_with(";base64") {
        return Err(wrong());
    }
    BASE64.decode(data.trim_end()).map(Cow::Owned).map_err(|_| wrong())
}

/// The plain name of a file in the same folder, or in a folder in it.
fn file_name(place: &str, uri: &str) -> Result<String, FigureError> {
    let mut name = Vec::with_capacity(uri.len());
    let mut rest = uri.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = |b: &u8| (*b as char).to_digit(16).map(|d| d as u8);
        match (first, after) {
            (b'%', [a, b, after @ ..]) if hex(a).is_some() && hex(b).is_some() => {
                name.push(hex(a).unwrap_or(0) * 16 + hex(b).unwrap_or(0));
                rest = after;
            }
            _ => {
                name.push(*first);
                rest = after;
            }
        }
    }
    let name = String::from_utf8(name).unwrap_or_default();
    let name = name.strip_prefix("./").unwrap_or(&name);
    let plain = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', ':', '\0']);
    if name.split('/').all(plain) {
        Ok(name.to_owned())
    } else {
        Err(FigureError::at(place, format!("\"{}\" is no file beside it; export everything into one folder, or as .glb", clipped(uri))))
    }
}

/// A word of somebody's file, short enough for a message.
pub(crate) fn clipped(word: &str) -> String {
    let clean: String = word.chars().map(|c| if c.is_control() { ' ' } else { c }).take(60).collect();
    if word.chars().nth(60).is_some() { clean + "..." } else { clean }
}
