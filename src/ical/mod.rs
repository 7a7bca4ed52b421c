//! Feeds that Outlook, Google, Apple and Thunderbird show correctly (RFC 5545, RFC 7986).
//!
//! Pure, and stable to the byte: the same occasions give the same bytes, so an entity tag over them changes
//! exactly when a subscriber has something new to fetch. For that `DTSTAMP` is the moment of the last change,
//! which is what it means in a calendar without `METHOD`; and there is no `METHOD`, since `PUBLISH` would
//! demand an organizer, and a feed names no person.
//!
//! The writer is our own: the crates that were tried fold by characters, escape too little or let a line
//! break in a value through.

pub mod feeds;
mod lines;
pub mod lint;
pub mod read;
mod uid;
mod zone;

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, ToSpan};

use crate::calendar;
use crate::ids::FeedName;
use crate::plan::model::Occasion;
use crate::text;
use crate::workflow::model::{EntryKind, Span, Status};
use lines::Lines;
pub use uid::etag;

/// Who made it (RFC 5545, 3.7.3).
const PRODUCER: &str = "-//arshjul//arshjul//SV";

/// How often a subscriber should ask again; a wish that few programs grant.
const REFRESH: &str = "PT6H";

/// What a feed says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// What calendar programs call it: "RPO Medicinsk diagnostik".
    pub name: String,
    /// What it holds, in a sentence.
    pub description: String,
    /// Its name in addresses.
    pub feed: FeedName,
    /// Where it is fetched, where that is no secret.
    pub source_url: Option<String>,
    /// Whether a period's last day is an event of its own besides the period's span.
    pub last_days: bool,
}

/// An occasion with what a subscriber's program needs to notice a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happens, when and where.
    pub occasion: Occasion,
    /// Higher after each change of date or status; Google ignores a change without.
    pub sequence: u32,
    /// When anything about it last changed.
    pub changed_at: Timestamp,
    /// Words to colour or filter by: "RSL", "Remiss".
    pub categories: Vec<String>,
    /// A page about it.
    pub url: Option<String>,
}

/// Writes a feed: events ordered by start, then UID.
///
/// An occasion that comes twice is written once, as it is by its highest sequence, since a doubled UID
/// confuses every reader and no validator finds it. Never fails: what a defective row could hold (an end
/// before its start, control characters) is mended as the functions below say.
#[must_use]
pub fn write<'a>(calendar: &Calendar, events: impl IntoIterator<Item = &'a Event>) -> Vec<u8> {
    let mut newest: BTreeMap<String, &Event> = BTreeMap::new();
    for event in events {
        let known = newest.entry(uid::of_occasion(&event.occasion.at)).or_insert(event);
        if (known.sequence, known.changed_at) < (event.sequence, event.changed_at) {
            *known = event;
        }
    }
    let mut entries: Vec<Entry<'_>> = newest.into_iter().map(|(uid, event)| Entry::new(uid, event)).collect();
    if calendar.last_days {
        let last_days: Vec<_> = entries.iter().filter_map(Entry::last_day).collect();
        entries.extend(last_days);
    }
    entries.sort_by(|a, b| (a.when.start(), &a.uid).cmp(&(b.when.start(), &b.uid)));

    let mut lines = Lines::default();
    head(&mut lines, calendar);
    for entry in &entries {
        entry.write(&mut lines);
    }
    lines.value("END", "VCALENDAR");
    lines.into_bytes()
}

fn head(lines: &mut Lines, calendar: &Calendar) {
    lines.value("BEGIN", "VCALENDAR");
    lines.value("VERSION", "2.0");
    lines.value("PRODID", PRODUCER);
    lines.value("CALSCALE", "GREGORIAN");
    lines.text("NAME", &calendar.name);
    lines.text("X-WR-CALNAME", &calendar.name);
    lines.text("DESCRIPTION", &calendar.description);
    lines.text("X-WR-CALDESC", &calendar.description);
    lines.value("X-WR-RELCALID", &uid::of_feed(&calendar.feed));
    lines.value("X-WR-TIMEZONE", "Europe/Stockholm");
    lines.value("REFRESH-INTERVAL;VALUE=DURATION", REFRESH);
    lines.value("X-PUBLISHED-TTL", REFRESH);
    if let Some(url) = &calendar.source_url {
        lines.address("SOURCE;VALUE=URI", url);
    }
    // Always, also where nothing is timed: a calendar must have at least one component.
    for (name, value) in zone::STOCKHOLM {
        lines.value(name, value);
    }
}

/// One event to be written.
struct Entry<'a> {
    uid: String,
    event: &'a Event,
    title: String,
    kind: EntryKind,
    when: When,
}

impl<'a> Entry<'a> {
    fn new(uid: String, event: &'a Event) -> Self {
        let Occasion { title, kind, span, .. } = &event.occasion;
        Self { uid, event, title: title.clone(), kind: *kind, when: When::of(*span) }
    }

    /// The last day of a period, for those who plan by deadlines.
    fn last_day(&self) -> Option<Self> {
        (self.kind == EntryKind::Period).then(|| {
            let occasion = &self.event.occasion;
            Self {
                uid: uid::of_last_day(&occasion.at),
                event: self.event,
                title: text::feeds::last_day(&occasion.title),
                kind: EntryKind::Deadline,
                when: When::of(Span::AllDay { first: occasion.span.last(), last: occasion.span.last() }),
            }
        })
    }

