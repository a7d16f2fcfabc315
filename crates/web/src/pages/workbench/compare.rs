//! The form beside what population data and registers say.

use app::App;
use app::dossiers::DossierView;
use dossier::findings::{self, CheckOutcome, CheckResult};
use dossier::form::{self, DisplayItem, FormContext, display_value, part_label};
use kernel::format::vi;
use kernel::moment::Moment;
use kernel::text::{clean_line, normalise_tone_placement};
use pack::model::{CheckSource, CheckTime, FieldKind, PersonPart};
use serde_json::{Map, Value};

use crate::page::parts::{Link, Tone};
use crate::page::workbench::{CheckView, CompareRow, CompareSection, Verdict};
use crate::pages::views::{address, files_of, form_context, may_read_registers};
use crate::visit::Visit;

/// Name of the source in a narrow column.
const POPULATION: &str = "Dân cư";

/// The form by section; persons part by part beside their records. What was neither answered nor is
/// known is left out.
pub(super) fn sections(app: &App, view: &DossierView) -> Vec<CompareSection> {
    let form = &view.procedure.form;
    form_context(app, view, |ctx| {
        let shown = form::display(form, &view.dossier.answers, &view.dossier.sources, ctx);
        let sections = shown.into_iter().map(|section| {
            let asked = |item: &&DisplayItem| view.persons.iter().any(|(id, _)| *id == item.field);
            // One person in a section needs no name beside its heading.
            let is_alone = section.items.iter().filter(asked).count() == 1;
            let rows = section.items.iter().flat_map(|item| rows(view, item, is_alone, ctx));
            CompareSection { title: section.title, rows: rows.filter(says_something).collect() }
        });
        sections.filter(|section| !section.rows.is_empty()).collect()
    })
}

fn says_something(row: &CompareRow) -> bool {
    !row.answer.is_empty() || !row.known.is_empty() || !row.files.is_empty()
}

fn rows(
    view: &DossierView,
    item: &DisplayItem,
    is_alone: bool,
    ctx: &FormContext<'_>,
) -> Vec<CompareRow> {
    let field = view.procedure.form.field(&item.field);
    let asked = view.persons.iter().find(|(field, _)| *field == item.field);
    match (field.map(|field| (field, &field.kind)), asked) {
        (Some((field, FieldKind::Person { parts, .. })), Some((_, record))) => {
            let answer = view.dossier.answers.get(&item.field).unwrap_or(&Value::Null);
            let mut rows: Vec<CompareRow> = parts
                .iter()
                .enumerate()
                .map(|(place, part)| person_row(*part, answer, record.as_ref(), place == 0, ctx))
                .collect();
            if let Some(first) = rows.first_mut().filter(|_| !is_alone) {
                first.label = format!("{}: {}", field.label.vi, lower_first(&first.label));
            }
            rows
        }
        _ => vec![CompareRow {
            label: item.label.clone(),
            answer: match field.map(|field| &field.kind) {
                Some(FieldKind::File { .. }) => String::new(),
                _ if item.parts.is_empty() => item.text.clone(),
                _ => lines(item),
            },
            known: String::new(),
            source: item.source.as_ref().map(|_| POPULATION.to_owned()).unwrap_or_default(),
            verdict: Verdict::NotHeld,
            files: files_of(view, &item.field),
        }],
    }
}

fn lines(item: &DisplayItem) -> String {
    let lines = item.parts.iter().map(|part| format!("{}: {}", part.label, part.text));
    lines.collect::<Vec<_>>().join("\n")
}

fn person_row(
    part: PersonPart,
    answer: &Value,
    record: Option<&Value>,
    is_first: bool,
    ctx: &FormContext<'_>,
) -> CompareRow {
    let kind = FieldKind::Person { parts: vec![part], optional: Vec::new() };
    let answer = display_value(&kind, answer, ctx);
    let known = record.map(|record| display_value(&kind, record, ctx)).unwrap_or_default();
    let verdict = match record {
        None if is_first => Verdict::Unknown,
        _ => verdict(&answer, &known),
    };
    CompareRow {
        label: part_label(part).to_owned(),
        source: match (record, is_first) {
            (None, true) => "Dân cư chưa có hoặc chưa trả lời".to_owned(),
            _ if known.is_empty() => String::new(),
            _ => POPULATION.to_owned(),
        },
        answer,
        known,
        verdict,
        files: Vec::new(),
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_lowercase).collect();
    format!("{first}{}", letters.as_str())
}

/// How an answer compares with what is known. Writing `hoà` for `hòa`, or a capital for a small
/// letter, is no difference; a tone or a letter is.
pub(super) fn verdict(answer: &str, known: &str) -> Verdict {
    if answer.is_empty() || known.is_empty() {
        return Verdict::NotHeld;
    }
    if normal(answer) == normal(known) { Verdict::Same } else { Verdict::Differs }
}

