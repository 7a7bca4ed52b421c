//! Where civil time meets the world: Europe/Stockholm.

use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{self, AmbiguousOffset, TimeZone, TimeZoneDatabase};

/// Swedish time since 1996 as a POSIX rule, should the bundled database fail to open.
const POSIX: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

/// Europe/Stockholm from the database compiled into the program.
///
/// The machine's own database is not asked: the same plan must come out on every machine.
#[must_use]
pub fn stockholm() -> TimeZone {
    static ZONE: OnceLock<TimeZone> = OnceLock::new();
    ZONE.get_or_init(|| {
        TimeZoneDatabase::bundled()
            .get("Europe/Stockholm")
            .or_else(|_| TimeZone::posix(POSIX))
            .unwrap_or_else(|_| TimeZone::fixed(tz::offset(1)))
    })
    .clone()
}

/// The moment at which Stockholm's clocks show `time` on `date`.
///
/// A time in the gap of spring is the end of the gap (02:30 is 03:00, the first moment that exists; the
/// usual 03:30 would be later than anybody asked). A time that autumn gives twice is the first of the
/// two. Saturates at the ends of jiff's timestamps.
#[must_use]
pub fn instant(date: Date, time: Time) -> Timestamp {
    let zone = stockholm();
    let civil = date.to_datetime(time);
    let moment = match zone.to_ambiguous_timestamp(civil).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(civil),
        AmbiguousOffset::Fold { before, .. } => before.to_timestamp(civil),
        // Read with summer's offset, a time in the gap lies less than the gap's length before the
        // change of clocks, so the next change is that one.
        AmbiguousOffset::Gap { after, .. } => after
            .to_timestamp(civil)
            .map(|early| zone.following(early).next().map_or(early, |change| change.timestamp())),
    };
    moment.unwrap_or(if date.year() < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// What Stockholm's clocks and calendars show at `moment`.
#[must_use]
pub fn civil(moment: Timestamp) -> DateTime {
    stockholm().to_datetime(moment)
}

/// The date in Stockholm at `moment`.
#[must_use]
pub fn today(moment: Timestamp) -> Date {
    civil(moment).date()
}

/// RFC 3339 with Stockholm's offset: `2025-02-17T08:00:00+01:00`.
#[must_use]
pub fn rfc3339(moment: Timestamp) -> String {
    moment.display_with_offset(stockholm().to_offset(moment)).to_string()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::super::strategies::{any_dates, moments};
    use super::*;

    fn shown(day: Date, at: Time) -> String {
        rfc3339(instant(day, at))
    }

    #[test]
    fn winter_and_summer() {
        assert_eq!(shown(date(2025, 2, 17), time(8, 0, 0, 0)), "2025-02-17T08:00:00+01:00");
        assert_eq!(shown(date(2025, 6, 13), time(8, 0, 0, 0)), "2025-06-13T08:00:00+02:00");
    }

    #[test]
    fn a_time_that_spring_skips_is_the_end_of_the_gap() {
        let spring = date(2026, 3, 29);
        assert_eq!(shown(spring, time(1, 59, 0, 0)), "2026-03-29T01:59:00+01:00");
        for minute in [0, 1, 30, 59] {
            assert_eq!(shown(spring, time(2, minute, 0, 0)), "2026-03-29T03:00:00+02:00");
        }
        assert_eq!(shown(spring, time(3, 0, 0, 0)), "2026-03-29T03:00:00+02:00");
        assert_eq!(shown(spring, time(3, 1, 0, 0)), "2026-03-29T03:01:00+02:00");
    }

    #[test]
    fn a_time_that_autumn_repeats_is_the_first() {
        let autumn = date(2026, 10, 25);
        assert_eq!(shown(autumn, time(2, 0, 0, 0)), "2026-10-25T02:00:00+02:00");
        assert_eq!(shown(autumn, time(2, 30, 0, 0)), "2026-10-25T02:30:00+02:00");
        assert_eq!(shown(autumn, time(3, 0, 0, 0)), "2026-10-25T03:00:00+01:00");
    }

    #[test]
    fn the_date_changes_at_stockholms_midnight() {
        let late: Timestamp = "2026-06-30T21:59:59Z".parse().unwrap();
        let midnight: Timestamp = "2026-06-30T22:00:00Z".parse().unwrap();
        assert_eq!(today(late), date(2026, 6, 30));
        assert_eq!(today(midnight), date(2026, 7, 1));
        assert_eq!(civil(midnight), date(2026, 7, 1).at(0, 0, 0, 0));
    }

    #[test]
    fn the_zone_is_the_real_one_and_the_spare_agrees_with_it() {
        assert_eq!(stockholm().iana_name(), Some("Europe/Stockholm"));
        let spare = TimeZone::posix(POSIX).unwrap();
        let mut day = date(2000, 1, 1);
        while day < date(2100, 1, 1) {
            let noon = instant(day, time(12, 0, 0, 0));
            assert_eq!(spare.to_offset(noon), stockholm().to_offset(noon), "{day}");
            day = day.tomorrow().unwrap();
        }
    }

    #[test]
    fn the_ends_of_time_saturate() {
        assert_eq!(instant(Date::MAX, Time::MAX), Timestamp::MAX);
        assert_eq!(instant(Date::MIN, Time::MIN), Timestamp::MIN);
        for end in [Timestamp::MIN, Timestamp::MAX] {
            let _ = (civil(end), today(end), rfc3339(end));
        }
    }

    proptest! {
        #[test]
        fn a_moment_is_read_back(moment in moments()) {
            prop_assert_eq!(rfc3339(moment).parse::<Timestamp>().unwrap(), moment);
            let shown = civil(moment);
            let first = instant(shown.date(), shown.time());
            prop_assert!(first <= moment && moment.as_second() - first.as_second() <= 3600);
        }

        #[test]
        fn every_date_and_time_is_some_moment(day in any_dates(), hour in 0..24_i8, minute in 0..60_i8) {
            let moment = instant(day, time(hour, minute, 0, 0));
            let inside = (-9998..=9998).contains(&day.year());
            prop_assert!(!inside || today(moment) == day);
        }
    }
}
