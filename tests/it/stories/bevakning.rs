//! What is asked about the plan's items between the rounds: a story for each kind of item that stands still.

use arshjul::items::Health;
use arshjul::items::register::{LogEntry, LogKind, Precision};
use arshjul::store::ItemChange;
use jiff::civil::Date;

use crate::store::Bench;
use crate::world::{RPO, World, stories};

stories! {
    near_a_round_the_round_asks,
    what_is_promised_and_not_begun_is_warned_of,
    what_nobody_has_decided_comes_up_before_each_meeting_and_goes_to_the_chair,
    what_is_dormant_is_asked_about_twice_a_year,
    what_nobody_has_told_of_is_asked_about_once,
    red_reaches_those_who_do_not_know,
    what_is_done_wants_a_last_word,
    what_was_planned_is_asked_about,
    a_date_that_passed_is_asked_about,
    a_broken_promise_is_told_with_its_age,
    what_waits_for_an_assignment_is_one_list_to_those_who_give_it,
    how_it_is_followed_up_is_asked_about_rarely,
}

const HEAD: &str = "id;punkt;delområde;fas;hälsa;ägare;sedan\n";
const PIA: &str = "rag-patologi/ordförande";

fn day(text: &str) -> Date {
    text.parse().unwrap_or_else(|_| panic!("`{text}` is no day"))
}

fn unit(id: &str) -> String {
    format!("{RPO}.{id}")
}

/// A silent world with the plan of these rows: id, phase, health, owner.
async fn plan_of(bench: Bench, day: &str, rows: &[(&str, &str, &str, &str)]) -> World {
    let row = |(id, phase, health, owner): &(&str, &str, &str, &str)| {
        format!("{id};Punkten {id};;{phase};{health};{owner};2024-09-02\n")
    };
    let csv = HEAD.to_owned() + &rows.iter().map(row).collect::<String>();
    World::new(bench, day).only(&["punkter", "statusrunda", "rpo"]).plan(&csv).silent().await
}

impl World {
    async fn changes(&mut self, id: &str, change: ItemChange) {
        assert!(self.store.update_item(&unit(id), &change, "test", self.now()).await.unwrap());
    }

    /// The item has a next date far away, so that nothing is asked about that.
    async fn is_next(&mut self, id: &str, next: &str) {
        self.changes(id, ItemChange { next: Some(Some(day(next))), ..ItemChange::default() }).await;
    }

    async fn logs(&mut self, id: &str, on: &str, kind: LogKind, text: &str, about: Option<i64>) {
        let planned = day(on) > arshjul::calendar::today(self.now());
        let entry = LogEntry {
            part: None,
            day: day(on),
            precision: Precision::Day,
            kind,
            planned,
            text: text.to_owned(),
            doer: None,
            by: None,
            about,
        };
        self.changes(id, ItemChange { entry: Some(entry), ..ItemChange::default() }).await;
    }

    /// What the plan promises, as an import enters it. Only before the start, which makes the program look again.
    async fn promises(&mut self, id: &str, on: &str, text: &str) {
        let row = format!(
            "INSERT INTO deadline (item, day, exactness, text, stated, met) \
             VALUES ('{}', '{on}', 'day', '{text}', '2023-02-06', 0)",
            unit(id)
        );
        self.bench.tamper(&row).await.unwrap();
    }

    /// Whether anything of a step about a unit has reached somebody.
    fn heard(&self, name: &str, step: &str, id: &str) -> bool {
        let about = format!("{}:{step}:", unit(id));
        self.mails_to(name).iter().any(|letter| letter.keys.iter().any(|key| key.contains(&about)))
    }
}

async fn near_a_round_the_round_asks(bench: Bench) -> World {
    let mut world = plan_of(bench, "2025-03-03", &[("l5", "Ej påbörjad", "Okänd", PIA)]).await;
    world.move_meeting("sydostra/rpo", RPO, "mote-3.2025", "2025-05-07").await;
    world.start().await;
    world.advance_to("2025-07-04 12:00").await;
    // The second would have come on 30 April. It isn't sent, and it counts.
    assert_eq!(world.of_step("pia", "ej-paborjad"), ["2025-03-31 08:00 n1", "2025-05-30 08:00 n3"]);
    assert!(!world.of_step("pia", "status").is_empty());
    assert_eq!(world.of_step("petra", "ej-paborjad"), ["2025-07-01 08:00 h"]);
    world
}

async fn what_is_promised_and_not_begun_is_warned_of(bench: Bench) -> World {
    let mut world = plan_of(bench, "2025-06-02", &[("l5", "Ej påbörjad", "Okänd", PIA)]).await;
    world.promises("l5", "2025-12-31", "under 2025").await;
    world.start().await;
    world.advance_to("2025-12-15 12:00").await;
    let warned = ["2025-06-30 08:00 6-months", "2025-09-30 08:00 3-months", "2025-11-28 08:00 1-months"];
    assert_eq!(world.of_step("pia", "tidsgrans"), warned);
    assert!(world.newest("pia", "tidsgrans").subject.contains("31 december 2025"));
    // It had been handed over to her on the 24th.
    assert_eq!(world.of_step("petra", "ej-paborjad"), ["2025-09-24 08:00 h"]);
    assert_eq!(world.of_step("petra", "tidsgrans")[1], "2025-10-01 08:00 3-months");
    world
}

