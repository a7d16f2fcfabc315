//! Which dossiers a list shows: a view, narrowed by a filter.

use std::sync::Arc;

use access::OpContext;
use app::App;
use app::dossiers::{DossierRow, Place, WorkView, state_name};
use kernel::error::Result;
use kernel::text::tokens;
use pack::model::{Procedure, StepKind};

use crate::pages::asked::Asked;
use crate::pages::views::address;

/// Rows fetched at a time while a filter is looked through.
const BATCH: i64 = 200;
/// Batches looked through for one page at most; the next page goes on from there.
const MOST_BATCHES: usize = 10;

/// A row with its procedure.
pub(super) type Listed = (DossierRow, Arc<Procedure>);

/// The views of the worklist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum View {
    /// Wait for one of my roles.
    #[default]
    Mine,
    /// Of those, the late ones.
    Late,
    /// Of those, the ones due today.
    DueToday,
    /// Wait for the applicant.
    Supplement,
    /// Wait for a signature.
    Signature,
    /// Results that one of my roles is to hand over.
    HandOver,
    /// All that are not over.
    All,
}

impl View {
    /// All views in the order of the page.
    pub(super) const ALL: [Self; 7] = [
        Self::Mine,
        Self::Late,
        Self::DueToday,
        Self::Supplement,
        Self::Signature,
        Self::HandOver,
        Self::All,
    ];

    /// Its key in the address (`xem`).
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Mine => "cua-toi",
            Self::Late => "qua-han",
            Self::DueToday => "han-hom-nay",
            Self::Supplement => "cho-bo-sung",
            Self::Signature => "cho-ky",
            Self::HandOver => "cho-tra",
            Self::All => "tat-ca",
        }
    }

    /// Its name.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Mine => "Việc của tôi",
            Self::Late => "Quá hạn",
            Self::DueToday => "Đến hạn hôm nay",
            Self::Supplement => "Chờ bổ sung",
            Self::Signature => "Chờ ký",
            Self::HandOver => "Chờ trả kết quả",
            Self::All => "Tất cả đang giải quyết",
        }
    }

    /// What an empty list says.
    pub(super) const fn empty(self) -> &'static str {
        match self {
            Self::Mine => "Không còn hồ sơ nào chờ ông/bà xử lý.",
            Self::Late => "Không có hồ sơ nào quá hạn.",
            Self::DueToday => "Không còn hồ sơ nào đến hạn hôm nay.",
            Self::Supplement => "Không có hồ sơ nào chờ người nộp bổ sung.",
            Self::Signature => "Không có hồ sơ nào chờ ký.",
            Self::HandOver => "Không có kết quả nào chờ ông/bà trả.",
            Self::All => "Đơn vị không có hồ sơ nào đang giải quyết.",
        }
    }

    fn of(key: &str) -> Self {
        Self::ALL.into_iter().find(|view| view.key() == key).unwrap_or_default()
    }

    fn work(self) -> WorkView {
        let state = |kind| WorkView::State(state_name(kind).to_owned());
        match self {
            Self::Mine => WorkView::Mine,
            Self::Late => WorkView::Late,
            Self::DueToday => WorkView::DueToday,
            Self::Supplement => state(StepKind::WaitingApplicant),
            Self::Signature => state(StepKind::WaitingSignature),
            Self::HandOver => state(StepKind::Done),
            Self::All => WorkView::Open,
        }
    }
}

/// A view with its filter, as the address of a list says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Listing {
    /// The view.
    pub(super) view: View,
    /// Words of code, applicant or whom it is about.
    pub(super) q: String,
    /// Code of the procedure.
    pub(super) procedure: String,
    /// Id of the step.
    pub(super) step: String,
    /// Whose: `toi`, `chua-giao`, or everybody's.
    pub(super) assignee: String,
}

