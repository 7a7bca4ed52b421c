//! A whole country's register: 156 RPO, 5,000 items, 25,000 lines of their logs. One day evaluated; a knock with nothing
//! due, on a store with 50 items and on one with 5,000.
//!
//! `cargo bench --bench register` runs it. Wanted: a day under 1 s; the two knocks the same.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "it measures time, says what it measured, and has nothing to recover for"
)]

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

use arshjul::app::{intake, sender};
use arshjul::calendar::{QuietPeriods, instant, today};
use arshjul::clock::{Clock, CountingChance, ManualClock};
use arshjul::grammar::SourceFile;
use arshjul::ids::{BodyId, ItemId, OccasionRef};
use arshjul::items::register::{Card, LogEntry, LogKind, Precision};
use arshjul::items::{Health, Item, Owner, Owners, Phase};
use arshjul::mail::compose::Templates;
use arshjul::mail::transport::{MemoryTransport, Transport};
use arshjul::plan::model::{EnteredDate, Facts};
use arshjul::plan::{Assume, Window, plan};
use arshjul::rules::{InForce, Rules};
use arshjul::store::{Access, Location, NewPlan, NewRow, PersonRow, Store};
use arshjul::worker::{Outgoing, Worker};
use arshjul::workflow::model::{Span, Status};
use arshjul::workflow::shipped;
use jiff::civil::{Date, date, time};
use jiff::{Timestamp, ToSpan};

const RPO: usize = 156;
const ITEMS: usize = 5_000;
const FEW: usize = 50;
/// Lines in the log of each item.
const LINES: usize = 5;
/// A Tuesday in the midst of rounds.
const DAY: Date = date(2025, 3, 4);
const KNOCKS: u32 = 200;

#[tokio::main]
async fn main() {
    let rules = rules();
    let store = store(&rules, ITEMS).await;
    let facts = store.0.facts().await.expect("facts are read");
    let lines: usize = facts.followed.values().map(|followed| followed.log.len()).sum();
    println!("{} items, {lines} lines, {} people", facts.items.len(), facts.people.persons.len());
    let began = Instant::now();
    let _ = store.0.facts().await.expect("facts are read");
    println!("facts read in {:.0?}", began.elapsed());
    for (name, days) in [("a day", 1), ("60 days", 60)] {
        evaluated(&rules, &facts, name, days);
    }
    let few = self::store(&rules, FEW).await;
    for (store, folder) in [few, store] {
        knocked(&rules, store).await;
        drop(folder);
    }
}

fn evaluated(rules: &Rules, facts: &Facts, name: &str, days: i32) {
    let from = midnight(DAY);
    let window = Window { from, until: midnight(DAY.saturating_add(days.days())) };
    let began = Instant::now();
    let planned = plan(rules.world(facts), window, Assume::Nothing);
    println!("{name} planned in {:.0?}: {} messages", began.elapsed(), planned.messages.len());
}

async fn knocked(rules: &Rules, store: Store) {
    let items = store.facts().await.expect("facts are read").items.len();
    let clock = Arc::new(ManualClock::at(instant(DAY, time(10, 30, 0, 0))));
    let worker = worker(store, rules, &clock);
    let began = Instant::now();
    worker.knock().await.expect("it plans");
    let first = began.elapsed();
    // What is due leaves, until nothing is.
    while worker.knock().await.expect("it composes").composed > 0 {}
    worker.deliver().await.expect("it delivers");
    let mut idle = Vec::new();
    for _ in 0..KNOCKS {
        let began = Instant::now();
        worker.knock().await.expect("nothing is due");
        idle.push(began.elapsed());
    }
    idle.sort();
    let (median, most) = (idle[idle.len() / 2], idle[idle.len() - 1]);
    println!("{items} items: the first knock {first:.0?}; with nothing due {median:.0?}, at most {most:.0?}");
}

fn worker(store: Store, rules: &Rules, clock: &Arc<ManualClock>) -> Worker {
    let url = "https://arshjul.example.org";
    let outgoing = Outgoing {
        sender: sender("Årshjulet <arshjul@example.org>", None, "Sydöstra sjukvårdsregionen", url),
        templates: Templates::embedded().expect("the templates are sound"),
        transport: Transport::Memory(MemoryTransport::new()),
        public_url: url.to_owned(),
        per_minute: None,
        per_week: Some(arshjul::config::PER_WEEK),
    };
    let chance = Arc::new(CountingChance::from_seed(0));
    let rules = Arc::new(InForce::new(rules.clone()));
    Worker::new(store, clock.clone() as Arc<dyn Clock>, chance, rules, Some(outgoing))
}

fn midnight(day: Date) -> Timestamp {
    instant(day, time(0, 0, 0, 0))
}

