//! Which units of a plan a rule is about on a day, and since when.
//!
//! What an item waits for becomes a day here: a meeting that has got its date resolves the wait, without anybody
//! touching the item.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::{Offset, Side, today};
use crate::ids::{BodyId, OccasionRef};
use crate::items::fresh::{Age, age, next_deadline, overdue};
use crate::items::register::{Followed, Line, LogKind, Wait, WaitOn, is_about};
use crate::items::{Item, Phase};
use crate::plan::model::{ItemLine, Occasion, World};
use crate::plan::occasions::occasions;
use crate::workflow::model::{EntryKind, Interval, ItemFilter, NextDate, Schedule, Stale, Status};

/// What items wait for beside days: the meetings of their bodies, and assignments that have to be confirmed.
#[derive(Debug, Default)]
pub struct Meetings {
    of_body: BTreeMap<BodyId, Vec<Occasion>>,
    /// For each unit of an assignment when its receiver took it on, as far as that is known; none while one isn't
    /// taken.
    assigned: BTreeMap<String, Option<Timestamp>>,
}

impl Meetings {
    /// Every meeting of a body that isn't cancelled, from a year before `from` to a year and a half after it; and
    /// from as long ago as something has waited, or has been counted from meeting to meeting, so that time alone
    /// changes neither what a wait was for nor how many meetings there have been.
    #[must_use]
    pub fn of(world: &World<'_>, from: Date) -> Self {
        let last = from.saturating_add(jiff::Span::new().months(18));
        let usual = from.saturating_sub(jiff::Span::new().years(1));
        let waited = world.facts.followed.values().flat_map(|f| &f.waits).map(|wait| wait.since).min();
        let first = [Some(usual), waited, counted_from(world)].into_iter().flatten().min().unwrap_or(usual);
        let mut of_body: BTreeMap<BodyId, Vec<Occasion>> = BTreeMap::new();
        for occasion in occasions(world, first, last) {
            let counts = occasion.kind == EntryKind::Meeting && occasion.status != Status::Cancelled;
            if let Some(body) = occasion.at.body.clone().filter(|_| counts) {
                of_body.entry(body).or_default().push(occasion);
            }
        }
        Self { of_body, assigned: assigned(world) }
    }

