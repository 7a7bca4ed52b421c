//! Telling those whose calendar hasn't noticed: a meeting was moved or cancelled, and a day before it their own feed has
//! not been fetched since.
//!
//! Programs fetch calendars when they please, some once a day and some not for weeks. A feed that was never fetched is in
//! nobody's calendar, and one that hasn't been for [`ABANDONED`] most likely in none any more: neither is told of. Who
//! doesn't want such mails says so for each feed, since one's telephone may be fresh where another program is not.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::calendar::{next_urgent, today};
use crate::ids::{BodyId, PersonId};
use crate::plan::changes::{NEAR, begins, headline, rows};
use crate::plan::concern::Concern;
use crate::plan::key::{Addressee, key};
use crate::plan::model::{
    Matter, Message, MessageKind, Notice, Object, OccasionChange, Startable, Subscribed, World,
};
use crate::text::people as text;
use crate::workflow::model::EntryKind;

/// The step's name in keys.
pub const STEP: &str = "kalender";
/// So long before the meeting it is told.
const BEFORE: SignedDuration = SignedDuration::from_hours(24);
/// A feed that nobody has fetched for so long is in no calendar any more.
const ABANDONED: SignedDuration = SignedDuration::from_hours(45 * 24);

/// One message to each person for the newest change of each meeting that one of their feeds shows and has not fetched.
#[must_use]
pub fn messages(world: World<'_>) -> Vec<Message> {
    let mut feeds: BTreeMap<&PersonId, Vec<&Subscribed>> = BTreeMap::new();
    for own in world.facts.subscriptions.iter().filter(|own| own.mails) {
        feeds.entry(&own.person).or_default().push(own);
    }
    let meetings = world.facts.moves.iter().filter(|change| change.after.kind == EntryKind::Meeting);
    let mut found = Vec::new();
    for change in meetings {
        let Some(at) = leaves(world, change) else { continue };
        let mut known = BTreeMap::new();
        let mut concerns = |body: &BodyId| {
            *known.entry(body.clone()).or_insert_with(|| {
                let body = world.organisation.bodies.get(body);
                body.is_some_and(|b| Concern::of(b, world.organisation, world.workflows).with(&change.after))
            })
        };
        for (person, feeds) in &feeds {
            let own = bodies(world, person, today(at));
            let missed = |feed: &&&Subscribed| {
                let fetched = |f: &crate::plan::model::Fetched| {
                    f.revision < change.at && at.duration_since(f.at) <= ABANDONED
                };
                feed.fetched.as_ref().is_some_and(fetched)
                    && own.iter().chain(&feed.attends).any(&mut concerns)
            };
            let missed: Vec<&Subscribed> = feeds.iter().filter(missed).copied().collect();
            if !missed.is_empty() {
                found.extend(message(world, change, person, &missed, at));
            }
        }
    }
    found
}

/// When it is told; none where the meeting has begun by then, or its workflow was silent when it changed.
fn leaves(world: World<'_>, change: &OccasionChange) -> Option<Timestamp> {
    let at = &change.after.at;
    let mut parts = vec![Startable::Workflow(at.workflow.clone())];
    parts.extend(at.body.iter().cloned().map(Startable::Body));
    world.facts.starts.since(&parts).filter(|since| *since <= change.at)?;
    let first = begins(change.before.span).min(begins(change.after.span));
    let leaves = next_urgent((first - BEFORE).max(change.at));
    (leaves < first).then_some(leaves)
}

/// The bodies that somebody belongs to on a day.
fn bodies(world: World<'_>, person: &PersonId, day: Date) -> BTreeSet<BodyId> {
    let held = world.facts.people.holders.iter().filter(|h| {
        &h.person == person && h.from.is_none_or(|d| d <= day) && h.until.is_none_or(|d| day <= d)
    });
    held.map(|h| h.body.clone()).collect()
}

fn message(
    world: World<'_>,
    change: &OccasionChange,
    person: &PersonId,
    missed: &[&Subscribed],
    at: Timestamp,
) -> Option<Message> {
    world.facts.people.persons.get(person)?;
    let first = begins(change.before.span).min(begins(change.after.span));
    // Whoever had been told of it hears of a change so near at once, and not twice.
    let told = change.told.iter().any(|told| &told.person == person);
    if told && first.duration_since(change.at) <= NEAR {
        return None;
    }
    let after = &change.after;
    let matter = Matter {
        workflow: after.at.workflow.clone(),
        body: after.at.body.clone(),
        object: Object::Occasion(after.at.clone()),
        step: STEP.into(),
    };
    let body = after.at.body.as_ref().and_then(|body| world.organisation.bodies.get(body));
    let said = missed.iter().filter_map(|feed| Some(text::unseen(&feed.name, feed.fetched?.at)));
    let headline = headline(change);
    Some(Message {
        key: key(&matter, &format!("k{}", change.sequence), Addressee::Person(person), after.span.first()),
        at,
        expires: Some(first),
        urgent: true,
        kind: MessageKind::Change,
        matter,
        role: String::new(),
        to: Some(person.clone()),
        notice: Notice {
            from_body: body.map_or_else(|| after.title.clone(), |body| body.short.clone()),
            subject: headline.clone(),
            headline,
            text: said.chain([text::UNSEEN_HOW.to_owned()]).collect(),
            rows: rows(change),
            due: None,
            answers: Vec::new(),
            silent: Vec::new(),
            why: text::UNSEEN_WHY.to_owned(),
            marks: Vec::new(),
            sections: Vec::new(),
            items: Vec::new(),
            together: None,
        },
        assumes: None,
    })
}
