//! `open` and `list`: occasions that are entered by hand, and the matters of an occasion.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::facts::{WHO, body_of, entry, open as open_store, span, workflow};
use super::misplaced::keep_out;
use super::planning::find_body;
use super::{CliError, Context, Done, Exit};
use crate::answering::{LONGEST_LIST, LONGEST_TITLE, is_web_address};
use crate::ids::{AnswerId, OccasionId, OccasionRef, is_slug};
use crate::plan::model::Opened;
use crate::rules::Rules;
use crate::store::{NewList, NewOccasion};
use crate::workflow::model::{EntryKind, Scope, When, Workflow};

#[derive(Debug, Args)]
pub(super) struct OpenArgs {
    /// The workflow
    workflow: String,
    /// The entry, one with `by-hand = true`
    entry: String,
    /// The body, for an entry that each body has its own of
    #[arg(long)]
    body: Option<String>,
    /// What it is called
    #[arg(long)]
    title: String,
    /// The first day, or day and time: 2025-10-15 or 2025-10-15T13:00
    #[arg(long)]
    start: String,
    /// The last day, or when it ends
    #[arg(long)]
    end: Option<String>,
    /// Where
    #[arg(long)]
    place: Option<String>,
    /// Where its papers are
    #[arg(long)]
    link: Option<String>,
    /// A body that it is given to: the `receiver` of the workflow; once for each
    #[arg(long, value_name = "BODY")]
    to: Vec<String>,
    /// An answer to choose from, for a question whose answers come from the occasion: `ja=Ja, gärna`
    #[arg(long = "answer", value_name = "ID=LABEL")]
    answers: Vec<String>,
    /// The number in the authority's diary
    #[arg(long)]
    diary: Option<String>,
    /// Open it though something in it looks like a personal number
    #[arg(long)]
    anyway: bool,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// The workflow whose steps are said once for each matter
    workflow: String,
    /// The occasion, its own or one that it follows: `sommar.2025`
    occasion: String,
    /// The body, for a workflow that runs for several
    #[arg(long)]
    body: Option<String>,
    /// A file with a matter on each line, `titel | länk`
    #[arg(long, conflicts_with_all = ["lines", "withdraw"])]
    file: Option<PathBuf>,
    /// The number of a matter that is no longer there
    #[arg(long, value_name = "NUMBER", conflicts_with = "lines")]
    withdraw: Option<u16>,
    /// Every matter: `titel | länk`; what is missing is withdrawn. Without any, what is listed is shown
    lines: Vec<String>,
    /// List them though something in them looks like a personal number
    #[arg(long)]
    anyway: bool,
}

pub(super) async fn open(context: &Context<'_>, args: &OpenArgs, out: &mut (dyn Write + Send)) -> Done {
    let (_, rules, store) = open_store(context).await?;
    let of = workflow(&rules, &args.workflow)?;
    let entry = entry(of, &args.entry.as_str().into())?;
    if entry.when != When::ByHand {
        return Err(CliError::Refused(format!(
            "`{}` has its dates from the file; change one with `move`, or write `by-hand = true` in the file",
            entry.id
        )));
    }
    match (entry.kind, &args.end) {
        (EntryKind::Period, None) => {
            return Err(CliError::Usage("a period has a last day: write --end 2025-10-31".to_owned()));
        }
        (EntryKind::Deadline, Some(_)) => {
            return Err(CliError::Usage("a deadline is one day: leave --end out".to_owned()));
        }
        _ => {}
    }
    if args.title.trim().is_empty() || args.title.chars().count() > LONGEST_TITLE {
        let what = format!("--title is empty or longer than {LONGEST_TITLE} characters; write a short one");
        return Err(CliError::Usage(what));
    }
    if args.link.as_deref().is_some_and(|link| !is_web_address(link)) {
        return Err(CliError::Usage(
            "--link is no web address; it begins with http:// or https://".to_owned(),
        ));
    }
    let texts = [("--title", Some(args.title.as_str())), ("--place", args.place.as_deref())];
    let texts = texts.into_iter().chain([("--link", args.link.as_deref())]);
    let answers_ = args.answers.iter().map(|answer| ("--answer", Some(answer.as_str())));
    keep_out(texts.chain(answers_).filter_map(|(at, text)| Some((at, text?))), args.anyway)?;
    let receivers: Result<Vec<_>, _> = args.to.iter().map(|name| find_body(&rules, name)).collect();
    let opened = Opened {
        title: args.title.trim().to_owned(),
        span: span(&args.start, args.end.as_deref())?,
        place: args.place.clone(),
        note: None,
        link: args.link.clone(),
        receivers: receivers?,
        answers: answers(&args.answers)?,
        diary: args.diary.clone(),
        group: None,
    };
    let body = body_of(&rules, of, entry, args.body.as_deref())?;
    let new = NewOccasion {
        workflow: &of.id,
        body: body.as_ref(),
        entry: &entry.id,
        opened: &opened,
        renewed: entry.renewed_by.is_some(),
    };
    let at = store.open_occasion(&new, WHO, context.clock.now()).await?;
    store.close().await;
    writeln!(out, "opened {} {}", at.workflow, at.id)?;
    Ok(Exit::Success)
}

