//! What a person reads of a plan before it is taken over: doubts first.

use std::io::{Result, Write};

use super::Shown;
use crate::app::takeover::{IncomingRow, title_of_id};
use crate::calendar::civil;
use crate::cli::importing::{counted, news};
use crate::cli::reviewing::{more, unsure};
use crate::ids::ItemId;
use crate::import::ItemRow;
use crate::items::Health;
use crate::items::lineage::{By, Found, Gone};
use crate::items::threeway::{Change, Kind, Take};

type Out<'a> = &'a mut dyn Write;

pub(super) fn plan(shown: &Shown<'_>, out: Out<'_>) -> Result<()> {
    understood(shown, out)?;
    doubts(shown, out)?;
    unplaced(shown, out)?;
    which(shown, out)?;
    items(shown, out)?;
    register(shown, out)?;
    to_go_on(shown, out)
}

fn heading(text: &str, out: Out<'_>) -> Result<()> {
    writeln!(out, "\n{text}")
}

/// An id as it is called within its plan: what stands before it is the body's.
pub(super) fn own_id<'a>(shown: &Shown<'_>, id: &'a ItemId) -> &'a str {
    let own = id.as_str().strip_prefix(shown.asked.body.as_str()).and_then(|rest| rest.strip_prefix('.'));
    own.unwrap_or(id.as_str())
}

/// A text in one line, not longer than a line is.
pub(super) fn short(text: &str) -> String {
    const MOST: usize = 96;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST) {
        Some((cut, _)) => format!("{}...", line.get(..cut).unwrap_or_default().trim_end()),
        None => line,
    }
}

fn understood(shown: &Shown<'_>, out: Out<'_>) -> Result<()> {
    let rows = &shown.source.incoming.rows;
    let parts = || rows.iter().flat_map(|row| &row.parts);
    let sum = |count: fn(&ItemRow) -> usize| parts().map(count).sum::<usize>();
    let of_row = |row: &IncomingRow| match &row.lines {
        Some(lines) => lines.len(),
        None => row.parts.iter().map(|part| part.log.len()).sum(),
    };
    let lines: usize = rows.iter().map(of_row).sum();
    let counts = [
        (parts().count(), "parts"),
        (sum(|row| row.card.activities.len()), "activities"),
        (sum(|row| row.card.promises.len()), "promises"),
        (lines, "log lines"),
        (sum(|row| row.deadlines.len()), "deadlines"),
        (sum(|row| row.waits.len()), "waits"),
    ];
    let counts: Vec<String> = counts.iter().map(|(n, what)| format!("{n} {what}")).collect();
    writeln!(out, "plan: {} items, {}", rows.len(), counts.join(", "))?;
    let dated = shown.source.incoming.dated.filter(|day| *day != shown.asked.as_of);
    let dated = dated.map(|day| format!("; the document itself says {day}")).unwrap_or_default();
    writeln!(out, "taken as true of {}{dated}", shown.asked.as_of)?;
    if let Some(exported) = &shown.worked.exported {
        let (number, day) = (exported.stamp.number, exported.as_of);
        writeln!(out, "compared with export {number} of {} ({day})", exported.stamp.body)?;
    }
    Ok(())
}

fn doubts(shown: &Shown<'_>, out: Out<'_>) -> Result<()> {
    let incoming = &shown.source.incoming;
    let general: Vec<&String> =
        shown.misplaced.iter().chain(&incoming.warnings).chain(&shown.worked.warnings).collect();
    let doubtful: Vec<(usize, &IncomingRow, Vec<String>)> = incoming
        .rows
        .iter()
        .enumerate()
        .map(|(number, row)| (number, row, unsure_of(row)))
        .filter(|(_, _, doubts)| !doubts.is_empty())
        .collect();
    if general.is_empty() && doubtful.is_empty() {
        return Ok(());
    }
    heading("Doubts", out)?;
    general.iter().try_for_each(|what| writeln!(out, "  {what}"))?;
    for (number, row, doubts) in doubtful {
        let place = row.place.map(|place| format!(" ({})", shown.source.place(place))).unwrap_or_default();
        writeln!(out, "  {}. {}{place}", number + 1, short(&row.title))?;
        doubts.iter().try_for_each(|doubt| writeln!(out, "     unsure: {doubt}"))?;
    }
    Ok(())
}

