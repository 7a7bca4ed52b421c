//! The register behind the plan: log, cards, promises, waits, measures, assignments, and a whole plan taken in.

use std::collections::BTreeSet;

use arshjul::ids::ItemId;
use arshjul::items::register::{
    Activity, AssignmentState, Card, Deadline, LogEntry, LogKind, Precision, Promise, Wait, WaitKind, WaitOn,
};
use arshjul::items::table::{Row as TableRow, Stamp};
use arshjul::items::versions::Versioned;
use arshjul::items::{Item, Owner, Owners, Phase};
use arshjul::store::{
    Advance, ImportReport, ItemChange, MeasuredValue, NewAssignment, NewMeasure, NewPlan, NewPlanVersion,
    NewRow, PlanReport, PlanState, Store, StoreError, Taking,
};
use jiff::civil::{Date, date};

use super::{Bench, at, conformance, occasion_ref};

conformance! {
    lines_are_added_and_never_changed,
    what_became_of_a_planned_line_is_another_line,
    an_item_ends_with_a_reason_or_not_at_all,
    a_renamed_item_is_the_same_item,
    a_card_keeps_its_history,
    a_promise_is_met_and_stays,
    a_wait_ends_with_a_reason,
    measures_have_values_by_region_and_period,
    an_assignment_goes_forward_and_hands_over_its_units,
    a_plan_taken_twice_changes_nothing,
    what_a_plan_leaves_out_stays_and_is_told,
    a_row_is_read_with_everything_that_is_known_of_it,
    a_copy_of_the_plan_is_kept_once,
    what_was_exported_is_known_again,
}

const BODY: &str = "rpo-ogon";

fn item(id: &str, title: &str, part: Option<&str>) -> Item {
    let mut item = Item::new(BODY.into(), id.into(), title, at("2025-01-01T08:00"));
    item.part = part.map(str::to_owned);
    item
}

fn line(day: Date, kind: LogKind, text: &str) -> LogEntry {
    LogEntry {
        part: None,
        day,
        precision: Precision::Day,
        kind,
        planned: false,
        text: text.to_owned(),
        doer: None,
        by: None,
        about: None,
    }
}

fn planned(day: Date, text: &str) -> LogEntry {
    LogEntry { planned: true, ..line(day, LogKind::Report, text) }
}

fn spring() -> Deadline {
    Deadline {
        day: date(2025, 5, 31),
        precision: Precision::Season,
        text: "våren 2025".to_owned(),
        stated: date(2025, 1, 10),
        met: false,
    }
}

fn for_the_meeting() -> Wait {
    Wait {
        number: 0,
        part: None,
        kind: WaitKind::Meeting,
        text: "nästa möte".to_owned(),
        on: WaitOn::NextMeeting,
        since: date(2025, 1, 10),
    }
}

/// A store with `l1` and the two parts of `l2`.
async fn store_with_items(bench: &Bench) -> Store {
    let store = bench.open().await;
    let list = [
        item("l1", "Bilder", None),
        item("l2", "Prover", Some("Lab")),
        item("l2", "Prover", Some("Röntgen")),
    ];
    store.save_items(&BODY.into(), &list, "import", at("2025-01-10T08:00")).await.unwrap();
    store
}

fn refusal<T: std::fmt::Debug>(result: Result<T, StoreError>) -> String {
    match result.unwrap_err() {
        StoreError::Refused(what) => what,
        other => panic!("{other:?}"),
    }
}

async fn lines_are_added_and_never_changed(bench: Bench) {
    let store = store_with_items(&bench).await;
    let (l1, now) = (ItemId::from("l1"), at("2025-02-10T08:00"));
    let revision = store.facts_revision().await.unwrap();
    let decided = LogEntry {
        doer: Some("laboratoriecheferna".to_owned()),
        by: Some(date(2025, 4, 1)),
        ..line(date(2025, 2, 6), LogKind::Decision, "Vi går vidare")
    };
    let later =
        store.add_to_log(&l1, &line(date(2025, 2, 7), LogKind::Note, "Telefon"), "p1", now).await.unwrap();
    let first = store.add_to_log(&l1, &decided, "p1", now).await.unwrap();
    assert!(first > later, "numbers go up");
    assert_eq!(store.facts_revision().await.unwrap(), revision + 2);
    let log = store.log_of(&l1).await.unwrap();
    let days: Vec<_> = log.iter().map(|row| row.entry.day.day()).collect();
    assert_eq!((days, &log[0].entry, log[0].who.as_str()), (vec![6, 7], &decided, "p1"));
    assert_eq!(store.facts().await.unwrap().followed(&l1).log.len(), 2);

    for sql in ["DELETE FROM log", "UPDATE log SET text = 'nej'", "DELETE FROM log WHERE number = 1"] {
        assert!(bench.tamper(sql).await.is_err(), "{sql}");
    }
    let nobody = store.add_to_log(&"l9".into(), &decided, "p1", now).await;
    assert!(refusal(nobody).contains("no item `l9`"));
    let empty = store.add_to_log(&l1, &line(date(2025, 2, 8), LogKind::Report, " "), "p1", now).await;
    assert!(refusal(empty).contains("says nothing"));
    store.add_to_log(&l1, &line(date(2025, 2, 8), LogKind::Unchanged, ""), "p1", now).await.unwrap();
}

