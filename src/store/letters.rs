//! Letters that no plan has: what somebody asked for by pressing a button.

use jiff::Timestamp;

use super::outbox::add;
use super::{Result, Store};
use crate::plan::model::Message;

/// What the key of a letter begins with. No workflow has such a name, and planning leaves these keys alone: it would
/// withdraw what it doesn't have.
pub const LETTER: &str = "~brev:";

impl Store {
    /// Plans a message beside the plan; its key begins with [`LETTER`]. False if there is one with that key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn plan_letter(&self, message: &Message, now: Timestamp) -> Result<bool> {
        let mut tx = self.db().write().await?;
        let added = add(&mut tx, &[message], now).await?;
        tx.commit().await?;
        Ok(added == 1)
    }
}
