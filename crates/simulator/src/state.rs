//! What has happened since the people were made.

use std::collections::{BTreeMap, HashMap};

use exchange::{
    Address, ChildIdentity, ExchangeError, MaritalStatus, PersonRecord, PopulationEvent,
    PopulationEventKind, Relative,
};
use jiff::civil::Date;
use kernel::partial_date::PartialDate;
use kernel::person_number::{PersonNumber, Sex};
use kernel::text::fold;
use kernel::unit::UnitCode;

use crate::demo::{DemoResidents, FixedResident};
use crate::generate::number_of;
use crate::journal::Change;
use crate::random::Random;
use crate::residents::{Residents, person_number};

/// The people as they are now: those made, and over them those who have changed since.
pub(crate) struct State {
    residents: Residents,
    /// Whole records of everybody who is not as they were made.
    changed: HashMap<PersonNumber, PersonRecord>,
    /// What was answered under each key.
    answered: HashMap<String, Answered>,
    /// Children given numbers, by who they are.
    children: BTreeMap<ChildKey, PersonNumber>,
}

/// A request already carried out.
struct Answered {
    /// Tells whether the same was asked.
    digest: u64,
    /// The number given, if one was asked for.
    number: Option<PersonNumber>,
}

/// What makes a child the same child. Without a parent known, nobody can tell.
type ChildKey = (String, Date, bool, Option<PersonNumber>, Option<PersonNumber>);

/// What a request comes to.
pub(crate) struct Verdict<T> {
    /// The answer.
    pub answer: T,
    /// What is to be written down and carried out; nothing if it was carried out before.
    pub change: Option<Change>,
}

impl State {
    pub(crate) fn new(residents: Residents) -> Self {
        let changed = fixed_records(&residents);
        Self { residents, changed, answered: HashMap::new(), children: BTreeMap::new() }
    }

    /// Everybody's number: the fixed ones and those given since in order of number, then the made.
    pub(crate) fn numbers(&self) -> Vec<PersonNumber> {
        let mut named: Vec<PersonNumber> = self
            .changed
            .keys()
            .filter(|number| !self.residents.contains(number))
            .copied()
            .collect();
        named.sort_unstable();
        named.extend(self.residents.numbers());
        named
    }

    /// The record as it stands. Relatives go by the names that they have now.
    pub(crate) fn find(&self, number: &PersonNumber) -> Option<PersonRecord> {
        let mut record = self.record(number)?;
        let relatives = [&mut record.father, &mut record.mother, &mut record.spouse];
        let relatives = relatives.into_iter().flatten().chain(&mut record.children);
        for relative in relatives {
            let changed = relative.number.and_then(|number| self.changed.get(&number));
            if let Some(changed) = changed {
                relative.name.clone_from(&changed.name);
            }
        }
        Some(record)
    }

    /// What a request for a number comes to.
    pub(crate) fn judge_child(
        &self,
        key: &str,
        child: &ChildIdentity,
    ) -> Result<Verdict<PersonNumber>, ExchangeError> {
        if let Some(answered) = self.answered.get(key) {
            let number = answered.number.filter(|_| answered.digest == digest(child));
            return number.map(Verdict::done).ok_or_else(key_reused);
        }
        for (parent, sex, who) in
            [(child.mother_number, Sex::Female, "mẹ"), (child.father_number, Sex::Male, "cha")]
        {
            let Some(number) = parent else { continue };
            match self.record(&number) {
                None => return refuse(format!("Không có người mang số định danh của {who}.")),
                Some(record) if record.sex != sex => {
                    return refuse(format!("Giới tính của {who} không khớp dữ liệu dân cư."));
                }
                Some(record) if record.birth_date.earliest() >= child.birth_date => {
                    return refuse(format!("Ngày sinh của {who} sau ngày sinh của trẻ."));
                }
                Some(_) => {}
            }
        }
        let known = child_key(child).and_then(|key| self.children.get(&key));
        let number = match known {
            Some(number) => *number,
            None => self.free_number(key, child)?,
        };
        let change = Change::Numbered { key: key.to_owned(), child: child.clone(), number };
        Ok(Verdict { answer: number, change: Some(change) })
    }

    /// What a report comes to.
    pub(crate) fn judge_event(
        &self,
        key: &str,
        event: &PopulationEvent,
    ) -> Result<Verdict<()>, ExchangeError> {
        if let Some(answered) = self.answered.get(key) {
            let same = answered.number.is_none() && answered.digest == digest(event);
            return if same { Ok(Verdict::done(())) } else { Err(key_reused()) };
        }
        for number in &event.subjects {
            if self.record(number).is_none() {
                return refuse("Không có người mang số định danh đã nêu.".to_owned());
            }
        }
        match (event.entry.register.as_str(), event.kind) {
            ("death", PopulationEventKind::Entered) => self.judge_death(event)?,
            ("marriage", PopulationEventKind::Entered) => self.judge_marriage(event)?,
            ("marriage", PopulationEventKind::Ended) => self.judge_divorce(event)?,
            _ => {}
        }
        let change = Change::Reported { key: key.to_owned(), event: event.clone() };
        Ok(Verdict { answer: (), change: Some(change) })
    }

