//! `answer`: what somebody said on the telephone.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use super::facts::{WHO, open};
use super::opening::line;
use super::{CliError, Context, Done, Exit};
use crate::answering::{self, AnswerError, AnswerOutcome, Handed, HandedFile, Reply};
use crate::ids::AnswerId;
use crate::plan::model::{Arranged, Message};
use crate::store::Recorded;

#[derive(Debug, Args)]
pub(super) struct AnswerArgs {
    /// The key of a message that asked, as `plan` prints it
    key: String,
    /// The answer's id
    answer: String,
    /// The day that the answer states, or the new last day
    #[arg(long)]
    date: Option<Date>,
    /// What they said; once for each heading of the question, in its order
    #[arg(long)]
    text: Vec<String>,
    /// A web address
    #[arg(long)]
    link: Option<String>,
    /// A .docx or .pdf
    #[arg(long)]
    file: Option<PathBuf>,
    /// Something that is ticked, by its id
    #[arg(long)]
    mark: Vec<String>,
    /// A matter to list: `titel | länk`
    #[arg(long = "list", value_name = "LINE")]
    list: Vec<String>,
    /// The address of whom it is passed on to, or who helps
    #[arg(long, value_name = "ADDRESS")]
    to: Option<String>,
}

pub(super) async fn answer(context: &Context<'_>, args: &AnswerArgs, out: &mut (dyn Write + Send)) -> Done {
    let (config, rules, store) = open(context).await?;
    let now = context.clock.now();
    let message = store.message(&args.key).await?;
    let Some(message) = message else {
        return Err(CliError::Refused(format!("there is no message `{}` in the outbox", args.key)));
    };
    let Some(person) = &message.to else {
        return Err(CliError::Refused("that message goes to a vacant role".to_owned()));
    };
    let id = AnswerId::from(args.answer.as_str());
    let handed = handed(args, &message)?;
    let reply = Reply { matter: &message.matter, person, answer: &id, handed: &handed, who: WHO };
    match answering::answer(&store, &rules, &config.answers, &reply, now).await {
        Ok(outcome) => writeln!(out, "{}", said(&outcome))?,
        Err(AnswerError::Store(error)) => return Err(error.into()),
        Err(error @ AnswerError::Unknown(_)) => {
            let known: Vec<&str> = message.notice.answers.iter().map(|a| a.id.as_str()).collect();
            let advice =
                if known.is_empty() { String::new() } else { format!("; it takes {}", known.join(", ")) };
            return Err(CliError::Refused(format!("{error}{advice}")));
        }
        Err(error) => return Err(CliError::Refused(error.to_string())),
    }
    store.close().await;
    Ok(Exit::Success)
}

fn handed(args: &AnswerArgs, message: &Message) -> Result<Handed, CliError> {
    let headings = &message.notice.sections;
    if args.text.len() > headings.len().max(1) {
        let several = if headings.is_empty() { "one text".to_owned() } else { headings.join(", ") };
        return Err(CliError::Usage(format!("--text is given too often; the question takes {several}")));
    }
    let texts = args.text.iter().enumerate().map(|(n, text)| {
        let heading = headings.get(n).cloned().unwrap_or_default();
        (heading, text.clone())
    });
    let file = args.file.as_ref().map(|path| {
        let bytes = std::fs::read(path)
            .map_err(|error| CliError::Refused(format!("{} can't be read: {error}", path.display())))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok::<_, CliError>(HandedFile { name, bytes })
    });
    Ok(Handed {
        texts: texts.collect(),
        link: args.link.clone(),
        file: file.transpose()?,
        date: args.date,
        marks: args.mark.iter().map(|mark| mark.as_str().into()).collect(),
        list: args.list.iter().map(|text| line(text)).collect(),
        to: args.to.clone(),
    })
}

fn said(outcome: &AnswerOutcome) -> String {
    match outcome {
        AnswerOutcome::Answered(Recorded::New) => "recorded".to_owned(),
        AnswerOutcome::Answered(Recorded::Changed { before }) => {
            format!("recorded, in the place of `{}`", before.answer)
        }
        AnswerOutcome::Answered(Recorded::Same { .. }) | AnswerOutcome::Arranged { same: true, .. } => {
            "it was recorded already".to_owned()
        }
        AnswerOutcome::Arranged { what, .. } => match what {
            Arranged::Time(day) => format!("recorded: more time until {day}"),
            Arranged::PassedTo(other) => format!("recorded: `{other}` is asked instead"),
            Arranged::HelpFrom(other) => format!("recorded: `{other}` is asked too"),
        },
    }
}
