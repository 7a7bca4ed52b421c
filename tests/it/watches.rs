//! When watches nudge, of whom and how often: the plan alone, on days worked out by hand, and what holds whatever
//! people answer.

#![cfg(test)]

use std::collections::BTreeMap;

use arshjul::calendar::{QuietPeriods, civil, instant, is_workday, today, window_of_day, workdays_between};
use arshjul::grammar::SourceFile;
use arshjul::ids::PersonId;
use arshjul::items::register::{
    Assignment, AssignmentState, Deadline, Followed, Line, LogKind, Precision, Wait, WaitKind, WaitOn,
};
use arshjul::items::{Health, Item, Owner, Owners, Phase};
use arshjul::people::{Holder, Person};
use arshjul::plan::model::{Facts, Given, Message, Starts};
use arshjul::plan::{Window, watches};
use arshjul::rules::Rules;
use arshjul::workflow::shipped;
use jiff::civil::{Date, date, time};
use jiff::{SignedDuration, ToSpan};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_assert, prop_oneof, proptest};

const ORGANISATION: &str = r#"
    title = "Provet"
    [[kind]]
    id = "rpo"
    title = "RPO"
    roles = ["ordförande", "processtöd"]
    [[kind]]
    id = "rag"
    title = "RAG"
    roles = ["ordförande"]
    [[body]]
    name = "RPO A"
    kind = "rpo"
    [[body]]
    name = "RAG X"
    kind = "rag"
    parents = ["rpo-a"]
"#;

/// Meetings on Wednesdays, with a round before each.
const MEETINGS: &str = r#"
    title = "Möten"
    for = "rpo"
    [[meeting]]
    id = "mote"
    title = "Möte"
    dates = [2023-09-13, 2024-09-11, 2025-09-10]
    [[meeting]]
    id = "mote-2"
    title = "Möte"
    dates = [2024-02-14, 2025-02-12]
    [[step]]
    id = "status"
    per = "item"
    ask = "Hur går det med {item}?"
    to = "owner"
    when = "10 workdays before start"
    due = "2 workdays before start"
    answers = { bra = "Bra" }
    remind = ["5 workdays before start"]
"#;

const HOLDERS: [(&str, &str, &str); 3] =
    [("petra", "rpo-a", "processtod"), ("olof", "rpo-a", "ordforande"), ("xenia", "rag-x", "ordforande")];

struct Register {
    rules: Rules,
    facts: Facts,
}

fn people(facts: &mut Facts) {
    for (person, body, role) in HOLDERS {
        let known =
            Person { id: person.into(), name: person.into(), address: format!("{person}@example.org") };
        facts.people.persons.insert(person.into(), known);
        facts.people.holders.push(Holder {
            body: body.into(),
            role: role.into(),
            person: person.into(),
            from: None,
            until: None,
            deputy: false,
        });
    }
}

fn chair() -> Owners {
    Owners::one(Owner::Role { body: "rag-x".into(), role: "ordforande".into() })
}

impl Register {
    /// One watch of the item `l1`, which the chair of RAG X owns since `since`.
    fn new(watch: &str, since: Date) -> Self {
        let files = [
            SourceFile::new("organisation.toml", ORGANISATION),
            SourceFile::new("moten.toml", MEETINGS),
            SourceFile::new("punkter.toml", format!("title = \"P\"\nfor = \"rpo\"\n{watch}")),
        ];
        let rules = Rules::load(&files, QuietPeriods::default()).unwrap_or_else(|f| panic!("{f}"));
        let start = instant(since, time(7, 0, 0, 0));
        let mut facts = Facts { starts: Starts::Everything(start), ..Facts::default() };
        people(&mut facts);
        let item = Item { owners: chair(), ..Item::new("rpo-a".into(), "l1".into(), "Lab", start) };
        facts.items.push(item);
        Self { rules, facts }
    }

    fn item(&mut self) -> &mut Item {
        &mut self.facts.items[0]
    }

    fn followed(&mut self) -> &mut Followed {
        self.facts.followed.entry("l1".into()).or_default()
    }

    fn promises(&mut self, day: Date) {
        let deadline = Deadline {
            day,
            precision: Precision::Day,
            text: "snart".to_owned(),
            stated: date(2023, 2, 6),
            met: false,
        };
        self.followed().deadlines.push(deadline);
    }

