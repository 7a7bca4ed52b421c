//! Drafts without a fault into the model. `None` only where a fault has been missed, which the caller reports.

use std::collections::BTreeMap;

use super::check::{is_deputy, is_owner};
use super::draft::{
    AnswerDraft, DateDraft, DecidedDraft, Draft, EntryDraft, ItemsDraft, Names, StepDraft, SummaryDraft,
    TellOnDraft, WatchDraft,
};
use super::forms::RolePath;
use super::model::{
    Answer, Ask, Dated, DecidedBy, Entry, EntryKind, Follow, FromCalendar, Gate, HandOver, ItemFilter, Mark,
    Override, Recipient, Rung, Schedule, Scope, Span, Stale, Step, Summary, TellOn, Watch, When, Workflow,
};
use super::names;
use crate::grammar::{At, DateOrTime, Table, Value};
use crate::ids::MarkId;
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
        category: draft.category.map(str::to_owned),
        scope: draft.scope.as_ref().map_or(Some(Scope::Once), |names| scope(organisation, draft, names))?,
        follows: follows.collect(),
        entries: draft.entries.iter().map(|it| entry(organisation, draft, it)).collect::<Option<_>>()?,
        steps: draft.steps.iter().map(|draft| step(organisation, draft)).collect::<Option<_>>()?,
        watches: draft.watches.iter().map(|draft| watch(organisation, draft)).collect::<Option<_>>()?,
        switched_off: draft.switched_off.iter().map(|off| off.is.clone()).collect(),
        decided_by: match &draft.decided_by {
            Some(decided) => Some(decided_by(decided)?),
            None => None,
        },
        summaries: draft.summaries.iter().map(|draft| summary(organisation, draft)).collect::<Option<_>>()?,
    })
}

fn decided_by(draft: &DecidedDraft<'_>) -> Option<DecidedBy> {
    Some(DecidedBy {
        meetings: draft.meetings.as_ref()?.is.clone(),
        ready: draft.ready.as_ref()?.is.clone(),
        papers: draft.papers?,
        latest: draft.latest.as_ref()?.is.clone(),
        otherwise: text(draft.table, "otherwise")?,
    })
}

fn summary(organisation: &Organisation, draft: &SummaryDraft<'_>) -> Option<Summary> {
    Some(Summary {
        id: draft.id.as_ref()?.is.clone(),
        to: recipients(organisation, &draft.to)?,
        headline: text(draft.table, "tell")?,
        on: draft.on?,
    })
}

fn text(table: Table<'_>, key: &str) -> Option<String> {
    table.text(key).map(|text| text.is.to_owned())
}

/// A kind means the bodies of that kind in the file's own folder, where the folder has bodies: a sjukvårdsregion's
/// files are for its own groups. The files of a folder without bodies are for all.
pub(super) fn scope(organisation: &Organisation, draft: &Draft<'_>, names: &Names) -> Option<Scope> {
    let scope = names::scope(organisation, names).ok()?;
    let Scope::Kind(kind) = &scope else { return Some(scope) };
    let folder = draft.id.as_str().rsplit_once('/').map_or("", |(folder, _)| folder);
    let all = || organisation.bodies.values();
    if folder.is_empty() || !all().any(|b| b.folder == folder) || all().all(|b| b.folder == folder) {
        return Some(scope);
    }
    let own = all().filter(|b| b.folder == folder && &b.kind == kind);
    Some(Scope::Bodies(own.map(|b| b.id.clone()).collect()))
}

fn recipients(organisation: &Organisation, paths: &[At<RolePath>]) -> Option<Vec<Recipient>> {
    let recipient = |path: &At<RolePath>| {
        if is_owner(&path.is) {
            return Some(Recipient::Owner);
        }
        if is_deputy(&path.is) {
            return Some(Recipient::Deputy);
        }
        names::recipient(organisation, &path.is).ok()
    };
    paths.iter().map(recipient).collect()
}

fn entry(organisation: &Organisation, file: &Draft<'_>, draft: &EntryDraft<'_>) -> Option<Entry> {
    Some(Entry {
        id: draft.id.as_ref()?.is.clone(),
        kind: draft.kind,
        title: text(draft.table, "title")?,
        place: text(draft.table, "place"),
        note: text(draft.table, "note"),
        last_day: text(draft.table, "last-day"),
        scope: match &draft.scope {
            Some(names) => Some(scope(organisation, file, names)?),
            None => None,
        },
        prepared_as: draft.prepared_as.as_ref().map(|workflow| workflow.is.clone()),
        renewed_by: draft.renewed_by.as_ref().map(|step| step.is.clone()),
        when: when(draft)?,
    })
}

