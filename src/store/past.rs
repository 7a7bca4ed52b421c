//! How things were, as far as the history tells.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::db::args;
use super::facts::history_row;
use super::rows::{from_json, message_of};
use super::{HistoryRow, Result, Store};
use crate::ids::BodyId;
use crate::items::Item;
use crate::plan::model::{Given, Message};

/// What units were before each change, the earliest change first.
const UNITS: &str = "SELECT what, earlier FROM history WHERE at > $1 AND what LIKE 'item %' ORDER BY number";

/// Messages that have left, of one body's workflows, in the order of their moments.
const SENT: &str = "SELECT key, content FROM message WHERE body = $1 AND state = 'sent' AND at >= $2 AND at < $3 \
     ORDER BY at, key";
/// What was changed in a time, of kinds that are read by their words.
const CHANGED: &str = "SELECT at, who, what, earlier, later FROM history WHERE at >= $1 AND at < $2 \
     AND (what = 'answer' OR what LIKE 'item %') ORDER BY number";

/// What has happened to a body in a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Happened {
    /// The messages that left, in the order of their moments.
    pub sent: Vec<Message>,
    /// The answers that were given or changed, in their order.
    pub answers: Vec<Given>,
    /// The changes of units: when, how the unit was, how it became.
    pub changes: Vec<(Timestamp, Option<Item>, Item)>,
}

impl Store {
    /// What has happened to a body from one moment until before another.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn happened(&self, body: &BodyId, from: Timestamp, until: Timestamp) -> Result<Happened> {
        let mut tx = self.db().read().await?;
        let mut found = Happened::default();
        for row in tx.rows(SENT, args![body.as_str(), from, until]).await? {
            found.sent.push(message_of(&row)?);
        }
        for row in tx.rows(CHANGED, args![from, until]).await? {
            let HistoryRow { at, what, before, after, .. } = history_row(&row)?;
            if what == "answer" {
                let given: Given = from_json("history", &what, &after)?;
                found.answers.extend(Some(given).filter(|given| given.matter.body.as_ref() == Some(body)));
                continue;
            }
            let unit: Item = from_json("history", &what, &after)?;
            if unit.body == *body {
                let before = before.map(|json| from_json("history", &what, &json)).transpose()?;
                found.changes.push((at, before, unit));
            }
        }
        Ok(found)
    }

    /// The units that have been changed after a moment, each as it was then; none for one that wasn't there.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn units_before(&self, moment: Timestamp) -> Result<BTreeMap<String, Option<Item>>> {
        let mut found = BTreeMap::new();
        for row in self.db().rows(UNITS, args![moment]).await? {
            let what = row.text("what")?;
            let unit = what.strip_prefix("item ").unwrap_or(&what).to_owned();
            let earlier = row.maybe_text("earlier")?;
            let earlier = earlier.map(|json| from_json("history", &unit, &json)).transpose()?;
            found.entry(unit).or_insert(earlier);
        }
        Ok(found)
    }
}
