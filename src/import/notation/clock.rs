//! Times of day: `kl 10-16`, `kl. 14.45 - 15.05`, `08.30–12`, `13:00`.

use jiff::civil::Time;

use super::tokens::{Kind, Scan};
use super::{Clock, Hit, Raw};

/// Hours with or without minutes, not yet held against the clock.
#[derive(Clone, Copy, Debug)]
struct Read {
    hour: i8,
    minute: Option<i8>,
    colon: bool,
}

impl Read {
    fn time(self) -> Option<Time> {
        Time::new(self.hour, self.minute.unwrap_or(0), 0, 0).ok()
    }
}

impl Scan<'_> {
    /// `kl` or `klockan` and a time.
    pub(super) fn clock(&self, i: usize) -> Option<Hit> {
        if !matches!(self.word(i)?.as_ref(), "kl" | "klockan") {
            return None;
        }
        let after = self.mark(i + 1, &['.']).unwrap_or(i + 1);
        let (start, next) = self.time(self.gap(after))?;
        let (end, next) = self.until(next).map_or((None, next), |(end, next)| (Some(end), next));
        let said = self.quoted(i, next);
        let advice = "write it as `kl 10-16` or `kl 8.30-12`";
        let times = start.time().zip(end.map_or(Some(None), |end| end.time().map(Some)));
        let raw = match times {
            None => Raw::wrong(format!("`{said}` is no time of day"), advice),
            Some((start, Some(end))) if end <= start => {
                Raw::wrong(format!("`{said}` ends before it begins"), advice)
            }
            Some((start, end)) => Raw::Clock(Clock { start, end }),
        };
        Some((raw, next))
    }

    /// A time without `kl` before it. Numbers alone are too common: minutes must be written, and after a point
    /// there must be an end too (`10.15` may be a section).
    pub(super) fn bare_clock(&self, i: usize) -> Option<Hit> {
        // After the T of `2025-10-15T13:00` a time begins too.
        let after_t = i > 0 && self.word(i - 1).is_some_and(|w| w == "t");
        if !after_t && !self.begins(i) {
            return None;
        }
        let (start, after_start) = self.time(i)?;
        let end = self.until(after_start);
        let (end, next) = end.map_or((None, after_start), |(end, next)| (Some(end), next));
        let minutes = start.minute.is_some() || end.is_some_and(|end| end.minute.is_some());
        let alone = end.is_none() && !start.colon;
        if !minutes || alone || self.goes_on(next, &['/', '.', ':', '-']) || self.mark(next, &['%']).is_some()
        {
            return None;
        }
        let from = start.time()?;
        let to = match end {
            None => None,
            Some(end) => Some(end.time().filter(|to| *to > from)?),
        };
        Some((Raw::Clock(Clock { start: from, end: to }), next))
    }

    /// A dash and a time; not the beginning of a date.
    fn until(&self, i: usize) -> Option<(Read, usize)> {
        let (end, next) = self.time(self.dash(i)?)?;
        (!self.goes_on(next, &['/'])).then_some((end, next))
    }

    fn time(&self, i: usize) -> Option<(Read, usize)> {
        let hour = self.small(i)?;
        let next = i + 1;
        let minute = self.mark(next, &['.', ':']).and_then(|at| {
            let (minute, digits) = self.number(at)?;
            (digits == 2).then_some((i8::try_from(minute).ok()?, at + 1))
        });
        let colon = self.kind(next) == Some(Kind::Mark(':'));
        let Some((minute, mut after)) = minute else {
            return Some((Read { hour, minute: None, colon: false }, next));
        };
        // Spreadsheets write seconds.
        if colon && self.goes_on(after, &[':']) {
            after += 2;
        }
        Some((Read { hour, minute: Some(minute), colon }, after))
    }
}
