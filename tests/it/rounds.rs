//! What is planned about the units of a plan in the round before a meeting: which are asked about, how many have
//! answered, who was silent before too, and what is bound to the meeting.

#![cfg(test)]

use arshjul::calendar::{QuietPeriods, civil, instant};
use arshjul::ids::{BodyId, OccasionRef, PersonId};
use arshjul::items::register::{Assignment, AssignmentState, Line, LogKind, Wait, WaitKind, WaitOn};
use arshjul::items::{Health, Item, Owner, Owners, Phase};
use arshjul::people::{Holder, Person};
use arshjul::plan::model::{EnteredDate, Facts, Given, Matter, Message, Object, Starts};
use arshjul::plan::settled::{ended_waits, is_outcome};
use arshjul::plan::{Assume, Window, plan};
use arshjul::rules::Rules;
use arshjul::workflow::model::{Span, Status};
use arshjul::workflow::shipped;
use jiff::Timestamp;
use jiff::civil::{Date, date, time};

const RPO: &str = "rpo-medicinsk-diagnostik";
const COUNCIL: &str = "kunskapsrad-diagnostik-och-sinnen";

/// Who holds what; whoever else has an id is a person without a role.
const HOLDERS: &[(&str, &str, &str)] = &[
    ("petra", RPO, "processtod"),
    ("olle", RPO, "ordforande"),
    ("karin", COUNCIL, "processtod"),
    ("mia", "rag-molekylardiagnostik", "ordforande"),
];
const OTHERS: [&str; 4] = ["anna", "bo", "cia", "dan"];

/// Facts, and the shipped files. The meetings are on 20 February and 27 March 2025, the round before the first
/// opens on 6 February, that before the second on 13 March.
struct Office {
    rules: Rules,
    facts: Facts,
}

fn moment(day: Date, hour: i8) -> Timestamp {
    instant(day, time(hour, 0, 0, 0))
}

fn february(day: i8) -> Date {
    date(2025, 2, day)
}

fn march(day: i8) -> Date {
    date(2025, 3, day)
}

fn meeting(id: &str) -> OccasionRef {
    OccasionRef { workflow: "sydostra/rpo".into(), body: Some(RPO.into()), id: id.parse().unwrap() }
}

fn about(step: &str, of: &str, unit: &str) -> Matter {
    Matter {
        workflow: "sydostra/statusrunda".into(),
        body: Some(RPO.into()),
        object: Object::Part { of: meeting(of), part: unit.to_owned() },
        step: step.into(),
    }
}

fn unit(id: &str, title: &str, owners: &[&str]) -> Item {
    let mut item = Item::new(RPO.into(), id.into(), title, moment(date(2025, 1, 2), 12));
    (item.phase, item.health) = (Phase::Ongoing, Health::Green);
    item.owners.list = owners.iter().map(|owner| Owner::Person((*owner).into())).collect();
    item
}

fn entered(day: Date) -> EnteredDate {
    let span = Some(Span::AllDay { first: day, last: day });
    EnteredDate { span, place: None, status: Status::Confirmed, why: None }
}

impl Office {
    /// With these units.
    fn with(items: Vec<Item>) -> Self {
        let rules = Rules::load(&shipped(), QuietPeriods::default()).unwrap();
        let starts = Starts::Everything(moment(date(2025, 1, 1), 0));
        let mut facts = Facts { starts, items, ..Facts::default() };
        for id in HOLDERS.iter().map(|(id, ..)| *id).chain(OTHERS) {
            let address = format!("{id}@example.org");
            facts.people.persons.insert(id.into(), Person { id: id.into(), name: id.to_owned(), address });
        }
        facts.people.holders =
            HOLDERS.iter().map(|(person, body, role)| holder(person, body, role)).collect();
        facts.dates.insert(meeting("mote-1.2025"), entered(february(20)));
        facts.dates.insert(meeting("mote-2.2025"), entered(march(27)));
        Self { rules, facts }
    }

