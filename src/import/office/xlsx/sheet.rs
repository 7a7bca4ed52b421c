//! One sheet as a table.
//!
//! A sheet is as large as it says, and empty cells that were formatted once are stored by the thousand. So a row
//! counts if it has text, and of its cells those that have text, or only a colour in a column that has had text
//! above: a status is a coloured cell under a heading. The table reaches from the first to the last column with text.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use super::super::story::Story;
use super::super::theme::Theme;
use super::super::xml::Xml;
use super::super::{Cell, Merged, Row, Table};
use super::strings::{runs, unescaped};
use super::{Context, strings};
use crate::fault::Fault;

/// Columns that a sheet can have.
const WIDEST: usize = 16_384;
/// Rows that a sheet can have.
const LONGEST: usize = 1_048_576;

/// What is read of a sheet so far.
#[derive(Default)]
struct Sparse {
    /// Rows in order, with their numbers.
    rows: Vec<(usize, BTreeMap<usize, Cell>)>,
    /// The number of the row that came last, whether it counts or not.
    last: usize,
    /// Columns that have had text.
    texts: BTreeSet<usize>,
    /// Cells that have been counted.
    counted: usize,
    merged: Vec<Span>,
    /// Formulas without a value.
    unknown: usize,
}

/// Rows and columns of cells that are one.
struct Span {
    rows: RangeInclusive<usize>,
    columns: RangeInclusive<usize>,
}

/// Reads a sheet.
pub(super) fn read(xml: &mut Xml<'_>, context: &Context, theme: &Theme) -> Result<Table, Fault> {
    let mut sheet = Sparse::default();
    while xml.element(0)? {
        match xml.name() {
            "row" => sheet.row(xml, context, theme)?,
            "mergeCell" => {
                let span = xml.attr("ref").and_then(|r| span(&r));
                if sheet.merged.len() >= xml.reading.limits.cells {
                    return Err(xml.broken("has too many merged cells"));
                }
                sheet.merged.extend(span);
            }
            "conditionalFormatting" => {
                xml.reading
                    .warn("colours by conditional formatting were not read: they are no colours of cells");
                xml.skip()?;
            }
            "drawing" => xml.reading.warn("pictures, shapes and charts on the sheet were left out"),
            _ => {}
        }
    }
    if sheet.unknown > 0 {
        let message =
            "formulas without a stored value were read as empty: open the file in Excel and save it anew";
        xml.reading.warn(message);
    }
    sheet.table(xml)
}

impl Sparse {
    fn row(&mut self, xml: &mut Xml<'_>, context: &Context, theme: &Theme) -> Result<(), Fault> {
        let level = xml.depth();
        let next = self.last + 1;
        let number = xml.number::<usize>("r").unwrap_or(next).clamp(next, LONGEST.max(next));
        self.last = number;
        let mut cells = BTreeMap::new();
        let mut next = 0;
        let mut has_text = false;
        while xml.element(level)? {
            if xml.name() != "c" {
                continue;
            }
            let column = xml.attr("r").and_then(|r| place(&r)).map_or(next, |(column, _)| column);
            next = column + 1;
            let cell = self.cell(xml, context, theme)?;
            let text = !cell.paragraphs.is_empty();
            has_text |= text;
            if text {
                self.texts.insert(column);
            }
            if column < WIDEST && (text || cell.fill.is_some() && self.texts.contains(&column)) {
                xml.reading.take_cells(1)?;
                self.counted += 1;
                cells.insert(column, cell);
            }
        }
        if has_text {
            self.rows.push((number, cells));
        }
        Ok(())
    }

