//! Conditional requests and what a calendar program is answered (RFC 9110).

use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::fmt::rfc2822::{DateTimeParser, DateTimePrinter};

use super::kept::Copy;

/// By whom a feed may be kept on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cached {
    ByAnybody,
    /// By nobody but the program that asked.
    ByAskerOnly,
}

impl Cached {
    /// Fetched again after an hour at the earliest.
    fn control(self) -> &'static str {
        match self {
            Self::ByAnybody => "public, max-age=3600",
            Self::ByAskerOnly => "private, max-age=3600",
        }
    }
}

/// `file` is the last part of the address: a name without anything secret.
pub(super) fn respond(file: &str, cached: Cached, copy: &Copy, headers: &HeaderMap) -> Response {
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&copy.modified).unwrap_or_default();
    let own = [
        (header::ETAG, copy.etag.clone()),
        (header::LAST_MODIFIED, date),
        (header::CACHE_CONTROL, cached.control().to_owned()),
    ];
    if is_fresh(copy, headers) {
        return (StatusCode::NOT_MODIFIED, own).into_response();
    }
    // Anybody may ask for a private feed by a name of their own.
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let file = if file.chars().all(plain) { file } else { "arshjul.ics" };
    let kind = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{file}\"")),
    ];
    (own, kind, copy.bytes.clone()).into_response()
}

/// Whether the asker has this copy (RFC 9110, 13.2.2): by tag, and by date only where it names no tag.
fn is_fresh(copy: &Copy, headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if headers.contains_key(header::IF_NONE_MATCH) {
        let tags = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        return tags.flat_map(|list| list.split(',')).map(str::trim).any(|tag| {
            // Weak comparison: a cache that compresses makes the tag weak.
            tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == copy.etag
        });
    }
    let since =
        text(header::IF_MODIFIED_SINCE).and_then(|date| DateTimeParser::new().parse_timestamp(date).ok());
    since.is_some_and(|since| copy.modified.as_second() <= since.as_second())
}

#[cfg(test)]
mod tests {
    use super::super::kept::tests::copy;
    use super::*;

    fn fresh(headers: &[(HeaderName, &str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name, value.parse().unwrap());
        }
        is_fresh(&copy(b"", "2025-01-02T07:00:00Z"), &map)
    }

    #[test]
    fn a_tag_goes_before_a_date() {
        use header::{IF_MODIFIED_SINCE, IF_NONE_MATCH};
        let now = "Thu, 02 Jan 2025 07:00:00 GMT";
        let before = "Thu, 02 Jan 2025 06:59:59 GMT";
        assert!(fresh(&[(IF_NONE_MATCH, "\"a\"")]) && fresh(&[(IF_NONE_MATCH, "W/\"a\"")]));
        assert!(fresh(&[(IF_NONE_MATCH, "\"b\", \"a\"")]) && fresh(&[(IF_NONE_MATCH, "*")]));
        assert!(fresh(&[(IF_NONE_MATCH, "\"b\""), (IF_NONE_MATCH, "\"a\"")]));
        assert!(!fresh(&[(IF_NONE_MATCH, "\"b\""), (IF_MODIFIED_SINCE, now)]));
        assert!(fresh(&[(IF_MODIFIED_SINCE, now)]) && !fresh(&[(IF_MODIFIED_SINCE, before)]));
        assert!(!fresh(&[(IF_MODIFIED_SINCE, "i går")]) && !fresh(&[]));
    }

    #[test]
    fn a_name_that_somebody_made_up_gets_into_no_header() {
        let named = |file: &str| {
            let response =
                respond(file, Cached::ByAskerOnly, &copy(b"", "2025-01-02T07:00:00Z"), &HeaderMap::new());
            response.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned()
        };
        assert_eq!(named("outlook-jobb.ics"), "inline; filename=\"outlook-jobb.ics\"");
        assert_eq!(named("a\"; x=\"b.ics"), "inline; filename=\"arshjul.ics\"");
    }
}
