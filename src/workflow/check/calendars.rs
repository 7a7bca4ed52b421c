//! What calendars show of steps, and what is asked of meetings that lack something.

use crate::fault::Fault;
use crate::grammar::At;
use crate::workflow::draft::{AnswerDraft, Draft, StepDraft};
use crate::workflow::model::{Anchor, EntryKind, Moment, Per, Takes};

/// How many steps may be counted from each other's last days; a circle is reported elsewhere.
const LONGEST_CHAIN: usize = 64;

pub(super) fn check(draft: &Draft<'_>, faults: &mut Vec<Fault>) {
    for step in &draft.steps {
        shown(draft, step, faults);
        lacking(draft, step, faults);
        for answer in &step.answers {
            placed(draft, step, answer, faults);
        }
    }
    for answer in draft.watches.iter().flat_map(|watch| &watch.answers) {
        for takes in of_meetings(answer) {
            let fault =
                draft.fault(takes.at, "only-for-meetings", "a watch is about an item, and no meeting");
            faults.push(fault.suggest("remove it, or write a step of the meeting's file"));
        }
    }
}

/// A day stands in calendars before anybody has answered anything.
fn shown(draft: &Draft<'_>, step: &StepDraft<'_>, faults: &mut Vec<Fault>) {
    let (Some(title), Some(due)) = (&step.in_calendars, &step.due) else { return };
    if step.undated {
        let message = "an occasion without a date isn't in calendars, and neither is a day of it";
        let fault = draft.fault(title.at, "bad-calendar-day", message);
        faults.push(fault.suggest("remove `in-calendars`, or `while = \"undated\"`"));
    } else if depends_on_answer(draft, step, &due.is, 0) {
        let message = "its last day isn't known before somebody has answered, so no calendar can show it";
        let fault = draft.fault(title.at, "bad-calendar-day", message);
        faults.push(fault.suggest("count `due` from `start`, `end`, `opens` or `closes`"));
    }
}

fn depends_on_answer(draft: &Draft<'_>, step: &StepDraft<'_>, moment: &Moment, depth: usize) -> bool {
    let owner = match &moment.anchor {
        Anchor::Start | Anchor::End | Anchor::Share(_) => return false,
        Anchor::Answered(_) | Anchor::Expected => return true,
        Anchor::Due => Some(step),
        Anchor::DueOf(id) => draft.step(id),
    };
    let due = owner.and_then(|owner| Some((owner, owner.due.as_ref()?)));
    due.is_some_and(|(owner, due)| {
        depth < LONGEST_CHAIN && depends_on_answer(draft, owner, &due.is, depth + 1)
    })
}

/// Only what has a day can lack hours or a place, and only a meeting has them.
fn lacking(draft: &Draft<'_>, step: &StepDraft<'_>, faults: &mut Vec<Fault>) {
    if step.table.value("lacks").is_none() {
        return;
    }
    let at = step.table.key_at("lacks");
    if step.undated {
        let fault = draft.fault(at, "bad-lacks", "a meeting without a date lacks everything");
        faults.push(fault.suggest("remove `lacks`, or `while = \"undated\"`"));
    } else if !may_be_meetings(draft, step) {
        let fault =
            draft.fault(at, "bad-lacks", "it is about no meeting, and nothing else has a time and a place");
        faults.push(fault.suggest("remove `lacks`, or name a meeting in `on`"));
    }
}

/// When and where a meeting is comes with the answer to a question about that meeting.
fn placed(draft: &Draft<'_>, step: &StepDraft<'_>, answer: &AnswerDraft<'_>, faults: &mut Vec<Fault>) {
    for takes in of_meetings(answer) {
        let what = if step.undated || !may_be_meetings(draft, step) {
            "it is about no meeting that has a date"
        } else if step.per != Per::Occasion {
            "it is asked several times about one meeting, which has one time and one place"
        } else {
            continue;
        };
        let fault = draft.fault(takes.at, "only-for-meetings", what);
        faults.push(fault.suggest("ask for it once, in a step about meetings, or remove it"));
    }
}

fn of_meetings<'a>(answer: &'a AnswerDraft<'_>) -> impl Iterator<Item = &'a At<Takes>> {
    answer.takes.iter().filter(|takes| matches!(takes.is, Takes::Hours | Takes::Place))
}

/// Whether a step may be about a meeting; what other files hold is not looked into.
fn may_be_meetings(draft: &Draft<'_>, step: &StepDraft<'_>) -> bool {
    let named =
        |id: Option<&crate::ids::EntryId>| step.on.is_empty() || step.on.iter().any(|on| Some(&on.is) == id);
    let mut own = draft.entries.iter().filter(|entry| named(entry.id.as_ref().map(|id| &id.is)));
    draft.follows_something || own.any(|entry| entry.kind == EntryKind::Meeting)
}
