//! Meetings by paste: what lists, a slide of the year and a schedule are read as, and what becomes of them.

#![cfg(test)]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use arshjul::app::intake;
use arshjul::calendar::QuietPeriods;
use arshjul::ids::{BodyId, OccasionId, OccasionRef};
use arshjul::import::meetings::placing::{Fate, place};
use arshjul::import::meetings::{Given, MeetingsRead, RowKind, read_meetings, recognises};
use arshjul::plan::model::Facts;
use arshjul::plan::show;
use arshjul::rules::Rules;
use arshjul::workflow::model::Span;
use arshjul::workflow::shipped;
use jiff::civil::{Date, date};
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
use serde_json::Value;
use tempfile::TempDir;

use crate::store::Bench;
use crate::world::{World, moment, stories};

/// The slide of a year as it comes out of a presentation: headings at the end, titles over two lines.
const SLIDE: &str = " 19/9 RSL \n\n26/9 Kunskapsråd\n\n        gemensamt möte \n\n15/9-14/11 Nationella remisser\n\n\
    10-15/16 RSL\n\n      20/11 RSL \n\n      Kunskapsråd x 4\n\n      Handlingsplan\n\n\
    \u{20}     Mötestider för 2025\n\n15/11-14/2 Nationella remisser\n\n12/2 RSL\n\n \n\nKunskapsråd x 4\n\n\
    15/2-14/4 Nationella remisser\n\n10/4 RSL\n\n13/5 RSL\n\nKunskapsråd x 4\n\n15/4-14/6 Nationella remisser\n\n\
    Q1\n\nQ2\n\nQ4\n\nQ3\n\nLöpande\n\n• Se över hur det går\n\n• Hålla kontakt med andra \n\ngrupper\n\n\
    Programmets\n\nårshjul 2025\n ";

/// A board's meetings under the heading of a year.
const BOARD: &str = "Samverkansnämnden\n\nMöten 2023\n\n16–17 februari Västerås\n\n1–2 juni Region Uppsala\n\n\
    29 september Digitalt\n\n7–8 december Region Gävleborg\n";

/// Three groups that go round three stations.
pub const SCHEDULE: &str = "Schema\nTid Station Grupp Lokal\n\
    Kl. 14.45 - 15.05 Prover och svar 1 Sal Ask\n\
    Kl. 14.45 - 15.05 Kunskapsstyrning 2 Sal Björk\n\
    Kl. 14.45 - 15.05 Utbildning 3 Stora rummet\n\n\
    Kl. 15.15 - 15.35 Prover och svar 2 Sal Ask\n\
    Kl. 15.15 - 15.35 Kunskapsstyrning 3 Sal Björk\n\
    Kl. 15.15 - 15.35 Utbildning 1 Stora rummet\n\n\
    Kl. 15.45 - 16.05 Prover och svar 3 Sal Ask\n\
    Kl. 15.45 - 16.05 Kunskapsstyrning 1 Sal Björk\n\
    Kl. 15.45 - 16.05 Utbildning 2 Stora rummet\n";

/// How a body publishes its meetings.
const PUBLISHED: &str = "Mötesdatum 2024\n2024-02-14, kl 10-15, Nässjö\n2024-05-22, kl 10-16, Kalmar län (+RD)\n\
    2024-09-12, kl 8.30-12, videomöte (ny tid och plats)\n2024-10-10/11, utvecklingsdagar\n\n2023\n\
    2023-10-26/27, utvecklingsdagar\n";

fn given(year: Option<i16>) -> Given<'static> {
    Given { file: "lista", year, day: None, today: date(2025, 1, 15), title: None }
}

#[track_caller]
fn read(text: &str, given: &Given<'_>) -> MeetingsRead {
    read_meetings(text.as_bytes(), given).unwrap_or_else(|faults| panic!("{faults}"))
}

/// `2025-02-12 RSL`, `2023-02-16..2023-02-17 ... | place | note`
fn shown(read: &MeetingsRead) -> Vec<String> {
    let line = |row: &arshjul::import::meetings::MeetingRow| {
        let (start, end, _) = show::ends(row.span);
        let when = if start == end { start } else { format!("{start}..{end}") };
        let more =
            [&row.place, &row.note].map(|text| text.clone().map(|t| format!(" | {t}")).unwrap_or_default());
        format!("{when} {}{}", row.title, more.concat())
    };
    read.meetings.iter().map(line).collect()
}

