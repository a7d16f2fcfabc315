//! A citizen's own dossiers, and who looked at the citizen's data.

use askama::Template;

use super::filing::PointView;
use super::parts::{
    AnswerSection, DocumentView, DueView, Fault, FeeView, Link, MessageView, StateView,
    TimelineItem,
};
use super::shell::Shell;

/// `GET /ho-so`: my drafts and dossiers.
#[derive(Clone, Default, Template)]
#[template(path = "dossier/list.html")]
pub struct MyDossiersPage {
    /// Around the page.
    pub ui: Shell,
    /// Drafts, newest first.
    pub drafts: Vec<DraftRow>,
    /// Dossiers under way, those that wait for me first.
    pub open: Vec<DossierRow>,
    /// Dossiers that are over.
    pub closed: Vec<DossierRow>,
    /// More of those that are over.
    pub next_href: Option<String>,
}

/// A draft in the list.
#[derive(Clone, Default)]
pub struct DraftRow {
    /// Where it goes on.
    pub href: String,
    /// Procedure.
    pub procedure: String,
    /// "Đang ở bước 2/5: Người mẹ · lưu lúc 15 giờ 30 ngày 22/11/2026".
    pub detail: String,
    /// Where it is removed by POST: `/nhap/{draft}/xoa`.
    pub remove_action: String,
}

/// A dossier in the list.
#[derive(Clone, Default)]
pub struct DossierRow {
    /// `/ho-so/{code}`.
    pub href: String,
    /// Code.
    pub code: String,
    /// Procedure.
    pub procedure: String,
    /// Whom it is about: "Trẻ: Nguyễn Minh An"; may be empty.
    pub about: String,
    /// Where it stands.
    pub state: StateView,
    /// "Hẹn trả 17 giờ 00 ngày 23/11/2026", "Đã trả ngày 23/11/2026".
    pub due: String,
    /// What the applicant must do now; none when nothing.
    pub to_do: Option<Link>,
}

/// `GET /ho-so/{code}`: one dossier of mine.
#[derive(Clone, Default, Template)]
#[template(path = "dossier/detail.html")]
pub struct DossierPage {
    /// Around the page.
    pub ui: Shell,
    /// Code.
    pub code: String,
    /// Procedure.
    pub procedure: String,
    /// Where it stands.
    pub state: StateView,
    /// Who has it now: "Công chức tư pháp – hộ tịch, UBND xã Mỹ Hiệp"; may be empty.
    pub holder: String,
    /// What is awaited and from whom, in a sentence; may be empty.
    pub awaiting: String,
    /// Just sent (`?da-nop=1`): the confirmation panel.
    pub sent: Option<SentView>,
    /// When it is due.
    pub due: Option<DueView>,
    /// The request that waits for my answer.
    pub request: Option<RequestView>,
    /// Why it was refused or stopped; none otherwise.
    pub refusal: Option<String>,
    /// What has happened and what comes.
    pub timeline: Vec<TimelineItem>,
    /// Papers, results first.
    pub documents: Vec<DocumentView>,
    /// Messages, oldest first.
    pub messages: Vec<MessageView>,
    /// What it costs.
    pub fees: Vec<FeeView>,
    /// What I answered.
    pub answers: Vec<AnswerSection>,
    /// What I may do, such as withdraw.
    pub actions: Vec<CitizenAction>,
    /// Revision of the dossier, sent back with an action (hidden field `revision`).
    pub revision: u64,
    /// Rating of the service; none while the dossier is under way.
    pub rating: Option<RatingView>,
    /// Faults of an action just tried.
    pub faults: Vec<Fault>,
    /// How often officials read it, with a link to `/du-lieu-cua-toi`; empty hides it.
    pub access: String,
}

impl DossierPage {
    /// Is a result there, rather than slips only?
    fn has_result(&self) -> bool {
        self.documents.iter().any(|document| document.is_result)
    }

    /// The scores with their words, Vietnamese and English.
    fn scores(&self) -> [(u8, &'static str, &'static str); 5] {
        [
            (1, "Rất không hài lòng", "Very dissatisfied"),
            (2, "Không hài lòng", "Dissatisfied"),
            (3, "Bình thường", "Neither"),
            (4, "Hài lòng", "Satisfied"),
            (5, "Rất hài lòng", "Very satisfied"),
        ]
    }
}

/// The panel after sending.
#[derive(Clone, Default)]
pub struct SentView {
    /// Is it an answer to a request rather than a new dossier?
    pub supplement: bool,
    /// The receipt as PDF; none while it is being written.
    pub receipt_href: Option<String>,
    /// What happens next, in order.
    pub next: Vec<String>,
}

/// A request for more papers.
#[derive(Clone, Default)]
pub struct RequestView {
    /// The officer's note.
    pub text: String,
    /// The single points.
    pub points: Vec<PointView>,
    /// Who asked and when: "UBND xã Mỹ Hiệp, 10 giờ 05 ngày 23/11/2026".
    pub asked: String,
    /// Where it is answered: `/ho-so/{code}/bo-sung`.
    pub answer_href: String,
    /// The slip (Mẫu 02); none while it is being written.
    pub slip_href: Option<String>,
}

/// Something the applicant may do.
#[derive(Clone, Default)]
pub struct CitizenAction {
    /// `/ho-so/{code}/hanh-dong/{action}`.
    pub action: String,
    /// The verb: "Rút hồ sơ".
    pub label: String,
    /// What happens, in plain words, naming what cannot be undone.
    pub confirm: String,
    /// Heading of the note (field `note`); none when none is asked.
    pub note_label: Option<String>,
    /// Must the note be given?
    pub note_required: bool,
    /// Cannot be undone: a red button.
    pub destructive: bool,
}

/// Rating of the service.
#[derive(Clone, Default)]
pub struct RatingView {
    /// What was given, 1 to 5; none if not yet.
    pub score: Option<u8>,
    /// What was said.
    pub comment: String,
    /// Fault of what was just sent.
    pub error: Option<String>,
}

/// `GET /du-lieu-cua-toi`: who looked at my data.
#[derive(Clone, Default, Template)]
#[template(path = "dossier/access.html")]
pub struct AccessPage {
    /// Around the page.
    pub ui: Shell,
    /// Reads, newest first.
    pub rows: Vec<AccessRow>,
    /// Older ones.
    pub next_href: Option<String>,
}

/// One read of my data.
#[derive(Clone, Default)]
pub struct AccessRow {
    /// When.
    pub at: String,
    /// Who: name and role.
    pub who: String,
    /// Their office.
    pub unit: String,
    /// What was read: "Hồ sơ đăng ký khai sinh", "Dữ liệu dân cư".
    pub what: String,
    /// Why: the dossier, or the reason written.
    pub purpose: String,
    /// The dossier, if mine.
    pub href: Option<String>,
}
