//! The register behind the plan: log, deadlines, waits, assignments and measures.
//!
//! Each file here has one table: how it is added to, and how people read it. What a plan depends on is read here, all
//! at once and without the texts. Lines of the log and deadlines are never removed; triggers hold that.

mod assignments;
mod cards;
mod exports;
mod log;
mod measures;
mod promises;
mod proposing;
mod reading;
mod revising;
mod taking;
mod types;
mod versions;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::db::{Row, Tx, args, unreadable};
use super::facts::Writer;
use super::rows::from_json;
use super::{ItemChange, Result, StoreError};
use crate::calendar::today;
use crate::ids::{BodyId, ItemId};
use crate::items::Item;
use crate::items::measures::Measured;
use crate::items::register::{
    Assignment, AssignmentState, Deadline, Followed, Line, LogKind, Precision, Wait, WaitKind,
};
use crate::plan::model::Facts;

pub(super) use assignments::advance;
pub use exports::Exported;
pub use proposing::Proposed;
pub(super) use proposing::propose;
pub(super) use revising::revise;
pub use revising::{Present, Revising};
pub use types::{
    Advance, LogRow, MeasureRow, NewAssignment, NewMeasure, NewPlan, NewPlanVersion, NewRow, PlanReport,
    PlanState, PlanVersion, RegisterRow, RowEdit, Taking, ValueRow,
};

const LOG: &str = "SELECT number, item, part, day, kind, planned, at, \
     CASE WHEN planned = 1 THEN text END AS text, \
     (SELECT COUNT(*) FROM log AS outcome WHERE outcome.about = log.number) AS settled \
     FROM log ORDER BY item, day, number";
const DEADLINES: &str =
    "SELECT item, day, exactness, text, stated, met FROM deadline ORDER BY item, day, text";
const WAITS: &str =
    "SELECT number, item, part, kind, text, until, since FROM wait WHERE ended IS NULL ORDER BY number";
const ASSIGNMENTS: &str =
    "SELECT number, giver, taker, title, units, state, given FROM assignment ORDER BY number";
const MEASURES: &str = "SELECT DISTINCT measure.number, measure.item, measure.name, measured.period FROM measure \
     LEFT JOIN measured ON measured.measure = measure.number ORDER BY measure.number, measured.period";
const CARDS: &str = "SELECT item FROM card WHERE content LIKE '%\"follow_up\":\"%'";
const FROZEN: &str = "SELECT body, MAX(at) AS at FROM plan_version WHERE state = 'frozen' GROUP BY body";
const BODY_OF: &str = "SELECT body FROM item WHERE id = $1 ORDER BY unit LIMIT 1";

/// Reads what planning depends on.
pub(super) async fn read(tx: &mut Tx, facts: &mut Facts) -> Result<()> {
    let mut followed: BTreeMap<ItemId, Followed> = BTreeMap::new();
    let item = |row: &Row| Ok::<_, StoreError>(ItemId::new(row.text("item")?));
    for row in tx.rows(LOG, args![]).await? {
        followed.entry(item(&row)?).or_default().log.push(line_of(&row)?);
    }
    for row in tx.rows(DEADLINES, args![]).await? {
        followed.entry(item(&row)?).or_default().deadlines.push(deadline_of(&row)?);
    }
    for row in tx.rows(WAITS, args![]).await? {
        followed.entry(item(&row)?).or_default().waits.push(wait_of(&row)?);
    }
    for row in tx.rows(CARDS, args![]).await? {
        followed.entry(item(&row)?).or_default().follow_up = true;
    }
    for row in tx.rows(MEASURES, args![]).await? {
        add_measure(followed.entry(item(&row)?).or_default(), row.text("name")?, row.maybe_text("period")?);
    }
    facts.followed = followed;
    for row in tx.rows(FROZEN, args![]).await? {
        facts.frozen.insert(row.text("body")?.as_str().into(), row.moment("at")?);
    }
    for row in tx.rows(ASSIGNMENTS, args![]).await? {
        facts.assignments.push(assignment_of(&row)?);
    }
    Ok(())
}

/// A measure with one of its periods, or without any; those of one measure follow each other.
fn add_measure(followed: &mut Followed, name: String, period: Option<String>) {
    followed.follow_up |= period.is_some();
    match followed.measures.last_mut().filter(|measure| measure.name == name) {
        Some(measure) => measure.periods.extend(period),
        None => followed.measures.push(Measured { name, periods: period.into_iter().collect() }),
    }
}

/// Writes what a change adds beside the unit itself. Says whether it wrote anything.
pub(super) async fn write(tx: &mut Tx, item: &Item, change: &ItemChange, writer: Writer<'_>) -> Result<bool> {
    if let Some(entry) = &change.entry {
        log::add(tx, &item.id, entry, writer).await?;
    }
    if let Some(wait) = &change.wait {
        promises::add_wait(tx, &item.id, wait, writer).await?;
    }
    let mut ended = false;
    let why = change.entry.as_ref().map_or("answered", |entry| entry.text.as_str());
    for wait in &change.ended_waits {
        ended |= promises::end(tx, *wait, why, today(writer.now), writer).await?;
    }
    let mut valued = false;
    for value in &change.values {
        valued |= measures::set(tx, Some(&item.id), value, writer).await?;
    }
    Ok(change.entry.is_some() || change.wait.is_some() || ended || valued)
}

/// In whose plan a row stands.
async fn body_of(tx: &mut Tx, item: &ItemId) -> Result<BodyId> {
    let row = tx.row(BODY_OF, args![item.as_str()]).await?;
    let row = row.ok_or_else(|| StoreError::Refused(format!("there is no item `{item}` in any plan")))?;
    Ok(row.text("body")?.as_str().into())
}

/// A word of a vocabulary in a row.
fn word<T>(table: &'static str, row: &Row, column: &'static str, read: fn(&str) -> Option<T>) -> Result<T> {
    let text = row.text(column)?;
    read(&text).ok_or_else(|| unreadable(table, &text, "there is no such word"))
}

fn day(table: &'static str, row: &Row, column: &'static str) -> Result<Date> {
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
