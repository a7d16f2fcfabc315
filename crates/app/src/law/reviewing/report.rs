//! The report on a review, as an officer sends it on: what it says, and as a Word file.

use access::OpContext;
use document::docx::official::Column;
use document::docx::{
    self, Alignment, Block, DocxDocument, PageSetup, Paragraph, Run, Section, official,
};
use kernel::error::Result;
use kernel::format::vi;

use super::letter::lower_first;
use super::{
    Choice, Head, KeptFinding, Review, decision_text, head, kind_group, kind_text, letterhead,
    open, pieces, place_text, signature,
};
use crate::App;
use crate::documents::Download;

/// Media type of Word files.
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/// Size of the text in tables, in points.
const SMALL: f32 = 12.0;
/// Letters of a text shown in the report; the rest is in the review.
const MOST_LETTERS: usize = 2_500;

/// What the report says, whatever it is written as.
pub(super) struct Report {
    pub(super) head: Head,
    pub(super) subject: String,
    pub(super) opening: Vec<String>,
    /// Group, then found, accepted, rejected, left.
    pub(super) summary: Vec<(String, [usize; 4])>,
    pub(super) accepted: Vec<Item>,
    pub(super) rejected: Vec<Item>,
    pub(super) left: Vec<Item>,
    pub(super) ending: &'static str,
}

/// A text in pieces; those marked are the words that differ.
pub(super) type Pieces = Vec<(bool, String)>;

/// A finding in the report.
pub(super) struct Item {
    /// "Khoản 2 Điều 4: có thể trái với văn bản khác".
    pub(super) heading: String,
    /// The words of the draft.
    pub(super) draft: Pieces,
    /// What they are laid against: how it is called, and its words.
    pub(super) other: Option<(String, Pieces)>,
    /// Why it is shown.
    pub(super) reason: String,
    /// What to do.
    pub(super) advice: String,
    /// What the officer wrote.
    pub(super) note: String,
    /// "Để sau".
    pub(super) decision: &'static str,
}

/// Reads a review and puts its report together.
pub(super) async fn report(app: &App, ctx: &OpContext, id: i64) -> Result<(Review, Report)> {
    let review = open(app, ctx, id).await?;
    let head = head(app, &review.unit, ctx.now.date());
    let items = |choice: Choice| review.of_choice(choice).map(item).collect::<Vec<Item>>();
    let mut left = items(Choice::None);
    left.extend(items(Choice::Postponed));
    let report = Report {
        subject: format!("Kết quả rà soát, kiểm tra văn bản\n{}", review.title),
        opening: opening(&head, &review),
        summary: summary(&review.findings),
        accepted: items(Choice::Accepted),
        rejected: items(Choice::Rejected),
        left,
        ending: "Trên đây là kết quả rà soát, kiểm tra. Các nội dung nêu tại Báo cáo này là ý kiến để cơ quan \
                 soạn thảo nghiên cứu, tiếp thu hoặc giải trình theo quy định.",
        head,
    };
    Ok((review, report))
}

fn opening(head: &Head, review: &Review) -> Vec<String> {
    let count = |choice: Choice| review.of_choice(choice).count();
    vec![
        format!(
            "{} đã rà soát, kiểm tra văn bản “{}” (tệp {}), đối chiếu với các văn bản quy phạm pháp luật \
             trong cơ sở dữ liệu theo hiệu lực tại ngày {}.",
            head.agency,
            review.title,
            review.file_name,
            vi::date(review.day),
        ),
        format!(
            "Người rà soát: {}. Đã xem xét {} trên {} nội dung được phát hiện: đề nghị tiếp thu {} nội dung, \
             không chấp nhận {} nội dung, còn {} nội dung cần tiếp tục xem xét.",
            review.by,
            count(Choice::Accepted) + count(Choice::Rejected),
            review.findings.len(),
            count(Choice::Accepted),
            count(Choice::Rejected),
            count(Choice::None) + count(Choice::Postponed),
        ),
    ]
}

