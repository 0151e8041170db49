//! Korean: syllable blocks in letters, the sound changes of the standard pronunciation, then the symbols that speak
//! Korean best with voices that never learned it.

use super::mark;

/// Letters of a syllable block as numbers of Unicode: first, vowel, last (0 = none).
#[derive(Clone, Copy, Debug, PartialEq)]
struct Block {
    first: u32,
    vowel: u32,
    last: u32,
}

// First consonants.
const G: u32 = 0;
const GG: u32 = 1;
const N: u32 = 2;
const D: u32 = 3;
const DD: u32 = 4;
const R: u32 = 5;
const M: u32 = 6;
const B: u32 = 7;
const BB: u32 = 8;
const S: u32 = 9;
const SS: u32 = 10;
const NONE: u32 = 11;
const J: u32 = 12;
const JJ: u32 = 13;
const C: u32 = 14;
const K: u32 = 15;
const T: u32 = 16;
const P: u32 = 17;
const H: u32 = 18;
/// The vowel ㅣ.
const I: u32 = 20;

/// For each last consonant: what closes the syllable, what moves to a following vowel and what stays then.
/// (closed, stays, moves) as first-consonant numbers; `NONE` = nothing, 21 = ŋ.
const NG: u32 = 21;
const LAST: [(u32, u32, u32); 28] = [
    (NONE, NONE, NONE), // -
    (G, NONE, G),       // ㄱ
    (G, NONE, GG),      // ㄲ
    (G, G, SS),         // ㄳ
    (N, NONE, N),       // ㄴ
    (N, N, J),          // ㄵ
    (N, NONE, N),       // ㄶ
    (D, NONE, D),       // ㄷ
    (R, NONE, R),       // ㄹ
    (G, R, G),          // ㄺ
    (M, R, M),          // ㄻ
    (R, R, B),          // ㄼ
    (R, R, SS),         // ㄽ
    (R, R, T),          // ㄾ
    (B, R, P),          // ㄿ
    (R, NONE, R),       // ㅀ
    (M, NONE, M),       // ㅁ
    (B, NONE, B),       // ㅂ
    (B, B, SS),         // ㅄ
    (D, NONE, S),       // ㅅ
    (D, NONE, SS),      // ㅆ
    (NG, NG, NONE),     // ㅇ
    (D, NONE, J),       // ㅈ
    (D, NONE, C),       // ㅊ
    (G, NONE, K),       // ㅋ
    (D, NONE, T),       // ㅌ
    (B, NONE, P),       // ㅍ
    (NONE, NONE, NONE), // ㅎ
];

pub(super) fn read(text: &str) -> String {
    let mut out = String::new();
    let mut word: Vec<Block> = Vec::new();
    for c in text.chars() {
        match u32::from(c).checked_sub(0xac00) {
            Some(code) if code < 11_172 => word.push(Block { first: code / 588, vowel: code / 28 % 21, last: code % 28 }),
            _ => {
                out.push_str(&say(&word));
                word.clear();
                out.extend(mark(c).or((c == ' ').then_some(' ')));
            }
        }
    }
    out.push_str(&say(&word));
    out
}

/// A word of syllable blocks in symbols.
fn say(word: &[Block]) -> String {
    let mut sounds: Vec<(u32, u32, u32)> = word.iter().map(|b| (b.first, b.vowel, NONE)).collect();
    for i in 0..word.len() {
        let Some(next) = word.get(i + 1) else {
            sounds[i].2 = LAST[word[i].last as usize].0;
            continue;
        };
        let (closed, onset) = meet(word[i].last, next.first, next.vowel);
        sounds[i].2 = closed;
        sounds[i + 1].0 = onset;
    }
    symbols(&sounds)
}

