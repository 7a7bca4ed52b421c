//! The plan's items, as they are imported and as answers change them.

use jiff::Timestamp;
use jiff::civil::Date;

use super::db::{Tx, args};
use super::facts::{Writer, commit_if, item_of, write_facts};
use super::rows::to_json;
use super::{ImportReport, ItemChange, Result, Store, StoreError, register};
use crate::ids::{BodyId, PersonId};
use crate::items::register::{LogEntry, LogKind, Precision};
use crate::items::{Item, Phase};

const ITEM: &str = "SELECT unit, body, id, part, title, phase, health, owners, next_day, phase_since, \
     health_since, quiet_until, phase_recorded, health_recorded, owners_recorded, \
     next_recorded, health_explained_by FROM item WHERE unit = $1";
/// That somebody has said it lately.
const SAID: &str =
    "SELECT number FROM log WHERE item = $1 AND kind = $2 AND text = $3 AND who = $4 AND at >= $5";
const MEASURED: &str =
    "SELECT value FROM measured WHERE measure = $1 AND region = $2 AND period = $3 AND value = $4";
const SAVE: &str = "INSERT INTO item (unit, body, id, part, title, phase, health, owners, next_day, phase_since, \
     health_since, quiet_until, phase_recorded, health_recorded, owners_recorded, next_recorded, \
     health_explained_by) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) \
     ON CONFLICT (unit) DO UPDATE SET part = excluded.part, title = excluded.title, phase = excluded.phase, \
     health = excluded.health, owners = excluded.owners, next_day = excluded.next_day, \
     phase_since = excluded.phase_since, health_since = excluded.health_since, \
     quiet_until = excluded.quiet_until, phase_recorded = excluded.phase_recorded, \
     health_recorded = excluded.health_recorded, owners_recorded = excluded.owners_recorded, \
     next_recorded = excluded.next_recorded, health_explained_by = excluded.health_explained_by";

impl Store {
    /// Takes in the items of a body's plan; each is known again by its unit ([`Item::unit`]). When phase,
    /// health, owners and next date were recorded is `now` for what is new or has changed, whatever the items say: nobody is nagged
    /// about the time before the register knew. A quiet day that an answer set stays unless the list has one.
    /// What isn't in the list stays.
    ///
    /// # Errors
    /// [`StoreError::Refused`] for an item of another body; then none is taken.
    pub async fn save_items(
        &self,
        body: &BodyId,
        items: &[Item],
        who: &str,
        now: Timestamp,
    ) -> Result<ImportReport> {
        let mut tx = write_facts(self).await?;
        let mut report = ImportReport::default();
        for item in items {
            let before = item_by_unit(&mut tx, &item.unit()).await?;
            of_body(body, item, before.as_ref())?;
            let after = merged(item, before.as_ref(), now);
            match &before {
                None => report.added += 1,
                Some(before) if *before == after => report.unchanged += 1,
                Some(_) => report.changed += 1,
            }
            save(&mut tx, before.as_ref(), &after, Writer { who, now }).await?;
        }
        commit_if(tx, report.added + report.changed > 0).await?;
        Ok(report)
    }

    /// One unit of a plan.
    ///
    /// # Errors
    /// When the database fails or the row can't be read.
    pub async fn unit(&self, unit: &str) -> Result<Option<Item>> {
        item_by_unit(&mut self.db().read().await?, unit).await
    }

    /// Ends a unit: it is done, and its log says why. Both or neither. Says whether it wasn't done before.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if there is no such unit, or the text is empty.
    pub async fn close_item(
        &self,
        unit: &str,
        text: &str,
        day: Date,
        who: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let mut tx = write_facts(self).await?;
        let before = item_by_unit(&mut tx, unit).await?;
        let part = before.as_ref().and_then(|item| item.part.clone());
        let change = ItemChange {
            phase: Some(Phase::Done),
            entry: Some(LogEntry {
                part,
                day,
                precision: Precision::Day,
                kind: LogKind::Closing,
                planned: false,
                text: text.trim().to_owned(),
                doer: None,
                by: None,
                about: None,
            }),
            ..ItemChange::default()
        };
        change_item(&mut tx, unit, &change, Writer { who, now }).await?;
        tx.commit().await?;
        Ok(before.is_some_and(|item| item.phase != Phase::Done))
    }

    /// Changes one unit of the plan. Says whether it changed anything.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if there is no such unit.
    pub async fn update_item(
        &self,
        unit: &str,
        change: &ItemChange,
        who: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let mut tx = write_facts(self).await?;
        let changed = change_item(&mut tx, unit, change, Writer { who, now }).await?;
        commit_if(tx, changed).await?;
        Ok(changed)
    }
}

/// That an item of a list, and what the register has under its name, stands in the plan of `body`.
pub(super) fn of_body(body: &BodyId, item: &Item, before: Option<&Item>) -> Result<()> {
    let owner = before.map_or(&item.body, |before| &before.body);
    if item.body == *body && owner == body {
        return Ok(());
    }
    let whose = if item.body == *body { owner } else { &item.body };
    Err(StoreError::Refused(format!(
        "item `{}` belongs to the plan of {whose}, not to that of {body}; give it another id",
        item.unit()
    )))
}

