//! What `tuphap demo` tells whoever started it.

use std::fmt::Write;
use std::path::Path;

use app::App;
use kernel::error::Result;
use pack::demo::DemoAccountKind;

/// Who can sign in, and where.
pub(crate) fn greeting(app: &App, address: &str) -> String {
    let content = app.content();
    let mut text = format!(
        "\nTư pháp số – bản trình diễn, mọi nhân vật đều hư cấu.\n\
         Mở http://{address} trong trình duyệt. Người đăng nhập được:\n\n"
    );
    for account in &content.demo_accounts.accounts {
        let role = match account.kind {
            DemoAccountKind::Citizen => "Công dân".to_owned(),
            DemoAccountKind::Officer => {
                let held = account.roles.first();
                let role = held.and_then(|held| content.roles.get(&held.role));
                let unit = held.and_then(|held| content.offices.get(&held.unit));
                let role = role.map_or("Cán bộ", |role| role.name.vi.as_str());
                let unit = unit.map_or("", |office| office.name.as_str());
                format!("{role}, {unit}")
            }
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "  {:<14} {:<22} {} ({role})",
            account.login, account.password, account.name
        );
    }
    text.push_str(
        "\nCán bộ nhập thêm mã xác thực 6 số; bản trình diễn hiện sẵn mã ngay trên trang đăng nhập.\n\
         Dừng bằng Ctrl+C; dữ liệu được giữ cho lần chạy sau.\n",
    );
    text
}

/// Brings in the law of the made-up province, unless there is law already.
pub(crate) async fn lay_out_law(app: &App, folder: &Path) -> Result<()> {
    let corpus = app.law();
    if !folder.is_dir() || !app::law::browsing::is_empty(corpus).await? {
        return Ok(());
    }
    app::law::import(corpus, &[folder.to_owned()], app.now(), |_| {}).await.map(|_| ())
}
