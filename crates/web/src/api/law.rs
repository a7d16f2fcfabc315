//! The law: searching, asking, reading, comparing. Open to anybody, like the pages.

use app::law::browsing::{self, Asked as AskedFor, Looked, Opened, Reading};
use axum::Json;
use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use kernel::error::Error;
use kernel::partial_date::parse_date_input;
use kernel::problem::Problem;
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::{Anyone, Body};
use crate::failure::ApiFailure;
use crate::pages::law::question;

/// Query of a search, a question or a reading.
#[derive(Deserialize)]
pub(crate) struct LawQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    at: String,
    #[serde(default)]
    kind: String,
    limit: Option<usize>,
}

impl LawQuery {
    /// The day asked for; none when nothing is said.
    fn day(&self) -> Result<Option<Date>, Error> {
        if self.at.trim().is_empty() {
            return Ok(None);
        }
        let day = parse_date_input(&self.at);
        day.map(Some).map_err(|mut problem| {
            problem.path = "at".into();
            Error::invalid(problem.message.clone()).with_problems(vec![problem])
        })
    }

    fn words(&self) -> Result<String, Error> {
        let words = question(&self.q);
        if words.is_empty() {
            let message = "Hãy gửi từ cần tìm hoặc câu hỏi ở tham số q.";
            let problem = Problem::new("required", "q", message);
            return Err(Error::invalid(message).with_problems(vec![problem]));
        }
        Ok(words)
    }
}

/// Finds provisions.
pub(crate) async fn search(
    caller: Anyone,
    Query(query): Query<LawQuery>,
) -> Result<Json<Value>, ApiFailure> {
    let (text, at) = (query.words()?, query.day()?);
    let looked = Looked {
        text: &text,
        limit: query.limit.unwrap_or(10).clamp(1, 100),
        kind: query.kind.trim(),
        at,
        day: at.unwrap_or_else(|| caller.ctx.now.date()),
    };
    let found = browsing::look_up(caller.state.app().law(), looked).await?;
    let items: Vec<Value> = found
        .iter()
        .map(|one| {
            json!({
                "id": one.id, "label": one.label, "title": one.title, "snippet": one.snippet,
                "score": one.score, "state": one.state, "document": one.document.name(),
                "document_key": one.document.key, "href": one.href,
            })
        })
        .collect();
    Ok(Json(json!({ "items": items, "next": null })))
}

/// Answers in the law's own sentences, or says that it does not.
pub(crate) async fn ask(
    caller: Anyone,
    Query(query): Query<LawQuery>,
) -> Result<Json<Value>, ApiFailure> {
    let text = query.words()?;
    let day = query.day()?.unwrap_or_else(|| caller.ctx.now.date());
    let answer = app::law::ask(caller.state.app().law(), &text, Some(day)).await?;
    let value = serde_json::to_value(&answer).map_err(Error::internal)?;
    Ok(Json(value))
}

/// A document with its contents and provisions, as many as a page has.
pub(crate) async fn document(
    caller: Anyone,
    Path(key): Path<String>,
    Query(query): Query<ReadQuery>,
) -> Result<Json<Value>, ApiFailure> {
    read(&caller, &key, "", query).await
}

/// A provision, or the article of a clause or point.
pub(crate) async fn provision(
    caller: Anyone,
    Path((key, path)): Path<(String, String)>,
    Query(query): Query<ReadQuery>,
) -> Result<Json<Value>, ApiFailure> {
    read(&caller, &key, &path, query).await
}

/// Query of a reading.
#[derive(Deserialize)]
pub(crate) struct ReadQuery {
    #[serde(default)]
    at: String,
    from: Option<String>,
}

async fn read(
    caller: &Anyone,
    key: &str,
    path: &str,
    query: ReadQuery,
) -> Result<Json<Value>, ApiFailure> {
    let day =
        LawQuery { q: String::new(), at: query.at, kind: String::new(), limit: None }.day()?;
    let asked = AskedFor {
        day: day.unwrap_or_else(|| caller.ctx.now.date()),
        day_is_chosen: day.is_some(),
        from: query.from,
        is_whole: true,
    };
    match browsing::open(caller.state.app().law(), key, path, asked).await? {
        Opened::Reading(reading) if !reading.place_is_missing => Ok(Json(value(&reading)?)),
        Opened::Several(several) => {
            let keys: Vec<&str> = several.iter().map(|one| one.address.as_str()).collect();
            Err(Error::conflict(format!(
                "Có nhiều văn bản cùng số; hãy chọn một trong: {}.",
                keys.join(", ")
            ))
            .into())
        }
        _ => Err(nothing().into()),
    }
}

fn value(reading: &Reading) -> Result<Value, Error> {
    let mut value = serde_json::to_value(reading).map_err(Error::internal)?;
    if let Value::Object(fields) = &mut value {
        fields.insert("day".to_owned(), json!(reading.day.to_string()));
        let next = reading.next.as_ref().map(|next| next.path.clone());
        fields.insert("next".to_owned(), json!(next));
    }
    Ok(value)
}

fn nothing() -> Error {
    Error::not_found("Ở đây không có văn bản hoặc điều khoản này.")
}

/// A document as Akoma Ntoso 3.0.
pub(crate) async fn akoma_ntoso(
    caller: Anyone,
    Path(key): Path<String>,
) -> Result<Response, ApiFailure> {
    let written = browsing::akoma_ntoso(caller.state.app().law(), &key).await?;
    let text = written.ok_or_else(nothing)?;
    Ok(([(header::CONTENT_TYPE, "application/xml; charset=utf-8")], text).into_response())
}

/// Two texts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompareBody {
    a: String,
    b: String,
}

/// Longest text that is compared, in bytes.
const LONGEST: usize = 200_000;

/// Compares two texts: overlap, and what may contradict.
pub(crate) async fn compare(
    _caller: Anyone,
    body: Body<CompareBody>,
) -> Result<Json<Value>, ApiFailure> {
    let CompareBody { a, b } = body.value;
    if a.len() > LONGEST || b.len() > LONGEST {
        return Err(Error::too_large("Mỗi văn bản so sánh dài nhất 200.000 byte.").into());
    }
    let compared = tokio::task::spawn_blocking(move || law::comparison::compare(&a, &b));
    let compared = compared.await.map_err(Error::internal)?;
    Ok(Json(serde_json::to_value(&compared).map_err(Error::internal)?))
}
