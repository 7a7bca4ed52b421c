//! Who is asked, who of them is silent, and until when each has to answer.
//!
//! A request belongs to whom the step names. It is with them, or with whom it was passed on to:
//!
//! ```text
//!             more time: open, silent only after the new day
//!   asked ──▶ passed on: asked of the other instead ──▶ answered by anybody it has been with
//!     │       help: the other is asked too; their answer is for the one who asked
//!     └─────▶ answered
//! ```

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::today;
use crate::ids::{BodyId, PersonId, RoleId};
use crate::plan::model::{Arranged, Given, Matter};
use crate::plan::recipients::{Recipe, answered_for, resolve};
use crate::plan::view::View;
use crate::plan::way::Way;
use crate::workflow::model::{Recipient, RoleOf, SettledBy, Step};

/// Who takes over an item that nobody owns.
const OWNERLESS: &str = "processtod";

/// What one recipient of a step is asked, at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Whom the step names.
    pub named: Recipe,
    /// Who is asked: the named one, or whom it was passed on to; none for a vacancy.
    pub person: Option<PersonId>,
    /// When and by whom it was last passed on; none if it never was.
    pub passed: Option<(Timestamp, PersonId)>,
    /// The last day of their own, where they have asked for more time.
    pub own: Option<Date>,
    /// Whether it has been answered.
    pub answered: bool,
    /// Everybody it has been with: the named one, who had the role before, whom it was passed on to.
    with: Vec<PersonId>,
}

impl Request {
    /// Whether a person is asked, or has been and has passed it on.
    #[must_use]
    pub fn has_been_with(&self, person: &PersonId) -> bool {
        self.with.contains(person)
    }

    /// The body that it is asked in: that of the vacant role where somebody stands in for it.
    #[must_use]
    pub fn body(&self) -> Option<&BodyId> {
        body_of(&self.named)
    }

    /// Whoever is asked, in the role that the step names.
    #[must_use]
    pub fn recipe(&self) -> Recipe {
        Recipe { person: self.person.clone(), ..self.named.clone() }
    }
}

/// The body that somebody is asked in, see [`Request::body`]; none for an owner who is named without a role.
#[must_use]
pub fn body_of(recipe: &Recipe) -> Option<&BodyId> {
    recipe.seat().map(|(body, _)| body).or(recipe.body.as_ref())
}

