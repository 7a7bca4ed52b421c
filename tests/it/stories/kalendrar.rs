//! Meetings that stand in somebody else's calendar: they come, move, are cancelled and disappear, and the server breaks.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use arshjul::calendars::{Client, Host, Keeper, Policy, Report, Round, Source};
use arshjul::plan::model::Startable;
use arshjul::store::SourceState;
use arshjul::workflow::model::{Span, Status};
use jiff::SignedDuration;
use jiff::civil::{DateTime, date};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::store::Bench;
use crate::world::{Letter, RPO, World, moment, shown, stories};

stories! {
    a_meeting_in_the_calendar_is_prepared_as_one,
    a_meeting_that_moves_in_its_calendar_is_the_same_meeting,
    a_meeting_that_is_cancelled_in_its_calendar_is_cancelled,
    a_meeting_that_disappears_is_cancelled_after_a_day_and_comes_back,
    a_meeting_that_has_been_stays_though_its_calendar_forgets_it,
    a_server_that_breaks_for_a_week_loses_nothing,
    one_bad_event_costs_only_itself,
    a_calendar_that_shows_no_titles_any_more_cancels_nothing,
    new_names_for_all_events_make_no_new_meetings,
    a_calendar_is_asked_once_an_hour_and_a_restart_asks_no_sooner,
    a_calendar_that_is_connected_says_nothing_about_its_past_or_before_the_start,
    a_private_event_is_only_a_time,
    each_repetition_is_a_meeting_of_its_own,
    a_date_entered_by_hand_beats_the_calendar,
}

const FILE: &str = r#"
title = "RPO:s möten"
for = ["rpo-medicinsk-diagnostik"]

[[meeting]]
id = "mote"
title = "RPO-möte"
from-calendar = "rpo"
title-contains = ["RPO"]

[[step]]
id = "arenden"
ask = "Har du något att ta upp på mötet?"
to = "ledamot"
when = "10 workdays before start"
due = "5 workdays before start"
answers = { ja = "Ja", nej = "Nej" }

[[step]]
id = "efter"
tell = "Anteckningarna är klara"
to = "ledamot"
when = "2 workdays after end"
"#;

/// What a server says, and what it has been asked.
#[derive(Default)]
struct Said {
    status: u16,
    body: String,
    /// The `ETag` goes with the body.
    version: usize,
    conditional: usize,
    asked: usize,
}

/// A calendar on a server of its own, and the keeper that looks after it.
struct Calendar {
    said: Arc<Mutex<Said>>,
    keeper: Keeper,
    address: Source,
    policy: Policy,
}

async fn serve(mut stream: TcpStream, said: &Mutex<Said>) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        request.push(byte);
    }
    let request = String::from_utf8(request).unwrap().to_lowercase();
    let answer = {
        let mut said = said.lock().unwrap();
        said.asked += 1;
        let same = request.contains(&format!("if-none-match: \"v{}\"\r\n", said.version));
        said.conditional += usize::from(same);
        let (status, body) = match said.status {
            200 if same => (304, ""),
            status => (status, said.body.as_str()),
        };
        let length = body.len();
        format!(
            "HTTP/1.1 {status} X\r\netag: \"v{}\"\r\ncontent-length: {length}\r\n\r\n{body}",
            said.version
        )
    };
    let _ = stream.write_all(answer.as_bytes()).await;
}

