//! A plan as a table, one row for each part: `punkt;delområde;fas;hälsa;ägare;sedan`, and what else the plan says.
//!
//! The rows of one item share its card: `källa`, `insatsområde`, `löften`, `aktiviteter`, `uppföljning`, `länkar`,
//! `nr` (its place in the plan), `övrigt`; each part has its own `statustext`, `nästa datum`, `väntar på`, `logg` and
//! `uppdrag till`. Where a cell holds several things, a line break or ` | ` stands between them. The column `id` is
//! the item's lineage; without it the title is.

mod cells;
mod log;

use jiff::civil::Date;

use crate::fault::{Fault, Faults};
use crate::ids::{BodyId, ItemId, RoleId, slug};
use crate::import::sheet::{Row, Sheet};
use crate::items::register::{Card, LogKind, Precision, WaitKind};
use crate::items::{Health, Phase};
use crate::organisation::Organisation;

pub(super) use cells::wait;
pub use log::LogCsvRow;
pub(super) use log::read as read_log;

/// One row of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRow {
    /// The item, from the column `id` or else from its title.
    pub id: ItemId,
    /// Its title.
    pub title: String,
    /// The part.
    pub part: Option<String>,
    /// How far it has come; [`Phase::Unknown`] where it isn't stated.
    pub phase: Phase,
    /// How it goes; [`Health::Unknown`] where it isn't stated.
    pub health: Health,
    /// Who answers for it.
    pub owners: OwnersRow,
    /// When something is to happen next.
    pub next: Option<Date>,
    /// The day it got its phase.
    pub phase_since: Option<Date>,
    /// The day it got its health.
    pub health_since: Option<Date>,
    /// What the plan says of the item.
    pub card: Card,
    /// What is promised: the last day, how exactly it is known, and the words.
    pub deadlines: Vec<(Date, Precision, String)>,
    /// What it waits for.
    pub waits: Vec<WaitRow>,
    /// The lines of its log.
    pub log: Vec<LogLine>,
    /// The body that it is to be given to.
    pub given_to: Option<BodyId>,
    /// Its waits and the lines of its log are those of the whole item, though it names a part.
    pub shared: bool,
}

/// Owners as a file names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnersRow {
    /// In the order they were named.
    pub list: Vec<OwnerRow>,
    /// Each of them answers.
    pub all: bool,
}

/// An owner as a file names one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnerRow {
    /// A role.
    Role(BodyId, RoleId),
    /// A person, by address.
    Address(String),
}

/// Something that an item waits for, as a file says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitRow {
    /// Its words.
    pub text: String,
    /// For what kind of thing.
    pub kind: WaitKind,
    /// Until when, as far as its words tell.
    pub until: WaitUntil,
}

/// Until when an item waits, before it is known which meetings there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WaitUntil {
    /// The first meeting of a year; `of` is whose, in lower case: "rpo", or empty.
    First {
        /// Whose meeting.
        of: String,
        /// The year.
        year: i16,
    },
    /// The next meeting.
    Next {
        /// Whose meeting, as above.
        of: String,
    },
    /// A day.
    Day(Date),
    /// Nobody knows.
    Undated,
}

/// A line of a log, as a file says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// Its day.
    pub day: Date,
    /// How exactly that is known.
    pub precision: Precision,
    /// What it is.
    pub kind: LogKind,
    /// What it says.
    pub text: String,
    /// Whether it says what is to come; none where its day tells.
    pub planned: Option<bool>,
}

pub(super) const TITLE: &[&str] = &["punkt", "prioriterat område"];
const PART: &[&str] = &["delområde", "del"];
const PHASE: &[&str] = &["fas", "läge"];
const HEALTH: &[&str] = &["hälsa", "status", "färg"];

/// Reads the plan. An owner is `body/role` (names and aliases work) or a mail address.
///
/// # Errors
/// Every fault of every row.
pub fn read(sheet: &Sheet, organisation: &Organisation) -> Result<Vec<ItemRow>, Faults> {
    let mut faults = Vec::new();
    let mut items: Vec<ItemRow> = Vec::new();
    for row in sheet.rows() {
        let Some(item) = item(row, organisation, &mut faults) else { continue };
        let part = |item: &ItemRow| item.part.as_deref().map(slug);
        if items.iter().any(|i| i.id == item.id && part(i) == part(&item)) {
            let fault = row.fault(TITLE, "twice", format!("`{}` stands here a second time", item.title));
            faults.push(fault.suggest("name the parts in the column `delområde`, or remove one row"));
        }
        if let Some(first) = items.iter().find(|i| i.id == item.id && i.title != item.title) {
            let what = format!("`{}` and `{}` have the same id, `{}`", first.title, item.title, item.id);
            let fault = row.fault(TITLE, "two-titles", what);
            faults.push(fault.suggest("parts of one item have the same title; give another item another id"));
        }
        items.push(item);
    }
    if faults.is_empty() { Ok(items) } else { Err(Faults::new(faults)) }
}

fn item(row: Row<'_>, organisation: &Organisation, faults: &mut Vec<Fault>) -> Option<ItemRow> {
    let Some(title) = row.cell(TITLE) else {
        faults.push(row.fault(TITLE, "missing", "the item has no title"));
        return None;
    };
    let since = row.date(&["sedan", "datum"], faults);
    let phase = cells::word(row, PHASE, Phase::read, Phase::ALL, Phase::swedish, faults);
    let health = cells::word(row, HEALTH, Health::read, Health::ALL, Health::swedish, faults);
    Some(ItemRow {
        id: id_of(row.cell(&["id"]), title),
        title: title.to_owned(),
        part: row.cell(PART).map(str::to_owned),
        phase: phase.unwrap_or(Phase::Unknown),
        health: health.unwrap_or(Health::Unknown),
        owners: cells::owners(row, organisation, faults),
        next: row.date(&["nästa datum", "nästa"], faults),
        phase_since: since,
        health_since: row.date(&["status sedan", "hälsa sedan"], faults).or(since),
        card: cells::card(row, faults),
        deadlines: cells::deadlines(row, faults),
        waits: cells::waits(row),
        log: cells::log(row, faults),
        given_to: cells::given_to(row, organisation, faults),
        shared: false,
    })
}

/// The id that a row has, or that its title makes.
#[must_use]
pub fn id_of(id: Option<&str>, title: &str) -> ItemId {
    ItemId::new(id.map_or_else(|| short_slug(title), slug))
}

/// The title's first words, so that an id stays readable in a key.
fn short_slug(title: &str) -> String {
    let full = slug(title);
    let mut id = String::new();
    for word in full.split('-') {
        if !id.is_empty() && id.len() + word.len() >= 48 {
            break;
        }
        if !id.is_empty() {
            id.push('-');
        }
        id.push_str(word);
    }
    id
}
