//! The contact sheet: frames of a film on one page, each with its time, for people who look over a film at a glance.

mod font;

use kinora_base::Ticks;
use kinora_base::picture::Rgb8;

/// Pixels between pictures and around them.
const GAP: usize = 6;

const PAPER: [u8; 3] = [24, 24, 26];
const INK: [u8; 3] = [240, 240, 235];

/// Lays pictures out in rows of `columns`, with their time under each. All take the size of the first one.
#[must_use]
pub fn contact_sheet(pictures: &[(Ticks, Rgb8)], columns: usize) -> Rgb8 {
    let labelled: Vec<(String, &Rgb8)> = pictures.iter().map(|(at, picture)| (timecode(*at), picture)).collect();
    labelled_sheet(&labelled, columns)
}

/// The same with any labels: letters, digits and simple signs.
#[must_use]
pub fn labelled_sheet(pictures: &[(String, &Rgb8)], columns: usize) -> Rgb8 {
    let Some((_, first)) = pictures.first() else { return Rgb8::new(1, 1) };
    let columns = columns.clamp(1, pictures.len());
    let (w, h) = (first.width, first.height);
    let scale = (w / 160).clamp(1, 4);
    let label = font::HEIGHT * scale + 2 * scale;
    let (cell_w, cell_h) = (w + GAP, h + label + GAP);
    let mut sheet = Rgb8::new(columns * cell_w + GAP, pictures.len().div_ceil(columns) * cell_h + GAP);
    sheet.data.chunks_exact_mut(3).for_each(|p| p.copy_from_slice(&PAPER));
    for (i, (text, picture)) in pictures.iter().enumerate() {
        let (x, y) = (GAP + i % columns * cell_w, GAP + i / columns * cell_h);
        if (picture.width, picture.height) == (w, h) {
            sheet.paste(picture, x, y);
        } else {
            sheet.paste(&picture.resized(w, h), x, y);
        }
        write(&mut sheet, text, (x, y + h + scale), scale, INK);
    }
    sheet
}

/// `0:07.500`
#[must_use]
pub fn timecode(at: Ticks) -> String {
    let ms = at.0.max(0) * 1000 / Ticks::PER_SECOND;
    format!("{}:{:02}.{:03}", ms / 60_000, ms / 1000 % 60, ms % 1000)
}

/// Writes text into a picture, its top left corner at `at`, each dot of a letter `scale` pixels wide.
pub fn write(picture: &mut Rgb8, text: &str, at: (usize, usize), scale: usize, ink: [u8; 3]) {
    for (i, c) in text.chars().enumerate() {
        let left = at.0 + i * (font::WIDTH + 1) * scale;
        for (row, bits) in font::glyph(c).iter().enumerate() {
            for column in (0..font::WIDTH).filter(|k| bits >> (font::WIDTH - 1 - k) & 1 == 1) {
                for (dx, dy) in (0..scale).flat_map(|dx| (0..scale).map(move |dy| (dx, dy))) {
                    picture.set(left + column * scale + dx, at.1 + row * scale + dy, ink);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_a_cell_for_each_picture_and_its_time() {
        let red = Rgb8 { width: 32, height: 18, data: [200, 0, 0].repeat(32 * 18) };
        let sheet = contact_sheet(&[(Ticks(0), red.clone()), (Ticks(48_000), red.clone()), (Ticks(96_000), red)], 2);
        assert_eq!((sheet.width, sheet.height), (2 * 38 + 6, 2 * (18 + 9 + 6) + 6), "two columns, two rows");
        assert_eq!(sheet.get(7, 7), [200, 0, 0], "the first picture stands in its corner");
        let ink = |x0: usize| (x0..x0 + 38).flat_map(|x| (25..33).map(move |y| (x, y))).filter(|(x, y)| sheet.get(*x, *y) == INK).count();
        assert!(ink(6) > 20 && ink(44) > 20, "there is a time under each picture");
        assert_eq!(timecode(Ticks(48_000 * 67 + 24_000)), "1:07.500", "minutes, seconds, thousandths");
    }
}
