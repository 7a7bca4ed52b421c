//! How much people get, and what they are told beside it: the first mail, the link to everything open, a week's cap,
//! and the weekly summary.

#![cfg(test)]

use std::collections::BTreeSet;

use arshjul::mail::transport::{Outcome, Scope};
use arshjul::store::TokenRow;
use arshjul::tokens;
use jiff::SignedDuration;
use sha2::{Digest, Sha256};

use crate::store::Bench;
use crate::stories::TWO;
use crate::world::{Letter, World, moment, shown, stories};

stories! {
    the_first_mail_says_who_writes_and_the_second_does_not,
    a_question_leads_to_everything_that_is_open,
    what_is_told_alone_leads_nowhere,
    a_week_holds_so_many_mails_and_the_rest_waits_for_monday,
    what_must_be_answered_this_week_is_sent_all_the_same,
    the_summary_tells_of_the_week,
    a_summary_of_nothing_is_passed_over,
}

/// Something is told the members on each workday of the first week of March 2025, and a question comes on Thursday.
fn busy(due: &str) -> String {
    let mut text =
        "title = \"En tät vecka\"\nfor = [\"rpo-medicinsk-diagnostik\"]\n\n[[meeting]]\nid = \"mote\"\n\
                    title = \"Mötet\"\ndates = [2025-03-20]\n"
            .to_owned();
    for (day, before) in [("man", 13), ("tis", 12), ("ons", 11), ("tor", 10), ("fre", 9)] {
        text.push_str(&format!(
            "\n[[step]]\nid = \"{day}\"\ntell = \"Det här sägs på {day}\"\nto = \"ledamot\"\nwhen = \"{before} \
             workdays before start\"\n"
        ));
    }
    text.push_str(&format!(
        "\n[[step]]\nid = \"fraga\"\nask = \"Kommer du?\"\nto = \"ledamot\"\nwhen = \"10 workdays before \
         start\"\ndue = \"{due} before start\"\nanswers = {{ ja = \"Ja\", nej = \"Nej\" }}\n"
    ));
    text
}

fn arrived(world: &World, name: &str) -> Vec<String> {
    world.mails_to(name).iter().map(|letter| shown(letter.at)).collect()
}

/// The steps that a mail holds something of.
fn steps(letter: &Letter) -> BTreeSet<&str> {
    letter.keys.iter().filter_map(|key| key.split(':').nth(3)).collect()
}

/// The addresses in a mail that lead to everything open.
fn pages(letter: &Letter) -> Vec<&str> {
    let lines = letter.text.lines().zip(letter.text.lines().skip(1));
    lines.filter(|(label, _)| *label == "Allt du har att svara på:").map(|(_, link)| link).collect()
}

async fn token(world: &World, link: &str) -> TokenRow {
    let secret = tokens::decode(link.rsplit('/').next().unwrap()).unwrap();
    world.store.token(&Sha256::digest(secret).into(), world.now()).await.unwrap().unwrap()
}

async fn the_first_mail_says_who_writes_and_the_second_does_not(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-02-20").only(&[]).file("sydostra/tva.toml", TWO).started().await;
    // Jon's mail is tried first; Kaj's never arrives.
    let refused = Outcome::Rejected { scope: Scope::Recipient, reply: "550 no such user".to_owned() };
    world.advance_to("2025-03-06 07:00").await;
    world.clock.set(moment("2025-03-06 08:00"));
    world.worker.knock().await.unwrap();
    world.fail_next(vec![Outcome::Delivered { reply: "250 ok".to_owned() }, refused]);
    world.advance_to("2025-03-13 20:00").await;
    let said = |name: &str| {
        let mails = world.mails_to(name);
        mails.iter().map(|letter| letter.text.contains("ditt första mejl från årshjulet")).collect::<Vec<_>>()
    };
    assert_eq!(said("jon"), [true, false]);
    assert_eq!(said("kaj"), [true], "nobody has read the one that failed");
    let first = &world.mails_to("jon")[0].text;
    assert!(first.contains("Det är Sydöstra sjukvårdsregionen som skriver."), "{first}");
    assert!(first.contains("Du får det här som ledamot i RPO Medicinsk diagnostik."), "{first}");
    world
}

async fn a_question_leads_to_everything_that_is_open(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-02-20").only(&[]).file("sydostra/tva.toml", TWO).started().await;
    world.advance_to("2025-03-06 12:00").await;
    let letter = world.mails_to("jon")[0];
    let [page] = pages(letter)[..] else { panic!("{}", letter.text) };
    let token = token(&world, page).await;
    assert_eq!((token.person, token.purpose.as_str()), (world.person("jon").await, tokens::OPEN));
    assert!(token.matters.is_empty());
    let sent = moment("2025-03-06 08:00");
    assert_eq!(token.expires, Some(sent + SignedDuration::from_hours(24 * 180)));
    let links = letter.text.lines().filter(|line| line.starts_with("https://"));
    assert!(links.clone().count() >= 4 && links.clone().all(|link| link.len() < 200), "{}", letter.text);
    world
}

