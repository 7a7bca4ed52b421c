//! A table out of a spreadsheet: `datum;start;slut;titel;plats`.

use jiff::civil::Date;

use crate::fault::{Fault, Faults};
use crate::import::meetings::hints::{is_long, no_year};
use crate::import::meetings::pieces::tidy;
use crate::import::meetings::reader::MEETING;
use crate::import::meetings::{Given, MeetingRow, MeetingsRead, RowKind};
use crate::import::notation::{self, Basis, Clock, Found, Notation, Stretch, Written};
use crate::import::sheet::{Row, Sheet};
use crate::workflow::model::Span;

/// What the column of the date is called.
pub(super) const DATE: &[&str] = &["datum", "startdatum", "mötesdatum", "dag", "första dag"];
const LAST: &[&str] = &["slutdatum", "sista dag"];
const START: &[&str] = &["start", "starttid", "börjar", "från", "tid", "kl", "klockan"];
const END: &[&str] = &["slut", "sluttid", "slutar", "till"];
const TITLE: &[&str] = &["titel", "möte", "rubrik", "namn", "ämne"];
const PLACE: &[&str] = &["plats", "lokal", "ort", "rum"];
const NOTE: &[&str] = &["anteckning", "anmärkning", "notering", "kommentar"];
const GROUP: &[&str] = &["grupp"];

pub(super) fn read(sheet: &Sheet, given: &Given<'_>) -> Result<MeetingsRead, Faults> {
    let mut faults = Vec::new();
    let mut read = MeetingsRead::default();
    for row in sheet.rows() {
        read.meetings.extend(meeting(row, given, &mut faults));
    }
    Faults::unless_none(faults, read)
}

fn meeting(row: Row<'_>, given: &Given<'_>, faults: &mut Vec<Fault>) -> Option<MeetingRow> {
    let Some(text) = row.cell(DATE) else {
        faults.push(row.fault(DATE, "missing", "the date is missing").suggest("write it as `2025-01-31`"));
        return None;
    };
    let (first, mut last) = days(row, DATE, text, given, faults)?;
    if let Some(text) = row.cell(LAST) {
        last = days(row, LAST, text, given, faults)?.1;
        if last < first {
            faults.push(row.fault(LAST, "ends-before-start", format!("`{text}` is before {first}")));
            return None;
        }
    }
    let mut unsure = Vec::new();
    let span = span(row, (first, last), faults, &mut unsure)?;
    let own = row.cell(TITLE).map(tidy).filter(|t| !t.is_empty());
    let named = own.is_some();
    let group = row.cell(GROUP).map(tidy);
    let title = own.unwrap_or_else(|| given.title.unwrap_or(MEETING).to_owned());
    Some(MeetingRow {
        lines: vec![row.line()],
        kind: if is_long(first, last) { RowKind::Period } else { RowKind::Meeting },
        span,
        title: group.as_ref().map_or_else(|| title.clone(), |g| format!("{title}, grupp {g}")),
        named,
        place: row.cell(PLACE).map(tidy),
        note: row.cell(NOTE).map(tidy),
        group,
        moved: false,
        cancelled: false,
        unsure,
    })
}

/// The days of a cell, in any notation; a time after them (`2025-02-12 00:00`) is left to the columns of times.
fn days(
    row: Row<'_>,
    column: &[&str],
    text: &str,
    given: &Given<'_>,
    faults: &mut Vec<Fault>,
) -> Option<(Date, Date)> {
    let found = notation::find(text, Basis { year: given.year });
    let fault = match found.first().map(|f| &f.what) {
        Some(Notation::Stretch(stretch @ Stretch { written: Written::Days { .. }, .. })) => {
            if let Some(days) = stretch.days() {
                return Some(days);
            }
            row.fault(column, "no-year", format!("`{text}` has no year")).suggest(no_year(
                stretch,
                given.today,
                None,
            ))
        }
        Some(Notation::Wrong(wrong)) => {
            row.fault(column, "bad-date", wrong.message.clone()).suggest(wrong.suggestion.clone())
        }
        _ => row
            .fault(column, "bad-date", format!("`{text}` is no date"))
            .suggest("write it as `2025-01-31` or `2025-01-30/31`"),
    };
    faults.push(fault);
    None
}

fn span(
    row: Row<'_>,
    (first, last): (Date, Date),
    faults: &mut Vec<Fault>,
    unsure: &mut Vec<String>,
) -> Option<Span> {
    let whole = Span::AllDay { first, last };
    let Some(text) = row.cell(START) else { return Some(whole) };
    let start = clock(row, START, text, faults)?;
    let end = match row.cell(END) {
        Some(text) => Some(clock(row, END, text, faults)?.start),
        None => start.end,
    };
    let Some(end) = end else {
        unsure.push("it doesn't say when it ends: taken as a whole day".to_owned());
        return Some(whole);
    };
    let (start, end) = (first.to_datetime(start.start), last.to_datetime(end));
    if end <= start {
        faults.push(row.fault(END, "ends-before-start", "it ends before it begins"));
        return None;
    }
    Some(Span::Timed { start, end })
}

/// The time of a cell: `10`, `10.00`, `10:00:00`, `10-16`, `2025-02-12 10:00`.
fn clock(row: Row<'_>, column: &[&str], text: &str, faults: &mut Vec<Fault>) -> Option<Clock> {
    let plain = text.trim().trim_start_matches("kl").trim_start_matches('.');
    // A cell of a column of times needs no `kl`; it must be a time and nothing more.
    let said = format!("kl {plain}");
    let whole = |f: &Found| f.range == (0..said.len());
    let clock = match notation::find(&said, Basis::default()).into_iter().find(whole).map(|f| f.what) {
        Some(Notation::Clock(clock)) => Some(clock),
        // A date before the time makes it none of those.
        _ => notation::find(text, Basis::default()).into_iter().find_map(|f| match f.what {
            Notation::Clock(clock) => Some(clock),
            _ => None,
        }),
    };
    if clock.is_none() {
        let fault = row.fault(column, "bad-time", format!("`{text}` is no time of day"));
        faults.push(fault.suggest("write it as `10:00`"));
    }
    clock
}
