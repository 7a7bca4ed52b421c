//! The web: answer pages, feeds, and what a visitor sees. It reads the plan and records facts; it never sends.
//!
//! Reading changes nothing: only `POST /svar/{token}` writes, and that a private feed was fetched is noted. Mail scanners open links, and some press what they
//! find, so a page has a form with one button an answer, no default and nothing that submits itself.
//!
//! What anybody may read (`/`, `/arshjul`, `/kalender`, `/feed/{name}.ics`) holds no person and no text of an item. A
//! token stands in the address of an answer page or a private feed and nowhere else: not in a log, not in a page, not in
//! a link from it. A private feed's address is shown once, when it is made.

mod answer;
mod error;
mod feeds;
pub mod guard;
mod home;
pub mod look;
mod occasions;
mod operation;
mod qr;
mod subscribe;
mod year;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::answering::Policy;
use crate::clock::{Chance, Clock};
use crate::rules::InForce;
use crate::store::Store;
use look::{Around, Look};

/// What a page may reach.
#[derive(Clone, Debug)]
pub struct State {
    /// The store.
    pub store: Store,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// Randomness, for the secrets of private feeds.
    pub chance: Arc<dyn Chance>,
    /// The rules in force.
    pub rules: Arc<InForce>,
    /// Wakes the worker when a fact has been recorded.
    pub wake: Arc<Notify>,
    /// The address that people reach it at, without a slash at its end.
    pub public_url: String,
    /// What may be handed in with an answer.
    pub policy: Policy,
}

/// The largest request there is a use for. An answer may be larger: it reads its own form, see [`answer`].
const LARGEST_BODY: usize = 16 * 1024;

/// What the handlers share.
#[derive(Debug)]
struct Site {
    state: State,
    look: Look,
    feeds: feeds::Kept,
}

/// Every address there is.
pub fn router(state: State) -> Router {
    router_with(state, None)
}

/// The same, with something around every page: the demonstration's way back to its own.
pub fn router_with(state: State, around: Option<Around>) -> Router {
    let site = Arc::new(Site { state, look: Look::new(around), feeds: feeds::Kept::default() });
    let routes = Router::new()
        .route("/", get(home::page))
        .route("/kalender", get(subscribe::page))
        .route("/arshjul/{year}", get(year::page))
        .route("/kalender/{feed}", get(subscribe::one))
        .route("/feed/{file}", get(feeds::feed))
        .route("/feed/{token}/{file}", get(feeds::private))
        .route("/svar/{token}", get(answer::show).post(answer::record))
        .route("/stil.css", get(look::stylesheet))
        .route("/healthz", get(operation::alive))
        .route("/readyz", get(operation::ready))
        .route("/metrics", get(operation::metrics))
        .fallback(error::missing)
        .method_not_allowed_fallback(error::not_allowed)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(site);
    guard::protect(routes)
}

/// Serves until `stop`, then finishes the requests under way.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) -> std::io::Result<()> {
    axum::serve(listener, router).with_graceful_shutdown(async move { stop.cancelled().await }).await
}
