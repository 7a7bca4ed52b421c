//! Offsets: "10 workdays before", as workflow files write them.

use std::fmt;

use jiff::Span;
use jiff::civil::Date;

use super::workday::{Roll, roll, workdays_from};

/// What an offset counts in.
#[derive(serde::Serialize, serde::Deserialize, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    Workdays,
    Days,
    Weeks,
    Months,
}

/// On which side of its anchor an offset lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    Before,
    After,
}

/// A distance from an anchor date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Offset {
    pub count: u16,
    pub unit: Unit,
    pub side: Side,
}

/// Why a text is no offset. The text shows what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OffsetError {
    #[error("`{0}` is no offset: write three words such as \"10 workdays before\"")]
    NotThreeWords(String),
    #[error("`{0}` is no count: write a whole number from 0 to 65535")]
    BadNumber(String),
    #[error("unknown unit `{0}`: write workdays, days, weeks or months")]
    UnknownUnit(String),
    #[error("unknown side `{0}`: write before or after")]
    UnknownSide(String),
}

impl Offset {
    /// The date this far from `anchor`.
    ///
    /// Workdays count as in [`workdays_from`]. Days, weeks and months move by the calendar (31 January
    /// plus a month is the last of February) and then roll to the previous workday, whichever side.
    /// A zero offset is the anchor untouched, workday or not. Saturates at the ends of jiff's range.
    #[must_use]
    pub fn apply(self, anchor: Date) -> Date {
        if self.count == 0 {
            return anchor;
        }
        let signed = match self.side {
            Side::Before => -i32::from(self.count),
            Side::After => i32::from(self.count),
        };
        let span = match self.unit {
            Unit::Workdays => return workdays_from(anchor, signed),
            Unit::Days => Span::new().try_days(signed),
            Unit::Weeks => Span::new().try_weeks(signed),
            Unit::Months => Span::new().try_months(signed),
        };
        // A span holds 65,535 of each unit with room to spare, so the anchor is never the answer.
        let moved = span.map_or(anchor, |span| anchor.saturating_add(span));
        roll(moved, Roll::PreviousWorkday)
    }

    /// Reads `<count> <unit> <side>`, the unit in singular or plural, all in lower case.
    ///
    /// # Errors
    /// The first word that is wrong, see [`OffsetError`].
    pub fn parse(text: &str) -> Result<Self, OffsetError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let &[count, unit, side] = words.as_slice() else {
            return Err(OffsetError::NotThreeWords(text.to_owned()));
        };
        // `u16` reads "+5" as well; a sign would be a second way to say before and after.
        let count = Some(count)
            .filter(|word| !word.starts_with('+'))
            .and_then(|word| word.parse().ok())
            .ok_or_else(|| OffsetError::BadNumber(count.to_owned()))?;
        let unit = match unit {
            "workday" | "workdays" => Unit::Workdays,
            "day" | "days" => Unit::Days,
            "week" | "weeks" => Unit::Weeks,
            "month" | "months" => Unit::Months,
            other => return Err(OffsetError::UnknownUnit(other.to_owned())),
        };
        let side = match side {
            "before" => Side::Before,
            "after" => Side::After,
            other => return Err(OffsetError::UnknownSide(other.to_owned())),
        };
        Ok(Self { count, unit, side })
    }
}

