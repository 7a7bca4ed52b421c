//! The weekly summary: from what is known of a week to what one body's mail says of it. Pure.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::today;
use crate::ids::{BodyId, PersonId};
use crate::items::fresh::{Age, CONFIRMED_FOR, age, overdue};
use crate::items::measures::{FollowUp, follow_up};
use crate::items::{Health, Phase};
use crate::plan::model::{Arranged, Facts, Key, Matter, Message, MessageKind, Notice};
use crate::plan::occasions::bodies_of;
use crate::plan::settled::settled_by;
use crate::plan::{Assume, Window, plan};
use crate::rules::Rules;
use crate::text::{sources, summary as text};
use crate::workflow::model::{SettledBy, Status, When};

/// No list is longer; what is left out is counted.
const LONGEST_LIST: usize = 25;

/// What the outbox holds of a week, for every body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records {
    /// Asks and reminders that have left and can still be answered.
    pub asked: Vec<Message>,
    /// What is meant for vacant roles, from a week ago to the end of the coming fortnight; see [`vacant`].
    pub vacant: Vec<Message>,
    /// What was in mails that failed in the past week.
    pub failed: Vec<Message>,
    /// What leaves in the coming fortnight.
    pub coming: Vec<Message>,
    /// What was held back in the past week, by whose it is.
    pub held: BTreeMap<PersonId, Vec<Message>>,
    /// Calendars that have not been right for a day, by name, and since when.
    pub failing: BTreeMap<String, Timestamp>,
}

/// A week of one body and those below it; everything in words for people, in the order it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Week {
    /// Since when, the question, and how many were asked in each role and have not answered.
    pub unanswered: BTreeMap<(Date, String), BTreeMap<String, usize>>,
    /// Items that nobody owns: title and body.
    pub ownerless: Vec<(String, String)>,
    /// How its items stand beside that.
    pub standing: Standing,
    /// Vacant roles, with how many messages there are for each.
    pub vacant: Vec<(String, usize)>,
    /// To whom a mail failed, by role, and when.
    pub failed: Vec<(String, Date)>,
    /// Who got enough mails, and how many messages had to wait.
    pub held: Vec<(String, usize)>,
    /// Meetings whose calendar can't be had: title, body and since when.
    pub failing: Vec<(String, String, Date)>,
    /// How many mails leave on each of the coming days.
    pub coming: Vec<(Date, usize)>,
}

/// How the items of some plans stand, counted in units that are not done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Nothing has been reported for so long that it counts as unconfirmed, or ever.
    pub stale: usize,
    /// Red: title and body.
    pub red: Vec<(String, String)>,
    /// Promises that have passed without being met: title, body and day.
    pub overdue: Vec<(String, String, Date)>,
    /// Neither words nor a value say how they are followed up.
    pub unfollowed: usize,
}

/// The content of a summary: the planned one with the week in it. None if there is nothing to say.
#[must_use]
pub fn content(planned: &Notice, week: &Week) -> Option<Notice> {
    let silent = week.unanswered.values().flat_map(BTreeMap::values).sum();
    let unanswered = week.unanswered.iter().map(|((since, question), who)| {
        let who: Vec<_> = who.iter().map(|(who, n)| text::holders(who, *n)).collect();
        text::unanswered_line(question, &who.join("; "), *since)
    });
    let ownerless = week.ownerless.iter().map(|(title, body)| text::ownerless_line(title, body));
    let Standing { stale, red, overdue, unfollowed } = &week.standing;
    let standing = [week.ownerless.len(), *stale, red.len(), overdue.len(), *unfollowed];
    let standing = standing.iter().any(|n| *n > 0).then(|| text::standing(standing));
    let reds = red.iter().map(|(title, body)| text::ownerless_line(title, body));
    let late = overdue.iter().map(|(title, body, day)| text::overdue_line(title, body, *day));
    let vacant = week.vacant.iter().map(|(who, n)| text::vacant_line(who, *n));
    let failed = week.failed.iter().map(|(who, day)| text::failed_line(who, *day));
    let held = week.held.iter().map(|(name, n)| text::held_back_line(name, *n));
    let failing = week.failing.iter();
    let failing = failing.map(|(title, body, since)| sources::failing_line(title, body, *since));
    let lists = [
        list(text::unanswered(silent), unanswered),
        standing,
        list(text::ownerless(week.ownerless.len()), ownerless),
        list(text::red(red.len()), reds),
        list(text::overdue(overdue.len()), late),
        list(text::vacant(week.vacant.len()), vacant),
        list(text::failed(week.failed.len()), failed),
        list(text::held_back(week.held.len()), held),
        list(sources::failing(week.failing.len()), failing),
    ];
    let said: Vec<String> = lists.into_iter().flatten().collect();
    if said.is_empty() && week.coming.is_empty() {
        return None;
    }
    let mails = week.coming.iter().map(|(_, mails)| mails).sum();
    let mut rows = vec![text::coming(mails)];
    rows.extend(week.coming.iter().map(|(day, mails)| text::coming_row(*day, *mails)));
    Some(Notice {
        text: planned.text.iter().cloned().chain(said).collect(),
        rows: planned.rows.iter().cloned().chain(rows).collect(),
        ..planned.clone()
    })
}

