//! The rules of accounts, sessions and tokens.

use kernel::error::Result;

use super::{postgres, sqlite};
use crate::accounts::{AccountRow, TokenRow};
use crate::sessions::SessionRow;
use crate::{Store, accounts, sessions};

both_engines! {
    a_one_time_code_is_used_once
    a_renewed_hash_does_not_undo_a_change_of_password
    of_two_changes_of_one_password_only_one_goes_on
    a_password_set_by_somebody_else_is_due_until_it_is_changed
    tokens_are_listed_and_ended_by_account
    an_account_is_unused_when_neither_password_nor_token_was_used
    a_renewed_session_has_no_old_token
}

fn account(id: i64) -> AccountRow {
    AccountRow {
        id,
        login: format!("officer-{id}"),
        kind: "officer".to_owned(),
        name: "Người Thử".to_owned(),
        person_number: None,
        password: "old".to_owned(),
        totp: None,
        totp_step: 0,
        state: "active".to_owned(),
        failures: 0,
        locked_until: None,
        password_at: 0,
        last_login_at: None,
        created_at: 0,
        password_due: false,
    }
}

async fn a_one_time_code_is_used_once(store: Store) {
    store.write(|tx| Ok(accounts::insert(tx, &account(1)))).await.unwrap();
    let give = || store.write(|tx| accounts::use_totp_step(tx, 1, 100));
    let answers = both(give(), give()).await;
    assert_eq!(
        answers.into_iter().filter(|used| *used).count(),
        1,
        "of two requests with one code one goes on"
    );
    let earlier = store.write(|tx| accounts::use_totp_step(tx, 1, 99));
    assert!(!earlier.await.unwrap());
    let next = store.write(|tx| accounts::use_totp_step(tx, 1, 101));
    assert!(next.await.unwrap());
}

async fn both(
    one: impl Future<Output = Result<bool>>,
    other: impl Future<Output = Result<bool>>,
) -> Vec<bool> {
    let (one, other) = tokio::join!(one, other);
    vec![one.unwrap(), other.unwrap()]
}

async fn a_renewed_hash_does_not_undo_a_change_of_password(store: Store) {
    store
        .write(|tx| {
            accounts::insert(tx, &account(1));
            accounts::set_password(tx, 1, "old", "changed", 5, false)?;
            accounts::renew_password_hash(tx, 1, "old", "renewed")
        })
        .await
        .unwrap();
    let row = store.read(|tx| accounts::by_id(tx, 1)).await.unwrap();
    assert_eq!(row.unwrap().password, "changed");
}

async fn of_two_changes_of_one_password_only_one_goes_on(store: Store) {
    store.write(|tx| Ok(accounts::insert(tx, &account(1)))).await.unwrap();
    let change = |new: &'static str, at| {
        store.write(move |tx| accounts::set_password(tx, 1, "old", new, at, false))
    };
    let done = both(change("one", 5), change("other", 6)).await;
    assert_eq!(done.into_iter().filter(|done| *done).count(), 1);
    let kept = store.read(|tx| accounts::old_passwords(tx, 1, 10)).await.unwrap();
    assert_eq!(kept, ["old"], "what was never in force is not remembered");
}

async fn a_password_set_by_somebody_else_is_due_until_it_is_changed(store: Store) {
    let due = async || store.read(|tx| accounts::by_id(tx, 1)).await.unwrap().unwrap().password_due;
    store
        .write(|tx| Ok(accounts::insert(tx, &AccountRow { password_due: true, ..account(1) })))
        .await
        .unwrap();
    assert!(due().await);
    store.write(|tx| accounts::set_password(tx, 1, "old", "own", 5, false)).await.unwrap();
    assert!(!due().await);
    store.write(|tx| accounts::set_password(tx, 1, "own", "given", 6, true)).await.unwrap();
    assert!(due().await);
}

fn token(number: u8, account: i64) -> TokenRow {
    TokenRow {
        hash: [number; 32],
        account,
        name: format!("token {number}"),
        scopes: "a b".to_owned(),
        created_at: i64::from(number),
        expires_at: 100,
        used_at: None,
    }
}

