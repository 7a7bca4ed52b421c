//! What the daemon does, told as it happens to people. Dates are those of the golden tables, counted by hand.

#![cfg(test)]

use arshjul::plan::model::Startable;
use arshjul::store::Recorded;
use tokio::join;

use crate::store::Bench;
use crate::world::{Letter, RPO, World, moment, stories};

mod bevakning;
mod dispens;
mod downtime;
mod handlingsplan_ar;
mod items;
mod kalender;
mod kalendrar;
mod matvarden;
mod meetings;
mod personer;
pub mod plandokument;
mod planerna;
mod rapporter;
mod remisser;
mod runda;
mod statusrunda;
mod uppdrag;

stories! {
    nothing_happens_before_the_start,
    a_start_in_the_middle_says_nothing_about_the_past,
    two_workers_make_each_message_once,
    a_clock_that_goes_back_sends_nothing_twice,
    an_answer_between_queueing_and_delivery_takes_back_only_what_it_answers,
    a_faulty_file_changes_nothing,
    answers_may_be_changed_and_are_taken_once,
}

async fn nothing_happens_before_the_start(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-04-01").plan(items::NOT_STARTED).silent().await;
    world.advance_to("2025-05-05 12:00").await;
    assert!(world.letters.is_empty(), "{:?}", world.letters.first().map(Letter::line));
    // The body alone is not enough, nor the workflow.
    world.start_only(&[Startable::Body(RPO.into()), Startable::Items(RPO.into())]).await;
    world.advance_to("2025-05-12 12:00").await;
    assert!(world.letters.is_empty());
    world.start().await;
    world.advance_to("2025-05-20 16:00").await;
    assert!(!world.letters.is_empty());
    world
}

async fn a_start_in_the_middle_says_nothing_about_the_past(bench: Bench) -> World {
    let mut world = World::new(bench, "2026-11-17").plan(items::NOT_STARTED).started().await;
    world.advance_to("2026-12-22 23:00").await;
    assert!(!world.letters.is_empty());
    for letter in &world.letters {
        for key in &letter.keys {
            assert!(Letter::about(key) >= "2026-11-17", "{key} is about the past");
        }
    }
    // The winter's round opened on 16 November. The ask is first sent as an ask, on its last rung.
    assert_eq!(world.of_step("petra", "lista"), ["2026-11-18 08:00 r1"]);
    let ask = world.newest("petra", "lista");
    assert!(ask.text.contains("Vilka remisser rör er"), "{}", ask.text);
    assert!(!ask.text.contains("Vi saknar ditt svar") && !ask.subject.contains("Påminnelse"), "{}", ask.text);
    assert!(ask.subject.contains("senast ons 18 nov"), "{}", ask.subject);
    world
}

async fn two_workers_make_each_message_once(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-04-14").only(&["remisser"]).started().await;
    let second = world.another_worker().await;
    for day in ["04-15", "04-22", "04-24", "05-07", "05-14", "05-20", "05-21", "05-22", "05-28"] {
        for hour in ["08:00", "15:00"] {
            world.clock.set(moment(&format!("2025-{day} {hour}")));
            let first = world.worker.clone();
            let (one, other) = join!(first.knock(), second.knock());
            let composed = one.unwrap().composed + other.unwrap().composed;
            let (one, other) = join!(first.deliver(), second.deliver());
            let sent = one.unwrap().sent + other.unwrap().sent;
            // A mail that one has queued and the other refused to queue again is still sent.
            assert!(sent >= composed, "{sent} of {composed} at {day} {hour}");
            world.collect();
        }
        match day {
            "04-15" => world.answer_listing("petra", "lista", "listade", &[remisser::REMISS]).await,
            "04-22" => world.answer("petra", "fordela", "samordnas").await,
            _ => {}
        }
    }
    world.advance_to("2025-05-28 16:00").await;
    let rungs = [
        "2025-04-24 08:00 0",
        "2025-05-07 08:00 r1",
        "2025-05-14 08:00 r2",
        "2025-05-20 08:00 r3",
        "2025-05-21 08:00 r4",
    ];
    assert_eq!(world.of_step("kaj", "inhamta"), rungs);
    world
}

