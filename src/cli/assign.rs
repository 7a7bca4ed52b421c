//! `assign`: what bodies give each other to do.

use std::io::Write;

use clap::{Args, Subcommand};

use super::facts::{WHO, entry, span, workflow};
use super::item::{Desk, recorded};
use super::misplaced::keep_out;
use super::people::role;
use super::planning::find_body;
use super::{CliError, Context, Done, Exit};
use crate::ids::BodyId;
use crate::items::Owner;
use crate::items::register::Assignment;
use crate::plan::model::Opened;
use crate::store::{Advance, NewAssignment, NewOccasion};
use crate::workflow::model::When;

/// Who takes on what a body has been given, unless somebody else is named.
const RECEIVES: &str = "ordförande";

#[derive(Debug, Subcommand)]
pub(super) enum AssignCommand {
    /// Draft an assignment with the units of the plan that go with it
    Draft(DraftArgs),
    /// Its giver has decided on it
    Approve(NumberArgs),
    /// Give it to its receiver: opens the occasion whose questions confirm and report it
    Give(GiveArgs),
    /// Its receiver has taken it on: its units become theirs
    Confirm(TakenArgs),
    /// Its receiver has reported
    Report(TakenArgs),
    /// Its giver has noted the report
    Note(NumberArgs),
    /// Every assignment, or those that a body gives or gets
    List(ListArgs),
}

#[derive(Debug, Args)]
pub(super) struct DraftArgs {
    /// Who gives it
    #[arg(long, value_name = "BODY")]
    from: String,
    /// Who gets it
    #[arg(long, value_name = "BODY")]
    to: String,
    /// What it is about
    #[arg(long)]
    title: String,
    /// The units of the giver's plan that go with it
    #[arg(required = true)]
    units: Vec<String>,
    /// Write it though something in it looks like a personal number
    #[arg(long)]
    anyway: bool,
}

#[derive(Debug, Args)]
pub(super) struct NumberArgs {
    /// Its number
    number: i64,
}

#[derive(Debug, Args)]
pub(super) struct GiveArgs {
    /// Its number
    number: i64,
    /// The day it is given
    #[arg(long)]
    start: String,
    /// The day its report is due
    #[arg(long)]
    end: String,
    /// The workflow whose occasion is opened
    #[arg(long, default_value = "sydostra/uppdrag")]
    workflow: String,
    /// Its entry, one with `by-hand = true`
    #[arg(long, default_value = "givet")]
    entry: String,
}

#[derive(Debug, Args)]
pub(super) struct TakenArgs {
    /// Its number
    number: i64,
    /// Who answers for its units from now on (default: the receiver's chair)
    #[arg(long, value_name = "PATH")]
    owner: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Only those that this body gives or gets
    #[arg(long)]
    body: Option<String>,
}

pub(super) async fn run(
    context: &Context<'_>,
    command: &AssignCommand,
    out: &mut (dyn Write + Send),
) -> Done {
    let desk = Desk::open(context).await?;
    match command {
        AssignCommand::Draft(args) => draft(&desk, args, out).await?,
        AssignCommand::Approve(args) => advance(&desk, args.number, Advance::Approve, out).await?,
        AssignCommand::Note(args) => advance(&desk, args.number, Advance::Note, out).await?,
        AssignCommand::Give(args) => give(&desk, args, out).await?,
        AssignCommand::Confirm(args) => {
            let owner = receiver(&desk, args).await?;
            advance(&desk, args.number, Advance::Confirm(&owner), out).await?;
        }
        AssignCommand::Report(args) => {
            let owner = receiver(&desk, args).await?;
            advance(&desk, args.number, Advance::Report(&owner), out).await?;
        }
        AssignCommand::List(args) => list(&desk, args, out)?,
    }
    desk.store.close().await;
    Ok(Exit::Success)
}

async fn draft(desk: &Desk, args: &DraftArgs, out: &mut (dyn Write + Send)) -> Result<(), CliError> {
    keep_out([("--title", args.title.as_str())], args.anyway)?;
    let units: Result<Vec<String>, CliError> =
        args.units.iter().map(|name| Ok(desk.unit(name)?.unit())).collect();
    let new = NewAssignment {
        from: find_body(&desk.rules, &args.from)?,
        to: find_body(&desk.rules, &args.to)?,
        title: args.title.clone(),
        units: units?,
    };
    let number = desk.store.draft_assignment(&new, WHO, desk.now).await?;
    writeln!(out, "assignment {number}")?;
    Ok(())
}

async fn advance(
    desk: &Desk,
    number: i64,
    how: Advance<'_>,
    out: &mut (dyn Write + Send),
) -> Result<(), CliError> {
    let changed = desk.store.advance_assignment(number, how, WHO, desk.now).await?;
    Ok(recorded(changed, out)?)
}

async fn give(desk: &Desk, args: &GiveArgs, out: &mut (dyn Write + Send)) -> Result<(), CliError> {
    let assignment = known(desk, args.number)?;
    let of = workflow(&desk.rules, &args.workflow)?;
    let entry = entry(of, &args.entry.as_str().into())?;
    if entry.when != When::ByHand {
        let what = format!("`{}` has its dates from the file; name one with `by-hand = true`", entry.id);
        return Err(CliError::Refused(what));
    }
    let opened = Opened {
        title: assignment.title.clone(),
        span: span(&args.start, Some(&args.end))?,
        place: None,
        note: None,
        link: None,
        receivers: vec![assignment.to.clone()],
        answers: Vec::new(),
        diary: None,
        group: None,
    };
    let new = NewOccasion {
        workflow: &of.id,
        body: Some(&assignment.from),
        entry: &entry.id,
        opened: &opened,
        renewed: entry.renewed_by.is_some(),
    };
    let at = desk.store.give_assignment(args.number, &new, WHO, desk.now).await?;
    writeln!(out, "given; opened {} {}", at.workflow, at.id)?;
    Ok(())
}

/// Whose its units become.
async fn receiver(desk: &Desk, args: &TakenArgs) -> Result<Owner, CliError> {
    if let Some(path) = &args.owner {
        return desk.owner(path).await;
    }
    let body: BodyId = known(desk, args.number)?.to.clone();
    let role = role(&desk.rules, &body, RECEIVES).map_err(|error| {
        CliError::Refused(format!("{error}; say who answers for its units with --owner BODY/ROLE"))
    })?;
    Ok(Owner::Role { body, role })
}

fn known(desk: &Desk, number: i64) -> Result<&Assignment, CliError> {
    let found = desk.facts.assignments.iter().find(|a| a.number == number);
    found.ok_or_else(|| {
        CliError::Refused(format!("there is no assignment {number}; see `arshjul assign list`"))
    })
}

fn list(desk: &Desk, args: &ListArgs, out: &mut (dyn Write + Send)) -> Result<(), CliError> {
    let body = args.body.as_deref().map(|name| find_body(&desk.rules, name)).transpose()?;
    let all = desk.facts.assignments.iter();
    for a in all.filter(|a| body.as_ref().is_none_or(|body| a.from == *body || a.to == *body)) {
        let at = a.at.as_ref().map(|at| format!("; {} {}", at.workflow, at.id)).unwrap_or_default();
        let (state, units) = (a.state.swedish(), a.units.join(", "));
        writeln!(out, "{}. {}: {} -> {}, {state}; {units}{at}", a.number, a.title, a.from, a.to)?;
    }
    Ok(())
}
