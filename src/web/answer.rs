//! `/svar/{token}`: what is asked of one person, and their answer.
//!
//! The token's purpose decides what the page is: one question (`svar`), or everything that waits for the person
//! (`oppet`). `GET` and `HEAD` only read, however often. `POST` records; the same answer twice is one answer, so a
//! page that is loaded again after a press does no harm.

mod calendars;
mod case;
mod faults;
mod fields;
mod item;
mod name;
mod outcome;
mod renewal;
mod sent;
mod unit;
mod view;

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::Site;
use super::error::{PageError, Said};
use super::guard::is_own_form;
use super::look::Link;
use crate::answering::{self, AnswerError, AnswerOutcome, HandedFile, Reply, Wrong as Refused};
use crate::ids::{AnswerId, PersonId};
use crate::plan::model::{Arranged, Arrangement, Facts, Key, Matter};
use crate::store::{FileKind, StoreError, TokenRow, TokenState};
use crate::text::answers::{self as text, word};
use crate::tokens;
use crate::workflow::model::{Answer, Takes};
use case::Case;
use fields::{Fault, Filled, Wrong};
use outcome::{HERE, Rest};
use sent::{Sent, Unread};
use view::{AnswerPage, Asked, Everything, Setting};

/// A form beside its file: texts, and what browsers put around them.
const ROOM_FOR_TEXT: u64 = 1_000_000;

/// What an address may ask of its page beside showing it.
#[derive(Debug, Default, Deserialize)]
pub struct Asks {
    /// The file that was handed in, to the one whose it is: of the only question, or of the one named.
    fil: Option<String>,
    /// `kalender`: the person's own calendar feeds.
    visa: Option<String>,
}

impl Asks {
    /// Whether it asks for the holder's own calendar feeds. A link to one question doesn't lead there.
    fn wants_calendars(&self, row: &TokenRow) -> bool {
        row.purpose == tokens::OPEN && self.visa.as_deref() == Some(calendars::SHOWN)
    }
}

