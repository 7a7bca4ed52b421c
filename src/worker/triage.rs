//! Which of the due messages leave now, which wait, and which are passed over: pure.
//!
//! After downtime each matter sends a person at most its newest message; what is over, or too old, is passed
//! over with a reason, and counted.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::calendar::{QuietPeriods, civil, instant, next_window, today};
use crate::ids::PersonId;
use crate::plan::key::rung;
use crate::plan::model::{Key, Message, MessageKind};

/// A window stays open so long, so that a slow or late knock still finds it.
const SLACK: SignedDuration = SignedDuration::from_mins(60);
/// What has been due for longer is too old to be sent.
pub const CATCH_UP: SignedDuration = SignedDuration::from_hours(14 * 24);
/// What is urgent leaves from 07:00 to before 18:15 local time.
const URGENT_HOURS: (jiff::civil::Time, jiff::civil::Time) =
    (jiff::civil::time(7, 0, 0, 0), jiff::civil::time(18, 15, 0, 0));

/// Reasons for passing a message over, as stored and shown.
pub mod reason {
    /// What it was about is over.
    pub const OVER: &str = "tillfället var över";
    /// It was due too long ago.
    pub const OLD: &str = "mer än 14 dagar för sent";
    /// The same was asked for a date a few days from this one.
    pub const ASKED: &str = "redan frågad, tillfället flyttades mindre än fem arbetsdagar";
    /// A summary of a week in which there is nothing to tell.
    pub const NOTHING: &str = "det fanns inget att berätta";
    /// A newer message of the same matter took its place.
    pub const SUPERSEDED: &str = "ersatt av ett nyare meddelande i samma ärende";
}

/// What to do with the due messages.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Triage {
    /// They leave together, one digest a person.
    pub digests: BTreeMap<PersonId, Vec<Message>>,
    /// Each leaves by itself, at once.
    pub urgent: Vec<Message>,
    /// They are passed over, with the reason.
    pub skipped: Vec<(Key, &'static str)>,
    /// The window in which the digests leave; none if none is open.
    pub window: Option<Timestamp>,
}

/// Sorts `due`, all of which are due at `now`.
#[must_use]
pub fn triage(due: Vec<Message>, quiet: &QuietPeriods, now: Timestamp) -> Triage {
    let mut found = Triage { window: open_window(quiet, now), ..Triage::default() };
    let mut newest: BTreeMap<_, Message> = BTreeMap::new();
    for message in due {
        let reason = match message.expires {
            Some(expires) if expires <= now => Some(reason::OVER),
            _ if now.duration_since(message.at) > CATCH_UP => Some(reason::OLD),
            _ => None,
        };
        if let Some(reason) = reason {
            found.skipped.push((message.key, reason));
            continue;
        }
        let rule = (message.matter.clone(), message.to.clone(), class(message.kind), news(&message));
        let later = newest.get(&rule).is_none_or(|kept| (kept.at, &kept.key) < (message.at, &message.key));
        let passed = if later { newest.insert(rule, message) } else { Some(message) };
        found.skipped.extend(passed.map(|m| (m.key, reason::SUPERSEDED)));
    }
    let by_day = by_day(now);
    for message in newest.into_values() {
        match &message.to {
            Some(_) if message.urgent && by_day => found.urgent.push(message),
            Some(person) if !message.urgent && found.window.is_some() => {
                found.digests.entry(person.clone()).or_default().push(message);
            }
            _ => {}
        }
    }
    found
}

/// Whether it is day: nobody gets mail at night, not even one that is tried again.
#[must_use]
pub fn by_day(now: Timestamp) -> bool {
    (URGENT_HOURS.0..URGENT_HOURS.1).contains(&civil(now).time())
}

/// The week of `now` in Stockholm: its first moment, and the first window of the next one.
#[must_use]
pub fn week(quiet: &QuietPeriods, now: Timestamp) -> (Timestamp, Timestamp) {
    let day = today(now);
    let monday = day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days());
    let midnight = |day| instant(day, jiff::civil::Time::midnight());
    (midnight(monday), next_window(quiet, midnight(monday.saturating_add(7.days()))))
}

/// Whether a digest waits for `release`, the first window of the next week: its recipient has got `mails` of at
/// most `most` in this one, and nothing in it would come too late. If one thing in it would, all of it leaves:
/// holding the rest back would spare nobody a mail.
#[must_use]
pub fn waits(digest: &[Message], mails: u32, most: u32, release: Timestamp) -> bool {
    let too_late = |m: &Message| {
        let due = m.notice.due.filter(|_| !m.notice.answers.is_empty());
        m.urgent
            || matches!(m.kind, MessageKind::Alarm | MessageKind::Change)
            || due.is_some_and(|due| due < today(release))
            || m.expires.is_some_and(|expires| expires <= release)
    };
    mails >= most && !digest.iter().any(too_late)
}

/// Kinds that stand in for each other: of an ask and its reminders the newest is enough.
fn class(kind: MessageKind) -> u8 {
    match kind {
        MessageKind::Ask | MessageKind::Reminder => 0,
        MessageKind::Escalation => 1,
        MessageKind::Alarm => 2,
        MessageKind::Nudge => 3,
        MessageKind::Tell => 4,
        MessageKind::Change => 5,
        MessageKind::Summary => 6,
    }
}

/// Each piece of news is told: of two people's answers the newer doesn't stand in for the older.
fn news(message: &Message) -> Option<String> {
    (message.kind == MessageKind::Tell).then(|| rung(&message.key).to_owned())
}

