//! What an import read, as the store takes it; and what there is to start.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::ids::{BodyId, ItemId, OccasionRef};
use crate::import::items::{LogLine, OwnerRow, OwnersRow, WaitRow, WaitUntil, id_of};
use crate::import::meetings::MeetingRow;
use crate::import::meetings::placing::{Fate, place};
use crate::import::{HolderRow, ItemRow, LogCsvRow};
use crate::items::register::{Card, Deadline, LogEntry, Wait, WaitOn};
use crate::items::{Item, Owner, Owners};
use crate::people::People;
use crate::plan::model::{Facts, Startable, World};
use crate::plan::occasions::{Resolved, resolve};
use crate::rules::Rules;
use crate::store::{NewAssignment, NewOccasion, NewRow, PersonRow, Store, StoreError};
use crate::workflow::model::{EntryKind, When};

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

/// What is known when a plan is taken in.
#[derive(Clone, Copy, Debug)]
pub struct Intake<'a> {
    /// Whose plan it is.
    pub body: &'a BodyId,
    /// Organisation and workflows in force, and what people have told.
    pub world: World<'a>,
    /// The day that the plan is true of: what is later is planned.
    pub as_of: Date,
    /// From which moment phase and health count as known.
    pub recorded: Timestamp,
}

/// Rows of a plan as the register takes them, with the assignments that they name. The rows of one item stand together:
/// of its card the first row that says something counts.
///
/// # Errors
/// When an owner's address belongs to nobody.
pub fn plan(rows: Vec<ItemRow>, about: Intake<'_>) -> Result<(Vec<NewRow>, Vec<NewAssignment>), String> {
    plan_as(rows.into_iter().map(|row| (whole_id(about.body, &row.id), row)).collect(), about)
}

/// [`plan`], where it is known already which row of the register each row is: by its whole id.
///
/// # Errors
/// As [`plan`].
pub fn plan_as(
    rows: Vec<(ItemId, ItemRow)>,
    about: Intake<'_>,
) -> Result<(Vec<NewRow>, Vec<NewAssignment>), String> {
    let mut found: BTreeMap<ItemId, NewRow> = BTreeMap::new();
    let mut assignments = Vec::new();
    let mut order = Vec::new();
    for (id, row) in rows {
        let item = Item { id, ..unit(&row, about.body, &about.world.facts.people, about.recorded)? };
        if let Some(to) = &row.given_to {
            assignments.push(NewAssignment {
                from: about.body.clone(),
                to: to.clone(),
                title: item.display_title(),
                units: vec![item.unit()],
            });
        }
        let id = item.id.clone();
        let empty = || {
            order.push(id.clone());
            NewRow {
                id: id.clone(),
                units: Vec::new(),
                card: Card::default(),
                log: Vec::new(),
                deadlines: Vec::new(),
                waits: Vec::new(),
            }
        };
        let entry = found.entry(id.clone()).or_insert_with(empty);
        entry.card = filled(std::mem::take(&mut entry.card), row.card);
        let part = item.part.clone().filter(|_| !row.shared);
        entry.log.extend(row.log.into_iter().map(|line| entry_of(line, part.clone(), about.as_of)));
        let waits = row.waits.into_iter().map(|wait| wait_of(wait, part.clone(), about));
        entry.waits.extend(waits);
        entry.deadlines.extend(row.deadlines.into_iter().map(|(day, precision, text)| Deadline {
            day,
            precision,
            text,
            stated: about.as_of,
            met: false,
        }));
        entry.units.push(item);
    }
    let rows = order.iter().filter_map(|id| found.remove(id)).collect();
    Ok((rows, assignments))
}

/// Lines for logs, each with the item that it belongs to: by its id within the plan, its whole id, or its title.
///
/// # Errors
/// When the plan of `body` has no such item, or it has no such part.
pub fn log(
    rows: Vec<LogCsvRow>,
    body: &BodyId,
    items: &[Item],
    as_of: Date,
) -> Result<Vec<(ItemId, LogEntry)>, String> {
    let line = |row: LogCsvRow| {
        let (short, whole) = (whole_id(body, &id_of(None, &row.item)), ItemId::new(row.item.as_str()));
        let named = |item: &&Item| {
            item.body == *body && (item.id == short || item.id == whole || item.title == row.item)
        };
        let mut parts = items.iter().filter(named).peekable();
        let Some(id) = parts.peek().map(|item| item.id.clone()) else {
            return Err(format!(
                "there is no item `{}` in the plan of {body}; import the plan first",
                row.item
            ));
        };
        let part = |item: &Item| item.part.as_deref().map(crate::ids::slug);
        let wanted = row.part.as_deref().map(crate::ids::slug);
        if wanted.is_some() && !parts.any(|item| part(item) == wanted) {
            let part = row.part.unwrap_or_default();
            return Err(format!("the item `{}` has no part `{part}`", row.item));
        }
        Ok((id, entry_of(row.line, row.part, as_of)))
    };
    rows.into_iter().map(line).collect()
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
    rows.iter().map(|row| unit(row, body, known, as_of)).collect()
}

