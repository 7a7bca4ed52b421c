//! When a watch nudges about one unit: its four schedules.
//!
//! A nudge has a name and a day that it is about; both are parts of its key, so they may only depend on what the
//! nudge is about and never on when one looks. A series counts from the day its state began (`n1`, `n2`); the others
//! are named by what they go before and about its day (`mote` and the day of the meeting).

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::{
    MonthDay, Offset, QuietPeriods, Roll, next_window, roll, today, window_of_day, workdays_from,
};
use crate::plan::follow::{Seen, earlier, later};
use crate::workflow::model::{Interval, Schedule, Watch};

/// So many workdays after the last meeting that was in vain it is handed over: what was decided there has been
/// written down by then.
const AFTER_MEETING: i32 = 5;

/// From when a watch counts for one unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Base {
    /// Since when the state has lasted, for a program that has been started: nothing before it is ever said.
    pub start: Timestamp,
    /// Nothing is said before this day.
    pub rest: Option<Date>,
}

impl Base {
    /// The day on which a rest that was agreed since the state began ends.
    fn resting(&self) -> Option<Date> {
        self.rest.filter(|rest| window_of_day(*rest) > self.start)
    }
}

/// One nudge, before it is known who gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Nudge {
    pub at: Timestamp,
    /// Its name in the key.
    pub rung: String,
    /// The day in its key.
    pub about: Date,
    /// After how many nudges it is handed over.
    pub handed_over: Option<u16>,
}

/// Every nudge of `watch` about a unit up to `until`, the earliest first.
pub(super) fn nudges(seen: Seen<'_>, watch: &Watch, base: Base, until: Timestamp) -> Vec<Nudge> {
    let quiet = seen.world.quiet;
    match &watch.schedule {
        Schedule::Series { first, every } => series(quiet, watch, base, (*first, *every), until),
        Schedule::Yearly(days) => counted(watch, base, yearly(quiet, days, base, until)),
        Schedule::Meetings(before) => meetings(seen, watch, base, *before, until),
        Schedule::Deadline(before) => counted(watch, base, deadlines(seen, base, before)),
    }
}

/// Each an interval after the one before, stretched over quiet periods. A rest begins the series anew on its last
/// day, without the wait before the first nudge: the rest was that wait.
fn series(
    quiet: &QuietPeriods,
    watch: &Watch,
    base: Base,
    (first, every): (Option<Offset>, Option<Interval>),
    until: Timestamp,
) -> Vec<Nudge> {
    let start = today(base.start);
    let begins = first.map_or(start, |offset| offset.apply(start));
    let resting = base.resting();
    let mut naturals = vec![resting.map_or(begins, |rest| begins.max(rest))];
    let nudges = watch.limit.map_or(usize::MAX, usize::from);
    let wanted = nudges.saturating_add(usize::from(watch.hand_over.is_some()));
    while let (Some(every), Some(last)) = (every, naturals.last().copied()) {
        let next = later(last, every);
        if naturals.len() >= wanted || window_of_day(next) > until || next <= last {
            break;
        }
        naturals.push(next);
    }
    let days = quiet.stretch_ladder(&naturals);
    let at_once = (first.is_none() && resting.is_none()).then(|| next_window(quiet, base.start));
    let each = days.into_iter().enumerate().map(|(i, day)| {
        let handed_over = watch.limit.filter(|limit| i >= usize::from(*limit));
        let rung = if handed_over.is_some() { "h".to_owned() } else { format!("n{}", i + 1) };
        let at = at_once.filter(|_| i == 0).unwrap_or_else(|| window_of_day(day));
        Nudge { at, rung, about: resting.unwrap_or(start), handed_over }
    });
    each.collect()
}

fn yearly(quiet: &QuietPeriods, days: &[MonthDay], base: Base, until: Timestamp) -> Vec<Nudge> {
    let years = today(base.start).year()..=today(until).year();
    let each = years.flat_map(|year| days.iter().map(move |day| day.in_year(year)));
    let nudge = |day: Date| {
        let open = quiet.first_open_workday(roll(day, Roll::NextWorkday));
        Nudge { at: window_of_day(open), rung: "dag".to_owned(), about: day, handed_over: None }
    };
    each.map(nudge).filter(|nudge| nudge.at >= base.start).collect()
}

/// So long before each deadline that isn't met. One that has passed unmet isn't warned of any more.
fn deadlines(seen: Seen<'_>, base: Base, before: &[Interval]) -> Vec<Nudge> {
    let quiet = seen.world.quiet;
    let open = seen.world.facts.followed(&seen.item.id).deadlines.iter().filter(|d| !d.met);
    let nudge = |(deadline, before): (Date, Interval)| Nudge {
        at: window_of_day(quiet.first_open_workday(earlier(deadline, before))),
        rung: format!("{}-{:?}", before.count, before.unit).to_lowercase(),
        about: deadline,
        handed_over: None,
    };
    let each = open.flat_map(|d| before.iter().map(move |before| (d.day, *before))).map(nudge);
    each.filter(|nudge| nudge.at >= base.start && today(nudge.at) <= nudge.about).collect()
}

/// What comes on days of its own, in order, handed over instead of the one after the last; nothing within a rest.
/// What a rest keeps back counts, and so does what gives way.
fn counted(watch: &Watch, base: Base, mut nudges: Vec<Nudge>) -> Vec<Nudge> {
    nudges.sort_by(|a, b| (a.at, a.about, &a.rung).cmp(&(b.at, b.about, &b.rung)));
    nudges.dedup_by(|a, b| (a.about, &a.rung) == (b.about, &b.rung));
    if let Some(limit) = watch.limit {
        nudges.truncate(usize::from(limit) + usize::from(watch.hand_over.is_some()));
        if let Some(last) = nudges.get_mut(usize::from(limit)) {
            (last.rung, last.handed_over) = ("h".to_owned(), Some(limit));
        }
    }
    after_rest(base, nudges)
}

fn after_rest(base: Base, mut nudges: Vec<Nudge>) -> Vec<Nudge> {
    if let Some(rest) = base.resting() {
        nudges.retain(|nudge| nudge.at >= window_of_day(rest));
    }
    nudges
}

/// So long before each meeting of the unit's body, in the next window where that day had passed when the state
/// began; handed over when the last of them is over.
fn meetings(seen: Seen<'_>, watch: &Watch, base: Base, before: Interval, until: Timestamp) -> Vec<Nudge> {
    let quiet = seen.world.quiet;
    let mut nudges = Vec::new();
    for meeting in seen.meetings.of_body(&seen.item.body) {
        let day = meeting.span.first();
        let usual = window_of_day(quiet.first_open_workday(earlier(day, before)));
        let at = if usual < base.start { next_window(quiet, base.start) } else { usual };
        if today(at) >= day {
            continue;
        }
        if at > until {
            break;
        }
        nudges.push(Nudge { at, rung: "mote".to_owned(), about: day, handed_over: None });
        if watch.limit.is_some_and(|limit| nudges.len() >= usize::from(limit)) {
            let over = quiet.first_open_workday(workdays_from(meeting.span.last(), AFTER_MEETING));
            let at = window_of_day(over);
            if watch.hand_over.is_some() {
                nudges.push(Nudge { at, rung: "h".to_owned(), about: day, handed_over: watch.limit });
            }
            break;
        }
    }
    after_rest(base, nudges)
}
