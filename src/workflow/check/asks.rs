//! What a step must have to be a notice or a question, and what gates it.

use crate::fault::Fault;
use crate::grammar::{At, Table, advise};
use crate::ids::{AnswerId, MarkId, StepId};
use crate::workflow::draft::{Draft, GateDraft, StepDraft};

pub(super) fn check(draft: &Draft<'_>, faults: &mut Vec<Fault>) {
    for step in &draft.steps {
        tell_or_ask(draft, step.table, faults);
        if step.is_ask() {
            whole(draft, step, faults);
        } else if step.table.value("tell").is_some() {
            bare(draft, step, faults);
        }
        if let Some(gate) = &step.gate {
            opens(draft, step, gate, faults);
        }
    }
}

/// Exactly one of `tell` and `ask`.
pub(super) fn tell_or_ask(draft: &Draft<'_>, table: Table<'_>, faults: &mut Vec<Fault>) {
    match (table.value("tell").is_some(), table.value("ask").is_some()) {
        (false, false) => {
            let fault = draft.fault(table.at(), "tell-or-ask", "it neither tells nor asks anything");
            faults.push(fault.suggest("add `tell = \"...\"` or `ask = \"...\"`"));
        }
        (true, true) => {
            let fault = draft.fault(table.key_at("ask"), "tell-or-ask", "it both tells and asks");
            faults.push(fault.suggest("keep one of `tell` and `ask`; more to read is `text`"));
        }
        _ => {}
    }
}

fn whole(draft: &Draft<'_>, step: &StepDraft<'_>, faults: &mut Vec<Fault>) {
    if step.table.value("due").is_none() {
        let fault = draft.fault(step.table.at(), "no-due", "the question has no last day to answer");
        faults.push(fault.suggest("add `due = \"10 workdays before start\"`"));
    }
    if step.table.value("answers").and_then(|v| v.table()).is_none_or(|t| t.entries().is_empty()) {
        let given = step.table.value("answers");
        if given.is_none_or(|value| value.table().is_some()) {
            let at = given.map_or(step.table.at(), |value| value.at());
            let fault = draft.fault(at, "no-answers", "the question has no answers");
            faults.push(fault.suggest("add `answers = { ja = \"Ja\", nej = \"Nej\" }`"));
        }
    }
}

fn bare(draft: &Draft<'_>, step: &StepDraft<'_>, faults: &mut Vec<Fault>) {
    const ASKS: [&str; 12] = [
        "due",
        "in-calendars",
        "answers",
        "answered-by",
        "answers-from",
        "entry-answers",
        "remind",
        "escalate",
        "alarm",
        "marks",
        "sections",
        "tell-on",
    ];
    for key in ASKS {
        if step.table.value(key).is_some() {
            let message = format!("`{key}` belongs to a question, and this is told");
            let fault = draft.fault(step.table.key_at(key), "only-for-asks", message);
            faults.push(fault.suggest(format!("write `ask` instead of `tell`, or remove `{key}`")));
        }
    }
}

/// A gate names a question and answers that it has.
fn opens(draft: &Draft<'_>, step: &StepDraft<'_>, gate: &GateDraft<'_>, faults: &mut Vec<Fault>) {
    if gate.table.value("answer").is_some() && gate.table.many("answer").is_empty() {
        let fault = draft.fault(gate.table.key_at("answer"), "no-answers", "the gate opens for no answer");
        faults.push(fault.suggest("write at least one answer"));
    }
    let Some(of) = &gate.step else { return };
    let Some(target) = draft.step(&of.is) else {
        let message = format!("unknown step `{}`", of.is);
        let advice = advise(of.is.as_str(), draft.step_ids().map(StepId::as_str));
        faults.push(draft.fault(of.at, "unknown-step", message).suggest_maybe(advice));
        return;
    };
    if !target.is_ask() {
        if target.table.value("tell").is_some() {
            let message = format!("`{}` is told, so it gets no answer", of.is);
            faults.push(draft.fault(of.at, "bad-gate", message).suggest("write the id of a question"));
        }
        return;
    }
    if target.undated != step.undated {
        let message = format!("only one of `{}` and `{}` has `while = \"undated\"`", step.name(), of.is);
        let fault = draft.fault(of.at, "bad-gate", message);
        faults.push(fault.suggest("write it in both or in none: they are about different occasions"));
    }
    let unreadable = target.answers.is_empty();
    let known = || target.answers.iter().map(|answer| &answer.id.is);
    for answer in gate.answers.iter().filter(|answer| !unreadable && !known().any(|id| *id == answer.is)) {
        let message = format!("`{}` has no answer `{}`", of.is, answer.is);
        let advice = advise(answer.is.as_str(), known().map(AnswerId::as_str));
        faults.push(draft.fault(answer.at, "unknown-answer", message).suggest_maybe(advice));
    }
    let arranges = |id: &AnswerId| target.answers.iter().any(|a| a.id.is == *id && a.does.is_some());
    for answer in gate.answers.iter().filter(|answer| arranges(&answer.is)) {
        let message = format!("`{}` leaves the question open, so nothing can wait for it", answer.is);
        faults.push(draft.fault(answer.at, "bad-gate", message).suggest("write an answer that settles it"));
    }
    if let Some(mark) = &gate.mark {
        marked(draft, target, mark, faults);
    }
}

/// A mark that is waited for, or told of, is one of the question's.
pub(super) fn marked(draft: &Draft<'_>, ask: &StepDraft<'_>, mark: &At<MarkId>, faults: &mut Vec<Fault>) {
    let known = || ask.marks.iter().map(|(id, _)| id.is.as_str());
    if !known().any(|id| id == mark.is.as_str()) {
        let message = format!("`{}` has no mark `{}`", ask.name(), mark.is);
        let advice = advise(mark.is.as_str(), known());
        faults.push(draft.fault(mark.at, "unknown-mark", message).suggest_maybe(advice));
    }
}