/// What a token opens.
enum Door {
    Open(TokenRow),
    /// It ran out; its holder may ask for a new one.
    Over(TokenRow),
    Shut(StatusCode),
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

/// `GET /svar/{token}`.
pub async fn show(
    State(site): State<Arc<Site>>,
    Path(token): Path<String>,
    asks: Result<Query<Asks>, QueryRejection>,
) -> Response {
    // Some mail programs hang things of their own on every link.
    let asks = asks.map(|Query(asks)| asks).unwrap_or_default();
    personal(read(&site, &token, asks).await)
}

/// `POST /svar/{token}`.
pub async fn record(
    State(site): State<Arc<Site>>,
    Path(token): Path<String>,
    asks: Result<Query<Asks>, QueryRejection>,
    request: Request,
) -> Response {
    if !is_own_form(request.headers(), &site.state.public_url) {
        return personal(refuse(&site, StatusCode::FORBIDDEN, word("refused_cross"), None));
    }
    let most = site.state.policy.file_limit.saturating_add(ROOM_FOR_TEXT);
    let sent = Sent::read(request, most).await;
    let asks = asks.map(|Query(asks)| asks).unwrap_or_default();
    personal(press(&site, &token, &asks, sent).await)
}

async fn read(site: &Site, token: &str, asks: Asks) -> Result<Response, PageError> {
    let now = site.state.clock.now();
    let row = match door(site, token, now).await? {
        Door::Open(row) => row,
        Door::Over(row) => return renewal::page(site, &row, false),
        Door::Shut(status) => return dead(site, status),
    };
    if asks.wants_calendars(&row) {
        return calendars::page(site, &row).await;
    }
    let facts = site.state.store.facts().await?;
    if let Some(key) = asks.fil {
        return file(site, &row, Key(key)).await;
    }
    let setting =
        Setting { site, facts: &facts, now, one_of_many: false, named: row.matters.len() != 1, wrong: None };
    if row.purpose == tokens::OPEN {
        let open = everything(site, &facts, &row.person, now).await?;
        return list(&open, Setting { one_of_many: true, ..setting });
    }
    let mut cases = Vec::new();
    for matter in &row.matters {
        cases.extend(Case::of(site, &facts, matter, &row.person, now).await?);
    }
    let [only] = cases.as_slice() else {
        return if cases.is_empty() {
            dead(site, StatusCode::GONE)
        } else {
            list(&cases, Setting { one_of_many: true, ..setting })
        };
    };
    let asked = Asked::of(only, setting);
    let frame = site.private_frame(asked.headline.clone());
    let page = site.look.page(&frame, "answer.html", &AnswerPage { everything: None, asked: vec![asked] })?;
    Ok(Html(page).into_response())
}

/// A question that waits for somebody's answer, as their calendar shows it.
pub(super) struct Waiting {
    pub matter: Matter,
    pub headline: String,
    /// The last day to answer, or that of their own.
    pub due: Option<Date>,
    /// When they got a day of their own.
    pub arranged_at: Option<Timestamp>,
}

/// Everything that waits for a person.
pub(super) async fn waiting(
    site: &Site,
    facts: &Facts,
    person: &PersonId,
    now: Timestamp,
) -> Result<Vec<Waiting>, StoreError> {
    let shown = |case: Case| {
        let message = case.question.message;
        let of_it = |a: &&Arrangement| a.matter == message.matter && &a.person == person;
        let own = facts.arrangements.iter().filter(of_it).find_map(|a| match a.what {
            Arranged::Time(day) => Some((day, a.at)),
            Arranged::PassedTo(_) | Arranged::HelpFrom(_) => None,
        });
        Waiting {
            headline: message.notice.headline,
            due: own.map(|(day, _)| day).or(message.notice.due),
            arranged_at: own.map(|(_, at)| at),
            matter: message.matter,
        }
    };
    Ok(everything(site, facts, person, now).await?.into_iter().map(shown).collect())
}

/// Everything that waits for a person, the most urgent first.
async fn everything(
    site: &Site,
    facts: &Facts,
    person: &PersonId,
    now: Timestamp,
) -> Result<Vec<Case>, StoreError> {
    let mut open = Vec::new();
    for message in site.state.store.open_matters(person).await? {
        if let Some(case) = Case::of(site, facts, &message.matter, person, now).await?
            && case.waits()
        {
            open.push(case);
        }
    }
    open.sort_by_cached_key(|case| {
        let message = &case.question.message;
        let due = message.notice.due;
        (due.is_none(), due, message.kind, message.key.clone())
    });
    Ok(open)
}

fn list(open: &[Case], setting: Setting<'_>) -> Result<Response, PageError> {
    let site = setting.site;
    if open.is_empty() {
        let paragraphs = vec![word("open_nothing").to_owned()];
        let title = word("open_nothing_title");
        let link = Some(Link::new(format!("?visa={}", calendars::SHOWN), crate::text::web::word("own_open")));
        let said = Said { title, paragraphs, link, tone: "good", ..Said::default() };
        return site.say(StatusCode::OK, true, &said);
    }
    let title = word("open_title");
    let lead = format!(
        "{} {}",
        text::open_count(open.iter().filter(|case| case.waits()).count()),
        word("open_lead")
    );
    let everything = Some(Everything { title, lead, contents: entries(open, "") });
    let asked = open.iter().map(|case| Asked::of(case, setting)).collect();
    let page =
        site.look.page(&site.private_frame(title), "answer.html", &AnswerPage { everything, asked })?;
    Ok(Html(page).into_response())
}

/// Links to questions on the page at `href`.
fn entries(open: &[Case], href: &str) -> Vec<Link> {
    let entry = |case: &Case| {
        let notice = &case.question.message.notice;
        let said = text::open_entry(&notice.from_body, &notice.headline, notice.due);
        Link::new(format!("{href}#{}", case.anchor()), said)
    };
    open.iter().map(entry).collect()
}

async fn press(
    site: &Site,
    token: &str,
    asks: &Asks,
    sent: Result<Sent, Unread>,
) -> Result<Response, PageError> {
    let now = site.state.clock.now();
    let row = match door(site, token, now).await? {
        Door::Open(row) => row,
        Door::Over(row) => {
            return match sent {
                Ok(sent) if sent.wants_link() => renewal::renew(site, token, &row, now).await,
                _ => renewal::page(site, &row, true),
            };
        }
        Door::Shut(status) => return dead(site, status),
    };
    let back = || Some(Link::new(HERE, word("refused_again")));
    let unknown = || refuse(site, StatusCode::BAD_REQUEST, word("refused_unknown"), back());
    let mut sent = match sent {
        Ok(sent) => sent,
        Err(Unread::TooLarge) => {
            let said = text::refused_large(site.state.policy.file_limit);
            return refuse(site, Unread::TooLarge.status(), &said, back());
        }
        Err(Unread::NoForm) => return unknown(),
    };
    if asks.wants_calendars(&row) {
        return calendars::press(site, &row, &sent, now).await;
    }
    let Some(matter) = chosen(site, &row, sent.question()).await? else { return unknown() };
    let facts = site.state.store.facts().await?;
    let Some(case) = Case::of(site, &facts, &matter, &row.person, now).await? else {
        return dead(site, StatusCode::GONE);
    };
    let answer = sent.answer();
    let Some(pressed) = case.question.message.notice.answers.iter().find(|a| a.id == answer).cloned() else {
        return unknown();
    };
    if !case.takes_answers() {
        return site.say(StatusCode::CONFLICT, true, &outcome::too_late(&case));
    }
    let new_file = sent.file.is_some();
    sent.file = kept_file(site, &case, &pressed, &mut sent).await?;
    Press { site, row: &row, facts: &facts, case, pressed, sent, new_file, now }.record().await
}

/// A button that was pressed on a page of a question that can be answered.
struct Press<'a> {
    site: &'a Site,
    row: &'a TokenRow,
    facts: &'a Facts,
    case: Case,
    pressed: Answer,
    sent: Sent,
    /// A file came, as distinct from the one that is kept.
    new_file: bool,
    now: Timestamp,
}

