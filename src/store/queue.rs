//! From what is due to a mail.

use std::collections::HashSet;

use jiff::Timestamp;

use super::answers::of_person;
use super::db::{Row, args};
use super::rows::message_of;
use super::{NewMail, Result, Store, StoreError, tokens};
use crate::ids::PersonId;
use crate::plan::model::{Key, Matter, Message};

pub(super) const DUE: &str =
    "SELECT key, content FROM message WHERE state = 'planned' AND at <= $1 ORDER BY at, key LIMIT $2";
const SET_ASIDE: &str = "UPDATE message SET state = 'failed', reason = $2, changed_at = $3 \
     WHERE key = $1 AND state = 'planned'";
const NEXT: &str = "SELECT at FROM message WHERE state = 'planned' ORDER BY at, key LIMIT 1";
const NEXT_ATTEMPT: &str =
    "SELECT next_attempt AS at FROM mail WHERE state = 'queued' ORDER BY next_attempt, id LIMIT 1";
const NEXT_LEASE: &str =
    "SELECT lease_until AS at FROM mail WHERE state = 'sending' ORDER BY lease_until LIMIT 1";
const COMING: &str = "SELECT key, content FROM message WHERE state = 'planned' ORDER BY at, key LIMIT $1";
const COMPOSED: &str =
    "SELECT id FROM mail WHERE person = $1 AND created_at >= $2 AND state <> 'cancelled' LIMIT 1";
const ASKED: &str = "SELECT key FROM message \
     WHERE workflow = $1 AND body = $2 AND object = $3 AND step = $4 AND person = $5 \
     AND kind IN ('ask', 'reminder') AND state IN ('queued', 'sent') LIMIT 1";
const NEW_MAIL: &str = "INSERT INTO mail (message_id, person, envelope_from, envelope_to, bytes, next_attempt, \
     created_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id";
const TAKE: &str = "UPDATE message SET state = 'queued', mail = $2, changed_at = $3 \
     WHERE key = $1 AND state = 'planned'";
const IS_PLANNED: &str = "SELECT key FROM message WHERE key = $1 AND state = 'planned'";
const SKIP: &str = "UPDATE message SET state = 'skipped', reason = $2, changed_at = $3 \
     WHERE key = $1 AND state = 'planned'";

