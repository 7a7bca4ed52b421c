//! The daemon's work, one knock at a time.
//!
//! A knock takes no input and may come at any time, twice or late: what is to be done is worked out from plan
//! and store. A restart, a missed night and a jump of the clock are the same path as a knock on an ordinary
//! day.
//!
//! ```text
//! knock:   facts or files changed? ─▶ plan ─▶ reconcile ─▶ one transaction
//!          what is due? ─▶ one digest a person ─▶ bytes and Message-ID fixed ─▶ queued
//! deliver: claim ("attempt started" is committed) ─▶ relay ─▶ finish
//! ```
//!
//! The two halves have a guard each: a relay that hangs doesn't stop the planning.

mod composing;
mod delivery;
mod planning;
mod triage;

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::Mutex;

use crate::clock::{Chance, Clock, NoChance};
use crate::mail::compose::{ComposeError, Sender, Templates};
use crate::mail::transport::Transport;
use crate::rules::InForce;
use crate::store::{Applied, MetaKey, Store, StoreError};

pub use delivery::Delivery;

/// Everything a knock needs. Built once, shared by all who knock.
#[derive(Debug)]
pub struct Worker {
    store: Store,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    rules: Arc<InForce>,
    outgoing: Option<Outgoing>,
    /// Held while planning and composing.
    planning: Mutex<()>,
    /// Held while delivering.
    delivering: Mutex<()>,
}

/// What is needed to send mail; without it nothing is composed.
#[derive(Debug)]
pub struct Outgoing {
    /// Who mails come from.
    pub sender: Sender,
    /// How they look.
    pub templates: Templates,
    /// How they leave.
    pub transport: Transport,
    /// The address that answer links begin with, without a slash at its end.
    pub public_url: String,
    /// At most so many mails a minute; none for no limit.
    pub per_minute: Option<u32>,
    /// At most so many mails to a person in a week; none for no limit.
    pub per_week: Option<u32>,
}

/// What a knock did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Knock {
    /// What planning changed; none if there was nothing to plan anew.
    pub planned: Option<Applied>,
    /// Mails that were composed.
    pub composed: usize,
    /// Messages that were passed over, with their reason in the store.
    pub skipped: u64,
}

/// Why a knock stopped. The next one begins again.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A mail could not be composed; it holds no other mail up.
    #[error(transparent)]
    Compose(#[from] ComposeError),
    /// No token could be made.
    #[error(transparent)]
    Chance(#[from] NoChance),
}

impl Worker {
    /// A worker over its parts. Without `outgoing` it plans and sends nothing.
    #[must_use]
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
        rules: Arc<InForce>,
        outgoing: Option<Outgoing>,
    ) -> Self {
        Self {
            store,
            clock,
            chance,
            rules,
            outgoing,
            planning: Mutex::default(),
            delivering: Mutex::default(),
        }
    }

    /// Plans if something has changed, and composes what is due. Returns at once if a knock is under way.
    ///
    /// # Errors
    /// See [`WorkerError`]; what was committed stays.
    pub async fn knock(&self) -> Result<Knock, WorkerError> {
        let Ok(_guard) = self.planning.try_lock() else { return Ok(Knock::default()) };
        let now = self.clock.now();
        let planned = self.plan(now).await?;
        let (composed, skipped) = if self.held().await? { (0, 0) } else { self.compose(now).await? };
        self.beat(now).await?;
        Ok(Knock { planned, composed, skipped })
    }

    /// Whether sending is held back until somebody has looked: the database was restored from a backup, and what
    /// was sent after that is not in it.
    async fn held(&self) -> Result<bool, StoreError> {
        Ok(self.store.meta_get(MetaKey::HELD).await?.is_some())
    }

    /// The moment up to which the outbox is known to be complete.
    async fn last_beat(&self) -> Result<Option<Timestamp>, StoreError> {
        let beat = self.store.meta_get(MetaKey::HEARTBEAT).await?;
        Ok(beat.and_then(|text| text.parse().ok()))
    }

    /// Stored only when it moves on: a clock that went back does not make the past due again.
    async fn beat(&self, now: Timestamp) -> Result<(), StoreError> {
        if self.last_beat().await?.is_none_or(|beat| beat < now) {
            self.store.meta_put(MetaKey::HEARTBEAT, Some(&now.to_string())).await?;
        }
        Ok(())
    }
}
