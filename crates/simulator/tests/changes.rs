//! Numbers given and events reported: what the other side promises to whoever repeats a call.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use exchange::{
    ChildIdentity, ExchangeError, ExchangePurpose, MaritalStatus, PersonRecord,
    PopulationDatabase as _, PopulationEvent, PopulationEventKind, Registration,
};
use kernel::person_number::PersonNumber;
use proptest::prelude::*;
use serde_json::{Value, json};
use simulator::{DemoResidents, Faults, Place, Population};

const FATHER: &str = "088093000101";
const MOTHER: &str = "088195000102";
const GROOM: &str = "088098000104";
const BRIDE: &str = "088300000105";
const OLD_MAN: &str = "088048000106";
const OLD_WOMAN: &str = "088152000107";

fn population_in(folder: Option<&Path>) -> Population {
    let mut data =
        DemoResidents::from_toml(include_str!("../../../content/demo/residents.toml")).unwrap();
    data.count = 200;
    let place =
        Place { province: "82".parse().unwrap(), commune: "29869".parse().unwrap(), is_ward: true };
    Population::open(folder, data, [place]).unwrap()
}

fn population() -> Population {
    population_in(None)
}

/// A folder of its own, gone when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "tuphap-population-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        Self(std::env::temp_dir().join(name))
    }

    fn file(&self) -> PathBuf {
        self.0.join("population.jsonl")
    }

    fn lines(&self) -> usize {
        fs::read_to_string(self.file()).unwrap().lines().count()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn find(population: &Population, number: &str) -> PersonRecord {
    let purpose = ExchangePurpose::reason("test", "test");
    population.find(&number.parse().unwrap(), &purpose).unwrap().unwrap()
}

fn child_called(name: &str) -> ChildIdentity {
    serde_json::from_value(json!({
        "name": name, "birth_date": "2026-11-01", "sex": "male", "ethnicity": "01",
        "nationality": "VN", "mother_number": MOTHER, "father_number": FATHER, "unit": "29869",
    }))
    .unwrap()
}

fn event(register: &str, kind: PopulationEventKind, fields: Value) -> PopulationEvent {
    PopulationEvent {
        kind,
        entry: Registration {
            register: register.to_owned(),
            number: "1/2026".to_owned(),
            unit: "29869".parse().unwrap(),
            on: "2026-11-20".parse().unwrap(),
        },
        subjects: Vec::new(),
        fields: match fields {
            Value::Object(map) => map,
            other => panic!("{other}"),
        },
    }
}

fn entered(register: &str, fields: Value) -> PopulationEvent {
    event(register, PopulationEventKind::Entered, fields)
}

fn wedding(husband: &str, wife: &str) -> PopulationEvent {
    entered("marriage", json!({"husband_number": husband, "wife_number": wife}))
}

fn death(number: &str, day: &str) -> PopulationEvent {
    entered("death", json!({"deceased_number": number, "died_on": day}))
}

fn is_refused<T>(answer: &Result<T, ExchangeError>) -> bool {
    matches!(answer, Err(ExchangeError::Refused(_)))
}

// ------------------------------------------------------------ numbers

#[test]
fn a_number_fits_the_child_and_the_child_is_known_from_then_on() {
    let population = population();
    let number = population.request_personal_number("k1", &child_called("Huỳnh Bảo Nam")).unwrap();
    assert!(number.as_str().starts_with("088226"), "{number}");
    let child = find(&population, number.as_str());
    assert_eq!(child.name, "Huỳnh Bảo Nam");
    assert_eq!(child.mother.as_ref().unwrap().number.unwrap().as_str(), MOTHER);
    assert_eq!(child.residence, find(&population, MOTHER).residence);
    for parent in [MOTHER, FATHER] {
        assert_eq!(find(&population, parent).children.last().unwrap().number, Some(number));
    }
}

#[test]
fn the_same_key_gets_the_same_number_however_often_it_is_asked() {
    let population = population();
    let child = child_called("Huỳnh Bảo Nam");
    let number = population.request_personal_number("k1", &child).unwrap();
    for _ in 0..3 {
        assert_eq!(population.request_personal_number("k1", &child), Ok(number));
    }
    assert_eq!(find(&population, MOTHER).children.len(), 2);
}

#[test]
fn a_key_used_for_another_child_is_refused() {
    let population = population();
    population.request_personal_number("k1", &child_called("Huỳnh Bảo Nam")).unwrap();
    assert!(is_refused(&population.request_personal_number("k1", &child_called("Huỳnh Bảo An"))));
    assert!(is_refused(&population.report_event("k1", &wedding(GROOM, BRIDE))));
}

#[test]
fn no_child_gets_two_numbers_but_twins_do() {
    let population = population();
    let first = population.request_personal_number("k1", &child_called("Huỳnh Bảo Nam")).unwrap();
    let again = population.request_personal_number("k2", &child_called("HUỲNH BẢO NAM")).unwrap();
    let twin = population.request_personal_number("k3", &child_called("Huỳnh Bảo An")).unwrap();
    assert_eq!(first, again);
    assert_ne!(first, twin);
}

#[test]
fn details_that_contradict_the_data_are_refused() {
    let population = population();
    let mut wrong_sex = child_called("Huỳnh Bảo Nam");
    wrong_sex.mother_number = Some(FATHER.parse().unwrap());
    let mut unknown = child_called("Huỳnh Bảo Nam");
    unknown.father_number = "001090000001".parse().ok();
    let mut before_the_mother = child_called("Huỳnh Bảo Nam");
    before_the_mother.birth_date = "1990-01-01".parse().unwrap();
    for child in [wrong_sex, unknown, before_the_mother] {
        assert!(is_refused(&population.request_personal_number("k1", &child)));
    }
    // A refusal changes nothing: the key is still free.
    assert!(population.request_personal_number("k1", &child_called("Huỳnh Bảo Nam")).is_ok());
}

#[test]
fn a_child_of_unknown_parents_gets_a_number_too() {
    let population = population();
    let mut foundling = child_called("Nguyễn Bình An");
    (foundling.mother_number, foundling.father_number) = (None, None);
    let one = population.request_personal_number("k1", &foundling).unwrap();
    let other = population.request_personal_number("k2", &foundling).unwrap();
    assert_ne!(one, other);
    assert_eq!(find(&population, one.as_str()).residence.commune.as_str(), "29869");
}

#[test]
fn a_thousand_children_of_one_day_get_a_thousand_numbers_that_nobody_had() {
    let population = population();
    let before = population.numbers();
    let mut numbers: Vec<PersonNumber> = (0..1_000)
        .map(|index| {
            let child = child_called(&format!("Huỳnh Bảo {index}"));
            population.request_personal_number(&format!("k{index}"), &child).unwrap()
        })
        .collect();
    assert!(numbers.iter().all(|number| !before.contains(number)));
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 1_000);
    assert_eq!(population.numbers().len(), before.len() + 1_000);
}

