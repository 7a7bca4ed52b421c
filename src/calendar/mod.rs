//! The Swedish calendar: which days are workdays, where a date rolls, when a mail may leave.
//!
//! Civil dates first, the zone last: only [`zone`] and [`window`] know that Stockholm changes its
//! clocks. Nothing here asks for the present; a moment is an argument.
//!
//! No function fails or panics on a valid [`jiff::civil::Date`]. At the ends of jiff's range (years
//! -9999 and 9999) results saturate at the outermost workday or date, as each function says.

pub mod day;
pub mod holidays;
pub mod offset;
pub mod quiet;
pub mod rule;
#[cfg(test)]
pub(crate) mod strategies;
pub mod swedish;
pub mod week;
pub mod window;
pub mod workday;
pub mod zone;

pub use day::{Day, days};
pub use holidays::{eve, holiday, public_holiday};
pub use offset::{Offset, OffsetError, Side, Unit};
pub use quiet::{QuietPeriod, QuietPeriods};
pub use rule::{MonthDay, MonthDayError, YearlyRule};
pub use week::{iso_week, week_code, weeks_in_year};
pub use window::{next_urgent, next_window, window_of_day};
pub use workday::{Roll, is_bridge, is_workday, roll, workdays_between, workdays_from};
pub use zone::{civil, instant, rfc3339, stockholm, today};