    fn messages(&self, from: Date, until: Date) -> Vec<Message> {
        let window = Window { from: window_of_day(from), until: window_of_day(until) };
        let mut all = watches::messages(self.rules.world(&self.facts), window);
        all.retain(|m| window.contains(m.at));
        all.sort_by(|a, b| (a.at, &a.key).cmp(&(b.at, &b.key)));
        all
    }

    /// `2025-03-03 w n1 xenia`, for each message from `from` to `until`.
    fn said(&self, from: Date, until: Date) -> Vec<String> {
        let all = self.messages(from, until);
        all.iter().map(line).collect()
    }

    fn answers(&mut self, step: &str, answer: &str, day: Date, until: Option<Date>) {
        let from = self.facts.items[0].phase_recorded;
        let all = self.messages(today(from), day.tomorrow().unwrap());
        let asked = all.iter().rev().find(|m| m.matter.step.as_str() == step).unwrap();
        self.facts.answers.push(Given {
            matter: asked.matter.clone(),
            person: asked.to.clone().unwrap(),
            answer: answer.into(),
            at: instant(day, time(10, 0, 0, 0)),
            date: until,
            marks: Vec::new(),
        });
    }
}

fn line(m: &Message) -> String {
    let rung = m.key.0.rsplit(':').nth(2).unwrap();
    let at = civil(m.at);
    let hour = if at.hour() == 8 { String::new() } else { format!(" {}", at.time()) };
    let to = m.to.as_ref().map_or("-", PersonId::as_str);
    format!("{}{hour} {} {rung} {to}", at.date(), m.matter.step)
}

const YEAR: (Date, Date) = (date(2025, 1, 1), date(2026, 2, 1));

#[test]
fn days_of_the_year_roll_to_the_next_workday_and_out_of_quiet_periods() {
    let watch = r#"
        [[watch]]
        id = "w"
        items = { phase = "vilande" }
        ask = "{item}?"
        answers = { ja = { label = "Ja", rest = "6 months" }, nej = "Nej" }
        to = "owner"
        on-days = ["03-01", "09-01", "12-28"]
    "#;
    let mut register = Register::new(watch, date(2025, 1, 1));
    register.item().phase = Phase::Dormant;
    let said = register.said(YEAR.0, YEAR.1);
    assert_eq!(said, ["2025-03-03 w dag xenia", "2025-09-01 w dag xenia", "2026-01-07 w dag xenia"]);
    // An answer gives its rest, and nothing but that.
    register.answers("w", "nej", date(2025, 3, 4), None);
    assert_eq!(register.said(YEAR.0, YEAR.1).len(), 3);
    register.facts.answers.clear();
    register.answers("w", "ja", date(2025, 3, 4), None);
    assert_eq!(register.said(date(2025, 3, 5), YEAR.1), ["2026-01-07 w dag xenia"], "until 4 September");
}

const UNDECIDED: &str = r#"
    [[watch]]
    id = "w"
    items = { phase = "ej_beslutad" }
    tell = "{item}"
    to = "processtöd"
    before-meeting = "10 workdays"
    limit = 3
    then = { to = "ordförande", tell = "{item}" }
"#;

#[test]
fn what_is_counted_from_meeting_to_meeting_is_handed_over_once_however_late_one_looks() {
    let mut register = Register::new(UNDECIDED, date(2023, 9, 4));
    register.item().phase = Phase::Undecided;
    let all = [
        // The day before the first meeting had passed when it came into the register.
        "2023-09-04 w mote petra",
        "2024-01-31 w mote petra",
        "2024-08-28 w mote petra",
        "2024-09-18 w h olof",
    ];
    assert_eq!(register.said(date(2023, 9, 1), date(2026, 1, 1)), all);
    assert_eq!(register.said(date(2024, 8, 1), date(2024, 9, 1)), all[2..3]);
    assert_eq!(register.said(date(2025, 1, 1), date(2026, 1, 1)), [""; 0], "a year and a half later");
    assert_eq!(register.said(date(2027, 1, 1), date(2027, 2, 1)), [""; 0]);
    // A rest keeps a meeting back, and it counts.
    register.item().quiet_until = Some(date(2024, 3, 1));
    assert_eq!(register.said(date(2023, 9, 5), date(2026, 1, 1)), all[2..]);
}