/// The window that is open at `now`.
fn open_window(quiet: &QuietPeriods, now: Timestamp) -> Option<Timestamp> {
    let window = next_window(quiet, now - SLACK + SignedDuration::from_secs(1));
    (window <= now).then_some(window)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::calendar::{instant, window_of_day};
    use crate::plan::model::{Matter, Notice, Object};

    fn message(rung: &str, kind: MessageKind, day: (i16, i8, i8), to: &str) -> Message {
        let day = date(day.0, day.1, day.2);
        Message {
            key: Key(format!("w:b:o:s:{rung}:{to}:{day}")),
            at: window_of_day(day),
            expires: None,
            urgent: kind == MessageKind::Alarm,
            kind,
            matter: Matter {
                workflow: "w".into(),
                body: None,
                object: Object::Item("i".to_owned()),
                step: "s".into(),
            },
            role: "b/r".to_owned(),
            to: Some(to.into()),
            notice: Notice {
                from_body: String::new(),
                subject: String::new(),
                headline: String::new(),
                text: Vec::new(),
                rows: Vec::new(),
                due: None,
                answers: Vec::new(),
                silent: Vec::new(),
                why: String::new(),
                marks: Vec::new(),
                sections: Vec::new(),
                items: Vec::new(),
                together: None,
            },
            assumes: None,
        }
    }

    fn at(day: (i16, i8, i8), hour: i8, minute: i8) -> Timestamp {
        instant(date(day.0, day.1, day.2), jiff::civil::time(hour, minute, 0, 0))
    }

    #[test]
    fn after_three_days_down_only_the_newest_of_a_matter_leaves() {
        let due = vec![
            message("0", MessageKind::Ask, (2025, 3, 3), "anna"),
            message("r1", MessageKind::Reminder, (2025, 3, 5), "anna"),
            message("0", MessageKind::Ask, (2025, 3, 3), "bo"),
        ];
        let sorted = triage(due, &QuietPeriods::default(), at((2025, 3, 6), 8, 0));
        let left =
            |person: &str| sorted.digests[&PersonId::from(person)].iter().map(|m| m.kind).collect::<Vec<_>>();
        assert_eq!(left("anna"), [MessageKind::Reminder]);
        assert_eq!(left("bo"), [MessageKind::Ask]);
        assert_eq!(sorted.skipped.len(), 1);
        assert_eq!(sorted.skipped[0].1, reason::SUPERSEDED);
    }

    #[test]
    fn a_digest_waits_for_a_window_and_an_alarm_does_not() {
        let due = vec![
            message("0", MessageKind::Ask, (2025, 3, 3), "anna"),
            message("a1", MessageKind::Alarm, (2025, 3, 3), "anna"),
        ];
        let quiet = QuietPeriods::default();
        let between = triage(due.clone(), &quiet, at((2025, 3, 3), 11, 20));
        assert!(between.digests.is_empty() && between.urgent.len() == 1);
        let at_night = triage(due.clone(), &quiet, at((2025, 3, 3), 22, 0));
        assert!(at_night.digests.is_empty() && at_night.urgent.is_empty() && at_night.skipped.is_empty());
        let saturday = triage(due.clone(), &quiet, at((2025, 3, 8), 8, 0));
        assert!(saturday.digests.is_empty() && saturday.urgent.len() == 1);
        let afternoon = triage(due, &quiet, at((2025, 3, 3), 15, 10));
        assert_eq!(afternoon.digests.len(), 1);
        assert_eq!(afternoon.window, Some(at((2025, 3, 3), 15, 0)));
    }

    #[test]
    fn a_week_begins_on_monday_and_what_waits_leaves_in_the_next_ones_first_window() {
        let quiet = QuietPeriods::default();
        let of = |day| week(&quiet, at(day, 8, 0));
        assert_eq!(of((2025, 3, 6)), (at((2025, 3, 3), 0, 0), at((2025, 3, 10), 8, 0)));
        assert_eq!(of((2025, 3, 9)), (at((2025, 3, 3), 0, 0), at((2025, 3, 10), 8, 0)));
        assert_eq!(of((2025, 4, 17)).1, at((2025, 4, 22), 8, 0), "after Easter Monday");
    }

    #[test]
    fn what_would_come_too_late_is_never_held_back() {
        let release = at((2025, 3, 10), 8, 0);
        let ask = |due| {
            let mut ask = message("0", MessageKind::Ask, (2025, 3, 6), "anna");
            ask.notice.due = due;
            ask.notice.answers = vec![crate::workflow::model::Answer::plain("ja".into(), "Ja")];
            ask
        };
        let tell = |expires| {
            let mut tell = message("0", MessageKind::Tell, (2025, 3, 6), "anna");
            tell.expires = expires;
            tell
        };
        let held = |digest: &[Message]| waits(digest, 5, 5, release);
        assert!(held(&[ask(None), tell(None)]));
        assert!(!waits(&[ask(None)], 4, 5, release));
        assert!(!held(&[ask(Some(date(2025, 3, 9)))]), "due on Sunday");
        assert!(held(&[ask(Some(date(2025, 3, 10)))]), "it can be answered on Monday");
        assert!(!held(&[tell(Some(at((2025, 3, 8), 0, 0)))]), "it is over on Monday");
        assert!(!held(&[tell(None), message("c", MessageKind::Change, (2025, 3, 6), "anna")]));
    }

    #[test]
    fn what_is_over_or_old_is_passed_over() {
        let mut over = message("0", MessageKind::Ask, (2025, 3, 3), "anna");
        over.expires = Some(at((2025, 3, 4), 0, 0));
        let old = message("0", MessageKind::Tell, (2025, 2, 3), "bo");
        let sorted = triage(vec![over, old], &QuietPeriods::default(), at((2025, 3, 5), 8, 0));
        assert!(sorted.digests.is_empty());
        assert_eq!(sorted.skipped.iter().map(|s| s.1).collect::<Vec<_>>(), [reason::OVER, reason::OLD]);
    }
}
