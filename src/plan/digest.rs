//! A short name for a message's content, so that a change of it is noticed.

use sha2::{Digest, Sha256};

use crate::plan::model::Message;

/// SHA-256 in hexadecimal of all that the message says and to whom; not of its moment, which is compared by
/// itself.
#[must_use]
pub fn digest(message: &Message) -> String {
    let said =
        (&message.kind, &message.matter, &message.role, &message.to, &message.notice, &message.expires);
    let json = serde_json::to_vec(&said).unwrap_or_default();
    hex(&Sha256::digest(json))
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let digit = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
        text
    })
}
