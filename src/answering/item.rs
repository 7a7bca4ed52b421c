//! What comes with an answer about an item of the plan, and proposals of new ones: tidied and checked.

use jiff::ToSpan;
use jiff::civil::Date;

use super::check::{FARTHEST_YEARS, line, paragraphs, takes_field};
use super::wrong::{LONGEST_LINE, LONGEST_TEXT, LONGEST_TITLE, LONGEST_VALUE, MOST_PROPOSALS, Missing};
use super::{Field, Wrong};
use crate::ids::{BodyId, PersonId, slug};
use crate::items::register::Promise;
use crate::items::{Health, Item, Owner, Owners, Phase};
use crate::organisation::Organisation;
use crate::plan::model::Facts;
use crate::store::MeasureRow;
use crate::workflow::model::{Answer, Takes};

/// What comes about an item of the plan; what is none isn't touched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AboutItem {
    /// How far it has come.
    pub phase: Option<Phase>,
    /// How it goes.
    pub health: Option<Health>,
    /// One line for its log.
    pub line: Option<String>,
    /// When something is to happen next.
    pub next: Option<Date>,
    /// Who owns it from now on.
    pub owners: Option<HandedOwners>,
    /// Values of its measures.
    pub values: Vec<HandedValue>,
}

/// Who owns an item, as somebody writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HandedOwners {
    /// Each a role as `body/role`, or the address or the id of somebody registered.
    pub names: Vec<String>,
    /// Whether each of them answers.
    pub all: bool,
}

/// The value of a measure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HandedValue {
    /// The measure's number.
    pub measure: i64,
    /// The region: a body's name or id.
    pub region: String,
    /// For when: "2025 T1".
    pub period: String,
    /// The value.
    pub value: String,
}

/// A new item for the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposal {
    /// What it is called.
    pub title: String,
    /// The promises that it serves.
    pub promises: Vec<Promise>,
    /// What is to be done.
    pub activity: String,
    /// How it is to be followed up.
    pub follow_up: String,
    /// Who is to own it, as in [`HandedOwners::names`].
    pub owner: String,
    /// When something is to happen first.
    pub next: Option<Date>,
}

impl Proposal {
    /// Whether nothing has been written; an owner that is chosen beforehand proposes nothing.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        let texts = [&self.title, &self.activity, &self.follow_up];
        texts.iter().all(|text| text.trim().is_empty()) && self.promises.is_empty() && self.next.is_none()
    }
}

/// What an answer is held against that is about an item, or proposes some.
#[derive(Debug)]
pub(super) struct Scene {
    pub today: Date,
    pub facts: Facts,
    /// The unit that the question is about.
    pub item: Option<Item>,
    pub measures: Vec<MeasureRow>,
}

/// An owner by what somebody wrote.
pub(super) fn owner(organisation: &Organisation, facts: &Facts, name: &str) -> Option<Owner> {
    let name = name.trim();
    let persons = &facts.people.persons;
    if name.contains('@') {
        let known = persons.values().find(|person| person.address.to_lowercase() == name.to_lowercase())?;
        return Some(Owner::Person(known.id.clone()));
    }
    if let Some((body, role)) = organisation.find_role(name) {
        return Some(Owner::Role { body, role });
    }
    let id = PersonId::from(name);
    persons.contains_key(&id).then_some(Owner::Person(id))
}

/// All of them; none if one isn't known.
pub(super) fn owners(organisation: &Organisation, facts: &Facts, handed: &HandedOwners) -> Option<Owners> {
    let list =
        handed.names.iter().map(|name| owner(organisation, facts, name)).collect::<Option<Vec<_>>>()?;
    Some(Owners { list, all: handed.all })
}

/// Without what means nothing: blank lines and names, values left empty.
pub(super) fn tidy(about: &AboutItem) -> AboutItem {
    let mut tidy = about.clone();
    tidy.line = about.line.as_deref().map(line).filter(|line| !line.is_empty());
    if let Some(owners) = &mut tidy.owners {
        owners.names.retain(|name| !name.trim().is_empty());
    }
    tidy.owners = tidy.owners.filter(|owners| !owners.names.is_empty());
    for value in &mut tidy.values {
        (value.value, value.period) = (line(&value.value), line(&value.period));
    }
    tidy.values.retain(|value| !value.value.is_empty());
    tidy
}

pub(super) fn tidy_proposal(proposal: &Proposal) -> Proposal {
    let mut promises = proposal.promises.clone();
    promises.sort();
    promises.dedup();
    Proposal {
        title: line(&proposal.title),
        promises,
        activity: paragraphs(&proposal.activity),
        follow_up: paragraphs(&proposal.follow_up),
        owner: proposal.owner.trim().to_owned(),
        next: proposal.next,
    }
}

