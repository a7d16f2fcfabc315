//! Lists of documents by their state on a day, and what the change of a document touches.

use app::law::reviewing;
use app::law::systematising::{
    self, ListFilter, ListedDocument, State, touched_documents, touched_procedures,
};
use axum::http::StatusCode;
use jiff::civil::Date;
use kernel::error::ErrorCode;
use kernel::format::vi;
use kernel::partial_date::parse_date_input;

use super::page::{ListedView, ListsPage, TouchedProcedureView, TouchedRow, TouchedView};
use crate::failure::{Failure, PageResult, show_with, status_of};
use crate::page::parts::{Fault, OptionView, Tone};
use crate::page::shell::Area;
use crate::page::workbench::ViewLink;
use crate::pages::asked::Asked;
use crate::pages::views::{address, inline_file};
use crate::visit::Visit;

/// Documents on one page.
const PAGE: usize = 50;
/// Documents shown as touched; the count says how many more there are.
const MOST_TOUCHED: usize = 200;
/// Where the lists are.
const HERE: &str = "/can-bo/law-lists";

/// What was asked for.
struct Typed {
    day: Date,
    day_text: String,
    filter: ListFilter,
    state: State,
    page: usize,
    changed: String,
    faults: Vec<Fault>,
}

impl Typed {
    fn of(asked: &Asked, today: Date) -> Self {
        let text = |name: &str| asked.text(name).chars().take(200).collect::<String>();
        let mut faults = Vec::new();
        let day = match asked.text("day") {
            "" => today,
            // Both spellings: addresses have ISO days, people type the other.
            typed => match typed.parse().or_else(|_| parse_date_input(typed)) {
                Ok(day) => day,
                Err(problem) => {
                    let message = problem.message;
                    faults.push(Fault { href: "#day".to_owned(), message });
                    today
                }
            },
        };
        let day_text = if faults.is_empty() { vi::date(day) } else { text("day") };
        let filter =
            ListFilter { issuer: text("issuer"), kind: text("kind"), field: text("field") };
        let page = asked.text("page").parse().unwrap_or(1).clamp(1, 10_000);
        let state = State::of(asked.text("state")).unwrap_or(State::InForce);
        Self { day, day_text, filter, state, page, changed: text("changed"), faults }
    }

    fn href(&self, path: &str, more: &[(&str, &str)]) -> String {
        let day = self.day.to_string();
        let mut pairs = vec![
            ("day", day.as_str()),
            ("issuer", &self.filter.issuer),
            ("kind", &self.filter.kind),
            ("field", &self.filter.field),
        ];
        pairs.extend(more);
        address(path, &pairs)
    }
}

/// `GET /can-bo/law-lists`.
pub(crate) async fn show(asked: Asked, visit: Visit) -> PageResult {
    visit.officer()?;
    visit.ok(reviewing::require(visit.app(), &visit.ctx))?;
    let typed = Typed::of(&asked, visit.ctx.now.date());
    let corpus = visit.app().law();
    let lists = visit.ok(systematising::lists(corpus, typed.day, &typed.filter).await)?;
    let list = lists.of(typed.state);
    let start = (typed.page - 1).saturating_mul(PAGE);
    let shown: Vec<ListedView> =
        list.iter().skip(start).take(PAGE).map(|one| row(&typed, one, typed.state)).collect();
    let turn = |page: usize| {
        typed.href(HERE, &[("state", typed.state.name()), ("page", &page.to_string())])
    };
    let views = State::ALL.into_iter().map(|state| ViewLink {
        href: typed.href(HERE, &[("state", state.name())]),
        label: state.text().to_owned(),
        count: u64::try_from(lists.of(state).len()).ok(),
        tone: Tone::Plain,
        current: state == typed.state,
    });
    let is_ended = matches!(typed.state, State::Partly | State::Expired);
    let status =
        if typed.faults.is_empty() { StatusCode::OK } else { status_of(ErrorCode::Invalid) };
    let page = ListsPage {
        ui: visit.ui(Area::LawLists),
        views: views.collect(),
        kinds: kinds(&lists.kinds, &typed.filter.kind),
        issuers: lists.issuers.iter().take(300).cloned().collect(),
        title: typed.state.text(),
        state: typed.state.name(),
        ended: is_ended,
        total: format!("{} văn bản", vi::number(i64::try_from(list.len()).unwrap_or(i64::MAX))),
        previous_href: (typed.page > 1).then(|| turn(typed.page - 1)),
        next_href: (start + PAGE < list.len()).then(|| turn(typed.page + 1)),
        rows: shown,
        xlsx_href: typed.href("/can-bo/law-lists/list.xlsx", &[]),
        docx_href: typed.href("/can-bo/law-lists/list.docx", &[]),
        is_empty: lists.kinds.is_empty() && lists.issuers.is_empty(),
        touched: touched(&visit, &typed).await?,
        day: typed.day_text.clone(),
        issuer: typed.filter.issuer.clone(),
        field: typed.filter.field.clone(),
        changed: typed.changed.clone(),
        faults: typed.faults,
    };
    Ok(show_with(status, &page))
}

