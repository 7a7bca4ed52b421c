//! The plan of a year: the whole of it as text, the dates of the golden tables, and what holds of any plan.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};

use arshjul::app::intake;
use arshjul::calendar::{QuietPeriods, civil, instant, window_of_day, workdays_between};
use arshjul::import::{self, Imported};
use arshjul::people::{Holder, People, Person};
use arshjul::plan::digest::digest;
use arshjul::plan::model::{Change, Facts, Given, Known, KnownState, Message, MessageKind, Plan, Starts};
use arshjul::plan::occasions::occasions;
use arshjul::plan::reconcile::reconcile;
use arshjul::plan::{Assume, Window, plan, show};
use arshjul::rules::Rules;
use arshjul::workflow::shipped;
use jiff::Timestamp;
use jiff::civil::{Date, date, time};
use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, proptest};
use serde_json::json;

use crate::golden;

fn rules() -> Rules {
    Rules::load(&shipped(), QuietPeriods::default()).unwrap()
}

/// The demonstration's people, known by what stands before the @.
fn people(rules: &Rules) -> People {
    let csv = include_bytes!("../../src/demo/data/people.csv");
    let Imported::People(list) = import::read("people.csv", csv, &rules.organisation).unwrap() else {
        panic!("no list of people")
    };
    let mut people = People::default();
    for row in intake::people(list.rows) {
        let id = row.address.split('@').next().unwrap().replace('.', "-");
        let person = Person { id: id.as_str().into(), name: row.name, address: row.address };
        let (body, role, from, until) = (row.body, row.role, row.from, row.until);
        people.holders.push(Holder {
            body,
            role,
            person: person.id.clone(),
            from,
            until,
            deputy: row.deputy,
        });
        people.persons.insert(person.id.clone(), person);
    }
    people
}

fn midnight(day: Date) -> Timestamp {
    instant(day, time(0, 0, 0, 0))
}

fn window(from: Date, until: Date) -> Window {
    Window { from: midnight(from), until: midnight(until) }
}

/// Everything was started on `start`; gates open.
fn facts(rules: &Rules, start: Date) -> Facts {
    Facts { people: people(rules), starts: Starts::Everything(midnight(start)), ..Facts::default() }
}

fn planned(from: Date, until: Date) -> (Plan, Facts) {
    let rules = rules();
    let facts = facts(&rules, date(2024, 11, 1));
    (plan(rules.world(&facts), window(from, until), Assume::GatesOpen), facts)
}

/// When the messages of a step leave, by rung, each day once: `0` on 2025-04-15.
fn days_of<'a>(
    plan: &'a Plan,
    step: &'a str,
    occasion: &'a str,
) -> impl Iterator<Item = (String, String)> + 'a {
    let of = move |m: &&Message| {
        let part = |n| m.key.0.split(':').nth(n).unwrap();
        m.matter.step.as_str() == step && part(2).ends_with(occasion)
    };
    plan.messages.iter().filter(of).map(|m| {
        let rung = m.key.0.split(':').nth(4).unwrap().to_owned();
        (rung, civil(m.at).strftime("%Y-%m-%d %H:%M").to_string())
    })
}

#[test]
fn the_year_2025() {
    let (plan, facts) = planned(date(2025, 1, 1), date(2026, 1, 1));
    golden::check("plan/2025.txt", show::text(&plan, &facts.people).as_bytes());
}

#[test]
fn the_wheel_has_eleven_dated_entries() {
    let (plan, _) = planned(date(2025, 1, 1), date(2026, 1, 1));
    let feeds = ["sydostra/rsl", "sydostra/kunskapsrad", "nationell/remisser"];
    let starting = plan
        .occasions
        .iter()
        .filter(|o| feeds.contains(&o.at.workflow.as_str()) && o.span.first().year() == 2025);
    let found: Vec<String> = starting
        .map(|o| format!("{} {} {} {}", o.at.workflow, o.at.id, o.span.first(), o.span.last()))
        .collect();
    let expected = [
        "sydostra/rsl mote-1.2025 2025-02-12 2025-02-12",
        "nationell/remisser var.2025 2025-02-17 2025-04-14",
        "sydostra/rsl mote-2.2025 2025-04-10 2025-04-10",
        "nationell/remisser sommar.2025 2025-04-15 2025-06-13",
        "sydostra/rsl mote-3.2025 2025-05-13 2025-05-13",
        "nationell/remisser host.2025 2025-09-15 2025-11-14",
        "sydostra/rsl mote-4.2025 2025-09-19 2025-09-19",
        "sydostra/kunskapsrad gemensamt.2025 2025-09-26 2025-09-26",
        "sydostra/rsl mote-5.2025 2025-10-15 2025-10-16",
        "nationell/remisser vinter.2025 2025-11-17 2026-02-13",
        "sydostra/rsl mote-6.2025 2025-11-20 2025-11-20",
    ];
    assert_eq!(found, expected);
}

