//! The register behind the plan: log, deadlines, waits, assignments and measures.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::db::{Row, Tx, args, unreadable};
use super::facts::Writer;
use super::rows::{from_json, to_json};
use super::{ItemChange, Result};
use crate::ids::ItemId;
use crate::items::Item;
use crate::items::register::{
    Assignment, AssignmentState, Deadline, Followed, Line, LogEntry, LogKind, Precision, Wait, WaitKind,
};
use crate::plan::model::Facts;

const LOG: &str = "SELECT number, item, part, day, kind, planned, at, \
     CASE WHEN planned = 1 THEN text END AS text, \
     CAST(CASE WHEN EXISTS (SELECT 1 FROM log AS outcome WHERE outcome.about = log.number) THEN 1 ELSE 0 END \
     AS BIGINT) AS settled \
     FROM log ORDER BY item, day, number";
const DEADLINES: &str =
    "SELECT item, day, exactness, text, stated, met FROM deadline ORDER BY item, day, text";
const WAITS: &str =
    "SELECT number, item, part, kind, text, until, since FROM wait WHERE ended IS NULL ORDER BY number";
const ASSIGNMENTS: &str =
    "SELECT number, giver, taker, title, units, state, given FROM assignment ORDER BY number";
const FOLLOWED_UP: &str = "SELECT DISTINCT measure.item AS item FROM measure \
     JOIN measured ON measured.measure = measure.number";
const CARDS: &str = "SELECT item FROM card WHERE content LIKE '%\"follow_up\":\"%'";
const NEW_LINE: &str = "INSERT INTO log (item, part, day, exactness, kind, planned, text, doer, by_day, about, at, who) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
const NEW_WAIT: &str =
    "INSERT INTO wait (item, part, kind, text, until, since) VALUES ($1, $2, $3, $4, $5, $6)";
const VALUE: &str = "INSERT INTO measured (measure, region, period, value, at, who) VALUES ($1, $2, $3, $4, $5, $6) \
     ON CONFLICT (measure, region, period) DO UPDATE SET value = excluded.value, at = excluded.at, who = excluded.who";

/// Reads what planning depends on.
pub(super) async fn read(tx: &mut Tx, facts: &mut Facts) -> Result<()> {
    let mut followed: BTreeMap<ItemId, Followed> = BTreeMap::new();
    let item = |row: &Row| Ok::<_, super::StoreError>(ItemId::new(row.text("item")?));
    for row in tx.rows(LOG, args![]).await? {
        followed.entry(item(&row)?).or_default().log.push(line_of(&row)?);
    }
    for row in tx.rows(DEADLINES, args![]).await? {
        followed.entry(item(&row)?).or_default().deadlines.push(deadline_of(&row)?);
    }
    for row in tx.rows(WAITS, args![]).await? {
        followed.entry(item(&row)?).or_default().waits.push(wait_of(&row)?);
    }
    for statement in [FOLLOWED_UP, CARDS] {
        for row in tx.rows(statement, args![]).await? {
            followed.entry(item(&row)?).or_default().follow_up = true;
        }
    }
    facts.followed = followed;
    for row in tx.rows(ASSIGNMENTS, args![]).await? {
        facts.assignments.push(assignment_of(&row)?);
    }
    Ok(())
}

/// Writes what a change adds beside the unit itself. Says whether it wrote anything.
pub(super) async fn write(tx: &mut Tx, item: &Item, change: &ItemChange, writer: Writer<'_>) -> Result<bool> {
    if let Some(entry) = &change.entry {
        add_line(tx, &item.id, entry, writer).await?;
    }
    if let Some(wait) = &change.wait {
        add_wait(tx, &item.id, wait, writer).await?;
    }
    for value in &change.values {
        let args =
            args![value.measure, value.region.as_str(), &value.period, &value.value, writer.now, writer.who];
        tx.run(VALUE, args).await?;
        writer.note(tx, format!("measure {}", value.measure), None, to_json(value)?).await?;
    }
    Ok(change.entry.is_some() || change.wait.is_some() || !change.values.is_empty())
}

/// Adds a line to the log of a row.
pub(super) async fn add_line(tx: &mut Tx, item: &ItemId, entry: &LogEntry, writer: Writer<'_>) -> Result<()> {
    let args = args![
        item.as_str(),
        entry.part.as_deref(),
        Some(entry.day),
        entry.precision.code(),
        entry.kind.code(),
        i64::from(entry.planned),
        &entry.text,
        entry.doer.as_deref(),
        entry.by,
        entry.about,
        writer.now,
        writer.who,
    ];
    tx.run(NEW_LINE, args).await?;
    writer.note(tx, format!("log {item}"), None, to_json(entry)?).await
}

/// Notes what a row waits for.
pub(super) async fn add_wait(tx: &mut Tx, item: &ItemId, wait: &Wait, writer: Writer<'_>) -> Result<()> {
    let args = args![
        item.as_str(),
        wait.part.as_deref(),
        wait.kind.code(),
        &wait.text,
        to_json(&wait.on)?,
        Some(wait.since),
    ];
    tx.run(NEW_WAIT, args).await?;
    writer.note(tx, format!("wait {item}"), None, to_json(wait)?).await
}

/// A word of a vocabulary in a row.
fn word<T>(table: &'static str, row: &Row, column: &'static str, read: fn(&str) -> Option<T>) -> Result<T> {
    let text = row.text(column)?;
    read(&text).ok_or_else(|| unreadable(table, &text, "there is no such word"))
}

fn day(table: &'static str, row: &Row, column: &'static str) -> Result<jiff::civil::Date> {
    row.maybe_date(column)?.ok_or_else(|| unreadable(table, column, "it lacks a day"))
}

fn line_of(row: &Row) -> Result<Line> {
    let settled = row.flag("settled")?;
    let recorded: Timestamp = row.moment("at")?;
    Ok(Line {
        number: row.int("number")?,
        part: row.maybe_text("part")?,
        day: day("log", row, "day")?,
        kind: word("log", row, "kind", LogKind::read)?,
        planned: row.flag("planned")?,
        settled,
        text: row.maybe_text("text")?.filter(|_| !settled),
        recorded,
    })
}

fn deadline_of(row: &Row) -> Result<Deadline> {
    Ok(Deadline {
        day: day("deadline", row, "day")?,
        precision: word("deadline", row, "exactness", Precision::read)?,
        text: row.text("text")?,
        stated: day("deadline", row, "stated")?,
        met: row.flag("met")?,
    })
}

fn wait_of(row: &Row) -> Result<Wait> {
    let text = row.text("text")?;
    Ok(Wait {
        number: row.int("number")?,
        part: row.maybe_text("part")?,
        kind: word("wait", row, "kind", WaitKind::read)?,
        on: from_json("wait", &text, &row.text("until")?)?,
        text,
        since: day("wait", row, "since")?,
    })
}

fn assignment_of(row: &Row) -> Result<Assignment> {
    let title = row.text("title")?;
    Ok(Assignment {
        number: row.int("number")?,
        from: row.text("giver")?.as_str().into(),
        to: row.text("taker")?.as_str().into(),
        units: from_json("assignment", &title, &row.text("units")?)?,
        state: word("assignment", row, "state", AssignmentState::read)?,
        at: row.maybe_text("given")?.map(|at| from_json("assignment", &title, &at)).transpose()?,
        title,
    })
}