fn when(draft: &EntryDraft<'_>) -> Option<When> {
    if draft.by_hand {
        return Some(When::ByHand);
    }
    if let Some(source) = draft.from_calendar {
        let words = |key| {
            let texts = draft.table.many(key).into_iter().filter_map(Value::text);
            texts.map(|text| text.is.to_owned()).collect()
        };
        let (titles, categories) = (words("title-contains"), words("category"));
        return Some(When::FromCalendar(FromCalendar { source: source.is.to_owned(), titles, categories }));
    }
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
            mark: gate.mark.as_ref().map(|mark| mark.is.clone()),
            of: gate.of,
        }),
        None => None,
    };
    Some(Step {
        id: draft.id.as_ref()?.is.clone(),
        on: draft.on.iter().map(|entry| entry.is.clone()).collect(),
        undated: draft.undated,
        lacks: draft.lacks.iter().map(|lacks| lacks.is).collect(),
        in_calendars: draft.in_calendars.map(|title| title.is.to_owned()),
        per: draft.per,
        items: draft.items.as_ref().map(item_filter),
        counts: draft.counts.as_ref().map(|step| step.is.clone()),
        gate,
        to: recipients(organisation, &draft.to)?,
        when: draft.when.as_ref()?.is.clone(),
        headline: text(draft.table, "ask").or_else(|| text(draft.table, "tell"))?,
        together: text(draft.table, "together"),
        text: text(draft.table, "text"),
        ask: if draft.is_ask() { Some(ask(organisation, draft)?) } else { None },
    })
}

fn ask(organisation: &Organisation, draft: &StepDraft<'_>) -> Option<Ask> {
    let rungs = |drafts: &[super::draft::RungDraft<'_>]| {
        let rung = |draft: &super::draft::RungDraft<'_>| {
            Some(Rung {
                when: draft.when.as_ref()?.is.clone(),
                to: recipients(organisation, &draft.to)?,
                silent_rounds: draft.silent_rounds,
            })
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
        marks: draft.marks.iter().map(|(id, label)| mark(id, label)).collect(),
        sections: draft.sections.iter().map(|&section| section.to_owned()).collect(),
        told: draft.told.iter().map(|draft| tell_on(organisation, draft)).collect::<Option<_>>()?,
        from_occasion: draft.from_occasion,
        entry_answers: draft.entry_answers,
    })
}

fn mark(id: &At<MarkId>, label: &str) -> Mark {
    Mark { id: id.is.clone(), label: label.to_owned() }
}

fn tell_on(organisation: &Organisation, draft: &TellOnDraft<'_>) -> Option<TellOn> {
    Some(TellOn {
        answers: draft.answers.iter().map(|answer| answer.is.clone()).collect(),
        mark: draft.mark.as_ref().map(|mark| mark.is.clone()),
        to: recipients(organisation, &draft.to)?,
        headline: text(draft.table, "tell")?,
    })
}

fn answer(draft: &AnswerDraft<'_>) -> Option<Answer> {
    Some(Answer {
        id: draft.id.is.clone(),
        label: draft.label?.to_owned(),
        phase: draft.phase.map(|phase| phase.is),
        health: draft.health.map(|health| health.is),
        rest: draft.rest.and_then(|rest| rest.is),
        takes: draft.takes.iter().map(|takes| takes.is).collect(),
        does: draft.does.map(|does| does.is).unwrap_or_default(),
        needs: draft.needs.iter().map(|takes| takes.is).collect(),
        log: draft.log.map(|kind| kind.is),
        rest_until_date: draft.rest.is_some_and(|rest| rest.is.is_none()),
        waits_for_meeting: draft.waits_for.is_some(),
        assignment: draft.assignment.map(|state| state.is),
        plan: draft.plan.map(|step| step.is),
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
        about: item_filter(items),
        schedule: schedule(draft)?,
        gives_way: draft.gives_way.as_ref().map(|step| step.is.clone()),
        limit: draft.limit,
        to: recipients(organisation, &draft.to)?,
        headline: text(draft.table, "ask").or_else(|| text(draft.table, "tell"))?,
        together: text(draft.table, "together"),
        text: text(draft.table, "text"),
        answers: draft.answers.iter().map(answer).collect::<Option<_>>()?,
        hand_over,
    })
}

fn schedule(draft: &WatchDraft<'_>) -> Option<Schedule> {
    if let Some(before) = draft.before_meeting {
        return Some(Schedule::Meetings(before.is));
    }
    if !draft.before_deadline.is_empty() {
        return Some(Schedule::Deadline(draft.before_deadline.iter().map(|before| before.is).collect()));
    }
    if !draft.on_days.is_empty() {
        return Some(Schedule::Yearly(draft.on_days.iter().map(|day| day.is).collect()));
    }
    Some(Schedule::Series { first: draft.first?.is, every: draft.every.map(|every| every.is) })
}

fn item_filter(draft: &ItemsDraft<'_>) -> ItemFilter {
    let near = draft.stale_near_deadline.map(|near| near.is);
    ItemFilter {
        phases: draft.phases.clone(),
        health: draft.health,
        owned: draft.owned,
        next: draft.next,
        stale: draft.stale.map(|after| Stale { after, near_deadline: near }),
        updated: draft.updated,
        overdue: draft.overdue,
        unassigned: draft.unassigned,
        bound: draft.bound,
        closing_entry: draft.closing_entry,
        planned_entry: draft.planned_entry,
        follow_up: draft.follow_up,
        proposed: draft.proposed,
        measured: draft.measured,
        changed: draft.changed,
        below: draft.below,
        or: draft.or.iter().map(item_filter).collect(),
    }
}
