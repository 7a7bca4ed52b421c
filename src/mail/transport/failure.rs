//! A delivery that came to nothing, and what that means for the mail, the recipient and the queue.

use crate::mail::transport::reply::Reply;
use crate::mail::transport::session::Broken;
use crate::mail::transport::{Outcome, Scope};

/// How far a delivery had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Connect,
    Hello,
    StartTls,
    Auth,
    Mail,
    Recipient,
    Data,
    Message,
}

#[derive(Debug)]
pub enum Cause {
    Reply(Reply),
    Broken(Broken),
    /// We go no further, for a reason of our own.
    Declined(String),
}

#[derive(Debug)]
pub struct Failure {
    pub stage: Stage,
    pub cause: Cause,
}

impl Failure {
    /// What the failure means. A pure table: the rest of the crate relies on it.
    pub fn outcome(self) -> Outcome {
        let stage = self.stage;
        match self.cause {
            Cause::Declined(reason) => refused(stage, false, reason),
            Cause::Broken(broken) => {
                let what = format!("{}: {broken}", stage.name());
                match broken {
                    _ if stage == Stage::Message => Outcome::Unknown { what },
                    Broken::Tls(_) => Outcome::RelayFault { reply: what },
                    // What never spoke SMTP will not begin to; later on it is a hiccup.
                    Broken::Malformed(_) if stage < Stage::Mail => Outcome::RelayFault { reply: what },
                    _ => Outcome::Deferred { reply: what, throttled: false },
                }
            }
            Cause::Reply(reply) if reply.throttles() => {
                Outcome::Deferred { reply: reply.to_string(), throttled: true }
            }
            Cause::Reply(reply) => match reply.code {
                400..500 => Outcome::Deferred { reply: reply.to_string(), throttled: false },
                // RFC 4954: login required, said wherever the relay first minds.
                530 => Outcome::RelayFault { reply: reply.to_string() },
                // RFC 5321, 4.2.2: too large, said at MAIL of this very mail.
                552 if stage == Stage::Mail => refused(Stage::Message, false, reply.to_string()),
                500.. => refused(stage, reply.blames_recipient(), reply.to_string()),
                // Neither yes nor no.
                _ if stage == Stage::Message => Outcome::Unknown { what: reply.to_string() },
                _ => Outcome::Deferred { reply: reply.to_string(), throttled: false },
            },
        }
    }

    /// A kept connection turned out to be closed before the mail was begun.
    pub fn is_hung_up(&self) -> bool {
        self.stage == Stage::Mail
            && match &self.cause {
                Cause::Reply(reply) => reply.code == 421 && !reply.throttles(),
                Cause::Broken(broken) => {
                    matches!(broken, Broken::Closed | Broken::Network(_) | Broken::Tls(_))
                }
                Cause::Declined(_) => false,
            }
    }

    /// Codes only: texts of replies tend to repeat the address.
    pub fn log(&self, message_id: &str) {
        let stage = self.stage.name();
        match &self.cause {
            Cause::Reply(reply) => {
                let (code, enhanced) = (reply.code, reply.enhanced);
                tracing::warn!(
                    mail.message_id = message_id,
                    stage,
                    smtp.code = code,
                    ?enhanced,
                    "mail not accepted"
                );
            }
            Cause::Broken(Broken::Malformed(_)) => {
                tracing::warn!(mail.message_id = message_id, stage, "mail not accepted: not an SMTP reply");
            }
            Cause::Broken(broken) => {
                tracing::warn!(mail.message_id = message_id, stage, %broken, "mail not accepted");
            }
            Cause::Declined(reason) => {
                tracing::warn!(mail.message_id = message_id, stage, reason, "mail not handed over");
            }
        }
    }
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Self::Connect => "connection",
            Self::Hello => "EHLO",
            Self::StartTls => "TLS",
            Self::Auth => "AUTH",
            Self::Mail => "MAIL",
            Self::Recipient => "RCPT",
            Self::Data => "DATA",
            Self::Message => "message",
        }
    }
}

/// A permanent no, by where it was said; after DATA the status may still name the recipient.
fn refused(stage: Stage, blames_recipient: bool, reply: String) -> Outcome {
    match stage {
        Stage::Recipient => Outcome::Rejected { scope: Scope::Recipient, reply },
        Stage::Data | Stage::Message if blames_recipient => {
            Outcome::Rejected { scope: Scope::Recipient, reply }
        }
        Stage::Data | Stage::Message => Outcome::Rejected { scope: Scope::Message, reply },
        Stage::Connect | Stage::Hello | Stage::StartTls | Stage::Auth | Stage::Mail => {
            Outcome::RelayFault { reply }
        }
    }
}

pub fn declined(stage: Stage, reason: impl Into<String>) -> Failure {
    Failure { stage, cause: Cause::Declined(reason.into()) }
}

/// `answer` if its code is among `good`.
pub fn expect(
    stage: Stage,
    good: std::ops::Range<u16>,
    answer: Result<Reply, Broken>,
) -> Result<Reply, Failure> {
    match answer {
        Ok(reply) if good.contains(&reply.code) => Ok(reply),
        Ok(reply) => Err(Failure { stage, cause: Cause::Reply(reply) }),
        Err(broken) => Err(Failure { stage, cause: Cause::Broken(broken) }),
    }
}
