//! Dates that begin with a word: months, quarters, seasons, weeks, the turn of the year, and what leads up to them.

use jiff::civil::Weekday;

use super::tokens::{Kind, Scan};
use super::written::{DayMonth, Lead, Season, Stretch, Written};
use super::{Hit, Raw};

/// Months by their first letters; a word is one of them if it is the whole name or a usual abbreviation.
const MONTHS: [(&str, &[&str]); 12] = [
    ("januari", &["jan"]),
    ("februari", &["feb", "febr"]),
    ("mars", &["mar"]),
    ("april", &["apr"]),
    ("maj", &[]),
    ("juni", &["jun"]),
    ("juli", &["jul"]),
    ("augusti", &["aug"]),
    ("september", &["sep", "sept"]),
    ("oktober", &["okt"]),
    ("november", &["nov"]),
    ("december", &["dec"]),
];
/// Words that are also something else (Christmas, short for another word): alone they are no month.
const ALSO_ELSE: &[&str] = &["jul", "mar"];
/// Months that are also names when they have a capital.
const NAMES: &[&str] = &["jan", "maj", "april"];
/// What stands before a bare `-22` that is a year.
const BEFORE_YEAR: &[&str] = &[
    "sedan", "från", "till", "under", "i", "inför", "före", "efter", "av", "hela", "år", "mot", "senast",
    "början", "mitten", "slutet", "om", "tom",
];

fn weekday(word: &str) -> Option<Weekday> {
    let stem = word.strip_suffix("en").unwrap_or(word);
    Some(match stem {
        "måndag" | "mån" => Weekday::Monday,
        "tisdag" | "tis" => Weekday::Tuesday,
        "onsdag" | "ons" => Weekday::Wednesday,
        "torsdag" | "tors" | "tor" => Weekday::Thursday,
        "fredag" | "fre" => Weekday::Friday,
        "lördag" | "lör" => Weekday::Saturday,
        "söndag" | "sön" => Weekday::Sunday,
        _ => return None,
    })
}

fn ordinal_word(word: &str) -> Option<i8> {
    Some(match word {
        "första" => 1,
        "andra" => 2,
        "tredje" => 3,
        "fjärde" | "sista" => 4,
        _ => return None,
    })
}

