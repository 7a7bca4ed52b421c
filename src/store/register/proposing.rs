//! Items that somebody proposes for a plan: nobody has decided on them.

use super::{cards, log};
use crate::ids::{BodyId, ItemId, slug};
use crate::items::register::{Card, LogEntry, LogKind, Precision};
use crate::items::{Item, Owners, Phase};
use crate::store::Result;
use crate::store::db::{Tx, args};
use crate::store::facts::{Writer, item_of};
use crate::store::items::{item_by_unit, merged, save};

const UNDECIDED: &str = "SELECT unit, body, id, part, title, phase, health, owners, next_day, phase_since, \
     health_since, quiet_until, phase_recorded, health_recorded, owners_recorded, next_recorded, \
     health_explained_by FROM item \
     WHERE body = $1 AND phase = $2 ORDER BY unit";
/// An id of more letters than this is cut: it stands in keys and links.
const LONGEST_ID: usize = 48;

/// A proposed item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// What it is called. Its id is made from this.
    pub title: String,
    /// Who is to own it.
    pub owners: Owners,
    /// When something is to happen first.
    pub next: Option<jiff::civil::Date>,
    /// What the plan is to say of it.
    pub card: Card,
    /// What its log begins with.
    pub line: String,
}

/// Adds proposed items to a plan, within a transaction that writes facts. One of the same title with the same card,
/// owner and date that nobody has decided on is the same proposal, sent once more. Says whether any was added.
pub(in crate::store) async fn propose(
    tx: &mut Tx,
    body: &BodyId,
    proposed: &[Proposed],
    writer: Writer<'_>,
) -> Result<bool> {
    let mut added = false;
    for new in proposed {
        if is_there(tx, body, new).await? {
            continue;
        }
        let id = free_id(tx, &new.title).await?;
        let mut item = Item::new(body.clone(), id.clone(), &new.title, writer.now);
        (item.phase, item.owners, item.next) = (Phase::Undecided, new.owners.clone(), new.next);
        save(tx, None, &merged(&item, None, writer.now), writer).await?;
        cards::save(tx, body, &id, &new.card, writer).await?;
        let entry = LogEntry {
            part: None,
            day: crate::calendar::today(writer.now),
            precision: Precision::Day,
            kind: LogKind::Note,
            planned: false,
            text: new.line.clone(),
            doer: None,
            by: None,
            about: None,
        };
        log::add(tx, &id, &entry, writer).await?;
        added = true;
    }
    Ok(added)
}

async fn is_there(tx: &mut Tx, body: &BodyId, new: &Proposed) -> Result<bool> {
    for row in tx.rows(UNDECIDED, args![body.as_str(), Phase::Undecided.code()]).await? {
        let item = item_of(&row)?;
        let same = item.title == new.title && item.owners == new.owners && item.next == new.next;
        if same && cards::card(tx, &item.id).await?.unwrap_or_default() == new.card {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The title's first words as an id that no row has.
async fn free_id(tx: &mut Tx, title: &str) -> Result<ItemId> {
    let full = slug(title);
    let end = full.char_indices().nth(LONGEST_ID).and_then(|(cut, _)| full.get(..cut)?.rfind('-'));
    let base = end.and_then(|end| full.get(..end)).unwrap_or(&full);
    // A title without a letter names nothing.
    let base = if base.is_empty() { "punkt" } else { base };
    let mut id = ItemId::new(base);
    let mut number = 2;
    while item_by_unit(tx, id.as_str()).await?.is_some() || !cards::units(tx, &id).await?.is_empty() {
        id = ItemId::new(format!("{base}-{number}"));
        number += 1;
    }
    Ok(id)
}
