//! A document that this program has written, read back.
//!
//! Its columns are the template's and each cell says what [`crate::items::written`] writes, so nothing needs to be
//! guessed: what a recogniser makes of free text would show as edits that nobody made. What the register tells of a row
//! beside the plan is left out. A row without a mark is one that somebody has added: that is for the recogniser to read.

use std::collections::BTreeSet;

use crate::ids::ItemId;
use crate::import::office::{Block, Cell, Document, Page, Table};
use crate::import::plans::{Place, Unplaced};
use crate::items::register::{Activity, Promise, Source};
use crate::items::table::{Row, Stamp, Unit, marked_row};
use crate::items::words::{title_key, unmarked};
use crate::items::written::{NOTE, read_line, read_promises, read_status};
use crate::items::{Health, Phase};
use crate::text::picture::{COLUMNS, going_on, workbook};

/// A row as it came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportedRow {
    /// Where it begins.
    pub place: Place,
    /// Its id, where the document has a column for it.
    pub id: Option<ItemId>,
    /// Its mark, where it hasn't.
    pub mark: Option<usize>,
    /// What it says.
    pub row: Row,
    /// The colour of its status cell, if it has one that means something.
    pub colour: Option<Health>,
}

/// The columns of a table, by their places.
#[derive(Clone, Debug, Default)]
struct Columns {
    /// Those of [`COLUMNS`], in that order.
    template: [Option<usize>; 5],
    source: Option<usize>,
    id: Option<usize>,
}

/// Reads the rows of an exported document, and what somebody has written beside them on their pages. None if there is
/// no table with the template's columns any more.
#[must_use]
pub fn read(document: &Document) -> Option<(Vec<ExportedRow>, Vec<Unplaced>)> {
    let mut rows: Vec<ExportedRow> = Vec::new();
    let mut beside = Vec::new();
    let mut any = false;
    for page in &document.pages {
        let mut of_plan = false;
        for block in &page.blocks {
            if let Block::Table(table) = block
                && let Some((head, columns)) = columns(table)
            {
                (any, of_plan) = (true, true);
                read_table(table, page, head, &columns, &mut rows, &mut beside);
            }
        }
        if of_plan {
            texts(page, &mut beside);
        }
    }
    any.then_some((rows, beside))
}

/// What stands on a page beside its table, without what is there of every export.
fn texts(page: &Page, beside: &mut Vec<Unplaced>) {
    for block in &page.blocks {
        let Block::Text(paragraphs) = block else { continue };
        for paragraph in paragraphs.iter().filter(|p| !is_furniture(&p.text)) {
            let place = Place { page: page.number, row: 0 };
            beside.push(Unplaced { place, text: paragraph.text.clone() });
        }
    }
}

/// The foot of a page, its number, and the line under a sheet.
fn is_furniture(text: &str) -> bool {
    Stamp::find(text).is_some()
        || text.starts_with("Läget ")
        || text.chars().filter(|c| c.is_alphabetic()).count() < 4
}

/// The heading of a table, by its place, and what stands under it.
fn columns(table: &Table) -> Option<(usize, Columns)> {
    table.rows.iter().take(5).enumerate().find_map(|(at, row)| {
        let mut columns = Columns::default();
        for (place, cell) in row.cells.iter().enumerate() {
            let said = title_key(&cell.text());
            let is = |name: &str| said == title_key(name);
            for (name, column) in COLUMNS.iter().zip(&mut columns.template) {
                if is(name) && column.is_none() {
                    *column = Some(place);
                }
            }
            if is(workbook::SOURCE) {
                columns.source = Some(place);
            } else if is(workbook::ID) {
                columns.id = Some(place);
            }
        }
        let all = columns.template.iter().filter(|column| column.is_some()).count();
        (all >= 3 && columns.template[1].is_some()).then_some((at, columns))
    })
}

fn read_table(
    table: &Table,
    page: &Page,
    head: usize,
    columns: &Columns,
    rows: &mut Vec<ExportedRow>,
    beside: &mut Vec<Unplaced>,
) {
    for row in table.rows.iter().skip(head + 1) {
        let cell = |column: Option<usize>| column.and_then(|at| row.cells.get(at));
        let lines_of = |column| cell(column).map(lines).unwrap_or_default();
        let place = Place { page: page.number, row: row.number };
        let title = lines_of(columns.template[1]);
        if title.is_empty() {
            let words: Vec<String> = row.cells.iter().flat_map(lines).collect();
            let text = words.join(" ");
            if !is_furniture(&text) {
                beside.push(Unplaced { place, text });
            }
            continue;
        }
        let mut read = ExportedRow { place, ..ExportedRow::default() };
        read.id = lines_of(columns.id).first().map(ItemId::new);
        read.row.source = lines_of(columns.source).first().and_then(|text| Source::read(text));
        let focus = lines_of(columns.template[0]).join("\n");
        read.row.focus_area = Some(focus).filter(|text| !text.is_empty());
        read.named(title);
        read.row.activities = lines_of(columns.template[2]).iter().map(|line| activity(line)).collect();
        read.followed(lines_of(columns.template[3]));
        read.stands(lines_of(columns.template[4]));
        read.colour = cell(columns.template[4]).and_then(|cell| cell.fill.as_ref()?.health);
        match rows.last_mut().filter(|last| last.goes_on_in(&read)) {
            Some(last) => last.go_on(read),
            None => rows.push(read),
        }
    }
}