    /// Two units: one of Anna's and one of Bo's.
    fn of_two() -> Self {
        Self::with(vec![unit("l1", "Remittentstöd", &["anna"]), unit("l9", "Digital patologi", &["bo"])])
    }

    fn answer(&mut self, step: &str, of: &str, unit: &str, person: &str, answer: &str, day: Date) {
        self.facts.answers.push(Given {
            matter: about(step, of, unit),
            person: person.into(),
            answer: answer.into(),
            at: moment(day, 10),
            date: None,
            marks: Vec::new(),
        });
    }

    fn report(&mut self, item: &str, day: Date, kind: LogKind, planned: bool) {
        let followed = self.facts.followed.entry(item.into()).or_default();
        let (number, recorded) = (i64::try_from(followed.log.len()).unwrap() + 1, moment(day, 10));
        let (part, text) = (None, planned.then(|| "Uppstart".to_owned()));
        followed.log.push(Line { number, part, day, kind, planned, settled: false, text, recorded });
    }

    fn waits(&mut self, item: &str, number: i64, on: WaitOn, since: Date) {
        let (text, kind) = ("nästa RPO".to_owned(), WaitKind::Meeting);
        let wait = Wait { number, part: None, kind, text, on, since };
        self.facts.followed.entry(item.into()).or_default().waits.push(wait);
    }

    /// Everything of one step of a round, or of the council's meetings.
    fn of(&self, workflow: &str, step: &str) -> Vec<Message> {
        let window = Window { from: moment(date(2025, 1, 1), 0), until: moment(date(2025, 7, 1), 0) };
        let all = plan(self.rules.world(&self.facts), window, Assume::Nothing).messages;
        let own = |m: &Message| m.matter.workflow.as_str() == workflow && m.matter.step.as_str() == step;
        all.into_iter().filter(own).collect()
    }

    fn round(&self, step: &str) -> Vec<Message> {
        self.of("sydostra/statusrunda", step)
    }

    /// What one person gets of a step: day, rung and unit.
    fn to(&self, person: &str, step: &str) -> Vec<String> {
        let own = self.round(step).into_iter().filter(|m| m.to == Some(person.into()));
        own.map(|m| line(&m)).collect()
    }

    /// What the counts of a round say: before the meeting and after it.
    fn counted(&self, of: &str) -> Vec<String> {
        let told = ["lage", "facit"].into_iter().flat_map(|step| self.round(step));
        let own = told.filter(|m| m.to == Some("petra".into()) && m.key.0.contains(of));
        own.map(|m| m.notice.headline).collect()
    }
}

fn holder(person: &str, body: &str, role: &str) -> Holder {
    let person = PersonId::from(person);
    Holder { body: body.into(), role: role.into(), person, from: None, until: None, deputy: false }
}

fn line(message: &Message) -> String {
    let rung = message.key.0.split(':').nth(4).unwrap();
    let unit = message.matter.object.unit().unwrap_or("-");
    format!("{} {rung} {unit}", civil(message.at).strftime("%m-%d"))
}

fn units(message: &Message) -> Vec<&str> {
    message.notice.items.iter().map(|item| item.unit.as_str()).collect()
}

// Who is asked.

#[test]
fn each_owner_is_asked_about_each_unit_and_reminded_twice() {
    let office = Office::of_two();
    let asked = ["02-06 0 l9", "02-13 r1 l9", "02-18 r2 l9", "03-13 0 l9", "03-20 r1 l9", "03-25 r2 l9"];
    assert_eq!(office.to("bo", "status"), asked);
    let ask = &office.round("status")[0];
    assert_eq!(units(ask), [ask.matter.object.unit().unwrap()], "the unit's line comes with it");
}

#[test]
fn what_is_done_is_not_asked_about_and_what_nobody_owns_goes_to_process_support() {
    let mut office = Office::of_two();
    office.facts.items[0].phase = Phase::Done;
    office.facts.items[1].owners = Owners::default();
    assert!(office.to("anna", "status").is_empty() && office.to("bo", "status").is_empty());
    assert_eq!(office.to("petra", "status").len(), 6);
}

