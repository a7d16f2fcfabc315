//! `GET /law/ask?q=`: an answer in the law's own sentences, or honestly none.

use app::law::Decision;
use app::law::browsing::{self, Looked};
use kernel::format::vi;
use kernel::text::tokens;

use super::searching::questions;
use super::{badge, day, hit_view, is_first_text, question};
use crate::failure::{Failure, PageResult, encode, show};
use crate::page::law::{AnswerView, HitView, LawAskPage};
use crate::page::shell::Area;
use crate::pages::asked::Asked;
use crate::visit::Visit;

/// Provisions that are offered where there is no answer.
const NEAR: usize = 3;

/// `GET /law/ask?q=&at=`.
pub(crate) async fn ask(asked: Asked, visit: Visit) -> PageResult {
    let corpus = visit.app().law();
    let ui = visit.ui(Area::Law);
    if visit.ok(browsing::is_empty(corpus).await)? {
        return Ok(show(&LawAskPage { ui, is_empty: true, ..LawAskPage::default() }));
    }
    let question = question(asked.text("q"));
    let (day, _, _) = day(&asked, &visit);
    let mut page = LawAskPage {
        ui,
        search_href: format!("/law?q={}", encode(&question)),
        day: vi::date(day),
        examples: questions(),
        ..LawAskPage::default()
    };
    if tokens(&question).is_empty() {
        return Ok(show(&page));
    }
    let answer = visit.ok(app::law::ask(corpus, &question, Some(day)).await)?;
    page.question = question;
    if answer.decision == Decision::Answer && !answer.answer.is_empty() {
        page.answer = sentences(&visit, answer.answer, day).await?;
    } else {
        page.reason = answer.reason;
        page.near = near(&visit, &page.question, day).await?;
    }
    Ok(show(&page))
}

async fn sentences(
    visit: &Visit,
    said: Vec<app::law::Sentence>,
    day: jiff::civil::Date,
) -> Result<Vec<AnswerView>, Failure> {
    let asked = browsing::Asked { day, day_is_chosen: false, from: None, is_whole: false };
    let mut answer = Vec::with_capacity(said.len());
    for sentence in said {
        let opened = browsing::open_anchor(visit.app().law(), &sentence.id, asked.clone()).await;
        let Some(reading) = visit.ok(opened)? else { continue };
        let Some(article) = reading.articles.first() else { continue };
        answer.push(AnswerView {
            text: sentence.text,
            href: format!("{}/{}", reading.document.href(), article.path),
            source: reading.citation.clone(),
            is_first_text: is_first_text(&reading.document, &article.state),
            badge: badge(visit.lang(), &article.state),
        });
    }
    Ok(answer)
}

async fn near(
    visit: &Visit,
    question: &str,
    day: jiff::civil::Date,
) -> Result<Vec<HitView>, Failure> {
    let looked = Looked { text: question, limit: NEAR, kind: "", at: Some(day), day };
    let found = visit.ok(browsing::look_up(visit.app().law(), looked).await)?;
    let view = |one: &browsing::Found| {
        let mut hit = hit_view(visit.lang(), one, question, "", |_| one.href.clone());
        hit.label = format!("{} {}", hit.label, one.document.name());
        hit
    };
    Ok(found.iter().map(view).collect())
}
