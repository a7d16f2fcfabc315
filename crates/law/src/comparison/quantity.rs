//! Numbers that decide: how long, how old, how much, how many, until when.

use super::calendar::{calendar_day, skip_reference};
use super::figures::number;
use super::words::{Word, WordKind, stands, stands_before};

/// A number with its unit and what it bounds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Quantity {
    /// First word of the number, or of what bounds it ("không quá").
    pub(super) from: usize,
    /// First word after the unit.
    pub(super) to: usize,
    /// Lower end, in the base of the measure; equal to `high` for a single number.
    pub(super) low: f64,
    /// Upper end.
    pub(super) high: f64,
    /// What is measured.
    pub(super) measure: Measure,
    /// The unit as its word, to tell 30 days from one month.
    pub(super) unit: &'static str,
    /// How it bounds.
    pub(super) bound: Bound,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Measure {
    /// A length of time, in days.
    Time,
    /// Age in years.
    Age,
    /// Money in đồng.
    Money,
    /// A share, in percent.
    Share,
    /// A day of the calendar.
    Day,
    /// How often, as the days between: "mỗi tháng", "01 ngày trong 01 tuần".
    Every,
    /// So many times something ("02 lần mức lương cơ sở").
    Times,
    /// Length in metres.
    Length,
    /// Surface in square metres.
    Surface,
    /// Weight in kilograms.
    Weight,
    /// A count of people, papers, sets or other things, by the word counted.
    Count(u64),
}

/// How a number bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// Just this.
    Exact,
    /// At most.
    Most,
    /// At least.
    Least,
    /// From one to another.
    Range,
}

/// Units: words, measure, factor to the base, short name.
const UNITS: &[(&str, Measure, f64, &str)] = &[
    ("ngày làm việc", Measure::Time, 1.0, "ngày làm việc"),
    ("giờ làm việc", Measure::Time, 0.125, "giờ làm việc"),
    ("ngày", Measure::Time, 1.0, "ngày"),
    ("giờ", Measure::Time, 1.0 / 24.0, "giờ"),
    ("phút", Measure::Time, 1.0 / 1440.0, "phút"),
    ("tuần", Measure::Time, 7.0, "tuần"),
    ("tháng", Measure::Time, 30.0, "tháng"),
    ("quý", Measure::Time, 90.0, "quý"),
    ("năm", Measure::Time, 360.0, "năm"),
    ("tuổi", Measure::Age, 1.0, "tuổi"),
    ("nghìn tỷ đồng", Measure::Money, 1e12, "đồng"),
    ("tỷ đồng", Measure::Money, 1e9, "đồng"),
    ("tỉ đồng", Measure::Money, 1e9, "đồng"),
    ("triệu đồng", Measure::Money, 1e6, "đồng"),
    ("nghìn đồng", Measure::Money, 1e3, "đồng"),
    ("ngàn đồng", Measure::Money, 1e3, "đồng"),
    ("đồng", Measure::Money, 1.0, "đồng"),
    ("vnd", Measure::Money, 1.0, "đồng"),
    ("vnđ", Measure::Money, 1.0, "đồng"),
    ("đ", Measure::Money, 1.0, "đồng"),
    ("triệu", Measure::Money, 1e6, "đồng"),
    ("tỷ", Measure::Money, 1e9, "đồng"),
    ("đô la", Measure::Money, 25_000.0, "đô la"),
    ("usd", Measure::Money, 25_000.0, "đô la"),
    ("%", Measure::Share, 1.0, "%"),
    ("phần trăm", Measure::Share, 1.0, "%"),
    ("lần", Measure::Times, 1.0, "lần"),
    ("tháng lương", Measure::Times, 1.0, "tháng lương"),
    ("km", Measure::Length, 1000.0, "m"),
    ("ki lô mét", Measure::Length, 1000.0, "m"),
    ("m2", Measure::Surface, 1.0, "m2"),
    ("m²", Measure::Surface, 1.0, "m2"),
    ("mét vuông", Measure::Surface, 1.0, "m2"),
    ("ha", Measure::Surface, 10_000.0, "m2"),
    ("héc ta", Measure::Surface, 10_000.0, "m2"),
    ("hecta", Measure::Surface, 10_000.0, "m2"),
    ("km2", Measure::Surface, 1e6, "m2"),
    ("m", Measure::Length, 1.0, "m"),
    ("mét", Measure::Length, 1.0, "m"),
    ("cm", Measure::Length, 0.01, "m"),
    ("mm", Measure::Length, 0.001, "m"),
    ("kg", Measure::Weight, 1.0, "kg"),
    ("ki lô gam", Measure::Weight, 1.0, "kg"),
    ("tấn", Measure::Weight, 1000.0, "kg"),
];

