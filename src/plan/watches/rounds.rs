//! Rounds that ask about the same units before a meeting: near one a watch that gives way is silent.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::{QuietPeriods, today, workdays_from};
use crate::ids::{BodyId, OccasionRef, StepId, WorkflowId};
use crate::plan::audiences;
use crate::plan::follow::Seen;
use crate::plan::model::{Startable, World};
use crate::plan::moments::{Anchored, Steps, ladder, natural};
use crate::plan::occasions::{Resolved, resolve};
use crate::workflow::model::{Step, Watch, Workflow};

/// From so many workdays before a round's first message to so many after its last the round asks instead.
const NEAR: i32 = 5;

/// One round of a body.
#[derive(Debug)]
struct Round<'a> {
    at: OccasionRef,
    step: &'a Step,
    /// The first and last day on which it speaks.
    speaks: (Date, Date),
}

/// The rounds that watches give way to, by step and body.
#[derive(Debug, Default)]
pub(super) struct Rounds<'a>(BTreeMap<&'a (WorkflowId, StepId), BTreeMap<BodyId, Vec<Round<'a>>>>);

impl<'a> Rounds<'a> {
    /// The rounds of the years around `from` and `until`.
    pub fn of(world: World<'a>, from: Date, until: Date) -> Self {
        let watches = world.workflows.0.values().flat_map(|w| &w.watches);
        let targets: BTreeSet<_> = watches.filter_map(|w| w.gives_way.as_ref()).collect();
        let years = (from.year() - 1, until.year() + 1);
        let found = |target: &'a (WorkflowId, StepId)| (target, of_step(world, target, years));
        Self(targets.into_iter().map(found).collect())
    }

    /// Whether a round asks about the unit instead of `watch` on `day`. What is red never gives way.
    pub fn ask_instead(&self, seen: Seen<'_>, watch: &Watch, day: Date) -> bool {
        if watch.about.is_red() {
            return false;
        }
        let target = watch.gives_way.as_ref().and_then(|target| self.0.get(target));
        let rounds = target.and_then(|bodies| bodies.get(&seen.item.body));
        rounds.into_iter().flatten().any(|round| {
            let (first, last) = round.speaks;
            let near = workdays_from(first, -NEAR) <= day && day <= workdays_from(last, NEAR);
            let seen = Seen { occasion: Some(&round.at), ..seen };
            near && round.step.items.as_ref().is_none_or(|items| seen.fits(items, first))
        })
    }
}

fn of_step<'a>(
    world: World<'a>,
    (workflow, step): &(WorkflowId, StepId),
    years: (i16, i16),
) -> BTreeMap<BodyId, Vec<Round<'a>>> {
    let mut rounds: BTreeMap<BodyId, Vec<Round<'a>>> = BTreeMap::new();
    let Some(asking) = world.workflows.0.get(workflow) else { return rounds };
    let follows =
        |home: &&Workflow| &home.id == workflow || asking.follows.iter().any(|f| f.workflow == home.id);
    for home in world.workflows.0.values().filter(follows) {
        for occasion in resolve(&world, home, years) {
            let Resolved::Dated(dated) = &occasion else { continue };
            let on = Anchored::Dated(dated.span);
            for (asks, body, steps) in audiences(world, home, &occasion) {
                let Some(body) = body.filter(|_| &asks.id == workflow) else { continue };
                let Some(step) = steps.iter().copied().find(|s| &s.id == step) else { continue };
                let since = started(world, workflow, &body);
                if let Some(speaks) = speaks(world.quiet, step, &Alone { steps: &steps, on }, since) {
                    rounds.entry(body).or_default().push(Round { at: dated.at.clone(), step, speaks });
                }
            }
        }
    }
    rounds
}

fn started(world: World<'_>, workflow: &WorkflowId, body: &BodyId) -> Option<Timestamp> {
    world.facts.starts.since(&[Startable::Workflow(workflow.clone()), Startable::Body(body.clone())])
}

/// The first and last day on which a step speaks; none for one that was over before it was started.
fn speaks(
    quiet: &QuietPeriods,
    step: &Step,
    others: &Alone<'_>,
    since: Option<Timestamp>,
) -> Option<(Date, Date)> {
    let due = others.due(&step.id);
    let sent = ladder(step, others.on, due, others, quiet, None);
    let (first, last) = (sent.first()?.at, sent.last()?.at);
    (since? <= last).then(|| (today(first), today(last)))
}

/// The steps of an occasion while nothing has been answered.
struct Alone<'a> {
    steps: &'a [&'a Step],
    on: Anchored,
}

impl Steps for Alone<'_> {
    fn due(&self, step: &StepId) -> Option<Date> {
        let ask = self.steps.iter().find(|s| &s.id == step)?.ask.as_ref()?;
        natural(&ask.due, self.on, None, self).map(|n| n.day())
    }

    fn answered(&self, _: &StepId) -> Option<Timestamp> {
        None
    }
}
