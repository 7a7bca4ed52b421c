//! A workflow file as it was read: every value with its place, what was unreadable left out.
//!
//! Drafts are checked, and when no file has a fault they are built into [`super::model`]. A value that isn't
//! here although its key is has been reported already, so a check that finds `None` has nothing to say.

mod steps;
mod watches;

use std::collections::BTreeMap;

use super::forms::{
    Name, RolePath, read_interval, read_moment, read_name, read_occasions, read_quarter, read_role_path,
    read_step_of, read_workflow,
};
use super::model::{
    Does, EntryKind, GateOf, Interval, Lacks, Moment, Per, RevisionStep, SettledBy, Status, Takes,
};
use crate::calendar::{MonthDay, Roll, YearlyRule};
use crate::fault::Fault;
use crate::grammar::{At, DateOrTime, Document, Source, Table, Value};
use crate::ids::{AnswerId, EntryId, FeedName, MarkId, StepId, WorkflowId, is_slug};
use crate::items::register::{AssignmentState, LogKind};
use crate::items::{Health, Phase};
use jiff::civil::Weekday;
use steps::answers;

pub(super) use watches::{ItemsDraft, WatchDraft};

/// One file.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    pub id: WorkflowId,
    /// Its syntax is broken: what seems to be missing may have been lost.
    pub broken: bool,
    pub source: &'a Source<'a>,
    pub title: Option<&'a str>,
    pub feed: Option<FeedName>,
    pub category: Option<&'a str>,
    pub scope: Option<Names>,
    pub follows: Vec<At<(WorkflowId, Option<EntryId>)>>,
    /// `occasion` is there, whether it could be read or not.
    pub follows_something: bool,
    pub switched_off: Vec<At<(WorkflowId, StepId)>>,
    pub entries: Vec<EntryDraft<'a>>,
    pub steps: Vec<StepDraft<'a>>,
    /// Where in `steps` the first one with an id is.
    steps_by_id: BTreeMap<StepId, usize>,
    pub watches: Vec<WatchDraft<'a>>,
    pub decided_by: Option<DecidedDraft<'a>>,
    pub summaries: Vec<SummaryDraft<'a>>,
}

#[derive(Debug)]
pub(super) struct DecidedDraft<'a> {
    pub table: Table<'a>,
    pub meetings: Option<At<WorkflowId>>,
    pub ready: Option<At<Moment>>,
    pub papers: Option<Interval>,
    pub latest: Option<At<Moment>>,
}

#[derive(Debug)]
pub(super) struct SummaryDraft<'a> {
    pub table: Table<'a>,
    pub id: Option<At<StepId>>,
    pub to: Vec<At<RolePath>>,
    pub on: Option<Weekday>,
}

/// What `for` names: kinds or bodies, not yet known which.
#[derive(Debug)]
pub(super) struct Names {
    pub names: Vec<At<Name>>,
    pub list: bool,
    pub at: usize,
}

#[derive(Debug)]
pub(super) struct EntryDraft<'a> {
    pub table: Table<'a>,
    pub kind: EntryKind,
    pub id: Option<At<EntryId>>,
    pub scope: Option<Names>,
    pub prepared_as: Option<At<WorkflowId>>,
    pub by_hand: bool,
    pub renewed_by: Option<At<StepId>>,
    pub dates: Vec<DateDraft<'a>>,
    pub expected: Vec<At<(i16, i8)>>,
    pub from_calendar: Option<At<&'a str>>,
    /// The first day of a period by rule.
    pub opens: Option<YearlyRule>,
    /// The last day of a period, or the day of a deadline, by rule.
    pub closes: Option<YearlyRule>,
    pub overrides: Vec<OverrideDraft<'a>>,
}

#[derive(Debug)]
pub(super) struct DateDraft<'a> {
    /// The table it is, unless it is a bare date.
    pub table: Option<Table<'a>>,
    pub at: usize,
    pub start: Option<At<DateOrTime>>,
    pub end: Option<At<DateOrTime>>,
    pub status: Status,
}

#[derive(Debug)]
pub(super) struct OverrideDraft<'a> {
    pub table: Table<'a>,
    pub year: Option<At<i16>>,
    pub opens: Option<At<jiff::civil::Date>>,
    /// `closes` of a period, `on` of a deadline.
    pub closes: Option<At<jiff::civil::Date>>,
    pub cancelled: bool,
}

