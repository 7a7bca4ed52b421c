//! Feeds: golden bytes, and what a parser that others wrote reads back.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use arshjul::calendar::QuietPeriods;
use arshjul::ical::{Calendar, Event, feeds, write};
use arshjul::ids::OccasionRef;
use arshjul::organisation::Organisation;
use arshjul::plan::model::{Facts, ForCalendars, Occasion, World};
use arshjul::plan::{Assume, Window, plan};
use arshjul::workflow::model::{EntryKind, Span, Status};
use arshjul::workflow::{self, Workflows};
use ical::PropertyParser;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, date};
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};

use crate::golden;

pub fn calendar(name: &str) -> Calendar {
    Calendar {
        name: name.into(),
        description: "Möten, perioder och sista dagar.".into(),
        feed: "arshjul".into(),
        source_url: Some("https://arshjul.example.org/feed/arshjul.ics".into()),
        last_days: false,
    }
}

pub fn event(
    workflow: &str,
    body: Option<&str>,
    id: &str,
    kind: EntryKind,
    title: &str,
    span: Span,
) -> Event {
    Event {
        occasion: Occasion {
            at: OccasionRef {
                workflow: workflow.into(),
                body: body.map(Into::into),
                id: id.parse().unwrap(),
            },
            kind,
            title: title.into(),
            span,
            status: Status::Confirmed,
            place: None,
            note: None,
            feed: None,
            public: None,
            calendar: ForCalendars::default(),
        },
        sequence: 0,
        changed_at: "2024-11-01T07:00:00Z".parse().unwrap(),
        categories: Vec::new(),
        url: None,
    }
}

fn days(first: Date, last: Date) -> Span {
    Span::AllDay { first, last }
}

fn hours(start: DateTime, end: DateTime) -> Span {
    Span::Timed { start, end }
}

fn meeting(id: &str, span: Span) -> Event {
    event("sydostra/rsl", Some("rsl"), id, EntryKind::Meeting, "RSL", span)
}

fn period(id: &str, first: Date, last: Date) -> Event {
    let mut round =
        event("nationell/remisser", None, id, EntryKind::Period, "Nationella remisser", days(first, last));
    round.occasion.calendar.last_day = Some("Sista svarsdag".into());
    round
}

/// The wheel of 2025: six meetings of RSL, a joint one of the councils and four rounds of consultation.
pub fn wheel() -> Vec<Event> {
    let day = |month, day| days(date(2025, month, day), date(2025, month, day));
    let mut joint = event(
        "sydostra/kunskapsrad",
        None,
        "gemensamt.2025",
        EntryKind::Meeting,
        "Kunskapsråd gemensamt möte",
        day(9, 26),
    );
    joint.categories = vec!["Kunskapsråd".into()];
    let mut wheel = vec![
        meeting("februari.2025", day(2, 12)),
        meeting("april.2025", day(4, 10)),
        meeting("maj.2025", day(5, 13)),
        meeting("september.2025", day(9, 19)),
        joint,
        meeting("oktober.2025", days(date(2025, 10, 15), date(2025, 10, 16))),
        meeting("november.2025", day(11, 20)),
        period("var.2025", date(2025, 2, 17), date(2025, 4, 14)),
        period("sommar.2025", date(2025, 4, 15), date(2025, 6, 13)),
        period("host.2025", date(2025, 9, 15), date(2025, 11, 14)),
        period("vinter.2025", date(2025, 11, 17), date(2026, 2, 13)),
    ];
    for event in &mut wheel {
        event.url = Some("https://arshjul.example.org/arshjul/2025".into());
        if event.occasion.at.body.is_some() {
            event.categories = vec!["RSL".into()];
        } else if event.occasion.kind == EntryKind::Period {
            event.categories = vec!["Remiss".into()];
        }
    }
    wheel
}

/// One logical line: the name, its parameters as `NAME=value`, and the value.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    name: String,
    params: Vec<String>,
    value: String,
}

