//! The round before a meeting: each owner is asked about each unit, and what is missing is named.

use arshjul::answering::{AnswerOutcome, Handed};
use arshjul::items::Phase;
use arshjul::items::register::{LogEntry, LogKind, Precision, Wait, WaitKind, WaitOn};
use arshjul::plan::model::Matter;
use arshjul::store::ItemChange;
use jiff::civil::Date;

use crate::store::Bench;
use crate::world::{Letter, RPO, World, stories};

stories! {
    nine_items_and_one_silent_owner,
    the_rounds_of_2023_come_out_as_they_were,
    what_waits_for_the_meeting_is_asked_about_after_it_once,
}

/// The plan of February 2023.
const NINE: &str = "id;punkt;delområde;fas;hälsa;ägare;sedan
l1;Remittentstöd;;Pågår;Okänd;rag-nuklearmedicin/ordförande;
l8;Blodanvändning;;Pågår;Okänd;rpo-medicinsk-diagnostik/processtöd;
l9;Digital patologi;;Pågår;Okänd;rag-patologi/ordförande;
l2;Behov av PET-CT;;Pågår;Okänd;rag-nuklearmedicin/ordförande;
l3;Patologisamverkan;;Pågår;Okänd;rpo-medicinsk-diagnostik/processtöd;
l6;Koppling till NPO och NAG;;Pågår;Okänd;rpo-medicinsk-diagnostik/processtöd;
l5;Stöd till arbetsgrupperna;;Pågår;Okänd;rpo-medicinsk-diagnostik/processtöd;
l4;IT-lösningar;;Pågår;Okänd;rag-laboratoriemedicin-it/ordförande;
l7;Gemensamma anställningar;;Pågår;Okänd;rpo-medicinsk-diagnostik/processtöd;
";
/// What was new in October 2023.
const NEW: &str = "id;punkt;delområde;fas;hälsa;ägare;sedan
l10;Resurseffektivitet;;Pågår;Okänd;rpo-medicinsk-diagnostik/processtöd;
l11;AI;;Pågår;Okänd;rpo-medicinsk-diagnostik/processtöd;
l12;Molekylärdiagnostik;;Pågår;Okänd;rpo-medicinsk-diagnostik/processtöd;
";
const OWNERS: [(&str, &[&str]); 3] =
    [("nils", &["l1", "l2"]), ("petra", &["l8", "l3", "l6", "l5", "l7"]), ("lo", &["l4"])];

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A unit's name in the register.
fn unit(id: &str) -> String {
    format!("{RPO}.{id}")
}

async fn meets(bench: Bench, from: &str, meetings: &[(&str, &str)]) -> World {
    let mut world = World::new(bench, from).only(&["statusrunda", "rpo"]).plan(NINE).started().await;
    for (occasion, day) in meetings {
        world.move_meeting("sydostra/rpo", RPO, occasion, day).await;
    }
    world
}

/// A line of a unit's log, entered without any mail.
async fn logs(world: &mut World, id: &str, on: &str) {
    let entry = LogEntry {
        part: None,
        day: day(on),
        precision: Precision::Day,
        kind: LogKind::Report,
        planned: false,
        text: "Läget gicks igenom.".to_owned(),
        doer: None,
        by: None,
        about: None,
    };
    let change = ItemChange { entry: Some(entry), ..ItemChange::default() };
    assert!(world.store.update_item(&unit(id), &change, "test", world.now()).await.unwrap());
}

/// All but the owner of Digital patologi say that nothing has changed.
async fn all_but_one_answer(world: &mut World) {
    for (name, units) in OWNERS {
        for id in units {
            let unit = unit(id);
            let asked = |m: &Matter| m.step.as_str() == "status" && m.object.unit() == Some(&unit);
            let done = world.try_handing_in(name, asked, "oforandrad", &Handed::default()).await;
            assert!(matches!(done, Ok(AnswerOutcome::Answered(_))), "{name}, {unit}: {done:?}");
        }
    }
}

#[track_caller]
fn says(letter: &Letter, what: &str) {
    let text = letter.text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains(what), "{text}");
}

