//! Workdays: which they are, how a date rolls to one, how they are counted.

use jiff::civil::{Date, Weekday};

use super::holidays::holiday;

/// Where a date goes that falls on no workday. The direction belongs to the date: a remiss period
/// opens on the next workday and closes on the previous one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Roll {
    NextWorkday,
    PreviousWorkday,
    /// The date stands, workday or not.
    Keep,
}

/// Monday to Friday, no public holiday and none of midsommarafton, julafton and nyårsafton.
#[must_use]
pub fn is_workday(date: Date) -> bool {
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) && holiday(date).is_none()
}

/// A klämdag: a workday with a non-working day on both sides.
#[must_use]
pub fn is_bridge(date: Date) -> bool {
    let free = |neighbour: Option<Date>| neighbour.is_some_and(|day| !is_workday(day));
    is_workday(date) && free(date.yesterday().ok()) && free(date.tomorrow().ok())
}

/// `date` itself if it is a workday (or with [`Roll::Keep`]), else the nearest workday that way.
///
/// Where jiff's range ends before such a workday comes, the nearest one the other way.
#[must_use]
pub fn roll(date: Date, roll: Roll) -> Date {
    let way = match roll {
        Roll::Keep => return date,
        Roll::NextWorkday => Way::Forward,
        Roll::PreviousWorkday => Way::Back,
    };
    if is_workday(date) {
        return date;
    }
    let nearest = |way| days_from(date, way).find(|day| is_workday(*day));
    nearest(way).or_else(|| nearest(way.opposite())).unwrap_or(date)
}

/// The |n|-th workday strictly after `date` (n > 0) or strictly before it (n < 0); for n = 0 `date`
/// rolled to the previous workday.
///
/// Saturates at the first and last workday of jiff's range. Walks day by day: a year costs
/// microseconds, the whole range (which only nonsense asks for) a fraction of a second.
#[must_use]
pub fn workdays_from(date: Date, n: i32) -> Date {
    let (way, edge) = match n {
        0 => return roll(date, Roll::PreviousWorkday),
        1.. => (Way::Forward, Roll::PreviousWorkday),
        _ => (Way::Back, Roll::NextWorkday),
    };
    days_from(date, way)
        .filter(|day| is_workday(*day))
        .take(n.unsigned_abs() as usize)
        .last()
        .unwrap_or_else(|| roll(date, edge))
}

/// The number of workdays in `(a, b]`; when `b < a` minus the number in `(b, a]`.
///
/// So it adds up, `between(a, b) + between(b, c) = between(a, c)`, and undoes [`workdays_from`] when
/// `a` is a workday. (Counting `[b, a)` backwards would undo it for weekends too, but not add up.)
#[must_use]
pub fn workdays_between(a: Date, b: Date) -> i32 {
    if b < a {
        return -workdays_between(b, a);
    }
    let count = days_from(a, Way::Forward).take_while(|day| *day <= b).filter(|day| is_workday(*day)).count();
    // jiff's whole range holds about five million workdays.
    i32::try_from(count).unwrap_or(i32::MAX)
}

#[derive(Debug, Clone, Copy)]
enum Way {
    Forward,
    Back,
}

impl Way {
    const fn opposite(self) -> Self {
        match self {
            Self::Forward => Self::Back,
            Self::Back => Self::Forward,
        }
    }
}

/// Every date strictly after or before `date`, nearest first, to the end of jiff's range.
fn days_from(date: Date, way: Way) -> impl Iterator<Item = Date> {
    let step = move |day: Date| match way {
        Way::Forward => day.tomorrow().ok(),
        Way::Back => day.yesterday().ok(),
    };
    std::iter::successors(step(date), move |day| step(*day))
}
