//! The groups' reports in January.

use std::collections::BTreeSet;

use arshjul::answering::Handed;
use arshjul::plan::model::{Matter, Opened};
use arshjul::workflow::model::Span;
use jiff::civil::date;

use crate::store::Bench;
use crate::world::{RPO, World, shown, stories};

stories! {
    of_five_groups_the_three_silent_are_reminded,
    who_needs_more_time_for_a_report_has_it,
    two_duties_come_as_one_mail,
}

/// Each of the five groups has a chair.
const PEOPLE: &str = "kropp;roll;namn;epost;från;till;ersättare
rpo-medicinsk-diagnostik;processtöd;Petra;petra@example.org;;;
rpo-medicinsk-diagnostik;ordförande;Olle;olle@example.org;;;
rag-nuklearmedicin;ordförande;Nils;nils@example.org;;;
rag-patologi;ordförande;Pia;pia@example.org;;;
rag-laboratoriemedicin-it;ordförande;Lo;lo@example.org;;;
rag-molekylardiagnostik;ordförande;Maj;maj@example.org;;;
rag-klinisk-kemi;ordförande;Kim;kim@example.org;;;
";
const SILENT: [&str; 3] = ["kim", "maj", "pia"];

/// The reports' last day is 31 January 2025.
async fn reporting(bench: Bench) -> World {
    let setting = World::new(bench, "2024-12-01").only(&["rag-rapporter", "rpo", "uppdrag"]);
    setting.people(PEOPLE).started().await
}

async fn of_five_groups_the_three_silent_are_reminded(bench: Bench) -> World {
    let mut world = reporting(bench).await;
    world.advance_to("2025-01-10 12:00").await;
    let asked = world.who_got("rapport");
    assert_eq!(asked, BTreeSet::from(["kim", "lo", "maj", "nils", "pia"]));
    world.answer("nils", "rapport", "rapport").await;
    world.answer("lo", "rapport", "inget").await;

    world.advance_to("2025-01-31 07:00").await;
    for silent in SILENT {
        let reminders = ["2025-01-17 08:00 r1", "2025-01-24 08:00 r2", "2025-01-30 08:00 r3"];
        assert_eq!(world.of_step(silent, "rapport")[1..], reminders, "{silent}");
    }
    for answered in ["nils", "lo"] {
        assert_eq!(world.of_step(answered, "rapport").len(), 1, "{answered}");
    }

    // Petra has a list on the last day and after it, and then Olle: each time of those who are still silent.
    world.advance_to("2025-02-04 12:00").await;
    assert_eq!(world.of_step("petra", "rapport"), ["2025-01-31 08:00 e1", "2025-02-03 08:00 e2"]);
    assert!(named(&world, "petra").is_superset(&BTreeSet::from(["Kim", "Maj", "Pia"])));
    assert_eq!(named(&world, "petra").len(), 3);
    world.answer("pia", "rapport", "rapport").await;
    world.advance_to("2025-02-28 12:00").await;
    assert_eq!(world.of_step("petra", "rapport")[2..], ["2025-02-05 08:00 e3"]);
    assert_eq!(world.of_step("olle", "rapport"), ["2025-02-07 08:00 e4"]);
    for hears in ["petra", "olle"] {
        assert_eq!(named(&world, hears), BTreeSet::from(["Kim", "Maj"]), "{hears}");
    }
    assert_eq!(world.of_step("pia", "rapport").len(), 4, "and then she is left alone");
    world
}

/// The chairs whom the newest list of the silent names.
fn named(world: &World, to: &str) -> BTreeSet<&'static str> {
    let list = &world.newest(to, "rapport").text;
    ["Kim", "Lo", "Maj", "Nils", "Pia"]
        .into_iter()
        .filter(|name| list.contains(&format!(": {name}")))
        .collect()
}

async fn who_needs_more_time_for_a_report_has_it(bench: Bench) -> World {
    let mut world = reporting(bench).await;
    world.advance_to("2025-01-20 12:00").await;
    world.needs_time("pia", "rapport", "2025-02-14").await;
    world.advance_to("2025-02-07 12:00").await;
    assert_eq!(named(&world, "petra"), BTreeSet::from(["Kim", "Lo", "Maj", "Nils"]));
    let reminded = ["2025-01-31 08:00 r1.2025-02-14", "2025-02-07 08:00 r2.2025-02-14"];
    assert_eq!(world.of_step("pia", "rapport")[2..], reminded);
    world.answer("pia", "rapport", "rapport").await;
    world.advance_to("2025-02-28 12:00").await;
    assert_eq!(world.of_step("pia", "rapport").len(), 4);
    world
}

/// RAG Patologi has an assignment too, to be reported on the same day as its year.
async fn two_duties_come_as_one_mail(bench: Bench) -> World {
    let mut world = reporting(bench).await;
    let assignment = Opened {
        title: "Gemensam bildlagring".to_owned(),
        span: Span::AllDay { first: date(2024, 12, 2), last: date(2025, 1, 31) },
        place: None,
        note: None,
        link: None,
        receivers: vec!["rag-patologi".into()],
        answers: Vec::new(),
        diary: None,
        group: None,
    };
    world.opens_as("sydostra/uppdrag", RPO, "till-rag", assignment).await;
    world.advance_to("2025-01-24 12:00").await;
    for day in ["2025-01-17", "2025-01-24"] {
        let of_day: Vec<_> =
            world.mails_to("pia").into_iter().filter(|l| shown(l.at).starts_with(day)).collect();
        let [mail] = of_day[..] else { panic!("{} mails on {day}", of_day.len()) };
        assert_eq!(mail.rungs_of("rapport").len(), 2, "{}", mail.text);
        for duty in ["Lämna er rapport till programområdet", "Lämna rapporten om Gemensam bildlagring"] {
            assert!(mail.text.contains(duty), "{duty} in {}", mail.text);
        }
        assert!(mail.subject.contains("2 saker att svara på"), "{}", mail.subject);
    }
    // What is answered is gone from the next mail, and the other stays.
    let year = |m: &Matter| m.workflow.as_str() == "sydostra/rag-rapporter";
    world.try_handing_in("pia", year, "rapport", &Handed::default()).await.unwrap();
    world.advance_to("2025-02-14 12:00").await;
    let last = world.mails_to("pia").pop().unwrap();
    assert_eq!((shown(last.at).as_str(), last.keys.len()), ("2025-01-31 08:00", 1));
    assert!(last.subject.contains("Gemensam bildlagring"), "{}", last.subject);
    world
}
