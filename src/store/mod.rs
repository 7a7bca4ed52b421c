//! The store: facts, the outbox and what was sent, in SQLite or PostgreSQL.
//!
//! # A message
//!
//! ```text
//!            apply                   queue                 finish
//!   (new) ─────────▶ planned ─────────────────▶ queued ─────────────▶ sent
//!                     │ ▲  │ ▲                   │ │ │
//!       apply, answer │ │  │ └── mail cancelled ─┘ │ └──────────────▶ failed
//!                     ▼ │  │                       │ answer            ▲
//!              withdrawn   │ skip                  ▼                   │
//!                          ├────────▶ skipped    withdrawn             │
//!                          └───────────────────── unreadable ──────────┘
//! ```
//!
//! Planned at most once: the key is unique, and adding a message that is planned, queued, sent, failed or
//! skipped changes nothing. Only what was withdrawn can be planned again.
//!
//! # A mail
//!
//! ```text
//!            queue            claim                 finish
//!   (new) ─────────▶ queued ─────────▶ sending ─────────────▶ sent
//!                     │  ▲              │   │
//!              answer │  └── not yet, ──┘   └───────────────▶ failed
//!                     ▼      interrupted
//!                 cancelled
//! ```
//!
//! A claim commits "attempt n started, the next one at ..." before anybody dials, and holds a lease. An attempt
//! whose lease ran out counts as interrupted: it may have been delivered. Attempt numbers are fencing numbers:
//! an attempt that was given up can no longer say how it ended.
//!
//! # How it is kept
//!
//! Moments are whole seconds since 1970 (UTC), dates ISO text, lists and contents JSON text, flags 0 and 1, and
//! a body that is missing is the empty text. Constraints in `migrations/` hold each state to what it must have.
//! No method reads a clock or draws a random number: moments are arguments.

mod error;
mod location;
mod types;

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

pub use error::StoreError;
pub use location::Location;
pub use types::*;

use crate::ids::{BodyId, OccasionRef, PersonId, RoleId, WorkflowId};
use crate::items::Item;
use crate::plan::model::{
    Change, EnteredDate, Facts, Given, Key, Known, Matter, Message, Occasion, Startable,
};

type Result<T> = std::result::Result<T, StoreError>;

/// An open database. Clones share it.
#[derive(Clone, Debug)]
pub struct Store {}

fn later<T>() -> Result<T> {
    Err(StoreError::Refused("not built yet".to_owned()))
}

/// Opening and looking after.
impl Store {
    pub async fn open(_location: &Location, _access: Access) -> Result<Self> {
        later()
    }
    /// For tests: as [`Self::open`], but a power cut may lose the last commits. Never for a real installation.
    pub async fn open_with_relaxed_sync(_location: &Location, _access: Access) -> Result<Self> {
        later()
    }
    pub async fn check_integrity(&self) -> Result<()> {
        later()
    }
    /// A consistent copy of an SQLite database, made while it is in use.
    pub async fn backup_to(&self, _file: &Path) -> Result<()> {
        later()
    }
    pub async fn close(&self) {}
    pub async fn meta_get(&self, _key: MetaKey) -> Result<Option<String>> {
        later()
    }
    /// None removes it.
    pub async fn meta_put(&self, _key: MetaKey, _value: Option<&str>) -> Result<()> {
        later()
    }
}

/// Facts.
impl Store {
    /// Read [`Self::facts_revision`] first: then a fact recorded in between makes a plan stale, never wrong.
    pub async fn facts(&self) -> Result<Facts> {
        later()
    }
    /// Facts and their revision as of one moment.
    pub async fn facts_with_revision(&self) -> Result<(Facts, i64)> {
        later()
    }
    pub async fn facts_revision(&self) -> Result<i64> {
        later()
    }
    pub async fn save_people(
        &self,
        _rows: &[PersonRow],
        _who: &str,
        _now: Timestamp,
    ) -> Result<ImportReport> {
        later()
    }
    pub async fn set_person_address(
        &self,
        _person: &PersonId,
        _address: &str,
        _who: &str,
        _now: Timestamp,
    ) -> Result<bool> {
        later()
    }
    pub async fn end_holder(
        &self,
        _body: &BodyId,
        _role: &RoleId,
        _person: &PersonId,
        _until: Date,
        _who: &str,
        _now: Timestamp,
    ) -> Result<bool> {
        later()
    }
    pub async fn save_items(
        &self,
        _body: &BodyId,
        _items: &[Item],
        _who: &str,
        _now: Timestamp,
    ) -> Result<ImportReport> {
        later()
    }
    pub async fn update_item(
        &self,
        _unit: &str,
        _change: &ItemChange,
        _who: &str,
        _now: Timestamp,
    ) -> Result<bool> {
        later()
    }
    /// `effect`: what the answer does to an item (its unit and the change).
    pub async fn record_answer(
        &self,
        _given: &Given,
        _effect: Option<(&str, &ItemChange)>,
        _settles_all: bool,
        _who: &str,
        _now: Timestamp,
    ) -> Result<Recorded> {
        later()
    }
    pub async fn start(&self, _what: &[Startable], _at: Timestamp, _who: &str) -> Result<usize> {
        later()
    }
    pub async fn enter_date(
        &self,
        _occasion: &OccasionRef,
        _date: &EnteredDate,
        _who: &str,
        _now: Timestamp,
    ) -> Result<bool> {
        later()
    }
    /// Newest first.
    pub async fn history(&self, _limit: u32) -> Result<Vec<HistoryRow>> {
        later()
    }
}