/// How many findings of each group, in the order in which a reviewer goes through a draft.
fn summary(findings: &[KeptFinding]) -> Vec<(String, [usize; 4])> {
    let groups = [
        "Căn cứ ban hành",
        "Viện dẫn văn bản",
        "Sự phù hợp với văn bản khác",
        "Hiệu lực của văn bản",
        "Thể thức, kỹ thuật trình bày",
    ];
    groups
        .iter()
        .map(|group| {
            let of_group = findings.iter().filter(|one| kind_group(one.found.kind) == *group);
            let mut counts = [0; 4];
            for finding in of_group {
                let place = match finding.choice {
                    Choice::Accepted => 1,
                    Choice::Rejected => 2,
                    Choice::None | Choice::Postponed => 3,
                };
                for (at, count) in counts.iter_mut().enumerate() {
                    *count += usize::from(at == 0 || at == place);
                }
            }
            ((*group).to_owned(), counts)
        })
        .collect()
}

fn item(finding: &KeptFinding) -> Item {
    let found = &finding.found;
    let place = vi::capitalised(&place_text(&found.place.address));
    let other =
        found.other.as_ref().filter(|other| !other.label.is_empty() || !other.text.is_empty());
    Item {
        heading: format!("{place}: {}", lower_first(kind_text(found.kind))),
        draft: shortened(pieces(&found.text, &found.marks)),
        other: other
            .map(|other| (finding.other_label(), shortened(pieces(&other.text, &other.marks)))),
        reason: found.reason.clone(),
        advice: found.advice.clone(),
        note: finding.decision().map(|decision| decision.reason.clone()).unwrap_or_default(),
        decision: decision_text(finding.choice),
    }
}

fn shortened(pieces: Pieces) -> Pieces {
    let mut left = MOST_LETTERS;
    let mut kept = Vec::new();
    for (is_marked, piece) in pieces {
        let length = piece.chars().count();
        if length > left {
            let start: String = piece.chars().take(left).collect();
            kept.push((is_marked, format!("{start} […]")));
            break;
        }
        left -= length;
        kept.push((is_marked, piece));
    }
    kept
}

/// The report as a Word file.
///
/// # Errors
/// `NotFound` when the review is not there for this officer.
pub async fn docx(app: &App, ctx: &OpContext, id: i64) -> Result<Download> {
    let (_, report) = report(app, ctx, id).await?;
    let bytes = super::on_a_thread(move || docx::write(&word(&report))).await??;
    Ok(Download { name: format!("bao-cao-ra-soat-{id}.docx"), mime: DOCX.to_owned(), bytes })
}

fn word(report: &Report) -> DocxDocument {
    let page = PageSetup::default();
    let mut blocks = vec![letterhead(&report.head, "Số:         /BC-………", &page)];
    blocks.extend(official::title("BÁO CÁO", &report.subject, &page));
    blocks
        .extend(report.opening.iter().map(|line| official::body(vec![Run::plain(line.as_str())])));
    blocks.push(official::heading(1, "I. TỔNG HỢP KẾT QUẢ"));
    blocks.push(small_gap());
    blocks.push(summary_table(report, &page));
    blocks.push(official::heading(1, "II. NỘI DUNG ĐỀ NGHỊ TIẾP THU, CHỈNH SỬA"));
    if report.accepted.is_empty() {
        blocks.push(official::body(vec![Run::plain("Không có.")]));
    }
    for (item, number) in report.accepted.iter().zip(1..) {
        accepted(item, number, &page, &mut blocks);
    }
    blocks.push(official::heading(1, "III. NỘI DUNG KHÔNG CHẤP NHẬN"));
    short_list(
        &report.rejected,
        "Lý do không chấp nhận",
        |item| item.note.clone(),
        &page,
        &mut blocks,
    );
    blocks.push(official::heading(1, "IV. NỘI DUNG CẦN TIẾP TỤC XEM XÉT"));
    let state = |item: &Item| match item.note.as_str() {
        "" => item.decision.to_owned(),
        note => format!("{}: {note}", item.decision),
    };
    short_list(&report.left, "Tình trạng", state, &page, &mut blocks);
    blocks.push(official::body(vec![Run::plain(format!("{}/.", report.ending))]));
    blocks.extend(signature(&["Cơ quan soạn thảo", "Lưu: VT, hồ sơ rà soát"], &page));
    let title = report.subject.replace('\n', ": ");
    DocxDocument { title, size: 14.0, sections: vec![Section { page, blocks }] }
}

