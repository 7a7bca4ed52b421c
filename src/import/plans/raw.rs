//! A row of a plan as it stands in a document: lines under columns, before anybody has asked what they say.

use std::collections::BTreeMap;

use super::heads::Column;
use super::lines::Line;
use super::{Place, Unplaced};
use crate::import::office::{Cell, Colour, Mark};
use crate::items::register::Source;
use crate::items::versions::Text;

/// A row.
#[derive(Clone, Debug, Default)]
pub(super) struct Raw {
    pub place: Place,
    /// Where it comes from, as the heading above it or a row of its own says.
    pub source: Option<Source>,
    /// What heads its group of rows.
    pub section: Option<String>,
    pub cells: BTreeMap<Column, Vec<Line>>,
    /// What stands in columns that have no place here: what heads them, and the lines.
    pub others: Vec<(String, Vec<Line>)>,
    /// The colours of its status.
    pub lights: Vec<Light>,
    /// What reading the table left in doubt.
    pub unsure: Vec<String>,
    /// Its area is that of the row above it.
    pub ditto: bool,
}

/// A colour in the column of statuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Light {
    pub colour: Colour,
    /// The line of the status that it stands in; none for a shape over the cell.
    pub line: Option<usize>,
    /// It is the cell's own, not a mark in it.
    pub fill: bool,
}

/// All of a document.
#[derive(Debug, Default)]
pub(super) struct Raws {
    pub rows: Vec<Raw>,
    pub texts: Vec<Text>,
    pub unplaced: Vec<Unplaced>,
    pub warnings: Vec<String>,
    /// Columns that stand over the rows of at least one table.
    pub sources: Vec<Option<Source>>,
}

impl Raw {
    pub fn lines(&self, column: Column) -> &[Line] {
        self.cells.get(&column).map_or(&[], Vec::as_slice)
    }

    pub fn has(&self, column: Column) -> bool {
        !self.lines(column).is_empty()
    }

    pub fn push(&mut self, column: Column, lines: impl IntoIterator<Item = Line>) {
        self.cells.entry(column).or_default().extend(lines);
    }

    /// Notes the colours of a status, whose lines follow those that are there already.
    pub fn lit(&mut self, cell: &Cell, lines: &[Line], paragraphs: &[usize]) {
        let before = self.lines(Column::Status).len();
        let of = |mark: &Mark| {
            let line = mark.paragraph.and_then(|p| paragraphs.get(p)).map(|line| before + line);
            Light { colour: mark.colour, line: line.filter(|_| !lines.is_empty()), fill: false }
        };
        self.lights.extend(cell.marks.iter().map(of));
        let fill = cell.fill.map(|colour| Light { colour, line: None, fill: true });
        self.lights.extend(fill);
    }
}