impl View<'_> {
    /// Whom `step` names on the day of `at`, and with whom each request is then. Nobody is left out, and nothing
    /// is said of answers.
    #[must_use]
    pub fn named(&self, step: &Step, at: Timestamp) -> Vec<Request> {
        let recipes = resolve(&self.case.world, &self.recipients(step), self.about(), today(at));
        self.requests_of(step, recipes, at)
    }

    /// The requests to `recipes` as they stand at `at`, before it is known whether they are answered.
    #[must_use]
    pub fn requests_of(&self, step: &Step, recipes: Vec<Recipe>, at: Timestamp) -> Vec<Request> {
        let matter = self.matter(step);
        let passes = self.passes(&matter, at);
        let extended = |with: &[PersonId]| {
            let all = self.case.lookup.arranged(&matter).filter(|a| a.at <= at && with.contains(&a.person));
            let days = all.filter_map(|a| match a.what {
                Arranged::Time(day) => Some(day),
                Arranged::PassedTo(_) | Arranged::HelpFrom(_) => None,
            });
            days.last()
        };
        let others = self.strangers(&matter, &recipes, at);
        let request = |named: Recipe| {
            let Some(first) = named.person.clone() else {
                return Request {
                    named,
                    person: None,
                    passed: None,
                    own: None,
                    answered: false,
                    with: Vec::new(),
                };
            };
            let before = others.iter().filter(|(person, then)| {
                answered_for(&self.case.world, &named, person, today(*then), today(at))
            });
            let before: Vec<PersonId> = before.map(|(person, _)| person.clone()).collect();
            let passer = std::iter::once(&first).chain(&before).find(|p| passes.contains_key(p));
            let (mut with, mut person, passed) = follow(&passes, passer.unwrap_or(&first));
            // What comes back to a former holder comes back to whoever has the role.
            if before.contains(&person) {
                person = first.clone();
            }
            // Whom it was passed on to may be away, like anybody: their deputy has it then, and what the deputy
            // has answered stands when they are back.
            if passed.is_some() {
                let people = &self.case.world.facts.people;
                let stood_in = |(other, then): &&(PersonId, Timestamp)| {
                    people.present(&person, today(*then)).is_some_and(|p| &p.id == other)
                };
                with.extend(others.iter().filter(stood_in).map(|(other, _)| other.clone()));
                person = people.present(&person, today(at)).map_or(person, |p| p.id.clone());
                with.push(person.clone());
            }
            with.push(first);
            with.extend(before);
            Request { person: Some(person), passed, own: extended(&with), answered: false, with, named }
        };
        recipes.into_iter().map(request).collect()
    }

    /// Those who have answered or arranged something by `at` and are not among `recipes`: they may have had a role
    /// that one of these has now, or stand in for. With when they did.
    fn strangers(&self, matter: &Matter, recipes: &[Recipe], at: Timestamp) -> Vec<(PersonId, Timestamp)> {
        let answered = self.case.lookup.answers(matter).map(|g| (&g.person, g.at));
        let arranged = self.case.lookup.arranged(matter).map(|a| (&a.person, a.at));
        let known = |person: &PersonId| recipes.iter().any(|r| r.person.as_ref() == Some(person));
        let mut found: Vec<(PersonId, Timestamp)> = answered
            .chain(arranged)
            .filter(|(person, then)| *then <= at && !known(person))
            .map(|(person, then)| (person.clone(), then))
            .collect();
        found.sort();
        found.dedup_by(|a, b| a.0 == b.0);
        found
    }

    /// To whom a step goes. An item that nobody owns is asked about where it can be given an owner.
    #[must_use]
    pub fn recipients(&self, step: &Step) -> Vec<Recipient> {
        let about = self.about();
        let ownerless = about.item.is_some_and(|item| item.owners.is_none());
        let (role, organisation) = (RoleId::from(OWNERLESS), self.case.world.organisation);
        let kind = about.body.and_then(|body| organisation.bodies.get(body)).map(|body| &body.kind);
        let has_role =
            kind.and_then(|kind| organisation.kinds.get(kind)).is_some_and(|k| k.roles.contains_key(&role));
        let instead = |to: &Recipient| match to {
            Recipient::Owner if ownerless && has_role => {
                Recipient::Role { of: RoleOf::Own, role: role.clone() }
            }
            other => other.clone(),
        };
        step.to.iter().map(instead).collect()
    }

    /// Who has passed the matter on by `at`, to whom and when.
    fn passes(&self, matter: &Matter, at: Timestamp) -> Passes {
        let known = |person: &PersonId| self.case.world.facts.people.persons.contains_key(person);
        let arranged = self.case.lookup.arranged(matter).filter(|a| a.at <= at);
        let passed = arranged.filter_map(|a| match &a.what {
            Arranged::PassedTo(to) if known(to) => Some((a.person.clone(), (to.clone(), a.at))),
            _ => None,
        });
        passed.collect()
    }

    /// Whether a person who answered was only asked to help. Who has helped first and got the whole question
    /// later isn't asked again: what they answered stands.
    #[must_use]
    pub fn only_helps(&self, step: &Step, matter: &Matter, given: &Given) -> bool {
        let arranged = |of: fn(&Arranged) -> Option<&PersonId>| {
            self.case.lookup.arranged(matter).any(|a| of(&a.what) == Some(&given.person))
        };
        let helps = arranged(|what| match what {
            Arranged::HelpFrom(person) => Some(person),
            Arranged::Time(_) | Arranged::PassedTo(_) => None,
        });
        let has_it = arranged(|what| match what {
            Arranged::PassedTo(person) => Some(person),
            Arranged::Time(_) | Arranged::HelpFrom(_) => None,
        });
        helps && !has_it && !self.named(step, given.at).iter().any(|r| r.has_been_with(&given.person))
    }
}

