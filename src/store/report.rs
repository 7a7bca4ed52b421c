//! What operation looks at: counts, mails, and whether the database is whole.

use std::path::Path;

use super::db::{Row, args, unreadable};
use super::{Counts, Envelope, MailRow, MailState, MessageState, Result, Store, StoreError};

const MESSAGES: &str = "SELECT state, count(*) AS n FROM message GROUP BY state";
const MAILS: &str = "SELECT state, count(*) AS n FROM mail GROUP BY state";
const SKIPPED: &str =
    "SELECT reason, count(*) AS n FROM message WHERE state = 'skipped' GROUP BY reason ORDER BY reason";
const AMBIGUOUS: &str = "SELECT CAST(coalesce(sum(ambiguous), 0) AS BIGINT) AS n FROM mail";
const ORPHANED: &str = "SELECT count(*) AS n FROM occasion WHERE orphaned = 1";
const LIST: &str = "SELECT id, message_id, person, envelope_from, envelope_to, bytes, state, attempts, \
     ambiguous, last_reply, created_at, sent_at FROM mail WHERE id > $1 ORDER BY id LIMIT $2";
const ONE: &str = "SELECT id, message_id, person, envelope_from, envelope_to, bytes, state, attempts, \
     ambiguous, last_reply, created_at, sent_at FROM mail WHERE id = $1";
const WHOLE: &str = "PRAGMA integrity_check(10)";
const REFERENCES: &str = "PRAGMA foreign_key_check";
/// A message is as far as its mail.
const OUT_OF_STEP: &str = "SELECT m.key, m.state, l.state AS mail_state FROM message m \
     JOIN mail l ON l.id = m.mail WHERE NOT (\
     (m.state = 'queued' AND l.state IN ('queued', 'sending')) OR \
     (m.state = l.state AND m.state IN ('sent', 'failed'))) ORDER BY m.key LIMIT 1";

impl Store {
    /// How much there is in each state. Reads every message: for a status page, not for every knock.
    ///
    /// # Errors
    /// When the database fails or a state can't be read.
    pub async fn counts(&self) -> Result<Counts> {
        let mut tx = self.db().read().await?;
        let mut counts = Counts::default();
        for row in tx.rows(MESSAGES, args![]).await? {
            let state = row.text("state")?;
            let state = MessageState::read(&state)
                .ok_or_else(|| unreadable("message", &state, "there is no such state"))?;
            counts.messages.insert(state, u64::from(row.number("n")?));
        }
        for row in tx.rows(MAILS, args![]).await? {
            counts.mails.insert(mail_state(&row)?, u64::from(row.number("n")?));
        }
        for row in tx.rows(SKIPPED, args![]).await? {
            counts.skipped.insert(row.text("reason")?, u64::from(row.number("n")?));
        }
        let number = |row: Option<Row>| row.map_or(Ok(0), |row| row.number("n").map(u64::from));
        counts.ambiguous = number(tx.row(AMBIGUOUS, args![]).await?)?;
        counts.orphaned = number(tx.row(ORPHANED, args![]).await?)?;
        Ok(counts)
    }

    /// At most `limit` mails with a row number above `after`, in the order they were composed.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn mails(&self, limit: u32, after: i64) -> Result<Vec<MailRow>> {
        self.db().rows(LIST, args![after, limit]).await?.iter().map(mail_of).collect()
    }

    /// One mail.
    ///
    /// # Errors
    /// When the database fails or the row can't be read.
    pub async fn mail(&self, id: i64) -> Result<Option<MailRow>> {
        self.db().row(ONE, args![id]).await?.as_ref().map(mail_of).transpose()
    }

    /// That the database is whole: the file is the one that was opened, SQLite finds no damage, and every message
    /// is as far as its mail. Reads everything.
    ///
    /// # Errors
    /// [`StoreError::Gone`] or [`StoreError::Inconsistent`] with the first thing found.
    pub async fn check_integrity(&self) -> Result<()> {
        if let Some(lite) = self.db().lite() {
            lite.file.check()?;
            let said = self.db().row(WHOLE, args![]).await?.map(|row| row.text("integrity_check"));
            if let Some(said) = said.transpose()?.filter(|said| said != "ok") {
                return Err(unreadable("the database", &lite.file.path.display().to_string(), said));
            }
            if let Some(row) = self.db().row(REFERENCES, args![]).await? {
                return Err(unreadable(
                    "a row of",
                    &row.text("table")?,
                    "it refers to a row that isn't there",
                ));
            }
        }
        match self.db().row(OUT_OF_STEP, args![]).await? {
            None => Ok(()),
            Some(row) => {
                let what = format!("it is {} and its mail {}", row.text("state")?, row.text("mail_state")?);
                Err(unreadable("message", &row.text("key")?, what))
            }
        }
    }

    /// Writes a consistent copy of an SQLite database to a file that isn't there yet, while it is in use.
    ///
    /// # Errors
    /// [`StoreError::Refused`] on PostgreSQL, which has its own tools; when the file exists or can't be written.
    pub async fn backup_to(&self, file: &Path) -> Result<()> {
        match self.db().lite() {
            Some(lite) => lite.copy_to(file).await,
            None => Err(StoreError::Refused(
                "the database is on a PostgreSQL server; use pg_dump to make a copy of it".to_owned(),
            )),
        }
    }
}

fn mail_state(row: &Row) -> Result<MailState> {
    let state = row.text("state")?;
    MailState::read(&state).ok_or_else(|| unreadable("mail", &state, "there is no such state"))
}

fn mail_of(row: &Row) -> Result<MailRow> {
    Ok(MailRow {
        id: row.int("id")?,
        message_id: row.text("message_id")?,
        person: row.text("person")?.as_str().into(),
        envelope: Envelope { from: row.text("envelope_from")?, to: row.text("envelope_to")? },
        bytes: row.bytes("bytes")?,
        state: mail_state(row)?,
        attempts: row.number("attempts")?,
        ambiguous: row.number("ambiguous")?,
        last_reply: row.maybe_text("last_reply")?,
        created_at: row.moment("created_at")?,
        sent_at: row.maybe_moment("sent_at")?,
    })
}
