//! Meetings: a list entered whole, and what an answer says of one.

use jiff::Timestamp;

use super::db::{Tx, args};
use super::facts::{DATE_OF, Writer, commit_if, put_date, revision, write_facts};
use super::occasions::ONE;
use super::opened::put_occasion;
use super::rows::{body_text, from_json};
use super::{NewOccasion, Result, SetMeeting, Store, StoreError};
use crate::ids::OccasionRef;
use crate::plan::model::{EnteredDate, Occasion};
use crate::workflow::model::Span;

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

/// Enters hours and place of a meeting that is known, on the days that it has. What was entered before stays where
/// nothing else is said. Says whether it changed anything.
pub(super) async fn set(tx: &mut Tx, meeting: &SetMeeting<'_>, writer: Writer<'_>) -> Result<bool> {
    let SetMeeting { at, hours, place } = *meeting;
    let id = at.id.to_string();
    let key = || args![at.workflow.as_str(), body_text(at.body.as_ref()), id.as_str()];
    let known = match tx.row(ONE, key()).await? {
        Some(row) => from_json::<Occasion>("occasion", &id, &row.text("content")?)?,
        None => return Err(StoreError::Refused(format!("there is no occasion {id}"))),
    };
    let entered = match tx.row(DATE_OF, key()).await? {
        Some(row) => Some(from_json::<EnteredDate>("entered_date", &id, &row.text("content")?)?),
        None => None,
    };
    let span = entered.as_ref().and_then(|date| date.span).unwrap_or(known.span);
    let span = hours.map_or(span, |(start, end)| Span::Timed {
        start: span.first().to_datetime(start),
        end: span.last().to_datetime(end),
    });
    let before = entered.as_ref().and_then(|date| date.place.clone()).or(known.place);
    let date = EnteredDate {
        span: Some(span),
        place: place.map(str::to_owned).or(before),
        status: entered.as_ref().map_or(known.status, |date| date.status),
        why: entered.and_then(|date| date.why),
    };
    put_date(tx, at, &date, writer).await
}
