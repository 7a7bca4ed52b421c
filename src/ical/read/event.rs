//! One event as the file has it: who it is, when, and what is said of it (RFC 5545, 3.6.1).

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::components::Event;
use super::doubts::{Doubts, Quoted};
use super::line::{Property, prose, single};
use super::rule::Rule;
use super::time::{Written, duration, written};
use super::zones::{Zone, Zones};
use crate::calendar;
use crate::text;
use crate::workflow::model::{Span, Status};

/// The longest title or place, note, and address or UID, in characters.
const LINE: usize = 400;
const NOTE: usize = 4_000;
const ADDRESS: usize = 2_000;
/// So many categories are kept of an event.
const CATEGORIES: usize = 20;

/// How long something is that doesn't say when it ends, or ends before it starts: as our own feeds have it.
const SPARE: SignedDuration = SignedDuration::from_hours(1);

/// An event that could be read.
#[derive(Debug)]
pub struct Read {
    pub line: usize,
    pub uid: Option<String>,
    /// For a repetition that differs from its event: which it is.
    pub original: Option<Original>,
    pub sequence: u32,
    pub last_modified: Option<Timestamp>,
    /// When this version was written down: what decides between two.
    pub stamp: Option<Timestamp>,
    pub when: When,
    pub repeats: Repeats,
    pub status: Status,
    pub title: String,
    pub place: Option<String>,
    pub note: Option<String>,
    pub url: Option<String>,
    pub categories: Vec<String>,
    pub private: bool,
}

/// When a repetition was, by its rule; in Stockholm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Original {
    pub at: DateTime,
    /// Whether only a day is named.
    pub day: bool,
}

/// When an event is, on its own zone's clocks.
#[derive(Clone, Debug)]
pub struct When {
    pub start: DateTime,
    pub zone: Zone,
    pub lasts: Lasts,
}

/// How long it lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasts {
    /// Whole days, at least one.
    Days(i64),
    /// On its clocks; more than nothing.
    Hours(SignedDuration),
}

impl When {
    /// When the repetition is that starts at `start`, in Stockholm.
    pub fn span(&self, start: DateTime) -> Span {
        match self.lasts {
            Lasts::Days(days) => {
                let first = start.date();
                Span::AllDay {
                    first,
                    last: first.saturating_add(SignedDuration::from_hours((days - 1) * 24)),
                }
            }
            Lasts::Hours(length) => {
                let end = self.zone.to_stockholm(start.saturating_add(length));
                let start = self.zone.to_stockholm(start);
                // A night in which the clocks change can turn the two around.
                Span::Timed { start, end: if end > start { end } else { start.saturating_add(SPARE) } }
            }
        }
    }

    /// How many days it reaches past its first.
    pub fn days_on(&self) -> i64 {
        match self.lasts {
            Lasts::Days(days) => days,
            Lasts::Hours(length) => length.as_hours() / 24 + 1,
        }
    }
}

/// How an event repeats.
#[derive(Debug, Default)]
pub struct Repeats {
    pub rule: Option<Rule>,
    /// The rule's end, on the event's clocks.
    pub last: Option<DateTime>,
    /// Further repetitions, and those that don't take place.
    pub added: BTreeSet<DateTime>,
    pub dropped: BTreeSet<DateTime>,
    pub dropped_days: BTreeSet<Date>,
    /// Whether there is more about it than was understood.
    pub unclear: bool,
}

/// A moment as it is written: a time on some clocks.
struct Placed {
    local: DateTime,
    zone: Zone,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Day,
    Utc,
    /// With the name of a zone.
    Zoned,
    /// Without any: Stockholm's.
    Floating,
}

/// Reads events.
pub struct Reader<'a> {
    pub zones: &'a mut Zones,
    pub doubts: &'a mut Doubts,
}

