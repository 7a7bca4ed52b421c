//! Plans in tables: which row heads the columns, and which of the others are one item.

use std::collections::BTreeMap;

use super::heads::{self, Column};
use super::lines::{self, Line, is_ditto, joined, squeeze, stacked};
use super::promises;
use super::raw::{Raw, Raws};
use super::{Place, Unplaced};
use crate::import::office::{Cell, Merged, Page, Table};
use crate::items::register::Source;
use crate::items::table::marked_row;
use crate::items::versions::Text;

/// The columns of the table before, for the pages that it goes on over without a heading.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    /// What stands under each.
    known: Vec<Option<Column>>,
    /// What heads each.
    names: Vec<String>,
    source: Option<Source>,
    section: Option<String>,
    /// A row has stood below the heading.
    begun: bool,
    /// The last text of each column, for ditto marks.
    above: BTreeMap<usize, Vec<Line>>,
}

/// The texts of a row's cells, one line each, as many as the table is wide; what a cell is one with is empty.
fn texts(table: &Table, row: usize, width: usize) -> Vec<String> {
    let cells = table.rows.get(row).map_or(&[][..], |r| &r.cells);
    let mut texts: Vec<String> = cells.iter().map(|cell| squeeze(&cell.text())).collect();
    texts.resize(texts.len().max(width), String::new());
    texts
}

fn width(table: &Table) -> usize {
    table.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0)
}

/// The first row of headings in a table.
pub(super) fn heading(table: &Table) -> Option<usize> {
    let width = width(table);
    (0..table.rows.len()).find(|row| heads::heading(&texts(table, *row, width)).is_some())
}

/// Reads a table. One without a heading goes on with the columns of the one before, if it has as many.
pub(super) fn read(table: &Table, page: &Page, columns: &mut Option<Columns>, raws: &mut Raws) {
    let first = heading(table);
    if first.is_none() && !columns.as_ref().is_some_and(|c| c.fit(table)) {
        beside(table, page, raws);
        return;
    }
    let width = width(table);
    let mut fresh = first.is_none();
    for (at, row) in table.rows.iter().enumerate() {
        let texts = texts(table, at, width);
        let place = Place { page: page.number, row: row.number };
        if texts.iter().all(String::is_empty)
            && !row.cells.iter().any(|c| c.fill.is_some() || !c.marks.is_empty())
        {
            continue;
        }
        if let Some(known) = heads::heading(&texts) {
            unknown(&known, &texts, place, raws);
            *columns = Some(Columns::new(known, texts, columns.take()));
            raws.sources.push(columns.as_ref().and_then(|c| c.source));
            fresh = true;
            continue;
        }
        let Some(columns) = columns.as_mut().filter(|_| first.is_none_or(|first| at > first)) else {
            above(&texts, place, raws);
            continue;
        };
        if columns.is_rest_of_heading(&texts, row.header) {
            columns.refine(&texts);
            above(&texts, place, raws);
            continue;
        }
        if let Some(section) = section(table, at, &texts) {
            columns.source = heads::source(&section).or(columns.source);
            raws.unplaced.push(Unplaced { place, text: section.clone() });
            columns.section = Some(section);
            continue;
        }
        columns.row(table, at, place, std::mem::take(&mut fresh), raws);
    }
}

/// What stands above the heading in the same table, or belongs to it: the title of a sheet, a note.
fn above(texts: &[String], place: Place, raws: &mut Raws) {
    let text = stacked(texts.iter().filter(|t| !t.is_empty()).map(String::as_str));
    raws.unplaced.push(Unplaced { place, text });
}

/// Headings that are not known: over an empty column nothing else would keep them.
fn unknown(known: &[Option<Column>], texts: &[String], place: Place, raws: &mut Raws) {
    for (text, _) in texts.iter().zip(known).filter(|(text, column)| column.is_none() && !text.is_empty()) {
        if !raws.unplaced.iter().rev().take(50).any(|one| one.text == **text) {
            raws.unplaced.push(Unplaced { place, text: text.clone() });
        }
    }
}

/// A table that is no plan: its words are kept, a row a line.
fn beside(table: &Table, page: &Page, raws: &mut Raws) {
    let rows: Vec<String> = (0..table.rows.len())
        .map(|row| texts(table, row, 0).into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" | "))
        .filter(|line| !line.is_empty())
        .collect();
    if !rows.is_empty() {
        raws.texts.push(Text { heading: page.heading.clone(), text: rows.join("\n") });
    }
}

/// A row that heads those below it: one text over the whole width.
fn section(table: &Table, row: usize, texts: &[String]) -> Option<String> {
    let cells = &table.rows.get(row)?.cells;
    let filled: Vec<&String> = texts.iter().filter(|t| !t.is_empty()).collect();
    let [text] = filled.as_slice() else { return None };
    let wide = cells.len() > 2 && cells.iter().skip(1).all(|c| c.merged == Merged::Left);
    let first = texts.first().is_some_and(|t| !t.is_empty());
    let says = heads::source(text).is_some() || heads::column(text) == Some(Column::Area);
    (wide || (first && says && text.chars().count() <= 90)).then(|| (*text).clone())
}