fn kinds(kinds: &std::collections::BTreeSet<String>, chosen: &str) -> Vec<OptionView> {
    let option = |value: &str, label: &str| OptionView {
        value: value.to_owned(),
        label: label.to_owned(),
        selected: value == chosen,
    };
    let mut options = vec![option("", "Mọi loại văn bản")];
    options.extend(kinds.iter().map(|kind| option(kind, kind)));
    options
}

fn row(typed: &Typed, one: &ListedDocument, state: State) -> ListedView {
    let day = match state {
        State::InForce | State::NotYet => one.effective_on,
        State::Partly | State::Expired => one.ended_on,
    };
    ListedView {
        href: format!("/law/{}?at={}", one.key, typed.day),
        number: one.number_and_day(),
        kind: one.kind.clone(),
        title: one.title.clone(),
        issuer: one.issuer.clone(),
        day: day.map(vi::date).unwrap_or_default(),
        note: one.reason.clone(),
    }
}

async fn touched(visit: &Visit, typed: &Typed) -> Result<Option<TouchedView>, Failure> {
    if typed.changed.is_empty() {
        return Ok(None);
    }
    let app = visit.app();
    let documents = touched_documents(app.law(), &typed.changed, typed.day).await;
    let documents = visit.ok(documents)?;
    let procedures = touched_procedures(&app.content().procedures, &typed.changed, typed.day);
    Ok(Some(TouchedView {
        more: documents.len().saturating_sub(MOST_TOUCHED),
        documents: documents
            .iter()
            .take(MOST_TOUCHED)
            .map(|one| TouchedRow {
                document: row(typed, &one.document, State::InForce),
                state: one.state.map(State::text).unwrap_or_default().to_owned(),
                ties: vi::capitalised(&one.ties.iter().copied().collect::<Vec<_>>().join("; ")),
                is_local: one.is_local,
            })
            .collect(),
        procedures: procedures
            .into_iter()
            .map(|one| TouchedProcedureView {
                href: format!("/thu-tuc/{}", one.slug),
                name: one.name,
                code: one.code,
                provisions: one.provisions,
            })
            .collect(),
    }))
}

/// `GET /can-bo/law-lists/list.xlsx`.
pub(crate) async fn xlsx(asked: Asked, visit: Visit) -> PageResult {
    visit.officer()?;
    let typed = Typed::of(&asked, visit.ctx.now.date());
    let made = systematising::xlsx(visit.app(), &visit.ctx, typed.day, &typed.filter).await;
    Ok(inline_file(visit.ok(made)?))
}

/// `GET /can-bo/law-lists/list.docx`.
pub(crate) async fn docx(asked: Asked, visit: Visit) -> PageResult {
    visit.officer()?;
    let typed = Typed::of(&asked, visit.ctx.now.date());
    let made = systematising::docx(visit.app(), &visit.ctx, typed.day, &typed.filter).await;
    Ok(inline_file(visit.ok(made)?))
}
