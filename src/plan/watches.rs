//! Watches over items: spaced, limited nudges that stop at an answer, hand over when they were in vain, and give way
//! to a round that asks the same.
//!
//! Each unit is looked at by itself, since only what is said about the same unit has to keep apart.

mod rounds;
mod schedule;
mod spacing;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::{today, window_of_day};
use crate::ids::{BodyId, PersonId};
use crate::items::Owner;
use crate::plan::follow::{Meetings, Seen, later};
use crate::plan::key::key;
use crate::plan::model::{Given, Matter, Message, MessageKind, Object, Startable, World};
use crate::plan::notice;
use crate::plan::occasions::bodies_of;
use crate::plan::recipients::{About, Recipe, resolve};
use crate::plan::window::Window;
use crate::workflow::model::{Recipient, Schedule, Watch, Workflow};

use rounds::Rounds;
use schedule::{Base, Nudge};
use spacing::{Heard, Spoken, spaced};

/// What all units are held against.
struct Around<'a> {
    world: World<'a>,
    window: Window,
    meetings: Meetings,
    rounds: Rounds<'a>,
    /// The workflows that watch a body's items, each with the moment from which it does.
    watching: BTreeMap<BodyId, Vec<(&'a Workflow, Timestamp)>>,
    /// What has been answered about items, by unit.
    answers: BTreeMap<&'a str, Vec<&'a Given>>,
    /// Who is meant, as far as it has been worked out: much the same is said of many units on one day.
    meant: RefCell<BTreeMap<Meant<'a>, Rc<[Rc<Recipe>]>>>,
}

/// What decides who is meant: body, watch in it, whether it is handed over, the day, and the owners that are asked.
type Meant<'a> = (&'a BodyId, usize, bool, Date, &'a [Owner]);

/// What would be said to one recipient.
struct Candidate<'a> {
    workflow: &'a Workflow,
    watch: &'a Watch,
    nudge: Nudge,
    recipe: Rc<Recipe>,
    heard: Heard,
}

/// Every nudge of every watch within `window`, in no particular order.
#[must_use]
pub fn messages(world: World<'_>, window: Window) -> Vec<Message> {
    let around = Around::of(world, window);
    around
        .world
        .facts
        .items
        .iter()
        .flat_map(|item| {
            let seen = Seen { world, meetings: &around.meetings, item, occasion: None };
            around.of_item(seen)
        })
        .collect()
}

impl<'a> Around<'a> {
    fn of(world: World<'a>, window: Window) -> Self {
        let mut watching: BTreeMap<BodyId, Vec<(&Workflow, Timestamp)>> = BTreeMap::new();
        for workflow in world.workflows.0.values().filter(|w| !w.watches.is_empty()) {
            for body in bodies_of(&world, &workflow.scope).into_iter().flatten() {
                if let Some(since) = started(world, workflow, &body) {
                    watching.entry(body).or_default().push((workflow, since));
                }
            }
        }
        let mut answers: BTreeMap<&str, Vec<&Given>> = BTreeMap::new();
        for given in &world.facts.answers {
            if let Some(unit) = given.matter.object.unit() {
                answers.entry(unit).or_default().push(given);
            }
        }
        // What has been said decides when the next thing may be, so all of it is worked out, whatever the window.
        let until = today(window.until);
        let known = world.facts.items.iter().map(|item| today(item.phase_recorded)).min();
        let rounds = Rounds::of(world, known.unwrap_or(until), until);
        Self {
            world,
            window,
            meetings: Meetings::of(&world, until),
            rounds,
            watching,
            answers,
            meant: RefCell::default(),
        }
    }

