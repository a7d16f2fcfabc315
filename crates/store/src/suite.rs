//! The rules of storage, each stamped for both engines.

use kernel::error::{Error, ErrorCode, Result};

use crate::chain::{Anchor, verify};
use crate::dossiers::{DossierRow, Place};
use crate::events::{NewEvent, NewRead};
use crate::testing::Database;
use crate::{
    Store, StoreConfig, dossiers, drafts, events, idempotency, jobs, messages, outbox, registers,
    testing,
};

fn sqlite() -> Option<Database> {
    Some(testing::sqlite().unwrap())
}

fn postgres() -> Option<Database> {
    testing::postgres().unwrap()
}

macro_rules! both_engines {
    ($($rule:ident)*) => {
        mod sqlite_rules { $(#[tokio::test(flavor = "multi_thread")] async fn $rule() {
            if let Some(database) = super::sqlite() {
                super::$rule(Store::open(database.config().clone()).unwrap()).await;
            }
        })* use crate::Store; }
        mod postgres_rules { $(#[tokio::test(flavor = "multi_thread")] async fn $rule() {
            if let Some(database) = super::postgres() {
                super::$rule(Store::open(database.config().clone()).unwrap()).await;
            }
        })* use crate::Store; }
    };
}

mod accounts;
mod forms;
mod law;
mod law_review;

both_engines! {
    a_refused_closure_leaves_no_trace
    a_closure_sees_its_own_writes
    a_panicking_closure_harms_nobody_else
    numbers_have_no_gaps_though_some_closures_fail
    the_chain_verifies_after_many_writers
    an_edited_event_is_found
    a_removed_event_is_found
    a_cut_off_end_is_found
    an_end_cut_together_with_its_head_is_found_by_a_witness
    an_edited_read_is_found
    a_register_number_is_used_once
    a_stale_revision_is_refused
    pages_of_a_list_cover_every_row_once
    a_job_is_claimed_by_one_runner
    a_job_of_a_dead_runner_is_claimed_again
    a_message_with_the_same_key_is_kept_once
    an_answer_that_comes_twice_counts_once
    a_draft_is_sent_once
    an_idempotency_key_is_kept_once
    migrating_twice_changes_nothing
    every_migration_was_applied
    a_name_is_found_by_each_of_its_keys
    who_read_about_a_person_is_listed
    a_text_with_any_letters_comes_back_the_same
}

fn event(at: i64, stream_id: i64) -> NewEvent<'static> {
    NewEvent { at, stream: "dossier", stream_id, kind: "submit", actor: Some(7), body: "{}" }
}

async fn add_events(store: &Store, count: i64) {
    for at in 0..count {
        store.write(move |tx| Ok(events::append(tx, &event(at, 1)))).await.unwrap();
    }
}

fn refusal() -> Error {
    Error::new(ErrorCode::Invalid)
}

async fn a_refused_closure_leaves_no_trace(store: Store) {
    let refused = store
        .write(|tx| -> Result<()> {
            dossiers::next_number(tx, "a")?;
            events::append(tx, &event(1, 1));
            Err(refusal())
        })
        .await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Invalid);
    let number = store.write(|tx| dossiers::next_number(tx, "a")).await.unwrap();
    assert_eq!(number, 1);
    assert_eq!(store.read(|tx| events::of_stream(tx, "dossier", 1)).await.unwrap(), vec![]);
}

async fn a_closure_sees_its_own_writes(store: Store) {
    let seen = store
        .write(|tx| {
            events::append(tx, &event(5, 9));
            events::of_stream(tx, "dossier", 9)
        })
        .await
        .unwrap();
    assert_eq!(seen.len(), 1);
}

async fn a_panicking_closure_harms_nobody_else(store: Store) {
    let bad = tokio::spawn({
        let store = store.clone();
        async move {
            store
                .write(|tx| -> Result<()> {
                    dossiers::next_number(tx, "p")?;
                    panic!("on purpose")
                })
                .await
        }
    });
    assert_eq!(bad.await.unwrap().unwrap_err().code, ErrorCode::Internal);
    assert_eq!(store.write(|tx| dossiers::next_number(tx, "p")).await.unwrap(), 1);
}