    fn write(&self, lines: &mut Lines) {
        let Event { occasion, sequence, changed_at, categories, url } = self.event;
        let (status, transparency, busy) = self.standing();
        let changed = utc(*changed_at);
        lines.value("BEGIN", "VEVENT");
        lines.value("UID", &self.uid);
        lines.value("DTSTAMP", &changed);
        lines.value("LAST-MODIFIED", &changed);
        lines.value("SEQUENCE", &sequence.to_string());
        self.when.write(lines);
        match occasion.status {
            Status::Cancelled => lines.text("SUMMARY", &text::feeds::cancelled(&self.title)),
            Status::Tentative | Status::Confirmed => lines.text("SUMMARY", &self.title),
        }
        let description = self.description();
        if !description.is_empty() {
            lines.text("DESCRIPTION", &description);
        }
        if let Some(place) = &occasion.place {
            lines.text("LOCATION", place);
        }
        lines.value("STATUS", status);
        lines.value("TRANSP", transparency);
        lines.value("X-MICROSOFT-CDO-BUSYSTATUS", busy);
        if !categories.is_empty() {
            lines.texts("CATEGORIES", categories);
        }
        if let Some(url) = url {
            lines.address("URL", url);
        }
        lines.value("END", "VEVENT");
    }

    /// Its status, and whether it makes its reader busy: in the standard's words, then in Outlook's.
    ///
    /// Whole days never do: a subscriber who looks free for a meeting at ten must not be shown as busy for
    /// the two months of a remiss period.
    fn standing(&self) -> (&'static str, &'static str, &'static str) {
        match (self.event.occasion.status, self.when) {
            (Status::Cancelled, _) => ("CANCELLED", "TRANSPARENT", "FREE"),
            (Status::Tentative, When::Days { .. }) => ("TENTATIVE", "TRANSPARENT", "FREE"),
            (Status::Confirmed, When::Days { .. }) => ("CONFIRMED", "TRANSPARENT", "FREE"),
            (Status::Tentative, When::Hours { .. }) => ("TENTATIVE", "OPAQUE", "TENTATIVE"),
            (Status::Confirmed, When::Hours { .. }) => ("CONFIRMED", "OPAQUE", "BUSY"),
        }
    }

    /// Plain text: clients show the tags of anything else. The address last, on a line of its own.
    fn description(&self) -> String {
        let Event { occasion, url, .. } = self.event;
        let stands = occasion.status != Status::Cancelled;
        let whole_days = matches!(self.when, When::Days { .. });
        let untimed = stands && whole_days && self.kind == EntryKind::Meeting;
        let said = [
            (stands && self.kind == EntryKind::Period).then(|| text::feeds::ends(occasion.span.last())),
            untimed.then(|| text::feeds::NO_TIME.to_owned()),
            (occasion.status == Status::Tentative).then(|| text::feeds::TENTATIVE.to_owned()),
            occasion.note.clone(),
            url.clone(),
        ];
        said.into_iter().flatten().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    }
}

/// When it is, as the standard writes it: the end excluded.
#[derive(Clone, Copy)]
enum When {
    Days { first: Date, after: Date },
    Hours { start: DateTime, end: DateTime },
}

impl When {
    /// Days before their first are one day, and hours that end before they start are one hour: calendars
    /// drop an event whose end isn't later than its start.
    ///
    /// A time that spring skips is written as the end of the gap: the standard and its readers disagree
    /// about what such a time means.
    fn of(span: Span) -> Self {
        match span {
            Span::AllDay { first, last } => {
                Self::Days { first, after: last.max(first).tomorrow().unwrap_or(Date::MAX) }
            }
            Span::Timed { start, end } => {
                let exists = |time: DateTime| calendar::civil(calendar::instant(time.date(), time.time()));
                let start = exists(start);
                let end = exists(end);
                let spare = || start.checked_add(1.hour()).unwrap_or(DateTime::MAX);
                Self::Hours { start, end: if end > start { end } else { spare() } }
            }
        }
    }

    fn start(self) -> DateTime {
        match self {
            Self::Days { first, .. } => first.at(0, 0, 0, 0),
            Self::Hours { start, .. } => start,
        }
    }

    fn write(self, lines: &mut Lines) {
        match self {
            Self::Days { first, after } => {
                lines.value("DTSTART;VALUE=DATE", &day(first));
                lines.value("DTEND;VALUE=DATE", &day(after));
            }
            Self::Hours { start, end } => {
                lines.value("DTSTART;TZID=Europe/Stockholm", &local(start));
                lines.value("DTEND;TZID=Europe/Stockholm", &local(end));
            }
        }
    }
}

fn day(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

fn local(time: DateTime) -> String {
    format!("{}T{:02}{:02}{:02}", day(time.date()), time.hour(), time.minute(), time.second())
}

fn utc(moment: Timestamp) -> String {
    format!("{}Z", local(jiff::tz::TimeZone::UTC.to_datetime(moment)))
}
