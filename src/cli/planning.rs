//! `plan`.

use std::io::Write;

use jiff::Timestamp;
use jiff::civil::{Date, time};

use super::{CliError, Context, Done, Exit, PlanArgs, PlanFormat};
use crate::app::files;
use crate::calendar::instant;
use crate::ids::BodyId;
use crate::plan::decision::{Decided, decisions};
use crate::plan::feasible::{self, Warning};
use crate::plan::model::{Facts, Plan, Starts};
use crate::plan::{Assume, Window, plan as make_plan, show};
use crate::rules::Rules;
use crate::store::{Access, Store};

/// How long before the period everything counts as installed, where there is no store to say.
const INSTALLED_DAYS_BEFORE: i64 = 60;

pub(super) async fn plan(context: &Context<'_>, args: &PlanArgs, out: &mut (dyn Write + Send)) -> Done {
    if args.to < args.from {
        return Err(CliError::Usage(format!("--to {} lies before --from {}", args.to, args.from)));
    }
    let config = context.config()?;
    let rules = files::load(config.workflows.as_deref(), config.quiet.clone())?;
    let mut facts = match config.database.existing() {
        true => Store::open(&config.database, Access::Beside).await?.facts().await?,
        false => Facts { starts: Starts::Everything(before(args.from)), ..Facts::default() },
    };
    if let Some(installed) = args.installed {
        facts.starts = Starts::Everything(midnight(installed));
    }
    let planned = filtered(&rules, &facts, args)?;
    let people = &facts.people;
    if let Some(folder) = &args.diff {
        let other = files::load(Some(folder), config.quiet)?;
        let other = filtered(&other, &facts, args)?;
        write!(out, "{}", show::diff(&planned, &other, people))?;
        return Ok(Exit::Success);
    }
    let text = match args.format {
        PlanFormat::Text => show::text(&planned, people),
        PlanFormat::Json => show::json_lines(&planned, people),
        PlanFormat::Csv => show::csv(&planned, people),
    };
    out.write_all(text.as_bytes())?;
    if args.format == PlanFormat::Text {
        write_decisions(&decisions(rules.world(&facts), &planned), out)?;
        let found = feasible::warnings(rules.world(&facts), &planned, feasible::PER_WEEK);
        write_warnings(&found, out)?;
    }
    Ok(Exit::Success)
}

/// A section after the plan: which meeting decides on what, each once though several bodies have a part in it.
fn write_decisions(found: &[Decided<'_>], out: &mut (dyn Write + Send)) -> std::io::Result<()> {
    let line = |d: &Decided<'_>| format!("  {} {}: {}", d.workflow.id, d.occasion.at.id, d.decision.said());
    let mut lines: Vec<String> = Vec::new();
    for line in found.iter().map(line) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    if !lines.is_empty() {
        writeln!(out, "\nDecisions")?;
    }
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// A section after the plan; nothing where nothing deserves a warning.
fn write_warnings(found: &[Warning], out: &mut (dyn Write + Send)) -> std::io::Result<()> {
    if !found.is_empty() {
        writeln!(out, "\nWarnings")?;
    }
    found.iter().try_for_each(|warning| writeln!(out, "  {}: {}", warning.place, warning.what))
}

fn filtered(rules: &Rules, facts: &Facts, args: &PlanArgs) -> Result<Plan, CliError> {
    let body = match &args.body {
        None => None,
        Some(name) => Some(find_body(rules, name)?),
    };
    let until = args.to.tomorrow().map_err(|_| CliError::Usage("--to is too far away".to_owned()))?;
    let window = Window { from: midnight(args.from), until: midnight(until) };
    let mut planned = make_plan(rules.world(facts), window, Assume::GatesOpen);
    if let Some(workflow) = &args.workflow {
        planned.occasions.retain(|o| o.at.workflow.as_str() == workflow);
        planned.messages.retain(|m| m.matter.workflow.as_str() == workflow);
    }
    if let Some(body) = &body {
        planned.occasions.retain(|o| o.at.body.as_ref() == Some(body));
        planned.messages.retain(|m| m.matter.body.as_ref() == Some(body));
    }
    if let Some(who) = &args.to_person {
        planned.messages.retain(|m| {
            let person = m.to.as_ref().and_then(|id| facts.people.persons.get(id));
            person.is_some_and(|p| p.address.eq_ignore_ascii_case(who) || p.id.as_str() == who)
        });
    }
    Ok(planned)
}

/// A body by id, name or alias.
pub(super) fn find_body(rules: &Rules, name: &str) -> Result<BodyId, CliError> {
    rules.organisation.find(name).map(|b| b.id.clone()).ok_or_else(|| {
        let known = rules.organisation.bodies.keys().map(BodyId::as_str);
        let advice = crate::grammar::advise(name, known).map(|a| format!(", {a}")).unwrap_or_default();
        CliError::Refused(format!("there is no body `{name}`{advice}"))
    })
}

fn before(day: Date) -> Timestamp {
    use jiff::ToSpan;
    midnight(day.saturating_sub(INSTALLED_DAYS_BEFORE.days()))
}

/// The moment a day begins in Stockholm.
pub(super) fn midnight(day: Date) -> Timestamp {
    instant(day, time(0, 0, 0, 0))
}
