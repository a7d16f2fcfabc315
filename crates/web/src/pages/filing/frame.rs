//! What stands around the pages of one form, and what they are drawn from.

use std::collections::BTreeMap;

use access::OpContext;
use app::App;
use app::drafts::{self, Draft, Upload};
use dossier::form::{Checked, FormContext};
use dossier::{Dossier, NoteToApplicant};
use jiff::civil::Date;
use kernel::error::{Error, Result};
use kernel::format::vi;
use kernel::id::DraftId;
use kernel::moment::Moment;
use kernel::problem::Problem;
use pack::model::{Field, Form, Section};

use crate::failure::Failure;
use crate::page::field::{FieldView, UploadView};
use crate::page::filing::{DraftView, PointView, StepLink, StepState, SupplementView};
use crate::page::shell::Lang;
use crate::pages::describe::file_detail;
use crate::pages::fields::{Drawing, root_of, say, section_of};
use crate::visit::Visit;

/// Name of the last step in addresses.
const CHECK: &str = "kiem-tra";
/// Name of the first step in addresses: who decides.
pub(super) const OFFICE: &str = "noi-giai-quyet";

/// A form being filled, with the request that it answers.
pub(crate) struct Filing {
    /// The form.
    pub(crate) draft: Draft,
    /// The dossier whose request it answers.
    pub(crate) request: Option<Dossier>,
}

/// The identifier in an address.
pub(crate) fn draft_id(visit: &Visit, text: &str) -> Result<DraftId, Failure> {
    text.parse().map_err(|_| {
        visit.fail(Error::not_found(
            "Không tìm thấy bản nháp này. Ông/bà xem lại tại mục Hồ sơ của tôi.",
        ))
    })
}

impl Filing {
    /// The form that an address names.
    pub(crate) async fn open(visit: &Visit, id: &str) -> Result<Self, Failure> {
        visit.signed_in()?;
        let id = draft_id(visit, id)?;
        visit.ok(Self::load(visit.app(), &visit.ctx, id).await)
    }

    /// A form of one's own.
    pub(crate) async fn load(app: &App, ctx: &OpContext, id: DraftId) -> Result<Self> {
        let draft = drafts::load(app, ctx, id).await?;
        Self::around(app, ctx, draft).await
    }

    /// The same around a form that was just saved.
    pub(crate) async fn around(app: &App, ctx: &OpContext, draft: Draft) -> Result<Self> {
        let request = match draft.dossier {
            Some(dossier) => Some(app::dossiers::own(app, ctx, dossier).await?),
            None => None,
        };
        Ok(Self { draft, request })
    }

    /// The form's definition.
    pub(crate) fn form(&self) -> &Form {
        &self.draft.procedure.form
    }

    /// The section of this name.
    pub(crate) fn section(&self, id: &str) -> Result<&Section> {
        self.form().sections.iter().find(|section| section.id == id).ok_or_else(|| {
            Error::not_found("Tờ khai không có trang này. Ông/bà vui lòng dùng danh sách các bước.")
        })
    }

    /// The address of a page of this form.
    pub(crate) fn page(&self, page: &str) -> String {
        format!("/nhap/{}/{page}", self.draft.id)
    }

    /// The address of the check of all answers.
    pub(crate) fn check_page(&self) -> String {
        self.page(CHECK)
    }

    /// The pages that hold a question now: a section of which nothing is asked has none.
    fn asked<'a>(&'a self, checked: &'a Checked) -> impl DoubleEndedIterator<Item = &'a Section> {
        let sections = self.form().sections.iter();
        sections.filter(|section| is_asked(section, checked))
    }

    /// The first page that is asked: who decides, unless that is known.
    pub(crate) fn first_page(&self, app: &App, today: Date) -> String {
        if self.draft.unit.is_none() {
            return self.page(OFFICE);
        }
        self.first_section(app, today)
    }

    /// The first page of questions.
    pub(crate) fn first_section(&self, app: &App, today: Date) -> String {
        let checked = self.draft.check(app, today, false);
        let first = self.asked(&checked).next();
        first.map_or_else(|| self.check_page(), |section| self.page(&section.id))
    }

