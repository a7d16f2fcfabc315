//! Serving: the listener, the job runners, a quiet end.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use app::App;
use kernel::error::{Error, Result};
use tokio::net::TcpListener;
use web::WebState;

/// Serves until the program is told to stop; requests under way are finished first.
pub(crate) async fn serve(app: App, listener: TcpListener, data: PathBuf) -> Result<()> {
    if app.settings().job_workers > 0 {
        tokio::spawn(keep_house(app.clone(), data.clone()));
    }
    for _ in 0..app.settings().job_workers {
        tokio::spawn(app::jobs::run(app.clone()));
    }
    let service =
        web::router(WebState::new(app.clone())).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(told_to_stop())
        .await
        .map_err(Error::internal)?;
    app::witness::note(&app, &data).await
}

/// Between two rounds of house-keeping.
const HOUSE_KEEPING: Duration = Duration::from_secs(300);

/// Notes the ends of the hash chains outside the database, and forgets what need not be kept.
async fn keep_house(app: App, data: PathBuf) {
    loop {
        tokio::time::sleep(HOUSE_KEEPING).await;
        let noted = app::witness::note(&app, &data).await;
        if let Err(error) = noted.and(app::jobs::tidy(&app).await) {
            tracing::warn!(cause = %error, "house-keeping failed");
        }
    }
}

/// Takes the address at once, so that a taken port is told before anything is set up.
pub(crate) async fn listen(address: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        Error::unavailable(format!(
            "Không mở được địa chỉ {address}: {error}. Hãy chọn cổng khác bằng --listen."
        ))
    })
}

async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    let Ok(mut terminate) =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
    else {
        let _ = interrupt.await;
        return;
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping");
}
