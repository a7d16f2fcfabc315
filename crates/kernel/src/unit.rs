//! Administrative units: 34 provinces and 3,321 communes since 1 July 2025, and what became of the
//! units before.
//!
//! A code needs its date: nearly every commune code belonged to an older commune too, often with
//! another name. The codes here are those in force; former units are known by name only.

mod name;
mod search;

use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::problem::{Problem, Problems};
use crate::text::sort_key;

use name::UnitName;
pub use name::in_sentence;

/// The code of a unit: two digits for a province, five for a commune. Leading zeros count.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(transparent)]
pub struct UnitCode(String);

/// The two levels of government.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitLevel {
    /// Tỉnh, thành phố.
    Province,
    /// Xã, phường, đặc khu.
    Commune,
}

impl UnitCode {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Province or commune, by the number of digits.
    pub fn level(&self) -> UnitLevel {
        if self.0.len() == 2 { UnitLevel::Province } else { UnitLevel::Commune }
    }
}

/// The text is not a unit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseUnitCodeError;

impl fmt::Display for ParseUnitCodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a unit code: expected 2 digits for a province or 5 for a commune")
    }
}

impl std::error::Error for ParseUnitCodeError {}

impl FromStr for UnitCode {
    type Err = ParseUnitCodeError;

    fn from_str(text: &str) -> Result<UnitCode, ParseUnitCodeError> {
        let is_code =
            matches!(text.len(), 2 | 5) && text.bytes().all(|digit| digit.is_ascii_digit());
        if is_code { Ok(UnitCode(text.to_owned())) } else { Err(ParseUnitCodeError) }
    }
}

impl<'de> Deserialize<'de> for UnitCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<UnitCode, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl fmt::Display for UnitCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Borrow<str> for UnitCode {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for UnitCode {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// A province or a city directly under the Government.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Province {
    /// Two digits.
    pub code: UnitCode,
    /// With its kind: `Tỉnh Đồng Tháp`, `Thành phố Huế`.
    pub name: String,
}

/// A commune, ward or special zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commune {
    /// Five digits.
    pub code: UnitCode,
    /// Its province.
    pub province: UnitCode,
    /// With its kind: `Phường Mỹ Tho`.
    pub name: String,
}

/// A commune-level unit of before 1 July 2025, or a part of one, and where it went. One that was
/// split has several records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerUnit {
    /// Name of the province of then, such as `Tỉnh Tiền Giang`.
    pub province: String,
    /// Name of the district of then; empty where there was none.
    pub district: String,
    /// Name of the unit itself, such as `Xã Đạo Thạnh`.
    pub ward: String,
    /// The commune that it went into.
    pub commune: UnitCode,
    /// Did only a part of it go there?
    pub partial: bool,
}

/// Where a former unit went.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FormerMatch {
    /// Did only a part of it go there? Then the person must say which.
    pub partial: bool,
    /// The commune of today.
    pub code: UnitCode,
}

/// Plain data of a directory, as a pack declares them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitData {
    /// All provinces.
    pub provinces: Vec<Province>,
    /// All communes.
    pub communes: Vec<Commune>,
    /// All former units.
    #[serde(default)]
    pub former: Vec<FormerUnit>,
}

/// All units, ready to be looked up. Lists are in Vietnamese alphabetical order of the bare names.
#[derive(Clone, Debug, Default)]
pub struct UnitDirectory {
    provinces: Vec<Province>,
    province_index: HashMap<UnitCode, usize>,
    /// Province by province, so that those of one are a slice.
    communes: Vec<Commune>,
    commune_index: HashMap<UnitCode, usize>,
    communes_of: BTreeMap<UnitCode, Range<usize>>,
    /// Beside `communes`: what search compares.
    search_keys: Vec<search::SearchKey>,
    former: Vec<FormerUnit>,
    /// Former units by bare province and ward name.
    former_index: HashMap<(String, String), Vec<usize>>,
}

