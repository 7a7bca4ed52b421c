//! `item`: the units of a plan, looked at and changed from a shell.

mod args;
mod change;
mod list;
mod show;

use std::io::Write;

use jiff::Timestamp;
use jiff::civil::Date;

use super::facts::{WHO, open};
use super::misplaced::keep_out;
use super::people::{person, role};
use super::planning::find_body;
use super::promises;
use super::{CliError, Context, Done, Exit};
use crate::calendar::today;
use crate::grammar::advise;
use crate::items::{Item, Owner, Owners};
use crate::plan::model::Facts;
use crate::rules::Rules;
use crate::store::Store;

pub(super) use args::ItemCommand;

/// What the commands about items and assignments work with.
pub(super) struct Desk {
    pub rules: Rules,
    pub store: Store,
    pub facts: Facts,
    pub now: Timestamp,
}

pub(super) async fn run(context: &Context<'_>, command: &ItemCommand, out: &mut (dyn Write + Send)) -> Done {
    let (typed, meant) = command.typed();
    keep_out(typed, meant)?;
    let desk = Desk::open(context).await?;
    let mut exit = Exit::Success;
    match command {
        ItemCommand::Plan(command) => exit = promises::run(&desk, command, out).await?,
        ItemCommand::List(args) => list::list(&desk, args, out).await?,
        ItemCommand::Show(args) => show::show(&desk, args, out).await?,
        ItemCommand::Set(args) => recorded(change::set(&desk, args).await?, out)?,
        ItemCommand::Log(args) => change::log(&desk, args, out).await?,
        ItemCommand::Wait(args) => change::wait(&desk, args, out).await?,
        ItemCommand::Deadline(args) => recorded(change::deadline(&desk, args).await?, out)?,
        ItemCommand::Close(args) => change::close(&desk, args, out).await?,
        ItemCommand::Add(args) => change::add(&desk, args, out).await?,
        ItemCommand::Rename(args) => recorded(change::rename(&desk, args).await?, out)?,
        ItemCommand::Measure(args) => change::measure(&desk, args, out).await?,
    }
    desk.store.close().await;
    Ok(exit)
}

/// Says whether something has changed.
pub(super) fn recorded(changed: bool, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "{}", if changed { "recorded" } else { "nothing has changed" })
}

impl Desk {
    pub async fn open(context: &Context<'_>) -> Result<Self, CliError> {
        let (_, rules, store) = open(context).await?;
        let facts = store.facts().await?;
        Ok(Self { rules, store, facts, now: context.clock.now() })
    }

    pub fn today(&self) -> Date {
        today(self.now)
    }

    /// A unit by its name, or by the end of it that only this one has: `l5` for `rpo-medicinsk-diagnostik.l5`.
    pub fn unit(&self, name: &str) -> Result<&Item, CliError> {
        let short = |unit: &str| unit == name || unit.rsplit_once('.').is_some_and(|(_, last)| last == name);
        let exact = self.facts.items.iter().find(|item| item.unit() == name);
        let found: Vec<&Item> = self.facts.items.iter().filter(|item| short(&item.unit())).collect();
        match (exact, found.as_slice()) {
            (Some(item), _) => Ok(item),
            (None, [item]) => Ok(item),
            (None, []) => {
                let units: Vec<String> = self.facts.items.iter().map(Item::unit).collect();
                let short = units.iter().filter_map(|unit| Some(unit.rsplit_once('.')?.1));
                let known = units.iter().map(String::as_str).chain(short);
                let advice = advise(name, known).map(|a| format!(", {a}")).unwrap_or_default();
                Err(CliError::Refused(format!("there is no unit `{name}` in any plan{advice}")))
            }
            (None, several) => {
                let units: Vec<String> = several.iter().map(|item| item.unit()).collect();
                Err(CliError::Refused(format!("`{name}` may be {}; write all of it", units.join(" or "))))
            }
        }
    }

    /// A row by its id, or by the name of a unit.
    pub fn row(&self, name: &str) -> Result<&Item, CliError> {
        let short = |id: &str| id == name || id.rsplit_once('.').is_some_and(|(_, last)| last == name);
        let mut rows: Vec<&Item> = self.facts.items.iter().filter(|item| short(item.id.as_str())).collect();
        rows.dedup_by_key(|item| &item.id);
        match rows.as_slice() {
            [item] => Ok(item),
            _ => self.unit(name),
        }
    }

    /// Owners as they are written in a shell: `BODY/ROLE`, or the address of somebody known.
    pub async fn owners(&self, paths: &[String], all: bool) -> Result<Owners, CliError> {
        let mut list = Vec::new();
        for path in paths {
            list.push(self.owner(path).await?);
        }
        Ok(Owners { list, all })
    }

    pub async fn owner(&self, path: &str) -> Result<Owner, CliError> {
        match path.split_once('/') {
            Some((body, title)) => {
                let body = find_body(&self.rules, body)?;
                let role = role(&self.rules, &body, title)?;
                Ok(Owner::Role { body, role })
            }
            None if path.contains('@') => Ok(Owner::Person(person(&self.store, path).await?.id)),
            None => Err(CliError::Usage(format!(
                "`{path}` is no owner; write `BODY/ROLE`, such as `rag-patologi/ordförande`, or a mail address"
            ))),
        }
    }

    /// Who did it, in the history: somebody known, or the command line.
    pub async fn who(&self, by: Option<&str>) -> Result<String, CliError> {
        match by {
            None => Ok(WHO.to_owned()),
            Some(address) => Ok(person(&self.store, address).await?.id.to_string()),
        }
    }

    /// How an owner is called to people.
    pub fn called(&self, owner: &Owner) -> String {
        match owner {
            Owner::Role { body, role } => {
                format!("{body}/{}", self.rules.organisation.role_title(body, role).to_lowercase())
            }
            Owner::Person(id) => {
                self.facts.people.persons.get(id).map_or_else(|| id.to_string(), |p| p.name.clone())
            }
        }
    }

    /// `alla: a, b` where each answers, `a, b` where any one does, `nobody` where none.
    pub fn owned_by(&self, owners: &Owners) -> String {
        if owners.is_none() {
            return "nobody".to_owned();
        }
        let names: Vec<String> = owners.list.iter().map(|owner| self.called(owner)).collect();
        format!("{}{}", if owners.all { "alla: " } else { "" }, names.join(", "))
    }
}
