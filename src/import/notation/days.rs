//! Dates that begin with a day: `19/9`, `10-15/16`, `16–17 februari`, `22 feb.`, `12.2.2025`.

use super::tokens::Scan;
use super::written::DayMonth;
use super::{Hit, Raw, Written};

/// A day with its month, perhaps with its year, and the token after it.
#[derive(Clone, Copy, Debug)]
struct Dated {
    day: DayMonth,
    year: Option<i16>,
    next: usize,
}

/// What two numbers with a slash between them are.
#[derive(Clone, Copy, Debug)]
enum Slashed {
    Day(DayMonth),
    /// A date was meant, but there is none.
    Slip,
    /// A fraction, a pair of years, something else.
    Other,
}

fn slashed(day: i8, month: i8) -> Slashed {
    match (day, month) {
        (day, month) if DayMonth::new(day, month).is_some() => {
            DayMonth::new(day, month).map_or(Slashed::Other, Slashed::Day)
        }
        // Neighbours are years: `läsåret 19/20`.
        (a, b) if b > 12 && a + 1 == b => Slashed::Other,
        (1..=39, 1..=12) | (1..=31, 13..=31) => Slashed::Slip,
        _ => Slashed::Other,
    }
}

/// Words after a fraction.
const OF: &[&str] = &["av", "del", "delar", "delen", "tjänst", "tjänster"];
const WRITE: &str = "write the day as `2025-01-31` and several as `2025-01-30/31`";

