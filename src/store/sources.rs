//! Others' calendars: how fetching them goes, and which of their events are which occasions.
//!
//! An event becomes an occasion under the next free number of its year, and stays that one through moves, new UIDs and
//! other years. Which event is which is decided by the caller, within the transaction that writes it down.

use std::collections::BTreeSet;

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};

use super::db::{Row, Tx, args, unreadable};
use super::facts::{Writer, advance};
use super::rows::{body_text, from_json, occasion_of, occasion_text, to_json};
use super::{Result, Store, StoreError};
use crate::calendar::today;
use crate::ids::{BodyId, EntryId, OccasionId, OccasionRef, WorkflowId};
use crate::plan::model::{Facts, Object, Sourced};

const STATES: &str = "SELECT name, address, etag, last_modified, tried_at, good_at, failing_since, failure, remark \
     FROM source ORDER BY name";
const CONTENT: &str = "SELECT content FROM source WHERE name = $1 AND address = $2 AND content IS NOT NULL";
const ADD: &str = "INSERT INTO source (name, address) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
const CLAIM: &str = "UPDATE source SET tried_at = $2 WHERE name = $1 AND (tried_at IS NULL OR tried_at <= $3 OR tried_at > $2)";
const FORGET: &str = "DELETE FROM source WHERE name = $1";
const FAILED: &str =
    "UPDATE source SET failing_since = coalesce(failing_since, $2), failure = $3 WHERE name = $1";
const CAME: &str = "UPDATE source SET address = $2, good_at = $3, etag = $4, last_modified = $5, remark = $6 \
     WHERE name = $1";
const WELL: &str = "UPDATE source SET failing_since = NULL, failure = NULL WHERE name = $1";
const KEEP: &str = "UPDATE source SET content = $2 WHERE name = $1";
const EVENTS: &str =
    "SELECT workflow, body, occasion, uid, recurrence, content, first_seen, missing_since FROM source_event";
const OF_ENTRY: &str = "SELECT workflow, body, occasion, uid, recurrence, content, first_seen, missing_since \
     FROM source_event WHERE workflow = $1 AND body = $2 AND entry = $3 ORDER BY occasion";
const NEW: &str = "INSERT INTO source_event \
     (workflow, body, occasion, entry, uid, recurrence, content, first_seen) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const SET: &str = "UPDATE source_event SET uid = $4, recurrence = $5, content = $6, missing_since = $7 \
     WHERE workflow = $1 AND body = $2 AND occasion = $3";
/// Ids that there are or have been.
const TAKEN: &str = "SELECT occasion FROM source_event WHERE workflow = $1 AND body = $2 \
     UNION SELECT occasion FROM occasion WHERE workflow = $1 AND body = $2";

/// A calendar that has not been right for so long is told of.
pub const FAILING: SignedDuration = SignedDuration::from_hours(24);

/// How fetching a calendar goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceState {
    /// As the workflow file names it.
    pub name: String,
    /// SHA-256 of the address that it was last right at.
    pub address: String,
    /// The server's `ETag` of what is kept.
    pub etag: Option<String>,
    /// The server's `Last-Modified` of what is kept.
    pub last_modified: Option<String>,
    /// When it was last asked for.
    pub tried_at: Option<Timestamp>,
    /// When it was last right.
    pub good_at: Option<Timestamp>,
    /// Since when it isn't, and why; the reason holds no more of an address than its host.
    pub failure: Option<(Timestamp, String)>,
    /// What is to be known of it though it is right.
    pub remark: Option<String>,
}

impl SourceState {
    /// Since when it has not been right, if that is a day ago.
    #[must_use]
    pub fn failing(&self, now: Timestamp) -> Option<Timestamp> {
        self.failure.as_ref().map(|(since, _)| *since).filter(|since| now.duration_since(*since) >= FAILING)
    }
}

/// What came of a calendar that could be fetched.
#[derive(Clone, Debug, Default)]
pub struct CameWhole<'a> {
    /// SHA-256 of the address it came from.
    pub address: &'a str,
    /// To be shown to the server the next time; none where what came isn't the whole calendar.
    pub validators: (Option<String>, Option<String>),
    /// The calendar, to be kept; none keeps the one that is there.
    pub content: Option<&'a [u8]>,
    /// What is to be known of it.
    pub remark: Option<String>,
}

/// An entry of a workflow, for one body, whose occasions come from a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceEntry {
    /// The workflow.
    pub workflow: WorkflowId,
    /// The body.
    pub body: Option<BodyId>,
    /// The entry.
    pub entry: EntryId,
}

