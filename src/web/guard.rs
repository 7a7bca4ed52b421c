//! What holds for every request: headers, a time limit, and a log without tokens.

use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};

use super::error;

/// A request takes milliseconds; one that takes so long is broken and gives its place up.
const LONGEST: Duration = Duration::from_secs(30);
/// A form may carry a file, and a phone on a train takes its time.
const LONGEST_FORM: Duration = Duration::from_secs(300);

/// What a page may load and be loaded in. No script at all, and nothing from elsewhere.
pub const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

/// Headers of every response that doesn't set them itself.
const HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // An answer page's address is a secret: no page tells another one where it was.
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-cache"),
];

/// Puts the guard around all routes of `router`.
pub fn protect(router: Router) -> Router {
    router.layer(from_fn(guard))
}

async fn guard(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = route(request.uri().path());
    let longest = if method == Method::POST { LONGEST_FORM } else { LONGEST };
    let answered = tokio::time::timeout(longest, next.run(request)).await;
    let mut response = answered.unwrap_or_else(|_| {
        tracing::warn!(route, "a request took too long");
        error::broken(StatusCode::SERVICE_UNAVAILABLE).into_response()
    });
    let status = response.status().as_u16();
    tracing::debug!(%method, route, status, "request");
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// What a log says of a path: its first part, where that is one we know. What follows it may be a token.
fn route(path: &str) -> &'static str {
    const KNOWN: [&str; 8] = ["", "arshjul", "kalender", "feed", "svar", "stil.css", "metrics", "demo"];
    let first = path.split('/').nth(1).unwrap_or_default();
    KNOWN.into_iter().find(|known| *known == first).unwrap_or("other")
}

/// Whether a form may have been sent from one of our own pages.
///
/// Browsers of today say so themselves (`Sec-Fetch-Site`). Where they don't, `Origin` must name this host, by the
/// name the request came to or by the public one: a proxy may change the former. `null` is what our own forms
/// send, since a page without a referrer has no origin to tell (Fetch, "append a request `Origin` header"); it
/// gives nothing away, as whoever can send the form must know the secret in the address anyway.
#[must_use]
pub fn is_own_form(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let site = headers.get("sec-fetch-site").map(|value| value.to_str().unwrap_or("?"));
    if site.is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return false;
    }
    let Some(origin) = text(header::ORIGIN).filter(|origin| *origin != "null") else { return true };
    let Some((_, authority)) = origin.split_once("://") else { return false };
    let public = public_url.split_once("://").map(|(_, rest)| rest.split('/').next().unwrap_or(rest));
    let own = [text(header::HOST), public];
    own.into_iter().flatten().any(|host| host.eq_ignore_ascii_case(authority))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(headers: &[(&'static str, &str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, HeaderValue::from_str(value).unwrap());
        }
        is_own_form(&map, "https://arshjul.example.org/norr")
    }

    #[test]
    fn a_log_has_no_token() {
        assert_eq!(route("/svar/hemligt"), "svar");
        assert_eq!(route("/hemligt"), "other");
        assert_eq!((route("/"), route("")), ("", ""));
    }

    #[test]
    fn a_form_comes_from_our_own_pages() {
        assert!(own(&[]), "a program, not a browser");
        assert!(own(&[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        assert!(own(&[("sec-fetch-site", "none")]));
        assert!(own(&[("origin", "http://localhost:8080"), ("host", "LOCALHOST:8080")]));
        assert!(own(&[("origin", "https://arshjul.example.org"), ("host", "10.0.0.7:8080")]));
    }

    #[test]
    fn a_form_from_elsewhere_is_seen() {
        assert!(!own(&[("sec-fetch-site", "cross-site")]));
        assert!(!own(&[("sec-fetch-site", "same-site")]));
        assert!(!own(&[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")]));
        assert!(!own(&[("origin", "https://evil.example"), ("host", "arshjul.example.org")]));
        assert!(!own(&[("origin", "https://arshjul.example.org.evil.example")]));
        assert!(!own(&[("origin", "ogiltigt")]));
    }
}
