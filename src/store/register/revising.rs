//! The revision of a body's plan: frozen, approved and published, each in the transaction of the answer that says so.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{NewPlanVersion, PlanState, deadline_of, line_of, log, versions};
use crate::calendar::today;
use crate::ids::{BodyId, ItemId};
use crate::items::register::{Followed, LogEntry, LogKind, Precision};
use crate::items::versions::{Fate, Versioned, compare};
use crate::items::{Item, Phase};
use crate::store::db::{Tx, args};
use crate::store::facts::{Writer, item_of};
use crate::store::items::{save, seconds};
use crate::store::rows::from_json;
use crate::store::{Result, Store, StoreError};
use crate::workflow::model::RevisionStep;

const UNITS: &str = "SELECT unit, body, id, part, title, phase, health, owners, next_day, phase_since, health_since, \
     quiet_until, phase_recorded, health_recorded, owners_recorded, next_recorded, \
     health_explained_by FROM item WHERE body = $1 ORDER BY unit";
const CARDS: &str =
    "SELECT item, content FROM card WHERE item IN (SELECT id FROM item WHERE body = $1) ORDER BY item";
const LOG: &str = "SELECT number, item, part, day, kind, planned, at, text, CAST(0 AS BIGINT) AS settled FROM log \
     WHERE item IN (SELECT id FROM item WHERE body = $1) ORDER BY item, day, number";
const DEADLINES: &str = "SELECT item, day, exactness, text, stated, met FROM deadline \
     WHERE item IN (SELECT id FROM item WHERE body = $1) ORDER BY item, day, text";

/// What an answer does to a body's plan as a whole.
#[derive(Clone, Copy, Debug)]
pub struct Revising<'a> {
    /// Whose plan.
    pub body: &'a BodyId,
    /// What its new version is called: "2026".
    pub name: &'a str,
    /// What is done.
    pub step: RevisionStep,
    /// What a log says of an item that the approved plan has taken up.
    pub decided: &'a str,
}

/// A body's plan as it is now, and what its follow-up depends on.
#[derive(Clone, Debug, Default)]
pub struct Present {
    /// Its units and cards.
    pub plan: Versioned,
    /// Logs and deadlines of its rows.
    pub followed: BTreeMap<ItemId, Followed>,
}

impl Store {
    /// A body's plan as it is now.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn present_plan(&self, body: &BodyId) -> Result<Present> {
        present(&mut self.db().read().await?, body).await
    }
}

async fn present(tx: &mut Tx, body: &BodyId) -> Result<Present> {
    let mut found = Present { plan: plan(tx, body).await?, ..Present::default() };
    for row in tx.rows(LOG, args![body.as_str()]).await? {
        found.followed.entry(ItemId::new(row.text("item")?)).or_default().log.push(line_of(&row)?);
    }
    for row in tx.rows(DEADLINES, args![body.as_str()]).await? {
        found.followed.entry(ItemId::new(row.text("item")?)).or_default().deadlines.push(deadline_of(&row)?);
    }
    Ok(found)
}

/// The units of a body's plan with their cards.
pub(super) async fn plan(tx: &mut Tx, body: &BodyId) -> Result<Versioned> {
    let mut plan = Versioned::default();
    for row in tx.rows(UNITS, args![body.as_str()]).await? {
        plan.items.push(item_of(&row)?);
    }
    for row in tx.rows(CARDS, args![body.as_str()]).await? {
        let item = row.text("item")?;
        plan.cards.insert(ItemId::new(&item), from_json("card", &item, &row.text("content")?)?);
    }
    Ok(plan)
}

/// Does what an answer says to the plan as a whole. A copy of that name and state is never written over.
///
/// Publishing is refused with [`StoreError::WouldVanish`] while a row of the frozen plan, or where none was frozen of
/// the newest version, would vanish.
pub(in crate::store) async fn revise(tx: &mut Tx, new: Revising<'_>, writer: Writer<'_>) -> Result<()> {
    let present = present(tx, new.body).await?;
    let (state, content) = match new.step {
        RevisionStep::Freeze => (PlanState::Frozen, present.plan.standing(&present.followed)),
        RevisionStep::Approve => {
            take_up(tx, &present, new, writer).await?;
            (PlanState::Approved, plan(tx, new.body).await?.going_on())
        }
        RevisionStep::Publish => {
            let next = present.plan.going_on();
            let versions = versions::of(tx, new.body).await?;
            let frozen = versions.iter().find(|v| v.name == new.name && v.state == PlanState::Frozen);
            let before = frozen.or_else(|| versions.iter().rev().find(|v| v.name != new.name));
            if let Some(before) = before {
                let compared = compare(&before.content, &next, &[], &present.followed);
                let titles: Vec<String> = compared.vanished().map(|row| row.title.clone()).collect();
                if !titles.is_empty() {
                    return Err(StoreError::WouldVanish(titles));
                }
            }
            (PlanState::Published, next)
        }
    };
    let version = NewPlanVersion { body: new.body, name: new.name, state, content: &content };
    versions::keep(tx, &version, writer).await?;
    Ok(())
}

/// Approving the plan decides on what has been proposed for it: that is an item like the others now, not begun.
async fn take_up(tx: &mut Tx, present: &Present, new: Revising<'_>, writer: Writer<'_>) -> Result<()> {
    let versions = versions::of(tx, new.body).await?;
    let frozen = versions.iter().find(|v| v.name == new.name && v.state == PlanState::Frozen);
    let Some(frozen) = frozen else { return Ok(()) };
    let compared = compare(&frozen.content, &present.plan, &[], &present.followed);
    let is_new = |item: &Item| {
        compared
            .rows
            .iter()
            .any(|row| row.id == item.id && matches!(row.fate, Fate::Added | Fate::Returned { .. }))
    };
    let day = today(writer.now);
    for item in present.plan.items.iter().filter(|item| item.phase == Phase::Undecided && is_new(item)) {
        let after = Item {
            phase: Phase::NotStarted,
            phase_since: Some(day),
            phase_recorded: seconds(writer.now),
            ..item.clone()
        };
        save(tx, Some(item), &after, writer).await?;
        log::add(tx, &item.id, &decision(item, new.decided, day), writer).await?;
    }
    Ok(())
}

fn decision(item: &Item, text: &str, day: Date) -> LogEntry {
    LogEntry {
        part: item.part.clone(),
        day,
        precision: Precision::Day,
        kind: LogKind::Decision,
        planned: false,
        text: text.to_owned(),
        doer: None,
        by: None,
        about: None,
    }
}