/// Everything that is wrong with what came about an item.
pub(super) fn check(
    organisation: &Organisation,
    scene: &Scene,
    chosen: &Answer,
    about: &AboutItem,
) -> Vec<Wrong> {
    let takes = |field| takes_field(chosen, field);
    let mut wrong = Vec::new();
    let phase = about.phase.filter(|_| takes(Field::Phase)).or(chosen.phase);
    let health = about.health.filter(|_| takes(Field::Health)).or(chosen.health);
    if let Some(line) = about.line.as_ref().filter(|_| takes(Field::Line)) {
        let length = line.chars().count();
        if length > LONGEST_LINE {
            wrong.push(Wrong::LineTooLong { length });
        }
    } else if let (Some(item), true) = (&scene.item, takes(Field::Line)) {
        let ends = phase == Some(Phase::Done) && item.phase != Phase::Done;
        let unexplained = item.health != Health::Red || item.health_explained_by.is_none();
        // Neither needs to be said twice: what was closed or red before has its reason in the log.
        if ends {
            wrong.push(Wrong::NoClosing);
        } else if health == Some(Health::Red) && unexplained {
            wrong.push(Wrong::NoReason);
        } else if chosen.needs.contains(&Takes::Line) {
            wrong.push(Wrong::Missing(Field::Line));
        }
    }
    if takes(Field::NextDate) {
        wrong.extend(about.next.and_then(|next| next_date(next, scene.today)));
    }
    if let Some(handed) = about.owners.as_ref().filter(|_| takes(Field::Owner)) {
        let unknown = handed.names.iter().find(|name| owner(organisation, &scene.facts, name).is_none());
        wrong.extend(unknown.map(|name| Wrong::OwnerUnknown(name.clone())));
    }
    if takes(Field::Values) {
        wrong.extend(about.values.iter().filter_map(|value| wrong_value(organisation, scene, value)));
    }
    wrong
}

fn next_date(next: Date, today: Date) -> Option<Wrong> {
    let last = today.saturating_add(FARTHEST_YEARS.years());
    if next < today {
        return Some(Wrong::NextPast { today });
    }
    (next > last).then_some(Wrong::NextTooLate { last })
}

fn wrong_value(organisation: &Organisation, scene: &Scene, value: &HandedValue) -> Option<Wrong> {
    let measure = scene.measures.iter().any(|known| known.number == value.measure);
    if !measure || organisation.find(&value.region).is_none() {
        return Some(Wrong::ValueUnknown { measure: value.measure, region: value.region.clone() });
    }
    let long = |text: &str| text.chars().count() > LONGEST_VALUE;
    if long(&value.value) || long(&value.period) {
        return Some(Wrong::ValueTooLong { measure: value.measure, region: value.region.clone() });
    }
    value.period.is_empty().then_some(Wrong::PeriodMissing)
}

/// Everything that is wrong with proposed items, each by its number from 1. What is blank is no proposal.
pub(super) fn check_proposals(
    organisation: &Organisation,
    scene: &Scene,
    body: Option<&BodyId>,
    proposals: &[Proposal],
) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    if proposals.len() > MOST_PROPOSALS {
        wrong.push(Wrong::TooManyProposals);
    }
    for (n, proposal) in proposals.iter().enumerate().filter(|(_, proposal)| !proposal.is_blank()) {
        let known = owner(organisation, &scene.facts, &proposal.owner);
        let next = proposal.next.and_then(|next| next_date(next, scene.today));
        let texts = [&proposal.activity, &proposal.follow_up];
        let missing = [
            (proposal.title.is_empty() || proposal.title.chars().count() > LONGEST_TITLE, Missing::Title),
            (texts.iter().any(|text| text.chars().count() > LONGEST_TEXT), Missing::Room),
            (proposal.owner.is_empty() || known.is_none(), Missing::Owner),
            (proposal.next.is_none() || next.is_some(), Missing::Next),
            (is_planned(scene, body, &proposal.title), Missing::News),
        ];
        let missing = missing.into_iter().filter(|(is, _)| *is);
        wrong.extend(missing.map(|(_, missing)| Wrong::Proposed { number: n + 1, missing }));
    }
    wrong
}

/// Whether the plan has it already. What has only been proposed may be sent once more: that is the same proposal.
fn is_planned(scene: &Scene, body: Option<&BodyId>, title: &str) -> bool {
    let wanted = slug(title);
    let open = |item: &&Item| !matches!(item.phase, Phase::Undecided | Phase::Done);
    let here = |item: &&Item| body == Some(&item.body);
    scene.facts.items.iter().filter(here).filter(open).any(|item| slug(&item.title) == wanted)
}
