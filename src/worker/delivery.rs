//! From the outbox to the relay.
//!
//! "Attempt started, next attempt at ..." is committed before the relay is dialled, so a crash in a loop never
//! hammers it, and no transaction is open while it talks. A mail that fails is pushed ahead; the others go on.

use jiff::{SignedDuration, Timestamp};

use super::triage::by_day;
use super::{Outgoing, Worker, WorkerError};
use crate::mail::transport::{Envelope, Outcome};
use crate::store::{Claim, Finish};

/// How long an attempt may take before another may begin: longer than all of a transport's timeouts together.
const LEASE: SignedDuration = SignedDuration::from_mins(15);
/// The wait after the first attempt; it doubles with each.
const FIRST_WAIT: SignedDuration = SignedDuration::from_mins(5);
/// No wait is longer.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(4);
/// After so many attempts (some five days) a mail is given up.
const ATTEMPTS: u32 = 36;
/// How long the queue rests when the relay itself is at fault.
const RELAY_REST: SignedDuration = SignedDuration::from_mins(10);
/// So many refusals in a row, whoever the mails are for, are the relay's doing and not the recipients': it has
/// begun to refuse everybody. Until it takes a mail again, what it refuses is tried again.
const REFUSALS: u32 = 5;
/// How long it rests when the relay asks for patience.
const THROTTLE_REST: SignedDuration = SignedDuration::from_mins(2);

/// What a round of deliveries did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// Mails the relay took.
    pub sent: usize,
    /// Attempts that will be made again.
    pub deferred: usize,
    /// Mails that will never be taken.
    pub failed: usize,
}

impl Worker {
    /// Delivers until nothing is due, the rate is used up or the relay wants rest. Returns at once if a delivery
    /// is under way.
    ///
    /// # Errors
    /// When the store fails. A mail whose success could not be recorded is sent again after its lease, byte for
    /// byte.
    pub async fn deliver(&self) -> Result<Delivery, WorkerError> {
        let mut done = Delivery::default();
        let Some(outgoing) = &self.outgoing else { return Ok(done) };
        let Ok(mut refusals) = self.delivering.try_lock() else { return Ok(done) };
        let began = self.clock.now();
        // A mail whose attempts failed all day waits for the morning.
        if self.held().await? || !by_day(began) {
            return Ok(done);
        }
        let mut attempts = 0;
        loop {
            let now = self.clock.now();
            let resting = self.store.paused_until().await?.is_some_and(|until| now < until);
            if resting || outgoing.per_minute.is_some_and(|most| self.used_up(began, attempts, most)) {
                break;
            }
            let backoff = |attempt: u32| self.wait(attempt);
            let Some(claim) = self.store.claim(now, LEASE, &backoff).await? else { break };
            attempts += 1;
            let rest = self.attempt(outgoing, &claim, &mut refusals, &mut done).await?;
            if let Some(rest) = rest {
                self.store.pause_all(self.clock.now() + rest).await?;
                break;
            }
        }
        Ok(done)
    }

    /// Frees what a process that died was sending. Only for a store of which this is the only sender.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn take_over(&self) -> Result<u64, WorkerError> {
        Ok(self.store.release_own_leases(self.clock.now()).await?)
    }

    /// One attempt. Says how long the whole queue should rest, if it should.
    async fn attempt(
        &self,
        outgoing: &Outgoing,
        claim: &Claim,
        refusals: &mut u32,
        done: &mut Delivery,
    ) -> Result<Option<SignedDuration>, WorkerError> {
        let envelope = Envelope { from: claim.envelope.from.clone(), to: vec![claim.envelope.to.clone()] };
        let outcome = outgoing.transport.deliver(&envelope, &claim.message_id, &claim.bytes).await;
        let now = self.clock.now();
        match &outcome {
            Outcome::Delivered { .. } => *refusals = 0,
            Outcome::Rejected { .. } => *refusals = refusals.saturating_add(1),
            Outcome::Deferred { .. } | Outcome::Unknown { .. } | Outcome::RelayFault { .. } => {}
        }
        let (finish, rest) = self.judge(outcome, claim.attempt, *refusals, now);
        if *refusals >= REFUSALS && rest.is_some() {
            tracing::error!(refusals = *refusals, "the relay refuses every mail; the queue rests");
        }
        let word = match &finish {
            Finish::Sent { .. } => {
                done.sent += 1;
                "sent"
            }
            Finish::Retry { .. } => {
                done.deferred += 1;
                "deferred"
            }
            Finish::Failed { .. } => {
                done.failed += 1;
                "failed"
            }
        };
        tracing::info!(outbox.id = claim.mail, attempt = claim.attempt, outcome = word, "delivery attempt");
        if !self.store.finish(claim, &finish, now).await? {
            tracing::warn!(outbox.id = claim.mail, "the lease was lost before the attempt ended");
        }
        Ok(rest)
    }

    fn judge(
        &self,
        outcome: Outcome,
        attempt: u32,
        refusals: u32,
        now: Timestamp,
    ) -> (Finish, Option<SignedDuration>) {
        let at = now + self.wait(attempt);
        let again = |reply: String, ambiguous: bool| {
            if attempt >= ATTEMPTS {
                Finish::Failed { reply }
            } else {
                Finish::Retry { reply, at, ambiguous }
            }
        };
        match outcome {
            Outcome::Delivered { reply } => (Finish::Sent { reply }, None),
            Outcome::Rejected { reply, .. } if refusals >= REFUSALS => {
                (again(reply, false), Some(RELAY_REST))
            }
            Outcome::Rejected { reply, .. } => (Finish::Failed { reply }, None),
            Outcome::Deferred { reply, throttled } => {
                (again(reply, false), throttled.then_some(THROTTLE_REST))
            }
            Outcome::Unknown { what } => (again(what, true), None),
            // The relay refuses everybody: no mail is to blame, and its attempts don't count against it.
            Outcome::RelayFault { reply } => {
                (Finish::Retry { reply, at: now + RELAY_REST, ambiguous: false }, Some(RELAY_REST))
            }
        }
    }

    /// The wait after an attempt, with a jitter of a fifth either way.
    fn wait(&self, attempt: u32) -> SignedDuration {
        let doubled = FIRST_WAIT * 2_i32.saturating_pow(attempt.saturating_sub(1).min(20));
        let wait = doubled.min(LONGEST_WAIT);
        let jitter = 0.8 + 0.4 * self.chance.fraction();
        wait.mul_f64(jitter)
    }

    /// Whether `attempts` since `began` are as many as the rate allows. A knock comes every few seconds and takes
    /// up again where this one leaves off.
    fn used_up(&self, began: Timestamp, attempts: u32, per_minute: u32) -> bool {
        let seconds = self.clock.now().duration_since(began).as_secs().max(0);
        let allowed = u64::from(per_minute) * (u64::try_from(seconds).unwrap_or(0) + KNOCK_SECONDS) / 60;
        u64::from(attempts) >= allowed.max(1)
    }
}

/// A rate is spread over knocks that come so often.
const KNOCK_SECONDS: u64 = 10;
