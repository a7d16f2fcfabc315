//! What a pack says about the invented people.

use std::collections::BTreeSet;

use exchange::MaritalStatus;
use jiff::civil::Date;
use kernel::partial_date::PartialDate;
use kernel::person_number::{PersonNumber, Sex};
use kernel::problem::{Problem, Problems};
use kernel::unit::UnitCode;
use serde::Deserialize;

/// The invented people: how many, what they are called, and those whom the demo needs by name.
/// Read from `content/demo/residents.toml`; dates are texts such as `"2026-01-01"`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoResidents {
    /// The same seed and the same data give the same people.
    pub seed: u64,
    /// About how many people are made beside the fixed ones.
    pub count: u32,
    /// The day on which the made people are as old as they are: nobody is born later.
    pub as_of: Date,
    /// Province in whose communes they live; two digits.
    pub province: UnitCode,
    /// First three digits of their numbers, with weights.
    pub number_prefixes: Vec<Weighted>,
    /// Codes of the list `ethnicity`, with weights.
    pub ethnicities: Vec<Weighted>,
    /// Code of the list `nationality`.
    pub nationality: String,
    /// What people are called.
    pub names: NameParts,
    /// Streets of wards, such as "đường Lý Thường Kiệt".
    pub streets: Vec<String>,
    /// Hamlets of communes, such as "ấp Mỹ Thạnh".
    pub hamlets: Vec<String>,
    /// People needed by name.
    #[serde(default, rename = "resident")]
    pub residents: Vec<FixedResident>,
}

/// More people than any province has would only cost memory.
const MOST_RESIDENTS: u32 = 1_000_000;

/// A text and how often it comes up: in TOML `["Nguyễn", 38]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Weighted(pub String, pub u32);

/// What people are called: family name, middle name, given name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameParts {
    /// Family names, with weights.
    pub family: Vec<Weighted>,
    /// Middle names of men and boys, with weights. The first is that of the old custom ("Văn"),
    /// and commoner the older the person.
    pub male_middle: Vec<Weighted>,
    /// Middle names of women and girls; the first is that of the old custom ("Thị").
    pub female_middle: Vec<Weighted>,
    /// Given names of men and boys.
    pub male_given: Vec<String>,
    /// Given names of women and girls.
    pub female_given: Vec<String>,
}

/// A person whom the demo needs by name. Children need not be named: a person is the child of those
/// whom they name as father and mother.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixedResident {
    /// Twelve digits.
    pub number: PersonNumber,
    /// Full name.
    pub name: String,
    /// Day, month or year of birth.
    pub birth_date: PartialDate,
    /// `male` or `female`.
    pub sex: Sex,
    /// Code of the list `ethnicity`; the first of `ethnicities` if absent.
    pub ethnicity: Option<String>,
    /// Code of the list `nationality`; that of everybody if absent.
    pub nationality: Option<String>,
    /// Commune of residence, five digits.
    pub commune: UnitCode,
    /// House, street, hamlet.
    #[serde(default)]
    pub detail: String,
    /// Telephone.
    pub phone: Option<String>,
    /// Older identity paper.
    pub identity_paper: Option<String>,
    /// Married if a spouse is named, else never married, if absent.
    pub marital_status: Option<MaritalStatus>,
    /// Day of death, if dead.
    pub death_date: Option<PartialDate>,
    /// Number of the father, another fixed resident.
    pub father: Option<PersonNumber>,
    /// Number of the mother, another fixed resident.
    pub mother: Option<PersonNumber>,
    /// Number of the spouse, another fixed resident, who names this one.
    pub spouse: Option<PersonNumber>,
}

/// A place to live in, as the directory of units gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Province.
    pub province: UnitCode,
    /// Commune.
    pub commune: UnitCode,
    /// Is it a ward, with streets, rather than a commune with hamlets?
    pub is_ward: bool,
}

impl Place {
    /// A commune of the directory.
    pub fn new(commune: &kernel::unit::Commune) -> Self {
        Self {
            province: commune.province.clone(),
            commune: commune.code.clone(),
            is_ward: commune.name.starts_with("Phường"),
        }
    }
}

