//! Who looked at my data: every read of personal data is logged with its purpose, and the person
//! concerned sees the list (Law 91/2025 on personal data protection, article 4).

use access::{Action, OpContext, Resource};
use kernel::error::Result;
use kernel::moment::Moment;
use store::{accounts, dossiers, events};

use crate::App;
use crate::accounts::signed_in;

/// One read of one's data.
#[derive(Clone, Debug)]
pub struct Access {
    /// When.
    pub at: Moment,
    /// Who.
    pub who: String,
    /// In which offices, as role ids with unit codes.
    pub offices: Vec<(String, String)>,
    /// What was read: `dossier`, `entry`, `document` or `population`.
    pub record: String,
    /// Code of the dossier, if it was one.
    pub dossier_code: Option<String>,
    /// Is that dossier one that the person filed?
    pub own_dossier: bool,
    /// Why.
    pub purpose: String,
}

/// The reads of the data of the person who asks, newest first; their own reads are left out.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in.
pub async fn reads_about_me(app: &App, ctx: &OpContext, limit: i64) -> Result<Vec<Access>> {
    let account = signed_in(ctx)?;
    app.authorizer().allow(ctx, Action::AccountOwn, &Resource::Account(account.id)).require()?;
    let own = account.id.raw();
    let person = account
        .person_number
        .as_ref()
        .map_or_else(|| format!("account:{}", account.id), |number| number.as_str().to_owned());
    app.store()
        .read(move |tx| {
            let mut list = Vec::new();
            for row in events::reads_about(tx, &person, limit)? {
                if row.actor == own {
                    continue;
                }
                let offices = accounts::roles(tx, row.actor)?
                    .into_iter()
                    .map(|role| (role.role, role.unit))
                    .collect();
                let dossier = match row.record.as_str() {
                    "dossier" => dossiers::by_id(tx, row.record_id)?.map(|(row, _)| row),
                    _ => None,
                };
                list.push(Access {
                    at: Moment::from_micros(row.at),
                    who: row.actor_name,
                    offices,
                    record: row.record,
                    own_dossier: dossier.as_ref().is_some_and(|row| row.applicant == own),
                    dossier_code: dossier.map(|row| row.code),
                    purpose: row.purpose,
                });
            }
            Ok(list)
        })
        .await
}
