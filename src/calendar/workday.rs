//! Workdays: which they are, how a date rolls to one, how they are counted.

use jiff::civil::{Date, Weekday};

use super::holidays::holiday;

/// Where a date goes that falls on no workday. The direction belongs to the date: a remiss period
/// opens on the next workday and closes on the previous one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Roll {
    NextWorkday,
    PreviousWorkday,
    /// The date stands, workday or not.
    Keep,
}

/// Monday to Friday, no public holiday and none of midsommarafton, julafton and nyårsafton.
#[must_use]
pub fn is_workday(date: Date) -> bool {
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) && holiday(date).is_none()
}

/// A klämdag: a workday with a non-working day on both sides.
#[must_use]
pub fn is_bridge(date: Date) -> bool {
    let free = |neighbour: Option<Date>| neighbour.is_some_and(|day| !is_workday(day));
    is_workday(date) && free(date.yesterday().ok()) && free(date.tomorrow().ok())
}

/// `date` itself if it is a workday (or with [`Roll::Keep`]), else the nearest workday that way.
///
/// Where jiff's range ends before such a workday comes, the nearest one the other way.
#[must_use]
pub fn roll(date: Date, roll: Roll) -> Date {
    let way = match roll {
        Roll::Keep => return date,
        Roll::NextWorkday => Way::Forward,
        Roll::PreviousWorkday => Way::Back,
    };
    if is_workday(date) {
        return date;
    }
    let nearest = |way| days_from(date, way).find(|day| is_workday(*day));
    nearest(way).or_else(|| nearest(way.opposite())).unwrap_or(date)
}

/// The |n|-th workday strictly after `date` (n > 0) or strictly before it (n < 0); for n = 0 `date`
/// rolled to the previous workday.
///
/// Saturates at the first and last workday of jiff's range. Walks day by day: a year costs
/// microseconds, the whole range (which only nonsense asks for) a fraction of a second.
#[must_use]
pub fn workdays_from(date: Date, n: i32) -> Date {
    let (way, edge) = match n {
        0 => return roll(date, Roll::PreviousWorkday),
        1.. => (Way::Forward, Roll::PreviousWorkday),
        _ => (Way::Back, Roll::NextWorkday),
    };
    days_from(date, way)
        .filter(|day| is_workday(*day))
        .take(n.unsigned_abs() as usize)
        .last()
        .unwrap_or_else(|| roll(date, edge))
}

/// The number of workdays in `(a, b]`; when `b < a` minus the number in `(b, a]`.
///
/// So it adds up, `between(a, b) + between(b, c) = between(a, c)`, and undoes [`workdays_from`] when
/// `a` is a workday. (Counting `[b, a)` backwards would undo it for weekends too, but not add up.)
#[must_use]
pub fn workdays_between(a: Date, b: Date) -> i32 {
    if b < a {
        return -workdays_between(b, a);
    }
    let count = days_from(a, Way::Forward).take_while(|day| *day <= b).filter(|day| is_workday(*day)).count();
    // jiff's whole range holds about five million workdays.
    i32::try_from(count).unwrap_or(i32::MAX)
}

#[derive(Debug, Clone, Copy)]
enum Way {
    Forward,
    Back,
}

impl Way {
    const fn opposite(self) -> Self {
        match self {
            Self::Forward => Self::Back,
            Self::Back => Self::Forward,
        }
    }
}

