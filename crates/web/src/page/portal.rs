//! The portal's open pages: start, search, procedure, tracking, help, accessibility.

use askama::Template;

use super::parts::{DueView, FeeView, Link, OptionView, StateView, TimelineItem};
use super::shell::Shell;

/// `GET /`: what do you need to do?
#[derive(Clone, Default, Template)]
#[template(path = "portal/home.html")]
pub struct HomePage {
    /// Around the page.
    pub ui: Shell,
    /// The commonest jobs, six or so, in order.
    pub jobs: Vec<JobView>,
    /// What waits for the person signed in, such as a request for more papers; may be empty.
    pub waiting: Vec<WaitingView>,
}

/// A procedure in a list.
#[derive(Clone, Default)]
pub struct JobView {
    /// `/thu-tuc/{slug}`.
    pub href: String,
    /// Name.
    pub name: String,
    /// One sentence.
    pub summary: String,
    /// "Trong ngày · Miễn lệ phí nếu đúng hạn"; may be empty.
    pub facts: String,
    /// Field (lĩnh vực), such as "Hộ tịch"; may be empty.
    pub field: String,
}

/// Something that waits for the person signed in.
#[derive(Clone, Default)]
pub struct WaitingView {
    /// Where it is done.
    pub href: String,
    /// What is to be done: "Bổ sung hồ sơ đăng ký khai sinh".
    pub text: String,
    /// More: "trước 17 giờ 00 ngày 30/11/2026"; may be empty.
    pub detail: String,
}

/// `GET /tim?q=`: procedures that match.
#[derive(Clone, Default, Template)]
#[template(path = "portal/search.html")]
pub struct SearchPage {
    /// Around the page; `ui.query` is what was searched for.
    pub ui: Shell,
    /// What was found, best first.
    pub hits: Vec<JobView>,
    /// "Ý ông/bà là …": another query.
    pub suggestion: Option<Link>,
    /// The commonest jobs, shown when nothing was found.
    pub common: Vec<JobView>,
}

/// `GET /thu-tuc/{slug}`: who, what, how long, how much, where, and one button.
#[derive(Clone, Default, Template)]
#[template(path = "portal/procedure.html")]
pub struct ProcedurePage {
    /// Around the page.
    pub ui: Shell,
    /// Name.
    pub name: String,
    /// National code: "1.001193".
    pub code: String,
    /// Field: "Hộ tịch".
    pub field: String,
    /// One or two sentences.
    pub summary: String,
    /// Who may file.
    pub audience: Vec<String>,
    /// What to prepare.
    pub papers: Vec<PaperView>,
    /// What need not be brought, since the data hold it.
    pub not_needed: Vec<String>,
    /// "Trong ngày làm việc".
    pub time: String,
    /// Provision that the time stands on; may be empty.
    pub time_basis: String,
    /// If sent now: the due moment and how it is counted.
    pub due_if_now: Option<DueView>,
    /// The cost in a few words for the summary: "Miễn lệ phí nếu đúng hạn"; empty is worked out
    /// from `fees`.
    pub cost_short: String,
    /// What it costs; empty means nothing is charged.
    pub fees: Vec<FeeView>,
    /// What one gets: "Giấy khai sinh (bản điện tử ký số)".
    pub results: Vec<String>,
    /// Where: the offices that decide.
    pub offices: Vec<OfficeView>,
    /// Communes that can be chosen when starting (field `unit`); empty when only one may decide.
    pub units: Vec<OptionView>,
    /// Which unit, when there is nothing to choose: "Ủy ban nhân dân xã Mỹ Hiệp"; may be empty.
    pub unit_fixed: String,
    /// Fault of the choice of unit.
    pub unit_error: Option<String>,
    /// What happens after sending, in order.
    pub steps: Vec<String>,
    /// Provisions.
    pub legal_bases: Vec<LegalBasisView>,
    /// Where the start form is sent: `/thu-tuc/{slug}/bat-dau`.
    pub start_action: String,
    /// Drafts of this procedure that can be gone on with.
    pub drafts: Vec<Link>,
    /// Why it cannot be started now, and what to do instead; none when it can.
    pub closed: Option<String>,
}

impl ProcedurePage {
    /// The cost in a few words.
    fn cost_in_short(&self) -> String {
        if !self.cost_short.is_empty() {
            return self.cost_short.clone();
        }
        let amounts: Vec<&str> = self
            .fees
            .iter()
            .map(|fee| fee.amount.as_str())
            .filter(|text| !text.is_empty())
            .collect();
        if amounts.is_empty() {
            self.ui.t("Không thu phí", "Free").to_owned()
        } else {
            amounts.join(" + ")
        }
    }
}

/// A paper to prepare.
#[derive(Clone, Default)]
pub struct PaperView {
    /// Name.
    pub name: String,
    /// Original, copy, electronic copy.
    pub note: String,
    /// When it is asked for; empty means always.
    pub when: String,
    /// Provision; may be empty.
    pub basis: String,
}

/// An office.
#[derive(Clone, Default)]
pub struct OfficeView {
    /// Name.
    pub name: String,
    /// Address.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// Hours.
    pub hours: String,
}

/// A provision.
#[derive(Clone, Default)]
pub struct LegalBasisView {
    /// "Luật Hộ tịch số 60/2014/QH13".
    pub document: String,
    /// "Điều 14".
    pub provision: String,
    /// What it is about; may be empty.
    pub title: String,
    /// Where it can be read, if it is here.
    pub href: Option<String>,
}

/// `GET /theo-doi?ma=`: where a dossier stands, for anyone who has its code. No personal data.
#[derive(Clone, Default, Template)]
#[template(path = "portal/track.html")]
pub struct TrackPage {
    /// Around the page.
    pub ui: Shell,
    /// The code asked for, as typed.
    pub code: String,
    /// Why there is no answer, and how to mend it.
    pub error: Option<String>,
    /// What was found.
    pub found: Option<TrackView>,
}

/// A dossier for the public.
#[derive(Clone, Default)]
pub struct TrackView {
    /// Code.
    pub code: String,
    /// Procedure.
    pub procedure: String,
    /// Office that has it.
    pub unit: String,
    /// Where it stands.
    pub state: StateView,
    /// What is awaited and from whom, in a sentence; may be empty.
    pub awaiting: String,
    /// When it is due.
    pub due: Option<DueView>,
    /// What has happened and what comes.
    pub timeline: Vec<TimelineItem>,
}

/// `GET /tro-giup`: help.
#[derive(Clone, Default, Template)]
#[template(path = "portal/help.html")]
pub struct HelpPage {
    /// Around the page.
    pub ui: Shell,
    /// Offices that help in person.
    pub offices: Vec<OfficeView>,
}

/// `GET /tiep-can`: the accessibility statement.
#[derive(Clone, Default, Template)]
#[template(path = "portal/accessibility.html")]
pub struct AccessibilityPage {
    /// Around the page.
    pub ui: Shell,
    /// When it was last checked: "22/11/2026".
    pub checked_on: String,
}
