//! Recording an answer, from wherever it came: a page, the command line, later a mail.
//!
//! # A request: one question to one person about one matter
//!
//! ```text
//!           ┌──────────────────── answer ─────────────────────┐
//!           │                                                 ▼
//!   asked ──┼──▶ more time, helped ───────── answer ──────▶ answered ◀──┐ another answer, until
//!           │        │    ▲                                   ▲   └─────┘ the matter closes
//!           │  pass on    more time, help                     │
//!           │        ▼    │                                   │
//!           └──▶ passed on ──────────────── answer ───────────┘
//! ```
//!
//! Only an answer that settles it ([`crate::workflow::model::Does`]) is a fact that gates and the compiled answer
//! see; it ends what was arranged. Nothing is arranged about a request that is answered: its answer may be changed
//! instead, and no text is lost to a slip of the finger. Who helps, and whom it is passed on to, have requests of
//! their own. Asked is who has a message of the matter; what is arranged and answered are rows
//! ([`Store::requests`]), and the database holds each kind of arrangement to one row with what it must have.
//!
//! What comes with an answer is checked as a whole before anything is written, and all that is wrong is said at
//! once. What the chosen answer doesn't take is refused, not dropped: nobody's text disappears unseen.

mod check;
mod effect;
mod file;
mod item;
mod meeting;
mod policy;
mod written;
mod wrong;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::today;
use crate::ids::{AnswerId, MarkId, PersonId};
use crate::import::people::is_address;
use crate::plan::model::{Arranged, Facts, Given, Matter, Message};
use crate::plan::settled::settled_by;
use crate::rules::Rules;
use crate::store::{
    Arranging, HandedIn, MessageState, NewAnswer, NewFile, NewHandedIn, NewList, Other, Recorded, Revising,
    Settles, Store, StoreError, Wanted,
};
use crate::text::answers as text;
use crate::workflow::model::{Answer, Does, SettledBy, Span, Takes};
use check::{Days, Tidy};
use item::Scene;

pub use check::is_web_address;
pub use item::{AboutItem, HandedOwners, HandedValue, Proposal};
pub use meeting::AboutMeeting;
pub use policy::Policy;
pub use wrong::{
    Field, LONGEST_LINE, LONGEST_LINK, LONGEST_LIST, LONGEST_TEXT, LONGEST_TITLE, LONGEST_VALUE,
    MOST_PROPOSALS, Missing, Written, Wrong,
};

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
    /// About the item that the question is about.
    pub item: AboutItem,
    /// Proposed items; blank ones count as none.
    pub items: Vec<Proposal>,
    /// About the meeting that the question is about.
    pub meeting: AboutMeeting,
    /// What looks like a personal number is meant to be there.
    pub anyway: bool,
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
#[expect(clippy::large_enum_variant, reason = "there is one at a time, looked at where it is returned")]
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
    let Reply { matter, person, .. } = *reply;
    let question = question(store, matter, person, now).await?.ok_or(AnswerError::NotAsked)?;
    let chosen = question.message.notice.answers.iter().find(|a| &a.id == reply.answer);
    let chosen = chosen.ok_or_else(|| AnswerError::Unknown(reply.answer.clone()))?;
    if question.closed {
        return Err(AnswerError::Closed);
    }
    let tidy = Tidy::of(reply.handed);
    let days = days(store, rules, matter, now).await?;
    let scene = scene(store, matter, chosen, &tidy, now).await?;
    let mut wrong = check::check(&question, chosen, reply.handed, &tidy, policy, days);
    wrong.extend(item::check(&rules.organisation, &scene, chosen, &tidy.item));
    wrong.extend(item::check_proposals(&rules.organisation, &scene, matter.body.as_ref(), &tidy.items));
    wrong.extend(wrong_recipient(store, person, &tidy, policy).await?);
    wrong.extend(wrong_file(&wrong, reply.handed, &tidy, policy).await);
    wrong.extend(written::misplaced(reply.handed, &tidy));
    if !wrong.is_empty() {
        return Err(AnswerError::Handed(wrong));
    }
    if chosen.does.settles() {
        let all = Settling { rules, scene: &scene, question: &question, chosen, tidy: &tidy };
        let recorded = all.record(store, reply, now).await?;
        return Ok(AnswerOutcome::Answered(recorded));
    }
    let to = Other { address: tidy.to.as_deref().unwrap_or_default(), register: true };
    let wanted = match (chosen.does, tidy.date) {
        (Does::MoreTime, Some(day)) => Wanted::Time(day),
        (Does::Help, _) => Wanted::HelpFrom(to),
        _ => Wanted::PassedTo(to),
    };
    match store.arrange(matter, person, wanted, reply.who, now).await? {
        Arranging::Arranged { what, same } => Ok(AnswerOutcome::Arranged { what, same }),
        Arranging::Answered => Err(AnswerError::Answered),
        Arranging::Unknown => Err(AnswerError::Handed(vec![Wrong::ToUnknown])),
        Arranging::Own => Err(AnswerError::Handed(vec![Wrong::ToSelf])),
        Arranging::Circle => Err(AnswerError::Handed(vec![Wrong::ToCircle])),
    }
}

