//! `GET /law/{document}` and its places.

use app::law::browsing::{self, Heading, Opened, Reading, place_words};
use axum::extract::Path;
use kernel::error::Error;
use kernel::format::vi;

use super::{article_view, badge, change_view, day, document_line, reference_view};
use crate::failure::{PageResult, encode, show};
use crate::page::law::{ContentsLine, LawChoicePage, LawDocumentPage};
use crate::page::parts::Link;
use crate::page::shell::{Area, Lang};
use crate::pages::asked::Asked;
use crate::visit::Visit;

/// Contents longer than this are shown in part beside a single article.
const LONG_CONTENTS: usize = 100;
/// Headings before it that are shown then.
const BEFORE: usize = 4;
/// Headings that are shown then in all.
const NEAR: usize = 40;

/// `GET /law/{document}?at=&from=&full=`.
pub(crate) async fn document(
    Path(document): Path<String>,
    asked: Asked,
    visit: Visit,
) -> PageResult {
    read(&visit, &asked, &document, "").await
}

/// `GET /law/{document}/{place…}?at=&full=`.
pub(crate) async fn place(
    Path((document, place)): Path<(String, String)>,
    asked: Asked,
    visit: Visit,
) -> PageResult {
    read(&visit, &asked, &document, &place).await
}

async fn read(visit: &Visit, asked: &Asked, document: &str, place: &str) -> PageResult {
    let (day, day_is_chosen, fault) = day(asked, visit);
    let wanted = browsing::Asked {
        day,
        day_is_chosen,
        from: Some(asked.text("from").to_owned()).filter(|from| !from.is_empty()),
        is_whole: asked.text("full") == "1",
    };
    let corpus = visit.app().law();
    match visit.ok(browsing::open(corpus, document, place, wanted).await)? {
        Opened::Reading(reading) => {
            let suffix = if day_is_chosen { format!("?at={day}") } else { String::new() };
            Ok(show(&page(visit, *reading, &suffix, fault)))
        }
        Opened::Several(choices) => {
            let line = |one: &browsing::DocumentView| {
                let mut line = document_line(visit.lang(), one);
                if !place.is_empty() {
                    line.href = format!("{}/{}", line.href, encode(place));
                }
                line
            };
            let number = choices.first().and_then(|one| one.number.clone());
            Ok(show(&LawChoicePage {
                ui: visit.ui(Area::Law),
                number: number.unwrap_or_else(|| document.to_owned()),
                choices: choices.iter().map(line).collect(),
            }))
        }
        Opened::Nothing => Err(visit.fail(Error::not_found(
            "Ở đây không có văn bản hoặc điều khoản này. Có thể địa chỉ gõ chưa đúng, hoặc văn bản chưa \
             được nhập; ông/bà tìm theo số hoặc theo nội dung ở ô bên dưới.",
        ))),
    }
}

fn page(visit: &Visit, reading: Reading, suffix: &str, fault: Option<String>) -> LawDocumentPage {
    let lang = visit.lang();
    let is_place = !reading.place.is_empty();
    let name = reading.document.name();
    let document_href = format!("{}{suffix}", reading.document.href());
    let own = match reading.place.as_str() {
        "" => reading.document.href(),
        place => format!("{}/{place}", reading.document.href()),
    };
    let shown = reading.articles.first().map(|article| article.path.clone()).unwrap_or_default();
    let (before, after) = neighbours(&reading, &shown, suffix);
    let key = &reading.document.address;
    let download = |end: &str, text: &str| Link {
        href: format!("/api/v1/law/documents/{}{end}", encode(key)),
        text: text.to_owned(),
    };
    LawDocumentPage {
        ui: visit.ui(Area::Law),
        heading: heading(&reading),
        document_href,
        is_place,
        missing_place: if reading.place_is_missing {
            place_words(&reading.place)
        } else {
            String::new()
        },
        badge: badge(lang, &reading.state),
        facts: if is_place { Vec::new() } else { facts(lang, &reading) },
        day: vi::date(reading.day),
        day_words: vi::date(reading.day),
        day_action: own.clone(),
        fault,
        citation: reading.citation.clone(),
        permalink: format!(
            "{}{own}?at={}",
            visit.app().settings().public_address.trim_end_matches('/'),
            reading.day
        ),
        contents: contents(&reading, &shown, is_place, suffix),
        next: reading.next.as_ref().map(|next| Link {
            href: format!(
                "{}?{}from={}",
                reading.document.href(),
                if suffix.is_empty() { String::new() } else { format!("at={}&", reading.day) },
                encode(&next.path)
            ),
            text: next.label.clone(),
        }),
        before,
        after,
        others: reading.others.iter().map(|one| document_line(lang, one)).collect(),
        bases: if is_place {
            Vec::new()
        } else {
            reading.bases.iter().map(reference_view).collect()
        },
        changes: reading.changes.iter().map(|change| change_view(lang, change)).collect(),
        used_by: reading.used_by.iter().map(reference_view).collect(),
        downloads: vec![download("/akoma-ntoso", "Akoma Ntoso (XML)"), download("", "JSON")],
        articles: {
            let document = reading.document;
            let view = |article| article_view(lang, &document, article, suffix, is_place);
            reading.articles.into_iter().map(view).collect()
        },
        name,
    }
}

