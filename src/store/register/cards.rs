//! What the plan says of a row, for people; and what it is called.

use jiff::Timestamp;
use jiff::civil::Date;

use super::body_of;
use crate::ids::{BodyId, ItemId};
use crate::items::Item;
use crate::items::register::Card;
use crate::store::db::{Tx, args};
use crate::store::facts::{Writer, commit_if, item_of, write_facts};
use crate::store::items::save as save_unit;
use crate::store::rows::{from_json, to_json};
use crate::store::{Result, Store, StoreError};

const CARD: &str = "SELECT content FROM card WHERE item = $1";
const SAVE: &str = "INSERT INTO card (item, body, content) VALUES ($1, $2, $3) \
     ON CONFLICT (item) DO UPDATE SET content = excluded.content";
const UNITS: &str = "SELECT unit, body, id, part, title, phase, health, owners, next_day, phase_since, health_since, \
     quiet_until, phase_recorded, health_recorded, owners_recorded, next_recorded, \
     health_explained_by FROM item WHERE id = $1 ORDER BY unit";

impl Store {
    /// What the plan says of a row; an empty card where it says nothing.
    ///
    /// # Errors
    /// When the database fails or the row can't be read.
    pub async fn card_of(&self, item: &ItemId) -> Result<Card> {
        Ok(card(&mut self.db().read().await?, item).await?.unwrap_or_default())
    }

    /// Puts `card` in the place of what the plan says of a row. What it was called before stays, whatever the card
    /// says. Says whether it changed anything.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if there is no such item.
    pub async fn save_card(&self, item: &ItemId, card: &Card, who: &str, now: Timestamp) -> Result<bool> {
        let mut tx = write_facts(self).await?;
        let body = body_of(&mut tx, item).await?;
        let changed = save(&mut tx, &body, item, card, Writer { who, now }).await?;
        commit_if(tx, changed).await?;
        Ok(changed)
    }

    /// Gives a row another title as of `day`; it stays the same row. Says whether it changed anything.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if there is no such item, or the title is empty.
    pub async fn rename_item(
        &self,
        item: &ItemId,
        title: &str,
        day: Date,
        who: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let mut tx = write_facts(self).await?;
        body_of(&mut tx, item).await?;
        if title.trim().is_empty() {
            return Err(StoreError::Refused(format!("`{item}` needs a title")));
        }
        let was = rename(&mut tx, item, title.trim(), day, Writer { who, now }).await?;
        commit_if(tx, was.is_some()).await?;
        Ok(was.is_some())
    }
}

/// The units of a row.
pub(super) async fn units(tx: &mut Tx, item: &ItemId) -> Result<Vec<Item>> {
    tx.rows(UNITS, args![item.as_str()]).await?.iter().map(item_of).collect()
}

pub(super) async fn card(tx: &mut Tx, item: &ItemId) -> Result<Option<Card>> {
    let row = tx.row(CARD, args![item.as_str()]).await?;
    row.map(|row| from_json("card", item.as_str(), &row.text("content")?)).transpose()
}

/// Saves a card with the earlier titles that the register has. Says whether it changed anything.
pub(super) async fn save(
    tx: &mut Tx,
    body: &BodyId,
    item: &ItemId,
    new: &Card,
    writer: Writer<'_>,
) -> Result<bool> {
    let before = card(tx, item).await?;
    let mut after = new.clone();
    after.earlier_titles = before.as_ref().map(|card| card.earlier_titles.clone()).unwrap_or_default();
    put(tx, body, item, before.as_ref(), &after, writer).await
}

async fn put(
    tx: &mut Tx,
    body: &BodyId,
    item: &ItemId,
    before: Option<&Card>,
    after: &Card,
    writer: Writer<'_>,
) -> Result<bool> {
    if before == Some(after) || (before.is_none() && *after == Card::default()) {
        return Ok(false);
    }
    let content = to_json(after)?;
    tx.run(SAVE, args![item.as_str(), body.as_str(), &content]).await?;
    writer.note(tx, format!("card {item}"), before.map(to_json).transpose()?, content).await?;
    Ok(true)
}

/// Renames a row and notes what it was called. Gives the title that it had, if that was another.
pub(super) async fn rename(
    tx: &mut Tx,
    item: &ItemId,
    title: &str,
    day: Date,
    writer: Writer<'_>,
) -> Result<Option<String>> {
    let mut was = None;
    for before in units(tx, item).await? {
        if before.title != title {
            let after = Item { title: title.to_owned(), ..before.clone() };
            save_unit(tx, Some(&before), &after, writer).await?;
            was = Some((before.title, before.body));
        }
    }
    let Some((was, body)) = was else { return Ok(None) };
    let before = card(tx, item).await?;
    let mut after = before.clone().unwrap_or_default();
    after.earlier_titles.push((was.clone(), day));
    put(tx, &body, item, before.as_ref(), &after, writer).await?;
    Ok(Some(was))
}
