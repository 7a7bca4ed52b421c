//! A week of the outbox: how many mails somebody has had, what was held back, and what a summary is made of.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::db::{Row, args};
use super::facts::hold;
use super::rows::{from_json, message_of, to_json};
use super::{MetaKey, Result, Store, meta};
use crate::ids::PersonId;
use crate::plan::model::{Key, Message};

const WRITTEN: &str =
    "SELECT id FROM mail WHERE person = $1 AND state NOT IN ('cancelled', 'failed') LIMIT 1";
const COUNT: &str = "SELECT count(*) AS n FROM mail WHERE person = $1 AND created_at >= $2 \
     AND state NOT IN ('cancelled', 'failed')";
const ASKED: &str = "SELECT key, content FROM message WHERE at >= $1 AND at <= $2 \
     AND kind IN ('ask', 'reminder') AND state IN ('queued', 'sent') \
     AND (expires IS NULL OR expires > $2) ORDER BY at, key";
const FAILED: &str = "SELECT key, content FROM message WHERE at >= $1 AND mail IN \
     (SELECT id FROM mail WHERE state = 'failed' AND created_at >= $2) ORDER BY at, key";
const COMING: &str = "SELECT key, content FROM message WHERE state = 'planned' AND at > $1 AND at <= $2 \
     AND person IS NOT NULL ORDER BY at, key";
const HELD_BACK: MetaKey = MetaKey("held_back");
/// The weeks of which it is kept what was held back: this one and the one before.
const WEEKS: usize = 2;

/// What was held back because its recipient had got a week's mails, by ISO week (`2025-W07`) and person.
pub type HeldBack = BTreeMap<String, BTreeMap<PersonId, BTreeSet<Key>>>;

impl Store {
    /// Whether a mail to `person` has been composed that wasn't cancelled and didn't fail.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_been_written_to(&self, person: &PersonId) -> Result<bool> {
        Ok(self.db().row(WRITTEN, args![person.as_str()]).await?.is_some())
    }

    /// How many mails to `person` have been composed at or after `since`, without those that were cancelled or
    /// failed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mails_since(&self, person: &PersonId, since: Timestamp) -> Result<u32> {
        self.db().row(COUNT, args![person.as_str(), since]).await?.map_or(Ok(0), |row| row.number("n"))
    }

    /// What was held back in this week and the one before, as far as it is known.
    ///
    /// # Errors
    /// When the database fails or the record can't be read.
    pub async fn held_back(&self) -> Result<HeldBack> {
        held_back(self.db().row(meta::GET, args![HELD_BACK.0]).await?)
    }

    /// Records what is held back in `week`; what was recorded of it before stays. Writes nothing that is known.
    ///
    /// # Errors
    /// When the database fails or the record can't be read.
    pub async fn hold_back(&self, week: &str, held: &BTreeMap<PersonId, BTreeSet<Key>>) -> Result<()> {
        let mut tx = self.db().write().await?;
        // Two replicas note what they hold back one after the other.
        hold(&mut tx).await?;
        let mut all = held_back(tx.row(meta::GET, args![HELD_BACK.0]).await?)?;
        let before = all.clone();
        let of_week = all.entry(week.to_owned()).or_default();
        for (person, keys) in held {
            of_week.entry(person.clone()).or_default().extend(keys.iter().cloned());
        }
        while all.len() > WEEKS {
            all.pop_first();
        }
        if all == before {
            return Ok(());
        }
        meta::put(&mut tx, HELD_BACK, Some(&to_json(&all)?)).await?;
        tx.commit().await
    }

    /// The asks and reminders that left from `from` to `now` and are still open to an answer by their own time;
    /// whether they have been answered stands in the facts.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn asked(&self, from: Timestamp, now: Timestamp) -> Result<Vec<Message>> {
        self.messages(ASKED, from, now).await
    }

    /// The messages in mails composed at or after `since` that failed; `from` is before all of them.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn in_failed_mails(&self, from: Timestamp, since: Timestamp) -> Result<Vec<Message>> {
        self.messages(FAILED, from, since).await
    }

    /// The messages that are planned for after `now` and up to `until`.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn leaving(&self, now: Timestamp, until: Timestamp) -> Result<Vec<Message>> {
        self.messages(COMING, now, until).await
    }

    async fn messages(&self, sql: &'static str, from: Timestamp, until: Timestamp) -> Result<Vec<Message>> {
        self.db().rows(sql, args![from, until]).await?.iter().map(message_of).collect()
    }
}

fn held_back(row: Option<Row>) -> Result<HeldBack> {
    row.map_or_else(|| Ok(HeldBack::new()), |row| from_json("meta", HELD_BACK.0, &row.text("value")?))
}
