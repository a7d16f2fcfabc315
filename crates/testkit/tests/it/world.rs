//! Something of everything that a route can lead to, all of it the mother's: a registered birth with
//! its papers, a form being filled with a file.

use serde_json::{Value, json};
use testkit::people::{CHAIR, CLERK, MOTHER};
use testkit::{TestApp, files, forms, work};

/// The child whose name nobody else may read.
pub(crate) const CHILD: &str = "Huỳnh Gia Khuê";

/// What is there.
pub(crate) struct World {
    /// Code of the dossier.
    pub(crate) code: String,
    /// Its receipt.
    document: String,
    /// The file attached to it.
    upload: String,
    /// The entry that it wrote.
    entry: String,
    /// The API token of its owner.
    token: String,
    /// The form being filled.
    draft: String,
    /// The file attached to that.
    draft_upload: String,
    /// A review of a draft by her commune's civil-status officer, and a finding of it.
    review: i64,
    finding: i64,
}

impl World {
    /// Makes it.
    pub(crate) async fn new(app: &TestApp) -> Self {
        let upload = work::attach(app, MOTHER, forms::BIRTH, "birth_certificate_paper").await;
        let mut answers = forms::birth(CHILD, "2026-08-20");
        answers["birth_certificate_paper"] = json!([upload]);
        let code = work::file(app, MOTHER, forms::BIRTH, &answers).await;
        work::bring_birth_to_signing(app, &code).await;
        work::act(app, CHAIR, &code, "sign", &json!({})).await;
        app.run_pending_jobs().await;
        let dossier = work::dossier(app, CLERK, &code).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let (draft, draft_upload) = begun(app).await;
        let tokens = app.api(MOTHER).await.get("/api/v1/tokens").await.expect(200).json();
        let (review, finding) = reviewed(app).await;
        Self {
            review,
            finding,
            token: text(&tokens["items"][0]["id"]),
            document: text(&dossier["documents"][0]["id"]),
            entry: text(&dossier["entry"]["entry"]),
            code,
            upload,
            draft,
            draft_upload,
        }
    }

    /// The address of a route, its parameters leading to what is there.
    pub(crate) fn path(&self, route: &str) -> String {
        let upload = if route.starts_with("/nhap/") { &self.draft_upload } else { &self.upload };
        let procedure =
            if route.starts_with("/api/v1/procedures") { "1.001193" } else { &self.code };
        let file = if route.starts_with("/don-vi") { "82.json" } else { "app.css" };
        let path = route
            .replace("{slug}", forms::BIRTH)
            .replace("{code}", procedure)
            .replace("{draft}", &self.draft)
            .replace("{section}", "child-part")
            .replace("{upload}", upload)
            .replace("{document}", &self.document)
            .replace("{action}", "deliver")
            .replace("{register}", "birth")
            .replace("{entry}", &self.entry)
            .replace("{token}", &self.token)
            .replace("{review}", &self.review.to_string())
            .replace("{finding}", &self.finding.to_string())
            .replace("{key}", "12-2026-qd-ubnd")
            .replace("{*path}", "dieu-1")
            .replace("{file}", file);
        // Registers say nothing without a reason; the number finds the entry.
        let query = match route {
            "/theo-doi" => format!("?ma={}", self.code),
            "/tim" => "?q=khai%20sinh".to_owned(),
            _ if route.starts_with("/api/v1/registers") => {
                "?q=1%2F2026&reason=kiem%20tra%20so".to_owned()
            }
            _ if route.contains("{register}") => {
                "?q=1%2F2026&muc-dich=doi-chieu&ly-do=kiem%20tra%20so".to_owned()
            }
            "/api/v1/files" => {
                format!("?procedure={}&field=birth_certificate_paper&name=a.jpg", forms::BIRTH)
            }
            _ => String::new(),
        };
        path + &query
    }

    /// What must not change, however many strangers try.
    pub(crate) async fn state(&self, app: &TestApp) -> (Value, u16) {
        let dossier = work::dossier(app, MOTHER, &self.code).await;
        let mut mother = app.signed_in(MOTHER).await;
        let path = format!("/nhap/{}/tep/{}", self.draft, self.draft_upload);
        (dossier, mother.get_only(&path).await.status)
    }
}

async fn reviewed(app: &TestApp) -> (i64, i64) {
    let ctx = app.context(CLERK).await;
    let draft = app::law::reviewing::NewDraft {
        file_name: "du-thao.txt".to_owned(),
        bytes: "QUYẾT ĐỊNH\nVề giờ họp chợ\nĐiều 1. Giờ họp chợ\nChợ họp từ 05 giờ.\n".into(),
        ..Default::default()
    };
    let id = app::law::reviewing::start(app.app(), &ctx, draft).await.unwrap();
    let review = app::law::reviewing::open(app.app(), &ctx, id).await.unwrap();
    (id, review.findings[0].id)
}

async fn begun(app: &TestApp) -> (String, String) {
    let mut mother = app.signed_in(MOTHER).await;
    let page = mother.get("/thu-tuc/birth-registration").await.expect(200);
    let first = mother.send(&page, &page.form("/bat-dau")).await.expect(200);
    let draft = first.path.split('/').nth(2).unwrap().to_owned();
    let child = mother.get(&format!("/nhap/{draft}/child-part")).await.expect(200);
    let mut answers = forms::birth(CHILD, "2026-08-20");
    answers.as_object_mut().unwrap().remove("birth_certificate_number");
    let _ = mother.answer(&child, &answers).await.expect(200);
    let papers = mother.get(&format!("/nhap/{draft}/papers-part")).await.expect(200);
    let form = papers.form_with("luu-sau");
    let form = form.with_file("tep.birth_certificate_paper", "anh.jpg", files::photograph(9));
    let _ = mother.send(&papers, &form).await.expect(200);
    let papers = mother.get(&format!("/nhap/{draft}/papers-part")).await.expect(200);
    let upload = papers.link("/tep/").rsplit('/').next().unwrap().to_owned();
    (draft, upload)
}