/// The canonical text, which [`Offset::parse`] reads back.
impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Workdays => "workday",
            Unit::Days => "day",
            Unit::Weeks => "week",
            Unit::Months => "month",
        };
        let plural = if self.count == 1 { "" } else { "s" };
        let side = match self.side {
            Side::Before => "before",
            Side::After => "after",
        };
        write!(f, "{} {unit}{plural} {side}", self.count)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};

    use super::super::strategies::{any_dates, dates};
    use super::super::workday::is_workday;
    use super::*;

    fn from(text: &str, anchor: Date) -> Date {
        Offset::parse(text).unwrap().apply(anchor)
    }

    fn offsets() -> impl Strategy<Value = Offset> {
        let unit = prop_oneof![Just(Unit::Workdays), Just(Unit::Days), Just(Unit::Weeks), Just(Unit::Months)];
        let side = prop_oneof![Just(Side::Before), Just(Side::After)];
        (any::<u16>(), unit, side).prop_map(|(count, unit, side)| Offset { count, unit, side })
    }

    #[test]
    fn workdays_count_and_calendar_units_roll_back() {
        let deadline = date(2025, 10, 24);
        assert_eq!(from("10 workdays before", deadline), date(2025, 10, 10));
        assert_eq!(from("2 weeks before", deadline), date(2025, 10, 10));
        assert_eq!(from("1 workday after", deadline), date(2025, 10, 27));
        assert_eq!(from("1 day after", deadline), deadline, "Saturday rolls back");
        assert_eq!(from("20 days before", deadline), date(2025, 10, 3), "4 October is a Saturday");
    }

    #[test]
    fn months_end_where_the_month_ends() {
        assert_eq!(from("1 month after", date(2024, 1, 31)), date(2024, 2, 29));
        assert_eq!(from("1 month after", date(2025, 1, 31)), date(2025, 2, 28));
        assert_eq!(from("3 months before", date(2025, 5, 31)), date(2025, 2, 28));
        assert_eq!(from("2 months after", date(2025, 10, 31)), date(2025, 12, 30), "nyårsafton rolls back");
    }

    #[test]
    fn quiet_days_count_as_workdays() {
        assert_eq!(from("20 workdays before", date(2026, 8, 20)), date(2026, 7, 23));
        assert_eq!(from("13 workdays before", date(2026, 8, 20)), date(2026, 8, 3));
    }

    #[test]
    fn no_offset_leaves_even_a_sunday_alone() {
        let sunday = date(2025, 10, 26);
        for text in ["0 workdays before", "0 days after", "0 weeks before", "0 months after"] {
            assert_eq!(from(text, sunday), sunday);
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let fault = |text| Offset::parse(text).unwrap_err().to_string();
        assert_eq!(fault("ten workdays before"), "`ten` is no count: write a whole number from 0 to 65535");
        assert_eq!(fault("-5 days before"), "`-5` is no count: write a whole number from 0 to 65535");
        assert_eq!(fault("+5 days before"), "`+5` is no count: write a whole number from 0 to 65535");
        assert_eq!(fault("70000 days before"), "`70000` is no count: write a whole number from 0 to 65535");
        assert_eq!(fault("5 dagar before"), "unknown unit `dagar`: write workdays, days, weeks or months");
        assert_eq!(fault("5 days Before"), "unknown side `Before`: write before or after");
        let shape = "`10 days` is no offset: write three words such as \"10 workdays before\"";
        assert_eq!(fault("10 days"), shape);
        assert!(Offset::parse("").is_err());
    }

    #[test]
    fn one_is_singular() {
        for text in
            ["1 workday after", "2 weeks before", "120 days before", "3 months before", "0 days after"]
        {
            assert_eq!(Offset::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Offset::parse(" 1  workdays after").unwrap().to_string(), "1 workday after");
    }

    proptest! {
        #[test]
        fn text_and_offset_are_one(offset in offsets()) {
            prop_assert_eq!(Offset::parse(&offset.to_string()), Ok(offset));
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,30}") {
            let _ = Offset::parse(&text);
        }

        #[test]
        fn an_offset_lands_on_a_workday_anywhere(offset in offsets(), anchor in any_dates()) {
            let landed = offset.apply(anchor);
            prop_assert!(offset.count == 0 || is_workday(landed));
        }

        #[test]
        fn before_is_before(count in 1..400_u16, anchor in dates(), unit in prop_oneof![
            Just(Unit::Workdays), Just(Unit::Days), Just(Unit::Weeks), Just(Unit::Months)
        ]) {
            let landed = Offset { count, unit, side: Side::Before }.apply(anchor);
            prop_assert!(landed < anchor);
        }
    }
}
