//! Bytes as text: base64url without padding for tokens, base32 for one-time-code secrets.

use std::fmt::Write as _;

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// base64url without padding (RFC 4648 section 5).
pub fn base64url(bytes: &[u8]) -> String {
    encode(bytes, BASE64, 6)
}

/// Reads base64url without padding; absent if the text is anything else, or is not the one text
/// that [`base64url`] writes for its bytes.
pub fn read_base64url(text: &str) -> Option<Vec<u8>> {
    decode(text, BASE64, 6)
}

/// base32 without padding (RFC 4648 section 6), as authenticator programs expect it.
pub fn base32(bytes: &[u8]) -> String {
    encode(bytes, BASE32, 5)
}

/// Reads base32 without padding, as strictly as [`read_base64url`].
pub fn read_base32(text: &str) -> Option<Vec<u8>> {
    decode(text, BASE32, 5)
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn encode(bytes: &[u8], alphabet: &[u8], bits_a_letter: u32) -> String {
    let mask = (1_u32 << bits_a_letter) - 1;
    let letter =
        |value: u32| alphabet.get((value & mask) as usize).copied().map_or('?', char::from);
    let mut text = String::with_capacity(bytes.len() * 8 / bits_a_letter as usize + 1);
    let (mut pending, mut count) = (0_u32, 0_u32);
    for byte in bytes {
        pending = (pending << 8) | u32::from(*byte);
        count += 8;
        while count >= bits_a_letter {
            count -= bits_a_letter;
            text.push(letter(pending >> count));
        }
        pending &= (1 << count) - 1;
    }
    if count > 0 {
        text.push(letter(pending << (bits_a_letter - count)));
    }
    text
}

fn decode(text: &str, alphabet: &[u8], bits_a_letter: u32) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * bits_a_letter as usize / 8);
    let (mut pending, mut count) = (0_u32, 0_u32);
    for letter in text.bytes() {
        let value = alphabet.iter().position(|known| *known == letter)?;
        pending = (pending << bits_a_letter) | u32::try_from(value).ok()?;
        count += bits_a_letter;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(pending >> count).ok()?);
            pending &= (1 << count) - 1;
        }
    }
    // Left-over bits must be zero and fewer than a letter: one value has one text.
    (pending == 0 && count < bits_a_letter).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_match_the_vectors_of_rfc_4648() {
        for (plain, sixty_four, thirty_two) in [
            ("", "", ""),
            ("f", "Zg", "MY"),
            ("fo", "Zm8", "MZXQ"),
            ("foo", "Zm9v", "MZXW6"),
            ("foob", "Zm9vYg", "MZXW6YQ"),
            ("fooba", "Zm9vYmE", "MZXW6YTB"),
            ("foobar", "Zm9vYmFy", "MZXW6YTBOI"),
        ] {
            assert_eq!(base64url(plain.as_bytes()), sixty_four);
            assert_eq!(base32(plain.as_bytes()), thirty_two);
        }
        assert_eq!(hex(&[0, 15, 255]), "000fff");
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
    }

    #[test]
    fn a_text_that_we_would_not_write_is_not_read() {
        for wrong in ["Zg==", "Zh", "Z", "Zm8+", "Zm 8", "Zm8é"] {
            assert_eq!(read_base64url(wrong), None, "{wrong}");
        }
        for wrong in ["MZ", "M", "mzxw6", "MZXW6YT1"] {
            assert_eq!(read_base32(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(bytes: Vec<u8>) {
            prop_assert_eq!(read_base64url(&base64url(&bytes)).unwrap(), bytes.clone());
            prop_assert_eq!(read_base32(&base32(&bytes)).unwrap(), bytes);
        }

        #[test]
        fn any_text_is_read_or_refused_without_harm(text: String) {
            for read in [read_base64url(&text), read_base32(&text)].into_iter().flatten() {
                prop_assert!(base64url(&read) == text || base32(&read) == text);
            }
        }
    }
}
