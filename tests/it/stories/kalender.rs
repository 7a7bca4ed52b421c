//! Calendars: what they lack is asked for, what programs see of a change, and who is told because theirs hasn't.

use std::collections::BTreeSet;
use std::sync::Arc;

use arshjul::answering::{AboutMeeting, AnswerError, Handed, Policy};
use arshjul::clock::CountingChance;
use arshjul::plan::model::Shows;
use arshjul::store::NewSubscription;
use arshjul::web::{State, router};
use arshjul::workflow::model::Span;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use jiff::civil::{date, time};
use sha2::{Digest, Sha256};
use tower::ServiceExt;

use crate::store::Bench;
use crate::world::{World, stories};

stories! {
    a_meetings_missing_time_and_place_are_asked_for_and_the_answer_sets_them,
    a_meeting_that_has_both_is_not_asked_about,
    whose_calendar_has_not_seen_a_move_is_told_a_day_before,
    a_fetch_takes_back_the_mail_that_it_makes_pointless,
    a_program_that_polls_sees_one_meeting_moved_then_cancelled_then_gone,
    nobodys_feed_has_anything_of_others,
}

fn handed(hours: Option<(i8, i8)>, place: Option<&str>) -> Handed {
    let hours = hours.map(|(start, end)| (time(start, 0, 0, 0), time(end, 0, 0, 0)));
    Handed { meeting: AboutMeeting { hours, place: place.map(str::to_owned) }, ..Handed::default() }
}

async fn a_meetings_missing_time_and_place_are_asked_for_and_the_answer_sets_them(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-03-20").only(&["rsl"]).started().await;
    // Thirty and twenty workdays before 13 May, counted by hand.
    world.advance_to("2025-04-11 12:00").await;
    assert_eq!(
        world.of_step("sten", "tid-och-plats").last().map(String::as_str),
        Some("2025-04-10 08:00 r1"),
        "{:?}",
        world.of_step("sten", "tid-och-plats")
    );
    assert!(world.of_step("sten", "tid-och-plats").contains(&"2025-03-27 08:00 0".to_owned()));

    let about = |m: &arshjul::plan::model::Matter| {
        m.step.as_str() == "tid-och-plats"
            && m.object.occasion().is_some_and(|at| at.id.to_string() == "mote-3.2025")
    };
    for (wrong, code) in
        [(handed(None, None), "nothing-set"), (handed(Some((15, 9)), Some("Lund")), "hours-backwards")]
    {
        let refused = world.try_handing_in("sten", about, "satt", &wrong).await;
        let Err(AnswerError::Handed(faults)) = refused else { panic!("{refused:?}") };
        assert_eq!(faults.iter().map(|fault| fault.code()).collect::<Vec<_>>(), [code]);
    }
    world
        .try_handing_in("sten", about, "satt", &handed(Some((9, 15)), Some("Sal A, Linköping")))
        .await
        .unwrap();
    world.advance_to("2025-04-14 12:00").await;
    let stored = world.stored("sydostra/rsl", "rsl", "mote-3.2025").await;
    let day = date(2025, 5, 13);
    let span = Span::Timed { start: day.at(9, 0, 0, 0), end: day.at(15, 0, 0, 0) };
    assert_eq!((stored.sequence, stored.occasion.span), (1, span));
    assert_eq!(stored.occasion.place.as_deref(), Some("Sal A, Linköping"));
    // Those who had been asked for matters hear when and where it is, and not that it had moved.
    let told = world.newest("petra", "andring");
    assert!(told.text.contains("Tiden är satt: RSL"), "{}", told.text);
    assert!(told.text.contains("Sal A, Linköping"));

    // Another answer is another place; what isn't said again stays.
    world.try_handing_in("sten", about, "satt", &handed(None, Some("Videomöte"))).await.unwrap();
    world.advance_to("2025-04-16 12:00").await;
    let stored = world.stored("sydostra/rsl", "rsl", "mote-3.2025").await;
    assert_eq!((stored.occasion.span, stored.occasion.place.as_deref()), (span, Some("Videomöte")));
    world
}

async fn a_meeting_that_has_both_is_not_asked_about(bench: Bench) -> World {
    let set = |text: &str| {
        text.replace(
            "dates = [2025-05-13]",
            "dates = [{ start = 2025-05-13T09:00:00, end = 2025-05-13T15:00:00, place = \"Lund\" }]",
        )
    };
    let files = arshjul::workflow::shipped();
    let rsl = files.iter().find(|file| file.path == "sydostra/rsl.toml").unwrap();
    let setting = World::new(bench, "2025-03-20").only(&["rsl"]);
    let mut world = setting.file("sydostra/rsl.toml", &set(&rsl.text)).started().await;
    world.advance_to("2025-05-12 12:00").await;
    let asked = world.of_step("sten", "tid-och-plats");
    assert!(asked.iter().all(|line| line.as_str() < "2025-03-27"), "{asked:?}");
    world
}

