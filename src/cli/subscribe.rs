//! `subscribe`: private calendar feeds.

use std::io::Write;

use clap::{Args, Subcommand};
use sha2::{Digest, Sha256};

use super::facts::{WHO, open};
use super::people::person;
use super::planning::find_body;
use super::{CliError, Context, Done, Exit};
use crate::calendar::rfc3339;
use crate::clock::{Chance, SystemChance};
use crate::ical::private::{LONGEST_NAME, address, plain_name};
use crate::plan::model::Shows;
use crate::rules::Rules;
use crate::store::{MOST_SUBSCRIPTIONS, NewSubscription, Subscription};
use crate::tokens;

#[derive(Debug, Subcommand)]
pub(super) enum SubscribeCommand {
    /// Make a private feed and print its address, which is shown only now
    Make(MakeArgs),
    /// List private feeds, with when each was last fetched
    List(ListArgs),
    /// Revoke a private feed: whoever has its address gets nothing more
    Revoke {
        /// Its number, as `list` prints it
        number: i64,
    },
}

#[derive(Debug, Args)]
pub(super) struct MakeArgs {
    /// Whose feed it is
    #[arg(required_unless_present = "group")]
    address: Option<String>,
    /// What it is called: "Outlook jobb"
    #[arg(long)]
    name: String,
    /// Instead of somebody's own: one of the parallel groups of a body's schedules, to be handed out
    #[arg(long, value_name = "BODY:GROUP", conflicts_with_all = ["address", "attends"])]
    group: Option<String>,
    /// A body whose meetings they attend without belonging to it; several times for several
    #[arg(long, value_name = "BODY")]
    attends: Vec<String>,
    /// Only headings and times, where a foreign cloud fetches it
    #[arg(long)]
    titles_only: bool,
    /// No mail about a meeting that was moved and that it hasn't fetched a day before
    #[arg(long)]
    no_mail: bool,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Only those of somebody
    address: Option<String>,
}

pub(super) async fn run(
    context: &Context<'_>,
    command: &SubscribeCommand,
    out: &mut (dyn Write + Send),
) -> Done {
    match command {
        SubscribeCommand::Make(args) => make(context, args, out).await,
        SubscribeCommand::List(args) => list(context, args, out).await,
        SubscribeCommand::Revoke { number } => revoke(context, *number, out).await,
    }
}

async fn make(context: &Context<'_>, args: &MakeArgs, out: &mut (dyn Write + Send)) -> Done {
    let name = plain_name(&args.name)
        .ok_or_else(|| CliError::Usage(format!("the name has 1 to {LONGEST_NAME} characters")))?;
    let (config, rules, store) = open(context).await?;
    let shows = shows(&rules, args)?;
    let holder = match &args.address {
        Some(address) => Some(person(&store, address).await?),
        None => None,
    };
    let secret = SystemChance.bytes().map_err(|error| CliError::Refused(error.to_string()))?;
    let new = NewSubscription {
        hash: Sha256::digest(secret).into(),
        person: holder.as_ref().map(|person| &person.id),
        name: &name,
        shows: &shows,
        titles_only: args.titles_only,
        mails: holder.is_some() && !args.no_mail,
    };
    let number = store.subscribe(&new, None, WHO, context.clock.now()).await?;
    store.close().await;
    let Some(number) = number else {
        let message = format!("they have {MOST_SUBSCRIPTIONS} feeds already; revoke one that isn't used");
        return Err(CliError::Refused(message));
    };
    writeln!(out, "{number}: {}", address(&config.public_url, &tokens::encode(&secret), &name))?;
    writeln!(out, "the address is shown only now; whoever has it can read the feed")?;
    Ok(Exit::Success)
}

fn shows(rules: &Rules, args: &MakeArgs) -> Result<Shows, CliError> {
    let Some(group) = &args.group else {
        let attends = args.attends.iter().map(|body| find_body(rules, body));
        return Ok(Shows::Own { attends: attends.collect::<Result<_, _>>()? });
    };
    let parts = group.split_once(':').filter(|(_, group)| !group.trim().is_empty());
    let (body, group) = parts.ok_or_else(|| {
        CliError::Usage(format!("`{group}` is no group of a body; write it as `svn-mellansverige:2`"))
    })?;
    Ok(Shows::Group { body: find_body(rules, body)?, group: group.trim().to_owned() })
}

async fn list(context: &Context<'_>, args: &ListArgs, out: &mut (dyn Write + Send)) -> Done {
    let (_, _, store) = open(context).await?;
    let only = match &args.address {
        Some(address) => Some(person(&store, address).await?.id),
        None => None,
    };
    let people = store.facts().await?.people;
    for found in store.subscriptions(only.as_ref()).await? {
        let whose = match (&found.person, &found.shows) {
            (Some(id), _) => people.persons.get(id).map_or(id.as_str(), |p| p.address.as_str()).to_owned(),
            (None, Shows::Group { body, group }) => format!("{body}:{group}"),
            (None, Shows::Own { .. }) => "nobody".to_owned(),
        };
        writeln!(out, "{}: {whose}, {}, {}", found.number, found.name, state(&found))?;
    }
    store.close().await;
    Ok(Exit::Success)
}

fn state(found: &Subscription) -> String {
    let mut said = match (found.revoked, found.fetched) {
        (Some(revoked), _) => format!("revoked {}", rfc3339(revoked)),
        (None, Some(fetched)) => format!("last fetched {}", rfc3339(fetched.at)),
        (None, None) => "never fetched".to_owned(),
    };
    for (is_so, word) in
        [(found.titles_only, "titles only"), (!found.mails && found.person.is_some(), "no mail")]
    {
        if is_so {
            said.push_str(", ");
            said.push_str(word);
        }
    }
    said
}

async fn revoke(context: &Context<'_>, number: i64, out: &mut (dyn Write + Send)) -> Done {
    let (_, _, store) = open(context).await?;
    let revoked = store.revoke_subscription(number, WHO, context.clock.now()).await?;
    store.close().await;
    if !revoked {
        return Err(CliError::Refused(format!(
            "there is no feed {number} that works; see `arshjul subscribe list`"
        )));
    }
    writeln!(out, "revoked")?;
    Ok(Exit::Success)
}
