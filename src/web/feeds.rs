//! `GET /feed/{name}.ics`: public feeds, as calendar programs need them.
//!
//! What they do is measured, not guessed: Thunderbird turns a calendar off at an error and empties it at an empty
//! answer, Apple asks by date only, Outlook fails on compressed answers and offers credentials nobody asked for.
//! So a feed that can't be rendered is answered with its last good copy, `Last-Modified` never hides a change,
//! nothing is compressed, and no credentials are looked at.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::fmt::rfc2822::{DateTimeParser, DateTimePrinter};

use super::Site;
use super::error::{PageError, nothing_here};
use crate::calendar::{instant, today};
use crate::ical::{etag, feeds};
use crate::ids::FeedName;
use crate::rules::Rules;
use crate::store::{PlannedMark, Store, StoreError};

/// Fetched again after an hour at the earliest.
const CACHE: &str = "public, max-age=3600";

/// What a rendered feed depends on: it is rendered once for each.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Basis {
    mark: Option<PlannedMark>,
    rules: String,
    day: Date,
}

/// A rendered feed.
#[derive(Debug)]
struct Copy {
    basis: Basis,
    bytes: Bytes,
    etag: String,
    modified: Timestamp,
}

/// The newest good copy of each feed that somebody has asked for.
#[derive(Debug, Default)]
pub struct Kept(Mutex<BTreeMap<FeedName, Arc<Copy>>>);

impl Kept {
    fn get(&self, name: &FeedName) -> Option<Arc<Copy>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    fn put(&self, name: &FeedName, copy: Arc<Copy>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone(), copy);
    }
}

pub async fn feed(
    State(site): State<Arc<Site>>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let Some(name) = file.strip_suffix(".ics").map(FeedName::new) else {
        return nothing_here(&site, StatusCode::NOT_FOUND);
    };
    match current(&site, &name).await {
        Ok(Some(copy)) => Ok(respond(&name, &copy, &headers)),
        Ok(None) => nothing_here(&site, StatusCode::NOT_FOUND),
        Err(error) => {
            let Some(copy) = site.feeds.get(&name) else { return Err(error.into()) };
            tracing::error!(%error, feed = %name, "a feed can't be rendered; its last good copy is served");
            Ok(respond(&name, &copy, &headers))
        }
    }
}

/// The feed as it is now; none if there is no such feed.
async fn current(site: &Site, name: &FeedName) -> Result<Option<Arc<Copy>>, StoreError> {
    let now = site.state.clock.now();
    let rules = site.state.rules.rules();
    let mark = site.state.store.planned_mark().await?;
    let basis = Basis { mark, rules: rules.digest.clone(), day: today(now) };
    let kept = site.feeds.get(name);
    if let Some(copy) = kept.as_ref().filter(|copy| copy.basis == basis) {
        return Ok(Some(copy.clone()));
    }
    let Some((bytes, changed)) =
        render(&site.state.store, &rules, name, basis.day, &site.state.public_url).await?
    else {
        return Ok(None);
    };
    let modified = modified(kept.as_deref(), &bytes, changed, now);
    let copy = Arc::new(Copy { etag: etag(&bytes), bytes: bytes.into(), basis, modified });
    site.feeds.put(name, copy.clone());
    Ok(Some(copy))
}

/// The bytes of a feed and when anything in any feed last changed; none if there is no such feed. One that only
/// occasions without a file are left in is still a feed: their subscribers lose nothing.
async fn render(
    store: &Store,
    rules: &Rules,
    name: &FeedName,
    as_of: Date,
    public_url: &str,
) -> Result<Option<(Vec<u8>, Timestamp)>, StoreError> {
    let occasions = store.occasions().await?;
    let names = feeds::feed_names(&rules.organisation, &rules.workflows);
    let title = names.into_iter().find(|(known, _)| known == name).map(|(_, title)| title);
    let left = || occasions.iter().any(|o| o.occasion.feed.as_ref() == Some(name)).then(|| name.to_string());
    let Some(title) = title.or_else(left) else { return Ok(None) };
    let changed = occasions.iter().map(|stored| stored.changed_at).max().unwrap_or(Timestamp::UNIX_EPOCH);
    let revised = occasions
        .into_iter()
        .map(|stored| (stored.occasion, u32::try_from(stored.sequence).unwrap_or(0), stored.changed_at));
    let (organisation, workflows) = (&rules.organisation, &rules.workflows);
    let bytes = feeds::render((name, &title), organisation, workflows, revised, as_of, public_url);
    Ok(Some((bytes, changed)))
}

