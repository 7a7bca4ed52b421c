//! Identities and digests: what a calendar program knows an event by, and a cache a feed.

use sha2::{Digest, Sha256};

use crate::ids::{FeedName, OccasionRef, StepId, WorkflowId};

/// The UID of an occasion: the same for as long as its workflow, body, entry and year are, whatever its
/// title and dates become. It names neither host nor person (RFC 7986, section 5.3).
#[must_use]
pub fn of_occasion(at: &OccasionRef) -> String {
    uuid("occasion", &reference(at))
}

/// The UID of a period's last day, where that is an event of its own.
#[must_use]
pub fn of_last_day(at: &OccasionRef) -> String {
    uuid("last-day", &reference(at))
}

/// The UID of the last day that a workflow sets for answers about an occasion.
#[must_use]
pub fn of_own_day(at: &OccasionRef, workflow: &WorkflowId, step: &StepId) -> String {
    uuid("own-day", &format!("{}\n{workflow}\n{step}", reference(at)))
}

/// The UID of what a reader must do by a day.
#[must_use]
pub fn of_task(identity: &str) -> String {
    uuid("task", identity)
}

/// The identity of a feed, by which Outlook knows a calendar again (`X-WR-RELCALID`).
#[must_use]
pub fn of_feed(feed: &FeedName) -> String {
    uuid("feed", feed.as_str())
}

/// A strong entity tag (RFC 9110, section 8.8.3): different bytes, different tag.
#[must_use]
pub fn etag(bytes: &[u8]) -> String {
    format!("\"{}\"", hex(&Sha256::digest(bytes)))
}

/// Joined by a sign that no id holds: workflow ids have slashes of their own.
fn reference(at: &OccasionRef) -> String {
    let body = at.body.as_ref().map_or("", |body| body.as_str());
    format!("{}\n{body}\n{}", at.workflow, at.id)
}

/// A UUID of version 8, RFC 9562's form for what is derived in a way of its own: version 5 would want SHA-1.
fn uuid(kind: &str, name: &str) -> String {
    let digest = Sha256::digest(format!("arshjul\n{kind}\n{name}"));
    let mut bytes: Vec<u8> = digest.iter().copied().take(16).collect();
    for (place, keep, set) in [(6, 0x0f, 0x80), (8, 0x3f, 0x80)] {
        if let Some(byte) = bytes.get_mut(place) {
            *byte = *byte & keep | set;
        }
    }
    let mut uuid = hex(&bytes);
    for at in [20, 16, 12, 8] {
        uuid.insert(at, '-');
    }
    uuid
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(workflow: &str, body: Option<&str>, id: &str) -> OccasionRef {
        OccasionRef { workflow: workflow.into(), body: body.map(Into::into), id: id.parse().unwrap() }
    }

    #[test]
    fn an_identity_never_changes() {
        // Written down, not computed: a change here doubles every event in every subscriber's calendar.
        let uid = of_occasion(&at("nationell/remisser", None, "sommar.2025"));
        assert_eq!(uid, "bf794483-ca92-8bbc-901e-09dda6684591");
        assert_eq!(uid.as_bytes()[14], b'8', "version 8");
        assert!(b"89ab".contains(&uid.as_bytes()[19]), "variant of RFC 9562");
    }

    #[test]
    fn what_differs_has_another_identity() {
        let mut seen = std::collections::BTreeSet::new();
        for workflow in ["a", "a/b"] {
            for body in [None, Some("b"), Some("rsl")] {
                for id in ["b.2025", "b.2026", "c.2025"] {
                    let at = at(workflow, body, id);
                    assert!(seen.insert(of_occasion(&at)) && seen.insert(of_last_day(&at)));
                }
            }
        }
        assert_ne!(of_feed(&"rsl".into()), of_feed(&"remisser".into()));
    }

    #[test]
    fn a_tag_is_quoted_and_tells_bytes_apart() {
        assert_eq!(etag(b""), "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"");
        assert_ne!(etag(b"a"), etag(b"b"));
    }
}
