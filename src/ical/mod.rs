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
pub mod private;
pub mod read;
mod uid;
mod zone;

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, ToSpan};

use crate::calendar;
use crate::ids::FeedName;
use crate::plan::model::{Occasion, OwnDay};
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
    /// Whether the last days of periods are events of their own besides the periods' spans, where they have a name.
    pub last_days: bool,
}

/// An occasion with what a subscriber's program needs to notice a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happens, when and where. Each of its own days is an event too.
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

/// A day by which the feed's reader must act, and that is no occasion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// What it is told apart by, for good: the matter or the item, and never what that is called.
    pub identity: String,
    /// What to do.
    pub title: String,
    /// The day.
    pub day: Date,
    /// More to read, a paragraph each.
    pub said: Vec<String>,
    /// When it last changed. Its sequence follows from it: nothing counts the changes of what isn't stored as an
    /// occasion.
    pub changed_at: Timestamp,
}

/// Writes a feed: events ordered by start, then UID.
///
/// An occasion that comes twice is written once, as it is by its highest sequence, since a doubled UID
/// confuses every reader and no validator finds it. Never fails: what a defective row could hold (an end
/// before its start, control characters) is mended as the functions below say.
#[must_use]
pub fn write<'a>(calendar: &Calendar, events: impl IntoIterator<Item = &'a Event>) -> Vec<u8> {
    Sheet { calendar, titles_only: false, tasks: &[], as_of: None }.write(events)
}

/// A feed about to be written.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    /// What it says of itself.
    pub calendar: &'a Calendar,
    /// Only headings and times: no text, no place and no address leaves the house.
    pub titles_only: bool,
    /// What its reader must do.
    pub tasks: &'a [Task],
    /// The day it is true of. What doesn't fit into the [largest feed](lint::LARGEST) is left out, the past first and
    /// never the coming year, and the feed says so. Without it, nothing is left out.
    pub as_of: Option<Date>,
}

impl Sheet<'_> {
    /// As [`write()`].
    #[must_use]
    pub fn write<'a>(self, events: impl IntoIterator<Item = &'a Event>) -> Vec<u8> {
        let mut newest: BTreeMap<String, &Event> = BTreeMap::new();
        for event in events {
            let known = newest.entry(uid::of_occasion(&event.occasion.at)).or_insert(event);
            if (known.sequence, known.changed_at) < (event.sequence, event.changed_at) {
                *known = event;
            }
        }
        let last_days =
            newest.values().filter(|_| self.calendar.last_days).filter_map(|e| Entry::last_day(e));
        let own_days =
            newest.values().flat_map(|e| e.occasion.calendar.own_days.iter().map(|d| Entry::own_day(e, d)));
        let mut entries: Vec<Entry> =
            last_days.chain(own_days).chain(self.tasks.iter().map(Entry::task)).collect();
        entries.extend(newest.into_iter().map(|(uid, event)| Entry::new(uid, event)));
        entries.sort_by(|a, b| (a.when.start(), &a.uid).cmp(&(b.when.start(), &b.uid)));
        let mut written: Vec<(When, Vec<u8>)> = Vec::with_capacity(entries.len());
        for entry in &entries {
            let mut lines = Lines::default();
            entry.write(&mut lines, self.titles_only);
            written.push((entry.when, lines.into_bytes()));
        }
        let left_out = self.as_of.and_then(|as_of| fit(&mut written, as_of));
        let mut lines = Lines::default();
        head(&mut lines, self.calendar, left_out);
        let mut bytes = lines.into_bytes();
        for (_, entry) in written {
            bytes.extend(entry);
        }
        let mut lines = Lines::default();
        lines.value("END", "VCALENDAR");
        bytes.extend(lines.into_bytes());
        bytes
    }
}

/// What is left out of a feed that would be too large.
#[derive(Clone, Copy, Debug, Default)]
struct LeftOut {
    /// What began before this day.
    before: Option<Date>,
    /// What begins after this day.
    after: Option<Date>,
}

/// Room for what a feed says of itself, above its events.
const HEAD: usize = 8 * 1024;

