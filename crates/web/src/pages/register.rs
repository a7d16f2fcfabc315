//! Registers for officers: search, and one entry with its versions. Both need a reason, which the
//! person concerned can read.

use app::registers::{EntryRow, EntryView};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use kernel::error::{Error, ErrorCode};
use kernel::format::vi;
use kernel::id::AccountId;
use pack::model::{IndexKind, Register};
use register::{Entry, Shown, Status, Version, display};

use super::asked::Asked;
use super::views::{address, outdated, paper_href};
use crate::failure::{PageResult, show, show_with, status_of};
use crate::page::parts::{DocumentView, Fact, Fault, Link, OptionView, StateView, Tone};
use crate::page::register::{
    AnnotationView, ChangeView, EntryPage, EntryRow as EntryRowView, RegisterSearchPage,
    VersionView,
};
use crate::page::shell::{Area, Lang};
use crate::page::workbench::ViewLink;
use crate::visit::Visit;

/// Purpose of whoever handles a dossier; its code is the reason.
pub(crate) const HANDLING: &str = "ho-so";
/// Purposes: what stands in the address, and what the person concerned reads.
const PURPOSES: [(&str, &str); 4] = [
    (HANDLING, "Giải quyết hồ sơ"),
    ("xac-minh", "Xác minh theo đề nghị của cơ quan, tổ chức"),
    ("nguoi-dan", "Trả lời đề nghị của người có tên trong sổ"),
    ("doi-chieu", "Kiểm tra, đối chiếu sổ"),
];
/// Columns that tell namesakes apart.
const MOST_DETAILS: usize = 3;

/// Why somebody looks: chosen from the list, and in own words.
struct Reason {
    purpose: String,
    words: String,
}

impl Reason {
    fn of(asked: &Asked) -> Self {
        Self {
            purpose: asked.text("muc-dich").to_owned(),
            words: asked.text("ly-do").chars().take(200).collect(),
        }
    }

    fn is_missing(&self) -> bool {
        self.purpose.is_empty() && self.words.is_empty()
    }

    /// The sentence that is logged, or what is wrong with the reason.
    fn sentence(&self) -> Result<String, Vec<Fault>> {
        let chosen = PURPOSES.iter().find(|(key, _)| *key == self.purpose);
        let mut faults = Vec::new();
        let mut fault = |href: &str, message: &str| {
            faults.push(Fault { href: href.to_owned(), message: message.to_owned() });
        };
        if chosen.is_none() {
            fault("#muc-dich", "Hãy chọn mục đích xem.");
        }
        if self.words.chars().count() < 3 {
            fault(
                "#ly-do",
                "Hãy ghi mã hồ sơ đang giải quyết hoặc lý do cụ thể. Người có tên trong sổ xem được lý do này.",
            );
        }
        match chosen {
            Some((_, label)) if faults.is_empty() => Ok(format!("{label}: {}", self.words)),
            _ => Err(faults),
        }
    }

    fn options(&self) -> Vec<OptionView> {
        let option = |value: &str, label: &str| OptionView {
            value: value.to_owned(),
            label: label.to_owned(),
            selected: value == self.purpose,
        };
        let blank = option("", "Chọn mục đích");
        std::iter::once(blank).chain(PURPOSES.map(|(key, label)| option(key, label))).collect()
    }

    /// An address that keeps the reason.
    fn kept_in(&self, path: &str, q: &str) -> String {
        address(path, &[("q", q), ("muc-dich", &self.purpose), ("ly-do", &self.words)])
    }
}