    /// What is said about one unit.
    fn of_item(&self, seen: Seen<'a>) -> Vec<Message> {
        let item = seen.item;
        let Some(watching) = self.watching.get(&item.body) else { return Vec::new() };
        let unit = item.unit();
        let answers = self.answers.get(unit.as_str()).map(Vec::as_slice).unwrap_or_default();
        let mut candidates = Vec::new();
        let mut spoken: BTreeMap<PersonId, Vec<Timestamp>> = BTreeMap::new();
        let mut series = 0;
        for (workflow, since) in watching {
            for watch in &workflow.watches {
                let to_it = |g: &&&Given| g.matter.step == watch.id && g.matter.workflow == workflow.id;
                let given: Vec<&Given> = answers.iter().filter(to_it).copied().collect();
                series += 1;
                self.spoke(seen, (watch, series), &given, &mut spoken);
                if let Some(base) = base(seen, watch, &given, *since, today(self.window.until)) {
                    self.candidates(seen, (workflow, watch), base, series, &mut candidates);
                }
            }
        }
        let all: Vec<Timestamp> = answers.iter().map(|given| given.at).collect();
        self.in_turn(candidates, &spoken, &all)
            .into_iter()
            .filter_map(|(candidate, at)| self.message(seen, &unit, candidate, at))
            .collect()
    }

    /// Who has heard of the unit, when: whoever answered something, and everybody who had been asked with them.
    fn spoke(
        &self,
        seen: Seen<'a>,
        watch: (&Watch, usize),
        given: &[&Given],
        spoken: &mut BTreeMap<PersonId, Vec<Timestamp>>,
    ) {
        for given in given {
            let asked = self.recipients(seen, watch, false, today(given.at));
            for person in asked.iter().filter_map(|r| r.person.as_ref()).chain([&given.person]) {
                spoken.entry(person.clone()).or_default().push(given.at);
            }
        }
    }

    /// Who gets a nudge on `day`. Whoever shall get an assignment isn't asked before they have taken it on, and
    /// whoever said why a unit has its health isn't asked why.
    fn recipients(
        &self,
        seen: Seen<'a>,
        (watch, series): (&Watch, usize),
        handed_over: bool,
        day: Date,
    ) -> Vec<Rc<Recipe>> {
        let item = seen.item;
        let to = match &watch.hand_over {
            Some(hand_over) if handed_over => &hand_over.to,
            _ => &watch.to,
        };
        let owned = to.contains(&Recipient::Owner) && !seen.is_unassigned();
        let owners = if owned { item.owners.list.as_slice() } else { &[] };
        let meant = (&item.body, series, handed_over, day, owners);
        let known = self.meant.borrow().get(&meant).cloned();
        let found = known.unwrap_or_else(|| {
            let sought = About { body: Some(&item.body), item: owned.then_some(item), ..About::default() };
            let found: Rc<[Rc<Recipe>]> =
                resolve(&self.world, to, sought, day).into_iter().map(Rc::new).collect();
            self.meant.borrow_mut().insert(meant, found.clone());
            found
        });
        let explains = watch.about.health.is_some() && !watch.answers.is_empty() && !handed_over;
        let knows = |r: &Recipe| explains && r.person.is_some() && r.person == item.health_explained_by;
        found.iter().filter(|r| !knows(r)).cloned().collect()
    }

    /// What `watch` would say about the unit, and to whom.
    fn candidates(
        &self,
        seen: Seen<'a>,
        (workflow, watch): (&'a Workflow, &'a Watch),
        base: Base,
        series: usize,
        candidates: &mut Vec<Candidate<'a>>,
    ) {
        let nudges = schedule::nudges(seen, watch, base, self.window.until);
        for nudge in nudges.into_iter().filter(|n| n.at < self.window.until) {
            if !self.says(seen, watch, &nudge, today(nudge.at)) {
                continue;
            }
            let handed_over = nudge.handed_over.is_some();
            let rank = (!watch.about.is_red(), series);
            let heard = Heard { at: nudge.at, rank, series, handed_over };
            for recipe in self.recipients(seen, (watch, series), handed_over, today(nudge.at)) {
                candidates.push(Candidate { workflow, watch, nudge: nudge.clone(), recipe, heard });
            }
        }
    }

    /// Whether `nudge` is said on `day`: the unit is what the watch is about, and no round asks instead.
    fn says(&self, seen: Seen<'_>, watch: &Watch, nudge: &Nudge, day: Date) -> bool {
        let gives_way = || nudge.handed_over.is_none() && self.rounds.ask_instead(seen, watch, day);
        seen.fits(&watch.about, day) && !gives_way()
    }

