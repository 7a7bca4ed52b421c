//! The store: facts, the outbox and what was sent, in SQLite or PostgreSQL.
//!
//! # A message
//!
//! ```text
//!            apply                   queue                 finish
//!   (new) ─────────▶ planned ─────────────────▶ queued ─────────────▶ sent
//!                     │ ▲  │ ▲                   │ │ │
//!       apply, answer │ │  │ └── mail cancelled ─┘ │ └──────────────▶ failed
//!                     ▼ │  │                       │ answer            ▲
//!              withdrawn   │ skip                  ▼                   │
//!                          ├────────▶ skipped    withdrawn             │
//!                          └───────────────────── unreadable ──────────┘
//! ```
//!
//! Planned at most once: the key is unique, and adding a message that is planned, queued, sent, failed or
//! skipped changes nothing. Only what was withdrawn can be planned again.
//!
//! # A mail
//!
//! ```text
//!            queue            claim                 finish
//!   (new) ─────────▶ queued ─────────▶ sending ─────────────▶ sent
//!                     │  ▲              │   │
//!              answer │  └── not yet, ──┘   └───────────────▶ failed
//!                     ▼      interrupted
//!                 cancelled
//! ```
//!
//! A claim commits "attempt n started, the next one at ..." before anybody dials, and holds a lease. An attempt
//! whose lease ran out counts as interrupted: it may have been delivered. Attempt numbers are fencing numbers:
//! an attempt that was given up can no longer say how it ended.
//!
//! # How it is kept
//!
//! Moments are whole seconds since 1970 (UTC), dates ISO text, lists and contents JSON text, flags 0 and 1, and
//! a body that is missing is the empty text. Constraints in `migrations/` hold each state to what it must have.
//! No method reads a clock or draws a random number: moments are arguments.

mod absences;
mod answers;
mod around;
mod changes;
mod db;
mod deliver;
mod error;
mod facts;
mod handed;
mod items;
mod letters;
mod listed;
mod location;
mod meetings;
mod meta;
mod migrate;
mod occasions;
mod open;
mod opened;
mod outbox;
mod past;
mod people;
mod queue;
mod register;
mod report;
mod requests;
mod rows;
mod sources;
mod subscriptions;
mod tokens;
mod types;
mod week;

use std::fs::File;
use std::sync::{Arc, Mutex};

use sqlx::sqlite::SqliteSynchronous;

pub use around::{
    Arranging, FileRow, HandedIn, ListReport, NewAnswer, NewFile, NewHandedIn, NewList, NewOccasion,
    OpenedChange, Other, Request, RequestState, SetMeeting, Settles, StoredFile, Wanted,
};
pub use error::StoreError;
pub use letters::LETTER;
pub use location::Location;
pub use migrate::{SCHEMA, SchemaStep};
pub use past::Happened;
pub use register::{
    Advance, Exported, LogRow, MeasureRow, NewAssignment, NewMeasure, NewPlan, NewPlanVersion, NewRow,
    PlanReport, PlanState, PlanVersion, Present, Proposed, RegisterRow, Revising, RowEdit, Taking, ValueRow,
};
pub use sources::{
    CameWhole, Decision, EventChange, FAILING, KnownEvent, SourceEntry, SourceState, TakenEvent,
};
pub use subscriptions::MOST as MOST_SUBSCRIPTIONS;
pub use types::{
    Access, Applied, Backoff, Claim, Counts, Envelope, FileKind, Finish, HistoryRow, ImportReport,
    ItemChange, MailRow, MailState, MeasuredValue, MessageState, MetaKey, NewMail, NewSubscription, NewToken,
    PersonRow, PlannedMark, Recorded, StoredOccasion, Subscription, SubscriptionState, TokenRow, TokenState,
};
pub use week::HeldBack;

type Result<T> = std::result::Result<T, StoreError>;

/// An open database. Clones share it; the sender's lock is held until the last one is dropped.
#[derive(Clone, Debug)]
pub struct Store {
    db: db::Db,
    /// While it is held no other process plans.
    lock: Option<Arc<File>>,
    /// The mark that was last seen or left by the planner, where no other process can have left a newer one.
    planned: Arc<Mutex<Option<PlannedMark>>>,
}

impl Store {
    /// Opens a database. See [`Access`] for who may do what.
    ///
    /// # Errors
    /// [`StoreError::Locked`] if another process is sending from it; [`StoreError::Newer`] and
    /// [`StoreError::Older`] if its schema is not this program's; [`StoreError::Location`] if there is no such
    /// folder; [`StoreError::Driver`] if it can't be opened.
    pub async fn open(location: &Location, access: Access) -> Result<Self> {
        Self::open_with(location, access, SqliteSynchronous::Full).await
    }

    /// As [`Self::open`], but a power cut may lose an SQLite file's last commits or all of it. For tests and the
    /// demonstration, never for a real installation: what was sent would be sent again.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_with_relaxed_sync(location: &Location, access: Access) -> Result<Self> {
        Self::open_with(location, access, SqliteSynchronous::Off).await
    }

    async fn open_with(location: &Location, access: Access, sync: SqliteSynchronous) -> Result<Self> {
        let (db, lock) = open::open(location, access, sync).await?;
        Ok(Self { db, lock: lock.map(Arc::new), planned: Arc::default() })
    }

    /// Closes the connections; every clone is of no more use. An SQLite database is one file again.
    pub async fn close(&self) {
        self.db.close().await;
    }

    fn db(&self) -> &db::Db {
        &self.db
    }
}