/// `GET /can-bo/so/{register}?q=&muc-dich=&ly-do=`. Without a reason only the form is shown.
pub(crate) async fn search(Path(id): Path<String>, asked: Asked, visit: Visit) -> PageResult {
    visit.officer()?;
    let (app, ctx) = (visit.app(), &visit.ctx);
    if !super::views::may_read_registers(&visit) {
        return Err(visit.fail(Error::new(ErrorCode::Forbidden)));
    }
    let register = visit.ok(app::registers::find(app, &id))?;
    let reason = Reason::of(&asked);
    let q = asked.text("q");
    let page = search_page(&visit, &register, q, &reason);
    if q.is_empty() && reason.is_missing() {
        return Ok(show(&page));
    }
    let sentence = match reason.sentence() {
        Ok(sentence) => sentence,
        Err(faults) => return Ok(refused(RegisterSearchPage { faults, ..page })),
    };
    match app::registers::search(app, ctx, &id, q, &sentence).await {
        Ok(rows) => {
            let row = |row: &EntryRow| row_view(&visit, &register, &reason, row);
            let rows = Some(rows.iter().map(row).collect());
            Ok(show(&RegisterSearchPage { rows, ..page }))
        }
        Err(error) if error.code == ErrorCode::Invalid => {
            let faults = vec![Fault { href: "#ly-do".to_owned(), message: error.message }];
            Ok(refused(RegisterSearchPage { faults, ..page }))
        }
        Err(error) => Err(visit.fail(error)),
    }
}

fn refused(page: RegisterSearchPage) -> Response {
    show_with(status_of(ErrorCode::Invalid), &page)
}

fn search_page(visit: &Visit, register: &Register, q: &str, reason: &Reason) -> RegisterSearchPage {
    RegisterSearchPage {
        ui: visit.ui(Area::Registers),
        registers: tabs(visit, register),
        action: format!("/can-bo/so/{}", register.id),
        title: register.name.vi.clone(),
        q: q.to_owned(),
        purposes: reason.options(),
        reason: reason.words.clone(),
        faults: Vec::new(),
        rows: None,
        next_href: None,
    }
}

fn tabs(visit: &Visit, current: &Register) -> Vec<ViewLink> {
    let registers = visit.app().content().registers.values();
    registers
        .map(|register| ViewLink {
            href: format!("/can-bo/so/{}", register.id),
            label: register.name.vi.clone(),
            current: register.id == current.id,
            ..ViewLink::default()
        })
        .collect()
}

fn row_view(visit: &Visit, register: &Register, reason: &Reason, row: &EntryRow) -> EntryRowView {
    let content = visit.app().content();
    let day = row.registered_on.parse::<Date>();
    let entry = serde_json::from_str::<Entry>(&row.body).ok();
    let (number, detail) = match &entry {
        Some(entry) => {
            let shown = display(register, content, &entry.current().fields);
            (number_text(entry), details(register, &shown))
        }
        None => (row.number_text.clone(), String::new()),
    };
    EntryRowView {
        href: reason.kept_in(&format!("/can-bo/so/{}/{}", register.id, row.id), ""),
        number,
        title: row.title.clone(),
        detail,
        registered: day.map_or_else(|_| row.registered_on.clone(), vi::date),
        unit: super::views::office_name(content, &row.unit),
        state: state(row.status == Status::Current.as_str()),
    }
}

/// What tells namesakes apart: the searchable columns beside the title.
fn details(register: &Register, shown: &[Shown]) -> String {
    let telling = shown.iter().filter(|shown| {
        let field = register.field(&shown.field);
        shown.field != register.title_field
            && !shown.text.is_empty()
            && field.is_some_and(|field| field.index != IndexKind::None)
    });
    let texts = telling.take(MOST_DETAILS).map(|shown| format!("{}: {}", shown.label, shown.text));
    texts.collect::<Vec<_>>().join(" · ")
}

fn number_text(entry: &Entry) -> String {
    format!("{}, quyển {}", entry.number_text, entry.book_text)
}

fn state(is_current: bool) -> StateView {
    let (text, tone) = match is_current {
        true => ("Có hiệu lực", Tone::Done),
        false => ("Đã chấm dứt", Tone::Plain),
    };
    StateView { text: text.to_owned(), tone }
}

