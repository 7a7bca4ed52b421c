//! People come, go and are away, and what they are asked follows.

use crate::store::Bench;
use crate::world::{World, stories};

stories! {
    what_is_passed_on_comes_with_what_one_has_oneself,
    who_is_away_has_a_deputy_until_they_are_back,
    a_new_chair_is_told_what_is_open,
}

/// A question to the members and one to the groups' chairs: both asked on 6 March, reminded of on the 13th and on
/// the 17th, which is the last day.
const QUESTIONS: &str = r#"
title = "Två frågor"
for = ["rpo-medicinsk-diagnostik"]

[[meeting]]
id = "mote"
title = "Mötet"
dates = [2025-03-20]

[[step]]
id = "lokal"
ask = "Har ni en lokal till mötet?"
to = "ledamot"
when = "10 workdays before start"
due = "3 workdays before start"
answers = { ja = "Ja", nej = "Nej", fel = { label = "Fel mottagare", does = "pass-on" } }
remind = ["5 workdays before start", "due"]

[[step]]
id = "arenden"
ask = "Har gruppen något att ta upp?"
to = ["ledamot", "rag/ordförande"]
when = "10 workdays before start"
due = "3 workdays before start"
answers = { ja = "Ja", nej = "Nej" }
remind = ["5 workdays before start", "due"]
"#;
const ASKED: &str = "2025-03-06 08:00 0";
const REMINDED: &str = "2025-03-13 08:00 r1";
const LAST: &str = "2025-03-17 08:00 r2";

/// The questions are out.
async fn asked(bench: Bench) -> World {
    let setting = World::new(bench, "2025-02-03").only(&[]).file("sydostra/fragor.toml", QUESTIONS);
    let mut world = setting.started().await;
    world.advance_to("2025-03-06 12:00").await;
    assert_eq!(world.mails_to("jon").len(), 1, "both in one mail");
    world
}

async fn what_is_passed_on_comes_with_what_one_has_oneself(bench: Bench) -> World {
    let mut world = asked(bench).await;
    world.passes_on("jon", "lokal", "nils").await;
    world.advance_to("2025-03-07 12:00").await;
    assert_eq!(world.of_step("nils", "lokal"), ["2025-03-06 15:00 p.p6"]);

    // From then on it is one of Nils's questions, in one mail with his own.
    world.advance_to("2025-03-13 12:00").await;
    let mails = world.mails_to("nils");
    assert_eq!((mails.len(), mails[2].keys.len()), (3, 2));
    for said in ["Har ni en lokal till mötet?", "Har gruppen något att ta upp?"] {
        assert!(mails[2].text.contains(said), "{}", mails[2].text);
    }
    world.answer("nils", "lokal", "ja").await;
    world.advance_to("2025-03-21 12:00").await;
    assert_eq!(world.of_step("nils", "lokal").len(), 2);
    assert_eq!(world.of_step("nils", "arenden"), [ASKED, REMINDED, LAST]);
    assert_eq!(world.of_step("jon", "lokal"), [ASKED]);
    assert_eq!(world.of_step("jon", "arenden"), [ASKED, REMINDED, LAST], "the other is still his");
    world
}

async fn who_is_away_has_a_deputy_until_they_are_back(bench: Bench) -> World {
    let mut world = asked(bench).await;
    world.goes_away("jon", "2025-03-10", "2025-03-14", Some("olle")).await;
    world.advance_to("2025-03-14 12:00").await;
    for step in ["lokal", "arenden"] {
        assert_eq!(world.of_step("olle", step), [REMINDED]);
    }
    world.answer("olle", "lokal", "ja").await;
    // What Olle has answered is answered, and what he hasn't is Jon's again.
    world.advance_to("2025-03-21 12:00").await;
    assert_eq!(world.of_step("jon", "lokal"), [ASKED]);
    assert_eq!(world.of_step("jon", "arenden"), [ASKED, LAST]);
    assert_eq!(world.mails_to("olle").len(), 1);
    world
}

async fn a_new_chair_is_told_what_is_open(bench: Bench) -> World {
    let mut world = asked(bench).await;
    world.takes_over("rag-patologi", "ordforande", "eva", "2025-03-11").await;
    world.advance_to("2025-03-12 12:00").await;
    let told = world.newest("eva", "tilltrade");
    assert_eq!(world.of_step("eva", "tilltrade"), ["2025-03-11 08:00 0"]);
    assert!(told.subject.contains("Du är nu ordförande i RAG Patologi"), "{}", told.subject);
    for said in ["Har gruppen något att ta upp?", "måndag 17 mars (v. 12)"] {
        assert!(told.text.contains(said), "{said} in {}", told.text);
    }
    assert!(!told.text.contains("lokal"), "what others are asked is not hers: {}", told.text);

    // She can answer as soon as she is asked, and the one before is left alone.
    world.advance_to("2025-03-13 12:00").await;
    assert_eq!(world.of_step("eva", "arenden"), [REMINDED]);
    world.answer("eva", "arenden", "ja").await;
    world.advance_to("2025-03-21 12:00").await;
    assert_eq!(world.of_step("pia", "arenden"), [ASKED]);
    assert_eq!(world.mails_to("eva").len(), 2);
    world
}
