//! A year of one programme area's handlingsplan, from one revision to the next. Read it as what the register promises.

use arshjul::answering::{AboutItem, AnswerError, AnswerOutcome, Handed, HandedOwners, Proposal, Wrong};
use arshjul::ids::ItemId;
use arshjul::items::promises::unkept;
use arshjul::items::register::{AssignmentState, LogKind};
use arshjul::items::versions::{Compared, Fate, Named, compare};
use arshjul::items::{Health, Item, Owner, Phase};
use arshjul::plan::model::{Matter, Opened};
use arshjul::store::{Advance, ItemChange, PlanState, PlanVersion};
use arshjul::workflow::model::Span;
use jiff::civil::Date;

use crate::store::Bench;
use crate::world::{Letter, RPO, World, moment, stories};

stories! {
    a_year_from_one_revision_to_the_next,
}

/// As it comes out of a document in January: one item has no owner, none has a next date, and one waits for an
/// assignment that nobody has given.
const PLAN: &str = "id;punkt;fas;hälsa;uppföljning;ägare;deadline;logg;uppdrag till
ai;Användning av AI;Pågår;Okänd;Antal verktyg;;;;
prover;Färre prover;Pågår;Grön;Antal prover;RAG Patologi/ordförande;;250318 Uppstart av mätningen;
kemi;Klinisk kemi på rätt sjukhus;Ej påbörjad;Okänd;;;;;RAG Laboratoriemedicin IT
grupper;Arbetsgrupper inom radiologi;Ej påbörjad;Okänd;Grupper som arbetar;RAG Nuklearmedicin/ordförande;På plats under våren 2025;;
";

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn id(row: &str) -> ItemId {
    ItemId::new(format!("{RPO}.{row}"))
}

/// One line for the log.
fn line(text: &str) -> AboutItem {
    AboutItem { line: Some(text.to_owned()), ..AboutItem::default() }
}

fn next(on: &str) -> AboutItem {
    AboutItem { next: Some(day(on)), ..AboutItem::default() }
}

#[track_caller]
fn says(letter: &Letter, what: &str) {
    let text = letter.text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains(what), "{text}");
}

impl World {
    async fn row(&self, row: &str) -> Item {
        self.store.unit(id(row).as_str()).await.unwrap().unwrap()
    }

    /// A person answers a question about one row of the plan.
    async fn says_of(&mut self, name: &str, step: &str, row: &str, answer: &str, item: AboutItem) {
        let unit = id(row).to_string();
        let about = |m: &Matter| m.step.as_str() == step && m.object.unit() == Some(&unit);
        let handed = Handed { item, ..Handed::default() };
        let done = self.try_handing_in(name, about, answer, &handed).await;
        assert!(matches!(done, Ok(AnswerOutcome::Answered(_))), "{name} about {row}: {done:?}");
    }

    /// The days on which a person was asked by a step or watch about a row, or told of it.
    fn asked_about(&self, name: &str, step: &str, row: &str) -> Vec<String> {
        let unit = id(row).to_string();
        let of = |key: &&String| {
            let part = |n| key.split(':').nth(n).unwrap();
            part(3) == step && part(2).contains(&unit)
        };
        let letters = self.mails_to(name).into_iter().filter(|letter| letter.keys.iter().any(|k| of(&k)));
        letters.map(|letter| crate::world::shown(letter.at)[..10].to_owned()).collect()
    }

    async fn versions(&self) -> Vec<PlanVersion> {
        self.store.plan_versions(&RPO.into()).await.unwrap()
    }

    async fn version(&self, state: PlanState) -> Option<PlanVersion> {
        self.versions().await.into_iter().find(|version| version.state == state)
    }
}

fn fates(compared: &Compared) -> Vec<(&str, &'static str)> {
    let word = |fate: &Fate| match fate {
        Fate::Kept => "kept",
        Fate::Renamed { .. } => "renamed",
        Fate::Changed => "changed",
        Fate::Closed { .. } => "closed",
        Fate::Vanished => "vanished",
        Fate::Added => "added",
        Fate::Returned { .. } => "returned",
    };
    compared.rows.iter().map(|row| (row.title.as_str(), word(&row.fate))).collect()
}

