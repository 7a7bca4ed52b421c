//! `import`.

mod meetings;

use std::io::{Read, Write};
use std::path::Path;

use serde_json::json;

use super::planning::{find_body, midnight};
use super::{CheckFormat, CliError, Context, Done, Exit, ImportArgs, ImportKind};
use crate::app::files;
use crate::app::intake::{items, people};
use crate::ids::ItemId;
use crate::import::{self, Imported};
use crate::rules::Rules;
use crate::store::{Access, Store};

/// More is never pasted; a list that is cut off here is refused for its size.
const MOST_BYTES: u64 = 17 * 1024 * 1024;

/// Who did it, in the history.
const WHO: &str = "import";

pub(super) async fn import(context: &Context<'_>, args: &ImportArgs, out: &mut (dyn Write + Send)) -> Done {
    let config = context.config()?;
    let rules = files::load(config.workflows.as_deref(), config.quiet.clone())?;
    let bytes = bytes(&args.file)?;
    let meetings =
        args.kind.map_or_else(|| import::meetings::recognises(&bytes), |k| k == ImportKind::Meetings);
    if meetings {
        return meetings::import(context, &config, &rules, args, &bytes, out).await;
    }
    let imported = import::read(&args.file.to_string_lossy(), &bytes, &rules.organisation)?;
    let kind = match imported {
        Imported::People(_) => ImportKind::People,
        Imported::Items(_) => ImportKind::Items,
    };
    if args.kind.is_some_and(|wanted| wanted != kind) {
        let message = format!("{} holds something else: its heading says {kind:?}", args.file.display());
        return Err(CliError::Refused(message.to_lowercase()));
    }
    if args.format == CheckFormat::Json {
        writeln!(out, "{}", review_json(&imported))?;
    } else {
        review(&imported, &rules, out)?;
    }
    if args.dry_run {
        return Ok(Exit::Success);
    }
    let now = context.clock.now();
    let as_of = args.as_of.map_or(now, |day| midnight(day).min(now));
    let store = Store::open(&config.database, Access::Beside).await?;
    let report = match imported {
        Imported::People(rows) => store.save_people(&people(rows), WHO, now).await?,
        Imported::Items(rows) => {
            let Some(body) = &args.body else {
                return Err(CliError::Usage("say whose plan it is: --body BODY".to_owned()));
            };
            let body = find_body(&rules, body)?;
            let known = store.facts().await?.people;
            let items = items(rows, &body, &known, as_of).map_err(CliError::Refused)?;
            store.save_items(&body, &items, WHO, now).await?
        }
    };
    if args.format == CheckFormat::Text {
        writeln!(
            out,
            "{} added, {} changed, {} as they were",
            report.added, report.changed, report.unchanged
        )?;
    }
    store.close().await;
    Ok(Exit::Success)
}

/// A file, or with `-` what comes on standard input, up to what a list may hold.
fn bytes(file: &Path) -> Result<Vec<u8>, CliError> {
    let wrong = |error| CliError::Refused(format!("{} can't be read: {error}", file.display()));
    if file.as_os_str() != "-" {
        return std::fs::read(file).map_err(wrong);
    }
    let mut bytes = Vec::new();
    std::io::stdin().take(MOST_BYTES).read_to_end(&mut bytes).map_err(wrong)?;
    Ok(bytes)
}

fn review(imported: &Imported, rules: &Rules, out: &mut dyn Write) -> std::io::Result<()> {
    match imported {
        Imported::People(rows) => {
            writeln!(out, "people: {} terms of office", rows.len())?;
            for row in rows {
                let title = rules.organisation.role_title(&row.body, &row.role);
                let deputy = if row.deputy { " (deputy)" } else { "" };
                writeln!(out, "  {} {title}{deputy}: {} <{}>", row.body, row.name, row.address)?;
            }
        }
        Imported::Items(rows) => {
            writeln!(out, "items: {} rows", rows.len())?;
            for row in rows {
                let part = row.part.as_ref().map(|p| format!(" ({p})")).unwrap_or_default();
                let owner = if row.owner.is_some() { "" } else { ", no owner" };
                writeln!(
                    out,
                    "  {}{part}: {}, {}{owner}",
                    row.title,
                    row.phase.swedish(),
                    row.health.swedish()
                )?;
            }
        }
    }
    Ok(())
}

fn review_json(imported: &Imported) -> serde_json::Value {
    match imported {
        Imported::People(rows) => {
            let people = rows.iter().map(|r| {
                json!({"body": r.body, "role": r.role, "name": r.name, "address": r.address,
                       "from": r.from, "until": r.until, "deputy": r.deputy})
            });
            json!({"kind": "people", "people": people.collect::<Vec<_>>(), "unplaced": [], "warnings": []})
        }
        Imported::Items(rows) => {
            // Parts of one item stand together, as in the plan they came from.
            let mut items: Vec<(&ItemId, &str, Vec<serde_json::Value>)> = Vec::new();
            for row in rows {
                let part = json!({"name": row.part, "phase": row.phase.code(), "health": row.health.code(), "status_text": ""});
                match items.iter_mut().find(|(id, ..)| *id == &row.id) {
                    Some((.., parts)) => parts.push(part),
                    None => items.push((&row.id, &row.title, vec![part])),
                }
            }
            let items = items.into_iter().map(|(_, title, parts)| {
                json!({"title": title, "focus_area": null, "source": null, "promises": [], "activities": [],
                       "parts": parts, "log": [], "deadlines": [], "waits": [], "owners": [], "unsure": []})
            });
            json!({"kind": "plan", "items": items.collect::<Vec<_>>(), "unplaced": [], "warnings": []})
        }
    }
}
