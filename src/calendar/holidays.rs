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