async fn tokens_are_listed_and_ended_by_account(store: Store) {
    store
        .write(|tx| {
            for (number, account) in [(1, 7), (2, 7), (3, 8)] {
                accounts::insert_token(tx, &token(number, account));
            }
            accounts::touch_token(tx, [1; 32], 50);
            Ok(())
        })
        .await
        .unwrap();
    let names = async |account, now| {
        let rows = store.read(move |tx| accounts::tokens_of(tx, account, now)).await.unwrap();
        rows.into_iter().map(|row| row.name).collect::<Vec<_>>()
    };
    assert_eq!(names(7, 10).await, ["token 2", "token 1"], "newest first");
    assert!(names(7, 100).await.is_empty(), "what is over is not listed");
    let found = store.read(|tx| accounts::token(tx, [1; 32], 10)).await.unwrap().unwrap();
    assert_eq!((found.used_at, found.account), (Some(50), 7));
    store.write(|tx| Ok(accounts::delete_token(tx, [1; 32]))).await.unwrap();
    assert_eq!(names(7, 10).await, ["token 2"]);
    store.write(|tx| Ok(accounts::delete_tokens(tx, 7))).await.unwrap();
    assert!(names(7, 10).await.is_empty());
    assert_eq!(names(8, 10).await, ["token 3"], "somebody else's stays");
    store.write(|tx| Ok(accounts::delete_expired_tokens(tx, 101))).await.unwrap();
    assert!(store.read(|tx| accounts::token(tx, [3; 32], 10)).await.unwrap().is_none());
}

async fn an_account_is_unused_when_neither_password_nor_token_was_used(store: Store) {
    store
        .write(|tx| {
            accounts::insert(tx, &account(1));
            accounts::insert(tx, &AccountRow { last_login_at: Some(50), ..account(2) });
            accounts::insert(tx, &AccountRow { password_at: 50, ..account(3) });
            accounts::insert(tx, &AccountRow { created_at: 50, ..account(4) });
            accounts::insert(tx, &AccountRow { state: "disabled".to_owned(), ..account(5) });
            accounts::insert(tx, &AccountRow { kind: "citizen".to_owned(), ..account(6) });
            accounts::insert(tx, &account(7));
            accounts::insert_token(tx, &TokenRow { used_at: Some(50), ..token(1, 7) });
            accounts::insert_token(tx, &TokenRow { used_at: Some(3), ..token(2, 1) });
            Ok(())
        })
        .await
        .unwrap();
    let officers = store.read(|tx| accounts::unused(tx, false, 40)).await.unwrap();
    assert_eq!(officers, [1]);
    let citizens = store.read(|tx| accounts::unused(tx, true, 40)).await.unwrap();
    assert_eq!(citizens, [6]);
    store.write(|tx| Ok(accounts::set_state(tx, 1, "unused"))).await.unwrap();
    assert!(store.read(|tx| accounts::unused(tx, false, 40)).await.unwrap().is_empty());
}

async fn a_renewed_session_has_no_old_token(store: Store) {
    let session = SessionRow {
        hash: [1; 32],
        account: 7,
        created_at: 0,
        seen_at: 0,
        expires_at: 100,
        mfa: false,
        label: "trình duyệt".to_owned(),
    };
    store.write(move |tx| Ok(sessions::insert(tx, &session))).await.unwrap();
    assert!(store.write(|tx| sessions::renew(tx, [1; 32], [2; 32], true)).await.unwrap());
    assert!(store.read(|tx| sessions::by_hash(tx, [1; 32])).await.unwrap().is_none());
    let renewed = store.read(|tx| sessions::by_hash(tx, [2; 32])).await.unwrap().unwrap();
    assert!(renewed.mfa);
    assert!(!store.write(|tx| sessions::renew(tx, [1; 32], [3; 32], true)).await.unwrap());
    store.write(|tx| Ok(sessions::delete_all(tx, 7))).await.unwrap();
    assert!(store.read(|tx| sessions::by_hash(tx, [2; 32])).await.unwrap().is_none());
}
