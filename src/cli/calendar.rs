//! `calendar`: what stands in others' calendars, and how fetching those that meetings come from goes.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::{CheckFormat, CliError, Context, Done, Exit};
use crate::app::files;
use crate::calendar::{rfc3339, today};
use crate::calendars::{Client, Fetched, Keeper, Report, Source, label, named};
use crate::clock::ManualClock;
use crate::grammar::advise;
use crate::ical::read::{External, Limits, Reading, read};
use crate::rules::InForce;
use crate::store::{Access, SourceState, Store, TakenEvent};
use crate::workflow::model::{Span, Status};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct CalendarArgs {
    /// An address (https:// or webcal://, of a configured host), or a file (.ics). Without it, the calendars that
    /// meetings come from, and how fetching them goes
    source: Option<String>,
    /// As if it were read on this day; what is told is from 13 months before it to 18 after
    #[arg(long, requires = "source")]
    as_of: Option<Date>,
    #[arg(long, value_enum, default_value_t = CheckFormat::Text, requires = "source")]
    format: CheckFormat,
    #[command(subcommand)]
    command: Option<CalendarCommand>,
}

#[derive(Debug, Subcommand)]
enum CalendarCommand {
    /// Fetch a calendar that meetings come from now, and say what has changed
    Fetch {
        /// Its name in the workflow file
        name: String,
        /// Only say what would change
        #[arg(long)]
        dry_run: bool,
    },
}

pub(super) async fn calendar(
    context: &Context<'_>,
    args: &CalendarArgs,
    out: &mut (dyn Write + Send),
) -> Done {
    match (&args.command, &args.source) {
        (Some(CalendarCommand::Fetch { name, dry_run }), _) => fetch_now(context, name, !dry_run, out).await,
        (None, Some(source)) => show(context, source, args, out).await,
        (None, None) => list(context, out).await,
    }
}

async fn show(
    context: &Context<'_>,
    source: &str,
    args: &CalendarArgs,
    out: &mut (dyn Write + Send),
) -> Done {
    let as_of = args.as_of.unwrap_or_else(|| today(context.clock.now()));
    // In complaints an address stands by its host alone, since the rest of it may be a secret.
    let (name, bytes) = if source.contains("://") {
        let policy = context.config()?.calendars;
        let source = Source::parse(source, &policy).map_err(refused)?;
        (source.host().to_owned(), fetch(Client::new(policy).map_err(refused)?, &source).await?)
    } else {
        (source.to_owned(), from_file(Path::new(source))?)
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

/// The calendars that the files name. Exit 1 if one of them can't be had.
async fn list(context: &Context<'_>, out: &mut (dyn Write + Send)) -> Done {
    let config = context.config()?;
    let rules = files::load(config.workflows.as_deref(), config.quiet.clone())?;
    let states = if config.database.existing() {
        let store = Store::open(&config.database, Access::Beside).await?;
        let states = store.sources().await?;
        store.close().await;
        states
    } else {
        Vec::new()
    };
    let named = named(&rules);
    if named.is_empty() {
        writeln!(out, "no meeting comes from a calendar (`from-calendar` in a workflow file)")?;
    }
    let mut well = true;
    for (name, entries) in &named {
        let known = states.iter().find(|known| known.name == *name);
        well &= known.is_none_or(|known| known.failure.is_none());
        let unnamed = !name.contains("://") && !config.calendar_sources.contains_key(name);
        well &= !unnamed;
        let said = match known {
            _ if unnamed => "it has no address; give it one under [calendars.sources]".to_owned(),
            None => "not fetched yet".to_owned(),
            Some(known) => state(known),
        };
        writeln!(out, "{}: {said}", label(name))?;
        for (entry, _) in entries {
            let body = entry.body.as_ref().map(|body| format!(" of {body}")).unwrap_or_default();
            writeln!(out, "  {} in {}{body}", entry.entry, entry.workflow)?;
        }
    }
    Ok(if well { Exit::Success } else { Exit::No })
}

/// How fetching it goes.
pub(super) fn state(source: &SourceState) -> String {
    let good =
        source.good_at.map_or_else(|| "never fetched".to_owned(), |at| format!("fetched {}", rfc3339(at)));
    let failure = source.failure.as_ref();
    let failure =
        failure.map(|(since, why)| format!("; since {} {why}", rfc3339(*since))).unwrap_or_default();
    let remark = source.remark.as_ref().map(|remark| format!("; {remark}")).unwrap_or_default();
    format!("{good}{failure}{remark}")
}

async fn fetch_now(context: &Context<'_>, name: &str, write: bool, out: &mut (dyn Write + Send)) -> Done {
    let config = context.config()?;
    let rules = Arc::new(InForce::new(files::load(config.workflows.as_deref(), config.quiet.clone())?));
    let store = Store::open(&config.database, Access::Beside).await?;
    let clock = Arc::new(ManualClock::at(context.clock.now()));
    let client = Client::new(config.calendars).map_err(refused)?;
    let keeper = Keeper::new(store.clone(), clock, rules.clone(), client, config.calendar_sources);
    let report = keeper.fetch_now(name, write).await?;
    store.close().await;
    let (events, remark) = match report {
        None => {
            let known = named(&rules.rules());
            let advice = advise(name, known.keys().map(|name| label(name)));
            let advice = advice.map(|advice| format!(", {advice}")).unwrap_or_default();
            return Err(CliError::Refused(format!("no workflow file names a calendar `{name}`{advice}")));
        }
        Some(Report::Failed(why)) => return Err(CliError::Refused(why)),
        Some(Report::Taken { events, remark }) => (events, remark),
    };
    for event in &events {
        writeln!(out, "{}", change(event))?;
    }
    if let Some(remark) = remark {
        writeln!(out, "{remark}")?;
    }
    let verb = if write { "changed" } else { "would change" };
    writeln!(out, "{verb}: {}", events.len())?;
    Ok(Exit::Success)
}

/// `moved  mote.2025.1  2025-10-15 13:00-15:00 to 2025-10-16 13:00-15:00`
fn change(event: &TakenEvent) -> String {
    let now = when(event.after.span);
    let id = &event.at.id;
    match &event.before {
        None => format!("new  {id}  {now}{}", status(event.after.status)),
        Some(_) if event.missing => {
            format!("missing  {id}  {now}; cancelled if it is still missing in a day")
        }
        Some(before) if before.span != event.after.span => {
            format!("moved  {id}  {} to {now}{}", when(before.span), status(event.after.status))
        }
        Some(_) if event.after.gone => format!("gone  {id}  {now}, cancelled"),
        Some(_) => format!("changed  {id}  {now}{}", status(event.after.status)),
    }
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
    let title = if event.title.is_empty() { "(no title)" } else { &event.title };
    let place = event.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
    format!("{}  {title}{place}{}", when(event.span), status(event.status))
}

fn when(span: Span) -> String {
    match span {
        Span::AllDay { first, last } if first == last => first.to_string(),
        Span::AllDay { first, last } => format!("{first} to {last}"),
        Span::Timed { start, end } if start.date() == end.date() => {
            format!("{} {}-{}", start.date(), start.strftime("%H:%M"), end.strftime("%H:%M"))
        }
        Span::Timed { start, end } => {
            format!("{} to {}", start.strftime("%Y-%m-%d %H:%M"), end.strftime("%Y-%m-%d %H:%M"))
        }
    }
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Confirmed => "",
        Status::Tentative => ", tentative",
        Status::Cancelled => ", cancelled",
    }
}
