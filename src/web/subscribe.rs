//! `GET /kalender`: how to subscribe, and to what.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use serde::Serialize;

use super::Site;
use super::error::PageError;
use crate::ical::feeds::feed_names;
use crate::ids::{BodyId, FeedName};
use crate::organisation::Organisation;
use crate::text::web::{self as text, word};

#[derive(Debug, Serialize)]
struct Subscribe {
    programs: Vec<Program>,
    /// The address can't be fetched from elsewhere.
    unreachable: bool,
    groups: Vec<Group>,
}

#[derive(Debug, Serialize)]
struct Program {
    name: &'static str,
    steps: &'static [&'static str],
}

#[derive(Debug, Serialize)]
struct Group {
    id: String,
    title: String,
    lead: Option<&'static str>,
    feeds: Vec<Feed>,
}

#[derive(Debug, Serialize)]
struct Feed {
    name: String,
    title: String,
    label: String,
    address: String,
    open: String,
    google: String,
}

pub async fn page(State(site): State<Arc<Site>>) -> Result<Html<String>, PageError> {
    let rules = site.state.rules.rules();
    let names = feed_names(&rules.organisation, &rules.workflows);
    let view = Subscribe {
        programs: text::PROGRAMS.iter().map(|(name, steps)| Program { name, steps }).collect(),
        unreachable: !site.state.public_url.starts_with("https://"),
        groups: groups(&names, &rules.organisation, &site.state.public_url),
    };
    Ok(Html(site.look.page(&site.frame(word("subscribe_title"), "subscribe"), "subscribe.html", &view)?))
}

/// Themes first, then bodies by their kind, in the order of names.
fn groups(names: &[(FeedName, String)], organisation: &Organisation, public_url: &str) -> Vec<Group> {
    let kind_of =
        |name: &FeedName| organisation.bodies.get(&BodyId::new(name.as_str())).map(|body| &body.kind);
    let of_kind = |kind| {
        let own = names.iter().filter(|(name, _)| kind_of(name) == kind);
        let mut feeds: Vec<_> = own.map(|(name, title)| feed(name, title, public_url)).collect();
        feeds.sort_by(|a, b| a.title.cmp(&b.title));
        feeds
    };
    let themes = Group {
        id: "teman".to_owned(),
        title: word("subscribe_themes").to_owned(),
        lead: Some(word("subscribe_themes_lead")),
        feeds: of_kind(None),
    };
    let kinds = organisation.kinds.iter().map(|(id, kind)| Group {
        id: format!("slag-{id}"),
        title: kind.title.clone(),
        lead: None,
        feeds: of_kind(Some(id)),
    });
    let mut bodies: Vec<Group> = kinds.filter(|group| !group.feeds.is_empty()).collect();
    if let Some(first) = bodies.first_mut() {
        first.lead = Some(word("subscribe_bodies_lead"));
    }
    [themes].into_iter().filter(|group| !group.feeds.is_empty()).chain(bodies).collect()
}

fn feed(name: &FeedName, title: &str, public_url: &str) -> Feed {
    let address = format!("{public_url}/feed/{name}.ics");
    let bare = address.split_once("://").map_or(address.as_str(), |(_, rest)| rest);
    let open = format!("webcal://{bare}");
    Feed {
        name: name.to_string(),
        title: title.to_owned(),
        label: text::feed_address(title),
        google: format!("https://calendar.google.com/calendar/r?cid={}", percent(&open)),
        address,
        open,
    }
}

/// As a query's value (RFC 3986): everything but unreserved letters.
fn percent(text: &str) -> String {
    let mut written = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            written.push(char::from(byte));
        } else {
            written.push_str(&format!("%{byte:02X}"));
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_has_three_addresses() {
        let feed = feed(&"rsl".into(), "RSL", "https://arshjul.example.org");
        assert_eq!(feed.address, "https://arshjul.example.org/feed/rsl.ics");
        assert_eq!(feed.open, "webcal://arshjul.example.org/feed/rsl.ics");
        assert_eq!(
            feed.google,
            "https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Farshjul.example.org%2Ffeed%2Frsl.ics"
        );
    }
}
