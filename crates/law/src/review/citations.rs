//! Documents and places that a draft names: do they exist, and are they in force?

use jiff::civil::Date;

use super::units::{Paths, Piece};
use super::{
    DocumentState, DraftPlace, Knowledge, KnownDocument, OtherSide, ReviewFinding, ReviewKind,
};
use crate::citation::{self, Citation, Context, DocumentRef, Here};
use crate::model::{Basis, LegalDocument, UnitKind};

/// The day on which the draft is meant to be law.
fn day_of_effect(draft: &LegalDocument, today: Date) -> Date {
    let metadata = &draft.metadata;
    metadata.effective_on.or(metadata.issued_on).unwrap_or(today).max(today)
}

/// Legal bases: expired, replaced, not yet in force, unknown.
pub(super) fn of_bases(draft: &LegalDocument, knowledge: &dyn Knowledge) -> Vec<ReviewFinding> {
    let day = day_of_effect(draft, knowledge.today());
    let mut found = Vec::new();
    for (index, basis) in draft.metadata.bases.iter().enumerate() {
        let address = format!("can-cu-{}", index + 1);
        let named = first_named(&basis.text, &context(draft, knowledge));
        let called = basis.number.clone().or_else(|| named.as_ref().and_then(name_of));
        let Some(name) = called else { continue };
        let known = match (&basis.number, &named) {
            (Some(number), _) => knowledge.document(number),
            (None, Some(named)) => look_up(named, knowledge),
            (None, None) => None,
        };
        let Some(document) = known else {
            found.push(
                ReviewFinding::new(
                    ReviewKind::BasisUnknown,
                    &address,
                    &basis.text,
                    format!("Chưa tìm thấy căn cứ “{name}” trong kho dữ liệu; có thể số, ký hiệu ghi chưa đúng hoặc văn bản chưa được nhập."),
                    "Kiểm tra lại số, ký hiệu của căn cứ; nếu đúng, bổ sung văn bản vào kho dữ liệu.",
                )
                .sure(0.5),
            );
            continue;
        };
        if let Some(finding) = other_day(basis, &document, &address) {
            found.push(finding);
            continue;
        }
        found.extend(state(&document, day, &address, &basis.text, true));
    }
    found
}

/// The day of issue said in the basis is not that of the document found: a slip of the pen, or, where only
/// the name led there, an older document of the same name.
fn other_day(basis: &Basis, document: &KnownDocument, address: &str) -> Option<ReviewFinding> {
    let (said, known) = basis.issued_on.zip(document.issued_on)?;
    if said == known {
        return None;
    }
    let is_newer = basis.number.is_none() && known > said;
    let (kind, reason, advice, sure) = if is_newer {
        (
            ReviewKind::BasisReplaced,
            format!(
                "Trong kho dữ liệu có {} ban hành ngày {}, sau văn bản cùng tên nêu tại căn cứ (ngày {}); căn cứ có thể đã được thay thế.",
                document.named(),
                vietnamese(known),
                vietnamese(said)
            ),
            "Kiểm tra hiệu lực của căn cứ và xem xét thay bằng văn bản mới.",
            0.8,
        )
    } else {
        (
            ReviewKind::BasisUnknown,
            format!(
                "Ngày ban hành ghi tại căn cứ ({}) có thể chưa đúng: trong kho dữ liệu, {} ban hành ngày {}.",
                vietnamese(said),
                document.named(),
                vietnamese(known)
            ),
            "Đối chiếu ngày ban hành của căn cứ với bản gốc.",
            0.75,
        )
    };
    let mut finding = ReviewFinding::new(kind, address, &basis.text, reason, advice).sure(sure);
    finding.other = Some(side(document));
    Some(finding)
}

