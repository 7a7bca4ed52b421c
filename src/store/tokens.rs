//! Links that let their holder answer or subscribe.

use jiff::Timestamp;

use super::db::{Row, Tx, args};
use super::rows::{from_json, to_json};
use super::{NewToken, Result, Store, TokenRow};
use crate::ids::PersonId;

const ISSUE: &str = "INSERT INTO token (hash, person, purpose, matters, issued_at, expires_at) \
     VALUES ($1, $2, $3, $4, $5, $6)";
const FIND: &str = "SELECT person, purpose, matters, issued_at, expires_at FROM token \
     WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)";
const REVOKE: &str =
    "UPDATE token SET revoked_at = $3 WHERE person = $1 AND purpose = $2 AND revoked_at IS NULL";

impl Store {
    /// Issues a link outside a mail, such as a private feed's.
    ///
    /// # Errors
    /// When the database fails, or there is a token with that hash.
    pub async fn issue_token(&self, token: &NewToken, now: Timestamp) -> Result<()> {
        let mut tx = self.db().write().await?;
        issue(&mut tx, token, now).await?;
        tx.commit().await
    }

    /// What a link is good for; none if there is no such link, or it has expired or been revoked.
    ///
    /// # Errors
    /// When the database fails or the row can't be read.
    pub async fn token(&self, hash: &[u8; 32], now: Timestamp) -> Result<Option<TokenRow>> {
        self.db().row(FIND, args![hash.as_slice(), now]).await?.as_ref().map(token_of).transpose()
    }

    /// Revokes all of a person's links for a purpose. Says how many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke_tokens(&self, person: &PersonId, purpose: &str, now: Timestamp) -> Result<u64> {
        let mut tx = self.db().write().await?;
        let revoked = tx.run(REVOKE, args![person.as_str(), purpose, now]).await?;
        tx.commit().await?;
        Ok(revoked)
    }
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