/// Unfolds exactly, then lets the `ical` crate take each line apart: its own unfolding loses blanks.
fn read(bytes: &[u8]) -> Vec<Line> {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    assert!(text.ends_with("\r\n"));
    let unfolded = text.replace("\r\n ", "").replace("\r\n\t", "");
    let mut lines = Vec::new();
    for line in unfolded.trim_end_matches("\r\n").split("\r\n") {
        assert!(!line.contains(['\r', '\n']), "a bare line break in {line:?}");
        let read = PropertyParser::from_reader(line.as_bytes()).next().expect(line).expect(line);
        let params = read.params.unwrap_or_default();
        lines.push(Line {
            name: read.name,
            params: params.iter().map(|(name, values)| format!("{name}={}", values.join(","))).collect(),
            value: read.value.unwrap_or_default(),
        });
    }
    lines
}

/// Undoes the escaping of TEXT (RFC 5545, 3.3.11).
fn unescape(value: &str) -> String {
    let mut text = String::new();
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match (letter, letter == '\\') {
            (_, true) => match letters.next().expect("something after a backslash") {
                'n' | 'N' => text.push('\n'),
                escaped @ ('\\' | ';' | ',') => text.push(escaped),
                other => panic!("\\{other} is no escape"),
            },
            (bare @ (';' | ','), _) => panic!("{bare} is not escaped in {value:?}"),
            (plain, _) => text.push(plain),
        }
    }
    text
}

/// The values of `name` within events, in their order.
fn values<'a>(lines: &'a [Line], name: &str) -> Vec<&'a str> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in lines {
        match (line.name.as_str(), line.value.as_str()) {
            ("BEGIN", component) => inside = component == "VEVENT",
            ("END", _) => inside = false,
            (own, value) if inside && own == name => found.push(value),
            _ => {}
        }
    }
    found
}

fn one(event: Event) -> Vec<Line> {
    read(&write(&calendar("Prov"), &[event]))
}

#[track_caller]
fn assert_when(event: Event, start: &str, end: &str) {
    let lines = one(event);
    let shown = |name: &str| {
        let line = lines.iter().rev().find(|line| line.name == name).unwrap();
        format!("{}:{}", line.params.join(";"), line.value)
    };
    assert_eq!((shown("DTSTART").as_str(), shown("DTEND").as_str()), (start, end));
}

#[test]
fn the_wheel_of_2025_is_eleven_events() {
    let bytes = write(&calendar("Årshjul 2025"), &wheel());
    let lines = read(&bytes);
    assert_eq!(
        values(&lines, "DTSTART").into_iter().zip(values(&lines, "DTEND")).collect::<Vec<_>>(),
        [
            ("20250212", "20250213"),
            ("20250217", "20250415"),
            ("20250410", "20250411"),
            ("20250415", "20250614"),
            ("20250513", "20250514"),
            ("20250915", "20251115"),
            ("20250919", "20250920"),
            ("20250926", "20250927"),
            ("20251015", "20251017"),
            ("20251117", "20260214"),
            ("20251120", "20251121"),
        ]
    );
    assert_eq!(values(&lines, "UID").into_iter().collect::<BTreeSet<_>>().len(), 11);
    golden::check("ical/arshjul-2025.ics", &bytes);
}

#[test]
fn the_last_days_are_events_of_their_own_where_they_are_wanted() {
    let calendar = Calendar { last_days: true, ..calendar("Remisser") };
    let lines = read(&write(&calendar, &wheel()));
    assert_eq!(values(&lines, "UID").into_iter().collect::<BTreeSet<_>>().len(), 15);
    let last_days: Vec<_> = values(&lines, "SUMMARY")
        .into_iter()
        .zip(values(&lines, "DTSTART").into_iter().zip(values(&lines, "DTEND")))
        .filter(|(title, _)| *title == "Sista svarsdag: Nationella remisser")
        .map(|(_, days)| days)
        .collect();
    assert_eq!(
        last_days,
        [
            ("20250414", "20250415"),
            ("20250613", "20250614"),
            ("20251114", "20251115"),
            ("20260213", "20260214")
        ]
    );
}

