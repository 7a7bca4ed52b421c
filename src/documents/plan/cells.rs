//! What stands in the template's columns of a row, whatever the document.

use jiff::civil::Date;

use super::super::markup::{lines, one_line};
use super::colour;
use crate::items::Health;
use crate::items::table::row_mark;
use crate::items::written::{self, NOTE};
use crate::picture::{Change, Changed, Part, Shown};
use crate::text::picture as text;

/// A paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Para {
    pub kind: Kind,
    pub text: String,
}

/// What a paragraph is, which says how it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The row's title.
    Title,
    /// Running text.
    Text,
    /// One of several things that are done.
    Bullet,
    /// A status. Its first letter is the symbol of that health, in whose colour it is written unless the whole cell
    /// has one.
    Status(Health),
    /// In small letters: what the register tells, and the row's mark.
    Small,
}

/// A cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    pub paras: Vec<Para>,
    /// The health whose colour it is filled with.
    pub fill: Option<Health>,
}

/// What to leave out of a row's cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Without {
    /// What the register tells beside the template has columns of its own.
    pub notes: bool,
    /// The row's mark: the document has a column for its id, or isn't meant to come back.
    pub mark: bool,
}

/// The cells of a row, one for each of the template's columns.
pub fn cells(shown: &Shown, day: Date, without: Without) -> [Cell; 5] {
    let row = &shown.row;
    let mut title = Cell::default();
    title.add(Kind::Title, &one_line(&row.title));
    title.add_all(Kind::Text, written::promises(&row.promises).as_deref());
    if !without.mark {
        title.add(Kind::Small, &row_mark(shown.number));
    }
    let mut focus = Cell::default();
    focus.add_all(Kind::Text, row.focus_area.as_deref());
    let mut activities = Cell::default();
    for activity in &row.activities {
        activities.add(Kind::Bullet, &one_line(&written::activity(activity)));
    }
    let mut follow_up = Cell::default();
    follow_up.add_all(Kind::Text, row.follow_up.as_deref());
    for line in &row.log {
        follow_up.add(Kind::Text, &one_line(&written::line(line)));
    }
    [focus, title, activities, follow_up, status(shown, day, without)]
}

fn status(shown: &Shown, day: Date, without: Without) -> Cell {
    let mut cell = Cell { fill: colour(shown), ..Cell::default() };
    for (unit, part) in shown.row.units.iter().zip(&shown.parts) {
        cell.add(Kind::Status(unit.health), &one_line(&written::status(unit)));
        cell.add_all(Kind::Text, unit.said.as_deref());
        if !without.notes {
            for note in notes(part, day) {
                cell.add(Kind::Small, &format!("{NOTE}{}", one_line(&note)));
            }
        }
    }
    if let Some((last, words)) = shown.late.as_ref().filter(|_| !without.notes) {
        cell.add(Kind::Small, &format!("{NOTE}{}", one_line(&text::late(*last, words, day))));
    }
    cell
}

/// What the register tells of a part, a line each.
fn notes(part: &Part, day: Date) -> Vec<String> {
    let mut notes = vec![text::age(part.reported, day), text::owners(&part.owners)];
    notes.extend(part.next.map(|next| text::next(next, day)));
    notes.extend((!part.waits.is_empty()).then(|| text::waits(&part.waits, day)));
    notes
}

/// What has changed of a part, in one line.
pub fn changed(changed: &Changed, today: Date) -> String {
    use text::changed as words;
    let said = changed.what.iter().map(|change| match change {
        Change::Added => words::ADDED.to_owned(),
        Change::Renamed { from } => words::renamed(from),
        Change::Phase { from, to } => words::from_to(from.swedish(), to.swedish()),
        Change::Health { from, to } => words::from_to(from.swedish(), to.swedish()),
        Change::Line { day, kind, text } => words::line(*day, *kind, text, today),
    });
    one_line(&format!("{}: {}", changed.title, said.collect::<Vec<_>>().join("; ")))
}

impl Cell {
    fn add(&mut self, kind: Kind, text: &str) {
        if !text.is_empty() {
            self.paras.push(Para { kind, text: text.to_owned() });
        }
    }

    /// The lines of a text, a paragraph each.
    fn add_all(&mut self, kind: Kind, text: Option<&str>) {
        for line in text.map(lines).into_iter().flatten() {
            self.add(kind, line.replace('\t', " ").trim());
        }
    }

    /// All of it, a line for each paragraph.
    pub fn text(&self) -> String {
        let lines: Vec<&str> = self.paras.iter().map(|para| para.text.as_str()).collect();
        lines.join("\n")
    }
}
