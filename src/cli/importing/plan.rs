//! `import` of a plan: a deck, a text, a workbook or a list.

mod json;
mod review;

use std::io::Write;

use super::{ImportArgs, ImportKind};
use crate::app::takeover::{Answers, Asked, Incoming, TakeoverError, Worked, look, take};
use crate::calendar::today;
use crate::cli::misplaced::{keep_out, warnings};
use crate::cli::planning::{find_body, midnight};
use crate::cli::progress::Progress;
use crate::cli::{CheckFormat, CliError, Context, Done, Exit};
use crate::config::Config;
use crate::ids::BodyId;
use crate::import::office::{self, Block, Document, Kind, Limits};
use crate::import::plans::{Place, recognises};
use crate::import::{ItemRow, Sheet};
use crate::rules::Rules;
use crate::store::{Access, PlanReport, Store};
use jiff::civil::Date;

use super::WHO;

/// A plan that was read, and where its words stand.
pub(super) struct Source {
    pub incoming: Incoming,
    /// What kind of file; none of a list.
    kind: Option<Kind>,
    /// Its texts by their places, to be looked through for what doesn't belong in a plan.
    texts: Vec<(String, String)>,
}

impl Source {
    /// A list of items, as it was read out of a file.
    pub fn of_list(rows: Vec<ItemRow>, text: &str) -> Self {
        let texts = vec![("the file".to_owned(), text.to_owned())];
        Self { incoming: Incoming::of_list(rows), kind: None, texts }
    }

    /// A plan, if the file holds one: not a list of items, which has a reader of its own.
    pub fn of_document(
        bytes: &[u8],
        args: &ImportArgs,
        rules: &Rules,
        as_of: Date,
    ) -> Result<Option<Self>, CliError> {
        let meant = args.kind == Some(ImportKind::Items);
        if args.kind.is_some_and(|kind| kind != ImportKind::Items) || (is_list(bytes) && !is_packed(bytes)) {
            return Ok(None);
        }
        let name = args.file.to_string_lossy();
        let document = match office::read(&name, bytes, &Limits::default()) {
            Ok(document) => document,
            Err(faults) if meant || !is_text(bytes) => return Err(faults.into()),
            Err(_) => return Ok(None),
        };
        if !recognises(&document) {
            let is_plan = meant || matches!(document.kind, Kind::Pptx | Kind::Docx);
            return if is_plan { Err(no_plan(&name)) } else { Ok(None) };
        }
        let incoming = Incoming::of_document(&document, &rules.organisation, as_of);
        Ok(Some(Self { incoming, kind: Some(document.kind), texts: texts(&document) }))
    }

    /// Where something stands: `slide 2, row 3`.
    fn place(&self, place: Place) -> String {
        self.kind.map_or_else(String::new, |kind| at(kind, place))
    }
}

fn no_plan(name: &str) -> CliError {
    CliError::Refused(format!(
        "{name} holds no plan that is known again: a plan has a table, or lines, under headings such as `Prioriterat \
         område`, `Aktiviteter`, `Uppföljning` and `Status`"
    ))
}

fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK")
}

fn is_text(bytes: &[u8]) -> bool {
    !is_packed(bytes) && !bytes.starts_with(b"\xD0\xCF\x11\xE0") && !bytes.starts_with(b"%PDF")
}

/// Whether a file is a list with the columns of items, logs or people.
fn is_list(bytes: &[u8]) -> bool {
    Sheet::read("", bytes).is_ok_and(|sheet| {
        sheet.has(&["punkt"]) || (sheet.has(&["roll"]) && sheet.has(&["epost", "e-post", "adress"]))
    })
}

fn at(kind: Kind, place: Place) -> String {
    let (page, row) = match kind {
        Kind::Pptx => ("slide", "row"),
        Kind::Docx => ("section", "row"),
        Kind::Xlsx => ("sheet", "row"),
        Kind::Csv | Kind::Text => ("page", "line"),
    };
    let row = (place.row > 0).then(|| format!("{row} {}", place.row));
    let alone = matches!(kind, Kind::Csv | Kind::Text) && place.page <= 1;
    let page = (!alone && place.page > 0).then(|| format!("{page} {}", place.page));
    let said: Vec<String> = page.into_iter().chain(row).collect();
    if said.is_empty() { "the document".to_owned() } else { said.join(", ") }
}

