//! Private calendar feeds, as far as a plan depends on them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{BodyId, PersonId};

/// What a private feed shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shows {
    /// What concerns the bodies that its holder belongs to, and what they must do.
    Own {
        /// Bodies that they don't belong to and whose meetings they attend.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attends: Vec<BodyId>,
    },
    /// What one of the parallel groups of a body's schedules goes to.
    Group {
        /// The body.
        body: BodyId,
        /// Which group: "2".
        group: String,
    },
}

/// Somebody's own feed, with how much of what has changed their calendar program knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscribed {
    /// Which one.
    pub number: i64,
    /// Whose.
    pub person: PersonId,
    /// What they call it: "Outlook jobb".
    pub name: String,
    /// Bodies that they don't belong to and whose meetings they attend.
    pub attends: Vec<BodyId>,
    /// Whether they want a mail about a meeting that was moved and that it hasn't fetched.
    pub mails: bool,
    /// When it was last fetched; none and it never was, so nobody relies on it.
    pub fetched: Option<Fetched>,
}

/// A fetch of a private feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// When.
    pub at: Timestamp,
    /// Every change until then was in what was fetched.
    pub revision: Timestamp,
}
