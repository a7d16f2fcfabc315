//! Reviews of drafts (rà soát, kiểm tra văn bản): an officer hands in a draft, it is laid against the law of
//! a day, and each thing found waits for that officer's decision.
//!
//! What is found are candidates to look at, never verdicts. Every decision is an event of the chain, so that
//! an earlier one can be read after a later one.

mod letter;
mod paper;
mod report;
mod words;

use std::collections::BTreeMap;

use access::{Action, OpContext, Resource};
use document::reading::ReadOptions;
use jiff::civil::Date;
use kernel::error::{Error, Result};
use kernel::moment::Moment;
use kernel::problem::Problem;
use kernel::unit::UnitCode;
use law::model::{Doubt, LegalDocument};
use law::review::ReviewFinding;
use serde::{Deserialize, Serialize};
use store::accounts;
use store::events::{self, NewEvent};
use store::law::reviewing::{self, Decided, FindingRow, ReviewRow, Tally};

use super::read::read_within;
use super::{dates, on_a_thread};
use crate::App;
use crate::accounts::signed_in;

pub(super) use letter::{Head, head, letterhead, signature};
pub use paper::pdf;
pub use report::docx;
pub use words::{confidence_word, decision_text, kind_group, kind_text, place_text};

/// Stream of events of a review.
const STREAM: &str = "law-review";
/// Findings kept of one draft; a draft with more has been read wrongly.
const MOST_FINDINGS: usize = 400;
/// Letters of a title and of a reason.
const MOST_LETTERS: usize = 1_000;
/// Reviews on one page of the list.
const PAGE: usize = 40;

/// What an officer made of a finding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// Nothing yet.
    #[default]
    None,
    /// Put off.
    Postponed,
    /// The draft should be changed.
    Accepted,
    /// The draft may stay as it is.
    Rejected,
}

impl Choice {
    /// The name in the database and in forms.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Postponed => "postponed",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
        }
    }

    /// The choice of this name; nothing for a name that is none.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let all = [Self::None, Self::Postponed, Self::Accepted, Self::Rejected];
        all.into_iter().find(|choice| choice.name() == name)
    }
}

/// A decision that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What.
    pub choice: Choice,
    /// Why; may be empty.
    pub reason: String,
    /// Name of the officer.
    pub who: String,
    /// When.
    pub at: Moment,
}

/// A finding as it is kept.
#[derive(Clone, Debug)]
pub struct KeptFinding {
    /// Identifier.
    pub id: i64,
    /// Name of its kind: `basis-expired`.
    pub kind: String,
    /// What was found.
    pub found: ReviewFinding,
    /// What holds now.
    pub choice: Choice,
    /// All decisions, oldest first.
    pub decisions: Vec<Decision>,
    /// By what it is ordered: see [`weight`].
    pub weight: f64,
}

impl KeptFinding {
    /// Where the law that it is laid against can be read: `57-2020-qh14/dieu-4`, or the document alone.
    #[must_use]
    pub fn law_address(&self) -> Option<String> {
        let other = self.found.other.as_ref().filter(|other| !other.document.is_empty())?;
        let key = law::symbol::key(&other.document);
        let place = other.address.strip_prefix(&key).and_then(|rest| rest.strip_prefix('/'));
        let is_place = |place: &str| place.starts_with("dieu-");
        match place.or(Some(other.address.as_str())).filter(|place| is_place(place)) {
            Some(place) => Some(format!("{key}/{place}")),
            None => Some(key).filter(|key| !key.is_empty()),
        }
    }

    /// How what it is laid against is called, with its number; empty where it is laid against nothing.
    #[must_use]
    pub fn other_label(&self) -> String {
        let Some(other) = &self.found.other else { return String::new() };
        match (other.label.contains(&other.document), other.label.is_empty()) {
            (true, _) => other.label.clone(),
            (false, true) => other.document.clone(),
            (false, false) => format!("{} ({})", other.label, other.document),
        }
    }

    /// The decision that holds now.
    #[must_use]
    pub fn decision(&self) -> Option<&Decision> {
        self.decisions.last()
    }
}

/// A review with all that was found.
#[derive(Clone, Debug)]
pub struct Review {
    /// Identifier.
    pub id: i64,
    /// How the draft is called.
    pub title: String,
    /// Name of its file.
    pub file_name: String,
    /// SHA-256 of the file.
    pub hash: String,
    /// The unit whose review it is.
    pub unit: String,
    /// Name of the officer who asked for it.
    pub by: String,
    /// When.
    pub at: Moment,
    /// The law of this day.
    pub day: Date,
    /// What the reader of the file was unsure of.
    pub doubts: Vec<Doubt>,
    /// What was found, the undecided first, each part by weight.
    pub findings: Vec<KeptFinding>,
}