    /// The first page on which something is missing or wrong: where to go on. The check, if none.
    pub(crate) fn open_page(&self, app: &App, today: Date) -> String {
        if self.draft.unit.is_none() {
            return self.page(OFFICE);
        }
        let checked = self.draft.check(app, today, true);
        let open = self.asked(&checked).find(|one| has_fault_in(one, &checked.problems));
        open.map_or_else(|| self.check_page(), |section| self.page(&section.id))
    }

    /// The next page that is asked after a section; the check after the last.
    pub(crate) fn page_after(&self, section: &str, checked: &Checked) -> String {
        let mut later = self.form().sections.iter().skip_while(|one| one.id != section).skip(1);
        let next = later.find(|one| is_asked(one, checked));
        next.map_or_else(|| self.check_page(), |section| self.page(&section.id))
    }

    /// The page before a section (or before the check, for none): where one came from.
    pub(crate) fn page_before(&self, section: Option<&str>, checked: &Checked) -> String {
        let is_before = |one: &&Section| section != Some(one.id.as_str());
        let earlier = self.form().sections.iter().take_while(is_before);
        let last = earlier.filter(|one| is_asked(one, checked)).last();
        match (last, &self.request) {
            (Some(section), _) => self.page(&section.id),
            (None, Some(dossier)) => format!("/ho-so/{}", dossier.code),
            (None, None) if self.draft.has_choice_of_office() => self.page(OFFICE),
            (None, None) => format!("/thu-tuc/{}", self.draft.procedure.slug),
        }
    }

    /// The page and box where the answer at a path is given; every fault shows there.
    pub(crate) fn place(&self, path: &str) -> Option<String> {
        if path == drafts::OFFICE && self.form().field(path).is_none() {
            return Some(format!("{}#{}", self.page(OFFICE), drafts::OFFICE));
        }
        let section = section_of(self.form(), path)?;
        Some(format!("{}?sua=1#{}", self.page(&section.id), FieldView::id_of(path)))
    }

    /// What stands around the pages. `here` is the section, or none on the check.
    pub(crate) fn frame(&self, visit: &Visit, here: Option<&str>) -> DraftView {
        let (lang, now) = (visit.lang(), visit.ctx.now);
        let offices = &visit.app().content().offices;
        let office = self.draft.unit.as_ref().and_then(|unit| offices.get(unit.as_str()));
        let has_choice = self.draft.has_choice_of_office();
        DraftView {
            id: self.draft.id.to_string(),
            procedure: say(lang, &self.draft.procedure.name),
            unit: office.map(|office| office.name.clone()).unwrap_or_default(),
            office_href: if has_choice { self.page(OFFICE) } else { String::new() },
            steps: self.steps(visit, here),
            saved: saved_text(lang, self.draft.updated_at, now.date()),
            supplement: self.request.as_ref().map(|dossier| self.supplement(dossier, lang)),
            kept_until: kept_text(lang, self.draft.kept_until(visit.app())),
        }
    }

    fn steps(&self, visit: &Visit, here: Option<&str>) -> Vec<StepLink> {
        let (lang, today) = (visit.lang(), visit.ctx.now.date());
        let complete = self.draft.check(visit.app(), today, true);
        let typed = self.draft.check(visit.app(), today, false);
        let mut steps = Vec::new();
        if self.draft.has_choice_of_office() {
            steps.push(StepLink {
                href: self.page(OFFICE),
                title: lang.t("Nơi giải quyết", "Deciding office").to_owned(),
                state: match (here, &self.draft.unit) {
                    (Some(OFFICE), _) => StepState::Current,
                    (_, Some(_)) => StepState::Done,
                    (_, None) => StepState::Todo,
                },
            });
        }
        let sections = self.asked(&typed).map(|section| StepLink {
            href: self.page(&section.id),
            title: say(lang, &section.title),
            state: if here == Some(section.id.as_str()) {
                StepState::Current
            } else if has_fault_in(section, &typed.problems) {
                StepState::Fault
            } else if has_fault_in(section, &complete.problems) {
                StepState::Todo
            } else {
                StepState::Done
            },
        });
        steps.extend(sections);
        steps.push(StepLink {
            href: self.check_page(),
            title: lang.t("Kiểm tra và nộp", "Check and send").to_owned(),
            state: if here.is_none() { StepState::Current } else { StepState::Todo },
        });
        steps
    }

