//! Occasions that are entered by hand.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::db::{Tx, args};
use super::facts::{Writer, commit_if, write_facts};
use super::rows::{body_text, from_json, object_text, occasion_of_text, to_json};
use super::{NewOccasion, OpenedChange, Result, Store, StoreError};
use crate::ids::{OccasionId, OccasionRef};
use crate::plan::model::{Object, Opened};

const OPENED: &str = "SELECT content FROM opened WHERE workflow = $1 AND body = $2 AND occasion = $3";
const OPEN: &str = "INSERT INTO opened (workflow, body, occasion, content, at, who) \
     VALUES ($1, $2, $3, $4, $5, $6)";
const CHANGE: &str = "UPDATE opened SET content = $4, at = $5, who = $6 \
     WHERE workflow = $1 AND body = $2 AND occasion = $3";
/// Ids that there are: entered, and planned (an occasion that an answer renews is planned only).
const TAKEN: &str = "SELECT occasion FROM opened WHERE workflow = $1 AND body = $2 \
     UNION SELECT occasion FROM occasion WHERE workflow = $1 AND body = $2";
/// Answers that state a date may have renewed an occasion that nobody has planned yet.
const RENEWING: &str = "SELECT object, day FROM answer WHERE workflow = $1 AND body = $2 AND day IS NOT NULL";

impl Store {
    /// Enters an occasion under the next free number of its year, the year of its first day.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if there are more than numbers are.
    pub async fn open_occasion(
        &self,
        new: &NewOccasion<'_>,
        who: &str,
        now: Timestamp,
    ) -> Result<OccasionRef> {
        let mut tx = write_facts(self).await?;
        let at = put_occasion(&mut tx, new, Writer { who, now }).await?;
        tx.commit().await?;
        Ok(at)
    }

    /// Changes what an occasion entered by hand is called, or where it is found. Says whether it changed anything.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if no such occasion has been entered.
    pub async fn change_opened(
        &self,
        at: &OccasionRef,
        change: &OpenedChange,
        who: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let mut tx = write_facts(self).await?;
        let row = tx.row(OPENED, key(at)).await?;
        let row = row.ok_or_else(|| StoreError::Refused(format!("`{}` was not entered by hand", at.id)))?;
        let before: Opened = from_json("opened", &at.id.to_string(), &row.text("content")?)?;
        let mut after = before.clone();
        if let Some(title) = &change.title {
            after.title.clone_from(title);
        }
        if let Some(link) = &change.link {
            after.link.clone_from(link);
        }
        if let Some(diary) = &change.diary {
            after.diary.clone_from(diary);
        }
        let changed = before != after;
        if changed {
            let mut args = key(at);
            let content = to_json(&after)?;
            args.extend(args![&content, now, who]);
            tx.run(CHANGE, args).await?;
            Writer { who, now }.note(&mut tx, what(at), Some(to_json(&before)?), content).await?;
        }
        commit_if(tx, changed).await?;
        Ok(changed)
    }
}

/// Enters an occasion within a transaction that writes facts.
pub(super) async fn put_occasion(
    tx: &mut Tx,
    new: &NewOccasion<'_>,
    writer: Writer<'_>,
) -> Result<OccasionRef> {
    let year = new.opened.span.first().year();
    let number = next_number(tx, new, year).await?;
    let id = OccasionId { entry: new.entry.clone(), year, number: Some(number) };
    let at = OccasionRef { workflow: new.workflow.clone(), body: new.body.cloned(), id };
    let mut args = key(&at);
    let content = to_json(new.opened)?;
    args.extend(args![&content, writer.now, writer.who]);
    tx.run(OPEN, args).await?;
    writer.note(tx, what(&at), None, content).await?;
    Ok(at)
}

async fn next_number(tx: &mut Tx, new: &NewOccasion<'_>, year: i16) -> Result<u16> {
    let (workflow, body) = (new.workflow.as_str(), body_text(new.body));
    let mut taken = BTreeSet::new();
    for row in tx.rows(TAKEN, args![workflow, body]).await? {
        taken.extend(row.text("occasion")?.parse::<OccasionId>().ok());
    }
    if new.renewed {
        for row in tx.rows(RENEWING, args![workflow, body]).await? {
            let object = row.text("object")?;
            taken.extend(object.strip_prefix("occasion:").and_then(occasion_of_text).map(|at| at.id));
        }
    }
    let of_entry = taken.iter().filter(|id| id.entry == *new.entry && (new.renewed || id.year == year));
    let highest = of_entry.filter_map(|id| id.number).max().unwrap_or(0);
    highest.checked_add(1).ok_or_else(|| StoreError::Refused("so many occasions can't be entered".to_owned()))
}

fn key(at: &OccasionRef) -> Vec<super::db::Value> {
    args![at.workflow.as_str(), body_text(at.body.as_ref()), at.id.to_string()]
}

fn what(at: &OccasionRef) -> String {
    format!("opened {}", object_text(&Object::Occasion(at.clone())).trim_start_matches("occasion:"))
}
