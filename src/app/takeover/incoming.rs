//! A plan as a file says it, whichever reader read it.

use jiff::civil::Date;

use crate::ids::ItemId;
use crate::import::ItemRow;
use crate::import::exported::{self, ExportedRow};
use crate::import::items::id_of;
use crate::import::office::Document;
use crate::import::plans::{About, Place, Plan, PlanItem, PlanPart, Unplaced, recognise};
use crate::items::Health;
use crate::items::register::Card;
use crate::items::table::{Line, Stamp, Unit};
use crate::items::versions::Text;
use crate::organisation::Organisation;

/// What stands before an owner that nobody here is known by. It is kept with the row: who answers is what people look
/// for first, and a name without a role can't be made an owner by a program. A person's name is kept too. The register
/// has persons as owners already, for the same purpose; these words stand beside the card, in no mail, no feed and on
/// no page that anybody can open.
const OWNER: &str = "Ägare enligt dokumentet: ";
/// The heading of what has no place.
const UNPLACED: &str = "Utan plats";

/// What a document says of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Incoming {
    /// Its title.
    pub title: Option<String>,
    /// The day it says it is true of: a hint.
    pub dated: Option<Date>,
    /// The export that it was made from.
    pub stamp: Option<Stamp>,
    /// Its rows.
    pub rows: Vec<IncomingRow>,
    /// Pages beside the rows.
    pub texts: Vec<Text>,
    /// Words without a place.
    pub unplaced: Vec<Unplaced>,
    /// What people should know of the reading.
    pub warnings: Vec<String>,
}

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IncomingRow {
    /// Where it stands; none of a list whose rows are named by their titles.
    pub place: Option<Place>,
    /// The id that the file gives it.
    pub id: Option<ItemId>,
    /// The mark that an export gave it.
    pub mark: Option<usize>,
    /// What it is called.
    pub title: String,
    /// One for each part; what belongs to the row as a whole stands in the first.
    pub parts: Vec<ItemRow>,
    /// The dated lines with the part of each; none where those of [`Self::parts`] say all.
    pub lines: Option<Vec<Line>>,
    /// The colour of its status, where that may say something else than its words.
    pub colour: Option<Health>,
    /// What somebody should look at.
    pub unsure: Vec<String>,
}

impl Incoming {
    /// What a document says: one that was exported by what was written into it, any other as it is recognised.
    #[must_use]
    pub fn of_document(document: &Document, organisation: &Organisation, as_of: Date) -> Self {
        let plan = recognise(document, About { organisation, as_of });
        match plan.stamp.as_ref().and_then(|_| exported::read(document)) {
            Some((rows, beside)) => Self::of_export(plan, rows, beside, organisation),
            None => Self::of_plan(plan, organisation),
        }
    }

    /// A document that was exported and has come back. Rows that somebody has added to it are as they are recognised.
    fn of_export(
        plan: Plan,
        exported: Vec<ExportedRow>,
        beside: Vec<Unplaced>,
        organisation: &Organisation,
    ) -> Self {
        let numbered = exported.into_iter().zip(1..);
        let rows = numbered.map(|(exported, place)| {
            let added = exported.mark.is_none() && exported.id.is_none();
            let item = plan.items.iter().find(|item| added && item.place == exported.place);
            item.map_or_else(|| row_of(exported, place, organisation), |item| row(item, place, organisation))
        });
        Self { rows: rows.collect(), stamp: plan.stamp, unplaced: beside, ..Self::default() }
    }

    /// A recognised document.
    fn of_plan(plan: Plan, organisation: &Organisation) -> Self {
        let rows = plan.items.iter().zip(1..).map(|(item, place)| row(item, place, organisation));
        Self {
            rows: rows.collect(),
            title: plan.title,
            dated: plan.dated,
            stamp: plan.stamp,
            texts: plan.texts,
            unplaced: plan.unplaced,
            warnings: plan.warnings,
        }
    }

    /// A list of items: rows with the same id are parts of one.
    #[must_use]
    pub fn of_list(list: Vec<ItemRow>) -> Self {
        let mut rows: Vec<(ItemId, IncomingRow)> = Vec::new();
        for row in list {
            match rows.iter_mut().find(|(id, _)| *id == row.id) {
                Some((_, found)) => found.parts.push(row),
                None => {
                    let made = id_of(None, &row.title) == row.id;
                    let incoming = IncomingRow {
                        id: (!made).then(|| row.id.clone()),
                        title: row.title.clone(),
                        ..IncomingRow::default()
                    };
                    rows.push((row.id.clone(), IncomingRow { parts: vec![row], ..incoming }));
                }
            }
        }
        Self { rows: rows.into_iter().map(|(_, row)| row).collect(), ..Self::default() }
    }

    /// What is kept with the plan's version: its pages, and what has no place.
    #[must_use]
    pub fn kept_texts(&self) -> Vec<Text> {
        let mut texts = self.texts.clone();
        let lines: Vec<&str> = self.unplaced.iter().map(|unplaced| unplaced.text.as_str()).collect();
        if !lines.is_empty() {
            texts.push(Text { heading: Some(UNPLACED.to_owned()), text: lines.join("\n") });
        }
        texts
    }
}

/// A row that was exported.
fn row_of(exported: ExportedRow, place: u32, organisation: &Organisation) -> IncomingRow {
    let read = exported.row;
    let part = |unit: &Unit| PlanPart {
        name: unit.part.clone(),
        phase: unit.phase,
        health: unit.health,
        said: unit.said.clone(),
        ..PlanPart::default()
    };
    let item = PlanItem {
        place: exported.place,
        id: exported.id,
        mark: exported.mark,
        title: read.title,
        card: Card {
            source: read.source,
            focus_area: read.focus_area,
            promises: read.promises,
            activities: read.activities,
            follow_up: read.follow_up,
            ..Card::default()
        },
        parts: if read.units.is_empty() {
            vec![PlanPart::default()]
        } else {
            read.units.iter().map(part).collect()
        },
        ..PlanItem::default()
    };
    IncomingRow { lines: Some(read.log), colour: exported.colour, ..row(&item, place, organisation) }
}

fn row(item: &PlanItem, place: u32, organisation: &Organisation) -> IncomingRow {
    let mut parts = item.rows(place);
    let mut unsure = item.unsure.clone();
    // As many as are certain of a part are known, whatever they are called.
    let certain = item.parts.iter().map(|part| part.owners.list.len()).max().unwrap_or_default();
    let is_known = |name: &str| organisation.find_role(name).is_some() || item.owners.len() <= certain;
    for owner in item.owners.iter().filter(|name| !is_known(name)) {
        if !unsure.iter().any(|what| what.contains(owner.as_str())) {
            unsure.push(format!(
                "`{owner}` is named as its owner and is no role or address that is known here"
            ));
        }
        if let Some(first) = parts.first_mut() {
            first.card.rest.push(format!("{OWNER}{owner}"));
        }
    }
    IncomingRow {
        place: Some(item.place),
        id: item.id.clone(),
        mark: item.mark,
        title: item.title.clone(),
        parts,
        lines: None,
        colour: None,
        unsure,
    }
}