/// What somebody should look at: what the reading says, and days that stand for words.
pub(super) fn unsure_of(row: &IncomingRow) -> Vec<String> {
    let mut doubts = row.unsure.clone();
    for doubt in row.parts.iter().flat_map(unsure) {
        if !doubts.contains(&doubt) {
            doubts.push(doubt);
        }
    }
    doubts
}

fn unplaced(shown: &Shown<'_>, out: Out<'_>) -> Result<()> {
    let unplaced = &shown.source.incoming.unplaced;
    if unplaced.is_empty() {
        return Ok(());
    }
    let kept = match shown.asked.version {
        Some(name) => format!("kept with the version `{name}`"),
        None => "kept only with --version NAME".to_owned(),
    };
    heading(&format!("Words without a place ({kept})"), out)?;
    unplaced
        .iter()
        .try_for_each(|one| writeln!(out, "  {}: {}", shown.source.place(one.place), short(&one.text)))
}

/// Which rows of the register these are: what is only proposed, with its reasons.
fn which(shown: &Shown<'_>, out: Out<'_>) -> Result<()> {
    let lineage = &shown.worked.lineage;
    let count = |is: fn(&Found) -> bool| lineage.rows.iter().filter(|found| is(found)).count();
    let proposed = count(|found| matches!(found, Found::Proposed(_)));
    let same = count(|found| matches!(found, Found::Same(..)));
    if same + proposed == 0 {
        return Ok(());
    }
    let new = count(|found| matches!(found, Found::New));
    heading(&format!("Which rows these are: {same} known, {proposed} proposed, {new} new"), out)?;
    for (number, (row, found)) in shown.source.incoming.rows.iter().zip(&lineage.rows).enumerate() {
        match found {
            Found::Proposed(proposal) => {
                let was = title_of_id(shown.worked, &proposal.id);
                writeln!(out, "  {}. {}", number + 1, short(&row.title))?;
                writeln!(out, "     perhaps {} `{}`", own_id(shown, &proposal.id), short(was))?;
                proposal.reasons.iter().try_for_each(|reason| writeln!(out, "     {reason}"))?;
                for id in &proposal.or {
                    writeln!(
                        out,
                        "     nearly as much speaks for {id} `{}`",
                        short(title_of_id(shown.worked, id))
                    )?;
                }
            }
            Found::Same(id, by @ (By::Earlier(_) | By::Told)) => {
                writeln!(out, "  {}. {}: {}", number + 1, short(&row.title), known(by, own_id(shown, id)))?;
            }
            Found::Same(..) | Found::New => {}
        }
        if let Some((id, gone)) = found.id().and_then(|id| Some((id, shown.worked.gone.get(id)?))) {
            let why = match gone {
                Gone::Closed(day) => format!("was closed on {day}"),
                Gone::Done => "was done".to_owned(),
                Gone::Missing(name) => format!("has been missing since the plan `{name}`"),
            };
            writeln!(out, "  {}. {} {why}: it returns", number + 1, own_id(shown, id))?;
        }
    }
    Ok(())
}

fn known(by: &By, id: &str) -> String {
    match by {
        By::Id | By::Title => id.to_owned(),
        By::Earlier(day) => format!("{id} was called so until {day}, and keeps the title it has"),
        By::Told => format!("{id}, as you say"),
    }
}

fn items(shown: &Shown<'_>, out: Out<'_>) -> Result<()> {
    heading("Items", out)?;
    let as_of = shown.asked.as_of;
    for (number, row) in shown.source.incoming.rows.iter().enumerate() {
        let perhaps = if shown.worked.open.contains(&number) { "perhaps " } else { "" };
        let id = shown.worked.ids.get(number);
        let id = id.map(|id| format!(" [{perhaps}{}]", own_id(shown, id))).unwrap_or_default();
        writeln!(out, "  {}. {}{id}", number + 1, short(&row.title))?;
        for part in &row.parts {
            let name = part.part.as_ref().map(|name| format!("({name}) ")).unwrap_or_default();
            let colour = if part.health == Health::Unknown { "no colour" } else { part.health.swedish() };
            let owner = if part.owners.list.is_empty() { ", no owner" } else { "" };
            writeln!(out, "     {name}{}, {colour}{owner}{}", part.phase.swedish(), more(part, as_of))?;
        }
    }
    Ok(())
}

