//! Watches over items.

use crate::fault::Fault;
use crate::workflow::draft::{Draft, WatchDraft};

use super::asks::tell_or_ask;

pub(super) fn check(draft: &Draft<'_>, faults: &mut Vec<Fault>) {
    for watch in &draft.watches {
        tell_or_ask(draft, watch.table, faults);
        answers(draft, watch, faults);
        spacing(draft, watch, faults);
        since(draft, watch, faults);
        schedule(draft, watch, faults);
        if let Some(items) = watch.items.as_ref().filter(|items| items.table.entries().is_empty()) {
            let fault = draft.fault(items.table.at(), "no-condition", "the watch is about every item");
            faults.push(fault.suggest("add `phase`, `health`, `owner` or another condition"));
        }
    }
    if let (None, Some(watch)) = (&draft.scope, draft.watches.first()) {
        let message =
            format!("the watch `{}` belongs to no body: items stand in a body's plan", watch.name());
        let fault = draft.fault(watch.table.at(), "no-own-body", message);
        faults.push(fault.suggest("add `for = \"rpo\"` at the top of the file"));
    }
}

/// The ways of saying when a watch nudges.
const SCHEDULES: [&str; 4] = ["first", "on-days", "before-meeting", "before-deadline"];

/// One way of saying when, and no other.
fn schedule(draft: &Draft<'_>, watch: &WatchDraft<'_>, faults: &mut Vec<Fault>) {
    let mut given = SCHEDULES.into_iter().filter(|key| watch.table.value(key).is_some());
    let Some(one) = given.next() else {
        let fault = draft.fault(watch.table.at(), "missing", "the watch doesn't say when it nudges");
        let advice = "add `first = \"at once\"`, or `on-days`, `before-meeting` or `before-deadline`";
        faults.push(fault.suggest(advice));
        return;
    };
    for other in given {
        let message = format!("`{other}` beside `{one}`: a watch has one schedule");
        let fault = draft.fault(watch.table.key_at(other), "two-schedules", message);
        faults.push(fault.suggest("remove one of them, or write a second watch"));
    }
    for key in ["on-days", "before-deadline"] {
        let empty = watch.table.value(key).is_some() && watch.table.many(key).is_empty();
        if empty {
            let fault =
                draft.fault(watch.table.key_at(key), "empty", "the list is empty, so nothing is sent");
            faults.push(fault.suggest("write at least one"));
        }
    }
}

/// What a first nudge is counted from is the day an item came into the state that the watch is about.
fn since(draft: &Draft<'_>, watch: &WatchDraft<'_>, faults: &mut Vec<Fault>) {
    const DATED: [&str; 6] = ["phase", "health", "stale", "overdue", "planned-entry", "next-date"];
    let Some(items) = &watch.items else { return };
    let stateless = DATED.iter().all(|key| items.table.value(key).is_none());
    let counted = watch.first.is_some_and(|first| first.is.is_some());
    if counted && stateless && items.owned.is_some() {
        let message = "an owner alone has no day since when";
        let fault = draft.fault(watch.table.key_at("first"), "no-since", message);
        faults.push(fault.suggest("write `first = \"at once\"`, or add `phase` or `health` to `items`"));
    }
}

fn answers(draft: &Draft<'_>, watch: &WatchDraft<'_>, faults: &mut Vec<Fault>) {
    let asks = watch.table.value("ask").is_some();
    let tells = watch.table.value("tell").is_some();
    let given = watch.table.value("answers");
    let none = given.is_none_or(|value| value.table().is_some_and(|table| table.entries().is_empty()));
    if asks && none {
        let at = given.map_or(watch.table.at(), |value| value.at());
        let fault = draft.fault(at, "no-answers", "the question has no answers");
        faults.push(fault.suggest("add `answers = { ja = \"Ja\", nej = \"Nej\" }`"));
    }
    if tells && !asks && given.is_some() {
        let message = "`answers` belongs to a question, and this is told";
        let fault = draft.fault(watch.table.key_at("answers"), "only-for-asks", message);
        faults.push(fault.suggest("write `ask` instead of `tell`, or remove `answers`"));
    }
}

/// Nudges need an interval, and handing over an end of them.
fn spacing(draft: &Draft<'_>, watch: &WatchDraft<'_>, faults: &mut Vec<Fault>) {
    let has = |key: &str| watch.table.value(key).is_some();
    let mut lacks = |key: &str, lacking: &str, example: &str| {
        if has(key) && !has(lacking) {
            let message = format!("`{key}` means nothing without `{lacking}`");
            let fault = draft.fault(watch.table.key_at(key), "half-a-watch", message);
            faults.push(fault.suggest(format!("add `{example}`")));
        }
    };
    if has("first") {
        lacks("limit", "every", "every = \"20 workdays\"");
    } else {
        lacks("every", "first", "first = \"at once\"");
    }
    lacks("then", "limit", "limit = 3");
}