async fn nine_items_and_one_silent_owner(bench: Bench) -> World {
    let meetings = [("mote-1.2025", "2025-02-20"), ("mote-2.2025", "2025-03-27")];
    let mut world = meets(bench, "2025-01-13", &meetings).await;
    world.advance_to("2025-02-06 12:00").await;
    assert_eq!(world.mails_to("nils").len(), 1, "both units in one mail");
    all_but_one_answer(&mut world).await;
    world.advance_to("2025-02-24 12:00").await;
    let reminded = ["2025-02-06 08:00 0", "2025-02-13 08:00 r1", "2025-02-18 08:00 r2"];
    assert_eq!(world.of_step("pia", "status"), reminded);
    assert_eq!(world.of_step("lo", "status"), ["2025-02-06 08:00 0"]);
    for informed in ["petra", "olle"] {
        assert_eq!(world.of_step(informed, "lage"), ["2025-02-19 08:00 0"]);
        let said = "8 av 9 punkter är uppdaterade inför RPO-möte 1, saknas: Digital patologi";
        says(world.newest(informed, "lage"), said);
    }
    assert!(world.of_step("olle", "status").is_empty(), "silent once");
    world.advance_to("2025-03-13 12:00").await;
    all_but_one_answer(&mut world).await;
    world.advance_to("2025-04-01 12:00").await;
    assert_eq!(world.of_step("olle", "status"), ["2025-03-31 08:00 e1"]);
    let told = world.newest("olle", "status");
    says(told, "andra rundan i rad");
    says(told, "Pia");
    world
}

async fn the_rounds_of_2023_come_out_as_they_were(bench: Bench) -> World {
    let meetings = [("mote-1.2023", "2023-02-06"), ("mote-4.2023", "2023-10-13")];
    let mut world = meets(bench, "2023-01-16", &meetings).await;
    world.advance_to("2023-02-07 10:00").await;
    says(world.newest("petra", "lage"), "0 av 9 punkter är uppdaterade");
    for unit in ["l1", "l2", "l3", "l4", "l5", "l6", "l7", "l8"] {
        logs(&mut world, unit, "2023-02-06").await;
    }
    world.advance_to("2023-02-08 12:00").await;
    let february = "Efter RPO-möte 1 är 8 av 9 punkter uppdaterade, saknas: Digital patologi";
    says(world.newest("petra", "facit"), february);

    world.down_until("2023-09-18").await;
    for gone in ["l5", "l6", "l7", "l8", "l9"] {
        let done = ItemChange { phase: Some(Phase::Done), ..ItemChange::default() };
        assert!(world.store.update_item(&unit(gone), &done, "test", world.now()).await.unwrap());
    }
    world.import(NEW).await;
    logs(&mut world, "l3", "2023-09-14").await;
    world.advance_to("2023-10-16 10:00").await;
    for unit in ["l1", "l2", "l4", "l10", "l11", "l12"] {
        logs(&mut world, unit, "2023-10-13").await;
    }
    world.advance_to("2023-10-17 12:00").await;
    let october = "Efter RPO-möte 4 är 6 av 7 punkter uppdaterade, saknas: Patologisamverkan";
    says(world.newest("petra", "facit"), october);
    world
}

async fn what_waits_for_the_meeting_is_asked_about_after_it_once(bench: Bench) -> World {
    let mut world = meets(bench, "2025-01-13", &[]).await;
    let wait = Wait {
        number: 0,
        part: None,
        kind: WaitKind::Meeting,
        text: "nästa RPO".to_owned(),
        on: WaitOn::NextMeeting,
        since: day("2025-01-13"),
    };
    let change = ItemChange { wait: Some(wait), ..ItemChange::default() };
    world.store.update_item(&unit("l3"), &change, "test", world.now()).await.unwrap();
    let waiting = world.store.facts().await.unwrap().followed(&unit("l3").as_str().into()).waits[0].number;
    world.advance_to("2025-01-20 12:00").await;
    // It gets its date, and nobody touches the item.
    world.move_meeting("sydostra/rpo", RPO, "mote-1.2025", "2025-02-20").await;
    world.advance_to("2025-02-25 12:00").await;
    assert_eq!(world.of_step("petra", "dagordning"), ["2025-02-13 08:00 0"]);
    assert_eq!(world.of_step("olle", "dagordning"), ["2025-02-13 08:00 0"]);
    assert_eq!(world.of_step("petra", "utfall"), ["2025-02-24 08:00 0"]);
    says(world.newest("petra", "utfall"), "Vad blev det av Patologisamverkan på RPO-möte 1");
    world.answer("petra", "utfall", "ej-uppe").await;
    let facts = world.store.facts().await.unwrap();
    assert!(
        facts.followed(&unit("l3").as_str().into()).waits.iter().all(|wait| wait.number != waiting),
        "it has ended"
    );
    world.advance_to("2025-03-12 12:00").await;
    assert_eq!(world.of_step("petra", "utfall").len(), 1);
    world
}
