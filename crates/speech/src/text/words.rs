//! Where words begin in Chinese: the likeliest way to cut a sentence into the words of a dictionary with frequencies, as
//! the segmenter Jieba does, whose dictionary this reads.

use crate::SpeechError;
use crate::pack::Pack;
use std::collections::HashMap;

pub(super) struct Words {
    /// Logarithm of a word's share of all words.
    likely: HashMap<String, f32>,
    /// Of what is no word.
    least: f32,
    /// Characters of the longest.
    longest: usize,
}

impl Words {
    pub(super) fn open(pack: &Pack) -> Result<Self, SpeechError> {
        let text =
            String::from_utf8(pack.read("chinese/dict.txt")?).map_err(|e| SpeechError::Broken { file: "chinese/dict.txt".into(), what: e.to_string() })?;
        Ok(Self::read(&text))
    }

    /// Lines of a word, how often it was seen, and what it is.
    fn read(text: &str) -> Self {
        let counts: Vec<(&str, f32)> = text
            .lines()
            .filter_map(|line| {
                let mut columns = line.split(' ');
                Some((columns.next()?, columns.next()?.parse().ok()?))
            })
            .collect();
        let whole = kinora_base::maths::ln(counts.iter().map(|c| c.1).sum::<f32>().max(1.0));
        let longest = counts.iter().map(|c| c.0.chars().count()).max().unwrap_or(1).min(12);
        let likely = counts.into_iter().map(|(word, count)| (word.to_owned(), kinora_base::maths::ln(count.max(1.0)) - whole)).collect();
        Self { likely, least: -whole - 1.0, longest }
    }

    /// How many characters each word of a sentence has.
    pub(super) fn lengths(&self, sentence: &[char]) -> Vec<usize> {
        // From the end: the best sum from each place on, and the length of the word that begins there.
        let mut best = vec![(0.0f32, 0usize); sentence.len() + 1];
        for from in (0..sentence.len()).rev() {
            let mut word = String::new();
            let mut found = (f32::NEG_INFINITY, 1);
            for length in 1..=self.longest.min(sentence.len() - from) {
                word.push(sentence[from + length - 1]);
                let own = match self.likely.get(&word) {
                    Some(own) => *own,
                    None if length == 1 => self.least,
                    None => continue,
                };
                let sum = own + best[from + length].0;
                if sum > found.0 {
                    found = (sum, length);
                }
            }
            best[from] = found;
        }
        let mut lengths = Vec::new();
        let mut at = 0;
        while at < sentence.len() {
            lengths.push(best[at].1);
            at += best[at].1;
        }
        lengths
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_words_are_found() {
        let words = Words::read("我们 100 r\n我 500 r\n们 5 k\n去 300 v\n北京 80 ns\n北 20 f\n京 10 j\n北京大学 5 nt\n大学 50 n\n");
        let cut: Vec<char> = "我们去北京大学".chars().collect();
        assert_eq!(words.lengths(&cut), [2, 1, 4], "long words that are there win");
        assert_eq!(words.lengths(&['龘', '去']), [1, 1], "unknown characters stand alone");
    }
}
