//! Many dossiers quickly: one real one, multiplied.
//!
//! The rows are written through the crate `store`, so that each reads back as a dossier of its own,
//! with its events in the hash chain.

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::id::IdGenerator;
use store::documents::DocumentRow;
use store::dossiers::DossierRow;
use store::events::{EventRow, NewEvent, NewRead};
use store::idempotency::KeptAnswer;
use store::{Store, StoreConfig, Tx, documents, dossiers, events, idempotency};

use crate::{Result, birth};

/// Dossiers in one transaction.
const BATCH: u64 = 500;
/// Dossiers received on one day; codes count on within the day.
const PER_DAY: u64 = 1_000;
/// Due moments are spread over this many minutes: 60 days.
const SPREAD_MINUTES: i64 = 86_400;

/// Makes `count` dossiers like the one with this code. Their codes.
pub(crate) async fn multiply(config: StoreConfig, code: &str, count: u64) -> Result<Vec<String>> {
    let store = Store::open_migrated(config.clone())?;
    let wanted = code.to_owned();
    let sample = store.read(move |tx| Sample::read(tx, &wanted)).await?.ok_or("no such dossier")?;
    let mut codes = Vec::new();
    let mut next = 0;
    let year_ago = birth::now().plus_days(-365);
    let mut maker = Maker { sample, ids: IdGenerator::new(1_023), year_ago, today: birth::today() };
    while next < count {
        let end = (next + BATCH).min(count);
        let (made, back) = store
            .write(move |tx| {
                let made: Vec<String> = (next..end).map(|number| maker.make(tx, number)).collect();
                Ok((made, maker))
            })
            .await?;
        codes.extend(made);
        maker = back;
        next = end;
    }
    // Otherwise PostgreSQL tidies up while it is measured.
    store::settle(&config)?;
    Ok(codes)
}

/// All rows of one dossier, its texts cut where numbers stand that differ from one to the next.
struct Sample {
    row: DossierRow,
    body: Template,
    events: Vec<(EventRow, Template)>,
    documents: Vec<DocumentRow>,
}

impl Sample {
    fn read(tx: &mut Tx<'_>, code: &str) -> kernel::error::Result<Option<Self>> {
        let Some((row, body)) = dossiers::by_code(tx, code)? else {
            return Ok(None);
        };
        let documents = documents::of_dossier(tx, row.id)?;
        let cut = |text: &str| {
            let mut cuts = vec![
                (row.id.to_string(), Part::Id),
                (row.code.clone(), Part::Code),
                (row.due_at.to_string(), Part::Due),
            ];
            for (place, document) in documents.iter().enumerate() {
                cuts.push((document.id.to_string(), Part::Document(place)));
            }
            Template::cut(text, &cuts)
        };
        let events = events::of_stream(tx, "dossier", row.id)?
            .into_iter()
            .map(|event| {
                let template = cut(&event.body);
                (event, template)
            })
            .collect();
        let body = cut(&body);
        Ok(Some(Self { row, body, events, documents }))
    }
}

struct Maker {
    sample: Sample,
    ids: IdGenerator,
    year_ago: kernel::moment::Moment,
    today: Date,
}

impl Maker {
    fn make(&mut self, tx: &mut Tx<'_>, number: u64) -> String {
        let sample = &self.sample;
        let documents: Vec<i64> =
            sample.documents.iter().map(|_| self.ids.next(self.year_ago)).collect();
        let minutes = i64::try_from(number * 7_919 % SPREAD_MINUTES.unsigned_abs()).unwrap_or(0);
        let due = sample.row.due_at.saturating_add((minutes - SPREAD_MINUTES / 2) * 60_000_000);
        let numbers =
            Numbers { id: self.ids.next(self.year_ago), code: self.code(number), due, documents };
        let mut seq = 0;
        for (event, template) in &sample.events {
            let body = template.fill(&numbers);
            let event = NewEvent {
                at: event.at,
                stream: &event.stream,
                stream_id: numbers.id,
                kind: &event.kind,
                actor: event.actor,
                body: &body,
            };
            seq = events::append(tx, &event);
        }
        for (document, id) in sample.documents.iter().zip(&numbers.documents) {
            let mut document = document.clone();
            document.id = *id;
            document.dossier = Some(numbers.id);
            document.body = serde_json::json!({ "as_of": seq }).to_string();
            documents::insert(tx, &document);
        }
        for person in [birth::MOTHER, birth::FATHER] {
            events::concern(tx, person, "dossier", numbers.id);
        }
        self.leave_traces(tx, &numbers);
        let mut row = sample.row.clone();
        row.id = numbers.id;
        row.code.clone_from(&numbers.code);
        row.due_at = numbers.due;
        dossiers::insert(tx, &row, &sample.body.fill(&numbers));
        numbers.code
    }

