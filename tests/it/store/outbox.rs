//! Planning: known messages, applied changes, occasions and their changes.

use std::collections::BTreeSet;

use arshjul::ids::WorkflowId;
use arshjul::plan::digest::digest;
use arshjul::plan::model::{Change, ForCalendars, KnownState, Message, MessageKind, Occasion, Startable};
use arshjul::store::{Applied, Store, StoredOccasion};
use arshjul::workflow::model::{EntryKind, Span, Status};
use jiff::civil::date;

use super::{Bench, adds, at, conformance, mail, mark, message, occasion_ref, plan, state_of};

conformance! {
    a_plan_applied_twice_changes_nothing,
    a_thousand_messages_are_added_at_once,
    what_is_settled_is_never_planned_again,
    what_was_withdrawn_comes_back,
    only_what_is_planned_moves_or_is_withdrawn,
    known_are_the_recent_and_all_that_wait,
    a_plan_of_older_facts_is_not_applied,
    two_who_plan_at_once_plan_each_message_once,
    an_occasion_counts_its_changes,
    an_occasion_whose_file_is_gone_is_orphaned_and_comes_back,
}

const NOW: &str = "2025-01-02T10:00";

async fn apply(store: &Store, changes: &[Change], occasions: &[Occasion], in_force: &[&str]) -> Applied {
    let in_force: BTreeSet<WorkflowId> = in_force.iter().map(|id| WorkflowId::from(*id)).collect();
    let mark = mark(store).await;
    store.apply(changes, occasions, &in_force, &mark, at(NOW)).await.unwrap()
}

fn some() -> Vec<Message> {
    let moment = at("2025-10-06T06:00");
    ["anna", "bo"].map(|to| message("svara", MessageKind::Ask, to, moment)).to_vec()
}

async fn a_plan_applied_twice_changes_nothing(bench: Bench) {
    let store = bench.open().await;
    let another = bench.open_another().await;
    assert_eq!((store.planned_mark().await.unwrap(), store.known_mark().await.unwrap()), (None, None));
    let occasions = [occasion(3)];
    let first = apply(&store, &adds(&some()), &occasions, &["rsl"]).await;
    assert_eq!(first, Applied { added: 2, occasions_added: 1, ..Applied::default() });
    let left = Some(mark(&store).await);
    assert_eq!(store.planned_mark().await.unwrap(), left);
    assert_eq!(another.known_mark().await.unwrap(), left);
    assert_eq!(store.known_mark().await.unwrap(), left);
    let known = store.known(at(NOW)).await.unwrap();
    let second = apply(&store, &adds(&some()), &occasions, &["rsl"]).await;
    assert_eq!(second, Applied::default());
    assert_eq!(store.known(at(NOW)).await.unwrap(), known);
}

async fn a_thousand_messages_are_added_at_once(bench: Bench) {
    let store = bench.open().await;
    let moment = at("2025-10-06T06:00");
    let many: Vec<Message> =
        (0..1001).map(|n| message("svara", MessageKind::Ask, &format!("p{n}"), moment)).collect();
    let mut changes = adds(&many);
    // A plan with one message twice is one with the first of them.
    changes.push(Change::Add(Box::new(many[0].clone())));
    assert_eq!(apply(&store, &changes, &[], &[]).await.added, 1001);
    let due = store.due(moment, 2000).await.unwrap();
    assert_eq!(due.len(), 1001);
    assert!(many.iter().all(|message| due.contains(message)));
}

async fn what_is_settled_is_never_planned_again(bench: Bench) {
    let store = bench.open().await;
    let moment = at("2025-10-06T06:00");
    let [queued, skipped] = some().try_into().unwrap();
    plan(&store, &[queued.clone(), skipped.clone()]).await;
    store.queue(&mail("m1", &[&queued], moment), moment).await.unwrap();
    assert_eq!(store.skip(std::slice::from_ref(&skipped.key), "late", moment).await.unwrap(), 1);
    assert_eq!(apply(&store, &adds(&[queued.clone(), skipped.clone()]), &[], &[]).await.added, 0);
    assert_eq!(state_of(&store, &queued).await, "queued");
    assert_eq!(state_of(&store, &skipped).await, "skipped");
    assert!(store.due(moment, 10).await.unwrap().is_empty());
}

