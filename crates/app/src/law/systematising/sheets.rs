//! Lists of documents as files, in the table layout of systematisation (Nghị định 78/2025/NĐ-CP).

use access::{Action, OpContext};
use document::docx::official::Column;
use document::docx::{self, DocxDocument, PageSetup, Run, Section, official};
use document::xlsx::{self, Alignment, Area, Cell, Look, Row, Sheet, Workbook};
use jiff::civil::Date;
use kernel::error::Result;
use kernel::format::vi;

use super::{ListFilter, ListedDocument, Lists, State, lists};
use crate::App;
use crate::documents::Download;
use crate::law::on_a_thread;
use crate::law::reviewing::{Head, head, letterhead, signature};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/// Size of the text in the tables of the Word file, in points.
const SMALL: f32 = 11.0;

/// Title of the list of a state.
const fn title(state: State) -> &'static str {
    match state {
        State::InForce => "DANH MỤC VĂN BẢN CÒN HIỆU LỰC",
        State::Partly => "DANH MỤC VĂN BẢN HẾT HIỆU LỰC, NGƯNG HIỆU LỰC MỘT PHẦN",
        State::Expired => "DANH MỤC VĂN BẢN HẾT HIỆU LỰC TOÀN BỘ",
        State::NotYet => "DANH MỤC VĂN BẢN CHƯA CÓ HIỆU LỰC",
    }
}

/// Heads of the last two columns; the first four are those of every list.
const fn last_heads(state: State) -> [&'static str; 2] {
    match state {
        State::InForce | State::NotYet => ["Thời điểm có hiệu lực", "Ghi chú"],
        State::Partly => ["Nội dung, lý do hết hiệu lực", "Ngày hết hiệu lực"],
        State::Expired => ["Lý do hết hiệu lực", "Ngày hết hiệu lực"],
    }
}

const HEADS: [&str; 4] = [
    "STT",
    "Tên loại văn bản",
    "Số, ký hiệu; ngày, tháng, năm ban hành văn bản",
    "Tên gọi của văn bản/ Trích yếu nội dung của văn bản",
];

fn day_text(day: Option<Date>) -> String {
    day.map(vi::date).unwrap_or_default()
}

fn last_cells(state: State, one: &ListedDocument) -> [String; 2] {
    match state {
        State::InForce | State::NotYet => [day_text(one.effective_on), one.reason.clone()],
        State::Partly | State::Expired => [one.reason.clone(), day_text(one.ended_on)],
    }
}

fn cells(state: State, one: &ListedDocument) -> [String; 5] {
    let [first, second] = last_cells(state, one);
    [one.kind.clone(), one.number_and_day(), one.title.clone(), first, second]
}

/// "Tính đến ngày 22/11/2026; cơ quan ban hành: …".
fn scope(day: Date, filter: &ListFilter) -> String {
    let mut parts = vec![format!("tính đến ngày {}", vi::date(day))];
    for (label, value) in [
        ("cơ quan ban hành", &filter.issuer),
        ("loại văn bản", &filter.kind),
        ("lĩnh vực", &filter.field),
    ] {
        if !value.is_empty() {
            parts.push(format!("{label}: {value}"));
        }
    }
    vi::capitalised(&parts.join("; "))
}

/// The unit in whose name the officer makes the lists.
async fn made(app: &App, ctx: &OpContext, day: Date, filter: &ListFilter) -> Result<(Head, Lists)> {
    crate::law::reviewing::require(app, ctx)?;
    let units = app.authorizer().units_where(ctx, Action::LawReview);
    let unit = units.first().map(|unit| unit.as_str().to_owned()).unwrap_or_default();
    Ok((head(app, &unit, ctx.now.date()), lists(app.law(), day, filter).await?))
}

/// The lists as a workbook, a sheet a state.
///
/// # Errors
/// `Forbidden` when the officer makes no lists.
pub async fn xlsx(app: &App, ctx: &OpContext, day: Date, filter: &ListFilter) -> Result<Download> {
    let (head, lists) = made(app, ctx, day, filter).await?;
    let scope = scope(day, filter);
    let bytes = on_a_thread(move || xlsx::write(&workbook(&head, &lists, &scope))).await??;
    Ok(Download { name: format!("danh-muc-van-ban-{day}.xlsx"), mime: XLSX.to_owned(), bytes })
}

fn workbook(head: &Head, lists: &Lists, scope: &str) -> Workbook {
    let sheets = State::ALL.into_iter().map(|state| sheet(head, lists.of(state), state, scope));
    Workbook {
        title: "Danh mục văn bản quy phạm pháp luật".to_owned(), sheets: sheets.collect()
    }
}

/// Rows above the table.
const ABOVE: u32 = 5;
const COLUMNS: u32 = 6;