    /// The candidates that leave, each with its moment: those to one person keep apart.
    fn in_turn(
        &self,
        candidates: Vec<Candidate<'a>>,
        spoken: &BTreeMap<PersonId, Vec<Timestamp>>,
        all: &[Timestamp],
    ) -> Vec<(Candidate<'a>, Timestamp)> {
        let mut by_person: BTreeMap<Option<PersonId>, Vec<Candidate<'a>>> = BTreeMap::new();
        for candidate in candidates {
            by_person.entry(candidate.recipe.person.clone()).or_default().push(candidate);
        }
        let mut leaving = Vec::new();
        for (person, own) in by_person {
            let heard: Vec<Heard> = own.iter().map(|c| c.heard).collect();
            let leaves = match &person {
                Some(person) => {
                    let own = spoken.get(person).map(Vec::as_slice).unwrap_or_default();
                    spaced(self.world.quiet, &heard, Spoken { own, all })
                }
                // Nobody gets it, so nothing has to be kept apart.
                None => heard.iter().map(|h| Some(h.at)).collect(),
            };
            leaving.extend(own.into_iter().zip(leaves).filter_map(|(own, at)| Some((own, at?))));
        }
        leaving
    }

    fn message(&self, seen: Seen<'_>, unit: &str, said: Candidate<'_>, at: Timestamp) -> Option<Message> {
        let Candidate { workflow, watch, nudge, recipe, .. } = said;
        let day = today(at);
        let moved = at != nudge.at;
        if !self.window.contains(at) || (moved && !self.says(seen, watch, &nudge, day)) {
            return None;
        }
        let matter = Matter {
            workflow: workflow.id.clone(),
            body: Some(seen.item.body.clone()),
            object: Object::Item(unit.to_owned()),
            step: watch.id.clone(),
        };
        Some(Message {
            key: key(&matter, &nudge.rung, recipe.addressee(), nudge.about),
            at,
            expires: None,
            urgent: false,
            kind: if nudge.handed_over.is_some() { MessageKind::Escalation } else { MessageKind::Nudge },
            matter,
            role: recipe.role_path(),
            to: recipe.person.clone(),
            notice: notice::of_watch(seen, watch, &recipe, nudge.handed_over, day),
            assumes: None,
        })
    }
}

fn started(world: World<'_>, workflow: &Workflow, body: &BodyId) -> Option<Timestamp> {
    world.facts.starts.since(&[
        Startable::Workflow(workflow.id.clone()),
        Startable::Body(body.clone()),
        Startable::Items(body.clone()),
    ])
}

/// From when a watch counts for a unit: the latest of the state's own day, the moment the register learnt of it and
/// the start, with the rest that has been agreed. None where it isn't about the unit, and for a series that has been
/// answered for good. `given` are the answers to it, `horizon` is the last day that is planned.
fn base(seen: Seen<'_>, watch: &Watch, given: &[&Given], since: Timestamp, horizon: Date) -> Option<Base> {
    if !seen.may_fit(&watch.about) {
        return None;
    }
    let recorded = seen.recorded(&watch.about, horizon);
    let state = seen.since(&watch.about, horizon).map(window_of_day);
    let began = recorded.max(state.unwrap_or(recorded));
    let mut base = Base { start: since.max(began), rest: seen.item.quiet_until };
    // Only an answer to what the item is now counts: one from before its present state is history.
    if let Some(given) = given.iter().filter(|g| g.at >= began).max_by_key(|g| g.at) {
        let answer = watch.answers.iter().find(|a| a.id == given.answer);
        let rest = answer.and_then(|answer| match answer.rest {
            Some(rest) => Some(later(today(given.at), rest)),
            None => given.date.filter(|_| answer.rest_until_date),
        });
        if rest.is_none() && matches!(watch.schedule, Schedule::Series { .. }) {
            return None;
        }
        base.rest = base.rest.max(rest);
    }
    Some(base)
}
