//! What surrounds an answer: what was arranged instead of it, what it is asked about, and who is away.

use super::answers::of_person;
use super::db::{Row, Tx, args, unreadable};
use super::rows::{from_json, matter_of, occasion_of};
use super::{Result, Store};
use crate::ids::PersonId;
use crate::people::Absence;
use crate::plan::model::{Arranged, Arrangement, Facts, Matter};

const OPENED: &str = "SELECT workflow, body, occasion, content FROM opened";
const LISTED: &str = "SELECT content FROM listed ORDER BY workflow, body, object, number";
const ARRANGED: &str = "SELECT workflow, body, object, step, person, kind, day, other, at FROM arrangement \
     ORDER BY at, workflow, body, object, step, person, kind";
const ABSENCES: &str = "SELECT person, first_day, last_day, deputy FROM absence ORDER BY number";

const ARRANGED_OF: &str = "SELECT workflow, body, object, step, person, kind, day, other, at FROM arrangement \
     WHERE workflow = $1 AND body = $2 AND object = $3 AND step = $4 AND person = $5 ORDER BY at, kind";

impl Store {
    /// What a person has arranged about a matter; at most one of each kind.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn arranged(&self, matter: &Matter, person: &PersonId) -> Result<Vec<Arranged>> {
        let rows = self.db().rows(ARRANGED_OF, of_person(matter, person)).await?;
        rows.iter().map(|row| Ok(arrangement_of(row)?.what)).collect()
    }
}

/// Adds to the facts what is kept here.
pub(super) async fn read(tx: &mut Tx, facts: &mut Facts) -> Result<()> {
    for row in tx.rows(OPENED, args![]).await? {
        let at = occasion_of("opened", &row)?;
        let opened = from_json("opened", &at.id.to_string(), &row.text("content")?)?;
        facts.opened.insert(at, opened);
    }
    for row in tx.rows(LISTED, args![]).await? {
        facts.listed.push(from_json("listed", "content", &row.text("content")?)?);
    }
    for row in tx.rows(ARRANGED, args![]).await? {
        facts.arrangements.push(arrangement_of(&row)?);
    }
    for row in tx.rows(ABSENCES, args![]).await? {
        facts.people.absences.push(absence_of(&row)?);
    }
    Ok(())
}

fn arrangement_of(row: &Row) -> Result<Arrangement> {
    let kind = row.text("kind")?;
    let lacks = || unreadable("arrangement", &kind, "it lacks what it arranges");
    let other = || -> Result<PersonId> { Ok(row.maybe_text("other")?.ok_or_else(lacks)?.as_str().into()) };
    let what = match kind.as_str() {
        "time" => Arranged::Time(row.maybe_date("day")?.ok_or_else(lacks)?),
        "passed" => Arranged::PassedTo(other()?),
        "help" => Arranged::HelpFrom(other()?),
        _ => return Err(unreadable("arrangement", &kind, "there is no such kind")),
    };
    let (matter, person) = (matter_of("arrangement", row)?, row.text("person")?.as_str().into());
    Ok(Arrangement { matter, person, what, at: row.moment("at")? })
}

fn absence_of(row: &Row) -> Result<Absence> {
    let lacks = || unreadable("absence", "day", "it lacks a day");
    Ok(Absence {
        person: row.text("person")?.as_str().into(),
        from: row.maybe_date("first_day")?.ok_or_else(lacks)?,
        until: row.maybe_date("last_day")?.ok_or_else(lacks)?,
        deputy: row.maybe_text("deputy")?.map(|deputy| deputy.as_str().into()),
    })
}
