//! `start`, `move` and `cancel`: facts, told from a shell.

use std::io::Write;

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, ToSpan};

use super::planning::{find_body, midnight};
use super::{CancelArgs, CliError, Context, Done, Exit, MoveArgs, StartArgs, Which};
use crate::app::files;
use crate::app::intake::everything;
use crate::calendar::today;
use crate::config::Config;
use crate::grammar::advise;
use crate::ids::{BodyId, EntryId, OccasionId, OccasionRef, WorkflowId};
use crate::plan::model::{EnteredDate, Facts, Startable, Starts};
use crate::plan::{Assume, Window, occasions, plan, show};
use crate::rules::Rules;
use crate::store::{Access, MetaKey, Store};
use crate::workflow::model::{Entry, Span, Status, Workflow};

/// Who did it, in the history.
pub(super) const WHO: &str = "cli";
/// Why messages from before a restored backup's release are passed over, as stored and shown.
const BEFORE_RESTORE: &str = "kan ha skickats före återställningen";
/// How many days of messages `start` shows.
const PREVIEW_DAYS: i64 = 14;

pub(super) async fn open(context: &Context<'_>) -> Result<(Config, Rules, Store), CliError> {
    let config = context.config()?;
    let rules = files::load(config.workflows.as_deref(), config.quiet.clone())?;
    let store = Store::open(&config.database, Access::Beside).await?;
    Ok((config, rules, store))
}

pub(super) async fn start(context: &Context<'_>, args: &StartArgs, out: &mut (dyn Write + Send)) -> Done {
    let (_, rules, store) = open(context).await?;
    let now = context.clock.now();
    let facts = store.facts().await?;
    let what = startable(&args.what, &rules, &facts)?;
    let planned = preview(&rules, facts.clone(), &what, now);
    writeln!(out, "The coming {PREVIEW_DAYS} days would hold:")?;
    write!(out, "{}", show::text(&planned, &facts.people))?;
    if args.dry_run {
        return Ok(Exit::Success);
    }
    let started = store.start(&what, now, WHO).await?;
    if args.what == "allt" && store.meta_get(MetaKey::HELD).await?.is_some() {
        // What was due before now may have been sent by the database that the backup replaced.
        loop {
            let due: Vec<_> = store.due(now, 500).await?.into_iter().map(|m| m.key).collect();
            if due.is_empty() || store.skip(&due, BEFORE_RESTORE, now).await? == 0 {
                break;
            }
        }
        store.meta_put(MetaKey::HEARTBEAT, Some(&now.to_string())).await?;
        store.meta_put(MetaKey::HELD, None).await?;
        writeln!(out, "sending was held back and goes on; what was due meanwhile is passed over")?;
    }
    store.close().await;
    match started {
        0 => writeln!(out, "already started; nothing has changed")?,
        n => writeln!(out, "started {n}; nothing about the time before now will be sent")?,
    }
    Ok(Exit::Success)
}

/// What `allt`, a workflow, a body or `plan:BODY` means. A body's imported plan starts by itself only.
pub(crate) fn startable(what: &str, rules: &Rules, facts: &Facts) -> Result<Vec<Startable>, CliError> {
    if what == "allt" {
        return Ok(everything(rules, facts));
    }
    if let Some(body) = what.strip_prefix("plan:") {
        return Ok(vec![Startable::Items(find_body(rules, body)?)]);
    }
    let workflow = WorkflowId::from(what);
    if rules.workflows.0.contains_key(&workflow) {
        return Ok(vec![Startable::Workflow(workflow)]);
    }
    if let Some(body) = rules.organisation.find(what) {
        return Ok(vec![Startable::Body(body.id.clone())]);
    }
    let known = rules.workflows.0.keys().map(WorkflowId::as_str);
    let known = known.chain(rules.organisation.bodies.keys().map(BodyId::as_str));
    let advice = advise(what, known.chain(["allt"])).map(|a| format!(", {a}")).unwrap_or_default();
    Err(CliError::Refused(format!("there is no workflow or body `{what}`{advice}")))
}

fn preview(rules: &Rules, mut facts: Facts, what: &[Startable], now: Timestamp) -> crate::plan::model::Plan {
    if let Starts::Each(each) = &mut facts.starts {
        for part in what {
            each.entry(part.clone()).or_insert(now);
        }
    }
    let until = midnight(today(now).saturating_add(PREVIEW_DAYS.days()));
    let mut planned = plan(rules.world(&facts), Window { from: now, until }, Assume::GatesOpen);
    planned.occasions.clear();
    planned
}

pub(super) async fn move_occasion(
    context: &Context<'_>,
    args: &MoveArgs,
    out: &mut (dyn Write + Send),
) -> Done {
    let (_, rules, store) = open(context).await?;
    let at = occasion(&rules, &args.which)?;
    let span = span(&args.start, args.end.as_deref())?;
    let date = EnteredDate {
        span: Some(span),
        place: args.place.clone(),
        status: Status::Confirmed,
        why: args.which.why.clone(),
    };
    enter(context, &rules, &store, &at, date, out).await
}

