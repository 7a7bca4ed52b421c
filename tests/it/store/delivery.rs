//! Attempts: claims, leases, fences and what a crash leaves behind.

use arshjul::plan::model::MessageKind;
use arshjul::store::{Claim, Finish, MailState, MessageState, Store};
use jiff::{SignedDuration, Timestamp};

use super::{Bench, at, conformance, mail, message, plan, state_of};

conformance! {
    the_longest_waiting_mail_is_claimed_first_and_not_before_its_time,
    an_attempt_ends_and_its_messages_follow,
    two_claimers_never_get_the_same_mail,
    an_attempt_that_lost_its_lease_says_nothing_any_more,
    a_crash_between_claim_and_finish_costs_one_attempt,
    a_crash_loop_keeps_to_the_backoff,
    a_mail_that_fails_blocks_no_other,
    a_pause_holds_all_mails_back,
    a_reply_is_kept_whatever_it_holds,
}

const NOW: &str = "2025-10-01T06:00";
const LEASE: SignedDuration = SignedDuration::from_mins(5);

fn minutes(n: i64) -> Timestamp {
    at(NOW) + SignedDuration::from_mins(n)
}

/// Ten minutes, then twenty ...
fn backoff(attempt: u32) -> SignedDuration {
    SignedDuration::from_mins(10 * i64::from(attempt))
}

async fn claim(store: &Store, now: Timestamp) -> Option<Claim> {
    store.claim(now, LEASE, &backoff).await.unwrap()
}

/// Mails m1, m2 ... with one message each, to be sent at these minutes.
async fn queue(store: &Store, send_at: &[i64]) {
    for (n, minute) in (1..).zip(send_at) {
        let message = message("svara", MessageKind::Ask, &format!("p{n}"), at(NOW));
        plan(store, std::slice::from_ref(&message)).await;
        assert!(store.queue(&mail(&format!("m{n}"), &[&message], minutes(*minute)), at(NOW)).await.unwrap());
    }
}

async fn the_longest_waiting_mail_is_claimed_first_and_not_before_its_time(bench: Bench) {
    let store = bench.open().await;
    queue(&store, &[2, 1, 3]).await;
    assert_eq!(claim(&store, minutes(0)).await, None);
    let first = claim(&store, minutes(2)).await.unwrap();
    assert_eq!((first.message_id.as_str(), first.attempt), ("m2@example.org", 1));
    assert_eq!((first.person.as_str(), first.envelope.to.as_str()), ("p2", "p2@example.org"));
    assert_eq!((first.bytes.as_slice(), first.lease_until), (&b"Subject: m2\r\n\r\nHej\r\n"[..], minutes(7)));
    assert_eq!(claim(&store, minutes(2)).await.unwrap().message_id, "m1@example.org");
    assert_eq!(claim(&store, minutes(2)).await, None);
}

async fn an_attempt_ends_and_its_messages_follow(bench: Bench) {
    let store = bench.open().await;
    queue(&store, &[0, 0, 0]).await;
    let [sent, failed, retried] = [1, 2, 3].map(|_| claim(&store, at(NOW)));
    let [sent, failed, retried] = [sent.await.unwrap(), failed.await.unwrap(), retried.await.unwrap()];
    let finish = async |claim, how| store.finish(claim, &how, minutes(1)).await.unwrap();
    assert!(finish(&sent, Finish::Sent { reply: "250 ok".to_owned() }).await);
    assert!(finish(&failed, Finish::Failed { reply: "550 no such user".to_owned() }).await);
    let later = Finish::Retry { reply: "451 later".to_owned(), at: minutes(30), ambiguous: false };
    assert!(finish(&retried, later).await);
    for (n, state) in [(1, "sent"), (2, "failed"), (3, "queued")] {
        let message = message("svara", MessageKind::Ask, &format!("p{n}"), at(NOW));
        assert_eq!(state_of(&store, &message).await, state);
    }
    let mails = store.mails(10, 0).await.unwrap();
    let seen: Vec<_> = mails.iter().map(|m| (m.state, m.last_reply.as_deref().unwrap(), m.sent_at)).collect();
    let expected = [
        (MailState::Sent, "250 ok", Some(minutes(1))),
        (MailState::Failed, "550 no such user", None),
        (MailState::Queued, "451 later", None),
    ];
    assert_eq!(seen, expected);
    assert_eq!(store.mails(1, mails[0].id).await.unwrap(), mails[1..2]);
    assert_eq!(claim(&store, minutes(29)).await, None);
    assert_eq!(claim(&store, minutes(30)).await.unwrap().attempt, 2);
    let counts = store.counts().await.unwrap();
    assert_eq!(counts.mails, [MailState::Sent, MailState::Failed, MailState::Sending].map(|s| (s, 1)).into());
    let messages = [MessageState::Sent, MessageState::Failed, MessageState::Queued].map(|s| (s, 1));
    assert_eq!(counts.messages, messages.into());
    store.check_integrity().await.unwrap();
}

async fn two_claimers_never_get_the_same_mail(bench: Bench) {
    let store = bench.open().await;
    let another = bench.open_another().await;
    queue(&store, &[0; 40]).await;
    let claimers: Vec<_> = [&store, &store, &another, &another]
        .into_iter()
        .cloned()
        .map(|store| {
            tokio::spawn(async move {
                let mut claimed = Vec::new();
                while let Some(claim) = claim(&store, at(NOW)).await {
                    claimed.push(claim.mail);
                }
                claimed
            })
        })
        .collect();
    let mut claimed = Vec::new();
    for claimer in claimers {
        claimed.extend(claimer.await.unwrap());
    }
    // A claimer may find the only mail left in another's hands and stop; nobody gets one twice.
    while let Some(claim) = claim(&store, at(NOW)).await {
        claimed.push(claim.mail);
    }
    claimed.sort_unstable();
    assert_eq!(claimed.len(), 40);
    claimed.dedup();
    assert_eq!(claimed.len(), 40);
}

