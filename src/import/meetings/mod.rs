//! Lists of meetings as people paste them: what a body has published, a slide of the year, the schedule of a day,
//! rows out of a spreadsheet.
//!
//! Nothing is lost and nothing is guessed. Every line that isn't empty is part of a meeting, a heading or something
//! unplaced with its reason; a date that can't be read, or whose year nobody has said, refuses the whole list, with
//! the years in which it would be a workday.
//!
//! | line | is |
//! |---|---|
//! | `2024-05-22, kl 10-16, Kalmar län (+RD)` | a meeting; what is in brackets is a remark, or a place |
//! | `2023`, `Mötestider 2025`, `årshjul 2025` | the year of the lines below |
//! | `Q1`, `Kvartal 1` | the quarter of the lines below: a date outside it is a doubt |
//! | `15/11-14/2 Nationella remisser` | a period |
//! | `Råd x 4` | four bodies meet once each, on days that nobody knows yet: unplaced |
//! | `Löpande` and the bullets below it | duties without a date: unplaced |
//! | `Kl. 14.45 - 15.05 Kunskapsstyrning 2 Sal A` | a group's part of a day; the day stands alone on a line above, or is given |
//!
//! A year below the dates doesn't count for them. On slides it is a label in a corner, perhaps left over from last
//! year, and somebody has to say that it holds.

mod context;
mod doubts;
mod hints;
mod parts;
mod pieces;
pub mod placing;
mod reader;
mod schedule;
mod similar;
mod table;

use jiff::civil::Date;

use crate::fault::{Fault, Faults};
use crate::import::decode::decode;
use crate::import::items;
use crate::import::sheet::Sheet;
use crate::workflow::model::Span;

/// More than a body's meetings of many years; a longer list is something else.
pub const MOST_MEETINGS: usize = 2_000;

/// No list of meetings is larger.
const MOST_BYTES: usize = 1024 * 1024;
/// So many lines tell what a text is.
const LOOKED_AT: usize = 500;

/// What is known beside the text.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// What faults call the text.
    pub file: &'a str,
    /// The year of dates that neither state one nor stand under a heading with one.
    pub year: Option<i16>,
    /// The day of a schedule that has only times.
    pub day: Option<Date>,
    /// The day the list is true of; years around it are tried for hints.
    pub today: Date,
    /// What a meeting is called for which the list has no name: the body whose list it is.
    pub title: Option<&'a str>,
}

/// A list of meetings as it was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MeetingsRead {
    /// What has a date, in the order of the list.
    pub meetings: Vec<MeetingRow>,
    /// What has none, or is no meeting.
    pub unplaced: Vec<Unplaced>,
    /// Lines that say something about the lines below them.
    pub headings: Vec<Heading>,
    /// What is doubtful about the list as a whole.
    pub warnings: Vec<String>,
}

/// A meeting, or a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingRow {
    /// The lines it was read from, from 1.
    pub lines: Vec<usize>,
    /// Whether people meet, or something is open.
    pub kind: RowKind,
    /// When.
    pub span: Span,
    /// What it is called.
    pub title: String,
    /// Whether the line itself says what it is called; otherwise a heading or the body does.
    pub named: bool,
    /// Where.
    pub place: Option<String>,
    /// Remarks: what stood in brackets and what was neither title nor place.
    pub note: Option<String>,
    /// The group whose part of a schedule it is.
    pub group: Option<String>,
    /// The list says that time or place are new.
    pub moved: bool,
    /// The list says that it doesn't take place.
    pub cancelled: bool,
    /// What a person should look at.
    pub unsure: Vec<String>,
}

/// What a row of a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowKind {
    /// People meet, on one or several days.
    Meeting,
    /// Something is open from a day to a day.
    Period,
}

impl RowKind {
    /// The word in JSON.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Meeting => "meeting",
            Self::Period => "period",
        }
    }
}

/// Text that became no meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unplaced {
    /// Its lines, from 1.
    pub lines: Vec<usize>,
    /// The text, on one line.
    pub text: String,
    /// Why it is no meeting.
    pub why: String,
}

/// A line that says something about others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The line, from 1.
    pub line: usize,
    /// Its text.
    pub text: String,
}

/// Reads a list of meetings: running lines, or a table whose heading begins with a column `datum`.
///
/// # Errors
/// Every date that can't be read or has no year, and times without a day; and when there is no date at all.
pub fn read_meetings(bytes: &[u8], given: &Given<'_>) -> Result<MeetingsRead, Faults> {
    if bytes.len() > MOST_BYTES {
        let message = format!("the list is larger than {} kB", MOST_BYTES >> 10);
        return Err(Faults::new(vec![Fault::new(given.file, (1, 1), "too-large", &message)]));
    }
    let text = decode(bytes);
    let mut read = if is_table(&text) {
        table::read(&Sheet::read(given.file, text.as_bytes())?, given)?
    } else {
        reader::read(&text, given)?
    };
    if read.meetings.is_empty() {
        let fault = Fault::new(given.file, (1, 1), "no-meetings", "there is no date in it");
        return Err(Faults::new(vec![
            fault.suggest("write a meeting on each line: `2025-02-12, kl 10-16, Ort`"),
        ]));
    }
    if read.meetings.len() > MOST_MEETINGS {
        let message = format!("{} dates are more than one list has ({MOST_MEETINGS})", read.meetings.len());
        return Err(Faults::new(vec![Fault::new(given.file, (1, 1), "too-many", &message)]));
    }
    doubts::look(&mut read);
    Ok(read)
}

/// Whether bytes look like a list of meetings: a table with a column `datum`, or lines of which at least a fifth
/// begin with a day or a time.
#[must_use]
pub fn recognises(bytes: &[u8]) -> bool {
    let text = decode(bytes);
    if is_table(&text) {
        return true;
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines: Vec<&str> = lines.take(LOOKED_AT).collect();
    let table = lines.first().is_some_and(|line| line.matches([';', '\t']).count() >= 2);
    let dated = lines.iter().filter(|line| reader::opens_with_a_date(line)).count();
    !table && dated > 0 && dated * 5 >= lines.len()
}

/// Whether the first line is the heading of a table with a column for the date. Lines of a log have one too, beside the
/// item that they are about.
fn is_table(text: &str) -> bool {
    let first = text.trim_start().lines().next().unwrap_or_default().to_lowercase();
    let cells: Vec<&str> = first.split([';', '\t', ',']).map(|c| c.trim().trim_matches('"')).collect();
    let of_items = cells.iter().any(|cell| items::TITLE.contains(cell));
    cells.len() > 1 && !of_items && cells.iter().any(|cell| table::DATE.contains(cell))
}
