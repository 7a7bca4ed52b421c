//! Dates that come back every year: "15 April, or the next workday".

use std::fmt;

use jiff::civil::Date;

use super::workday::{Roll, roll};

/// A day of any year. 29 February is allowed and is the 28th in common years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    month: i8,
    day: i8,
}

/// Why a text is no day of the year.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MonthDayError {
    #[error("`{0}` is no day of the year: write month and day as two digits each, such as \"04-15\"")]
    Shape(String),
    #[error("`{0}` does not exist: months run from 01 to 12 and each has its own number of days")]
    NoSuchDay(String),
}

/// A leap year, in which every possible day of a year exists.
const LEAP_YEAR: i16 = 2024;

impl MonthDay {
    /// `None` for a day that no year has, such as 30 February.
    #[must_use]
    pub fn new(month: i8, day: i8) -> Option<Self> {
        Date::new(LEAP_YEAR, month, day).is_ok().then_some(Self { month, day })
    }

    /// The day of the year on which `date` falls.
    #[must_use]
    pub fn of(date: Date) -> Self {
        Self { month: date.month(), day: date.day() }
    }

    /// 1 to 12.
    #[must_use]
    pub const fn month(self) -> i8 {
        self.month
    }

    /// 1 to 31.
    #[must_use]
    pub const fn day(self) -> i8 {
        self.day
    }

    /// Reads `MM-DD`.
    ///
    /// # Errors
    /// Another shape, or a day that no year has.
    pub fn parse(text: &str) -> Result<Self, MonthDayError> {
        let two_digits = |part: &str| {
            let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| part.parse().ok()).flatten()
        };
        let (month, day) = text
            .split_once('-')
            .and_then(|(month, day)| Some((two_digits(month)?, two_digits(day)?)))
            .ok_or_else(|| MonthDayError::Shape(text.to_owned()))?;
        Self::new(month, day).ok_or_else(|| MonthDayError::NoSuchDay(text.to_owned()))
    }

    /// This day in `year`; 29 February clamps to the 28th. Years clamp to jiff's -9999 to 9999.
    #[must_use]
    pub fn in_year(self, year: i16) -> Date {
        let year = year.clamp(Date::MIN.year(), Date::MAX.year());
        // Only 29 February can be missing from a year, and its month then ends the day before.
        Date::new(year, self.month, self.day)
            .or_else(|_| Date::new(year, self.month, self.day - 1))
            .unwrap_or(Date::MAX)
    }
}

/// `MM-DD`, which [`MonthDay::parse`] reads back.
impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

/// A day every year, and where it goes when it is no workday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct YearlyRule {
    pub every: MonthDay,
    pub on_holiday: Roll,
}

impl YearlyRule {
    /// The day as the rule names it.
    #[must_use]
    pub fn nominal(self, year: i16) -> Date {
        self.every.in_year(year)
    }

    /// The day that counts: the nominal day, rolled. It may fall in a neighbouring year.
    #[must_use]
    pub fn effective(self, year: i16) -> Date {
        roll(self.nominal(year), self.on_holiday)
    }
}
