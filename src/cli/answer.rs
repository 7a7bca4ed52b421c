//! `answer`: what somebody said on the telephone.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use jiff::civil::{Date, Time};

use super::facts::{WHO, open};
use super::opening::line;
use super::{CliError, Context, Done, Exit};
use crate::answering::{
    self, AboutItem, AboutMeeting, AnswerError, AnswerOutcome, Handed, HandedFile, HandedOwners, HandedValue,
    Proposal, Reply,
};
use crate::ids::AnswerId;
use crate::items::register::Promise;
use crate::items::{Health, Phase};
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
    /// About a meeting: when it begins and ends, as `9.00-15.30`
    #[arg(long, value_name = "HOURS", value_parser = hours)]
    hours: Option<Hours>,
    /// About a meeting: where it is
    #[arg(long)]
    place: Option<String>,
    #[command(flatten)]
    item: ItemArgs,
    /// Record it though something in it looks like a personal number
    #[arg(long)]
    anyway: bool,
}

#[derive(Debug, Args)]
struct ItemArgs {
    /// About an item: its phase, `pagar` or `Pågår`
    #[arg(long, value_parser = phase)]
    phase: Option<Phase>,
    /// About an item: its health, `gron`, `gul` or `rod`
    #[arg(long, value_parser = health)]
    health: Option<Health>,
    /// About an item: one line for its log
    #[arg(long)]
    line: Option<String>,
    /// About an item: its next date
    #[arg(long, value_name = "DATE")]
    next: Option<Date>,
    /// About an item: who owns it, `body/role` or an address; several times for several
    #[arg(long, value_name = "OWNER")]
    owner: Vec<String>,
    /// Each of the owners answers, not any of them
    #[arg(long, requires = "owner")]
    each_owner: bool,
    /// About an item: the value of a measure, as `NUMBER:REGION:PERIOD=VALUE`
    #[arg(long, value_name = "VALUE", value_parser = value)]
    value: Vec<HandedValue>,
    /// A new item, as `TITLE | OWNER | NEXT DATE | ACTIVITY | FOLLOW-UP | P1 P4`
    #[arg(long, value_name = "LINE", value_parser = proposal)]
    propose: Vec<Proposal>,
}

/// When something begins and ends.
#[derive(Clone, Copy, Debug)]
struct Hours(Time, Time);

fn hours(text: &str) -> Result<Hours, String> {
    let clock = |text: &str| {
        let (hour, minute) = text.trim().split_once([':', '.'])?;
        Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
    };
    let read = || {
        let (start, end) = text.split_once('-')?;
        Some(Hours(clock(start)?, clock(end)?))
    };
    read().ok_or_else(|| "write it as `9.00-15.30`".to_owned())
}

fn phase(text: &str) -> Result<Phase, String> {
    let words = || Phase::ALL.iter().map(|phase| phase.code()).collect::<Vec<_>>().join(", ");
    Phase::read(text).ok_or_else(|| format!("it is one of {}", words()))
}

fn health(text: &str) -> Result<Health, String> {
    let words = || Health::ALL.iter().map(|health| health.code()).collect::<Vec<_>>().join(", ");
    Health::read(text).ok_or_else(|| format!("it is one of {}", words()))
}

fn value(text: &str) -> Result<HandedValue, String> {
    let read = || {
        let (place, value) = text.split_once('=')?;
        let (measure, place) = place.split_once(':')?;
        let (region, period) = place.split_once(':')?;
        let (region, period, value) = (region.to_owned(), period.to_owned(), value.to_owned());
        Some(HandedValue { measure: measure.trim().parse().ok()?, region, period, value })
    };
    read().ok_or_else(|| "write it as `3:Region Kalmar län:2025 T1=82`".to_owned())
}

fn proposal(text: &str) -> Result<Proposal, String> {
    let mut parts = text.split('|').map(str::trim);
    let mut next = || parts.next().unwrap_or_default().to_owned();
    let (title, owner, date, activity, follow_up, promises) =
        (next(), next(), next(), next(), next(), next());
    let date = Some(date).filter(|date| !date.is_empty()).map(|date| date.parse()).transpose();
    let date = date.map_err(|_| "the third part is a date, such as 2026-03-31".to_owned())?;
    let promises = promises.split([' ', ',']).filter(|code| !code.is_empty());
    let promises = promises.map(|code| Promise::read(code).ok_or_else(|| format!("`{code}` is no promise")));
    let promises = promises.collect::<Result<Vec<_>, _>>()?;
    Ok(Proposal { title, promises, activity, follow_up, owner, next: date })
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
        item: about_item(&args.item),
        items: args.item.propose.clone(),
        meeting: AboutMeeting {
            hours: args.hours.map(|Hours(start, end)| (start, end)),
            place: args.place.clone(),
        },
        anyway: args.anyway,
    })
}

fn about_item(args: &ItemArgs) -> AboutItem {
    let names = Some(args.owner.clone()).filter(|names| !names.is_empty());
    AboutItem {
        phase: args.phase,
        health: args.health,
        line: args.line.clone(),
        next: args.next,
        owners: names.map(|names| HandedOwners { names, all: args.each_owner }),
        values: args.value.clone(),
    }
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
