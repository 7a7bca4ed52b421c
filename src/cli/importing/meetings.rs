//! `import` of a list of meetings.

use std::io::Write;

use serde_json::{Value, json};

use super::ImportArgs;
use super::WHO;
use crate::app::intake::enter_meetings;
use crate::calendar::today;
use crate::cli::planning::find_body;
use crate::cli::{CheckFormat, CliError, Context, Done, Exit};
use crate::config::Config;
use crate::ids::OccasionRef;
use crate::import::meetings::placing::{Fate, place};
use crate::import::meetings::{Given, MeetingRow, MeetingsRead, RowKind, read_meetings};
use crate::plan::model::Facts;
use crate::plan::show;
use crate::rules::Rules;
use crate::store::{Access, Store};
use crate::workflow::model::Span;

pub(super) async fn import(
    context: &Context<'_>,
    config: &Config,
    rules: &Rules,
    args: &ImportArgs,
    bytes: &[u8],
    out: &mut (dyn Write + Send),
) -> Done {
    let body = args.body.as_deref().map(|name| find_body(rules, name)).transpose()?;
    let file = args.file.to_string_lossy();
    let given = Given {
        file: if file == "-" { "pasted" } else { &file },
        year: args.year,
        day: args.date,
        today: args.as_of.unwrap_or_else(|| today(context.clock.now())),
        title: body.as_ref().and_then(|id| rules.organisation.bodies.get(id)).map(|b| b.short.as_str()),
    };
    let read = read_meetings(bytes, &given)?;
    let (fates, new) = match (&body, args.dry_run) {
        (None, false) => {
            return Err(CliError::Usage("say whose meetings they are: --body BODY".to_owned()));
        }
        (None, true) => (Vec::new(), Vec::new()),
        (Some(body), true) => {
            let facts = match config.database.existing() {
                true => Store::open(&config.database, Access::Beside).await?.facts().await?,
                false => Facts::default(),
            };
            (place(&read.meetings, body, given.today, &rules.world(&facts)), Vec::new())
        }
        (Some(body), false) => {
            let store = Store::open(&config.database, Access::Beside).await?;
            let by = (WHO, context.clock.now());
            let entered = enter_meetings(&store, rules, body, &read.meetings, given.today, by).await?;
            store.close().await;
            entered
        }
    };
    match args.format {
        CheckFormat::Json => writeln!(out, "{}", as_json(&read, &fates))?,
        CheckFormat::Text => {
            as_text(&read, &fates, out)?;
            new.iter().try_for_each(|at: &OccasionRef| writeln!(out, "opened {} {}", at.workflow, at.id))?;
            if !args.dry_run {
                counts(&fates, out)?;
            }
        }
    }
    Ok(Exit::Success)
}

/// What becomes of a meeting, in words.
fn becomes(fate: &Fate) -> String {
    let name = |at: &OccasionRef| format!("{} {}", at.workflow, at.id);
    match fate {
        Fate::Same(at) => format!("known: {}", name(at)),
        Fate::Changed { at, was, date } => {
            let days = |span: Span| (span.first(), span.last());
            let moved = date.span.is_some_and(|span| days(span) != days(*was));
            let what = if moved { "moved" } else { "new time or place" };
            format!("{what}: {}, was {}", name(at), when(*was))
        }
        Fate::Dated { at, title, .. } => format!("dates: {} ({title})", name(at)),
        Fate::New { workflow, entry, opened } => format!("new: {workflow} {entry} ({})", opened.title),
        Fate::Left(why) => format!("not entered: {why}"),
    }
}

/// `2025-10-15/16`, `2025-02-12 10:00-16:00`
fn when(span: Span) -> String {
    match span {
        Span::AllDay { first, last } if first == last => first.to_string(),
        Span::AllDay { first, last } => format!("{first} - {last}"),
        Span::Timed { start, end } if start.date() == end.date() => {
            format!("{} {}-{}", start.date(), start.strftime("%H:%M"), end.strftime("%H:%M"))
        }
        Span::Timed { start, end } => {
            format!("{} - {}", start.strftime("%Y-%m-%d %H:%M"), end.strftime("%Y-%m-%d %H:%M"))
        }
    }
}

