//! What an answer does: to the item that it is about, to an assignment, and which items it proposes.

use super::item::{self, Scene};
use super::{Proposal, Question, Tidy};
use crate::ids::PersonId;
use crate::items::register::{
    Activity, Assignment, AssignmentState, Card, Line, LogEntry, LogKind, Precision, Source, Wait, WaitKind,
    WaitOn, is_about,
};
use crate::items::{Health, Item, Owner, Owners, Phase};
use crate::plan::follow::later;
use crate::plan::model::{Matter, Object};
use crate::plan::settled::ended_waits;
use crate::rules::Rules;
use crate::store::{Advance, ItemChange, MeasuredValue, Proposed};
use crate::text::answers as text;
use crate::workflow::model::Answer;

/// What an answer does to the unit that it is about; none if it is about none.
pub(super) fn on_item(
    rules: &Rules,
    scene: &Scene,
    question: &Question,
    chosen: &Answer,
    tidy: &Tidy,
    person: &PersonId,
) -> Option<ItemChange> {
    let item = scene.item.as_ref()?;
    let matter = &question.message.matter;
    let about = &tidy.item;
    let phase = about.phase.or(chosen.phase);
    let mut health = about.health.or(chosen.health);
    // A reason that the owner gives for what is red already explains it too.
    let explains = about.line.is_some()
        && health.unwrap_or(item.health) == Health::Red
        && is_owner(scene, item, person, &question.message.role);
    if explains {
        health = Some(Health::Red);
    }
    let owners = about.owners.as_ref();
    let values = about.values.iter().filter_map(|value| {
        let region = rules.organisation.find(&value.region)?.id.clone();
        let (period, value_) = (value.period.clone(), value.value.clone());
        Some(MeasuredValue { measure: value.measure, region, period, value: value_ })
    });
    Some(ItemChange {
        phase,
        health,
        quiet_until: quiet_until(scene, item, matter, chosen, tidy, phase),
        next: about.next.map(Some),
        owners: owners.and_then(|owners| item::owners(&rules.organisation, &scene.facts, owners)),
        explained_by: explains.then(|| person.clone()),
        entry: entry(rules, scene, item, matter, chosen, tidy, phase),
        wait: chosen.waits_for_meeting.then(|| next_meeting(scene, item)).flatten(),
        values: values.collect(),
        ended_waits: ended_waits(rules.world(&scene.facts), matter, scene.today),
    })
}

/// Whether `person` is asked as an owner of the unit, or is one.
fn is_owner(scene: &Scene, item: &Item, person: &PersonId, asked_as: &str) -> bool {
    item.owners.list.iter().any(|owner| match owner {
        Owner::Person(owner) => owner == person,
        Owner::Role { body, role } => {
            asked_as == format!("{body}/{role}") || scene.facts.people.holds(person, body, role, scene.today)
        }
    })
}

/// Until when it is left alone. A watch reckons its rest from the answer itself; a step of a round has no series to
/// rest in, so the unit does. What rested in one phase doesn't in the next.
fn quiet_until(
    scene: &Scene,
    item: &Item,
    matter: &Matter,
    chosen: &Answer,
    tidy: &Tidy,
    phase: Option<Phase>,
) -> Option<Option<jiff::civil::Date>> {
    if chosen.rest_until_date {
        return tidy.date.map(Some);
    }
    let of_step = matches!(matter.object, Object::Part { .. });
    if let Some(rest) = chosen.rest.filter(|_| of_step) {
        return Some(Some(later(scene.today, rest)));
    }
    let moves_on = phase.is_some_and(|phase| phase != item.phase);
    (moves_on && chosen.rest.is_none() && item.quiet_until.is_some()).then_some(None)
}

fn entry(
    rules: &Rules,
    scene: &Scene,
    item: &Item,
    matter: &Matter,
    chosen: &Answer,
    tidy: &Tidy,
    phase: Option<Phase>,
) -> Option<LogEntry> {
    let about = &tidy.item;
    let followed = scene.facts.followed(&item.id);
    let own = |line: &&Line| is_about(line.part.as_deref(), item.part.as_deref());
    let is_closed =
        followed.log.iter().filter(own).any(|line| line.kind == LogKind::Closing && !line.planned);
    let ends = phase.unwrap_or(item.phase) == Phase::Done && !is_closed;
    let says = about.line.is_some() || phase.is_some() || about.health.or(chosen.health).is_some();
    // A question that is put off says nothing of what became of a plan.
    let put_off = chosen.rest.is_some() || chosen.rest_until_date;
    let planned = if put_off { None } else { planned_line(rules, scene, item, matter) };
    let kind = if ends && (phase.is_some() || about.line.is_some()) {
        Some(LogKind::Closing)
    } else {
        chosen.log.or_else(|| (says || planned.is_some()).then_some(LogKind::Report))
    };
    Some(LogEntry {
        part: item.part.clone(),
        day: scene.today,
        precision: Precision::Day,
        kind: kind?,
        planned: false,
        text: about.line.clone().unwrap_or_else(|| chosen.label.clone()),
        doer: None,
        by: None,
        about: planned.map(|line| line.number),
    })
}

