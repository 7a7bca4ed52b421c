//! `/svar/{token}`: what is asked of one person, and their answer.
//!
//! `GET` and `HEAD` only read, however often. `POST` records; the same answer twice is one answer.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Site;
use super::error::{PageError, Said};
use super::guard::is_own_form;
use super::look::Link;
use crate::answering::{self, AnswerError, AnswerOutcome, Handed, Policy, Question, Reply};
use crate::calendar::{civil, swedish, today};
use crate::ids::AnswerId;
use crate::plan::model::{Given, Matter, Object};
use crate::store::{Recorded, TokenRow};
use crate::text::web::{self as text, word};
use crate::tokens;
use crate::workflow::model::Answer;

#[derive(Debug, Serialize)]
struct AnswerPage {
    /// Whose answer it is.
    answering_as: Option<String>,
    asked: Vec<Asked>,
}

/// One question.
#[derive(Debug, Serialize)]
struct Asked {
    /// Which of the page's questions; the form says it where there are several.
    number: Option<usize>,
    from_body: String,
    headline: String,
    paragraphs: Vec<String>,
    rows: Vec<(String, String)>,
    due: Option<String>,
    late: bool,
    why: String,
    given: Option<Standing>,
    closed: bool,
    choices: Vec<Choice>,
}

#[derive(Debug, Serialize)]
struct Standing {
    label: String,
    noted: String,
}

#[derive(Debug, Serialize)]
struct Choice {
    id: String,
    label: String,
    stands: bool,
}

/// What a form says.
#[derive(Debug, Deserialize)]
pub struct Pressed {
    svar: String,
    fraga: Option<usize>,
}

/// Answers are one person's own: nobody keeps the page, no robot lists it.
fn personal(response: impl IntoResponse) -> Response {
    let mut response = response.into_response();
    for (name, value) in
        [(header::CACHE_CONTROL, "no-store"), (header::HeaderName::from_static("x-robots-tag"), "noindex")]
    {
        response.headers_mut().insert(name, header::HeaderValue::from_static(value));
    }
    response
}

pub async fn show(State(site): State<Arc<Site>>, Path(token): Path<String>) -> Response {
    personal(page(&site, &token).await)
}

pub async fn record(
    State(site): State<Arc<Site>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    form: Result<Form<Pressed>, FormRejection>,
) -> Response {
    if !is_own_form(&headers, &site.state.public_url) {
        return personal(refuse(&site, StatusCode::FORBIDDEN, "refused_cross", None));
    }
    personal(press(&site, &token, form).await)
}

async fn page(site: &Site, token: &str) -> Result<Response, PageError> {
    let now = site.state.clock.now();
    let row = match link(site, token, now).await? {
        Ok(row) => row,
        Err(status) => return dead(site, status),
    };
    let mut asked = Vec::new();
    for (number, matter) in row.matters.iter().enumerate() {
        if let Some(question) = answering::question(&site.state.store, matter, &row.person, now).await? {
            let number = (row.matters.len() > 1).then_some(number);
            asked.push(asked_of(&question, number, now));
        }
    }
    let Some(first) = asked.first() else { return dead(site, StatusCode::GONE) };
    let frame = site.private_frame(first.headline.clone());
    let facts = site.state.store.facts().await?;
    let name = facts.people.persons.get(&row.person).map(|person| person.name.clone());
    let answering_as = name.filter(|name| !name.is_empty()).map(|name| text::answering_as(&name));
    let page = site.look.page(&frame, "answer.html", &AnswerPage { answering_as, asked })?;
    Ok(Html(page).into_response())
}

async fn press(
    site: &Site,
    token: &str,
    form: Result<Form<Pressed>, FormRejection>,
) -> Result<Response, PageError> {
    let state = &site.state;
    let now = state.clock.now();
    let row = match link(site, token, now).await? {
        Ok(row) => row,
        Err(status) => return dead(site, status),
    };
    let back = Some(Link::new(format!("/svar/{token}"), word("refused_again")));
    let pressed = match form {
        Ok(Form(pressed)) => pressed,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return refuse(site, StatusCode::PAYLOAD_TOO_LARGE, "refused_large", back);
        }
        Err(_) => return refuse(site, StatusCode::BAD_REQUEST, "refused_unknown", back),
    };
    let Some(matter) = chosen(&row, &pressed) else {
        return refuse(site, StatusCode::BAD_REQUEST, "refused_unknown", back);
    };
    let rules = state.rules.rules();
    let answer = AnswerId::new(pressed.svar);
    let who = row.person.as_str();
    let reply = Reply { matter, person: &row.person, answer: &answer, handed: &Handed::default(), who };
    let done = answering::answer(&state.store, &rules, &Policy::default(), &reply, now).await;
    let question = answering::question(&state.store, matter, &row.person, now).await?;
    match (done, question) {
        (Ok(AnswerOutcome::Answered(recorded)), Some(question)) => {
            // Wakes the planning: what waited for this answer may leave at once.
            state.wake.notify_one();
            site.say(StatusCode::OK, true, &thanks(&recorded, &question, token))
        }
        (Err(AnswerError::Closed), Some(question)) => {
            site.say(StatusCode::CONFLICT, true, &too_late(&question))
        }
        (Err(AnswerError::Unknown(_) | AnswerError::Answered | AnswerError::Handed(_)), _) => {
            refuse(site, StatusCode::BAD_REQUEST, "refused_unknown", back)
        }
        (Err(AnswerError::Store(error)), _) => Err(error.into()),
        (Err(AnswerError::NotAsked | AnswerError::Closed) | Ok(_), _) => dead(site, StatusCode::GONE),
    }
}

