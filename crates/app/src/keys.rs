//! Signing keys: sealed in the database, opened for the one signature that needs them.
//!
//! An installation begins with a certificate authority of its own, which nobody outside trusts. Keys
//! that a recognised authority certified are kept in the same way.

use kernel::error::{Error, Result};
use kernel::id::AccountId;
use kernel::moment::Moment;
use signing::ca::{Authority, Subject};
use signing::qr::{TrustedKey, TrustedKeys};
use signing::{Certificate, SigningKey};
use store::{Tx, settings};

use crate::App;

const ROOT_CERTIFICATE: &str = "trust:root-certificate";
const ISSUING_KEY: &str = "key:issuing";
const PAPER_KEY: &str = "key:paper";
const TRUSTED_PAPER_KEYS: &str = "trust:paper-keys";

fn officer_key(account: i64) -> String {
    format!("key:account:{account}")
}

fn text(sealed: &[u8]) -> String {
    access::encoding::base64url(sealed)
}

/// A key read from the settings.
fn read_key(app: &App, tx: &mut Tx<'_>, name: &str) -> Result<Option<SigningKey>> {
    let Some(sealed) = settings::get(tx, name)? else {
        return Ok(None);
    };
    let sealed = access::encoding::read_base64url(&sealed)
        .ok_or_else(|| Error::internal(format!("{name} cannot be read")))?;
    SigningKey::open(app.master_key(), name, &sealed).map(Some)
}

/// The key with which an officer signs.
///
/// # Errors
/// `Forbidden` when the officer has none.
pub(crate) async fn of_officer(app: &App, account: AccountId) -> Result<SigningKey> {
    let name = officer_key(account.raw());
    find(app, name).await?.ok_or_else(|| {
        Error::forbidden(
            "Tài khoản này chưa được cấp chứng thư chữ ký số nên chưa ký được. Ông/bà liên hệ người \
             quản trị của cơ quan để được cấp.",
        )
    })
}

/// The key that signs the codes on papers.
///
/// # Errors
/// `Internal` when the installation was not set up.
pub(crate) async fn of_papers(app: &App) -> Result<SigningKey> {
    let name = PAPER_KEY.to_owned();
    find(app, name).await?.ok_or_else(|| Error::internal("no key for codes on papers"))
}

async fn find(app: &App, name: String) -> Result<Option<SigningKey>> {
    let for_thread = app.clone();
    app.store().read(move |tx| read_key(&for_thread, tx, &name)).await
}

/// The keys by which anybody can check a code on paper.
///
/// # Errors
/// When the database cannot be read.
pub async fn trusted_paper_keys(app: &App) -> Result<TrustedKeys> {
    let json = app.store().read(|tx| settings::get(tx, TRUSTED_PAPER_KEYS)).await?;
    json.map_or_else(|| Ok(TrustedKeys::default()), |json| TrustedKeys::from_json(&json))
}

/// The certificate at the top of the trust in signatures, as PEM.
///
/// # Errors
/// When the database cannot be read.
pub async fn root_certificate(app: &App) -> Result<Option<String>> {
    app.store().read(|tx| settings::get(tx, ROOT_CERTIFICATE)).await
}

/// The certificates from which trust starts.
pub(crate) async fn roots(app: &App) -> Result<Vec<Certificate>> {
    match root_certificate(app).await? {
        Some(pem) => Ok(vec![Certificate::from_pem(&pem)?]),
        None => Ok(Vec::new()),
    }
}

/// Makes a certificate authority of our own and the key for codes on papers, unless they are there;
/// true when they were made now. `kind` stands in the authority's name: `trình diễn`, `tự lập`.
///
/// # Errors
/// When the database cannot be written.
pub(crate) async fn make_authority(
    app: &App,
    kind: &str,
    department: &str,
    now: Moment,
) -> Result<bool> {
    if root_certificate(app).await?.is_some() {
        return Ok(false);
    }
    let name = |common: &str| Subject {
        common_name: common.to_owned(),
        organisation: department.to_owned(),
        ..Subject::default()
    };
    let root = Authority::new_root(&name(&format!("CA gốc {kind} Tư pháp số")), now, 20)?;
    let issuing = root.new_issuing(&name(&format!("CA cấp phát {kind} Tư pháp số")), now, 10)?;
    let paper = issuing.issue(&name(department), now, 3_650)?;
    let mut trusted = TrustedKeys::default();
    trusted.add(TrustedKey::of(paper.certificate())?)?;
    let master = app.master_key();
    let rows = vec![
        (ROOT_CERTIFICATE.to_owned(), root.certificate().to_pem()?),
        (ISSUING_KEY.to_owned(), text(&issuing.key().seal(master, ISSUING_KEY)?)),
        (PAPER_KEY.to_owned(), text(&paper.seal(master, PAPER_KEY)?)),
        (TRUSTED_PAPER_KEYS.to_owned(), trusted.to_json()?),
    ];
    app.store()
        .write(move |tx| {
            // Another process may have been first: keys of two authorities must not be mixed.
            if settings::get(tx, ROOT_CERTIFICATE)?.is_some() {
                return Ok(false);
            }
            for (name, value) in rows {
                settings::set(tx, &name, &value);
            }
            Ok(true)
        })
        .await
}

/// Gives an officer a key and a certificate of our own authority.
///
/// # Errors
/// When the authority was not made.
pub(crate) async fn issue(
    app: &App,
    account: AccountId,
    subject: &Subject,
    now: Moment,
) -> Result<()> {
    let issuing = find(app, ISSUING_KEY.to_owned())
        .await?
        .ok_or_else(|| Error::internal("no certificate authority"))?;
    let key = Authority::from_key(issuing).issue(subject, now, 730)?;
    let name = officer_key(account.raw());
    let sealed = text(&key.seal(app.master_key(), &name)?);
    app.store().write(move |tx| Ok(settings::set(tx, &name, &sealed))).await
}
