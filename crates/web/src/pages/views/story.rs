//! The story of a dossier: what has happened, what happens now, what comes; and what was said.

use app::dossiers::{DossierView, Recorded};
use dossier::{APPLICANT, Audience, Event, TimelineItem as Line};
use kernel::format::vi;
use pack::Content;
use pack::model::{Procedure, Step};

use super::{office_name, role_name, sentences};
use crate::page::parts::{MessageView, Phase, TimelineItem, Tone};
use crate::page::shell::Lang;
use crate::pages::describe::usual_way;
use crate::pages::fields::say;

/// Longest title of an item, in characters; what is longer continues below it.
const TITLE_LENGTH: usize = 70;
/// What the story calls the program itself.
const SYSTEM: &str = "Hệ thống";

/// The whole story, oldest first: past, present, and the steps that come if all goes well.
pub(crate) fn story(
    content: &Content,
    view: &DossierView,
    audience: Audience,
    lang: Lang,
) -> Vec<TimelineItem> {
    let mut items: Vec<TimelineItem> =
        view.events.iter().filter_map(|recorded| past(content, view, recorded, audience)).collect();
    let step = view.procedure.workflow.step(&view.dossier.step);
    if let Some(step) = step.filter(|_| !view.dossier.is_finished()) {
        items.push(present(content, view, step, audience, lang));
        items.extend(ahead(&view.procedure, step).into_iter().map(|step| TimelineItem {
            title: say(lang, &step.name),
            who: owner_name(content, step, lang),
            phase: Phase::Next,
            ..TimelineItem::default()
        }));
    }
    items
}

/// Events that happened together are one item: what a person did gives the title, what followed
/// from it the text.
fn past(
    content: &Content,
    view: &DossierView,
    recorded: &Recorded,
    audience: Audience,
) -> Option<TimelineItem> {
    let tell = |event: &Event| {
        let told =
            dossier::timeline(content, &view.procedure, std::slice::from_ref(event), audience);
        told.into_iter().next().map(|line| (leads(event), line))
    };
    let mut told: Vec<(bool, Line)> = recorded.events.iter().filter_map(tell).collect();
    let lead = told.iter().position(|(leads, _)| *leads).unwrap_or(0);
    if lead >= told.len() {
        return None;
    }
    let (_, lead) = told.remove(lead);
    let (title, rest) = split_title(&lead.what);
    let mut texts = vec![rest.to_owned()];
    texts.extend(said_with(&lead));
    for (_, line) in &told {
        // "Lập X" says already what "Đã lập X" says once it is made.
        let is_said = line.what.strip_prefix("Đã lập ").is_some_and(|made| {
            told.iter().any(|(_, other)| other.what.strip_prefix("Lập ") == Some(made))
        });
        if !is_said {
            texts.push(line.what.clone());
        }
        texts.extend(said_with(line));
    }
    Some(TimelineItem {
        at: lead.when.clone(),
        title: title.to_owned(),
        text: sentences(&texts),
        who: teller(view, recorded, &lead, audience),
        phase: Phase::Past,
        tone: Tone::Plain,
    })
}

/// Is it what somebody did, rather than what followed from it?
fn leads(event: &Event) -> bool {
    matches!(event, Event::Submitted(_) | Event::Moved { .. } | Event::Rated { .. })
}

/// The note and the points that came with a line.
fn said_with(line: &Line) -> Vec<String> {
    let note = line.note.iter().map(|note| format!("“{note}”"));
    let points = line.points.iter().map(|(label, text)| match label.as_str() {
        "" => text.clone(),
        label => format!("{label}: {text}"),
    });
    note.chain(points).collect()
}

/// Who did it: officers read the name, the applicant the office.
fn teller(view: &DossierView, recorded: &Recorded, lead: &Line, audience: Audience) -> String {
    let is_named = lead.who != SYSTEM;
    match audience {
        Audience::Officer if recorded.actor_name.is_empty() => lead.who.clone(),
        Audience::Officer if is_named => format!("{}, {}", recorded.actor_name, lead.who),
        Audience::Officer => recorded.actor_name.clone(),
        Audience::Applicant if !is_named && recorded.actor == Some(view.dossier.applicant) => {
            "Ông/bà".to_owned()
        }
        Audience::Applicant => lead.who.clone(),
    }
}