type Passes = BTreeMap<PersonId, (PersonId, Timestamp)>;

/// With whom a request that was first `first`'s is now: everybody it has been with, who has it, and when and by
/// whom it was last passed on.
/// Where it has come back to somebody it has been with, the newest of the passes in the circle holds.
fn follow(passes: &Passes, first: &PersonId) -> (Vec<PersonId>, PersonId, Option<(Timestamp, PersonId)>) {
    let mut with = vec![first.clone()];
    let mut passed = None;
    let mut holder = first;
    while let Some((to, at)) = passes.get(holder) {
        passed = passed.max(Some((*at, holder.clone())));
        if let Some(start) = with.iter().position(|p| p == to) {
            let circle = with.iter().skip(start).filter_map(|by| Some((passes.get(by)?, by)));
            let newest = circle.max_by_key(|((_, at), by)| (*at, *by));
            let last = newest.map_or(to, |((to, _), _)| to).clone();
            return (with, last, passed);
        }
        with.push(to.clone());
        holder = to;
    }
    let holder = holder.clone();
    (with, holder, passed)
}

impl Way<'_> {
    /// The requests of those who have really been asked by `at`, as they stand then. Who is started late is not
    /// reported for what they never got.
    #[must_use]
    pub fn requests(&self, at: Timestamp) -> Vec<Request> {
        let view = &self.view;
        let recipes = resolve(&view.case.world, &view.recipients(self.step), view.about(), today(at));
        let mut recipes = view.let_through(self.step, &self.opening, recipes);
        recipes.retain(|recipe| {
            let since = view.case.since_of(view.topic, recipe.body.as_ref());
            let first = |since| self.base.iter().any(|s| s.part.asks() && s.at <= at && s.at >= since);
            since.is_some_and(first)
        });
        let mut requests = view.requests_of(self.step, recipes, at);
        let by_then: Vec<&Given> = self.given.iter().copied().filter(|g| g.at <= at).collect();
        // An assumed answer came at the very moment of the ask: the ask itself is still sent.
        let assumed = view.assumed(self.step).is_some_and(|answered| at > answered);
        let reported = self.is_reported(at);
        let settled_by = view.settled_by(self.step);
        let bodies: Vec<BodyId> = match settled_by {
            Some(SettledBy::Body) => {
                by_then.iter().flat_map(|g| view.bodies_of_answer(self.step, g)).collect()
            }
            _ => Vec::new(),
        };
        for request in &mut requests {
            let counts =
                |g: &Given| answered_for(&view.case.world, &request.named, &g.person, today(g.at), today(at));
            let own = by_then.iter().any(|g| request.has_been_with(&g.person) || counts(g));
            request.answered = assumed
                || reported
                || own
                || (settled_by == Some(SettledBy::Anyone) && !by_then.is_empty())
                || request.body().is_some_and(|body| bodies.contains(body));
        }
        requests
    }
}

/// One request for each person, so that nobody is asked twice: where several have come to the same person, the
/// one that was meant for them, else the first that was passed on to them. A vacancy stands for itself.
#[must_use]
pub fn one_each(requests: Vec<Request>) -> Vec<Request> {
    let mut sorted: Vec<(usize, Request)> = requests.into_iter().enumerate().collect();
    sorted.sort_by(|(i, a), (j, b)| (&a.passed, i).cmp(&(&b.passed, j)));
    let mut seen = std::collections::BTreeSet::new();
    sorted.retain(|(_, r)| r.person.as_ref().is_none_or(|person| seen.insert(person.clone())));
    sorted.sort_by_key(|(order, _)| *order);
    sorted.into_iter().map(|(_, r)| r).collect()
}
