//! What becomes of a mail when the relay, the network or the process fails. Jon and Kaj are both asked at 08:00 on
//! 6 March; Jon's mail is tried first.

#![cfg(test)]

use arshjul::mail::transport::{Envelope, Outcome, Scope, Transport};
use arshjul::store::{Claim, Finish, MailRow, MailState, MetaKey};
use jiff::SignedDuration;

use crate::store::Bench;
use crate::stories::TWO;
use crate::world::{World, moment, shown, stories};

stories! {
    a_relay_that_says_later_gets_it_later,
    an_address_that_is_refused_gets_no_more_of_that_mail,
    a_relay_at_fault_makes_the_queue_rest,
    a_relay_that_refuses_everybody_is_at_fault_itself,
    a_relay_that_wants_less_gets_less,
    a_lost_reply_gives_a_second_copy_of_the_same_bytes,
    a_mail_that_was_lost_on_the_way_comes_the_second_time,
    a_message_that_cannot_be_read_blocks_nobody,
    an_address_that_no_mail_can_be_written_to_blocks_nobody,
    an_attempt_that_lost_its_lease_changes_nothing,
    a_crash_before_the_delivery_costs_time_only,
    a_crash_after_the_delivery_gives_a_second_copy_of_the_same_bytes,
    a_crash_between_composing_and_delivering_costs_nothing,
    a_relay_that_is_down_for_days_gets_each_mail_once,
    a_restored_installation_sends_nothing_until_somebody_has_looked,
}

/// Seven in the morning of 6 March.
async fn before_the_asks(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-02-20").only(&[]).file("sydostra/tva.toml", TWO).started().await;
    world.advance_to("2025-03-06 07:00").await;
    world
}

async fn mail_to(world: &World, name: &str) -> MailRow {
    let mails = world.store.mails(100, 0).await.unwrap();
    mails.into_iter().find(|m| m.envelope.to.starts_with(name)).unwrap()
}

fn arrived(world: &World, name: &str) -> Vec<String> {
    world.mails_to(name).iter().map(|letter| shown(letter.at)).collect()
}

/// The same mail twice: the same identity, the same bytes.
fn are_copies(world: &World, name: &str) {
    let [one, other] = world.mails_to(name)[..] else { panic!("{:?}", arrived(world, name)) };
    assert_eq!(one.message_id, other.message_id);
    assert_eq!(one.bytes, other.bytes);
    assert!(String::from_utf8_lossy(&one.bytes).contains(&one.message_id), "it is in the mail");
}

/// As the worker claims: a lease of a quarter of an hour, and five minutes to the next attempt.
async fn claim(world: &World) -> Claim {
    let wait = |_: u32| SignedDuration::from_mins(5);
    world.store.claim(world.now(), SignedDuration::from_mins(15), &wait).await.unwrap().unwrap()
}

fn later() -> Outcome {
    Outcome::Deferred { reply: "451 4.3.0 later".to_owned(), throttled: false }
}

async fn a_relay_that_says_later_gets_it_later(bench: Bench) -> World {
    let mut world = before_the_asks(bench).await;
    world.fail_next(vec![later()]);
    world.advance_to("2025-03-06 08:00").await;
    assert_eq!((arrived(&world, "jon").len(), arrived(&world, "kaj").len()), (0, 1));
    let row = mail_to(&world, "jon").await;
    assert_eq!((row.state, row.last_reply.as_deref()), (MailState::Queued, Some("451 4.3.0 later")));
    world.advance_to("2025-03-06 08:03").await;
    assert!(arrived(&world, "jon").is_empty(), "not before its time");
    world.advance_to("2025-03-06 08:07").await;
    assert_eq!(arrived(&world, "jon").len(), 1);
    assert!(world.mails_to("jon")[0].date.contains("08:00:00 +0100"), "the mail is the one of 08:00");
    world
}

async fn an_address_that_is_refused_gets_no_more_of_that_mail(bench: Bench) -> World {
    let mut world = before_the_asks(bench).await;
    let reply = "550 5.1.1 no such user".to_owned();
    world.fail_next(vec![Outcome::Rejected { scope: Scope::Recipient, reply: reply.clone() }]);
    world.advance_to("2025-03-12 20:00").await;
    let row = mail_to(&world, "jon").await;
    assert_eq!((row.state, row.attempts, row.last_reply), (MailState::Failed, 1, Some(reply)));
    assert_eq!(arrived(&world, "kaj").len(), 1);
    // What never reached him is not reminded of: a week later he is asked.
    world.advance_to("2025-03-13 20:00").await;
    assert_eq!(arrived(&world, "jon"), ["2025-03-13 08:00"]);
    assert!(!world.mails_to("jon")[0].text.contains("Vi saknar ditt svar"));
    assert!(world.mails_to("kaj")[1].text.contains("Vi saknar ditt svar"));
    world
}

