//! What is planned about requests: who is asked about what, until when, who is told, and where silence leads.

#![cfg(test)]

use std::collections::BTreeSet;

use arshjul::calendar::{QuietPeriods, civil, instant, window_of_day};
use arshjul::grammar::SourceFile;
use arshjul::ids::{OccasionRef, StepId};
use arshjul::items::{Health, Item, Owner, Owners, Phase};
use arshjul::people::{Absence, Holder, Person};
use arshjul::plan::model::{
    Arranged, Arrangement, EnteredDate, Facts, Given, Listed, Matter, Message, MessageKind, Object, Opened,
    Startable, Starts,
};
use arshjul::plan::occasions::occasions;
use arshjul::plan::{Assume, Window, plan};
use arshjul::rules::Rules;
use arshjul::workflow::model::{Span, Status};
use jiff::Timestamp;
use jiff::civil::{Date, date, time};
use proptest::prelude::{ProptestConfig, Strategy, prop_assert, prop_assert_eq, proptest};

const ORGANISATION: &str = r#"
    title = "Provet"

    [[kind]]
    id = "rsl"
    title = "RSL"
    roles = ["stab"]

    [[kind]]
    id = "rpo"
    title = "RPO"
    roles = ["ordförande", "processtöd", "ledamot"]

    [[kind]]
    id = "rag"
    title = "RAG"
    roles = ["ordförande", "sekreterare"]

    [[body]]
    id = "rsl"
    name = "Regionsjukvårdsledningen"
    short = "RSL"
    kind = "rsl"

    [[body]]
    name = "RPO A"
    kind = "rpo"
    parents = ["rsl"]

    [[body]]
    name = "RAG X"
    kind = "rag"
    parents = ["rpo-a"]

    [[body]]
    name = "RAG Y"
    kind = "rag"
    parents = ["rpo-a"]
"#;

/// A question to the members and the chairs of the groups. It is due on Monday 17 March 2025 for a deadline on
/// the 31st.
const QUESTION: &str = r#"
    title = "Frågor"
    for = "rpo"

    [[deadline]]
    id = "fraga"
    title = "Fråga"
    by-hand = true

    [[step]]
    id = "svara"
    ask = "Vad säger ni om {title}?"
    to = ["ledamot", "rag/ordförande"]
    when = "20 workdays before end"
    due = "10 workdays before end"
    answers = { ja = "Ja", nej = "Nej" }
    remind = ["5 workdays before due", "due"]
    escalate = [{ when = "1 workday after due", to = "processtöd" }, { when = "5 workdays after due", to = ["ordförande", "rsl/stab"] }]
"#;

/// Who holds what. Each is called as their id.
const HOLDERS: &[(&str, &str, &str)] = &[
    ("petra", "rpo-a", "processtod"),
    ("olof", "rpo-a", "ordforande"),
    ("lena", "rpo-a", "ledamot"),
    ("lars", "rpo-a", "ledamot"),
    ("xenia", "rag-x", "ordforande"),
    ("sixten", "rag-x", "sekreterare"),
    ("yngve", "rag-y", "ordforande"),
    ("stina", "rsl", "stab"),
];

struct Office {
    rules: Rules,
    facts: Facts,
}

fn moment(day: Date, hour: i8) -> Timestamp {
    instant(day, time(hour, 0, 0, 0))
}

fn march(day: i8) -> Date {
    date(2025, 3, day)
}

fn whole(day: Date) -> Span {
    Span::AllDay { first: day, last: day }
}

fn opened(title: &str, span: Span) -> Opened {
    Opened {
        title: title.to_owned(),
        span,
        place: None,
        note: None,
        link: None,
        receivers: Vec::new(),
        answers: Vec::new(),
        diary: None,
        group: None,
    }
}

impl Office {
    /// With one workflow, all people, two more without a role, and everything started on 1 January 2025.
    fn with(workflow: &str) -> Self {
        let files =
            [SourceFile::new("organisation.toml", ORGANISATION), SourceFile::new("arbete.toml", workflow)];
        let rules = match Rules::load(&files, QuietPeriods::default()) {
            Ok(rules) => rules,
            Err(faults) => {
                let told: Vec<String> = faults.into_iter().map(|fault| fault.to_string()).collect();
                panic!("{}", told.join("\n"))
            }
        };
        let mut facts = Facts { starts: Starts::Everything(moment(date(2025, 1, 1), 0)), ..Facts::default() };
        for id in HOLDERS.iter().map(|(id, ..)| *id).chain(["berit", "carl"]) {
            let address = format!("{id}@example.org");
            let person = Person { id: id.into(), name: id.to_uppercase(), address };
            facts.people.persons.insert(id.into(), person);
        }
        for (person, body, role) in HOLDERS {
            facts.people.holders.push(Holder {
                body: (*body).into(),
                role: (*role).into(),
                person: (*person).into(),
                from: None,
                until: None,
                deputy: false,
            });
        }
        Self { rules, facts }
    }

    /// With the question, which is about "kaffet".
    fn asking() -> Self {
        Self::asked_with(QUESTION)
    }

    fn asked_with(workflow: &str) -> Self {
        let mut office = Self::with(workflow);
        office.open("fraga.2025.1", opened("kaffet", whole(march(31))));
        office
    }

    fn open(&mut self, occasion: &str, opened: Opened) {
        self.facts.opened.insert(at(occasion), opened);
    }

    fn answer(&mut self, matter: Matter, person: &str, answer: &str, at: Timestamp) -> &mut Given {
        let given =
            Given { matter, person: person.into(), answer: answer.into(), at, date: None, marks: Vec::new() };
        self.facts.answers.push(given);
        self.facts.answers.last_mut().unwrap()
    }

    fn arrange(&mut self, person: &str, what: Arranged, at: Timestamp) {
        let matter = matter("svara");
        self.facts.arrangements.push(Arrangement { matter, person: person.into(), what, at });
    }

