//! Messages become a mail: one person, one window, one mail.
//!
//! Pure: the same digest gives the same bytes, down to `Message-ID`, `Date` and MIME boundary. A mail that is
//! sent again after a crash is byte for byte the one that may already have arrived, so servers and readers can
//! tell that it is the same.
//!
//! What people read is in [`crate::text::mail`] and the notices; how it looks in `templates/`. The HTML is made
//! for Outlook's Word engine: one column, padding on cells only, no image, no form (it would not submit), links
//! that do nothing until a button on the page is pressed.

mod clean;
mod headers;
mod merged;
mod samples;
mod templates;
mod view;

use std::time::UNIX_EPOCH;

use jiff::Timestamp;
use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Mailbox, MessageBuilder, MultiPart, MultiPartKind, SinglePart};
use thiserror::Error;

use crate::people::Person;
use crate::plan::model::{Key, Message, MessageKind};
pub use templates::{NAMES as TEMPLATES, Templates};
use view::{Part, View};

/// What one person gets in one window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// To whom.
    pub person: Person,
    /// The messages in any order, each with the address of its answer page. At least one.
    pub messages: Vec<(Message, Option<String>)>,
    /// The window it leaves in: what `Date` says, whenever it is really sent.
    pub window: Timestamp,
    /// The page with everything that is asked of this person.
    pub page_url: Option<String>,
    /// It is the first mail that this person gets: it then says who writes, and by whose leave.
    pub first: Option<Standing>,
}

/// By what right the organisation asks. What isn't known isn't said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// By whose decision.
    pub decision: Option<String>,
    /// How to check that a mail is genuine.
    pub contact: Option<String>,
}

/// From whom mail comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The mailbox that sends, and that bounces come back to: `Årshjul <arshjul@example.org>`.
    pub address: String,
    /// Whom an answer reaches: the processtöd. None for the sending mailbox.
    pub reply_to: Option<String>,
    /// The organisation's name to people.
    pub organisation: String,
    /// The page with the whole calendar.
    pub public_url: Option<String>,
    /// The list's identity; when empty `arshjul.` and the sender's domain.
    pub list_id: String,
}

/// A mail, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composed {
    /// `<digits@domain>`, with its angle brackets.
    pub message_id: String,
    /// The subject as people read it.
    pub subject: String,
    /// The whole mail: 7-bit, CRLF, not dot-stuffed.
    pub bytes: Vec<u8>,
    /// The bare address of its sender, for the envelope.
    pub from: String,
    /// The bare address of its recipient, for the envelope.
    pub to: String,
}

/// Why there is no mail. None of these goes away by trying again.
#[derive(Debug, Error)]
pub enum ComposeError {
    /// A digest without messages.
    #[error("a mail without messages is never sent")]
    Empty,
    /// An address that mail can't be sent to. The address itself is not told: errors are logged.
    #[error("the address of {whose} can't be used: {why}")]
    Address {
        /// The sender, the reply address or a person's id.
        whose: String,
        /// What is wrong with it.
        why: String,
    },
    /// A link that isn't a plain web address. The link itself is not told: it may hold a token.
    #[error("a link in the mail is not a plain http or https address; check the configured public address")]
    Link,
    /// A moment that no `Date` can state.
    #[error("the window can't be written as a date")]
    Date(#[from] jiff::Error),
    /// A fault in a template.
    #[error("a mail template is faulty")]
    Template(#[from] minijinja::Error),
    /// A mail that lettre would not put together.
    #[error("the mail could not be put together")]
    Build(#[from] lettre::error::Error),
}

/// Puts a digest together as a mail.
///
/// # Errors
/// When it has no messages, an address or link in it can't be used, or its window is outside years 0 to 9999.
pub fn compose(digest: &Digest, sender: &Sender, templates: &Templates) -> Result<Composed, ComposeError> {
    let parts = in_reading_order(&digest.messages);
    let Some((first, _)) = parts.first() else { return Err(ComposeError::Empty) };
    let from = headers::mailbox(&sender.address, "the sender")?;
    let whose = format!("person `{}`", digest.person.id);
    let to = headers::named(&digest.person.name, &digest.person.address, &whose)?;
    let view = View::of(digest, sender, &parts)?;
    let (text, html) = templates.render(&view)?;

    let keys: Vec<String> = parts.iter().map(|(message, _)| headers::key(&message.key.0)).collect();
    let identity = headers::identity(&keys, digest.window);
    let domain = from.email.domain();
    let message_id = format!("<{identity}@{domain}>");
    let mut head = head(&from, &to, sender)?
        .subject(view.subject.clone())
        .message_id(Some(message_id.clone()))
        .raw_header(headers::field("X-Arshjul-Keys", &keys.join(" ")));
    if parts.len() == 1 {
        // A digest is about several matters and belongs to no thread.
        head = head.references(format!("<{}@{domain}>", headers::thread(&first.matter)));
    }
    let mut mail = head.multipart(body(&identity, text, html))?;
    mail.headers_mut().insert_raw(headers::date(digest.window)?);
    Ok(Composed {
        message_id,
        subject: view.subject,
        bytes: mail.formatted(),
        from: from.email.to_string(),
        to: to.email.to_string(),
    })
}

/// Alarms, then changes, then by the day an answer is due; what has none last.
fn in_reading_order(messages: &[(Message, Option<String>)]) -> Vec<Part<'_>> {
    fn order((message, _): &Part<'_>) -> (u8, bool, Option<jiff::civil::Date>, MessageKind, Key) {
        let urgency = match message.kind {
            MessageKind::Alarm => 0,
            MessageKind::Change => 1,
            _ => 2,
        };
        let due = message.notice.due;
        (urgency, due.is_none(), due, message.kind, message.key.clone())
    }
    let mut parts: Vec<Part<'_>> = messages.iter().collect();
    parts.sort_by_cached_key(order);
    parts
}

fn head(from: &Mailbox, to: &Mailbox, sender: &Sender) -> Result<MessageBuilder, ComposeError> {
    let mut head = MessageBuilder::new()
        .from(from.clone())
        .to(to.clone())
        // Only so that lettre doesn't ask for the time: the real one is set on what it has built, because
        // its own type knows no offset and panics before 1970.
        .date(UNIX_EPOCH)
        .raw_header(headers::field("Auto-Submitted", "auto-generated"))
        // Not `All`: bounces are wanted.
        .raw_header(headers::field("X-Auto-Response-Suppress", "OOF, AutoReply"))
        .raw_header(headers::list_id(&sender.organisation, &sender.list_id, from.email.domain()))
        .raw_header(headers::field("Content-Language", "sv"));
    if let Some(reply_to) = &sender.reply_to {
        head = head.reply_to(headers::mailbox(reply_to, "the reply address")?);
    }
    Ok(head)
}

/// Text first: readers show the last form they can. The boundary can't occur in quoted-printable, where
/// every `=` is followed by two digits or a line's end.
fn body(identity: &str, text: String, html: String) -> MultiPart {
    let part = |kind: ContentType, content: String| {
        SinglePart::builder().header(kind).header(ContentTransferEncoding::QuotedPrintable).body(content)
    };
    MultiPart::builder()
        .kind(MultiPartKind::Alternative)
        .boundary(format!("=_{identity}"))
        .singlepart(part(ContentType::TEXT_PLAIN, text))
        .singlepart(part(ContentType::TEXT_HTML, html))
}
