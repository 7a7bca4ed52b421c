//! Who is meant: from a role in a file to people, on a day.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::calendar::today;
use crate::ids::{BodyId, PersonId, RoleId};
use crate::items::{Item, Owner};
use crate::plan::key::Addressee;
use crate::plan::model::{Startable, World};
use crate::workflow::model::{Recipient, RoleOf};

/// One who gets a message, or a role that would get it if somebody held it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recipe {
    /// The body in which they are asked; none for an owner who is named without a role.
    pub body: Option<BodyId>,
    /// The role they are asked in.
    pub role: Option<RoleId>,
    /// Who; none for a vacancy.
    pub person: Option<PersonId>,
    /// The vacant role whose part they take; `body` and `role` are then their own.
    pub for_vacant: Option<(BodyId, RoleId)>,
}

impl Recipe {
    /// `rpo-medicinsk-diagnostik/processtod`, or `ägare`.
    #[must_use]
    pub fn role_path(&self) -> String {
        match (&self.body, &self.role) {
            (Some(body), Some(role)) => format!("{body}/{role}"),
            _ => "agare".to_owned(),
        }
    }

    /// The role that the message is meant for: the vacant one where they stand in for it.
    #[must_use]
    pub fn seat(&self) -> Option<(&BodyId, &RoleId)> {
        match &self.for_vacant {
            Some((body, role)) => Some((body, role)),
            None => self.body.as_ref().zip(self.role.as_ref()),
        }
    }

    /// For the key.
    #[must_use]
    pub fn addressee(&self) -> Addressee<'_> {
        match (&self.person, &self.body, &self.role) {
            (Some(person), ..) => Addressee::Person(person),
            (None, Some(body), Some(role)) => Addressee::Vacant(body, role),
            _ => Addressee::Nobody,
        }
    }
}

/// What recipients are sought for.
#[derive(Clone, Copy, Debug, Default)]
pub struct About<'a> {
    /// The body it is done for.
    pub body: Option<&'a BodyId>,
    /// The item, for its owner.
    pub item: Option<&'a Item>,
    /// The bodies that an occasion entered by hand is given to.
    pub receivers: &'a [BodyId],
    /// Who is silent, for their deputies.
    pub silent: &'a [Recipe],
}

/// Everybody whom `recipients` mean for a matter `about` something on `day`. Each person comes once, in the first
/// role that reaches them. What is meant for a vacant role goes to whoever stands in for it; where nobody does it
/// comes as itself.
#[must_use]
pub fn resolve(world: &World<'_>, recipients: &[Recipient], about: About<'_>, day: Date) -> Vec<Recipe> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for recipient in recipients {
        let met = match recipient {
            Recipient::Owner => owner(world, about.item, day),
            Recipient::Deputy => about.silent.iter().flat_map(|r| deputies(world, r, day)).collect(),
            Recipient::Role { of, role } => {
                let bodies = bodies(world, of, about);
                bodies.iter().flat_map(|b| holders(world, b, role, day)).collect()
            }
        };
        // A vacancy is told apart by its role, a person by who they are.
        found.extend(
            met.into_iter()
                .filter(|r| seen.insert((r.person.clone(), r.person.is_none().then(|| r.role_path())))),
        );
    }
    found
}

fn bodies(world: &World<'_>, of: &RoleOf, about: About<'_>) -> Vec<BodyId> {
    match of {
        RoleOf::Own => about.body.cloned().into_iter().collect(),
        RoleOf::Body(body) => vec![body.clone()],
        RoleOf::Receiver => about.receivers.to_vec(),
        RoleOf::Kind(kind) => {
            world.organisation.related(about.body, kind).into_iter().map(|b| b.id.clone()).collect()
        }
    }
}

fn holders(world: &World<'_>, body: &BodyId, role: &RoleId, day: Date) -> Vec<Recipe> {
    let recipe =
        |person| Recipe { body: Some(body.clone()), role: Some(role.clone()), person, for_vacant: None };
    let held = world.facts.people.holding(body, role, day);
    if held.is_empty() {
        return vec![stand_in(world, body, role, day).unwrap_or_else(|| recipe(None))];
    }
    held.into_iter().map(|p| recipe(Some(p.id.clone()))).collect()
}

