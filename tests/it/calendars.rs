//! Others' calendars, as real servers write them: what each oddity comes to.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::process::{Command, Stdio};

use arshjul::ical::read::{External, Limits, Reading, read};
use arshjul::ical::{Calendar, Event, write};
use arshjul::ids::OccasionRef;
use arshjul::plan::model::{ForCalendars, Occasion};
use arshjul::workflow::model::{EntryKind, Span, Status};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::sample::select;

const AS_OF: Date = date(2025, 6, 1);

/// What is wrong in a file, its bytes, the events it comes to, and words of each doubt, in their order.
struct Oddity {
    name: &'static str,
    bytes: Vec<u8>,
    events: &'static [&'static str],
    doubts: &'static [&'static str],
}

fn odd(
    name: &'static str,
    bytes: impl Into<Vec<u8>>,
    events: &'static [&'static str],
    doubts: &'static [&'static str],
) -> Oddity {
    Oddity { name, bytes: bytes.into(), events, doubts }
}

/// A calendar around some lines, ended by CRLF.
fn calendar(lines: &str) -> String {
    format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{}\nEND:VCALENDAR\n", lines.trim()).replace('\n', "\r\n")
}

/// One event with some lines in a calendar.
fn event(lines: &str) -> String {
    calendar(&format!("BEGIN:VEVENT\nUID:a\n{}\nEND:VEVENT", lines.trim()))
}

/// An event on 1 April with one line more.
fn april(line: &str) -> String {
    event(&format!("DTSTART;VALUE=DATE:20250401\n{line}"))
}

/// As much of an event as the tests speak of: `2025-04-01 09:00-10:00 Möte (Rum 2) tentative`, with the day that a
/// repetition had by its rule in brackets.
fn told(event: &External) -> String {
    let mut said = match event.span {
        Span::AllDay { first, last } if first == last => first.to_string(),
        Span::AllDay { first, last } => format!("{first}..{last}"),
        Span::Timed { start, end } if start.date() == end.date() => {
            format!("{} {}-{}", start.date(), start.strftime("%H:%M"), end.strftime("%H:%M"))
        }
        Span::Timed { start, end } => format!("{}..{}", start.strftime("%F %H:%M"), end.strftime("%F %H:%M")),
    };
    if let Some(original) = event.recurrence_id {
        said += &format!(" [{}]", original.strftime("%m-%d"));
    }
    if !event.title.is_empty() {
        said += &format!(" {}", event.title);
    }
    if let Some(place) = &event.place {
        said += &format!(" ({place})");
    }
    match event.status {
        Status::Tentative => said + " tentative",
        Status::Cancelled => said + " cancelled",
        Status::Confirmed => said,
    }
}

const WHOLE: &str = "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:a\nDTSTART:20250401T090000\n\
                     DTEND:20250401T100000\nSUMMARY:Möte\n  på måndag\nEND:VEVENT\nEND:VCALENDAR\n";
const MEETING: &[&str] = &["2025-04-01 09:00-10:00 Möte på måndag"];

