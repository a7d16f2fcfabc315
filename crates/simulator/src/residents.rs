//! The invented people, packed.

use std::collections::HashMap;

use exchange::{Address, MaritalStatus, PersonRecord, Relative};
use jiff::civil::Date;
use kernel::partial_date::PartialDate;
use kernel::person_number::{PersonNumber, Sex};

use crate::demo::{DemoResidents, Place};

/// Where a person stands in the list. Most references stay empty, so absence is a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ref(u32);

/// A person: names and places are positions in the lists of the pack.
#[derive(Clone, Debug)]
pub(crate) struct Resident {
    /// The twelve digits as a number.
    pub number: u64,
    pub birth: Date,
    pub death: Option<Date>,
    pub family: u16,
    pub middle: u16,
    pub given: u16,
    pub ethnicity: u16,
    pub is_male: bool,
    pub status: MaritalStatus,
    pub home: u32,
    pub father: Ref,
    pub mother: Ref,
    pub spouse: Ref,
}

/// An address: positions in the lists of places and of streets or hamlets, and a number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Home {
    pub place: u16,
    pub street: u16,
    pub house: u16,
}

/// All of them, never changed after they are made.
pub(crate) struct Residents {
    data: DemoResidents,
    places: Vec<Place>,
    people: Vec<Resident>,
    homes: Vec<Home>,
    by_number: HashMap<u64, u32>,
    /// (parent, child) in order: the children of a person are a run.
    children: Vec<(u32, u32)>,
}

impl Ref {
    pub(crate) const NOBODY: Self = Self(u32::MAX);

    pub(crate) fn to(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }

    pub(crate) fn index(self) -> Option<usize> {
        if self == Self::NOBODY { None } else { usize::try_from(self.0).ok() }
    }
}

impl Residents {
    pub(crate) fn new(
        data: DemoResidents,
        places: Vec<Place>,
        people: Vec<Resident>,
        homes: Vec<Home>,
    ) -> Self {
        let mut by_number = HashMap::with_capacity(people.len());
        let mut children = Vec::new();
        for (child, person) in (0_u32..).zip(&people) {
            by_number.insert(person.number, child);
            for parent in [person.father, person.mother] {
                if parent != Ref::NOBODY {
                    children.push((parent.0, child));
                }
            }
        }
        // Eldest first among the children of one person.
        let born = |child: u32| people.get(child as usize).map(|person| person.birth);
        children.sort_unstable_by_key(|(parent, child)| (*parent, born(*child), *child));
        Self { data, places, people, homes, by_number, children }
    }

    pub(crate) fn data(&self) -> &DemoResidents {
        &self.data
    }

    pub(crate) fn places(&self) -> &[Place] {
        &self.places
    }

    pub(crate) fn numbers(&self) -> impl Iterator<Item = PersonNumber> {
        self.people.iter().filter_map(|person| person_number(person.number))
    }

    pub(crate) fn contains(&self, number: &PersonNumber) -> bool {
        self.position(number).is_some()
    }

    /// The person's record as it was made.
    pub(crate) fn find(&self, number: &PersonNumber) -> Option<PersonRecord> {
        let position = self.position(number)?;
        let person = self.people.get(position as usize)?;
        Some(PersonRecord {
            number: *number,
            name: self.name(person),
            birth_date: PartialDate::Day(person.birth),
            sex: if person.is_male { Sex::Male } else { Sex::Female },
            ethnicity: weighted_text(&self.data.ethnicities, person.ethnicity),
            nationality: self.data.nationality.clone(),
            residence: self.address(person.home)?,
            identity_paper: None,
            phone: None,
            alive: person.death.is_none(),
            death_date: person.death.map(PartialDate::Day),
            marital_status: person.status,
            father: self.relative(person.father),
            mother: self.relative(person.mother),
            spouse: self.relative(person.spouse),
            children: self.children_of(position),
        })
    }

    fn name(&self, person: &Resident) -> String {
        let names = &self.data.names;
        let (middle, given) = if person.is_male {
            (&names.male_middle, &names.male_given)
        } else {
            (&names.female_middle, &names.female_given)
        };
        let family = weighted_text(&names.family, person.family);
        let middle = weighted_text(middle, person.middle);
        let given = given.get(usize::from(person.given)).map_or("", String::as_str);
        format!("{family} {middle} {given}")
    }

    fn position(&self, number: &PersonNumber) -> Option<u32> {
        self.by_number.get(&number.as_str().parse().ok()?).copied()
    }

    fn relative(&self, reference: Ref) -> Option<Relative> {
        let person = self.people.get(reference.index()?)?;
        Some(Relative {
            number: person_number(person.number),
            name: self.name(person),
            nationality: self.data.nationality.clone(),
        })
    }

    fn children_of(&self, parent: u32) -> Vec<Relative> {
        let start = self.children.partition_point(|(other, _)| *other < parent);
        let run = self.children.iter().skip(start).take_while(|(other, _)| *other == parent);
        run.filter_map(|(_, child)| self.relative(Ref(*child))).collect()
    }

    fn address(&self, home: u32) -> Option<Address> {
        let home = self.homes.get(home as usize)?;
        let place = self.places.get(usize::from(home.place))?;
        let streets = if place.is_ward { &self.data.streets } else { &self.data.hamlets };
        let street = streets.get(usize::from(home.street))?;
        Some(Address {
            province: place.province.clone(),
            commune: place.commune.clone(),
            detail: format!("Số {}, {street}", home.house),
        })
    }
}

/// The number as twelve digits.
pub(crate) fn person_number(number: u64) -> Option<PersonNumber> {
    format!("{number:012}").parse().ok()
}

fn weighted_text(list: &[crate::demo::Weighted], position: u16) -> String {
    list.get(usize::from(position)).map(|weighted| weighted.0.clone()).unwrap_or_default()
}
