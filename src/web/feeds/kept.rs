//! What is kept of feeds in memory: the last good copies, each rendered once for what it depends on.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use jiff::Timestamp;
use jiff::civil::{Date, Time};

use crate::calendar::{instant, today};
use crate::ical::etag;
use crate::ical::feeds::Revised;
use crate::ical::lint::{Finding, is_readable, lint};
use crate::ids::FeedName;
use crate::plan::model::Facts;
use crate::store::{PlannedMark, StoreError};

/// Private feeds are kept up to so many bytes together; those that nobody has asked for longest go first, and are
/// rendered anew when somebody does.
const MOST_PRIVATE: usize = 64 * 1024 * 1024;

/// What a rendered feed depends on: it is rendered once for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Basis {
    pub mark: Option<PlannedMark>,
    pub rules: String,
    pub day: Date,
    /// What more a private one depends on.
    pub own: Option<Own>,
}

/// What a private feed depends on beside what all do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Own {
    pub facts: i64,
    /// When something last became of a message to its holder, and how many there are.
    pub stirred: (Timestamp, i64),
    pub titles_only: bool,
}

/// A feed as it has just been made.
#[derive(Debug)]
pub(super) struct Rendered {
    pub bytes: Vec<u8>,
    /// When anything that it depends on last changed.
    pub changed: Timestamp,
    /// When any occasion last changed.
    pub revision: Timestamp,
}

/// A rendered feed that may be served.
#[derive(Debug)]
pub(super) struct Copy {
    pub basis: Basis,
    /// Whether nothing is wrong in it.
    pub is_sound: bool,
    pub bytes: Bytes,
    pub etag: String,
    pub modified: Timestamp,
    /// Every change of an occasion until then is in it.
    pub revision: Timestamp,
}

/// What is known of a feed that somebody has asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf {
    /// What is served: the newest sound copy, or a readable one while there has been no sound one.
    pub copy: Option<Arc<Copy>>,
    /// The newest rendering, if something is wrong in it.
    failed: Option<Failed>,
}

/// A rendering in which something is wrong. Its basis is kept, so that it isn't made anew for each who asks.
#[derive(Clone, Debug)]
struct Failed {
    basis: Basis,
    codes: BTreeSet<&'static str>,
}

impl Shelf {
    /// What is served by `basis`, if that has been found out: the copy, or none where there is no good one.
    fn known(&self, basis: &Basis) -> Option<Option<Arc<Copy>>> {
        let fresh = self.copy.as_ref().is_some_and(|copy| copy.basis == *basis);
        let failed = self.failed.as_ref().is_some_and(|failed| failed.basis == *basis);
        (fresh || failed).then(|| self.copy.clone())
    }
}

/// Why a feed can't be given as it is now.
#[derive(Debug, thiserror::Error)]
pub(super) enum Withheld {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("it is faulty, no program could read it, and there is no good copy")]
    Unreadable,
    #[error("it took too long")]
    Slow,
}

/// A private feed that somebody has asked for.
#[derive(Debug)]
struct Held {
    number: i64,
    shelf: Shelf,
    /// The turn in which it was last asked for.
    used: u64,
}

#[derive(Debug, Default)]
struct Private {
    held: BTreeMap<[u8; 32], Held>,
    turn: u64,
}

/// All occasions, as of a plan.
type Occasions = (PlannedMark, Arc<Vec<Revised>>);

