//! What each feed holds: of bodies, themes and the groups of a schedule; what there is no room for.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::OnceLock;

use arshjul::calendar::QuietPeriods;
use arshjul::ical::feeds::{Revised, feed_names, render};
use arshjul::ical::lint::{LARGEST, lint};
use arshjul::ical::private::{Reader, Stock};
use arshjul::ical::{Sheet, Task};
use arshjul::ids::{BodyId, OccasionId, OccasionRef};
use arshjul::plan::model::{Facts, Opened};
use arshjul::plan::occasions::occasions;
use arshjul::rules::Rules;
use arshjul::workflow::model::{EntryKind, Span, Status};
use arshjul::workflow::{shipped, shipped_of};
use jiff::Timestamp;
use jiff::civil::{Date, date};

use crate::ical::{calendar, event};

const TODAY: Date = date(2025, 6, 1);
const PUBLIC: &str = "https://arshjul.example.org";

pub fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(|| Rules::load(&shipped(), QuietPeriods::default()).unwrap())
}

fn revised(facts: &Facts) -> Vec<Revised> {
    revised_by(rules(), facts)
}

fn revised_by(rules: &Rules, facts: &Facts) -> Vec<Revised> {
    let changed: Timestamp = "2025-01-07T08:00:00Z".parse().unwrap();
    let found = occasions(&rules.world(facts), date(2023, 1, 1), date(2026, 12, 31));
    found.into_iter().map(|occasion| (occasion, 2, changed)).collect()
}

/// The value of a property in each event of a feed that is without fault, in the feed's order.
pub fn values(bytes: &[u8], name: &str) -> Vec<String> {
    assert_eq!(lint(bytes), []);
    let text = String::from_utf8(bytes.to_vec()).unwrap().replace("\r\n ", "");
    let events = text.split("BEGIN:VEVENT").skip(1);
    let value = |event: &str| {
        let lines = event.lines().filter_map(|line| line.split_once(':'));
        let mut own = lines.filter(|(head, _)| head.split(';').next() == Some(name));
        own.next().map(|(_, value)| value.replace("\\n", "\n").replace('\\', "")).unwrap_or_default()
    };
    events.map(value).collect()
}

/// `2025-05-21 Intern svarsdag: ...`, in the feed's order, of what happens in 2025.
pub fn shown(bytes: &[u8]) -> Vec<String> {
    let starts = values(bytes, "DTSTART").into_iter().zip(values(bytes, "SUMMARY"));
    let lines = starts.filter(|(start, _)| start.starts_with("2025"));
    lines.map(|(start, title)| format!("{}-{}-{} {title}", &start[..4], &start[4..6], &start[6..8])).collect()
}

fn public(feed: &str, facts: &Facts) -> Vec<u8> {
    let Rules { organisation, workflows, .. } = rules();
    let names = feed_names(organisation, workflows);
    let (name, title) = names.iter().find(|(name, _)| name.as_str() == feed).unwrap();
    render((name, title), organisation, workflows, revised(facts), TODAY, PUBLIC)
}

fn of(feed: &str, word: &str) -> Vec<String> {
    shown(&public(feed, &Facts::default())).into_iter().filter(|line| line.contains(word)).collect()
}

#[test]
fn a_round_is_a_span_with_a_last_day_and_in_the_groups_that_answer_a_day_of_their_own() {
    let summer = "april–juni";
    let national = [
        "2025-04-15 Nationell remissrunda april–juni",
        "2025-06-13 Sista svarsdag: Nationell remissrunda april–juni",
    ];
    assert_eq!(of("remisser", summer), national);
    // Counted by hand: fifteen workdays before 13 June.
    let own = "2025-05-21 Intern svarsdag: Nationell remissrunda april–juni";
    for feed in ["rpo-medicinsk-diagnostik", "rag-patologi"] {
        assert_eq!(of(feed, summer), [national[0], own, national[1]], "{feed}");
    }
    for feed in ["kunskapsrad-diagnostik-och-sinnen", "rsl", "rsl-perioder"] {
        assert!(of(feed, summer).is_empty(), "{feed}");
    }
    let bytes = public("rpo-medicinsk-diagnostik", &Facts::default());
    let categories: Vec<String> = values(&bytes, "CATEGORIES");
    for word in ["Remiss", "RSL", "Kunskapsråd", "RPO"] {
        assert!(categories.iter().any(|c| c == word), "{word} is missing: {categories:?}");
    }
    assert!(
        values(&bytes, "SEQUENCE").iter().all(|sequence| sequence == "2"),
        "they change with their occasion"
    );
}

