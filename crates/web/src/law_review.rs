//! Officers' review of drafts: the list with its upload form, one review with its findings, its report.

pub(crate) mod lists;
mod page;

use app::law::reviewing::{
    self, Choice, Filter, KeptFinding, Line, NewDraft, Review, confidence_word, decision_text,
    kind_text, pieces, place_text,
};
use axum::extract::Path;
use kernel::error::{Error, ErrorCode};
use kernel::format::vi;
use kernel::partial_date::parse_date_input;

use self::page::{FindingView, GroupView, LineView, PieceView, ReviewPage, ReviewsPage, SideView};
use crate::failure::{PageResult, faults, go, show_with, status_of};
use crate::page::parts::{Fault, OptionView, StateView, Tone};
use crate::page::shell::Area;
use crate::pages::asked::Asked;
use crate::pages::views::{inline_file, office_name};
use crate::posted::Posted;
use crate::visit::Visit;

/// Letters of a text that are shown; the law's own page has the rest.
const MOST_LETTERS: usize = 3_000;

/// What stands in the forms of the list.
#[derive(Default)]
struct Typed {
    words: String,
    state: String,
    title: String,
    day: String,
    faults: Vec<Fault>,
    code: Option<ErrorCode>,
}

/// `GET /can-bo/law-reviews`.
pub(crate) async fn list(asked: Asked, visit: Visit) -> PageResult {
    visit.officer()?;
    let typed = Typed {
        words: asked.text("q").chars().take(200).collect(),
        state: asked.text("state").to_owned(),
        ..Typed::default()
    };
    show_list(&visit, typed).await
}

async fn show_list(visit: &Visit, typed: Typed) -> PageResult {
    let open = match typed.state.as_str() {
        "open" => Some(true),
        "done" => Some(false),
        _ => None,
    };
    let filter = Filter { words: typed.words.clone(), open };
    let listed = visit.ok(reviewing::list(visit.app(), &visit.ctx, &filter).await)?;
    let states = [("", "Tất cả"), ("open", "Còn nội dung cần quyết định"), ("done", "Đã xong")];
    let states = states.map(|(value, label)| OptionView {
        value: value.to_owned(),
        label: label.to_owned(),
        selected: value == typed.state,
    });
    let today = vi::date(visit.ctx.now.date());
    let page = ReviewsPage {
        ui: visit.ui(Area::LawReview),
        is_filtered: !typed.words.is_empty() || open.is_some(),
        lines: listed.lines.into_iter().map(|line| line_view(visit, line)).collect(),
        has_more: listed.has_more,
        words: typed.words,
        states: states.to_vec(),
        title: typed.title,
        day: if typed.day.is_empty() { today } else { typed.day },
        megabytes: visit.app().settings().upload_megabytes,
        faults: typed.faults,
    };
    Ok(show_with(typed.code.map_or(axum::http::StatusCode::OK, status_of), &page))
}

fn line_view(visit: &Visit, line: Line) -> LineView {
    let state = match (line.findings, line.open) {
        (0, _) => state("Không phát hiện gì", Tone::Done),
        (_, 0) => state("Đã xong", Tone::Done),
        (_, open) => StateView { text: format!("Còn {open} nội dung"), tone: Tone::Attention },
    };
    LineView {
        href: format!("/can-bo/law-reviews/{}", line.id),
        title: line.title,
        file_name: line.file_name,
        office: office_name(visit.app().content(), &line.unit),
        at: vi::moment(line.at),
        day: vi::date(line.day),
        findings: line.findings,
        accepted: line.accepted,
        state,
    }
}

fn state(text: &str, tone: Tone) -> StateView {
    StateView { text: text.to_owned(), tone }
}

