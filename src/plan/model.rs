//! What the plan is made of: occasions and messages, and the facts they depend on.
//!
//! All of it is plain data. A [`Plan`] can be printed, compared and stored before anything is sent.

mod around;
mod calendar;
mod message;
mod starts;
mod subscribed;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::QuietPeriods;
use crate::ids::{AnswerId, BodyId, FeedName, ItemId, MarkId, OccasionRef, PersonId, StepId, WorkflowId};
use crate::items::Item;
use crate::items::register::{Assignment, Followed};
use crate::organisation::Organisation;
use crate::people::People;
use crate::workflow::Workflows;
use crate::workflow::model::{EntryKind, Span, Status};

pub use around::{Arranged, Arrangement, Listed, Opened, Sourced};
pub use calendar::{ForCalendars, OwnDay};
pub use message::{ItemLine, Key, Message, MessageKind, Notice};
pub use starts::{Startable, Starts};
pub use subscribed::{Fetched, Shows, Subscribed};

/// Everything a plan is made from.
#[derive(Clone, Copy, Debug)]
pub struct World<'a> {
    /// Bodies and roles.
    pub organisation: &'a Organisation,
    /// The workflows in force.
    pub workflows: &'a Workflows,
    /// When nothing is sent.
    pub quiet: &'a QuietPeriods,
    /// What is known.
    pub facts: &'a Facts,
}

/// What people have told the program, as of some moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Who holds what.
    pub people: People,
    /// The plan's items, one for each part.
    pub items: Vec<Item>,
    /// What the follow-up of a row of the plan depends on.
    pub followed: BTreeMap<ItemId, Followed>,
    /// What bodies have given each other to do, by number.
    pub assignments: Vec<Assignment>,
    /// When each body's plan was last frozen for its revision.
    pub frozen: BTreeMap<BodyId, Timestamp>,
    /// Answers to asks, the newest for each recipient.
    pub answers: Vec<Given>,
    /// What has been started, and when.
    pub starts: Starts,
    /// Dates entered by hand: they beat the file.
    pub dates: BTreeMap<OccasionRef, EnteredDate>,
    /// What was moved or cancelled after somebody had been told of it, by occasion and then sequence.
    pub changes: Vec<OccasionChange>,
    /// The newest change of each occasion's day, hours, place or status, whoever had been told, for over a year.
    pub moves: Vec<OccasionChange>,
    /// People's own calendar feeds that work, and what has been fetched of them.
    pub subscriptions: Vec<Subscribed>,
    /// Occasions of entries that are filled by hand.
    pub opened: BTreeMap<OccasionRef, Opened>,
    /// Meetings of entries whose dates stand in another's calendar.
    pub sourced: BTreeMap<OccasionRef, Sourced>,
    /// Matters listed under an occasion, by number.
    pub listed: Vec<Listed>,
    /// What recipients have arranged about requests that they have not answered.
    pub arrangements: Vec<Arrangement>,
    /// When each occasion by hand, and each listed matter, was entered, and each coming meeting first seen in a calendar: what should have been said about it before
    /// that is said then. A listed matter belongs to the workflow and body that listed it.
    pub entered: BTreeMap<(WorkflowId, Option<BodyId>, Object), Timestamp>,
}

/// What is known of a row of which nothing is.
static NOTHING: Followed = Followed {
    log: Vec::new(),
    deadlines: Vec::new(),
    waits: Vec::new(),
    follow_up: false,
    measures: Vec::new(),
};

impl Facts {
    /// What the follow-up of an item depends on.
    #[must_use]
    pub fn followed(&self, item: &ItemId) -> &Followed {
        self.followed.get(item).unwrap_or(&NOTHING)
    }
}

/// An occasion was moved or cancelled, or got another place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OccasionChange {
    /// As it had been.
    pub before: Occasion,
    /// As it is.
    pub after: Occasion,
    /// The revision that the change made.
    pub sequence: i64,
    /// When it became known.
    pub at: Timestamp,
    /// Who had been told how it was before.
    pub told: Vec<Told>,
}

/// Somebody who had been told of an occasion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Who.
    pub person: PersonId,
    /// By which workflow.
    pub workflow: WorkflowId,
    /// For which body.
    pub body: Option<BodyId>,
    /// In which role.
    pub role: String,
    /// What stood in the subject's brackets.
    pub from_body: String,
}

/// A date entered by hand for one occasion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnteredDate {
    /// When; none leaves the file's date (to cancel only).
    pub span: Option<Span>,
    /// Where; none leaves the file's place.
    pub place: Option<String>,
    /// Tentative, confirmed or cancelled.
    pub status: Status,
    /// Why, to people.
    pub why: Option<String>,
}

