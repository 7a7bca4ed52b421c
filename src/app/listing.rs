//! A body's plan as the list that `import` reads.

use crate::documents::plan::Listed;
use crate::ids::BodyId;
use crate::import::when;
use crate::items::register::{Deadline, is_about};
use crate::items::table::Line;
use crate::items::{Item, Owner, Owners, written};
use crate::people::People;
use crate::store::RegisterRow;

/// Between things that share a cell.
const BREAK: &str = "\n";

/// The rows of a plan, one for each part in the plan's order. Owners who are people are named by their addresses, with
/// `people`; without, they are left out.
#[must_use]
pub fn listed(body: &BodyId, rows: &[RegisterRow], people: Option<&People>) -> Vec<Listed> {
    let mut ordered: Vec<&RegisterRow> = rows.iter().collect();
    ordered.sort_by_key(|row| (row.card.place.unwrap_or(u32::MAX), &row.id));
    let parts = ordered.into_iter().flat_map(|row| row.units.iter().enumerate().map(move |unit| (row, unit)));
    parts.map(|(row, (number, unit))| part(body, row, unit, number == 0, people)).collect()
}

/// How many lines and waits a list has no place for: those of the whole of a row that is divided.
#[must_use]
pub fn left_out(rows: &[RegisterRow]) -> usize {
    let divided = rows.iter().filter(|row| row.units.len() > 1);
    let count = |row: &RegisterRow| {
        let lines = row.log.iter().filter(|line| line.entry.part.is_none()).count();
        lines + row.waits.iter().filter(|wait| wait.part.is_none()).count()
    };
    divided.map(count).sum()
}

/// One part. What belongs to the row as a whole stands in its first.
fn part(body: &BodyId, row: &RegisterRow, unit: &Item, first: bool, people: Option<&People>) -> Listed {
    let card = &row.card;
    let once = |text: String| if first { text } else { String::new() };
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let own = |part: Option<&str>| match part {
        None => row.units.len() == 1,
        Some(part) => is_about(Some(part), unit.part.as_deref()),
    };
    let waits = row.waits.iter().filter(|wait| own(wait.part.as_deref())).map(|wait| cell(&wait.text));
    let lines = row.log.iter().filter(|line| own(line.entry.part.as_deref())).map(|line| {
        // The part has a column of its own.
        let line = Line { part: None, ..Line::of(&line.entry) };
        cell(&written::line(&line))
    });
    let promises: Vec<&str> = card.promises.iter().map(|promise| promise.code()).collect();
    let id = unit.id.as_str();
    [
        unit.title.clone(),
        unit.part.clone().unwrap_or_default(),
        unit.phase.swedish().to_owned(),
        unit.health.swedish().to_owned(),
        card.status_of(unit.part.as_deref()).unwrap_or_default().to_owned(),
        owners(&unit.owners, people),
        day(unit.next),
        day(unit.phase_since),
        day(unit.health_since),
        once(card.source.map(|source| source.swedish().to_owned()).unwrap_or_default()),
        once(card.focus_area.clone().unwrap_or_default()),
        once(promises.join("+")),
        once(joined(card.activities.iter().map(|activity| cell(&written::activity(activity))))),
        once(card.follow_up.clone().unwrap_or_default()),
        once(joined(row.deadlines.iter().filter(|deadline| !deadline.met).map(deadline))),
        joined(waits),
        joined(lines),
        once(joined(card.links.iter().map(|link| cell(&format!("{} {}", link.title, link.address))))),
        once(joined(card.rest.iter().map(|words| cell(words)))),
        once(card.place.map(|place| place.to_string()).unwrap_or_default()),
        id.strip_prefix(body.as_str()).and_then(|rest| rest.strip_prefix('.')).unwrap_or(id).to_owned(),
    ]
}

fn joined(things: impl Iterator<Item = String>) -> String {
    things.collect::<Vec<_>>().join(BREAK)
}

/// One thing of several in a cell: nothing in it may look like what stands between two.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace(" | ", " / ")
}

/// A promise in its own words, with its day before them where they don't say it.
fn deadline(deadline: &Deadline) -> String {
    let said = cell(&deadline.text);
    if when::deadline(&said) == Some((deadline.day, deadline.precision)) {
        return said;
    }
    format!("{} {said}", deadline.day)
}

fn owners(owners: &Owners, people: Option<&People>) -> String {
    let owner = |owner: &Owner| match owner {
        Owner::Role { body, role } => Some(format!("{body}/{role}")),
        Owner::Person(id) => people.and_then(|people| Some(people.persons.get(id)?.address.clone())),
    };
    let named: Vec<String> = owners.list.iter().filter_map(owner).collect();
    match owners.all && named.len() > 1 {
        true => format!("alla: {}", named.join(", ")),
        false => named.join(", "),
    }
}
