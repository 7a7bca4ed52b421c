//! What must change in the outbox so that it agrees with the plan.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::plan::digest::digest;
use crate::plan::model::{Change, Known, KnownState, Message};

/// Compares a plan's messages with what the outbox knows of the same window.
///
/// - A message that the outbox lacks is added, unless its moment is not after `since`, the last moment the
///   outbox is known to be complete for: what a change of facts puts in the past is never sent.
/// - One that is planned for another moment, or with other content, moves.
/// - One that is planned and not in the plan any more is withdrawn.
/// - What is settled stays as it is, whatever the plan says: planned at most once.
///
/// Messages to nobody (a vacant role) are not added: there is nothing to send.
#[must_use]
pub fn reconcile(planned: &[Message], known: &[Known], since: Timestamp) -> Vec<Change> {
    let mut known: BTreeMap<_, _> = known.iter().map(|k| (&k.key, k)).collect();
    let mut changes = Vec::with_capacity(planned.len());
    for message in planned.iter().filter(|m| m.to.is_some()) {
        changes.push(match known.remove(&message.key) {
            None if message.at > since => Change::Add(Box::new(message.clone())),
            None => continue,
            Some(k) => match k.state {
                KnownState::Settled => Change::Keep(message.key.clone()),
                KnownState::Withdrawn if message.at > since => Change::Add(Box::new(message.clone())),
                KnownState::Withdrawn => Change::Keep(message.key.clone()),
                KnownState::Planned if k.at == message.at && k.digest == digest(message) => {
                    Change::Keep(message.key.clone())
                }
                KnownState::Planned => Change::Move(Box::new(message.clone())),
            },
        });
    }
    let gone = known.into_values().filter(|k| k.state == KnownState::Planned);
    changes.extend(gone.map(|k| Change::Withdraw(k.key.clone())));
    changes
}