impl Review {
    /// The findings of a choice, in their order.
    pub fn of_choice(&self, choice: Choice) -> impl Iterator<Item = &KeptFinding> {
        self.findings.iter().filter(move |finding| finding.choice == choice)
    }
}

/// A review in the list.
#[derive(Clone, Debug)]
pub struct Line {
    /// Identifier.
    pub id: i64,
    /// How the draft is called.
    pub title: String,
    /// Name of its file.
    pub file_name: String,
    /// Its unit.
    pub unit: String,
    /// When it was made.
    pub at: Moment,
    /// The law of this day.
    pub day: Date,
    /// Findings.
    pub findings: usize,
    /// Of them undecided or put off.
    pub open: usize,
    /// Of them accepted.
    pub accepted: usize,
}

/// Which reviews are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words of the title or of the file's name.
    pub words: String,
    /// Only those with something undecided (`Some(true)`), or with nothing (`Some(false)`).
    pub open: Option<bool>,
}

/// Reviews of the reader's units, newest first.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    /// The reviews.
    pub lines: Vec<Line>,
    /// There are older ones that are not listed.
    pub has_more: bool,
}

/// How much a finding counts: its confidence by how often officers accepted findings of its kind, each kind
/// beginning as if it had been accepted once and rejected once.
#[must_use]
pub fn weight(confidence: f64, accepted: i64, rejected: i64) -> f64 {
    let (accepted, rejected) = (accepted.max(0) as f64, rejected.max(0) as f64);
    confidence.clamp(0.0, 1.0) * (accepted + 1.0) / (accepted + rejected + 2.0)
}

fn not_here() -> Error {
    Error::not_found(
        "Không tìm thấy lần rà soát này, hoặc ông/bà không được xem. Vui lòng mở lại danh sách rà soát.",
    )
}

/// Units whose drafts the officer reviews.
fn units(app: &App, ctx: &OpContext) -> Result<Vec<UnitCode>> {
    signed_in(ctx)?;
    let units = app.authorizer().units_where(ctx, Action::LawReview);
    if units.is_empty() {
        return Err(Error::forbidden(
            "Tài khoản này chưa được giao rà soát, kiểm tra văn bản. Nếu công việc cần đến, đề nghị \
             quản trị viên của đơn vị giao quyền.",
        ));
    }
    Ok(units)
}

/// May this officer use the lists and reviews at all?
///
/// # Errors
/// `Forbidden` when not, `Unauthenticated` when nobody is signed in.
pub fn require(app: &App, ctx: &OpContext) -> Result<()> {
    units(app, ctx).map(|_| ())
}

/// Reviews of the officer's units, newest first.
///
/// # Errors
/// `Forbidden` when the officer reviews no drafts.
pub async fn list(app: &App, ctx: &OpContext, filter: &Filter) -> Result<Listed> {
    /// Looked at in one read, so that a filter finds what lies further back.
    const LOOKED_AT: i64 = 2_000;
    let units = units(app, ctx)?;
    let mut rows = app
        .store()
        .read(move |tx| {
            let mut rows = Vec::new();
            for unit in &units {
                rows.extend(reviewing::of_unit(tx, unit.as_str(), i64::MAX, LOOKED_AT)?);
            }
            Ok(rows)
        })
        .await?;
    rows.sort_by_key(|row| std::cmp::Reverse(row.review.id));
    let words = kernel::text::tokens(&filter.words);
    let mut lines: Vec<Line> = rows
        .into_iter()
        .map(|row| Line {
            id: row.review.id,
            at: Moment::from_micros(row.review.created_at),
            day: dates::day(&row.review.day).unwrap_or(ctx.now.date()),
            title: row.review.title,
            file_name: row.review.file_name,
            unit: row.review.unit,
            findings: usize::try_from(row.findings).unwrap_or(0),
            open: usize::try_from(row.open).unwrap_or(0),
            accepted: usize::try_from(row.accepted).unwrap_or(0),
        })
        .filter(|line| filter.open.is_none_or(|open| (line.open > 0) == open))
        .filter(|line| {
            let has = kernel::text::tokens(&format!("{} {}", line.title, line.file_name));
            words.iter().all(|word| has.iter().any(|own| own.starts_with(word.as_str())))
        })
        .collect();
    let has_more = lines.len() > PAGE;
    lines.truncate(PAGE);
    Ok(Listed { lines, has_more })
}