#[test]
fn a_report_in_the_log_is_an_answer_from_the_day_of_the_question() {
    let mut office = Office::of_two();
    office.report("l9", february(5), LogKind::Report, false);
    office.report("l9", february(10), LogKind::Note, false);
    office.report("l9", february(11), LogKind::Report, true);
    assert_eq!(office.to("bo", "status").len(), 6, "too early, a note, and a plan");
    office.report("l9", february(14), LogKind::Dialogue, false);
    assert_eq!(office.to("bo", "status")[..3], ["02-06 0 l9", "02-13 r1 l9", "03-13 0 l9"]);
}

#[test]
fn any_owner_settles_it_for_the_others_who_are_told_or_each_answers() {
    let mut office = Office::with(vec![unit("l4", "IT-lösningar", &["anna", "bo"])]);
    office.answer("status", "mote-1.2025", "l4", "anna", "oforandrad", february(7));
    let first = |office: &Office| -> Vec<String> {
        office.to("bo", "status").into_iter().filter(|line| line.starts_with("02")).collect()
    };
    assert_eq!(first(&office), ["02-06 0 l4", "02-07 s l4"]);
    assert!(office.counted("mote-1")[0].starts_with("1 av 1 punkter"), "{:?}", office.counted("mote-1"));
    office.facts.items[0].owners.all = true;
    assert_eq!(first(&office), ["02-06 0 l4", "02-13 r1 l4", "02-18 r2 l4"]);
    assert!(office.counted("mote-1")[0].starts_with("0 av 1 punkter"));
    office.answer("status", "mote-1.2025", "l4", "bo", "oforandrad", february(17));
    assert!(office.counted("mote-1")[0].starts_with("1 av 1 punkter"));
}

#[test]
fn until_an_assignment_is_confirmed_process_support_gets_its_units_as_one_list() {
    let mut office = Office::of_two();
    office.facts.items.push(unit("l12", "Molekylär", &[]));
    let receiver = Owner::Role { body: "rag-molekylardiagnostik".into(), role: "ordforande".into() };
    office.facts.items[2].owners = Owners::one(receiver);
    office.facts.assignments.push(Assignment {
        number: 1,
        from: RPO.into(),
        to: "rag-molekylardiagnostik".into(),
        title: "Molekylärdiagnostik".to_owned(),
        units: vec!["l12".to_owned(), "l1".to_owned()],
        state: AssignmentState::Given,
        at: None,
    });
    assert!(office.to("mia", "status").is_empty() && office.to("anna", "status").is_empty());
    let listed = office.round("ej-uppdragna");
    assert_eq!(listed.iter().map(line).collect::<Vec<_>>()[..3], ["02-06 0 -", "02-13 r1 -", "02-18 r2 -"]);
    assert_eq!(units(&listed[0]), ["l1", "l12"]);
    assert!(office.counted("mote-1")[0].starts_with("0 av 1 punkter"), "they are not in the round");
    office.facts.assignments[0].state = AssignmentState::Confirmed;
    assert!(office.round("ej-uppdragna").is_empty(), "an empty list isn't sent");
    assert_eq!(office.to("mia", "status").len(), 6);
}

// How many have answered.

#[test]
fn the_count_follows_the_answers_and_names_what_is_missing() {
    let mut office = Office::of_two();
    let none = "0 av 2 punkter är uppdaterade inför RPO-möte 1, saknas: Remittentstöd och Digital patologi";
    assert_eq!(office.counted("mote-1")[0], none);
    office.answer("status", "mote-1.2025", "l1", "anna", "oforandrad", february(7));
    let one = "1 av 2 punkter är uppdaterade inför RPO-möte 1, saknas: Digital patologi";
    assert_eq!(office.counted("mote-1")[0], one);
    let told = office.round("lage").into_iter().next().unwrap();
    assert_eq!(units(&told), ["l9"], "and its line is there");
    // At the meeting itself.
    office.report("l9", february(20), LogKind::Decision, false);
    let counted = office.counted("mote-1");
    assert_eq!(counted[0], one);
    assert_eq!(counted[1], "Efter RPO-möte 1 är 2 av 2 punkter uppdaterade, inga saknas");
}