    fn planned(&self) -> Vec<Message> {
        self.within(date(2025, 1, 1), date(2026, 1, 1), Assume::Nothing)
    }

    fn within(&self, from: Date, until: Date, assume: Assume) -> Vec<Message> {
        let window = Window { from: moment(from, 0), until: moment(until, 0) };
        plan(self.rules.world(&self.facts), window, assume).messages
    }

    /// What one person gets: day and hour, kind and rung.
    fn to(&self, person: &str) -> Vec<String> {
        let own = self.planned().into_iter().filter(|m| m.to == Some(person.into()));
        own.map(|m| line(&m)).collect()
    }

    fn message(&self, person: &str, rung: &str) -> Message {
        let of = |m: &Message| m.to == Some(person.into()) && rung_of(m) == rung;
        let found = self.planned().into_iter().find(of);
        found.unwrap_or_else(|| panic!("{person} gets no {rung}: {:?}", self.to(person)))
    }
}

fn at(occasion: &str) -> OccasionRef {
    let id = occasion.parse().unwrap();
    OccasionRef { workflow: "arbete".into(), body: Some("rpo-a".into()), id }
}

fn about(step: &str, object: Object) -> Matter {
    Matter { workflow: "arbete".into(), body: Some("rpo-a".into()), object, step: StepId::from(step) }
}

fn matter(step: &str) -> Matter {
    about(step, Object::Occasion(at("fraga.2025.1")))
}

fn rung_of(message: &Message) -> &str {
    message.key.0.split(':').nth(4).unwrap()
}

fn line(message: &Message) -> String {
    let when = civil(message.at).strftime("%m-%d %H");
    format!("{when} {} {}", message.kind.code(), rung_of(message))
}

const USUAL: [&str; 3] = ["03-03 08 ask 0", "03-10 08 reminder r1", "03-17 08 reminder r2"];

// Occasions entered by hand.

#[test]
fn what_is_entered_by_hand_is_asked_about() {
    let mut office = Office::asking();
    assert_eq!(office.to("lena"), USUAL);
    let ask = office.message("lena", "0");
    assert_eq!(ask.notice.headline, "Vad säger ni om kaffet?");
    assert_eq!(ask.key.0, "arbete:rpo-a:fraga.2025.1:svara:0:lena:2025-03-17");
    office.open("fraga.2025.2", opened("teet", whole(march(31))));
    assert_eq!(office.to("lena").len(), 6, "each occasion asks for itself");
    let window = |day| occasions(&office.rules.world(&office.facts), day, day);
    assert_eq!(window(march(31)).iter().map(|o| o.title.as_str()).collect::<Vec<_>>(), ["kaffet", "teet"]);
}

#[test]
fn its_date_can_be_moved_and_taken_back() {
    let mut office = Office::asking();
    let moved = EnteredDate {
        span: Some(whole(date(2025, 4, 1))),
        place: None,
        status: Status::Confirmed,
        why: None,
    };
    office.facts.dates.insert(at("fraga.2025.1"), moved.clone());
    assert_eq!(office.to("lena")[0], "03-04 08 ask 0");
    office.facts.dates.insert(at("fraga.2025.1"), EnteredDate { status: Status::Cancelled, ..moved });
    assert!(office.planned().is_empty());
}

#[test]
fn it_shows_its_papers_and_goes_to_whom_it_is_given() {
    let text = QUESTION.replace("\"ledamot\", \"rag/ordförande\"", "\"receiver/ordförande\"");
    let text = text.replace("Vad säger ni om {title}?", "{receiver}: {title}?");
    let mut office = Office::with(&text);
    let given = Opened {
        link: Some("https://example.org/kaffe".to_owned()),
        diary: Some("2025-17".to_owned()),
        receivers: vec!["rag-x".into(), "rag-y".into()],
        ..opened("kaffet", whole(march(31)))
    };
    office.open("fraga.2025.1", given);
    assert_eq!((office.to("xenia"), office.to("yngve")), (office.to("yngve"), office.to("xenia")));
    assert_eq!(office.to("xenia"), USUAL);
    let ask = office.message("xenia", "0");
    assert_eq!(ask.notice.headline, "RAG X och RAG Y: kaffet?");
    let rows = [("Länk", "https://example.org/kaffe"), ("Diarienummer", "2025-17")];
    for (label, value) in rows {
        assert!(ask.notice.rows.contains(&(label.to_owned(), value.to_owned())), "{:?}", ask.notice.rows);
    }
    let started = ["workflow:arbete", "body:rpo-a", "body:rag-x"].map(|s| s.parse::<Startable>().unwrap());
    office.facts.starts = Starts::Each(started.map(|s| (s, moment(date(2025, 1, 1), 0))).into());
    assert_eq!(office.to("xenia"), USUAL);
    assert!(office.to("yngve").is_empty(), "a body that isn't started gets nothing");
}

// Renewal.

#[test]
fn what_is_entered_after_its_day_is_asked_in_the_next_window_and_reminded_of_as_usual() {
    let mut office = Office::asking();
    let of = at("fraga.2025.1");
    let entered = (of.workflow.clone(), of.body.clone(), Object::Occasion(of));
    // The question's own day was Monday the 3rd.
    office.facts.entered.insert(entered, moment(march(6), 10));
    let all = office.within(march(1), march(31), Assume::Nothing);
    let lena = all.iter().filter(|m| m.to == Some("lena".into()));
    let sent: Vec<_> = lena.map(|m| (m.kind, civil(m.at).to_string())).collect();
    let reminders = ["2025-03-10T08:00:00", "2025-03-17T08:00:00"];
    let mut expected = vec![(MessageKind::Ask, "2025-03-06T15:00:00".to_owned())];
    expected.extend(reminders.map(|at| (MessageKind::Reminder, at.to_owned())));
    assert_eq!(sent, expected);
}