/// An event that is an occasion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownEvent {
    /// Which occasion.
    pub at: OccasionRef,
    /// Its UID.
    pub uid: String,
    /// Which repetition it is, if it is one of several.
    pub recurrence: Option<DateTime>,
    /// What its calendar says.
    pub sourced: Sourced,
    /// Since when it is missing.
    pub missing_since: Option<Timestamp>,
}

/// What becomes of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventChange {
    /// It is a new occasion.
    New {
        /// Its UID.
        uid: String,
        /// Which repetition it is.
        recurrence: Option<DateTime>,
        /// What its calendar says.
        sourced: Sourced,
    },
    /// It is the occasion that it was.
    Same(KnownEvent),
}

/// What a calendar means for one entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// What becomes of its events; those that stay as they are may be left out.
    pub changes: Vec<EventChange>,
    /// Why nothing was taken as removed, though much is missing.
    pub trouble: Option<String>,
}

/// What became of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenEvent {
    /// Which occasion.
    pub at: OccasionRef,
    /// What was known of it; none for a new one.
    pub before: Option<Sourced>,
    /// What is known of it now.
    pub after: Sourced,
    /// It is missing for the first time.
    pub missing: bool,
}

impl Store {
    /// How fetching goes, by name.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn sources(&self) -> Result<Vec<SourceState>> {
        self.db().rows(STATES, args![]).await?.iter().map(state_of).collect()
    }

    /// The calendar that is kept of `name`, if it came from `address`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn source_content(&self, name: &str, address: &str) -> Result<Option<Vec<u8>>> {
        self.db().row(CONTENT, args![name, address]).await?.map(|row| row.bytes("content")).transpose()
    }

    /// Takes the right to ask for a calendar that was last asked for at or before `before`; true for one process.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim_source(&self, name: &str, before: Timestamp, now: Timestamp) -> Result<bool> {
        let mut tx = self.db().write().await?;
        tx.run(ADD, args![name, ""]).await?;
        let claimed = tx.run(CLAIM, args![name, now, before]).await? == 1;
        tx.commit().await?;
        Ok(claimed)
    }

    /// Notes that a calendar could not be had. Nothing that is known of its events changes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn source_failed(&self, name: &str, why: &str, now: Timestamp) -> Result<()> {
        let mut tx = self.db().write().await?;
        tx.run(FAILED, args![name, now, why]).await?;
        tx.commit().await
    }

    /// Forgets a calendar that no file names any more, with its text. Its events stay occasions.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_source(&self, name: &str) -> Result<()> {
        let mut tx = self.db().write().await?;
        tx.run(FORGET, args![name]).await?;
        tx.commit().await
    }

    /// Takes in what a calendar says of the events of `entries`, as `decide` finds by the entry's place in that list,
    /// and gives what has changed. Facts have changed only if an occasion has. Without `write` nothing is kept.
    ///
    /// # Errors
    /// When the database fails, or a year has more occasions than numbers are.
    pub async fn take_source(
        &self,
        name: &str,
        came: &CameWhole<'_>,
        entries: &[SourceEntry],
        decide: impl Fn(usize, &[KnownEvent]) -> Decision + Send + Sync,
        (now, write): (Timestamp, bool),
    ) -> Result<Vec<TakenEvent>> {
        let mut tx = self.db().write().await?;
        let (etag, last_modified) = came.validators.clone();
        // First of all, so that two processes take the same calendar in one after the other.
        tx.run(CAME, args![name, came.address, now, etag, last_modified, came.remark.clone()]).await?;
        if let Some(content) = came.content {
            tx.run(KEEP, args![name, content]).await?;
        }
        let who = format!("calendar {name}");
        let (mut taken, mut troubles) = (Vec::new(), Vec::new());
        for (place, entry) in entries.iter().enumerate() {
            let key = args![entry.workflow.as_str(), body_text(entry.body.as_ref()), entry.entry.as_str()];
            let rows = tx.rows(OF_ENTRY, key).await?;
            let known = rows.iter().map(event_of).collect::<Result<Vec<_>>>()?;
            let Decision { changes, trouble } = decide(place, &known);
            troubles.extend(trouble);
            for change in changes {
                taken.extend(put(&mut tx, entry, &known, change, Writer { who: &who, now }).await?);
            }
        }
        match troubles.first() {
            // Since when it is so stays.
            Some(trouble) => tx.run(FAILED, args![name, now, trouble]).await?,
            None => tx.run(WELL, args![name]).await?,
        };
        if taken.iter().any(|event| event.before.as_ref() != Some(&event.after)) {
            advance(&mut tx).await?;
        }
        if write {
            tx.commit().await?;
        }
        Ok(taken)
    }
}