    /// The meetings of a body, the earliest first.
    pub fn of_body<'a>(&'a self, body: &BodyId) -> impl Iterator<Item = &'a Occasion> + use<'a> {
        self.of_body.get(body).into_iter().flatten()
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

/// Since when items are counted from meeting to meeting: the first day that the register learnt of the phase of one
/// that a watch before each meeting may be about.
fn counted_from(world: &World<'_>) -> Option<Date> {
    let watches = world.workflows.0.values().flat_map(|w| &w.watches);
    let counting: Vec<_> = watches.filter(|w| matches!(w.schedule, Schedule::Meetings(_))).collect();
    let counted = |item: &&Item| counting.iter().any(|w| is_in_phase(&w.about, item.phase));
    world.facts.items.iter().filter(counted).map(|item| today(item.phase_recorded)).min()
}

/// The units of all assignments, each with the moment from which its receiver answers for it.
fn assigned(world: &World<'_>) -> BTreeMap<String, Option<Timestamp>> {
    let mut confirmed: BTreeMap<&OccasionRef, Option<Timestamp>> = BTreeMap::new();
    let taken = world.facts.assignments.iter().filter(|a| a.state.is_taken());
    confirmed.extend(taken.filter_map(|a| a.at.as_ref()).map(|at| (at, None)));
    for given in &world.facts.answers {
        let first = given.matter.object.occasion().and_then(|at| confirmed.get_mut(at));
        if let Some(first) = first {
            *first = Some(first.map_or(given.at, |first| first.min(given.at)));
        }
    }
    let mut assigned: BTreeMap<String, Option<Timestamp>> = BTreeMap::new();
    for assignment in &world.facts.assignments {
        let confirmed = || assignment.at.as_ref().and_then(|at| *confirmed.get(at)?);
        let since = assignment.state.is_taken().then(|| confirmed().unwrap_or(Timestamp::MIN));
        for unit in &assignment.units {
            // Of several the one that isn't taken yet counts, else the one that was taken last.
            assigned
                .entry(unit.clone())
                .and_modify(|known| *known = known.zip(since).map(|(a, b)| a.max(b)))
                .or_insert(since);
        }
    }
    assigned
}

fn is_in_phase(filter: &ItemFilter, phase: Phase) -> bool {
    match filter.phases.as_slice() {
        [] => phase != Phase::Done || filter.closing_entry.is_some(),
        phases => phases.contains(&phase),
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

    /// Whether every condition of `filter` holds on `day`.
    #[must_use]
    pub fn fits(&self, filter: &ItemFilter, day: Date) -> bool {
        let item = self.item;
        self.may_fit(filter)
            && filter.next.is_none_or(|next| next == self.next_date(day))
            && filter.stale.is_none_or(|stale| self.stale_from(stale, day) <= day)
            && is(filter.updated, || age(item, self.followed(), day) != Age::Never)
            && is(filter.overdue, || overdue(item, self.followed(), day).is_some())
            && is(filter.bound, || self.is_bound())
            && is(filter.planned_entry, || self.planned(day).is_some())
    }

    /// Whether every condition of `filter` holds that is the same on any day.
    #[must_use]
    pub fn may_fit(&self, filter: &ItemFilter) -> bool {
        let item = self.item;
        is_in_phase(filter, item.phase)
            && filter.health.is_none_or(|health| health == item.health)
            && is(filter.owned, || !item.owners.is_none())
            && is(filter.follow_up, || self.followed().follow_up)
            && is(filter.closing_entry, || self.has_closing_entry())
            && is(filter.unassigned, || self.is_unassigned())
    }

    /// Since which day `filter` has held, as far as a day is known: the latest of the days that its conditions
    /// began. What the register learnt later than that counts from then: see [`Self::recorded`].
    #[must_use]
    pub fn since(&self, filter: &ItemFilter, day: Date) -> Option<Date> {
        let item = self.item;
        let followed = self.followed();
        let closing = filter.closing_entry.is_some();
        let days = [
            item.phase_since.filter(|_| !filter.phases.is_empty() || closing),
            item.health_since.filter(|_| filter.health.is_some()),
            // What was stale when it came into the register counts from then.
            filter.stale.map(|stale| self.stale_after(stale, self.last(day).max(today(item.phase_recorded)))),
            overdue(item, followed, day)
                .filter(|_| filter.overdue == Some(true))
                .map(|d| after(d.day).max(d.stated)),
            self.planned(day).filter(|_| filter.planned_entry == Some(true)).map(|line| after(line.day)),
            item.next.filter(|_| filter.next == Some(NextDate::Passed)).map(after),
            self.last_wait(day).filter(|_| filter.next == Some(NextDate::Missing)).map(after),
        ];
        days.into_iter().flatten().max()
    }

    /// When the register learnt what `filter` is about, as of `day`. Nobody is nagged about the time before, and
    /// whoever has taken on an assignment isn't nagged about the time before that.
    #[must_use]
    pub fn recorded(&self, filter: &ItemFilter, day: Date) -> Timestamp {
        let item = self.item;
        let own = [
            filter.health.map(|_| item.health_recorded),
            filter.owned.map(|_| item.owners_recorded),
            filter.next.map(|_| item.next_recorded),
            self.planned(day).filter(|_| filter.planned_entry == Some(true)).map(|line| line.recorded),
            (!filter.phases.is_empty()).then_some(item.phase_recorded),
        ];
        let learnt = own.into_iter().flatten().max().unwrap_or(item.phase_recorded);
        let taken = self.assigned().flatten().filter(|_| filter.unassigned == Some(false));
        taken.map_or(learnt, |taken| learnt.max(taken))
    }

    fn assigned(&self) -> Option<Option<Timestamp>> {
        if self.meetings.assigned.is_empty() {
            return None;
        }
        self.meetings.assigned.get(&self.item.unit()).copied()
    }

    /// The day from which the unit is stale if nothing is reported after `day`: so long after its last report, or
    /// after the register learnt of it where there is none. It stays stale until something is reported.
    #[must_use]
    pub fn stale_from(&self, stale: Stale, day: Date) -> Date {
        self.stale_after(stale, self.last(day))
    }

    /// The same, counted from a day. A deadline that comes near can only make it earlier, and the day doesn't depend
    /// on when one looks, so a message about it keeps its key.
    fn stale_after(&self, stale: Stale, last: Date) -> Date {
        let usual = later(last, stale.after);
        let Some(sooner) = stale.near_deadline else { return usual };
        let open = self.followed().deadlines.iter().filter(|d| !d.met && self.item.phase != Phase::Done);
        let near = open.filter_map(|deadline| {
            let near = deadline.day.saturating_sub(jiff::Span::new().months(i64::from(Stale::NEAR)));
            Some(later(last, sooner).max(near)).filter(|from| *from <= deadline.day)
        });
        near.min().map_or(usual, |near| near.min(usual))
    }

    /// The day of the last report, or on which the register learnt of the unit.
    fn last(&self, day: Date) -> Date {
        match age(self.item, self.followed(), day) {
            Age::Since(last) => last,
            Age::Never => today(self.item.phase_recorded),
        }
    }

    fn next_date(&self, day: Date) -> NextDate {
        match self.item.next {
            None if self.is_awaiting(day) => NextDate::Set,
            None => NextDate::Missing,
            Some(next) if next < day => NextDate::Passed,
            Some(_) => NextDate::Set,
        }
    }

    /// Whether something it waits for has a day to come, or will get one without anybody touching the unit.
    fn is_awaiting(&self, day: Date) -> bool {
        self.waits().any(|(wait, until)| match until {
            Some(until) => until >= day,
            None => !matches!(wait.on, WaitOn::Undated),
        })
    }

    /// The last day that it waited for before `day`.
    fn last_wait(&self, day: Date) -> Option<Date> {
        self.waits().filter_map(|(_, until)| until).filter(|until| *until < day).max()
    }

    /// Whether it goes with an assignment that its receiver hasn't confirmed.
    #[must_use]
    pub fn is_unassigned(&self) -> bool {
        self.assigned() == Some(None)
    }

    /// The waits of the unit, with the day until which each goes on.
    pub fn waits(&self) -> impl Iterator<Item = (&'a Wait, Option<Date>)> {
        let (item, meetings) = (self.item, self.meetings);
        let own = |wait: &&Wait| is_about(wait.part.as_deref(), item.part.as_deref());
        self.followed().waits.iter().filter(own).map(|wait| (wait, meetings.until(&item.body, wait)))
    }

    fn is_bound(&self) -> bool {
        let Some(at) = self.occasion else { return false };
        self.waits()
            .any(|(wait, _)| self.meetings.meeting_of(&self.item.body, wait).is_some_and(|o| &o.at == at))
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

fn is(wanted: Option<bool>, holds: impl FnOnce() -> bool) -> bool {
    wanted.is_none_or(|wanted| wanted == holds())
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
