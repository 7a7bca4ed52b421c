//! What was promised by when, and what a row waits for.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{body_of, deadline_of, wait_of};
use crate::ids::ItemId;
use crate::items::register::{Deadline, Wait};
use crate::store::db::{Tx, args};
use crate::store::facts::{Writer, commit_if, write_facts};
use crate::store::rows::to_json;
use crate::store::{Result, Store, StoreError};

const NEW_DEADLINE: &str = "INSERT INTO deadline (item, day, exactness, text, stated, met) \
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (item, day, text) DO NOTHING";
const DEADLINES: &str =
    "SELECT item, day, exactness, text, stated, met FROM deadline WHERE item = $1 ORDER BY day, text";
const MEET: &str = "UPDATE deadline SET met = 1 WHERE item = $1 AND day = $2 AND text = $3";
const NEW_WAIT: &str = "INSERT INTO wait (item, part, kind, text, until, since) VALUES ($1, $2, $3, $4, $5, $6) RETURNING number";
const WAIT: &str = "SELECT number, item, part, kind, text, until, since, ended FROM wait WHERE number = $1";
const WAITS: &str =
    "SELECT number, item, part, kind, text, until, since, ended FROM wait WHERE item = $1 ORDER BY number";
const END: &str = "UPDATE wait SET ended = $2, why = $3 WHERE number = $1";

impl Store {
    /// Notes what was promised about a row. Says whether that was news.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if there is no such item.
    pub async fn add_deadline(
        &self,
        item: &ItemId,
        deadline: &Deadline,
        who: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let mut tx = write_facts(self).await?;
        body_of(&mut tx, item).await?;
        let added = promise(&mut tx, item, deadline, Writer { who, now }).await?;
        commit_if(tx, added).await?;
        Ok(added)
    }

    /// Notes that what was promised about a row by `day` has come about; with `text` only that promise. It stays in
    /// the register. Says whether that was news.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if nothing was promised by that day.
    pub async fn meet_deadline(
        &self,
        item: &ItemId,
        day: Date,
        text: Option<&str>,
        who: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let mut tx = write_facts(self).await?;
        let meant = |d: &Deadline| d.day == day && text.is_none_or(|text| d.text == text);
        let found: Vec<Deadline> = deadlines(&mut tx, item).await?.into_iter().filter(meant).collect();
        if found.is_empty() {
            return Err(StoreError::Refused(format!("`{item}` has no such deadline on {day}")));
        }
        let mut changed = false;
        for before in found.into_iter().filter(|d| !d.met) {
            tx.run(MEET, args![item.as_str(), Some(before.day), &before.text]).await?;
            let after = to_json(&Deadline { met: true, ..before.clone() })?;
            Writer { who, now }
                .note(&mut tx, format!("deadline {item}"), Some(to_json(&before)?), after)
                .await?;
            changed = true;
        }
        commit_if(tx, changed).await?;
        Ok(changed)
    }

    /// What was promised about a row, the earliest first: met or not.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn deadlines_of(&self, item: &ItemId) -> Result<Vec<Deadline>> {
        deadlines(&mut self.db().read().await?, item).await
    }

    /// Notes what a row waits for, and gives the wait's number.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if there is no such item.
    pub async fn add_wait(&self, item: &ItemId, wait: &Wait, who: &str, now: Timestamp) -> Result<i64> {
        let mut tx = write_facts(self).await?;
        body_of(&mut tx, item).await?;
        let number = add_wait(&mut tx, item, wait, Writer { who, now }).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// Ends a wait on `day`, and says why. Says whether it went on.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if there is no such wait, or nobody says why.
    pub async fn end_wait(
        &self,
        number: i64,
        why: &str,
        day: Date,
        who: &str,
        now: Timestamp,
    ) -> Result<bool> {
        if why.trim().is_empty() {
            return Err(StoreError::Refused("say why it waits no more".to_owned()));
        }
        let mut tx = write_facts(self).await?;
        let ended = end(&mut tx, number, why.trim(), day, Writer { who, now }).await?;
        commit_if(tx, ended).await?;
        Ok(ended)
    }
}

async fn deadlines(tx: &mut Tx, item: &ItemId) -> Result<Vec<Deadline>> {
    tx.rows(DEADLINES, args![item.as_str()]).await?.iter().map(deadline_of).collect()
}

/// Adds a deadline; one with the same day and words is the same. Says whether it was new.
pub(super) async fn promise(
    tx: &mut Tx,
    item: &ItemId,
    deadline: &Deadline,
    writer: Writer<'_>,
) -> Result<bool> {
    let args = args![
        item.as_str(),
        Some(deadline.day),
        deadline.precision.code(),
        &deadline.text,
        Some(deadline.stated),
        deadline.met,
    ];
    let added = tx.run(NEW_DEADLINE, args).await? == 1;
    if added {
        writer.note(tx, format!("deadline {item}"), None, to_json(deadline)?).await?;
    }
    Ok(added)
}

/// Notes what a row waits for.
pub(super) async fn add_wait(tx: &mut Tx, item: &ItemId, wait: &Wait, writer: Writer<'_>) -> Result<i64> {
    let args = args![
        item.as_str(),
        wait.part.as_deref(),
        wait.kind.code(),
        &wait.text,
        to_json(&wait.on)?,
        Some(wait.since),
    ];
    let number = tx.row(NEW_WAIT, args).await?.map(|row| row.int("number")).transpose()?.unwrap_or_default();
    writer.note(tx, format!("wait {item}"), None, to_json(&Wait { number, ..wait.clone() })?).await?;
    Ok(number)
}

/// Ends a wait on `day`. Says whether it went on.
pub(super) async fn end(tx: &mut Tx, number: i64, why: &str, day: Date, writer: Writer<'_>) -> Result<bool> {
    let row = tx.row(WAIT, args![number]).await?;
    let row = row.ok_or_else(|| StoreError::Refused(format!("there is no wait {number}")))?;
    if row.maybe_date("ended")?.is_some() {
        return Ok(false);
    }
    let before = to_json(&wait_of(&row)?)?;
    tx.run(END, args![number, Some(day), why]).await?;
    let after = to_json(&serde_json::json!({ "number": number, "ended": day, "why": why }))?;
    writer.note(tx, format!("wait {}", row.text("item")?), Some(before), after).await?;
    Ok(true)
}

/// Every wait of a row, and whether it goes on.
pub(super) async fn waits(tx: &mut Tx, item: &ItemId) -> Result<Vec<(Wait, bool)>> {
    let rows = tx.rows(WAITS, args![item.as_str()]).await?;
    rows.iter().map(|row| Ok((wait_of(row)?, row.maybe_date("ended")?.is_none()))).collect()
}
