//! Answers, what they take back, and the links they come by.

use arshjul::items::{Health, Item, Phase};
use arshjul::plan::model::{Matter, MessageKind, Object};
use arshjul::store::{
    Finish, ItemChange, MailState, NewAnswer, NewToken, Recorded, Settles, Store, StoreError, TokenRow,
};
use jiff::SignedDuration;

use super::{Bench, at, conformance, given, mail, matter, message, plan, state_of};

conformance! {
    an_answer_is_recorded_once_and_may_change,
    a_report_about_an_item_may_say_the_same_again_later,
    an_answer_changes_the_item_with_it_or_not_at_all,
    an_answer_takes_back_what_it_makes_pointless,
    an_answer_that_settles_it_takes_back_everybodys,
    an_answer_cancels_a_queued_mail_and_keeps_what_else_was_in_it,
    a_mail_that_may_have_arrived_is_not_cancelled,
    a_link_works_until_it_expires_or_is_revoked,
    open_matters_are_those_asked_and_not_answered,
    the_latest_message_is_the_one_to_answer,
}

async fn an_answer_is_recorded_once_and_may_change(bench: Bench) {
    let store = bench.open().await;
    let about = matter("svara");
    let inga = given(&about, "anna", "inga", at("2025-10-01T10:00"));
    let later = given(&about, "anna", "inga", at("2025-12-01T10:00"));
    let avstar = given(&about, "anna", "avstar", at("2025-12-02T10:00"));
    let bo = given(&about, "bo", "inga", at("2025-10-02T10:00"));
    let record = async |given| store.record_answer(&NewAnswer::of(given, "anna"), given.at).await.unwrap();
    assert_eq!(record(&inga).await, Recorded::New);
    let revision = store.facts_revision().await.unwrap();
    assert_eq!(record(&later).await, Recorded::Same { before: inga.clone() });
    assert_eq!(store.facts_revision().await.unwrap(), revision);
    assert_eq!(record(&avstar).await, Recorded::Changed { before: inga.clone() });
    assert_eq!(record(&bo).await, Recorded::New);
    assert_eq!(store.answer_of(&about, &"anna".into()).await.unwrap(), Some(avstar.clone()));
    assert_eq!(store.answer_of(&about, &"cia".into()).await.unwrap(), None);
    assert_eq!(store.answers_to(&about).await.unwrap(), [avstar.clone(), bo.clone()]);
    assert_eq!(store.facts().await.unwrap().answers, [bo, avstar]);
    assert_eq!(store.history(10).await.unwrap().len(), 3);
}

fn about_item(unit: &str) -> Matter {
    Matter {
        workflow: "handlingsplan".into(),
        body: None,
        object: Object::Item(unit.to_owned()),
        step: "rod".into(),
    }
}

async fn a_report_about_an_item_may_say_the_same_again_later(bench: Bench) {
    let store = bench.open().await;
    let record = async |moment| {
        let given = given(&about_item("l5"), "anna", "som_forut", at(moment));
        store.record_answer(&NewAnswer::of(&given, "anna"), at(moment)).await.unwrap()
    };
    assert_eq!(record("2025-01-01T10:00").await, Recorded::New);
    assert!(matches!(record("2025-01-01T10:01").await, Recorded::Same { .. }));
    assert!(matches!(record("2025-04-01T10:00").await, Recorded::Changed { .. }));
    let kept = store.answer_of(&about_item("l5"), &"anna".into()).await.unwrap().unwrap();
    assert_eq!(kept.at, at("2025-04-01T10:00"));
}

async fn an_answer_changes_the_item_with_it_or_not_at_all(bench: Bench) {
    let store = bench.open().await;
    let now = at("2025-01-01T10:00");
    let known = Item::new("rsl".into(), "l5".into(), "AI", now);
    let item = Item { phase: Phase::Ongoing, health: Health::Red, ..known };
    store.save_items(&"rsl".into(), &[item], "import", now).await.unwrap();
    let green = ItemChange { health: Some(Health::Green), ..ItemChange::default() };
    let answer = given(&about_item("l5"), "anna", "gron", now);
    let effect = NewAnswer { effect: Some(("l5", &green)), ..NewAnswer::of(&answer, "anna") };
    store.record_answer(&effect, now).await.unwrap();
    assert_eq!(store.facts().await.unwrap().items[0].health, Health::Green);

    let (before, revision) = store.facts_with_revision().await.unwrap();
    let answer = given(&about_item("l6"), "anna", "gron", now);
    let effect = NewAnswer { effect: Some(("l6", &green)), ..NewAnswer::of(&answer, "anna") };
    let refused = store.record_answer(&effect, now).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    assert_eq!(store.facts_with_revision().await.unwrap(), (before, revision));
}