/// What is to be said of a document named in the draft.
fn state(
    document: &KnownDocument,
    day: Date,
    address: &str,
    text: &str,
    is_basis: bool,
) -> Option<ReviewFinding> {
    let successors: Vec<String> = document
        .replaced_by
        .iter()
        .map(|next| [next.number.as_str(), next.title.as_str()].join(" ").trim().to_owned())
        .collect();
    let named = document.named();
    let (kind, reason, advice, sure) = match document.state_on(day) {
        DocumentState::Expired if successors.is_empty() => (
            if is_basis { ReviewKind::BasisExpired } else { ReviewKind::DocumentExpired },
            format!("{named} có thể đã hết hiệu lực{}.", since(document.expires_on)),
            "Tìm văn bản đang có hiệu lực điều chỉnh cùng nội dung và sửa lại viện dẫn.".to_owned(),
            0.92,
        ),
        DocumentState::Expired => (
            if is_basis { ReviewKind::BasisReplaced } else { ReviewKind::DocumentExpired },
            format!("{named} có thể đã được thay thế bởi {}{}.", successors.join("; "), since(document.expires_on)),
            format!("Xem xét thay bằng {} và đối chiếu lại nội dung viện dẫn.", successors.join("; ")),
            0.95,
        ),
        DocumentState::NotYet if is_basis => (
            ReviewKind::BasisNotYet,
            format!(
                "{named} có hiệu lực từ ngày {}, sau ngày dự kiến có hiệu lực của dự thảo ({}).",
                document.effective_on.map(vietnamese).unwrap_or_default(),
                vietnamese(day)
            ),
            "Căn cứ phải có hiệu lực trước hoặc cùng thời điểm với văn bản được ban hành; xem lại ngày có hiệu lực của dự thảo hoặc căn cứ này.".to_owned(),
            0.9,
        ),
        _ => return None,
    };
    let mut finding = ReviewFinding::new(kind, address, text, reason, &advice).sure(sure);
    finding.other = Some(side(document));
    Some(finding)
}

fn since(day: Option<Date>) -> String {
    day.map(|day| format!(" từ ngày {}", vietnamese(day))).unwrap_or_default()
}

fn side(document: &KnownDocument) -> OtherSide {
    OtherSide { document: document.number.clone(), label: document.named(), ..OtherSide::default() }
}

/// "05/11/2026".
pub(super) fn vietnamese(day: Date) -> String {
    format!("{:02}/{:02}/{}", day.day(), day.month(), day.year())
}

/// What helps to read the citations of the draft.
fn context<'a>(draft: &'a LegalDocument, knowledge: &'a dyn Knowledge) -> Context<'a> {
    Context { titles: knowledge.titles(), kind: draft.metadata.kind.as_deref() }
}

/// The first document that a basis names.
fn first_named(text: &str, context: &Context) -> Option<DocumentRef> {
    let cited = citation::find_in(text, context).into_iter().map(|found| found.target.document);
    cited.into_iter().find(|document| name_of(document).is_some())
}

/// How a document is called that is named by number or name.
fn name_of(document: &DocumentRef) -> Option<String> {
    match document {
        DocumentRef::Here | DocumentRef::This { .. } => None,
        DocumentRef::Number { key, .. } => Some(key.clone()),
        DocumentRef::Name { kind, name, year, .. } => {
            let year = year.map(|year| format!(" {year}")).unwrap_or_default();
            Some(format!("{kind} {name}{year}").trim().to_owned())
        }
    }
}

/// Asks the corpus for a document: by number; by name with its year; by name alone, when the year agrees.
fn look_up(document: &DocumentRef, knowledge: &dyn Knowledge) -> Option<KnownDocument> {
    let asked = name_of(document)?;
    knowledge.document(&asked).or_else(|| {
        let DocumentRef::Name { kind, name, year: Some(year), .. } = document else { return None };
        let known = knowledge.document(format!("{kind} {name}").trim())?;
        known.issued_on.is_none_or(|issued| issued.year() == *year).then_some(known)
    })
}