/// What a token in an address is good for, or the status of the page that says that it is good for nothing.
async fn link(site: &Site, token: &str, now: Timestamp) -> Result<Result<TokenRow, StatusCode>, PageError> {
    let Some(secret) = tokens::decode(token) else { return Ok(Err(StatusCode::NOT_FOUND)) };
    let hash: [u8; 32] = Sha256::digest(secret).into();
    let row = site.state.store.token(&hash, now).await?.filter(|row| row.purpose == tokens::ANSWER);
    Ok(row.ok_or(StatusCode::GONE))
}

/// Which question the form answers: the only one, or the one it names.
fn chosen<'a>(row: &'a TokenRow, pressed: &Pressed) -> Option<&'a Matter> {
    match (row.matters.as_slice(), pressed.fraga) {
        ([only], None | Some(0)) => Some(only),
        (several, Some(number)) => several.get(number),
        _ => None,
    }
}

fn asked_of(question: &Question, number: Option<usize>, now: Timestamp) -> Asked {
    let notice = &question.message.notice;
    let due = notice.due.map(swedish::long_week);
    let given = question.given.as_ref();
    // The day stands on its own above the buttons; not twice.
    let rows = notice.rows.iter().filter(|(_, value)| Some(value) != due.as_ref()).cloned();
    Asked {
        number,
        from_body: notice.from_body.clone(),
        headline: notice.headline.clone(),
        paragraphs: notice.text.clone(),
        rows: rows.collect(),
        late: !question.closed && given.is_none() && notice.due.is_some_and(|due| due < today(now)),
        due,
        why: notice.why.clone(),
        given: standing(question),
        closed: question.closed,
        choices: notice.answers.iter().map(|answer| choice(answer, given)).collect(),
    }
}

fn choice(answer: &Answer, given: Option<&Given>) -> Choice {
    Choice {
        id: answer.id.to_string(),
        label: answer.label.clone(),
        stands: given.is_some_and(|given| given.answer == answer.id),
    }
}

/// The answer that stands; one that the question no longer has is named by its id.
fn standing(question: &Question) -> Option<Standing> {
    let given = question.given.as_ref()?;
    Some(Standing { label: label_of(question, &given.answer), noted: text::noted(civil(given.at)) })
}

fn label_of(question: &Question, answer: &AnswerId) -> String {
    let known = question.message.notice.answers.iter().find(|a| &a.id == answer);
    known.map_or_else(|| answer.to_string(), |a| a.label.clone())
}

fn thanks(recorded: &Recorded, question: &Question, token: &str) -> Said<'static> {
    let label = question.given.as_ref().map(|given| label_of(question, &given.answer)).unwrap_or_default();
    let mut paragraphs = Vec::new();
    match recorded {
        Recorded::New => {}
        Recorded::Changed { before } => {
            let earlier = label_of(question, &before.answer);
            if earlier != label {
                paragraphs.push(text::replaced(&earlier, &label));
            }
        }
        Recorded::Same { before } => paragraphs.push(text::recorded_before(civil(before.at))),
    }
    let stays = match question.message.matter.object {
        Object::Occasion(_) | Object::Part { .. } | Object::Other(_) => word("answer_no_reminders"),
        // What is asked about an item may be asked again when nothing has changed.
        Object::Item(_) => word("answer_item_noted"),
    };
    paragraphs.push(format!("{stays} {}", word("answer_done")));
    Said {
        title: word("answer_thanks"),
        strong: Some(text::recorded(&label)),
        paragraphs,
        link: Some(Link::new(format!("/svar/{token}"), word("answer_back"))),
        tone: "good",
    }
}

fn too_late(question: &Question) -> Said<'static> {
    let standing = standing(question);
    let help = if standing.is_some() { "answer_closed_answered" } else { "answer_closed_unanswered" };
    Said {
        title: text::CLOSED_TITLE,
        strong: standing.map(|s| format!("{}. {}", text::recorded(&s.label), s.noted)),
        paragraphs: vec![word(help).to_owned()],
        ..Said::default()
    }
}

fn refuse(site: &Site, status: StatusCode, why: &str, link: Option<Link>) -> Result<Response, PageError> {
    let paragraphs = vec![word(why).to_owned()];
    site.say(status, true, &Said { title: word("refused_title"), paragraphs, link, ..Said::default() })
}

fn dead(site: &Site, status: StatusCode) -> Result<Response, PageError> {
    let paragraphs = vec![word("link_dead").to_owned(), word("link_dead_help").to_owned()];
    site.say(status, true, &Said { title: word("link_dead_title"), paragraphs, ..Said::default() })
}