impl Calendar {
    async fn of(world: &World, events: &[String]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let said = Arc::new(Mutex::new(Said { status: 200, ..Said::default() }));
        let served = said.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serve(stream, &served).await;
            }
        });
        let hosts = vec![Host::parse(&host).unwrap()];
        let policy = Policy { hosts, allow_http: true, allow_private: true, ..Policy::default() };
        let address = Source::parse(&format!("http://{host}/hemlig/rpo.ics"), &policy).unwrap();
        let keeper = keeper(world, &policy, &address);
        let calendar = Self { said, keeper, address, policy };
        calendar.holds(events);
        calendar
    }

    /// The calendar has these events and no others.
    fn holds(&self, events: &[String]) {
        self.says(200, &format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n", events.concat()));
    }

    fn says(&self, status: u16, body: &str) {
        let mut said = self.said.lock().unwrap();
        (said.status, said.body) = (status, body.to_owned());
        said.version += 1;
    }

    async fn round(&self) -> Round {
        self.keeper.round().await.unwrap()
    }

    /// Time passes, and the calendar is looked after four times a day.
    async fn until(&self, world: &mut World, text: &str) {
        let target = moment(text);
        loop {
            self.round().await;
            world.tick().await;
            if world.now() >= target {
                return;
            }
            let next = (world.now() + SignedDuration::from_hours(6)).min(target);
            world.advance_to(&shown(next)).await;
        }
    }

    async fn state(&self, world: &World) -> SourceState {
        world.store.sources().await.unwrap().into_iter().find(|state| state.name == "rpo").unwrap()
    }
}

fn keeper(world: &World, policy: &Policy, address: &Source) -> Keeper {
    let client = Client::new(policy.clone()).unwrap();
    let addresses = BTreeMap::from([("rpo".to_owned(), address.clone())]);
    Keeper::new(world.store.clone(), world.clock.clone(), world.rules.clone(), client, addresses)
}

/// An event from one to three in the afternoon.
fn event(uid: &str, day: &str, title: &str, more: &str) -> String {
    let day = day.replace('-', "");
    format!(
        "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20250101T000000Z\r\nDTSTART;TZID=Europe/Stockholm:{day}T130000\r\n\
         DTEND;TZID=Europe/Stockholm:{day}T150000\r\nSUMMARY:{title}\r\n{more}END:VEVENT\r\n"
    )
}

fn mote(uid: &str, day: &str) -> String {
    event(uid, day, "RPO möte", "")
}

const WORKFLOW: &str = "sydostra/moten";

async fn world(bench: Bench, day: &str) -> World {
    World::new(bench, day).only(&[]).file("sydostra/moten.toml", FILE).started().await
}

/// A world of 1 September, its calendar with two meetings and somebody's lunch, and both fetched and planned.
async fn begun(bench: Bench) -> (World, Calendar) {
    let mut world = world(bench, "2025-09-01").await;
    let lunch = event("c", "2025-10-14", "Lunch med Anna", "LOCATION:Hemma hos Anna\r\n");
    let calendar = Calendar::of(&world, &[mote("a", "2025-10-15"), mote("b", "2025-12-10"), lunch]).await;
    calendar.until(&mut world, "2025-09-01 08:00").await;
    (world, calendar)
}

fn hours(day: &str) -> Span {
    let at = |hour: &str| format!("{day}T{hour}:00:00").parse::<DateTime>().unwrap();
    Span::Timed { start: at("13"), end: at("15") }
}

/// The ids, days and states of all meetings that feeds know.
async fn known(world: &World) -> Vec<String> {
    let mut all = world.store.occasions().await.unwrap();
    all.sort_by_key(|stored| stored.occasion.span.first());
    let one = |stored: &arshjul::store::StoredOccasion| {
        let o = &stored.occasion;
        format!("{} {} {:?} {}", o.at.id, o.span.first(), o.status, stored.sequence)
    };
    all.iter().map(one).collect()
}