async fn a_clock_that_goes_back_sends_nothing_twice(bench: Bench) -> World {
    let mut world = remisser::asked(bench).await;
    world.advance_to("2025-05-07 20:00").await;
    let before = world.letters.len();
    world.clock.set(moment("2025-05-06 07:30"));
    world.advance_to("2025-05-07 20:00").await;
    assert_eq!(world.letters.len(), before);
    world.advance_to("2025-05-14 20:00").await;
    assert_eq!(world.of_step("kaj", "inhamta").last().unwrap(), "2025-05-14 08:00 r2");
    world
}

/// Two questions to the members on the same days.
pub const TWO: &str = r#"
title = "Två frågor"
for = ["rpo-medicinsk-diagnostik"]

[[meeting]]
id = "mote"
title = "Mötet"
dates = [2025-03-20]

[[step]]
id = "forsta"
ask = "Kommer du?"
to = "ledamot"
when = "10 workdays before start"
due = "3 workdays before start"
answers = { ja = "Ja", nej = "Nej" }
remind = ["5 workdays before start"]

[[step]]
id = "andra"
ask = "Har du något att ta upp?"
to = "ledamot"
when = "10 workdays before start"
due = "3 workdays before start"
answers = { ja = "Ja", nej = "Nej" }
remind = ["5 workdays before start"]
"#;

async fn an_answer_between_queueing_and_delivery_takes_back_only_what_it_answers(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-02-03").only(&[]).file("sydostra/tva.toml", TWO).started().await;
    world.advance_to("2025-03-12 20:00").await;
    assert_eq!(world.mails_to("jon").len(), 1, "one digest");
    world.clock.set(moment("2025-03-13 08:00"));
    assert_eq!(world.worker.knock().await.unwrap().composed, 2, "jon's and kaj's");
    world.answer("jon", "forsta", "ja").await;
    world.advance_to("2025-03-13 20:00").await;
    assert_eq!(world.of_step("jon", "forsta"), ["2025-03-06 08:00 0"]);
    assert_eq!(world.of_step("jon", "andra"), ["2025-03-06 08:00 0", "2025-03-13 08:00 r1"]);
    assert_eq!(world.of_step("kaj", "forsta"), ["2025-03-06 08:00 0", "2025-03-13 08:00 r1"]);
    world
}

async fn a_faulty_file_changes_nothing(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-02-03").only(&[]).file("sydostra/tva.toml", TWO).started().await;
    world.advance_to("2025-03-05 20:00").await;
    assert!(!world.reload("sydostra/tva.toml", &TWO.replace("10 workdays", "10 wrokdays")));
    assert!(world.rules.faults().to_string().contains("sydostra/tva.toml"), "{}", world.rules.faults());
    world.advance_to("2025-03-06 20:00").await;
    assert_eq!(world.of_step("jon", "forsta"), ["2025-03-06 08:00 0"]);
    // The corrected one is taken over, and what is pending follows it.
    assert!(world.reload("sydostra/tva.toml", &TWO.replace("5 workdays before", "4 workdays before")));
    assert!(world.rules.faults().is_empty());
    world.advance_to("2025-03-20 20:00").await;
    assert_eq!(world.of_step("jon", "forsta").last().unwrap(), "2025-03-14 08:00 r1");
    world
}

async fn answers_may_be_changed_and_are_taken_once(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-02-03").only(&[]).file("sydostra/tva.toml", TWO).started().await;
    world.advance_to("2025-03-06 09:00").await;
    world.answer("jon", "forsta", "ja").await;
    let again = world.try_answering("jon", "forsta", "ja").await.unwrap();
    assert!(matches!(again, Recorded::Same { .. }));
    let changed = world.try_answering("jon", "forsta", "nej").await.unwrap();
    assert!(matches!(changed, Recorded::Changed { before } if before.answer.as_str() == "ja"));
    world.try_answering("jon", "forsta", "kanske").await.unwrap_err();
    world.advance_to("2025-03-21 09:00").await;
    world.try_answering("kaj", "forsta", "ja").await.expect_err("the meeting has been");
    world
}