#[test]
fn each_deadline_that_is_not_met_is_warned_of_once_at_each_distance() {
    let watch = r#"
        [[watch]]
        id = "w"
        items = { phase = "ej_paborjad" }
        tell = "{item} {deadline}"
        to = "owner"
        before-deadline = ["6 months", "3 months", "1 month"]
    "#;
    let mut register = Register::new(watch, date(2025, 3, 3));
    register.item().phase = Phase::NotStarted;
    register.promises(date(2025, 5, 30));
    register.promises(date(2025, 12, 31));
    register.promises(date(2023, 5, 31));
    let met = Deadline { day: date(2025, 11, 30), met: true, ..register.followed().deadlines[0].clone() };
    register.followed().deadlines.push(met);
    let expected = [
        // Three months before 30 May is before the program knew.
        "2025-04-30 w 1-months xenia",
        "2025-06-30 w 6-months xenia",
        "2025-09-30 w 3-months xenia",
        "2025-11-28 w 1-months xenia",
    ];
    assert_eq!(register.said(YEAR.0, YEAR.1), expected);
}

const SERIES: &str = r#"
    [[watch]]
    id = "w"
    items = { phase = "ej_paborjad", owner = true, unassigned = false }
    ask = "{item}?"
    answers = { ja = "Ja", sen = { label = "Sen", takes = "date", rest = "date" }, fri = { label = "Fri", rest = "60 workdays" } }
    to = "owner"
    first = "20 workdays after since"
    every = "20 workdays"
    limit = 3
    gives-way = "moten#status"
    then = { to = ["processtöd", "ordförande"], tell = "{item}" }
"#;

fn not_started(since: Date) -> Register {
    let mut register = Register::new(SERIES, since);
    register.item().phase = Phase::NotStarted;
    register
}

#[test]
fn a_series_gives_way_to_a_round_and_counts_all_the_same() {
    let register = not_started(date(2025, 1, 2));
    // The first on 31 January and the second on 28 February; the round of 12 February speaks from 29 January on.
    let said = register.said(YEAR.0, date(2025, 9, 1));
    let expected =
        ["2025-02-28 w n2 xenia", "2025-03-28 w n3 xenia", "2025-04-29 w h olof", "2025-04-29 w h petra"];
    assert_eq!(said, expected);
}

#[test]
fn an_answer_ends_a_series_until_its_state_begins_anew() {
    let mut register = not_started(date(2025, 3, 3));
    register.answers("w", "ja", date(2025, 4, 2), None);
    assert_eq!(register.said(date(2025, 4, 2), YEAR.1), [""; 0]);
    register.item().phase_recorded = window_of_day(date(2025, 9, 29));
    assert_eq!(register.said(date(2025, 4, 2), date(2025, 11, 1)), ["2025-10-27 w n1 xenia"]);
}

#[test]
fn a_rest_ends_with_the_first_question_of_a_new_series() {
    let mut register = not_started(date(2025, 3, 3));
    register.answers("w", "sen", date(2025, 4, 2), Some(date(2025, 6, 16)));
    let said = register.said(date(2025, 4, 2), date(2025, 8, 30));
    let again = ["2025-06-16 w n1 xenia", "2025-08-04 w n2 xenia", "2025-08-12 w n3 xenia"];
    assert_eq!(said, again, "twenty workdays on, past the summer");
    let mut register = not_started(date(2025, 3, 3));
    register.answers("w", "fri", date(2025, 4, 2), None);
    assert_eq!(register.said(date(2025, 4, 2), date(2025, 7, 6)), ["2025-07-03 w n1 xenia"]);
    // What an answer somewhere else has put off is put off here too.
    let mut register = not_started(date(2025, 3, 3));
    register.item().quiet_until = Some(date(2025, 5, 12));
    assert_eq!(register.said(YEAR.0, date(2025, 6, 1)), ["2025-05-12 w n1 xenia"]);
}

#[test]
fn nobody_is_asked_for_an_assignment_that_they_have_not_taken_on() {
    let mut register = not_started(date(2025, 1, 2));
    let at = arshjul::ids::OccasionRef {
        workflow: "moten".into(),
        body: Some("rpo-a".into()),
        id: "uppdrag.2025".parse().unwrap(),
    };
    register.facts.assignments.push(Assignment {
        number: 1,
        from: "rpo-a".into(),
        to: "rag-x".into(),
        title: "Lab".to_owned(),
        units: vec!["l1".to_owned()],
        state: AssignmentState::Given,
        at: Some(at.clone()),
    });
    assert_eq!(register.said(YEAR.0, YEAR.1), [""; 0]);
    // From when it is confirmed the new owner has twenty workdays, as everybody has.
    register.facts.assignments[0].state = AssignmentState::Confirmed;
    let confirmed = Given {
        matter: arshjul::plan::model::Matter {
            workflow: "moten".into(),
            body: Some("rpo-a".into()),
            object: arshjul::plan::model::Object::Occasion(at),
            step: "bekrafta".into(),
        },
        person: "xenia".into(),
        answer: "ja".into(),
        at: instant(date(2025, 3, 3), time(10, 0, 0, 0)),
        date: None,
        marks: Vec::new(),
    };
    register.facts.answers.push(confirmed);
    assert_eq!(register.said(YEAR.0, date(2025, 4, 1)), ["2025-03-31 w n1 xenia"]);
}