async fn a_meeting_in_the_calendar_is_prepared_as_one(bench: Bench) -> World {
    let mut world = world(bench, "2025-09-01").await;
    let place = "LOCATION:Annas rum\r\nDESCRIPTION:Anna är sjuk\r\nSTATUS:TENTATIVE\r\n";
    let two_days = "BEGIN:VEVENT\r\nUID:b\r\nDTSTART;VALUE=DATE:20251210\r\nDTEND;VALUE=DATE:20251212\r\n\
                    SUMMARY:Internat med rpo\r\nEND:VEVENT\r\n";
    let lunch = event("c", "2025-10-14", "Lunch", "");
    let events = [event("a", "2025-10-15", "RPO-möte, Anna", place), two_days.to_owned(), lunch];
    let calendar = Calendar::of(&world, &events).await;
    calendar.until(&mut world, "2025-09-01 08:00").await;
    assert_eq!(
        known(&world).await,
        ["mote.2025.1 2025-10-15 Tentative 0", "mote.2025.2 2025-12-10 Confirmed 0"]
    );
    let first = world.stored(WORKFLOW, RPO, "mote.2025.1").await.occasion;
    assert_eq!((first.title.as_str(), first.span), ("RPO-möte", hours("2025-10-15")));
    assert_eq!(first.place.as_deref(), Some("Annas rum"), "those who meet know where");
    let shown = format!("{:?}", first.for_everybody());
    assert!(!shown.contains("Anna"), "{shown}");
    let second = world.stored(WORKFLOW, RPO, "mote.2025.2").await.occasion;
    assert_eq!(second.span, Span::AllDay { first: date(2025, 12, 10), last: date(2025, 12, 11) });
    calendar.until(&mut world, "2025-10-02 12:00").await;
    assert_eq!(world.of_step("jon", "arenden"), ["2025-10-01 08:00 0"]);
    assert!(!world.newest("jon", "arenden").text.contains("Anna är sjuk"));
    world
}

async fn a_meeting_that_moves_in_its_calendar_is_the_same_meeting(bench: Bench) -> World {
    let (mut world, calendar) = begun(bench).await;
    calendar.until(&mut world, "2025-10-02 12:00").await;
    world.answer("jon", "arenden", "ja").await;
    calendar.holds(&[mote("a", "2025-10-17"), mote("b", "2025-12-10")]);
    calendar.until(&mut world, "2025-10-03 12:00").await;
    assert_eq!(
        known(&world).await,
        ["mote.2025.1 2025-10-17 Confirmed 1", "mote.2025.2 2025-12-10 Confirmed 0"]
    );
    assert_eq!(world.of_step("jon", "andring"), ["2025-10-03 08:00 c1"]);
    assert_eq!(world.who_got("andring"), world.who_got("arenden"), "those and nobody else");
    assert!(world.newest("kaj", "andring").text.contains("17 oktober"));
    calendar.until(&mut world, "2025-10-16 12:00").await;
    assert_eq!(world.of_step("jon", "arenden").len(), 1, "the answer survives the move");
    // Into another year, and it is still that one.
    calendar.holds(&[mote("a", "2025-10-17"), mote("b", "2026-01-14")]);
    calendar.until(&mut world, "2025-10-17 12:00").await;
    assert_eq!(known(&world).await[1], "mote.2025.2 2026-01-14 Confirmed 1");
    world
}

async fn a_meeting_that_is_cancelled_in_its_calendar_is_cancelled(bench: Bench) -> World {
    let (mut world, calendar) = begun(bench).await;
    calendar.until(&mut world, "2025-10-02 12:00").await;
    let off = event("a", "2025-10-15", "RPO möte", "STATUS:CANCELLED\r\nSEQUENCE:4\r\n");
    let never = event("z", "2025-11-12", "RPO extra", "STATUS:CANCELLED\r\n");
    calendar.holds(&[off, mote("b", "2025-12-10"), never]);
    calendar.until(&mut world, "2025-10-31 12:00").await;
    assert_eq!(
        known(&world).await,
        ["mote.2025.1 2025-10-15 Cancelled 1", "mote.2025.2 2025-12-10 Confirmed 0"]
    );
    assert_eq!(world.of_step("jon", "andring"), ["2025-10-03 08:00 c1"]);
    assert!(world.who_got("efter").is_empty());
    world
}

