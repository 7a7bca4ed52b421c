//! The cells of a plan that hold several things: owners, promises, activities, deadlines, waits, log, links.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{LogLine, OwnerRow, OwnersRow, PART, WaitRow, WaitUntil};
use crate::fault::Fault;
use crate::grammar::advise;
use crate::ids::BodyId;
use crate::import::sheet::Row;
use crate::import::when;
use crate::items::register::{
    Activity, Card, Link, LogKind, Precision, Promise, Source, StatusText, WaitKind,
};
use crate::items::table::Line;
use crate::items::written;
use crate::organisation::Organisation;

const OWNER: &[&str] = &["ägare", "ansvarig"];
const PROMISES: &[&str] = &["löften", "patientlöften"];
const DEADLINE: &[&str] = &["deadline", "klart senast"];
const LOG: &[&str] = &["logg"];
const LINKS: &[&str] = &["länkar"];
const GIVEN_TO: &[&str] = &["uppdrag till"];

/// The lines of a cell: line breaks or ` | ` between them.
fn lines(cell: &str) -> impl Iterator<Item = &str> {
    cell.lines().flat_map(|line| line.split(" | ")).map(str::trim).filter(|line| !line.is_empty())
}

/// A word of a vocabulary.
pub(super) fn word<T: Copy>(
    row: Row<'_>,
    headings: &[&str],
    read: fn(&str) -> Option<T>,
    all: &[T],
    swedish: fn(T) -> &'static str,
    faults: &mut Vec<Fault>,
) -> Option<T> {
    let text = row.cell(headings)?;
    let value = read(text.trim_end_matches('.'));
    if value.is_none() {
        let words = all.iter().map(|v| swedish(*v));
        let fault = row.fault(headings, "unknown-word", format!("`{text}` is not one of the words here"));
        faults.push(fault.suggest_maybe(advise(text, words)));
    }
    value
}

/// `alla: RAG Patologi/ordförande, anna@example.org`: each of them answers; without `alla:` any one does.
pub(super) fn owners(row: Row<'_>, organisation: &Organisation, faults: &mut Vec<Fault>) -> OwnersRow {
    let Some(text) = row.cell(OWNER) else { return OwnersRow::default() };
    let (all, names) = match text.split_once(':') {
        Some((word, rest)) if word.trim().eq_ignore_ascii_case("alla") => (true, rest),
        Some((word, rest)) if word.trim().to_lowercase() == "någon" => (false, rest),
        _ => (false, text),
    };
    // An address may hold a plus sign; one with spaces around it stands between two owners.
    let names = names.split([',', '\n']).flat_map(|part| part.split(" + ")).map(str::trim);
    let list =
        names.filter(|name| !name.is_empty()).filter_map(|name| owner(row, name, organisation, faults));
    OwnersRow { list: list.collect(), all }
}

fn owner(row: Row<'_>, name: &str, organisation: &Organisation, faults: &mut Vec<Fault>) -> Option<OwnerRow> {
    if name.contains('@') {
        return Some(OwnerRow::Address(name.to_owned()));
    }
    let found = organisation.find_role(name).map(|(body, role)| OwnerRow::Role(body, role));
    if found.is_none() {
        let fault = row.fault(OWNER, "unknown-owner", format!("`{name}` names no owner"));
        faults.push(
            fault.suggest("write a body and a role, such as `RAG Patologi/ordförande`, or a mail address"),
        );
    }
    found
}

/// What the plan says of the row.
pub(super) fn card(row: Row<'_>, faults: &mut Vec<Fault>) -> Card {
    Card {
        source: word(row, &["källa"], Source::read, Source::ALL, Source::swedish, faults),
        focus_area: row.cell(&["insatsområde", "nationellt insatsområde"]).map(str::to_owned),
        promises: promises(row, faults),
        activities: row
            .cell(&["aktiviteter"])
            .map(|cell| lines(cell).map(activity).collect())
            .unwrap_or_default(),
        follow_up: row.cell(&["uppföljning"]).map(str::to_owned),
        links: links(row, faults),
        status: status(row),
        place: row.cell(&["nr"]).and_then(|cell| cell.parse().ok()),
        rest: row.cell(&["övrigt"]).map(|cell| lines(cell).map(str::to_owned).collect()).unwrap_or_default(),
        earlier_titles: Vec::new(),
    }
}

/// What is said of the part in words of its own.
fn status(row: Row<'_>) -> Vec<StatusText> {
    let said = |text: &str| StatusText { part: row.cell(PART).map(str::to_owned), text: text.to_owned() };
    row.cell(&["statustext"]).map(said).into_iter().collect()
}

fn promises(row: Row<'_>, faults: &mut Vec<Fault>) -> BTreeSet<Promise> {
    let cell = row.cell(PROMISES).unwrap_or_default();
    let mut found = BTreeSet::new();
    for text in cell.split(['+', ',', '\n']).map(str::trim).filter(|text| !text.is_empty()) {
        match Promise::read(text) {
            Some(promise) => drop(found.insert(promise)),
            None => faults.push(
                row.fault(PROMISES, "unknown-word", format!("`{text}` is no promise to patients"))
                    .suggest("write them as `P1+P4`; they are P1 to P7"),
            ),
        }
    }
    found
}

/// `Kartlägg metoderna (NY)`
fn activity(line: &str) -> Activity {
    for mark in ["NY", "ev. NY"] {
        let written = format!("({mark})");
        if let Some(text) = line.strip_suffix(&written).or_else(|| line.strip_prefix(&written)) {
            return Activity { text: text.trim().to_owned(), mark: Some(mark.to_owned()) };
        }
    }
    Activity { text: line.to_owned(), mark: None }
}

