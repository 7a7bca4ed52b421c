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
    let letters = |word: &str, count| word.chars().take(count).collect::<String>();
    let month = month(date);
    // The short names stand whole: "jul" would be read as Christmas.
    let month_letters = if month.len() <= 4 { 4 } else { 3 };
    format!("{} {} {}", letters(weekday(date), 3), date.day(), letters(month, month_letters))
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

fn month(date: Date) -> &'static str {
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
