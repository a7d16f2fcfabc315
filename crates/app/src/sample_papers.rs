//! Data for trying every template of the content before anything is printed from it: once with all
//! that a paper may show, once with as little as there can be.

use dossier::{APPLICANT, By, Channel, Event, Point, Submitted};
use kernel::calendar::{LegalClock, Limit};
use kernel::error::{Error, Result};
use kernel::id::{AccountId, DossierId};
use kernel::moment::Moment;
use kernel::unit::UnitCode;
use pack::Content;
use pack::model::{
    ChoiceOption, Field, FieldKind, PersonPart, Procedure, Register, TextFormat, ValueKind,
};
use register::Entry;
use serde_json::{Map, Value, json};

use crate::paper_data::{self, Paper, Signer};

/// A template with data to try it on.
#[derive(Clone, Debug)]
pub struct SamplePaper {
    /// Path of the template inside its pack.
    pub template: String,
    /// What a paper of this kind would show.
    pub data: Value,
}

const PERSON: &str = "Nguyễn Thị Mẫu";
const NUMBER: &str = "087196000001";
const TEXT: &str = "Nội dung mẫu";
const DAY: &str = "2026-08-20";
const CITIZEN: AccountId = AccountId::from_raw(1);
const OFFICER: AccountId = AccountId::from_raw(2);

/// Every template that a slip or a result names, each with its fullest and its barest data. Templates
/// that are missing are left to the checks of the content.
///
/// # Errors
/// `Internal` when no sample can be made of this content.
pub fn sample_papers(content: &Content) -> Result<Vec<SamplePaper>> {
    let mut papers = Vec::new();
    let Some(unit) = content.units.communes().first().map(|commune| commune.code.clone()) else {
        return Ok(papers);
    };
    for (index, procedure) in content.procedures.iter().enumerate() {
        for is_full in [true, false] {
            let sample = Sample { content, procedure, unit: &unit, is_full };
            // Slips are the same for all procedures: the first stands for them.
            sample.add_papers(&mut papers, index == 0)?;
        }
    }
    Ok(papers)
}

struct Sample<'a> {
    content: &'a Content,
    procedure: &'a Procedure,
    unit: &'a UnitCode,
    is_full: bool,
}

