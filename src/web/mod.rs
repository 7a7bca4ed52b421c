//! The web: answer pages, feeds, and what a visitor sees. It reads the plan and records facts; it never sends.

use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::rules::InForce;
use crate::store::Store;

/// What a page may reach.
#[derive(Clone, Debug)]
pub struct State {
    /// The store.
    pub store: Store,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// The rules in force.
    pub rules: Arc<InForce>,
    /// Wakes the worker when a fact has been recorded.
    pub wake: Arc<Notify>,
    /// The address that people reach it at, without a slash at its end.
    pub public_url: String,
}

/// Every address there is.
pub fn router(state: State) -> Router {
    Router::new().with_state(state)
}

/// Serves until `stop`, then finishes the requests under way.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) -> std::io::Result<()> {
    axum::serve(listener, router).with_graceful_shutdown(async move { stop.cancelled().await }).await
}
