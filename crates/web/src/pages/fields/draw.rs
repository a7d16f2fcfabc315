//! From answers to the boxes that show them: values as typed, even when wrong.

use std::collections::{BTreeMap, BTreeSet};

use dossier::form::{FormContext, display_value, part_label, part_label_en};
use dossier::{Answers, Source};
use kernel::partial_date::PartialDate;
use kernel::problem::Problem;
use pack::model::{
    ChoiceOption, Field, FieldKind, FileType, Form, PersonPart, Section, TextFormat,
};
use pack::{Facts, Row, expr};
use serde_json::{Map, Value as Json};

use super::root_of;
use super::steers::Steers;
use crate::page::field::{
    AddressView, FieldView, FilesView, GroupRow, GroupView, Input, TextShape, UploadView,
};
use crate::page::parts::{Fault, OptionView};
use crate::page::shell::Lang;

/// Longest line in a part of a person, in characters; the form says so exactly.
const PART_LENGTH: u32 = 200;

/// A label in the language of the page; Vietnamese where there is no English.
pub(crate) fn say(lang: Lang, label: &pack::model::Label) -> String {
    match lang {
        Lang::En if !label.en.is_empty() => label.en.clone(),
        _ => label.vi.clone(),
    }
}

/// Where a filled answer was taken from.
pub(crate) fn source_text(lang: Lang, source: &Source) -> String {
    match source.from.as_str() {
        "population" => lang.t(
            "Lấy từ Cơ sở dữ liệu quốc gia về dân cư",
            "Taken from the national population database",
        ),
        "register" => lang.t("Lấy từ sổ đăng ký hộ tịch", "Taken from the civil-status register"),
        _ => lang.t("Lấy từ dữ liệu đã có", "Taken from data already held"),
    }
    .to_owned()
}

/// Everything that the fields of a form are drawn from.
pub(crate) struct Drawing<'a> {
    /// The form.
    pub(crate) form: &'a Form,
    /// Code lists, units, the day.
    pub(crate) ctx: FormContext<'a>,
    /// What was typed, also in answers to questions that are hidden now.
    pub(crate) answers: &'a Answers,
    /// The same as the check left it: hidden answers dropped, computed ones filled.
    pub(crate) settled: &'a Answers,
    /// Fields and sections that are asked.
    pub(crate) visible: &'a BTreeSet<String>,
    /// Where filled answers came from.
    pub(crate) sources: &'a BTreeMap<String, Source>,
    /// What is said beside the fields.
    pub(crate) problems: &'a [Problem],
    /// The attached files.
    pub(crate) uploads: &'a [UploadView],
    /// Where files are sent.
    pub(crate) upload_action: &'a str,
    /// Rows of a group to be shown at least, by its name.
    pub(crate) rows: &'a BTreeMap<String, usize>,
    /// Language of the page.
    pub(crate) lang: Lang,
}

/// One question with what is known of it.
struct Asked<'q> {
    field: &'q Field,
    name: String,
    value: &'q Json,
    hidden: bool,
    required: bool,
    steers: bool,
}