impl Press<'_> {
    async fn record(self) -> Result<Response, PageError> {
        let state = &self.site.state;
        let person = &self.row.person;
        let question = &self.case.question;
        let notice = &question.message.notice;
        let unit = self.case.unit.as_ref();
        let before = Filled::of(question, self.facts, unit);
        let handed = match self.sent.handed(notice, &self.pressed, &before, unit) {
            Ok(handed) => handed,
            Err(faults) => return self.wrong(&faults, false),
        };
        let matter = question.message.matter.clone();
        let answer: &AnswerId = &self.pressed.id;
        let reply = Reply { matter: &matter, person, answer, handed: &handed, who: person.as_str() };
        let rules = state.rules.rules();
        match answering::answer(&state.store, &rules, &state.policy, &reply, self.now).await {
            Ok(outcome) => {
                // Wakes the planning: what waited for this answer may leave at once.
                state.wake.notify_one();
                self.recorded(&matter, &outcome).await
            }
            Err(AnswerError::Handed(wrong)) => {
                let misplaced = wrong.iter().any(|wrong| matches!(wrong, Refused::PersonalNumber { .. }));
                self.wrong(&faults::faults(&wrong, notice, &self.pressed), misplaced)
            }
            Err(AnswerError::Closed) => {
                self.site.say(StatusCode::CONFLICT, true, &outcome::too_late(&self.case))
            }
            Err(AnswerError::Answered) => {
                self.site.say(StatusCode::CONFLICT, true, &outcome::answered_already(&self.case))
            }
            Err(AnswerError::Unknown(_)) => {
                refuse(self.site, StatusCode::BAD_REQUEST, word("refused_unknown"), None)
            }
            Err(AnswerError::NotAsked) => dead(self.site, StatusCode::GONE),
            Err(AnswerError::Store(error)) => Err(error.into()),
        }
    }

    /// The question again, with everything that was typed.
    fn wrong(&self, faults: &[Fault], misplaced: bool) -> Result<Response, PageError> {
        let question = &self.case.question;
        let before = Filled::of(question, self.facts, self.case.unit.as_ref());
        let typed = self.sent.filled(&question.message.notice, &before);
        let (pressed, with_file) = (&self.pressed.id, self.new_file);
        let wrong = Some(Wrong { pressed, typed: &typed, faults, with_file, misplaced });
        let named = self.row.matters.len() != 1;
        let setting =
            Setting { site: self.site, facts: self.facts, now: self.now, one_of_many: false, named, wrong };
        let asked = Asked::of(&self.case, setting);
        let title = format!("{}: {}", word("answer_wrong_title"), asked.headline);
        let page = AnswerPage { everything: None, asked: vec![asked] };
        let page = self.site.look.page(&self.site.private_frame(title), "answer.html", &page)?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
    }

    async fn recorded(&self, matter: &Matter, done: &AnswerOutcome) -> Result<Response, PageError> {
        let (site, now, person) = (self.site, self.now, &self.row.person);
        let facts = site.state.store.facts().await?;
        let rest = if self.row.purpose == tokens::OPEN {
            let open = everything(site, &facts, person, now).await?;
            Some(Rest { open: entries(&open, HERE) })
        } else {
            None
        };
        let said = match done {
            AnswerOutcome::Answered(recorded) => {
                let Some(case) = Case::of(site, &facts, matter, person, now).await? else {
                    return dead(site, StatusCode::GONE);
                };
                outcome::thanks(recorded, &case, rest)
            }
            AnswerOutcome::Arranged { what, same } => {
                let setting =
                    Setting { site, facts: &facts, now, one_of_many: false, named: false, wrong: None };
                outcome::arranged(what, *same, setting, rest)
            }
        };
        site.say(StatusCode::OK, true, &said)
    }
}