async fn what_was_withdrawn_comes_back(bench: Bench) {
    let store = bench.open().await;
    let mut message = some().remove(0);
    plan(&store, std::slice::from_ref(&message)).await;
    let gone = apply(&store, &[Change::Withdraw(message.key.clone())], &[], &[]).await;
    assert_eq!(gone.withdrawn, 1);
    message.at = at("2025-10-07T06:00");
    message.notice.headline = "Nytt".to_owned();
    assert_eq!(apply(&store, &adds(&[message.clone()]), &[], &[]).await.added, 1);
    assert!(store.due(at("2025-10-06T06:00"), 10).await.unwrap().is_empty());
    assert_eq!(store.due(at("2025-10-07T06:00"), 10).await.unwrap(), [message]);
}

async fn only_what_is_planned_moves_or_is_withdrawn(bench: Bench) {
    let store = bench.open().await;
    let moment = at("2025-10-06T06:00");
    let [queued, mut planned] = some().try_into().unwrap();
    plan(&store, &[queued.clone(), planned.clone()]).await;
    store.queue(&mail("m1", &[&queued], moment), moment).await.unwrap();
    planned.at = at("2025-10-08T06:00");
    planned.expires = Some(at("2025-10-09T06:00"));
    let mut late = queued.clone();
    late.at = planned.at;
    let changes = [
        Change::Move(Box::new(planned.clone())),
        Change::Move(Box::new(late)),
        Change::Withdraw(queued.key.clone()),
    ];
    let applied = apply(&store, &changes, &[], &[]).await;
    assert_eq!((applied.moved, applied.withdrawn), (1, 0));
    assert_eq!(state_of(&store, &queued).await, "queued");
    assert_eq!(store.next_moment().await.unwrap(), Some(moment), "the mail waits to be sent");
    assert_eq!(store.due(planned.at, 10).await.unwrap(), [planned]);
}

async fn known_are_the_recent_and_all_that_wait(bench: Bench) {
    let store = bench.open().await;
    let day = |n: i8| at(&format!("2025-10-0{n}T06:00"));
    let of_day = |n| message("svara", MessageKind::Ask, &format!("p{n}"), day(n));
    let all: Vec<Message> = (1..=5).map(of_day).collect();
    plan(&store, &all).await;
    store.skip(&[all[0].key.clone(), all[3].key.clone()], "late", day(1)).await.unwrap();
    apply(&store, &[Change::Withdraw(all[4].key.clone())], &[], &[]).await;
    let known = store.known(day(3)).await.unwrap();
    let seen: Vec<_> = known.iter().map(|k| (k.key.clone(), k.at, k.digest.clone(), k.state)).collect();
    let expected = [
        (1, KnownState::Planned),
        (2, KnownState::Planned),
        (3, KnownState::Settled),
        (4, KnownState::Withdrawn),
    ];
    let expected = expected.map(|(n, state)| (all[n].key.clone(), all[n].at, digest(&all[n]), state));
    assert_eq!(seen, expected);
}

async fn a_plan_of_older_facts_is_not_applied(bench: Bench) {
    let store = bench.open().await;
    let old = mark(&store).await;
    store.start(&[Startable::Body("rsl".into())], at(NOW), "cli").await.unwrap();
    let applied = store.apply(&adds(&some()), &[occasion(3)], &[].into(), &old, at(NOW)).await.unwrap();
    assert_eq!(applied, Applied { stale: true, ..Applied::default() });
    assert!(store.known(at(NOW)).await.unwrap().is_empty());
    assert!(store.occasions().await.unwrap().is_empty());
    assert_eq!(store.planned_mark().await.unwrap(), None);
}