#[test]
fn the_slide_gives_its_eleven_dates_and_loses_nothing() {
    let read = read(SLIDE, &given(Some(2025)));
    let mut found = shown(&read);
    found.sort();
    assert_eq!(
        found,
        [
            "2025-02-12 RSL",
            "2025-02-15..2025-04-14 Nationella remisser",
            "2025-04-10 RSL",
            "2025-04-15..2025-06-14 Nationella remisser",
            "2025-05-13 RSL",
            "2025-09-15..2025-11-14 Nationella remisser",
            "2025-09-19 RSL",
            "2025-09-26 Kunskapsråd gemensamt möte",
            "2025-10-15..2025-10-16 RSL",
            "2025-11-15..2026-02-14 Nationella remisser",
            "2025-11-20 RSL",
        ]
    );
    let periods = read.meetings.iter().filter(|m| m.kind == RowKind::Period).count();
    assert_eq!(periods, 4);
    let unplaced: Vec<String> = read.unplaced.iter().map(|u| format!("{}: {}", u.text, u.why)).collect();
    assert_eq!(
        unplaced,
        [
            "Kunskapsråd x 4: 4 bodies meet once each in quarter 4 of 2025, as the date above it; no dates are set",
            "Handlingsplan: it has no date",
            "Mötestider för 2025: it has no date",
            "Kunskapsråd x 4: 4 bodies meet once each in quarter 1 of 2025, as the date above it; no dates are set",
            "Kunskapsråd x 4: 4 bodies meet once each in quarter 2 of 2025, as the date above it; no dates are set",
            "Se över hur det går: it runs all year and has no date",
            "Hålla kontakt med andra grupper: it runs all year and has no date",
            "Programmets: it has no date",
        ]
    );
    // What is done for next year stands in the autumn before it: whose autumn is this?
    assert_eq!(read.warnings.len(), 1, "{:?}", read.warnings);
    assert!(read.warnings[0].contains("may be of 2024"), "{:?}", read.warnings);
    let winter = read.meetings.iter().find(|m| m.span.first() == date(2025, 11, 15)).unwrap();
    assert!(winter.unsure[0].contains("2025-11-17 to 2026-02-13"), "{:?}", winter.unsure);
}

#[test]
fn the_lists_and_the_schedule_give_theirs() {
    let board = read(BOARD, &given(None));
    assert_eq!(
        shown(&board),
        [
            "2023-02-16..2023-02-17 Samverkansnämnden | Västerås",
            "2023-06-01..2023-06-02 Samverkansnämnden | Region Uppsala",
            "2023-09-29 Samverkansnämnden | Digitalt",
            "2023-12-07..2023-12-08 Samverkansnämnden | Region Gävleborg",
        ]
    );
    assert!(board.meetings.iter().all(|m| m.unsure.is_empty()) && board.unplaced.is_empty());
    let on_the_day = Given { day: Some(date(2023, 2, 16)), ..given(None) };
    let schedule = read(SCHEDULE, &on_the_day);
    assert_eq!(
        shown(&schedule)[1],
        "2023-02-16T14:45:00+01:00..2023-02-16T15:05:00+01:00 Kunskapsstyrning, grupp 2 | Sal Björk"
    );
    // Each group is at each station once, each room has one station, nobody is in two places.
    let pairs: BTreeSet<(String, String)> =
        schedule.meetings.iter().map(|m| (m.group.clone().unwrap(), m.place.clone().unwrap())).collect();
    assert_eq!((schedule.meetings.len(), pairs.len()), (9, 9));
    assert!(schedule.meetings.iter().all(|m| m.unsure.is_empty()));
    // The day may stand above it, too.
    let dated = format!("torsdag 16 februari 2023\n{SCHEDULE}");
    assert_eq!(shown(&read(&dated, &given(None))), shown(&schedule));
    let slide = read(SLIDE, &given(Some(2025)));
    assert_eq!(slide.meetings.len() + board.meetings.len() + schedule.meetings.len(), 24);
}