async fn what_is_told_alone_leads_nowhere(bench: Bench) -> World {
    let setting = World::new(bench, "2025-02-20").only(&[]).file("sydostra/tat.toml", &busy("1 workday"));
    let mut world = setting.started().await;
    world.advance_to("2025-03-06 12:00").await;
    let mails = world.mails_to("jon");
    assert_eq!(mails.iter().map(|letter| pages(letter).len()).collect::<Vec<_>>(), [0, 0, 0, 1]);
    world
}

async fn a_week_holds_so_many_mails_and_the_rest_waits_for_monday(bench: Bench) -> World {
    let setting = World::new(bench, "2025-02-20").only(&[]).file("sydostra/tat.toml", &busy("1 workday"));
    let mut world = setting.per_week(2).started().await;
    world.advance_to("2025-03-09 20:00").await;
    assert_eq!(arrived(&world, "jon"), ["2025-03-03 08:00", "2025-03-04 08:00"]);
    let held = world.store.held_back().await.unwrap();
    let jon = world.person("jon").await;
    assert_eq!(held["2025-W10"][&jon].len(), 4, "{held:?}");
    assert_eq!(held["2025-W10"].len(), 2, "Jon and Kaj");
    // A restart knows what has been sent this week.
    world.restart().await;
    world.advance_to("2025-03-14 20:00").await;
    assert_eq!(arrived(&world, "jon")[2..], ["2025-03-10 08:00"], "one mail with all that waited");
    assert_eq!(steps(world.mails_to("jon")[2]), BTreeSet::from(["ons", "tor", "fre", "fraga"]));
    world
}

async fn what_must_be_answered_this_week_is_sent_all_the_same(bench: Bench) -> World {
    let setting = World::new(bench, "2025-02-20").only(&[]).file("sydostra/tat.toml", &busy("9 workdays"));
    let mut world = setting.per_week(2).started().await;
    world.advance_to("2025-03-14 20:00").await;
    assert_eq!(
        arrived(&world, "jon"),
        ["2025-03-03 08:00", "2025-03-04 08:00", "2025-03-06 08:00", "2025-03-10 08:00"]
    );
    // The mail that has to leave takes along what waited.
    assert_eq!(steps(world.mails_to("jon")[2]), BTreeSet::from(["ons", "tor", "fraga"]));
    assert_eq!(steps(world.mails_to("jon")[3]), BTreeSet::from(["fre"]));
    world
}

/// Every Monday Petra gets the week of her RPO.
const WEEKLY: &str = r#"
title = "Veckan"
for = ["rpo-medicinsk-diagnostik"]

[[summary]]
id = "veckan"
tell = "{body}, {week}"
to = "processtöd"
on = "monday"
"#;

/// One item has an owner, one hasn't.
const PLAN: &str = "id;punkt;delområde;fas;hälsa;ägare;sedan
l1;Gemensam bildlagring;;pågår;grön;petra@example.org;2025-01-13
l2;Digital patologi;;pågår;grön;;2025-01-13
";

async fn the_summary_tells_of_the_week(bench: Bench) -> World {
    let setting = World::new(bench, "2025-02-20").only(&[]).plan(PLAN).per_week(4);
    let mut world = setting
        .file("sydostra/veckan.toml", WEEKLY)
        .file("sydostra/tat.toml", &busy("1 workday"))
        .file("sydostra/tva.toml", &TWO.replace("\"ledamot\"", "[\"ledamot\", \"rag/ordförande\"]"))
        .started()
        .await;
    world.advance_to("2025-03-06 07:00").await;
    let refused = Outcome::Rejected { scope: Scope::Recipient, reply: "550 no such user".to_owned() };
    world.clock.set(moment("2025-03-06 08:00"));
    world.worker.knock().await.unwrap();
    let mails = world.store.mails(100, 0).await.unwrap();
    let queued: Vec<_> = mails.iter().filter(|m| m.sent_at.is_none()).collect();
    let before_nils = queued.iter().position(|m| m.envelope.to.starts_with("nils")).unwrap();
    let taken = || Outcome::Delivered { reply: "250 ok".to_owned() };
    world.fail_next(std::iter::repeat_with(taken).take(before_nils).chain([refused]).collect());
    world.advance_to("2025-03-07 20:00").await;
    world.answer("jon", "forsta", "ja").await;
    world.advance_to("2025-03-10 09:00").await;
    let letter = world.newest("petra", "veckan");
    assert_eq!(shown(letter.at), "2025-03-10 08:00");
    crate::golden::check("mail/veckan.txt", letter.text.as_bytes());
    world
}

async fn a_summary_of_nothing_is_passed_over(bench: Bench) -> World {
    let setting = World::new(bench, "2025-03-01").only(&[]).file("sydostra/veckan.toml", WEEKLY);
    let mut world = setting.started().await;
    world.advance_to("2025-03-10 20:00").await;
    assert!(world.letters.is_empty());
    assert_eq!(world.skipped().await.get("det fanns inget att berätta"), Some(&2));
    world
}
