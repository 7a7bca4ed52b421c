//! Which occasions concern the people of a body, and so stand in their calendars.
//!
//! Its own, those of all bodies above it, and of what belongs to no body (national or joint) that which a workflow gives
//! it a part in: the workflow of the occasion, one that follows it or one that the occasion is prepared as runs for the
//! body or a body above it, has other occasions that do, or has a step for this occasion that asks or tells the body's
//! own people by its id or its kind.

use crate::ids::{BodyId, EntryId, OccasionRef};
use crate::organisation::{Body, Organisation};
use crate::plan::model::{Occasion, OwnDay};
use crate::workflow::Workflows;
use crate::workflow::model::{Recipient, RoleOf, Scope, Workflow};

/// A body as its people's calendars see it.
#[derive(Debug)]
pub struct Concern<'a> {
    body: &'a Body,
    /// The body itself and those above it.
    line: Vec<&'a Body>,
    workflows: &'a Workflows,
    /// Whether what belongs to no body, but gives it a part, concerns it too.
    takes_part: bool,
}

impl<'a> Concern<'a> {
    /// What concerns the people of `body`.
    #[must_use]
    pub fn of(body: &'a Body, organisation: &'a Organisation, workflows: &'a Workflows) -> Self {
        let above = organisation.ancestors(&body.id);
        let above = above.iter().filter_map(|id| organisation.bodies.get(id));
        Self { body, line: [body].into_iter().chain(above).collect(), workflows, takes_part: true }
    }

    /// Only what belongs to the body or one above it.
    #[must_use]
    pub fn without_part(self) -> Self {
        Self { takes_part: false, ..self }
    }

    /// Whether an occasion does.
    #[must_use]
    pub fn with(&self, occasion: &Occasion) -> bool {
        match &occasion.at.body {
            Some(body) => self.is_of(body),
            None if !self.takes_part => false,
            None => {
                let entry = &occasion.at.id.entry;
                self.parts(occasion).any(|workflow| self.runs(workflow) || self.is_told(workflow, entry))
            }
        }
    }

    /// Whether a last day of an occasion that does is set for the body or one above it: an arbetsgrupp answers within
    /// its programme area.
    #[must_use]
    pub fn owes(&self, occasion: &Occasion, day: &OwnDay) -> bool {
        let Some(workflow) = self.workflows.0.get(&day.workflow) else { return false };
        let own = |body: &&Body| occasion.at.body.as_ref().is_none_or(|of| *of == body.id || self.is_of(of));
        let asked = self.line.iter().copied().filter(own).filter(|body| covers(&workflow.scope, body));
        let mut left = asked.filter(|body| !self.is_switched_off(day, body));
        left.next().is_some()
    }

    fn is_switched_off(&self, day: &OwnDay, body: &Body) -> bool {
        let off =
            |w: &&Workflow| w.switched_off.iter().any(|(id, step)| *id == day.workflow && *step == day.step);
        let mut files = self.workflows.0.values().filter(off);
        files.any(|w| w.scope == Scope::Once || covers(&w.scope, body))
    }

    /// Whether it is the body or one above it.
    #[must_use]
    pub fn is_of(&self, body: &BodyId) -> bool {
        self.line.iter().any(|own| &own.id == body)
    }

    /// Whether a scope names the body or one above it.
    #[must_use]
    pub fn is_in(&self, scope: &Scope) -> bool {
        self.line.iter().any(|own| covers(scope, own))
    }

    /// The workflows that have steps for an occasion: its own, its followers and what it is prepared as.
    fn parts(&self, occasion: &Occasion) -> impl Iterator<Item = &'a Workflow> {
        let OccasionRef { workflow: own, id, .. } = &occasion.at;
        let entries = self.workflows.0.get(own).map_or(&[][..], |workflow| &workflow.entries);
        let prepared_as =
            entries.iter().find(|entry| entry.id == id.entry).and_then(|entry| entry.prepared_as.as_ref());
        self.workflows.0.values().filter(move |workflow| {
            let follows = workflow.follows.iter().any(|follow| {
                follow.workflow == *own && follow.entry.as_ref().is_none_or(|entry| *entry == id.entry)
            });
            workflow.id == *own || Some(&workflow.id) == prepared_as || follows
        })
    }

    fn runs(&self, workflow: &Workflow) -> bool {
        let scopes = workflow.entries.iter().filter_map(|entry| entry.scope.as_ref());
        [&workflow.scope].into_iter().chain(scopes).any(|scope| self.is_in(scope))
    }

    fn is_told(&self, workflow: &Workflow, entry: &EntryId) -> bool {
        let names = |recipient: &Recipient| match recipient {
            Recipient::Role { of: RoleOf::Body(body), .. } => *body == self.body.id,
            Recipient::Role { of: RoleOf::Kind(kind), .. } => *kind == self.body.kind,
            Recipient::Role { of: RoleOf::Own | RoleOf::Receiver, .. }
            | Recipient::Owner
            | Recipient::Deputy => false,
        };
        let steps = workflow.steps.iter().filter(|step| step.on.is_empty() || step.on.contains(entry));
        steps.flat_map(|step| &step.to).any(names)
    }
}

fn covers(scope: &Scope, body: &Body) -> bool {
    match scope {
        Scope::Once => false,
        Scope::Kind(kind) => *kind == body.kind,
        Scope::Bodies(bodies) => bodies.contains(&body.id),
    }
}
