//! The demonstration's own pages, in front of the daemon's.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use jiff::civil::time;
use serde::Deserialize;
use serde_json::{Value, json};

use super::pages::{self, Coming, FirstPage, Line, Mailbox, OpenMail, Recipient, mime};
use super::{BEGINS, Demo, PACE, jump};
use crate::app::{AppError, daemon};
use crate::calendar::{civil, instant, rfc3339};
use crate::people::People;
use crate::plan::show;
use crate::store::{MailRow, MailState};
use crate::web::guard;

/// Mails are read from the store so many at a time.
const BATCH: u32 = 500;
/// The mailbox shows so many on a page.
const ON_A_PAGE: usize = 25;
/// The first page shows so many messages to come.
const COMING: usize = 40;

/// The demonstration's addresses; everything else is the daemon's.
pub(super) fn router(demo: Arc<Demo>) -> Router {
    let daemons = crate::web::router_with(daemon::state(&demo.app), Some(pages::around()));
    let own = Router::new()
        .route(pages::FIRST, get(first))
        .route(pages::MAILBOX, get(mailbox))
        .route("/demo/brevlada.json", get(mailbox_json))
        .route("/demo/brev/{file}", get(mail))
        .with_state(demo.clone());
    // A jump over a year takes longer than a page may: it stands outside the guard's time limit.
    let moves = Router::new().route(pages::MOVE, post(till)).with_state(demo);
    guard::protect(own).merge(moves).fallback_service(daemons)
}

async fn first(State(demo): State<Arc<Demo>>) -> Result<Html<String>, Failed> {
    let store = &demo.app.store;
    let facts = store.facts().await.map_err(AppError::from)?;
    let mails = sent(&demo).await?;
    let mut people: Vec<_> = mails.iter().map(|m| &m.person).collect();
    people.sort();
    people.dedup();
    let coming = store.coming(COMING).await.map_err(AppError::from)?.into_iter().map(|message| Coming {
        at: civil(message.at),
        to: message.to.as_ref().map(|id| name(&facts.people, id.as_str())).unwrap_or_default(),
        kind: message.kind,
        subject: show::subject(&message),
    });
    let page = FirstPage {
        organisation: demo.app.rules.rules().organisation.title.clone(),
        now: civil(demo.now()),
        minutes_a_second: Some(PACE.as_mins()),
        mails: mails.len() as u64,
        people: people.len() as u64,
        answers: facts.answers.len() as u64,
        coming: coming.collect(),
    };
    Ok(Html(pages::first_page(&page)))
}

#[derive(Debug, Deserialize)]
struct Till {
    datum: String,
    /// The page to go back to.
    sedan: Option<String>,
}

/// Jumps to a day.
async fn till(
    State(demo): State<Arc<Demo>>,
    headers: HeaderMap,
    Form(form): Form<Till>,
) -> Result<Response, Failed> {
    if !guard::is_own_form(&headers, &demo.app.public_url) {
        return Ok(StatusCode::FORBIDDEN.into_response());
    }
    if !jump(&demo, form.datum.trim()).await? {
        let said = "Skriv ett datum som 2025-10-24, högst ett år framåt.";
        return Ok((StatusCode::BAD_REQUEST, said).into_response());
    }
    // Back to one of the demonstration's own pages, never to an address that somebody else has written.
    let back = form.sedan.filter(|to| to.starts_with("/demo") && !to.contains([':', '\\']));
    Ok(Redirect::to(back.as_deref().unwrap_or(pages::FIRST)).into_response())
}

#[derive(Debug, Default, Deserialize)]
struct Choice {
    till: Option<String>,
    sida: Option<usize>,
    brev: Option<i64>,
}

