//! What is said of a plan's items: which they are, and what answers do to them.

use super::World;
use super::pointers::target;
use crate::fault::Fault;
use crate::grammar::advise;
use crate::ids::StepId;
use crate::workflow::draft::{AnswerDraft, Draft, ItemsDraft, StepDraft, WatchDraft};
use crate::workflow::model::{Per, SettledBy, Takes};

pub(super) fn check(world: &World<'_>, draft: &Draft<'_>, faults: &mut Vec<Fault>) {
    for step in &draft.steps {
        of_step(draft, step, faults);
        for answer in &step.answers {
            of_answer(draft, answer, step.per == Per::Item, faults);
        }
    }
    for watch in &draft.watches {
        of_watch(world, draft, watch, faults);
        for answer in &watch.answers {
            of_answer(draft, answer, true, faults);
        }
    }
}

fn of_step(draft: &Draft<'_>, step: &StepDraft<'_>, faults: &mut Vec<Fault>) {
    if step.per != Per::Item {
        let owners = step.settled_by == SettledBy::Owners;
        let keys = [("entry-answers", step.entry_answers), ("answered-by", owners)];
        for (key, _) in keys.into_iter().filter(|(_, stated)| *stated) {
            let message = format!("`{key}` speaks of an item, and the step is said about the occasion");
            let fault = draft.fault(step.table.key_at(key), "only-per-item", message);
            faults.push(fault.suggest("add `per = \"item\"`, or remove it"));
        }
    }
    for items in step.items.iter().flat_map(|items| std::iter::once(items).chain(&items.or)) {
        conditions(draft, items, faults);
    }
    let bodiless = draft.scope.is_none() && draft.entries.iter().all(|entry| entry.scope.is_none());
    if let Some(items) = step.items.as_ref().filter(|_| bodiless) {
        let message = format!("the step `{}` belongs to no body: items stand in a body's plan", step.name());
        let fault = draft.fault(items.table.at(), "no-own-body", message);
        faults.push(fault.suggest("add `for = \"rpo\"` at the top of the file"));
    }
    let Some(counted) = &step.counts else { return };
    let asks = draft.step(&counted.is).filter(|target| target.is_ask());
    if asks.is_none() {
        let message = format!("there is no question `{}` to count the answers of", counted.is);
        let advice = advise(counted.is.as_str(), draft.step_ids().map(StepId::as_str));
        faults.push(draft.fault(counted.at, "unknown-step", message).suggest_maybe(advice));
    }
}

fn of_watch(world: &World<'_>, draft: &Draft<'_>, watch: &WatchDraft<'_>, faults: &mut Vec<Fault>) {
    for items in watch.items.iter().flat_map(|items| std::iter::once(items).chain(&items.or)) {
        conditions(draft, items, faults);
        let keys = [("bound", items.bound.is_some()), ("changed", items.changed.is_some())];
        for (key, _) in keys.into_iter().chain([("of", items.below)]).filter(|(_, stated)| *stated) {
            let message = format!("`{key}` speaks of an occasion, and a watch has none");
            let fault = draft.fault(items.table.key_at(key), "only-for-steps", message);
            faults.push(fault.suggest("remove it, or write a step of the meeting's file"));
        }
    }
    let Some(way) = &watch.gives_way else { return };
    let (workflow, step) = &way.is;
    let Some(target) = target(world, draft, workflow, way.at, faults) else { return };
    let per_item = |step: &&StepDraft<'_>| step.is_ask() && step.per == Per::Item;
    if !target.step(step).is_some_and(|step| per_item(&step)) {
        let message = format!("`{workflow}` has no question `{step}` that is asked per item");
        let asked = target.steps.iter().filter(per_item).filter_map(|step| step.id.as_ref());
        let advice = advise(step.as_str(), asked.map(|id| id.is.as_str()));
        faults.push(draft.fault(way.at, "unknown-step", message).suggest_maybe(advice));
    }
}

fn conditions(draft: &Draft<'_>, items: &ItemsDraft<'_>, faults: &mut Vec<Fault>) {
    if let (None, Some(near)) = (items.stale, items.stale_near_deadline) {
        let message = "`stale-near-deadline` means nothing without `stale`";
        faults.push(draft.fault(near.at, "half-a-watch", message).suggest("add `stale = \"90 days\"`"));
    }
}

/// What an answer does to an item, and what must come with it.
fn of_answer(draft: &Draft<'_>, answer: &AnswerDraft<'_>, about_item: bool, faults: &mut Vec<Fault>) {
    let takes = |wanted: Takes| answer.takes.iter().any(|takes| takes.is == wanted);
    let of_items = answer.takes.iter().find(|takes| {
        matches!(
            takes.is,
            Takes::Phase | Takes::Health | Takes::Line | Takes::NextDate | Takes::Owner | Takes::Values
        )
    });
    let given = [
        ("phase", answer.phase.map(|v| v.at)),
        ("health", answer.health.map(|v| v.at)),
        ("rest", answer.rest.map(|v| v.at)),
        ("log", answer.log.map(|v| v.at)),
        ("waits-for", answer.waits_for),
        ("takes", of_items.map(|v| v.at)),
    ];
    for (key, at) in given {
        if let Some(at) = at.filter(|_| !about_item) {
            let message = format!("`{key}` is for answers about an item, and this is about an occasion");
            let fault = draft.fault(at, "only-for-items", message);
            faults
                .push(fault.suggest("write it in a watch or in a step with `per = \"item\"`, or remove it"));
        }
    }
    for need in answer.needs.iter().filter(|need| !takes(need.is)) {
        let fault = draft.fault(need.at, "needs-untaken", "it needs what it doesn't take");
        faults.push(fault.suggest("write it in `takes` too"));
    }
    if let Some(rest) = answer.rest.filter(|rest| rest.is.is_none() && !takes(Takes::Date)) {
        let fault = draft.fault(rest.at, "no-date", "no date comes with this answer");
        faults.push(fault.suggest("add `takes = \"date\"`, or write how long: `rest = \"20 workdays\"`"));
    }
}
