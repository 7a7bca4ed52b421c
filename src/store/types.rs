//! What goes into the store and comes out of it, beside the facts and the plan themselves.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ids::{BodyId, PersonId, RoleId};
use crate::items::register::{LogEntry, Wait};
use crate::items::{Health, Owners, Phase};
use crate::plan::model::{Fetched, Given, Key, Matter, Occasion, Shows};

/// What a process means to do with the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Plan and send. On SQLite only one process may; the database is migrated.
    Sender,
    /// Look, or record facts, perhaps beside a running daemon. Migrates only a database that is new.
    Beside,
}

/// A row of a list of people: somebody, or a function mailbox, holds a role for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// The body.
    pub body: BodyId,
    /// The role in it.
    pub role: RoleId,
    /// The name in greetings.
    pub name: String,
    /// Where mail goes. It identifies the person, whatever its case.
    pub address: String,
    /// The first day; none if always.
    pub from: Option<Date>,
    /// The last day; none if still.
    pub until: Option<Date>,
    /// Stands in for the ordinary holder.
    pub deputy: bool,
}

/// What an import did, counted in its rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Rows that were new.
    pub added: usize,
    /// Rows that changed something.
    pub changed: usize,
    /// Rows that said what was known.
    pub unchanged: usize,
}

/// What changes on one unit of the plan; none leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemChange {
    /// The new phase.
    pub phase: Option<Phase>,
    /// The new health.
    pub health: Option<Health>,
    /// No question before this day; `Some(None)` ends the quiet.
    pub quiet_until: Option<Option<Date>>,
    /// When something is to happen next; `Some(None)` takes it away.
    pub next: Option<Option<Date>>,
    /// Who owns it.
    pub owners: Option<Owners>,
    /// Who gave the health a reason.
    pub explained_by: Option<PersonId>,
    /// A line for its log.
    pub entry: Option<LogEntry>,
    /// Something that it waits for from now on. Its number is given by the register.
    pub wait: Option<Wait>,
    /// Values of its measures.
    pub values: Vec<MeasuredValue>,
    /// The numbers of its waits that end.
    pub ended_waits: Vec<i64>,
}

/// The value of a measure in one region for one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasuredValue {
    /// Which measure.
    pub measure: i64,
    /// Where.
    pub region: BodyId,
    /// For when, in the field's words: "2025 T1".
    pub period: String,
    /// The value, as it was given.
    pub value: String,
}

/// What recording an answer did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// The first answer of that person to that matter.
    New,
    /// It replaced another one.
    Changed {
        /// What stood before.
        before: Given,
    },
    /// It said again what had been said; nothing was written.
    Same {
        /// What stood, and stands.
        before: Given,
    },
}

/// One line of the audit: append-only, never read by the program itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// When.
    pub at: Timestamp,
    /// Who did it: a person's id, or what did (`import`, `cli`).
    pub who: String,
    /// What was changed: `answer`, `item l5`, `person p3` ...
    pub what: String,
    /// What stood before, as JSON; none if it is new.
    pub before: Option<String>,
    /// What stands now, as JSON.
    pub after: String,
}

/// Up to where, and from what, the outbox has been planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedMark {
    /// Messages up to this moment are in the outbox.
    pub until: Timestamp,
    /// [`super::Store::facts_revision`] as read before the facts were.
    pub facts_revision: i64,
    /// A digest of the files in force.
    pub files_digest: String,
}

/// What applying a plan did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Messages that are now planned and weren't: new ones, and withdrawn ones that came back.
    pub added: usize,
    /// Messages that changed their moment or content.
    pub moved: usize,
    /// Messages that the plan no longer has.
    pub withdrawn: usize,
    /// Occasions seen for the first time.
    pub occasions_added: usize,
    /// Occasions whose content changed: their sequence is one higher.
    pub occasions_changed: usize,
    /// Occasions whose workflow has gone since last time.
    pub orphaned: usize,
    /// A fact was recorded after the plan's facts were read: **nothing** was applied, plan again.
    pub stale: bool,
}

