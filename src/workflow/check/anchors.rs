//! Anchors: what a moment is counted from must exist, and be something that has a day.

use crate::fault::Fault;
use crate::grammar::{At, advise};
use crate::ids::StepId;
use crate::workflow::draft::{Draft, StepDraft};
use crate::workflow::forms::ANCHORS;
use crate::workflow::model::{Anchor, Moment};

pub(super) fn check(draft: &Draft<'_>, faults: &mut Vec<Fault>) {
    for step in &draft.steps {
        let rungs = step.escalate.iter().chain(&step.alarm).filter_map(|rung| rung.when.as_ref());
        let rungs = step.remind.iter().chain(rungs).map(|moment| (false, moment));
        let own = step.when.iter().chain(&step.due).map(|moment| (true, moment));
        for (sets, moment) in own.chain(rungs) {
            anchor(draft, step, sets, moment, faults);
        }
        if let Some(due) = &step.due
            && due.is.anchor == Anchor::Due
        {
            let fault = draft.fault(due.at, "cycle", "`due` is counted from itself");
            faults.push(fault.suggest("count it from `start`, `closes` or another step"));
        }
    }
}

/// `sets`: the moment is the step's own asking or due day, not something that happens between them.
fn anchor(draft: &Draft<'_>, step: &StepDraft<'_>, sets: bool, moment: &At<Moment>, faults: &mut Vec<Fault>) {
    let mut fault = |message: String, advice: &str| {
        faults.push(draft.fault(moment.at, "bad-anchor", message).suggest(advice));
    };
    match &moment.is.anchor {
        Anchor::Start | Anchor::End | Anchor::Share(_) if step.undated => fault(
            "what has no date yet has no start and no end".to_owned(),
            "write `expected`: the first day of the quarter it is expected in",
        ),
        Anchor::Expected if !step.undated => fault(
            "`expected` is for what has no date yet".to_owned(),
            "add `while = \"undated\"`, or write `start`",
        ),
        Anchor::Due if step.table.value("tell").is_some() && !step.is_ask() => {
            fault("what is told is never due".to_owned(), "write `start`, `end` or the id of a step");
        }
        Anchor::Answered(id) | Anchor::DueOf(id) => {
            let due = matches!(moment.is.anchor, Anchor::DueOf(_));
            other_step(draft, step, sets, At { is: (id, due), at: moment.at }, faults);
        }
        _ => {}
    }
}

/// A moment that is counted from a step's answer, or (`due`) from its last day to answer.
fn other_step(
    draft: &Draft<'_>,
    step: &StepDraft<'_>,
    sets: bool,
    of: At<(&StepId, bool)>,
    faults: &mut Vec<Fault>,
) {
    let At { is: (id, due), at } = of;
    let Some(target) = draft.step(id) else {
        let message = format!("there is no step and no anchor `{id}`");
        let known = ANCHORS.into_iter().chain(draft.step_ids().map(StepId::as_str));
        faults.push(draft.fault(at, "unknown-step", message).suggest_maybe(advise(id.as_str(), known)));
        return;
    };
    let told = !target.is_ask() && target.table.value("tell").is_some();
    let (message, advice) = if std::ptr::eq(target, step) {
        match (sets, due) {
            // Found as a cycle.
            (true, _) => return,
            (false, true) => (format!("`{id}.due` is the step's own"), "write `due`"),
            (false, false) => (
                "nothing more is said once the step itself is answered".to_owned(),
                "write `due`, `start` or another anchor",
            ),
        }
    } else if told {
        (format!("`{id}` is told, so it is never answered"), "write the id of a question, or another anchor")
    } else if target.undated != step.undated {
        (
            format!("only one of `{}` and `{id}` has `while = \"undated\"`", step.name()),
            "write it in both or in none: they are about different occasions",
        )
    } else {
        return;
    };
    faults.push(draft.fault(at, "bad-anchor", message).suggest(advice));
}
