//! `holder`, `pause` and `links`: who holds what, who is away, and whose links work.

use std::io::Write;

use clap::Args;
use jiff::civil::Date;

use super::facts::{WHO, open};
use super::planning::find_body;
use super::{CliError, Context, Done, Exit};
use crate::calendar::today;
use crate::grammar::advise;
use crate::ids::{BodyId, RoleId, slug};
use crate::import::people::is_address;
use crate::people::{Absence, Person};
use crate::rules::Rules;
use crate::store::{PersonRow, Store};

#[derive(Debug, Args)]
pub(super) struct HolderArgs {
    /// The body
    body: String,
    /// The role in it
    role: String,
    /// Who holds it; without, the role becomes vacant
    address: Option<String>,
    /// The name, of somebody who is not known yet
    #[arg(long, requires = "address")]
    name: Option<String>,
    /// The first day, or the first day of the vacancy (default: today)
    #[arg(long)]
    from: Option<Date>,
    /// The last day
    #[arg(long, requires = "address")]
    until: Option<Date>,
    /// As a deputy, who gets the mail while there is no ordinary holder
    #[arg(long)]
    deputy: bool,
}

#[derive(Debug, Args)]
pub(super) struct PauseArgs {
    /// Who is away
    address: String,
    /// The first day; without it the absence that is noted gets another last day
    #[arg(long)]
    from: Option<Date>,
    /// The last day
    #[arg(long)]
    until: Date,
    /// Who gets the mail meanwhile (default: the role's own deputy, or who stands in for a vacancy)
    #[arg(long, requires = "from", value_name = "ADDRESS")]
    deputy: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct LinksArgs {
    /// Whose links no longer work
    #[arg(long, value_name = "ADDRESS")]
    revoke: String,
}

pub(super) async fn holder(context: &Context<'_>, args: &HolderArgs, out: &mut (dyn Write + Send)) -> Done {
    let (_, rules, store) = open(context).await?;
    let body = find_body(&rules, &args.body)?;
    let role = role(&rules, &body, &args.role)?;
    let now = context.clock.now();
    let from = args.from.unwrap_or_else(|| today(now));
    let changed = match &args.address {
        None => {
            let left = store.vacate((&body, &role), args.deputy, from, WHO, now).await?;
            for person in &left {
                writeln!(out, "`{person}` holds it no longer from {from}")?;
            }
            !left.is_empty()
        }
        Some(address) => give(&store, args, (&body, &role), address, from, now).await?,
    };
    let facts = store.facts().await?;
    store.close().await;
    writeln!(out, "{}", if changed { "recorded" } else { "nothing has changed" })?;
    let holding = facts.people.holding(&body, &role, from);
    let names: Vec<String> = holding.iter().map(|p| format!("{} <{}>", p.name, p.address)).collect();
    let names = if names.is_empty() { "nobody".to_owned() } else { names.join(", ") };
    writeln!(out, "{body}/{role} on {from}: {names}")?;
    Ok(Exit::Success)
}

/// Gives a role to somebody, beside those who hold it: a group has many members.
async fn give(
    store: &Store,
    args: &HolderArgs,
    (body, role): (&BodyId, &RoleId),
    address: &str,
    from: Date,
    now: jiff::Timestamp,
) -> Result<bool, CliError> {
    let known = store.person_by_address(address).await?;
    if let (Some(person), None, Some(until)) = (&known, args.from, args.until) {
        let facts = store.facts().await?;
        let holds =
            facts.people.holders.iter().any(|h| {
                h.person == person.id && &h.body == body && &h.role == role && h.deputy == args.deputy
            });
        if holds {
            return Ok(store.end_holder(body, role, &person.id, until, WHO, now).await?);
        }
    }
    if !is_address(address.trim()) {
        return Err(CliError::Usage(format!("`{address}` is no mail address; write name@example.org")));
    }
    if args.until.is_some_and(|until| until < from) {
        return Err(CliError::Usage(format!("--until lies before {from}, the first day")));
    }
    let name = match (&args.name, known) {
        (Some(name), _) => name.clone(),
        (None, Some(person)) => person.name,
        (None, None) => {
            return Err(CliError::Usage(format!("nobody has {address} yet: say who it is with --name")));
        }
    };
    let row = PersonRow {
        body: body.clone(),
        role: role.clone(),
        name,
        address: address.to_owned(),
        from: Some(from),
        until: args.until,
        deputy: args.deputy,
    };
    let report = store.save_people(&[row], WHO, now).await?;
    Ok(report.added + report.changed > 0)
}

pub(super) fn role(rules: &Rules, body: &BodyId, name: &str) -> Result<RoleId, CliError> {
    let kind = rules.organisation.bodies.get(body).and_then(|b| rules.organisation.kinds.get(&b.kind));
    let wanted = RoleId::new(slug(name));
    let roles = || kind.into_iter().flat_map(|kind| &kind.roles);
    if roles().any(|(role, _)| *role == wanted) {
        return Ok(wanted);
    }
    let advice = advise(name, roles().map(|(role, _)| role.as_str()));
    let all: Vec<&str> = roles().map(|(role, _)| role.as_str()).collect();
    let advice = advice.unwrap_or_else(|| format!("it has {}", all.join(", ")));
    Err(CliError::Refused(format!("`{body}` has no role `{name}`, {advice}")))
}

pub(super) async fn pause(context: &Context<'_>, args: &PauseArgs, out: &mut (dyn Write + Send)) -> Done {
    let (_, _, store) = open(context).await?;
    let now = context.clock.now();
    let person = person(&store, &args.address).await?;
    let changed = match args.from {
        None => store.end_absence(&person.id, args.until, WHO, now).await?,
        Some(from) => {
            let deputy = match &args.deputy {
                Some(address) => Some(self::person(&store, address).await?.id),
                None => None,
            };
            let absence = Absence { person: person.id.clone(), from, until: args.until, deputy };
            store.save_absence(&absence, WHO, now).await?
        }
    };
    let facts = store.facts().await?;
    store.close().await;
    writeln!(out, "{}", if changed { "recorded" } else { "nothing has changed" })?;
    for absence in facts.people.absences.iter().filter(|a| a.person == person.id && a.until >= today(now)) {
        let deputy = absence.deputy.as_ref().and_then(|id| facts.people.persons.get(id));
        let deputy = deputy.map(|p| format!("; {} gets the mail", p.address)).unwrap_or_default();
        writeln!(out, "{} is away {}-{}{deputy}", person.address, absence.from, absence.until)?;
    }
    Ok(Exit::Success)
}

pub(super) async fn links(context: &Context<'_>, args: &LinksArgs, out: &mut (dyn Write + Send)) -> Done {
    let (_, _, store) = open(context).await?;
    let person = person(&store, &args.revoke).await?;
    let revoked = store.revoke_tokens(&person.id, None, WHO, context.clock.now()).await?;
    store.close().await;
    writeln!(out, "{revoked} links revoked; the next mail to {} holds new ones", person.address)?;
    Ok(Exit::Success)
}

pub(super) async fn person(store: &Store, address: &str) -> Result<Person, CliError> {
    store.person_by_address(address).await?.ok_or_else(|| {
        CliError::Refused(format!(
            "nobody has the address {address}; `arshjul holder` or `arshjul import` makes somebody known"
        ))
    })
}
