//! How things were, as far as the history tells.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::db::args;
use super::rows::from_json;
use super::{Result, Store};
use crate::items::Item;

/// What units were before each change, the earliest change first.
const UNITS: &str =
    "SELECT what, earlier FROM history WHERE at > $1 AND what LIKE 'item %' ORDER BY number";

impl Store {
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
