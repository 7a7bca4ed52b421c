//! What surrounds an answer: what was arranged instead of it, what it is asked about, and who is away.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::answers::{ANSWER_OF, Lost, of_matter, of_person, take_back};
use super::db::{Row, Tx, args, unreadable};
use super::facts::{Writer, given_of, write_facts};
use super::handed::{HANDED, handed_of};
use super::people;
use super::rows::{from_json, matter_of, message_of, occasion_of, to_json};
use super::{Arranging, Other, Request, RequestState, Result, Settles, Store, Wanted};
use crate::ids::PersonId;
use crate::people::Absence;
use crate::plan::key::about;
use crate::plan::model::{Arranged, Arrangement, Facts, Given, Listed, Matter, Object};

const OPENED: &str = "SELECT workflow, body, occasion, content, at FROM opened";
const LISTED: &str = "SELECT content, at FROM listed ORDER BY workflow, body, object, number";
const ARRANGED: &str = "SELECT workflow, body, object, step, person, kind, day, other, at FROM arrangement \
     ORDER BY at, workflow, body, object, step, person, kind";
const ABSENCES: &str = "SELECT person, first_day, last_day, deputy FROM absence ORDER BY number";

const ARRANGED_OF: &str = "SELECT workflow, body, object, step, person, kind, day, other, at FROM arrangement \
     WHERE workflow = $1 AND body = $2 AND object = $3 AND step = $4 AND person = $5 ORDER BY at, kind";

const SAVE: &str = "INSERT INTO arrangement (workflow, body, object, step, person, kind, day, other, at, who) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
     ON CONFLICT (workflow, body, object, step, person, kind) \
     DO UPDATE SET day = excluded.day, other = excluded.other, at = excluded.at, who = excluded.who";
const END: &str = "DELETE FROM arrangement \
     WHERE workflow = $1 AND body = $2 AND object = $3 AND step = $4 AND person = $5 AND kind = $6";
const ANSWERED: &str = "SELECT at FROM answer \
     WHERE workflow = $1 AND body = $2 AND object = $3 AND step = $4 AND person = $5";
const PASSED_BY: &str = "SELECT other FROM arrangement WHERE workflow = $1 AND body = $2 AND object = $3 \
     AND step = $4 AND person = $5 AND kind = 'passed'";
/// Messages that can be answered, those that have left first, and then the newest.
const ASKED: &str = "SELECT key, content, state FROM message WHERE workflow = $1 AND body = $2 AND object = $3 \
     AND step = $4 AND person IS NOT NULL AND kind IN ('ask', 'reminder', 'alarm', 'nudge') \
     ORDER BY CASE WHEN state IN ('queued', 'sent') THEN 0 ELSE 1 END, at DESC, key DESC";

impl Store {
    /// What a person has arranged about a matter; at most one of each kind.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn arranged(&self, matter: &Matter, person: &PersonId) -> Result<Vec<Arranged>> {
        let rows = self.db().rows(ARRANGED_OF, of_person(matter, person)).await?;
        rows.iter().map(|row| Ok(arrangement_of(row)?.what)).collect()
    }

    /// Records that a person wants something else than to answer.
    ///
    /// Passing on takes the place of more time and help, and they take its place: a request that went to somebody
    /// else has no time of its own. What is planned to the person about the matter is taken back, as an answer
    /// does; the next plan says what comes instead. Help leaves the person's own messages as they are.
    ///
    /// # Errors
    /// When the database fails. What stands in the way is an [`Arranging`].
    pub async fn arrange(
        &self,
        matter: &Matter,
        person: &PersonId,
        wanted: Wanted<'_>,
        who: &str,
        now: Timestamp,
    ) -> Result<Arranging> {
        let mut tx = write_facts(self).await?;
        let writer = Writer { who, now };
        if is_answered(&mut tx, matter, person).await? {
            return Ok(Arranging::Answered);
        }
        let what = match wanted {
            Wanted::Time(day) => Arranged::Time(day),
            Wanted::PassedTo(other) | Wanted::HelpFrom(other) => {
                let Some(other) = other_person(&mut tx, other, writer).await? else {
                    return Ok(Arranging::Unknown);
                };
                if other == *person {
                    return Ok(Arranging::Own);
                }
                if passes_to(&mut tx, matter, &other, person).await? {
                    return Ok(Arranging::Circle);
                }
                let passes = matches!(wanted, Wanted::PassedTo(_));
                if passes { Arranged::PassedTo(other) } else { Arranged::HelpFrom(other) }
            }
        };
        let rows = tx.rows(ARRANGED_OF, of_person(matter, person)).await?;
        let before = rows.iter().map(arrangement_of).collect::<Result<Vec<_>>>()?;
        if before.iter().any(|old| old.what == what) {
            return Ok(Arranging::Arranged { what, same: true });
        }
        let excludes =
            |old: &Arranged| matches!(old, Arranged::PassedTo(_)) != matches!(what, Arranged::PassedTo(_));
        for old in before.iter().filter(|old| excludes(&old.what)) {
            end_one(&mut tx, old, writer).await?;
        }
        let new = Arrangement { matter: matter.clone(), person: person.clone(), what, at: now };
        let replaced = before.iter().find(|old| old.what.code() == new.what.code());
        save(&mut tx, replaced, &new, writer).await?;
        if !matches!(new.what, Arranged::HelpFrom(_)) {
            let lost = Lost { matter, person, settles: &Settles::Own, why: "arranged" };
            take_back(&mut tx, lost, now).await?;
        }
        tx.commit().await?;
        Ok(Arranging::Arranged { what: new.what, same: false })
    }

    /// Everybody who has been asked in a matter, and how far each has come; by person. Whoever is only going to be
    /// asked is not here, unless they have answered or arranged something already.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn requests(&self, matter: &Matter) -> Result<Vec<Request>> {
        let mut tx = self.db().read().await?;
        let mut found: BTreeMap<PersonId, Request> = BTreeMap::new();
        let mut reached = BTreeSet::new();
        for row in tx.rows(ASKED, of_matter(matter)).await? {
            let message = message_of(&row)?;
            if matches!(row.text("state")?.as_str(), "queued" | "sent") {
                reached.extend(message.to.clone());
            }
            let Some(person) = message.to.filter(|_| !message.notice.answers.is_empty()) else { continue };
            found.entry(person.clone()).or_insert(Request {
                person,
                role: message.role,
                asked: message.at,
                due: message.notice.due,
                common: about(&message.key),
                given: None,
                handed: None,
                time: None,
                passed_to: None,
                help_from: None,
            });
        }
        for request in found.values_mut() {
            let key = || of_person(matter, &request.person);
            let (answer, handed) = (tx.row(ANSWER_OF, key()).await?, tx.row(HANDED, key()).await?);
            let arranged = tx.rows(ARRANGED_OF, key()).await?;
            request.given = answer.as_ref().map(given_of).transpose()?;
            request.handed = handed.as_ref().map(handed_of).transpose()?;
            for row in &arranged {
                match arrangement_of(row)?.what {
                    Arranged::Time(day) => request.time = Some(day),
                    Arranged::PassedTo(other) => request.passed_to = Some(other),
                    Arranged::HelpFrom(other) => request.help_from = Some(other),
                }
            }
        }
        let is_part = |r: &Request| reached.contains(&r.person) || r.state() != RequestState::Asked;
        Ok(found.into_values().filter(is_part).collect())
    }
}