    /// What filing through the API and one officer's read leave behind. Without them the database would
    /// plan for tables that are nearly empty.
    fn leave_traces(&self, tx: &mut Tx<'_>, numbers: &Numbers) {
        let row = &self.sample.row;
        let body = serde_json::json!({ "code": numbers.code, "revision": row.revision });
        let answer = KeptAnswer { request: vec![7; 32], status: 200, body: body.to_string() };
        let key = format!("filled-{}", numbers.id);
        idempotency::keep(tx, row.applicant, &key, &answer, row.submitted_at);
        let read = NewRead {
            at: row.submitted_at,
            actor: row.applicant,
            record: "dossier",
            record_id: numbers.id,
            purpose: &numbers.code,
        };
        events::log_read(tx, &read);
    }

    /// Codes of earlier days, so that today's serials stay without a gap.
    fn code(&self, number: u64) -> String {
        let days = i64::try_from(number / PER_DAY).unwrap_or(0) + 1;
        let day = self.today.checked_sub(days.days()).unwrap_or(self.today);
        let agency = self.sample.row.code.split('-').next().unwrap_or_default();
        let serial = number % PER_DAY + 1;
        format!("{agency}-{:02}{:02}{:02}-{serial:04}", day.year() % 100, day.month(), day.day())
    }
}

/// What differs from one dossier to the next.
struct Numbers {
    id: i64,
    code: String,
    due: i64,
    documents: Vec<i64>,
}

/// A text with places for [`Numbers`].
struct Template(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Id,
    Code,
    Due,
    Document(usize),
}

impl Template {
    fn cut(text: &str, cuts: &[(String, Part)]) -> Self {
        let mut parts = vec![Part::Text(text.to_owned())];
        for (wanted, place) in cuts {
            parts = parts
                .into_iter()
                .flat_map(|part| match part {
                    Part::Text(text) => split(&text, wanted, place),
                    other => vec![other],
                })
                .collect();
        }
        Self(parts)
    }

    fn fill(&self, numbers: &Numbers) -> String {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Text(part) => text += part,
                Part::Id => text += &numbers.id.to_string(),
                Part::Code => text += &numbers.code,
                Part::Due => text += &numbers.due.to_string(),
                Part::Document(place) => {
                    text += &numbers.documents.get(*place).copied().unwrap_or(0).to_string();
                }
            }
        }
        text
    }
}

fn split(text: &str, wanted: &str, place: &Part) -> Vec<Part> {
    let mut parts = Vec::new();
    for (index, piece) in text.split(wanted).enumerate() {
        if index > 0 {
            parts.push(place.clone());
        }
        parts.push(Part::Text(piece.to_owned()));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_filled_with_its_own_numbers_is_the_text_it_was_cut_from() {
        let text = r#"{"id":"71","code":"H20-1","due":99,"documents":["72","73"]}"#;
        let cuts = [
            ("71".to_owned(), Part::Id),
            ("H20-1".to_owned(), Part::Code),
            ("99".to_owned(), Part::Due),
            ("72".to_owned(), Part::Document(0)),
            ("73".to_owned(), Part::Document(1)),
        ];
        let template = Template::cut(text, &cuts);
        let same = Numbers { id: 71, code: "H20-1".to_owned(), due: 99, documents: vec![72, 73] };
        assert_eq!(template.fill(&same), text);
        let other = Numbers { id: 8, code: "H20-2".to_owned(), due: 5, documents: vec![9, 10] };
        assert_eq!(
            template.fill(&other),
            r#"{"id":"8","code":"H20-2","due":5,"documents":["9","10"]}"#
        );
    }
}
