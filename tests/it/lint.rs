//! The judge of calendars: each fault by its code and its line, no fault where there is none, and what becomes of a
//! feed that has one.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Stdio;
use std::thread;

use arshjul::ical::lint::{LARGEST, is_readable, lint};
use arshjul::ical::{Event, feeds, write};
use arshjul::plan::model::Change;
use arshjul::store::PlannedMark;
use arshjul::workflow::model::{EntryKind, Span, Status};
use axum::http::StatusCode;
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp, ToSpan};
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};
use serde_json::Value;

use crate::cli::{Shell, said};
use crate::ical::{anything, calendar, event, shipped, wheel};
use crate::web::Site;

/// A meeting with hours and a place, and one of a whole day.
fn good() -> String {
    let at = |hour, minute| date(2026, 3, 27).at(hour, minute, 0, 0);
    let hours = Span::Timed { start: at(9, 30), end: at(16, 0) };
    let mut booked = event("sydostra/rsl", Some("rsl"), "mars.2026", EntryKind::Meeting, "RSL", hours);
    booked.occasion.place = Some("Stadshotellet, Västerås".into());
    let day = Span::AllDay { first: date(2026, 5, 31), last: date(2026, 5, 31) };
    let whole = event("sydostra/rsl", Some("rsl"), "maj.2026", EntryKind::Meeting, "Möte i maj", day);
    String::from_utf8(write(&calendar("Prov"), &[booked, whole])).unwrap()
}

/// The feed with the first `from` replaced, which must be there.
fn with(from: &str, to: &str) -> Vec<u8> {
    let good = good();
    assert!(good.contains(from), "{from:?} is not in {good}");
    good.replacen(from, to, 1).into_bytes()
}

/// The first line that begins with `start` is gone.
fn without(start: &str) -> Vec<u8> {
    let good = good();
    let line = good.split_inclusive("\r\n").find(|line| line.starts_with(start)).unwrap();
    good.replacen(line, "", 1).into_bytes()
}

/// The all-day meeting's title with other bytes in the place of its `ö`.
fn with_letter(letter: &[u8]) -> Vec<u8> {
    let good = good();
    let (before, after) = good.split_once("SUMMARY:Mö").unwrap();
    [before.as_bytes(), b"SUMMARY:M", letter, after.as_bytes()].concat()
}

fn in_event(lines: &str) -> Vec<u8> {
    with("END:VEVENT\r\n", &format!("{lines}\r\nEND:VEVENT\r\n"))
}

fn found(bytes: &[u8]) -> Vec<(usize, &'static str)> {
    lint(bytes).into_iter().map(|finding| (finding.line, finding.code)).collect()
}

/// The number of the line that begins with `start`, the `nth` of them from 0.
fn line_of(bytes: &[u8], start: &str, nth: usize) -> usize {
    let lines = bytes.split(|byte| *byte == b'\n').enumerate();
    let mut numbers =
        lines.filter(|(_, line)| line.starts_with(start.as_bytes())).map(|(index, _)| index + 1);
    numbers.nth(nth).unwrap_or_else(|| panic!("no line begins with {start:?}"))
}

