//! Makes the parts of the program and puts them together.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use access::Authorizer;
use access::password::{Cost, PasswordHasher};
use access::policy::PolicyText;
use app::law::{Corpus, Guides};
use app::{App, AppParts, Settings};
use document::pdf::Renderer;
use exchange::{NotConnected, PopulationDatabase};
use kernel::error::{Error, Result};
use kernel::unit::UnitCode;
use pack::{Content, PackProblem, Source};
use signing::MasterKey;
use store::blobs::Blobs;
use store::{Store, StoreConfig};

use crate::clock::SystemClock;

/// Where an installation lives.
pub(crate) struct Place {
    /// Data folder.
    pub(crate) data: PathBuf,
    /// Content folder.
    pub(crate) content: PathBuf,
    /// Address of a PostgreSQL database; SQLite in the data folder when absent.
    pub(crate) database: Option<String>,
}

impl Place {
    pub(crate) fn store_config(&self) -> StoreConfig {
        match &self.database {
            Some(url) => StoreConfig::Postgres { url: url.clone() },
            None => StoreConfig::in_folder(&self.data),
        }
    }
}

/// Content that is sound, or everything that is wrong with it.
pub(crate) fn load_content(folder: &Path) -> Result<(Source, Content), Vec<PackProblem>> {
    let fault = |error: std::io::Error| {
        vec![PackProblem {
            file: folder.display().to_string(),
            line: 1,
            column: 1,
            severity: kernel::Severity::Error,
            code: "folder".to_owned(),
            message: format!("Không đọc được thư mục nội dung: {error}"),
        }]
    };
    let source = Source::from_dir(folder).map_err(fault)?;
    let (content, problems) = pack::load(&source);
    match content {
        Some(content) => Ok((source, content)),
        None => Err(problems),
    }
}

/// The parts of the program at a place, put together.
pub(crate) async fn start(place: &Place, settings: Settings) -> Result<App> {
    std::fs::create_dir_all(&place.data)
        .map_err(|error| Error::internal(format!("{}: {error}", place.data.display())))?;
    let (source, mut content) = load_content(&place.content).map_err(|problems| {
        for problem in problems.iter().filter(|problem| problem.is_error()) {
            tracing::error!("{problem}");
        }
        Error::invalid("Nội dung (content) còn lỗi nên chưa chạy được; xem các dòng trên.")
    })?;
    let authorizer = authorizer(&content)?;
    // Only the renderer needs the fonts.
    let fonts = std::mem::take(&mut content.fonts);
    let renderer = Renderer::new(content.templates.clone(), fonts)?;
    let population = population(place, &source, &content)?;
    let (store, node) = (Store::open(place.store_config())?, node()?);
    let guides = Guides::read(&place.content.join("national/law"))?;
    let parts = AppParts {
        law: Corpus::new(store.clone(), &place.data, node, guides),
        store,
        blobs: Blobs::open(place.data.join("blobs"))?,
        authorizer,
        renderer,
        population,
        master_key: master_key(&place.data)?,
        clock: Arc::new(SystemClock),
        hasher: PasswordHasher::new(Cost::STANDARD)?,
        settings,
        node,
        content: Arc::new(content),
    };
    App::start(parts).await
}

/// Who may do what, by the policies of the content.
pub(crate) fn authorizer(content: &Content) -> Result<Authorizer> {
    let policies = [PolicyText { path: "policies", text: &content.policies }];
    let schema = PolicyText { path: "policies/schema.cedarschema", text: &content.policy_schema };
    let authorizer = Authorizer::new(&policies, schema).map_err(|problems| {
        for problem in &problems {
            tracing::error!("{}:{}: {}", problem.file, problem.line, problem.message);
        }
        Error::invalid("Chính sách phân quyền còn lỗi nên chưa chạy được; xem các dòng trên.")
    })?;
    let communes = content.units.communes().iter();
    let pairs: Vec<(UnitCode, UnitCode)> =
        communes.map(|commune| (commune.code.clone(), commune.province.clone())).collect();
    Ok(authorizer.with_provinces(pairs))
}

/// The population database: until a real connector is configured, its simulator where the content has
/// invented people, else none.
fn population(
    place: &Place,
    source: &Source,
    content: &Content,
) -> Result<Arc<dyn PopulationDatabase>> {
    let text =
        source.bytes("demo/residents.toml").and_then(|bytes| std::str::from_utf8(bytes).ok());
    let Some(text) = text else {
        tracing::warn!(
            "no population database is connected: forms are not filled in advance, and checks against \
             it stay unknown"
        );
        return Ok(Arc::new(NotConnected));
    };
    tracing::warn!("the population database is played by a simulator with invented people");
    let residents = simulator::DemoResidents::from_toml(text)?;
    let places = content.units.communes().iter().map(simulator::Place::new);
    let folder = place.data.join("simulator");
    let population = simulator::Population::open(Some(&folder), residents, places)?;
    Ok(Arc::new(population))
}

/// The master key: from the environment, else a file of the data folder, made at first use.
fn master_key(data: &Path) -> Result<MasterKey> {
    if let Ok(hex) = std::env::var("TUPHAP_MASTER_KEY") {
        return MasterKey::from_hex(hex.trim());
    }
    let path = data.join("master.key");
    match path.try_exists() {
        Ok(true) => MasterKey::from_file(&path),
        Ok(false) => MasterKey::create_file(&path),
        Err(error) => Err(Error::internal(format!("{}: {error}", path.display()))),
    }
}

/// A number for this process, so that two processes on one database make different identifiers. A
/// clash would be refused by the database, never silently kept.
pub(crate) fn node() -> Result<u16> {
    let mut bytes = [0; 2];
    getrandom::getrandom(&mut bytes).map_err(Error::internal)?;
    Ok(u16::from_be_bytes(bytes) % 1_024)
}
