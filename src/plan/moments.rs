//! When a step's parts happen, for one occasion: civil days first, instants last.
//!
//! A step's ask, reminders and escalations are one ladder: their days are reckoned naturally, then
//! stretched together over quiet periods so that none is skipped and none is stacked. Alarms of an external
//! deadline stand outside the ladder, on their own day.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::{QuietPeriods, next_window, today, window_of_day, workdays_between, workdays_from};
use crate::ids::StepId;
use crate::workflow::model::{Anchor, Moment, Rung, Span, Step};

/// What moments of one occasion's steps are reckoned from.
#[derive(Clone, Copy, Debug)]
pub enum Anchored {
    /// A dated occasion.
    Dated(Span),
    /// The first day of the quarter in which one is expected.
    Expected(Date),
}

/// How other steps stand, as far as a step may refer to them.
pub trait Steps {
    /// The last day to answer `step`.
    fn due(&self, step: &StepId) -> Option<Date>;
    /// When `step` was answered, or is assumed to be.
    fn answered(&self, step: &StepId) -> Option<Timestamp>;
}

/// A day, or an instant that an answer gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Natural {
    /// A civil day; its message leaves at 08:00.
    Day(Date),
    /// An instant; its message leaves in the next window.
    Instant(Timestamp),
}

impl Natural {
    /// The civil day.
    #[must_use]
    pub fn day(self) -> Date {
        match self {
            Self::Day(day) => day,
            Self::Instant(instant) => today(instant),
        }
    }
}

/// Reckons a moment. None where it refers to something this occasion lacks, or to an answer not yet given.
#[must_use]
pub fn natural(moment: &Moment, on: Anchored, due: Option<Date>, steps: &dyn Steps) -> Option<Natural> {
    let anchor = match (&moment.anchor, on) {
        (Anchor::Start, Anchored::Dated(span)) => Natural::Day(span.first()),
        (Anchor::End, Anchored::Dated(span)) => Natural::Day(span.last()),
        (Anchor::Expected, Anchored::Expected(quarter)) => Natural::Day(quarter),
        (Anchor::Due, _) => Natural::Day(due?),
        (Anchor::DueOf(step), _) => Natural::Day(steps.due(step)?),
        (Anchor::Answered(step), _) => Natural::Instant(steps.answered(step)?),
        (Anchor::Share(percent), Anchored::Dated(span)) => Natural::Day(share(*percent, span)),
        (Anchor::Start | Anchor::End | Anchor::Share(_), Anchored::Expected(_))
        | (Anchor::Expected, Anchored::Dated(_)) => {
            return None;
        }
    };
    Some(match moment.offset {
        None => anchor,
        Some(offset) => Natural::Day(offset.apply(anchor.day())),
    })
}

/// The least that a group has to answer in, in workdays.
const LEAST_SHARE: i32 = 5;

/// The workday when `percent` of the workdays from the first day to the last have passed: at least
/// [`LEAST_SHARE`] after the first, at most the last.
fn share(percent: u8, span: Span) -> Date {
    let (first, last) = (span.first(), span.last());
    let passed = workdays_between(first, last) * i32::from(percent) / 100;
    workdays_from(first, passed.max(LEAST_SHARE)).min(last)
}

/// Which part of a step a rung is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The first time it is said.
    First,
    /// The n-th reminder, from 1.
    Reminder(usize),
    /// The n-th escalation, from 1.
    Escalation(usize),
    /// The n-th alarm, from 1.
    Alarm(usize),
}

impl Part {
    /// Its name in a key.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::First => "0".to_owned(),
            Self::Reminder(n) => format!("r{n}"),
            Self::Escalation(n) => format!("e{n}"),
            Self::Alarm(n) => format!("a{n}"),
        }
    }
}

/// One rung with the moment it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Which.
    pub part: Part,
    /// When it leaves.
    pub at: Timestamp,
}

/// The rungs of `step` in order of time; empty if it can't be reckoned (yet). Reminders and escalations that
/// would come on or before the day of the first message are left out: who is asked late enters on the right
/// rung.
///
/// Nothing is said before `not_before`, the moment its gate opened or its occasion was entered: what should have
/// been said earlier is said in the next window after that.
#[must_use]
pub fn ladder(
    step: &Step,
    on: Anchored,
    due: Option<Date>,
    steps: &dyn Steps,
    quiet: &QuietPeriods,
    not_before: Option<Timestamp>,
) -> Vec<Sent> {
    let Some(first) = natural(&step.when, on, due, steps) else { return Vec::new() };
    let first = match (first, not_before) {
        (Natural::Day(day), Some(moment)) if window_of_day(day) < moment => Natural::Instant(moment),
        _ => first,
    };
    let day = |moment: &Moment| natural(moment, on, due, steps).map(Natural::day);
    let mut later: Vec<(Date, Part)> = Vec::new();
    let mut alarms: Vec<(Date, Part)> = Vec::new();
    if let Some(ask) = &step.ask {
        let numbered = |rungs: &[Rung], part: fn(usize) -> Part| -> Vec<(Date, Part)> {
            let days = rungs.iter().enumerate();
            days.filter_map(|(i, r)| Some((day(&r.when)?, part(i + 1)))).collect()
        };
        let reminders = ask.remind.iter().enumerate();
        later.extend(reminders.filter_map(|(i, m)| Some((day(m)?, Part::Reminder(i + 1)))));
        later.extend(numbered(&ask.escalate, Part::Escalation));
        alarms = numbered(&ask.alarm, Part::Alarm);
    }
    later.sort_by_key(|(day, _)| *day);
    // What an answer set off leaves in the next window; its day is where the ladder starts from.
    let (at, day) = match first {
        Natural::Day(day) => (None, day),
        Natural::Instant(instant) => {
            let window = next_window(quiet, instant);
            (Some(window), today(window))
        }
    };
    later.retain(|(rung, _)| *rung > day);
    let naturals: Vec<Date> = std::iter::once(day).chain(later.iter().map(|(day, _)| *day)).collect();
    let stretched = quiet.stretch_ladder(&naturals);
    let parts = std::iter::once(Part::First).chain(later.iter().map(|(_, part)| *part));
    let mut sent: Vec<Sent> =
        parts.zip(stretched).map(|(part, day)| Sent { part, at: window_of_day(day) }).collect();
    if let (Some(first), Some(at)) = (sent.first_mut(), at) {
        first.at = at;
    }
    let alarms = alarms.into_iter().filter(|(alarm, _)| *alarm > day);
    sent.extend(alarms.map(|(day, part)| Sent { part, at: window_of_day(day) }));
    sent.sort_by_key(|s| s.at);
    sent
}