impl Reader<'_> {
    /// Reads an event; none, with a doubt, if it can't be known when it is.
    pub fn read(&mut self, event: &Event) -> Option<Read> {
        let when = match self.when(event) {
            Ok(when) => when,
            Err(why) => {
                self.doubts.add(event.line, format_args!("an event was lost: {why}"));
                return None;
            }
        };
        let original = match event.one("RECURRENCE-ID").map(|property| self.original(property)) {
            None => None,
            Some(Some(original)) => Some(original),
            Some(None) => {
                self.doubts
                    .add(event.line, format_args!("an event was lost: its RECURRENCE-ID can't be read"));
                return None;
            }
        };
        let repeats = if original.is_some() { Repeats::default() } else { self.repeats(event, &when) };
        let text = |name: &str, most| event.one(name).and_then(|property| single(&property.value, most));
        let status = self.status(event);
        let title = text("SUMMARY", LINE).unwrap_or_default();
        Some(Read {
            line: event.line,
            uid: text("UID", ADDRESS),
            original,
            sequence: event.value("SEQUENCE").and_then(|n| n.parse().ok()).unwrap_or(0),
            last_modified: moment(event, "LAST-MODIFIED"),
            stamp: moment(event, "LAST-MODIFIED").max(moment(event, "DTSTAMP")),
            when,
            repeats,
            title: if status == Status::Cancelled { without_heading(title) } else { title },
            status,
            place: text("LOCATION", LINE),
            note: event.one("DESCRIPTION").and_then(|property| prose(&property.value, NOTE)),
            url: text("URL", ADDRESS).filter(|url| is_web_address(url)),
            categories: categories(event),
            // What isn't known counts as private (RFC 5545, 3.8.1.3).
            private: event.value("CLASS").is_some_and(|class| !class.trim().eq_ignore_ascii_case("PUBLIC")),
        })
    }

    fn status(&mut self, event: &Event) -> Status {
        match event.value("STATUS").map(str::to_ascii_uppercase).as_deref() {
            None | Some("CONFIRMED") => Status::Confirmed,
            Some("TENTATIVE") => Status::Tentative,
            Some("CANCELLED" | "CANCELED") => Status::Cancelled,
            Some(other) => {
                let shown = Quoted(other);
                self.doubts.add(
                    event.line,
                    format_args!("{shown} is no status of an event; it was taken as confirmed"),
                );
                Status::Confirmed
            }
        }
    }

    fn when(&mut self, event: &Event) -> Result<When, String> {
        let start = event.one("DTSTART").ok_or("it has no DTSTART")?;
        let start = self.placed(start, &start.value).map_err(|why| format!("its DTSTART {why}"))?;
        let lasts = match (event.one("DTEND"), event.value("DURATION")) {
            (Some(end), _) => {
                let end = self.placed(end, &end.value).map_err(|why| format!("its DTEND {why}"))?;
                self.until(event.line, &start, &end)
            }
            (None, Some(text)) => {
                let length =
                    duration(text).ok_or_else(|| format!("its DURATION {} can't be read", Quoted(text)))?;
                self.for_length(event.line, &start, length)
            }
            (None, None) if start.kind == Kind::Day => Lasts::Days(1),
            (None, None) => Lasts::Hours(SPARE),
        };
        let marked =
            event.value("X-MICROSOFT-CDO-ALLDAYEVENT").is_some_and(|v| v.eq_ignore_ascii_case("TRUE"));
        let when = When::whole_days(&start, lasts, marked);
        Ok(when.unwrap_or(When { start: start.local, zone: start.zone, lasts }))
    }

    /// From `start` to an end that is excluded.
    fn until(&mut self, line: usize, start: &Placed, end: &Placed) -> Lasts {
        let mixed = (start.kind == Kind::Day) != (end.kind == Kind::Day);
        if mixed {
            self.doubts.add(line, format_args!("of start and end one is a day and the other a time"));
        }
        if start.kind == Kind::Day {
            let end = if end.kind == Kind::Day { end.local } else { end.zone.to_stockholm(end.local) };
            // Up to some time of a day is that day too.
            let after =
                if end.time() == Time::midnight() { end.date() } else { end.date().saturating_add(1.day()) };
            let days = after.duration_since(start.local.date()).as_hours() / 24;
            if days < 0 {
                self.doubts.add(line, format_args!("it ends before it starts; it was taken as one day"));
            }
            return Lasts::Days(days.max(1));
        }
        let end = match start.zone == end.zone || end.kind == Kind::Day {
            true => end.local,
            false => end.zone.instant(end.local).map_or(end.local, |moment| start.zone.local(moment)),
        };
        self.hours(line, end.duration_since(start.local))
    }

    fn for_length(&mut self, line: usize, start: &Placed, (days, rest): (i32, SignedDuration)) -> Lasts {
        let length = SignedDuration::from_hours(i64::from(days) * 24).saturating_add(rest);
        if start.kind == Kind::Day {
            Lasts::Days((length.as_hours() / 24).max(1))
        } else {
            self.hours(line, length)
        }
    }

    fn hours(&mut self, line: usize, length: SignedDuration) -> Lasts {
        if length.is_negative() {
            self.doubts.add(line, format_args!("it ends before it starts; it was taken as one hour"));
        }
        Lasts::Hours(if length.is_positive() { length } else { SPARE })
    }

    /// A date, or a time on its clocks: `value`, which is that of the property or part of it.
    fn placed(&mut self, property: &Property, value: &str) -> Result<Placed, String> {
        if !property.is_sound() {
            return Err("has parameters that can't be read".to_owned());
        }
        let value = value.trim();
        let found = written(value).ok_or_else(|| format!("{} can't be read", Quoted(value)))?;
        let is_day = property.parameter("VALUE").is_some_and(|kind| kind.eq_ignore_ascii_case("DATE"));
        Ok(match found {
            Written::Date(day) => Placed { local: day.into(), zone: Zone::Stockholm, kind: Kind::Day },
            Written::Local(at) if is_day => {
                Placed { local: at.date().into(), zone: Zone::Stockholm, kind: Kind::Day }
            }
            Written::Instant(moment) => {
                let zone = Zone::Other(jiff::tz::TimeZone::UTC);
                Placed { local: zone.local(moment), zone, kind: Kind::Utc }
            }
            Written::Local(local) => match property.parameter("TZID") {
                Some(id) => {
                    Placed { local, zone: self.zones.find(id, property.line, self.doubts), kind: Kind::Zoned }
                }
                None => Placed { local, zone: Zone::Stockholm, kind: Kind::Floating },
            },
        })
    }

    fn original(&mut self, property: &Property) -> Option<Original> {
        if property.parameter("RANGE").is_some() {
            self.doubts.add(
                property.line,
                format_args!("a change of all later repetitions was taken for this one only"),
            );
        }
        let placed = self.placed(property, &property.value).ok()?;
        Some(Original { at: placed.zone.to_stockholm(placed.local), day: placed.kind == Kind::Day })
    }

    fn repeats(&mut self, event: &Event, when: &When) -> Repeats {
        let mut repeats = Repeats::default();
        let rules = event.all("RRULE");
        if let Some(first) = rules.first() {
            let rule = Rule::parse(&first.value).ok().filter(|rule| rule.keeps_time_of(when.start));
            if rule.is_none() || rules.len() > 1 || event.one("EXRULE").is_some() {
                let shown = Quoted(first.value.trim());
                self.doubts
                    .add(first.line, format_args!("rule not understood: first occurrence only: {shown}"));
                repeats.unclear = true;
            } else {
                repeats.last = rule.as_ref().and_then(|rule| rule.until).map(|until| when.last_start(until));
                repeats.rule = rule;
            }
        }
        let added = self.listed(event, "RDATE", &mut repeats.unclear);
        repeats.added = added.iter().map(|at| when.clocks_at(at)).collect();
        for at in self.listed(event, "EXDATE", &mut repeats.unclear) {
            if at.kind == Kind::Day || matches!(when.lasts, Lasts::Days(_)) {
                repeats.dropped_days.insert(when.clocks_at(&at).date());
            } else {
                repeats.dropped.insert(when.clocks_at(&at));
            }
        }
        repeats
    }

    /// The values of a list of dates or times. Of a period its start counts.
    fn listed(&mut self, event: &Event, name: &str, unclear: &mut bool) -> Vec<Placed> {
        let mut found = Vec::new();
        for property in event.all(name) {
            for value in property.value.split(',').filter(|value| !value.trim().is_empty()) {
                match self.placed(property, value.split('/').next().unwrap_or(value)) {
                    Ok(placed) => found.push(placed),
                    Err(why) => {
                        *unclear = true;
                        let line = property.line;
                        self.doubts.add(line, format_args!("a value of {name} {why}; it was passed over"));
                    }
                }
            }
        }
        found
    }
}

