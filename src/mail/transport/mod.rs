//! The delivery end of the mail pipeline: frozen bytes and an envelope in, what happened out.
//!
//! Promised: bytes that went out are never altered between attempts; an [`Outcome`] other than
//! `Delivered` and `Unknown` means that nobody received the mail; no address, text or password is logged.

mod failure;
mod files;
mod memory;
mod reply;
mod session;
mod smtp;
mod stream;
mod wire;

pub use files::FilesTransport;
pub use memory::{Delivered, MemoryTransport};
pub use session::Timeouts;
pub use smtp::{SetupError, SmtpTransport};

/// Who sends and who receives, as the relay is told (RFC 5321, 2.3.1); the header may say otherwise.
///
/// With several recipients it is all or none: one refused recipient refuses the mail, since one
/// [`Outcome`] cannot say who has it and who has not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Bare address; empty for the null sender, to whom nothing bounces.
    pub from: String,
    /// Bare addresses, at least one.
    pub to: Vec<String>,
}

/// Whom a permanent refusal concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// This address does not take mail; another mail to it would fare the same.
    Recipient,
    /// This mail is not wanted; another to the same address may be.
    Message,
}

/// What became of one attempt. Replies are safe to show: one line, control characters escaped, bounded.
/// They may hold addresses, so they belong in the store and on pages, not in logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Delivered {
        reply: String,
    },
    /// Permanent: a repeat of this mail is pointless.
    Rejected {
        scope: Scope,
        reply: String,
    },
    /// Not accepted, and worth a later attempt. `throttled`: the relay asks for less mail, so all of
    /// it should slow down, not just this one.
    Deferred {
        reply: String,
        throttled: bool,
    },
    /// The relay itself is the fault (password, certificate, sender not permitted): every mail would
    /// fail alike, so the queue pauses and no recipient is to blame.
    RelayFault {
        reply: String,
    },
    /// Part or all of the message went out, and no reply came: it may have been delivered.
    Unknown {
        what: String,
    },
}

/// Where mail goes. An enum and not a trait object: the kinds are known, and callers stay plain.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one in the process, and it does not move")]
pub enum Transport {
    Smtp(SmtpTransport),
    Files(FilesTransport),
    Memory(MemoryTransport),
}

impl Transport {
    /// One attempt, bounded in time by the transport itself. `message_id` is for the log and for file
    /// names; the mail's own header is part of `bytes`. Dropping the future is safe: whatever was half
    /// said to a relay is never continued by a later delivery.
    pub async fn deliver(&self, envelope: &Envelope, message_id: &str, bytes: &[u8]) -> Outcome {
        match self {
            Self::Smtp(smtp) => smtp.deliver(envelope, message_id, bytes).await,
            Self::Files(files) => files.deliver(message_id, bytes).await,
            Self::Memory(memory) => memory.deliver(envelope, message_id, bytes),
        }
    }

    /// Takes leave of the relay, after a delivery that is under way. A later one dials again.
    pub async fn close(&self) {
        if let Self::Smtp(smtp) = self {
            smtp.close().await;
        }
    }
}
