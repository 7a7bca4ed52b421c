//! The present and chance, as things that are handed in.
//!
//! This is the only module that reads the system's clock or its randomness; a lint forbids both elsewhere.
//! Everything below the worker takes a moment as an argument and never sees a [`Clock`].

use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// Tells the present.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still until it is told otherwise: the demo's virtual time, and the tests'.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// Stands at `moment`, to the second.
    #[must_use]
    pub fn at(moment: Timestamp) -> Self {
        Self(AtomicI64::new(moment.as_second()))
    }

    /// Sets it, forwards or back.
    pub fn set(&self, moment: Timestamp) {
        self.0.store(moment.as_second(), Ordering::SeqCst);
    }

    /// Moves it forward.
    pub fn advance(&self, by: SignedDuration) {
        self.0.fetch_add(by.as_secs(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// A source of unguessable bytes: tokens and jitter.
pub trait Chance: fmt::Debug + Send + Sync {
    /// 32 random bytes.
    ///
    /// # Errors
    /// When the operating system has none to give; nothing that needs them may then be made.
    fn bytes(&self) -> Result<[u8; 32], NoChance>;

    /// A number from 0 up to, not including, 1.
    fn fraction(&self) -> f64 {
        let bytes = self.bytes().unwrap_or([0; 32]);
        f64::from(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])) / (f64::from(u32::MAX) + 1.0)
    }
}

/// The operating system gave no randomness.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub struct NoChance;

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's randomness")]
    fn bytes(&self) -> Result<[u8; 32], NoChance> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| NoChance)?;
        Ok(bytes)
    }
}

/// The same numbers every time, for tests that compare bytes. Not for anything that leaves the machine.
#[derive(Debug)]
pub struct CountingChance(Mutex<u64>);

impl CountingChance {
    /// Begins after `seed`.
    #[must_use]
    pub fn from_seed(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Chance for CountingChance {
    fn bytes(&self) -> Result<[u8; 32], NoChance> {
        use sha2::{Digest, Sha256};
        let mut counter = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *counter += 1;
        Ok(Sha256::digest(counter.to_be_bytes()).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_goes_where_it_is_told() {
        let clock = ManualClock::at(Timestamp::UNIX_EPOCH);
        clock.advance(SignedDuration::from_hours(2));
        assert_eq!(clock.now().to_string(), "1970-01-01T02:00:00Z");
    }

    #[test]
    fn chance_is_spread_over_its_range() {
        let chance = CountingChance::from_seed(0);
        let drawn: Vec<f64> = (0..1000).map(|_| chance.fraction()).collect();
        assert!(drawn.iter().all(|f| (0.0..1.0).contains(f)));
        assert!(drawn.iter().any(|f| *f < 0.05) && drawn.iter().any(|f| *f > 0.95));
    }
}
