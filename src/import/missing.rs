//! Who is in the register and not in a list of the same bodies.
//!
//! A list that was cut short, or is of something else, looks just like one from which people have left. So nobody
//! leaves by being missing: somebody has to say so, and where much is missing to say it twice.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::PeopleList;
use crate::ids::{BodyId, RoleId};
use crate::people::{Holder, People};

/// A body with fewer holders loses much of them whenever one of them leaves.
const SMALL_BODY: usize = 3;

/// Those who hold something in a list's bodies and aren't in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// Their terms, by body and role.
    pub terms: Vec<Holder>,
    /// How many terms the register has, for each body of the list.
    of_body: BTreeMap<BodyId, usize>,
}

impl Missing {
    /// What `list` lacks of the terms that run on `day`. Somebody is known again by the address, whatever its case.
    #[must_use]
    pub fn from(list: &PeopleList, known: &People, day: Date) -> Self {
        let address = |holder: &Holder| known.persons.get(&holder.person).map(|person| person.address.trim());
        let is_listed = |holder: &&Holder| {
            list.rows.iter().any(|row| {
                let same = row.body == holder.body && row.role == holder.role;
                same && address(holder).is_some_and(|known| known.eq_ignore_ascii_case(row.address.trim()))
            })
        };
        let running = known.holders.iter().filter(|holder| {
            let begun = holder.from.is_none_or(|from| from <= day);
            begun && holder.until.is_none_or(|until| until >= day) && list.bodies.contains(&holder.body)
        });
        let mut found = Self::default();
        for holder in running {
            *found.of_body.entry(holder.body.clone()).or_default() += 1;
            if !is_listed(&holder) {
                found.terms.push(holder.clone());
            }
        }
        found.terms.sort();
        found
    }

    /// How many hold each role and are missing.
    #[must_use]
    pub fn by_role(&self) -> BTreeMap<(&BodyId, &RoleId), usize> {
        let mut counts = BTreeMap::new();
        for term in &self.terms {
            *counts.entry((&term.body, &term.role)).or_default() += 1;
        }
        counts
    }

    /// How many terms the register has for the list's bodies.
    #[must_use]
    pub fn of(&self) -> usize {
        self.of_body.values().sum()
    }

    /// Whether more than a third is missing: of all, or of a body with three holders or more.
    #[must_use]
    pub fn is_much(&self) -> bool {
        let much = |missing: usize, of: usize| missing * 3 > of;
        let of_body = |body: &BodyId| self.terms.iter().filter(|term| term.body == *body).count();
        let mut bodies = self.of_body.iter().filter(|(_, of)| **of >= SMALL_BODY);
        much(self.terms.len(), self.of()) || bodies.any(|(body, of)| much(of_body(body), *of))
    }
}