/// The web beside the worker, as calendar programs reach it.
fn site(world: &World) -> Router {
    router(State {
        store: world.store.clone(),
        clock: world.clock.clone(),
        chance: Arc::new(CountingChance::from_seed(1)),
        rules: world.rules.clone(),
        wake: Arc::default(),
        public_url: "https://arshjul.example.org".to_owned(),
        policy: Policy::default(),
    })
}

async fn fetch(site: &Router, path: &str) -> (u16, String) {
    let request = Request::builder().uri(path).body(Body::empty()).unwrap();
    let response = site.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

/// Somebody makes a private feed; its path.
async fn subscribes(world: &World, name: &str, seed: u8, mails: bool) -> String {
    let person = world.person(name).await;
    let (secret, shows) = ([seed; 32], Shows::Own { attends: Vec::new() });
    let hash = Sha256::digest(secret).into();
    let new = NewSubscription {
        hash,
        person: Some(&person),
        name: "Outlook jobb",
        shows: &shows,
        titles_only: false,
        mails,
    };
    world.store.subscribe(&new, None, "test", world.now()).await.unwrap().unwrap();
    format!("/feed/{}/outlook-jobb.ics", arshjul::tokens::encode(&secret))
}

async fn whose_calendar_has_not_seen_a_move_is_told_a_day_before(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-04-22").only(&["rsl"]).started().await;
    world.tick().await;
    let site = site(&world);
    // Jon's program has it and fetches no more, Kaj's goes on, Olle doesn't want to hear, Petra has never fetched hers.
    let jon = subscribes(&world, "jon", 1, true).await;
    let kaj = subscribes(&world, "kaj", 2, true).await;
    let olle = subscribes(&world, "olle", 3, false).await;
    subscribes(&world, "petra", 4, true).await;
    for path in [&jon, &kaj, &olle] {
        assert_eq!(fetch(&site, path).await.0, 200);
    }
    world.advance_to("2025-04-24 12:00").await;
    world.move_meeting("sydostra/rsl", "rsl", "mote-3.2025", "2025-05-20").await;
    world.advance_to("2025-04-25 12:00").await;
    assert!(fetch(&site, &kaj).await.1.contains("DTSTART;VALUE=DATE:20250520"));
    world.advance_to("2025-05-19 12:00").await;
    // Whoever still has the old day in their calendar would go there on the 13th.
    assert_eq!(world.of_step("jon", "kalender"), ["2025-05-12 07:00 k1"]);
    for name in ["kaj", "olle", "petra"] {
        assert!(world.of_step(name, "kalender").is_empty(), "{name}");
    }
    let told = world.newest("jon", "kalender");
    assert!(told.text.contains("Ändrad tid: RSL är nu tisdag 20 maj (v. 21)"), "{}", told.text);
    assert!(told.text.contains("Din kalender ”Outlook jobb” har inte hämtat ändringen."), "{}", told.text);
    assert_eq!(told.links.len(), 1, "the way to where it is chosen away");
    world
}

async fn a_fetch_takes_back_the_mail_that_it_makes_pointless(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-04-22").only(&["rsl"]).started().await;
    world.tick().await;
    let site = site(&world);
    let jon = subscribes(&world, "jon", 1, true).await;
    fetch(&site, &jon).await;
    world.advance_to("2025-04-23 12:00").await;
    world.cancel("sydostra/rsl", "rsl", "mote-3.2025").await;
    world.advance_to("2025-05-11 12:00").await;
    let planned = async |world: &World| {
        let coming = world.store.coming(1000).await.unwrap();
        coming.into_iter().filter(|m| m.matter.step.as_str() == "kalender").count()
    };
    assert_eq!(planned(&world).await, 1);
    let (_, body) = fetch(&site, &jon).await;
    assert!(body.contains("SUMMARY:INSTÄLLT: RSL"));
    world.advance_to("2025-05-13 12:00").await;
    assert_eq!(planned(&world).await, 0);
    assert!(world.of_step("jon", "kalender").is_empty());
    world
}

/// What a program that polls shows of one event: its start and its heading.
fn one(body: &str, uid: &str) -> Option<(String, String, u32)> {
    let events: Vec<&str> = body.split("BEGIN:VEVENT").filter(|event| event.contains(uid)).collect();
    assert!(events.len() <= 1, "an event is there twice");
    let value = |name: &str| {
        let line = events.first()?.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.to_owned())
    };
    Some((value("DTSTART")?, value("SUMMARY")?, value("SEQUENCE")?.parse().unwrap()))
}

