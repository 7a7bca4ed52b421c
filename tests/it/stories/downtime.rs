//! The daemon was down. What it missed is never made up for in a heap.

use std::collections::BTreeMap;

use super::remisser::asked;
use crate::store::Bench;
use crate::world::{Letter, World, shown, stories};

stories! {
    down_for_three_days,
    down_for_six_weeks,
    down_for_fourteen_months,
    down_over_the_evening,
}

const SUPERSEDED: &str = "ersatt av ett nyare meddelande i samma ärende";
const OLD: &str = "mer än 14 dagar för sent";
const OVER: &str = "tillfället var över";

async fn down_for_three_days(bench: Bench) -> World {
    let mut world = asked(bench).await;
    world.advance_to("2025-05-19 16:00").await;
    let before = world.letters.len();
    world.down_until("2025-05-22 08:00").await;
    // Two reminders and a list were missed: one mail each, of the newest. Petra has both, since she is asked too for
    // the groups that have no chair.
    let came: Vec<String> = world.letters[before..].iter().map(|l| l.to.clone()).collect();
    assert_eq!(came.len(), 6, "{came:?}");
    assert_eq!(world.of_step("kaj", "inhamta").last().unwrap(), "2025-05-22 08:00 r4");
    assert_eq!(world.of_step("petra", "inhamta")[3..], ["2025-05-22 08:00 e1", "2025-05-22 08:00 r4"]);
    assert_eq!(world.skipped().await, BTreeMap::from([(SUPERSEDED.to_owned(), 6)]));
    world
}

async fn down_for_six_weeks(bench: Bench) -> World {
    let mut world = asked(bench).await;
    world.advance_to("2025-04-16 12:00").await;
    let before = world.letters.len();
    world.down_until("2025-05-29 08:00").await;
    assert_eq!(world.letters.len(), before, "Ascension Day");
    world.advance_to("2025-05-30 12:00").await;
    for name in ["jon", "kaj", "nils", "pia", "lo", "petra", "olle"] {
        let came = world.letters[before..].iter().filter(|l| l.to.starts_with(name)).count();
        assert_eq!(came, 1, "{name}");
    }
    assert_eq!(world.of_step("kaj", "inhamta").last().unwrap(), "2025-05-30 08:00 r4");
    // It was written for the last day, and leaves nine days after it.
    let late = world.newest("kaj", "inhamta");
    assert!(late.subject.contains("svaret skulle ha kommit ons 21 maj (v. 21)"), "{}", late.subject);
    assert!(late.text.contains("Det skulle ha kommit senast onsdag 21 maj (v. 21)."), "{}", late.text);
    // Of six recipients' four reminders two were too old, one was superseded. So was Petra's question about
    // consequences, by its reminder.
    assert_eq!(world.skipped().await, BTreeMap::from([(SUPERSEDED.to_owned(), 7), (OLD.to_owned(), 12)]));
    world
}

async fn down_for_fourteen_months(bench: Bench) -> World {
    let plan = "id;punkt;delområde;fas;hälsa;ägare;sedan\n\
                prover;Färre prover;;Pågår;Röd;rag-patologi/ordförande;2025-01-13\n";
    let mut world = World::new(bench, "2025-01-13").plan(plan).started().await;
    world.advance_to("2025-02-03 12:00").await;
    let before = world.letters.len();
    world.down_until("2026-04-01 08:00").await;
    let mut people: BTreeMap<&str, usize> = BTreeMap::new();
    for letter in &world.letters[before..] {
        *people.entry(&letter.to).or_default() += 1;
        for key in &letter.keys {
            let current = key.contains(":rod") || Letter::about(key) >= "2026-03-30";
            assert!(current, "{key} is late at {}", shown(letter.at));
        }
    }
    assert_eq!(people, BTreeMap::from([("petra@example.org", 1)]), "one digest");
    assert_eq!(world.of_step("petra", "rod-veckovis").last().unwrap().split(' ').next(), Some("2026-04-01"));
    let skipped = world.skipped().await;
    assert!(skipped[OLD] > 50 && skipped[OVER] > 50, "{skipped:?}");
    world
}

async fn down_over_the_evening(bench: Bench) -> World {
    let mut world = asked(bench).await;
    world.advance_to("2025-05-06 16:00").await;
    // It comes back at half past ten: the morning's mails wait for the afternoon's window.
    world.down_until("2025-05-07 10:30").await;
    assert_eq!(world.of_step("kaj", "inhamta").len(), 1);
    world.advance_to("2025-05-07 16:00").await;
    assert_eq!(world.of_step("kaj", "inhamta").last().unwrap(), "2025-05-07 15:00 r1");
    world
}