/// The first sentence as title and the rest; the whole where it is short.
fn split_title(text: &str) -> (&str, &str) {
    if text.chars().count() <= TITLE_LENGTH {
        return (text, "");
    }
    match text.find([';', '.']).map(|at| text.split_at(at)) {
        Some((first, rest)) => (first, rest.trim_start_matches([';', '.', ' '])),
        None => (text, ""),
    }
}

fn present(
    content: &Content,
    view: &DossierView,
    step: &Step,
    audience: Audience,
    lang: Lang,
) -> TimelineItem {
    let waits_for_me = step.owner == APPLICANT && audience == Audience::Applicant;
    TimelineItem {
        at: format!("{} {}", lang.t("từ", "since"), vi::moment(view.dossier.step_since)),
        title: say(lang, &step.name),
        text: match audience {
            Audience::Applicant => say(lang, &step.citizen_text),
            Audience::Officer => String::new(),
        },
        who: owner_name(content, step, lang),
        phase: Phase::Now,
        tone: if waits_for_me { Tone::Attention } else { Tone::Busy },
    }
}

fn owner_name(content: &Content, step: &Step, lang: Lang) -> String {
    match step.owner.as_str() {
        APPLICANT => lang.t("Người nộp hồ sơ", "The applicant").to_owned(),
        role => role_name(content, role, lang),
    }
}

/// Who has the dossier now: "Công chức tư pháp – hộ tịch, UBND xã Mỹ Hiệp"; empty when it is over or
/// lies with the applicant.
pub(crate) fn holder(content: &Content, view: &DossierView, lang: Lang) -> String {
    let step = view.procedure.workflow.step(&view.dossier.step);
    let role = step.map(|step| role_name(content, &step.owner, lang)).unwrap_or_default();
    if role.is_empty() {
        return String::new();
    }
    format!("{role}, {}", office_name(content, view.dossier.unit.as_str()))
}

/// The steps that come if all goes well. From a step beside the usual way, such as the wait for more
/// papers, it leads back to the way's beginning.
fn ahead<'a>(procedure: &'a Procedure, from: &Step) -> Vec<&'a Step> {
    let way = usual_way(&procedure.workflow);
    let after = way.iter().position(|step| step.id == from.id).map_or(0, |at| at.saturating_add(1));
    way.into_iter().skip(after).collect()
}

/// What agency and applicant said to each other, oldest first. `mine` marks what the reader's side
/// said.
pub(crate) fn messages(
    content: &Content,
    view: &DossierView,
    audience: Audience,
    lang: Lang,
) -> Vec<MessageView> {
    let office = office_name(content, view.dossier.unit.as_str());
    let events = view.events.iter().flat_map(|recorded| &recorded.events);
    events.filter_map(|event| message(view, event, &office, audience, lang)).collect()
}

fn message(
    view: &DossierView,
    event: &Event,
    office: &str,
    audience: Audience,
    lang: Lang,
) -> Option<MessageView> {
    let Event::Moved { action, by, note, at, to_applicant, .. } = event else {
        return None;
    };
    let from_applicant = by.role == APPLICANT;
    let note = note.clone().unwrap_or_default();
    let text = if from_applicant {
        note
    } else {
        let action = view.procedure.workflow.action(action);
        let told = action.map(|action| say(lang, &action.tell_applicant)).unwrap_or_default();
        let told = told.replace("{code}", &view.dossier.code);
        let note = if *to_applicant { note } else { String::new() };
        [told, note].iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join("\n")
    };
    if text.is_empty() {
        return None;
    }
    let applicant = match audience {
        Audience::Applicant => lang.t("Ông/bà", "You"),
        Audience::Officer => view.dossier.applicant_name.as_str(),
    };
    Some(MessageView {
        at: vi::moment(*at),
        from: if from_applicant { applicant.to_owned() } else { office.to_owned() },
        text,
        mine: from_applicant == (audience == Audience::Applicant),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_sentence_gives_its_beginning_as_title() {
        let text = "Hồ sơ còn thiếu hoặc chưa rõ. Ông/bà xem phiếu yêu cầu bổ sung và gửi lại sớm";
        let (title, rest) = split_title(text);
        assert_eq!(title, "Hồ sơ còn thiếu hoặc chưa rõ");
        assert_eq!(rest, "Ông/bà xem phiếu yêu cầu bổ sung và gửi lại sớm");
    }

    #[test]
    fn a_short_text_stays_whole() {
        assert_eq!(split_title("Yêu cầu bổ sung"), ("Yêu cầu bổ sung", ""));
    }
}