/// A fault: its name, the feed with it, its code, and the start of the line that it is on and which of them.
type Fault = (&'static str, Vec<u8>, &'static str, (&'static str, usize));

/// What no parser finds all of: the faults that six of them were measured with.
fn seeded() -> Vec<Fault> {
    let first_uid = good().lines().find(|line| line.starts_with("UID:")).unwrap().to_owned();
    let second_uid = good().lines().filter(|line| line.starts_with("UID:")).nth(1).unwrap().to_owned();
    let zone =
        good().split_once("BEGIN:VTIMEZONE").unwrap().1.split_once("END:VTIMEZONE\r\n").unwrap().0.to_owned();
    let long = format!("SUMMARY:{}", "x".repeat(392));
    vec![
        ("only line feeds", good().replace("\r\n", "\n").into(), "line-end", ("BEGIN:VCALENDAR", 0)),
        ("no DTSTAMP", without("DTSTAMP"), "missing-dtstamp", ("BEGIN:VEVENT", 0)),
        ("no UID", without("UID"), "missing-uid", ("BEGIN:VEVENT", 0)),
        ("no PRODID", without("PRODID"), "missing-prodid", ("BEGIN:VCALENDAR", 0)),
        ("no VERSION", without("VERSION"), "missing-version", ("BEGIN:VCALENDAR", 0)),
        (
            "TZID without VTIMEZONE",
            with(&format!("BEGIN:VTIMEZONE{zone}END:VTIMEZONE\r\n"), ""),
            "undeclared-timezone",
            ("DTSTART;TZID", 0),
        ),
        ("a line of 400 octets", with("SUMMARY:RSL", &long), "long-line", ("SUMMARY:xxx", 0)),
        ("a fold within a letter", with_letter(b"\xc3\r\n \xb6"), "fold-in-character", ("SUMMARY:M", 0)),
        ("a doubled UID", with(&second_uid, &first_uid), "duplicate-uid", ("UID:", 1)),
        (
            "the end before the start",
            with(":20260327T160000", ":20260327T090000"),
            "end-before-start",
            ("DTEND", 0),
        ),
        (
            "a day that ends where it begins",
            with(":20260601", ":20260531"),
            "end-equals-start",
            ("DTEND;VALUE=DATE", 0),
        ),
        (
            "a date that ends with a time",
            with("DTEND;VALUE=DATE:20260601", "DTEND:20260601T100000Z"),
            "end-other-type",
            ("DTEND:2026", 0),
        ),
        (
            "a raw line break in a text",
            with("SUMMARY:RSL", "SUMMARY:RSL\r\nmed lunch"),
            "not-a-line",
            ("med lunch", 0),
        ),
        ("a bare comma", with("hotellet\\, V", "hotellet, V"), "unescaped", ("LOCATION", 0)),
        ("a bare semicolon", with("hotellet\\, V", "hotellet; V"), "unescaped", ("LOCATION", 0)),
        ("a byte order mark", [b"\xef\xbb\xbf", good().as_bytes()].concat(), "bom", ("\u{feff}BEGIN", 0)),
        ("Latin-1", with_letter(b"\xf6"), "not-utf8", ("SUMMARY:M", 0)),
        ("no DTSTART", without("DTSTART;TZID"), "missing-dtstart", ("BEGIN:VEVENT", 0)),
        ("a duration without its T", with("TTL:PT6H", "TTL:P6H"), "bad-duration", ("X-PUBLISHED-TTL", 0)),
        ("DTEND and DURATION", in_event("DURATION:PT1H"), "end-and-duration", ("DURATION", 0)),
        (
            "an alarm without TRIGGER",
            in_event("BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:RSL\r\nEND:VALARM"),
            "missing-trigger",
            ("BEGIN:VALARM", 0),
        ),
        ("an event without END", without("END:VEVENT"), "not-ended", ("BEGIN:VEVENT", 0)),
        (
            "a control character",
            with("SUMMARY:RSL", "SUMMARY:R\u{b}SL"),
            "control-character",
            ("SUMMARY:R", 0),
        ),
        (
            "a status that no event has",
            with("STATUS:CONFIRMED", "STATUS:DONE"),
            "bad-status",
            ("STATUS:DONE", 0),
        ),
        ("two SUMMARYs", in_event("SUMMARY:RSL igen"), "repeated-property", ("SUMMARY:RSL igen", 0)),
        ("a thirteenth month", with("BYMONTH=10", "BYMONTH=13"), "bad-recurrence", ("RRULE", 1)),
    ]
}

/// What breaks feeds besides.
fn more() -> Vec<Fault> {
    let event = good().split_once("BEGIN:VEVENT").unwrap().1.to_owned();
    let head = good().split_once("BEGIN:VTIMEZONE").unwrap().0.to_owned();
    let start = "DTSTART;TZID=Europe/Stockholm:20260327T093000";
    let utc = "DTSTART;TZID=Europe/Stockholm:20260327T083000Z";
    let alarm = |lines: &str| in_event(&format!("BEGIN:VALARM\r\nACTION:AUDIO\r\n{lines}\r\nEND:VALARM"));
    vec![
        (
            "METHOD without ORGANIZER",
            with("CALSCALE", "METHOD:PUBLISH\r\nCALSCALE"),
            "method-without-organizer",
            ("METHOD", 0),
        ),
        ("REFRESH-INTERVAL without type", with(";VALUE=DURATION", ""), "value-type-missing", ("REFRESH", 0)),
        ("SOURCE without type", with(";VALUE=URI", ""), "value-type-missing", ("SOURCE", 0)),
        ("a wait of nothing", with("DURATION:PT6H", "DURATION:PT0S"), "bad-duration", ("REFRESH", 0)),
        ("nothing in it", format!("{head}END:VCALENDAR\r\n").into(), "no-component", ("BEGIN:VCALENDAR", 0)),
        (
            "two calendars",
            [good(), good().replace("UID:", "UID:x")].concat().into(),
            "several-calendars",
            ("BEGIN:VCALENDAR", 1),
        ),
        (
            "more than 512 KB",
            in_event(&"COMMENT:x\r\n".repeat(LARGEST / 11)[..LARGEST - 9]),
            "too-large",
            ("BEGIN:VCALENDAR", 0),
        ),
        ("one bare line feed", with("SUMMARY:RSL\r\n", "SUMMARY:RSL\n"), "line-end", ("SUMMARY:RSL", 0)),
        ("cut off within a line", good().trim_end().into(), "line-end", ("END:VCALENDAR", 0)),
        (
            "a bare carriage return",
            with("SUMMARY:RSL", "SUMMARY:R\rSL"),
            "control-character",
            ("SUMMARY:R", 0),
        ),
        ("an empty line", with("BEGIN:VEVENT", "\r\nBEGIN:VEVENT"), "empty-line", ("\r", 0)),
        ("a fold of nothing", [b" x\r\n", good().as_bytes()].concat(), "stray-fold", (" x", 0)),
        ("a line separator", with("SUMMARY:RSL", "SUMMARY:R\u{2028}SL"), "line-separator", ("SUMMARY:R", 0)),
        (
            "a quote that isn't closed",
            with(start, &start.replace("Europe", "\"Europe")),
            "bad-parameter",
            ("DTSTART;TZID", 0),
        ),
        (
            "text that looks like a property",
            with("SUMMARY:RSL", "SUMMARY:RSL\r\nLokal: Sal 1"),
            "unknown-property",
            ("Lokal", 0),
        ),
        (
            "something after the end",
            [good().as_bytes(), b"X-A:b\r\n"].concat(),
            "outside-calendar",
            ("X-A", 0),
        ),
        (
            "an alarm in no event",
            with(
                "BEGIN:VEVENT",
                "BEGIN:VALARM\r\nACTION:AUDIO\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nBEGIN:VEVENT",
            ),
            "misplaced-component",
            ("BEGIN:VALARM", 0),
        ),
        (
            "an END too many",
            with("END:VEVENT\r\n", "END:VEVENT\r\nEND:VEVENT\r\n"),
            "end-without-begin",
            ("END:VEVENT", 1),
        ),
        ("no END of all", without("END:VCALENDAR"), "not-ended", ("BEGIN:VCALENDAR", 0)),
        ("an escape that is none", with("SUMMARY:RSL", "SUMMARY:K\\:rsl"), "bad-escape", ("SUMMARY:K", 0)),
        ("a day that isn't", with(":20260531", ":20260532"), "bad-date", ("DTSTART;VALUE=DATE", 0)),
        (
            "a date that isn't said to be one",
            with("DTSTART;VALUE=DATE", "DTSTART"),
            "date-without-value",
            ("DTSTART:2026", 0),
        ),
        (
            "a time that is said to be a date",
            with(":20260531", ":20260531T100000"),
            "bad-date",
            ("DTSTART;VALUE=DATE", 0),
        ),
        (
            "DTSTAMP without zone",
            with("DTSTAMP:20241101T070000Z", "DTSTAMP:20241101T070000"),
            "not-utc",
            ("DTSTAMP", 0),
        ),
        ("a zone beside UTC", with(start, utc), "tzid-misused", ("DTSTART;TZID", 0)),
        (
            "an hour that spring skips",
            good().replace("20260327T0930", "20260329T0230").replace("20260327T16", "20260329T16").into(),
            "skipped-time",
            ("DTSTART;TZID", 0),
        ),
        (
            "the same time twice",
            with(":20260327T160000", ":20260327T093000"),
            "end-equals-start",
            ("DTEND", 0),
        ),
        (
            "an end wherever you are",
            with("DTEND;TZID=Europe/Stockholm", "DTEND"),
            "end-other-type",
            ("DTEND", 0),
        ),
        (
            "UNTIL of another type",
            in_event("RRULE:FREQ=DAILY;UNTIL=20260401"),
            "until-other-type",
            ("RRULE", 2),
        ),
        ("a whole day of hours", in_event_without_end("DURATION:PT8H"), "bad-duration", ("DURATION", 0)),
        (
            "an alarm that repeats for ever",
            alarm("TRIGGER:-PT5M\r\nREPEAT:3"),
            "alarm-repeat",
            ("BEGIN:VALARM", 0),
        ),
        ("a trigger at no time", alarm("TRIGGER:P5M"), "bad-duration", ("TRIGGER", 0)),
        (
            "a zone without offsets",
            with("BEGIN:VEVENT", "BEGIN:VTIMEZONE\r\nTZID:X\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT"),
            "empty-timezone",
            ("BEGIN:VTIMEZONE", 1),
        ),
        (
            "a zone twice",
            with(
                "BEGIN:VEVENT",
                &format!(
                    "BEGIN:VTIMEZONE\r\nTZID:Europe/Stockholm\r\nBEGIN:STANDARD{}BEGIN:VEVENT",
                    standard()
                ),
            ),
            "duplicate-timezone",
            ("TZID", 1),
        ),
        ("an address without a scheme", in_event("URL:example.org"), "bad-uri", ("URL", 0)),
        (
            "an offset without a sign",
            with("TZOFFSETTO:+0200", "TZOFFSETTO:0200"),
            "bad-value",
            ("TZOFFSETTO", 0),
        ),
        ("another version", with("VERSION:2.0", "VERSION:1.0"), "bad-value", ("VERSION", 0)),
        ("half a change", with("SEQUENCE:0", "SEQUENCE:0.5"), "bad-value", ("SEQUENCE", 0)),
        ("a third transparency", with("TRANSP:OPAQUE", "TRANSP:BUSY"), "bad-value", ("TRANSP", 0)),
        (
            "somebody invited by a publisher",
            [
                head.replace("CALSCALE", "METHOD:PUBLISH\r\nCALSCALE"),
                format!(
                    "BEGIN:VEVENT{}",
                    event
                        .replace("DTSTAMP", "ORGANIZER:mailto:rsl@example.org\r\nDTSTAMP")
                        .replacen("DTSTAMP", "ATTENDEE:mailto:anna@example.org\r\nDTSTAMP", 1)
                        .replace(";TZID=Europe/Stockholm", "")
                ),
            ]
            .concat()
            .into(),
            "attendee-in-published",
            ("ATTENDEE", 0),
        ),
    ]
}

/// The all-day event with another line in the place of its end.
fn in_event_without_end(line: &str) -> Vec<u8> {
    with("DTEND;VALUE=DATE:20260601", line)
}

/// The rest of a VTIMEZONE that has winter time only.
fn standard() -> String {
    let good = good();
    let (_, after) = good.split_once("BEGIN:STANDARD").unwrap();
    let (zone, _) = after.split_once("END:VTIMEZONE").unwrap();
    format!("{zone}END:VTIMEZONE\r\n")
}

#[test]
fn every_fault_is_found_at_its_line_and_nothing_else() {
    assert_eq!(lint(good().as_bytes()), []);
    let faults = [seeded(), more()].concat();
    let names: BTreeSet<_> = faults.iter().map(|(name, ..)| name).collect();
    assert_eq!(names.len(), faults.len());
    assert!(seeded().len() >= 24);
    let mut wrong = Vec::new();
    for (name, bytes, code, (start, nth)) in faults {
        let expected = [(line_of(&bytes, start, nth), code)];
        let found = found(&bytes);
        if found != expected {
            wrong.push(format!("{name}: expected {expected:?}, found {:?}", lint(&bytes)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_others_write_rightly_has_no_fault() {
    let uid = good().lines().find(|line| line.starts_with("UID:")).unwrap().to_owned();
    let occurrence = |id: &str| {
        format!(
            "BEGIN:VEVENT\r\n{uid}\r\nDTSTAMP:20260101T000000Z\r\nRECURRENCE-ID:{id}\r\nDTSTART:{id}\r\nEND:VEVENT\r\nBEGIN:VEVENT"
        )
    };
    let two = format!(
        "{}\r\n{}",
        occurrence("20260401T080000Z").trim_end_matches("\r\nBEGIN:VEVENT"),
        occurrence("20260402T080000Z")
    );
    let right = [
        ("exceptions of a series", with("BEGIN:VEVENT", &two)),
        ("small letters", with("STATUS:CONFIRMED", "status:confirmed")),
        ("tabs in folds", with("SUMMARY:RSL", "SUMMARY:R\r\n\tSL\t!")),
        ("lists", in_event("CATEGORIES:RSL,Möte\\, stort\r\nEXDATE;VALUE=DATE:20260401,20260402")),
        (
            "extensions",
            in_event("X-FOO;X-BAR=\"a;b:c\",d:e,f;g\r\nBEGIN:X-COMPONENT\r\nANY-WORD:x\r\nEND:X-COMPONENT"),
        ),
        (
            "an alarm",
            in_event(
                "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER;RELATED=END:-P1DT6H\r\nREPEAT:2\r\nDURATION:PT5M\r\nEND:VALARM",
            ),
        ),
        (
            "people",
            in_event(
                "ORGANIZER;CN=\"Exempel, Anna\":mailto:anna@example.org\r\nATTENDEE:mailto:b@example.org",
            ),
        ),
        ("a recurrence", in_event("RRULE:FREQ=MONTHLY;BYDAY=2TU;UNTIL=20261231T225959Z")),
        ("a place on the map", in_event("GEO:58.410807;15.621373")),
        (
            "a zone of everybody's",
            with(
                "DTEND;TZID=Europe/Stockholm:20260327T16",
                "DTEND;TZID=/example.org/Europe/Stockholm:20260327T16",
            ),
        ),
    ];
    for (name, bytes) in right {
        assert_eq!(lint(&bytes), [], "{name}");
    }
}

#[test]
fn messages_say_what_to_do_on_one_line() {
    for (name, bytes, ..) in [seeded(), more()].concat() {
        for finding in lint(&bytes) {
            let message = &finding.message;
            assert!(!message.contains(char::is_control) && message.len() < 400, "{name}: {message}");
            assert!(!message.ends_with('.'), "{name}: {message}");
        }
    }
    let said = &lint(&with("hotellet\\, V", "hotellet, V"))[0].message;
    assert_eq!(
        said,
        "the text of LOCATION, `Stadshotellet, Västerås`, has a bare `,`: write `\\,` (RFC 5545, 3.3.11)"
    );
}

#[test]
fn every_shipped_feed_is_clean() {
    let (organisation, workflows, events) = shipped();
    let revised = || events.iter().map(|event| (event.occasion.clone(), 0, event.changed_at));
    let mut count = 0;
    for (name, title) in feeds::feed_names(&organisation, &workflows) {
        let public = "https://arshjul.example.org";
        let bytes =
            feeds::render((&name, &title), &organisation, &workflows, revised(), date(2025, 6, 1), public);
        assert_eq!(lint(&bytes), [], "{name}");
        count += 1;
    }
    assert!(count > 10);
    assert_eq!(lint(&write(&calendar("Årshjul 2025"), &wheel())), []);
}

fn spans() -> impl Strategy<Value = Span> {
    let day = || (-3_000_i64..30_000).prop_map(|days| date(2000, 1, 1).saturating_add(days.days()));
    let whole = (day(), day()).prop_map(|(first, last): (Date, Date)| Span::AllDay { first, last });
    let moment = || (day(), 0_i8..24, 0_i8..60).prop_map(|(day, hour, minute)| day.at(hour, minute, 0, 0));
    let timed = (moment(), moment()).prop_map(|(start, end)| Span::Timed { start, end });
    proptest::prop_oneof![whole, timed]
}

proptest! {
    #[test]
    fn no_feed_of_ours_has_a_fault(
        title in anything(), note in anything(), place in anything(), category in anything(), path in anything(),
        span in spans(), moment in 0_i64..4_102_444_800, sequence in 0_u32..1_000_000, last_days in any::<bool>(),
        kind in proptest::sample::select(vec![EntryKind::Meeting, EntryKind::Period, EntryKind::Deadline]),
        status in proptest::sample::select(vec![Status::Tentative, Status::Confirmed, Status::Cancelled]),
    ) {
        let mut event = event("a", None, "b.2025", kind, &title, span);
        event.occasion.note = Some(note);
        event.occasion.place = Some(place);
        event.occasion.status = status;
        let event = Event {
            categories: vec![category.clone(), category],
            url: Some(format!("https://example.org/{path}")),
            changed_at: Timestamp::from_second(moment).unwrap(),
            sequence,
            ..event
        };
        let mut calendar = calendar(&title);
        calendar.last_days = last_days;
        prop_assert_eq!(lint(&write(&calendar, &[event])), []);
    }

    #[test]
    fn no_bytes_are_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        prop_assert_eq!(lint(&bytes).len(), 1, "no calendar");
        let inside = [b"BEGIN:VCALENDAR\r\n", bytes.as_slice()].concat();
        prop_assert!(!lint(&inside).is_empty());
    }

    #[test]
    fn no_damage_is_too_strange(
        at in any::<proptest::sample::Index>(), length in 0_usize..40,
        pieces in proptest::collection::vec(proptest::sample::select(vec![
            "BEGIN:VEVENT\r\n", "END:VEVENT\r\n", "BEGIN:", "END:VCALENDAR\r\n", "\r\n", "\n ", ";", "=", "\"", ":", ",",
            "\\", "T", "P", "DTSTART;VALUE=DATE:", "RRULE:", "TZID=", "å", "\u{2028}", "9999", "-", "BYDAY=",
        ]), 0..12),
    ) {
        let mut bytes = good().into_bytes();
        let start = at.index(bytes.len());
        let end = (start + length).min(bytes.len());
        bytes.splice(start..end, pieces.concat().into_bytes());
        let lines = bytes.split_inclusive(|byte| *byte == b'\n').count();
        for finding in lint(&bytes) {
            prop_assert!((1..=lines).contains(&finding.line), "{:?}", finding);
        }
    }
}

#[test]
fn the_command_says_what_is_wrong_and_where() {
    let shell = Shell::new();
    shell.write("god.ics", &good());
    shell.write("fel.ics", &good().replace("hotellet\\, V", "hotellet, V"));
    let clean = shell.run(&["feed", "--lint", "god.ics"]);
    assert_eq!((clean.code, clean.out.as_str(), clean.err.as_str()), (0, "god.ics: no faults\n", ""));
    let wrong = shell.run(&["feed", "--lint", "fel.ics"]);
    let line = line_of(good().as_bytes(), "LOCATION", 0);
    assert_eq!((wrong.code, wrong.err.as_str()), (1, ""));
    assert!(
        wrong.out.starts_with(&format!("fel.ics:{line}: unescaped: the text of LOCATION")),
        "{}",
        wrong.out
    );
    assert_eq!(wrong.out.lines().count(), 1);

    let json = shell.run(&["feed", "--lint", "fel.ics", "--format", "json"]);
    let finding: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((json.code, &finding["file"], &finding["code"]), (1, &"fel.ics".into(), &"unescaped".into()));
    assert_eq!(finding["line"], line);
    assert!(finding["message"].as_str().unwrap().contains("write `\\,`"));
    assert_eq!(shell.ok(&["feed", "--lint", "god.ics", "--format", "json"]), "");

    let mut child =
        shell.command(&["feed", "--lint", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&without("END:VEVENT")).unwrap();
    let piped = said(child.wait_with_output().unwrap());
    assert_eq!(piped.code, 1);
    assert!(piped.out.starts_with("-:") && piped.out.contains(": not-ended: "), "{}", piped.out);
}

#[test]
fn what_cannot_be_judged_ends_with_two() {
    let shell = Shell::new();
    shell.write("stor.ics", &"x".repeat(5 * 1024 * 1024 + 1));
    for arguments in [
        &["--lint", "finns-inte.ics"][..],
        &["--lint", "."],
        &["--lint", "stor.ics"],
        &["--lint", "http://127.0.0.1:1/x.ics"],
        &["--lint"],
        &["--lint", "stor.ics", "remisser"],
        &["--lint", "stor.ics", "--list"],
        &["remisser", "--format", "json"],
    ] {
        let said = shell.run(&[&["feed"], arguments].concat());
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{arguments:?}: {}", said.err);
        assert!(!said.err.is_empty(), "{arguments:?}");
    }
    assert!(shell.run(&["feed", "--lint", "stor.ics"]).err.contains("5 MB"));
}

/// Serves for as long as the test runs: a feed, the way to it, a way without an end, and more than anybody reads.
fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n > 0) {
                request.extend(byte);
            }
            let request = String::from_utf8(request).unwrap();
            let path = request.split(' ').nth(1).unwrap();
            let (status, more, body) = match path {
                "/feed.ics" => ("200 OK", "", good()),
                "/there" => ("302 Found", "Location: /feed.ics\r\n", String::new()),
                "/round" => ("302 Found", "Location: /round\r\n", String::new()),
                "/large" => ("200 OK", "", "x".repeat(5 * 1024 * 1024 + 1)),
                _ => ("404 Not Found", "", String::new()),
            };
            let length = body.len();
            let head =
                format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{more}Connection: close\r\n\r\n");
            // The reader of the large one hangs up.
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
        }
    });
    address
}

#[test]
fn a_feed_is_fetched_where_it_is() {
    let (shell, server) = (Shell::new(), server());
    let lint = |path: &str| shell.run(&["feed", "--lint", &format!("{server}{path}")]);
    for path in ["/feed.ics", "/there"] {
        let said = lint(path);
        assert_eq!((said.code, said.out), (0, format!("{server}{path}: no faults\n")), "{}", said.err);
    }
    for (path, why) in [("/round", "redirect"), ("/large", "5 MB"), ("/gone", "404 Not Found")] {
        let said = lint(path);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{path}");
        assert!(said.err.contains(why), "{path}: {}", said.err);
    }
}

/// Gives a round of consultation another title, in the store.
async fn entitle(site: &Site, title: &str) {
    site.clock.advance(SignedDuration::from_hours(1));
    let stored = site.store.occasions().await.unwrap().into_iter().map(|stored| stored.occasion);
    let mut round = stored
        .into_iter()
        .find(|round| {
            round.at.workflow.as_str() == "nationell/remisser"
                && round.span.first() > arshjul::calendar::today(site.now())
        })
        .unwrap();
    round.title = title.to_owned();
    let rules = site.rules.rules();
    let mark = PlannedMark {
        until: site.now() + SignedDuration::from_hours(48),
        facts_revision: site.store.facts_revision().await.unwrap(),
        files_digest: rules.digest.clone(),
    };
    let in_force = rules.workflows.0.keys().cloned().collect();
    let none: [Change; 0] = [];
    site.store.apply(&none, &[round], &in_force, &mark, site.now()).await.unwrap();
    site.store.meta_put(arshjul::store::MetaKey::HEARTBEAT, Some(&site.now().to_string())).await.unwrap();
}

#[tokio::test]
async fn a_faulty_feed_is_held_back_behind_its_last_good_copy() {
    let mut site = Site::new().await;
    let good = site.get("/feed/remisser.ics").await;
    let metric = async |site: &Site, count| {
        let metrics = site.get("/metrics").await.body;
        assert!(metrics.contains(&format!("\narshjul_feeds_faulty {count}\n")), "{metrics}");
    };
    metric(&site, 0).await;

    // Nobody has such a title; a feed of this size can come of many occasions, too.
    entitle(&site, &"Remissrunda ".repeat(60_000)).await;
    for _ in 0..2 {
        let kept = site.get("/feed/remisser.ics").await;
        assert_eq!((kept.status, &kept.body), (StatusCode::OK, &good.body));
        assert_eq!(kept.header("etag"), good.header("etag"));
    }
    let ready = site.get("/readyz").await;
    assert_eq!(ready.status, StatusCode::OK);
    assert_eq!(
        ready.body,
        "ready, but the newest rendering of the feed remisser is faulty: too-large; see the log\n"
    );
    metric(&site, 1).await;
    assert_eq!(site.get("/feed/rsl.ics").await.status, StatusCode::OK, "the others are as they were");

    // Without a good copy, what programs can read is better than an error.
    site.restart();
    let large = site.get("/feed/remisser.ics").await;
    assert_eq!(large.status, StatusCode::OK);
    assert!(large.body.len() > LARGEST && is_readable(&lint(large.body.as_bytes())));
    metric(&site, 1).await;

    entitle(&site, "Remissrunda").await;
    let mended = site.get("/feed/remisser.ics").await;
    assert!(mended.body.contains("SUMMARY:Remissrunda\r\n"));
    assert_eq!(site.get("/readyz").await.body, "ready\n");
    metric(&site, 0).await;
}
