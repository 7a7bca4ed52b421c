//! What an import read, as the store takes it; and what there is to start.

use jiff::Timestamp;

use crate::ids::{BodyId, ItemId};
use crate::import::items::OwnerRow;
use crate::import::{HolderRow, ItemRow};
use crate::items::{Item, Owner, Owners};
use crate::people::People;
use crate::plan::model::{Facts, Startable};
use crate::rules::Rules;
use crate::store::PersonRow;

/// Rows of a list of holders as the store takes them.
#[must_use]
pub fn people(rows: Vec<HolderRow>) -> Vec<PersonRow> {
    let row = |r: HolderRow| PersonRow {
        body: r.body,
        role: r.role,
        name: r.name,
        address: r.address,
        from: r.from,
        until: r.until,
        deputy: r.deputy,
    };
    rows.into_iter().map(row).collect()
}

/// Rows of a plan as items of `body`, known to the register from `as_of`. An owner by address must be known.
///
/// # Errors
/// When an owner's address belongs to nobody.
pub fn items(
    rows: Vec<ItemRow>,
    body: &BodyId,
    known: &People,
    as_of: Timestamp,
) -> Result<Vec<Item>, String> {
    let item = |row: ItemRow| {
        let owners = match row.owner {
            None => Owners::default(),
            Some(OwnerRow::Role(body, role)) => Owners::one(Owner::Role { body, role }),
            Some(OwnerRow::Address(address)) => {
                let person = known.persons.values().find(|p| p.address.eq_ignore_ascii_case(&address));
                let person = person.ok_or_else(|| {
                    let title = &row.title;
                    format!("nobody has the address of the owner of `{title}`; import the people first")
                })?;
                Owners::one(Owner::Person(person.id.clone()))
            }
        };
        // Ids are unique in an installation, titles only in a plan.
        let id = ItemId::new(format!("{body}.{}", row.id));
        Ok(Item {
            part: row.part,
            phase: row.phase,
            health: row.health,
            owners,
            phase_since: row.phase_since,
            health_since: row.health_since,
            ..Item::new(body.clone(), id, &row.title, as_of)
        })
    };
    rows.into_iter().map(item).collect()
}

/// Every workflow, every body, and every plan that has items.
#[must_use]
pub fn everything(rules: &Rules, facts: &Facts) -> Vec<Startable> {
    let mut all: Vec<Startable> = rules.workflows.0.keys().cloned().map(Startable::Workflow).collect();
    all.extend(rules.organisation.bodies.keys().cloned().map(Startable::Body));
    let mut plans: Vec<_> = facts.items.iter().map(|i| i.body.clone()).collect();
    plans.sort();
    plans.dedup();
    all.extend(plans.into_iter().map(Startable::Items));
    all
}