async fn a_year_from_one_revision_to_the_next(bench: Bench) -> World {
    let files = ["punkter", "statusrunda", "rpo", "handlingsplan", "uppdrag"];
    let mut world = World::new(bench, "2025-01-07").only(&files).plan(PLAN).started().await;
    january_the_first_questions(&mut world).await;
    february_a_round_before_the_meeting(&mut world).await;
    march_red_and_back(&mut world).await;
    april_the_assignment_is_given(&mut world).await;
    summer_somebody_asks_after_old_news(&mut world).await;
    autumn_the_plan_is_frozen_and_each_item_decided_on(&mut world).await;
    december_nothing_vanishes(&mut world).await;
    next_year_the_new_plan_is_asked_about(&mut world).await;
    world
}

/// "No owner, no next date" is the first question after an import.
async fn january_the_first_questions(world: &mut World) {
    world.advance_to("2025-01-07 16:00").await;
    assert_eq!(world.asked_about("petra", "utan-agare", "ai"), ["2025-01-07"]);
    assert_eq!(world.asked_about("pia", "utan-datum", "prover"), ["2025-01-07"]);
    // Until somebody has taken on the assignment, whoever shall give it is asked, and nobody else.
    assert_eq!(world.asked_about("petra", "uppdrag", "kemi"), ["2025-01-07"]);
    assert!(world.mails_to("lo").is_empty());

    world.clock.set(moment("2025-01-08 10:00"));
    let owner = HandedOwners { names: vec!["RAG Laboratoriemedicin IT/ordförande".to_owned()], all: false };
    let owned = AboutItem { owners: Some(owner), ..next("2025-03-03") };
    world.says_of("petra", "utan-agare", "ai", "agare", owned).await;
    world.says_of("pia", "utan-datum", "prover", "datum", next("2025-04-10")).await;
    assert_eq!(world.row("ai").await.next, Some(day("2025-03-03")));
}

/// One mail for each owner; afterwards everybody knows which item is missing.
async fn february_a_round_before_the_meeting(world: &mut World) {
    world.move_meeting("sydostra/rpo", RPO, "mote-1.2025", "2025-02-20").await;
    world.advance_to("2025-02-06 12:00").await;
    for (name, row) in [("lo", "ai"), ("pia", "prover"), ("nils", "grupper")] {
        assert_eq!(world.asked_about(name, "status", row), ["2025-02-06"], "{name}");
    }
    assert_eq!(world.of_step("petra", "ej-uppdragna"), ["2025-02-06 08:00 0"], "as one list");
    world.says_of("lo", "status", "ai", "oforandrad", AboutItem::default()).await;
    world.says_of("pia", "status", "prover", "uppdaterad", line("Tre sjukhus är med.")).await;
    world.advance_to("2025-02-19 16:00").await;
    let said = "2 av 3 punkter är uppdaterade inför RPO-möte 1, saknas: Arbetsgrupper inom radiologi";
    says(world.newest("petra", "lage"), said);
    says(world.newest("olle", "lage"), said);
}

/// Red that somebody else has set reaches owner and processtöd the same day. What was planned asks whether it came
/// about.
async fn march_red_and_back(world: &mut World) {
    world.advance_to("2025-03-12 10:40").await;
    let red = ItemChange { health: Some(Health::Red), ..ItemChange::default() };
    world.store.update_item(id("prover").as_str(), &red, "test", world.now()).await.unwrap();
    world.advance_to("2025-03-12 16:00").await;
    assert_eq!(world.asked_about("pia", "rod", "prover"), ["2025-03-12"]);
    assert_eq!(world.asked_about("petra", "rod", "prover"), ["2025-03-12"]);
    world.says_of("pia", "rod", "prover", "gul", line("Vi har fått hjälp.")).await;
    assert_eq!(world.row("prover").await.health, Health::Yellow);

    world.advance_to("2025-03-25 12:00").await;
    assert!(world.asked_about("petra", "rod-veckovis", "prover").is_empty(), "it was red for a day");
    assert_eq!(world.asked_about("pia", "planerat", "prover").len(), 1, "it came about or didn't");
    says(world.newest("pia", "planerat"), "Uppstart av mätningen");
    world.says_of("pia", "planerat", "prover", "ja", AboutItem::default()).await;
    let facts = world.store.facts().await.unwrap();
    let planned = facts.followed(&id("prover")).log.iter().find(|line| line.planned).unwrap().clone();
    assert!(planned.settled);
}