#[test]
fn two_groups_in_one_room_are_seen() {
    let text = SCHEDULE.replace("Kunskapsstyrning 2 Sal Björk", "Kunskapsstyrning 1 Sal Ask");
    let read = read(&text, &Given { day: Some(date(2023, 2, 16)), ..given(None) });
    let doubts = &read.meetings[1].unsure;
    assert!(
        doubts[0].contains("is there at the same time") && doubts[1].contains("the group is in"),
        "{doubts:?}"
    );
}

#[test]
fn a_published_list_has_places_and_remarks() {
    let read = read(PUBLISHED, &Given { title: Some("RSL"), ..given(None) });
    let hours =
        |day: &str, from: &str, to: &str, zone: &str| format!("{day}T{from}:00+{zone}..{day}T{to}:00+{zone}");
    assert_eq!(
        shown(&read),
        [
            format!("{} RSL | Nässjö", hours("2024-02-14", "10:00", "15:00", "01:00")),
            format!("{} RSL | Kalmar län | +RD", hours("2024-05-22", "10:00", "16:00", "02:00")),
            format!("{} RSL | videomöte | ny tid och plats", hours("2024-09-12", "08:30", "12:00", "02:00")),
            "2024-10-10..2024-10-11 utvecklingsdagar".to_owned(),
            "2023-10-26..2023-10-27 utvecklingsdagar".to_owned(),
        ]
    );
    assert!(read.meetings[2].moved && !read.meetings[1].moved);
}

#[test]
fn lines_come_in_many_shapes() {
    for (text, expected) in [
        (
            "RPO-möte 2025-03-12 kl 13-16, Lund",
            "2025-03-12T13:00:00+01:00..2025-03-12T16:00:00+01:00 RPO-möte | Lund",
        ),
        ("- onsdag 12 mars 2025: Styrgrupp (Teams)", "2025-03-12 Styrgrupp | Teams"),
        ("2025-03-12\tStyrgrupp\tSal A", "2025-03-12 Styrgrupp | Sal A"),
        ("AU 12/3 2025 (kl 9-10)", "2025-03-12T09:00:00+01:00..2025-03-12T10:00:00+01:00 AU"),
        ("2025-03-12 (v. 11) Dialogforum", "2025-03-12 Dialogforum"),
        ("2025-03-12 Styrgrupp\n(ny tid)", "2025-03-12 Styrgrupp | ny tid"),
    ] {
        assert_eq!(shown(&read(text, &given(None))), [expected], "{text}");
    }
    let several = read("Möten: 12/2, 10/4 och 13/5", &given(Some(2025)));
    assert_eq!(
        several.meetings.iter().map(|m| m.span.first()).collect::<Vec<_>>(),
        [date(2025, 2, 12), date(2025, 4, 10), date(2025, 5, 13)]
    );
}

#[test]
fn what_is_doubtful_is_said() {
    for (text, doubt) in [
        ("torsdag 2025-03-12 Styrgrupp", "another weekday is written: 2025-03-12 is a Wednesday"),
        ("2025-03-12 v. 12 Styrgrupp", "another week is written: 2025-03-12 lies in v. 11"),
        ("2025-06-06 Styrgrupp", "2025-06-06 is a Friday (nationaldagen)"),
        ("2025-03-15 Styrgrupp", "2025-03-15 is a Saturday"),
        ("Q3 2025\n2025-03-12 Styrgrupp", "it stands under quarter 3 and lies in quarter 1"),
        ("2025-03-12 kl 10 Styrgrupp", "it doesn't say when it ends: taken as a whole day"),
        ("2025-03-12 Styrgrupp (inställt)", "the list says that it is cancelled"),
        ("2025-03-12 Styrgrupp, handlingar senast 2025-03-05", "`2025-03-05` is left as text"),
        ("2025-03-12", "nothing says what it is called"),
        ("2025-03-12 Lund", "`Lund` is taken as what the meeting is called"),
    ] {
        let read = read(text, &given(None));
        let unsure = &read.meetings[0].unsure;
        assert!(unsure.iter().any(|u| u.starts_with(doubt)), "{text}: {unsure:?}");
    }
    let twice = read("12/3 2025 Styrgrupp\n2025-03-12 Styrgrupp", &given(None));
    assert_eq!((twice.meetings.len(), twice.warnings.len()), (1, 1));
}