const DISPENS: &str = r#"
    title = "Dispens"
    for = "rpo"

    [[deadline]]
    id = "dispens"
    title = "Dispens"
    by-hand = true
    renewed-by = "beslut"

    [[step]]
    id = "beslut"
    ask = "Har beslutet om {title} kommit?"
    to = "receiver/ordförande"
    when = "20 workdays before end"
    due = "10 workdays before end"
    answers = { ja = { label = "Ja, det gäller till", takes = "date" }, behovs-inte = "Behövs inte" }
"#;

#[test]
fn a_decision_makes_the_next_occasion_and_the_earliest_governs() {
    let mut office = Office::with(DISPENS);
    let receivers = vec!["rag-x".into(), "rag-y".into()];
    office.open("dispens.2025.3", Opened { receivers, ..opened("röntgen", whole(march(31))) });
    let beslut = || about("beslut", Object::Occasion(at("dispens.2025.3")));
    office.answer(beslut(), "xenia", "ja", moment(march(10), 9)).date = Some(date(2027, 6, 30));
    office.answer(beslut(), "yngve", "ja", moment(march(11), 9)).date = Some(date(2027, 3, 31));
    let world = office.rules.world(&office.facts);
    let found = occasions(&world, date(2026, 1, 1), date(2028, 12, 31));
    let found: Vec<_> = found.iter().map(|o| (o.at.id.to_string(), o.title.as_str(), o.span)).collect();
    assert_eq!(found, [("dispens.2027.3".to_owned(), "röntgen", whole(date(2027, 3, 31)))]);
    let next = office.within(date(2026, 1, 1), date(2028, 1, 1), Assume::Nothing);
    let asked: Vec<_> = next.iter().map(|m| (m.to.clone().unwrap(), civil(m.at).date())).collect();
    let day = date(2027, 3, 1);
    assert_eq!(asked, [("xenia".into(), day), ("yngve".into(), day)], "it keeps its receivers");
    // And on: the renewed one is renewed.
    let again = about("beslut", Object::Occasion(at("dispens.2027.3")));
    office.answer(again, "xenia", "ja", moment(date(2027, 3, 3), 9)).date = Some(date(2029, 3, 31));
    let found = occasions(&office.rules.world(&office.facts), date(2028, 1, 1), date(2029, 12, 31));
    assert_eq!(found[0].title, "röntgen");
}

#[test]
fn a_day_in_the_same_year_renews_nothing() {
    let mut office = Office::with(DISPENS);
    office.open("dispens.2025.1", opened("röntgen", whole(march(31))));
    let beslut = about("beslut", Object::Occasion(at("dispens.2025.1")));
    office.answer(beslut, "xenia", "ja", moment(march(10), 9)).date = Some(date(2025, 12, 31));
    let found = occasions(&office.rules.world(&office.facts), date(2025, 1, 1), date(2026, 12, 31));
    assert_eq!(found.iter().map(|o| o.span).collect::<Vec<_>>(), [whole(march(31))]);
}

// Once for each of something.

const ROUND: &str = r#"
    title = "Runda"
    for = "rpo"

    [[deadline]]
    id = "fraga"
    title = "Runda"
    by-hand = true

    [[step]]
    id = "lista"
    ask = "Vilka remisser rör er?"
    to = "processtöd"
    when = "25 workdays before end"
    due = "20 workdays before end"
    answered-by = "anyone"
    answers = { dessa = { label = "Dessa", takes = "list" }, inga = "Inga" }

    [[step]]
    id = "svara"
    per = "listed"
    gate = { step = "lista", answer = "dessa" }
    ask = "Synpunkter på {listed}?"
    to = "ledamot"
    when = "lista"
    due = "10 workdays before end"
    answers = { ja = "Ja", nej = "Nej" }
    remind = ["due"]

    [[step]]
    id = "tack"
    per = "listed"
    gate = { step = "svara", answer = "ja" }
    tell = "Tack för svaret om {listed}"
    to = "processtöd"
    when = "svara"
"#;

fn listed(number: u16, title: &str, withdrawn: bool) -> Listed {
    Listed {
        workflow: "arbete".into(),
        body: Some("rpo-a".into()),
        of: at("fraga.2025.1"),
        number,
        title: title.to_owned(),
        link: Some(format!("https://example.org/{number}")),
        diary: None,
        withdrawn,
    }
}

#[test]
fn each_listed_matter_is_asked_about() {
    let mut office = Office::asked_with(ROUND);
    office.answer(matter("lista"), "petra", "dessa", moment(march(3), 9));
    assert_eq!(
        office.to("lena"),
        ["03-03 15 ask 0", "03-17 08 reminder r1"],
        "the whole while none is listed"
    );
    assert_eq!(office.message("lena", "0").notice.headline, "Synpunkter på kaffet?");
    office.facts.listed =
        vec![listed(1, "bönor", false), listed(2, "mjölk", true), listed(3, "socker", false)];
    let asked: Vec<Message> =
        office.planned().into_iter().filter(|m| m.to == Some("lena".into()) && rung_of(m) == "0").collect();
    let said: Vec<_> = asked.iter().map(|m| m.notice.headline.as_str()).collect();
    assert_eq!(said, ["Synpunkter på bönor?", "Synpunkter på socker?"], "nothing of what is withdrawn");
    assert_eq!(asked[0].matter.object, Object::listed(&at("fraga.2025.1"), 1));
    for row in [("Gäller", "bönor"), ("Länk", "https://example.org/1")] {
        assert!(asked[0].notice.rows.contains(&(row.0.to_owned(), row.1.to_owned())));
    }
    // An answer about one is no answer about the other, and opens only its own gate.
    let first = about("svara", Object::listed(&at("fraga.2025.1"), 1));
    office.answer(first, "lena", "ja", moment(march(5), 9));
    assert_eq!(office.to("lena"), ["03-03 15 ask 0", "03-03 15 ask 0", "03-17 08 reminder r1"]);
    let thanks: Vec<_> = office
        .planned()
        .into_iter()
        .filter(|m| m.matter.step.as_str() == "tack")
        .map(|m| m.notice.headline)
        .collect();
    assert_eq!(thanks, ["Tack för svaret om bönor"]);
}