/// Ids are unique in an installation, those of a file only in its plan.
#[must_use]
pub fn whole_id(body: &BodyId, id: &ItemId) -> ItemId {
    ItemId::new(format!("{body}.{id}"))
}

fn unit(row: &ItemRow, body: &BodyId, known: &People, recorded: Timestamp) -> Result<Item, String> {
    Ok(Item {
        part: row.part.clone(),
        phase: row.phase,
        health: row.health,
        owners: owners(&row.owners, &row.title, known)?,
        next: row.next,
        phase_since: row.phase_since,
        health_since: row.health_since,
        ..Item::new(body.clone(), whole_id(body, &row.id), &row.title, recorded)
    })
}

fn owners(row: &OwnersRow, title: &str, known: &People) -> Result<Owners, String> {
    let owner = |owner: &OwnerRow| match owner {
        OwnerRow::Role(body, role) => Ok(Owner::Role { body: body.clone(), role: role.clone() }),
        OwnerRow::Address(address) => {
            let person = known.persons.values().find(|p| p.address.eq_ignore_ascii_case(address));
            let person = person.ok_or_else(|| {
                format!("nobody has the address of an owner of `{title}`; import the people first")
            })?;
            Ok(Owner::Person(person.id.clone()))
        }
    };
    let list: Result<_, String> = row.list.iter().map(owner).collect();
    Ok(Owners { list: list?, all: row.all })
}

/// A card with what it lacks from another row of the same item.
fn filled(card: Card, more: Card) -> Card {
    Card {
        source: card.source.or(more.source),
        focus_area: card.focus_area.or(more.focus_area),
        promises: if card.promises.is_empty() { more.promises } else { card.promises },
        activities: if card.activities.is_empty() { more.activities } else { card.activities },
        follow_up: card.follow_up.or(more.follow_up),
        status: [card.status, more.status].concat(),
        links: if card.links.is_empty() { more.links } else { card.links },
        place: card.place.or(more.place),
        rest: [card.rest, more.rest].concat(),
        earlier_titles: card.earlier_titles,
    }
}

fn entry_of(line: LogLine, part: Option<String>, as_of: Date) -> LogEntry {
    LogEntry {
        part,
        day: line.day,
        precision: line.precision,
        kind: line.kind,
        planned: line.planned.unwrap_or(line.day > as_of),
        text: line.text,
        doer: None,
        by: None,
        about: None,
    }
}

fn wait_of(row: WaitRow, part: Option<String>, about: Intake<'_>) -> Wait {
    let own = |of: &str| of.is_empty() || is_called(about, of);
    let on = match &row.until {
        WaitUntil::Day(day) => WaitOn::Day(*day),
        WaitUntil::Next { of } if own(of) => WaitOn::NextMeeting,
        WaitUntil::First { of, year } if own(of) => {
            first_meeting(about, *year).map_or(WaitOn::Undated, WaitOn::Occasion)
        }
        WaitUntil::First { .. } | WaitUntil::Next { .. } | WaitUntil::Undated => WaitOn::Undated,
    };
    Wait { number: 0, part, kind: row.kind, text: row.text, on, since: about.as_of }
}

/// Whether `name`, in lower case, is what the body or its kind is called.
fn is_called(about: Intake<'_>, name: &str) -> bool {
    let organisation = about.world.organisation;
    let Some(body) = organisation.bodies.get(about.body) else { return false };
    let kind = organisation.kinds.get(&body.kind).map_or("", |kind| kind.title.as_str());
    [body.kind.as_str(), kind, body.name.as_str(), body.short.as_str()]
        .iter()
        .chain(&body.aliases.iter().map(String::as_str).collect::<Vec<_>>())
        .any(|known| known.to_lowercase() == name)
}

/// The first meeting of the body in a year, dated or only expected.
fn first_meeting(about: Intake<'_>, year: i16) -> Option<OccasionRef> {
    let mut found = Vec::new();
    for workflow in about.world.workflows.0.values() {
        let meets = |at: &OccasionRef| {
            let entry = workflow.entries.iter().find(|e| e.id == at.id.entry);
            let is_meeting = entry.is_some_and(|e| e.kind == EntryKind::Meeting && e.when != When::ByHand);
            is_meeting && at.body.as_ref() == Some(about.body) && at.id.year == year
        };
        for resolved in resolve(&about.world, workflow, (year, year)) {
            let (day, at) = match resolved {
                Resolved::Dated(occasion) => (occasion.span.first(), occasion.at),
                Resolved::Expected(expected) => (expected.quarter, expected.at),
            };
            if meets(&at) {
                found.push((day, at));
            }
        }
    }
    // Of those that are only expected in the same quarter the file's order decides; its ids are numbered.
    found.into_iter().min().map(|(_, at)| at)
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
