//! Dates that begin with the year: `2024-10-10/11`, `20230405`, `230206`, `2025-Q1`, `2025`.

use jiff::civil::Date;

use super::tokens::{Kind, Scan};
use super::written::DayMonth;
use super::{Hit, Raw, Stretch, Written};

const ISO: &str = "write the day as `2025-01-31` and several as `2025-01-30/31`";

/// Digits that are meant as a date: year, month and day. They may still be none.
#[derive(Clone, Copy, Debug)]
struct Meant {
    year: i16,
    month: i8,
    day: i8,
}

impl Meant {
    fn date(self) -> Option<Date> {
        Date::new(self.year, self.month, self.day).ok()
    }
}

impl Scan<'_> {
    /// What begins with a year of four digits.
    pub(super) fn year_first(&self, i: usize) -> Option<Hit> {
        let year = self.year(i)?;
        if let Some((first, next)) = self.iso(i) {
            if self.kind(next) == Some(Kind::Number) {
                return None;
            }
            let tail = self.iso_tail(first, next);
            return Some(self.days_to(i, first, tail, next));
        }
        if let Some((quarter, next)) = self.quarter_at(self.dash(i + 1).unwrap_or_else(|| self.gap(i + 1))) {
            return Some((Raw::stretch(Written::Quarter(quarter), Some(year)), next));
        }
        self.bare_year(i, year)
    }

    /// A year alone, `2021–2024` and `2022 och framåt`.
    fn bare_year(&self, i: usize, year: i16) -> Option<Hit> {
        let another = self.tight_dash(i + 1).and_then(|at| Some((self.year(at)?, at + 1)));
        let (last, next) = another.filter(|(last, _)| *last > year).unwrap_or((year, i + 1));
        let joined = self.goes_on(next, &['-', '/', '.', ',', ':', '–']);
        if joined || self.kind(next) == Some(Kind::Word) || self.mark(next, &['%']).is_some() {
            return None;
        }
        let and = self.wide(next);
        let onward = self.word(and).is_some_and(|w| w == "och")
            && self.word(self.wide(and + 1)).is_some_and(|w| w == "framåt");
        let Raw::Stretch(stretch) = Raw::stretch(Written::Years { more: last - year }, Some(year)) else {
            return None;
        };
        let next = if onward { self.wide(and + 1) + 1 } else { next };
        Some((Raw::Stretch(Stretch { open_end: onward, ..stretch }), next))
    }

    fn iso(&self, i: usize) -> Option<(Meant, usize)> {
        let year = self.year(i)?;
        let month_at = self.tight_dash(i + 1)?;
        let month = self.small(month_at)?;
        let day_at = self.tight_dash(month_at + 1)?;
        Some((Meant { year, month, day: self.small(day_at)? }, day_at + 1))
    }

    /// The last day: `/11`, `/11-02`, `/2024-11-02`, `-11`, ` - 2024-10-11`.
    fn iso_tail(&self, first: Meant, i: usize) -> Option<(Meant, usize)> {
        if let Some(at) = self.mark(i, &['/']) {
            if let Some(whole) = self.iso(at) {
                return Some(whole);
            }
            let number = self.small(at)?;
            let of_month = self.tight_dash(at + 1).and_then(|d| Some((self.small(d)?, d + 1)));
            return Some(match of_month {
                Some((day, next)) => (Meant { month: number, day, ..first }, next),
                None => (Meant { day: number, ..first }, at + 1),
            });
        }
        if let Some(whole) = self.dash(i).and_then(|at| self.iso(at)) {
            return Some(whole);
        }
        let at = self.tight_dash(i).filter(|at| self.number(*at).is_some_and(|(_, digits)| digits == 2))?;
        let alone = !self.goes_on(at + 1, &['/', '.', ':', '-']);
        alone.then_some((Meant { day: self.small(at)?, ..first }, at + 1))
    }

    /// Six or eight digits.
    pub(super) fn compact(&self, i: usize) -> Option<Hit> {
        let (first, next) = self.digits(i)?;
        if self.goes_on(next, &['.', ',', ':'])
            || (self.kind(next) == Some(Kind::Word) && !self.capital(next))
        {
            return None;
        }
        let tail = match self.dash(next) {
            Some(at) => match self.number(at) {
                // A personal number is no date.
                Some((_, 4)) if self.tight_dash(next).is_some() => return None,
                Some(_) => self.digits(at),
                None => None,
            },
            None => {
                self.mark(next, &['/']).and_then(|at| Some((Meant { day: self.small(at)?, ..first }, at + 1)))
            }
        };
        Some(self.days_to(i, first, tail, next))
    }

    /// Digits in which a month and a day could stand, if perhaps with a slip; other numbers are only numbers.
    fn digits(&self, i: usize) -> Option<(Meant, usize)> {
        let (number, digits) = self.number(i)?;
        let part = |divisor: u32, modulus: u32| i8::try_from(number / divisor % modulus).ok();
        let year = match digits {
            6 if number < 800_000 => 2000 + i16::from(part(10_000, 100)?),
            8 => i16::try_from(number / 10_000).ok().filter(|year| (1990..2100).contains(year))?,
            _ => return None,
        };
        let meant = Meant { year, month: part(100, 100)?, day: part(1, 100)? };
        ((1..20).contains(&meant.month) && (1..40).contains(&meant.day)).then_some((meant, i + 1))
    }

    /// One day, or with a tail several.
    fn days_to(&self, i: usize, first: Meant, tail: Option<(Meant, usize)>, next: usize) -> Hit {
        let (last, next) = tail.unwrap_or((first, next));
        let said = self.quoted(i, next);
        let raw = match (first.date(), last.date()) {
            (Some(a), Some(b)) if b < a => Raw::wrong(format!("`{said}` ends before it begins"), ISO),
            (Some(a), Some(b)) => {
                let of = |date: Date| DayMonth { month: date.month(), day: date.day() };
                let years_on = b.year() - a.year();
                Raw::stretch(Written::Days { first: of(a), last: of(b), years_on }, Some(a.year()))
            }
            _ => Raw::wrong(format!("`{said}` is no date: there is no such day"), ISO),
        };
        (raw, next)
    }
}
