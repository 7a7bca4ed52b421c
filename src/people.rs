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
    /// Who gets what is meant for `role` in `body` on `day`: the ordinary holders, or where there is none the
    /// deputies. Whoever is away is replaced by the absence's deputy, else by the role's deputies. Sorted by
    /// person, each once. Empty is a vacancy, also where all who could get it are away.
    #[must_use]
    pub fn holding(&self, body: &BodyId, role: &RoleId, day: Date) -> Vec<&Person> {
        let ordinary = self.on_duty(body, role, day, false);
        let mut found: Vec<&Person> = ordinary.iter().filter_map(|id| self.present(id, day)).collect();
        // One who is away without a deputy of their own leaves a place open, and an unheld role is nothing else.
        if found.len() < ordinary.len().max(1) {
            let deputies = self.on_duty(body, role, day, true);
            found.extend(deputies.into_iter().filter_map(|id| self.present(id, day)));
        }
        found.sort_by(|a, b| a.id.cmp(&b.id));
        found.dedup_by(|a, b| a.id == b.id);
        found
    }

    /// Whom `person`'s mail goes to on `day`: to themself, or while they are away to the absence's deputy (or who
    /// stands in for that one). None if nobody is left, or the person isn't known.
    #[must_use]
    pub fn present(&self, person: &PersonId, day: Date) -> Option<&Person> {
        let mut wanted = person;
        // Two who stand in for each other are away together: nobody has more deputies than there are absences.
        for _ in 0..=self.absences.len() {
            match self.absence(wanted, day) {
                None => return self.persons.get(wanted),
                Some(away) => wanted = away.deputy.as_ref()?,
            }
        }
        None
    }

    /// The absence that `person` has on `day`; of several the one that ends last.
    #[must_use]
    pub fn absence(&self, person: &PersonId, day: Date) -> Option<&Absence> {
        let on = self.absences.iter().filter(|a| &a.person == person && a.from <= day && day <= a.until);
        on.max_by_key(|a| a.until)
    }

    /// The known deputies of a role on `day`, who have it only while its ordinary holder hasn't. Sorted, each once.
    #[must_use]
    pub fn deputies(&self, body: &BodyId, role: &RoleId, day: Date) -> Vec<&Person> {
        self.on_duty(body, role, day, true).into_iter().filter_map(|id| self.present(id, day)).collect()
    }

    /// Whether `person` is an ordinary holder of the role on `day`, away or not.
    #[must_use]
    pub fn holds(&self, person: &PersonId, body: &BodyId, role: &RoleId, day: Date) -> bool {
        self.on_duty(body, role, day, false).contains(&person)
    }

    /// The terms of a role that cover `day`, whoever is away. Sorted, each person once.
    fn on_duty(&self, body: &BodyId, role: &RoleId, day: Date, deputy: bool) -> Vec<&PersonId> {
        let terms = self.holders.iter().filter(|h| {
            h.deputy == deputy
                && &h.role == role
                && &h.body == body
                && h.from.is_none_or(|from| from <= day)
                && h.until.is_none_or(|until| day <= until)
        });
        let mut ids: Vec<&PersonId> = terms.map(|h| &h.person).collect();
        ids.sort();
        ids.dedup();
        // A term of somebody who isn't in the register is none.
        ids.retain(|id| self.persons.contains_key(*id));
        ids
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

    fn away(person: &str, from: Date, until: Date, deputy: Option<&str>) -> Absence {
        Absence { person: person.into(), from, until, deputy: deputy.map(Into::into) }
    }

    fn on(people: &People, day: Date) -> Vec<&str> {
        let found = people.holding(&"rsl".into(), &"sekreterare".into(), day);
        found.iter().map(|p| p.id.as_str()).collect()
    }

    #[test]
    fn who_is_away_is_replaced_by_their_own_deputy_then_the_roles() {
        let mut people = people();
        people.absences.push(away("bo", date(2025, 7, 1), date(2025, 7, 31), Some("anna")));
        people.absences.push(away("bo", date(2025, 9, 1), date(2025, 9, 5), None));
        assert_eq!(on(&people, date(2025, 6, 30)), ["bo"]);
        assert_eq!(on(&people, date(2025, 7, 1)), ["anna"]);
        assert_eq!(on(&people, date(2025, 7, 31)), ["anna"]);
        assert_eq!(on(&people, date(2025, 8, 1)), ["bo"]);
        assert_eq!(on(&people, date(2025, 9, 1)), ["cia"]);
    }

    #[test]
    fn a_role_whose_people_are_all_away_is_vacant() {
        let mut people = people();
        people.absences.push(away("bo", date(2025, 9, 1), date(2025, 9, 30), None));
        people.absences.push(away("cia", date(2025, 9, 8), date(2025, 9, 12), None));
        assert_eq!(on(&people, date(2025, 9, 5)), ["cia"]);
        assert!(on(&people, date(2025, 9, 8)).is_empty());
    }

    #[test]
    fn a_deputy_who_is_away_too_is_replaced_and_a_circle_ends() {
        let mut people = people();
        people.holders.retain(|h| !h.deputy);
        let week = (date(2025, 9, 1), date(2025, 9, 5));
        people.absences.push(away("bo", week.0, week.1, Some("anna")));
        people.absences.push(away("anna", week.0, week.0, Some("cia")));
        assert_eq!(on(&people, week.0), ["cia"]);
        assert_eq!(on(&people, week.1), ["anna"]);
        people.absences.push(away("cia", week.0, week.0, Some("bo")));
        assert!(on(&people, week.0).is_empty());
    }

    #[test]
    fn of_two_members_the_one_who_stays_and_the_deputy_of_the_other() {
        let mut people = people();
        let member = Holder { person: "anna".into(), from: None, until: None, ..people.holders[1].clone() };
        people.holders.push(member);
        people.absences.push(away("bo", date(2025, 9, 1), date(2025, 9, 5), None));
        assert_eq!(on(&people, date(2025, 8, 29)), ["anna", "bo"]);
        assert_eq!(on(&people, date(2025, 9, 1)), ["anna", "cia"]);
    }

    #[test]
    fn nobody_is_a_vacancy() {
        assert!(people().holding(&"rsl".into(), &"ordforande".into(), date(2025, 1, 1)).is_empty());
    }
}