/// Leaves out what there is no room for: the past from its beginning, then the future from its end, but nothing of the
/// coming year. A feed that is too large for that is faulty, and told of as such.
fn fit(written: &mut Vec<(When, Vec<u8>)>, as_of: Date) -> Option<LeftOut> {
    let mut size: usize = HEAD + written.iter().map(|(_, entry)| entry.len()).sum::<usize>();
    if size <= lint::LARGEST {
        return None;
    }
    let day = |(when, _): &(When, Vec<u8>)| when.start().date();
    let (mut first, mut end) = (0, written.len());
    let mut left_out = LeftOut::default();
    let far = as_of.checked_add(1.year()).unwrap_or(Date::MAX);
    while size > lint::LARGEST && first < end {
        let past = written.get(first).is_some_and(|entry| day(entry) < as_of);
        if !past && written.get(end - 1).is_none_or(|entry| day(entry) <= far) {
            break;
        }
        let dropped = if past { first } else { end - 1 };
        size -= written.get(dropped).map_or(0, |(_, entry)| entry.len());
        if past { first += 1 } else { end -= 1 }
    }
    if first > 0 {
        left_out.before = Some(written.get(first).map_or(as_of, day));
    }
    if end < written.len() {
        left_out.after = Some(end.checked_sub(1).and_then(|last| written.get(last)).map_or(as_of, day));
    }
    let some = first > 0 || end < written.len();
    written.truncate(end);
    written.drain(..first);
    some.then_some(left_out)
}