    fn supplement(&self, dossier: &Dossier, lang: Lang) -> SupplementView {
        let note = dossier.last_note.as_ref();
        let points = note.map(|note| self.points(note, lang)).unwrap_or_default();
        SupplementView {
            code: dossier.code.clone(),
            text: note.map(|note| note.text.clone()).unwrap_or_default(),
            points,
        }
    }

    fn points(&self, note: &NoteToApplicant, lang: Lang) -> Vec<PointView> {
        let view = |point: &dossier::Point| PointView {
            label: self
                .form()
                .field(root_of(&point.field))
                .map(|field| say(lang, &field.label))
                .unwrap_or_default(),
            text: point.text.clone(),
            href: self.place(&point.field),
        };
        note.points.iter().map(view).collect()
    }

    /// The attached files, each with its addresses.
    pub(crate) fn uploads(&self) -> Vec<UploadView> {
        let view = |upload: &Upload| {
            let href = self.page(&format!("tep/{}", upload.id));
            UploadView {
                id: upload.id.to_string(),
                name: upload.name.clone(),
                detail: file_detail(&upload.mime, upload.bytes),
                remove_action: format!("{href}/xoa"),
                href,
            }
        };
        self.draft.uploads.iter().map(view).collect()
    }

    /// What conditions and labels are judged by.
    pub(crate) fn with_context<T>(
        &self,
        app: &App,
        today: Date,
        look: impl FnOnce(FormContext<'_>) -> T,
    ) -> T {
        self.draft.with_context(app, today, look)
    }

    /// Draws fields from the answers as they are, with these problems beside them.
    pub(crate) fn draw<T>(
        &self,
        visit: &Visit,
        checked: &Checked,
        problems: &[Problem],
        rows: &BTreeMap<String, usize>,
        look: impl FnOnce(&Drawing<'_>) -> T,
    ) -> T {
        let uploads = self.uploads();
        let upload_action = self.page("tep");
        self.with_context(visit.app(), visit.ctx.now.date(), |ctx| {
            look(&Drawing {
                form: self.form(),
                ctx,
                answers: &self.draft.answers,
                settled: &checked.answers,
                visible: &checked.visible,
                sources: &self.draft.sources,
                problems,
                uploads: &uploads,
                upload_action: &upload_action,
                rows,
                lang: visit.lang(),
            })
        })
    }

    /// The files of one field.
    pub(crate) fn files_of(&self, field: &Field) -> Vec<UploadView> {
        let ids = self.draft.answers.get(&field.id).and_then(serde_json::Value::as_array);
        let ids = ids.map(Vec::as_slice).unwrap_or_default();
        let mut all = self.uploads();
        all.retain(|upload| ids.iter().any(|id| id.as_str() == Some(upload.id.as_str())));
        all
    }
}

/// Is anything on the page of this section asked?
pub(crate) fn is_asked(section: &Section, checked: &Checked) -> bool {
    checked.visible.contains(&section.id)
        && section.fields.iter().any(|field| checked.visible.contains(&field.id))
}

/// Does a problem that stands in the way belong to this section?
pub(crate) fn has_fault_in(section: &Section, problems: &[Problem]) -> bool {
    let is_here =
        |problem: &Problem| section.fields.iter().any(|field| field.id == root_of(&problem.path));
    problems.iter().any(|problem| problem.is_error() && is_here(problem))
}

/// "Bản nháp được giữ đến 22/12/2026."
fn kept_text(lang: Lang, until: Date) -> String {
    let until = vi::date(until);
    match lang {
        Lang::Vi => {
            format!("Bản nháp được giữ đến {until}; mỗi lần lưu, thời hạn tính lại từ đầu.")
        }
        Lang::En => format!("This draft is kept until {until}; each save begins the time anew."),
    }
}

/// "Đã lưu lúc 15 giờ 30", with the day when it was another.
pub(crate) fn saved_text(lang: Lang, at: Moment, today: Date) -> String {
    let words = lang.t("Đã lưu lúc", "Saved at");
    if at.date() == today {
        format!("{words} {}", vi::time(at.time()))
    } else {
        format!("{words} {}", vi::moment(at))
    }
}