    /// Carries a change out. It was judged before it was written, so nothing can fail here.
    pub(crate) fn apply(&mut self, change: Change) {
        match change {
            Change::Numbered { key, child, number } => {
                let answered = Answered { digest: digest(&child), number: Some(number) };
                self.answered.insert(key, answered);
                if let Some(key) = child_key(&child) {
                    self.children.insert(key, number);
                }
                if self.record(&number).is_none() {
                    self.add_child(&child, number);
                }
            }
            Change::Reported { key, event } => {
                self.answered.insert(key, Answered { digest: digest(&event), number: None });
                self.take_note(&event);
            }
        }
    }

    fn record(&self, number: &PersonNumber) -> Option<PersonRecord> {
        self.changed.get(number).cloned().or_else(|| self.residents.find(number))
    }

    /// A number that nobody has. It follows from the key, so it is as if drawn at random and yet
    /// the same in every run.
    fn free_number(&self, key: &str, child: &ChildIdentity) -> Result<PersonNumber, ExchangeError> {
        let data = self.residents.data();
        let prefix = data.number_prefixes.first().and_then(|weighted| weighted.0.parse().ok());
        let prefix: u64 = prefix.unwrap_or(0);
        let mut random = Random::new(data.seed ^ digest_of_text(key));
        for _ in 0..10_000 {
            let serial = random.below(1_000_000) as u64;
            let number = number_of(prefix, child.birth_date, child.sex == Sex::Male, serial);
            if let Some(number) = person_number(number)
                && self.record(&number).is_none()
            {
                return Ok(number);
            }
        }
        Err(ExchangeError::Unavailable("no free number found".to_owned()))
    }

    fn add_child(&mut self, child: &ChildIdentity, number: PersonNumber) {
        let mother = child.mother_number.and_then(|number| self.record(&number));
        let father = child.father_number.and_then(|number| self.record(&number));
        let data = self.residents.data();
        let or_else = |text: &str, other: &str| {
            if text.is_empty() { other.to_owned() } else { text.to_owned() }
        };
        let ethnicity = data.ethnicities.first().map_or("", |weighted| weighted.0.as_str());
        let Some(residence) = [&mother, &father]
            .into_iter()
            .flatten()
            .map(|parent| parent.residence.clone())
            .next()
            .or_else(|| self.place_of(child.unit.as_ref()))
        else {
            return;
        };
        let record = PersonRecord {
            number,
            name: child.name.clone(),
            birth_date: PartialDate::Day(child.birth_date),
            sex: child.sex,
            ethnicity: or_else(&child.ethnicity, ethnicity),
            nationality: or_else(&child.nationality, &data.nationality),
            residence,
            identity_paper: None,
            phone: None,
            alive: true,
            death_date: None,
            marital_status: MaritalStatus::NeverMarried,
            father: father.as_ref().map(relative),
            mother: mother.as_ref().map(relative),
            spouse: None,
            children: Vec::new(),
        };
        for mut parent in [mother, father].into_iter().flatten() {
            parent.children.push(relative(&record));
            self.changed.insert(parent.number, parent);
        }
        self.changed.insert(number, record);
    }

    /// The commune asked for if its province is known, else the first place there is.
    fn place_of(&self, unit: Option<&UnitCode>) -> Option<Address> {
        let places = self.residents.places();
        let here = places.iter().find(|place| Some(&place.commune) == unit);
        here.or_else(|| places.first()).map(|place| Address {
            province: place.province.clone(),
            commune: place.commune.clone(),
            detail: String::new(),
        })
    }

    fn judge_death(&self, event: &PopulationEvent) -> Result<(), ExchangeError> {
        let Some(record) = self.named(event, "deceased_number") else {
            return Ok(());
        };
        let reported = event.text("died_on").and_then(|text| text.parse().ok());
        match record.death_date {
            Some(known) if Some(known) != reported => {
                refuse(format!("Người này đã được khai tử, ngày chết là {}.", known.text()))
            }
            _ => Ok(()),
        }
    }

