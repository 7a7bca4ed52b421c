//! What stands between which BEGIN and END (RFC 5545, 3.4 and 3.6).
//!
//! Events and zones are kept as properties; every other component is passed over with all that is in it. An END that
//! is missing is put where it must have been: events and other standard components never stand in one another.

use std::collections::{BTreeMap, HashMap};

use super::decode::{Lines, Written, decode, without_mark};
use super::doubts::{Doubts, Quoted};
use super::line::{Parts, Property, parts, single};

/// The properties of an event that mean something to us.
const WANTED: &[&str] = &[
    "UID",
    "RECURRENCE-ID",
    "SEQUENCE",
    "LAST-MODIFIED",
    "DTSTAMP",
    "DTSTART",
    "DTEND",
    "DURATION",
    "RRULE",
    "EXRULE",
    "RDATE",
    "EXDATE",
    "STATUS",
    "SUMMARY",
    "LOCATION",
    "DESCRIPTION",
    "URL",
    "CATEGORIES",
    "CLASS",
    "X-MICROSOFT-CDO-ALLDAYEVENT",
];

/// Those that may come more than once; of the others the first counts.
const REPEATED: &[&str] = &["RRULE", "EXRULE", "RDATE", "EXDATE", "CATEGORIES"];

/// The standard's components that stand in a calendar, and never in one another.
const TOP: &[&str] = &["VCALENDAR", "VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE"];

/// The longest name that a calendar or a zone may have, in characters.
const NAME: usize = 200;

/// An event as it stands in the file.
#[derive(Debug, Default)]
pub struct Event {
    /// The line of its BEGIN.
    pub line: usize,
    properties: BTreeMap<&'static str, Vec<Property>>,
}

impl Event {
    /// All properties of a name.
    pub fn all(&self, name: &str) -> &[Property] {
        self.properties.get(name).map_or(&[], Vec::as_slice)
    }

    /// The first property of a name.
    pub fn one(&self, name: &str) -> Option<&Property> {
        self.all(name).first()
    }

    /// The value of the first property of a name.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.one(name).map(|property| property.value.trim())
    }
}

/// A zone as the file describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Zone {
    pub line: usize,
    pub id: String,
    /// The name in the zone database that it says it has (`X-LIC-LOCATION`).
    pub location: Option<String>,
    /// Its newest description of standard time, and of summer time.
    pub standard: Option<Observance>,
    pub daylight: Option<Observance>,
}

/// When and how a zone's clocks change to one of its offsets; all as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observance {
    pub start: String,
    pub offset: String,
    pub rule: Option<String>,
}

/// What a file holds.
#[derive(Debug, Default)]
pub struct Contents {
    pub name: Option<String>,
    /// Whether there was a calendar at all.
    pub is_calendar: bool,
    /// Whether everything that began came to its end.
    pub complete: bool,
    /// Whether it says that all its events are cancelled (`METHOD:CANCEL`).
    pub cancels: bool,
    pub events: Vec<Event>,
    pub zones: Vec<Zone>,
}

/// Reads `bytes` into components.
pub fn collect(bytes: &[u8], longest: usize, doubts: &mut Doubts) -> Contents {
    let plain = without_mark(bytes);
    let lines = Lines::new(&plain, longest);
    let mut reader = Reader { ends: ends(lines.clone()), ..Reader::new(doubts) };
    // Of a web page there is one thing to say, and not one for each of its lines.
    if lines.clone().any(|line| begins(&line.bytes)) {
        for line in lines {
            let (text, written) = decode(&line.bytes);
            reader.note(line.number, written);
            match parts(&text) {
                Some(parts) => reader.take(line.number, parts, line.cut),
                None if reader.skipped.is_some() => {}
                None => {
                    let shown = Quoted(text.trim());
                    reader.doubts.add(
                        line.number,
                        format_args!("{shown} is no line of the form NAME:VALUE; it was passed over"),
                    );
                }
            }
        }
    }
    reader.finish(&plain)
}

fn begins(line: &[u8]) -> bool {
    line.trim_ascii_start().get(..6).is_some_and(|start| start.eq_ignore_ascii_case(b"BEGIN:"))
}

/// How many ENDs there are of each component.
fn ends(lines: Lines<'_>) -> HashMap<String, usize> {
    let mut found = HashMap::new();
    for line in lines {
        let text = line.bytes.trim_ascii();
        if text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"END:")) {
            let name = String::from_utf8_lossy(&text[4..]).trim().to_ascii_uppercase();
            *found.entry(name).or_default() += 1;
        }
    }
    found
}

