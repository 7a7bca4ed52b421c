//! What surrounds the questions: who is told of answers, what renews a deadline, who decides, weekly summaries.

use super::World;
use super::asks::marked;
use super::pointers::target;
use crate::fault::Fault;
use crate::grammar::advise;
use crate::ids::{AnswerId, StepId};
use crate::workflow::draft::{DecidedDraft, Draft, EntryDraft};
use crate::workflow::model::{Anchor, Moment, Takes};

pub(super) fn check(world: &World<'_>, draft: &Draft<'_>, faults: &mut Vec<Fault>) {
    for step in &draft.steps {
        for told in &step.told {
            for answer in &told.answers {
                let known = || step.answers.iter().map(|answer| &answer.id.is);
                if !step.answers.is_empty() && !known().any(|id| *id == answer.is) {
                    let message = format!("`{}` has no answer `{}`", step.name(), answer.is);
                    let advice = advise(answer.is.as_str(), known().map(AnswerId::as_str));
                    faults.push(draft.fault(answer.at, "unknown-answer", message).suggest_maybe(advice));
                }
            }
            if let Some(mark) = &told.mark {
                marked(draft, step, mark, faults);
            }
        }
    }
    for entry in &draft.entries {
        renewal(draft, entry, faults);
    }
    if let Some(decided) = &draft.decided_by {
        decision(world, draft, decided, faults);
    }
}

/// What renews a deadline is a question with an answer that takes a date.
fn renewal(draft: &Draft<'_>, entry: &EntryDraft<'_>, faults: &mut Vec<Fault>) {
    let Some(renewed) = &entry.renewed_by else { return };
    let Some(step) = draft.step(&renewed.is) else {
        let message = format!("unknown step `{}`", renewed.is);
        let advice = advise(renewed.is.as_str(), draft.step_ids().map(StepId::as_str));
        faults.push(draft.fault(renewed.at, "unknown-step", message).suggest_maybe(advice));
        return;
    };
    let dated = step.answers.iter().any(|answer| answer.takes.iter().any(|takes| takes.is == Takes::Date));
    if !dated {
        let message = format!("no answer of `{}` takes a date", renewed.is);
        let advice = "write `takes = \"date\"` in the answer that says until when";
        faults.push(draft.fault(renewed.at, "no-date", message).suggest(advice));
    }
}

fn decision(world: &World<'_>, draft: &Draft<'_>, decided: &DecidedDraft<'_>, faults: &mut Vec<Fault>) {
    if let Some(meetings) = &decided.meetings
        && let Some(target) = target(world, draft, &meetings.is, meetings.at, faults)
        && target.entries.is_empty()
    {
        let message = format!("`{}` has no meetings", meetings.is);
        faults.push(draft.fault(meetings.at, "unknown-entry", message));
    }
    for moment in decided.ready.iter().chain(&decided.latest) {
        let Moment { anchor, .. } = &moment.is;
        match anchor {
            Anchor::DueOf(step) if draft.step(step).is_none() => {
                let message = format!("unknown step `{step}`");
                let advice = advise(step.as_str(), draft.step_ids().map(StepId::as_str));
                faults.push(draft.fault(moment.at, "unknown-step", message).suggest_maybe(advice));
            }
            Anchor::Answered(_) | Anchor::Due | Anchor::Expected => {
                let advice = "write `closes`, `start` or the last day of a step, such as `utkast.due`";
                let fault = draft.fault(moment.at, "bad-anchor", "it must be known before anybody answers");
                faults.push(fault.suggest(advice));
            }
            _ => {}
        }
    }
}