impl Scan<'_> {
    /// What begins with a number of one or two digits.
    pub(super) fn in_small_numbers(&self, i: usize) -> Option<Hit> {
        self.dash_slash(i)
            .or_else(|| self.day_in_words(i))
            .or_else(|| self.day_slash_month(i))
            .or_else(|| self.dotted(i))
    }

    /// `15-16/10`, days of a month, or `10-15/16`, the tail of `2025-10-15/16`. Which of them, the numbers say.
    fn dash_slash(&self, i: usize) -> Option<Hit> {
        let a = self.small(i)?;
        let b_at = self.dash(i + 1)?;
        let b = self.small(b_at)?;
        let c_at = self.mark(b_at + 1, &['/'])?;
        let (c, next) = (self.small(c_at)?, c_at + 1);
        if self.goes_on(next, &['/', '.', ':']) {
            return None;
        }
        let said = self.quoted(i, next);
        let days = DayMonth::new(a, c).zip(DayMonth::new(b, c)).filter(|_| a < b);
        let tail = DayMonth::new(b, a).zip(DayMonth::new(c, a)).filter(|_| b < c);
        let (first, last) = match (days, tail) {
            (Some(one), None) | (None, Some(one)) => one,
            (Some(_), Some(_)) => {
                let message = format!("`{said}` can be {a} to {b} in month {c}, or {b} to {c} in month {a}");
                let advice = format!(
                    "write `YYYY-{c:02}-{a:02}/{b:02}` or `YYYY-{a:02}-{b:02}/{c:02}`, with the year"
                );
                return Some((Raw::ambiguous(message, advice), next));
            }
            (None, None) => {
                let message = format!(
                    "`{said}` is no date: neither days {a} to {b} of month {c} nor days {b} to {c} of month {a} exist"
                );
                return Some((Raw::wrong(message, WRITE), next));
            }
        };
        let (year, next) = self.year_of_day(next).map_or((None, next), |(year, next)| (Some(year), next));
        Some((Raw::stretch(Written::Days { first, last, years_on: 0 }, year), next))
    }

    /// `19/9`, `19/9 2025`, `15/2-14/4`.
    fn day_slash_month(&self, i: usize) -> Option<Hit> {
        let (is, next) = self.slash(i)?;
        let day = match is {
            Slashed::Day(day) => day,
            Slashed::Other => return None,
            Slashed::Slip => return Some((self.no_day(i, next), next)),
        };
        let first = self.dated(day, next);
        if let Some(at) = self.dash(first.next)
            && let Some((is, next)) = self.slash(at)
        {
            return Some(match is {
                Slashed::Day(day) => self.span(i, first, self.dated(day, next)),
                _ => (self.no_day(i, next), next),
            });
        }
        // `15/2-25`: a year, or the last day?
        if let Some(at) = self.tight_dash(next)
            && self.number(at).is_some_and(|(_, digits)| digits == 2)
            && !self.goes_on(at + 1, &['.', ':', '/'])
        {
            let message = format!("`{}` can be a year or a last day", self.quoted(i, at + 1));
            return Some((Raw::ambiguous(message, WRITE.to_owned()), at + 1));
        }
        // Open at all hours.
        if first.year.is_none() && (day == DayMonth { month: 7, day: 24 }) {
            return None;
        }
        Some(self.span(i, first, first))
    }

    fn no_day(&self, i: usize, next: usize) -> Raw {
        Raw::wrong(format!("`{}` is no date: there is no such day", self.quoted(i, next)), WRITE)
    }

    /// Two numbers and a slash that stand by themselves.
    fn slash(&self, i: usize) -> Option<(Slashed, usize)> {
        let month_at = self.mark(i + 1, &['/'])?;
        let (day, month, next) = (self.small(i)?, self.small(month_at)?, month_at + 1);
        let of = self.word(self.gap(next)).is_some_and(|w| OF.contains(&w.as_ref()));
        let joined = self.word(next).is_some() || self.mark(next, &['%']).is_some();
        let year = self.mark(next, &['/']).is_some_and(|at| self.year(at).is_some());
        if of || joined || (self.goes_on(next, &['/', '.', ',', ':']) && !year) {
            return None;
        }
        Some((slashed(day, month), next))
    }

    /// A day and the year that may follow it.
    fn dated(&self, day: DayMonth, next: usize) -> Dated {
        let slashed = self.mark(next, &['/']).and_then(|at| Some((self.year(at)?, at + 1)));
        match slashed.or_else(|| self.year_of_day(next)) {
            Some((year, next)) => Dated { day, year: Some(year), next },
            None => Dated { day, year: None, next },
        }
    }

    /// ` 2025`, `-2025` or ` -25` after a day.
    pub(super) fn year_of_day(&self, i: usize) -> Option<(i16, usize)> {
        let at = self.tight_dash(i).unwrap_or_else(|| self.gap(i));
        if let Some(year) = self.year(at).filter(|_| at > i)
            && !self.goes_on(at + 1, &['-', '/', '.', ':'])
        {
            return Some((year, at + 1));
        }
        let spaced = self.gap(i);
        if spaced == i { None } else { self.short_year(spaced) }
    }

    /// `-25`, where it is no day of a month and no time.
    pub(super) fn short_year(&self, i: usize) -> Option<(i16, usize)> {
        let at = self.tight_dash(i)?;
        let (number, digits) = self.number(at)?;
        let next = at + 1;
        let other = self.goes_on(next, &['/', '.', ':', '-'])
            || self.month_at(self.gap(next)).is_some()
            || self.word(next).is_some()
            || self.mark(self.gap(next), &['%']).is_some();
        (digits == 2 && !other).then(|| Some((2000 + i16::try_from(number).ok()?, next))).flatten()
    }

    /// `22 feb.`, `den 16:e februari 2023`, `16–17 februari`, `16 och 17 februari`, `16 februari–2 mars`.
    fn day_in_words(&self, i: usize) -> Option<Hit> {
        let (a, after) = self.ordinal(i)?;
        if let Some((month, next)) = self.month_at(self.gap(after)) {
            let Some(first) = DayMonth::new(a, month).map(|day| self.dated(day, next)) else {
                return Some((self.no_day(i, next), next));
            };
            let second = self.dash(first.next).and_then(|at| {
                let (b, after) = self.ordinal(at)?;
                let (month, next) = self.month_at(self.gap(after))?;
                Some((DayMonth::new(b, month).map(|day| self.dated(day, next)), next))
            });
            return Some(match second {
                None => self.span(i, first, first),
                Some((Some(last), _)) => self.span(i, first, last),
                Some((None, next)) => (self.no_day(i, next), next),
            });
        }
        let and = self.gap(after);
        let and = self.word(and).filter(|w| matches!(w.as_ref(), "och" | "till")).map(|_| self.gap(and + 1));
        let b_at = self.dash(after).or_else(|| self.mark(after, &['/'])).or(and)?;
        let (b, after) = self.ordinal(b_at)?;
        let (month, next) = self.month_at(self.gap(after))?;
        let (first, last) = (DayMonth::new(a, month), DayMonth::new(b, month));
        Some(match first.zip(last).filter(|_| a < b) {
            Some((first, last)) => {
                let last = self.dated(last, next);
                self.span(i, Dated { day: first, year: last.year, next }, last)
            }
            None => (self.no_day(i, next), next),
        })
    }

    /// `16`, `16:e`, `1:a`
    fn ordinal(&self, i: usize) -> Option<(i8, usize)> {
        let day = self.small(i)?;
        let suffix = self.mark(i + 1, &[':']);
        let suffix = suffix.filter(|at| self.word(*at).is_some_and(|w| matches!(w.as_ref(), "e" | "a")));
        Some((day, suffix.map_or(i + 1, |at| at + 1)))
    }

    /// `12.2.2025`; without the year it could be anything.
    fn dotted(&self, i: usize) -> Option<Hit> {
        let month_at = self.mark(i + 1, &['.'])?;
        let year_at = self.mark(month_at + 1, &['.'])?;
        let (day, month, year) = (self.small(i)?, self.small(month_at)?, self.year(year_at)?);
        let next = year_at + 1;
        if self.goes_on(next, &['.', '-', '/']) {
            return None;
        }
        Some(match DayMonth::new(day, month) {
            Some(day) => {
                (Raw::stretch(Written::Days { first: day, last: day, years_on: 0 }, Some(year)), next)
            }
            None => (self.no_day(i, next), next),
        })
    }

    /// From a day to a day, with what is known of their years.
    fn span(&self, i: usize, first: Dated, last: Dated) -> Hit {
        let next = last.next;
        let backwards = || {
            let said = self.quoted(i, next);
            Raw::wrong(
                format!("`{said}` ends before it begins, or lasts over half a year past New Year"),
                "write both days with their year, as `2025-11-15 - 2026-02-14`",
            )
        };
        let raw = match (first.year, last.year) {
            (Some(a), Some(b)) if b < a || (b == a && last.day < first.day) => backwards(),
            (Some(a), Some(b)) => {
                Raw::stretch(Written::Days { first: first.day, last: last.day, years_on: b - a }, Some(a))
            }
            (year, end_year) => match Written::days(first.day, last.day) {
                None => backwards(),
                // A year at the end is that of the end.
                Some(written @ Written::Days { years_on, .. }) => {
                    Raw::stretch(written, year.or(end_year.map(|year| year - years_on)))
                }
                Some(written) => Raw::stretch(written, year),
            },
        };
        (raw, next)
    }
}
