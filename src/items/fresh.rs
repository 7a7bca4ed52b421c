//! How old the news of an item is: the age of its report beside the health that was reported.
//!
//! A line refreshes when it says how it goes: a decision, a report, a talk, a closing, or that nothing has changed. A
//! note doesn't, and neither does what is planned, whatever its day.

use jiff::civil::Date;

use crate::items::register::{Deadline, Followed, Line, LogKind, is_about};
use crate::items::{Item, Phase};

/// A report is taken to hold for so many days; after that a page or mail says since when nobody has confirmed it.
pub const CONFIRMED_FOR: i32 = 90;

/// How old the last report of a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// Nothing has ever been reported.
    Never,
    /// The last report is of that day.
    Since(Date),
}

/// Whether a line tells how it goes.
#[must_use]
pub fn refreshes(line: &Line) -> bool {
    !line.planned && line.kind != LogKind::Note
}

/// The days on which something was reported of `item`, the earliest first, up to and including `day`.
pub fn reports<'a>(item: &'a Item, followed: &'a Followed, day: Date) -> impl Iterator<Item = Date> + 'a {
    let of = |line: &&Line| is_about(line.part.as_deref(), item.part.as_deref());
    followed.log.iter().filter(of).filter(|l| refreshes(l)).map(|l| l.day).filter(move |d| *d <= day)
}

/// How old the last report of `item` is on `day`.
#[must_use]
pub fn age(item: &Item, followed: &Followed, day: Date) -> Age {
    reports(item, followed, day).max().map_or(Age::Never, Age::Since)
}

/// The earliest promise about `item` that has passed on `day` without being met; none for what is done.
#[must_use]
pub fn overdue<'a>(item: &Item, followed: &'a Followed, day: Date) -> Option<&'a Deadline> {
    let open = item.phase != Phase::Done;
    followed.deadlines.iter().filter(|d| open && !d.met && d.day < day).min_by_key(|d| d.day)
}

/// The next promise about `item` on or after `day`; none for what is done.
#[must_use]
pub fn next_deadline<'a>(item: &Item, followed: &'a Followed, day: Date) -> Option<&'a Deadline> {
    let open = item.phase != Phase::Done;
    followed.deadlines.iter().filter(|d| open && !d.met && d.day >= day).min_by_key(|d| d.day)
}