/// How the bytes are written.
fn bytes() -> Vec<Oddity> {
    let utf16 = |order: fn(u16) -> [u8; 2]| {
        format!("\u{feff}{WHOLE}").encode_utf16().flat_map(order).collect::<Vec<u8>>()
    };
    let latin: Vec<u8> = WHOLE.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let inside = WHOLE.replace("Möte", "M\u{1}te").into_bytes();
    let inside: Vec<u8> =
        inside.iter().flat_map(|b| if *b == 1 { b"\xc3\n \xb6".to_vec() } else { vec![*b] }).collect();
    vec![
        odd("as it should be", WHOLE.replace('\n', "\r\n"), MEETING, &[]),
        odd("line feeds only", WHOLE, MEETING, &[]),
        odd("carriage returns only", WHOLE.replace('\n', "\r"), MEETING, &[]),
        odd("CR CR LF after each line", WHOLE.replace('\n', "\r\r\n"), MEETING, &[]),
        odd("a byte order mark", format!("\u{feff}{WHOLE}"), MEETING, &[]),
        odd("UTF-16, little end first", utf16(u16::to_le_bytes), MEETING, &[]),
        odd("UTF-16, big end first", utf16(u16::to_be_bytes), MEETING, &[]),
        odd("latin-1", latin, MEETING, &["windows-1252"]),
        odd("folded inside a character", inside, MEETING, &[]),
        odd("folded after a blank, and with a tab", WHOLE.replace("\n  på", " \n\tpå"), MEETING, &[]),
        odd("blank lines between", WHOLE.replace('\n', "\r\n\r\n"), MEETING, &[]),
        odd("names in lower case", WHOLE.replace("BEGIN", "begin").replace("END:", "end:").replace("SUMMARY", "Summary").replace("DTSTART", "dtstart"), MEETING, &[]),
        odd("UTF-8 cut off inside a character", [b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20250401\nSUMMARY:M\xc3\xb6te p\xc3\nEND:VEVENT\nEND:VCALENDAR\n".to_vec()].concat(), &["2025-04-01 Möte p\u{fffd}"], &["damaged"]),
        odd("nothing at all", "", &[], &["no calendar"]),
        odd("a page to log in on", "<!DOCTYPE html>\n<html><body>\n<p>Logga in</p>\n</body></html>", &[], &["web page"]),
        odd("two calendars in one file", format!("{WHOLE}{}", april("").replace("UID:a", "UID:b")), &["2025-04-01", "2025-04-01 09:00-10:00 Möte på måndag"], &[]),
        odd("the file ends in the middle", &WHOLE[..WHOLE.len() - 26], MEETING, &["no END", "has no end"]),
    ]
}

/// What stands between which BEGIN and END, and lines that are none.
fn components() -> Vec<Oddity> {
    let three = |middle: &str| {
        let one = |uid: &str, day: u8| format!("BEGIN:VEVENT\nUID:{uid}\nDTSTART:2025040{day}\nEND:VEVENT\n");
        calendar(&format!("{}{middle}{}", one("a", 1), one("c", 3)))
    };
    let around: &[&str] = &["2025-04-01", "2025-04-03"];
    vec![
        odd(
            "components that nobody knows, and what is in them",
            three(
                "BEGIN:X-FOO\nBEGIN:VEVENT\nUID:x\nDTSTART:20250402\nEND:VEVENT\nBEGIN:X-FOO\nEND:X-FOO\nEND:X-FOO\nBEGIN:VAVAILABILITY\nBEGIN:AVAILABLE\nDTSTART:20250402\nEND:AVAILABLE\nEND:VAVAILABILITY\n",
            ),
            around,
            &[],
        ),
        odd(
            "tasks and free time among the events",
            three(
                "BEGIN:VTODO\nUID:t\nDTSTART:20250402\nBEGIN:VALARM\nEND:VALARM\nEND:VTODO\nBEGIN:VFREEBUSY\nEND:VFREEBUSY\n",
            ),
            around,
            &[],
        ),
        odd(
            "an alarm's words are not the event's",
            event("DTSTART:20250401\nBEGIN:VALARM\nSUMMARY:Larm\nDTSTART:20250402\nEND:VALARM\nSUMMARY:Möte"),
            &["2025-04-01 Möte"],
            &[],
        ),
        odd(
            "an alarm without an end",
            three("BEGIN:VEVENT\nUID:b\nDTSTART:20250402\nBEGIN:VALARM\nTRIGGER:-PT15M\nEND:VEVENT\n"),
            &["2025-04-01", "2025-04-02", "2025-04-03"],
            &["`VALARM` has no END"],
        ),
        odd(
            "an event without an end",
            three("BEGIN:VEVENT\nUID:b\nDTSTART:20250402\n"),
            &["2025-04-01", "2025-04-02", "2025-04-03"],
            &["no END before line 11"],
        ),
        odd(
            "an unknown component without an end",
            three("BEGIN:X-FOO\nX:1\n"),
            around,
            &["`X-FOO` begins and never ends"],
        ),
        odd("a task without an end", three("BEGIN:VTODO\nUID:t\n"), around, &["`VTODO` has no END"]),
        odd("an END too many", three("END:VEVENT\n"), around, &["no BEGIN"]),
        odd(
            "a line break that nobody escaped",
            event("DTSTART:20250401\nDESCRIPTION:Välkomna\nalla till mötet\nTid: som vanligt\nSUMMARY:Möte"),
            &["2025-04-01 Möte"],
            &["`alla till mötet` is no line"],
        ),
        odd(
            "one event without a start among others",
            three("BEGIN:VEVENT\nUID:b\nSUMMARY:När?\nEND:VEVENT\n"),
            around,
            &["lost: it has no DTSTART"],
        ),
        odd(
            "one event whose start is nonsense",
            three("BEGIN:VEVENT\nUID:b\nDTSTART:den första\nEND:VEVENT\n"),
            around,
            &["lost: its DTSTART `den första` can't be read"],
        ),
        odd(
            "parameters that can't be read",
            three("BEGIN:VEVENT\nUID:b\nDTSTART;TZID=\"x:20250402T090000\nEND:VEVENT\n"),
            around,
            &["lost: its DTSTART has parameters"],
        ),
        odd(
            "no calendar around the event",
            "BEGIN:VEVENT\nUID:a\nDTSTART:20250401\nEND:VEVENT\n",
            &["2025-04-01"],
            &["no calendar"],
        ),
        odd(
            "a page in a parameter (Thunderbird)",
            april(&format!(
                "DESCRIPTION;ALTREP=\"data:text/html,{}\":Text\nSUMMARY:Möte",
                "%3Cp%3E;".repeat(500)
            )),
            &["2025-04-01 Möte"],
            &[],
        ),
        odd(
            "no UID",
            calendar("BEGIN:VEVENT\nDTSTART:20250401\nSUMMARY:Möte\nEND:VEVENT"),
            &["2025-04-01 Möte"],
            &["no UID"],
        ),
        odd(
            "the same UID twice: the higher SEQUENCE counts",
            calendar(
                "BEGIN:VEVENT\nUID:a\nSEQUENCE:2\nDTSTART:20250402\nEND:VEVENT\nBEGIN:VEVENT\nUID:a\nSEQUENCE:1\nDTSTART:20250401\nEND:VEVENT",
            ),
            &["2025-04-02"],
            &["UID of the event on line 4"],
        ),
        odd(
            "the same UID twice: then the later LAST-MODIFIED",
            calendar(
                "BEGIN:VEVENT\nUID:a\nLAST-MODIFIED:20250101T000000Z\nDTSTART:20250402\nEND:VEVENT\nBEGIN:VEVENT\nUID:a\nLAST-MODIFIED:20250102T000000Z\nDTSTART:20250401\nEND:VEVENT",
            ),
            &["2025-04-01"],
            &["newer one counts"],
        ),
        odd("a second SUMMARY", april("SUMMARY:Första\nSUMMARY:Andra"), &["2025-04-01 Första"], &[]),
        odd(
            "a status in its own case and spelling",
            april("STATUS: Canceled"),
            &["2025-04-01 cancelled"],
            &[],
        ),
        odd("a status that events don't have", april("STATUS:NEEDS-ACTION"), &["2025-04-01"], &["no status"]),
        odd(
            "everything is cancelled",
            april("").replace("PRODID:x", "METHOD:CANCEL"),
            &["2025-04-01 cancelled"],
            &[],
        ),
        odd(
            "escapes of all kinds",
            april("SUMMARY;LANGUAGE=sv:RSL\\, möte\\; kl\\: 9 \\\"A\\\" C:\\\\mapp\nLOCATION:Rum 2\\nPlan 3"),
            &["2025-04-01 RSL, möte; kl: 9 \"A\" C:\\mapp (Rum 2 Plan 3)"],
            &[],
        ),
    ]
}

/// Times, zones and lengths.
fn times() -> Vec<Oddity> {
    let timed = |zone: &str| format!("DTSTART{zone}:20250401T090000\nDTEND{zone}:20250401T100000");
    let zone = |id: &str, rules: &str| format!("BEGIN:VTIMEZONE\nTZID:{id}\n{rules}END:VTIMEZONE\n");
    let part = |kind: &str, start: &str, offset: &str, rule: &str| {
        format!("BEGIN:{kind}\nDTSTART:{start}\nTZOFFSETFROM:+0000\nTZOFFSETTO:{offset}\n{rule}END:{kind}\n")
    };
    let eastern = zone(
        "Eget",
        &(part("STANDARD", "16010101T020000", "-0500", "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\n")
            + &part("DAYLIGHT", "16010101T020000", "-0400", "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\n")),
    );
    let listed = zone(
        "Eget",
        &(part("STANDARD", "20241027T030000", "+0100", "RDATE:20251026T030000\n")
            + &part("DAYLIGHT", "20250330T020000", "+0200", "")),
    );
    let with = |zone: &str, id: &str| {
        calendar(&format!("{zone}BEGIN:VEVENT\nUID:a\n{}\nEND:VEVENT", timed(&format!(";TZID={id}"))))
    };
    let at_nine: &[&str] = &["2025-04-01 09:00-10:00"];
    vec![
        odd("a zone without its description", event(&timed(";TZID=Europe/Stockholm")), at_nine, &[]),
        odd("Windows' name for it (Exchange)", event(&timed(";TZID=W. Europe Standard Time")), at_nine, &[]),
        odd(
            "Windows' name for another",
            event(&timed(";TZID=\"FLE Standard Time\"")),
            &["2025-04-01 08:00-09:00"],
            &[],
        ),
        odd(
            "what Outlook shows its user",
            event(&timed(";TZID=\"(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna\"")),
            at_nine,
            &[],
        ),
        odd(
            "a prefix before the name (Evolution)",
            event(&timed(";TZID=/freeassociation.sourceforge.net/Europe/London")),
            &["2025-04-01 10:00-11:00"],
            &[],
        ),
        odd(
            "a prefix before the name (Citadel)",
            event(&timed(";TZID=/citadel.org/20250101_1/Europe/Stockholm")),
            at_nine,
            &[],
        ),
        odd(
            "a zone of its own with rules (Exchange)",
            with(&eastern, "Eget"),
            &["2025-04-01 15:00-16:00"],
            &[],
        ),
        odd(
            "a zone of its own without rules",
            with(&listed, "Eget"),
            at_nine,
            &["`Eget` change was not understood"],
        ),
        odd("a zone that nobody knows", event(&timed(";TZID=Kontoret")), at_nine, &["`Kontoret` is unknown"]),
        odd("no zone is Stockholm's", event(&timed("")), at_nine, &[]),
        odd("UTC", event("DTSTART:20250401T070000Z\nDTEND:20250401T080000Z"), at_nine, &[]),
        odd(
            "UTC before midnight is the next day",
            event("DTSTART:20250331T223000Z\nDTEND:20250331T233000Z"),
            &["2025-04-01 00:30-01:30"],
            &[],
        ),
        odd(
            "start and end in zones of their own",
            event("DTSTART;TZID=Europe/Stockholm:20250401T090000\nDTEND:20250401T080000Z"),
            at_nine,
            &[],
        ),
        odd("a duration for an end", event("DTSTART:20250401T090000\nDURATION:PT1H"), at_nine, &[]),
        odd("a duration without its T", event("DTSTART:20250401T090000\nDURATION:P1H"), at_nine, &[]),
        odd("neither end nor duration", event("DTSTART:20250401T090000"), at_nine, &[]),
        odd(
            "an end before the start",
            event("DTSTART:20250401T090000\nDTEND:20250401T080000"),
            at_nine,
            &["ends before it starts"],
        ),
        odd("a day that ends on itself", april("DTEND;VALUE=DATE:20250401"), &["2025-04-01"], &[]),
        odd(
            "two days, the end excluded",
            april("DTEND;VALUE=DATE:20250403"),
            &["2025-04-01..2025-04-02"],
            &[],
        ),
        odd(
            "a day that ends at a time",
            april("DTEND:20250402T120000"),
            &["2025-04-01..2025-04-02"],
            &["a day and the other a time"],
        ),
        odd(
            "a time that ends on a day",
            event("DTSTART:20250401T090000\nDTEND;VALUE=DATE:20250402"),
            &["2025-04-01 09:00..2025-04-02 00:00"],
            &["a day and the other a time"],
        ),
        odd(
            "whole days from midnight to midnight in UTC",
            event("DTSTART:20250401T000000Z\nDTEND:20250402T000000Z"),
            &["2025-04-01"],
            &[],
        ),
        odd(
            "whole days by Outlook's mark",
            event(
                "DTSTART;TZID=Europe/Helsinki:20250401T000000\nDTEND;TZID=Europe/Helsinki:20250403T000000\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
            ),
            &["2025-04-01..2025-04-02"],
            &[],
        ),
        odd(
            "Outlook's mark on Stockholm's midnight in UTC",
            event("DTSTART:20250331T220000Z\nDTEND:20250401T220000Z\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE"),
            &["2025-04-01"],
            &[],
        ),
        odd("VALUE=DATE with a time", event("DTSTART;VALUE=DATE:20250401T000000"), &["2025-04-01"], &[]),
        odd("a date without VALUE=DATE", event("DTSTART:20250401"), &["2025-04-01"], &[]),
        odd(
            "dashes and colons",
            event("DTSTART:2025-04-01T09:00:00\nDTEND:2025-04-01T10:00:00+02:00"),
            at_nine,
            &[],
        ),
    ]
}

const FIRST: &str = "2025-03-24 09:00-10:00 [03-24]";
const SECOND: &str = "2025-03-31 09:00-10:00 [03-31]";
const THIRD: &str = "2025-04-07 09:00-10:00 [04-07]";

/// Repetitions.
fn repeats() -> Vec<Oddity> {
    let weekly = "DTSTART;TZID=Europe/Stockholm:20250324T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3";
    let changed = |lines: &str| {
        calendar(&format!(
            "BEGIN:VEVENT\nUID:a\n{weekly}\nEND:VEVENT\nBEGIN:VEVENT\nUID:a\n{lines}\nEND:VEVENT"
        ))
    };
    vec![
        odd("a weekly meeting over the change of clocks", event(weekly), &[FIRST, SECOND, THIRD], &[]),
        odd(
            "in UTC it moves with the clocks",
            event(
                "DTSTART:20250324T080000Z\nDTEND:20250324T090000Z\nRRULE:FREQ=WEEKLY;UNTIL=20250331T080000Z",
            ),
            &["2025-03-24 09:00-10:00 [03-24]", "2025-03-31 10:00-11:00 [03-31]"],
            &[],
        ),
        odd(
            "the second Tuesday, as Exchange writes it",
            event(
                "DTSTART:20250408T090000\nDTEND:20250408T100000\nRRULE:FREQ=MONTHLY;UNTIL=20250513T070000Z;INTERVAL=1;BYDAY=TU;BYSETPOS=2;WKST=MO",
            ),
            &["2025-04-08 09:00-10:00 [04-08]", "2025-05-13 09:00-10:00 [05-13]"],
            &[],
        ),
        odd(
            "UNTIL by day, on a yearly day",
            event("DTSTART;VALUE=DATE:20240401\nRRULE:FREQ=YEARLY;UNTIL=20260401"),
            &["2025-04-01 [04-01]", "2026-04-01 [04-01]"],
            &[],
        ),
        odd(
            "one dropped, and one dropped by its day",
            event(&format!(
                "{weekly}\nEXDATE;TZID=W. Europe Standard Time:20250331T090000\nEXDATE;VALUE=DATE:20250407"
            )),
            &[FIRST],
            &[],
        ),
        odd(
            "one dropped in UTC, one added",
            event(&format!(
                "{weekly}\nEXDATE:20250331T070000Z,20250407T070000Z\nRDATE;TZID=Europe/Stockholm:20250402T130000"
            )),
            &[FIRST, "2025-04-02 13:00-14:00 [04-02]"],
            &[],
        ),
        odd(
            "one moved",
            changed(
                "RECURRENCE-ID;TZID=Europe/Stockholm:20250331T090000\nDTSTART:20250401T130000\nDTEND:20250401T140000\nSUMMARY:Flyttat",
            ),
            &[FIRST, "2025-04-01 13:00-14:00 [03-31] Flyttat", THIRD],
            &[],
        ),
        odd(
            "one cancelled, named in UTC",
            changed(
                "RECURRENCE-ID:20250331T070000Z\nDTSTART:20250331T070000Z\nDURATION:PT1H\nSTATUS:CANCELLED",
            ),
            &[FIRST, "2025-03-31 09:00-10:00 [03-31] cancelled", THIRD],
            &[],
        ),
        odd(
            "one moved, named by its day",
            changed("RECURRENCE-ID;VALUE=DATE:20250331\nDTSTART:20250401T130000"),
            &[FIRST, "2025-04-01 13:00-14:00 [03-31]", THIRD],
            &[],
        ),
        odd(
            "a change of all later ones",
            changed("RECURRENCE-ID;RANGE=THISANDFUTURE:20250331T090000\nDTSTART:20250331T100000"),
            &[FIRST, "2025-03-31 10:00-11:00 [03-31]", THIRD],
            &["for this one only"],
        ),
        odd(
            "a changed one without its event",
            event("RECURRENCE-ID:20250331T090000\nDTSTART:20250401T130000"),
            &["2025-04-01 13:00-14:00 [03-31]"],
            &[],
        ),
        odd(
            "a rule that isn't understood",
            event("DTSTART:20250401T090000\nRRULE:FREQ=YEARLY;BYWEEKNO=14"),
            &["2025-04-01 09:00-10:00"],
            &["first occurrence only: `FREQ=YEARLY;BYWEEKNO=14`"],
        ),
        odd(
            "a rule with exceptions by rule",
            event("DTSTART:20250401T090000\nRRULE:FREQ=DAILY;COUNT=3\nEXRULE:FREQ=DAILY;COUNT=1"),
            &["2025-04-01 09:00-10:00"],
            &["first occurrence only"],
        ),
        odd(
            "a birthday since the year 1604 (Apple)",
            event("DTSTART;VALUE=DATE:16040401\nRRULE:FREQ=YEARLY;COUNT=422"),
            &["2025-04-01 [04-01]"],
            &[],
        ),
        odd(
            "long ago and far ahead",
            calendar(
                "BEGIN:VEVENT\nUID:a\nDTSTART:20200401\nEND:VEVENT\nBEGIN:VEVENT\nUID:b\nDTSTART:20300401\nEND:VEVENT",
            ),
            &[],
            &[],
        ),
    ]
}

#[test]
fn what_real_servers_write_comes_to_what_is_documented() {
    let all: Vec<Oddity> = [bytes(), components(), times(), repeats()].into_iter().flatten().collect();
    assert!(all.len() >= 40, "{}", all.len());
    let mut wrong = Vec::new();
    for Oddity { name, bytes, events, doubts } in all {
        let reading = read(&bytes, Limits::on(AS_OF));
        let found: Vec<String> = reading.events.iter().map(told).collect();
        if found != events {
            wrong.push(format!("{name}\n  wanted {events:?}\n  found  {found:?}"));
        }
        let found: Vec<String> =
            reading.doubts.iter().map(|d| format!("{}: {}", d.line, d.message)).collect();
        let fits = found.len() == doubts.len()
            && found.iter().zip(doubts).all(|(found, words)| found.contains(words));
        if !fits {
            wrong.push(format!("{name}\n  wanted {doubts:?}\n  found  {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn everything_that_is_said_of_an_event_is_kept() {
    let lines = "BEGIN:VCALENDAR\nX-WR-CALNAME:RSL\\, möten\nBEGIN:VEVENT\nUID:040000008200E00074C5\nSEQUENCE:3\n\
        DTSTAMP:20250101T000000Z\nLAST-MODIFIED:20250102T030405Z\nDTSTART;TZID=Europe/Stockholm:20250401T090000\n\
        DTEND;TZID=Europe/Stockholm:20250401T120000\nSUMMARY:RSL\nLOCATION:Digitalt\nDESCRIPTION:Lunch ingår\\nAnmäl kost\n\
        URL;VALUE=URI:https://example.org/rsl?a=1\nCATEGORIES:RSL,Möte\\, digitalt\nCATEGORIES:Blå\nCLASS:X-INTERNT\n\
        STATUS:TENTATIVE\nEND:VEVENT\nEND:VCALENDAR\n";
    let reading = read(lines.as_bytes(), Limits::on(AS_OF));
    let start = date(2025, 4, 1).at(9, 0, 0, 0);
    let wanted = External {
        uid: "040000008200E00074C5".into(),
        recurrence_id: None,
        sequence: 3,
        last_modified: Some("2025-01-02T03:04:05Z".parse().unwrap()),
        span: Span::Timed { start, end: date(2025, 4, 1).at(12, 0, 0, 0) },
        status: Status::Tentative,
        title: "RSL".into(),
        place: Some("Digitalt".into()),
        note: Some("Lunch ingår\nAnmäl kost".into()),
        url: Some("https://example.org/rsl?a=1".into()),
        categories: vec!["RSL".into(), "Möte, digitalt".into(), "Blå".into()],
        private: true,
    };
    let wanted = Reading {
        name: Some("RSL, möten".into()),
        complete: true,
        events: vec![wanted],
        ..Reading::default()
    };
    assert_eq!(reading, wanted);
    // What may not stand in a link is no address.
    let script = lines.replace("https://example.org/rsl?a=1", "javascript:alert(1)");
    assert_eq!(read(script.as_bytes(), Limits::on(AS_OF)).events[0].url, None);
}

#[test]
fn what_is_missing_may_only_be_taken_for_removed_if_all_was_read() {
    let complete = |text: &str| read(text.as_bytes(), Limits::on(AS_OF)).complete;
    let whole = calendar("");
    assert!(complete(&whole) && complete(&april("SUMMARY:x")) && complete(&event("DTSTART:19990101")));
    for text in [
        "",
        "<html>",
        &whole.replace("END:VCALENDAR", ""),
        &april("").replace("END:VCALENDAR", ""),
        &calendar("BEGIN:X-FOO\nBEGIN:X-FOO\nBEGIN:VEVENT\nUID:a\nDTSTART:20250401\nEND:VEVENT\nEND:X-FOO"),
        &event("SUMMARY:x"),
        &event("DTSTART:20250401\nRRULE:FREQ=SECONDLY"),
        &event("DTSTART:20250401\nRRULE:FREQ=DAILY"),
        &event("DTSTART:20250401\nRDATE:x"),
    ] {
        assert!(!complete(text), "{text}");
    }
}

#[test]
fn the_limits_hold() {
    let limits = Limits { events: 3, instances: 2, line: 40, ..Limits::on(AS_OF) };
    let reading = read(event("DTSTART:20250401\nRRULE:FREQ=DAILY").as_bytes(), limits);
    assert_eq!((reading.events.len(), reading.complete), (2, false));
    assert!(reading.doubts[0].message.contains("more than 2 times"));

    let many: String =
        (0..9).map(|n| format!("BEGIN:VEVENT\nUID:{n}\nDTSTART:20250401\nEND:VEVENT\n")).collect();
    let reading = read(calendar(&many).as_bytes(), limits);
    assert_eq!((reading.events.len(), reading.doubts.len()), (3, 1));
    assert!(reading.doubts[0].message.contains("more than 3 events"));

    let reading = read(april(&format!("SUMMARY:{}", "å".repeat(50))).as_bytes(), limits);
    assert_eq!(reading.events[0].title.chars().filter(|c| *c == 'å').count(), 16);
    assert!(reading.doubts[0].message.contains("cut off"));

    let reading = read(WHOLE.as_bytes(), Limits { bytes: WHOLE.len() - 1, ..limits });
    assert!(reading.events.is_empty() && reading.doubts[0].message.contains("larger than"));
    assert_eq!(read(WHOLE.as_bytes(), Limits { bytes: WHOLE.len(), ..limits }).events.len(), 1);
}

/// An occasion of ours.
fn ours(number: usize, title: &str, span: Span, status: Status) -> Event {
    let id = format!("mote-{number}.2025").parse().unwrap();
    Event {
        occasion: Occasion {
            at: OccasionRef { workflow: "sydostra/rsl".into(), body: Some("rsl".into()), id },
            kind: EntryKind::Meeting,
            title: title.to_owned(),
            span,
            status,
            place: Some("Västerås; sal 2".into()),
            note: None,
            feed: None,
            public: None,
            calendar: ForCalendars::default(),
        },
        sequence: u32::try_from(number).unwrap(),
        changed_at: Timestamp::UNIX_EPOCH,
        categories: Vec::new(),
        url: Some("https://arshjul.example.org/arshjul/2025".into()),
    }
}

fn spans() -> impl Strategy<Value = Span> {
    let day = |n: i64| date(2025, 1, 1).saturating_add(SignedDuration::from_hours(24 * n));
    prop_oneof![
        (0..365_i64, 0..90_i64)
            .prop_map(move |(first, more)| Span::AllDay { first: day(first), last: day(first + more) }),
        // Not in the nights when the clocks change, where our own writer mends times.
        (0..365_i64, 4..24_i8, 0..60_i8, 1..500_i64).prop_map(move |(first, hour, minute, length)| {
            let start = day(first).at(hour, minute, 0, 0);
            Span::Timed { start, end: start.saturating_add(SignedDuration::from_mins(length)) }
        }),
    ]
    .prop_filter("the clocks change", |span| match span {
        Span::AllDay { .. } => true,
        Span::Timed { end, .. } => {
            !(end.hour() < 4 && [date(2025, 3, 30), date(2025, 10, 26)].contains(&end.date()))
        }
    })
}

proptest! {
    #[test]
    fn our_own_feeds_read_back_equal(
        events in proptest::collection::vec(
            ("[^\\s\\pC]([^\\pC]{0,60}[^\\s\\pC])?", spans(), select(vec![Status::Tentative, Status::Confirmed, Status::Cancelled])),
            0..20,
        )
    ) {
        let events: Vec<Event> = events
            .iter()
            .enumerate()
            .map(|(n, (title, span, status))| ours(n, title, *span, *status))
            .collect();
        let feed = Calendar {
            name: "RSL".into(),
            description: "Möten".into(),
            feed: "rsl".into(),
            source_url: None,
            last_days: false,
        };
        let reading = read(&write(&feed, &events), Limits::on(AS_OF));
        prop_assert_eq!(&reading.doubts, &Vec::new());
        prop_assert!(reading.complete);
        prop_assert_eq!(reading.name.as_deref(), Some("RSL"));
        let mut wanted: Vec<_> = events.iter().map(|e| (e.sequence, e.occasion.span, tidy(&e.occasion.title), e.occasion.status)).collect();
        let mut found: Vec<_> = reading.events.iter().map(|e| (e.sequence, e.span, e.title.clone(), e.status)).collect();
        wanted.sort();
        found.sort();
        prop_assert_eq!(found, wanted);
    }

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = read(&bytes, Limits::on(AS_OF));
        let framed = [b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20250401\nRRULE:".as_slice(), &bytes].concat();
        let _ = read(&framed, Limits::on(AS_OF));
    }

    #[test]
    fn any_lines_are_read(lines in proptest::collection::vec((select(NAMES.to_vec()), select(VALUES.to_vec())), 0..60)) {
        let text: String = lines.iter().map(|(name, value)| format!("{name}{value}\n")).collect();
        let reading = read(calendar(&text).as_bytes(), Limits::on(AS_OF));
        for event in reading.events {
            let in_order = match event.span {
                Span::AllDay { first, last } => first <= last,
                Span::Timed { start, end } => start < end,
            };
            prop_assert!(in_order, "{event:?}");
        }
    }
}

/// A title as it comes back: our writer puts every kind of line break as one, and titles are read on one line.
fn tidy(title: &str) -> String {
    title.split(['\u{2028}', '\u{2029}']).map(str::trim).collect::<Vec<_>>().join(" ")
}

/// What [`any_lines_are_read`] puts together.
const NAMES: &[&str] = &[
    "BEGIN:",
    "BEGIN:",
    "END:",
    "DTSTART:",
    "DTSTART;VALUE=DATE:",
    "DTSTART;TZID=",
    "DTEND:",
    "DTEND;TZID=Eget:",
    "DURATION:",
    "RRULE:",
    "RDATE:",
    "EXDATE:",
    "RECURRENCE-ID:",
    "UID:",
    "TZID:",
    "TZOFFSETTO:",
    "STATUS:",
    "SUMMARY:",
    " ",
    "",
];
const VALUES: &[&str] = &[
    "VEVENT",
    "VEVENT",
    "VTIMEZONE",
    "STANDARD",
    "DAYLIGHT",
    "VALARM",
    "VCALENDAR",
    "X-FOO",
    "20250401",
    "00000101",
    "99991231",
    "-99990101",
    "20250330T023000",
    "99991231T235959",
    "99991231T235959Z",
    "00010101T000000Z",
    "Eget",
    "Eget:20250401T090000",
    "Asia/Kolkata:20250401T090000",
    "Pacific/Apia:20111230T090000",
    "P1D",
    "-P5W",
    "PT0S",
    "P2147483647D",
    "PT2147483647H",
    "FREQ=DAILY",
    "FREQ=WEEKLY;BYDAY=MO,TU;INTERVAL=10000",
    "FREQ=MONTHLY;BYDAY=5FR;COUNT=4000000000",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29,-1;UNTIL=99991231",
    "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
    "+0100",
    "-1259",
    "+2559",
    "a",
    "TENTATIVE",
    "20250401,20250402/P1D",
    "\\",
    "",
];

/// Runs the program in a folder of its own.
fn run(files: &[(&str, &str)], arguments: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_arshjul"));
    let done =
        command.args(arguments).current_dir(folder.path()).env_clear().stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
}

#[test]
fn the_command_shows_doubts_and_then_events() {
    let two = calendar(
        "X-WR-CALNAME:Region\nBEGIN:VEVENT\nUID:a\nDTSTART:20250401T090000\nDTEND:20250401T100000\nSUMMARY:Möte\n\
         LOCATION:Sal 2\nSTATUS:TENTATIVE\nEND:VEVENT\nBEGIN:VEVENT\nUID:b\nDTSTART:20250402\nDTEND:20250404\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:c\nEND:VEVENT\nBEGIN:VEVENT\nUID:d\nDTSTART:20200101\nEND:VEVENT",
    );
    let files = [("k.ics", two.as_str())];
    let (code, out, err) = run(&files, &["calendar", "k.ics", "--as-of", "2025-06-01"]);
    let wanted = "k.ics:18: an event was lost: it has no DTSTART\n\
                  2025-04-01 09:00-10:00  Möte (Sal 2), tentative\n2025-04-02 to 2025-04-03  (no title)\n\
                  2 events in Region, 1 outside the time that is read; not all of it could be read\n";
    assert_eq!((code, out.as_str(), err.as_str()), (0, wanted, ""));

    let (code, out, _) = run(&files, &["calendar", "k.ics", "--as-of", "2025-06-01", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (code, value["events"][0]["title"].as_str(), value["complete"].as_bool()),
        (0, Some("Möte"), Some(false))
    );
    assert_eq!(value["doubts"][0]["line"], 18);
}

#[test]
fn the_command_fails_where_nothing_can_be_read() {
    let page = [("k.ics", "<html>"), ("tom.ics", &calendar(""))];
    assert_eq!(run(&page, &["calendar", "k.ics"]).0, 1);
    assert_eq!(run(&page, &["calendar", "tom.ics"]).0, 0, "an empty calendar was read");
    assert_eq!(run(&page, &["calendar", "saknas.ics"]).0, 1);
    let (code, out, err) = run(&[], &["calendar", "https://cal.example.org/hemligt.ics?nyckel=abc"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("cal.example.org is not among the hosts") && !err.contains("hemligt"), "{err}");
}