impl UnitDirectory {
    /// Builds the directory from what is sound in the data, and says what is not, with the place:
    /// `communes.17.province`.
    pub fn new(data: UnitData) -> (UnitDirectory, Problems) {
        let mut directory = UnitDirectory::default();
        let mut problems = Problems::new();
        directory.add_provinces(data.provinces, &mut problems);
        directory.add_communes(data.communes, &mut problems);
        directory.add_former(data.former, &mut problems);
        directory.former.shrink_to_fit();
        (directory, problems)
    }

    /// All provinces.
    pub fn provinces(&self) -> &[Province] {
        &self.provinces
    }

    /// All communes, province by province.
    pub fn communes(&self) -> &[Commune] {
        &self.communes
    }

    /// All former units.
    pub fn former_units(&self) -> &[FormerUnit] {
        &self.former
    }

    /// The province of this code.
    pub fn province(&self, code: &str) -> Option<&Province> {
        self.provinces.get(*self.province_index.get(code)?)
    }

    /// The commune of this code.
    pub fn commune(&self, code: &str) -> Option<&Commune> {
        self.communes.get(*self.commune_index.get(code)?)
    }

    /// The communes of the province of this code; none if there is no such province.
    pub fn communes_of(&self, province: &str) -> &[Commune] {
        let range = self.communes_of.get(province).cloned().unwrap_or_default();
        self.communes.get(range).unwrap_or_default()
    }

    /// The name of a unit, with its kind, of either level.
    pub fn name(&self, code: &str) -> Option<&str> {
        let province = || self.province(code).map(|province| province.name.as_str());
        self.commune(code).map(|commune| commune.name.as_str()).or_else(province)
    }

    /// `Phường Mỹ Tho, tỉnh Đồng Tháp`: a commune with its province, as addresses say it; a
    /// province by itself.
    pub fn full_name(&self, code: &str) -> Option<String> {
        let Some(commune) = self.commune(code) else {
            return self.province(code).map(|province| province.name.clone());
        };
        let province = self.province(commune.province.as_str())?;
        Some(format!("{}, {}", commune.name, name::in_sentence(&province.name)))
    }

    /// The province of this name; kind, case, tones and usual short forms do not matter.
    pub fn find_province(&self, name: &str) -> Option<&Province> {
        let asked = UnitName::read(name);
        self.provinces.iter().find(|province| asked.matches(&UnitName::read(&province.name)))
    }

    /// The communes of this name in a province; several when kinds differ (`Xã`, `Phường`) and the
    /// name says none. Case, tones and usual short forms do not matter.
    pub fn find_communes(&self, province: &str, name: &str) -> Vec<&Commune> {
        let asked = UnitName::read(name);
        let range = self.communes_of.get(province).cloned().unwrap_or_default();
        let keys = self.search_keys.get(range).unwrap_or_default();
        let communes = self.communes_of(province).iter().zip(keys);
        communes.filter(|(_, key)| asked.matches(&key.name)).map(|(commune, _)| commune).collect()
    }

    /// What became of a unit of before July 2025, by the names of then; the whole ones first. An
    /// empty district matches all. A kind that nobody has (`Xã` for what had become a `Phường`)
    /// is overlooked rather than nothing found.
    pub fn map_former(&self, province: &str, district: &str, ward: &str) -> Vec<FormerMatch> {
        let ward = UnitName::read(ward);
        let district = UnitName::read(district);
        let candidates = self.former_candidates(&UnitName::read(province), &ward);
        let in_district: Vec<&FormerUnit> = candidates
            .into_iter()
            .filter(|unit| district.is_empty() || district.may_be(&UnitName::read(&unit.district)))
            .collect();
        let same_kind = |unit: &&FormerUnit| ward.matches(&UnitName::read(&unit.ward));
        let strict: Vec<&FormerUnit> = in_district.iter().copied().filter(same_kind).collect();
        let chosen = if strict.is_empty() { in_district } else { strict };
        let mut matches: Vec<FormerMatch> = chosen
            .into_iter()
            .map(|unit| FormerMatch { partial: unit.partial, code: unit.commune.clone() })
            .collect();
        matches.sort();
        matches.dedup();
        matches
    }