#[test]
fn nothing_is_said_of_a_round_whose_matters_are_all_withdrawn() {
    let mut office = Office::asked_with(ROUND);
    office.answer(matter("lista"), "petra", "dessa", moment(march(3), 9));
    office.facts.listed = vec![listed(1, "bönor", true)];
    assert!(office.to("lena").is_empty());
}

fn item(id: &str, owner: Option<Owner>, phase: Phase) -> Item {
    let known = moment(date(2025, 1, 2), 8);
    let item = Item::new("rpo-a".into(), arshjul::ids::ItemId::new(id), &format!("Punkt {id}"), known);
    let owners = owner.map_or_else(Owners::default, Owners::one);
    Item { phase, health: Health::Green, owners, ..item }
}

#[test]
fn each_item_is_asked_about_where_it_is_owned() {
    let text = QUESTION.replace("id = \"svara\"", "id = \"svara\"\n    per = \"item\"");
    let text = text.replace("[\"ledamot\", \"rag/ordförande\"]", "\"owner\"");
    let mut office = Office::asked_with(&text.replace("{title}", "{item}"));
    let lena = Owner::Person("lena".into());
    office.facts.items = vec![
        item("l1", Some(lena.clone()), Phase::Ongoing),
        item("l2", None, Phase::NotStarted),
        item("l3", Some(lena), Phase::Done),
    ];
    assert_eq!(office.to("lena"), USUAL, "what is done is not asked about");
    let ask = office.message("lena", "0");
    assert_eq!(ask.notice.headline, "Vad säger ni om Punkt l1?");
    assert_eq!(ask.key.0, "arbete:rpo-a:fraga.2025.1/l1:svara:0:lena:2025-03-17");
    assert!(ask.notice.rows.contains(&("Punkt".to_owned(), "Punkt l1".to_owned())));
    assert_eq!(office.message("petra", "0").notice.headline, "Vad säger ni om Punkt l2?");
    let started = ["workflow:arbete", "body:rpo-a"].map(|s| s.parse::<Startable>().unwrap());
    office.facts.starts = Starts::Each(started.map(|s| (s, moment(date(2025, 1, 1), 0))).into());
    assert!(office.planned().is_empty(), "the plan's items are silent");
}

// Arrangements.

#[test]
fn more_time_is_for_the_one_who_asked_for_it() {
    let mut office = Office::asking();
    office.arrange("lena", Arranged::Time(march(24)), moment(march(11), 12));
    assert_eq!(
        office.to("lena"),
        [
            "03-03 08 ask 0",
            "03-10 08 reminder r1",
            "03-17 08 reminder r1.2025-03-24",
            "03-24 08 reminder r2.2025-03-24"
        ]
    );
    assert_eq!(office.to("lars"), USUAL);
    assert_eq!(office.message("lena", "r2.2025-03-24").notice.due, Some(march(24)));
    assert_eq!(office.to("petra"), ["03-18 08 escalation e1", "03-25 08 escalation e1.2025-03-24"]);
    let named = |rung| office.message("petra", rung).notice.silent.join(" ");
    assert!(!named("e1").contains("LENA") && named("e1").contains("LARS"), "{}", named("e1"));
    assert_eq!(named("e1.2025-03-24"), "RPO A, ledamot: LENA");
    office.answer(matter("svara"), "lena", "ja", moment(march(20), 12));
    assert_eq!(office.to("lena").len(), 3);
    assert_eq!(office.to("petra"), ["03-18 08 escalation e1"]);
}

#[test]
fn an_escalation_on_a_day_of_its_own_names_only_whose_time_is_out() {
    let text = QUESTION.replace("5 workdays after due", "2 workdays before end");
    let mut office = Office::asked_with(&text);
    office.arrange("lena", Arranged::Time(march(28)), moment(march(11), 12));
    office.arrange("lars", Arranged::Time(march(26)), moment(march(11), 12));
    let silent = office.message("olof", "e2").notice.silent;
    assert!(
        !silent.iter().any(|s| s.contains("LENA")) && silent.iter().any(|s| s.contains("LARS")),
        "{silent:?}"
    );
}

#[test]
fn what_is_passed_on_is_asked_of_the_other_instead() {
    let mut office = Office::asking();
    office.arrange("lena", Arranged::PassedTo("berit".into()), moment(march(4), 9));
    assert_eq!(office.to("lena"), ["03-03 08 ask 0"]);
    assert_eq!(office.to("berit"), ["03-04 15 ask p.lena", "03-10 08 reminder r1", "03-17 08 reminder r2"]);
    let ask = office.message("berit", "p.lena");
    assert_eq!(ask.notice.text[0], "Ledamot i RPO A har skickat frågan vidare till dig.");
    assert_eq!(ask.notice.why, "Du får det här för att ledamot i RPO A har skickat frågan vidare till dig.");
    assert_eq!((ask.notice.answers.len(), ask.role.as_str()), (2, "rpo-a/ledamot"));
    let silent = office.message("petra", "e1").notice.silent;
    assert!(silent.contains(&"RPO A, ledamot: vidare till BERIT".to_owned()), "{silent:?}");
    assert!(!silent.iter().any(|s| s.contains("LENA")));
    // Either's answer is enough.
    for who in ["berit", "lena"] {
        let mut office = Office { rules: office.rules.clone(), facts: office.facts.clone() };
        office.answer(matter("svara"), who, "ja", moment(march(6), 9));
        assert_eq!((office.to("lena").len(), office.to("berit").len()), (1, 1), "{who} has answered");
        assert!(!office.message("petra", "e1").notice.silent.iter().any(|s| s.contains("BERIT")));
    }
}

