//! People and what they hold, as lists of them come in.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use super::db::{Tx, args};
use super::facts::{Writer, commit_if, holder_of, person_of, write_facts};
use super::rows::to_json;
use super::{ImportReport, PersonRow, Result, Store, StoreError};
use crate::ids::{BodyId, PersonId, RoleId};
use crate::people::{Holder, Person};

const BY_MAILBOX: &str = "SELECT id, name, address FROM person WHERE mailbox = $1";
const BY_ID: &str = "SELECT id, name, address FROM person WHERE id = $1";
const NEW_NUMBER: &str = "SELECT CAST(coalesce(max(number), 0) + 1 AS BIGINT) AS n FROM person";
const NEW_PERSON: &str =
    "INSERT INTO person (number, id, name, address, mailbox) VALUES ($1, $2, $3, $4, $5)";
const CHANGE_PERSON: &str = "UPDATE person SET name = $2, address = $3, mailbox = $4 WHERE id = $1";
const TERMS: &str = "SELECT number, body, role, person, first_day, last_day, deputy FROM holder \
     WHERE body = $1 AND role = $2 AND person = $3 ORDER BY number";
const TERMS_OF_ROLE: &str = "SELECT number, body, role, person, first_day, last_day, deputy FROM holder \
     WHERE body = $1 AND role = $2 ORDER BY number";
const END_TERM: &str = "DELETE FROM holder WHERE number = $1";
const NEW_TERM: &str = "INSERT INTO holder (body, role, person, first_day, last_day, deputy) \
     VALUES ($1, $2, $3, $4, $5, $6)";
const CHANGE_TERM: &str = "UPDATE holder SET first_day = $2, last_day = $3, deputy = $4 WHERE number = $1";

/// The address as it identifies somebody.
fn mailbox(address: &str) -> String {
    address.trim().to_lowercase()
}

impl Store {
    /// Takes in a list of people. A person is known again by the address, whatever its case; a term by its
    /// person, body and role and that the days overlap, so a corrected date corrects and a later term is added.
    /// What isn't in the list stays: a list that was cut short must not empty every role.
    ///
    /// # Errors
    /// [`StoreError::Refused`] for a row without an address or with a term that ends before it begins; then
    /// no row of the list is taken.
    pub async fn save_people(&self, rows: &[PersonRow], who: &str, now: Timestamp) -> Result<ImportReport> {
        self.save_people_and_end(rows, &[], Date::MAX, who, now).await.map(|(report, _)| report)
    }

    /// Takes in a list and lets those who hold `gone` keep it until `until` and no longer: all of it or nothing. Gives
    /// how many terms were ended; one that ends by then anyway is left.
    ///
    /// # Errors
    /// As [`Store::save_people`]; and for a term that begins later or is there no more.
    pub async fn save_people_and_end(
        &self,
        rows: &[PersonRow],
        gone: &[Holder],
        until: Date,
        who: &str,
        now: Timestamp,
    ) -> Result<(ImportReport, usize)> {
        let (mut tx, writer) = (write_facts(self).await?, Writer { who, now });
        let report = save_all(&mut tx, rows, writer).await?;
        let mut ended = 0;
        for term in gone.iter().filter(|term| term.until.is_none_or(|last| last > until)) {
            ended +=
                usize::from(end_term(&mut tx, &Holder { until: Some(until), ..term.clone() }, writer).await?);
        }
        commit_if(tx, report.added + report.changed + ended > 0).await?;
        Ok((report, ended))
    }

