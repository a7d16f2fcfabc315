//! The pages of questions: shown, sent, saved while somebody types.

use std::collections::BTreeMap;

use app::drafts;
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use dossier::Answers;
use dossier::form::{Checked, display_value};
use kernel::error::{Error, ErrorCode};
use kernel::problem::Problem;
use pack::model::{FieldKind, Section};
use serde_json::{Map, Value};

use super::files::attach_all;
use super::frame::{Filing, has_fault_in, is_asked, saved_text};
use super::starting::FAULTY;
use crate::failure::{ApiFailure, Failure, PageResult, go, show_with};
use crate::page::field::FieldView;
use crate::page::filing::{AutosaveReply, FieldProblem, SectionPage};
use crate::page::shell::Area;
use crate::pages::asked::Asked;
use crate::pages::fields::{is_blank, patch, root_of, say, without_row};
use crate::posted::{Fields, Posted};
use crate::visit::Visit;

/// How a page of questions is shown.
#[derive(Default)]
pub(super) struct Shown {
    /// What is said beside the fields.
    pub(super) problems: Vec<Problem>,
    /// Rows of groups to be shown at least.
    pub(super) rows: BTreeMap<String, usize>,
    /// Faults are gathered at the top, and the status says so.
    pub(super) refused: bool,
}

/// Name of no section: the first page on which something is open.
const GO_ON: &str = "tiep-tuc";

/// `GET /nhap/{draft}/{section}`. With `?sua=1` everything that is missing is shown too.
pub(crate) async fn section(
    Path((id, section)): Path<(String, String)>,
    asked: Asked,
    visit: Visit,
) -> PageResult {
    let filing = Filing::open(&visit, &id).await?;
    if section == GO_ON {
        return Ok(go(&filing.open_page(visit.app(), visit.ctx.now.date())));
    }
    let checked = filing.draft.check(visit.app(), visit.ctx.now.date(), asked.has("sua"));
    let section = visit.ok(filing.section(&section))?;
    if !is_asked(section, &checked) {
        return Ok(go(&filing.page_after(&section.id, &checked)));
    }
    let shown = Shown { problems: checked.problems.clone(), ..Shown::default() };
    Ok(show_section(&visit, &filing, section, &checked, &shown))
}

/// A page of questions.
pub(super) fn show_section(
    visit: &Visit,
    filing: &Filing,
    section: &Section,
    checked: &Checked,
    shown: &Shown,
) -> Response {
    let drawn = filing.draw(visit, checked, &shown.problems, &shown.rows, |drawing| {
        (drawing.section(section), drawing.faults(section))
    });
    let (fields, faults) = drawn;
    let has_files = section.fields.iter().any(|field| is_file(&field.kind));
    let page = SectionPage {
        ui: visit.ui(Area::MyDossiers),
        draft: filing.frame(visit, Some(&section.id)),
        section: section.id.clone(),
        title: say(visit.lang(), &section.title),
        help: say(visit.lang(), &section.help),
        fields,
        faults: if shown.refused { faults } else { Vec::new() },
        back_href: filing.page_before(Some(&section.id), checked),
        has_files,
    };
    show_with(if shown.refused { FAULTY } else { StatusCode::OK }, &page)
}

fn is_file(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::File { .. })
}

/// A section saved.
pub(super) struct Saved {
    /// The form as it is now.
    pub(super) filing: Filing,
    /// Its check as a draft.
    pub(super) checked: Checked,
    /// What was sent.
    pub(super) patch: Answers,
}

/// Saves what the form of a section says. Nothing is refused: a draft loses nothing.
pub(super) async fn save(
    visit: &Visit,
    filing: &Filing,
    section: &Section,
    pairs: &[(String, String)],
) -> Result<Saved, Error> {
    let (app, ctx) = (visit.app(), &visit.ctx);
    let patch = patch(section, pairs, &filing.draft.answers, &app.content().units);
    let (draft, checked) = drafts::save(app, ctx, filing.draft.id, patch.clone(), None).await?;
    let request = filing.request.clone();
    Ok(Saved { filing: Filing { draft, request }, checked, patch })
}

