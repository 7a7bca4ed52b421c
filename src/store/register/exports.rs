//! What was written into exported documents, so that it is known what was edited in one that comes back.

use jiff::Timestamp;
use jiff::civil::Date;

use super::day;
use crate::ids::BodyId;
use crate::items::table::{Row as TableRow, Stamp};
use crate::store::db::args;
use crate::store::rows::{from_json, to_json};
use crate::store::{Result, Store};

const NEW: &str =
    "INSERT INTO exported (body, as_of, content, at, who) VALUES ($1, $2, $3, $4, $5) RETURNING number";
const LAST: &str = "SELECT number, as_of, content FROM exported WHERE body = $1 ORDER BY number DESC LIMIT 1";
const ONE: &str = "SELECT number, as_of, content FROM exported WHERE number = $1 AND body = $2";

/// What a document was written from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// What it is known again by.
    pub stamp: Stamp,
    /// Of which day it tells.
    pub as_of: Date,
    /// Its rows in their order, each with its id.
    pub rows: Vec<TableRow>,
}

impl Store {
    /// Keeps the rows that a document of a body's plan is written from. What was kept last under the same day and
    /// with the same rows isn't kept a second time, so that the same export gives the same bytes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_export(
        &self,
        body: &BodyId,
        as_of: Date,
        rows: &[TableRow],
        who: &str,
        now: Timestamp,
    ) -> Result<Stamp> {
        let mut tx = self.db().write().await?;
        let content = to_json(&rows)?;
        let stamp = |number| Stamp { body: body.clone(), number };
        if let Some(last) = tx.row(LAST, args![body.as_str()]).await?
            && last.text("content")? == content
            && day("exported", &last, "as_of")? == as_of
        {
            return Ok(stamp(last.int("number")?));
        }
        let row = tx.row(NEW, args![body.as_str(), as_of.to_string(), &content, now, who]).await?;
        let number = row.map_or(Ok(0), |row| row.int("number"))?;
        tx.commit().await?;
        Ok(stamp(number))
    }

    /// What a document was written from; none if this register hasn't written it.
    ///
    /// # Errors
    /// When the database fails or the row can't be read.
    pub async fn exported(&self, stamp: &Stamp) -> Result<Option<Exported>> {
        let mut tx = self.db().read().await?;
        let Some(row) = tx.row(ONE, args![stamp.number, stamp.body.as_str()]).await? else { return Ok(None) };
        Ok(Some(Exported {
            stamp: stamp.clone(),
            as_of: day("exported", &row, "as_of")?,
            rows: from_json("exported", &stamp.to_string(), &row.text("content")?)?,
        }))
    }
}
