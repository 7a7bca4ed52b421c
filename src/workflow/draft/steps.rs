//! Steps as they were read: questions, their answers and rungs.

use super::{AnswerDraft, GateDraft, ItemsDraft, RungDraft, StepDraft, TellOnDraft, each, moment};
use crate::grammar::{At, Table, Value};
use crate::ids::{AnswerId, EntryId, MarkId, StepId, is_slug};
use crate::items::register::{AssignmentState, LogKind};
use crate::items::{Health, Phase};
use crate::workflow::forms::{read_moment, read_rest, read_role_path};
use crate::workflow::model::{Does, GateOf, Lacks, Per, RevisionStep, SettledBy, Takes};

impl<'a> StepDraft<'a> {
    pub(super) fn read(table: Table<'a>) -> Self {
        let rungs = |key| table.tables(key).into_iter().map(RungDraft::read).collect();
        Self {
            table,
            id: table.read("id", |text| is_slug(text).then(|| StepId::from(text))),
            on: each(table, "on", |text| is_slug(text).then(|| EntryId::from(text))),
            undated: table.text("while").is_some_and(|text| text.is == "undated"),
            lacks: each(table, "lacks", read_lacks),
            in_calendars: table.text("in-calendars"),
            per: match table.text("per").map(|text| text.is) {
                Some("listed") => Per::Listed,
                Some("item") => Per::Item,
                _ => Per::Occasion,
            },
            gate: table.value("gate").and_then(Value::table).map(GateDraft::read),
            to: each(table, "to", read_role_path),
            when: moment(table, "when"),
            due: moment(table, "due"),
            answers: answers(table),
            settled_by: match table.text("answered-by").map(|text| text.is) {
                Some("anyone") => SettledBy::Anyone,
                Some("body") => SettledBy::Body,
                Some("owners") => SettledBy::Owners,
                _ => SettledBy::Each,
            },
            remind: each(table, "remind", |text| read_moment(text).ok()),
            escalate: rungs("escalate"),
            alarm: rungs("alarm"),
            marks: marks(table),
            sections: table
                .many("sections")
                .into_iter()
                .filter_map(Value::text)
                .map(|text| text.is)
                .collect(),
            told: table.tables("tell-on").into_iter().map(TellOnDraft::read).collect(),
            from_occasion: table.text("answers-from").is_some_and(|text| text.is == "occasion"),
            items: ItemsDraft::any(table),
            counts: table.read("counts", |text| is_slug(text).then(|| StepId::from(text))),
            entry_answers: table.bool("entry-answers").unwrap_or(false),
        }
    }

    /// Whether it expects an answer.
    pub fn is_ask(&self) -> bool {
        self.table.value("ask").is_some()
    }

    /// Its id, for messages.
    pub fn name(&self) -> &str {
        self.id.as_ref().map_or("", |id| id.is.as_str())
    }
}

impl<'a> GateDraft<'a> {
    fn read(table: Table<'a>) -> Self {
        Self {
            table,
            step: table.read("step", |text| is_slug(text).then(|| StepId::from(text))),
            answers: each(table, "answer", |text| is_slug(text).then(|| AnswerId::from(text))),
            mark: table.read("mark", |text| is_slug(text).then(|| MarkId::from(text))),
            of: match table.text("of").map(|text| text.is) {
                Some("same") => GateOf::Same,
                Some("above") => GateOf::Above,
                _ => GateOf::Anybody,
            },
        }
    }
}

impl<'a> TellOnDraft<'a> {
    fn read(table: Table<'a>) -> Self {
        Self {
            table,
            answers: each(table, "answer", |text| is_slug(text).then(|| AnswerId::from(text))),
            mark: table.read("mark", |text| is_slug(text).then(|| MarkId::from(text))),
            to: each(table, "to", read_role_path),
        }
    }
}

impl<'a> RungDraft<'a> {
    fn read(table: Table<'a>) -> Self {
        Self {
            table,
            when: moment(table, "when"),
            to: each(table, "to", read_role_path),
            silent_rounds: table.integer("silent-rounds").map(|rounds| rounds.is),
        }
    }
}

impl<'a> AnswerDraft<'a> {
    fn read(id: At<AnswerId>, value: Value<'a>) -> Self {
        let table = value.table();
        let label = table.map_or_else(|| value.text(), |table| table.text("label"));
        Self {
            id,
            label: label.map(|label| label.is),
            phase: table.and_then(|table| table.read("phase", Phase::read)),
            health: table.and_then(|table| table.read("health", Health::read)),
            rest: table.and_then(|table| table.read("rest", |text| read_rest(text).ok())),
            takes: table.map(|table| each(table, "takes", read_takes)).unwrap_or_default(),
            needs: table.map(|table| each(table, "needs", read_takes)).unwrap_or_default(),
            does: table.and_then(|table| table.read("does", read_does)),
            log: table.and_then(|table| table.read("log", LogKind::read)),
            waits_for: table.and_then(|table| table.text("waits-for")).map(|text| text.at),
            assignment: table.and_then(|table| table.read("assignment", AssignmentState::read)),
            plan: table.and_then(|table| table.read("plan", read_plan)),
        }
    }
}

fn read_takes(text: &str) -> Option<Takes> {
    Some(match text {
        "text" => Takes::Text,
        "link" => Takes::Link,
        "file" => Takes::File,
        "date" => Takes::Date,
        "list" => Takes::List,
        "phase" => Takes::Phase,
        "health" => Takes::Health,
        "line" => Takes::Line,
        "next-date" => Takes::NextDate,
        "owner" => Takes::Owner,
        "values" => Takes::Values,
        "items" => Takes::Items,
        "hours" => Takes::Hours,
        "place" => Takes::Place,
        _ => return None,
    })
}

fn read_lacks(text: &str) -> Option<Lacks> {
    Some(match text {
        "time" => Lacks::Time,
        "place" => Lacks::Place,
        _ => return None,
    })
}

fn read_plan(text: &str) -> Option<RevisionStep> {
    Some(match text {
        "freeze" => RevisionStep::Freeze,
        "approve" => RevisionStep::Approve,
        "publish" => RevisionStep::Publish,
        _ => return None,
    })
}

fn read_does(text: &str) -> Option<Does> {
    Some(match text {
        "more-time" => Does::MoreTime,
        "pass-on" => Does::PassOn,
        "help" => Does::Help,
        _ => return None,
    })
}

fn marks(table: Table<'_>) -> Vec<(At<MarkId>, &str)> {
    let Some(marks) = table.value("marks").and_then(Value::table) else { return Vec::new() };
    let entries = marks.entries().into_iter().filter(|(id, _)| is_slug(id.is));
    entries.filter_map(|(id, value)| Some((id.map(MarkId::from), value.text()?.is))).collect()
}

pub(super) fn answers(table: Table<'_>) -> Vec<AnswerDraft<'_>> {
    let Some(answers) = table.value("answers").and_then(Value::table) else { return Vec::new() };
    let entries = answers.entries().into_iter().filter(|(id, _)| is_slug(id.is));
    entries.map(|(id, value)| AnswerDraft::read(id.map(AnswerId::from), value)).collect()
}
