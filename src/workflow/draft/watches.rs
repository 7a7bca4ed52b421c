//! Watches as they were read, and which items something is about.

use super::{AnswerDraft, answers, each};
use crate::calendar::{MonthDay, Offset};
use crate::grammar::{At, Table, Value};
use crate::ids::{StepId, WorkflowId, is_slug};
use crate::items::{Health, Phase};
use crate::workflow::forms::{RolePath, read_first, read_interval, read_role_path, read_step_of};
use crate::workflow::model::{Interval, NextDate};

#[derive(Debug)]
pub(in crate::workflow) struct WatchDraft<'a> {
    pub table: Table<'a>,
    pub id: Option<At<StepId>>,
    pub items: Option<ItemsDraft<'a>>,
    pub to: Vec<At<RolePath>>,
    /// None within: at once.
    pub first: Option<At<Option<Offset>>>,
    pub every: Option<At<Interval>>,
    pub on_days: Vec<At<MonthDay>>,
    pub before_meeting: Option<At<Interval>>,
    pub before_deadline: Vec<At<Interval>>,
    pub gives_way: Option<At<(WorkflowId, StepId)>>,
    pub limit: Option<u16>,
    pub answers: Vec<AnswerDraft<'a>>,
    pub then: Option<ThenDraft<'a>>,
}

#[derive(Debug)]
pub(in crate::workflow) struct ItemsDraft<'a> {
    pub table: Table<'a>,
    pub phases: Vec<Phase>,
    pub health: Option<Health>,
    pub owned: Option<bool>,
    pub next: Option<NextDate>,
    pub stale: Option<Interval>,
    pub stale_near_deadline: Option<At<Interval>>,
    pub updated: Option<bool>,
    pub overdue: Option<bool>,
    pub unassigned: Option<bool>,
    pub bound: Option<bool>,
    pub closing_entry: Option<bool>,
    pub planned_entry: Option<bool>,
    pub follow_up: Option<bool>,
    pub measured: Option<bool>,
    pub changed: Option<bool>,
    pub below: bool,
    /// The other tables of a list.
    pub or: Vec<Self>,
}

#[derive(Debug)]
pub(in crate::workflow) struct ThenDraft<'a> {
    pub table: Table<'a>,
    pub to: Vec<At<RolePath>>,
}

impl<'a> WatchDraft<'a> {
    pub(super) fn read(table: Table<'a>) -> Self {
        let then = table.value("then").and_then(Value::table);
        Self {
            table,
            id: table.read("id", |text| is_slug(text).then(|| StepId::from(text))),
            items: ItemsDraft::any(table),
            to: each(table, "to", read_role_path),
            first: table.read("first", |text| read_first(text).ok()),
            every: table.read("every", |text| read_interval(text).ok()),
            on_days: each(table, "on-days", |text| MonthDay::parse(text).ok()),
            before_meeting: table.read("before-meeting", |text| read_interval(text).ok()),
            before_deadline: each(table, "before-deadline", |text| read_interval(text).ok()),
            gives_way: table.read("gives-way", read_step_of),
            limit: table.integer("limit").map(|limit| limit.is),
            answers: answers(table),
            then: then.map(|table| ThenDraft { table, to: each(table, "to", read_role_path) }),
        }
    }

    /// Its id, for messages.
    pub fn name(&self) -> &str {
        self.id.as_ref().map_or("", |id| id.is.as_str())
    }
}

impl<'a> ItemsDraft<'a> {
    /// What `items` of a step or watch says: one table, or a list of which any holds.
    pub(super) fn any(table: Table<'a>) -> Option<Self> {
        let mut all = table.many("items").into_iter().filter_map(Value::table).map(Self::read);
        let first = all.next()?;
        Some(Self { or: all.collect(), ..first })
    }

    fn read(table: Table<'a>) -> Self {
        Self {
            table,
            phases: each(table, "phase", Phase::read).into_iter().map(|phase| phase.is).collect(),
            health: table.read("health", Health::read).map(|health| health.is),
            owned: table.bool("owner"),
            next: table.read("next-date", read_next).map(|next| next.is),
            stale: table.read("stale", |text| read_interval(text).ok()).map(|after| after.is),
            stale_near_deadline: table.read("stale-near-deadline", |text| read_interval(text).ok()),
            updated: table.bool("updated"),
            overdue: table.bool("overdue"),
            unassigned: table.bool("unassigned"),
            bound: table.bool("bound"),
            closing_entry: table.bool("closing-entry"),
            planned_entry: table.bool("planned-entry"),
            follow_up: table.bool("follow-up"),
            measured: table.bool("measured"),
            changed: table.bool("changed"),
            below: table.text("of").is_some_and(|of| of.is == "below"),
            or: Vec::new(),
        }
    }
}

fn read_next(text: &str) -> Option<NextDate> {
    Some(match text {
        "missing" => NextDate::Missing,
        "passed" => NextDate::Passed,
        "set" => NextDate::Set,
        _ => return None,
    })
}