/// A draft handed in.
#[derive(Clone, Debug, Default)]
pub struct NewDraft {
    /// Its name; when empty, what the draft says of itself.
    pub title: String,
    /// Name of the file as the officer has it.
    pub file_name: String,
    /// The law of this day; today when absent.
    pub day: Option<Date>,
    /// The file.
    pub bytes: Vec<u8>,
}

fn refuse(path: &str, message: impl Into<String>) -> Error {
    let message = message.into();
    let problem = Problem::new("law.review", path, message.clone());
    Error::invalid(message).with_problems(vec![problem])
}

/// Reads a draft, lays it against the law and keeps what was found; gives the identifier of the review.
///
/// # Errors
/// `Invalid` or `TooLarge` when the file cannot be read, saying how to go on; `Forbidden` when the officer
/// reviews no drafts.
pub async fn start(app: &App, ctx: &OpContext, draft: NewDraft) -> Result<i64> {
    let units = units(app, ctx)?;
    let unit = units.first().ok_or_else(not_here)?.clone();
    let account = signed_in(ctx)?.id.raw();
    let document = read_draft(app, &draft).await?;
    let day = draft.day.unwrap_or(ctx.now.date());
    let mut found = super::review(app.law(), document.clone(), day).await?;
    found.truncate(MOST_FINDINGS);
    let blob = app.blobs().put(draft.bytes).await?;
    let row = ReviewRow {
        id: app.next_id(),
        title: title_of(&draft.title, &draft.file_name, &document),
        file_name: file_name(&draft.file_name),
        blob,
        outline: serde_json::to_string(&document).map_err(Error::internal)?,
        unit: unit.as_str().to_owned(),
        created_by: account,
        created_at: ctx.now.micros(),
        day: day.to_string(),
        state: if found.is_empty() { "done" } else { "open" }.to_owned(),
    };
    let mut rows = Vec::with_capacity(found.len());
    for (finding, ordinal) in found.iter().zip(1..) {
        rows.push(finding_row(app.next_id(), row.id, ordinal, finding)?);
    }
    let id = row.id;
    let body = serde_json::json!({ "file": row.blob, "day": row.day, "findings": rows.len() });
    let (body, at) = (body.to_string(), ctx.now.micros());
    app.store()
        .write(move |tx| {
            reviewing::insert(tx, &row, &rows);
            let kind = "law-review-made";
            let event = NewEvent {
                at,
                stream: STREAM,
                stream_id: id,
                kind,
                actor: Some(account),
                body: &body,
            };
            events::append(tx, &event);
            Ok(())
        })
        .await?;
    Ok(id)
}

fn finding_row(id: i64, review: i64, ordinal: i64, finding: &ReviewFinding) -> Result<FindingRow> {
    Ok(FindingRow {
        id,
        review,
        ordinal,
        kind: words::kind_name(finding.kind),
        body: serde_json::to_string(finding).map_err(Error::internal)?,
        confidence: (finding.confidence.clamp(0.0, 1.0) * 1_000.0).round() as i64,
        decision: Choice::None.name().to_owned(),
        ..FindingRow::default()
    })
}

async fn read_draft(app: &App, draft: &NewDraft) -> Result<LegalDocument> {
    if draft.bytes.is_empty() {
        return Err(refuse(
            "tep",
            "Ông/bà chưa chọn tệp dự thảo. Hãy chọn tệp .docx, .pdf hoặc .txt.",
        ));
    }
    let limit = app.settings().upload_megabytes;
    if draft.bytes.len() > usize::try_from(limit).unwrap_or(0) * 1_000_000 {
        let message = format!(
            "Tệp lớn hơn {limit} MB. Ông/bà bỏ bớt hình ảnh trong tệp hoặc tách phụ lục ra rồi tải lên lại."
        );
        let problem = Problem::new("law.review", "tep", message.clone());
        return Err(Error::too_large(message).with_problems(vec![problem]));
    }
    let (bytes, clamav) = (draft.bytes.clone(), app.settings().clamav.clone());
    let read = on_a_thread(move || {
        if !clamav.is_empty() {
            document::clamav::scan(&clamav, &bytes)?;
        }
        let limits = ReadOptions {
            most_ocr_pages: 20,
            patience: std::time::Duration::from_secs(90),
            ..ReadOptions::default()
        };
        read_within(&bytes, &limits)
    });
    let read = read.await?.map_err(|error| {
        let problem = Problem::new("law.review", "tep", error.message.clone());
        error.with_problems(vec![problem])
    })?;
    if read.units.is_empty() && read.preamble.is_empty() && read.closing.is_empty() {
        return Err(refuse(
            "tep",
            "Không đọc được nội dung nào trong tệp. Ông/bà kiểm tra lại tệp, hoặc lưu sang .docx rồi tải lên lại.",
        ));
    }
    Ok(read)
}

