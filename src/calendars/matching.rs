//! Which events of a calendar are which meetings. Pure.
//!
//! An event is known again by its UID, and one of several repetitions by when its rule put it too. An event that isn't
//! known but lies exactly where a known one is missing is taken for that one: servers that move give all events new
//! UIDs, and a meeting that begins to repeat gets a name of its own.
//!
//! What is missing isn't cancelled at once, since calendars are cut off, emptied and shared anew by mistake:
//!
//! - a calendar that wasn't read whole takes nothing away;
//! - nor does one in which no event at all is the entry's any more: somebody must look at that;
//! - what is over stays as it was, since many calendars show the last months only;
//! - what is left is cancelled when it is still missing a day after it was first missed.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};

use crate::calendar::today;
use crate::ical::read::{External, Reading};
use crate::plan::model::Sourced;
use crate::store::{Decision, EventChange, KnownEvent};
use crate::workflow::model::{FromCalendar, Status};

/// An event is missing for so long before its meeting is cancelled.
const PATIENCE: SignedDuration = SignedDuration::from_hours(24);

/// What `reading` means for the events that are known of an entry.
#[must_use]
pub fn decide(asked: &FromCalendar, reading: &Reading, known: &[KnownEvent], now: Timestamp) -> Decision {
    let mut changes = Vec::new();
    let mut unknown: Vec<&External> = Vec::new();
    let mut missing: BTreeMap<(&str, Option<DateTime>), &KnownEvent> =
        known.iter().map(|event| ((event.uid.as_str(), event.recurrence), event)).collect();
    let mut own = 0_usize;
    for event in reading.events.iter().filter(|event| is_asked_for(asked, event)) {
        own += 1;
        match missing.remove(&(event.uid.as_str(), event.recurrence_id)) {
            Some(before) => changes.push(same(before, event)),
            None => unknown.push(event),
        }
    }
    for event in unknown {
        let here = missing.iter().find(|(_, lost)| lost.sourced.span == event.span && !lost.sourced.gone);
        match here.map(|(key, _)| *key).and_then(|key| missing.remove(&key)) {
            Some(before) => changes.push(same(before, event)),
            // It was cancelled before anybody here knew of it.
            None if event.status == Status::Cancelled => {}
            None => changes.push(EventChange::New {
                uid: event.uid.clone(),
                recurrence: event.recurrence_id,
                sourced: sourced(event),
            }),
        }
    }
    let day = today(now);
    let stands =
        |event: &&KnownEvent| event.sourced.status != Status::Cancelled && event.sourced.span.last() >= day;
    let lost: Vec<&KnownEvent> = missing.into_values().filter(stands).collect();
    if !reading.complete || lost.is_empty() {
        return Decision { changes, trouble: None };
    }
    if own == 0 {
        let trouble = format!(
            "none of its events is one of these meetings any more, and {} were to come; nothing has been cancelled: \
             see whether it is the right calendar, and whether it still shows titles",
            lost.len()
        );
        return Decision { changes, trouble: Some(trouble) };
    }
    changes.extend(lost.into_iter().map(|event| EventChange::Same(missed(event, now))));
    Decision { changes, trouble: None }
}

/// An event that a whole calendar lacks.
fn missed(event: &KnownEvent, now: Timestamp) -> KnownEvent {
    let since = event.missing_since.unwrap_or(now);
    let mut after = KnownEvent { missing_since: Some(since), ..event.clone() };
    if now.duration_since(since) >= PATIENCE {
        after.sourced.status = Status::Cancelled;
        after.sourced.gone = true;
    }
    after
}

fn same(before: &KnownEvent, event: &External) -> EventChange {
    EventChange::Same(KnownEvent {
        at: before.at.clone(),
        uid: event.uid.clone(),
        recurrence: event.recurrence_id,
        sourced: sourced(event),
        missing_since: None,
    })
}

fn sourced(event: &External) -> Sourced {
    let place = event.place.clone().filter(|_| !event.private);
    Sourced { span: event.span, status: event.status, place, gone: false }
}

fn is_asked_for(asked: &FromCalendar, event: &External) -> bool {
    let title = event.title.to_lowercase();
    let named = |word: &String| title.contains(&word.to_lowercase());
    let of = |name: &String| event.categories.iter().any(|own| own.to_lowercase() == name.to_lowercase());
    (asked.titles.is_empty() || asked.titles.iter().any(named))
        && (asked.categories.is_empty() || asked.categories.iter().any(of))
}