// ------------------------------------------------------------ events

#[test]
fn a_birth_entry_is_right_where_it_differs_from_the_request() {
    let population = population();
    let number = population.request_personal_number("k1", &child_called("Huỳnh Bảo Nam")).unwrap();
    let birth = entered(
        "birth",
        json!({"child_number": number, "child_name": "Huỳnh Bảo Nam Anh", "mother_number": MOTHER}),
    );
    population.report_event("k2", &birth).unwrap();
    assert_eq!(find(&population, number.as_str()).name, "Huỳnh Bảo Nam Anh");
    let mother = find(&population, MOTHER);
    assert_eq!(mother.children.len(), 2);
    assert_eq!(mother.children.last().unwrap().name, "Huỳnh Bảo Nam Anh");
}

#[test]
fn a_correction_of_a_birth_entry_corrects_the_person_everywhere() {
    let population = population();
    let fields = json!({"child_number": "088178000108", "child_name": "Nguyễn Thị Thu Hạ",
                        "child_birth_date": "1978-11-15"});
    let correction = event("birth", PopulationEventKind::Amended, fields);
    population.report_event("k1", &correction).unwrap();
    assert_eq!(find(&population, "088178000108").birth_date.to_string(), "1978-11-15");
    assert_eq!(find(&population, OLD_MAN).children[0].name, "Nguyễn Thị Thu Hạ");
}

#[test]
fn a_marriage_binds_both() {
    let population = population();
    population.report_event("k1", &wedding(GROOM, BRIDE)).unwrap();
    let (groom, bride) = (find(&population, GROOM), find(&population, BRIDE));
    assert_eq!(groom.marital_status, MaritalStatus::Married);
    assert_eq!(groom.spouse.unwrap().name, bride.name);
    assert_eq!(bride.spouse.unwrap().number.unwrap().as_str(), GROOM);
}

