//! A reply of an SMTP server, read leniently and kept safely.
//!
//! Lenient, because after the final dot an unreadable reply means that we do not know whether the mail
//! was delivered: no text, any second digit, Latin-1 and lines beyond RFC 5321's 512 octets all occur.

use std::fmt::{self, Write};

/// Characters of reply text that are kept.
const TEXT_LIMIT: usize = 500;

/// RFC 3463: class, subject, detail.
pub type Enhanced = (u16, u16, u16);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// 200 to 599.
    pub code: u16,
    pub enhanced: Option<Enhanced>,
    /// Lines joined by a space; control characters escaped; at most 500 characters.
    text: String,
}

/// What the bytes received so far amount to.
#[derive(Debug, PartialEq, Eq)]
pub enum Parsed {
    /// The reply, its lines in full, and how many bytes it took.
    Whole {
        reply: Reply,
        lines: Vec<String>,
        length: usize,
    },
    Partial,
    /// Not SMTP; holds the offending line, safe to show.
    Malformed(String),
}

impl Reply {
    /// Reads one reply (RFC 5321, 4.2) from the front of `bytes`.
    pub fn parse(bytes: &[u8]) -> Parsed {
        let (mut lines, mut length, mut first_code) = (Vec::new(), 0, None);
        while let Some(end) = bytes[length..].iter().position(|byte| *byte == b'\n') {
            let line = bytes[length..length + end].trim_ascii_end();
            length += end + 1;
            let Some((code, last, text)) = split_line(line) else {
                return Parsed::Malformed(shown(&decoded(line)));
            };
            if *first_code.get_or_insert(code) != code {
                return Parsed::Malformed(shown(&decoded(line)));
            }
            lines.push(decoded(text));
            if last {
                let enhanced = lines.first().and_then(|line| enhanced_of(code, line));
                let reply = Self { code, enhanced, text: shown(lines.join(" ").trim()) };
                return Parsed::Whole { reply, lines, length };
            }
        }
        Parsed::Partial
    }

    /// The relay asks for less mail: Exchange's 432 4.3.2 and its daily 554 5.2.0 (which is not about the
    /// mail, whatever its first digit says), and the policy replies of class 4.7.
    pub fn throttles(&self) -> bool {
        matches!(
            (self.code, self.enhanced),
            (432, Some((4, 3, 2))) | (554, Some((5, 2, 0))) | (400..500, Some((4, 7, _)))
        )
    }

    /// RFC 3463, 3.2 and 3.3: the status is about the address and not about the mail. Exchange says
    /// 5.1.10 only after the whole message.
    pub fn blames_recipient(&self) -> bool {
        matches!(self.enhanced, Some((5, 1, 1 | 2 | 3 | 6 | 10) | (5, 2, 1)))
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.text.is_empty() {
            write!(f, "{}", self.code)
        } else {
            write!(f, "{} {}", self.code, self.text)
        }
    }
}

/// Code, whether it is the last line, and text.
fn split_line(line: &[u8]) -> Option<(u16, bool, &[u8])> {
    let (digits, rest) = line.split_at_checked(3)?;
    let code = std::str::from_utf8(digits).ok()?.parse::<u16>().ok()?;
    if !(200..600).contains(&code) {
        return None;
    }
    match rest.split_first() {
        None => Some((code, true, rest)),
        Some((b' ', text)) => Some((code, true, text)),
        Some((b'-', text)) => Some((code, false, text)),
        Some(_) => None,
    }
}

/// RFC 2034, 4: a status whose class agrees with the reply's first digit.
fn enhanced_of(code: u16, line: &str) -> Option<Enhanced> {
    let mut parts = line.split([' ', '\t']).next()?.splitn(3, '.');
    let mut part = || parts.next()?.parse::<u16>().ok();
    let status = (part()?, part()?, part()?);
    (status.0 == code / 100).then_some(status)
}