/// What the officer calls it, else what it says of itself, else the name of its file.
fn title_of(given: &str, file_name: &str, document: &LegalDocument) -> String {
    let given = given.trim();
    let metadata = &document.metadata;
    let said: Vec<&str> =
        [&metadata.kind, &metadata.title].into_iter().flatten().map(String::as_str).collect();
    let title = match (given.is_empty(), metadata.title.is_some()) {
        (false, _) => given.to_owned(),
        (true, true) => said.join(" "),
        (true, false) => self::file_name(file_name),
    };
    one_line(&title, 300)
}

/// The officer's name for a file, without folders.
fn file_name(name: &str) -> String {
    let base = one_line(name.rsplit(['/', '\\']).next().unwrap_or_default(), 120);
    if base.is_empty() { "du-thao".to_owned() } else { base }
}

fn one_line(text: &str, most: usize) -> String {
    let plain: String =
        text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let line: Vec<&str> = plain.split_whitespace().collect();
    line.join(" ").chars().take(most).collect()
}

/// A review with everything found in it.
///
/// # Errors
/// `NotFound` when there is none, or it is another unit's.
pub async fn open(app: &App, ctx: &OpContext, id: i64) -> Result<Review> {
    let read = app
        .store()
        .read(move |tx| {
            let Some(row) = reviewing::by_id(tx, id)? else { return Ok(None) };
            let findings = reviewing::findings(tx, id)?;
            let story = events::of_stream(tx, STREAM, id)?;
            let tallies = reviewing::tallies(tx)?;
            let mut names = BTreeMap::new();
            let actors = story.iter().filter_map(|event| event.actor).chain([row.created_by]);
            for actor in actors {
                if let std::collections::btree_map::Entry::Vacant(place) = names.entry(actor) {
                    let account = accounts::by_id(tx, actor)?;
                    place.insert(account.map(|account| account.name).unwrap_or_default());
                }
            }
            Ok(Some((row, findings, story, tallies, names)))
        })
        .await?;
    let (row, findings, story, tallies, names) = read.ok_or_else(not_here)?;
    may_see(app, ctx, &row.unit)?;
    let mut decisions: BTreeMap<i64, Vec<Decision>> = BTreeMap::new();
    for event in story.iter().filter(|event| event.kind == DECIDED) {
        let Ok(told) = serde_json::from_str::<Told>(&event.body) else { continue };
        let who = event.actor.and_then(|actor| names.get(&actor).cloned()).unwrap_or_default();
        let at = Moment::from_micros(event.at);
        let decision = Decision { choice: told.decision, reason: told.reason, who, at };
        if let Ok(finding) = told.finding.parse() {
            decisions.entry(finding).or_default().push(decision);
        }
    }
    let mut kept = Vec::with_capacity(findings.len());
    for finding in findings {
        let own = decisions.remove(&finding.id).unwrap_or_default();
        kept.push(kept_finding(finding, own, &tallies)?);
    }
    kept.sort_by(|a, b| a.choice.cmp(&b.choice).then_with(|| b.weight.total_cmp(&a.weight)));
    let outline: LegalDocument = serde_json::from_str(&row.outline).map_err(Error::internal)?;
    Ok(Review {
        id: row.id,
        title: row.title,
        file_name: row.file_name,
        hash: row.blob,
        unit: row.unit,
        by: names.get(&row.created_by).cloned().unwrap_or_default(),
        at: Moment::from_micros(row.created_at),
        day: dates::day(&row.day).unwrap_or(ctx.now.date()),
        doubts: outline.doubts,
        findings: kept,
    })
}

fn kept_finding(
    row: FindingRow,
    decisions: Vec<Decision>,
    tallies: &[Tally],
) -> Result<KeptFinding> {
    let found: ReviewFinding = serde_json::from_str(&row.body).map_err(Error::internal)?;
    let tally = tallies.iter().find(|tally| tally.kind == row.kind);
    let (accepted, rejected) = tally.map_or((0, 0), |tally| (tally.accepted, tally.rejected));
    Ok(KeptFinding {
        id: row.id,
        weight: weight(found.confidence, accepted, rejected),
        kind: row.kind,
        found,
        choice: Choice::of(&row.decision).unwrap_or_default(),
        decisions,
    })
}

