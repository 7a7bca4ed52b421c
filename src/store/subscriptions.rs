//! Private calendar feeds: made, listed, fetched, revoked.
//!
//! An address is known by the hash of its secret alone. A fetch is recorded so that somebody can see that their calendar
//! works, and be told of a meeting that it hasn't noticed; it is no fact, and a plan is made anew only if it had
//! something to say about what has now been fetched.

use jiff::Timestamp;

use super::db::{Row, Tx, args, unreadable};
use super::facts::{Writer, advance, commit_if, write_facts};
use super::rows::{from_json, to_json};
use super::{NewSubscription, Result, Store, Subscription, SubscriptionState, tokens};
use crate::ids::{BodyId, PersonId};
use crate::plan::model::{Facts, Fetched, Shows, Subscribed};
use crate::plan::unseen::STEP;

/// So many somebody may have at once: one for each of their calendar programs, and some to spare.
pub const MOST: usize = 20;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT number, person, name, content, titles_only, mails, issued_at, revoked_at, fetched_at, revision \
             FROM subscription",
            $rest
        )
    };
}
const BY_HASH: &str = select!(" WHERE hash = $1");
const BY_NUMBER: &str = select!(" WHERE number = $1");
const OF_PERSON: &str = select!(" WHERE person = $1 ORDER BY number");
const ALL: &str = select!(" ORDER BY number");
const NEXT: &str = "SELECT coalesce(max(number), 0) + 1 AS n FROM subscription";
const COUNT: &str = "SELECT count(*) AS n FROM subscription WHERE person = $1";
const LIVE: &str = "SELECT count(*) AS n FROM subscription WHERE person = $1 AND revoked_at IS NULL";
const ADD: &str = "INSERT INTO subscription (number, hash, person, name, content, titles_only, mails, issued_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const REVOKE: &str = "UPDATE subscription SET revoked_at = $2 WHERE number = $1 AND revoked_at IS NULL";
const MAILS: &str = "UPDATE subscription SET mails = $2 WHERE number = $1 AND mails <> $2";
/// A fetch that comes late, or of an older copy, takes nothing back.
const FETCHED: &str = "UPDATE subscription SET fetched_at = $2, revision = $3 WHERE number = $1 \
     AND (fetched_at IS NULL OR fetched_at <= $2) AND (revision IS NULL OR revision <= $3)";
/// Whether a mail is planned to somebody that a fetch may have made pointless.
const WARNED: &str = "SELECT count(*) AS n FROM message m JOIN subscription s ON s.person = m.person \
     WHERE s.number = $1 AND m.state = 'planned' AND m.step = $2";
const LATEST_FACT: &str = "SELECT at AS n FROM history ORDER BY number DESC LIMIT 1";
const LATEST_MESSAGE: &str = "SELECT count(*) AS n, coalesce(max(changed_at), 0) AS at FROM message WHERE person = $1 AND state <> 'planned'";
const BODIES: &str = "SELECT DISTINCT body FROM holder WHERE person = $1 \
     AND (first_day IS NULL OR first_day <= $2) AND (last_day IS NULL OR $2 <= last_day) ORDER BY body";

impl Store {
    /// Makes a private feed and gives its number. None if the person has made another number of them than `made`: the
    /// form was sent twice; or if they have [`MOST`] that work.
    ///
    /// # Errors
    /// When the database fails, or there is one with that hash.
    pub async fn subscribe(
        &self,
        new: &NewSubscription<'_>,
        made: Option<usize>,
        who: &str,
        now: Timestamp,
    ) -> Result<Option<i64>> {
        let mut tx = write_facts(self).await?;
        if let Some(person) = new.person {
            let before = count(&mut tx, COUNT, person).await?;
            let live = count(&mut tx, LIVE, person).await?;
            if live >= MOST || made.is_some_and(|made| made != before) {
                return Ok(None);
            }
        }
        let row = tx.row(NEXT, args![]).await?;
        let number =
            row.ok_or_else(|| unreadable("subscription", "number", "it can't be counted"))?.int("n")?;
        let person = new.person.map(PersonId::as_str);
        let content = to_json(new.shows)?;
        let args =
            args![number, new.hash.as_slice(), person, new.name, &content, new.titles_only, new.mails, now];
        tx.run(ADD, args).await?;
        let said = to_json(&(person, new.name, new.shows))?;
        Writer { who, now }.note(&mut tx, format!("subscription {number}"), None, said).await?;
        tx.commit().await?;
        Ok(Some(number))
    }

    /// What the address with that hash is good for.
    ///
    /// Whoever has left the last of their roles has left their feeds behind, as their links
    /// ([`Store::token_state`]): looked up and not written, since a term may be prolonged.
    ///
    /// # Errors
    /// When the database fails or the row can't be read.
    pub async fn subscription(&self, hash: &[u8; 32], now: Timestamp) -> Result<SubscriptionState> {
        let mut tx = self.db().read().await?;
        let Some(row) = tx.row(BY_HASH, args![hash.as_slice()]).await? else {
            return Ok(SubscriptionState::Unknown);
        };
        let found = subscription_of(&row)?;
        if found.revoked.is_some() {
            return Ok(SubscriptionState::Revoked);
        }
        Ok(match &found.person {
            Some(person) if tokens::has_left(&mut tx, person, found.issued, now).await? => {
                SubscriptionState::Revoked
            }
            _ => SubscriptionState::Live(found),
        })
    }