/// A component that is passed over.
struct Skipped {
    name: String,
    line: usize,
    /// How many of the same name are open.
    depth: usize,
}

enum Open {
    Event(Event),
    Zone { zone: Box<Zone>, part: Option<(bool, Observance)> },
}

struct Reader<'a> {
    contents: Contents,
    doubts: &'a mut Doubts,
    /// ENDs that are still to come.
    ends: HashMap<String, usize>,
    open: Option<Open>,
    skipped: Option<Skipped>,
    /// Whether other characters than those of UTF-8 have been spoken of.
    noted: (bool, bool),
    /// Whether the newest calendar is still open.
    in_calendar: bool,
}

impl<'a> Reader<'a> {
    fn new(doubts: &'a mut Doubts) -> Self {
        Self {
            contents: Contents { complete: true, ..Contents::default() },
            doubts,
            ends: HashMap::new(),
            open: None,
            skipped: None,
            noted: (false, false),
            in_calendar: false,
        }
    }

    /// Says once that a line isn't what it should be.
    fn note(&mut self, line: usize, written: Written) {
        let (was, what) = match written {
            Written::Utf8 => return,
            Written::Damaged => (&mut self.noted.0, "some characters are damaged and shown as `\u{fffd}`"),
            Written::Windows1252 => {
                (&mut self.noted.1, "it is not written in UTF-8; it was read as windows-1252")
            }
        };
        if !std::mem::replace(was, true) {
            self.doubts.add(line, format_args!("{what}"));
        }
    }

    fn take(&mut self, line: usize, parts: Parts<'_>, cut: bool) {
        let is = |name: &str| parts.name.eq_ignore_ascii_case(name);
        if is("BEGIN") {
            self.begin(line, &parts.value.trim().to_ascii_uppercase());
        } else if is("END") {
            self.end(line, &parts.value.trim().to_ascii_uppercase());
        } else if self.skipped.is_none() {
            self.property(line, parts, cut);
        }
    }

    fn begin(&mut self, line: usize, name: &str) {
        let is_top = TOP.contains(&name);
        if let Some(skipped) = &mut self.skipped {
            let ended = is_top && (TOP.contains(&skipped.name.as_str()) || self.open.is_some());
            if !ended {
                skipped.depth += usize::from(skipped.name == name);
                return;
            }
            self.leave_skipped();
        }
        if is_top {
            self.close_open(line);
        }
        let is_within = self.open.is_some();
        match (name, &mut self.open) {
            ("VCALENDAR", _) => {
                self.contents.is_calendar = true;
                self.contents.complete &= !std::mem::replace(&mut self.in_calendar, true);
            }
            ("VEVENT", _) => self.open = Some(Open::Event(Event { line, ..Event::default() })),
            ("VTIMEZONE", _) => {
                self.open = Some(Open::Zone { zone: Box::new(Zone { line, ..Zone::default() }), part: None });
            }
            ("STANDARD" | "DAYLIGHT", Some(Open::Zone { zone, part })) => {
                keep(zone, part.take());
                *part = Some((name == "DAYLIGHT", Observance::default()));
            }
            _ if is_top || is_within || self.ends.get(name).is_some_and(|left| *left > 0) => {
                self.skipped = Some(Skipped { name: name.to_owned(), line, depth: 1 });
            }
            _ => self
                .doubts
                .add(line, format_args!("{} begins and never ends; its BEGIN was passed over", Quoted(name))),
        }
    }

    fn end(&mut self, line: usize, name: &str) {
        if let Some(left) = self.ends.get_mut(name) {
            *left = left.saturating_sub(1);
        }
        if let Some(skipped) = &mut self.skipped {
            let closes_what_is_around = match self.open {
                Some(Open::Event(_)) => name == "VEVENT",
                Some(Open::Zone { .. }) => name == "VTIMEZONE",
                None => false,
            };
            if skipped.name == name {
                skipped.depth -= 1;
                if skipped.depth == 0 {
                    self.skipped = None;
                }
                return;
            }
            if !closes_what_is_around && name != "VCALENDAR" {
                return;
            }
            self.leave_skipped();
        }
        match (name, self.open.take()) {
            ("VCALENDAR", open) => {
                self.open = open;
                self.close_open(line);
                self.in_calendar = false;
            }
            ("VEVENT", Some(Open::Event(event))) => self.contents.events.push(event),
            ("VTIMEZONE", Some(Open::Zone { mut zone, part })) => {
                keep(&mut zone, part);
                self.contents.zones.push(*zone);
            }
            ("STANDARD" | "DAYLIGHT", Some(Open::Zone { mut zone, part })) => {
                keep(&mut zone, part);
                self.open = Some(Open::Zone { zone, part: None });
            }
            (_, open) => {
                self.open = open;
                self.doubts.add(line, format_args!("END:{name} has no BEGIN", name = Quoted(name)));
            }
        }
    }