async fn a_meeting_that_disappears_is_cancelled_after_a_day_and_comes_back(bench: Bench) -> World {
    let (mut world, calendar) = begun(bench).await;
    calendar.until(&mut world, "2025-10-02 12:00").await;
    calendar.holds(&[mote("b", "2025-12-10")]);
    calendar.until(&mut world, "2025-10-03 11:00").await;
    assert_eq!(known(&world).await[0], "mote.2025.1 2025-10-15 Confirmed 0", "one day has not passed");
    assert!(world.who_got("andring").is_empty());
    // Half a calendar is no second time.
    let whole = calendar.said.lock().unwrap().body.clone();
    calendar.says(200, whole.trim_end().trim_end_matches("END:VCALENDAR"));
    calendar.until(&mut world, "2025-10-06 16:00").await;
    assert_eq!(known(&world).await[0], "mote.2025.1 2025-10-15 Confirmed 0");
    calendar.says(200, &whole);
    calendar.until(&mut world, "2025-10-07 12:00").await;
    let gone = world.stored(WORKFLOW, RPO, "mote.2025.1").await;
    assert_eq!((gone.occasion.status, gone.sequence), (Status::Cancelled, 1));
    assert_eq!(world.of_step("jon", "andring").len(), 1);
    assert!(world.newest("jon", "andring").text.contains("Mötet finns inte längre i den kalender"));
    calendar.holds(&[mote("a", "2025-10-15"), mote("b", "2025-12-10")]);
    calendar.until(&mut world, "2025-10-08 16:00").await;
    assert_eq!(known(&world).await[0], "mote.2025.1 2025-10-15 Confirmed 2");
    assert_eq!(world.of_step("jon", "andring").len(), 2, "it takes place after all");
    world
}

async fn a_meeting_that_has_been_stays_though_its_calendar_forgets_it(bench: Bench) -> World {
    let (mut world, calendar) = begun(bench).await;
    calendar.until(&mut world, "2025-10-20 12:00").await;
    assert_eq!(world.of_step("jon", "efter"), ["2025-10-17 08:00 0"]);
    calendar.holds(&[mote("b", "2025-12-10")]);
    calendar.until(&mut world, "2025-10-24 12:00").await;
    assert_eq!(known(&world).await[0], "mote.2025.1 2025-10-15 Confirmed 0");
    world
}

/// The week's letter to processtöd.
const WEEKLY: &str = r#"
title = "Veckobrev"
for = ["rpo-medicinsk-diagnostik"]

[[summary]]
id = "vecka"
to = "processtöd"
tell = "Veckan"
on = "monday"
"#;

async fn a_server_that_breaks_for_a_week_loses_nothing(bench: Bench) -> World {
    let setting = World::new(bench, "2025-09-01").only(&[]).file("sydostra/moten.toml", FILE);
    let mut world = setting.file("sydostra/veckobrev.toml", WEEKLY).started().await;
    let calendar = Calendar::of(&world, &[mote("a", "2025-10-15"), mote("b", "2025-12-10")]).await;
    calendar.until(&mut world, "2025-09-01 12:00").await;
    let before = known(&world).await;
    let whole = calendar.said.lock().unwrap().body.clone();
    // A fault of its own, a login page, nothing at all, half of it, an empty calendar, and away.
    let says = [(500, "fel"), (200, "<html>Logga in</html>"), (200, ""), (200, &whole[..40])];
    for (n, (status, body)) in says.into_iter().enumerate() {
        calendar.says(status, body);
        calendar.until(&mut world, &format!("2025-09-0{} 12:00", n + 2)).await;
        assert_eq!(known(&world).await, before, "{status} {body}");
        assert!(calendar.state(&world).await.failure.is_some(), "{status} {body}");
    }
    calendar.holds(&[]);
    calendar.until(&mut world, "2025-09-08 12:00").await;
    assert_eq!(known(&world).await, before);
    let state = calendar.state(&world).await;
    assert_eq!(state.failing(world.now()), Some(moment("2025-09-01 18:00")), "{state:?}");
    assert!(!format!("{state:?}").contains("hemlig"), "{state:?}");
    let letter = &world.newest("petra", "vecka").text;
    assert!(letter.contains("RPO-möte, RPO MD: sedan mån 1 sep"), "{letter}");
    calendar.holds(&[mote("a", "2025-10-16"), mote("b", "2025-12-10")]);
    calendar.until(&mut world, "2025-09-09 12:00").await;
    assert_eq!(known(&world).await[0], "mote.2025.1 2025-10-16 Confirmed 1");
    assert_eq!(calendar.state(&world).await.failure, None);
    world
}

