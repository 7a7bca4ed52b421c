//! Whole calendars: what each component must have and hold, and what they owe to each other.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::Component;
use super::{Findings, Shown, known, values, when};

/// What is one occurrence of one event: its UID, and where it stands in for one of a series, which.
type Identity<'a> = (&'a str, Option<(&'a str, Option<&'a str>)>);

/// Judges all that the file holds.
pub fn check(roots: &[Component<'_>], findings: &mut Findings) {
    let mut uids = BTreeMap::new();
    let calendars = roots.iter().filter(|component| component.name == "VCALENDAR");
    for (index, calendar) in calendars.enumerate() {
        if index > 0 {
            let said = "a second calendar begins, which Exchange doesn't read: write one a file";
            findings.add(calendar.line, "several-calendars", format_args!("{said}"));
        }
        component(calendar, Method::of(calendar), findings);
        if calendar.children.is_empty() {
            let said = "the calendar has no component: write at least a VTIMEZONE (RFC 5545, 3.6)";
            findings.add(calendar.line, "no-component", format_args!("{said}"));
        }
        method(calendar, findings);
        zones(calendar, findings);
        identities(calendar, &mut uids, findings);
    }
}

/// Whether a METHOD is stated, and whether it lets a start be missing (RFC 5545, 3.6.1).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    WantsStarts,
    LetsStartsBeMissing,
}

impl Method {
    fn of(calendar: &Component<'_>) -> Self {
        match calendar.first("METHOD").map(|method| method.value.to_ascii_uppercase()).as_deref() {
            None | Some("PUBLISH" | "REQUEST" | "ADD") => Self::WantsStarts,
            Some(_) => Self::LetsStartsBeMissing,
        }
    }
}

fn component(component: &Component<'_>, method: Method, findings: &mut Findings) {
    let rules = known::component(&component.name);
    let starts = [("DTSTART", "missing-dtstart")];
    let wants_start = component.name == "VEVENT" && method == Method::WantsStarts;
    let required = rules.required.iter().chain(starts.iter().filter(|_| wants_start));
    for (name, code) in required.filter(|(name, _)| !component.has(name)) {
        let own = Shown(&component.name);
        findings.add(
            component.line,
            code,
            format_args!("{own} has no {name}, which it must have (RFC 5545, 3.6): add it"),
        );
    }
    let mut seen = BTreeSet::new();
    for property in &component.properties {
        let name = &*property.name;
        if rules.once.contains(&name) && !seen.insert(name) {
            let own = Shown(&component.name);
            findings.add(
                property.line,
                "repeated-property",
                format_args!(
                    "this is the second {name} of its {own}, which may have one (RFC 5545, 3.6): keep one"
                ),
            );
        }
        // What stands in somebody's own component is theirs to name.
        if !known::is_property(name) && !component.name.starts_with("X-") {
            findings.add(
                property.line,
                "unknown-property",
                format_args!(
                    "there is no property {}: if it belongs to the text before it, write the line break as \\n, else \
                     begin its name with X- (RFC 5545, 3.3.11, 3.8.8.2)",
                    Shown(name)
                ),
            );
        }
        values::check(property, &component.name, findings);
    }
    match &*component.name {
        "VEVENT" | "VTODO" | "VJOURNAL" | "VFREEBUSY" | "STANDARD" | "DAYLIGHT" => {
            when::check_together(component, findings);
        }
        "VALARM" => alarm(component, findings),
        "VTIMEZONE" if component.children.is_empty() => {
            let said =
                "the zone has neither STANDARD nor DAYLIGHT, so no offset: write one (RFC 5545, 3.6.5)";
            findings.add(component.line, "empty-timezone", format_args!("{said}"));
        }
        _ => {}
    }
    for child in &component.children {
        self::component(child, method, findings);
    }
}

/// RFC 5545, 3.6.6.
fn alarm(alarm: &Component<'_>, findings: &mut Findings) {
    if alarm.has("DURATION") != alarm.has("REPEAT") {
        let said = "an alarm that repeats has both DURATION and REPEAT: add the other, or leave it out";
        findings.add(alarm.line, "alarm-repeat", format_args!("{said}"));
    }
    let shows = alarm.first("ACTION").is_some_and(|action| action.value.eq_ignore_ascii_case("DISPLAY"));
    if shows && !alarm.has("DESCRIPTION") {
        let said = "an alarm that shows something has a DESCRIPTION: add it";
        findings.add(alarm.line, "missing-description", format_args!("{said}"));
    }
}

