//! What was written, before and after its year is known.

use jiff::civil::{Date, ISOWeekDate, Weekday};

use crate::calendar::{Roll, roll};
use crate::items::register::Precision;

/// How far a period may reach over New Year when no year says so: longer, and it is taken to be written backwards.
const LONGEST_OVER_NEW_YEAR: i32 = 184;

/// The seasons that have an end in plans. Winter lies in two years and is never read as a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Season {
    /// January to 31 May.
    Spring,
    /// June to 31 August.
    Summer,
    /// September to 30 November.
    Autumn,
}

/// A day of a year as it is written: month and day. Such a day exists in leap years at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayMonth {
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31.
    pub day: i8,
}

impl DayMonth {
    /// None for a day that no year has.
    pub(super) fn new(day: i8, month: i8) -> Option<Self> {
        Date::new(2024, month, day).is_ok().then_some(Self { month, day })
    }
}

/// What was written, without its year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Written {
    /// One or several days, both ends included.
    Days {
        /// The first.
        first: DayMonth,
        /// The last.
        last: DayMonth,
        /// How many years after the first the last one lies: 1 for `15/11-14/2`.
        years_on: i16,
    },
    /// Weeks by ISO 8601, from Monday to Friday.
    Weeks {
        /// The first, 1 to 53.
        first: i8,
        /// The last.
        last: i8,
    },
    /// Months.
    Months {
        /// The first, 1 to 12.
        first: i8,
        /// The last.
        last: i8,
    },
    /// A quarter, 1 to 4.
    Quarter(i8),
    /// A season.
    Season(Season),
    /// A year and nothing more, or several.
    Years {
        /// How many more: 3 for `2021–2024`.
        more: i16,
    },
}

impl Written {
    /// A span of days of which only the order is known: an end before its start lies in the next year.
    /// None if it would then last longer than half a year.
    pub(super) fn days(first: DayMonth, last: DayMonth) -> Option<Self> {
        let years_on = i16::from(last < first);
        let (a, b) = (
            Date::new(2024, first.month, first.day).ok()?,
            Date::new(2024 + years_on, last.month, last.day).ok(),
        );
        // 29 February ends no period that begins in a leap year and crosses into the next; its neighbour will do.
        let b = b.or_else(|| Date::new(2024 + years_on, last.month, last.day - 1).ok())?;
        let long = years_on > 0 && a.until(b).is_ok_and(|span| span.get_days() > LONGEST_OVER_NEW_YEAR);
        (!long).then_some(Self::Days { first, last, years_on })
    }

    /// Its days in a year: first and last. For weeks Monday and Friday, for a season from its first month.
    ///
    /// # Errors
    /// What is impossible about it in that year: 29 February, week 53.
    pub fn in_year(self, year: i16) -> Result<(Date, Date), String> {
        let last_of = |month| Date::new(year, month, 1).map(Date::last_of_month);
        let first_of = |month| Date::new(year, month, 1);
        let pair = match self {
            Self::Days { first, last, years_on } => Date::new(year, first.month, first.day)
                .and_then(|a| Date::new(year + years_on, last.month, last.day).map(|b| (a, b))),
            Self::Weeks { first, last } => ISOWeekDate::new(year, first, Weekday::Monday)
                .and_then(|a| ISOWeekDate::new(year, last, Weekday::Friday).map(|b| (a.date(), b.date()))),
            Self::Months { first, last } => first_of(first).and_then(|a| last_of(last).map(|b| (a, b))),
            Self::Quarter(n) => first_of(n * 3 - 2).and_then(|a| last_of(n * 3).map(|b| (a, b))),
            Self::Season(season) => {
                let (first, last) = match season {
                    Season::Spring => (1, 5),
                    Season::Summer => (6, 8),
                    Season::Autumn => (9, 11),
                };
                first_of(first).and_then(|a| last_of(last).map(|b| (a, b)))
            }
            Self::Years { more } => first_of(1).and_then(|a| Date::new(year + more, 12, 31).map(|b| (a, b))),
        };
        pair.map_err(|_| match self {
            Self::Weeks { last, .. } => format!("{year} has no week {last}"),
            _ => format!("there is no such day in {year}"),
        })
    }

    /// How exact it is.
    #[must_use]
    pub fn precision(self) -> Precision {
        match self {
            Self::Days { .. } | Self::Weeks { .. } => Precision::Day,
            Self::Months { .. } => Precision::Month,
            Self::Quarter(_) => Precision::Quarter,
            Self::Season(_) => Precision::Season,
            Self::Years { .. } => Precision::Year,
        }
    }
}

/// Where the year of a date comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum YearFrom {
    /// It stands with the date.
    Stated,
    /// It was taken from [`super::Basis::year`].
    Basis,
    /// Nobody has said it.
    Missing,
}

/// The word that stands before a date and changes what it means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lead {
    /// None that matters.
    #[default]
    None,
    /// `under 2025`, `Under Q2`: at any time in it.
    Under,
    /// `tom 231231`, `t.o.m.`, `till och med`: something is valid until then. An expiry, not an event.
    Until,
}

/// A date, or a stretch of time, as a text states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stretch {
    /// What stands there.
    pub written: Written,
    /// The year of its first day; that of the week for weeks.
    pub year: Option<i16>,
    /// Who said the year.
    pub year_from: YearFrom,
    /// What stands before it.
    pub lead: Lead,
    /// `2022 och framåt`: it has no end.
    pub open_end: bool,
    /// The weekday that stands before it: `torsdag 19/9`. It isn't held against the date here.
    pub weekday: Option<Weekday>,
}

impl Stretch {
    /// First and last day; none while the year is missing.
    #[must_use]
    pub fn days(&self) -> Option<(Date, Date)> {
        self.written.in_year(self.year?).ok()
    }

    /// The day by which something is to be done that is due then: the last day of it. Of a month it is the last
    /// workday. None while the year is missing, and for what has no end.
    #[must_use]
    pub fn deadline(&self) -> Option<Date> {
        let (_, last) = self.days().filter(|_| !self.open_end)?;
        match self.written {
            Written::Months { .. } => Some(roll(last, Roll::PreviousWorkday)),
            _ => Some(last),
        }
    }

    /// How exact it is.
    #[must_use]
    pub fn precision(&self) -> Precision {
        self.written.precision()
    }

    /// The one day that it is; none for several days, for what is less exact, and while the year is missing.
    #[must_use]
    pub fn day(&self) -> Option<Date> {
        let (first, last) = self.days().filter(|_| matches!(self.written, Written::Days { .. }))?;
        (first == last).then_some(first)
    }
}
