//! The order of a question, its reminders, its last day and its escalations, where it can be known: where the
//! moments are counted in one unit from one anchor.

use std::cmp::Ordering;

use crate::calendar::{Side, Unit};
use crate::fault::Fault;
use crate::grammar::At;
use crate::workflow::draft::{Draft, StepDraft};
use crate::workflow::model::{Anchor, Moment};

/// How many steps may be counted from each other's last days before their order is no longer looked into.
const LONGEST_CHAIN: usize = 64;

pub(super) fn check(draft: &Draft<'_>, faults: &mut Vec<Fault>) {
    for step in draft.steps.iter().filter(|step| step.is_ask()) {
        if let (Some(when), Some(due)) = (&step.when, &step.due)
            && compare(draft, step, &due.is, &when.is) == Some(Ordering::Less)
        {
            let fault = draft.fault(due.at, "due-before-ask", "it is due before it is asked");
            faults.push(fault.suggest("write a later day, or ask earlier"));
        }
        for moment in &step.remind {
            reminder(draft, step, moment, faults);
        }
        for rung in step.escalate.iter().filter_map(|rung| rung.when.as_ref()) {
            if before(draft, step, rung, step.due.as_ref()) == Some(Ordering::Less) {
                let fault = draft.fault(rung.at, "early-escalation", "it escalates before the answer is due");
                faults.push(fault.suggest("write `due` or a day after it"));
            }
        }
        for rung in step.alarm.iter().filter_map(|rung| rung.when.as_ref()) {
            if before(draft, step, rung, step.when.as_ref()) == Some(Ordering::Less) {
                let fault = draft.fault(rung.at, "early-alarm", "the alarm comes before the question");
                faults.push(fault.suggest("write a later day"));
            }
        }
    }
}

fn reminder(draft: &Draft<'_>, step: &StepDraft<'_>, moment: &At<Moment>, faults: &mut Vec<Fault>) {
    let message = if before(draft, step, moment, step.due.as_ref()) == Some(Ordering::Greater) {
        "the reminder comes after the answer is due"
    } else {
        match before(draft, step, moment, step.when.as_ref()) {
            Some(Ordering::Less) => "the reminder comes before the question",
            Some(Ordering::Equal) => "the reminder comes on the day of the question",
            _ => return,
        }
    };
    let fault = draft.fault(moment.at, "reminder-outside", message);
    faults.push(fault.suggest("write a day after `when` and not after `due`"));
}

fn before(
    draft: &Draft<'_>,
    step: &StepDraft<'_>,
    moment: &At<Moment>,
    other: Option<&At<Moment>>,
) -> Option<Ordering> {
    compare(draft, step, &moment.is, &other?.is)
}

fn compare(draft: &Draft<'_>, step: &StepDraft<'_>, left: &Moment, right: &Moment) -> Option<Ordering> {
    let (left, right) = (Distance::of(draft, step, left, 0)?, Distance::of(draft, step, right, 0)?);
    let same_unit = left.unit.is_none() || right.unit.is_none() || left.unit == right.unit;
    (left.anchor == right.anchor && same_unit).then(|| left.count.cmp(&right.count))
}

/// A moment counted from something that isn't a last day to answer.
struct Distance {
    anchor: Anchor,
    count: i32,
    /// None for the anchor's own day.
    unit: Option<Unit>,
}

impl Distance {
    /// Follows `due` to what it is counted from. `None` where units are mixed, or a step is missing.
    fn of(draft: &Draft<'_>, step: &StepDraft<'_>, moment: &Moment, depth: usize) -> Option<Self> {
        let offset = moment.offset.filter(|offset| offset.count > 0);
        let count = offset.map_or(0, |offset| match offset.side {
            Side::Before => -i32::from(offset.count),
            Side::After => i32::from(offset.count),
        });
        let unit = offset.map(|offset| offset.unit);
        let owner = match &moment.anchor {
            Anchor::Due => step,
            Anchor::DueOf(id) => draft.step(id)?,
            anchor => return Some(Self { anchor: anchor.clone(), count, unit }),
        };
        // Steps that wait for each other in a circle are reported elsewhere; nobody writes a longer chain.
        if depth > LONGEST_CHAIN {
            return None;
        }
        let from = Self::of(draft, owner, &owner.due.as_ref()?.is, depth + 1)?;
        let mixed = unit.is_some() && from.unit.is_some() && unit != from.unit;
        (!mixed).then(|| Self { count: from.count + count, unit: unit.or(from.unit), anchor: from.anchor })
    }
}