fn register(shown: &Shown<'_>, out: Out<'_>) -> Result<()> {
    let worked = shown.worked;
    let compared = &worked.compared;
    let changed = compared.rows.iter().any(|row| !row.changes.is_empty());
    let Some(report) = shown.report else {
        if !worked.open.is_empty() {
            heading("Nothing is written: somebody has to say which rows these are", out)?;
        }
        return Ok(());
    };
    heading(if shown.wrote { "In the register" } else { "What it would change in the register" }, out)?;
    if worked.exported.is_some() || changed {
        writeln!(out, "{}", compared.summary())?;
    }
    for (at, row) in compared.rows.iter().enumerate().filter(|(_, row)| !row.changes.is_empty()) {
        writeln!(out, "  {}. {}", row.number + 1, short(&row.row.title))?;
        for (number, change) in row.changes.iter().enumerate() {
            let by = worked.changed_by.get(&(at, number));
            let by = by.map(|(who, when)| format!(" ({who}, {})", civil(*when).date())).unwrap_or_default();
            writeln!(out, "     {}", said(change, &by))?;
        }
    }
    // Of a plan that isn't compared with an export, what is new stands above.
    for number in compared.added.iter().filter(|_| worked.exported.is_some()) {
        let title = shown.source.incoming.rows.get(*number).map(|row| row.title.as_str()).unwrap_or_default();
        writeln!(out, "  {}. new: {}", number + 1, short(title))?;
    }
    for id in &compared.came {
        writeln!(
            out,
            "  added in the register meanwhile: {} {}",
            own_id(shown, id),
            short(title_of_id(worked, id))
        )?;
    }
    writeln!(out, "{}", counted(report.units))?;
    news(report, shown.asked.version).iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// A change in one line. `by` is who made the register's side, and when.
fn said(change: &Change, by: &str) -> String {
    let text = |value: &Option<String>| {
        value.as_deref().map_or_else(|| "nothing".to_owned(), |text| format!("`{}`", short(text)))
    };
    let (was, document, register) = (text(&change.was), text(&change.document), text(&change.register));
    let field = &change.field;
    match (change.kind, &change.was, &change.document) {
        (Kind::Edit, None, Some(_)) => format!("{field}: + {document}"),
        (Kind::Edit, Some(_), None) => format!("{field}: - {was}"),
        (Kind::Edit, ..) => format!("{field}: {was} -> {document}"),
        (Kind::Answer, ..) => format!("meanwhile, {field}: {was} -> {register}{by}"),
        (Kind::Both, ..) => format!("the same in both, {field}: {document}"),
        (Kind::Stays, ..) => {
            format!(
                "not in the document, stays: {field} {}",
                text(&change.register.clone().or(change.document.clone()))
            )
        }
        (Kind::Conflict, ..) => {
            let taken = match change.taken {
                None => "",
                Some(Take::Document) => "; the document's is taken",
                Some(Take::Register) => "; the register's stays",
            };
            format!("CONFLICT, {field}: document {document}, register {register}{by}, was {was}{taken}")
        }
    }
}

/// The options that say what is open.
fn to_go_on(shown: &Shown<'_>, out: Out<'_>) -> Result<()> {
    let options = options(shown);
    if options.is_empty() {
        return Ok(());
    }
    heading("To go on, add", out)?;
    options.iter().try_for_each(|option| writeln!(out, "  {option}"))
}

pub(super) fn options(shown: &Shown<'_>) -> Vec<String> {
    let worked = shown.worked;
    let mut options = Vec::new();
    for number in &worked.open {
        let Some(id) = worked.lineage.rows.get(*number).and_then(Found::id) else { continue };
        let number = number + 1;
        options.push(format!("--same {number}={}   or   --new {number}", own_id(shown, id)));
    }
    if worked.open.len() > 1 {
        options.push("or for all of them   --same all   or   --new all".to_owned());
    }
    let conflicts = worked.compared.rows.iter().filter(|row| row.changes.iter().any(Change::is_open));
    let conflicts: Vec<usize> = conflicts.map(|row| row.number + 1).collect();
    options.extend(conflicts.iter().map(|n| format!("--take {n}=document   or   --take {n}=register")));
    if conflicts.len() > 1 {
        options.push("or for all of them   --take document   or   --take register".to_owned());
    }
    options
}
