//! Keeping the calendars that meetings come from: asked for once an hour, each for itself.
//!
//! ```text
//! named in a file ─▶ due? ─▶ claimed ─▶ fetched ─▶ read ─▶ decided ─▶ occasions, in one transaction
//!                                          │                  │
//!                                          └── a failure is noted, and all that is known stays as it is
//! ```
//!
//! A calendar that fails, stalls or can't be read holds up the ones after it for as long as the policy lets it, and
//! nothing else: planning and mails don't wait for any of this.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use super::matching::decide;
use super::{Client, FetchError, Fetched, Source, Validators};
use crate::calendar::today;
use crate::clock::Clock;
use crate::ical::read::{Limits, Reading, read};
use crate::plan::digest::hex;
use crate::plan::model::Facts;
use crate::plan::occasions::bodies_of;
use crate::rules::{InForce, Rules};
use crate::store::{CameWhole, SourceEntry, SourceState, Store, StoreError, TakenEvent};
use crate::workflow::model::{FromCalendar, When};

/// A calendar is asked for at most so often,
const RHYTHM: SignedDuration = SignedDuration::from_hours(1);
/// and then up to so many seconds later, each by its name: they are not all asked for in the same minute.
const SPREAD: u64 = 600;

/// The entries that come from one calendar, with what they want of it.
pub type Named = Vec<(SourceEntry, FromCalendar)>;

/// Fetches calendars and keeps what they say.
#[derive(Debug)]
pub struct Keeper {
    store: Store,
    clock: Arc<dyn Clock>,
    rules: Arc<InForce>,
    client: Client,
    /// The addresses that the configuration gives names.
    addresses: BTreeMap<String, Source>,
    /// Held while calendars are fetched.
    fetching: Mutex<()>,
}

/// What a round came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Calendars that were asked for.
    pub asked: usize,
    /// Of them, those that could not be had.
    pub failed: usize,
    /// Meetings that are new or otherwise than they were.
    pub changed: usize,
}

/// What came of fetching one calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// It could not be had; nothing has changed.
    Failed(String),
    /// What has changed, or would.
    Taken {
        /// The events.
        events: Vec<TakenEvent>,
        /// What is to be known of the calendar.
        remark: Option<String>,
    },
}

/// The calendars that `rules` name, by that name.
#[must_use]
pub fn named(rules: &Rules) -> BTreeMap<String, Named> {
    let facts = Facts::default();
    let world = rules.world(&facts);
    let mut found: BTreeMap<String, Named> = BTreeMap::new();
    for workflow in rules.workflows.0.values() {
        for entry in &workflow.entries {
            let When::FromCalendar(asked) = &entry.when else { continue };
            for body in bodies_of(&world, entry.scope.as_ref().unwrap_or(&workflow.scope)) {
                let of = SourceEntry { workflow: workflow.id.clone(), body, entry: entry.id.clone() };
                found.entry(asked.source.clone()).or_default().push((of, asked.clone()));
            }
        }
    }
    found
}

/// How a calendar is spoken of: its name, or the host of its address.
#[must_use]
pub fn label(name: &str) -> &str {
    let host = name.split_once("://").and_then(|(_, rest)| rest.split('/').next());
    host.unwrap_or(name)
}

