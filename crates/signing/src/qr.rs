//! The signed code on paper: what a certificate says, in a form that a stranger's phone can check
//! without asking us. The byte format is in `docs/decisions/0005-verifiable-qr.md`.

pub(crate) mod base64url;
mod payload;
mod trusted;

use kernel::Result;

pub use payload::Payload;
pub use trusted::{TrustedKey, TrustedKeys};

use crate::key::{KeyId, SigningKey};

/// Stands before the payload when it is signed, so that no signature made for another purpose can
/// pass as one of these.
const PURPOSE: &[u8] = b"tuphap-qr-1\n";
const SIGNATURE_BYTES: usize = 64;

/// Why a code is not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QrError {
    /// Not a code of ours, or damaged.
    Malformed,
    /// A version of the format that this program does not know.
    UnknownVersion(u8),
    /// Signed by a key that is not among the trusted ones.
    UnknownKey(KeyId),
    /// Changed after signing, or forged.
    BadSignature,
    /// The key was not in use on the day that the code names.
    KeyNotInUse,
}

impl QrError {
    /// The sentence for the person who asked.
    pub const fn sentence(&self) -> &'static str {
        match self {
            QrError::Malformed => {
                "Mã QR này không đúng định dạng. Vui lòng quét lại toàn bộ mã trên giấy tờ."
            }
            QrError::UnknownVersion(_) => {
                "Mã QR này thuộc phiên bản mới hơn. Vui lòng tải lại trang rồi quét lại."
            }
            QrError::UnknownKey(_) => {
                "Không nhận ra cơ quan đã ký mã QR này. Vui lòng liên hệ cơ quan ghi trên giấy tờ để xác nhận."
            }
            QrError::BadSignature => {
                "Mã QR không hợp lệ: nội dung đã bị sửa hoặc không do cơ quan có thẩm quyền ký. \
                 Không sử dụng giấy tờ này; vui lòng liên hệ cơ quan ghi trên giấy tờ."
            }
            QrError::KeyNotInUse => {
                "Khóa ký mã QR không có hiệu lực vào ngày cấp ghi trong mã. Vui lòng liên hệ cơ quan ghi trên giấy tờ để xác nhận."
            }
        }
    }
}

impl std::fmt::Display for QrError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "qr code refused: {self:?}")
    }
}

impl std::error::Error for QrError {}

/// Signs a payload: the text for the code. It may also stand behind `#` in a link.
pub fn encode_signed(key: &SigningKey, payload: &Payload) -> Result<String> {
    let body = payload.to_bytes(key.public_key().id())?;
    let signature = key.sign(&[PURPOSE, &body].concat())?;
    Ok(base64url::encode(&[&body[..], &signature].concat()))
}

