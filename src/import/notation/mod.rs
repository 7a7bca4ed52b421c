//! Dates as Swedish offices write them, found in running text: `230206`, `10-15/16`, `våren -23`, `kl 8.30-12`.
//!
//! Every reader of documents uses this one reader, so a notation means the same in a list of meetings as in a plan.
//! It guesses nothing: what can be no date is [`Notation::Wrong`], and so is what can be two; a date without a
//! year stays without one unless the caller gives a [`Basis`].
//!
//! | written | is |
//! |---|---|
//! | `2025-02-12`, `20250212`, `250212`, `12/2`, `22 feb.`, `16 februari 2023`, `12.2.2025` | a day |
//! | `2024-10-10/11`, `10-15/16`, `15-16/10`, `16–17 februari`, `16 februari–2 mars`, `15/11-14/2` | days |
//! | `v. 42`, `v. 28-31 2025` | weeks by ISO 8601, Monday to Friday |
//! | `jan-25` (also broken after the hyphen), `januari 2025`, `november` | a month; due on its last workday |
//! | `Q1 2023`, `Under Q2`, `kvartal 3`, `2025-Q1`, `första kvartalet` | a quarter; due on its last day |
//! | `våren 2023`, `våren -23`, `sommaren`, `hösten` | a season; due on 31 May, 31 August, 30 November |
//! | `årsskiftet 23/24` | 31 December 2023. `årsskiftet 2020` is ambiguous |
//! | `under 2025`, `2025`, `2021–2024`, `sedan -22`, `2022 och framåt` | years; due on 31 December, or open |
//! | `tom 231231`, `t.o.m.`, `till och med` before any of these | an expiry |
//! | `kl 10-16`, `kl. 14.45 - 15.05`, `08.30–12`, `13:00` | a time of day, or from a time to a time |
//!
//! Only a month is due on a workday: the other last days stand, whatever weekday they are.
//! An end before its start lies in the next year, if that makes no more than half a year: `15/11-14/2` is a
//! period, `14/4-15/2` is wrong. Two digits are a year of this century. `24/7`, `7/8 av` and `19/20` (neighbouring
//! years) are no dates; other fractions are, since nothing tells them from `6/5`.

mod clock;
mod compact;
mod days;
mod tokens;
mod words;
mod written;

use std::ops::Range;

use jiff::civil::Time;

use tokens::{Kind, Scan};
pub use written::{DayMonth, Lead, Season, Stretch, Written, YearFrom};

/// What is known beside the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Basis {
    /// The year of dates that state none; only what a person has said or a heading says.
    pub year: Option<i16>,
}

/// Something that was found, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The bytes of the text that it takes, with a word before it that belongs to it (`tom`, `under`, `torsdag`).
    pub range: Range<usize>,
    /// What it is.
    pub what: Notation,
}

/// What a notation says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notation {
    /// A date or a stretch of time.
    Stretch(Stretch),
    /// A time of day.
    Clock(Clock),
    /// It looks like a date and can't be read as one.
    Wrong(Wrong),
}

/// A time of day, or from a time to a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Clock {
    /// When it begins.
    pub start: Time,
    /// When it ends, if that is said; later than `start`.
    pub end: Option<Time>,
}

/// Why something is no date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// It can be read in two ways; otherwise in none.
    pub ambiguous: bool,
    /// What is wrong with it, with the text in backticks.
    pub message: String,
    /// What to write instead.
    pub suggestion: String,
}

/// Every date and time in `text`, in its order. None of them overlap.
#[must_use]
pub fn find(text: &str, basis: Basis) -> Vec<Found> {
    let scan = Scan::new(text);
    let mut found = Vec::new();
    let mut i = 0;
    while i < scan.len() {
        match scan.at(i) {
            Some((raw, end)) if end > i => {
                found.push(Found {
                    range: scan.byte(i)..scan.byte(end),
                    what: scan.settle(raw, basis, i, end),
                });
                i = end;
            }
            _ => i += 1,
        }
    }
    found
}

