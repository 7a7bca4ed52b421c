//! Deadlines that an answer renews: a decision's new last day makes the next occasion.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::ids::{OccasionId, OccasionRef};
use crate::plan::model::{Facts, Opened};
use crate::workflow::model::Workflow;

/// The occasions of one workflow that answers have made. They are derived, never stored: a corrected answer
/// moves them, and one that is taken back takes them with it.
#[derive(Debug, Default)]
pub struct Renewals(BTreeMap<OccasionRef, Renewal>);

#[derive(Debug)]
struct Renewal {
    /// The last day that was stated.
    day: Date,
    /// The occasion whose question it was stated in.
    of: OccasionRef,
}

impl Renewals {
    /// What the answers known in `facts` renew in `workflow`.
    ///
    /// Several applicants may have got different last days within one year. The earliest holds: from that day on
    /// somebody is without a decision, so that is the day everybody works towards, and the later ones are
    /// renewed with it. A day in the same year as what it renews, or before, makes nothing, since the occasion
    /// would be its own successor.
    #[must_use]
    pub fn of(facts: &Facts, workflow: &Workflow) -> Self {
        let mut renewals = Self::default();
        let renewed: Vec<_> =
            workflow.entries.iter().filter_map(|e| Some((&e.id, e.renewed_by.as_ref()?))).collect();
        if renewed.is_empty() {
            return renewals;
        }
        for given in facts.answers.iter().filter(|g| g.matter.workflow == workflow.id) {
            let (Some(of), Some(day)) = (given.matter.object.occasion(), given.date) else { continue };
            let answers = |(entry, step): &(_, _)| *entry == &of.id.entry && *step == &given.matter.step;
            if of.workflow != workflow.id || day.year() <= of.id.year || !renewed.iter().any(answers) {
                continue;
            }
            let id = OccasionId { year: day.year(), ..of.id.clone() };
            let next = OccasionRef { id, ..of.clone() };
            let earlier = renewals.0.get(&next).is_none_or(|known| day < known.day);
            if earlier {
                renewals.0.insert(next, Renewal { day, of: of.clone() });
            }
        }
        renewals
    }

    /// The day that answers give the occasion; none if it isn't renewed.
    #[must_use]
    pub fn day(&self, at: &OccasionRef) -> Option<Date> {
        self.0.get(at).map(|renewal| renewal.day)
    }

    /// The occasions that answers have made.
    pub fn occasions(&self) -> impl Iterator<Item = &OccasionRef> {
        self.0.keys()
    }

    /// What was entered for the occasion, or for the one that it goes back to, however many years ago.
    #[must_use]
    pub fn opened<'a>(&self, facts: &'a Facts, at: &OccasionRef) -> Option<&'a Opened> {
        let mut at = at;
        loop {
            if let Some(opened) = facts.opened.get(at) {
                return Some(opened);
            }
            // Each step goes back by a year at least, so this ends.
            at = &self.0.get(at)?.of;
        }
    }
}