/// A page of a list.
#[derive(Default)]
pub(super) struct Page {
    /// The rows.
    pub(super) rows: Vec<Listed>,
    /// Where the next page begins; none when this is the last.
    pub(super) next: Option<Place>,
}

impl Listing {
    /// Reads the query of a list, or of a page that one came to from a list.
    pub(super) fn of(asked: &Asked) -> Self {
        Self {
            view: View::of(asked.text("xem")),
            q: asked.text("q").chars().take(100).collect(),
            procedure: asked.text("thu-tuc").to_owned(),
            step: asked.text("buoc").to_owned(),
            assignee: asked.text("nguoi").to_owned(),
        }
    }

    /// An address that carries this list along.
    pub(super) fn carried_by(&self, path: &str) -> String {
        self.address(path, None)
    }

    /// The list itself, from a place on.
    pub(super) fn href(&self, after: Option<Place>) -> String {
        self.address("/can-bo", after)
    }

    fn address(&self, path: &str, after: Option<Place>) -> String {
        let after = after.map(place_text).unwrap_or_default();
        let pairs = [
            ("xem", self.view.key()),
            ("q", &self.q),
            ("thu-tuc", &self.procedure),
            ("buoc", &self.step),
            ("nguoi", &self.assignee),
            ("after", &after),
        ];
        address(path, &pairs)
    }

    /// Is anything filtered?
    pub(super) fn is_filtered(&self) -> bool {
        *self != Self { view: self.view, ..Self::default() }
    }

    fn shows(&self, ctx: &OpContext, (row, procedure): &Listed) -> bool {
        let mut wanted = tokens(&self.q).into_iter();
        let text = format!("{} {} {}", row.code, row.title, row.about);
        let words = tokens(&text);
        let account = ctx.account().map(|account| account.id.raw());
        (self.procedure.is_empty() || self.procedure == row.procedure_code)
            && (self.step.is_empty() || self.step == row.step)
            && match self.assignee.as_str() {
                "toi" => row.assignee.is_some() && row.assignee == account,
                "chua-giao" => row.assignee.is_none(),
                _ => true,
            }
            && wanted.all(|wanted| words.iter().any(|word| word.starts_with(&wanted)))
            && (self.view != View::HandOver || is_to_hand_over(ctx, row, procedure))
    }

    /// A page of the list. Rows that a filter leaves out are looked through up to a limit; where that
    /// is reached the page may be short and the next one goes on.
    ///
    /// # Errors
    /// `Forbidden` when the account has no worklist.
    pub(super) async fn page(
        &self,
        app: &App,
        ctx: &OpContext,
        after: Option<Place>,
        size: usize,
    ) -> Result<Page> {
        let narrow = self.is_filtered() || self.view == View::HandOver;
        let batch = if narrow { BATCH } else { i64::try_from(size).unwrap_or(BATCH) + 1 };
        let mut page = Page { rows: Vec::new(), next: after };
        for _ in 0..MOST_BATCHES {
            let work = self.view.work();
            let found = app::dossiers::worklist(app, ctx, work, None, page.next, batch).await?;
            let is_last = i64::try_from(found.len()).unwrap_or(i64::MAX) < batch;
            for listed in found {
                if page.rows.len() == size {
                    return Ok(page);
                }
                page.next = Some(Place { due_at: listed.0.due_at, id: listed.0.id });
                if self.shows(ctx, &listed) {
                    page.rows.push(listed);
                }
            }
            if is_last {
                page.next = None;
                return Ok(page);
            }
        }
        Ok(page)
    }
}

/// Is there something left to do for one of my roles, although the result is there?
fn is_to_hand_over(ctx: &OpContext, row: &DossierRow, procedure: &Procedure) -> bool {
    procedure.workflow.actions_at(&row.step).any(|action| {
        ctx.bindings_in_force().any(|held| held.role == action.by && held.unit.as_str() == row.unit)
    })
}

/// A place as an address says it.
pub(super) fn place_text(place: Place) -> String {
    format!("{}.{}", place.due_at, place.id)
}