#[test]
fn every_kind_of_event_as_it_is_written() {
    let mut booked =
        meeting("mars.2026", hours(date(2026, 3, 27).at(9, 30, 0, 0), date(2026, 3, 27).at(16, 0, 0, 0)));
    booked.occasion.place = Some("Elite Stadshotellet, Västerås".into());
    booked.occasion.note = Some("Lunch ingår; anmäl kost.\nLokal: \\Söder\\, plan 2 🙂".into());
    booked.sequence = 3;
    let mut proposed =
        meeting("april.2026", hours(date(2026, 4, 1).at(13, 0, 0, 0), date(2026, 4, 1).at(14, 45, 0, 0)));
    proposed.occasion.status = Status::Tentative;
    proposed.occasion.place = Some("Digitalt".into());
    let mut cancelled = meeting("maj.2026", days(date(2026, 5, 31), date(2026, 5, 31)));
    cancelled.occasion.status = Status::Cancelled;
    cancelled.occasion.note = Some("Ersätts av ett möte i juni.".into());
    cancelled.sequence = 1;
    let deadline = event(
        "sydostra/handlingsplan",
        Some("rpo-medicinsk-diagnostik"),
        "klar.2026",
        EntryKind::Deadline,
        "Handlingsplanen beslutad",
        days(date(2026, 12, 31), date(2026, 12, 31)),
    );
    let events =
        [booked, proposed, cancelled, deadline, period("vinter.2026", date(2026, 11, 16), date(2027, 2, 12))];
    golden::check("ical/alla-slag.ics", &write(&calendar("Alla slag"), &events));
}

#[test]
fn an_empty_feed_is_still_a_calendar() {
    let lines = read(&write(&calendar("Tom"), &[]));
    assert!(values(&lines, "UID").is_empty());
    assert!(lines.iter().any(|line| line.name == "BEGIN" && line.value == "VTIMEZONE"));
    assert!(!lines.iter().any(|line| line.name == "METHOD"));
}

#[test]
fn the_end_of_whole_days_is_the_day_after() {
    let (date_only, day) = ("VALUE=DATE", |y, m, d| date(y, m, d));
    let whole = |first, last| meeting("x.2025", days(first, last));
    let at = |value: &str| format!("{date_only}:{value}");
    assert_when(whole(day(2025, 10, 15), day(2025, 10, 16)), &at("20251015"), &at("20251017"));
    assert_when(whole(day(2025, 1, 31), day(2025, 1, 31)), &at("20250131"), &at("20250201"));
    assert_when(whole(day(2024, 2, 28), day(2024, 2, 29)), &at("20240228"), &at("20240301"));
    assert_when(whole(day(2025, 12, 31), day(2025, 12, 31)), &at("20251231"), &at("20260101"));
    assert_when(whole(day(2025, 3, 30), day(2025, 3, 30)), &at("20250330"), &at("20250331"));
    assert_when(period("vinter.2025", day(2025, 11, 17), day(2026, 2, 13)), &at("20251117"), &at("20260214"));
    // a defective row
    assert_when(whole(day(2025, 10, 16), day(2025, 10, 15)), &at("20251016"), &at("20251017"));
}

#[test]
fn hours_are_stockholms() {
    let timed = |start: DateTime, end: DateTime| meeting("x.2026", hours(start, end));
    let zone = |value: &str| format!("TZID=Europe/Stockholm:{value}");
    let at = |month, day, hour, minute| date(2026, month, day).at(hour, minute, 0, 0);
    assert_when(timed(at(1, 7, 8, 30), at(1, 7, 12, 0)), &zone("20260107T083000"), &zone("20260107T120000"));
    // the night summer time begins: what does not exist becomes the end of the gap
    assert_when(timed(at(3, 29, 1, 0), at(3, 29, 2, 30)), &zone("20260329T010000"), &zone("20260329T030000"));
    assert_when(timed(at(3, 29, 2, 0), at(3, 29, 2, 30)), &zone("20260329T030000"), &zone("20260329T040000"));
    // and the night it ends
    assert_when(
        timed(at(10, 25, 1, 30), at(10, 25, 3, 30)),
        &zone("20261025T013000"),
        &zone("20261025T033000"),
    );
    // over midnight, over New Year, and a defective row
    assert_when(
        timed(at(12, 31, 22, 0), date(2027, 1, 1).at(1, 0, 0, 0)),
        &zone("20261231T220000"),
        &zone("20270101T010000"),
    );
    assert_when(timed(at(1, 7, 9, 0), at(1, 7, 8, 0)), &zone("20260107T090000"), &zone("20260107T100000"));
}

