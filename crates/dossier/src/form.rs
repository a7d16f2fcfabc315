//! Forms: answers checked, made normal, shown, filled in advance and described.

mod address;
mod display;
mod locked;
mod path;
mod person;
mod prefill;
mod reader;
mod required;
mod schema;
mod settle;
mod spot;
mod text_format;
mod words;

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::problem::{Problem, Problems, has_errors};
use pack::Content;
use pack::Facts;
use pack::expr;
use pack::model::{ChoiceOption, Field, Form, Rule, Section};
use serde_json::{Map, Value as Json};

pub use display::{DisplayItem, DisplayPart, DisplaySection, display, display_value};
pub use locked::locked_changes;
pub use prefill::{Known, prefill};
pub use schema::json_schema;
pub use words::{part_label, part_label_en};

use crate::state::Answers;
use reader::{MAX_UNKNOWN_KEYS, Origin, Reader, shortened};
use settle::Settled;
use spot::Spot;

/// What a form is checked against.
#[derive(Clone, Copy)]
pub struct FormContext<'a> {
    /// Code lists and units.
    pub content: &'a Content,
    /// The day of filing, seen by expressions as `filed_on`.
    pub filed_on: Date,
    /// The day of the check: dates of what has happened may not lie after it. Later than `filed_on`
    /// when papers are supplied.
    pub today: Date,
    /// Person record of the one who applies, seen by expressions as `applicant`.
    pub applicant: Option<&'a Json>,
    /// What else expressions see: `answer` (request id to text) and `found` (lookup id to entry), in
    /// the shapes that [`pack::facts::Facts`] describes.
    pub extra: &'a Map<String, Json>,
    /// Uploaded files by upload id; `None` for one that is not there or not this person's.
    pub uploads: &'a dyn Fn(&str) -> Option<UploadInfo>,
}

impl<'a> FormContext<'a> {
    /// What expressions over these answers see.
    pub fn facts(&self, form: &'a Form, answers: &'a Answers) -> Facts<'a> {
        Facts {
            content: self.content,
            form,
            answers,
            row: None,
            filed_on: self.filed_on,
            applicant: self.applicant,
            extra: self.extra,
        }
    }

    /// The options of a shared code list.
    pub(crate) fn list(&self, id: &str) -> Option<&'a [ChoiceOption]> {
        self.content.code_lists.get(id).map(|list| list.items.as_slice())
    }
}

/// What is known of an uploaded file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadInfo {
    /// Name that the person gave it.
    pub name: String,
    /// Type recognised by content, such as `application/pdf`.
    pub mime: String,
    /// Size.
    pub bytes: u64,
}

/// The answers after the check.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// Normalised, hidden ones dropped, computed ones filled. Where a problem was found the answer
    /// stays as it was typed, so that a draft loses nothing.
    pub answers: Answers,
    /// Ids of the fields and sections that are asked.
    pub visible: BTreeSet<String>,
    /// Everything that is wrong, in the order of the form.
    pub problems: Problems,
}

impl Checked {
    /// May the form be sent? Warnings do not stand in the way.
    pub fn is_acceptable(&self) -> bool {
        !has_errors(&self.problems)
    }
}

/// Checks the answers of a form: all problems at once.
///
/// With `complete` every required answer must be there; without it (drafts) gaps are no problem,
/// and a rule is looked at only once all the fields that it points at are answered.
pub fn check(form: &Form, answers: &Answers, ctx: &FormContext<'_>, complete: bool) -> Checked {
    let layout = Layout::of(form);
    let origin = Origin { field: 0, inner: None };
    let mut reader = Reader { ctx, complete, origin, problems: Vec::new() };

    let read = read_answers(&layout, answers, &mut reader);
    let settled = settle::settle(&layout, ctx, read);
    if complete {
        required::report_missing(&layout, &settled, &mut reader);
    }
    let mut problems = reader.problems;
    problems.retain(|(origin, _)| settled.is_asked(*origin));
    report_broken_rules(&layout, &settled, ctx, complete, &mut problems);
    report_unknown_fields(&layout, answers, &mut problems);
    problems.sort_by_key(|(origin, _)| origin.field);

    Checked {
        visible: settled.visible_ids(&layout),
        answers: settled.answers,
        problems: problems.into_iter().map(|(_, problem)| problem).collect(),
    }
}

