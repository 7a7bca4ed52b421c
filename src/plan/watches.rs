//! Watches over items: repeated, spaced, limited nudges that stop at an answer.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::{next_window, today, window_of_day, workdays_between, workdays_from};
use crate::ids::BodyId;
use crate::items::Item;
use crate::plan::follow::{Meetings, Seen, later};
use crate::plan::key::key;
use crate::plan::model::{Matter, Message, MessageKind, Object, Startable, World};
use crate::plan::notice;
use crate::plan::occasions::bodies_of;
use crate::plan::recipients::{About, resolve};
use crate::workflow::model::{Schedule, Watch, Workflow};

/// Nobody hears of the same item again within so many workdays, whichever watch it comes from.
const SPACING: i32 = 5;

/// One nudge of a series, before it is known who gets it.
struct Nudge {
    at: Timestamp,
    /// Its name in the key.
    rung: String,
    /// After how many nudges it is handed over.
    handed_over: Option<u16>,
}

/// Every nudge of every watch up to `until`, in no particular order.
#[must_use]
pub fn messages(world: World<'_>, until: Timestamp) -> Vec<Message> {
    let mut found = Vec::new();
    let meetings = &Meetings::of(&world, today(until));
    let mut items: BTreeMap<&BodyId, Vec<&Item>> = BTreeMap::new();
    for item in &world.facts.items {
        items.entry(&item.body).or_default().push(item);
    }
    for workflow in world.workflows.0.values().filter(|w| !w.watches.is_empty()) {
        for body in bodies_of(&world, &workflow.scope).into_iter().flatten() {
            for item in items.get(&body).into_iter().flatten().copied() {
                let seen = Seen { world, meetings, item, occasion: None };
                for watch in &workflow.watches {
                    found.extend(of_item(seen, workflow, watch, until));
                }
            }
        }
    }
    spaced(world, found)
}

fn of_item(seen: Seen<'_>, workflow: &Workflow, watch: &Watch, until: Timestamp) -> Vec<Message> {
    let (world, item) = (seen.world, seen.item);
    let matter = Matter {
        workflow: workflow.id.clone(),
        body: Some(item.body.clone()),
        object: Object::Item(item.unit()),
        step: watch.id.clone(),
    };
    let Some(since) = started(world, workflow, &item.body) else { return Vec::new() };
    let Some(base) = base(seen, watch, &matter, since, today(until)) else { return Vec::new() };
    let about = today(base);
    let mut messages = Vec::new();
    for nudge in series(world, watch, base, until) {
        if !seen.fits(&watch.about, today(nudge.at)) {
            continue;
        }
        let to = match (&watch.hand_over, nudge.handed_over) {
            (Some(hand_over), Some(_)) => &hand_over.to,
            _ => &watch.to,
        };
        let sought = About { body: Some(&item.body), item: Some(item), ..About::default() };
        for recipe in resolve(&world, to, sought, today(nudge.at)) {
            messages.push(Message {
                key: key(&matter, &nudge.rung, recipe.addressee(), about),
                at: nudge.at,
                expires: None,
                urgent: false,
                kind: if nudge.handed_over.is_some() { MessageKind::Escalation } else { MessageKind::Nudge },
                matter: matter.clone(),
                role: recipe.role_path(),
                to: recipe.person.clone(),
                notice: notice::of_watch(seen, watch, &recipe, nudge.handed_over, today(nudge.at)),
                assumes: None,
            });
        }
    }
    messages
}

fn started(world: World<'_>, workflow: &Workflow, body: &BodyId) -> Option<Timestamp> {
    world.facts.starts.since(&[
        Startable::Workflow(workflow.id.clone()),
        Startable::Body(body.clone()),
        Startable::Items(body.clone()),
    ])
}

/// From when the series counts: the latest of the state's own day, the moment the register learnt of it, the
/// start, and the end of a rest that was agreed. None when it has been answered for good.
fn base(
    seen: Seen<'_>,
    watch: &Watch,
    matter: &Matter,
    since: Timestamp,
    horizon: Date,
) -> Option<Timestamp> {
    let (world, item) = (seen.world, seen.item);
    let recorded = seen.recorded(&watch.about);
    let state = seen.since(&watch.about, horizon).map(window_of_day);
    let began = recorded.max(state.unwrap_or(recorded));
    let mut base = since.max(began);
    if let Some(until) = item.quiet_until {
        base = base.max(window_of_day(until));
    }
    // Only an answer to what the item is now counts: one from before its present state is history.
    let answers = world.facts.answers.iter().filter(|g| &g.matter == matter && g.at >= began);
    match answers.max_by_key(|g| g.at) {
        None => Some(base),
        Some(given) => {
            let rest = watch.answers.iter().find(|a| a.id == given.answer)?.rest?;
            Some(base.max(window_of_day(later(today(given.at), rest))))
        }
    }
}

/// The days of a series, each an interval after the one before, stretched over quiet periods.
fn series(world: World<'_>, watch: &Watch, base: Timestamp, until: Timestamp) -> Vec<Nudge> {
    let Schedule::Series { first, every } = watch.schedule else { return Vec::new() };
    let start = today(base);
    let mut naturals = vec![first.map_or(start, |offset| offset.apply(start))];
    let nudges = watch.limit.map_or(usize::MAX, usize::from);
    let wanted = nudges.saturating_add(usize::from(watch.hand_over.is_some()));
    while let (Some(every), Some(last)) = (every, naturals.last().copied()) {
        let next = later(last, every);
        if naturals.len() >= wanted || window_of_day(next) > until || next <= last {
            break;
        }
        naturals.push(next);
    }
    let days = world.quiet.stretch_ladder(&naturals);
    let at_once = first.is_none().then(|| next_window(world.quiet, base));
    days.into_iter()
        .enumerate()
        .map(|(i, day)| {
            let handed_over = watch.limit.filter(|limit| i >= usize::from(*limit));
            let rung = if handed_over.is_some() { "h".to_owned() } else { format!("n{}", i + 1) };
            let at = at_once.filter(|_| i == 0).unwrap_or_else(|| window_of_day(day));
            Nudge { at, rung, handed_over }
        })
        .collect()
}

/// Puts off what would reach a person about the same item too soon after something else about it.
fn spaced(world: World<'_>, mut messages: Vec<Message>) -> Vec<Message> {
    // Of two on the same day the one about red goes first: its watch looks at health.
    messages.sort_by(|a, b| {
        (&a.matter.object, &a.to, a.at, &a.key).cmp(&(&b.matter.object, &b.to, b.at, &b.key))
    });
    let mut previous: Option<(Object, Option<crate::ids::PersonId>, Date)> = None;
    for message in &mut messages {
        let same = previous.as_ref().filter(|(object, to, _)| {
            message.to.is_some() && *object == message.matter.object && *to == message.to
        });
        if let Some((_, _, day)) = same
            && workdays_between(*day, today(message.at)) < SPACING
        {
            message.at = window_of_day(world.quiet.first_open_workday(workdays_from(*day, SPACING)));
        }
        previous = Some((message.matter.object.clone(), message.to.clone(), today(message.at)));
    }
    messages
}