/// A heading with its list, as a paragraph of a notice; none for an empty list.
fn list(heading: String, all: impl ExactSizeIterator<Item = String>) -> Option<String> {
    let left = all.len().saturating_sub(LONGEST_LIST);
    if all.len() == 0 {
        return None;
    }
    // A line break in a title would begin another line of the list.
    let one_line = |said: String| said.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut lines = vec![heading];
    lines.extend(all.take(LONGEST_LIST).map(|said| format!("* {}", one_line(said))));
    lines.extend((left > 0).then(|| format!("* {}", text::more(left))));
    Some(lines.join("\n"))
}

/// What is meant for vacant roles within `window`. A stand-in gets it, or nobody: a plan of an organisation without
/// stand-ins knows what it is.
#[must_use]
pub fn vacant(rules: &Rules, facts: &Facts, window: Window) -> Vec<Message> {
    let mut rules = rules.clone();
    rules.organisation = rules.organisation.without_stand_ins();
    let mut messages = plan(rules.world(facts), window, Assume::Nothing).messages;
    messages.retain(|message| message.to.is_none() && role_body(message).is_some());
    messages
}

/// The week of `body` and the bodies below it, or of everything, as of `day`.
#[must_use]
pub fn week_of(body: Option<&BodyId>, rules: &Rules, facts: &Facts, records: &Records, day: Date) -> Week {
    let scope = body.map(|body| {
        let mut bodies = rules.organisation.descendants(body);
        bodies.insert(body.clone());
        bodies
    });
    let sight = Sight { rules, facts, scope };
    Week {
        unanswered: sight.unanswered(&records.asked),
        ownerless: sight.ownerless(),
        standing: sight.standing(day),
        vacant: sight.vacant(&records.vacant),
        failed: sight.failed(&records.failed),
        held: sight.held(&records.held),
        failing: sight.failing(&records.failing),
        coming: sight.coming(&records.coming),
    }
}

/// What one body sees.
struct Sight<'a> {
    rules: &'a Rules,
    facts: &'a Facts,
    /// None sees everything.
    scope: Option<BTreeSet<BodyId>>,
}

