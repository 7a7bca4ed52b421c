//! A workflow as the rest of the program sees it: checked, complete, without spans or text forms.
//!
//! Only [`crate::workflow::load`] makes these, and it makes them only from files without a fault.

mod ask;
mod watch;

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime, Weekday};
use serde::{Deserialize, Serialize};

use crate::calendar::{Offset, YearlyRule};
use crate::ids::{AnswerId, BodyId, EntryId, FeedName, KindId, MarkId, RoleId, StepId, WorkflowId};

pub use ask::{Answer, Ask, Does, Mark, RevisionStep, SettledBy, Takes, TellOn};
pub use watch::{HandOver, ItemFilter, NextDate, Schedule, Stale, Watch};

/// All workflows in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workflows(pub BTreeMap<WorkflowId, Workflow>);

/// One workflow file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workflow {
    /// Its path below the workflows folder, without the ending.
    pub id: WorkflowId,
    /// Its title to people.
    pub title: String,
    /// The public theme feed that its occasions are published in.
    pub feed: Option<FeedName>,
    /// The word that its occasions are coloured and filtered by in calendars; without it, the kind of their body.
    pub category: Option<String>,
    /// Which bodies it runs for (`for`).
    pub scope: Scope,
    /// Occasions of other workflows that its steps are about (`occasion`).
    pub follows: Vec<Follow>,
    /// Its own meetings, periods and deadlines.
    pub entries: Vec<Entry>,
    /// What is told and asked, in the file's order.
    pub steps: Vec<Step>,
    /// Rules over items.
    pub watches: Vec<Watch>,
    /// Steps of other workflows that don't run for this workflow's bodies (`switch-off`).
    pub switched_off: Vec<(WorkflowId, StepId)>,
    /// Which meetings decide on what it works out (`decided-by`).
    pub decided_by: Option<DecidedBy>,
    /// A week in one mail (`summary`).
    pub summaries: Vec<Summary>,
}

/// Who decides on what a workflow works out, and by when it must be with them.
///
/// A meeting decides in time if what it needs is ready no later than its papers go out, and it is held no later
/// than `latest`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecidedBy {
    /// The workflow whose meetings decide.
    pub meetings: WorkflowId,
    /// When the draft is ready.
    pub ready: Moment,
    /// How long before its first day a meeting's papers go out.
    pub papers: Interval,
    /// The last day on which a meeting is of use.
    pub latest: Moment,
    /// Who anchors it when no meeting is in time, to people: "RSL:s arbetsutskott via mejl".
    pub otherwise: String,
}

/// What a week came to and what the next holds, in one mail. Empty weeks are not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Unique among the steps and watches of its workflow.
    pub id: StepId,
    /// To whom.
    pub to: Vec<Recipient>,
    /// The sentence that heads it. May hold the fields `body` and `week`.
    pub headline: String,
    /// On which weekday; if that is no workday, on the next one.
    pub on: Weekday,
}

impl Summary {
    /// The fields that its headline may hold in braces.
    pub const FIELDS: &'static [&'static str] = &["body", "week"];
}

/// Which bodies something runs for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Once, for no body in particular: national or joint.
    Once,
    /// Once for each body of a kind.
    Kind(KindId),
    /// Once for each of these.
    Bodies(Vec<BodyId>),
}

/// Occasions of another workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Follow {
    /// Whose.
    pub workflow: WorkflowId,
    /// One entry, or none for all of them.
    pub entry: Option<EntryId>,
}

/// What kind of occasion an entry gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// People meet, on one or several days.
    Meeting,
    /// Something is open from a day to a day.
    Period,
    /// Something is due.
    Deadline,
}

/// A meeting, period or deadline: an occasion in each year that it has a date for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Unique in its workflow.
    pub id: EntryId,
    /// Meeting, period or deadline.
    pub kind: EntryKind,
    /// To people: "RSL", "Nationell remissperiod april–juni".
    pub title: String,
    /// Where, unless a date says otherwise.
    pub place: Option<String>,
    /// A remark that follows it into feeds and pages.
    pub note: Option<String>,
    /// What a period's last day is called in calendars, where it is an event of its own (`last-day`).
    pub last_day: Option<String>,
    /// Runs for other bodies than its workflow (a joint meeting in a file of councils).
    pub scope: Option<Scope>,
    /// The steps of that workflow apply to it too (`prepared-as`).
    pub prepared_as: Option<WorkflowId>,
    /// A step whose answer states the next last day: that day makes the next occasion (`renewed-by`).
    pub renewed_by: Option<StepId>,
    /// When it is.
    pub when: When,
}