/// Words before a number that make it the name of something: no quantity.
const NAMES: &[&str] = &[
    "điều",
    "khoản",
    "điểm",
    "chương",
    "mục",
    "phần",
    "số",
    "mẫu",
    "phụ",
    "lục",
    "biểu",
    "quý",
    "hạng",
    "loại",
    "nhóm",
    "bậc",
    "tập",
    "trang",
    "kỳ",
    "khóa",
    "vùng",
    "đợt",
    "lớp",
    "cột",
    "dòng",
    "quyển",
    "tháng",
    "đường",
    "khu",
    "ô",
    "thửa",
    "tờ",
    "bảng",
    "hình",
    "cấp",
    "giai",
    "tiết",
    "ký",
    "hiệu",
];

const MOST: &[&str] = &[
    "không quá",
    "tối đa",
    "không vượt quá",
    "chậm nhất",
    "trong thời hạn",
    "trong vòng",
    "dưới",
    "không hơn",
    "nhiều nhất",
    "đến",
    "không được quá",
    "không nhiều hơn",
    "không lớn hơn",
    "không cao hơn",
    "cao nhất",
    "muộn nhất",
    "không vượt",
    "thời hạn",
    "không dài hơn",
    "chưa đủ",
    "chưa đến",
    "nhỏ hơn",
    "thấp hơn",
    "chưa quá",
    "trong thời gian",
];
const LEAST: &[&str] = &[
    "ít nhất",
    "tối thiểu",
    "từ đủ",
    "từ",
    "trên",
    "không dưới",
    "không ít hơn",
    "hơn",
    "quá",
    "đủ",
    "không thấp hơn",
    "không nhỏ hơn",
    "lớn hơn",
    "từ trên",
    "thấp nhất",
    "vượt quá",
    "cao hơn",
    "sau",
    "trước",
];

/// All quantities of a run of words, places counted from its start.
pub(super) fn quantities(words: &[Word]) -> Vec<Quantity> {
    let mut found: Vec<Quantity> = Vec::new();
    let mut place = 0;
    while place < words.len() {
        if let Some(after) = skip_reference(words, place) {
            place = after;
            continue;
        }
        if let Some(day) = calendar_day(words, place) {
            place = day.to;
            found.push(day);
            continue;
        }
        if let Some(every) = every(words, place) {
            place = every.to;
            found.push(every);
            continue;
        }
        match quantity(words, place) {
            Some(mut quantity) => {
                let follows = found.last().is_some_and(|last| {
                    stands(words, last.to, "trong").is_some_and(|after| after == place)
                });
                if follows && quantity.measure == Measure::Time {
                    quantity.measure = Measure::Every;
                    quantity.bound = Bound::Exact;
                }
                place = quantity.to;
                found.push(quantity);
            }
            None => place += 1,
        }
    }
    found
}

/// "mỗi tháng", "hằng năm".
fn every(words: &[Word], place: usize) -> Option<Quantity> {
    let after = ["mỗi", "hằng", "hàng"].iter().find_map(|word| stands(words, place, word))?;
    let (measure, days, unit, _, to) = unit(words, after)?;
    (measure == Measure::Time && days >= 1.0).then_some(Quantity {
        from: place,
        to,
        low: days,
        high: days,
        measure: Measure::Every,
        unit,
        bound: Bound::Exact,
    })
}

