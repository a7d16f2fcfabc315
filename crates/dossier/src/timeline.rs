//! What has happened to a dossier, told in plain words.

use kernel::calendar::LegalClock;
use kernel::format::vi;
use kernel::moment::Moment;
use pack::Content;
use pack::model::{Procedure, Step};
use serde::Serialize;

use crate::event::{By, Event};
use crate::state::{APPLICANT, DocumentKind, Outcome, Point, RequestState};
use crate::text::without_stop;

/// For whom the story is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The applicant: what concerns them; notes inside the office stay there.
    Applicant,
    /// Officers: everything.
    Officer,
}

/// One line of the story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimelineItem {
    /// When.
    pub at: Moment,
    /// The same as text: "15 giờ 30 ngày 05/11/2026".
    pub when: String,
    /// Who, by role: "Ông/bà", "Công chức tư pháp – hộ tịch", "Hệ thống".
    pub who: String,
    /// What happened.
    pub what: String,
    /// The note that came with it.
    pub note: Option<String>,
    /// Single points: label of the field and text.
    pub points: Vec<(String, String)>,
}

/// The story of a dossier, oldest first.
pub fn timeline<'a>(
    content: &Content,
    procedure: &Procedure,
    events: impl IntoIterator<Item = &'a Event>,
    audience: Audience,
) -> Vec<TimelineItem> {
    let teller = Teller { content, procedure, audience };
    events.into_iter().filter_map(|event| teller.item(event)).collect()
}

struct Teller<'a> {
    content: &'a Content,
    procedure: &'a Procedure,
    audience: Audience,
}

/// What a line says, besides the moment.
struct Said {
    by: Option<By>,
    what: String,
    note: Option<String>,
    points: Vec<Point>,
}

impl Said {
    fn system(what: impl Into<String>) -> Said {
        Said { by: None, what: what.into(), note: None, points: Vec::new() }
    }

    fn by(by: &By, what: impl Into<String>) -> Said {
        Said { by: Some(by.clone()), ..Said::system(what) }
    }
}