impl Store {
    /// At most `limit` messages whose moment has come, ordered by moment and key. Empty only if nothing is due.
    /// The cost is that of what is due, not of what waits. A row that can't be read is set aside as failed, with
    /// the reason, so that it blocks nobody.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn due(&self, now: Timestamp, limit: u32) -> Result<Vec<Message>> {
        loop {
            let rows = self.db().rows(DUE, args![now, limit]).await?;
            let mut due = Vec::with_capacity(rows.len());
            let mut unreadable = Vec::new();
            for row in &rows {
                match message_of(row) {
                    Ok(message) => due.push(message),
                    Err(StoreError::Inconsistent { key, what, .. }) => unreadable.push((key, what)),
                    Err(other) => return Err(other),
                }
            }
            if unreadable.is_empty() {
                return Ok(due);
            }
            let mut tx = self.db().write().await?;
            for (key, what) in unreadable {
                tx.run(SET_ASIDE, args![key, format!("cannot be read: {what}"), now]).await?;
            }
            tx.commit().await?;
            if !due.is_empty() {
                return Ok(due);
            }
        }
    }

    /// The next moment at which there may be something to do: a message leaves, a mail is tried, or a lease ends.
    /// While all mails are held back ([`Self::pause_all`]), mails wait for the end of that.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_moment(&self) -> Result<Option<Timestamp>> {
        let mut tx = self.db().read().await?;
        let at = |row: Option<Row>| row.map(|row| row.moment("at")).transpose();
        let message = at(tx.row(NEXT, args![]).await?)?;
        let attempt = at(tx.row(NEXT_ATTEMPT, args![]).await?)?;
        let lease = at(tx.row(NEXT_LEASE, args![]).await?)?;
        let paused = super::meta::paused_until(&mut tx).await?;
        let mail =
            [attempt, lease].into_iter().flatten().min().map(|at| paused.map_or(at, |until| at.max(until)));
        Ok([message, mail].into_iter().flatten().min())
    }

    /// Which of these have been asked: an ask or a reminder of the matter to the person is in a mail or sent. Who
    /// has not been asked is never sent a reminder.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn asked_before(&self, pairs: &[(Matter, PersonId)]) -> Result<HashSet<(Matter, PersonId)>> {
        let mut tx = self.db().read().await?;
        let mut asked = HashSet::new();
        for (matter, person) in pairs {
            if tx.row(ASKED, of_person(matter, person)).await?.is_some() {
                asked.insert((matter.clone(), person.clone()));
            }
        }
        Ok(asked)
    }

    /// Queues a composed mail, its links and the messages in it. False, and nothing written, if one of the
    /// messages is no longer planned: an answer came, or somebody else has queued it.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if another mail has the same Message-ID: it must depend on the messages and on the
    /// moment of composing.
    pub async fn queue(&self, mail: &NewMail, now: Timestamp) -> Result<bool> {
        let mut tx = self.db().write().await?;
        let mut keys: Vec<&Key> = mail.keys.iter().collect();
        keys.sort();
        keys.dedup();
        let args = args![
            &mail.message_id,
            mail.person.as_str(),
            &mail.envelope.from,
            &mail.envelope.to,
            mail.bytes.as_slice(),
            mail.send_at,
            now
        ];
        let Some(row) = tx.row(NEW_MAIL, args).await? else {
            for key in keys {
                if tx.row(IS_PLANNED, args![&key.0]).await?.is_none() {
                    return Ok(false);
                }
            }
            return Err(StoreError::Refused(format!("there is a mail <{}> already", mail.message_id)));
        };
        let id = row.int("id")?;
        for key in keys {
            if tx.run(TAKE, args![&key.0, id, now]).await? == 0 {
                return Ok(false);
            }
        }
        for token in &mail.tokens {
            tokens::issue(&mut tx, token, now).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// The next `limit` planned messages, in order of time: a preview.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn coming(&self, limit: usize) -> Result<Vec<Message>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.db().rows(COMING, args![limit]).await?.iter().map(message_of).collect()
    }

    /// Whether a mail to `person` has been composed at or after `since` and still stands.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn composed_since(&self, person: &PersonId, since: Timestamp) -> Result<bool> {
        Ok(!self.db().rows(COMPOSED, args![person.as_str(), since]).await?.is_empty())
    }

    /// Passes planned messages over, for a reason that is counted and shown. Says how many were still planned.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn skip(&self, keys: &[Key], reason: &str, now: Timestamp) -> Result<u64> {
        let mut tx = self.db().write().await?;
        let mut keys: Vec<&Key> = keys.iter().collect();
        keys.sort();
        let mut skipped = 0;
        for key in keys {
            skipped += tx.run(SKIP, args![&key.0, reason, now]).await?;
        }
        tx.commit().await?;
        Ok(skipped)
    }
}

#[cfg(test)]
mod tests {
    use sqlx::AssertSqlSafe;

    use super::*;
    use crate::store::{Access, Location};

    /// A timing would prove less: the index holds only what is planned, in the order of its moments, so a knock
    /// reads what is due and the one row after it.
    #[tokio::test]
    async fn what_is_due_is_found_by_index_and_without_sorting() {
        let folder = tempfile::tempdir().unwrap();
        let place = Location::parse(folder.path().join("a.db").to_str().unwrap()).unwrap();
        let store = Store::open_with_relaxed_sync(&place, Access::Sender).await.unwrap();
        for (sql, args, index) in [
            (DUE, args![Timestamp::UNIX_EPOCH, 10_u32], "message_due (at<?)"),
            (NEXT, args![], "message_due"),
            (NEXT_ATTEMPT, args![], "mail_next"),
            (NEXT_LEASE, args![], "mail_lease"),
        ] {
            let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
            let rows = store.db().read().await.unwrap().rows(explain, args).await.unwrap();
            let plan: Vec<String> = rows.iter().map(|row| row.text("detail").unwrap()).collect();
            assert!(plan.iter().any(|line| line.contains(index)), "{sql}: {plan:?}");
            assert!(!plan.iter().any(|line| line.contains("TEMP B-TREE")), "{sql}: {plan:?}");
        }
    }
}
