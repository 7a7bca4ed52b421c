//! What is due, and how it comes into a mail.

use arshjul::plan::model::{Message, MessageKind};
use arshjul::store::{MessageState, NewAnswer, NewToken, StoreError};
use jiff::SignedDuration;

use super::{Bench, at, conformance, given, mail, matter, message, plan, state_of};

conformance! {
    what_is_due_comes_in_order_and_never_early,
    a_row_that_cannot_be_read_is_set_aside_and_blocks_nobody,
    a_mail_takes_all_its_messages_or_none,
    a_message_gets_into_one_mail_only,
    a_message_id_in_use_is_refused,
    what_is_skipped_is_counted_by_reason,
    the_next_moment_is_the_earliest_of_all,
    asked_is_who_has_an_ask_in_a_mail,
    who_has_been_written_to_is_known,
}

fn of_day(n: i8) -> Message {
    message("svara", MessageKind::Ask, &format!("p{n}"), at(&format!("2025-10-0{n}T06:00")))
}

async fn what_is_due_comes_in_order_and_never_early(bench: Bench) {
    let store = bench.open().await;
    let same_day = message("annat", MessageKind::Ask, "Å", at("2025-10-02T06:00"));
    plan(&store, &[of_day(3), of_day(2), of_day(1), same_day.clone()]).await;
    assert!(store.due(at("2025-10-01T05:59"), 10).await.unwrap().is_empty());
    assert_eq!(store.due(at("2025-10-02T06:00"), 10).await.unwrap(), [of_day(1), same_day, of_day(2)]);
    assert_eq!(store.due(at("2025-10-09T06:00"), 1).await.unwrap(), [of_day(1)]);
}

async fn a_row_that_cannot_be_read_is_set_aside_and_blocks_nobody(bench: Bench) {
    let store = bench.open().await;
    plan(&store, &[of_day(1), of_day(2), of_day(3)]).await;
    bench.tamper("UPDATE message SET content = '{' WHERE person = 'p1'").await.unwrap();
    // Readable, but somebody else's.
    bench
        .tamper(
            "UPDATE message SET content = (SELECT content FROM message WHERE person = 'p3') \
             WHERE person = 'p2'",
        )
        .await
        .unwrap();
    assert_eq!(store.due(at("2025-10-09T06:00"), 1).await.unwrap(), [of_day(3)]);
    let counts = store.counts().await.unwrap().messages;
    assert_eq!(counts[&MessageState::Failed], 2);
    assert_eq!(bench.tamper("DELETE FROM message WHERE reason LIKE 'cannot be read: %'").await.unwrap(), 2);
}

async fn a_mail_takes_all_its_messages_or_none(bench: Bench) {
    let store = bench.open().await;
    let now = at("2025-10-03T06:00");
    let (first, second) = (of_day(1), of_day(2));
    plan(&store, &[first.clone(), second.clone()]).await;
    store.skip(std::slice::from_ref(&second.key), "late", now).await.unwrap();
    let mut both = mail("m1", &[&first, &second], now);
    both.tokens = vec![NewToken {
        hash: [7; 32],
        person: "p1".into(),
        purpose: "svar".to_owned(),
        matters: vec![matter("svara")],
        expires: None,
    }];
    assert!(!store.queue(&both, now).await.unwrap());
    assert_eq!(state_of(&store, &first).await, "planned");
    assert!(store.mails(10, 0).await.unwrap().is_empty());
    assert_eq!(store.token(&[7; 32], now).await.unwrap(), None);
    assert!(store.queue(&mail("m1", &[&first, &first], now), now).await.unwrap());
    let row = store.mails(10, 0).await.unwrap().remove(0);
    assert_eq!((row.message_id.as_str(), row.bytes.as_slice()), ("m1@example.org", both.bytes.as_slice()));
    assert_eq!((row.envelope.clone(), row.created_at), (both.envelope, now));
    assert_eq!(store.mail(row.id).await.unwrap(), Some(row));
}

async fn a_message_gets_into_one_mail_only(bench: Bench) {
    let store = bench.open().await;
    let another = bench.open_another().await;
    let now = at("2025-10-03T06:00");
    for round in 0..10 {
        let two = ["a", "b"].map(|step| message(&format!("{step}{round}"), MessageKind::Ask, "anna", now));
        plan(&store, &two).await;
        let queue = |store: &arshjul::store::Store, id: &str, keys: [&Message; 2]| {
            let (store, mail) = (store.clone(), mail(id, &keys, now));
            tokio::spawn(async move { store.queue(&mail, now).await.unwrap() })
        };
        let one = queue(&store, &format!("x{round}"), [&two[0], &two[1]]);
        let other = queue(&another, &format!("y{round}"), [&two[1], &two[0]]);
        let queued = [one.await.unwrap(), other.await.unwrap()];
        assert_ne!(queued[0], queued[1], "exactly one of them");
    }
    assert_eq!(store.mails(100, 0).await.unwrap().len(), 10);
    store.check_integrity().await.unwrap();
}