impl Drawing<'_> {
    /// All fields of a section, hidden ones too.
    pub(crate) fn section(&self, section: &Section) -> Vec<FieldView> {
        let steers = Steers::of(section);
        section.fields.iter().map(|field| self.field(field, &steers)).collect()
    }

    /// What is wrong on the page of a section, each said once, with links into the page.
    pub(crate) fn faults(&self, section: &Section) -> Vec<Fault> {
        let mut faults: Vec<Fault> = Vec::new();
        for problem in self.problems.iter().filter(|problem| problem.is_error()) {
            let is_here = section.fields.iter().any(|field| field.id == root_of(&problem.path));
            if is_here && faults.iter().all(|fault| fault.message != problem.message) {
                let href = format!("#{}", FieldView::id_of(&problem.path));
                faults.push(Fault { href, message: problem.message.clone() });
            }
        }
        faults
    }

    /// One field of the form.
    fn field(&self, field: &Field, steers: &Steers) -> FieldView {
        let hidden = !self.visible.contains(&field.id);
        let facts = self.ctx.facts(self.form, self.settled);
        let answers = if field.compute.is_some() { self.settled } else { self.answers };
        let asked = Asked {
            field,
            name: field.id.clone(),
            value: answers.get(&field.id).unwrap_or(&Json::Null),
            hidden,
            required: must_be_answered(field, &facts),
            steers: steers.has(&field.id),
        };
        let mut view = self.asked(&asked);
        view.source = self.sources.get(&field.id).map(|source| source_text(self.lang, source));
        match &mut view.input {
            Input::Person { parts } => {
                for part in parts {
                    let key = part.name.rsplit('.').next().unwrap_or_default();
                    part.steers = steers.has_part(&field.id, key);
                }
            }
            Input::Address(_) => view.steers = steers.has_any(&field.id),
            _ => {}
        }
        if field.locked && view.source.is_some() {
            self.lock(&mut view);
        }
        view
    }

    /// A filled value that only the owner of its source may correct.
    fn lock(&self, view: &mut FieldView) {
        let help = self.lang.t(
            "Nếu chưa đúng, ông/bà đề nghị Công an cấp xã nơi cư trú sửa trong dữ liệu dân cư.",
            "If it is wrong, ask the local police, who keep the population data, to correct it.",
        );
        match &mut view.input {
            Input::Person { parts } => {
                for part in parts.iter_mut().filter(|part| !part.text.is_empty()) {
                    part.fixed = true;
                }
                help.clone_into(&mut view.help);
            }
            _ if !view.text.is_empty() => {
                view.fixed = true;
                help.clone_into(&mut view.fixed_help);
            }
            _ => {}
        }
    }

    fn asked(&self, asked: &Asked<'_>) -> FieldView {
        let Asked { field, value, .. } = asked;
        FieldView {
            id: FieldView::id_of(&asked.name),
            input: self.input(asked),
            label: say(self.lang, &field.label),
            help: say(self.lang, &field.help),
            example: example(field),
            error: self.error_of(asked),
            hidden: asked.hidden,
            required: asked.required,
            fixed: field.compute.is_some(),
            text: display_value(&field.kind, value, &self.ctx),
            steers: asked.steers,
            name: asked.name.clone(),
            source: None,
            fixed_help: String::new(),
        }
    }

    fn input(&self, asked: &Asked<'_>) -> Input {
        let (name, value) = (asked.name.as_str(), asked.value);
        match &asked.field.kind {
            FieldKind::Text { max_length, format } => {
                Input::Text { value: typed(value), shape: shape(*format), max_length: *max_length }
            }
            FieldKind::LongText { max_length } => {
                Input::LongText { value: typed(value), max_length: *max_length }
            }
            FieldKind::Number { unit, .. } => {
                Input::Number { value: typed(value), unit: unit.clone() }
            }
            FieldKind::Date { .. } => Input::Date { value: typed_date(value), partial: false },
            FieldKind::PartialDate { .. } => {
                Input::Date { value: typed_date(value), partial: true }
            }
            FieldKind::YesNo => Input::YesNo { value: value.as_bool() },
            FieldKind::Choice { options, list } => {
                let options = match list {
                    Some(list) if options.is_empty() => self.list(list),
                    _ => options,
                };
                Input::Choice { options: self.options(options, value) }
            }
            FieldKind::Person { parts, optional } => {
                let part = |part: &PersonPart| {
                    let required = asked.required && !optional.contains(part);
                    self.part(name, *part, value.get(part.key()).unwrap_or(&Json::Null), required)
                };
                Input::Person { parts: parts.iter().map(part).collect() }
            }
            FieldKind::Address { detail_required } => {
                Input::Address(self.address(name, value, *detail_required))
            }
            FieldKind::File { max_files, max_megabytes, accept } => Input::Files(FilesView {
                files: self.files(value),
                upload_action: self.upload_action.to_owned(),
                accept: accept.iter().map(|kind| kind.mime()).collect::<Vec<_>>().join(","),
                accept_text: self.either(accept),
                max_files: *max_files,
                max_megabytes: *max_megabytes,
            }),
            FieldKind::Group { fields, min, max, row_name } => {
                Input::Group(self.group(asked, fields, (*min, *max), say(self.lang, row_name)))
            }
        }
    }

    /// A part of a person.
    fn part(&self, whole: &str, part: PersonPart, value: &Json, required: bool) -> FieldView {
        let name = format!("{whole}.{}", part.key());
        let line = |shape| Input::Text { value: typed(value), shape, max_length: PART_LENGTH };
        let input = match part {
            PersonPart::Number => line(TextShape::PersonNumber),
            PersonPart::Name => line(TextShape::PersonName),
            PersonPart::IdentityPaper => line(TextShape::Plain),
            PersonPart::Phone => line(TextShape::Phone),
            PersonPart::BirthDate => Input::Date { value: typed_date(value), partial: true },
            PersonPart::Sex | PersonPart::Ethnicity | PersonPart::Nationality => {
                // The part is named after its code list.
                Input::Choice { options: self.options(self.list(part.key()), value) }
            }
            PersonPart::Residence => Input::Address(self.address(&name, value, false)),
        };
        let label = if self.lang.is_en() { part_label_en(part) } else { part_label(part) };
        let error = match part {
            PersonPart::Residence => self.error_beside(&name, &ADDRESS_BOXES),
            _ => self.error_at(&name),
        };
        FieldView {
            id: FieldView::id_of(&name),
            text: chosen_text(&input),
            label: label.to_owned(),
            error,
            required,
            input,
            name,
            ..FieldView::default()
        }
    }

    fn address(&self, name: &str, value: &Json, detail_required: bool) -> AddressView {
        let part = |key: &str| value.get(key).and_then(Json::as_str).unwrap_or_default();
        let units = &self.ctx.content.units;
        let commune = units.commune(part("commune"));
        let province = match part("province") {
            "" => commune.map_or("", |commune| commune.province.as_str()),
            given => given,
        };
        let option = |code: &str, name: &str, chosen: &str| OptionView {
            value: code.to_owned(),
            label: name.to_owned(),
            selected: code == chosen,
        };
        let provinces = units.provinces().iter();
        let communes = units.communes_of(province).iter();
        let error = |key: &str| self.error_at(&format!("{name}.{key}"));
        AddressView {
            provinces: provinces
                .map(|unit| option(unit.code.as_str(), &unit.name, province))
                .collect(),
            communes: communes
                .map(|unit| option(unit.code.as_str(), &unit.name, part("commune")))
                .collect(),
            detail: part("detail").to_owned(),
            detail_required,
            former_province: part("former_province").to_owned(),
            former_district: part("former_district").to_owned(),
            former_ward: part("former_ward").to_owned(),
            former_result: match (part("former"), commune) {
                ("", _) | (_, None) => String::new(),
                (former, Some(now)) if self.lang.is_en() => {
                    format!("{former} (before 1 July 2025) is now {}.", now.name)
                }
                (former, Some(now)) => format!("{former} (trước 01/7/2025) nay là {}.", now.name),
            },
            province_error: error("province"),
            commune_error: error("commune"),
            detail_error: error("detail"),
        }
    }

    fn files(&self, value: &Json) -> Vec<UploadView> {
        let ids = value.as_array().map(Vec::as_slice).unwrap_or_default();
        ids.iter()
            .filter_map(Json::as_str)
            .filter_map(|id| self.uploads.iter().find(|upload| upload.id == id))
            .cloned()
            .collect()
    }

    fn group(
        &self,
        asked: &Asked<'_>,
        fields: &[Field],
        (min, max): (u32, u32),
        row_name: String,
    ) -> GroupView {
        let given = asked.value.as_array().map(Vec::as_slice).unwrap_or_default();
        let wanted = self.rows.get(&asked.name).copied().unwrap_or(0);
        let fewest = usize::try_from(min).unwrap_or(0).max(wanted);
        let most = usize::try_from(max).unwrap_or(usize::MAX);
        let count = given.len().max(fewest).min(most.max(given.len()));
        let none = Map::new();
        let rows = (0..count).map(|place| {
            let answers = given.get(place).and_then(Json::as_object).unwrap_or(&none);
            let index = u32::try_from(place).unwrap_or(u32::MAX);
            GroupRow { index, fields: self.row(&asked.name, &index.to_string(), fields, answers) }
        });
        GroupView {
            rows: rows.collect(),
            blank: self.row(&asked.name, "__", fields, &none),
            row_name,
            min,
            max,
        }
    }

    fn row(
        &self,
        group: &str,
        index: &str,
        fields: &[Field],
        answers: &Map<String, Json>,
    ) -> Vec<FieldView> {
        let steers = Steers::in_row(fields);
        let outer = self.ctx.facts(self.form, self.settled);
        let facts = Facts { row: Some(Row { fields, answers }), ..outer };
        let view = |field: &Field| {
            self.asked(&Asked {
                field,
                name: format!("{group}.{index}.{}", field.id),
                value: answers.get(&field.id).unwrap_or(&Json::Null),
                hidden: !is_asked(field, &facts),
                required: must_be_answered(field, &facts),
                steers: steers.has_any(&field.id),
            })
        };
        fields.iter().map(view).collect()
    }

    /// Names of the fields that a row asks for, such as `changes.0.value`; empty where nothing
    /// depends on the answers of the row.
    pub(crate) fn asked_in_row(
        &self,
        group: &Field,
        index: usize,
        answers: &Map<String, Json>,
    ) -> Vec<String> {
        let FieldKind::Group { fields, .. } = &group.kind else {
            return Vec::new();
        };
        if fields.iter().all(|field| field.visible_when.is_none()) {
            return Vec::new();
        }
        let outer = self.ctx.facts(self.form, self.settled);
        let facts = Facts { row: Some(Row { fields, answers }), ..outer };
        let asked = fields.iter().filter(|field| is_asked(field, &facts));
        asked.map(|field| format!("{}.{index}.{}", group.id, field.id)).collect()
    }

    fn list(&self, id: &str) -> &[ChoiceOption] {
        self.ctx.content.code_lists.get(id).map_or(&[], |list| list.items.as_slice())
    }

    fn options(&self, options: &[ChoiceOption], value: &Json) -> Vec<OptionView> {
        let chosen = value.as_str();
        let view = |option: &ChoiceOption| OptionView {
            value: option.code.clone(),
            label: say(self.lang, &option.label),
            selected: chosen == Some(option.code.as_str()),
        };
        options.iter().map(view).collect()
    }

    /// "PDF, JPEG hoặc PNG".
    fn either(&self, accept: &[FileType]) -> String {
        let names: Vec<&str> = accept.iter().map(|kind| kind.name()).collect();
        match names.as_slice() {
            [] => String::new(),
            [only] => (*only).to_owned(),
            [first @ .., last] => {
                format!("{} {} {last}", first.join(", "), self.lang.t("hoặc", "or"))
            }
        }
    }

    /// What is wrong with a field and has no box of its own to stand beside.
    fn error_of(&self, asked: &Asked<'_>) -> Option<String> {
        let name = &asked.name;
        match &asked.field.kind {
            FieldKind::Person { parts, .. } => {
                let keys: Vec<&str> = parts.iter().map(|part| part.key()).collect();
                self.error_beside(name, &keys)
            }
            FieldKind::Address { .. } => self.error_beside(name, &ADDRESS_BOXES),
            FieldKind::Group { .. } => self.error_at(name),
            _ => self.error_beside(name, &[]),
        }
    }

    fn error_at(&self, path: &str) -> Option<String> {
        self.messages(|problem| problem.path == path)
    }

    /// The problems of a path and of all below it but the boxes that show their own.
    fn error_beside(&self, path: &str, boxes: &[&str]) -> Option<String> {
        self.messages(|problem| {
            let Some(rest) = problem.path.strip_prefix(path) else {
                return false;
            };
            let below = rest.strip_prefix('.').map(root_of);
            rest.is_empty() || below.is_some_and(|below| !boxes.contains(&below))
        })
    }

    fn messages(&self, is_wanted: impl Fn(&Problem) -> bool) -> Option<String> {
        let mut messages: Vec<&str> = Vec::new();
        let wanted = |problem: &&Problem| problem.is_error() && is_wanted(problem);
        for problem in self.problems.iter().filter(wanted) {
            if !messages.contains(&problem.message.as_str()) {
                messages.push(&problem.message);
            }
        }
        (!messages.is_empty()).then(|| messages.join(" "))
    }
}

