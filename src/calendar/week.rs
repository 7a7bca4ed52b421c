//! ISO 8601 weeks, the weeks of every Swedish almanac.

use jiff::civil::Date;

/// The ISO year and week (1 to 53) of `date`. The year is the week's, not the date's:
/// 2024-12-30 lies in week 1 of 2025.
#[must_use]
pub fn iso_week(date: Date) -> (i16, i8) {
    let week = date.iso_week_date();
    (week.year(), week.week())
}

/// `2025-W42`.
#[must_use]
pub fn week_code(date: Date) -> String {
    let (year, week) = iso_week(date);
    format!("{year:04}-W{week:02}")
}

/// 52 or 53 weeks; years outside jiff's range count as its first or last.
#[must_use]
pub fn weeks_in_year(year: i16) -> i8 {
    let year = year.clamp(Date::MIN.year(), Date::MAX.year());
    // 28 December always lies in the last week of its own year (the week holds a Thursday of it).
    Date::new(year, 12, 28).map_or(52, |date| iso_week(date).1)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::{any, prop_assert, proptest};

    use super::super::strategies::any_dates;
    use super::*;

    #[test]
    fn weeks_at_the_turn_of_the_year() {
        assert_eq!(iso_week(date(2024, 12, 30)), (2025, 1));
        assert_eq!(week_code(date(2024, 12, 30)), "2025-W01");
        assert_eq!(week_code(date(2026, 12, 28)), "2026-W53");
        assert_eq!(week_code(date(2027, 1, 3)), "2026-W53");
        assert_eq!(week_code(date(2027, 1, 4)), "2027-W01");
        assert_eq!(week_code(date(2025, 10, 13)), "2025-W42");
    }

    #[test]
    fn long_years_have_53_weeks() {
        let long: Vec<i16> = (2015..=2040).filter(|year| weeks_in_year(*year) == 53).collect();
        assert_eq!(long, [2015, 2020, 2026, 2032, 2037]);
    }

    proptest! {
        #[test]
        fn weeks_are_within_their_year(day in any_dates(), year in any::<i16>()) {
            let (iso_year, week) = iso_week(day);
            prop_assert!((1..=weeks_in_year(iso_year)).contains(&week));
            prop_assert!((52..=53).contains(&weeks_in_year(year)));
        }
    }
}
