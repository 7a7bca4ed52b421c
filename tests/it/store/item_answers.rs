//! What an answer about an item does, with everything in one step or not at all.

use arshjul::answering::{
    self, AboutItem, AnswerError, AnswerOutcome, Handed, HandedOwners, Policy, Reply, Wrong,
};
use arshjul::calendar::QuietPeriods;
use arshjul::ids::PersonId;
use arshjul::items::register::{AssignmentState, LogEntry, LogKind, Precision, WaitOn};
use arshjul::items::{Health, Item, Owner, Owners, Phase};
use arshjul::plan::model::{Message, MessageKind, Object, Opened};
use arshjul::rules::Rules;
use arshjul::store::{Advance, ItemChange, NewAssignment, NewOccasion, PersonRow, Recorded, Store};
use arshjul::workflow::model::{Answer, Interval, Span, Takes};
use arshjul::workflow::shipped;
use jiff::civil::{Date, date};

use super::{Bench, at, conformance, message, plan};

conformance! {
    an_update_is_one_step_with_its_line,
    the_owners_reason_explains_red_and_another_persons_does_not,
    what_rests_rests_until_the_day_that_was_agreed,
    what_was_planned_gets_its_outcome,
    an_item_waits_for_the_next_meeting_once,
    an_answer_moves_an_assignment_on,
    owners_are_roles_and_registered_people,
    a_changed_answer_leaves_both_lines,
    nothing_is_written_when_something_is_wrong,
}

const RPO: &str = "rpo-medicinsk-diagnostik";
const TODAY: Date = date(2025, 10, 6);

/// A store with one item, its owner Olle and its processtöd Petra, both asked the same.
struct Asked {
    /// Kept: its folder goes with it.
    _bench: Bench,
    store: Store,
    rules: Rules,
    ask: Message,
    olle: PersonId,
    petra: PersonId,
}

async fn asked(bench: Bench, step: &str, object: Object, answers: Vec<Answer>) -> Asked {
    let store = bench.open().await;
    let rules = Rules::load(&shipped(), QuietPeriods::default()).unwrap();
    let now = at("2025-10-06T08:00");
    let row = |role: &str, name: &str| PersonRow {
        body: RPO.into(),
        role: role.into(),
        name: name.to_owned(),
        address: format!("{name}@example.org"),
        from: None,
        until: None,
        deputy: false,
    };
    let rows = [row("ordforande", "olle"), row("processtod", "petra")];
    store.save_people(&rows, "test", now).await.unwrap();
    let people = store.facts().await.unwrap().people;
    let id = |name: &str| people.persons.values().find(|p| p.name == name).unwrap().id.clone();
    let (olle, petra) = (id("olle"), id("petra"));
    let chair = Owner::Role { body: RPO.into(), role: "ordforande".into() };
    let known = Item::new(RPO.into(), "l5".into(), "Dialogforum", now);
    let item = Item { phase: Phase::Ongoing, health: Health::Yellow, owners: Owners::one(chair), ..known };
    store.save_items(&RPO.into(), &[item], "import", now).await.unwrap();
    let asks = [(&olle, "ordforande"), (&petra, "processtod")].map(|(person, role)| {
        let mut ask = message(step, MessageKind::Nudge, person.as_str(), now);
        ask.matter.workflow = "sydostra/punkter".into();
        ask.matter.body = Some(RPO.into());
        ask.matter.object = object.clone();
        ask.role = format!("{RPO}/{role}");
        ask.notice.answers = answers.clone();
        ask
    });
    plan(&store, &asks).await;
    let [ask, _] = asks;
    Asked { _bench: bench, store, rules, ask, olle, petra }
}

impl Asked {
    async fn says(
        &self,
        who: &PersonId,
        answer: &str,
        item: AboutItem,
        on: Option<Date>,
    ) -> Result<AnswerOutcome, AnswerError> {
        let handed = Handed { item, date: on, ..Handed::default() };
        let answer = answer.into();
        let reply = Reply {
            matter: &self.ask.matter,
            person: who,
            answer: &answer,
            handed: &handed,
            who: who.as_str(),
        };
        answering::answer(&self.store, &self.rules, &Policy::default(), &reply, at("2025-10-06T09:00")).await
    }

    async fn wrong(&self, answer: &str, item: AboutItem) -> Vec<Wrong> {
        match self.says(&self.olle, answer, item, None).await {
            Err(AnswerError::Handed(wrong)) => wrong,
            other => panic!("{other:?}"),
        }
    }

    async fn item(&self) -> Item {
        self.store.unit("l5").await.unwrap().unwrap()
    }

