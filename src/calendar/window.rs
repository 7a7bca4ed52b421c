//! When mail leaves: never early, never in a heap.

use jiff::civil::{Date, Time, TimeRound, time};
use jiff::{RoundMode, Timestamp, Unit};

use super::quiet::QuietPeriods;
use super::zone::{civil, instant};

/// The sending windows of an open workday, local time.
const WINDOWS: [Time; 2] = [time(8, 0, 0, 0), time(15, 0, 0, 0)];
/// The first and last quarter at which what is urgent may leave, local time.
const URGENT: (Time, Time) = (time(7, 0, 0, 0), time(18, 0, 0, 0));

/// The first sending window at or after `moment`: 08:00 or 15:00 in Stockholm on an open workday.
///
/// At the end of jiff's range, where no window is left, `moment` itself.
#[must_use]
pub fn next_window(quiet: &QuietPeriods, moment: Timestamp) -> Timestamp {
    let today = civil(moment).date();
    let later_today =
        || WINDOWS.map(|time| instant(today, time)).into_iter().find(|window| *window >= moment);
    Some(today)
        .filter(|day| quiet.is_open(*day))
        .and_then(|_| later_today())
        .unwrap_or_else(|| window_of_day(quiet.next_open_workday(today)).max(moment))
}

/// The window that opens `date`, 08:00 in Stockholm, whether or not anything may be sent that day.
#[must_use]
pub fn window_of_day(date: Date) -> Timestamp {
    instant(date, WINDOWS[0])
}

/// The next full quarter at or after `moment` between 07:00 and 18:00 in Stockholm, both included, any day.
///
/// At the end of jiff's range, where no quarter is left, `moment` itself.
#[must_use]
pub fn next_urgent(moment: Timestamp) -> Timestamp {
    let (first, last) = URGENT;
    let now = civil(moment);
    let quarter = if now.time() <= first {
        instant(now.date(), first)
    } else if now.time() > last {
        instant(now.date().tomorrow().unwrap_or(Date::MAX), first)
    } else {
        // Clocks change at night, so between 07 and 18 a quarter of local time is one of real time.
        let up = TimeRound::new().smallest(Unit::Minute).increment(15).mode(RoundMode::Ceil);
        instant(now.date(), now.time().round(up).unwrap_or(last))
    };
    quarter.max(moment)
}