/// Checks a text and reads it. A link is accepted too: what stands behind its last `#` counts.
pub fn decode_verify(text: &str, keys: &TrustedKeys) -> Result<Payload, QrError> {
    let text = text.trim();
    let text = text.rsplit_once('#').map_or(text, |(_, fragment)| fragment);
    let bytes = base64url::decode(text).ok_or(QrError::Malformed)?;
    let (body, signature) =
        bytes.split_last_chunk::<SIGNATURE_BYTES>().ok_or(QrError::Malformed)?;
    let (key_id, payload) = Payload::from_bytes(body)?;
    let key = keys.get(key_id).ok_or(QrError::UnknownKey(key_id))?;
    if !key.public_key.verifies(&[PURPOSE, body].concat(), signature) {
        return Err(QrError::BadSignature);
    }
    if !key.is_in_use_on(payload.issued_on) {
        return Err(QrError::KeyNotInUse);
    }
    Ok(payload)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::testing;

    pub(super) fn birth() -> Payload {
        let fields = [
            ("name", "NGUYỄN MINH KHUÊ"),
            ("birth_date", "05/11/2026"),
            ("sex", "Nữ"),
            ("birth_place", "Bệnh viện Mẫu, tỉnh Đồng Tháp"),
            ("mother", "TRẦN THỊ MẪU ĐƠN"),
            ("father", "NGUYỄN VĂN MẪU"),
        ];
        Payload {
            document: 922_337_203_685_477,
            register: "birth".into(),
            number: 217,
            book: 1,
            year: 2026,
            unit: "30553".into(),
            entry_version: 1,
            issued_on: date(2026, 11, 12),
            fields: fields.map(|(id, text)| (id.into(), text.into())).into(),
        }
    }

    fn trusting(key: &SigningKey) -> TrustedKeys {
        let mut keys = TrustedKeys::default();
        keys.add(TrustedKey::of(key.certificate()).unwrap()).unwrap();
        keys
    }

    #[test]
    fn a_code_says_what_was_signed() {
        let key = testing::officer();
        let text = encode_signed(&key, &birth()).unwrap();
        assert_eq!(decode_verify(&text, &trusting(&key)).unwrap(), birth());
        let link = format!("https://mau.example.vn/kiem-tra#{text}\n");
        assert_eq!(decode_verify(&link, &trusting(&key)).unwrap(), birth());
    }

    #[test]
    fn the_code_of_a_birth_stays_short() {
        let text = encode_signed(&testing::officer(), &birth()).unwrap();
        assert!(text.len() <= 400, "{} characters", text.len());
    }

    /// The key, payload and text of the decision record: other programs check themselves by them,
    /// so they never change within version 1.
    #[test]
    fn the_example_in_the_decision_record_holds() {
        let record = include_str!("../../../docs/decisions/0005-verifiable-qr.md");
        let block = |name: &str| {
            let start = record.find(&format!("<!-- {name} -->")).unwrap();
            let (_, rest) = record[start..].split_once("```").unwrap();
            let (_, rest) = rest.split_once('\n').unwrap();
            rest.split_once("```").unwrap().0.trim().replace('\n', "")
        };
        let secret = p256::ecdsa::SigningKey::from_slice(&[0x11; 32]).unwrap();
        let key = crate::ca::Authority::self_signed(
            secret,
            &testing::officer_subject(),
            testing::now(),
            5,
        );
        let text = encode_signed(key.unwrap().key(), &birth()).unwrap();
        assert_eq!(block("text"), text);
        let keys = TrustedKeys::from_json(&block("keys")).unwrap();
        assert_eq!(decode_verify(&text, &keys).unwrap(), birth());
    }

    #[test]
    fn any_changed_character_is_noticed() {
        let key = testing::officer();
        let keys = trusting(&key);
        let text = encode_signed(&key, &birth()).unwrap();
        for index in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(decode_verify(&changed, &keys).is_err(), "character {index}");
        }
        for length in 0..text.len() {
            assert!(decode_verify(&text[..length], &keys).is_err(), "cut at {length}");
        }
    }

    #[test]
    fn a_code_of_a_stranger_is_refused() {
        let (key, stranger) = (testing::officer(), testing::officer());
        let text = encode_signed(&stranger, &birth()).unwrap();
        let id = stranger.public_key().id();
        assert_eq!(decode_verify(&text, &trusting(&key)), Err(QrError::UnknownKey(id)));
        // The stranger claims to be the officer.
        let body = birth().to_bytes(key.public_key().id()).unwrap();
        let signature = stranger.sign(&[PURPOSE, &body].concat()).unwrap();
        let forged = base64url::encode(&[&body[..], &signature].concat());
        assert_eq!(decode_verify(&forged, &trusting(&key)), Err(QrError::BadSignature));
    }

    #[test]
    fn a_signature_made_for_another_purpose_does_not_pass() {
        let key = testing::officer();
        let body = birth().to_bytes(key.public_key().id()).unwrap();
        let signature = key.sign(&body).unwrap();
        let text = base64url::encode(&[&body[..], &signature].concat());
        assert_eq!(decode_verify(&text, &trusting(&key)), Err(QrError::BadSignature));
    }

    #[test]
    fn a_key_counts_only_for_the_days_of_its_use() {
        let key = testing::officer();
        let early = Payload { issued_on: date(2026, 11, 4), ..birth() };
        let text = encode_signed(&key, &early).unwrap();
        assert_eq!(decode_verify(&text, &trusting(&key)), Err(QrError::KeyNotInUse));
    }
}
