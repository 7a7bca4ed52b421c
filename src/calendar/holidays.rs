//! Swedish public holidays by the law of each year, and the three eves that nobody works.
//!
//! Source: lag (1989:253) om allmänna helgdagar; from 2005 (SFS 2004:1320) nationaldagen is a
//! holiday and annandag pingst no longer is. Every other date is computed, so no table runs out.
//! Ordinary Sundays are not holidays here; [`super::workday`] knows the weekend.

use jiff::civil::{Date, Weekday};

/// The first year in which 6 June is a holiday and the day after Whit Sunday is not.
const NATIONAL_DAY_SINCE: i16 = 2005;

/// The public holiday on `date`, by its Swedish name in running text (lower case).
///
/// Where two fall on one day the holiday of the fixed date gives the name: 1 May 2008 is `första maj`
/// though also Kristi himmelsfärds dag, and 6 June 2049 is `nationaldagen` though also Whit Sunday.
///
/// Before 1990 the present law's rules are continued backwards, which is not history.
#[must_use]
pub fn public_holiday(date: Date) -> Option<&'static str> {
    fixed(date).or_else(|| bound_to_saturday(date)).or_else(|| bound_to_easter(date))
}

/// The eve on `date` that is no public holiday but free by law and agreement alike.
///
/// Lag (1930:173) 2 § treats midsommarafton, julafton and nyårsafton as Sundays when time runs out.
#[must_use]
pub fn eve(date: Date) -> Option<&'static str> {
    match (date.month(), date.day()) {
        (6, 19..=25) if date.weekday() == Weekday::Friday => Some("midsommarafton"),
        (12, 24) => Some("julafton"),
        (12, 31) => Some("nyårsafton"),
        _ => None,
    }
}

/// The public holiday or the eve on `date`; no day is both.
#[must_use]
pub fn holiday(date: Date) -> Option<&'static str> {
    public_holiday(date).or_else(|| eve(date))
}

fn fixed(date: Date) -> Option<&'static str> {
    match (date.month(), date.day()) {
        (1, 1) => Some("nyårsdagen"),
        (1, 6) => Some("trettondedag jul"),
        (5, 1) => Some("första maj"),
        (6, 6) if date.year() >= NATIONAL_DAY_SINCE => Some("nationaldagen"),
        (12, 25) => Some("juldagen"),
        (12, 26) => Some("annandag jul"),
        _ => None,
    }
}

fn bound_to_saturday(date: Date) -> Option<&'static str> {
    if date.weekday() != Weekday::Saturday {
        return None;
    }
    match (date.month(), date.day()) {
        (6, 20..=26) => Some("midsommardagen"),
        (10, 31) | (11, 1..=6) => Some("alla helgons dag"),
        _ => None,
    }
}

fn bound_to_easter(date: Date) -> Option<&'static str> {
    // Days of the same year are compared, not dates added: nothing can leave jiff's range.
    match date.day_of_year() - easter(date.year())?.day_of_year() {
        -2 => Some("långfredagen"),
        0 => Some("påskdagen"),
        1 => Some("annandag påsk"),
        39 => Some("Kristi himmelsfärds dag"),
        49 => Some("pingstdagen"),
        50 if date.year() < NATIONAL_DAY_SINCE => Some("annandag pingst"),
        _ => None,
    }
}

