//! A table out of a file as spreadsheets save it: any of three separators, in any of the encodings that
//! Excel saves.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::fault::{Fault, Faults};
use crate::import::decode::{Lines, decode, separator, undefused};

/// No list of people, items or meetings is larger; more is a mistake or an attack.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// Rows under a heading, with the line each began on.
#[derive(Clone, Debug)]
pub struct Sheet {
    name: String,
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
        let (_, heading) = rows.remove(0);
        let columns = heading.iter().enumerate().map(|(i, h)| (h.to_lowercase(), i)).collect();
        Ok(Self { name: name.to_owned(), columns, rows })
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
