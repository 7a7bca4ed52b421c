//! The register as people read it: whole rows with their texts, and what has been done to them.

use std::collections::BTreeMap;

use super::{RegisterRow, deadline_of, log, measures, wait_of};
use crate::ids::{BodyId, ItemId};
use crate::items::register::Card;
use crate::store::db::{Row, Tx, args};
use crate::store::facts::{history_row, item_of};
use crate::store::rows::from_json;
use crate::store::{HistoryRow, Result, Store};

const UNITS: &str = "SELECT unit, body, id, part, title, phase, health, owners, next_day, phase_since, health_since, \
     quiet_until, phase_recorded, health_recorded, owners_recorded, next_recorded, \
     health_explained_by FROM item WHERE id = $1 OR body = $2 \
     ORDER BY unit";
const CARDS: &str =
    "SELECT item, content FROM card WHERE item = $1 OR item IN (SELECT id FROM item WHERE body = $2)";
const DEADLINES: &str = "SELECT item, day, exactness, text, stated, met FROM deadline \
     WHERE item = $1 OR item IN (SELECT id FROM item WHERE body = $2) ORDER BY item, day, text";
const WAITS: &str = "SELECT number, item, part, kind, text, until, since FROM wait \
     WHERE ended IS NULL AND (item = $1 OR item IN (SELECT id FROM item WHERE body = $2)) ORDER BY number";
const HISTORY: &str =
    "SELECT number, at, who, what, earlier, later FROM history WHERE what = $1 ORDER BY number";

impl Store {
    /// Every row of a body's plan, in the order of their ids, with everything that people read of it.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn register(&self, body: &BodyId) -> Result<Vec<RegisterRow>> {
        rows(&mut self.db().read().await?, "", body.as_str()).await
    }

    /// One row of a plan; none if there is no such item.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn register_row(&self, item: &ItemId) -> Result<Option<RegisterRow>> {
        let found = rows(&mut self.db().read().await?, item.as_str(), "").await?;
        Ok(found.into_iter().next())
    }

    /// What has been done to a row and its parts, the oldest first: who, when, what stood before and after.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn history_of(&self, item: &ItemId) -> Result<Vec<HistoryRow>> {
        let mut tx = self.db().read().await?;
        let mut what: Vec<String> = ["card", "log", "wait", "deadline", "measure"]
            .iter()
            .map(|word| format!("{word} {item}"))
            .collect();
        let units = tx.rows(UNITS, args![item.as_str(), ""]).await?;
        for row in &units {
            what.push(format!("item {}", item_of(row)?.unit()));
        }
        let mut found = Vec::new();
        for what in what {
            for row in tx.rows(HISTORY, args![&what]).await? {
                found.push((row.int("number")?, history_row(&row)?));
            }
        }
        found.sort_by_key(|(number, _)| *number);
        Ok(found.into_iter().map(|(_, row)| row).collect())
    }
}

/// The rows that are `item` or stand in the plan of `body`.
async fn rows(tx: &mut Tx, item: &str, body: &str) -> Result<Vec<RegisterRow>> {
    let mut found: BTreeMap<ItemId, RegisterRow> = BTreeMap::new();
    for row in tx.rows(UNITS, args![item, body]).await? {
        let unit = item_of(&row)?;
        let empty = || RegisterRow {
            id: unit.id.clone(),
            units: Vec::new(),
            card: Card::default(),
            log: Vec::new(),
            deadlines: Vec::new(),
            waits: Vec::new(),
            measures: Vec::new(),
        };
        found.entry(unit.id.clone()).or_insert_with(empty).units.push(unit);
    }
    let of = |row: &Row| row.text("item").map(ItemId::new);
    for row in tx.rows(CARDS, args![item, body]).await? {
        if let Some(entry) = found.get_mut(&of(&row)?) {
            entry.card = from_json("card", entry.id.as_str(), &row.text("content")?)?;
        }
    }
    for row in tx.rows(log::OF, args![item, body]).await? {
        let (of, line) = log::read(&row)?;
        found.entry(of).and_modify(|entry| entry.log.push(line));
    }
    for row in tx.rows(DEADLINES, args![item, body]).await? {
        let deadline = deadline_of(&row)?;
        found.entry(of(&row)?).and_modify(|entry| entry.deadlines.push(deadline));
    }
    for row in tx.rows(WAITS, args![item, body]).await? {
        let wait = wait_of(&row)?;
        found.entry(of(&row)?).and_modify(|entry| entry.waits.push(wait));
    }
    for row in tx.rows(measures::OF, args![item, body]).await? {
        let measure = measures::read(tx, &row).await?;
        found.entry(of(&row)?).and_modify(|entry| entry.measures.push(measure));
    }
    Ok(found.into_values().collect())
}
