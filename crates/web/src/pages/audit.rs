//! The journal for the auditor.

use app::App;
use app::audit::{self, Filter, Journalled, Verdict};
use axum::http::StatusCode;
use jiff::civil::Date;
use kernel::error::ErrorCode;
use kernel::format::vi;
use kernel::partial_date::parse_date_input;
use pack::Content;

use super::asked::Asked;
use super::views::{address, office_name, role_name};
use super::workbench::{csv_file, csv_line};
use crate::failure::{Failure, PageResult, faults, show_with, status_of};
use crate::page::parts::{Fault, OptionView, StateView, Tone};
use crate::page::shell::{Area, Lang};
use crate::page::workbench::{AuditPage, AuditRow};
use crate::visit::Visit;

/// Events on one page.
const PAGE: usize = 50;
/// Events in one file at most.
const MOST_ROWS: usize = 5_000;
/// Up to so many events the whole chain is checked whenever the page is shown.
const CHECKED_ALWAYS: i64 = 5_000;
/// What happens beside the actions of procedures.
const KINDS: [(&str, &str); 20] = [
    ("submit", "Nộp hồ sơ"),
    ("rate", "Đánh giá"),
    ("exchange-answer", "Nhận trả lời của hệ thống khác"),
    ("searched", "Tra cứu sổ"),
    ("signed-in", "Đăng nhập"),
    ("sign-in-failed", "Đăng nhập không thành công"),
    ("locked", "Khóa tạm thời vì sai nhiều lần"),
    ("signed-out", "Đăng xuất"),
    ("password-changed", "Đổi mật khẩu"),
    ("code-confirmed", "Xác nhận mã trước khi ký"),
    ("second-factor-on", "Bật mã xác thực"),
    ("second-factor-off", "Tắt mã xác thực"),
    ("token-made", "Tạo mã truy cập"),
    ("token-ended", "Kết thúc mã truy cập"),
    ("account-made", "Lập tài khoản"),
    ("account-disabled", "Ngừng tài khoản"),
    ("account-unused", "Tự ngừng tài khoản lâu không dùng"),
    ("account-enabled", "Mở lại tài khoản"),
    ("law-review-made", "Rà soát văn bản"),
    ("law-finding-decided", "Quyết định về nội dung rà soát"),
];
const HEADINGS: [&str; 7] = ["Số", "Lúc", "Ai", "Việc", "Đối tượng", "Mục đích", "Mã băm"];

/// The filter as typed, and what is wrong with it.
struct Typed {
    filter: Filter,
    from: String,
    to: String,
    faults: Vec<Fault>,
}

impl Typed {
    fn of(asked: &Asked) -> Self {
        let mut faults = Vec::new();
        let (from, to) = (asked.text("tu").to_owned(), asked.text("den").to_owned());
        let mut day = |name: &str, text: &str| day(name, text, &mut faults);
        let filter = Filter {
            who: asked.text("nguoi").chars().take(100).collect(),
            object: asked.text("doi-tuong").chars().take(100).collect(),
            kind: asked.text("loai").to_owned(),
            from: day("tu", &from),
            to: day("den", &to),
        };
        if filter.from.zip(filter.to).is_some_and(|(from, to)| from > to) {
            faults.push(Fault {
                href: "#den".to_owned(),
                message: "Đến ngày phải cùng hoặc sau từ ngày. Hãy sửa lại khoảng ngày.".to_owned(),
            });
        }
        Self { filter, from, to, faults }
    }

    fn href(&self, more: &[(&str, &str)]) -> String {
        let mut pairs = vec![
            ("nguoi", self.filter.who.as_str()),
            ("doi-tuong", &self.filter.object),
            ("loai", &self.filter.kind),
            ("tu", &self.from),
            ("den", &self.to),
        ];
        pairs.extend(more);
        address("/can-bo/nhat-ky", &pairs)
    }
}

fn day(name: &str, text: &str, faults: &mut Vec<Fault>) -> Option<Date> {
    if text.is_empty() {
        return None;
    }
    match parse_date_input(text) {
        Ok(day) => Some(day),
        Err(problem) => {
            faults.push(Fault { href: format!("#{name}"), message: problem.message });
            None
        }
    }
}

/// `GET /can-bo/nhat-ky`; with `dang=csv` the same as a file.
pub(crate) async fn audit(asked: Asked, visit: Visit) -> PageResult {
    visit.officer()?;
    let (app, ctx) = (visit.app(), &visit.ctx);
    let mut typed = Typed::of(&asked);
    let is_file = asked.text("dang") == "csv";
    let before = asked.text("before").parse().ok();
    let size = if is_file { MOST_ROWS } else { PAGE };
    let journal = if typed.faults.is_empty() {
        match audit::list(app, ctx, &typed.filter, before, size).await {
            Ok(journal) => journal,
            Err(error) if error.code == ErrorCode::Invalid => {
                typed.faults = faults(&error);
                audit::Journal::default()
            }
            Err(error) => return Err(visit.fail(error)),
        }
    } else {
        audit::Journal::default()
    };
    let rows: Vec<AuditRow> = journal.rows.iter().map(|row| row_view(app, row)).collect();
    if is_file && typed.faults.is_empty() {
        return Ok(csv_file(&format!("nhat-ky-{}", ctx.now.date()), &lines(&rows)));
    }
    let (chain, is_checked) = chain(&visit, asked.has("kiem-tra")).await?;
    let next = journal.next.map(|seq| seq.to_string());
    let status =
        if typed.faults.is_empty() { StatusCode::OK } else { status_of(ErrorCode::Invalid) };
    let page = AuditPage {
        ui: visit.ui(Area::Audit),
        chain,
        verify_href: (!is_checked).then(|| typed.href(&[("kiem-tra", "1")])),
        kinds: kinds(app.content(), &typed.filter.kind),
        rows,
        next_href: next.map(|seq| typed.href(&[("before", &seq)])),
        export_href: typed.href(&[("dang", "csv")]),
        who: typed.filter.who.clone(),
        object: typed.filter.object.clone(),
        from: typed.from.clone(),
        to: typed.to.clone(),
        faults: typed.faults,
    };
    Ok(show_with(status, &page))
}