/// The file in the form; or where there is none, the one that was handed in before, unless it is to go.
async fn kept_file(
    site: &Site,
    case: &Case,
    pressed: &Answer,
    sent: &mut Sent,
) -> Result<Option<HandedFile>, PageError> {
    if let Some(file) = sent.file.take() {
        return Ok(Some(file));
    }
    let before = case.question.handed.as_ref().and_then(|handed| handed.file.as_ref());
    let Some(before) = before else { return Ok(None) };
    if sent.drops_file() || !pressed.takes.contains(&Takes::File) {
        return Ok(None);
    }
    let stored = site.state.store.file(before.id).await?;
    Ok(stored.map(|stored| HandedFile { name: stored.file.name, bytes: stored.bytes }))
}

/// What a token in an address is good for.
async fn door(site: &Site, token: &str, now: Timestamp) -> Result<Door, PageError> {
    let Some(secret) = tokens::decode(token) else { return Ok(Door::Shut(StatusCode::NOT_FOUND)) };
    let hash: [u8; 32] = Sha256::digest(secret).into();
    let ours = |row: &TokenRow| row.purpose == tokens::ANSWER || row.purpose == tokens::OPEN;
    Ok(match site.state.store.token_state(&hash, now).await? {
        TokenState::Live(row) if ours(&row) => Door::Open(row),
        TokenState::Expired(row) if ours(&row) => Door::Over(row),
        _ => Door::Shut(StatusCode::GONE),
    })
}

/// Which question is meant: the only one, or the one that is named. A link opens its own matters; one to
/// everything, all that its holder was asked.
async fn chosen(site: &Site, row: &TokenRow, key: Option<Key>) -> Result<Option<Matter>, PageError> {
    let Some(key) = key else {
        let [only] = row.matters.as_slice() else { return Ok(None) };
        return Ok(Some(only.clone()));
    };
    let message = site.state.store.message(&key.0).await?;
    let own =
        message.filter(|message| message.to.as_ref() == Some(&row.person)).map(|message| message.matter);
    Ok(own.filter(|matter| row.purpose == tokens::OPEN || row.matters.contains(matter)))
}

/// The file that a person handed in, to themselves.
async fn file(site: &Site, row: &TokenRow, key: Key) -> Result<Response, PageError> {
    let key = Some(key).filter(|key| !key.0.is_empty());
    let missing = || super::error::nothing_here(site, StatusCode::NOT_FOUND);
    let Some(matter) = chosen(site, row, key).await? else { return missing() };
    let handed = site.state.store.handed_in(&matter, &row.person).await?;
    let Some(known) = handed.and_then(|handed| handed.file) else { return missing() };
    let Some(stored) = site.state.store.file(known.id).await? else { return missing() };
    let kind = match stored.file.kind {
        FileKind::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        FileKind::Pdf => "application/pdf",
    };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, attachment(&stored.file.name)),
    ];
    Ok((headers, stored.bytes).into_response())
}

/// A download under its own name (RFC 6266, 4.3; RFC 8187, 3.2.1), never shown within the page's origin.
fn attachment(name: &str) -> String {
    let mut written = String::from("attachment; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            written.push(char::from(byte));
        } else {
            written.push_str(&format!("%{byte:02X}"));
        }
    }
    written
}

fn refuse(site: &Site, status: StatusCode, why: &str, link: Option<Link>) -> Result<Response, PageError> {
    let paragraphs = vec![why.to_owned()];
    site.say(status, true, &Said { title: word("refused_title"), paragraphs, link, ..Said::default() })
}

fn dead(site: &Site, status: StatusCode) -> Result<Response, PageError> {
    let paragraphs = vec![word("link_dead").to_owned(), word("link_dead_help").to_owned()];
    site.say(status, true, &Said { title: word("link_dead_title"), paragraphs, ..Said::default() })
}
