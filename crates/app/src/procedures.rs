//! Finding a procedure.

use std::sync::Arc;

use access::OpContext;
use kernel::error::{Error, Result};
use pack::model::Procedure;

use crate::App;

/// Procedures that fit the words, the best first; all of them when there are no words.
#[must_use]
pub fn search(app: &App, ctx: &OpContext, words: &str, limit: usize) -> Vec<Arc<Procedure>> {
    let today = ctx.now.date();
    if words.trim().is_empty() {
        return in_force(app, ctx).into_iter().take(limit).collect();
    }
    app.content()
        .search_procedures(words, limit)
        .into_iter()
        // Found by the words of its latest version, which may be one to come.
        .filter_map(|found| app.content().procedure_on(&found.code, today))
        .cloned()
        .collect()
}

/// The procedures in force today, the commonest first, then by name.
#[must_use]
pub fn in_force(app: &App, ctx: &OpContext) -> Vec<Arc<Procedure>> {
    let today = ctx.now.date();
    let mut list: Vec<Arc<Procedure>> = app
        .content()
        .procedures
        .iter()
        .filter(|procedure| is_in_force(procedure, today))
        .cloned()
        .collect();
    list.sort_by_cached_key(|procedure| {
        let rank = procedure.common_rank.unwrap_or(u32::MAX);
        (rank, kernel::text::fold(&procedure.name.vi).to_string())
    });
    list
}

fn is_in_force(procedure: &Procedure, day: jiff::civil::Date) -> bool {
    procedure.valid_from <= day && procedure.valid_to.is_none_or(|last| day <= last)
}

/// The version in force today of the procedure with this code or name in addresses.
///
/// # Errors
/// `NotFound` when there is none.
pub fn find(app: &App, ctx: &OpContext, code_or_slug: &str) -> Result<Arc<Procedure>> {
    app.content().procedure_on(code_or_slug, ctx.now.date()).cloned().ok_or_else(|| {
        Error::not_found(
            "Không tìm thấy thủ tục này, hoặc thủ tục không còn hiệu lực. Ông/bà vui lòng tìm theo \
             tên công việc cần làm.",
        )
    })
}
