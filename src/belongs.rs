//! What doesn't belong in a plan or an answer: personal numbers.
//!
//! A personal number (personnummer) or coordination number (samordningsnummer, whose day is 60 higher) is a possible
//! date, perhaps with its century, perhaps `-` or `+`, and four digits of which the last is a check digit by Luhn
//! (Skatteverket, SKV 704). What is found is a place and never the number itself, so that no log and no page repeats
//! it.
//!
//! Found is what a reader would take for one: a date, a week, a diary number or an organisation's number is none.
//! Ten digits without a sign between them that begin with 0 are a telephone number, though somebody born after 1999
//! may be written so too: a warning at every telephone number is one that nobody reads.

use std::fmt;
use std::ops::Range;

use jiff::civil::Date;

/// Where a personal number stands, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The character in it at which the number begins.
    pub character: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, character {}", self.line, self.character)
    }
}

/// Where personal numbers stand in a text, in its order.
#[must_use]
pub fn personal_numbers(text: &str) -> Vec<Place> {
    let letters: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let run = digits(&letters, at);
        if run.is_empty() {
            at += 1;
            continue;
        }
        match number(&letters, &run) {
            Some(end) => {
                found.push(place(&letters, run.start));
                at = end;
            }
            None => at = run.end,
        }
    }
    found
}

/// The digits that begin at `at`.
fn digits(letters: &[char], at: usize) -> Range<usize> {
    let length = letters.iter().skip(at).take_while(|c| c.is_ascii_digit()).count();
    at..at + length
}

/// Where the number ends that begins with these digits; none if they begin none.
fn number(letters: &[char], run: &Range<usize>) -> Option<usize> {
    let (birth, last, end) = match run.len() {
        12 => (run.start..run.start + 8, run.start + 8..run.end, run.end),
        10 if letters.get(run.start) != Some(&'0') => {
            (run.start..run.start + 6, run.start + 6..run.end, run.end)
        }
        6 | 8 if letters.get(run.end).copied().is_some_and(is_sign) => {
            let last = digits(letters, run.end + 1);
            (run.clone(), last.clone(), last.end)
        }
        _ => return None,
    };
    let value = |range: Range<usize>| -> Vec<u8> {
        let letters = letters.get(range).unwrap_or_default();
        letters.iter().filter_map(|c| c.to_digit(10)).filter_map(|digit| u8::try_from(digit).ok()).collect()
    };
    let (birth, last) = (value(birth), value(last));
    // Serial numbers begin at 001.
    let serial = last.len() == 4 && !last.starts_with(&[0, 0, 0]);
    let stands_alone = is_apart(letters, run.start, end);
    (serial && stands_alone && is_birth(&birth) && is_checked(&birth, &last)).then_some(end)
}

/// What stands between the date and the last four digits, as people and word processors write it.
fn is_sign(letter: char) -> bool {
    matches!(letter, '-' | '+' | '\u{2010}' | '\u{2011}' | '\u{2013}' | '\u{2212}')
}

/// Whether what is between `start` and `end` is no part of a longer word or number, such as `2025-811218-9876`.
fn is_apart(letters: &[char], start: usize, end: usize) -> bool {
    let letter = |at: Option<usize>| at.and_then(|at| letters.get(at)).copied();
    let joins = |near: Option<char>, far: Option<char>| match (near, far) {
        (Some(near), _) if near.is_alphanumeric() => true,
        (Some(near), Some(far)) => {
            (is_sign(near) || matches!(near, '/' | '.' | ',' | ':')) && far.is_ascii_digit()
        }
        _ => false,
    };
    let before = (letter(start.checked_sub(1)), letter(start.checked_sub(2)));
    let after = (letter(Some(end)), letter(end.checked_add(1)));
    !joins(before.0, before.1) && !joins(after.0, after.1)
}

/// Whether six or eight digits are a day on which somebody may be born, or one with 60 added to its day.
fn is_birth(birth: &[u8]) -> bool {
    let (centuries, rest): (Vec<i16>, &[u8]) = match birth {
        [a, b, rest @ ..] if rest.len() == 6 => (vec![i16::from(*a) * 10 + i16::from(*b)], rest),
        rest => (vec![19, 20], rest),
    };
    let [y1, y2, m1, m2, d1, d2] = rest else { return false };
    let two = |tens: u8, ones: u8| i16::from(tens) * 10 + i16::from(ones);
    let day = two(*d1, *d2);
    let day = if day > 60 { day - 60 } else { day };
    let (month, day) = (i8::try_from(two(*m1, *m2)).unwrap_or(0), i8::try_from(day).unwrap_or(0));
    centuries.iter().any(|century| {
        (18..=20).contains(century) && Date::new(century * 100 + two(*y1, *y2), month, day).is_ok()
    })
}