/// Answers by link.
impl Store {
    pub async fn issue_token(&self, _token: &NewToken, _now: Timestamp) -> Result<()> {
        later()
    }
    pub async fn token(&self, _hash: &[u8; 32], _now: Timestamp) -> Result<Option<TokenRow>> {
        later()
    }
    /// Revokes all of a person's tokens for a purpose.
    pub async fn revoke_tokens(&self, _person: &PersonId, _purpose: &str, _now: Timestamp) -> Result<u64> {
        later()
    }
    /// The newest message of each matter that the person was asked and has not answered.
    pub async fn open_matters(&self, _person: &PersonId) -> Result<Vec<Message>> {
        later()
    }
    pub async fn latest_message(
        &self,
        _matter: &Matter,
        _person: &PersonId,
    ) -> Result<Option<(Message, MessageState)>> {
        later()
    }
    pub async fn answer_of(&self, _matter: &Matter, _person: &PersonId) -> Result<Option<Given>> {
        later()
    }
    /// All answers to a matter, the newest first.
    pub async fn answers_to(&self, _matter: &Matter) -> Result<Vec<Given>> {
        later()
    }
}

/// Planning.
impl Store {
    pub async fn known(&self, _from: Timestamp) -> Result<Vec<Known>> {
        later()
    }
    pub async fn apply(
        &self,
        _changes: &[Change],
        _occasions: &[Occasion],
        _in_force: &BTreeSet<WorkflowId>,
        _mark: &PlannedMark,
        _now: Timestamp,
    ) -> Result<Applied> {
        later()
    }
    pub async fn planned_mark(&self) -> Result<Option<PlannedMark>> {
        later()
    }
    pub async fn occasions(&self) -> Result<Vec<StoredOccasion>> {
        later()
    }
}

/// Sending.
impl Store {
    pub async fn due(&self, _now: Timestamp, _limit: u32) -> Result<Vec<Message>> {
        later()
    }
    pub async fn next_moment(&self) -> Result<Option<Timestamp>> {
        later()
    }
    pub async fn asked_before(&self, _pairs: &[(Matter, PersonId)]) -> Result<HashSet<(Matter, PersonId)>> {
        later()
    }
    pub async fn queue(&self, _mail: &NewMail, _now: Timestamp) -> Result<bool> {
        later()
    }
    pub async fn skip(&self, _keys: &[Key], _reason: &str, _now: Timestamp) -> Result<u64> {
        later()
    }
    pub async fn claim(
        &self,
        _now: Timestamp,
        _lease: SignedDuration,
        _backoff: Backoff<'_>,
    ) -> Result<Option<Claim>> {
        later()
    }
    pub async fn finish(&self, _claim: &Claim, _how: &Finish, _now: Timestamp) -> Result<bool> {
        later()
    }
    pub async fn release_own_leases(&self, _now: Timestamp) -> Result<u64> {
        later()
    }
    pub async fn pause_all(&self, _until: Timestamp) -> Result<()> {
        later()
    }
    pub async fn paused_until(&self) -> Result<Option<Timestamp>> {
        later()
    }
    pub async fn counts(&self) -> Result<Counts> {
        later()
    }
    /// Mails with a row number above `after`, oldest first.
    pub async fn mails(&self, _limit: u32, _after: i64) -> Result<Vec<MailRow>> {
        later()
    }
    pub async fn mail(&self, _id: i64) -> Result<Option<MailRow>> {
        later()
    }
}
