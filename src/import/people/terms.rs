//! From when until when somebody holds a role: two cells with a day each, or one with both.

use jiff::civil::Date;

use crate::fault::Fault;
use crate::import::notation::{self, Basis, Notation, Stretch, Written};
use crate::import::sheet::Row;

const FROM: &[&str] = &["från", "fr.o.m.", "from", "fr o m", "från och med"];
const UNTIL: &[&str] = &["till", "t.o.m.", "tom", "t o m", "till och med"];
const TERM: &[&str] = &["mandatperiod", "mandat", "period", "mandattid"];
/// What people write where there is no end.
const ENDLESS: &[&str] = &["tills vidare", "tillsvidare", "-", "–"];

/// The first and the last day; none where there is no such.
pub(super) fn of(row: Row<'_>, faults: &mut Vec<Fault>) -> (Option<Date>, Option<Date>) {
    let (first, last) = term(row, faults);
    let from = day(row, FROM, |(first, _)| first, faults).or(first);
    let until = day(row, UNTIL, |(_, last)| last, faults).or(last);
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        faults.push(row.fault(UNTIL, "term", "the term ends before it begins"));
    }
    (from, until)
}

/// `2025-2026`, `2025 och framåt`, `2025-01-01 - 2026-12-31`, `tills vidare`.
fn term(row: Row<'_>, faults: &mut Vec<Fault>) -> (Option<Date>, Option<Date>) {
    let Some(text) = said(row, TERM) else { return (None, None) };
    match only(text).and_then(|stretch| Some((stretch.days()?, stretch.open_end))) {
        Some(((first, _), true)) => (Some(first), None),
        Some(((first, last), false)) => (Some(first), Some(last)),
        None => {
            let fault = row.fault(TERM, "bad-term", format!("`{text}` is no term"));
            faults.push(fault.suggest("write it as `2025-2026`, or the days under `från` and `till`"));
            (None, None)
        }
    }
}

/// A day, or the first or last one of the month or the year that is said.
fn day(
    row: Row<'_>,
    headings: &[&str],
    end: fn((Date, Date)) -> Date,
    faults: &mut Vec<Fault>,
) -> Option<Date> {
    let text = said(row, headings)?;
    let found = only(text).filter(|stretch| !is_several(stretch)).and_then(|stretch| stretch.days());
    if found.is_none() {
        let fault = row.fault(headings, "bad-date", format!("`{text}` is no date"));
        faults.push(fault.suggest("write it as `2025-01-31`"));
    }
    found.map(end)
}

/// A cell that says some time.
fn said<'a>(row: Row<'a>, headings: &[&str]) -> Option<&'a str> {
    row.cell(headings).filter(|text| !ENDLESS.contains(&text.to_lowercase().as_str()))
}

/// The date or stretch that a cell is, with nothing beside it but a time of day, which Excel shows of some dates.
fn only(text: &str) -> Option<Stretch> {
    let mut found = notation::find(text, Basis::default()).into_iter();
    let first = found.next().filter(|found| found.range.start == 0)?;
    let end = found.last().map_or(first.range.end, |last| match last.what {
        Notation::Clock(_) => last.range.end,
        Notation::Stretch(_) | Notation::Wrong(_) => 0,
    });
    match first.what {
        Notation::Stretch(stretch) if end == text.len() => Some(stretch),
        _ => None,
    }
}

/// Whether it says two ends of its own, so that neither is meant alone.
fn is_several(stretch: &Stretch) -> bool {
    match stretch.written {
        Written::Years { more } => more > 0 || stretch.open_end,
        Written::Days { first, last, .. } => first != last,
        Written::Weeks { first, last } | Written::Months { first, last } => first != last,
        Written::Quarter(_) | Written::Season(_) => false,
    }
}