    /// Whoever has that address, whatever its case.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn person_by_address(&self, address: &str) -> Result<Option<Person>> {
        self.db().row(BY_MAILBOX, args![mailbox(address)]).await?.as_ref().map(person_of).transpose()
    }

    /// Gives a person another address; messages are kept by person, so nothing is sent anew. Says whether it
    /// changed anything.
    ///
    /// # Errors
    /// [`StoreError::Refused`] for a person that isn't there and for an address that is somebody else's.
    pub async fn set_person_address(
        &self,
        person: &PersonId,
        address: &str,
        who: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let mut tx = write_facts(self).await?;
        let row = tx.row(BY_ID, args![person.as_str()]).await?;
        let row = row.ok_or_else(|| StoreError::Refused(format!("there is no person `{person}`")))?;
        let before = person_of(&row)?;
        if let Some(row) = tx.row(BY_MAILBOX, args![mailbox(address)]).await? {
            let other = person_of(&row)?;
            if other.id != *person {
                return Err(StoreError::Refused(format!(
                    "the address {address} is {} (`{}`) already; give the role to that person instead",
                    other.name, other.id
                )));
            }
        }
        let after = Person { address: address.trim().to_owned(), ..before.clone() };
        let changed = change_person(&mut tx, &before, &after, Writer { who, now }).await?;
        commit_if(tx, changed).await?;
        Ok(changed)
    }

    /// Lets whoever holds a role keep it until `until` and no longer. Says whether it changed anything.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if the person has no term there that goes on beyond that day or to it.
    pub async fn end_holder(
        &self,
        body: &BodyId,
        role: &RoleId,
        person: &PersonId,
        until: Date,
        who: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let mut tx = write_facts(self).await?;
        let wanted = Holder {
            body: body.clone(),
            role: role.clone(),
            person: person.clone(),
            from: None,
            until: Some(until),
            deputy: false,
        };
        let changed = end_term(&mut tx, &wanted, Writer { who, now }).await?;
        commit_if(tx, changed).await?;
        Ok(changed)
    }

    /// Leaves a role without its holders, or its deputies, from a day on. Who begins later keeps that. Gives those
    /// who lost it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn vacate(
        &self,
        (body, role): (&BodyId, &RoleId),
        deputies: bool,
        from: Date,
        who: &str,
        now: Timestamp,
    ) -> Result<Vec<PersonId>> {
        let mut tx = write_facts(self).await?;
        let writer = Writer { who, now };
        let mut left = Vec::new();
        for row in tx.rows(TERMS_OF_ROLE, args![body.as_str(), role.as_str()]).await? {
            let (number, before) = (row.int("number")?, holder_of(&row)?);
            let over = before.until.is_some_and(|until| until < from);
            let later = before.from.is_some_and(|first| first > from);
            if before.deputy != deputies || over || later {
                continue;
            }
            if before.from == Some(from) {
                tx.run(END_TERM, args![number]).await?;
                writer.note(&mut tx, what(&before), Some(to_json(&before)?), to_json(&"removed")?).await?;
            } else {
                let until = from.yesterday().map_err(|_| StoreError::Refused("so early a day".to_owned()))?;
                let after = Holder { until: Some(until), ..before.clone() };
                change_term(&mut tx, number, &before, &after, writer).await?;
            }
            left.push(before.person);
        }
        commit_if(tx, !left.is_empty()).await?;
        Ok(left)
    }
}

/// Takes in the rows of a list.
async fn save_all(tx: &mut Tx, rows: &[PersonRow], writer: Writer<'_>) -> Result<ImportReport> {
    let mut report = ImportReport::default();
    // Two passes: what a list says again must not be taken for a correction of something else in it.
    let mut taken = Vec::new();
    let mut left = Vec::new();
    let (mut named, mut seen) = (BTreeSet::new(), BTreeSet::new());
    for (n, row) in rows.iter().enumerate() {
        check(n, row)?;
        // Where a list names somebody in two ways the first one stands, or they would change places forever.
        let may_rename = named.insert(mailbox(&row.address));
        let (person, renamed) = person_for(tx, row, may_rename, writer).await?;
        let term = term_of(row, person);
        if !seen.insert(term.clone()) {
            report.unchanged += 1;
            continue;
        }
        let same =
            terms(tx, &term).await?.into_iter().find(|(number, old)| *old == term && !taken.contains(number));
        match same {
            Some((number, _)) => {
                taken.push(number);
                if renamed { report.changed += 1 } else { report.unchanged += 1 }
            }
            None => left.push(term),
        }
    }
    for term in left {
        match save_term(tx, &term, &mut taken, writer).await? {
            true => report.added += 1,
            false => report.changed += 1,
        }
    }
    Ok(report)
}

fn check(n: usize, row: &PersonRow) -> Result<()> {
    let who = format!("row {} ({}, {}/{})", n + 1, row.name, row.body, row.role);
    if mailbox(&row.address).is_empty() {
        return Err(StoreError::Refused(format!("{who} has no address")));
    }
    match (row.from, row.until) {
        (Some(from), Some(until)) if until < from => {
            Err(StoreError::Refused(format!("{who} ends on {until}, before it begins on {from}")))
        }
        _ => Ok(()),
    }
}

fn term_of(row: &PersonRow, person: PersonId) -> Holder {
    Holder {
        body: row.body.clone(),
        role: row.role.clone(),
        person,
        from: row.from,
        until: row.until,
        deputy: row.deputy,
    }
}

/// Whom a row is about, made if new, and whether that changed what is known of them.
async fn person_for(
    tx: &mut Tx,
    row: &PersonRow,
    may_rename: bool,
    writer: Writer<'_>,
) -> Result<(PersonId, bool)> {
    let (name, address) = (row.name.trim(), row.address.trim());
    if let Some(found) = tx.row(BY_MAILBOX, args![mailbox(address)]).await? {
        let before = person_of(&found)?;
        if !may_rename {
            return Ok((before.id, false));
        }
        // An address that differs only in case is the same address.
        let after = Person { name: name.to_owned(), ..before.clone() };
        let changed = change_person(tx, &before, &after, writer).await?;
        return Ok((before.id, changed));
    }
    Ok((register(tx, name, address, writer).await?, true))
}

