//! The plan's items: what is asked about them, of whom, and how often.

use arshjul::answering::Handed;
use arshjul::items::{Health, Phase};

use crate::store::Bench;
use crate::world::{World, stories};

stories! {
    the_part_that_is_not_started_is_asked_about_three_times_and_then_handed_over,
    an_item_without_an_owner_is_asked_about_at_once,
    what_is_red_is_asked_about_the_same_day,
    started_ends_the_questions,
    planned_gives_a_rest,
}

/// One item with two parts, of which one is not started. Told to be so since long before the import.
pub const NOT_STARTED: &str = "id;punkt;delområde;fas;hälsa;ägare;sedan
ai;Dela erfarenheter;Lab;Ej påbörjad;Okänd;rag-laboratoriemedicin-it/ordförande;2024-09-02
ai;Dela erfarenheter;Röntgen;Pågår;Grön;rag-patologi/ordförande;2024-09-02
";

const OWNERLESS: &str = "id;punkt;delområde;fas;hälsa;ägare;sedan
grupp;Starta en arbetsgrupp;;Ej påbörjad;Okänd;;2024-09-02
";

const RED: &str = "id;punkt;delområde;fas;hälsa;ägare;sedan
prover;Färre prover;;Pågår;Röd;rag-patologi/ordförande;2025-03-03
";

async fn planned(bench: Bench, day: &str, plan: &str) -> World {
    World::new(bench, day).only(&["punkter", "statusrunda", "rpo"]).plan(plan).started().await
}

async fn the_part_that_is_not_started_is_asked_about_three_times_and_then_handed_over(bench: Bench) -> World {
    let mut world = planned(bench, "2025-03-03", NOT_STARTED).await;
    world.advance_to("2025-12-31 12:00").await;
    // Twenty workdays from the import, not from September.
    let asked = ["2025-03-31 08:00 n1", "2025-04-30 08:00 n2", "2025-05-30 08:00 n3"];
    assert_eq!(world.of_step("lo", "ej-paborjad"), asked);
    assert!(world.newest("lo", "ej-paborjad").subject.contains("Dela erfarenheter (Lab)"));
    for decides in ["petra", "olle"] {
        assert_eq!(world.of_step(decides, "ej-paborjad"), ["2025-07-01 08:00 h"]);
    }
    assert_eq!(world.who_got("ej-paborjad"), ["lo", "olle", "petra"].into(), "nobody about the other part");
    world
}

async fn an_item_without_an_owner_is_asked_about_at_once(bench: Bench) -> World {
    let mut world = planned(bench, "2025-03-03", OWNERLESS).await;
    world.advance_to("2025-08-31 12:00").await;
    assert_eq!(world.of_step("petra", "utan-agare"), ["2025-03-03 08:00 n1", "2025-03-17 08:00 n2"]);
    assert_eq!(world.of_step("olle", "utan-agare"), ["2025-03-31 08:00 h"]);
    assert!(world.who_got("ej-paborjad").is_empty(), "one question at a time");
    world
}

async fn what_is_red_is_asked_about_the_same_day(bench: Bench) -> World {
    let mut world = planned(bench, "2025-03-03 10:40", RED).await;
    world.advance_to("2025-03-03 23:00").await;
    assert_eq!(world.of_step("pia", "rod"), ["2025-03-03 15:00 n1"]);
    assert_eq!(world.of_step("petra", "rod"), ["2025-03-03 15:00 n1"]);
    // Petra hears of it weekly, until it is not red any more.
    world.advance_to("2025-03-19 12:00").await;
    assert_eq!(world.of_step("petra", "rod-veckovis"), ["2025-03-10 08:00 n1", "2025-03-17 08:00 n2"]);
    world.answer("pia", "rod", "gul").await;
    world.advance_to("2025-05-31 12:00").await;
    assert_eq!(world.of_step("petra", "rod-veckovis").len(), 2);
    assert_eq!(world.of_step("pia", "utan-datum")[0], "2025-03-10 08:00 n1", "five workdays after the other");
    assert_eq!(world.store.facts().await.unwrap().items[0].health, Health::Yellow);
    world
}

async fn started_ends_the_questions(bench: Bench) -> World {
    let mut world = planned(bench, "2025-03-03", NOT_STARTED).await;
    world.advance_to("2025-04-02 12:00").await;
    world.answer("lo", "ej-paborjad", "paborjad").await;
    world.advance_to("2025-12-31 12:00").await;
    assert_eq!(world.of_step("lo", "ej-paborjad").len(), 1);
    let facts = world.store.facts().await.unwrap();
    assert!(facts.items.iter().all(|item| item.phase == Phase::Ongoing));
    world
}

async fn planned_gives_a_rest(bench: Bench) -> World {
    let mut world = planned(bench, "2025-03-03", NOT_STARTED).await;
    world.advance_to("2025-04-02 12:00").await;
    let planned = Handed { date: Some("2025-06-02".parse().unwrap()), ..Handed::default() };
    world.answer_with("lo", "ej-paborjad", "planerad", planned).await;
    world.advance_to("2025-06-30 12:00").await;
    // Silent until the day that was planned, and then asked whether it came about.
    assert_eq!(world.of_step("lo", "ej-paborjad"), ["2025-03-31 08:00 n1", "2025-06-02 08:00 n1"]);
    world
}
