//! An exported document that has come back: what was edited in it, what was answered meanwhile, and where both were.
//!
//! Three sides are compared field by field: the row as it was exported (base), as the document has it now, and as the
//! register has it now. What only the document changed is an edit, what only the register changed an answer that
//! stays. What both changed alike is settled; otherwise it is a conflict, and nothing of that field is taken until
//! somebody says whose it shall be. How programs write a blank or a quote is no edit ([`super::words::alike`]).
//!
//! What a document leaves unsaid is no edit either: a colour or phase that isn't there any more, a heading above the
//! rows. And nothing is removed by leaving it out: neither a row nor a part, which need a closing entry, nor a dated
//! line. A dated line that was rewritten is a conflict by nature, since the log only grows: taking the document's adds
//! its wording as a new line, and the old one stays.

mod activities;
mod lines;

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;
use serde::Serialize;

use super::register::{Promise, Source};
use super::table::{Row, Unit};
use super::words::alike;
use super::{Health, Phase};
use crate::ids::{ItemId, slug};

/// Whose value is taken where both sides have changed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Take {
    /// The document's.
    Document,
    /// The register's.
    Register,
}

/// What happened to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Changed in the document.
    Edit,
    /// Changed in the register meanwhile; it stays.
    Answer,
    /// Changed to the same in both.
    Both,
    /// Changed in both, to different things.
    Conflict,
    /// Left out of the document; it stays.
    Stays,
}

/// Which field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// [`Row::title`]
    Title,
    /// [`Row::source`]
    Source,
    /// [`Row::focus_area`]
    FocusArea,
    /// [`Row::promises`]
    Promises,
    /// One of [`Row::activities`], or their order.
    Activity,
    /// [`Row::follow_up`]
    FollowUp,
    /// [`Unit::phase`] of a part.
    Phase(Option<String>),
    /// [`Unit::health`] of a part.
    Health(Option<String>),
    /// [`Unit::said`] of a part.
    Said(Option<String>),
    /// A part as a whole.
    Part(Option<String>),
    /// A dated line.
    Line(Date),
    /// A document that the row links to.
    Link,
    /// Words without a place.
    Words,
}

/// One change. Values are as people read them; none where there is nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Of what.
    pub field: Field,
    /// Of which kind.
    pub kind: Kind,
    /// As it was exported.
    pub was: Option<String>,
    /// In the document.
    pub document: Option<String>,
    /// In the register.
    pub register: Option<String>,
    /// Of a conflict: what was told to be taken; none while it is open.
    pub taken: Option<Take>,
}

/// A row that all three sides have, or document and register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// Its number in the document, from 0.
    pub number: usize,
    /// The row.
    pub id: ItemId,
    /// What it becomes. Its log has only the lines to be added.
    pub row: Row,
    /// What happened to it.
    pub changes: Vec<Change>,
}

/// What a document that came back says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// The rows that the register has, in the document's order.
    pub rows: Vec<Merged>,
    /// Rows that were added in the document, by their number from 0.
    pub added: Vec<usize>,
    /// Rows that are gone from the document. They stay: only a closing entry ends a row.
    pub gone: Vec<ItemId>,
    /// Rows that were added in the register meanwhile.
    pub came: Vec<ItemId>,
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |part: &Option<String>| part.as_ref().map(|part| format!(" ({part})")).unwrap_or_default();
        match self {
            Self::Title => f.write_str("title"),
            Self::Source => f.write_str("source"),
            Self::FocusArea => f.write_str("focus area"),
            Self::Promises => f.write_str("promises"),
            Self::Activity => f.write_str("activity"),
            Self::FollowUp => f.write_str("follow-up"),
            Self::Phase(part) => write!(f, "phase{}", of(part)),
            Self::Health(part) => write!(f, "colour{}", of(part)),
            Self::Said(part) => write!(f, "status text{}", of(part)),
            Self::Part(part) => write!(f, "part{}", of(part)),
            Self::Line(day) => write!(f, "line of {day}"),
            Self::Link => f.write_str("link"),
            Self::Words => f.write_str("words without a place"),
        }
    }
}

impl Change {
    /// Whether somebody has to say whose value is taken.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.kind == Kind::Conflict && self.taken.is_none()
    }
}

impl Compared {
    /// Every change, with its row.
    pub fn changes(&self) -> impl Iterator<Item = (&Merged, &Change)> {
        self.rows.iter().flat_map(|row| row.changes.iter().map(move |change| (row, change)))
    }

    /// How many changes there are of a kind.
    #[must_use]
    pub fn count(&self, kind: Kind) -> usize {
        self.changes().filter(|(_, change)| change.kind == kind).count()
    }

