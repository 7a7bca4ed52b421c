//! `item set`, `log`, `wait`, `deadline`, `close`, `add`, `rename` and `measure`.

use std::io::Write;

use jiff::civil::Date;

use super::args::{AddArgs, CloseArgs, DeadlineArgs, LogArgs, MeasureArgs, RenameArgs, SetArgs, WaitArgs};
use super::{Desk, recorded};
use crate::app::intake::whole_id;
use crate::cli::facts::{WHO, entry, workflow};
use crate::cli::planning::find_body;
use crate::cli::{CliError, people};
use crate::grammar::advise;
use crate::ids::{OccasionId, OccasionRef};
use crate::import::items::id_of;
use crate::items::register::{Card, Deadline, LogEntry, LogKind, Precision, Promise, Wait, WaitKind, WaitOn};
use crate::items::{Health, Item, Phase};
use crate::store::{ItemChange, MeasuredValue, NewMeasure, NewPlan, NewRow};
use crate::workflow::model::Scope;

/// A word of a vocabulary, as it is typed.
fn word<T: Copy>(
    text: &str,
    read: fn(&str) -> Option<T>,
    all: &[T],
    code: fn(T) -> &'static str,
) -> Result<T, CliError> {
    read(text).ok_or_else(|| {
        let words: Vec<&str> = all.iter().map(|value| code(*value)).collect();
        let advice = advise(text, words.iter().copied())
            .unwrap_or_else(|| format!("write one of {}", words.join(", ")));
        CliError::Usage(format!("`{text}` is no such word, {advice}"))
    })
}

fn phase(text: &str) -> Result<Phase, CliError> {
    word(text, Phase::read, Phase::ALL, Phase::swedish)
}

fn kind(text: &str) -> Result<LogKind, CliError> {
    match word(text, LogKind::read, LogKind::ALL, LogKind::code)? {
        LogKind::Closing => {
            Err(CliError::Usage("an item is ended with its entry: `arshjul item close UNIT TEXT`".to_owned()))
        }
        kind => Ok(kind),
    }
}

fn line(item: &Item, day: Date, kind: LogKind, text: &str) -> LogEntry {
    LogEntry {
        part: item.part.clone(),
        day,
        precision: Precision::Day,
        kind,
        planned: false,
        text: text.trim().to_owned(),
        doer: None,
        by: None,
        about: None,
    }
}

pub(super) async fn set(desk: &Desk, args: &SetArgs) -> Result<bool, CliError> {
    let item = desk.unit(&args.unit)?;
    let phase = args.phase.as_deref().map(phase).transpose()?;
    if phase == Some(Phase::Done) && item.phase != Phase::Done {
        let what = format!("nothing ends without an entry: `arshjul item close {} TEXT`", args.unit);
        return Err(CliError::Usage(what));
    }
    let health = args.health.as_deref();
    let text = args.line.as_ref().or(args.why.as_ref());
    let kind = kind(&args.kind)?;
    let by = match &args.by {
        Some(address) => Some(people::person(&desk.store, address).await?.id),
        None => None,
    };
    let change = ItemChange {
        phase,
        health: health.map(|text| word(text, Health::read, Health::ALL, Health::swedish)).transpose()?,
        next: args.next.map(Some),
        owners: if args.owner.is_empty() { None } else { Some(desk.owners(&args.owner, args.all).await?) },
        explained_by: by.clone().filter(|_| args.why.is_some()),
        entry: text.map(|text| line(item, desk.today(), kind, text)),
        ..ItemChange::default()
    };
    if change == ItemChange::default() {
        return Err(CliError::Usage(
            "say what changes: --phase, --health, --next, --owner or --line".to_owned(),
        ));
    }
    let who = by.map_or(WHO.to_owned(), |person| person.to_string());
    Ok(desk.store.update_item(&item.unit(), &change, &who, desk.now).await?)
}