/// How an entry gets its dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// Dates from a list, at most one a year, and quarters in which one is expected but not yet set.
    Listed {
        /// Sorted by year.
        dates: Vec<Dated>,
        /// Year and quarter (1-4), sorted; may overlap with `dates`: the date then wins.
        expected: Vec<(i16, i8)>,
    },
    /// A period by rule, every year. Where `closes` would be before `opens` it closes the next year.
    Window {
        /// Its first day.
        opens: YearlyRule,
        /// Its last day.
        closes: YearlyRule,
        /// Published dates that beat the rule, by the year of opening.
        overrides: BTreeMap<i16, Override>,
    },
    /// A deadline by rule, every year.
    Yearly {
        /// The day.
        rule: YearlyRule,
        /// Published dates that beat the rule; `closes` holds the day.
        overrides: BTreeMap<i16, Override>,
    },
    /// Each occasion is entered in the program (`by-hand`): a nomination, an assignment, a question to a group.
    ByHand,
    /// Its occasions stand in somebody else's calendar (`from-calendar`).
    FromCalendar(FromCalendar),
}

/// Which events of which calendar are an entry's meetings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FromCalendar {
    /// A name that the configuration gives an address, or an address that is no secret.
    pub source: String,
    /// Only events whose title holds one of these, whatever the case; empty for all.
    pub titles: Vec<String>,
    /// Only events of one of these categories, whatever the case; empty for all.
    pub categories: Vec<String>,
}

/// A published date that beats the rule in one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// Opens on this day instead.
    pub opens: Option<Date>,
    /// Closes, or is due, on this day instead.
    pub closes: Option<Date>,
    /// Does not take place this year.
    pub cancelled: bool,
    /// Why, to people: "förlängd".
    pub why: String,
}

/// One date of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// When.
    pub span: Span,
    /// Where.
    pub place: Option<String>,
    /// A remark for this date.
    pub note: Option<String>,
    /// Tentative, confirmed or cancelled.
    pub status: Status,
}

/// Days or hours, in local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Whole days, both included.
    AllDay {
        /// The first day.
        first: Date,
        /// The last day; the same for one day.
        last: Date,
    },
    /// Hours.
    Timed {
        /// When it starts.
        start: DateTime,
        /// When it ends; later than `start`.
        end: DateTime,
    },
}

impl Span {
    /// The first day.
    #[must_use]
    pub fn first(self) -> Date {
        match self {
            Self::AllDay { first, .. } => first,
            Self::Timed { start, .. } => start.date(),
        }
    }

    /// The last day.
    #[must_use]
    pub fn last(self) -> Date {
        match self {
            Self::AllDay { last, .. } => last,
            Self::Timed { end, .. } => end.date(),
        }
    }
}

/// How sure an occasion is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Proposed.
    Tentative,
    /// It stands.
    #[default]
    Confirmed,
    /// It does not take place.
    Cancelled,
}

/// Something that is told or asked, for each occasion it applies to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Unique among the steps and watches of its workflow.
    pub id: StepId,
    /// Only for these entries; empty for all.
    pub on: Vec<EntryId>,
    /// For occasions that have no date yet (`while = "undated"`); other steps are for those that have.
    pub undated: bool,
    /// Only for meetings that lack one of these; empty for all occasions (`lacks`).
    pub lacks: Vec<Lacks>,
    /// What its last day to answer is called in the calendars of the bodies that the workflow runs for
    /// (`in-calendars`).
    pub in_calendars: Option<String>,
    /// Once for the occasion, or once for each of something (`per`).
    pub per: Per,
    /// Which units of the body's plan it is about (`items`). With `per = "item"` it is said once for each of them;
    /// else they are rows of the one message, which isn't sent when there are none.
    pub items: Option<ItemFilter>,
    /// A step whose answers it counts (`counts`): the fields `answered`, `asked` and `missing`.
    pub counts: Option<StepId>,
    /// Only after another step's answer.
    pub gate: Option<Gate>,
    /// To whom, in the file's order.
    pub to: Vec<Recipient>,
    /// When it is first said.
    pub when: Moment,
    /// The sentence that is the mail's heading. May hold fields, see [`Step::FIELDS`].
    pub headline: String,
    /// What heads several of them in one mail (`together`), where it is said once for each item. The same fields, and
    /// `count`; but `item` isn't one.
    pub together: Option<String>,
    /// More to read.
    pub text: Option<String>,
    /// What an ask has beyond a notice.
    pub ask: Option<Ask>,
}

