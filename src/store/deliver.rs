//! Attempts at mails: claimed under a lease, finished under its fence.

use jiff::{SignedDuration, Timestamp};

use super::db::{Db, Dialect, Row, Tx, args};
use super::meta::paused_until;
use super::{Backoff, Claim, Envelope, Finish, Result, Store};

const NEXT: &str = "SELECT id, message_id, person, envelope_from, envelope_to, bytes, attempts FROM mail \
     WHERE state = 'queued' AND next_attempt <= $1 ORDER BY next_attempt, id LIMIT 1";
const EXPIRED: &str =
    "SELECT id, attempts FROM mail WHERE state = 'sending' AND lease_until <= $1 ORDER BY id";
#[cfg(feature = "postgres")]
const NEXT_UNLOCKED: &str = "SELECT id, message_id, person, envelope_from, envelope_to, bytes, attempts \
     FROM mail WHERE state = 'queued' AND next_attempt <= $1 ORDER BY next_attempt, id LIMIT 1 \
     FOR UPDATE SKIP LOCKED";
#[cfg(feature = "postgres")]
const EXPIRED_UNLOCKED: &str = "SELECT id, attempts FROM mail WHERE state = 'sending' AND lease_until <= $1 \
     ORDER BY id FOR UPDATE SKIP LOCKED";
const BEGIN: &str = "UPDATE mail SET state = 'sending', attempts = $2, lease_until = $3, next_attempt = $4 \
     WHERE id = $1 AND state = 'queued'";
const BEGUN: &str = "INSERT INTO attempt (mail, number, started_at) VALUES ($1, $2, $3)";
const ENDED: &str =
    "UPDATE attempt SET ended_at = $3, outcome = $4, reply = $5 WHERE mail = $1 AND number = $2";
const INTERRUPTED: &str = "UPDATE mail SET state = 'queued', lease_until = NULL, ambiguous = ambiguous + 1 \
     WHERE id = $1 AND attempts = $2 AND state = 'sending'";
const SENT: &str = "UPDATE mail SET state = 'sent', lease_until = NULL, last_reply = $3, sent_at = $4 \
     WHERE id = $1 AND attempts = $2 AND state = 'sending'";
const RETRY: &str = "UPDATE mail SET state = 'queued', lease_until = NULL, last_reply = $3, next_attempt = $4, \
     ambiguous = ambiguous + $5 WHERE id = $1 AND attempts = $2 AND state = 'sending'";
const FAILED: &str = "UPDATE mail SET state = 'failed', lease_until = NULL, last_reply = $3 \
     WHERE id = $1 AND attempts = $2 AND state = 'sending'";
const MESSAGES_SENT: &str =
    "UPDATE message SET state = 'sent', changed_at = $2 WHERE mail = $1 AND state = 'queued'";
const MESSAGES_FAILED: &str = "UPDATE message SET state = 'failed', reason = $3, changed_at = $2 \
     WHERE mail = $1 AND state = 'queued'";

/// As much of a reply as is kept, in characters.
const REPLY: usize = 1000;

impl Store {
    /// Takes the mail that has waited longest for its attempt, and commits that the attempt has begun and when the
    /// next one would be, before anything is dialled: a process that crashes over and over keeps to the backoff.
    /// None if no mail's time has come, or all are held back.
    ///
    /// An attempt whose lease ran out is ended first as interrupted, which counts as ambiguous; its mail waits for
    /// the next attempt that was committed with it.
    ///
    /// # Errors
    /// When the database fails; then nothing may be sent.
    pub async fn claim(
        &self,
        now: Timestamp,
        lease: SignedDuration,
        backoff: Backoff<'_>,
    ) -> Result<Option<Claim>> {
        let mut tx = self.db().write().await?;
        if paused_until(&mut tx).await?.is_some_and(|until| until > now) {
            return Ok(None);
        }
        interrupt(&mut tx, now, now).await?;
        let next = match tx.dialect() {
            Dialect::Lite => NEXT,
            #[cfg(feature = "postgres")]
            Dialect::Pg => NEXT_UNLOCKED,
        };
        let claim = match tx.row(next, args![now]).await? {
            None => None,
            Some(row) => begin(&mut tx, &row, now, lease, backoff).await?,
        };
        tx.commit().await?;
        Ok(claim)
    }