async fn answer(store: &Store, person: &str, settles_all: bool) {
    let now = at("2025-10-01T10:00");
    let given = given(&matter("svara"), person, "inga", now);
    let settles = if settles_all { Settles::All } else { Settles::Own };
    store.record_answer(&NewAnswer { settles, ..NewAnswer::of(&given, person) }, now).await.unwrap();
}

async fn an_answer_takes_back_what_it_makes_pointless(bench: Bench) {
    let store = bench.open().await;
    let october = at("2025-10-06T06:00");
    let reminder = message("svara", MessageKind::Reminder, "anna", october);
    let others = [
        message("svara", MessageKind::Reminder, "bo", october),
        message("svara", MessageKind::Escalation, "chef", october),
        message("annat", MessageKind::Reminder, "anna", october),
        message("beslut", MessageKind::Tell, "anna", october),
    ];
    plan(&store, std::slice::from_ref(&reminder)).await;
    plan(&store, &others).await;
    answer(&store, "anna", false).await;
    assert_eq!(state_of(&store, &reminder).await, "withdrawn");
    for other in &others {
        assert_eq!(state_of(&store, other).await, "planned", "{}", other.key);
    }
}

async fn an_answer_that_settles_it_takes_back_everybodys(bench: Bench) {
    let store = bench.open().await;
    let october = at("2025-10-06T06:00");
    let pointless = [
        message("svara", MessageKind::Ask, "anna", october),
        message("svara", MessageKind::Reminder, "bo", october),
        message("svara", MessageKind::Escalation, "chef", october),
        message("svara", MessageKind::Alarm, "cia", october),
    ];
    let told = message("svara", MessageKind::Tell, "dag", october);
    plan(&store, &pointless).await;
    plan(&store, std::slice::from_ref(&told)).await;
    answer(&store, "anna", true).await;
    for message in &pointless {
        assert_eq!(state_of(&store, message).await, "withdrawn", "{}", message.key);
    }
    assert_eq!(state_of(&store, &told).await, "planned");
}

async fn an_answer_cancels_a_queued_mail_and_keeps_what_else_was_in_it(bench: Bench) {
    let store = bench.open().await;
    let october = at("2025-10-01T06:00");
    let reminder = message("svara", MessageKind::Reminder, "anna", october);
    let other = message("beslut", MessageKind::Tell, "anna", october);
    plan(&store, &[reminder.clone(), other.clone()]).await;
    assert!(store.queue(&mail("m1", &[&reminder, &other], october), october).await.unwrap());
    // The relay has said "not yet", and meant it.
    let claim = store.claim(october, SignedDuration::from_mins(5), &|_| SignedDuration::ZERO).await.unwrap();
    let later = Finish::Retry { reply: "451 later".to_owned(), at: october, ambiguous: false };
    assert!(store.finish(&claim.unwrap(), &later, october).await.unwrap());

    answer(&store, "anna", false).await;
    assert_eq!(state_of(&store, &reminder).await, "withdrawn");
    assert_eq!(state_of(&store, &other).await, "planned");
    assert_eq!(store.mails(10, 0).await.unwrap()[0].state, MailState::Cancelled);
    let now = at("2025-10-02T06:00");
    assert_eq!(
        store.claim(now, SignedDuration::from_mins(5), &|_| SignedDuration::ZERO).await.unwrap(),
        None
    );
    // Composed anew, if need be with the same Message-ID: the first one has reached nobody.
    assert!(store.queue(&mail("m1", &[&other], now), now).await.unwrap());
    store.check_integrity().await.unwrap();
}

async fn a_mail_that_may_have_arrived_is_not_cancelled(bench: Bench) {
    let store = bench.open().await;
    let october = at("2025-10-01T06:00");
    let reminder = message("svara", MessageKind::Reminder, "anna", october);
    plan(&store, std::slice::from_ref(&reminder)).await;
    store.queue(&mail("m1", &[&reminder], october), october).await.unwrap();
    let claim = async || {
        let claim = store.claim(october, SignedDuration::from_mins(5), &|_| SignedDuration::ZERO).await;
        claim.unwrap().unwrap()
    };
    // Under way.
    let under_way = claim().await;
    answer(&store, "anna", false).await;
    assert_eq!(state_of(&store, &reminder).await, "queued");
    // Perhaps taken.
    let perhaps = Finish::Retry { reply: "timeout".to_owned(), at: october, ambiguous: true };
    assert!(store.finish(&under_way, &perhaps, october).await.unwrap());
    let changed = given(&matter("svara"), "anna", "avstar", october);
    store.record_answer(&NewAnswer::of(&changed, "anna"), october).await.unwrap();
    assert_eq!(state_of(&store, &reminder).await, "queued");
    let sent = Finish::Sent { reply: "250 ok".to_owned() };
    assert!(store.finish(&claim().await, &sent, october).await.unwrap());
    assert_eq!(state_of(&store, &reminder).await, "sent");
}