#[test]
fn a_new_owner_begins_anew() {
    let mut register = not_started(date(2025, 1, 2));
    register.item().owners_recorded = window_of_day(date(2025, 9, 29));
    assert_eq!(register.said(YEAR.0, date(2025, 11, 1)), ["2025-10-27 w n1 xenia"]);
}

const RED: &str = r#"
    [[watch]]
    id = "alfa"
    items = { phase = "pagar" }
    ask = "{item}?"
    answers = { ja = "Ja" }
    to = "owner"
    first = "at once"
    [[watch]]
    id = "rod"
    items = { health = "rod" }
    ask = "Varför?"
    answers = { ja = "Ja" }
    to = ["owner", "processtöd"]
    first = "at once"
"#;

#[test]
fn red_goes_first_and_whoever_explained_it_is_not_asked() {
    let mut register = Register::new(RED, date(2025, 3, 3));
    (register.item().phase, register.item().health) = (Phase::Ongoing, Health::Red);
    let all = ["2025-03-03 rod n1 petra", "2025-03-03 rod n1 xenia", "2025-03-10 alfa n1 xenia"];
    assert_eq!(register.said(YEAR.0, YEAR.1), all, "five workdays between what one person hears of it");
    register.item().health_explained_by = Some("xenia".into());
    let explained = ["2025-03-03 alfa n1 xenia", "2025-03-03 rod n1 petra"];
    assert_eq!(register.said(YEAR.0, YEAR.1), explained);
    register.item().health_recorded = instant(date(2025, 3, 3), time(14, 59, 0, 0));
    assert_eq!(register.said(YEAR.0, YEAR.1)[1], "2025-03-03 15:00:00 rod n1 petra");
    register.item().health = Health::Green;
    assert_eq!(register.said(YEAR.0, YEAR.1), ["2025-03-03 alfa n1 xenia"]);
}

#[test]
fn stale_counts_from_the_last_report_and_sooner_near_a_deadline() {
    let watch = r#"
        [[watch]]
        id = "w"
        items = { phase = "pagar", stale = "90 days", stale-near-deadline = "60 days" }
        tell = "{item}: {days} dagar"
        to = "owner"
        first = "at once"
    "#;
    let mut register = Register::new(watch, date(2025, 1, 2));
    register.item().phase = Phase::Ongoing;
    let report = Line {
        number: 1,
        part: None,
        day: date(2025, 4, 1),
        kind: LogKind::Report,
        planned: false,
        settled: false,
        text: None,
        recorded: window_of_day(date(2025, 4, 1)),
    };
    register.followed().log.push(report.clone());
    assert_eq!(register.said(YEAR.0, YEAR.1), ["2025-06-30 w n1 xenia"]);
    assert_eq!(register.messages(YEAR.0, YEAR.1)[0].notice.headline, "Lab: 90 dagar");
    // A note and a plan are no news.
    for (kind, planned) in [(LogKind::Note, false), (LogKind::Report, true)] {
        register.followed().log.push(Line {
            number: 2,
            day: date(2025, 5, 1),
            kind,
            planned,
            ..report.clone()
        });
    }
    assert_eq!(register.said(YEAR.0, YEAR.1), ["2025-06-30 w n1 xenia"]);
    register.promises(date(2025, 12, 10));
    let sooner = ["2025-06-10 w n1 xenia"];
    for horizon in [date(2025, 6, 15), date(2025, 9, 1), YEAR.1] {
        assert_eq!(
            register.said(YEAR.0, horizon),
            sooner,
            "six months before 10 December, planned to {horizon}"
        );
    }
}