async fn one_bad_event_costs_only_itself(bench: Bench) -> World {
    let (mut world, calendar) = begun(bench).await;
    let bad = event("x", "2025-11-99", "RPO trasigt", "");
    calendar.holds(&[mote("a", "2025-10-16"), bad, mote("d", "2025-11-12")]);
    calendar.until(&mut world, "2025-09-05 12:00").await;
    let said = known(&world).await;
    let kept = "mote.2025.2 2025-12-10 Confirmed 0";
    assert_eq!(said, ["mote.2025.1 2025-10-16 Confirmed 1", "mote.2025.3 2025-11-12 Confirmed 0", kept]);
    let state = calendar.state(&world).await;
    assert!(state.failure.is_none() && state.remark.unwrap().starts_with("not all of it could be read"));
    assert_eq!(calendar.said.lock().unwrap().conditional, 0, "half a calendar is asked for anew");
    world
}

async fn a_calendar_that_shows_no_titles_any_more_cancels_nothing(bench: Bench) -> World {
    let (mut world, calendar) = begun(bench).await;
    let before = known(&world).await;
    calendar.holds(&[event("a", "2025-10-15", "Upptagen", ""), event("b", "2025-12-10", "Upptagen", "")]);
    calendar.until(&mut world, "2025-09-08 12:00").await;
    assert_eq!(known(&world).await, before);
    let state = calendar.state(&world).await;
    assert!(state.failing(world.now()).is_some(), "{state:?}");
    assert!(state.failure.unwrap().1.contains("none of its events"));
    world
}

async fn new_names_for_all_events_make_no_new_meetings(bench: Bench) -> World {
    let (mut world, calendar) = begun(bench).await;
    let before = known(&world).await;
    calendar.holds(&[mote("ny-1", "2025-10-15"), mote("ny-2", "2025-12-10")]);
    calendar.until(&mut world, "2025-09-02 12:00").await;
    calendar.holds(&[mote("ny-1", "2025-10-16"), mote("ny-2", "2025-12-10")]);
    calendar.until(&mut world, "2025-09-03 12:00").await;
    assert_eq!(known(&world).await, ["mote.2025.1 2025-10-16 Confirmed 1", &before[1]]);
    world
}

async fn a_calendar_is_asked_once_an_hour_and_a_restart_asks_no_sooner(bench: Bench) -> World {
    let (mut world, calendar) = begun(bench).await;
    world.clock.set(world.now() + SignedDuration::from_mins(30));
    assert_eq!(calendar.round().await, Round { asked: 1, ..Round::default() }, "last at seven");
    let asked = || calendar.said.lock().unwrap().asked;
    let before = asked();
    let revision = world.store.facts_revision().await.unwrap();
    world.restart().await;
    let other = keeper(&world, &calendar.policy, &calendar.address);
    assert_eq!(other.round().await.unwrap(), Round::default());
    world.clock.set(world.now() + SignedDuration::from_mins(59));
    assert_eq!(other.round().await.unwrap(), Round::default());
    world.clock.set(world.now() + SignedDuration::from_mins(12));
    let (one, two) = tokio::join!(calendar.keeper.round(), other.round());
    assert_eq!(one.unwrap().asked + two.unwrap().asked, 1, "two processes ask once");
    assert_eq!(asked(), before + 1);
    assert!(calendar.said.lock().unwrap().conditional > 0, "it is asked whether it has changed");
    assert_eq!(world.store.facts_revision().await.unwrap(), revision, "nothing is planned anew");
    // Whoever asks by name gets it now; trying it out leaves everything as it was.
    calendar.holds(&[mote("a", "2025-10-16")]);
    for write in [false, true] {
        let Some(Report::Taken { events, .. }) = other.fetch_now("rpo", write).await.unwrap() else {
            panic!("it could not be fetched")
        };
        assert_eq!(events.len(), 2, "one moved, one missing");
        assert_eq!(world.store.facts_revision().await.unwrap() > revision, write);
    }
    assert_eq!(other.fetch_now("annan", true).await.unwrap(), None);
    world.tick().await;
    world
}