fn head(lines: &mut Lines, calendar: &Calendar, left_out: Option<LeftOut>) {
    let description = match left_out {
        None => calendar.description.clone(),
        Some(LeftOut { before, after }) => {
            format!("{} {}", calendar.description, text::feeds::left_out(before, after))
        }
    };
    lines.value("BEGIN", "VCALENDAR");
    lines.value("VERSION", "2.0");
    lines.value("PRODID", PRODUCER);
    lines.value("CALSCALE", "GREGORIAN");
    lines.text("NAME", &calendar.name);
    lines.text("X-WR-CALNAME", &calendar.name);
    lines.text("DESCRIPTION", &description);
    lines.text("X-WR-CALDESC", &description);
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
struct Entry {
    uid: String,
    title: String,
    when: When,
    status: Status,
    sequence: u32,
    changed_at: Timestamp,
    place: Option<String>,
    /// Paragraphs of the description, without the page's address.
    said: Vec<String>,
    categories: Vec<String>,
    url: Option<String>,
}

impl Entry {
    fn new(uid: String, event: &Event) -> Self {
        let Occasion { title, kind, span, status, place, note, .. } = &event.occasion;
        let when = When::of(*span);
        let stands = *status != Status::Cancelled;
        let meeting = stands && *kind == EntryKind::Meeting;
        let untimed = meeting && matches!(when, When::Days { .. });
        let said = [
            (stands && *kind == EntryKind::Period).then(|| text::feeds::ends(span.last())),
            untimed.then(|| text::feeds::NO_TIME.to_owned()),
            (meeting && place.is_none()).then(|| text::feeds::NO_PLACE.to_owned()),
            (*status == Status::Tentative).then(|| text::feeds::TENTATIVE.to_owned()),
            note.clone(),
        ];
        Self {
            uid,
            title: title.clone(),
            when,
            status: *status,
            sequence: event.sequence,
            changed_at: event.changed_at,
            place: place.clone(),
            said: said.into_iter().flatten().collect(),
            categories: event.categories.clone(),
            url: event.url.clone(),
        }
    }

    /// A day of an occasion as an event of its own: it moves and is cancelled with it.
    fn of_day(uid: String, event: &Event, heading: &str, day: Date) -> Self {
        let Occasion { title, status, note, .. } = &event.occasion;
        let tentative = (*status == Status::Tentative).then(|| text::feeds::TENTATIVE.to_owned());
        Self {
            uid,
            title: text::feeds::day_of(heading, title),
            when: When::of(Span::AllDay { first: day, last: day }),
            status: *status,
            sequence: event.sequence,
            changed_at: event.changed_at,
            place: None,
            said: tentative.into_iter().chain(note.clone()).collect(),
            categories: event.categories.clone(),
            url: event.url.clone(),
        }
    }

    /// The last day of a period, for those who plan by deadlines.
    fn last_day(event: &Event) -> Option<Self> {
        let occasion = &event.occasion;
        let heading = occasion.calendar.last_day.as_ref().filter(|_| occasion.kind == EntryKind::Period)?;
        Some(Self::of_day(uid::of_last_day(&occasion.at), event, heading, occasion.span.last()))
    }

    /// The last day that a body has set for answers of its own.
    fn own_day(event: &Event, day: &OwnDay) -> Self {
        let uid = uid::of_own_day(&event.occasion.at, &day.workflow, &day.step);
        Self::of_day(uid, event, &day.title, day.day)
    }

    fn task(task: &Task) -> Self {
        Self {
            uid: uid::of_task(&task.identity),
            title: task.title.clone(),
            when: When::of(Span::AllDay { first: task.day, last: task.day }),
            status: Status::Confirmed,
            sequence: minutes(task.changed_at),
            changed_at: task.changed_at,
            place: None,
            said: task.said.clone(),
            categories: vec![text::feeds::TASKS.to_owned()],
            url: None,
        }
    }

    fn write(&self, lines: &mut Lines, titles_only: bool) {
        let (status, transparency, busy) = self.standing();
        let changed = utc(self.changed_at);
        lines.value("BEGIN", "VEVENT");
        lines.value("UID", &self.uid);
        lines.value("DTSTAMP", &changed);
        lines.value("LAST-MODIFIED", &changed);
        lines.value("SEQUENCE", &self.sequence.to_string());
        self.when.write(lines);
        match self.status {
            Status::Cancelled => lines.text("SUMMARY", &text::feeds::cancelled(&self.title)),
            Status::Tentative | Status::Confirmed => lines.text("SUMMARY", &self.title),
        }
        let description = self.description();
        if !description.is_empty() && !titles_only {
            lines.text("DESCRIPTION", &description);
        }
        if let Some(place) = self.place.as_ref().filter(|_| !titles_only) {
            lines.text("LOCATION", place);
        }
        lines.value("STATUS", status);
        lines.value("TRANSP", transparency);
        lines.value("X-MICROSOFT-CDO-BUSYSTATUS", busy);
        if !self.categories.is_empty() {
            lines.texts("CATEGORIES", &self.categories);
        }
        if let Some(url) = self.url.as_ref().filter(|_| !titles_only) {
            lines.address("URL", url);
        }
        lines.value("END", "VEVENT");
    }

    /// Its status, and whether it makes its reader busy: in the standard's words, then in Outlook's.
    ///
    /// Whole days never do: a subscriber who looks free for a meeting at ten must not be shown as busy for
    /// the two months of a remiss period.
    fn standing(&self) -> (&'static str, &'static str, &'static str) {
        match (self.status, self.when) {
            (Status::Cancelled, _) => ("CANCELLED", "TRANSPARENT", "FREE"),
            (Status::Tentative, When::Days { .. }) => ("TENTATIVE", "TRANSPARENT", "FREE"),
            (Status::Confirmed, When::Days { .. }) => ("CONFIRMED", "TRANSPARENT", "FREE"),
            (Status::Tentative, When::Hours { .. }) => ("TENTATIVE", "OPAQUE", "TENTATIVE"),
            (Status::Confirmed, When::Hours { .. }) => ("CONFIRMED", "OPAQUE", "BUSY"),
        }
    }

    /// Plain text: clients show the tags of anything else. The address last, on a line of its own.
    fn description(&self) -> String {
        let lines = self.said.iter().chain(&self.url).map(String::as_str).filter(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// Minutes since 2020: a sequence that rises with every change. It fits for four thousand years.
fn minutes(moment: Timestamp) -> u32 {
    const FROM: i64 = 1_577_836_800;
    u32::try_from((moment.as_second() - FROM) / 60).unwrap_or(0).min(i32::MAX.unsigned_abs())
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
