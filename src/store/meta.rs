//! Single values under fixed names.

use jiff::Timestamp;

use super::db::{Tx, args, unreadable};
use super::{MetaKey, Result, Store};

pub(super) const GET: &str = "SELECT value FROM meta WHERE key = $1";
const PUT: &str =
    "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
const REMOVE: &str = "DELETE FROM meta WHERE key = $1";

impl Store {
    /// A value; none if there isn't one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn meta_get(&self, key: MetaKey) -> Result<Option<String>> {
        self.db().row(GET, args![key.0]).await?.map(|row| row.text("value")).transpose()
    }

    /// Keeps a value; none removes it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn meta_put(&self, key: MetaKey, value: Option<&str>) -> Result<()> {
        let mut tx = self.db().write().await?;
        put(&mut tx, key, value).await?;
        tx.commit().await
    }

    /// Holds all mails back until `until`: the relay is at fault, not a mail. A moment that has passed ends it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pause_all(&self, until: Timestamp) -> Result<()> {
        self.meta_put(MetaKey::PAUSED, Some(&until.as_second().to_string())).await
    }

    /// Until when all mails are held back; may have passed.
    ///
    /// # Errors
    /// When the database fails or the moment can't be read.
    pub async fn paused_until(&self) -> Result<Option<Timestamp>> {
        self.meta_get(MetaKey::PAUSED).await?.map(|text| moment(&text)).transpose()
    }
}

/// Within a transaction.
pub(super) async fn paused_until(tx: &mut Tx) -> Result<Option<Timestamp>> {
    let row = tx.row(GET, args![MetaKey::PAUSED.0]).await?;
    row.map(|row| moment(&row.text("value")?)).transpose()
}

pub(super) fn moment(text: &str) -> Result<Timestamp> {
    let seconds = text.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    seconds.ok_or_else(|| unreadable("meta", MetaKey::PAUSED.0, format!("`{text}` is no moment")))
}

pub(super) async fn put(tx: &mut Tx, key: MetaKey, value: Option<&str>) -> Result<()> {
    match value {
        Some(value) => tx.run(PUT, args![key.0, value]).await?,
        None => tx.run(REMOVE, args![key.0]).await?,
    };
    Ok(())
}
