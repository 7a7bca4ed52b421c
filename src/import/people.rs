//! A list of who holds which role: `kropp;roll;namn;epost;från;till;ersättare`.

use jiff::civil::Date;

use crate::fault::{Fault, Faults};
use crate::grammar::advise;
use crate::ids::{BodyId, RoleId, slug};
use crate::import::sheet::{Row, Sheet};
use crate::organisation::Organisation;

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

/// Reads the list. Bodies are known by id, name, short name or alias, roles by title or slug. A row whose name
/// is `XX`, `vakant` or empty, without an address, says that the role is vacant and gives nothing.
///
/// # Errors
/// Every fault of every row.
pub fn read(sheet: &Sheet, organisation: &Organisation) -> Result<Vec<HolderRow>, Faults> {
    let mut faults = Vec::new();
    let rows: Vec<HolderRow> =
        sheet.rows().filter_map(|row| holder(row, organisation, &mut faults)).collect();
    if faults.is_empty() { Ok(rows) } else { Err(Faults::new(faults)) }
}

const BODY: &[&str] = &["kropp", "organ", "grupp"];
const ROLE: &[&str] = &["roll"];
const NAME: &[&str] = &["namn"];
const ADDRESS: &[&str] = &["epost", "e-post", "adress"];

fn holder(row: Row<'_>, organisation: &Organisation, faults: &mut Vec<Fault>) -> Option<HolderRow> {
    let body = body(row, organisation, faults);
    let role = body.as_ref().and_then(|body| role(row, organisation, body, faults));
    let name = row.cell(NAME);
    let address = row.cell(ADDRESS);
    let vacant = name.is_none_or(|n| n == "XX" || n.to_lowercase().starts_with("vakan"));
    if vacant && address.is_none() {
        return None;
    }
    let address = match address {
        Some(address) if is_address(address) => Some(address.to_owned()),
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
    let from = row.date(&["från", "fr.o.m.", "from"], faults);
    let until = row.date(&["till", "t.o.m.", "tom"], faults);
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        faults.push(row.fault(&["till", "t.o.m.", "tom"], "term", "the term ends before it begins"));
    }
    let deputy = row
        .cell(&["ersättare"])
        .is_some_and(|c| matches!(c.to_lowercase().as_str(), "ja" | "x" | "1" | "ersättare"));
    let name = clean(name.unwrap_or_default());
    let name = if name.is_empty() { address.clone().unwrap_or_default() } else { name };
    Some(HolderRow { body: body?, role: role?, name, address: address?, from, until, deputy })
}

fn body(row: Row<'_>, organisation: &Organisation, faults: &mut Vec<Fault>) -> Option<BodyId> {
    let Some(name) = row.cell(BODY) else {
        faults.push(row.fault(BODY, "missing", "the body is missing"));
        return None;
    };
    let found = organisation.find(name).map(|b| b.id.clone());
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