/// Every text of a document with its place.
fn texts(document: &Document) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for page in &document.pages {
        let mut put = |row: usize, text: String| {
            texts.push((at(document.kind, Place { page: page.number, row }), text));
        };
        page.heading.iter().for_each(|heading| put(0, heading.clone()));
        for block in &page.blocks {
            match block {
                Block::Text(paragraphs) => {
                    let lines: Vec<&str> = paragraphs.iter().map(|p| p.text.as_str()).collect();
                    put(0, lines.join("\n"));
                }
                Block::Table(table) => {
                    for row in &table.rows {
                        row.cells.iter().for_each(|cell| put(row.number, cell.text()));
                    }
                }
            }
        }
    }
    texts
}

pub(super) async fn import(
    context: &Context<'_>,
    config: &Config,
    rules: &Rules,
    args: &ImportArgs,
    source: Source,
    out: &mut (dyn Write + Send),
) -> Done {
    let texts = || source.texts.iter().map(|(at, text)| (at.as_str(), text.as_str()));
    if !args.dry_run {
        keep_out(texts(), args.anyway)?;
    }
    let body = body(args, &source, rules)?;
    let now = context.clock.now();
    let as_of = args.as_of.unwrap_or_else(|| today(now));
    let nobody = BodyId::new("plan");
    let asked = Asked {
        body: body.as_ref().unwrap_or(&nobody),
        as_of,
        recorded: args.as_of.map_or(now, |day| midnight(day).min(now)),
        answers: Answers { same: &args.same, new: &args.new, take: &args.take },
        version: args.version.as_deref(),
    };
    // Looking makes no database.
    let looks = args.dry_run && (body.is_none() || !config.database.existing());
    let store = if looks { None } else { Some(Store::open(&config.database, Access::Beside).await?) };
    let progress = Progress::new("rows written", args.format == CheckFormat::Text);
    let done = |n: usize, all: usize| progress.at(n, all);
    let (worked, report) = match &store {
        Some(store) if !args.dry_run => {
            take(store, rules, &source.incoming, &asked, (WHO, now), &done).await.map_err(refused)?
        }
        store => look(store.as_ref(), rules, &source.incoming, &asked, now).await.map_err(refused)?,
    };
    progress.end();
    if let Some(store) = store {
        store.close().await;
    }
    let shown = Shown {
        source: &source,
        rules,
        asked: &asked,
        worked: &worked,
        report: report.as_ref(),
        misplaced: warnings(texts()),
        wrote: !args.dry_run,
    };
    match args.format {
        CheckFormat::Json => writeln!(out, "{}", json::plan(&shown))?,
        CheckFormat::Text => review::plan(&shown, out)?,
    }
    let open = !worked.open.is_empty() || worked.has_conflicts();
    Ok(if open && !args.dry_run { Exit::No } else { Exit::Success })
}

fn refused(error: TakeoverError) -> CliError {
    match error {
        TakeoverError::Told(wrong) => CliError::Refused(wrong.join("\n")),
        TakeoverError::Store(error) => error.into(),
    }
}

/// Whose plan it is: as said, or as the export says that it was made from.
fn body(args: &ImportArgs, source: &Source, rules: &Rules) -> Result<Option<BodyId>, CliError> {
    let exported = source.incoming.stamp.as_ref().map(|stamp| &stamp.body);
    let Some(named) = &args.body else {
        return match exported {
            Some(body) => Ok(Some(body.clone())),
            None if args.dry_run => Ok(None),
            None => Err(CliError::Usage("say whose plan it is: --body BODY".to_owned())),
        };
    };
    let body = find_body(rules, named)?;
    if let Some(other) = exported.filter(|exported| **exported != body) {
        let message = format!("the document was exported from the plan of {other}, not of {body}");
        return Err(CliError::Refused(format!("{message}; say --body {other}")));
    }
    Ok(Some(body))
}

/// What is shown of a takeover.
struct Shown<'a> {
    source: &'a Source,
    rules: &'a Rules,
    asked: &'a Asked<'a>,
    worked: &'a Worked,
    /// What taking it did or would do; none without a register, or where nothing was written since something is open.
    report: Option<&'a PlanReport>,
    /// What looks like a personal number.
    misplaced: Vec<String>,
    wrote: bool,
}
