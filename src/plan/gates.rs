//! Gates: whether a step's turn has come, since when, and for whom.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::calendar::today;
use crate::ids::{BodyId, RoleId};
use crate::plan::asked::{Request, body_of};
use crate::plan::model::{Given, World};
use crate::plan::moments::{Part, ladder};
use crate::plan::recipients::{Recipe, answered_for};
use crate::plan::steps::Assume;
use crate::plan::view::View;
use crate::workflow::model::{Gate, GateOf, Recipient, SettledBy, Step};

/// A step's turn has come for some or all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// When the answer came that opened it; none for a step without a gate.
    pub at: Option<Timestamp>,
    /// `fordela=samordnas` where the plan assumes that answer.
    pub assumed: Option<String>,
}

/// An answer with the bodies it was given for.
struct Voice<'a> {
    given: &'a Given,
    bodies: BTreeSet<BodyId>,
    /// The requests of the step that was answered, as they were then.
    requests: Vec<Request>,
}

impl<'a> View<'a> {
    /// Since when the step's turn has come: once for everybody, or at several moments, each for some. Empty
    /// while its gate is closed for all.
    #[must_use]
    pub fn openings(&self, step: &'a Step) -> Vec<Opening> {
        let Some(gate) = &step.gate else { return vec![Opening { at: None, assumed: None }] };
        let Some(asking) = self.case.step(&gate.step) else { return Vec::new() };
        if gate.of == GateOf::Anybody {
            return self.opened(gate, asking, &self.given(asking)).into_iter().collect();
        }
        let opens = self.given(asking).into_iter().filter(|g| lets_through(gate, g));
        let mut found: Vec<Opening> = opens
            .map(|g| Opening { at: Some(g.at), assumed: None })
            .chain(self.assumes(gate, asking))
            .collect();
        found.sort_by_key(|opening| opening.at);
        found.dedup();
        found
    }

    /// Those of `recipes` for whom the step's turn has come by `opening`.
    #[must_use]
    pub fn let_through(&self, step: &Step, opening: &Opening, mut recipes: Vec<Recipe>) -> Vec<Recipe> {
        let Some(gate) = step.gate.as_ref().filter(|gate| gate.of != GateOf::Anybody) else { return recipes };
        let Some(asking) = self.case.step(&gate.step) else { return Vec::new() };
        let voices: Vec<Voice<'_>> = self
            .given(asking)
            .into_iter()
            .map(|given| {
                let requests = self.of(asking).named(asking, given.at);
                Voice { given, bodies: self.bodies_among(asking, given, &requests), requests }
            })
            .collect();
        recipes.retain(|recipe| {
            let heard = voices.iter().filter(|v| match gate.of {
                GateOf::Anybody => true,
                GateOf::Same => self.is_own(asking, v, recipe, opening),
                GateOf::Above => is_above(self.case.world, v, recipe),
            });
            let heard: Vec<&Given> = heard.map(|v| v.given).collect();
            self.opened(gate, asking, &heard).as_ref() == Some(opening)
        });
        recipes
    }

    /// Whether and when `given`, the oldest first, opens the gate. An answer decides: where one settles the
    /// question the newest, else the newest that opens, so that one's "no" doesn't close what another's "yes"
    /// has opened.
    fn opened(&self, gate: &Gate, asking: &Step, given: &[&Given]) -> Option<Opening> {
        let one_settles = match self.of(asking).settled_by(asking)? {
            SettledBy::Anyone => true,
            SettledBy::Body => gate.of != GateOf::Anybody,
            SettledBy::Each | SettledBy::Owners => false,
        };
        let opens = given.iter().rev().find(|g| !one_settles && lets_through(gate, g));
        match opens.or(given.last()) {
            Some(decides) => {
                lets_through(gate, decides).then_some(Opening { at: Some(decides.at), assumed: None })
            }
            None => self.assumes(gate, asking),
        }
    }

    /// The opening that the plan takes for granted: by the question's first answer, as soon as it is asked.
    fn assumes(&self, gate: &Gate, asking: &Step) -> Option<Opening> {
        if self.case.assume != Assume::GatesOpen || !is_assumed(gate) {
            return None;
        }
        let first = self.case.answers(asking).into_iter().next()?.id;
        let opens = gate.answers.is_empty() || gate.answers.contains(&first);
        let at = opens.then(|| self.assumed_answer(asking)).flatten()?;
        Some(Opening { at: Some(at), assumed: Some(format!("{}={first}", gate.step)) })
    }

