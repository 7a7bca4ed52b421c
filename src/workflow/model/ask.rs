//! What an ask expects: answers, what can come with them, who must answer and who is told.

use serde::{Deserialize, Serialize};

use super::{Interval, Moment, Recipient, Rung};
use crate::ids::{AnswerId, MarkId};
use crate::items::register::{AssignmentState, LogKind};
use crate::items::{Health, Phase};

/// What makes a step an ask: it expects an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The possible answers, in the file's order; never empty.
    pub answers: Vec<Answer>,
    /// The last day to answer.
    pub due: Moment,
    /// Whether one answer settles it for all who were asked.
    pub settled_by: SettledBy,
    /// Reminders to those who are silent, in time order as written.
    pub remind: Vec<Moment>,
    /// Who hears of the silence, and when.
    pub escalate: Vec<Rung>,
    /// Alarms of an external deadline: never held back by a quiet period.
    pub alarm: Vec<Rung>,
    /// What can be ticked beside any answer.
    pub marks: Vec<Mark>,
    /// The headings that a text is written under; empty for one text without heading.
    pub sections: Vec<String>,
    /// Who is told at once of certain answers (`tell-on`).
    pub told: Vec<TellOn>,
    /// The answers are those that were entered with the occasion, if any were (`answers-from = "occasion"`).
    pub from_occasion: bool,
    /// A report in the item's log since the question was asked is an answer too (`entry-answers`), for a question
    /// that is asked per item.
    pub entry_answers: bool,
}

/// Something that can be ticked beside an answer: "Betydande meningsskiljaktighet".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// What is stored.
    pub id: MarkId,
    /// What stands beside the box.
    pub label: String,
}

/// Somebody is told, in the next window, that an answer of a certain kind has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TellOn {
    /// Any of these answers; empty for any answer at all.
    pub answers: Vec<AnswerId>,
    /// With this mark.
    pub mark: Option<MarkId>,
    /// To whom.
    pub to: Vec<Recipient>,
    /// The sentence that heads it. The fields of a step, and `who` and `answer`.
    pub headline: String,
}

impl TellOn {
    /// The fields it may hold beside those of a step: the role that answered, and the answer's label.
    pub const FIELDS: &'static [&'static str] = &["who", "answer"];
}

/// Who must answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettledBy {
    /// Each who was asked.
    Each,
    /// The first answer settles it for all.
    Anyone,
    /// The first answer of each body settles it for that body: one answer per region.
    Body,
    /// As the item's owners are asked: any of them, or each.
    Owners,
}

/// One possible answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What is stored.
    pub id: AnswerId,
    /// What the button says.
    pub label: String,
    /// For a watch: the phase that the answer gives the item.
    pub phase: Option<Phase>,
    /// For a watch: the health that the answer gives the item.
    pub health: Option<Health>,
    /// For a watch: no more nudges about the item for so long after the answer.
    pub rest: Option<Interval>,
    /// What can be handed in with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub takes: Vec<Takes>,
    /// What it does.
    #[serde(default, skip_serializing_if = "Does::settles")]
    pub does: Does,
    /// What of that must come with it (`needs`), beside a date, which always must.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Takes>,
    /// About an item: the line that it writes in the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<LogKind>,
    /// About an item: no more nudges until the day that comes with the answer (`rest = "date"`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rest_until_date: bool,
    /// About an item: it waits for its body's next meeting (`waits-for = "meeting"`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub waits_for_meeting: bool,
    /// About an assignment: how far it has come with this answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment: Option<AssignmentState>,
    /// What it does to the plan as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<RevisionStep>,
}

impl Answer {
    /// An answer that takes nothing and changes nothing but that it has been given.
    #[must_use]
    pub fn plain(id: AnswerId, label: &str) -> Self {
        Self {
            id,
            label: label.to_owned(),
            phase: None,
            health: None,
            rest: None,
            takes: Vec::new(),
            does: Does::Settle,
            needs: Vec::new(),
            log: None,
            rest_until_date: false,
            waits_for_meeting: false,
            assignment: None,
            plan: None,
        }
    }
}

/// What an answer does to a body's plan as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RevisionStep {
    /// Keeps a copy of the plan as it is and opens its revision.
    Freeze,
    /// The revised plan is approved.
    Approve,
    /// The revised plan is the plan: refused while an item of the frozen one would vanish without a closing entry.
    Publish,
}

/// What can be handed in with an answer. A date is required where it is taken, everything else where it is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Takes {
    /// Text, under the ask's sections.
    Text,
    /// A web address.
    Link,
    /// One file.
    File,
    /// A day, such as the last day of a decision.
    Date,
    /// Matters, one a line, which are listed under the occasion.
    List,
    /// About an item: its phase.
    Phase,
    /// About an item: its health.
    Health,
    /// About an item: one line for its log.
    Line,
    /// About an item: its next date.
    NextDate,
    /// About an item: who owns it.
    Owner,
    /// About an item: the values of its measures.
    Values,
    /// New items for the plan, each with promise, activity, follow-up, owner and next date.
    Items,
    /// About a meeting: when it begins and ends on its days.
    Hours,
    /// About a meeting: where it is.
    Place,
}

/// What an answer does to the request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Does {
    /// It is complete: nobody is reminded any more.
    #[default]
    Settle,
    /// The recipient gets a later last day of their own; the request stays open.
    MoreTime,
    /// The request goes to somebody else, who is asked instead.
    PassOn,
    /// Somebody else is asked too; the recipient stays responsible.
    Help,
}

impl Does {
    /// Whether it is a complete answer.
    #[must_use]
    pub fn settles(&self) -> bool {
        *self == Self::Settle
    }
}
