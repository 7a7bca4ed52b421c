//! From the events of a file to what is told: doubled ones put together, repetitions written out.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime};

use super::components::Contents;
use super::doubts::Doubts;
use super::event::{Original, Read, Reader};
use super::rule::{Stopped, Wanted};
use super::zones::Zones;
use super::{External, Limits, Reading};
use crate::ical::feeds::horizon;
use crate::workflow::model::{Span, Status};

/// So many days of rules are looked at in one file: several hundred weekly meetings, or a daily one since the year 1.
const STEPS: u32 = 2_000_000;

/// All events of one UID.
#[derive(Default)]
struct Series {
    event: Option<Read>,
    /// Repetitions that differ, by which they are.
    changed: BTreeMap<Original, Read>,
}

/// What is told of `contents`.
pub fn assemble(contents: Contents, limits: Limits, mut doubts: Doubts) -> Reading {
    let mut zones = Zones::new(contents.zones);
    let mut reader = Reader { zones: &mut zones, doubts: &mut doubts };
    let mut series: BTreeMap<String, Series> = BTreeMap::new();
    let mut complete = contents.complete;
    for event in &contents.events {
        let Some(mut read) = reader.read(event) else {
            complete = false;
            continue;
        };
        if contents.cancels {
            read.status = Status::Cancelled;
        }
        let uid = read.uid.take().unwrap_or_else(|| made_up(&read, reader.doubts));
        let known = series.entry(uid).or_default();
        match read.original {
            None => keep_newer(&mut known.event, read, reader.doubts),
            Some(original) => {
                let mut place = known.changed.remove(&original);
                keep_newer(&mut place, read, reader.doubts);
                known.changed.extend(place.map(|newer| (original, newer)));
            }
        }
    }
    let mut teller = Teller::new(limits, &mut doubts);
    for (uid, one) in series {
        teller.tell(&uid, one);
    }
    let Teller { mut events, outside, lost, .. } = teller;
    events.sort_by(|a, b| (start(a), &a.uid, a.recurrence_id).cmp(&(start(b), &b.uid, b.recurrence_id)));
    Reading { name: contents.name, complete: complete && !lost, events, outside, doubts: doubts.into_found() }
}

/// A name for an event that has none.
fn made_up(read: &Read, doubts: &mut Doubts) -> String {
    doubts.add(read.line, format_args!("an event has no UID; a move of it will look like another event"));
    format!("{}/{}", read.when.start, read.title)
}

/// Of two events that are the same one the newer stays: by revision, then by when it was written, then by place.
fn keep_newer(known: &mut Option<Read>, read: Read, doubts: &mut Doubts) {
    if let Some(known) = known {
        doubts.add(
            read.line,
            format_args!("it has the UID of the event on line {}; the newer one counts", known.line),
        );
        if (known.sequence, known.stamp) > (read.sequence, read.stamp) {
            return;
        }
    }
    *known = Some(read);
}

fn start(event: &External) -> DateTime {
    match event.span {
        Span::AllDay { first, .. } => first.into(),
        Span::Timed { start, .. } => start,
    }
}

/// Writes repetitions out, within the limits.
struct Teller<'a> {
    limits: Limits,
    from: Date,
    until: Date,
    steps: u32,
    events: Vec<External>,
    outside: usize,
    /// Whether something is missing in what is told.
    lost: bool,
    /// Whether there is room for no more.
    is_full: bool,
    doubts: &'a mut Doubts,
}

impl<'a> Teller<'a> {
    fn new(limits: Limits, doubts: &'a mut Doubts) -> Self {
        let (from, until) = horizon(limits.as_of);
        let events = Vec::new();
        Self { limits, from, until, steps: STEPS, events, outside: 0, lost: false, is_full: false, doubts }
    }

    fn tell(&mut self, uid: &str, series: Series) {
        if self.is_full {
            return;
        }
        let before = self.events.len();
        let Series { event, mut changed } = series;
        if let Some(read) = &event {
            let repeats = &read.repeats;
            self.lost |= repeats.unclear;
            let alone = repeats.rule.is_none() && repeats.added.is_empty();
            for at in self.starts(read) {
                let original = read.when.zone.to_stockholm(at);
                // One that differs may name its time or only its day.
                let by_time = changed.remove(&Original { at: original, day: false });
                let instead =
                    by_time.or_else(|| changed.remove(&Original { at: original.date().into(), day: true }));
                match instead {
                    Some(instead) => {
                        self.push(uid, Some(original), &instead, instead.when.span(instead.when.start))
                    }
                    None => self.push(uid, (!alone).then_some(original), read, read.when.span(at)),
                }
            }
        }
        for (original, read) in changed {
            self.push(uid, Some(original.at), &read, read.when.span(read.when.start));
        }
        self.outside += usize::from(self.events.len() == before);
    }

    /// When an event starts, each time; on its own clocks.
    fn starts(&mut self, read: &Read) -> Vec<DateTime> {
        let (when, repeats) = (&read.when, &read.repeats);
        let reach = SignedDuration::from_hours(24 * (when.days_on() + 1));
        let wanted = Wanted {
            from: self.from.saturating_sub(reach),
            until: self.until.saturating_add(SignedDuration::from_hours(24)),
            most: self.limits.instances,
        };
        let (mut starts, stopped) = match &repeats.rule {
            Some(rule) => rule.expand(when.start, repeats.last, wanted, &mut self.steps),
            None => (vec![when.start], None),
        };
        starts.extend(repeats.added.iter().filter(|at| (wanted.from..=wanted.until).contains(&at.date())));
        starts.sort_unstable();
        starts.dedup();
        let most = self.limits.instances;
        if stopped == Some(Stopped::TooMany) || starts.len() > most {
            self.doubts
                .add(read.line, format_args!("it comes more than {most} times; the others were left out"));
            self.lost = true;
        } else if stopped == Some(Stopped::TooLong) {
            self.doubts
                .add(read.line, format_args!("it repeats too often to be followed; some may be missing"));
            self.lost = true;
        }
        starts.truncate(most);
        starts.retain(|at| !repeats.dropped.contains(at) && !repeats.dropped_days.contains(&at.date()));
        starts
    }

    fn push(&mut self, uid: &str, recurrence_id: Option<DateTime>, read: &Read, span: Span) {
        if span.last() < self.from || self.until < span.first() {
            return;
        }
        if self.events.len() >= self.limits.events {
            if !self.is_full {
                let most = self.limits.events;
                self.doubts.add(
                    read.line,
                    format_args!("there are more than {most} events; the others were left out"),
                );
            }
            (self.is_full, self.lost) = (true, true);
            return;
        }
        self.events.push(External {
            uid: uid.to_owned(),
            recurrence_id,
            sequence: read.sequence,
            last_modified: read.last_modified,
            span,
            status: read.status,
            title: read.title.clone(),
            place: read.place.clone(),
            note: read.note.clone(),
            url: read.url.clone(),
            categories: read.categories.clone(),
            private: read.private,
        });
    }
}
