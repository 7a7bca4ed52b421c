//! What `import` understood of a file, for people and for programs.

use std::io::Write;

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::import::items::{LogLine, OwnerRow, WaitUntil};
use crate::import::{Imported, ItemRow, PeopleList};
use crate::items::register::Precision;
use crate::rules::Rules;

pub(super) fn review(
    imported: &Imported,
    rules: &Rules,
    as_of: Date,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    match imported {
        Imported::People(PeopleList { rows, left_out, .. }) => {
            writeln!(out, "people: {} terms of office", rows.len())?;
            left_out.iter().try_for_each(|what| writeln!(out, "  note: {what}"))?;
            for row in rows {
                let title = rules.organisation.role_title(&row.body, &row.role);
                let deputy = if row.deputy { " (deputy)" } else { "" };
                writeln!(out, "  {} {title}{deputy}: {} <{}>", row.body, row.name, row.address)?;
            }
        }
        // A plan has a review of its own.
        Imported::Items(_) => {}
        Imported::Log(rows) => {
            writeln!(out, "log: {} lines", rows.len())?;
            for row in rows {
                let planned = if is_planned(&row.line, as_of) { ", planned" } else { "" };
                let (day, kind) = (row.line.day, row.line.kind.swedish());
                writeln!(out, "  {} {day} {kind}{planned}: {}", row.item, row.line.text)?;
            }
        }
    }
    Ok(())
}

/// What a row says beside how it stands, counted.
pub(super) fn more(row: &ItemRow, as_of: Date) -> String {
    let planned = row.log.iter().filter(|line| is_planned(line, as_of)).count();
    let counts = [
        (row.card.activities.len(), "activities"),
        (row.log.len(), "log lines"),
        (planned, "of them planned"),
        (row.deadlines.len(), "deadlines"),
        (row.waits.len(), "waits"),
    ];
    let mut said: String =
        counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!(", {n} {what}")).collect();
    if let Some(body) = &row.given_to {
        said.push_str(&format!(", to be given to {body}"));
    }
    said
}

fn is_planned(line: &LogLine, as_of: Date) -> bool {
    line.planned.unwrap_or(line.day > as_of)
}

/// What somebody should look at: days that stand for words, and waits that nobody knows the end of.
pub(super) fn unsure(row: &ItemRow) -> Vec<String> {
    let vague = row.deadlines.iter().filter(|(_, precision, _)| *precision != Precision::Day);
    let mut found: Vec<String> = vague.map(|(day, _, text)| format!("`{text}` is taken as {day}")).collect();
    let undated = row.waits.iter().filter(|wait| wait.until == WaitUntil::Undated);
    found.extend(undated.map(|wait| format!("nobody knows until when it waits for `{}`", wait.text)));
    found
}

/// `said` is what the register says of the file: what would be renamed, what would vanish.
pub(super) fn review_json(imported: &Imported, as_of: Date, said: &[String]) -> Value {
    let told = |what: &'static [&str]| {
        said.iter().filter(|line| what.iter().any(|what| line.starts_with(what))).collect::<Vec<_>>()
    };
    let misplaced = told(&["the file holds"]);
    match imported {
        Imported::People(PeopleList { rows, left_out, .. }) => {
            let people = rows.iter().map(|r| {
                json!({"body": r.body, "role": r.role, "name": r.name, "address": r.address,
                       "from": r.from, "until": r.until, "deputy": r.deputy})
            });
            let warnings = told(&["the file holds", "not in the list", "it would be refused"]);
            let warnings: Vec<&String> = warnings.into_iter().chain(left_out).collect();
            json!({"kind": "people", "people": people.collect::<Vec<_>>(), "unplaced": [], "warnings": warnings})
        }
        Imported::Items(_) => Value::Null,
        Imported::Log(rows) => {
            let lines = rows.iter().map(|row| {
                let mut line = line_json(&row.line, as_of);
                if let Some(fields) = line.as_object_mut() {
                    fields.insert("item".to_owned(), json!(row.item));
                    fields.insert("part".to_owned(), json!(row.part));
                }
                line
            });
            json!({"kind": "log", "log": lines.collect::<Vec<_>>(), "unplaced": [], "warnings": misplaced})
        }
    }
}

/// A row of a plan, of which each part is one of `parts`.
pub(super) fn item_json(parts: &[&ItemRow], rules: &Rules, as_of: Date) -> Value {
    let all = || parts.iter().copied();
    let card = |has: fn(&ItemRow) -> bool| all().find(|row| has(row)).or_else(|| all().next());
    let source = card(|row| row.card.source.is_some()).and_then(|row| row.card.source);
    let area = card(|row| row.card.focus_area.is_some()).and_then(|row| row.card.focus_area.as_deref());
    let promises = card(|row| !row.card.promises.is_empty()).map(|row| &row.card.promises);
    let activities = card(|row| !row.card.activities.is_empty()).map(|row| row.card.activities.as_slice());
    let activities = activities.unwrap_or_default().iter();
    let deadlines = all().flat_map(|row| &row.deadlines);
    let waits = all().flat_map(|row| &row.waits);
    let mut owners: Vec<String> = all().flat_map(|row| &row.owners.list).map(|o| owner(o, rules)).collect();
    owners.dedup();
    json!({
        "id": all().next().map(|row| &row.id),
        "title": all().next().map(|row| &row.title),
        "focus_area": area,
        "source": source.map(crate::items::register::Source::code),
        "promises": promises.into_iter().flatten().map(|p| p.code()).collect::<Vec<_>>(),
        "activities": activities.map(|a| json!({"text": a.text, "mark": a.mark})).collect::<Vec<_>>(),
        "parts": all().map(part_json).collect::<Vec<_>>(),
        "log": all().flat_map(|row| &row.log).map(|line| line_json(line, as_of)).collect::<Vec<_>>(),
        "deadlines": deadlines
            .map(|(day, precision, text)| json!({"date": day, "precision": precision.code(), "text": text}))
            .collect::<Vec<_>>(),
        "waits": waits
            .map(|wait| {
                let day = if let WaitUntil::Day(day) = wait.until { Some(day) } else { None };
                json!({"for": wait.text, "date": day})
            })
            .collect::<Vec<_>>(),
        "owners": owners,
        "unsure": all().flat_map(unsure).collect::<Vec<_>>(),
    })
}

fn part_json(row: &ItemRow) -> Value {
    json!({"name": row.part, "phase": row.phase.code(), "health": row.health.code(), "status_text": row.card.status_of(row.part.as_deref()).unwrap_or_default(),
           "next": row.next, "given_to": row.given_to})
}

fn line_json(line: &LogLine, as_of: Date) -> Value {
    json!({"date": line.day, "precision": line.precision.code(), "kind": line.kind.code(),
           "planned": is_planned(line, as_of), "text": line.text})
}

fn owner(owner: &OwnerRow, rules: &Rules) -> String {
    match owner {
        OwnerRow::Role(body, role) => format!("{body}/{}", rules.organisation.role_title(body, role)),
        OwnerRow::Address(address) => address.clone(),
    }
}