/// Every date strictly after or before `date`, nearest first, to the end of jiff's range.
fn days_from(date: Date, way: Way) -> impl Iterator<Item = Date> {
    let step = move |day: Date| match way {
        Way::Forward => day.tomorrow().ok(),
        Way::Back => day.yesterday().ok(),
    };
    std::iter::successors(step(date), move |day| step(*day))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::{
        Just, ProptestConfig, prop_assert, prop_assert_eq, prop_assume, prop_oneof, proptest,
    };

    use super::super::strategies::{any_dates, dates};
    use super::*;

    #[test]
    fn bridges_of_2025_and_the_turn_to_2026() {
        let bridges: Vec<Date> = days_from(date(2024, 12, 31), Way::Forward)
            .take_while(|day| *day < date(2026, 2, 1))
            .filter(|day| is_bridge(*day))
            .collect();
        assert_eq!(bridges, [date(2025, 5, 2), date(2025, 5, 30), date(2026, 1, 2), date(2026, 1, 5)]);
    }

    #[test]
    fn midsummers_eve_is_free_and_half_days_are_not() {
        assert!(!is_workday(date(2025, 6, 20)));
        assert!(is_workday(date(2025, 6, 19)));
        for half_day in [date(2025, 4, 17), date(2025, 4, 30), date(2025, 10, 31), date(2026, 1, 5)] {
            assert!(is_workday(half_day), "{half_day}");
        }
    }

    #[test]
    fn the_direction_belongs_to_the_date() {
        let good_friday = date(2022, 4, 15);
        assert_eq!(roll(good_friday, Roll::NextWorkday), date(2022, 4, 19));
        assert_eq!(roll(good_friday, Roll::PreviousWorkday), date(2022, 4, 14));
        assert_eq!(roll(good_friday, Roll::Keep), good_friday);
    }

    #[test]
    fn counting_from_a_workday_and_from_a_weekend() {
        let friday = date(2025, 10, 24);
        assert_eq!(workdays_from(friday, -10), date(2025, 10, 10));
        assert_eq!(workdays_from(friday, 1), date(2025, 10, 27));
        assert_eq!(workdays_from(friday, 0), friday);
        let saturday = date(2025, 10, 25);
        assert_eq!(workdays_from(saturday, -1), friday);
        assert_eq!(workdays_from(saturday, 1), date(2025, 10, 27));
        assert_eq!(workdays_from(saturday, 0), friday);
        assert_eq!(workdays_between(friday, saturday), 0);
        assert_eq!(workdays_between(friday, date(2025, 10, 10)), -10);
    }

    /// Known days before a meeting: twenty, ten and five workdays.
    #[test]
    fn meetings_count_back_over_holidays() {
        let golden = [
            (date(2025, 2, 12), [date(2025, 1, 15), date(2025, 1, 29), date(2025, 2, 5)]),
            (date(2025, 4, 10), [date(2025, 3, 13), date(2025, 3, 27), date(2025, 4, 3)]),
            (date(2025, 5, 13), [date(2025, 4, 10), date(2025, 4, 28), date(2025, 5, 6)]),
            (date(2025, 9, 19), [date(2025, 8, 22), date(2025, 9, 5), date(2025, 9, 12)]),
            (date(2025, 10, 15), [date(2025, 9, 17), date(2025, 10, 1), date(2025, 10, 8)]),
            (date(2025, 11, 20), [date(2025, 10, 23), date(2025, 11, 6), date(2025, 11, 13)]),
        ];
        for (meeting, days) in golden {
            assert_eq!([-20, -10, -5].map(|n| workdays_from(meeting, n)), days, "{meeting}");
        }
    }

    #[test]
    fn the_ends_of_the_calendar_saturate() {
        let last = date(9999, 12, 30);
        assert_eq!(roll(Date::MAX, Roll::NextWorkday), last, "nyårsafton, and no day after it");
        for n in [1, 7, i32::MAX] {
            assert_eq!(workdays_from(Date::MAX, n), last);
            assert_eq!(workdays_from(last, n), last);
        }
        let first = roll(Date::MIN, Roll::NextWorkday);
        assert_eq!(roll(Date::MIN, Roll::PreviousWorkday), first);
        for n in [-1, i32::MIN] {
            assert_eq!(workdays_from(first, n), first);
        }
        assert_eq!(workdays_between(date(9999, 12, 20), Date::MAX), 7);
        assert_eq!(workdays_between(date(-9999, 1, 4), Date::MIN), -3);
    }

    proptest! {
        #[test]
        fn rolling_lands_on_a_workday_and_stays(day in any_dates(), way in prop_oneof![
            Just(Roll::NextWorkday), Just(Roll::PreviousWorkday)
        ]) {
            let rolled = roll(day, way);
            prop_assert!(is_workday(rolled));
            prop_assert_eq!(roll(rolled, way), rolled);
            prop_assert!(workdays_between(day.min(rolled), day.max(rolled)).abs() <= 1, "the nearest");
        }

        #[test]
        fn rolling_goes_its_way(day in dates()) {
            prop_assert!(roll(day, Roll::NextWorkday) >= day);
            prop_assert!(roll(day, Roll::PreviousWorkday) <= day);
            prop_assert_eq!(roll(day, Roll::Keep), day);
        }

        #[test]
        fn counting_there_and_back_returns(day in dates(), n in -600..600_i32) {
            let workday = roll(day, Roll::NextWorkday);
            let there = workdays_from(workday, n);
            prop_assert!(is_workday(there));
            prop_assert_eq!(workdays_from(there, -n), workday);
            prop_assert_eq!(workdays_between(workday, there), n);
        }

        #[test]
        fn counting_from_any_day_is_strict(day in any_dates(), n in 1..200_i32) {
            prop_assume!((-9998..=9998).contains(&day.year()));
            prop_assert!(workdays_from(day, n) > day);
            prop_assert!(workdays_from(day, -n) < day);
            prop_assert_eq!(workdays_between(day, workdays_from(day, n)), n);
        }
    }

    proptest! {
        // Counts over up to a century, day by day: few cases, else a second's work.
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn counts_add_up(a in dates(), b in dates(), c in dates()) {
            prop_assert_eq!(workdays_between(a, b) + workdays_between(b, c), workdays_between(a, c));
        }
    }
}