fn quantity(words: &[Word], place: usize) -> Option<Quantity> {
    let (first, mut after) = number(words, place)?;
    let before = place.checked_sub(1).and_then(|before| words.get(before));
    let is_digit = words.get(place)?.kind == WordKind::Number;
    let named = before.filter(|before| NAMES.contains(&before.norm.as_str()));
    let measured = unit(words, after).is_some()
        && named.is_some_and(|word| {
            matches!(word.norm.as_str(), "kỳ" | "cấp" | "loại" | "phần" | "đợt" | "khóa")
        });
    if is_digit && named.is_some() && !measured {
        return None;
    }
    // "từ 05 đến 10 ngày", "50 - 100 triệu đồng"
    let mut second = None;
    let mut unit_of_first = unit(words, after);
    let gap = unit_of_first.map_or(after, |found| found.4);
    let joins = ["đến dưới", "đến", "-", "–", "tới"];
    let upper = joins.iter().find_map(|join| number(words, stands(words, gap, join)?));
    if let Some((high, end)) =
        upper.filter(|(high, end)| *high > first && unit(words, *end).is_some())
    {
        second = Some(high);
        after = end;
    }
    let found = if second.is_some() { unit(words, after) } else { unit_of_first.take() };
    let (measure, factor, name, to) = match found {
        Some((measure, factor, name, _, to)) => (measure, factor, name, to),
        None => count(words, after, is_digit)?,
    };
    let first_factor =
        if second.is_some() { unit_of_first.map_or(factor, |found| found.1) } else { factor };
    let (low, high) = (first * first_factor, second.unwrap_or(first) * factor);
    let (bound, from) = if second.is_some() {
        let from = if stands_before(words, place, "từ đủ") { place - 2 } else { place };
        (Bound::Range, from)
    } else {
        bound(words, place, to)
    };
    let to = if stands(words, to, "tuổi").is_some() { to + 1 } else { to };
    let measure = if stands_before(words, to, "tuổi") { Measure::Age } else { measure };
    Some(Quantity { from, to, low, high, measure, unit: name, bound })
}

