//! What several pages show alike: states, due moments, time lines, papers, answers.

mod answers;
mod due;
mod offers;
mod papers;
mod story;

pub(crate) use answers::{answers, fees, files_of, form_context};
pub(crate) use due::{due_view, row_left};
pub(crate) use offers::offers;
pub(crate) use papers::{documents, file_link, inline_file, outdated, paper_href};
pub(crate) use story::{holder, messages, story};

use kernel::format::vi;
use kernel::moment::Moment;
use kernel::partial_date::PartialDate;
use pack::Content;
use pack::model::Step;

use super::describe;
use super::fields::say;
use crate::failure::encode;
use crate::page::parts::StateView;
use crate::page::shell::{Area, Lang};
use crate::visit::Visit;

/// An address with a query; empty values are left out.
pub(crate) fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let given: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    if given.is_empty() { path.to_owned() } else { format!("{path}?{}", given.join("&")) }
}

/// Where a dossier stands, for officers: the name of its step.
pub(crate) fn officer_state(step: Option<&Step>) -> StateView {
    step.map_or_else(StateView::default, |step| StateView {
        text: step.name.vi.clone(),
        tone: describe::state(Lang::Vi, step.kind).tone,
    })
}

/// Name of a role; empty for `none`, `applicant` and what is not known.
pub(crate) fn role_name(content: &Content, role: &str, lang: Lang) -> String {
    content.roles.get(role).map(|role| say(lang, &role.name)).unwrap_or_default()
}

/// Name of the office of a unit; the unit's own name where the content describes no office.
pub(crate) fn office_name(content: &Content, unit: &str) -> String {
    match content.offices.get(unit) {
        Some(office) => office.name.clone(),
        None => content.units.full_name(unit).unwrap_or_default(),
    }
}

/// Whom a dossier is about, in short: the first searchable texts, dates as people read them, without
/// the applicant, whose name stands beside.
pub(crate) fn about_text(about: &str, applicant: &str) -> String {
    let parts = about.split(" · ").filter(|part| !part.is_empty() && *part != applicant);
    let texts = parts.take(2).map(|part| match part.parse::<PartialDate>() {
        Ok(date) => date.text(),
        Err(_) => part.to_owned(),
    });
    texts.collect::<Vec<_>>().join(", ")
}

/// `17 giờ 00 22/11/2026`, broken only before the day: for narrow columns of lists.
pub(crate) fn short_moment(moment: Moment) -> String {
    let time = vi::time(moment.time()).replace(' ', "\u{a0}");
    format!("{time} {}", vi::date(moment.date()))
}

/// May the reader open entries of registers? Others see no links that would refuse them.
pub(crate) fn may_read_registers(visit: &Visit) -> bool {
    let viewer = visit.ui(Area::Other).viewer;
    viewer.is_some_and(|viewer| !viewer.registers.is_empty())
}

/// A part of a path, escaped.
pub(crate) fn path_part(text: &str) -> String {
    encode(text).replace('/', "%2F")
}

/// Several sentences as one text: each ends with a stop, empty ones are left out.
pub(crate) fn sentences(parts: &[String]) -> String {
    let ended = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).map(|part| {
        let inside = part.trim_end_matches('”');
        if inside.ends_with(['.', '!', '?', ':', ';', '…']) {
            part.to_owned()
        } else {
            format!("{part}.")
        }
    });
    ended.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leaves_out_what_is_empty_and_escapes_the_rest() {
        assert_eq!(address("/can-bo", &[("xem", ""), ("q", "")]), "/can-bo");
        assert_eq!(
            address("/can-bo", &[("xem", "cua-toi"), ("q", "Lê & Võ")]),
            "/can-bo?xem=cua-toi&q=L%C3%AA%20%26%20V%C3%B5"
        );
    }

    #[test]
    fn whom_a_dossier_is_about_is_said_in_short() {
        let about = "Huỳnh Gia Hân · 2026-11-17 · Trần Thị Ngọc Diễm · Huỳnh Minh Khoa";
        assert_eq!(about_text(about, "Trần Thị Ngọc Diễm"), "Huỳnh Gia Hân, 17/11/2026");
        assert_eq!(about_text("Lê An · Võ Thị Lành", "Lê An"), "Võ Thị Lành");
        assert_eq!(about_text("", "Lê An"), "");
    }

    #[test]
    fn sentences_stand_apart_and_end() {
        let parts = ["Lập giấy", "", "“Xin xem lại.”", "“Rõ hơn”", "Xong."].map(str::to_owned);
        assert_eq!(sentences(&parts), "Lập giấy. “Xin xem lại.” “Rõ hơn”. Xong.");
    }
}
