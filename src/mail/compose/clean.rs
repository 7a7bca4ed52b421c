//! Text that others wrote, made fit for a line of its own.

/// One line: every run of blanks, line breaks and control characters is a single space.
///
/// Control characters in a name make lettre panic, and a line break in a header would start another header.
#[must_use]
pub fn line(text: &str) -> String {
    let blank = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.split(blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The lines of a paragraph, each clean, without empty ones.
#[must_use]
pub fn lines(text: &str) -> Vec<String> {
    text.split(['\n', '\r']).map(line).filter(|line| !line.is_empty()).collect()
}

/// At most `most` characters: cut after a word where there is one to cut after, and then with an ellipsis.
#[must_use]
pub fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    let whole = kept.rsplit_once(' ').map(|(words, _)| words).filter(|words| words.len() * 2 > kept.len());
    format!("{}…", whole.unwrap_or(&kept).trim_end_matches([' ', ',', ':', '–']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(line(" Anna\r\nBcc: x@example.org\u{0}\u{85}y\t z "), "Anna Bcc: x@example.org y z");
        assert_eq!(line("\r\n\u{2028}"), "");
    }

    #[test]
    fn a_paragraph_keeps_its_lines() {
        assert_eq!(lines("Först\r\n\r\n  sedan \n"), ["Först", "sedan"]);
    }

    #[test]
    fn a_long_text_is_cut_after_a_word() {
        assert_eq!(shorten("Lämna synpunkter, eller avstå", 100), "Lämna synpunkter, eller avstå");
        assert_eq!(shorten("Lämna synpunkter, eller avstå", 25), "Lämna synpunkter, eller…");
        assert_eq!(shorten("Lämna synpunkter, eller avstå", 20), "Lämna synpunkter…");
        assert_eq!(shorten(&"ö".repeat(30), 10), format!("{}…", "ö".repeat(9)));
    }
}
