//! The circle that a year is drawn on: days to angles, angles to points.
//!
//! Angles are degrees clockwise from the top; each day takes the same share of the turn, so a month of 31 days is
//! wider than one of 28. (Twelve equal months are prettier and wrong by up to two days.) Points are in the units of
//! the drawing with its centre at 0, y downwards.

use jiff::civil::Date;
use jiff::{ToSpan, Unit};

/// The days that a turn shows: twelve months from the first day of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    first: Date,
    days: i32,
}

impl Turn {
    /// The twelve months from `month` (1 to 12) of `year`; none outside the calendar.
    #[must_use]
    pub fn new(year: i16, month: i8) -> Option<Self> {
        let first = Date::new(year, month, 1).ok()?;
        let next = first.checked_add(1.year()).ok()?;
        Some(Self { first, days: between(first, next) })
    }

    /// Its first day.
    #[must_use]
    pub fn first(self) -> Date {
        self.first
    }

    /// Its last day.
    #[must_use]
    pub fn last(self) -> Date {
        self.first.saturating_add((self.days - 1).days())
    }

    /// Whether a day is on it.
    #[must_use]
    pub fn contains(self, day: Date) -> bool {
        (self.first..=self.last()).contains(&day)
    }

    /// Where a day begins, in degrees; a day before the turn at 0, one after it at 360.
    #[must_use]
    pub fn begin(self, day: Date) -> f64 {
        self.share(between(self.first, day))
    }

    /// Where a day ends.
    #[must_use]
    pub fn end(self, day: Date) -> f64 {
        self.share(between(self.first, day) + 1)
    }

    /// The middle of the days from `first` to `last`.
    #[must_use]
    pub fn middle(self, first: Date, last: Date) -> f64 {
        f64::midpoint(self.begin(first), self.end(last))
    }

    fn share(self, days: i32) -> f64 {
        f64::from(days.clamp(0, self.days)) * 360.0 / f64::from(self.days)
    }
}

fn between(from: Date, to: Date) -> i32 {
    from.until((Unit::Day, to)).map_or(0, |span| span.get_days())
}

/// A point of the drawing.
pub type Point = (f64, f64);

/// The point at an angle and a distance from the centre.
#[must_use]
pub fn point(angle: f64, radius: f64) -> Point {
    let (sin, cos) = angle.to_radians().sin_cos();
    (radius * sin, -radius * cos)
}

/// An SVG path along the circle of `radius` from one angle to a larger one, clockwise.
#[must_use]
pub fn arc(from: f64, to: f64, radius: f64) -> String {
    // A whole turn begins where it ends, and would be no arc at all.
    let to = to.min(from + 359.99);
    let ((x1, y1), (x2, y2)) = (point(from, radius), point(to, radius));
    let large = i32::from(to - from > 180.0);
    format!("M{x1:.1} {y1:.1}A{radius:.1} {radius:.1} 0 {large} 1 {x2:.1} {y2:.1}")
}

/// As [`arc`], for a text to stand on: in the lower half it runs the other way, or the text would stand on its head.
#[must_use]
pub fn reading_arc(from: f64, to: f64, radius: f64) -> String {
    let middle = f64::midpoint(from, to).rem_euclid(360.0);
    if !(90.0..270.0).contains(&middle) {
        return arc(from, to, radius);
    }
    let ((x1, y1), (x2, y2)) = (point(to, radius), point(from, radius));
    let large = i32::from(to - from > 180.0);
    format!("M{x1:.1} {y1:.1}A{radius:.1} {radius:.1} 0 {large} 0 {x2:.1} {y2:.1}")
}

/// How many degrees a length along the circle of `radius` takes.
#[must_use]
pub fn degrees(length: f64, radius: f64) -> f64 {
    (length / radius.max(1.0)).to_degrees()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn every_day_has_the_same_share() {
        for (year, days) in [(2024, 366.0), (2025, 365.0)] {
            let turn = Turn::new(year, 1).unwrap();
            let mut day = turn.first();
            for number in 0..turn.days {
                assert!(close(turn.begin(day), f64::from(number) * 360.0 / days));
                assert!(close(turn.end(day) - turn.begin(day), 360.0 / days));
                day = day.tomorrow().unwrap();
            }
            assert_eq!((day, turn.last()), (date(year + 1, 1, 1), date(year, 12, 31)));
        }
    }

    #[test]
    fn a_turn_may_begin_in_the_autumn() {
        let turn = Turn::new(2025, 9).unwrap();
        assert_eq!((turn.first(), turn.last()), (date(2025, 9, 1), date(2026, 8, 31)));
        assert!(close(turn.begin(date(2025, 9, 1)), 0.0) && close(turn.end(date(2026, 8, 31)), 360.0));
        assert!(turn.contains(date(2026, 8, 31)) && !turn.contains(date(2026, 9, 1)));
    }

    #[test]
    fn what_lies_outside_is_at_the_edge() {
        let turn = Turn::new(2025, 1).unwrap();
        assert!(close(turn.begin(date(2024, 11, 15)), 0.0) && close(turn.end(date(2026, 2, 13)), 360.0));
    }

    #[test]
    fn a_quarter_of_a_turn_is_to_the_right() {
        let (x, y) = point(90.0, 100.0);
        assert!(close(x, 100.0) && y.abs() < 1e-9);
        let (x, y) = point(180.0, 100.0);
        assert!(x.abs() < 1e-9 && close(y, 100.0));
    }
}
