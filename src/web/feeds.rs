//! `GET /feed/{name}.ics`: public feeds, as calendar programs need them.
//!
//! What they do is measured, not guessed: Thunderbird turns a calendar off at an error and empties it at an empty
//! answer, Apple asks by date only, Outlook fails on compressed answers and offers credentials nobody asked for.
//! So a feed that can't be rendered is answered with its last good copy, `Last-Modified` never hides a change,
//! nothing is compressed, and no credentials are looked at.
//!
//! A rendered feed is judged by `crate::ical::lint` before anybody gets it. One that fails is held back behind its last
//! good copy and told of in the log, in `/readyz` and in `/metrics`. Where there is no good copy, as after a restart,
//! what programs can still read is served all the same: a 503 makes Thunderbird turn the calendar off, and a feed of
//! 600 KB harms nobody as much. What they can't read is not: after an answer of 200 without readable events calendars
//! are empty and nobody is told, while after a 503 programs keep what they have or say that something is wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::fmt::rfc2822::{DateTimeParser, DateTimePrinter};

use super::Site;
use super::error::{PageError, broken, nothing_here};
use crate::calendar::{instant, today};
use crate::ical::lint::{Finding, is_readable, lint};
use crate::ical::{etag, feeds};
use crate::ids::FeedName;
use crate::rules::Rules;
use crate::store::{PlannedMark, Store, StoreError};

/// Fetched again after an hour at the earliest.
const CACHE: &str = "public, max-age=3600";

/// When to ask again for what can't be served, in seconds.
const RETRY: &str = "3600";

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
    /// Whether nothing is wrong in it.
    is_sound: bool,
    bytes: Bytes,
    etag: String,
    modified: Timestamp,
}

/// What is known of a feed that somebody has asked for.
#[derive(Clone, Debug, Default)]
struct Shelf {
    /// What is served: the newest sound copy, or a readable one while there has been no sound one.
    copy: Option<Arc<Copy>>,
    /// The newest rendering, if something is wrong in it.
    failed: Option<Failed>,
}

/// A rendering in which something is wrong. Its basis is kept, so that it isn't made anew for each who asks.
#[derive(Clone, Debug)]
struct Failed {
    basis: Basis,
    codes: BTreeSet<&'static str>,
}

/// What is known of each feed.
#[derive(Debug, Default)]
pub struct Kept(Mutex<BTreeMap<FeedName, Shelf>>);

impl Kept {
    fn all(&self) -> MutexGuard<'_, BTreeMap<FeedName, Shelf>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(&self, name: &FeedName) -> Shelf {
        self.all().get(name).cloned().unwrap_or_default()
    }

    fn put(&self, name: &FeedName, shelf: Shelf) {
        self.all().insert(name.clone(), shelf);
    }

    /// What is no feed any more isn't faulty either. Nothing is put here for a name that nobody knows: anybody may
    /// ask for any.
    fn forget_fault(&self, name: &FeedName) {
        if let Some(shelf) = self.all().get_mut(name) {
            shelf.failed = None;
        }
    }

    /// The feeds whose newest rendering is faulty, with the codes of what is wrong.
    pub fn faulty(&self) -> Vec<(FeedName, String)> {
        let all = self.all();
        let failed = all.iter().filter_map(|(name, shelf)| Some((name, shelf.failed.as_ref()?)));
        failed.map(|(name, failed)| (name.clone(), listed(&failed.codes))).collect()
    }
}

fn listed(codes: &BTreeSet<&'static str>) -> String {
    codes.iter().copied().collect::<Vec<_>>().join(", ")
}

/// Why a feed can't be given as it is now.
#[derive(Debug, thiserror::Error)]
enum Withheld {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("it is faulty, no program could read it, and there is no good copy")]
    Unreadable,
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
            if let Some(copy) = site.feeds.get(&name).copy {
                tracing::error!(%error, feed = %name, "a feed can't be rendered; its last good copy is served");
                return Ok(respond(&name, &copy, &headers));
            }
            match error {
                Withheld::Store(error) => Err(error.into()),
                Withheld::Unreadable => {
                    let page = broken(StatusCode::SERVICE_UNAVAILABLE);
                    Ok(([(header::RETRY_AFTER, RETRY)], page).into_response())
                }
            }
        }
    }
}

/// The feed as it is now, or as it last was good; none if there is no such feed.
async fn current(site: &Site, name: &FeedName) -> Result<Option<Arc<Copy>>, Withheld> {
    let now = site.state.clock.now();
    let rules = site.state.rules.rules();
    let mark = site.state.store.known_mark().await?;
    let basis = Basis { mark, rules: rules.digest.clone(), day: today(now) };
    let Shelf { copy: kept, failed } = site.feeds.get(name);
    let is_rendered = |own: &Basis| *own == basis;
    if kept.as_ref().is_some_and(|copy| is_rendered(&copy.basis)) {
        return Ok(kept);
    }
    if failed.is_some_and(|failed| is_rendered(&failed.basis)) {
        return kept.map(Some).ok_or(Withheld::Unreadable);
    }
    let Some((bytes, changed)) =
        render(&site.state.store, &rules, name, basis.day, &site.state.public_url).await?
    else {
        site.feeds.forget_fault(name);
        return Ok(None);
    };
    let findings = lint(&bytes);
    let failed = raise(name, &basis, &findings);
    let is_sound = failed.is_none();
    let copy = match serves(&findings, kept.as_deref()) {
        true => {
            let modified = modified(kept.as_deref(), &bytes, changed, now);
            Some(Arc::new(Copy { etag: etag(&bytes), bytes: bytes.into(), basis, is_sound, modified }))
        }
        false => kept,
    };
    site.feeds.put(name, Shelf { copy: copy.clone(), failed });
    copy.map(Some).ok_or(Withheld::Unreadable)
}

/// Whether a rendering with these findings takes the place of what was kept.
fn serves(findings: &[Finding], kept: Option<&Copy>) -> bool {
    findings.is_empty() || (is_readable(findings) && kept.is_none_or(|copy| !copy.is_sound))
}

/// Tells those who run it what is wrong in a rendering, by codes: messages may quote what people wrote.
fn raise(name: &FeedName, basis: &Basis, findings: &[Finding]) -> Option<Failed> {
    let codes: BTreeSet<_> = findings.iter().map(|finding| finding.code).collect();
    if codes.is_empty() {
        return None;
    }
    tracing::error!(
        feed = %name,
        codes = listed(&codes),
        "a rendered feed is faulty and replaces no good copy; \
         `arshjul feed NAME | arshjul feed --lint -` says where"
    );
    Some(Failed { basis: basis.clone(), codes })
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
            is_sound: true,
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
    fn what_is_faulty_takes_no_good_copys_place() {
        let sound = copy(b"", "2025-01-02T07:00:00Z");
        let faulty = Copy { is_sound: false, ..copy(b"", "2025-01-02T07:00:00Z") };
        let with = |code| vec![Finding { line: 1, code, message: String::new() }];
        let (large, cut) = (with("too-large"), with("not-ended"));
        let places =
            |findings: &[Finding]| [Some(&sound), Some(&faulty), None].map(|kept| serves(findings, kept));
        assert_eq!(places(&[]), [true, true, true]);
        assert_eq!(places(&large), [false, true, true], "programs can read it");
        assert_eq!(places(&cut), [false, false, false], "programs can't");
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
