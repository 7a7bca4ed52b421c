//! Recording an answer, from wherever it came: a page, the command line, later a mail.

use jiff::Timestamp;

use jiff::civil::Date;

use crate::ids::{AnswerId, MarkId, PersonId};
use crate::plan::model::{Given, Matter, Message, Object};
use crate::rules::Rules;
use crate::store::{ItemChange, MessageState, Recorded, Store, StoreError};
use crate::workflow::model::{Answer, SettledBy, Step};

/// What came with an answer. What the chosen answer doesn't take is refused, not dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handed {
    /// Text under each heading; the heading is empty where the ask has none. Empty texts count as none.
    pub texts: Vec<(String, String)>,
    /// A web address.
    pub link: Option<String>,
    /// One file.
    pub file: Option<HandedFile>,
    /// A day: until when, or for more time the new last day.
    pub date: Option<Date>,
    /// What was ticked.
    pub marks: Vec<MarkId>,
    /// Matters to list: title and web address.
    pub list: Vec<(String, Option<String>)>,
    /// The mail address of whom it is passed on to, or who is asked to help.
    pub to: Option<String>,
}

/// A file as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedFile {
    /// What its owner calls it.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Why an answer was not recorded.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// Nobody asked.
    #[error("nothing has been asked of this recipient in this matter")]
    NotAsked,
    /// The ask has other answers.
    #[error("`{0}` is not one of the answers")]
    Unknown(AnswerId),
    /// What it was about is over.
    #[error("the matter is closed")]
    Closed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is asked of a person in a matter, and what they have answered.
#[derive(Clone, Debug)]
pub struct Question {
    /// The newest message that asked.
    pub message: Message,
    /// How far that message has come.
    pub state: MessageState,
    /// The answer that stands.
    pub given: Option<Given>,
    /// No answer is taken any more.
    pub closed: bool,
}

impl Question {
    /// The answer that stands, with its label.
    #[must_use]
    pub fn standing(&self) -> Option<&Answer> {
        let given = self.given.as_ref()?;
        self.message.notice.answers.iter().find(|a| a.id == given.answer)
    }
}

/// What is asked of `person` in `matter`; none if nothing is.
///
/// # Errors
/// When the store fails.
pub async fn question(
    store: &Store,
    matter: &Matter,
    person: &PersonId,
    now: Timestamp,
) -> Result<Option<Question>, StoreError> {
    let Some((message, state)) = store.latest_message(matter, person).await? else { return Ok(None) };
    let given = store.answer_of(matter, person).await?;
    let closed = message.expires.is_some_and(|expires| expires <= now);
    Ok(Some(Question { message, state, given, closed }))
}

/// Records that `person` answers `answer` in `matter`. `who` did it: the person, or who took the call. The same
/// answer again changes nothing; another one replaces it, with its history.
///
/// # Errors
/// See [`AnswerError`]; nothing is then recorded.
pub async fn answer(
    store: &Store,
    rules: &Rules,
    matter: &Matter,
    person: &PersonId,
    answer: &AnswerId,
    who: &str,
    now: Timestamp,
) -> Result<Recorded, AnswerError> {
    let question = question(store, matter, person, now).await?.ok_or(AnswerError::NotAsked)?;
    let answers = &question.message.notice.answers;
    let chosen =
        answers.iter().find(|a| &a.id == answer).ok_or_else(|| AnswerError::Unknown(answer.clone()))?;
    if question.closed {
        return Err(AnswerError::Closed);
    }
    let change = ItemChange { phase: chosen.phase, health: chosen.health, quiet_until: None };
    let unit = match &matter.object {
        Object::Item(unit) if chosen.phase.is_some() || chosen.health.is_some() => Some(unit.as_str()),
        _ => None,
    };
    let given = Given {
        matter: matter.clone(),
        person: person.clone(),
        answer: answer.clone(),
        at: now,
        date: None,
        marks: Vec::new(),
    };
    let settles_all = settles_all(rules, matter);
    Ok(store.record_answer(&given, unit.map(|u| (u, &change)), settles_all, who, now).await?)
}

/// Whether one answer settles the matter for everybody who was asked. An item's owners answer for the item.
fn settles_all(rules: &Rules, matter: &Matter) -> bool {
    match &matter.object {
        Object::Item(_) | Object::Other(_) => true,
        Object::Occasion(at) | Object::Part { of: at, .. } => {
            let workflow = rules.workflows.0.get(&matter.workflow);
            let entry = workflow.and_then(|w| w.entries.iter().find(|e| e.id == at.id.entry));
            let lender = entry.and_then(|e| e.prepared_as.as_ref()).and_then(|id| rules.workflows.0.get(id));
            let steps = workflow.into_iter().chain(lender).flat_map(|w| &w.steps);
            let asks = |s: &&Step| s.id == matter.step;
            steps.filter(asks).any(|s| s.ask.as_ref().is_some_and(|a| a.settled_by == SettledBy::Anyone))
        }
    }
}
