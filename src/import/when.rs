//! Days as plans write them: `2025-01-31`, `250131`, `våren 2023`, `under 2025`, `jan-25`, `Q2 2025`.
//!
//! Only these forms, and each to the last day that it can mean: what is read here was promised by then.

use jiff::civil::Date;

use crate::calendar::{Roll, roll};
use crate::items::register::Precision;

/// The last day that a text promises something by, and how exactly it says so. The first date in the text counts.
/// None where it has none that is known here.
#[must_use]
pub fn deadline(text: &str) -> Option<(Date, Precision)> {
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|word| !word.is_empty()).collect();
    (0..words.len()).find_map(|n| from_words(words.get(n..).unwrap_or_default()))
}

/// The day that a word is: `2025-01-31`, `20250131` or `250131`.
#[must_use]
pub fn day(word: &str) -> Option<Date> {
    if let Ok(date) = word.parse::<Date>()
        && word.contains('-')
    {
        return Some(date);
    }
    if !word.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (year, rest) = match word.len() {
        6 => (2000 + word.get(..2)?.parse::<i16>().ok()?, word.get(2..)?),
        8 => (word.get(..4)?.parse().ok()?, word.get(4..)?),
        _ => return None,
    };
    Date::new(year, rest.get(..2)?.parse().ok()?, rest.get(2..)?.parse().ok()?).ok()
}

fn from_words(words: &[&str]) -> Option<(Date, Precision)> {
    let first = *words.first()?;
    let second = words.get(1).copied().unwrap_or_default();
    if let Some(date) = day(first) {
        return Some((date, Precision::Day));
    }
    let (name, joined) = first.split_once('-').unwrap_or((first, ""));
    let year = year(if joined.is_empty() { second } else { joined });
    if let (Some(month), Some(year)) = (month(name), year) {
        return Some((last_workday(year, month)?, Precision::Month));
    }
    if let (Some(quarter), Some(year)) = (quarter(name), year) {
        return Some((last_day(year, quarter * 3)?, Precision::Quarter));
    }
    // 2025-Q2 as well as Q2 2025.
    if let (Some(year), Some(quarter)) = (full_year(name), quarter(joined)) {
        return Some((last_day(year, quarter * 3)?, Precision::Quarter));
    }
    if let (Some(month), Some(year)) = (season(first), full_year(second)) {
        return Some((last_day(year, month)?, Precision::Season));
    }
    full_year(first).and_then(|year| Some((last_day(year, 12)?, Precision::Year)))
}

/// A month by its name or its first three letters.
fn month(word: &str) -> Option<i8> {
    const NAMES: [&str; 12] = [
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ];
    let found = NAMES.iter().position(|name| *name == word || name.get(..3) == Some(word))?;
    i8::try_from(found + 1).ok()
}

fn quarter(word: &str) -> Option<i8> {
    let number: i8 = word.strip_prefix(['q', 'k'])?.parse().ok()?;
    (1..=4).contains(&number).then_some(number)
}

/// The last month of a season. Winter lies in two years and is none.
fn season(word: &str) -> Option<i8> {
    match word {
        "våren" | "vår" => Some(5),
        "sommaren" | "sommar" => Some(8),
        "hösten" | "höst" => Some(11),
        _ => None,
    }
}

fn full_year(word: &str) -> Option<i16> {
    let year: i16 = word.parse().ok()?;
    (word.len() == 4 && (2000..2100).contains(&year)).then_some(year)
}

/// `2025` or `25`.
fn year(word: &str) -> Option<i16> {
    let short = || word.parse::<i16>().ok().filter(|_| word.len() == 2).map(|year| 2000 + year);
    full_year(word).or_else(short)
}

fn last_day(year: i16, month: i8) -> Option<Date> {
    Date::new(year, month, 1).ok().map(|day| day.last_of_month())
}

fn last_workday(year: i16, month: i8) -> Option<Date> {
    last_day(year, month).map(|day| roll(day, Roll::PreviousWorkday))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn each_form_is_read_to_its_last_day() {
        let read = |text| deadline(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(read("2025-03-14"), (date(2025, 3, 14), Precision::Day));
        assert_eq!(read("tom 231231"), (date(2023, 12, 31), Precision::Day));
        assert_eq!(read("20230405"), (date(2023, 4, 5), Precision::Day));
        assert_eq!(read("under våren 2023"), (date(2023, 5, 31), Precision::Season));
        assert_eq!(read("Hösten 2025"), (date(2025, 11, 30), Precision::Season));
        assert_eq!(read("under 2025"), (date(2025, 12, 31), Precision::Year));
        assert_eq!(read("Avrapportering jan-25"), (date(2025, 1, 31), Precision::Month));
        assert_eq!(read("augusti 2025"), (date(2025, 8, 29), Precision::Month));
        assert_eq!(read("Q2 2025"), (date(2025, 6, 30), Precision::Quarter));
        assert_eq!(read("2025-Q2"), (date(2025, 6, 30), Precision::Quarter));
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in
            ["", "snart", "vintern", "jan", "våren", "25", "231331", "12025", "Q5 2025x", "13 punkter"]
        {
            assert_eq!(deadline(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text: String) {
            let _ = (deadline(&text), day(&text));
        }
    }
}
