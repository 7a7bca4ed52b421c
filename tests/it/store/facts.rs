//! People, items, starts and dates.

use arshjul::ids::ItemId;
use arshjul::items::{Health, Item, Owner, Owners, Phase};
use arshjul::people::Holder;
use arshjul::plan::model::{EnteredDate, Startable, Starts};
use arshjul::store::{ImportReport, ItemChange, PersonRow, StoreError};
use arshjul::workflow::model::{Span, Status};
use jiff::civil::{Date, date};

use super::{Bench, at, conformance, occasion_ref};

conformance! {
    a_list_of_people_taken_twice_changes_nothing,
    a_person_is_known_by_the_address_whatever_its_case,
    a_corrected_term_is_corrected_and_a_later_one_added,
    a_list_that_says_things_twice_settles_at_once,
    a_wrong_row_refuses_the_whole_list,
    an_address_changes_and_the_person_stays,
    a_term_is_ended,
    items_are_recorded_when_they_change,
    an_item_of_another_body_is_refused,
    an_item_changes,
    a_start_keeps_its_first_moment,
    an_entered_date_replaces_the_one_before,
    only_what_changes_raises_the_revision,
    history_says_who_and_what_was_before,
}

fn row(role: &str, name: &str, address: &str, from: Option<Date>, until: Option<Date>) -> PersonRow {
    PersonRow {
        body: "rsl".into(),
        role: role.into(),
        name: name.to_owned(),
        address: address.to_owned(),
        from,
        until,
        deputy: false,
    }
}

fn report(added: usize, changed: usize, unchanged: usize) -> ImportReport {
    ImportReport { added, changed, unchanged }
}

async fn a_list_of_people_taken_twice_changes_nothing(bench: Bench) {
    let store = bench.open().await;
    let mut deputy = row("sekreterare", "Bo", "bo@example.org", Some(date(2025, 1, 1)), None);
    deputy.deputy = true;
    let list = [
        row("sekreterare", "Anna", "anna@example.org", None, Some(date(2025, 12, 31))),
        deputy,
        row("ordforande", "RSL", "rsl@example.org", None, None),
        row("ordforande", "Anna", "anna@example.org", Some(date(2026, 1, 1)), None),
    ];
    let now = at("2025-01-01T10:00");
    assert_eq!(store.save_people(&list, "import", now).await.unwrap(), report(4, 0, 0));
    let facts = store.facts().await.unwrap();
    assert_eq!(store.save_people(&list, "import", now).await.unwrap(), report(0, 0, 4));
    assert_eq!(store.facts().await.unwrap(), facts);

    let ids: Vec<_> = facts.people.persons.keys().map(|id| id.as_str()).collect();
    assert_eq!(ids, ["p1", "p2", "p3"]);
    assert_eq!(
        facts.people.holders.iter().find(|h| h.deputy),
        Some(&Holder {
            body: "rsl".into(),
            role: "sekreterare".into(),
            person: "p2".into(),
            from: Some(date(2025, 1, 1)),
            until: None,
            deputy: true,
        })
    );
}

async fn a_person_is_known_by_the_address_whatever_its_case(bench: Bench) {
    let store = bench.open().await;
    let now = at("2025-01-01T10:00");
    let list = |name, address| [row("sekreterare", name, address, None, None)];
    store.save_people(&list("Åsa", "asa.öberg@example.org"), "import", now).await.unwrap();
    let again = store.save_people(&list("Åsa", " ASA.ÖBERG@example.org"), "import", now).await.unwrap();
    assert_eq!(again, report(0, 0, 1));
    let renamed = store.save_people(&list("Åsa Ek", "asa.öberg@example.org"), "import", now).await.unwrap();
    assert_eq!(renamed, report(0, 1, 0));
    let people = store.facts().await.unwrap().people;
    assert_eq!(people.persons.len(), 1);
    assert_eq!(people.persons[&"p1".into()].name, "Åsa Ek");
}

