//! A procedure, its time, its cost and its files in words.

use app::App;
use dossier::form::FormContext;
use dossier::{FeeLine, due_text};
use jiff::civil::Date;
use kernel::calendar::{LegalClock, Limit, WorkCalendar};
use kernel::format::vi;
use kernel::moment::Moment;
use kernel::money::Dong;
use pack::Content;
use pack::model::{Procedure, Step, StepKind, Workflow};
use serde_json::Map;

use super::fields::say;
use crate::page::parts::{DueView, FeeView, StateView, Tone};
use crate::page::portal::JobView;
use crate::page::shell::Lang;

/// A procedure in a list.
pub(crate) fn job(app: &App, procedure: &Procedure, lang: Lang, today: Date) -> JobView {
    let content = app.content();
    let cost = cost_in_short(content, procedure, lang, today);
    JobView {
        href: format!("/thu-tuc/{}", procedure.slug),
        name: say(lang, &procedure.name),
        summary: say(lang, &procedure.summary),
        facts: format!("{} · {cost}", time(lang, procedure.time.limit)),
        field: field_name(content, procedure, lang),
    }
}

/// The field (lĩnh vực) of a procedure.
pub(crate) fn field_name(content: &Content, procedure: &Procedure, lang: Lang) -> String {
    let label = content.code_label("procedure-field", &procedure.field);
    label.map(|label| say(lang, label)).unwrap_or_default()
}

/// "Trong ngày", "3 ngày làm việc".
pub(crate) fn time(lang: Lang, limit: Limit) -> String {
    if !lang.is_en() {
        return vi::capitalised(&limit.text());
    }
    match limit {
        Limit::SameDay => "Same day".to_owned(),
        Limit::WorkingHours(hours) => format!("{hours} working hours"),
        Limit::WorkingDays(days) => format!("{days} working days"),
        Limit::Days(days) => format!("{days} days"),
    }
}

/// "Điều 14, 60/2014/QH13": the provision that something stands on, by its id in the procedure;
/// empty where the content names a document only in general.
pub(crate) fn basis(procedure: &Procedure, id: &str) -> String {
    let found = procedure.legal_bases.iter().find(|basis| basis.id == id);
    let exact = found.filter(|basis| !basis.provision.is_empty());
    exact.map_or_else(String::new, |basis| format!("{}, {}", basis.provision, basis.document))
}

/// When the result would be due if the dossier were received at this moment.
pub(crate) fn due_if_now(calendar: &WorkCalendar, limit: Limit, now: Moment) -> DueView {
    due(&LegalClock::start(calendar, limit, now))
}

/// The due moment of a clock and how it was counted.
pub(crate) fn due(clock: &LegalClock) -> DueView {
    let text = due_text(clock);
    DueView { moment: text.due, derivation: text.lines, ..DueView::default() }
}

/// "Miễn" or "8.000 đồng".
fn amount(lang: Lang, dong: Dong) -> String {
    if dong == Dong::new(0) { lang.t("Miễn", "Free").to_owned() } else { dong.to_string() }
}

/// Lines of a bill.
pub(crate) fn bill(lang: Lang, procedure: &Procedure, lines: &[FeeLine]) -> Vec<FeeView> {
    let line = |line: &FeeLine| {
        let fee =
            procedure.fees.iter().find(|fee| fee.name.vi == line.name && fee.text.vi == line.text);
        FeeView {
            name: fee.map_or_else(|| line.name.clone(), |fee| say(lang, &fee.name)),
            amount: amount(lang, line.amount),
            text: fee.map_or_else(|| line.text.clone(), |fee| say(lang, &fee.text)),
            basis: basis(procedure, &line.basis),
        }
    };
    lines.iter().map(line).collect()
}

/// All fees of a procedure with when they are due, before anything is answered.
pub(crate) fn fees(
    content: &Content,
    procedure: &Procedure,
    lang: Lang,
    today: Date,
) -> Vec<FeeView> {
    let amounts = known_amounts(content, procedure, today);
    let with_amounts = procedure.fees.iter().zip(amounts);
    with_amounts
        .map(|(fee, known)| FeeView {
            name: say(lang, &fee.name),
            amount: known.map(|dong| amount(lang, dong)).unwrap_or_default(),
            text: say(lang, &fee.text),
            basis: basis(procedure, &fee.basis),
        })
        .collect()
}

/// What each fee amounts to, where that does not depend on answers.
fn known_amounts(content: &Content, procedure: &Procedure, today: Date) -> Vec<Option<Dong>> {
    let (answers, extra) = (Map::new(), Map::new());
    let ctx = FormContext {
        content,
        filed_on: today,
        today,
        applicant: None,
        extra: &extra,
        uploads: &|_| None,
    };
    let facts = ctx.facts(&procedure.form, &answers);
    let amount = |fee: &pack::model::Fee| pack::expr::eval(&fee.amount, &facts).as_int();
    procedure.fees.iter().map(|fee| amount(fee).map(Dong::new)).collect()
}

