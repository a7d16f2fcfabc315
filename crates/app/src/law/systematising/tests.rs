use super::*;

fn row(id: i64, number: &str, from: &str) -> DocumentRow {
    DocumentRow {
        id,
        key: symbol::key(number),
        number: Some(number.to_owned()),
        kind: Some("Quyết định".to_owned()),
        title: Some("Quy định về chợ phiên".to_owned()),
        issuer: "Ủy ban nhân dân tỉnh Sông Lam".to_owned(),
        issued_on: Some("2026-01-05".to_owned()),
        effective_on: (!from.is_empty()).then(|| from.to_owned()),
        source: "file".to_owned(),
        ..DocumentRow::default()
    }
}

fn ending(document: i64, kind: &str, other: &str, day: &str) -> Ending {
    Ending {
        document,
        kind: kind.to_owned(),
        other: Some(symbol::key(other)),
        day: (!day.is_empty()).then(|| day.to_owned()),
        ..Ending::default()
    }
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

const OLD: &str = "01/2026/QĐ-UBND";
const NEW: &str = "02/2026/QĐ-UBND";
const THIRD: &str = "03/2026/QĐ-UBND";

fn state_of(lists: &Lists, number: &str) -> (State, ListedDocument) {
    let key = symbol::key(number);
    let all = lists.by_state.iter();
    let found = all.flat_map(|(state, list)| list.iter().map(move |one| (*state, one.clone())));
    found.into_iter().find(|(_, one)| one.key == key).unwrap()
}

fn listed_on(at: &str) -> Lists {
    let documents =
        vec![row(1, OLD, "2026-02-01"), row(2, NEW, "2026-06-01"), row(3, THIRD, "2026-02-01")];
    let endings = [ending(2, "replaces", OLD, ""), ending(2, "amends", THIRD, "2026-07-01")];
    sorted(documents, &endings, day(at), &ListFilter::default())
}

#[test]
fn a_document_is_listed_by_its_state_on_the_day() {
    let spring = listed_on("2026-03-01");
    assert_eq!(state_of(&spring, OLD).0, State::InForce);
    assert_eq!(state_of(&spring, NEW).0, State::NotYet);
    let june = listed_on("2026-06-01");
    let (state, old) = state_of(&june, OLD);
    assert_eq!((state, old.ended_on), (State::Expired, Some(day("2026-06-01"))));
    assert_eq!(old.reason, "Được thay thế bởi Quyết định số 02/2026/QĐ-UBND");
    assert_eq!(state_of(&june, NEW).0, State::InForce);
    assert_eq!(state_of(&june, THIRD).0, State::InForce, "amended later");
    let july = listed_on("2026-07-01");
    assert_eq!(state_of(&july, THIRD).0, State::Partly);
}

#[test]
fn a_document_that_ends_by_itself_says_so() {
    let mut ended = row(1, OLD, "2026-02-01");
    ended.expires_on = Some("2026-05-01".to_owned());
    let lists = sorted(vec![ended], &[], day("2026-05-01"), &ListFilter::default());
    let (state, listed) = state_of(&lists, OLD);
    assert_eq!(state, State::Expired);
    assert!(listed.reason.starts_with("Hết thời hạn"), "{}", listed.reason);
}

#[test]
fn a_provision_repealed_leaves_the_rest_in_force() {
    let documents = vec![row(1, OLD, "2026-02-01"), row(2, NEW, "2026-06-01")];
    let of_provision =
        Ending { is_of_provision: true, ..ending(1, "repealed-by", NEW, "2026-06-01") };
    let lists = sorted(documents, &[of_provision], day("2026-08-01"), &ListFilter::default());
    let (state, listed) = state_of(&lists, OLD);
    assert_eq!(state, State::Partly);
    assert_eq!(listed.reason, "Bị bãi bỏ bởi Quyết định số 02/2026/QĐ-UBND");
}

#[test]
fn a_document_that_two_sources_know_is_listed_once() {
    let mut second = row(2, OLD, "2026-02-01");
    second.source = "codified".to_owned();
    second.issuer = String::new();
    let lists = sorted(
        vec![second, row(1, OLD, "2026-02-01")],
        &[],
        day("2026-08-01"),
        &ListFilter::default(),
    );
    assert_eq!(lists.of(State::InForce).len(), 1);
    assert_eq!(lists.of(State::InForce)[0].issuer, "Ủy ban nhân dân tỉnh Sông Lam");
}

#[test]
fn a_filter_keeps_what_it_names_without_tones() {
    let filter = |issuer: &str| ListFilter { issuer: issuer.to_owned(), ..ListFilter::default() };
    let count = |filter: &ListFilter| {
        sorted(vec![row(1, OLD, "2026-02-01")], &[], day("2026-08-01"), filter)
            .of(State::InForce)
            .len()
    };
    assert_eq!(count(&filter("song lam")), 1);
    assert_eq!(count(&filter("Sông Hồng")), 0);
    assert_eq!(count(&ListFilter { kind: "Luật".to_owned(), ..ListFilter::default() }), 0);
}

#[test]
fn what_stands_on_a_document_is_touched_by_its_change() {
    let documents =
        [row(1, OLD, "2026-02-01"), row(2, NEW, "2026-03-01"), row(3, THIRD, "2026-02-01")];
    let tie = |document: i64, kind: &str| RelationRow {
        document,
        kind: kind.to_owned(),
        to_document: Some("90-2019-qh88".to_owned()),
        ..RelationRow::default()
    };
    let relations = [tie(1, "basis"), tie(2, "basis"), tie(2, "guides"), tie(3, "basis")];
    let over = [ending(2, "replaces", THIRD, "2026-03-01")];
    let found = touched("90-2019-qh88", &relations, &documents, &over, day("2026-08-01"));
    let numbers: Vec<&str> = found.iter().map(|one| one.document.number.as_str()).collect();
    assert_eq!(numbers, [OLD, NEW], "what is no longer in force needs no change");
    assert!(found.iter().all(|one| one.is_local));
    assert_eq!(found[1].ties.len(), 2);
}