/// `GET /can-bo/so/{register}/{entry}?muc-dich=&ly-do=`.
pub(crate) async fn entry(
    Path((register, id)): Path<(String, String)>,
    asked: Asked,
    visit: Visit,
) -> PageResult {
    visit.officer()?;
    let (app, ctx) = (visit.app(), &visit.ctx);
    let known = visit.ok(app::registers::find(app, &register))?;
    let reason = Reason::of(&asked);
    let sentence = match reason.sentence() {
        Ok(sentence) => sentence,
        Err(faults) => return Ok(ask_reason(&visit, &known, &id, &reason, faults)),
    };
    let not_here =
        || Error::not_found("Không tìm thấy việc này trong sổ, hoặc sổ thuộc đơn vị khác.");
    let entry = id.parse().map_err(|_| visit.fail(not_here()))?;
    let view = visit.ok(app::registers::view(app, ctx, entry, &sentence).await)?;
    if view.register.id != register {
        return Err(visit.fail(not_here()));
    }
    let documents = visit.ok(documents(&visit, &view).await)?;
    let entry = &view.entry;
    let office = super::views::office_name(app.content(), entry.unit.as_str());
    Ok(show(&EntryPage {
        ui: visit.ui(Area::Registers),
        registers: tabs(&visit, &view.register),
        register: view.register.name.vi.clone(),
        number: number_text(entry),
        title: entry.title(&view.register),
        state: state(entry.status == Status::Current),
        registered: format!("Đăng ký ngày {} tại {office}", vi::date(entry.registered_on)),
        facts: view.fields.iter().map(fact).collect(),
        versions: versions(&view),
        annotations: annotations(&view),
        documents,
        related: Vec::new(),
        corrections: corrections(&visit),
        access: format!("Lượt xem này đã được ghi lại với lý do: {sentence}."),
        back_href: reason.kept_in(&format!("/can-bo/so/{register}"), ""),
    }))
}

/// The search form, pointed at the entry: the reason comes first. At the first visit nothing is wrong
/// yet.
fn ask_reason(
    visit: &Visit,
    register: &Register,
    entry: &str,
    reason: &Reason,
    faults: Vec<Fault>,
) -> Response {
    let page = RegisterSearchPage {
        action: format!("/can-bo/so/{}/{}", register.id, super::views::path_part(entry)),
        faults: if reason.is_missing() { Vec::new() } else { faults },
        ..search_page(visit, register, "", reason)
    };
    let status =
        if page.faults.is_empty() { StatusCode::OK } else { status_of(ErrorCode::Invalid) };
    show_with(status, &page)
}

fn fact(shown: &Shown) -> Fact {
    Fact { label: shown.label.clone(), value: shown.text.clone() }
}

fn writer(view: &EntryView, account: AccountId) -> &str {
    let found = view.writers.iter().find(|(id, _)| *id == account);
    found.map_or("", |(_, name)| name)
}

/// The versions, newest first, each beside the one before it.
fn versions(view: &EntryView) -> Vec<VersionView> {
    let earlier = view.versions.iter().skip(1).map(Some).chain([None]);
    let pairs = view.versions.iter().zip(earlier);
    let current = view.entry.current().n;
    pairs
        .map(|((version, shown), before)| VersionView {
            name: format!("Bản {}", version.n),
            current: version.n == current,
            valid: format!("từ ngày {}", vi::date(version.valid_from)),
            known: known_text(version, writer(view, version.by)),
            reason: match before {
                Some(_) => reason_text(version),
                None => String::new(),
            },
            changes: before.map(|(_, before)| changes(before, shown)).unwrap_or_default(),
            dossier: version.dossier.as_ref().map(|code| Link {
                href: format!("/can-bo/ho-so/{code}"),
                text: format!("Hồ sơ {code}"),
            }),
        })
        .collect()
}

fn known_text(version: &Version, by: &str) -> String {
    let at = vi::moment(version.known_at);
    if by.is_empty() { format!("Ghi lúc {at}") } else { format!("Ghi lúc {at}, {by} duyệt") }
}

fn reason_text(version: &Version) -> String {
    if version.basis_paper.is_empty() {
        return version.reason.clone();
    }
    format!("{} (căn cứ: {})", version.reason, version.basis_paper)
}

