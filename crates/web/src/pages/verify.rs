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
use crate::page::shell::{Area, Lang};
use crate::page::verify::{CheckLine, VerifyOutcome, VerifyPage};
use crate::pages::account::set_seed;
use crate::pages::fields::say;
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
        labels_json: labels(visit.app().content(), visit.lang()),
        ..page
    };
    let mut response = show_with(status, &page);
    set_seed(visit, &mut response);
    Ok(response)
}

/// Names of papers and of their fields for the check in the browser.
fn labels(content: &Content, lang: Lang) -> String {
    let register = |register: &pack::model::Register| {
        let fields = register.fields.iter();
        let mut names: Map<String, Value> = fields
            .map(|field| (field.id.clone(), Value::String(say(lang, &field.label))))
            .collect();
        names.insert("_".to_owned(), Value::String(paper_name(content, register, lang)));
        (register.id.clone(), Value::Object(names))
    };
    let all: Map<String, Value> = content.registers.values().map(|one| register(one)).collect();
    Value::Object(all).to_string()
}

/// What papers of a register are called: the result of the procedure that writes it.
fn paper_name(content: &Content, register: &pack::model::Register, lang: Lang) -> String {
    let writes = |procedure: &&std::sync::Arc<pack::model::Procedure>| {
        procedure.entry.as_ref().is_some_and(|entry| entry.register == register.id)
    };
    let procedure = content.procedures.iter().find(writes);
    let result = procedure.and_then(|procedure| procedure.results.first());
    let name = result.map_or(&register.entry_name, |result| &result.name);
    say(lang, name)
}

/// `POST /verify`: the text of a code, or a signed PDF.
pub(crate) async fn verify_sent(posted: Posted) -> PageResult {
    let Posted { visit, fields, files } = posted;
    let (lang, payload) = (visit.lang(), fields.text("payload").to_owned());
    let pdf = files.into_iter().find(|file| file.field == "file");
    let judged = match (pdf, payload.is_empty()) {
        (Some(file), _) => judge_pdf(&visit, file.bytes).await?,
        (None, false) => judge_code(&visit, &payload).await?,
        (None, true) => Err(fault(
            "#payload",
            lang.t(
                "Hãy dán nội dung mã QR, hoặc chọn tệp PDF đã ký số, rồi bấm Kiểm tra.",
                "Paste the text of the QR code, or choose the signed PDF, and press Check.",
            ),
        )),
    };
    match judged {
        Ok(outcome) => {
            let page = VerifyPage { payload, outcome: Some(outcome), ..VerifyPage::default() };
            show_verify(&visit, page, StatusCode::OK).await
        }
        Err(fault) => {
            let page = VerifyPage { payload, faults: vec![fault], ..VerifyPage::default() };
            show_verify(&visit, page, status_of(ErrorCode::Invalid)).await
        }
    }
}

fn fault(href: &str, message: &str) -> Fault {
    Fault { href: href.to_owned(), message: message.to_owned() }
}

/// A code that is refused is an answer, not a fault of whoever asked.
async fn judge_code(visit: &Visit, payload: &str) -> Result<Result<VerifyOutcome, Fault>, Failure> {
    match verification::code(visit.app(), payload).await {
        Ok(verdict) => Ok(Ok(code_outcome(visit, &verdict))),
        Err(error) if error.code == ErrorCode::Invalid => Ok(Ok(VerifyOutcome {
            tone: Tone::Late,
            heading: visit.lang().t("Chưa xác nhận được", "Not confirmed").to_owned(),
            text: error.message,
            ..VerifyOutcome::default()
        })),
        Err(error) => Err(visit.fail(error)),
    }
}