fn line(row: &MeetingRow) -> String {
    let place = row.place.as_ref().map(|p| format!(", {p}")).unwrap_or_default();
    let note = row.note.as_ref().map(|n| format!(" ({n})")).unwrap_or_default();
    format!("{} {}{place}{note}", when(row.span), row.title)
}

/// What a person should look at comes first, then what was understood.
fn as_text(read: &MeetingsRead, fates: &[Fate], out: &mut dyn Write) -> std::io::Result<()> {
    let count = |kind| read.meetings.iter().filter(|m| m.kind == kind).count();
    writeln!(
        out,
        "meetings: {} and {} periods; {} lines that are none",
        count(RowKind::Meeting),
        count(RowKind::Period),
        read.unplaced.len()
    )?;
    let left = |i: usize| match fates.get(i) {
        Some(Fate::Left(why)) => Some(format!("not entered: {why}")),
        _ => None,
    };
    let doubtful: Vec<(&MeetingRow, Vec<String>)> = read
        .meetings
        .iter()
        .enumerate()
        .map(|(i, row)| (row, row.unsure.iter().cloned().chain(left(i)).collect::<Vec<_>>()))
        .filter(|(_, doubts)| !doubts.is_empty())
        .collect();
    if !doubtful.is_empty() || !read.warnings.is_empty() {
        writeln!(out, "\nDoubts")?;
    }
    read.warnings.iter().try_for_each(|warning| writeln!(out, "  {warning}"))?;
    for (row, doubts) in doubtful {
        writeln!(out, "  {}", line(row))?;
        doubts.iter().try_for_each(|doubt| writeln!(out, "    {doubt}"))?;
    }
    writeln!(out, "\nUnderstood")?;
    for (i, row) in read.meetings.iter().enumerate() {
        writeln!(out, "  {}", line(row))?;
        if let Some(fate) = fates.get(i).filter(|f| !matches!(f, Fate::Left(_))) {
            writeln!(out, "    {}", becomes(fate))?;
        }
    }
    if !read.unplaced.is_empty() {
        writeln!(out, "\nNo meeting")?;
    }
    let unplaced = |u: &crate::import::meetings::Unplaced| {
        let first = u.lines.first().copied().unwrap_or(1);
        format!("  line {first}: {}: {}", u.text, u.why)
    };
    read.unplaced.iter().try_for_each(|u| writeln!(out, "{}", unplaced(u)))
}

fn counts(fates: &[Fate], out: &mut dyn Write) -> std::io::Result<()> {
    let count = |is: fn(&Fate) -> bool| fates.iter().filter(|f| is(f)).count();
    writeln!(
        out,
        "{} dated, {} changed, {} new, {} as they were, {} not entered",
        count(|f| matches!(f, Fate::Dated { .. })),
        count(|f| matches!(f, Fate::Changed { .. })),
        count(|f| matches!(f, Fate::New { .. })),
        count(|f| matches!(f, Fate::Same(_))),
        count(|f| matches!(f, Fate::Left(_))),
    )
}

fn as_json(read: &MeetingsRead, fates: &[Fate]) -> Value {
    let meetings = read.meetings.iter().enumerate().map(|(i, row)| {
        let (start, end, all_day) = show::ends(row.span);
        json!({
            "start": start, "end": end, "all_day": all_day, "title": row.title, "place": row.place,
            "note": row.note, "unsure": row.unsure, "kind": row.kind.code(), "group": row.group,
            "lines": row.lines, "becomes": fates.get(i).map(becomes),
        })
    });
    let unplaced = read.unplaced.iter().map(|u| format!("{}: {}", u.text, u.why));
    json!({
        "kind": "meetings",
        "meetings": meetings.collect::<Vec<_>>(),
        "unplaced": unplaced.collect::<Vec<_>>(),
        "warnings": read.warnings,
        "headings": read.headings.iter().map(|h| &h.text).collect::<Vec<_>>(),
    })
}
