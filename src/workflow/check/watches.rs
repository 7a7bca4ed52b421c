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
        if let Some(items) = watch.items.as_ref().filter(|items| items.table.entries().is_empty()) {
            let fault = draft.fault(items.table.at(), "no-condition", "the watch is about every item");
            faults.push(fault.suggest("add `phase`, `health` or `owner`"));
        }
    }
    if let (None, Some(watch)) = (&draft.scope, draft.watches.first()) {
        let message =
            format!("the watch `{}` belongs to no body: items stand in a body's plan", watch.name());
        let fault = draft.fault(watch.table.at(), "no-own-body", message);
        faults.push(fault.suggest("add `for = \"rpo\"` at the top of the file"));
    }
}

/// What a first nudge is counted from is the day an item got its phase or its health.
fn since(draft: &Draft<'_>, watch: &WatchDraft<'_>, faults: &mut Vec<Fault>) {
    let Some(items) = &watch.items else { return };
    let stateless = items.table.value("phase").is_none() && items.table.value("health").is_none();
    if let (Some(Some(_)), true, true) = (watch.first, stateless, items.owned.is_some()) {
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
    lacks("limit", "every", "every = \"20 workdays\"");
    lacks("then", "limit", "limit = 3");
}
