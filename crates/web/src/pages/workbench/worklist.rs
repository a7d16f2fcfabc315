//! The list of work.

use app::dossiers::{DossierRow, Place, WorkCounts};
use axum::response::Response;
use kernel::error::{Error, ErrorCode};

use super::listing::{Listed, Listing, View, place_of, place_text};
use crate::failure::{Failure, PageResult, go, show};
use crate::page::parts::{Link, OptionView, Tone};
use crate::page::shell::Area;
use crate::page::workbench::{FilterView, ViewLink, WorkRow, WorklistPage};
use crate::pages::asked::Asked;
use crate::pages::views::{about_text, officer_state, row_left};
use crate::visit::Visit;

/// Dossiers on one page.
const PAGE: usize = 50;
/// Pages that one can go back.
const LONGEST_TRAIL: usize = 20;

/// `GET /can-bo`.
pub(crate) async fn worklist(asked: Asked, visit: Visit) -> PageResult {
    visit.officer()?;
    let (app, ctx) = (visit.app(), &visit.ctx);
    let listing = Listing::of(&asked);
    if let Some(found) = by_code(&visit, &listing).await {
        return Ok(found);
    }
    let after = place_of(asked.text("after"));
    let trail = Trail::of(&asked);
    let page = match listing.page(app, ctx, after, PAGE).await {
        Ok(page) => page,
        Err(error) => return elsewhere(&visit, error),
    };
    let counts = visit.ok(app::dossiers::work_counts(app, ctx).await)?;
    let mut ui = visit.ui(Area::Worklist);
    ui.query.clone_from(&listing.q);
    let shown = page.rows.len();
    let is_whole = after.is_none() && page.next.is_none();
    let is_empty = page.rows.is_empty();
    let title = if listing.is_filtered() && listing.view == View::All {
        "Kết quả tìm".to_owned()
    } else {
        listing.view.title().to_owned()
    };
    Ok(show(&WorklistPage {
        ui,
        views: view_links(Some(listing.view), &counts),
        title,
        filter: filter(&visit, &listing),
        rows: page.rows.iter().map(|listed| row_view(&visit, &listing, listed)).collect(),
        total: total(&listing, &counts, shown, is_whole),
        previous_href: trail.previous(&listing),
        next_href: page.next.map(|place| trail.next(&listing, after, place)),
        export_href: listing.carried_by("/can-bo/xuat.csv"),
        empty: empty(&listing),
        empty_link: is_empty.then(|| way_on(&listing)),
    }))
}

/// Where the pages before this one began, so that one can go back: rows are found by place, not by
/// page number.
struct Trail(Vec<Option<Place>>);

impl Trail {
    fn of(asked: &Asked) -> Self {
        let text = asked.text("truoc");
        let places = text.split('~').filter(|place| !place.is_empty());
        Self(places.map(place_of).collect())
    }

    fn next(&self, listing: &Listing, after: Option<Place>, place: Place) -> String {
        let skip = self.0.len().saturating_sub(LONGEST_TRAIL);
        let trail = self.0.iter().skip(skip).copied().chain([after]);
        Self(trail.collect()).carried(&listing.href(Some(place)))
    }

    fn previous(&self, listing: &Listing) -> Option<String> {
        let (last, earlier) = self.0.split_last()?;
        Some(Self(earlier.to_vec()).carried(&listing.href(*last)))
    }

    fn carried(&self, href: &str) -> String {
        let places = self.0.iter().map(|place| place.map_or_else(|| "0".to_owned(), place_text));
        let places: Vec<String> = places.collect();
        if places.is_empty() {
            href.to_owned()
        } else {
            format!("{href}&truoc={}", places.join("~"))
        }
    }
}

/// A whole dossier code in the search box leads to the dossier itself.
async fn by_code(visit: &Visit, listing: &Listing) -> Option<Response> {
    let code = listing.q.to_uppercase();
    let is_code = code.contains('-') && !code.contains(char::is_whitespace);
    if !is_code {
        return None;
    }
    let found = app::dossiers::track(visit.app(), &code).await.ok()?;
    Some(go(&format!("/can-bo/ho-so/{}", found.code)))
}

/// Auditors have no worklist and begin with the journal, reviewers of drafts with their reviews;
/// administrators have neither, and read in their account what they may do.
fn elsewhere(visit: &Visit, error: Error) -> PageResult {
    let viewer = visit.ui(Area::Worklist).viewer;
    let may_audit = viewer.as_ref().is_some_and(|viewer| viewer.can_audit);
    let may_review = viewer.is_some_and(|viewer| viewer.can_review);
    match error.code {
        ErrorCode::Forbidden if may_audit => Ok(go("/can-bo/nhat-ky")),
        ErrorCode::Forbidden if may_review => Ok(go("/can-bo/law-reviews")),
        ErrorCode::Forbidden => Ok(go("/tai-khoan")),
        _ => Err(visit.fail(error)),
    }
}

/// The views with their counts.
pub(super) fn view_links(current: Option<View>, counts: &WorkCounts) -> Vec<ViewLink> {
    View::ALL
        .into_iter()
        .map(|view| {
            let count = count_of(view, counts);
            let tone = match view {
                View::Late if count != Some(0) => Tone::Late,
                View::DueToday if count != Some(0) => Tone::Attention,
                _ => Tone::Plain,
            };
            ViewLink {
                href: format!("/can-bo?xem={}", view.key()),
                label: view.title().to_owned(),
                count,
                tone,
                current: current == Some(view),
            }
        })
        .collect()
}