#[test]
fn a_unit_that_an_answer_ends_stays_in_its_round_and_not_in_the_next() {
    let mut office = Office::of_two();
    office.answer("status", "mote-1.2025", "l1", "anna", "avslutad", february(7));
    office.facts.items[0].phase = Phase::Done;
    office.facts.items[0].phase_recorded = moment(february(7), 10);
    assert!(office.counted("mote-1")[0].starts_with("1 av 2 punkter"));
    assert!(office.counted("mote-2")[0].starts_with("0 av 1 punkter"));
    // The same where a line in the log said so.
    office.facts.answers.clear();
    office.report("l1", february(7), LogKind::Closing, false);
    assert!(office.counted("mote-1")[0].starts_with("1 av 2 punkter"));
    // Who gives an old item its closing line isn't in the round for that.
    office.facts.items[0].phase_recorded = moment(date(2025, 1, 10), 10);
    assert!(office.counted("mote-1")[0].starts_with("0 av 1 punkter"));
}

#[test]
fn nothing_is_counted_where_nothing_was_asked() {
    assert!(Office::with(Vec::new()).counted("mote").is_empty());
}

// Silence.

#[test]
fn the_chair_hears_of_what_was_silent_in_two_rounds_in_a_row() {
    let mut office = Office::of_two();
    let heard = |office: &Office| office.to("olle", "status");
    assert_eq!(heard(&office), ["03-31 e1 -"], "after the second round, once");
    let told = office.round("status").into_iter().find(|m| m.to == Some("olle".into())).unwrap();
    assert_eq!((units(&told), told.notice.silent.len()), (vec!["l1", "l9"], 2));
    assert!(told.notice.subject.ends_with("hur går det med 2 punkter?"), "{}", told.notice.subject);
    assert!(told.notice.text[0].contains("andra rundan i rad"), "{:?}", told.notice.text);
    // Anna answered in the first.
    office.answer("status", "mote-1.2025", "l1", "anna", "oforandrad", february(7));
    let told = office.round("status").into_iter().find(|m| m.to == Some("olle".into())).unwrap();
    assert_eq!(units(&told), ["l9"]);
    // A report at the meeting is one too.
    office.report("l9", february(20), LogKind::Report, false);
    assert!(heard(&office).is_empty());
    // A unit that the register has got after the first round wasn't asked about in it.
    let mut office = Office::of_two();
    for item in &mut office.facts.items {
        item.phase_recorded = moment(march(3), 10);
    }
    assert!(heard(&office).is_empty());
}

#[test]
fn silence_is_foretold_only_to_whom_it_leads_up_the_line() {
    let office = Office::of_two();
    let last = |rung: &str| {
        let found = office.round("status").into_iter().find(|m| line(m) == rung).unwrap();
        found.notice.text.iter().any(|text| text.contains("Utan svar från dig"))
    };
    assert!(!last("02-18 r2 l9") && last("03-25 r2 l9"));
}

// What is bound to a meeting.

#[test]
fn what_waits_for_the_meeting_is_on_its_agenda_and_asked_about_afterwards() {
    let mut office = Office::of_two();
    office.facts.items.push(unit("l14", "Genetik", &["cia"]));
    office.facts.items.push(unit("l3", "Patologisamverkan", &["dan"]));
    office.facts.items[2].phase = Phase::Undecided;
    office.waits("l3", 7, WaitOn::NextMeeting, date(2025, 1, 15));
    let agendas: Vec<_> =
        office.round("dagordning").into_iter().filter(|m| m.to == Some("petra".into())).collect();
    let shown: Vec<_> = agendas.iter().map(|m| (line(m), units(m))).collect();
    assert_eq!(shown[0], ("02-13 0 -".to_owned(), vec!["l14", "l3"]));
    assert_eq!(shown[1].1, ["l14"], "it waits for the first meeting only");
    let wait = agendas[0].notice.items[1].waits[0].clone();
    assert_eq!(wait, ("nästa RPO".to_owned(), Some(february(20))), "and its day is known");
    assert_eq!(office.to("petra", "utfall"), ["02-24 0 l3", "02-27 r1 l3", "03-06 r2 l3"]);
    assert_eq!(office.to("olle", "utfall"), ["03-07 e1 -"]);
    // The meeting is moved, and nobody has touched the item.
    office.facts.dates.insert(meeting("mote-1.2025"), entered(february(27)));
    assert_eq!(office.to("petra", "utfall")[0], "03-03 0 l3");
}

