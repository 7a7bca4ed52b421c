//! Texts may hold fields in braces, and only those that will have a value.

use crate::fault::Fault;
use crate::grammar::{At, Table, advise, closest};
use crate::workflow::draft::{Draft, StepDraft, WatchDraft};
use crate::workflow::model::{Per, Step, Summary, TellOn, Watch};

pub(super) fn check(draft: &Draft<'_>, faults: &mut Vec<Fault>) {
    for step in &draft.steps {
        for key in ["tell", "ask", "text"] {
            fields(draft, step.table, key, Step::FIELDS, faults);
        }
        let together: Vec<&str> =
            Step::FIELDS.iter().copied().filter(|f| *f != "item").chain(["count"]).collect();
        fields(draft, step.table, "together", &together, faults);
        for key in ["tell", "ask", "text"] {
            let Some(text) = step.table.text(key) else { continue };
            let has = |field: &str| text.is.contains(&format!("{{{field}}}"));
            let lost = if step.undated {
                ["start", "end", "opens", "closes"].into_iter().find(|field| has(field))
            } else {
                None
            };
            if let Some(field) = lost {
                let message = format!("`{{{field}}}` has no value for what has no date yet");
                faults.push(
                    draft.fault(text.at, "unknown-field", message).suggest("write `{title}` or `{year}`"),
                );
            }
            only_where(draft, step, text, faults);
            if has("due") && !step.is_ask() {
                let message = "`{due}` has no value: what is told is never due";
                faults.push(
                    draft.fault(text.at, "unknown-field", message).suggest("write `{start}` or `{closes}`"),
                );
            }
        }
    }
    for step in &draft.steps {
        for told in &step.told {
            let known: Vec<&str> = Step::FIELDS.iter().chain(TellOn::FIELDS).copied().collect();
            fields(draft, told.table, "tell", &known, faults);
        }
    }
    for summary in &draft.summaries {
        fields(draft, summary.table, "tell", Summary::FIELDS, faults);
    }
    for watch in &draft.watches {
        for key in ["tell", "ask", "text"] {
            fields(draft, watch.table, key, Watch::FIELDS, faults);
            only_in_watch(draft, watch, watch.table.text(key), faults);
        }
        fields(draft, watch.table, "together", Watch::TOGETHER, faults);
        if let Some(then) = &watch.then {
            fields(draft, then.table, "tell", Watch::FIELDS, faults);
            only_in_watch(draft, watch, then.table.text("tell"), faults);
        }
    }
}

const COUNTS: &str = "add `counts` with the question whose answers are counted";

/// Fields that only some steps have a value for.
fn only_where(draft: &Draft<'_>, step: &StepDraft<'_>, text: At<&str>, faults: &mut Vec<Fault>) {
    let has = |field: &str| text.is.contains(&format!("{{{field}}}"));
    let by_hand = draft.follows_something || draft.entries.iter().any(|entry| entry.by_hand);
    let lost = [
        ("listed", step.per == Per::Listed, "add `per = \"listed\"`, or write `{title}`"),
        ("item", step.per == Per::Item, "add `per = \"item\"`, or write `{title}`"),
        ("receiver", by_hand, "write `{body}`: only what is entered by hand names receivers"),
        ("decision", draft.decided_by.is_some(), "add `[decided-by]` to the file"),
        ("answered", step.counts.is_some(), COUNTS),
        ("asked", step.counts.is_some(), COUNTS),
        ("missing", step.counts.is_some(), COUNTS),
    ];
    for (field, _, advice) in lost.into_iter().filter(|(field, fine, _)| has(field) && !fine) {
        let message = format!("`{{{field}}}` has no value here");
        faults.push(draft.fault(text.at, "unknown-field", message).suggest(advice));
    }
}

/// Fields that only some watches have a value for.
fn only_in_watch(draft: &Draft<'_>, watch: &WatchDraft<'_>, text: Option<At<&str>>, faults: &mut Vec<Fault>) {
    let (Some(text), Some(items)) = (text, &watch.items) else { return };
    let overdue = items.overdue == Some(true);
    let known = [
        ("deadline", overdue || !watch.before_deadline.is_empty(), "add `overdue = true` to `items`"),
        ("days", overdue || items.stale.is_some(), "add `overdue = true` or `stale` to `items`"),
        ("planned", items.planned_entry == Some(true), "add `planned-entry = true` to `items`"),
    ];
    for (field, fine, advice) in known {
        if !fine && text.is.contains(&format!("{{{field}}}")) {
            let message = format!("`{{{field}}}` has no value here");
            faults.push(draft.fault(text.at, "unknown-field", message).suggest(advice));
        }
    }
}

fn fields(draft: &Draft<'_>, table: Table<'_>, key: &str, known: &[&str], faults: &mut Vec<Fault>) {
    let Some(text) = table.text(key) else { return };
    let mut rest = text.is;
    while let Some(brace) = rest.find(['{', '}']) {
        let after = rest.get(brace + 1..).unwrap_or_default();
        let field = after.split(['{', '}']).next().unwrap_or_default();
        let closed = after.get(field.len()..).is_some_and(|end| end.starts_with('}'));
        if !closed || rest.get(brace..).is_some_and(|at| at.starts_with('}')) {
            let fault = draft.fault(text.at, "unknown-field", "a brace has no partner");
            faults.push(fault.suggest("write a field such as `{title}`, or parentheses"));
            return;
        }
        if !known.contains(&field) {
            let suggestion = match closest(field, known.iter().copied()) {
                Some(near) => Some(format!("did you mean `{{{near}}}`?")),
                None => advise(field, known.iter().copied()),
            };
            let message = format!("unknown field `{{{field}}}`");
            faults.push(draft.fault(text.at, "unknown-field", message).suggest_maybe(suggestion));
        }
        rest = after.get(field.len() + 1..).unwrap_or_default();
    }
}