async fn numbers_have_no_gaps_though_some_closures_fail(store: Store) {
    let mut tasks = Vec::new();
    for task in 0..200_i64 {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            store
                .write(move |tx| {
                    let number = dossiers::next_number(tx, "book")?;
                    events::append(tx, &event(task, number));
                    if task % 3 == 0 { Err(refusal()) } else { Ok(number) }
                })
                .await
        }));
    }
    let mut numbers = Vec::new();
    for task in tasks {
        if let Ok(number) = task.await.unwrap() {
            numbers.push(number);
        }
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=i64::try_from(numbers.len()).unwrap()).collect::<Vec<_>>());
    let verdict = store.read(|tx| verify(tx, &[])).await.unwrap();
    assert!(verdict.ok, "{verdict:?}");
    assert_eq!(verdict.events, i64::try_from(numbers.len()).unwrap());
}

async fn the_chain_verifies_after_many_writers(store: Store) {
    let mut tasks = Vec::new();
    for task in 0..50_i64 {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            store
                .write(move |tx| {
                    events::append(tx, &event(task, task));
                    let read = NewRead {
                        at: task,
                        actor: 1,
                        record: "dossier",
                        record_id: task,
                        purpose: "H20-1",
                    };
                    events::log_read(tx, &read);
                    Ok(())
                })
                .await
        }));
    }
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let verdict = store.read(|tx| verify(tx, &[])).await.unwrap();
    assert!(verdict.ok, "{verdict:?}");
    assert_eq!(verdict.events, 100);
}

async fn tamper(store: &Store, sql: &'static str) {
    store.write(move |tx| tx.execute(sql, vec![])).await.unwrap();
}

async fn first_bad(store: &Store, anchors: Vec<Anchor>) -> Option<String> {
    let verdict = store.read(move |tx| verify(tx, &anchors)).await.unwrap();
    assert_eq!(verdict.ok, verdict.first_bad.is_none());
    verdict.first_bad
}

async fn an_edited_event_is_found(store: Store) {
    add_events(&store, 5).await;
    tamper(&store, "UPDATE event SET body = '{\"a\":1}' WHERE seq = 3").await;
    assert_eq!(first_bad(&store, vec![]).await.as_deref(), Some("event:3"));
}

async fn a_removed_event_is_found(store: Store) {
    add_events(&store, 5).await;
    tamper(&store, "DELETE FROM event WHERE seq = 2").await;
    assert_eq!(first_bad(&store, vec![]).await.as_deref(), Some("event:2"));
}

async fn a_cut_off_end_is_found(store: Store) {
    add_events(&store, 5).await;
    tamper(&store, "DELETE FROM event WHERE seq > 3").await;
    assert_eq!(first_bad(&store, vec![]).await.as_deref(), Some("event:4"));
}

