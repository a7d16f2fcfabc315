//! Is this paper genuine, and does it still say what the register says?

use app::documents::PaperState;
use app::verification::{self, CodeVerdict, SignatureVerdict, Standing};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::error::{Error, ErrorCode};
use kernel::format::vi;
use pack::Content;
use serde_json::{Map, Value};

use crate::failure::{Failure, PageResult, show_with, status_of};
use crate::page::parts::{Fact, Fault, Tone};
use crate::page::shell::Area;
use crate::page::verify::{CheckLine, VerifyOutcome, VerifyPage};
use crate::pages::account::set_seed;
use crate::posted::Posted;
use crate::visit::Visit;

/// `GET /verify`. The text behind `#` in the address stays in the browser.
pub(crate) async fn verify(visit: Visit) -> PageResult {
    show_verify(&visit, VerifyPage::default(), StatusCode::OK).await
}

async fn show_verify(visit: &Visit, page: VerifyPage, status: StatusCode) -> PageResult {
    let keys = visit.ok(verification::trusted_paper_keys(visit.app()).await)?;
    let page = VerifyPage {
        ui: visit.ui(Area::Verify),
        keys_json: visit.ok(keys.to_json())?,
        labels_json: labels(visit.app().content()),
        ..page
    };
    let mut response = show_with(status, &page);
    set_seed(visit, &mut response);
    Ok(response)
}

/// Names of papers and of their fields for the check in the browser.
fn labels(content: &Content) -> String {
    let register = |register: &pack::model::Register| {
        let fields = register.fields.iter();
        let mut names: Map<String, Value> = fields
            .map(|field| (field.id.clone(), Value::String(field.label.vi.clone())))
            .collect();
        names.insert("_".to_owned(), Value::String(paper_name(content, register)));
        (register.id.clone(), Value::Object(names))
    };
    let all: Map<String, Value> = content.registers.values().map(|one| register(one)).collect();
    Value::Object(all).to_string()
}

/// What papers of a register are called: the result of the procedure that writes it.
fn paper_name(content: &Content, register: &pack::model::Register) -> String {
    let writes = |procedure: &&std::sync::Arc<pack::model::Procedure>| {
        procedure.entry.as_ref().is_some_and(|entry| entry.register == register.id)
    };
    let procedure = content.procedures.iter().find(writes);
    let result = procedure.and_then(|procedure| procedure.results.first());
    result.map_or_else(|| register.entry_name.vi.clone(), |result| result.name.vi.clone())
}

/// `POST /verify`: the text of a code, or a signed PDF.
pub(crate) async fn verify_sent(posted: Posted) -> PageResult {
    let Posted { visit, fields, files } = posted;
    let payload = fields.text("payload").to_owned();
    let pdf = files.into_iter().find(|file| file.field == "file");
    let judged = match (pdf, payload.is_empty()) {
        (Some(file), _) => judge_pdf(&visit, file.bytes).await,
        (None, false) => judge_code(&visit, &payload).await,
        (None, true) => {
            let message = "Hãy dán nội dung mã QR, hoặc chọn tệp PDF đã ký số, rồi bấm Kiểm tra.";
            let fault = Fault { href: "#payload".to_owned(), message: message.to_owned() };
            let page = VerifyPage { faults: vec![fault], ..VerifyPage::default() };
            return show_verify(&visit, page, status_of(ErrorCode::Invalid)).await;
        }
    }?;
    let page = VerifyPage { payload, outcome: Some(judged), ..VerifyPage::default() };
    show_verify(&visit, page, StatusCode::OK).await
}

/// A paper that is refused is an answer, not a fault of whoever asked.
fn refused(visit: &Visit, error: Error) -> Result<VerifyOutcome, Failure> {
    if error.code != ErrorCode::Invalid {
        return Err(visit.fail(error));
    }
    Ok(VerifyOutcome {
        tone: Tone::Late,
        heading: visit.lang().t("Chưa xác nhận được", "Not confirmed").to_owned(),
        text: error.message,
        ..VerifyOutcome::default()
    })
}

async fn judge_code(visit: &Visit, payload: &str) -> Result<VerifyOutcome, Failure> {
    match verification::code(visit.app(), payload).await {
        Ok(verdict) => Ok(code_outcome(&verdict)),
        Err(error) => refused(visit, error),
    }
}