/// What becomes of a last consonant and the first consonant after it.
fn meet(last: u32, first: u32, vowel: u32) -> (u32, u32) {
    let (closed, stays, moves) = LAST[last as usize];
    let has_h = matches!(last, 6 | 15 | 27);
    let rest = match last {
        6 => N,
        15 => R,
        27 => NONE,
        _ => closed,
    };
    match first {
        // ㅎ before and after stops makes them aspirated; between voiced sounds it is gone.
        G | D | J if has_h => (rest, [K, T, C][[G, D, J].iter().position(|f| *f == first).unwrap_or(0)]),
        S if has_h => (rest, SS),
        NONE if last == 27 => (NONE, NONE),
        N if last == 27 => (N, N),
        H if matches!(moves, G | GG) => (stays_or(stays), K),
        H if matches!(last, 7 | 19 | 25) => (NONE, if vowel == I { C } else { T }),
        H if matches!(moves, J) => (stays, C),
        H if matches!(moves, B) => (stays, P),
        H if matches!(last, 20 | 22 | 23) => (NONE, T),
        // ㄷ, ㅌ before i.
        NONE if vowel == I && matches!(last, 7 | 13 | 25) => (stays, if last == 7 { J } else { C }),
        NONE if last == 21 => (NG, NONE),
        NONE => (stays, moves),
        // Stops before nasals become nasals; ㄹ after them an n.
        N | M | R if matches!(closed, G | D | B) => (nasal(closed), if first == R { N } else { first }),
        R if matches!(closed, M | NG) => (closed, N),
        R if closed == N => (R, R),
        N if closed == R => (R, R),
        // After a stop a plain consonant is tense.
        G | D | B | S | J if matches!(closed, G | D | B) || matches!(last, 5 | 11 | 13) => (closed, tense(first)),
        _ => (closed, first),
    }
}

fn stays_or(stays: u32) -> u32 {
    stays
}

fn nasal(stop: u32) -> u32 {
    match stop {
        G => NG,
        D => N,
        _ => M,
    }
}

fn tense(plain: u32) -> u32 {
    match plain {
        G => GG,
        D => DD,
        B => BB,
        S => SS,
        _ => JJ,
    }
}

fn symbols(sounds: &[(u32, u32, u32)]) -> String {
    const VOWELS: [&str; 21] = ["a", "ɛ", "ja", "jɛ", "ʌ", "e", "jʌ", "je", "o", "wa", "wɛ", "we", "jo", "u", "wʌ", "we", "wi", "ju", "ɯ", "ɰi", "i"];
    let mut out = String::new();
    for (i, (first, vowel, last)) in sounds.iter().enumerate() {
        let before = if i == 0 { None } else { Some(sounds[i - 1].2) };
        // Plain stops are voiced between voiced sounds.
        let voiced = before.is_some_and(|b| matches!(b, NONE | N | M | NG | R));
        let front = matches!(vowel, 2 | 3 | 6 | 7 | 12 | 16 | 17 | 20);
        out.push_str(match (*first, voiced) {
            (G, true) => "ɡ",
            (G | GG, _) => "k",
            (K, _) => "kʰ",
            (D, true) => "d",
            (D | DD, _) => "t",
            (T, _) => "tʰ",
            (B, true) => "b",
            (B | BB, _) => "p",
            (P, _) => "pʰ",
            (J, true) => "ʥ",
            (J | JJ, _) => "ʨ",
            (C, _) => "ʨʰ",
            (S | SS, _) if front => "ɕ",
            (S | SS, _) => "s",
            (H, _) => "h",
            (N, _) => "n",
            (M, _) => "m",
            (R, _) if before == Some(R) => "l",
            (R, _) => "ɾ",
            _ => "",
        });
        // ㅢ after a consonant is i.
        out.push_str(if *vowel == 19 && *first != NONE { "i" } else { VOWELS[*vowel as usize] });
        out.push_str(match *last {
            G => "k",
            D => "t",
            B => "p",
            N => "n",
            M => "m",
            NG => "ŋ",
            R => "l",
            _ => "",
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sounds_change_where_syllables_meet() {
        for (text, sound) in [
            ("국물", "kuŋmul"),
            ("좋아요", "ʨoajo"),
            ("같이", "kaʨʰi"),
            ("독립", "toŋnip"),
            ("신라", "ɕilla"),
            ("학생", "haksɛŋ"),
            ("값이", "kapɕi"),
            ("합니다", "hamnida"),
            ("축하", "ʨʰukʰa"),
            ("놓다", "notʰa"),
            ("앉다", "anta"),
            ("읽어", "ilɡʌ"),
            ("안녕", "annjʌŋ"),
            ("희망", "himaŋ"),
        ] {
            assert_eq!(read(text), sound, "{text}");
        }
    }
}
