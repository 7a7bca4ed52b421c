//! A dispens that runs out, with three who apply for a new one each for themselves.

use arshjul::answering::Handed;
use arshjul::workflow::model::Span;
use jiff::civil::{Date, date};

use crate::store::Bench;
use crate::world::{Letter, RPO, World, stories};

stories! {
    three_regions_apply_and_the_decision_makes_the_next_year,
}

/// The regions' heads apply; Rut and Ragnar lead radiology in two of them.
const PEOPLE: &str = "kropp;roll;namn;epost;från;till;ersättare
rpo-medicinsk-diagnostik;processtöd;Petra;petra@example.org;;;
rpo-medicinsk-diagnostik;ordförande;Olle;olle@example.org;;;
region-ostergotland;verksamhetschef;Vera;vera@example.org;;;
region-jonkopings-lan;verksamhetschef;Viggo;viggo@example.org;;;
region-kalmar-lan;verksamhetschef;Vilma;vilma@example.org;;;
region-ostergotland;röntgenchef;Ragnar;ragnar@example.org;;;
region-kalmar-lan;röntgenchef;Rut;rut@example.org;;;
";

fn on(day: Date) -> Handed {
    Handed { date: Some(day), ..Handed::default() }
}

async fn three_regions_apply_and_the_decision_makes_the_next_year(bench: Bench) -> World {
    let mut world = World::new(bench, "2023-08-21").only(&["dispens"]).people(PEOPLE).started().await;
    world.advance_to("2023-09-20 12:00").await;
    for applies in ["vera", "viggo", "vilma"] {
        assert_eq!(world.of_step(applies, "ansok"), ["2023-09-01 08:00 0"], "{applies}");
    }
    // Two are in time, the second of them after the first reminder.
    world.answer_with("vera", "ansok", "skickad", on(date(2023, 9, 18))).await;
    world.advance_to("2023-10-16 12:00").await;
    world.answer_with("viggo", "ansok", "skickad", on(date(2023, 10, 16))).await;

    // The third is late: thirty days before the end the chair hears, with who leads radiology in that region.
    world.advance_to("2023-12-04 12:00").await;
    let reminders =
        ["2023-10-02 08:00 r1", "2023-11-01 08:00 r2", "2023-11-16 08:00 r3", "2023-12-01 08:00 r4"];
    assert_eq!(world.of_step("vera", "ansok").len(), 1);
    assert_eq!(world.of_step("viggo", "ansok")[1..], reminders[..1]);
    assert_eq!(world.of_step("vilma", "ansok")[1..], reminders);
    for hears in ["olle", "petra", "rut"] {
        assert_eq!(world.of_step(hears, "ansok"), ["2023-12-01 08:00 e1"], "{hears}");
        let list = world.newest(hears, "ansok");
        assert!(list.text.contains("Region Kalmar län"), "{}", list.text);
        for in_time in ["Östergötland", "Jönköping"] {
            assert!(!list.text.contains(in_time), "{in_time} in {}", list.text);
        }
    }
    assert!(world.mails_to("ragnar").is_empty(), "nothing is amiss in Östergötland");
    world.answer_with("vilma", "ansok", "skickad", on(date(2023, 12, 4))).await;

    // Ten days before the end each is asked about the decision. Two have got one, for different times.
    world.advance_to("2023-12-21 12:00").await;
    for applied in ["vera", "viggo", "vilma"] {
        assert_eq!(world.of_step(applied, "beslut"), ["2023-12-21 08:00 0"], "{applied}");
    }
    world.answer_with("vera", "beslut", "beslutad", on(date(2024, 12, 31))).await;
    world.answer_with("viggo", "beslut", "beslutad", on(date(2024, 11, 29))).await;
    // On the last workday who has none is alarmed, though nothing else is sent at Christmas.
    world.advance_to("2024-01-08 12:00").await;
    for alarmed in ["vilma", "petra", "olle"] {
        assert_eq!(world.of_step(alarmed, "beslut").last().unwrap(), "2023-12-29 08:00 a1", "{alarmed}");
    }
    for decided in ["vera", "viggo"] {
        assert_eq!(world.of_step(decided, "beslut").len(), 1, "{decided}");
    }

    // The earlier of the two days is when the next one runs out, with a ladder of its own.
    let next = world.stored("sydostra/dispens", RPO, "dispens.2024").await;
    let day = date(2024, 11, 29);
    assert_eq!((next.sequence, next.occasion.span), (0, Span::AllDay { first: day, last: day }));
    let before = world.letters.len();
    world.advance_to("2024-08-29 12:00").await;
    let first = &world.letters[before..];
    assert_eq!(first.len(), 3, "{:?}", first.iter().map(Letter::line).collect::<Vec<_>>());
    // The 120th day before it lies in the summer.
    for applies in ["vera", "viggo", "vilma"] {
        assert_eq!(world.of_step(applies, "ansok").last().unwrap(), "2024-08-05 08:00 0", "{applies}");
        let ask = world.newest(applies, "ansok");
        assert!(ask.text.contains("fredag 29 november"), "{}", ask.text);
    }
    world
}