#[test]
fn what_is_cancelled_says_so_and_blocks_nobodys_calendar() {
    let mut cancelled =
        meeting("x.2026", hours(date(2026, 1, 7).at(9, 0, 0, 0), date(2026, 1, 7).at(10, 0, 0, 0)));
    let before = one(cancelled.clone());
    cancelled.occasion.status = Status::Cancelled;
    cancelled.sequence = 1;
    let after = one(cancelled);
    assert_eq!(values(&before, "TRANSP"), ["OPAQUE"]);
    assert_eq!(values(&before, "X-MICROSOFT-CDO-BUSYSTATUS"), ["BUSY"]);
    assert_eq!(values(&after, "SUMMARY"), ["INSTÄLLT: RSL"]);
    assert_eq!(values(&after, "STATUS"), ["CANCELLED"]);
    assert_eq!(values(&after, "TRANSP"), ["TRANSPARENT"]);
    assert_eq!(values(&after, "SEQUENCE"), ["1"]);
    assert_eq!(values(&after, "UID"), values(&before, "UID"));
}

#[test]
fn a_move_keeps_the_identity_and_the_order_of_events_is_no_matter() {
    let mut moved = wheel();
    moved[0].occasion.span = days(date(2025, 2, 13), date(2025, 2, 13));
    moved[0].sequence = 1;
    moved[0].changed_at = "2025-01-07T08:00:00.25Z".parse().unwrap();
    let lines = one(moved[0].clone());
    assert_eq!(values(&lines, "UID"), values(&one(wheel()[0].clone()), "UID"));
    assert_eq!(values(&lines, "LAST-MODIFIED"), ["20250107T080000Z"]);
    assert_eq!(values(&lines, "DTSTAMP"), values(&lines, "LAST-MODIFIED"));

    let straight = write(&calendar("Årshjul"), &moved);
    let backwards = write(&calendar("Årshjul"), moved.iter().rev());
    assert_eq!(straight, backwards);
    // the old one beside the new: only the new is written
    let both = write(&calendar("Årshjul"), moved.iter().chain(&wheel()));
    assert_eq!(straight, both);
}

/// The events of the shipped workflow files, as a new installation has them.
pub fn shipped() -> (Organisation, Workflows, Vec<Event>) {
    let (organisation, workflows) = workflow::load_all(&workflow::shipped()).unwrap();
    let facts = Facts::default();
    let quiet = QuietPeriods::none();
    let world = World { organisation: &organisation, workflows: &workflows, quiet: &quiet, facts: &facts };
    let year = Window {
        from: "2024-12-31T23:00:00Z".parse().unwrap(),
        until: "2025-12-31T22:59:59Z".parse().unwrap(),
    };
    let event = |mut occasion: Occasion| {
        // Whose they are is chosen by feed.
        occasion.calendar.own_days.clear();
        Event {
            categories: feeds::categories(&organisation, &workflows, &occasion),
            occasion,
            sequence: 0,
            changed_at: "2024-11-01T07:00:00Z".parse().unwrap(),
            url: None,
        }
    };
    let events = plan(world, year, Assume::Nothing).occasions.into_iter().map(event).collect();
    (organisation, workflows, events)
}

#[test]
fn the_feed_of_a_programme_area_has_what_its_people_go_to() {
    let (organisation, workflows, events) = shipped();
    let of = |feed: &str| {
        let found = feeds::select(&feed.into(), &organisation, &workflows, &events, date(2025, 6, 1));
        let told = |e: &&Event| format!("{} {}", e.occasion.span.first(), e.occasion.title);
        found.iter().map(told).collect::<Vec<_>>()
    };
    let area = of("rpo-medicinsk-diagnostik");
    assert_eq!(
        area,
        [
            "2024-11-15 Nationell remissrunda november–februari",
            "2025-01-31 Rapporter från arbetsgrupperna",
            "2025-02-12 RSL",
            "2025-02-17 Nationell remissrunda februari–april",
            "2025-02-28 Handlingsplanen stäms av mot NPO:s plan",
            "2025-04-10 RSL",
            "2025-04-15 Nationell remissrunda april–juni",
            "2025-05-13 RSL",
            "2025-09-15 Nationell remissrunda september–november",
            "2025-09-19 RSL",
            "2025-09-26 Kunskapsrådens gemensamma möte",
            "2025-10-01 Handlingsplanen revideras",
            "2025-10-15 RSL",
            "2025-11-17 Nationell remissrunda november–februari",
            "2025-11-20 RSL",
            "2025-12-01 Nästa års mötestider är bestämda",
        ]
    );
    let council = of("kunskapsrad-diagnostik-och-sinnen");
    let of_the_area = ["remissrunda", "Rapporter", "Handlingsplanen"];
    let above = area.iter().filter(|told| !of_the_area.iter().any(|own| told.contains(own)));
    assert_eq!(council, above.cloned().collect::<Vec<_>>(), "a council has no step in the rounds");
    assert_eq!(of("kunskapsrad"), ["2025-09-26 Kunskapsrådens gemensamma möte"]);
    assert_eq!(of("remisser").len(), 5);
}

