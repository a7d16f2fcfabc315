//! Is this paper genuine, and does it still say what the register says?

use kernel::error::{Error, Result};
use kernel::id::DocumentId;
use kernel::moment::Moment;
use signing::pades::{Signature, inspect, standings};
use signing::qr::{self, Payload, QrError};

use crate::documents::{self, PaperState};
use crate::{App, keys};

pub use crate::keys::{root_certificate, trusted_paper_keys};
pub use signing::pades::Standing;

/// What the code on a paper says, and where the paper stands.
#[derive(Clone, Debug)]
pub struct CodeVerdict {
    /// What was signed.
    pub payload: Payload,
    /// Where it stands in the register now; absent when this installation did not issue it.
    pub state: Option<PaperState>,
    /// Labels of the fields shown, in the order of the payload.
    pub labels: Vec<String>,
    /// Name of the register.
    pub register_name: String,
    /// Name of the office that issued it.
    pub office_name: String,
}

/// Checks the text of a code.
///
/// # Errors
/// `Invalid` with what is wrong with the code.
pub async fn code(app: &App, text: &str) -> Result<CodeVerdict> {
    if text.len() > 8_000 {
        return Err(refused(&QrError::Malformed));
    }
    let keys = keys::trusted_paper_keys(app).await?;
    let payload = qr::decode_verify(text, &keys).map_err(|error| refused(&error))?;
    let state = documents::state_of(app, DocumentId::from_raw(payload.document)).await?;
    let register = app.content().registers.get(&payload.register);
    let labels = payload
        .fields
        .iter()
        .map(|(id, _)| {
            let field = register.and_then(|register| register.field(id));
            field.map_or_else(|| id.clone(), |field| field.label.vi.clone())
        })
        .collect();
    Ok(CodeVerdict {
        labels,
        register_name: register.map(|register| register.name.vi.clone()).unwrap_or_default(),
        office_name: app
            .content()
            .offices
            .get(&payload.unit)
            .map(|office| office.name.clone())
            .unwrap_or_default(),
        state,
        payload,
    })
}

fn refused(error: &QrError) -> Error {
    Error::invalid(error.sentence()).because(error)
}

/// A signature in an uploaded PDF, judged.
#[derive(Clone, Debug)]
pub struct SignatureVerdict {
    /// Who signed.
    pub signer: String,
    /// Organisation of the signer.
    pub organisation: String,
    /// Who certified the signer.
    pub issuer: String,
    /// When, as the signer says.
    pub signed_at: Option<Moment>,
    /// What to make of it.
    pub standing: Standing,
}

/// Checks the signatures of a PDF.
///
/// # Errors
/// `Invalid` when it is no PDF or carries no signature.
pub async fn pdf(app: &App, bytes: Vec<u8>, now: Moment) -> Result<Vec<SignatureVerdict>> {
    if !bytes.starts_with(b"%PDF-") {
        return Err(Error::invalid(
            "Tệp này không phải PDF. Ông/bà chọn tệp PDF kết quả đã tải về từ hệ thống.",
        ));
    }
    let roots = keys::roots(app).await?;
    let verdicts = tokio::task::spawn_blocking(move || {
        let signatures: Vec<Signature> = inspect(&bytes);
        let standings = standings(&signatures, &roots, now);
        signatures
            .into_iter()
            .zip(standings)
            .map(|(signature, standing)| SignatureVerdict {
                signer: signature.signer,
                organisation: signature.organisation,
                issuer: signature.issuer,
                signed_at: signature.signed_at,
                standing,
            })
            .collect::<Vec<_>>()
    })
    .await
    .map_err(|error| Error::internal(error.to_string()))?;
    if verdicts.is_empty() {
        return Err(Error::invalid(
            "Tệp PDF này không có chữ ký số. Có thể đây là bản in rồi quét lại; ông/bà kiểm tra bằng \
             mã QR trên giấy.",
        ));
    }
    Ok(verdicts)
}
