//! Answers: recorded once, and what they make pointless is taken back in the same transaction.

use jiff::{SignedDuration, Timestamp};

use super::db::{Tx, Value, args, unreadable};
use super::facts::{Writer, given_of, write_facts};
use super::items::{change_item, is_news};
use super::rows::{body_text, message_of, object_text, to_json};
use super::{ListReport, MessageState, NewAnswer, Recorded, Result, Settles, Store};
use super::{handed, listed, meetings, register, requests};
use crate::ids::PersonId;
use crate::plan::key::about;
use crate::plan::model::{Given, Matter, Message, MessageKind, Object};

pub(super) const ANSWER_OF: &str = "SELECT workflow, body, object, step, person, answer, at, day, marks FROM answer \
     WHERE workflow = $1 AND body = $2 AND object = $3 AND step = $4 AND person = $5";
const ANSWERS_TO: &str = "SELECT workflow, body, object, step, person, answer, at, day, marks FROM answer \
     WHERE workflow = $1 AND body = $2 AND object = $3 AND step = $4 ORDER BY at DESC, person";
const RECORD: &str = "INSERT INTO answer (workflow, body, object, step, person, answer, at, who, day, marks) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (workflow, body, object, step, person) \
     DO UPDATE SET answer = excluded.answer, at = excluded.at, who = excluded.who, day = excluded.day, \
     marks = excluded.marks";
/// Planned and queued messages of a matter that still expect the answer.
const POINTLESS: &str = "SELECT key, mail, content FROM message \
     WHERE workflow = $1 AND body = $2 AND object = $3 AND step = $4 AND state IN ('planned', 'queued') \
     ORDER BY key";
const WITHDRAW: &str = "UPDATE message SET state = 'withdrawn', reason = $3, changed_at = $2 \
     WHERE key = $1 AND state = 'planned'";
/// A mail that nobody can have got and nobody is sending.
const CANCEL: &str =
    "UPDATE mail SET state = 'cancelled' WHERE id = $1 AND state = 'queued' AND ambiguous = 0";
const BACK_TO_PLANNED: &str =
    "UPDATE message SET state = 'planned', mail = NULL, changed_at = $2 WHERE mail = $1 AND state = 'queued'";
const OF_MATTER: &str = "SELECT key, content, state FROM message \
     WHERE workflow = $1 AND body = $2 AND object = $3 AND step = $4 AND person = $5 ORDER BY at DESC, key DESC";
const BY_KEY: &str = "SELECT key, content FROM message WHERE key = $1";
const ASKED_OF: &str = "SELECT key, content FROM message \
     WHERE person = $1 AND state IN ('queued', 'sent') AND kind IN ('ask', 'reminder', 'nudge') \
     ORDER BY at DESC, key DESC";

/// For so long the same answer about an item is a button pressed twice; later it is a new report.
const REPEATED_CLICK: SignedDuration = SignedDuration::from_hours(24);

