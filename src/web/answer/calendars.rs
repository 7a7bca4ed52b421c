//! `/svar/{token}?visa=kalender`: a person's own calendar feeds. Only the link to everything that waits for them leads
//! here: one question's link may be shown to a colleague.
//!
//! Each is made, revoked and changed by a press. The address stands in the answer to the press that made it and nowhere
//! else; the form carries how many there were, so that a page that is sent again makes no second one.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::super::Site;
use super::super::error::PageError;
use super::super::subscribe::Added;
use super::sent::Sent;
use crate::ical::private::{address, plain_name};
use crate::plan::model::Shows;
use crate::store::{MOST_SUBSCRIPTIONS, NewSubscription, Subscription, TokenRow};
use crate::text::calendars as text;
use crate::text::web::word;
use crate::tokens;

/// What the address asks for to get here.
pub(super) const SHOWN: &str = "kalender";

#[derive(Debug, Default, Serialize)]
struct Own {
    /// What a press came to.
    said: Option<String>,
    /// The one that has just been made.
    made: Option<Added>,
    feeds: Vec<OwnFeed>,
    /// How many there have been.
    number: usize,
    too_many: Option<String>,
    typed: String,
    fault: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct OwnFeed {
    number: i64,
    name: String,
    fetched: String,
    made: String,
    titles_only: bool,
    mails: bool,
}

/// The page.
pub(super) async fn page(site: &Site, row: &TokenRow) -> Result<Response, PageError> {
    shown(site, row, StatusCode::OK, Own::default()).await
}

async fn shown(site: &Site, row: &TokenRow, status: StatusCode, view: Own) -> Result<Response, PageError> {
    let all = site.state.store.subscriptions(Some(&row.person)).await?;
    let feeds: Vec<OwnFeed> = all.iter().filter(|s| s.revoked.is_none()).map(feed).collect();
    let too_many = (feeds.len() >= MOST_SUBSCRIPTIONS).then(|| text::too_many(MOST_SUBSCRIPTIONS));
    let view = Own { number: all.len(), feeds, too_many, ..view };
    let page = site.look.page(&site.private_frame(word("own_title")), "own.html", &view)?;
    Ok((status, Html(page)).into_response())
}

fn feed(subscription: &Subscription) -> OwnFeed {
    OwnFeed {
        number: subscription.number,
        name: subscription.name.clone(),
        fetched: text::fetched(subscription.fetched.map(|fetched| fetched.at)),
        made: text::made(subscription.issued),
        titles_only: subscription.titles_only,
        mails: subscription.mails,
    }
}

/// A press on the page.
pub(super) async fn press(
    site: &Site,
    row: &TokenRow,
    sent: &Sent,
    now: Timestamp,
) -> Result<Response, PageError> {
    let ok = |said: Option<String>| Own { said, ..Own::default() };
    if sent.has("gor") {
        return make(site, row, sent, now).await;
    }
    let saved = || Some(word("own_saved").to_owned());
    for (field, mails) in [("med-mejl", true), ("utan-mejl", false)] {
        if let Some(own) = named(site, row, sent, field).await? {
            let who = row.person.as_str();
            site.state.store.mail_about_subscription(own.number, mails, who, now).await?;
            site.state.wake.notify_one();
            return shown(site, row, StatusCode::OK, ok(saved())).await;
        }
    }
    let Some(own) = named(site, row, sent, "ta-bort").await? else {
        return shown(site, row, StatusCode::BAD_REQUEST, Own::default()).await;
    };
    site.state.store.revoke_subscription(own.number, row.person.as_str(), now).await?;
    site.state.wake.notify_one();
    shown(site, row, StatusCode::OK, ok(Some(text::revoked(&own.name)))).await
}

/// The feed that a button names, if it is the person's own.
async fn named(
    site: &Site,
    row: &TokenRow,
    sent: &Sent,
    field: &str,
) -> Result<Option<Subscription>, PageError> {
    let Ok(number) = sent.one(field).parse::<i64>() else { return Ok(None) };
    let own = site.state.store.subscriptions(Some(&row.person)).await?;
    Ok(own.into_iter().find(|own| own.number == number))
}

async fn make(site: &Site, row: &TokenRow, sent: &Sent, now: Timestamp) -> Result<Response, PageError> {
    let typed = sent.one("namn");
    let Some(name) = plain_name(&typed) else {
        let view = Own { typed, fault: Some(word("own_name_wrong")), ..Own::default() };
        return shown(site, row, StatusCode::UNPROCESSABLE_ENTITY, view).await;
    };
    let secret = site.state.chance.bytes()?;
    let new = NewSubscription {
        hash: Sha256::digest(secret).into(),
        person: Some(&row.person),
        name: &name,
        shows: &Shows::Own { attends: Vec::new() },
        titles_only: sent.has("rubriker"),
        mails: sent.has("mejl"),
    };
    let made = sent.one("antal").parse().ok();
    if site.state.store.subscribe(&new, made, row.person.as_str(), now).await?.is_none() {
        let view = Own { said: Some(word("own_twice").to_owned()), ..Own::default() };
        return shown(site, row, StatusCode::OK, view).await;
    }
    site.state.wake.notify_one();
    let address = address(&site.state.public_url, &tokens::encode(&secret), &name);
    let view = Own { made: Some(Added::of(&address, &name)), ..Own::default() };
    shown(site, row, StatusCode::OK, view).await
}