/// The columns that read differently.
fn changes(before: &[Shown], after: &[Shown]) -> Vec<ChangeView> {
    after
        .iter()
        .filter_map(|after| {
            let before = before.iter().find(|before| before.field == after.field)?;
            (before.text != after.text).then(|| ChangeView {
                label: after.label.clone(),
                before: before.text.clone(),
                after: after.text.clone(),
            })
        })
        .collect()
}

fn annotations(view: &EntryView) -> Vec<AnnotationView> {
    let notes = view.entry.annotations.iter().rev();
    notes
        .map(|note| AnnotationView {
            at: vi::moment(note.at),
            text: note.text.clone(),
            by: match (writer(view, note.by), note.basis.as_str()) {
                (by, "") => by.to_owned(),
                ("", basis) => basis.to_owned(),
                (by, basis) => format!("{by} · {basis}"),
            },
        })
        .collect()
}

/// The papers that show this entry, each saying whether it still stands.
async fn documents(visit: &Visit, view: &EntryView) -> Result<Vec<DocumentView>, Error> {
    let mut papers = Vec::new();
    for paper in &view.papers {
        let state = app::documents::state_of(visit.app(), paper.id).await?;
        // The paper's own dossier is not known here by its code; the address needs one only for people.
        let version =
            view.versions.iter().find(|(version, _)| i64::from(version.n) == paper.entry_version);
        let code = version.and_then(|(version, _)| version.dossier.as_deref());
        papers.push(DocumentView {
            href: paper_href(code.unwrap_or("so"), paper.id.raw()),
            name: paper.name.clone(),
            detail: "PDF".to_owned(),
            issued: format!("Lập lúc {}", vi::moment(paper.issued_at)),
            outdated: state.and_then(|state| outdated(&state, Lang::Vi)),
            ..DocumentView::default()
        });
    }
    Ok(papers)
}

/// The procedures by which entries are corrected.
fn corrections(visit: &Visit) -> Vec<Link> {
    let today = visit.ctx.now.date();
    let content = visit.app().content();
    let amending = content.procedures.iter().filter(|procedure| {
        let in_force = content.procedure_on(&procedure.code, today);
        procedure.amend.is_some()
            && in_force.is_some_and(|now| now.valid_from == procedure.valid_from)
    });
    amending
        .map(|procedure| Link {
            href: format!("/thu-tuc/{}", procedure.slug),
            text: procedure.name.vi.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(purpose: &str, words: &str) -> Reason {
        Reason { purpose: purpose.to_owned(), words: words.to_owned() }
    }

    #[test]
    fn a_reason_is_a_purpose_and_words_of_ones_own() {
        let whole = reason(HANDLING, "H20.15-261122-0001").sentence();
        assert_eq!(whole.ok().as_deref(), Some("Giải quyết hồ sơ: H20.15-261122-0001"));
        let hrefs = |reason: Reason| -> Vec<String> {
            let faults = reason.sentence().err().unwrap_or_default();
            faults.into_iter().map(|fault| fault.href).collect()
        };
        assert_eq!(hrefs(reason("", "")), ["#muc-dich", "#ly-do"]);
        assert_eq!(hrefs(reason("khac", "H20.15-261122-0001")), ["#muc-dich"]);
        assert_eq!(hrefs(reason(HANDLING, "x")), ["#ly-do"]);
    }

    #[test]
    fn a_version_names_only_the_columns_that_read_differently() {
        let shown = |field: &str, text: &str| Shown {
            field: field.to_owned(),
            label: field.to_owned(),
            text: text.to_owned(),
            iso: String::new(),
        };
        let before = [shown("name", "Lê An"), shown("sex", "Nam")];
        let after = [shown("name", "Lê Ân"), shown("sex", "Nam")];
        let changes = changes(&before, &after);
        assert_eq!(changes.len(), 1);
        assert_eq!((changes[0].before.as_str(), changes[0].after.as_str()), ("Lê An", "Lê Ân"));
    }
}
