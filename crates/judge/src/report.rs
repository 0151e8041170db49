//! A report for people: one HTML file with frames of the film and a row for everything that was looked at.

use crate::{Measure, Verdict};
use kinora_film::read::Movie;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

/// Frames that the report shows.
const FRAMES: usize = 6;
/// Width of a frame in the report.
const WIDTH: usize = 320;

/// The report of a film.
///
/// # Errors
/// If the film cannot be read.
pub fn html(film: &Path, verdict: &Verdict, measures: &[Measure]) -> io::Result<String> {
    let movie = Movie::open(film).map_err(io::Error::other)?;
    let mut page = String::from(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Report</title><style>body{font:15px sans-serif;max-width:1080px;margin:2em auto;color:#222}\
        table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3em .6em;border-bottom:1px solid #ddd}.no{background:#fbe3df}\
        img{width:32%;margin:0 1% 1% 0}pre{background:#f4f2ee;padding:1em;overflow:auto}</style>",
    );
    let _ = write!(page, "<h1>{}</h1><div>", escaped(&verdict.file));
    let count = movie.frames().clamp(1, FRAMES);
    for k in 0..count {
        let picture = movie.frame(movie.frames().saturating_sub(1) * (2 * k + 1) / (2 * count)).map_err(io::Error::other)?.to_rgb();
        let height = (picture.height * WIDTH / picture.width.max(1)).max(1);
        let _ = write!(page, "<img alt=\"\" src=\"data:image/png;base64,{}\">", base64(&picture.resized(WIDTH, height).to_png()?));
    }
    let _ = write!(page, "</div><h2>The file</h2><pre>{}</pre>", escaped(&verdict.to_string()));
    if !measures.is_empty() {
        let held = measures.iter().filter(|m| m.holds).count();
        let _ = write!(page, "<h2>What the plan asks for: {held} of {} hold</h2><table><tr><th>what<th>shot<th>of<th>asked<th>found<th></tr>", measures.len());
        for m in measures {
            let (class, mark) = if m.holds { ("", "holds") } else { (" class=\"no\"", "does not hold") };
            let cell = |t: &str| format!("<td>{}", escaped(t));
            let _ = write!(page, "<tr{class}>{}{}{}{}{}<td>{mark}", cell(m.dimension), cell(&m.shot), cell(&m.subject), cell(&m.asked), cell(&m.found));
        }
        page += "</table>";
    }
    page += "</html>\n";
    Ok(page)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Base64 of RFC 4648, for pictures in the page.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().enumerate().fold(0_u32, |w, (k, b)| w | u32::from(*b) << (16 - 8 * k));
        for k in 0..4 {
            out.push(if k <= chunk.len() { char::from(LETTERS[(word >> (18 - 6 * k)) as usize & 63]) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), coded, "{plain}");
        }
    }
}