/// The fields of a form in their order, each with its section's place.
pub(crate) struct Layout<'a> {
    pub(crate) form: &'a Form,
    pub(crate) fields: Vec<(&'a Field, usize)>,
}

impl<'a> Layout<'a> {
    fn of(form: &'a Form) -> Layout<'a> {
        let of_section = |(place, section): (usize, &'a Section)| {
            section.fields.iter().map(move |field| (field, place))
        };
        let fields = form.sections.iter().enumerate().flat_map(of_section).collect();
        Layout { form, fields }
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.fields.iter().position(|(field, _)| field.id == id)
    }
}

fn read_answers(layout: &Layout<'_>, answers: &Answers, reader: &mut Reader<'_>) -> Answers {
    let mut read = Answers::new();
    for (place, (field, _)) in layout.fields.iter().enumerate() {
        // A computed answer is never typed; a draft that brings it back is not at fault.
        let Some(raw) = answers.get(&field.id).filter(|_| field.compute.is_none()) else {
            continue;
        };
        reader.origin = Origin { field: place, inner: None };
        let spot = Spot::field(&field.id, &field.label.vi);
        if let Some(value) = reader.read(&field.kind, raw, &spot) {
            read.insert(field.id.clone(), value);
        }
    }
    read
}

fn report_broken_rules(
    layout: &Layout<'_>,
    settled: &Settled,
    ctx: &FormContext<'_>,
    complete: bool,
    problems: &mut Vec<(Origin, Problem)>,
) {
    let facts = ctx.facts(layout.form, &settled.answers);
    for rule in &layout.form.rules {
        let is_answered = |path: &String| settled.answers.contains_key(root_of(path));
        let is_due = complete || rule.fields.iter().all(is_answered);
        if !is_due || !rule_counts(rule, &facts) || expr::holds(&rule.holds, &facts) {
            continue;
        }
        let paths = rule.fields.iter().map(String::as_str);
        let shown = paths.filter_map(|path| Some((layout.place(root_of(path))?, path)));
        let mut places: Vec<(usize, &str)> =
            shown.filter(|(place, _)| settled.is_visible(*place)).collect();
        if places.is_empty() {
            // No field to stand at: still a reason to refuse, at the end of the form.
            places.push((layout.fields.len(), ""));
        }
        for (place, path) in places {
            let problem = Problem::new(rule.id.as_str(), path, rule.message.vi.as_str());
            problems.push((Origin { field: place, inner: None }, problem));
        }
    }
}

/// The field that a path such as `mother.birth_date` begins with.
fn root_of(path: &str) -> &str {
    path.split('.').next().unwrap_or_default()
}

fn rule_counts(rule: &Rule, facts: &Facts<'_>) -> bool {
    rule.when.as_ref().is_none_or(|when| expr::is_true(when, facts))
}

fn report_unknown_fields(
    layout: &Layout<'_>,
    answers: &Answers,
    problems: &mut Vec<(Origin, Problem)>,
) {
    let end = layout.fields.len();
    let unknown = answers.keys().filter(|key| layout.place(key).is_none());
    for key in unknown.take(MAX_UNKNOWN_KEYS) {
        let key = shortened(key);
        let message = format!(
            "Tờ khai không có mục “{key}”. Hãy tải lại trang để dùng mẫu tờ khai hiện hành."
        );
        let origin = Origin { field: end, inner: None };
        problems.push((origin, Problem::new("field.unknown", key, message)));
    }
}
