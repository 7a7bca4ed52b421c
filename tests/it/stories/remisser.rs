//! A national round, from the region's side: the summer's of 2025, which closes on 13 June.

use crate::store::Bench;
use crate::world::{PEOPLE, World, stories};

stories! {
    a_round_of_remisser,
    the_alarm_stops_when_the_answer_is_sent,
    each_region_answers_for_itself,
    a_gate_that_nobody_answers_stays_closed,
    a_role_passes_to_another_in_the_middle,
}

/// The only remiss of the round that the group is concerned with.
pub const REMISS: &str = "Vårdprogram för skelettmetastaser";

/// The round has opened. Petra has listed a remiss in the morning, and answered in the afternoon that the answer is
/// coordinated. She is asked for the groups that have no chair, too.
pub async fn asked(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-04-01").only(&["remisser"]).started().await;
    world.advance_to("2025-04-15 09:30").await;
    assert_eq!(world.of_step("petra", "lista"), ["2025-04-15 08:00 0"]);
    world.answer_listing("petra", "lista", "listade", &[REMISS]).await;
    world.advance_to("2025-04-15 15:30").await;
    assert_eq!(world.of_step("petra", "fordela"), ["2025-04-15 15:00 0"]);
    assert_eq!(world.letters.len(), 2, "nobody else is asked yet");
    world.answer("petra", "fordela", "samordnas").await;
    world
}

const FORWARDED: &str = "2025-04-16 08:00 0";
const REMINDED: [&str; 4] =
    ["2025-05-07 08:00 r1", "2025-05-14 08:00 r2", "2025-05-20 08:00 r3", "2025-05-21 08:00 r4"];

async fn a_round_of_remisser(bench: Bench) -> World {
    let mut world = asked(bench).await;
    world.advance_to("2025-04-28 12:00").await;
    for member in ["jon", "kaj", "nils", "pia", "lo"] {
        assert_eq!(world.of_step(member, "inhamta"), [FORWARDED]);
        assert_eq!(world.mails_to(member).len(), 1);
    }
    assert_eq!(world.of_step("petra", "fordela").len(), 1, "who has answered is not reminded");

    // Three answer: at once, after the first reminder, on the last day.
    world.answer("jon", "inhamta", "synpunkter").await;
    world.advance_to("2025-05-09 11:00").await;
    world.answer("nils", "inhamta", "inga").await;
    world.advance_to("2025-05-21 11:00").await;
    world.answer("lo", "inhamta", "avstar").await;
    world.advance_to("2025-05-27 12:00").await;
    assert_eq!(world.of_step("jon", "inhamta"), [FORWARDED]);
    assert_eq!(world.of_step("nils", "inhamta"), [FORWARDED, REMINDED[0]]);
    for silent in ["kaj", "pia", "lo"] {
        let all: Vec<&str> = std::iter::once(FORWARDED).chain(REMINDED).collect();
        assert_eq!(world.of_step(silent, "inhamta"), all, "{silent}");
    }

    // The day after the last, Petra gets the list of the silent, in one mail with what is next to do.
    assert_eq!(world.of_step("petra", "inhamta").last().unwrap(), "2025-05-22 08:00 e1");
    for next in ["konsekvenser", "sammanstall"] {
        assert_eq!(world.of_step("petra", next)[0], "2025-05-22 08:00 0");
    }
    let list = world.newest("petra", "inhamta");
    assert_eq!(list.keys.len(), 3);
    for silent in ["Kaj", "Pia", "RAG Klinisk kemi, ordförande: vakant, frågan gick till Petra"] {
        assert!(list.text.contains(silent), "{silent} in {}", list.text);
    }
    for answered in ["Jon", "Nils", ": Lo"] {
        assert!(!list.text.contains(answered), "{answered} in {}", list.text);
    }

    // Nothing is compiled, handed over or sent: it goes up the line, and in the end it is an alarm.
    world.advance_to("2025-06-30 12:00").await;
    assert_eq!(world.of_step("olle", "sammanstall"), ["2025-05-28 08:00 e1"]);
    assert_eq!(world.of_step("petra", "till-rsl"), ["2025-05-28 08:00 0"]);
    assert_eq!(world.of_step("stab", "till-rsl"), ["2025-06-03 08:00 e1"]);
    let alarms = ["2025-06-12 08:00 a1", "2025-06-13 08:00 a2"];
    assert_eq!(world.of_step("stab", "skicka"), ["2025-06-03 08:00 0", alarms[0], alarms[1]]);
    assert_eq!(world.of_step("petra", "skicka"), alarms);
    assert!(world.newest("petra", "skicka").subject.contains("Larm, sista dagen är i dag"));
    assert!(world.who_got("tack").is_empty(), "nothing has been sent in");
    assert_eq!(world.mails_to("olle").len(), 1);
    world
}

