//! A message's digest: how planning sees that what a message says has changed.

use sha2::{Digest, Sha256};

use crate::plan::model::Message;

/// The SHA-256 of the message as JSON, in lower-case hexadecimal. Covers everything the message has, its
/// moment too, so that two messages with one digest are the same message.
#[must_use]
pub fn digest(message: &Message) -> String {
    of_json(message)
}

/// The same for anything that has a JSON form. Fields are written in the order of their declaration, so the
/// same value always gives the same digest; reordering fields of a stored type changes every digest once.
#[must_use]
pub fn of_json(value: &impl serde::Serialize) -> String {
    // Writing plain data to memory can't fail; were it to, the digest of nothing differs from every other.
    let json = serde_json::to_vec(value).unwrap_or_default();
    hex(&Sha256::digest(json))
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
        for half in [byte >> 4, byte & 15] {
            hex.extend(char::from_digit(u32::from(half), 16));
        }
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_the_hash_of_the_json() {
        assert_eq!(of_json(&"")[..16], *"12ae32cb1ec02d01");
        assert_eq!(of_json(&"").len(), 64);
    }
}
