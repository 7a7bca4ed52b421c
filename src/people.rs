//! People and the roles they hold, with terms. Rows of the store, never part of a versioned file.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{BodyId, PersonId, RoleId};

/// A person or a function mailbox. Nothing more is kept about anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The identity that messages are keyed by.
    pub id: PersonId,
    /// The name in the mail's greeting and header.
    pub name: String,
    /// Where mail goes today.
    pub address: String,
}

/// Somebody holds a role for a time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Holder {
    /// The body.
    pub body: BodyId,
    /// The role in it.
    pub role: RoleId,
    /// Who.
    pub person: PersonId,
    /// The first day; none if always.
    pub from: Option<Date>,
    /// The last day; none if still.
    pub until: Option<Date>,
    /// Stands in for the ordinary holder: gets mail only while there is none.
    pub deputy: bool,
}

/// Somebody is away for a time and gets no mail; the deputy gets it instead.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Absence {
    /// Who.
    pub person: PersonId,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// Who gets the mail meanwhile; none for the role's own deputy or whoever stands in for a vacancy.
    pub deputy: Option<PersonId>,
}

/// The people of an installation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// By id.
    pub persons: BTreeMap<PersonId, Person>,
    /// Who holds what and when, in any order.
    pub holders: Vec<Holder>,
    /// Who is away, and who stands in.
    pub absences: Vec<Absence>,
}

impl People {
    /// Who holds `role` in `body` on `day`: the ordinary holders, or where there is none the deputies.
    /// Sorted by person, each once. Empty is a vacancy.
    #[must_use]
    pub fn holding(&self, body: &BodyId, role: &RoleId, day: Date) -> Vec<&Person> {
        let on_duty = |h: &&Holder| {
            &h.body == body
                && &h.role == role
                && h.from.is_none_or(|from| from <= day)
                && h.until.is_none_or(|until| day <= until)
        };
        let pick = |deputy: bool| {
            let ids = self.holders.iter().filter(on_duty).filter(|h| h.deputy == deputy).map(|h| &h.person);
            let mut ids: Vec<_> = ids.collect();
            ids.sort();
            ids.dedup();
            ids.into_iter().filter_map(|id| self.persons.get(id)).collect::<Vec<_>>()
        };
        let ordinary = pick(false);
        if ordinary.is_empty() { pick(true) } else { ordinary }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn people() -> People {
        let person = |id: &str| Person {
            id: id.into(),
            name: id.to_uppercase(),
            address: format!("{id}@example.org"),
        };
        let holder = |person: &str, from, until, deputy| Holder {
            body: "rsl".into(),
            role: "sekreterare".into(),
            person: person.into(),
            from,
            until,
            deputy,
        };
        People {
            persons: ["anna", "bo", "cia"].map(|id| (id.into(), person(id))).into(),
            holders: vec![
                holder("anna", None, Some(date(2025, 3, 31)), false),
                holder("bo", Some(date(2025, 5, 1)), None, false),
                holder("cia", None, None, true),
            ],
            absences: Vec::new(),
        }
    }

    #[test]
    fn a_role_passes_on_with_its_terms_and_the_deputy_fills_the_gap() {
        let people = people();
        let on = |y, m, d| {
            let found = people.holding(&"rsl".into(), &"sekreterare".into(), date(y, m, d));
            found.iter().map(|p| p.id.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(on(2025, 3, 31), ["anna"]);
        assert_eq!(on(2025, 4, 1), ["cia"]);
        assert_eq!(on(2025, 5, 1), ["bo"]);
    }

    #[test]
    fn nobody_is_a_vacancy() {
        assert!(people().holding(&"rsl".into(), &"ordforande".into(), date(2025, 1, 1)).is_empty());
    }
}