/// Citations in a piece of the draft.
pub(super) fn of_piece(
    piece: &Piece,
    own: &Paths,
    draft: &LegalDocument,
    knowledge: &dyn Knowledge,
) -> Vec<ReviewFinding> {
    let day = day_of_effect(draft, knowledge.today());
    // What amends another document speaks of that document's places.
    let folded = kernel::text::fold(&piece.text);
    let amends =
        ["sua doi", "bo sung", "bai bo", "thay the"].iter().any(|verb| folded.contains(verb));
    let mut found = Vec::new();
    let mut told: Vec<String> = Vec::new();
    for cited in citation::find_in(&piece.text, &context(draft, knowledge)) {
        let words = piece.text.get(cited.start..cited.end).unwrap_or("");
        let finding = match name_of(&cited.target.document) {
            Some(_) => of_other(&cited, words, day, piece, knowledge),
            None if amends => None,
            None => of_own(&cited, words, piece, own),
        };
        let Some(mut finding) = finding else { continue };
        if amends && finding.kind == ReviewKind::DocumentExpired {
            continue;
        }
        let key = format!("{:?}{}", finding.kind, finding.reason);
        if told.contains(&key) {
            continue;
        }
        told.push(key);
        finding.place =
            DraftPlace { address: piece.address.clone(), span: (cited.start, cited.end) };
        found.push(finding);
    }
    found
}

fn of_other(
    cited: &Citation,
    words: &str,
    day: Date,
    piece: &Piece,
    knowledge: &dyn Knowledge,
) -> Option<ReviewFinding> {
    let Some(document) = look_up(&cited.target.document, knowledge) else {
        let is_number = matches!(cited.target.document, DocumentRef::Number { .. });
        return Some(
            ReviewFinding::new(
                ReviewKind::DocumentUnknown,
                &piece.address,
                words,
                format!("Chưa tìm thấy văn bản được viện dẫn “{words}” trong kho dữ liệu; có thể ghi chưa đúng số, ký hiệu hoặc tên."),
                "Kiểm tra lại số, ký hiệu, tên văn bản được viện dẫn.",
            )
            .sure(if is_number { 0.5 } else { 0.35 }),
        );
    };
    if let Some(finding) = state(&document, day, &piece.address, words, false) {
        return Some(finding);
    }
    let here = Here { document: "", path: &[] };
    let path = citation::resolve(cited, &here)?.path;
    if path.is_empty() {
        return None;
    }
    match knowledge.provision(&document.number, &path) {
        None if document.is_complete => {
            let mut finding = ReviewFinding::new(
                ReviewKind::PlaceUnknown,
                &piece.address,
                words,
                format!("{} có thể không có quy định được viện dẫn “{words}”.", document.named()),
                "Đối chiếu lại số điều, khoản, điểm với văn bản được viện dẫn.",
            )
            .sure(0.9);
            finding.other = Some(side(&document));
            Some(finding)
        }
        Some(provision) => {
            let by = provision.repealed_by?;
            let mut finding = ReviewFinding::new(
                ReviewKind::PlaceRepealed,
                &piece.address,
                words,
                format!(
                    "{} của {} có thể đã bị bãi bỏ bởi {by}.",
                    provision.label,
                    document.named()
                ),
                "Sửa lại viện dẫn theo quy định đang có hiệu lực.",
            )
            .sure(0.9);
            let address = path;
            finding.other = Some(OtherSide { address, text: provision.text, ..side(&document) });
            Some(finding)
        }
        None => None,
    }
}

/// A place of the draft itself.
fn of_own(cited: &Citation, words: &str, piece: &Piece, own: &Paths) -> Option<ReviewFinding> {
    let path: Vec<(UnitKind, &str)> = piece.path.clone();
    let here = Here { document: "", path: &path };
    let address = citation::resolve(cited, &here)?;
    // "điểm a khoản này" of an article without clauses cannot be told here.
    if address.path.is_empty()
        || !own.lack(piece, &address.path)
        || cited.target.place.annex.is_some()
    {
        return None;
    }
    let is_said =
        cited.target.this.is_some() || matches!(cited.target.document, DocumentRef::This { .. });
    Some(
        ReviewFinding::new(
            ReviewKind::PlaceUnknown,
            &piece.address,
            words,
            format!("Dự thảo có thể không có quy định được viện dẫn “{words}”."),
            "Kiểm tra lại số điều, khoản, điểm; nếu viện dẫn văn bản khác thì ghi rõ tên văn bản đó.",
        )
        .sure(if is_said { 0.88 } else { 0.6 }),
    )
}