impl Step {
    /// The fields that headlines and texts may hold in braces: the occasion's title; its first day (or the day
    /// a period opens); its last day; the day an answer is due; the body's name; the occasion's year; the listed
    /// matter or the item that it is about, where it is said once for each; the body that an occasion entered by
    /// hand names as receiver; which meeting decides; and, where it counts another step's answers, how many there
    /// are, of how many, and which are missing.
    pub const FIELDS: &'static [&'static str] = &[
        "title", "start", "end", "opens", "closes", "due", "body", "year", "listed", "item", "receiver",
        "decision", "answered", "asked", "missing",
    ];
}

/// What a meeting may lack though its day is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lacks {
    /// The hours: it is a whole day.
    Time,
    /// The place.
    Place,
}

/// How often a step is said for one occasion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Per {
    /// Once.
    #[default]
    Occasion,
    /// Once for each matter that has been listed under the occasion (each remiss of a round); for the occasion as
    /// a whole while none is.
    Listed,
    /// Once for each unit of the body's plan.
    Item,
}

/// A step waits for an answer of another step in the same workflow, body and occasion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// Which step.
    pub step: StepId,
    /// Which of its answers open the gate; any of them where this is empty.
    pub answers: Vec<AnswerId>,
    /// Only an answer with this mark opens it.
    pub mark: Option<MarkId>,
    /// Whose answer counts.
    pub of: GateOf,
}

/// Whose answer opens a gate, and for whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GateOf {
    /// Anybody's, for everybody.
    #[default]
    Anybody,
    /// That of the recipient or of somebody in the recipient's body, for that recipient: who has a gap is asked
    /// for a plan. Where each answers for themselves, only their own counts for those who were asked.
    Same,
    /// That of a body above the recipient's: a level is asked when the one above it has answered.
    Above,
}

/// A message up the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    /// When.
    pub when: Moment,
    /// To whom.
    pub to: Vec<Recipient>,
    /// Only about those who were silent in so many rounds in a row, this one included (`silent-rounds`, from 2).
    pub silent_rounds: Option<u8>,
}

/// A day relative to something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// How far from the anchor; none for the anchor's own day.
    pub offset: Option<Offset>,
    /// From what.
    pub anchor: Anchor,
}

/// What a moment is counted from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The first day of the occasion; `opens` of a period is the same.
    Start,
    /// The last day of the occasion; `closes` of a period and the day of a deadline are the same.
    End,
    /// The first day of the quarter in which an undated occasion is expected.
    Expected,
    /// The day this step's answer is due.
    Due,
    /// The day another step's answer is due.
    DueOf(StepId),
    /// The moment another step is answered.
    Answered(StepId),
    /// The workday when so many percent of the occasion's workdays have passed, at least five after its first day
    /// and at most its last: what a group takes for itself of a remiss that comes on any day.
    Share(u8),
}

/// A length of time between nudges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// How many; at least 1.
    pub count: u16,
    /// Of what.
    pub unit: crate::calendar::Unit,
}

/// To whom something goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// The holders of a role.
    Role {
        /// In which bodies.
        of: RoleOf,
        /// Which role.
        role: RoleId,
    },
    /// The owner of the item (watches, and steps that are said per item).
    Owner,
    /// The deputies of those who are silent (escalations only).
    Deputy,
}

/// In which bodies a role is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleOf {
    /// In the body the message is about: `processtöd`.
    Own,
    /// In a body named by id: `rsl/sekreterare`.
    Body(BodyId),
    /// In every body of a kind above or below: `rag/ordförande`.
    Kind(KindId),
    /// In the bodies that an occasion entered by hand names as receivers: `receiver/ordförande`.
    Receiver,
}