/// Boxes of an address that show their own faults.
const ADDRESS_BOXES: [&str; 3] = ["province", "commune", "detail"];

/// The example, where one helps: choices show theirs, and dates and files say how they are given.
fn example(field: &Field) -> String {
    match field.kind {
        FieldKind::Choice { .. }
        | FieldKind::YesNo
        | FieldKind::Date { .. }
        | FieldKind::PartialDate { .. }
        | FieldKind::File { .. } => String::new(),
        _ => field.example.clone(),
    }
}

fn is_asked(field: &Field, facts: &Facts<'_>) -> bool {
    field.visible_when.as_ref().is_none_or(|condition| expr::is_true(condition, facts))
}

fn must_be_answered(field: &Field, facts: &Facts<'_>) -> bool {
    let condition = field.required_when.as_ref();
    field.required || condition.is_some_and(|condition| expr::is_true(condition, facts))
}

/// What was typed, as it stands in a box.
fn typed(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// A date as people write it; what is no date stays as it was typed.
fn typed_date(value: &Json) -> String {
    let text = typed(value);
    text.parse::<PartialDate>().map_or(text, PartialDate::text)
}

/// What a box holds, for reading.
fn chosen_text(input: &Input) -> String {
    match input {
        Input::Text { value, .. } | Input::Date { value, .. } => value.clone(),
        Input::Choice { options } => {
            let chosen = options.iter().find(|option| option.selected);
            chosen.map(|option| option.label.clone()).unwrap_or_default()
        }
        Input::Address(address) => {
            let commune = address.communes.iter().find(|option| option.selected);
            let province = address.provinces.iter().find(|option| option.selected);
            let names = [commune, province].into_iter().flatten();
            let mut parts: Vec<&str> = names.map(|option| option.label.as_str()).collect();
            if !address.detail.is_empty() {
                parts.insert(0, &address.detail);
            }
            parts.join(", ")
        }
        _ => String::new(),
    }
}

fn shape(format: TextFormat) -> TextShape {
    match format {
        TextFormat::Plain => TextShape::Plain,
        TextFormat::PersonName => TextShape::PersonName,
        TextFormat::PersonNumber => TextShape::PersonNumber,
        TextFormat::Phone => TextShape::Phone,
        TextFormat::Email => TextShape::Email,
    }
}