impl Sight<'_> {
    fn sees(&self, body: &BodyId) -> bool {
        self.scope.as_ref().is_none_or(|scope| scope.contains(body))
    }

    /// A message concerns the body it is done for, and the one whose role gets it.
    fn concerns(&self, message: &Message) -> bool {
        self.scope.is_none()
            || message.matter.body.as_ref().is_some_and(|body| self.sees(body))
            || role_body(message).is_some_and(|body| self.sees(&body))
    }

    fn who(&self, message: &Message) -> String {
        match message.role.rsplit_once('/') {
            None => text::OWNER.to_owned(),
            Some((body, role)) => {
                let (body, role) = (BodyId::from(body), role.into());
                text::holder(self.rules.organisation.role_title(&body, &role), &self.body(&body))
            }
        }
    }

    fn body(&self, id: &BodyId) -> String {
        self.rules.organisation.bodies.get(id).map_or_else(|| id.to_string(), |body| body.short.clone())
    }

    fn unanswered(&self, asked: &[Message]) -> BTreeMap<(Date, String), BTreeMap<String, usize>> {
        let mut first: BTreeMap<(&Matter, &PersonId), (Timestamp, &Message)> = BTreeMap::new();
        for message in asked {
            let Some(person) = &message.to else { continue };
            let since =
                first.get(&(&message.matter, person)).map_or(message.at, |(at, _)| (*at).min(message.at));
            first.insert((&message.matter, person), (since, message));
        }
        let mut open: BTreeMap<(Date, String), BTreeMap<String, usize>> = BTreeMap::new();
        for ((_, person), (at, message)) in first {
            if self.concerns(message) && !self.settled(message, person, asked) {
                let question = (today(at), message.notice.headline.clone());
                *open.entry(question).or_default().entry(self.who(message)).or_default() += 1;
            }
        }
        open
    }

    /// Whether nothing is expected of `person` any more: they have answered, or somebody for them, or they have
    /// passed it on, or what it was about has been cancelled.
    fn settled(&self, message: &Message, person: &PersonId, asked: &[Message]) -> bool {
        let matter = &message.matter;
        let answered =
            |by: &PersonId| self.facts.answers.iter().any(|g| &g.matter == matter && &g.person == by);
        let passed =
            self.facts.arrangements.iter().any(|a| {
                &a.matter == matter && &a.person == person && matches!(a.what, Arranged::PassedTo(_))
            });
        let date = matter.object.occasion().and_then(|at| self.facts.dates.get(at));
        let cancelled = date.is_some_and(|date| date.status == Status::Cancelled);
        let mut items = self.facts.items.iter();
        let item = matter.object.unit().and_then(|unit| items.find(|item| item.unit() == unit));
        let for_them = match settled_by(&self.rules.workflows, matter, item.map(|item| &item.owners)) {
            SettledBy::Each | SettledBy::Owners => false,
            SettledBy::Anyone => self.facts.answers.iter().any(|given| &given.matter == matter),
            SettledBy::Body => asked.iter().filter(|other| &other.matter == matter).any(|other| {
                role_body(other) == role_body(message) && other.to.as_ref().is_some_and(answered)
            }),
        };
        answered(person) || passed || cancelled || for_them
    }

    fn ownerless(&self) -> Vec<(String, String)> {
        let items = self.facts.items.iter();
        let open = items.filter(|i| i.owners.is_none() && i.phase != Phase::Done && self.sees(&i.body));
        open.map(|item| (item.display_title(), self.body(&item.body))).collect()
    }

    fn standing(&self, day: Date) -> Standing {
        let mut found = Standing::default();
        let items = self.facts.items.iter();
        for item in items.filter(|item| item.phase != Phase::Done && self.sees(&item.body)) {
            let followed = self.facts.followed(&item.id);
            let named = || (item.display_title(), self.body(&item.body));
            found.stale += usize::from(!is_confirmed(age(item, followed, day), day));
            found.unfollowed += usize::from(follow_up(followed, day) == FollowUp::Missing);
            if item.health == Health::Red {
                found.red.push(named());
            }
            if let Some(promise) = overdue(item, followed, day) {
                let (title, body) = named();
                found.overdue.push((title, body, promise.day));
            }
        }
        found.overdue.sort_by(|a, b| (a.2, &a.0).cmp(&(b.2, &b.0)));
        found
    }

    fn vacant(&self, messages: &[Message]) -> Vec<(String, usize)> {
        let mut roles: BTreeMap<String, usize> = BTreeMap::new();
        for message in messages.iter().filter(|m| self.concerns(m)) {
            *roles.entry(self.who(message)).or_default() += 1;
        }
        roles.into_iter().collect()
    }

    fn failed(&self, messages: &[Message]) -> Vec<(String, Date)> {
        let seen = messages.iter().filter(|m| self.concerns(m));
        let mut failed: Vec<_> = seen.map(|m| (self.who(m), today(m.at))).collect();
        failed.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
        failed.dedup();
        failed
    }

    fn held(&self, held: &BTreeMap<PersonId, Vec<Message>>) -> Vec<(String, usize)> {
        let of = |(person, messages): (&PersonId, &Vec<Message>)| {
            let count = messages.iter().filter(|m| self.concerns(m)).count();
            let name = self.facts.people.persons.get(person).map(|p| p.name.clone())?;
            (count > 0).then_some((name, count))
        };
        held.iter().filter_map(of).collect()
    }

    /// What comes from the calendars of `failing`. A joint meeting, which is no body's, concerns whoever sees all.
    fn failing(&self, failing: &BTreeMap<String, Timestamp>) -> Vec<(String, String, Date)> {
        let world = self.rules.world(self.facts);
        let mut found = Vec::new();
        for workflow in self.rules.workflows.0.values() {
            for entry in &workflow.entries {
                let When::FromCalendar(asked) = &entry.when else { continue };
                let Some(since) = failing.get(&asked.source) else { continue };
                let bodies = bodies_of(&world, entry.scope.as_ref().unwrap_or(&workflow.scope));
                let seen = bodies.into_iter().filter(|body| match body {
                    Some(body) => self.sees(body),
                    None => self.scope.is_none(),
                });
                let of =
                    |body: Option<BodyId>| body.map_or_else(|| workflow.title.clone(), |id| self.body(&id));
                found.extend(seen.map(|body| (entry.title.clone(), of(body), today(*since))));
            }
        }
        found
    }

    /// Mails, not messages: what one person gets on a day is counted once, but for what is urgent and goes by
    /// itself. Summaries don't count: else none would ever be empty.
    fn coming(&self, messages: &[Message]) -> Vec<(Date, usize)> {
        let mut mails: BTreeSet<(Date, Option<&PersonId>, Option<&Key>)> = BTreeSet::new();
        let said = messages.iter().filter(|m| m.kind != MessageKind::Summary && self.concerns(m));
        mails.extend(said.map(|m| (today(m.at), m.to.as_ref(), m.urgent.then_some(&m.key))));
        let mut days: BTreeMap<Date, usize> = BTreeMap::new();
        for (day, ..) in mails {
            *days.entry(day).or_default() += 1;
        }
        days.into_iter().collect()
    }
}

/// Whether a report is taken to hold on `day`.
fn is_confirmed(age: Age, day: Date) -> bool {
    match age {
        Age::Never => false,
        Age::Since(last) => last.until(day).is_ok_and(|span| span.get_days() <= CONFIRMED_FOR),
    }
}

/// The body whose role gets it.
fn role_body(message: &Message) -> Option<BodyId> {
    message.role.rsplit_once('/').map(|(body, _)| body.into())
}
