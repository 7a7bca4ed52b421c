//! Quiet periods: weeks in which nothing is sent, and how a ladder of reminders stretches past them.

use jiff::civil::Date;

use super::rule::MonthDay;
use super::week::iso_week;
use super::workday::{Roll, is_workday, roll, workdays_from};

/// A stretch of every year in which nothing is sent. Both ends belong to it; an end that comes before
/// the start lies in the next year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuietPeriod {
    /// ISO weeks, Monday of the first to Sunday of the last.
    Weeks {
        first: i8,
        last: i8,
        name: String,
    },
    Dates {
        from: MonthDay,
        until: MonthDay,
        name: String,
    },
}

/// The quiet periods of an organisation. Their days still count as workdays in offsets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuietPeriods(Vec<QuietPeriod>);

/// How many workdays are tried before a quiet that never ends is ignored: more than a year has.
const PATIENCE: usize = 300;

impl QuietPeriod {
    /// The name people know the period by.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Weeks { name, .. } | Self::Dates { name, .. } => name,
        }
    }

    #[must_use]
    pub fn contains(&self, date: Date) -> bool {
        match self {
            Self::Weeks { first, last, .. } => wraps(*first, *last, iso_week(date).1),
            Self::Dates { from, until, .. } => wraps(*from, *until, MonthDay::of(date)),
        }
    }
}

/// Whether `value` lies in the cyclic range from `first` to `last`, both included.
fn wraps<T: Ord>(first: T, last: T, value: T) -> bool {
    if first <= last { first <= value && value <= last } else { first <= value || value <= last }
}

impl QuietPeriods {
    #[must_use]
    pub const fn new(periods: Vec<QuietPeriod>) -> Self {
        Self(periods)
    }

    /// No quiet at all: every workday is open.
    #[must_use]
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    #[must_use]
    pub fn periods(&self) -> &[QuietPeriod] {
        &self.0
    }

    /// The name of the quiet period `date` lies in; where several overlap, the first listed.
    #[must_use]
    pub fn name(&self, date: Date) -> Option<&str> {
        self.0.iter().find(|period| period.contains(date)).map(QuietPeriod::name)
    }

    /// A workday outside every quiet period: a day on which mail leaves.
    #[must_use]
    pub fn is_open(&self, date: Date) -> bool {
        is_workday(date) && self.name(date).is_none()
    }

    /// The first open workday strictly after `date`.
    ///
    /// Periods that together leave no open workday for more than a year would silence the daemon for good:
    /// they are ignored, and the answer is the next workday. Saturates at jiff's last workday.
    #[must_use]
    pub fn next_open_workday(&self, date: Date) -> Date {
        let next = workdays_from(date, 1);
        std::iter::successors(Some(next), |day| Some(workdays_from(*day, 1)))
            .take(PATIENCE)
            .find(|day| self.is_open(*day))
            .unwrap_or(next)
    }

    /// The day on which what is due on `date` is sent.
    ///
    /// `date` itself if it is open. A day inside a quiet period moves to the first workday after the
    /// period. A non-workday outside one rolls to the previous workday, as what comes from an offset
    /// does, and from there past the quiet period if it lies in one.
    #[must_use]
    pub fn first_open_workday(&self, date: Date) -> Date {
        if self.name(date).is_some() {
            return self.next_open_workday(date);
        }
        let rolled = roll(date, Roll::PreviousWorkday);
        if self.is_open(rolled) { rolled } else { self.next_open_workday(rolled) }
    }

    /// The days on which the rungs of a ladder are sent, given their natural days in ascending order.
    ///
    /// Each rung moves as in [`Self::first_open_workday`]. Rungs of one natural day stay together; a
    /// rung of a later day that would land on or before an earlier one moves to the next open workday
    /// after it. No rung is skipped: there are as many days as naturals, in their order. A natural day
    /// out of order goes with the rung before it.
    #[must_use]
    pub fn stretch_ladder(&self, naturals: &[Date]) -> Vec<Date> {
        let mut sent: Vec<Date> = Vec::with_capacity(naturals.len());
        let mut earlier: Option<(Date, Date)> = None;
        for &natural in naturals {
            let rung = match earlier {
                Some((before, day)) if natural <= before => (before, day),
                Some((_, day)) => (natural, self.open_after(natural, day)),
                None => (natural, self.first_open_workday(natural)),
            };
            sent.push(rung.1);
            earlier = Some(rung);
        }
        sent
    }

    fn open_after(&self, natural: Date, taken: Date) -> Date {
        let day = self.first_open_workday(natural);
        if day > taken { day } else { self.next_open_workday(taken) }
    }
}

/// Weeks 28 to 31, and 23 December to 6 January.
impl Default for QuietPeriods {
    fn default() -> Self {
        let summer = QuietPeriod::Weeks { first: 28, last: 31, name: "sommaruppehåll".to_owned() };
        let christmas = MonthDay::new(12, 23)
            .zip(MonthDay::new(1, 6))
            .map(|(from, until)| QuietPeriod::Dates { from, until, name: "juluppehåll".to_owned() });
        Self(std::iter::once(summer).chain(christmas).collect())
    }
}