#[test]
fn what_is_passed_on_just_before_a_reminder_is_only_asked() {
    let mut office = Office::asking();
    office.arrange("lena", Arranged::PassedTo("berit".into()), moment(march(9), 12));
    assert_eq!(office.to("berit"), ["03-10 08 ask p.lena", "03-17 08 reminder r2"]);
}

#[test]
fn what_is_passed_on_again_ends_with_the_last() {
    let mut office = Office::asking();
    office.arrange("lena", Arranged::PassedTo("berit".into()), moment(march(4), 9));
    office.arrange("berit", Arranged::PassedTo("carl".into()), moment(march(11), 9));
    assert_eq!(office.to("berit"), ["03-04 15 ask p.lena", "03-10 08 reminder r1"]);
    assert_eq!(office.to("carl"), ["03-11 15 ask p.berit", "03-17 08 reminder r2"]);
    assert_eq!(office.to("lena"), ["03-03 08 ask 0"]);
}

#[test]
fn each_who_passes_it_on_is_heard() {
    let mut office = Office::asking();
    office.arrange("yngve", Arranged::PassedTo("carl".into()), moment(march(4), 9));
    office.answer(matter("svara"), "yngve", "ja", moment(march(5), 9));
    office.arrange("lena", Arranged::PassedTo("carl".into()), moment(march(6), 9));
    let carl =
        ["03-04 15 ask p.yngve", "03-06 15 ask p.lena", "03-10 08 reminder r1", "03-17 08 reminder r2"];
    assert_eq!(office.to("carl"), carl);
}

#[test]
fn what_comes_back_stays() {
    let mut office = Office::asking();
    office.arrange("lena", Arranged::PassedTo("berit".into()), moment(march(4), 9));
    office.arrange("berit", Arranged::PassedTo("lena".into()), moment(march(5), 9));
    assert_eq!(office.to("berit"), ["03-04 15 ask p.lena"]);
    let lena = ["03-03 08 ask 0", "03-05 15 ask p.berit", "03-10 08 reminder r1", "03-17 08 reminder r2"];
    assert_eq!(office.to("lena"), lena);
}

#[test]
fn who_is_asked_already_is_not_asked_twice() {
    let mut office = Office::asking();
    office.arrange("lena", Arranged::PassedTo("lars".into()), moment(march(4), 9));
    office.arrange("xenia", Arranged::HelpFrom("lars".into()), moment(march(4), 9));
    assert_eq!(office.to("lars"), USUAL);
    assert_eq!(office.to("lena"), ["03-03 08 ask 0"]);
    assert_eq!(office.message("petra", "e1").notice.silent.len(), 3);
    // Nor is who has answered already asked for help.
    office.facts.arrangements.clear();
    office.answer(matter("svara"), "lars", "ja", moment(march(3), 9));
    office.arrange("xenia", Arranged::HelpFrom("lars".into()), moment(march(4), 9));
    assert_eq!(office.to("lars"), ["03-03 08 ask 0"]);
}

#[test]
fn help_is_asked_for_and_the_responsibility_kept() {
    let mut office = Office::asking();
    office.arrange("xenia", Arranged::HelpFrom("berit".into()), moment(march(4), 9));
    assert_eq!(office.to("berit"), ["03-04 15 ask h.xenia"]);
    let ask = office.message("berit", "h.xenia");
    let says = "Ordförande i RAG X ber dig om hjälp med frågan och har kvar ansvaret för den.";
    assert_eq!(ask.notice.text, [says]);
    assert_eq!(ask.notice.answers.len(), 2);
    office.answer(matter("svara"), "berit", "ja", moment(march(6), 9));
    assert_eq!(office.to("xenia"), USUAL, "a helper doesn't answer for the other");
    let silent = office.message("petra", "e1").notice.silent;
    assert!(silent.iter().any(|s| s.contains("XENIA")) && !silent.iter().any(|s| s.contains("BERIT")));
}

#[test]
fn a_helper_who_has_answered_and_then_gets_the_question_has_answered_it() {
    let mut office = Office::asking();
    office.arrange("lena", Arranged::HelpFrom("berit".into()), moment(march(3), 9));
    office.answer(matter("svara"), "berit", "ja", moment(march(4), 9));
    assert_eq!(office.to("lena"), USUAL);
    office.arrange("lena", Arranged::PassedTo("berit".into()), moment(march(5), 9));
    assert_eq!((office.to("lena").len(), office.to("berit").len()), (1, 1));
}

#[test]
fn an_answer_ends_what_was_arranged() {
    let mut office = Office::asking();
    office.arrange("xenia", Arranged::HelpFrom("berit".into()), moment(march(4), 9));
    office.arrange("lena", Arranged::PassedTo("carl".into()), moment(march(4), 9));
    office.answer(matter("svara"), "xenia", "ja", moment(march(4), 10));
    office.answer(matter("svara"), "lena", "ja", moment(march(4), 10));
    assert!(office.to("berit").is_empty() && office.to("carl").is_empty());
}

// Who is away, and who takes over.

fn away(office: &mut Office, person: &str, days: (i8, i8), deputy: &str) {
    let (from, until) = (march(days.0), march(days.1));
    let deputy = Some(deputy.into());
    office.facts.people.absences.push(Absence { person: person.into(), from, until, deputy });
}

#[test]
fn a_deputy_is_not_asked_what_has_been_answered_or_passed_on() {
    let mut office = Office::asking();
    away(&mut office, "lena", (6, 14), "sixten");
    assert_eq!(office.to("sixten"), ["03-10 08 reminder r1"]);
    office.answer(matter("svara"), "lena", "ja", moment(march(4), 9));
    assert!(office.to("sixten").is_empty());
    office.facts.answers.clear();
    office.arrange("lena", Arranged::PassedTo("berit".into()), moment(march(4), 9));
    assert!(office.to("sixten").is_empty());
    assert_eq!(office.to("berit"), ["03-04 15 ask p.lena", "03-10 08 reminder r1", "03-17 08 reminder r2"]);
}

