//! Head and foot of the papers that reviews and lists come out as (Nghị định 30/2020/NĐ-CP, annex I).

use document::docx::official::{Letterhead, Signature};
use document::docx::{Block, PageSetup, official};
use jiff::civil::Date;
use kernel::format::vi::{self, capitalised};

use crate::App;

/// What the head of a paper says of the agency that issues it.
#[derive(Clone, Debug, Default)]
pub(in crate::law) struct Head {
    /// The agency above; empty for none.
    pub(in crate::law) parent: String,
    /// The agency.
    pub(in crate::law) agency: String,
    /// Place of issue.
    pub(in crate::law) place: String,
    /// Day of issue.
    pub(in crate::law) day: String,
}

/// The head of a paper of a unit.
pub(in crate::law) fn head(app: &App, unit: &str, today: Date) -> Head {
    let content = app.content();
    let units = &content.units;
    let agency = content.offices.get(unit).map(|office| office.name.clone());
    let agency = agency.or_else(|| units.full_name(unit)).unwrap_or_default();
    let (parent, place) = match (units.commune(unit), units.province(unit)) {
        (Some(commune), _) => (String::new(), commune.name.clone()),
        (None, Some(province)) => {
            (format!("Ủy ban nhân dân {}", lower_first(&province.name)), province.name.clone())
        }
        (None, None) => Default::default(),
    };
    let bare = ["Tỉnh ", "Thành phố ", "Xã ", "Phường ", "Đặc khu "];
    let place = bare.iter().find_map(|kind| place.strip_prefix(kind)).unwrap_or(&place);
    // A name that is a number keeps its kind: "Phường 1".
    let place = if place.starts_with(|first: char| first.is_ascii_digit()) { "" } else { place };
    Head { parent, agency, place: place.to_owned(), day: vi::long_date(today) }
}

pub(in crate::law) fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().collect::<String>()).unwrap_or_default()
        + letters.as_str()
}

impl Head {
    /// "Đồng Tháp, ngày 22 tháng 11 năm 2026".
    pub(in crate::law) fn place_and_day(&self) -> String {
        match self.place.as_str() {
            "" => capitalised(&self.day),
            place => format!("{place}, {}", self.day),
        }
    }

    /// The agency above, broken where long names are broken on paper.
    pub(in crate::law) fn parent_lines(&self) -> String {
        const COMMITTEE: &str = "Ủy ban nhân dân ";
        match self.parent.strip_prefix(COMMITTEE) {
            Some(rest) => format!("{}\n{rest}", COMMITTEE.trim_end()),
            None => self.parent.clone(),
        }
    }

    /// The agency as it stands below the one above it, which names the province already.
    pub(in crate::law) fn agency_below(&self) -> String {
        let cut = [" tỉnh ", " thành phố "].iter().find_map(|kind| self.agency.split_once(kind));
        match cut {
            Some((name, _)) if !self.parent.is_empty() => name.to_owned(),
            _ => self.agency.clone(),
        }
    }

    /// The agency in capitals, broken where long names are broken on paper.
    fn agency_lines(&self) -> String {
        const COMMITTEE: &str = "ỦY BAN NHÂN DÂN ";
        let name = self.agency_below().to_uppercase();
        match name.strip_prefix(COMMITTEE) {
            Some(rest) => format!("{}\n{rest}", COMMITTEE.trim_end()),
            None => name,
        }
    }
}

/// The head as a block; the number is left blank for the clerk.
pub(in crate::law) fn letterhead(head: &Head, symbol: &str, page: &PageSetup) -> Block {
    let parent = Some(head.parent_lines().to_uppercase()).filter(|parent| !parent.is_empty());
    official::letterhead(
        &Letterhead {
            parent: parent.as_deref(),
            agency: &head.agency_lines(),
            symbol,
            place_and_day: &head.place_and_day(),
            about: None,
        },
        page,
    )
}

/// The foot: recipients, and the place of the head of the agency.
pub(in crate::law) fn signature(recipients: &[&str], page: &PageSetup) -> Vec<Block> {
    let signature = Signature { office: &["THỦ TRƯỞNG CƠ QUAN"], name: "" };
    vec![official::gap(), official::closing(recipients, &signature, page)]
}