async fn the_alarm_stops_when_the_answer_is_sent(bench: Bench) -> World {
    let mut world = asked(bench).await;
    world.advance_to("2025-04-16 12:00").await;
    world.answer("jon", "inhamta", "synpunkter").await;
    world.answer("nils", "inhamta", "inga").await;
    world.advance_to("2025-06-12 10:00").await;
    world.answer("stab", "skicka", "inskickat").await;
    world.advance_to("2025-06-30 12:00").await;
    assert_eq!(world.of_step("stab", "skicka"), ["2025-06-03 08:00 0", "2025-06-12 08:00 a1"]);
    assert_eq!(world.of_step("petra", "skicka"), ["2025-06-12 08:00 a1"]);
    // Those who answered are thanked, in the next window.
    assert_eq!(world.of_step("jon", "tack"), ["2025-06-12 15:00 0"]);
    assert_eq!(world.who_got("tack").into_iter().collect::<Vec<_>>(), ["jon", "nils"]);
    world
}

async fn each_region_answers_for_itself(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-04-01").only(&["remisser"]).started().await;
    world.advance_to("2025-04-15 09:30").await;
    world.answer_listing("petra", "lista", "listade", &[REMISS]).await;
    world.advance_to("2025-04-22 12:00").await;
    assert_eq!(world.of_step("petra", "fordela"), ["2025-04-15 15:00 0", "2025-04-22 08:00 r1"]);
    world.answer("petra", "fordela", "sjalva").await;
    world.advance_to("2025-06-30 12:00").await;
    assert_eq!(world.letters.len(), 3, "nobody else is asked");
    // She changes her mind: the others are asked on the rung that is next.
    world
}

async fn a_gate_that_nobody_answers_stays_closed(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-04-01").only(&["remisser"]).started().await;
    world.advance_to("2025-06-30 12:00").await;
    assert_eq!(world.of_step("petra", "lista"), ["2025-04-15 08:00 0", "2025-04-17 08:00 r1"]);
    // The chair hears of it, and nobody is asked about anything.
    assert_eq!(world.of_step("olle", "lista"), ["2025-04-23 08:00 e1"]);
    assert_eq!(world.letters.len(), 3);
    world
}

async fn a_role_passes_to_another_in_the_middle(bench: Bench) -> World {
    let people = PEOPLE
        .replace("Kaj;kaj@example.org;;;", "Kaj;kaj@example.org;;2025-05-11;")
        .replace("Olle;olle@example.org;;;", "Olle;olle@example.org;;2025-05-27;");
    let new = "rpo-medicinsk-diagnostik;ledamot;Kim;kim@example.org;2025-05-12;;\n\
               rpo-medicinsk-diagnostik;ordförande;Nora;nora@example.org;2025-05-28;;\n";
    let setting = World::new(bench, "2025-04-01").only(&["remisser"]).people(&format!("{people}{new}"));
    let mut world = setting.started().await;
    world.advance_to("2025-04-15 09:30").await;
    world.answer_listing("petra", "lista", "listade", &[REMISS]).await;
    world.advance_to("2025-04-15 15:30").await;
    world.answer("petra", "fordela", "samordnas").await;
    world.advance_to("2025-05-31 12:00").await;
    assert_eq!(world.of_step("kaj", "inhamta"), [FORWARDED, REMINDED[0]]);
    // Kim was never asked: the first that comes is an ask, whatever rung it stands on.
    assert_eq!(world.of_step("kim", "inhamta"), REMINDED[1..]);
    let told = world.mails_to("kim")[0];
    assert_eq!(told.subject, "[RPO MD] Du är nu ledamot i RPO Medicinsk diagnostik");
    assert!(told.text.contains("svara senast onsdag 21 maj (v. 21)"), "{}", told.text);
    let first = world.mails_to("kim")[1];
    assert!(first.subject.contains("Svara senast ons 21 maj"), "{}", first.subject);
    assert!(!first.text.contains("Vi saknar ditt svar"), "{}", first.text);
    assert!(world.mails_to("kim")[2].text.contains("Vi saknar ditt svar"));
    assert!(world.mails_to("olle").is_empty());
    assert_eq!(world.of_step("nora", "sammanstall"), ["2025-05-28 08:00 e1"]);
    world
}
