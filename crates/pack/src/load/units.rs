//! `units.csv` and `former_units.csv`: administrative units, today's and those of before July 2025.

use std::collections::BTreeMap;

use kernel::unit::{Commune, FormerUnit, Province, UnitCode, UnitData, UnitDirectory};

use crate::problem::{Diagnostics, Document};

const UNIT_COLUMNS: [&str; 4] = ["province_code", "province_name", "commune_code", "commune_name"];
const FORMER_COLUMNS: [&str; 5] = [
    "former_province_name",
    "former_district_name",
    "former_commune_name",
    "commune_code",
    "partial",
];

/// Builds the directory from the texts of the two files.
pub(crate) fn build_units(
    units: &Document,
    former: Option<&Document>,
    diagnostics: &Diagnostics,
) -> UnitDirectory {
    let (mut data, mut lines) = (UnitData::default(), Lines::default());
    read_units(units, diagnostics, &mut data, &mut lines);
    if let Some(former) = former {
        read_former(former, diagnostics, &mut data, &mut lines);
    }
    let (directory, problems) = UnitDirectory::new(data);
    for problem in problems {
        let mut way = problem.path.split('.');
        let kind = way.next().unwrap_or_default();
        let index = way.next().and_then(|index| index.parse::<usize>().ok()).unwrap_or_default();
        let (document, offsets) = match (kind, former) {
            ("former", Some(former)) => (former, &lines.former),
            ("communes", _) => (units, &lines.communes),
            _ => (units, &lines.provinces),
        };
        let offset = offsets.get(index).copied().unwrap_or_default();
        if problem.is_error() {
            diagnostics.error_at(document, offset, &problem.code, problem.message);
        } else {
            diagnostics.warning_at(document, offset, &problem.code, problem.message);
        }
    }
    directory
}

/// Byte offsets of the rows that the data came from.
#[derive(Default)]
struct Lines {
    provinces: Vec<usize>,
    communes: Vec<usize>,
    former: Vec<usize>,
}

fn read_units(
    document: &Document,
    diagnostics: &Diagnostics,
    data: &mut UnitData,
    lines: &mut Lines,
) {
    let mut provinces: BTreeMap<UnitCode, (String, usize)> = BTreeMap::new();
    for_each_row(document, diagnostics, &UNIT_COLUMNS, |offset, columns| {
        let [province_code, province_name, commune_code, commune_name] = columns;
        let province = unit_code(document, diagnostics, offset, province_code);
        let commune = unit_code(document, diagnostics, offset, commune_code);
        let (Some(province), Some(commune)) = (province, commune) else {
            return;
        };
        let known = provinces.entry(province.clone());
        let (name, _) = known.or_insert_with(|| (province_name.to_owned(), offset));
        if name != province_name {
            let message =
                format!("Tỉnh {province_code} có hai tên: “{name}” và “{province_name}”.");
            diagnostics.error_at(document, offset, "two-names", message);
        }
        data.communes.push(Commune { code: commune, province, name: commune_name.to_owned() });
        lines.communes.push(offset);
    });
    for (code, (name, offset)) in provinces {
        data.provinces.push(Province { code, name });
        lines.provinces.push(offset);
    }
}

fn read_former(
    document: &Document,
    diagnostics: &Diagnostics,
    data: &mut UnitData,
    lines: &mut Lines,
) {
    for_each_row(document, diagnostics, &FORMER_COLUMNS, |offset, columns| {
        let [province, district, ward, commune, partial] = columns;
        let Some(commune) = unit_code(document, diagnostics, offset, commune) else {
            return;
        };
        let partial = match partial {
            "0" | "false" => false,
            "1" | "true" => true,
            other => {
                let message = format!("“partial” là 0 hoặc 1, không phải “{other}”.");
                return diagnostics.error_at(document, offset, "wrong-type", message);
            }
        };
        let (province, district) = (province.to_owned(), district.to_owned());
        let ward = ward.to_owned();
        data.former.push(FormerUnit { province, district, ward, commune, partial });
        lines.former.push(offset);
    });
}

fn unit_code(
    document: &Document,
    diagnostics: &Diagnostics,
    offset: usize,
    written: &str,
) -> Option<UnitCode> {
    let code = written.parse().ok();
    if code.is_none() {
        let message = format!("“{written}” không phải mã đơn vị (2 chữ số tỉnh, 5 chữ số xã).");
        diagnostics.error_at(document, offset, "unit-code", message);
    }
    code
}

/// Gives the wanted columns of every row, found by the names in the first line; other columns are
/// overlooked, since such tables come from statistics with more than is needed.
fn for_each_row<const N: usize>(
    document: &Document,
    diagnostics: &Diagnostics,
    wanted: &[&str; N],
    mut each: impl FnMut(usize, [&str; N]),
) {
    let mut offset = 0;
    let mut positions: Option<[usize; N]> = None;
    for line in document.text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let cells = cells(line.trim_end_matches(['\n', '\r']));
        let Some(positions) = positions else {
            let found = |name: &str| {
                cells.iter().position(|cell| cell.trim_start_matches('\u{feff}') == name)
            };
            let missing: Vec<&str> =
                wanted.iter().copied().filter(|name| found(name).is_none()).collect();
            if !missing.is_empty() {
                let message = format!("Thiếu cột: {}.", missing.join(", "));
                return diagnostics.error_at(document, start, "missing-column", message);
            }
            positions = Some(wanted.map(|name| found(name).unwrap_or_default()));
            continue;
        };
        if line.trim().is_empty() {
            continue;
        }
        if positions.iter().any(|position| *position >= cells.len()) {
            let message = format!("Dòng này chỉ có {} cột.", cells.len());
            diagnostics.error_at(document, start, "missing-column", message);
            continue;
        }
        each(start, positions.map(|position| cells.get(position).map_or("", String::as_str)));
    }
}

/// The cells of one line; a cell in double quotes may hold commas, and `""` for a quote.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let twice = letter == '"' && quoted && letters.next_if_eq(&'"').is_some();
        match letter {
            '"' if !twice => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cells.last_mut().map_or((), |cell| cell.push(other)),
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_cell_may_hold_commas_and_quotes() {
        assert_eq!(cells(r#"a,"b, c","d ""e""",f"#), ["a", "b, c", "d \"e\"", "f"]);
        assert_eq!(cells(""), [""]);
        assert_eq!(cells("a,"), ["a", ""]);
    }
}