impl DemoResidents {
    /// Reads `residents.toml`.
    ///
    /// # Errors
    ///
    /// One problem for a fault in the TOML, with its line; or everything that [`Self::faults`]
    /// finds.
    pub fn from_toml(text: &str) -> Result<Self, Problems> {
        let data: Self = toml::from_str(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            let line = text.get(..offset).unwrap_or_default().matches('\n').count() + 1;
            let message = format!("Dòng {line}: {}", error.message());
            vec![Problem::new("residents.syntax", "", message)]
        })?;
        let faults = data.faults();
        if faults.is_empty() { Ok(data) } else { Err(faults) }
    }

    /// Everything that is wrong with the data.
    pub fn faults(&self) -> Problems {
        let mut faults = Problems::new();
        let mut fault = |code: &str, path: String, message: String| {
            faults.push(Problem::new(format!("residents.{code}"), path, message));
        };
        for (path, size) in self.list_sizes() {
            if size == 0 {
                fault("empty", path.to_owned(), format!("Danh sách {path} đang trống."));
            } else if size > usize::from(u16::MAX) {
                fault("long", path.to_owned(), format!("Danh sách {path} quá dài."));
            }
        }
        for (path, list) in self.weighted_lists() {
            if !list.is_empty() && list.iter().all(|Weighted(_, weight)| *weight == 0) {
                let message = format!("Danh sách {path} cần ít nhất một mục có tỷ lệ lớn hơn 0.");
                fault("weights", path.to_owned(), message);
            }
        }
        for Weighted(prefix, _) in &self.number_prefixes {
            if prefix.len() != 3 || !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
                let message = format!("\"{prefix}\" phải là 3 chữ số đầu của số định danh.");
                fault("prefix", "number_prefixes".to_owned(), message);
            }
        }
        if self.count > MOST_RESIDENTS {
            let message = format!("Nhiều nhất {MOST_RESIDENTS} người.");
            fault("count", "count".to_owned(), message);
        }
        if !(1990..=2190).contains(&self.as_of.year()) {
            let message = "Ngày làm mốc phải trong khoảng năm 1990 đến 2190.".to_owned();
            fault("as-of", "as_of".to_owned(), message);
        }
        let mut seen = BTreeSet::new();
        for (index, person) in self.residents.iter().enumerate() {
            if !seen.insert(person.number) {
                fault(
                    "duplicate",
                    format!("resident.{index}.number"),
                    "Số định danh này đã dùng cho người ở trên.".to_owned(),
                );
            }
            for (part, message) in self.faults_of_family(person) {
                fault("family", format!("resident.{index}.{part}"), message.to_owned());
            }
        }
        faults
    }

    fn faults_of_family(&self, person: &FixedResident) -> Vec<(&'static str, &'static str)> {
        let find = |number: &PersonNumber| self.residents.iter().find(|p| p.number == *number);
        let mut faults = Vec::new();
        for (part, number, sex) in
            [("father", person.father, Sex::Male), ("mother", person.mother, Sex::Female)]
        {
            let Some(number) = number else { continue };
            match find(&number) {
                None => faults.push((part, "Không có người mang số này trong danh sách.")),
                Some(parent) if parent.sex != sex => {
                    faults.push((part, "Giới tính của người này không khớp."));
                }
                Some(parent) if parent.birth_date.earliest() >= person.birth_date.latest() => {
                    faults.push((part, "Cha, mẹ phải sinh trước con."));
                }
                Some(_) => {}
            }
        }
        if let Some(number) = person.spouse {
            match find(&number) {
                None => faults.push(("spouse", "Không có người mang số này trong danh sách.")),
                Some(spouse) if spouse.spouse != Some(person.number) => {
                    faults.push(("spouse", "Hai vợ chồng phải ghi số của nhau."));
                }
                Some(_) => {}
            }
        }
        faults
    }

    fn list_sizes(&self) -> [(&'static str, usize); 9] {
        let names = &self.names;
        [
            ("number_prefixes", self.number_prefixes.len()),
            ("ethnicities", self.ethnicities.len()),
            ("streets", self.streets.len()),
            ("hamlets", self.hamlets.len()),
            ("names.family", names.family.len()),
            ("names.male_middle", names.male_middle.len()),
            ("names.female_middle", names.female_middle.len()),
            ("names.male_given", names.male_given.len()),
            ("names.female_given", names.female_given.len()),
        ]
    }

    fn weighted_lists(&self) -> [(&'static str, &[Weighted]); 5] {
        [
            ("number_prefixes", &self.number_prefixes),
            ("ethnicities", &self.ethnicities),
            ("names.family", &self.names.family),
            ("names.male_middle", &self.names.male_middle),
            ("names.female_middle", &self.names.female_middle),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The data that the demo ships.
    const SHIPPED: &str = include_str!("../../../content/demo/residents.toml");

    fn shipped() -> DemoResidents {
        DemoResidents::from_toml(SHIPPED).unwrap()
    }

    fn codes(data: &DemoResidents) -> Vec<(String, String)> {
        data.faults().into_iter().map(|fault| (fault.code, fault.path)).collect()
    }

    #[test]
    fn the_shipped_residents_are_sound() {
        let data = shipped();
        assert_eq!(data.count, 20_000);
        assert!(!data.residents.is_empty());
    }

    #[test]
    fn an_unknown_key_is_told_with_its_line() {
        let text = SHIPPED.replacen("seed =", "sede =", 1);
        let problems = DemoResidents::from_toml(&text).unwrap_err();
        let line = SHIPPED.lines().position(|line| line.starts_with("seed =")).unwrap() + 1;
        assert!(problems[0].message.starts_with(&format!("Dòng {line}:")), "{problems:?}");
    }

    #[test]
    fn everything_wrong_with_the_lists_is_told_at_once() {
        let mut data = shipped();
        data.residents.clear();
        data.count = 2_000_000;
        data.hamlets.clear();
        data.number_prefixes = vec![Weighted("82".to_owned(), 0)];
        let expected = [
            ("residents.empty", "hamlets"),
            ("residents.weights", "number_prefixes"),
            ("residents.prefix", "number_prefixes"),
            ("residents.count", "count"),
        ];
        let expected = expected.map(|(code, path)| (code.to_owned(), path.to_owned()));
        assert_eq!(codes(&data), expected);
    }

    #[test]
    fn families_of_fixed_residents_must_fit_together() {
        let mut data = shipped();
        let mut person = data.residents[0].clone();
        person.father = None;
        person.mother = None;
        person.spouse = None;
        let mut child = person.clone();
        child.number = "088226999999".parse().unwrap();
        // Born on the day of the parent, and the sexes do not fit both roles.
        child.father = Some(person.number);
        child.mother = Some(person.number);
        child.spouse = Some(person.number);
        data.residents = vec![person.clone(), child, person];
        let found = codes(&data);
        let paths: Vec<&str> = found.iter().map(|(_, path)| path.as_str()).collect();
        assert_eq!(
            paths,
            ["resident.1.father", "resident.1.mother", "resident.1.spouse", "resident.2.number"]
        );
    }
}