#[test]
fn what_has_no_year_or_can_be_no_date_is_refused_with_what_to_do() {
    let faults = |text: &str, year| match read_meetings(text.as_bytes(), &given(year)) {
        Ok(read) => panic!("{text}: {read:?}"),
        Err(faults) => faults.to_string(),
    };
    assert_eq!(
        faults("19/9 RSL\n10-15/16 RSL", None),
        "lista:1:1: `19/9` has no year, give `--year`, or write the year on a line above; it is a workday in \
         2023 (a Tuesday), 2024 (a Thursday) or 2025 (a Friday)\n\
         lista:2:1: `10-15/16` has no year, give `--year`, or write the year on a line above; it is a workday in \
         2024 (a Tuesday), 2025 (a Wednesday) or 2026 (a Thursday)"
    );
    // A weekday that is written leaves one year.
    assert!(faults("fredag 19/9 RSL", None).ends_with("the weekday is right in 2025 (a Friday)"));
    // A year below is shown, and not taken.
    assert!(faults(SLIDE, None).contains("give `--year 2025` if `årshjul 2025` holds for it"));
    let wrong =
        faults("12/2 RSL\n13-15/16 RSL\n2025-02-30 RSL\n14/4-15/2 Remisser\n10-11/12 RSL", Some(2025));
    let lines: Vec<&str> = wrong.lines().collect();
    assert_eq!(lines.len(), 4, "{wrong}");
    assert!(
        lines[0].starts_with("lista:2:1: `13-15/16` is no date: neither days 13 to 15 of month 16 nor"),
        "{wrong}"
    );
    assert!(lines[1].starts_with("lista:3:1: `2025-02-30` is no date"), "{wrong}");
    assert!(lines[2].starts_with("lista:4:1: `14/4-15/2` ends before it begins"), "{wrong}");
    assert!(lines[3].contains("`YYYY-12-10/11` or `YYYY-10-11/12`"), "{wrong}");
    let dayless = faults(SCHEDULE, None);
    assert!(dayless.contains("9 lines have a time but no day") && dayless.contains("--date"), "{dayless}");
    assert!(faults("Inget här", None).contains("there is no date in it"));
}

#[test]
fn a_heading_says_the_year_of_what_stands_below_it() {
    let read = read("2024\n12/2 RSL\nMötestider RSL 2025:\n12/2\nKvartal 2\n10/4", &given(Some(2030)));
    assert_eq!(shown(&read), ["2024-02-12 RSL", "2025-02-12 RSL", "2025-04-10 RSL"]);
    assert_eq!(read.warnings.len(), 2, "each differs from what was given");
}

#[test]
fn a_table_out_of_a_spreadsheet_is_read() {
    let table = "Datum;Start;Slut;Titel;Plats;Anteckning\n2025-03-12;13:00;16:00;RPO-möte;Lund;\n\
                 2025-10-15/16;;;Internat;\"Hotellet, Nora\";två dagar\n6/5 2025;10-12;;;Teams;\n\
                 2025-06-11 00:00:00;9;11.30;Styrgrupp;;\n";
    let table_of = |text: &str| read(text, &Given { title: Some("RPO MD"), ..given(None) });
    assert_eq!(
        shown(&table_of(table)),
        [
            "2025-03-12T13:00:00+01:00..2025-03-12T16:00:00+01:00 RPO-möte | Lund",
            "2025-10-15..2025-10-16 Internat | Hotellet, Nora | två dagar",
            "2025-05-06T10:00:00+02:00..2025-05-06T12:00:00+02:00 RPO MD | Teams",
            "2025-06-11T09:00:00+02:00..2025-06-11T11:30:00+02:00 Styrgrupp",
        ]
    );
    assert_eq!(shown(&table_of(&table.replace(';', "\t"))), shown(&table_of(table)));
    let wrong = "datum;start;slut\n2025-02-30;;\n19/9;;\nsnart;;\n2025-03-12;25;\n2025-03-12;12;10\n;10;11\n";
    let faults = read_meetings(wrong.as_bytes(), &given(None)).unwrap_err().to_string();
    for (line, what) in [
        (2, "no such day"),
        (3, "has no year"),
        (4, "is no date"),
        (5, "no time of day"),
        (6, "ends before"),
        (7, "is missing"),
    ] {
        assert!(
            faults.lines().any(|l| l.starts_with(&format!("lista:{line}:")) && l.contains(what)),
            "{line} {faults}"
        );
    }
}

