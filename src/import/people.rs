//! A list of who holds which role: `kropp;roll;namn;epost;från;till;ersättare`, as CSV or as a workbook.
//!
//! A workbook is read as people keep one: a title above the heading, a sheet for each body, terms as `2025-2026`,
//! `tills vidare` or dates, addresses as links.

mod terms;
mod workbook;

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::fault::{Fault, Faults};
use crate::grammar::advise;
use crate::ids::{BodyId, RoleId, slug};
use crate::import::sheet::{Row, Sheet};
use crate::organisation::Organisation;

pub use workbook::read as read_workbook;

/// What a list says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeopleList {
    /// Who holds what.
    pub rows: Vec<HolderRow>,
    /// The bodies that it has a row for, if only a vacant role: of them it claims to name everybody.
    pub bodies: BTreeSet<BodyId>,
    /// What of the file was left out; lower case, without a full stop.
    pub left_out: Vec<String>,
}

/// One row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderRow {
    /// The body.
    pub body: BodyId,
    /// The role in it.
    pub role: RoleId,
    /// The name in greetings.
    pub name: String,
    /// Where mail goes.
    pub address: String,
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
    /// Stands in for the ordinary holder.
    pub deputy: bool,
}

/// Reads the list. Bodies are known by id, name, short name or alias, roles by title or slug; where no column says
/// the body, the name of the sheet or a title above the heading does. A row whose name is `XX`, `vakant` or empty,
/// without an address, says that the role is vacant.
///
/// # Errors
/// Every fault of every row.
pub fn read(sheet: &Sheet, organisation: &Organisation) -> Result<PeopleList, Faults> {
    let mut faults = Vec::new();
    let mut list = PeopleList::default();
    let titled = sheet.above().find_map(|title| organisation.find(title)).map(|body| body.id.clone());
    for row in sheet.rows() {
        if is_note(row) {
            continue;
        }
        let Some(body) = body(row, titled.as_ref(), organisation, &mut faults) else { continue };
        let holder = holder(row, &body, organisation, &mut faults);
        list.bodies.insert(body);
        list.rows.extend(holder);
    }
    if faults.is_empty() { Ok(list) } else { Err(Faults::new(faults)) }
}

const BODY: &[&str] = &["kropp", "organ", "grupp"];
pub(super) const ROLE: &[&str] = &["roll", "funktion"];
const NAME: &[&str] = &["namn"];
const FIRST_NAME: &[&str] = &["förnamn"];
const LAST_NAME: &[&str] = &["efternamn"];
pub(super) const ADDRESS: &[&str] =
    &["epost", "e-post", "adress", "epostadress", "e-postadress", "mejl", "mejladress"];

/// Whether a row is a line of text beside the table: `Uppdaterad 2025-01-10`.
fn is_note(row: Row<'_>) -> bool {
    let told = [ROLE, NAME, ADDRESS].iter().any(|headings| row.cell(headings).is_some());
    !told && row.only().is_some_and(|only| !only.contains('@'))
}

/// None for a vacant role, and where something is wrong.
fn holder(
    row: Row<'_>,
    body: &BodyId,
    organisation: &Organisation,
    faults: &mut Vec<Fault>,
) -> Option<HolderRow> {
    let role = role(row, organisation, body, faults);
    let parts = [FIRST_NAME, LAST_NAME].map(|part| row.cell(part).unwrap_or_default()).join(" ");
    let name = clean(row.cell(NAME).unwrap_or(&parts));
    let address = row.cell(ADDRESS).filter(|address| !is_dash(address));
    if address.is_none() && is_vacant(&name) {
        return None;
    }
    let address = match address.map(bare) {
        Some(address) if is_address(&address) => Some(address),
        Some(address) => {
            let fault = row.fault(ADDRESS, "bad-address", format!("`{address}` is no mail address"));
            faults.push(fault.suggest("write it as `namn@example.org`, with letters a-z before the @"));
            None
        }
        None => {
            faults.push(
                row.fault(ADDRESS, "missing", "the address is missing")
                    .suggest("a vacant role has the name `XX`"),
            );
            None
        }
    };
    let (from, until) = terms::of(row, faults);
    let deputy = row
        .cell(&["ersättare"])
        .is_some_and(|c| matches!(c.to_lowercase().as_str(), "ja" | "x" | "1" | "ersättare"));
    let name = if name.is_empty() { address.clone().unwrap_or_default() } else { name };
    Some(HolderRow { body: body.clone(), role: role?, name, address: address?, from, until, deputy })
}