async fn a_corrected_term_is_corrected_and_a_later_one_added(bench: Bench) {
    let store = bench.open().await;
    let now = at("2025-01-01T10:00");
    let anna = |from, until| [row("sekreterare", "Anna", "anna@example.org", from, until)];
    let save = async |from, until| store.save_people(&anna(from, until), "import", now).await.unwrap();
    assert_eq!(save(Some(date(2025, 1, 1)), None).await, report(1, 0, 0));
    assert_eq!(save(Some(date(2025, 2, 1)), Some(date(2025, 12, 31))).await, report(0, 1, 0));
    assert_eq!(save(Some(date(2026, 6, 1)), None).await, report(1, 0, 0));
    let holders = store.facts().await.unwrap().people.holders;
    let terms: Vec<_> = holders.iter().map(|h| (h.from, h.until)).collect();
    assert_eq!(terms, [(Some(date(2025, 2, 1)), Some(date(2025, 12, 31))), (Some(date(2026, 6, 1)), None)]);
}

async fn a_list_that_says_things_twice_settles_at_once(bench: Bench) {
    let store = bench.open().await;
    let now = at("2025-01-01T10:00");
    let mut deputy = row("sekreterare", "Anna B", "Anna@example.org", None, None);
    deputy.deputy = true;
    let anna = row("sekreterare", "Anna", "anna@example.org", None, None);
    let list = [anna.clone(), anna, deputy];
    assert_eq!(store.save_people(&list, "import", now).await.unwrap(), report(2, 0, 1));
    assert_eq!(store.save_people(&list, "import", now).await.unwrap(), report(0, 0, 3));
    let people = store.facts().await.unwrap().people;
    assert_eq!((people.persons.len(), people.holders.len()), (1, 2));
    assert_eq!(people.persons[&"p1".into()].name, "Anna");
}

async fn a_wrong_row_refuses_the_whole_list(bench: Bench) {
    let store = bench.open().await;
    let good = row("sekreterare", "Anna", "anna@example.org", None, None);
    let backwards =
        row("ordforande", "Bo", "bo@example.org", Some(date(2025, 5, 1)), Some(date(2025, 4, 30)));
    let nowhere = row("ordforande", "Cia", "  ", None, None);
    for (wrong, word) in [(backwards, "before it begins"), (nowhere, "no address")] {
        let list = [good.clone(), wrong];
        let refused =
            store.save_people(&list, "import", at("2025-01-01T10:00")).await.unwrap_err().to_string();
        assert!(refused.contains("row 2") && refused.contains(word), "{refused}");
        assert!(store.facts().await.unwrap().people.persons.is_empty());
    }
}

async fn an_address_changes_and_the_person_stays(bench: Bench) {
    let store = bench.open().await;
    let now = at("2025-01-01T10:00");
    let list = [
        row("sekreterare", "Anna", "anna@example.org", None, None),
        row("ordforande", "Bo", "bo@example.org", None, None),
    ];
    store.save_people(&list, "import", now).await.unwrap();
    let anna = "p1".into();
    assert!(store.set_person_address(&anna, " anna.ny@example.org ", "cli", now).await.unwrap());
    assert!(!store.set_person_address(&anna, "anna.ny@example.org", "cli", now).await.unwrap());
    assert_eq!(store.facts().await.unwrap().people.persons[&anna].address, "anna.ny@example.org");
    let taken = store.set_person_address(&anna, "BO@example.org", "cli", now).await.unwrap_err().to_string();
    assert!(taken.contains("Bo (`p2`)"), "{taken}");
    let unknown = store.set_person_address(&"p9".into(), "x@example.org", "cli", now).await;
    assert!(matches!(unknown, Err(StoreError::Refused(_))), "{unknown:?}");
}

async fn a_term_is_ended(bench: Bench) {
    let store = bench.open().await;
    let now = at("2025-01-01T10:00");
    let list = [row("sekreterare", "Anna", "anna@example.org", Some(date(2025, 1, 1)), None)];
    store.save_people(&list, "import", now).await.unwrap();
    let end =
        async |on| store.end_holder(&"rsl".into(), &"sekreterare".into(), &"p1".into(), on, "cli", now).await;
    assert!(end(date(2025, 6, 30)).await.unwrap());
    assert!(!end(date(2025, 6, 30)).await.unwrap());
    let facts = store.facts().await.unwrap();
    assert_eq!(facts.people.holders[0].until, Some(date(2025, 6, 30)));
    for wrong in [date(2024, 12, 31), date(2025, 7, 1)] {
        let refused = end(wrong).await.unwrap_err().to_string();
        assert!(refused.contains("does not hold rsl/sekreterare"), "{refused}");
    }
}

