//! The fields of a mail's head: addresses, identities and what is said to other programs.

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use lettre::Address;
use lettre::message::Mailbox;
use lettre::message::header::{HeaderName, HeaderValue};
use sha2::{Digest as _, Sha256};

use super::ComposeError;
use super::clean::{line, shorten};
use crate::calendar;
use crate::ids::OccasionRef;
use crate::plan::model::{Matter, Object};

/// Longer names are cut: they would make lines that no server takes.
const LONGEST_NAME: usize = 90;

/// Reads `Namn <namn@example.org>` or a bare address. `whose` is told in the error instead of the address.
pub fn mailbox(written: &str, whose: &str) -> Result<Mailbox, ComposeError> {
    match written.trim().strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
        Some((name, address)) => named(name.trim().trim_matches('"'), address, whose),
        None => named("", written, whose),
    }
}

/// A mailbox whose name may be anything.
///
/// Addresses outside ASCII are refused: they reach only servers that all speak SMTPUTF8, and a mail that
/// bounces months later helps nobody.
pub fn named(name: &str, address: &str, whose: &str) -> Result<Mailbox, ComposeError> {
    let refused = |why: &str| ComposeError::Address { whose: whose.to_owned(), why: why.to_owned() };
    let address = address.trim();
    if !address.is_ascii() {
        return Err(refused("it has letters outside a-z, which not every mail server takes"));
    }
    let address: Address = address.parse().map_err(|_| refused("it is no mail address"))?;
    let name = shorten(&line(name), LONGEST_NAME);
    Ok(Mailbox::new(Some(name).filter(|name| !name.is_empty()), address))
}

/// A header of our own. `value` holds one line; what isn't ASCII is encoded (RFC 2047).
pub fn field(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), line(value))
}

/// The `Date` of a mail: the window it belongs to, in Stockholm's offset. A mail that is sent again after a
/// crash is then the same mail.
pub fn date(window: Timestamp) -> Result<HeaderValue, ComposeError> {
    let written = rfc2822::to_string(&window.to_zoned(calendar::stockholm()))?;
    Ok(HeaderValue::dangerous_new_pre_encoded(
        HeaderName::new_from_ascii_str("Date"),
        written.clone(),
        written,
    ))
}

/// The local part of a mail's identity: the same messages in the same window are the same mail.
pub fn identity(keys: &[String], window: Timestamp) -> String {
    let mut keys = keys.to_vec();
    keys.sort();
    digest(&format!("{}\n{}", keys.join("\n"), window.as_second()))
}

/// The local part of the identity that all mails about one matter refer to, so that they stand as a thread.
/// No mail has it; the standard permits that (RFC 5322, 3.6.4).
pub fn thread(matter: &Matter) -> String {
    let body = matter.body.as_ref().map_or("", |body| body.as_str());
    let occasion = |at: &OccasionRef| {
        format!("{}\n{}\n{}", at.workflow, at.body.as_ref().map_or("", |body| body.as_str()), at.id)
    };
    let object = match &matter.object {
        Object::Occasion(at) => occasion(at),
        Object::Part { of, part } => format!("{}\n{part}", occasion(of)),
        Object::Item(unit) | Object::Other(unit) => unit.clone(),
    };
    digest(&format!("thread\n{}\n{body}\n{object}\n{}", matter.workflow, matter.step))
}

/// A key as a header can hold it: without blanks, so that it survives folding. Keys are slugs and dates and
/// pass unchanged; anything else is written in percent.
pub fn key(key: &str) -> String {
    let mut written = String::with_capacity(key.len());
    for byte in key.bytes() {
        if byte.is_ascii_graphic() && byte != b'%' {
            written.push(char::from(byte));
        } else {
            written.push_str(&format!("%{byte:02X}"));
        }
    }
    written
}

/// The list's name and identity (RFC 2919), by which people sort their mail.
pub fn list_id(title: &str, id: &str, domain: &str) -> HeaderValue {
    let id: String = id.chars().filter(|c| c.is_ascii_alphanumeric() || "-._".contains(*c)).collect();
    let id = if id.is_empty() { format!("arshjul.{domain}") } else { id };
    let title: String = line(title).chars().filter(|c| !"<>\"(),;:\\".contains(*c)).collect();
    field("List-Id", &format!("{} <{id}>", shorten(&title, LONGEST_NAME)))
}

/// 40 hexadecimal digits.
fn digest(text: &str) -> String {
    Sha256::digest(text).iter().take(20).map(|byte| format!("{byte:02x}")).collect()
}