    /// All private feeds that were ever made, or one person's; the oldest first.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn subscriptions(&self, person: Option<&PersonId>) -> Result<Vec<Subscription>> {
        let rows = match person {
            Some(person) => self.db().rows(OF_PERSON, args![person.as_str()]).await?,
            None => self.db().rows(ALL, args![]).await?,
        };
        rows.iter().map(subscription_of).collect()
    }

    /// Revokes a private feed for good. False if there is none of that number that works.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke_subscription(&self, number: i64, who: &str, now: Timestamp) -> Result<bool> {
        let mut tx = write_facts(self).await?;
        let changed = tx.run(REVOKE, args![number, now]).await? > 0;
        if changed {
            let what = format!("subscription {number}");
            Writer { who, now }.note(&mut tx, what, None, to_json(&"revoked")?).await?;
        }
        commit_if(tx, changed).await?;
        Ok(changed)
    }

    /// Whether its holder is mailed about what it hasn't fetched. False if that is as it was.
    ///
    /// # Errors
    /// When the database fails; when it has no holder.
    pub async fn mail_about_subscription(
        &self,
        number: i64,
        mails: bool,
        who: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let mut tx = write_facts(self).await?;
        let row = tx.row(BY_NUMBER, args![number]).await?;
        let of_somebody = row.as_ref().map(subscription_of).transpose()?.is_some_and(|s| s.person.is_some());
        let changed = of_somebody && tx.run(MAILS, args![number, mails]).await? > 0;
        if changed {
            let what = format!("subscription {number}");
            let said = to_json(&if mails { "mails" } else { "no mails" })?;
            Writer { who, now }.note(&mut tx, what, None, said).await?;
        }
        commit_if(tx, changed).await?;
        Ok(changed)
    }

    /// Notes that a private feed has been fetched. Says whether a plan must be made anew: one warns of what it lacked.
    ///
    /// # Errors
    /// When the database fails. The fetch itself must not fail for that.
    pub async fn note_fetch(&self, number: i64, fetched: Fetched) -> Result<bool> {
        let mut tx = self.db().write().await?;
        let warned = tx.row(WARNED, args![number, STEP]).await?;
        let warned = warned.map(|row| row.int("n")).transpose()?.unwrap_or(0) > 0;
        if warned {
            advance(&mut tx).await?;
        }
        tx.run(FETCHED, args![number, fetched.at, fetched.revision]).await?;
        tx.commit().await?;
        Ok(warned)
    }

    /// The bodies in which somebody holds a role on a day, as a deputy or otherwise.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn bodies_of(&self, person: &PersonId, day: jiff::civil::Date) -> Result<Vec<BodyId>> {
        let rows = self.db().rows(BODIES, args![person.as_str(), Some(day)]).await?;
        rows.iter().map(|row| Ok(row.text("body")?.as_str().into())).collect()
    }

    /// When a fact was last recorded, and something last became of a message to `person`, with how many there are:
    /// together with the facts' revision this tells whether anything of theirs can have changed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn stirred(&self, person: &PersonId) -> Result<(Timestamp, i64)> {
        let mut tx = self.db().read().await?;
        let fact = match tx.row(LATEST_FACT, args![]).await? {
            Some(row) => row.moment("n")?,
            None => Timestamp::UNIX_EPOCH,
        };
        Ok(match tx.row(LATEST_MESSAGE, args![person.as_str()]).await? {
            Some(row) => (fact.max(row.moment("at")?), row.int("n")?),
            None => (fact, 0),
        })
    }
}

async fn count(tx: &mut Tx, sql: &'static str, person: &PersonId) -> Result<usize> {
    let row = tx.row(sql, args![person.as_str()]).await?;
    let counted = row.map(|row| row.int("n")).transpose()?.unwrap_or(0);
    Ok(usize::try_from(counted).unwrap_or(usize::MAX))
}

/// Adds to the facts whose calendars there are, and what they know.
pub(super) async fn read(tx: &mut Tx, facts: &mut Facts) -> Result<()> {
    for row in tx.rows(ALL, args![]).await? {
        let found = subscription_of(&row)?;
        let (None, Some(person), Shows::Own { attends }) = (found.revoked, found.person, found.shows) else {
            continue;
        };
        facts.subscriptions.push(Subscribed {
            number: found.number,
            person,
            name: found.name,
            attends,
            mails: found.mails,
            fetched: found.fetched,
        });
    }
    Ok(())
}

fn subscription_of(row: &Row) -> Result<Subscription> {
    let number = row.int("number")?;
    let fetched = match (row.maybe_moment("fetched_at")?, row.maybe_moment("revision")?) {
        (Some(at), Some(revision)) => Some(Fetched { at, revision }),
        _ => None,
    };
    Ok(Subscription {
        number,
        person: row.maybe_text("person")?.map(|person| person.as_str().into()),
        name: row.text("name")?,
        shows: from_json("subscription", &number.to_string(), &row.text("content")?)?,
        titles_only: row.flag("titles_only")?,
        mails: row.flag("mails")?,
        issued: row.moment("issued_at")?,
        revoked: row.maybe_moment("revoked_at")?,
        fetched,
    })
}
