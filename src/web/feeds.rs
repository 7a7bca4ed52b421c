//! `GET /feed/{name}.ics` and `GET /feed/{token}/{name}.ics`: feeds, as calendar programs need them.
//!
//! What they do is measured, not guessed: Thunderbird turns a calendar off at an error and empties it at an empty
//! answer, Apple asks by date only, Outlook fails on compressed answers and offers credentials nobody asked for.
//! So a feed that can't be rendered, or not in time, is answered with its last good copy, `Last-Modified` never hides a
//! change, nothing is compressed, and no credentials are looked at. 410 ends a calendar for good in some programs: it is
//! the answer for a revoked address and for nothing else.
//!
//! A rendered feed is judged by `crate::ical::lint` before anybody gets it. One that fails is held back behind its last
//! good copy and told of in the log, in `/readyz` and in `/metrics`. Where there is no good copy, as after a restart,
//! what programs can still read is served all the same: a 503 makes Thunderbird turn the calendar off, and a feed of
//! 600 KB harms nobody as much. What they can't read is not: after an answer of 200 without readable events calendars
//! are empty and nobody is told, while after a 503 programs keep what they have or say that something is wrong.
//!
//! The token of a private feed is a secret: it is looked up by its hash, and neither log nor metric has either.

mod http;
mod kept;
mod private;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use super::Site;
use super::error::{PageError, broken, nothing_here};
use crate::calendar::today;
use crate::ical::feeds;
use crate::ical::feeds::Revised;
use crate::ids::FeedName;
use crate::rules::Rules;
use crate::store::StoreError;
use http::{Cached, respond};
use kept::{Basis, Copy, Rendered, Withheld};

pub use kept::Kept;
pub use private::private;

/// When to ask again for what can't be served, in seconds.
const RETRY: &str = "3600";
/// So long a program waits while a feed is rendered; then it gets the last good copy.
const PATIENCE: Duration = Duration::from_secs(5);

pub async fn feed(
    State(site): State<Arc<Site>>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let Some(name) = file.strip_suffix(".ics").map(FeedName::new) else {
        return nothing_here(&site, StatusCode::NOT_FOUND);
    };
    let found = tokio::time::timeout(PATIENCE, current(&site, &name)).await.unwrap_or(Err(Withheld::Slow));
    match found {
        Ok(Some(copy)) => Ok(respond(&file, Cached::ByAnybody, &copy, &headers)),
        Ok(None) => nothing_here(&site, StatusCode::NOT_FOUND),
        Err(error) => {
            let Some(copy) = site.feeds.public(&name).copy else { return unserved(error) };
            tracing::error!(%error, feed = %name, "a feed can't be rendered; its last good copy is served");
            Ok(respond(&file, Cached::ByAnybody, &copy, &headers))
        }
    }
}

/// There is no good copy either.
fn unserved(error: Withheld) -> Result<Response, PageError> {
    match error {
        Withheld::Store(error) => Err(error.into()),
        Withheld::Unreadable | Withheld::Slow => {
            let page = broken(StatusCode::SERVICE_UNAVAILABLE);
            Ok(([(header::RETRY_AFTER, RETRY)], page).into_response())
        }
    }
}

/// The feed as it is now, or as it last was good; none if there is no such feed.
async fn current(site: &Site, name: &FeedName) -> Result<Option<Arc<Copy>>, Withheld> {
    let now = site.state.clock.now();
    let rules = site.state.rules.rules();
    let mark = site.state.store.known_mark().await?;
    let basis = Basis { mark, rules: rules.digest.clone(), day: today(now), own: None };
    let rendered = render(site, &rules, &basis, name);
    let kept = || site.feeds.public(name);
    let found = site.feeds.refreshed(kept, name, basis.clone(), now, rendered).await?;
    let Some((copy, shelf)) = found else {
        site.feeds.forget_fault(name);
        return Ok(None);
    };
    if let Some(shelf) = shelf {
        site.feeds.put(name, shelf);
    }
    copy.map(Some).ok_or(Withheld::Unreadable)
}

/// The bytes of a feed; none if there is no such feed. One that only occasions without a file are left in is still a
/// feed: their subscribers lose nothing.
async fn render(
    site: &Site,
    rules: &Rules,
    basis: &Basis,
    name: &FeedName,
) -> Result<Option<Rendered>, StoreError> {
    let revised = revised(site, basis).await?;
    let names = feeds::feed_names(&rules.organisation, &rules.workflows);
    let title = names.into_iter().find(|(known, _)| known == name).map(|(_, title)| title);
    let left = || revised.iter().any(|(o, ..)| o.feed.as_ref() == Some(name)).then(|| name.to_string());
    let Some(title) = title.or_else(left) else { return Ok(None) };
    let revision = newest(&revised);
    let (organisation, workflows) = (&rules.organisation, &rules.workflows);
    let all = revised.iter().cloned();
    let bytes =
        feeds::render((name, &title), organisation, workflows, all, basis.day, &site.state.public_url);
    let changed = revision.max(files_since(site).await?);
    Ok(Some(Rendered { bytes, changed, revision }))
}

/// When any occasion last changed.
fn newest(revised: &[Revised]) -> Timestamp {
    revised.iter().map(|(.., changed_at)| *changed_at).max().unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Since when the files are in force. It is stored, so that a restart and another replica say the same.
async fn files_since(site: &Site) -> Result<Timestamp, StoreError> {
    Ok(site.state.store.files_since().await?.unwrap_or(Timestamp::UNIX_EPOCH))
}

/// All occasions with their revisions, read once for each plan.
async fn revised(site: &Site, basis: &Basis) -> Result<Arc<Vec<Revised>>, StoreError> {
    if let Some(known) = site.feeds.occasions(basis.mark.as_ref()) {
        return Ok(known);
    }
    let stored = site.state.store.occasions().await?;
    let revised =
        stored.into_iter().map(|o| (o.occasion, u32::try_from(o.sequence).unwrap_or(0), o.changed_at));
    let revised = Arc::new(revised.collect::<Vec<_>>());
    site.feeds.keep_occasions(basis.mark.as_ref(), &revised);
    Ok(revised)
}
