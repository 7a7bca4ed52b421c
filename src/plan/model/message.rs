//! A message: to whom, when, about what, and what it says.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Matter;
use crate::ids::PersonId;
use crate::items::{Health, Phase};
use crate::workflow::model::{Answer, Mark};

/// What kind of message it is. In order of urgency, most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// An external deadline is near and the work isn't done.
    Alarm,
    /// Something has been moved or cancelled.
    Change,
    /// Somebody else has been silent.
    Escalation,
    /// An answer is still missing.
    Reminder,
    /// Something is asked.
    Ask,
    /// An item wants attention.
    Nudge,
    /// Something is told.
    Tell,
    /// A week in one mail.
    Summary,
}

impl MessageKind {
    /// All kinds.
    pub const ALL: &'static [Self] = &[
        Self::Alarm,
        Self::Change,
        Self::Escalation,
        Self::Reminder,
        Self::Ask,
        Self::Nudge,
        Self::Tell,
        Self::Summary,
    ];

    /// The word in JSON and rows.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Alarm => "alarm",
            Self::Change => "change",
            Self::Escalation => "escalation",
            Self::Reminder => "reminder",
            Self::Ask => "ask",
            Self::Nudge => "nudge",
            Self::Tell => "tell",
            Self::Summary => "summary",
        }
    }
}

/// One message to one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its identity; see [`Key`].
    pub key: Key,
    /// When it leaves.
    pub at: Timestamp,
    /// After this moment it would be pointless and is skipped instead.
    pub expires: Option<Timestamp>,
    /// Leaves at the next full quarter by day instead of waiting for a window, and in a mail of its own.
    pub urgent: bool,
    /// What kind.
    pub kind: MessageKind,
    /// What it is about.
    pub matter: Matter,
    /// In which role the recipient gets it: `rpo-medicinsk-diagnostik/processtod`.
    pub role: String,
    /// Who gets it; none where the role is vacant, and then it isn't sent.
    pub to: Option<PersonId>,
    /// What it says.
    pub notice: Notice,
    /// The answer that the plan assumes for it to happen, when it assumes one.
    pub assumes: Option<String>,
}

/// A message's identity: workflow, body, occasion, step, rung, recipient and the date it is about, joined by
/// colons, with `-` for what it lacks. Unique in the database: planning twice never makes a second message.
/// The recipient is a person's id, never an address; a vacant role is `vakant.BODY.ROLE`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(pub String);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a message says, as content: mails and pages give it form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What stands first in the subject, in brackets: "RPO MD".
    pub from_body: String,
    /// The subject line after the brackets: "Remiss: svar behövs senast fre 24 okt (v. 43)".
    pub subject: String,
    /// The sentence that heads it.
    pub headline: String,
    /// More to read: paragraphs.
    pub text: Vec<String>,
    /// Facts as label and value: "Sista svarsdag" - "fredag 24 oktober (v. 43)".
    pub rows: Vec<(String, String)>,
    /// The day an answer is due; what a digest sorts by.
    pub due: Option<Date>,
    /// The answers that a recipient can give; empty for a notice.
    pub answers: Vec<Answer>,
    /// Names of those who have not answered, as roles ("RAG Patologi, ordförande"): for escalations.
    pub silent: Vec<String>,
    /// Why the recipient gets it: "Du får frågan som processtöd i RPO Medicinsk diagnostik."
    pub why: String,
    /// What can be ticked beside an answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    /// The headings that a text is written under.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<String>,
    /// The units of the plan that it is about: one for a question about an item, several for a list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemLine>,
    /// What heads several of its kind in one mail, with `{count}` for how many: "{count} punkter är inte påbörjade".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub together: Option<String>,
}

/// A unit of the plan as a message shows it, on the day that the message leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemLine {
    /// Which.
    pub unit: String,
    /// "Ökad användning av AI (Lab)".
    pub title: String,
    /// How far it has come.
    pub phase: Phase,
    /// How it goes, as last reported.
    pub health: Health,
    /// The day of the last report; none if there never was one.
    pub reported: Option<Date>,
    /// When something is to happen next.
    pub next: Option<Date>,
    /// The promise that counts: the earliest that has passed unmet, else the next; with the plan's words.
    pub deadline: Option<(Date, String)>,
    /// What it waits for, and until when if that is known.
    pub waits: Vec<(String, Option<Date>)>,
}
