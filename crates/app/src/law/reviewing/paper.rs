//! The report on a review as PDF, by the template of the content.

use access::OpContext;
use kernel::error::{Error, Result};
use serde_json::{Value, json};

use super::report::{Item, Pieces, Report, report};
use crate::App;
use crate::documents::Download;

/// The template's file.
const TEMPLATE: &str = "law-review.typ";

/// The report as PDF.
///
/// # Errors
/// `NotFound` when the review is not there for this officer; `Invalid` when a text of the draft has a letter
/// that the fonts of the house do not have.
pub async fn pdf(app: &App, ctx: &OpContext, id: i64) -> Result<Download> {
    let (_, report) = report(app, ctx, id).await?;
    let template = app
        .content()
        .template_path("", TEMPLATE)
        .ok_or_else(|| Error::internal(format!("template {TEMPLATE} is missing")))?;
    let (data, today, program) = (data(&report), ctx.now.date(), app.clone());
    let made = super::on_a_thread(move || {
        program.renderer().render(&template, &data, &[], today).map_err(|error| {
            Error::invalid(
                "Báo cáo có ký tự mà phông chữ của hệ thống chưa in được. Ông/bà tải bản Word (.docx) để dùng.",
            )
            .because(error)
        })
    });
    let bytes = made.await??;
    let mime = "application/pdf".to_owned();
    Ok(Download { name: format!("bao-cao-ra-soat-{id}.pdf"), mime, bytes })
}

fn data(report: &Report) -> Value {
    let summary =
        report.summary.iter().map(|(group, counts)| json!({ "group": group, "counts": counts }));
    let items = |items: &[Item]| items.iter().map(item).collect::<Vec<Value>>();
    json!({
        "office": {
            "name": report.head.agency_below(),
            "parent_name": report.head.parent_lines(),
        },
        "document": {
            "issued_place": report.head.place,
            "issued_on_text": report.head.day,
        },
        "subject": report.subject,
        "opening": report.opening,
        "summary": summary.collect::<Vec<Value>>(),
        "accepted": items(&report.accepted),
        "rejected": items(&report.rejected),
        "left": items(&report.left),
        "ending": report.ending,
    })
}

fn item(item: &Item) -> Value {
    let pieces = |pieces: &Pieces| {
        let piece = |(is_marked, text): &(bool, String)| json!({ "marked": is_marked, "text": printable(text) });
        pieces.iter().map(piece).collect::<Vec<Value>>()
    };
    let (label, text) = match &item.other {
        Some((label, text)) => (label.as_str(), pieces(text)),
        None => ("", Vec::new()),
    };
    json!({
        "heading": item.heading,
        "draft": pieces(&item.draft),
        "other_label": printable(label),
        "other": text,
        "reason": printable(&item.reason),
        "advice": printable(&item.advice),
        "note": printable(&item.note),
        "decision": item.decision,
    })
}

/// Without what no font prints: control letters, marks of direction, private letters.
fn printable(text: &str) -> String {
    let is_silent = |letter: char| {
        (letter.is_control() && letter != '\n')
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{ad}')
    };
    text.chars().filter(|letter| !is_silent(*letter)).collect()
}
