//! `compile`.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::planning::find_body;
use super::{CliError, Context, Done, Exit};
use crate::app::compiling::{CompileError, Named, Round, find, gather};
use crate::app::files;
use crate::documents::{Compilation, diary, docx};
use crate::ids::OccasionId;
use crate::plan::model::{Facts, Listed};
use crate::rules::Rules;
use crate::store::{Access, Store};

#[derive(Debug, Args)]
pub(super) struct CompileArgs {
    /// The workflow whose step asked
    workflow: String,
    /// The occasion: `sommar.2025`, `remiss.2025.3`
    occasion: String,
    /// The body it was done for
    #[arg(long)]
    body: Option<String>,
    /// The number of a listed matter, where several are listed
    #[arg(long, value_name = "N")]
    listed: Option<u16>,
    /// The step that asked (default: the one that asks for texts)
    #[arg(long)]
    step: Option<String>,
    /// Write the names of those who were asked, too
    #[arg(long)]
    names: bool,
    /// The document to write
    #[arg(long, value_name = "FILE.docx", required_unless_present_any = ["diary", "files"])]
    out: Option<PathBuf>,
    /// The list for the diary to write; of all listed matters, unless one is named
    #[arg(long, value_name = "FILE.csv")]
    diary: Option<PathBuf>,
    /// A new folder to put the handed in files in, by number and name
    #[arg(long, value_name = "DIR")]
    files: Option<PathBuf>,
    /// Overwrite files that are there
    #[arg(long)]
    force: bool,
}

pub(super) async fn compile(context: &Context<'_>, args: &CompileArgs, out: &mut (dyn Write + Send)) -> Done {
    let Ok(id) = args.occasion.parse::<OccasionId>() else {
        return Err(CliError::Usage(format!("`{}` is no occasion; write ENTRY.YEAR", args.occasion)));
    };
    if args.out.is_some() && args.out == args.diary {
        return Err(CliError::Usage("--out and --diary name the same file".to_owned()));
    }
    for file in args.out.iter().chain(&args.diary).chain(&args.files) {
        if !args.force && file.exists() {
            return Err(exists(file));
        }
    }
    let config = context.config()?;
    let rules = files::load(config.workflows.as_deref(), config.quiet.clone())?;
    let store = Store::open(&config.database, Access::Beside).await?;
    let facts = store.facts().await?;
    let body = args.body.as_deref().map(|name| find_body(&rules, name)).transpose()?;
    let named =
        Named { workflow: &args.workflow, occasion: &id, body: body.as_ref(), step: args.step.as_deref() };
    let round = find(&rules, &facts, named)?;
    let matters = matters(&round, &facts, args)?;
    let mut compiled = Vec::new();
    for listed in matters {
        if let Some(folder) = &args.files {
            let count = attachments(&store, &round, listed, folder, args.force).await?;
            writeln!(out, "{}: {count} files", folder.display())?;
        }
        compiled.push(made(context, &store, &rules, &facts, &round, listed, args.names).await?);
    }
    store.close().await;
    if let (Some(file), Some(only)) = (&args.out, compiled.first()) {
        let bytes = docx(only).map_err(|error| CliError::Refused(error.to_string()))?;
        write(file, &bytes, args.force)?;
        writeln!(out, "{}: {}", file.display(), counted(only))?;
    }
    if let Some(file) = &args.diary {
        write(file, diary(&compiled).as_bytes(), args.force)?;
        let each = compiled.iter().map(|c| format!("{}: {}", c.title, counted(c))).collect::<Vec<_>>();
        writeln!(out, "{}: {}", file.display(), each.join("; "))?;
    }
    Ok(Exit::Success)
}

/// A document is about one matter. A list for the diary may hold all that are listed.
fn matters<'f>(
    round: &Round<'_>,
    facts: &'f Facts,
    args: &CompileArgs,
) -> Result<Vec<Option<&'f Listed>>, CliError> {
    let all = round.listed(facts);
    if args.out.is_none() && args.listed.is_none() && !all.is_empty() {
        return Ok(all.into_iter().map(Some).collect());
    }
    Ok(vec![round.one(facts, args.listed)?])
}

async fn made(
    context: &Context<'_>,
    store: &Store,
    rules: &Rules,
    facts: &Facts,
    round: &Round<'_>,
    listed: Option<&Listed>,
    names: bool,
) -> Result<Compilation, CliError> {
    let requests = gather(store, round, listed).await?;
    Ok(round.compilation(rules, facts, listed, &requests, names, context.clock.now()))
}

/// Writes what was handed in as files. Names are as their owners call them, with a number before, since two may
/// have called theirs the same; they hold no path, as the store has seen to.
async fn attachments(
    store: &Store,
    round: &Round<'_>,
    listed: Option<&Listed>,
    folder: &Path,
    force: bool,
) -> Result<usize, CliError> {
    let requests = gather(store, round, listed).await?;
    let handed = requests.iter().filter_map(|request| request.handed.as_ref()?.file.as_ref());
    let refused = |error| CliError::Refused(format!("{} can't be made: {error}", folder.display()));
    fs::create_dir_all(folder).map_err(refused)?;
    let mut count = 0;
    for file in handed {
        let Some(stored) = store.file(file.id).await? else { continue };
        count += 1;
        write(&folder.join(format!("{}-{}", file.id, file.name)), &stored.bytes, force)?;
    }
    Ok(count)
}

fn counted(of: &Compilation) -> String {
    match of.respondents.len() {
        0 => "nobody has been asked".to_owned(),
        asked => format!("{} of {asked} have answered", of.answered()),
    }
}

pub(super) fn exists(file: &Path) -> CliError {
    CliError::Refused(format!("{} exists; --force overwrites it", file.display()))
}

pub(super) fn write(file: &Path, bytes: &[u8], force: bool) -> Result<(), CliError> {
    let refused = |error: &std::io::Error| match error.kind() {
        ErrorKind::AlreadyExists => exists(file),
        _ => CliError::Refused(format!("{} can't be written: {error}", file.display())),
    };
    if force {
        return fs::write(file, bytes).map_err(|error| refused(&error));
    }
    let mut new: File =
        OpenOptions::new().write(true).create_new(true).open(file).map_err(|error| refused(&error))?;
    new.write_all(bytes).map_err(|error| refused(&error))
}

impl From<CompileError> for CliError {
    fn from(error: CompileError) -> Self {
        match error {
            CompileError::Store(error) => Self::Store(error),
            other => Self::Refused(other.to_string()),
        }
    }
}