/// UTF-8, or else Latin-1, in which every byte is a character.
fn decoded(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

/// One bounded line without control characters, nor those that reorder what a reader sees.
fn shown(text: &str) -> String {
    let mut safe = String::new();
    for c in text.chars().take(TEXT_LIMIT) {
        if c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
            // Writing to a String cannot fail.
            let _ = write!(safe, "{}", c.escape_default());
        } else {
            safe.push(c);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(bytes: impl AsRef<[u8]>) -> Reply {
        match Reply::parse(bytes.as_ref()) {
            Parsed::Whole { reply, .. } => reply,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn one_line_and_many() {
        assert_eq!(reply("250 OK\r\n").to_string(), "250 OK");
        let many = reply("550-5.1.1 The account\r\n550-5.1.1 does not\r\n550 5.1.1 exist\r\n");
        assert_eq!((many.code, many.enhanced), (550, Some((5, 1, 1))));
        assert_eq!(many.to_string(), "550 5.1.1 The account 5.1.1 does not 5.1.1 exist");
    }

    #[test]
    fn a_reply_without_text_is_a_reply() {
        for bare in ["250\r\n", "250 \r\n", "250\n", "250-\r\n250\r\n"] {
            assert_eq!(reply(bare).to_string(), "250", "{bare:?}");
        }
        assert_eq!(reply("571 Delivery not authorized\r\n").code, 571, "second digits beyond 5 occur");
    }

    #[test]
    fn a_reply_is_complete_with_its_last_line() {
        for part in ["", "2", "250", "250 OK\r", "250-a\r\n", "250-a\r\n250 b"] {
            assert_eq!(Reply::parse(part.as_bytes()), Parsed::Partial, "{part:?}");
        }
        let Parsed::Whole { length, lines, .. } = Reply::parse(b"250-SIZE 10\r\n250 HELP\r\n220 more") else {
            panic!("not whole")
        };
        assert_eq!((length, lines), (23, vec!["SIZE 10".to_owned(), "HELP".to_owned()]));
    }

    #[test]
    fn what_is_not_smtp_is_said_to_be_so() {
        for junk in
            ["HTTP/1.1 400 Bad Request\r\n", "\r\n", "99 no\r\n", "199 no\r\n", "600 no\r\n", "250x\r\n"]
        {
            assert!(matches!(Reply::parse(junk.as_bytes()), Parsed::Malformed(_)), "{junk:?}");
        }
        let torn = Reply::parse(b"250-yes\r\n550 no\r\n");
        assert_eq!(torn, Parsed::Malformed("550 no".to_owned()), "two codes are no answer");
    }

    #[test]
    fn replies_are_safe_to_show() {
        let nasty = reply("550 5.1.1 a\x1b[31mb\x00c\u{202e}d\x07\r\n").to_string();
        assert_eq!(nasty, "550 5.1.1 a\\u{1b}[31mb\\u{0}c\\u{202e}d\\u{7}");
        assert_eq!(reply(b"550 \xe5tkomst nekad\r\n").to_string(), "550 åtkomst nekad", "Latin-1");
        assert_eq!(reply("550 åtkomst nekad\r\n").to_string(), "550 åtkomst nekad", "UTF-8");
        let long = reply(format!("451 {}\r\n", "x".repeat(20_000))).to_string();
        assert_eq!(long.len(), 4 + TEXT_LIMIT);
    }

    #[test]
    fn throttling_is_told_from_other_trouble() {
        for slow in [
            "432 4.3.2 Concurrent connections limit exceeded\r\n",
            "451 4.7.500 Server busy\r\n",
            "421 4.7.28 rate limited\r\n",
            "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException\r\n",
        ] {
            assert!(reply(slow).throttles(), "{slow}");
        }
        for other in ["451 4.3.0 try later\r\n", "554 5.7.1 spam\r\n", "432 later\r\n", "550 4.7.1 class\r\n"]
        {
            assert!(!reply(other).throttles(), "{other}");
        }
    }
}
