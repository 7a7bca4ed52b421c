//! The outbox, as planning sees it: what is known of messages, and the plan's changes to them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::db::{Row, Tx, Value, args, unreadable};
use super::rows::{body_text, from_json, object_text, to_json};
use super::{Applied, MetaKey, PlannedMark, Result, Store, facts, meta, occasions};
use crate::ids::{PersonId, WorkflowId};
use crate::plan::digest::digest;
use crate::plan::model::{Change, Key, Known, KnownState, Message, Occasion};

/// Letters ([`super::LETTER`]) are no part of any plan.
const KNOWN: &str = "SELECT key, at, digest, state FROM message WHERE at >= $1 AND key NOT LIKE '~brev:%' \
     UNION ALL SELECT key, at, digest, state FROM message WHERE at < $1 AND state = 'planned' \
     AND key NOT LIKE '~brev:%' ORDER BY at, key";
const COLUMNS: usize = 13;
const ADD: &str = "INSERT INTO message (key, workflow, body, object, step, person, kind, at, expires, urgent, \
     content, digest, changed_at) VALUES ";
/// Only what was withdrawn is planned again: everything else keeps the row it has.
const REVIVE: &str = " ON CONFLICT (key) DO UPDATE SET workflow = excluded.workflow, body = excluded.body, \
     object = excluded.object, step = excluded.step, person = excluded.person, kind = excluded.kind, \
     at = excluded.at, expires = excluded.expires, urgent = excluded.urgent, content = excluded.content, \
     digest = excluded.digest, state = 'planned', reason = NULL, changed_at = excluded.changed_at \
     WHERE message.state = 'withdrawn'";
const MOVE: &str = "UPDATE message SET workflow = $2, body = $3, object = $4, step = $5, person = $6, kind = $7, \
     at = $8, expires = $9, urgent = $10, content = $11, digest = $12, changed_at = $13 \
     WHERE key = $1 AND state = 'planned'";
const WITHDRAW: &str = "UPDATE message SET state = 'withdrawn', reason = 'replanned', changed_at = $2 \
     WHERE key = $1 AND state = 'planned'";

/// Rows in one statement. One by one, 100 000 rows take 35 times as long on SQLite; its limit is 32 766 values.
const BATCH: usize = 400;