impl Teller<'_> {
    fn item(&self, event: &Event) -> Option<TimelineItem> {
        let said = self.said(event)?;
        let at = event.at();
        let points = said.points.iter().map(|point| self.point(point));
        Some(TimelineItem {
            at,
            when: vi::moment(at),
            who: said.by.map_or_else(|| "Hệ thống".to_owned(), |by| self.who(&by)),
            what: said.what,
            note: said.note,
            points: points.collect(),
        })
    }

    fn said(&self, event: &Event) -> Option<Said> {
        match event {
            Event::Submitted(submitted) => {
                let what = format!("Nộp hồ sơ ({})", submitted.channel.text());
                Some(Said::by(&submitted.by, what))
            }
            Event::Moved { .. } => self.moved(event),
            Event::ClockStarted { clock, .. } => Some(due("Bắt đầu tính thời hạn", clock)),
            Event::ClockStopped { reason, .. } => {
                Some(Said::system(format!("Tạm dừng tính thời hạn: {reason}")))
            }
            Event::ClockResumed { clock, .. } => Some(due("Tiếp tục tính thời hạn", clock)),
            Event::ClockExtended { clock, .. } => Some(due("Gia hạn thời gian giải quyết", clock)),
            Event::SlipIssued { slip, .. } => {
                let name = self.content.slips.get(slip).map(|slip| slip.name.vi.as_str())?;
                Some(Said::system(format!("Lập {name}")))
            }
            Event::EntryRecorded { entry, .. } => {
                Some(Said::system(format!("Ghi vào sổ, số {}", entry.number)))
            }
            Event::DocumentRecorded { document } if document.kind == DocumentKind::Result => {
                let signed = if document.signed_by.is_some() { "Đã ký" } else { "Đã lập" };
                Some(Said::system(format!("{signed} {}", document.name)))
            }
            // Told by the action that did it.
            Event::Delivered { .. } => None,
            Event::Finished { outcome, on_time, .. } => {
                Some(Said::system(finished(*outcome, *on_time)))
            }
            Event::Rated { score, comment, .. } => {
                let note = Some(comment.clone()).filter(|comment| !comment.is_empty());
                Some(Said {
                    note, ..Said::system(format!("Người nộp đánh giá: {score}/5"))
                })
            }
            _ => self.said_to_officers(event).filter(|_| self.audience == Audience::Officer),
        }
    }

    /// What happens inside the office.
    fn said_to_officers(&self, event: &Event) -> Option<Said> {
        match event {
            Event::RequestSent { request, .. } => {
                Some(Said::system(format!("Gửi yêu cầu: {}", self.request(request))))
            }
            Event::AnswerRecorded { request, result, .. } => {
                let name = self.request(request);
                Some(match result {
                    RequestState::Answered(_) => Said::system(format!("Nhận trả lời: {name}")),
                    RequestState::Failed(why) => Said {
                        note: Some(why.clone()),
                        ..Said::system(format!("Chưa có trả lời: {name}"))
                    },
                    RequestState::Pending => return None,
                })
            }
            Event::AnswersReplaced { changed, .. } => {
                let labels: Vec<&str> = changed.iter().map(|field| self.field(field)).collect();
                Some(Said::system(format!("Tờ khai được sửa ở các mục: {}", labels.join("; "))))
            }
            Event::EntryDrafted { changed_by_officer, .. } => {
                let what = "Dự thảo nội dung ghi sổ";
                let differs = match changed_by_officer.len() {
                    0 => String::new(),
                    count => format!(", có {count} mục khác với tờ khai"),
                };
                Some(Said::system(format!("{what}{differs}")))
            }
            Event::EntryToRecord { by, .. } => Some(Said::by(by, "Duyệt nội dung ghi sổ")),
            Event::AmendmentToRecord { by, .. } => Some(Said::by(by, "Duyệt nội dung sửa sổ")),
            Event::ResultsToSign { by, .. } => Some(Said::by(by, "Duyệt ký kết quả")),
            Event::ClockFinished { on_time, .. } => {
                let how = if *on_time { "đúng hạn" } else { "quá hạn" };
                Some(Said::system(format!("Kết thúc tính thời hạn, {how}")))
            }
            Event::DocumentRecorded { document } => {
                Some(Said::system(format!("Đã lập {}", document.name)))
            }
            Event::Assigned { to, by, .. } => {
                let what = if to.is_some() {
                    "Phân công xử lý"
                } else {
                    "Đưa về danh sách chung"
                };
                Some(Said::by(by, what))
            }
            _ => None,
        }
    }

    /// The applicant reads what it means for them, the officer which action was taken.
    fn moved(&self, event: &Event) -> Option<Said> {
        let Event::Moved { to, action, by, note, points, to_applicant, .. } = event else {
            return None;
        };
        let action = self.procedure.workflow.action(action);
        let label = action.map(|action| action.label.vi.as_str()).unwrap_or_default();
        let step = self.procedure.workflow.step(to);
        let is_open = self.audience == Audience::Officer || *to_applicant || by.role == APPLICANT;
        let what = match self.audience {
            Audience::Officer => officer_text(label, step),
            Audience::Applicant if is_open => label.to_owned(),
            Audience::Applicant => {
                step.map(|step| without_stop(&step.citizen_text.vi).to_owned()).unwrap_or_default()
            }
        };
        Some(Said {
            by: Some(by.clone()),
            what,
            note: note.clone().filter(|_| is_open),
            points: if is_open { points.clone() } else { Vec::new() },
        })
    }

    fn who(&self, by: &By) -> String {
        match (by.role.as_str(), self.audience) {
            (APPLICANT, Audience::Applicant) => "Ông/bà".to_owned(),
            (APPLICANT, Audience::Officer) => "Người nộp hồ sơ".to_owned(),
            (role, _) => {
                let known = self.content.roles.get(role);
                known.map_or_else(|| "Hệ thống".to_owned(), |role| role.name.vi.clone())
            }
        }
    }

    fn point(&self, point: &Point) -> (String, String) {
        (self.field(&point.field).to_owned(), point.text.clone())
    }

    /// Label of a field, of the field that a path begins with, or of a section.
    fn field<'b>(&'b self, path: &'b str) -> &'b str {
        let form = &self.procedure.form;
        let root = path.split('.').next().unwrap_or_default();
        if let Some(field) = form.field(root) {
            return &field.label.vi;
        }
        let section = form.sections.iter().find(|section| section.id == path);
        section.map_or(path, |section| &section.title.vi)
    }

    fn request<'b>(&'b self, id: &'b str) -> &'b str {
        let known = self.procedure.requests.iter().find(|request| request.id == id);
        known.map_or(id, |request| &request.label.vi)
    }
}

fn due(what: &str, clock: &LegalClock) -> Said {
    Said::system(format!("{what}, hẹn trả kết quả {}", vi::moment_with_weekday(clock.due)))
}

fn officer_text(label: &str, step: Option<&Step>) -> String {
    match step {
        Some(step) => format!("{label} → {}", step.name.vi),
        None => label.to_owned(),
    }
}

fn finished(outcome: Outcome, on_time: Option<bool>) -> &'static str {
    match (outcome, on_time) {
        (Outcome::Done, Some(true)) => "Hồ sơ đã giải quyết xong, đúng hạn",
        (Outcome::Done, Some(false)) => "Hồ sơ đã giải quyết xong, chậm hơn ngày hẹn",
        (Outcome::Done, None) => "Hồ sơ đã giải quyết xong",
        (Outcome::Refused, _) => "Hồ sơ bị từ chối giải quyết",
        (Outcome::Stopped, _) => "Hồ sơ đã dừng giải quyết",
    }
}
