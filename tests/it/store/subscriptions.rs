//! Private feeds: made once for each press, revoked, left behind, fetched.

use arshjul::plan::model::{Fetched, Shows};
use arshjul::store::{MOST_SUBSCRIPTIONS, NewSubscription, Store, Subscription, SubscriptionState};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};

use super::{Bench, conformance};

conformance! {
    a_feed_is_made_once_and_revoked_for_good,
    whoever_has_left_has_left_their_feeds,
    a_fetch_takes_nothing_back,
}

static OWN: Shows = Shows::Own { attends: Vec::new() };

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn person(store: &Store) -> arshjul::ids::PersonId {
    let row = arshjul::store::PersonRow {
        body: "rsl".into(),
        role: "ledamot".into(),
        name: "Anna".to_owned(),
        address: "anna@example.org".to_owned(),
        from: None,
        until: None,
        deputy: false,
    };
    store.save_people(&[row], "test", at("2025-01-01T08:00:00Z")).await.unwrap();
    store.person_by_address("anna@example.org").await.unwrap().unwrap().id
}

fn new(seed: u8, person: Option<&arshjul::ids::PersonId>) -> NewSubscription<'_> {
    let mails = person.is_some();
    NewSubscription { hash: [seed; 32], person, name: "Outlook jobb", shows: &OWN, titles_only: false, mails }
}

async fn live(store: &Store, seed: u8, now: Timestamp) -> Subscription {
    match store.subscription(&[seed; 32], now).await.unwrap() {
        SubscriptionState::Live(found) => found,
        other => panic!("{other:?}"),
    }
}

async fn a_feed_is_made_once_and_revoked_for_good(bench: Bench) {
    let store = bench.open().await;
    let (anna, now) = (person(&store).await, at("2025-02-01T08:00:00Z"));
    assert_eq!(store.subscribe(&new(1, Some(&anna)), Some(0), "anna", now).await.unwrap(), Some(1));
    let revision = store.facts_revision().await.unwrap();
    assert_eq!(
        store.subscribe(&new(2, Some(&anna)), Some(0), "anna", now).await.unwrap(),
        None,
        "sent twice"
    );
    assert_eq!(store.facts_revision().await.unwrap(), revision);
    assert!(store.subscribe(&new(1, Some(&anna)), None, "anna", now).await.is_err(), "a secret is one's own");
    let found = live(&store, 1, now).await;
    assert_eq!((found.name.as_str(), found.issued, found.fetched), ("Outlook jobb", now, None));
    let facts = store.facts().await.unwrap();
    assert_eq!(facts.subscriptions.len(), 1);

    assert!(store.mail_about_subscription(1, false, "anna", now).await.unwrap());
    assert!(!store.mail_about_subscription(1, false, "anna", now).await.unwrap());
    assert!(store.revoke_subscription(1, "anna", now).await.unwrap());
    assert!(!store.revoke_subscription(1, "anna", now).await.unwrap());
    assert_eq!(store.subscription(&[1; 32], now).await.unwrap(), SubscriptionState::Revoked);
    assert_eq!(store.subscription(&[9; 32], now).await.unwrap(), SubscriptionState::Unknown);
    assert!(store.facts().await.unwrap().subscriptions.is_empty());

    // The hash of what was revoked stays: its address is never good for anything else.
    assert!(store.subscribe(&new(1, Some(&anna)), None, "anna", now).await.is_err());
    for n in 0..MOST_SUBSCRIPTIONS {
        let seed = u8::try_from(n + 10).unwrap();
        assert!(store.subscribe(&new(seed, Some(&anna)), None, "anna", now).await.unwrap().is_some());
    }
    assert_eq!(store.subscribe(&new(99, Some(&anna)), None, "anna", now).await.unwrap(), None, "enough");
    assert!(store.subscribe(&new(99, None), None, "cli", now).await.unwrap().is_some());
}

async fn whoever_has_left_has_left_their_feeds(bench: Bench) {
    let store = bench.open().await;
    let (anna, now) = (person(&store).await, at("2025-02-01T08:00:00Z"));
    store.subscribe(&new(1, Some(&anna)), None, "anna", now).await.unwrap();
    let (body, role) = ("rsl".into(), "ledamot".into());
    store.end_holder(&body, &role, &anna, date(2025, 2, 28), "test", now).await.unwrap();
    live(&store, 1, at("2025-02-28T20:00:00Z")).await;
    assert_eq!(store.bodies_of(&anna, date(2025, 2, 28)).await.unwrap(), ["rsl".into()]);
    assert!(store.bodies_of(&anna, date(2025, 3, 1)).await.unwrap().is_empty());
    let after = at("2025-03-01T08:00:00Z");
    assert_eq!(store.subscription(&[1; 32], after).await.unwrap(), SubscriptionState::Revoked);
    // Whoever comes back has it again.
    person(&store).await;
    live(&store, 1, after).await;
}

async fn a_fetch_takes_nothing_back(bench: Bench) {
    let store = bench.open().await;
    let (anna, now) = (person(&store).await, at("2025-02-01T08:00:00Z"));
    store.subscribe(&new(1, Some(&anna)), None, "anna", now).await.unwrap();
    let revision = store.facts_revision().await.unwrap();
    let hour = SignedDuration::from_hours(1);
    let fetched = Fetched { at: now + hour, revision: now };
    assert!(!store.note_fetch(1, fetched).await.unwrap());
    // A replica that served an older copy, or whose note comes late.
    for late in [Fetched { at: now, revision: now }, Fetched { at: now + hour * 2, revision: now - hour }] {
        store.note_fetch(1, late).await.unwrap();
    }
    assert_eq!(live(&store, 1, now).await.fetched, Some(fetched));
    assert_eq!(store.facts_revision().await.unwrap(), revision);
    assert!(!store.note_fetch(77, fetched).await.unwrap(), "nobody's");
}