pub(super) async fn log(desk: &Desk, args: &LogArgs, out: &mut (dyn Write + Send)) -> Result<(), CliError> {
    let item = desk.row(&args.unit)?;
    let day = args.date.unwrap_or_else(|| desk.today());
    if day > desk.today() && !args.planned {
        return Err(CliError::Usage(format!("{day} is to come: say --planned, or give the day it happened")));
    }
    // A row that is divided is named by its id; a line about it is about all its parts.
    let part = desk.unit(&args.unit).ok().and_then(|unit| unit.part.clone());
    let entry = LogEntry {
        part,
        planned: args.planned,
        doer: args.who.clone(),
        by: args.by,
        about: args.about,
        ..line(item, day, kind(&args.kind)?, &args.text)
    };
    let number = desk.store.add_to_log(&item.id, &entry, WHO, desk.now).await?;
    writeln!(out, "line {number} of the log of {}", item.id)?;
    Ok(())
}

pub(super) async fn wait(desk: &Desk, args: &WaitArgs, out: &mut (dyn Write + Send)) -> Result<(), CliError> {
    if let (Some(number), Some(why)) = (args.end, &args.why) {
        let ended = desk.store.end_wait(number, why, desk.today(), WHO, desk.now).await?;
        return Ok(recorded(ended, out)?);
    }
    let (Some(unit), Some(text)) = (&args.unit, &args.text) else {
        return Err(CliError::Usage("say which unit waits, and for what".to_owned()));
    };
    let item = desk.unit(unit)?;
    let on = until(desk, item, &args.on)?;
    let wait = Wait {
        number: 0,
        part: item.part.clone(),
        kind: if matches!(on, WaitOn::Occasion(_) | WaitOn::NextMeeting) {
            WaitKind::Meeting
        } else {
            WaitKind::Body
        },
        text: text.trim().to_owned(),
        on,
        since: desk.today(),
    };
    let number = desk.store.add_wait(&item.id, &wait, WHO, desk.now).await?;
    writeln!(out, "wait {number}")?;
    Ok(())
}

/// Until when a unit waits: `meeting`, `undated`, a day, or `workflow:entry.year`.
fn until(desk: &Desk, item: &Item, text: &str) -> Result<WaitOn, CliError> {
    match text {
        "meeting" => return Ok(WaitOn::NextMeeting),
        "undated" => return Ok(WaitOn::Undated),
        _ => {}
    }
    if let Ok(day) = text.parse::<Date>() {
        return Ok(WaitOn::Day(day));
    }
    let wrong = || {
        CliError::Usage(format!(
            "--on `{text}` is neither `meeting`, `undated`, a day nor an occasion such as `sydostra/rpo:mote-1.2025`"
        ))
    };
    let (name, id) = text.rsplit_once(':').ok_or_else(wrong)?;
    let id: OccasionId = id.parse().map_err(|()| wrong())?;
    let of = workflow(&desk.rules, name)?;
    let scope = entry(of, &id.entry)?.scope.as_ref().unwrap_or(&of.scope);
    let body = if *scope == Scope::Once { None } else { Some(item.body.clone()) };
    Ok(WaitOn::Occasion(OccasionRef { workflow: of.id.clone(), body, id }))
}

pub(super) async fn deadline(desk: &Desk, args: &DeadlineArgs) -> Result<bool, CliError> {
    let item = desk.row(&args.unit)?;
    if args.met {
        let text = args.text.as_deref();
        return Ok(desk.store.meet_deadline(&item.id, args.day, text, WHO, desk.now).await?);
    }
    let deadline = Deadline {
        day: args.day,
        precision: word(&args.precision, Precision::read, Precision::ALL, Precision::code)?,
        text: args.text.clone().unwrap_or_default(),
        stated: desk.today(),
        met: false,
    };
    Ok(desk.store.add_deadline(&item.id, &deadline, WHO, desk.now).await?)
}

