//! Drafts without a fault into the model. `None` only where a fault has been missed, which the caller reports.

use std::collections::BTreeMap;

use super::check::is_owner;
use super::draft::{AnswerDraft, DateDraft, Draft, EntryDraft, Names, StepDraft, WatchDraft};
use super::forms::RolePath;
use super::model::{
    Answer, Ask, Dated, Entry, EntryKind, Follow, Gate, HandOver, ItemFilter, Override, Recipient, Rung,
    Scope, Span, Step, Watch, When, Workflow,
};
use super::names;
use crate::grammar::{At, DateOrTime, Table};
use crate::organisation::Organisation;

/// One file's workflow.
pub(super) fn workflow(organisation: &Organisation, draft: &Draft<'_>) -> Option<Workflow> {
    let follows = draft.follows.iter().map(|follow| {
        let (workflow, entry) = follow.is.clone();
        Follow { workflow, entry }
    });
    Some(Workflow {
        id: draft.id.clone(),
        title: draft.title?.to_owned(),
        feed: draft.feed.clone(),
        scope: draft.scope.as_ref().map_or(Some(Scope::Once), |names| scope(organisation, names))?,
        follows: follows.collect(),
        entries: draft.entries.iter().map(|draft| entry(organisation, draft)).collect::<Option<_>>()?,
        steps: draft.steps.iter().map(|draft| step(organisation, draft)).collect::<Option<_>>()?,
        watches: draft.watches.iter().map(|draft| watch(organisation, draft)).collect::<Option<_>>()?,
        switched_off: draft.switched_off.iter().map(|off| off.is.clone()).collect(),
    })
}

fn text(table: Table<'_>, key: &str) -> Option<String> {
    table.text(key).map(|text| text.is.to_owned())
}

fn scope(organisation: &Organisation, names: &Names) -> Option<Scope> {
    names::scope(organisation, names).ok()
}

fn recipients(organisation: &Organisation, paths: &[At<RolePath>]) -> Option<Vec<Recipient>> {
    let recipient = |path: &At<RolePath>| {
        if is_owner(&path.is) {
            return Some(Recipient::Owner);
        }
        names::recipient(organisation, &path.is).ok()
    };
    paths.iter().map(recipient).collect()
}

fn entry(organisation: &Organisation, draft: &EntryDraft<'_>) -> Option<Entry> {
    Some(Entry {
        id: draft.id.as_ref()?.is.clone(),
        kind: draft.kind,
        title: text(draft.table, "title")?,
        place: text(draft.table, "place"),
        note: text(draft.table, "note"),
        scope: match &draft.scope {
            Some(names) => Some(scope(organisation, names)?),
            None => None,
        },
        prepared_as: draft.prepared_as.as_ref().map(|workflow| workflow.is.clone()),
        when: when(draft)?,
    })
}

fn when(draft: &EntryDraft<'_>) -> Option<When> {
    match (draft.kind, draft.opens, draft.closes) {
        (EntryKind::Period, Some(opens), Some(closes)) => {
            Some(When::Window { opens, closes, overrides: overrides(draft)? })
        }
        (EntryKind::Deadline, _, Some(rule)) => Some(When::Yearly { rule, overrides: overrides(draft)? }),
        _ => {
            let mut dates: Vec<Dated> = draft.dates.iter().map(dated).collect::<Option<_>>()?;
            dates.sort_by_key(|dated| dated.span.first());
            let mut expected: Vec<(i16, i8)> = draft.expected.iter().map(|quarter| quarter.is).collect();
            expected.sort_unstable();
            Some(When::Listed { dates, expected })
        }
    }
}

fn overrides(draft: &EntryDraft<'_>) -> Option<BTreeMap<i16, Override>> {
    let each = draft.overrides.iter().map(|draft| {
        let given = Override {
            opens: draft.opens.map(|day| day.is),
            closes: draft.closes.map(|day| day.is),
            cancelled: draft.cancelled,
            why: text(draft.table, "why")?,
        };
        Some((draft.year?.is, given))
    });
    each.collect()
}

fn dated(draft: &DateDraft<'_>) -> Option<Dated> {
    let start = draft.start?.is;
    let span = match (start, draft.end.map_or(start, |end| end.is)) {
        (DateOrTime::Day(first), DateOrTime::Day(last)) => Span::AllDay { first, last },
        (DateOrTime::Time(start), DateOrTime::Time(end)) => Span::Timed { start, end },
        _ => return None,
    };
    let text = |key| draft.table.and_then(|table| text(table, key));
    Some(Dated { span, place: text("place"), note: text("note"), status: draft.status })
}

fn step(organisation: &Organisation, draft: &StepDraft<'_>) -> Option<Step> {
    let gate = match &draft.gate {
        Some(gate) => Some(Gate {
            step: gate.step.as_ref()?.is.clone(),
            answers: gate.answers.iter().map(|answer| answer.is.clone()).collect(),
        }),
        None => None,
    };
    Some(Step {
        id: draft.id.as_ref()?.is.clone(),
        on: draft.on.iter().map(|entry| entry.is.clone()).collect(),
        undated: draft.undated,
        gate,
        to: recipients(organisation, &draft.to)?,
        when: draft.when.as_ref()?.is.clone(),
        headline: text(draft.table, "ask").or_else(|| text(draft.table, "tell"))?,
        text: text(draft.table, "text"),
        ask: if draft.is_ask() { Some(ask(organisation, draft)?) } else { None },
    })
}

fn ask(organisation: &Organisation, draft: &StepDraft<'_>) -> Option<Ask> {
    let rungs = |drafts: &[super::draft::RungDraft<'_>]| {
        let rung = |draft: &super::draft::RungDraft<'_>| {
            Some(Rung { when: draft.when.as_ref()?.is.clone(), to: recipients(organisation, &draft.to)? })
        };
        drafts.iter().map(rung).collect::<Option<Vec<_>>>()
    };
    Some(Ask {
        answers: draft.answers.iter().map(answer).collect::<Option<_>>()?,
        due: draft.due.as_ref()?.is.clone(),
        settled_by: draft.settled_by,
        remind: draft.remind.iter().map(|moment| moment.is.clone()).collect(),
        escalate: rungs(&draft.escalate)?,
        alarm: rungs(&draft.alarm)?,
    })
}

fn answer(draft: &AnswerDraft<'_>) -> Option<Answer> {
    Some(Answer {
        id: draft.id.is.clone(),
        label: draft.label?.to_owned(),
        phase: draft.phase.map(|phase| phase.is),
        health: draft.health.map(|health| health.is),
        rest: draft.rest.map(|rest| rest.is),
    })
}

fn watch(organisation: &Organisation, draft: &WatchDraft<'_>) -> Option<Watch> {
    let items = draft.items.as_ref()?;
    let hand_over = match &draft.then {
        Some(then) => {
            Some(HandOver { to: recipients(organisation, &then.to)?, headline: text(then.table, "tell")? })
        }
        None => None,
    };
    Some(Watch {
        id: draft.id.as_ref()?.is.clone(),
        about: ItemFilter { phase: items.phase, health: items.health, owned: items.owned },
        first: draft.first?,
        every: draft.every,
        limit: draft.limit,
        to: recipients(organisation, &draft.to)?,
        headline: text(draft.table, "ask").or_else(|| text(draft.table, "tell"))?,
        text: text(draft.table, "text"),
        answers: draft.answers.iter().map(answer).collect::<Option<_>>()?,
        hand_over,
    })
}
