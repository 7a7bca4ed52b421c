//! The plan of 2025 lived through with the shipped watches: what the first mails ask, of whom, and how often.

use std::collections::BTreeMap;

use crate::store::Bench;
use crate::world::{RPO, World, shown, stories};

stories! {
    the_five_units_that_are_not_started_are_asked_about_once_and_as_one_list,
}

const THE_2025: &str = include_str!("../../data/plan-2025.csv");
/// Not started, and each waiting for an assignment that nobody has given.
const NOT_STARTED: [&str; 5] = ["l5", "l13", "l16", "l12~molekylar", "l11~lab"];

/// The unit that a message of the watches is about.
fn unit(key: &str) -> Option<&str> {
    let mut parts = key.split(':');
    let of_watches = parts.next() == Some("sydostra/punkter");
    parts.nth(1).filter(|_| of_watches)?.strip_prefix(RPO)?.strip_prefix('.')
}

async fn the_five_units_that_are_not_started_are_asked_about_once_and_as_one_list(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-01-01")
        .only(&["punkter", "statusrunda", "rpo", "uppdrag"])
        .plan(THE_2025)
        .started()
        .await;
    world.advance_to("2025-01-31 12:00").await;
    let mut asked: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for letter in &world.letters {
        for unit in letter.keys.iter().filter_map(|key| unit(key)) {
            asked.entry(unit).or_default().push(format!("{} {}", shown(letter.at), letter.to));
        }
    }
    // The year begins in a quiet period, which ends with Epiphany.
    for unit in NOT_STARTED {
        let about = asked.get(unit).map(Vec::as_slice).unwrap_or_default();
        let first: Vec<_> = about.iter().filter(|told| told.starts_with("2025-01-07")).collect();
        assert_eq!(first, ["2025-01-07 08:00 petra@example.org"], "{unit}: {about:?}");
        let others = about.iter().filter(|told| !told.contains("petra@") && !told.contains("olle@"));
        assert_eq!(others.count(), 0, "no coming receiver is asked about {unit}: {about:?}");
    }
    assert_eq!(world.of_step("petra", "uppdrag")[..5], ["2025-01-07 08:00 n1"; 5]);
    let first = world.mails_to("petra")[0];
    assert!(first.text.contains("5 punkter väntar på ett uppdrag. När ges de?"), "{}", first.text);
    world
}