/// What an ask or a nudge is about: one step for one body and one occasion or item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Matter {
    /// The workflow that has the step.
    pub workflow: WorkflowId,
    /// The body it is done for.
    pub body: Option<BodyId>,
    /// What it is about.
    pub object: Object,
    /// The step or watch.
    pub step: StepId,
}

/// What a message is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Object {
    /// An occasion.
    Occasion(OccasionRef),
    /// A unit of the plan, see [`Item::unit`].
    Item(String),
    /// A part of an occasion: one of the matters listed under it, or one unit of the plan in a round.
    Part {
        /// Which occasion.
        of: OccasionRef,
        /// `lista-3` for the third listed matter, else the unit.
        part: String,
    },
    /// Something of a body or role that is no occasion: a week, a hand-over.
    Other(String),
}

impl Object {
    /// The occasion it is, or is a part of.
    #[must_use]
    pub fn occasion(&self) -> Option<&OccasionRef> {
        match self {
            Self::Occasion(at) | Self::Part { of: at, .. } => Some(at),
            Self::Item(_) | Self::Other(_) => None,
        }
    }

    /// The unit of the plan that it is about.
    #[must_use]
    pub fn unit(&self) -> Option<&str> {
        match self {
            Self::Item(unit) => Some(unit),
            Self::Part { part, .. } if self.listed_number().is_none() => Some(part),
            Self::Occasion(_) | Self::Part { .. } | Self::Other(_) => None,
        }
    }

    /// The part of a listed matter.
    #[must_use]
    pub fn listed(of: &OccasionRef, number: u16) -> Self {
        Self::Part { of: of.clone(), part: format!("lista-{number}") }
    }

    /// The number of the listed matter that it is.
    #[must_use]
    pub fn listed_number(&self) -> Option<u16> {
        match self {
            Self::Part { part, .. } => part.strip_prefix("lista-")?.parse().ok(),
            _ => None,
        }
    }
}

/// An answer that somebody gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// To what.
    pub matter: Matter,
    /// Who was asked.
    pub person: PersonId,
    /// What they answered; an answer that settles, see [`crate::workflow::model::Does`].
    pub answer: AnswerId,
    /// When.
    pub at: Timestamp,
    /// The day that came with it, where the answer takes one.
    pub date: Option<Date>,
    /// What was ticked.
    pub marks: Vec<MarkId>,
}

/// What will be: complete for its window, in order of time and then key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Every dated occasion that overlaps the window, ordered by start.
    pub occasions: Vec<Occasion>,
    /// Every message within the window, ordered by moment, then key.
    pub messages: Vec<Message>,
}

/// A meeting, period or deadline with its date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occasion {
    /// Its identity.
    pub at: OccasionRef,
    /// Meeting, period or deadline.
    pub kind: EntryKind,
    /// To people.
    pub title: String,
    /// When.
    pub span: Span,
    /// How sure.
    pub status: Status,
    /// Where.
    pub place: Option<String>,
    /// A remark that follows it.
    pub note: Option<String>,
    /// The theme feed it is published in.
    pub feed: Option<FeedName>,
    /// What calendars and pages that anybody can read say instead of title and note, where somebody has typed those:
    /// they may name a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<PublicWords>,
    /// What only calendars show of it.
    #[serde(default, skip_serializing_if = "ForCalendars::is_empty")]
    pub calendar: ForCalendars,
}

/// What an occasion by hand is called to everybody: the words of its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicWords {
    /// The entry's title: "Nominering".
    pub title: String,
    /// The entry's remark, or why the occasion was moved.
    pub note: Option<String>,
    /// The place is told by another's calendar, and is for those who meet there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hides_place: bool,
}

impl Occasion {
    /// As anybody may see it.
    #[must_use]
    pub fn for_everybody(&self) -> Self {
        let mut shown = self.clone();
        if let Some(PublicWords { title, note, hides_place }) = shown.public.take() {
            (shown.title, shown.note) = (title, note);
            shown.place = shown.place.filter(|_| !hides_place);
        }
        shown
    }
}

/// What reconcile must know of the outbox; filled by the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The message's key.
    pub key: Key,
    /// When it is planned for.
    pub at: Timestamp,
    /// A digest of its content.
    pub digest: String,
    /// How far it has come.
    pub state: KnownState,
}

/// How far a known message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownState {
    /// Planned; may still be moved or withdrawn.
    Planned,
    /// Withdrawn because the plan no longer had it; may be planned again.
    Withdrawn,
    /// In a mail, sent, skipped or failed: settled, planning leaves it alone.
    Settled,
}

/// What to do with one message so that the outbox agrees with the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Plan it.
    Add(Box<Message>),
    /// Plan it for another moment or with other content.
    Move(Box<Message>),
    /// The plan no longer has it.
    Withdraw(Key),
    /// As it was.
    Keep(Key),
}

/// Bodies of a set, for filters.
pub type BodySet = BTreeSet<BodyId>;