/// What is known of each feed.
#[derive(Debug, Default)]
pub struct Kept {
    public: Mutex<BTreeMap<FeedName, Shelf>>,
    private: Mutex<Private>,
    occasions: Mutex<Option<Occasions>>,
    facts: Mutex<Option<(i64, Arc<Facts>)>>,
    /// One feed is rendered at a time: after a change all programs ask at once for the same.
    rendering: tokio::sync::Mutex<()>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Kept {
    /// What is known of a public feed.
    pub(super) fn public(&self, name: &FeedName) -> Shelf {
        locked(&self.public).get(name).cloned().unwrap_or_default()
    }

    pub(super) fn put(&self, name: &FeedName, shelf: Shelf) {
        locked(&self.public).insert(name.clone(), shelf);
    }

    /// What is no feed any more isn't faulty either. Nothing is put here for a name that nobody knows: anybody may
    /// ask for any.
    pub(super) fn forget_fault(&self, name: &FeedName) {
        if let Some(shelf) = locked(&self.public).get_mut(name) {
            shelf.failed = None;
        }
    }

    /// What is known of a private feed, by the hash of its secret; and that somebody has asked for it.
    pub(super) fn private(&self, hash: &[u8; 32]) -> Shelf {
        let mut private = locked(&self.private);
        private.turn += 1;
        let turn = private.turn;
        let Some(held) = private.held.get_mut(hash) else { return Shelf::default() };
        held.used = turn;
        held.shelf.clone()
    }

    pub(super) fn put_private(&self, hash: &[u8; 32], number: i64, shelf: Shelf) {
        locked(&self.private).put(hash, number, shelf, MOST_PRIVATE);
    }

    pub(super) fn forget_private(&self, hash: &[u8; 32]) {
        locked(&self.private).held.remove(hash);
    }

    pub(super) fn occasions(&self, mark: Option<&PlannedMark>) -> Option<Arc<Vec<Revised>>> {
        let known = locked(&self.occasions);
        known.as_ref().filter(|(of, _)| Some(of) == mark).map(|(_, found)| found.clone())
    }

    pub(super) fn keep_occasions(&self, mark: Option<&PlannedMark>, found: &Arc<Vec<Revised>>) {
        *locked(&self.occasions) = mark.map(|mark| (mark.clone(), found.clone()));
    }

    pub(super) fn facts(&self, revision: i64) -> Option<Arc<Facts>> {
        let known = locked(&self.facts);
        known.as_ref().filter(|(of, _)| *of == revision).map(|(_, facts)| facts.clone())
    }

    pub(super) fn keep_facts(&self, revision: i64, facts: &Arc<Facts>) {
        *locked(&self.facts) = Some((revision, facts.clone()));
    }

    /// The feeds whose newest rendering is faulty, with the codes of what is wrong.
    pub fn faulty(&self) -> Vec<(FeedName, String)> {
        let public = locked(&self.public);
        let failed = |shelf: &Shelf| shelf.failed.as_ref().map(|failed| listed(&failed.codes));
        let mut found: Vec<(FeedName, String)> =
            public.iter().filter_map(|(name, shelf)| Some((name.clone(), failed(shelf)?))).collect();
        let private = locked(&self.private);
        found.extend(
            private.held.values().filter_map(|held| Some((private_name(held.number), failed(&held.shelf)?))),
        );
        found
    }

    /// What is served of a feed by `basis`, and what is to be kept of it if that is news: what `kept` has, or what
    /// `render` makes. None if there is no such feed.
    pub(super) async fn refreshed(
        &self,
        kept: impl Fn() -> Shelf,
        name: &FeedName,
        basis: Basis,
        now: Timestamp,
        render: impl Future<Output = Result<Option<Rendered>, StoreError>>,
    ) -> Result<Option<(Option<Arc<Copy>>, Option<Shelf>)>, Withheld> {
        if let Some(known) = kept().known(&basis) {
            return Ok(Some((known, None)));
        }
        let _turn = self.rendering.lock().await;
        let before = kept();
        if let Some(known) = before.known(&basis) {
            return Ok(Some((known, None)));
        }
        let Some(rendered) = render.await? else { return Ok(None) };
        let shelf = shelved(name, basis, rendered, before.copy, now);
        Ok(Some((shelf.copy.clone(), Some(shelf))))
    }
}

impl Private {
    fn put(&mut self, hash: &[u8; 32], number: i64, shelf: Shelf, most: usize) {
        self.turn += 1;
        self.held.insert(*hash, Held { number, shelf, used: self.turn });
        let size = |held: &Held| held.shelf.copy.as_ref().map_or(0, |copy| copy.bytes.len());
        let mut all: usize = self.held.values().map(size).sum();
        while all > most && self.held.len() > 1 {
            let oldest = self.held.iter().min_by_key(|(_, held)| held.used).map(|(hash, _)| *hash);
            let Some(gone) = oldest.and_then(|hash| self.held.remove(&hash)) else { return };
            all -= size(&gone);
        }
    }
}

/// What a private feed is called where its address must not be: in logs and metrics.
pub(super) fn private_name(number: i64) -> FeedName {
    FeedName::new(format!("privat-{number}"))
}

fn listed(codes: &BTreeSet<&'static str>) -> String {
    codes.iter().copied().collect::<Vec<_>>().join(", ")
}

/// A rendering, judged, beside what was kept before it.
fn shelved(
    name: &FeedName,
    basis: Basis,
    rendered: Rendered,
    kept: Option<Arc<Copy>>,
    now: Timestamp,
) -> Shelf {
    let Rendered { bytes, changed, revision } = rendered;
    let findings = lint(&bytes);
    let failed = raise(name, &basis, &findings);
    let is_sound = failed.is_none();
    let copy = match serves(&findings, kept.as_deref()) {
        true => {
            let modified = modified(kept.as_deref(), &bytes, changed, now);
            Some(Arc::new(Copy {
                etag: etag(&bytes),
                bytes: bytes.into(),
                basis,
                is_sound,
                modified,
                revision,
            }))
        }
        false => kept,
    };
    Shelf { copy, failed }
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

/// When a feed last changed, for those who ask by date only.
///
/// The last change of anything it depends on, all of it stored, or the last midnight, when something may have left the
/// feed: a day too late costs a fetch, a second too early hides a change for good. So it is the same after a restart
/// and on another replica, and never goes back. Never earlier than before, and a change by new files counts from when
/// it is seen here, since the plan that stores their moment comes a little later.
fn modified(before: Option<&Copy>, bytes: &[u8], changed: Timestamp, now: Timestamp) -> Timestamp {
    let midnight = instant(today(now), Time::midnight());
    let own = changed.max(midnight).min(now);
    match before {
        None => own,
        Some(before) if before.bytes == bytes => before.modified.max(own),
        Some(before) => own.max(now).max(before.modified),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn copy(bytes: &'static [u8], modified: &str) -> Copy {
        Copy {
            basis: Basis { mark: None, rules: String::new(), day: Date::MIN, own: None },
            bytes: Bytes::from_static(bytes),
            is_sound: true,
            etag: "\"a\"".to_owned(),
            modified: modified.parse().unwrap(),
            revision: Timestamp::UNIX_EPOCH,
        }
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

    #[test]
    fn private_feeds_take_no_more_room_than_they_have() {
        let shelf = || Shelf { copy: Some(Arc::new(copy(&[0; 40], "2025-01-02T07:00:00Z"))), failed: None };
        let kept = Kept::default();
        let mut private = locked(&kept.private);
        for n in 0..5 {
            private.put(&[n; 32], i64::from(n), shelf(), 100);
        }
        let held: Vec<i64> = private.held.values().map(|held| held.number).collect();
        assert_eq!(held, [3, 4]);
        private.put(&[9; 32], 9, shelf(), 10);
        assert_eq!(private.held.len(), 1, "the newest is served whatever its size");
    }
}
