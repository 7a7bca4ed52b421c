//! Reads the mails that this program writes, and no others: RFC 5322 headers with RFC 2047 words, MIME parts in
//! quoted-printable, base64 or plain.

/// What stands at the head of a mail, as people read it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// From whom: `Årshjulet <arshjul@example.org>`.
    pub from: String,
    /// To whom.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The keys of the messages in it (`X-Arshjul-Keys`).
    pub keys: Vec<String>,
}

/// The head of a mail. What isn't there is empty.
#[must_use]
pub fn head(bytes: &[u8]) -> Head {
    let (headers, _) = split(bytes);
    let read = |name: &str| decode_words(&field(&headers, name).unwrap_or_default());
    let keys = field(&headers, "X-Arshjul-Keys").unwrap_or_default();
    Head {
        from: read("From"),
        to: read("To"),
        subject: read("Subject"),
        keys: keys.split_whitespace().map(str::to_owned).collect(),
    }
}

/// The text of the first part of a type, `text/html`; none if there is no such part.
#[must_use]
pub fn part(bytes: &[u8], kind: &str) -> Option<String> {
    // Multiparts lie at most two deep in what we write; more is somebody else's mail.
    find(bytes, kind, 3)
}

fn find(bytes: &[u8], kind: &str, depth: u8) -> Option<String> {
    let (headers, body) = split(bytes);
    let own = field(&headers, "Content-Type").unwrap_or_else(|| "text/plain".to_owned());
    let own_kind = own.split(';').next().unwrap_or_default().trim().to_lowercase();
    if own_kind.starts_with("multipart/") {
        let boundary = parameter(&own, "boundary").filter(|_| depth > 0)?;
        return parts(body, &boundary).into_iter().find_map(|part| find(part, kind, depth - 1));
    }
    let encoding = field(&headers, "Content-Transfer-Encoding").unwrap_or_default().to_lowercase();
    let decoded = match encoding.trim() {
        "quoted-printable" => quoted_printable(body, false),
        "base64" => base64(body),
        _ => body.to_vec(),
    };
    (own_kind == kind).then(|| String::from_utf8_lossy(&decoded).into_owned())
}

/// Headers, unfolded, and the body.
fn split(bytes: &[u8]) -> (String, &[u8]) {
    let end = bytes.windows(4).position(|w| w == b"\r\n\r\n");
    let (head, body) = match end {
        Some(at) => (bytes.get(..at + 2), bytes.get(at + 4..)),
        // A part without headers begins with its empty line.
        None => (None, bytes.strip_prefix(b"\r\n").or(Some(bytes))),
    };
    let head = String::from_utf8_lossy(head.unwrap_or_default());
    (head.replace("\r\n ", " ").replace("\r\n\t", " "), body.unwrap_or_default())
}

fn field(headers: &str, name: &str) -> Option<String> {
    let lines = headers.split("\r\n").filter_map(|line| line.split_once(':'));
    lines
        .into_iter()
        .find(|(own, _)| own.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim().to_owned())
}

fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|parameter| {
        let (own, value) = parameter.split_once('=')?;
        own.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// What lies between the boundary's lines.
fn parts<'a>(body: &'a [u8], boundary: &str) -> Vec<&'a [u8]> {
    let mark = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut began = None;
    let mut at = 0;
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(mark.as_bytes()) {
            // The line break before a boundary belongs to the boundary (RFC 2046, 5.1.1).
            let part = began
                .and_then(|from| body.get(from..at))
                .map(|part| part.strip_suffix(b"\r\n").unwrap_or(part));
            parts.extend(part);
            began = Some(at + line.len());
        }
        at += line.len();
    }
    parts
}

/// RFC 2045, 6.7; with `words` as in an encoded word, where `_` is a space (RFC 2047, 4.2).
fn quoted_printable(text: &[u8], words: bool) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        let pair = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        rest = match (first, pair) {
            (b'=', Some("\r\n")) => after.get(2..).unwrap_or_default(),
            (b'=', Some(pair)) if u8::from_str_radix(pair, 16).is_ok() => {
                decoded.extend(u8::from_str_radix(pair, 16));
                after.get(2..).unwrap_or_default()
            }
            (b'_', _) if words => {
                decoded.push(b' ');
                after
            }
            (byte, _) => {
                decoded.push(*byte);
                after
            }
        };
    }
    decoded
}