/// An assignment is drafted, approved, given and confirmed; from then on its receiver owns the item.
async fn april_the_assignment_is_given(world: &mut World) {
    world.advance_to("2025-04-01 10:00").await;
    assert!(world.mails_to("lo").iter().all(|l| !l.text.contains("Klinisk kemi")), "it isn't theirs yet");
    let number = world.store.facts().await.unwrap().assignments[0].number;
    world.store.advance_assignment(number, Advance::Approve, "test", world.now()).await.unwrap();
    let opened = Opened {
        title: "Uppdrag om klinisk kemi".to_owned(),
        span: Span::AllDay { first: day("2025-04-02"), last: day("2025-12-01") },
        place: None,
        note: None,
        link: None,
        receivers: vec!["rag-laboratoriemedicin-it".into()],
        answers: Vec::new(),
        diary: None,
        group: None,
    };
    let at = world.opens_as("sydostra/uppdrag", RPO, "givet", opened).await;
    world.store.advance_assignment(number, Advance::Give(&at), "test", world.now()).await.unwrap();
    world.advance_to("2025-04-02 12:00").await;
    world.answer("lo", "ta-emot", "bekraftat").await;
    let facts = world.store.facts().await.unwrap();
    assert_eq!(facts.assignments[0].state, AssignmentState::Confirmed);
    let owner = Owner::Role { body: "rag-laboratoriemedicin-it".into(), role: "ordforande".into() };
    assert_eq!(world.row("kemi").await.owners.list, [owner]);
}

/// What nobody has told anything of for 90 days is asked about once.
async fn summer_somebody_asks_after_old_news(world: &mut World) {
    world.advance_to("2025-09-30 16:00").await;
    assert_eq!(world.asked_about("pia", "inaktuell", "prover").len(), 1);
    world.says_of("pia", "inaktuell", "prover", "uppdatera", line("Målet är nått.")).await;
    // The promise of the spring is still there, and found by whoever asks.
    let present = world.store.present_plan(&RPO.into()).await.unwrap();
    let found = unkept(&present.plan.items, &present.followed, &[], day("2025-10-01"));
    let [promise] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((promise.title.as_str(), promise.overdue), ("Arbetsgrupper inom radiologi", 123));
    assert!(promise.not_started());
}

/// The plan is frozen; each item is kept, changed or closed; new ones are proposed with owner and next date.
async fn autumn_the_plan_is_frozen_and_each_item_decided_on(world: &mut World) {
    world.advance_to("2025-10-01 12:00").await;
    world.answer("petra", "oppna", "oppnat").await;
    let frozen = world.version(PlanState::Frozen).await.unwrap();
    assert_eq!((frozen.name.as_str(), frozen.content.rows().len()), ("2026", 4));

    world.advance_to("2025-10-24 12:00").await;
    for (name, row) in [("lo", "ai"), ("lo", "kemi"), ("pia", "prover"), ("nils", "grupper")] {
        assert_eq!(world.asked_about(name, "punkter", row), ["2025-10-24"], "{name} about {row}");
    }
    world.says_of("lo", "punkter", "ai", "behalls", AboutItem::default()).await;
    let changed = AboutItem { phase: Some(Phase::Ongoing), ..next("2026-03-02") };
    world.says_of("lo", "punkter", "kemi", "andras", changed).await;
    world
        .says_of("pia", "punkter", "prover", "avslutas", line("Proverna har minskat med en femtedel."))
        .await;
    assert_eq!(world.row("prover").await.phase, Phase::Done);
    let new = Proposal {
        title: "Jämförbara nyckeltal".to_owned(),
        activity: "Enas om fyra mått".to_owned(),
        owner: "RPO MD/processtöd".to_owned(),
        ..Proposal::default()
    };
    let propose = |next| Handed { items: vec![Proposal { next, ..new.clone() }], ..Handed::default() };
    let nya = |m: &Matter| m.step.as_str() == "nya";
    let refused = world.try_handing_in("kaj", nya, "forslag", &propose(None)).await;
    assert!(matches!(refused, Err(AnswerError::Handed(_))), "without a next date: {refused:?}");
    world.try_handing_in("kaj", nya, "forslag", &propose(Some(day("2026-02-02")))).await.unwrap();
    world.answer("jon", "nya", "inga").await;

    // Two weeks before it closes everybody knows what nobody has decided on, and the chair is told.
    world.advance_to("2025-12-05 12:00").await;
    let said =
        "3 av 4 punkter i Handlingsplanen revideras har fått svar, saknas: Arbetsgrupper inom radiologi";
    says(world.newest("petra", "lage"), said);
    for (name, day) in [("petra", "2025-11-17"), ("olle", "2025-12-05")] {
        assert!(world.of_step(name, "punkter").iter().any(|told| told.starts_with(day)), "{name}");
        says(world.newest(name, "punkter"), "Arbetsgrupper inom radiologi");
    }
    world.answer("olle", "godkann", "godkand").await;
    let approved = world.version(PlanState::Approved).await.unwrap();
    assert_eq!(approved.content.items.iter().filter(|item| item.title == new.title).count(), 1);
    let taken = approved.content.items.iter().find(|item| item.title == new.title).unwrap();
    assert_eq!(taken.phase, Phase::NotStarted, "with the plan it is decided on");
}