async fn what_became_of_a_planned_line_is_another_line(bench: Bench) {
    let store = store_with_items(&bench).await;
    let (l1, now) = (ItemId::from("l1"), at("2025-02-10T08:00"));
    let coming = store.add_to_log(&l1, &planned(date(2025, 3, 9), "Uppstart"), "p1", now).await.unwrap();
    let open = async || store.facts().await.unwrap().followed(&l1).log[0].clone();
    assert_eq!((open().await.settled, open().await.text.as_deref()), (false, Some("Uppstart")));
    let outcome = LogEntry { about: Some(coming), ..line(date(2025, 3, 10), LogKind::Report, "Det blev av") };
    let number = store.add_to_log(&l1, &outcome, "p1", now).await.unwrap();
    assert!(open().await.settled);
    let about = |about| LogEntry { about: Some(about), ..outcome.clone() };
    assert!(refusal(store.add_to_log(&l1, &about(number), "p1", now).await).contains("no planned line"));
    assert!(refusal(store.add_to_log(&"l2".into(), &about(coming), "p1", now).await).contains("`l2`"));
    assert!(refusal(store.add_to_log(&l1, &about(99), "p1", now).await).contains("no line 99"));
}

async fn an_item_ends_with_a_reason_or_not_at_all(bench: Bench) {
    let store = store_with_items(&bench).await;
    let (day, now) = (date(2025, 3, 1), at("2025-03-01T08:00"));
    assert!(refusal(store.close_item("l2~lab", "  ", day, "p1", now).await).contains("says nothing"));
    assert_eq!(store.unit("l2~lab").await.unwrap().unwrap().phase, Phase::Unknown, "both or neither");
    assert!(store.close_item("l2~lab", "Infört i alla regioner", day, "p1", now).await.unwrap());
    assert_eq!(store.unit("l2~lab").await.unwrap().unwrap().phase, Phase::Done);
    assert_eq!(store.unit("l2~rontgen").await.unwrap().unwrap().phase, Phase::Unknown);
    let log = store.log_of(&"l2".into()).await.unwrap();
    assert_eq!((log[0].entry.kind, log[0].entry.part.as_deref()), (LogKind::Closing, Some("Lab")));
    assert!(refusal(store.close_item("l9", "Klart", day, "p1", now).await).contains("no item `l9`"));
}

async fn a_renamed_item_is_the_same_item(bench: Bench) {
    let store = store_with_items(&bench).await;
    let (l2, now) = (ItemId::from("l2"), at("2025-03-01T08:00"));
    assert!(store.rename_item(&l2, "Provsvar", date(2025, 3, 1), "p1", now).await.unwrap());
    assert!(!store.rename_item(&l2, "Provsvar", date(2025, 3, 2), "p1", now).await.unwrap());
    for unit in ["l2~lab", "l2~rontgen"] {
        assert_eq!(store.unit(unit).await.unwrap().unwrap().title, "Provsvar");
    }
    let card = store.card_of(&l2).await.unwrap();
    assert_eq!(card.earlier_titles, [("Prover".to_owned(), date(2025, 3, 1))]);
    // Who saves the card later doesn't lose what it was called.
    let new = Card { follow_up: Some("Tid till svar".to_owned()), ..Card::default() };
    assert!(store.save_card(&l2, &new, "p1", now).await.unwrap());
    assert_eq!(store.card_of(&l2).await.unwrap().earlier_titles.len(), 1);
    assert!(refusal(store.rename_item(&l2, " ", date(2025, 3, 2), "p1", now).await).contains("title"));
    assert!(refusal(store.rename_item(&"l9".into(), "X", date(2025, 3, 2), "p1", now).await).contains("l9"));
}