#[test]
fn whom_it_was_passed_on_to_has_a_deputy_too() {
    let mut office = Office::asking();
    office.arrange("lena", Arranged::PassedTo("berit".into()), moment(march(4), 9));
    away(&mut office, "berit", (6, 14), "carl");
    assert_eq!(office.to("berit"), ["03-04 15 ask p.lena", "03-17 08 reminder r2"]);
    assert_eq!(office.to("carl").len(), 1);
    office.answer(matter("svara"), "carl", "ja", moment(march(11), 9));
    assert_eq!(office.to("berit"), ["03-04 15 ask p.lena"], "what the deputy has answered stands");
}

#[test]
fn a_new_chair_is_not_asked_what_the_former_one_has_passed_on() {
    let mut office = Office::asking();
    let chair = office.facts.people.holders.iter_mut().find(|h| h.person == "yngve".into()).unwrap();
    chair.until = Some(march(7));
    let new = Holder { person: "carl".into(), from: Some(march(8)), until: None, ..chair.clone() };
    office.facts.people.holders.push(new);
    let asked = |office: &Office| -> Vec<String> {
        let handed_over = |line: &String| line.contains("tell");
        office.to("carl").into_iter().filter(|line| !handed_over(line)).collect()
    };
    assert_eq!(asked(&office), USUAL[1..]);
    office.arrange("yngve", Arranged::PassedTo("berit".into()), moment(march(4), 9));
    assert!(asked(&office).is_empty());
    assert_eq!(office.to("berit").len(), 3);
    office.arrange("berit", Arranged::PassedTo("yngve".into()), moment(march(11), 9));
    assert_eq!(
        asked(&office),
        ["03-11 15 ask p.berit", "03-17 08 reminder r2"],
        "it comes back to the chair"
    );
}

// Who settles what.

#[test]
fn one_answer_settles_it_for_a_body_and_the_others_are_told() {
    let text = QUESTION.replace("\"rag/ordförande\"", "\"rag/ordförande\", \"rag/sekreterare\"");
    let mut office = Office::asked_with(&text.replace("due = ", "answered-by = \"body\"\n    due = "));
    office.answer(matter("svara"), "xenia", "ja", moment(march(5), 9));
    assert_eq!(office.to("xenia"), ["03-03 08 ask 0"]);
    assert_eq!(office.to("sixten"), ["03-03 08 ask 0", "03-05 15 tell s"]);
    assert_eq!(office.to("yngve"), USUAL, "another body has its own answer");
    let told = office.message("sixten", "s").notice;
    assert_eq!(told.headline, "Ordförande i RAG X har svarat, du behöver inte göra något");
    office.answer(matter("svara"), "sixten", "nej", moment(march(6), 9));
    assert!(!office.planned().iter().any(|m| rung_of(m) == "s" && m.to == Some("xenia".into())));
}

#[test]
fn one_answer_settles_it_for_all() {
    let mut office = Office::asked_with(&QUESTION.replace("due = ", "answered-by = \"anyone\"\n    due = "));
    office.answer(matter("svara"), "lena", "ja", moment(march(5), 9));
    let told: BTreeSet<String> = office
        .planned()
        .iter()
        .filter(|m| rung_of(m) == "s")
        .map(|m| m.to.clone().unwrap().to_string())
        .collect();
    assert_eq!(told, ["lars", "xenia", "yngve"].map(str::to_owned).into());
    assert_eq!(office.planned().len(), 4 + 3);
}

#[test]
fn who_was_asked_alone_has_nobody_to_tell() {
    let text = QUESTION.replace("[\"ledamot\", \"rag/ordförande\"]", "\"processtöd\"");
    let mut office = Office::asked_with(&text.replace("due = ", "answered-by = \"anyone\"\n    due = "));
    office.answer(matter("svara"), "petra", "ja", moment(march(5), 9));
    assert_eq!(office.planned().len(), 1);
}

// Gates.

fn gated(gate: &str, to: &str) -> Office {
    let marks = "marks = { oense = \"Vi är inte eniga\" }\n    answers = ";
    let step = format!(
        "[[step]]\nid = \"plan\"\ngate = {{ step = \"svara\", {gate} }}\nask = \"Vad gör ni åt det?\"\nto = {to}\n\
         when = \"svara\"\ndue = \"2 workdays before end\"\nanswers = {{ klart = \"Klart\" }}\n"
    );
    Office::asked_with(&format!("{}\n{step}", QUESTION.replace("answers = ", marks)))
}

fn asked_for_plan(office: &Office) -> Vec<String> {
    let plan = office.planned().into_iter().filter(|m| m.matter.step.as_str() == "plan" && m.to.is_some());
    plan.map(|m| format!("{} {}", m.to.clone().unwrap(), line(&m))).collect()
}

#[test]
fn whoever_has_a_gap_is_asked_for_a_plan() {
    let mut office = gated("answer = \"ja\", of = \"same\"", "[\"rag/ordförande\", \"rag/sekreterare\"]");
    office.answer(matter("svara"), "xenia", "ja", moment(march(5), 9));
    office.answer(matter("svara"), "yngve", "nej", moment(march(6), 9));
    let mut asked = asked_for_plan(&office);
    assert_eq!(asked, ["sixten 03-05 15 ask 0", "xenia 03-05 15 ask 0"]);
    // Each as soon as its own answer is there.
    office.facts.answers[1].answer = "ja".into();
    asked.push("yngve 03-06 15 ask 0".to_owned());
    assert_eq!(asked_for_plan(&office), asked);
}

#[test]
fn of_several_members_only_who_has_answered_is_asked_on() {
    let mut office = gated("of = \"same\"", "[\"ledamot\", \"processtöd\"]");
    office.answer(matter("svara"), "lena", "ja", moment(march(5), 9));
    // Lars is a member too and has been silent. Petra was never asked: what a member says is said in her body.
    assert_eq!(asked_for_plan(&office), ["lena 03-05 15 ask 0", "petra 03-05 15 ask 0"]);
}

