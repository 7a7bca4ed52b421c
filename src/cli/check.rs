//! `check` and `schema`.

use std::io::Write;

use jiff::ToSpan;
use jiff::civil::Date;

use super::planning::midnight;
use super::{CheckArgs, CheckFormat, CliError, Context, Done, Exit, SchemaOf};
use crate::app::{files, templates};
use crate::calendar::{QuietPeriods, today};
use crate::config::{self, Config};
use crate::fault::{Fault, Faults};
use crate::grammar::SourceFile;
use crate::plan::feasible::{self, Warning};
use crate::plan::model::{Facts, Starts};
use crate::plan::{Assume, Window, plan};
use crate::rules::Rules;
use crate::{organisation, workflow};

/// How long before the year ahead everything counts as started: nothing in it is asked late for want of a start.
const STARTED_DAYS_BEFORE: i64 = 400;

/// What checking came to, over all sets of files.
#[derive(Default)]
struct Judged {
    files: usize,
    faults: Vec<Fault>,
    warnings: Vec<String>,
}

pub(super) fn check(context: &Context<'_>, args: &CheckArgs, out: &mut (dyn Write + Send)) -> Done {
    let mut judged = Judged::default();
    let today = today(context.clock.now());
    if args.paths.is_empty() {
        let configured = Config::load(context.environment)
            .and_then(|config| Ok((files::Set::configured(config.workflows.as_deref())?, config)));
        match configured {
            Ok((set, config)) => {
                mail_templates(&config, &mut judged);
                judge(&set, config.quiet, today, &mut judged);
            }
            Err(found) => judged.faults.extend(found),
        }
    } else {
        let (configs, rest): (Vec<_>, Vec<_>) = args
            .paths
            .iter()
            .partition(|p| p.is_file() && p.file_name().is_some_and(|n| n == config::DEFAULT_FILE));
        let mut quiet = QuietPeriods::default();
        for path in configs {
            let file = SourceFile::new(path.to_string_lossy(), std::fs::read_to_string(path)?);
            match Config::read(Some(&file), context.environment) {
                Ok(config) => {
                    judged.files += 1;
                    mail_templates(&config, &mut judged);
                    quiet = config.quiet;
                }
                Err(found) => judged.faults.extend(found),
            }
        }
        for set in files::sets(&rest)? {
            judge(&set, quiet.clone(), today, &mut judged);
        }
    }
    report(judged, args.format, out)
}

/// Adds the faults of the organisation's own mail templates, if it has any.
fn mail_templates(config: &Config, judged: &mut Judged) {
    match templates::check(config.templates.as_deref()) {
        Ok(count) => judged.files += count,
        Err(found) => judged.faults.extend(found),
    }
}

/// Adds the faults of a set of files, or if it has none what can't well be done in the year from `today` on.
fn judge(set: &files::Set, quiet: QuietPeriods, today: Date, judged: &mut Judged) {
    match Rules::load(&set.files, quiet) {
        Err(found) => judged.faults.extend(set.as_seen(&found)),
        Ok(rules) => {
            judged.files += set.count();
            let warned = year_ahead(&rules, today).into_iter().filter_map(|warning| {
                let file = set.seen(&format!("{}.toml", warning.place))?;
                Some(format!("{file}: warning: {}", warning.what))
            });
            judged.warnings.extend(warned);
        }
    }
}

/// The warnings of a year in which nobody holds any role: files are judged alone.
fn year_ahead(rules: &Rules, today: Date) -> Vec<Warning> {
    let started = midnight(today.saturating_sub(STARTED_DAYS_BEFORE.days()));
    let facts = Facts { starts: Starts::Everything(started), ..Facts::default() };
    let window = Window { from: midnight(today), until: midnight(today.saturating_add(1.year())) };
    let world = rules.world(&facts);
    feasible::warnings(world, &plan(world, window, Assume::GatesOpen), feasible::PER_WEEK)
}

fn report(judged: Judged, format: CheckFormat, out: &mut (dyn Write + Send)) -> Done {
    let faults = Faults::new(judged.faults);
    for fault in faults.iter() {
        match format {
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
    if format == CheckFormat::Text {
        for warning in &judged.warnings {
            writeln!(out, "{warning}")?;
        }
        writeln!(out, "{} files, no faults", judged.files)?;
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
