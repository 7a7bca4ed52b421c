//! What a document of a plan does to the register: which row each of its rows is, what was edited in one that comes
//! back, and what is written of it.
//!
//! [`work_out`] is a function of what the document says, of what the register has and of what somebody has told; it
//! writes nothing. A document that carries the stamp of an export is compared with what was exported: only what was
//! edited in it is written. Any other is taken as the plan of its day: what it says counts, what it leaves out stays.
//! The review shows both in the same way.

mod answers;
mod incoming;
mod looking;
mod writing;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::app::intake::{self, Intake, whole_id};
use crate::ids::{BodyId, ItemId, slug};
use crate::import::items::id_of;
use crate::items::Health;
use crate::items::lineage::{By, Found, Gone, Known, Lineage, Read, trace};
use crate::items::register::{Link, LogEntry};
use crate::items::table::Row;
use crate::items::threeway::{Change, Compared, Field, Kind, Take, compare};
use crate::items::words::{alike, title_key};
use crate::plan::model::World;
use crate::store::{Exported, NewAssignment, NewRow, RegisterRow, RowEdit};

pub use answers::Answers;
pub use incoming::{Incoming, IncomingRow};
pub use looking::{Register, TakeoverError, look, take};

/// What a takeover is done with.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Whose plan it is.
    pub body: &'a BodyId,
    /// As of which day the document is true.
    pub as_of: Date,
    /// From which moment phase and health count as known, where they are new.
    pub recorded: Timestamp,
    /// What was told of its rows.
    pub answers: Answers<'a>,
    /// The name of the plan's version, where it is kept as one.
    pub version: Option<&'a str>,
}

/// What a document does, or would do as soon as somebody has said what is open.
#[derive(Clone, Debug, Default)]
pub struct Worked {
    /// Which row of the register each of its rows is.
    pub lineage: Lineage,
    /// Rows of which somebody has to say whether they are the same, by their number from 0.
    pub open: Vec<usize>,
    /// The ids that its rows have or get. What is open has the proposed row's.
    pub ids: Vec<ItemId>,
    /// What it changes. Of a document that isn't an export there are only edits.
    pub compared: Compared,
    /// The export that it was made from, if this register has written it.
    pub exported: Option<Exported>,
    /// Who changed the register's side of a change, and when: by row and change, from 0.
    pub changed_by: BTreeMap<(usize, usize), (String, Timestamp)>,
    /// What people should know beside what the reading says.
    pub warnings: Vec<String>,
    /// What the register's rows are called.
    pub titles: BTreeMap<ItemId, String>,
    /// Rows of the register that weren't expected.
    pub gone: BTreeMap<ItemId, Gone>,
    rows: Vec<NewRow>,
    assignments: Vec<NewAssignment>,
    edits: Vec<RowEdit>,
    there: Vec<String>,
}

/// What a row is called.
#[must_use]
pub fn title_of(row: &RegisterRow) -> &str {
    row.units.first().map_or("", |item| item.title.as_str())
}

/// What a row of the register is called.
#[must_use]
pub fn title_of_id<'a>(worked: &'a Worked, id: &ItemId) -> &'a str {
    worked.titles.get(id).map_or("", String::as_str)
}

