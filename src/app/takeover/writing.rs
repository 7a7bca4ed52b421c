//! What is written of a row that was edited in a document.

use super::{Asked, entries};
use crate::ids::slug;
use crate::items::Item;
use crate::items::register::{Card, StatusText};
use crate::items::table::Row;
use crate::items::threeway::{Change, Field, Kind, Merged};
use crate::items::words::alike;
use crate::store::{NewRow, RegisterRow, RowEdit};

/// Whether the rows that both have stand in another order.
pub(super) fn is_reordered(base: &[Row], document: &[Row]) -> bool {
    let places = document.iter().filter_map(|row| base.iter().position(|was| was.id == row.id));
    !places.collect::<Vec<_>>().is_sorted()
}

/// What the row becomes; none if nothing of it is written. Links and words that the document adds are noted as changes.
pub(super) fn edit(
    merged: &mut Merged,
    new: &NewRow,
    own: &RegisterRow,
    order: bool,
    asked: &Asked<'_>,
) -> Option<RowEdit> {
    let added = |field, text: &str| Change {
        field,
        kind: Kind::Edit,
        was: None,
        document: Some(text.to_owned()),
        register: None,
        taken: None,
    };
    let mut card = card(merged, own);
    for link in &new.card.links {
        if !card.links.iter().any(|known| known.address == link.address) {
            merged.changes.push(added(Field::Link, &format!("{} {}", link.title, link.address)));
            card.links.push(link.clone());
        }
    }
    for words in &new.card.rest {
        if !card.rest.iter().any(|known| alike(known, words)) {
            merged.changes.push(added(Field::Words, words));
            card.rest.push(words.clone());
        }
    }
    if order {
        card.place = new.card.place;
    }
    let edit = RowEdit {
        id: own.id.clone(),
        units: units(merged, new, own, asked),
        log: entries(&merged.row.log),
        card,
    };
    let same = edit.units == own.units && edit.card == own.card && edit.log.is_empty();
    (!same).then_some(edit)
}

fn card(merged: &Merged, own: &RegisterRow) -> Card {
    let row = &merged.row;
    let status = |unit: &crate::items::table::Unit| {
        unit.said.clone().map(|text| StatusText { part: unit.part.clone(), text })
    };
    Card {
        source: row.source,
        focus_area: row.focus_area.clone(),
        promises: row.promises.clone(),
        activities: row.activities.clone(),
        follow_up: row.follow_up.clone(),
        status: row.units.iter().filter_map(status).collect(),
        ..own.card.clone()
    }
}

/// The row's units as they become, and those that the document adds.
fn units(merged: &Merged, new: &NewRow, own: &RegisterRow, asked: &Asked<'_>) -> Vec<Item> {
    let is = |item: &Item, part: Option<&str>| item.part.as_deref().map(slug) == part.map(slug);
    let mut units = Vec::new();
    for unit in &merged.row.units {
        let before = own.units.iter().find(|item| is(item, unit.part.as_deref()));
        let item = match before {
            Some(before) => {
                let since = |changed: bool, before| if changed { Some(asked.as_of) } else { before };
                Item {
                    title: merged.row.title.clone(),
                    phase: unit.phase,
                    phase_since: since(unit.phase != before.phase, before.phase_since),
                    health: unit.health,
                    health_since: since(unit.health != before.health, before.health_since),
                    ..before.clone()
                }
            }
            None => match new.units.iter().find(|item| is(item, unit.part.as_deref())) {
                Some(item) => Item { id: own.id.clone(), title: merged.row.title.clone(), ..item.clone() },
                None => continue,
            },
        };
        units.push(item);
    }
    units
}