pub(super) type Unit = (Measure, f64, &'static str, usize, usize);

/// The unit at this place: measure, factor, name, its first word and the first word after it.
pub(super) fn unit(words: &[Word], place: usize) -> Option<Unit> {
    UNITS
        .iter()
        .filter_map(|(phrase, measure, factor, name)| {
            stands(words, place, phrase).map(|to| (*measure, *factor, *name, place, to))
        })
        .max_by_key(|(.., to)| *to)
        .filter(|(measure, _, name, ..)| {
            // "năm 2026" after a number is a year, not a unit.
            !(*measure == Measure::Time
                && *name == "năm"
                && words
                    .get(place + 1)
                    .is_some_and(|next| next.kind == WordKind::Number && next.norm.len() == 4))
        })
}

/// Words whose count decides something; others are counted too, but a small number word before them is
/// often an article only.
const COUNTED: &[&str] = &[
    "bản",
    "bộ",
    "người",
    "thành",
    "lần",
    "bên",
    "hộ",
    "phòng",
    "học",
    "lớp",
    "kỳ",
    "cuộc",
    "phiên",
    "buổi",
    "đợt",
    "ban",
    "nhân",
    "cán",
    "hội",
    "cơ",
    "đại",
    "giấy",
    "ảnh",
    "tiết",
    "giường",
    "xe",
    "công",
    "trẻ",
    "con",
    "suất",
    "đơn",
    "tổ",
    "viên",
    "bậc",
    "điểm",
    "tầng",
    "chỗ",
    "môn",
    "lao",
    "luật",
    "hồ",
    "phiếu",
    "nơi",
    "hồ",
    "thửa",
    "chứng",
    "tín",
    "thẩm",
    "đảng",
    "mức",
    "tài",
];

fn count(
    words: &[Word],
    place: usize,
    is_digit: bool,
) -> Option<(Measure, f64, &'static str, usize)> {
    let word = words.get(place).filter(|word| word.kind == WordKind::Letters)?;
    let known = COUNTED.contains(&word.norm.as_str());
    if !known && !is_digit {
        return None;
    }
    if !known && super::words::weight(&word.norm) == 0.0 {
        return None;
    }
    Some((Measure::Count(super::words::hash(&[&word.norm])), 1.0, "", place + 1))
}

/// How the words around a number bound it, and where those words begin.
fn bound(words: &[Word], place: usize, to: usize) -> (Bound, usize) {
    if stands(words, to, "trở lên").is_some() {
        return (Bound::Least, place);
    }
    if stands(words, to, "trở xuống").is_some() || stands(words, to, "trở lại").is_some() {
        return (Bound::Most, place);
    }
    let longest = |phrases: &[&str]| -> usize {
        phrases
            .iter()
            .filter(|phrase| stands_before(words, place, phrase))
            .map(|phrase| phrase.split(' ').count())
            .max()
            .unwrap_or(0)
    };
    let (most, least) = (longest(MOST), longest(LEAST));
    match most.max(least) {
        0 => {
            // "chậm nhất là 05 ngày", "không quá tổng cộng 10 ngày"
            let last = place.checked_sub(1).and_then(|before| words.get(before));
            if last.is_some_and(|last| last.is("là") || last.is("trong")) && place > 1 {
                let (found, from) = bound(words, place - 1, to);
                return if found == Bound::Exact {
                    (named_before(words, place), place)
                } else {
                    (found, from)
                };
            }
            (Bound::Exact, place)
        }
        length if most >= least => (Bound::Most, place - length),
        length => (Bound::Least, place - length),
    }
}

/// "Diện tích tối thiểu của thửa đất … là 60 m2": the bound stands far before.
fn named_before(words: &[Word], place: usize) -> Bound {
    const FAR: usize = 28;
    let from = place.saturating_sub(FAR);
    let near = words.get(from..place).unwrap_or(&[]);
    let last = |phrase: &str| (0..near.len()).rev().find(|at| stands(near, *at, phrase).is_some());
    let most = last("tối đa").max(last("cao nhất"));
    let least = last("tối thiểu").max(last("thấp nhất"));
    match (most, least) {
        (None, None) => Bound::Exact,
        (most, least) if most > least => Bound::Most,
        _ => Bound::Least,
    }
}

impl Quantity {
    /// A figure stands in it.
    pub(super) fn has_figures(&self, words: &[Word]) -> bool {
        words
            .get(self.from..self.to)
            .unwrap_or(&[])
            .iter()
            .any(|word| word.kind == WordKind::Number)
    }

    /// Same amount, whatever the unit.
    pub(super) fn same_amount(&self, other: &Quantity) -> bool {
        // A year is 12 months and 365 days: near enough. Money, shares and days of the calendar are exact.
        let tolerance =
            if matches!(self.measure, Measure::Time | Measure::Every) { 0.02 } else { 1e-9 };
        let near = |a: f64, b: f64| (a - b).abs() <= tolerance * a.abs().max(b.abs()).max(1e-9);
        near(self.low, other.low) && near(self.high, other.high)
    }

    /// Days of the calendar that name different things: a year against a full date.
    pub(super) fn is_comparable(&self, other: &Quantity) -> bool {
        if self.measure != other.measure {
            return false;
        }
        if self.measure != Measure::Day {
            return true;
        }
        let shape = |value: f64| (value >= 10_000.0, value % 100.0 > 0.0);
        shape(self.low) == shape(other.low)
    }

    /// The set of values allowed.
    fn set(&self) -> (f64, f64) {
        match self.bound {
            Bound::Exact | Bound::Range => (self.low, self.high),
            Bound::Most => (f64::NEG_INFINITY, self.high),
            Bound::Least => (self.low, f64::INFINITY),
        }
    }

    /// What one number says beside the other.
    pub(super) fn against(&self, other: &Quantity) -> Against {
        if self.same_amount(other) {
            let turned = matches!(
                (self.bound, other.bound),
                (Bound::Most, Bound::Least) | (Bound::Least, Bound::Most)
            );
            return if turned {
                Against::Turned
            } else if self.unit != other.unit
                && self.measure == Measure::Time
                && is_working(self) != is_working(other)
            {
                Against::OtherUnit
            } else {
                Against::Same
            };
        }
        let ((a_low, a_high), (b_low, b_high)) = (self.set(), other.set());
        let kinds_differ = self.bound != other.bound;
        if kinds_differ && self.bound == Bound::Exact && b_low <= a_low && a_high <= b_high {
            return Against::Within;
        }
        if kinds_differ && other.bound == Bound::Exact && a_low <= b_low && b_high <= a_high {
            return Against::Around;
        }
        if self.high < other.high || (self.high <= other.high && self.low < other.low) {
            Against::Smaller
        } else {
            Against::Larger
        }
    }
}

fn is_working(quantity: &Quantity) -> bool {
    quantity.unit.ends_with("làm việc")
}

/// What one number says beside another of the same measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Against {
    /// The same.
    Same,
    /// Same amount, but at most against at least.
    Turned,
    /// Same number, working days against days.
    OtherUnit,
    /// A single value within the bound of the other.
    Within,
    /// A bound around the single value of the other.
    Around,
    /// Smaller or shorter.
    Smaller,
    /// Larger or longer.
    Larger,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comparison::words::words;

    fn read(text: &str) -> Vec<(f64, f64, Measure, Bound)> {
        quantities(&words(text)).iter().map(|q| (q.low, q.high, q.measure, q.bound)).collect()
    }

    #[test]
    fn numbers_are_read_in_digits_and_in_words() {
        for text in [
            "trong thời hạn 15 ngày",
            "trong thời hạn 15 (mười lăm) ngày",
            "trong thời hạn mười lăm ngày",
            "chậm nhất là 15 ngày",
            "không quá 15 ngày",
        ] {
            assert_eq!(read(text), [(15.0, 15.0, Measure::Time, Bound::Most)], "{text}");
        }
        assert_eq!(read("lệ phí 1.500.000 đồng"), [(1.5e6, 1.5e6, Measure::Money, Bound::Exact)]);
        assert_eq!(read("1,5 triệu đồng"), [(1.5e6, 1.5e6, Measure::Money, Bound::Exact)]);
        assert_eq!(read("ít nhất năm năm"), [(1800.0, 1800.0, Measure::Time, Bound::Least)]);
        assert_eq!(read("từ đủ 18 tuổi trở lên"), [(18.0, 18.0, Measure::Age, Bound::Least)]);
        assert_eq!(
            read("phạt tiền từ 5.000.000 đồng đến 10.000.000 đồng"),
            [(5e6, 1e7, Measure::Money, Bound::Range)]
        );
        assert_eq!(read("giảm 30% mức phí"), [(30.0, 30.0, Measure::Share, Bound::Exact)]);
        assert_eq!(read("tối thiểu 50 m2"), [(50.0, 50.0, Measure::Surface, Bound::Least)]);
    }

    #[test]
    fn citations_and_years_are_no_quantities() {
        for text in [
            "theo Điều 5 và khoản 2, 3 Điều 7",
            "Luật số 57/2020/QH14",
            "mẫu số 01",
            "đầu tư tư nhân",
            "không có giấy tờ",
            "Nghị định số 15/2020/NĐ-CP",
        ] {
            assert_eq!(read(text), [], "{text}");
        }
    }

    #[test]
    fn days_of_the_calendar_are_read_in_both_spellings() {
        let day = [(20_260_701.0, 20_260_701.0, Measure::Day, Bound::Exact)];
        assert_eq!(read("ngày 01 tháng 7 năm 2026"), day);
        assert_eq!(read("01/7/2026"), day);
    }

    #[test]
    fn a_year_is_twelve_months_but_two_days_of_a_month_differ() {
        let only = |text: &str| quantities(&words(text)).remove(0);
        assert!(only("12 tháng").same_amount(&only("01 năm")));
        assert!(only("365 ngày").same_amount(&only("01 năm")));
        assert!(!only("ngày 15 tháng 11").same_amount(&only("ngày 25 tháng 11")));
        assert!(!only("10.000 đồng").same_amount(&only("10.100 đồng")));
    }
}