/// `POST /can-bo/law-reviews`: a draft handed in.
pub(crate) async fn start(posted: Posted) -> PageResult {
    let Posted { visit, fields, files } = posted;
    visit.officer()?;
    let mut typed = Typed {
        title: fields.text("ten").chars().take(300).collect(),
        day: fields.text("ngay").to_owned(),
        ..Typed::default()
    };
    let day = match typed.day.as_str() {
        "" => None,
        text => match parse_date_input(text) {
            Ok(day) => Some(day),
            Err(problem) => {
                typed.faults = vec![Fault { href: "#ngay".to_owned(), message: problem.message }];
                typed.code = Some(ErrorCode::Invalid);
                return show_list(&visit, typed).await;
            }
        },
    };
    let file = files.into_iter().next();
    let (file_name, bytes) = file.map(|file| (file.name, file.bytes)).unwrap_or_default();
    let draft = NewDraft { title: typed.title.clone(), file_name, day, bytes };
    match reviewing::start(visit.app(), &visit.ctx, draft).await {
        Ok(id) => Ok(go(&format!("/can-bo/law-reviews/{id}"))),
        Err(error) if !error.problems.is_empty() => {
            typed.faults = faults(&error);
            typed.code = Some(error.code);
            show_list(&visit, typed).await
        }
        Err(error) => Err(visit.fail(error)),
    }
}

fn number(text: &str) -> Result<i64, Error> {
    text.parse().map_err(|_| {
        Error::not_found("Không tìm thấy lần rà soát này. Vui lòng mở lại danh sách rà soát.")
    })
}

/// `GET /can-bo/law-reviews/{review}`.
pub(crate) async fn open(Path(id): Path<String>, visit: Visit) -> PageResult {
    visit.officer()?;
    let id = visit.ok(number(&id))?;
    show_review(&visit, id, None, "").await
}

/// A review; after a refusal with what was wrong and what was typed.
async fn show_review(visit: &Visit, id: i64, refused: Option<&Error>, typed: &str) -> PageResult {
    let review = visit.ok(reviewing::open(visit.app(), &visit.ctx, id).await)?;
    let faults = refused.map(faults).unwrap_or_default();
    let page = review_page(visit, &review, faults, typed);
    let code = refused.map(|error| error.code);
    Ok(show_with(code.map_or(axum::http::StatusCode::OK, status_of), &page))
}

fn review_page(visit: &Visit, review: &Review, faults: Vec<Fault>, typed: &str) -> ReviewPage {
    let groups = [
        (Choice::None, "tiep", "Chờ quyết định"),
        (Choice::Postponed, "de-sau", "Để sau"),
        (Choice::Accepted, "chap-nhan", "Đã chấp nhận"),
        (Choice::Rejected, "khong-chap-nhan", "Không chấp nhận"),
    ];
    let groups = groups.into_iter().map(|(choice, id, title)| GroupView {
        id,
        title,
        findings: review
            .of_choice(choice)
            .map(|finding| finding_view(review, finding, &faults, typed))
            .collect(),
    });
    ReviewPage {
        ui: visit.ui(Area::LawReview),
        title: review.title.clone(),
        file_name: review.file_name.clone(),
        office: office_name(visit.app().content(), &review.unit),
        made: format!("{}, {}", review.by, vi::moment(review.at)),
        day: vi::date(review.day),
        doubts: review
            .doubts
            .iter()
            .map(|doubt| (vi::capitalised(&place_text(&doubt.place)), doubt.message.clone()))
            .collect(),
        total: review.findings.len(),
        groups: groups.filter(|group| !group.findings.is_empty()).collect(),
        open: review.of_choice(Choice::None).count() + review.of_choice(Choice::Postponed).count(),
        docx_href: format!("/can-bo/law-reviews/{}/report.docx", review.id),
        pdf_href: format!("/can-bo/law-reviews/{}/report.pdf", review.id),
        faults,
    }
}