#[test]
fn whoever_is_married_or_dead_cannot_marry() {
    let population = population();
    assert!(is_refused(&population.report_event("k1", &wedding(FATHER, BRIDE))));
    population.report_event("k2", &death(GROOM, "2026-11-01")).unwrap();
    assert!(is_refused(&population.report_event("k3", &wedding(GROOM, BRIDE))));
    assert_eq!(find(&population, BRIDE).marital_status, MaritalStatus::NeverMarried);
}

#[test]
fn a_spouse_from_abroad_is_known_by_name() {
    let population = population();
    let fields = json!({"husband_name": "Jean Exemple", "husband_nationality": "FR",
                        "husband_number": "", "wife_number": BRIDE});
    population.report_event("k1", &entered("marriage", fields)).unwrap();
    let spouse = find(&population, BRIDE).spouse.unwrap();
    assert_eq!((spouse.number, spouse.name.as_str()), (None, "Jean Exemple"));
    assert_eq!(spouse.nationality, "FR");
}

#[test]
fn a_divorce_frees_both_to_marry_again() {
    let population = population();
    population.report_event("k1", &wedding(GROOM, BRIDE)).unwrap();
    let divorce = event(
        "marriage",
        PopulationEventKind::Ended,
        json!({"husband_number": GROOM, "wife_number": BRIDE}),
    );
    population.report_event("k2", &divorce).unwrap();
    let groom = find(&population, GROOM);
    assert_eq!((groom.marital_status, groom.spouse), (MaritalStatus::Divorced, None));
    assert!(population.report_event("k3", &wedding(GROOM, BRIDE)).is_ok());
}

#[test]
fn only_husband_and_wife_can_be_divorced() {
    let population = population();
    let fields = json!({"husband_number": GROOM, "wife_number": MOTHER});
    let divorce = event("marriage", PopulationEventKind::Ended, fields);
    assert!(is_refused(&population.report_event("k1", &divorce)));
    assert_eq!(find(&population, MOTHER).marital_status, MaritalStatus::Married);
}

#[test]
fn a_death_reported_again_does_not_part_the_widow_from_a_later_husband() {
    let population = population();
    population.report_event("k1", &death(OLD_MAN, "2026-11-18")).unwrap();
    population.report_event("k2", &wedding(GROOM, OLD_WOMAN)).unwrap();
    population.report_event("k3", &death(OLD_MAN, "2026-11-18")).unwrap();
    assert_eq!(find(&population, OLD_WOMAN).marital_status, MaritalStatus::Married);
}

#[test]
fn a_death_leaves_a_widow() {
    let population = population();
    population.report_event("k1", &death(OLD_MAN, "2026-11-18")).unwrap();
    let dead = find(&population, OLD_MAN);
    assert!(!dead.alive);
    assert_eq!(dead.death_date.unwrap().to_string(), "2026-11-18");
    let widow = find(&population, OLD_WOMAN);
    assert_eq!((widow.marital_status, widow.spouse), (MaritalStatus::Widowed, None));
}

#[test]
fn nobody_dies_twice_on_different_days() {
    let population = population();
    population.report_event("k1", &death(OLD_MAN, "2026-11-18")).unwrap();
    assert!(population.report_event("k2", &death(OLD_MAN, "2026-11-18")).is_ok());
    assert!(is_refused(&population.report_event("k3", &death(OLD_MAN, "2026-11-19"))));
}

#[test]
fn an_entry_about_unknown_people_is_refused_and_one_about_other_matters_is_taken() {
    let population = population();
    let mut strange = entered("guardianship", json!({}));
    assert!(population.report_event("k1", &strange).is_ok());
    strange.subjects = vec!["001090000001".parse().unwrap()];
    assert!(is_refused(&population.report_event("k2", &strange)));
}

// ------------------------------------------------------------ purpose

#[test]
fn a_question_without_a_purpose_is_refused_and_every_other_one_is_on_record() {
    let population = population();
    let number = MOTHER.parse().unwrap();
    assert!(is_refused(&population.find(&number, &ExchangePurpose::reason(" ", "r1"))));
    population.find(&number, &ExchangePurpose::dossier("H20.15-261120-0001", "r2")).unwrap();
    let questions = population.questions();
    assert_eq!(questions.len(), 1);
    assert_eq!(questions[0].number, number);
    assert_eq!(questions[0].purpose.dossier.as_deref(), Some("H20.15-261120-0001"));
}

