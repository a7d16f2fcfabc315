use jiff::civil::date;
use kernel::paragraph::{Cell, Table};
use proptest::prelude::*;

use super::*;
use crate::model::{Annex, Basis, Block, Metadata, Note, Unit, UnitKind};

fn words() -> impl Strategy<Value = String> {
    "[a-zđA-ZĐàấ0-9<>&\"'.;]{1,9}( [a-zđư0-9&<,.]{1,9}){0,5}"
}

fn some_words() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(words())
}

fn block() -> impl Strategy<Value = Block> {
    let cell = (proptest::collection::vec(words(), 1..3), 1..3_u32, 1..3_u32)
        .prop_map(|(lines, columns, rows)| Cell { text: lines.join("\n"), columns, rows });
    let table = proptest::collection::vec(proptest::collection::vec(cell, 1..4), 1..4)
        .prop_map(|rows| Block::Table(Table { rows }));
    prop_oneof![4 => words().prop_map(Block::Text), 1 => table]
}

fn blocks() -> impl Strategy<Value = Vec<Block>> {
    proptest::collection::vec(block(), 0..3)
}

fn unit(kind: UnitKind, number: &'static str, children: Vec<UnitKind>) -> BoxedStrategy<Unit> {
    let inner = match children.split_first() {
        None => Just(Vec::new()).boxed(),
        Some((first, rest)) => {
            let number = if *first == UnitKind::Point { "[a-y]{1}[0-9]?" } else { "[1-9][0-9]?a?" };
            proptest::collection::vec(unit(*first, number, rest.to_vec()), 0..4).boxed()
        }
    };
    let heading =
        if kind < UnitKind::Clause { "([A-ZĐ][a-zđ]{1,8}( [a-z]{2,5}){0,3})?" } else { "" };
    (number, heading, blocks(), inner, blocks())
        .prop_map(move |(number, heading, blocks, children, tail)| {
            let tail = if children.is_empty() { Vec::new() } else { tail };
            Unit { kind, number, heading, blocks, children, tail }
        })
        .boxed()
}

fn article() -> BoxedStrategy<Unit> {
    unit(UnitKind::Article, "[1-9][0-9]?", vec![UnitKind::Clause, UnitKind::Point])
}

fn tree() -> impl Strategy<Value = Vec<Unit>> {
    use UnitKind::{Article, Chapter, Clause, Point, Section};
    let chapter = unit(Chapter, "[IVX]{1,3}", vec![Section, Article, Clause, Point]);
    prop_oneof![
        proptest::collection::vec(article(), 0..5),
        proptest::collection::vec(chapter, 0..3),
    ]
}

fn day() -> impl Strategy<Value = Option<jiff::civil::Date>> {
    proptest::option::of((1990..2100_i16, 1..13_i8, 1..29_i8).prop_map(|(y, m, d)| date(y, m, d)))
}

fn basis() -> impl Strategy<Value = Basis> {
    (words(), some_words(), day()).prop_map(|(text, number, issued_on)| Basis {
        text,
        number,
        issued_on,
    })
}

fn metadata() -> impl Strategy<Value = Metadata> {
    let names =
        (some_words(), some_words(), some_words(), some_words(), some_words(), some_words());
    let days = (day(), day(), day());
    let bases =
        (proptest::collection::vec(basis(), 0..3), proptest::collection::vec(basis(), 0..3));
    (names, days, bases).prop_map(|(names, days, (bases, consolidates))| Metadata {
        kind: names.0,
        number: names.1,
        title: names.2,
        issuer: names.3,
        place: names.4,
        signer: names.5.clone(),
        signer_title: names.5,
        issued_on: days.0,
        effective_on: days.1,
        expires_on: days.2,
        bases,
        consolidates,
    })
}

