//! Which units of a plan a rule is about on a day, and since when.
//!
//! What an item waits for becomes a day here: a meeting that has got its date resolves the wait, without anybody
//! touching the item.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::{Offset, Side, today};
use crate::ids::{BodyId, OccasionRef};
use crate::items::fresh::{Age, age, next_deadline, overdue, reports};
use crate::items::measures::lacks;
use crate::items::register::{Followed, Line, LogKind, Wait, WaitOn, is_about};
use crate::items::{Item, Phase};
use crate::plan::model::{ItemLine, Occasion, World};
use crate::plan::occasions::occasions;
use crate::workflow::model::{EntryKind, Interval, ItemFilter, NextDate, Stale, Status};

/// The meetings of bodies, as far as items wait for them.
#[derive(Debug, Default)]
pub struct Meetings(BTreeMap<BodyId, Vec<Occasion>>);

impl Meetings {
    /// Every meeting of a body that isn't cancelled, from a year before `from` to a year and a half after it.
    #[must_use]
    pub fn of(world: &World<'_>, from: Date) -> Self {
        let (first, last) = (
            from.saturating_sub(jiff::Span::new().years(1)),
            from.saturating_add(jiff::Span::new().months(18)),
        );
        let mut all: BTreeMap<BodyId, Vec<Occasion>> = BTreeMap::new();
        // They come ordered by their first day.
        for occasion in occasions(world, first, last) {
            let held = occasion.kind == EntryKind::Meeting && occasion.status != Status::Cancelled;
            if let Some(body) = occasion.at.body.clone().filter(|_| held) {
                all.entry(body).or_default().push(occasion);
            }
        }
        Self(all)
    }

    /// The meetings of a body, the earliest first.
    pub fn of_body(&self, body: &BodyId) -> impl DoubleEndedIterator<Item = &Occasion> {
        self.0.get(body).into_iter().flatten()
    }

    /// The meetings of the same body and file before `at`, the latest first.
    pub fn earlier<'a>(&'a self, at: &'a OccasionRef) -> impl Iterator<Item = &'a Occasion> {
        let all = || at.body.as_ref().into_iter().flat_map(|body| self.of_body(body));
        let first = all().find(|o| &o.at == at).map(|o| o.span.first());
        let same = move |o: &&Occasion| {
            o.at.workflow == at.workflow && first.is_some_and(|first| o.span.first() < first)
        };
        all().rev().filter(same)
    }

    /// The meeting of the same body and file before `at`.
    #[must_use]
    pub fn before<'a>(&'a self, at: &'a OccasionRef) -> Option<&'a Occasion> {
        self.earlier(at).next()
    }

    /// The first meeting of a body after `day`.
    #[must_use]
    pub fn next(&self, body: &BodyId, day: Date) -> Option<&Occasion> {
        self.of_body(body).find(|o| o.span.first() > day)
    }

    /// The meeting that a wait of `body` is for, once it has a date.
    #[must_use]
    pub fn meeting_of(&self, body: &BodyId, wait: &Wait) -> Option<&Occasion> {
        match &wait.on {
            WaitOn::Occasion(at) => self.of_body(at.body.as_ref()?).find(|o| &o.at == at),
            WaitOn::NextMeeting => self.next(body, wait.since),
            WaitOn::Day(_) | WaitOn::Undated => None,
        }
    }

    /// Until when a wait of `body` goes on; none while nobody knows.
    #[must_use]
    pub fn until(&self, body: &BodyId, wait: &Wait) -> Option<Date> {
        match wait.on {
            WaitOn::Day(day) => Some(day),
            _ => self.meeting_of(body, wait).map(|o| o.span.first()),
        }
    }
}

/// What is held against a filter.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Everything there is.
    pub world: World<'a>,
    /// The meetings of bodies.
    pub meetings: &'a Meetings,
    /// The unit.
    pub item: &'a Item,
    /// The occasion that a step is about; none for a watch.
    pub occasion: Option<&'a OccasionRef>,
}

