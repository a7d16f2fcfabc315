//! `GET /law`: searching, and reading beside what was found.

use app::law::Corpus;
use app::law::browsing::{self, Found, Looked, Names};
use kernel::format::vi;
use kernel::text::tokens;

use super::{article_view, day, document_line, hit_view, link, question};
use crate::failure::{Failure, PageResult, encode, go, show};
use crate::page::law::{HitGroup, LawSearchPage, OpenView};
use crate::page::parts::{Link, OptionView};
use crate::page::shell::{Area, Lang};
use crate::pages::asked::Asked;
use crate::visit::Visit;

/// Provisions on a page.
const PER_PAGE: usize = 10;
/// Pages at most.
const MOST_PAGES: usize = 20;
/// Queries to begin with: words that occur in the law of any place.
const EXAMPLES: [&str; 5] = [
    "thời hạn giải quyết hồ sơ",
    "trợ giúp pháp lý miễn phí",
    "hoa giai o co so",
    "mức thu lệ phí",
    "trách nhiệm của Ủy ban nhân dân cấp xã",
];
/// Documents that are told before anything is searched.
const LATEST: usize = 8;

/// `GET /law?q=&at=&kind=&page=&open=`.
pub(crate) async fn search(asked: Asked, visit: Visit) -> PageResult {
    let corpus = visit.app().law();
    let lang = visit.lang();
    let ui = visit.ui(Area::Law);
    if visit.ok(browsing::is_empty(corpus).await)? {
        return Ok(show(&LawSearchPage { ui, is_empty: true, ..LawSearchPage::default() }));
    }
    let names = visit.ok(browsing::names(corpus).await)?;
    let query = question(asked.text("q"));
    let kind = asked.text("kind");
    let (day, is_chosen, fault) = day(&asked, &visit);
    let at = if is_chosen { day.to_string() } else { String::new() };
    let typed = asked.text("at").chars().take(20).collect();
    let shown_day = if is_chosen { vi::date(day) } else { typed };
    let mut page = LawSearchPage {
        ui,
        kinds: kinds(&names, kind),
        fault,
        examples: EXAMPLES.iter().map(|words| link("/law", words)).collect(),
        ask_href: format!("/law/ask?q={}", encode(&query)),
        ..LawSearchPage::default()
    };
    if tokens(&query).is_empty() {
        page.totals = totals(lang, &names);
        page.latest = names.latest(LATEST).iter().map(|one| document_line(lang, one)).collect();
        page.at = shown_day;
        page.query = query;
        return Ok(show(&page));
    }
    let suffix = if is_chosen { format!("?at={at}") } else { String::new() };
    if let Some(address) = visit.ok(browsing::direct(corpus, &query).await)? {
        return Ok(go(&format!("{address}{suffix}")));
    }
    let number: usize = asked.text("page").parse().unwrap_or(1);
    let number = number.clamp(1, MOST_PAGES);
    let looked = Looked {
        text: &query,
        limit: number * PER_PAGE + 1,
        kind,
        at: is_chosen.then_some(day),
        day,
    };
    let found = visit.ok(browsing::look_up(corpus, looked).await)?;
    let list = List { query: &query, at: &at, kind, number };
    let from = (number - 1) * PER_PAGE;
    page.next =
        (found.len() > from + PER_PAGE && number < MOST_PAGES).then(|| list.href(number + 1, ""));
    page.previous = (number > 1).then(|| list.href(number - 1, ""));
    let shown: Vec<Found> = found.into_iter().skip(from).take(PER_PAGE).collect();
    page.count = format!("{} {}–{}", lang.t("Kết quả", "Results"), from + 1, from + shown.len());
    let chosen = asked.text("open");
    page.groups = groups(lang, &shown, &list, &suffix, chosen);
    page.open = open(&visit, corpus, chosen, day, is_chosen).await?;
    page.missing_number = missing_number(&query);
    page.at = shown_day;
    page.query = query;
    Ok(show(&page))
}

/// What a list of results is made from.
struct List<'a> {
    query: &'a str,
    at: &'a str,
    kind: &'a str,
    number: usize,
}

impl List<'_> {
    fn href(&self, number: usize, open: &str) -> String {
        let mut href = format!("/law?q={}", encode(self.query));
        for (name, value) in [("at", self.at), ("kind", self.kind), ("open", open)] {
            if !value.is_empty() {
                href.push_str(&format!("&{name}={}", encode(value)));
            }
        }
        if number > 1 {
            href.push_str(&format!("&page={number}"));
        }
        if !open.is_empty() {
            href.push_str("#doc");
        }
        href
    }
}

fn kinds(names: &Names, chosen: &str) -> Vec<OptionView> {
    let option =
        |kind: String| OptionView { selected: kind == chosen, label: kind.clone(), value: kind };
    names.kinds().into_iter().map(option).collect()
}

fn totals(lang: Lang, names: &Names) -> String {
    let documents = i64::try_from(names.count()).unwrap_or(i64::MAX);
    format!(
        "{} {} {} {}",
        vi::number(names.provisions()),
        lang.t("điều, phụ lục của", "provisions of"),
        vi::number(documents),
        lang.t("văn bản", "documents")
    )
}

/// By document, in the order of the best provision of each.
fn groups(
    lang: Lang,
    found: &[Found],
    list: &List<'_>,
    suffix: &str,
    chosen: &str,
) -> Vec<HitGroup> {
    let mut groups: Vec<HitGroup> = Vec::new();
    for one in found {
        let mut hit =
            hit_view(lang, one, list.query, suffix, |anchor| list.href(list.number, anchor));
        hit.is_open = one.id == chosen;
        let href = format!("{}{suffix}", one.document.href());
        match groups.iter_mut().find(|group| group.href == href) {
            Some(group) => group.hits.push(hit),
            None => {
                let line = document_line(lang, &one.document);
                groups.push(HitGroup { href, name: line.name, about: line.about, hits: vec![hit] });
            }
        }
    }
    groups
}

async fn open(
    visit: &Visit,
    corpus: &Corpus,
    anchor: &str,
    day: jiff::civil::Date,
    day_is_chosen: bool,
) -> Result<Option<OpenView>, Failure> {
    if anchor.is_empty() || anchor.len() > 400 {
        return Ok(None);
    }
    let asked = browsing::Asked { day, day_is_chosen, from: None, is_whole: false };
    let anchor = kernel::text::clean_line(anchor);
    let reading = visit.ok(browsing::open_anchor(corpus, &anchor, asked).await)?;
    let Some(mut reading) = reading else { return Ok(None) };
    let Some(article) = reading.articles.pop() else { return Ok(None) };
    let suffix = if day_is_chosen { format!("?at={day}") } else { String::new() };
    let article = article_view(visit.lang(), &reading.document, article, &suffix, false);
    Ok(Some(OpenView { href: article.href.clone(), document: reading.document.name(), article }))
}

/// A number and symbol that stands alone in the query; it was not found, or nobody would be here.
fn missing_number(query: &str) -> String {
    let is_number = !query.contains(' ')
        && query.contains('/')
        && query.starts_with(|letter: char| letter.is_ascii_digit());
    if is_number { query.to_owned() } else { String::new() }
}

/// Questions to begin with.
pub(super) fn questions() -> Vec<Link> {
    let all = [
        "Ai được trợ giúp pháp lý miễn phí?",
        "Hòa giải viên được hưởng thù lao bao nhiêu?",
        "Ủy ban nhân dân cấp xã có trách nhiệm gì?",
    ];
    all.iter().map(|words| link("/law/ask", words)).collect()
}
