//! Which units of a plan a step is about, and which of them a message shows.
//!
//! A unit belongs to a round if it fits the step's filter on the day of the first rung. Its phase and health are
//! those that are known now, since the register keeps no older ones. Who updates a unit in the midst of a round may
//! therefore make it stop to fit; whoever has answered, or reported in its log, stays in the round all the same. It
//! would otherwise shrink with each answer, from "8 av 9" to "0 av 1". What begins to fit in the midst of a round
//! comes into it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::calendar::today;
use crate::ids::BodyId;
use crate::items::Item;
use crate::items::fresh::reports;
use crate::plan::follow::Seen;
use crate::plan::model::ItemLine;
use crate::plan::moments::ladder;
use crate::plan::steps::Case;
use crate::plan::view::{Topic, View};
use crate::plan::way::Way;
use crate::workflow::model::{Anchor, ItemFilter, Moment, Per, Step};

/// An answer is told of, at the longest, so long after it came: a quiet period and the time that news is news.
const STIRS: SignedDuration = SignedDuration::from_hours(60 * 24);

impl<'a> Case<'a> {
    /// A unit as this case sees it.
    #[must_use]
    pub fn seen(&self, item: &'a Item) -> Seen<'a> {
        Seen { world: self.world, meetings: self.lookup.meetings(), item, occasion: Some(self.at()) }
    }

    /// The units of the plans that `step` looks at, whether they fit or not.
    #[must_use]
    pub fn units(&self, step: &Step) -> Vec<&'a Item> {
        let own = ItemFilter::default();
        self.among(step.items.as_ref().unwrap_or(&own), |_, _| true)
    }

    /// The units that fit `filter` on `day`.
    #[must_use]
    pub fn fitting(&self, filter: &ItemFilter, day: Date) -> Vec<&'a Item> {
        self.among(filter, |item, one| self.seen(item).holds(one, day))
    }

    /// The units of the plans that `filter` looks at for which `holds` says yes to it or an alternative: the body's
    /// own plan first, then those below by the bodies' ids.
    fn among(&self, filter: &ItemFilter, holds: impl Fn(&Item, &ItemFilter) -> bool) -> Vec<&'a Item> {
        let Some(body) = &self.body else { return Vec::new() };
        let looks = |below: bool| filter.any().any(|one| one.below == below);
        let below = if looks(true) { self.world.organisation.descendants(body) } else { BTreeSet::new() };
        let own = std::iter::once(body).filter(|_| looks(false));
        let plans = own.map(|body| (body, false)).chain(below.iter().map(|body| (body, true)));
        let mut found = Vec::new();
        for (plan, below) in plans {
            let fits = |item: &&Item| filter.any().any(|one| one.below == below && holds(item, one));
            found.extend(self.lookup.items(plan).filter(fits));
        }
        found
    }

    /// Whether a unit that is in one of the plans fits what `step` says of it on `day`.
    fn fits(&self, step: &Step, item: &'a Item, day: Date) -> bool {
        let (own, seen) = (ItemFilter::default(), self.seen(item));
        let of = |body: &BodyId| &item.body == body;
        let below = !self.body.as_ref().is_some_and(of);
        let filter = step.items.as_ref().unwrap_or(&own);
        filter.any().any(|one| one.below == below && seen.holds(one, day))
    }

    /// What `step` is said about as far as it can say anything within the window. Occasions a year away are planned
    /// too, and a plan may have thousands of units: none is looked into on whose days nothing can be sent.
    #[must_use]
    pub fn awake(&'a self, step: &'a Step) -> Vec<Topic<'a>> {
        let mut topics = self.topics(step);
        if step.per == Per::Item && self.sleeps(step) {
            let since = self.window.from.checked_sub(STIRS).unwrap_or(self.window.from);
            let stirred = |item: &Item| self.lookup.is_stirred(self.at(), &item.unit(), since);
            topics.retain(|topic| !matches!(topic, Topic::Item(item) if !stirred(item)));
        }
        topics
    }

    /// Whether all rungs of a step lie outside the window for every unit. Only days that follow from the occasion
    /// alone are the same for all of them.
    fn sleeps(&'a self, step: &'a Step) -> bool {
        let fixed = |moment: &Moment| !matches!(moment.anchor, Anchor::Answered(_) | Anchor::DueOf(_));
        let moments = step.ask.iter().flat_map(|ask| {
            let up = ask.escalate.iter().chain(&ask.alarm).map(|rung| &rung.when);
            std::iter::once(&ask.due).chain(&ask.remind).chain(up)
        });
        if step.gate.is_some() || !std::iter::once(&step.when).chain(moments).all(fixed) {
            return false;
        }
        let view = View { case: self, topic: Topic::Whole, opening: None };
        let rungs = ladder(step, self.anchored(), view.due_of(step), &view, self.world.quiet, view.entered());
        !rungs.iter().any(|rung| self.window.contains(rung.at))
    }
}

impl Way<'_> {
    /// Whether the unit that it is about belongs to the round; see the module's head. What is about no unit does.
    #[must_use]
    pub fn is_in_round(&self) -> bool {
        let (Topic::Item(item), Some(first)) = (self.view.topic, self.base.first()) else { return true };
        let changed = item.phase_recorded.max(item.health_recorded) >= first.at;
        !self.given.is_empty()
            || self.view.case.fits(self.step, item, today(first.at))
            || (changed && self.is_reported(Timestamp::MAX))
    }

    /// Whether the unit has been reported on by `at`, on the day it was first asked about or later: the same as an
    /// answer, where the question says so.
    #[must_use]
    pub fn is_reported(&self, at: Timestamp) -> bool {
        let (Topic::Item(item), Some(first)) = (self.view.topic, self.base.first()) else { return false };
        let followed = self.view.case.world.facts.followed(&item.id);
        let asked = today(first.at);
        let counts = self.step.ask.as_ref().is_some_and(|ask| ask.entry_answers);
        counts && reports(item, followed, today(at)).any(|day| day >= asked)
    }
}

/// The lines of some units in a message that leaves on `day`.
#[must_use]
pub fn lines<'a>(case: &Case<'a>, units: impl IntoIterator<Item = &'a Item>, day: Date) -> Vec<ItemLine> {
    units.into_iter().map(|item| case.seen(item).line(day)).collect()
}
