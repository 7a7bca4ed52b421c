//! Meetings: how they are prepared, and what happens when they are moved.

use std::collections::BTreeSet;

use arshjul::workflow::model::{Span, Status};
use jiff::civil::date;

use crate::store::Bench;
use crate::world::{World, shown, stories};

stories! {
    every_meeting_of_rsl_is_prepared,
    a_meeting_that_moves_takes_its_messages_along,
    whoever_was_told_is_told_of_every_change,
    a_meeting_moved_twice_and_then_cancelled_is_never_reminded_of_by_a_date_that_no_longer_holds,
    an_answer_survives_a_move,
    a_meeting_that_is_cancelled_takes_its_messages_back,
    a_ladder_stretches_past_the_summer,
}

/// Occasion, the days of its messages before it, the days after it. The joint meeting is prepared alike.
const PREPARED: [(&str, [&str; 6], [&str; 2]); 7] = [
    ("mote-1", ["01-15", "01-24", "01-28", "01-30", "01-31", "02-05"], ["02-13", "02-26"]),
    ("mote-2", ["03-13", "03-24", "03-26", "03-28", "03-31", "04-03"], ["04-11", "04-28"]),
    ("mote-3", ["04-10", "04-23", "04-25", "04-29", "04-30", "05-06"], ["05-14", "05-27"]),
    ("mote-4", ["08-22", "09-02", "09-04", "09-08", "09-09", "09-12"], ["09-22", "10-03"]),
    ("gemensamt", ["08-29", "09-09", "09-11", "09-15", "09-16", "09-19"], ["09-29", "10-10"]),
    ("mote-5", ["09-17", "09-26", "09-30", "10-02", "10-03", "10-08"], ["10-17", "10-30"]),
    ("mote-6", ["10-23", "11-03", "11-05", "11-07", "11-10", "11-13"], ["11-21", "12-04"]),
];
const RUNGS: [(&str, &str, &str); 8] = [
    ("petra", "arenden", "0"),
    ("petra", "arenden", "r1"),
    ("petra", "arenden", "r2"),
    ("sten", "arenden", "e1"),
    ("olle", "arenden", "e2"),
    ("sten", "handlingar", "0"),
    ("petra", "beslut", "0"),
    ("sten", "anteckningar", "0"),
];

async fn every_meeting_of_rsl_is_prepared(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-01-01").only(&["rsl", "kunskapsrad"]).started().await;
    world.advance_to("2025-12-31 12:00").await;
    let mut expected = BTreeSet::new();
    for (occasion, before, after) in PREPARED {
        for (day, (who, step, rung)) in before.iter().chain(&after).zip(RUNGS) {
            expected.insert(format!("2025-{day} 08:00 {who} {occasion}.2025 {step} {rung}"));
        }
    }
    let mut found = BTreeSet::new();
    for letter in &world.letters {
        for key in &letter.keys {
            let part = |n| key.split(':').nth(n).unwrap();
            let who = letter.to.trim_end_matches("@example.org");
            // The chairs are asked too, as Petra is; who hears of what is seen from three.
            let line = (who, part(3), part(4));
            if RUNGS.contains(&line) {
                found.insert(format!("{} {who} {} {} {}", shown(letter.at), part(2), part(3), part(4)));
            }
        }
    }
    assert_eq!(found, expected);
    world
}

async fn a_meeting_that_moves_takes_its_messages_along(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-03-20").only(&["rsl"]).started().await;
    world.advance_to("2025-04-08 12:00").await;
    let before = world.stored("sydostra/rsl", "rsl", "mote-3.2025").await;
    assert_eq!(before.sequence, 0);
    world.move_meeting("sydostra/rsl", "rsl", "mote-3.2025", "2025-05-20").await;
    world.advance_to("2025-05-31 12:00").await;
    let after = world.stored("sydostra/rsl", "rsl", "mote-3.2025").await;
    let day = date(2025, 5, 20);
    assert_eq!((after.sequence, after.occasion.span), (1, Span::AllDay { first: day, last: day }));
    assert_eq!(shown(after.changed_at), "2025-04-08 12:00");
    // Counted from the new day: 20, 13 and 11 workdays before; nothing on the days of the old one.
    let asked = ["2025-04-17 08:00 0", "2025-04-30 08:00 r1", "2025-05-05 08:00 r2"];
    let of_may: Vec<String> =
        world.of_step("petra", "arenden").into_iter().filter(|line| line.as_str() > "2025-04-08").collect();
    assert_eq!(of_may, asked);
    assert_eq!(world.of_step("sten", "handlingar").last().unwrap(), "2025-05-13 08:00 0");
    assert_eq!(world.of_step("petra", "beslut").last().unwrap(), "2025-05-21 08:00 0");
    world
}

async fn a_meeting_that_is_cancelled_takes_its_messages_back(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-04-11").only(&["rsl"]).started().await;
    world.advance_to("2025-04-24 12:00").await;
    assert_eq!(world.of_step("petra", "arenden"), ["2025-04-23 08:00 r1"]);
    world.cancel("sydostra/rsl", "rsl", "mote-3.2025").await;
    world.advance_to("2025-06-30 12:00").await;
    let after = world.stored("sydostra/rsl", "rsl", "mote-3.2025").await;
    assert_eq!((after.sequence, after.occasion.status), (1, Status::Cancelled));
    assert_eq!(world.of_step("petra", "arenden").len(), 1, "no more of it");
    assert!(world.who_got("handlingar").is_empty());
    world
}

