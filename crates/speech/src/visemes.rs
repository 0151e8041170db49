//! Symbols of sound to mouth shapes, after the table of the standard set of 15.

use kinora_plan::voices::Viseme;

/// The mouth shapes of a symbol, with their shares of its time; none for marks that have no mouth of their own.
pub(crate) fn of(symbol: char, pure: bool) -> &'static [(Viseme, f32)] {
    use Viseme::{AA, CH, DD, E, FF, IH, KK, NN, OH, OU, PP, RR, SS, Sil, TH};
    match symbol {
        ' ' => &[],
        ',' | '.' | '?' | '!' | ';' | ':' | '—' | '…' => &[(Sil, 1.0)],
        'p' | 'b' | 'm' | 'β' if !(symbol == 'β' && pure) => &[(PP, 1.0)],
        'f' | 'v' | 'ʋ' => &[(FF, 1.0)],
        'θ' | 'ð' => &[(TH, 1.0)],
        't' | 'd' | 'ʈ' | 'ɖ' | 'T' => &[(DD, 1.0)],
        'k' | 'ɡ' | 'ŋ' | 'h' | 'x' | 'ɣ' | 'ɴ' | 'q' | 'ʁ' | 'χ' => &[(KK, 1.0)],
        'ʃ' | 'ʒ' | 'ʧ' | 'ʤ' | 'ꭧ' | 'ʂ' | 'S' => &[(CH, 1.0)],
        's' | 'z' | 'ʦ' | 'ʣ' | 'ɕ' | 'ʨ' | 'ʥ' | 'ç' => &[(SS, 1.0)],
        'n' | 'l' | 'ɲ' | 'ɾ' | 'ɽ' | 'ʎ' | 'r' | 'ɳ' => &[(NN, 1.0)],
        'ɹ' | 'ɻ' | 'ɚ' | 'ɜ' => &[(RR, 1.0)],
        'ɑ' | 'æ' | 'a' | 'ɒ' | 'ʌ' | 'ɐ' => &[(AA, 1.0)],
        'ɛ' | 'ə' | 'ᵊ' | 'ᵻ' | 'e' | 'ɤ' => &[(E, 1.0)],
        'i' | 'ɪ' | 'j' | 'ʝ' | 'ɨ' | 'ɯ' | 'ɰ' | 'c' | 'ɟ' => &[(IH, 1.0)],
        'ɔ' | 'o' | 'ø' | 'œ' => &[(OH, 1.0)],
        'u' | 'w' | 'ʊ' | 'y' | 'ɥ' | 'ɸ' | 'β' => &[(OU, 1.0)],
        'A' => &[(E, 0.55), (IH, 0.45)],
        'I' => &[(AA, 0.6), (IH, 0.4)],
        'W' => &[(AA, 0.55), (OU, 0.45)],
        'Y' => &[(OH, 0.55), (IH, 0.45)],
        'O' => &[(OH, 0.55), (OU, 0.45)],
        'Q' => &[(E, 0.5), (OU, 0.5)],
        _ => &[],
    }
}