/// What a unit becomes when the list says `item` and `before` is known. Phase and health that are new or have changed
/// count as known from `recorded`.
pub(super) fn merged(item: &Item, before: Option<&Item>, recorded: Timestamp) -> Item {
    let mut after = item.clone();
    (after.phase_recorded, after.health_recorded) = (seconds(recorded), seconds(recorded));
    (after.owners_recorded, after.next_recorded) = (seconds(recorded), seconds(recorded));
    if let Some(before) = before {
        if before.phase == item.phase {
            after.phase_recorded = before.phase_recorded;
        }
        if before.health == item.health {
            after.health_recorded = before.health_recorded;
            after.health_explained_by = before.health_explained_by.clone();
        }
        if before.owners == item.owners {
            after.owners_recorded = before.owners_recorded;
        }
        after.next = item.next.or(before.next);
        if before.next == after.next {
            after.next_recorded = before.next_recorded;
        }
        after.quiet_until = item.quiet_until.or(before.quiet_until);
    }
    after
}

/// Rows keep whole seconds.
pub(super) fn seconds(moment: Timestamp) -> Timestamp {
    Timestamp::from_second(moment.as_second()).unwrap_or(moment)
}

/// Applies a change within a transaction that writes facts.
pub(super) async fn change_item(
    tx: &mut Tx,
    unit: &str,
    change: &ItemChange,
    writer: Writer<'_>,
) -> Result<bool> {
    let before = item_by_unit(tx, unit)
        .await?
        .ok_or_else(|| StoreError::Refused(format!("there is no item `{unit}` in any plan")))?;
    let after = changed_to(&before, change, writer.now);
    let changed = before != after;
    save(tx, Some(&before), &after, writer).await?;
    let wrote = register::write(tx, &after, change, writer).await?;
    Ok(changed || wrote)
}

/// Whether a change makes anything of a unit that it isn't, or says anything that its writer hasn't said of it since
/// `since`.
pub(super) async fn is_news(
    tx: &mut Tx,
    unit: &str,
    change: &ItemChange,
    writer: Writer<'_>,
    since: Timestamp,
) -> Result<bool> {
    let Some(before) = item_by_unit(tx, unit).await? else { return Ok(true) };
    if changed_to(&before, change, writer.now) != before || change.wait.is_some() {
        return Ok(true);
    }
    if let Some(entry) = &change.entry {
        let args = args![before.id.as_str(), entry.kind.code(), &entry.text, writer.who, since];
        if tx.row(SAID, args).await?.is_none() {
            return Ok(true);
        }
    }
    for value in &change.values {
        let args = args![value.measure, value.region.as_str(), &value.period, &value.value];
        if tx.row(MEASURED, args).await?.is_none() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What a change makes of a unit.
fn changed_to(before: &Item, change: &ItemChange, now: Timestamp) -> Item {
    let mut after = before.clone();
    if let Some(phase) = change.phase.filter(|phase| *phase != before.phase) {
        (after.phase, after.phase_since, after.phase_recorded) = (phase, None, seconds(now));
    }
    if let Some(health) = change.health.filter(|health| *health != before.health) {
        (after.health, after.health_since, after.health_recorded) = (health, None, seconds(now));
        after.health_explained_by = None;
    }
    if change.health.is_some() && change.explained_by.is_some() {
        after.health_explained_by = change.explained_by.clone();
    }
    after.quiet_until = change.quiet_until.unwrap_or(before.quiet_until);
    if let Some(next) = change.next.filter(|next| *next != before.next) {
        (after.next, after.next_recorded) = (next, seconds(now));
    }
    if let Some(owners) = change.owners.as_ref().filter(|owners| **owners != before.owners) {
        (after.owners, after.owners_recorded) = (owners.clone(), seconds(now));
    }
    after
}

pub(super) async fn item_by_unit(tx: &mut Tx, unit: &str) -> Result<Option<Item>> {
    tx.row(ITEM, args![unit]).await?.as_ref().map(item_of).transpose()
}

pub(super) async fn save(tx: &mut Tx, before: Option<&Item>, after: &Item, writer: Writer<'_>) -> Result<()> {
    if before == Some(after) {
        return Ok(());
    }
    let unit = after.unit();
    let args = args![
        &unit,
        after.body.as_str(),
        after.id.as_str(),
        after.part.as_deref(),
        &after.title,
        after.phase.code(),
        after.health.code(),
        to_json(&after.owners)?,
        after.next,
        after.phase_since,
        after.health_since,
        after.quiet_until,
        after.phase_recorded,
        after.health_recorded,
        after.owners_recorded,
        after.next_recorded,
        after.health_explained_by.as_ref().map(PersonId::as_str),
    ];
    tx.run(SAVE, args).await?;
    let earlier = before.map(to_json).transpose()?;
    writer.note(tx, format!("item {unit}"), earlier, to_json(after)?).await
}
