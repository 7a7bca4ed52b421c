//! Links that let their holder answer or subscribe.

use jiff::Timestamp;

use super::db::{Row, Tx, args};
use super::facts::Writer;
use super::rows::{from_json, to_json};
use super::{NewToken, Result, Store, TokenRow, TokenState};
use crate::calendar::today;
use crate::ids::PersonId;

const ISSUE: &str = "INSERT INTO token (hash, person, purpose, matters, issued_at, expires_at) \
     VALUES ($1, $2, $3, $4, $5, $6)";
const FIND: &str =
    "SELECT person, purpose, matters, issued_at, expires_at, revoked_at FROM token WHERE hash = $1";
const REVOKE: &str =
    "UPDATE token SET revoked_at = $3 WHERE person = $1 AND purpose = $2 AND revoked_at IS NULL";
const REVOKE_ALL: &str = "UPDATE token SET revoked_at = $2 WHERE person = $1 AND revoked_at IS NULL";
/// Terms of office that have no end, and the last day of the others.
const TERMS: &str = "SELECT count(*) AS terms, count(last_day) AS ended, max(last_day) AS last_day \
     FROM holder WHERE person = $1";

impl Store {
    /// Issues a link outside a mail.
    ///
    /// # Errors
    /// When the database fails, or there is a token with that hash.
    pub async fn issue_token(&self, token: &NewToken, now: Timestamp) -> Result<()> {
        let mut tx = self.db().write().await?;
        issue(&mut tx, token, now).await?;
        tx.commit().await
    }

    /// What a link is good for; none if it is good for nothing, see [`Self::token_state`].
    ///
    /// # Errors
    /// When the database fails or the row can't be read.
    pub async fn token(&self, hash: &[u8; 32], now: Timestamp) -> Result<Option<TokenRow>> {
        Ok(match self.token_state(hash, now).await? {
            TokenState::Live(row) => Some(row),
            TokenState::Expired(_) | TokenState::Revoked | TokenState::Unknown => None,
        })
    }

    /// What a link is good for, or why it isn't.
    ///
    /// Whoever has left the last of their roles loses the links issued until then. That is looked up here and
    /// not written when a term ends: a term may be given an end in the future, by an import too, and may be
    /// prolonged. A link issued later was sent to somebody who was asked without a role, and works.
    ///
    /// # Errors
    /// When the database fails or the row can't be read.
    pub async fn token_state(&self, hash: &[u8; 32], now: Timestamp) -> Result<TokenState> {
        let mut tx = self.db().read().await?;
        let Some(row) = tx.row(FIND, args![hash.as_slice()]).await? else { return Ok(TokenState::Unknown) };
        let token = token_of(&row)?;
        let revoked = row.maybe_moment("revoked_at")?.is_some();
        if revoked || has_left(&mut tx, &token.person, token.issued, now).await? {
            return Ok(TokenState::Revoked);
        }
        let expired = token.expires.is_some_and(|expires| expires <= now);
        Ok(if expired { TokenState::Expired(token) } else { TokenState::Live(token) })
    }

    /// Revokes a person's links, those for one purpose or all of them. Says how many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke_tokens(
        &self,
        person: &PersonId,
        purpose: Option<&str>,
        who: &str,
        now: Timestamp,
    ) -> Result<u64> {
        let mut tx = self.db().write().await?;
        let revoked = match purpose {
            Some(purpose) => tx.run(REVOKE, args![person.as_str(), purpose, now]).await?,
            None => tx.run(REVOKE_ALL, args![person.as_str(), now]).await?,
        };
        if revoked > 0 {
            let what = format!("links of {person}");
            Writer { who, now }.note(&mut tx, what, None, to_json(&format!("{revoked} revoked"))?).await?;
        }
        tx.commit().await?;
        Ok(revoked)
    }
}

/// Whether somebody has left the last of their roles since something was `issued` to them.
pub(super) async fn has_left(
    tx: &mut Tx,
    person: &PersonId,
    issued: Timestamp,
    now: Timestamp,
) -> Result<bool> {
    let Some(row) = tx.row(TERMS, args![person.as_str()]).await? else { return Ok(false) };
    if row.int("terms")? > row.int("ended")? {
        return Ok(false);
    }
    let last = row.maybe_date("last_day")?;
    Ok(last.is_some_and(|last| last < today(now) && today(issued) <= last))
}

/// Within a transaction.
pub(super) async fn issue(tx: &mut Tx, token: &NewToken, now: Timestamp) -> Result<()> {
    let args = args![
        token.hash.as_slice(),
        token.person.as_str(),
        &token.purpose,
        to_json(&token.matters)?,
        now,
        token.expires
    ];
    tx.run(ISSUE, args).await?;
    Ok(())
}

fn token_of(row: &Row) -> Result<TokenRow> {
    let person = row.text("person")?;
    Ok(TokenRow {
        purpose: row.text("purpose")?,
        // Never the hash: what names the row in a message may end in a log.
        matters: from_json("token", &format!("of {person}"), &row.text("matters")?)?,
        issued: row.moment("issued_at")?,
        expires: row.maybe_moment("expires_at")?,
        person: person.as_str().into(),
    })
}
