//! What a weekly summary is made of, read once for all summaries of a knock.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, ToSpan};

use super::composing::Round;
use super::triage::reason;
use super::week::{Records, content, vacant, week_of};
use super::{Worker, WorkerError};
use crate::calendar::{today, week_code};
use crate::plan::Window;
use crate::plan::model::{Facts, Message, MessageKind};

/// A summary looks so far back,
const BACK: SignedDuration = SignedDuration::from_hours(7 * 24);
/// and so far ahead.
const AHEAD: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Nothing is asked longer before it is over.
const LONGEST_ASK: SignedDuration = SignedDuration::from_hours(400 * 24);

impl Worker {
    /// What the outbox holds of the week, before anything of this knock leaves.
    pub(super) async fn records(&self, facts: &Facts, now: Timestamp) -> Result<Records, WorkerError> {
        let store = &self.store;
        let mut records = Records {
            asked: store.asked(now - LONGEST_ASK, now).await?,
            vacant: vacant(&self.rules.rules(), facts, Window { from: now - BACK, until: now + AHEAD }),
            failed: store.in_failed_mails(now - LONGEST_ASK, now - BACK).await?,
            coming: store.leaving(now, now + AHEAD).await?,
            held: BTreeMap::new(),
            failing: BTreeMap::new(),
        };
        for state in store.sources().await? {
            records.failing.extend(state.failing(now).map(|since| (state.name.clone(), since)));
        }
        // A summary on Monday is about the week before; one on another day about its own.
        let weeks = [week_code(today(now)), week_code(today(now).saturating_sub(7.days()))];
        for (week, people) in store.held_back().await? {
            for (person, keys) in people.into_iter().filter(|_| weeks.contains(&week)) {
                let held = records.held.entry(person).or_default();
                for key in keys {
                    held.extend(store.message(&key.0).await?);
                }
            }
        }
        Ok(records)
    }

    /// Writes the summaries among `messages`. One that has nothing to say is passed over.
    pub(super) async fn summed_up(
        &self,
        round: &Round<'_>,
        messages: Vec<Message>,
    ) -> Result<Vec<Message>, WorkerError> {
        let Some(records) = &round.records else { return Ok(messages) };
        let (rules, day) = (self.rules.rules(), today(round.now));
        let mut kept = Vec::with_capacity(messages.len());
        let mut empty = Vec::new();
        for message in messages {
            if message.kind != MessageKind::Summary {
                kept.push(message);
                continue;
            }
            let week = week_of(message.matter.body.as_ref(), &rules, round.facts, records, day);
            match content(&message.notice, &week) {
                Some(notice) => kept.push(Message { notice, ..message }),
                None => empty.push((message.key, reason::NOTHING)),
            }
        }
        self.pass_over(&empty, round.now).await?;
        Ok(kept)
    }
}
