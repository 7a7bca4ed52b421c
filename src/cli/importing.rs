//! `import`.

mod args;
mod meetings;
mod people;
mod plan;

use std::borrow::Cow;
use std::io::{Read, Write};
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;

use super::misplaced::{keep_out, warnings};
use super::planning::find_body;
use super::reviewing::{review, review_json};
use super::{CheckFormat, CliError, Context, Done, Exit};
use crate::app::files;
use crate::app::intake;
use crate::calendar::today;
use crate::ids::BodyId;
use crate::import::{self, Imported, LogCsvRow};
use crate::items::register::LogEntry;
use crate::rules::Rules;
use crate::store::{Access, ImportReport, PlanReport, Store};

pub(super) use args::{ImportArgs, ImportKind};

/// More is never pasted; a list that is cut off here is refused for its size.
const MOST_BYTES: u64 = 17 * 1024 * 1024;

/// Who did it, in the history.
const WHO: &str = "import";

/// What an import is done with.
struct Import<'a> {
    rules: &'a Rules,
    args: &'a ImportArgs,
    now: Timestamp,
    /// As of which day the file is true.
    as_of: Date,
}

pub(super) async fn import(context: &Context<'_>, args: &ImportArgs, out: &mut (dyn Write + Send)) -> Done {
    let config = context.config()?;
    let rules = files::load(config.workflows.as_deref(), config.quiet.clone())?;
    let bytes = bytes(&args.file)?;
    let now = context.clock.now();
    let as_of = args.as_of.unwrap_or_else(|| today(now));
    if let Some(source) = plan::Source::of_document(&bytes, args, &rules, as_of)? {
        return plan::import(context, &config, &rules, args, source, out).await;
    }
    let meetings = match args.kind {
        Some(kind) => kind == ImportKind::Meetings,
        None => !import::is_workbook(&bytes) && import::meetings::recognises(&bytes),
    };
    if meetings {
        return meetings::import(context, &config, &rules, args, &bytes, out).await;
    }
    let imported = import::read(&args.file.to_string_lossy(), &bytes, &rules.organisation)?;
    let kind = match imported {
        Imported::People(_) => ImportKind::People,
        Imported::Items(_) => ImportKind::Items,
        Imported::Log(_) => ImportKind::Log,
    };
    if args.kind.is_some_and(|wanted| wanted != kind) {
        let message = format!("{} holds something else: its heading says {kind:?}", args.file.display());
        return Err(CliError::Refused(message.to_lowercase()));
    }
    let import = Import { rules: &rules, args, now, as_of };
    let of_people = kind == ImportKind::People;
    if !of_people && args.end_missing.is_some() {
        let message = "--end-missing is for lists of people";
        return Err(CliError::Usage(message.to_owned()));
    }
    let text = text_of(&bytes, &imported);
    let imported = match imported {
        Imported::Items(rows) => {
            let source = plan::Source::of_list(rows, &text);
            return plan::import(context, &config, &rules, args, source, out).await;
        }
        other => other,
    };
    let file = [("the file", text.as_ref())];
    if !args.dry_run {
        keep_out(file, args.anyway)?;
    }
    let mut said = warnings(file);
    // Looking makes no database.
    let looks = of_people || args.body.is_some();
    if !args.dry_run || (looks && config.database.existing()) {
        let store = Store::open(&config.database, Access::Beside).await?;
        said.extend(import.take(&store, imported.clone()).await?);
        store.close().await;
    }
    if args.format == CheckFormat::Json {
        writeln!(out, "{}", review_json(&imported, import.as_of, &said))?;
    } else {
        review(&imported, &rules, import.as_of, out)?;
        said.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    Ok(Exit::Success)
}

impl Import<'_> {
    /// Takes over what was read, or with `--dry-run` only finds out what that would do. Says what it did.
    async fn take(&self, store: &Store, imported: Imported) -> Result<Vec<String>, CliError> {
        match imported {
            Imported::People(list) => self.take_people(store, list).await,
            Imported::Items(_) => Ok(Vec::new()),
            Imported::Log(rows) => self.take_log(store, rows).await,
        }
    }

    fn body(&self) -> Result<BodyId, CliError> {
        let Some(body) = &self.args.body else {
            return Err(CliError::Usage("say whose plan it is: --body BODY".to_owned()));
        };
        find_body(self.rules, body)
    }

    async fn take_log(&self, store: &Store, rows: Vec<LogCsvRow>) -> Result<Vec<String>, CliError> {
        let body = self.body()?;
        let items = store.facts().await?.items;
        let lines = intake::log(rows, &body, &items, self.as_of).map_err(CliError::Refused)?;
        if self.args.dry_run {
            return Ok(vec![planned(lines.iter().map(|(_, entry)| entry))]);
        }
        let added = store.take_log(&lines, WHO, self.now).await?;
        Ok(vec![format!("{added} lines added, {} as they were", lines.len() - added)])
    }
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

/// The text that could hold what doesn't belong here: of a workbook what is taken over of it.
fn text_of<'a>(bytes: &'a [u8], imported: &Imported) -> Cow<'a, str> {
    match imported {
        Imported::People(list) if import::is_workbook(bytes) => {
            let lines = list.rows.iter().map(|row| format!("{} {}\n", row.name, row.address));
            Cow::Owned(lines.collect())
        }
        _ => String::from_utf8_lossy(bytes),
    }
}

fn counted(report: ImportReport) -> String {
    format!("{} added, {} changed, {} as they were", report.added, report.changed, report.unchanged)
}

fn planned<'a>(lines: impl Iterator<Item = &'a LogEntry>) -> String {
    let (mut all, mut planned) = (0, 0);
    for line in lines {
        all += 1;
        planned += usize::from(line.planned);
    }
    format!("{all} lines, {planned} of them planned")
}

/// What taking in a plan did beside its units, in lines.
fn news(report: &PlanReport, version: Option<&str>) -> Vec<String> {
    let mut lines = Vec::new();
    let news = [
        (report.cards, "cards"),
        (report.lines, "log lines"),
        (report.deadlines, "deadlines"),
        (report.waits, "waits"),
        (report.assignments, "drafts of assignments"),
    ];
    let news: Vec<String> =
        news.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    if !news.is_empty() {
        lines.push(format!("new: {}", news.join(", ")));
    }
    for (id, was, title) in &report.renamed {
        lines.push(format!("renamed {id}: `{was}` is now `{title}`"));
    }
    for item in &report.missing {
        let (unit, title) = (item.unit(), item.display_title());
        lines.push(format!("would vanish without a closing entry, so it stays: {unit} {title}"));
    }
    if let Some(name) = version.filter(|_| report.version) {
        lines.push(format!("kept as the version `{name}`"));
    }
    lines
}
