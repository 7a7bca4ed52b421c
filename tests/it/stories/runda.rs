//! A remiss round as it is lived: that of the spring of 2025, which opens on 17 February and closes on 14 April. The
//! group's own last day is 24 March.

use std::collections::BTreeSet;
use std::io::{Cursor, Write};

use arshjul::answering::{Handed, HandedFile};
use arshjul::app::compiling::{Named, Round, find, gather};
use arshjul::documents::{Compilation, diary};
use arshjul::ids::BodyId;

use crate::store::Bench;
use crate::world::{Letter, RPO, World, stories};

stories! {
    a_remiss_round_as_it_is_lived,
}

/// Eight are asked: the five chairs, of whom Jon and Kaj are members of the RPO too, and the regions' mailboxes.
/// Karin represents a region in the council.
const PEOPLE: &str = "kropp;roll;namn;epost;från;till;ersättare
rsl;sekreterare;Sten;sten@example.org;;;
rsl;stab;RSL:s stab;stab@example.org;;;
kunskapsrad-diagnostik-och-sinnen;ordförande;Dag;dag@example.org;;;
kunskapsrad-diagnostik-och-sinnen;ledamot;Karin;karin@example.org;;;
rpo-medicinsk-diagnostik;processtöd;Petra;petra@example.org;;;
rpo-medicinsk-diagnostik;ordförande;Olle;olle@example.org;;;
rpo-medicinsk-diagnostik;ledamot;Jon;jon@example.org;;;
rpo-medicinsk-diagnostik;ledamot;Kaj;kaj@example.org;;;
rag-klinisk-kemi;ordförande;Jon;jon@example.org;;;
rag-molekylardiagnostik;ordförande;Kaj;kaj@example.org;;;
rag-nuklearmedicin;ordförande;Nils;nils@example.org;;;
rag-patologi;ordförande;Pia;pia@example.org;;;
rag-laboratoriemedicin-it;ordförande;Lo;lo@example.org;;;
region-ostergotland;funktionsbrevlåda;RÖ;ro@example.org;;;
region-jonkopings-lan;funktionsbrevlåda;RJL;rjl@example.org;;;
region-kalmar-lan;funktionsbrevlåda;RKL;rkl@example.org;;;
";
const ASKED: [&str; 8] = ["jon", "kaj", "lo", "nils", "pia", "rjl", "rkl", "ro"];
const SILENT: [&str; 3] = ["kaj", "rjl", "rkl"];
/// Whom Pia passes the question on to: nobody has registered her, but her domain is allowed.
const EVA: &str = "eva@region.example.org";

/// RSL meets two workdays before the round closes, and is asked nothing before it here.
const MEETINGS: &str = r#"
title = "RSL"
for = "rsl"

[[meeting]]
id = "mote-2"
title = "RSL"
dates = [2025-04-10]
"#;

const COORDINATED: &str = "Vårdprogram för skelettmetastaser";
const BY_THEMSELVES: &str = "Vårdförlopp för höftledsartros";

/// The first remiss is called 1 where it is listed, the second 2.
const FIRST: Option<u16> = Some(1);
const SECOND: Option<u16> = Some(2);

async fn a_remiss_round_as_it_is_lived(bench: Bench) -> World {
    let setting = World::new(bench, "2025-02-01").only(&["remisser"]).people(PEOPLE);
    let mut world = setting.file("sydostra/rsl.toml", MEETINGS).started().await;
    opens_and_is_assigned(&mut world).await;
    is_answered(&mut world).await;
    ends_for_the_group(&mut world).await;
    is_compiled_and_sent(&mut world).await;
    nothing_else_was_sent(&world);
    world
}