fn lines(rows: &[AuditRow]) -> Vec<String> {
    let mut lines = vec![csv_line(&HEADINGS)];
    lines.extend(rows.iter().map(|row| {
        let who = match row.office.as_str() {
            "" => row.who.clone(),
            office => format!("{} ({office})", row.who),
        };
        csv_line(&[&row.number, &row.at, &who, &row.what, &row.object, &row.purpose, &row.hash])
    }));
    lines
}

/// What the chain looks like, and whether that was found out now: a long one is checked only when
/// asked, since every link is read.
async fn chain(visit: &Visit, is_asked: bool) -> Result<(StateView, bool), Failure> {
    let (app, ctx) = (visit.app(), &visit.ctx);
    let length = visit.ok(audit::length(app, ctx).await)?;
    if !is_asked && length > CHECKED_ALWAYS {
        let text = format!("{} sự kiện, chưa kiểm tra lần này", vi::number(length));
        return Ok((StateView { text, tone: Tone::Plain }, false));
    }
    let verdict = visit.ok(audit::verify(app, ctx).await)?;
    Ok((chain_state(&verdict, &vi::moment(ctx.now)), true))
}

fn chain_state(verdict: &Verdict, at: &str) -> StateView {
    match &verdict.first_bad {
        None if verdict.ok => StateView {
            text: format!(
                "Chuỗi nguyên vẹn: {} bản ghi, kiểm tra lúc {at}",
                vi::number(verdict.events)
            ),
            tone: Tone::Done,
        },
        place => StateView {
            text: format!(
                "Chuỗi bị phá vỡ tại {}: báo ngay người quản trị hệ thống, kiểm tra lúc {at}",
                place.as_deref().unwrap_or("đầu chuỗi")
            ),
            tone: Tone::Late,
        },
    }
}

/// Kinds of event to choose from: what the program does, then the actions of the procedures.
fn kinds(content: &Content, chosen: &str) -> Vec<OptionView> {
    let option = |value: &str, label: &str| OptionView {
        value: value.to_owned(),
        label: label.to_owned(),
        selected: value == chosen,
    };
    let mut options = vec![option("", "Mọi việc")];
    options.extend(KINDS.map(|(kind, label)| option(kind, label)));
    for procedure in &content.procedures {
        for action in &procedure.workflow.actions {
            if options.iter().all(|known| known.value != action.id) {
                options.push(option(&action.id, &action.label.vi));
            }
        }
    }
    options
}

/// What happened, in words: of a dossier in those of the procedure that it keeps.
fn kind_text(app: &App, row: &Journalled) -> String {
    if let Some((_, label)) = KINDS.iter().find(|(known, _)| *known == row.kind) {
        return (*label).to_owned();
    }
    let procedure = app.version(&row.definition).ok();
    let action = procedure.as_ref().and_then(|procedure| procedure.workflow.action(&row.kind));
    action.map_or_else(|| row.kind.clone(), |action| action.label.vi.clone())
}

fn row_view(app: &App, row: &Journalled) -> AuditRow {
    let content = app.content();
    let office = row.offices.first().map(|(role, unit)| {
        format!("{}, {}", role_name(content, role, Lang::Vi), office_name(content, unit))
    });
    let (who, office) = match row.who.as_str() {
        "" => ("Hệ thống".to_owned(), String::new()),
        who => (who.to_owned(), office.unwrap_or_default()),
    };
    let object = match row.stream.as_str() {
        "register" => content
            .registers
            .get(&row.object)
            .map_or_else(|| row.object.clone(), |register| register.name.vi.clone()),
        _ => row.object.clone(),
    };
    let is_found = matches!(row.stream.as_str(), "dossier" | "account") && !object.is_empty();
    AuditRow {
        number: row.seq.to_string(),
        at: vi::moment(row.at),
        who,
        office,
        what: kind_text(app, row),
        object_href: is_found.then(|| address("/can-bo/nhat-ky", &[("doi-tuong", &object)])),
        object,
        purpose: row.reason.clone(),
        hash: row.hash.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_chain_is_said_with_its_place() {
        let broken = Verdict {
            ok: false,
            events: 16,
            first_bad: Some("event:17".to_owned()),
            reason: Some("content does not match its hash".to_owned()),
        };
        let state = chain_state(&broken, "09 giờ 00 ngày 22/11/2026");
        assert_eq!(state.tone, Tone::Late);
        assert!(state.text.contains("event:17"), "{}", state.text);
        let whole = Verdict { ok: true, events: 12_345, first_bad: None, reason: None };
        assert!(chain_state(&whole, "").text.contains("12.345 bản ghi"));
    }

    #[test]
    fn a_wrong_day_is_said_beside_its_box() {
        let mut faults = Vec::new();
        assert_eq!(day("tu", "31/02/2026", &mut faults), None);
        assert_eq!(faults[0].href, "#tu");
        assert_eq!(day("den", "", &mut faults), None);
        assert_eq!(faults.len(), 1);
    }
}
