//! `item promises`, `versions`, `compare` and `results`: what a body's plan has promised, been and come to.

use std::io::Write;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use serde_json::json;

use super::item::Desk;
use super::planning::find_body;
use super::{CheckFormat, CliError, Done, Exit};
use crate::app;
use crate::calendar::today;
use crate::items::promises::{Unkept, unkept};
use crate::items::versions::{Compared, Fate, Named, Row, Versioned, compare};
use crate::plan::results::{Period, State};
use crate::store::PlanVersion;

/// What stands for the plan as it is now, beside the names of its versions.
const NOW: &str = "now";
/// `results` shows so many years, the present one included.
const YEARS: i16 = 2;

#[derive(Debug, Subcommand)]
pub(super) enum PlanCommand {
    /// What was promised by a day that has passed, and hasn't come about
    Promises(PromisesArgs),
    /// The versions of a body's plan that have been kept
    Versions(VersionsArgs),
    /// What became of the items of a plan from one version to another; exit code 1 if any vanished
    Compare(CompareArgs),
    /// Results and challenges as they were handed in before meetings, and what is missing
    Results(ResultsArgs),
}

pub(super) async fn run(desk: &Desk, command: &PlanCommand, out: &mut (dyn Write + Send)) -> Done {
    match command {
        PlanCommand::Promises(args) => promises(desk, args, out).await,
        PlanCommand::Versions(args) => versions(desk, args, out).await,
        PlanCommand::Compare(args) => compare_versions(desk, args, out).await,
        PlanCommand::Results(args) => results(desk, args, out).await,
    }
}

#[derive(Debug, Args)]
pub(super) struct PromisesArgs {
    /// The body whose plan it is
    #[arg(long)]
    body: String,
    /// As of this day (default: today)
    #[arg(long)]
    as_of: Option<Date>,
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    format: CheckFormat,
}

#[derive(Debug, Args)]
pub(super) struct VersionsArgs {
    /// The body whose plan it is
    #[arg(long)]
    body: String,
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    format: CheckFormat,
}

#[derive(Debug, Args)]
pub(super) struct CompareArgs {
    /// The earlier version: its name, or name and state as in `2026/frozen`
    from: String,
    /// The later one, or `now` for the plan as it is
    to: String,
    /// The body whose plan it is
    #[arg(long)]
    body: String,
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    format: CheckFormat,
}

#[derive(Debug, Args)]
pub(super) struct ResultsArgs {
    /// The body, with those below it
    #[arg(long)]
    body: String,
    /// From this day (default: the first of last year)
    #[arg(long)]
    from: Option<Date>,
    /// Until this day (default: today)
    #[arg(long)]
    until: Option<Date>,
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    format: CheckFormat,
}

async fn promises(desk: &Desk, args: &PromisesArgs, out: &mut (dyn Write + Send)) -> Done {
    let body = find_body(&desk.rules, &args.body)?;
    let day = args.as_of.unwrap_or_else(|| desk.today());
    let (present, versions) = (desk.store.present_plan(&body).await?, desk.store.plan_versions(&body).await?);
    let named: Vec<Named<'_>> = versions.iter().map(PlanVersion::named).collect();
    let found = unkept(&present.plan.items, &present.followed, &named, day);
    match args.format {
        CheckFormat::Json => print_json(&json!(found), out)?,
        CheckFormat::Text if found.is_empty() => {
            writeln!(out, "{body}: nothing that was promised by {day} is overdue")?;
        }
        CheckFormat::Text => found.iter().try_for_each(|promise| print_promise(promise, out))?,
    }
    Ok(Exit::Success)
}

fn print_promise(promise: &Unkept, out: &mut dyn Write) -> std::io::Result<()> {
    let Unkept { id, title, day, text, stated, overdue, .. } = promise;
    writeln!(out, "{title} ({id})")?;
    writeln!(out, "  promised by {day}, {overdue} days ago: \"{text}\", said in the plan of {stated}")?;
    let phases: Vec<String> = promise
        .phases
        .iter()
        .map(|(part, phase)| {
            let part = part.as_ref().map(|part| format!("{part}: ")).unwrap_or_default();
            format!("{part}{}", phase.swedish())
        })
        .collect();
    writeln!(out, "  {}", phases.join(", "))?;
    if !promise.versions.is_empty() {
        writeln!(out, "  in the versions {}", promise.versions.join(", "))?;
    }
    promise.called.iter().try_for_each(|(name, was)| writeln!(out, "  called \"{was}\" in {name}"))
}

async fn versions(desk: &Desk, args: &VersionsArgs, out: &mut (dyn Write + Send)) -> Done {
    let body = find_body(&desk.rules, &args.body)?;
    let versions = desk.store.plan_versions(&body).await?;
    let rows = |version: &PlanVersion| version.content.rows().len();
    if args.format == CheckFormat::Json {
        let all: Vec<_> = versions
            .iter()
            .map(|v| {
                let units = v.content.items.len();
                json!({"name": v.name, "state": v.state.code(), "on": today(v.at), "who": v.who,
                    "rows": rows(v), "units": units})
            })
            .collect();
        print_json(&json!(all), out)?;
        return Ok(Exit::Success);
    }
    if versions.is_empty() {
        writeln!(out, "{body}: no version of its plan has been kept")?;
    }
    for version in &versions {
        let (units, day) = (version.content.items.len(), today(version.at));
        writeln!(out, "{} {}, {day}: {} items, {units} units", version.name, version.state, rows(version))?;
    }
    Ok(Exit::Success)
}

