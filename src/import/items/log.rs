//! Lines for logs as a table: `punkt;delområde;datum;slag;text;planerad`.

use super::cells::word;
use super::{LogLine, PART, TITLE};
use crate::fault::{Fault, Faults};
use crate::import::sheet::{Row, Sheet};
use crate::import::when;
use crate::items::register::{LogKind, Precision};

/// One row: a line, and the item whose log it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogCsvRow {
    /// The item, by its id or its title.
    pub item: String,
    /// The part.
    pub part: Option<String>,
    /// The line.
    pub line: LogLine,
}

const DAY: &[&str] = &["datum", "dag"];
const TEXT: &[&str] = &["text"];

/// Reads the lines.
///
/// # Errors
/// Every fault of every row.
pub fn read(sheet: &Sheet) -> Result<Vec<LogCsvRow>, Faults> {
    let mut faults = Vec::new();
    let rows: Vec<LogCsvRow> = sheet.rows().filter_map(|row| line(row, &mut faults)).collect();
    if faults.is_empty() { Ok(rows) } else { Err(Faults::new(faults)) }
}

fn line(row: Row<'_>, faults: &mut Vec<Fault>) -> Option<LogCsvRow> {
    let kind = word(row, &["slag"], LogKind::read, LogKind::ALL, LogKind::swedish, faults);
    let kind = kind.unwrap_or(LogKind::Report);
    let mut needed = |headings: &[&str], what: &str| {
        let cell = row.cell(headings);
        if cell.is_none() {
            faults.push(row.fault(headings, "missing", format!("the line has no {what}")));
        }
        cell
    };
    let item = needed(TITLE, "item")?;
    let day = needed(DAY, "day")?;
    // That nothing has changed says enough by itself.
    let text =
        if kind == LogKind::Unchanged { row.cell(TEXT).unwrap_or_default() } else { needed(TEXT, "text")? };
    let Some(day) = when::day(day) else {
        let fault = row.fault(DAY, "bad-date", format!("`{day}` is no date"));
        faults.push(fault.suggest("write it as `2025-01-31`"));
        return None;
    };
    let planned =
        row.cell(&["planerad"]).map(|cell| matches!(cell.to_lowercase().as_str(), "ja" | "x" | "1"));
    let line = LogLine { day, precision: Precision::Day, kind, text: text.to_owned(), planned };
    Some(LogCsvRow { item: item.to_owned(), part: row.cell(PART).map(str::to_owned), line })
}
