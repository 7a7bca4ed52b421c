//! One question with all that a page must know of it: what stands, whether it still matters, who else has settled
//! it.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::super::Site;
use super::unit::Unit;
use crate::answering::{self, Question};
use crate::ids::{BodyId, PersonId, RoleId};
use crate::plan::model::{Arranged, Facts, Given, Listed, Matter, Object};
use crate::plan::settled::settled_by;
use crate::rules::Rules;
use crate::store::StoreError;
use crate::text::answers as text;
use crate::workflow::model::{SettledBy, Status};

/// A question of one person.
#[derive(Debug)]
pub(super) struct Case {
    pub question: Question,
    /// Why nobody needs to answer it any more.
    pub gone: Option<Gone>,
    /// The answer of somebody else that settles it for this person too.
    pub elsewhere: Option<Elsewhere>,
    /// In which role the person is asked.
    pub role: Option<String>,
    /// The item that it is about, or what is to be known of the plan that it proposes items for.
    pub unit: Option<Unit>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gone {
    /// The occasion is cancelled.
    Cancelled,
    /// The matter is no longer listed.
    Withdrawn,
}

#[derive(Debug)]
pub(super) struct Elsewhere {
    pub label: String,
    /// Their role.
    pub who: String,
    pub at: Timestamp,
}

impl Case {
    /// None if nothing has been asked of the person in the matter.
    pub async fn of(
        site: &Site,
        facts: &Facts,
        matter: &Matter,
        person: &PersonId,
        now: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        let store = &site.state.store;
        let Some(question) = answering::question(store, matter, person, now).await? else { return Ok(None) };
        let rules = site.state.rules.rules();
        let mut case = Self {
            gone: gone(site, facts, matter).await?,
            elsewhere: None,
            role: role_words(&rules, &question.message.role),
            unit: Unit::of(site, facts, &rules, (matter, &question.message.notice.answers), now).await?,
            question,
        };
        if case.question.given.is_none() {
            case.elsewhere = elsewhere(site, &rules, &case.question, person).await?;
        }
        Ok(Some(case))
    }

    /// Whether an answer is recorded.
    pub fn takes_answers(&self) -> bool {
        !self.question.closed && self.gone.is_none()
    }

    /// Whether it waits for this person.
    pub fn waits(&self) -> bool {
        let passed = self.question.arranged.iter().any(|what| matches!(what, Arranged::PassedTo(_)));
        let answers = !self.question.message.notice.answers.is_empty();
        let answered = self.question.given.as_ref().is_some_and(|given| current(given, &self.question));
        self.takes_answers() && self.elsewhere.is_none() && !passed && !answered && answers
    }

    /// What names it within a page; the same however the page's list changes.
    pub fn anchor(&self) -> String {
        anchor(&self.question.message.matter)
    }
}

/// `f` and twelve hexadecimal digits.
fn anchor(matter: &Matter) -> String {
    let digest = Sha256::digest(format!("{matter:?}"));
    let digits: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    format!("f{digits}")
}

async fn gone(site: &Site, facts: &Facts, matter: &Matter) -> Result<Option<Gone>, StoreError> {
    let Some(at) = matter.object.occasion() else { return Ok(None) };
    if let Some(number) = matter.object.listed_number() {
        let own = |l: &&Listed| (&l.workflow, &l.body, &l.of) == (&matter.workflow, &matter.body, at);
        let listed = facts.listed.iter().filter(own).find(|l| l.number == number);
        if listed.is_some_and(|listed| listed.withdrawn) {
            return Ok(Some(Gone::Withdrawn));
        }
    }
    let entered = facts.dates.get(at).is_some_and(|date| date.status == Status::Cancelled);
    let stored = site.state.store.occasion(at).await?;
    let cancelled = stored.is_some_and(|stored| stored.occasion.status == Status::Cancelled);
    Ok((entered || cancelled).then_some(Gone::Cancelled))
}

async fn elsewhere(
    site: &Site,
    rules: &Rules,
    question: &Question,
    person: &PersonId,
) -> Result<Option<Elsewhere>, StoreError> {
    let matter = &question.message.matter;
    let item = match matter.object.unit() {
        Some(unit) => site.state.store.unit(unit).await?,
        None => None,
    };
    let settled_by = settled_by(&rules.workflows, matter, item.as_ref().map(|item| &item.owners));
    if settled_by == SettledBy::Each {
        return Ok(None);
    }
    let own = question.message.role.split('/').next();
    for given in site.state.store.answers_to(matter).await? {
        let asked = site.state.store.latest_message(matter, &given.person).await?.map(|(message, _)| message);
        let role = asked.map(|message| message.role).unwrap_or_default();
        let same_body = own.is_some() && role.split('/').next() == own;
        if &given.person != person
            && (settled_by == SettledBy::Anyone || same_body)
            && current(&given, question)
        {
            let who = role_words(rules, &role).unwrap_or_else(|| text::SOMEBODY.to_owned());
            let known = question.message.notice.answers.iter().find(|a| a.id == given.answer);
            let label = known.map_or_else(|| given.answer.to_string(), |a| a.label.clone());
            return Ok(Some(Elsewhere { label, who, at: given.at }));
        }
    }
    Ok(None)
}

/// An item is asked about again and again: an earlier answer says nothing about today's question.
fn current(given: &Given, question: &Question) -> bool {
    !matches!(question.message.matter.object, Object::Item(_)) || given.at >= question.message.at
}

/// `processtöd i RPO Medicinsk diagnostik`, from `rpo-medicinsk-diagnostik/processtod`.
pub(super) fn role_words(rules: &Rules, path: &str) -> Option<String> {
    let (body, role) = path.split_once('/')?;
    let (body, role) = (BodyId::from(body), RoleId::from(role));
    let found = rules.organisation.bodies.get(&body)?;
    Some(text::role_in(rules.organisation.role_title(&body, &role), &found.name))
}

/// A person by their role today, or else by their name: for somebody whom the reader has named.
pub(super) fn person_words(rules: &Rules, facts: &Facts, person: &PersonId, now: Timestamp) -> String {
    let name = facts
        .people
        .persons
        .get(person)
        .map(|known| if known.name.is_empty() { known.address.clone() } else { known.name.clone() });
    let day = crate::calendar::today(now);
    let holds = |h: &&crate::people::Holder| {
        &h.person == person
            && h.from.is_none_or(|from| from <= day)
            && h.until.is_none_or(|until| day <= until)
    };
    let role = facts.people.holders.iter().find(holds);
    let role = role.and_then(|h| role_words(rules, &format!("{}/{}", h.body, h.role)));
    match (name, role) {
        (Some(name), Some(role)) => format!("{name} ({role})"),
        (Some(name), None) => name,
        (None, _) => text::SOMEBODY.to_owned(),
    }
}