#[test]
fn a_day_of_ones_own_is_not_there_where_its_question_is_switched_off() {
    let mut files = shipped();
    let off = "title = \"Vi gör på annat sätt\"\nfor = \"rpo-medicinsk-diagnostik\"\n\
               switch-off = [\"sydostra/remisser#inhamta\"]\n";
    files.push(arshjul::workflow::SourceFile::new("sydostra/avstangt.toml", off));
    let rules = Rules::load(&files, QuietPeriods::default()).unwrap();
    let facts = Facts::default();
    let found = occasions(&rules.world(&facts), date(2025, 1, 1), date(2025, 12, 31));
    let revised = found.into_iter().map(|occasion| (occasion, 0, Timestamp::UNIX_EPOCH));
    let bytes = render(
        (&"rpo-medicinsk-diagnostik".into(), "RPO"),
        &rules.organisation,
        &rules.workflows,
        revised,
        TODAY,
        PUBLIC,
    );
    let lines = shown(&bytes);
    assert!(!lines.iter().any(|line| line.contains("Intern svarsdag: Nationell remissrunda")), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("Sista svarsdag: Nationell remissrunda")));
}

#[test]
fn a_theme_is_its_meetings_and_its_periods_are_chosen_by_another_name() {
    let meetings =
        ["02-12", "04-10", "05-13", "09-19", "10-15", "11-20"].map(|day| format!("2025-{day} RSL"));
    let found: Vec<String> = shown(&public("rsl", &Facts::default()));
    assert_eq!(found, meetings);
    let chosen = shown(&public("rsl-perioder", &Facts::default()));
    assert!(meetings.iter().all(|meeting| chosen.contains(meeting)));
    assert!(chosen.contains(&"2025-12-01 Nästa års mötestider är bestämda".to_owned()), "{chosen:?}");
    // Who has no meetings is asked for nothing else than what they have.
    let names = feed_names(&rules().organisation, &rules().workflows);
    let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.contains(&"remisser") && !names.contains(&"remisser-perioder"), "{names:?}");
    assert!(names.iter().all(|name| format!("{PUBLIC}/feed/{name}.ics").len() < 200));
}

#[test]
fn a_meeting_says_what_is_not_set() {
    let mut facts = Facts::default();
    let said = |facts: &Facts| {
        let bytes = public("rsl", facts);
        let all = values(&bytes, "SUMMARY").into_iter().zip(values(&bytes, "DTSTART"));
        let at = all.into_iter().position(|(_, start)| start.starts_with("20250513")).unwrap();
        values(&bytes, "DESCRIPTION").remove(at)
    };
    assert!(said(&facts).starts_with("Tid ej satt.\nPlats ej satt.\n"), "{}", said(&facts));
    let at = OccasionRef {
        workflow: "sydostra/rsl".into(),
        body: Some("rsl".into()),
        id: "mote-3.2025".parse().unwrap(),
    };
    let day = date(2025, 5, 13);
    let mut set = arshjul::plan::model::EnteredDate {
        span: Some(Span::Timed { start: day.at(9, 0, 0, 0), end: day.at(15, 0, 0, 0) }),
        place: None,
        status: Status::Confirmed,
        why: None,
    };
    facts.dates.insert(at.clone(), set.clone());
    assert!(said(&facts).starts_with("Plats ej satt.\n"));
    set.place = Some("https://video.example.org/rsl".into());
    facts.dates.insert(at, set);
    assert_eq!(said(&facts), "https://arshjul.example.org/arshjul/2025");
    let bytes = public("rsl", &facts);
    assert!(values(&bytes, "LOCATION").contains(&"https://video.example.org/rsl".to_owned()));
}

/// Three stations, three groups and three passes, as a schedule that has been pasted leaves them.
fn schedule() -> Facts {
    let mut facts = Facts::default();
    let stations = ["Verksamhet och utveckling", "Kunskapsstyrning", "Utbildning"];
    for pass in 0..3 {
        for (n, station) in stations.iter().enumerate() {
            let start = date(2025, 5, 15).at(14, 45, 0, 0) + jiff::SignedDuration::from_mins(30 * pass);
            let group = (n as i64 + 3 - pass) % 3 + 1;
            let number = Some(u16::try_from(pass * 3 + n as i64 + 1).unwrap());
            let id = OccasionId { entry: "grupp".into(), year: 2025, number };
            let (workflow, body) =
                ("mellansverige/samverkansnamnden".into(), Some("svn-mellansverige".into()));
            let opened = Opened {
                title: format!("{station}, grupp {group}"),
                span: Span::Timed { start, end: start + jiff::SignedDuration::from_mins(20) },
                place: Some(format!("Sal {}", n + 1)),
                note: None,
                link: None,
                receivers: Vec::new(),
                answers: Vec::new(),
                diary: None,
                group: Some(group.to_string()),
            };
            facts.opened.insert(OccasionRef { workflow, body, id }, opened);
        }
    }
    facts
}