impl<'a> Seen<'a> {
    fn followed(&self) -> &'a Followed {
        self.world.facts.followed(&self.item.id)
    }

    /// Whether every condition of `filter` holds on `day`, or every one of an alternative. In which plan the unit
    /// stands isn't looked at.
    #[must_use]
    pub fn fits(&self, filter: &ItemFilter, day: Date) -> bool {
        filter.any().any(|one| self.holds(one, day))
    }

    /// The same without regard to alternatives.
    #[must_use]
    pub fn holds(&self, filter: &ItemFilter, day: Date) -> bool {
        let item = self.item;
        let phase = match filter.phases.as_slice() {
            [] => item.phase != Phase::Done || filter.closing_entry.is_some(),
            phases => phases.contains(&item.phase),
        };
        let is =
            |wanted: Option<bool>, holds: &dyn Fn() -> bool| wanted.is_none_or(|wanted| wanted == holds());
        phase
            && filter.health.is_none_or(|health| health == item.health)
            && is(filter.owned, &|| !item.owners.is_none())
            && filter.next.is_none_or(|next| next == next_date(item, day))
            && filter.stale.is_none_or(|stale| self.stale_from(stale, day).is_some_and(|from| from <= day))
            && is(filter.updated, &|| age(item, self.followed(), day) != Age::Never)
            && is(filter.overdue, &|| overdue(item, self.followed(), day).is_some())
            && is(filter.unassigned, &|| self.is_unassigned())
            && is(filter.bound, &|| self.is_bound())
            && is(filter.closing_entry, &|| self.has_closing_entry())
            && is(filter.planned_entry, &|| self.planned(day).is_some())
            && is(filter.follow_up, &|| self.followed().follow_up)
            && filter.measured.is_none_or(|wanted| {
                let measures = &self.followed().measures;
                !measures.is_empty() && wanted == measures.iter().all(|m| lacks(m, day).is_none())
            })
            && is(filter.changed, &|| self.has_changed(day))
    }

    /// Since which day `filter` has held, as far as a day is known: the latest of the days that its conditions
    /// began. What the register learnt later than that counts from then: see [`Self::recorded`].
    #[must_use]
    pub fn since(&self, filter: &ItemFilter, day: Date) -> Option<Date> {
        let item = self.item;
        let followed = self.followed();
        let filter = filter.any().find(|one| self.holds(one, day)).unwrap_or(filter);
        let closing = filter.closing_entry.is_some();
        let days = [
            item.phase_since.filter(|_| !filter.phases.is_empty() || closing),
            item.health_since.filter(|_| filter.health.is_some()),
            // What was stale when it came into the register counts from then.
            filter
                .stale
                .and_then(|s| self.stale_from(s, day).max(Some(later(today(item.phase_recorded), s.after)))),
            overdue(item, followed, day).filter(|_| filter.overdue == Some(true)).map(|d| after(d.day)),
            self.planned(day).filter(|_| filter.planned_entry == Some(true)).map(|line| after(line.day)),
            item.next.filter(|_| filter.next == Some(NextDate::Passed)).map(after),
        ];
        days.into_iter().flatten().max()
    }

    /// When the register learnt what `filter` is about. Nobody is nagged about the time before.
    #[must_use]
    pub fn recorded(&self, filter: &ItemFilter) -> Timestamp {
        let item = self.item;
        let mut learnt = Timestamp::MIN;
        for filter in filter.any() {
            if filter.health.is_some() {
                learnt = learnt.max(item.health_recorded);
            }
            if !filter.phases.is_empty() || filter.health.is_none() {
                learnt = learnt.max(item.phase_recorded);
            }
        }
        learnt
    }

    /// The day from which the unit is stale: so long after its last report, or after the register learnt of it where
    /// there is none.
    #[must_use]
    pub fn stale_from(&self, stale: Stale, day: Date) -> Option<Date> {
        let followed = self.followed();
        let last = match age(self.item, followed, day) {
            Age::Since(last) => last,
            Age::Never => today(self.item.phase_recorded),
        };
        let near = next_deadline(self.item, followed, day).is_some_and(|deadline| {
            deadline.day <= day.saturating_add(jiff::Span::new().months(i64::from(Stale::NEAR)))
        });
        let after = stale.near_deadline.filter(|_| near).unwrap_or(stale.after);
        Some(later(last, after))
    }

    /// Whether it goes with an assignment that its receiver hasn't confirmed.
    #[must_use]
    pub fn is_unassigned(&self) -> bool {
        let unit = self.item.unit();
        self.world.facts.assignments.iter().any(|a| !a.state.is_taken() && a.units.contains(&unit))
    }

    /// The waits of the unit, with the day until which each goes on.
    pub fn waits(&self) -> impl Iterator<Item = (&'a Wait, Option<Date>)> {
        let (item, meetings) = (self.item, self.meetings);
        let own = move |wait: &&Wait| is_about(wait.part.as_deref(), item.part.as_deref());
        self.followed().waits.iter().filter(own).map(move |wait| (wait, meetings.until(&item.body, wait)))
    }

    fn is_bound(&self) -> bool {
        self.bound().next().is_some()
    }

    /// What the unit waits for that comes with the occasion: what an answer about its outcome there ends.
    pub fn bound(&self) -> impl Iterator<Item = &'a Wait> {
        let Self { item, meetings, occasion, .. } = *self;
        let here = move |wait: &&Wait| {
            occasion.is_some_and(|at| meetings.meeting_of(&item.body, wait).is_some_and(|o| &o.at == at))
        };
        self.waits().map(|(wait, _)| wait).filter(here)
    }

    /// Whether it has been reported on, or has changed, since the meeting before the occasion.
    fn has_changed(&self, day: Date) -> bool {
        let item = self.item;
        let before = self.occasion.and_then(|at| self.meetings.before(at)).map(|o| o.span.last());
        let Some(before) = before else { return age(item, self.followed(), day) != Age::Never };
        let reported = reports(item, self.followed(), day).any(|reported| reported > before);
        reported || today(item.phase_recorded.max(item.health_recorded)) > before
    }

    fn has_closing_entry(&self) -> bool {
        self.lines().any(|line| line.kind == LogKind::Closing && !line.planned)
    }

    /// What was planned and should have come about by `day`, the earliest that nobody has said the outcome of.
    #[must_use]
    pub fn planned(&self, day: Date) -> Option<&'a Line> {
        self.lines().find(|line| line.planned && !line.settled && line.day < day)
    }

    fn lines(&self) -> impl Iterator<Item = &'a Line> {
        let part = self.item.part.as_deref();
        self.followed().log.iter().filter(move |line| is_about(line.part.as_deref(), part))
    }

    /// How a message that leaves on `day` shows the unit.
    #[must_use]
    pub fn line(&self, day: Date) -> ItemLine {
        let followed = self.followed();
        let promise = overdue(self.item, followed, day).or_else(|| next_deadline(self.item, followed, day));
        ItemLine {
            unit: self.item.unit(),
            title: self.item.display_title(),
            phase: self.item.phase,
            health: self.item.health,
            reported: match age(self.item, followed, day) {
                Age::Since(last) => Some(last),
                Age::Never => None,
            },
            next: self.item.next,
            deadline: promise.map(|d| (d.day, d.text.clone())),
            waits: self.waits().map(|(wait, until)| (wait.text.clone(), until)).collect(),
        }
    }
}

fn next_date(item: &Item, day: Date) -> NextDate {
    match item.next {
        None => NextDate::Missing,
        Some(next) if next < day => NextDate::Passed,
        Some(_) => NextDate::Set,
    }
}

fn after(day: Date) -> Date {
    day.tomorrow().unwrap_or(day)
}

/// So long after a day.
#[must_use]
pub fn later(day: Date, interval: Interval) -> Date {
    Offset { count: interval.count, unit: interval.unit, side: Side::After }.apply(day)
}

/// So long before a day.
#[must_use]
pub fn earlier(day: Date, interval: Interval) -> Date {
    Offset { count: interval.count, unit: interval.unit, side: Side::Before }.apply(day)
}