#[test]
fn a_wait_that_has_a_day_is_a_next_date_until_then() {
    let watch = r#"
        [[watch]]
        id = "w"
        items = { next-date = "missing" }
        tell = "{item}"
        to = "owner"
        first = "at once"
    "#;
    let mut register = Register::new(watch, date(2025, 1, 2));
    assert_eq!(register.said(YEAR.0, YEAR.1), ["2025-01-07 w n1 xenia"]);
    let wait = Wait {
        number: 1,
        part: None,
        kind: WaitKind::Meeting,
        text: "nästa möte".to_owned(),
        on: WaitOn::NextMeeting,
        since: date(2025, 1, 2),
    };
    register.followed().waits.push(wait);
    assert_eq!(register.said(YEAR.0, YEAR.1), ["2025-02-13 w n1 xenia"], "the meeting is on the 12th");
}

/// A year of somebody's plan under the shipped files, day by day: what is sent stays sent, and some of it is answered.
struct Life {
    register: Register,
    sent: BTreeMap<String, Message>,
    choice: Vec<u8>,
    answered: usize,
}

impl Life {
    fn new(item: Item, followed: Followed, assigned: bool, choice: Vec<u8>) -> Self {
        let names = [
            "sydostra/organisation.toml",
            "sydostra/rpo.toml",
            "sydostra/statusrunda.toml",
            "sydostra/punkter.toml",
        ];
        let files: Vec<SourceFile> = shipped()
            .into_iter()
            .filter(|f| names.contains(&f.path.as_str()) || f.path.starts_with("nationell/"))
            .collect();
        let rules = Rules::load(&files, QuietPeriods::default()).unwrap_or_else(|f| panic!("{f}"));
        let mut facts = Facts { starts: Starts::Everything(item.phase_recorded), ..Facts::default() };
        people(&mut facts);
        for holder in &mut facts.people.holders {
            holder.body = match holder.body.as_str() {
                "rpo-a" => RPO.into(),
                _ => "rag-patologi".into(),
            };
        }
        for (entry, day) in
            [("mote-1", date(2025, 3, 12)), ("mote-3", date(2025, 5, 21)), ("mote-4", date(2025, 9, 24))]
        {
            let at = arshjul::ids::OccasionRef {
                workflow: "sydostra/rpo".into(),
                body: Some(RPO.into()),
                id: format!("{entry}.2025").parse().unwrap(),
            };
            let span = Some(arshjul::workflow::model::Span::AllDay { first: day, last: day });
            let status = arshjul::workflow::model::Status::Confirmed;
            facts
                .dates
                .insert(at, arshjul::plan::model::EnteredDate { span, place: None, status, why: None });
        }
        facts.followed.insert(item.id.clone(), followed);
        if assigned {
            facts.assignments.push(Assignment {
                number: 1,
                from: RPO.into(),
                to: "rag-patologi".into(),
                title: "Uppdrag".to_owned(),
                units: vec![item.unit()],
                state: AssignmentState::Drafted,
                at: None,
            });
        }
        facts.items.push(item);
        Self { register: Register { rules, facts }, sent: BTreeMap::new(), choice, answered: 0 }
    }

    fn lives(&mut self, days: i64) {
        let open = |day: &Date| QuietPeriods::default().is_open(*day);
        for day in (0..days).map(|n| date(2025, 1, 2) + n.days()).filter(open) {
            let midnight = |day| instant(day, time(0, 0, 0, 0));
            let window = Window { from: midnight(day), until: midnight(day.tomorrow().unwrap()) };
            let mut found = watches::messages(self.register.rules.world(&self.register.facts), window);
            found.sort_by(|a, b| (a.at, &a.key).cmp(&(b.at, &b.key)));
            for message in found.into_iter().filter(|m| m.to.is_some()) {
                let again = self.sent.insert(message.key.0.clone(), message.clone());
                assert!(again.is_none(), "{} is planned on two days", message.key);
            }
            let today: Vec<Message> = self.sent.values().filter(|m| today(m.at) == day).cloned().collect();
            for message in today {
                self.perhaps_answers(&message);
            }
        }
    }