#[test]
fn rounds_open_and_close_on_workdays() {
    let rules = rules();
    let facts = Facts::default();
    let all = occasions(&rules.world(&facts), date(2022, 2, 1), date(2026, 2, 1));
    let rounds: Vec<String> = all
        .iter()
        .filter(|o| o.at.workflow.as_str() == "nationell/remisser" && o.at.id.year >= 2022)
        .filter(|o| o.span.first() < date(2026, 1, 1))
        .map(|o| {
            let (first, last) = (o.span.first(), o.span.last());
            format!("{first} {last} {}", workdays_between(first, last) + 1)
        })
        .collect();
    let expected = [
        "2022-02-15 2022-04-14 43",
        "2022-04-19 2022-06-14 39",
        "2022-09-15 2022-11-14 43",
        "2022-11-15 2023-02-14 64",
        "2023-02-15 2023-04-14 41",
        "2023-04-17 2023-06-14 40",
        "2023-09-15 2023-11-14 43",
        "2023-11-15 2024-02-14 63",
        "2024-02-15 2024-04-12 40",
        "2024-04-15 2024-06-14 42",
        "2024-09-16 2024-11-14 44",
        "2024-11-15 2025-02-14 60",
        "2025-02-17 2025-04-14 41",
        "2025-04-15 2025-06-13 39",
        "2025-09-15 2025-11-14 45",
        "2025-11-17 2026-02-13 59",
    ];
    assert_eq!(rounds, expected);
}

/// Round; forwarded; the four reminders; the day after, when the list goes out; draft, handed over, alarm, last day.
const ROUNDS: [(&str, [&str; 10]); 5] = [
    (
        "vinter.2024",
        [
            "2024-11-15",
            "2025-01-10",
            "2025-01-17",
            "2025-01-23",
            "2025-01-24",
            "2025-01-27",
            "2025-01-31",
            "2025-02-05",
            "2025-02-13",
            "2025-02-14",
        ],
    ),
    (
        "var.2025",
        [
            "2025-02-17",
            "2025-03-10",
            "2025-03-17",
            "2025-03-21",
            "2025-03-24",
            "2025-03-25",
            "2025-03-31",
            "2025-04-03",
            "2025-04-11",
            "2025-04-14",
        ],
    ),
    (
        "sommar.2025",
        [
            "2025-04-15",
            "2025-05-07",
            "2025-05-14",
            "2025-05-20",
            "2025-05-21",
            "2025-05-22",
            "2025-05-28",
            "2025-06-03",
            "2025-06-12",
            "2025-06-13",
        ],
    ),
    (
        "host.2025",
        [
            "2025-09-15",
            "2025-10-10",
            "2025-10-17",
            "2025-10-23",
            "2025-10-24",
            "2025-10-27",
            "2025-10-31",
            "2025-11-05",
            "2025-11-13",
            "2025-11-14",
        ],
    ),
    (
        "vinter.2025",
        [
            "2025-11-17",
            "2026-01-09",
            "2026-01-16",
            "2026-01-22",
            "2026-01-23",
            "2026-01-26",
            "2026-01-30",
            "2026-02-04",
            "2026-02-12",
            "2026-02-13",
        ],
    ),
];

#[test]
fn the_five_rounds_are_on_their_golden_dates_and_no_others() {
    let (plan, _) = planned(date(2024, 11, 1), date(2026, 2, 14));
    for (round, days) in ROUNDS {
        let rungs: [(&str, &[(&str, usize)]); 4] = [
            ("inhamta", &[("0", 0), ("r1", 1), ("r2", 2), ("r3", 3), ("r4", 4), ("e1", 5)]),
            ("sammanstall", &[("0", 5), ("e1", 6)]),
            ("till-rsl", &[("0", 6), ("e1", 7)]),
            ("skicka", &[("0", 7), ("a1", 8), ("a2", 9)]),
        ];
        for (step, rungs) in rungs {
            let found: BTreeSet<(String, String)> = days_of(&plan, step, round).collect();
            let expected = rungs.iter().map(|(rung, n)| ((*rung).to_owned(), format!("{} 08:00", days[*n])));
            assert_eq!(found, expected.collect(), "{step} of {round}");
        }
    }
    let steps = ["inhamta", "sammanstall", "till-rsl", "skicka"];
    let others = plan.messages.iter().filter(|m| {
        let of_a_round = ROUNDS.iter().any(|(round, _)| m.key.0.contains(&format!("~{round}:")));
        steps.contains(&m.matter.step.as_str()) && !of_a_round
    });
    assert_eq!(others.count(), 0);
}