impl When {
    /// What the event's clocks show at a moment that is written on others; on a day, at the event's own time.
    fn clocks_at(&self, at: &Placed) -> DateTime {
        match self.lasts {
            Lasts::Days(_) if at.local.time() == Time::midnight() => at.local,
            Lasts::Days(_) => at.zone.to_stockholm(at.local).date().into(),
            Lasts::Hours(_) if at.kind == Kind::Day => at.local.date().to_datetime(self.start.time()),
            Lasts::Hours(_) if at.kind == Kind::Floating || at.zone == self.zone => at.local,
            Lasts::Hours(_) => at.zone.instant(at.local).map_or(at.local, |moment| self.zone.local(moment)),
        }
    }

    /// The last start that a rule's end allows, on the event's clocks.
    fn last_start(&self, until: Written) -> DateTime {
        let by_day = matches!(self.lasts, Lasts::Days(_));
        match until {
            Written::Date(day) => day.to_datetime(Time::MAX),
            Written::Local(at) if by_day => at.date().to_datetime(Time::MAX),
            Written::Local(at) => at,
            Written::Instant(moment) if by_day => calendar::today(moment).to_datetime(Time::MAX),
            Written::Instant(moment) => self.zone.local(moment),
        }
    }

    /// Whole days that are written as times from midnight to midnight: in UTC, without a zone, or with Outlook's mark.
    /// With the mark it may also be Stockholm's midnight in another zone.
    fn whole_days(start: &Placed, lasts: Lasts, marked: bool) -> Option<Self> {
        let Lasts::Hours(length) = lasts else { return None };
        if length.as_secs() % 86_400 != 0 {
            return None;
        }
        let is_midnight = |at: &DateTime| at.time() == Time::midnight();
        let own = matches!(start.kind, Kind::Utc | Kind::Floating) || marked;
        let in_stockholm =
            || Some(start.zone.to_stockholm(start.local)).filter(|at| marked && is_midnight(at));
        let start = Some(start.local).filter(|at| own && is_midnight(at)).or_else(in_stockholm)?;
        Some(Self { start, zone: Zone::Stockholm, lasts: Lasts::Days(length.as_hours() / 24) })
    }
}