fn finding_view(
    review: &Review,
    finding: &KeptFinding,
    faults: &[Fault],
    typed: &str,
) -> FindingView {
    let found = &finding.found;
    let box_id = format!("ly-do-{}", finding.id);
    let fault = Fault::of(faults, &box_id).map(str::to_owned);
    let sure = confidence_word(found.confidence);
    let other = found.other.as_ref();
    FindingView {
        id: format!("f-{}", finding.id),
        action: format!("/can-bo/law-reviews/{}/findings/{}", review.id, finding.id),
        title: kind_text(found.kind),
        place: vi::capitalised(&place_text(&found.place.address)),
        sure: StateView {
            text: format!("Độ tin cậy {sure}"),
            tone: if sure == "cao" { Tone::Attention } else { Tone::Plain },
        },
        draft: side_pieces(&found.text, &found.marks),
        other: other.map(|other| SideView {
            label: finding.other_label(),
            href: finding
                .law_address()
                .map(|address| format!("/law/{address}?at={}", review.day))
                .unwrap_or_default(),
            pieces: side_pieces(&other.text, &other.marks),
        }),
        reason: found.reason.clone(),
        advice: found.advice.clone(),
        basis: found.basis.clone().unwrap_or_default(),
        is_unverified: found.is_unverified,
        is_decided: !matches!(finding.choice, Choice::None),
        typed: if fault.is_some() { typed.to_owned() } else { String::new() },
        fault,
        box_id,
        decisions: finding
            .decisions
            .iter()
            .rev()
            .map(|decision| {
                let said = match decision.reason.as_str() {
                    "" => String::new(),
                    reason => format!(": {reason}"),
                };
                let (choice, at) = (decision_text(decision.choice), vi::moment(decision.at));
                format!("{choice}{said} ({}, {at})", decision.who)
            })
            .collect(),
    }
}

fn side_pieces(text: &str, marks: &[(usize, usize)]) -> Vec<PieceView> {
    let mut left = MOST_LETTERS;
    let mut shown = Vec::new();
    for (is_marked, piece) in pieces(text, marks) {
        let length = piece.chars().count();
        if length > left {
            let start: String = piece.chars().take(left).collect();
            shown.push(PieceView { is_marked, text: format!("{start} […]") });
            break;
        }
        left -= length;
        shown.push(PieceView { is_marked, text: piece });
    }
    shown
}

/// `POST /can-bo/law-reviews/{review}/findings/{finding}`.
pub(crate) async fn decide(
    Path((review, finding)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    let Posted { visit, fields, .. } = posted;
    visit.officer()?;
    let (id, finding) = (visit.ok(number(&review))?, visit.ok(number(&finding))?);
    let choice = Choice::of(fields.text("quyet-dinh")).unwrap_or_default();
    let reason = fields.text("ly-do");
    let (app, ctx) = (visit.app(), &visit.ctx);
    match reviewing::decide(app, ctx, id, finding, choice, reason).await {
        // On to what is still to be decided; the top of the page where nothing is.
        Ok(()) => Ok(go(&format!("/can-bo/law-reviews/{id}#tiep"))),
        Err(error) if error.code == ErrorCode::Invalid => {
            show_review(&visit, id, Some(&error), reason).await
        }
        Err(error) => Err(visit.fail(error)),
    }
}

/// `GET /can-bo/law-reviews/{review}/report.docx`.
pub(crate) async fn docx(Path(id): Path<String>, visit: Visit) -> PageResult {
    visit.officer()?;
    let id = visit.ok(number(&id))?;
    let file = visit.ok(reviewing::docx(visit.app(), &visit.ctx, id).await)?;
    Ok(inline_file(file))
}

/// `GET /can-bo/law-reviews/{review}/report.pdf`.
pub(crate) async fn pdf(Path(id): Path<String>, visit: Visit) -> PageResult {
    visit.officer()?;
    let id = visit.ok(number(&id))?;
    let file = visit.ok(reviewing::pdf(visit.app(), &visit.ctx, id).await)?;
    Ok(inline_file(file))
}