/// When a feed last changed, for those who ask by date only.
///
/// The last change of any occasion, or the last midnight, when something may have left the feed: a day too late
/// costs a fetch, a second too early hides a change for good. Never earlier than before, and a change by new files
/// counts from when it is seen.
fn modified(before: Option<&Copy>, bytes: &[u8], changed: Timestamp, now: Timestamp) -> Timestamp {
    let midnight = instant(today(now), Time::midnight());
    let own = changed.max(midnight).min(now);
    match before {
        None => own,
        Some(before) if before.bytes == bytes => before.modified.max(own),
        Some(before) => own.max(now).max(before.modified),
    }
}

fn respond(name: &FeedName, copy: &Copy, headers: &HeaderMap) -> Response {
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&copy.modified).unwrap_or_default();
    let own = [
        (header::ETAG, copy.etag.clone()),
        (header::LAST_MODIFIED, date),
        (header::CACHE_CONTROL, CACHE.to_owned()),
    ];
    if is_fresh(copy, headers) {
        return (StatusCode::NOT_MODIFIED, own).into_response();
    }
    let kind = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}.ics\"")),
    ];
    (own, kind, copy.bytes.clone()).into_response()
}

/// Whether the asker has this copy (RFC 9110, 13.2.2): by tag, and by date only where it names no tag.
fn is_fresh(copy: &Copy, headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if headers.contains_key(header::IF_NONE_MATCH) {
        let tags = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        return tags.flat_map(|list| list.split(',')).map(str::trim).any(|tag| {
            // Weak comparison: a cache that compresses makes the tag weak.
            tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == copy.etag
        });
    }
    let since =
        text(header::IF_MODIFIED_SINCE).and_then(|date| DateTimeParser::new().parse_timestamp(date).ok());
    since.is_some_and(|since| copy.modified.as_second() <= since.as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(bytes: &'static [u8], modified: &str) -> Copy {
        Copy {
            basis: Basis { mark: None, rules: String::new(), day: Date::MIN },
            bytes: Bytes::from_static(bytes),
            etag: "\"a\"".to_owned(),
            modified: modified.parse().unwrap(),
        }
    }

    fn fresh(headers: &[(HeaderName, &str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name, value.parse().unwrap());
        }
        is_fresh(&copy(b"", "2025-01-02T07:00:00Z"), &map)
    }

    #[test]
    fn a_tag_goes_before_a_date() {
        use header::{IF_MODIFIED_SINCE, IF_NONE_MATCH};
        let now = "Thu, 02 Jan 2025 07:00:00 GMT";
        let before = "Thu, 02 Jan 2025 06:59:59 GMT";
        assert!(fresh(&[(IF_NONE_MATCH, "\"a\"")]) && fresh(&[(IF_NONE_MATCH, "W/\"a\"")]));
        assert!(fresh(&[(IF_NONE_MATCH, "\"b\", \"a\"")]) && fresh(&[(IF_NONE_MATCH, "*")]));
        assert!(fresh(&[(IF_NONE_MATCH, "\"b\""), (IF_NONE_MATCH, "\"a\"")]));
        assert!(!fresh(&[(IF_NONE_MATCH, "\"b\""), (IF_MODIFIED_SINCE, now)]));
        assert!(fresh(&[(IF_MODIFIED_SINCE, now)]) && !fresh(&[(IF_MODIFIED_SINCE, before)]));
        assert!(!fresh(&[(IF_MODIFIED_SINCE, "i går")]) && !fresh(&[]));
    }

    #[test]
    fn the_date_of_a_feed_never_goes_back() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (now, changed) = (at("2025-03-03T10:00:00Z"), at("2025-02-01T10:00:00Z"));
        let midnight = at("2025-03-02T23:00:00Z");
        assert_eq!(modified(None, b"a", changed, now), midnight, "something may have left it");
        assert_eq!(modified(None, b"a", at("2025-03-03T09:00:00Z"), now), at("2025-03-03T09:00:00Z"));
        let same = copy(b"a", "2025-03-03T08:00:00Z");
        assert_eq!(modified(Some(&same), b"a", changed, now), same.modified);
        assert_eq!(modified(Some(&same), b"b", changed, now), now, "new files");
        let later = copy(b"a", "2025-03-03T11:00:00Z");
        assert_eq!(modified(Some(&later), b"b", changed, now), later.modified, "the clock went back");
    }
}
