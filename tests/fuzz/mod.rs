//! Readers before input that nobody meant: real files, mutated at random, again and again. Nothing may panic, and what
//! a reader promises of its result must hold.
//!
//! A reader joins by a line in [`READERS`]. By default each gets a few hundred inputs; `ARSHJUL_FUZZ_SECONDS=20` gives
//! all of them together that long, and `cargo fuzz-long` ten minutes. An input that fails is printed with the seed that
//! makes it again (`ARSHJUL_FUZZ_SEED`), and written below `target/fuzz`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod mutate;

use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use arshjul::config::{Config, Environment};
use arshjul::grammar::SourceFile;
use arshjul::ical::read::{Limits, read};
use arshjul::import::plans::{About, recognise, recognises};
use arshjul::import::{self, office};
use arshjul::organisation::Organisation;
use arshjul::workflow::{self, model::Span};
use jiff::civil::date;
use mutate::Mutator;

/// A reader of bytes: what it is called, files to begin with, and what is done with an input.
struct Reader {
    name: &'static str,
    /// Files and folders, from the root of the tree.
    seeds: &'static [&'static str],
    run: fn(&[u8]),
}

const READERS: &[Reader] = &[
    Reader { name: "calendars", seeds: &["tests/fuzz/calendars", "tests/data/ical"], run: calendar },
    Reader { name: "workflows", seeds: &["workflows/nationell", "tests/broken"], run: workflow },
    Reader { name: "imports", seeds: &["tests/fuzz/imports"], run: import },
    Reader { name: "plans", seeds: &["tests/data/plans"], run: plan },
    Reader { name: "configuration", seeds: &["src/config/example.toml"], run: configuration },
];

fn calendar(bytes: &[u8]) {
    let limits = Limits { events: 200, ..Limits::on(date(2025, 6, 1)) };
    let reading = read(bytes, limits);
    assert!(reading.events.len() <= limits.events && reading.doubts.len() <= 101);
    for event in &reading.events {
        let in_order = match event.span {
            Span::AllDay { first, last } => first <= last,
            Span::Timed { start, end } => start < end,
        };
        assert!(in_order && !event.title.contains('\n'), "{event:?}");
    }
    assert!(reading.events.is_sorted_by_key(|event| event.span.first()));
}

fn workflow(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = workflow::load_all(&[SourceFile::new("a.toml", text)]);
}

fn import(bytes: &[u8]) {
    thread_local!(static SHIPPED: Organisation = workflow::load_all(&workflow::shipped()).unwrap().0);
    SHIPPED.with(|organisation| drop(import::read("a.csv", bytes, organisation)));
}

/// As text and as a list: what a document says decides which of them is nearer to it.
fn plan(bytes: &[u8]) {
    thread_local!(static SHIPPED: Organisation = workflow::load_all(&workflow::shipped()).unwrap().0);
    for name in ["a.txt", "a.csv"] {
        let Ok(document) = office::read(name, bytes, &office::Limits::default()) else { continue };
        let as_of = date(2025, 1, 1);
        let plan = SHIPPED.with(|organisation| recognise(&document, About { organisation, as_of }));
        assert!(plan.items.iter().all(|item| !item.title.is_empty() && !item.parts.is_empty()));
        assert!(recognises(&document) || plan.items.is_empty());
    }
}

fn configuration(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = Config::read(Some(&SourceFile::new("arshjul.toml", text)), &Environment::default());
}

/// Without a time each reader gets so many inputs.
const INPUTS: usize = 200;

#[expect(clippy::disallowed_methods, reason = "a test's own switch, not the program's configuration")]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// The files at a path, or below it.
fn files(path: &Path, into: &mut Vec<Vec<u8>>) {
    if path.is_dir() {
        let mut inside: Vec<PathBuf> =
            fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        inside.sort();
        inside.iter().for_each(|path| files(path, into));
    } else if path.extension().is_none_or(|ending| ending != "expected") {
        into.push(fs::read(path).unwrap());
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "how long it goes on is all that the time decides")]
fn no_reader_panics() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let seconds = number("ARSHJUL_FUZZ_SECONDS").map(Duration::from_secs);
    // Without a time the same inputs each time; with one, others.
    let begun = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let seed = number("ARSHJUL_FUZZ_SEED").unwrap_or(if seconds.is_some() { begun } else { 1 });
    for reader in READERS {
        let mut seeds = Vec::new();
        reader.seeds.iter().for_each(|path| files(&root.join(path), &mut seeds));
        assert!(!seeds.is_empty(), "{} has nothing to begin with", reader.name);
        seeds.iter().for_each(|seed| (reader.run)(seed));
        let mut mutator = Mutator::new(seed, &seeds);
        let began = Instant::now();
        let (mut count, mut slowest) = (0, Duration::ZERO);
        let goes_on = |count: usize| match seconds {
            None => count < INPUTS,
            Some(all) => began.elapsed() < all / u32::try_from(READERS.len()).unwrap(),
        };
        while goes_on(count) {
            let input = mutator.next();
            let before = Instant::now();
            if panic::catch_unwind(AssertUnwindSafe(|| (reader.run)(&input))).is_err() {
                let folder = root.join("target/fuzz");
                fs::create_dir_all(&folder).unwrap();
                let file = folder.join(format!("{}-{seed}-{count}", reader.name));
                fs::write(&file, &input).unwrap();
                panic!("{} failed on input {count} of seed {seed}; see {}", reader.name, file.display());
            }
            slowest = slowest.max(before.elapsed());
            count += 1;
        }
        println!("{}: {count} inputs of seed {seed}, the slowest took {slowest:?}", reader.name);
    }
}
