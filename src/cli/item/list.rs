//! `item list`: how the units of a plan are on a day.

use std::io::Write;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::Desk;
use super::args::{Format, ListArgs};
use crate::cli::CliError;
use crate::cli::planning::find_body;
use crate::items::fresh::{Age, age, next_deadline, overdue};
use crate::items::register::{Deadline, LogKind, is_about};
use crate::items::{Health, Item, Phase};
use crate::plan::follow::{Meetings, Seen};

/// A report that is older than so many days is no longer called how it is.
const STALE_DAYS: i32 = 90;

/// A unit as it is listed.
pub(super) struct Listed<'a> {
    item: &'a Item,
    reported: Age,
    owners: String,
    late: Option<&'a Deadline>,
    coming: Option<&'a Deadline>,
    waits: Vec<(&'a str, Option<Date>)>,
    /// It is done, and no entry says why.
    unclosed: bool,
    day: Date,
}

pub(super) async fn list(desk: &Desk, args: &ListArgs, out: &mut (dyn Write + Send)) -> Result<(), CliError> {
    let body = find_body(&desk.rules, &args.body)?;
    let day = args.as_of.unwrap_or_else(|| desk.today());
    let meetings = Meetings::of(&desk.rules.world(&desk.facts), day);
    let units = desk.facts.items.iter().filter(|item| item.body == body);
    let units: Vec<Listed<'_>> = units.map(|item| listed(desk, &meetings, item, day)).collect();
    match args.format {
        Format::Text => {
            units.iter().try_for_each(|unit| writeln!(out, "{}", unit.text()))?;
            writeln!(out, "{} units", units.len())?;
        }
        Format::Json => units.iter().try_for_each(|unit| writeln!(out, "{}", unit.json()))?,
        Format::Csv => out.write_all(&csv_of(&units)?)?,
    }
    Ok(())
}

/// A unit as it is on `day`.
pub(super) fn listed<'a>(desk: &'a Desk, meetings: &'a Meetings, item: &'a Item, day: Date) -> Listed<'a> {
    let followed = desk.facts.followed(&item.id);
    let seen = Seen { world: desk.rules.world(&desk.facts), meetings, item, occasion: None };
    let is_closed = followed
        .log
        .iter()
        .any(|l| l.kind == LogKind::Closing && is_about(l.part.as_deref(), item.part.as_deref()));
    Listed {
        item,
        reported: age(item, followed, day),
        owners: desk.owned_by(&item.owners),
        late: overdue(item, followed, day),
        coming: next_deadline(item, followed, day),
        waits: seen.waits().map(|(wait, until)| (wait.text.as_str(), until)).collect(),
        unclosed: item.phase == Phase::Done && !is_closed,
        day,
    }
}

impl Listed<'_> {
    /// What was reported, and how old that is.
    pub fn freshness(&self) -> String {
        let colour = match self.item.health {
            Health::Green => "green",
            Health::Yellow => "yellow",
            Health::Red => "red",
            Health::Unknown => "no colour",
        };
        match self.reported {
            Age::Never if self.item.health == Health::Unknown => "never updated".to_owned(),
            Age::Never => format!("{colour}, never updated"),
            Age::Since(last) if (self.day - last).get_days() > STALE_DAYS => {
                format!("{colour}, not confirmed since {last}")
            }
            Age::Since(last) => format!("{colour}, confirmed {last}"),
        }
    }

    /// `581 days overdue (våren 2023)`, or by when it is promised; empty where nothing is.
    pub fn promise(&self) -> String {
        match (self.late, self.coming) {
            (Some(late), _) => format!("{} days overdue ({})", (self.day - late.day).get_days(), late.text),
            (None, Some(next)) => format!("by {} ({})", next.day, next.text),
            (None, None) => String::new(),
        }
    }

    fn awaited(&self) -> String {
        let waits = self.waits.iter().map(|(text, until)| match until {
            Some(day) => format!("{text} ({day})"),
            None => format!("{text} (undated)"),
        });
        waits.collect::<Vec<_>>().join(", ")
    }

    pub fn text(&self) -> String {
        let item = self.item;
        let mut said = format!(
            "{} {}: {}, {}",
            item.unit(),
            item.display_title(),
            item.phase.swedish(),
            self.freshness()
        );
        if self.unclosed {
            said.push_str(", done without a closing entry");
        }
        said.push_str(&format!("; owner: {}", self.owners));
        match item.next {
            Some(next) if next < self.day => said.push_str(&format!("; next date has passed: {next}")),
            Some(next) => said.push_str(&format!("; next: {next}")),
            None => said.push_str("; no next date"),
        }
        for (before, text) in [("", self.promise()), ("waits for ", self.awaited())] {
            if !text.is_empty() {
                said.push_str(&format!("; {before}{text}"));
            }
        }
        said
    }

    fn json(&self) -> Value {
        let item = self.item;
        let reported = if let Age::Since(last) = self.reported { Some(last) } else { None };
        let deadline = self.late.or(self.coming).map(|d| {
            let late = (self.day - d.day).get_days().max(0);
            json!({"date": d.day, "precision": d.precision.code(), "text": d.text, "days_overdue": late})
        });
        let waits = self.waits.iter().map(|(text, until)| json!({"for": text, "date": until}));
        json!({
            "unit": item.unit(), "title": item.title, "part": item.part, "phase": item.phase.code(),
            "health": item.health.code(), "reported": reported, "owners": item.owners.list.len(),
            "owned_by": self.owners, "next": item.next, "deadline": deadline,
            "waits": waits.collect::<Vec<_>>(), "done_without_closing_entry": self.unclosed,
        })
    }
}

fn csv_of(units: &[Listed<'_>]) -> Result<Vec<u8>, CliError> {
    let mut table = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    let wrong = |error: csv::Error| CliError::Io(error.into());
    let heading =
        ["unit", "title", "part", "phase", "health", "reported", "owners", "next", "deadline", "waits"];
    table.write_record(heading).map_err(wrong)?;
    for unit in units {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let reported = if let Age::Since(last) = unit.reported { Some(last) } else { None };
        let item = unit.item;
        let cells = [
            item.unit(),
            item.title.clone(),
            item.part.clone().unwrap_or_default(),
            item.phase.swedish().to_owned(),
            item.health.swedish().to_owned(),
            day(reported),
            unit.owners.clone(),
            day(item.next),
            unit.promise(),
            unit.awaited(),
        ];
        table.write_record(cells).map_err(wrong)?;
    }
    table.into_inner().map_err(|error| CliError::Io(error.into_error()))
}