async fn two_who_plan_at_once_plan_each_message_once(bench: Bench) {
    let store = bench.open().await;
    let another = bench.open_another().await;
    let moment = at("2025-10-06T06:00");
    let many: Vec<Message> =
        (0..500).map(|n| message("svara", MessageKind::Ask, &format!("p{n}"), moment)).collect();
    let mark = mark(&store).await;
    let planners: Vec<_> = [store.clone(), another]
        .into_iter()
        .map(|store| {
            let (changes, mark) = (adds(&many), mark.clone());
            tokio::spawn(async move {
                let occasions = [occasion(3)];
                store.apply(&changes, &occasions, &["rsl".into()].into(), &mark, at(NOW)).await.unwrap()
            })
        })
        .collect();
    let mut added = 0;
    for planner in planners {
        added += planner.await.unwrap().added;
    }
    assert_eq!(added, 500);
    assert_eq!(store.known(at(NOW)).await.unwrap().len(), 500);
    assert_eq!(store.occasions().await.unwrap()[0].sequence, 0);
}

fn occasion(day: i8) -> Occasion {
    let day = date(2025, 9, day);
    Occasion {
        at: occasion_ref("rsl"),
        kind: EntryKind::Meeting,
        title: "RSL".to_owned(),
        span: Span::AllDay { first: day, last: day },
        status: Status::Confirmed,
        place: None,
        note: None,
        feed: None,
        public: None,
        calendar: ForCalendars::default(),
    }
}

async fn an_occasion_counts_its_changes(bench: Bench) {
    let store = bench.open().await;
    let apply = async |day, moment| {
        let (mark, in_force) = (mark(&store).await, ["rsl".into()].into());
        store.apply(&[], &[occasion(day)], &in_force, &mark, at(moment)).await.unwrap()
    };
    let seen = async || {
        let StoredOccasion { occasion, sequence, changed_at, orphaned } =
            store.occasions().await.unwrap().remove(0);
        assert!(!orphaned);
        (occasion, sequence, changed_at)
    };
    apply(3, "2025-01-01T10:00").await;
    assert_eq!(seen().await, (occasion(3), 0, at("2025-01-01T10:00")));
    apply(3, "2025-01-02T10:00").await;
    assert_eq!(seen().await, (occasion(3), 0, at("2025-01-01T10:00")));
    assert_eq!(apply(4, "2025-01-03T10:00").await.occasions_changed, 1);
    assert_eq!(seen().await, (occasion(4), 1, at("2025-01-03T10:00")));
    // Back again is a change too: who has seen sequence 1 must see a higher one.
    apply(3, "2025-01-04T10:00").await;
    assert_eq!(seen().await, (occasion(3), 2, at("2025-01-04T10:00")));
}

async fn an_occasion_whose_file_is_gone_is_orphaned_and_comes_back(bench: Bench) {
    let store = bench.open().await;
    let seen = async || {
        let stored = store.occasions().await.unwrap();
        assert_eq!(stored.len(), 1);
        (stored[0].occasion.clone(), stored[0].sequence, stored[0].orphaned)
    };
    apply(&store, &[], &[occasion(3)], &["rsl"]).await;
    // Outside the planned window, but the file is there.
    apply(&store, &[], &[], &["rsl"]).await;
    assert_eq!(seen().await, (occasion(3), 0, false));
    assert_eq!(apply(&store, &[], &[], &["annan"]).await.orphaned, 1);
    assert_eq!(seen().await, (occasion(3), 0, true));
    assert_eq!(store.counts().await.unwrap().orphaned, 1);
    assert_eq!(apply(&store, &[], &[], &["annan"]).await.orphaned, 0);
    apply(&store, &[], &[occasion(3)], &["rsl"]).await;
    assert_eq!(seen().await, (occasion(3), 0, false));
    apply(&store, &[], &[], &[]).await;
    apply(&store, &[], &[occasion(4)], &["rsl"]).await;
    assert_eq!(seen().await, (occasion(4), 1, false));
}
