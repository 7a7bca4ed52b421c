//! Mail kept in memory: what tests and the demonstration read, and where tests script trouble.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::mail::transport::{Envelope, Outcome};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    pub envelope: Envelope,
    pub message_id: String,
    pub bytes: Vec<u8>,
}

/// Clones share one mailbox, so a test keeps one and gives the other away.
#[derive(Debug, Clone, Default)]
pub struct MemoryTransport {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    delivered: Vec<Delivered>,
    /// What the next deliveries answer, and whether the mail arrives all the same.
    script: VecDeque<(Outcome, bool)>,
}

impl MemoryTransport {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The next deliveries have these outcomes, one each, and succeed again afterwards. With `Delivered`
    /// and `Unknown` the mail arrives: a lost reply, the case in which duplicates arise.
    pub fn fail_next(&self, outcomes: Vec<Outcome>) {
        let arrives =
            |outcome: &Outcome| matches!(outcome, Outcome::Delivered { .. } | Outcome::Unknown { .. });
        self.state().script.extend(outcomes.into_iter().map(|outcome| {
            let arrives = arrives(&outcome);
            (outcome, arrives)
        }));
    }

    /// The next delivery is `Unknown` and the mail did not arrive: the case in which mail is lost.
    pub fn lose_next(&self) {
        self.state().script.push_back((Outcome::Unknown { what: "lost on the way".to_owned() }, false));
    }

    /// Everything that arrived, in order, repeats included.
    #[must_use]
    pub fn delivered(&self) -> Vec<Delivered> {
        self.state().delivered.clone()
    }

    pub(super) fn deliver(&self, envelope: &Envelope, message_id: &str, bytes: &[u8]) -> Outcome {
        let mut state = self.state();
        let usual = || (Outcome::Delivered { reply: "250 kept in memory".to_owned() }, true);
        let (outcome, arrives) = state.script.pop_front().unwrap_or_else(usual);
        if arrives {
            state.delivered.push(Delivered {
                envelope: envelope.clone(),
                message_id: message_id.to_owned(),
                bytes: bytes.to_vec(),
            });
        }
        outcome
    }

    /// A panic elsewhere does not make the mailbox unreadable: no step below leaves it half changed.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripted_outcomes_come_first_and_only_once() {
        let memory = MemoryTransport::new();
        let given_away = memory.clone();
        let to_anna =
            Envelope { from: "rst@example.org".to_owned(), to: vec!["anna@example.org".to_owned()] };
        let later = Outcome::Deferred { reply: "451 later".to_owned(), throttled: false };
        let unknown = Outcome::Unknown { what: "silence".to_owned() };
        memory.fail_next(vec![later.clone(), unknown.clone()]);
        memory.lose_next();
        assert_eq!(given_away.deliver(&to_anna, "<1@x>", b"a"), later);
        assert_eq!(memory.delivered(), []);
        assert_eq!(given_away.deliver(&to_anna, "<1@x>", b"a"), unknown);
        assert_eq!(memory.delivered().len(), 1, "an unknown may have arrived");
        assert!(matches!(given_away.deliver(&to_anna, "<1@x>", b"a"), Outcome::Unknown { .. }));
        assert_eq!(memory.delivered().len(), 1);
        assert!(matches!(given_away.deliver(&to_anna, "<2@x>", b"b"), Outcome::Delivered { .. }));
        let last = memory.delivered().pop().expect("a mail");
        assert_eq!((last.message_id.as_str(), last.bytes.as_slice()), ("<2@x>", &b"b"[..]));
        assert_eq!(last.envelope, to_anna);
    }
}