async fn an_attempt_that_lost_its_lease_says_nothing_any_more(bench: Bench) {
    let store = bench.open().await;
    queue(&store, &[0]).await;
    let slow = claim(&store, minutes(0)).await.unwrap();
    assert_eq!(claim(&store, minutes(4)).await, None, "the lease holds");
    assert_eq!(claim(&store, minutes(5)).await, None, "it has ended, but the backoff holds");
    let sent = Finish::Sent { reply: "250 ok".to_owned() };
    assert!(!store.finish(&slow, &sent, minutes(6)).await.unwrap(), "given up");
    let next = claim(&store, minutes(10)).await.unwrap();
    assert_eq!(next.attempt, 2);
    assert!(!store.finish(&slow, &sent, minutes(11)).await.unwrap(), "fenced off by the second attempt");
    assert_eq!(store.mail(next.mail).await.unwrap().unwrap().state, MailState::Sending);
    assert!(store.finish(&next, &sent, minutes(11)).await.unwrap());
    assert!(!store.finish(&next, &sent, minutes(11)).await.unwrap(), "only once");
    let row = store.mail(next.mail).await.unwrap().unwrap();
    assert_eq!((row.state, row.attempts, row.ambiguous), (MailState::Sent, 2, 1));
}

async fn a_crash_between_claim_and_finish_costs_one_attempt(bench: Bench) {
    let store = bench.open().await;
    queue(&store, &[0]).await;
    let first = claim(&store, minutes(0)).await.unwrap();
    drop(store);

    let store = bench.open().await;
    if bench.is_sqlite() {
        // Nobody else can be sending.
        assert_eq!(store.release_own_leases(minutes(1)).await.unwrap(), 1);
    } else {
        assert_eq!(store.release_own_leases(minutes(1)).await.unwrap(), 0);
        assert_eq!(store.release_own_leases(minutes(5)).await.unwrap(), 1);
    }
    assert_eq!(claim(&store, minutes(9)).await, None, "the crash keeps to the backoff");
    let second = claim(&store, minutes(10)).await.unwrap();
    assert_eq!((second.mail, second.attempt, &second.bytes), (first.mail, 2, &first.bytes));
    assert!(store.finish(&second, &Finish::Sent { reply: "250".to_owned() }, minutes(11)).await.unwrap());
    assert_eq!(store.counts().await.unwrap().ambiguous, 1);
    assert_eq!(
        bench.tamper("DELETE FROM attempt WHERE outcome = 'interrupted' AND number = 1").await.unwrap(),
        1
    );
}

async fn a_crash_loop_keeps_to_the_backoff(bench: Bench) {
    let store = bench.open().await;
    queue(&store, &[0]).await;
    let mut attempts = Vec::new();
    for minute in 0..60 {
        store.release_own_leases(minutes(minute)).await.unwrap();
        if claim(&store, minutes(minute)).await.is_some() {
            attempts.push(minute);
        }
    }
    assert_eq!(attempts, [0, 10, 30]);
}

async fn a_mail_that_fails_blocks_no_other(bench: Bench) {
    let store = bench.open().await;
    queue(&store, &[0, 0]).await;
    let poison = claim(&store, at(NOW)).await.unwrap();
    let again = Finish::Retry { reply: "451".to_owned(), at: at(NOW), ambiguous: false };
    assert!(store.finish(&poison, &again, at(NOW)).await.unwrap());
    // Due again at once, as long as the other one is waiting: at worst they take turns.
    let mut seen = Vec::new();
    for minute in 1..=2 {
        let next = claim(&store, minutes(minute)).await.unwrap();
        let again = Finish::Retry { reply: "451".to_owned(), at: minutes(minute), ambiguous: false };
        assert!(store.finish(&next, &again, minutes(minute)).await.unwrap());
        seen.push(next.mail);
    }
    assert_ne!(seen[0], seen[1]);
}

async fn a_pause_holds_all_mails_back(bench: Bench) {
    let store = bench.open().await;
    queue(&store, &[0]).await;
    assert_eq!(store.paused_until().await.unwrap(), None);
    store.pause_all(minutes(10)).await.unwrap();
    assert_eq!(store.paused_until().await.unwrap(), Some(minutes(10)));
    assert_eq!(claim(&store, minutes(9)).await, None);
    assert!(claim(&store, minutes(10)).await.is_some());
}

async fn a_reply_is_kept_whatever_it_holds(bench: Bench) {
    let store = bench.open().await;
    queue(&store, &[0]).await;
    let next = claim(&store, at(NOW)).await.unwrap();
    let reply = format!("451 \0 <ö>\n{}", "å".repeat(5000));
    let later = Finish::Retry { reply, at: minutes(1), ambiguous: false };
    assert!(store.finish(&next, &later, at(NOW)).await.unwrap());
    let kept = store.mail(next.mail).await.unwrap().unwrap().last_reply.unwrap();
    assert!(kept.starts_with("451  <ö>\nåå"), "{kept}");
    assert_eq!(kept.chars().count(), 1000);
}