/// Works out what a document does.
///
/// # Errors
/// Everything that was told and can't be so; or an owner whose address belongs to nobody.
pub fn work_out(
    incoming: &Incoming,
    register: &Register,
    asked: &Asked<'_>,
    world: World<'_>,
) -> Result<Worked, Vec<String>> {
    let told = answers::understood(asked.answers, &incoming.rows, &register.rows)?;
    let about = Intake { body: asked.body, world, as_of: asked.as_of, recorded: asked.recorded };
    let named = named(incoming, register, asked.body);
    let (read, _) = taken(incoming, &provisional(incoming.rows.len()), about)?;
    let rows: Vec<Row> =
        read.iter().zip(&named).map(|(row, id)| Row { id: id.clone(), ..said(row) }).collect();
    let own: Vec<Row> = register.rows.iter().map(own).collect();
    let known: Vec<Known<'_>> =
        register.rows.iter().zip(&own).map(|(row, said)| known(row, said, register)).collect();
    let links = |row: &'_ NewRow| -> Vec<Link> { row.card.links.clone() };
    let links: Vec<Vec<Link>> = read.iter().map(links).collect();
    let reads: Vec<Read<'_>> =
        rows.iter().zip(&links).map(|(row, links)| Read { row, links: links.as_slice() }).collect();
    let lineage = trace(&reads, &known, &told.told);
    let answered = |found: &Found| match found {
        Found::Proposed(_) => told.all_same || told.all_new,
        _ => true,
    };
    let numbered = lineage.rows.iter().enumerate();
    let open = numbered.filter(|(_, found)| !answered(found)).map(|(number, _)| number).collect();
    let ids = ids(incoming, &lineage, register, asked.body, told.all_new);
    let (mut rows, assignments) = taken(incoming, &ids, about)?;
    let take = |number: usize| told.take_of.iter().find(|(n, _)| *n == number).map(|(_, t)| *t).or(told.take);
    for (row, found) in rows.iter_mut().zip(&lineage.rows) {
        keep_title(row, found, &own);
    }
    let titles = register.rows.iter().map(|row| (row.id.clone(), title_of(row).to_owned()));
    let (titles, gone) = (titles.collect(), register.gone.clone());
    let exported = register.exported.clone();
    let mut worked = Worked { lineage, open, ids, exported, titles, gone, ..Worked::default() };
    for (row, incoming) in rows.iter_mut().zip(&incoming.rows) {
        let base = register.exported.iter().flat_map(|exported| &exported.rows);
        recoloured(row, incoming.colour, base.into_iter().find(|base| base.id.as_ref() == Some(&row.id)));
    }
    match &register.exported {
        Some(exported) => worked.come_back(&exported.rows, rows, assignments, (register, asked), take),
        None => worked.as_plan(rows, assignments, &own),
    }
    worked.warnings.extend(told_in_vain(&told, &worked));
    Ok(worked)
}

/// Rows under their own numbers, before it is known which they are.
fn provisional(rows: usize) -> Vec<ItemId> {
    (1..=rows).map(|number| ItemId::new(format!("row.{number}"))).collect()
}

fn taken(
    incoming: &Incoming,
    ids: &[ItemId],
    about: Intake<'_>,
) -> Result<(Vec<NewRow>, Vec<NewAssignment>), Vec<String>> {
    let rows = incoming.rows.iter().zip(ids);
    let rows = rows.flat_map(|(row, id)| row.parts.iter().map(move |part| (id.clone(), part.clone())));
    let (mut rows, assignments) = intake::plan_as(rows.collect(), about).map_err(|what| vec![what])?;
    for (row, incoming) in rows.iter_mut().zip(&incoming.rows) {
        if let Some(lines) = &incoming.lines {
            row.log = entries(lines);
        }
    }
    Ok((rows, assignments))
}

/// A row of the document in the template's columns.
fn said(row: &NewRow) -> Row {
    Row::of(&row.units, &row.card, &row.log)
}

/// A row of the register in the template's columns.
fn own(row: &RegisterRow) -> Row {
    Row::of(&row.units, &row.card, row.log.iter().map(|line| &line.entry))
}

fn known<'a>(row: &'a RegisterRow, said: &'a Row, register: &'a Register) -> Known<'a> {
    Known {
        row: said,
        earlier: &row.card.earlier_titles,
        links: &row.card.links,
        gone: register.gone.get(&row.id),
    }
}