#[test]
fn an_unknown_number_is_nobody() {
    let purpose = ExchangePurpose::reason("test", "test");
    let answer = population().find(&"001090000001".parse().unwrap(), &purpose);
    assert_eq!(answer, Ok(None));
}

// ------------------------------------------------------------ faults

#[test]
fn when_the_line_is_down_nothing_happens() {
    let population = population();
    population.set_faults(Faults { down: true, ..Faults::default() });
    let child = child_called("Huỳnh Bảo Nam");
    let answer = population.request_personal_number("k1", &child);
    assert!(answer.unwrap_err().is_temporary());
    population.set_faults(Faults::default());
    assert_eq!(find(&population, MOTHER).children.len(), 1);
}

#[test]
fn when_an_answer_is_lost_the_same_key_gets_it_again() {
    let population = population();
    let child = child_called("Huỳnh Bảo Nam");
    population.set_faults(Faults { lose_answers: true, ..Faults::default() });
    assert!(population.request_personal_number("k1", &child).unwrap_err().is_temporary());
    population.set_faults(Faults::default());
    let known = find(&population, MOTHER).children.last().unwrap().number;
    assert_eq!(population.request_personal_number("k1", &child).ok(), known);
    assert_eq!(find(&population, MOTHER).children.len(), 2);
}

#[test]
fn what_arrives_twice_counts_once() {
    let population = population();
    population.set_faults(Faults { deliver_twice: true, ..Faults::default() });
    population.request_personal_number("k1", &child_called("Huỳnh Bảo Nam")).unwrap();
    population.report_event("k2", &wedding(GROOM, BRIDE)).unwrap();
    assert_eq!(find(&population, MOTHER).children.len(), 2);
}

#[test]
fn a_refusal_and_a_slow_line_can_be_played() {
    let population = population();
    let refuse = Some("Hệ thống đang bảo trì theo kế hoạch.".to_owned());
    population.set_faults(Faults { refuse: refuse.clone(), delay_ms: 20, ..Faults::default() });
    assert_eq!(population.faults().refuse, refuse);
    let start = Instant::now();
    let answer = population.report_event("k1", &wedding(GROOM, BRIDE));
    assert_eq!(answer.err(), refuse.map(ExchangeError::Refused));
    assert!(start.elapsed().as_millis() >= 20);
}

// ------------------------------------------------------------ the file

#[test]
fn what_happened_is_known_after_a_restart() {
    let folder = Folder::new();
    let child = child_called("Huỳnh Bảo Nam");
    let number = {
        let population = population_in(Some(&folder.0));
        population.report_event("k2", &wedding(GROOM, BRIDE)).unwrap();
        population.request_personal_number("k1", &child).unwrap()
    };
    let population = population_in(Some(&folder.0));
    assert_eq!(population.request_personal_number("k1", &child), Ok(number));
    assert_eq!(find(&population, number.as_str()).name, "Huỳnh Bảo Nam");
    assert_eq!(find(&population, BRIDE).marital_status, MaritalStatus::Married);
    assert_eq!(folder.lines(), 2);
}

#[test]
fn repeating_and_refusing_write_nothing() {
    let folder = Folder::new();
    let population = population_in(Some(&folder.0));
    let child = child_called("Huỳnh Bảo Nam");
    for _ in 0..3 {
        population.request_personal_number("k1", &child).unwrap();
        assert!(is_refused(&population.report_event("k2", &wedding(FATHER, BRIDE))));
    }
    assert_eq!(folder.lines(), 1);
}

#[test]
fn two_processes_on_one_folder_see_each_other() {
    let folder = Folder::new();
    let (one, other) = (population_in(Some(&folder.0)), population_in(Some(&folder.0)));
    let child = child_called("Huỳnh Bảo Nam");
    let number = one.request_personal_number("k1", &child).unwrap();
    assert_eq!(other.request_personal_number("k1", &child), Ok(number));
    assert_eq!(find(&other, number.as_str()).name, "Huỳnh Bảo Nam");
    other.report_event("k2", &wedding(GROOM, BRIDE)).unwrap();
    assert!(find(&one, GROOM).spouse.is_some());
    assert_eq!(folder.lines(), 2);
}