async fn an_end_cut_together_with_its_head_is_found_by_a_witness(store: Store) {
    add_events(&store, 3).await;
    let earlier = store.read(crate::chain::heads).await.unwrap();
    add_events(&store, 2).await;
    let witnessed = store.read(crate::chain::heads).await.unwrap();
    tamper(&store, "DELETE FROM event WHERE seq > 3").await;
    let head = earlier[0].head.clone();
    store
        .write(move |tx| {
            tx.chains.events = head;
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!(first_bad(&store, vec![]).await, None, "without a witness it looks whole");
    assert_eq!(first_bad(&store, witnessed).await.as_deref(), Some("event:4"));
}

async fn an_edited_read_is_found(store: Store) {
    store
        .write(|tx| {
            let read =
                NewRead { at: 1, actor: 1, record: "entry", record_id: 4, purpose: "xác minh" };
            events::log_read(tx, &read);
            Ok(())
        })
        .await
        .unwrap();
    tamper(&store, "UPDATE access_log SET purpose = 'khác' WHERE seq = 1").await;
    assert_eq!(first_bad(&store, vec![]).await.as_deref(), Some("access_log:1"));
}

fn entry(id: i64, number: i64) -> registers::EntryRow {
    registers::EntryRow {
        id,
        register: "birth".to_owned(),
        unit: "29869".to_owned(),
        year: 2026,
        book: 1,
        number,
        number_text: format!("{number}/2026"),
        status: "current".to_owned(),
        title: "Trẻ".to_owned(),
        registered_on: "2026-11-22".to_owned(),
        version: 1,
        body: "{}".to_owned(),
    }
}

async fn a_register_number_is_used_once(store: Store) {
    store.write(|tx| Ok(registers::insert(tx, &entry(1, 1)))).await.unwrap();
    let second = store.write(|tx| Ok(registers::insert(tx, &entry(2, 1)))).await;
    assert_eq!(second.unwrap_err().code, ErrorCode::Conflict);
    let last = store.read(|tx| registers::last_number(tx, "birth", "29869", 2026)).await.unwrap();
    assert_eq!(last, Some((1, 1)));
}

fn dossier(id: i64, due_at: i64) -> DossierRow {
    DossierRow {
        id,
        code: format!("H20-{id}"),
        unit: "29869".to_owned(),
        procedure_code: "1.001193".to_owned(),
        definition: "d".to_owned(),
        step: "received".to_owned(),
        state: "working".to_owned(),
        owner: "one-stop-officer".to_owned(),
        applicant: 1,
        title: "A".to_owned(),
        about: String::new(),
        assignee: None,
        submitted_at: 0,
        due_at,
        stopped: false,
        finished_at: None,
        revision: 1,
    }
}

async fn a_stale_revision_is_refused(store: Store) {
    store.write(|tx| Ok(dossiers::insert(tx, &dossier(1, 5), "{}"))).await.unwrap();
    let mut row = dossier(1, 5);
    row.revision = 2;
    let copy = row.clone();
    store.write(move |tx| Ok(dossiers::update(tx, &copy, r#"{"seen":1}"#, 1))).await.unwrap();
    let stale = store
        .write(move |tx| {
            messages::add(tx, 1, 1, 1, 1, "sent along");
            dossiers::update(tx, &row, r#"{"seen":2}"#, 1);
            Ok(())
        })
        .await;
    assert_eq!(stale.unwrap_err().code, kernel::error::ErrorCode::Conflict);
    let (body, told) = store
        .read(|tx| Ok((dossiers::by_id(tx, 1)?.unwrap().1, messages::of_account(tx, 1, 9)?)))
        .await
        .unwrap();
    assert_eq!(body, r#"{"seen":1}"#, "nothing of the stale change stays");
    assert!(told.is_empty(), "nor of what came with it");
}

async fn pages_of_a_list_cover_every_row_once(store: Store) {
    store
        .write(|tx| {
            for id in 0..57 {
                // Several rows share a due moment, so the identifier must break the tie.
                dossiers::insert(tx, &dossier(id, id / 10), "{}");
            }
            Ok(())
        })
        .await
        .unwrap();
    let mut seen = Vec::new();
    let mut after = Place::START;
    loop {
        let page = store
            .read(move |tx| dossiers::by_state(tx, "29869", "working", after, 10))
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        after = Place { due_at: last.due_at, id: last.id };
        seen.extend(page.iter().map(|row| row.id));
    }
    assert_eq!(seen, (0..57).collect::<Vec<_>>());
}

async fn a_job_is_claimed_by_one_runner(store: Store) {
    store
        .write(|tx| {
            for id in 0..20 {
                jobs::add(tx, id, "receipt", "{}", 0);
            }
            Ok(())
        })
        .await
        .unwrap();
    let mut tasks = Vec::new();
    for _ in 0..10 {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            store.write(|tx| jobs::claim(tx, 10, 100, 3)).await.unwrap()
        }));
    }
    let mut claimed = Vec::new();
    for task in tasks {
        claimed.extend(task.await.unwrap().into_iter().map(|job| job.id));
    }
    claimed.sort_unstable();
    assert_eq!(claimed, (0..20).collect::<Vec<_>>());
}

async fn a_job_of_a_dead_runner_is_claimed_again(store: Store) {
    store.write(|tx| Ok(jobs::add(tx, 1, "receipt", "{}", 0))).await.unwrap();
    assert_eq!(store.write(|tx| jobs::claim(tx, 10, 100, 3)).await.unwrap().len(), 1);
    assert_eq!(store.write(|tx| jobs::claim(tx, 99, 200, 3)).await.unwrap().len(), 0);
    let again = store.write(|tx| jobs::claim(tx, 101, 200, 3)).await.unwrap();
    assert_eq!(again.first().map(|job| job.attempts), Some(1));
    store.write(|tx| Ok(jobs::done(tx, 1))).await.unwrap();
    assert_eq!(store.read(jobs::counts).await.unwrap(), (0, 0));
}

fn message(id: i64) -> outbox::MessageRow {
    outbox::MessageRow {
        id,
        destination: "population".to_owned(),
        kind: "personal-number".to_owned(),
        key: "H20-1".to_owned(),
        body: "{}".to_owned(),
        state: "waiting".to_owned(),
        attempts: 0,
        created_at: 0,
        answer: None,
    }
}

async fn a_message_with_the_same_key_is_kept_once(store: Store) {
    store
        .write(|tx| {
            outbox::add(tx, &message(1));
            outbox::add(tx, &message(2));
            Ok(())
        })
        .await
        .unwrap();
    assert!(store.read(|tx| outbox::by_id(tx, 1)).await.unwrap().is_some());
    assert!(store.read(|tx| outbox::by_id(tx, 2)).await.unwrap().is_none());
}

async fn an_answer_that_comes_twice_counts_once(store: Store) {
    store.write(|tx| Ok(outbox::add(tx, &message(1)))).await.unwrap();
    assert!(store.write(|tx| outbox::answered(tx, 1, "answered", "a")).await.unwrap());
    assert!(!store.write(|tx| outbox::answered(tx, 1, "answered", "b")).await.unwrap());
    let kept = store.read(|tx| outbox::by_id(tx, 1)).await.unwrap().unwrap();
    assert_eq!(kept.answer.as_deref(), Some("a"));
}

async fn a_draft_is_sent_once(store: Store) {
    let draft = drafts::DraftRow {
        id: 1,
        account: 1,
        procedure_code: "1.001193".to_owned(),
        definition: "d".to_owned(),
        unit: "29869".to_owned(),
        dossier: None,
        answers: "{}".to_owned(),
        sources: "{}".to_owned(),
        revision: 1,
        created_at: 0,
        updated_at: 0,
    };
    store.write(move |tx| Ok(drafts::insert(tx, &draft))).await.unwrap();
    let mut tasks = Vec::new();
    for _ in 0..8 {
        let store = store.clone();
        tasks.push(tokio::spawn(
            async move { store.write(|tx| drafts::delete(tx, 1)).await.unwrap() },
        ));
    }
    let mut sent = 0;
    for task in tasks {
        sent += i32::from(task.await.unwrap());
    }
    assert_eq!(sent, 1);
}

async fn an_idempotency_key_is_kept_once(store: Store) {
    let answer = idempotency::KeptAnswer { request: vec![1], status: 201, body: "{}".to_owned() };
    let first = answer.clone();
    store.write(move |tx| Ok(idempotency::keep(tx, 1, "k", &first, 0))).await.unwrap();
    let again = answer.clone();
    let second = store.write(move |tx| Ok(idempotency::keep(tx, 1, "k", &again, 0))).await;
    assert_eq!(second.unwrap_err().code, ErrorCode::Conflict);
    assert_eq!(store.read(|tx| idempotency::find(tx, 1, "k")).await.unwrap(), Some(answer));
    assert_eq!(store.read(|tx| idempotency::find(tx, 2, "k")).await.unwrap(), None);
}

async fn migrating_twice_changes_nothing(store: Store) {
    add_events(&store, 2).await;
    let again = Store::open(store.config().clone()).unwrap();
    add_events(&again, 1).await;
    assert!(again.read(|tx| verify(tx, &[])).await.unwrap().ok);
}

async fn every_migration_was_applied(store: Store) {
    let applied = store
        .read(|tx| {
            tx.query("SELECT name FROM migration ORDER BY name", vec![])?
                .into_iter()
                .map(|mut row| row.text(0))
                .collect::<Result<Vec<_>>>()
        })
        .await
        .unwrap();
    let wanted: Vec<&str> = crate::migrations::MIGRATIONS.iter().map(|m| m.name).collect();
    assert_eq!(applied, wanted);
}

async fn a_name_is_found_by_each_of_its_keys(store: Store) {
    store
        .write(|tx| {
            for key in ["nguyen", "thi", "hoa"] {
                registers::add_key(tx, "birth", "mother", key, 5);
            }
            registers::add_key(tx, "birth", "mother", "hoa", 6);
            Ok(())
        })
        .await
        .unwrap();
    let found = store
        .read(|tx| {
            Ok((
                registers::by_key(tx, "birth", "mother", "hoa", 10)?,
                registers::has_key(tx, "birth", "mother", "thi", 6)?,
                registers::count_by_key(tx, "birth", "mother", "hoa", 1)?,
            ))
        })
        .await
        .unwrap();
    assert_eq!(found, (vec![6, 5], false, 1));
}

async fn who_read_about_a_person_is_listed(store: Store) {
    store
        .write(|tx| {
            tx.execute(
                "INSERT INTO account (id, login, kind, name, password, totp_step, state, failures, \
                 password_at, created_at) VALUES (7, 'a', 'officer', 'Cán bộ A', '', 0, 'active', \
                 0, 0, 0)",
                vec![],
            )?;
            events::concern(tx, "087300000001", "dossier", 4);
            events::concern(tx, "087300000001", "dossier", 4);
            for (at, record_id) in [(1, 4), (2, 5)] {
                let read = NewRead { at, actor: 7, record: "dossier", record_id, purpose: "H20-4" };
                events::log_read(tx, &read);
            }
            Ok(())
        })
        .await
        .unwrap();
    let reads = store.read(|tx| events::reads_about(tx, "087300000001", 10)).await.unwrap();
    assert_eq!(reads.len(), 1);
    assert_eq!(reads[0].actor_name, "Cán bộ A");
    assert_eq!(reads[0].purpose, "H20-4");
}

async fn a_text_with_any_letters_comes_back_the_same(store: Store) {
    let text = "Nguyễn Thị Hòa – 'ông/bà' \"?1 $1\" 𠀀\u{1}";
    store.write(move |tx| Ok(crate::settings::set(tx, "t", text))).await.unwrap();
    let back = store.read(|tx| crate::settings::get(tx, "t")).await.unwrap();
    assert_eq!(back.as_deref(), Some(text));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_to_postgres_is_made_again() {
    let Some(database) = postgres() else { return };
    let store = Store::open(database.config().clone()).unwrap();
    assert_eq!(store.write(|tx| dossiers::next_number(tx, "a")).await.unwrap(), 1);
    let victim = store
        .write(|tx| {
            tx.query_one("SELECT pg_backend_pid()::bigint", vec![])?
                .map_or(Ok(0), |mut row| row.int(0))
        })
        .await
        .unwrap();
    let other = Store::open(database.config().clone()).unwrap();
    other
        .write(move |tx| {
            tx.query("SELECT pg_terminate_backend(?1)::int", vec![victim.into()])?;
            Ok(())
        })
        .await
        .ok();
    assert_eq!(store.write(|tx| dossiers::next_number(tx, "a")).await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_away_is_reported_and_found_again() {
    let Some(database) = sqlite() else { return };
    let folder = database.folder().unwrap().to_owned();
    let away = folder.join("later");
    let store =
        Store::open_migrated(StoreConfig::Sqlite { path: away.join("tuphap.sqlite") }).unwrap();
    let refused = store.write(|tx| dossiers::next_number(tx, "a")).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Unavailable);
    std::fs::create_dir_all(&away).unwrap();
    Store::open(StoreConfig::Sqlite { path: away.join("tuphap.sqlite") }).unwrap();
    assert_eq!(store.write(|tx| dossiers::next_number(tx, "a")).await.unwrap(), 1);
}

/// The next number, once the database is there again: writes that queued up while it was away are
/// still turned away together.
async fn number_soon(store: &Store) -> i64 {
    for _ in 0..100 {
        match store.write(|tx| dossiers::next_number(tx, "a")).await {
            Ok(number) => return number,
            Err(error) => assert_eq!(error.code, ErrorCode::Unavailable),
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the database did not come back");
}

/// Moved away, deleted or replaced: what is written to the open file then would be lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_moved_away_is_not_written_to() {
    let database = testing::sqlite().unwrap();
    let store = Store::open(database.config().clone()).unwrap();
    assert_eq!(store.write(|tx| dossiers::next_number(tx, "a")).await.unwrap(), 1);
    assert!(store.read(crate::settings::ping).await.is_ok());
    database.go_away().unwrap();
    let refused = store.write(|tx| dossiers::next_number(tx, "a")).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Unavailable);
    let unread = store.read(crate::settings::ping).await;
    assert_eq!(unread.unwrap_err().code, ErrorCode::Unavailable);
    database.come_back().unwrap();
    assert_eq!(number_soon(&store).await, 2);
    assert!(store.read(crate::settings::ping).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_database_that_is_shut_is_found_again() {
    let Some(database) = testing::own_postgres().unwrap() else {
        return;
    };
    let store = Store::open(database.config().clone()).unwrap();
    assert_eq!(store.write(|tx| dossiers::next_number(tx, "a")).await.unwrap(), 1);
    assert!(store.read(crate::settings::ping).await.is_ok());
    database.go_away().unwrap();
    let refused = store.write(|tx| dossiers::next_number(tx, "a")).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Unavailable);
    let unread = store.read(crate::settings::ping).await;
    assert_eq!(unread.unwrap_err().code, ErrorCode::Unavailable);
    database.come_back().unwrap();
    assert_eq!(number_soon(&store).await, 2);
    assert!(store.read(crate::settings::ping).await.is_ok());
}

#[test]
fn both_folders_hold_the_same_migrations() {
    let names = |engine: &str| {
        let folder = format!("{}/migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
    let listed: Vec<String> =
        crate::migrations::MIGRATIONS.iter().map(|m| format!("{}.sql", m.name)).collect();
    assert_eq!(names("sqlite"), listed);
}
