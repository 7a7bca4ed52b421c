//! Rules over the items of a plan: which they are about, and when they nudge.

use super::{Answer, Interval, Recipient};
use crate::calendar::{MonthDay, Offset};
use crate::ids::{StepId, WorkflowId};
use crate::items::{Health, Phase};

/// A rule over items that nudges until something is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// Unique among the steps and watches of its workflow.
    pub id: StepId,
    /// Which items it is about.
    pub about: ItemFilter,
    /// When it nudges.
    pub schedule: Schedule,
    /// A step that asks about the same items before a meeting (`gives-way`): a nudge that would come near its round
    /// isn't sent, since the round asks instead. It counts all the same.
    pub gives_way: Option<(WorkflowId, StepId)>,
    /// How many nudges, at least 1; none for no limit.
    pub limit: Option<u16>,
    /// To whom.
    pub to: Vec<Recipient>,
    /// The sentence that heads it. May hold the fields in [`Watch::FIELDS`].
    pub headline: String,
    /// What heads several of them in one mail (`together`). May hold the fields `count` and `body`.
    pub together: Option<String>,
    /// More to read.
    pub text: Option<String>,
    /// The possible answers; empty for a notice.
    pub answers: Vec<Answer>,
    /// Who takes over when the nudges have run out.
    pub hand_over: Option<HandOver>,
}

impl Watch {
    /// The fields that its headline and text may hold in braces: the unit, its body, since when it is as it is, the
    /// promise that counts, how many days ago that was broken (or, without one, something was last reported), and
    /// what was planned.
    pub const FIELDS: &'static [&'static str] = &["item", "body", "since", "deadline", "days", "planned"];

    /// The fields of what heads several.
    pub const TOGETHER: &'static [&'static str] = &["count", "body"];
}

/// When a watch nudges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// A series that begins when the state does.
    Series {
        /// How long after that the first nudge comes; none for at once (the next sending window).
        first: Option<Offset>,
        /// How long between nudges; none for only one.
        every: Option<Interval>,
    },
    /// On these days of every year, or the next workday (`on-days`).
    Yearly(Vec<MonthDay>),
    /// So long before each meeting of the item's body (`before-meeting`).
    Meetings(Interval),
    /// So long before the item's next deadline, once each (`before-deadline`).
    Deadline(Vec<Interval>),
}

/// Which units of a plan something is about: all conditions that are stated hold, or all those of one of the others.
///
/// Conditions that depend on the day are held against the day on which something would be said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemFilter {
    /// In any of these phases; empty for all but the finished, and all where `closing_entry` is stated.
    pub phases: Vec<Phase>,
    /// With this health.
    pub health: Option<Health>,
    /// With (true) or without (false) an owner.
    pub owned: Option<bool>,
    /// How its next date is.
    pub next: Option<NextDate>,
    /// Nothing has been reported for so long.
    pub stale: Option<Stale>,
    /// Something has (true) or nothing has ever (false) been reported.
    pub updated: Option<bool>,
    /// A promise has (true) or hasn't (false) been passed without being met.
    pub overdue: Option<bool>,
    /// It waits (true) or doesn't wait (false) for an assignment that its receiver hasn't confirmed.
    pub unassigned: Option<bool>,
    /// It waits (true) or doesn't wait (false) for the occasion that the step is about.
    pub bound: Option<bool>,
    /// It has (true) or lacks (false) a closing line in its log.
    pub closing_entry: Option<bool>,
    /// The day of something planned has passed, and nobody has said what became of it.
    pub planned_entry: Option<bool>,
    /// The plan says (true) or doesn't say (false) how it is followed up.
    pub follow_up: Option<bool>,
    /// Each of its measures has (true), or one of them lacks (false), a value for the last period; only what is
    /// measured at all.
    pub measured: Option<bool>,
    /// Something has (true) or hasn't (false) been reported of it or changed in it since the meeting before the one
    /// that the step is about; where there was none, ever.
    pub changed: Option<bool>,
    /// In the plans of the bodies below (`of = "below"`) instead of the body's own: what a council looks at.
    pub below: bool,
    /// Other conditions: what fits any of these is meant too. They have no others of their own.
    pub or: Vec<Self>,
}

impl ItemFilter {
    /// It and its alternatives.
    pub fn any(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.or)
    }
}

impl ItemFilter {
    /// Whether it is about what is red.
    #[must_use]
    pub fn is_red(&self) -> bool {
        self.health == Some(Health::Red)
    }
}

/// How a unit's next date is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextDate {
    /// It has none.
    Missing,
    /// It has passed.
    Passed,
    /// It is to come.
    Set,
}

/// After how long without a report a unit is stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stale {
    /// Usually.
    pub after: Interval,
    /// With a deadline within [`Stale::NEAR`] months (`stale-near-deadline`).
    pub near_deadline: Option<Interval>,
}

impl Stale {
    /// So many months before a deadline it is near.
    pub const NEAR: u16 = 6;
}

/// What happens after the last nudge: one message, an interval later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOver {
    /// To whom.
    pub to: Vec<Recipient>,
    /// What it says.
    pub headline: String,
}
