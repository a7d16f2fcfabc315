//! Reading a person: the parts that the field asks for.

use kernel::partial_date::PartialDate;
use kernel::person_number::{PersonNumber, Sex};
use pack::model::{PersonPart, TextFormat};
use serde_json::{Map, Value as Json};

use super::reader::{Reader, is_blank};
use super::spot::Spot;
use super::words::{Deed, part_label};

const NAME_LENGTH: u32 = 100;
const PAPER_LENGTH: u32 = 200;

impl Reader<'_> {
    pub(crate) fn person(
        &mut self,
        raw: &Json,
        spot: &Spot<'_>,
        parts: &[PersonPart],
        optional: &[PersonPart],
    ) -> Option<Json> {
        let nothing = Map::new();
        let given = match raw {
            Json::Object(given) => given,
            _ => {
                let message =
                    format!("{} chưa đúng dạng. Hãy nhập đủ các mục.", spot.name.at_start());
                self.report("field.type", spot, message);
                &nothing
            }
        };
        self.unknown_keys(given.keys(), spot, |key| parts.iter().any(|part| part.key() == key));
        let mut person = Map::new();
        for part in parts {
            let below = spot.part(part.key(), part_label(*part));
            let raw = given.get(part.key()).unwrap_or(&Json::Null);
            let faults = self.problems.len();
            match self.person_part(*part, raw, &below) {
                Some(value) => {
                    person.insert(part.key().to_owned(), value);
                }
                // What was typed and could not be kept has its problem already.
                None if self.complete
                    && !optional.contains(part)
                    && self.problems.len() == faults =>
                {
                    self.report_missing_part(*part, &below);
                }
                None => {}
            }
        }
        self.compare_with_number(&person, spot);
        if person.is_empty() { None } else { Some(Json::Object(person)) }
    }

    /// Every part that must be there, when nothing at all was answered.
    pub(crate) fn report_missing_person(
        &mut self,
        spot: &Spot<'_>,
        parts: &[PersonPart],
        optional: &[PersonPart],
    ) {
        for part in parts.iter().filter(|part| !optional.contains(part)) {
            let below = spot.part(part.key(), part_label(*part));
            self.report_missing_part(*part, &below);
        }
    }

    fn report_missing_part(&mut self, part: PersonPart, spot: &Spot<'_>) {
        match part {
            PersonPart::Residence => self.report_missing_address(spot, false),
            _ => self.report_missing(Deed::of_part(part), spot),
        }
    }

    fn person_part(&mut self, part: PersonPart, raw: &Json, spot: &Spot<'_>) -> Option<Json> {
        if is_blank(raw) {
            return None;
        }
        let mut shaped = |max_length: u32, format: TextFormat| {
            self.text(raw, spot, max_length, |reader, text, spot| {
                reader.formatted(format, text, spot)
            })
        };
        match part {
            PersonPart::Number => shaped(PAPER_LENGTH, TextFormat::PersonNumber),
            PersonPart::Name => shaped(NAME_LENGTH, TextFormat::PersonName),
            PersonPart::IdentityPaper => shaped(PAPER_LENGTH, TextFormat::Plain),
            PersonPart::Phone => shaped(PAPER_LENGTH, TextFormat::Phone),
            PersonPart::BirthDate => self.partial_date(raw, spot, false),
            PersonPart::Sex | PersonPart::Ethnicity | PersonPart::Nationality => {
                // The part is named after its code list.
                let options = self.ctx.list(part.key()).unwrap_or_default();
                self.choice(raw, spot, options)
            }
            PersonPart::Residence => self.address(raw, spot, false),
        }
    }

    /// The number hints at the year of birth and the sex. It proves nothing (a sex may change in
    /// law), so a difference is only pointed out.
    fn compare_with_number(&mut self, person: &Map<String, Json>, spot: &Spot<'_>) {
        let text = |part: PersonPart| person.get(part.key()).and_then(Json::as_str);
        let Some(number) = text(PersonPart::Number).and_then(|n| PersonNumber::parse(n).ok())
        else {
            return;
        };
        let birth_date: Option<PartialDate> =
            text(PersonPart::BirthDate).and_then(|date| date.parse().ok());
        let hinted_year = number.birth_year_hint();
        if let Some(birth_date) = birth_date.filter(|date| date.year() != hinted_year) {
            let below = spot.part("birth_date", part_label(PersonPart::BirthDate));
            let message = format!(
                "Số định danh cá nhân cho biết năm sinh {hinted_year}, khác năm {} đã nhập. Hãy đối chiếu lại với giấy tờ.",
                birth_date.year(),
            );
            self.warn("person.birth-year-differs", &below, message);
        }
        let hinted_sex = match number.sex_hint() {
            Sex::Male => "male",
            Sex::Female => "female",
        };
        if text(PersonPart::Sex).is_some_and(|sex| sex != hinted_sex) {
            let below = spot.part("sex", part_label(PersonPart::Sex));
            let message = "Giới tính đã chọn khác giới tính theo số định danh cá nhân. \
                           Hãy đối chiếu lại với giấy tờ."
                .to_owned();
            self.warn("person.sex-differs", &below, message);
        }
    }
}