    fn judge_marriage(&self, event: &PopulationEvent) -> Result<(), ExchangeError> {
        let couple = self.couple(event);
        if let [Some(one), Some(other)] = &couple
            && one.sex == other.sex
        {
            return refuse("Giới tính của hai người không khớp dữ liệu dân cư.".to_owned());
        }
        for (person, other) in [(&couple[0], &couple[1]), (&couple[1], &couple[0])] {
            let Some(person) = person else { continue };
            if !person.alive {
                return refuse("Một trong hai người đã được khai tử.".to_owned());
            }
            let is_each_other = other.as_ref().is_some_and(|other| names_as_spouse(person, other));
            if person.marital_status == MaritalStatus::Married && !is_each_other {
                return refuse("Một trong hai người đang có vợ hoặc có chồng.".to_owned());
            }
        }
        Ok(())
    }

    fn judge_divorce(&self, event: &PopulationEvent) -> Result<(), ExchangeError> {
        match self.couple(event) {
            [Some(one), Some(other)] if !names_as_spouse(&one, &other) => {
                refuse("Hai người này không phải là vợ chồng của nhau.".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// What an event means for the people. Registers not known here concern nothing that is kept.
    fn take_note(&mut self, event: &PopulationEvent) {
        match (event.entry.register.as_str(), event.kind) {
            ("birth", PopulationEventKind::Entered | PopulationEventKind::Amended) => {
                self.note_birth(event);
            }
            ("death", PopulationEventKind::Entered | PopulationEventKind::Amended) => {
                self.note_death(event);
            }
            ("marriage", PopulationEventKind::Entered) => self.note_marriage(event),
            ("marriage", PopulationEventKind::Ended) => self.note_divorce(event),
            _ => {}
        }
    }

    /// The entry is right where it differs from what was asked for earlier.
    fn note_birth(&mut self, event: &PopulationEvent) {
        let Some(mut child) = self.named(event, "child_number") else {
            return;
        };
        let take = |place: &mut String, field: &str| {
            if let Some(text) = event.text(field) {
                text.clone_into(place);
            }
        };
        take(&mut child.name, "child_name");
        take(&mut child.ethnicity, "child_ethnicity");
        take(&mut child.nationality, "child_nationality");
        if let Some(birth) = event.text("child_birth_date").and_then(|text| text.parse().ok()) {
            child.birth_date = birth;
        }
        match event.text("child_sex") {
            Some("male") => child.sex = Sex::Male,
            Some("female") => child.sex = Sex::Female,
            _ => {}
        }
        for (number_field, name_field, place) in [
            ("mother_number", "mother_name", &mut child.mother),
            ("father_number", "father_name", &mut child.father),
        ] {
            let parent = self.named(event, number_field);
            let named = event.text(name_field).map(|name| Relative {
                number: None,
                name: name.to_owned(),
                nationality: self.residents.data().nationality.clone(),
            });
            if let Some(known) = parent.as_ref().map(relative).or(named) {
                *place = Some(known);
            }
        }
        let parents = [child.mother.clone(), child.father.clone()];
        let number = child.number;
        let as_relative = relative(&child);
        self.changed.insert(number, child);
        for parent in parents.into_iter().flatten().filter_map(|parent| parent.number) {
            let Some(mut parent) = self.record(&parent) else {
                continue;
            };
            if parent.children.iter().all(|known| known.number != Some(number)) {
                parent.children.push(as_relative.clone());
                self.changed.insert(parent.number, parent);
            }
        }
    }

    fn note_death(&mut self, event: &PopulationEvent) {
        let Some(mut dead) = self.named(event, "deceased_number") else {
            return;
        };
        dead.alive = false;
        dead.death_date = event.text("died_on").and_then(|text| text.parse().ok());
        let spouse = dead.spouse.as_ref().and_then(|spouse| spouse.number);
        self.changed.insert(dead.number, dead.clone());
        // A report that comes again must not part the survivor from a later spouse.
        if let Some(mut survivor) = spouse.and_then(|number| self.record(&number))
            && survivor.alive
            && names_as_spouse(&survivor, &dead)
        {
            survivor.spouse = None;
            survivor.marital_status = MaritalStatus::Widowed;
            self.changed.insert(survivor.number, survivor);
        }
    }

    fn note_marriage(&mut self, event: &PopulationEvent) {
        let [husband, wife] = self.couple(event);
        let named = |known: &Option<PersonRecord>, name: &str, nationality: &str| {
            known.as_ref().map(relative).or_else(|| {
                Some(Relative {
                    number: None,
                    name: event.text(name)?.to_owned(),
                    nationality: event.text(nationality).unwrap_or_default().to_owned(),
                })
            })
        };
        let as_spouse = [
            named(&wife, "wife_name", "wife_nationality"),
            named(&husband, "husband_name", "husband_nationality"),
        ];
        for (person, spouse) in [husband, wife].into_iter().zip(as_spouse) {
            let Some(mut person) = person else { continue };
            person.spouse = spouse;
            person.marital_status = MaritalStatus::Married;
            self.changed.insert(person.number, person);
        }
    }

    fn note_divorce(&mut self, event: &PopulationEvent) {
        let couple = self.couple(event);
        let is_of_couple = |person: &PersonRecord| {
            let [one, other] = &couple;
            one.is_none()
                || other.is_none()
                || [one, other].into_iter().flatten().any(|it| names_as_spouse(person, it))
        };
        for mut person in couple.clone().into_iter().flatten() {
            // A marriage that death has ended stays ended by death, and one with somebody else goes on.
            if person.marital_status == MaritalStatus::Married
                && person.alive
                && is_of_couple(&person)
            {
                person.spouse = None;
                person.marital_status = MaritalStatus::Divorced;
                self.changed.insert(person.number, person);
            }
        }
    }

    /// The person whose number stands in this field of the entry.
    fn named(&self, event: &PopulationEvent, field: &str) -> Option<PersonRecord> {
        self.record(&event.text(field)?.parse().ok()?)
    }

    fn couple(&self, event: &PopulationEvent) -> [Option<PersonRecord>; 2] {
        [self.named(event, "husband_number"), self.named(event, "wife_number")]
    }
}

impl<T> Verdict<T> {
    fn done(answer: T) -> Self {
        Self { answer, change: None }
    }
}

/// The records of the people whom the pack names.
fn fixed_records(residents: &Residents) -> HashMap<PersonNumber, PersonRecord> {
    let data = residents.data();
    let find = |number: Option<PersonNumber>| {
        data.residents.iter().find(|person| Some(person.number) == number)
    };
    let as_relative = |person: &FixedResident| Relative {
        number: Some(person.number),
        name: person.name.clone(),
        nationality: nationality(data, person),
    };
    let mut records = HashMap::new();
    for person in &data.residents {
        let mut children: Vec<&FixedResident> = data
            .residents
            .iter()
            .filter(|other| {
                other.father == Some(person.number) || other.mother == Some(person.number)
            })
            .collect();
        children.sort_by_key(|child| child.birth_date);
        let ethnicity = data.ethnicities.first().map(|weighted| weighted.0.clone());
        let places = residents.places();
        let here = places.iter().find(|place| place.commune == person.commune);
        let province = here.map_or_else(|| data.province.clone(), |place| place.province.clone());
        let status = match (person.marital_status, person.spouse) {
            (Some(status), _) => status,
            (None, Some(_)) => MaritalStatus::Married,
            (None, None) => MaritalStatus::NeverMarried,
        };
        let record = PersonRecord {
            number: person.number,
            name: person.name.clone(),
            birth_date: person.birth_date,
            sex: person.sex,
            ethnicity: person.ethnicity.clone().or(ethnicity).unwrap_or_default(),
            nationality: nationality(data, person),
            residence: Address {
                province,
                commune: person.commune.clone(),
                detail: person.detail.clone(),
            },
            identity_paper: person.identity_paper.clone(),
            phone: person.phone.clone(),
            alive: person.death_date.is_none(),
            death_date: person.death_date,
            marital_status: status,
            father: find(person.father).map(as_relative),
            mother: find(person.mother).map(as_relative),
            spouse: find(person.spouse).map(as_relative),
            children: children.into_iter().map(as_relative).collect(),
        };
        records.insert(person.number, record);
    }
    records
}

fn nationality(data: &DemoResidents, person: &FixedResident) -> String {
    person.nationality.clone().unwrap_or_else(|| data.nationality.clone())
}

fn relative(person: &PersonRecord) -> Relative {
    Relative {
        number: Some(person.number),
        name: person.name.clone(),
        nationality: person.nationality.clone(),
    }
}

fn names_as_spouse(person: &PersonRecord, other: &PersonRecord) -> bool {
    person.spouse.as_ref().is_some_and(|spouse| spouse.number == Some(other.number))
}

fn child_key(child: &ChildIdentity) -> Option<ChildKey> {
    let (mother, father) = (child.mother_number, child.father_number);
    if mother.is_none() && father.is_none() {
        return None;
    }
    Some((fold(&child.name), child.birth_date, child.sex == Sex::Male, mother, father))
}

fn digest(asked: &impl serde::Serialize) -> u64 {
    digest_of_text(&serde_json::to_string(asked).unwrap_or_default())
}

/// FNV-1a: never changes, so a key gives the same number in every run.
fn digest_of_text(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn refuse<T>(reason: String) -> Result<T, ExchangeError> {
    Err(ExchangeError::Refused(reason))
}

fn key_reused() -> ExchangeError {
    ExchangeError::Refused("Mã yêu cầu này đã dùng cho một nội dung khác.".to_owned())
}
