//! The plan: what will be sent, when, to whom and why, for any period, as a value.
//!
//! [`plan`] is a function of the organisation, the workflows, the facts and a window of time. It reads no
//! clock and no file, so the same input gives the same plan: the mails, the pages and the feeds are made from
//! it and cannot disagree. [`reconcile`] compares a plan with what the outbox knows.
//!
//! What is promised of the messages:
//! - each has a [`model::Key`] that no other has;
//! - none lies before the start of what it belongs to (workflow, body, recipient's body);
//! - whose ask lies before the start is first asked on the next rung, never reminded;
//! - an answer ends the rungs after it;
//! - none but an alarm lies in a quiet period or on a day that isn't a workday.

pub mod asked;
pub mod changes;
pub mod concern;
pub mod counts;
pub mod decision;
pub mod digest;
pub mod feasible;
pub mod fields;
pub mod follow;
pub mod gates;
pub mod handover;
pub mod key;
pub mod lookup;
pub mod model;
pub mod moments;
pub mod notice;
pub mod occasions;
pub mod own_days;
pub mod passing;
pub mod recipients;
pub mod reconcile;
pub mod renewals;
pub mod results;
pub mod rounds;
pub mod settled;
pub mod show;
pub mod silence;
pub mod steps;
pub mod summaries;
pub mod telling;
pub mod units;
pub mod unseen;
pub mod view;
pub mod watches;
pub mod way;
pub mod window;

use std::collections::BTreeSet;

use crate::calendar::today;
use crate::ids::{BodyId, StepId, WorkflowId};
use crate::plan::lookup::Lookup;
use crate::plan::model::{Message, Plan, World};
use crate::plan::occasions::{Resolved, bodies_of, resolve};
use crate::plan::renewals::Renewals;
use crate::plan::steps::Case;
use crate::workflow::model::{EntryKind, Lacks, Span, Step, Workflow};

pub use crate::plan::steps::Assume;
pub use crate::plan::window::Window;

/// Everything that happens within `window`: occasions that overlap it, and messages that leave in it.
#[must_use]
pub fn plan(world: World<'_>, window: Window, assume: Assume) -> Plan {
    let first = today(window.from);
    let mut messages = of_steps(world, window, assume);
    messages.extend(watches::messages(world, window));
    messages.extend(changes::messages(world));
    messages.extend(unseen::messages(world));
    messages.extend(handover::messages(world, window, assume));
    messages.extend(summaries::messages(world, window));
    messages.retain(|m| window.contains(m.at));
    messages.sort_by(|a, b| (a.at, &a.key).cmp(&(b.at, &b.key)));
    // Somebody may change bodies and be named in another from then on: the same is said to them once.
    let mut seen = BTreeSet::new();
    messages.retain(|m| seen.insert(m.key.clone()));
    let inclusive = today(window.until - jiff::SignedDuration::from_secs(1));
    Plan { occasions: occasions::occasions(&world, first, inclusive), messages }
}

/// What the steps of all occasions say within `window`, in no particular order.
fn of_steps(world: World<'_>, window: Window, assume: Assume) -> Vec<Message> {
    // A step may lie long before or after its occasion (an expiry asks 120 days ahead), so occasions a year
    // beyond the window are planned too, and what falls outside is dropped.
    let years = (today(window.from).year() - 1, today(window.until).year() + 1);
    let mut messages = Vec::new();
    let lookup = &Lookup::of(&world, today(window.from));
    for home in world.workflows.0.values() {
        let renewals = Renewals::of(world.facts, home);
        for occasion in &resolve(&world, home, years) {
            let opened = match occasion {
                Resolved::Dated(o) => renewals.opened(world.facts, &o.at),
                Resolved::Expected(_) => None,
            };
            for (workflow, body, steps) in audiences(world, home, occasion) {
                let case = Case { world, lookup, assume, window, workflow, steps, body, occasion, opened };
                messages.extend(case.messages());
            }
        }
    }
    messages
}

