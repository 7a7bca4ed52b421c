//! A period by rule in one year. The loader checks with it what the plan counts with.

use jiff::civil::Date;

use crate::calendar::YearlyRule;

/// Whether a period closes the year after it opens: its nominal closing day comes before its opening day.
#[must_use]
pub fn crosses_new_year(opens: YearlyRule, closes: YearlyRule) -> bool {
    closes.every < opens.every
}

/// The first and the last day of the period that opens in `year` by rule, both rolled.
#[must_use]
pub fn window(opens: YearlyRule, closes: YearlyRule, year: i16) -> (Date, Date) {
    let closing = if crosses_new_year(opens, closes) { year.saturating_add(1) } else { year };
    (opens.effective(year), closes.effective(closing))
}

/// The day six months after `day`.
#[must_use]
pub fn half_a_year_after(day: Date) -> Date {
    day.saturating_add(jiff::Span::new().months(6))
}
