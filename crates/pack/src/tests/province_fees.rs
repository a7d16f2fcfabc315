//! A province sets fees without copying procedures.

use jiff::civil::{Date, date};

use super::common::{PROCEDURE, check_source, content_of, edited, lines, sample, text};
use crate::{Source, load};

const FEES: &str = "tinh/fees.toml";

/// The sample with a fee left to the province, and a province that sets it.
fn province(fees: &str) -> Source {
    let basis = "[[legal_basis]]\nid = \"resolution\"\ndocument = \"10/2026/NQ-HĐND\"\nprovision = \"Điều 2\"\n\
                 title = \"Nghị quyết về lệ phí\"\ncertainty = \"verified\"\n\n";
    edited(sample(), PROCEDURE, "[[fee]]\n", "[[fee]]\nid = \"copies\"\n")
        .with(
            "tinh/pack.toml",
            "id = \"tinh\"\nname = \"Tỉnh\"\nversion = \"1\"\nrequires = [\"base\"]\n",
        )
        .with(FEES, format!("{basis}{fees}"))
}

const SET: &str = r#"[[fee]]
procedure = "birth"
fee = "copies"
amount = "5000 * copies"
text = "5.000 đồng một bản"
basis = "resolution"
"#;

/// Of the version in force on a day: first day, last day, amount, document of the basis.
fn fee_on(source: &Source, day: Date) -> (Date, Option<Date>, String, String) {
    let content = content_of(source);
    let procedure = content.procedure_on("birth", day).unwrap();
    let [fee] = procedure.fees.as_slice() else { panic!("one fee") };
    let basis = procedure.legal_bases.iter().find(|basis| basis.id == fee.basis).unwrap();
    let amount = fee.amount.source().to_owned();
    (procedure.valid_from, procedure.valid_to, amount, basis.document.clone())
}

#[test]
fn a_province_sets_a_fee_and_its_basis_without_copying_the_procedure() {
    let content = content_of(&province(SET));
    let [procedure] = content.procedures.as_slice() else { panic!("one version") };
    let fee = &procedure.fees[0];
    assert_eq!((fee.name.vi.as_str(), fee.text.vi.as_str()), ("Bản sao", "5.000 đồng một bản"));
    assert_eq!(fee.amount.source(), "5000 * copies");
    assert_eq!(fee.when.as_ref().unwrap().source(), "copies > 0", "when it is due stays national");
    let basis = procedure.legal_bases.iter().find(|basis| basis.id == fee.basis).unwrap();
    assert_eq!((basis.document.as_str(), basis.provision.as_str()), ("10/2026/NQ-HĐND", "Điều 2"));
}

#[test]
fn a_resolution_counts_on_its_days_and_no_others() {
    let dated = province(&format!("{SET}valid_from = 2026-09-01\nvalid_to = 2026-12-31\n"));
    let (national, set) = ("8000 * copies".to_owned(), "5000 * copies".to_owned());
    let (law, resolution) = ("60/2014/QH13".to_owned(), "10/2026/NQ-HĐND".to_owned());
    let before = (date(2025, 7, 1), Some(date(2026, 8, 31)), national.clone(), law.clone());
    let while_in_force = (date(2026, 9, 1), Some(date(2026, 12, 31)), set, resolution);
    let after = (date(2027, 1, 1), None, national, law);
    assert_eq!(fee_on(&dated, date(2026, 8, 31)), before);
    assert_eq!(fee_on(&dated, date(2026, 9, 1)), while_in_force);
    assert_eq!(fee_on(&dated, date(2026, 12, 31)), while_in_force);
    assert_eq!(fee_on(&dated, date(2027, 1, 1)), after);
}

#[test]
fn a_province_may_tell_cases_apart() {
    let free = SET.replace("amount = \"5000 * copies\"", "amount = \"0\"\nwhen = \"copies == 1\"");
    let content = content_of(&province(&format!("{free}\n{SET}")));
    let fees = &content.procedures[0].fees;
    assert_eq!(fees[0].when.as_ref().unwrap().source(), "(copies > 0) && (copies == 1)");
    assert_eq!(fees[1].when.as_ref().unwrap().source(), "copies > 0");
}

#[test]
fn what_the_province_sets_must_be_there_to_be_set() {
    let broken = |from: &str, to: &str, marker: &str, code: &str| {
        check_source(&province(&SET.replacen(from, to, 1)), &[(FEES, marker, code)]);
    };
    broken("\"birth\"", "\"brith\"", "\"brith\"", "unknown-reference");
    broken("\"copies\"", "\"copy\"", "\"copy\"", "unknown-reference");
    broken("\"resolution\"", "\"resolutoin\"", "resolutoin", "unknown-reference");
    broken("5000 * copies", "5000 * copis", "copis", "expression");
    broken("5000 * copies", "late", "\"late\"", "wrong-expression-type");
    broken("basis =", "wehn = \"true\"\nbasis =", "wehn", "unknown-key");
    let dates = "valid_from = 2026-09-01\nvalid_to = 2026-08-01\nbasis =";
    broken("basis =", dates, "valid_to", "wrong-dates");
    let (_, problems) = load(&province(&SET.replacen("\"birth\"", "\"brith\"", 1)));
    assert!(problems[0].message.contains("Có phải ý là “birth”"), "{}", lines(&problems));
}

#[test]
fn a_fee_that_nobody_has_set_is_told_to_the_province() {
    let unsure = |source: Source| {
        edited(source, PROCEDURE, "certainty = \"secondary\"", "certainty = \"unverified\"").with(
            "tinh/settings.toml",
            "province = \"82\"\ndepartment = \"Sở\"\ndossier_prefix = \"H20\"\n",
        )
    };
    check_source(&unsure(province(SET)), &[]);
    let other = edited(sample(), PROCEDURE, "[[fee]]\n", "[[fee]]\nid = \"copies\"\n");
    let other = other.with("tinh/pack.toml", text(&province(SET), "tinh/pack.toml"));
    check_source(&unsure(other), &[(PROCEDURE, "id = \"copies\"", "fee-not-set")]);
}
