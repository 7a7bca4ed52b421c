//! `item show`: everything that is known of one row.

use std::io::Write;

use super::Desk;
use super::args::ShowArgs;
use super::list::listed;
use crate::calendar::rfc3339;
use crate::cli::CliError;
use crate::items::register::{Card, Deadline, Wait};
use crate::plan::follow::Meetings;
use crate::store::{HistoryRow, LogRow, MeasureRow};

type Out<'a> = &'a mut (dyn Write + Send);

pub(super) async fn show(desk: &Desk, args: &ShowArgs, out: Out<'_>) -> Result<(), CliError> {
    let item = desk.row(&args.unit)?;
    let day = args.as_of.unwrap_or_else(|| desk.today());
    let meetings = Meetings::of(&desk.rules.world(&desk.facts), day);
    let row = desk.store.register_row(&item.id).await?;
    let row = row.ok_or_else(|| CliError::Refused(format!("`{}` is in no plan any more", item.id)))?;
    writeln!(out, "{}", item.title)?;
    for unit in desk.facts.items.iter().filter(|unit| unit.id == item.id) {
        writeln!(out, "  {}", listed(desk, &meetings, unit, day).text())?;
    }
    card(&row.card, out)?;
    section("Log", &row.log, line, out)?;
    section("Deadlines", &row.deadlines, deadline, out)?;
    let waits: Vec<String> = row.waits.iter().map(|wait| waiting(wait, &meetings, item)).collect();
    section("Waits", &waits, Clone::clone, out)?;
    section("Measures", &row.measures, measure, out)?;
    let given = desk.facts.assignments.iter().filter(|a| {
        a.units.iter().any(|unit| desk.facts.items.iter().any(|i| i.id == item.id && i.unit() == *unit))
    });
    let given: Vec<String> =
        given.map(|a| format!("{}. {} to {}: {}", a.number, a.title, a.to, a.state.swedish())).collect();
    section("Assignments", &given, Clone::clone, out)?;
    section("History", &desk.store.history_of(&item.id).await?, history, out)
}

fn section<T>(title: &str, rows: &[T], said: impl Fn(&T) -> String, out: Out<'_>) -> Result<(), CliError> {
    if !rows.is_empty() {
        writeln!(out, "{title}")?;
    }
    rows.iter().try_for_each(|row| writeln!(out, "  {}", said(row)))?;
    Ok(())
}

fn card(card: &Card, out: Out<'_>) -> Result<(), CliError> {
    let mut said = Vec::new();
    said.extend(card.source.map(|source| format!("source: {}", source.swedish())));
    said.extend(card.focus_area.as_ref().map(|area| format!("focus area: {area}")));
    said.extend(card.promises.iter().map(|p| format!("promise: {} {}", p.code(), p.swedish())));
    said.extend(card.activities.iter().map(|activity| {
        let mark = activity.mark.as_ref().map(|mark| format!(" ({mark})")).unwrap_or_default();
        format!("activity: {}{mark}", activity.text)
    }));
    let follow_up = card.follow_up.as_deref().unwrap_or("uppföljning saknas");
    said.push(format!("follow-up: {follow_up}"));
    said.extend(card.links.iter().map(|link| format!("link: {} {}", link.title, link.address)));
    said.extend(card.rest.iter().map(|words| format!("also: {words}")));
    let earlier = card.earlier_titles.iter();
    said.extend(earlier.map(|(title, day)| format!("was called `{title}` until {day}")));
    section("Card", &said, Clone::clone, out)
}

fn line(row: &LogRow) -> String {
    let entry = &row.entry;
    let mut said = format!("{}. {} {}", row.number, entry.day, entry.kind.swedish());
    if entry.planned {
        said.push_str(", planned");
    }
    if let Some(about) = entry.about {
        said.push_str(&format!(", what became of {about}"));
    }
    if let Some(part) = &entry.part {
        said.push_str(&format!(" ({part})"));
    }
    said.push_str(&format!(": {}", entry.text));
    if let Some(doer) = &entry.doer {
        said.push_str(&format!("; {doer} does it"));
    }
    if let Some(by) = entry.by {
        said.push_str(&format!(" by {by}"));
    }
    format!("{said} [{}]", row.who)
}

fn deadline(deadline: &Deadline) -> String {
    let met = if deadline.met { ", met" } else { "" };
    format!("{} ({}{met}), as said on {}", deadline.day, deadline.text, deadline.stated)
}

fn waiting(wait: &Wait, meetings: &Meetings, item: &crate::items::Item) -> String {
    let until = meetings.until(&item.body, wait).map_or("undated".to_owned(), |day| format!("until {day}"));
    let part = wait.part.as_ref().map(|part| format!(" ({part})")).unwrap_or_default();
    format!("{}. {}{part}, {until}, since {}", wait.number, wait.text, wait.since)
}

fn measure(row: &MeasureRow) -> String {
    let measure = &row.measure;
    let named =
        |name: &str, text: &str| if text.is_empty() { String::new() } else { format!(", {name}{text}") };
    let values = row.values.iter().map(|row| {
        let value = &row.value;
        format!("; {} {}: {}", value.region, value.period, value.value)
    });
    format!(
        "{}. {}{}{}{}{}",
        row.number,
        measure.name,
        named("", &measure.unit),
        named("target ", &measure.target),
        named("from ", &measure.source),
        values.collect::<String>()
    )
}

fn history(row: &HistoryRow) -> String {
    let before = row.before.as_ref().map(|before| format!("{before} -> ")).unwrap_or_default();
    format!("{} {} {}: {before}{}", rfc3339(row.at), row.who, row.what, row.after)
}