/// The cost in a few words: "Miễn phí", "8.000 đồng", "Miễn hoặc 8.000 đồng, tùy trường hợp".
pub(crate) fn cost_in_short(
    content: &Content,
    procedure: &Procedure,
    lang: Lang,
    today: Date,
) -> String {
    let known = known_amounts(content, procedure, today);
    let depends = known.iter().any(Option::is_none);
    let mut amounts: Vec<Dong> = known.into_iter().flatten().collect();
    amounts.sort();
    amounts.dedup();
    match (amounts.as_slice(), depends) {
        ([], false) => lang.t("Không thu phí", "Free of charge").to_owned(),
        ([], true) => lang.t("Tùy trường hợp", "Depends").to_owned(),
        ([only], _) => amount(lang, *only),
        ([least, .., most], _) => format!(
            "{} {} {}, {}",
            amount(lang, *least),
            lang.t("hoặc", "or"),
            amount(lang, *most),
            lang.t("tùy trường hợp", "depending on the case"),
        ),
    }
}

/// "JPEG, 1,2 MB".
pub(crate) fn file_detail(mime: &str, bytes: u64) -> String {
    let kind = match mime {
        "application/pdf" => "PDF",
        "image/jpeg" => "JPEG",
        "image/png" => "PNG",
        "image/webp" => "WebP",
        _ => "Tệp",
    };
    format!("{kind}, {}", size(bytes))
}

/// "312 KB", "1,2 MB": in units of a thousand, as limits are.
fn size(bytes: u64) -> String {
    if bytes < 1_000_000 {
        return format!("{} KB", bytes.div_ceil(1_000).max(1));
    }
    let tenths = i64::try_from(bytes.saturating_add(50_000) / 100_000).unwrap_or(i64::MAX);
    format!("{} MB", vi::decimal(tenths, 1))
}

/// Where a dossier stands, in a word.
pub(crate) fn state(lang: Lang, kind: StepKind) -> StateView {
    let (text, tone) = match kind {
        StepKind::Working => (lang.t("Đang giải quyết", "In hand"), Tone::Busy),
        StepKind::WaitingApplicant => (lang.t("Chờ bổ sung", "Waiting for more"), Tone::Attention),
        StepKind::WaitingSignature => (lang.t("Chờ ký", "To be signed"), Tone::Busy),
        StepKind::Done => (lang.t("Đã có kết quả", "Result ready"), Tone::Done),
        StepKind::Refused => (lang.t("Không được giải quyết", "Refused"), Tone::Late),
        StepKind::Stopped => (lang.t("Đã dừng giải quyết", "Stopped"), Tone::Plain),
    };
    StateView { text: text.to_owned(), tone }
}

/// The steps of a dossier that nothing holds up, from the first to the result.
pub(crate) fn usual_way(workflow: &Workflow) -> Vec<&Step> {
    let mut way: Vec<&Step> = workflow.step(&workflow.start).into_iter().collect();
    while let Some(here) = way.last().copied().filter(|step| !is_over(step.kind)) {
        let mut next: Vec<(bool, &Step)> = workflow
            .actions
            .iter()
            .filter(|action| action.from.contains(&here.id) && action.by != dossier::APPLICANT)
            .filter_map(|action| Some((action.primary, workflow.step(&action.to)?)))
            .filter(|(_, step)| leads_on(step.kind) && way.iter().all(|seen| seen.id != step.id))
            .collect();
        next.sort_by_key(|(is_primary, _)| !is_primary);
        match next.first() {
            Some((_, step)) => way.push(step),
            None => break,
        }
    }
    way
}

/// Does nothing come after a step of this kind?
pub(crate) fn is_over(kind: StepKind) -> bool {
    matches!(kind, StepKind::Done | StepKind::Refused | StepKind::Stopped)
}

fn leads_on(kind: StepKind) -> bool {
    matches!(kind, StepKind::Working | StepKind::WaitingSignature | StepKind::Done)
}

/// "07 giờ 30–11 giờ 30, 13 giờ 30–17 giờ 00 các ngày làm việc".
pub(crate) fn hours(calendar: &WorkCalendar, today: Date, lang: Lang) -> String {
    let day = calendar.next_working_day(today);
    let midnight = Moment::start_of(day);
    let mut spans: Vec<(Moment, Moment)> = Vec::new();
    // A quarter of an hour is as fine as any office's hours.
    for quarter in 0..24 * 4 {
        let from = midnight.plus_minutes(quarter * 15);
        let to = from.plus_minutes(15);
        match spans.last_mut() {
            _ if calendar.working_minutes_between(from, to) == 0 => {}
            Some(last) if last.1 == from => last.1 = to,
            _ => spans.push((from, to)),
        }
    }
    let time = |at: Moment| {
        let time = at.time();
        match lang {
            Lang::Vi => vi::time(time),
            Lang::En => format!("{:02}:{:02}", time.hour(), time.minute()),
        }
    };
    let span = |(from, to): &(Moment, Moment)| format!("{}–{}", time(*from), time(*to));
    let times: Vec<String> = spans.iter().map(span).collect();
    format!("{} {}", times.join(", "), lang.t("các ngày làm việc", "on working days"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_as_people_say_them() {
        for (bytes, text) in [
            (1, "1 KB"),
            (312_000, "312 KB"),
            (312_001, "313 KB"),
            (1_000_000, "1,0 MB"),
            (1_249_999, "1,2 MB"),
            (19_960_000, "20,0 MB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }

    #[test]
    fn office_hours_show_the_break_at_noon() {
        let today = jiff::civil::date(2026, 11, 22);
        let text = hours(&WorkCalendar::plain_week(), today, Lang::Vi);
        assert!(text.contains("–11 giờ 30, 13 giờ 30–"), "{text}");
        let text = hours(&WorkCalendar::plain_week(), today, Lang::En);
        assert!(text.contains("–11:30, 13:30–") && text.ends_with("on working days"), "{text}");
    }
}