/// Reads what [`place_text`] wrote; anything else is the beginning.
pub(super) fn place_of(text: &str) -> Option<Place> {
    let (due_at, id) = text.split_once('.')?;
    Some(Place { due_at: due_at.parse().ok()?, id: id.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use access::Actor;
    use kernel::moment::Moment;

    fn listed() -> Listed {
        let row = DossierRow {
            id: 1,
            code: "H20.15-261120-0001".to_owned(),
            unit: "29869".to_owned(),
            procedure_code: "1.001193".to_owned(),
            definition: String::new(),
            step: "received".to_owned(),
            state: "working".to_owned(),
            owner: "one-stop-officer".to_owned(),
            applicant: 2,
            title: "Trần Thị Ngọc Diễm".to_owned(),
            about: "Huỳnh Gia Hân".to_owned(),
            assignee: None,
            submitted_at: 0,
            due_at: 0,
            stopped: false,
            finished_at: None,
            revision: 1,
        };
        let procedure = serde_json::json!({
            "code": "1.001193", "slug": "birth", "valid_from": "2025-07-01", "valid_to": null,
            "name": {"vi": "Đăng ký khai sinh"}, "aliases": [], "field": "civil-status",
            "level": "commune", "summary": {"vi": ""}, "audience": [], "common_rank": null,
            "legal_bases": [], "papers": [], "not_needed": [],
            "time": {"limit": "same-day", "extension": null, "basis": ""}, "fees": [],
            "form": {"sections": [], "rules": []}, "lookups": [], "checks": [], "requests": [],
            "entry": null, "amend": null, "results": [],
            "workflow": {"start": "received", "on_submit": [], "steps": [], "actions": []}
        });
        (row, Arc::new(serde_json::from_value(procedure).unwrap()))
    }

    fn ctx() -> OpContext {
        OpContext { actor: Actor::Nobody, ..OpContext::system("test", Moment::from_micros(0)) }
    }

    fn finds(q: &str) -> bool {
        Listing { q: q.to_owned(), ..Listing::default() }.shows(&ctx(), &listed())
    }

    #[test]
    fn words_find_applicant_and_child_without_tones_in_any_order_and_half_typed() {
        assert!(finds("ngoc diem"));
        assert!(finds("DIỄM tran"));
        assert!(finds("gia h"));
        assert!(finds("h20.15-261120-0001"));
        assert!(!finds("ngoc lan"));
    }

    #[test]
    fn procedure_step_and_assignee_narrow_a_list() {
        let shows = |listing: Listing| listing.shows(&ctx(), &listed());
        assert!(shows(Listing { step: "received".to_owned(), ..Listing::default() }));
        assert!(!shows(Listing { step: "signing".to_owned(), ..Listing::default() }));
        assert!(!shows(Listing { procedure: "2.000635".to_owned(), ..Listing::default() }));
        assert!(shows(Listing { assignee: "chua-giao".to_owned(), ..Listing::default() }));
        assert!(!shows(Listing { assignee: "toi".to_owned(), ..Listing::default() }));
    }

    #[test]
    fn a_list_carries_its_filter_and_place_in_its_address() {
        let listing = Listing { q: "lê".to_owned(), view: View::Late, ..Listing::default() };
        let place = Place { due_at: i64::MAX, id: 7 };
        let href = listing.href(Some(place));
        assert_eq!(href, "/can-bo?xem=qua-han&q=l%C3%AA&after=9223372036854775807.7");
        assert_eq!(place_of("9223372036854775807.7"), Some(place));
        assert_eq!(place_of("x.7"), None);
    }

    #[test]
    fn every_view_is_found_by_its_key_and_an_unknown_one_is_the_first() {
        for view in View::ALL {
            assert_eq!(View::of(view.key()), view);
        }
        assert_eq!(View::of("khong-co"), View::Mine);
    }
}
