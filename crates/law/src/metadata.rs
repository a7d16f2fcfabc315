//! What the head, the closing article and the signature say about a document.
//!
//! Layout of the head after Nghị định 30/2020/NĐ-CP and Nghị định 78/2025/NĐ-CP. What is guessed instead
//! of read comes with a doubt.

mod date;
mod head;
mod issuer;
mod name;
mod named;
mod signature;
mod validity;

use crate::model::{Basis, Doubt, LegalDocument};
use crate::outline::line::Line;
use head::Head;

/// Fills in the metadata and the preamble out of the head's lines and what has been read already.
pub(crate) fn fill(document: &mut LegalDocument, lines: &[Line]) {
    let mut head = head::read(lines);
    let metadata = &mut document.metadata;
    let doubts = &mut document.doubts;
    document.preamble = std::mem::take(&mut head.preamble);
    if head.issued_on.is_none() {
        head.issued_on = adopted_on(&document.closing);
        doubts.extend(head.issued_on.map(|_| {
            doubt(
                "date-guessed",
                "issued_on",
                "Ngày ban hành được lấy theo ngày thông qua ghi ở cuối văn bản; đề nghị kiểm tra.",
            )
        }));
    }
    complete(&mut head, &document.preamble, doubts);
    metadata.bases = bases(&document.preamble);
    if metadata_is_consolidation(&head) {
        metadata.consolidates = consolidated(&document.preamble);
    }
    metadata.kind = head.kind;
    metadata.number = head.number;
    metadata.title = head.title;
    metadata.issuer = head.issuer;
    metadata.place = head.place;
    metadata.issued_on = head.issued_on;
    let (signer, signer_title) = signature::read(&document.closing);
    metadata.signer = signer;
    metadata.signer_title = signer_title;
    let validity = validity::read(&document.units, &document.closing, metadata.issued_on);
    metadata.effective_on = validity.effective_on;
    metadata.expires_on = validity.expires_on;
    doubts.extend(validity.doubts);
    let is_plain =
        metadata.kind.as_deref().is_some_and(|kind| issuer::WITHOUT_EFFECT.contains(&kind));
    if is_plain {
        doubts.retain(|doubt| doubt.code != "no-articles");
    } else if metadata.effective_on.is_none()
        && !doubts.iter().any(|doubt| doubt.place == "effective_on")
    {
        doubts.push(doubt(
            "effective-missing",
            "effective_on",
            "Không tìm thấy ngày có hiệu lực; đề nghị nhập theo điều khoản thi hành.",
        ));
    }
}

/// "Luật này được Quốc hội … thông qua ngày 20 tháng 6 năm 2026."
fn adopted_on(closing: &[String]) -> Option<jiff::civil::Date> {
    let sentence = closing.iter().find(|line| line.contains("thông qua ngày"))?;
    let at = sentence.find("thông qua ngày")?;
    date::first(sentence.get(at..)?).map(|found| found.date)
}

/// Guesses what the head does not say, and says so.
fn complete(head: &mut Head, preamble: &[String], doubts: &mut Vec<Doubt>) {
    if head.number.is_none() {
        doubts.push(if head.is_number_blank {
            doubt(
                "number-blank",
                "number",
                "Số văn bản còn để trống; đề nghị nhập số khi ban hành.",
            )
        } else {
            doubt("number-missing", "number", "Không tìm thấy số, ký hiệu; đề nghị nhập.")
        });
    }
    let symbol = head.number.clone().unwrap_or_default();
    if head.kind.is_none() {
        let letter = head.is_letter.then_some("Công văn");
        head.kind = letter.or_else(|| issuer::kind_of(&symbol)).map(str::to_owned);
        doubts.extend(head.kind.is_some().then(|| {
            doubt(
                "kind-guessed",
                "kind",
                "Tên loại văn bản được suy từ ký hiệu hoặc trích yếu; đề nghị kiểm tra.",
            )
        }));
    }
    if head.kind.is_none() {
        doubts.push(doubt(
            "kind-missing",
            "kind",
            "Không xác định được tên loại văn bản; đề nghị chọn.",
        ));
    }
    if head.issuer.is_none() {
        head.issuer = issuer_in_preamble(preamble);
    }
    if head.issuer.is_none() {
        head.issuer = issuer::issuer_of(&symbol);
        doubts.push(match head.issuer {
            Some(_) => doubt(
                "issuer-guessed",
                "issuer",
                "Cơ quan ban hành được suy từ ký hiệu văn bản; đề nghị kiểm tra.",
            ),
            None => {
                doubt("issuer-missing", "issuer", "Không tìm thấy cơ quan ban hành; đề nghị nhập.")
            }
        });
    }
    if head.title.is_none() {
        doubts.push(doubt(
            "title-missing",
            "title",
            "Không tìm thấy trích yếu; đề nghị nhập tên văn bản.",
        ));
    }
    if head.issued_on.is_none() {
        doubts.push(if head.is_date_blank {
            doubt(
                "date-blank",
                "issued_on",
                "Ngày ban hành còn để trống; đề nghị nhập khi ban hành.",
            )
        } else {
            doubt("date-missing", "issued_on", "Không tìm thấy ngày ban hành; đề nghị nhập.")
        });
    }
}

/// "Quốc hội ban hành Luật Thanh niên", "Ủy ban nhân dân tỉnh … ban hành Quyết định …".
fn issuer_in_preamble(preamble: &[String]) -> Option<String> {
    let last = preamble.iter().rev().find(|line| line.contains(" ban hành "))?;
    if last.starts_with("Căn cứ") || last.starts_with("Theo ") {
        return None;
    }
    let (issuer, _) = last.split_once(" ban hành ")?;
    (issuer.split(' ').count() <= 14 && issuer.starts_with(char::is_uppercase))
        .then(|| issuer.to_owned())
}

/// "Căn cứ …", each on its own though some copies run them together.
fn bases(preamble: &[String]) -> Vec<Basis> {
    let mut bases = Vec::new();
    for line in preamble {
        let Some(start) = line.find("Căn cứ ").filter(|start| *start <= 4) else { continue };
        let mut rest = line.get(start..).unwrap_or("");
        while let Some(at) = rest.find("; Căn cứ ") {
            bases.push(named::basis(rest.get(..at).unwrap_or("")));
            rest = rest.get(at + 2..).unwrap_or("");
        }
        bases.push(named::basis(rest));
    }
    bases
}

fn metadata_is_consolidation(head: &Head) -> bool {
    head.kind.as_deref() == Some(issuer::CONSOLIDATION)
}

/// The document consolidated, then those that amended it, up to the bases.
fn consolidated(preamble: &[String]) -> Vec<Basis> {
    let mut found = Vec::new();
    for line in preamble.iter().take_while(|line| !line.starts_with("Căn cứ")) {
        let text = line
            .trim_start_matches(|letter: char| letter.is_ascii_digit())
            .trim_start_matches(['.', ')']);
        let text = text.trim();
        let names_one = issuer::kind_in_sentence(text).is_some() && named::symbol(text).is_some();
        if names_one {
            let text = text.split(", được sửa đổi").next().unwrap_or(text);
            found.push(named::basis(text));
        }
    }
    found
}

fn doubt(code: &str, place: &str, message: &str) -> Doubt {
    Doubt { code: code.to_owned(), place: place.to_owned(), message: message.to_owned() }
}

#[cfg(test)]
mod tests;
