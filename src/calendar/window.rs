//! When mail leaves: never early, never in a heap.

use jiff::civil::{Date, Time, TimeRound, time};
use jiff::{RoundMode, Timestamp, Unit};

use super::quiet::QuietPeriods;
use super::zone::{civil, instant};

/// The sending windows of an open workday, local time.
const WINDOWS: [Time; 2] = [time(8, 0, 0, 0), time(15, 0, 0, 0)];
/// The first and last quarter at which what is urgent may leave, local time.
const URGENT: (Time, Time) = (time(7, 0, 0, 0), time(18, 0, 0, 0));

/// The first sending window at or after `moment`: 08:00 or 15:00 in Stockholm on an open workday.
///
/// At the end of jiff's range, where no window is left, `moment` itself.
#[must_use]
pub fn next_window(quiet: &QuietPeriods, moment: Timestamp) -> Timestamp {
    let today = civil(moment).date();
    let later_today =
        || WINDOWS.map(|time| instant(today, time)).into_iter().find(|window| *window >= moment);
    Some(today)
        .filter(|day| quiet.is_open(*day))
        .and_then(|_| later_today())
        .unwrap_or_else(|| window_of_day(quiet.next_open_workday(today)).max(moment))
}

/// The window that opens `date`, 08:00 in Stockholm, whether or not anything may be sent that day.
#[must_use]
pub fn window_of_day(date: Date) -> Timestamp {
    instant(date, WINDOWS[0])
}

/// The next full quarter at or after `moment` between 07:00 and 18:00 in Stockholm, both included, any day.
///
/// At the end of jiff's range, where no quarter is left, `moment` itself.
#[must_use]
pub fn next_urgent(moment: Timestamp) -> Timestamp {
    let (first, last) = URGENT;
    let now = civil(moment);
    let quarter = if now.time() <= first {
        instant(now.date(), first)
    } else if now.time() > last {
        instant(now.date().tomorrow().unwrap_or(Date::MAX), first)
    } else {
        // Clocks change at night, so between 07 and 18 a quarter of local time is one of real time.
        let up = TimeRound::new().smallest(Unit::Minute).increment(15).mode(RoundMode::Ceil);
        instant(now.date(), now.time().round(up).unwrap_or(last))
    };
    quarter.max(moment)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::super::strategies::moments;
    use super::super::zone::rfc3339;
    use super::*;

    fn window(moment: &str) -> String {
        rfc3339(next_window(&QuietPeriods::default(), moment.parse().unwrap()))
    }

    fn urgent(moment: &str) -> String {
        rfc3339(next_urgent(moment.parse().unwrap()))
    }

    #[test]
    fn mail_leaves_at_eight_and_at_three() {
        assert_eq!(window("2025-10-23T16:00:00+02:00"), "2025-10-24T08:00:00+02:00");
        assert_eq!(window("2025-10-24T08:00:00+02:00"), "2025-10-24T08:00:00+02:00");
        assert_eq!(window("2025-10-24T08:00:00.001+02:00"), "2025-10-24T15:00:00+02:00");
        assert_eq!(
            window("2025-10-24T15:00:01+02:00"),
            "2025-10-27T08:00:00+01:00",
            "over the change of clocks"
        );
    }

    #[test]
    fn no_window_in_weekends_and_quiet_periods() {
        assert_eq!(window("2026-07-03T15:00:01+02:00"), "2026-08-03T08:00:00+02:00");
        assert_eq!(window("2025-12-24T10:00:00+01:00"), "2026-01-07T08:00:00+01:00");
        assert_eq!(window("2026-03-28T12:00:00+01:00"), "2026-03-30T08:00:00+02:00");
    }

    #[test]
    fn what_is_urgent_leaves_at_the_next_quarter_any_day() {
        assert_eq!(urgent("2025-12-25T06:00:00+01:00"), "2025-12-25T07:00:00+01:00");
        assert_eq!(urgent("2025-12-25T07:00:00+01:00"), "2025-12-25T07:00:00+01:00");
        assert_eq!(urgent("2025-12-25T07:00:01+01:00"), "2025-12-25T07:15:00+01:00");
        assert_eq!(urgent("2025-12-25T09:45:00.5+01:00"), "2025-12-25T10:00:00+01:00");
        assert_eq!(urgent("2025-12-25T18:00:00+01:00"), "2025-12-25T18:00:00+01:00");
        assert_eq!(urgent("2025-12-25T18:00:00.1+01:00"), "2025-12-26T07:00:00+01:00");
        assert_eq!(urgent("2026-03-29T02:00:00+01:00"), "2026-03-29T07:00:00+02:00");
        assert_eq!(urgent("2026-10-24T23:00:00+02:00"), "2026-10-25T07:00:00+01:00");
    }

    #[test]
    fn the_ends_of_time_are_not_in_the_past() {
        for end in [Timestamp::MIN, Timestamp::MAX] {
            assert!(next_window(&QuietPeriods::default(), end) >= end);
            assert!(next_urgent(end) >= end);
        }
    }

    proptest! {
        #[test]
        fn a_window_is_never_early_and_always_on_an_open_workday(moment in moments()) {
            let quiet = QuietPeriods::default();
            let window = next_window(&quiet, moment);
            prop_assert!(window >= moment);
            let shown = civil(window);
            prop_assert!(quiet.is_open(shown.date()), "{}", shown);
            prop_assert!(WINDOWS.contains(&shown.time()), "{}", shown);
            prop_assert_eq!(next_window(&quiet, window), window);
        }

        #[test]
        fn no_window_is_passed_over(moment in moments()) {
            let quiet = QuietPeriods::default();
            let window = next_window(&quiet, moment);
            let mut day = civil(moment).date();
            while day <= civil(window).date() {
                for time in WINDOWS {
                    let at = instant(day, time);
                    prop_assert!(!quiet.is_open(day) || at < moment || at >= window, "{} {}", day, time);
                }
                day = day.tomorrow().unwrap();
            }
        }

        #[test]
        fn the_urgent_wait_for_a_quarter_of_the_day_at_most_for_the_night(moment in moments()) {
            let quarter = next_urgent(moment);
            prop_assert!(quarter >= moment);
            let shown = civil(quarter).time();
            prop_assert!(shown >= URGENT.0 && shown <= URGENT.1);
            prop_assert!(shown.minute() % 15 == 0 && shown.second() == 0 && shown.subsec_nanosecond() == 0);
            let asked = civil(moment).time();
            let waited = quarter.as_second() - moment.as_second();
            let by_day = asked >= URGENT.0 && asked <= URGENT.1;
            prop_assert!(waited < if by_day { 900 } else { 14 * 3600 }, "{} s", waited);
        }

        #[test]
        fn the_day_opens_at_eight(moment in moments()) {
            let day = civil(moment).date();
            prop_assert_eq!(civil(window_of_day(day)), day.at(8, 0, 0, 0));
        }
    }
}
