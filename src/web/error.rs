//! Pages for what goes wrong. What happened is logged, never shown.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;

use super::Site;
use super::look::{Frame, Link};
use crate::calendar::today;
use crate::store::StoreError;
use crate::text::web::word;

/// Why a page can't be shown.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system gave no randomness.
    #[error(transparent)]
    Chance(#[from] crate::clock::NoChance),
    /// A template is faulty.
    #[error(transparent)]
    Template(#[from] minijinja::Error),
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        tracing::error!(error = %self, "a page can't be shown");
        let status = match self {
            Self::Store(_) | Self::Chance(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Template(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        broken(status).into_response()
    }
}

/// A page that needs neither store nor template, since either may be what is broken.
pub fn broken(status: StatusCode) -> impl IntoResponse {
    let (title, said) = (word("broken_title"), word("broken"));
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"sv\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <link rel=\"stylesheet\" href=\"/stil.css\">\n</head>\n<body>\n<main class=\"wrap\">\n<h1>{title}</h1>\n\
         <p>{said}</p>\n</main>\n</body>\n</html>\n"
    );
    (status, [(header::CACHE_CONTROL, "no-store")], Html(page))
}

/// A page that says one thing.
#[derive(Debug, Default, Serialize)]
pub(super) struct Said<'a> {
    pub title: &'a str,
    pub paragraphs: Vec<String>,
    /// What stands apart: the answer that is recorded.
    pub strong: Option<String>,
    pub link: Option<Link>,
    /// What is left, below a heading of its own.
    pub list_title: &'static str,
    pub list: Vec<Link>,
    /// `good` for what went well.
    pub tone: &'static str,
}

impl Site {
    /// What every page of the organisation is framed by.
    pub(super) fn frame(&self, title: impl Into<String>, here: &'static str) -> Frame {
        Frame {
            title: title.into(),
            organisation: self.state.rules.rules().organisation.title.clone(),
            year: today(self.state.clock.now()).year(),
            here,
            foot: word("footer_open"),
            ..Frame::default()
        }
    }

    /// The same around what one person sees.
    pub(super) fn private_frame(&self, title: impl Into<String>) -> Frame {
        Frame { private: true, foot: word("footer_private"), ..self.frame(title, "") }
    }

    /// A page that says one thing; `private` ones are kept by nobody.
    pub(super) fn say(
        &self,
        status: StatusCode,
        private: bool,
        said: &Said<'_>,
    ) -> Result<Response, PageError> {
        let frame = if private { self.private_frame(said.title) } else { self.frame(said.title, "") };
        let page = self.look.page(&frame, "said.html", said)?;
        Ok((status, Html(page)).into_response())
    }
}

/// What there is no page for.
pub(super) async fn missing(State(site): State<Arc<Site>>) -> Result<Response, PageError> {
    nothing_here(&site, StatusCode::NOT_FOUND)
}

/// What can't be done to a page that there is.
pub(super) async fn not_allowed(State(site): State<Arc<Site>>) -> Result<Response, PageError> {
    nothing_here(&site, StatusCode::METHOD_NOT_ALLOWED)
}

pub(super) fn nothing_here(site: &Site, status: StatusCode) -> Result<Response, PageError> {
    let said = Said {
        title: word("missing_title"),
        paragraphs: vec![word("missing").to_owned()],
        link: Some(Link::new("/", word("missing_home"))),
        ..Said::default()
    };
    site.say(status, false, &said)
}
