//! What an import read, as the store takes it; and what there is to start.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::ids::{BodyId, ItemId, OccasionRef};
use crate::import::items::OwnerRow;
use crate::import::meetings::MeetingRow;
use crate::import::meetings::placing::{Fate, place};
use crate::import::{HolderRow, ItemRow};
use crate::items::{Item, Owner};
use crate::people::People;
use crate::plan::model::{Facts, Startable};
use crate::rules::Rules;
use crate::store::{NewOccasion, PersonRow, Store, StoreError};

/// How often a list of meetings is worked out anew when somebody records a fact meanwhile.
const TRIES: usize = 5;

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
        let owner = match row.owner {
            None => None,
            Some(OwnerRow::Role(body, role)) => Some(Owner::Role { body, role }),
            Some(OwnerRow::Address(address)) => {
                let person = known.persons.values().find(|p| p.address.eq_ignore_ascii_case(&address));
                let person = person.ok_or_else(|| {
                    let title = &row.title;
                    format!("nobody has the address of the owner of `{title}`; import the people first")
                })?;
                Some(Owner::Person(person.id.clone()))
            }
        };
        Ok(Item {
            // Ids are unique in an installation, titles only in a plan.
            id: ItemId::new(format!("{body}.{}", row.id)),
            body: body.clone(),
            title: row.title,
            part: row.part,
            phase: row.phase,
            health: row.health,
            owner,
            phase_since: row.phase_since,
            health_since: row.health_since,
            quiet_until: None,
            phase_recorded: as_of,
            health_recorded: as_of,
        })
    };
    rows.into_iter().map(item).collect()
}

/// Works out what each meeting of a list is and enters the whole list, or nothing of it. If a fact is recorded
/// meanwhile it is worked out anew. Gives what became of each, and the new occasions.
///
/// # Errors
/// When the database fails, or facts are recorded faster than a list can be worked out.
pub async fn enter_meetings(
    store: &Store,
    rules: &Rules,
    body: &BodyId,
    rows: &[MeetingRow],
    today: Date,
    (who, now): (&str, Timestamp),
) -> Result<(Vec<Fate>, Vec<OccasionRef>), StoreError> {
    for _ in 0..TRIES {
        let (facts, revision) = store.facts_with_revision().await?;
        let fates = place(rows, body, today, &rules.world(&facts));
        let dates: Vec<_> = fates.iter().filter_map(Fate::date).collect();
        let opened = fates.iter().filter_map(|fate| match fate {
            Fate::New { workflow, entry, opened } => {
                Some(NewOccasion { workflow, body: Some(body), entry, opened, renewed: false })
            }
            _ => None,
        });
        let opened: Vec<NewOccasion<'_>> = opened.collect();
        if let Some(new) = store.enter_meetings(revision, &dates, &opened, who, now).await? {
            return Ok((fates, new));
        }
    }
    Err(StoreError::Refused("others are recording facts all the time; try again".to_owned()))
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