impl Store {
    /// Records an answer, with what it does to an item, what came with it and what it lists. What the person has
    /// arranged about the matter ends.
    ///
    /// In the same transaction it takes back what the answer makes pointless: asks, reminders and nudges of that
    /// matter to whom it is settled for, see [`Settles`]; escalations and alarms too if that is everybody. Planned
    /// ones are withdrawn. A mail that is queued and has had no attempt, or only definite refusals, is cancelled,
    /// and the other messages in it are planned again, to be composed anew. A mail that is being sent, or may have
    /// been delivered, is left alone.
    ///
    /// What it says of a meeting's hours and place is entered as its date.
    ///
    /// The same answer again with the same things is [`Recorded::Same`] and writes nothing; about an item only
    /// within a day, since "as before" some months later is a new report, and only if it says nothing new of it.
    ///
    /// # Errors
    /// [`super::StoreError::Refused`] if the effect names a unit that isn't there, or the assignment can't go there
    /// from where it is; [`super::StoreError::WouldVanish`] if it publishes a plan that leaves items out without a closing
    /// entry.
    pub async fn record_answer(&self, new: &NewAnswer<'_>, now: Timestamp) -> Result<Recorded> {
        let (given, who) = (new.given, new.who);
        let mut tx = write_facts(self).await?;
        let writer = Writer { who, now };
        let row = tx.row(ANSWER_OF, of_person(&given.matter, &given.person)).await?;
        let before = row.as_ref().map(given_of).transpose()?;
        let handed = handed::replace(&mut tx, given, &new.handed, writer).await?;
        let listed = match &new.list {
            Some(list) => listed::replace(&mut tx, list, writer).await?,
            None => ListReport::default(),
        };
        let proposed = match new.proposed {
            Some((body, proposed)) => register::propose(&mut tx, body, proposed, writer).await?,
            None => false,
        };
        let told = match new.effect {
            Some((unit, change)) => is_news(&mut tx, unit, change, writer, now - REPEATED_CLICK).await?,
            None => false,
        };
        let set = match &new.meeting {
            Some(meeting) => meetings::set(&mut tx, meeting, writer).await?,
            None => false,
        };
        let news = set || handed || proposed || told || listed != ListReport::default();
        if let Some(before) = before.as_ref().filter(|before| !news && repeats(before, given)) {
            return Ok(Recorded::Same { before: before.clone() });
        }
        let mut args = of_person(&given.matter, &given.person);
        args.extend(args![given.answer.as_str(), given.at, who, given.date, to_json(&given.marks)?]);
        tx.run(RECORD, args).await?;
        let earlier = before.as_ref().map(to_json).transpose()?;
        writer.note(&mut tx, "answer".to_owned(), earlier, to_json(given)?).await?;
        requests::end(&mut tx, given, writer).await?;
        if let Some((unit, change)) = new.effect {
            change_item(&mut tx, unit, change, writer).await?;
        }
        if let Some((number, onward)) = new.assignment {
            register::advance(&mut tx, number, onward, writer).await?;
        }
        if let Some(revising) = new.revising {
            register::revise(&mut tx, revising, writer).await?;
        }
        let lost =
            Lost { matter: &given.matter, person: &given.person, settles: &new.settles, why: "answered" };
        take_back(&mut tx, lost, now).await?;
        tx.commit().await?;
        Ok(before.map_or(Recorded::New, |before| Recorded::Changed { before }))
    }

    /// What a person answered to a matter.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn answer_of(&self, matter: &Matter, person: &PersonId) -> Result<Option<Given>> {
        self.db().row(ANSWER_OF, of_person(matter, person)).await?.as_ref().map(given_of).transpose()
    }

    /// All answers to a matter, the newest first.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn answers_to(&self, matter: &Matter) -> Result<Vec<Given>> {
        self.db().rows(ANSWERS_TO, of_matter(matter)).await?.iter().map(given_of).collect()
    }

    /// The message of a matter that a person would answer: of those that can be answered, the newest that has
    /// left, or else the newest. None if the person has no part in the matter.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn latest_message(
        &self,
        matter: &Matter,
        person: &PersonId,
    ) -> Result<Option<(Message, MessageState)>> {
        let mut best = None;
        for row in self.db().rows(OF_MATTER, of_person(matter, person)).await? {
            let message = message_of(&row)?;
            let word = row.text("state")?;
            let state = MessageState::read(&word)
                .ok_or_else(|| unreadable("message", &message.key.0, format!("its state is `{word}`")))?;
            let left = matches!(state, MessageState::Queued | MessageState::Sent);
            let rank = (!message.notice.answers.is_empty(), left);
            if best.as_ref().is_none_or(|(highest, _)| rank > *highest) {
                best = Some((rank, (message, state)));
            }
        }
        Ok(best.map(|(_, found)| found))
    }

    /// A message of the outbox by its key.
    ///
    /// # Errors
    /// When the database fails or the row can't be read.
    pub async fn message(&self, key: &str) -> Result<Option<Message>> {
        self.db().rows(BY_KEY, args![key]).await?.first().map(message_of).transpose()
    }

    /// What a person has been asked and has not answered: the newest message of each matter, newest first. An
    /// answer about an item counts until the next nudge. A matter that somebody else has settled is here too:
    /// whether one answer is enough stands in the workflow ([`Self::answers_to`]).
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn open_matters(&self, person: &PersonId) -> Result<Vec<Message>> {
        let mut tx = self.db().read().await?;
        let mut open: Vec<Message> = Vec::new();
        for row in tx.rows(ASKED_OF, args![person.as_str()]).await? {
            let message = message_of(&row)?;
            if open.iter().any(|newer| newer.matter == message.matter) {
                continue;
            }
            open.push(message);
        }
        let mut unanswered = Vec::new();
        for message in open {
            let row = tx.row(ANSWER_OF, of_person(&message.matter, person)).await?;
            let answered = match row.as_ref().map(given_of).transpose()? {
                None => false,
                Some(given) => match message.matter.object {
                    Object::Occasion(_) | Object::Part { .. } | Object::Other(_) => true,
                    Object::Item(_) => given.at >= message.at,
                },
            };
            if !answered {
                unanswered.push(message);
            }
        }
        Ok(unanswered)
    }
}