fn rules() -> Rules {
    let mut files = shipped();
    for file in files.iter_mut().filter(|file| file.path == "sydostra/organisation.toml") {
        let mut text = file.text.clone();
        // One programme area is shipped.
        for n in 1..RPO {
            let _ = write!(
                text,
                "\n[[body]]\nname = \"RPO Nummer {n}\"\nkind = \"rpo\"\nparents = [\"kunskapsrad-kirurgi-och-cancer\"]\n"
            );
        }
        *file = SourceFile::new("sydostra/organisation.toml", text);
    }
    Rules::load(&files, QuietPeriods::default()).expect("the files are sound")
}

fn bodies(rules: &Rules) -> Vec<BodyId> {
    let of_kind = rules.organisation.bodies.values().filter(|body| body.kind.as_str() == "rpo");
    of_kind.map(|body| body.id.clone()).take(RPO).collect()
}

/// A store in a folder of its own, with so many items in the plans of all programme areas, everything started.
async fn store(rules: &Rules, items: usize) -> (Store, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("there is room");
    let file = folder.path().join("register.db").display().to_string();
    let location = Location::parse(&file).expect("a file");
    let store = Store::open_with_relaxed_sync(&location, Access::Sender).await.expect("it opens");
    let now = midnight(date(2025, 1, 2));
    let bodies = bodies(rules);
    let mut people = Vec::new();
    for (n, body) in bodies.iter().enumerate() {
        for role in ["processtod", "ordforande", "ledamot"] {
            people.push(PersonRow {
                body: body.clone(),
                role: role.into(),
                name: format!("Person {n} {role}"),
                address: format!("{role}{n}@example.org"),
                from: None,
                until: None,
                deputy: false,
            });
        }
    }
    store.save_people(&people, "bench", now).await.expect("people");
    for (n, body) in bodies.iter().enumerate() {
        meetings(&store, body, n, now).await;
        let own = (n..items).step_by(bodies.len());
        let rows: Vec<NewRow> = own.map(|number| row(body, number, now)).collect();
        let new = NewPlan {
            body,
            rows: &rows,
            assignments: &[],
            as_of: today(now),
            recorded: now,
            version: Some("2025"),
        };
        store.take_plan(&new, "bench", now).await.expect("a plan");
    }
    let all = intake::everything(rules, &store.facts().await.expect("facts are read"));
    store.start(&all, now, "bench").await.expect("started");
    (store, folder)
}

/// Five meetings a year, each programme area on days of its own.
async fn meetings(store: &Store, body: &BodyId, n: usize, now: Timestamp) {
    for (number, month) in [(1, 2), (2, 3), (3, 5), (4, 9), (5, 11)] {
        let first = date(2025, month, 3).saturating_add(i32::try_from(n % 20).unwrap_or(0).days());
        let at = OccasionRef {
            workflow: "sydostra/rpo".into(),
            body: Some(body.clone()),
            id: format!("mote-{number}.2025").parse().expect("an occasion"),
        };
        let span = Some(Span::AllDay { first, last: first });
        let entered = EnteredDate { span, place: None, status: Status::Confirmed, why: None };
        store.enter_date(&at, &entered, "bench", now).await.expect("a date");
    }
}

/// An item in one of all phases, with a log of two years.
fn row(body: &BodyId, number: usize, now: Timestamp) -> NewRow {
    let id = ItemId::new(format!("{body}.p{number}"));
    let phases =
        [Phase::Ongoing, Phase::NotStarted, Phase::Ongoing, Phase::Waiting, Phase::Dormant, Phase::Unknown];
    let mut item = Item::new(body.clone(), id.clone(), &format!("Punkt {number}"), now);
    item.phase = phases[number % phases.len()];
    item.health = [Health::Green, Health::Yellow, Health::Green, Health::Red][number % 4];
    item.phase_since = Some(date(2024, 9, 2));
    if !number.is_multiple_of(7) {
        let role = ["ordforande", "ledamot"][number % 2].into();
        item.owners = Owners::one(Owner::Role { body: body.clone(), role });
    }
    item.next = (!number.is_multiple_of(3)).then(|| date(2025, 4, 1));
    let line = |n: usize| LogEntry {
        part: None,
        day: date(2023, 3, 1).saturating_add(i32::try_from(n * 140 + number % 60).unwrap_or(0).days()),
        precision: Precision::Day,
        kind: LogKind::Report,
        planned: false,
        text: format!("Läget gicks igenom för {n} gången."),
        doer: None,
        by: None,
        about: None,
    };
    NewRow {
        id,
        units: vec![item],
        card: Card { follow_up: Some("Ett mått".to_owned()), ..Card::default() },
        log: (0..LINES).map(line).collect(),
        deadlines: Vec::new(),
        waits: Vec::new(),
    }
}