    async fn log(&self) -> Vec<(LogKind, String)> {
        let log = self.store.log_of(&"l5".into()).await.unwrap();
        log.into_iter().map(|row| (row.entry.kind, row.entry.text)).collect()
    }
}

fn takes(id: &str, takes: &[Takes]) -> Answer {
    Answer { takes: takes.to_vec(), ..Answer::plain(id.into(), id) }
}

fn update() -> Answer {
    takes("uppdatera", &[Takes::Phase, Takes::Health, Takes::Line, Takes::NextDate, Takes::Owner])
}

fn line(text: &str) -> AboutItem {
    AboutItem { line: Some(text.to_owned()), ..AboutItem::default() }
}

fn unit() -> Object {
    Object::Item("l5".to_owned())
}

async fn an_update_is_one_step_with_its_line(bench: Bench) {
    let world = asked(bench, "lage", unit(), vec![update()]).await;
    let revision = world.store.facts_revision().await.unwrap();
    let all =
        AboutItem {
            phase: Some(Phase::Waiting), next: Some(date(2025, 12, 1)), ..line("  Väntar\tpå RSL ")
        };
    let done = world.says(&world.olle, "uppdatera", all.clone(), None).await.unwrap();
    assert_eq!(done, AnswerOutcome::Answered(Recorded::New));
    assert_eq!(world.store.facts_revision().await.unwrap(), revision + 1, "one transaction");
    let item = world.item().await;
    assert_eq!((item.phase, item.next), (Phase::Waiting, Some(date(2025, 12, 1))));
    assert_eq!(world.log().await, [(LogKind::Report, "Väntar på RSL".to_owned())]);
    let again = world.says(&world.olle, "uppdatera", all, None).await.unwrap();
    assert!(matches!(again, AnswerOutcome::Answered(Recorded::Same { .. })), "{again:?}");
    assert_eq!(world.log().await.len(), 1);
    let more = world.says(&world.olle, "uppdatera", line("Fick svar"), None).await.unwrap();
    assert!(
        matches!(more, AnswerOutcome::Answered(Recorded::Changed { .. })),
        "another line is no repetition"
    );
    assert_eq!(world.log().await.len(), 2);
}

async fn the_owners_reason_explains_red_and_another_persons_does_not(bench: Bench) {
    let help = Answer { health: Some(Health::Red), ..takes("hjalp", &[Takes::Line]) };
    let better = Answer { health: Some(Health::Green), ..Answer::plain("gron".into(), "Grön") };
    let world = asked(bench, "lage", unit(), vec![help, better, takes("orsak", &[Takes::Line])]).await;
    assert_eq!(world.wrong("hjalp", AboutItem::default()).await, [Wrong::NoReason]);
    world.says(&world.petra, "hjalp", line("Ingen svarar"), None).await.unwrap();
    let item = world.item().await;
    assert_eq!((item.health, item.health_explained_by), (Health::Red, None));
    world.says(&world.olle, "orsak", line("Avtalet är överklagat, behöver jurist"), None).await.unwrap();
    assert_eq!(world.item().await.health_explained_by, Some(world.olle.clone()));
    world.says(&world.olle, "gron", AboutItem::default(), None).await.unwrap();
    let item = world.item().await;
    assert_eq!((item.health, item.health_explained_by), (Health::Green, None));
    world.says(&world.olle, "hjalp", line("Igen"), None).await.unwrap();
    assert_eq!(world.item().await.health_explained_by, Some(world.olle.clone()));
}

async fn what_rests_rests_until_the_day_that_was_agreed(bench: Bench) {
    let planned = Answer { rest_until_date: true, ..takes("planerad", &[Takes::Date]) };
    let weeks = Interval { count: 2, unit: arshjul::calendar::Unit::Weeks };
    let later = Answer { rest: Some(weeks), ..Answer::plain("senare".into(), "Senare") };
    let begun = Answer { phase: Some(Phase::Done), ..takes("klar", &[Takes::Line]) };
    let of = super::matter("lage").object.occasion().unwrap().clone();
    let round = Object::Part { of, part: "l5".to_owned() };
    let world = asked(bench, "lage", round, vec![planned, later, begun]).await;
    let past = world.says(&world.olle, "planerad", AboutItem::default(), Some(date(2025, 10, 6))).await;
    assert!(matches!(past, Err(AnswerError::Handed(wrong)) if wrong == [Wrong::DatePast { today: TODAY }]));
    world.says(&world.olle, "planerad", AboutItem::default(), Some(date(2026, 2, 1))).await.unwrap();
    assert_eq!(world.item().await.quiet_until, Some(date(2026, 2, 1)));
    world.says(&world.olle, "senare", AboutItem::default(), None).await.unwrap();
    assert_eq!(world.item().await.quiet_until, Some(date(2025, 10, 20)));
    assert_eq!(world.wrong("klar", AboutItem::default()).await, [Wrong::NoClosing]);
    world.says(&world.olle, "klar", line("Förvaltas nu av RAG"), None).await.unwrap();
    let item = world.item().await;
    assert_eq!(
        (item.phase, item.quiet_until),
        (Phase::Done, None),
        "what rested in one phase doesn't in the next"
    );
    assert_eq!(world.log().await, [(LogKind::Closing, "Förvaltas nu av RAG".to_owned())]);
}