/// 17 and 18 February: opened, listed, assigned, forwarded.
async fn opens_and_is_assigned(world: &mut World) {
    world.advance_to("2025-02-17 09:30").await;
    assert_eq!(world.of_step("petra", "lista"), ["2025-02-17 08:00 0"]);
    world.answer_listing("petra", "lista", "listade", &[COORDINATED, BY_THEMSELVES]).await;

    // She is asked about each of the two, in one mail.
    world.advance_to("2025-02-17 15:30").await;
    assert_eq!(world.of_step("petra", "fordela"), ["2025-02-17 15:00 0"; 2]);
    assert_eq!(world.letters.len(), 2, "nobody else has heard anything");
    world.answer_about("petra", "fordela", FIRST, "samordnas", Handed::default()).await;
    world.answer_about("petra", "fordela", SECOND, "sjalva", Handed::default()).await;

    world.advance_to("2025-02-18 12:00").await;
    for recipient in ASKED {
        assert_eq!(world.of_step(recipient, "inhamta"), ["2025-02-18 08:00 0"], "{recipient}");
        let letter = world.newest(recipient, "inhamta");
        for said in [COORDINATED, "måndag 24 mars (v. 13)", "måndag 14 april (v. 16)"] {
            assert!(letter.text.contains(said), "{said} in {}", letter.text);
        }
        assert!(!letter.text.contains(BY_THEMSELVES), "{}", letter.text);
    }
    assert_eq!(world.who_got("inhamta"), BTreeSet::from(ASKED));
    // The region's representative in the council hears that the work has begun.
    assert_eq!(told(world, "karin", "fordela"), ["2025-02-18 08:00"]);
}

/// From 18 February to 24 March: five come back, each in their way, and three are silent.
async fn is_answered(world: &mut World) {
    // One has nothing to say, one needs more time, one isn't the right one.
    world.answer("ro", "inhamta", "inga").await;
    world.needs_time("lo", "inhamta", "2025-04-01").await;
    world.passes_on("pia", "inhamta", EVA).await;
    world.advance_to("2025-02-19 12:00").await;
    let passed_on = world.newest(EVA, "inhamta");
    assert_eq!(crate::world::shown(passed_on.at), "2025-02-18 15:00");
    assert!(passed_on.text.contains("RAG Patologi"), "whose question it was: {}", passed_on.text);

    // I-10: those without an answer, and nobody else.
    world.advance_to("2025-03-10 12:00").await;
    assert_eq!(
        got_on(world, "inhamta", "2025-03-10"),
        ["eva r1", "jon r1", "kaj r1", "nils r1", "rjl r1", "rkl r1"]
    );
    let file = HandedFile { name: "Yttrande från RAG Nuklearmedicin.docx".to_owned(), bytes: docx() };
    world
        .answer_with("nils", "inhamta", "synpunkter", Handed { file: Some(file), ..Handed::default() })
        .await;

    // Jon does not agree with the others. The council's chair and RSL's staff hear of it in the next window.
    world.advance_to("2025-03-12 10:00").await;
    let texts = vec![("Övergripande synpunkter".to_owned(), "Målnivån går inte att nå.".to_owned())];
    let disagrees = Handed { texts, marks: vec!["oense".into()], ..Handed::default() };
    world.answer_with("jon", "inhamta", "synpunkter", disagrees).await;
    world.advance_to("2025-03-12 15:30").await;
    for hears in ["dag", "stab"] {
        assert_eq!(told(world, hears, "inhamta"), ["2025-03-12 15:00"], "{hears}");
        let letter = world.newest(hears, "inhamta");
        assert!(letter.subject.contains("Betydande meningsskiljaktighet"), "{}", letter.subject);
        assert!(!letter.text.contains("Målnivån"), "what was written is for the draft: {}", letter.text);
    }

    // I-5: Eva is reminded, answers, and is done.
    world.advance_to("2025-03-17 12:00").await;
    assert_eq!(got_on(world, "inhamta", "2025-03-17"), ["eva r2", "kaj r2", "rjl r2", "rkl r2"]);
    let link = Some("https://example.org/yttrande".to_owned());
    world.answer_with(EVA, "inhamta", "synpunkter", Handed { link, ..Handed::default() }).await;
    // Ten workdays before the day that Lo has asked for.
    world.advance_to("2025-03-18 12:00").await;
    assert_eq!(got_on(world, "inhamta", "2025-03-18"), ["lo r1.2025-04-01"]);

    // I-1 and I.
    world.advance_to("2025-03-24 20:00").await;
    assert_eq!(got_on(world, "inhamta", "2025-03-21"), ["kaj r3", "rjl r3", "rkl r3"]);
    assert_eq!(got_on(world, "inhamta", "2025-03-24"), ["kaj r4", "rjl r4", "rkl r4"]);
    let last = world.newest("kaj", "inhamta");
    assert!(last.subject.contains("Sista dagen att svara i dag"), "{}", last.subject);
    assert!(last.text.contains("processtöd"), "it says where the question goes next: {}", last.text);
}