async fn a_link_works_until_it_expires_or_is_revoked(bench: Bench) {
    let store = bench.open().await;
    let (now, end) = (at("2025-10-01T06:00"), at("2025-12-01T06:00"));
    let token = |n, expires| NewToken {
        hash: [n; 32],
        person: "anna".into(),
        purpose: "svar".to_owned(),
        matters: vec![matter("svara"), about_item("l5")],
        expires,
    };
    let ask = message("svara", MessageKind::Ask, "anna", now);
    plan(&store, std::slice::from_ref(&ask)).await;
    let mut mail = mail("m1", &[&ask], now);
    mail.tokens = vec![token(1, Some(end))];
    store.queue(&mail, now).await.unwrap();
    store.issue_token(&token(2, None), now).await.unwrap();
    assert!(store.issue_token(&token(2, None), now).await.is_err(), "a hash is issued once");

    let found = TokenRow {
        person: "anna".into(),
        purpose: "svar".to_owned(),
        matters: vec![matter("svara"), about_item("l5")],
        issued: now,
        expires: Some(end),
    };
    assert_eq!(store.token(&[1; 32], now).await.unwrap(), Some(found));
    assert_eq!(store.token(&[1; 32], end).await.unwrap(), None, "expired");
    assert_eq!(store.token(&[3; 32], now).await.unwrap(), None, "unknown");
    assert!(store.token(&[2; 32], end).await.unwrap().is_some());
    assert_eq!(store.revoke_tokens(&"anna".into(), Some("feed"), "test", now).await.unwrap(), 0);
    assert_eq!(store.revoke_tokens(&"anna".into(), None, "test", now).await.unwrap(), 2);
    assert_eq!(store.token(&[2; 32], now).await.unwrap(), None, "revoked");
}

async fn open_matters_are_those_asked_and_not_answered(bench: Bench) {
    let store = bench.open().await;
    let moment = |day| at(&format!("2025-10-0{day}T06:00"));
    let mut nudge = message("rod", MessageKind::Nudge, "anna", moment(3));
    nudge.matter = about_item("l5");
    let asked = [
        message("svara", MessageKind::Ask, "anna", moment(1)),
        message("svara", MessageKind::Reminder, "anna", moment(2)),
        message("annat", MessageKind::Ask, "anna", moment(1)),
        nudge.clone(),
    ];
    let not_yet = message("senare", MessageKind::Ask, "anna", moment(9));
    plan(&store, &asked).await;
    plan(&store, &[not_yet]).await;
    store.queue(&mail("m1", &asked.iter().collect::<Vec<_>>(), moment(3)), moment(3)).await.unwrap();
    let claim =
        store.claim(moment(3), SignedDuration::from_mins(5), &|_| SignedDuration::ZERO).await.unwrap();
    let sent = Finish::Sent { reply: "250 ok".to_owned() };
    assert!(store.finish(&claim.unwrap(), &sent, moment(3)).await.unwrap());
    let open = async || {
        let open = store.open_matters(&"anna".into()).await.unwrap();
        open.into_iter().map(|m| m.key).collect::<Vec<_>>()
    };
    assert_eq!(open().await, [&nudge, &asked[1], &asked[2]].map(|m| m.key.clone()));
    // An answer about the item from before the nudge doesn't answer it.
    for (about, moment) in [(about_item("l5"), moment(2)), (matter("annat"), moment(1))] {
        let given = given(&about, "anna", "inga", moment);
        store.record_answer(&NewAnswer::of(&given, "anna"), moment).await.unwrap();
    }
    assert_eq!(open().await, [&nudge, &asked[1]].map(|m| m.key.clone()));
    let given = given(&about_item("l5"), "anna", "inga", moment(4));
    store.record_answer(&NewAnswer::of(&given, "anna"), moment(4)).await.unwrap();
    assert_eq!(open().await, [asked[1].key.clone()]);
    assert!(store.open_matters(&"bo".into()).await.unwrap().is_empty());
}

async fn the_latest_message_is_the_one_to_answer(bench: Bench) {
    let store = bench.open().await;
    let moment = |day| at(&format!("2025-10-0{day}T06:00"));
    let ask = message("svara", MessageKind::Ask, "anna", moment(1));
    let reminder = message("svara", MessageKind::Reminder, "anna", moment(2));
    let told = message("svara", MessageKind::Tell, "anna", moment(3));
    let latest = async || {
        let found = store.latest_message(&matter("svara"), &"anna".into()).await.unwrap();
        found.map(|(message, state)| (message.key, state.to_string()))
    };
    assert_eq!(latest().await, None);
    plan(&store, &[ask.clone(), reminder.clone(), told.clone()]).await;
    assert_eq!(latest().await, Some((reminder.key.clone(), "planned".to_owned())));
    store.queue(&mail("m1", &[&ask, &told], moment(1)), moment(1)).await.unwrap();
    assert_eq!(latest().await, Some((ask.key.clone(), "queued".to_owned())));
}
