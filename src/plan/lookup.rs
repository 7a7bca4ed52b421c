//! Facts by what they are about, so that planning a step costs what is known of it and not of everything.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::ids::{BodyId, OccasionRef, WorkflowId};
use crate::items::Item;
use crate::plan::follow::Meetings;
use crate::plan::model::{Arrangement, Given, Listed, Matter, World};

/// Answers, arrangements and listed matters, found by matter and occasion; items and meetings by body.
#[derive(Debug, Default)]
pub struct Lookup<'a> {
    answers: BTreeMap<&'a Matter, Vec<&'a Given>>,
    arranged: BTreeMap<&'a Matter, Vec<&'a Arrangement>>,
    listed: BTreeMap<&'a OccasionRef, Vec<&'a Listed>>,
    items: BTreeMap<&'a BodyId, Vec<&'a Item>>,
    stirred: BTreeMap<(&'a OccasionRef, &'a str), Timestamp>,
    meetings: Meetings,
}

impl<'a> Lookup<'a> {
    /// Reads the facts once, with the meetings about `day`.
    #[must_use]
    pub fn of(world: &World<'a>, day: Date) -> Self {
        let facts = world.facts;
        let mut lookup = Self { meetings: Meetings::of(world, day), ..Self::default() };
        for item in &facts.items {
            lookup.items.entry(&item.body).or_default().push(item);
        }
        let answered = facts.answers.iter().map(|g| (&g.matter.object, g.at));
        // What is arranged may have a day of its own, however long ago it was arranged.
        let arranged = facts.arrangements.iter().map(|a| (&a.matter.object, Timestamp::MAX));
        for (object, at) in answered.chain(arranged) {
            if let (Some(of), Some(unit)) = (object.occasion(), object.unit()) {
                let newest = lookup.stirred.entry((of, unit)).or_insert(at);
                *newest = at.max(*newest);
            }
        }
        for given in &facts.answers {
            lookup.answers.entry(&given.matter).or_default().push(given);
        }
        for arrangement in &facts.arrangements {
            lookup.arranged.entry(&arrangement.matter).or_default().push(arrangement);
        }
        for listed in &facts.listed {
            lookup.listed.entry(&listed.of).or_default().push(listed);
        }
        for given in lookup.answers.values_mut() {
            given.sort_by(|a, b| (a.at, &a.person).cmp(&(b.at, &b.person)));
        }
        for arranged in lookup.arranged.values_mut() {
            arranged.sort_by(|a, b| (a.at, &a.person).cmp(&(b.at, &b.person)));
        }
        lookup
    }

    /// What was answered, the oldest first.
    pub fn answers(&self, matter: &Matter) -> impl Iterator<Item = &'a Given> {
        self.answers.get(matter).into_iter().flatten().copied()
    }

    /// What was arranged, the oldest first.
    pub fn arranged(&self, matter: &Matter) -> impl Iterator<Item = &'a Arrangement> {
        self.arranged.get(matter).into_iter().flatten().copied()
    }

    /// The units of a body's plan, in its order.
    pub fn items(&self, body: &BodyId) -> impl Iterator<Item = &'a Item> {
        self.items.get(body).into_iter().flatten().copied()
    }

    /// Whether anything has been answered about a unit on an occasion since `moment`, or arranged at any time.
    #[must_use]
    pub fn is_stirred(&self, of: &OccasionRef, unit: &str, moment: Timestamp) -> bool {
        self.stirred.get(&(of, unit)).is_some_and(|at| *at >= moment)
    }

    /// The meetings of bodies.
    #[must_use]
    pub fn meetings(&self) -> &Meetings {
        &self.meetings
    }

    /// The matters that one workflow has listed for one body under an occasion, by number; withdrawn ones too.
    #[must_use]
    pub fn listed(&self, workflow: &WorkflowId, body: Option<&BodyId>, of: &OccasionRef) -> Vec<&'a Listed> {
        let all = self.listed.get(of).into_iter().flatten().copied();
        let mut own: Vec<_> = all.filter(|l| &l.workflow == workflow && l.body.as_ref() == body).collect();
        own.sort_by_key(|l| l.number);
        own
    }
}
