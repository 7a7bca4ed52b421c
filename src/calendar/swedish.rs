//! Dates and times as Swedish readers write them: lower case, no ordinals, weeks as `v. 43`.

use jiff::civil::{Date, Time, Weekday};

use super::week::iso_week;

/// `fredag 24 oktober`
#[must_use]
pub fn long(date: Date) -> String {
    format!("{} {}", weekday(date), day_month(date))
}

/// `fredag 24 oktober (v. 43)`
#[must_use]
pub fn long_week(date: Date) -> String {
    format!("{} {}", long(date), in_week(date))
}

/// `fredag 24 oktober 2025`
#[must_use]
pub fn long_year(date: Date) -> String {
    format!("{} {}", long(date), date.year())
}

/// `fredag 24 oktober 2025 (v. 43)`
#[must_use]
pub fn long_year_week(date: Date) -> String {
    format!("{} {}", long_year(date), in_week(date))
}

/// `fre 24 okt`, `mån 6 juli`
#[must_use]
pub fn short(date: Date) -> String {
    let weekday: String = weekday(date).chars().take(3).collect();
    format!("{weekday} {} {}", date.day(), month_short(date))
}

/// `okt`, `juli`
#[must_use]
pub fn month_short(date: Date) -> &'static str {
    let month = month(date);
    // The short names stand whole: "jul" would be read as Christmas.
    if month.len() <= 4 { month } else { month.get(..3).unwrap_or(month) }
}

/// `fre 24 okt (v. 43)`
#[must_use]
pub fn short_week(date: Date) -> String {
    format!("{} {}", short(date), in_week(date))
}

/// `fre 24 okt 2025`
#[must_use]
pub fn short_year(date: Date) -> String {
    format!("{} {}", short(date), date.year())
}

/// `15–16 oktober`, `30 september–1 oktober`, and `15 oktober` for one day. The ends may come in either order.
#[must_use]
pub fn range(first: Date, last: Date) -> String {
    let (first, last) = (first.min(last), first.max(last));
    if first == last {
        day_month(first)
    } else if first.first_of_month() == last.first_of_month() {
        format!("{}–{}", first.day(), day_month(last))
    } else {
        format!("{}–{}", day_month(first), day_month(last))
    }
}

/// `15–16 oktober 2025`, `29 december 2025–2 januari 2026`
#[must_use]
pub fn range_year(first: Date, last: Date) -> String {
    let (first, last) = (first.min(last), first.max(last));
    if first.year() == last.year() {
        format!("{} {}", range(first, last), last.year())
    } else {
        format!("{} {}–{} {}", day_month(first), first.year(), day_month(last), last.year())
    }
}

/// `kl. 14.45`, `kl. 08.00`
#[must_use]
pub fn clock(time: Time) -> String {
    format!("kl. {:02}.{:02}", time.hour(), time.minute())
}

fn day_month(date: Date) -> String {
    format!("{} {}", date.day(), month(date))
}

fn in_week(date: Date) -> String {
    format!("(v. {})", iso_week(date).1)
}

fn weekday(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "måndag",
        Weekday::Tuesday => "tisdag",
        Weekday::Wednesday => "onsdag",
        Weekday::Thursday => "torsdag",
        Weekday::Friday => "fredag",
        Weekday::Saturday => "lördag",
        Weekday::Sunday => "söndag",
    }
}

/// `januari`.
#[must_use]
pub fn month(date: Date) -> &'static str {
    match date.month() {
        1 => "januari",
        2 => "februari",
        3 => "mars",
        4 => "april",
        5 => "maj",
        6 => "juni",
        7 => "juli",
        8 => "augusti",
        9 => "september",
        10 => "oktober",
        11 => "november",
        _ => "december",
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    const FRIDAY: Date = date(2025, 10, 24);

    #[test]
    fn one_day() {
        assert_eq!(long(FRIDAY), "fredag 24 oktober");
        assert_eq!(long_week(FRIDAY), "fredag 24 oktober (v. 43)");
        assert_eq!(long_year(FRIDAY), "fredag 24 oktober 2025");
        assert_eq!(long_year_week(FRIDAY), "fredag 24 oktober 2025 (v. 43)");
        assert_eq!(short(FRIDAY), "fre 24 okt");
        assert_eq!(short_week(FRIDAY), "fre 24 okt (v. 43)");
        assert_eq!(short_year(FRIDAY), "fre 24 okt 2025");
    }

    #[test]
    fn the_year_is_the_dates_and_the_week_the_almanacs() {
        assert_eq!(long_year_week(date(2024, 12, 30)), "måndag 30 december 2024 (v. 1)");
        assert_eq!(long_week(date(2027, 1, 1)), "fredag 1 januari (v. 53)");
    }

    #[test]
    fn every_weekday_and_month() {
        let days = (13..=19).map(|day| short(date(2025, 10, day))).collect::<Vec<_>>().join(", ");
        let expected = "mån 13 okt, tis 14 okt, ons 15 okt, tor 16 okt, fre 17 okt, lör 18 okt, sön 19 okt";
        assert_eq!(days, expected);
        let long_months =
            (1..=12).map(|month| day_month(date(2025, month, 1))).collect::<Vec<_>>().join(", ");
        assert_eq!(
            long_months,
            "1 januari, 1 februari, 1 mars, 1 april, 1 maj, 1 juni, 1 juli, 1 augusti, 1 september, \
             1 oktober, 1 november, 1 december"
        );
        let months = (1..=12).map(|month| short(date(2025, month, 1))).collect::<Vec<_>>().join(", ");
        assert_eq!(
            months,
            "ons 1 jan, lör 1 feb, lör 1 mars, tis 1 apr, tor 1 maj, sön 1 juni, tis 1 juli, fre 1 aug, \
             mån 1 sep, ons 1 okt, lör 1 nov, mån 1 dec"
        );
    }

    #[test]
    fn spans_of_days() {
        assert_eq!(range(date(2025, 10, 15), date(2025, 10, 16)), "15–16 oktober");
        assert_eq!(range(date(2025, 9, 30), date(2025, 10, 1)), "30 september–1 oktober");
        assert_eq!(range(FRIDAY, FRIDAY), "24 oktober");
        assert_eq!(range(date(2025, 10, 16), date(2025, 10, 15)), "15–16 oktober");
        assert_eq!(range(date(2025, 10, 15), date(2026, 10, 16)), "15 oktober–16 oktober");
        assert_eq!(range_year(date(2025, 10, 15), date(2025, 10, 16)), "15–16 oktober 2025");
        assert_eq!(range_year(date(2025, 9, 30), date(2025, 10, 1)), "30 september–1 oktober 2025");
        assert_eq!(range_year(date(2025, 12, 29), date(2026, 1, 2)), "29 december 2025–2 januari 2026");
        assert_eq!(range_year(FRIDAY, FRIDAY), "24 oktober 2025");
    }

    #[test]
    fn times_have_a_full_stop() {
        assert_eq!(clock(time(14, 45, 0, 0)), "kl. 14.45");
        assert_eq!(clock(time(8, 0, 0, 0)), "kl. 08.00");
    }
}
