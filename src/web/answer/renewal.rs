//! A link that has run out, and a new one to the address that is registered.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::super::Site;
use super::super::error::{PageError, Said};
use super::case::Case;
use super::everything;
use crate::calendar::{civil, today};
use crate::plan::model::{Facts, Key, Message, MessageKind};
use crate::store::TokenRow;
use crate::text::answers::{self as text, word};
use crate::tokens;

#[derive(Debug, Serialize)]
struct Over {
    title: &'static str,
    /// Nothing of a person: whoever finds an old link learns what kind of page it led to.
    paragraphs: Vec<String>,
    unsaved: bool,
}

/// The page of a link that has run out; `unsaved` after an attempt to answer.
pub(super) fn page(site: &Site, row: &TokenRow, unsaved: bool) -> Result<Response, PageError> {
    let rules = site.state.rules.rules();
    let kind = if row.purpose == tokens::OPEN { "over_kind_all" } else { "over_kind_one" };
    let mut said = word(kind).to_owned();
    let body = row.matters.first().and_then(|matter| rules.organisation.bodies.get(matter.body.as_ref()?));
    if let Some(body) = body {
        said = format!("{said} {}", text::over_for(&body.name));
    }
    if let Some(expires) = row.expires {
        said = format!("{said} {}", text::over_since(civil(expires).date()));
    }
    let paragraphs = vec![said, word("over_how").to_owned()];
    let over = Over { title: word("over_title"), paragraphs, unsaved };
    let page = site.look.page(&site.private_frame(over.title), "over.html", &over)?;
    Ok((StatusCode::GONE, Html(page)).into_response())
}

/// Has the question sent again with a new link, to nobody but the person whose link it was.
pub(super) async fn renew(
    site: &Site,
    token: &str,
    row: &TokenRow,
    now: Timestamp,
) -> Result<Response, PageError> {
    let facts = site.state.store.facts().await?;
    let Some(message) = waiting(site, &facts, row, now).await? else {
        return said(site, "renewed_not_title", "renewed_not", "");
    };
    if site.state.store.plan_letter(&letter(message, token, row, now), now).await? {
        site.state.wake.notify_one();
        return said(site, "renewed_title", "renewed", "good");
    }
    said(site, "renewed_before_title", "renewed_before", "")
}

/// What the link would lead to if it still worked: the question, or the most urgent of all.
async fn waiting(
    site: &Site,
    facts: &Facts,
    row: &TokenRow,
    now: Timestamp,
) -> Result<Option<Message>, PageError> {
    if row.purpose == tokens::OPEN {
        let open = everything(site, facts, &row.person, now).await?;
        return Ok(open.into_iter().next().map(|case| case.question.message));
    }
    for matter in &row.matters {
        if let Some(case) = Case::of(site, facts, matter, &row.person, now).await?
            && case.takes_answers()
        {
            return Ok(Some(case.question.message));
        }
    }
    Ok(None)
}

/// The question as a letter of its own. Its key is that of the link and the day: one a day, however often it is
/// pressed.
fn letter(mut message: Message, token: &str, row: &TokenRow, now: Timestamp) -> Message {
    let digest = Sha256::digest(token);
    let link: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    message.key = Key(format!("{}{link}:{}:{}", crate::store::LETTER, row.person, today(now)));
    message.at = now;
    message.urgent = true;
    message.kind = MessageKind::Tell;
    message.assumes = None;
    message.notice.subject = text::renewed_subject(&message.notice.subject);
    message.notice.why = text::RENEWED_WHY.to_owned();
    message
}

fn said(site: &Site, title: &str, paragraph: &str, tone: &'static str) -> Result<Response, PageError> {
    let paragraphs = vec![word(paragraph).to_owned()];
    site.say(StatusCode::OK, true, &Said { title: word(title), paragraphs, tone, ..Said::default() })
}