/// From 25 March to 1 April: Petra hears who is silent, and what she is to do. Lo answers on a day of their own.
async fn ends_for_the_group(world: &mut World) {
    world.advance_to("2025-03-25 12:00").await;
    assert_eq!(world.of_step("petra", "inhamta"), ["2025-03-25 08:00 e1"]);
    let list = world.newest("petra", "inhamta");
    for silent in ["Kaj", "RJL", "RKL"] {
        assert!(list.text.contains(silent), "{silent} in {}", list.text);
    }
    for other in ["Jon", "Nils", "Pia", "eva@", ": RÖ", ": Lo"] {
        assert!(!list.text.contains(other), "{other} in {}", list.text);
    }
    for next in ["konsekvenser", "sammanstall"] {
        assert_eq!(world.of_step("petra", next), ["2025-03-25 08:00 0"]);
    }
    assert!(list.text.contains("RSL hinner behandla svaret: torsdag 10 april (v. 15)."), "{}", list.text);
    assert!(list.text.contains("* Svar saknas: Lämna synpunkter på Vårdprogram"), "{}", list.text);
    let texts = vec![(String::new(), "Fler undersökningar i alla tre regionerna.".to_owned())];
    world.answer_with("petra", "konsekvenser", "beskrivna", Handed { texts, ..Handed::default() }).await;
    world.advance_to("2025-03-25 16:00").await;
    assert_eq!(told(world, "karin", "konsekvenser"), ["2025-03-25 15:00"]);

    // D-10: Petra waits for Lo, so Olle hears that there is no draft.
    world.advance_to("2025-03-31 12:00").await;
    assert_eq!(world.of_step("olle", "sammanstall"), ["2025-03-31 08:00 e1"]);
    assert_eq!(world.of_step("petra", "till-rsl"), ["2025-03-31 08:00 0"]);
    world.advance_to("2025-04-01 12:00").await;
    let of_own = ["03-18 08:00 r1", "03-25 08:00 r2", "03-31 08:00 r3", "04-01 08:00 r4"];
    assert_eq!(world.of_step("lo", "inhamta")[1..], of_own.map(|rung| format!("2025-{rung}.2025-04-01")));
    let texts = vec![("Konsekvenser för verksamheten".to_owned(), "Kräver nya integrationer.".to_owned())];
    world.answer_with("lo", "inhamta", "synpunkter", Handed { texts, ..Handed::default() }).await;
}

/// From 2 April to the end: compiled, handed over, sent, and thanked for.
async fn is_compiled_and_sent(world: &mut World) {
    world.advance_to("2025-04-02 10:00").await;
    assert_eq!(world.of_step("petra", "inhamta").len(), 1, "Lo was in time and is not reported");
    let (compiled, list) = compiled(world).await;
    assert_eq!((compiled.answered(), compiled.respondents.len()), (5, 8));
    assert_eq!(compiled.due.unwrap().to_string(), "2025-03-24");
    for content in
        ["Målnivån går inte att nå.", "Kräver nya integrationer.", "Yttrande från RAG Nuklearmedicin.docx"]
    {
        assert!(format!("{compiled:?}").contains(content), "{content} in {compiled:?}");
    }
    assert_eq!(list.lines().count(), 1 + 8, "{list}");
    world.answer("petra", "sammanstall", "klart").await;

    // D-7: it is not with RSL's secretary in the morning, so the staff hears of it with their own part.
    world.advance_to("2025-04-03 10:00").await;
    assert_eq!(world.of_step("stab", "till-rsl"), ["2025-04-03 08:00 e1"]);
    assert_eq!(world.of_step("stab", "skicka"), ["2025-04-03 08:00 0"]);
    assert!(world.newest("stab", "skicka").text.contains("torsdag 10 april (v. 15)"), "D-2");
    world.answer("petra", "till-rsl", "lamnat").await;

    // D-2: RSL has met, and the answer is sent. Who has answered is thanked, and nobody is alarmed.
    world.advance_to("2025-04-10 13:00").await;
    let link = Some("https://example.org/svar".to_owned());
    world.answer_with("stab", "skicka", "inskickat", Handed { link, ..Handed::default() }).await;
    world.advance_to("2025-04-30 12:00").await;
    assert_eq!(world.who_got("tack"), BTreeSet::from(["jon", "lo", "nils", "pia", "ro"]));
    assert_eq!(world.of_step("jon", "tack"), ["2025-04-10 15:00 0"]);
}

