//! What a plan asks that people can't well do: warnings, not faults. The plan stays as it is.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::calendar::{is_bridge, today, week_code};
use crate::ids::{OccasionRef, WorkflowId};
use crate::plan::decision::{Decided, Decision, decisions};
use crate::plan::model::{Message, MessageKind, Object, Occasion, Plan, World};

/// More mails than this a week are too many for one person.
pub const PER_WEEK: usize = 5;

/// Something in a plan that people can't well do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Warning {
    /// The workflow whose file can change it; where several have a part in it, the one with the most.
    pub place: WorkflowId,
    /// What, in English: lower case, no full stop.
    pub what: String,
}

/// Everything in `plan` that deserves a warning, sorted, each once, where nobody should get more than `budget` mails
/// a week. What is urgent is not counted: it can't wait.
#[must_use]
pub fn warnings(world: World<'_>, plan: &Plan, budget: usize) -> Vec<Warning> {
    let mut found = BTreeSet::new();
    for message in &plan.messages {
        found.extend(of_due(world, message));
    }
    found.extend(undecided(world, plan));
    found.extend(heaps(world, plan, budget));
    found.into_iter().collect()
}

/// What is odd about the day that an answer is due.
fn of_due(world: World<'_>, message: &Message) -> Vec<Warning> {
    let Some(due) = message.notice.due else { return Vec::new() };
    if !matches!(message.kind, MessageKind::Ask | MessageKind::Reminder) {
        return Vec::new();
    }
    let mut odd = Vec::new();
    if let Some(quiet) = world.quiet.name(due) {
        odd.push(format!("is due on {due}, in the quiet period `{quiet}`"));
    } else if is_bridge(due) {
        odd.push(format!("is due on {due}, a single workday between days off"));
    }
    let sent = today(message.at);
    if message.kind == MessageKind::Ask && due <= sent {
        let asked = if due == sent { "the day it is asked" } else { "before it is asked" };
        odd.push(format!("is due on {due}, {asked} ({sent})"));
    }
    let about = about(&message.matter.object);
    let warning = |odd| Warning {
        place: message.matter.workflow.clone(),
        what: format!("`{}` of {about} {odd}", message.matter.step),
    };
    odd.into_iter().map(warning).collect()
}

fn about(object: &Object) -> String {
    match object {
        Object::Occasion(at) => named(at),
        Object::Part { of, .. } => named(of),
        Object::Item(unit) | Object::Other(unit) => unit.clone(),
    }
}

fn named(at: &OccasionRef) -> String {
    format!("{} {}", at.workflow, at.id)
}

/// The occasions on which no meeting decides in time.
fn undecided(world: World<'_>, plan: &Plan) -> Vec<Warning> {
    let mut found = Vec::new();
    for Decided { workflow, occasion, decision } in decisions(world, plan) {
        if let Decision::Otherwise { who, ready, latest, last_before, too_late, .. } = decision {
            // A year whose meetings have no dates yet says nothing of any of its rounds.
            if last_before.is_none() && too_late.is_none() {
                continue;
            }
            let day = |o: Option<Box<Occasion>>, none: &str| {
                o.map_or_else(|| none.to_owned(), |o| o.span.first().to_string())
            };
            let (before, after) = (day(last_before, "none known"), day(too_late, "none known"));
            let what = format!(
                "{}: no meeting of {who} can decide on what is ready on {ready} and must be settled by {latest} \
                 (the last before: {before}, the next after: {after})",
                named(&occasion.at)
            );
            found.push(Warning { place: workflow.id.clone(), what });
        }
    }
    found
}

/// What one person gets in a week.
#[derive(Default)]
struct Week<'a> {
    mails: BTreeSet<Timestamp>,
    messages: BTreeMap<&'a WorkflowId, usize>,
}

/// Who gets more than `budget` mails in a week: what leaves at one moment is one mail. A vacant role counts as a
/// person, so that files can be judged before anybody holds a role.
fn heaps(world: World<'_>, plan: &Plan, budget: usize) -> Vec<Warning> {
    let mut weeks: BTreeMap<(&str, String), Week<'_>> = BTreeMap::new();
    for message in plan.messages.iter().filter(|m| !m.urgent) {
        let person = message.to.as_ref().and_then(|id| world.facts.people.persons.get(id));
        let who = person.map_or(message.role.as_str(), |p| p.address.as_str());
        let week = weeks.entry((who, week_code(today(message.at)))).or_default();
        week.mails.insert(message.at);
        *week.messages.entry(&message.matter.workflow).or_default() += 1;
    }
    let too_many = weeks.into_iter().filter(|(_, week)| week.mails.len() > budget);
    let warned = too_many.filter_map(|((who, code), week)| {
        let (most, _) = week.messages.into_iter().max_by(|a, b| (a.1, b.0).cmp(&(b.1, a.0)))?;
        let what = format!("{who} gets {} mails in {code}, more than {budget}", week.mails.len());
        Some(Warning { place: most.clone(), what })
    });
    warned.collect()
}
