//! What several pages show alike: states, due moments, time lines, papers, answers.

mod answers;
mod due;
mod papers;
mod story;

pub(crate) use answers::{answers, fees, form_context};
pub(crate) use due::{RowLeft, due_view, row_left};
pub(crate) use papers::{documents, file_link, inline_file, paper_href};
pub(crate) use story::{holder, messages, story};

use kernel::format::vi;
use kernel::moment::Moment;
use pack::Content;
use pack::model::{Label, Step, StepKind};

use crate::failure::encode;
use crate::page::parts::{StateView, Tone};
use crate::page::shell::Lang;
use crate::posted::parse_urlencoded;

/// What stands after the question mark of an address.
#[derive(Clone, Debug, Default)]
pub(crate) struct Params {
    pairs: Vec<(String, String)>,
}

impl Params {
    /// Reads the query of an address.
    pub(crate) fn of(query: Option<&str>) -> Self {
        Self { pairs: parse_urlencoded(query.unwrap_or_default().as_bytes()) }
    }

    /// The first value of this name, trimmed; empty when it is not there.
    pub(crate) fn get(&self, name: &str) -> &str {
        let found = self.pairs.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.trim())
    }
}

/// An address with a query; empty values are left out.
pub(crate) fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let given: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    if given.is_empty() { path.to_owned() } else { format!("{path}?{}", given.join("&")) }
}

/// A label in the language of the page; Vietnamese where there is no English.
pub(crate) fn say(lang: Lang, label: &Label) -> &str {
    match lang {
        Lang::En if !label.en.is_empty() => &label.en,
        _ => &label.vi,
    }
}

/// How a kind of step is coloured.
pub(crate) fn tone_of(kind: StepKind) -> Tone {
    match kind {
        StepKind::Working | StepKind::WaitingSignature => Tone::Busy,
        StepKind::WaitingApplicant => Tone::Attention,
        StepKind::Done => Tone::Done,
        StepKind::Refused => Tone::Late,
        StepKind::Stopped => Tone::Plain,
    }
}

/// Where a dossier stands, for the one who filed it.
pub(crate) fn citizen_state(kind: StepKind, lang: Lang) -> StateView {
    let text = match kind {
        StepKind::Working => lang.t("Đang giải quyết", "Under way"),
        StepKind::WaitingApplicant => lang.t("Chờ ông/bà bổ sung", "Waiting for you"),
        StepKind::WaitingSignature => lang.t("Đang trình ký", "Before the leader for signature"),
        StepKind::Done => lang.t("Đã có kết quả", "Result ready"),
        StepKind::Refused => lang.t("Không được giải quyết", "Refused"),
        StepKind::Stopped => lang.t("Đã dừng", "Stopped"),
    };
    StateView { text: text.to_owned(), tone: tone_of(kind) }
}

/// Where a dossier stands, for officers: the name of its step.
pub(crate) fn officer_state(step: Option<&Step>) -> StateView {
    step.map_or_else(StateView::default, |step| StateView {
        text: step.name.vi.clone(),
        tone: tone_of(step.kind),
    })
}

/// Name of a role; empty for `none`, `applicant` and what is not known.
pub(crate) fn role_name<'a>(content: &'a Content, role: &str, lang: Lang) -> &'a str {
    content.roles.get(role).map_or("", |role| say(lang, &role.name))
}

/// Name of the office of a unit; the unit's own name where the content describes no office.
pub(crate) fn office_name(content: &Content, unit: &str) -> String {
    match content.offices.get(unit) {
        Some(office) => office.name.clone(),
        None => content.units.full_name(unit).unwrap_or_default(),
    }
}

/// `17:00 22/11`: for narrow columns of lists.
pub(crate) fn short_moment(moment: Moment) -> String {
    let local = moment.local();
    format!("{:02}:{:02} {:02}/{:02}", local.hour(), local.minute(), local.day(), local.month())
}

/// `1,2 MB`, `84 KB`: thousands, as file limits are said.
pub(crate) fn size_text(bytes: u64) -> String {
    let tenths = |unit: u64| i64::try_from(bytes.saturating_mul(10) / unit).unwrap_or(i64::MAX);
    match bytes {
        1_000_000.. => format!("{} MB", vi::decimal(tenths(1_000_000), 1)),
        1_000.. => format!("{} KB", bytes / 1_000),
        _ => format!("{bytes} B"),
    }
}

/// Several sentences as one text: each ends with a stop, empty ones are left out.
pub(crate) fn sentences(parts: &[String]) -> String {
    let ended = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).map(|part| {
        if part.ends_with(['.', '!', '?', ':', ';', '…']) {
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
    fn what_an_address_says_reads_back() {
        let text = address("", &[("ly-do", "hồ sơ H20.15-261122-0001 = gấp")]);
        let params = Params::of(text.strip_prefix('?'));
        assert_eq!(params.get("ly-do"), "hồ sơ H20.15-261122-0001 = gấp");
        assert_eq!(params.get("khac"), "");
    }

    #[test]
    fn sizes_are_said_in_thousands_with_a_comma() {
        assert_eq!(size_text(999), "999 B");
        assert_eq!(size_text(84_321), "84 KB");
        assert_eq!(size_text(1_250_000), "1,2 MB");
    }

    #[test]
    fn sentences_stand_apart_and_end() {
        let parts = ["Lập giấy".to_owned(), String::new(), "Xong.".to_owned()];
        assert_eq!(sentences(&parts), "Lập giấy. Xong.");
    }
}
