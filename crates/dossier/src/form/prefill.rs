//! Filling a form in advance from what is known, so that nobody types what the data already hold.

use std::collections::BTreeMap;

use kernel::moment::Moment;
use pack::model::{Field, FieldKind, Form, Prefill, TextFormat};
use serde_json::{Map, Value as Json};

use super::reader::is_blank;
use crate::state::{Answers, Source};

/// Person records that are known of the one who applies, each an object with the keys of
/// `PersonPart::key`.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The person signed in.
    pub applicant: Option<Json>,
    /// Husband or wife.
    pub spouse: Option<Json>,
    /// Mother.
    pub mother: Option<Json>,
    /// Father.
    pub father: Option<Json>,
    /// Where these come from, such as `population`.
    pub from: String,
    /// When they were read there.
    pub at: Option<Moment>,
}

/// The answers that can be filled in, and where each came from. Fields of nothing known stay away.
pub fn prefill(form: &Form, known: &Known) -> (Answers, BTreeMap<String, Source>) {
    let mut answers = Answers::new();
    let mut sources = BTreeMap::new();
    for field in form.fields() {
        let Some(value) = field.prefill.as_ref().and_then(|wanted| filled(field, wanted, known))
        else {
            continue;
        };
        answers.insert(field.id.clone(), value);
        if let Some(at) = known.at {
            sources.insert(field.id.clone(), Source { from: known.from.clone(), at });
        }
    }
    (answers, sources)
}

fn filled(field: &Field, wanted: &Prefill, known: &Known) -> Option<Json> {
    let person = known.person(wanted)?;
    let value = match &field.kind {
        FieldKind::Person { parts, .. } => {
            let given = parts.iter().filter_map(|part| {
                let key = part.key();
                let value = person.get(key).filter(|value| !is_blank(value))?;
                Some((key.to_owned(), value.clone()))
            });
            Json::Object(given.collect::<Map<String, Json>>())
        }
        FieldKind::Address { .. } => person.get("residence")?.clone(),
        FieldKind::Text { format: TextFormat::PersonName, .. } => person.get("name")?.clone(),
        FieldKind::Text { format: TextFormat::PersonNumber, .. } => person.get("number")?.clone(),
        FieldKind::Text { format: TextFormat::Phone, .. } => person.get("phone")?.clone(),
        FieldKind::Text { format: TextFormat::Email, .. } => person.get("email")?.clone(),
        FieldKind::PartialDate { .. } => person.get("birth_date")?.clone(),
        FieldKind::Date { .. } => whole_day(person.get("birth_date")?)?,
        FieldKind::Choice { list: Some(list), .. } => person.get(list.as_str())?.clone(),
        _ => return None,
    };
    (!is_blank(&value)).then_some(value)
}

/// A date field cannot take a year alone.
fn whole_day(value: &Json) -> Option<Json> {
    let is_whole = value.as_str().is_some_and(|text| text.len() == "2026-11-05".len());
    is_whole.then(|| value.clone())
}

impl Known {
    fn person(&self, wanted: &Prefill) -> Option<&Json> {
        match wanted {
            Prefill::Applicant | Prefill::ApplicantResidence => self.applicant.as_ref(),
            Prefill::ApplicantSpouse => self.spouse.as_ref(),
            Prefill::ApplicantMother => self.mother.as_ref(),
            Prefill::ApplicantFather => self.father.as_ref(),
            Prefill::FemaleOfCouple => self.of_couple("female"),
            Prefill::MaleOfCouple => self.of_couple("male"),
        }
    }

    /// The one of the couple who has this sex. Where neither record says so, nothing is guessed.
    fn of_couple(&self, sex: &str) -> Option<&Json> {
        let has_sex = |person: &&Json| person.get("sex").and_then(Json::as_str) == Some(sex);
        let applicant = self.applicant.as_ref();
        applicant.filter(has_sex).or_else(|| self.spouse.as_ref().filter(has_sex))
    }
}
