//! Answers and fees as people read them.

use app::App;
use app::dossiers::DossierView;
use dossier::findings;
use dossier::form::{self, DisplayItem, FormContext, UploadInfo};
use kernel::format::vi;
use pack::model::FieldKind;
use serde_json::{Map, Value};

use super::file_link;
use crate::page::parts::{AnswerItem, AnswerSection, FeeView, FileLink};
use crate::page::shell::Lang;
use crate::pages::describe;
use crate::pages::fields::say;

/// What expressions and displays see of a dossier: `answer`, `found`, its files.
pub(crate) fn form_context<T>(
    app: &App,
    view: &DossierView,
    use_it: impl FnOnce(&FormContext<'_>) -> T,
) -> T {
    let extra: Map<String, Value> = findings::extra(&view.dossier.requests, &view.found);
    let uploads = |id: &str| {
        let found = view.uploads.iter().find(|upload| upload.id.to_string() == id);
        found.map(|upload| UploadInfo {
            name: upload.name.clone(),
            mime: upload.mime.clone(),
            bytes: upload.bytes,
        })
    };
    let filed_on = view.dossier.submitted_at.date();
    use_it(&FormContext {
        content: app.content(),
        filed_on,
        today: filed_on,
        applicant: view.applicant.as_ref(),
        extra: &extra,
        uploads: &uploads,
    })
}

/// What was answered, by section.
pub(crate) fn answers(app: &App, view: &DossierView, lang: Lang) -> Vec<AnswerSection> {
    let form = &view.procedure.form;
    let shown = form_context(app, view, |ctx| {
        form::display(form, &view.dossier.answers, &view.dossier.sources, ctx)
    });
    let titled = shown.into_iter().map(|section| {
        let known = form.sections.iter().find(|known| known.id == section.id);
        let title = known.map_or(section.title, |known| say(lang, &known.title));
        let items = section.items.iter().map(|item| answer(view, item, lang)).collect();
        AnswerSection { title, change_href: None, items }
    });
    titled.collect()
}

fn answer(view: &DossierView, item: &DisplayItem, lang: Lang) -> AnswerItem {
    let field = view.procedure.form.field(&item.field);
    let files = files_of(view, &item.field);
    let text = if files.is_empty() { lines(item) } else { String::new() };
    AnswerItem {
        label: field.map_or_else(|| item.label.clone(), |field| say(lang, &field.label)),
        text,
        source: item.source.as_ref().map(|source| source_text(source, lang)),
        files,
        problem: None,
        change_href: None,
    }
}

/// The parts of a person or the rows of a group on a line each.
fn lines(item: &DisplayItem) -> String {
    if item.parts.is_empty() {
        return item.text.clone();
    }
    let lines = item.parts.iter().map(|part| format!("{}: {}", part.label, part.text));
    lines.collect::<Vec<_>>().join("\n")
}

/// Where an answer was taken from.
pub(super) fn source_text(source: &dossier::Source, lang: Lang) -> String {
    let from = match source.from.as_str() {
        "population" => {
            lang.t("Cơ sở dữ liệu quốc gia về dân cư", "the national population database")
        }
        _ => lang.t("dữ liệu đã có", "the data held"),
    };
    format!("{} {from}, {}", lang.t("Lấy từ", "Taken from"), vi::moment(source.at))
}

/// The files of a file field.
pub(crate) fn files_of(view: &DossierView, field: &str) -> Vec<FileLink> {
    let kind = view.procedure.form.field(field).map(|field| &field.kind);
    if !matches!(kind, Some(FieldKind::File { .. })) {
        return Vec::new();
    }
    let ids = view.dossier.answers.get(field).and_then(Value::as_array);
    ids.into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter_map(|id| view.uploads.iter().find(|upload| upload.id.to_string() == id))
        .map(|upload| file_link(&view.dossier.code, upload))
        .collect()
}

/// What a dossier costs.
pub(crate) fn fees(app: &App, view: &DossierView, lang: Lang) -> Vec<FeeView> {
    let procedure = &view.procedure;
    let lines = form_context(app, view, |ctx| dossier::fees(procedure, &view.dossier.answers, ctx));
    describe::bill(lang, procedure, &lines)
}
