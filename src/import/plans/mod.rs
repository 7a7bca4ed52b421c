//! A plan as its authors keep it: a deck, a text, a workbook, or words taken out of one of them.
//!
//! [`Plan`] is what a document says, as far as it is understood, with everything that is doubtful said beside what it
//! is about. Nothing is guessed: a colour that the file doesn't have is unknown, and words without a place are kept
//! as they are. What the rows become in the register is for others to say: see [`PlanItem::rows`].
//!
//! A table is read by its headings (`tables`); where its text was taken out of a PDF or a deck, rows are cut out of
//! lines (`flow`, `cutting`). Both come to the same: lines under columns (`raw`), which `reading` asks what they say.

mod cutting;
mod entries;
mod flow;
mod heads;
mod lights;
mod lines;
mod naming;
mod pieces;
mod promises;
mod raw;
mod reading;
mod recognise;
mod status;
mod tables;
mod times;

pub use recognise::{About, recognise, recognises};

use crate::ids::ItemId;
use crate::import::items::{ItemRow, LogLine, OwnersRow, WaitRow, id_of};
use crate::items::register::{Card, Precision, StatusText};
use crate::items::table::Stamp;
use crate::items::versions::Text;
use crate::items::{Health, Phase};
use jiff::civil::Date;

/// What a document of a plan says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Its title, if it has one.
    pub title: Option<String>,
    /// The day, or the first day of the month or year, that it says it is true of: a hint for people, never used by
    /// itself.
    pub dated: Option<Date>,
    /// The export that it was made from.
    pub stamp: Option<Stamp>,
    /// Its rows, in its order.
    pub items: Vec<PlanItem>,
    /// Pages beside the rows: results, challenges, an introduction.
    pub texts: Vec<Text>,
    /// Words that have no place anywhere, each with where it stands.
    pub unplaced: Vec<Unplaced>,
    /// What people should know of the reading: English, lower case, without a full stop.
    pub warnings: Vec<String>,
}

/// Where something stands in a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The slide, sheet or part of a text, from 1.
    pub page: usize,
    /// The row of the table or sheet, or the line of the text, from 1.
    pub row: usize,
}

/// Words without a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unplaced {
    /// Where they stand.
    pub place: Place,
    /// The words.
    pub text: String,
}

/// One row of the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanItem {
    /// Where it begins.
    pub place: Place,
    /// The row of the register, where the document carries it: an id column, or a mark in an exported document.
    pub id: Option<ItemId>,
    /// Its mark in an exported document, [`crate::items::table::marked_row`].
    pub mark: Option<usize>,
    /// What it is called.
    pub title: String,
    /// What it says; without [`Card::status`] and [`Card::place`], which [`Self::rows`] fills in.
    pub card: Card,
    /// How its parts stand; at least one.
    pub parts: Vec<PlanPart>,
    /// The dated lines.
    pub log: Vec<LogLine>,
    /// What is promised: the last day, how exactly that is known, and the words.
    pub deadlines: Vec<(Date, Precision, String)>,
    /// What it waits for.
    pub waits: Vec<WaitRow>,
    /// Who answers for it, as the document names them: "RAG Patologi", "labcheferna". Not resolved.
    pub owners: Vec<String>,
    /// What somebody should look at: English, lower case, without a full stop.
    pub unsure: Vec<String>,
}

/// How one part of a row stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanPart {
    /// The part; none for a row that isn't divided.
    pub name: Option<String>,
    /// How far it has come.
    pub phase: Phase,
    /// Its colour.
    pub health: Health,
    /// What the status column says beside that.
    pub said: Option<String>,
    /// Who is certain to answer for it: a role or an address that the organisation has.
    pub owners: OwnersRow,
    /// The body that it is to be given to.
    pub given_to: Option<crate::ids::BodyId>,
}

impl Default for PlanPart {
    fn default() -> Self {
        Self {
            name: None,
            phase: Phase::Unknown,
            health: Health::Unknown,
            said: None,
            owners: OwnersRow::default(),
            given_to: None,
        }
    }
}

impl Plan {
    /// The rows that an import takes: one for each part, with their places in the plan.
    #[must_use]
    pub fn rows(&self) -> Vec<ItemRow> {
        let numbered = self.items.iter().zip(1..);
        numbered.flat_map(|(item, place)| item.rows(place)).collect()
    }
}

impl PlanItem {
    /// One row for each part. What belongs to the row as a whole stands in the first.
    #[must_use]
    pub fn rows(&self, place: u32) -> Vec<ItemRow> {
        let whole = |index: usize| index == 0;
        let row = |(index, part): (usize, &PlanPart)| {
            let said = part.said.as_ref();
            let status = said.map(|text| StatusText { part: part.name.clone(), text: text.clone() });
            let card = if whole(index) { self.card.clone() } else { Card::default() };
            ItemRow {
                id: self.id.clone().unwrap_or_else(|| id_of(None, &self.title)),
                title: self.title.clone(),
                part: part.name.clone(),
                phase: part.phase,
                health: part.health,
                owners: part.owners.clone(),
                next: None,
                phase_since: None,
                health_since: None,
                card: Card {
                    status: status.into_iter().collect(),
                    place: whole(index).then_some(place),
                    ..card
                },
                deadlines: self.deadlines.iter().filter(|_| whole(index)).cloned().collect(),
                waits: self.waits.iter().filter(|_| whole(index)).cloned().collect(),
                log: self.log.iter().filter(|_| whole(index)).cloned().collect(),
                given_to: part.given_to.clone(),
                shared: true,
            }
        };
        self.parts.iter().enumerate().map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_the_row_stands_once() {
        let part = |name: &str, said: &str| PlanPart {
            name: Some(name.to_owned()),
            said: Some(said.to_owned()),
            ..PlanPart::default()
        };
        let item = PlanItem {
            title: "Stöd för svar".to_owned(),
            card: Card { follow_up: Some("Andel".to_owned()), ..Card::default() },
            parts: vec![part("Lab", "väntar"), part("Röntgen", "klart")],
            owners: vec!["Labchefen".to_owned()],
            ..PlanItem::default()
        };
        let plan = Plan { items: vec![PlanItem::default(), item], ..Plan::default() };
        let rows = plan.rows();
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].card.place, rows[1].card.place), (Some(2), None));
        assert_eq!(
            (rows[0].card.follow_up.as_deref(), rows[1].card.follow_up.as_deref()),
            (Some("Andel"), None)
        );
        assert_eq!(rows[1].card.status_of(Some("Röntgen")), Some("klart"));
        assert_eq!(rows[0].id, rows[1].id);
    }
}