async fn a_calendar_that_is_connected_says_nothing_about_its_past_or_before_the_start(bench: Bench) -> World {
    let setting = World::new(bench, "2025-10-08").only(&[]).file("sydostra/moten.toml", FILE);
    let mut world = setting.silent().await;
    let events = [mote("o", "2025-10-06"), mote("a", "2025-10-15"), mote("b", "2025-12-10")];
    let calendar = Calendar::of(&world, &events).await;
    calendar.until(&mut world, "2025-10-09 12:00").await;
    assert_eq!(known(&world).await.len(), 3);
    assert!(world.letters.is_empty());
    world.start_only(&[Startable::Workflow(WORKFLOW.into()), Startable::Body(RPO.into())]).await;
    calendar.until(&mut world, "2025-10-14 12:00").await;
    assert!(world.letters.is_empty(), "{:?}", world.letters.first().map(Letter::line));
    // What becomes known once everything is started is asked about at once.
    let more = [mote("d", "2025-10-23"), mote("p", "2025-09-17")];
    calendar.holds(&[&events[..], &more[..]].concat());
    calendar.until(&mut world, "2025-10-16 12:00").await;
    assert!(world.who_got("efter").is_empty(), "what was over when it became known is left alone");
    assert_eq!(world.of_step("jon", "arenden"), ["2025-10-15 08:00 0"]);
    world
}

async fn a_private_event_is_only_a_time(bench: Bench) -> World {
    let mut world = world(bench, "2025-09-01").await;
    let private = "CLASS:PRIVATE\r\nLOCATION:Annas rum\r\n";
    let calendar = Calendar::of(&world, &[event("a", "2025-10-15", "RPO om Anna", private)]).await;
    calendar.until(&mut world, "2025-09-01 08:00").await;
    let occasion = world.stored(WORKFLOW, RPO, "mote.2025.1").await.occasion;
    assert_eq!((occasion.title.as_str(), occasion.place), ("RPO-möte", None));
    world
}

async fn each_repetition_is_a_meeting_of_its_own(bench: Bench) -> World {
    let mut world = world(bench, "2025-09-01").await;
    let monthly = event("s", "2025-10-15", "RPO", "RRULE:FREQ=MONTHLY;COUNT=3\r\n");
    let calendar = Calendar::of(&world, std::slice::from_ref(&monthly)).await;
    calendar.until(&mut world, "2025-09-01 08:00").await;
    let first = ["mote.2025.1 2025-10-15 Confirmed 0", "mote.2025.2 2025-11-15 Confirmed 0"];
    assert_eq!(known(&world).await[..2], first);
    // The second is moved past the third, and the third dropped.
    let moved = event("s", "2025-12-18", "RPO", "RECURRENCE-ID;TZID=Europe/Stockholm:20251115T130000\r\n");
    let dropped = "RRULE:FREQ=MONTHLY;COUNT=3\r\nEXDATE;TZID=Europe/Stockholm:20251215T130000\r\n";
    calendar.holds(&[event("s", "2025-10-15", "RPO", dropped), moved]);
    calendar.until(&mut world, "2025-09-03 12:00").await;
    let third = "mote.2025.3 2025-12-15 Cancelled 1";
    assert_eq!(known(&world).await, [first[0], third, "mote.2025.2 2025-12-18 Confirmed 1"]);
    world
}

async fn a_date_entered_by_hand_beats_the_calendar(bench: Bench) -> World {
    let (mut world, calendar) = begun(bench).await;
    world.move_meeting(WORKFLOW, RPO, "mote.2025.1", "2025-10-20").await;
    calendar.holds(&[mote("a", "2025-10-22"), mote("b", "2025-12-10")]);
    calendar.until(&mut world, "2025-09-02 12:00").await;
    assert_eq!(known(&world).await[0], "mote.2025.1 2025-10-20 Confirmed 1");
    world
}
