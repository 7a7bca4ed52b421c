//! Who is away, and who gets the mail meanwhile.

use jiff::Timestamp;
use jiff::civil::Date;

use super::db::{Tx, args};
use super::facts::{Writer, commit_if, write_facts};
use super::requests::absence_of;
use super::rows::to_json;
use super::{Result, Store, StoreError};
use crate::ids::PersonId;
use crate::people::Absence;

const OF: &str =
    "SELECT number, person, first_day, last_day, deputy FROM absence WHERE person = $1 ORDER BY number";
const NEW: &str = "INSERT INTO absence (person, first_day, last_day, deputy) VALUES ($1, $2, $3, $4)";
const CHANGE: &str = "UPDATE absence SET first_day = $2, last_day = $3, deputy = $4 WHERE number = $1";
const REMOVE: &str = "DELETE FROM absence WHERE number = $1";
const PERSON: &str = "SELECT id FROM person WHERE id = $1";

impl Store {
    /// Notes that somebody is away. An absence of theirs that it overlaps is corrected by it. Says whether it
    /// changed anything.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if it ends before it begins, or names somebody unknown or the person as their own
    /// deputy.
    pub async fn save_absence(&self, absence: &Absence, who: &str, now: Timestamp) -> Result<bool> {
        let refuse = |what: String| Err(StoreError::Refused(what));
        if absence.until < absence.from {
            return refuse(format!(
                "the absence ends on {}, before it begins on {}",
                absence.until, absence.from
            ));
        }
        if absence.deputy.as_ref() == Some(&absence.person) {
            return refuse("nobody can be their own deputy; name somebody else".to_owned());
        }
        let mut tx = write_facts(self).await?;
        let writer = Writer { who, now };
        for person in [Some(&absence.person), absence.deputy.as_ref()].into_iter().flatten() {
            if tx.row(PERSON, args![person.as_str()]).await?.is_none() {
                return refuse(format!("there is no person `{person}`"));
            }
        }
        let overlaps = |old: &Absence| old.from <= absence.until && absence.from <= old.until;
        let mut old: Vec<_> = absences(&mut tx, &absence.person).await?;
        old.retain(|(_, old)| overlaps(old));
        if let [(_, same)] = old.as_slice()
            && same == absence
        {
            return Ok(false);
        }
        let deputy = absence.deputy.as_ref().map(PersonId::as_str);
        let (first, last) = (Some(absence.from), Some(absence.until));
        match old.split_first() {
            None => {
                tx.run(NEW, args![absence.person.as_str(), first, last, deputy]).await?;
            }
            Some(((number, _), others)) => {
                tx.run(CHANGE, args![*number, first, last, deputy]).await?;
                for (number, _) in others {
                    tx.run(REMOVE, args![*number]).await?;
                }
            }
        }
        let old: Vec<Absence> = old.into_iter().map(|(_, old)| old).collect();
        let earlier = (!old.is_empty()).then(|| to_json(&old)).transpose()?;
        writer.note(&mut tx, what(&absence.person), earlier, to_json(absence)?).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Notes that somebody is back: `last` is the last day they are away. What would have begun later is removed.
    /// Says whether it changed anything.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_absence(
        &self,
        person: &PersonId,
        last: Date,
        who: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let mut tx = write_facts(self).await?;
        let mut changed = false;
        for (number, before) in absences(&mut tx, person).await? {
            if before.until <= last {
                continue;
            }
            let after = Absence { until: last, ..before.clone() };
            if after.from > last {
                tx.run(REMOVE, args![number]).await?;
            } else {
                let deputy = after.deputy.as_ref().map(PersonId::as_str);
                tx.run(CHANGE, args![number, Some(after.from), Some(after.until), deputy]).await?;
            }
            let later = if after.from > last { to_json(&"removed")? } else { to_json(&after)? };
            Writer { who, now }.note(&mut tx, what(person), Some(to_json(&before)?), later).await?;
            changed = true;
        }
        commit_if(tx, changed).await?;
        Ok(changed)
    }
}

async fn absences(tx: &mut Tx, person: &PersonId) -> Result<Vec<(i64, Absence)>> {
    let rows = tx.rows(OF, args![person.as_str()]).await?;
    rows.iter().map(|row| Ok((row.int("number")?, absence_of(row)?))).collect()
}

fn what(person: &PersonId) -> String {
    format!("absence of {person}")
}
