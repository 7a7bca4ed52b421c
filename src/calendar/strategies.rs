//! Dates, moments and quiet periods for the property tests.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use proptest::prelude::{Strategy, prop_oneof};

use super::quiet::{QuietPeriod, QuietPeriods};
use super::rule::MonthDay;

/// A date of the years the product promises, 1990 to 2100.
pub(crate) fn dates() -> impl Strategy<Value = Date> {
    (0..40_542_i64).prop_map(|days| date(1990, 1, 1) + jiff::Span::new().days(days))
}

/// Any date jiff can hold, the first and last few hundred days as likely as all others.
pub(crate) fn any_dates() -> impl Strategy<Value = Date> {
    prop_oneof![
        (0..400_i64).prop_map(|days| Date::MIN + jiff::Span::new().days(days)),
        (0..400_i64).prop_map(|days| Date::MAX - jiff::Span::new().days(days)),
        (0..7_304_484_i64).prop_map(|days| Date::MIN + jiff::Span::new().days(days)),
    ]
}

/// A moment from 1990 to 2100, to the second; window edges and changes of clock are full quarters.
pub(crate) fn moments() -> impl Strategy<Value = Timestamp> {
    let (first, last) = (631_152_000_i64, 4_133_980_799_i64);
    prop_oneof![first..=last, (first / 900..=last / 900).prop_map(|quarter| quarter * 900)]
        .prop_map(|second| Timestamp::from_second(second).unwrap())
}

pub(crate) fn month_days() -> impl Strategy<Value = MonthDay> {
    (0..366_i64).prop_map(|days| MonthDay::of(date(2024, 1, 1) + jiff::Span::new().days(days)))
}

/// Up to three periods of any length and place, also such as leave hardly a day of the year.
pub(crate) fn quiet_periods() -> impl Strategy<Value = QuietPeriods> {
    let weeks = (1..=53_i8, 1..=53_i8).prop_map(|(first, last)| QuietPeriod::Weeks {
        first,
        last,
        name: "veckor".to_owned(),
    });
    let dates = (month_days(), month_days()).prop_map(|(from, until)| QuietPeriod::Dates {
        from,
        until,
        name: "dagar".to_owned(),
    });
    prop_oneof![
        proptest::strategy::Just(QuietPeriods::default()),
        proptest::collection::vec(prop_oneof![weeks, dates], 0..=3).prop_map(QuietPeriods::new),
    ]
}