/// `POST /nhap/{draft}/{section}`: saves, then does what the button says.
pub(crate) async fn section_sent(
    Path((id, section)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    let Posted { visit, fields, files } = posted;
    let filing = Filing::open(&visit, &id).await?;
    let section = visit.ok(filing.section(&section))?.clone();
    let pairs = match fields.get("xoa-dong") {
        Some(row) => without_row(fields.pairs(), row),
        None => fields.pairs().to_vec(),
    };
    let mut saved = visit.ok(save(&visit, &filing, &section, &pairs).await)?;
    if !files.is_empty() {
        let refused = attach_all(&visit, &filing, files).await?;
        saved = reloaded(&visit, saved).await?;
        if !refused.is_empty() {
            return Ok(show_refused(&visit, &saved, &section, refused));
        }
    }
    answer(&visit, &fields, &saved, &section)
}

/// The form again, after files were added to it or taken off it.
pub(super) async fn reloaded(visit: &Visit, saved: Saved) -> Result<Saved, Failure> {
    let id = saved.filing.draft.id;
    let draft = visit.ok(drafts::load(visit.app(), &visit.ctx, id).await)?;
    let checked = draft.check(visit.app(), visit.ctx.now.date(), false);
    let filing = Filing { draft, request: saved.filing.request };
    Ok(Saved { filing, checked, patch: saved.patch })
}

/// The page again with what was refused (files) beside what is wrong with the answers.
pub(super) fn show_refused(
    visit: &Visit,
    saved: &Saved,
    section: &Section,
    refused: Vec<Problem>,
) -> Response {
    let problems = saved.checked.problems.iter().cloned().chain(refused).collect();
    let shown = Shown { problems, refused: true, ..Shown::default() };
    show_section(visit, &saved.filing, section, &saved.checked, &shown)
}

fn answer(visit: &Visit, fields: &Fields, saved: &Saved, section: &Section) -> PageResult {
    let Saved { filing, checked, patch } = saved;
    let here = filing.page(&section.id);
    if fields.has("luu-sau") {
        return Ok(go("/ho-so"));
    }
    if let Some(name) = fields.get("cap-nhat") {
        return Ok(go(&format!("{here}#{}", FieldView::id_of(name))));
    }
    if let Some(row) = fields.get("xoa-dong") {
        return Ok(go(&format!("{here}#{}", FieldView::id_of(root_of(row)))));
    }
    if let Some(group) = fields.get("them-dong") {
        let count = patch.get(group).and_then(Value::as_array).map_or(0, Vec::len);
        let rows = BTreeMap::from([(group.to_owned(), count.saturating_add(1))]);
        let shown = Shown { problems: checked.problems.clone(), rows, refused: false };
        return Ok(show_section(visit, filing, section, checked, &shown));
    }
    let complete = filing.draft.check(visit.app(), visit.ctx.now.date(), true);
    if has_fault_in(section, &complete.problems) {
        let shown =
            Shown { problems: complete.problems.clone(), refused: true, ..Shown::default() };
        return Ok(show_section(visit, filing, section, &complete, &shown));
    }
    Ok(go(&filing.page_after(&section.id, checked)))
}

/// `POST /nhap/{draft}/tu-luu`: what the script saves while somebody types.
pub(crate) async fn autosave(
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, ApiFailure> {
    let Posted { visit, fields, .. } = posted;
    if visit.ctx.account().is_none() {
        return Err(Error::new(ErrorCode::Unauthenticated).into());
    }
    let filing = Filing::open(&visit, &id).await.map_err(|failure| failure.error().clone())?;
    let section = filing.section(fields.text("section"))?;
    let saved = save(&visit, &filing, section, fields.pairs()).await?;
    Ok(Json(reply(&visit, &saved, section)).into_response())
}

fn reply(visit: &Visit, saved: &Saved, section: &Section) -> AutosaveReply {
    let Saved { filing, checked, patch } = saved;
    let mut reply = AutosaveReply {
        saved_at_text: saved_text(visit.lang(), filing.draft.updated_at, visit.ctx.now.date()),
        ..AutosaveReply::default()
    };
    let none = BTreeMap::new();
    filing.draw(visit, checked, &checked.problems, &none, |drawing| {
        for field in section.fields.iter().filter(|field| checked.visible.contains(&field.id)) {
            reply.visible.push(field.id.clone());
            let value = checked.answers.get(&field.id).unwrap_or(&Value::Null);
            if field.compute.is_some() {
                let text = display_value(&field.kind, value, &drawing.ctx);
                reply.computed.insert(field.id.clone(), text);
            }
            let FieldKind::Group { fields, .. } = &field.kind else {
                continue;
            };
            for (place, row) in rows_as_sent(patch.get(&field.id), value).iter().enumerate() {
                reply.visible.extend(drawing.asked_in_row(field, place, row));
                for inner in fields.iter().filter(|inner| inner.compute.is_some()) {
                    let value = row.get(&inner.id).unwrap_or(&Value::Null);
                    let text = display_value(&inner.kind, value, &drawing.ctx);
                    reply.computed.insert(format!("{}.{place}.{}", field.id, inner.id), text);
                }
            }
        }
    });
    let is_here = |problem: &&Problem| {
        let root = root_of(&problem.path);
        problem.is_error() && section.fields.iter().any(|field| field.id == root)
    };
    let problem = |problem: &Problem| FieldProblem {
        path: path_as_sent(&problem.path, patch),
        message: problem.message.clone(),
    };
    reply.problems = checked.problems.iter().filter(is_here).map(problem).collect();
    reply
}

/// The rows in the places in which the page has them: the check leaves blank ones out.
fn rows_as_sent(sent: Option<&Value>, settled: &Value) -> Vec<Map<String, Value>> {
    let sent = sent.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut filled = settled.as_array().map(Vec::as_slice).unwrap_or_default().iter();
    let row = |row: &Value| match is_blank(row) {
        true => Map::new(),
        false => filled.next().and_then(Value::as_object).cloned().unwrap_or_default(),
    };
    sent.iter().map(row).collect()
}

/// `witnesses.1.name` as the page counts: blank rows before it count there too.
fn path_as_sent(path: &str, patch: &Answers) -> String {
    let mut parts = path.splitn(3, '.');
    let (Some(group), Some(place)) = (parts.next(), parts.next()) else {
        return path.to_owned();
    };
    let Ok(place) = place.parse::<usize>() else {
        return path.to_owned();
    };
    let Some(rows) = patch.get(group).and_then(Value::as_array) else {
        return path.to_owned();
    };
    let mut filled = rows.iter().enumerate().filter(|(_, row)| !is_blank(row));
    let Some((shown, _)) = filled.nth(place) else {
        return path.to_owned();
    };
    match parts.next() {
        Some(rest) => format!("{group}.{shown}.{rest}"),
        None => format!("{group}.{shown}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn blank_rows_of_the_page_keep_their_places_for_the_script() {
        let sent = json!([{ "a": "1" }, {}, { "a": "2" }]);
        let rows = rows_as_sent(Some(&sent), &json!([{ "a": 1 }, { "a": 2 }]));
        let rows: Vec<Value> = rows.into_iter().map(Value::Object).collect();
        assert_eq!(rows, [json!({ "a": 1 }), json!({}), json!({ "a": 2 })]);
        let patch = Answers::from_iter([("g".to_owned(), sent)]);
        assert_eq!(path_as_sent("g.1.a", &patch), "g.2.a");
        assert_eq!(path_as_sent("g.0", &patch), "g.0");
        assert_eq!(path_as_sent("g.7.a", &patch), "g.7.a");
        assert_eq!(path_as_sent("mother.number", &patch), "mother.number");
    }
}
