//! Markup: text that nobody has checked becomes well-formed XML.

/// Markup being written.
#[derive(Debug, Default)]
pub struct Markup(String);

impl Markup {
    /// Writes markup as it is. Nothing that somebody else wrote goes through here.
    pub fn raw(&mut self, markup: &str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Writes text, escaped, on one line.
    pub fn text(&mut self, text: &str) -> &mut Self {
        escape(&one_line(text), &mut self.0);
        self
    }

    /// Writes text without line breaks, escaped, with every blank as it is.
    pub fn verbatim(&mut self, text: &str) -> &mut Self {
        escape(text, &mut self.0);
        self
    }

    /// What has been written so far.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What has been written.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

/// The text's lines, with every kind of line break taken as one (Word itself writes a vertical tab for a break
/// within a paragraph). What XML 1.0 forbids, and control characters that show nothing, are dropped; a tab stays.
#[must_use]
pub fn lines(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n");
    let breaks = |c: char| matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    text.split(breaks).map(|line| line.chars().filter(|c| allowed(*c)).collect()).collect()
}

/// The text on one line: breaks and tabs become blanks.
#[must_use]
pub fn one_line(text: &str) -> String {
    let joined = lines(text).join(" ").replace('\t', " ");
    joined.trim().to_owned()
}

/// The paragraphs of a text, each as its lines. Empty lines separate paragraphs and are no lines themselves.
#[must_use]
pub fn paragraphs(text: &str) -> Vec<Vec<String>> {
    let lines = lines(text);
    let groups = lines.split(|line| line.trim().is_empty());
    groups.filter(|group| !group.is_empty()).map(<[String]>::to_vec).collect()
}

/// Whether XML 1.0 has the character (section 2.2, production 2) and it is no control character but a tab.
fn allowed(letter: char) -> bool {
    letter == '\t' || !(letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}'))
}

/// Escapes for content and for attributes in double quotes.
pub fn escape(text: &str, into: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            other => into.push(other),
        }
    }
}

/// Whether `link` may stand in a relationship of the package. Word calls a document damaged for an address that is
/// no URI (RFC 3986), so whatever is doubtful stays text: only http and https, a plain host, no brackets.
#[must_use]
pub fn is_address(link: &str) -> bool {
    let Some(rest) = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://")) else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    let plain_host = !host.is_empty()
        && host.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
    let bytes = rest.as_bytes();
    let whole = (0..bytes.len()).all(|i| match bytes[i] {
        b'%' => matches!(bytes.get(i + 1..i + 3), Some(hex) if hex.iter().all(u8::is_ascii_hexdigit)),
        b => b.is_ascii_alphanumeric() || b"-._~:/?#@!$&'()*+,;=".contains(&b),
    });
    let one_fragment = rest.matches('#').count() <= 1;
    plain_host && port.parse::<u16>().is_ok() && whole && one_fragment && link.len() <= LONGEST_ADDRESS
}

/// Word takes addresses of up to 2,083 characters.
const LONGEST_ADDRESS: usize = 2_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_of_every_kind_are_kept_and_control_characters_dropped() {
        assert_eq!(lines("a\r\nb\rc\u{b}d\u{2028}e\u{0}\u{1b}\u{ffff}\tf"), ["a", "b", "c", "d", "e\tf"]);
        assert_eq!(paragraphs("a\nb\n\n \nc\n"), [vec!["a", "b"], vec!["c"]]);
        assert_eq!(one_line(" a\n\tb "), "a  b");
    }

    #[test]
    fn only_an_address_that_every_reader_takes_is_a_link() {
        for good in
            ["https://example.org", "http://example.org:8080/a%20b?c=d&e#f", "https://a.example.org/(x)"]
        {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "example.org",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://",
            "https://a b",
            "https://example.org/å",
            "https://[::1]/",
            "https://example.org/100%",
            "https://x:y@example.org/",
            "https://example.org:99999/",
            "https://example..org/",
            "https://example.org/#a#b",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