fn small_gap() -> Block {
    let runs = vec![Run::plain(" ").sized(3.0)];
    Block::Paragraph(Paragraph { runs, keep_with_next: true, ..Paragraph::default() })
}

fn summary_table(report: &Report, page: &PageSetup) -> Block {
    let rest = page.text_width() - 12.0 - 4.0 * 23.0;
    let columns = [
        Column::centred("STT", 12.0),
        Column::left("Nhóm nội dung", rest),
        Column::centred("Phát hiện", 23.0),
        Column::centred("Chấp nhận", 23.0),
        Column::centred("Không chấp nhận", 23.0),
        Column::centred("Còn xem xét", 23.0),
    ];
    let mut rows: Vec<Vec<Vec<Run>>> = Vec::new();
    let mut sums = [0_usize; 4];
    for ((group, counts), number) in report.summary.iter().zip(1_usize..) {
        let mut row = vec![vec![Run::plain(number.to_string())], vec![Run::plain(group.as_str())]];
        for (sum, count) in sums.iter_mut().zip(counts) {
            *sum += count;
            row.push(vec![Run::plain(count.to_string())]);
        }
        rows.push(row);
    }
    let mut last = vec![Vec::new(), vec![Run::bold("Tổng cộng")]];
    last.extend(sums.iter().map(|sum| vec![Run::bold(sum.to_string())]));
    rows.push(last);
    official::table(&columns, rows, SMALL)
}

/// Both texts side by side, then reason, advice and note.
fn accepted(item: &Item, number: usize, page: &PageSetup, blocks: &mut Vec<Block>) {
    blocks.push(official::heading(2, &format!("{number}. {}", item.heading)));
    blocks.push(small_gap());
    let half = page.text_width() / 2.0;
    let columns =
        [Column::left("Nội dung dự thảo", half), Column::left("Nội dung đối chiếu", half)];
    let draft = if item.draft.is_empty() {
        vec![Run::italic("(Dự thảo không có nội dung này)")]
    } else {
        runs(&item.draft)
    };
    let other = match &item.other {
        None => vec![Run::italic("(Không có văn bản đối chiếu)")],
        Some((label, text)) => {
            let mut all = vec![Run::bold(label.as_str())];
            if !text.is_empty() {
                all.push(Run::plain("\n"));
                all.extend(runs(text));
            }
            all
        }
    };
    blocks.push(official::table(&columns, vec![vec![draft, other]], SMALL));
    for (label, text) in
        [("Lý do", &item.reason), ("Kiến nghị", &item.advice), ("Ý kiến người rà soát", &item.note)]
    {
        if !text.is_empty() {
            let label = Run::italic(format!("{label}: "));
            blocks.push(official::body(vec![label, Run::plain(text.as_str())]));
        }
    }
}

/// The words that differ in bold and underlined: that stays in a black and white print.
fn runs(pieces: &Pieces) -> Vec<Run> {
    let run = |(is_marked, text): &(bool, String)| Run {
        bold: *is_marked,
        underline: *is_marked,
        ..Run::plain(text.as_str())
    };
    pieces.iter().map(run).collect()
}

fn short_list(
    items: &[Item],
    last: &str,
    said: impl Fn(&Item) -> String,
    page: &PageSetup,
    blocks: &mut Vec<Block>,
) {
    if items.is_empty() {
        return blocks.push(official::body(vec![Run::plain("Không có.")]));
    }
    let rest = page.text_width() - 12.0;
    let columns = [
        Column { head: "STT", width: 12.0, alignment: Alignment::Centre },
        Column::left("Nội dung phát hiện", rest * 0.62),
        Column::left(last, rest * 0.38),
    ];
    let rows = items.iter().zip(1_usize..).map(|(item, number)| {
        let found =
            vec![Run::bold(format!("{}. ", item.heading)), Run::plain(item.reason.as_str())];
        vec![vec![Run::plain(number.to_string())], found, vec![Run::plain(said(item))]]
    });
    blocks.push(small_gap());
    blocks.push(official::table(&columns, rows.collect(), SMALL));
}