    /// When `asking` is assumed to be answered; none if nothing is assumed of it.
    #[must_use]
    pub fn assumed(&self, asking: &Step) -> Option<Timestamp> {
        let gates = |s: &&Step| s.gate.as_ref().is_some_and(|g| g.step == asking.id && is_assumed(g));
        let assumes = self.case.assume == Assume::GatesOpen && self.case.steps.iter().any(gates);
        assumes.then(|| self.assumed_answer(asking)).flatten()
    }

    /// When a gate's answer is assumed: as soon as it is first asked after the start.
    fn assumed_answer(&self, asking: &Step) -> Option<Timestamp> {
        let view = self.of(asking);
        let opening = view.first_opening(asking)?;
        let view = View { opening, ..view };
        let since = self.case.since(None)?;
        let (on, quiet) = (self.case.anchored(), self.case.world.quiet);
        let rungs = ladder(asking, on, view.due_of(asking), &view, quiet, view.entered());
        rungs.iter().find(|s| s.part.asks() && s.at >= since).map(|s| s.at)
    }

    fn first_opening(&self, asking: &Step) -> Option<Option<(&'a crate::ids::StepId, Timestamp)>> {
        let asking = self.case.steps.iter().copied().find(|s| s.id == asking.id)?;
        let first = self.openings(asking).into_iter().next()?;
        Some(asking.gate.as_ref().map(|g| &g.step).zip(first.at))
    }

    /// The bodies for which an answer was given: those in which the person then held a role that is asked, and
    /// that of whoever had passed the question on to them. A person with one role in several bodies is asked
    /// once and answers for them all.
    #[must_use]
    pub fn bodies_of_answer(&self, asking: &Step, given: &Given) -> BTreeSet<BodyId> {
        self.bodies_among(asking, given, &self.of(asking).named(asking, given.at))
    }

    fn bodies_among(&self, asking: &Step, given: &Given, requests: &[Request]) -> BTreeSet<BodyId> {
        let day = today(given.at);
        let people = &self.case.world.facts.people;
        let held = people.holders.iter().filter(|h| h.person == given.person && asks(asking, &h.role));
        let held = held.filter(|h| h.from.is_none_or(|d| d <= day) && h.until.is_none_or(|d| day <= d));
        let with = requests.iter().filter(|request| request.has_been_with(&given.person));
        held.map(|h| h.body.clone()).chain(with.filter_map(|r| r.body().cloned())).collect()
    }

    /// Whether an answer is the recipient's or their body's. Where each answers for themselves and the recipient's
    /// role is asked, another's answer in the same body is not theirs: of several members only those who have
    /// answered are thanked.
    fn is_own(&self, asking: &Step, voice: &Voice<'_>, recipe: &Recipe, opening: &Opening) -> bool {
        let given = voice.given;
        if recipe.person.as_ref() == Some(&given.person) {
            return true;
        }
        let each = self.of(asking).settled_by(asking) == Some(SettledBy::Each);
        match recipe.seat().filter(|(_, role)| each && asks(asking, role)) {
            Some(seat) => {
                let mut own = voice.requests.iter().filter(|r| r.named.seat() == Some(seat));
                let (then, now) = (today(given.at), today(opening.at.unwrap_or(given.at)));
                let of_recipe = |r: &Request| r.named.person == recipe.person;
                own.any(|r| of_recipe(r) && r.has_been_with(&given.person))
                    || answered_for(&self.case.world, recipe, &given.person, then, now)
            }
            None => body_of(recipe).is_some_and(|b| voice.bodies.contains(b)),
        }
    }
}

impl Part {
    /// Whether it goes to those who are asked.
    #[must_use]
    pub fn asks(self) -> bool {
        matches!(self, Self::First | Self::Reminder(_))
    }
}

/// Whether a plan may take it for granted that the gate opens: not what needs a tick beside the answer, and not what
/// opens for each who has answered anything, since nobody would be reminded if all were taken to have.
fn is_assumed(gate: &Gate) -> bool {
    let for_whoever_answers = gate.of == GateOf::Same && gate.answers.is_empty();
    gate.mark.is_none() && !for_whoever_answers
}

fn lets_through(gate: &Gate, given: &Given) -> bool {
    let answered = gate.answers.is_empty() || gate.answers.contains(&given.answer);
    answered && gate.mark.as_ref().is_none_or(|mark| given.marks.contains(mark))
}

/// Whether a step asks holders of a role.
fn asks(step: &Step, id: &RoleId) -> bool {
    step.to.iter().any(|to| matches!(to, Recipient::Role { role, .. } if role == id))
}

fn is_above(world: World<'_>, voice: &Voice<'_>, recipe: &Recipe) -> bool {
    body_of(recipe).is_some_and(|b| !world.organisation.ancestors(b).is_disjoint(&voice.bodies))
}
