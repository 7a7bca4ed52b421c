//! Texts may hold fields in braces, and only those that will have a value.

use crate::fault::Fault;
use crate::grammar::{Table, advise, closest};
use crate::workflow::draft::Draft;
use crate::workflow::model::{Step, Watch};

pub(super) fn check(draft: &Draft<'_>, faults: &mut Vec<Fault>) {
    for step in &draft.steps {
        for key in ["tell", "ask", "text"] {
            fields(draft, step.table, key, Step::FIELDS, faults);
        }
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
            if has("due") && !step.is_ask() {
                let message = "`{due}` has no value: what is told is never due";
                faults.push(
                    draft.fault(text.at, "unknown-field", message).suggest("write `{start}` or `{closes}`"),
                );
            }
        }
    }
    for watch in &draft.watches {
        for key in ["tell", "ask", "text"] {
            fields(draft, watch.table, key, Watch::FIELDS, faults);
        }
        if let Some(then) = &watch.then {
            fields(draft, then.table, "tell", Watch::FIELDS, faults);
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
