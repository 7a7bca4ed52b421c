//! Faults of meaning: what a file of the right shape still gets wrong, alone or together with other files.

mod anchors;
mod asks;
mod calendars;
mod cycles;
mod entries;
mod ids;
mod items;
mod order;
mod overrides;
mod pointers;
mod recipients;
mod sources;
mod talks;
mod texts;
mod watches;

use std::collections::BTreeMap;

pub(super) use recipients::{is_deputy, is_owner};

use super::draft::{Draft, Names};
use super::model::Scope;
use super::names;
use crate::fault::Fault;
use crate::ids::WorkflowId;
use crate::organisation::Organisation;

/// What files are checked against.
pub(super) struct World<'a> {
    pub organisation: &'a Organisation,
    pub drafts: BTreeMap<&'a WorkflowId, &'a Draft<'a>>,
}

/// Every fault of meaning in every file.
pub(super) fn check(world: &World<'_>) -> Vec<Fault> {
    let mut all = Vec::new();
    for draft in world.drafts.values() {
        let mut faults = Vec::new();
        ids::check(draft, &mut faults);
        scopes(world, draft, &mut faults);
        entries::check(draft, &mut faults);
        sources::check(world, draft, &mut faults);
        overrides::check(draft, &mut faults);
        pointers::check(world, draft, &mut faults);
        asks::check(draft, &mut faults);
        calendars::check(draft, &mut faults);
        anchors::check(draft, &mut faults);
        order::check(draft, &mut faults);
        cycles::check(draft, &mut faults);
        recipients::check(world, draft, &mut faults);
        texts::check(draft, &mut faults);
        watches::check(draft, &mut faults);
        items::check(world, draft, &mut faults);
        talks::check(world, draft, &mut faults);
        faults.retain(|fault| !(draft.broken && LACKS.contains(&fault.code)));
        all.append(&mut faults);
    }
    all
}

/// Faults that say that something isn't there: not said of a file whose syntax is broken, since it may be.
const LACKS: &[&str] = &[
    "bad-gate",
    "empty-override",
    "half-a-rule",
    "half-a-watch",
    "no-answers",
    "no-condition",
    "no-dates",
    "no-due",
    "no-end",
    "no-occasion",
    "no-own-body",
    "tell-or-ask",
    "unknown-answer",
    "unknown-entry",
    "unknown-step",
];

/// `for` must name what exists.
fn scopes(world: &World<'_>, draft: &Draft<'_>, faults: &mut Vec<Fault>) {
    let entries = draft.entries.iter().filter_map(|entry| entry.scope.as_ref());
    for names in draft.scope.iter().chain(entries) {
        if names.list && names.names.is_empty() {
            let fault = draft.fault(names.at, "no-bodies", "the list of bodies is empty");
            faults.push(fault.suggest("write at least one body, or remove `for`"));
        }
        for unknown in names::scope(world.organisation, names).err().into_iter().flatten() {
            let (code, trouble) = unknown.is;
            let fault = draft.fault(unknown.at, code, trouble.message);
            faults.push(fault.suggest_maybe(trouble.suggestion));
        }
    }
}

/// What `for` means; nothing where it names what doesn't exist.
fn scope(world: &World<'_>, names: Option<&Names>) -> Option<Scope> {
    match names {
        None => Some(Scope::Once),
        Some(names) => names::scope(world.organisation, names).ok(),
    }
}