fn count_of(view: View, counts: &WorkCounts) -> Option<u64> {
    let count = match view {
        View::Mine => counts.mine,
        View::Late => counts.late,
        View::DueToday => counts.due_today,
        View::Supplement => counts.waiting_applicant,
        View::Signature => counts.waiting_signature,
        View::HandOver | View::All => return None,
    };
    u64::try_from(count).ok()
}

/// The views for the left side of another page.
pub(super) async fn side(visit: &Visit, view: View) -> Result<Vec<ViewLink>, Failure> {
    let counts = visit.ok(app::dossiers::work_counts(visit.app(), &visit.ctx).await)?;
    Ok(view_links(Some(view), &counts))
}

fn total(listing: &Listing, counts: &WorkCounts, shown: usize, is_whole: bool) -> String {
    match count_of(listing.view, counts).filter(|_| !listing.is_filtered()) {
        Some(count) => format!("{count} hồ sơ"),
        None if is_whole => format!("{shown} hồ sơ"),
        None => format!("{shown} hồ sơ trên trang này"),
    }
}

fn empty(listing: &Listing) -> String {
    if listing.is_filtered() {
        return "Không có hồ sơ nào khớp với điều kiện lọc. Bớt điều kiện hoặc tìm trong tất cả hồ sơ."
            .to_owned();
    }
    listing.view.empty().to_owned()
}

fn way_on(listing: &Listing) -> Link {
    let link = |view: View, text: &str| Link {
        href: format!("/can-bo?xem={}", view.key()),
        text: text.to_owned(),
    };
    match listing.view {
        View::All if listing.is_filtered() => link(View::All, "Bỏ điều kiện lọc"),
        View::All => link(View::HandOver, "Xem kết quả chờ trả"),
        _ => link(View::All, "Xem tất cả hồ sơ đang giải quyết"),
    }
}

fn option(value: &str, label: &str, chosen: &str) -> OptionView {
    OptionView { value: value.to_owned(), label: label.to_owned(), selected: value == chosen }
}

fn filter(visit: &Visit, listing: &Listing) -> FilterView {
    let content = visit.app().content();
    let mut procedures = vec![option("", "Mọi thủ tục", &listing.procedure)];
    let mut steps = vec![option("", "Mọi bước", &listing.step)];
    for procedure in &content.procedures {
        if procedures.iter().all(|known| known.value != procedure.code) {
            procedures.push(option(&procedure.code, &procedure.name.vi, &listing.procedure));
        }
        for step in &procedure.workflow.steps {
            if steps.iter().all(|known| known.value != step.id) {
                steps.push(option(&step.id, &step.name.vi, &listing.step));
            }
        }
    }
    let assignees = [("", "Mọi người"), ("toi", "Tôi"), ("chua-giao", "Chưa phân công")];
    let assignees = assignees.map(|(value, label)| option(value, label, &listing.assignee));
    FilterView {
        view: listing.view.key().to_owned(),
        q: listing.q.clone(),
        procedures,
        steps,
        assignees: assignees.into(),
        clear_href: listing.is_filtered().then(|| format!("/can-bo?xem={}", listing.view.key())),
    }
}

fn row_view(visit: &Visit, listing: &Listing, (row, procedure): &Listed) -> WorkRow {
    let left = row_left(&visit.app().content().calendar, row, visit.ctx.now);
    WorkRow {
        href: listing.carried_by(&format!("/can-bo/ho-so/{}", row.code)),
        code: row.code.clone(),
        applicant: row.title.clone(),
        about: about_text(&row.about, &row.title),
        procedure: procedure.name.vi.clone(),
        step: officer_state(procedure.workflow.step(&row.step)),
        assignee: assignee(visit, row),
        left: left.text,
        tone: left.tone,
        used_percent: left.used_percent,
        due: left.due,
    }
}

fn assignee(visit: &Visit, row: &DossierRow) -> String {
    let me = visit.ctx.account().filter(|account| Some(account.id.raw()) == row.assignee);
    match (me, row.assignee) {
        (Some(me), _) => me.name.clone(),
        (None, Some(_)) => "Đã phân công".to_owned(),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_can_go_on_and_back_page_by_page() {
        let listing = Listing::default();
        let place = |id| Place { due_at: 5, id };
        let first = Trail(Vec::new());
        assert_eq!(first.previous(&listing), None);
        let second = first.next(&listing, None, place(1));
        assert_eq!(second, "/can-bo?xem=cua-toi&after=5.1&truoc=0");
        let third = Trail(vec![None]).next(&listing, Some(place(1)), place(2));
        assert_eq!(third, "/can-bo?xem=cua-toi&after=5.2&truoc=0~5.1");
        let on_third = Trail(vec![None, Some(place(1))]);
        assert_eq!(on_third.previous(&listing), Some(second));
        assert_eq!(Trail(vec![None]).previous(&listing), Some("/can-bo?xem=cua-toi".to_owned()));
    }
}