#[test]
fn a_level_is_asked_when_the_one_above_has_answered() {
    let mut office = gated("of = \"above\"", "\"rag/sekreterare\"");
    office.answer(matter("svara"), "xenia", "ja", moment(march(5), 9));
    assert!(asked_for_plan(&office).is_empty(), "its own body is not above");
    office.answer(matter("svara"), "lena", "nej", moment(march(6), 9));
    assert_eq!(asked_for_plan(&office), ["sixten 03-06 15 ask 0"]);
}

#[test]
fn a_tick_opens_a_gate() {
    let mut office = gated("mark = \"oense\"", "\"processtöd\"");
    office.answer(matter("svara"), "xenia", "ja", moment(march(5), 9));
    assert!(asked_for_plan(&office).is_empty());
    office.answer(matter("svara"), "yngve", "nej", moment(march(6), 9)).marks = vec!["oense".into()];
    assert_eq!(asked_for_plan(&office), ["petra 03-06 15 ask 0"]);
    office.facts.answers.clear();
    let assumed = office.within(date(2025, 1, 1), date(2026, 1, 1), Assume::GatesOpen);
    assert!(!assumed.iter().any(|m| m.matter.step.as_str() == "plan"), "a tick is never assumed");
    assert!(assumed.iter().any(|m| m.kind == MessageKind::Reminder), "and neither is the answer beside it");
}

#[test]
fn levels_with_one_last_day_are_escalated_together() {
    let mut office = gated("of = \"same\"", "\"rag/ordförande\"");
    let rules = office.rules.workflows.0.get_mut(&"arbete".into()).unwrap();
    let escalate = rules.steps[0].ask.as_ref().unwrap().escalate.clone();
    rules.steps[1].ask.as_mut().unwrap().escalate = escalate;
    office.answer(matter("svara"), "xenia", "ja", moment(march(5), 9));
    office.answer(matter("svara"), "yngve", "nej", moment(march(6), 9));
    let messages = office.planned();
    let told: Vec<&Message> = messages
        .iter()
        .filter(|m| {
            m.matter.step.as_str() == "plan" && m.kind == MessageKind::Escalation && rung_of(m) == "e1"
        })
        .collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].notice.silent.len(), 2);
}

// What follows from an answer.

fn telling() -> Office {
    let tell = "tell-on = [\n\
        { mark = \"oense\", to = [\"processtöd\", \"rsl/stab\"], tell = \"{who} svarar {answer} om {title} och är inte enig\" },\n\
        { answer = \"nej\", to = \"ordförande\", tell = \"{who} säger nej\" },\n\
        ]\nmarks = { oense = \"Vi är inte eniga\" }\nsections = [\"För\", \"Emot\"]\nanswers = ";
    Office::asked_with(&QUESTION.replace("answers = ", tell))
}

#[test]
fn a_disagreement_is_told_at_once() {
    let mut office = telling();
    office.answer(matter("svara"), "xenia", "ja", moment(march(5), 9)).marks = vec!["oense".into()];
    office.answer(matter("svara"), "lena", "nej", moment(march(5), 10)).marks = vec!["oense".into()];
    office.answer(matter("svara"), "lars", "ja", moment(march(5), 11));
    let told: Vec<Message> = office.planned().into_iter().filter(|m| m.kind == MessageKind::Tell).collect();
    let lines: Vec<_> = told.iter().map(|m| format!("{} {}", m.to.clone().unwrap(), line(m))).collect();
    let expected = [
        "petra 03-05 15 tell t1.lena",
        "stina 03-05 15 tell t1.lena",
        "petra 03-05 15 tell t1.xenia",
        "stina 03-05 15 tell t1.xenia",
        "olof 03-05 15 tell t2.lena",
    ];
    assert_eq!(lines, expected);
    assert_eq!(told[2].notice.headline, "Ordförande i RAG X svarar Ja om kaffet och är inte enig");
    assert_eq!(told[0].expires, told[0].at.checked_add(jiff::SignedDuration::from_hours(14 * 24)).ok());
    assert!(told.iter().all(|m| m.notice.answers.is_empty()));
}

#[test]
fn what_was_answered_before_the_start_is_no_news() {
    let mut office = telling();
    office.facts.starts = Starts::Everything(moment(march(5), 12));
    office.answer(matter("svara"), "xenia", "ja", moment(march(5), 9)).marks = vec!["oense".into()];
    assert!(!office.planned().iter().any(|m| m.kind == MessageKind::Tell));
}

#[test]
fn ticks_and_headings_come_with_the_question() {
    let office = telling();
    let ask = office.message("lena", "r1").notice;
    assert_eq!((ask.marks.len(), ask.sections), (1, vec!["För".to_owned(), "Emot".to_owned()]));
    let told = office.message("petra", "e1").notice;
    assert!(told.marks.is_empty() && told.sections.is_empty());
}

#[test]
fn the_answers_are_those_of_the_occasion() {
    let text = QUESTION.replace("answers = ", "answers-from = \"occasion\"\n    answers = ");
    let mut office = Office::asked_with(&text);
    let labels = |office: &Office| -> Vec<String> {
        office.message("lena", "0").notice.answers.into_iter().map(|a| a.label).collect()
    };
    assert_eq!(labels(&office), ["Ja", "Nej"]);
    let answers = vec![("mork".into(), "Mörkrost".to_owned()), ("ljus".into(), "Ljusrost".to_owned())];
    office.open("fraga.2025.1", Opened { answers, ..opened("kaffet", whole(march(31))) });
    assert_eq!(labels(&office), ["Mörkrost", "Ljusrost"]);
}

// Where silence leads.