    fn former_candidates(&self, province: &UnitName, ward: &UnitName) -> Vec<&FormerUnit> {
        let mut found: Vec<usize> = Vec::new();
        for province in province.readings() {
            for ward in ward.readings() {
                let key = (province.to_owned(), ward.to_owned());
                found.extend(self.former_index.get(&key).into_iter().flatten());
            }
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().filter_map(|index| self.former.get(index)).collect()
    }

    fn add_provinces(&mut self, provinces: Vec<Province>, problems: &mut Problems) {
        for (index, province) in provinces.into_iter().enumerate() {
            let path = format!("provinces.{index}.code");
            if province.code.level() != UnitLevel::Province {
                problems.push(wrong_length(&province.code, &path, "Mã tỉnh có 2 chữ số"));
            } else if self.province_index.insert(province.code.clone(), index).is_some() {
                problems.push(twice(&province.code, &path));
            } else {
                self.provinces.push(province);
            }
        }
        self.provinces.sort_by_cached_key(|province| UnitName::read(&province.name).sort_key());
        self.province_index = index_by_code(self.provinces.iter().map(|province| &province.code));
    }

    fn add_communes(&mut self, communes: Vec<Commune>, problems: &mut Problems) {
        let mut seen = HashMap::new();
        for (index, commune) in communes.into_iter().enumerate() {
            let path = format!("communes.{index}.code");
            if commune.code.level() != UnitLevel::Commune {
                problems.push(wrong_length(&commune.code, &path, "Mã xã, phường có 5 chữ số"));
            } else if self.province(commune.province.as_str()).is_none() {
                let message = format!("Không có tỉnh mang mã {}.", commune.province);
                let path = format!("communes.{index}.province");
                problems.push(Problem::new("unit.unknown-province", path, message));
            } else if seen.insert(commune.code.clone(), index).is_some() {
                problems.push(twice(&commune.code, &path));
            } else {
                self.communes.push(commune);
            }
        }
        self.communes.sort_by_cached_key(|commune| {
            (commune.province.clone(), UnitName::read(&commune.name).sort_key())
        });
        self.index_communes();
    }

    fn index_communes(&mut self) {
        self.commune_index = index_by_code(self.communes.iter().map(|commune| &commune.code));
        for (index, commune) in self.communes.iter().enumerate() {
            let range = self.communes_of.entry(commune.province.clone()).or_insert(index..index);
            range.end = index + 1;
        }
        let province_name = |commune: &Commune| self.name(commune.province.as_str()).unwrap_or("");
        self.search_keys = self
            .communes
            .iter()
            .map(|commune| search::SearchKey::new(&commune.name, province_name(commune)))
            .collect();
    }

    fn add_former(&mut self, former: Vec<FormerUnit>, problems: &mut Problems) {
        for (index, unit) in former.into_iter().enumerate() {
            if self.commune(unit.commune.as_str()).is_none() {
                let message = format!("Không có xã, phường mang mã {}.", unit.commune);
                let path = format!("former.{index}.commune");
                problems.push(Problem::new("unit.unknown-commune", path, message));
                continue;
            }
            let key = (
                UnitName::read(&unit.province).bare().to_owned(),
                UnitName::read(&unit.ward).bare().to_owned(),
            );
            self.former_index.entry(key).or_default().push(self.former.len());
            self.former.push(unit);
        }
    }
}

fn index_by_code<'a>(codes: impl Iterator<Item = &'a UnitCode>) -> HashMap<UnitCode, usize> {
    codes.cloned().zip(0..).collect()
}

fn wrong_length(code: &UnitCode, path: &str, rule: &str) -> Problem {
    Problem::new("unit.code-length", path, format!("{rule}, mã \"{code}\" chưa đúng."))
}

fn twice(code: &UnitCode, path: &str) -> Problem {
    Problem::new("unit.code-twice", path, format!("Mã \"{code}\" được khai báo hai lần."))
}

impl UnitName {
    /// Alphabetical by the bare name; the kind only decides between equals.
    fn sort_key(&self) -> String {
        format!("{}{}", sort_key(self.bare_written()), sort_key(self.written()))
    }
}

#[cfg(test)]
mod tests;