impl Columns {
    fn new(known: Vec<Option<Column>>, names: Vec<String>, before: Option<Self>) -> Self {
        let focus = known.iter().position(|c| *c == Some(Column::Focus));
        let source = focus.and_then(|at| names.get(at)).and_then(|name| heads::source(name));
        // The heading is repeated on each page: what stands above the page's first row is above it still.
        let above = before.filter(|b| b.known == known).map(|b| b.above).unwrap_or_default();
        Self { known, names, source, section: None, begun: false, above }
    }

    /// Whether a table without a heading may go on with these columns.
    pub fn fit(&self, table: &Table) -> bool {
        let width = width(table);
        width > 1 && width == self.names.len()
    }

    /// The second row of a heading in two.
    fn is_rest_of_heading(&self, texts: &[String], header: bool) -> bool {
        let filled = texts.iter().filter(|t| !t.is_empty()).count();
        let known = texts.iter().filter(|t| heads::column(t).is_some()).count();
        !self.begun && filled > 0 && known == filled && (header || filled > 1)
    }

    fn refine(&mut self, texts: &[String]) {
        for (at, text) in texts.iter().enumerate().filter(|(_, t)| !t.is_empty()) {
            if let (Some(known), Some(column)) = (self.known.get_mut(at), heads::column(text)) {
                *known = Some(column);
            }
        }
    }

    fn at(&self, wanted: Column) -> Option<usize> {
        self.known.iter().position(|c| *c == Some(wanted))
    }

    /// Takes a row in: a new item, or more of the last.
    fn row(&mut self, table: &Table, at: usize, place: Place, fresh: bool, raws: &mut Raws) {
        let Some(row) = table.rows.get(at) else { return };
        self.begun = true;
        let area =
            self.at(Column::Area).or_else(|| self.at(Column::Promise)).or_else(|| self.at(Column::Focus));
        let merged = area.and_then(|a| row.cells.get(a)).is_some_and(|c| c.merged == Merged::Above);
        let cell_of = |column: usize| row.cells.get(column).filter(|c| c.merged == Merged::No);
        let text = area.and_then(cell_of).map(|c| squeeze(&c.text())).unwrap_or_default();
        // A number for the export's own use is no title.
        let empty = text.is_empty() || marked_row(&text).is_some();
        let goes_on = (merged || empty) && !(fresh && raws.rows.is_empty()) && !raws.rows.is_empty();
        let mut raw = Raw { place, source: self.source, section: self.section.clone(), ..Raw::default() };
        raw.ditto = !merged && is_ditto(&text);
        for (column, cell) in row.cells.iter().enumerate() {
            let shared = cell.merged == Merged::Above
                && self.known.get(column).is_some_and(|k| *k == Some(Column::Focus));
            if shared && !goes_on {
                raw.push(Column::Focus, self.above.get(&column).cloned().unwrap_or_default());
            } else if cell.merged == Merged::No {
                self.cell(column, cell, place, &mut raw);
            }
        }
        if goes_on && let Some(last) = raws.rows.last_mut() {
            continued(last, raw);
            return;
        }
        if empty && raw.cells.values().all(Vec::is_empty) && raw.others.is_empty() {
            return;
        }
        raws.rows.push(raw);
    }

    fn cell(&mut self, column: usize, cell: &Cell, place: Place, raw: &mut Raw) {
        let mut lines = Vec::new();
        let mut paragraphs = Vec::new();
        for paragraph in &cell.paragraphs {
            paragraphs.push(lines.len());
            lines.extend(lines::lines(std::slice::from_ref(paragraph), place));
        }
        let kind = self.known.get(column).copied().flatten();
        if is_ditto(&joined(&lines)) {
            lines = self.above.get(&column).cloned().unwrap_or(lines);
        } else if lines.iter().any(|l| is_ditto(&l.text)) {
            self.promise_above(column, &mut lines);
        }
        if !lines.is_empty() {
            self.above.insert(column, lines.clone());
        }
        if kind == Some(Column::Status) {
            raw.lit(cell, &lines, &paragraphs);
        }
        match kind {
            Some(kind) if !lines.is_empty() => raw.push(kind, lines),
            None if !lines.is_empty() => {
                raw.others.push((self.names.get(column).cloned().unwrap_or_default(), lines));
            }
            _ => {}
        }
    }

    /// A ditto mark below a title stands for the promise of the row above.
    fn promise_above(&self, column: usize, lines: &mut [Line]) {
        let above = self.above.get(&column).map(|l| joined(l)).unwrap_or_default();
        let Some(found) = promises::find(&above) else { return };
        let phrase = above.get(found.range).unwrap_or_default().to_owned();
        for line in lines.iter_mut().filter(|l| is_ditto(&l.text)) {
            line.text.clone_from(&phrase);
        }
    }
}

/// Adds a row to the item that it goes on with.
fn continued(item: &mut Raw, more: Raw) {
    let before = item.lines(Column::Status).len();
    item.lights.extend(more.lights.into_iter().map(|mut light| {
        light.line = light.line.map(|line| line + before);
        light
    }));
    for (column, lines) in more.cells {
        item.push(column, lines);
    }
    for (name, lines) in more.others {
        match item.others.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => known.extend(lines),
            None => item.others.push((name, lines)),
        }
    }
}