/// A calendar with METHOD is a message between an organizer and others (RFC 5546, 3.2).
fn method(calendar: &Component<'_>, findings: &mut Findings) {
    let Some(method) = calendar.first("METHOD") else { return };
    let entries: Vec<_> = calendar.children.iter().filter(|child| child.name != "VTIMEZONE").collect();
    let lacking = entries.iter().filter(|entry| !entry.has("ORGANIZER")).count();
    if lacking > 0 {
        findings.add(
            method.line,
            "method-without-organizer",
            format_args!(
                "METHOD demands an ORGANIZER in every component, which {lacking} of {} lack: a feed has no METHOD, so \
                 leave it out (RFC 5546, 3.2)",
                entries.len()
            ),
        );
    }
    if method.value.eq_ignore_ascii_case("PUBLISH") {
        for attendee in entries.iter().filter_map(|entry| entry.first("ATTENDEE")) {
            let said = "METHOD:PUBLISH forbids ATTENDEE: leave out one of them (RFC 5546, 3.2.1)";
            findings.add(attendee.line, "attendee-in-published", format_args!("{said}"));
        }
    }
}

/// Each zone that is used is described once, and said to be missing once (RFC 5545, 3.2.19 and 3.6.5).
fn zones(calendar: &Component<'_>, findings: &mut Findings) {
    let mut declared = BTreeSet::new();
    for zone in calendar.children.iter().filter(|child| child.name == "VTIMEZONE") {
        let Some(id) = zone.first("TZID") else { continue };
        if !declared.insert(plain(id.value)) {
            let said = "is described a second time: keep one VTIMEZONE (RFC 5545, 3.6.5)";
            findings.add(id.line, "duplicate-timezone", format_args!("{} {said}", Shown(id.value)));
        }
    }
    let mut used = BTreeMap::new();
    used_zones(calendar, &mut used);
    // What begins with a slash is known to everybody.
    let missing = used.into_iter().filter(|(id, _)| !id.starts_with('/') && !declared.contains(*id));
    for (id, (line, count)) in missing {
        findings.add(
            line,
            "undeclared-timezone",
            format_args!(
                "TZID={} is used {count} times, from here on, but has no VTIMEZONE: add it, or programs shift the \
                 times (RFC 5545, 3.2.19)",
                Shown(id)
            ),
        );
    }
}

/// An id as parameters have it, which escape nothing.
fn plain(text: &str) -> String {
    text.replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
}

/// Where each TZID is used first, and how often.
fn used_zones<'a>(component: &Component<'a>, used: &mut BTreeMap<&'a str, (usize, usize)>) {
    let own = component.properties.iter();
    for (id, line) in own.filter_map(|property| Some((property.parameter("TZID")?, property.line))) {
        let (first, count) = used.entry(id).or_insert((line, 0));
        *first = line.min(*first);
        *count += 1;
    }
    component.children.iter().for_each(|child| used_zones(child, used));
}

/// No two components have one identity (RFC 5545, 3.8.4.7). An occurrence of a series that differs from it has the
/// series' UID and a RECURRENCE-ID of its own (3.8.4.4).
fn identities<'a>(
    calendar: &Component<'a>,
    seen: &mut BTreeMap<Identity<'a>, usize>,
    findings: &mut Findings,
) {
    let entries = calendar.children.iter().filter(|child| known::statuses(&child.name) != [""; 0]);
    for entry in entries {
        let Some(uid) = entry.first("UID") else { continue };
        let instance = entry.first("RECURRENCE-ID").map(|id| (id.value, id.parameter("TZID")));
        let first = *seen.entry((uid.value, instance)).or_insert(uid.line);
        if first != uid.line {
            findings.add(
                uid.line,
                "duplicate-uid",
                format_args!(
                    "UID {} is that of line {first} too, and programs show one of the two: give each its own, or a \
                     RECURRENCE-ID to an occurrence of a series (RFC 5545, 3.8.4.7)",
                    Shown(uid.value)
                ),
            );
        }
    }
}
