//! The demonstration's own pages, in front of the daemon's.

use std::sync::Arc;

use axum::Router;

use super::Demo;
use crate::app::daemon;

/// The demonstration's addresses; everything else is the daemon's.
pub(super) fn router(demo: Arc<Demo>) -> Router {
    Router::new().fallback_service(crate::web::router(daemon::state(&demo.app)))
}