fn code_outcome(verdict: &CodeVerdict) -> VerifyOutcome {
    let payload = &verdict.payload;
    let stands = stands(verdict.state.as_ref());
    let labels = verdict.labels.iter().zip(&payload.fields);
    let mut facts: Vec<Fact> = labels
        .map(|(label, (_, value))| Fact { label: label.clone(), value: value.clone() })
        .collect();
    facts.push(Fact { label: "Nơi cấp".to_owned(), value: verdict.office_name.clone() });
    facts.push(Fact { label: "Ngày cấp".to_owned(), value: vi::date(payload.issued_on) });
    let name = verdict.state.as_ref().map_or(&verdict.register_name, |state| &state.name);
    let book = if payload.book == 0 { String::new() } else { format!(", quyển {}", payload.book) };
    VerifyOutcome {
        tone: stands.tone,
        heading: stands.heading.to_owned(),
        text: stands.text.to_owned(),
        paper: format!("{name}, số {}/{}{book}", payload.number, payload.year),
        facts,
        checks: vec![
            line(Tone::Done, "Chữ ký trong mã QR đúng: nội dung không bị sửa từ khi cấp."),
            line(stands.tone, stands.check),
        ],
        signed: String::new(),
    }
}

struct Stands {
    tone: Tone,
    heading: &'static str,
    text: &'static str,
    check: &'static str,
}

/// What the register says of a genuine paper today.
fn stands(state: Option<&PaperState>) -> Stands {
    match state {
        None => Stands {
            tone: Tone::Attention,
            heading: "Chữ ký đúng, nhưng giấy không do hệ thống này cấp",
            text: "Nội dung đúng với chữ ký, nhưng hệ thống này không giữ sổ gốc nên không biết nội \
                   dung còn hiện hành hay không. Xin hỏi cơ quan ghi trên giấy.",
            check: "Không có giấy này trong sổ của hệ thống.",
        },
        Some(state) if !state.entry_current => Stands {
            tone: Tone::Attention,
            heading: "Giấy tờ thật, nhưng việc đăng ký đã chấm dứt",
            text: "Giấy do cơ quan có thẩm quyền cấp, nhưng việc ghi trong sổ nay đã chấm dứt hoặc bị \
                   hủy. Xin đề nghị người xuất trình cung cấp giấy tờ mới.",
            check: "Trong sổ, việc đăng ký này không còn hiệu lực.",
        },
        Some(state) if state.current_version.is_some_and(|now| now > state.entry_version) => {
            Stands {
                tone: Tone::Attention,
                heading: "Giấy tờ thật, nhưng nội dung đã được thay đổi trong sổ",
                text: "Sau ngày cấp giấy này, nội dung trong sổ đã được cải chính hoặc thay đổi. Xin \
                       đề nghị người xuất trình cung cấp bản mới.",
                check: "Sổ đã có nội dung mới hơn giấy này.",
            }
        }
        Some(_) => Stands {
            tone: Tone::Done,
            heading: "Giấy tờ thật, nội dung còn hiện hành",
            text: "Giấy do cơ quan có thẩm quyền cấp và nội dung đúng với sổ hiện nay.",
            check: "Nội dung đúng với sổ đăng ký hiện nay.",
        },
    }
}

fn line(tone: Tone, text: &str) -> CheckLine {
    CheckLine { tone, text: text.to_owned() }
}

async fn judge_pdf(visit: &Visit, bytes: Vec<u8>) -> Result<VerifyOutcome, Failure> {
    match verification::pdf(visit.app(), bytes, visit.ctx.now).await {
        Ok(verdicts) => Ok(pdf_outcome(&verdicts)),
        Err(error) => refused(visit, error),
    }
}

