//! Pointers from one file to another: occasions, preparation, steps that are switched off.

use crate::fault::Fault;
use crate::grammar::advise;
use crate::ids::{EntryId, StepId, WorkflowId};
use crate::workflow::draft::Draft;

use super::World;

pub(super) fn check(world: &World<'_>, draft: &Draft<'_>, faults: &mut Vec<Fault>) {
    for follow in &draft.follows {
        let (workflow, entry) = &follow.is;
        let Some(target) = target(world, draft, workflow, follow.at, faults) else { continue };
        if target.id == draft.id {
            let fault = draft.fault(follow.at, "own-file", "this is the file itself");
            faults.push(fault.suggest("remove it: the steps are about the file's own entries anyway"));
        } else if target.entries.is_empty() {
            let message = format!("`{workflow}` has no meetings, periods or deadlines");
            faults.push(draft.fault(follow.at, "unknown-entry", message));
        } else if let Some(entry) = entry.as_ref().filter(|entry| !target.entry_ids().any(|id| id == *entry))
        {
            let message = format!("`{workflow}` has no entry `{entry}`");
            let advice = advise(entry.as_str(), target.entry_ids().map(EntryId::as_str));
            faults.push(draft.fault(follow.at, "unknown-entry", message).suggest_maybe(advice));
        }
    }
    for off in &draft.switched_off {
        let (workflow, step) = &off.is;
        let Some(target) = target(world, draft, workflow, off.at, faults) else { continue };
        let watches = target.watches.iter().filter_map(|watch| watch.id.as_ref()).map(|id| &id.is);
        let known: Vec<&StepId> = target.step_ids().chain(watches).collect();
        if !known.contains(&step) {
            let message = format!("`{workflow}` has no step `{step}`");
            let advice = advise(step.as_str(), known.into_iter().map(StepId::as_str));
            faults.push(draft.fault(off.at, "unknown-step", message).suggest_maybe(advice));
        }
    }
    for prepared in draft.entries.iter().filter_map(|entry| entry.prepared_as.as_ref()) {
        let Some(target) = target(world, draft, &prepared.is, prepared.at, faults) else { continue };
        if target.id == draft.id {
            let fault = draft.fault(prepared.at, "own-file", "this is the file itself");
            faults.push(fault.suggest("remove it: the file's own steps apply anyway"));
        } else if target.steps.is_empty() {
            let message = format!("`{}` has no steps", prepared.is);
            faults.push(draft.fault(prepared.at, "unknown-step", message).suggest("write a file that has"));
        }
    }
    occasions(world, draft, faults);
}

pub(super) fn target<'a>(
    world: &World<'a>,
    draft: &Draft<'_>,
    workflow: &WorkflowId,
    at: usize,
    faults: &mut Vec<Fault>,
) -> Option<&'a Draft<'a>> {
    let target = world.drafts.get(workflow).copied();
    if target.is_none() {
        // Near in the file's own name is enough: folders are what people get wrong.
        let name = |id: &str| id.rsplit('/').next().map(str::to_owned);
        let same = world.drafts.keys().find(|id| name(id.as_str()) == name(workflow.as_str()));
        let suggestion = match same {
            Some(same) => Some(format!("did you mean `{same}`?")),
            None => advise(workflow.as_str(), world.drafts.keys().map(|id| id.as_str())),
        };
        let message = format!("there is no workflow `{workflow}`");
        faults.push(draft.fault(at, "unknown-workflow", message).suggest_maybe(suggestion));
    }
    // What such a file holds isn't known.
    target.filter(|target| !target.broken)
}

/// Steps need something to be about.
fn occasions(world: &World<'_>, draft: &Draft<'_>, faults: &mut Vec<Fault>) {
    let prepares = |other: &&Draft<'_>| {
        other.entries.iter().any(|e| e.prepared_as.as_ref().is_some_and(|id| id.is == draft.id))
    };
    let root_has = !draft.entries.is_empty() || draft.follows_something;
    if !root_has
        && let Some(step) = draft.steps.first()
        && !world.drafts.values().copied().any(|other| prepares(&other))
    {
        let message = "the step is about nothing: the file has no meeting, period or deadline";
        let fault = draft.fault(step.table.at(), "no-occasion", message);
        faults.push(fault.suggest("add one, or `occasion = \"nationell/remisser\"` at the top"));
    }
    let mut known: Vec<&EntryId> = draft.entry_ids().collect();
    for follow in &draft.follows {
        match (&follow.is, world.drafts.get(&follow.is.0)) {
            ((_, Some(entry)), _) => known.push(entry),
            ((_, None), Some(target)) => known.extend(target.entry_ids()),
            ((_, None), None) => return,
        }
    }
    for on in draft.steps.iter().flat_map(|step| &step.on).filter(|on| !known.contains(&&on.is)) {
        let message = format!("unknown entry `{}`", on.is);
        let advice = advise(on.is.as_str(), known.iter().map(|id| id.as_str()));
        faults.push(draft.fault(on.at, "unknown-entry", message).suggest_maybe(advice));
    }
}