/// An occasion with what a feed needs to know about its changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredOccasion {
    /// The occasion, as last planned.
    pub occasion: Occasion,
    /// 0 when first seen, one more at each change: iCalendar's SEQUENCE (RFC 5545, 3.8.7.4).
    pub sequence: i64,
    /// When its content last changed.
    pub changed_at: Timestamp,
    /// Its workflow is not in force any more; it is shown as it was last known.
    pub orphaned: bool,
}

/// From whom and to whom, as the relay is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// The sender's address.
    pub from: String,
    /// The recipient's address.
    pub to: String,
}

/// A composed mail, ready to be sent as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMail {
    /// Its Message-ID. Unique among mails that are not cancelled.
    pub message_id: String,
    /// Who gets it.
    pub person: PersonId,
    /// Addresses.
    pub envelope: Envelope,
    /// The mail: every attempt sends these bytes.
    pub bytes: Vec<u8>,
    /// The messages that it carries.
    pub keys: Vec<Key>,
    /// The links in it.
    pub tokens: Vec<NewToken>,
    /// The first attempt is made no earlier.
    pub send_at: Timestamp,
}

/// A link that may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// The SHA-256 of the secret in the link; the secret itself is never stored.
    pub hash: [u8; 32],
    /// Whose.
    pub person: PersonId,
    /// For what: `svar`, `feed`.
    pub purpose: String,
    /// What it lets its holder answer.
    pub matters: Vec<Matter>,
    /// The first moment at which it no longer works; none if it works until revoked.
    pub expires: Option<Timestamp>,
}

/// What a link is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenState {
    /// It works.
    Live(TokenRow),
    /// It worked until its time ran out: its holder may ask for a new one.
    Expired(TokenRow),
    /// It has been revoked, or its holder has left since it was issued.
    Revoked,
    /// There is no such link.
    Unknown,
}

/// A token that works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// Whose.
    pub person: PersonId,
    /// For what.
    pub purpose: String,
    /// What it lets its holder answer.
    pub matters: Vec<Matter>,
    /// Since when.
    pub issued: Timestamp,
    /// Until when.
    pub expires: Option<Timestamp>,
}

/// A private calendar feed to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewSubscription<'a> {
    /// The SHA-256 of the secret in its address; the secret itself is never stored.
    pub hash: [u8; 32],
    /// Whose; none for one that is handed out.
    pub person: Option<&'a PersonId>,
    /// What they call it.
    pub name: &'a str,
    /// What it shows.
    pub shows: &'a Shows,
    /// Only headings and times.
    pub titles_only: bool,
    /// Whether they want a mail about a meeting that was moved and that it hasn't fetched. Nobody does of what is
    /// handed out.
    pub mails: bool,
}

/// A private calendar feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Its number, which is no secret.
    pub number: i64,
    /// Whose; none for one that is handed out.
    pub person: Option<PersonId>,
    /// What they call it.
    pub name: String,
    /// What it shows.
    pub shows: Shows,
    /// Only headings and times.
    pub titles_only: bool,
    /// Whether they want a mail about a meeting that was moved and that it hasn't fetched.
    pub mails: bool,
    /// Since when.
    pub issued: Timestamp,
    /// When it was revoked.
    pub revoked: Option<Timestamp>,
    /// The last fetch that was noted: at most an hour old while it is fetched.
    pub fetched: Option<Fetched>,
}

/// What the address of a private feed is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubscriptionState {
    /// It works.
    Live(Subscription),
    /// It has been revoked, or its holder has left since it was made.
    Revoked,
    /// There is no such feed.
    Unknown,
}

/// How long to wait before the attempt after the given one, the first being 1. Jitter is the caller's.
pub type Backoff<'a> = &'a (dyn Fn(u32) -> SignedDuration + Sync);

