//! Words as they are compared, beside words as they are printed.

use kernel::text::{nfc, normalise_tone_placement};

/// A word: as printed, and a number that is equal for words that mean the same.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// As printed, with the marks that cling to it.
    pub text: String,
    /// What is compared.
    pub key: u64,
    /// A new line begins with it.
    pub opens_line: bool,
}

/// The words of some lines. Marks of footnotes are gone.
pub(super) fn words(lines: &[String]) -> Vec<Word> {
    let mut words = Vec::new();
    for line in lines.iter().flat_map(|line| line.lines()) {
        let line = without_footnotes(&nfc(line));
        let mut opens_line = true;
        // A lone dash is shown before the next word, and not compared.
        let mut dash = String::new();
        for text in line.split_whitespace() {
            let Some(key) = key(text) else {
                dash.push_str(text);
                dash.push(' ');
                continue;
            };
            let text = std::mem::take(&mut dash) + text;
            words.push(Word { text, key, opens_line });
            opens_line = false;
        }
    }
    words
}

/// Whether two texts are the same law.
pub(super) fn is_same(a: &[Word], b: &[Word]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.key == b.key)
}

/// What is compared of a word: none where nothing is left, as of a lone dash.
fn key(text: &str) -> Option<u64> {
    let plain: String = text
        .chars()
        .filter_map(|letter| match letter {
            '“' | '”' | '«' | '»' | '„' | '"' | '‘' | '’' | '\'' => Some('"'),
            '–' | '—' | '‑' | '−' | '‐' | '-' => Some('-'),
            'Ð' => Some('Đ'),
            '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{FEFF}' => None,
            _ => Some(letter),
        })
        .collect();
    // "./." closes a document or a quotation and says no more than a full stop.
    let plain = plain.strip_suffix("./.").map_or(plain.clone(), |head| format!("{head}."));
    let plain = normalise_tone_placement(&plain);
    // FNV-1a: equal words have equal keys, and a chance meeting of others is out of all likelihood.
    let hash = plain.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (!plain.is_empty() && plain != "-").then_some(hash)
}

/// The line without "[3]", the marks of endnotes in consolidated documents.
fn without_footnotes(line: &str) -> String {
    let mut clean = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('[') {
        clean.push_str(before);
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        match after.get(digits..).and_then(|tail| tail.strip_prefix(']')) {
            Some(tail) if (1..=3).contains(&digits) => {
                // Some copies print the number once more before the mark: "d)8[8]".
                let number = after.get(..digits).unwrap_or_default();
                if let Some(kept) = clean.strip_suffix(number)
                    && (kept.trim_end().is_empty() || kept.trim_end().ends_with([')', '.']))
                {
                    clean.truncate(kept.len());
                }
                rest = tail;
            }
            _ => {
                clean.push('[');
                rest = after;
            }
        }
    }
    clean.push_str(rest);
    clean
}
