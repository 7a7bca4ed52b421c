//! `import` of a list of people: who is missing in it, and what becomes of them.

use std::io::{IsTerminal, stdout};

use super::{Import, WHO, counted};
use crate::app::intake::people;
use crate::cli::{CheckFormat, CliError};
use crate::import::PeopleList;
use crate::import::missing::Missing;
use crate::people::People;
use crate::store::Store;

/// What to do with a list that lacks much.
const ADVICE: &str = "if they have all left, say so with --end-many";

impl Import<'_> {
    /// Takes over the list, or with `--dry-run` only says what that would do. Whoever is missing keeps what they hold
    /// unless the command says until when; if that would end much it must say so twice.
    pub(super) async fn take_people(&self, store: &Store, list: PeopleList) -> Result<Vec<String>, CliError> {
        let known = store.facts().await?.people;
        let missing = Missing::from(&list, &known, self.as_of);
        if missing.is_much() && self.args.end_missing.is_some() && !self.args.end_many {
            let (count, of, roles) = (missing.terms.len(), missing.of(), self.roles(&missing).join(", "));
            let much = format!("{count} of {of} who hold a role in the list's bodies are not in it: {roles}");
            if !self.args.dry_run {
                return Err(CliError::Refused(format!("{much}; {ADVICE}")));
            }
            let mut said = self.of_missing(&missing, &known);
            said.push(format!("it would be refused, since {much}; {ADVICE}"));
            return Ok(said);
        }
        let mut said = self.of_missing(&missing, &known);
        if self.args.dry_run {
            return Ok(said);
        }
        let rows = people(list.rows);
        let (report, ended) = match self.args.end_missing {
            Some(day) => store.save_people_and_end(&rows, &missing.terms, day, WHO, self.now).await?,
            None => (store.save_people(&rows, WHO, self.now).await?, 0),
        };
        let ended = if ended > 0 { format!(", {ended} ended") } else { String::new() };
        said.push(format!("{}{ended}", counted(report)));
        Ok(said)
    }

    /// `rpo-medicinsk-diagnostik Ledamot (2)`
    fn roles(&self, missing: &Missing) -> Vec<String> {
        let organisation = &self.rules.organisation;
        let role =
            |((body, role), count)| format!("{body} {} ({count})", organisation.role_title(body, role));
        missing.by_role().into_iter().map(role).collect()
    }

    /// Who is missing: by role and count, and by name only where a person reads it. What a command prints to anything
    /// else ends up in logs.
    fn of_missing(&self, missing: &Missing, known: &People) -> Vec<String> {
        let then = match self.args.end_missing {
            Some(day) => format!("what they hold ends on {day}"),
            None => "they keep what they hold".to_owned(),
        };
        let line = |roles: String| format!("not in the list: {roles}; {then}");
        let mut said: Vec<String> = self.roles(missing).into_iter().map(line).collect();
        if self.args.format == CheckFormat::Text && stdout().is_terminal() {
            let names = missing.terms.iter().filter_map(|term| known.persons.get(&term.person));
            said.extend(names.map(|person| format!("  {} <{}>", person.name, person.address)));
        }
        said
    }
}
