//! A message's identity as text.

use jiff::civil::Date;

use crate::ids::{BodyId, OccasionRef, PersonId, RoleId};
use crate::plan::model::{Key, Matter, Object};

/// Who a message is for, as far as its key is concerned.
#[derive(Clone, Copy, Debug)]
pub enum Addressee<'a> {
    /// A person or a mailbox.
    Person(&'a PersonId),
    /// A role that nobody holds.
    Vacant(&'a BodyId, &'a RoleId),
    /// An owner that isn't in the register of people any more, or no owner at all.
    Nobody,
}

/// The key of rung `rung` of `matter` for `addressee`, about the day `about`. The parts hold no colon and no
/// space: ids are slugs and paths of slugs, so keys can't run into each other.
#[must_use]
pub fn key(matter: &Matter, rung: &str, addressee: Addressee<'_>, about: Date) -> Key {
    let body = matter.body.as_ref().map_or("-", BodyId::as_str);
    let object = match &matter.object {
        Object::Occasion(at) => occasion_part(matter, at),
        Object::Item(unit) => unit.clone(),
        Object::Part { of, part } => format!("{}/{part}", occasion_part(matter, of)),
        Object::Other(what) => what.clone(),
    };
    let who = match addressee {
        Addressee::Person(person) => person.to_string(),
        Addressee::Vacant(body, role) => format!("vakant.{body}.{role}"),
        Addressee::Nobody => "ingen".to_owned(),
    };
    Key(format!("{}:{body}:{object}:{}:{rung}:{who}:{about}", matter.workflow, matter.step))
}

/// The day that a key is about; none for a text that is no key.
#[must_use]
pub fn about(key: &Key) -> Option<Date> {
    key.0.rsplit(':').next()?.parse().ok()
}

/// The rung of a key; empty for a text that is no key.
#[must_use]
pub fn rung(key: &Key) -> &str {
    key.0.rsplit(':').nth(2).unwrap_or_default()
}

/// Whether an ask was set off by somebody else: passed on to its recipient, or sent for their help. It is news to
/// them even if they had been asked before.
#[must_use]
pub fn is_set_off(key: &Key) -> bool {
    rung(key).starts_with("p.") || rung(key).starts_with("h.")
}

/// `sommar.2025` where the occasion is the workflow's and body's own, else with what tells it apart:
/// `nationell/remisser~sommar.2025`, `sydostra/kunskapsrad~kvartal-1.2025@kunskapsrad-kirurgi-och-cancer`.
fn occasion_part(matter: &Matter, at: &OccasionRef) -> String {
    let mut part = String::new();
    if at.workflow != matter.workflow {
        part.push_str(at.workflow.as_str());
        part.push('~');
    }
    part.push_str(&at.id.to_string());
    if let Some(body) = at.body.as_ref().filter(|b| Some(*b) != matter.body.as_ref()) {
        part.push('@');
        part.push_str(body.as_str());
    }
    part
}
