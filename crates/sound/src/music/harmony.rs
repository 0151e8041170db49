//! Scales and chords by roman numeral.

use super::mood::Mode;

/// Semitones of a scale over its keynote.
pub(crate) fn scale(mode: Mode) -> &'static [i32] {
    match mode {
        Mode::Major => &[0, 2, 4, 5, 7, 9, 11],
        Mode::Minor => &[0, 2, 3, 5, 7, 8, 10],
        Mode::Dorian => &[0, 2, 3, 5, 7, 9, 10],
        Mode::Phrygian => &[0, 1, 3, 5, 7, 8, 10],
        Mode::Lydian => &[0, 2, 4, 6, 7, 9, 11],
        Mode::Mixolydian => &[0, 2, 4, 5, 7, 9, 10],
        Mode::MajorPentatonic => &[0, 2, 4, 7, 9],
    }
}

/// The degrees that roman numerals count on, which a pentatonic scale borrows from the major.
fn degrees(mode: Mode) -> &'static [i32] {
    scale(if mode == Mode::MajorPentatonic { Mode::Major } else { mode })
}

/// Notes over the keynote, root first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chord(pub(crate) Vec<i32>);

impl Chord {
    /// The chord of a numeral in a mode, or the tonic if it cannot be read.
    pub(crate) fn parse(text: &str, mode: Mode) -> Self {
        Self::read(text, mode).unwrap_or_else(|| Self(vec![0, if degrees(mode)[2] == 3 { 3 } else { 4 }, 7]))
    }

    /// A numeral: `b` lowers the root, small letters make the third minor; then `maj7`, `7`, `add9`, `sus4`, `sus2`, `6`, `dim` or `5`.
    pub(crate) fn read(text: &str, mode: Mode) -> Option<Self> {
        let (flat, rest) = text.strip_prefix('b').map_or((0, text), |r| (-1, r));
        let length = rest.find(|c: char| !matches!(c, 'I' | 'V' | 'i' | 'v')).unwrap_or(rest.len());
        let (numeral, quality) = rest.split_at(length);
        let degree = ["I", "II", "III", "IV", "V", "VI", "VII"].iter().position(|n| numeral.eq_ignore_ascii_case(n))?;
        // A flat is counted from the major scale, as musicians write it.
        let root = if flat != 0 { scale(Mode::Major)[degree] - 1 } else { degrees(mode)[degree] };
        let minor = numeral.starts_with(['i', 'v']);
        let third = if minor { 3 } else { 4 };
        let over = match quality {
            "" => vec![0, third, 7],
            "maj7" => vec![0, third, 7, 11],
            "7" => vec![0, third, 7, 10],
            "add9" => vec![0, third, 7, 14],
            "6" => vec![0, third, 7, 9],
            "sus4" => vec![0, 5, 7],
            "sus2" => vec![0, 2, 7],
            "dim" => vec![0, 3, 6],
            "5" => vec![0, 7, 12],
            _ => return None,
        };
        Some(Self(over.into_iter().map(|n| root + n).collect()))
    }

    /// The chord laid out near a register, each note moving as little as it can from `before`.
    pub(crate) fn voiced(&self, key: i32, register: i32, before: &[i32]) -> Vec<i32> {
        let near = |note: i32, target: i32| {
            let mut n = key + note;
            while n < target - 6 {
                n += 12;
            }
            while n > target + 6 {
                n -= 12;
            }
            n
        };
        let centre = if before.is_empty() { register } else { (before.iter().sum::<i32>() / before.len() as i32 + register) / 2 };
        let mut notes: Vec<i32> = self.0.iter().map(|n| near(*n, centre)).collect();
        notes.sort_unstable();
        notes.dedup();
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_read_in_their_mode() {
        assert_eq!(Chord::read("vi", Mode::Major), Some(Chord(vec![9, 12, 16])), "A minor in C");
        assert_eq!(Chord::read("VI", Mode::Minor), Some(Chord(vec![8, 12, 15])), "A flat in C minor");
        assert_eq!(Chord::read("bVII", Mode::Major), Some(Chord(vec![10, 14, 17])), "B flat in C");
        assert_eq!(Chord::read("IVmaj7", Mode::Lydian).map(|c| c.0.len()), Some(4), "four notes");
        assert_eq!(Chord::read("hello", Mode::Major), None, "no numeral");
    }
}