/// A file whose watch asks what became of what was planned.
const PLANNED: &str = "title = \"Punkter\"\nfor = \"rpo\"\n[[watch]]\nid = \"blev\"\nitems = { planned-entry = true }\n\
    ask = \"Blev det av?\"\nto = \"owner\"\nfirst = \"at once\"\n[watch.answers]\nja = { label = \"Ja\" }\n\
    senare = { label = \"Senare\", rest = \"2 weeks\" }\n";

async fn what_was_planned_gets_its_outcome(bench: Bench) {
    let weeks = Interval { count: 2, unit: arshjul::calendar::Unit::Weeks };
    let later = Answer { rest: Some(weeks), ..Answer::plain("senare".into(), "Senare") };
    let mut world = asked(bench, "blev", unit(), vec![Answer::plain("ja".into(), "Ja"), later]).await;
    let mut files = shipped();
    files.retain(|file| file.path != "sydostra/punkter.toml");
    files.push(arshjul::workflow::SourceFile::new("sydostra/punkter.toml", PLANNED));
    world.rules = Rules::load(&files, QuietPeriods::default()).unwrap();
    let mut numbers = Vec::new();
    for (day, text) in
        [(date(2025, 9, 1), "Uppstart"), (date(2025, 9, 20), "Möte"), (date(2025, 12, 1), "Slut")]
    {
        let entry = LogEntry {
            part: None,
            day,
            precision: Precision::Day,
            kind: LogKind::Report,
            planned: true,
            text: text.to_owned(),
            doer: None,
            by: None,
            about: None,
        };
        numbers.push(
            world.store.add_to_log(&"l5".into(), &entry, "test", at("2025-08-01T08:00")).await.unwrap(),
        );
    }
    let outcomes = async || {
        let log = world.store.log_of(&"l5".into()).await.unwrap();
        log.into_iter().filter_map(|row| row.entry.about).collect::<Vec<_>>()
    };
    world.says(&world.olle, "senare", AboutItem::default(), None).await.unwrap();
    assert!(outcomes().await.is_empty(), "put off is no outcome");
    world.says(&world.olle, "ja", AboutItem::default(), None).await.unwrap();
    assert_eq!(outcomes().await, [numbers[0]]);
    let facts = world.store.facts().await.unwrap();
    let settled: Vec<bool> =
        facts.followed(&"l5".into()).log.iter().filter(|l| l.planned).map(|l| l.settled).collect();
    assert_eq!(settled, [true, false, false]);
}

async fn an_item_waits_for_the_next_meeting_once(bench: Bench) {
    let up = Answer { waits_for_meeting: true, ..Answer::plain("upp".into(), "Tas upp på nästa möte") };
    let world = asked(bench, "lage", unit(), vec![up]).await;
    for person in [&world.olle, &world.petra] {
        world.says(person, "upp", AboutItem::default(), None).await.unwrap();
    }
    let facts = world.store.facts().await.unwrap();
    let [wait] = facts.followed(&"l5".into()).waits.as_slice() else { panic!("one wait") };
    assert_eq!((&wait.on, wait.text.as_str(), wait.since), (&WaitOn::NextMeeting, "nästa möte", TODAY));
}

