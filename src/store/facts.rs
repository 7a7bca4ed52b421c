//! Facts: read as a whole, and each write with its line of history and a higher revision.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::db::{Row, Tx, args, unreadable};
use super::rows::{body_text, from_json, matter_of, occasion_of, to_json};
use super::{HistoryRow, Result, Store, StoreError};
use crate::ids::OccasionRef;
use crate::items::{Health, Item, Phase};
use crate::people::{Holder, Person};
use crate::plan::model::{EnteredDate, Facts, Given, Startable, Starts};

const REVISION: &str = "SELECT CAST(value AS BIGINT) AS n FROM meta WHERE key = 'facts_revision'";
/// It takes the row's lock too: on PostgreSQL facts are written one transaction at a time.
const NEXT_REVISION: &str = "UPDATE meta SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT) \
     WHERE key = 'facts_revision'";
/// A write that changes nothing takes the row's lock on both databases; SQLite has no `FOR UPDATE`.
const HOLD: &str = "UPDATE meta SET value = value WHERE key = 'facts_revision'";
const HISTORY: &str = "INSERT INTO history (at, who, what, earlier, later) VALUES ($1, $2, $3, $4, $5)";
const READ_HISTORY: &str = "SELECT at, who, what, earlier, later FROM history ORDER BY number DESC LIMIT $1";
const PERSONS: &str = "SELECT id, name, address FROM person ORDER BY number";
const HOLDERS: &str = "SELECT body, role, person, first_day, last_day, deputy FROM holder ORDER BY number";
pub(super) const ITEMS: &str = "SELECT unit, body, id, part, title, phase, health, owners, next_day, \
     phase_since, health_since, quiet_until, phase_recorded, health_recorded, owners_recorded, \
     next_recorded, health_explained_by FROM item \
     ORDER BY unit";
const ANSWERS: &str = "SELECT workflow, body, object, step, person, answer, at, day, marks FROM answer \
     ORDER BY at, workflow, body, object, step, person";
const STARTS: &str = "SELECT what, at FROM start";
const DATES: &str = "SELECT workflow, body, occasion, content FROM entered_date";
const START: &str = "INSERT INTO start (what, at, who) VALUES ($1, $2, $3) ON CONFLICT (what) DO NOTHING";
pub(super) const DATE_OF: &str =
    "SELECT content FROM entered_date WHERE workflow = $1 AND body = $2 AND occasion = $3";
const ENTER_DATE: &str = "INSERT INTO entered_date (workflow, body, occasion, content, at, who) \
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workflow, body, occasion) \
     DO UPDATE SET content = excluded.content, at = excluded.at, who = excluded.who";

/// Who writes a fact, and when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writer<'a> {
    pub who: &'a str,
    pub now: Timestamp,
}

impl Writer<'_> {
    /// Notes a change in the history.
    pub async fn note(self, tx: &mut Tx, what: String, earlier: Option<String>, later: String) -> Result<()> {
        tx.run(HISTORY, args![self.now, self.who, what, earlier, later]).await?;
        Ok(())
    }
}

/// A transaction that will write facts; it begins by taking its place among the writers of facts.
pub(super) async fn write_facts(store: &Store) -> Result<Tx> {
    let mut tx = store.db().write().await?;
    advance(&mut tx).await?;
    Ok(tx)
}

/// Says that facts have changed.
pub(super) async fn advance(tx: &mut Tx) -> Result<()> {
    if tx.run(NEXT_REVISION, args![]).await? == 1 {
        return Ok(());
    }
    Err(unreadable("meta", "facts_revision", "it is missing"))
}

/// Keeps facts as they are until the transaction ends.
pub(super) async fn hold(tx: &mut Tx) -> Result<()> {
    tx.run(HOLD, args![]).await?;
    Ok(())
}

/// The revision as the transaction sees it.
pub(super) async fn revision(tx: &mut Tx) -> Result<i64> {
    let row = tx.row(REVISION, args![]).await?;
    row.ok_or_else(|| unreadable("meta", "facts_revision", "it is missing"))?.int("n")
}

impl Store {
    /// Everything that people have told the program.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] if a row can't be read; nothing is left out silently.
    pub async fn facts(&self) -> Result<Facts> {
        Ok(self.facts_with_revision().await?.0)
    }

    /// Facts and their revision as of one moment: what a plan is made from, and what it must still be true of
    /// when it is applied.
    ///
    /// # Errors
    /// As [`Self::facts`].
    pub async fn facts_with_revision(&self) -> Result<(Facts, i64)> {
        let mut tx = self.db().read().await?;
        let mut facts = Facts::default();
        for row in tx.rows(PERSONS, args![]).await? {
            let person = person_of(&row)?;
            facts.people.persons.insert(person.id.clone(), person);
        }
        for row in tx.rows(HOLDERS, args![]).await? {
            facts.people.holders.push(holder_of(&row)?);
        }
        for row in tx.rows(ITEMS, args![]).await? {
            facts.items.push(item_of(&row)?);
        }
        for row in tx.rows(ANSWERS, args![]).await? {
            facts.answers.push(given_of(&row)?);
        }
        facts.changes = super::changes::recent(&mut tx).await?;
        facts.moves = super::changes::moves(&mut tx).await?;
        super::subscriptions::read(&mut tx, &mut facts).await?;
        super::requests::read(&mut tx, &mut facts).await?;
        super::sources::read(&mut tx, &mut facts).await?;
        super::register::read(&mut tx, &mut facts).await?;
        let mut starts = BTreeMap::new();
        for row in tx.rows(STARTS, args![]).await? {
            let what = row.text("what")?;
            let part: Startable = what
                .parse()
                .map_err(|()| unreadable("start", &what, "nothing can be started by that name"))?;
            starts.insert(part, row.moment("at")?);
        }
        facts.starts = Starts::Each(starts);
        for row in tx.rows(DATES, args![]).await? {
            let at = occasion_of("entered_date", &row)?;
            let date = from_json("entered_date", &at.id.to_string(), &row.text("content")?)?;
            facts.dates.insert(at, date);
        }
        Ok((facts, revision(&mut tx).await?))
    }