/// Whether a name stands for nobody.
fn is_vacant(name: &str) -> bool {
    let name = name.to_lowercase();
    let first = name.split([' ', ',', '(']).next().unwrap_or_default();
    is_dash(&name) || matches!(first, "" | "xx" | "nn" | "n.n.") || first.starts_with("vakan")
}

fn is_dash(cell: &str) -> bool {
    cell.chars().all(|c| matches!(c, '-' | '–' | '—' | ' '))
}

/// The address of `mailto:anna@example.org?subject=x` and of `Anna <anna@example.org>`.
fn bare(cell: &str) -> String {
    let inner = cell.rsplit_once('<').map_or(cell, |(_, rest)| rest.trim_end_matches(['>', ' ']));
    let scheme = inner.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
    let address = match scheme {
        Some(_) => inner.get(7..).unwrap_or_default().split('?').next().unwrap_or_default(),
        None => inner,
    };
    address.trim().to_owned()
}

/// The body of a row, where `titled` is what stands above them all.
fn body(
    row: Row<'_>,
    titled: Option<&BodyId>,
    organisation: &Organisation,
    faults: &mut Vec<Fault>,
) -> Option<BodyId> {
    let Some(name) = row.cell(BODY) else {
        if titled.is_none() {
            let fault = row.fault(BODY, "missing", "the body is missing");
            faults
                .push(fault.suggest("write it in a column `kropp`, or as the name of the workbook's sheet"));
        }
        return titled.cloned();
    };
    let found = organisation.find(&clean(name)).map(|b| b.id.clone());
    if found.is_none() {
        let known = organisation.bodies.values().flat_map(|b| [b.id.as_str(), b.name.as_str()]);
        faults.push(
            row.fault(BODY, "unknown-body", format!("there is no body `{name}`"))
                .suggest_maybe(advise(name, known)),
        );
    }
    found
}

fn role(row: Row<'_>, organisation: &Organisation, body: &BodyId, faults: &mut Vec<Fault>) -> Option<RoleId> {
    let Some(title) = row.cell(ROLE) else {
        faults.push(row.fault(ROLE, "missing", "the role is missing"));
        return None;
    };
    let kind = organisation.bodies.get(body).and_then(|b| organisation.kinds.get(&b.kind))?;
    let wanted = RoleId::new(slug(title));
    if kind.roles.contains_key(&wanted) {
        return Some(wanted);
    }
    let fault = row.fault(ROLE, "unknown-role", format!("a {} has no role `{title}`", kind.title));
    faults.push(fault.suggest_maybe(advise(title, kind.roles.values().map(String::as_str))));
    None
}

/// Something before and after one @, a dot after it, printable ASCII only: an address outside that would need
/// SMTPUTF8 all the way.
#[must_use]
pub fn is_address(text: &str) -> bool {
    let plain = text.bytes().all(|b| b.is_ascii_graphic() && !b"<>()[],;:\\\"".contains(&b));
    let parts = text.split_once('@');
    plain
        && parts.is_some_and(|(local, domain)| {
            let dots = domain.contains('.')
                && !domain.starts_with('.')
                && !domain.ends_with('.')
                && !domain.contains("..");
            !local.is_empty() && !domain.contains('@') && dots
        })
}

fn clean(name: &str) -> String {
    name.split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
