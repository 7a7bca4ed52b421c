//! A table out of a file as spreadsheets save it: any of three separators, in any of the encodings that
//! Excel saves; or one that was read out of a workbook.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::fault::{Fault, Faults};
use crate::import::decode::{Lines, decode, separator, undefused};
use crate::import::people;

/// No list of people, items or meetings is larger; more is a mistake or an attack.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// A heading is looked for in so many rows; above it stand titles and days.
const HIGHEST: usize = 20;

/// Rows under a heading, with the line each began on.
#[derive(Clone, Debug)]
pub struct Sheet {
    name: String,
    /// What stands above the heading: titles, and the name of a workbook's sheet.
    above: Vec<String>,
    /// Column number by lower-case heading.
    columns: BTreeMap<String, usize>,
    rows: Vec<(usize, Vec<String>)>,
}

impl Sheet {
    /// Reads a file named `name`.
    ///
    /// # Errors
    /// When it is too large, empty, or no table.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self, Faults> {
        let fault = |line: usize, code, message: String| {
            Faults::new(vec![Fault {
                file: name.to_owned(),
                line,
                column: 1,
                code,
                message,
                suggestion: None,
            }])
        };
        if bytes.len() > MOST_BYTES {
            return Err(fault(1, "too-large", format!("the file is larger than {} MB", MOST_BYTES >> 20)));
        }
        let text = decode(bytes);
        let separator = separator(text.lines().next().unwrap_or_default());
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut rows = Vec::new();
        let mut lines = Lines::new(&text, 1);
        for record in reader.records() {
            let record = record.map_err(|error| {
                let line = error.position().map_or(1, |p| usize::try_from(p.line()).unwrap_or(1));
                fault(line, "bad-row", format!("the row can't be read: {error}"))
            })?;
            let line = lines.of(&record);
            let cells: Vec<String> = record.iter().map(|c| undefused(c.trim()).to_owned()).collect();
            if cells.iter().any(|c| !c.is_empty()) {
                rows.push((line, cells));
            }
        }
        if rows.is_empty() {
            return Err(fault(1, "empty", "the file is empty".to_owned()));
        }
        // Of a list of people a title may stand above the heading; any other list begins with it.
        let heading = people_heading(&rows).unwrap_or(0);
        Ok(Self::below(name.to_owned(), rows, heading))
    }

    /// A table of people that was read out of the sheet `title` of the workbook `name`: its rows with their numbers.
    /// None if no row is such a heading.
    #[must_use]
    pub fn of_people(name: &str, title: &str, rows: Vec<(usize, Vec<String>)>) -> Option<Self> {
        let heading = people_heading(&rows)?;
        let mut sheet = Self::below(format!("{name} [{title}]"), rows, heading);
        sheet.above.insert(0, title.to_owned());
        Some(sheet)
    }

    /// The table whose heading is the row at an index.
    fn below(name: String, mut rows: Vec<(usize, Vec<String>)>, heading: usize) -> Self {
        let under = rows.split_off((heading + 1).min(rows.len()));
        let titles = rows.pop().map(|(_, cells)| cells).unwrap_or_default();
        let columns = titles.iter().enumerate().map(|(i, title)| (as_heading(title), i)).collect();
        let above = rows.into_iter().flat_map(|(_, cells)| cells).filter(|cell| !cell.is_empty());
        Self { name, above: above.collect(), columns, rows: under }
    }

    /// What stands above the heading, with the name of the workbook's sheet first.
    pub fn above(&self) -> impl Iterator<Item = &str> {
        self.above.iter().map(String::as_str)
    }

    /// Whether there is a column under one of these headings.
    #[must_use]
    pub fn has(&self, headings: &[&str]) -> bool {
        headings.iter().any(|h| self.columns.contains_key(*h))
    }

    /// The rows below the heading.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, cells)| Row { sheet: self, line: *line, cells })
    }

    /// A fault of the heading.
    #[must_use]
    pub fn heading_fault(&self, code: &'static str, message: &str) -> Fault {
        Fault {
            file: self.name.clone(),
            line: 1,
            column: 1,
            code,
            message: message.to_owned(),
            suggestion: None,
        }
    }
}

/// A heading as it is looked for: in one line, small letters, without the marks that people set at its end.
fn as_heading(cell: &str) -> String {
    let line = cell.split_whitespace().collect::<Vec<_>>().join(" ");
    line.trim_end_matches([':', '*', ' ']).to_lowercase()
}

/// The first row that is the heading of a list of people.
fn people_heading(rows: &[(usize, Vec<String>)]) -> Option<usize> {
    rows.iter().take(HIGHEST).position(|(_, cells)| {
        let titles: Vec<String> = cells.iter().map(|cell| as_heading(cell)).collect();
        let has = |wanted: &[&str]| titles.iter().any(|title| wanted.contains(&title.as_str()));
        has(people::ROLE) && has(people::ADDRESS)
    })
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    sheet: &'a Sheet,
    line: usize,
    cells: &'a [String],
}

impl<'a> Row<'a> {
    /// The line it begins on, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// The only cell that has anything in it; none if there are more.
    #[must_use]
    pub fn only(&self) -> Option<&'a str> {
        let mut filled = self.cells.iter().filter(|cell| !cell.is_empty());
        let only = filled.next()?;
        filled.next().is_none().then_some(only)
    }

    /// The cell under the first of `headings` that the sheet has; empty is none.
    #[must_use]
    pub fn cell(&self, headings: &[&str]) -> Option<&'a str> {
        let column = headings.iter().find_map(|h| self.sheet.columns.get(*h))?;
        self.cells.get(*column).map(String::as_str).filter(|c| !c.is_empty())
    }

    /// A day; none if the cell is empty, or holds something else, which is a fault.
    pub fn date(&self, headings: &[&str], faults: &mut Vec<Fault>) -> Option<Date> {
        let text = self.cell(headings)?;
        let date = text.parse().ok();
        if date.is_none() {
            let fault = self.fault(headings, "bad-date", format!("`{text}` is no date"));
            faults.push(fault.suggest("write it as `2025-01-31`"));
        }
        date
    }

    /// A fault of a cell. The column is that of the table: cells have no other place that a person could find.
    #[must_use]
    pub fn fault(&self, headings: &[&str], code: &'static str, message: impl Into<String>) -> Fault {
        let column = headings.iter().find_map(|h| self.sheet.columns.get(*h)).map_or(1, |c| c + 1);
        Fault {
            file: self.sheet.name.clone(),
            line: self.line,
            column,
            code,
            message: message.into(),
            suggestion: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excels_files_read_alike() {
        let utf8 = "\u{feff}Kropp;Roll\nRPO MD;Ordförande\n";
        let latin = b"Kropp,Roll\r\n\"RPO, MD\",Ordf\xF6rande\r\n";
        let cell = |bytes: &[u8], heading| {
            let sheet = Sheet::read("x.csv", bytes).unwrap();
            sheet.rows().next().unwrap().cell(&[heading]).unwrap().to_owned()
        };
        assert_eq!(cell(utf8.as_bytes(), "roll"), "Ordförande");
        assert_eq!(cell(latin, "roll"), "Ordförande");
        assert_eq!(cell(latin, "kropp"), "RPO, MD");
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let _ = Sheet::read("x.csv", &bytes);
        }
    }
}
