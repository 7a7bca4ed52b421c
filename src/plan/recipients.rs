//! Who is meant: from a role in a file to people, on a day.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::ids::{BodyId, PersonId, RoleId};
use crate::items::{Item, Owner};
use crate::plan::key::Addressee;
use crate::plan::model::World;
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

/// Everybody whom `recipients` mean for a matter `about` something on `day`. Each person
/// comes once, in the first role that reaches them; a vacant role comes as itself.
#[must_use]
pub fn resolve(world: &World<'_>, recipients: &[Recipient], about: About<'_>, day: Date) -> Vec<Recipe> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for recipient in recipients {
        let met = match recipient {
            Recipient::Owner => owner(world, about.item, day),
            Recipient::Deputy => Vec::new(),
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
    let recipe = |person| Recipe { body: Some(body.clone()), role: Some(role.clone()), person };
    let held = world.facts.people.holding(body, role, day);
    if held.is_empty() {
        return vec![recipe(None)];
    }
    held.into_iter().map(|p| recipe(Some(p.id.clone()))).collect()
}

fn owner(world: &World<'_>, item: Option<&Item>, day: Date) -> Vec<Recipe> {
    match item.and_then(|i| i.owner.as_ref()) {
        None => Vec::new(),
        Some(Owner::Role { body, role }) => holders(world, body, role, day),
        Some(Owner::Person(person)) => {
            let known = world.facts.people.persons.contains_key(person);
            vec![Recipe { body: None, role: None, person: known.then(|| person.clone()) }]
        }
    }
}
