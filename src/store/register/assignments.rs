//! What bodies give each other to do: a state is never left backwards, and none is jumped over but the confirmation.

use jiff::Timestamp;

use super::{Advance, NewAssignment, assignment_of};
use crate::ids::OccasionRef;
use crate::items::register::{Assignment, AssignmentState};
use crate::items::{Owner, Owners};
use crate::store::db::{Tx, args};
use crate::store::facts::{Writer, commit_if, write_facts};
use crate::store::items::{item_by_unit, save};
use crate::store::opened::put_occasion;
use crate::store::rows::to_json;
use crate::store::{NewOccasion, Result, Store, StoreError};

const NEW: &str = "INSERT INTO assignment (giver, taker, title, units, state) VALUES ($1, $2, $3, $4, $5) \
     RETURNING number";
const ONE: &str = "SELECT number, giver, taker, title, units, state, given FROM assignment WHERE number = $1";
const GIVEN_BY: &str = "SELECT number, giver, taker, title, units, state, given FROM assignment WHERE giver = $1 ORDER BY number";
const SAVE: &str = "UPDATE assignment SET state = $2, given = $3 WHERE number = $1";

impl Advance<'_> {
    /// The state that it leads to.
    #[must_use]
    pub fn state(self) -> AssignmentState {
        match self {
            Self::Approve => AssignmentState::Approved,
            Self::Give(_) => AssignmentState::Given,
            Self::Confirm(_) => AssignmentState::Confirmed,
            Self::Report(_) => AssignmentState::Reported,
            Self::Note => AssignmentState::Noted,
        }
    }

    fn may_follow(self, state: AssignmentState) -> bool {
        matches!(
            (state, self),
            (AssignmentState::Drafted, Self::Approve)
                | (AssignmentState::Approved, Self::Give(_))
                | (AssignmentState::Given, Self::Confirm(_) | Self::Report(_))
                | (AssignmentState::Confirmed, Self::Report(_))
                | (AssignmentState::Reported, Self::Note)
        )
    }

    fn occasion(self) -> Option<OccasionRef> {
        if let Self::Give(at) = self { Some(at.clone()) } else { None }
    }

    fn owner(self) -> Option<Owner> {
        if let Self::Confirm(owner) | Self::Report(owner) = self { Some(owner.clone()) } else { None }
    }
}

impl Store {
    /// Drafts an assignment and gives its number.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if it has no title or unit, goes to its giver, or names a unit of another body's plan.
    pub async fn draft_assignment(&self, new: &NewAssignment, who: &str, now: Timestamp) -> Result<i64> {
        let mut tx = write_facts(self).await?;
        let number = draft(&mut tx, new, Writer { who, now }).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// Lets an assignment go on. Says whether it did; it doesn't if it has that state already.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if there is no such assignment, or it can't go there from where it is.
    pub async fn advance_assignment(
        &self,
        number: i64,
        how: Advance<'_>,
        who: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let mut tx = write_facts(self).await?;
        let changed = advance(&mut tx, number, how, Writer { who, now }).await?;
        commit_if(tx, changed).await?;
        Ok(changed)
    }

    /// Gives an assignment that is approved: opens the occasion that it is worked on under. Both or neither.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if there is no such assignment, or it isn't approved or has been given already.
    pub async fn give_assignment(
        &self,
        number: i64,
        new: &NewOccasion<'_>,
        who: &str,
        now: Timestamp,
    ) -> Result<OccasionRef> {
        let (mut tx, writer) = (write_facts(self).await?, Writer { who, now });
        let at = put_occasion(&mut tx, new, writer).await?;
        if !advance(&mut tx, number, Advance::Give(&at), writer).await? {
            return Err(StoreError::Refused(format!("assignment {number} has been given already")));
        }
        tx.commit().await?;
        Ok(at)
    }
}

/// Drafts an assignment within a transaction that writes facts.
pub(super) async fn draft(tx: &mut Tx, new: &NewAssignment, writer: Writer<'_>) -> Result<i64> {
    let refused = |what: String| Err(StoreError::Refused(what));
    if new.title.trim().is_empty() || new.units.is_empty() {
        return refused("an assignment needs a title and at least one unit of the plan".to_owned());
    }
    if new.from == new.to {
        return refused(format!("`{}` can't give itself an assignment", new.from));
    }
    for unit in &new.units {
        let item = item_by_unit(tx, unit).await?;
        if item.is_none_or(|item| item.body != new.from) {
            return refused(format!("there is no `{unit}` in the plan of {}", new.from));
        }
    }
    let state = AssignmentState::Drafted.code();
    let args = args![new.from.as_str(), new.to.as_str(), new.title.trim(), to_json(&new.units)?, state];
    let number = tx.row(NEW, args).await?.map(|row| row.int("number")).transpose()?.unwrap_or_default();
    writer.note(tx, format!("assignment {number}"), None, to_json(new)?).await?;
    Ok(number)
}

/// Lets an assignment go on within a transaction that writes facts.
pub(in crate::store) async fn advance(
    tx: &mut Tx,
    number: i64,
    how: Advance<'_>,
    writer: Writer<'_>,
) -> Result<bool> {
    let row = tx.row(ONE, args![number]).await?;
    let row = row.ok_or_else(|| StoreError::Refused(format!("there is no assignment {number}")))?;
    let before = assignment_of(&row)?;
    if before.state == how.state() {
        return Ok(false);
    }
    if !how.may_follow(before.state) {
        let (is, wanted) = (before.state.code(), how.state().code());
        return Err(StoreError::Refused(format!(
            "assignment {number} is `{is}` and can't become `{wanted}`; \
             it is drafted, approved, given, confirmed, reported and noted, in that order"
        )));
    }
    let at = how.occasion().or_else(|| before.at.clone());
    let after = Assignment { state: how.state(), at, ..before.clone() };
    let given = after.at.as_ref().map(to_json).transpose()?;
    tx.run(SAVE, args![number, after.state.code(), given]).await?;
    writer.note(tx, format!("assignment {number}"), Some(to_json(&before)?), to_json(&after)?).await?;
    if let Some(owner) = how.owner().filter(|_| !before.state.is_taken()) {
        for unit in &before.units {
            if let Some(item) = item_by_unit(tx, unit).await? {
                let taken = crate::items::Item { owners: Owners::one(owner.clone()), ..item.clone() };
                save(tx, Some(&item), &taken, writer).await?;
            }
        }
    }
    Ok(true)
}

/// What a body has given or means to give.
pub(super) async fn given_by(tx: &mut Tx, body: &str) -> Result<Vec<Assignment>> {
    tx.rows(GIVEN_BY, args![body]).await?.iter().map(assignment_of).collect()
}
