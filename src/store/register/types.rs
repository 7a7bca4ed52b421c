//! What goes into the register and comes out of it, beside what a plan is made from.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{BodyId, ItemId, OccasionRef};
use crate::items::register::{Card, Deadline, LogEntry, Wait};
use crate::items::versions::{Named, Text, Versioned};
use crate::items::{Item, Owner};
use crate::store::types::{ImportReport, MeasuredValue, states};

/// A line of a log, with its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogRow {
    /// Its number in the register.
    pub number: i64,
    /// What it says.
    pub entry: LogEntry,
    /// When it was written.
    pub at: Timestamp,
    /// Who wrote it: a person's id, or what did (`import`, `cli`).
    pub who: String,
}

/// A row of a plan with everything that people read of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterRow {
    /// The row; it is kept through renaming and from year to year.
    pub id: ItemId,
    /// Its parts, in the order of their names; never none.
    pub units: Vec<Item>,
    /// What the plan says of it.
    pub card: Card,
    /// Its log, in the order of its days.
    pub log: Vec<LogRow>,
    /// What was promised by when, the earliest first.
    pub deadlines: Vec<Deadline>,
    /// What it waits for.
    pub waits: Vec<Wait>,
    /// How it is followed up.
    pub measures: Vec<MeasureRow>,
}

/// A measure with its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasureRow {
    /// Its number in the register.
    pub number: i64,
    /// What is measured.
    pub measure: NewMeasure,
    /// Its values, by period and then region.
    pub values: Vec<ValueRow>,
}

/// A value, and who gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueRow {
    /// The value.
    pub value: MeasuredValue,
    /// When it was given.
    pub at: Timestamp,
    /// Who gave it.
    pub who: String,
}

/// A measure that an item is followed up with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewMeasure {
    /// The row of the plan.
    pub item: ItemId,
    /// What is measured. No two of an item have the same name.
    pub name: String,
    /// In what: "procent", "dagar"; empty where it has no unit.
    pub unit: String,
    /// What it should come to, in the plan's words; empty where nobody has said.
    pub target: String,
    /// Where the values come from; empty where nobody has said.
    pub source: String,
}

/// An assignment to be drafted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewAssignment {
    /// Who gives it; the units stand in this body's plan.
    pub from: BodyId,
    /// Who gets it.
    pub to: BodyId,
    /// What it is about.
    pub title: String,
    /// The units that go with it; at least one.
    pub units: Vec<String>,
}

/// How an assignment goes on; see [`crate::items::register::Assignment`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advance<'a> {
    /// Its giver has decided on it.
    Approve,
    /// Its receiver has got it, with the occasion that was opened for it.
    Give(&'a OccasionRef),
    /// Its receiver has taken it on: its units are now this owner's, and nobody else's.
    Confirm(&'a Owner),
    /// Its receiver has reported. One who hadn't confirmed it has taken it on by that, as with [`Self::Confirm`].
    Report(&'a Owner),
    /// Its giver has noted the report.
    Note,
}

/// A row of a plan as a file gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRow {
    /// The row.
    pub id: ItemId,
    /// Its parts; at least one, all with that id.
    pub units: Vec<Item>,
    /// What the plan says of it. What is empty here stays as it is in the register.
    pub card: Card,
    /// Lines for its log; one that is there already isn't added again.
    pub log: Vec<LogEntry>,
    /// What is promised; what is there already isn't added again.
    pub deadlines: Vec<Deadline>,
    /// What it waits for; their numbers are given by the register.
    pub waits: Vec<Wait>,
}

/// A body's plan as a file gives it.
#[derive(Clone, Copy, Debug)]
pub struct NewPlan<'a> {
    /// Whose.
    pub body: &'a BodyId,
    /// Its rows.
    pub rows: &'a [NewRow],
    /// What is to be given to others.
    pub assignments: &'a [NewAssignment],
    /// As of which day it is true: the day of a renaming.
    pub as_of: Date,
    /// From which moment phase and health count as known, where they are new.
    pub recorded: Timestamp,
    /// The name of the plan's version, where it is kept as one: "2025".
    pub version: Option<&'a str>,
}

/// What a document says of a body's plan, when it has been found out which rows it is about.
#[derive(Clone, Copy, Debug)]
pub struct Taking<'a> {
    /// The rows that it gives as a plan does.
    pub plan: NewPlan<'a>,
    /// Rows of the register that were edited in it.
    pub edits: &'a [RowEdit],
    /// Units that it has beside those of `plan`, so that they aren't missing.
    pub there: &'a [String],
    /// What it says outside its rows, kept with its version.
    pub texts: &'a [Text],
}

impl<'a> Taking<'a> {
    /// Only a plan.
    #[must_use]
    pub fn of(plan: NewPlan<'a>) -> Self {
        Self { plan, edits: &[], there: &[], texts: &[] }
    }
}

/// What a row of the register becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowEdit {
    /// The row.
    pub id: ItemId,
    /// Its parts, at least one, all under the title that it gets. Parts that aren't named stay.
    pub units: Vec<Item>,
    /// What the plan says of it, whole: what is empty here becomes empty.
    pub card: Card,
    /// Lines to be added to its log.
    pub log: Vec<LogEntry>,
}

/// What taking in a plan did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanReport {
    /// Its units.
    pub units: ImportReport,
    /// Cards that are new or changed.
    pub cards: usize,
    /// Lines added to logs.
    pub lines: usize,
    /// Deadlines added.
    pub deadlines: usize,
    /// Waits added.
    pub waits: usize,
    /// Assignments drafted.
    pub assignments: usize,
    /// Which items were renamed, what they had been called, and what they are called now.
    pub renamed: Vec<(ItemId, String, String)>,
    /// Units of the register that the plan doesn't have and that aren't done: they would vanish without a closing
    /// entry. They stay.
    pub missing: Vec<Item>,
    /// Whether its version was noted.
    pub version: bool,
}

impl PlanReport {
    /// Whether anything was written, or would be.
    #[must_use]
    pub fn changed(&self) -> bool {
        let added = [self.cards, self.lines, self.deadlines, self.waits, self.assignments];
        self.units.added + self.units.changed > 0 || self.version || added.iter().any(|n| *n > 0)
    }
}

/// A copy of a body's plan, to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewPlanVersion<'a> {
    /// Whose plan.
    pub body: &'a BodyId,
    /// What it is called: "2025".
    pub name: &'a str,
    /// What has been done with it.
    pub state: PlanState,
    /// Its units and cards.
    pub content: &'a Versioned,
}

/// A copy of a body's plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanVersion {
    /// Its number in the register: a later one is higher.
    pub number: i64,
    /// Whose plan.
    pub body: BodyId,
    /// What it is called.
    pub name: String,
    /// What had been done with it.
    pub state: PlanState,
    /// Its units and cards, as they were.
    pub content: Versioned,
    /// When it was kept.
    pub at: Timestamp,
    /// Who kept it.
    pub who: String,
}

impl PlanVersion {
    /// The copy by its name.
    #[must_use]
    pub fn named(&self) -> Named<'_> {
        Named { name: &self.name, plan: &self.content }
    }
}

states! {
    /// What has been done with a body's plan.
    PlanState {
        /// Taken in from a file.
        Imported = "imported";
        /// It is being revised.
        Frozen = "frozen";
        /// The body has decided on it.
        Approved = "approved";
        /// It is on the website.
        Published = "published";
    }
}
