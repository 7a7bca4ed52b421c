//! From what is due to mails: one digest a person and window, bytes fixed before the first attempt.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use super::triage::{Triage, reason, triage};
use super::{Outgoing, Worker, WorkerError};
use crate::calendar::workdays_between;
use crate::ids::PersonId;
use crate::mail::compose::{Digest, compose};
use crate::people::Person;
use crate::plan::changes::ASKED_ANEW;
use crate::plan::key::about;
use crate::plan::model::{Facts, Message, MessageKind};
use crate::plan::notice::as_ask;
use crate::store::{Envelope, NewMail, NewToken};
use crate::tokens;

/// Due messages are looked at so many at a time.
const BATCH: u32 = 2000;
/// An answer link works for so long after its mail; the page then says how to get a new one.
const LINK_LIFE: SignedDuration = SignedDuration::from_hours(24 * 180);

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
        if digests.is_empty() && urgent.is_empty() {
            return Ok((0, skipped));
        }
        let facts = self.store.facts().await?;
        let mut composed = 0;
        for (person, messages) in digests {
            // One digest a window: what comes later in the same one waits for the next.
            let window = window.unwrap_or(now);
            if !self.store.composed_since(&person, window).await? {
                composed += self.queue_or_pass(outgoing, &facts, &person, messages, window, now).await?;
            }
        }
        for message in urgent {
            if let Some(person) = message.to.clone() {
                composed += self.queue_or_pass(outgoing, &facts, &person, vec![message], now, now).await?;
            }
        }
        Ok((composed, skipped))
    }

    async fn pass_over(
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
        outgoing: &Outgoing,
        facts: &Facts,
        person: &PersonId,
        messages: Vec<Message>,
        window: Timestamp,
        now: Timestamp,
    ) -> Result<usize, WorkerError> {
        match self.queue(outgoing, facts, person, messages, window, now).await {
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
        outgoing: &Outgoing,
        facts: &Facts,
        person: &PersonId,
        messages: Vec<Message>,
        window: Timestamp,
        now: Timestamp,
    ) -> Result<bool, WorkerError> {
        let Some(person) = facts.people.persons.get(person) else { return Ok(false) };
        let messages = self.as_asks(person, messages, now).await?;
        if messages.is_empty() {
            return Ok(false);
        }
        let keys = messages.iter().map(|m| m.key.clone()).collect();
        let mut tokens = Vec::new();
        let mut linked = Vec::with_capacity(messages.len());
        for message in messages {
            let url = if message.notice.answers.is_empty() {
                None
            } else {
                let secret = self.chance.bytes()?;
                tokens.push(NewToken {
                    hash: Sha256::digest(secret).into(),
                    person: person.id.clone(),
                    purpose: tokens::ANSWER.to_owned(),
                    matters: vec![message.matter.clone()],
                    expires: Some(now + LINK_LIFE),
                });
                Some(format!("{}/svar/{}", outgoing.public_url, tokens::encode(&secret)))
            };
            linked.push((message, url));
        }
        let digest = Digest { person: person.clone(), messages: linked, window, page_url: None, first: None };
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
        Ok(self.store.queue(&mail, now).await?)
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
                MessageKind::Ask if !far => passed.push((message.key, reason::ASKED)),
                _ => kept.push(message),
            }
        }
        self.pass_over(&passed, now).await?;
        Ok(kept)
    }
}
