//! A feed of 700 events: rendered, and judged as every feed is before it is served.
//!
//! `cargo bench --bench feed` runs it. Wanted: rendered in under 5 ms.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "it measures time, says what it measured, and has nothing to recover for"
)]

use std::time::{Duration, Instant};

use arshjul::calendar::QuietPeriods;
use arshjul::ical::feeds::render;
use arshjul::ical::lint::lint;
use arshjul::ids::{FeedName, OccasionId, OccasionRef};
use arshjul::plan::model::Occasion;
use arshjul::rules::Rules;
use arshjul::workflow::model::{EntryKind, Span, Status};
use arshjul::workflow::shipped;
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};

const EVENTS: u16 = 700;
const ROUNDS: usize = 200;
const TODAY: Date = date(2025, 6, 1);
const BODY: &str = "rpo-medicinsk-diagnostik";

fn main() {
    let rules = Rules::load(&shipped(), QuietPeriods::default()).expect("the files are sound");
    let events: Vec<(Occasion, u32, Timestamp)> = (0..EVENTS)
        .map(|n| (occasion(n), u32::from(n % 3), Timestamp::UNIX_EPOCH + i64::from(n).hours()))
        .collect();
    let feed = FeedName::new(BODY);
    let bytes = || {
        let revised = events.iter().cloned();
        let (organisation, workflows) = (&rules.organisation, &rules.workflows);
        render((&feed, "RPO"), organisation, workflows, revised, TODAY, "https://arshjul.example.org")
    };
    let feed = bytes();
    let count = String::from_utf8_lossy(&feed).matches("BEGIN:VEVENT").count();
    assert_eq!(count, usize::from(EVENTS), "every event is in the feed");
    println!("{count} events, {} kB", feed.len() / 1000);
    say("rendered", || drop(bytes()));
    say("judged", || assert!(lint(&feed).is_empty(), "the feed is sound"));
}

/// Half of them whole days and half of them timed, from a year back to a year ahead, with words as people write them.
fn occasion(n: u16) -> Occasion {
    let day = TODAY.saturating_add((i64::from(n) - i64::from(EVENTS) / 2).days());
    let span = if n.is_multiple_of(2) {
        Span::AllDay { first: day, last: day.saturating_add(i64::from(n % 3).days()) }
    } else {
        Span::Timed { start: day.at(13, 0, 0, 0), end: day.at(16, 0, 0, 0) }
    };
    Occasion {
        at: OccasionRef {
            workflow: "sydostra/rpo".into(),
            body: Some(BODY.into()),
            id: OccasionId { entry: "mote".into(), year: day.year(), number: Some(n) },
        },
        kind: EntryKind::Meeting,
        title: format!("Möte {n} i RPO Medicinsk diagnostik, med övriga frågor"),
        span,
        status: if n.is_multiple_of(7) { Status::Tentative } else { Status::Confirmed },
        place: Some("Elite Stadshotellet, Västerås".into()),
        note: Some("Anmäl kost till processtöd; lokalen är ändrad sedan förra mötet.".into()),
        calendar: arshjul::plan::model::ForCalendars::default(),
        feed: None,
        public: None,
    }
}

/// Prints how long something takes: the middle of many times, and the longest.
fn say(what: &str, mut work: impl FnMut()) {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let began = Instant::now();
            work();
            began.elapsed()
        })
        .collect();
    times.sort();
    let (middle, longest) = (times[ROUNDS / 2], times[ROUNDS - 1]);
    println!("{what} in {middle:.2?}, at most {longest:.2?}");
}