fn heading(reading: &Reading) -> String {
    if reading.place.is_empty() {
        return reading.document.full_title();
    }
    match reading.articles.first() {
        Some(article) if !article.title.is_empty() => {
            format!("{}. {}", article.label, article.title)
        }
        Some(article) => article.label.clone(),
        None => reading.citation.clone(),
    }
}

fn facts(lang: Lang, reading: &Reading) -> Vec<(String, String)> {
    let document = &reading.document;
    let day = |day: Option<jiff::civil::Date>| day.map(vi::date).unwrap_or_default();
    let all = [
        (lang.t("Số, ký hiệu", "Number"), document.number.clone().unwrap_or_default()),
        (lang.t("Cơ quan ban hành", "Issuer"), document.issuer.clone()),
        (lang.t("Ngày ban hành", "Issued"), day(document.issued_on)),
        (lang.t("Ngày có hiệu lực", "In force from"), day(document.effective_on)),
        (lang.t("Hết hiệu lực từ", "No longer in force from"), day(document.expires_on)),
        (lang.t("Đề mục", "Subject"), document.field.clone().unwrap_or_default()),
    ];
    let said = all.into_iter().filter(|(_, fact)| !fact.is_empty());
    said.map(|(word, fact)| (word.to_owned(), fact)).collect()
}

fn contents(reading: &Reading, shown: &str, is_place: bool, suffix: &str) -> Vec<ContentsLine> {
    let on_page = |path: &str| !is_place && reading.articles.iter().any(|one| one.path == path);
    let line = |heading: &Heading| ContentsLine {
        group: heading.group.clone().unwrap_or_default(),
        href: if on_page(&heading.path) {
            format!("#{}", heading.path.replace(['/', '~'], "-"))
        } else {
            format!("{}/{}{suffix}", reading.document.href(), heading.path)
        },
        label: heading.label.clone(),
        title: heading.title.clone(),
        is_current: is_place && heading.path == shown,
    };
    if !is_place || reading.contents.len() <= LONG_CONTENTS {
        return reading.contents.iter().map(line).collect();
    }
    let at = reading.contents.iter().position(|heading| heading.path == shown).unwrap_or(0);
    let near = reading.contents.iter().skip(at.saturating_sub(BEFORE)).take(NEAR);
    near.map(line).collect()
}

fn neighbours(reading: &Reading, shown: &str, suffix: &str) -> (Option<Link>, Option<Link>) {
    let at = reading.contents.iter().position(|heading| heading.path == shown);
    let Some(at) = at.filter(|_| !reading.place.is_empty()) else { return (None, None) };
    let link = |heading: &Heading| Link {
        href: format!("{}/{}{suffix}", reading.document.href(), heading.path),
        text: heading.label.clone(),
    };
    let before = at.checked_sub(1).and_then(|at| reading.contents.get(at)).map(link);
    (before, reading.contents.get(at + 1).map(link))
}
