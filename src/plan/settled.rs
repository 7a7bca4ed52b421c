//! What an answer settles: the question for whom, and what a unit waited for.

use jiff::civil::Date;

use crate::items::Owners;
use crate::plan::follow::{Meetings, Seen};
use crate::plan::model::{Matter, Object, World};
use crate::workflow::Workflows;
use crate::workflow::model::{Ask, Per, SettledBy, Step};

/// The question that a matter belongs to, of its workflow or of the one that its occasion is prepared as. None for a
/// watch, a notice, or a step that the files no longer have.
#[must_use]
pub fn ask_of<'a>(workflows: &'a Workflows, matter: &Matter) -> Option<&'a Ask> {
    question(workflows, matter)?.ask.as_ref()
}

fn question<'a>(workflows: &'a Workflows, matter: &Matter) -> Option<&'a Step> {
    let at = matter.object.occasion()?;
    let workflow = workflows.0.get(&matter.workflow)?;
    let entry = workflow.entries.iter().find(|e| e.id == at.id.entry);
    let lender = entry.and_then(|e| e.prepared_as.as_ref()).and_then(|id| workflows.0.get(id));
    let mut steps = std::iter::once(workflow).chain(lender).flat_map(|w| &w.steps);
    steps.find(|s| s.id == matter.step && s.ask.is_some())
}

/// Whether an answer to `matter` tells what became of a unit that was bound to an occasion, so that it no longer waits
/// for it.
#[must_use]
pub fn is_outcome(workflows: &Workflows, matter: &Matter) -> bool {
    let items =
        question(workflows, matter).filter(|step| step.per == Per::Item).and_then(|s| s.items.as_ref());
    items.is_some_and(|items| items.any().any(|one| one.bound == Some(true)))
}

/// The numbers of the waits that end with an answer to `matter` on `day`: see [`is_outcome`].
#[must_use]
pub fn ended_waits(world: World<'_>, matter: &Matter, day: Date) -> Vec<i64> {
    let (Some(unit), Some(at)) = (matter.object.unit(), matter.object.occasion()) else { return Vec::new() };
    let item = world.facts.items.iter().find(|item| item.unit() == unit);
    let Some(item) = item.filter(|_| is_outcome(world.workflows, matter)) else { return Vec::new() };
    let meetings = &Meetings::of(&world, day);
    Seen { world, meetings, item, occasion: Some(at) }.bound().map(|wait| wait.number).collect()
}

/// Whom one answer to `matter` settles it for: never [`SettledBy::Owners`]. `owners` are those of the item that it is
/// about. A watch looks at an item's state, so one answer is enough for it.
#[must_use]
pub fn settled_by(workflows: &Workflows, matter: &Matter, owners: Option<&Owners>) -> SettledBy {
    match matter.object {
        Object::Item(_) | Object::Other(_) => SettledBy::Anyone,
        Object::Occasion(_) | Object::Part { .. } => {
            ask_of(workflows, matter).map_or(SettledBy::Each, |ask| among(ask.settled_by, owners))
        }
    }
}

/// [`SettledBy::Owners`] as it is for these owners; everything else as it is.
#[must_use]
pub fn among(settled_by: SettledBy, owners: Option<&Owners>) -> SettledBy {
    match settled_by {
        SettledBy::Owners if owners.is_some_and(|owners| owners.all) => SettledBy::Each,
        SettledBy::Owners => SettledBy::Anyone,
        other => other,
    }
}