/// The lines of a cell, without marks of lists.
fn lines(cell: &Cell) -> Vec<String> {
    let lines = cell.paragraphs.iter().flat_map(|paragraph| paragraph.text.split(['\n', '\u{b}']));
    lines.map(|line| unmarked(line).trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

fn activity(line: &str) -> Activity {
    for mark in ["NY", "ev. NY"] {
        if let Some(text) = line.strip_suffix(&format!("({mark})")) {
            return Activity { text: text.trim().to_owned(), mark: Some(mark.to_owned()) };
        }
    }
    Activity { text: line.to_owned(), mark: None }
}

impl ExportedRow {
    /// Its title, what it promises, its mark.
    fn named(&mut self, lines: Vec<String>) {
        let mut title: Vec<String> = Vec::new();
        for line in lines {
            if let Some(mark) = marked_row(&line) {
                self.mark = Some(mark);
            } else if let Some(promises) = read_promises(&line).or_else(|| codes(&line)) {
                self.row.promises.extend(promises);
            } else {
                title.push(line);
            }
        }
        self.row.title = title.join(" ");
    }

    fn followed(&mut self, lines: Vec<String>) {
        let mut words: Vec<String> = Vec::new();
        for line in lines {
            match read_line(&line) {
                Some(line) => self.row.log.push(line),
                None => words.push(line),
            }
        }
        self.row.follow_up = Some(words.join("\n")).filter(|text| !text.is_empty());
    }

    /// How its parts stand. What stands before any status is said of a row whose status isn't.
    fn stands(&mut self, lines: Vec<String>) {
        for line in lines {
            if line.starts_with(NOTE.trim()) {
                continue;
            }
            if let Some(unit) = read_status(&line) {
                self.row.units.push(unit);
                continue;
            }
            if self.row.units.is_empty() {
                let (phase, health) = (Phase::Unknown, Health::Unknown);
                self.row.units.push(Unit { part: None, phase, health, said: None });
            }
            if let Some(unit) = self.row.units.last_mut() {
                unit.said = Some(match unit.said.take() {
                    Some(said) => format!("{said}\n{line}"),
                    None => line,
                });
            }
        }
    }

    /// Whether another is the rest of this one, which one page didn't hold.
    fn goes_on_in(&self, other: &Self) -> bool {
        self.mark.is_some()
            && self.mark == other.mark
            && self.place.page != other.place.page
            && title_key(&other.row.title) == title_key(&going_on(&self.row.title))
    }

    fn go_on(&mut self, rest: Self) {
        let row = rest.row;
        self.row.promises.extend(row.promises);
        self.row.activities.extend(row.activities);
        self.row.log.extend(row.log);
        let both = [self.row.follow_up.take(), row.follow_up];
        let both: Vec<String> = both.into_iter().flatten().collect();
        self.row.follow_up = Some(both.join("\n")).filter(|text| !text.is_empty());
        for unit in row.units {
            let nameless =
                unit.part.is_none() && unit.phase == Phase::Unknown && unit.health == Health::Unknown;
            match self.row.units.last_mut().filter(|_| nameless) {
                // What a page began to say of the last part.
                Some(last) => {
                    let said: Vec<String> = [last.said.take(), unit.said].into_iter().flatten().collect();
                    last.said = Some(said.join("\n")).filter(|text| !text.is_empty());
                }
                None => self.row.units.push(unit),
            }
        }
    }
}

/// The promises of a line that somebody has written anew: `Patientlöfte: P2, P6`.
fn codes(line: &str) -> Option<BTreeSet<Promise>> {
    let lower = line.to_lowercase();
    let said = lower.strip_prefix("patientlöfte")?;
    let words = said.split(|c: char| !c.is_alphanumeric());
    let found: BTreeSet<Promise> = words.filter(|word| word.len() == 2).filter_map(Promise::read).collect();
    (!found.is_empty()).then_some(found)
}