#[test]
fn every_shipped_feed_is_a_calendar_and_only_its_own() {
    let (organisation, workflows, events) = shipped();
    let names = feeds::feed_names(&organisation, &workflows);
    assert!(names.iter().map(|(name, _)| name).is_sorted());
    for (feed, title) in names {
        let held = feeds::select(&feed, &organisation, &workflows, &events, date(2025, 6, 1));
        let lines = read(&write(&Calendar { feed, ..calendar(&title) }, held.iter().copied()));
        assert_eq!(values(&lines, "UID").into_iter().collect::<BTreeSet<_>>().len(), held.len(), "{title}");
    }
}

/// Text as people and office programs make it, and as they shouldn't.
pub fn anything() -> impl Strategy<Value = String> {
    let piece = proptest::prop_oneof![
        proptest::sample::select(vec![
            "å",
            "Ä",
            "ö",
            "é",
            "–",
            "”",
            "🙂",
            "👩‍⚕️",
            "\n",
            "\r\n",
            "\r",
            ",",
            ";",
            "\\",
            ":",
            "\"",
            " ",
            "\t",
            "\u{a0}",
            "\u{2028}",
            "\u{85}",
            "\u{0}",
            "\u{7f}",
            "BEGIN:VEVENT",
            "remissvar ",
            "Västerås",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// What must come back: every line break as one kind, and no control characters.
fn tidy(text: &str) -> String {
    let breaks = text.replace("\r\n", "\n").replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    breaks.chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_control()).collect()
}

proptest! {
    #[test]
    fn any_text_comes_back_and_every_line_is_in_order(
        title in anything(), note in anything(), place in anything(), category in anything(), url in anything(),
        moment in 0_i64..4_102_444_800,
    ) {
        // In brackets: the parser trims values and takes a colon from their start.
        let [title, note, place, category] = [title, note, place, category].map(|text| format!("({text})"));
        let day = days(date(2025, 5, 13), date(2025, 5, 13));
        let mut written = event("a", None, "b.2025", EntryKind::Deadline, &title, day);
        written.occasion.note = Some(note.clone());
        written.occasion.place = Some(place.clone());
        written.categories = vec![category.clone()];
        written.changed_at = Timestamp::from_second(moment).unwrap();
        let mut addressed = written.clone();
        addressed.url = Some(url);

        let bytes = write(&calendar(&title), &[written]);
        let lines = read(&bytes);
        for (name, text) in
            [("SUMMARY", &title), ("DESCRIPTION", &note), ("LOCATION", &place), ("CATEGORIES", &category)]
        {
            let read = values(&lines, name);
            prop_assert_eq!(read.len(), 1, "{}", name);
            prop_assert_eq!(unescape(read[0]), tidy(text), "{}", name);
        }
        let name = lines.iter().find(|line| line.name == "NAME").unwrap();
        prop_assert_eq!(unescape(&name.value), tidy(&title));

        for bytes in [bytes, write(&calendar(&title), &[addressed])] {
            for line in bytes.strip_suffix(b"\r\n").unwrap().split(|byte| *byte == b'\n') {
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                prop_assert!(line.len() <= 75);
                prop_assert!(std::str::from_utf8(line).is_ok_and(|l| !l.chars().any(|c| c.is_control() && c != '\t')));
            }
            let begins = |component: &str| read(&bytes).iter().filter(|l| l.name == "BEGIN" && l.value == component).count();
            prop_assert_eq!((begins("VCALENDAR"), begins("VEVENT")), (1, 1));
        }
    }
}
