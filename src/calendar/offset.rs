//! Offsets: "10 workdays before", as workflow files write them.

use std::fmt;

use jiff::Span;
use jiff::civil::Date;

use super::workday::{Roll, roll, workdays_from};

/// What an offset counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