    /// Says how an attempt ended; its messages follow. False, and nothing written, if the lease was lost: the
    /// attempt has been counted as interrupted, and another may be under way.
    ///
    /// # Errors
    /// When the database fails; the lease then runs out.
    pub async fn finish(&self, claim: &Claim, how: &Finish, now: Timestamp) -> Result<bool> {
        let mut tx = self.db().write().await?;
        let (id, attempt) = (claim.mail, claim.attempt);
        let reply = match how {
            Finish::Sent { reply } | Finish::Retry { reply, .. } | Finish::Failed { reply } => kept(reply),
        };
        let (held, outcome) = match how {
            Finish::Sent { .. } => (tx.run(SENT, args![id, attempt, &reply, now]).await?, "sent"),
            Finish::Retry { at, ambiguous, .. } => {
                let args = args![id, attempt, &reply, *at, *ambiguous];
                (tx.run(RETRY, args).await?, if *ambiguous { "ambiguous" } else { "retry" })
            }
            Finish::Failed { .. } => (tx.run(FAILED, args![id, attempt, &reply]).await?, "failed"),
        };
        if held == 0 {
            return Ok(false);
        }
        tx.run(ENDED, args![id, attempt, now, outcome, &reply]).await?;
        match how {
            Finish::Sent { .. } => tx.run(MESSAGES_SENT, args![id, now]).await?,
            Finish::Failed { .. } => tx.run(MESSAGES_FAILED, args![id, now, &reply]).await?,
            Finish::Retry { .. } => 0,
        };
        tx.commit().await?;
        Ok(true)
    }

    /// Ends the attempts that a crash has left behind, as interrupted. For the sender at its start: on SQLite
    /// nobody else can be sending, so all of them; on PostgreSQL those whose lease has run out. Says how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_own_leases(&self, now: Timestamp) -> Result<u64> {
        let until = match self.db() {
            Db::Lite(_) => Timestamp::MAX,
            #[cfg(feature = "postgres")]
            Db::Pg(_) => now,
        };
        let mut tx = self.db().write().await?;
        let released = interrupt(&mut tx, until, now).await?;
        tx.commit().await?;
        Ok(released)
    }
}

async fn begin(
    tx: &mut Tx,
    row: &Row,
    now: Timestamp,
    lease: SignedDuration,
    backoff: Backoff<'_>,
) -> Result<Option<Claim>> {
    let after = |wait| now.checked_add(wait).unwrap_or(Timestamp::MAX);
    let claim = Claim {
        mail: row.int("id")?,
        attempt: row.number("attempts")? + 1,
        message_id: row.text("message_id")?,
        person: row.text("person")?.as_str().into(),
        envelope: Envelope { from: row.text("envelope_from")?, to: row.text("envelope_to")? },
        bytes: row.bytes("bytes")?,
        lease_until: after(lease),
    };
    let args = args![claim.mail, claim.attempt, claim.lease_until, after(backoff(claim.attempt))];
    if tx.run(BEGIN, args).await? == 0 {
        return Ok(None);
    }
    tx.run(BEGUN, args![claim.mail, claim.attempt, now]).await?;
    Ok(Some(claim))
}

/// Ends the attempts whose lease ends at or before `until`.
async fn interrupt(tx: &mut Tx, until: Timestamp, now: Timestamp) -> Result<u64> {
    let expired = match tx.dialect() {
        Dialect::Lite => EXPIRED,
        #[cfg(feature = "postgres")]
        Dialect::Pg => EXPIRED_UNLOCKED,
    };
    let mut interrupted = 0;
    for row in tx.rows(expired, args![until]).await? {
        let (id, attempt) = (row.int("id")?, row.int("attempts")?);
        if tx.run(INTERRUPTED, args![id, attempt]).await? == 1 {
            tx.run(ENDED, args![id, attempt, now, "interrupted", None::<&str>]).await?;
            interrupted += 1;
        }
    }
    Ok(interrupted)
}

/// A reply as it can be kept: PostgreSQL's text has no NUL, and a relay may say anything at any length.
fn kept(reply: &str) -> String {
    reply.chars().filter(|c| *c != '\0').take(REPLY).collect()
}