/// `Rapporten https://example.org/rapport`
fn links(row: Row<'_>, faults: &mut Vec<Fault>) -> Vec<Link> {
    let mut found = Vec::new();
    for line in row.cell(LINKS).map(lines).into_iter().flatten() {
        let place = line.find("https://").or_else(|| line.find("http://"));
        let parts = place.map(|place| line.split_at(place));
        match parts.filter(|(_, address)| !address.contains(char::is_whitespace)) {
            Some((title, address)) => {
                let title = if title.trim().is_empty() { address } else { title.trim() };
                found.push(Link { title: title.to_owned(), address: address.to_owned() });
            }
            None => faults.push(
                row.fault(LINKS, "bad-link", format!("`{line}` has no web address at its end"))
                    .suggest("write it as `Rapporten https://example.org/rapport`"),
            ),
        }
    }
    found
}

/// Each promise with its day, how exactly that is known, and its words.
pub(super) fn deadlines(row: Row<'_>, faults: &mut Vec<Fault>) -> Vec<(Date, Precision, String)> {
    let mut found = Vec::new();
    for text in row.cell(DEADLINE).map(lines).into_iter().flatten() {
        match when::deadline(text) {
            Some((day, precision)) => found.push((day, precision, text.to_owned())),
            None => faults.push(
                row.fault(DEADLINE, "bad-date", format!("`{text}` says no day that is known here"))
                    .suggest("write it as `2025-01-31`, `jan-25`, `Q2 2025`, `våren 2025` or `under 2025`"),
            ),
        }
    }
    found
}

/// What it waits for: `första RPO-mötet 2025`, `nästa möte`, a text with a day in it, or anything else.
pub(super) fn waits(row: Row<'_>) -> Vec<WaitRow> {
    let cell = row.cell(&["väntar på"]).unwrap_or_default();
    lines(cell).map(wait).collect()
}

/// What the words of a wait say: for what, and until when.
pub(in crate::import) fn wait(text: &str) -> WaitRow {
    WaitRow { text: text.to_owned(), kind: kind_of(text), until: until(text) }
}

fn kind_of(text: &str) -> WaitKind {
    let text = text.to_lowercase();
    let is = |word: &str| text.contains(word);
    if is("möte") || text.starts_with("nästa ") {
        WaitKind::Meeting
    } else if is("rapport") || is("svar") {
        WaitKind::Report
    } else if is("beslut") {
        WaitKind::Decision
    } else {
        WaitKind::Body
    }
}

fn until(text: &str) -> WaitUntil {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().map(|word| word.trim_matches(['.', ',', ':'])).collect();
    if let Some(day) = words.iter().find_map(|word| when::day(word)) {
        return WaitUntil::Day(day);
    }
    let meeting = |word: &str| {
        let of = word.strip_suffix("mötet").or_else(|| word.strip_suffix("möte"))?;
        Some(of.trim_end_matches('-').to_owned())
    };
    match words.as_slice() {
        [.., "första", word, year] if year.len() == 4 => match (meeting(word), year.parse()) {
            (Some(of), Ok(year)) => WaitUntil::First { of, year },
            _ => WaitUntil::Undated,
        },
        [.., "nästa", word] => WaitUntil::Next { of: meeting(word).unwrap_or_else(|| (*word).to_owned()) },
        _ => WaitUntil::Undated,
    }
}

/// `230206 text`, one on each line; before the text may stand what it is: `beslut: text`.
pub(super) fn log(row: Row<'_>, faults: &mut Vec<Fault>) -> Vec<LogLine> {
    let mut found = Vec::new();
    for line in row.cell(LOG).map(lines).into_iter().flatten() {
        // Only that a line is planned is ever said; that it isn't is for its day to tell.
        if let Some(written) = written::read_line(line).filter(|line| line.part.is_none()) {
            let Line { day, precision, kind, planned, text, .. } = written;
            found.push(LogLine { day, precision, kind, text, planned: planned.then_some(true) });
            continue;
        }
        let (word, text) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let Some(day) = when::day(word.trim_end_matches(':')).filter(|_| !text.trim().is_empty()) else {
            let fault = row.fault(LOG, "bad-line", format!("`{line}` doesn't begin with a day and go on"));
            faults.push(fault.suggest("write it as `230206 Vi har beslutat ...`"));
            continue;
        };
        let kind = text.split_once(':').and_then(|(word, rest)| Some((LogKind::read(word)?, rest)));
        let (kind, text) = kind.unwrap_or((LogKind::Report, text));
        found.push(LogLine {
            day,
            precision: Precision::Day,
            kind,
            text: text.trim().to_owned(),
            planned: None,
        });
    }
    found
}

/// The body that it is to be given to.
pub(super) fn given_to(row: Row<'_>, organisation: &Organisation, faults: &mut Vec<Fault>) -> Option<BodyId> {
    let name = row.cell(GIVEN_TO)?;
    let found = organisation.find(name).map(|body| body.id.clone());
    if found.is_none() {
        let known = organisation.bodies.values().flat_map(|b| [b.id.as_str(), b.name.as_str()]);
        let fault = row.fault(GIVEN_TO, "unknown-body", format!("there is no body `{name}`"));
        faults.push(fault.suggest_maybe(advise(name, known)));
    }
    found
}