#[derive(Debug)]
pub(super) struct StepDraft<'a> {
    pub table: Table<'a>,
    pub id: Option<At<StepId>>,
    pub on: Vec<At<EntryId>>,
    pub undated: bool,
    pub lacks: Vec<At<Lacks>>,
    pub in_calendars: Option<At<&'a str>>,
    pub per: Per,
    pub gate: Option<GateDraft<'a>>,
    pub to: Vec<At<RolePath>>,
    pub when: Option<At<Moment>>,
    pub due: Option<At<Moment>>,
    pub answers: Vec<AnswerDraft<'a>>,
    pub settled_by: SettledBy,
    pub remind: Vec<At<Moment>>,
    pub escalate: Vec<RungDraft<'a>>,
    pub alarm: Vec<RungDraft<'a>>,
    pub marks: Vec<(At<MarkId>, &'a str)>,
    pub sections: Vec<&'a str>,
    pub told: Vec<TellOnDraft<'a>>,
    pub from_occasion: bool,
    pub items: Option<ItemsDraft<'a>>,
    pub counts: Option<At<StepId>>,
    pub entry_answers: bool,
}

#[derive(Debug)]
pub(super) struct TellOnDraft<'a> {
    pub table: Table<'a>,
    pub answers: Vec<At<AnswerId>>,
    pub mark: Option<At<MarkId>>,
    pub to: Vec<At<RolePath>>,
}

#[derive(Debug)]
pub(super) struct GateDraft<'a> {
    pub table: Table<'a>,
    pub step: Option<At<StepId>>,
    pub answers: Vec<At<AnswerId>>,
    pub mark: Option<At<MarkId>>,
    pub of: GateOf,
}

#[derive(Debug)]
pub(super) struct RungDraft<'a> {
    pub table: Table<'a>,
    pub when: Option<At<Moment>>,
    pub to: Vec<At<RolePath>>,
    pub silent_rounds: Option<u8>,
}

#[derive(Debug)]
pub(super) struct AnswerDraft<'a> {
    pub id: At<AnswerId>,
    pub label: Option<&'a str>,
    pub phase: Option<At<Phase>>,
    pub health: Option<At<Health>>,
    /// None within: until the day that comes with it.
    pub rest: Option<At<Option<Interval>>>,
    pub takes: Vec<At<Takes>>,
    pub needs: Vec<At<Takes>>,
    pub does: Option<At<Does>>,
    pub log: Option<At<LogKind>>,
    /// Where it says that the item waits.
    pub waits_for: Option<usize>,
    pub assignment: Option<At<AssignmentState>>,
    pub plan: Option<At<RevisionStep>>,
}

impl<'a> Draft<'a> {
    /// Reads what can be read.
    pub fn read(id: WorkflowId, document: &'a Document<'a>) -> Self {
        let root = document.root();
        let entries = [
            ("meeting", EntryKind::Meeting),
            ("period", EntryKind::Period),
            ("deadline", EntryKind::Deadline),
        ];
        let entries = entries.into_iter().flat_map(|(key, kind)| {
            root.tables(key).into_iter().map(move |table| EntryDraft::read(kind, table))
        });
        let mut entries: Vec<_> = entries.collect();
        entries.sort_by_key(|entry| entry.table.at());
        let steps: Vec<StepDraft<'a>> = root.tables("step").into_iter().map(StepDraft::read).collect();
        Self {
            id,
            broken: document.is_broken(),
            source: document.source(),
            title: root.text("title").map(|title| title.is),
            feed: root.read("feed", |text| is_slug(text).then(|| FeedName::from(text))).map(|feed| feed.is),
            category: root.text("category").map(|category| category.is),
            scope: Names::read(root),
            follows: each(root, "occasion", read_occasions),
            follows_something: root.value("occasion").is_some(),
            switched_off: each(root, "switch-off", read_step_of),
            entries,
            steps_by_id: first_by_id(&steps),
            steps,
            watches: root.tables("watch").into_iter().map(WatchDraft::read).collect(),
            decided_by: root.value("decided-by").and_then(Value::table).map(DecidedDraft::read),
            summaries: root.tables("summary").into_iter().map(SummaryDraft::read).collect(),
        }
    }

    /// A fault in this file.
    pub fn fault(&self, at: usize, code: &'static str, message: impl AsRef<str>) -> Fault {
        self.source.fault(at, code, message)
    }

    /// The step of an id.
    pub fn step(&self, id: &StepId) -> Option<&StepDraft<'a>> {
        self.steps.get(*self.steps_by_id.get(id)?)
    }

    /// The ids of all steps.
    pub fn step_ids(&self) -> impl Iterator<Item = &StepId> {
        self.steps.iter().filter_map(|step| step.id.as_ref()).map(|id| &id.is)
    }

    /// The ids of all entries.
    pub fn entry_ids(&self) -> impl Iterator<Item = &EntryId> {
        self.entries.iter().filter_map(|entry| entry.id.as_ref()).map(|id| &id.is)
    }
}