    /// A number that is higher after every write of a fact.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn facts_revision(&self) -> Result<i64> {
        revision(&mut self.db().read().await?).await
    }

    /// Ends the silence of `what` as of `at`; what was started before keeps its moment. Says how many were new.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn start(&self, what: &[Startable], at: Timestamp, who: &str) -> Result<usize> {
        let mut tx = write_facts(self).await?;
        let mut started = 0;
        for part in what {
            let part = part.to_string();
            if tx.run(START, args![&part, at, who]).await? == 1 {
                started += 1;
                Writer { who, now: at }.note(&mut tx, format!("start {part}"), None, to_json(&at)?).await?;
            }
        }
        commit_if(tx, started > 0).await?;
        Ok(started)
    }

    /// Enters a date by hand: it beats the file's. Says whether it changed anything.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn enter_date(
        &self,
        occasion: &OccasionRef,
        date: &EnteredDate,
        who: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let mut tx = write_facts(self).await?;
        let changed = put_date(&mut tx, occasion, date, Writer { who, now }).await?;
        commit_if(tx, changed).await?;
        Ok(changed)
    }

    /// The audit of facts, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn history(&self, limit: u32) -> Result<Vec<HistoryRow>> {
        let rows = self.db().rows(READ_HISTORY, args![limit]).await?;
        rows.iter().map(history_row).collect()
    }
}

pub(super) fn history_row(row: &Row) -> Result<HistoryRow> {
    Ok(HistoryRow {
        at: row.moment("at")?,
        who: row.text("who")?,
        what: row.text("what")?,
        before: row.maybe_text("earlier")?,
        after: row.text("later")?,
    })
}

/// Enters a date within a transaction that writes facts. Says whether it changed anything.
pub(super) async fn put_date(
    tx: &mut Tx,
    occasion: &OccasionRef,
    date: &EnteredDate,
    writer: Writer<'_>,
) -> Result<bool> {
    let (workflow, body) = (occasion.workflow.as_str(), body_text(occasion.body.as_ref()));
    let id = occasion.id.to_string();
    let row = tx.row(DATE_OF, args![workflow, body, &id]).await?;
    let before = row.map(|row| row.text("content")).transpose()?;
    let after = to_json(date)?;
    if before.as_ref() == Some(&after) {
        return Ok(false);
    }
    tx.run(ENTER_DATE, args![workflow, body, &id, &after, writer.now, writer.who]).await?;
    writer.note(tx, format!("date {workflow}:{body}:{id}"), before, after).await?;
    Ok(true)
}

/// Commits what changed something; otherwise the revision stays what it was.
pub(super) async fn commit_if(tx: Tx, changed: bool) -> Result<()> {
    if changed { tx.commit().await } else { Ok(()) }
}

pub(super) fn person_of(row: &Row) -> Result<Person> {
    Ok(Person { id: row.text("id")?.as_str().into(), name: row.text("name")?, address: row.text("address")? })
}

pub(super) fn holder_of(row: &Row) -> Result<Holder> {
    Ok(Holder {
        body: row.text("body")?.as_str().into(),
        role: row.text("role")?.as_str().into(),
        person: row.text("person")?.as_str().into(),
        from: row.maybe_date("first_day")?,
        until: row.maybe_date("last_day")?,
        deputy: row.flag("deputy")?,
    })
}

pub(super) fn item_of(row: &Row) -> Result<Item> {
    let unit = row.text("unit")?;
    let wrong = |what: &str| -> StoreError { unreadable("item", &unit, what) };
    let explained_by = row.maybe_text("health_explained_by")?;
    Ok(Item {
        id: crate::ids::ItemId::new(row.text("id")?),
        body: row.text("body")?.as_str().into(),
        title: row.text("title")?,
        part: row.maybe_text("part")?,
        phase: Phase::read(&row.text("phase")?).ok_or_else(|| wrong("its phase is none"))?,
        health: Health::read(&row.text("health")?).ok_or_else(|| wrong("its health is none"))?,
        owners: from_json("item", &unit, &row.text("owners")?)?,
        next: row.maybe_date("next_day")?,
        phase_since: row.maybe_date("phase_since")?,
        health_since: row.maybe_date("health_since")?,
        quiet_until: row.maybe_date("quiet_until")?,
        phase_recorded: row.moment("phase_recorded")?,
        health_recorded: row.moment("health_recorded")?,
        owners_recorded: row.moment("owners_recorded")?,
        next_recorded: row.moment("next_recorded")?,
        health_explained_by: explained_by.map(|person| person.as_str().into()),
    })
}

pub(super) fn given_of(row: &Row) -> Result<Given> {
    Ok(Given {
        matter: matter_of("answer", row)?,
        person: row.text("person")?.as_str().into(),
        answer: row.text("answer")?.as_str().into(),
        at: row.moment("at")?,
        date: row.maybe_date("day")?,
        marks: from_json("answer", "marks", &row.text("marks")?)?,
    })
}