/// Whoever has that address.
pub(super) async fn known(tx: &mut Tx, address: &str) -> Result<Option<Person>> {
    tx.row(BY_MAILBOX, args![mailbox(address)]).await?.as_ref().map(person_of).transpose()
}

/// Makes somebody known.
pub(super) async fn register(tx: &mut Tx, name: &str, address: &str, writer: Writer<'_>) -> Result<PersonId> {
    let (name, address) = (name.trim(), address.trim());
    let number = tx.row(NEW_NUMBER, args![]).await?.map_or(Ok(1), |row| row.int("n"))?;
    let id = PersonId::new(format!("p{number}"));
    let person = Person { id: id.clone(), name: name.to_owned(), address: address.to_owned() };
    tx.run(NEW_PERSON, args![number, id.as_str(), name, address, mailbox(address)]).await?;
    writer.note(tx, format!("person {id}"), None, to_json(&person)?).await?;
    Ok(id)
}

async fn change_person(tx: &mut Tx, before: &Person, after: &Person, writer: Writer<'_>) -> Result<bool> {
    if before == after {
        return Ok(false);
    }
    let id = before.id.as_str();
    tx.run(CHANGE_PERSON, args![id, &after.name, &after.address, mailbox(&after.address)]).await?;
    writer.note(tx, format!("person {id}"), Some(to_json(before)?), to_json(after)?).await?;
    Ok(true)
}

/// The terms of a person in a role, with their row numbers.
async fn terms(tx: &mut Tx, like: &Holder) -> Result<Vec<(i64, Holder)>> {
    let args = args![like.body.as_str(), like.role.as_str(), like.person.as_str()];
    let rows = tx.rows(TERMS, args).await?;
    rows.iter().map(|row| Ok((row.int("number")?, holder_of(row)?))).collect()
}

/// Corrects the term that overlaps, or adds a new one (true).
async fn save_term(tx: &mut Tx, term: &Holder, taken: &mut Vec<i64>, writer: Writer<'_>) -> Result<bool> {
    let overlaps = |old: &Holder| {
        old.from.zip(term.until).is_none_or(|(from, until)| from <= until)
            && term.from.zip(old.until).is_none_or(|(from, until)| from <= until)
    };
    let mut old = terms(tx, term).await?;
    old.retain(|(number, old)| !taken.contains(number) && overlaps(old));
    let closest =
        old.iter().find(|(_, old)| old.from == term.from && old.deputy == term.deputy).or(old.first());
    if let Some((number, before)) = closest {
        change_term(tx, *number, before, term, writer).await?;
        taken.push(*number);
        return Ok(false);
    }
    let args = args![
        term.body.as_str(),
        term.role.as_str(),
        term.person.as_str(),
        term.from,
        term.until,
        term.deputy
    ];
    tx.run(NEW_TERM, args).await?;
    // The newest of these terms is the one just made.
    taken.extend(terms(tx, term).await?.last().map(|(number, _)| *number));
    writer.note(tx, what(term), None, to_json(term)?).await?;
    Ok(true)
}

/// Ends the term of the same person and role that runs on `wanted.until` on that day. Says whether that changed it.
async fn end_term(tx: &mut Tx, wanted: &Holder, writer: Writer<'_>) -> Result<bool> {
    let (body, role, person) = (&wanted.body, &wanted.role, &wanted.person);
    let last = wanted.until.unwrap_or(Date::MAX);
    let running = |term: &Holder| {
        term.from.is_none_or(|from| from <= last) && term.until.is_none_or(|until| until >= last)
    };
    let Some((number, before)) = terms(tx, wanted).await?.into_iter().find(|(_, term)| running(term)) else {
        return Err(StoreError::Refused(format!(
            "`{person}` does not hold {body}/{role} on {last}, so it cannot end then"
        )));
    };
    let after = Holder { until: wanted.until, ..before.clone() };
    let changed = before != after;
    if changed {
        change_term(tx, number, &before, &after, writer).await?;
    }
    Ok(changed)
}

async fn change_term(
    tx: &mut Tx,
    number: i64,
    before: &Holder,
    after: &Holder,
    writer: Writer<'_>,
) -> Result<()> {
    tx.run(CHANGE_TERM, args![number, after.from, after.until, after.deputy]).await?;
    writer.note(tx, what(after), Some(to_json(before)?), to_json(after)?).await
}

fn what(term: &Holder) -> String {
    format!("holder {}/{} {}", term.body, term.role, term.person)
}
