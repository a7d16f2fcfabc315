//! Reading an address: a commune of today, or a unit of before July 2025 that is mapped to it.

use kernel::unit::{Commune, FormerMatch, UnitDirectory};
use pack::model::TextFormat;
use serde_json::{Map, Value as Json};

use super::reader::Reader;
use super::spot::Spot;
use super::words::Name;

const DETAIL_LENGTH: u32 = 200;
const NAME_LENGTH: u32 = 100;
const FORMER_LENGTH: u32 = 320;

/// Parts that an address may have. `former` keeps the names of a mapped unit as they were typed.
const KEYS: [&str; 7] = [
    "province",
    "commune",
    "detail",
    "former",
    "former_province",
    "former_district",
    "former_ward",
];

/// How many choices a message lists.
const MOST_CHOICES: usize = 12;

impl Reader<'_> {
    pub(crate) fn address(
        &mut self,
        raw: &Json,
        spot: &Spot<'_>,
        detail_required: bool,
    ) -> Option<Json> {
        let Json::Object(given) = raw else {
            let message = format!(
                "{} chưa đúng dạng. Hãy chọn tỉnh, xã rồi nhập số nhà.",
                spot.name.at_start()
            );
            self.report("field.type", spot, message);
            return None;
        };
        self.unknown_keys(given.keys(), spot, |key| KEYS.contains(&key));
        let mut parts = AddressParts::default();
        let mut line = |key: &str, label: &str, most: u32| {
            let below = spot.part(key, label);
            let read = self.text(given.get(key)?, &below, most, |reader, text, spot| {
                reader.formatted(TextFormat::Plain, text, spot)
            })?;
            read.as_str().map(str::to_owned)
        };
        parts.province = line("province", "Tỉnh, thành phố", NAME_LENGTH);
        parts.commune = line("commune", "Xã, phường, đặc khu", NAME_LENGTH);
        parts.detail = line("detail", "Số nhà, đường, thôn, ấp", DETAIL_LENGTH);
        parts.former = line("former", "Địa chỉ cũ", FORMER_LENGTH);
        parts.former_province = line("former_province", "Tỉnh cũ", NAME_LENGTH);
        parts.former_district = line("former_district", "Huyện cũ", NAME_LENGTH);
        parts.former_ward = line("former_ward", "Xã, phường cũ", NAME_LENGTH);
        self.placed(parts, spot, detail_required)
    }

    /// What an address must have, when nothing of it was answered.
    pub(crate) fn report_missing_address(&mut self, spot: &Spot<'_>, detail_required: bool) {
        let name = spot.name.inside();
        let below = spot.part("commune", "");
        let message = format!("Hãy chọn tỉnh và xã, phường, đặc khu của {name}.");
        self.report("field.required", &below, message);
        if detail_required {
            self.report_missing_detail(spot);
        }
    }

    fn report_missing_detail(&mut self, spot: &Spot<'_>) {
        let below = spot.part("detail", "");
        let message = format!("Hãy nhập số nhà, đường, thôn hoặc ấp của {}.", spot.name.inside());
        self.report("field.required", &below, message);
    }

    fn placed(
        &mut self,
        mut parts: AddressParts,
        spot: &Spot<'_>,
        detail_required: bool,
    ) -> Option<Json> {
        let units = &self.ctx.content.units;
        let has_former = parts.former_ward.is_some();
        match (parts.commune.clone(), has_former) {
            (Some(commune), true) => self.choose_former(&mut parts, &commune, units, spot),
            (Some(commune), false) => self.check_commune(&mut parts, &commune, units, spot),
            (None, true) => self.map_former(&mut parts, units, spot),
            (None, false) => self.check_province(&parts, units, spot),
        }
        if self.complete && detail_required && parts.detail.is_none() {
            self.report_missing_detail(spot);
        }
        parts.into_json()
    }

    /// A commune of today, which must be one, and lie in the province.
    fn check_commune(
        &mut self,
        parts: &mut AddressParts,
        code: &str,
        units: &UnitDirectory,
        spot: &Spot<'_>,
    ) {
        let Some(commune) = units.commune(code) else {
            let message = format!(
                "{} chưa đúng: không có xã, phường, đặc khu mang mã {code}. Hãy chọn lại trong danh sách.",
                spot.name.at_start(),
            );
            return self.report("address.unknown-commune", &commune_of(spot), message);
        };
        let province = commune.province.as_str();
        match &parts.province {
            Some(given) if given != province => {
                let message = format!(
                    "{} chưa khớp: {} không thuộc tỉnh, thành phố đã chọn. Hãy chọn lại xã, phường.",
                    spot.name.at_start(),
                    commune.name,
                );
                self.report("address.other-province", &commune_of(spot), message);
            }
            _ => parts.province = Some(province.to_owned()),
        }
    }

    /// A province alone is the beginning of an address.
    fn check_province(&mut self, parts: &AddressParts, units: &UnitDirectory, spot: &Spot<'_>) {
        let known = parts.province.as_ref().map(|code| units.province(code).is_some());
        match known {
            Some(false) => {
                let below = spot.part("province", "");
                let message = format!(
                    "{} chưa đúng: không có tỉnh, thành phố này. Hãy chọn lại trong danh sách.",
                    spot.name.at_start(),
                );
                self.report("address.unknown-province", &below, message);
            }
            _ if self.complete => {
                let message = format!("Hãy chọn xã, phường, đặc khu của {}.", spot.name.inside());
                self.report("field.required", &commune_of(spot), message);
            }
            _ => {}
        }
    }

    /// A unit of before July 2025 without a choice yet.
    fn map_former(&mut self, parts: &mut AddressParts, units: &UnitDirectory, spot: &Spot<'_>) {
        let matches = parts.former_matches(units);
        match matches.as_slice() {
            [only] => {
                let (former, partial) = (parts.former_text(), only.partial);
                parts.settle(only.code.as_str(), units);
                if partial {
                    let now = units.name(only.code.as_str()).unwrap_or_default();
                    let message = format!(
                        "Chỉ một phần {former} trước đây thuộc {now} hiện nay. Hãy kiểm tra lại xã, phường của {}.",
                        spot.name.inside(),
                    );
                    self.warn("address.part-of-former", &commune_of(spot), message);
                }
            }
            [] => {
                let below = spot.part("former_ward", "");
                let message = format!(
                    "Chưa tìm thấy “{}” trong danh mục đơn vị hành chính trước 01/7/2025. Hãy kiểm tra lại tên tỉnh, huyện, xã cũ, hoặc chọn xã, phường hiện nay.",
                    parts.former_text(),
                );
                self.report("address.unknown-former", &below, message);
            }
            several => {
                let message = format!(
                    "{} trước đây nay thuộc nhiều nơi: {}. Hãy chọn xã, phường hiện nay của {}.",
                    parts.former_text(),
                    choices(several, units),
                    spot.name.inside(),
                );
                self.report("address.several", &commune_of(spot), message);
            }
        }
    }

    /// A former unit and the commune that the person chose for it.
    fn choose_former(
        &mut self,
        parts: &mut AddressParts,
        code: &str,
        units: &UnitDirectory,
        spot: &Spot<'_>,
    ) {
        let matches = parts.former_matches(units);
        if matches.is_empty() || matches.iter().any(|known| known.code.as_str() == code) {
            // A former unit that the directory does not know is no reason to doubt the choice.
            match units.commune(code) {
                Some(_) => parts.settle(code, units),
                None => self.check_commune(parts, code, units, spot),
            }
            return;
        }
        let message = format!(
            "{} trước đây không vào xã, phường đã chọn mà vào: {}. Hãy chọn lại.",
            parts.former_text(),
            choices(&matches, units),
        );
        self.report("address.not-among-former", &commune_of(spot), message);
    }
}