fn code_outcome(visit: &Visit, verdict: &CodeVerdict) -> VerifyOutcome {
    let (lang, payload) = (visit.lang(), &verdict.payload);
    let register = visit.app().content().registers.get(&payload.register);
    let label = |id: &str, given: &String| {
        let field = register.and_then(|register| register.field(id));
        field.map_or_else(|| given.clone(), |field| say(lang, &field.label))
    };
    let fact = |label: String, value: &str| Fact { label, value: value.to_owned() };
    let shown = verdict.labels.iter().zip(&payload.fields);
    let mut facts: Vec<Fact> =
        shown.map(|(given, (id, value))| fact(label(id, given), value)).collect();
    facts.push(fact(lang.t("Nơi cấp", "Issued by").to_owned(), &verdict.office_name));
    let issued_on = vi::date(payload.issued_on);
    facts.push(fact(lang.t("Ngày cấp", "Issued on").to_owned(), &issued_on));
    let name = verdict.state.as_ref().map_or(&verdict.register_name, |state| &state.name);
    let book = match payload.book {
        0 => String::new(),
        book => format!(", {} {book}", lang.t("quyển", "book")),
    };
    let number = lang.t("số", "number");
    let stands = stands(verdict.state.as_ref(), lang);
    VerifyOutcome {
        tone: stands.tone,
        heading: stands.heading.to_owned(),
        text: stands.text.to_owned(),
        paper: format!("{name}, {number} {}/{}{book}", payload.number, payload.year),
        facts,
        checks: vec![
            line(
                Tone::Done,
                lang.t(
                    "Chữ ký trong mã QR đúng: nội dung không bị sửa từ khi cấp.",
                    "The signature in the QR code is right: nothing was changed since it was issued.",
                ),
            ),
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
fn stands(state: Option<&PaperState>, lang: Lang) -> Stands {
    match state {
        None => Stands {
            tone: Tone::Attention,
            heading: lang.t(
                "Chữ ký đúng, nhưng giấy không do hệ thống này cấp",
                "Genuine, but not issued by this system",
            ),
            text: lang.t(
                "Nội dung đúng với chữ ký, nhưng hệ thống này không giữ sổ gốc nên không biết nội \
                 dung còn hiện hành hay không. Xin hỏi cơ quan ghi trên giấy.",
                "The text fits the signature, but the register is not kept here, so we cannot tell \
                 whether it is still current. Please ask the office named on the paper.",
            ),
            check: lang.t(
                "Không có giấy này trong sổ của hệ thống.",
                "This paper is not in the registers of this system.",
            ),
        },
        Some(state) if !state.entry_current => Stands {
            tone: Tone::Attention,
            heading: lang.t(
                "Giấy tờ thật, nhưng việc đăng ký đã chấm dứt",
                "Genuine, but what it certifies has ended",
            ),
            text: lang.t(
                "Giấy do cơ quan có thẩm quyền cấp, nhưng việc ghi trong sổ nay đã chấm dứt hoặc bị \
                 hủy. Xin đề nghị người xuất trình cung cấp giấy tờ mới.",
                "The office issued it, but the entry has ended or was cancelled since. Please ask \
                 for a new paper.",
            ),
            check: lang.t(
                "Trong sổ, việc đăng ký này không còn hiệu lực.",
                "In the register this entry is no longer in force.",
            ),
        },
        Some(state) if state.current_version.is_some_and(|now| now > state.entry_version) => {
            Stands {
                tone: Tone::Attention,
                heading: lang.t(
                    "Giấy tờ thật, nhưng nội dung đã được thay đổi trong sổ",
                    "Genuine, but the register was changed since",
                ),
                text: lang.t(
                    "Sau ngày cấp giấy này, nội dung trong sổ đã được cải chính hoặc thay đổi. Xin \
                     đề nghị người xuất trình cung cấp bản mới.",
                    "After this paper was issued the entry was corrected or changed. Please ask \
                     for a new copy.",
                ),
                check: lang.t(
                    "Sổ đã có nội dung mới hơn giấy này.",
                    "The register holds a newer version than this paper.",
                ),
            }
        }
        Some(_) => Stands {
            tone: Tone::Done,
            heading: lang.t(
                "Giấy tờ thật, nội dung còn hiện hành",
                "Genuine and still current",
            ),
            text: lang.t(
                "Giấy do cơ quan có thẩm quyền cấp và nội dung đúng với sổ hiện nay.",
                "The office issued it, and the register still says the same.",
            ),
            check: lang.t(
                "Nội dung đúng với sổ đăng ký hiện nay.",
                "The register says the same today.",
            ),
        },
    }
}

fn line(tone: Tone, text: &str) -> CheckLine {
    CheckLine { tone, text: text.to_owned() }
}

/// A file without a signature is the wrong file, not a false paper.
async fn judge_pdf(visit: &Visit, bytes: Vec<u8>) -> Result<Result<VerifyOutcome, Fault>, Failure> {
    match verification::pdf(visit.app(), bytes, visit.ctx.now).await {
        Ok(verdicts) => Ok(Ok(pdf_outcome(&verdicts, visit.lang()))),
        Err(error) if error.code == ErrorCode::Invalid => Ok(Err(fault("#file", &error.message))),
        Err(error) => Err(visit.fail(error)),
    }
}

fn pdf_outcome(verdicts: &[SignatureVerdict], lang: Lang) -> VerifyOutcome {
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
            lang.t("Không tin được tệp này", "This file cannot be trusted"),
            lang.t(
                "Có chữ ký không hợp lệ. Không sử dụng văn bản này; xin liên hệ cơ quan đã cấp.",
                "A signature is not valid. Do not rely on this file; please ask the office.",
            ),
        ),
        Tone::Attention => (
            lang.t("Chưa xác nhận được đầy đủ", "Not fully confirmed"),
            lang.t(
                "Tệp có chữ ký số nhưng còn điều cần xác nhận, ghi rõ ở dưới.",
                "The file is signed, but something remains to be confirmed; see below.",
            ),
        ),
        _ => (
            lang.t("Chữ ký số hợp lệ", "The signature is valid"),
            lang.t(
                "Tệp không bị sửa từ khi ký. Muốn biết nội dung còn hiện hành hay đã cải chính, xin \
                 kiểm tra thêm mã QR trên giấy.",
                "The file was not changed since it was signed. To see whether the register still \
                 says the same, check the QR code too.",
            ),
        ),
    };
    let check = |verdict: &SignatureVerdict| CheckLine {
        tone: tone(verdict.standing),
        text: format!("{}: {}", signer(verdict, lang), verdict.standing.sentence()),
    };
    let signed = verdicts.last().and_then(|verdict| verdict.signed_at);
    let signed = signed.map(|at| format!("{} {}", lang.t("Ký lúc", "Signed at"), vi::moment(at)));
    VerifyOutcome {
        tone: worst,
        heading: heading.to_owned(),
        text: text.to_owned(),
        paper: String::new(),
        facts: Vec::new(),
        checks: verdicts.iter().map(check).collect(),
        signed: signed.unwrap_or_default(),
    }
}

fn signer(verdict: &SignatureVerdict, lang: Lang) -> String {
    let parts = [verdict.signer.as_str(), verdict.organisation.as_str()];
    let given: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    match given.as_slice() {
        [] => lang.t("Người ký không rõ tên", "A signer without a name").to_owned(),
        given => given.join(", "),
    }
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
    let pem = pem
        .ok_or_else(|| visit.fail(Error::not_found("Hệ thống này chưa công bố chứng thư gốc.")))?;
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
        assert_eq!(stands(Some(&paper(1, Some(1), true)), Lang::Vi).tone, Tone::Done);
        assert_eq!(stands(Some(&paper(1, Some(2), true)), Lang::Vi).tone, Tone::Attention);
        assert_eq!(stands(Some(&paper(1, Some(1), false)), Lang::Vi).tone, Tone::Attention);
        assert_eq!(stands(None, Lang::Vi).tone, Tone::Attention);
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
            pdf_outcome(&list.iter().map(|one| verdict(*one)).collect::<Vec<_>>(), Lang::Vi).tone
        };
        assert_eq!(tone(&[Standing::Good]), Tone::Done);
        assert_eq!(tone(&[Standing::Good, Standing::UnknownSigner]), Tone::Attention);
        assert_eq!(tone(&[Standing::Broken, Standing::Good]), Tone::Late);
    }
}