async fn a_card_keeps_its_history(bench: Bench) {
    let store = store_with_items(&bench).await;
    let (l1, now) = (ItemId::from("l1"), at("2025-03-01T08:00"));
    assert_eq!(store.card_of(&l1).await.unwrap(), Card::default());
    let mut card = Card {
        promises: BTreeSet::from([Promise::Available, Promise::Safe]),
        activities: vec![Activity { text: "Kartlägg".to_owned(), mark: Some("NY".to_owned()) }],
        ..Card::default()
    };
    assert!(store.save_card(&l1, &card, "p1", now).await.unwrap());
    assert!(!store.save_card(&l1, &card, "p1", now).await.unwrap());
    assert!(!store.facts().await.unwrap().followed(&l1).follow_up);
    card.follow_up = Some("Antal bilder".to_owned());
    assert!(store.save_card(&l1, &card, "p2", now).await.unwrap());
    assert!(store.facts().await.unwrap().followed(&l1).follow_up);
    let history = store.history_of(&l1).await.unwrap();
    let cards: Vec<_> = history.iter().filter(|row| row.what == "card l1").collect();
    assert_eq!((cards.len(), cards[1].who.as_str()), (2, "p2"));
    assert_eq!(cards[1].before.as_ref(), Some(&cards[0].after));
    assert!(history.iter().any(|row| row.what == "item l1"));
}

async fn a_promise_is_met_and_stays(bench: Bench) {
    let store = store_with_items(&bench).await;
    let (l1, now) = (ItemId::from("l1"), at("2025-06-10T08:00"));
    assert!(store.add_deadline(&l1, &spring(), "p1", now).await.unwrap());
    assert!(!store.add_deadline(&l1, &spring(), "p1", now).await.unwrap());
    assert!(bench.tamper("DELETE FROM deadline").await.is_err());
    let wrong = store.meet_deadline(&l1, date(2025, 6, 1), None, "p1", now).await;
    assert!(refusal(wrong).contains("no such deadline on 2025-06-01"));
    let other = store.meet_deadline(&l1, date(2025, 5, 31), Some("hösten"), "p1", now).await;
    assert!(refusal(other).contains("no such deadline"));
    assert!(store.meet_deadline(&l1, date(2025, 5, 31), Some("våren 2025"), "p1", now).await.unwrap());
    assert!(!store.meet_deadline(&l1, date(2025, 5, 31), None, "p1", now).await.unwrap());
    let met = Deadline { met: true, ..spring() };
    assert_eq!(store.deadlines_of(&l1).await.unwrap(), [met]);
}

async fn a_wait_ends_with_a_reason(bench: Bench) {
    let store = store_with_items(&bench).await;
    let (l1, now, day) = (ItemId::from("l1"), at("2025-06-10T08:00"), date(2025, 6, 10));
    let number = store.add_wait(&l1, &for_the_meeting(), "p1", now).await.unwrap();
    let waits = store.facts().await.unwrap().followed(&l1).waits.clone();
    assert_eq!(waits, [Wait { number, ..for_the_meeting() }]);
    assert!(refusal(store.end_wait(number, "", day, "p1", now).await).contains("why"));
    assert!(refusal(store.end_wait(number + 1, "Klart", day, "p1", now).await).contains("no wait"));
    assert!(store.end_wait(number, "Mötet har varit", day, "p1", now).await.unwrap());
    assert!(!store.end_wait(number, "Mötet har varit", day, "p1", now).await.unwrap());
    assert!(store.facts().await.unwrap().followed(&l1).waits.is_empty());
    assert!(store.history_of(&l1).await.unwrap().last().unwrap().after.contains("Mötet har varit"));
    assert!(bench.tamper("UPDATE wait SET why = NULL").await.is_err(), "an end has a reason");
}