/// Easter Sunday by the Gregorian computus (Meeus, Jones and Butcher); `None` outside jiff's years.
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let golden = y.rem_euclid(19);
    let (century, of_century) = (y.div_euclid(100), y.rem_euclid(100));
    let lunar_fix = (century - (century + 8).div_euclid(25) + 1).div_euclid(3);
    let epact = (19 * golden + century - century.div_euclid(4) - lunar_fix + 15).rem_euclid(30);
    let to_sunday =
        (32 + 2 * century.rem_euclid(4) + 2 * (of_century / 4) - epact - of_century % 4).rem_euclid(7);
    let late = (golden + 11 * epact + 22 * to_sunday) / 451;
    let march_based = epact + to_sunday - 7 * late + 114;
    let (month, day) = (march_based / 31, march_based % 31 + 1);
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::{prop_assert, proptest};

    use super::super::strategies::any_dates;
    use super::super::workday::is_workday;
    use super::*;

    fn named_days(year: i16) -> Vec<(i8, i8, &'static str)> {
        date(year, 1, 1)
            .series(jiff::Span::new().days(1))
            .take_while(|day| day.year() == year)
            .filter_map(|day| holiday(day).map(|name| (day.month(), day.day(), name)))
            .collect()
    }

    /// The days that move, year by year; those of a fixed date are the same in all.
    #[test]
    fn the_holidays_of_2022_to_2027() {
        // Good Friday, Ascension, Whit Sunday, midsummer's eve, All Saints, free Mondays to Fridays.
        let golden = [
            (2022, (4, 15), (5, 26), (6, 5), (6, 24), (11, 5), 7),
            (2023, (4, 7), (5, 18), (5, 28), (6, 23), (11, 4), 9),
            (2024, (3, 29), (5, 9), (5, 19), (6, 21), (11, 2), 11),
            (2025, (4, 18), (5, 29), (6, 8), (6, 20), (11, 1), 12),
            (2026, (4, 3), (5, 14), (5, 24), (6, 19), (10, 31), 10),
            (2027, (3, 26), (5, 6), (5, 16), (6, 25), (11, 6), 8),
        ];
        for (year, friday, ascension, whit, midsummer, saints, free_weekdays) in golden {
            let day = |(month, day): (i8, i8)| date(year, month, day);
            let after = |start, days: i64| {
                let moved = day(start) + jiff::Span::new().days(days);
                (moved.month(), moved.day())
            };
            let mut expected = vec![
                ((1, 1), "nyårsdagen"),
                ((1, 6), "trettondedag jul"),
                (friday, "långfredagen"),
                (after(friday, 2), "påskdagen"),
                (after(friday, 3), "annandag påsk"),
                ((5, 1), "första maj"),
                (ascension, "Kristi himmelsfärds dag"),
                (whit, "pingstdagen"),
                ((6, 6), "nationaldagen"),
                (midsummer, "midsommarafton"),
                (after(midsummer, 1), "midsommardagen"),
                (saints, "alla helgons dag"),
                ((12, 24), "julafton"),
                ((12, 25), "juldagen"),
                ((12, 26), "annandag jul"),
                ((12, 31), "nyårsafton"),
            ];
            expected.sort_unstable();
            let expected: Vec<_> = expected.into_iter().map(|((m, d), name)| (m, d, name)).collect();
            assert_eq!(named_days(year), expected, "{year}");
            let weekdays = expected
                .iter()
                .filter(|(month, dom, _)| day((*month, *dom)).weekday().to_monday_one_offset() <= 5);
            assert_eq!(weekdays.count(), free_weekdays, "{year}");
        }
    }

    #[test]
    fn the_law_changed_in_2005() {
        assert_eq!(public_holiday(date(2004, 5, 31)), Some("annandag pingst"));
        assert_eq!(public_holiday(date(2005, 5, 16)), None);
        assert!(is_workday(date(2005, 5, 16)));
        assert_eq!(public_holiday(date(2004, 6, 6)), None);
        assert_eq!(public_holiday(date(2005, 6, 6)), Some("nationaldagen"));
        assert!(!is_workday(date(2005, 6, 6)));
    }

    #[test]
    fn two_holidays_on_one_day_go_by_the_fixed_date() {
        assert_eq!(public_holiday(date(2008, 5, 1)), Some("första maj"));
        assert_eq!(public_holiday(date(2008, 5, 11)), Some("pingstdagen"), "so 1 May was Ascension too");
        assert_eq!(public_holiday(date(2049, 6, 6)), Some("nationaldagen"));
        assert_eq!(public_holiday(date(2049, 4, 18)), Some("påskdagen"), "so 6 June is Whit Sunday too");
    }

    #[test]
    fn easter_at_its_earliest_and_latest() {
        assert_eq!(public_holiday(date(2008, 3, 23)), Some("påskdagen"));
        assert_eq!(public_holiday(date(2038, 4, 25)), Some("påskdagen"));
        assert_eq!(public_holiday(date(1818, 3, 22)), Some("påskdagen"));
    }

    #[test]
    fn eves_are_not_public_holidays() {
        for day in [date(2025, 6, 20), date(2025, 12, 24), date(2025, 12, 31)] {
            assert_eq!(public_holiday(day), None);
            assert_eq!(holiday(day), eve(day));
            assert!(eve(day).is_some());
        }
        assert_eq!(eve(date(2025, 4, 30)), None, "valborgsmässoafton is a half-day, people work");
    }

    proptest! {
        #[test]
        fn no_day_is_both_holiday_and_eve_in_any_year(day in any_dates()) {
            prop_assert!(public_holiday(day).is_none() || eve(day).is_none());
        }

        #[test]
        fn every_year_has_its_easter_on_a_sunday(year in -9999..=9999_i16) {
            let easter = easter(year).unwrap();
            prop_assert!(easter.weekday() == Weekday::Sunday);
            prop_assert!((3, 22) <= (easter.month(), easter.day()) && (easter.month(), easter.day()) <= (4, 25));
        }
    }
}