fn item(id: &str, part: Option<&str>, phase: Phase, health: Health) -> Item {
    let known =
        Item::new("rpo-ogon".into(), ItemId::from(id), "Ökad användning av AI", at("2001-01-01T00:00"));
    Item { part: part.map(str::to_owned), phase, health, ..known }
}

async fn items_are_recorded_when_they_change(bench: Bench) {
    let store = bench.open().await;
    let body = "rpo-ogon".into();
    let (first, second) = (at("2025-01-01T10:00"), at("2025-03-01T10:00"));
    let mut list = [
        item("l5", None, Phase::NotStarted, Health::Unknown),
        item("l12", Some("Lab"), Phase::Ongoing, Health::Green),
    ];
    list[0].owners = Owners::one(Owner::Role { body: "rpo-ogon".into(), role: "processtod".into() });
    list[0].phase_since = Some(date(2024, 11, 5));
    list[1].owners = Owners::one(Owner::Person("p1".into()));
    assert_eq!(store.save_items(&body, &list, "import", first).await.unwrap(), report(2, 0, 0));
    assert_eq!(store.save_items(&body, &list, "import", second).await.unwrap(), report(0, 0, 2));
    let rest = ItemChange { quiet_until: Some(Some(date(2025, 9, 1))), ..ItemChange::default() };
    store.update_item("l12~lab", &rest, "anna", first).await.unwrap();
    list[1].health = Health::Red;
    assert_eq!(store.save_items(&body, &list, "import", second).await.unwrap(), report(0, 1, 1));

    let mut lab = list[1].clone();
    (lab.phase_recorded, lab.health_recorded) = (first, second);
    (lab.owners_recorded, lab.next_recorded) = (first, first);
    lab.quiet_until = Some(date(2025, 9, 1));
    let mut whole = list[0].clone();
    (whole.phase_recorded, whole.health_recorded) = (first, first);
    (whole.owners_recorded, whole.next_recorded) = (first, first);
    assert_eq!(store.facts().await.unwrap().items, [lab, whole]);
}

async fn an_item_of_another_body_is_refused(bench: Bench) {
    let store = bench.open().await;
    let now = at("2025-01-01T10:00");
    let list = [item("l5", None, Phase::Ongoing, Health::Green)];
    let refused = store.save_items(&"rsl".into(), &list, "import", now).await.unwrap_err().to_string();
    assert!(refused.contains("plan of rpo-ogon, not to that of rsl"), "{refused}");
    store.save_items(&"rpo-ogon".into(), &list, "import", now).await.unwrap();
    let mut moved = list[0].clone();
    moved.body = "rsl".into();
    let refused = store.save_items(&"rsl".into(), &[moved], "import", now).await.unwrap_err().to_string();
    assert!(refused.contains("plan of rpo-ogon, not to that of rsl"), "{refused}");
}

async fn an_item_changes(bench: Bench) {
    let store = bench.open().await;
    let (first, second) = (at("2025-01-01T10:00"), at("2025-03-01T10:00"));
    let mut known = item("l5", None, Phase::NotStarted, Health::Green);
    known.phase_since = Some(date(2024, 12, 1));
    store.save_items(&"rpo-ogon".into(), &[known], "import", first).await.unwrap();
    let change =
        ItemChange { phase: Some(Phase::Ongoing), health: Some(Health::Green), ..ItemChange::default() };
    assert!(store.update_item("l5", &change, "anna", second).await.unwrap());
    assert!(!store.update_item("l5", &change, "anna", second).await.unwrap());
    let item = store.facts().await.unwrap().items.remove(0);
    assert_eq!((item.phase, item.phase_recorded, item.phase_since), (Phase::Ongoing, second, None));
    assert_eq!((item.health, item.health_recorded), (Health::Green, first));
    let missing = store.update_item("l6", &change, "anna", second).await.unwrap_err().to_string();
    assert!(missing.contains("no item `l6`"), "{missing}");
}

