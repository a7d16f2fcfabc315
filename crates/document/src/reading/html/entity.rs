//! Named and numbered characters of HTML.

/// Names that stand in Vietnamese pages: the Latin letters and the signs of typography.
const NAMES: [(&str, char); 118] = [
    ("AElig", 'Æ'),
    ("Aacute", 'Á'),
    ("Abreve", 'Ă'),
    ("Acirc", 'Â'),
    ("Agrave", 'À'),
    ("Aring", 'Å'),
    ("Atilde", 'Ã'),
    ("Auml", 'Ä'),
    ("Ccedil", 'Ç'),
    ("Dstrok", 'Đ'),
    ("ETH", 'Đ'),
    ("Eacute", 'É'),
    ("Ecirc", 'Ê'),
    ("Egrave", 'È'),
    ("Euml", 'Ë'),
    ("Iacute", 'Í'),
    ("Icirc", 'Î'),
    ("Igrave", 'Ì'),
    ("Itilde", 'Ĩ'),
    ("Iuml", 'Ï'),
    ("Ntilde", 'Ñ'),
    ("Oacute", 'Ó'),
    ("Ocirc", 'Ô'),
    ("Ograve", 'Ò'),
    ("Oslash", 'Ø'),
    ("Otilde", 'Õ'),
    ("Ouml", 'Ö'),
    ("THORN", 'Þ'),
    ("Uacute", 'Ú'),
    ("Ucirc", 'Û'),
    ("Ugrave", 'Ù'),
    ("Utilde", 'Ũ'),
    ("Uuml", 'Ü'),
    ("Yacute", 'Ý'),
    ("aacute", 'á'),
    ("abreve", 'ă'),
    ("acirc", 'â'),
    ("acute", '´'),
    ("aelig", 'æ'),
    ("agrave", 'à'),
    ("amp", '&'),
    ("apos", '\''),
    ("aring", 'å'),
    ("atilde", 'ã'),
    ("auml", 'ä'),
    ("bdquo", '„'),
    ("brvbar", '¦'),
    ("bull", '•'),
    ("ccedil", 'ç'),
    ("cedil", '¸'),
    ("cent", '¢'),
    ("circ", 'ˆ'),
    ("copy", '©'),
    ("curren", '¤'),
    ("dagger", '†'),
    ("deg", '°'),
    ("divide", '÷'),
    ("dstrok", 'đ'),
    ("eacute", 'é'),
    ("ecirc", 'ê'),
    ("egrave", 'è'),
    ("emsp", '\u{2003}'),
    ("ensp", '\u{2002}'),
    ("eth", 'đ'),
    ("euml", 'ë'),
    ("euro", '€'),
    ("frac12", '½'),
    ("frac14", '¼'),
    ("frac34", '¾'),
    ("ge", '≥'),
    ("gt", '>'),
    ("hellip", '…'),
    ("iacute", 'í'),
    ("icirc", 'î'),
    ("iexcl", '¡'),
    ("igrave", 'ì'),
    ("iquest", '¿'),
    ("itilde", 'ĩ'),
    ("iuml", 'ï'),
    ("laquo", '«'),
    ("ldquo", '“'),
    ("le", '≤'),
    ("lsquo", '‘'),
    ("lt", '<'),
    ("macr", '¯'),
    ("mdash", '—'),
    ("micro", 'µ'),
    ("middot", '·'),
    ("minus", '−'),
    ("nbsp", '\u{A0}'),
    ("ndash", '–'),
    ("not", '¬'),
    ("ntilde", 'ñ'),
    ("oacute", 'ó'),
    ("ocirc", 'ô'),
    ("ograve", 'ò'),
    ("oslash", 'ø'),
    ("otilde", 'õ'),
    ("ouml", 'ö'),
    ("para", '¶'),
    ("plusmn", '±'),
    ("quot", '"'),
    ("raquo", '»'),
    ("rarr", '→'),
    ("rdquo", '”'),
    ("reg", '®'),
    ("rsquo", '’'),
    ("sect", '§'),
    ("shy", '\u{AD}'),
    ("times", '×'),
    ("trade", '™'),
    ("uacute", 'ú'),
    ("ucirc", 'û'),
    ("ugrave", 'ù'),
    ("utilde", 'ũ'),
    ("uuml", 'ü'),
    ("yacute", 'ý'),
    ("zwnj", '\u{200C}'),
];

/// The text with its entities as characters; what is no entity stays as it is.
pub(super) fn decode(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        result.push_str(before);
        match entity(after) {
            Some((character, tail)) => {
                result.push(character);
                rest = tail;
            }
            None => {
                result.push('&');
                rest = after;
            }
        }
    }
    result.push_str(rest);
    result
}

/// The character that an entity behind `&` means, and what follows it.
fn entity(text: &str) -> Option<(char, &str)> {
    const LONGEST: usize = 10;
    if let Some(number) = text.strip_prefix('#') {
        return numbered(number);
    }
    let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    let name = text.get(..end).filter(|name| name.len() <= LONGEST)?;
    let at = NAMES.binary_search_by_key(&name, |(known, _)| known).ok()?;
    let tail = text.get(end..)?;
    // Without its semicolon an entity within a word is more likely part of an address.
    let tail = tail.strip_prefix(';').or_else(|| (!tail.starts_with('=')).then_some(tail))?;
    NAMES.get(at).map(|(_, character)| (*character, tail))
}

fn numbered(text: &str) -> Option<(char, &str)> {
    let (digits, radix) = match text.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => (hexadecimal, 16),
        None => (text, 10),
    };
    let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let code = u32::from_str_radix(digits.get(..end)?, radix).ok()?;
    let tail = digits.get(end..)?;
    let character = match code {
        // Numbers of the Windows code page, as browsers read them.
        0x80..=0x9F => {
            super::super::legacy::windows_1252(&[u8::try_from(code).ok()?]).chars().next()?
        }
        _ => char::from_u32(code).unwrap_or('\u{FFFD}'),
    };
    Some((character, tail.strip_prefix(';').unwrap_or(tail)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_become_characters_and_the_rest_stays() {
        assert!(NAMES.is_sorted_by_key(|(name, _)| *name));
        assert_eq!(
            decode("&Agrave;&agrave; &ocirc;&#7873;&#x1EC1; &lt;&amp;lt; &ETH;"),
            "Àà ôềề <&lt; Đ"
        );
        assert_eq!(
            decode("a & b &zzz; ?x=1&copy=2 &#xFFFFFFFF; &#150;"),
            "a & b &zzz; ?x=1&copy=2 � –"
        );
        assert_eq!(decode("&"), "&");
    }
}