/// Whether a person's answer stands. About an item every nudge asks anew.
async fn is_answered(tx: &mut Tx, matter: &Matter, person: &PersonId) -> Result<bool> {
    if matches!(matter.object, Object::Item(_)) {
        return Ok(false);
    }
    Ok(tx.row(ANSWERED, of_person(matter, person)).await?.is_some())
}

/// Who has that address; made if they may be.
async fn other_person(tx: &mut Tx, other: Other<'_>, writer: Writer<'_>) -> Result<Option<PersonId>> {
    match people::known(tx, other.address).await? {
        Some(known) => Ok(Some(known.id)),
        None if other.register => Ok(Some(people::register(tx, other.address, other.address, writer).await?)),
        None => Ok(None),
    }
}

/// Whether what `from` was asked has gone on to `to`, perhaps through others.
async fn passes_to(tx: &mut Tx, matter: &Matter, from: &PersonId, to: &PersonId) -> Result<bool> {
    let mut at = from.clone();
    let mut seen = BTreeSet::new();
    while seen.insert(at.clone()) {
        let Some(row) = tx.row(PASSED_BY, of_person(matter, &at)).await? else { return Ok(false) };
        let Some(next) = row.maybe_text("other")? else { return Ok(false) };
        at = next.as_str().into();
        if at == *to {
            return Ok(true);
        }
    }
    Ok(false)
}

/// An answer ends what its giver had arranged.
pub(super) async fn end(tx: &mut Tx, given: &Given, writer: Writer<'_>) -> Result<()> {
    for row in tx.rows(ARRANGED_OF, of_person(&given.matter, &given.person)).await? {
        end_one(tx, &arrangement_of(&row)?, writer).await?;
    }
    Ok(())
}

async fn end_one(tx: &mut Tx, old: &Arrangement, writer: Writer<'_>) -> Result<()> {
    let mut args = of_person(&old.matter, &old.person);
    args.extend(args![old.what.code()]);
    tx.run(END, args).await?;
    writer.note(tx, "arrangement".to_owned(), Some(to_json(old)?), to_json(&"ended")?).await
}

async fn save(
    tx: &mut Tx,
    before: Option<&Arrangement>,
    after: &Arrangement,
    writer: Writer<'_>,
) -> Result<()> {
    let (day, other) = match &after.what {
        Arranged::Time(day) => (Some(*day), None),
        Arranged::PassedTo(other) | Arranged::HelpFrom(other) => (None, Some(other.as_str())),
    };
    let mut args = of_person(&after.matter, &after.person);
    args.extend(args![after.what.code(), day, other, after.at, writer.who]);
    tx.run(SAVE, args).await?;
    writer.note(tx, "arrangement".to_owned(), before.map(to_json).transpose()?, to_json(after)?).await
}

/// Adds to the facts what is kept here.
pub(super) async fn read(tx: &mut Tx, facts: &mut Facts) -> Result<()> {
    for row in tx.rows(OPENED, args![]).await? {
        let at = occasion_of("opened", &row)?;
        let opened = from_json("opened", &at.id.to_string(), &row.text("content")?)?;
        let object = Object::Occasion(at.clone());
        facts.entered.insert((at.workflow.clone(), at.body.clone(), object), row.moment("at")?);
        facts.opened.insert(at, opened);
    }
    for row in tx.rows(LISTED, args![]).await? {
        let listed: Listed = from_json("listed", "content", &row.text("content")?)?;
        let object = Object::listed(&listed.of, listed.number);
        facts.entered.insert((listed.workflow.clone(), listed.body.clone(), object), row.moment("at")?);
        facts.listed.push(listed);
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

pub(super) fn absence_of(row: &Row) -> Result<Absence> {
    let lacks = || unreadable("absence", "day", "it lacks a day");
    Ok(Absence {
        person: row.text("person")?.as_str().into(),
        from: row.maybe_date("first_day")?.ok_or_else(lacks)?,
        until: row.maybe_date("last_day")?.ok_or_else(lacks)?,
        deputy: row.maybe_text("deputy")?.map(|deputy| deputy.as_str().into()),
    })
}
