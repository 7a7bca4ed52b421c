//! `calendar`.

use std::io::Write;
use std::path::Path;

use clap::Args;
use jiff::civil::Date;

use super::{CheckFormat, CliError, Context, Done, Exit};
use crate::calendar::today;
use crate::calendars::{Client, Fetched, Source};
use crate::ical::read::{External, Limits, Reading, read};
use crate::workflow::model::{Span, Status};

#[derive(Debug, Args)]
pub(super) struct CalendarArgs {
    /// An address (https:// or webcal://, of a configured host), or a file (.ics)
    source: String,
    /// As if it were read on this day; what is told is from 13 months before it to 18 after
    #[arg(long)]
    as_of: Option<Date>,
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    format: CheckFormat,
}

pub(super) async fn calendar(
    context: &Context<'_>,
    args: &CalendarArgs,
    out: &mut (dyn Write + Send),
) -> Done {
    let as_of = args.as_of.unwrap_or_else(|| today(context.clock.now()));
    // In complaints an address stands by its host alone, since the rest of it may be a secret.
    let (name, bytes) = if args.source.contains("://") {
        let policy = context.config()?.calendars;
        let source = Source::parse(&args.source, &policy).map_err(refused)?;
        (source.host().to_owned(), fetch(Client::new(policy).map_err(refused)?, &source).await?)
    } else {
        (args.source.clone(), from_file(Path::new(&args.source))?)
    };
    let reading = read(&bytes, Limits::on(as_of));
    match args.format {
        CheckFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &reading).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
        CheckFormat::Text => write_text(&name, &reading, out)?,
    }
    let nothing = reading.events.is_empty() && reading.outside == 0 && !reading.complete;
    Ok(if nothing { Exit::No } else { Exit::Success })
}

async fn fetch(client: Client, source: &Source) -> Result<Vec<u8>, CliError> {
    match client.fetch(source, None).await.map_err(refused)? {
        Fetched::New { bytes, .. } => Ok(bytes),
        Fetched::NotModified => Ok(Vec::new()),
    }
}

fn from_file(path: &Path) -> Result<Vec<u8>, CliError> {
    let unreadable = |error| CliError::Refused(format!("{} can't be read: {error}", path.display()));
    std::fs::read(path).map_err(unreadable)
}

fn refused(error: crate::calendars::FetchError) -> CliError {
    CliError::Refused(error.to_string())
}

fn write_text(name: &str, reading: &Reading, out: &mut (dyn Write + Send)) -> std::io::Result<()> {
    for doubt in &reading.doubts {
        writeln!(out, "{name}:{}: {}", doubt.line, doubt.message)?;
    }
    reading.events.iter().try_for_each(|event| writeln!(out, "{}", line(event)))?;
    let called = reading.name.as_ref().map(|name| format!(" in {name}")).unwrap_or_default();
    let outside = match reading.outside {
        0 => String::new(),
        more => format!(", {more} outside the time that is read"),
    };
    let events = if reading.events.len() == 1 { "event" } else { "events" };
    let incomplete = if reading.complete { "" } else { "; not all of it could be read" };
    writeln!(out, "{} {events}{called}{outside}{incomplete}", reading.events.len())
}

/// `2025-10-15 13:00-15:00  RSL (Digitalt), tentative`
fn line(event: &External) -> String {
    let when = match event.span {
        Span::AllDay { first, last } if first == last => first.to_string(),
        Span::AllDay { first, last } => format!("{first} to {last}"),
        Span::Timed { start, end } if start.date() == end.date() => {
            format!("{} {}-{}", start.date(), start.strftime("%H:%M"), end.strftime("%H:%M"))
        }
        Span::Timed { start, end } => {
            format!("{} to {}", start.strftime("%Y-%m-%d %H:%M"), end.strftime("%Y-%m-%d %H:%M"))
        }
    };
    let title = if event.title.is_empty() { "(no title)" } else { &event.title };
    let place = event.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
    let status = match event.status {
        Status::Confirmed => "",
        Status::Tentative => ", tentative",
        Status::Cancelled => ", cancelled",
    };
    format!("{when}  {title}{place}{status}")
}
