//! Whether the body that decides meets in time, and who must anchor the answer if it doesn't.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::{Offset, Side, workdays_from};
use crate::ids::{BodyId, OccasionRef, StepId};
use crate::plan::model::{Occasion, Plan, World};
use crate::plan::moments::{Anchored, Steps, natural};
use crate::plan::occasions::{Resolved, resolve};
use crate::text::people as text;
use crate::workflow::model::{EntryKind, Status, Workflow};

/// How an answer is decided on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// A meeting is in time.
    InTime {
        /// Who meets: the title of the meetings' workflow.
        who: String,
        /// The first meeting that is in time.
        occasion: Box<Occasion>,
        /// When the signatures should be there: a workday before the last day of use, or after the meeting if that
        /// is later.
        signature: Date,
    },
    /// None is.
    Otherwise {
        /// Who meets: the title of the meetings' workflow.
        who: String,
        /// When the draft is ready.
        ready: Date,
        /// The last day on which a meeting would be of use.
        latest: Date,
        /// The last meeting whose papers go out before the draft is ready.
        last_before: Option<Box<Occasion>>,
        /// The first meeting that is held too late.
        too_late: Option<Box<Occasion>>,
        /// Who anchors it instead, to people.
        otherwise: String,
    },
}

impl Decision {
    /// The sentence that says it: what `{decision}` stands for in a workflow file.
    #[must_use]
    pub fn said(&self) -> String {
        match self {
            Self::InTime { who, occasion, .. } => text::decides(who, occasion.span),
            Self::Otherwise { who, ready, last_before, too_late, otherwise, .. } => {
                let span = |o: &Option<Box<Occasion>>| o.as_ref().map(|o| o.span);
                text::decides_not(who, *ready, (span(last_before), span(too_late)), otherwise)
            }
        }
    }
}

/// Which meeting decides on what `workflow` works out for `body` at an occasion, given how its steps stand. None
/// where the workflow names no meetings, or a day can't be reckoned (yet).
///
/// A meeting is in time if the draft is ready no later than its papers go out, and it ends no later than the last
/// day of use. Only meetings that are dated and not cancelled count, of bodies at or above `body`.
#[must_use]
pub fn decision(
    world: World<'_>,
    workflow: &Workflow,
    body: Option<&BodyId>,
    on: Anchored,
    steps: &dyn Steps,
) -> Option<Decision> {
    let decided = workflow.decided_by.as_ref()?;
    let ready = natural(&decided.ready, on, None, steps)?.day();
    let latest = natural(&decided.latest, on, None, steps)?.day();
    let home = world.workflows.0.get(&decided.meetings)?;
    let who = home.title.clone();
    let papers = Offset { count: decided.papers.count, unit: decided.papers.unit, side: Side::Before };
    let (mut last_before, mut too_late) = (None, None);
    for meeting in meetings(world, home, body, (ready.min(latest), ready.max(latest))) {
        if meeting.span.last() > latest {
            too_late = Some(Box::new(meeting));
            break;
        }
        if papers.apply(meeting.span.first()) < ready {
            last_before = Some(Box::new(meeting));
            continue;
        }
        let signature = workdays_from(latest, -1).max(meeting.span.last());
        return Some(Decision::InTime { who, occasion: Box::new(meeting), signature });
    }
    let otherwise = decided.otherwise.clone();
    Some(Decision::Otherwise { who, ready, latest, last_before, too_late, otherwise })
}

/// The same for an occasion that nobody has answered anything about: only due days are known.
#[must_use]
pub fn of_occasion(
    world: World<'_>,
    workflow: &Workflow,
    body: Option<&BodyId>,
    occasion: &Occasion,
) -> Option<Decision> {
    let on = Anchored::Dated(occasion.span);
    decision(world, workflow, body, on, &Unanswered { workflow, on })
}

/// Which meeting decides on one occasion.
#[derive(Clone, Debug)]
pub struct Decided<'a> {
    /// What works it out.
    pub workflow: &'a Workflow,
    /// The occasion.
    pub occasion: &'a Occasion,
    /// How it is decided on.
    pub decision: Decision,
}

/// How each occasion of `plan` that something is said about is decided on, once for each workflow and body.
#[must_use]
pub fn decisions<'a>(world: World<'a>, plan: &'a Plan) -> Vec<Decided<'a>> {
    let occasions: BTreeMap<&OccasionRef, &Occasion> = plan.occasions.iter().map(|o| (&o.at, o)).collect();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for matter in plan.messages.iter().map(|m| &m.matter) {
        let workflow = world.workflows.0.get(&matter.workflow).filter(|w| w.decided_by.is_some());
        let occasion = matter.object.occasion().and_then(|at| occasions.get(at));
        let (Some(workflow), Some(occasion)) = (workflow, occasion) else { continue };
        if seen.insert((&matter.workflow, &matter.body, &occasion.at)) {
            let decision = of_occasion(world, workflow, matter.body.as_ref(), occasion);
            found.extend(decision.map(|decision| Decided { workflow, occasion, decision }));
        }
    }
    found
}

/// The meetings that could decide, from a year before the earlier of `days` to a year after the later, by day.
fn meetings(world: World<'_>, home: &Workflow, body: Option<&BodyId>, days: (Date, Date)) -> Vec<Occasion> {
    let above = body.map(|b| world.organisation.ancestors(b));
    let concerns = |of: &Option<BodyId>| match (of, body, &above) {
        (Some(of), Some(body), Some(above)) => of == body || above.contains(of),
        _ => true,
    };
    let years = (days.0.year().saturating_sub(1), days.1.year().saturating_add(1));
    let dated = resolve(&world, home, years).into_iter().filter_map(|r| match r {
        Resolved::Dated(occasion) => Some(*occasion),
        Resolved::Expected(_) => None,
    });
    let stands = |o: &Occasion| o.kind == EntryKind::Meeting && o.status != Status::Cancelled;
    let mut found: Vec<_> = dated.filter(|o| stands(o) && concerns(&o.at.body)).collect();
    found.sort_by(|a, b| (a.span.first(), &a.at).cmp(&(b.span.first(), &b.at)));
    found
}

struct Unanswered<'a> {
    workflow: &'a Workflow,
    on: Anchored,
}

impl Steps for Unanswered<'_> {
    // The loader has refused steps whose days wait for each other in a circle.
    fn due(&self, step: &StepId) -> Option<Date> {
        let ask = self.workflow.steps.iter().find(|s| &s.id == step)?.ask.as_ref()?;
        natural(&ask.due, self.on, None, self).map(|n| n.day())
    }

    fn answered(&self, _: &StepId) -> Option<Timestamp> {
        None
    }
}
