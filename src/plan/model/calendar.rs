//! What calendars show of an occasion beside its date.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{StepId, WorkflowId};

/// What only calendars show of an occasion. It is kept with the occasion, so that a change of it is a change of the
/// occasion: its sequence rises and its subscribers see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ForCalendars {
    /// Where its papers are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub papers: Option<String>,
    /// Which of the parallel groups of a schedule it is for: "2".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// What a period's last day is called as an event of its own; none and it is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_day: Option<String>,
    /// The last days that workflows set for their own bodies' answers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub own_days: Vec<OwnDay>,
}

impl ForCalendars {
    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The last day to answer a question about an occasion, for the bodies that the question's workflow runs for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnDay {
    /// The workflow that asks.
    pub workflow: WorkflowId,
    /// The question.
    pub step: StepId,
    /// What the day is called: "Intern svarsdag".
    pub title: String,
    /// The day.
    pub day: Date,
}