fn pdf_outcome(verdicts: &[SignatureVerdict]) -> VerifyOutcome {
    let tones = verdicts.iter().map(|verdict| tone(verdict.standing));
    // The worst counts.
    let worst = tones.max_by_key(|tone| match tone {
        Tone::Late => 2,
        Tone::Attention => 1,
        _ => 0,
    });
    let worst = worst.unwrap_or(Tone::Late);
    let (heading, text) = match worst {
        Tone::Late => (
            "Không tin được tệp này",
            "Có chữ ký không hợp lệ. Không sử dụng văn bản này; xin liên hệ cơ quan đã cấp.",
        ),
        Tone::Attention => (
            "Chưa xác nhận được đầy đủ",
            "Tệp có chữ ký số nhưng còn điều cần xác nhận, ghi rõ ở dưới.",
        ),
        _ => (
            "Chữ ký số hợp lệ",
            "Tệp không bị sửa từ khi ký. Muốn biết nội dung còn hiện hành hay đã cải chính, xin kiểm \
             tra thêm mã QR trên giấy.",
        ),
    };
    let check = |verdict: &SignatureVerdict| CheckLine {
        tone: tone(verdict.standing),
        text: format!("{}: {}", signer(verdict), verdict.standing.sentence()),
    };
    let signed = verdicts.last().and_then(|verdict| verdict.signed_at);
    VerifyOutcome {
        tone: worst,
        heading: heading.to_owned(),
        text: text.to_owned(),
        paper: String::new(),
        facts: Vec::new(),
        checks: verdicts.iter().map(check).collect(),
        signed: signed.map(|at| format!("Ký lúc {}", vi::moment(at))).unwrap_or_default(),
    }
}

fn signer(verdict: &SignatureVerdict) -> String {
    let parts = [verdict.signer.as_str(), verdict.organisation.as_str()];
    let given: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if given.is_empty() { "Người ký không rõ tên".to_owned() } else { given.join(", ") }
}

fn tone(standing: Standing) -> Tone {
    match standing {
        Standing::Good | Standing::GoodWithLaterSignature => Tone::Done,
        Standing::Broken => Tone::Late,
        Standing::AddedToSince
        | Standing::UnknownSigner
        | Standing::CertificateNotValid
        | Standing::CannotTell => Tone::Attention,
    }
}

/// `GET /verify/keys.json`: the public keys by which anybody checks codes.
pub(crate) async fn keys(visit: Visit) -> PageResult {
    let keys = visit.ok(verification::trusted_paper_keys(visit.app()).await)?;
    let json = visit.ok(keys.to_json())?;
    Ok(public("application/json; charset=utf-8", json))
}

/// `GET /verify/root.pem`: the certificate from which trust in signatures starts.
pub(crate) async fn root(visit: Visit) -> PageResult {
    let pem = visit.ok(verification::root_certificate(visit.app()).await)?;
    let pem = pem.ok_or_else(|| {
        visit.fail(Error::not_found("Hệ thống này chưa công bố chứng thư gốc."))
    })?;
    Ok(public("application/x-pem-file", pem))
}

fn public(kind: &'static str, text: String) -> Response {
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::moment::Moment;

    fn paper(version: u32, now: Option<u32>, current: bool) -> PaperState {
        PaperState {
            name: "Giấy khai sinh".to_owned(),
            issued_at: Moment::from_micros(0),
            entry_version: version,
            current_version: now,
            entry_current: current,
        }
    }

    #[test]
    fn a_genuine_paper_is_current_only_while_the_register_says_the_same() {
        assert_eq!(stands(Some(&paper(1, Some(1), true))).tone, Tone::Done);
        assert_eq!(stands(Some(&paper(1, Some(2), true))).tone, Tone::Attention);
        assert_eq!(stands(Some(&paper(1, Some(1), false))).tone, Tone::Attention);
        assert_eq!(stands(None).tone, Tone::Attention);
    }

    #[test]
    fn the_worst_signature_of_a_file_decides() {
        let verdict = |standing| SignatureVerdict {
            signer: "Võ Thanh Lâm".to_owned(),
            organisation: String::new(),
            issuer: String::new(),
            signed_at: None,
            standing,
        };
        let tone = |list: &[Standing]| {
            pdf_outcome(&list.iter().map(|one| verdict(*one)).collect::<Vec<_>>()).tone
        };
        assert_eq!(tone(&[Standing::Good]), Tone::Done);
        assert_eq!(tone(&[Standing::Good, Standing::UnknownSigner]), Tone::Attention);
        assert_eq!(tone(&[Standing::Broken, Standing::Good]), Tone::Late);
    }
}