/// An item that somebody has ticked off without a word can't disappear: the plan can't be published.
async fn december_nothing_vanishes(world: &mut World) {
    let ticked = ItemChange { phase: Some(Phase::Done), ..ItemChange::default() };
    world.store.update_item(id("grupper").as_str(), &ticked, "test", world.now()).await.unwrap();
    world.advance_to("2025-12-12 12:00").await;
    says(world.newest("petra", "forsvinner"), "Arbetsgrupper inom radiologi");
    let publish = |m: &Matter| m.step.as_str() == "publicera";
    let link =
        Handed { link: Some("https://example.org/handlingsplan-2026".to_owned()), ..Handed::default() };
    let refused = world.try_handing_in("petra", publish, "publicerad", &link).await;
    let Err(AnswerError::Handed(wrong)) = refused else { panic!("{refused:?}") };
    assert_eq!(wrong, [Wrong::WouldVanish(vec!["Arbetsgrupper inom radiologi".to_owned()])]);
    assert!(world.version(PlanState::Published).await.is_none());
    let facts = world.store.facts().await.unwrap();
    assert!(
        facts.answers.iter().all(|given| given.matter.step.as_str() != "publicera"),
        "nothing is recorded"
    );

    world.says_of("nils", "utan-avslut", "grupper", "avslut", line("Görs av regionerna var för sig.")).await;
    world.try_handing_in("petra", publish, "publicerad", &link).await.unwrap();
    let published = world.version(PlanState::Published).await.unwrap();
    let frozen = world.version(PlanState::Frozen).await.unwrap();
    let present = world.store.present_plan(&RPO.into()).await.unwrap();
    let earlier: [Named<'_>; 0] = [];
    let compared = compare(&frozen.content, &published.content, &earlier, &present.followed);
    assert_eq!(
        fates(&compared),
        [
            ("Användning av AI", "kept"),
            ("Arbetsgrupper inom radiologi", "closed"),
            ("Klinisk kemi på rätt sjukhus", "changed"),
            ("Färre prover", "closed"),
            ("Jämförbara nyckeltal", "added"),
        ]
    );
    // Every change is in the log or the history, with who and when.
    let log = world.store.log_of(&id("grupper")).await.unwrap();
    let last = log.iter().find(|row| row.entry.kind == LogKind::Closing).unwrap();
    assert_eq!(last.who, world.person("nils").await.to_string());
}

/// The next year begins with a round about the new plan, and with nothing about what was closed.
async fn next_year_the_new_plan_is_asked_about(world: &mut World) {
    let before = world.letters.len();
    world.move_meeting("sydostra/rpo", RPO, "mote-1.2026", "2026-02-19").await;
    world.advance_to("2026-02-05 12:00").await;
    assert_eq!(world.asked_about("lo", "status", "ai").last().unwrap(), "2026-02-05");
    assert_eq!(world.asked_about("lo", "status", "kemi").last().unwrap(), "2026-02-05");
    says(world.newest("petra", "status"), "Jämförbara nyckeltal");
    let closed = ["Färre prover", "Arbetsgrupper inom radiologi"];
    let since = moment("2025-12-13");
    let about = world.letters[before..].iter().filter(|l| l.at > since);
    assert!(about.flat_map(|l| closed.map(|title| l.text.contains(title))).all(|said| !said));
}