fn commune_of<'a>(spot: &'a Spot<'a>) -> Spot<'a> {
    Spot { path: spot.path.part("commune"), name: Name::Label("") }
}

/// "Xã A, Xã B hoặc Phường C".
fn choices(matches: &[FormerMatch], units: &UnitDirectory) -> String {
    let communes = matches.iter().filter_map(|found| units.commune(found.code.as_str()));
    let names: Vec<&str> = communes.map(|commune: &Commune| commune.name.as_str()).collect();
    let listed = names.get(..names.len().min(MOST_CHOICES)).unwrap_or_default();
    match listed {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} hoặc {last}", first.join(", ")),
    }
}

#[derive(Default)]
struct AddressParts {
    province: Option<String>,
    commune: Option<String>,
    detail: Option<String>,
    former: Option<String>,
    former_province: Option<String>,
    former_district: Option<String>,
    former_ward: Option<String>,
}

impl AddressParts {
    fn former_matches(&self, units: &UnitDirectory) -> Vec<FormerMatch> {
        let text = |part: &Option<String>| part.clone().unwrap_or_default();
        let province = text(&self.former_province);
        units.map_former(&province, &text(&self.former_district), &text(&self.former_ward))
    }

    /// "Xã Bình Hàng Trung, huyện Cao Lãnh, tỉnh Đồng Tháp", as typed.
    fn former_text(&self) -> String {
        let parts = [&self.former_ward, &self.former_district, &self.former_province];
        let given: Vec<&str> = parts.into_iter().filter_map(|part| part.as_deref()).collect();
        given.join(", ")
    }

    /// Takes a commune of today in place of the former unit, and notes the former one.
    fn settle(&mut self, code: &str, units: &UnitDirectory) {
        self.former = Some(self.former_text());
        self.province = units.commune(code).map(|commune| commune.province.as_str().to_owned());
        self.commune = Some(code.to_owned());
        self.former_province = None;
        self.former_district = None;
        self.former_ward = None;
    }

    fn into_json(self) -> Option<Json> {
        let values = [
            self.province,
            self.commune,
            self.detail,
            self.former,
            self.former_province,
            self.former_district,
            self.former_ward,
        ];
        let given = KEYS.into_iter().zip(values);
        let given = given.filter_map(|(key, value)| Some((key.to_owned(), Json::String(value?))));
        let address: Map<String, Json> = given.collect();
        if address.is_empty() { None } else { Some(Json::Object(address)) }
    }
}