    /// `3 changes, 1 conflict, 1 item gone without a closing entry`
    #[must_use]
    pub fn summary(&self) -> String {
        let counted = |n: usize, one: &str, many: &str| match n {
            0 => None,
            1 => Some(format!("1 {one}")),
            n => Some(format!("{n} {many}")),
        };
        let edits = counted(self.count(Kind::Edit), "change", "changes");
        let more = [
            counted(self.added.len(), "item added", "items added"),
            counted(self.count(Kind::Conflict), "conflict", "conflicts"),
            counted(
                self.gone.len(),
                "item gone without a closing entry",
                "items gone without a closing entry",
            ),
        ];
        let first = edits.unwrap_or_else(|| "no changes".to_owned());
        let all: Vec<String> = std::iter::once(first).chain(more.into_iter().flatten()).collect();
        all.join(", ")
    }
}

/// Compares the rows of a document with those it was exported from and those of the register. A row of the document
/// whose id the register doesn't have is a new one; each of the register's is there at most once. `take` says of a row
/// of the document, by its number from 0, whose values are taken in conflicts.
#[must_use]
pub fn compare(
    base: &[Row],
    document: &[Row],
    ours: &[Row],
    take: impl Fn(usize) -> Option<Take>,
) -> Compared {
    let find = |rows: &'_ [Row], id: &ItemId| rows.iter().position(|row| row.id.as_ref() == Some(id));
    let mut compared = Compared::default();
    for (number, row) in document.iter().enumerate() {
        let known = row.id.as_ref().and_then(|id| Some((id, ours.get(find(ours, id)?)?)));
        let Some((id, own)) = known else {
            compared.added.push(number);
            continue;
        };
        let was = find(base, id).and_then(|at| base.get(at));
        let unknown = Row::default();
        let (row, changes) = merge(was.unwrap_or(&unknown), row, own, take(number));
        compared.rows.push(Merged { number, id: id.clone(), row, changes });
    }
    let there = |id: &ItemId| find(document, id).is_some();
    let own = |id: &ItemId| find(ours, id).and_then(|at| ours.get(at));
    let is_open = |row: &Row| row.units.iter().any(|unit| unit.phase != Phase::Done);
    let left = base.iter().filter_map(|row| row.id.clone()).filter(|id| !there(id));
    compared.gone = left.filter(|id| own(id).is_some_and(is_open)).collect();
    let new = ours.iter().filter(|row| is_open(row)).filter_map(|row| row.id.clone());
    compared.came = new.filter(|id| find(base, id).is_none() && !there(id)).collect();
    compared
}

/// What a row becomes, and what happened to it.
fn merge(base: &Row, document: &Row, own: &Row, take: Option<Take>) -> (Row, Vec<Change>) {
    let mut merging = Merging { take, changes: Vec::new() };
    let title =
        merging.text(Field::Title, [&base.title, &document.title, &own.title].map(|t| Some(t.clone())));
    let source = merging.source(base.source, document.source, own.source);
    let areas = [base, document, own].map(|row| row.focus_area.clone());
    let focus_area = merging.text(Field::FocusArea, areas);
    let promises = merging.promises(&base.promises, &document.promises, &own.promises);
    let activities = activities::merge(&mut merging, &base.activities, &document.activities, &own.activities);
    let follow_up = merging.text(Field::FollowUp, [base, document, own].map(|row| row.follow_up.clone()));
    let units = merging.units(&base.units, &document.units, &own.units);
    let log = lines::merge(&mut merging, &base.log, &document.log, &own.log);
    let title = title.unwrap_or_else(|| own.title.clone());
    let id = own.id.clone();
    let row = Row { id, title, source, focus_area, promises, activities, follow_up, log, units };
    (row, merging.changes)
}

/// What happens to one field after the other of a row.
struct Merging {
    take: Option<Take>,
    changes: Vec<Change>,
}

impl Merging {
    fn note(&mut self, field: Field, kind: Kind, [was, document, register]: [Option<String>; 3]) {
        let taken = self.take.filter(|_| kind == Kind::Conflict);
        self.changes.push(Change { field, kind, was, document, register, taken });
    }

    /// One value of three sides (base, document, register): which is taken.
    fn value<T: Clone>(
        &mut self,
        field: Field,
        [base, document, own]: [T; 3],
        same: impl Fn(&T, &T) -> bool,
        said: impl Fn(&T) -> Option<String>,
    ) -> T {
        let kind = match (same(&base, &document), same(&base, &own)) {
            (true, true) => return own,
            (true, false) => Kind::Answer,
            (false, true) => Kind::Edit,
            (false, false) if same(&document, &own) => Kind::Both,
            (false, false) => Kind::Conflict,
        };
        self.note(field, kind, [said(&base), said(&document), said(&own)]);
        let from_document =
            kind == Kind::Edit || (kind == Kind::Conflict && self.take == Some(Take::Document));
        if from_document { document } else { own }
    }