async fn whoever_was_told_is_told_of_every_change(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-04-11").only(&["rsl"]).started().await;
    world.advance_to("2025-04-24 12:00").await;
    // Two days later: told in the next window, and not asked again.
    world.move_meeting("sydostra/rsl", "rsl", "mote-3.2025", "2025-05-15").await;
    world.advance_to("2025-04-25 12:00").await;
    assert_eq!(world.of_step("petra", "andring"), ["2025-04-24 15:00 c1"]);
    let told = world.who_got("andring");
    assert_eq!(told, world.who_got("arenden"), "those and nobody else");
    world.advance_to("2025-05-06 12:00").await;
    let asked = world.of_step("petra", "arenden");
    assert_eq!(asked, ["2025-04-23 08:00 r1", "2025-04-25 08:00 r1", "2025-04-29 08:00 r2"]);
    // Cancelled the day before: at the next quarter, not in the next window.
    world.advance_to("2025-05-14 16:20").await;
    world.cancel("sydostra/rsl", "rsl", "mote-3.2025").await;
    world.advance_to("2025-06-30 12:00").await;
    assert_eq!(world.of_step("petra", "andring"), ["2025-04-24 15:00 c1", "2025-05-14 16:30 c2"]);
    let decided = world.of_step("petra", "beslut");
    assert!(!decided.iter().any(|line| line.starts_with("2025-05")), "nobody is asked about what never was");
    world
}

async fn a_meeting_moved_twice_and_then_cancelled_is_never_reminded_of_by_a_date_that_no_longer_holds(
    bench: Bench,
) -> World {
    let mut world = World::new(bench, "2025-04-01").only(&["rsl"]).started().await;
    world.advance_to("2025-04-24 12:00").await;
    let asked = [world.who_got("arenden"), world.who_got("tid-och-plats")];
    let told: BTreeSet<String> = asked.into_iter().flatten().map(str::to_owned).collect();
    assert!(told.len() >= 3, "{told:?}");
    // When it became known, what is no longer so, and what is.
    let changes = [("2025-05-20", "13 maj", "20 maj"), ("2025-05-27", "20 maj", "27 maj")];
    for (n, (day, old, new)) in changes.into_iter().enumerate() {
        let before = world.letters.len();
        world.move_meeting("sydostra/rsl", "rsl", "mote-3.2025", day).await;
        let later = ["2025-04-29 12:00", "2025-05-08 12:00"][n];
        world.advance_to(later).await;
        let of_it: Vec<_> = world.letters[before..].iter().filter(|l| l.is_about("mote-3.2025")).collect();
        let changed = format!("c{}", n + 1);
        let heard: BTreeSet<String> = of_it
            .iter()
            .filter(|l| l.rungs_of("andring").iter().any(|rung| rung.ends_with(&changed)))
            .map(|l| l.to.trim_end_matches("@example.org").to_owned())
            .collect();
        assert_eq!(heard, told, "who was told of {old} is told of {new}");
        for letter in of_it.iter().filter(|l| l.rungs_of("andring").is_empty()) {
            assert!(!letter.text.contains(old), "{} still says {old}", letter.line());
        }
    }
    world.cancel("sydostra/rsl", "rsl", "mote-3.2025").await;
    let before = world.letters.len();
    world.advance_to("2025-06-30 12:00").await;
    let of_it: Vec<_> = world.letters[before..].iter().filter(|l| l.is_about("mote-3.2025")).collect();
    let heard: BTreeSet<String> =
        of_it.iter().map(|l| l.to.trim_end_matches("@example.org").to_owned()).collect();
    assert_eq!(heard, told);
    assert!(of_it.iter().all(|l| l.rungs_of("andring").iter().any(|rung| rung.ends_with("c3"))), "only that");
    assert!(of_it.iter().all(|l| l.text.contains("27 maj") && l.text.to_lowercase().contains("inställ")));
    world
}

/// A meeting right after the summer.
const AUGUST: &str = r#"
title = "Augusti"
for = ["rpo-medicinsk-diagnostik"]

[[meeting]]
id = "mote"
title = "Augustimötet"
dates = [2026-08-20]

[[step]]
id = "arenden"
ask = "Har du något att ta upp?"
to = "ledamot"
when = "20 workdays before start"
due = "10 workdays before start"
answers = { ja = "Ja", nej = "Nej" }
remind = ["13 workdays before start"]
"#;

async fn a_ladder_stretches_past_the_summer(bench: Bench) -> World {
    let setting = World::new(bench, "2026-06-01").only(&[]).file("sydostra/augusti.toml", AUGUST);
    let mut world = setting.started().await;
    world.advance_to("2026-08-31 12:00").await;
    assert_eq!(world.of_step("jon", "arenden"), ["2026-08-03 08:00 0", "2026-08-04 08:00 r1"]);
    world
}

async fn an_answer_survives_a_move(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-04-01").only(&["rsl"]).started().await;
    world.advance_to("2025-04-10 12:00").await;
    assert_eq!(world.of_step("petra", "arenden"), ["2025-04-10 08:00 0"]);
    world.answer("petra", "arenden", "inga").await;
    world.move_meeting("sydostra/rsl", "rsl", "mote-3.2025", "2025-05-14").await;
    world.advance_to("2025-05-14 12:00").await;
    assert_eq!(world.of_step("petra", "arenden").len(), 1, "the answer survives the move");
    // Dag hears of it until the new last day, and not on the days of the old one.
    let reminded = &world.of_step("dag", "arenden")[1..];
    assert_eq!(reminded.last().unwrap(), "2025-04-28 08:00 r2");
    assert!(!reminded.iter().any(|line| line.starts_with("2025-04-23") || line.starts_with("2025-04-25")));
    world
}