fn sheet(head: &Head, list: &[ListedDocument], state: State, scope: &str) -> Sheet {
    let centred = |look: Look| Look { alignment: Alignment::Centre, wrap: true, ..look };
    let plain = |text: &str, look: Look| Row::of(vec![Cell::text(text, look)]);
    let bold = Look { bold: true, ..Look::default() };
    let mut rows = vec![
        plain(&head.agency.to_uppercase(), bold),
        plain(title(state), centred(Look { size: 14, ..bold })),
        plain(scope, centred(Look { italic: true, ..Look::default() })),
        plain(&format!("Tổng số: {} văn bản", vi::number(list.len() as i64)), Look::default()),
        Row::default(),
    ];
    let heads = HEADS.into_iter().chain(last_heads(state));
    rows.push(Row::of(heads.map(|text| Cell::text(text, Look::head())).collect()));
    for (one, number) in list.iter().zip(1_u32..) {
        let middle = centred(Look::table());
        let mut row = vec![Cell::number(f64::from(number), middle)];
        row.extend(cells(state, one).into_iter().map(|text| Cell::text(text, Look::table())));
        rows.push(Row::of(row));
    }
    let across = |row: u32| Area { row, column: 0, rows: 1, columns: COLUMNS };
    let length = u32::try_from(list.len()).unwrap_or(u32::MAX).saturating_add(1);
    Sheet {
        name: state.text().to_owned(),
        columns: vec![6.0, 16.0, 28.0, 54.0, 34.0, 26.0],
        rows,
        merged: (0..ABOVE - 1).map(across).collect(),
        frozen_rows: ABOVE + 1,
        frozen_columns: 0,
        repeated_rows: Some((ABOVE, ABOVE)),
        filter: Some(Area { row: ABOVE, column: 0, rows: length, columns: COLUMNS }),
        is_portrait: false,
    }
}

/// The lists as a Word file, one after the other.
///
/// # Errors
/// `Forbidden` when the officer makes no lists.
pub async fn docx(app: &App, ctx: &OpContext, day: Date, filter: &ListFilter) -> Result<Download> {
    let (head, lists) = made(app, ctx, day, filter).await?;
    let scope = scope(day, filter);
    let bytes = on_a_thread(move || docx::write(&word(&head, &lists, &scope))).await??;
    Ok(Download { name: format!("danh-muc-van-ban-{day}.docx"), mime: DOCX.to_owned(), bytes })
}

fn word(head: &Head, lists: &Lists, scope: &str) -> DocxDocument {
    let page = PageSetup::landscape();
    let mut blocks = vec![letterhead(head, "Số:         /DM-………", &page)];
    let subject = format!("Văn bản quy phạm pháp luật theo tình trạng hiệu lực\n({scope})");
    blocks.extend(official::title("DANH MỤC", &subject, &page));
    for (state, roman) in State::ALL.into_iter().zip(["A", "B", "C", "D"]) {
        let list = lists.of(state);
        let count = vi::number(list.len() as i64);
        blocks.push(official::heading(1, &format!("{roman}. {} ({count} văn bản)", title(state))));
        if list.is_empty() {
            blocks.push(official::body(vec![Run::plain("Không có văn bản nào.")]));
        } else {
            blocks.push(official::gap());
            blocks.push(table(list, state, &page));
        }
    }
    blocks.extend(signature(&["Cơ quan cấp trên trực tiếp", "Lưu: VT, hồ sơ hệ thống hóa"], &page));
    let title = "Danh mục văn bản quy phạm pháp luật".to_owned();
    DocxDocument { title, size: 13.0, sections: vec![Section { page, blocks }] }
}

fn table(list: &[ListedDocument], state: State, page: &PageSetup) -> docx::Block {
    let rest = page.text_width() - 12.0 - 28.0 - 48.0;
    let [first, second] = last_heads(state);
    let [number, kind, symbol, name] = HEADS;
    let (wide, narrow) = (rest * 0.28, rest * 0.2);
    let (first_width, second_width) = match state {
        State::InForce | State::NotYet => (narrow, wide),
        State::Partly | State::Expired => (wide, narrow),
    };
    let columns = [
        Column::centred(number, 12.0),
        Column::left(kind, 28.0),
        Column::left(symbol, 48.0),
        Column::left(name, rest * 0.52),
        Column::left(first, first_width),
        Column::left(second, second_width),
    ];
    let rows = list.iter().zip(1_usize..).map(|(one, number)| {
        let mut row = vec![vec![Run::plain(number.to_string())]];
        row.extend(cells(state, one).into_iter().map(|text| vec![Run::plain(text)]));
        row
    });
    official::table(&columns, rows.collect(), SMALL)
}
