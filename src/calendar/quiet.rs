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

    /// The first day from `date` on that mail leaves on: a non-workday rolls forward, as what nobody has counted back
    /// from a deadline does.
    #[must_use]
    pub fn open_from(&self, date: Date) -> Date {
        let rolled = roll(date, Roll::NextWorkday);
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

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::collection::vec;
    use proptest::prelude::{prop_assert, prop_assert_eq, prop_assume, proptest};

    use super::super::strategies::{any_dates, dates, quiet_periods};
    use super::*;

    fn all_year() -> QuietPeriods {
        QuietPeriods::new(vec![QuietPeriod::Weeks { first: 1, last: 53, name: "alltid".to_owned() }])
    }

    #[test]
    fn summer_and_christmas_by_default() {
        let quiet = QuietPeriods::default();
        assert_eq!(quiet.name(date(2025, 7, 6)), None, "Sunday of week 27");
        assert_eq!(quiet.name(date(2025, 7, 7)), Some("sommaruppehåll"));
        assert_eq!(quiet.name(date(2025, 8, 3)), Some("sommaruppehåll"));
        assert_eq!(quiet.name(date(2025, 8, 4)), None);
        assert_eq!(quiet.name(date(2025, 12, 22)), None);
        assert_eq!(quiet.name(date(2025, 12, 23)), Some("juluppehåll"));
        assert_eq!(quiet.name(date(2026, 1, 1)), Some("juluppehåll"));
        assert_eq!(quiet.name(date(2026, 1, 6)), Some("juluppehåll"));
        assert_eq!(quiet.name(date(2026, 1, 7)), None);
    }

    #[test]
    fn weeks_too_may_cross_new_year() {
        let turn = QuietPeriod::Weeks { first: 52, last: 1, name: "jul".to_owned() };
        assert!(turn.contains(date(2026, 12, 30)), "week 53");
        assert!(turn.contains(date(2027, 1, 10)), "Sunday of week 1");
        assert!(!turn.contains(date(2027, 1, 11)));
    }

    #[test]
    fn the_first_listed_period_gives_the_name() {
        let weeks = |name: &str| QuietPeriod::Weeks { first: 30, last: 30, name: name.to_owned() };
        let quiet = QuietPeriods::new(vec![weeks("ett"), weeks("två")]);
        assert_eq!(quiet.name(date(2025, 7, 22)), Some("ett"));
    }

    #[test]
    fn what_is_due_on_a_free_day_goes_before_it_unless_that_is_quiet() {
        let quiet = QuietPeriods::default();
        assert_eq!(quiet.first_open_workday(date(2025, 10, 24)), date(2025, 10, 24));
        assert_eq!(quiet.first_open_workday(date(2025, 10, 25)), date(2025, 10, 24));
        assert_eq!(quiet.first_open_workday(date(2025, 7, 12)), date(2025, 8, 4), "a Saturday in week 28");
        // Sunday 7 January 2024 is after the quiet; the Friday before it is not.
        assert_eq!(quiet.first_open_workday(date(2024, 1, 7)), date(2024, 1, 8));
    }

    #[test]
    fn a_summer_ladder_stretches() {
        let quiet = QuietPeriods::default();
        let naturals = [date(2026, 7, 23), date(2026, 8, 3)];
        assert_eq!(quiet.stretch_ladder(&naturals), [date(2026, 8, 3), date(2026, 8, 4)]);
    }

    #[test]
    fn a_whole_ladder_in_the_quiet_comes_out_a_rung_a_day() {
        let quiet = QuietPeriods::default();
        let naturals = [date(2026, 7, 10), date(2026, 7, 20), date(2026, 7, 30), date(2026, 8, 4)];
        let sent = [date(2026, 8, 3), date(2026, 8, 4), date(2026, 8, 5), date(2026, 8, 6)];
        assert_eq!(quiet.stretch_ladder(&naturals), sent);
    }

    #[test]
    fn rungs_of_one_day_stay_together() {
        let quiet = QuietPeriods::default();
        let naturals = [date(2026, 7, 10), date(2026, 7, 20), date(2026, 7, 20), date(2026, 8, 5)];
        let sent = [date(2026, 8, 3), date(2026, 8, 4), date(2026, 8, 4), date(2026, 8, 5)];
        assert_eq!(quiet.stretch_ladder(&naturals), sent);
    }

    #[test]
    fn a_quiet_without_end_is_ignored() {
        assert_eq!(all_year().next_open_workday(date(2025, 10, 24)), date(2025, 10, 27));
        assert_eq!(all_year().first_open_workday(date(2025, 10, 24)), date(2025, 10, 27));
        let naturals = [date(2025, 10, 24), date(2025, 10, 27)];
        assert_eq!(all_year().stretch_ladder(&naturals), [date(2025, 10, 27), date(2025, 10, 28)]);
    }

    proptest! {
        #[test]
        fn the_first_open_workday_is_open_and_settled(day in dates()) {
            let quiet = QuietPeriods::default();
            let open = quiet.first_open_workday(day);
            prop_assert!(quiet.is_open(open));
            prop_assert_eq!(quiet.first_open_workday(open), open);
            prop_assert!(quiet.name(day).is_none() || open > day, "never inside, never before a quiet");
        }

        #[test]
        fn the_next_open_workday_is_the_very_next(day in dates()) {
            let quiet = QuietPeriods::default();
            let next = quiet.next_open_workday(day);
            prop_assert!(next > day && quiet.is_open(next));
            let mut between = day.tomorrow().unwrap();
            while between < next {
                prop_assert!(!quiet.is_open(between), "{} was open", between);
                between = between.tomorrow().unwrap();
            }
        }

        #[test]
        fn any_quiet_gives_a_workday_on_any_day(quiet in quiet_periods(), day in any_dates()) {
            prop_assert!(is_workday(quiet.next_open_workday(day)));
            prop_assert!(is_workday(quiet.first_open_workday(day)));
        }

        #[test]
        fn ladders_ascend_where_their_naturals_do(quiet in quiet_periods(), mut naturals in vec(dates(), 0..12)) {
            naturals.sort_unstable();
            let sent = quiet.stretch_ladder(&naturals);
            prop_assert_eq!(sent.len(), naturals.len());
            for (natural, day) in naturals.windows(2).zip(sent.windows(2)) {
                prop_assert_eq!(natural[0] == natural[1], day[0] == day[1]);
                prop_assert!(day[0] <= day[1]);
            }
        }

        /// Rungs a few days apart, as workflows have them: the case in which they run into each other.
        #[test]
        fn steep_ladders_ascend_on_open_days(start in dates(), steps in vec(0..9_i32, 0..8)) {
            prop_assume!(start.year() < 2100);
            let quiet = QuietPeriods::default();
            let naturals: Vec<Date> = steps.iter().scan(start, |day, step| {
                *day += jiff::Span::new().days(*step);
                Some(*day)
            }).collect();
            let sent = quiet.stretch_ladder(&naturals);
            prop_assert!(sent.iter().all(|day| quiet.is_open(*day)));
            for (natural, day) in naturals.windows(2).zip(sent.windows(2)) {
                prop_assert_eq!(natural[0] == natural[1], day[0] == day[1]);
                prop_assert!(day[0] <= day[1]);
            }
        }

        #[test]
        fn a_ladder_out_of_order_loses_no_rung(naturals in vec(any_dates(), 0..8)) {
            prop_assert_eq!(QuietPeriods::default().stretch_ladder(&naturals).len(), naturals.len());
        }
    }
}