/// Whether the last of the ten digits without century is their check digit.
fn is_checked(birth: &[u8], last: &[u8]) -> bool {
    let ten = birth.iter().skip(birth.len().saturating_sub(6)).chain(last);
    let sum: u32 = ten.zip([2u32, 1].into_iter().cycle()).map(|(d, by)| luhn(u32::from(*d) * by)).sum();
    sum.is_multiple_of(10)
}

fn luhn(product: u32) -> u32 {
    product / 10 + product % 10
}

fn place(letters: &[char], at: usize) -> Place {
    let before = letters.get(..at).unwrap_or_default();
    let line = before.iter().filter(|c| **c == '\n').count() + 1;
    let character = before.iter().rev().take_while(|c| **c != '\n').count() + 1;
    Place { line, character }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finds(text: &str) -> bool {
        !personal_numbers(text).is_empty()
    }

    /// The check digit of nine digits, worked out the long way round.
    fn check_digit(nine: &str) -> u32 {
        (0..10)
            .find(|last| {
                let mut sum = 0;
                for (at, digit) in format!("{nine}{last}").chars().rev().enumerate() {
                    let digit = digit.to_digit(10).unwrap();
                    let doubled = digit * 2;
                    sum += if at % 2 == 0 { digit } else { doubled / 10 + doubled % 10 };
                }
                sum % 10 == 0
            })
            .unwrap()
    }

    #[test]
    fn a_number_is_found_however_it_is_written() {
        // Skatteverket's own examples of numbers that nobody has.
        for text in [
            "811218-9876",
            "19811218-9876",
            "198112189876",
            "8112189876",
            "18811218+9876",
            "811218\u{2013}9876",
            "Patienten (811218-9876) har väntat.",
            "pnr:811218-9876,",
            "701063-2391",
        ] {
            assert!(finds(text), "{text}");
        }
    }

    #[test]
    fn what_a_plan_is_full_of_is_none() {
        for text in [
            "2025-01-31",
            "20250131",
            "230206",
            "230206 RPO MD: 14 av 15",
            "230206-230309",
            "2025-W05",
            "v. 42",
            "RS 2025-01234",
            "HSN 2025/1218-9876",
            "232100-0040",
            "556016-0680",
            "811218-9877",
            "0701234567",
            "010-103 00 00",
            "0046701234567",
            "+46 70 123 45 67",
            "013-12 34 56",
            "2025-811218-9876",
            "a811218-9876b",
            "811218-0009",
            "811318-9876",
            "https://example.org/2025/01/31/230206",
        ] {
            assert!(!finds(text), "{text}");
        }
    }

    #[test]
    fn its_place_is_told_and_not_the_number() {
        let places = personal_numbers("Å\nsvar 811218-9876\n\n8112189876");
        assert_eq!(places, [Place { line: 2, character: 6 }, Place { line: 4, character: 1 }]);
        assert_eq!(places[0].to_string(), "line 2, character 6");
    }

    fn birth() -> impl Strategy<Value = Date> {
        (1900i16..2026, 1i16..=365)
            .prop_map(|(year, day)| Date::new(year, 1, 1).unwrap() + jiff::ToSpan::days(i64::from(day) - 1))
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "\\PC*") {
            let _ = personal_numbers(&text);
        }

        #[test]
        fn digits_and_signs_break_nothing(text in "[0-9+\\-/ \n.]{0,60}") {
            let _ = personal_numbers(&text);
        }

        #[test]
        fn every_number_is_found(born in birth(), serial in 1u16..=999, coordination: bool, sign in "[-+]") {
            let day = born.day() + if coordination { 60 } else { 0 };
            let short = format!("{:02}{:02}{day:02}", born.year() % 100, born.month());
            let last = format!("{serial:03}{}", check_digit(&format!("{short}{serial:03}")));
            let long = format!("{:02}{short}", born.year() / 100);
            for number in [format!("{short}{sign}{last}"), format!("{long}{sign}{last}"), format!("{long}{last}")] {
                prop_assert_eq!(personal_numbers(&format!("om {number}.")), [Place { line: 1, character: 4 }]);
            }
            let digit = last.chars().last().unwrap().to_digit(10).unwrap();
            let slip = format!("{short}{sign}{}{}", &last[..3], (digit + 1) % 10);
            prop_assert!(!finds(&slip), "a slip of one digit is none: {slip}");
        }

        #[test]
        fn a_day_is_none(born in birth()) {
            for text in [born.to_string(), born.strftime("%y%m%d").to_string(), born.strftime("%Y%m%d").to_string()] {
                let opener = format!("{text} RPO beslutade");
                prop_assert!(!finds(&text) && !finds(&opener));
            }
        }
    }
}
