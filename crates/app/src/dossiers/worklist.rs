//! Lists of dossiers.

use crate::App;
use crate::accounts::signed_in;
use access::Action;
use access::OpContext;
use kernel::error::Error;
use kernel::error::Result;
use kernel::moment::Moment;
use kernel::unit::UnitCode;
use pack::model::Procedure;
use std::sync::Arc;
use store::dossiers;
use store::dossiers::DossierRow;
use store::dossiers::Place;

/// One's own dossiers, newest first; `before` is the identifier of the last one seen.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in.
pub async fn mine(
    app: &App,
    ctx: &OpContext,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<(DossierRow, Arc<Procedure>)>> {
    let account = signed_in(ctx)?.id.raw();
    let before = before.unwrap_or(i64::MAX);
    let rows =
        app.store().read(move |tx| dossiers::of_applicant(tx, account, before, limit)).await?;
    with_procedures(app, rows)
}

pub(super) fn with_procedures(
    app: &App,
    rows: Vec<DossierRow>,
) -> Result<Vec<(DossierRow, Arc<Procedure>)>> {
    rows.into_iter()
        .map(|row| {
            let procedure = app.version(&row.definition)?;
            Ok((row, procedure))
        })
        .collect()
}

/// Which dossiers a worklist shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkView {
    /// Those that wait for one of my roles.
    Mine,
    /// Those of them that are late.
    Late,
    /// Those of them that are due today.
    DueToday,
    /// All of my units in this state: `working`, `waiting-applicant`, `waiting-signature`, `done` …
    State(String),
    /// All of my units that are not over.
    Open,
}

/// A worklist page, the soonest due first.
///
/// # Errors
/// `Forbidden` when the account has no worklist.
pub async fn worklist(
    app: &App,
    ctx: &OpContext,
    view: WorkView,
    unit: Option<UnitCode>,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<(DossierRow, Arc<Procedure>)>> {
    let units = work_units(app, ctx, unit)?;
    let roles = work_roles(ctx);
    let after = after.unwrap_or(Place::START);
    let before = due_before(&view, ctx.now);
    let rows = app
        .store()
        .read(move |tx| {
            let mut rows = Vec::new();
            match &view {
                WorkView::Mine | WorkView::Late | WorkView::DueToday => {
                    for (role, unit) in &roles {
                        if units.contains(unit) {
                            rows.extend(dossiers::by_owner(tx, unit, role, after, limit)?);
                        }
                    }
                }
                WorkView::State(state) => {
                    for unit in &units {
                        rows.extend(dossiers::by_state(tx, unit, state, after, limit)?);
                    }
                }
                WorkView::Open => {
                    for unit in &units {
                        for state in ["working", "waiting-applicant", "waiting-signature"] {
                            rows.extend(dossiers::by_state(tx, unit, state, after, limit)?);
                        }
                    }
                }
            }
            rows.retain(|row| before.is_none_or(|before| row.due_at < before));
            rows.sort_by_key(|row| (row.due_at, row.id));
            rows.truncate(usize::try_from(limit).unwrap_or(0));
            Ok(rows)
        })
        .await?;
    with_procedures(app, rows)
}

/// Only rows due before this moment belong to the view; no bound where also those without a running
/// clock do, which have no due moment and come last.
pub(super) fn due_before(view: &WorkView, now: Moment) -> Option<i64> {
    match view {
        WorkView::Late => Some(now.micros()),
        WorkView::DueToday => Some(end_of_day(now)),
        WorkView::Mine | WorkView::State(_) | WorkView::Open => None,
    }
}

pub(super) fn end_of_day(now: Moment) -> i64 {
    Moment::start_of(now.date()).plus_days(1).micros()
}

/// How many dossiers each view holds, for the left side of the workbench.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WorkCounts {
    /// Wait for one of my roles.
    pub mine: i64,
    /// Late.
    pub late: i64,
    /// Due today, the late ones included.
    pub due_today: i64,
    /// Wait for the applicant.
    pub waiting_applicant: i64,
    /// Wait for a signature.
    pub waiting_signature: i64,
}

/// Counts for the views of the worklist.
///
/// # Errors
/// `Forbidden` when the account has no worklist.
pub async fn work_counts(app: &App, ctx: &OpContext) -> Result<WorkCounts> {
    let units = work_units(app, ctx, None)?;
    let roles = work_roles(ctx);
    let (now, tomorrow) = (ctx.now.micros(), end_of_day(ctx.now));
    app.store()
        .read(move |tx| {
            let mut counts = WorkCounts::default();
            for (role, unit) in &roles {
                if units.contains(unit) {
                    counts.mine += dossiers::count_by_owner(tx, unit, role, i64::MAX)?;
                    counts.late += dossiers::count_by_owner(tx, unit, role, now)?;
                    counts.due_today += dossiers::count_by_owner(tx, unit, role, tomorrow)?;
                }
            }
            for unit in &units {
                counts.waiting_applicant +=
                    dossiers::count_by_state(tx, unit, "waiting-applicant")?;
                counts.waiting_signature +=
                    dossiers::count_by_state(tx, unit, "waiting-signature")?;
            }
            Ok(counts)
        })
        .await
}

pub(super) fn work_units(
    app: &App,
    ctx: &OpContext,
    only: Option<UnitCode>,
) -> Result<Vec<String>> {
    signed_in(ctx)?;
    let mut units = app.authorizer().units_where(ctx, Action::DossierList);
    if let Some(only) = only {
        units.retain(|unit| *unit == only);
    }
    if units.is_empty() {
        return Err(Error::forbidden(
            "Tài khoản này chưa được giao xử lý hồ sơ ở đơn vị nào. Ông/bà liên hệ người quản trị \
             của cơ quan.",
        ));
    }
    Ok(units.into_iter().map(|unit| unit.to_string()).collect())
}

/// The offices held today: role and unit.
pub(super) fn work_roles(ctx: &OpContext) -> Vec<(String, String)> {
    ctx.bindings_in_force()
        .map(|binding| (binding.role.clone(), binding.unit.to_string()))
        .collect()
}
