//! Secrets in links: 32 random bytes, written with the letters that survive every mail program and scanner.
//!
//! Only the SHA-256 of a secret is stored. What a link allows stands in the store, never in the link.

/// The purpose of a link that answers one matter.
pub const ANSWER: &str = "svar";

/// The purpose of a link to everything that is asked of its holder.
pub const OPEN: &str = "oppet";

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// 43 letters, base64url without padding (RFC 4648, section 5).
#[must_use]
pub fn encode(secret: &[u8; 32]) -> String {
    let letter = |value: u32| char::from(LETTERS[(value & 63) as usize]);
    let mut text = String::with_capacity(44);
    for chunk in secret.chunks(3) {
        let at = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for i in 0..=chunk.len() {
            text.push(letter(bits >> (18 - 6 * i)));
        }
    }
    text
}

/// Reads what [`encode`] wrote; none for anything else.
#[must_use]
pub fn decode(text: &str) -> Option<[u8; 32]> {
    if text.len() != 43 {
        return None;
    }
    let value = |letter: u8| LETTERS.iter().position(|l| *l == letter).map(|p| p as u32);
    let mut secret = Vec::with_capacity(33);
    for chunk in text.as_bytes().chunks(4) {
        let mut bits = 0;
        for i in 0..4 {
            bits = bits << 6 | chunk.get(i).map_or(Some(0), |l| value(*l))?;
        }
        secret.extend([(bits >> 16) as u8, (bits >> 8) as u8, bits as u8]);
    }
    secret.truncate(32);
    let secret: [u8; 32] = secret.try_into().ok()?;
    // The last letter carries four bits; the other two must be what encoding leaves there.
    (encode(&secret) == text).then_some(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_and_nothing_else_does() {
        for seed in 0..=255u8 {
            let secret: [u8; 32] = std::array::from_fn(|i| seed.wrapping_mul(31).wrapping_add(i as u8 * 7));
            let text = encode(&secret);
            assert_eq!(text.len(), 43);
            assert_eq!(decode(&text), Some(secret));
        }
        assert_eq!(decode(""), None);
        assert_eq!(decode(&"å".repeat(43)), None);
        assert_eq!(decode(&format!("{}B", "A".repeat(42))), None);
    }
}
