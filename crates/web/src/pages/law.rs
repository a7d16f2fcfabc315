//! The law for everybody: searching, reading, asking. Nothing here is about a person.

mod asking;
mod reading;
mod searching;

pub(crate) use asking::ask;
pub(crate) use reading::{document, place};
pub(crate) use searching::search;

use app::law::browsing::{Article, Change, DocumentView, Found, Reference, marked};
use jiff::civil::Date;
use kernel::format::vi;
use kernel::partial_date::parse_date_input;
use law::effect::State;

use crate::failure::encode;
use crate::page::law::{
    ArticleView, Badge, ChangeView, DocumentLine, HitView, LineView, ReferenceView,
};
use crate::page::parts::{Link, Tone};
use crate::page::shell::Lang;
use crate::pages::asked::Asked;
use crate::visit::Visit;

/// Longest question, in characters: a longer one is cut.
pub(crate) const LONGEST_QUESTION: usize = 300;

/// The question of a query, without what nobody types on purpose.
pub(crate) fn question(text: &str) -> String {
    let cut: String = text.chars().take(LONGEST_QUESTION).collect();
    kernel::text::clean_line(&cut)
}

/// The day asked for: the day, whether it was chosen, and what is wrong with it.
fn day(asked: &Asked, visit: &Visit) -> (Date, bool, Option<String>) {
    let today = visit.ctx.now.date();
    match asked.text("at") {
        "" => (today, false, None),
        text => match parse_date_input(text) {
            Ok(day) => (day, true, None),
            Err(problem) => (today, false, Some(problem.message)),
        },
    }
}

/// A state of effect in words.
pub(crate) fn badge(lang: Lang, state: &State) -> Badge {
    let until = |date: &Date| vi::date(*date);
    let (tone, text) = match state {
        State::Unknown => (Tone::Plain, lang.t("Chưa rõ hiệu lực", "Effect not known").to_owned()),
        State::NotYet { from } => (
            Tone::Attention,
            format!("{} {}", lang.t("Chưa có hiệu lực, từ", "Not yet in force, from"), until(from)),
        ),
        State::InForce => (Tone::Done, lang.t("Đang có hiệu lực", "In force").to_owned()),
        State::AmendedBy { .. } => {
            (Tone::Busy, lang.t("Đang có hiệu lực, đã sửa đổi", "In force, amended").to_owned())
        }
        State::PartlyExpired { from, .. } => (
            Tone::Attention,
            format!(
                "{} {}",
                lang.t("Hết hiệu lực một phần từ", "Partly expired from"),
                until(from)
            ),
        ),
        State::Suspended { from, .. } => (
            Tone::Attention,
            format!("{} {}", lang.t("Ngưng hiệu lực từ", "Suspended from"), until(from)),
        ),
        State::Repealed { from, .. } => (
            Tone::Late,
            format!("{} {}", lang.t("Hết hiệu lực từ", "No longer in force from"), until(from)),
        ),
    };
    Badge { tone, text }
}

fn document_line(lang: Lang, document: &DocumentView) -> DocumentLine {
    let name = document.name();
    let about = document.title.clone().filter(|title| !name.contains(title.as_str()));
    let issued = document
        .issued_on
        .map(|day| format!("{} {}", lang.t("ban hành ngày", "issued on"), vi::date(day)));
    let source = match document.source.as_str() {
        "codified" => lang.t("bản pháp điển", "codified text"),
        "corpus" => lang.t("bản trong bộ dữ liệu", "text of a collection"),
        _ => lang.t("bản toàn văn", "full text"),
    };
    let issuer = Some(document.issuer.clone()).filter(|issuer| !issuer.is_empty());
    let detail: Vec<String> = issuer.into_iter().chain(issued).chain([source.to_owned()]).collect();
    DocumentLine {
        href: document.href(),
        name,
        about: about.unwrap_or_default(),
        detail: detail.join(", "),
    }
}

/// A provision for a page; `own` tells that the page is its own, and its clauses have addresses.
fn article_view(
    lang: Lang,
    document: &DocumentView,
    article: Article,
    suffix: &str,
    own: bool,
) -> ArticleView {
    let base = document.href();
    let href = format!("{base}/{}{suffix}", article.path);
    let id = |path: &str| path.replace(['/', '~'], "-");
    let lines = article.lines.into_iter().map(|line| LineView {
        href: if own && !line.path.is_empty() {
            format!("{base}/{}{suffix}", line.path)
        } else {
            String::new()
        },
        id: id(&line.path),
        number: line.number,
        depth: line.depth,
        is_asked: line.is_asked,
        spans: line.spans,
    });
    let full = if suffix.is_empty() { "?full=1" } else { "&full=1" };
    ArticleView {
        id: id(&article.path),
        whole_href: article.is_cut.then(|| format!("{href}{full}")),
        href,
        label: article.label,
        code: article.code.unwrap_or_default(),
        title: article.title,
        context: article.context,
        subject: article.subject,
        badge: badge(lang, &article.state),
        is_first_text: is_first_text(document, &article.state),
        lines: lines.collect(),
        note: article.note.unwrap_or_default(),
        changes: article.changes.iter().map(|change| change_view(lang, change)).collect(),
        related: article.related.iter().map(reference_view).collect(),
        cited_by: article.cited_by.iter().map(reference_view).collect(),
    }
}

/// A document that was read whole keeps the words first issued; the codification has those that hold.
fn is_first_text(document: &DocumentView, state: &State) -> bool {
    document.source == "file"
        && matches!(state, State::AmendedBy { .. } | State::PartlyExpired { .. })
}

fn reference_view(reference: &Reference) -> ReferenceView {
    ReferenceView {
        href: reference.href.clone(),
        text: reference.text.clone(),
        detail: reference.detail.clone(),
    }
}

fn change_view(lang: Lang, change: &Change) -> ChangeView {
    let day = change.day.map(|day| format!("{} {}", lang.t("từ ngày", "from"), vi::date(day)));
    ChangeView {
        verb: change.verb.clone(),
        place: change.place.clone(),
        by: reference_view(&change.by),
        day: day.unwrap_or_default(),
    }
}

/// A provision found; `opens` makes the address at which it is read beside the list.
fn hit_view(
    lang: Lang,
    found: &Found,
    question: &str,
    suffix: &str,
    opens: impl Fn(&str) -> String,
) -> HitView {
    HitView {
        open_href: opens(&found.id),
        href: format!("{}{suffix}", found.href),
        label: found.label.clone(),
        title: found.title.clone(),
        pieces: marked(&found.snippet, question),
        badge: badge(lang, &found.state),
        is_open: false,
    }
}

fn link(base: &str, words: &str) -> Link {
    Link { href: format!("{base}?q={}", encode(words)), text: words.to_owned() }
}