    fn text(&mut self, field: Field, sides: [Option<String>; 3]) -> Option<String> {
        let same = |one: &Option<String>, other: &Option<String>| {
            alike(one.as_deref().unwrap_or_default(), other.as_deref().unwrap_or_default())
        };
        let taken = self.value(field, sides, same, Clone::clone);
        taken.filter(|text| !text.trim().is_empty())
    }

    /// A document whose rows stand under no heading doesn't say where they come from.
    fn source(
        &mut self,
        base: Option<Source>,
        document: Option<Source>,
        own: Option<Source>,
    ) -> Option<Source> {
        let sides = [base, document.or(base), own];
        self.value(Field::Source, sides, PartialEq::eq, |s| s.map(|s| s.swedish().to_owned()))
    }

    /// Each side may add and take away; that never collides.
    fn promises(
        &mut self,
        base: &BTreeSet<Promise>,
        document: &BTreeSet<Promise>,
        own: &BTreeSet<Promise>,
    ) -> BTreeSet<Promise> {
        let has = |promise: &Promise| match base.contains(promise) {
            true => document.contains(promise) && own.contains(promise),
            false => document.contains(promise) || own.contains(promise),
        };
        let merged: BTreeSet<Promise> = Promise::ALL.iter().copied().filter(has).collect();
        let kind = match (document == base, own == base) {
            (true, true) => return own.clone(),
            (true, false) => Kind::Answer,
            (false, _) if document == own => Kind::Both,
            (false, _) => Kind::Edit,
        };
        let said = |promises: &BTreeSet<Promise>| {
            let codes: Vec<&str> = promises.iter().map(|p| p.code()).collect();
            (!codes.is_empty()).then(|| codes.join("+"))
        };
        self.note(Field::Promises, kind, [said(base), said(document), said(own)]);
        merged
    }

    fn units(&mut self, base: &[Unit], document: &[Unit], own: &[Unit]) -> Vec<Unit> {
        let key = |unit: &Unit| unit.part.as_deref().map(slug);
        let find = |units: &'_ [Unit], like: &Unit| units.iter().find(|u| key(u) == key(like)).cloned();
        let mut merged = Vec::new();
        for unit in own {
            let was = find(base, unit);
            let Some(new) = find(document, unit) else {
                if was.is_some() && unit.phase != Phase::Done {
                    let said = || Some(unit_text(unit));
                    self.note(Field::Part(unit.part.clone()), Kind::Stays, [said(), None, said()]);
                }
                merged.push(unit.clone());
                continue;
            };
            let was = was.unwrap_or_else(|| silent(unit));
            merged.push(self.unit(&was, &new, unit));
        }
        for unit in document.iter().filter(|unit| find(own, unit).is_none()) {
            // A row that is divided has no part without a name.
            let undivided = unit.part.is_none() && own.iter().any(|unit| unit.part.is_some());
            let kind = if undivided { Kind::Stays } else { Kind::Edit };
            self.note(Field::Part(unit.part.clone()), kind, [None, Some(unit_text(unit)), None]);
            if !undivided {
                merged.push(unit.clone());
            }
        }
        merged
    }

    /// A phase or colour that the document doesn't say is as it was.
    fn unit(&mut self, base: &Unit, document: &Unit, own: &Unit) -> Unit {
        let part = &own.part;
        let phase = if document.phase == Phase::Unknown { base.phase } else { document.phase };
        let health = if document.health == Health::Unknown { base.health } else { document.health };
        let phases = [base.phase, phase, own.phase];
        let said = [&base.said, &document.said, &own.said].map(Clone::clone);
        Unit {
            part: part.clone(),
            phase: self.value(Field::Phase(part.clone()), phases, PartialEq::eq, |phase| {
                (*phase != Phase::Unknown).then(|| phase.swedish().to_owned())
            }),
            health: self.value(
                Field::Health(part.clone()),
                [base.health, health, own.health],
                PartialEq::eq,
                |health| (*health != Health::Unknown).then(|| health.swedish().to_owned()),
            ),
            said: self.text(Field::Said(part.clone()), said),
        }
    }
}

/// A part of which nothing is said.
fn silent(unit: &Unit) -> Unit {
    Unit { part: unit.part.clone(), phase: Phase::Unknown, health: Health::Unknown, said: None }
}

fn unit_text(unit: &Unit) -> String {
    let health = (unit.health != Health::Unknown).then(|| unit.health.swedish().to_owned());
    let words = [Some(unit.phase.swedish().to_owned()), health, unit.said.clone()];
    words.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