/// One attempt at one mail, committed before the relay is dialled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The mail's row.
    pub mail: i64,
    /// Which attempt, from 1. It is the fencing number too: a later claim of the same mail has a higher one.
    pub attempt: u32,
    /// Its Message-ID.
    pub message_id: String,
    /// Who gets it.
    pub person: PersonId,
    /// Addresses.
    pub envelope: Envelope,
    /// The mail.
    pub bytes: Vec<u8>,
    /// The attempt may go on until then.
    pub lease_until: Timestamp,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finish {
    /// The relay took it.
    Sent {
        /// What it said.
        reply: String,
    },
    /// Not yet.
    Retry {
        /// What it said, or what broke.
        reply: String,
        /// The next attempt.
        at: Timestamp,
        /// Whether the relay may have taken it all the same.
        ambiguous: bool,
    },
    /// The relay will never take it.
    Failed {
        /// What it said.
        reply: String,
    },
}

/// A mail with how far it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailRow {
    /// The row.
    pub id: i64,
    /// Its Message-ID.
    pub message_id: String,
    /// Who gets it.
    pub person: PersonId,
    /// Addresses.
    pub envelope: Envelope,
    /// The mail.
    pub bytes: Vec<u8>,
    /// How far it has come.
    pub state: MailState,
    /// Attempts so far.
    pub attempts: u32,
    /// Attempts that may have been delivered though nobody said so.
    pub ambiguous: u32,
    /// What the relay last said.
    pub last_reply: Option<String>,
    /// When it was composed.
    pub created_at: Timestamp,
    /// When the relay took it.
    pub sent_at: Option<Timestamp>,
}

/// How many rows there are in each state; states without a row are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Messages.
    pub messages: BTreeMap<MessageState, u64>,
    /// Mails.
    pub mails: BTreeMap<MailState, u64>,
    /// Messages that were skipped, by the reason.
    pub skipped: BTreeMap<String, u64>,
    /// Attempts whose outcome is not known.
    pub ambiguous: u64,
    /// Occasions whose workflow is gone.
    pub orphaned: u64,
}

/// Words in rows, and the enum that they are read into.
macro_rules! states {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// The word in rows and metrics.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// Reads a row's word.
            #[must_use]
            pub fn read(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}

pub(super) use states;

states! {
    /// How far a message has come; drawn in [`crate::store`].
    MessageState {
        /// Waits for its moment.
        Planned = "planned";
        /// In a mail.
        Queued = "queued";
        /// Its mail was taken by the relay.
        Sent = "sent";
        /// Its mail was refused for good, or it can't be read.
        Failed = "failed";
        /// The plan no longer has it.
        Withdrawn = "withdrawn";
        /// Passed over: too late, nobody to send it to ...
        Skipped = "skipped";
    }
}

states! {
    /// How far a mail has come; drawn in [`crate::store`].
    MailState {
        /// Waits for an attempt.
        Queued = "queued";
        /// An attempt is under way.
        Sending = "sending";
        /// The relay took it.
        Sent = "sent";
        /// The relay will never take it.
        Failed = "failed";
        /// Nobody needs it any more.
        Cancelled = "cancelled";
    }
}

/// What may be kept under a name. Only the constants exist, so that a name is never mistyped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MetaKey(pub(super) &'static str);

impl MetaKey {
    /// The moment of the last knock, for whoever watches the clock.
    pub const HEARTBEAT: Self = Self("heartbeat");
    /// The moment the installation was made.
    pub const INSTALLED: Self = Self("installed");
    /// Which installation this is: tells a copy from the original.
    pub const INSTANCE: Self = Self("instance");
    /// The demonstration's last virtual moment.
    pub const DEMO_MOMENT: Self = Self("demo_moment");
    /// Why sending is held back until somebody looks; absent when it isn't.
    pub const HELD: Self = Self("held");
    pub(super) const FILES_SINCE: Self = Self("files_since");
    pub(super) const PLANNED: Self = Self("planned_mark");
    pub(super) const PAUSED: Self = Self("paused_until");
}

states! {
    /// What a file is.
    FileKind {
        /// A text document that word processors open.
        Docx = "docx";
        /// A document for print.
        Pdf = "pdf";
    }
}