/// The planned line that the question asks the outcome of: of those whose day has passed, the earliest.
fn planned_line<'a>(rules: &Rules, scene: &'a Scene, item: &Item, matter: &Matter) -> Option<&'a Line> {
    let workflow = rules.workflows.0.get(&matter.workflow)?;
    let watch = workflow.watches.iter().find(|w| w.id == matter.step).map(|w| &w.about);
    let step = workflow.steps.iter().find(|s| s.id == matter.step).and_then(|s| s.items.as_ref());
    watch.or(step).filter(|about| about.planned_entry == Some(true))?;
    let open = |line: &&Line| line.planned && !line.settled && line.day <= scene.today;
    let own = |line: &&Line| is_about(line.part.as_deref(), item.part.as_deref());
    scene.facts.followed(&item.id).log.iter().filter(own).find(open)
}

/// That it waits for its body's next meeting; none if it does already.
fn next_meeting(scene: &Scene, item: &Item) -> Option<Wait> {
    let waits = &scene.facts.followed(&item.id).waits;
    let same =
        |wait: &Wait| wait.on == WaitOn::NextMeeting && is_about(wait.part.as_deref(), item.part.as_deref());
    let wait = Wait {
        number: 0,
        part: item.part.clone(),
        kind: WaitKind::Meeting,
        text: text::NEXT_MEETING.to_owned(),
        on: WaitOn::NextMeeting,
        since: scene.today,
    };
    (!waits.iter().any(same)).then_some(wait)
}

/// How an answer moves an assignment on; none where it can't go there from where it is.
pub(super) fn on_assignment(scene: &Scene, question: &Question, chosen: &Answer) -> Option<(i64, Onward)> {
    let wanted = chosen.assignment?;
    let assignment = assignment(scene, &question.message.matter)?;
    let owner = || {
        let (body, role) = question.message.role.split_once('/')?;
        Some(Owner::Role { body: body.into(), role: role.into() })
    };
    let onward = match (assignment.state, wanted) {
        (AssignmentState::Drafted, AssignmentState::Approved) => Onward::Approve,
        (AssignmentState::Given, AssignmentState::Confirmed) => Onward::Confirm(owner()?),
        (AssignmentState::Given | AssignmentState::Confirmed, AssignmentState::Reported) => {
            Onward::Report(owner()?)
        }
        (AssignmentState::Reported, AssignmentState::Noted) => Onward::Note,
        _ => return None,
    };
    Some((assignment.number, onward))
}

/// Where an assignment goes; giving one opens an occasion, and no answer does that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Onward {
    Approve,
    Confirm(Owner),
    Report(Owner),
    Note,
}

impl Onward {
    pub(super) fn advance(&self) -> Advance<'_> {
        match self {
            Self::Approve => Advance::Approve,
            Self::Confirm(owner) => Advance::Confirm(owner),
            Self::Report(owner) => Advance::Report(owner),
            Self::Note => Advance::Note,
        }
    }
}

/// The one that the occasion was opened for, or that the unit goes with and that isn't finished.
fn assignment<'a>(scene: &'a Scene, matter: &Matter) -> Option<&'a Assignment> {
    let all = &scene.facts.assignments;
    let opened = matter.object.occasion().and_then(|at| all.iter().find(|a| a.at.as_ref() == Some(at)));
    let goes_with = |a: &&Assignment| {
        a.state != AssignmentState::Noted
            && matter.object.unit().is_some_and(|unit| a.units.iter().any(|known| known == unit))
    };
    opened.or_else(|| all.iter().rev().find(goes_with))
}

/// Proposed items as rows of a plan.
pub(super) fn proposed(rules: &Rules, scene: &Scene, proposals: &[Proposal]) -> Vec<Proposed> {
    let written = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let row = |proposal: &Proposal| {
        let owner = item::owner(&rules.organisation, &scene.facts, &proposal.owner)?;
        let activity = written(&proposal.activity);
        let activities = activity.map(|text| Activity { text, mark: Some(text::NEW_MARK.to_owned()) });
        Some(Proposed {
            title: proposal.title.clone(),
            owners: Owners::one(owner),
            next: proposal.next,
            card: Card {
                source: Some(Source::Own),
                promises: proposal.promises.iter().copied().collect(),
                activities: activities.into_iter().collect(),
                follow_up: written(&proposal.follow_up),
                ..Card::default()
            },
            line: text::PROPOSED.to_owned(),
        })
    };
    proposals.iter().filter(|proposal| !proposal.is_blank()).filter_map(row).collect()
}
