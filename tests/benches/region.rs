//! One sjukvårdsregion: 26 RPO, 120 RAG, 40 other bodies, 1,000 people. The year planned and reconciled.
//!
//! `cargo bench` runs it. Wanted: under 2 s and 200 MB.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "it measures time, says what it measured, and has nothing to recover for"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Instant;

use arshjul::calendar::{QuietPeriods, instant};
use arshjul::grammar::SourceFile;
use arshjul::ids::PersonId;
use arshjul::people::{Holder, People, Person};
use arshjul::plan::digest::digest;
use arshjul::plan::model::{Facts, Known, KnownState, Starts};
use arshjul::plan::reconcile::reconcile;
use arshjul::plan::{Assume, Window, plan};
use arshjul::rules::Rules;
use arshjul::workflow::shipped;
use jiff::civil::{Date, date, time};

const RPO: usize = 26;
const RAG: usize = 120;
const OTHERS: usize = 40;
const PEOPLE: usize = 1000;

fn main() {
    let rules = rules();
    let facts = Facts { people: people(&rules), starts: starts(), ..Facts::default() };
    let midnight = |day: Date| instant(day, time(0, 0, 0, 0));
    let window = Window { from: midnight(date(2025, 1, 1)), until: midnight(date(2026, 1, 1)) };
    for assume in [Assume::Nothing, Assume::GatesOpen] {
        let began = Instant::now();
        let planned = plan(rules.world(&facts), window, assume);
        let planning = began.elapsed();
        let known: Vec<Known> = planned
            .messages
            .iter()
            .filter(|m| m.to.is_some())
            .map(|m| Known { key: m.key.clone(), at: m.at, digest: digest(m), state: KnownState::Planned })
            .collect();
        let began = Instant::now();
        let changes = reconcile(&planned.messages, &known, window.from).len();
        let first = reconcile(&planned.messages, &[], window.from).len();
        let reconciling = began.elapsed();
        let (messages, occasions) = (planned.messages.len(), planned.occasions.len());
        println!("{assume:?}: {occasions} occasions, {messages} messages, {changes} kept, {first} new");
        println!("  planned in {planning:.0?}, reconciled twice in {reconciling:.0?}");
    }
    println!("peak memory: {}", peak());
}

fn starts() -> Starts {
    Starts::Everything(instant(date(2024, 11, 1), time(7, 0, 0, 0)))
}

fn rules() -> Rules {
    let mut files = shipped();
    for file in files.iter_mut().filter(|file| file.path == "sydostra/organisation.toml") {
        *file = SourceFile::new("sydostra/organisation.toml", organisation(&file.text));
    }
    Rules::load(&files, QuietPeriods::default()).expect("the files are sound")
}

/// The shipped organisation, grown to its full size: its councils get their programme areas, these their groups.
fn organisation(shipped: &str) -> String {
    let councils = [
        "kunskapsrad-diagnostik-och-sinnen",
        "kunskapsrad-halsa-och-rehabilitering",
        "kunskapsrad-kirurgi-och-cancer",
        "kunskapsrad-medicin-och-akut-vard",
    ];
    let mut text = shipped.to_owned();
    let mut body = |name: String, kind: &str, parent: &str| {
        let _ = write!(text, "\n[[body]]\nname = \"{name}\"\nkind = \"{kind}\"\nparents = [\"{parent}\"]\n");
    };
    // One programme area and five groups are shipped.
    for n in 1..RPO {
        body(format!("RPO Nummer {n}"), "rpo", councils[n % councils.len()]);
    }
    for n in 5..RAG {
        body(format!("RAG Nummer {n}"), "rag", &format!("rpo-nummer-{}", 1 + n % (RPO - 1)));
    }
    for n in 0..OTHERS {
        body(format!("RSG Nummer {n}"), "rsg", "rsl");
    }
    text
}

/// Every role of every body is held; members fill up to the number of people.
fn people(rules: &Rules) -> People {
    let mut persons = BTreeMap::new();
    let mut holders = Vec::new();
    let mut number = 0;
    let mut hold = |body: &arshjul::ids::BodyId, role: &arshjul::ids::RoleId| {
        number = (number + 1) % PEOPLE;
        let id = PersonId::new(format!("p{number}"));
        let address = format!("p{number}@example.org");
        persons.entry(id.clone()).or_insert(Person {
            id: id.clone(),
            name: format!("Person {number}"),
            address,
        });
        let (body, role) = (body.clone(), role.clone());
        holders.push(Holder { body, role, person: id, from: None, until: None, deputy: false });
    };
    for (id, body) in &rules.organisation.bodies {
        let Some(kind) = rules.organisation.kinds.get(&body.kind) else { continue };
        for role in kind.roles.keys() {
            let seats = if role.as_str() == "ledamot" { 8 } else { 1 };
            (0..seats).for_each(|_| hold(id, role));
        }
    }
    People { persons, holders, absences: Vec::new() }
}

fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.map_or_else(|| "unknown here".to_owned(), |line| line.trim_start_matches("VmHWM:").trim().to_owned())
}