    fn cell(&mut self, xml: &mut Xml<'_>, context: &Context, theme: &Theme) -> Result<Cell, Fault> {
        let level = xml.depth();
        let style = context.styles.get(xml.number("s").unwrap_or(0));
        let kind = xml.attr("t").map(|t| t.into_owned()).unwrap_or_default();
        let mut value = String::new();
        let mut inline = strings::Runs::new();
        let mut formula = false;
        while xml.element(level)? {
            match xml.name() {
                "v" => value = xml.content()?,
                "is" => inline = runs(xml, theme)?,
                "f" => {
                    formula = true;
                    xml.skip()?;
                }
                _ => xml.skip()?,
            }
        }
        // An empty text is a value, a missing number is none.
        if formula && value.is_empty() && inline.is_empty() && kind != "str" {
            self.unknown += 1;
        }
        let story = if kind == "s" {
            let found = value.trim().parse().ok().and_then(|number| context.strings.get(number));
            let Some(found) = found else { return Err(xml.broken("refers to a text that is not there")) };
            let runs = found.iter().map(|(text, ink)| (text.as_str(), ink.or(style.ink)));
            Story::of_runs(xml.reading, runs)?
        } else if kind == "inlineStr" {
            Story::of_runs(xml.reading, inline.iter().map(|(text, ink)| (text.as_str(), ink.or(style.ink))))?
        } else {
            let text = match kind.as_str() {
                "str" => unescaped(&value),
                // As Excel shows them in Swedish.
                "b" => if value.trim() == "1" { "SANT" } else { "FALSKT" }.to_owned(),
                "e" | "d" => value,
                _ => style.format.show(&value, context.from_1904),
            };
            Story::of_runs(xml.reading, [(text.as_str(), style.ink)])?
        };
        Ok(Cell { paragraphs: story.paragraphs, fill: style.fill, marks: story.marks, merged: Merged::No })
    }

    fn table(self, xml: &mut Xml<'_>) -> Result<Table, Fault> {
        let (Some(first), Some(last)) = (self.texts.first().copied(), self.texts.last().copied()) else {
            return Ok(Table::default());
        };
        let width = last - first + 1;
        xml.reading.take_cells((self.rows.len() * width).saturating_sub(self.counted))?;
        let rows = self.rows.into_iter().map(|(number, mut sparse)| {
            let cells = (first..=last).map(|column| sparse.remove(&column).unwrap_or_default());
            Row { number, cells: cells.collect(), header: false }
        });
        let mut table = Table { rows: rows.collect() };
        // Merged cells can't overlap, so together they are no more than the table has.
        let mut left = table.rows.len() * width;
        for span in self.merged {
            let from = table.rows.partition_point(|row| row.number < *span.rows.start());
            let to = table.rows.partition_point(|row| row.number <= *span.rows.end());
            let (start, end) = ((*span.columns.start()).max(first), (*span.columns.end()).min(last));
            for row in from..to {
                for column in start..=end {
                    left = left.checked_sub(1).ok_or_else(|| xml.broken("has merged cells that overlap"))?;
                    let merged = match (column > start, row > from) {
                        (true, _) => Merged::Left,
                        (false, true) => Merged::Above,
                        (false, false) => continue,
                    };
                    if let Some(cell) = table.rows[row].cells.get_mut(column - first) {
                        *cell = Cell { merged, ..Cell::default() };
                    }
                }
            }
        }
        Ok(table)
    }
}

/// Column from 0 and row from 1 of `B7`.
fn place(reference: &str) -> Option<(usize, usize)> {
    let reference = reference.trim_start_matches('$');
    let digits = reference.find(|c: char| !c.is_ascii_alphabetic())?;
    let (letters, row) = reference.split_at(digits);
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let value = |letter: u8| usize::from(letter.to_ascii_uppercase() - b'A') + 1;
    let column = letters.bytes().fold(0, |sum, letter| sum * 26 + value(letter)) - 1;
    Some((column, row.trim_start_matches('$').parse().ok()?))
}

/// The cells of `B7:C9`.
fn span(reference: &str) -> Option<Span> {
    let (from, to) = reference.split_once(':')?;
    let ((left, top), (right, bottom)) = (place(from)?, place(to)?);
    Some(Span { rows: top..=bottom, columns: left..=right })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_as_excel_writes_them() {
        assert_eq!(place("A1"), Some((0, 1)));
        assert_eq!(place("$XFD$1048576"), Some((WIDEST - 1, LONGEST)));
        for text in ["", "1", "A", "AAAA1", "A-1", "Å1", "A1B"] {
            assert_eq!(place(text), None, "{text}");
        }
    }
}
