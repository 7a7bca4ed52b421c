//! Days as plans write them, each taken as the last day that it can mean: what is written so was promised by then.
//!
//! What a date is says [`notation`] alone; here stand only the two questions that the readers of plans ask it.

use jiff::civil::Date;

use super::notation::{self, Basis, Found, Notation, Stretch};
use crate::items::register::Precision;

/// The last day that a text promises something by, and how exactly it says so. The first date in the text that has
/// its year and an end counts: a cell says no year for others. None where there is none such.
#[must_use]
pub fn deadline(text: &str) -> Option<(Date, Precision)> {
    let due = |stretch: Stretch| Some((stretch.deadline()?, stretch.precision()));
    notation::find(text, Basis::default()).into_iter().filter_map(stretch).find_map(due)
}

/// The day that a word is: `2025-01-31`, `20250131` or `250131`. A word is that and nothing besides.
#[must_use]
pub fn day(word: &str) -> Option<Date> {
    let mut found = notation::find(word, Basis::default()).into_iter();
    let only = found.next().filter(|found| found.range == (0..word.len()))?;
    stretch(only)?.day()
}

fn stretch(found: Found) -> Option<Stretch> {
    match found.what {
        Notation::Stretch(stretch) => Some(stretch),
        Notation::Clock(_) | Notation::Wrong(_) => None,
    }
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
        for word in ["2025", "jan-25", "250131:", "den 250131", "250131-250201", "250231"] {
            assert_eq!(day(word), None, "{word}");
        }
        assert_eq!(day("250131"), Some(date(2025, 1, 31)));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text: String) {
            let _ = (deadline(&text), day(&text));
        }
    }
}