impl Store {
    /// The messages that planning must know of: those from `from` on, and all that are still planned.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn known(&self, from: Timestamp) -> Result<Vec<Known>> {
        self.db().rows(KNOWN, args![from]).await?.iter().map(known_of).collect()
    }

    /// Applies a plan's changes and its occasions, and notes how far it reaches; all of it or nothing.
    ///
    /// `in_force` are the workflows there are: a stored occasion of another workflow, that the plan doesn't have,
    /// becomes orphaned. A plan made from facts older than the stored ones is not applied at all
    /// ([`Applied::stale`]): it could bring back what an answer has just taken away. Applying the same again
    /// changes nothing.
    ///
    /// # Errors
    /// When the database fails; then nothing is applied.
    pub async fn apply(
        &self,
        changes: &[Change],
        occasions: &[Occasion],
        in_force: &BTreeSet<WorkflowId>,
        mark: &PlannedMark,
        now: Timestamp,
    ) -> Result<Applied> {
        let mut tx = self.db().write().await?;
        facts::hold(&mut tx).await?;
        let mut applied = Applied::default();
        if facts::revision(&mut tx).await? != mark.facts_revision {
            applied.stale = true;
            return Ok(applied);
        }
        let mut added: BTreeMap<&Key, &Message> = BTreeMap::new();
        for change in changes {
            match change {
                Change::Add(message) => {
                    added.entry(&message.key).or_insert(message);
                }
                Change::Move(message) => applied.moved += touched(tx.run(MOVE, values(message, now)?).await?),
                Change::Withdraw(key) => {
                    applied.withdrawn += touched(tx.run(WITHDRAW, args![&key.0, now]).await?);
                }
                Change::Keep(_) => {}
            }
        }
        let added: Vec<&Message> = added.into_values().collect();
        for batch in added.chunks(BATCH) {
            applied.added += touched(add(&mut tx, batch, now).await?);
        }
        occasions::apply(&mut tx, occasions, in_force, now, &mut applied).await?;
        let before = tx.row(meta::GET, args![MetaKey::PLANNED.0]).await?;
        let before =
            before.map(|row| from_json::<PlannedMark>("meta", MetaKey::PLANNED.0, &row.text("value")?));
        if before.transpose()?.is_none_or(|before| before.files_digest != mark.files_digest) {
            meta::put(&mut tx, MetaKey::FILES_SINCE, Some(&now.as_second().to_string())).await?;
        }
        meta::put(&mut tx, MetaKey::PLANNED, Some(&to_json(mark)?)).await?;
        tx.commit().await?;
        self.remember(Some(mark));
        Ok(applied)
    }

    /// How far, and from what, the outbox has been planned; none before the first plan. For the planner, which does
    /// one thing at a time; others ask for [`Self::known_mark`].
    ///
    /// # Errors
    /// When the database fails or the mark can't be read.
    pub async fn planned_mark(&self) -> Result<Option<PlannedMark>> {
        let mark = self.stored_mark().await?;
        self.remember(mark.as_ref());
        Ok(mark)
    }

    /// The same for those who ask at every request. The database isn't asked where this process is the only one that
    /// plans: on a loopback connection the question took four fifths of the time of a feed.
    ///
    /// # Errors
    /// When the database fails or the mark can't be read.
    pub async fn known_mark(&self) -> Result<Option<PlannedMark>> {
        let known = self.planned.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match known {
            Some(mark) => Ok(Some(mark)),
            // Nor is it noted here: the planner may have left a newer one before it would be.
            None => self.stored_mark().await,
        }
    }

    async fn stored_mark(&self) -> Result<Option<PlannedMark>> {
        let json = self.meta_get(MetaKey::PLANNED).await?;
        json.map(|json| from_json("meta", MetaKey::PLANNED.0, &json)).transpose()
    }

    /// Since when the files have been in force that the outbox was last planned from; none before the first plan.
    ///
    /// # Errors
    /// When the database fails or the moment can't be read.
    pub async fn files_since(&self) -> Result<Option<Timestamp>> {
        self.meta_get(MetaKey::FILES_SINCE).await?.map(|text| meta::moment(&text)).transpose()
    }

    fn remember(&self, mark: Option<&PlannedMark>) {
        if self.lock.is_some() {
            *self.planned.lock().unwrap_or_else(PoisonError::into_inner) = mark.cloned();
        }
    }
}

fn known_of(row: &Row) -> Result<Known> {
    let key = row.text("key")?;
    let state = match row.text("state")?.as_str() {
        "planned" => KnownState::Planned,
        "withdrawn" => KnownState::Withdrawn,
        "queued" | "sent" | "failed" | "skipped" => KnownState::Settled,
        other => return Err(unreadable("message", &key, format!("its state is `{other}`"))),
    };
    Ok(Known { key: Key(key), at: row.moment("at")?, digest: row.text("digest")?, state })
}

fn touched(rows: u64) -> usize {
    usize::try_from(rows).unwrap_or(usize::MAX)
}

/// A message's columns, in the order of [`ADD`].
fn values(message: &Message, now: Timestamp) -> Result<Vec<Value>> {
    let matter = &message.matter;
    let values = args![
        &message.key.0,
        matter.workflow.as_str(),
        body_text(matter.body.as_ref()),
        object_text(&matter.object),
        matter.step.as_str(),
        message.to.as_ref().map(PersonId::as_str),
        message.kind.code(),
        message.at,
        message.expires,
        message.urgent,
        to_json(message)?,
        digest(message),
        now,
    ];
    Ok(values)
}

pub(super) async fn add(tx: &mut Tx, batch: &[&Message], now: Timestamp) -> Result<u64> {
    let mut args = Vec::with_capacity(batch.len() * COLUMNS);
    for message in batch {
        args.extend(values(message, now)?);
    }
    let sql = format!("{ADD}{}{REVIVE}", places(batch.len(), COLUMNS));
    // Nothing but numbered places has been put into the statement.
    tx.run(AssertSqlSafe(sql), args).await
}

/// `($1, $2), ($3, $4)` for 2 rows of 2.
pub(super) fn places(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let places: Vec<String> = (1..=columns).map(|n| format!("${}", row * columns + n)).collect();
        format!("({})", places.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_numbered_through() {
        assert_eq!(places(2, 3), "($1, $2, $3), ($4, $5, $6)");
    }
}
