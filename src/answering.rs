//! Recording an answer, from wherever it came: a page, the command line, later a mail.

mod policy;
mod wrong;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::ids::{AnswerId, MarkId, PersonId};
use crate::plan::model::{Arranged, Given, Matter, Message, Object};
use crate::rules::Rules;
use crate::store::{HandedIn, ItemChange, MessageState, Recorded, Store, StoreError};
use crate::workflow::model::{Answer, SettledBy, Step};

pub use policy::Policy;
pub use wrong::{Field, LONGEST_LINK, LONGEST_LIST, LONGEST_TEXT, LONGEST_TITLE, Wrong};

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
    /// More time, passing on or help was wanted for a question that has its answer. The answer may be changed.
    #[error("the question has been answered already; change that answer instead")]
    Answered,
    /// What came with it is wrong: everything that is, at once.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Handed(Vec<Wrong>),
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
    /// What came with it.
    pub handed: Option<HandedIn>,
    /// What is arranged while there is no answer; at most one of each kind.
    pub arranged: Vec<Arranged>,
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
    let handed = store.handed_in(matter, person).await?;
    let arranged = store.arranged(matter, person).await?;
    let closed = message.expires.is_some_and(|expires| expires <= now);
    Ok(Some(Question { message, state, given, handed, arranged, closed }))
}

/// Somebody's answer, as it came.
#[derive(Clone, Copy, Debug)]
pub struct Reply<'a> {
    /// To what.
    pub matter: &'a Matter,
    /// Who was asked.
    pub person: &'a PersonId,
    /// Which answer.
    pub answer: &'a AnswerId,
    /// What came with it.
    pub handed: &'a Handed,
    /// Who did it: the person, or who took the call.
    pub who: &'a str,
}

/// What an answer came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerOutcome {
    /// It settles the question.
    Answered(Recorded),
    /// It leaves the question open with an arrangement.
    Arranged {
        /// What.
        what: Arranged,
        /// Nothing has changed: that was arranged already.
        same: bool,
    },
}

/// Records an answer with what came with it. The same again changes nothing; another one replaces it, with its
/// history, until the matter closes.
///
/// # Errors
/// See [`AnswerError`]; nothing is then recorded.
pub async fn answer(
    store: &Store,
    rules: &Rules,
    policy: &Policy,
    reply: &Reply<'_>,
    now: Timestamp,
) -> Result<AnswerOutcome, AnswerError> {
    let Reply { matter, person, answer, who, .. } = *reply;
    let _ = policy;
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
    Ok(AnswerOutcome::Answered(
        store.record_answer(&given, unit.map(|u| (u, &change)), settles_all, who, now).await?,
    ))
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