/// The whole round in rungs: who passed it on got one mail, who was silent five, and no step went further.
fn nothing_else_was_sent(world: &World) {
    let rungs = |name: &str| world.of_step(name, "inhamta").len();
    assert_eq!(ASKED.map(rungs), [2, 5, 5, 2, 1, 5, 5, 1]);
    for silent in SILENT {
        assert_eq!(
            world.of_step(silent, "inhamta"),
            [
                "2025-02-18 08:00 0",
                "2025-03-10 08:00 r1",
                "2025-03-17 08:00 r2",
                "2025-03-21 08:00 r3",
                "2025-03-24 08:00 r4",
            ]
        );
        assert_eq!(world.mails_to(silent).len(), 5);
    }
    // The draft was not ready in the morning of its day; and nobody has listed anything of the next round.
    assert_eq!(world.mails_to("olle").len(), 2);
    assert_eq!(world.of_step("olle", "lista"), ["2025-04-23 08:00 e1"]);
    assert!(world.mails_to("sten").is_empty(), "the secretary gets the draft from Petra");
    let about_the_second = world.letters.iter().filter(|l| l.keys.iter().any(|k| k.contains("/lista-2:")));
    assert_eq!(about_the_second.count(), 1, "each region answers it for itself");
    assert!(
        world.letters.iter().all(|l| l.keys.iter().all(|k| !Letter::rung(k).starts_with('a'))),
        "no alarm"
    );
}

/// When somebody who isn't asked was told of a step's answer: `2025-03-12 15:00`.
fn told(world: &World, name: &str, step: &str) -> Vec<String> {
    world.of_step(name, step).iter().map(|line| line[..16].to_owned()).collect()
}

/// Who got which rung of a step on a day, in order of name: `kaj r1`.
fn got_on(world: &World, step: &str, day: &str) -> Vec<String> {
    let name = |l: &Letter| l.to.split('@').next().unwrap_or_default().to_owned();
    let rungs = world.letters.iter().flat_map(|l| l.rungs_of(step).into_iter().map(move |r| (name(l), r)));
    let of_day = rungs.filter(|(_, rung)| rung.starts_with(day));
    let mut found: Vec<String> = of_day.map(|(name, rung)| format!("{name} {}", &rung[17..])).collect();
    found.sort();
    found
}

/// What the draft of the coordinated answer says, and the list for the diary.
async fn compiled(world: &World) -> (Compilation, String) {
    let (rules, facts) = (world.rules.rules(), world.store.facts().await.unwrap());
    let (occasion, body) = ("var.2025".parse().unwrap(), BodyId::from(RPO));
    let named = Named { workflow: "sydostra/remisser", occasion: &occasion, body: Some(&body), step: None };
    let round: Round<'_> = find(&rules, &facts, named).unwrap();
    let one = round.one(&facts, FIRST).unwrap();
    let requests = gather(&world.store, &round, one).await.unwrap();
    let compiled = round.compilation(&rules, &facts, one, &requests, false, world.now());
    let list = diary(std::slice::from_ref(&compiled));
    (compiled, list)
}

/// A text document with nothing in it.
fn docx() -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(b"<document/>").unwrap();
    archive.finish().unwrap().into_inner()
}