#[test]
fn each_group_of_a_schedule_has_its_three_passes() {
    let facts = schedule();
    let rules = Rules::load(&shipped_of("mellansverige"), QuietPeriods::default()).unwrap();
    let Rules { organisation, workflows, .. } = &rules;
    let stock = Stock { organisation, workflows, as_of: TODAY, public_url: PUBLIC };
    let body = BodyId::from("svn-mellansverige");
    for group in ["1", "2", "3"] {
        for titles_only in [false, true] {
            let reader = Reader::Group { body: &body, group };
            let bytes = stock.render(reader, group, titles_only, revised_by(&rules, &facts));
            let titles = values(&bytes, "SUMMARY");
            assert_eq!(titles.len(), 3);
            assert!(titles.iter().all(|title| title.ends_with(&format!("grupp {group}"))), "{titles:?}");
            let mut starts = values(&bytes, "DTSTART");
            starts.dedup();
            assert_eq!(starts.len(), 3, "nobody is in two places at once");
            assert_eq!(values(&bytes, "TRANSP"), ["OPAQUE"; 3]);
        }
    }
    assert!(
        values(
            &stock.render(Reader::Group { body: &body, group: "4" }, "4", false, revised_by(&rules, &facts)),
            "UID"
        )
        .is_empty()
    );
}

#[test]
fn titles_only_says_nothing_but_when_and_what() {
    let Rules { organisation, workflows, .. } = rules();
    let stock = Stock { organisation, workflows, as_of: TODAY, public_url: PUBLIC };
    let tasks = [Task {
        identity: "fraga".into(),
        title: arshjul::text::feeds::ANSWER_BY.into(),
        day: date(2025, 6, 5),
        said: vec!["Hemligt".into()],
        changed_at: "2025-05-05T06:00:00Z".parse().unwrap(),
    }];
    let bodies = ["rpo-medicinsk-diagnostik".into()];
    let reader = Reader::Person { bodies: &bodies, tasks: &tasks };
    let bytes = stock.render(reader, "1", true, revised(&Facts::default()));
    for name in ["DESCRIPTION", "LOCATION", "URL"] {
        assert!(values(&bytes, name).iter().all(String::is_empty), "{name}");
    }
    assert!(shown(&bytes).contains(&"2025-06-05 Sista dag att svara".to_owned()));
    assert!(!String::from_utf8(bytes).unwrap().contains("SOURCE"));
}

#[test]
fn what_there_is_no_room_for_is_left_out_and_said() {
    let long = "En lång anmärkning om mötet. ".repeat(25);
    let events: Vec<_> = (0..900_i64)
        .map(|n| {
            let day = date(2024, 6, 1) + jiff::SignedDuration::from_hours(24 * n);
            let span = Span::AllDay { first: day, last: day };
            let mut event =
                event("a", Some("rsl"), &format!("x.2025.{}", n + 1), EntryKind::Meeting, "Möte", span);
            event.occasion.note = Some(long.clone());
            event
        })
        .collect();
    let calendar = calendar("Stor");
    let sheet = |as_of| Sheet { calendar: &calendar, titles_only: false, tasks: &[], as_of };
    assert!(sheet(None).write(&events).len() > LARGEST);
    let bytes = sheet(Some(TODAY)).write(&events);
    assert!(bytes.len() <= LARGEST);
    let starts = values(&bytes, "DTSTART");
    assert!(starts.contains(&"20250601".to_owned()) && starts.len() > 300, "{}", starts.len());
    let text = String::from_utf8(bytes).unwrap().replace("\r\n ", "");
    let said = text.lines().find(|line| line.starts_with("X-WR-CALDESC")).unwrap();
    assert!(said.contains("så stor att det som började före"), "{said}");
    let small = String::from_utf8(sheet(Some(TODAY)).write(&events[..3])).unwrap();
    assert!(!small.contains("utelämnat"));
}