async fn a_relay_at_fault_makes_the_queue_rest(bench: Bench) -> World {
    let mut world = before_the_asks(bench).await;
    world.fail_next(vec![Outcome::RelayFault { reply: "535 5.7.8 wrong password".to_owned() }]);
    world.advance_to("2025-03-06 08:00").await;
    assert!(world.letters.is_empty(), "nobody else is tried");
    assert_eq!(mail_to(&world, "kaj").await.attempts, 0);
    assert_eq!(world.store.paused_until().await.unwrap(), Some(moment("2025-03-06 08:10")));
    // A restart doesn't end the rest.
    world.clock.set(moment("2025-03-06 08:05"));
    world.restart().await;
    world.tick().await;
    assert!(world.letters.is_empty());
    world.advance_to("2025-03-06 08:10").await;
    assert_eq!((arrived(&world, "jon").len(), arrived(&world, "kaj").len()), (1, 1));
    world
}

async fn a_relay_that_refuses_everybody_is_at_fault_itself(bench: Bench) -> World {
    let names = ["ada", "bea", "cia", "dan", "eva", "fia", "gun", "hal"];
    let members: String =
        names.iter().map(|n| format!("rpo-medicinsk-diagnostik;ledamot;{n};{n}@example.org;;;\n")).collect();
    let people = format!("kropp;roll;namn;epost;från;till;ersättare\n{members}");
    let setting = World::new(bench, "2025-02-20").only(&[]).people(&people).file("sydostra/tva.toml", TWO);
    let mut world = setting.started().await;
    world.advance_to("2025-03-06 07:00").await;
    let refused =
        || Outcome::Rejected { scope: Scope::Recipient, reply: "550 5.7.1 relaying denied".to_owned() };
    world.fail_next(std::iter::repeat_with(refused).take(7).collect());
    world.advance_to("2025-03-06 08:00").await;
    let states = |mails: &[MailRow], state| mails.iter().filter(|mail| mail.state == state).count();
    let mails = world.store.mails(100, 0).await.unwrap();
    assert_eq!((states(&mails, MailState::Failed), states(&mails, MailState::Queued)), (4, 4));
    assert_eq!(mails.iter().map(|mail| mail.attempts).sum::<u32>(), 5, "the others are not tried");
    assert_eq!(world.store.paused_until().await.unwrap(), Some(moment("2025-03-06 08:10")));
    // After its rest one mail at a time finds out whether it is over.
    world.advance_to("2025-03-06 08:10").await;
    let mails = world.store.mails(100, 0).await.unwrap();
    assert_eq!((states(&mails, MailState::Failed), states(&mails, MailState::Queued)), (4, 4));
    world.advance_to("2025-03-06 12:00").await;
    let mails = world.store.mails(100, 0).await.unwrap();
    assert_eq!((states(&mails, MailState::Failed), states(&mails, MailState::Sent)), (4, 4));
    // It has taken mail: a refusal is again the recipient's.
    world.fail_next(vec![refused()]);
    world.advance_to("2025-03-13 12:00").await;
    let mails = world.store.mails(100, 0).await.unwrap();
    assert_eq!(states(&mails, MailState::Failed), 5);
    world
}

async fn a_relay_that_wants_less_gets_less(bench: Bench) -> World {
    let mut world = before_the_asks(bench).await;
    let reply = "452 4.7.1 too many messages".to_owned();
    world.fail_next(vec![Outcome::Deferred { reply, throttled: true }]);
    world.advance_to("2025-03-06 08:01").await;
    assert!(world.letters.is_empty());
    world.advance_to("2025-03-06 08:02").await;
    assert_eq!((arrived(&world, "jon").len(), arrived(&world, "kaj").len()), (0, 1));
    world.advance_to("2025-03-06 08:10").await;
    assert_eq!(arrived(&world, "jon").len(), 1);
    world
}

async fn a_lost_reply_gives_a_second_copy_of_the_same_bytes(bench: Bench) -> World {
    let mut world = before_the_asks(bench).await;
    world.fail_next(vec![Outcome::Unknown { what: "no reply after the message".to_owned() }]);
    world.advance_to("2025-03-06 12:00").await;
    are_copies(&world, "jon");
    let row = mail_to(&world, "jon").await;
    assert_eq!((row.state, row.attempts, row.ambiguous), (MailState::Sent, 2, 1));
    world
}

async fn a_mail_that_was_lost_on_the_way_comes_the_second_time(bench: Bench) -> World {
    let mut world = before_the_asks(bench).await;
    world.mailbox.lose_next();
    world.advance_to("2025-03-06 12:00").await;
    assert_eq!(arrived(&world, "jon").len(), 1);
    assert_eq!(world.store.counts().await.unwrap().ambiguous, 1);
    world
}

async fn a_message_that_cannot_be_read_blocks_nobody(bench: Bench) -> World {
    let mut world = before_the_asks(bench).await;
    let jon = world.person("jon").await;
    let sql = format!("UPDATE message SET content = '{{' WHERE person = '{jon}' AND step = 'forsta'");
    assert_eq!(world.bench.tamper(&sql).await.unwrap(), 2, "ask and reminder");
    // Planning would mend it; it must be the knock itself that survives it.
    world.clock.set(moment("2025-03-06 08:00"));
    world.tick().await;
    world.advance_to("2025-03-06 20:00").await;
    assert_eq!(world.of_step("kaj", "forsta"), ["2025-03-06 08:00 0"]);
    assert_eq!(world.of_step("jon", "andra"), ["2025-03-06 08:00 0"]);
    world
}