#[test]
fn a_list_of_meetings_is_known_from_others() {
    for text in [SLIDE, BOARD, SCHEDULE, PUBLISHED, "datum;titel\n2025-01-01;x", "Datum\tPlats\n"] {
        assert!(recognises(text.as_bytes()), "{text}");
    }
    let plan = "punkt;fas;sedan\nStyrgrupp;pågår;2025-01-01\n";
    for text in [crate::world::PEOPLE, plan, "Möte om ingenting\n", "", "12 punkter\n"] {
        assert!(!recognises(text.as_bytes()), "{text}");
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes: Vec<u8>, year in proptest::option::of(1990..2100_i16)) {
        let _ = read_meetings(&bytes, &given(year));
        let _ = recognises(&bytes);
    }

    /// Every line that isn't empty is in exactly one place.
    #[test]
    fn no_line_is_lost(
        lines in proptest::collection::vec("(19/9|2025-02-12|15/11-14/2|kl 10-12|Q[1-4]|2025|årshjul 2025|Löpande|• |RSL|möte|råd x 4|\\(ny tid\\)|Lund|, | |\\(|[a-zåäö]{0,6}){0,6}", 0..20),
        date in proptest::bool::ANY,
    ) {
        let text = lines.join("\n");
        let day = date.then(|| Date::new(2025, 2, 12).unwrap());
        if let Ok(read) = read_meetings(text.as_bytes(), &Given { day, ..given(Some(2025)) }) {
            let rows = read.meetings.iter().flat_map(|m| m.lines.clone());
            // Several dates of one line share it, and a line that stands twice is one meeting.
            let mut found: Vec<usize> = rows.collect::<BTreeSet<_>>().into_iter().collect();
            found.extend(read.unplaced.iter().flat_map(|u| u.lines.clone()));
            found.extend(read.headings.iter().map(|h| h.line));
            found.sort_unstable();
            let all = text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()).map(|(i, _)| i + 1);
            prop_assert_eq!(found, all.collect::<Vec<_>>());
            prop_assert!(read.meetings.iter().all(|m| !m.title.is_empty() && m.span.first() <= m.span.last()));
        }
    }
}

/// The shipped rules, loaded once.
fn shipped_rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(|| Rules::load(&shipped(), QuietPeriods::default()).unwrap())
}

/// What entering a list would make of the facts.
fn after(mut facts: Facts, fates: &[Fate], body: &BodyId) -> Facts {
    for fate in fates {
        facts.dates.extend(fate.date());
        if let Fate::New { workflow, entry, opened } = fate {
            let year = opened.span.first().year();
            let number = u16::try_from(facts.opened.len() + 1).ok();
            let id = OccasionId { entry: entry.clone(), year, number };
            let at = OccasionRef { workflow: workflow.clone(), body: Some(body.clone()), id };
            facts.opened.insert(at, (**opened).clone());
        }
    }
    facts
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(100))]

    /// Whatever list it is, entering it again changes nothing.
    #[test]
    fn a_list_that_has_been_entered_is_known(
        lines in proptest::collection::vec(
            ("2025-(0[1-9]|1[0-2])-(0[1-9]|1[0-9])", "(|/2[0-5])(, kl (9|10)-1[2-6])?",
             "(|, RSL|, RPO MD|, Dialogforum|, Extra möte|, Planeringsdag|, Kunskapsråd|, grupp 2)(|, Lund|, Teams)(| \\(ny tid\\))"),
            1..12,
        ),
        body in proptest::sample::select(vec!["rsl", "rpo-medicinsk-diagnostik", "rag-patologi", "kunskapsrad-kirurgi-och-cancer"]),
    ) {
        let text: Vec<String> = lines.into_iter().map(|(day, more, title)| [day, more, title].concat()).collect();
        let Ok(read) = read_meetings(text.join("\n").as_bytes(), &Given { title: Some("X"), ..given(None) }) else {
            return Ok(());
        };
        let body = BodyId::from(body);
        let fates = place(&read.meetings, &body, date(2025, 6, 1), &shipped_rules().world(&Facts::default()));
        prop_assert_eq!(fates.len(), read.meetings.len());
        let facts = after(Facts::default(), &fates, &body);
        let again = place(&read.meetings, &body, date(2025, 6, 1), &shipped_rules().world(&facts));
        for (first, second) in fates.iter().zip(&again) {
            let known = matches!(second, Fate::Same(_)) || (matches!(first, Fate::Left(_)) && first == second);
            prop_assert!(known, "{}\n{:?}\n{:?}", text.join("\n"), first, second);
        }
    }
}