fn normal(text: &str) -> String {
    normalise_tone_placement(&clean_line(text)).to_lowercase()
}

/// The comparisons, the worst first, and the entries found in registers.
pub(super) fn checks(visit: &Visit, view: &DossierView) -> Vec<CheckView> {
    let (app, now) = (visit.app(), visit.ctx.now);
    let mut checks: Vec<CheckView> =
        view.checks.iter().map(|result| check(app, view, result, now)).collect();
    checks.extend(lookups(app, view));
    if !may_read_registers(visit) {
        for check in &mut checks {
            check.link = None;
        }
    }
    checks.sort_by_key(|check| match check.tone {
        Tone::Late => 0,
        Tone::Attention => 1,
        Tone::Plain | Tone::Busy => 2,
        Tone::Done => 3,
    });
    checks
}

fn check(app: &App, view: &DossierView, result: &CheckResult, now: Moment) -> CheckView {
    let blocks = result.at != CheckTime::Advise;
    let (tone, verdict) = match result.outcome {
        CheckOutcome::Holds => (Tone::Done, "Khớp"),
        CheckOutcome::Fails if blocks => (Tone::Late, "Chặn ký"),
        CheckOutcome::Fails => (Tone::Attention, "Cần xem"),
        CheckOutcome::Unknown => (Tone::Plain, "Chưa có dữ liệu"),
    };
    let known = view.procedure.checks.iter().find(|check| check.id == result.check);
    let source = known.map(|check| match &check.source {
        CheckSource::Population { .. } => {
            format!("CSDL quốc gia về dân cư, {}", vi::time(now.time()))
        }
        CheckSource::Register { register, .. } => app
            .content()
            .registers
            .get(register)
            .map(|register| register.name.vi.clone())
            .unwrap_or_default(),
    });
    CheckView {
        label: result.label.clone(),
        tone,
        verdict: verdict.to_owned(),
        text: result.message.clone(),
        link: None,
        source: source.unwrap_or_default(),
    }
}

/// The entries that the procedure looks for: found, with the way to them, or not.
fn lookups(app: &App, view: &DossierView) -> Vec<CheckView> {
    let wanted: Vec<String> = form_context(app, view, |ctx| {
        let facts = ctx.facts(&view.procedure.form, &view.dossier.answers);
        findings::lookups(&view.procedure, &facts).into_iter().map(|query| query.id).collect()
    });
    let known = view
        .procedure
        .lookups
        .iter()
        .filter(|lookup| wanted.contains(&lookup.id) || view.found.contains_key(&lookup.id));
    known
        .map(|lookup| {
            let entry = view.found.get(&lookup.id).and_then(Value::as_object);
            CheckView {
                label: lookup.label.vi.clone(),
                tone: if entry.is_some() { Tone::Done } else { Tone::Attention },
                verdict: if entry.is_some() { "Có trong sổ" } else { "Chưa thấy" }.to_owned(),
                text: match entry {
                    Some(_) => String::new(),
                    None => "Chưa tìm thấy trong sổ theo những gì đã khai.".to_owned(),
                },
                link: entry.and_then(|entry| entry_link(app, view, entry)),
                source: String::new(),
            }
        })
        .collect()
}

/// The way to an entry found, for the reason that this dossier is.
fn entry_link(app: &App, view: &DossierView, entry: &Map<String, Value>) -> Option<Link> {
    let text = |key: &str| entry.get(key).and_then(Value::as_str);
    let register = app.content().registers.get(text("register")?)?;
    let title = text(&register.title_field).unwrap_or_default();
    Some(Link {
        href: entry_href(&register.id, text("id")?, &view.dossier.code),
        text: format!("{title}, số {}", text("number_text")?),
    })
}

/// The page of an entry, read to handle a dossier.
pub(super) fn entry_href(register: &str, entry: &str, code: &str) -> String {
    let purpose = crate::pages::register::HANDLING;
    address(&format!("/can-bo/so/{register}/{entry}"), &[("muc-dich", purpose), ("ly-do", code)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_letter_or_tone_makes_a_difference_not_the_way_it_is_written() {
        assert_eq!(verdict("Nguyễn Thị Hoà", "NGUYỄN THỊ HÒA"), Verdict::Same);
        assert_eq!(verdict("Nguyễn Thị  Hòa", "Nguyễn Thị Hòa"), Verdict::Same);
        assert_eq!(verdict("Nguyễn Thị Hoa", "Nguyễn Thị Hòa"), Verdict::Differs);
        assert_eq!(verdict("05/11/1998", "1998"), Verdict::Differs);
    }

    #[test]
    fn what_is_not_held_is_not_compared() {
        assert_eq!(verdict("Kinh", ""), Verdict::NotHeld);
        assert_eq!(verdict("", "Kinh"), Verdict::NotHeld);
    }
}