async fn a_program_that_polls_sees_one_meeting_moved_then_cancelled_then_gone(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-04-22").only(&["rsl"]).started().await;
    world.tick().await;
    let site = site(&world);
    let own = subscribes(&world, "jon", 1, false).await;
    let paths = [own.as_str(), "/feed/rsl.ics", "/feed/rpo-medicinsk-diagnostik.ics"];
    let (_, body) = fetch(&site, paths[1]).await;
    let event =
        body.split("BEGIN:VEVENT").find(|event| event.contains("DTSTART;VALUE=DATE:20250513")).unwrap();
    let uid = event.lines().find(|line| line.starts_with("UID:")).unwrap().to_owned();
    let seen = async |site: &Router| {
        let mut seen = Vec::new();
        for path in paths {
            let (status, body) = fetch(site, path).await;
            assert_eq!(status, 200);
            seen.push(one(&body, &uid));
        }
        assert!(seen.iter().all(|one| *one == seen[0]), "{seen:?}");
        seen.swap_remove(0)
    };
    let at = |day: &str, title: &str, sequence| Some((day.to_owned(), title.to_owned(), sequence));
    assert_eq!(seen(&site).await, at("20250513", "RSL", 0));
    world.move_meeting("sydostra/rsl", "rsl", "mote-3.2025", "2025-05-20").await;
    world.advance_to("2025-04-23 12:00").await;
    assert_eq!(seen(&site).await, at("20250520", "RSL", 1));
    world.cancel("sydostra/rsl", "rsl", "mote-3.2025").await;
    world.advance_to("2025-04-24 12:00").await;
    let cancelled = seen(&site).await.unwrap();
    assert_eq!((cancelled.1.as_str(), cancelled.2), ("INSTÄLLT: RSL", 2));
    world.advance_to("2025-06-22 12:00").await;
    assert!(seen(&site).await.is_some(), "sixty days");
    world.advance_to("2025-06-23 12:00").await;
    assert_eq!(seen(&site).await, None);
    world
}

/// Every person of the world has a feed, and it is looked into all year.
async fn nobodys_feed_has_anything_of_others(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-01-07").plan(super::items::NOT_STARTED).started().await;
    let site = site(&world);
    let people = world.store.facts().await.unwrap().people;
    let names: Vec<String> = people.persons.values().map(|p| p.address.replace("@example.org", "")).collect();
    let mut paths = Vec::new();
    for (n, name) in names.iter().enumerate() {
        paths.push(subscribes(&world, name, u8::try_from(n + 1).unwrap(), false).await);
    }
    let mut tasks = 0;
    for day in ["2025-01-20", "2025-03-12", "2025-05-15", "2025-09-18", "2025-10-20", "2025-12-02"] {
        world.advance_to(&format!("{day} 12:00")).await;
        let facts = world.store.facts().await.unwrap();
        for (name, path) in names.iter().zip(&paths) {
            let (status, body) = fetch(&site, path).await;
            let body = body.replace("\r\n ", "");
            assert_eq!(status, 200, "{name}");
            assert_eq!(arshjul::ical::lint::lint(fetch(&site, path).await.1.as_bytes()), []);
            for other in facts.people.persons.values() {
                let words = body.split(|c: char| !c.is_alphanumeric() && c != '@' && c != '.');
                let named = |word: &str| word == other.address || (word == other.name && word.len() > 2);
                assert!(!words.into_iter().any(named), "{name}'s feed names {} on {day}", other.name);
            }
            // A question is in the feed if it waits for this person, and then only.
            let person = world.person(name).await;
            let waits: BTreeSet<String> = world
                .store
                .open_matters(&person)
                .await
                .unwrap()
                .into_iter()
                .map(|message| message.notice.headline)
                .collect();
            for line in body.lines().filter_map(|line| line.strip_prefix("SUMMARY:Svara senast i dag: ")) {
                tasks += 1;
                let line = line.replace('\\', "");
                assert!(waits.contains(&line), "{name} is not asked: {line}\n{waits:?}");
            }
            let own = world.store.bodies_of(&person, day.parse().unwrap()).await.unwrap();
            if own.iter().all(|body| body.as_str() == "rsl") {
                assert!(!body.contains("RPO-möte"), "{name} belongs to no programme area");
            }
        }
    }
    assert!(tasks > 20, "{tasks} questions are shown");
    world
}