async fn measures_have_values_by_region_and_period(bench: Bench) {
    let store = store_with_items(&bench).await;
    let (l1, now) = (ItemId::from("l1"), at("2025-06-10T08:00"));
    let measure = NewMeasure {
        item: l1.clone(),
        name: "Svarstid".to_owned(),
        unit: "dagar".to_owned(),
        target: "högst 5".to_owned(),
        source: "Laboratoriernas system".to_owned(),
    };
    let number = store.add_measure(&measure, "p1", now).await.unwrap();
    assert!(refusal(store.add_measure(&measure, "p1", now).await).contains("already"));
    assert!(
        !store.facts().await.unwrap().followed(&l1).follow_up,
        "a measure without a value follows nothing up"
    );
    let value = |region: &str, period: &str, value: &str| MeasuredValue {
        measure: number,
        region: region.into(),
        period: period.to_owned(),
        value: value.to_owned(),
    };
    assert!(store.set_value(&value("rkl", "2025 T1", "7"), "p1", now).await.unwrap());
    assert!(!store.set_value(&value("rkl", "2025 T1", "7"), "p2", now).await.unwrap());
    assert!(store.set_value(&value("rkl", "2025 T1", "6"), "p2", now).await.unwrap());
    let change = ItemChange { values: vec![value("rjl", "2025 T1", "4")], ..ItemChange::default() };
    assert!(store.update_item("l1", &change, "p3", now).await.unwrap());
    assert!(!store.update_item("l1", &change, "p3", now).await.unwrap());
    assert!(refusal(store.update_item("l2~lab", &change, "p3", now).await).contains("of `l2`"));
    let wrong = MeasuredValue { measure: 99, ..value("rkl", "2025 T1", "6") };
    assert!(refusal(store.set_value(&wrong, "p1", now).await).contains("no measure 99"));
    let measures = store.measures_of(&l1).await.unwrap();
    assert_eq!(measures[0].measure, measure);
    let values: Vec<_> =
        measures[0].values.iter().map(|v| (v.value.value.as_str(), v.who.as_str())).collect();
    assert_eq!(values, [("4", "p3"), ("6", "p2")]);
    assert!(store.facts().await.unwrap().followed(&l1).follow_up);
    let history = store.history_of(&l1).await.unwrap();
    let changed = history.iter().find(|row| row.what == "measure l1" && row.before.is_some()).unwrap();
    assert!(changed.before.as_ref().unwrap().contains("\"7\""), "{changed:?}");
}

async fn an_assignment_goes_forward_and_hands_over_its_units(bench: Bench) {
    let store = store_with_items(&bench).await;
    let now = at("2025-06-10T08:00");
    let new = NewAssignment {
        from: BODY.into(),
        to: "rag-lab".into(),
        title: "Ta fram ett förslag".to_owned(),
        units: vec!["l2~lab".to_owned()],
    };
    let number = store.draft_assignment(&new, "p1", now).await.unwrap();
    let at_work = occasion_ref("sydostra/uppdrag");
    let owner = Owner::Role { body: "rag-lab".into(), role: "ordforande".into() };
    let go = async |how: Advance<'_>| store.advance_assignment(number, how, "p1", now).await;
    let steps = [
        Advance::Approve,
        Advance::Give(&at_work),
        Advance::Confirm(&owner),
        Advance::Report(&owner),
        Advance::Note,
    ];
    for (done, step) in steps.iter().enumerate() {
        for wrong in
            steps.iter().enumerate().filter(|(n, _)| *n != done && n + 1 != done).map(|(_, step)| *step)
        {
            if !(matches!(wrong, Advance::Report(_)) && done == 2) {
                assert!(refusal(go(wrong).await).contains("can't become"), "{done}: {wrong:?}");
            }
        }
        let owners = store.unit("l2~lab").await.unwrap().unwrap().owners;
        assert_eq!(owners.is_none(), done < 3, "until it is confirmed nobody's owner changes");
        assert!(go(*step).await.unwrap());
        assert!(!go(*step).await.unwrap(), "twice is once");
    }
    let known = store.facts().await.unwrap().assignments.remove(0);
    assert_eq!((known.state, known.at.as_ref()), (AssignmentState::Noted, Some(&at_work)));
    assert_eq!(store.unit("l2~lab").await.unwrap().unwrap().owners, Owners::one(owner.clone()));
    assert!(store.unit("l2~rontgen").await.unwrap().unwrap().owners.is_none());

    // A report without a confirmation takes it on too.
    let second = NewAssignment { units: vec!["l1".to_owned()], ..new.clone() };
    let number = store.draft_assignment(&second, "p1", now).await.unwrap();
    for step in [Advance::Approve, Advance::Give(&at_work), Advance::Report(&owner)] {
        assert!(store.advance_assignment(number, step, "p1", now).await.unwrap());
    }
    assert_eq!(store.unit("l1").await.unwrap().unwrap().owners, Owners::one(owner));

    for wrong in [
        NewAssignment { to: BODY.into(), ..new.clone() },
        NewAssignment { units: vec![], ..new.clone() },
        NewAssignment { units: vec!["l9".to_owned()], ..new.clone() },
        NewAssignment { from: "rpo-hud".into(), ..new.clone() },
    ] {
        refusal(store.draft_assignment(&wrong, "p1", now).await);
    }
    refusal(store.advance_assignment(99, Advance::Approve, "p1", now).await);
}