/// Writes one change down; nothing if there is none.
async fn put(
    tx: &mut Tx,
    entry: &SourceEntry,
    known: &[KnownEvent],
    change: EventChange,
    writer: Writer<'_>,
) -> Result<Option<TakenEvent>> {
    let (before, after) = match change {
        EventChange::New { uid, recurrence, sourced } => {
            let id = next_id(tx, entry, sourced.span.first().year()).await?;
            let at = OccasionRef { workflow: entry.workflow.clone(), body: entry.body.clone(), id };
            (None, KnownEvent { at, uid, recurrence, sourced, missing_since: None })
        }
        EventChange::Same(after) => match known.iter().find(|event| event.at == after.at) {
            Some(before) if *before != after => (Some(before), after),
            _ => return Ok(None),
        },
    };
    let (workflow, body) = (after.at.workflow.as_str(), body_text(after.at.body.as_ref()));
    let (occasion, content) = (after.at.id.to_string(), to_json(&after.sourced)?);
    let recurrence = after.recurrence.map(|at| at.to_string()).unwrap_or_default();
    match before {
        None => {
            let entry = entry.entry.as_str();
            let args = args![workflow, body, occasion, entry, after.uid, recurrence, &content, writer.now];
            tx.run(NEW, args).await?
        }
        Some(_) => {
            let args = args![workflow, body, occasion, after.uid, recurrence, &content, after.missing_since];
            tx.run(SET, args).await?
        }
    };
    let missing = after.missing_since.is_some() && before.is_some_and(|event| event.missing_since.is_none());
    let before = before.map(|event| event.sourced.clone());
    if before.as_ref() == Some(&after.sourced) && !missing {
        return Ok(None);
    }
    if before.as_ref() != Some(&after.sourced) {
        let earlier = before.as_ref().map(to_json).transpose()?;
        writer.note(tx, format!("calendar {}", occasion_text(&after.at)), earlier, content).await?;
    }
    Ok(Some(TakenEvent { at: after.at, before, after: after.sourced, missing }))
}

async fn next_id(tx: &mut Tx, entry: &SourceEntry, year: i16) -> Result<OccasionId> {
    let mut taken = BTreeSet::new();
    for row in tx.rows(TAKEN, args![entry.workflow.as_str(), body_text(entry.body.as_ref())]).await? {
        taken.extend(row.text("occasion")?.parse::<OccasionId>().ok());
    }
    let own = taken.iter().filter(|id| id.entry == entry.entry && id.year == year);
    let highest = own.filter_map(|id| id.number).max().unwrap_or(0);
    let number = highest.checked_add(1);
    let number = number.ok_or_else(|| StoreError::Refused("so many occasions can't be kept".to_owned()))?;
    Ok(OccasionId { entry: entry.entry.clone(), year, number: Some(number) })
}

/// Reads the events into the facts. One that was over when it was first seen has nothing to be said about it, so that a
/// calendar's past is not asked about when it is connected.
pub(super) async fn read(tx: &mut Tx, facts: &mut Facts) -> Result<()> {
    for row in tx.rows(EVENTS, args![]).await? {
        let KnownEvent { at, sourced, .. } = event_of(&row)?;
        let first_seen = row.moment("first_seen")?;
        if sourced.span.last() >= today(first_seen) {
            let object = Object::Occasion(at.clone());
            facts.entered.insert((at.workflow.clone(), at.body.clone(), object), first_seen);
        }
        facts.sourced.insert(at, sourced);
    }
    Ok(())
}

fn event_of(row: &Row) -> Result<KnownEvent> {
    let at = occasion_of("source_event", row)?;
    let wrong = |what: &str| unreadable("source_event", &at.id.to_string(), what);
    let recurrence = match row.text("recurrence")?.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| wrong("its repetition is no time"))?),
    };
    Ok(KnownEvent {
        uid: row.text("uid")?,
        recurrence,
        sourced: from_json("source_event", &at.id.to_string(), &row.text("content")?)?,
        missing_since: row.maybe_moment("missing_since")?,
        at,
    })
}

fn state_of(row: &Row) -> Result<SourceState> {
    let failure = row.maybe_moment("failing_since")?.zip(row.maybe_text("failure")?);
    Ok(SourceState {
        name: row.text("name")?,
        address: row.text("address")?,
        etag: row.maybe_text("etag")?,
        last_modified: row.maybe_text("last_modified")?,
        tried_at: row.maybe_moment("tried_at")?,
        good_at: row.maybe_moment("good_at")?,
        failure,
        remark: row.maybe_text("remark")?,
    })
}