/// Who gets what is meant for a vacant role: the first holder of the first role that stands in, in the body itself,
/// else in the bodies above it level by level, on each level by id. One person, so that it is somebody's. A body
/// that hasn't been started passes nothing up and takes nothing over.
fn stand_in(world: &World<'_>, body: &BodyId, vacant: &RoleId, day: Date) -> Option<Recipe> {
    if !started(world, body, day) {
        return None;
    }
    let mut seen = BTreeSet::new();
    let mut level = BTreeSet::from([body]);
    while !level.is_empty() {
        for at in level.iter().copied().filter(|at| started(world, at, day)) {
            for role in stand_ins(world, at).iter() {
                if let Some(person) = world.facts.people.holding(at, role, day).first() {
                    return Some(Recipe {
                        body: Some(at.clone()),
                        role: Some(role.clone()),
                        person: Some(person.id.clone()),
                        for_vacant: Some((body.clone(), vacant.clone())),
                    });
                }
            }
        }
        let above = level.iter().filter_map(|at| world.organisation.bodies.get(*at)).flat_map(|b| &b.parents);
        let above: BTreeSet<&BodyId> = above.filter(|parent| !seen.contains(parent)).collect();
        seen.extend(above.iter().copied());
        level = above;
    }
    None
}

fn stand_ins<'a>(world: &World<'a>, body: &BodyId) -> &'a [RoleId] {
    let kind = world.organisation.bodies.get(body).and_then(|b| world.organisation.kinds.get(&b.kind));
    kind.map_or(&[], |k| &k.stand_ins)
}

/// Whether a body has been started by `day`. What leaves that day before the moment itself lies in the past then, and
/// is never sent.
fn started(world: &World<'_>, body: &BodyId, day: Date) -> bool {
    let since = world.facts.starts.since(&[Startable::Body(body.clone())]);
    since.is_some_and(|since| today(since) <= day)
}

/// Who stands in for one who is silent: the deputy whom they named while away, else the deputies of the role.
fn deputies(world: &World<'_>, silent: &Recipe, day: Date) -> Vec<Recipe> {
    let Some((body, role)) = silent.seat() else { return Vec::new() };
    let people = &world.facts.people;
    let own =
        silent.person.as_ref().and_then(|p| people.absence(p, day)).and_then(|away| away.deputy.as_ref());
    let own = own.and_then(|deputy| people.present(deputy, day));
    let found = own.map_or_else(|| people.deputies(body, role, day), |deputy| vec![deputy]);
    let others = found.into_iter().filter(|p| Some(&p.id) != silent.person.as_ref());
    others
        .map(|p| Recipe {
            body: Some(body.clone()),
            role: Some(role.clone()),
            person: Some(p.id.clone()),
            for_vacant: None,
        })
        .collect()
}

fn owner(world: &World<'_>, item: Option<&Item>, day: Date) -> Vec<Recipe> {
    let each = |owner: &Owner| match owner {
        Owner::Role { body, role } => holders(world, body, role, day),
        Owner::Person(person) => {
            let present = world.facts.people.present(person, day);
            vec![Recipe { body: None, role: None, person: present.map(|p| p.id.clone()), for_vacant: None }]
        }
    };
    item.into_iter().flat_map(|item| &item.owners.list).flat_map(each).collect()
}

/// Whether what `person` answered on `answered` counts as the answer of `recipe`, who has the role on `day`: their
/// own; that of the deputy they had then; that of the one they stand in for; that of whoever had the role alone
/// then and has it no longer. Without this a new chair would be asked what the former one has answered. Of several
/// holders only each one's own counts: nobody knows who took over from whom.
#[must_use]
pub fn answered_for(
    world: &World<'_>,
    recipe: &Recipe,
    person: &PersonId,
    answered: Date,
    day: Date,
) -> bool {
    if recipe.person.as_ref() == Some(person) {
        return true;
    }
    let people = &world.facts.people;
    let stood_in = |of: &PersonId| people.present(of, answered).is_some_and(|p| &p.id == person);
    if recipe.person.as_ref().is_some_and(stood_in) {
        return true;
    }
    let Some((body, role)) = recipe.seat() else { return false };
    let stands_in = people.present(person, day).is_some_and(|p| Some(&p.id) == recipe.person.as_ref());
    if stands_in && people.holds(person, body, role, day) {
        return true;
    }
    let then = holders(world, body, role, answered);
    let alone = matches!(then.as_slice(), [one] if one.person.as_ref() == Some(person));
    alone && holders(world, body, role, day).iter().all(|now| now.person.as_ref() != Some(person))
}
