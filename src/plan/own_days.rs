//! The last days that workflows set for their own bodies' answers, as calendars show them ("Intern svarsdag").

use jiff::Timestamp;
use jiff::civil::Date;

use crate::ids::StepId;
use crate::plan::model::{Occasion, OwnDay, World};
use crate::plan::moments::{Anchored, Natural, Steps, natural};
use crate::workflow::model::{Span, Step, Workflow};

/// Those of an occasion, in the order of workflows and of the steps in their files: of its own workflow, of what it is
/// prepared as, and of each that follows it.
///
/// Only what follows from the occasion's days is here, so that the day is known beforehand and is the same for every
/// body; files that ask for anything else have a fault.
#[must_use]
pub fn own_days(world: &World<'_>, occasion: &Occasion) -> Vec<OwnDay> {
    let entry = &occasion.at.id.entry;
    let home = world.workflows.0.get(&occasion.at.workflow);
    let lender = home.and_then(|w| w.entries.iter().find(|e| &e.id == entry)?.prepared_as.as_ref());
    let mut found = Vec::new();
    for workflow in world.workflows.0.values() {
        let follows = |f: &crate::workflow::model::Follow| {
            f.workflow == occasion.at.workflow && f.entry.as_ref().is_none_or(|e| e == entry)
        };
        let own = workflow.id == occasion.at.workflow && lender.is_none();
        let general = own || lender == Some(&workflow.id) || workflow.follows.iter().any(follows);
        let named = workflow.id == occasion.at.workflow || workflow.follows.iter().any(follows);
        let applies =
            |s: &&Step| !s.undated && if s.on.is_empty() { general } else { named && s.on.contains(entry) };
        let steps = workflow.steps.iter().filter(applies);
        found.extend(steps.filter_map(|step| day_of(workflow, step, occasion.span)));
    }
    found
}

fn day_of(workflow: &Workflow, step: &Step, span: Span) -> Option<OwnDay> {
    let title = step.in_calendars.clone()?;
    let day = Apart { steps: &workflow.steps, span }.due(&step.id)?;
    Some(OwnDay { workflow: workflow.id.clone(), step: step.id.clone(), title, day })
}

/// Steps apart from what anybody has answered.
struct Apart<'a> {
    steps: &'a [Step],
    span: Span,
}

impl Steps for Apart<'_> {
    fn due(&self, step: &StepId) -> Option<Date> {
        let ask = self.steps.iter().find(|s| &s.id == step)?.ask.as_ref()?;
        natural(&ask.due, Anchored::Dated(self.span), None, self).map(Natural::day)
    }

    fn answered(&self, _: &StepId) -> Option<Timestamp> {
        None
    }
}