fn answers(texts: &[String]) -> Result<Vec<(AnswerId, String)>, CliError> {
    let mut seen = BTreeSet::new();
    let read = texts.iter().map(|text| {
        let parts = text.split_once('=').map(|(id, label)| (id.trim(), label.trim()));
        match parts {
            Some((id, label)) if is_slug(id) && !label.is_empty() && seen.insert(id.to_owned()) => {
                Ok((AnswerId::from(id), label.to_owned()))
            }
            _ => Err(CliError::Usage(format!(
                "`{text}` is no answer of its own; write `id=Label`, the id in a-z, 0-9 and hyphens and used once"
            ))),
        }
    });
    read.collect()
}

pub(super) async fn list(context: &Context<'_>, args: &ListArgs, out: &mut (dyn Write + Send)) -> Done {
    let (_, rules, store) = open_store(context).await?;
    let steps = workflow(&rules, &args.workflow)?;
    let body = match (&steps.scope, args.body.as_deref()) {
        (Scope::Once, None) => None,
        (_, None) => {
            return Err(CliError::Usage("each body has its own list: say which with --body".to_owned()));
        }
        (_, Some(name)) => Some(find_body(&rules, name)?),
    };
    let of = occasion(&rules, steps, &args.occasion, body.as_ref())?;
    let now = context.clock.now();
    let lines = match &args.file {
        Some(path) => std::fs::read_to_string(path)
            .map_err(|error| CliError::Refused(format!("{} can't be read: {error}", path.display())))?
            .lines()
            .map(str::to_owned)
            .collect(),
        None => args.lines.clone(),
    };
    let lines: Vec<_> = lines.iter().filter(|text| !text.trim().is_empty()).map(|text| line(text)).collect();
    complain(&lines)?;
    let texts = lines.iter().flat_map(|(title, link)| [Some(title.as_str()), link.as_deref()]);
    keep_out(texts.flatten().map(|text| ("the list", text)), args.anyway)?;
    if let Some(number) = args.withdraw {
        let changed = store.withdraw_matter(&steps.id, body.as_ref(), &of, number, WHO, now).await?;
        writeln!(out, "{}", if changed { "withdrawn" } else { "it was withdrawn already" })?;
    } else if !lines.is_empty() {
        let new = NewList { workflow: &steps.id, body: body.as_ref(), of: &of, lines: &lines };
        let report = store.list_matters(&new, WHO, now).await?;
        writeln!(out, "{} added, {} changed, {} withdrawn", report.added, report.changed, report.withdrawn)?;
    } else if args.file.is_some() {
        return Err(CliError::Refused(
            "the file lists nothing; write `titel | länk` on each line".to_owned(),
        ));
    }
    let listed = store.facts().await?.listed.into_iter();
    for matter in listed.filter(|l| l.workflow == steps.id && l.body == body && l.of == of && !l.withdrawn) {
        let link = matter.link.map(|link| format!(" | {link}")).unwrap_or_default();
        writeln!(out, "{}. {}{link}", matter.number, matter.title)?;
    }
    store.close().await;
    Ok(Exit::Success)
}

/// `titel | länk`
pub(super) fn line(text: &str) -> (String, Option<String>) {
    match text.rsplit_once('|') {
        Some((title, link)) => {
            let link = link.trim();
            (title.trim().to_owned(), (!link.is_empty()).then(|| link.to_owned()))
        }
        None => (text.trim().to_owned(), None),
    }
}

fn complain(lines: &[(String, Option<String>)]) -> Result<(), CliError> {
    if lines.len() > LONGEST_LIST {
        return Err(CliError::Refused(format!("{} lines; {LONGEST_LIST} can be listed", lines.len())));
    }
    for (number, (title, link)) in lines.iter().enumerate() {
        let wrong = if title.is_empty() || title.chars().count() > LONGEST_TITLE {
            format!("has no title, or one longer than {LONGEST_TITLE} characters")
        } else if link.as_deref().is_some_and(|link| !is_web_address(link)) {
            "has a link that is no web address; it begins with http:// or https://".to_owned()
        } else {
            continue;
        };
        return Err(CliError::Refused(format!("line {} {wrong}", number + 1)));
    }
    Ok(())
}

/// An occasion that a workflow's steps are about: one of its own, or one of those it follows.
fn occasion(
    rules: &Rules,
    steps: &Workflow,
    text: &str,
    body: Option<&crate::ids::BodyId>,
) -> Result<OccasionRef, CliError> {
    let wrong =
        || CliError::Usage(format!("`{text}` is no occasion; write ENTRY.YEAR, such as `sommar.2025`"));
    let id: OccasionId = text.parse().map_err(|()| wrong())?;
    let followed = steps.follows.iter().filter(|f| f.entry.as_ref().is_none_or(|entry| *entry == id.entry));
    let followed = followed.filter_map(|f| rules.workflows.0.get(&f.workflow));
    let found = std::iter::once(steps).chain(followed).find_map(|w| {
        let entry = w.entries.iter().find(|e| e.id == id.entry)?;
        Some((w, entry.scope.as_ref().unwrap_or(&w.scope)))
    });
    let Some((of, scope)) = found else {
        return Err(CliError::Refused(format!(
            "`{}` has no entry `{}` and follows none; see `arshjul plan`",
            steps.id, id.entry
        )));
    };
    let body = if *scope == Scope::Once { None } else { body.cloned() };
    Ok(OccasionRef { workflow: of.id.clone(), body, id })
}