impl Scan<'_> {
    /// A month's name and what follows it; the full stop of an abbreviation belongs to it.
    pub(super) fn month_at(&self, i: usize) -> Option<(i8, usize)> {
        let word = self.word(i)?;
        let index = MONTHS.iter().position(|(name, _)| *name == word);
        if let Some(index) = index {
            return Some((i8::try_from(index + 1).ok()?, i + 1));
        }
        let index = MONTHS.iter().position(|(_, short)| short.contains(&word.as_ref()))?;
        Some((i8::try_from(index + 1).ok()?, self.mark(i + 1, &['.']).unwrap_or(i + 1)))
    }

    /// The quarter of `Q1`, `kvartal 1`, `kv. 1`, and of `K1` where a year follows: `K2` alone is a vitamin.
    pub(super) fn quarter_at(&self, i: usize) -> Option<(i8, usize)> {
        let at = match self.word(i)?.as_ref() {
            "q" => i + 1,
            "k" if self.year_of(i + 2).is_some() => i + 1,
            "kvartal" => self.gap(i + 1),
            "kv" => self.gap(self.mark(i + 1, &['.']).unwrap_or(i + 1)),
            _ => return None,
        };
        let quarter = self.small(at).filter(|n| (1..=4).contains(n))?;
        let alone =
            self.number(at)?.1 == 1 && self.word(at + 1).is_none() && !self.goes_on(at + 1, &['.', ',']);
        alone.then_some((quarter, at + 1))
    }

    /// `tom`, `t.o.m.`, `till och med` or `under` before a date.
    pub(super) fn with_lead(&self, i: usize) -> Option<Hit> {
        let (lead, next) = self.lead(i)?;
        let (raw, end) = self.stretch(self.wide(next))?;
        match raw {
            Raw::Stretch(stretch)
                if lead == Lead::Under && matches!(stretch.written, Written::Days { .. }) =>
            {
                None
            }
            Raw::Stretch(stretch) => Some((Raw::Stretch(Stretch { lead, ..stretch }), end)),
            other => Some((other, end)),
        }
    }

    fn lead(&self, i: usize) -> Option<(Lead, usize)> {
        let is = |at: usize, wanted: &str| self.word(at).is_some_and(|w| w == wanted);
        match self.word(i)?.as_ref() {
            "under" => Some((Lead::Under, i + 1)),
            "tom" => Some((Lead::Until, self.mark(i + 1, &['.']).unwrap_or(i + 1))),
            "till" => {
                let and = self.wide(i + 1);
                let with = self.wide(and + 1);
                (is(and, "och") && is(with, "med")).then_some((Lead::Until, with + 1))
            }
            "t" => {
                let skip = |at: usize| self.gap(self.mark(at, &['.']).unwrap_or(at));
                let o = skip(i + 1);
                let m = skip(o + 1);
                let end = self.mark(m + 1, &['.']).unwrap_or(m + 1);
                (is(o, "o") && is(m, "m")).then_some((Lead::Until, end))
            }
            _ => None,
        }
    }

    /// `torsdag 19/9`, `tors-fre 16-17 februari`, `onsdagen den 12 februari`.
    pub(super) fn after_weekday(&self, i: usize) -> Option<Hit> {
        let day = weekday(&self.word(i)?)?;
        let mut next = self.mark(i + 1, &['.']).unwrap_or(i + 1);
        if let Some(at) = self.dash(next)
            && self.word(at).is_some_and(|w| weekday(&w).is_some())
        {
            next = self.mark(at + 1, &['.']).unwrap_or(at + 1);
        }
        next = self.gap(self.mark(next, &[',']).unwrap_or(next));
        if self.word(next).is_some_and(|w| w == "den") {
            next = self.gap(next + 1);
        }
        if self.kind(next) != Some(Kind::Number) {
            return None;
        }
        match self.stretch(next)? {
            (Raw::Stretch(stretch), end) if matches!(stretch.written, Written::Days { .. }) => {
                Some((Raw::Stretch(Stretch { weekday: Some(day), ..stretch }), end))
            }
            (Raw::Wrong(wrong), end) => Some((Raw::Wrong(wrong), end)),
            _ => None,
        }
    }

    /// A month, quarter, season, week or turn of the year.
    pub(super) fn in_words(&self, i: usize) -> Option<Hit> {
        // `3mars` is no month, and `2025-Q1` was looked for where it begins.
        if i > 0 && self.kind(i - 1) == Some(Kind::Number) {
            return None;
        }
        let word = self.word(i)?;
        if let Some((first, next)) = self.month_at(i) {
            return self.months(i, first, next);
        }
        if let Some((quarter, next)) = self.quarter_at(i).or_else(|| self.quarter_in_words(i)) {
            return Some(self.with_year(Written::Quarter(quarter), next));
        }
        match word.as_ref() {
            "våren" | "vårterminen" => Some(self.with_year(Written::Season(Season::Spring), i + 1)),
            "sommaren" => Some(self.with_year(Written::Season(Season::Summer), i + 1)),
            "hösten" | "höstterminen" => Some(self.with_year(Written::Season(Season::Autumn), i + 1)),
            // Alone these are other words too, or parts of them.
            "vår" => self.with_its_year(Season::Spring, i + 1),
            "sommar" => self.with_its_year(Season::Summer, i + 1),
            "höst" => self.with_its_year(Season::Autumn, i + 1),
            "vintern" => Some(self.winter(i)),
            "årsskiftet" | "årsskifte" => Some(self.turn(i)),
            "v" | "vecka" | "veckan" | "veckorna" => self.weeks(i),
            _ => None,
        }
    }

    fn months(&self, i: usize, first: i8, next: usize) -> Option<Hit> {
        let range = self.dash(next).and_then(|at| self.month_at(at)).filter(|(last, _)| *last > first);
        let (last, after) = range.unwrap_or((first, next));
        let written = Written::Months { first, last };
        if let Some((year, end)) = self.year_of(after) {
            return Some((Raw::stretch(written, Some(year)), end));
        }
        let word = self.word(i)?;
        let name = self.capital(i) && NAMES.contains(&word.as_ref());
        let something_else = ALSO_ELSE.contains(&word.as_ref()) && range.is_none();
        (!name && !something_else).then(|| (Raw::stretch(written, None), after))
    }

    fn quarter_in_words(&self, i: usize) -> Option<(i8, usize)> {
        let number = ordinal_word(&self.word(i)?)?;
        let next = self.gap(i + 1);
        self.word(next).is_some_and(|w| w.starts_with("kvartal")).then_some((number, next + 1))
    }

    fn with_year(&self, written: Written, next: usize) -> Hit {
        match self.year_of(next) {
            Some((year, end)) => (Raw::stretch(written, Some(year)), end),
            None => (Raw::stretch(written, None), next),
        }
    }

    fn with_its_year(&self, season: Season, next: usize) -> Option<Hit> {
        let (year, end) = self.year_of(next)?;
        Some((Raw::stretch(Written::Season(season), Some(year)), end))
    }

    /// The year after a month, quarter, season or week: ` 2025`, `-25`, ` -25`, also on the next line.
    fn year_of(&self, i: usize) -> Option<(i16, usize)> {
        let whole = self.tight_dash(i).map_or_else(|| self.wide(i), |at| self.wide(at));
        if let Some(year) = self.year(whole).filter(|_| whole > i)
            && !self.goes_on(whole + 1, &['-', '/', '.', ':'])
        {
            return Some((year, whole + 1));
        }
        let dash = self.wide(i);
        // The hyphen may have stayed on its line and the digits moved to the next.
        let at = self.tight_dash(dash)?;
        if matches!(self.kind(at), Some(Kind::Space { lines: true })) {
            let (number, digits) = self.number(at + 1)?;
            let alone = self.word(at + 2).is_none() && !self.goes_on(at + 2, &['/', '.', ':', '-']);
            return (digits == 2 && alone)
                .then(|| Some((2000 + i16::try_from(number).ok()?, at + 2)))
                .flatten();
        }
        self.short_year(dash)
    }

    /// `v. 42`, `vecka 42`, `v. 28-31 2025`
    fn weeks(&self, i: usize) -> Option<Hit> {
        let at = self.gap(self.mark(i + 1, &['.']).unwrap_or(i + 1));
        let first = self.small(at).filter(|n| (1..=53).contains(n))?;
        if self.word(at + 1).is_some() || self.goes_on(at + 1, &['.', ',', '/', ':']) {
            return None;
        }
        let range = self.dash(at + 1).and_then(|to| {
            let last = self.small(to).filter(|n| *n > first && *n <= 53)?;
            (!self.goes_on(to + 1, &['/', '.', ':'])).then_some((last, to + 1))
        });
        let (last, next) = range.unwrap_or((first, at + 1));
        let year = self.year_of_day(self.mark(next, &[',']).unwrap_or(next));
        let (year, next) = year.map_or((None, next), |(year, next)| (Some(year), next));
        Some((Raw::stretch(Written::Weeks { first, last }, year), next))
    }

    /// The two years after a word: `23/24`, `2023/2024`, `2023/24`, `23-24`.
    fn two_years(&self, i: usize) -> Option<(i16, i16, usize)> {
        let year = |at: usize| {
            let (number, digits) = self.number(at)?;
            let number = i16::try_from(number).ok()?;
            match digits {
                2 => Some(2000 + number),
                4 => Some(number),
                _ => None,
            }
        };
        let at = self.wide(i);
        let first = year(at).filter(|_| at > i)?;
        let second = self.mark(at + 1, &['/']).or_else(|| self.tight_dash(at + 1))?;
        Some((first, year(second)?, second + 1))
    }

    fn turn(&self, i: usize) -> Hit {
        if let Some((first, second, next)) = self.two_years(i + 1) {
            if first.checked_add(1) != Some(second) || !(1990..2100).contains(&first) {
                let message = format!("`{}` names no two years that follow each other", self.quoted(i, next));
                return (Raw::wrong(message, "write it as `årsskiftet 23/24`"), next);
            }
            let eve = DayMonth { month: 12, day: 31 };
            return (Raw::stretch(Written::Days { first: eve, last: eve, years_on: 0 }, Some(first)), next);
        }
        let year = self.year_of(i + 1);
        let next = year.map_or(i + 1, |(_, next)| next);
        let said = self.quoted(i, next);
        let raw = match year {
            Some((year, _)) => Raw::ambiguous(
                format!("`{said}` can be the turn of {}/{year} or of {year}/{}", year - 1, year + 1),
                format!(
                    "write `årsskiftet {:02}/{:02}` or `årsskiftet {:02}/{:02}`",
                    (year - 1) % 100,
                    year % 100,
                    year % 100,
                    (year + 1) % 100
                ),
            ),
            None => Raw::ambiguous(
                format!("`{said}` doesn't say between which years"),
                "write it as `årsskiftet 23/24`".to_owned(),
            ),
        };
        (raw, next)
    }

    /// Winter begins in one year and ends in another, so its end is nothing that can be known.
    fn winter(&self, i: usize) -> Hit {
        let pair = self.two_years(i + 1).map(|(_, _, next)| next);
        let next = pair.or_else(|| self.year_of(i + 1).map(|(_, next)| next)).unwrap_or(i + 1);
        let message = format!("`{}` lies in two years", self.quoted(i, next));
        (Raw::ambiguous(message, "write the month that is meant".to_owned()), next)
    }

    /// `-22` after a word such as `sedan`, or when it is all there is.
    pub(super) fn hyphen_year(&self, i: usize) -> Option<Hit> {
        let (year, next) = self.short_year(i)?;
        let alone = i == 0 && next == self.len();
        let led = i > 1
            && self.wide(i - 1) == i
            && self.word(i - 2).is_some_and(|w| BEFORE_YEAR.contains(&w.as_ref()));
        (alone || led).then_some((Raw::stretch(Written::Years { more: 0 }, Some(year)), next))
    }
}