fn may_see(app: &App, ctx: &OpContext, unit: &str) -> Result<()> {
    signed_in(ctx)?;
    let unit: UnitCode = unit.parse().map_err(|_| Error::internal("a review without a unit"))?;
    let resource = Resource::Unit(&unit);
    app.authorizer().allow(ctx, Action::LawReview, &resource).require().map_err(|_| not_here())
}

const DECIDED: &str = "law-finding-decided";

/// What the event of a decision holds.
#[derive(Serialize, Deserialize)]
struct Told {
    finding: String,
    decision: Choice,
    reason: String,
}

/// Decides a finding; an earlier decision stays in the chain of events.
///
/// # Errors
/// `Invalid` when a rejection has no reason; `NotFound` when the review or the finding is not there for this
/// officer.
pub async fn decide(
    app: &App,
    ctx: &OpContext,
    review: i64,
    finding: i64,
    choice: Choice,
    reason: &str,
) -> Result<()> {
    let row = app.store().read(move |tx| reviewing::by_id(tx, review)).await?;
    may_see(app, ctx, &row.ok_or_else(not_here)?.unit)?;
    let reason: String = reason.trim().chars().take(MOST_LETTERS).collect();
    if choice == Choice::Rejected && reason.is_empty() {
        return Err(refuse(
            &format!("ly-do-{finding}"),
            "Hãy ghi lý do không chấp nhận, để người xem báo cáo hiểu vì sao dự thảo được giữ nguyên.",
        ));
    }
    if choice == Choice::None {
        return Err(Error::invalid("Hãy chọn Chấp nhận, Không chấp nhận hoặc Để sau."));
    }
    let (by, at) = (signed_in(ctx)?.id.raw(), ctx.now.micros());
    let told = Told { finding: finding.to_string(), decision: choice, reason };
    let body = serde_json::to_string(&told).map_err(Error::internal)?;
    app.store()
        .write(move |tx| {
            let (decision, reason) = (choice.name(), told.reason.as_str());
            let decided = Decided { review, finding, decision, reason, by, at };
            if !reviewing::decide(tx, &decided)? {
                return Err(not_here());
            }
            let (stream_id, actor) = (review, Some(by));
            let event =
                NewEvent { at, stream: STREAM, stream_id, kind: DECIDED, actor, body: &body };
            events::append(tx, &event);
            Ok(())
        })
        .await
}

/// A text in pieces, those between two marks being `true`. Marks that lie outside the text or within a letter
/// are left out.
#[must_use]
pub fn pieces(text: &str, marks: &[(usize, usize)]) -> Vec<(bool, String)> {
    let mut marks: Vec<(usize, usize)> = marks
        .iter()
        .copied()
        .filter(|(from, to)| from < to && text.get(*from..*to).is_some())
        .collect();
    marks.sort_unstable();
    let mut pieces = Vec::new();
    let mut at = 0;
    for (from, to) in marks {
        let from = from.max(at);
        if from >= to {
            continue;
        }
        for (is_marked, piece) in [(false, text.get(at..from)), (true, text.get(from..to))] {
            if let Some(piece) = piece.filter(|piece| !piece.is_empty()) {
                pieces.push((is_marked, piece.to_owned()));
            }
        }
        at = to;
    }
    if let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        pieces.push((false, rest.to_owned()));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_that_officers_accept_comes_before_one_that_they_reject() {
        assert_eq!(weight(0.8, 0, 0), 0.4, "one of each to begin with");
        assert!(weight(0.6, 9, 0) > weight(0.9, 0, 9));
        assert!(weight(0.9, 3, 3) > weight(0.8, 3, 3), "of one kind the surer first");
        assert!(weight(0.9, 4, 1) > weight(0.9, 1, 4));
        assert_eq!(weight(7.0, -3, 0), 0.5, "whatever is stored stays within bounds");
    }

    #[test]
    fn marked_words_are_cut_out_of_a_text_whatever_the_marks() {
        let text = "thời hạn 05 ngày làm việc";
        let days = text.find("05").unwrap();
        let whole: String = pieces(text, &[(days, days + 7)]).concat_text();
        assert_eq!(whole, text);
        assert_eq!(pieces(text, &[(days, days + 2)])[1], (true, "05".to_owned()));
        for marks in [vec![(0, 0)], vec![(9, 900)], vec![(2, 3)], vec![(0, 4), (1, 2), (0, 9)]] {
            assert_eq!(pieces(text, &marks).concat_text(), text, "{marks:?}");
        }
    }

    trait ConcatText {
        fn concat_text(&self) -> String;
    }
    impl ConcatText for Vec<(bool, String)> {
        fn concat_text(&self) -> String {
            self.iter().map(|(_, piece)| piece.as_str()).collect()
        }
    }
}