type Audience<'a> = (&'a Workflow, Option<BodyId>, Vec<&'a Step>);

/// Whose steps apply to an occasion of `home`: its own (or those of the workflow it is prepared as), and those
/// of every workflow that follows it, once for each of that workflow's bodies.
fn audiences<'a>(world: World<'a>, home: &'a Workflow, occasion: &Resolved) -> Vec<Audience<'a>> {
    let (at, undated) = match occasion {
        Resolved::Dated(o) if o.status == crate::workflow::model::Status::Cancelled => return Vec::new(),
        Resolved::Dated(o) => (&o.at, false),
        Resolved::Expected(e) => (&e.at, true),
    };
    let prepared_as = home.entries.iter().find(|e| e.id == at.id.entry).and_then(|e| e.prepared_as.as_ref());
    let borrowed = prepared_as.and_then(|id| world.workflows.0.get(id));
    let own =
        home.steps.iter().filter(|s| s.on.contains(&at.id.entry) || (s.on.is_empty() && borrowed.is_none()));
    // A lender's `on` names the lender's own entries.
    let lent = borrowed.into_iter().flat_map(|w| w.steps.iter().filter(|s| s.on.is_empty()));
    let steps = |all: Vec<&'a Step>, workflow: &'a Workflow, body: Option<&BodyId>| -> Vec<&'a Step> {
        let runs = |s: &&Step| {
            s.undated == undated && lacks(s, occasion) && !switched_off(world, &workflow.id, body, &s.id)
        };
        all.into_iter().filter(runs).collect()
    };
    let mut found = vec![(home, at.body.clone(), steps(own.chain(lent).collect(), home, at.body.as_ref()))];
    for follower in world.workflows.0.values() {
        let follows = |f: &crate::workflow::model::Follow| {
            f.workflow == home.id && f.entry.as_ref().is_none_or(|e| e == &at.id.entry)
        };
        if !follower.follows.iter().any(follows) {
            continue;
        }
        for body in bodies_of(&world, &follower.scope) {
            if concerns(world, at.body.as_ref(), body.as_ref()) {
                let on = follower.steps.iter().filter(|s| s.on.is_empty() || s.on.contains(&at.id.entry));
                let on = steps(on.collect(), follower, body.as_ref());
                found.push((follower, body, on));
            }
        }
    }
    found
}

/// Whether the occasion lacks what a step is about; most are about nothing that could be lacking.
fn lacks(step: &Step, occasion: &Resolved) -> bool {
    let Resolved::Dated(occasion) = occasion else { return step.lacks.is_empty() };
    let lacking = |what: &Lacks| match what {
        Lacks::Time => matches!(occasion.span, Span::AllDay { .. }),
        Lacks::Place => occasion.place.is_none(),
    };
    step.lacks.is_empty() || (occasion.kind == EntryKind::Meeting && step.lacks.iter().any(lacking))
}

/// An occasion of one body concerns that body and those above and below it; one that exists once, everybody.
fn concerns(world: World<'_>, of: Option<&BodyId>, body: Option<&BodyId>) -> bool {
    let (Some(of), Some(body)) = (of, body) else { return true };
    of == body
        || world.organisation.ancestors(body).contains(of)
        || world.organisation.ancestors(of).contains(body)
}

fn switched_off(world: World<'_>, workflow: &WorkflowId, body: Option<&BodyId>, step: &StepId) -> bool {
    world.workflows.0.values().any(|w| {
        let named = w.switched_off.iter().any(|(off, s)| off == workflow && s == step);
        named && bodies_of(&world, &w.scope).iter().any(|b| b.is_none() || b.as_ref() == body)
    })
}

/// The messages of a plan that nobody can get, since the role is vacant.
#[must_use]
pub fn vacant(plan: &Plan) -> Vec<&Message> {
    plan.messages.iter().filter(|m| m.to.is_none()).collect()
}