stories! {
    a_pasted_list_dates_what_was_expected,
    a_meeting_that_has_been_is_not_moved_while_another_is_expected,
    a_list_that_is_worked_out_from_old_facts_enters_nothing,
}

const RPO: &str = "Mötestider 2025\n2025-02-05 kl 9-12, Lund\n2025-03-11\n2025-05-06, Teams\n2025-09-09\n2025-11-12\n\
    16/10 Dialogforum\n2025-12-03 Planeringsdag\n";

async fn paste(world: &mut World, body: &str, text: &str) -> Vec<String> {
    let rules = world.rules.rules();
    let read = read(text, &Given { title: Some("RPO MD"), ..given(Some(2025)) });
    let by = ("test", world.now());
    let today = arshjul::calendar::today(world.now());
    let entered = intake::enter_meetings(&world.store, &rules, &body.into(), &read.meetings, today, by).await;
    let (fates, new) = entered.unwrap();
    let mut new = new.into_iter();
    let line = |fate: &Fate| match fate {
        Fate::Same(at) => format!("same {}", at.id),
        Fate::Changed { at, was, .. } => format!("changed {} {}", at.id, was.first()),
        Fate::Dated { at, .. } => format!("dated {}", at.id),
        Fate::New { opened, .. } => format!("new {} {}", new.next().unwrap().id, opened.title),
        Fate::Left(why) => format!("left {why}"),
    };
    fates.iter().map(line).collect()
}

async fn a_pasted_list_dates_what_was_expected(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-01-15").only(&["rpo", "dialogforum"]).started().await;
    world.tick().await;
    let body = crate::world::RPO;
    assert_eq!(
        paste(&mut world, body, RPO).await,
        [
            "dated mote-1.2025",
            "dated mote-2.2025",
            "dated mote-3.2025",
            "dated mote-4.2025",
            "dated mote-5.2025",
            "dated oktober.2025",
            "new extra.2025.1 Planeringsdag",
        ]
    );
    let revision = world.store.facts_revision().await.unwrap();
    let again = paste(&mut world, body, RPO).await;
    assert!(again.iter().all(|fate| fate.starts_with("same ")), "{again:?}");
    assert_eq!(world.store.facts_revision().await.unwrap(), revision, "the same list changes nothing");
    // A known meeting that the list has on another day of its quarter has moved.
    let moved = RPO
        .replace("2025-05-06, Teams", "2025-05-13, Lund (ny tid och plats)")
        .replace("2025-12-03", "2025-12-10");
    assert_eq!(paste(&mut world, body, &moved).await[2], "changed mote-3.2025 2025-05-06");
    world.tick().await;
    let third = world.stored("sydostra/rpo", body, "mote-3.2025").await.occasion;
    let day = date(2025, 5, 13);
    assert_eq!((third.span, third.place.as_deref()), (Span::AllDay { first: day, last: day }, Some("Lund")));
    let extra = world.stored("sydostra/rpo", body, "extra.2025.1").await.occasion;
    assert_eq!((extra.title.as_str(), extra.span.first()), ("Planeringsdag", date(2025, 12, 10)));
    // What hangs on a meeting hangs on these: fifteen workdays before the third.
    world.advance_to("2025-04-17 12:00").await;
    assert_eq!(world.of_step("jon", "narvaro").last().unwrap(), "2025-04-17 08:00 0");
    world
}