/// A complete answer, with everything that it depends on.
struct Settling<'a> {
    rules: &'a Rules,
    scene: &'a Scene,
    question: &'a Question,
    chosen: &'a Answer,
    tidy: &'a Tidy,
}

impl Settling<'_> {
    /// Records it with all that it does, or nothing.
    async fn record(
        &self,
        store: &Store,
        reply: &Reply<'_>,
        now: Timestamp,
    ) -> Result<Recorded, AnswerError> {
        let Self { rules, scene, question, chosen, tidy } = *self;
        let matter = reply.matter;
        let given = Given {
            matter: matter.clone(),
            person: reply.person.clone(),
            answer: chosen.id.clone(),
            at: now,
            date: tidy.date,
            marks: tidy.marks.clone(),
        };
        let settles = settles(store, rules, question).await?;
        let earlier = match settles {
            Settles::All => store.answers_to(matter).await?.into_iter().next(),
            _ => question.given.clone(),
        };
        let replaces = self.replaces_list(earlier.as_ref());
        let list = matter.object.occasion().filter(|_| replaces).map(|of| NewList {
            workflow: &matter.workflow,
            body: matter.body.as_ref(),
            of,
            lines: &tidy.list,
        });
        let bytes = reply.handed.file.as_ref().map(|file| file.bytes.as_slice());
        let file = tidy.file.as_ref().and_then(Option::as_ref).zip(bytes);
        let handed = NewHandedIn {
            texts: tidy.texts.iter().map(|(heading, text)| (heading.as_str(), text.as_str())).collect(),
            link: tidy.link.as_deref(),
            file: file.map(|((name, kind), bytes)| NewFile { name, kind: *kind, bytes }),
        };
        let change = effect::on_item(rules, scene, question, chosen, tidy, reply.person);
        let onward = effect::on_assignment(scene, question, chosen);
        let proposed = effect::proposed(rules, scene, &tidy.items);
        let name = matter.object.occasion().map(|at| version_name(at.id.year)).unwrap_or_default();
        let revising = chosen.plan.zip(matter.body.as_ref()).map(|(step, body)| Revising {
            body,
            name: &name,
            step,
            decided: text::TAKEN_UP,
        });
        let new = NewAnswer {
            given: &given,
            revising,
            effect: matter.object.unit().zip(change.as_ref()),
            assignment: onward.as_ref().map(|(number, onward)| (*number, onward.advance())),
            proposed: matter.body.as_ref().map(|body| (body, proposed.as_slice())),
            handed,
            meeting: meeting::set(matter, chosen, &tidy.meeting),
            list,
            settles,
            who: reply.who,
        };
        store.record_answer(&new, now).await.map_err(|error| match error {
            StoreError::WouldVanish(titles) => AnswerError::Handed(vec![Wrong::WouldVanish(titles)]),
            other => AnswerError::Store(other),
        })
    }

    /// Whether it says anew what is listed: one that lists nothing takes the place of an `earlier` one that did, as
    /// "none of them concern us" does.
    fn replaces_list(&self, earlier: Option<&Given>) -> bool {
        let listed = |answer: &Answer| answer.takes.contains(&Takes::List);
        let answers = &self.question.message.notice.answers;
        let had_listed = earlier.is_some_and(|e| answers.iter().any(|a| a.id == e.answer && listed(a)));
        !self.tidy.list.is_empty() || (had_listed && !listed(self.chosen))
    }
}