impl Keeper {
    /// A keeper of the calendars that the files in force name. `addresses` gives the names among them an address.
    #[must_use]
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        rules: Arc<InForce>,
        client: Client,
        addresses: BTreeMap<String, Source>,
    ) -> Self {
        Self { store, clock, rules, client, addresses, fetching: Mutex::default() }
    }

    /// Asks for every calendar that is due, one after the other. Returns at once if a round is under way.
    ///
    /// # Errors
    /// When the database fails. What is wrong with a calendar is noted with it.
    pub async fn round(&self) -> Result<Round, StoreError> {
        let Ok(_guard) = self.fetching.try_lock() else { return Ok(Round::default()) };
        let named = named(&self.rules.rules());
        let states = self.store.sources().await?;
        for state in states.iter().filter(|state| !named.contains_key(&state.name)) {
            self.store.forget_source(&state.name).await?;
        }
        let mut round = Round::default();
        for (name, entries) in &named {
            let now = self.clock.now();
            let before = now - rhythm(name);
            let tried = states.iter().find(|state| state.name == *name).and_then(|state| state.tried_at);
            let due = tried.is_none_or(|tried| tried <= before || tried > now);
            if !due || !self.store.claim_source(name, before, now).await? {
                continue;
            }
            round.asked += 1;
            match self.fetch(name, entries, (now, true)).await? {
                Report::Failed(_) => round.failed += 1,
                Report::Taken { events, .. } => round.changed += events.iter().filter(|e| !e.missing).count(),
            }
        }
        Ok(round)
    }

    /// Asks for one calendar now, whenever it was last asked for; none if no file names it. Without `write` it only
    /// says what would change.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn fetch_now(&self, name: &str, write: bool) -> Result<Option<Report>, StoreError> {
        let named = named(&self.rules.rules());
        let found = named.iter().find(|(known, _)| *known == name || label(known) == name);
        let Some((name, entries)) = found else { return Ok(None) };
        let now = self.clock.now();
        if write {
            self.store.claim_source(name, now, now).await?;
        }
        self.fetch(name, entries, (now, write)).await.map(Some)
    }

    async fn fetch(
        &self,
        name: &str,
        entries: &Named,
        (now, write): (Timestamp, bool),
    ) -> Result<Report, StoreError> {
        let report = match self.ask(name, now).await? {
            Ok(came) => self.take(name, &came, entries, (now, write)).await?,
            Err(why) => Report::Failed(why),
        };
        let calendar = label(name);
        match &report {
            Report::Failed(why) => {
                tracing::warn!(calendar, why, "a calendar can't be had; what is known of it stays");
                if write {
                    self.store.source_failed(name, why, now).await?;
                }
            }
            Report::Taken { events, .. } if write && !events.is_empty() => {
                let missing = events.iter().filter(|event| event.missing).count();
                tracing::info!(calendar, changed = events.len() - missing, missing, "a calendar has changed");
            }
            Report::Taken { .. } => {}
        }
        Ok(report)
    }

    /// What the server has; or why it can't be had.
    async fn ask(&self, name: &str, now: Timestamp) -> Result<Result<Came, String>, StoreError> {
        let (source, address) = match self.address(name) {
            Ok(found) => found,
            Err(why) => return Ok(Err(why)),
        };
        let states = self.store.sources().await?;
        let state = states.into_iter().find(|state| state.name == name && state.address == address);
        let kept = self.store.source_content(name, &address).await?;
        // Without the text "not modified" would say nothing.
        let previous = state.filter(|_| kept.is_some()).map(validators);
        let fetched = self.client.fetch(&source, previous.as_ref()).await;
        let (bytes, validators, is_new) = match fetched {
            Err(error) => return Ok(Err(error.to_string())),
            Ok(Fetched::New { bytes, validators }) => (bytes, validators, true),
            Ok(Fetched::NotModified) => (kept.unwrap_or_default(), previous.unwrap_or_default(), false),
        };
        // Read again though it is the same text: another day may lie within the time that is told of.
        let limits = Limits { bytes: self.client.policy().bytes, ..Limits::on(today(now)) };
        let reading = tokio::task::spawn_blocking(move || (read(&bytes, limits), bytes)).await;
        Ok(match reading {
            Err(_) => Err(format!("what {} sent can't be read; please report it", source.host())),
            Ok((reading, _)) if !reading.complete && reading.events.is_empty() && reading.outside == 0 => {
                Err(format!("nothing that {} sent could be read as a calendar", source.host()))
            }
            Ok((reading, bytes)) => Ok(Came { reading, bytes, validators, is_new, address }),
        })
    }

    /// The address of a calendar, and its digest.
    fn address(&self, name: &str) -> Result<(Source, String), String> {
        let source = if name.contains("://") {
            Source::parse(name, self.client.policy()).map_err(|error: FetchError| error.to_string())?
        } else {
            let unnamed =
                || format!("no address is known for `{name}`; give it one under [calendars.sources]");
            self.addresses.get(name).cloned().ok_or_else(unnamed)?
        };
        let digest = hex(&Sha256::digest(source.url().as_str()));
        Ok((source, digest))
    }

    async fn take(
        &self,
        name: &str,
        came: &Came,
        entries: &Named,
        (now, write): (Timestamp, bool),
    ) -> Result<Report, StoreError> {
        let Came { reading, bytes, validators, is_new, address } = came;
        // Half a calendar is not what the server's mark stands for: it must be sent anew.
        let whole = reading.complete;
        let validators = if whole { validators.clone() } else { Validators::default() };
        let remark = (!whole).then(|| {
            let doubts = reading.doubts.len();
            format!(
                "not all of it could be read (doubts: {doubts}), so what is missing is not taken as removed"
            )
        });
        let came = CameWhole {
            address,
            validators: (validators.etag, validators.last_modified),
            content: (whole && *is_new).then_some(bytes.as_slice()),
            remark: remark.clone(),
        };
        let places: Vec<SourceEntry> = entries.iter().map(|(entry, _)| entry.clone()).collect();
        let wanted: Vec<&FromCalendar> = entries.iter().map(|(_, asked)| asked).collect();
        let events = self.store.take_source(
            name,
            &came,
            &places,
            |place, known| {
                wanted.get(place).map_or_else(Default::default, |asked| decide(asked, reading, known, now))
            },
            (now, write),
        );
        Ok(Report::Taken { events: events.await?, remark })
    }
}

/// A calendar that could be fetched and read.
struct Came {
    reading: Reading,
    bytes: Vec<u8>,
    validators: Validators,
    is_new: bool,
    address: String,
}

fn validators(state: SourceState) -> Validators {
    Validators { etag: state.etag, last_modified: state.last_modified }
}

/// How long a calendar rests.
fn rhythm(name: &str) -> SignedDuration {
    let digest = Sha256::digest(name);
    let place = digest.iter().take(4).fold(0_u64, |sum, byte| sum * 256 + u64::from(*byte)) % SPREAD;
    RHYTHM + SignedDuration::from_secs(i64::try_from(place).unwrap_or(0))
}