/// RFC 4648; what is no letter of it is passed over, as RFC 2045 wants.
fn base64(text: &[u8]) -> Vec<u8> {
    let value = |byte: &u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let values: Vec<u8> = text.iter().filter_map(value).collect();
    let mut decoded = Vec::with_capacity(values.len() * 3 / 4);
    for chunk in values.chunks(4) {
        let bits = chunk.iter().fold(0_u32, |bits, value| bits << 6 | u32::from(*value));
        let bits = bits << (6 * (4 - chunk.len()));
        let bytes = bits.to_be_bytes();
        decoded.extend(bytes.iter().skip(1).take(chunk.len().saturating_sub(1)));
    }
    decoded
}

/// Encoded words as text; blanks between two of them go away (RFC 2047, 6.2).
fn decode_words(value: &str) -> String {
    let mut text = String::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some(at) = rest.find("=?") {
        let (before, from) = rest.split_at(at);
        let Some((word, length)) = encoded_word(from) else {
            text.push_str(before);
            text.push_str("=?");
            rest = from.get(2..).unwrap_or_default();
            after_word = false;
            continue;
        };
        if !(after_word && before.trim().is_empty()) {
            text.push_str(before);
        }
        text.push_str(&word);
        rest = from.get(length..).unwrap_or_default();
        after_word = true;
    }
    text.push_str(rest);
    text
}

/// `=?utf-8?b?...?=` at the beginning of `text`: what it says, and how long it is.
fn encoded_word(text: &str) -> Option<(String, usize)> {
    let mut fields = text.strip_prefix("=?")?.splitn(4, '?');
    let (charset, encoding, word, end) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    if !charset.eq_ignore_ascii_case("utf-8") || !end.starts_with('=') {
        return None;
    }
    let bytes = match encoding {
        "b" | "B" => base64(word.as_bytes()),
        "q" | "Q" => quoted_printable(word.as_bytes(), true),
        _ => return None,
    };
    let length = 2 + charset.len() + 1 + encoding.len() + 1 + word.len() + 2;
    Some((String::from_utf8_lossy(&bytes).into_owned(), length))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "From: =?utf-8?b?w4Vyc2hqdWxldA==?= <arshjul@example.org>\r\n\
         To: \"Anna Exempel\" <anna@example.org>\r\n\
         Subject: [RPO MD] 2 saker att svara =?utf-8?b?cMOl?=\r\n =?utf-8?q?_=E2=80=93_f=C3=B6rst?= fre\r\n\
         X-Arshjul-Keys: a:b\r\n c:d\r\n\
         Content-Type: multipart/alternative;\r\n boundary=\"=_x\"\r\n\r\n\
         --=_x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nText\r\n\
         --=_x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
         <p title=3D\"x\">h=C3=A5l=\r\nl</p>\r\n--=_x--\r\n";

    #[test]
    fn the_head_is_read_as_people_read_it() {
        let head = head(MAIL.as_bytes());
        assert_eq!(head.from, "Årshjulet <arshjul@example.org>");
        assert_eq!(head.to, "\"Anna Exempel\" <anna@example.org>");
        assert_eq!(head.subject, "[RPO MD] 2 saker att svara på – först fre");
        assert_eq!(head.keys, ["a:b", "c:d"]);
    }

    #[test]
    fn parts_are_decoded() {
        assert_eq!(part(MAIL.as_bytes(), "text/html").as_deref(), Some("<p title=\"x\">håll</p>"));
        assert_eq!(part(MAIL.as_bytes(), "text/plain").as_deref(), Some("Text"));
        assert_eq!(part(MAIL.as_bytes(), "image/png"), None);
        let plain =
            "Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+\r\nw6U8L3A+\r\n";
        assert_eq!(part(plain.as_bytes(), "text/html").as_deref(), Some("<p>å</p>"));
    }

    #[test]
    fn nothing_it_is_given_breaks_it() {
        for text in
            ["", "\r\n", "=", "=?", "=?utf-8?b?", "Subject: =?utf-8?x?a?= =?utf-8?b?w4U?=\r\n\r\n=4", "å: b"]
        {
            for end in 0..=text.len() {
                let bytes = &text.as_bytes()[..end];
                let _ = (head(bytes), part(bytes, "text/plain"), part(bytes, "text/html"));
            }
        }
        let head = head(b"Subject: =?utf-8?x?a?= =?utf-8?b?w4U?=\r\n\r\n");
        assert_eq!(head.subject, "=?utf-8?x?a?= Å");
        let nested = "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n".repeat(50);
        assert_eq!(part(nested.as_bytes(), "text/html"), None);
    }
}