/// The ids that the document carries: a row's own, or that of the row that its mark counts to. One that two rows have is
/// that of the one with the title: the other was copied.
fn named(incoming: &Incoming, register: &Register, body: &BodyId) -> Vec<Option<ItemId>> {
    let of_mark = |mark: usize| {
        let rows = register.exported.as_ref().map(|exported| exported.rows.as_slice()).unwrap_or_default();
        rows.get(mark.checked_sub(1)?)?.id.clone()
    };
    let of_id = |id: &ItemId| {
        let whole = whole_id(body, id);
        let is = |known: &ItemId| known == id || *known == whole || slug(known.as_str()) == slug(id.as_str());
        register.rows.iter().map(|row| &row.id).find(|known| is(known)).cloned().unwrap_or(whole)
    };
    let named = |row: &IncomingRow| row.id.as_ref().map(of_id).or_else(|| of_mark(row.mark?));
    let mut named: Vec<Option<ItemId>> = incoming.rows.iter().map(named).collect();
    let title =
        |id: &ItemId| register.rows.iter().find(|row| row.id == *id).map(|row| title_key(title_of(row)));
    for number in 0..named.len() {
        let Some(id) = named.get(number).cloned().flatten() else { continue };
        let same: Vec<usize> = named
            .iter()
            .enumerate()
            .filter(|(_, other)| other.as_ref() == Some(&id))
            .map(|(n, _)| n)
            .collect();
        let is_called = |n: &&usize| incoming.rows.get(**n).map(|row| title_key(&row.title)) == title(&id);
        let keeps = same.iter().find(is_called).or(same.first()).copied();
        for other in same.into_iter().filter(|n| Some(*n) != keeps) {
            if let Some(copied) = named.get_mut(other) {
                *copied = None;
            }
        }
    }
    named
}

/// The id of each row: the register's, its own, or one made of its title that no other row has.
fn ids(
    incoming: &Incoming,
    lineage: &Lineage,
    register: &Register,
    body: &BodyId,
    all_new: bool,
) -> Vec<ItemId> {
    let found = |found: &Found| match found {
        Found::Proposed(_) if all_new => None,
        found => found.id().cloned(),
    };
    let mut used: BTreeSet<ItemId> = register.rows.iter().map(|row| row.id.clone()).collect();
    let mut ids = Vec::with_capacity(incoming.rows.len());
    for (row, is) in incoming.rows.iter().zip(&lineage.rows) {
        let id = found(is).unwrap_or_else(|| {
            let base = whole_id(body, row.id.as_ref().unwrap_or(&id_of(None, &row.title)));
            let numbered = (2..).map(|n| ItemId::new(format!("{base}-{n}")));
            std::iter::once(base.clone()).chain(numbered).find(|id| !used.contains(id)).unwrap_or(base)
        });
        used.insert(id.clone());
        ids.push(id);
    }
    ids
}

/// A title that differs only in how it is typed isn't another one; and a title that a row had before doesn't come back
/// because an older document has it.
fn keep_title(row: &mut NewRow, found: &Found, own: &[Row]) {
    let Some(known) = own.iter().find(|known| known.id.as_ref() == Some(&row.id)) else { return };
    let earlier = matches!(found, Found::Same(_, By::Earlier(_)));
    for unit in &mut row.units {
        if earlier || alike(&unit.title, &known.title) {
            unit.title.clone_from(&known.title);
        }
    }
}

/// An export says the colour of a row twice, by the cell and in words. Where only one of them was edited, that counts.
fn recoloured(row: &mut NewRow, colour: Option<Health>, base: Option<&Row>) {
    let (Some(colour), Some(base)) = (colour, base) else { return };
    let as_exported = |item: &crate::items::Item| {
        let unit =
            base.units.iter().find(|unit| unit.part.as_deref().map(slug) == item.part.as_deref().map(slug));
        unit.is_some_and(|unit| unit.health == item.health)
    };
    if row.units.iter().all(as_exported) {
        row.units.iter_mut().for_each(|item| item.health = colour);
    }
}