/// Meeting; asked; last day; papers.
const MEETINGS: [(&str, [&str; 3]); 7] = [
    ("mote-1.2025", ["2025-01-15", "2025-01-29", "2025-02-05"]),
    ("mote-2.2025", ["2025-03-13", "2025-03-27", "2025-04-03"]),
    ("mote-3.2025", ["2025-04-10", "2025-04-28", "2025-05-06"]),
    ("mote-4.2025", ["2025-08-22", "2025-09-05", "2025-09-12"]),
    ("gemensamt.2025", ["2025-08-29", "2025-09-12", "2025-09-19"]),
    ("mote-5.2025", ["2025-09-17", "2025-10-01", "2025-10-08"]),
    ("mote-6.2025", ["2025-10-23", "2025-11-06", "2025-11-13"]),
];

#[test]
fn meetings_are_prepared_on_their_golden_dates() {
    let (plan, _) = planned(date(2025, 1, 1), date(2026, 1, 1));
    let mut asked = 0;
    for (meeting, [ask, due, papers]) in MEETINGS {
        let arenden: BTreeMap<String, String> = days_of(&plan, "arenden", meeting).collect();
        assert_eq!(arenden["0"], format!("{ask} 08:00"), "{meeting}");
        let of = |m: &&Message| m.key.0.contains(&format!(":{meeting}:arenden:0:"));
        let keys: Vec<&Message> = plan.messages.iter().filter(of).collect();
        assert!(keys.iter().all(|m| m.notice.due == Some(due.parse().unwrap())), "{meeting}");
        asked += keys.len();
        let handlingar: Vec<(String, String)> = days_of(&plan, "handlingar", meeting).collect();
        assert_eq!(handlingar, [("0".to_owned(), format!("{papers} 08:00"))], "{meeting}");
    }
    let all = plan.messages.iter().filter(|m| m.key.0.contains(":arenden:0:")).count();
    assert_eq!(asked, all, "no other meeting is prepared so");
}

#[test]
fn every_key_is_one_messages() {
    let (plan, _) = planned(date(2024, 11, 1), date(2027, 1, 1));
    let keys: BTreeSet<_> = plan.messages.iter().map(|m| &m.key).collect();
    assert_eq!(keys.len(), plan.messages.len());
    assert!(keys.iter().all(|key| key.0.split(':').count() == 7 && !key.0.contains([' ', '@'])));
}

#[test]
fn others_can_rely_on_the_json() {
    let (plan, facts) = planned(date(2025, 1, 1), date(2026, 1, 1));
    let wheel = plan.occasions.iter().find(|o| o.at.id.to_string() == "mote-5.2025").unwrap();
    let expected = json!({
        "type": "occasion", "workflow": "sydostra/rsl", "body": "rsl", "id": "mote-5.2025", "kind": "meeting",
        "title": "RSL", "start": "2025-10-15", "end": "2025-10-16", "all_day": true, "status": "confirmed",
        "place": null,
    });
    assert_eq!(show::occasion_json(wheel), expected);
    let of = |m: &&Message| m.key.0.contains("sommar.2025:inhamta:r1:ledamot-rjl:");
    let reminder = plan.messages.iter().find(of).unwrap();
    let expected = json!({
        "type": "message",
        "key": "sydostra/remisser:rpo-medicinsk-diagnostik:nationell/remisser~sommar.2025:inhamta:r1:ledamot-rjl:2025-05-21",
        "at": "2025-05-07T08:00:00+02:00", "workflow": "sydostra/remisser",
        "body": "rpo-medicinsk-diagnostik", "occasion": "sommar.2025", "step": "inhamta", "kind": "reminder",
        "role": "rpo-medicinsk-diagnostik/ledamot", "to": ["ledamot.rjl@example.org"],
        "subject": "[RPO MD] Påminnelse, svara senast ons 21 maj (v. 21): Lämna synpunkter på Nationell remissrunda april–juni, eller svara att ni inte har några",
        "if": "fordela=samordnas",
    });
    assert_eq!(show::message_json(reminder, &facts.people), expected);
    let lines = show::json_lines(&plan, &facts.people);
    assert_eq!(lines.lines().count(), plan.occasions.len() + plan.messages.len());
}

