//! Telling those who had been told: an occasion was moved, cancelled or got another place.

use jiff::{SignedDuration, Timestamp};

use crate::calendar::{instant, next_urgent, next_window, workdays_between};
use crate::plan::key::{Addressee, key};
use crate::plan::model::{
    Matter, Message, MessageKind, Notice, Object, Occasion, OccasionChange, Startable, Told, World,
};
use crate::text::notices as text;
use crate::workflow::model::{EntryKind, Span, Status};

/// The step's name in keys. No file can have a step by it that matters: keys also hold the rung.
const STEP: &str = "andring";
/// A change so near the event leaves at the next full quarter by day.
pub(super) const NEAR: SignedDuration = SignedDuration::from_hours(48);
/// Whoever has not answered is asked anew only if it moved by so many workdays.
pub const ASKED_ANEW: i32 = 5;

/// One message to each who had been told, about the newest change of each occasion. A change that was taken back
/// before it was told leaves nothing.
#[must_use]
pub fn messages(world: World<'_>) -> Vec<Message> {
    let changes = &world.facts.changes;
    let newest = changes
        .iter()
        .enumerate()
        .filter(|(i, change)| changes.get(i + 1).is_none_or(|next| next.after.at != change.after.at));
    let told = newest.flat_map(|(_, change)| change.told.iter().map(move |told| (change, told)));
    told.filter_map(|(change, told)| message(world, change, told)).collect()
}

fn message(world: World<'_>, change: &OccasionChange, told: &Told) -> Option<Message> {
    let mut parts = vec![Startable::Workflow(told.workflow.clone())];
    parts.extend(told.body.iter().cloned().map(Startable::Body));
    world.facts.starts.since(&parts).filter(|since| *since <= change.at)?;
    world.facts.people.persons.get(&told.person)?;
    let matter = Matter {
        workflow: told.workflow.clone(),
        body: told.body.clone(),
        object: Object::Occasion(change.after.at.clone()),
        step: STEP.into(),
    };
    let first = begins(change.before.span).min(begins(change.after.span));
    let urgent = first.duration_since(change.at) <= NEAR;
    let at = if urgent { next_urgent(change.at) } else { next_window(world.quiet, change.at) };
    let rung = format!("c{}", change.sequence);
    let last = change.before.span.last().max(change.after.span.last()).tomorrow().ok();
    Some(Message {
        key: key(&matter, &rung, Addressee::Person(&told.person), change.after.span.first()),
        at,
        expires: last.map(|day| instant(day, jiff::civil::time(0, 0, 0, 0))),
        urgent,
        kind: MessageKind::Change,
        matter,
        role: told.role.clone(),
        to: Some(told.person.clone()),
        notice: notice(change, told),
        assumes: None,
    })
}

pub(super) fn begins(span: Span) -> Timestamp {
    match span {
        Span::AllDay { first, .. } => instant(first, jiff::civil::time(0, 0, 0, 0)),
        Span::Timed { start, .. } => instant(start.date(), start.time()),
    }
}

/// A day that had no hours has got them.
fn is_only_timed(before: Span, after: Span) -> bool {
    let days = |span: Span| (span.first(), span.last());
    matches!((before, after), (Span::AllDay { .. }, Span::Timed { .. })) && days(before) == days(after)
}

fn notice(change: &OccasionChange, told: &Told) -> Notice {
    let OccasionChange { before, after, .. } = change;
    let moved = workdays_between(before.span.first(), after.span.first()).abs();
    let moved = moved.max(workdays_between(before.span.last(), after.span.last()).abs());
    let cancelled = after.status == Status::Cancelled;
    let mut said: Vec<String> = after.note.iter().filter(|_| after.note != before.note).cloned().collect();
    if !cancelled {
        said.push(text::answers_after(moved >= ASKED_ANEW).to_owned());
    }
    let headline = headline(change);
    Notice {
        from_body: told.from_body.clone(),
        subject: headline.clone(),
        headline,
        text: said,
        rows: rows(change),
        due: None,
        answers: Vec::new(),
        silent: Vec::new(),
        why: text::WHY_CHANGE.to_owned(),
        marks: Vec::new(),
        sections: Vec::new(),
        items: Vec::new(),
        together: None,
    }
}

/// What a change came to, in a sentence.
pub(super) fn headline(change: &OccasionChange) -> String {
    let OccasionChange { before, after, .. } = change;
    let when = |o: &Occasion| text::when(o.kind, o.span);
    let cancelled = after.status == Status::Cancelled;
    match (cancelled, before.status == Status::Cancelled, before.span == after.span) {
        (true, ..) => text::cancelled(&after.title, &when(before)),
        (_, true, _) => text::restored(&after.title, &when(after)),
        (_, _, true) if before.place.is_none() => text::placed(&after.title, &when(after)),
        (_, _, true) => text::elsewhere(&after.title, &when(after)),
        _ if is_only_timed(before.span, after.span) => text::timed(&after.title, &when(after)),
        _ if after.kind == EntryKind::Period => text::extended(&after.title, after.span.last()),
        _ => text::moved(&after.title, &when(after)),
    }
}

/// How it was and how it is.
pub(super) fn rows(change: &OccasionChange) -> Vec<(String, String)> {
    let OccasionChange { before, after, .. } = change;
    let when = |o: &Occasion| text::when(o.kind, o.span);
    let cancelled = after.status == Status::Cancelled;
    let mut rows = Vec::new();
    if before.span != after.span || cancelled {
        rows.push(text::before_row(&when(before)));
    }
    if !cancelled {
        rows.push(text::now_row(&when(after)));
        rows.extend(after.place.as_deref().map(text::place_row));
    }
    rows
}