async fn an_address_that_no_mail_can_be_written_to_blocks_nobody(bench: Bench) -> World {
    let mut world = before_the_asks(bench).await;
    let jon = world.person("jon").await;
    let change = |address| world.store.set_person_address(&jon, address, "test", world.now());
    change("jon vid example.org").await.unwrap();
    world.advance_to("2025-03-06 12:00").await;
    assert_eq!(arrived(&world, "kaj"), ["2025-03-06 08:00"]);
    // When somebody has corrected it, the mail goes out in the next window.
    world.store.set_person_address(&jon, "jon@example.org", "test", world.now()).await.unwrap();
    world.advance_to("2025-03-06 20:00").await;
    assert_eq!(arrived(&world, "jon"), ["2025-03-06 15:00"]);
    world
}

async fn an_attempt_that_lost_its_lease_changes_nothing(bench: Bench) -> World {
    let mut world = before_the_asks(bench).await;
    world.clock.set(moment("2025-03-06 08:00"));
    world.worker.knock().await.unwrap();
    let stuck = claim(&world).await;
    world.advance_to("2025-03-06 08:20").await;
    assert_eq!((arrived(&world, "jon").len(), arrived(&world, "kaj").len()), (1, 1));
    let refused = Finish::Failed { reply: "554 what the stuck attempt heard".to_owned() };
    assert!(!world.store.finish(&stuck, &refused, world.now()).await.unwrap());
    assert_eq!(mail_to(&world, "jon").await.state, MailState::Sent);
    world
}

async fn a_crash_before_the_delivery_costs_time_only(bench: Bench) -> World {
    let mut world = before_the_asks(bench).await;
    world.clock.set(moment("2025-03-06 08:00"));
    world.worker.knock().await.unwrap();
    drop(claim(&world).await);
    world.restart().await;
    world.tick().await;
    assert_eq!(arrived(&world, "kaj").len(), 1, "the others don't wait");
    assert!(arrived(&world, "jon").is_empty(), "the backoff outlives the crash");
    world.advance_to("2025-03-06 08:20").await;
    assert_eq!(arrived(&world, "jon").len(), 1);
    world
}

async fn a_crash_after_the_delivery_gives_a_second_copy_of_the_same_bytes(bench: Bench) -> World {
    let mut world = before_the_asks(bench).await;
    world.clock.set(moment("2025-03-06 08:00"));
    world.worker.knock().await.unwrap();
    let claim = claim(&world).await;
    let envelope = Envelope { from: claim.envelope.from.clone(), to: vec![claim.envelope.to.clone()] };
    let relay = Transport::Memory(world.mailbox.clone());
    relay.deliver(&envelope, &claim.message_id, &claim.bytes).await;
    drop(claim);
    world.collect();
    world.restart().await;
    world.advance_to("2025-03-06 12:00").await;
    are_copies(&world, "jon");
    assert_eq!(arrived(&world, "kaj").len(), 1);
    world
}

async fn a_crash_between_composing_and_delivering_costs_nothing(bench: Bench) -> World {
    let mut world = before_the_asks(bench).await;
    world.clock.set(moment("2025-03-06 08:00"));
    world.worker.knock().await.unwrap();
    let bytes = mail_to(&world, "jon").await.bytes;
    world.restart().await;
    // Even if it comes back a day later, the mail is the one that was composed.
    world.down_until("2025-03-07 09:12").await;
    assert_eq!(arrived(&world, "jon"), ["2025-03-07 09:12"]);
    assert_eq!(world.mails_to("jon")[0].bytes, bytes);
    world
}

async fn a_relay_that_is_down_for_days_gets_each_mail_once(bench: Bench) -> World {
    let mut world = before_the_asks(bench).await;
    world.fail_next(std::iter::repeat_with(later).take(30).collect());
    world.advance_to("2025-03-12 23:00").await;
    assert_eq!((arrived(&world, "jon").len(), arrived(&world, "kaj").len()), (1, 1));
    let row = mail_to(&world, "jon").await;
    assert!(row.attempts > 10 && row.ambiguous == 0, "{row:?}");
    world
}

async fn a_restored_installation_sends_nothing_until_somebody_has_looked(bench: Bench) -> World {
    let mut world = before_the_asks(bench).await;
    world.clock.set(moment("2025-03-06 08:00"));
    world.worker.knock().await.unwrap();
    world.store.meta_put(MetaKey::HELD, Some("restored from a backup")).await.unwrap();
    // Neither what was queued nor what falls due.
    world.advance_to("2025-03-13 12:00").await;
    assert!(world.letters.is_empty());
    world.store.meta_put(MetaKey::HELD, None).await.unwrap();
    world.advance_to("2025-03-13 20:00").await;
    assert!(!arrived(&world, "jon").is_empty());
    world
}