async fn a_start_keeps_its_first_moment(bench: Bench) {
    let store = bench.open().await;
    let workflow = Startable::Workflow("nationell/remisser".into());
    let parts = [workflow.clone(), Startable::Body("rsl".into()), Startable::Items("rsl".into())];
    assert_eq!(store.start(&parts[..1], at("2025-01-01T10:00"), "cli").await.unwrap(), 1);
    assert_eq!(store.start(&parts, at("2025-02-01T10:00"), "cli").await.unwrap(), 2);
    assert_eq!(store.start(&parts, at("2025-03-01T10:00"), "cli").await.unwrap(), 0);
    let Starts::Each(starts) = store.facts().await.unwrap().starts else { panic!("each by itself") };
    assert_eq!(starts.len(), 3);
    assert_eq!(starts[&workflow], at("2025-01-01T10:00"));
}

async fn an_entered_date_replaces_the_one_before(bench: Bench) {
    let store = bench.open().await;
    let now = at("2025-01-01T10:00");
    let here = occasion_ref("rsl");
    let mut joint = here.clone();
    joint.body = None;
    let date = |day| EnteredDate {
        span: Some(Span::AllDay { first: day, last: day }),
        place: Some("Linköping".to_owned()),
        status: Status::Confirmed,
        why: None,
    };
    let (old, new) = (date(date_of(3)), date(date_of(4)));
    assert!(store.enter_date(&here, &old, "cli", now).await.unwrap());
    assert!(store.enter_date(&joint, &old, "cli", now).await.unwrap());
    assert!(store.enter_date(&here, &new, "cli", now).await.unwrap());
    assert!(!store.enter_date(&here, &new, "cli", now).await.unwrap());
    let dates = store.facts().await.unwrap().dates;
    assert_eq!((&dates[&here], &dates[&joint]), (&new, &old));
}

fn date_of(day: i8) -> Date {
    date(2025, 9, day)
}

async fn only_what_changes_raises_the_revision(bench: Bench) {
    let store = bench.open().await;
    let now = at("2025-01-01T10:00");
    let list = [row("sekreterare", "Anna", "anna@example.org", None, None)];
    let items = [item("l5", None, Phase::NotStarted, Health::Green)];
    assert_eq!(store.facts_revision().await.unwrap(), 0);
    for expected in [4, 4] {
        store.save_people(&list, "import", now).await.unwrap();
        store.save_items(&"rpo-ogon".into(), &items, "import", now).await.unwrap();
        store.start(&[Startable::Body("rsl".into())], now, "cli").await.unwrap();
        let date = EnteredDate { span: None, place: None, status: Status::Cancelled, why: None };
        store.enter_date(&occasion_ref("rsl"), &date, "cli", now).await.unwrap();
        assert_eq!(store.facts_revision().await.unwrap(), expected);
        assert_eq!(store.facts_with_revision().await.unwrap().1, expected);
    }
}

async fn history_says_who_and_what_was_before(bench: Bench) {
    let store = bench.open().await;
    let now = at("2025-01-01T10:00");
    let items = [item("l5", None, Phase::NotStarted, Health::Green)];
    store.save_items(&"rpo-ogon".into(), &items, "import", now).await.unwrap();
    let change = ItemChange { phase: Some(Phase::Done), ..ItemChange::default() };
    store.update_item("l5", &change, "anna", at("2025-02-01T10:00")).await.unwrap();
    let history = store.history(10).await.unwrap();
    assert_eq!(history.len(), 2);
    let newest = &history[0];
    assert_eq!((newest.who.as_str(), newest.what.as_str()), ("anna", "item l5"));
    assert_eq!(newest.at, at("2025-02-01T10:00"));
    assert!(newest.before.as_ref().unwrap().contains("ej_paborjad"));
    assert!(newest.after.contains("avslutad"));
    assert_eq!(history[1].before, None);
}