#[test]
fn the_last_message_before_an_escalation_says_where_it_goes() {
    let office = Office::asking();
    let said = |rung| office.message("lena", rung).notice.text;
    assert!(
        !said("0").iter().chain(&said("r1")).any(|p| p.contains("går frågan")),
        "a reminder comes before"
    );
    let last = said("r2");
    assert_eq!(
        last[last.len() - 2..],
        [
            "Utan svar från dig: tisdag 18 mars går frågan till processtöd.",
            "Utan svar från dig: måndag 24 mars går frågan till ordförande och stab i RSL."
        ]
    );
    let other = office.message("xenia", "r2").notice.text;
    assert!(other.iter().any(|p| p.ends_with("18 mars går frågan till processtöd i RPO A.")), "{other:?}");
}

#[test]
fn who_has_more_time_is_told_of_their_own_day() {
    let mut office = Office::asking();
    office.arrange("lena", Arranged::Time(march(24)), moment(march(11), 12));
    let last = office.message("lena", "r2.2025-03-24").notice.text;
    assert!(last.iter().any(|p| p.contains("tisdag 25 mars går frågan till processtöd")), "{last:?}");
}

// What holds whatever happens.

#[derive(Clone, Debug)]
enum Happens {
    Answers,
    Arranges(Arranged),
}

const ASKED: [&str; 6] = ["lena", "lars", "xenia", "yngve", "berit", "carl"];

fn happenings() -> impl Strategy<Value = Vec<(usize, Happens, u32)>> {
    let person = || 0..ASKED.len();
    let what = (0..5_u8, person(), 1..31_i8).prop_map(|(kind, other, day)| match kind {
        0 => Happens::Answers,
        1 => Happens::Arranges(Arranged::Time(march(day))),
        2 | 3 => Happens::Arranges(Arranged::PassedTo(ASKED[other].into())),
        _ => Happens::Arranges(Arranged::HelpFrom(ASKED[other].into())),
    });
    proptest::collection::vec((person(), what, 0..600_u32), 0..12)
}

fn lived(settled: &str, start: i8, happenings: &[(usize, Happens, u32)]) -> Office {
    let mut office =
        Office::asked_with(&QUESTION.replace("due = ", &format!("answered-by = \"{settled}\"\n    due = ")));
    let since = moment(march(start), 0);
    office.facts.starts = Starts::Everything(since);
    for (person, what, hours) in happenings {
        let (person, at) = (ASKED[*person], since + jiff::SignedDuration::from_hours(i64::from(*hours)));
        match what {
            Happens::Answers => {
                office.facts.answers.retain(|g| g.person != person.into());
                office.answer(matter("svara"), person, "ja", at);
            }
            Happens::Arranges(Arranged::PassedTo(to) | Arranged::HelpFrom(to)) if *to == person.into() => {}
            Happens::Arranges(what) => {
                let same = |a: &Arrangement| a.person == person.into() && a.what.code() == what.code();
                office.facts.arrangements.retain(|a| !same(a));
                office.arrange(person, what.clone(), at);
            }
        }
    }
    office
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_is_arranged_nobody_is_asked_in_vain(
        settled in 0..3_usize,
        start in 1..20_i8,
        cut in 1..31_i8,
        happenings in happenings(),
    ) {
        let office = lived(["each", "anyone", "body"][settled], start, &happenings);
        let messages = office.planned();
        let mut keys = BTreeSet::new();
        for message in &messages {
            prop_assert!(keys.insert(&message.key), "{} twice", message.key);
            prop_assert!(message.at >= moment(march(start), 0), "{} before the start", message.key);
            prop_assert!(message.key.0.split(':').count() == 7 && !message.key.0.contains([' ', '@']));
            if !matches!(message.kind, MessageKind::Ask | MessageKind::Reminder) {
                continue;
            }
            let person = message.to.as_ref().unwrap();
            let answered = office.facts.answers.iter().any(|g| &g.person == person && g.at <= message.at);
            prop_assert!(!answered, "{} after the answer", message.key);
            let passes = |a: &&Arrangement| matches!(&a.what, Arranged::PassedTo(_)) && a.at <= message.at;
            let own = office.facts.arrangements.iter().filter(passes).find(|a| &a.person == person);
            let back = |since: Timestamp| {
                let to = |a: &&Arrangement| a.what == Arranged::PassedTo(person.clone()) && a.at >= since;
                office.facts.arrangements.iter().filter(passes).any(|a| to(&a))
            };
            let helps = rung_of(message).starts_with("h.");
            prop_assert!(helps || own.is_none_or(|own| back(own.at)), "{} was passed on", message.key);
        }
        // A person gets no two questions about the same at once.
        let asks = messages.iter().filter(|m| matches!(m.kind, MessageKind::Ask | MessageKind::Reminder));
        let mut at_once = BTreeSet::new();
        for message in asks {
            prop_assert!(at_once.insert((message.at, message.to.clone())), "{} at once", message.key);
        }
        // Two halves are the whole.
        let (first, last) = (date(2025, 1, 1), date(2026, 1, 1));
        let mut halves = office.within(first, march(cut), Assume::Nothing);
        halves.extend(office.within(march(cut), last, Assume::Nothing));
        let keys = |all: &[Message]| all.iter().map(|m| (m.at, m.key.clone())).collect::<Vec<_>>();
        prop_assert_eq!(keys(&halves), keys(&messages));
        prop_assert!(halves == messages);
    }

    #[test]
    fn the_silent_are_those_who_have_the_question(happenings in happenings()) {
        let office = lived("each", 1, &happenings);
        for message in office.planned().iter().filter(|m| rung_of(m) == "e1") {
            let silent = message.notice.silent.join("\n");
            for given in office.facts.answers.iter().filter(|g| g.at <= message.at) {
                let name = given.person.as_str().to_uppercase();
                prop_assert!(!silent.contains(&name), "{name} has answered: {silent}");
            }
        }
        prop_assert_eq!(window_of_day(march(18)), moment(march(18), 8));
    }
}