async fn an_answer_moves_an_assignment_on(bench: Bench) {
    let to = |id: &str, state| Answer { assignment: Some(state), ..Answer::plain(id.into(), id) };
    let answers = vec![
        to("beslutat", AssignmentState::Approved),
        to("ja", AssignmentState::Confirmed),
        to("noterat", AssignmentState::Noted),
    ];
    let world = asked(bench, "lage", unit(), answers).await;
    let new = NewAssignment {
        from: RPO.into(),
        to: "rag-patologi".into(),
        title: "Dialogforum".to_owned(),
        units: vec!["l5".to_owned()],
    };
    let number = world.store.draft_assignment(&new, "cli", at("2025-10-06T08:10")).await.unwrap();
    let state = async || world.store.facts().await.unwrap().assignments[0].state;
    world.says(&world.olle, "noterat", AboutItem::default(), None).await.unwrap();
    assert_eq!(state().await, AssignmentState::Drafted, "nothing is jumped over");
    world.says(&world.olle, "beslutat", AboutItem::default(), None).await.unwrap();
    assert_eq!(state().await, AssignmentState::Approved);
    let opened = Opened {
        title: "Dialogforum".to_owned(),
        span: Span::AllDay { first: date(2025, 11, 1), last: date(2025, 11, 1) },
        place: None,
        note: None,
        link: None,
        receivers: Vec::new(),
        answers: Vec::new(),
        diary: None,
        group: None,
    };
    let occasion = NewOccasion {
        workflow: &"sydostra/uppdrag".into(),
        body: None,
        entry: &"fran-rsl".into(),
        opened: &opened,
        renewed: false,
    };
    let given = world.store.open_occasion(&occasion, "cli", at("2025-10-06T08:20")).await.unwrap();
    world
        .store
        .advance_assignment(number, Advance::Give(&given), "cli", at("2025-10-06T08:20"))
        .await
        .unwrap();
    world.says(&world.olle, "ja", AboutItem::default(), None).await.unwrap();
    assert_eq!(state().await, AssignmentState::Confirmed);
}

async fn owners_are_roles_and_registered_people(bench: Bench) {
    let world = asked(bench, "lage", unit(), vec![update()]).await;
    let own = |names: &[&str], all| AboutItem {
        owners: Some(HandedOwners { names: names.iter().map(|name| (*name).to_owned()).collect(), all }),
        ..AboutItem::default()
    };
    let unknown = world.wrong("uppdatera", own(&["RAG Patologi/kejsare"], false)).await;
    assert_eq!(unknown, [Wrong::OwnerUnknown("RAG Patologi/kejsare".to_owned())]);
    let unknown = world.wrong("uppdatera", own(&["okand@example.org"], false)).await;
    assert_eq!(unknown, [Wrong::OwnerUnknown("okand@example.org".to_owned())]);
    world
        .says(&world.olle, "uppdatera", own(&["RAG Patologi/ordförande", "Petra@example.org"], true), None)
        .await
        .unwrap();
    let role = Owner::Role { body: "rag-patologi".into(), role: "ordforande".into() };
    let list = vec![role, Owner::Person(world.petra.clone())];
    assert_eq!(world.item().await.owners, Owners { list, all: true });
}

async fn a_changed_answer_leaves_both_lines(bench: Bench) {
    let begun = Answer {
        phase: Some(Phase::Ongoing),
        log: Some(LogKind::Decision),
        ..Answer::plain("a".into(), "Påbörjad")
    };
    let rests = Answer { phase: Some(Phase::Dormant), ..Answer::plain("b".into(), "Vilande") };
    let world = asked(bench, "lage", unit(), vec![begun, rests]).await;
    world.says(&world.olle, "a", AboutItem::default(), None).await.unwrap();
    world.says(&world.olle, "b", AboutItem::default(), None).await.unwrap();
    assert_eq!(world.item().await.phase, Phase::Dormant);
    let lines = [(LogKind::Decision, "Påbörjad".to_owned()), (LogKind::Report, "Vilande".to_owned())];
    assert_eq!(world.log().await, lines);
}

async fn nothing_is_written_when_something_is_wrong(bench: Bench) {
    let needs = Answer { needs: vec![Takes::NextDate, Takes::Line], ..update() };
    let world =
        asked(bench, "lage", unit(), vec![needs, Answer::plain("ingen".into(), "Ingen förändring")]).await;
    let before = world.store.facts_with_revision().await.unwrap();
    let missing = world.wrong("uppdatera", AboutItem::default()).await;
    let codes: Vec<&str> = missing.iter().map(Wrong::code).collect();
    assert_eq!(codes, ["missing", "missing"]);
    let past = AboutItem { next: Some(date(2025, 10, 5)), ..line("x") };
    assert_eq!(world.wrong("uppdatera", past).await, [Wrong::NextPast { today: TODAY }]);
    let untaken = AboutItem { phase: Some(Phase::Done), ..line("x") };
    let codes: Vec<&str> = world.wrong("ingen", untaken).await.iter().map(Wrong::code).collect();
    assert_eq!(codes, ["phase-not-taken", "line-not-taken"]);
    let number =
        world.wrong("uppdatera", AboutItem { next: Some(date(2025, 11, 1)), ..line("om 811218-9876") }).await;
    assert_eq!(number.iter().map(Wrong::code).collect::<Vec<_>>(), ["personal-number"]);
    assert!(!number[0].to_string().contains("9876"), "never repeated");
    assert_eq!(world.store.facts_with_revision().await.unwrap(), before);
    let change = ItemChange::default();
    assert!(!world.store.update_item("l5", &change, "test", at("2025-10-06T10:00")).await.unwrap());
}
