//! The dated log of a row. Lines are added and read, never changed.

use jiff::Timestamp;

use super::{LogRow, body_of, day, word};
use crate::ids::ItemId;
use crate::items::register::{LogEntry, LogKind, Precision};
use crate::store::db::{Row, Tx, args};
use crate::store::facts::{Writer, write_facts};
use crate::store::rows::to_json;
use crate::store::{Result, Store, StoreError};

const NEW: &str = "INSERT INTO log (item, part, day, exactness, kind, planned, text, doer, by_day, about, at, who) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING number";
const PLANNED: &str = "SELECT item, planned FROM log WHERE number = $1";
pub(super) const OF: &str = "SELECT number, item, part, day, exactness, kind, planned, text, doer, by_day, about, at, \
     who FROM log WHERE item = $1 OR item IN (SELECT id FROM item WHERE body = $2) ORDER BY item, day, number";

impl Store {
    /// Adds a line to the log of a row of a plan, and gives its number.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if there is no such item, if the line says nothing, or if what it is about isn't a
    /// planned line of the same item.
    pub async fn add_to_log(
        &self,
        item: &ItemId,
        entry: &LogEntry,
        who: &str,
        now: Timestamp,
    ) -> Result<i64> {
        let mut tx = write_facts(self).await?;
        body_of(&mut tx, item).await?;
        let number = add(&mut tx, item, entry, Writer { who, now }).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// The log of a row, in the order of its days.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn log_of(&self, item: &ItemId) -> Result<Vec<LogRow>> {
        of_item(&mut self.db().read().await?, item).await
    }
}

/// Adds a line within a transaction that writes facts.
pub(super) async fn add(tx: &mut Tx, item: &ItemId, entry: &LogEntry, writer: Writer<'_>) -> Result<i64> {
    let refused = |what: String| Err(StoreError::Refused(what));
    // That nothing has changed says enough by itself.
    if entry.text.trim().is_empty() && entry.kind != LogKind::Unchanged {
        return refused(format!("a line of the log of `{item}` says nothing; write what happened"));
    }
    if let Some(about) = entry.about {
        let row = tx.row(PLANNED, args![about]).await?;
        let Some(row) = row else { return refused(format!("the log has no line {about}")) };
        if row.text("item")? != item.as_str() || !row.flag("planned")? {
            return refused(format!("line {about} is no planned line of `{item}`"));
        }
    }
    let args = args![
        item.as_str(),
        entry.part.as_deref(),
        Some(entry.day),
        entry.precision.code(),
        entry.kind.code(),
        entry.planned,
        &entry.text,
        entry.doer.as_deref(),
        entry.by,
        entry.about,
        writer.now,
        writer.who,
    ];
    let number = tx.row(NEW, args).await?.map(|row| row.int("number")).transpose()?.unwrap_or_default();
    writer.note(tx, format!("log {item}"), None, to_json(entry)?).await?;
    Ok(number)
}

pub(super) async fn of_item(tx: &mut Tx, item: &ItemId) -> Result<Vec<LogRow>> {
    let rows = tx.rows(OF, args![item.as_str(), ""]).await?;
    rows.iter().map(|row| Ok(read(row)?.1)).collect()
}

/// A line, and the item that it belongs to.
pub(super) fn read(row: &Row) -> Result<(ItemId, LogRow)> {
    let entry = LogEntry {
        part: row.maybe_text("part")?,
        day: day("log", row, "day")?,
        precision: word("log", row, "exactness", Precision::read)?,
        kind: word("log", row, "kind", LogKind::read)?,
        planned: row.flag("planned")?,
        text: row.text("text")?,
        doer: row.maybe_text("doer")?,
        by: row.maybe_date("by_day")?,
        about: row.maybe_int("about")?,
    };
    let line = LogRow { number: row.int("number")?, entry, at: row.moment("at")?, who: row.text("who")? };
    Ok((ItemId::new(row.text("item")?), line))
}