fn document() -> impl Strategy<Value = LegalDocument> {
    let annex =
        (words(), some_words(), blocks(), tree()).prop_map(|(label, heading, blocks, units)| {
            Annex { label, heading: heading.unwrap_or_default(), blocks, units }
        });
    let note = ("[1-9][0-9]?", proptest::collection::vec(words(), 1..3))
        .prop_map(|(number, lines)| Note { number, text: lines.join("\n") });
    let lines = || proptest::collection::vec(words(), 0..4);
    (
        metadata(),
        lines(),
        tree(),
        lines(),
        proptest::collection::vec(annex, 0..3),
        proptest::collection::vec(note, 0..3),
    )
        .prop_map(|(metadata, preamble, units, closing, annexes, notes)| LegalDocument {
            metadata,
            preamble,
            units,
            closing,
            annexes,
            notes,
            doubts: Vec::new(),
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_is_read_back(document in document()) {
        let text = write(&document, &AknIdentity::of(&document));
        prop_assert_eq!(read(&text).unwrap(), document);
    }

    #[test]
    fn identifiers_are_given_once(document in document()) {
        let text = write(&document, &AknIdentity::of(&document));
        let mut all: Vec<&str> =
            text.split("eId=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        prop_assert_eq!(all.len(), count);
    }

    #[test]
    fn any_text_is_read_or_refused(text: String) {
        let _ = read(&text);
        let _ = read(&format!("<akomaNtoso><act>{text}</act></akomaNtoso>"));
    }

    #[test]
    fn a_file_cut_short_or_mixed_up_is_read_or_refused(
        document in document(), from in 0..3000_usize, length in 0..200_usize
    ) {
        let text = write(&document, &AknIdentity::default());
        let start = text.floor_char_boundary(from.min(text.len()));
        let end = text.floor_char_boundary((from + length).min(text.len()));
        let _ = read(&text[..start]);
        let _ = read(&format!("{}{}", &text[..start], &text[end..]));
    }
}

#[test]
fn addresses_name_country_day_number_and_language() {
    let identity = AknIdentity {
        key: "99-2026-qh16".into(),
        issued_on: Some(date(2026, 6, 20)),
        version_on: Some(date(2027, 1, 1)),
    };
    assert_eq!(identity.work(), "/akn/vn/act/2026-06-20/99-2026-qh16");
    assert_eq!(identity.expression(), "/akn/vn/act/2026-06-20/99-2026-qh16/vie@2027-01-01");
}

#[test]
fn a_file_of_another_program_is_read() {
    let text = r##"<?xml version="1.0"?>
<akn:akomaNtoso xmlns:akn="http://docs.oasis-open.org/legaldocml/ns/akn/3.0">
  <akn:act name="act">
    <akn:meta><akn:identification source="#x"><akn:FRBRWork>
      <akn:FRBRdate date="2026-06-20" name="generation"/><akn:FRBRnumber value="9"/>
    </akn:FRBRWork></akn:identification></akn:meta>
    <akn:preface><akn:p><akn:docTitle>Bến nước</akn:docTitle></akn:p></akn:preface>
    <akn:body>
      <akn:article eId="art_1">
        <akn:num>Article 1</akn:num><akn:heading>Phạm vi</akn:heading>
        <akn:paragraph eId="art_1__para_1"><akn:num>(1)</akn:num>
          <akn:list><akn:intro><akn:p>Gồm <akn:ref href="x">các
             loại</akn:ref>:</akn:p></akn:intro>
            <akn:point><akn:num>(a)</akn:num><akn:content><akn:p>một;</akn:p></akn:content></akn:point>
          </akn:list>
        </akn:paragraph>
      </akn:article>
    </akn:body>
  </akn:act>
</akn:akomaNtoso>"##;
    let document = read(text).unwrap();
    assert_eq!(document.metadata.title.as_deref(), Some("Bến nước"));
    assert_eq!(document.metadata.issued_on, Some(date(2026, 6, 20)));
    assert_eq!(document.units[0].number, "1");
    let clause = &document.units[0].children[0];
    assert_eq!((clause.kind, clause.number.as_str()), (UnitKind::Clause, "1"));
    assert_eq!(clause.blocks, [Block::Text("Gồm các loại:".into())]);
    assert_eq!(
        (clause.children[0].kind, clause.children[0].number.as_str()),
        (UnitKind::Point, "a")
    );
}

#[test]
fn what_is_no_document_is_refused_with_a_sentence() {
    for (text, code) in [
        ("<html/>", "akn.no-document"),
        ("<akomaNtoso><act>", "akn.malformed"),
        ("<!DOCTYPE x><akomaNtoso/>", "akn.declares"),
        ("", "akn.malformed"),
    ] {
        let problems = read(text).unwrap_err();
        assert_eq!(problems[0].code, code);
        assert!(problems[0].message.ends_with('.'));
    }
}
