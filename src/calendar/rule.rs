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

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::{any, prop_assert_eq, proptest};

    use super::super::strategies::month_days;
    use super::super::workday::workdays_between;
    use super::*;

    fn yearly(text: &str, on_holiday: Roll) -> YearlyRule {
        YearlyRule { every: MonthDay::parse(text).unwrap(), on_holiday }
    }

    /// Sixteen rounds of national consultations: when they open, close, and how long one has.
    #[test]
    fn remiss_rounds_2022_to_2025() {
        let spring = ("02-15", "04-14");
        let summer = ("04-15", "06-14");
        let autumn = ("09-15", "11-14");
        let winter = ("11-15", "02-14");
        let golden = [
            (2022, spring, "2022-02-15", "2022-04-14", 43),
            (2022, summer, "2022-04-19", "2022-06-14", 39),
            (2022, autumn, "2022-09-15", "2022-11-14", 43),
            (2022, winter, "2022-11-15", "2023-02-14", 64),
            (2023, spring, "2023-02-15", "2023-04-14", 41),
            (2023, summer, "2023-04-17", "2023-06-14", 40),
            (2023, autumn, "2023-09-15", "2023-11-14", 43),
            (2023, winter, "2023-11-15", "2024-02-14", 63),
            (2024, spring, "2024-02-15", "2024-04-12", 40),
            (2024, summer, "2024-04-15", "2024-06-14", 42),
            (2024, autumn, "2024-09-16", "2024-11-14", 44),
            (2024, winter, "2024-11-15", "2025-02-14", 60),
            (2025, spring, "2025-02-17", "2025-04-14", 41),
            (2025, summer, "2025-04-15", "2025-06-13", 39),
            (2025, autumn, "2025-09-15", "2025-11-14", 45),
            (2025, winter, "2025-11-17", "2026-02-13", 59),
        ];
        for (year, (opens, closes), first, last, workdays) in golden {
            let closing_year = if closes < opens { year + 1 } else { year };
            let effective = (
                yearly(opens, Roll::NextWorkday).effective(year),
                yearly(closes, Roll::PreviousWorkday).effective(closing_year),
            );
            assert_eq!(effective, (first.parse().unwrap(), last.parse().unwrap()), "{year} {opens}");
            let before = effective.0.yesterday().unwrap();
            assert_eq!(workdays_between(before, effective.1), workdays, "{year} {opens}");
        }
    }

    #[test]
    fn rounds_at_easter() {
        assert_eq!(yearly("04-14", Roll::PreviousWorkday).effective(2028), date(2028, 4, 13));
        assert_eq!(yearly("04-15", Roll::NextWorkday).effective(2028), date(2028, 4, 18));
        assert_eq!(yearly("11-15", Roll::NextWorkday).effective(2020), date(2020, 11, 16));
    }

    #[test]
    fn the_nominal_day_may_roll_into_the_next_year() {
        let rule = yearly("12-31", Roll::NextWorkday);
        assert_eq!(rule.nominal(2025), date(2025, 12, 31));
        assert_eq!(rule.effective(2025), date(2026, 1, 2));
    }

    #[test]
    fn leap_day_is_the_last_of_february() {
        let leap = MonthDay::parse("02-29").unwrap();
        assert_eq!(leap.in_year(2024), date(2024, 2, 29));
        assert_eq!(leap.in_year(2025), date(2025, 2, 28));
        assert_eq!(leap.in_year(2100), date(2100, 2, 28));
        assert_eq!(leap.in_year(i16::MAX).year(), 9999);
        assert_eq!(leap.in_year(i16::MIN).year(), -9999);
    }

    #[test]
    fn only_days_of_some_year_are_read() {
        let shape =
            |text: &str| assert_eq!(MonthDay::parse(text), Err(MonthDayError::Shape(text.to_owned())));
        ["", "0415", "4-15", "04-5", "04-15-01", "2025-04-15", "+4-15", "åå-15", "04/15"]
            .into_iter()
            .for_each(shape);
        let none =
            |text: &str| assert_eq!(MonthDay::parse(text), Err(MonthDayError::NoSuchDay(text.to_owned())));
        ["02-30", "04-31", "13-01", "00-10", "10-00", "15-04"].into_iter().for_each(none);
    }

    proptest! {
        #[test]
        fn text_and_day_are_one(day in month_days()) {
            prop_assert_eq!(MonthDay::parse(&day.to_string()), Ok(day));
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,8}") {
            let _ = MonthDay::parse(&text);
        }

        #[test]
        fn every_year_has_the_day(day in month_days(), year in any::<i16>()) {
            prop_assert_eq!(day.in_year(year).month(), day.month());
        }
    }
}