impl Sample<'_> {
    fn add_papers(&self, papers: &mut Vec<SamplePaper>, with_slips: bool) -> Result<()> {
        let at: Moment = "2026-08-28T09:00:00+07:00".parse().map_err(Error::internal)?;
        let events = self.events(at);
        let Some(dossier) = dossier::replay(&events) else {
            return Err(Error::internal("a sample begins with a sending"));
        };
        let applicant = self.is_full.then(|| self.person(&PersonPart::ALL));
        let paper = Paper {
            content: self.content,
            procedure: self.procedure,
            dossier: &dossier,
            uploads: &[],
            applicant: applicant.as_ref(),
            issued_at: at,
        };
        let signer = Signer { title: "Chủ tịch".to_owned(), name: PERSON.to_owned() };
        let names = [(CITIZEN.raw(), PERSON.to_owned()), (OFFICER.raw(), PERSON.to_owned())].into();
        let hops = dossier::hops(self.content, self.procedure, &events);
        let hops: Vec<Value> = hops.iter().map(|hop| paper_data::hop_data(hop, &names)).collect();
        for slip in self.content.slips.values().filter(|_| with_slips) {
            let mut data = paper.slip(slip, 1, self.is_full.then_some(&signer), &hops)?;
            self.with_code(&mut data);
            self.add(papers, "", &slip.template, data);
        }
        for result in &self.procedure.results {
            for register in self.registers(&result.shows) {
                let entry = self.entry(register, at)?;
                let shown = self.is_full.then_some((register, &entry));
                let signer = if self.is_full { signer.clone() } else { Signer::default() };
                let data = paper.result(&result.name.vi, 1, shown, &signer, self.is_full)?;
                self.add(papers, &self.procedure.slug, &result.template, data);
            }
        }
        Ok(())
    }

    fn add(&self, papers: &mut Vec<SamplePaper>, slug: &str, file: &str, data: Value) {
        if let Some(template) = self.content.template_path(slug, file) {
            papers.push(SamplePaper { template, data });
        }
    }

    fn with_code(&self, data: &mut Value) {
        if let Value::Object(parts) = data {
            parts.insert("qr".to_owned(), self.is_full.into());
        }
    }

    /// Sent, and if it is a full one, counted and asked for more.
    fn events(&self, at: Moment) -> Vec<Event> {
        let by = |account, role: &str| By { account, role: role.to_owned() };
        let submitted = Submitted {
            id: DossierId::from_raw(1),
            code: "H00.00-260828-0001".to_owned(),
            procedure_code: self.procedure.code.clone(),
            procedure_hash: String::new(),
            unit: self.unit.clone(),
            channel: Channel::Online,
            applicant: CITIZEN,
            applicant_name: PERSON.to_owned(),
            step: self.procedure.workflow.start.clone(),
            answers: if self.is_full { self.answers() } else { Map::new() },
            applicant_record: None,
            sources: std::collections::BTreeMap::new(),
            by: by(CITIZEN, APPLICANT),
            at,
        };
        let mut events = vec![Event::Submitted(Box::new(submitted))];
        if !self.is_full {
            return events;
        }
        let calendar = &self.content.calendar;
        let clock = LegalClock::start(calendar, self.procedure.time.limit, at);
        let clock = clock.extend(calendar, Limit::WorkingDays(1), at);
        events.push(Event::ClockStarted { clock, at });
        let asking = self.procedure.workflow.actions.iter().find(|action| action.points);
        if let Some(action) = asking.or(self.procedure.workflow.actions.first()) {
            let field = self.procedure.form.fields().next();
            events.push(Event::Moved {
                from: self.procedure.workflow.start.clone(),
                to: action.to.clone(),
                action: action.id.clone(),
                by: by(OFFICER, &action.by),
                note: Some(TEXT.to_owned()),
                points: vec![Point {
                    field: field.map(|field| field.id.clone()).unwrap_or_default(),
                    text: TEXT.to_owned(),
                }],
                to_applicant: true,
                at,
            });
        }
        events
    }

    fn answers(&self) -> dossier::Answers {
        self.row(self.procedure.form.fields())
    }

    fn row<'f>(&self, fields: impl Iterator<Item = &'f Field>) -> Map<String, Value> {
        fields.map(|field| (field.id.clone(), self.answer(&field.kind))).collect()
    }

    fn answer(&self, kind: &FieldKind) -> Value {
        match kind {
            FieldKind::Text { format, .. } => match format {
                TextFormat::Plain => TEXT.into(),
                TextFormat::PersonName => PERSON.into(),
                TextFormat::PersonNumber => NUMBER.into(),
                TextFormat::Phone => "0912345678".into(),
                TextFormat::Email => "mau@vidu.vn".into(),
            },
            FieldKind::LongText { .. } => TEXT.into(),
            FieldKind::Number { min, .. } => min.unwrap_or(1).max(1).into(),
            FieldKind::Date { .. } => DAY.into(),
            FieldKind::PartialDate { .. } => "1996".into(),
            FieldKind::YesNo => true.into(),
            FieldKind::Choice { list: Some(list), .. } => self.code(list),
            FieldKind::Choice { options, list: None } => first(options),
            FieldKind::Person { parts, .. } => self.person(parts),
            FieldKind::Address { .. } => self.address(),
            FieldKind::File { .. } => json!(["1"]),
            FieldKind::Group { fields, .. } => json!([self.row(fields.iter())]),
        }
    }

    fn person(&self, parts: &[PersonPart]) -> Value {
        let part = |part: &PersonPart| {
            let value = match part {
                PersonPart::Number => NUMBER.into(),
                PersonPart::Name => PERSON.into(),
                PersonPart::BirthDate => "1996".into(),
                PersonPart::Sex | PersonPart::Ethnicity | PersonPart::Nationality => {
                    self.code(part.key())
                }
                PersonPart::Residence => self.address(),
                PersonPart::IdentityPaper => TEXT.into(),
                PersonPart::Phone => "0912345678".into(),
            };
            (part.key().to_owned(), value)
        };
        Value::Object(parts.iter().map(part).collect())
    }

    fn address(&self) -> Value {
        let commune = self.content.units.commune(self.unit.as_str());
        let province = commune.map(|commune| commune.province.as_str().to_owned());
        json!({ "province": province, "commune": self.unit.as_str(), "detail": "Số 1, đường Mẫu" })
    }

    fn code(&self, list: &str) -> Value {
        self.content.code_lists.get(list).map_or(Value::Null, |list| first(&list.items))
    }

    /// The registers that a result may show an entry of.
    fn registers(&self, shows: &str) -> Vec<&Register> {
        let registers = &self.content.registers;
        let lookup = match (shows, &self.procedure.entry, &self.procedure.amend) {
            ("entry", Some(rule), _) => {
                return registers.get(&rule.register).map(AsRef::as_ref).into_iter().collect();
            }
            ("amended", _, Some(rule)) => rule.lookup.as_str(),
            _ => shows,
        };
        let lookup = self.procedure.lookups.iter().find(|known| known.id == lookup);
        let named =
            lookup.and_then(|lookup| registers.get(lookup.register.source().trim_matches('"')));
        match named {
            Some(register) => vec![register.as_ref()],
            None => registers.values().map(AsRef::as_ref).collect(),
        }
    }

    fn entry(&self, register: &Register, at: Moment) -> Result<Entry> {
        let shown = register.fields.iter().filter(|field| self.is_full || field.required);
        let value = |kind: &ValueKind| match kind {
            ValueKind::Text => TEXT.into(),
            ValueKind::Number => 1.into(),
            ValueKind::Date => DAY.into(),
            ValueKind::PartialDate => "1996-05".into(),
            ValueKind::YesNo => true.into(),
            ValueKind::Code(list) => self.code(list),
            ValueKind::PersonNumber => NUMBER.into(),
            ValueKind::Address => self.address(),
        };
        let fields: Map<String, Value> =
            shown.map(|field| (field.id.clone(), value(&field.kind))).collect();
        let note = json!({ "at": at, "text": TEXT, "basis": "", "by": OFFICER });
        let entry = json!({
            "id": "1", "register": register.id, "unit": self.unit.as_str(),
            "year": 2026, "book": 1, "number": 125,
            "number_text": "125/2026", "book_text": "01/2026", "status": "current",
            "registered_on": DAY, "subjects": [],
            "versions": [{
                "n": 1, "fields": fields, "valid_from": DAY, "known_at": at, "reason": TEXT,
                "basis_paper": "", "by": OFFICER, "dossier": null,
            }],
            "annotations": if self.is_full { json!([note]) } else { json!([]) },
        });
        serde_json::from_value(entry).map_err(Error::internal)
    }
}

fn first(options: &[ChoiceOption]) -> Value {
    options.first().map_or(Value::Null, |option| option.code.clone().into())
}