pub(super) async fn cancel(context: &Context<'_>, args: &CancelArgs, out: &mut (dyn Write + Send)) -> Done {
    let (_, rules, store) = open(context).await?;
    let at = occasion(&rules, &args.which)?;
    let before = store.facts().await?.dates.remove(&at);
    let date = EnteredDate {
        span: before.as_ref().and_then(|d| d.span),
        place: before.and_then(|d| d.place),
        status: Status::Cancelled,
        why: args.which.why.clone(),
    };
    enter(context, &rules, &store, &at, date, out).await
}

async fn enter(
    context: &Context<'_>,
    rules: &Rules,
    store: &Store,
    at: &OccasionRef,
    date: EnteredDate,
    out: &mut (dyn Write + Send),
) -> Done {
    let mut facts = store.facts().await?;
    facts.dates.insert(at.clone(), date.clone());
    let year = |y: i16, month, day| Date::new(y, month, day).unwrap_or(Date::MAX);
    let seen =
        occasions::occasions(&rules.world(&facts), year(at.id.year - 1, 1, 1), year(at.id.year + 2, 12, 31));
    let Some(occasion) = seen.iter().find(|o| &o.at == at) else {
        return Err(CliError::Refused(format!("`{}` has no date of its own; give one with `move`", at.id)));
    };
    let changed = store.enter_date(at, &date, WHO, context.clock.now()).await?;
    store.close().await;
    writeln!(out, "{}", show::occasion_json(occasion))?;
    writeln!(out, "{}", if changed { "recorded" } else { "nothing has changed" })?;
    Ok(Exit::Success)
}

fn occasion(rules: &Rules, which: &Which) -> Result<OccasionRef, CliError> {
    let id: Option<OccasionId> = which.occasion.parse().ok();
    let id =
        id.ok_or_else(|| CliError::Usage(format!("`{}` is no occasion; write ENTRY.YEAR", which.occasion)))?;
    let found = workflow(rules, &which.workflow)?;
    let found_entry = entry(found, &id.entry)?;
    let body = body_of(rules, found, found_entry, which.body.as_deref())?;
    Ok(OccasionRef { workflow: found.id.clone(), body, id })
}

/// A workflow by its id.
pub(super) fn workflow<'a>(rules: &'a Rules, name: &str) -> Result<&'a Workflow, CliError> {
    rules.workflows.0.get(&WorkflowId::from(name)).ok_or_else(|| {
        let advice = advise(name, rules.workflows.0.keys().map(WorkflowId::as_str));
        let advice = advice.map(|a| format!(", {a}")).unwrap_or_default();
        CliError::Refused(format!("there is no workflow `{name}`{advice}"))
    })
}

/// One of its entries.
pub(super) fn entry<'a>(workflow: &'a Workflow, id: &EntryId) -> Result<&'a Entry, CliError> {
    workflow.entries.iter().find(|e| e.id == *id).ok_or_else(|| {
        let advice = advise(id.as_str(), workflow.entries.iter().map(|e| e.id.as_str()));
        let advice = advice.map(|a| format!(", {a}")).unwrap_or_default();
        CliError::Refused(format!("`{}` has no entry `{id}`{advice}", workflow.id))
    })
}

/// The body that an occasion of an entry belongs to: the only one there is, or the one that was named.
pub(super) fn body_of(
    rules: &Rules,
    workflow: &Workflow,
    entry: &Entry,
    named: Option<&str>,
) -> Result<Option<BodyId>, CliError> {
    let facts = Facts::default();
    let scope = entry.scope.as_ref().unwrap_or(&workflow.scope);
    let bodies = occasions::bodies_of(&rules.world(&facts), scope);
    let named = named.map(|b| find_body(rules, b)).transpose()?;
    match (bodies.as_slice(), named) {
        ([only], None) => Ok(only.clone()),
        (several, Some(named)) if several.contains(&Some(named.clone())) => Ok(Some(named)),
        (_, None) => Err(CliError::Usage("each body has its own: say which with --body".to_owned())),
        (_, Some(named)) => Err(CliError::Refused(format!("`{}` does not run for `{named}`", workflow.id))),
    }
}

pub(super) fn span(start: &str, end: Option<&str>) -> Result<Span, CliError> {
    let wrong =
        |text: &str| CliError::Usage(format!("`{text}` is no date; write 2025-10-15 or 2025-10-15T13:00"));
    // jiff reads the day out of a day and time, too.
    if let (Ok(first), false) = (start.parse::<Date>(), start.contains('T')) {
        let last = end.map_or(Ok(first), |e| e.parse().map_err(|_| wrong(e)))?;
        if last < first {
            return Err(CliError::Usage("it ends before it begins".to_owned()));
        }
        return Ok(Span::AllDay { first, last });
    }
    let begins: DateTime = start.parse().map_err(|_| wrong(start))?;
    let end = end.ok_or_else(|| CliError::Usage("say when it ends: --end 2025-10-15T16:00".to_owned()))?;
    let ends: DateTime = end.parse().map_err(|_| wrong(end))?;
    if ends <= begins {
        return Err(CliError::Usage("it ends before it begins".to_owned()));
    }
    Ok(Span::Timed { start: begins, end: ends })
}