/// What the plan is called that is revised on an occasion of `year`: it is that of the next year.
#[must_use]
pub fn version_name(year: i16) -> String {
    year.saturating_add(1).to_string()
}

/// What an answer is held against that is about an item, or proposes some; nothing is read for any other.
async fn scene(
    store: &Store,
    matter: &Matter,
    chosen: &Answer,
    tidy: &Tidy,
    now: Timestamp,
) -> Result<Scene, StoreError> {
    let unit = matter.object.unit();
    let wanted = unit.is_some() || chosen.assignment.is_some() || !tidy.items.is_empty();
    let mut scene = Scene { today: today(now), facts: Facts::default(), item: None, measures: Vec::new() };
    if wanted {
        scene.facts = store.facts().await?;
    }
    scene.item = scene.facts.items.iter().find(|item| unit == Some(item.unit().as_str())).cloned();
    if let Some(item) = scene.item.as_ref().filter(|_| !tidy.item.values.is_empty()) {
        scene.measures = store.measures_of(&item.id).await?;
    }
    Ok(scene)
}

/// Whether somebody may be asked: registered, or in a domain that the organisation allows.
async fn wrong_recipient(
    store: &Store,
    person: &PersonId,
    tidy: &Tidy,
    policy: &Policy,
) -> Result<Option<Wrong>, StoreError> {
    let Some(to) = &tidy.to else { return Ok(None) };
    Ok(match store.person_by_address(to).await? {
        Some(known) if known.id == *person => Some(Wrong::ToSelf),
        Some(_) => None,
        None if is_address(to) && policy.allows(to) => None,
        None => Some(Wrong::ToUnknown),
    })
}

/// What the organisation's check says of a file that is otherwise as it should be.
async fn wrong_file(wrong: &[Wrong], handed: &Handed, tidy: &Tidy, policy: &Policy) -> Option<Wrong> {
    let refused = |wrong: &Wrong| {
        matches!(wrong, Wrong::NotTaken(Field::File) | Wrong::FileTooLarge { .. } | Wrong::FileEmpty)
    };
    let (file, command) = (handed.file.as_ref()?, policy.file_check.as_ref()?);
    if wrong.iter().any(refused) || matches!(tidy.file, Some(None)) {
        return None;
    }
    file::refused(command, &file.bytes).await
}

/// What a date is held against.
async fn days(store: &Store, rules: &Rules, matter: &Matter, now: Timestamp) -> Result<Days, StoreError> {
    let mut days = Days { today: today(now), one_day: false, last: None, renews: None };
    if let Some(at) = matter.object.occasion() {
        let span = store.occasion(at).await?.map(|stored| stored.occasion.span);
        days.last = span.map(Span::last);
        days.one_day = span.is_some_and(|span| span.first() == span.last());
        let workflow = rules.workflows.0.get(&at.workflow).filter(|_| at.workflow == matter.workflow);
        let entry = workflow.and_then(|w| w.entries.iter().find(|e| e.id == at.id.entry));
        let renews = entry.is_some_and(|e| e.renewed_by.as_ref() == Some(&matter.step));
        days.renews = renews.then_some(at.id.year);
    }
    Ok(days)
}

/// Whom one answer settles the matter for.
async fn settles(store: &Store, rules: &Rules, question: &Question) -> Result<Settles, StoreError> {
    let matter = &question.message.matter;
    let item = match matter.object.unit() {
        Some(unit) => store.unit(unit).await?,
        None => None,
    };
    let by = settled_by(&rules.workflows, matter, item.as_ref().map(|item| &item.owners));
    let body = question.message.role.split_once('/').map(|(body, _)| body.into());
    Ok(match (by, body) {
        (SettledBy::Anyone, _) => Settles::All,
        (SettledBy::Body, Some(body)) => Settles::Body(body),
        _ => Settles::Own,
    })
}