async fn a_meeting_that_has_been_is_not_moved_while_another_is_expected(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-01-15").only(&["rpo", "dialogforum"]).silent().await;
    let body = crate::world::RPO;
    paste(&mut world, body, "2025-02-05\n2025-05-06\n2025-04-09 Dialogforum\n").await;
    world.advance_to("2025-02-20 12:00").await;
    // The list no longer has what was, and has a second meeting of the quarter; two others have swapped places.
    let later = "2025-03-11\n2025-04-15 (ny tid)\n2025-05-14 Dialogforum\n2025-09-09\n";
    assert_eq!(
        paste(&mut world, body, later).await,
        [
            "dated mote-2.2025",
            "changed mote-3.2025 2025-05-06",
            "changed april.2025 2025-04-09",
            "dated mote-4.2025",
        ]
    );
    // An ordinary meeting more than there is room for is one by hand, also the second time.
    assert_eq!(
        paste(&mut world, body, "2025-09-09\n2025-09-23\n").await,
        ["same mote-4.2025", "new extra.2025.1 Extra RPO-möte"]
    );
    assert_eq!(
        paste(&mut world, body, "2025-09-09\n2025-09-23\n").await,
        ["same mote-4.2025", "same extra.2025.1"]
    );
    world
}

async fn a_list_that_is_worked_out_from_old_facts_enters_nothing(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-01-15").only(&["rpo"]).silent().await;
    let (_, seen) = world.store.facts_with_revision().await.unwrap();
    world.start().await;
    let at = OccasionRef {
        workflow: "sydostra/rpo".into(),
        body: Some(crate::world::RPO.into()),
        id: "mote-1.2025".parse().unwrap(),
    };
    let day = date(2025, 2, 5);
    let date = arshjul::plan::model::EnteredDate {
        span: Some(Span::AllDay { first: day, last: day }),
        place: None,
        status: arshjul::workflow::model::Status::Confirmed,
        why: None,
    };
    let dates = [(at, date)];
    let now = moment("2025-01-15");
    let entered = world.store.enter_meetings(seen, &dates, &[], "test", now).await.unwrap();
    assert_eq!(entered, None);
    assert!(world.store.facts().await.unwrap().dates.is_empty());
    let (_, seen) = world.store.facts_with_revision().await.unwrap();
    assert!(world.store.enter_meetings(seen, &dates, &[], "test", now).await.unwrap().is_some());
    assert_eq!(world.store.facts().await.unwrap().dates.len(), 1);
    world
}

/// A folder with an installation's files, and what its commands say.
struct Shell(TempDir);

impl Shell {
    fn new(region: &str) -> Self {
        let shell = Self(tempfile::tempdir().unwrap());
        assert_eq!(shell.run(&["init", "--name", "Exempel", "--region", region], "").0, 0);
        shell
    }

    fn run(&self, arguments: &[&str], pasted: &str) -> (i32, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_arshjul"));
        command.args(arguments).current_dir(self.0.path()).env_clear();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(pasted.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap(), String::from_utf8(text).unwrap())
    }

    #[track_caller]
    fn ok(&self, arguments: &[&str], pasted: &str) -> String {
        let (code, said) = self.run(arguments, pasted);
        assert_eq!(code, 0, "{arguments:?}: {said}");
        said
    }

    fn file(&self, name: &str, change: impl Fn(&str) -> String) {
        let path = self.0.path().join(name);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, change(&text)).unwrap();
    }
}

