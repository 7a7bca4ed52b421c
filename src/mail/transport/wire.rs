//! A message as it goes over an SMTP connection, and credentials as they do.

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The message with every line ended by CRLF, leading dots doubled (RFC 5321, 4.5.2) and the final dot.
///
/// Bare CR and LF become CRLF too: servers disagree on whether `LF . LF` ends a message, and that
/// disagreement is how one mail is made to carry another ("SMTP smuggling"). Bytes whose lines are
/// in order arrive as they are, without a further empty line at the end.
pub fn message_data(message: &[u8]) -> Vec<u8> {
    let mut data = Vec::with_capacity(message.len() + message.len() / 32 + 5);
    let mut rest = message;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
        let (line, after) = rest.split_at(end.unwrap_or(rest.len()));
        if line.starts_with(b".") {
            data.push(b'.');
        }
        data.extend_from_slice(line);
        data.extend_from_slice(b"\r\n");
        rest = after.strip_prefix(b"\r\n").or_else(|| after.get(1..)).unwrap_or_default();
    }
    data.extend_from_slice(b".\r\n");
    data
}

/// RFC 4648, section 4, with padding.
pub fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let octet = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let group = octet(0) << 16 | octet(1) << 8 | octet(2);
        for sextet in 0..4 {
            if sextet <= chunk.len() {
                let index = (group >> (18 - 6 * sextet)) & 0x3f;
                text.push(char::from(BASE64[index as usize]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a server keeps: lines up to the lone dot, first dots removed.
    fn received(data: &[u8]) -> Vec<u8> {
        let mut kept = Vec::new();
        let mut rest = data;
        loop {
            let end = rest.windows(2).position(|pair| pair == b"\r\n").expect("an unfinished line");
            let (line, after) = rest.split_at(end + 2);
            if line == b".\r\n" {
                assert!(after.is_empty(), "text after the final dot");
                return kept;
            }
            kept.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
            rest = after;
        }
    }

    #[test]
    fn lines_in_order_arrive_unaltered() {
        for message in [&b""[..], b"A: b\r\n\r\nhej\r\n", b".\r\n..\r\n.a\r\n\r\n", b"\r\n"] {
            assert_eq!(received(&message_data(message)), message);
        }
    }

    #[test]
    fn bare_line_ends_become_crlf_before_dots_are_doubled() {
        assert_eq!(message_data(b"a\n.\nb"), b"a\r\n..\r\nb\r\n.\r\n");
        assert_eq!(message_data(b"a\r.\rb\r\n"), b"a\r\n..\r\nb\r\n.\r\n");
        assert_eq!(message_data(b"a\n\r\nb\r\r\n"), b"a\r\n\r\nb\r\n\r\n.\r\n");
    }

    proptest! {
        #[test]
        fn no_message_ends_early(message in "[a.\r\n]{0,40}") {
            let once = received(&message_data(message.as_bytes()));
            prop_assert_eq!(received(&message_data(&once)), once.clone());
            let letters = |bytes: &[u8]| bytes.iter().filter(|b| !b.is_ascii_whitespace()).count();
            prop_assert_eq!(letters(&once), letters(message.as_bytes()));
        }
    }

    #[test]
    fn base64_as_in_rfc_4648_section_10() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
        assert_eq!(base64(&[0xfb, 0xff, 0xfe]), "+//+");
    }
}