#[test]
fn a_wait_for_an_undated_meeting_gets_its_day_with_the_meeting() {
    let mut office = Office::of_two();
    office.facts.dates.remove(&meeting("mote-1.2025"));
    office.waits("l9", 1, WaitOn::Occasion(meeting("mote-1.2025")), date(2025, 1, 2));
    assert!(office.round("dagordning").is_empty() && office.round("utfall").is_empty());
    let ask = |office: &Office| {
        let asked = office.round("status").into_iter().find(|m| m.matter.object.unit() == Some("l9"));
        asked.unwrap().notice.items[0].waits.clone()
    };
    assert_eq!(ask(&office), [("nästa RPO".to_owned(), None)]);
    office.facts.dates.insert(meeting("mote-1.2025"), entered(date(2025, 4, 10)));
    assert_eq!(ask(&office), [("nästa RPO".to_owned(), Some(date(2025, 4, 10)))]);
    assert_eq!(office.to("petra", "dagordning"), ["04-03 0 -"]);
}

#[test]
fn the_outcome_ends_what_waited_for_the_meeting_and_nothing_else() {
    let mut office = Office::of_two();
    office.waits("l9", 7, WaitOn::NextMeeting, date(2025, 1, 15));
    office.waits("l9", 8, WaitOn::Undated, date(2025, 1, 15));
    let world = office.rules.world(&office.facts);
    let outcome = about("utfall", "mote-1.2025", "l9");
    assert!(is_outcome(world.workflows, &outcome));
    assert_eq!(ended_waits(world, &outcome, february(24)), [7]);
    assert_eq!(ended_waits(world, &about("utfall", "mote-2.2025", "l9"), march(31)), [0_i64; 0]);
    assert_eq!(ended_waits(world, &about("status", "mote-1.2025", "l9"), february(24)), [0_i64; 0]);
    // Answered: it isn't asked again, and stays answered when the wait has gone.
    office.answer("utfall", "mote-1.2025", "l9", "petra", "beslut", february(25));
    office.facts.followed.clear();
    assert_eq!(office.to("petra", "utfall"), ["02-24 0 l9"]);
}

// What a council sees of the plans below it.

#[test]
fn a_council_gets_what_is_red_not_started_or_changed_in_the_plans_below_it() {
    let mut office = Office::of_two();
    let at = |id: &str| OccasionRef {
        workflow: "sydostra/kunskapsrad".into(),
        body: Some(BodyId::from(COUNCIL)),
        id: id.parse().unwrap(),
    };
    office.facts.dates.insert(at("kvartal-1.2025"), entered(march(20)));
    office.facts.dates.insert(at("kvartal-2.2025"), entered(date(2025, 6, 12)));
    office.facts.items.push(unit("l5", "RAG radiologi", &["cia"]));
    office.facts.items[2].phase = Phase::NotStarted;
    office.facts.items.push(unit("l6", "Röd", &["cia"]));
    office.facts.items[3].health = Health::Red;
    office.report("l1", march(27), LogKind::Report, false);
    let packs: Vec<_> = office.of("sydostra/kunskapsrad", "punkter");
    let shown: Vec<_> = packs.iter().map(|m| (line(m), units(m))).collect();
    assert_eq!(shown[0], ("03-13 0 -".to_owned(), vec!["l5", "l6"]));
    assert_eq!(shown[1].1, ["l1", "l5", "l6"]);
}
