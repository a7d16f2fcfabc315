//! The worklist as a file.

use app::App;
use kernel::format::vi;
use kernel::moment::Moment;

use super::listing::{Listed, Listing};
use super::{csv_file, csv_line};
use crate::failure::PageResult;
use crate::pages::asked::Asked;
use crate::pages::views::{about_text, office_name, row_left};
use crate::visit::Visit;

/// Most dossiers in one file.
const MOST_ROWS: usize = 5_000;
const HEADINGS: [&str; 10] = [
    "Mã hồ sơ",
    "Thủ tục",
    "Người nộp",
    "Về việc",
    "Bước",
    "Nộp lúc",
    "Hẹn trả",
    "Còn lại",
    "Kết thúc lúc",
    "Đơn vị",
];

/// `GET /can-bo/xuat.csv`: the list that is shown, whole, within the same scope.
pub(crate) async fn export(asked: Asked, visit: Visit) -> PageResult {
    visit.officer()?;
    let (app, now) = (visit.app(), visit.ctx.now);
    let listing = Listing::of(&asked);
    let page = visit.ok(listing.page(app, &visit.ctx, None, MOST_ROWS).await)?;
    let mut lines = vec![csv_line(&HEADINGS)];
    lines.extend(page.rows.iter().map(|listed| csv_line(&cells(app, listed, now))));
    if page.next.is_some() {
        let more = "Danh sách còn dài hơn. Hãy lọc bớt rồi xuất lại để có đủ.";
        lines.push(csv_line(&[more]));
    }
    let name = format!("ho-so-{}-{}", listing.view.key(), now.date());
    Ok(csv_file(&name, &lines))
}

fn cells(app: &App, (row, procedure): &Listed, now: Moment) -> [String; 10] {
    let content = app.content();
    let moment = |micros: i64| vi::moment(Moment::from_micros(micros));
    let step = procedure.workflow.step(&row.step);
    [
        row.code.clone(),
        procedure.name.vi.clone(),
        row.title.clone(),
        about_text(&row.about, &row.title),
        step.map(|step| step.name.vi.clone()).unwrap_or_default(),
        moment(row.submitted_at),
        if row.due_at == i64::MAX { String::new() } else { moment(row.due_at) },
        row_left(&content.calendar, row, now).text,
        row.finished_at.map(moment).unwrap_or_default(),
        office_name(content, &row.unit),
    ]
}