async fn a_message_id_in_use_is_refused(bench: Bench) {
    let store = bench.open().await;
    let now = at("2025-10-03T06:00");
    plan(&store, &[of_day(1), of_day(2)]).await;
    assert!(store.queue(&mail("m1", &[&of_day(1)], now), now).await.unwrap());
    // The same again is what somebody else has done already.
    assert!(!store.queue(&mail("m1", &[&of_day(1)], now), now).await.unwrap());
    let refused = store.queue(&mail("m1", &[&of_day(2)], now), now).await;
    assert!(matches!(&refused, Err(StoreError::Refused(what)) if what.contains("m1@")), "{refused:?}");
}

async fn what_is_skipped_is_counted_by_reason(bench: Bench) {
    let store = bench.open().await;
    let now = at("2025-10-03T06:00");
    plan(&store, &[of_day(1), of_day(2), of_day(3)]).await;
    let keys = [of_day(1).key, of_day(2).key];
    assert_eq!(store.skip(&keys, "newer", now).await.unwrap(), 2);
    assert_eq!(store.skip(&keys, "expired", now).await.unwrap(), 0);
    assert_eq!(store.skip(&[of_day(3).key], "expired", now).await.unwrap(), 1);
    let counts = store.counts().await.unwrap();
    assert_eq!(counts.skipped, [("expired".to_owned(), 1), ("newer".to_owned(), 2)].into());
    assert_eq!(counts.messages, [(MessageState::Skipped, 3)].into());
}

async fn the_next_moment_is_the_earliest_of_all(bench: Bench) {
    let store = bench.open().await;
    let next = async || store.next_moment().await.unwrap();
    assert_eq!(next().await, None);
    plan(&store, &[of_day(1), of_day(5)]).await;
    assert_eq!(next().await, Some(of_day(1).at));
    let send_at = at("2025-10-02T06:00");
    store.queue(&mail("m1", &[&of_day(1)], send_at), of_day(1).at).await.unwrap();
    assert_eq!(next().await, Some(send_at));
    store.claim(send_at, SignedDuration::from_mins(5), &|_| SignedDuration::from_hours(1)).await.unwrap();
    assert_eq!(next().await, Some(at("2025-10-02T06:05")), "when the lease ends");
    store.pause_all(at("2025-10-03T06:00")).await.unwrap();
    assert_eq!(next().await, Some(at("2025-10-03T06:00")), "mails wait");
    store.pause_all(at("2025-10-09T06:00")).await.unwrap();
    assert_eq!(next().await, Some(of_day(5).at), "messages don't");
}

async fn asked_is_who_has_an_ask_in_a_mail(bench: Bench) {
    let store = bench.open().await;
    let now = at("2025-10-03T06:00");
    let asked = message("svara", MessageKind::Ask, "anna", now);
    let waiting = message("svara", MessageKind::Ask, "bo", now);
    let told = message("svara", MessageKind::Tell, "cia", now);
    plan(&store, &[asked.clone(), waiting, told.clone()]).await;
    store.queue(&mail("m1", &[&asked, &told], now), now).await.unwrap();
    let pairs = ["anna", "bo", "cia", "dag"].map(|person| (matter("svara"), person.into()));
    let found = store.asked_before(&pairs).await.unwrap();
    assert_eq!(found, [((matter("svara"), "anna".into()), asked.key.clone())].into());
}

async fn who_has_been_written_to_is_known(bench: Bench) {
    let store = bench.open().await;
    let (before, now, after) = (at("2025-10-03T05:59"), at("2025-10-03T06:00"), at("2025-10-03T06:01"));
    let told = message("svara", MessageKind::Ask, "anna", now);
    plan(&store, std::slice::from_ref(&told)).await;
    let written = async |person: &str, since| store.composed_since(&person.into(), since).await.unwrap();
    assert!(!written("anna", before).await);
    store.queue(&mail("m1", &[&told], after), now).await.unwrap();
    assert!(written("anna", now).await && !written("anna", after).await);
    assert!(!written("bo", before).await);
    // A mail that was taken back is one that nobody has got.
    store
        .record_answer(&NewAnswer::of(&given(&matter("svara"), "anna", "inga", now), "anna"), now)
        .await
        .unwrap();
    assert!(!written("anna", before).await);
}
