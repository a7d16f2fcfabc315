//! Where a dossier stands, for whoever has its code: nothing about persons.

use app::dossiers::{self, Tracked};
use kernel::error::ErrorCode;
use kernel::format::vi;
use kernel::moment::Moment;
use pack::model::Step;

use crate::failure::{PageResult, show_with, status_of};
use crate::page::parts::{DueView, Phase, TimelineItem, Tone};
use crate::page::portal::{TrackPage, TrackView};
use crate::page::shell::Area;
use crate::pages::asked::Asked;
use crate::pages::describe;
use crate::pages::fields::say;
use crate::visit::Visit;

/// `GET /theo-doi?ma=`.
pub(crate) async fn track(asked: Asked, visit: Visit) -> PageResult {
    let code: String = asked.text("ma").chars().take(60).collect();
    let mut page = TrackPage { ui: visit.ui(Area::Track), code, ..TrackPage::default() };
    if page.code.is_empty() {
        return Ok(crate::failure::show(&page));
    }
    let mut status = axum::http::StatusCode::OK;
    match dossiers::track(visit.app(), &page.code).await {
        Ok(found) => page.found = Some(view(&visit, &found)),
        Err(error) if error.code == ErrorCode::NotFound => {
            status = status_of(error.code);
            page.error = Some(error.message);
        }
        Err(error) => return Err(visit.fail(error)),
    }
    Ok(show_with(status, &page))
}

fn view(visit: &Visit, found: &Tracked) -> TrackView {
    let (content, lang) = (visit.app().content(), visit.lang());
    let office = content.offices.get(&found.unit);
    let step = found.procedure.workflow.step(&found.step);
    TrackView {
        code: found.code.clone(),
        procedure: say(lang, &found.procedure.name),
        unit: office.map(|office| office.name.clone()).unwrap_or_default(),
        state: step.map(|step| describe::state(lang, step.kind)).unwrap_or_default(),
        awaiting: step.map(|step| say(lang, &step.citizen_text)).unwrap_or_default(),
        due: found.due_at.map(|due_at| due(visit, due_at)),
        timeline: timeline(visit, found),
    }
}

fn due(visit: &Visit, due_at: Moment) -> DueView {
    let (calendar, now) = (&visit.app().content().calendar, visit.ctx.now);
    let is_late = now > due_at;
    let (from, to) = if is_late { (due_at, now) } else { (now, due_at) };
    let minutes = calendar.working_minutes_between(from, to);
    let lang = visit.lang();
    let words = if is_late { lang.t("quá hạn", "late by") } else { lang.t("còn", "left:") };
    DueView {
        moment: vi::moment_with_weekday(due_at),
        left: format!("{words} {} {}", vi::minutes(minutes), lang.t("làm việc", "of working time")),
        tone: if is_late { Tone::Late } else { Tone::Busy },
        ..DueView::default()
    }
}

/// The usual way with the present step marked; off that way only where it lies now.
fn timeline(visit: &Visit, found: &Tracked) -> Vec<TimelineItem> {
    let way = describe::usual_way(&found.procedure.workflow);
    let Some(here) = found.procedure.workflow.step(&found.step) else {
        return Vec::new();
    };
    let place = way.iter().position(|step| step.id == here.id);
    let mut items = vec![sent(visit)];
    match place {
        Some(place) => {
            for (index, step) in way.into_iter().enumerate() {
                let phase = match index.cmp(&place) {
                    std::cmp::Ordering::Less => Phase::Past,
                    std::cmp::Ordering::Equal if describe::is_over(step.kind) => Phase::Past,
                    std::cmp::Ordering::Equal => Phase::Now,
                    std::cmp::Ordering::Greater => Phase::Next,
                };
                items.push(item(visit, found, step, phase));
            }
        }
        None => {
            let phase = if describe::is_over(here.kind) { Phase::Past } else { Phase::Now };
            items.push(item(visit, found, here, phase));
        }
    }
    items
}

fn sent(visit: &Visit) -> TimelineItem {
    TimelineItem {
        title: visit.lang().t("Đã nộp hồ sơ", "Sent").to_owned(),
        phase: Phase::Past,
        ..TimelineItem::default()
    }
}

fn item(visit: &Visit, found: &Tracked, step: &Step, phase: Phase) -> TimelineItem {
    let lang = visit.lang();
    let role = visit.app().content().roles.get(&step.owner);
    let is_last = step.id == found.step && describe::is_over(step.kind);
    TimelineItem {
        at: found.finished_at.filter(|_| is_last).map(vi::moment).unwrap_or_default(),
        title: say(lang, &step.name),
        text: String::new(),
        who: role.map(|role| say(lang, &role.name)).unwrap_or_default(),
        phase,
        tone: if step.owner == dossier::APPLICANT { Tone::Attention } else { Tone::Plain },
    }
}
