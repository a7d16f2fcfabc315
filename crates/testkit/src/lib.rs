#![doc = include_str!("../README.md")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::manual_is_multiple_of,
    clippy::nonminimal_bool,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a kit for tests: a fault here is to stop the test at once"
)]

mod api;
mod app;
mod browser;
mod content;
pub mod files;
pub mod forms;
mod html;
pub mod people;
pub mod printed_code;
pub mod work;

pub use api::{Answer, Api};
pub use app::{Engine, TestApp};
pub use browser::{Browser, Page};
pub use html::{Form, Html, Piece};
pub use people::Person;

/// Stamps rules for both engines: each rule is an `async fn(TestApp)`, run on a fresh SQLite file and,
/// where `TUPHAP_TEST_POSTGRES` names a server, on a fresh PostgreSQL schema.
#[macro_export]
macro_rules! both_engines {
    ($($rule:ident)*) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $rule() {
                if let Some(app) = $crate::TestApp::start($crate::Engine::Sqlite).await {
                    super::$rule(app).await;
                }
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $rule() {
                if let Some(app) = $crate::TestApp::start($crate::Engine::Postgres).await {
                    super::$rule(app).await;
                }
            })*
        }
    };
}
