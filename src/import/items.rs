//! A plan as a table: `punkt;delområde;fas;hälsa;ägare;sedan`, one row for each part.

use jiff::civil::Date;

use crate::fault::{Fault, Faults};
use crate::grammar::advise;
use crate::ids::{BodyId, ItemId, RoleId, slug};
use crate::import::sheet::{Row, Sheet};
use crate::items::{Health, Phase};
use crate::organisation::Organisation;

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
    pub owner: Option<OwnerRow>,
    /// The day it got its phase.
    pub phase_since: Option<Date>,
    /// The day it got its health.
    pub health_since: Option<Date>,
}

/// An owner as a file names one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnerRow {
    /// A role.
    Role(BodyId, RoleId),
    /// A person, by address.
    Address(String),
}

const TITLE: &[&str] = &["punkt", "prioriterat område"];
const PART: &[&str] = &["delområde", "del"];
const PHASE: &[&str] = &["fas", "läge"];
const HEALTH: &[&str] = &["hälsa", "status", "färg"];
const OWNER: &[&str] = &["ägare", "ansvarig"];

/// Reads the plan. An owner is `body/role` (names and aliases work) or a mail address.
///
/// # Errors
/// Every fault of every row.
pub fn read(sheet: &Sheet, organisation: &Organisation) -> Result<Vec<ItemRow>, Faults> {
    let mut faults = Vec::new();
    let mut items: Vec<ItemRow> = Vec::new();
    for row in sheet.rows() {
        let Some(item) = item(row, organisation, &mut faults) else { continue };
        if items
            .iter()
            .any(|i| i.id == item.id && i.part.as_deref().map(slug) == item.part.as_deref().map(slug))
        {
            let fault = row.fault(TITLE, "twice", format!("`{}` stands here a second time", item.title));
            faults.push(fault.suggest("name the parts in the column `delområde`, or remove one row"));
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
    let id = row.cell(&["id"]).map_or_else(|| short_slug(title), slug);
    let since = row.date(&["sedan", "datum"], faults);
    Some(ItemRow {
        id: ItemId::new(id),
        title: title.to_owned(),
        part: row.cell(PART).map(str::to_owned),
        phase: word(row, PHASE, Phase::read, Phase::ALL, Phase::swedish, faults).unwrap_or(Phase::Unknown),
        health: word(row, HEALTH, Health::read, Health::ALL, Health::swedish, faults)
            .unwrap_or(Health::Unknown),
        owner: owner(row, organisation, faults),
        phase_since: since,
        health_since: row.date(&["status sedan", "hälsa sedan"], faults).or(since),
    })
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

fn word<T: Copy>(
    row: Row<'_>,
    headings: &[&str],
    read: fn(&str) -> Option<T>,
    all: &[T],
    swedish: fn(T) -> &'static str,
    faults: &mut Vec<Fault>,
) -> Option<T> {
    let text = row.cell(headings)?;
    let value = read(text.trim_end_matches('.'));
    if value.is_none() {
        let words = all.iter().map(|v| swedish(*v));
        let fault = row.fault(headings, "unknown-word", format!("`{text}` is not one of the words here"));
        faults.push(fault.suggest_maybe(advise(text, words)));
    }
    value
}

/// A role as people write it: a body by any of its names, a slash, and the role. None if there is no such role.
#[must_use]
pub fn role_path(organisation: &Organisation, text: &str) -> Option<(BodyId, RoleId)> {
    let (body, role) = text.split_once('/')?;
    let body = organisation.find(body.trim())?;
    let role = RoleId::new(slug(role));
    let known = organisation.kinds.get(&body.kind)?.roles.contains_key(&role);
    known.then(|| (body.id.clone(), role))
}

fn owner(row: Row<'_>, organisation: &Organisation, faults: &mut Vec<Fault>) -> Option<OwnerRow> {
    let text = row.cell(OWNER)?;
    if text.contains('@') {
        return Some(OwnerRow::Address(text.to_owned()));
    }
    let found = role_path(organisation, text).map(|(body, role)| OwnerRow::Role(body, role));
    if found.is_none() {
        let fault = row.fault(OWNER, "unknown-owner", format!("`{text}` names no owner"));
        faults.push(
            fault.suggest("write a body and a role, such as `RAG Patologi/ordförande`, or a mail address"),
        );
    }
    found
}