impl Store {
    /// Since when somebody has been asked in a matter by the day that they are asked by now: the first message since
    /// that day was last another one. None if they weren't asked.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn asked_since(&self, matter: &Matter, person: &PersonId) -> Result<Option<Timestamp>> {
        let mut since = None;
        let mut day = None;
        for row in self.db().rows(OF_MATTER, of_person(matter, person)).await? {
            let message = message_of(&row)?;
            let left = matches!(row.text("state")?.as_str(), "queued" | "sent");
            if !left || message.notice.answers.is_empty() {
                continue;
            }
            let own = about(&message.key);
            if since.is_some() && own != day {
                break;
            }
            (since, day) = (Some(message.at), own);
        }
        Ok(since)
    }
}

fn repeats(before: &Given, given: &Given) -> bool {
    before.answer == given.answer
        && before.date == given.date
        && before.marks == given.marks
        && match given.matter.object {
            Object::Occasion(_) | Object::Part { .. } | Object::Other(_) => true,
            Object::Item(_) => given.at.duration_since(before.at) < REPEATED_CLICK,
        }
}

pub(super) fn of_matter(matter: &Matter) -> Vec<Value> {
    args![
        matter.workflow.as_str(),
        body_text(matter.body.as_ref()),
        object_text(&matter.object),
        matter.step.as_str()
    ]
}

pub(super) fn of_person(matter: &Matter, person: &PersonId) -> Vec<Value> {
    let mut args = of_matter(matter);
    args.extend(args![person.as_str()]);
    args
}

/// What has lost its point, and why.
#[derive(Clone, Copy)]
pub(super) struct Lost<'a> {
    pub matter: &'a Matter,
    pub person: &'a PersonId,
    pub settles: &'a Settles,
    pub why: &'static str,
}

impl Lost<'_> {
    fn holds(&self, message: &Message) -> bool {
        let asks = matches!(message.kind, MessageKind::Ask | MessageKind::Reminder | MessageKind::Nudge);
        let own = message.to.as_ref() == Some(self.person);
        match self.settles {
            Settles::Own => asks && own,
            // An escalation or alarm is about everybody's silence: one answer of several leaves it to the next plan.
            Settles::Body(body) => {
                let of = message.role.split_once('/').map(|(body, _)| body);
                asks && (own || of == Some(body.as_str()))
            }
            Settles::All => asks || matches!(message.kind, MessageKind::Escalation | MessageKind::Alarm),
        }
    }
}

pub(super) async fn take_back(tx: &mut Tx, lost: Lost<'_>, now: Timestamp) -> Result<()> {
    // Planned ones first: one that is being queued meanwhile is then found in its mail, or its mail is refused.
    withdraw(tx, lost, now).await?;
    let mut mails: Vec<i64> =
        still_pointless(tx, lost).await?.into_iter().filter_map(|(_, mail)| mail).collect();
    mails.sort_unstable();
    mails.dedup();
    for mail in mails {
        if tx.run(CANCEL, args![mail]).await? == 1 {
            tx.run(BACK_TO_PLANNED, args![mail, now]).await?;
        }
    }
    // And those that came back with their mails.
    withdraw(tx, lost, now).await
}

async fn withdraw(tx: &mut Tx, lost: Lost<'_>, now: Timestamp) -> Result<()> {
    for (key, _) in still_pointless(tx, lost).await? {
        tx.run(WITHDRAW, args![key, now, lost.why]).await?;
    }
    Ok(())
}

/// The keys of what has lost its point, and the mail that each is in.
async fn still_pointless(tx: &mut Tx, lost: Lost<'_>) -> Result<Vec<(String, Option<i64>)>> {
    let mut found = Vec::new();
    for row in tx.rows(POINTLESS, of_matter(lost.matter)).await? {
        let message = message_of(&row)?;
        if lost.holds(&message) {
            found.push((message.key.0, row.maybe_int("mail")?));
        }
    }
    Ok(found)
}
