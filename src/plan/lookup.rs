//! Facts by what they are about, so that planning a step costs what is known of it and not of everything.

use std::collections::BTreeMap;

use crate::ids::{BodyId, OccasionRef, WorkflowId};
use crate::plan::model::{Arrangement, Facts, Given, Listed, Matter};

/// Answers, arrangements and listed matters of [`Facts`], found by matter and occasion.
#[derive(Debug, Default)]
pub struct Lookup<'a> {
    answers: BTreeMap<&'a Matter, Vec<&'a Given>>,
    arranged: BTreeMap<&'a Matter, Vec<&'a Arrangement>>,
    listed: BTreeMap<&'a OccasionRef, Vec<&'a Listed>>,
}

impl<'a> Lookup<'a> {
    /// Reads the facts once.
    #[must_use]
    pub fn of(facts: &'a Facts) -> Self {
        let mut lookup = Self::default();
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

    /// The matters that one workflow has listed for one body under an occasion, by number; withdrawn ones too.
    #[must_use]
    pub fn listed(&self, workflow: &WorkflowId, body: Option<&BodyId>, of: &OccasionRef) -> Vec<&'a Listed> {
        let all = self.listed.get(of).into_iter().flatten().copied();
        let mut own: Vec<_> = all.filter(|l| &l.workflow == workflow && l.body.as_ref() == body).collect();
        own.sort_by_key(|l| l.number);
        own
    }
}