async fn compare_versions(desk: &Desk, args: &CompareArgs, out: &mut (dyn Write + Send)) -> Done {
    let body = find_body(&desk.rules, &args.body)?;
    let (present, versions) = (desk.store.present_plan(&body).await?, desk.store.plan_versions(&body).await?);
    let now = present.plan.going_on();
    let from = version(&versions, &args.from)?;
    let to = if args.to == NOW { None } else { Some(version(&versions, &args.to)?) };
    let after = to.map_or(&now, |to| &to.content);
    let earlier: Vec<Named<'_>> = versions
        .iter()
        .filter(|v| v.number < from.number && v.name != from.name)
        .map(PlanVersion::named)
        .collect();
    let compared = compare(&from.content, after, &earlier, &present.followed);
    match args.format {
        CheckFormat::Json => print_json(&json!(compared), out)?,
        CheckFormat::Text => print_compared(&compared, &from.content, after, out)?,
    }
    Ok(if compared.vanished().next().is_some() { Exit::No } else { Exit::Success })
}

/// The version of that name, and of that state where one is named: the newest.
fn version<'a>(versions: &'a [PlanVersion], wanted: &str) -> Result<&'a PlanVersion, CliError> {
    let (name, state) = wanted.split_once('/').map_or((wanted, None), |(name, state)| (name, Some(state)));
    let is = |v: &&PlanVersion| v.name == name && state.is_none_or(|state| v.state.code() == state);
    versions.iter().rev().find(is).ok_or_else(|| {
        let known: Vec<String> = versions.iter().map(|v| format!("{}/{}", v.name, v.state)).collect();
        let known = if known.is_empty() { "none has been kept".to_owned() } else { known.join(", ") };
        CliError::Refused(format!("there is no version `{wanted}` of that plan; there are: {known}"))
    })
}

fn print_compared(
    compared: &Compared,
    before: &Versioned,
    after: &Versioned,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let gone = compared.count(|fate| matches!(fate, Fate::Closed { .. }));
    let vanished = compared.vanished().count();
    let returned = compared.count(|fate| matches!(fate, Fate::Returned { .. }));
    writeln!(
        out,
        "{} items, then {}: {} go on, {gone} closed, {vanished} vanished without a closing entry, {} new, of which \
         {returned} return",
        before.rows().len(),
        after.rows().len(),
        compared.continued(),
        compared.came()
    )?;
    compared.rows.iter().try_for_each(|row| writeln!(out, "  {}", fate_of(row)))
}

fn fate_of(row: &Row) -> String {
    let Row { id, title, fate } = row;
    let said = match fate {
        Fate::Kept => "kept".to_owned(),
        Fate::Renamed { before } => format!("renamed, was \"{before}\""),
        Fate::Changed => "changed".to_owned(),
        Fate::Closed { day } => format!("closed {day}"),
        Fate::Vanished => "VANISHED without a closing entry".to_owned(),
        Fate::Added => "new".to_owned(),
        Fate::Returned { last } => format!("returns, last in {last}"),
    };
    format!("{said}: {title} ({id})")
}

async fn results(desk: &Desk, args: &ResultsArgs, out: &mut (dyn Write + Send)) -> Done {
    let body = find_body(&desk.rules, &args.body)?;
    let until = args.until.unwrap_or_else(|| desk.today());
    let first = Date::new(until.year().saturating_sub(YEARS - 1), 1, 1).unwrap_or(until);
    let days = (args.from.unwrap_or(first), until);
    let periods = app::results::results(&desk.store, &desk.rules.world(&desk.facts), &body, days).await?;
    match args.format {
        CheckFormat::Json => print_json(&json!(periods), out)?,
        CheckFormat::Text if periods.is_empty() => {
            writeln!(out, "{body}: nobody was to report results from {} to {}", days.0, days.1)?;
        }
        CheckFormat::Text => periods.iter().try_for_each(|period| print_period(period, out))?,
    }
    Ok(Exit::Success)
}

fn print_period(period: &Period, out: &mut dyn Write) -> std::io::Result<()> {
    let Period { body, title, day, state } = period;
    write!(out, "{day} {title}, {body}: ")?;
    match state {
        State::Missing => writeln!(out, "saknas"),
        State::Unchanged { since: Some(since) } => writeln!(out, "oförändrat sedan {since}"),
        State::Unchanged { since: None } => writeln!(out, "oförändrat, men inget har lämnats förut"),
        State::Answered { label } => writeln!(out, "\"{label}\", utan text"),
        State::Written { texts } => {
            writeln!(out, "lämnat")?;
            for (heading, text) in texts {
                writeln!(out, "  {heading}")?;
                text.lines().try_for_each(|line| writeln!(out, "    {line}"))?;
            }
            Ok(())
        }
    }
}

fn print_json(value: &serde_json::Value, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "{value:#}")
}