fn moment(event: &Event, name: &str) -> Option<Timestamp> {
    match written(event.value(name)?)? {
        Written::Instant(moment) => Some(moment),
        Written::Local(at) => Some(calendar::instant(at.date(), at.time())),
        Written::Date(day) => Some(calendar::instant(day, Time::midnight())),
    }
}

/// The title without the word that our own feeds put before what is cancelled.
fn without_heading(title: String) -> String {
    let heading = text::feeds::cancelled("");
    title.strip_prefix(&heading).map(str::to_owned).unwrap_or(title)
}

/// The categories of an event, at most [`CATEGORIES`]. Between them stand commas; those that belong to a name are
/// escaped.
fn categories(event: &Event) -> Vec<String> {
    let mut found = Vec::new();
    for property in event.all("CATEGORIES") {
        let (mut begin, mut escaped) = (0, false);
        for (at, letter) in property.value.char_indices() {
            if letter == ',' && !escaped {
                found.extend(single(&property.value[begin..at], LINE));
                begin = at + 1;
            }
            escaped = letter == '\\' && !escaped;
        }
        found.extend(single(&property.value[begin..], LINE));
    }
    found.truncate(CATEGORIES);
    found
}

/// Whether it is an address that may stand in a link.
fn is_web_address(url: &str) -> bool {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https")) && !url.contains(char::is_whitespace)
}