pub(super) async fn close(
    desk: &Desk,
    args: &CloseArgs,
    out: &mut (dyn Write + Send),
) -> Result<(), CliError> {
    let item = desk.unit(&args.unit)?;
    let who = desk.who(args.by.as_deref()).await?;
    let news = desk.store.close_item(&item.unit(), &args.text, desk.today(), &who, desk.now).await?;
    writeln!(out, "{}", if news { "closed" } else { "it was done already; the entry is added" })?;
    Ok(())
}

pub(super) async fn add(desk: &Desk, args: &AddArgs, out: &mut (dyn Write + Send)) -> Result<(), CliError> {
    let body = find_body(&desk.rules, &args.body)?;
    if args.title.trim().is_empty() {
        return Err(CliError::Usage("--title is empty".to_owned()));
    }
    let id = whole_id(&body, &id_of(args.id.as_deref(), &args.title));
    let phase = phase(&args.phase)?;
    if phase == Phase::Done {
        return Err(CliError::Usage("what is done isn't added to a plan".to_owned()));
    }
    let item = Item {
        part: args.part.clone(),
        phase,
        owners: desk.owners(&args.owner, args.all).await?,
        next: Some(args.next),
        ..Item::new(body.clone(), id.clone(), args.title.trim(), desk.now)
    };
    if desk.facts.items.iter().any(|known| known.unit() == item.unit()) {
        let what = format!("there is an item `{}` already; give this one another --id", item.unit());
        return Err(CliError::Refused(what));
    }
    if let Some(row) = desk.facts.items.iter().find(|known| known.id == id && known.title != item.title) {
        let what = format!("`{id}` is called `{}`; a part of it has the same title", row.title);
        return Err(CliError::Refused(what));
    }
    let mut card = Card { follow_up: args.follow_up.clone(), ..Card::default() };
    for text in &args.promise {
        card.promises.insert(word(text, Promise::read, Promise::ALL, Promise::code)?);
    }
    let unit = item.unit();
    let row =
        NewRow { id, units: vec![item], card, log: Vec::new(), deadlines: Vec::new(), waits: Vec::new() };
    let plan = NewPlan {
        body: &body,
        rows: &[row],
        assignments: &[],
        as_of: desk.today(),
        recorded: desk.now,
        version: None,
    };
    desk.store.take_plan(&plan, WHO, desk.now).await?;
    writeln!(out, "added {unit}")?;
    Ok(())
}

pub(super) async fn rename(desk: &Desk, args: &RenameArgs) -> Result<bool, CliError> {
    let item = desk.row(&args.unit)?;
    Ok(desk.store.rename_item(&item.id, &args.title, desk.today(), WHO, desk.now).await?)
}

pub(super) async fn measure(
    desk: &Desk,
    args: &MeasureArgs,
    out: &mut (dyn Write + Send),
) -> Result<(), CliError> {
    let item = desk.row(&args.unit)?;
    if let (Some(measure), Some(region), Some(period), Some(value)) =
        (args.set, &args.region, &args.period, &args.value)
    {
        let own = desk.store.measures_of(&item.id).await?;
        if !own.iter().any(|row| row.number == measure) {
            return Err(CliError::Refused(format!("`{}` has no measure {measure}", item.id)));
        }
        let region = find_body(&desk.rules, region)?;
        let value = MeasuredValue { measure, region, period: period.clone(), value: value.clone() };
        let changed = desk.store.set_value(&value, WHO, desk.now).await?;
        return Ok(recorded(changed, out)?);
    }
    let measure = NewMeasure {
        item: item.id.clone(),
        name: args.name.clone().unwrap_or_default(),
        unit: args.measured_in.clone(),
        target: args.target.clone(),
        source: args.source.clone(),
    };
    let number = desk.store.add_measure(&measure, WHO, desk.now).await?;
    writeln!(out, "measure {number} of {}", item.id)?;
    Ok(())
}