    fn perhaps_answers(&mut self, message: &Message) {
        self.answered += 1;
        let pick = usize::from(self.choice[self.answered % self.choice.len()]);
        let answers = &message.notice.answers;
        if answers.is_empty() || pick % 2 == 0 {
            return;
        }
        let answer = &answers[pick / 2 % answers.len()];
        let at = message.at + SignedDuration::from_hours(1);
        let (day, person) = (today(at), message.to.clone().unwrap());
        let date = answer.rest_until_date.then(|| day + (pick as i64).days());
        let given = Given {
            matter: message.matter.clone(),
            person,
            answer: answer.id.clone(),
            at,
            date,
            marks: Vec::new(),
        };
        self.register.facts.answers.push(given);
        let item = &mut self.register.facts.items[0];
        if let Some(phase) = answer.phase.filter(|phase| *phase != item.phase) {
            (item.phase, item.phase_since, item.phase_recorded) = (phase, None, at);
        }
        if let Some(health) = answer.health.filter(|health| *health != item.health) {
            (item.health, item.health_since, item.health_recorded) = (health, None, at);
        }
        item.quiet_until = date.or(item.quiet_until);
        if answer.takes.contains(&arshjul::workflow::model::Takes::NextDate) {
            (item.next, item.next_recorded) = (Some(day + (pick as i64 / 3).days()), at);
        }
        let followed = self.register.facts.followed.values_mut().next().unwrap();
        followed.log.extend(answer.log.map(|kind| log(day, kind, false)));
        if answer.waits_for_meeting {
            followed.waits.push(Wait {
                number: 1,
                part: None,
                kind: WaitKind::Meeting,
                text: String::new(),
                on: WaitOn::NextMeeting,
                since: day,
            });
        }
    }
}

const RPO: &str = "rpo-medicinsk-diagnostik";

fn log(day: Date, kind: LogKind, planned: bool) -> Line {
    Line {
        number: 1,
        part: None,
        day,
        kind,
        planned,
        settled: false,
        text: None,
        recorded: window_of_day(day),
    }
}

fn some_day() -> impl Strategy<Value = Option<Date>> {
    prop_oneof![Just(None), (-200..400_i64).prop_map(|n| Some(date(2025, 1, 2) + n.days()))]
}

fn items() -> impl Strategy<Value = Item> {
    let owner = || Owner::Role { body: "rag-patologi".into(), role: "ordforande".into() };
    let states = (0..Phase::ALL.len(), 0..Health::ALL.len(), any::<bool>());
    (states, some_day(), some_day()).prop_map(move |((phase, health, owned), next, since)| {
        let start = instant(date(2025, 1, 2), time(7, 0, 0, 0));
        let item = Item::new(RPO.into(), "l1".into(), "Lab", start);
        Item {
            phase: Phase::ALL[phase],
            health: Health::ALL[health],
            owners: if owned { Owners::one(owner()) } else { Owners::default() },
            next,
            phase_since: since.filter(|day| *day < date(2025, 1, 2)),
            ..item
        }
    })
}

fn known_of_it() -> impl Strategy<Value = Followed> {
    (some_day(), some_day(), some_day(), any::<bool>()).prop_map(|(report, planned, promised, follow_up)| {
        let report = report.filter(|day| *day < date(2025, 1, 2)).map(|day| log(day, LogKind::Report, false));
        let planned = planned.map(|day| log(day, LogKind::Report, true));
        let deadline = |day| Deadline {
            day,
            precision: Precision::Day,
            text: String::new(),
            stated: date(2025, 1, 2),
            met: false,
        };
        Followed {
            log: report.into_iter().chain(planned).collect(),
            deadlines: promised.map(deadline).into_iter().collect(),
            follow_up,
            ..Followed::default()
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn nobody_hears_of_an_item_too_often_whatever_becomes_of_it(
        item in items(),
        followed in known_of_it(),
        assigned in any::<bool>(),
        choice: [u8; 24],
    ) {
        let mut life = Life::new(item, followed, assigned, choice.to_vec());
        life.lives(300);
        let mut heard: BTreeMap<&PersonId, Vec<&Message>> = BTreeMap::new();
        for message in life.sent.values() {
            heard.entry(message.to.as_ref().unwrap()).or_default().push(message);
        }
        for messages in heard.values_mut() {
            messages.sort_by_key(|m| m.at);
            let told: Vec<String> = messages.iter().map(|m| line(m)).collect();
            for pair in messages.windows(2) {
                let apart = workdays_between(today(pair[0].at), today(pair[1].at));
                prop_assert!(apart >= 5, "{apart} workdays: {} and {} of {told:#?}", line(pair[0]), line(pair[1]));
            }
            let stale: Vec<_> = messages.iter().filter(|m| m.matter.step.as_str() == "inaktuell").collect();
            for pair in stale.windows(2) {
                prop_assert!(workdays_between(today(pair[0].at), today(pair[1].at)) >= 20, "stale twice");
            }
            for message in messages.iter() {
                let day = today(message.at);
                prop_assert!(is_workday(day) && QuietPeriods::default().is_open(day), "{}", line(message));
            }
        }
    }
}
