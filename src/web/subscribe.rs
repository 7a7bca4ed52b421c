//! `GET /kalender`: how to subscribe, and to what; `GET /kalender/{feed}`: one feed, program by program.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;

use super::Site;
use super::error::{PageError, nothing_here};
use super::qr::Qr;
use crate::ical::feeds::{feed_names, without_periods};
use crate::ids::{BodyId, FeedName};
use crate::organisation::Organisation;
use crate::text::calendars::{self, LinkForm, PROGRAMS};
use crate::text::web::{self as text, word};

#[derive(Debug, Serialize)]
struct Subscribe {
    /// The address can't be fetched from elsewhere.
    unreachable: bool,
    groups: Vec<Group>,
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

#[derive(Debug, Serialize)]
struct One {
    title: String,
    added: Added,
}

/// An address with all that is needed to get it into a program.
#[derive(Debug, Serialize)]
pub(super) struct Added {
    /// What is subscribed to, to a screen reader.
    label: String,
    address: String,
    qr: Option<Qr>,
    qr_label: String,
    programs: Vec<Program>,
    unreachable: bool,
}

#[derive(Debug, Serialize)]
struct Program {
    id: &'static str,
    name: &'static str,
    /// A link that adds the address; none where it is copied.
    link: Option<String>,
    button: &'static str,
    steps: &'static [&'static str],
    delay: &'static str,
}

impl Added {
    /// How `address`, called `title`, is added to each program.
    pub fn of(address: &str, title: &str) -> Self {
        let programs = PROGRAMS.iter().map(|program| Program {
            id: program.id,
            name: program.name,
            link: match program.link {
                LinkForm::Copied => None,
                LinkForm::Webcal => Some(webcal(address)),
                LinkForm::Outlook => Some(outlook(address, title)),
                LinkForm::Google => Some(google(address)),
            },
            button: program.button,
            steps: program.steps,
            delay: program.delay,
        });
        Self {
            label: text::feed_address(title),
            qr: Qr::of(&webcal(address)),
            qr_label: calendars::qr_label(title),
            programs: programs.collect(),
            unreachable: is_unreachable(address),
            address: address.to_owned(),
        }
    }
}

/// Whether what programs on the internet fetch can't reach it.
fn is_unreachable(address: &str) -> bool {
    !address.starts_with("https://")
}

/// Opens the program that the machine has for calendars.
fn webcal(address: &str) -> String {
    let bare = address.split_once("://").map_or(address, |(_, rest)| rest);
    format!("webcal://{bare}")
}

/// Outlook on the web takes https only.
fn outlook(address: &str, title: &str) -> String {
    format!(
        "https://outlook.office.com/calendar/0/addfromweb?url={}&name={}",
        percent(address),
        percent(title)
    )
}

/// Google takes webcal in its own link, and https where an address is pasted.
fn google(address: &str) -> String {
    format!("https://calendar.google.com/calendar/r?cid={}", percent(&webcal(address)))
}

pub async fn page(State(site): State<Arc<Site>>) -> Result<Html<String>, PageError> {
    let rules = site.state.rules.rules();
    let names = feed_names(&rules.organisation, &rules.workflows);
    let view = Subscribe {
        unreachable: is_unreachable(&site.state.public_url),
        groups: groups(&names, &rules.organisation, &site.state.public_url),
    };
    Ok(Html(site.look.page(&site.frame(word("subscribe_title"), "subscribe"), "subscribe.html", &view)?))
}

/// `GET /kalender/{feed}`.
pub async fn one(State(site): State<Arc<Site>>, Path(feed): Path<String>) -> Result<Response, PageError> {
    let rules = site.state.rules.rules();
    let names = feed_names(&rules.organisation, &rules.workflows);
    let Some((name, title)) = names.iter().find(|(name, _)| name.as_str() == feed) else {
        return nothing_here(&site, StatusCode::NOT_FOUND);
    };
    let address = address_of(name, &site.state.public_url);
    let view = One { title: calendars::one_title(title), added: Added::of(&address, title) };
    let frame = site.frame(view.title.clone(), "subscribe");
    Ok(Html(site.look.page(&frame, "subscribe-one.html", &view)?).into_response())
}

/// Themes first, then bodies by their kind, in the order of names.
fn groups(names: &[(FeedName, String)], organisation: &Organisation, public_url: &str) -> Vec<Group> {
    // A theme with its periods stands beside the body that it is of.
    let kind_of =
        |name: &FeedName| organisation.bodies.get(&BodyId::new(without_periods(name))).map(|body| &body.kind);
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

fn address_of(name: &FeedName, public_url: &str) -> String {
    format!("{public_url}/feed/{name}.ics")
}

fn feed(name: &FeedName, title: &str, public_url: &str) -> Feed {
    let address = address_of(name, public_url);
    Feed {
        name: name.to_string(),
        title: title.to_owned(),
        label: text::feed_address(title),
        open: webcal(&address),
        google: google(&address),
        address,
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

    #[test]
    fn each_program_takes_the_address_in_its_own_way() {
        let added = Added::of("https://arshjul.example.org/feed/rsl.ics", "RSL på väg");
        let link = |id: &str| added.programs.iter().find(|p| p.id == id).unwrap().link.clone();
        assert_eq!(link("nya-outlook"), None);
        assert_eq!(
            link("outlook-webb").unwrap(),
            "https://outlook.office.com/calendar/0/addfromweb?\
             url=https%3A%2F%2Farshjul.example.org%2Ffeed%2Frsl.ics&name=RSL%20p%C3%A5%20v%C3%A4g"
        );
        assert_eq!(link("apple").unwrap(), "webcal://arshjul.example.org/feed/rsl.ics");
        assert!(!added.unreachable && added.qr.is_some());
        assert!(Added::of("http://10.0.0.7/feed/rsl.ics", "RSL").unreachable);
    }
}