    fn leave_skipped(&mut self) {
        if let Some(Skipped { name, line, .. }) = self.skipped.take() {
            // Events may have stood in one that nobody knows.
            self.contents.complete &= self.open.is_some() || TOP.contains(&name.as_str());
            self.doubts
                .add(line, format_args!("{} has no END; what stood in it was passed over", Quoted(&name)));
        }
    }

    /// Ends an event or a zone that something else has cut short.
    fn close_open(&mut self, line: usize) {
        match self.open.take() {
            Some(Open::Event(event)) => {
                self.doubts.add(
                    event.line,
                    format_args!("the event has no END before line {line}; it was ended there"),
                );
                self.contents.events.push(event);
            }
            Some(Open::Zone { mut zone, part }) => {
                keep(&mut zone, part);
                self.doubts.add(
                    zone.line,
                    format_args!("the zone has no END before line {line}; it was ended there"),
                );
                self.contents.zones.push(*zone);
            }
            None => {}
        }
    }

    fn property(&mut self, line: usize, parts: Parts<'_>, cut: bool) {
        let is = |name: &str| parts.name.eq_ignore_ascii_case(name);
        match &mut self.open {
            Some(Open::Event(event)) => {
                let Some(name) = WANTED.iter().find(|name| is(name)) else { return };
                if cut {
                    self.doubts.add(line, format_args!("{name} is too long and was cut off"));
                }
                let known = event.properties.entry(name).or_default();
                if !parts.value.trim().is_empty() && (known.is_empty() || REPEATED.contains(name)) {
                    known.push(parts.property(line));
                }
            }
            Some(Open::Zone { zone, part: None }) if is("TZID") => {
                zone.id = single(parts.value, NAME).unwrap_or_default();
            }
            Some(Open::Zone { zone, part: None }) if is("X-LIC-LOCATION") => {
                zone.location = single(parts.value, NAME);
            }
            Some(Open::Zone { part: Some((_, observance)), .. }) => {
                let value = single(parts.value, NAME).unwrap_or_default();
                if is("DTSTART") {
                    observance.start = value;
                } else if is("TZOFFSETTO") {
                    observance.offset = value;
                } else if is("RRULE") {
                    observance.rule = Some(value);
                }
            }
            Some(Open::Zone { .. }) => {}
            None if is("NAME") || is("X-WR-CALNAME") => {
                let name = &mut self.contents.name;
                *name = name.take().or_else(|| single(parts.value, NAME));
            }
            None if is("METHOD") => {
                self.contents.cancels |= parts.value.trim().eq_ignore_ascii_case("CANCEL")
            }
            None => {}
        }
    }

    fn finish(mut self, bytes: &[u8]) -> Contents {
        self.leave_skipped();
        let cut_off = self.in_calendar || self.open.is_some();
        self.close_open(bytes.iter().filter(|byte| **byte == b'\n').count() + 1);
        if !self.contents.is_calendar {
            let page = bytes.trim_ascii_start().starts_with(b"<");
            let what = if page { ": it is a web page, as where one must log in" } else { "" };
            self.doubts.add(1, format_args!("this is no calendar{what} (there is no BEGIN:VCALENDAR)"));
        } else if cut_off {
            self.doubts.add(1, format_args!("the calendar has no end; the rest of it may be missing"));
        }
        self.contents.complete &= self.contents.is_calendar && !cut_off;
        self.contents
    }
}

/// Keeps an observance if it is the newest of its kind: they begin with the year.
fn keep(zone: &mut Zone, part: Option<(bool, Observance)>) {
    let Some((daylight, observance)) = part else { return };
    let known = if daylight { &mut zone.daylight } else { &mut zone.standard };
    if known.as_ref().is_none_or(|known| known.start <= observance.start) {
        *known = Some(observance);
    }
}
