//! What surrounds a request: occasions entered by hand, listed matters, and what recipients arrange.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Matter;
use crate::ids::{AnswerId, BodyId, OccasionRef, PersonId, WorkflowId};
use crate::workflow::model::{Span, Status};

/// An occasion that was entered by hand. A later date, place or cancellation of it is an [`super::EnteredDate`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// What it is called; replaces the entry's title.
    pub title: String,
    /// When it is.
    pub span: Span,
    /// Where.
    #[serde(default)]
    pub place: Option<String>,
    /// A remark, to people.
    #[serde(default)]
    pub note: Option<String>,
    /// Where its papers are.
    #[serde(default)]
    pub link: Option<String>,
    /// The bodies it is given to: `receiver/ordförande` in the workflow.
    #[serde(default)]
    pub receivers: Vec<BodyId>,
    /// The answers to choose from, for a step whose answers come from the occasion.
    #[serde(default)]
    pub answers: Vec<(AnswerId, String)>,
    /// The number in the authority's diary.
    #[serde(default)]
    pub diary: Option<String>,
    /// Which of the parallel groups of a schedule it is for: "2".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// A meeting as another's calendar has it. Of what others have written there only the place is kept: neither title nor
/// description, which may name anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sourced {
    /// When it is.
    pub span: Span,
    /// How sure it is; cancelled if it has disappeared.
    pub status: Status,
    /// Where; none for an event that its calendar marks as private.
    pub place: Option<String>,
    /// It has disappeared from its calendar, without having been cancelled there.
    pub gone: bool,
}

/// A matter listed under an occasion for one workflow and body: one remiss of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The workflow whose steps are said once for each.
    pub workflow: WorkflowId,
    /// The body that listed it.
    pub body: Option<BodyId>,
    /// Under which occasion.
    pub of: OccasionRef,
    /// Its number there, from 1. Never given again.
    pub number: u16,
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub link: Option<String>,
    /// The number in the authority's diary.
    pub diary: Option<String>,
    /// It is no longer there: nothing more is said about it.
    pub withdrawn: bool,
}

/// What a recipient has arranged about a request without answering it.
///
/// ```text
///             Time(day): asked again until that day
///   asked ──▶ PassedTo(person): that person is asked instead ──▶ answered by them
///     │       HelpFrom(person): that person is asked too
///     └─────▶ answered (a settling answer; ends all of these)
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrangement {
    /// About what.
    pub matter: Matter,
    /// Whose request it is.
    pub person: PersonId,
    /// What.
    pub what: Arranged,
    /// When it was arranged.
    pub at: Timestamp,
}

/// See [`Arrangement`]. One of each kind for a request; the newest holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arranged {
    /// A later last day for this recipient only.
    Time(Date),
    /// Asked by mistake: that person is asked instead.
    PassedTo(PersonId),
    /// That person is asked too, and this one stays responsible.
    HelpFrom(PersonId),
}

impl Arranged {
    /// The kind's word in rows.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Time(_) => "time",
            Self::PassedTo(_) => "passed",
            Self::HelpFrom(_) => "help",
        }
    }
}