fn plan_row() -> NewRow {
    NewRow {
        id: "l5".into(),
        units: vec![Item { phase: Phase::NotStarted, ..item("l5", "Nya grupper", None) }],
        card: Card { focus_area: Some("Stöd".to_owned()), ..Card::default() },
        log: vec![line(date(2025, 1, 6), LogKind::Report, "Beslutat"), planned(date(2025, 3, 1), "Start")],
        deadlines: vec![spring()],
        waits: vec![for_the_meeting()],
    }
}

async fn take(store: &Store, rows: &[NewRow], version: Option<&str>) -> PlanReport {
    let assignments = [NewAssignment {
        from: BODY.into(),
        to: "rag-lab".into(),
        title: "Nya grupper".to_owned(),
        units: vec!["l5".to_owned()],
    }];
    let plan = NewPlan {
        body: &BODY.into(),
        rows,
        assignments: &assignments,
        as_of: date(2025, 1, 10),
        recorded: at("2025-01-10T00:00"),
        version,
    };
    let expected = store.would_take(&Taking::of(plan), at("2025-04-01T08:00")).await.unwrap();
    let report = store.take_plan(&plan, "import", at("2025-04-01T08:00")).await.unwrap();
    assert_eq!(expected, report, "what was said beforehand is what happened");
    report
}

async fn a_plan_taken_twice_changes_nothing(bench: Bench) {
    let store = store_with_items(&bench).await;
    let first = take(&store, &[plan_row()], Some("2025")).await;
    assert_eq!(first.units, ImportReport { added: 1, changed: 0, unchanged: 0 });
    let done = (first.cards, first.lines, first.deadlines, first.waits, first.assignments, first.version);
    assert_eq!(done, (1, 2, 1, 1, 1, true));
    let facts = store.facts().await.unwrap();
    assert_eq!(
        facts.items.iter().find(|i| i.id.as_str() == "l5").unwrap().phase_recorded,
        at("2025-01-10T00:00")
    );
    let again = take(&store, &[plan_row()], Some("2025")).await;
    assert!(!again.changed(), "{again:?}");
    assert_eq!(store.facts().await.unwrap(), facts);

    // What has been done since isn't undone by the same file.
    let (wait, now) = (facts.followed(&"l5".into()).waits[0].number, at("2025-04-02T08:00"));
    store.end_wait(wait, "Mötet har varit", date(2025, 4, 2), "p1", now).await.unwrap();
    let owners = Owners::one(Owner::Person("p1".into()));
    let change = ItemChange { owners: Some(owners.clone()), ..ItemChange::default() };
    store.update_item("l5", &change, "p1", now).await.unwrap();
    assert!(!take(&store, &[plan_row()], None).await.changed());
    assert_eq!(store.unit("l5").await.unwrap().unwrap().owners, owners);
}

async fn what_a_plan_leaves_out_stays_and_is_told(bench: Bench) {
    let store = store_with_items(&bench).await;
    store.close_item("l1", "Klart", date(2025, 3, 1), "p1", at("2025-03-01T08:00")).await.unwrap();
    let mut row = plan_row();
    let report = take(&store, std::slice::from_ref(&row), None).await;
    let missing: Vec<String> = report.missing.iter().map(Item::unit).collect();
    assert_eq!(missing, ["l2~lab", "l2~rontgen"], "what was closed has its entry");
    assert_eq!(store.facts().await.unwrap().items.len(), 4);

    row.units[0].title = "Grupper i radiologi".to_owned();
    row.card = Card::default();
    let renamed = take(&store, &[row], None).await;
    assert_eq!(renamed.renamed, [("l5".into(), "Nya grupper".to_owned(), "Grupper i radiologi".to_owned())]);
    assert_eq!(renamed.units, ImportReport { added: 0, changed: 1, unchanged: 0 });
    let card = store.card_of(&"l5".into()).await.unwrap();
    assert_eq!(card.earlier_titles, [("Nya grupper".to_owned(), date(2025, 1, 10))]);
    assert_eq!(card.focus_area.as_deref(), Some("Stöd"), "what a file leaves out stays");
    let elsewhere = NewPlan {
        body: &"rpo-hud".into(),
        rows: &[plan_row()],
        assignments: &[],
        as_of: date(2025, 1, 10),
        recorded: at("2025-01-10T00:00"),
        version: None,
    };
    let refused = store.take_plan(&elsewhere, "import", at("2025-04-01T08:00")).await;
    assert!(refusal(refused).contains("belongs to the plan of rpo-ogon"));
    assert_eq!(store.unit("l5").await.unwrap().unwrap().title, "Grupper i radiologi", "nothing was taken");
}