#[test]
fn a_list_is_reviewed_and_then_entered_once() {
    let shell = Shell::new("sydostra");
    let slide = |more: &[&str]| {
        let arguments =
            [&["import", "-", "--body", "rsl", "--as-of", "2025-01-15", "--year", "2025"], more].concat();
        shell.ok(&arguments, SLIDE)
    };
    let json: Value = serde_json::from_str(&slide(&["--dry-run", "--format", "json"])).unwrap();
    assert_eq!(json["kind"], "meetings");
    let rows = json["meetings"].as_array().unwrap();
    assert_eq!(rows.len(), 11);
    assert_eq!(rows[3]["start"], "2025-10-15");
    assert_eq!((&rows[3]["end"], &rows[3]["all_day"]), (&"2025-10-16".into(), &true.into()));
    assert!(rows.iter().all(|row| row["becomes"].as_str().unwrap().starts_with("known: ")), "{json}");
    assert_eq!(json["unplaced"].as_array().unwrap().len(), 8);
    assert!(!shell.0.path().join("arshjul.db").exists(), "looking makes no database");
    let text = slide(&["--dry-run"]);
    assert!(text.find("Doubts").unwrap() < text.find("Understood").unwrap(), "{text}");
    assert!(slide(&[]).ends_with("0 dated, 0 changed, 0 new, 11 as they were, 0 not entered\n"));

    // Next year's list fills the entries of the year's rhythm; what is more becomes an occasion by hand.
    let next = "Möten 2026\n2026-02-11, kl 10-15, Nässjö\n2026-04-15\n2026-05-20\n2026-09-10\n2026-10-07/08\n2026-11-19\n\
                2026-12-03 Extra RSL\n";
    let import = ["import", "-", "--body", "RSL"];
    let said = shell.ok(&import, next);
    assert!(said.contains("dates: sydostra/rsl mote-5.2026 (RSL)"), "{said}");
    assert!(
        said.ends_with(
            "opened sydostra/rsl extra.2026.1\n6 dated, 0 changed, 1 new, 0 as they were, 0 not entered\n"
        ),
        "{said}"
    );
    assert!(shell.ok(&import, next).ends_with("0 dated, 0 changed, 0 new, 7 as they were, 0 not entered\n"));
    let moved = next.replace("2026-09-10", "2026-09-17 (ny tid och plats)");
    let said = shell.ok(&import, &moved);
    assert!(said.contains("moved: sydostra/rsl mote-4.2026, was 2026-09-10"), "{said}");
    assert!(said.contains("0 dated, 1 changed, 0 new, 6 as they were"), "{said}");
    let plan = shell.ok(
        &[
            "plan",
            "--from",
            "2026-09-01",
            "--to",
            "2026-12-31",
            "--workflow",
            "sydostra/rsl",
            "--format",
            "json",
        ],
        "",
    );
    let starts =
        plan.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()).filter(|v| v["type"] == "occasion");
    let starts: Vec<String> = starts.map(|v| v["start"].as_str().unwrap().to_owned()).collect();
    assert_eq!(starts, ["2026-09-17", "2026-10-07", "2026-11-19", "2026-12-03"]);
}

#[test]
fn a_board_and_its_groups_are_entered() {
    let shell = Shell::new("mellansverige");
    let body = ["--body", "svn-mellansverige"];
    let said = shell.ok(&[&["import", "-"][..], &body].concat(), BOARD);
    assert!(
        said.ends_with("4 as they were, 0 not entered\n"),
        "a place that says less than is known changes nothing: {said}"
    );
    let schedule = [&["import", "-", "--date", "2023-02-16"][..], &body].concat();
    assert!(shell.ok(&schedule, SCHEDULE).ends_with("9 new, 0 as they were, 0 not entered\n"));
    assert!(shell.ok(&schedule, SCHEDULE).ends_with("0 new, 9 as they were, 0 not entered\n"));
    // Without an entry that takes them it says what to add.
    shell.file("workflows/mellansverige/samverkansnamnden.toml", |text| {
        text.replace("id = \"grupp\"", "id = \"annat\"")
    });
    let later =
        schedule.iter().map(|a| if *a == "2023-02-16" { "2023-06-01" } else { a }).collect::<Vec<_>>();
    let said = shell.ok(&later, SCHEDULE);
    assert!(said.contains("add a `[[meeting]]` with `id = \"grupp\"`"), "{said}");
}

#[test]
fn an_import_of_meetings_is_refused_clearly() {
    let shell = Shell::new("sydostra");
    let refused =
        |arguments: &[&str], pasted: &str| shell.run(&[&["import", "-"], arguments].concat(), pasted);
    let (code, said) = refused(&["--body", "rsl", "--as-of", "2025-01-15"], SLIDE);
    assert_eq!((code, said.lines().count()), (1, 11), "{said}");
    assert!(said.contains("pasted:1:2: `19/9` has no year"), "{said}");
    assert_eq!(refused(&["--year", "2025"], SLIDE).0, 2, "whose?");
    assert_eq!(refused(&["--kind", "people"], SLIDE).0, 1);
    assert_eq!(refused(&["--kind", "items"], crate::world::PEOPLE).0, 1);
    let (code, said) = refused(&["--kind", "meetings", "--dry-run"], "Inget datum\n");
    assert_eq!(code, 1);
    assert!(said.contains("there is no date in it"), "{said}");
    let (_, said) =
        refused(&["--body", "rpo-medicinsk-diagnostik", "--dry-run"], "2025-06-03 RSL\n2025-06-10 RPO MD\n");
    assert!(said.contains("not entered: it is a meeting of RSL: import it with `--body rsl`"), "{said}");
    assert!(said.contains("dates: sydostra/rpo mote-3.2025"), "{said}");
}
