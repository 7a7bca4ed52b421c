//! Calendars: what they lack is asked for.

use arshjul::answering::{AboutMeeting, AnswerError, Handed};
use arshjul::workflow::model::Span;
use jiff::civil::{date, time};

use crate::store::Bench;
use crate::world::{World, stories};

stories! {
    a_meetings_missing_time_and_place_are_asked_for_and_the_answer_sets_them,
    a_meeting_that_has_both_is_not_asked_about,
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