async fn a_row_is_read_with_everything_that_is_known_of_it(bench: Bench) {
    let store = store_with_items(&bench).await;
    take(&store, &[plan_row()], None).await;
    let (l5, now) = (ItemId::from("l5"), at("2025-04-02T08:00"));
    let measure = NewMeasure {
        item: l5.clone(),
        name: "Grupper".to_owned(),
        unit: String::new(),
        target: "4".to_owned(),
        source: String::new(),
    };
    store.add_measure(&measure, "p1", now).await.unwrap();
    let register = store.register(&BODY.into()).await.unwrap();
    let ids: Vec<_> = register.iter().map(|row| (row.id.as_str(), row.units.len())).collect();
    assert_eq!(ids, [("l1", 1), ("l2", 2), ("l5", 1)]);
    let row = store.register_row(&l5).await.unwrap().unwrap();
    assert_eq!(row, register[2]);
    let known = (row.log.len(), row.deadlines.len(), row.waits.len(), row.measures.len());
    assert_eq!(known, (2, 1, 1, 1));
    assert_eq!(row.card.focus_area.as_deref(), Some("Stöd"));
    assert_eq!(store.register_row(&"l9".into()).await.unwrap(), None);
    assert!(store.register(&"rpo-hud".into()).await.unwrap().is_empty());
}

async fn a_copy_of_the_plan_is_kept_once(bench: Bench) {
    let store = store_with_items(&bench).await;
    let units = store.facts().await.unwrap().items;
    let body = BODY.into();
    let all = Versioned { items: units, ..Versioned::default() };
    let one = Versioned { items: all.items[..1].to_vec(), ..Versioned::default() };
    let new = |state, content| NewPlanVersion { body: &body, name: "2025", state, content };
    let now = at("2025-10-01T08:00");
    assert!(store.keep_plan_version(&new(PlanState::Frozen, &all), "p1", now).await.unwrap());
    assert!(!store.keep_plan_version(&new(PlanState::Frozen, &one), "p1", now).await.unwrap());
    assert!(store.keep_plan_version(&new(PlanState::Approved, &one), "p1", now).await.unwrap());
    let kept = store.plan_versions(&body).await.unwrap();
    let states: Vec<_> = kept.iter().map(|version| (version.state, version.content.items.len())).collect();
    assert_eq!(states, [(PlanState::Frozen, 3), (PlanState::Approved, 1)]);
    assert_eq!((&kept[0].content, kept[0].name.as_str()), (&all, "2025"));
}

async fn what_was_exported_is_known_again(bench: Bench) {
    let store = store_with_items(&bench).await;
    let body = BODY.into();
    let rows: Vec<TableRow> = store
        .register(&body)
        .await
        .unwrap()
        .iter()
        .map(|row| TableRow::of(&row.units, &row.card, row.log.iter().map(|line| &line.entry)))
        .collect();
    let (day, now) = (date(2025, 10, 1), at("2025-10-01T08:00"));
    let first = store.keep_export(&body, day, &rows, "p1", now).await.unwrap();
    assert_eq!(store.keep_export(&body, day, &rows, "p2", now).await.unwrap(), first);
    let second = store.keep_export(&body, day, &rows[..1], "p1", now).await.unwrap();
    assert!(second.number > first.number);
    let known = store.exported(&first).await.unwrap().unwrap();
    assert_eq!((known.as_of, &known.rows), (day, &rows));
    let others = Stamp { body: "rpo-hud".into(), ..first };
    assert_eq!(store.exported(&others).await.unwrap(), None);
}