impl Worked {
    /// A plan of its day: each row says what it says, and what it leaves out stays.
    fn as_plan(&mut self, rows: Vec<NewRow>, assignments: Vec<NewAssignment>, own: &[Row]) {
        let document: Vec<Row> = rows.iter().map(said).collect();
        let mut compared = compare(own, &document, own, |_| None);
        for merged in &mut compared.rows {
            let lists = document.get(merged.number).is_some_and(|row| !row.activities.is_empty());
            merged.changes.retain(|change| is_taken(change, lists));
            // A line that was rewritten is one more line here.
            for change in merged.changes.iter_mut().filter(|change| change.kind == Kind::Conflict) {
                (change.kind, change.was, change.register) = (Kind::Edit, None, None);
            }
        }
        (compared.gone, compared.came) = (self.lineage.vanishing.clone(), Vec::new());
        self.compared = compared;
        (self.rows, self.assignments) = (rows, assignments);
    }

    /// An export that comes back: only what was edited in it.
    fn come_back(
        &mut self,
        base: &[Row],
        rows: Vec<NewRow>,
        assignments: Vec<NewAssignment>,
        (register, asked): (&Register, &Asked<'_>),
        take: impl Fn(usize) -> Option<Take>,
    ) {
        let document: Vec<Row> = rows.iter().map(said).collect();
        let own: Vec<Row> = register.rows.iter().map(own).collect();
        self.compared = compare(base, &document, &own, take);
        let order = writing::is_reordered(base, &document) || !self.compared.added.is_empty();
        for merged in &mut self.compared.rows {
            let Some(new) = rows.get(merged.number) else { continue };
            let Some(row) = register.rows.iter().find(|row| row.id == merged.id) else { continue };
            self.there.extend(row.units.iter().map(crate::items::Item::unit));
            self.edits.extend(writing::edit(merged, new, row, order, asked));
        }
        let added = |row: &NewRow| self.compared.added.iter().any(|n| self.ids.get(*n) == Some(&row.id));
        self.rows = rows.into_iter().filter(added).collect();
        let of_added =
            |unit: &String| self.rows.iter().flat_map(|row| &row.units).any(|item| item.unit() == *unit);
        self.assignments = assignments.into_iter().filter(|a| a.units.iter().all(of_added)).collect();
    }

    /// How many rows are written.
    #[must_use]
    pub fn writes(&self) -> usize {
        self.rows.len() + self.edits.len()
    }

    /// Whether anything of a conflict is left to be said.
    #[must_use]
    pub fn has_conflicts(&self) -> bool {
        self.compared.changes().any(|(_, change)| change.is_open())
    }
}

/// Whether an ordinary plan changes what the comparison says: what it leaves out stays.
fn is_taken(change: &Change, lists_activities: bool) -> bool {
    match (&change.field, change.kind) {
        (_, Kind::Answer | Kind::Both | Kind::Stays) => false,
        (Field::Activity, _) => lists_activities,
        (Field::Line(_), Kind::Conflict) => true,
        _ => change.document.is_some(),
    }
}

/// What was told and changes nothing.
fn told_in_vain(told: &answers::Understood, worked: &Worked) -> Vec<String> {
    let in_conflict = |number: usize| {
        worked.compared.changes().any(|(row, change)| row.number == number && change.kind == Kind::Conflict)
    };
    let of_rows = told.take_of.iter().filter(|(number, _)| !in_conflict(*number));
    of_rows.map(|(number, _)| format!("--take says of row {} what isn't in conflict", number + 1)).collect()
}

/// Lines of a log that a document adds.
fn entries(lines: &[crate::items::table::Line]) -> Vec<LogEntry> {
    let entry = |line: &crate::items::table::Line| LogEntry {
        part: line.part.clone(),
        day: line.day,
        precision: line.precision,
        kind: line.kind,
        planned: line.planned,
        text: line.text.clone(),
        doer: None,
        by: None,
        about: None,
    };
    lines.iter().map(entry).collect()
}
