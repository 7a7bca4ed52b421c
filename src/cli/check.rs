//! `check` and `schema`.

use std::io::Write;

use super::{CheckArgs, CheckFormat, CliError, Context, Done, Exit, SchemaOf};
use crate::app::{files, templates};
use crate::config::{self, Config};
use crate::fault::{Fault, Faults};
use crate::grammar::SourceFile;
use crate::{organisation, workflow};

pub(super) fn check(context: &Context<'_>, args: &CheckArgs, out: &mut (dyn Write + Send)) -> Done {
    let mut faults: Vec<Fault> = Vec::new();
    let mut checked = 0;
    let mut count = |reading: Result<usize, Faults>| match reading {
        Ok(files) => checked += files,
        Err(found) => faults.extend(found.iter().cloned()),
    };
    if args.paths.is_empty() {
        match Config::load(context.environment) {
            Ok(config) => {
                count(files::check_folder(config.workflows.as_deref()));
                count(templates::check(config.templates.as_deref()));
            }
            Err(found) => count(Err(found)),
        }
    } else {
        let (configs, rest): (Vec<_>, Vec<_>) = args
            .paths
            .iter()
            .partition(|p| p.is_file() && p.file_name().is_some_and(|n| n == config::DEFAULT_FILE));
        for path in configs {
            let file = SourceFile::new(path.to_string_lossy(), std::fs::read_to_string(path)?);
            let config = Config::read(Some(&file), context.environment);
            count(config.and_then(|c| Ok(1 + templates::check(c.templates.as_deref())?)));
        }
        if !rest.is_empty() {
            count(files::check_paths(&rest)?);
        }
    }
    let faults = Faults::new(faults);
    for fault in faults.iter() {
        match args.format {
            CheckFormat::Text => writeln!(out, "{fault}")?,
            CheckFormat::Json => {
                let line = serde_json::to_string(fault).map_err(std::io::Error::from)?;
                writeln!(out, "{line}")?;
            }
        }
    }
    if !faults.is_empty() {
        return Ok(Exit::No);
    }
    if args.format == CheckFormat::Text {
        writeln!(out, "{checked} files, no faults")?;
    }
    Ok(Exit::Success)
}

pub(super) fn schema(of: SchemaOf, out: &mut (dyn Write + Send)) -> Done {
    let schema = match of {
        SchemaOf::Workflow => workflow::schema(),
        SchemaOf::Organisation => organisation::file::schema(),
        SchemaOf::Config => config::schema(),
    };
    let text = serde_json::to_string_pretty(&schema).map_err(|e| CliError::Io(e.into()))?;
    writeln!(out, "{text}")?;
    Ok(Exit::Success)
}