#[test]
fn many_threads_of_two_processes_never_double_a_number() {
    let folder = Folder::new();
    let processes = [population_in(Some(&folder.0)), population_in(Some(&folder.0))];
    let answers: Vec<(usize, PersonNumber)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4_usize)
            .map(|thread| {
                let population = &processes[thread % 2];
                scope.spawn(move || {
                    (0..50)
                        .map(|index| {
                            let child = child_called(&format!("Huỳnh Bảo {index}"));
                            let key = format!("k{index}");
                            (index, population.request_personal_number(&key, &child).unwrap())
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let mut distinct = answers.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(answers.len(), 200);
    assert_eq!(distinct.len(), 50);
    assert_eq!(folder.lines(), 50);
}

#[test]
fn a_line_half_written_by_a_crash_is_cut_off_and_nothing_else_is_lost() {
    let folder = Folder::new();
    let child = child_called("Huỳnh Bảo Nam");
    let number = population_in(Some(&folder.0)).request_personal_number("k1", &child).unwrap();
    let mut bytes = fs::read(folder.file()).unwrap();
    bytes.extend_from_slice(b"{\"kind\":\"numbered\",\"key\":\"k2\"");
    fs::write(folder.file(), bytes).unwrap();
    let population = population_in(Some(&folder.0));
    assert_eq!(population.request_personal_number("k1", &child), Ok(number));
    population.request_personal_number("k2", &child_called("Huỳnh Bảo An")).unwrap();
    assert_eq!(folder.lines(), 2);
    assert_eq!(find(&population_in(Some(&folder.0)), MOTHER).children.len(), 3);
}

#[test]
fn a_damaged_file_is_not_read_as_if_it_were_whole() {
    let folder = Folder::new();
    fs::create_dir_all(&folder.0).unwrap();
    fs::write(folder.file(), "no JSON\n").unwrap();
    let data =
        DemoResidents::from_toml(include_str!("../../../content/demo/residents.toml")).unwrap();
    let place =
        Place { province: "82".parse().unwrap(), commune: "29869".parse().unwrap(), is_ward: true };
    let problems = Population::open(Some(&folder.0), data, [place]).err().unwrap();
    assert_eq!(problems[0].code, "residents.folder");
}

// ------------------------------------------------------------ whatever happens

#[derive(Clone, Debug)]
enum Step {
    Child(u8, u8),
    Wedding(u8, u8),
    Death(u8, u8),
    Divorce(u8, u8),
}

fn step() -> impl Strategy<Value = Step> {
    let small = || 0_u8..6;
    prop_oneof![
        (small(), small()).prop_map(|(key, name)| Step::Child(key, name)),
        (small(), small()).prop_map(|(a, b)| Step::Wedding(a, b)),
        (small(), small()).prop_map(|(a, day)| Step::Death(a, day)),
        (small(), small()).prop_map(|(a, b)| Step::Divorce(a, b)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn whatever_happens_marriages_stay_mutual_and_a_replay_gives_the_same_people(
        steps in prop::collection::vec(step(), 0..25),
    ) {
        let people = [FATHER, MOTHER, GROOM, BRIDE, OLD_MAN, OLD_WOMAN];
        let folder = Folder::new();
        let population = population_in(Some(&folder.0));
        for (index, step) in steps.iter().enumerate() {
            let key = format!("e{index}");
            let who = |index: &u8| people[usize::from(*index)];
            let _ = match step {
                Step::Child(key, name) => {
                    let child = child_called(&format!("Huỳnh Bảo {name}"));
                    population.request_personal_number(&format!("c{key}"), &child).map(|_| ())
                }
                Step::Wedding(a, b) => population.report_event(&key, &wedding(who(a), who(b))),
                Step::Death(a, day) => {
                    population.report_event(&key, &death(who(a), &format!("2026-11-1{day}")))
                }
                Step::Divorce(a, b) => population.report_event(&key, &event(
                    "marriage", PopulationEventKind::Ended,
                    json!({"husband_number": who(a), "wife_number": who(b)}),
                )),
            };
        }
        let replayed = population_in(Some(&folder.0));
        for number in people {
            let person = find(&population, number);
            prop_assert_eq!(&find(&replayed, number), &person);
            if let (true, Some(spouse)) = (person.alive, &person.spouse) {
                let spouse = find(&population, spouse.number.unwrap().as_str());
                prop_assert!(spouse.alive);
                let back = spouse.spouse.unwrap().number.unwrap();
                prop_assert_eq!(back.as_str(), number);
            }
        }
    }
}