/// The date that opens an entry of a log, and the text after it: `230206 Möte`, `230906Ny` without a space,
/// `2025-02-12: ...`, `2022 genomfördes ...`. The line may begin with a bullet. Only a day or a year that is
/// stated in full opens an entry; a date that can't be is given as what it is.
#[must_use]
pub fn opens_entry(line: &str) -> Option<(Found, &str)> {
    let begin = line.find(char::is_alphanumeric)?;
    if line[..begin].chars().any(|c| !(c.is_whitespace() || "•-–*·".contains(c))) {
        return None;
    }
    let text = &line[begin..];
    let scan = Scan::new(text);
    let (raw, end) = scan.at(0)?;
    let what = scan.settle(raw, Basis::default(), 0, end);
    let opens = match &what {
        Notation::Stretch(stretch) => {
            let exact = stretch.day().is_some() || stretch.written == Written::Years { more: 0 };
            exact && stretch.year_from == YearFrom::Stated && stretch.lead == Lead::None && !stretch.open_end
        }
        Notation::Clock(_) => false,
        Notation::Wrong(_) => true,
    };
    let after = scan.byte(end);
    let rest = text[after..].trim_start_matches([':', ' ', '\t', '\u{a0}', '–', '-']);
    opens.then(|| (Found { range: begin..begin + after, what }, rest))
}

/// What a place was read as, before the year is put in.
#[derive(Clone, Debug)]
enum Raw {
    Stretch(Stretch),
    Clock(Clock),
    Wrong(Wrong),
}

/// A reading, and the token after it.
type Hit = (Raw, usize);

impl Raw {
    fn stretch(written: Written, year: Option<i16>) -> Self {
        Self::Stretch(Stretch {
            written,
            year,
            year_from: if year.is_some() { YearFrom::Stated } else { YearFrom::Missing },
            lead: Lead::None,
            open_end: false,
            weekday: None,
        })
    }

    fn wrong(message: String, suggestion: &str) -> Self {
        Self::Wrong(Wrong { ambiguous: false, message, suggestion: suggestion.to_owned() })
    }

    fn ambiguous(message: String, suggestion: String) -> Self {
        Self::Wrong(Wrong { ambiguous: true, message, suggestion })
    }
}

impl Scan<'_> {
    /// What stands at token `i`.
    fn at(&self, i: usize) -> Option<Hit> {
        match self.kind(i)? {
            Kind::Word => self.clock(i).or_else(|| self.with_lead(i)).or_else(|| self.stretch(i)),
            Kind::Number => self.stretch(i).or_else(|| self.bare_clock(i)),
            Kind::Mark(_) => self.hyphen_year(i),
            Kind::Space { .. } => None,
        }
    }

    /// A date without a leading word other than its weekday.
    fn stretch(&self, i: usize) -> Option<Hit> {
        match self.kind(i)? {
            Kind::Word => self.after_weekday(i).or_else(|| self.in_words(i)),
            Kind::Number if self.begins(i) => match self.number(i)?.1 {
                1 | 2 => self.in_small_numbers(i),
                4 => self.year_first(i),
                6 | 8 => self.compact(i),
                _ => None,
            },
            _ => None,
        }
    }

    /// Puts in the year that the basis knows, and looks whether the date exists.
    fn settle(&self, raw: Raw, basis: Basis, i: usize, end: usize) -> Notation {
        let mut stretch = match raw {
            Raw::Stretch(stretch) => stretch,
            Raw::Clock(clock) => return Notation::Clock(clock),
            Raw::Wrong(wrong) => return Notation::Wrong(wrong),
        };
        if stretch.year.is_none() && basis.year.is_some() {
            (stretch.year, stretch.year_from) = (basis.year, YearFrom::Basis);
        }
        match stretch.year.map(|year| stretch.written.in_year(year)) {
            Some(Err(why)) => Notation::Wrong(Wrong {
                ambiguous: false,
                message: format!("`{}` is no date: {why}", self.quoted(i, end)),
                suggestion: "write the day that is meant as `2025-01-31`".to_owned(),
            }),
            _ => Notation::Stretch(stretch),
        }
    }
}

#[cfg(test)]
mod tests;
