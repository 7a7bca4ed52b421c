//! A list of meetings, entered whole.

use jiff::Timestamp;

use super::facts::{Writer, commit_if, put_date, revision, write_facts};
use super::opened::put_occasion;
use super::{NewOccasion, Result, Store};
use crate::ids::OccasionRef;
use crate::plan::model::EnteredDate;

impl Store {
    /// Enters dates of known occasions and new occasions, all of them or none: what each meeting of a list is was
    /// worked out from the facts of `seen`, their revision. Gives the new occasions, in their order, and none if
    /// a fact has been recorded since: then nothing is entered, and the list is to be worked out anew.
    ///
    /// # Errors
    /// When the database fails, or a year has more occasions than numbers are.
    pub async fn enter_meetings(
        &self,
        seen: i64,
        dates: &[(OccasionRef, EnteredDate)],
        opened: &[NewOccasion<'_>],
        who: &str,
        now: Timestamp,
    ) -> Result<Option<Vec<OccasionRef>>> {
        let mut tx = write_facts(self).await?;
        // Taking one's place among the writers has counted the revision up by one.
        if revision(&mut tx).await? != seen + 1 {
            return Ok(None);
        }
        let writer = Writer { who, now };
        let mut changed = !opened.is_empty();
        for (at, date) in dates {
            changed |= put_date(&mut tx, at, date, writer).await?;
        }
        let mut new = Vec::with_capacity(opened.len());
        for occasion in opened {
            new.push(put_occasion(&mut tx, occasion, writer).await?);
        }
        commit_if(tx, changed).await?;
        Ok(Some(new))
    }
}