#[test]
fn who_is_asked_late_is_asked_and_not_reminded() {
    let rules = rules();
    let facts = facts(&rules, date(2025, 4, 16));
    let whole = window(date(2025, 4, 1), date(2025, 6, 1));
    let plan = plan(rules.world(&facts), whole, Assume::Nothing);
    let gate: Vec<_> = plan.messages.iter().filter(|m| m.matter.step.as_str() == "lista").collect();
    // The ask lies before the start; the reminder is the ask.
    assert_eq!(
        gate.iter().map(|m| (m.kind, m.at)).collect::<Vec<_>>(),
        [
            (MessageKind::Ask, window_of_day(date(2025, 4, 17))),
            (MessageKind::Escalation, window_of_day(date(2025, 4, 23)))
        ]
    );
    assert!(gate[0].notice.subject.starts_with("Svara senast"));
}

/// A plan of items in all states, known since the morning of `day`.
fn with_items(rules: &Rules, facts: &mut Facts, day: Date) {
    let csv = include_bytes!("../../src/demo/data/plan.csv");
    let Imported::Items(rows) = import::read("plan.csv", csv, &rules.organisation).unwrap() else {
        panic!("no plan")
    };
    let body = "rpo-medicinsk-diagnostik".into();
    facts.items = intake::items(rows, &body, &facts.people, midnight(day)).unwrap();
}

fn settled(messages: &[Message]) -> Vec<Known> {
    let known =
        |m: &Message| Known { key: m.key.clone(), at: m.at, digest: digest(m), state: KnownState::Planned };
    messages.iter().filter(|m| m.to.is_some()).map(known).collect()
}

/// Some answers to what the plan asks, given some hours after it was asked.
fn answered(plan: &Plan, choice: &[u8]) -> Vec<Given> {
    let asks = plan.messages.iter().filter(|m| m.to.is_some() && !m.notice.answers.is_empty());
    let mut given: Vec<Given> = Vec::new();
    for (message, pick) in asks.zip(choice.iter().cycle()).filter(|(_, pick)| **pick % 3 == 0) {
        let person = message.to.clone().unwrap();
        if given.iter().any(|g| g.matter == message.matter && g.person == person) {
            continue;
        }
        let answer = &message.notice.answers[usize::from(*pick) % message.notice.answers.len()];
        let at = message.at + jiff::SignedDuration::from_hours(i64::from(*pick) + 1);
        given.push(Given {
            matter: message.matter.clone(),
            person,
            answer: answer.id.clone(),
            at,
            date: None,
            marks: Vec::new(),
        });
    }
    given
}

fn any_day() -> impl Strategy<Value = Date> {
    (2021..2040_i16, 1..=365_i16)
        .prop_map(|(year, day)| date(year, 1, 1).checked_add(jiff::Span::new().days(day - 1)).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_year_leaves_in_windows_and_never_before_the_start(
        start in any_day(),
        lead in 0..120_i32,
        cut in 1..365_i32,
        open in any::<bool>(),
        choice: [u8; 16],
    ) {
        let rules = rules();
        let mut facts = facts(&rules, start);
        with_items(&rules, &mut facts, start);
        let assume = if open { Assume::GatesOpen } else { Assume::Nothing };
        let day = |n: i32| start.checked_add(jiff::Span::new().days(n)).unwrap();
        let whole = window(day(-lead), day(365));
        let asked = plan(rules.world(&facts), whole, Assume::Nothing);
        facts.answers = answered(&asked, &choice);

        let year = plan(rules.world(&facts), whole, assume);
        prop_assert!(!year.messages.is_empty());
        let mut keys = BTreeSet::new();
        for message in &year.messages {
            prop_assert!(keys.insert(&message.key), "{} twice", message.key);
            prop_assert!(message.at >= midnight(start), "{} before the start", message.key);
            let at = civil(message.at);
            let alarm = message.kind == MessageKind::Alarm;
            prop_assert!(alarm || rules.quiet.is_open(at.date()), "{} at {at}", message.key);
            let in_window = at.time() == time(8, 0, 0, 0) || at.time() == time(15, 0, 0, 0);
            prop_assert!(in_window, "{} at {at}", message.key);
            prop_assert_eq!(message.urgent, alarm);
        }

        // Two halves are the whole.
        let (first, second) = (window(day(-lead), day(cut)), window(day(cut), day(365)));
        let mut halves = plan(rules.world(&facts), first, assume).messages;
        halves.extend(plan(rules.world(&facts), second, assume).messages);
        prop_assert_eq!(&halves, &year.messages);

        // What has been applied is kept.
        let since = window_of_day(day(-lead)) - jiff::SignedDuration::from_hours(24);
        let again = reconcile(&year.messages, &settled(&year.messages), since);
        prop_assert!(again.iter().all(|change| matches!(change, Change::Keep(_))));
        prop_assert_eq!(again.len(), year.messages.iter().filter(|m| m.to.is_some()).count());
    }
}