async fn mailbox(State(demo): State<Arc<Demo>>, Query(choice): Query<Choice>) -> Result<Response, Failed> {
    let people = demo.app.store.facts().await.map_err(AppError::from)?.people;
    let mails = sent(&demo).await?;
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for mail in &mails {
        *counts.entry(mail.person.to_string()).or_default() += 1;
    }
    let mut recipients: Vec<Recipient> =
        counts.into_iter().map(|(id, mails)| Recipient { name: name(&people, &id), id, mails }).collect();
    recipients.sort_by(|a, b| a.name.cmp(&b.name));
    let chosen = choice.till.filter(|id| recipients.iter().any(|r| &r.id == id));
    let wanted = |m: &&MailRow| chosen.as_ref().is_none_or(|id| m.person.as_str() == id);
    let shown: Vec<&MailRow> = mails.iter().rev().filter(wanted).collect();
    let pages = shown.len().div_ceil(ON_A_PAGE).max(1);
    let page = choice.sida.unwrap_or(1).clamp(1, pages);
    let lines = shown.iter().skip((page - 1) * ON_A_PAGE).take(ON_A_PAGE).map(|m| Line {
        id: m.id,
        to: name(&people, m.person.as_str()),
        subject: mime::head(&m.bytes).subject,
        at: civil(m.created_at),
    });
    let open = mails.iter().find(|m| Some(m.id) == choice.brev);
    let view = Mailbox {
        organisation: demo.app.rules.rules().organisation.title.clone(),
        year: civil(demo.now()).year(),
        recipients,
        chosen,
        mails: lines.collect(),
        page: page as u64,
        pages: pages as u64,
        open: open.map(|m| OpenMail { id: m.id, bytes: m.bytes.clone(), at: civil(m.created_at) }),
    };
    Ok(with_policy(pages::MAILBOX_POLICY, pages::mailbox(&view)))
}

/// A mail as its own document, for the frame in the mailbox.
async fn mail(State(demo): State<Arc<Demo>>, Path(file): Path<String>) -> Result<Response, Failed> {
    let id = file.strip_suffix(".html").and_then(|id| id.parse().ok());
    let Some(id) = id else { return Ok(StatusCode::NOT_FOUND.into_response()) };
    let row = demo.app.store.mail(id).await.map_err(AppError::from)?;
    Ok(match row.and_then(|row| pages::mail_html(&row.bytes)) {
        Some(html) => with_policy(pages::MAIL_POLICY, html),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

/// Every mail that has left since the visitor came, oldest first.
async fn mailbox_json(State(demo): State<Arc<Demo>>) -> Result<Json<Value>, Failed> {
    let mails = sent(&demo).await?;
    Ok(Json(Value::Array(mails.iter().map(mail_json).collect())))
}

fn mail_json(mail: &MailRow) -> Value {
    let head = mime::head(&mail.bytes);
    json!({
        "id": mail.id,
        "message_id": mail.message_id,
        "from": head.from,
        "to": mail.envelope.to,
        "subject": head.subject,
        "date": rfc3339(mail.created_at),
        "sent": mail.sent_at.map(rfc3339),
        "keys": head.keys,
        "text": mime::part(&mail.bytes, "text/plain"),
        "html": mime::part(&mail.bytes, "text/html"),
    })
}

/// The mails that have left since the visitor came, oldest first.
async fn sent(demo: &Demo) -> Result<Vec<MailRow>, AppError> {
    let begins = instant(BEGINS, time(0, 0, 0, 0));
    let mut mails = Vec::new();
    let mut after = 0;
    loop {
        let page = demo.app.store.mails(BATCH, after).await?;
        let Some(last) = page.last() else { return Ok(mails) };
        after = last.id;
        mails.extend(page.into_iter().filter(|m| m.state == MailState::Sent && m.created_at >= begins));
    }
}

fn name(people: &People, id: &str) -> String {
    people.persons.get(&id.into()).map_or_else(|| id.to_owned(), |p| p.name.clone())
}

fn with_policy(policy: &'static str, html: String) -> Response {
    const POLICY: HeaderName = header::CONTENT_SECURITY_POLICY;
    ([(POLICY, policy)], Html(html)).into_response()
}

/// What went wrong, told in the log and not to the visitor.
struct Failed(AppError);

impl From<AppError> for Failed {
    fn from(error: AppError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        tracing::error!(error = %self.0, "a page of the demonstration failed");
        (StatusCode::INTERNAL_SERVER_ERROR, "Något gick fel. Försök igen.").into_response()
    }
}