async fn what_nobody_has_decided_comes_up_before_each_meeting_and_goes_to_the_chair(bench: Bench) -> World {
    let mut world = plan_of(bench, "2025-03-03", &[("l14", "Ej beslutad", "Okänd", "")]).await;
    for (meeting, on) in [("mote-1", "2025-04-09"), ("mote-3", "2025-05-21"), ("mote-4", "2025-09-24")] {
        world.move_meeting("sydostra/rpo", RPO, &format!("{meeting}.2025"), on).await;
    }
    world.start().await;
    world.advance_to("2025-12-01 12:00").await;
    let asked = ["2025-03-26 08:00 mote", "2025-05-07 08:00 mote", "2025-09-10 08:00 mote"];
    assert_eq!(world.of_step("petra", "ej-beslutad"), asked);
    assert_eq!(world.of_step("olle", "ej-beslutad"), ["2025-10-01 08:00 h"]);
    assert!(world.who_got("utan-agare").is_empty(), "who owns it is decided with it");
    world
}

async fn what_is_dormant_is_asked_about_twice_a_year(bench: Bench) -> World {
    let mut world = plan_of(bench, "2025-02-03", &[("l2", "Vilande", "Okänd", PIA)]).await;
    world.start().await;
    world.advance_to("2025-03-05 12:00").await;
    world.answer("pia", "vilande", "vilande").await;
    world.advance_to("2025-12-01 12:00").await;
    // 1 March is a Saturday.
    for name in ["pia", "petra"] {
        assert_eq!(world.of_step(name, "vilande"), ["2025-03-03 08:00 dag", "2025-09-01 08:00 dag"]);
    }
    world
}

async fn what_nobody_has_told_of_is_asked_about_once(bench: Bench) -> World {
    let mut world = plan_of(bench, "2025-02-03", &[("l3", "Pågår", "Grön", PIA)]).await;
    world.is_next("l3", "2025-12-15").await;
    world.start().await;
    world.advance_to("2025-02-10 10:00").await;
    world.logs("l3", "2025-02-10", LogKind::Report, "Mötet hölls.", None).await;
    world.advance_to("2025-09-01 10:00").await;
    // Ninety days after the report is a Sunday.
    assert_eq!(world.of_step("pia", "inaktuell"), ["2025-05-09 08:00 n1"]);
    world.logs("l3", "2025-09-01", LogKind::Unchanged, "Ingen förändring.", None).await;
    world.advance_to("2025-12-01 12:00").await;
    assert_eq!(world.of_step("pia", "inaktuell")[1..], ["2025-11-28 08:00 n1"]);
    world
}

async fn red_reaches_those_who_do_not_know(bench: Bench) -> World {
    let rows = ["a", "b", "c"].map(|id| (id, "Pågår", "Grön", PIA));
    let mut world = plan_of(bench, "2025-03-03", &rows).await;
    for (id, ..) in rows {
        world.is_next(id, "2025-12-15").await;
    }
    world.start().await;
    world.advance_to("2025-03-18 10:00").await;
    let red = ItemChange { health: Some(Health::Red), ..ItemChange::default() };
    let pia = world.person("pia").await;
    world.changes("a", red.clone()).await;
    world.changes("b", ItemChange { explained_by: Some(pia), ..red.clone() }).await;
    world.changes("c", red).await;
    world.advance_to("2025-03-18 14:00").await;
    world.changes("c", ItemChange { health: Some(Health::Green), ..ItemChange::default() }).await;
    world.advance_to("2025-03-18 23:00").await;
    assert_eq!(world.of_step("pia", "rod"), ["2025-03-18 15:00 n1"]);
    assert!(world.heard("pia", "rod", "a") && world.heard("petra", "rod", "a"));
    assert!(!world.heard("pia", "rod", "b") && world.heard("petra", "rod", "b"), "she said why herself");
    assert!(!world.heard("pia", "rod", "c") && !world.heard("petra", "rod", "c"), "it was green again");
    world
}

async fn what_is_done_wants_a_last_word(bench: Bench) -> World {
    let rows =
        [("l8", "Avslutad", "Okänd", PIA), ("l9", "Avslutad", "Okänd", ""), ("l6", "Avslutad", "Okänd", PIA)];
    let mut world = plan_of(bench, "2025-03-03", &rows).await;
    world.logs("l6", "2025-03-01", LogKind::Closing, "Gick in i linjen.", None).await;
    world.start().await;
    world.advance_to("2025-12-01 12:00").await;
    assert_eq!(world.of_step("pia", "utan-avslut"), ["2025-03-03 08:00 n1"]);
    assert!(world.heard("pia", "utan-avslut", "l8") && !world.heard("pia", "utan-avslut", "l6"));
    assert_eq!(world.of_step("petra", "utan-avslut-och-agare"), ["2025-03-03 08:00 n1"]);
    world
}

