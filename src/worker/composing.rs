//! From what is due to mails: one digest a person and window, bytes fixed before the first attempt.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use super::triage::{Triage, reason, triage, waits, week};
use super::week::Records;
use super::{Outgoing, Worker, WorkerError};
use crate::calendar::{today, week_code, workdays_between};
use crate::clock::NoChance;
use crate::ids::{BodyId, PersonId, StepId, WorkflowId};
use crate::mail::compose::{Digest, Standing, compose};
use crate::people::Person;
use crate::plan::changes::ASKED_ANEW;
use crate::plan::key::{about, is_set_off};
use crate::plan::model::{Facts, Matter, Message, MessageKind};
use crate::plan::notice::{as_ask, as_of};
use crate::plan::unseen;
use crate::store::{Envelope, NewMail, NewToken};
use crate::tokens;

/// Due messages are looked at so many at a time. Those that are held back come again with every knock: they must
/// not take the place of what leaves.
const BATCH: u32 = 20_000;
/// A link works for so long after its mail; the page then says how to get a new one.
const LINK_LIFE: SignedDuration = SignedDuration::from_hours(24 * 180);

/// What all mails of a knock are made with.
#[derive(Debug)]
pub(super) struct Round<'a> {
    pub(super) outgoing: &'a Outgoing,
    pub(super) facts: &'a Facts,
    /// What the outbox holds of the week, if a summary is due.
    pub(super) records: Option<Records>,
    pub(super) now: Timestamp,
}

impl Worker {
    /// Composes what is due. Returns how many mails were made and how many messages passed over.
    pub(super) async fn compose(&self, now: Timestamp) -> Result<(usize, u64), WorkerError> {
        let Some(outgoing) = &self.outgoing else { return Ok((0, 0)) };
        let due = self.store.due(now, BATCH).await?;
        if due.is_empty() {
            return Ok((0, 0));
        }
        let Triage { digests, urgent, skipped, window } = triage(due, &self.rules.rules().quiet, now);
        let skipped = self.pass_over(&skipped, now).await?;
        // One digest a window: what comes later in the same one waits for the next.
        let window = window.unwrap_or(now);
        let digests = self.leaving(outgoing, digests, window, now).await?;
        if digests.is_empty() && urgent.is_empty() {
            return Ok((0, skipped));
        }
        let facts = self.store.facts().await?;
        let summary = digests.values().flatten().any(|m| m.kind == MessageKind::Summary);
        let records = if summary { Some(self.records(&facts, now).await?) } else { None };
        let round = Round { outgoing, facts: &facts, records, now };
        let mut composed = 0;
        for (person, messages) in digests {
            composed += self.queue_or_pass(&round, &person, messages, window).await?;
        }
        for message in urgent {
            if let Some(person) = message.to.clone() {
                composed += self.queue_or_pass(&round, &person, vec![message], now).await?;
            }
        }
        Ok((composed, skipped))
    }

    /// The digests that leave in this window: not of those who have had one in it, nor of those who have had
    /// enough this week. What is held back for that is noted.
    async fn leaving(
        &self,
        outgoing: &Outgoing,
        digests: BTreeMap<PersonId, Vec<Message>>,
        window: Timestamp,
        now: Timestamp,
    ) -> Result<BTreeMap<PersonId, Vec<Message>>, WorkerError> {
        let (monday, release) = week(&self.rules.rules().quiet, now);
        let mut leaving = BTreeMap::new();
        let mut held = BTreeMap::new();
        for (person, messages) in digests {
            if self.store.composed_since(&person, window).await? {
                continue;
            }
            let waits = match outgoing.per_week {
                None => false,
                Some(most) => {
                    let mails = self.store.mails_since(&person, monday).await?;
                    waits(&messages, mails, most, release)
                }
            };
            if waits {
                held.insert(person, messages.into_iter().map(|m| m.key).collect());
            } else {
                leaving.insert(person, messages);
            }
        }
        if !held.is_empty() {
            self.store.hold_back(&week_code(today(now)), &held).await?;
        }
        Ok(leaving)
    }