fn first_by_id(steps: &[StepDraft<'_>]) -> BTreeMap<StepId, usize> {
    let ids = steps.iter().enumerate().rev().filter_map(|(i, step)| Some((step.id.as_ref()?.is.clone(), i)));
    // Of equal ids the last one put in stays: the first of the file.
    ids.collect()
}

impl<'a> DecidedDraft<'a> {
    fn read(table: Table<'a>) -> Self {
        Self {
            table,
            meetings: table.read("meetings", read_workflow),
            ready: moment(table, "ready"),
            papers: table.read("papers", |text| read_interval(text).ok()).map(|papers| papers.is),
            latest: moment(table, "latest"),
        }
    }
}

impl<'a> SummaryDraft<'a> {
    fn read(table: Table<'a>) -> Self {
        Self {
            table,
            id: table.read("id", |text| is_slug(text).then(|| StepId::from(text))),
            to: each(table, "to", read_role_path),
            on: table.read("on", read_weekday).map(|day| day.is),
        }
    }
}

impl Names {
    fn read(table: Table<'_>) -> Option<Self> {
        let value = table.value("for")?;
        let names = each(table, "for", read_name);
        Some(Self { names, list: value.text().is_none(), at: value.at() })
    }
}

impl<'a> EntryDraft<'a> {
    fn read(kind: EntryKind, table: Table<'a>) -> Self {
        let (first, last) = match kind {
            EntryKind::Meeting => ("start", "end"),
            EntryKind::Period => ("opens", "closes"),
            EntryKind::Deadline => ("on", ""),
        };
        let rule = |key| table.value(key).and_then(Value::table).and_then(rule);
        Self {
            table,
            kind,
            id: table.read("id", |text| is_slug(text).then(|| EntryId::from(text))),
            scope: Names::read(table),
            prepared_as: table.read("prepared-as", read_workflow),
            by_hand: table.bool("by-hand").unwrap_or(false),
            renewed_by: table.read("renewed-by", |text| is_slug(text).then(|| StepId::from(text))),
            dates: table.many("dates").into_iter().filter_map(|v| DateDraft::read(v, first, last)).collect(),
            expected: each(table, "expected", read_quarter),
            from_calendar: table.text("from-calendar"),
            opens: rule("opens"),
            closes: if kind == EntryKind::Deadline { self::rule(table) } else { rule("closes") },
            overrides: table.tables("override").into_iter().map(|t| OverrideDraft::read(t, kind)).collect(),
        }
    }
}

impl<'a> DateDraft<'a> {
    fn read(value: Value<'a>, first: &str, last: &str) -> Option<Self> {
        let Some(table) = value.table() else {
            let start = value.date()?.map(DateOrTime::Day);
            let status = Status::default();
            return Some(Self { table: None, at: value.at(), start: Some(start), end: None, status });
        };
        let moment = |key: &str| table.value(key).and_then(Value::moment);
        let status = match table.text("status").map(|status| status.is) {
            Some("tentative") => Status::Tentative,
            Some("cancelled") => Status::Cancelled,
            _ => Status::Confirmed,
        };
        Some(Self { table: Some(table), at: value.at(), start: moment(first), end: moment(last), status })
    }
}

impl<'a> OverrideDraft<'a> {
    fn read(table: Table<'a>, kind: EntryKind) -> Self {
        Self {
            table,
            year: table.integer("year"),
            opens: table.date("opens"),
            closes: table.date(if kind == EntryKind::Deadline { "on" } else { "closes" }),
            cancelled: table.bool("cancelled").unwrap_or(false),
        }
    }
}

/// Every element of a list (or the one text) that `read` can read.
fn each<'a, T>(table: Table<'a>, key: &str, read: impl Fn(&'a str) -> Option<T>) -> Vec<At<T>> {
    let texts = table.many(key).into_iter().filter_map(Value::text);
    texts.filter_map(|text| Some(At { is: read(text.is)?, at: text.at })).collect()
}

fn moment(table: Table<'_>, key: &str) -> Option<At<Moment>> {
    table.read(key, |text| read_moment(text).ok())
}

fn rule(table: Table<'_>) -> Option<YearlyRule> {
    let every = MonthDay::parse(table.text("every")?.is).ok()?;
    let on_holiday = match table.text("on-holiday")?.is {
        "next-workday" => Roll::NextWorkday,
        "previous-workday" => Roll::PreviousWorkday,
        "keep" => Roll::Keep,
        _ => return None,
    };
    Some(YearlyRule { every, on_holiday })
}

fn read_weekday(text: &str) -> Option<Weekday> {
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday"];
    let number = (1_i8..).zip(days).find(|(_, day)| *day == text)?.0;
    Weekday::from_monday_one_offset(number).ok()
}