async fn what_was_planned_is_asked_about(bench: Bench) -> World {
    let rows = [("a", "Pågår", "Grön", PIA), ("b", "Pågår", "Grön", PIA)];
    let mut world = plan_of(bench, "2025-03-03", &rows).await;
    for (id, ..) in rows {
        world.is_next(id, "2025-12-15").await;
        world.logs(id, "2025-03-10", LogKind::Report, "Uppstart av projektets första del", None).await;
    }
    world.start().await;
    world.advance_to("2025-03-20 10:00").await;
    assert_eq!(world.of_step("pia", "planerat"), ["2025-03-13 08:00 n1", "2025-03-13 08:00 n1"]);
    assert!(
        world.newest("pia", "planerat").text.contains("Blev det av? ”Uppstart av projektets första del”")
    );
    // What became of the first line has been said, of the second nobody says anything.
    world.logs("a", "2025-03-20", LogKind::Report, "Uppstarten hölls.", Some(1)).await;
    world.advance_to("2025-04-12 12:00").await;
    assert_eq!(world.of_step("pia", "planerat")[2..], ["2025-03-27 08:00 n2"]);
    assert_eq!(world.of_step("petra", "planerat"), ["2025-04-10 08:00 h"]);
    assert!(!world.heard("petra", "planerat", "a") && world.heard("petra", "planerat", "b"));
    world
}

async fn a_date_that_passed_is_asked_about(bench: Bench) -> World {
    let rows = [("l3", "Pågår", "Grön", PIA), ("l4", "Pågår", "Grön", PIA)];
    let mut world = plan_of(bench, "2025-03-03", &rows).await;
    world.is_next("l3", "2025-03-31").await;
    world.start().await;
    world.advance_to("2025-06-06 12:00").await;
    // The other has no date at all: that is asked at once, and half as often.
    assert!(world.heard("pia", "utan-datum", "l4") && !world.heard("pia", "utan-datum", "l3"));
    assert_eq!(world.of_step("pia", "utan-datum"), ["2025-03-03 08:00 n1", "2025-04-30 08:00 n2"]);
    assert_eq!(world.of_step("pia", "datum-passerat"), ["2025-04-04 08:00 n1", "2025-05-07 08:00 n2"]);
    assert_eq!(world.of_step("petra", "datum-passerat"), ["2025-06-05 08:00 h"]);
    world
}

async fn a_broken_promise_is_told_with_its_age(bench: Bench) -> World {
    let mut world = plan_of(bench, "2025-01-01", &[("l5", "Pågår", "Okänd", PIA)]).await;
    world.promises("l5", "2023-05-31", "under våren 2023").await;
    world.start().await;
    world.advance_to("2025-01-31 12:00").await;
    // It came into the register in the middle of the holidays.
    assert_eq!(world.of_step("pia", "lovad"), ["2025-01-07 08:00 n1", "2025-01-30 08:00 n2"]);
    let first = world.mails_to("pia")[0];
    assert!(first.subject.contains("31 maj 2023, för 587 dagar sedan"), "{}", first.subject);
    assert!(world.who_got("utan-datum").is_empty(), "one question at a time");
    world
}

async fn what_waits_for_an_assignment_is_one_list_to_those_who_give_it(bench: Bench) -> World {
    let rows =
        [("a", "Ej påbörjad", "Okänd", PIA), ("b", "Ej påbörjad", "Okänd", ""), ("c", "Pågår", "Okänd", PIA)];
    let mut world = plan_of(bench, "2025-03-03", &rows).await;
    let units = format!("[\"{}\",\"{}\",\"{}\"]", unit("a"), unit("b"), unit("c"));
    let given = format!(
        "INSERT INTO assignment (giver, taker, title, units, state) \
         VALUES ('{RPO}', 'rag-patologi', 'Uppdrag', '{units}', 'utkast')"
    );
    world.bench.tamper(&given).await.unwrap();
    world.start().await;
    world.advance_to("2025-04-30 12:00").await;
    let lists = world.mails_to("petra").into_iter().filter(|l| !l.rungs_of("uppdrag").is_empty());
    let lists: Vec<_> = lists.map(|l| (l.at, l.rungs_of("uppdrag").len())).collect();
    let moments = ["2025-03-03 08:00", "2025-03-31 08:00", "2025-04-30 08:00"].map(crate::world::moment);
    assert_eq!(lists, moments.map(|at| (at, 3)), "one mail about all of them, every twenty workdays");
    for step in ["utan-agare", "ej-paborjad", "utan-datum"] {
        assert!(world.who_got(step).is_empty(), "{step}");
    }
    assert!(world.mails_to("pia").is_empty());
    world
}

async fn how_it_is_followed_up_is_asked_about_rarely(bench: Bench) -> World {
    let mut world = plan_of(bench, "2025-03-03", &[("l3", "Pågår", "Grön", PIA)]).await;
    world.is_next("l3", "2025-12-15").await;
    world.start().await;
    world.advance_to("2025-12-01 12:00").await;
    // 15 November is a Saturday.
    assert_eq!(world.of_step("pia", "utan-uppfoljning"), ["2025-04-15 08:00 dag", "2025-11-17 08:00 dag"]);
    world
}