    pub(super) async fn pass_over(
        &self,
        skipped: &[(crate::plan::model::Key, &'static str)],
        now: Timestamp,
    ) -> Result<u64, WorkerError> {
        let mut count = 0;
        let mut reasons: Vec<&str> = skipped.iter().map(|(_, reason)| *reason).collect();
        reasons.sort_unstable();
        reasons.dedup();
        for reason in reasons {
            let keys: Vec<_> =
                skipped.iter().filter(|(_, r)| *r == reason).map(|(key, _)| key.clone()).collect();
            count += self.store.skip(&keys, reason, now).await?;
        }
        Ok(count)
    }

    /// As [`Self::queue`], but what can't be composed is left for a later knock and holds nobody else's mail up: a
    /// person's address may be wrong, and somebody corrects it. Says how many mails were made.
    async fn queue_or_pass(
        &self,
        round: &Round<'_>,
        person: &PersonId,
        messages: Vec<Message>,
        window: Timestamp,
    ) -> Result<usize, WorkerError> {
        match self.queue(round, person, messages, window).await {
            Ok(queued) => Ok(usize::from(queued)),
            Err(WorkerError::Compose(error)) => {
                tracing::error!(%error, "a mail can't be composed; the others go on");
                Ok(0)
            }
            Err(other) => Err(other),
        }
    }

    /// Composes one mail and puts it in the outbox. False if one of its messages was settled meanwhile: the next
    /// knock composes the rest.
    async fn queue(
        &self,
        round: &Round<'_>,
        person: &PersonId,
        messages: Vec<Message>,
        window: Timestamp,
    ) -> Result<bool, WorkerError> {
        let Round { outgoing, facts, now, .. } = round;
        let Some(person) = facts.people.persons.get(person) else { return Ok(false) };
        let messages = self.as_asks(person, messages, *now).await?;
        let messages = self.summed_up(round, messages).await?;
        if messages.is_empty() {
            return Ok(false);
        }
        let keys = messages.iter().map(|m| m.key.clone()).collect();
        let mut links =
            Links { worker: self, url: &outgoing.public_url, person, now: *now, tokens: Vec::new() };
        let several = messages.len() > 1;
        // Whoever doesn't want to hear of their calendar says so on a page of their own.
        let calendar = messages.iter().any(|m| m.matter.step.as_str() == unseen::STEP);
        let linked = links.of(messages)?;
        let page = several || calendar || linked.iter().any(|(_, url)| url.is_some());
        let page_url = if page { Some(links.to(tokens::OPEN, Vec::new())?) } else { None };
        let tokens = links.tokens;
        let first = !self.store.has_been_written_to(&person.id).await?;
        let rules = self.rules.rules();
        let standing = || Standing {
            decision: rules.organisation.decision.clone(),
            contact: rules.organisation.contact.clone(),
        };
        let first = first.then(standing);
        let digest = Digest { person: person.clone(), messages: linked, window, page_url, first };
        let mail = compose(&digest, &outgoing.sender, &outgoing.templates)?;
        let mail = NewMail {
            message_id: mail.message_id,
            person: person.id.clone(),
            envelope: Envelope { from: mail.from, to: mail.to },
            bytes: mail.bytes,
            keys,
            tokens,
            send_at: window,
        };
        Ok(self.store.queue(&mail, *now).await?)
    }

    /// Nobody is reminded of what they were never asked: such a reminder is sent as the ask. And nobody is asked
    /// twice because the occasion moved by a few days: that they have been told of the move is enough.
    async fn as_asks(
        &self,
        person: &Person,
        messages: Vec<Message>,
        now: Timestamp,
    ) -> Result<Vec<Message>, WorkerError> {
        let wants = |m: &&Message| matches!(m.kind, MessageKind::Ask | MessageKind::Reminder);
        let pairs: Vec<_> =
            messages.iter().filter(wants).map(|m| (m.matter.clone(), person.id.clone())).collect();
        if pairs.is_empty() {
            return Ok(messages);
        }
        let asked = self.store.asked_before(&pairs).await?;
        let mut kept = Vec::with_capacity(messages.len());
        let mut passed = Vec::new();
        for message in messages {
            let earlier = asked.get(&(message.matter.clone(), person.id.clone()));
            let moved = earlier.and_then(|earlier| Some((about(earlier)?, about(&message.key)?)));
            let far = moved.is_none_or(|(from, to)| workdays_between(from, to).abs() >= ASKED_ANEW);
            match message.kind {
                MessageKind::Reminder if far => kept.push(as_ask(message)),
                MessageKind::Ask if !far && !is_set_off(&message.key) => {
                    passed.push((message.key, reason::ASKED))
                }
                _ => kept.push(as_of(message, today(now))),
            }
        }
        self.pass_over(&passed, now).await?;
        Ok(kept)
    }
}

/// The links of one mail.
struct Links<'a> {
    worker: &'a Worker,
    /// The address that they begin with.
    url: &'a str,
    person: &'a Person,
    now: Timestamp,
    tokens: Vec<NewToken>,
}

impl Links<'_> {
    /// The messages with the address of each one's answer page. What is asked of several items in the same way has
    /// one page for all of them.
    fn of(&mut self, messages: Vec<Message>) -> Result<Vec<(Message, Option<String>)>, NoChance> {
        let mut together: BTreeMap<(WorkflowId, Option<BodyId>, StepId, MessageKind), Vec<Matter>> =
            BTreeMap::new();
        let group = |m: &Message| {
            let of = &m.matter;
            (m.notice.items.len() == 1 && m.notice.together.is_some() && of.object.unit().is_some())
                .then(|| (of.workflow.clone(), of.body.clone(), of.step.clone(), m.kind))
        };
        for message in messages.iter().filter(|m| !m.notice.answers.is_empty()) {
            if let Some(group) = group(message) {
                together.entry(group).or_default().push(message.matter.clone());
            }
        }
        let mut shared = BTreeMap::new();
        let mut linked = Vec::with_capacity(messages.len());
        for message in messages {
            let asks = !message.notice.answers.is_empty();
            let group = group(&message).filter(|_| asks);
            let matters = group.as_ref().and_then(|group| together.get(group));
            let url = match (group, matters) {
                (Some(group), Some(matters)) if matters.len() > 1 => {
                    let url = match shared.get(&group) {
                        Some(url) => String::clone(url),
                        None => self.to(tokens::ANSWER, matters.clone())?,
                    };
                    shared.insert(group, url.clone());
                    Some(url)
                }
                _ if asks => Some(self.to(tokens::ANSWER, vec![message.matter.clone()])?),
                _ => None,
            };
            linked.push((message, url));
        }
        Ok(linked)
    }

    /// A link for a purpose. What the page behind it shows is the token's matter, not the address's.
    fn to(&mut self, purpose: &str, matters: Vec<Matter>) -> Result<String, NoChance> {
        let secret = self.worker.chance.bytes()?;
        self.tokens.push(NewToken {
            hash: Sha256::digest(secret).into(),
            person: self.person.id.clone(),
            purpose: purpose.to_owned(),
            matters,
            expires: Some(self.now + LINK_LIFE),
        });
        Ok(format!("{}/svar/{}", self.url, tokens::encode(&secret)))
    }
}
